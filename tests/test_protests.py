"""What records of protest say of sizes, issues, demands and responses: the cases of specs/protests/."""

from __future__ import annotations

import json
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bench.protests import LISTS, Verdict, add_up, code_specs, read_specs
from dateline.cli import app
from dateline.records import Claim, How
from dateline.serial import from_json, to_json
from dateline.views.explanation import Field, explain
from dateline.views.report import render_report
from dateline.views.terminal import render_coding
from dateline.views.wording import load_wording
from tests.coding import code_text

SPECS = Path(__file__).parent / "specs" / "protests"
LEAST_F1 = 0.95
"""Of each field, over all specs: they say what is meant to work."""


@cache
def verdicts() -> tuple[Verdict, ...]:
    return code_specs(read_specs(SPECS))


@pytest.mark.parametrize("field", [*LISTS, "response"])
def test_it_reads_what_the_specs_say(field: str) -> None:
    wrong = [v for v in verdicts() if v.field == field and not v.is_right]
    lines = [f"{v.spec.name}: {v.spec.text}\n  wanted {v.wanted}\n  found {v.found}" for v in wrong]
    assert add_up(verdicts(), field).f1 >= LEAST_F1, "\n".join(lines)


def test_it_refuses_a_spec_whose_trigger_is_not_in_the_text(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("- {text: Nurses marched., trigger: rioted, issues: []}\n", "utf-8")
    with pytest.raises(ValueError, match="broken:1: 'rioted'"):
        read_specs(tmp_path)


def test_it_refuses_a_spec_with_a_field_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("- {text: Nurses marched., trigger: marched, issue: []}\n", "utf-8")
    with pytest.raises(ValueError, match="no field of a spec: issue"):
        read_specs(tmp_path)


# ---------------------------------------------------------------- from one end to the other

REPORT = (
    "Some 3,000 teachers marched through Lima on Monday over unpaid wages, demanding that the minister resign. "
    "Police fired tear gas at the marchers. Two officers and five teachers were injured."
)


def test_a_deed_names_the_claim_that_tells_of_it() -> None:
    claims = code_text(REPORT).claims
    march = next(c for c in claims if c.event.type == "PROTEST")
    gas = next(c for c in claims if c.event.trigger.of(REPORT) == "fired")
    assert march.event.response is not None
    assert [d.claim for d in march.event.response.deeds] == [gas.id]


def test_an_issue_and_a_demand_point_at_their_words_and_cues() -> None:
    march = next(c.event for c in code_text(REPORT).claims if c.event.type == "PROTEST")
    (wages, government), (resignation,) = march.issues, march.demands
    assert (wages.span.of(REPORT), wages.cue and wages.cue.of(REPORT)) == ("unpaid wages", "over")
    assert government.origin.how is How.INFERRED
    assert (resignation.span.of(REPORT), resignation.cue and resignation.cue.of(REPORT)) == ("the minister resign", "demanding")


def test_the_terminal_says_what_it_is_about_and_was_met_with() -> None:
    shown = StringIO()
    render_coding(code_text(REPORT), Console(file=shown, width=120, color_system=None))
    for line in (
        "about    wages: “unpaid wages”; government: “the minister resign”",
        "wants    resignation, of minister: “the minister resign”",
        "met with intervention: gas and rubber bullets “fired”",
        "many     injured: 2 (of officers); injured: 5 (of teachers)",
    ):
        assert line in shown.getvalue()


def test_the_page_shows_them_with_their_words() -> None:
    page = render_report(code_text(REPORT))
    assert 'class="row f-issue"' in page
    assert 'class="row f-demand"' in page
    assert 'class="row f-response"' in page


@pytest.mark.parametrize(("field", "value"), [(Field.ISSUES, "wages"), (Field.DEMANDS, "resignation, of minister")])
def test_an_explanation_names_the_cue(field: Field, value: str) -> None:
    coding = code_text(REPORT)
    march = next(c for c in coding.claims if c.event.type == "PROTEST")
    assert coding.document is not None
    reason = explain(march, coding.document, field, load_wording()).reasons[0]
    assert reason.value == value
    assert reason.notes[0].startswith("tied to it by")


def test_claims_of_earlier_versions_have_none_of_them() -> None:
    march = next(c for c in code_text(REPORT).claims if c.event.type == "PROTEST")
    written = json.loads(to_json(march))
    for new in ("issues", "demands", "response"):
        del written["event"][new]
    for count in written["event"]["counts"]:
        del count["party"]
    event = from_json(Claim, json.dumps(written)).event
    assert (event.issues, event.demands, event.response) == ((), (), None)
    assert {c.party for c in event.counts} == {None}


def test_a_ledger_is_asked_by_issue_demand_and_response(tmp_path: Path) -> None:
    runner, ledger = CliRunner(), str(tmp_path / "ledger")
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    runner.invoke(app, ["add", str(tmp_path / "report.txt"), "--ledger", ledger], catch_exceptions=False)
    for asked in (["--issue", "Wages"], ["--demand", "resignation"], ["--response", "intervention"]):
        found = runner.invoke(app, ["find", "--type", "PROTEST", *asked, "--json", "--ledger", ledger])
        assert [json.loads(line)["trigger"] for line in found.stdout.splitlines()] == ["marched"], asked
    assert runner.invoke(app, ["find", "--issue", "war", "--json", "--ledger", ledger]).stdout == ""
