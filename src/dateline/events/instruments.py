"""With what it was done: the weapons that stand where a trigger's grammar says with what.

"attacked *with mortars*", "*a bomb* exploded", "threw *grenades*", "a *grenade* attack", "killed by bursts of *rifle* fire", "men
armed with *rifles* attacked". A weapon that stands elsewhere ("destroyed six tanks", "the owner of a gun shop") is no instrument.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline.events.triggers import Trigger
from dateline.knowledge.weapons import Weapons
from dateline.records import READ, How, Instrument, Origin, Sentence, Span, Token

_OF_A_VERB = ("with", "by", "using", "through", "from", "in", "under", "subj", "unmarked")
_OF_A_NOUN = ("compound", "amod", "with", "by", "of", "using", "from", "subj")
_INTO = ("compound", "amod", "of", "with", "from")
_LONGEST = 4
_CARRIED = Origin(How.INFERRED, "what the doers carry")


def find_instruments(trigger: Trigger, means: Trigger | None, weapons: Weapons) -> tuple[Instrument, ...]:
    """The weapons of an event, in text order; `means` is the word for how the harm was done. None named, or of a type that
    has none: an empty tuple.

    Knowledge: weapons.yaml.
    """
    if trigger.entry.type not in weapons.types:
        return ()
    found: dict[Span, Instrument] = {}
    for t in (trigger, means):
        for instrument in _of(t, weapons) if t is not None else ():
            found.setdefault(instrument.span, instrument)
    spans = sorted(found)
    return tuple(found[s] for s in spans if not any(o != s and o.contains(s) for o in spans))


def mode_by(instruments: Sequence[Instrument], told: str | None, kind: str, weapons: Weapons) -> str | None:
    """The mode of an event of that type whose words tell `told`: that of its instruments where they agree and it tells none, or
    where they are milder than it says ("fired rubber bullets" is no shooting)."""
    modes = {weapons.modes.get(i.kind) for i in instruments}
    if kind != "ASSAULT" or len(modes) != 1:
        return told
    (mode,) = modes
    return mode if mode is not None and (told is None or (told == "firearms" and mode in weapons.milder)) else told


def _of(trigger: Trigger, weapons: Weapons) -> Iterator[Instrument]:
    sentence, token = trigger.sentence, trigger.token
    verbs = {token.lemma.lower()} if trigger.part != "noun" else {v.lemma.lower() for v in _holding(trigger)}
    for index in trigger.words:
        word = sentence.tokens[index]
        if trigger.part == "noun" or index != token.index:  # "a car bomb" by itself, "set off *a bomb*"
            own = _named(sentence, word, weapons, verbs)
            yield from (i for i in own if i.kind not in weapons.held)  # "formed human *chains*" fought with none
    slots = _OF_A_NOUN if trigger.part == "noun" else _OF_A_VERB
    fillers = sentence.fillers(token, *slots)
    if trigger.part != "noun" and verbs & weapons.wielding:
        fillers += sentence.fillers(token, "obj")
    for verb in _holding(trigger) if trigger.part == "noun" else ():
        fillers += sentence.fillers(verb, "with", "using")
    for holder in (token, *_holding(trigger)):
        for clause in sentence.children(holder):
            if clause.relation in {"advcl", "acl", "xcomp"} and clause.lemma.lower() == "use":
                fillers += sentence.fillers(clause, "obj")
    doers = {t.index for t in sentence.fillers(token, "subj")} if trigger.part != "noun" else set()
    for filler in fillers:
        found = _named(sentence, filler, weapons, verbs, depth=2)
        yield from (i for i in found if not (i.kind in weapons.held and filler.index in doers))
    for doer in sentence.fillers(token, "subj"):
        for clause in sentence.children(doer):
            if clause.relation in {"acl", "acl:relcl", "amod"} and clause.lemma.lower() in weapons.carrying:
                for filler in sentence.fillers(clause, "with", "obj"):
                    yield from _named(sentence, filler, weapons, verbs, depth=1, origin=_CARRIED)


def _holding(trigger: Trigger) -> tuple[Token, ...]:
    """The verbs that a noun is the object or subject of ("*carried out* the attack with rockets")."""
    sentence, token = trigger.sentence, trigger.token
    if trigger.part != "noun":
        return ()
    return sentence.fillers(token, "object_of", "subject_of")


def _named(
    sentence: Sentence, token: Token, weapons: Weapons, verbs: set[str], *, depth: int = 0, origin: Origin = READ
) -> Iterator[Instrument]:
    """The weapon that a word heads; else those that it is of, where it is a word for some of them ("20 kg of dynamite")."""
    run = _run(sentence, token)
    kind = weapons.kind_of([t.lemma.lower() for t in run]) or weapons.kind_of([t.text.lower() for t in run])
    if depth and token.lemma.lower() in weapons.looked_into:  # "a charge *of dynamite*"
        of_it = [
            i for t in sentence.fillers(token, "of") for i in _named(sentence, t, weapons, verbs, depth=depth - 1, origin=origin)
        ]
        if of_it:
            yield from of_it
            return
    if kind is not None and verbs & weapons.only_with.get(kind, verbs):
        span = _phrase(sentence, token)
        yield Instrument(_words(sentence, span), kind, span, origin)
        return
    if depth and (token.lemma.lower() in weapons.looked_into or token.upos == "NUM" or kind is not None):
        for below in sentence.fillers(token, *_INTO):
            yield from _named(sentence, below, weapons, verbs, depth=depth - 1, origin=origin)


def _run(sentence: Sentence, token: Token) -> Sequence[Token]:
    """The word and the few right before it, without hyphens: what its phrase may end in."""
    return [t for t in sentence.tokens[max(0, token.index - _LONGEST) : token.index + 1] if t.text not in {"-", "–"}]


def _phrase(sentence: Sentence, token: Token) -> Span:
    """The noun with the nouns before it that make one word with it ("*tear gas* grenades"), and what stands between them."""
    first = token
    while earlier := [c for c in sentence.children(first) if c.relation == "compound" and c.index < first.index]:
        first = earlier[0]
    return Span(first.span.start, token.span.end)


def _words(sentence: Sentence, span: Span) -> str:
    return " ".join(t.text for t in sentence.tokens_in(span)).replace(" - ", "-")
