"""A series as bars that are solid up to what is certain and hatched up to what may be, with what is not told below them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from dateline.analysis.notes import in_figures
from dateline.analysis.series import EVENTS, Line, Point, Series, notes_of
from dateline.plotting.frame import (
    ARROW,
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    Band,
    PlotError,
    Words,
    count_axis,
    framed,
    legend,
    open_end,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_LINES = 6
"""Panels of one picture; what is left is named in the notes."""

MOST_BARS = 120
"""Periods up to which each has a bar of its own; more are drawn as one band."""


def words_of(series: Series, *, title: str = "", asked: str = "", source: str = "") -> Words:
    """What stands around the plot of a series; without a title it is named for what it counts."""
    named = f"{'Events' if series.of == EVENTS else series.of.capitalize()} by {series.by}"
    notes = [*notes_of(series)]
    if left := series.lines[MOST_LINES:]:
        notes.append(f"Not shown: {', '.join(f'{line.name} ({line.events:,})' for line in left)}.")
    return Words(title or (named + (f" and {series.split}" if series.split else "")), asked, source, tuple(notes))


def plot_series(series: Series, words: Words | None = None) -> Figure:
    """The series, a panel for each line; `words` stand around it (`words_of` makes them).

    Raises PlotError where no event has a day, and MissingPlotError without matplotlib.
    """
    words = words or words_of(series)
    if not series.points:
        raise PlotError("none of these events has a day: there is nothing to draw over time")
    lines = series.lines[:MOST_LINES]
    with styled():
        panel = 2.5 if len(lines) == 1 else 1.25
        has_gaps = series.of != EVENTS
        strips = (0.22, 0.22) if has_gaps else (0.22,)
        figure, axes = framed(
            words, Band((*(panel for _ in lines), *strips), 0.2 if len(lines) > 1 else 0.12), head=0.42 if series.split else 0.3
        )
        panels, below = axes[: len(lines)], axes[len(lines) :]
        signs: dict[str, Any] = {}
        for one, axis in zip(lines, panels, strict=True):
            signs |= _panel(axis, one, series)
        if has_gaps:
            _strip(below[0], lines[0].points if len(lines) == 1 else _merged(lines), "without", "no figure", is_hollow=True)
        _strip(below[-1], lines[0].points, "documents", "reports", is_hollow=False)
        _abscissa([*panels, *below], lines[0].points)
        legend(figure, list(signs.values()), words)
    return figure


def _panel(axes: Axes, line: Line, series: Series) -> dict[str, Any]:
    """Draws the line; gives the signs that were used, by their meaning."""
    told = [p for p in line.points if p.low is not None]
    top = max([p.high if p.high is not None else (p.low or 0) for p in told] + [p.low or 0 for p in told] + [1.0])
    is_figure = series.of != EVENTS
    if len(line.points) <= MOST_BARS:
        signs = _bars(axes, told, line.points, is_figure)
    else:
        signs = _bands(axes, told, line.points, top)
    count_axis(axes)
    axes.set_ylim(0, top * (1.16 if is_figure else 1.06))
    if series.split:
        axes.set_title(f"{line.name}  ({line.events:,})", loc="left", fontsize=8.2, color=INK, pad=2)
    else:
        axes.set_ylabel(series.of, fontsize=8)
    return signs


def _middle(point: Point) -> date:
    return point.first + timedelta(days=(point.last - point.first).days // 2)


MOST_LABELS = 18
"""Bars up to which each has its bounds written above it."""


def _bars(axes: Axes, told: Sequence[Point], points: Sequence[Point], is_figure: bool) -> dict[str, Any]:
    """Solid what two texts or more tell, outlined what rests on one, hatched what may be, an arrow where there is no upper end."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    width = max(1, (points[0].last - points[0].first).days + 1) * 0.78
    used: set[str] = set()
    is_labelled = sum(1 for p in told if p.low or p.high is None or p.high) <= MOST_LABELS
    for point in told:
        x, low, high = _middle(point), point.low or 0.0, point.high
        for name, bottom, size in _certain(point, is_figure):
            used.add(name)
            axes.bar(x, size, width, bottom=bottom, color=FACES[name], edgecolor=BLUE, linewidth=0.9, zorder=2)
        if high is not None and high > low:
            used.add("most")
            axes.bar(x, high - low, width, bottom=low, facecolor="white", edgecolor=BLUE, linewidth=0.6, hatch="/////", zorder=1)
        raised = 2.0
        if high is None:
            used.add("open")
            open_end(axes, x, low, is_upright=True)
            raised += ARROW + 2
        if point.disputed:
            used.add("differ")
            axes.plot(
                [x], [high if high is not None else low], marker="D", color=ORANGE, markersize=4.5, markeredgecolor=INK,
                markeredgewidth=0.5, zorder=4, clip_on=False,
            )  # fmt: skip
            raised = max(raised, 5.0)
        if is_figure and is_labelled and (low or high is None or high):
            top = high if high is not None else low
            label = in_figures(low, high)
            axes.annotate(
                label, (x, top), (0, raised), textcoords="offset points", ha="center", va="bottom", fontsize=6.8, color=INK
            )
    signs = {
        **{name: Patch(facecolor=face, edgecolor=BLUE, label=SAID[name]) for name, face in FACES.items()},
        "most": Patch(facecolor="white", edgecolor=BLUE, hatch="/////", label="may be"),
        "open": Line2D([], [], marker="^", color=BLUE, linestyle=":", markersize=4, label="or more"),
        "differ": Line2D(
            [], [], marker="D", color=ORANGE, linestyle="", markersize=4.5, markeredgecolor=INK, label="reports differ"
        ),
    }
    return {name: sign for name, sign in signs.items() if name in used}


FACES = {"borne out": BLUE, "in part": PALE, "one text": "white"}
SAID = {"borne out": "two texts or more", "in part": "in part from one text", "one text": "one text"}
"""What the lower bound rests on."""


def _certain(point: Point, is_figure: bool) -> list[tuple[str, float, float]]:
    """The parts of the lower bound: what each rests on, where it begins, and how high it is. Figures cannot be taken apart."""
    low = point.low or 0.0
    if not low:
        return []
    if is_figure:
        with_figure = point.events - point.without - point.running
        name = "one text" if point.single >= with_figure else "in part" if point.single else "borne out"
        return [(name, 0.0, low)]
    parts = [("borne out", 0.0, low - point.single), ("one text", low - point.single, float(point.single))]
    return [part for part in parts if part[2] > 0]


def _bands(axes: Axes, told: Sequence[Point], points: Sequence[Point], top: float) -> dict[str, Any]:
    """Many periods: the certain part as an area, what may be as a hatched one over it, open ends as marks."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    days = [p.first for p in points]
    low = [p.low or 0.0 for p in points]
    high = [low_ if p.high is None else p.high for p, low_ in zip(points, low, strict=True)]
    axes.fill_between(days, low, step="post", color=BLUE, linewidth=0, zorder=2)
    axes.fill_between(days, low, high, step="post", facecolor="white", edgecolor=BLUE, hatch="////", linewidth=0.4, zorder=1)
    signs: dict[str, Any] = {
        "at least": Patch(facecolor=BLUE, label="at least"),
        "most": Patch(facecolor="white", edgecolor=BLUE, hatch="////", label="at most"),
    }
    ends = [p for p in told if p.high is None]
    if ends:
        xs, ys = [_middle(p) for p in ends], [(p.low or 0) + top * 0.03 for p in ends]
        axes.plot(xs, ys, "^", color=BLUE, markersize=2.5, zorder=3)
        signs["open"] = Line2D([], [], marker="^", color=BLUE, linestyle="", markersize=4, label="or more: no upper end")
    return signs


def _merged(lines: Sequence[Line]) -> list[Point]:
    """The points of the first line with how many events of all lines have no figure."""
    from dataclasses import replace

    return [replace(ps[0], without=sum(p.without for p in ps)) for ps in zip(*(line.points for line in lines), strict=True)]


def _strip(axes: Axes, points: Sequence[Point], name: str, label: str, *, is_hollow: bool) -> None:
    """A low row of bars with one number of each period: what is not told, or how much was read."""
    values = [getattr(p, name) for p in points]
    days = max(1, (points[0].last - points[0].first).days + 1)
    axes.bar(
        [_middle(p) for p in points], values, days * 0.78,
        facecolor="white" if is_hollow else GREY, edgecolor=GREY, linewidth=0.7,
    )  # fmt: skip
    most = max([*values, 1])
    axes.set_ylim(0, most * 1.15)
    axes.set_yticks([most])
    axes.set_yticklabels([f"{most:,}"], fontsize=6.5)
    axes.text(-0.035, 0.4, label, transform=axes.transAxes, ha="right", va="center", fontsize=6.8, color=INK)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)


def _abscissa(axes: Sequence[Axes], points: Sequence[Point]) -> None:
    """The same days below all panels, named under the last alone."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    margin = timedelta(days=0.6) if points[0].first == points[0].last else timedelta(days=2)
    first, last = (datetime.combine(day, time.min) for day in (points[0].first, points[-1].last))
    first, last = first - margin, last + margin
    for axis in axes:
        axis.set_xlim(first, last)
        locator = AutoDateLocator(minticks=2, maxticks=9)
        axis.xaxis.set_major_locator(locator)
        axis.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        if axis is not axes[-1]:
            axis.tick_params(labelbottom=False, bottom=False)
