"""A table of events that went out, was edited in a spreadsheet, and comes back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.records import About, Judge, Judgement, JudgementKind
from dateline.runs.table_cells import EXPORTED, ID
from dateline.runs.table_decisions import Plan, known_column, plan_of
from dateline.runs.table_file import WINDOWS, Table, TableError, read_table
from dateline.web.site import Site
from tests.web.reviewers import client_of, site_at
from tests.web.world import event_called, world_at

NOW = datetime(2024, 6, 1, tzinfo=UTC)
ADA = Judge("Ada")

Rows = dict[str, dict[str, str]]
Edit = Callable[[Rows], None]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A ledger that is only looked at."""
    return site_at(world_at(tmp_path_factory.mktemp("tables") / "ledger"))


@pytest.fixture(scope="module")
def raw(site: Site) -> bytes:
    """Its events as they are downloaded."""
    return client_of(site).get("/events.csv").content


def table_of(raw: bytes) -> Table:
    return read_table(raw, known_column, ID)


def edited(raw: bytes, edit: Edit | None = None, *, separator: str = ",", encoding: str = "utf-8-sig", ends: str = "\r\n") -> bytes:
    """The table after somebody edited it, as a program saves it. Rows are by event."""
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))}
    (edit or (lambda _: None))(rows)
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    sink = io.StringIO()
    writer = csv.DictWriter(sink, columns, delimiter=separator, lineterminator=ends)
    writer.writeheader()
    writer.writerows(rows.values())
    return sink.getvalue().encode(encoding, "replace")


def planned(site: Site, raw: bytes, reason: str = "") -> Plan:
    return plan_of(Judged(site.ledger, Log(site.ledger.path)), site.accounts, table_of(raw), ADA, NOW, reason=reason)


def put(happening: str, **cells: str) -> Edit:
    def edit(rows: Rows) -> None:
        rows[event_called(happening)].update(cells)

    return edit


def said(plan: Plan) -> list[tuple[str, str | None, str | None, str]]:
    return [(j.kind.value, j.field, j.value, j.reason) for j in plan.judgements]


# ---------------------------------------------------------------- what was not edited


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def days_as(write: Callable[[str, str, str], str]) -> Edit:
    def edit(rows: Rows) -> None:
        for row in rows.values():
            for column in ("first_day", "last_day"):
                if row[column]:
                    row[column] = write(*row[column].split("-"))

    return edit


def thousands(mark: str) -> Edit:
    def edit(rows: Rows) -> None:
        for row in rows.values():
            for column in row:
                if column.endswith(("_low", "_high")) and row[column]:
                    row[column] = f"{int(row[column]):,}".replace(",", mark)

    return edit


def by_any_order(rows: Rows) -> None:
    for id, row in list(rows.items())[::-1]:
        del rows[id]
        rows[id] = {"notes": "my own", **dict(reversed(row.items()))}


def short_rows(rows: Rows) -> None:
    for row in rows.values():
        row[ID] = "3.66E+15" if row[ID].startswith("3") else row[ID]


SAVED = {
    "as it was": ({}, None),
    "with semicolons": ({"separator": ";"}, None),
    "with tabs in UTF-16": ({"separator": "\t", "encoding": "utf-16"}, None),
    "without a mark and with line feeds": ({"encoding": "utf-8", "ends": "\n"}, None),
    "in a code page": ({"encoding": WINDOWS}, None),
    "days as in Berlin": ({"separator": ";"}, days_as(lambda y, m, d: f"{d}.{m}.{y}")),
    "days as in London": ({}, days_as(lambda y, m, d: f"{d}/{m}/{y}")),
    "days as in New York": ({}, days_as(lambda y, m, d: f"{int(m)}/{int(d)}/{y[2:]}")),
    "days with names of months": ({}, days_as(lambda y, m, d: f"{int(d)}-{MONTHS[int(m) - 1]}-{y[2:]}")),
    "months alone": ({}, days_as(lambda y, m, d: f"{MONTHS[int(m) - 1]}-{y[2:]}")),
    "thousands with points": ({"separator": ";"}, thousands(".")),
    "thousands with spaces": ({}, thousands("\u202f")),
    "thousands with commas": ({}, thousands(",")),
    "columns and rows in another order, and one more": ({}, by_any_order),
    "ids taken for numbers": ({}, short_rows),
}


@pytest.mark.parametrize("how", SAVED)
def test_a_table_that_nobody_edited_comes_to_nothing_however_it_was_saved(site: Site, raw: bytes, how: str) -> None:
    saving, edit = SAVED[how]
    plan = planned(site, edited(raw, edit, **saving))
    assert (plan.drafts, plan.conflicts, plan.unread, plan.rows) == ((), (), (), 22)


# ---------------------------------------------------------------- what was edited


def test_an_edited_cell_corrects_the_whole_event_as_the_command_does(site: Site, raw: bytes) -> None:
    edit = put("the march", mode="strike", first_day="17/03/2024", last_day="18/03/2024", reason="the union's own list")
    plan = planned(site, edited(raw, edit), "unused")
    why = "the union's own list"
    assert said(plan) == [("corrected", "mode", "strike", why), ("corrected", "day", "2024-03-17..2024-03-18", why)]
    judged = site.judged()
    claims = judged.claims_of(judged.event(event_called("the march")))
    assert all(j.about is About.EVENT and set(j.claims) == set(claims) for j in plan.judgements)
    assert len(claims) > 1
    assert plan.kinds() == {"corrected day": 1, "corrected mode": 1}


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"killed_low": "1,200", "killed_high": "1,300"}, "counts.killed", "1200..1300"),
        ({"killed_low": "none"}, None, None),
        ({"actors": "dockers; Ashport police"}, "actors", "dockers; Ashport police"),
        ({"place": "none"}, "place", ""),
        ({"type": "ASSAULT", "mode": "beat"}, "type", "ASSAULT"),
        ({"last_day": ""}, "day", "2024-03-04.."),
        ({"country": "prt"}, "country", "PRT"),
    ],
)
def test_values_are_read_as_a_correction_is_written(
    site: Site, raw: bytes, cells: dict[str, str], field: str | None, value: str | None
) -> None:
    def edit(rows: Rows) -> None:
        for row in rows.values():
            row.setdefault("killed_low", "")
            row.setdefault("killed_high", "")
        rows[event_called("arrests at the gate")].update(cells)

    plan = planned(site, edited(raw, edit))
    assert plan.unread == ()
    assert [(j.field, j.value) for j in plan.judgements][:1] == ([(field, value)] if field else [])


REFUSED = {
    "no such day": ({"first_day": "30/02/2024"}, "first_day", "not a day"),
    "a month": ({"first_day": "Aug-23"}, "first_day", "tells no day"),
    "a day that may be two": ({"first_day": "04/05/2024"}, "first_day", "may be 2024-05-04 or 2024-04-05"),
    "a number for a day": ({"first_day": "45000"}, "first_day", "number for 2023-03-15"),
    "emptied": ({"mode": ""}, "mode", "emptied: write 'none'"),
    "no such mode": ({"mode": "marching"}, "mode", "no mode of"),
    "a figure in words": ({"detained_low": "some"}, "detained_low", "no figure"),
    "a point or thousands": ({"detained_low": "1.200"}, "detained_low", "may be 1200 or 1.2"),
    "rounded": ({"detained_low": "1,2E+12"}, "detained_low", "write all its digits"),
    "bounds": ({"detained_low": "90", "detained_high": "9"}, "detained_low", "lower bound comes first"),
    "no such decision": ({"decision": "maybe"}, "decision", "there are accept, reject"),
    "no id of the other": ({"decision": "merge with"}, "decision", "id of the other"),
    "an id that is none": ({"decision": "merge ffff"}, "decision", "no claim or event 'ffff'"),
    "itself": ({"decision": "accept this"}, "decision", "takes no id"),
    "a reason of nothing": ({"reason": "because"}, "reason", "nothing in the row"),
    "one column sorted by itself": ({"exported": "swapped"}, "id", "was one column sorted by itself"),
    "what was exported is gone": ({"exported": "", "mode": "strike"}, "exported", "put back"),
}


def test_what_cannot_be_read_is_refused_with_its_row_its_column_and_what_to_do(site: Site, raw: bytes) -> None:
    """Each of them in a row of its own."""
    ids = [row["id"] for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))) if row["mode"]]
    numbers = {row["id"]: n for n, row in enumerate(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))), 2)}
    cases = dict(zip(ids, REFUSED.values(), strict=False))
    assert len(cases) == len(REFUSED)

    def edit(rows: Rows) -> None:
        exported = {id: row[EXPORTED] for id, row in rows.items()}
        for id, (cells, _, _) in cases.items():
            rows[id].setdefault("injured_low", "")
            rows[id].update(cells)
            if cells.get(EXPORTED) == "swapped":
                rows[id][EXPORTED] = exported[ids[0]]

    plan = planned(site, edited(raw, edit))
    assert plan.drafts == ()
    assert plan.conflicts == ()
    found = {(fault.row, fault.column): fault.words for fault in plan.unread}
    for id, (_, column, words) in cases.items():
        assert words in found.pop((numbers[id], column))
    assert found == {}


def test_a_day_that_may_be_two_is_read_as_the_other_days_of_the_file_are(site: Site, raw: bytes) -> None:
    """The hash of what was exported tells in which order a file has day and month."""

    def edit(rows: Rows) -> None:
        days_as(lambda y, m, d: f"{m}/{d}/{y}")(rows)
        rows[event_called("the march")].update(first_day="04/05/2024", last_day="04/05/2024")

    (judgement,) = planned(site, edited(raw, edit)).judgements
    assert judgement.value == "2024-04-05"


def test_letters_that_a_code_page_lacks_are_not_taken_for_edits_and_not_for_names(site: Site, raw: bytes) -> None:
    plan = planned(site, edited(raw, put("the march", mode="strike"), encoding=WINDOWS))
    assert [j.field for j in plan.judgements] == ["mode"]
    assert any("lost letters" in note for note in plan.notes)

    def edit(rows: Rows) -> None:
        row = next(row for row in rows.values() if row["place"] == "مرسى النور")
        row["place"] = "Port ????"

    (fault,) = planned(site, edited(raw, edit, encoding=WINDOWS)).unread
    assert "letters of 'مرسى النور' were lost" in fault.words


def test_decisions_are_those_of_the_commands(site: Site, raw: bytes) -> None:
    march, vigil = event_called("the march"), event_called("the vigil")
    strike = event_called("the strike in Nakora")
    judged = site.judged()

    def edit(rows: Rows) -> None:
        rows[event_called("the curfew")]["decision"] = "Accept"
        rows[event_called("hostile markup")].update(decision="rejected", reason="no report")
        rows[event_called("the rally")]["decision"] = "retract"
        rows[march]["decision"] = f"merge with {vigil[:12]}"
        rows[vigil]["decision"] = f"merge: {march}"
        rows[strike]["decision"] = f"not same {event_called('the strike in Eldama')}"

    plan = planned(site, edited(raw, edit), "looked at twice")
    assert plan.kinds() == {"accepted": 1, "merged": 1, "not the same": 1, "rejected": 1, "retracted": 1}
    assert {j.reason for j in plan.judgements} == {"looked at twice", "no report"}
    (merged,) = [j for j in plan.judgements if j.kind is JudgementKind.MERGED]
    assert {side[0] for side in merged.sides} == {judged.event(march), judged.event(vigil)}
    assert plan.already == 1, "the same merger, asked for in the other row"


def test_rows_that_contradict_one_another_are_not_entered(site: Site, raw: bytes) -> None:
    march, vigil = event_called("the march"), event_called("the vigil")

    def edit(rows: Rows) -> None:
        rows[march]["decision"] = f"not-same {vigil}"
        rows[vigil]["decision"] = f"merge {march}"

    plan = planned(site, edited(raw, edit))
    assert len(plan.drafts) == 1
    assert "contradicts what was said by row" in plan.unread[0].words


# ---------------------------------------------------------------- entered


@pytest.fixture
def own(tmp_path: Path) -> Site:
    """A ledger to be judged."""
    return site_at(world_at(tmp_path / "ledger"))


def test_it_is_entered_once_and_taken_back_as_a_whole(own: Site, raw: bytes) -> None:
    """A second reading enters nothing, an edit of what others changed meanwhile is a conflict, and an undoing makes way again."""
    file = edited(raw, put("the march", mode="strike", decision="accept", place="Ashport"))
    log = own.log
    first = planned(own, file)
    entry = log.append(first.judgements)
    assert len(entry.judgements) == 3

    again = planned(own, file)
    assert (again.drafts, again.conflicts, again.unread, again.already) == ((), (), (), 3)

    other = edited(raw, put("the march", mode="obstruct", decision="reject"))
    refused = planned(own, other)
    assert refused.drafts == ()
    assert [(c.column, c.now) for c in refused.conflicts][1] == ("mode", "strike")
    assert refused.conflicts[0].since[0].by == ADA

    fresh = edited(client_of(own).get("/events.csv").content, put("the march", mode="obstruct"))
    assert [j.value for j in planned(own, fresh).judgements] == ["obstruct"], "a new download says what holds now"

    judged = own.judged()
    log.append([judged.undoing([str(entry.number)], ADA, NOW, "")])
    assert len(planned(own, file).drafts) == 3


def test_an_event_that_others_changed_elsewhere_is_no_conflict_where_they_did_not(own: Site, raw: bytes) -> None:
    judged, march = own.judged(), event_called("the march")
    claims = judged.claims_of(judged.event(march))
    said = Judgement("", JudgementKind.CORRECTED, Judge("Ben"), NOW, (claims,), "", About.EVENT, "mode", "strike")
    own.log.append([said])
    plan = planned(own, edited(raw, put("the march", place="Ashport")))
    assert [(j.field, j.value) for j in plan.judgements] == [("place", "Ashport")]
    assert plan.conflicts == ()


def test_ids_and_decisions_alone_are_a_table_too(site: Site) -> None:
    plan = planned(site, f"id,decision\n{event_called('the march')},accept\nffffffff,reject\n".encode())
    assert [j.kind for j in plan.judgements] == [JudgementKind.ACCEPTED]
    assert [(fault.row, fault.column) for fault in plan.unread] == [(3, "id")]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04 a workbook", "save the sheet as CSV"),
        (b"", "the table is empty"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "no text"),
        (b"name,decision\nx,accept\n", "no column 'id'"),
        (b"id,mode\n366c,strike\n", "no column 'exported'"),
        (b"id,decision,decision\n366c,accept,accept\n", "two columns are called 'decision'"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_refused_as_a_whole(site: Site, raw: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        planned(site, raw)


def test_a_row_with_too_many_cells_is_told_and_the_others_are_read(site: Site) -> None:
    march = event_called("the march")
    plan = planned(site, f"id,decision,reason\n{march},accept,one, two\n{march},accept,fine\n".encode())
    assert [fault.row for fault in plan.unread] == [2]
    assert [j.reason for j in plan.judgements] == ["fine"]
