"""What an exit status says: each of them is met once, and the page lists all."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dateline.cli import app
from dateline.cli.app import Exit
from dateline.fetching.state import FILE_NAME, alone
from dateline.ledger.judgements import Log
from dateline.ledger.store import FORMAT, describe, migrate, open_ledger
from dateline.records import Judge, Judgement, JudgementKind
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of
from tests.runs import coders

ROOT = Path(__file__).resolve().parents[1]
LEDGER = Path("dateline-ledger")


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger with one report, a text to read, and a coder made for tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATELINE_LEDGER", raising=False)
    coders.stay_in_this_process(monkeypatch)
    monkeypatch.setattr("dateline.runs.coder.load_coder", coders.load)
    monkeypatch.setattr("dateline.runs.coder.coder_version", lambda table=None: CODER)
    report = report_of("a.txt", STRIKE)
    open_ledger(LEDGER).add([coding_of(report)], [report], coder=CODER, known_at=NOON)
    for word in ("raise", "interrupt"):
        Path(f"{word}.txt").write_text(word, encoding="utf-8")


@contextmanager
def nothing() -> Iterator[None]:
    """All is as it should be."""
    yield


@contextmanager
def damaged() -> Iterator[None]:
    (segment,) = (LEDGER / "claims").iterdir()
    segment.write_bytes(segment.read_bytes()[:-1] + b"x")
    yield


@contextmanager
def of_a_later_dateline() -> Iterator[None]:
    (LEDGER / "ledger.json").write_bytes(describe(FORMAT + 1))
    yield


@contextmanager
def without_ray() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "ray", None)
        yield


@contextmanager
def somebody_fetches() -> Iterator[None]:
    with alone(LEDGER / FILE_NAME):
        yield


@pytest.mark.parametrize(
    ("status", "arguments", "state"),
    [
        (Exit.OK, ["info"], nothing),
        (Exit.OK, ["find", "--type", "VOTE"], nothing),
        (Exit.ERROR, ["info", "--ledger", "nowhere", "--json"], nothing),
        (Exit.ERROR, ["show", "ffffffff", "--json"], nothing),
        (Exit.ERROR, ["query", "SELECT nonsense"], nothing),
        (Exit.USAGE, ["find", "--since", "yesterday"], nothing),
        (Exit.USAGE, ["codebook", "--type", "NONSENSE", "--json"], nothing),
        (Exit.SOME_FAILED, ["add", "raise.txt"], nothing),
        (Exit.SOME_FAILED, ["code", "gone.txt", "--json"], nothing),
        (Exit.FAULTS_FOUND, ["validate"], damaged),
        (Exit.FAULTS_FOUND, ["audit", "verify", "--json"], damaged),
        (Exit.LOCKED, ["find", "--json"], of_a_later_dateline),
        (Exit.LOCKED, ["fetch", "http://127.0.0.1/", "--contact", "a@example.org"], somebody_fetches),
        (Exit.MISSING_PART, ["add", "--engine", "ray", "--json", "raise.txt"], without_ray),
        (Exit.INTERRUPTED, ["code", "interrupt.txt", "--json"], nothing),
    ],
    ids=lambda value: value.name if isinstance(value, Exit) else "_".join(value[:2]) if isinstance(value, list) else value.__name__,
)
def test_a_command_ends_with_the_status_of_what_happened_and_says_why_on_standard_error(
    status: Exit, arguments: list[str], state: Callable[[], AbstractContextManager[None]]
) -> None:
    with state():
        result = CliRunner().invoke(app, arguments)
    assert result.exit_code == status, result.output
    if status is not Exit.OK:
        assert result.stderr
        assert "Traceback" not in result.stderr
    if status in {Exit.ERROR, Exit.USAGE, Exit.LOCKED, Exit.MISSING_PART, Exit.INTERRUPTED}:
        assert result.stdout == ""


def test_a_judgement_that_others_were_quicker_than_ends_with_5(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = open_ledger(LEDGER).find()[0].claim_id
    Path("events.csv").write_bytes(CliRunner().invoke(app, ["export", "--to", "csv", "-o", "-"]).stdout_bytes)
    table = Path("events.csv").read_text(encoding="utf-8").replace(f"\n{claim},,", f"\n{claim},accept,")
    Path("events.csv").write_text(table, encoding="utf-8")
    append = Log.append

    def after_others(self: Log, judgements: list[Judgement], **options: object) -> object:
        monkeypatch.setattr(Log, "append", append)
        others = Judgement("", JudgementKind.ACCEPTED, Judge("Ben"), NOON + timedelta(hours=1), ((claim,),))
        append(self, [others])
        return append(self, judgements, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Log, "append", after_others)
    result = CliRunner().invoke(app, ["import", "events.csv", "--by", "Ada"])
    assert (result.exit_code, result.stdout) == (Exit.LOCKED, "")


def test_the_page_and_the_help_list_every_status() -> None:
    page = (ROOT / "docs" / "getting-started.md").read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"^\| (\d+) \| ", page, re.MULTILINE)] == [status.value for status in Exit]
    said = CliRunner().invoke(app, ["--help"]).stdout.split("Exit status:")[1].split("Options")[0]
    assert [int(number) for number in re.findall(r"\b\d+\b", said)] == [status.value for status in Exit]


@pytest.mark.parametrize("before", [1, 2])
def test_a_ledger_of_an_earlier_format_is_read_and_migrate_raises_it_and_loses_nothing(before: int) -> None:
    (LEDGER / "ledger.json").write_bytes(describe(before))
    claims = open_ledger(LEDGER).find()
    result = CliRunner().invoke(app, ["migrate", "--json"])
    assert result.stdout == f'{{"before": {before}, "after": {FORMAT}}}\n'
    assert open_ledger(LEDGER).find() == claims
    assert migrate(LEDGER) == (FORMAT, FORMAT)
    assert CliRunner().invoke(app, ["validate", "--strict"]).exit_code == 0
