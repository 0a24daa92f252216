"""Votes: they add up to the house, to those cast, and reach what was needed when the measure is told as carried."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dateline.events.checks.bounds import Bounds, add, number, written_sum
from dateline.events.checks.telling import Noted, Telling, outcome
from dateline.knowledge.checks import BallotWords, Beside
from dateline.records import Check, CheckResult, Count, EventMention, Quantity, Sentence, Span, StatusValue

CAST = ("votes for", "votes against", "abstentions")
HOUSE = (*CAST, "absent")


@dataclass(frozen=True)
class _Needed:
    """How many votes were needed, why, and the words that say so."""

    votes: Bounds
    reason: str
    spans: tuple[Span, ...]


def check_ballots(telling: Telling) -> Iterator[Noted]:
    """The checks of every ballot that has figures; a ballot told without any has none."""
    for i, event in enumerate(telling.events):
        if event.type != "VOTE" or not event.counts:
            continue
        counts = {c.what: c for c in reversed(event.counts)}
        sentences = _sentences_of(telling, event)
        if "seats" in counts:
            yield from _noted(i, _adds_up(counts, HOUSE, counts["seats"], "votes add up to the house", "seats"))
        cast = next(iter(_figures(telling, sentences, telling.words.ballots.cast)), None)
        if cast is not None:
            yield from _noted(i, _adds_up(counts, CAST, cast, "votes add up to those cast", "cast"))
        if "votes for" in counts:
            yield from _noted(i, _reaches_majority(telling, sentences, event, counts))


def _noted(event: int, check: Check | None) -> Iterator[Noted]:
    if check is not None:
        yield Noted(event, check)


def _sentences_of(telling: Telling, event: EventMention) -> tuple[Sentence, ...]:
    """The sentence of the ballot and those of its paragraph on either side: the rule and the result stand beside the score."""
    own = telling.sentence_at(event.trigger)
    if own is None:
        return ()
    return tuple(s for s in telling.sentences if s.block == own.block and abs(s.index - own.index) <= 1)


def _figures(telling: Telling, sentences: Sequence[Sentence], cue: Beside) -> Iterator[Quantity]:
    for sentence in sentences:
        for q in telling.quantities_in(sentence):
            if cue.matches(telling.before(q.span, sentence), telling.behind(q.figure, sentence)):
                yield q


def _adds_up(counts: dict[str, Count], names: Sequence[str], whole: Count | Quantity, name: str, of: str) -> Check | None:
    """Whether the kinds of votes make the whole. Fewer than two kinds told: None, because there is nothing to add.

    What the report leaves unsaid (who abstained, who stayed away) may be any number, so a sum that falls short is a contradiction
    only when every kind was told.
    """
    told = [counts[w] for w in names if w in counts]
    if len(told) < 2 or any(c.unit in {"percent", "share"} for c in told):
        return None
    parts, total = [Bounds.of(c) for c in told], Bounds.of(whole)
    summed = add(parts)
    left, spans = written_sum(parts), (*(c.span for c in told), whole.span)
    if summed.can_equal(total):
        sign = "=" if summed.is_exact and total.is_exact else "can be"
        return Check(name, CheckResult.PASSED, f"{left} {sign} {total} {of}", spans)
    if not summed.can_be_at_most(total):
        return Check(name, CheckResult.FAILED, f"{left} = {summed}, more than {total} {of}", spans)
    if len(told) == len(names):
        return Check(name, CheckResult.FAILED, f"{left} = {summed}, not {total} {of}", spans)
    missing = " and ".join(w for w in names if w not in counts)
    if not (summed.is_exact and total.is_exact):
        return Check(name, CheckResult.NOT_APPLICABLE, f"{left} of {total} {of}; {missing} not told", spans)
    rest = number(total.low - summed.low)
    return Check(name, CheckResult.NOT_APPLICABLE, f"{left} = {summed} of {total} {of}; {missing} not told, {rest} left", spans)


# ---------------------------------------------------------------- what was needed


def _reaches_majority(
    telling: Telling, sentences: Sequence[Sentence], event: EventMention, counts: dict[str, Count]
) -> Check | None:
    """Whether the votes for reach the majority that the report names, as its outcome says. No majority named: None.

    A share may be of the house or of the votes cast; the check fails only when neither reading fits.
    """
    needed = tuple(_needed(telling, sentences, counts))
    if not needed:
        return None
    votes = Bounds.of(counts["votes for"])
    has_passed = _has_passed(telling, sentences, event, telling.words.ballots)
    name, first = "majority that was needed", needed[0]
    if has_passed is None:
        said = f"{votes} for, {first.votes} needed{first.reason}; how it came out is not told"
        return Check(name, CheckResult.NOT_APPLICABLE, said, (counts["votes for"].span, *first.spans))
    fitting = next((n for n in needed if _fits(votes, n.votes, has_passed)), None)
    which = fitting or first
    reaches = votes.low >= which.votes.high if fitting is None else has_passed
    said = f"{votes} {'≥' if reaches else '<'} {which.votes} needed{which.reason}"
    if fitting is None:
        said += f", and the report tells it as {'carried' if has_passed else 'lost'}"
    return Check(name, outcome(fitting is not None), said, (counts["votes for"].span, *which.spans))


def _fits(votes: Bounds, needed: Bounds, has_passed: bool) -> bool:
    return votes.high >= needed.low if has_passed else votes.low < needed.high


def _needed(telling: Telling, sentences: Sequence[Sentence], counts: dict[str, Count]) -> Iterator[_Needed]:
    """A number that is said to be needed, else a share of the house, else of the votes cast."""
    words = telling.words.ballots
    own = {c.span for what, c in counts.items() if what in HOUSE}
    numbers = [q for q in _figures(telling, sentences, words.needed) if not any(q.figure.overlaps(span) for span in own)]
    if numbers:
        yield _Needed(Bounds.of(numbers[0]), "", (numbers[0].span,))
        return
    house = counts.get("seats")
    cast = [counts[w] for w in CAST if w in counts]
    for q in _shares(telling, sentences):
        share = q.low or 0.0
        if house is not None and house.low is not None and house.low == house.high:
            reason = f" ({_share_words(telling, q)} of {number(house.low)})"
            yield _Needed(Bounds.exactly(math.ceil(share * house.low - 1e-6)), reason, (q.span, house.span))
        if len(cast) > 1 and all(c.low is not None and c.low == c.high for c in cast):
            total = sum(c.low or 0.0 for c in cast)
            reason = f" ({_share_words(telling, q)} of {number(total)} cast)"
            yield _Needed(Bounds.exactly(math.ceil(share * total - 1e-6)), reason, (q.span, *(c.span for c in cast)))
    if house is not None and house.low is not None and house.low == house.high:
        for sentence in sentences:
            at = next((Span(i, i + len(w)) for w in words.absolute if (i := telling.text.find(w, *_ends(sentence))) >= 0), None)
            if at is not None:
                yield _Needed(Bounds.exactly(house.low // 2 + 1), f" (more than half of {number(house.low)})", (at, house.span))


def _ends(sentence: Sentence) -> tuple[int, int]:
    return sentence.span.start, sentence.span.end


def _shares(telling: Telling, sentences: Sequence[Sentence]) -> Iterator[Quantity]:
    """Shares that name a majority: "a two-thirds majority", "two thirds of the members were needed"."""
    words = telling.words.ballots
    for sentence in sentences:
        for q in (f for f in telling.figures_in(sentence) if f.unit == "share"):
            near = telling.text[q.figure.end : min(sentence.span.end, q.figure.end + 16)].lower()
            is_named = any(near.lstrip(" -").startswith(word) for word in words.majorities)
            if is_named or words.needed.matches(telling.before(q.span, sentence), telling.behind(q.span, sentence)):
                yield q


def _share_words(telling: Telling, share: Quantity) -> str:
    """ "two-thirds" of "more than the two-thirds majority"."""
    return " ".join(telling.text[share.figure.start : share.figure.end].lower().split()[-2:]).removeprefix("the ")


def _has_passed(telling: Telling, sentences: Sequence[Sentence], event: EventMention, words: BallotWords) -> bool | None:
    """Whether the measure is told as carried; the report does not say, or only plans it: None."""
    if event.status.value not in {StatusValue.ASSERTED, StatusValue.DENIED}:
        return None
    said = " ".join(s.span.of(telling.text).lower() for s in sentences)
    if event.status.value is StatusValue.DENIED or event.rule in words.lost or any(w in said for w in words.lost_words):
        return False
    return True if event.rule in words.carried else None
