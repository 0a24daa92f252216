"""All kinds of figure, one below the other, from the least to the most that reports allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dateline.analysis.notes import in_figures
from dateline.analysis.tallies import Tallies, notes_of
from dateline.plotting.frame import BLUE, INK, ORANGE, Band, PlotError, Words, framed, legend, open_end, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 20
"""Kinds of one picture."""


def words_of(tallies: Tallies, *, title: str = "", asked: str = "", source: str = "") -> Words:
    """What stands around the plot."""
    return Words(title or "How many, with bounds", asked, source, tuple(notes_of(tallies)))


def plot_tallies(tallies: Tallies, words: Words | None = None) -> Figure:
    """A line for each kind of figure from its lower to its upper bound, on an axis of powers of ten; an arrow where it is open.

    Raises PlotError where there is no figure, and MissingPlotError without matplotlib.
    """
    words = words or words_of(tallies)
    sums = [one for one in tallies.sums if one.low or one.high][:MOST]
    if not sums:
        raise PlotError("none of these events has a figure that can be put together: there is nothing to draw")
    with styled():
        from matplotlib.lines import Line2D
        from matplotlib.ticker import FuncFormatter

        figure, (axes,) = framed(words, Band((0.34 * len(sums) + 0.2,)), left=1.35, right=2.35)
        top = max(max(one.high or 0.0, one.low) for one in sums)
        axes.set_xscale("log")
        axes.set_xlim(0.8, top * 2.5)
        used = set()
        for n, one in enumerate(sums):
            y, low = len(sums) - n, max(one.low, 0.8)
            is_single = one.single >= one.events
            used.add("one" if is_single else "several")
            face = "white" if is_single else BLUE
            if one.high is None:
                used.add("open")
                open_end(axes, low, y, is_upright=False)
            elif one.high > one.low:
                axes.plot([low, one.high], [y, y], color=BLUE, linewidth=4, alpha=0.45, solid_capstyle="butt", zorder=1)
            axes.plot([low], [y], "o", color=BLUE, markerfacecolor=face, markersize=6, zorder=3)
            if one.disputed:
                used.add("differ")
                axes.plot([low], [y + 0.33], "D", color=ORANGE, markersize=4, markeredgecolor=INK, markeredgewidth=0.5, zorder=4)
            said = f"{one.events:,} with, {one.without:,} without"
            beside = {"transform": axes.get_yaxis_transform(), "va": "center", "fontsize": 7, "color": INK}
            axes.text(1.02, y, in_figures(one.low, one.high), fontweight="bold", **beside)
            axes.text(1.24, y, said, **beside)
        axes.set_yticks(range(1, len(sums) + 1))
        axes.set_yticklabels([one.what for one in reversed(sums)], fontsize=8)
        axes.set_ylim(0.4, len(sums) + 0.7)
        axes.grid(axis="x", visible=True)
        axes.grid(axis="y", visible=False)
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        signs = {
            "several": Line2D([], [], marker="o", color=BLUE, linestyle="", label="two texts or more"),
            "one": Line2D([], [], marker="o", color=BLUE, markerfacecolor="white", linestyle="", label="each from one text"),
            "open": Line2D([], [], color=BLUE, linestyle=":", marker=">", markersize=4, label="or more"),
            "differ": Line2D(
                [], [], marker="D", color=ORANGE, linestyle="", markersize=4, markeredgecolor=INK, label="reports differ"
            ),
        }
        legend(figure, [sign for name, sign in signs.items() if name in used], words)
    return figure
