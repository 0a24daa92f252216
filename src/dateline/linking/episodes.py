"""Episodes: events of one kind that follow one another, such as a wave of strikes or the days of a protest.

An event joins an episode of its type and country when no more than a few days lie between, when it is tied to more than half of its
latest events by a party, an issue or a place, and when the episode would not grow longer than allowed. So a restless summer stays
the episodes that it consists of: each link is to most of what is there and not only to the last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateline.knowledge.accounts import AccountKnowledge
from dateline.linking.agreement import Fit, compare
from dateline.linking.outlines import Outline, ties
from dateline.linking.tallies import Counted, tally_event, tally_group
from dateline.records import Episode, EpisodeDay, GroupTally, StatusValue, Tally


@dataclass(frozen=True)
class EpisodeRules:
    """What makes an episode. Settings; the defaults are stated in docs/accounts.md."""

    gap: int = 3
    """Days without an event after which the next one begins another episode."""
    gap_of_one_matter: int = 7
    """The same for an event of the same issue or party: a movement that marches every Sunday is one."""
    longest: int = 60
    """Days from the first to the last; what goes on for longer is cut there."""
    fewest: int = 2
    """Events that make an episode, on as many different days."""
    most: float = 0.5
    """Share of the latest events that an event must be tied to, more than this."""
    sampled: int = 12
    """Latest events of an episode that a newcomer is compared with."""


def find_episodes(
    events: Sequence[Outline], knowledge: AccountKnowledge, rules: EpisodeRules = EpisodeRules()
) -> tuple[Episode, ...]:
    """The episodes, earliest first; events that are in none are in no episode. The order of the events makes no difference.

    Only what is told to have happened counts, and only events of which a first day is told and that last no longer than an episode
    may.
    """
    by_kind: dict[tuple[str, str | None], list[Outline]] = defaultdict(list)
    for event in events:
        if _has_happened(event) and event.first is not None and _days_of(event) <= rules.longest:
            by_kind[event.kind.type, event.place.country if event.place is not None else None].append(event)
    found: list[list[Outline]] = []
    for same in by_kind.values():
        found += _chain(sorted(same, key=lambda e: (e.first or date.min, e.last or date.min, e.id)), rules)
    kept = [e for e in found if len(e) >= rules.fewest and len({o.last for o in e}) >= rules.fewest]
    episodes = [_episode(members, knowledge) for members in kept]
    return tuple(sorted(episodes, key=lambda e: (e.first_day, e.id)))


def _has_happened(event: Outline) -> bool:
    return any(t.is_current and t.claim.event.status.value is StatusValue.ASSERTED for t in event.testimonies)


def _days_of(event: Outline) -> int:
    return (event.last - event.first).days + 1 if event.first is not None and event.last is not None else 1


def _end(event: Outline) -> date:
    return event.last or event.first or date.min


def _chain(events: Sequence[Outline], rules: EpisodeRules) -> list[list[Outline]]:
    """Events of one type and country, earliest first, put into episodes."""
    open_: list[list[Outline]] = []
    closed: list[list[Outline]] = []
    for event in events:
        start = event.first or date.min
        reach = timedelta(days=rules.gap_of_one_matter)
        closed += [e for e in open_ if max(map(_end, e)) + reach < start]
        open_ = [e for e in open_ if max(map(_end, e)) + reach >= start]
        best = max(open_, key=lambda e: (_share_tied(event, e, rules), -open_.index(e)), default=None)
        if best is not None and _share_tied(event, best, rules) > rules.most:
            best.append(event)
        else:
            open_.append([event])
    return [*closed, *open_]


def _share_tied(event: Outline, members: Sequence[Outline], rules: EpisodeRules) -> float:
    """The share of an episode's latest events that an event is tied to; it may not join: 0."""
    start = event.first or date.min
    if (_end(event) - min(m.first or date.min for m in members)).days >= rules.longest:
        return 0.0
    latest = members[-rules.sampled :]
    idle = (start - max(map(_end, members))).days
    tied = 0
    for member in latest:
        held = ties(event, member) if compare(event.kind, member.kind)[0] is not Fit.INCOMPATIBLE else ()
        of_one_matter = any(not h.startswith("same place") for h in held)
        tied += bool(held) and idle <= (rules.gap_of_one_matter if of_one_matter else rules.gap)
    return tied / len(latest)


def _episode(members: Sequence[Outline], knowledge: AccountKnowledge) -> Episode:
    ordered = sorted(members, key=lambda e: (e.first or date.min, e.last or date.min, e.id))
    first = min(e.first for e in ordered if e.first is not None)
    last = max(map(_end, ordered))
    reported = min(_end(e) for e in ordered)
    told_by = tuple(
        t.claim.id
        for e in ordered
        for t in e.testimonies
        if t.is_current and t.claim.event.time is not None and t.claim.event.time.first == first and first < reported
    )
    modes = Counter(e.kind for e in ordered)
    return Episode(
        id=ordered[0].id,
        kind=max(modes, key=lambda k: (modes[k], k.mode or "")),
        events=tuple(e.id for e in ordered),
        first_day=first,
        last_day=last,
        first_day_told_by=told_by,
        ties=_ties(ordered),
        timeline=tuple(
            EpisodeDay(day, tuple(e.id for e in ordered if (e.first or day) <= day <= _end(e)))
            for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        ),
        tallies=_tallies(ordered, knowledge),
    )


def _ties(members: Sequence[Outline]) -> tuple[tuple[str, int], ...]:
    """What the events share, with how many of them do, most first; shared by one alone is no tie."""
    shared: Counter[str] = Counter()
    for member in members:
        shared.update(f"party: {p}" for p in member.parties)
        shared.update(f"issue: {i}" for i in member.issues)
        if member.place is not None:
            shared[f"place: {member.place.name}"] += 1
    return tuple((tie, n) for tie, n in sorted(shared.items(), key=lambda tn: (-tn[1], tn[0])) if n > 1)[:6]


def _tallies(members: Sequence[Outline], knowledge: AccountKnowledge) -> tuple[GroupTally, ...]:
    by_event: list[tuple[Outline, dict[str, Tally]]] = [
        (m, {t.what: t for t in tally_event(m.testimonies, knowledge) if t.side is None}) for m in members
    ]
    kinds = sorted({what for _, tallies in by_event for what in tallies})
    found = (
        tally_group(what, [Counted(m.id, m.first, m.last, tallies.get(what)) for m, tallies in by_event], knowledge)
        for what in kinds
    )
    return tuple(t for t in found if t is not None)
