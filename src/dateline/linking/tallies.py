"""How many: the figures of one event, told by several, put together with bounds; and those of several events.

The rules, each with a property in tests/linking/test_tallies.py (docs/accounts.md tells them for people):

- What is superseded or retracted, a part of another figure, planned or denied counts for nothing and is shown. An allegation counts
  where nothing stronger is told.
- Within one text, the figures of one teller that can all be true are one, as narrow as they allow; of those that cannot, the
  highest is the total and the others are parts of it. "Two others" add to those told of before.
- A later figure of the same voice (witness, publisher or teller) takes the place of its earlier one. A later, higher figure of
  another voice does so too where the figure can only rise. A figure of new cases adds to the latest total told before.
- Figures that can all be true narrow the tally to what all allow. Figures that cannot widen it from the lowest to the highest.
- Sides ("police", "protesters") are tallied apart. Where nobody tells how many they are together, their bounds are added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import reduce
from itertools import combinations

from dateline.knowledge.accounts import AccountKnowledge
from dateline.linking.agreement import add, hull, in_words, is_above, meet, number
from dateline.linking.figures import Figure, Person, figures_of, people_of, tell_apart
from dateline.linking.settling import Dead, Settled, accounts, dead_by_document, meet_all, revisions, settle
from dateline.linking.sums import Summand, added, largest
from dateline.linking.voices import in_order
from dateline.records import Account, Basis, Bounds, Exactness, GroupTally, Revision, Tally, Testimony, Verdict

KILLED, INJURED, HIT = "killed", "injured", "hit"


class BestRule(StrEnum):
    """Which one figure to show where only one can be shown. All three are held within the tally's bounds."""

    WITNESSES = "the figure of most witnesses; of equals the more exact, then the latest, then the lower"
    LATEST = "the figure told last; of equals that of more witnesses, then the lower"
    LOWEST = "the lowest that is told"


# ---------------------------------------------------------------- one event


def tally_event(
    testimonies: Sequence[Testimony], knowledge: AccountKnowledge, *, best: BestRule = BestRule.WITNESSES
) -> tuple[Tally, ...]:
    """The tallies of an event, by kind of figure in alphabetical order: all together first, then each side apart where told apart.

    No figures, and nobody told of as harmed: an empty tuple. The order of the testimonies makes no difference.
    """
    ordered = in_order(testimonies)
    by_kind: dict[str, list[Figure]] = defaultdict(list)
    for testimony in ordered:
        for figure in figures_of(testimony, knowledge):
            by_kind[figure.what].append(figure)
    people = [p for t in ordered for p in people_of(t, knowledge)]
    more_dead = dead_by_document(settle(by_kind[KILLED], knowledge, {}))
    tallies: dict[str, list[Tally]] = {}
    for what in sorted({*by_kind, *_fates_of(people)}, key=lambda w: (w != KILLED, w)):  # the dead are needed for the injured
        dead_told = more_dead if what == INJURED else {}
        died = next((t.best or 0.0 for t in tallies.get(KILLED, ()) if t.side is None), 0.0)
        tallies[what] = _tally_kind(what, by_kind[what], people, knowledge, best, dead_told, died)
    _read_wholes(tallies, knowledge)
    return tuple(t for what in sorted(tallies) for t in tallies[what])


def _fates_of(people: Sequence[Person]) -> set[str]:
    fates = {p.fate for p in people if p.testimony.is_current}
    return {INJURED if f == HIT else f for f in fates}


def _tally_kind(
    what: str,
    figures: Sequence[Figure],
    people: Sequence[Person],
    knowledge: AccountKnowledge,
    best: BestRule,
    dead_told: Dead,
    dead: float,
) -> list[Tally]:
    """The tally of all together and those of the sides; nothing that counts: an empty list."""
    apart = [
        _tally_side(what, side, [f for f in figures if f.side == side], knowledge, best, dead_told) for side in _sides(figures)
    ]
    sides = [t for t in apart if t.side is not None]
    standing = [t for t in sides if t.best is not None]
    whole = next((t for t in apart if t.side is None), None)
    if whole is None and len(sides) == 1:
        whole, sides = replace(sides[0], side=None), []
    elif (whole is None or whole.best is None) and standing:
        whole = _keeping(whole, _sum_of_sides(what, standing))
    elif whole is not None and standing:
        whole = _check_against_sides(whole, standing)
    elif whole is None and sides:
        whole = _nothing(what, None, (), (), best)
    one_by_one = _tally_people(what, people, dead)
    if whole is None or (whole.best is None and one_by_one is not None):
        whole = _keeping(whole, one_by_one)
    elif one_by_one is not None:
        whole = _with_people(whole, one_by_one)
    return [] if whole is None else [whole, *sides]


def _keeping(fallen: Tally | None, tally: Tally | None) -> Tally | None:
    """The tally, with the figures of one of which nothing stands any more: they stay in sight."""
    if fallen is None or tally is None:
        return tally
    return replace(tally, accounts=fallen.accounts, revisions=fallen.revisions, steps=(*fallen.steps, *tally.steps))


def _sides(figures: Sequence[Figure]) -> list[str | None]:
    return sorted({f.side for f in figures}, key=lambda s: (s is not None, s or ""))


def _tally_side(
    what: str,
    side: str | None,
    figures: Sequence[Figure],
    knowledge: AccountKnowledge,
    best: BestRule,
    dead_told: Dead,
) -> Tally:
    settled = settle(figures, knowledge, dead_told)
    current = [s for s in settled if s.revised_by is None]
    told = accounts(figures, settled)
    changes = tuple(revisions(what, side, figures, settled))
    if not current:
        return _nothing(what, side, told, changes, best)
    low_high, verdict, arithmetic = _put_together(current)
    steps = [(s.arithmetic, s.claims) for s in settled if s.arithmetic]
    steps.append((arithmetic, tuple(c for s in current for c in s.claims)))
    return Tally(
        what=what,
        side=side,
        low=low_high.low,
        high=low_high.high,
        best=_best(current, low_high, best),
        best_rule=best.value,
        basis=Basis.TOLD,
        verdict=verdict,
        steps=tuple(steps),
        accounts=told,
        revisions=changes,
    )


def _nothing(what: str, side: str | None, told: tuple[Account, ...], changes: tuple[Revision, ...], best: BestRule) -> Tally:
    """The tally where no figure stands: any number, and no best one."""
    step = "no figure that is told still stands as one of what happened", tuple(c for a in told for c in a.claims)
    return Tally(what, side, 0.0, None, None, best.value, Basis.TOLD, Verdict.ALONE, (step,), told, changes)


def _put_together(current: Sequence[Settled]) -> tuple[Bounds, Verdict, str]:
    """What the figures that stand come to: what all allow, or from the lowest to the highest."""
    values = list(dict.fromkeys(s.bounds for s in current))
    witnesses = {s.lead.witness for s in current}
    if len(values) == 1:
        words = in_words(values[0])
        if len(witnesses) == 1:
            return values[0], Verdict.ALONE, f"{words}, by one witness"
        return values[0], Verdict.AGREEMENT, f"{words}, by {len(witnesses)} witnesses"
    met = meet_all(values)
    told = ", ".join(in_words(v) for v in values)
    if met is not None:
        return met, Verdict.RANGE, f"{told}: all can be true, and meet at {in_words(met)}"
    widest = reduce(hull, values)
    (lower, higher) = next((a, b) if is_above(b, a) else (b, a) for a, b in combinations(values, 2) if meet(a, b) is None)
    return widest, Verdict.DISPUTE, f"{told}: {number(lower.high)} < {number(higher.low)}, so they cannot all be true"


def best_figure(bounds: Bounds, exactness: Exactness) -> float:
    """The one figure that words stand for: the middle of "about 50", else the lower bound ("at least 40", "almost 7,000")."""
    if exactness is Exactness.ABOUT and bounds.high is not None:
        return (bounds.low + bounds.high) / 2
    return bounds.low


def _best(current: Sequence[Settled], within: Bounds, rule: BestRule) -> float:
    backers: dict[float, set[str]] = defaultdict(set)
    latest: dict[float, date] = {}
    exact: dict[float, bool] = defaultdict(bool)
    for s in current:
        figure = max(within.low, best_figure(s.bounds, s.exactness))
        figure = figure if within.high is None else min(within.high, figure)
        backers[figure].add(s.lead.witness)
        latest[figure] = max(latest.get(figure, date.min), s.lead.told)
        exact[figure] |= s.bounds.low == s.bounds.high
    ranks: dict[BestRule, Callable[[float], tuple[float, ...]]] = {
        BestRule.WITNESSES: lambda f: (len(backers[f]), exact[f], latest[f].toordinal(), -f),
        BestRule.LATEST: lambda f: (latest[f].toordinal(), len(backers[f]), -f),
        BestRule.LOWEST: lambda f: (-f,),
    }
    return max(backers, key=ranks[rule])


# ---------------------------------------------------------------- sides, people one by one, wholes


def _sum_of_sides(what: str, sides: Sequence[Tally]) -> Tally:
    """All together, where only the sides are told: their bounds added, which is our sum and nobody's word."""
    bounds = reduce(add, (Bounds(t.low, t.high) for t in sides))
    terms = " + ".join(f"{in_words(Bounds(t.low, t.high))} ({t.side})" for t in sides)
    best = sum(t.best for t in sides if t.best is not None)
    claims = tuple(dict.fromkeys(c for t in sides for a in t.accounts for c in a.claims))
    verdict = max((t.verdict for t in sides), key=_DOUBT.index)
    step = f"{terms} = {in_words(bounds)}", claims
    return Tally(what, None, bounds.low, bounds.high, best, sides[0].best_rule, Basis.SUM, verdict, (step,), ())


_DOUBT = (Verdict.AGREEMENT, Verdict.ALONE, Verdict.RANGE, Verdict.DISPUTE)


def _check_against_sides(whole: Tally, sides: Sequence[Tally]) -> Tally:
    """The total told, beside the sum of the sides: all together are as many at least, and a smaller total is disputed."""
    least = sum(t.low for t in sides)
    claims = tuple(dict.fromkeys(c for t in sides for a in t.accounts for c in a.claims))
    terms = " + ".join(f"{number(t.low)} ({t.side})" for t in sides)
    if whole.high is None or least <= whole.high:
        step = f"{terms} = {number(least)} at least, in a total of {in_words(Bounds(whole.low, whole.high))}", claims
        low = max(whole.low, least)
        return replace(whole, low=low, best=max(low, whole.best or low), steps=(*whole.steps, step))
    step = f"{terms} = {number(least)} at least, more than the total told, {in_words(Bounds(whole.low, whole.high))}", claims
    return replace(whole, high=least, verdict=Verdict.DISPUTE, steps=(*whole.steps, step))


def _tally_people(what: str, people: Sequence[Person], dead: float) -> Tally | None:
    """As many as are told of one by one, at least; nobody is: None.

    Who was hit and is not said to have died was injured, unless more are dead than are told of one by one: then he may be one of
    the `dead`.
    """
    everybody = tell_apart([p for p in people if p.testimony.is_current])
    harmed = [group for group in everybody if _fate(group) == what]
    step = f"told of one by one: {'; '.join(group[0].name for group in harmed)} = {len(harmed)} at least"
    if what == INJURED:
        unnamed = max(0, int(dead) - sum(_fate(group) == KILLED for group in everybody))
        hit = [group for group in harmed if {p.fate for p in group} == {HIT}]
        among = hit[len(hit) - min(unnamed, len(hit)) :]
        harmed = [group for group in harmed if group not in among]
        step += f", but for {len(among)} who may be among the dead" if among else ""
    if not harmed:
        return None
    testimonies = [p.testimony for group in harmed for p in group]
    witnesses = {t.witness for t in testimonies}
    verdict = Verdict.AGREEMENT if len(witnesses) > 1 else Verdict.ALONE
    least = float(len(harmed))
    claims = tuple(dict.fromkeys(t.claim.id for t in testimonies))
    return Tally(what, None, least, None, least, "those told of one by one", Basis.NAMED, verdict, ((step, claims),), ())


def _fate(group: Sequence[Person]) -> str:
    """The gravest that is told of one person."""
    fates = {p.fate for p in group}
    return KILLED if KILLED in fates else INJURED


def _with_people(whole: Tally, one_by_one: Tally) -> Tally:
    """A figure, and those told of one by one: they are among those it counts, and raise it where they are more."""
    steps = (*whole.steps, *one_by_one.steps)
    if one_by_one.low <= whole.low:
        return replace(whole, steps=steps)
    if whole.high is None or one_by_one.low <= whole.high:
        best = max(one_by_one.low, whole.best or 0.0)
        return replace(whole, low=one_by_one.low, best=best, steps=steps)
    more = f"{number(one_by_one.low)} are told of one by one, more than the figure {in_words(Bounds(whole.low, whole.high))}"
    return replace(whole, high=None, steps=(*steps, (more, one_by_one.steps[0][1])))


def _read_wholes(tallies: dict[str, list[Tally]], knowledge: AccountKnowledge) -> None:
    """Of five shot, two died: three were hurt. A part of which nothing stronger is told is what the whole leaves."""
    for whole, parts in knowledge.wholes.items():
        told = next((t for t in tallies.get(whole, ()) if t.side is None), None)
        if told is None:
            continue
        for part in parts:
            others = [next((t for t in tallies.get(o, ()) if t.side is None), None) for o in parts if o != part]
            own = next((t for t in tallies.get(part, ()) if t.side is None), None)
            if part == parts[0] or (own is not None and own.basis is Basis.TOLD):
                continue
            rest = _left(told, [o for o in others if o is not None], part, whole)
            if own is None or rest.low >= own.low:
                tallies[part] = [rest, *(t for t in tallies.get(part, ()) if t.side is not None)]


def _left(whole: Tally, others: Sequence[Tally], part: str, name: str) -> Tally:
    taken = reduce(add, (Bounds(o.low, o.high) for o in others), Bounds(0.0, 0.0))
    low = max(0.0, whole.low - (taken.high if taken.high is not None else whole.low))
    high = None if whole.high is None else max(low, whole.high - taken.low)
    best = None
    if whole.best is not None:
        best = max(low, whole.best - sum(o.best or 0.0 for o in others))
    terms = f"{in_words(Bounds(whole.low, whole.high))} {name} - {in_words(taken)} = {in_words(Bounds(low, high))} {part}"
    step = terms, tuple(dict.fromkeys(c for t in (whole, *others) for _, claims in t.steps for c in claims))
    return Tally(part, None, low, high, best, whole.best_rule, Basis.SUM, whole.verdict, (step,), ())


# ---------------------------------------------------------------- several events


@dataclass(frozen=True)
class Counted:
    """An event of a group: its id, its days, and its tally of the kind asked for; None: no figure of it is told."""

    event: str
    first: date | None
    last: date | None
    tally: Tally | None


SUM = "the events' bounds are added; of an event whose days hold those of others and of their sum the larger counts"
PEAK = "the bounds of the event with the most: the same people come again"


def tally_group(what: str, events: Sequence[Counted], knowledge: AccountKnowledge) -> GroupTally | None:
    """How many over several events, by the rule for the kind of figure; kinds that no rule puts together, and no event: None.

    Events without a figure are named: they may hide any number, and nothing is assumed of them.
    """
    told = sorted(
        (e for e in events if e.tally is not None and e.tally.best is not None), key=lambda e: (e.first or date.min, e.event)
    )
    without = tuple(sorted(e.event for e in events if e.tally is None or e.tally.best is None))
    if not events or what not in knowledge.summed | knowledge.peaked:
        return None
    summands = [_summand(e, e.tally) for e in told if e.tally is not None]
    parts = tuple(Bounds(s.low, s.high) for s in summands)
    is_peak = what in knowledge.peaked
    total = largest(summands) if is_peak else added(summands)
    best = None if is_peak and not summands else total.best
    rule = PEAK if is_peak else SUM
    return GroupTally(what, total.low, total.high, best, rule, tuple(e.event for e in told), without, parts)


def _summand(event: Counted, tally: Tally) -> Summand:
    first, last = (day.toordinal() if day is not None else None for day in (event.first, event.last))
    return Summand(first, last, tally.low, tally.high, tally.best or 0.0)
