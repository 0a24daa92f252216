"""A proposal becomes a record, or is refused with its reason.

The reader proposes words; what they mean is found by our own readers of times, places, figures and actors, so that both coders mean
the same by a value. A quote that is not in the text refuses the whole record: who invents one field may have invented the rest. A
quote that is there and means nothing to our readers leaves its field out, and that is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from dateline.events.checks.attach import check_events
from dateline.events.scene import event_time
from dateline.knowledge.load import Knowledge
from dateline.other_reader.chunks import Chunk
from dateline.other_reader.prompt import Prompt
from dateline.other_reader.proposals import Figure, Proposal
from dateline.other_reader.quotes import QuoteError, Words, shown
from dateline.records import (
    READ,
    Actor,
    CheckResult,
    Count,
    CountedParty,
    Document,
    EventMention,
    EventPlace,
    EventTime,
    How,
    Mentions,
    Origin,
    Participant,
    PartyRole,
    Place,
    Problem,
    Quantity,
    Quotation,
    QuoteKind,
    Sentence,
    Span,
    Status,
    StatusValue,
    Teller,
)

RULE = "other reader"
"""What a record says that it was typed by."""

EVEN = 0.5
"""How sure a record is: nobody has measured this reader, and what a model says of itself is no measure."""

PROPOSED = Origin(How.READ, "other reader")

PLACES = Origin(How.LOOKED_UP, "gazetteer")


@dataclass(frozen=True)
class Read:
    """A document as our own readers read it."""

    document: Document
    sentences: tuple[Sentence, ...]
    mentions: Mentions
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True)
class Accepted:
    """What came of the proposals for a document: the events in text order, and a problem for each record that was refused (its
    reason begins "refused: ") and each field that was left out ("left out: ")."""

    events: tuple[EventMention, ...]
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> int:
        return sum(problem.reason.startswith(REFUSED) for problem in self.problems)


REFUSED = "refused: "
LEFT_OUT = "left out: "


class _Spanned(Protocol):
    @property
    def span(self) -> Span: ...


S = TypeVar("S", bound=_Spanned)


def accept(read: Read, proposed: Sequence[tuple[Chunk, Sequence[Proposal]]], prompt: Prompt, knowledge: Knowledge) -> Accepted:
    """The proposals that hold, as records in text order."""
    problems: list[Problem] = []
    events: list[EventMention] = []
    for chunk, proposals in proposed:
        judge = _Judge(read, Words.of(read.document.text, chunk.paragraphs), prompt, knowledge, problems)
        for proposal in proposals:
            try:
                events.append(judge.event(proposal))
            except QuoteError as fault:
                problems.append(_problem(read.document, REFUSED + fault.reason, f"{_named(proposal)}: {fault}"))
    kept = _once(read.document, sorted(events, key=lambda e: (e.trigger, e.type)), problems)
    checked = check_events(read.document, read.sentences, read.mentions, read.quotations, kept, knowledge)
    return Accepted(tuple(_sound(read.document, checked, problems)), tuple(problems))


def _once(document: Document, events: Sequence[EventMention], problems: list[Problem]) -> list[EventMention]:
    """The events without those that have type and trigger of another."""
    kept: dict[tuple[str, Span], EventMention] = {}
    for event in events:
        if kept.setdefault((event.type, event.trigger), event) is not event:
            said = f"{event.type} {shown(event.trigger.of(document.text))}: was proposed before"
            problems.append(_problem(document, f"{REFUSED}told twice", said, event.trigger))
    return list(kept.values())


def _sound(document: Document, events: Sequence[EventMention], problems: list[Problem]) -> Iterator[EventMention]:
    """The events none of whose checks failed."""
    for event in events:
        failed = [check for check in event.checks if check.result is CheckResult.FAILED]
        if not failed:
            yield event
            continue
        words = shown(event.trigger.of(document.text))
        said = "; ".join(f"{check.name}: {check.arithmetic}" for check in failed)
        problems.append(_problem(document, f"{REFUSED}check failed", f"{event.type} {words}: {said}", event.trigger))


@dataclass
class _Judge:
    """Judges the proposals for one part of a document; fields that are left out are told in `problems`."""

    read: Read
    words: Words
    prompt: Prompt
    knowledge: Knowledge
    problems: list[Problem]

    def event(self, proposal: Proposal) -> EventMention:
        """The record. Raises QuoteError for a proposal that is refused."""
        self._check_codes(proposal)
        said = self.words.only(proposal.evidence, "evidence")
        trigger = self.words.only(proposal.trigger, "trigger", said)
        spot = _Spot(self.words, (said, self._sentence(said), self._paragraph(said)), trigger)
        actors = tuple(self._participant(spot.find(quote, "actor")) for quote in dict.fromkeys(proposal.actors))
        recipients = tuple(self._participant(spot.find(quote, "recipient")) for quote in dict.fromkeys(proposal.recipients))
        figures = [(figure, spot.find(figure.quote, "figure")) for figure in proposal.figures]
        cue = spot.maybe(proposal.status_cue, "status cue")
        if proposal.status != StatusValue.ASSERTED and cue is None:
            raise QuoteError("no status cue", f"is {proposal.status}, and no words are given that say so")
        time = self._time(spot.maybe(proposal.time, "time"), proposal)
        place = self._place(spot.maybe(proposal.place, "place"), proposal)
        counts = tuple(c for figure, span in figures for c in self._counts(figure, span, proposal, actors, recipients))
        parts = [p.span for p in (*actors, *recipients) if p.span] + [count.span for count in counts]
        evidence = trigger
        for part in parts:
            if said.contains(part):
                evidence = evidence.join(part)
        return EventMention(
            type=proposal.type,
            mode=proposal.mode,
            contexts=(),
            trigger=trigger,
            evidence=evidence,
            actors=actors,
            recipients=recipients,
            time=time,
            place=place,
            counts=counts,
            status=Status(StatusValue(proposal.status), cue if proposal.status != StatusValue.ASSERTED else None, PROPOSED),
            attribution=self._tellers(spot, proposal),
            rule=RULE,
            confidence=EVEN,
        )

    def _sentence(self, evidence: Span) -> Span:
        """What the sentences that the evidence stands in span; it stands in none: the evidence."""
        for sentence in self.read.sentences:
            if sentence.span.overlaps(evidence):
                evidence = evidence.join(sentence.span)
        return evidence

    def _paragraph(self, evidence: Span) -> Span:
        return next((p for p in self.words.paragraphs if p.contains(evidence)), evidence)

    def _check_codes(self, proposal: Proposal) -> None:
        kind = self.knowledge.ontology.types.get(proposal.type)
        if kind is None:
            raise QuoteError("unknown type", f"{shown(proposal.type)} is no event type")
        if proposal.mode is not None and proposal.mode not in kind.modes:
            raise QuoteError("unknown mode", f"{shown(proposal.mode)} is no mode of {kind.id}")
        if proposal.status not in {status.value for status in StatusValue}:
            raise QuoteError("unknown status", f"{shown(proposal.status)} is no status")

    # ------------------------------------------------------------ values, by our own readers

    def _participant(self, span: Span) -> Participant:
        """Who the words stand for by our tables and our chains of names; nobody there: the words themselves, of no known side."""
        mention = _best(span, [m for m in self.read.mentions.actors if span.contains(m.head)])
        if mention is None:
            return Participant(Actor(span.of(self.read.document.text), None, None), span, PROPOSED)
        origin = dict(mention.origins).get("name", READ)
        return Participant(mention.actor, span, origin)

    def _time(self, span: Span | None, proposal: Proposal) -> EventTime | None:
        if span is None:
            return None
        mention = _best(span, self.read.mentions.times)
        if mention is None or (mention.first is None and mention.last is None):
            why = mention.problem if mention is not None and mention.problem else "no day can be read from it"
            self._leave_out("time", f"{shown(span.of(self.read.document.text))}: {why}", proposal, span)
            return None
        published = self.read.document.published
        return event_time(mention, published.day if published else None, StatusValue(proposal.status))

    def _place(self, span: Span | None, proposal: Proposal) -> EventPlace | None:
        if span is None:
            return None
        words = span.of(self.read.document.text)
        mention = _best(span, [m for m in self.read.mentions.places if not m.is_adjective])
        if mention is not None and mention.place is not None:
            return EventPlace(mention.place, mention.origin, mention.span, candidates=mention.candidates)
        place = self._only_of_its_name(words)
        if place is None:
            self._leave_out("place", f"{shown(words)}: no place of that name is known, or several are", proposal, span)
            return None
        return EventPlace(place, PLACES, span)

    def _only_of_its_name(self, name: str) -> Place | None:
        found = self.knowledge.gazetteer.find(name, 2)
        return found[0].place if len(found) == 1 else None

    def _counts(
        self, figure: Figure, span: Span, proposal: Proposal, actors: Sequence[Participant], recipients: Sequence[Participant]
    ) -> Iterator[Count]:
        if figure.what not in self.prompt.figures:
            self._leave_out("figure", f"{shown(figure.what)} is no kind of figure", proposal, span)
            return
        quantity = _best(span, [q for q in self.read.mentions.quantities if q.figure.overlaps(span) and not q.is_ordinal])
        if quantity is None or (quantity.low is None and quantity.high is None):
            self._leave_out("figure", f"{shown(span.of(self.read.document.text))}: no figure can be read from it", proposal, span)
            return
        yield Count(
            what=figure.what,
            span=quantity.span,
            low=quantity.low,
            high=quantity.high,
            exactness=quantity.exactness,
            unit=quantity.unit,
            tallied=quantity.tallied,
            is_part=quantity.part_of is not None,
            origin=PROPOSED,
            party=_party(quantity, actors, recipients),
        )

    def _tellers(self, spot: _Spot, proposal: Proposal) -> tuple[Teller, ...]:
        """The publisher, and whoever is named as saying so, in the manner in which our own reader finds the words given."""
        document, chain = self.read.document, list[Teller]()
        if document.publisher:
            chain.append(Teller(Actor(document.publisher, None, "JRN"), None, None, QuoteKind.INDIRECT))
        source, cue = spot.maybe(proposal.said_by, "teller"), spot.maybe(proposal.said_cue, "cue of saying")
        if source is not None:
            quotation = next((q for q in self.read.quotations if any(c.overlaps(spot.trigger) for c in q.content)), None)
            manner = quotation.kind if quotation is not None else QuoteKind.INDIRECT
            chain.append(Teller(self._participant(source).actor, source, cue, manner))
        return tuple(chain)

    def _leave_out(self, field: str, said: str, proposal: Proposal, span: Span) -> None:
        self.problems.append(_problem(self.read.document, f"{LEFT_OUT}{field}", f"{_named(proposal)}: {field} {said}", span))


@dataclass(frozen=True)
class _Spot:
    """Where a record is told: other quotes are looked for in its evidence first, then in its sentence and its paragraph."""

    words: Words
    scopes: tuple[Span, ...]
    trigger: Span

    def find(self, quote: str, what: str) -> Span:
        return self.words.nearest(quote, what, self.scopes, self.trigger)

    def maybe(self, quote: str | None, what: str) -> Span | None:
        return None if quote is None else self.find(quote, what)


def _best(span: Span, mentions: Sequence[S]) -> S | None:
    """The mention that shares most with the span, of equals the shorter; none overlaps it: None."""
    there = [mention for mention in mentions if mention.span.overlaps(span)]

    def fit(mention: S) -> tuple[int, int, int]:
        shared = min(mention.span.end, span.end) - max(mention.span.start, span.start)
        return -shared, len(mention.span), mention.span.start

    return min(there, key=fit, default=None)


def _party(quantity: Quantity, actors: Sequence[Participant], recipients: Sequence[Participant]) -> CountedParty | None:
    """Whom the figure counts: the party in whose words it stands; in nobody's: None."""
    for role, parties in ((PartyRole.RECIPIENT, recipients), (PartyRole.ACTOR, actors)):
        for index, participant in enumerate(parties):
            if participant.span is not None and participant.span.overlaps(quantity.span):
                return CountedParty(role, index)
    return None


def _named(proposal: Proposal) -> str:
    return f"{proposal.type[:20]} {shown(proposal.trigger)}"


def _problem(document: Document, reason: str, message: str, span: Span | None = None) -> Problem:
    return Problem("events", reason, f"{document.name}: {message}", document.name, span)
