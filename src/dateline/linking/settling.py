"""The figures of one kind and side, document by document and through time: which stand, and what took the place of the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dateline.knowledge.accounts import AccountKnowledge
from dateline.linking.agreement import add, in_words, is_above, meet
from dateline.linking.figures import Figure
from dateline.linking.voices import account, account_order, standing_of, teller_of
from dateline.records import Account, Bounds, Exactness, Revision, RevisionKind, Standing, StatusValue, Tallied, Testimony

Dead = Mapping[str, float]
"""How many dead each document tells of, at least."""


@dataclass(frozen=True)
class Settled:
    """A document's figure for one kind and side, by one teller, as it stands among the others.

    `bounds` are what it comes to ("40 before and 12 new"); `told` is the figure itself. `revised_by` is the claim of the figure
    that took its place.
    """

    bounds: Bounds
    told: Bounds
    exactness: Exactness
    is_new: bool
    teller: str
    lead: Testimony
    claims: tuple[str, ...]
    arithmetic: str
    revised_by: str | None = None

    @property
    def order(self) -> tuple[date, datetime, str]:
        return self.lead.told, self.lead.known_at, self.lead.claim.id


def settle(figures: Sequence[Figure], knowledge: AccountKnowledge, dead: Dead) -> list[Settled]:
    """The documents' figures in the order of telling, each with what took its place, if anything did."""
    counting = [f for f in figures if f.testimony.is_current and f.status in _strongest(figures)]
    wholes = {f.testimony.claim.document for f in counting if not f.is_part}
    # "Two of the clerks" are a part of a figure of another kind, unless their text tells the whole of this one.
    standing = [f for f in counting if not f.is_part or f.testimony.claim.document not in wholes]
    per_text: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in standing:
        per_text[figure.testimony.claim.document, teller_of(figure.testimony)].append(figure)
    what = figures[0].what if figures else ""
    found: list[Settled] = []
    for text in sorted((_settle_text(group) for group in per_text.values()), key=lambda s: s.order):
        settled = _with_earlier_total(text, found, standing) if text.is_new else text
        found = [_revise(earlier, settled, what in knowledge.running, dead) for earlier in found]
        found.append(settled)
    return found


_STRENGTH = ((StatusValue.ASSERTED,), (StatusValue.ALLEGED,))


def _strongest(figures: Sequence[Figure]) -> tuple[StatusValue, ...]:
    told = {f.status for f in figures if f.testimony.is_current}
    return next((level for level in _STRENGTH if told.intersection(level)), ())


def _settle_text(figures: Sequence[Figure]) -> Settled:
    """One text's figures by one teller as one: what all allow, or else the highest, and those "others" on top."""
    totals = [f for f in figures if f.tallied is not Tallied.NEW and not f.is_further]
    beside = [f for f in figures if f.is_further and f.tallied is not Tallied.NEW]
    new = [f for f in figures if f.tallied is Tallied.NEW]
    base = totals or beside or new
    total = max(base, key=lambda f: (f.bounds.low, f.bounds.high or float("inf")))
    met = meet_all(f.bounds for f in base)
    bounds, arithmetic = met or total.bounds, ""
    if met is None:
        others = ", ".join(dict.fromkeys(in_words(f.bounds) for f in base if f.bounds != total.bounds))
        arithmetic = f"{in_words(total.bounds)} is the total of its text; {others} are parts of it"
    more = max(beside, key=lambda f: f.bounds.low, default=None)
    if totals and more is not None and bounds.low <= more.bounds.low:  # a higher total holds those others already
        summed = add(bounds, more.bounds)
        arithmetic = f"{in_words(bounds)} + {in_words(more.bounds)} others = {in_words(summed)}"
        bounds = summed
    lead = min(base, key=lambda f: (f.testimony.known_at, f.claim)).testimony
    claims = tuple(dict.fromkeys(f.claim for f in sorted(figures, key=lambda f: f.claim)))
    is_new = not totals and not beside
    return Settled(bounds, bounds, total.exactness, is_new, teller_of(lead), lead, claims, arithmetic)


def _with_earlier_total(text: Settled, found: Sequence[Settled], figures: Sequence[Figure]) -> Settled:
    """New cases on top of the latest total told on an earlier day; none was: they stand alone.

    A total that the same text gives, by whichever teller, holds its new cases already.
    """
    document = text.lead.claim.document
    has_total = any(f.testimony.claim.document == document and f.tallied is not Tallied.NEW for f in figures)
    before = [s for s in found if s.lead.told < text.lead.told]
    if has_total or not before:
        return text
    total = next((s for s in reversed(before) if _one_voice(s, text)), before[-1])
    summed = add(total.bounds, text.told)
    arithmetic = f"{in_words(total.bounds)} told on {total.lead.told.isoformat()} + {in_words(text.told)} new = {in_words(summed)}"
    return replace(text, bounds=summed, claims=(*total.claims, *text.claims), arithmetic=arithmetic)


def _revise(earlier: Settled, later: Settled, is_running: bool, dead: Dead) -> Settled:
    """The earlier figure, marked as revised if the later one takes its place."""
    if earlier.revised_by is not None or earlier.lead.told > later.lead.told:
        return earlier
    same_text = earlier.lead.claim.document == later.lead.claim.document
    if same_text or (earlier.lead.told == later.lead.told and earlier.lead.witness != later.lead.witness):
        return earlier  # told at one time: a rival account and no revision
    differs = earlier.bounds != later.bounds and not _is_vaguer(later.bounds, earlier.bounds)
    if differs and (_one_voice(earlier, later) or _risen(earlier, later, is_running) or _moved(earlier, later, dead)):
        return replace(earlier, revised_by=later.lead.claim.id)
    return earlier


def _is_vaguer(later: Bounds, earlier: Bounds) -> bool:
    """True for "several" after "seven": a vaguer word for the same figure changes nothing."""
    return meet(later, earlier) == earlier


def _one_voice(a: Settled, b: Settled) -> bool:
    same_teller = bool(a.lead.claim.event.attribution) and a.teller == b.teller
    same_paper = a.lead.publisher is not None and a.lead.publisher == b.lead.publisher and a.teller == b.teller
    return same_teller or same_paper or (a.lead.witness == b.lead.witness and a.teller == b.teller)


def _risen(earlier: Settled, later: Settled, is_running: bool) -> bool:
    return is_running and earlier.lead.told < later.lead.told and is_above(later.bounds, earlier.bounds)


def dead_by_document(killed: Sequence[Settled]) -> Dead:
    """How many dead each document tells of, at least, by the settled figures of the killed."""
    return {s.lead.claim.document: s.bounds.low for s in killed}


def _moved(earlier: Settled, later: Settled, dead: Dead) -> bool:
    """True if no more injured are missing from the later telling than it has more dead."""
    if not is_above(earlier.bounds, later.bounds) or later.bounds.high is None:
        return False
    before, after = (dead.get(s.lead.claim.document) for s in (earlier, later))
    return before is not None and after is not None and 0 < earlier.bounds.low - later.bounds.high <= after - before


def revisions(what: str, side: str | None, figures: Sequence[Figure], settled: Sequence[Settled]) -> Iterator[Revision]:
    """Each change of a figure, in the order of telling: what was revised, and then what was corrected or taken back."""
    by_claim = {s.lead.claim.id: s for s in settled}
    for earlier in settled:
        if earlier.revised_by is None:
            continue
        later = by_claim[earlier.revised_by]
        kind, reason = _kind_of_change(earlier, later)
        yield Revision(
            what, side, kind, earlier.bounds, later.bounds, later.lead.told, later.lead.known_at, later.teller,
            earlier.lead.claim.id, later.lead.claim.id, reason,
        )  # fmt: skip
    for figure in figures:
        testimony = figure.testimony
        if testimony.is_retracted:
            yield Revision(
                what, side, RevisionKind.RETRACTED, figure.bounds, None, testimony.told, testimony.known_at, teller_of(testimony),
                figure.claim, figure.claim, "its publisher took it back",
            )  # fmt: skip
        elif testimony.superseded_by is not None:
            yield _correction(figure, settled)


def _correction(figure: Figure, settled: Sequence[Settled]) -> Revision:
    """What took the place of a superseded figure; the text that supersedes it gives none: nothing."""
    by = figure.testimony.superseded_by or ""
    after = next((s for s in settled if by in {s.lead.claim.id, s.lead.claim.document}), None)
    told = after.lead if after is not None else figure.testimony
    return Revision(
        what=figure.what,
        side=figure.side,
        kind=RevisionKind.CORRECTED,
        before=figure.bounds,
        after=after.bounds if after is not None else None,
        told=told.told,
        known_at=told.known_at,
        by=teller_of(told),
        earlier=figure.claim,
        later=by,
        reason="a correction or a later version of the same text",
    )


def _kind_of_change(earlier: Settled, later: Settled) -> tuple[RevisionKind, str]:
    change = f"{in_words(earlier.bounds)}, then {in_words(later.bounds)}"
    voice = "by the same voice" if _one_voice(earlier, later) else "told later"
    if is_above(later.bounds, earlier.bounds):
        return RevisionKind.RAISED, f"{change}: higher, {voice}"
    if is_above(earlier.bounds, later.bounds):
        if _one_voice(earlier, later):
            return RevisionKind.LOWERED, f"{change}: lower, {voice}"
        return RevisionKind.MOVED, f"{change}: as many more had died"
    if meet(earlier.bounds, later.bounds) == later.bounds:
        return RevisionKind.NARROWED, f"{change}: finer, {voice}"
    return RevisionKind.WIDENED, f"{change}: other bounds, {voice}"


def accounts(figures: Sequence[Figure], settled: Sequence[Settled]) -> tuple[Account, ...]:
    """Every figure told, by value and standing; those of most witnesses first."""
    revised = {c for s in settled if s.revised_by is not None for c in s.claims} - {
        c for s in settled if s.revised_by is None for c in s.claims
    }
    grouped: dict[tuple[Bounds, Standing], list[Figure]] = defaultdict(list)
    for figure in figures:
        grouped[figure.bounds, standing_of(figure.testimony, is_revised=figure.claim in revised)].append(figure)
    accounts = (account(bounds, [f.testimony for f in group], standing) for (bounds, standing), group in grouped.items())
    return tuple(sorted(accounts, key=account_order))


def meet_all(values: Iterable[Bounds]) -> Bounds | None:
    """What all allow; no figure is allowed by all: None."""
    met: Bounds | None = Bounds(0.0, None)
    for value in values:
        met = meet(met, value) if met is not None else None
    return met
