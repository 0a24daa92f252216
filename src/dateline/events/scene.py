"""When and where a triggered event took place: the time and place that belong to its clause, or what the text has set before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from dateline.records import (
    READ,
    BlockKind,
    Document,
    EventPlace,
    EventTime,
    How,
    Mentions,
    Origin,
    Place,
    PlaceKind,
    PlaceMention,
    Precision,
    Quotation,
    Sentence,
    Span,
    StatusValue,
    TimeKind,
    TimeMention,
    Token,
)

FARTHEST = 6
"""Steps in the tree between a trigger and a time or place that may be its own; each clause boundary counts as three."""

CHIEF_SPEAKER = 0.7
"""Share of a report's quotations that one speaker must have for the whole of it to be what was said on one occasion."""

_PLACING = frozenset({TimeKind.POINT, TimeKind.RANGE, TimeKind.DAY_COUNT})


@dataclass(frozen=True)
class At:
    """The word whose time and place are asked for."""

    sentence: Sentence
    token: Token
    others: frozenset[int] = frozenset()
    """Indices of the sentence's other triggers: a time or place below one of them is that one's ("condemned the May 3 attack")."""
    words_of_others: tuple[Span, ...] = ()
    """What is quoted, for an act of speaking: the days named in it are not the day of speaking."""


class Manner(Enum):
    """How a word tells of its event: what may be assumed about the day when none is named."""

    NEWS = "news"  # a finished happening: the paragraph's day, else the day of publication
    SPEECH = "speech"  # done by saying: the day of speaking
    CURRENT = "current"  # a present perfect or progressive ("has been imposed", "are meeting"): the day of publication
    STATE = "state"  # present and lasting ("are imprisoned"): no day
    REFERENCE = "reference"  # a noun that no verb dates: the paragraph's day or none


@dataclass(frozen=True)
class Scene:
    """What the narrative has set so far: carried from one sentence to the next inside a paragraph."""

    block: int = -1
    time: EventTime | None = None
    place: EventPlace | None = None
    occasion: EventTime | None = None
    """The day of the interview or speech that a report of one speaker tells of: what is said without a day is said then."""
    spoken: tuple[tuple[str, EventTime], ...] = ()
    """Who was said to speak when, in text order: what somebody says without a day is said on the day they last spoke."""


def find_time(
    at: At, mentions: Mentions, scene: Scene, document: Document, status: StatusValue, *, manner: Manner, speaker: str | None
) -> EventTime | None:
    """The event's days: its clause's own, the paragraph's, or the publication day with an origin that says so. Unknown: None."""
    sentence = at.sentence
    published = document.published.day if document.published else None
    own = [
        t
        for t in mentions.times
        if sentence.span.contains(t.span)
        and t.kind in _PLACING
        and _places_event(t, status)
        and not (manner is Manner.SPEECH and t.kind is not TimeKind.POINT)  # "for the first time in five days": not when
        and not any(w.contains(t.span) for w in at.words_of_others)
    ]
    if manner is Manner.REFERENCE and at.token.relation.split(":")[0] in {"obl", "nmod"}:
        # "despite weeks of protests": the clause's day is the day of what its verb tells
        own = [t for t in own if _is_below(sentence, at.token, sentence.head_of(t.span))]
    own = [t for t in own if not _is_too_late(t, published, status)]
    best = min(own, key=lambda t: _distance_to(at, sentence.head_of(t.span)), default=None)
    if best is not None and _distance_to(at, sentence.head_of(best.span)) <= FARTHEST:
        time = _event_time(best, published, status)
        return replace(time, last=time.first) if _is_when(at, best) else time
    unresolved = [t for t in mentions.times if sentence.span.contains(t.span) and t.kind in _PLACING and t.problem]
    if any(_distance_to(at, sentence.head_of(t.span)) <= FARTHEST for t in unresolved):
        return None  # the words say when, and it is not known: the day of publication would contradict them
    if manner is Manner.SPEECH:
        spoke = next((time for name, time in reversed(scene.spoken) if name == speaker), None)
        if spoke is not None:
            return EventTime(spoke.first, spoke.last, spoke.precision, Origin(How.INFERRED, "the day the speaker last spoke"))
        if scene.occasion is not None:
            return scene.occasion
        return _assumed(published, "speech of the day of publication")
    if status in {StatusValue.PLANNED, StatusValue.CONDITIONAL} or manner is Manner.STATE:
        return None
    if scene.time is not None and manner is not Manner.CURRENT and scene.block == sentence.block:
        return EventTime(
            scene.time.first, scene.time.last, scene.time.precision, Origin(How.INFERRED, "the paragraph's time"), None
        )
    return None if manner is Manner.REFERENCE else _assumed(published, "news of the day of publication")


def _places_event(mention: TimeMention, status: StatusValue) -> bool:
    """True for a time that says when: "by Friday" and "until Monday" say so only of what is still to come."""
    if mention.first is None and mention.last is None:
        return False
    return mention.first is not None or status is not StatusValue.ASSERTED


def _is_below(sentence: Sentence, token: Token, other: Token | None) -> bool:
    return other is not None and token.index in _ancestors(sentence, other)


def _is_too_late(mention: TimeMention, published: date | None, status: StatusValue) -> bool:
    """True for a day after publication: what is told as done was not done then, so the day belongs to something else."""
    if published is None or mention.first is None or status not in {StatusValue.ASSERTED, StatusValue.ALLEGED, StatusValue.DENIED}:
        return False
    return mention.first > published


def _is_when(at: At, mention: TimeMention) -> bool:
    """ "since Friday evening, when police fired": the clause says what happened on the first day, not since."""
    if not mention.is_open_end:
        return False
    heads = {t.index for t in at.sentence.tokens_in(mention.span)}
    node = at.token
    for _ in range(4):
        if node.relation.startswith("acl") and node.head in heads:
            return True
        when = next((c for c in at.sentence.children(node) if c.text.lower() == "when"), None)
        if when is not None and 0 < when.index - max(heads) <= 2:  # right behind the time, whatever the parser hung it from
            return True
        if node.head < 0:
            return False
        node = at.sentence.tokens[node.head]
    return False


def find_occasion(
    sentences: Sequence[Sentence], mentions: Mentions, quotations: Sequence[Quotation], occasions: frozenset[str]
) -> EventTime | None:
    """The day of the interview, speech or briefing that a report with one chief speaker names; none, or several speakers: None."""
    speakers = [q.speaker.name for q in quotations if q.speaker is not None]
    if not speakers or max(speakers.count(name) for name in set(speakers)) < CHIEF_SPEAKER * len(speakers):
        return None
    for sentence in sentences:
        for noun in (t for t in sentence.tokens if t.lemma.lower() in occasions and t.upos == "NOUN"):
            at = At(sentence, noun)
            own = [
                t
                for t in mentions.times
                if sentence.span.contains(t.span) and t.kind is TimeKind.POINT and t.precision is Precision.DAY
            ]
            below = [t for t in own if _is_below(sentence, noun, sentence.head_of(t.span))]  # "the interview, recorded on March 24"
            near = [t for t in own if _distance_to(at, sentence.head_of(t.span)) <= FARTHEST]
            best = next(iter(below or near), None)
            if best is not None:
                return EventTime(
                    best.first, best.last, best.precision, Origin(How.INFERRED, f"the day of the {noun.lemma.lower()}")
                )
    return None


def _event_time(mention: TimeMention, published: date | None, status: StatusValue) -> EventTime:
    """The mention's days. "Since Monday" runs to the day of publication; what is planned "from Monday" has its first day only."""
    last = mention.last
    if last is None and mention.first is not None:
        last = published if status is StatusValue.ASSERTED and published and published >= mention.first else mention.first
    return EventTime(mention.first, last, mention.precision, Origin(How.READ, mention.origin.by), mention.span)


def _assumed(published: date | None, rule: str) -> EventTime | None:
    return None if published is None else EventTime(published, published, Precision.DAY, Origin(How.INFERRED, rule))


def find_place(at: At, mentions: Mentions, scene: Scene, main: Place | None) -> EventPlace | None:
    """Where: the place named in its clause, then the sentence's, the paragraph's, the document's. Nowhere named: None."""
    sentence = at.sentence
    own = [
        p
        for p in mentions.places
        if sentence.span.contains(p.span)
        and p.place
        and not p.is_adjective
        and not any(w.contains(p.span) for w in at.words_of_others)
    ]
    scored = sorted((_place_distance(at, p), p.span.start, p) for p in own)
    if scored and scored[0][0] <= FARTHEST:
        mention = scored[0][2]
        assert mention.place is not None
        return EventPlace(mention.place, READ, mention.span)
    if scene.place is not None and scene.block == sentence.block:
        return EventPlace(scene.place.place, Origin(How.INFERRED, "the paragraph's place"))
    return EventPlace(main, Origin(How.INFERRED, "the document's place")) if main else None


def _place_distance(at: At, mention: PlaceMention) -> float:
    """Tree distance, with a fine place before a coarse one, and places that are parties of the event ("Russia said") last."""
    sentence = at.sentence
    head = sentence.head_of(mention.span)
    if head is None or mention.place is None:
        return 99
    coarse = {PlaceKind.COUNTRY: 0.5, PlaceKind.REGION: 0.9}.get(mention.place.kind, 0.0)
    relation = head.relation.split(":")[0]
    markers = {c.text.lower() for c in sentence.children(head) if c.relation == "case"}
    is_located = relation in {"obl", "nmod"} and bool(
        markers & {"in", "at", "near", "on", "outside", "across", "around", "from", "through", "inside"}
    )
    as_party = relation in {"nsubj", "obj", "iobj"} or head.relation == "nmod:poss" or relation == "compound"
    return _distance_to(at, head) + coarse + (0 if is_located else 4 if as_party else 2)


def main_place(document: Document, mentions: Mentions) -> Place | None:
    """The place that the document is about: its dateline's or the country most often named. No place named: None."""
    for mention in mentions.places:
        block = document.block_at(mention.span.start)
        if block is not None and block.kind is BlockKind.DATELINE and mention.place is not None:
            return mention.place
    votes: dict[str, float] = {}
    example: dict[str, Place] = {}
    for order, mention in enumerate(mentions.places):
        place = mention.place
        if place is None or place.country is None:
            continue
        votes[place.country] = votes.get(place.country, 0.0) + (1.5 if order == 0 else 1.0)
        if place.kind is PlaceKind.COUNTRY and not mention.is_adjective:
            example.setdefault(place.country, place)
        elif place.country not in example and mention.is_adjective:
            example[place.country] = place
    if not votes:
        return None
    country = max(votes, key=lambda c: votes[c])
    cities = [m.place for m in mentions.places if m.place and m.place.country == country and m.place.kind is not PlaceKind.COUNTRY]
    named = {p.name for p in cities}
    if len(named) == 1 and country not in example:
        return cities[0]
    return example.get(country) or (cities[0] if cities else None)


# ---------------------------------------------------------------- distance in the tree


def _distance_to(at: At, other: Token | None) -> float:
    """Steps between the trigger and a word; a clause with its own subject in between counts as three more."""
    if other is None:
        return 99
    sentence = at.sentence
    own = _ancestors(sentence, at.token)
    theirs = _ancestors(sentence, other)
    meeting = next((t for t in theirs if t in own), None)
    if meeting is None:
        return 99
    up = own[: own.index(meeting)]
    down = theirs[: theirs.index(meeting)]
    if at.others & set(down):
        return 99
    return _cost(sentence, up, rising=True) + _cost(sentence, down, rising=False)


def _ancestors(sentence: Sentence, token: Token) -> list[int]:
    path = [token.index]
    while sentence.tokens[path[-1]].head >= 0:
        path.append(sentence.tokens[path[-1]].head)
    return path


_STEPS = {"conj": 0.5, "xcomp": 0.5, "compound": 0.5, "flat": 0.0, "nmod": 1.0, "obl": 1.0, "obj": 1.0}
_BOUNDARIES = {"ccomp", "advcl", "acl", "parataxis", "csubj"}


def _cost(sentence: Sentence, path: Sequence[int], *, rising: bool) -> float:
    """A reported clause is farther from what stands outside it than a participle is."""
    total = 0.0
    for index in path:
        relation = sentence.tokens[index].relation
        base = relation.split(":")[0]
        if relation == "ccomp" or base == "parataxis":
            total += 5.0 if rising else 4.0
        elif relation == "acl:relcl":
            total += 3.0 if rising else 6.0
        elif base in _BOUNDARIES:
            total += 2.0 if rising else 3.0
        else:
            total += _STEPS.get(base, 1.0)
    return total
