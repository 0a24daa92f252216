"""Parts and wholes: a part is not larger than its whole, parts add up, a share is the share it says it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from dateline.events.checks.bounds import Bounds, add, number, written_sum
from dateline.events.checks.telling import Noted, Telling, outcome
from dateline.knowledge.checks import PartWords
from dateline.records import Check, CheckResult, Quantity, Sentence, Span

ROUNDED_PERCENT, ROUNDED_SHARE = 0.5, 0.1
"""A percentage may be half a point off; "a third", "half" are said of what lies within a tenth of it, as "about" is."""


@dataclass(frozen=True)
class _Part:
    """A figure that the text makes a part of another. `noun` in lower case; empty when the words leave it out."""

    figure: Quantity
    noun: str


@dataclass(frozen=True)
class _Breakdown:
    """A whole with its parts, in text order. `is_closed`: the text says that these are all of it.

    `others`: further figures before the part, which it may belong to instead ("3 died and 30 were hurt, including 12 children").
    """

    whole: Quantity
    parts: tuple[_Part, ...]
    is_closed: bool = False
    others: tuple[Quantity, ...] = ()


def check_parts(telling: Telling) -> Iterator[Noted]:
    """The parts and wholes of every sentence that tells of an event."""
    for sentence in telling.sentences:
        figures = telling.quantities_in(sentence)
        for breakdown in _breakdowns(telling, sentence, figures):
            event = telling.event_counting(sentence, breakdown.whole, *(p.figure for p in breakdown.parts))
            if event is not None:
                yield from (Noted(event, c) for c in _weigh(breakdown, telling.words.parts))
        for figure, check in _shares_of(telling, sentence, figures):
            event = telling.event_counting(sentence, *figure)
            if event is not None:
                yield Noted(event, check)
    yield from _vote_shares(telling)


# ---------------------------------------------------------------- which figure is part of which


def _breakdowns(telling: Telling, sentence: Sentence, figures: Sequence[Quantity]) -> Iterator[_Breakdown]:
    open_: _Breakdown | None = None
    for place, figure in enumerate(figures):
        whole = _own_whole(figure, figures)
        if figure.part_of is not None and (whole is None or whole.figure > figure.figure):
            if whole is not None and whole.part_of is None:
                yield _Breakdown(whole, (_Part(figure, ""),))  # "30 of the 200"
            continue
        part = _Part(figure, _noun_of(telling, sentence, figure))
        previous = figures[place - 1] if place else None
        if open_ is not None and previous is not None and part.noun and _goes_on(telling, open_, previous, figure):
            open_ = _Breakdown(open_.whole, (*open_.parts, part), open_.is_closed, open_.others)
            continue
        started = _start(telling, sentence, part, figures[:place])
        if started is not None:
            if open_ is not None:
                yield from _finished(open_, telling)
            open_ = started
    if open_ is not None:
        yield from _finished(open_, telling)


def _own_whole(figure: Quantity, figures: Sequence[Quantity]) -> Quantity | None:
    """The figure that the reading of quantities made this one a part of; none: None."""
    if figure.part_of is None:
        return None
    return next((q for q in figures if q is not figure and figure.part_of.contains(q.figure)), None)


def _start(telling: Telling, sentence: Sentence, part: _Part, before: Sequence[Quantity]) -> _Breakdown | None:
    """The breakdown that this figure begins: what links it to a figure before it; nothing: None."""
    unit = telling.unit_of(part.figure)
    wholes = [q for q in before if q.part_of is None and (telling.unit_of(q) == unit or "count" in {q.unit, unit})]
    if not wholes:
        return None
    words, figure = telling.words.parts, part.figure
    whole = _own_whole(figure, wholes) or wholes[-1]
    if _is_linked(telling, figure):
        return _Breakdown(whole, (part,), others=tuple(q for q in wholes if q is not whole))
    between = telling.text[whole.span.end : figure.span.start]
    if words.opening.search(telling.before(figure.span, sentence)):
        return _Breakdown(whole, (part,), is_closed=True)
    if words.apposed.fullmatch(between) and _noun_of(telling, sentence, whole) in words.generic:
        return _Breakdown(whole, (part,))
    return None


def _goes_on(telling: Telling, breakdown: _Breakdown, previous: Quantity, figure: Quantity) -> bool:
    """True for the next member of the list: "seven women and five children"."""
    between = telling.text[previous.span.end : figure.span.start]
    return previous is breakdown.parts[-1].figure and bool(telling.words.parts.joining.fullmatch(between))


def _finished(breakdown: _Breakdown, telling: Telling) -> Iterator[_Breakdown]:
    """The breakdown, unless nothing but a comma made it one and its parts are no list of kinds of people."""
    first = breakdown.parts[0].figure
    between = telling.text[breakdown.whole.span.end : first.span.start]
    is_apposed = bool(telling.words.parts.apposed.fullmatch(between)) and not _is_linked(telling, first)
    nouns = [p.noun for p in breakdown.parts]
    if not (is_apposed or breakdown.is_closed) or (len(nouns) > 1 and telling.words.parts.are_disjoint(nouns)):
        yield breakdown


def _is_linked(telling: Telling, figure: Quantity) -> bool:
    """True when words make it a part: "including", "of them"."""
    if figure.part_of is not None:
        return True
    sentence = telling.sentence_at(figure.span)
    return sentence is not None and telling.words.parts.links(
        telling.before(figure.span, sentence), telling.behind(figure.figure, sentence)
    )


def _noun_of(telling: Telling, sentence: Sentence, figure: Quantity) -> str:
    """The lemma of what is counted; of "seven of them police officers" that of the noun behind the link. Not said: ""."""
    if figure.noun is not None:
        tokens = sentence.tokens_in(figure.noun)
        return tokens[-1].lemma.lower() if tokens else ""
    words = telling.words.parts
    link = words.link.after.match(telling.behind(figure.figure, sentence)) if words.link.after else None
    start = figure.figure.end + (link.end() if link else 0)
    behind = [t for t in sentence.tokens if t.span.start >= start][:3]
    if not link:  # "12 dead and 30 wounded": a state of people without a noun
        return next((t.text.lower() for t in behind[:1] if any(t.text.lower() in group for group in words.disjoint)), "")
    phrase = list(takewhile(lambda t: t.upos in {"NOUN", "ADJ", "PROPN"}, behind))
    return phrase[-1].lemma.lower() if phrase else ""


# ---------------------------------------------------------------- the arithmetic


def _weigh(breakdown: _Breakdown, words: PartWords) -> Iterator[Check]:
    """One sum where the parts may be added, else each part against the whole."""
    whole = Bounds.of(breakdown.whole)
    parts = [Bounds.of(p.figure) for p in breakdown.parts]
    nouns = [p.noun for p in breakdown.parts]
    if len(parts) > 1 and words.are_disjoint(nouns):
        spans = (*(p.figure.span for p in breakdown.parts), breakdown.whole.span)
        yield _sum_check(parts, whole, spans, is_closed=breakdown.is_closed)
        return
    for part, bounds in zip(breakdown.parts, parts, strict=True):
        yield _part_check(part.figure, bounds, breakdown)


def _sum_check(parts: Sequence[Bounds], whole: Bounds, spans: tuple[Span, ...], *, is_closed: bool) -> Check:
    name, left, summed = "parts add up to the whole", written_sum(parts), add(parts)
    if summed.can_equal(whole):
        sign = "=" if summed.is_exact and whole.is_exact else "can be"
        return Check(name, CheckResult.PASSED, f"{left} {sign} {whole}", spans)
    if not summed.can_be_at_most(whole):
        return Check(name, CheckResult.FAILED, f"{left} = {summed}, more than {whole}", spans)
    if is_closed:
        return Check(name, CheckResult.FAILED, f"{left} = {summed}, not {whole}", spans)
    return Check("part within its whole", CheckResult.PASSED, f"{left} = {summed}, within {whole}", spans)


def _part_check(part: Quantity, bounds: Bounds, breakdown: _Breakdown) -> Check:
    """A part that fits none of the figures before it must at least fit them together."""
    wholes = [breakdown.whole, *reversed(breakdown.others)]
    whole = next((w for w in wholes if bounds.can_be_at_most(Bounds.of(w))), None)
    name = "part within its whole"
    if whole is not None:
        return Check(name, CheckResult.PASSED, f"{bounds} within {Bounds.of(whole)}", (part.span, whole.span))
    together = [Bounds.of(w) for w in reversed(wholes)]
    spans = (part.span, *(w.span for w in wholes))
    if bounds.can_be_at_most(add(together)):
        return Check(name, CheckResult.PASSED, f"{bounds} within {written_sum(together)}", spans)
    return Check(name, CheckResult.FAILED, f"{bounds} is more than {written_sum(together)}", spans)


# ---------------------------------------------------------------- shares


def _shares_of(telling: Telling, sentence: Sentence, figures: Sequence[Quantity]) -> Iterator[tuple[tuple[Quantity, ...], Check]]:
    """A share that stands beside the number it comes to: "half of the 200 detained, 98 people"; "30 of the 200, or 15 percent"."""
    for share in (q for q in telling.figures_in(sentence) if q.unit in {"share", "percent"}):
        for figure in figures:
            whole = _whole_of(share, figure, figures)
            if whole is None or whole is figure or not _restates(telling, share, figure):
                continue
            told = _as_share(share)
            total, part = Bounds.of(whole), Bounds.of(figure)
            expected = Bounds(told.low * total.low, told.high * total.high)
            said = f"{_written_share(telling, share)} of {total} is {_rounded(expected)}; told: {part}"
            check = Check("share of its whole", outcome(part.can_equal(expected)), said, (share.span, whole.span, figure.span))
            yield (figure, whole), check


def _whole_of(share: Quantity, figure: Quantity, figures: Sequence[Quantity]) -> Quantity | None:
    """The figure that the share or the number is said to be a part of; not said: None."""
    for part_of in (share.part_of, figure.part_of):
        if part_of is not None:
            return next((q for q in figures if q is not figure and part_of.contains(q.figure) and q.part_of is None), None)
    return None


def _restates(telling: Telling, share: Quantity, figure: Quantity) -> bool:
    first, second = sorted((share, figure), key=lambda q: q.figure)
    between = telling.text[first.span.end : second.span.start]
    return first.span.end <= second.span.start and bool(telling.words.parts.restating.fullmatch(between))


def _as_share(share: Quantity) -> Bounds:
    """The share with what rounding leaves open, between 0 and 1."""
    bounds = Bounds.of(share)
    if share.unit == "share":
        return bounds.widened(ROUNDED_SHARE)
    decimals = 0.1 if bounds.low != int(bounds.low) else 1.0
    return Bounds((bounds.low - ROUNDED_PERCENT * decimals) / 100, (bounds.high + ROUNDED_PERCENT * decimals) / 100)


def _rounded(bounds: Bounds) -> str:
    low, high = round(bounds.low, 1), round(bounds.high, 1)
    return str(Bounds(low, high))


def _written_share(telling: Telling, share: Quantity) -> str:
    return re.sub(r"\s+", " ", share.figure.of(telling.text).lower())


def _vote_shares(telling: Telling) -> Iterator[Noted]:
    """The shares of one ballot told in one sentence do not exceed the whole of it."""
    for sentence in telling.sentences:
        shares = [q for q in telling.figures_in(sentence) if q.unit == "percent"]
        elections = [(i, e) for i, e in telling.events_in(sentence) if e.type == "ELECTION"] if len(shares) > 1 else []
        counted = {c.span: i for i, e in reversed(elections) for c in e.counts if c.what == "vote share"}
        if not counted or telling.words.parts.another_ballot & {t.lemma.lower() for t in sentence.tokens}:
            continue
        won = [q for q in shares if q.span in counted or _is_won(telling, sentence, q)]
        if len(won) > 1:
            yield Noted(min(counted.values()), _vote_share_check(won))


def _is_won(telling: Telling, sentence: Sentence, share: Quantity) -> bool:
    """True for a share that somebody gets: "his rival got 48 percent"."""
    head = sentence.head_of(share.span)
    above = sentence.tokens[head.head] if head is not None and head.head >= 0 else None
    return above is not None and share.part_of is None and above.lemma.lower() in telling.words.parts.winning


def _vote_share_check(shares: Sequence[Quantity]) -> Check:
    parts = [Bounds.of(c) for c in shares]
    summed = add(parts)
    fits = summed.low <= 100 + ROUNDED_PERCENT * len(parts)
    said = f"{written_sum(parts)} = {number(round(summed.low, 2))}{'' if summed.is_exact else ' or more'} percent of the votes"
    return Check("shares within the whole", outcome(fits), said, tuple(c.span for c in shares))
