"""Who did harm that is told by a noun: whoever claims it or is blamed for it in the same sentence."""

from __future__ import annotations

from collections.abc import Iterator

from dateline.events.cast import Cast
from dateline.events.triggers import Trigger
from dateline.knowledge.blame import Blame, Blaming
from dateline.records import How, Origin, Participant, Sentence, Token

CLAIMED = Origin(How.INFERRED, "who claims to have done it")
BLAMED = Origin(How.INFERRED, "who is blamed for it")


def blamed_for(trigger: Trigger, cast: Cast, blame: Blame) -> tuple[Participant, ...]:
    """Those who claim the harm that a noun tells of, or are blamed for it; nobody, or told by a verb: an empty tuple.

    Knowledge: blame.yaml.
    """
    if trigger.part != "noun":
        return ()
    for noun in (trigger.token, *_wholes(trigger)):
        for line, slot, origin in (
            *((line, "subj", CLAIMED) for line in blame.subject),
            *((line, "obj", BLAMED) for line in blame.object),
            *((line, "attr", BLAMED) for line in blame.adjectives),
        ):
            for word in _words_for(trigger.sentence, noun, line):
                if found := _named(trigger.sentence, word, slot, cast, origin):
                    return found
    return ()


def _words_for(sentence: Sentence, noun: Token, line: Blaming) -> Iterator[Token]:
    """The words of the line that the noun stands behind, by the right preposition, with what they want as their object.

    Parsers hang the noun from the verb or from its object ("claimed responsibility *for the bombing*").
    """
    before = {c.text.lower() for c in sentence.children(noun) if c.relation == "case"}
    if noun.head < 0 or not before & line.to:
        return
    above = sentence.tokens[noun.head]
    for word in (above, *sentence.fillers(above, "object_of")):
        objects = {t.lemma.lower() for t in sentence.fillers(word, "obj")}
        if word.lemma.lower() in line.words and (not line.objects or objects & line.objects):
            yield word


def _wholes(trigger: Trigger) -> tuple[Token, ...]:
    """What the noun is joined to by "and": "for the bombing and the *murder*"."""
    token, sentence = trigger.token, trigger.sentence
    return (sentence.tokens[token.head],) if token.relation == "conj" and token.head >= 0 else ()


def _named(sentence: Sentence, word: Token, slot: str, cast: Cast, origin: Origin) -> tuple[Participant, ...]:
    mentions = (cast.mention_at(sentence, t) for t in sentence.fillers(word, *((slot, "iobj") if slot == "obj" else (slot,))))
    return tuple(Participant(m.actor, m.span, origin) for m in mentions if m is not None)
