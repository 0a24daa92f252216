"""Figures over time, with their doubt: from the least to the most that the reports allow, open ends as arrows, disputes marked.

Inline SVG without style attributes; a table says the same in numbers beside every such picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from dateline.views import wording as say
from dateline.views.markup import Html, Part, join, tag
from dateline.views.pictures import svg

WIDTH, TOP, PLOT, COVER, BOTTOM, LEFT = 1000.0, 34.0, 210.0, 34.0, 28.0, 64.0
"""Units of the drawing: its width, the air above, the height of figures and of coverage, of the names below, and of those left."""

OPEN = 34.0
"""How far the arrow of an open end rises."""

MOST_NAMES, LONGEST = 12, 11
"""Names that the rule below has room for, and letters of one that is no day."""


@dataclass(frozen=True)
class Band:
    """One group of events: a month, a country. `high` None is open; `low` None: no event of it has a figure.

    `without` are its events that have no figure, `disputed` those on whose figure reports differ. `documents` were published in its
    days (None: it has none of its own). `href` leads to what it is made of.
    """

    name: str
    low: float | None
    high: float | None
    without: int = 0
    disputed: int = 0
    documents: int | None = None
    href: str | None = None


def bands_picture(bands: Sequence[Band], what: str, *, is_time: bool) -> Html:
    """Bands side by side over one rule that begins at nothing, with how many documents there were below. No band: nothing."""
    if not bands:
        return Html("")
    top = _round_up(max([b.high if b.high is not None else 0.0 for b in bands] + [b.low or 0.0 for b in bands] + [1.0]))
    step = (WIDTH - LEFT) / len(bands)
    parts: list[Part] = [_rule(top)]
    most = max((b.documents or 0 for b in bands), default=0)
    for number, band in enumerate(bands):
        x = LEFT + step * number
        parts.append(_band(band, x, step, top))
        if band.documents is not None and most:
            parts.append(_cover(band, x, step, most))
    parts.append(_names(bands, step, is_time))
    if most:
        parts.append(tag("text", f"documents, up to {most:,}", class_="axis", x=LEFT + 4, y=TOP + PLOT + 14))
    label = f"{what} by {'time' if is_time else 'group'}: {len(bands)} groups; the table below has every figure"
    return svg(WIDTH, TOP + PLOT + COVER + BOTTOM, *parts, class_="bands", label=label, has_links=True)


def _y(value: float, top: float) -> float:
    return TOP + PLOT * (1 - min(1.0, value / top))


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20 …"""
    power = 10.0 ** floor(log10(max(value, 1.0)))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= value)


def _rule(top: float) -> Html:
    lines: list[Part] = []
    for share in (0.0, 0.5, 1.0):
        y = _y(top * share, top)
        lines.append(tag("line", class_="tick", x1=LEFT, x2=WIDTH, y1=f"{y:.1f}", y2=f"{y:.1f}"))
        lines.append(tag("text", say.figure(top * share), class_="axis end", x=LEFT - 8, y=f"{y + 4:.1f}"))
    return join(lines)


def _band(band: Band, x: float, step: float, top: float) -> Html:
    """From the least to the most; an exact figure is a bar with a lid, an open end an arrow."""
    inset = min(4.0, step * 0.15)
    left, width = x + inset, max(1.0, step - 2 * inset)
    middle = left + width / 2
    drawn: list[Part] = [tag("title", _in_words(band))]
    if band.low is not None:
        low = _y(band.low, top)
        high = _y(band.high if band.high is not None else band.low, top)
        drawn.append(
            tag("rect", class_="sure", x=f"{left:.1f}", y=f"{low:.1f}", width=f"{width:.1f}", height=f"{_y(0, top) - low:.1f}")
        )
        if low - high > 0.5:
            drawn.append(
                tag("rect", class_="doubt-band", x=f"{left:.1f}", y=f"{high:.1f}", width=f"{width:.1f}", height=f"{low - high:.1f}")
            )
        drawn.append(tag("line", class_="lid", x1=f"{left:.1f}", x2=f"{left + width:.1f}", y1=f"{low:.1f}", y2=f"{low:.1f}"))
        if band.high is None:
            drawn.append(_open_end(middle, low))
        if band.disputed:
            above = high - (OPEN + 12 if band.high is None else 8)
            drawn.append(tag("text", "≠", class_="differ", x=f"{middle:.1f}", y=f"{max(10.0, above):.1f}"))
    elif band.without:
        drawn.append(tag("circle", class_="none", cx=f"{middle:.1f}", cy=f"{_y(0, top) - 4:.1f}", r=2.5))
    group = tag("g", *drawn)
    return tag("a", group, href=band.href) if band.href else group


def _open_end(x: float, low: float) -> Html:
    """An arrow that rises from the least that must be so: its length says nothing, since nobody told an upper bound."""
    tip = max(TOP - 14, low - OPEN)
    line = tag("line", class_="rising", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=f"{low:.1f}", y2=f"{tip + 6:.1f}")
    return join([line, tag("path", class_="open", d=f"M{x - 5:.1f} {tip + 8:.1f}l5 -9l5 9z")])


def _in_words(band: Band) -> str:
    said = f"{band.name}: {say.bounds(band.low, band.high)}" if band.low is not None else f"{band.name}: no figure"
    said += f"; {say.tally(band.without, 'event')} without a figure" if band.without else ""
    return said + (f"; reports differ on {band.disputed}" if band.disputed else "")


def _cover(band: Band, x: float, step: float, most: int) -> Html:
    height = (COVER - 16) * (band.documents or 0) / most
    y = TOP + PLOT + COVER - height
    return tag("rect", class_="cover", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{max(0.5, step - 0.5):.1f}", height=f"{height:.1f}")


def _short(name: str, is_time: bool) -> str:
    return name if is_time or len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def _names(bands: Sequence[Band], step: float, is_time: bool) -> Html:
    """Names below, as many as there is room for; of a row in time the first, the last and evenly between."""
    every = ceil(len(bands) / MOST_NAMES)
    y = TOP + PLOT + COVER + 18
    shown = [
        tag("text", _short(band.name, is_time), class_="axis mid", x=f"{LEFT + step * (number + 0.5):.1f}", y=y)
        for number, band in enumerate(bands)
        if number % every == 0
    ]
    return join(shown)
