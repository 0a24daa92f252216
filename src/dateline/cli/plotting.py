"""Commands that draw what events come to: plot series, tallies, dyads, spread, response, before-after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.cli.analysing import Figure, Period, Split, series_for
from dateline.cli.app import Exit, StopError, app
from dateline.cli.choosing import Asked, choosing, source_of
from dateline.cli.printing import say

if TYPE_CHECKING:
    from dateline.plotting.frame import Words

plot = typer.Typer(
    no_args_is_help=True,
    help="Draws what events come to, doubt included, as SVG, PNG or PDF: series, tallies, dyads, spread, response, before-after.",
)
app.add_typer(plot, name="plot")

Picture = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE", help="The picture; .svg, .png or .pdf says as what.", show_default=False)
]
Title = Annotated[str, typer.Option("--title", metavar="TEXT", help="In place of the title that says what is drawn.")]


@plot.command("series")
@choosing
def series(asked: Asked, output: Picture, figure: Figure = None, by: Period = None, split: Split = None, title: Title = "") -> None:
    """Bars by day, week, month or year: solid up to what is certain, hatched up to what may be, open ends as arrows.

    \b
    dateline plot series --figure detained --by day -o detained.svg
    dateline plot series --split type --country BLR -o events.png
    """
    from dateline.plotting.series import plot_series, words_of

    chosen = asked.chosen()
    found = series_for(asked, chosen, figure, by, split)
    words = words_of(found, title=title, asked=asked_in_words(asked, chosen), source=source_of(chosen))
    draw(lambda: plot_series(found, words), words, output)


# ---------------------------------------------------------------- drawing


def asked_in_words(asked: Asked, chosen: Any) -> str:
    """Which events, for the line below the title; the status that counts where none was asked for is said too."""
    told = chosen.filters.words().removesuffix("reviewed by a person or not").removesuffix("; ")
    name = "Events" if asked.given["status"] else "Asserted events"
    return f"{name}: {told or 'all'}"


def draw(make: Callable[[], Any], words: Words, output: Path) -> None:
    """The picture in its file."""
    from dateline.plotting.save import write_figure

    with _explained():
        write_figure(make(), output, words)
    say(f"drawn in {output}")


@contextmanager
def _explained() -> Iterator[None]:
    from dateline.plotting.frame import MissingPlotError, PlotError

    try:
        yield
    except MissingPlotError as fault:
        raise StopError(str(fault), Exit.MISSING_PART) from None
    except PlotError as fault:
        raise StopError(str(fault), Exit.USAGE) from None
