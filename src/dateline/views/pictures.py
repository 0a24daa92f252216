"""Small pictures for people who would rather look than read: a bar for a probability, one for bounds, the days at a glance.

All are inline SVG with fixed sizes and no style attributes, so they obey the page's content policy; what each shows is also
said in words beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor, log10, sqrt

from dateline.records import Account, Bounds, Claim, Count, Standing
from dateline.views.markup import Html, Part, join, tag

DAY = timedelta(days=1)


def svg(width: float, height: float, *parts: Part, class_: str, label: str | None = None, has_links: bool = False) -> Html:
    """A drawing of that size; with a label it is an image to a screen reader, without one it is decoration.

    `has_links`: it is a group, for what is inside an image cannot be reached.
    """
    role = "group" if has_links else "img"
    told: dict[str, str | bool] = {"role": role, "aria_label": label} if label else {"aria_hidden": "true"}
    return tag("svg", *parts, class_=class_, width=round(width), height=round(height), viewBox=f"0 0 {width:g} {height:g}", **told)


# ---------------------------------------------------------------- bars


def probability_bar(probability: float, width: int = 40) -> Html:
    """A bar filled to the probability."""
    return svg(
        width,
        6,
        tag("rect", class_="rail", width=width, height=6, rx=3),
        tag("rect", class_="fill", width=f"{max(0.0, min(1.0, probability)) * width:.1f}", height=6, rx=3),
        class_="bar",
    )


def share_bar(part: int, largest: int, width: int = 56) -> Html:
    """A bar as long as its part of the largest one."""
    return svg(width, 6, tag("rect", class_="fill", width=f"{part / max(1, largest) * width:.1f}", height=6, rx=1), class_="bar")


def bounds_bar(count: Count, largest: float, width: int = 170) -> Html:
    """Bounds on a logarithmic rule marked 1, 10, 100 …; an exact figure is a dot, an open end an arrow.

    `largest` is the largest figure of the document, so that all its bars share one rule. Percentages lie on 0 to 100.
    """
    return interval_bar(count.low, count.high, largest, width, is_percent=count.unit == "percent")


def interval_bar(
    low: float | None,
    high: float | None,
    largest: float,
    width: int = 170,
    *,
    is_percent: bool = False,
    is_disputed: bool = False,
) -> Html:
    """The same for two bounds, `high` None being open; what reports dispute is hatched at its ends."""
    decades = max(1, ceil(log10(max(largest, 10))))

    def x(value: float) -> float:
        share = value / 100 if is_percent else log10(max(value, 1)) / decades
        return 8 + min(1.0, max(0.0, share)) * (width - 28)

    ticks = {t: f"{t}%" for t in (0, 50, 100)} if is_percent else {10**d: _rounded(10**d) for d in range(decades + 1)}
    rule = [
        join(
            [tag("line", class_="tick", x1=f"{x(t):.1f}", x2=f"{x(t):.1f}", y1=3, y2=11), tag("text", name, x=f"{x(t):.1f}", y=20)]
        )
        for t, name in ticks.items()
    ]
    rail = tag("line", class_="rail", x1=8, x2=width - 20, y1=7, y2=7)
    left = x(low if low is not None else 0.0)
    extent = _extent(left, None if high is None else x(high), low == high, width)
    return svg(width, 22, rail, *rule, extent, class_=f"bounds{' disputed' if is_disputed else ''}")


def figure_over_time(accounts: Sequence[Account]) -> Html:
    """What was told of a figure on which day, a bar from bound to bound; an open end is an arrow, what no longer counts is pale.

    Days are as far apart as they were. The rule is logarithmic from the decade below the least figure. No figure: nothing.
    """
    told = [(account, account.value) for account in accounts if isinstance(account.value, Bounds)]
    if not told:
        return Html("")
    days = sorted({account.first_told for account, _ in told})
    length = max(1, (days[-1] - days[0]).days)
    ends = [end for _, value in told for end in (value.low, value.high) if end]
    low, high = floor(log10(max(1.0, min(ends, default=1.0)))), ceil(log10(max(10.0, max(ends, default=10.0)) * 1.05))
    top, height, left, width = 14, 96, 40, 420

    def x(day: date) -> float:
        return left + 30 + (day - days[0]).days / length * (width - left - 90)

    def y(value: float) -> float:
        return top + height - (log10(max(value, 10**low)) - low) / max(1, high - low) * height

    parts: list[Part] = []
    for decade in range(low, high + 1):
        at = f"{y(10**decade):.1f}"
        parts.append(tag("line", class_="tick", x1=left, x2=width, y1=at, y2=at))
        parts.append(tag("text", _rounded(10**decade), class_="rule", x=left - 6, y=f"{y(10**decade) + 3:.1f}"))
    for day in days:
        parts.append(tag("text", f"{day.day} {day:%b} {day.year}", class_="day", x=f"{x(day):.1f}", y=top + height + 16))
    placed: dict[date, int] = {}
    for account, value in told:
        place = placed[account.first_told] = placed.get(account.first_told, -1) + 1
        parts.append(_told_bar(account, value, x(account.first_told) + place * 9, y, top))
    return svg(width, top + height + 24, *parts, class_="overtime")


def _told_bar(account: Account, value: Bounds, at: float, y: Callable[[float], float], top: float) -> Html:
    """One value as it was told, with its words above or beside it."""
    out = "" if account.standing is Standing.CURRENT else " out"
    bottom = y(value.low)
    name = tag("text", account.in_words, class_="words", x=f"{at + 9:.1f}", y=f"{bottom + 3:.1f}")
    if value.high is None:
        line = tag("line", class_="extent", x1=f"{at:.1f}", x2=f"{at:.1f}", y1=f"{bottom:.1f}", y2=top)
        mark = join([line, tag("path", class_="arrow", d=f"M{at - 5:.1f} {top}l5 -8l5 8z")])
    elif value.high == value.low:
        mark = tag("circle", class_="dot", cx=f"{at:.1f}", cy=f"{bottom:.1f}", r=4)
    else:
        upper = min(y(value.high), bottom - 4)
        mark = tag("line", class_="extent", x1=f"{at:.1f}", x2=f"{at:.1f}", y1=f"{bottom:.1f}", y2=f"{upper:.1f}")
    return tag("g", mark, name, class_=f"told{out}")


def _rounded(value: int) -> str:
    return (
        f"{value // 10**9}bn"
        if value >= 10**9
        else f"{value // 10**6}m"
        if value >= 10**6
        else f"{value // 1000}k"
        if value >= 1000
        else str(value)
    )


def _extent(left: float, right: float | None, is_exact: bool, width: int) -> Html:
    if is_exact:
        return tag("circle", class_="dot", cx=f"{left:.1f}", cy=7, r=4)
    if right is None:
        line = tag("line", class_="extent", x1=f"{left:.1f}", x2=width - 10, y1=7, y2=7)
        return join([line, tag("path", class_="arrow", d=f"M{width - 11} 2l8 5l-8 5z")])
    middle, half = (left + right) / 2, max(3.0, (right - left) / 2)
    return tag("line", class_="extent", x1=f"{middle - half:.1f}", x2=f"{middle + half:.1f}", y1=7, y2=7)


# ---------------------------------------------------------------- the days


CELL, GAP, LANE, TOP = 21, 3, 24, 20
"""Pixels. A cell and its gap make 24, the least that a finger or an unsteady hand can be asked to hit (WCAG 2.2, 2.5.8)."""


@dataclass(frozen=True)
class Stretch:
    """A column of the picture: the days [first, after), in which nothing begins or ends; `numbers` are the records that fill it."""

    first: date
    after: date
    numbers: tuple[int, ...]
    is_gap: bool


def days_picture(claims: tuple[Claim, ...], published: date | None) -> Html:
    """Each record in the days it is told of: one that falls in one column stands above the line, one that spans more lies below it.

    Columns are the stretches of days between any beginning and end, so an hour of news and ten years of background both fit;
    their widths are no measure of time, which is why every column is labelled. No record with a day: nothing.
    """
    spans = _dated(claims)
    if not spans:
        return Html("")
    published = min(published, date.max - DAY) if published else None
    columns = _stretches(spans, published)
    undated = tuple(n for n in range(1, len(claims) + 1) if n not in spans)
    widths = [_width(column) for column in columns]
    lefts = [sum(widths[:n]) for n in range(len(widths) + 1)]
    rows = max([_rows(c.numbers) for c in columns] + [_rows(undated)])
    axis = TOP + rows * (CELL + GAP) + 4
    drawn = [_column(column, lefts[n], widths[n], axis, published, claims) for n, column in enumerate(columns)]
    lanes = _lanes(spans, columns)
    drawn += [_range(n, lane, columns, spans[n], lefts, axis, claims) for n, lane in lanes.items()]
    right = lefts[-1]
    if undated:
        drawn.append(_undated(undated, right + 16, axis, claims))
        right += 16 + max(70, _across(len(undated)) * (CELL + GAP))
    height = axis + 40 + (max(lanes.values(), default=-1) + 1) * LANE
    label = f"The days of the records: {len(spans)} dated, {len(undated)} without a day"
    return _linked(right + 2, height, join(drawn), label)


def days_legend(claims: tuple[Claim, ...]) -> Html:
    """What solid and hatched numbers mean, where any record's day is not said by words; else nothing."""
    times = [claim.event.time for claim in claims if claim.event.time]
    if all(time.span for time in times):
        return Html("")
    size = CELL * 0.7
    solid, hatched = (
        svg(size, size, tag("rect", x=0.75, y=0.75, width=size - 1.5, height=size - 1.5, rx=2), lines, class_=f"swatch {name}")
        for name, lines in (("said", None), ("assumed", _hatching(0.75, 0.75, size - 1.5)))
    )
    return tag("p", tag("span", solid, " words say the day"), tag("span", hatched, " day inferred, no words say it"), class_="key")


def _hatching(x: float, y: float, size: float) -> Html:
    """Diagonals across a square. They are drawn one by one: a pattern fill would have to be fetched by address."""
    steps = [size * n / 3 for n in (1, 2)]
    rising = [f"M{x:.1f} {y + s:.1f}L{x + s:.1f} {y:.1f}" for s in (*steps, size)]
    rising += [f"M{x + s:.1f} {y + size:.1f}L{x + size:.1f} {y + s:.1f}" for s in steps]
    return tag("path", class_="hatch", d="".join(rising))


def _linked(width: float, height: float, parts: Html, label: str) -> Html:
    # role=group, not img: the numbers inside are links and must stay reachable.
    return tag(
        "svg",
        parts,
        class_="days",
        width=round(width),
        height=round(height),
        viewBox=f"0 0 {width:g} {height:g}",
        role="group",
        aria_label=label,
    )


def _dated(claims: tuple[Claim, ...]) -> dict[int, tuple[date | None, date | None]]:
    times = {n: claim.event.time for n, claim in enumerate(claims, 1)}
    return {n: _in_order(t.first, t.last) for n, t in times.items() if t and (t.first or t.last)}


def _in_order(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """Both days with a day after them to be drawn up to, the earlier one first."""
    first, last = (min(day, date.max - DAY) if day else None for day in (first, last))
    return (last, first) if first and last and last < first else (first, last)


def _stretches(spans: dict[int, tuple[date | None, date | None]], published: date | None) -> tuple[Stretch, ...]:
    days = [(first or last, last or first) for first, last in spans.values()]
    cuts = {first for first, _ in days if first} | {last + DAY for _, last in days if last}
    if published:
        cuts |= {published, published + DAY}
    edges = sorted(cuts)
    return tuple(
        Stretch(
            first,
            after,
            tuple(n for n, (f, t) in spans.items() if f == first and t is not None and t + DAY == after),
            not any((f or date.min) <= first and after <= (t + DAY if t else date.max) for f, t in spans.values())
            and first != published,
        )
        for first, after in pairwise(edges)
    )


def _across(number: int) -> int:
    return max(1, min(number, max(3, ceil(sqrt(number * 2)))))


def _rows(numbers: tuple[int, ...]) -> int:
    return ceil(len(numbers) / _across(len(numbers))) if numbers else 0


def _width(column: Stretch) -> int:
    if column.is_gap:
        return 26
    words = max(len(line) for line in _label(column))
    return max(words * 6 + 14, _across(len(column.numbers)) * (CELL + GAP) + 10, 44)


def _label(column: Stretch) -> tuple[str, str]:
    """Two lines: the days, and the month and year (the year is never left out)."""
    first, last = column.first, column.after - DAY
    if first == last:
        return f"{first:%a} {first.day}", f"{first:%b} {first.year}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return (str(first.year), "") if first.year == last.year else (f"{first.year}–{last.year}", "")
    if first.year != last.year:
        return f"{first.day} {first:%b} {first.year} –", f"{last.day} {last:%b} {last.year}"
    if first.month != last.month:
        return f"{first.day} {first:%b} – {last.day} {last:%b}", str(first.year)
    return f"{first.day}–{last.day}", f"{first:%b} {first.year}"


def _column(column: Stretch, left: float, width: float, axis: float, published: date | None, claims: tuple[Claim, ...]) -> Html:
    middle = f"{left + width / 2:.1f}"
    if column.is_gap:
        return tag("text", "⋯", class_="gap", x=middle, y=axis + 4)
    one, two = _label(column)
    parts = [
        tag("line", class_="axis", x1=left + 2, x2=left + width - 2, y1=axis, y2=axis),
        tag("text", one, class_="day", x=middle, y=axis + 15),
        tag("text", two, class_="month", x=middle, y=axis + 28),
        *_cells(column.numbers, left + width / 2, axis, claims),
    ]
    if column.first == published:
        parts.append(tag("text", "published", class_="published", x=middle, y=12))
    return join(parts)


def _cells(numbers: tuple[int, ...], middle: float, axis: float, claims: tuple[Claim, ...]) -> list[Html]:
    across = _across(len(numbers))
    left = middle - (across * (CELL + GAP) - GAP) / 2
    return [
        _cell(number, left + (n % across) * (CELL + GAP), axis - (n // across + 1) * (CELL + GAP), claims)
        for n, number in enumerate(numbers)
    ]


def _cell(number: int, x: float, y: float, claims: tuple[Claim, ...]) -> Html:
    event = claims[number - 1].event
    is_assumed = event.time is not None and event.time.span is None
    told = f"record {number}: {event.type} {event.mode or ''}, {event.status.value}"
    return tag(
        "a",
        tag("rect", x=f"{x:.1f}", y=f"{y:.1f}", width=CELL, height=CELL, rx=3),
        _hatching(x, y, CELL) if is_assumed else None,
        tag("text", str(number), x=f"{x + CELL / 2:.1f}", y=f"{y + 14:.1f}"),
        href=f"#r{number}",
        class_=f"cell {event.status.value}{' assumed' if is_assumed else ''}",
        data_key=f"r{number}",
        aria_label=told + (", day inferred" if is_assumed else ""),
    )


def _undated(numbers: tuple[int, ...], left: float, axis: float, claims: tuple[Claim, ...]) -> Html:
    width = max(70, _across(len(numbers)) * (CELL + GAP))
    middle = left + width / 2
    line = tag("line", class_="axis undated", x1=left, x2=left + width, y1=axis, y2=axis)
    return join(
        [line, tag("text", "no day said", class_="day", x=f"{middle:.1f}", y=axis + 15), *_cells(numbers, middle, axis, claims)]
    )


def _covered(span: tuple[date | None, date | None], columns: tuple[Stretch, ...]) -> tuple[int, int]:
    first, last = span
    start = 0 if first is None else next(n for n, c in enumerate(columns) if c.first == first)
    end = len(columns) if last is None else next(n for n, c in enumerate(columns) if c.after == last + DAY) + 1
    return start, end


def _lanes(spans: dict[int, tuple[date | None, date | None]], columns: tuple[Stretch, ...]) -> dict[int, int]:
    """A lane for each record that no single column holds, the first one that is free from its start."""
    placed = {number for column in columns for number in column.numbers}
    free: list[int] = []
    lanes = {}
    for number, (start, end) in sorted(
        ((n, _covered(s, columns)) for n, s in spans.items() if n not in placed), key=lambda item: (item[1], item[0])
    ):
        lane = next((n for n, until in enumerate(free) if until <= start), len(free))
        free[lane : lane + 1] = [end]
        lanes[number] = lane
    return lanes


def _range(
    number: int,
    lane: int,
    columns: tuple[Stretch, ...],
    span: tuple[date | None, date | None],
    lefts: list[int],
    axis: float,
    claims: tuple[Claim, ...],
) -> Html:
    start, end = _covered(span, columns)
    left, right, y = lefts[start] + 4, lefts[end] - 4, axis + 36 + lane * LANE
    openness = " ".join(word for word, is_so in (("open-start", span[0] is None), ("open-end", span[1] is None)) if is_so)
    extent = tag("line", class_=f"extent {openness}".strip(), x1=left, x2=right, y1=y + CELL / 2, y2=y + CELL / 2)
    end_mark = tag("line", class_="extent", x1=right, x2=right, y1=y + 5, y2=y + CELL - 5) if span[1] else None
    return tag("g", extent, end_mark, _cell(number, left, y, claims), class_="range")
