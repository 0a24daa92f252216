"""People who judge, by the commands they would use: what is printed, what the events are afterwards, what is refused and why."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dateline.cli import app
from dateline.ledger.derived import LinkRow
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import Coder, Coding, Judge, Judgement, JudgementKind, Span
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

LINKER = "linker 1"


def strike(number: int) -> Coding:
    return coding_of(report_of(f"{number}.txt", f"{STRIKE} ({number})"))


STRIKES = {letter: strike(n).claims[0].id for n, letter in enumerate("abcde")}
"""The claim that tells of the strike in each of five reports."""


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Five reports of a strike, which the linker has put into the events "a b", "c d" and "e"."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_LEDGER", str(tmp_path / "ledger"))
    monkeypatch.setenv("DATELINE_USER", "Ada")
    monkeypatch.delenv("DATELINE_KEY", raising=False)
    ledger = open_ledger(tmp_path / "ledger")
    for number in range(5):
        report = report_of(f"{number}.txt", f"{STRIKE} ({number})")
        ledger.add([coding_of(report)], [report], coder=CODER, known_at=NOON + timedelta(minutes=number))
    link(ledger, "ab cd e")
    return ledger


def link(ledger: Ledger, events: str, *, chance: float = 0.9, at: datetime = NOON + timedelta(hours=1)) -> None:
    """What a run of the linker enters: its links, and the judgement that names them and says which judgements it knew."""
    rows = [
        LinkRow(STRIKES[letter], STRIKES[group[0]], STRIKES[letter], 1.0 if letter == group[0] else chance, LINKER)
        for group in events.split()
        for letter in group
    ]
    ledger.add_rows("links", rows, by=LINKER, known_at=at)
    log = Log(ledger.path)
    seen = str(len(log.entries()))
    log.append([Judgement("", JudgementKind.LINKED, Judge(LINKER, is_machine=True), at, facts=(("seen", seen),))])


def events(ledger: Ledger, as_of: datetime | None = None) -> str:
    """The events of the five, as "ab cd e"."""
    judged = Judged(ledger, Log(ledger.path), as_of)
    groups: dict[str, str] = {}
    for letter, claim in STRIKES.items():
        event = judged.event(claim)
        groups[event] = groups.get(event, "") + letter
    return " ".join(sorted(groups.values()))


def ids(letters: str) -> list[str]:
    return [STRIKES[letter] for letter in letters]


def run(*arguments: str, said: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=said)


def ok(*arguments: str, said: str | None = None) -> str:
    result = run(*arguments, said=said)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def refused(*arguments: str, status: int = 1, said: str | None = None) -> str:
    """What is said when a command is refused; nothing must have been entered."""
    before = len(Log(Path("ledger")).judgements())
    result = run(*arguments, said=said)
    assert (result.exit_code, result.stdout) == (status, "")
    assert len(Log(Path("ledger")).judgements()) == before
    return result.stderr


def as_json(*arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ok(*arguments, "--json").splitlines()]


# ---------------------------------------------------------------- events


def test_merging_makes_one_event_and_every_id_leads_to_it(ledger: Ledger) -> None:
    printed = ok("merge", *ids("ace"), "--reason", "one strike")
    assert "Ada merged 3 events into one" in printed
    assert printed.startswith("2.1 ")
    assert printed.rstrip().endswith("one strike")
    assert events(ledger) == "abcde"
    assert len(Judged(ledger, Log(ledger.path)).claims_of(STRIKES["a"])) >= 5


def test_undoing_a_merger_restores_both_events_exactly(ledger: Ledger) -> None:
    ok("merge", *ids("ac"), "--reason", "one")
    ok("undo", "2.1", "--reason", "two after all")
    assert events(ledger) == "ab cd e"


def test_undoing_a_merger_that_the_linker_has_obeyed_meanwhile_restores_both(ledger: Ledger) -> None:
    ok("merge", *ids("ac"), "--reason", "one")
    link(ledger, "abcd e", at=NOON + timedelta(hours=2))
    assert events(ledger) == "abcd e"
    ok("undo", "2.1")
    assert events(ledger) == "ab cd e"


def test_a_dry_run_shows_the_events_as_they_are_and_as_they_would_be_and_enters_nothing(ledger: Ledger) -> None:
    told = as_json("merge", *ids("ac"), "--reason", "one", "--dry-run")
    assert [(event["when"], event["id"]) for event in told] == [
        ("before", id) for id in sorted(ids("ac"))
    ] + [("after", STRIKES["a"])]  # fmt: skip
    assert set(told[-1]["brief"]["claims"]) >= set(ids("abcd"))
    printed = ok("merge", *ids("ac"), "--reason", "one", "--dry-run")
    before, after = printed.removeprefix("before").split("after")
    assert "2 events" in before
    assert "1 event" in after
    assert events(ledger) == "ab cd e"
    assert len(Log(ledger.path).entries()) == 1


def test_splitting_takes_the_claims_named_out_of_the_event(ledger: Ledger) -> None:
    ok("merge", *ids("ac"), "--reason", "one")
    ok("split", STRIKES["a"], "--claims", f"{STRIKES['b']},{STRIKES['d']}", "--reason", "the day after", "--force")
    assert events(ledger) == "ac bd e"


def test_a_split_that_would_leave_nothing_is_refused(ledger: Ledger) -> None:
    both = ",".join(claim.id for claim in strike(4).claims if claim.event.type == "PROTEST")
    assert "would leave it and none stay" in refused("split", *ids("e"), "--claims", both, "--reason", "x")


def test_a_split_of_claims_of_another_event_is_refused() -> None:
    assert f"{STRIKES['c']}: not of the event" in refused("split", *ids("a"), "--claims", STRIKES["c"], "--reason", "x")


def test_events_that_are_one_already_cannot_be_merged_and_what_is_one_cannot_be_told_apart() -> None:
    assert "one event already" in refused("merge", *ids("ab"), "--reason", "x")
    assert "dateline split" in refused("not-same", *ids("ab"))


def test_what_is_not_the_same_is_remembered_and_cannot_be_merged_by_a_chain(ledger: Ledger) -> None:
    ok("not-same", *ids("ae"))
    ok("merge", *ids("ac"), "--reason", "one")
    said = refused("merge", *ids("ce"), "--reason", "one")
    assert "2.1" in said
    assert "--force" in said
    ok("merge", *ids("ce"), "--reason", "one none the less", "--force")
    assert events(ledger) == "abcde"
    (item, *_) = as_json("review")
    assert item["concern"] == "people contradict one another"
    assert set(item["judgements"]) >= {"2.1", "4.1"}


def test_events_are_as_they_were_judged_on_any_day(ledger: Ledger) -> None:
    log = Log(ledger.path)
    judged = Judged(ledger, log)
    log.append([judged.merger(ids("ac"), Judge("Ada"), NOON + timedelta(days=1), "one")])
    log.append([Judged(ledger, log).undoing(["2.1"], Judge("Ada"), NOON + timedelta(days=3), "")])
    assert [events(ledger, NOON + timedelta(days=day)) for day in (0.5, 2, 4)] == ["ab cd e", "abcd e", "ab cd e"]


# ---------------------------------------------------------------- claims


def test_many_claims_are_accepted_in_one_entry_and_undone_as_one(ledger: Ledger) -> None:
    printed = ok("accept", "-", said="\n".join(ids("abc")))
    assert [line.split()[0] for line in printed.splitlines()] == ["2.1", "2.2", "2.3"]
    judged = Judged(ledger, Log(ledger.path))
    assert all(judged.standings[claim].verdict for claim in ids("abc"))
    ok("undo", "2")
    assert Judged(ledger, Log(ledger.path)).standings == {}


def test_nothing_on_standard_input_is_wrong_usage() -> None:
    assert "no ids" in refused("accept", "-", said="\n", status=2)


def test_a_whole_event_is_rejected_and_a_single_claim_retracted(ledger: Ledger) -> None:
    ok("reject", STRIKES["b"], "--event", "--reason", "a film")
    ok("retract", STRIKES["c"], "--reason", "withdrawn by the paper")
    standings = Judged(ledger, Log(ledger.path)).standings
    assert all(standings[claim].is_rejected for claim in ids("ab"))
    assert standings[STRIKES["c"]].retraction is not None
    assert STRIKES["d"] not in standings


def test_a_correction_keeps_what_was_read_beside_it(ledger: Ledger) -> None:
    printed = ok("correct", STRIKES["a"][:12], "day", "2020-08-16", "--reason", "the dateline says Sunday")
    assert "corrected day of claim" in printed
    assert "from 2020-08-17 to 2020-08-16" in printed
    (judgement,) = Judged(ledger, Log(ledger.path)).standings[STRIKES["a"]].corrections
    assert judgement.before == ((STRIKES["a"], "2020-08-17"),)
    assert ledger.show(STRIKES["a"]).row.first_day == datetime(2020, 8, 17).date(), "the claim itself is never edited"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("day", "2020-02-30", "not a day"),
        ("day", "August", "write it as 2020-08-18"),
        ("day", "2020-08-20..2020-08-18", "ends before it begins"),
        ("type", "PROTST", "did you mean PROTEST?"),
        ("type", "none", "reject the claim"),
        ("mode", "arrest", "no mode of PROTEST"),
        ("status", "true", "there are alleged, asserted"),
        ("country", "Belarus", "three letters"),
        ("counts.participants", "many", "no figure"),
        ("counts.participants", "50..40", "lower bound comes first"),
        ("counts.participant", "4", "did you mean participants?"),
        ("days", "2020-08-16", "did you mean day?"),
        ("place", " ", "'none'"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_it_can_be(field: str, value: str, says: str) -> None:
    assert says in refused("correct", STRIKES["a"], field, value)


def test_a_mode_is_checked_against_the_type_as_it_was_corrected() -> None:
    ok("correct", STRIKES["a"], "type", "coerce")
    ok("correct", STRIKES["a"], "mode", "arrest")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["accept", "zzz"], "`dateline find` lists them"),
        (["accept", "c0"], "beginning of several ids"),
        (["undo", "9.9"], "audit log"),
        (["undo", "1.1"], "dateline link"),
    ],
)
def test_ids_that_lead_nowhere_are_told_of(arguments: list[str], says: str) -> None:
    assert says in refused(*arguments)


def test_what_was_undone_cannot_be_undone_again_and_the_undoing_can(ledger: Ledger) -> None:
    ok("merge", *ids("ac"), "--reason", "one")
    ok("undo", "2.1")
    assert "Undo that to restore it" in refused("undo", "2.1")
    ok("undo", "3.1")
    assert events(ledger) == "abcd e"


def test_a_judgement_needs_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATELINE_USER")
    result = run("accept", STRIKES["a"])
    assert result.exit_code == 2
    assert "--by" in result.stderr


# ---------------------------------------------------------------- a newer coder, a newer run of the linker


def code_anew(ledger: Ledger, number: int, *, lost: bool = False, day: int | None = None) -> Coding:
    """A newer coder reads the report: the claim of the strike has another evidence and so another id, or is not found at all."""
    report, coding = report_of(f"{number}.txt", f"{STRIKE} ({number})"), strike(number)
    newer = Coder("dateline 0.2.0", "reader-2", "k2")
    first, *rest = coding.claims
    event = replace(first.event, evidence=Span(first.event.evidence.start, first.event.evidence.end + 10))
    if day is not None:
        assert event.time is not None
        moved = event.time.first.replace(day=day) if event.time.first else None
        event = replace(event, time=replace(event.time, first=moved, last=moved))
    claims = (() if lost else (replace(first, id=f"new{number}", event=event),)) + tuple(rest)
    changed = replace(coding, claims=tuple(replace(claim, coder=newer, same_as=None) for claim in claims))
    ledger.add([changed], [report], coder=newer, known_at=NOON + timedelta(days=2))
    return changed


def test_a_judgement_survives_a_newer_coding_that_reads_other_words(ledger: Ledger) -> None:
    ok("merge", *ids("ce"), "--reason", "one")
    ok("correct", STRIKES["e"], "day", "2020-08-16")
    code_anew(ledger, 4)
    judged = Judged(ledger, Log(ledger.path))
    assert judged.successors == {STRIKES["e"]: "new4"}
    assert judged.event("new4") == judged.event(STRIKES["c"]) == judged.event(STRIKES["e"])
    assert judged.standings["new4"].corrections[0].value == "2020-08-16"


def test_a_reading_that_differs_from_the_one_corrected_is_to_be_reviewed_and_changes_nothing(ledger: Ledger) -> None:
    ok("correct", STRIKES["e"], "day", "2020-08-16")
    code_anew(ledger, 4, day=19)
    items = [item for item in as_json("review") if item["concern"] == "the coder now reads it otherwise"]
    assert [item["claims"] for item in items] == [["new4"]]
    assert "it is now read '2020-08-19'" in items[0]["reason"]
    assert Judged(ledger, Log(ledger.path)).standings["new4"].corrections[0].value == "2020-08-16"


@pytest.mark.parametrize("day", [16, 17])
def test_a_reading_that_is_the_corrected_one_or_the_one_before_is_not(ledger: Ledger, day: int) -> None:
    ok("correct", STRIKES["e"], "day", "2020-08-16")
    code_anew(ledger, 4, day=day)
    assert [item for item in as_json("review") if item["judgements"]] == []


def test_a_judgement_about_a_claim_that_is_gone_stands_and_is_shown(ledger: Ledger) -> None:
    ok("accept", STRIKES["e"])
    code_anew(ledger, 4, lost=True)
    items = [item for item in as_json("review") if item["concern"] == "the claim is gone"]
    assert [(item["claims"], item["judgements"]) for item in items] == [([STRIKES["e"]], ["2.1"])]
    assert "earlier coding" in refused("accept", STRIKES["e"], "--event")


def test_an_accepted_event_that_the_linker_has_changed_is_to_be_reviewed(ledger: Ledger) -> None:
    ok("accept", STRIKES["a"], "--event")
    link(ledger, "abe cd", at=NOON + timedelta(hours=3))
    items = [item for item in as_json("review") if item["concern"] == "the event is another now"]
    assert [item["claims"] for item in items] == [[STRIKES["a"], STRIKES["e"]]]


def test_unsure_links_come_after_what_people_disagree_about_and_not_once_they_are_judged(ledger: Ledger) -> None:
    link(ledger, "ab cd e", chance=0.6, at=NOON + timedelta(hours=2))
    unsure = [item for item in as_json("review") if item["concern"] == "unsure whether it is this event"]
    assert {item["claims"][0] for item in unsure} == {STRIKES["b"], STRIKES["d"]}
    assert "chance of 60%" in unsure[0]["reason"]
    ok("accept", STRIKES["a"], "--event")
    unsure = [item for item in as_json("review") if item["concern"] == "unsure whether it is this event"]
    assert {item["claims"][0] for item in unsure} == {STRIKES["d"]}


# ---------------------------------------------------------------- history and audit


def test_the_next_to_review_is_shown_with_its_words_and_commands_that_decide_it(ledger: Ledger) -> None:
    link(ledger, "abc de", chance=0.6, at=NOON + timedelta(hours=2))
    shown = ok("review", "--next")
    first = as_json("review", "--next")
    assert len(first) == 1
    assert shown.startswith(first[0]["concern"])
    assert re.search(r"“.*\*\w+", shown), "the words, and the trigger between stars"
    decide = [line.split() for line in shown.splitlines() if line.startswith("  dateline ")]
    assert [words[1] for words in decide] == ["accept", "split"]
    ok(*decide[0][1:], "--by", "Ben")
    assert as_json("review", "--next")[0]["claims"] != first[0]["claims"]


def test_how_far_reviewing_is_is_counted_by_concern_and_by_person(ledger: Ledger) -> None:
    link(ledger, "abc de", chance=0.6, at=NOON + timedelta(hours=2))
    (before,) = as_json("review", "--stats")
    assert (before["judged"], before["claims"], before["judges"]) == (0, 15, {})
    assert before["to_do"]["unsure whether it is this event"] == 3
    ok("accept", STRIKES["b"])
    ok("accept", STRIKES["c"], "--by", "Ben")
    (after,) = as_json("review", "--stats")
    assert (after["judged"], after["judges"]) == (2, {"Ada": 1, "Ben": 1})
    assert after["to_do"]["unsure whether it is this event"] == 1
    assert "2 of 15 claims judged by people (13%)" in ok("review", "--stats")


def test_the_history_of_an_event_tells_what_was_coded_linked_and_judged_in_order(ledger: Ledger) -> None:
    ok("merge", *ids("ac"), "--reason", "one strike")
    ok("undo", "2.1")
    printed = ok("history", STRIKES["b"])
    steps = [step["what"] for step in as_json("history", STRIKES["b"])]
    assert steps == ["coded", "coded", "linked", "merged", "undone"]
    coded = "coded by program dateline 0.1.0"
    for words in (coded, "linked to event", "Ada merged 2 events into one", "[undone since]", "Ada undid 2.1"):
        assert words in printed
    assert [step["what"] for step in as_json("history", STRIKES["b"], "--claim")][:2] == ["coded", "linked"]


def test_the_log_is_listed_and_filtered(ledger: Ledger) -> None:
    ok("merge", *ids("ac"), "--reason", "one")
    ok("accept", STRIKES["e"], "--by", "Ben")
    assert [j["id"] for j in as_json("audit", "log")] == ["1.1", "2.1", "3.1"]
    assert [j["id"] for j in as_json("audit", "log", "--by", "Ben")] == ["3.1"]
    assert [j["id"] for j in as_json("audit", "log", "--kind", "merged")] == ["2.1"]
    assert [j["id"] for j in as_json("audit", "log", "--about", STRIKES["d"])] == ["2.1"]
    assert "nothing fits" not in ok("audit", "log")


def test_a_whole_ledger_is_verified_and_a_changed_one_ends_with_status_4(ledger: Ledger) -> None:
    ok("merge", *ids("ac"), "--reason", "one")
    head = ok("audit", "verify").splitlines()[-1].removeprefix("head ")
    ok("audit", "verify", "--head", head)
    path = ledger.path / "judgements" / "0000000002.json"
    path.write_bytes(path.read_bytes().replace(b"one", b"two"))
    result = run("audit", "verify", "--head", head)
    assert result.exit_code == 4
    assert "judgements/0000000002.json (entry 2): entry 2 was changed" in result.stdout
    assert "Restore" in result.stderr


def test_the_ledger_of_a_day_is_shown_with_the_judgements_that_held(ledger: Ledger) -> None:
    ok("merge", *ids("ac"), "--reason", "one")
    assert "5 documents, 15 claims, 0 judgements hold" in ok("audit", "at", (NOON + timedelta(minutes=30)).isoformat())
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert "Ada merged 2 events into one" in ok("audit", "at", tomorrow)
    state, *judgements = as_json("audit", "at", tomorrow)
    assert {claim: event for claim, event in state["moved"].items() if claim in STRIKES.values()} == dict.fromkeys(
        ids("cd"), STRIKES["a"]
    )
    assert [judgement["id"] for judgement in judgements] == ["1.1", "2.1"]


def test_a_name_is_removed_and_the_ledger_verifies(ledger: Ledger) -> None:
    ok("accept", STRIKES["a"], "--by", "Ben Roe")
    ok("audit", "forget", "Ben Roe")
    assert "Ben Roe" not in ok("audit", "log")
    assert "(name removed)" in ok("audit", "log")
    ok("audit", "verify")


def test_words_of_a_reason_cannot_drive_the_terminal(ledger: Ledger) -> None:
    assert "\x1b" not in ok("reject", STRIKES["a"], "--reason", "no\x1b[2J")
