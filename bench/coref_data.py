"""Documents with coreference marked on their words: the layout of coref-ontogum and coref-gum, read. A library for benchmarks.

A file has "# begin document NAME" and then a line a word: number, form, brackets ("(3", "3)", "(3)", several of them in a row).
It has no sentences. Where a folder `ud-gum` with the same documents stands beside it, sentences, paragraphs and spaces are the
treebank's; where it does not, the words are put together with spaces and split by our own splitter.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.syntax import GoldSentence, find_treebank, read_sentences
from dateline.language.models import Models
from dateline.language.reading import Unread, read_words
from dateline.language.sentences import split_sentences
from dateline.records import Sentence, Span

BRACKETS = re.compile(r"\(([^()|]+)\)|\(([^()|]+)|([^()|]+)\)")
NO_SPACE_BEFORE = re.compile(r"[.,;:!?%)\]’”]+|n['’]t|['’](s|re|ve|ll|d|m)?", re.IGNORECASE)
NO_SPACE_AFTER = frozenset("([$£€“‘")

Place = tuple[int, int]
"""A mention as the numbers of its first and last word in the document, both inside."""


@dataclass(frozen=True)
class MarkedDocument:
    """A document's words with its gold clusters. `labels` has what stands in the brackets ("12", "person-12") for each cluster."""

    name: str
    forms: tuple[str, ...]
    clusters: tuple[frozenset[Place], ...]
    labels: tuple[tuple[str, ...], ...]

    @property
    def genre(self) -> str:
        """The second part of GUM's names ("news" of GUM_news_iodine); other names: the whole."""
        parts = self.name.split("_")
        return parts[1] if len(parts) > 1 else self.name


@dataclass(frozen=True)
class LaidOut:
    """A document's words set as text: what is handed to the reader."""

    text: str
    unread: tuple[Unread, ...]


def read_marked(path: Path) -> Iterator[MarkedDocument]:
    """The documents of a gzipped file, in order."""
    name = ""
    rows: list[list[str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in (*lines, "# begin document"):
            if line.startswith("# begin document"):
                if rows:
                    yield _marked(name, rows)
                name, rows = line.removeprefix("# begin document").strip(), []
            elif line.strip() and not line.startswith("#"):
                rows.append(line.rstrip("\n").split("\t"))


def _marked(name: str, rows: Sequence[Sequence[str]]) -> MarkedDocument:
    """Same-named brackets open and close like nested ones; clusters are told apart by the number in the label."""
    open_at: dict[str, list[int]] = {}
    found: dict[str, list[tuple[Place, str]]] = {}

    def close(label: str, first: int, last: int) -> None:
        found.setdefault(cluster_of(label), []).append(((first, last), label))

    for number, row in enumerate(rows):
        for whole, opened, closed in BRACKETS.findall(row[-1] if row[-1] != "_" else ""):
            if whole:
                close(whole, number, number)
            elif opened:
                open_at.setdefault(opened, []).append(number)
            else:
                close(closed, open_at[closed].pop(), number)
    unclosed = [label for label, starts in open_at.items() if starts]
    if unclosed:
        raise ValueError(f"{name}: brackets never closed: {unclosed}")
    return MarkedDocument(
        name,
        tuple(row[1] or "|" for row in rows),  # the export drops the bar, which is a bracket separator to it
        tuple(frozenset(place for place, _ in mentions) for mentions in found.values()),
        tuple(tuple(label for _, label in sorted(mentions)) for mentions in found.values()),
    )


def cluster_of(label: str) -> str:
    """The cluster's number in a label: "12" of "12" and of "person-12" and "person-12-Some_Page"."""
    parts = label.split("-")
    return next((p for p in parts if p.isdigit()), label)


def find_treebank_beside(data: Path, split: str) -> dict[str, list[GoldSentence]]:
    """The sentences of the treebank that stands beside the data, by document; no treebank: an empty dictionary."""
    try:
        path = find_treebank(data.resolve().parent / "ud-gum", split)
    except FileNotFoundError:
        return {}
    documents: dict[str, list[GoldSentence]] = {}
    for sentence in read_sentences(path):
        if sentence.opens_document is not None:
            current = documents.setdefault(sentence.opens_document, [])
        current.append(sentence)
    return documents


def lay_out(document: MarkedDocument, sentences: Sequence[GoldSentence]) -> LaidOut:
    """The document as text, by its treebank's sentences; without them, or where their words differ, by our own splitter."""
    forms = tuple(row[1] for s in sentences for row in s.rows if row[0].isdigit())
    return _by_treebank(sentences) if forms == document.forms else _by_splitter(document.forms)


def _by_treebank(sentences: Sequence[GoldSentence]) -> LaidOut:
    text, block, unread = "", -1, []
    for sentence in sentences:
        if sentence.opens_paragraph or block < 0:
            block += 1
            text = text.rstrip() + ("\n\n" if text else "")
        words, glued_until = [], 0
        for row in sentence.rows:
            first, dash, last = row[0].partition("-")
            if dash:
                glued_until, glues_after = int(last), "SpaceAfter=No" in row[9]
                continue
            number = int(first)
            words.append(Span(len(text), len(text) + len(row[1])))
            glued = "SpaceAfter=No" in row[9] or number < glued_until or (number == glued_until and glues_after)
            text += row[1] + ("" if glued else " ")
        unread.append(Unread(block, Span(words[0].start, words[-1].end), tuple(words)))
    return LaidOut(text, tuple(unread))


def _by_splitter(forms: Sequence[str]) -> LaidOut:
    text, words = "", []
    for number, form in enumerate(forms):
        if number and not NO_SPACE_BEFORE.fullmatch(form) and forms[number - 1] not in NO_SPACE_AFTER:
            text += " "
        words.append(Span(len(text), len(text) + len(form)))
        text += form
    starts = sorted({0, *(s.start for s in split_sentences(text, Span(0, len(text))))})
    ends = [*starts[1:], len(text)]
    unread = []
    for start, end in zip(starts, ends, strict=True):
        if own := tuple(w for w in words if start <= w.start < end):
            unread.append(Unread(0, Span(own[0].start, own[-1].end), own))
    return LaidOut(text, tuple(unread))


def read_laid_out(laid_out: LaidOut, models: Models) -> tuple[Sentence, ...]:
    """Our reading of the document on its given words; a sentence the reader gave back with other words is our mistake."""
    sentences = read_words(laid_out.text, list(laid_out.unread), models)
    for given, read in zip(laid_out.unread, sentences, strict=True):
        if tuple(t.span for t in read.tokens) != given.words:
            raise ValueError(f"words changed while reading: {given.span.of(laid_out.text)!r}")
    return sentences
