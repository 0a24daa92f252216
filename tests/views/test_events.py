"""Linked events on a terminal: readable at 80 columns, rival accounts by witness, and nothing hidden."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from dateline.knowledge.accounts import load_accounts
from dateline.knowledge.watch_rules import load_shipped_rules
from dateline.linking.accounts import accounts_of
from dateline.records import (
    Actor,
    Alert,
    Days,
    Episode,
    EpisodeDay,
    Fulfilment,
    Kind,
    LinkedEvent,
    Place,
    PlaceKind,
    PlanOutcome,
    StatusValue,
    Testimony,
)
from dateline.views.events import event_data, render_alerts, render_days, render_event, render_events
from dateline.views.rules import render_rules
from tests.linking.testimonies import count, say

TUESDAY, WEDNESDAY = date(2021, 3, 2), date(2021, 3, 3)
TARTU = Place("Tartu", PlaceKind.CITY, "EST", 588335, "Tartu", (58.38, 26.72))
POLICE = Actor("police", "EST", "COP", is_group=True)
DOCKERS = Actor("dockers", "EST", "LAB", is_group=True)


def arrest(name: str, *counts: Any, **given: Any) -> Testimony:
    fields = {"type": "COERCE", "mode": "arrest", "place": TARTU, "actors": [POLICE], "recipients": [DOCKERS], **given}
    return say(name, *counts, happened=(TUESDAY, TUESDAY), trigger=f"words of {name}", **fields)


def linked(*tellings: Testimony, **given: Any) -> LinkedEvent:
    accounts = accounts_of(tellings[0].claim.id, tellings, load_accounts())
    by_claim = {t.claim.id: t for t in tellings}
    return LinkedEvent(accounts, tuple(by_claim[claim] for claim in accounts.claims), **given)


def disputed() -> LinkedEvent:
    """A story and two reprints of it, and another paper that counts otherwise."""
    return linked(
        arrest("a", count("detained", 210), publisher="Tarn Wire", witness="w"),
        arrest("b", count("detained", 210), publisher="Lowmoor Courier", witness="w", day=WEDNESDAY),
        arrest("c", count("detained", 210), publisher="Port Gazette", witness="w", day=WEDNESDAY),
        arrest("d", count("detained", 400, None), publisher="Rivergate Dispatch"),
        authors=(("w", "Tarn Wire"),),
    )


def printed(render: Any, what: Any, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    render(what, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def words(text: str) -> str:
    return " ".join(text.split())


# ---------------------------------------------------------------- one event


def test_rival_figures_stand_side_by_side_with_who_says_so() -> None:
    text = words(printed(render_event, disputed()))
    assert "detained dispute" in text
    assert "◦ 210 Tarn Wire +2 reprints, 2 Mar" in text
    assert "◦ 400 or more Rivergate Dispatch, 2 Mar" in text
    assert "= together 210 or more" in text
    assert "≠ reports differ" in text


def test_reprints_are_folded_into_a_line_under_the_story_they_copy() -> None:
    lines = [line.strip() for line in printed(render_event, disputed()).splitlines()]
    reports = lines[lines.index("Reports") + 1 :]
    assert reports == [
        "1 Rivergate Dispatch, 2 Mar  d", "“words of d”", "2 Tarn Wire, 2 Mar  a", "“words of a”",
        "reprinted by Lowmoor Courier, 3 Mar; Port Gazette, 3 Mar",
    ] or reports == [
        "1 Tarn Wire, 2 Mar  a", "“words of a”", "reprinted by Lowmoor Courier, 3 Mar; Port Gazette, 3 Mar",
        "2 Rivergate Dispatch, 2 Mar  d", "“words of d”",
    ]  # fmt: skip


def test_a_later_report_of_the_same_paper_is_no_reprint() -> None:
    event = linked(arrest("a", publisher="Tarn Wire", witness="w"), arrest("b", publisher="Tarn Wire", witness="w", day=WEDNESDAY))
    text = printed(render_event, event)
    assert "reprint" not in text
    assert "“words of b”" in text


def test_the_heading_says_what_where_when_and_on_how_many_words() -> None:
    heading = printed(render_event, disputed()).splitlines()[:3]
    assert heading[0].split()[:5] == ["COERCE", "·", "arrest", "●", "asserted"]
    assert heading[1] == "police – arrest – of dockers, Tartu, EST, Tue 2 March 2021"
    assert heading[2] == "4 reports, 2 witnesses; first told Tue 2 March 2021"


def test_what_was_corrected_is_shown_and_crossed_out() -> None:
    event = linked(
        arrest("a", count("detained", 520), publisher="Tarn Wire", witness="w", superseded_by="b"),
        arrest("b", count("detained", 52), publisher="Tarn Wire", witness="w", day=WEDNESDAY),
    )
    text = words(printed(render_event, event))
    assert "• 52 Tarn Wire, 3 Mar" in text
    assert "× 520 (corrected since)" in text
    assert "3 Mar detained 520 → 52, corrected by Tarn Wire" in text
    assert "✎ a report was corrected or taken back" in text


def test_a_year_is_said_where_reports_are_of_several() -> None:
    event = linked(arrest("a"), arrest("b", day=date(2022, 3, 1)))
    assert "1 Mar 2022" in printed(render_event, event)
    assert "2 Mar 2021" in printed(render_event, event)


def plan_of(event: str, outcome: str | None, fulfilment: Fulfilment) -> PlanOutcome:
    return PlanOutcome(event, ("a",), Days(TUESDAY, TUESDAY), fulfilment, WEDNESDAY, outcome, (), ("same day and place",))


def test_a_plan_says_what_became_of_it_and_why_we_think_so() -> None:
    planned = linked(arrest("a", status=StatusValue.PLANNED), plan=plan_of("a", "b0123456789", Fulfilment.HAPPENED))
    text = words(printed(render_event, planned))
    assert "Announced for Tue 2 March 2021: happened, as of 3 Mar (event b0123456) same day and place" in text
    outcome = linked(arrest("b0123456789"), plan=plan_of("a", "b0123456789", Fulfilment.HAPPENED))
    assert "Announced in event a for Tue 2 March 2021: happened" in words(printed(render_event, outcome))


def test_an_episode_is_a_timeline_in_which_the_event_is_found() -> None:
    days = (EpisodeDay(date(2021, 3, 1), ()), EpisodeDay(TUESDAY, ("a", "z")))
    episode = Episode(
        "z", Kind("PROTEST", "strike"), ("z", "a"), date(2021, 3, 1), TUESDAY, ("a",), (("place: Tartu", 2),), days, ()
    )
    text = printed(render_event, linked(arrest("a"), episode=episode))
    assert "Part of an episode: strike, Mon 1 – Tue 2 March 2021" in text
    assert "held together by place: Tartu (2 of 2)" in text
    assert "Tue 2 Mar   a, z  ← this one" in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    for text in (printed(render_event, disputed(), width), printed(render_events, [disputed()], width)):
        assert max(map(cell_len, text.splitlines())) <= width


def test_no_report_can_drive_the_terminal() -> None:
    event = linked(replace(arrest("a", publisher="Tarn\x1b[2J Wire"), evidence="They \x1b]0;fled"))
    assert "\x1b" not in printed(render_event, event) + printed(render_events, [event], 140)


# ---------------------------------------------------------------- many events


def test_a_line_says_what_is_known_and_the_signs_are_explained() -> None:
    text = printed(render_events, [disputed()])
    row = next(line for line in text.splitlines() if "COERCE" in line)
    assert row.split()[:4] == ["a", "2021-03-02", "●≠", "COERCE"]
    assert row.split()[-1] == "4/2"
    assert "police → dockers; detained 210 or more" in printed(render_events, [disputed()], 100)
    assert "≠ reports differ" in text
    assert "△" not in text
    assert "1 event\n" in text


def test_a_wide_terminal_has_room_for_the_words() -> None:
    assert "“words of a”" in printed(render_events, [disputed()], 140)
    assert "“words of a”" not in printed(render_events, [disputed()], 80)


def test_many_parties_are_counted_and_not_listed() -> None:
    crowd = [Actor(f"Party {n}", "EST", "PTY", id=f"p{n}") for n in range(5)]
    assert "Party 0, Party 1 +3" in printed(render_events, [linked(arrest("a", actors=crowd))], 200)


def test_no_events_is_said() -> None:
    assert printed(render_events, []) == "No events found.\n"


# ---------------------------------------------------------------- for machines


def test_an_event_is_json_with_all_that_is_shown() -> None:
    data = json.loads(json.dumps(event_data(disputed()), default=lambda moment: moment.isoformat()))
    assert (data["version"], data["id"], data["brief"]["witnesses"]) == (1, "a", 2)
    assert [t["claim"] for t in data["tellings"]] == ["a", "d", "b", "c"]
    (tally,) = data["tallies"]
    assert (tally["what"], tally["low"], tally["high"], tally["verdict"]) == ("detained", 210, None, "dispute")
    assert {field["field"] for field in data["fields"]} >= {"kind", "days", "place", "status"}


# ---------------------------------------------------------------- alerts and rules


def alert(**given: Any) -> Alert:
    fields: dict[str, Any] = {
        "id": "0123456789", "rule": "r", "title": "Many detained", "group": (("country", "EST"),), "day": TUESDAY,
        "said": "EST: at least 400 detained", "numbers": (), "events": ("a", "b"), "claims": ("a",),
        "known_at": datetime(2021, 3, 3, tzinfo=UTC),
    }  # fmt: skip
    return Alert(**{**fields, **given})


def test_alerts_of_one_rule_stand_under_its_title() -> None:
    text = printed(render_alerts, [alert(), alert(day=None, replaces="ffffffffff")])
    assert text.count("Many detained") == 1
    assert "2021-03-02  EST: at least 400 detained" in text
    assert "no day      EST: at least 400 detained" in text
    assert "events a, b; replaces ffffffff" in text


def test_a_backtest_is_told_by_day() -> None:
    text = printed(render_days, [(TUESDAY, [alert()]), (WEDNESDAY, [alert()])])
    assert [line for line in text.splitlines() if line.startswith("On ")] == ["On Tue 2 March 2021", "On Wed 3 March 2021"]
    assert printed(render_days, []) == "The rules would have said nothing.\n"


def test_a_rule_is_put_in_plain_words() -> None:
    console = Console(file=io.StringIO(), width=100, color_system=None)
    rules = {rule.id: rule for rule in load_shipped_rules()}
    chosen: Sequence[Any] = [rules["many-detained-in-a-day"], rules["sudden-rise-of-protest"]]
    render_rules(chosen, [alert(rule="many-detained-in-a-day")], {"0123456789"}, console)
    assert isinstance(console.file, io.StringIO)
    text = words(console.file.getvalue())
    assert "when 100 or more detained within a day" in text
    assert "when more than 3 times the mean of the 8 weeks before, and 5 or more, within 7 days" in text
    assert "alerts 1, 1 of them stand" in text
    assert "alerts none yet" in text
