"""Sides that a sentence leaves out because the text has told them before, by explicit rules; each names itself in the origin.

Precision comes first: a rule looks a few sentences back for one record that the words themselves point to, and where that record
has nobody on the side that is wanted, the side stays empty. Nothing is taken from what is denied or only conditional.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dateline.events.triggers import Trigger, is_passive
from dateline.knowledge.cues import Cues
from dateline.knowledge.lexicon import Lexicon
from dateline.records import EventMention, How, Origin, Participant, Sentence, StatusValue

NAMED_AGAIN = Origin(How.INFERRED, "who did it when it was told before")
MET_BEFORE = Origin(How.INFERRED, "whom it was done to when it was told before")
AFTER_FORCE = Origin(How.INFERRED, "who used force in the sentence before")
ANSWERED = Origin(How.INFERRED, "whose demand is answered")

_NEAR, _FAR = 2, 6
"""How many sentences back a side may be taken from: for a thing left out, and for an event that is named again."""
_ARMED = frozenset({"MIL", "COP", "REB", "UAF", "PRM", "SPY", "CRM"})
_UNTOLD = frozenset({StatusValue.DENIED, StatusValue.CONDITIONAL})
_DEFINITE = frozenset({"the", "this", "these", "those", "that"})


@dataclass(frozen=True)
class Told:
    """A record with the sentence that tells it."""

    sentence: Sentence
    event: EventMention


Sides = tuple[tuple[Participant, ...], tuple[Participant, ...]]


def with_implied(trigger: Trigger, sides: Sides, told: Sequence[Told], is_set_apart: bool, lexicon: Lexicon, cues: Cues) -> Sides:
    """(actors, recipients) with a side that nobody fills taken from what was told before; nothing points there: as they were.

    `is_set_apart`: the sentence names a time or place of its own, or several kinds of force.
    """
    actors, recipients = sides
    before = [t for t in reversed(told) if t.event.status.value not in _UNTOLD]
    if not actors:
        actors = _named_again(trigger, before, lexicon) or _same_hand(trigger, before)
    if not actors and not is_set_apart:
        actors = _after_force(trigger, recipients, before, cues)
    if recipients:
        return actors, recipients
    met: tuple[Participant, ...] = ()
    if trigger.part == "noun" and trigger.entry.type in cues.harming and _is_definite(trigger):
        same = _same_event(trigger, before, _FAR)
        met = _taken(same.event.recipients, MET_BEFORE) if same else ()
    if not met and trigger.entry.type in cues.answering:
        met = _answered(trigger, actors, before, cues)
    doers = {a.actor for a in actors}
    return actors, tuple(r for r in met if r.actor not in doers)


def _taken(participants: Sequence[Participant], origin: Origin) -> tuple[Participant, ...]:
    return tuple(Participant(p.actor, None, origin) for p in participants)


def _named_again(trigger: Trigger, before: Sequence[Told], lexicon: Lexicon) -> tuple[Participant, ...]:
    """Who did "*the* attack", or did harm "in *the* firing": whoever did the last of that type and mode."""
    sentence = trigger.sentence
    if trigger.part == "noun":
        points = _is_definite(trigger)
    else:
        points = any(
            lexicon.evokes(noun.lemma.lower()) and any(c.text.lower() in _DEFINITE for c in sentence.children(noun))
            for noun in sentence.fillers(trigger.token, "in", "by", "during", "subj")
            if noun.upos == "NOUN"
        )
    same = _same_event(trigger, before, _FAR) if points and not _tells_of_several(trigger, before) else None
    return _taken(same.event.actors, NAMED_AGAIN) if same else ()


def _tells_of_several(trigger: Trigger, before: Sequence[Told]) -> bool:
    """True if the sentence it would be taken from tells of two by different people: which of them is meant, nobody can say."""
    same = _same_event(trigger, before, _FAR)
    alike = [
        t for t in before if same and t.sentence.index == same.sentence.index and t.event.type == same.event.type and t.event.actors
    ]
    return len({t.event.actors[0].actor for t in alike if same and t.event.mode == same.event.mode}) > 1


def _same_event(trigger: Trigger, before: Sequence[Told], reach: int) -> Told | None:
    """The last record of the trigger's type and mode within reach, with somebody on its active side; none: None."""
    near = (t for t in before if trigger.sentence.index - t.sentence.index <= reach and t.event.type == trigger.entry.type)
    return next((t for t in near if t.event.actors and t.event.mode == trigger.entry.mode), None)


def _is_definite(trigger: Trigger) -> bool:
    """True for "the raid", "these arrests", and not for "the raid on the bank by …", which says itself which one it is.

    Nor for "the protests": a bare plural sums up more than was told.
    """
    sentence, noun = trigger.sentence, trigger.token
    if noun.xpos in {"NNS", "NNPS"} and not any(c.text.lower() in {"these", "those"} for c in sentence.children(noun)):
        return False
    if any(f.slot in {"by", "on", "against", "poss"} for f in sentence.frames[noun.index]):
        return False
    return any(c.relation == "det" and c.text.lower() in _DEFINITE for c in sentence.children(noun))


def _same_hand(trigger: Trigger, before: Sequence[Told]) -> tuple[Participant, ...]:
    """Who did what a passive without an agent tells: whoever did the same in the sentence before ("Ten more were detained")."""
    if trigger.part != "verb" or trigger.entry.mode is None or trigger.entry.type not in {"COERCE", "RETREAT"}:
        return ()
    if not is_passive(trigger.sentence, trigger.token):
        return ()
    same = _same_event(trigger, before, 1)
    return _taken(same.event.actors, NAMED_AGAIN) if same else ()


def _after_force(trigger: Trigger, harmed: Sequence[Participant], before: Sequence[Told], cues: Cues) -> tuple[Participant, ...]:
    """Who killed those that are told dead in the sentence after an act of force, where they are not of the armed side's own kind.

    "Gunmen attacked the village. Nine people were killed." After a clash of two armed sides nobody can say, nor where the sentence
    is of another paragraph or names a time or place of its own.
    """
    if trigger.part != "verb" or trigger.entry.type != "ASSAULT" or not cues.counts_of_harm & set(trigger.entry.counts.values()):
        return ()
    if not harmed or any(h.actor.sector in _ARMED or h.actor.sector is None for h in harmed):
        return ()
    near = [
        t
        for t in before
        if trigger.sentence.index - t.sentence.index == 1
        and t.sentence.block == trigger.sentence.block
        and t.event.type == "ASSAULT"
    ]
    acts = [t for t in near if t.event.actors and not any(c.what in cues.counts_of_harm for c in t.event.counts)]
    if len(acts) != 1 or len(near) != 1 or trigger.entry.mode not in {None, acts[0].event.mode}:
        return ()
    act = acts[0].event
    if not all(a.actor.sector in _ARMED for a in act.actors) or any(r.actor.sector in _ARMED for r in act.recipients):
        return ()
    return _taken(act.actors, AFTER_FORCE)


def _answered(trigger: Trigger, actors: Sequence[Participant], before: Sequence[Told], cues: Cues) -> tuple[Participant, ...]:
    """Whom it is refused, promised or granted to: whoever asked it of this actor, in the two sentences before."""
    answering = {a.actor for a in actors}
    for t in before:
        if trigger.sentence.index - t.sentence.index > _NEAR or t.event.type not in cues.answered:
            continue
        if t.event.actors and answering & {r.actor for r in t.event.recipients}:
            return _taken([a for a in t.event.actors if a.actor not in answering], ANSWERED)
    return ()
