"""What is counted: figures on the parties of an event, and the tallies of a ballot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dateline.events.triggers import Trigger, light_subjects
from dateline.knowledge.cues import Cues
from dateline.records import (
    ChangePart,
    Count,
    CountedParty,
    Direction,
    Exactness,
    How,
    Origin,
    PartyRole,
    Quantity,
    Sentence,
    Span,
    Token,
)

PEOPLE = frozenset({"people", "", "persons", "count", "things", "person"})
"""Units of figures that may count persons."""

OWN_CLAUSES = frozenset({"acl", "advcl", "ccomp", "conj", "parataxis"})
_PARTS = frozenset({"nummod", "amod", "advmod", "det", "compound", "case", "nmod", "flat", "obl", "fixed"})


def find_counts(trigger: Trigger, quantities: Sequence[Quantity], cues: Cues) -> tuple[Count, ...]:
    """The figures of an event: those on its parties, recipients first, then what else of it is counted. None: an empty tuple.

    No figure is counted twice. Amounts of a change and the level it came from are no figures of the event.
    Knowledge: cues/counts.yaml and the entry's `counts`.
    """
    levels = [q for q in quantities if _is_level(q)]
    found: list[Count] = []
    for count in (
        *_on_parties(trigger, levels, cues),
        *_on_slots(trigger, levels, cues),
        *_of_the_noun(trigger, levels, cues),
        *_of(PartyRole.ACTOR, _drawn(trigger, levels, cues)),
        *_of(PartyRole.ACTOR, _swelled(trigger, levels, cues)),
        *_measured(trigger, levels, cues),
    ):
        if not any(count.span.overlaps(f.span) for f in found):
            found.append(count)
    return tuple(found)


def _is_level(quantity: Quantity) -> bool:
    """ "The toll rose by 12 to 52": 52 is the figure, and 12 those newly counted; "from 40" and "down 5 percent" are neither."""
    change = quantity.change
    if change is None or change.part is ChangePart.TO:
        return True
    return change.part is ChangePart.AMOUNT and change.direction is Direction.UP and quantity.unit in PEOPLE


def _on_parties(trigger: Trigger, quantities: Sequence[Quantity], cues: Cues) -> Iterator[Count]:
    for party, slots in (("recipient", trigger.sense.recipient), ("actor", trigger.sense.actor)):
        what = _counted(trigger, party, cues)
        if what is None:
            continue
        fillers = next((f for slot in slots if slot != "speaker" and (f := _fillers(trigger, slot, cues))), ())
        for token in fillers:
            yield from _of(PartyRole(party), _on(trigger.sentence, token, quantities, what, cues))


def _on_slots(trigger: Trigger, quantities: Sequence[Quantity], cues: Cues) -> Iterator[Count]:
    for slot, what in trigger.entry.counts.items():
        role = next((r for r, slots in _slots_of(trigger) if slot in slots), None)
        for token in _fillers(trigger, slot, cues):
            found = _on(trigger.sentence, token, quantities, what, cues)
            yield from _of(role, found) if role else found


def _slots_of(trigger: Trigger) -> tuple[tuple[PartyRole, tuple[str, ...]], ...]:
    return (PartyRole.RECIPIENT, trigger.sense.recipient), (PartyRole.ACTOR, trigger.sense.actor)


def _of(role: PartyRole, counts: Iterable[Count]) -> Iterator[Count]:
    """The same figures, said to be of a role; only people are of one."""
    yield from (replace(c, party=CountedParty(role)) if c.unit in PEOPLE else c for c in counts)


def _of_the_noun(trigger: Trigger, quantities: Sequence[Quantity], cues: Cues) -> Iterator[Count]:
    """What a noun counts itself: "40 arrests", "three attacks"; and whom in "one person was shot and another in the firing"."""
    sentence, token = trigger.sentence, trigger.token
    if trigger.part != "noun":
        return
    own = _counted(trigger, "recipient", cues)
    if token.lemma.lower() in cues.own_counts and own is not None:
        yield from _of(PartyRole.RECIPIENT, _on(sentence, token, quantities, own, cues))
        counted = (_count(q, own) for q in quantities if _counts_the_word(q, token))
        yield from (replace(c, party=CountedParty(PartyRole.RECIPIENT)) for c in counted)
    elif token.xpos == "NNS":
        yield from (_count(q, token.text.lower()) for q in quantities if _counts_the_word(q, token))
    for subject in (c for c in sentence.children(token) if c.relation.startswith("nsubj")):
        above = sentence.tokens[token.head] if token.head >= 0 else token
        what = cues.counted_by_trigger.get(above.lemma.lower())
        if what in cues.counts_of_harm:
            of_subject = (_count(q, what) for q in quantities if q.figure.contains(subject.span))
            yield from _of(PartyRole.RECIPIENT, (c for c in of_subject if c.unit in PEOPLE))


def _fillers(trigger: Trigger, slot: str, cues: Cues) -> tuple[Token, ...]:
    """What stands in the slot itself: a figure one step away counts something else."""
    if slot == "subj" and trigger.part == "noun":
        return light_subjects(trigger.sentence, trigger.token, cues)
    return trigger.sentence.fillers(trigger.token, slot)


def _counts_the_word(quantity: Quantity, token: Token) -> bool:
    """ "40 arrests" and "three attacks" count arrests and attacks."""
    is_its_noun = quantity.noun is not None and quantity.noun.end == token.span.end
    return is_its_noun and quantity.unit == token.text.lower() and not quantity.is_ordinal


def _drawn(trigger: Trigger, quantities: Sequence[Quantity], cues: Cues) -> Iterator[Count]:
    """Those whom a gathering drew: "the march, which drew about 55 people"."""
    what = cues.counted_by_type.get(trigger.entry.type, {}).get("actor")
    if trigger.part != "noun" or what != "participants":
        return
    sentence = trigger.sentence
    for verb in sentence.fillers(trigger.token, "acl", "subject_of"):
        if verb.lemma.lower() in cues.gathering:
            for filler in sentence.fillers(verb, "obj"):
                yield from _on(sentence, filler, quantities, what, cues)


def _swelled(trigger: Trigger, quantities: Sequence[Quantity], cues: Cues) -> Iterator[Count]:
    """How many the actors had become: "the mob, which had swelled to 300, threw stones", "the marchers, numbering 300"."""
    sentence = trigger.sentence
    what = cues.counted_by_type.get(trigger.entry.type, {}).get("actor")
    if what != "participants":
        return
    actors = {t.index for slot in trigger.sense.actor if slot != "speaker" for t in _fillers(trigger, slot, cues)}
    for q in quantities:
        cue = sentence.token_at(q.change.cue.start) if q.change else _number_verb(sentence, q, cues)
        if cue is None or q.unit not in PEOPLE:
            continue
        subjects = {t.index for t in (*sentence.fillers(cue, "subj"), *sentence.fillers(cue, "attr"))}
        if actors & {*subjects, *((cue.head,) if cue.relation.startswith("acl") else ())}:
            yield _count(q, what)


def _number_verb(sentence: Sentence, quantity: Quantity, cues: Cues) -> Token | None:
    head = sentence.head_of(quantity.span)
    verb = sentence.tokens[head.head] if head is not None and head.head >= 0 else None
    return verb if verb is not None and verb.lemma.lower() in cues.crowd_levels and verb.upos == "VERB" else None


def _measured(trigger: Trigger, quantities: Sequence[Quantity], cues: Cues) -> Iterator[Count]:
    """Figures of the event itself: years of a sentence, a share of the vote, rounds fired, money taken."""
    sentence = trigger.sentence
    tokens = _clause(sentence, trigger.token)
    lemmas = {t.lemma.lower() for t in tokens}
    money = cues.money.get(trigger.token.lemma.lower())
    for q in quantities:
        if q.is_ordinal or not any(t.span.overlaps(q.span) for t in tokens):
            continue
        if trigger.entry.type == "ASSAULT" and q.unit in cues.ammunition:
            yield _count(q, _ammunition(sentence, q, cues))
        if (
            money is not None
            and len(q.unit) == 3
            and q.unit.isupper()
            and not _is_in_brackets(sentence, q)
            and _stands_by(sentence, trigger.token, q)
        ):
            yield _count(q, money)
        for m in cues.measures:
            if trigger.entry.type in m.types and q.unit in m.units and (m.words & lemmas):
                yield _count(q, m.what)


def _clause(sentence: Sentence, token: Token) -> list[Token]:
    """The token and what is below it, without clauses that have a subject of their own."""
    found, waiting = [token], [token]
    while waiting:
        for child in sentence.children(waiting.pop()):
            relation = child.relation.split(":")[0]
            has_subject = any(c.relation.startswith("nsubj") for c in sentence.children(child))
            if not (has_subject and relation in OWN_CLAUSES):
                found.append(child)
                waiting.append(child)
    return sorted(found, key=lambda t: t.index)


def _ammunition(sentence: Sentence, quantity: Quantity, cues: Cues) -> str:
    lemmas = {t.lemma.lower() for t in sentence.tokens_in(quantity.span)}
    return next((what for what, words in cues.ammunition_named if words <= lemmas), cues.ammunition[quantity.unit])


def _is_in_brackets(sentence: Sentence, quantity: Quantity) -> bool:
    """ "$4 million (3.5 million euros)": the second is the first again."""
    first = next(iter(sentence.tokens_in(quantity.span)), None)
    return first is not None and first.index > 0 and sentence.tokens[first.index - 1].text == "("


def _stands_by(sentence: Sentence, token: Token, quantity: Quantity) -> bool:
    """The figure hangs on the token itself, or on a noun that does ("fined a sum of $40")."""
    head = sentence.head_of(quantity.span)
    above = [head.head, sentence.tokens[head.head].head] if head is not None and head.head >= 0 else []
    return token.index in above


def _counted(trigger: Trigger, party: str, cues: Cues) -> str | None:
    """What a figure on that party counts, by the entry, the trigger's word, or the type; nothing known: None."""
    what = trigger.entry.counts.get(party)
    words = [trigger.token, *(trigger.sentence.tokens[w] for w in trigger.words if w != trigger.token.index)]  # "left *injured*"
    named = (_said_by(w, cues) for w in words)
    by_word = next((what for what in named if what), None) if party == "recipient" else None
    if what in cues.counts_of_harm and by_word in cues.counts_of_harm:
        what = by_word
    if what in cues.counts_of_harm and _is_one_of_two_harms(trigger, what, cues):
        return cues.counted_by_type.get(trigger.entry.type, {}).get(party)
    by_mode = cues.counted_by_mode.get(f"{trigger.entry.type} {trigger.entry.mode}", {}).get(party)
    return what or by_word or by_mode or cues.counted_by_type.get(trigger.entry.type, {}).get(party)


def _on(sentence: Sentence, token: Token, quantities: Sequence[Quantity], what: str, cues: Cues) -> Iterator[Count]:
    """Figures inside the token's own phrase: its numerals, what it is a number of, not its clauses."""
    phrase = _phrase(sentence, token)
    for q in quantities:
        if not phrase.overlaps(q.figure) or q.is_ordinal or _belongs_to_next_word(sentence, q, what, cues):
            continue
        if q.unit in PEOPLE:
            yield _count(q, _own_word(sentence, q, what, cues))
        elif what in cues.counts_of_things and q.noun is not None:
            yield _count(q, f"{q.unit} {what}")


def _belongs_to_next_word(sentence: Sentence, quantity: Quantity, what: str, cues: Cues) -> bool:
    """ "3 killed, 2 injured": the two are the injured, however a headline is parsed."""
    behind = next((t for t in sentence.tokens if t.span.start >= quantity.span.end), None)
    said = _said_by(behind, cues) if behind is not None else None
    return what in cues.counts_of_harm and said in cues.counts_of_harm and said != what


def _own_word(sentence: Sentence, quantity: Quantity, what: str, cues: Cues) -> str:
    """ "left two dead and five *wounded*", "killed one and *injured* three": a figure beside a word for another harm counts that.

    The word is the figure's own noun, or a verb right before it.
    """
    if what not in cues.counts_of_harm:
        return what
    own = sentence.tokens_in(quantity.noun)[-1:] if quantity.noun is not None else ()
    before = [t for t in sentence.tokens if t.span.end <= quantity.span.start][-1:]
    said = (_said_by(t, cues) for t in (*own, *before) if t.upos in {"ADJ", "VERB", "NOUN"})
    return next((harm for harm in said if harm in cues.counts_of_harm), what)


def _said_by(token: Token, cues: Cues) -> str | None:
    """What the word says a figure counts, by its lemma or, as readers guess those of participles, its form; nothing: None."""
    return cues.counted_by_trigger.get(token.lemma.lower()) or cues.counted_by_trigger.get(token.text.lower())


def _is_one_of_two_harms(trigger: Trigger, what: str, cues: Cues) -> bool:
    """True for "were wounded *or* killed": nobody tells how many were which."""
    sentence, token = trigger.sentence, trigger.token
    head = sentence.tokens[token.head] if token.relation == "conj" and token.head >= 0 else None
    others = [*((head,) if head is not None else ()), *(c for c in sentence.children(token) if c.relation == "conj")]
    either = any(c.text.lower() == "or" for t in (token, *others) for c in sentence.children(t) if c.relation == "cc")
    return either and any(_said_by(t, cues) in cues.counts_of_harm - {what} for t in others)


def _phrase(sentence: Sentence, token: Token) -> Span:
    tokens = [token]
    waiting = [token]
    while waiting:
        node = waiting.pop()
        for child in sentence.children(node):
            if (
                child.relation.split(":")[0] in _PARTS
                and child.relation != "nmod:poss"
                and (child.relation != "nmod" or _is_of(sentence, child))
            ):
                tokens.append(child)
                waiting.append(child)
    return Span(min(t.span.start for t in tokens), max(t.span.end for t in tokens))


def _is_of(sentence: Sentence, token: Token) -> bool:
    return any(c.relation == "case" and c.text.lower() == "of" for c in sentence.children(token))


def _count(quantity: Quantity, what: str) -> Count:
    return Count(
        what,
        quantity.span,
        quantity.low,
        quantity.high,
        quantity.exactness,
        quantity.unit,
        quantity.tallied,
        quantity.part_of is not None,
    )


# ---------------------------------------------------------------- ballots


def find_tally(sentence: Sentence, following: Sentence | None, quantities: Sequence[Quantity], cues: Cues) -> tuple[Count, ...]:
    """The ballot told in a sentence, and in the next one where that goes on with it: for, against, abstentions, absent, seats."""
    found: list[Count] = []
    for s in (sentence, following):
        if s is None:
            continue
        own = [q for q in quantities if s.span.contains(q.span)]
        found += [c for q in own if (c := _ballot_count(s, q, cues)) is not None]
        found = _score(s, own) + found
    return tuple(_first_of_each(found))


def _ballot_count(sentence: Sentence, quantity: Quantity, cues: Cues) -> Count | None:
    head = sentence.head_of(quantity.span)
    near = [t.lemma.lower() for t in sentence.tokens_in(quantity.span)]
    if head is not None:
        near += [t.lemma.lower() for t in (head, *sentence.children(head)) if t.index != head.index or t.upos != "NUM"]
        if head.head >= 0:
            above = sentence.tokens[head.head]
            near += [above.lemma.lower()] if above.upos in {"NOUN", "VERB", "ADJ"} else []
            near += [
                c.lemma.lower()
                for c in sentence.children(above)
                if above.lemma.lower() in {"vote", "be"} and c.upos in {"ADP", "ADJ", "ADV"}
            ]
    for what, words in cues.votes.items():
        if words & set(near):
            if what == "seats" and (quantity.part_of is not None and quantity.part_of != quantity.span):
                continue
            return _count(quantity, what)
    return None


_VERSUS = frozenset({"-", "–", "—", "to", "against", "votes", "vote", "with"})
_NOBODY = frozenset({"none", "nil", "zero", "nobody"})


def _score(sentence: Sentence, quantities: Sequence[Quantity]) -> list[Count]:
    """A score: "a 120-0 vote", "84 votes to 30", "by 120 votes to none". The first figure is for, the second against."""
    figures = {t.index: q for q in quantities for t in sentence.tokens_in(q.figure) if q.unit not in {"percent", "share"}}
    for first in (t for t in sentence.tokens if t.index in figures):
        gap = 0
        for second in sentence.tokens[first.index + 1 : first.index + 5]:
            if second.text.lower() in _NOBODY and gap:
                return _for_and_against(figures[first.index], Span(second.span.start, second.span.end), 0.0)
            if second.index in figures and gap:
                against = figures[second.index]
                return _for_and_against(figures[first.index], against.figure, against.low)
            if second.text.lower() not in _VERSUS:
                break
            gap += second.text.lower() not in {"votes", "vote"}
    return []


def _for_and_against(favour: Quantity, against: Span, number: float | None) -> list[Count]:
    rule = Origin(How.INFERRED, "a score: for, then against")
    return [
        Count("votes for", favour.figure, favour.low, favour.high, favour.exactness, "votes", origin=rule),
        Count("votes against", against, number, number, Exactness.EXACT, "votes", origin=rule),
    ]


def _first_of_each(counts: Sequence[Count]) -> Iterator[Count]:
    order = ["votes for", "votes against", "abstentions", "absent", "seats"]
    for what in order:
        yield from [c for c in counts if c.what == what][:1]
