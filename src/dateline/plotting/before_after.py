"""Before a day and after it: the days themselves, and the rate of either side with what it may be by chance."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from dateline.analysis.before_after import BeforeAfter, notes_of
from dateline.analysis.series import EVENTS
from dateline.plotting.frame import GREEN, INK, ORANGE, Words
from dateline.plotting.series import plot_series

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def words_of(found: BeforeAfter, *, title: str = "", asked: str = "", source: str = "") -> Words:
    """What stands around the plot."""
    what = "Events" if found.of == EVENTS else found.of.capitalize()
    return Words(title or f"{what} before and after {found.on:%-d %B %Y}", asked, source, tuple(notes_of(found)))


def plot_before_after(found: BeforeAfter, words: Words | None = None) -> Figure:
    """The series by day with the day as a line, and on either side the mean a day; of events with the interval that it may lie in.

    Raises PlotError where no event has a day, and MissingPlotError without matplotlib.
    """
    figure = plot_series(found.series, words or words_of(found))
    axes = figure.axes[0]
    middle = datetime.combine(found.on, time.min) - timedelta(hours=12)
    for axis in figure.axes:
        axis.axvline(middle, color=INK, linewidth=0.9, linestyle="--", zorder=5)
        axis.set_xlim(
            datetime.combine(found.before.first, time.min) - timedelta(hours=14),
            datetime.combine(found.after.last, time.min) + timedelta(hours=14),
        )
    half = timedelta(hours=12)
    for side, colour in ((found.before, GREEN), (found.after, ORANGE)):
        ends = [datetime.combine(side.first, time.min) - half, datetime.combine(side.last, time.min) + half]
        axes.plot(ends, [side.rate, side.rate], color=colour, linewidth=1.4, zorder=4)
        if side.rate_low is not None and side.rate_high is not None:
            axes.fill_between(ends, side.rate_low, side.rate_high, color=colour, alpha=0.18, linewidth=0, zorder=3)
        said = f"{side.rate:,.1f} a day"
        at = ends[0] if side is found.before else ends[1]
        axes.annotate(
            said, (at, side.rate), (3 if side is found.before else -3, 3), textcoords="offset points",
            ha="left" if side is found.before else "right", fontsize=7.2, fontweight="bold", color=INK, zorder=6,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": colour, "linewidth": 0.6, "alpha": 0.9},
        )  # fmt: skip
    return figure
