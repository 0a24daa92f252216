"""How protests were met: shares from what is told to what silence may hide, and how many were detained for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dateline.analysis.notes import in_figures
from dateline.analysis.response import Met, ResponseTable, notes_of
from dateline.plotting.frame import ARROW, BLUE, GREEN, INK, ORANGE, Band, PlotError, Words, framed, legend, open_end, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 40
"""Groups of one picture."""


def words_of(table: ResponseTable, *, title: str = "", asked: str = "", source: str = "") -> Words:
    """What stands around the plot."""
    notes = notes_of(table)
    notes += [f"The first {MOST} of {len(table.groups):,} groups are shown."] if len(table.groups) > MOST else []
    return Words(title or f"How protests were met, by {table.by}", asked, source, tuple(notes))


def plot_response(table: ResponseTable, words: Words | None = None) -> Figure:
    """A row for each group: the shares met with force and with arrests, and the figure for each protest.

    Raises PlotError where there is no protest, and MissingPlotError without matplotlib.
    """
    words = words or words_of(table)
    groups = [*table.groups[:MOST], *((table.all,) if len(table.groups) > 1 else ())]
    if not groups or not table.all.protests:
        raise PlotError("none of these events is a protest: there is nothing to draw")
    with styled():
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch

        longest = max(len(g.key) for g in groups)
        figure, (shares, each) = framed(
            words, Band((0.34 * len(groups) + 0.25,)), left=min(2.4, max(1.0, 0.068 * (longest + 6))), columns=2, bottom=0.46
        )
        for n, g in enumerate(groups):
            y = len(groups) - n
            _share(shares, g.force, y + 0.16, ORANGE, "////")
            _share(shares, g.arrests, y - 0.16, BLUE, "\\\\\\\\")
        shares.set_xlim(0, 1)
        shares.set_xticks([0, 0.25, 0.5, 0.75, 1])
        shares.set_xticklabels(["0", "25", "50", "75", "100 %"])
        shares.set_xlabel("of protests", fontsize=7.5)
        shares.set_yticks(range(1, len(groups) + 1))
        shares.set_yticklabels([f"{g.key[:32]} ({g.protests:,})" for g in reversed(groups)], fontsize=7)
        _each(each, [(g.each_low, g.each_high) for g in groups], table.figure)
        for axis in (shares, each):
            axis.set_ylim(0.4, len(groups) + 0.6)
            axis.grid(axis="x", visible=True)
            axis.grid(axis="y", visible=False)
        signs = [
            Patch(facecolor=ORANGE, label="met with force"),
            Patch(facecolor=BLUE, label="with arrests"),
            Patch(facecolor="white", edgecolor=INK, hatch="////", label="no report says"),
            Line2D([], [], marker="|", color=GREEN, linestyle="-", label="interval, of those told"),
        ]
        legend(figure, signs, words)
    return figure


def _share(axes: Axes, met: Met, y: float, colour: str, hatch: str) -> None:
    """Solid what is told, hatched what silence may hide, and above them the interval of those of which a response is told."""
    axes.barh(y, met.low, 0.26, color=colour, zorder=2)
    axes.barh(y, met.high - met.low, 0.26, left=met.low, facecolor="white", edgecolor=colour, hatch=hatch, linewidth=0.5, zorder=1)
    if met.share is not None:
        axes.plot([met.share_low, met.share_high], [y, y], color=GREEN, linewidth=1.0, marker="|", markersize=5, zorder=3)
        axes.plot([met.share], [y], "o", color=GREEN, markersize=2.6, zorder=4)


def _each(axes: Axes, bounds: list[tuple[float | None, float | None]], figure: str) -> None:
    top = max([max(low or 0.0, high or 0.0) for low, high in bounds] + [1.0])
    for n, (low, high) in enumerate(bounds):
        y = len(bounds) - n
        if low is None:
            axes.text(top * 0.02, y, "no figure told", va="center", fontsize=6.6, color="#777777")
            continue
        axes.barh(y, low, 0.4, color=BLUE, zorder=2)
        if high is None:
            open_end(axes, low, y, is_upright=False)
        elif high > low:
            axes.barh(y, high - low, 0.4, left=low, facecolor="white", edgecolor=BLUE, hatch="////", linewidth=0.5, zorder=1)
        end = high if high is not None else low
        said = in_figures(round(low, 1), None if high is None else round(high, 1))
        axes.annotate(
            said, (end, y), (ARROW + 5 if high is None else 3, 0), textcoords="offset points", va="center", fontsize=6.8, color=INK
        )
    axes.set_xlim(0, top * 1.35)
    axes.set_yticks([])
    axes.set_xlabel(f"{figure} for each protest", fontsize=7.5)
    axes.spines["left"].set_visible(True)
