"""Parties that no phrase names as an actor: the state behind a thing, nations by their adjectives, "both sides", "each other"."""

from __future__ import annotations

from collections.abc import Iterator

from dateline.events.cast import Cast
from dateline.knowledge.cues import Cues
from dateline.records import Actor, ActorMention, How, Origin, Participant, PlaceKind, Sentence, Token

BY_ADJECTIVE = Origin(How.INFERRED, "a country's adjective stands for its government")
BEHIND = Origin(How.INFERRED, "the state behind a thing")
TOLD_BEFORE = Origin(How.INFERRED, "the two that were told of before")


def nations_of(sentence: Sentence, noun: Token, cast: Cast, cues: Cues) -> Iterator[Participant]:
    """The governments that a noun for a side names by adjectives: "the *Turkish* and *Greek* sides"; none: an empty iterator.

    Knowledge: `sides` of cues/parties.yaml.
    """
    if noun.lemma.lower() not in cues.parties.sides:
        return
    adjectives = sentence.fillers(noun, "amod", "compound")
    further = tuple(c for a in adjectives for c in sentence.children(a) if c.relation == "conj")
    for place in cast.adjectives.get(sentence.index, ()):
        if place.place and place.place.country and any(place.span.overlaps(t.span) for t in (*adjectives, *further)):
            yield Participant(Actor(place.place.name, place.place.country, "GOV"), place.span, BY_ADJECTIVE)


def state_behind(sentence: Sentence, thing: Token, cast: Cast, cues: Cues) -> Participant | None:
    """Whose a thing is that is sanctioned or refused: "*Russian* oil", "*Iran's* exports", "a *US-led* war"; nobody's: None.

    Possessors come first, then who stands before the noun as a noun or an adjective, then who leads or backs it.
    """
    for slot in ("poss", "compound", "amod"):
        for token in sentence.fillers(thing, slot):
            owner = cast.mention_at(sentence, token) if token.upos != "PRON" or slot == "poss" else None
            if owner is not None and (owner.actor.country or owner.actor.sector):
                return Participant(owner.actor, owner.span, BEHIND)
            if (state := state_named(sentence, token, cast, BEHIND)) is not None:
                return state
    return leader_of(sentence, thing, cast, cues)


def leader_of(sentence: Sentence, thing: Token, cast: Cast, cues: Cues) -> Participant | None:
    """Who leads or backs what a participle before a noun says is led or backed ("the *US*-led war"); nobody: None."""
    for token in sentence.fillers(thing, "amod", "compound"):
        if token.lemma.lower() not in cues.parties.led and not token.text.lower().endswith("led"):
            continue
        for child in (c for c in sentence.children(token) if c.index < token.index):
            mention = cast.mention_at(sentence, child)
            if mention is not None:
                return Participant(mention.actor, mention.span, BEHIND)
            if (state := state_named(sentence, child, cast, BEHIND)) is not None:
                return state
    return None


def state_named(sentence: Sentence, token: Token, cast: Cast, origin: Origin) -> Participant | None:
    """The government of the country that a word names as an adjective or a name; a town, or no country: None."""
    for place in cast.adjectives.get(sentence.index, ()):
        found = place.place
        if found is None or found.country is None or not place.span.overlaps(token.span):
            continue
        if place.is_adjective or found.kind is PlaceKind.COUNTRY:
            return Participant(Actor(found.name, found.country, "GOV"), place.span, origin)
    return None


def both_before(sentence: Sentence, noun: Token, cast: Cast, cues: Cues) -> tuple[Participant, ...]:
    """The two states that "both sides", "the two countries" or "the neighbours" stand for: the last two told of before it.

    They must be two, of two countries, in the sentence or in the two before it; else an empty tuple. Knowledge: `both` of
    cues/parties.yaml.
    """
    if noun.lemma.lower() not in cues.parties.both or noun.xpos != "NNS":
        return ()
    before = {c.lemma.lower() for c in sentence.children(noun)}
    is_pair = before & {"both", "two"} or (noun.lemma.lower() in {"neighbour", "neighbor", "rival", "foe"} and "the" in before)
    if not is_pair or sentence.fillers(noun, "poss", "of"):
        return ()
    told = [m for i in range(max(0, sentence.index - 2), sentence.index) for m in cast.actors.get(i, ())]
    told += [m for m in cast.actors.get(sentence.index, ()) if m.span.end <= noun.span.start]
    last: dict[str, ActorMention] = {}
    for mention in reversed(told):
        if mention.actor.country and mention.actor.sector in {"GOV", "MIL", "REB"} and not mention.span.overlaps(noun.span):
            last.setdefault(mention.actor.country, mention)
    if len(last) != 2 and len({m.actor.country for m in told if m.sentence == sentence.index and m.actor.sector == "GOV"}) != 2:
        return ()
    pair = sorted(list(last.values())[:2], key=lambda m: m.span.start)
    return tuple(Participant(m.actor, None, TOLD_BEFORE) for m in pair)


def is_each_other(sentence: Sentence, token: Token) -> bool:
    """True for "each other" and "one another", whichever of the two words a parser makes the head."""
    words = [t.text.lower() for t in sentence.tokens[max(0, token.index - 1) : token.index + 2]]
    return any(pair in (["each", "other"], ["one", "another"]) for pair in (words[:2], words[1:3]))
