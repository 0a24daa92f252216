"""What speaks for and against a record: signs that it is right, and that it is news, each a short phrase.

The phrases are the features of the learned second opinion (events/opinions.py) and are shown as they stand by `dateline explain`.
A sign says what stands on the page or in the record, never which document it is; every sign of a lexicon entry is said again of its
word, its type and its form, so that an entry nobody has seen in training is weighed by those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dateline.records import Document, EventMention, How, Link, Participant, Predicate, Sentence, Span, StatusValue, Token

_CLAUSES = frozenset({"ccomp", "xcomp", "advcl", "acl", "acl:relcl", "parataxis", "csubj", "conj", "root"})
_CONTENT = frozenset({"NOUN", "VERB", "ADJ", "PROPN"})
_STEPS = 4
"""How many words up the tree, and to either side of the trigger, are looked at."""


@dataclass(frozen=True)
class Told:
    """A record with the sentence that tells it, its trigger's word there, and what the document told beside it.

    `beside` are the other records of the sentence. `position` and `length` count the document's coded sentences.
    """

    event: EventMention
    sentence: Sentence
    token: Token
    beside: tuple[EventMention, ...]
    position: int
    length: int
    document: Document


def told_events(document: Document, sentences: Sequence[Sentence], events: Sequence[EventMention]) -> tuple[Told | None, ...]:
    """Each record with what it is weighed by, in order; None for one whose trigger stands in no sentence that was read."""
    by_sentence: dict[int, list[EventMention]] = {}
    where = [_sentence_of(e.trigger, sentences) for e in events]
    for event, sentence in zip(events, where, strict=True):
        if sentence is not None:
            by_sentence.setdefault(sentence.index, []).append(event)
    first = sentences[0].index if sentences else 0
    found: list[Told | None] = []
    for event, sentence in zip(events, where, strict=True):
        token = sentence.token_at(event.trigger.start) if sentence is not None else None
        if sentence is None or token is None:
            found.append(None)
            continue
        beside = tuple(e for e in by_sentence[sentence.index] if e is not event)
        found.append(Told(event, sentence, token, beside, sentence.index - first, len(sentences), document))
    return tuple(found)


def _sentence_of(span: Span, sentences: Sequence[Sentence]) -> Sentence | None:
    low, high = 0, len(sentences)
    while low < high:
        middle = (low + high) // 2
        if sentences[middle].span.end <= span.start:
            low = middle + 1
        else:
            high = middle
    return sentences[low] if low < len(sentences) and sentences[low].span.contains(span) else None


def signs_of(told: Told) -> frozenset[str]:
    """All signs of a record; there are always some."""
    return frozenset(
        sign
        for signs in (_of_word, _of_form, _of_tree, _of_neighbours, _of_parties, _of_when, _of_company, _of_place_in_text)
        for sign in signs(told)
    )


def _of_word(told: Told) -> Iterator[str]:
    event, word, part = told.event, told.token.lemma.lower(), told.token.upos
    kind = event.type
    yield kind
    yield f"{kind} · {event.mode}" if event.mode else f"{kind} · no mode"
    yield f"{kind} as {part}"
    yield f"entry {event.rule}"
    yield f"word {word}"
    yield f"{kind} by {word}"
    roleset = roleset_of(told)
    yield f"sense {roleset}"
    yield f"{kind} by sense {roleset}"
    chance = dict(told.sentence.event_types).get(kind, 0.0)
    yield f"sentence reads as {kind} {_tenths(chance)}"
    yield f"sentence reads as its type {_tenths(chance)}"
    best = told.sentence.event_types[0][0] if told.sentence.event_types else "nothing"
    yield f"{kind} where the sentence reads as {best}"


def roleset_of(told: Told) -> str:
    """PropBank's sense of the trigger by the reader; none: "none"."""
    predicate = _predicate(told)
    return (predicate.roleset or "none") if predicate else "none"


def _predicate(told: Told) -> Predicate | None:
    return next((p for p in told.sentence.predicates if p.token == told.token.index), None)


def _tenths(chance: float) -> str:
    for bound in (0.9, 0.7, 0.5, 0.3, 0.1):
        if chance >= bound:
            return f"from {bound}"
    return "hardly"


def _of_form(told: Told) -> Iterator[str]:
    token, sentence = told.token, told.sentence
    yield f"tag {token.xpos}"
    children = sentence.children(token)
    auxiliaries = sorted({c.text.lower() for c in children if c.relation.split(":")[0] in {"aux", "cop"}})
    yield f"with {' '.join(auxiliaries)}" if auxiliaries else "without auxiliary"
    if auxiliaries:
        yield f"{token.xpos} with {' '.join(auxiliaries)}"
    for c in children:
        if c.relation in {"det", "nmod:poss", "case", "mark", "cc"}:
            yield f"{c.relation} {c.lemma.lower()}"
            if c.relation in {"case", "mark"}:
                yield f"{told.event.type} behind {c.lemma.lower()}"
        elif c.relation == "amod":
            yield f"quality {c.lemma.lower()}"
        else:
            yield f"has {c.relation}"
    status = told.event.status
    yield f"status {status.value.value}"
    yield f"{told.event.type} {status.value.value}"
    predicate = _predicate(told)
    for role in predicate.roles if predicate else ():
        yield f"role {role.label}"


def _of_tree(told: Told) -> Iterator[str]:
    sentence, node = told.sentence, told.token
    path = [node.relation]
    yield f"stands as {node.relation}"
    yield f"{told.event.type} stands as {node.relation}"
    if node.head >= 0:
        above = sentence.tokens[node.head]
        yield f"below {above.upos} as {node.relation}"
        yield f"below word {above.lemma.lower()}"
        yield f"below {above.lemma.lower()} as {node.relation}"
    depth = clauses = 0
    seen = {node.index}
    while node.head >= 0 and depth < 12:
        node = sentence.tokens[node.head]
        if node.index in seen:
            break
        seen.add(node.index)
        depth += 1
        if depth < _STEPS:
            path.append(node.relation)
        if node.relation in _CLAUSES and node.relation != "root":
            clauses += 1
            yield f"within {node.relation}"
            marks = [c.lemma.lower() for c in sentence.children(node) if c.relation in {"mark", "case"}]
            for mark in marks:
                yield f"within a clause of {mark}"
        elif node.relation.split(":")[0] in {"obl", "nmod"}:
            for c in sentence.children(node):
                if c.relation == "case":
                    yield f"within a phrase of {c.lemma.lower()}"
    yield f"path {' < '.join(path)}"
    yield f"depth {min(depth, 6)}"
    yield f"clauses above {min(clauses, 3)}"


def _of_neighbours(told: Told) -> Iterator[str]:
    sentence, token, kind = told.sentence, told.token, told.event.type
    for filler in sentence.frames[token.index] if sentence.frames else ():
        if filler.slot == "of_clause":
            continue
        word = sentence.tokens[filler.token]
        yield f"slot {filler.slot}"
        yield f"{kind} with {filler.slot}"
        if word.upos in _CONTENT:
            yield f"{filler.slot} {word.lemma.lower()}"
            yield f"{token.lemma.lower()} {filler.slot} {word.lemma.lower()}"
        if filler.link is not Link.DIRECT:
            yield f"{filler.slot} by {filler.link.value}"
    for other in sentence.tokens[max(0, token.index - _STEPS) : token.index + _STEPS + 1]:
        if other.index != token.index and other.upos in _CONTENT:
            yield f"near {other.lemma.lower()}"
    for lemma in {t.lemma.lower() for t in sentence.tokens if t.upos in _CONTENT and t.index != token.index}:
        yield f"sentence has {lemma}"


def _of_parties(told: Told) -> Iterator[str]:
    kind = told.event.type
    sides = (("actor", told.event.actors), ("recipient", told.event.recipients))
    present = []
    for side, participants in sides:
        if not participants:
            yield f"no {side}"
            yield f"{kind} without {side}"
            continue
        present.append(side)
        yield f"{side} named" if any(p.actor.id for p in participants) else f"{side} not in the table"
        for p in participants[:2]:
            yield from _of_party(kind, side, p)
        if len(participants) > 1:
            yield f"several {side}s"
    yield f"{kind} with {' and '.join(present) or 'no party'}"


def _of_party(kind: str, side: str, p: Participant) -> Iterator[str]:
    sector = p.actor.sector or "no sector"
    yield f"{side} {sector}"
    yield f"{kind} {side} {sector}"
    yield f"{side} of a country" if p.actor.country else f"{side} of no country"
    if p.span is None:
        yield f"{side} not said there"
    elif p.origin.how is How.INFERRED:
        yield f"{side} inferred"


def _of_when(told: Told) -> Iterator[str]:
    event = told.event
    for count in event.counts:
        yield f"counts {count.what}"
        yield f"{event.type} counts {count.what}"
    if event.place is not None and event.place.span is not None:
        yield "place said"
    time = event.time
    if time is None:
        yield "no time"
        return
    yield "time said" if time.span is not None else "time assumed"
    published = told.document.published
    if time.span is not None and time.last is not None and published is not None:
        days = (published.day - time.last).days
        yield "long ago" if days > 365 else "months ago" if days > 45 else "weeks ago" if days > 8 else "of these days"
    if event.status.value is StatusValue.ASSERTED:
        yield f"time as fine as a {time.precision.value}"


def _of_company(told: Told) -> Iterator[str]:
    event, sentence, token = told.event, told.sentence, told.token
    kinds = sorted({e.type for e in told.beside})
    yield f"{min(len(told.beside), 4)} other records in the sentence"
    earlier = sum(e.trigger < event.trigger for e in told.beside)
    yield f"{min(earlier, 3)} records before it in the sentence"
    for kind in kinds:
        yield f"beside {kind}"
        yield f"{event.type} beside {kind}"
    holding = set(above(sentence, token))
    for other in told.beside:
        head = sentence.token_at(other.trigger.start)
        if head is not None and head.index in holding:
            yield "below another record"
            yield f"{event.type} below {other.type}"
        elif head is not None and token.index in above(sentence, head):
            yield "above another record"
            yield f"{event.type} above {other.type}"


def above(sentence: Sentence, token: Token) -> list[int]:
    """The numbers of the words above a word in the tree, the nearest first; the root's: an empty list."""
    found: list[int] = []
    while token.head >= 0 and token.head not in found:
        found.append(token.head)
        token = sentence.tokens[token.head]
    return found


def _of_place_in_text(told: Told) -> Iterator[str]:
    share = told.token.index / max(1, len(told.sentence.tokens))
    yield f"in fifth {int(share * 5) + 1} of the sentence"
    yield "in words of others" if any(t.span is not None for t in told.event.attribution) else "in the paper's own words"
    if told.length > 1:
        yield f"sentence {min(told.position, 4)}" if told.position < 4 else "further down"
        yield f"in quarter {int(4 * told.position / told.length) + 1} of the report"
