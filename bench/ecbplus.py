"""ECB+ (Cybulska and Vossen 2014) as linking sees it: gold event mentions, everything about them read by our own reader.

A document's sentences keep the corpus' tokens. A gold mention gives the words alone; who, whom, when, where and how many come from
the reader: the roles of the mention's head word, and, where the lexicon codes a record on that word, the record's values. ECB+'s
own entities, topics and subtopics are not looked at, but to name what a mention truly belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dateline.events.assemble import code_events
from dateline.ingest.dating import date_in_address
from dateline.knowledge.load import Knowledge
from dateline.knowledge.reading import ReadingTables
from dateline.language.models import Models
from dateline.language.names import agree_on_names
from dateline.language.reading import Unread, read_words
from dateline.mentions.quotations import find_quotations
from dateline.pipeline import find_mentions
from dateline.records import (
    Block,
    Document,
    EventMention,
    How,
    Mentions,
    OffsetMap,
    Origin,
    PublicationDate,
    Sentence,
    Span,
)


@dataclass(frozen=True)
class GoldMention:
    """A validated event mention: its words as a span of the document, and what it is a mention of, over the whole corpus."""

    id: str
    span: Span
    happening: str


@dataclass(frozen=True)
class GoldDocument:
    """A document of the corpus before reading: sentences as they stand in the text, and the mentions to be grouped."""

    document: Document
    unread: tuple[Unread, ...]
    mentions: tuple[GoldMention, ...]
    topic: str
    subtopic: str


@dataclass(frozen=True)
class ReadDocument:
    """The same, read: `events` are what the coder makes of it."""

    gold: GoldDocument
    sentences: tuple[Sentence, ...]
    mentions: Mentions
    events: tuple[EventMention, ...]


def gold_documents(path: Path, tables: ReadingTables) -> Iterator[GoldDocument]:
    """The documents of a file in its order. The tokens of a page's address are not part of its text, but may give its day."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        words: dict[tuple[int, int], Span] = {}
        text, blocks, unread = "", list[Block](), list[Unread]()
        address = None
        for sentence in row["sentences"]:
            if sentence["n"] == 0 and sentence["tokens"][:1] == ["http"]:
                address = "".join(sentence["tokens"])
                continue
            if not sentence["tokens"]:
                continue
            text += "\n\n" if text else ""
            start, spans = len(text), list[Span]()
            for number, token in enumerate(sentence["tokens"]):
                text += " " if number else ""
                spans.append(Span(len(text), len(text) + len(token)))
                words[sentence["n"], number] = spans[-1]
                text += token
            unread.append(Unread(len(blocks), Span(start, len(text)), tuple(spans)))
            blocks.append(Block(Span(start, len(text))))
        day = date_in_address(address, tables) if address else None
        published = PublicationDate(day, Origin(How.READ, "path of the address")) if day else None
        name = row["doc_id"]
        document = Document(name, name, "", text, tuple(blocks), OffsetMap(), address=address, published=published)
        mentions = tuple(
            GoldMention(f"{name}#{m['m_id']}", _span(m, words), _happening(m, name))
            for m in row["mentions"]
            if m["kind"] == "event" and m["validated"] and (m["sentence"], m["tokens"][0]) in words
        )
        yield GoldDocument(document, tuple(unread), mentions, row["topic"], row["subtopic"])


def _span(mention: dict[str, object], words: dict[tuple[int, int], Span]) -> Span:
    sentence, tokens = mention["sentence"], mention["tokens"]
    assert isinstance(sentence, int)
    assert isinstance(tokens, list)
    return words[sentence, tokens[0]].join(words[sentence, tokens[-1]])


def _happening(mention: dict[str, object], document: str) -> str:
    """The corpus-wide chain; a mention outside any is a happening of its own."""
    chain = str(mention["coref"] or "")
    return f"{document}#{mention['m_id']}" if not chain or "SINGLETON" in chain.upper() else chain


def read_document(gold: GoldDocument, knowledge: Knowledge, models: Models) -> ReadDocument:
    """The document read by the shipped reader, which is asked for the arguments of every mention's head word."""
    document = gold.document
    asked = [_asked(sentence, gold.mentions) for sentence in gold.unread]
    sentences = agree_on_names(document.text, read_words(document.text, gold.unread, models, predicates=asked))
    mentions = find_mentions(document, sentences, knowledge)
    quotations = find_quotations(document, sentences, mentions.actors, knowledge.cues)
    events = code_events(document, sentences, mentions, quotations, knowledge)
    return ReadDocument(gold, sentences, mentions, events)


def _asked(sentence: Unread, mentions: Sequence[GoldMention]) -> list[int]:
    return [
        number
        for number, word in enumerate(sentence.words)
        if any(mention.span.contains(word) for mention in mentions if sentence.span.contains(mention.span))
    ]
