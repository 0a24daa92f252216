"""The commands as a user meets them: what they print where, what they leave behind, and their exit status."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from dateline.cli import app
from dateline.ledger.store import open_ledger
from dateline.records import Coding
from dateline.runs.local import CodeReport
from dateline.serial import from_json
from tests.ledger.examples import CODER, STRIKE
from tests.runs import coders

DATELINE = [sys.executable, "-c", "from dateline.cli import app; app()"]


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """An empty folder to work in, and, but for the tests of the whole path, a coder that reads the texts made for tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATELINE_LEDGER", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    coders.stay_in_this_process(monkeypatch)
    if "whole_path" not in request.node.name:
        monkeypatch.setattr("dateline.runs.coder.load_coder", coders.load)
        monkeypatch.setattr("dateline.runs.coder.coder_version", lambda table=None: CODER)


def run(*arguments: str, said: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=said)


def write(name: str, text: str) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return name


# ---------------------------------------------------------------- starting


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_it_answers_at_once(argument: str) -> None:
    def seconds() -> float:  # of the processor: the machine may be busy with other things
        start = sum(os.times()[2:4])
        subprocess.run([*DATELINE, argument], capture_output=True, check=True)
        return sum(os.times()[2:4]) - start

    assert min(seconds() for _ in range(3)) < 0.5


def test_it_imports_nothing_slow_before_a_command_needs_it() -> None:
    code = "import sys, dateline.cli; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"duckdb", "pyarrow", "pydantic", "onnxruntime", "trafilatura", "yaml", "numpy", "rich.console"} & set(modules)


def test_it_says_its_version() -> None:
    assert run("--version").stdout.startswith("dateline ")


@pytest.mark.parametrize("command", sorted(vars(get_command(app))["commands"]))
def test_every_command_says_what_it_is_for(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"dateline {command}" in result.stdout.split("Options")[0].replace("Usage: dateline", ""), "an example"


@pytest.mark.parametrize(
    "arguments",
    [
        ["code"],
        ["code", "--published", "18.8.2020", "a.txt"],
        ["code", "--json", "--jsonl", "a.txt"],
        ["find", "--since", "yesterday"],
        ["find", "--since", "2020-02-30"],
        ["find", "--status", "true"],
        ["add", "--workers", "0", "a.txt"],
        ["report", "a.txt"],
        ["nonsense"],
    ],
)
def test_a_wrong_usage_ends_with_2_and_prints_no_data(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


# ---------------------------------------------------------------- code


def test_code_prints_a_report_for_people() -> None:
    result = run("code", write("strike.txt", STRIKE))
    assert result.exit_code == 0
    assert "PROTEST" in result.stdout
    assert "Minsk" in result.stdout
    assert result.stderr == ""


def test_code_prints_the_whole_coding_as_json() -> None:
    result = run("code", "--json", "--published", "2020-08-18", "--publisher", "The Paper", write("strike.txt", STRIKE))
    coding = from_json(Coding, result.stdout)
    assert coding.document is not None
    assert coding.document.published is not None
    assert (coding.document.published.day, coding.document.publisher) == (date(2020, 8, 18), "The Paper")
    assert len(coding.claims) == 3


def test_code_reads_standard_input() -> None:
    result = run("code", "--jsonl", "-", said=STRIKE)
    assert json.loads(result.stdout)["report"] == "standard input"


def test_code_goes_on_after_a_report_that_fails_and_ends_with_3() -> None:
    files = [write("a.txt", "raise"), "gone.txt", write("b.txt", "binary"), write("c.txt", STRIKE)]
    result = run("code", "--jsonl", *files)
    assert result.exit_code == 3
    assert [json.loads(line)["report"] for line in result.stdout.splitlines()] == files
    lines = result.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == ["a.txt", "gone.txt", "b.txt"]
    assert "does not exist; check the path" in lines[1]


def test_a_missing_model_ends_with_6(monkeypatch: pytest.MonkeyPatch) -> None:
    from dateline.language.models import MissingModelError

    def load() -> CodeReport:
        raise MissingModelError("no language model at x: reinstall dateline")

    monkeypatch.setattr("dateline.runs.coder.load_coder", load)
    result = run("code", write("a.txt", STRIKE))
    assert (result.exit_code, result.stdout) == (6, "")
    assert "reinstall dateline" in result.stderr


def test_workers_that_cannot_start_are_an_error_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline.runs.coder.load_coder", coders.load_and_die)
    result = run("add", write("a.txt", STRIKE), "--workers", "2")
    assert result.exit_code == 1
    assert "fewer with --workers" in result.stderr


def test_an_interruption_ends_with_130() -> None:
    result = run("code", write("a.txt", "interrupt"))
    assert result.exit_code == 130
    assert "interrupted" in result.stderr


def test_a_message_cannot_act_on_the_terminal() -> None:
    result = run("code", "gone\x1b[2J.txt")
    assert result.exit_code == 3
    assert "\x1b" not in result.stderr


# ---------------------------------------------------------------- report


def test_report_writes_a_page() -> None:
    result = run("report", write("strike.txt", STRIKE), "-o", "strike.html")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "<html" in Path("strike.html").read_text(encoding="utf-8")
    assert "<html" in run("report", "strike.txt", "-o", "-").stdout


def test_report_refuses_a_file_of_many_reports() -> None:
    lines = "\n".join(json.dumps({"text": f"{STRIKE} {number}"}) for number in range(3))
    result = run("report", write("many.jsonl", lines), "-o", "many.html")
    assert result.exit_code == 1
    assert "more than one report" in result.stderr
    assert not Path("many.html").exists()


def test_a_page_that_cannot_be_written_is_named() -> None:
    result = run("report", write("strike.txt", STRIKE), "-o", "no/such/folder.html")
    assert result.exit_code == 1
    assert "no/such/folder.html" in result.stderr


# ---------------------------------------------------------------- events and watch rules

RULES = """\
rules:
- id: forty
  says: Forty or more detained at once
  when:
    figure: {of: detained, at_least: 40}
  examples:
  - events: [{type: COERCE, day: 2020-08-17, detained: 40+}]
    alerts: [{says: at least 40 detained}]
"""


def test_events_lists_what_happened_and_show_tells_one_in_full() -> None:
    run("add", write("strike.txt", STRIKE))
    listed = run("events", "--type", "COERCE")
    assert listed.exit_code == 0
    assert "detained 40 or more" in listed.stdout
    assert "3 claims are not linked yet" in listed.stderr
    (event,) = [json.loads(line) for line in run("events", "--type", "COERCE", "--json").stdout.splitlines()]
    shown = run("show", event["id"][:8])
    assert shown.stdout.startswith("COERCE · arrest  ● asserted")
    assert "reprint" not in shown.stdout
    assert "Reports" in shown.stdout
    assert json.loads(run("show", event["id"], "--json").stdout)["tallies"] == event["tallies"]


def test_events_as_of_a_day_before_the_ledger_knew_anything_are_none() -> None:
    run("add", write("strike.txt", STRIKE))
    assert "No events found" in run("events", "--as-of", "2020-08-18").stdout
    assert run("events", "--disputed").stdout.startswith("No events found")
    assert run("events", "--witnesses", "2", "--json").stdout == ""


def test_watch_check_says_what_is_new_once() -> None:
    run("add", write("strike.txt", STRIKE))
    write("dateline-ledger/watch.yaml", RULES)
    tried = run("watch", "check", "--dry-run")
    assert "at least 40 detained" in tried.stdout
    first = run("watch", "check", "--json")
    assert first.exit_code == 0
    (alert,) = [json.loads(line) for line in first.stdout.splitlines()]
    assert (alert["version"], alert["rule"], alert["replaces"]) == (1, "forty", None)
    assert Path("dateline-ledger/alerts.jsonl").read_text(encoding="utf-8") == first.stdout
    assert run("watch", "check").stdout == "No new alerts.\n"
    assert "alerts   1, 1 of them stand" in run("watch", "list").stdout


def test_link_asks_the_rules_of_the_ledger_and_tells_what_is_new() -> None:
    run("add", write("strike.txt", STRIKE))
    assert "watch:" not in run("link").stderr
    write("dateline-ledger/watch.yaml", RULES)
    linked = run("link")
    assert linked.exit_code == 0
    assert "watch: forty: " in linked.stderr
    assert "at least 40 detained" in linked.stderr
    assert run("watch", "check").stdout == "No new alerts.\n"
    assert "watch:" not in run("link").stderr


def test_link_is_not_stopped_by_rules_that_are_wrong() -> None:
    run("add", write("strike.txt", STRIKE))
    write("dateline-ledger/watch.yaml", RULES.replace("figure:", "figur:"))
    linked = run("link")
    assert linked.exit_code == 0
    assert "the watch rules were not asked: watch.yaml, line 5" in linked.stderr


def test_watch_check_says_what_rules_would_have_said_and_enters_nothing() -> None:
    run("add", write("strike.txt", STRIKE), "--published", "2020-08-18")
    rules = write("mine.yaml", RULES)
    said = run("watch", "check", "--rules", rules, "--since", "2020-08-15", "--until", "2020-08-20", "--as-printed")
    assert said.stdout.startswith("On Tue 18 August 2020\n")
    before = run("watch", "check", "--rules", rules, "--as-of", "2020-08-19")
    assert before.stdout == "No new alerts.\n"
    assert not Path("dateline-ledger/alerts.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--until", "2020-08-18"], "go with --since"),
        (["--as-printed"], "go with --since"),
        (["--since", "2020-08-18", "--until", "2020-08-01"], "is after"),
        (["--since", "2020-08-18", "--as-of", "2020-08-18"], "choose one"),
    ],
)
def test_watch_check_explains_days_that_make_no_sense(arguments: list[str], said: str) -> None:
    run("add", write("strike.txt", STRIKE))
    write("dateline-ledger/watch.yaml", RULES)
    result = run("watch", "check", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_watch_says_where_rules_come_from_when_there_are_none() -> None:
    run("add", write("strike.txt", STRIKE))
    result = run("watch", "check")
    assert result.exit_code == 1
    assert "`dateline watch list --shipped > " in result.stderr
    write("dateline-ledger/watch.yaml", run("watch", "list", "--shipped").stdout)
    assert run("watch", "check").exit_code == 0


def test_watch_test_tries_the_examples_and_says_which_do_not_come_out() -> None:
    rules = write("mine.yaml", RULES)
    good = run("watch", "test", rules)
    assert (good.exit_code, good.stdout) == (0, "1 rules, 1 examples, 0 do not come out\n")
    bad = run("watch", "test", write("bad.yaml", RULES.replace("detained: 40+", "detained: 39")))
    assert bad.exit_code == 4
    assert "forty, example 1: 1 alerts expected, 0 given: none" in bad.stdout
    (found,) = json.loads(run("watch", "test", "bad.yaml", "--json").stdout)["failures"]
    assert found["number"] == 1


def test_watch_tells_every_fault_of_the_rules_with_its_line() -> None:
    result = run("watch", "test", write("bad.yaml", RULES.replace("figure:", "figur:")))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "bad.yaml, line 5, rule forty, when.figur: unknown key 'figur'; did you mean “figure”?" in result.stderr


# ---------------------------------------------------------------- add and ask


def test_add_then_find_then_show() -> None:
    write("news/strike.txt", STRIKE)
    write("news/flood.txt", "The river rose.")
    added = run("add", "news")
    assert (added.exit_code, added.stdout) == (0, "")
    assert "2 documents with 3 claims added" in added.stderr

    found = run("find", "--type", "coerce", "--json")
    (row,) = [json.loads(line) for line in found.stdout.splitlines()]
    assert (row["version"], row["place_name"], row["counts"][0]["low"]) == (1, "Hrodna", 40.0)
    assert row["claim"]["id"] == row["claim_id"]
    assert "Hrodna" in run("find").stdout

    shown = run("show", "--claim", row["claim_id"][:4])
    assert "At least 40 people" in shown.stdout
    document = json.loads(run("show", "--claim", row["claim_id"], "--json").stdout)["document"]
    assert document["text"] == STRIKE


def test_explain_says_why_a_value_is_what_it_is() -> None:
    run("add", write("strike.txt", STRIKE))
    row = json.loads(run("find", "--mode", "strike", "--json").stdout.splitlines()[0])
    shown = run("explain", row["claim_id"][:6], "--field", "place")
    assert shown.exit_code == 0
    assert shown.stdout.startswith(f"place  {row['place_name']}")
    found = json.loads(run("explain", row["claim_id"], "--field", "where", "--json").stdout)
    assert (found["claim"], found["field"]) == (row["claim_id"], "place")
    assert found["reasons"][0]["how"]


def test_explain_without_a_field_explains_all() -> None:
    run("add", write("strike.txt", STRIKE))
    row = json.loads(run("find", "--mode", "strike", "--json").stdout.splitlines()[0])
    lines = run("explain", row["claim_id"], "--json").stdout.splitlines()
    assert [json.loads(line)["field"] for line in lines] == [
        "type", "actor", "recipient", "when", "place", "counts", "instruments", "issues", "demands", "response", "status", "teller"
    ]  # fmt: skip


def test_explain_says_what_speaks_for_two_claims_being_one_event() -> None:
    run("add", write("one.txt", STRIKE), write("two.txt", STRIKE + " So it was said."))
    one, two = (json.loads(line)["claim_id"] for line in run("find", "--type", "COERCE", "--json").stdout.splitlines())
    shown = run("explain", one[:8], two[:8])
    assert shown.exit_code == 0
    assert "two events" in shown.stdout
    assert "in all, in log-odds" in shown.stdout
    told = json.loads(run("explain", one, two, "--json").stdout)
    total = sum(part["odds"] for part in told["parts"])
    assert told["chance"] == pytest.approx(1 / (1 + math.exp(-total)))
    run("merge", one, two, "--by", "Ada", "--reason", "the same arrests")
    assert "one event" in run("explain", one, two).stdout
    assert "give two" in run("explain", one, one).stderr


def test_explain_lists_the_fields_when_it_is_asked_for_another() -> None:
    result = run("explain", "x", "--field", "colour")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no field 'colour'; there are: type, actor" in result.stderr


def test_explain_says_why_a_word_of_a_text_is_coded_or_not() -> None:
    shown = run("explain", "--sentence", "Police arrested two men. Shoppers rushed in.")
    assert shown.exit_code == 0
    assert "→ coerce.arrest  gave a record" in shown.stdout
    lines = run("explain", "--sentence", "Shoppers rushed in.", "--json").stdout.splitlines()
    found = {row["rule"]: row for row in map(json.loads, lines)}
    assert (found["mobilize.police-rush"]["outcome"], found["mobilize.police-rush"]["found"]) == ("lacking", ["Shoppers"])


@pytest.mark.parametrize("arguments", [[], ["4f1c09", "--sentence", "Police left."]])
def test_explain_wants_either_a_claim_or_a_text(arguments: list[str]) -> None:
    result = run("explain", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "a claim's ID, or a text with --sentence" in result.stderr


def test_adding_twice_changes_nothing() -> None:
    write("news/strike.txt", STRIKE)
    run("add", "news")
    again = run("add", "news", "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout) == {
        "documents": 0, "claims": 0, "quotations": 0, "problems": 0, "passed_over": 0, "skipped": 1, "failed": [],
    }  # fmt: skip
    assert len(open_ledger("dateline-ledger").find()) == 3


@pytest.mark.parametrize(("engine", "library"), [("ray", "ray"), ("spark", "pyspark.sql")])
def test_an_engine_that_is_not_installed_is_status_6_and_the_command_that_installs_it(
    engine: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    result = run("add", write("strike.txt", STRIKE), "--engine", engine)
    assert result.exit_code == 6
    assert f"pip install 'dateline[{engine}]'" in result.stderr


def test_add_lists_what_failed_and_keeps_the_list() -> None:
    files = [write("news/a.txt", "raise"), write("news/b.txt", STRIKE), "gone.txt"]
    result = run("add", *files)
    assert result.exit_code == 3
    assert sorted(line.split(":")[0] for line in result.stderr.splitlines()[:2]) == ["gone.txt", "news/a.txt"]
    failures = [json.loads(line) for line in Path("dateline-ledger/failures.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["report"]: line["reason"] for line in failures} == {"news/a.txt": "unexpected-error", "gone.txt": "missing"}
    assert len(open_ledger("dateline-ledger").find()) == 3


def test_the_ledger_is_named_by_an_option_or_else_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_LEDGER", "from-environment")
    write("strike.txt", STRIKE)
    run("add", "strike.txt")
    run("add", "strike.txt", "--ledger", "from-option")
    assert Path("from-environment/ledger.json").exists()
    assert Path("from-option/ledger.json").exists()


def test_several_workers_add_the_same_as_one() -> None:
    for number in range(4):
        write(f"news/{number}.txt", f"{STRIKE} ({number})")
    run("add", "news", "--ledger", "one", "--workers", "1")
    run("add", "news", "--ledger", "two", "--workers", "2")
    ids = [[row.claim_id for row in open_ledger(folder).find()] for folder in ("one", "two")]
    assert ids[0] == ids[1]
    assert len(ids[0]) == 12


def test_find_says_which_filter_let_nothing_through() -> None:
    run("add", write("strike.txt", STRIKE))
    result = run("find", "--type", "COERCE", "--place", "Brest", "--json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "without --place 1 would" in result.stderr
    assert "types in this ledger: PROTEST, COERCE" in result.stderr


def test_asking_where_there_is_no_ledger_says_how_to_make_one() -> None:
    for arguments in (["find"], ["show", "x"], ["info"]):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "dateline add" in result.stderr
    assert not Path("dateline-ledger").exists()


def test_a_claim_that_is_not_there_is_an_error() -> None:
    run("add", write("strike.txt", STRIKE))
    result = run("show", "zzz")
    assert result.exit_code == 1
    assert "no claim or event 'zzz'" in result.stderr


def test_info_counts_what_the_ledger_holds() -> None:
    run("add", write("strike.txt", STRIKE), write("a.txt", "binary"))
    summary = json.loads(run("info", "--json").stdout)
    assert (summary["documents"], summary["failed"], summary["types"]) == (1, 1, {"PROTEST": 2, "COERCE": 1})
    assert "PROTEST 2, COERCE 1" in run("info").stdout
    assert "geonames.org" in run("info").stdout  # the licence of the data asks for it


def test_schema_prints_a_json_schema() -> None:
    assert json.loads(run("schema").stdout)["title"] == "Coding"


@pytest.mark.parametrize("how", [["--json"], []])
def test_a_reader_who_stops_reading_is_no_error(how: list[str]) -> None:
    for number in range(40):
        write(f"news/{number}.txt", f"{STRIKE} ({number})")
    run("add", "news", "--workers", "1")
    child = subprocess.Popen([*DATELINE, "find", *how], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stderr is not None
    with child.stdout, child.stderr:
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait() == 0


# ---------------------------------------------------------------- the whole path


PROTEST = (
    "MINSK, Aug 18 (The Paper) - Thousands of workers went on strike in Minsk on Monday. Police detained at least 40 people, "
    "the Viasna rights group said.\n\nPresident Alexander Lukashenko denied on Tuesday that he would resign.\n"
)


def test_the_whole_path_from_a_file_to_a_claim_with_its_words() -> None:
    write("protest.txt", PROTEST)
    added = run("add", "protest.txt", "--published", "2020-08-18", "--publisher", "The Paper")
    assert added.exit_code == 0, added.stderr
    rows = [json.loads(line) for line in run("find", "--json").stdout.splitlines()]
    assert {"PROTEST", "COERCE"} <= {row["type"] for row in rows}
    (arrests,) = [row for row in rows if row["type"] == "COERCE"]
    assert [(count["what"], count["low"], count["high"]) for count in arrests["counts"]] == [("detained", 40.0, None)]
    text = json.loads(run("show", "--claim", arrests["claim_id"], "--json").stdout)["document"]["text"]
    assert text[arrests["evidence_start"] : arrests["evidence_end"]] == arrests["evidence"]
    assert {row["program"] for row in rows} == {json.loads(run("info", "--json").stdout)["coders"][0]["program"]}
    assert run("add", "protest.txt", "--published", "2020-08-18", "--publisher", "The Paper").stderr.count("1 were there already")


def test_the_whole_path_codes_the_same_twice() -> None:
    write("protest.txt", PROTEST)
    first, second = (run("code", "--jsonl", "protest.txt").stdout for _ in range(2))
    assert first == second != ""


def test_the_whole_path_names_the_coder_as_the_claims_do() -> None:
    from dateline.runs.coder import coder_version

    coding = from_json(Coding, run("code", "--jsonl", write("protest.txt", PROTEST)).stdout)
    assert {claim.coder for claim in coding.claims} == {coder_version()}


# ---------------------------------------------------------------- actors


def test_actor_shows_names_and_claims_of_an_actor() -> None:
    write("news/strike.txt", STRIKE)
    assert run("add", "news").exit_code == 0
    result = run("actor", "Viasna")
    assert result.exit_code == 0
    assert "Viasna" in result.stdout
    assert "teller" in result.stdout
    told = json.loads(run("actor", "viasna", "--json").stdout)
    assert told["version"] == 1
    assert told["latest"][0]["claim"]["event"]["type"]


def test_actor_says_whom_else_it_might_be() -> None:
    write("news/strike.txt", STRIKE)
    run("add", "news")
    result = run("actor", "tractor")
    assert result.exit_code == 1
    assert "workers of the tractor plant" in result.stderr
    assert "neither the tables nor dateline-ledger know an actor called 'tractor'" in result.stderr


def test_actors_checks_a_table() -> None:
    good = write("good.csv", "name,country,sector,role,since\nZubr,BLR,OPP,,2001\nRita Volkova,BLR,OPP,chair,\n")
    result = run("actors", good)
    assert result.exit_code == 0
    assert "2 rows, 1 of people and 1 of bodies" in result.stdout
    bad = write("bad.csv", "name,country,sector\nZubr,Belarus,opp\n")
    result = run("actors", bad)
    assert result.exit_code == 1
    assert "row 2, column country: 'Belarus' is no country's code; write BLR" in result.stderr
    assert "row 2, column sector: 'opp' is no sector; write OPP" in result.stderr


def test_add_reads_the_table_beside_the_ledger_on_the_whole_path() -> None:
    write("dateline-ledger/actors.csv", "name,country,sector,role\nRita Volkova,BLR,LAB,strike leader\n")
    write("news/a.txt", "Police in Minsk detained Rita Volkova on Monday.")
    assert run("add", "news", "--published", "2020-08-18").exit_code == 0
    (row,) = open_ledger("dateline-ledger").find(actor="Rita Volkova")
    assert row.recipient_sectors == ["LAB"]
    assert "+" in row.knowledge
    told = json.loads(run("actor", "Rita Volkova", "--json").stdout)
    assert told["id"] == "own:rita-volkova"
    skipped = json.loads(run("add", "news", "--published", "2020-08-18", "--json").stdout)
    assert (skipped["documents"], skipped["skipped"]) == (0, 1)


def test_a_faulty_table_stops_coding_on_the_whole_path() -> None:
    write("mine.csv", "name,country,sector\nZubr,Belarus,OPP\n")
    for command in (["code", write("a.txt", "Police arrested two men.")], ["add", "a.txt"]):
        result = run(*command, "--actors", "mine.csv")
        assert result.exit_code == 1
        assert "mine.csv: row 2, column country" in result.stderr


def test_records_less_sure_than_asked_for_are_left_out_and_counted() -> None:
    write("story.txt", STRIKE)
    every = from_json(Coding, run("code", "--jsonl", "story.txt").stdout)
    most = max(claim.event.confidence for claim in every.claims)
    result = run("code", "--jsonl", "--min-confidence", "1", "story.txt")
    assert len(from_json(Coding, result.stdout).claims) == sum(c.event.confidence >= 1 for c in every.claims)
    assert most >= 1 or f"{len(every.claims)} of {len(every.claims)} records are less sure than 1" in result.stderr


def test_find_asks_for_the_surer_claims() -> None:
    write("story.txt", STRIKE)
    run("add", "story.txt")
    sure = run("find", "--json", "--min-confidence", "0.5").stdout.splitlines()
    assert all(json.loads(line)["confidence"] >= 0.5 for line in sure)
    assert len(sure) <= len(run("find", "--json").stdout.splitlines())
