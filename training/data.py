"""The training sets as sentences: words with what each set annotates, and None for what it does not."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline.language.lemmas import edit_script
from dateline.language.sentences import split_sentences
from dateline.language.tokens import tokenise
from dateline.records import Span


@dataclass(frozen=True)
class Tree:
    """A sentence's syntax, a value a word. `heads` counts words from 1, 0 is the root; `features` are UD's FEATS, "" for none."""

    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    lemmas: tuple[str, ...]
    features: tuple[str, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]


@dataclass(frozen=True)
class Frame:
    """A predicate with its roleset and arguments: (first word, last word, label), both words inside."""

    word: int
    roleset: str
    arguments: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Told:
    """One attribution as far as it lies in the sentence: the pieces, (first word, last word), of its source, cue and content."""

    sources: tuple[tuple[int, int], ...]
    cues: tuple[tuple[int, int], ...]
    contents: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Example:
    """One sentence with the layers that its set annotates; a layer that it does not annotate is None.

    `candidates` says of some words whether they are predicates, where a set judged only those (event nouns).
    `types` are the event types of the sentence; empty: none of them. `coarse_entities` are tags of OPEN_TAGS, where a set knows
    only persons, places and organisations.
    """

    words: tuple[str, ...]
    tree: Tree | None = None
    entities: tuple[str, ...] | None = None
    frames: tuple[Frame, ...] | None = None
    candidates: tuple[tuple[int, bool], ...] | None = None
    told: tuple[Told, ...] | None = None
    types: frozenset[str] | None = None
    coarse_entities: tuple[str, ...] | None = None


@dataclass(frozen=True)
class TrainingSet:
    """A set as the model's card names it: the stream it feeds, its terms, and whether those are an open licence."""

    stream: str
    licence: str
    is_open: bool


SETS = {
    "UD_English-EWT with PropBank": TrainingSet("ewt", "CC BY-SA 4.0", True),
    "UD_English-GUM, openly licensed genres": TrainingSet("gum", "CC BY, CC BY-SA or public domain by genre", True),
    "en-worldwide-newswire": TrainingSet("names", "none stated", False),
    "UNER_English-EWT": TrainingSet("ewt", "CC BY-SA 4.0", True),
    "re3d": TrainingSet("open-names", "Open Government Licence and others by source", True),
    "QANom": TrainingSet("nouns", "MIT; texts CC BY-SA and CC BY", True),
    "PolNeAR": TrainingSet("quotes", "none stated", False),
}
"""Every set the reader learns from. With --open-only, those without an open licence are left out; UNER and re3d teach names."""


PARAGRAPH = re.compile(r"[^\n]+")


def find_words(text: str) -> Iterator[tuple[Span, ...]]:
    """The words of each sentence of a text, as they are found at run time; a line end always ends a sentence."""
    for paragraph in PARAGRAPH.finditer(text):
        for span in split_sentences(text, Span(*paragraph.span())):
            if words := tokenise(text, span):
                yield words


# ---------------------------------------------------------------- treebanks


def read_conllu(path: Path) -> Iterator[tuple[str, tuple[str, ...], Tree]]:
    """(sentence id, words, tree) of a gzipped CoNLL-U file; multiword lines and empty nodes are passed over."""
    rows: list[list[str]] = []
    name = ""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip() == "":
                if rows:
                    yield name, *_tree(rows)
                rows = []
            elif line.startswith("# sent_id"):
                name = line.partition("=")[2].strip()
            elif not line.startswith("#"):
                cells = line.rstrip("\n").split("\t")
                if cells[0].isdigit():
                    rows.append(cells)
    if rows:
        yield name, *_tree(rows)


def _tree(rows: list[list[str]]) -> tuple[tuple[str, ...], Tree]:
    def column(number: int) -> tuple[str, ...]:
        return tuple(r[number] for r in rows)

    features = tuple("" if r[5] == "_" else r[5] for r in rows)
    return column(1), Tree(column(3), column(4), column(2), features, tuple(int(r[6]) for r in rows), column(7))


def scripts_of(words: tuple[str, ...], tree: Tree) -> tuple[str, ...]:
    """The lemma script of each word."""
    return tuple(edit_script(word, lemma) for word, lemma in zip(words, tree.lemmas, strict=True))


def read_gum(data: Path, split: str) -> Iterator[Example]:
    for _, words, tree in read_conllu(data / f"ud-gum/en_gum-open-{split}.conllu.gz"):
        yield Example(words, tree)


def read_ewt(data: Path, split: str) -> Iterator[Example]:
    """EWT's trees, with PropBank's frames and UNER's names where the sentence has them. Auxiliaries are no predicates here."""
    propbank = {row["id"]: row for row in _rows(data / f"propbank-ewt/{split}.jsonl.gz")}
    names = {row["id"]: row for row in _rows(data / f"uner-ewt/{split}.jsonl.gz")}
    for name, words, tree in read_conllu(data / f"ud-ewt/en_ewt-ud-{split}.conllu.gz"):
        framed, named = propbank.get(name), names.get(name)
        frames = _frames(framed) if framed and tuple(framed["tokens"]) == words else None
        coarse = tuple(named["tags"]) if named and tuple(named["tokens"]) == words else None
        yield Example(words, tree, frames=frames, coarse_entities=coarse)


def _frames(row: dict[str, Any]) -> tuple[Frame, ...]:
    return tuple(
        Frame(p["i"], p["roleset"], tuple((first, last, label) for first, last, label in p["args"]))
        for p in row["preds"]
        if p["upos"] != "AUX"
    )


# ---------------------------------------------------------------- names and event nouns


def read_names(data: Path, split: str) -> Iterator[Example]:
    """Sentences of worldwide-newswire."""
    for row in _rows(data / f"worldwide-newswire/{split}.jsonl.gz"):
        if row["tokens"]:
            yield Example(tuple(row["tokens"]), entities=tuple(row["tags"]))


OPEN_NAMES = {
    "PER": "Person", "LOC": "Location", "ORG": "Organization", "Person": "Person", "Location": "Location",
    "Organisation": "Organization", "Temporal": "Date", "Money": "Money", "Nationality": "NORP",
}  # fmt: skip
"""Classes of the openly licensed sets -> ours. Facilities, products and the rest class have none there."""


def read_open_names(data: Path, split: str) -> Iterator[Example]:
    """Sentences of UNER-EWT and re3d in the classes of worldwide-newswire; a class it does not have is no name."""
    for folder in ("uner-ewt", "re3d"):
        for row in _rows(data / f"{folder}/{split}.jsonl.gz"):
            if row["tokens"]:
                yield Example(tuple(row["tokens"]), entities=tuple(_open_tag(tag) for tag in row["tags"]))


OPEN_TAGS = ("O", *(f"{prefix}-{kind}" for kind in ("PER", "LOC", "ORG") for prefix in "BI"))
"""The tags of UNER, in the order of the columns of `coarse_classes`."""

OUTSIDE_OPEN = ("Date", "Money", "NORP", "Misc", "Product", "Facility")
"""Our classes that UNER leaves untagged; a facility may be tagged as a place as well, so there the set settles neither."""


def coarse_classes(entities: Sequence[str]) -> list[list[bool]]:
    """For each tag of ours, whether each of OPEN_TAGS may stand on the same word."""
    kinds = {OPEN_NAMES[k]: k for k in ("PER", "LOC", "ORG")}

    def agrees(fine: str, coarse: str) -> bool:
        prefix, _, kind = fine.partition("-")
        if coarse == "O":
            return fine == "O" or kind in OUTSIDE_OPEN
        return coarse == f"{prefix}-{kinds.get(kind, 'LOC' if kind == 'Facility' else '')}"

    return [[agrees(fine, coarse) for coarse in OPEN_TAGS] for fine in entities]


def _open_tag(tag: str) -> str:
    prefix, _, kind = tag.partition("-")
    return f"{prefix}-{OPEN_NAMES[kind]}" if kind in OPEN_NAMES else "O"


def read_nouns(data: Path, split: str) -> Iterator[Example]:
    """QANom's sentences: which of the nouns with a verb behind them tell an event."""
    for row in _rows(data / f"qanom/{split}.jsonl.gz"):
        judged = [(int(i), True) for i in row["verbEntries"]] + [(int(i), False) for i in row["nonPredicates"]]
        if judged:
            yield Example(tuple(row["sentenceTokens"]), candidates=tuple(sorted(judged)))


def _rows(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


# ---------------------------------------------------------------- variants


def without_punctuation(example: Example) -> Example | None:
    """The same sentence as archives without punctuation print it. Trees, names and types only; a sentence without words: None.

    What hung from a mark hangs from its head.
    """
    if example.tree is not None:
        kept = [i for i, upos in enumerate(example.tree.upos) if upos != "PUNCT"]
    else:
        tags = example.entities or ("O",) * len(example.words)
        kept = [i for i, w in enumerate(example.words) if tags[i] != "O" or any(c.isalnum() for c in w)]
    if not kept:
        return None
    entities = tuple(example.entities[i] for i in kept) if example.entities else None
    return Example(tuple(example.words[i] for i in kept), _pruned(example.tree, kept), entities, types=example.types)


def _pruned(tree: Tree | None, kept: list[int]) -> Tree | None:
    if tree is None:
        return None
    place = {old + 1: new + 1 for new, old in enumerate(kept)} | {0: 0}

    def head(word: int) -> int:
        above = tree.heads[word]
        while above not in place:
            above = tree.heads[above - 1]
        return place[above]

    def row(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(values[i] for i in kept)

    heads = tuple(head(i) for i in kept)
    return Tree(row(tree.upos), row(tree.xpos), row(tree.lemmas), row(tree.features), heads, row(tree.relations))
