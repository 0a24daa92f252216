"""Events that are looked for: when they are read, which they are, and what they are as tables, maps, networks and files."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import QueryParams
from typer.testing import CliRunner

import dateline
from dateline.api import columns
from dateline.api.project import Project
from dateline.api.showing import events_as_html
from dateline.cli import app
from dateline.errors import MissingExtraError
from dateline.ledger.errors import NotALedgerError, NotFoundError, QueryError
from dateline.ledger.store import open_ledger
from dateline.records import StatusValue
from dateline.web import boards
from dateline.web.filters import Filters
from dateline.web.site import Site
from tests.web.world import event_called

# ---------------------------------------------------------------- opening


def test_a_folder_without_a_ledger_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotALedgerError, match="create=True"):
        dateline.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    assert len(dateline.open(tmp_path / "none", create=True).find()) == 0


def test_what_is_raised_on_purpose_is_an_error_of_ours(project: Project) -> None:
    assert issubclass(NotALedgerError, dateline.Error)
    for ask in (lambda: project.event("zz"), lambda: project.document("zz"), lambda: project.claim("zz")):
        with pytest.raises(NotFoundError):
            ask()


def test_a_project_can_be_used_after_it_was_closed(world: Path) -> None:
    with dateline.open(world) as project:
        number = len(project.find())
    assert len(project.find()) == number > 20


# ---------------------------------------------------------------- lazy and steady


def test_nothing_is_read_before_it_is_asked_for(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    board = Site.board

    def told(site: Site, *arguments: Any, **named: Any) -> Any:
        read.append("board")
        return board(site, *arguments, **named)

    monkeypatch.setattr(Site, "board", told)
    found = project.as_of("2024-03-12").find(type="PROTEST").find(country="NZL").find(type=["PROTEST", "COERCE"])[:3].head(2)
    assert "not read yet" in repr(found)
    assert read == []
    assert len(found) == 1
    assert set(read) == {"board"}


@pytest.mark.parametrize("moment", [None, "2024-03-12"])
def test_a_large_ledger_is_waited_for_and_no_process_is_started(
    own: Project, monkeypatch: pytest.MonkeyPatch, moment: str | None
) -> None:
    usual = own.as_of(moment).find(type="PROTEST").ids
    monkeypatch.setattr(boards, "AT_ONCE", 0)
    again = dateline.open(own.path, as_of=moment)
    assert again.find(type="PROTEST").ids == usual
    assert again.find(type="PROTEST").ids == usual
    assert again._site.boards._makers == {}


def test_a_set_stays_as_it_was_read(own: Project) -> None:
    before, not_read = own.find(type="CONSULT"), own.find(type="CONSULT")
    (event,) = before
    own.reject(event, by="Ada")
    assert (len(before), len(not_read), len(own.find(type="CONSULT"))) == (1, 0, 0)


# ---------------------------------------------------------------- which they are


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ({}, ""),
        ({"type": "PROTEST"}, "type=PROTEST"),
        ({"type": ["PROTEST", "COERCE"]}, "type=PROTEST&type=COERCE"),
        ({"type": "-PROTEST"}, "type=-PROTEST"),
        ({"type": "COERCE", "country": ["-ITA", "-NZL"]}, "type=COERCE&country=-ITA&country=-NZL"),
        ({"status": StatusValue.PLANNED}, "status=planned"),
        ({"since": "2024-03-11", "until": date(2024, 3, 12)}, "since=2024-03-11&until=2024-03-12"),
        ({"since": datetime(2024, 3, 11, 9), "dates": "report"}, "since=2024-03-11&dates=report"),
        ({"witnesses": 2}, "witnesses=2"),
        ({"flag": "plan"}, "flag=plan"),
        ({"actor": "Nurses' Chamber"}, "actor=Nurses'+Chamber"),
        ({"text": "DOCKERS"}, "q=dockers"),
        ({"box": (170.0, -60.0, 180.0, -40.0)}, "box=170,-60,180,-40"),
        ({"place": "Lowen", "review": "machine", "until": None}, "place=Lowen&review=machine"),
    ],
    ids=str,
)
def test_it_finds_what_the_page_finds(project: Project, asked: dict[str, Any], address: str) -> None:
    site = Site(open_ledger(project.path, create=False))
    rows = site.rows(Filters.parse(QueryParams(address)))
    assert project.find(**asked).ids == tuple(map(site.board().id_of, rows.tolist()))
    assert len(rows) > 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"colour": "red"}, "there is type, mode, status"),
        ({"type": "PROTST"}, r"ACCUSE.*VOTE"),
        ({"mode": ["strike", "-stroll"]}, "stroll"),
        ({"status": "said"}, "asserted"),
        ({"country": "Belarus"}, "BLR"),
        ({"flag": "odd"}, "differ, revised"),
        ({"review": "mine"}, "all, reviewed, machine"),
        ({"since": "yesterday"}, "2020-08-18"),
        ({"box": (1, 2)}, "west,south,east,north"),
        ({"type": [3]}, "no text"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_told_with_what_can(project: Project, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        project.find(**asked)


def test_to_look_among_found_ones_finds_what_fits_both(project: Project) -> None:
    everything = set(project.find().ids)
    for one, other in (
        ({"type": "PROTEST"}, {"country": "KEN"}),
        ({"actor": "Nurses' Chamber"}, {"actor": "ministry of health"}),
        ({"since": "2024-03-10"}, {"until": "2024-03-14"}),
        ({"type": "PROTEST"}, {"type": "COERCE"}),
    ):
        first, second = project.find(**one), project.find(**other)  # type: ignore[arg-type]
        assert set(first.find(**other).ids) == set(first.ids) & set(second.ids) <= everything  # type: ignore[arg-type]


def test_slices_are_those_of_a_list(project: Project) -> None:
    all_of_them = project.find()
    ids = list(all_of_them.ids)
    assert [event.id for event in all_of_them] == ids
    for cut in (slice(3), slice(5, 9), slice(-4, None), slice(None, None, 5), slice(None, None, -1), slice(90, 99)):
        assert list(all_of_them[cut].ids) == ids[cut]
        assert [event.id for event in all_of_them[cut]] == ids[cut]
    assert all_of_them[-1].id == ids[-1]
    assert (
        list(all_of_them[::-1].find(type="PROTEST")[:2].ids)
        == [id for id in ids[::-1] if id in project.find(type="PROTEST").ids][:2]
    )
    with pytest.raises(IndexError):
        all_of_them[len(ids)]
    some = all_of_them[3:6]
    assert [id in some for id in ids[2:7]] == [False, True, True, True, False]
    assert [event in some for event in all_of_them[5:7]] == [True, False]
    assert None not in some


def test_a_moment_of_the_past_has_what_was_known_then(project: Project) -> None:
    then = project.as_of("2024-03-05")
    assert len(then.find()) == 4
    assert {event.row["known_since"] <= "2024-03-05" for event in then.find()} == {True}
    assert then.moment == project.as_of(date(2024, 3, 5)).moment == datetime(2024, 3, 5, 23, 59, 59, 999999, UTC)
    assert len(then.as_of(None).find()) == 22
    with pytest.raises(ValueError, match="no moment"):
        project.as_of("once")


# ---------------------------------------------------------------- as tables


def test_a_table_has_types_and_says_what_the_rows_say(project: Project) -> None:
    import pyarrow as pa

    table = project.find().to_arrow()
    kinds = {name: table.schema.field(name).type for name in ("id", "first", "latitude", "documents", "detained_low", "actors")}
    assert kinds["first"] == pa.date32()
    assert (kinds["id"], kinds["latitude"], kinds["documents"]) == (pa.string(), pa.float64(), pa.int64())
    assert kinds["actors"].value_type.field("sector").type == pa.string()
    rows = {row["id"]: row for row in table.to_pylist()}
    arrests = rows[event_called("arrests at the gate")]
    assert (arrests["detained_low"], arrests["detained_high"]) == (14.0, None)  # at least: the upper bound is open
    assert (arrests["first"], arrests["country"], arrests["type"]) == (date(2024, 3, 4), "NZL", "COERCE")
    assert [party["name"] for party in arrests["recipients"]] == ["dockers", "Dockers' Union of Ashport"]
    assert arrests["evidence"]
    for row in rows.values():
        told = {figure["what"]: (figure["low"], figure["high"]) for figure in row["figures"]}
        flat = {name[:-4]: (row[name], row[f"{name[:-4]}_high"]) for name in row if name.endswith("_low") and row[name] is not None}
        assert flat == told


def test_a_table_is_the_same_in_whatever_parts_it_is_made(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = project.find().to_arrow()
    monkeypatch.setattr(columns, "AT_ONCE", 3)
    assert project.find().to_arrow().equals(whole)
    assert whole.column_names[-6:] == [
        f"{what}_{side}" for what in ("detained", "injured", "participants") for side in ("low", "high")
    ]


def test_a_table_of_nothing_has_all_columns(project: Project) -> None:
    table = project.find(type="VOTE").to_arrow()
    assert table.num_rows == 0
    assert {"id", "first", "figures", "title"} <= set(table.column_names)


def test_frames_have_the_rows_of_the_table(project: Project) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    found = project.find(type="PROTEST")
    table, frame, polars = found.to_arrow(), found.to_pandas(), found.to_polars()
    assert list(frame["id"]) == polars["id"].to_list() == list(found.ids)
    assert str(frame["first"].dtype).startswith("datetime64")
    assert polars["first"].to_list() == table["first"].to_pylist()
    assert list(frame.columns) == polars.columns == table.column_names
    assert frame["participants_low"].sum() == sum(filter(None, table["participants_low"].to_pylist()))


def test_a_map_has_no_false_points(project: Project) -> None:
    pytest.importorskip("geopandas")
    frame = project.find().to_geopandas().set_index("id")
    assert frame.crs.to_epsg() == 4326
    curfew = frame.loc[event_called("the curfew")]
    assert (curfew["place"], curfew.geometry) == ("Chad", None)
    points = frame[frame.geometry.notna()]
    assert len(points) > 10
    assert all((row.geometry.x, row.geometry.y) == (row.longitude, row.latitude) for row in points.itertuples())
    features = project.find().to_geojson()["features"]
    assert sum(f["geometry"] is not None for f in features) == len(points)


def test_a_network_has_an_edge_for_every_event_and_pair(project: Project) -> None:
    pytest.importorskip("networkx")
    found = project.find(type=["ACCUSE", "COERCE", "CONSULT"])
    graph = found.to_networkx()
    rows = found.to_arrow().to_pylist()
    assert graph.number_of_edges() == sum(len(row["actors"]) * len(row["recipients"]) for row in rows)
    edge = graph["Ashport police"]["dockers"][event_called("arrests at the gate")]
    assert (edge["type"], edge["status"], edge["detained_low"]) == ("COERCE", "asserted", 14.0)
    assert "detained_high" not in edge
    assert graph.nodes["ministry of health"] == {"country": "KEN", "sector": "GOV"}
    assert "government" in graph  # it acts, and on nobody who is named


def test_a_network_can_be_kept_in_the_formats_of_others(project: Project, tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx")
    graph = project.find(country=["-NLD"], type=["COERCE", "ACCUSE"]).to_networkx()
    networkx.write_graphml(graph, tmp_path / "graph.graphml")
    networkx.write_gexf(graph, tmp_path / "graph.gexf")
    again = networkx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True)
    assert sorted(again.edges(keys=True)) == sorted(graph.edges(keys=True))
    assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))


@pytest.mark.parametrize(
    ("library", "way", "extra"),
    [("pandas", "to_pandas", "pandas"), ("polars", "to_polars", "polars"), ("geopandas", "to_geopandas", "geo"),
     ("networkx", "to_networkx", "network")],
)  # fmt: skip
def test_a_library_that_is_missing_is_named_with_its_extra(
    project: Project, monkeypatch: pytest.MonkeyPatch, library: str, way: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=rf"pip install 'dateline\[{extra}\]'"):
        getattr(project.find(type="CONSULT"), way)()


# ---------------------------------------------------------------- as files


@pytest.mark.parametrize("format", ["csv", "json", "geojson"])
def test_a_file_has_the_bytes_of_the_command(project: Project, tmp_path: Path, format: str) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    assert project.find(type="PROTEST", country="-KEN").export(format, mine) == mine
    arguments = ["--type", "PROTEST", "--country", "-KEN", "--ledger", str(project.path)]
    assert CliRunner().invoke(app, ["export", "--to", format, "-o", str(other), *arguments]).exit_code == 0
    assert mine.read_bytes() == other.read_bytes()


def test_a_file_of_some_says_that_they_are_some(project: Project, tmp_path: Path) -> None:
    found = project.find(type="PROTEST").find(type=["PROTEST", "COERCE"], country="KEN").head(2)
    about = json.loads(found.export("json", str(tmp_path / "some.json")).read_text())["about"]
    assert about["events"] == 2
    assert about["filter"].startswith("PROTEST; ")
    assert about["filter"].endswith("of these: PROTEST or COERCE; in KEN; 2 of these 3")
    assert about["query"] == ""


def test_a_folder_of_pages_is_written_too(project: Project, tmp_path: Path) -> None:
    assert (project.find(type="CONSULT").export("html", tmp_path / "pages") / "index.html").is_file()


def test_a_file_for_others_can_be_covered(project: Project, tmp_path: Path) -> None:
    found = project.find(country="JOR")
    told = [
        found.export("json", tmp_path / f"{name}.json", is_sensitive=name == "covered").read_text() for name in ("open", "covered")
    ]
    assert ["سعيدة النوري" in text for text in told] == [True, False]
    assert "hidden" in json.loads(told[1])["about"]


def test_an_unknown_format_is_told_with_those_there_are(project: Project, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="csv, json"):
        project.find().export("docx", tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- counted


def test_a_tally_is_a_pair_of_bounds_and_counts_the_events_without(project: Project) -> None:
    told = project.find(type="COERCE").tally("detained")
    assert (told.low, told.high, told.events, told.without) == (5.0, 64.0, 2, 1)
    assert told.running == 1  # a total so far of more than one event is added to nothing
    assert str(told) == "detained 5–64 (2 events with a figure, 1 without)"
    assert project.find(type="CONSULT").tally("detained").low is None


def test_groups_hold_all_events_and_leave_no_gap(project: Project) -> None:
    found = project.find()
    by_day = found.tally("participants", by="day")
    assert sum(group.events + group.without + group.running for group in by_day) == len(found)
    days = [date.fromisoformat(group.key) for group in by_day if group.key != "no day"]
    assert [(b - a).days for a, b in pairwise(days)] == [1] * (len(days) - 1)
    assert {group.key: group.low for group in found.tally("participants", by="country") if group.low} == {
        "PRT": 6300.0, "NZL": 270.0, "ISR": 200.0
    }  # fmt: skip


def test_what_cannot_be_added_up_is_told_with_what_can(project: Project) -> None:
    with pytest.raises(ValueError, match=r"these have.*participants"):
        project.find().tally("vote share")
    with pytest.raises(ValueError, match="week, month"):
        project.find().tally("detained", by="fortnight")


# ---------------------------------------------------------------- shown


def test_a_notebook_shows_a_table_in_which_nothing_acts(project: Project) -> None:
    shown = project.find()._repr_html_() + project.event(event_called("hostile markup"))._repr_html_()
    shown += project.find(status="alleged")._repr_html_()
    assert "<table>" in shown
    assert "22 events" in shown
    assert "12 more" in shown
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "<table>" not in events_as_html([], 0, "all")


# ---------------------------------------------------------------- SQL


def test_sql_gives_a_table_of_the_moment_and_changes_nothing(project: Project) -> None:
    query = "SELECT type, count(*) AS n FROM claims GROUP BY ALL ORDER BY n DESC"
    assert project.sql(query).to_pylist()[0] == {"type": "COERCE", "n": 68}
    assert project.as_of("2024-03-05").sql("SELECT count(*) AS n FROM claims")["n"].to_pylist() == [7]
    for refused in ("DROP VIEW claims", "SELECT * FROM read_csv('/etc/passwd')", "SELEC"):
        with pytest.raises(QueryError):
            project.sql(refused)


def test_claims_are_rows_of_the_moment(project: Project) -> None:
    rows = project.claims(type="PROTEST", country="KEN")
    assert [row.place_name for row in rows] == ["Nakora", "Eldama", "Kitura"]
    assert project.as_of("2024-03-14").claims(type="PROTEST", country="KEN") == rows[:1]
    assert project.claims(country="KEN", since="2024-03-15") == rows[2:]  # type: ignore[arg-type]  # days may be written out
    with pytest.raises(ValueError, match="there is type"):
        project.claims(colour="red")  # type: ignore[call-arg]
