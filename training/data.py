"""The training sets as sentences: words with what each annotates, and None for what it does not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dateline.language.lemmas import edit_script


@dataclass(frozen=True)
class SyntaxExample:
    """One treebank sentence; `heads` counts words from 1, 0 is the root."""

    words: tuple[str, ...]
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    scripts: tuple[str, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]


@dataclass(frozen=True)
class EntityExample:
    """One sentence with a BIO tag a word."""

    words: tuple[str, ...]
    tags: tuple[str, ...]


def read_conllu(path: Path) -> Iterator[SyntaxExample]:
    """Sentences of a gzipped CoNLL-U file; multiword lines and empty nodes are passed over."""
    rows: list[list[str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip() == "":
                if rows:
                    yield _syntax_example(rows)
                rows = []
            elif not line.startswith("#"):
                cells = line.rstrip("\n").split("\t")
                if cells[0].isdigit():
                    rows.append(cells)
    if rows:
        yield _syntax_example(rows)


def _syntax_example(rows: list[list[str]]) -> SyntaxExample:
    words = tuple(r[1] for r in rows)
    return SyntaxExample(
        words,
        tuple(r[3] for r in rows),
        tuple(r[4] for r in rows),
        tuple(edit_script(r[1], r[2]) for r in rows),
        tuple(int(r[6]) for r in rows),
        tuple(r[7] for r in rows),
    )


def read_entities(path: Path) -> Iterator[EntityExample]:
    """Sentences of a worldwide-newswire file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["tokens"]:
                yield EntityExample(tuple(row["tokens"]), tuple(row["tags"]))


@dataclass(frozen=True)
class TrainingSets:
    syntax: tuple[SyntaxExample, ...]
    entities: tuple[EntityExample, ...]


TREEBANKS = {
    "train": ("ud-ewt/en_ewt-ud-train.conllu.gz", "ud-gum/en_gum-open-train.conllu.gz"),
    "dev": ("ud-ewt/en_ewt-ud-dev.conllu.gz", "ud-gum/en_gum-open-dev.conllu.gz"),
}


def read_sets(data: Path, split: str) -> TrainingSets:
    """All sentences of one split ("train" or "dev") of the folder that holds the benchmark sets."""
    syntax = [s for name in TREEBANKS[split] for s in read_conllu(data / name)]
    return TrainingSets(tuple(syntax), tuple(read_entities(data / f"worldwide-newswire/{split}.jsonl.gz")))
