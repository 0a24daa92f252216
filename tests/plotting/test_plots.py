"""Plots as files: the same bytes each time, the words in them, doubt as marks of its own, and no display."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dateline.analysis.before_after import before_after
from dateline.analysis.dyads import dyads_of
from dateline.analysis.series import series_of
from dateline.analysis.spread import spread_of
from dateline.analysis.tallies import tallies_of
from dateline.plotting import before_after as before_plot
from dateline.plotting import dyads as dyads_plot
from dateline.plotting import series as series_plot
from dateline.plotting import spread as spread_plot
from dateline.plotting import tallies as tallies_plot
from dateline.plotting.frame import STYLE, MissingPlotError, PlotError, Words
from dateline.plotting.save import figure_bytes
from dateline.runs.board import FIGURE_DIFFERS
from tests.analysis.boards import GRODNO, MONDAY, PEOPLE, POLICE, WORKERS, detained, events_of, knowledge, row

pytest.importorskip("matplotlib")

DAY = timedelta(1)
EVENTS = events_of(
    row("a", MONDAY, parties=(POLICE, PEOPLE), figures=(detained(40, None, FIGURE_DIFFERS),)),
    row("b", MONDAY + DAY, MONDAY + 2 * DAY, parties=(WORKERS,), place=GRODNO, figures=(detained(5, 9),), witnesses=1),
    row("c", MONDAY + 3 * DAY, parties=(POLICE, PEOPLE), status="asserted"),
    row("d", MONDAY, status="planned"),
)


def series() -> tuple[Any, Words]:
    found = series_of(EVENTS, knowledge(), figure="detained", by="day")
    return series_plot.plot_series(found), series_plot.words_of(found, asked="COERCE", source="Source: us")


def tallies() -> tuple[Any, Words]:
    found = tallies_of(EVENTS, knowledge())
    return tallies_plot.plot_tallies(found), tallies_plot.words_of(found)


def dyads() -> tuple[Any, Words]:
    found = dyads_of(EVENTS, knowledge(), figure="detained")
    return dyads_plot.plot_dyads(found), dyads_plot.words_of(found)


def spread() -> tuple[Any, Words]:
    found = spread_of(EVENTS)
    return spread_plot.plot_spread(found), spread_plot.words_of(found)


def before() -> tuple[Any, Words]:
    found = before_after(EVENTS, knowledge(), MONDAY + 2 * DAY, days=2)
    return before_plot.plot_before_after(found), before_plot.words_of(found)


@pytest.mark.parametrize("draw", [series, tallies, dyads, spread, before])
def test_a_plot_has_the_same_bytes_each_time_and_its_words_for_all_who_read_it(draw: Callable[[], tuple[Any, Words]]) -> None:
    one, other = (figure_bytes(figure, "svg", words) for figure, words in (draw(), draw()))
    assert one == other
    _, words = draw()
    text = one.decode()
    assert f"<title>{words.title}</title>" in text
    assert 'role="img" aria-label="' in text
    assert "1 planned" in text
    assert not re.search(r"<dc:date>", text)
    assert len(one) < 60_000


def test_bars_show_what_is_certain_what_may_be_and_what_has_no_end() -> None:
    figure, _ = series()
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts if text.get_text()] == ["40+", "5–9"]
    hatched = [bar for bar in axes.patches if bar.get_hatch()]
    assert [(bar.get_y(), bar.get_height()) for bar in hatched] == [(5, 4)]
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {
        "two texts or more", "one text", "may be", "or more", "reports differ",
    }  # fmt: skip


def test_a_notebook_shows_it_by_itself() -> None:
    figure, words = series()
    assert "<title>Detained by day</title>" in figure._repr_svg_()
    assert figure.words.title == words.title


def test_many_periods_are_drawn_as_one_band() -> None:
    found = series_of(events_of(row("a", MONDAY), row("b", MONDAY + 200 * DAY)), knowledge(), by="day")
    axes = series_plot.plot_series(found).axes[0]
    assert not axes.patches
    assert len(axes.collections) == 2


def test_a_ratio_has_its_rates_on_either_side_of_the_line() -> None:
    figure, _ = before()
    assert [t.get_text() for t in figure.axes[0].texts if t.get_text().endswith("a day")] == ["1.0 a day", "0.5 a day"]


def test_pictures_come_as_other_files_too_with_no_date_in_them() -> None:
    figure, words = tallies()
    png, pdf = (figure_bytes(figure, ending, words) for ending in ("png", "pdf"))
    assert png[:4] == b"\x89PNG"
    assert b"How many, with bounds" in png
    assert png == figure_bytes(tallies()[0], "png", words)
    assert pdf[:4] == b"%PDF"
    assert b"CreationDate" not in pdf


def test_an_ending_that_is_none_is_told_with_those_that_are() -> None:
    figure, words = tallies()
    with pytest.raises(PlotError, match="svg, png, pdf"):
        figure_bytes(figure, "gif", words)


def test_nothing_to_draw_is_said() -> None:
    nothing = events_of(row("a", None))
    with pytest.raises(PlotError, match="has a day"):
        series_plot.plot_series(series_of(nothing, knowledge()))
    with pytest.raises(PlotError, match="figure"):
        tallies_plot.plot_tallies(tallies_of(nothing, knowledge()))


def test_nothing_is_left_behind_for_plots_of_others() -> None:
    import matplotlib

    before = {name: matplotlib.rcParams[name] for name in STYLE}
    series()
    assert {name: matplotlib.rcParams[name] for name in STYLE} == before
    assert before != STYLE


def test_no_plot_is_made_through_the_state_that_pyplot_keeps() -> None:
    folder = Path(series_plot.__file__).parent
    assert not [path.name for path in folder.glob("*.py") if re.search(r"import.*pyplot|plt\.", path.read_text("utf-8"))]


def test_without_matplotlib_the_command_that_installs_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingPlotError, match=r"pip install 'dateline\[plot\]'"):
        series_plot.plot_series(series_of(EVENTS, knowledge(), by="day"))
