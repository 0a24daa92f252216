"""Raw text to sentences, words and trees, measured as in the CoNLL 2018 shared task.

    python -m bench syntax --data DIR [--split dev] [--segmentation-only | --gold-sentences] [--variant NAME | --variants] [--json]

DIR holds one treebank file named `…-SPLIT.conllu.gz` (ud-ewt, ud-gum). The raw text is made of its "# text" lines, one block for
each newpar or newdoc mark; nothing else of the file is seen before predicting. The definitions are those of the task's own
evaluation script (Zeman et al. 2018, "CoNLL 2018 Shared Task: Multilingual Parsing from Raw Text to Universal Dependencies",
section 5): tokens and sentences count when their characters are the same; words are aligned by their characters, inside
multiword tokens by the longest common run of forms; relations are compared without their subtype.

A variant writes text and gold in capitals or in small letters (then lemmas are compared without their case), or leaves out every
PUNCT word or every quotation mark: a space stands where it stood, and what hung from it hangs from its head.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from bench.variants import EVERY, Variant, add_options, ignores_case, in_case, is_quotation_mark
from dateline.language.sentences import split_sentences
from dateline.language.tokens import surface_tokens, tokenise
from dateline.records import Block, Document, OffsetMap, Sentence, Span

MEASURES = ("sentence_f1", "token_f1", "word_f1", "upos", "lemma", "uas", "las")
SEGMENTATION = MEASURES[:3]


# ---------------------------------------------------------------- what is compared


@dataclass(frozen=True)
class Word:
    """One syntactic word. `span` is its token's; `head` is the index of its head in `Analysis.words`, -1 for a root."""

    span: Span
    form: str
    is_part: bool
    upos: str = ""
    lemma: str = ""
    head: int = -1
    relation: str = ""


@dataclass(frozen=True)
class Analysis:
    """One reading of one text, ours or the treebank's. Every span counts non-space characters only, as the task does."""

    sentences: tuple[Span, ...]
    tokens: tuple[Span, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Tally:
    """Right, predicted and gold units; tallies of several texts add up."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.predicted + self.gold) if self.predicted + self.gold else 0.0


# ---------------------------------------------------------------- the treebank


@dataclass(frozen=True)
class GoldSentence:
    """One sentence as it stands in the file: its text and its rows (ten cells each), multiword lines included."""

    text: str
    rows: tuple[tuple[str, ...], ...]
    opens_paragraph: bool
    opens_document: str | None

    @property
    def is_glued(self) -> bool:
        """Nothing stands between this sentence and the next one."""
        return "SpaceAfter=No" in last_token(self.rows)[9].split("|")


def last_token(rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The row of the last surface token: a multiword line if the last word is part of one."""
    last = next(r for r in reversed(rows) if r[0].isdigit())
    for row in rows:
        first, dash, end = row[0].partition("-")
        if dash and int(first) <= int(last[0]) <= int(end):
            return row
    return last


@dataclass(frozen=True)
class GoldDocument:
    """A treebank document as raw text, one block a paragraph, with its reading."""

    name: str
    text: str
    blocks: tuple[Span, ...]
    analysis: Analysis


def find_treebank(data: Path, split: str) -> Path:
    """The folder's file of that split; raises FileNotFoundError when there is none, ValueError when there are several."""
    found = sorted(data.glob(f"*-{split}.conllu.gz"))
    if not found:
        raise FileNotFoundError(f"no file named *-{split}.conllu.gz in {data}")
    if len(found) > 1:
        raise ValueError(f"several files named *-{split}.conllu.gz in {data}: {[f.name for f in found]}")
    return found[0]


def read_sentences(path: Path) -> Iterator[GoldSentence]:
    """The sentences of a gzipped CoNLL-U file, in order; empty nodes are left out."""
    marks: dict[str, str] = {}
    rows: list[tuple[str, ...]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in (*lines, ""):
            line = line.rstrip("\n")
            if line.startswith("#"):
                key, _, value = line.lstrip("# ").partition("=")
                marks[key.strip().removesuffix(" id")] = value.strip()
            elif line:
                cells = tuple(line.split("\t"))
                if "." not in cells[0]:
                    rows.append(cells)
            elif rows:
                yield GoldSentence(marks["text"], tuple(rows), "newpar" in marks, marks.get("newdoc"))
                marks, rows = {}, []


def read_documents(path: Path, variant: Variant = Variant.PLAIN) -> Iterator[GoldDocument]:
    """The documents of a treebank file, in order, written as the variant has it."""
    held: list[GoldSentence] = []
    for sentence in vary(read_sentences(path), variant):
        if sentence.opens_document is not None and held:
            yield build_document(held)
            held = []
        held.append(sentence)
    if held:
        yield build_document(held)


def vary(sentences: Iterable[GoldSentence], variant: Variant) -> Iterator[GoldSentence]:
    """The sentences as the variant writes them. One of which nothing is left hands its place in paragraph and document on."""
    opens_paragraph, opens_document = False, None
    for sentence in sentences:
        opens_paragraph |= sentence.opens_paragraph
        opens_document = sentence.opens_document if sentence.opens_document is not None else opens_document
        rows = tuple(in_variants_case(r, variant) for r in without_dropped(sentence.rows, variant))
        if rows:
            is_same = len(rows) == len(sentence.rows)
            text = in_case(sentence.text, variant) if is_same else text_of(rows)
            yield GoldSentence(text, rows, opens_paragraph, opens_document)
            opens_paragraph, opens_document = False, None


def in_variants_case(row: tuple[str, ...], variant: Variant) -> tuple[str, ...]:
    lemma = row[2].lower() if ignores_case(variant) else row[2]
    return (row[0], in_case(row[1], variant), lemma, *row[3:])


def is_dropped(row: tuple[str, ...], variant: Variant) -> bool:
    """The variant leaves this word out: a PUNCT word, or a mark that only quotes."""
    is_quote = is_quotation_mark(row[1]) or row[1] in {"'", "’"}
    return row[3] == "PUNCT" and (variant is Variant.NOPUNCT or (variant is Variant.NOQUOTES and is_quote))


def without_dropped(rows: tuple[tuple[str, ...], ...], variant: Variant) -> tuple[tuple[str, ...], ...]:
    """The rows but those the variant drops, numbered anew; none left: empty. A dropped root hands its place to its first word.

    Parts of multiword tokens stay. The word before a dropped one is no longer glued to what follows.
    """
    parts = {n for r in rows if "-" in r[0] for n in range(int(r[0].split("-")[0]), int(r[0].split("-")[1]) + 1)}
    heads = {int(r[0]): int(r[6]) for r in rows if r[0].isdigit()}
    dropped = {n for r in rows if r[0].isdigit() and (n := int(r[0])) not in parts and is_dropped(r, variant)}
    if not dropped or dropped == heads.keys():
        return () if dropped else rows
    number = {0: 0} | {old: new for new, old in enumerate((n for n in heads if n not in dropped), start=1)}
    above = {n: kept_above(n, heads, dropped) for n in number if n}
    first_root, *others = (n for n, head in above.items() if head == 0)
    above |= dict.fromkeys(others, first_root)
    kept: list[tuple[str, ...]] = []
    for row in rows:
        first, dash, last = row[0].partition("-")
        if dash:
            kept.append((f"{number[int(first)]}-{number[int(last)]}", *row[1:]))
        elif int(first) not in dropped:
            kept.append((str(number[int(first)]), *row[1:6], str(number[above[int(first)]]), *row[7:]))
        elif kept:
            # The space after a multiword token is told on its own line, some lines up.
            end = kept[-1][0]
            kept = [spaced(r) if r[0] == end or r[0].endswith(f"-{end}") else r for r in kept]
    return tuple(kept)


def kept_above(word: int, heads: dict[int, int], dropped: set[int]) -> int:
    """The nearest word above that is kept; 0 for the root's place."""
    head = heads[word]
    while head in dropped:
        head = heads[head]
    return head


def spaced(row: tuple[str, ...]) -> tuple[str, ...]:
    """The row with a space after it."""
    return (*row[:9], "|".join(m for m in row[9].split("|") if m != "SpaceAfter=No") or "_")


def text_of(rows: Sequence[tuple[str, ...]]) -> str:
    """The text that the surface tokens make."""
    text, part_until = "", 0
    for row in rows:
        first, dash, last = row[0].partition("-")
        if dash or int(first) > part_until:
            text += row[1] + ("" if "SpaceAfter=No" in row[9].split("|") else " ")
        part_until = int(last) if dash else part_until
    return text.rstrip()


def build_document(sentences: Sequence[GoldSentence]) -> GoldDocument:
    """The sentences' texts put together: an empty line before each paragraph, a space (or nothing) inside."""
    text, starts, paragraphs = "", [], []
    for number, sentence in enumerate(sentences):
        if number and sentence.opens_paragraph:
            text += "\n\n"
        elif number and not sentences[number - 1].is_glued:
            text += " "
        if number == 0 or sentence.opens_paragraph:
            paragraphs.append(len(text))
        starts.append(len(text))
        text += sentence.text
    ends = [len(text[:p].rstrip()) for p in paragraphs[1:]] + [len(text)]
    blocks = tuple(Span(a, b) for a, b in zip(paragraphs, ends, strict=True))
    return GoldDocument(sentences[0].opens_document or "", text, blocks, gold_analysis(text, sentences, starts))


def gold_analysis(text: str, sentences: Sequence[GoldSentence], starts: Sequence[int]) -> Analysis:
    """The treebank's reading of its own raw text."""
    solid = SolidText(text)
    spans: list[Span] = []
    tokens: list[Span] = []
    words: list[Word] = []
    for sentence, start in zip(sentences, starts, strict=True):
        spans.append(solid.span(start, start + len(sentence.text)))
        base, position, part_until = len(words), start, 0
        for row in sentence.rows:
            first, dash, last = row[0].partition("-")
            if dash or int(first) > part_until:
                at = text.index(row[1], position)
                position = at + len(row[1])
                token = solid.span(at, position)
                tokens.append(token)
            if dash:
                part_until = int(last)
            else:
                head = base + int(row[6]) - 1 if row[6] != "0" else -1
                words.append(Word(token, row[1], int(first) <= part_until, row[3], row[2], head, row[7]))
    return Analysis(tuple(spans), tuple(tokens), tuple(words))


class SolidText:
    """Offsets of a text counted in non-space characters only."""

    def __init__(self, text: str) -> None:
        self._before = [0]
        for character in text:
            self._before.append(self._before[-1] + (not character.isspace()))

    def span(self, start: int, end: int) -> Span:
        return Span(self._before[start], self._before[end])


# ---------------------------------------------------------------- our reading


def segment(document: GoldDocument) -> Analysis:
    """Our sentences, tokens and words, without syntax."""
    sentences = [s for block in document.blocks for s in split_sentences(document.text, block)]
    tokenised = [(s, tokenise(document.text, s)) for s in sentences]
    solid = SolidText(document.text)
    tokens: list[Span] = []
    words: list[Word] = []
    for _, spans in tokenised:
        for group in surface_tokens(document.text, spans):
            token = solid.span(group[0].start, group[-1].end)
            tokens.append(token)
            words += [Word(token, w.of(document.text), len(group) > 1) for w in group]
    return Analysis(tuple(solid.span(s[0].start, s[-1].end) for _, s in tokenised if s), tuple(tokens), tuple(words))


def parsed(document: GoldDocument, sentences: Sequence[Sentence]) -> Analysis:
    """Our full reading in the shape of the measure."""
    solid = SolidText(document.text)
    tokens: list[Span] = []
    words: list[Word] = []
    for sentence in sentences:
        base, read = len(words), iter(sentence.tokens)
        for group in surface_tokens(document.text, tuple(t.span for t in sentence.tokens)):
            token = solid.span(group[0].start, group[-1].end)
            tokens.append(token)
            for _ in group:
                t = next(read)
                head = base + t.head if t.head >= 0 else -1
                words.append(Word(token, t.text, len(group) > 1, t.upos, t.lemma, head, t.relation))
    return Analysis(
        tuple(solid.span(s.tokens[0].span.start, s.tokens[-1].span.end) for s in sentences if s.tokens), tuple(tokens), tuple(words)
    )


def as_document(gold: GoldDocument) -> Document:
    """What the reader of documents would have handed over: the raw text and its paragraphs."""
    return Document(gold.name, gold.name, "", gold.text, tuple(Block(b) for b in gold.blocks), OffsetMap())


# ---------------------------------------------------------------- the measure


def compare(ours: Analysis, gold: Analysis) -> dict[str, Tally]:
    """A tally for each of MEASURES; without syntax on our side its measures come out as zero."""
    pairs = align_words(ours.words, gold.words)
    gold_of = dict(pairs)

    def count(is_right: Callable[[Word, Word], bool]) -> Tally:
        right = sum(is_right(ours.words[o], gold.words[g]) for o, g in pairs)
        return Tally(right, len(ours.words), len(gold.words))

    def same_head(o: Word, g: Word) -> bool:
        return g.head < 0 if o.head < 0 else gold_of.get(o.head) == g.head

    return {
        "sentence_f1": count_spans(ours.sentences, gold.sentences),
        "token_f1": count_spans(ours.tokens, gold.tokens),
        "word_f1": count(lambda o, g: True),
        "upos": count(lambda o, g: o.upos == g.upos),
        "lemma": count(lambda o, g: g.lemma == "_" or o.lemma == g.lemma),
        "uas": count(same_head),
        "las": count(lambda o, g: same_head(o, g) and universal(o.relation) == universal(g.relation)),
    }


def count_spans(ours: Iterable[Span], gold: Iterable[Span]) -> Tally:
    a, b = set(ours), set(gold)
    return Tally(len(a & b), len(a), len(b))


def universal(relation: str) -> str:
    return relation.partition(":")[0]


def align_words(ours: Sequence[Word], gold: Sequence[Word]) -> list[tuple[int, int]]:
    """Pairs of indices (ours, gold) of words that stand for the same characters, in order.

    Where either side has a multiword token, all words of the characters it touches are aligned by the longest common
    subsequence of their lower-cased forms.
    """
    pairs: list[tuple[int, int]] = []
    o = g = 0
    while o < len(ours) and g < len(gold):
        if ours[o].is_part or gold[g].is_part:
            first_o, first_g, o, g = multiword_stretch(ours, gold, o, g)
            pairs += [(first_o + a, first_g + b) for a, b in common_forms(ours[first_o:o], gold[first_g:g])]
        elif ours[o].span == gold[g].span:
            pairs.append((o, g))
            o, g = o + 1, g + 1
        elif gold[g].span.start <= ours[o].span.start:
            g += 1
        else:
            o += 1
    return pairs


def multiword_stretch(ours: Sequence[Word], gold: Sequence[Word], o: int, g: int) -> tuple[int, int, int, int]:
    """The smallest run of words on both sides that overlapping multiword tokens tie together.

    Comes back as (first of ours, first of gold, end of ours, end of gold). A plain word that begins before the other
    side's multiword token stays outside.
    """
    part, plain = (gold[g], ours[o]) if gold[g].is_part else (ours[o], gold[g])
    end = part.span.end
    if not plain.is_part and plain.span.start < part.span.start:
        o, g = (o + 1, g) if plain is ours[o] else (o, g + 1)
    first_o, first_g = o, g
    while is_within(ours, o, end) or is_within(gold, g, end):
        if g < len(gold) and (o >= len(ours) or gold[g].span.start <= ours[o].span.start):
            end = max(end, gold[g].span.end) if gold[g].is_part else end
            g += 1
        else:
            end = max(end, ours[o].span.end) if ours[o].is_part else end
            o += 1
    return first_o, first_g, o, g


def is_within(words: Sequence[Word], index: int, end: int) -> bool:
    """The word starts (a part of a multiword token) or ends (a plain word) before that character."""
    if index >= len(words):
        return False
    word = words[index]
    return word.span.start < end if word.is_part else word.span.end <= end


def common_forms(ours: Sequence[Word], gold: Sequence[Word]) -> list[tuple[int, int]]:
    """The longest common subsequence of the lower-cased forms, as pairs of indices."""
    a, b = [w.form.lower() for w in ours], [w.form.lower() for w in gold]
    best = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in reversed(range(len(a))):
        for j in reversed(range(len(b))):
            best[i][j] = 1 + best[i + 1][j + 1] if a[i] == b[j] else max(best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


# ---------------------------------------------------------------- the command


OPEN_GENRES = frozenset({"academic", "bio", "conversation", "court", "interview", "news", "speech", "textbook", "vlog", "voyage"})
"""GUM's openly licensed genres; its official test file also holds others, so the open ones and news are reported apart."""


def parts_of(name: str) -> tuple[str, ...]:
    """The parts of the treebank a document counts in, beside the whole: GUM's ids name the genre."""
    genre = re.match(r"GUM_([a-z]+)_", name)
    if genre is None:
        return ()
    return (("open_",) if genre[1] in OPEN_GENRES else ()) + (("news_",) if genre[1] == "news" else ())


Totals = dict[str, dict[str, Tally]]
"""The tallies of the whole (under "") and of each part, by measure."""


def score(documents: Sequence[GoldDocument], readings: Iterable[Analysis]) -> Totals:
    totals: Totals = {}
    for document, reading in zip(documents, readings, strict=True):
        tallies = compare(reading, document.analysis)
        for part in ("", *parts_of(document.name)):
            held = totals.setdefault(part, dict.fromkeys(MEASURES, Tally()))
            totals[part] = {m: held[m] + tallies[m] for m in MEASURES}
    return totals


def read_with_model(documents: Sequence[GoldDocument], *, has_gold_sentences: bool) -> Iterator[Analysis]:
    """Our full reading of each document, in order. The model is loaded when the first one is asked for."""
    from dateline.language.models import load_models  # segmentation is measured without the model
    from dateline.language.reading import Unread, analyse, read_words

    models = load_models()
    for document in documents:
        if has_gold_sentences:
            unread = [Unread(0, s, words) for s in gold_sentences(document) if (words := tokenise(document.text, s))]
            yield parsed(document, read_words(document.text, unread, models))
        else:
            yield parsed(document, analyse(as_document(document), models))


def gold_sentences(document: GoldDocument) -> Iterator[Span]:
    """The treebank's sentences as spans of the text."""
    solid = [i for i, c in enumerate(document.text) if not c.isspace()]
    return (Span(solid[s.start], solid[s.end - 1] + 1) for s in document.analysis.sentences)


def without_case(reading: Analysis) -> Analysis:
    """The reading with its lemmas in small letters."""
    return replace(reading, words=tuple(replace(w, lemma=w.lemma.lower()) for w in reading.words))


def measure(options: argparse.Namespace, variant: Variant) -> Totals:
    """The tallies of one variant: on the whole split, or on every EVERYth document when all variants are asked for."""
    documents = list(read_documents(find_treebank(options.data, options.split), variant))[:: EVERY if options.variants else 1]
    readings = (
        map(segment, documents)
        if options.segmentation_only
        else read_with_model(documents, has_gold_sentences=options.gold_sentences)
    )
    return score(documents, map(without_case, readings) if ignores_case(variant) else readings)


def main(argv: list[str]) -> int:
    """Prints the table, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench syntax", description="CoNLL 2018 measures from raw text.")
    parser.add_argument("--data", type=Path, required=True, help="folder with one treebank (ud-ewt, ud-gum)")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--segmentation-only", action="store_true", help="sentences and tokens only; no model is loaded")
    parser.add_argument("--gold-sentences", action="store_true", help="the treebank's sentences, our words: what the parser loses")
    parser.add_argument("--json", action="store_true")
    add_options(parser)
    options = parser.parse_args(argv)

    shown = SEGMENTATION if options.segmentation_only else MEASURES
    began = time.process_time()
    totals = {v: measure(options, v) for v in (Variant if options.variants else [options.variant])}
    seconds = time.process_time() - began
    title = f"syntax {options.data.name} {options.split}, {seconds:.1f} s CPU"
    if options.variants:
        print_table({v: parts[""] for v, parts in totals.items()}, shown, f"{title}, every {EVERY}th document")
        rows = {"" if v is Variant.PLAIN else f"{v}_": parts[""] for v, parts in totals.items()}
    else:
        rows = totals[options.variant]
        print_table(rows, shown, f"{title}, {options.variant}")
    if options.json:
        figures = {part + m: round(tallies[m].f1, 4) for part, tallies in rows.items() for m in shown}
        head = {
            "name": "syntax",
            "split": options.split,
            "variant": "all" if options.variants else options.variant,
            "n": rows[""]["sentence_f1"].gold,
            "seconds_cpu": round(seconds, 2),
            "version": version("dateline"),
        }
        print(json.dumps(head | figures))
    return 0


def print_table(totals: Mapping[str, dict[str, Tally]], shown: Sequence[str], title: str) -> None:
    print(title)
    print(f"{'':8}" + "".join(f"{m:>13}" for m in shown))
    for part, tallies in totals.items():
        print(f"{part.rstrip('_') or 'all':8}" + "".join(f"{100 * tallies[m].f1:13.2f}" for m in shown))
