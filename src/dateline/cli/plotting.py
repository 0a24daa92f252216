"""Commands that draw what events come to: plot series, tallies, dyads, spread, response, before-after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.cli.analysing import (
    AnswerFigure,
    Around,
    Figure,
    Grouping,
    Level,
    On,
    Over,
    Period,
    Split,
    before_after_for,
    dyads_for,
    response_for,
    series_for,
    spread_for,
)
from dateline.cli.app import Exit, StopError, app
from dateline.cli.choosing import Asked, choosing, source_of
from dateline.cli.printing import say

if TYPE_CHECKING:
    from dateline.plotting.frame import Words

plot = typer.Typer(
    no_args_is_help=True,
    help="""Draws what events come to, doubt included, as SVG, PNG or PDF: series, tallies, dyads, spread, response, before-after.

    \b
    dateline plot series --figure detained -o detained.svg
    """,
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


@plot.command("tallies")
@choosing
def tallies(asked: Asked, output: Picture, title: Title = "") -> None:
    """Every kind of figure from its lower to its upper bound: killed, detained, participants, …

    \b
    dateline plot tallies --country BLR -o tallies.svg
    """
    from dateline.analysis.tallies import tallies_of
    from dateline.plotting.tallies import plot_tallies, words_of

    chosen = asked.chosen()
    found = tallies_of(asked.counted(chosen), chosen.site.accounts)
    words = words_of(found, title=title, asked=asked_in_words(asked, chosen), source=source_of(chosen))
    draw(lambda: plot_tallies(found, words), words, output)


@plot.command("dyads")
@choosing
def dyads(asked: Asked, output: Picture, figure: Figure = None, level: Level = "side", title: Title = "") -> None:
    """Who does it to whom, as a matrix with bounds in its cells.

    \b
    dateline plot dyads --type COERCE --type ASSAULT -o dyads.svg
    """
    from dateline.plotting.dyads import plot_dyads, words_of

    chosen = asked.chosen()
    found = dyads_for(asked, chosen, figure, level)
    words = words_of(found, title=title, asked=asked_in_words(asked, chosen), source=source_of(chosen))
    draw(lambda: plot_dyads(found, words), words, output)


@plot.command("spread")
@choosing
def spread(asked: Asked, output: Picture, over: Over = "place", title: Title = "") -> None:
    """How a wave spreads: how many places by each day, when each was reached, and where they lie.

    \b
    dateline plot spread --type PROTEST --mode strike -o spread.svg
    """
    from dateline.plotting.spread import plot_spread, words_of

    chosen = asked.chosen()
    found = spread_for(asked, chosen, over)
    words = words_of(found, title=title, asked=asked_in_words(asked, chosen), source=source_of(chosen))
    draw(lambda: plot_spread(found, words), words, output)


@plot.command("response")
@choosing
def response(asked: Asked, output: Picture, figure: AnswerFigure = "detained", by: Grouping = None, title: Title = "") -> None:
    """How protests were met: shares from what is told to what silence may hide, and how many detained for each.

    \b
    dateline plot response --by week -o response.svg
    """
    from dateline.plotting.response import plot_response, words_of

    chosen = asked.chosen()
    found = response_for(asked, chosen, figure, by)
    words = words_of(found, title=title, asked=asked_in_words(asked, chosen), source=source_of(chosen))
    draw(lambda: plot_response(found, words), words, output)


@plot.command("before-after")
@choosing
def before_after(asked: Asked, on: On, output: Picture, days: Around = None, figure: Figure = None, title: Title = "") -> None:
    """The days before and after a day, with the rate of either side and what it may be by chance.

    \b
    dateline plot before-after --on 2020-08-14 --days 7 -o before.svg
    """
    from dateline.plotting.before_after import plot_before_after, words_of

    chosen = asked.chosen()
    found = before_after_for(asked, chosen, on, days, figure)
    words = words_of(found, title=title, asked=asked_in_words(asked, chosen), source=source_of(chosen))
    draw(lambda: plot_before_after(found, words), words, output)


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
    from dateline.plotting.frame import PlotError

    try:
        yield
    except PlotError as fault:
        raise StopError(str(fault), Exit.USAGE) from None
