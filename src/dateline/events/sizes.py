"""Whose figure a count is: the party it counts, its parts, and those who are counted at an event without a role in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dateline.events.cast import Cast
from dateline.events.counts import PEOPLE
from dateline.events.triggers import Trigger
from dateline.knowledge.cues import Cues
from dateline.records import (
    ActorMention,
    Count,
    CountedParty,
    How,
    Origin,
    Participant,
    PartyRole,
    Quantity,
    Sentence,
    Span,
    Token,
)

IS_PART = Origin(How.READ, "a part of the figure before it")
LED_IT = Origin(How.READ, "those who led it")
STOOD_BY = Origin(How.READ, "forces that stood by")


def count_parties(
    counts: Sequence[Count],
    trigger: Trigger,
    actors: Sequence[Participant],
    recipients: Sequence[Participant],
    quantities: Sequence[Quantity],
    cast: Cast,
    cues: Cues,
) -> tuple[Count, ...]:
    """The counts, each saying whom it counts, and behind them those of parts, leaders and forces that stood by, in that order.

    A count of no people, or one whose party no structure tells, keeps `party` None. Knowledge: cues/counts.yaml.
    """
    sentence = trigger.sentence
    told = [_with_party(c, sentence, actors, recipients, cast) for c in counts]
    for more in (*_parts(told, sentence, quantities, actors, recipients, cast), *_beside(trigger, quantities, cast, cues)):
        if not any(more.span.overlaps(c.span) and not _holds(c.span, more.span) for c in told):
            told.append(more)
    return tuple(told)


def _holds(whole: Span, part: Span) -> bool:
    """ "14 of the 200 marchers" holds its whole, and "40 people, 12 of them students" its part."""
    return whole.contains(part) and whole != part


def _with_party(
    count: Count, sentence: Sentence, actors: Sequence[Participant], recipients: Sequence[Participant], cast: Cast
) -> Count:
    if count.party is None or count.unit not in PEOPLE:
        return count
    own, others = (actors, recipients) if count.party.role is PartyRole.ACTOR else (recipients, actors)
    index = _named_in(count.span, sentence, own, cast)
    if index is None and len(own) == 1 and _named_in(count.span, sentence, others, cast) is None:
        index = 0
    return replace(count, party=replace(count.party, index=index))


def _named_in(span: Span, sentence: Sentence, participants: Sequence[Participant], cast: Cast) -> int | None:
    """The place of the participant whose words the figure stands in, or who is the actor of its noun; none: None."""
    for index, p in enumerate(participants):
        if p.span is not None and p.span.overlaps(span):
            return index
    mention = _counted_by(span, sentence, cast)
    return next((i for i, p in enumerate(participants) if mention is not None and p.actor == mention.actor), None)


def _counted_by(span: Span, sentence: Sentence, cast: Cast) -> ActorMention | None:
    """The mention that the counted noun heads: that of the figure's phrase, or of what it is "of"."""
    head = sentence.head_of(span)
    if head is None:
        return None
    tokens = (head, *sentence.fillers(head, "of", "among"))
    return next((m for t in tokens if (m := cast.mention_at(sentence, t)) is not None), None)


# ---------------------------------------------------------------- parts


def _parts(
    counts: Sequence[Count],
    sentence: Sentence,
    quantities: Sequence[Quantity],
    actors: Sequence[Participant],
    recipients: Sequence[Participant],
    cast: Cast,
) -> Iterator[Count]:
    """Figures that are a part of one told: "40 people, *12 of them students*", "ten, including *three policemen*"."""
    for q in quantities:
        if q.part_of is None or q.unit not in PEOPLE or not sentence.span.contains(q.span):
            continue
        whole = next((c for c in counts if c.party is not None and c.span != q.span and q.part_of.overlaps(c.span)), None)
        if whole is None or whole.party is None or any(c.span == q.span for c in counts):
            continue
        party = _party_of(q, sentence, actors, recipients, cast) or whole.party
        yield Count(whole.what, q.span, q.low, q.high, q.exactness, q.unit, q.tallied, True, IS_PART, party)


def _party_of(
    quantity: Quantity, sentence: Sentence, actors: Sequence[Participant], recipients: Sequence[Participant], cast: Cast
) -> CountedParty | None:
    mention = _counted_by(quantity.span, sentence, cast)
    head = sentence.head_of(mention.head) if mention is not None else None
    if mention is None or head is None or head.upos == "PRON":
        return None  # "12 of them": the whole's own
    for role, members in ((PartyRole.RECIPIENT, recipients), (PartyRole.ACTOR, actors)):
        index = next((i for i, p in enumerate(members) if p.actor == mention.actor), None)
        if index is not None:
            return CountedParty(role, index)
    return CountedParty(PartyRole.OTHER, None, mention.actor, mention.span)


# ---------------------------------------------------------------- those without a role


def _beside(trigger: Trigger, quantities: Sequence[Quantity], cast: Cast, cues: Cues) -> Iterator[Count]:
    """Those who led a crowd ("led by about 30 masked men") and the forces that watched it ("watched by 300 riot police")."""
    if cues.counted_by_type.get(trigger.entry.type, {}).get("actor") != "participants":
        return
    sentence = trigger.sentence
    for q in quantities:
        if q.unit not in PEOPLE or q.is_ordinal or not sentence.span.contains(q.span) or q.span.contains(trigger.span):
            continue
        mention = _counted_by(q.span, sentence, cast)
        head = sentence.head_of(q.span)
        verb = _verb_over(sentence, head) if head is not None else None
        if mention is None or head is None or verb is None or verb.index in trigger.words:
            continue
        party = CountedParty(PartyRole.OTHER, None, mention.actor, mention.span)
        is_doer = head in sentence.fillers(verb, "subj")
        if is_doer and verb.lemma.lower() in cues.leading and sentence.fillers(verb, "obj"):
            yield Count("participants", q.span, q.low, q.high, q.exactness, q.unit, q.tallied, True, LED_IT, party)
        elif mention.actor.sector in cues.standing_by_sectors and _stands_by(verb, is_doer, cues):
            yield Count("police present", q.span, q.low, q.high, q.exactness, q.unit, q.tallied, False, STOOD_BY, party)


def _verb_over(sentence: Sentence, token: Token) -> Token | None:
    """The verb that a phrase belongs to, through what it is a number or a line of ("a cordon of 100 officers faced")."""
    node = token
    for _ in range(3):
        if node.head < 0:
            return None
        node = sentence.tokens[node.head]
        if node.upos == "VERB":
            return node
    return None


def _stands_by(verb: Token, is_doer: bool, cues: Cues) -> bool:
    word = verb.lemma.lower()
    return word in (cues.standing_by if is_doer else cues.faced)
