"""What every plot has: a title, what was asked, room for pictures, notes and where it comes from; and one style.

Colours are of Okabe and Ito's set, which people of any colour sight tell apart; nothing is told by colour alone, so that it reads
in print without any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from dateline.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, GREY, INK, PALE = "#0072B2", "#D55E00", "#009E73", "#8a8a8a", "#1a1a1a", "#a9cde3"

WIDTH = 7.2
"""Inches: a page's text is as wide."""

LEFT, RIGHT = 0.82, 0.12
LINE, SMALL = 0.16, 0.125
"""Inches that a line of the text and of the notes takes."""

STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8.5,
    "axes.edgecolor": "#555555",
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.5,
    "xtick.color": "#333333",
    "ytick.color": "#333333",
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "dateline",
    "pdf.fonttype": 42,
}
"""Text stays text in SVG and PDF: it can be searched, and read aloud."""


@dataclass(frozen=True)
class Words:
    """What stands around a plot. `asked` says which events, `source` which ledger as of when; empty: nothing stands there."""

    title: str
    asked: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()


class PlotError(Exception):
    """There is nothing to plot, or not as asked; the message says what to do."""


@contextmanager
def styled() -> Iterator[None]:
    """The block with our style, whatever the style of who calls it. Raises MissingPlotError where matplotlib is not installed."""
    try:
        from matplotlib import rc_context
    except ImportError:
        raise MissingPlotError("plots need matplotlib: pip install 'dateline[plot]'") from None
    with rc_context(rc=STYLE):
        yield


class MissingPlotError(MissingExtraError):
    """matplotlib is not installed."""


@dataclass(frozen=True)
class Band:
    """Axes one below the other in a part of the figure: how high each is in inches, and whether they share their abscissa."""

    heights: tuple[float, ...]
    gap: float = 0.12


def framed(
    words: Words,
    band: Band,
    *,
    left: float = LEFT,
    right: float = RIGHT,
    bottom: float = 0.34,
    head: float = 0.3,
    columns: int = 1,
) -> tuple[Figure, list[Axes]]:
    """A figure as high as its parts need, with title, filter, notes and source written, and its axes from the top down.

    `left`, `right` and `bottom` are the inches that the names of the axes need, `head` what the legend and the first panel's title
    do. With several `columns` the heights are those of rows, and axes come row by row.
    """
    from dateline.plotting.shown import ShownFigure

    asked = wrap(words.asked, 108)
    notes = [*wrap(" ".join(words.notes), 150), *wrap(words.source, 150)]
    top = 0.1 + 0.24 + LINE * len(asked) + head
    foot = 0.08 + SMALL * len(notes) + 0.06
    height = top + sum(band.heights) + band.gap * (len(band.heights) - 1) + bottom + foot
    figure = ShownFigure(words, figsize=(WIDTH, height), facecolor="white")
    x = 0.12 / WIDTH
    y = height - 0.1
    figure.text(x, y / height, words.title, va="top", ha="left", fontsize=11.5, fontweight="bold", color=INK)
    y -= 0.26
    for line in asked:
        figure.text(x, y / height, line, va="top", ha="left", fontsize=8.2, color="#444444")
        y -= LINE
    y = foot - 0.06
    for line in notes:
        figure.text(x, y / height, line, va="top", ha="left", fontsize=6.6, color="#555555")
        y -= SMALL
    axes = []
    floor = height - top
    each = (WIDTH - left - right - 0.3 * (columns - 1)) / columns
    for row, tall in enumerate(band.heights):
        floor -= tall
        for column in range(columns):
            at = (left + column * (each + 0.3)) / WIDTH
            axes.append(figure.add_axes((at, floor / height, each / WIDTH, tall / height)))
        floor -= band.gap if row < len(band.heights) - 1 else 0.0
    return figure, axes


def legend(figure: Figure, handles: Sequence[Any], words: Words) -> None:
    """What the signs mean, in one line under what was asked; nothing to tell: nothing."""
    if not handles:
        return
    height = float(figure.get_figheight())
    y = height - 0.1 - 0.26 - LINE * len(wrap(words.asked, 108)) + 0.02
    figure.legend(
        handles=list(handles), loc="upper left", bbox_to_anchor=(0.06 / WIDTH, y / height), ncols=len(handles), fontsize=7.2,
        handlelength=1.5, handletextpad=0.5, columnspacing=1.4, borderaxespad=0.0, borderpad=0.2,
    )  # fmt: skip


ARROW = 13.0
"""Points that the arrow of an open end reaches, whatever the scale: it says that there is more, and not how much."""


def open_end(axes: Axes, x: Any, y: float, *, is_upright: bool) -> None:
    """A dotted line with a head from a bound that has no other end, upwards or to the right."""
    from matplotlib.transforms import offset_copy

    way = (0.0, ARROW) if is_upright else (ARROW, 0.0)
    line = {"arrowstyle": "-", "color": BLUE, "linestyle": ":", "linewidth": 1.0, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (x, y), way, textcoords="offset points", arrowprops=line, zorder=3)
    moved = offset_copy(axes.transData, fig=axes.figure, x=way[0], y=way[1], units="points")
    axes.plot([x], [y], marker="^" if is_upright else ">", color=BLUE, markersize=4, transform=moved, zorder=3, clip_on=False)


def count_axis(axes: Axes) -> None:
    """Whole numbers with commas on the ordinate, which begins at nought."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=2))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_ylim(bottom=0)
