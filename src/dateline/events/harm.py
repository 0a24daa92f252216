"""Who and what is harmed beyond the words in the slots: people named one by one, buildings and vehicles that a bomb goes off at.

"murdered the nuns *Ana Mora* and *Rita Soto*"; "attacked *the homes* of two judges" harms the homes; "exploded *near the town
hall*" harms what it goes off at. Things that are harmed are recipients (docs/decisions/0019-things-that-are-harmed.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline.events.cast import Cast
from dateline.events.triggers import Trigger, slot_fillers
from dateline.knowledge.cues import Cues
from dateline.records import READ, Actor, How, Origin, Participant, Sentence, Span, Token

ONE_BY_ONE = Origin(How.READ, "named one by one")
WHERE_IT_WENT_OFF = Origin(How.INFERRED, "what a bomb goes off at")
_AT = ("at", "near", "in", "outside", "inside", "under", "against", "beside", "opposite", "on", "into")


def with_harmed(trigger: Trigger, recipients: Sequence[Participant], cast: Cast, cues: Cues) -> tuple[Participant, ...]:
    """The recipients of harm, with those named one by one beside a group, and things in place of their owners; in text order.

    Types that do no harm keep their recipients. Knowledge: `harming` and `damaged` of cues/types.yaml.
    """
    if trigger.entry.type not in cues.harming:
        return tuple(recipients)
    sentence = trigger.sentence
    found: list[Participant] = list(recipients)
    for thing in _things(trigger, cues):
        if cast.mention_at(sentence, thing) is None:
            owners = Span(thing.span.start, sentence.subtree(thing)[-1].span.end)
            found = [p for p in found if p.span is None or not owners.contains(p.span)] + [
                _harmed(sentence, thing, cast, cues, READ)
            ]
    if not found and trigger.entry.mode == "explosives":
        at = (t for slot in _AT for t in slot_fillers(trigger, slot, cues) if t.lemma.lower() in cues.damaged)
        found = [_harmed(sentence, t, cast, cues, WHERE_IT_WENT_OFF) for t in at if cast.mention_at(sentence, t) is None]
    for party in recipients:
        found += (p for p in _one_by_one(sentence, party, cast) if all(p.actor != f.actor for f in found))
    return tuple(sorted(found, key=lambda p: p.span or trigger.span))


def _things(trigger: Trigger, cues: Cues) -> tuple[Token, ...]:
    """The things that can be damaged in the slots of whom it is done to."""
    fillers = (t for slot in trigger.sense.recipient if slot != "speaker" for t in slot_fillers(trigger, slot, cues))
    return tuple(t for t in fillers if t.lemma.lower() in cues.damaged and trigger.sentence.fillers(t, "of"))


def _harmed(sentence: Sentence, token: Token, cast: Cast, cues: Cues, origin: Origin) -> Participant:
    first = min([token, *(c for c in sentence.children(token) if c.relation in {"compound", "amod"})], key=lambda t: t.index)
    span = Span(first.span.start, token.span.end)
    name = " ".join(t.text for t in sentence.tokens_in(span)).replace(" - ", "-").replace(" 's", "'s")
    sector = cues.property.get(token.lemma.lower())
    return Participant(Actor(name, cast.country if sector else None, sector, is_group=token.xpos == "NNS"), span, origin)


def _one_by_one(sentence: Sentence, party: Participant, cast: Cast) -> Iterator[Participant]:
    """The people of a group whose names stand beside it; none: an empty iterator."""
    group = sentence.head_of(party.span) if party.span is not None and sentence.span.contains(party.span) else None
    if group is None or group.xpos not in {"NNS", "NNPS"}:
        return
    beside = [c for c in sentence.children(group) if c.relation == "appos" and c.index > group.index]
    for name in (*beside, *(c for b in beside for c in sentence.children(b) if c.relation in {"conj", "appos"})):
        found = cast.mention_at(sentence, name) if name.upos == "PROPN" else None
        if found is not None and not found.actor.is_group and found.actor != party.actor:
            yield Participant(found.actor, found.span, ONE_BY_ONE)
