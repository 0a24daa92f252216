"""ECB+ (Cybulska and Vossen 2014) as linking sees it: gold event mentions, everything about them read by our own reader.

A document's sentences keep the corpus' tokens. A gold mention gives the words alone; who, whom, when, where and how many come from
the reader: the roles of the mention's head word, and, where the lexicon codes a record on that word, the record's values. ECB+'s
own entities, topics and subtopics are not looked at, but to name what a mention truly belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bench.clusters import Tally, clusters_of, compare
from dateline.events.assemble import code_events
from dateline.ingest.dating import date_in_address
from dateline.knowledge.linking import load_lexis, load_pair_weights
from dateline.knowledge.load import Knowledge, load_knowledge
from dateline.knowledge.reading import ReadingTables, load_reading_tables
from dateline.language.models import Models, load_models
from dateline.language.names import agree_on_names
from dateline.language.reading import Unread, read_words
from dateline.linking.clusters import Joining, find_clusters
from dateline.linking.scoring import Scorer
from dateline.linking.table import Table
from dateline.linking.tellings import Party, Profile, Telling, Where, figures_of, parties_of, profile_of_text, where_of
from dateline.mentions.quotations import find_quotations
from dateline.pipeline import find_mentions
from dateline.records import (
    ActorMention,
    Block,
    Document,
    EventMention,
    EventPlace,
    EventTime,
    How,
    Mentions,
    OffsetMap,
    Origin,
    PublicationDate,
    Role,
    Sentence,
    Span,
    TimeMention,
    Token,
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


# ---------------------------------------------------------------- as linking sees them


def profile_of(read: ReadDocument) -> Profile:
    document = read.gold.document
    return profile_of_text(document.id, document.text, document.published.day if document.published else None)


def uncoded(telling: Telling) -> Telling:
    """The same without a type: most mentions are none that the lexicon codes, and what it codes says little about the others."""
    return replace(telling, type=None, mode=None)


def tellings_of(read: ReadDocument) -> Iterator[Telling]:
    """The gold mentions in text order, each with what the reader finds about it."""
    for position, mention in enumerate(sorted(read.gold.mentions, key=lambda m: m.span)):
        sentence = next(s for s in read.sentences if s.span.contains(mention.span))
        head = sentence.head_of(mention.span) or sentence.tokens[0]
        event = next((e for e in read.events if e.trigger.overlaps(head.span)), None)
        yield _telling(read, mention, position, sentence, head, event)


def _telling(
    read: ReadDocument, mention: GoldMention, position: int, sentence: Sentence, head: Token, event: EventMention | None
) -> Telling:
    document = read.gold.document
    roles = next((p.roles for p in sentence.predicates if p.token == head.index), ())
    read_there = _time_of(read, sentence, roles)
    time = event.time if event and event.time else read_there
    others = [token.text for token in sentence.tokens_in(mention.span) if token is not head]
    return Telling(
        id=mention.id,
        document=document.id,
        trigger=" ".join([head.text, *others]),
        words=sentence.span.of(document.text),
        position=position,
        start=mention.span.start,
        type=event.type if event else None,
        mode=event.mode if event else None,
        status=event.status.value.value if event else "asserted",
        first=time.first if time else None,
        last=time.last if time else None,
        precision=time.precision.value if time else None,
        is_day_assumed=isinstance(time, EventTime) and time.origin.how is not How.READ,
        place=where_of(event.place) if event and event.place else _place_of(read, sentence, roles),
        actors=parties_of(event.actors) if event and event.actors else _parties(read, sentence, roles, "ARG0"),
        recipients=parties_of(event.recipients) if event and event.recipients else _parties(read, sentence, roles, "ARG1"),
        figures=figures_of(event.counts) if event else (),
    )


def _span_of(role: Role, sentence: Sentence) -> Span:
    return sentence.tokens[role.first].span.join(sentence.tokens[role.last].span)


def _parties(read: ReadDocument, sentence: Sentence, roles: Sequence[Role], label: str) -> tuple[Party, ...]:
    """Those who fill the role: actors by their canonical name, anything else by its words."""
    found = []
    for role in (r for r in roles if r.label == label):
        actor = _actor_at(read, sentence.tokens[role.token])
        words = _span_of(role, sentence).of(read.gold.document.text)
        found.append(Party(actor.actor.name, actor.actor.country, actor.actor.sector, actor.actor.id) if actor else Party(words))
    return tuple(found)


def _actor_at(read: ReadDocument, token: Token) -> ActorMention | None:
    return next((a for a in read.mentions.actors if a.head.overlaps(token.span)), None)


def _time_of(read: ReadDocument, sentence: Sentence, roles: Sequence[Role]) -> TimeMention | None:
    """The time in the mention's own temporal argument, else the only one of the sentence."""
    within = [t for t in read.mentions.times if sentence.span.contains(t.span) and (t.first or t.last)]
    for role in (r for r in roles if r.label == "ARGM-TMP"):
        if own := next((t for t in within if t.span.overlaps(_span_of(role, sentence))), None):
            return own
    return within[0] if len(within) == 1 else None


def _place_of(read: ReadDocument, sentence: Sentence, roles: Sequence[Role]) -> Where | None:
    """The same for places."""
    within = [p for p in read.mentions.places if sentence.span.contains(p.span) and p.place and not p.is_adjective]
    for role in (r for r in roles if r.label == "ARGM-LOC"):
        own = next((p for p in within if p.span.overlaps(_span_of(role, sentence))), None)
        if own and own.place:
            return where_of(EventPlace(own.place, own.origin, own.span))
    return where_of(EventPlace(within[0].place, within[0].origin, within[0].span)) if len(within) == 1 and within[0].place else None


# ---------------------------------------------------------------- the measure


@dataclass(frozen=True)
class Measured:
    """The gold mentions of a split, the happening and our group of each, how good the chances are, and the CPU it took."""

    tellings: tuple[Telling, ...]
    happenings: tuple[str, ...]
    groups: tuple[int, ...]
    tallies: dict[str, Tally]
    brier: float
    reliability: tuple[tuple[float, float, int], ...]
    """For each tenth of chance: its mean, the share of pairs that are of one happening, and pairs."""
    seconds: float


def read_split(data: Path, split: str) -> Iterator[ReadDocument]:
    """The documents of a split, read; with a progress bar, for it takes minutes."""
    knowledge, models = load_knowledge(), load_models()
    gold = list(gold_documents(data / f"{split}.jsonl", load_reading_tables()))
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        for document in progress.track(gold):
            yield read_document(document, knowledge, models)


def measure(read: Sequence[ReadDocument], joining: Joining) -> Measured:
    """All mentions of the corpus grouped at once, every pair weighed: no topic is known, and no pair is left out beforehand."""
    happening = {mention.id: mention.happening for r in read for mention in r.gold.mentions}
    tellings = tuple(uncoded(telling) for r in read for telling in tellings_of(r))
    happenings = tuple(happening[telling.id] for telling in tellings)
    started = process_time()
    table = Table.of(tellings, [profile_of(r) for r in read], load_lexis())
    pairs = np.stack(np.triu_indices(table.size, 1), axis=1)
    chances = Scorer(load_pair_weights()).chances(table, pairs)
    likely = chances > joining.unknown
    groups = find_clusters(table.size, pairs[likely], chances[likely], joining).labels.tolist()
    seconds = process_time() - started
    numbers = {name: number for number, name in enumerate(dict.fromkeys(happenings))}
    gold = np.array([numbers[name] for name in happenings])
    is_same = gold[pairs[:, 0]] == gold[pairs[:, 1]]
    return Measured(
        tellings,
        happenings,
        tuple(groups),
        compare(clusters_of(happenings), clusters_of(groups)),
        float(np.mean((chances - is_same) ** 2)),
        tuple(reliability(chances, is_same)),
        seconds,
    )


def reliability(chances: NDArray[np.float64], is_same: NDArray[np.bool_]) -> Iterator[tuple[float, float, int]]:
    """For each tenth from 0 to 1 that has pairs: mean chance, share that are the same, pairs."""
    tenth = np.minimum((chances * 10).astype(int), 9)
    for number in range(10):
        if count := int((tenth == number).sum()):
            yield float(chances[tenth == number].mean()), float(is_same[tenth == number].mean()), count


def mistakes(measured: Measured) -> Iterator[str]:
    """Happenings in several groups and groups of several happenings, with the words of their mentions."""
    for name, one, other in (("split", measured.happenings, measured.groups), ("joined", measured.groups, measured.happenings)):
        for group in clusters_of(one):
            rows = sorted(int(str(row)) for row in group)
            if len({other[row] for row in rows}) > 1:
                yield f"{name}:"
                for row in rows:
                    telling = measured.tellings[row]
                    yield f"    {other[row]!s:24} {telling.document:18} {telling.trigger:20} {telling.words}"
