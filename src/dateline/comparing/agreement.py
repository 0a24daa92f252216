"""What the pairs come to: how far two coders have the same events, by period, place and kind, and say the same of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateline.comparing.matching import Match, matched
from dateline.comparing.occurrences import Occurrence
from dateline.knowledge.comparing import MatchRules
from dateline.ledger.quality import Rate
from dateline.linking.agreement import kilometres


@dataclass(frozen=True)
class Share:
    """So many of `n`, with the interval that holds the true share in 95 of 100 samples (Wilson 1927)."""

    count: int
    n: int
    share: float | None
    low: float
    high: float


def share_of(count: int, n: int) -> Share:
    """The share with its interval; of nothing: None, from 0 to 1."""
    rate = Rate(count, n)
    return Share(count, n, rate.share, rate.low, rate.high)


@dataclass(frozen=True)
class Group:
    """One period, country, province or type: how many events either has, how many both, and what share of each other's they have.

    A pair stands in the group of our event. `overlap` is the share of all events that both have.
    """

    key: str
    ours: int
    theirs: int
    both: int
    only_ours: int
    only_theirs: int
    of_ours: Share
    of_theirs: Share
    overlap: Share


@dataclass(frozen=True)
class Field:
    """On how many of the pairs in which both say something of a field they say the same."""

    name: str
    alike: Share


@dataclass(frozen=True)
class FigureAgreement:
    """A kind of figure over the pairs in which both give one: whether the bounds meet, and whose are the higher where not."""

    what: str
    meet: Share
    ours_higher: int
    theirs_higher: int
    only_ours: int
    only_theirs: int


@dataclass(frozen=True)
class Aside:
    """Events that were not compared, and why: they have no day, or lie outside of what the other covers."""

    whose: str
    why: str
    events: int


@dataclass(frozen=True)
class Comparison:
    """Two coders compared. `first` to `last` are the days that were; None: none has a day.

    `only_ours` and `only_theirs` are in order of time. `groups` by what they group: "type", "country", "province", and the period.
    """

    first: date | None
    last: date | None
    all: Group
    groups: Mapping[str, tuple[Group, ...]]
    fields: tuple[Field, ...]
    figures: tuple[FigureAgreement, ...]
    pairs: tuple[Match, ...]
    only_ours: tuple[Occurrence, ...]
    only_theirs: tuple[Occurrence, ...]
    aside: tuple[Aside, ...]


def compared(
    ours: Sequence[Occurrence], theirs: Sequence[Occurrence], rules: MatchRules, period_of: Callable[[date], str], *, by: str
) -> Comparison:
    """The comparison, over what both cover: the days from the later beginning to the earlier end, and the types and countries that
    either has at all. What lies outside is set aside and counted, since a coder lacks nothing that he never looked at.

    `period_of` names the period of a day, `by` what such periods are called.
    """
    window, slack = _window(ours, theirs), timedelta(days=rules.within)
    aside: list[Aside] = []
    one = _within("ours", ours, theirs, window, slack, aside)
    other = _within("theirs", theirs, ours, window, slack, aside)
    pairs = matched(one, other, rules)
    in_pairs = {m.ours.id for m in pairs}, {m.theirs.id for m in pairs}
    only_ours = tuple(o for o in one if o.id not in in_pairs[0])
    only_theirs = tuple(o for o in other if o.id not in in_pairs[1])
    keys: dict[str, Callable[[Occurrence], str]] = {
        by: lambda o: period_of(o.first) if o.first else "no day",
        "type": lambda o: o.type,
        "country": lambda o: o.country or "no country",
        "province": lambda o: ", ".join(name for name in (o.admin1, o.country) if name) or "no place",
    }
    groups = {name: _grouped(pairs, only_ours, only_theirs, key, is_time=name == by) for name, key in keys.items()}
    return Comparison(
        first=window[0] if window else None,
        last=window[1] if window else None,
        all=_group("all", len(pairs), len(only_ours), len(only_theirs)),
        groups=groups,
        fields=tuple(_fields(pairs, rules)),
        figures=tuple(_figures(pairs)),
        pairs=tuple(sorted(pairs, key=lambda m: (m.ours.first or date.max, m.ours.id))),
        only_ours=_in_time(only_ours),
        only_theirs=_in_time(only_theirs),
        aside=tuple(aside),
    )


def _in_time(events: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    return tuple(sorted(events, key=lambda o: (o.first or date.max, o.last or date.max, o.id)))


def _window(ours: Sequence[Occurrence], theirs: Sequence[Occurrence]) -> tuple[date, date] | None:
    days = [[d for o in events for d in (o.first, o.last) if d is not None] for events in (ours, theirs)]
    if not days[0] or not days[1]:
        return None
    window = max(min(days[0]), min(days[1])), min(max(days[0]), max(days[1]))
    return window if window[0] <= window[1] else None


def _within(
    whose: str,
    events: Sequence[Occurrence],
    others: Sequence[Occurrence],
    window: tuple[date, date] | None,
    slack: timedelta,
    aside: list[Aside],
) -> list[Occurrence]:
    """Those that lie in what the others cover; how many do not is added to `aside`."""
    types, countries = {o.type for o in others}, {o.country for o in others}
    who = "they" if whose == "ours" else "we"
    kept, why = [], Counter[str]()
    for event in events:
        if event.first is None or event.last is None:
            why["no day is told"] += 1
        elif window is None or event.last < window[0] - slack or event.first > window[1] + slack:
            why["outside of the days that both cover"] += 1
        elif event.country is not None and event.country not in countries:
            why[f"in a country of which {who} have nothing"] += 1
        elif event.type not in types:
            why[f"of a type of which {who} have nothing"] += 1
        else:
            kept.append(event)
    aside += [Aside(whose, reason, number) for reason, number in why.most_common()]
    return kept


def _group(key: str, both: int, only_ours: int, only_theirs: int) -> Group:
    ours, theirs = both + only_ours, both + only_theirs
    return Group(
        key, ours, theirs, both, only_ours, only_theirs, share_of(both, ours), share_of(both, theirs),
        share_of(both, both + only_ours + only_theirs),
    )  # fmt: skip


def _grouped(
    pairs: Sequence[Match],
    only_ours: Sequence[Occurrence],
    only_theirs: Sequence[Occurrence],
    key: Callable[[Occurrence], str],
    *,
    is_time: bool,
) -> tuple[Group, ...]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for place, events in enumerate(([m.ours for m in pairs], only_ours, only_theirs)):
        for event in events:
            counts[key(event)][place] += 1
    found = [_group(name, *numbers) for name, numbers in counts.items()]
    return tuple(sorted(found, key=lambda g: (0 if is_time else -(g.ours + g.only_theirs), g.key)))


# ---------------------------------------------------------------- what both say


def _fields(pairs: Sequence[Match], rules: MatchRules) -> list[Field]:
    told: dict[str, list[bool]] = {"day": [], "place": [], "type": [], "mode": [], "parties": []}
    for match in pairs:
        one, other = match.ours, match.theirs
        told["day"].append((one.first, one.last) == (other.first, other.last))
        if one.point is not None and other.point is not None:
            is_near = kilometres(one.point, other.point) <= rules.same_kilometres
            told["place"].append(is_near or (one.place or "").lower() == (other.place or "-").lower())
        told["type"].append(one.type == other.type)
        if one.type == other.type and one.mode and other.mode:
            told["mode"].append(one.mode == other.mode)
        if one.parties and other.parties:
            told["parties"].append(bool(one.parties & other.parties))
    return [Field(name, share_of(sum(answers), len(answers))) for name, answers in told.items()]


def _figures(pairs: Sequence[Match]) -> list[FigureAgreement]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for match in pairs:
        one, other = ({f.what: f for f in side.figures} for side in (match.ours, match.theirs))
        for what in sorted(one.keys() | other.keys()):
            if what not in one or what not in other:
                counts[what]["only ours" if what in one else "only theirs"] += 1
                continue
            a, b = one[what], other[what]
            if b.high is not None and a.low > b.high:
                counts[what]["ours higher"] += 1
            elif a.high is not None and b.low > a.high:
                counts[what]["theirs higher"] += 1
            else:
                counts[what]["meet"] += 1
    found = []
    for what, told in counts.items():
        n = told["meet"] + told["ours higher"] + told["theirs higher"]
        found.append(
            FigureAgreement(
                what, share_of(told["meet"], n), told["ours higher"], told["theirs higher"], told["only ours"], told["only theirs"]
            )
        )
    return sorted(found, key=lambda f: (-f.meet.n, -f.only_ours - f.only_theirs, f.what))
