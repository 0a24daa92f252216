"""The ten-minute tutorial can be followed: its commands run in order, in an empty folder, and print what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from bench.tutorial import PAGE, articles, shows, steps, write_articles
from dateline.cli import app

ROOT = Path(__file__).resolve().parents[1]
TEXT = PAGE.read_text(encoding="utf-8")


def test_it_can_be_followed_from_the_articles_to_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    write_articles(TEXT, tmp_path)
    commands = getattr(get_command(app), "commands", {})
    left_out = []
    for step in (step for step in steps(TEXT) if step.is_run):
        if step.arguments[0] not in commands:
            left_out.append(step.command)
            continue
        result = CliRunner().invoke(app, step.arguments)
        assert result.exit_code == 0, f"{step.command}\n{result.output}"
        assert not step.printed or shows(step.printed, result.output.splitlines()), f"{step.command} prints\n{result.output}"
    table = (tmp_path / "detentions.csv").read_text(encoding="utf-8-sig")
    assert "detained_low,detained_high" in table
    if left_out:
        pytest.skip(f"all but what this Dateline has no command for could be followed: {left_out}")
    assert (tmp_path / "detained.svg").stat().st_size > 0


def test_it_shows_the_articles_that_lie_among_the_samples() -> None:
    kept = {f"news/{path.name}": path.read_text(encoding="utf-8") for path in (ROOT / "samples" / "tutorial").glob("*.txt")}
    assert articles(TEXT) == kept


def test_it_has_install_reading_plot_and_export_among_its_commands() -> None:
    said = [step.command for step in steps(TEXT)]
    assert any("pip install" in command for command in said)
    assert [name for name in ("add", "link", "plot", "export") if not any(f"dateline {name} " in f"{c} " for c in said)] == []


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (("a", "…", "d"), ("a", "", "b", "c", "d"), True),
        (("a", "…"), ("a",), True),
        (("a", "d"), ("a", "b", "d"), False),
        (("…", "e"), ("a", "d"), False),
    ],
)
def test_what_is_shown_is_held_against_what_is_printed(shown: tuple[str, ...], printed: tuple[str, ...], same: bool) -> None:
    assert shows(shown, printed) is same
