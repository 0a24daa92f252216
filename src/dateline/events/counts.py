"""What is counted: figures on the parties of an event, and the tallies of a ballot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline.events.triggers import Trigger, light_subjects
from dateline.knowledge.cues import Cues
from dateline.records import Check, CheckResult, Count, Exactness, How, Origin, Quantity, Sentence, Span, Token

_PARTS = frozenset({"nummod", "amod", "advmod", "det", "compound", "case", "nmod", "flat", "obl", "fixed"})


def find_counts(trigger: Trigger, quantities: Sequence[Quantity], cues: Cues) -> tuple[Count, ...]:
    """The figures on the trigger's parties, recipients first. None: an empty tuple."""
    found: list[Count] = []
    for party, slots in (("recipient", trigger.sense.recipient), ("actor", trigger.sense.actor)):
        what = _counted(trigger, party, cues)
        if what is None:
            continue
        fillers = next((f for slot in slots if slot != "speaker" and (f := _fillers(trigger, slot, cues))), ())
        for token in fillers:
            found.extend(_count(q, what) for q in _on(trigger.sentence, token, quantities) if not _overlaps(q, found))
    for slot, what in trigger.entry.counts.items():
        for token in _fillers(trigger, slot, cues):
            found.extend(_count(q, what) for q in _on(trigger.sentence, token, quantities) if not _overlaps(q, found))
    if trigger.part == "noun":
        own = _counted(trigger, "recipient", cues)
        if trigger.token.lemma.lower() in cues.own_counts and own is not None:
            found.extend(_count(q, own) for q in _on(trigger.sentence, trigger.token, quantities) if not _overlaps(q, found))
    found.extend(c for c in _drawn(trigger, quantities, cues) if not any(c.span.overlaps(f.span) for f in found))
    found.extend(c for c in _measured(trigger, quantities, cues) if not any(c.span.overlaps(f.span) for f in found))
    return tuple(found)


def _fillers(trigger: Trigger, slot: str, cues: Cues) -> tuple[Token, ...]:
    """What stands in the slot itself: a figure one step away counts something else."""
    if slot == "subj" and trigger.part == "noun":
        return light_subjects(trigger.sentence, trigger.token, cues)
    return trigger.sentence.fillers(trigger.token, slot)


def _drawn(trigger: Trigger, quantities: Sequence[Quantity], cues: Cues) -> Iterator[Count]:
    """Those whom a gathering drew: "the march, which drew about 55 people"."""
    what = cues.counted_by_type.get(trigger.entry.type, {}).get("actor")
    if trigger.part != "noun" or what != "participants":
        return
    sentence = trigger.sentence
    for verb in sentence.fillers(trigger.token, "acl", "subject_of"):
        if verb.lemma.lower() in cues.gathering:
            for filler in sentence.fillers(verb, "obj"):
                yield from (_count(q, what) for q in _on(sentence, filler, quantities))


def _measured(trigger: Trigger, quantities: Sequence[Quantity], cues: Cues) -> Iterator[Count]:
    """Figures of the event itself: years of a sentence, a share of the vote, rounds fired."""
    tokens = trigger.sentence.subtree(trigger.token)
    clause = Span(tokens[0].span.start, tokens[-1].span.end)
    lemmas = {t.lemma.lower() for t in tokens}
    for q in quantities:
        if not clause.overlaps(q.span) or q.is_ordinal:
            continue
        if trigger.entry.type == "ASSAULT" and q.unit in cues.ammunition:
            yield _count(q, cues.ammunition[q.unit])
        for m in cues.measures:
            if trigger.entry.type in m.types and q.unit in m.units and (m.words & lemmas):
                yield _count(q, m.what)


def _counted(trigger: Trigger, party: str, cues: Cues) -> str | None:
    """What a figure on that party counts, by the entry, the trigger's word, or the type; nothing known: None."""
    if (what := trigger.entry.counts.get(party)) is not None:
        return what
    by_word = cues.counted_by_trigger.get(trigger.token.lemma.lower())
    if by_word is not None and party == "recipient":
        return by_word
    return cues.counted_by_type.get(trigger.entry.type, {}).get(party)


def _on(sentence: Sentence, token: Token, quantities: Sequence[Quantity]) -> Iterator[Quantity]:
    """Figures inside the token's own phrase: its numerals, what it is a number of, not its clauses."""
    phrase = _phrase(sentence, token)
    for q in quantities:
        if phrase.overlaps(q.figure) and not q.is_ordinal and q.unit in {"people", "", "persons", "count", "things", "person"}:
            yield q


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


def _overlaps(quantity: Quantity, counts: Sequence[Count]) -> bool:
    return any(c.span.overlaps(quantity.span) for c in counts)


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


def check_tally(counts: Sequence[Count]) -> Check | None:
    """Whether for, against, abstentions and absent add up to the house; without the house's size: None."""
    values = {c.what: c.low for c in counts if c.low is not None and c.low == c.high}
    if "seats" not in values or "votes for" not in values:
        return None
    parts = [values[w] for w in ("votes for", "votes against", "abstentions", "absent") if w in values]
    total = sum(parts)
    written = " + ".join(f"{p:g}" for p in parts)
    sign = "=" if total == values["seats"] else "≠"
    result = CheckResult.PASSED if total == values["seats"] else CheckResult.FAILED
    return Check("votes add up to the house", result, f"{written} {sign} {values['seats']:g}")
