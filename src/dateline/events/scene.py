"""When and where a triggered event took place: the time and place that belong to its clause, or what the text has set before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from dateline.events.nearness import FARTHEST, At, ancestors, distance_to, is_below, is_concurrent, is_doer
from dateline.knowledge.cues import Dating
from dateline.records import (
    Document,
    EventPlace,
    EventTime,
    How,
    Mentions,
    Origin,
    Precision,
    Quotation,
    Sentence,
    Span,
    StatusValue,
    TimeKind,
    TimeMention,
    Token,
)

CHIEF_SPEAKER = 0.7
"""Share of a report's quotations that one speaker must have for the whole of it to be what was said on one occasion."""

LEAD_SENTENCES, LEAD_DAYS = 3, 7
"""A report's news is of the day that its first sentences name, if that is one of the days just before publication."""

_DAY_FINE = frozenset({Precision.MINUTE, Precision.PART_OF_DAY, Precision.DAY})
_PLACING = frozenset({TimeKind.POINT, TimeKind.RANGE, TimeKind.DAY_COUNT})


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
    is_past: bool = False
    """Whether `place` is that of what happened long ago: the news of the day was not there."""
    occasion: EventTime | None = None
    """The day of the interview or speech that a report of one speaker tells of: what is said without a day is said then."""
    lead: EventTime | None = None
    """The day of the news: what the report tells without a day was then, and not on the day it came out."""
    sentences: int = 0
    """How many sentences have been told."""
    spoken: tuple[tuple[str, EventTime], ...] = ()
    """Who was said to speak when, in text order: what somebody says without a day is said on the day they last spoke."""


def find_time(
    at: At,
    mentions: Mentions,
    scene: Scene,
    document: Document,
    status: StatusValue,
    *,
    manner: Manner,
    speaker: str | None,
    dating: Dating,
) -> EventTime | None:
    """The event's days: its clause's own, the paragraph's, the lead's, or the publication day, as its origin says. Unknown: None.

    Knowledge: cues/dating.yaml.
    """
    sentence = at.sentence
    published = document.published.day if document.published else None
    if manner is Manner.REFERENCE and is_concurrent(sentence, at.token, dating) and _is_told_of(sentence, at.token):
        manner = Manner.NEWS  # "was killed in the firing": the day of the killing
    own = _own_times(at, mentions, published, status, manner, dating)
    time = _time_of_clause(at, own, published, status, dating)
    if time is not None:
        return time
    if _is_dated_unknowably(at, mentions, dating):
        return None  # the words say when, and it is not known: the day of publication would contradict them
    if manner is Manner.SPEECH:
        return _time_of_speech(scene, speaker, published)
    if status in {StatusValue.PLANNED, StatusValue.CONDITIONAL} or manner is Manner.STATE:
        return None
    return _time_of_narrative(at, own, scene, published, manner)


def _own_times(
    at: At, mentions: Mentions, published: date | None, status: StatusValue, manner: Manner, dating: Dating
) -> list[TimeMention]:
    """The times of the sentence that may say when the event was."""
    sentence = at.sentence
    own = [
        t
        for t in mentions.times
        if sentence.span.overlaps(t.span)
        and t.kind in _PLACING
        and _places_event(t, status)
        and not _names_a_thing(at, t, dating)
        and not (manner is Manner.SPEECH and t.kind is not TimeKind.POINT)  # "for the first time in five days": not when
        and not any(w.contains(t.span) for w in at.words_of_others)
    ]
    if manner is Manner.REFERENCE and at.token.relation.split(":")[0] in {"obl", "nmod"}:
        # "despite weeks of protests": the clause's day is the day of what its verb tells
        own = [t for t in own if is_below(sentence, at.token, sentence.head_of(t.span))]
    if _is_scheduled(sentence, at.token):
        return own
    return [t for t in own if not _is_too_late(t, published, status)]


def _time_of_clause(
    at: At, own: Sequence[TimeMention], published: date | None, status: StatusValue, dating: Dating
) -> EventTime | None:
    """The time nearest in the tree, if it is near enough. None near: None."""
    sentence = at.sentence
    began = _beginning_of(at, own, dating)
    if began is not None and published is not None and began.first is not None and began.first <= published:
        return EventTime(began.first, published, began.precision, Origin(How.READ, began.origin.by), began.span)
    near = [(distance_to(_without_ordered(at, t, published), sentence.head_of(t.span), dating), t) for t in own]
    distance, best = min(near, key=lambda found: found[0], default=(FARTHEST + 1.0, None))
    if best is None or distance > FARTHEST:
        return None
    time = event_time(best, published, status)
    if _is_begun_by(at, sentence.head_of(best.span), dating) and published is not None and time.first is not None:
        return replace(time, last=max(published, time.first))
    if _is_told_on(at, sentence.head_of(best.span)):
        time = replace(time, origin=Origin(How.INFERRED, "the day it was told"))
    return replace(time, last=time.first) if _is_when(at, best) else time


def _without_ordered(at: At, mention: TimeMention, published: date | None) -> At:
    """Less the acts that the trigger orders or asks for, where the day is gone: "invited them to join in July 2021" was then."""
    if published is None or mention.last is None or mention.last >= published:
        return at
    ordered = {c.index for c in at.sentence.children(at.token) if c.relation == "xcomp"}
    return replace(at, others=at.others - ordered)


def _is_dated_unknowably(at: At, mentions: Mentions, dating: Dating) -> bool:
    """True where words near the event say when it was and cannot be resolved."""
    unresolved = [
        t
        for t in mentions.times
        if at.sentence.span.overlaps(t.span) and t.kind in _PLACING and t.problem and not _is_within_a_day(t)
    ]
    return any(distance_to(at, at.sentence.head_of(t.span), dating) <= FARTHEST for t in unresolved)


def _time_of_speech(scene: Scene, speaker: str | None, published: date | None) -> EventTime | None:
    """The day the speaker last spoke, that of the interview, of the lead, or of publication."""
    spoke = next((time for name, time in reversed(scene.spoken) if name == speaker), None)
    if spoke is not None:
        return EventTime(spoke.first, spoke.last, spoke.precision, Origin(How.INFERRED, "the day the speaker last spoke"))
    return scene.occasion or scene.lead or _assumed(published, "speech of the day of publication")


def _time_of_narrative(
    at: At, own: Sequence[TimeMention], scene: Scene, published: date | None, manner: Manner
) -> EventTime | None:
    """The sentence's own, the paragraph's, the lead's, or that of publication; a noun that only refers has none of the last two."""
    day = _only_day(own) if manner is Manner.NEWS else None
    if day is not None and _is_recent(day.first, published) and not _stands_above(at, at.sentence.head_of(day.span)):
        return EventTime(day.first, day.last, day.precision, Origin(How.INFERRED, "the only day its sentence names"), day.span)
    told = scene.time
    if told is not None and manner is not Manner.CURRENT and scene.block == at.sentence.block:
        return EventTime(told.first, told.last, told.precision, Origin(How.INFERRED, "the paragraph's time"), None)
    if manner is Manner.REFERENCE:
        return None
    return (None if manner is Manner.CURRENT else scene.lead) or _assumed(published, "news of the day of publication")


def _beginning_of(at: At, own: Sequence[TimeMention], dating: Dating) -> TimeMention | None:
    """ "the strike that began the day before": the time by which a relative clause says since when; none: None."""
    sentence = at.sentence
    clauses = [c for c in sentence.children(at.token) if c.relation == "acl:relcl" and c.lemma.lower() in dating.starting]
    return next((t for c in clauses for t in own if is_below(sentence, c, sentence.head_of(t.span))), None)


def _only_day(own: Sequence[TimeMention]) -> TimeMention | None:
    """The day of a sentence that names one time and no other; parsers hang a closing "on Friday" from the nearest verb."""
    if len(own) != 1 or own[0].precision not in _DAY_FINE or own[0].first is None or own[0].first != own[0].last:
        return None
    return own[0]


def _climbed(at: At, other: Token | None) -> list[str]:
    """The relations by which the trigger's clause hangs from where the other word stands, innermost first."""
    own = ancestors(at.sentence, at.token)
    meeting = next((i for i in ancestors(at.sentence, other) if i in own), None) if other is not None else None
    up = own if meeting is None else own[: own.index(meeting)]
    return [at.sentence.tokens[i].relation.split(":")[0] for i in up]


def _is_told_on(at: At, other: Token | None) -> bool:
    """True for the day of the verb that tells: "a man was killed, the paper reported on Friday"."""
    return bool({"ccomp", "parataxis"} & set(_climbed(at, other)))


def _stands_above(at: At, other: Token | None) -> bool:
    """True for a time outside the trigger's own clause."""
    return bool({"ccomp", "parataxis", "advcl", "acl"} & set(_climbed(at, other)))


def day_of_sentence(sentence: Sentence, mentions: Mentions, published: date | None) -> EventTime | None:
    """The one day that a sentence names and that has come: what follows may share it. No day, or several: None."""
    named = [t for t in mentions.times if sentence.span.overlaps(t.span) and t.kind in _PLACING]
    day = _only_day(named)
    if day is None or day.kind is not TimeKind.POINT or (published is not None and day.first is not None and day.first > published):
        return None
    return EventTime(day.first, day.last, day.precision, Origin(How.READ, day.origin.by), day.span)


def with_lead(scene: Scene, times: Sequence[EventTime], published: date | None) -> Scene:
    """The scene one sentence further; `times` are the days that its words gave to what has happened.

    A morning paper tells of the day before: the latest single day that the first sentences name is the day of the news.
    """
    scene = replace(scene, sentences=scene.sentences + 1)
    if published is None or scene.lead is not None or scene.sentences > LEAD_SENTENCES:
        return scene
    days = [t for t in times if t.precision in _DAY_FINE and t.first is not None and t.first == t.last]
    recent = [t for t in days if _is_recent(t.first, published)]
    if not recent:
        return scene
    newest = max(recent, key=lambda t: t.first or date.min)
    return replace(
        scene, lead=EventTime(newest.first, newest.last, Precision.DAY, Origin(How.INFERRED, "the day of the report's lead"))
    )


def _is_recent(day: date | None, published: date | None) -> bool:
    """True for a day whose news a report of the publication day may be."""
    return day is not None and published is not None and 0 <= (published - day).days <= LEAD_DAYS


def is_carried(time: EventTime, sentence: Sentence, trigger: Span) -> bool:
    """True for a time that what follows may share: a day, a month, a year.

    A run of days belongs to its own sentence, and a day that names a thing ("the December 13 attack") to the thing.
    """
    if time.precision in _DAY_FINE and time.first != time.last:
        return False
    head = sentence.head_of(time.span) if time.span is not None else None
    if head is None or head.head < 0:
        return True
    names = head.relation.split(":")[0] in {"compound", "nmod", "amod", "nummod"}
    return not (names and sentence.tokens[head.head].span.overlaps(trigger))


def _is_told_of(sentence: Sentence, token: Token) -> bool:
    """True for a noun that hangs from a verb in a past tense."""
    return token.head >= 0 and sentence.tokens[token.head].xpos in {"VBD", "VBN"}


def _is_scheduled(sentence: Sentence, token: Token) -> bool:
    """ "is holding an election next Wednesday": the present progressive of what is to come."""
    verb = token if token.upos == "VERB" or token.head < 0 else sentence.tokens[token.head]
    return verb.xpos == "VBG" and any(c.text.lower() in {"is", "are"} for c in sentence.children(verb))


def _is_begun_by(at: At, other: Token | None, dating: Dating) -> bool:
    """True where the time stands in a clause that tells since when: "since the scandal broke three years ago"."""
    if other is None:
        return False
    own = ancestors(at.sentence, at.token)
    for index in ancestors(at.sentence, other):
        if index in own:
            return False
        clause = at.sentence.tokens[index]
        if clause.relation.startswith("advcl") and any(
            c.relation in {"mark", "case"} and c.text.lower() in dating.beginning for c in at.sentence.children(clause)
        ):
            return True
    return False


def _is_within_a_day(mention: TimeMention) -> bool:
    """ "a few minutes before the incident": the same day, whichever that is."""
    return mention.value is not None and mention.value.startswith("PT")


def _places_event(mention: TimeMention, status: StatusValue) -> bool:
    """True for a time that says when: "by Friday" and "until Monday" say so only of what is still to come."""
    if mention.first is None and mention.last is None:
        return False
    return mention.first is not None or status is not StatusValue.ASSERTED


def _names_a_thing(at: At, mention: TimeMention, dating: Dating) -> bool:
    """ "a 1978 resolution calls for it": the time is part of what a thing is called and does not date the verb.

    "At Thursday's meeting he said" it does: the meeting is where it happened.
    """
    sentence = at.sentence
    head = sentence.head_of(mention.span)
    if head is None or head.head < 0 or head.relation not in {"compound", "nummod", "amod", "nmod:poss"}:
        return False
    thing = sentence.tokens[head.head]
    if thing.index in ancestors(sentence, at.token):
        return False  # the thing is the event, or "the 1996 bombing that killed two"
    if thing.index in at.others and is_doer(thing, at):
        return False  # "the May 3 blasts killed two"
    markers = {c.text.lower() for c in sentence.children(thing) if c.relation == "case"}
    return not markers & (dating.concurrent | dating.within)


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


@dataclass(frozen=True)
class Occasion:
    """An interview, speech or briefing that a report of one chief speaker is about: its noun, its day, and who speaks."""

    sentence: Sentence
    noun: Token
    time: EventTime
    speaker: str


def find_occasion(
    sentences: Sequence[Sentence], mentions: Mentions, quotations: Sequence[Quotation], occasions: frozenset[str]
) -> Occasion | None:
    """The occasion that a report with one chief speaker names with its day; none, or several speakers: None."""
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
            below = [t for t in own if is_below(sentence, noun, sentence.head_of(t.span))]  # "the interview, recorded on March 24"
            near = [t for t in own if distance_to(at, sentence.head_of(t.span)) <= FARTHEST]
            best = next(iter(below or near), None)
            if best is not None:
                rule = Origin(How.INFERRED, f"the day of the {noun.lemma.lower()}")
                return Occasion(
                    sentence, noun, EventTime(best.first, best.last, best.precision, rule), max(speakers, key=speakers.count)
                )
    return None


def event_time(mention: TimeMention, published: date | None, status: StatusValue) -> EventTime:
    """The mention's days. "Since Monday" runs to the day of publication; what is planned "from Monday" has its first day only."""
    last = mention.last
    if last is None and mention.first is not None:
        last = published if status is StatusValue.ASSERTED and published and published >= mention.first else mention.first
    return EventTime(mention.first, last, mention.precision, Origin(How.READ, mention.origin.by), mention.span)


def _assumed(published: date | None, rule: str) -> EventTime | None:
    return None if published is None else EventTime(published, published, Precision.DAY, Origin(How.INFERRED, rule))
