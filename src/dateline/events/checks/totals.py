"""Running totals: what one teller counts of one happening does not become less, and what "rose" is larger than before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from dateline.events.checks.bounds import Bounds
from dateline.events.checks.telling import Noted, Telling, is_told, outcome
from dateline.records import Check, Count, EventMention, Place, PlaceKind, Quantity, Sentence, Span, Tallied, TimeKind, TimeMention

NAME, CHANGE = "running total does not fall", "change goes the way it says"

_COARSE = frozenset({PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.ADMIN1, PlaceKind.ADMIN2})


@dataclass(frozen=True)
class _Told:
    """A figure of somebody's: what it counts, on whose word, of which days and place. `event` None: no record counts it.

    `teller` None is the paper's own voice. `is_toll`: "the toll rose to", a total of what was told before, whatever it was.
    `is_running`: "so far", a total that is compared with other totals only, for it may be of more than one happening.
    """

    what: str
    bounds: Bounds
    span: Span
    teller: str | None
    first: date | None
    last: date | None
    event: int | None
    place: Place | None
    is_toll: bool
    is_running: bool


def check_totals(telling: Telling) -> Iterator[Noted]:
    """Each running total against the figure that the same teller gave before it, and each "rose from … to …"."""
    told = sorted([*_counts(telling), *_tolls(telling)], key=lambda t: t.span)
    for before, toll in _with_the_one_before(told):
        event = toll.event if toll.event is not None else before.event
        if event is not None and _may_be_one(toll, before, telling):
            fits = before.bounds.can_be_at_most(toll.bounds)
            said = f"{before.what}: first {before.bounds}, then {toll.bounds}"
            yield Noted(event, Check(NAME, outcome(fits), said, (before.span, toll.span)))
    yield from _changes(telling, told)


def _with_the_one_before(told: Sequence[_Told]) -> Iterator[tuple[_Told, _Told]]:
    """Each total with the last figure before it of the same thing and teller; "so far" goes on from another total only."""
    any_, total = dict[tuple[str, str | None], _Told](), dict[tuple[str, str | None], _Told]()
    for figure in told:
        key = (figure.what, figure.teller)
        before = any_.get(key) if figure.is_toll else total.get(key) if figure.is_running else None
        if before is not None:
            yield before, figure
        any_[key] = figure
        if figure.is_toll or figure.is_running:
            total[key] = figure


def _may_be_one(toll: _Told, other: _Told, telling: Telling) -> bool:
    if toll.place is not None and other.place is not None and not _may_be_there(toll.place, other.place):
        return False
    if toll.last is None or other.first is None:
        return True
    return 0 <= (toll.last - other.first).days <= telling.words.totals.longest_gap


def _may_be_there(a: Place, b: Place) -> bool:
    """False for two countries and for two towns; a town may lie in the province that the other telling names."""
    return a.country == b.country and (a.name == b.name or _COARSE & {a.kind, b.kind} != set())


# ---------------------------------------------------------------- figures and whose they are


def _counts(telling: Telling) -> Iterator[_Told]:
    """The figures of records; parts and new additions are no totals."""
    known = {what for what, _ in telling.words.totals.tolls}
    for i, event in enumerate(telling.events):
        for count in event.counts if is_told(event) else ():
            sentence = telling.sentence_at(count.span)
            if count.what not in known or count.is_part or count.tallied is Tallied.NEW or sentence is None:
                continue
            if _is_linked_part(telling, sentence, count):
                continue
            is_revised = _is_revised(telling, sentence)
            is_toll = not is_revised and _toll_of(telling, telling.before(count.span, sentence)) == count.what
            is_running = not is_revised and count.tallied is Tallied.RUNNING_TOTAL and _is_so_far(telling, sentence, count.span)
            place = event.place.place if event.place else None
            first, last = (event.time.first, event.time.last) if event.time else (None, None)
            yield _Told(
                count.what, Bounds.of(count), count.span, _teller(telling, event), first, last, i, place, is_toll, is_running
            )


def _is_so_far(telling: Telling, sentence: Sentence, span: Span) -> bool:
    beside = f"{telling.before(span, sentence)} {telling.behind(span, sentence)}"
    return telling.words.totals.so_far.search(beside) is not None


def _is_linked_part(telling: Telling, sentence: Sentence, count: Count) -> bool:
    return telling.words.parts.links(telling.before(count.span, sentence), telling.behind(count.span, sentence))


def _teller(telling: Telling, event: EventMention) -> str | None:
    """Whose figure it is: the last of the chain; the publisher alone, or nobody, is the paper's own voice."""
    last = event.attribution[-1].actor.name if event.attribution else None
    return None if last == telling.document.publisher else last


def _tolls(telling: Telling) -> Iterator[_Told]:
    """ "The death toll rose to 12": a running total that no record counts."""
    for sentence in telling.sentences:
        if _is_revised(telling, sentence):
            continue
        for figure in telling.quantities_in(sentence):
            what = _toll_of(telling, telling.before(figure.span, sentence))
            if what is None or figure.part_of is not None or figure.tallied is Tallied.NEW:
                continue
            if any(c.span.overlaps(figure.figure) for _, e in telling.events_in(sentence) for c in e.counts):
                continue
            day = next((t for t in telling.times_in(sentence) if t.kind is TimeKind.POINT and t.first), None)
            place = next((p.place for p in telling.places_in(sentence)), None)
            yield _toll(telling, what, figure, day, place)


def _toll_of(telling: Telling, before: str) -> str | None:
    """What a figure counts by the words before it: "killed" after "the death toll has risen to"; nothing: None."""
    return next((what for what, pattern in telling.words.totals.tolls if pattern.search(before)), None)


def _toll(telling: Telling, what: str, figure: Quantity, day: TimeMention | None, place: Place | None) -> _Told:
    quotation = next((q for q in telling.quotations if any(c.contains(figure.figure) for c in q.content)), None)
    teller = quotation.speaker.name if quotation is not None and quotation.speaker is not None else None
    first, last = (day.first, day.last) if day else (None, None)
    return _Told(what, Bounds.of(figure), figure.span, teller, first, last, None, place, is_toll=True, is_running=True)


def _is_revised(telling: Telling, sentence: Sentence) -> bool:
    """True where the words say themselves that the figure went down."""
    return bool(telling.words.totals.revised & {t.lemma.lower() for t in sentence.tokens})


# ---------------------------------------------------------------- "rose from 9 to 12"


def _changes(telling: Telling, told: Sequence[_Told]) -> Iterator[Noted]:
    for sentence in telling.sentences:
        figures = telling.quantities_in(sentence)
        for one, two in pairwise(figures):
            pair = _from_to(telling, sentence, one, two)
            direction = _direction(telling, sentence, one)
            event = _event_near(telling, sentence, told, one, two) if pair and direction else None
            if pair is None or direction is None or event is None:
                continue
            old, new = map(Bounds.of, pair)
            fits = old.can_be_at_most(new) if direction > 0 else new.can_be_at_most(old)
            said = f"{'rose' if direction > 0 else 'fell'} from {old} to {new}"
            yield Noted(event, Check(CHANGE, outcome(fits), said, (pair[0].span, pair[1].span)))


def _from_to(telling: Telling, sentence: Sentence, one: Quantity, two: Quantity) -> tuple[Quantity, Quantity] | None:
    """The old figure and the new one of "from 9 to 12" and "to 12 from 9"; anything else: None."""
    words = telling.words.totals
    between = telling.text[one.span.end : two.span.start]
    before = telling.before(one.span, sentence)
    if len(between.split()) > 2:
        return None
    if words.from_.search(before) and words.to.search(between):
        return one, two
    return (two, one) if words.to.search(before) and words.from_.search(between) else None


def _direction(telling: Telling, sentence: Sentence, figure: Quantity) -> int | None:
    """1 for a verb of rising right before the figure, -1 for one of falling; none: None."""
    words = telling.words.totals
    for token in reversed([t for t in sentence.tokens if t.span.end <= figure.span.start][-5:]):
        if token.lemma.lower() in words.rising | words.falling and token.upos in {"VERB", "NOUN"}:
            return 1 if token.lemma.lower() in words.rising else -1
    return None


def _event_near(telling: Telling, sentence: Sentence, told: Sequence[_Told], one: Quantity, two: Quantity) -> int | None:
    """The record that counts one of the figures, else the one whose figure of the same thing was told before."""
    own = telling.event_counting(sentence, two, one)
    if own is not None:
        return own
    before = telling.before(one.span, sentence)
    what = _toll_of(telling, before.rsplit("from", 1)[0] + "to ")
    return next((t.event for t in reversed(told) if t.what == what and t.event is not None and t.span < one.span), None)
