"""Tables of other coders entered in ledgers of their own: once, with what changed in a later table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dateline.cli import app
from dateline.knowledge.accounts import load_accounts
from dateline.knowledge.coders import load_scheme
from dateline.ledger.coders import other_coders
from dateline.ledger.store import Ledger, open_ledger
from dateline.ledger.validate import validate
from dateline.runs.events import read_events
from dateline.runs.other_coders import Taken, enter_table
from tests.coders.tables import ACLED, STRIKE, WALKOUT, gdelt, table

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
OTHER = {**STRIKE, "event_id_cnty": "XYZ2", "event_date": "2020-08-18"}


def enter(ledger: Ledger, raw: bytes, *, day: int = 0) -> Taken:
    return enter_table(ledger, raw, "acled.csv", load_scheme("acled"), "acled-1", known_at=NOON + timedelta(days=day))


def test_a_table_entered_twice_adds_nothing_the_second_time(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "theirs")
    raw = table(ACLED, STRIKE, OTHER)
    first, second = enter(ledger, raw), enter(ledger, raw, day=1)
    assert (first.entered, first.skipped) == (2, 0)
    assert (second.entered, second.skipped, second.changed) == (0, 2, 0)
    assert not list(validate(ledger, is_strict=True))


def test_a_row_that_changed_takes_the_place_of_what_it_was_and_shows_it(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "theirs")
    enter(ledger, table(ACLED, STRIKE, OTHER))
    for day, dead in enumerate((2, 3), start=1):
        assert enter(ledger, table(ACLED, {**STRIKE, "fatalities": dead}, OTHER), day=day).changed == 1
    events = read_events(ledger, load_accounts()).events
    assert len(events) == 2
    (told,) = [t for event in events if len(event.tellings) == 3 for t in event.accounts.tallies if t.what == "killed"]
    assert (told.low, told.high) == (3, 3)
    assert [(r.before.low, r.after and r.after.low) for r in told.revisions][-1] == (2, 3)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    open_ledger(tmp_path / "dateline-ledger")
    return tmp_path


def test_the_command_keeps_their_claims_beside_the_ledger_and_says_what_it_could_not_read(here: Path) -> None:
    (here / "a.csv").write_bytes(table(ACLED, STRIKE, {**OTHER, "event_date": "soon"}))
    result = CliRunner().invoke(app, ["import", "a.csv", "--as", "acled", "--coder", "acled-2024"])
    assert result.exit_code == 3
    assert "entered: 1" in result.stdout
    assert "a.csv:3: event_date 'soon' is no day" in result.stderr
    ledger = here / "dateline-ledger"
    assert other_coders(ledger) == ("acled-2024",)
    assert "soon" in (ledger / "coders" / "acled-2024" / "failures.jsonl").read_text("utf-8")
    assert open_ledger(ledger).summary().claims == 0


def test_what_plover_has_no_type_for_is_counted_and_no_failure(here: Path) -> None:
    (here / "g.tsv").write_bytes(gdelt(WALKOUT, {**WALKOUT, "GLOBALEVENTID": 2, "EventCode": "010"}))
    result = CliRunner().invoke(app, ["import", "g.tsv", "--as", "gdelt"])
    assert result.exit_code == 0
    assert "1 Make public statement" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--as", "acled", "--coder", "No Such"], "cannot be a coder's name"),
        (["--coder", "acled-1"], "--coder is of tables of other coders"),
        ([], "--by NAME"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_told_so(here: Path, arguments: list[str], words: str) -> None:
    (here / "a.csv").write_bytes(table(ACLED, STRIKE))
    result = CliRunner().invoke(app, ["import", "a.csv", *arguments])
    assert result.exit_code == 2
    assert words in result.stderr
