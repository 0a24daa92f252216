"""Telling apart the nouns that tell of an event from those that only refer to one.

"Miners staged a strike", "the killing of two monks", "riots broke out" tell. "In support of the protests", "dismissed the strike as
insignificant", "since the election" refer to what is told elsewhere, and give no record of their own.
"""

from __future__ import annotations

from dateline.events.parties import CLAIMS_IT
from dateline.events.triggers import Trigger, light_subjects
from dateline.knowledge.cues import Cues
from dateline.records import READ, EventMention, Span


def is_told(trigger: Trigger, event: EventMention, told: frozenset[tuple[str, str | None]], cues: Cues) -> bool:
    """True for every verb, and for a noun that a verb brings about or that carries news of its own.

    News is a figure, a day, a party or place not told yet, who claims it, and what it is about ("during demonstrations over
    alleged fraud").
    `told` holds (type, mode) of what the document has told so far: a noun that hangs from another clause and adds no figure or
    day to something told already only refers to it.
    """
    if trigger.sense.actor == ("speaker",):
        return True  # a judgement in somebody's words: saying it is the act
    if trigger.part != "noun":
        return not _only_qualifies(trigger)
    if is_brought_about(trigger, cues) or event.status.cue is not None or any(p.origin == CLAIMS_IT for p in event.actors):
        return True
    phrase = _own_phrase(trigger)
    news = [
        s for s in (*(p.span for p in event.actors), *(p.span for p in event.recipients)) if s is not None and phrase.overlaps(s)
    ]
    figures = [c.span for c in event.counts if phrase.overlaps(c.span)]
    when = event.time.span if event.time is not None else None
    where = event.place.span if event.place is not None else None
    dated = [s for s in (when,) if s is not None and phrase.overlaps(s)]
    placed = [s for s in (where,) if s is not None and phrase.overlaps(s)]
    causes = [i.span for i in event.issues if i.origin == READ and phrase.overlaps(i.span)]
    if figures or dated or causes or _introduces(trigger, told):
        return True
    if (event.type, event.mode) in told and trigger.token.relation.split(":")[0] in {"nmod", "obl", "obj", "compound"}:
        return False
    return bool(news or placed)


def _introduces(trigger: Trigger, told: frozenset[tuple[str, str | None]]) -> bool:
    """True for a protest that the text has not told of, named as what was going on: "arrested nine men during *a* rally"."""
    token, sentence = trigger.token, trigger.sentence
    if trigger.entry.type != "PROTEST" or token.relation.split(":")[0] not in {"obl", "nmod"}:
        return False
    words = {c.text.lower() for c in sentence.children(token) if c.relation in {"case", "det", "mark"}}
    return bool(words & _OCCASIONS) and bool(words & {"a", "an"}) and (trigger.entry.type, trigger.entry.mode) not in told


_OCCASIONS = frozenset({"during", "at", "after", "following", "on"})


def is_brought_about(trigger: Trigger, cues: Cues) -> bool:
    """True for the object of a light verb, the subject of a verb of happening, and what "there is"."""
    sentence, token = trigger.sentence, trigger.token
    if light_subjects(sentence, token, cues):
        return True
    for verb in sentence.fillers(token, "object_of"):
        if verb.lemma.lower() in cues.light_object | cues.happening:
            return True
    for verb in sentence.fillers(token, "subject_of"):
        if verb.lemma.lower() in cues.happening:
            return True
    if token.head < 0 or token.relation == "parataxis":
        # A headline's or a list's noun tells; "it was a peaceful march" only says what was told was like.
        return not any(c.relation in {"cop", "nsubj"} for c in sentence.children(token))
    return any(c.relation == "expl" for c in sentence.children(token)) or any(
        c.relation == "expl" for c in sentence.children(sentence.tokens[token.head])
    )


def _only_qualifies(trigger: Trigger) -> bool:
    """True for a participle before its noun with nothing else of its own ("jailed critics", "a rampaging mob")."""
    if trigger.token.relation != "amod":
        return False
    return not any(f.slot not in {"subj", "obj", "attr"} for f in trigger.sentence.frames[trigger.token.index])


def _own_phrase(trigger: Trigger) -> Span:
    """The noun's own phrase, with its prepositions and clauses."""
    tokens = trigger.sentence.subtree(trigger.token)
    return Span(tokens[0].span.start, tokens[-1].span.end)
