"""A wave: how many places it reached by each day, between which days each was reached, and where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import cos, radians
from typing import TYPE_CHECKING

from dateline.analysis.spread import Reached, Spread, notes_of
from dateline.plotting.frame import BLUE, GREY, INK, PALE, Band, PlotError, Words, count_axis, framed, legend, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 25
"""Places that have a line of their own."""

MOST_LABELS = 12
"""Points of the map that bear their number."""


def words_of(spread: Spread, *, title: str = "", asked: str = "", source: str = "") -> Words:
    """What stands around the plot."""
    many = {"place": "places", "province": "provinces", "country": "countries", "sector": "sectors", "actor": "actors"}[spread.over]
    notes = notes_of(spread)
    notes += [f"The first {MOST} of {len(spread.reached):,} are named."] if len(spread.reached) > MOST else []
    return Words(title or f"How it spread over {many}", asked, source, tuple(notes))


def plot_spread(spread: Spread, words: Words | None = None) -> Figure:
    """Steps of how many were reached, a line for each with the days between which it was, and a map without a base map.

    Raises PlotError where nothing was reached, and MissingPlotError without matplotlib.
    """
    words = words or words_of(spread)
    if not spread.reached:
        raise PlotError(f"none of these events names a {spread.over} and a day: there is nothing to draw")
    named = spread.reached[:MOST]
    placed = [r for r in named if r.latitude is not None and r.longitude is not None]
    has_map = spread.over in {"place", "province"} and len({(r.latitude, r.longitude) for r in placed}) > 1
    with styled():
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch

        heights = (1.2, 0.17 * len(named) + 0.25, *((2.6,) if has_map else ()))
        left = max(0.9, 0.068 * max(len(f"{n} {r.name}") for n, r in enumerate(named, 1)) + 0.25)
        figure, axes = framed(words, Band(heights, 0.42), left=min(left, 2.6))
        _steps(axes[0], spread)
        _lines(axes[1], named)
        _days([axes[0], axes[1]], spread)
        if has_map:
            _map(axes[2], placed, [named.index(r) + 1 for r in placed])
        signs = [
            Patch(facecolor=BLUE, label="surely reached"),
            Patch(facecolor=PALE, edgecolor=BLUE, hatch="////", label="may be reached"),
            Line2D([], [], marker="o", color=BLUE, linestyle="", label="two texts or more"),
            Line2D([], [], marker="o", color=BLUE, markerfacecolor="white", linestyle="", label="one text"),
        ]
        legend(figure, signs, words)
    return figure


def _steps(axes: Axes, spread: Spread) -> None:
    days = [d.day for d in spread.days] + [spread.days[-1].day + timedelta(days=1)]
    low, high = ([getattr(d, name) for d in spread.days] for name in ("low", "high"))
    low, high = [*low, low[-1]], [*high, high[-1]]
    axes.fill_between(days, low, step="post", color=BLUE, linewidth=0, zorder=2)
    axes.fill_between(days, low, high, step="post", facecolor="white", edgecolor=BLUE, hatch="////", linewidth=0.6, zorder=1)
    axes.set_ylabel("reached by", fontsize=8)
    count_axis(axes)


def _lines(axes: Axes, named: Sequence[Reached]) -> None:
    for n, r in enumerate(named):
        y = len(named) - n
        if r.high > r.low:
            axes.plot([r.low, r.high], [y, y], color=BLUE, linewidth=3.2, alpha=0.4, solid_capstyle="butt", zorder=1)
        face = "white" if r.is_single else BLUE
        axes.plot([r.low], [y], "o", color=BLUE, markerfacecolor=face, markersize=5, zorder=2)
    axes.set_yticks(range(1, len(named) + 1))
    axes.set_yticklabels([f"{n} {r.name[:34]}" for n, r in reversed(list(enumerate(named, 1)))], fontsize=7)
    axes.set_ylim(0.3, len(named) + 0.7)
    axes.grid(axis="both", visible=True)


def _days(axes: Sequence[Axes], spread: Spread) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    for axis in axes:
        axis.set_xlim(spread.days[0].day - timedelta(days=1), spread.days[-1].day + timedelta(days=2))
        locator = AutoDateLocator(minticks=2, maxticks=9)
        axis.xaxis.set_major_locator(locator)
        axis.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes[0].tick_params(labelbottom=False)
    axes[0].xaxis.get_offset_text().set_visible(False)


def _map(axes: Axes, placed: Sequence[Reached], numbers: Sequence[int]) -> None:
    """The places by longitude and latitude, each with its number in the list; a degree is as long either way."""
    latitudes = [r.latitude for r in placed if r.latitude is not None]
    middle = (min(latitudes) + max(latitudes)) / 2
    axes.set_aspect(1 / max(0.2, cos(radians(middle))), adjustable="datalim")
    first = placed[0]
    at: dict[tuple[float, float], list[int]] = {}
    for n, r in zip(numbers, placed, strict=True):
        at.setdefault((r.longitude or 0.0, r.latitude or 0.0), []).append(n)
        if (r.longitude, r.latitude) != (first.longitude, first.latitude):
            axes.plot([first.longitude, r.longitude], [first.latitude, r.latitude], color=GREY, linewidth=0.5, zorder=1)
        face = "white" if r.is_single else BLUE
        axes.plot(
            [r.longitude], [r.latitude], "o", color=BLUE, markerfacecolor=face, markersize=4 + 2 * min(r.events, 9) ** 0.5, zorder=2
        )
    for point, several in list(at.items())[:MOST_LABELS]:
        told = ", ".join(map(str, several[:6])) + (" …" if len(several) > 6 else "")
        # The first is where the lines meet: its numbers stand on the side that has none.
        is_first = point == (first.longitude, first.latitude)
        beside = {"ha": "right", "va": "bottom"} if is_first else {"ha": "left", "va": "center"}
        axes.annotate(
            told, point, (-6, 4) if is_first else (6, 0), textcoords="offset points", fontsize=7, color=INK, zorder=3, **beside
        )
    axes.margins(0.15)
    axes.set_xlabel("longitude", fontsize=7)
    axes.set_ylabel("latitude", fontsize=7)
    axes.grid(axis="both", visible=True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(True)
