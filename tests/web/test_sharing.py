"""Events in files for others: from the page and from the command line the same bytes, each of which says what it is of."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import unicodedata
from collections.abc import Iterator
from hashlib import sha256
from html import escape, unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from dateline.cli import app
from dateline.ledger.judgements import Log
from dateline.ledger.store import open_ledger
from dateline.web.app import make_app
from dateline.web.sharing.covering import covered_site
from dateline.web.sharing.rows import filters_of, without_each
from dateline.web.site import Options, Site
from tests.web.ledgers import SAMPLES, samples_at
from tests.web.world import world_at


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample reports, which nothing here changes."""
    return samples_at(tmp_path_factory.mktemp("shared") / "ledger")


@pytest.fixture(scope="module")
def page(ledger: Path) -> TestClient:
    return TestClient(make_app(Site(open_ledger(ledger, create=False), Options())), base_url="http://localhost")


def export(ledger: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["export", *arguments, "--ledger", str(ledger)])


@pytest.mark.parametrize("name", ["csv", "json", "geojson"])
def test_page_and_command_write_the_same_bytes(ledger: Path, page: TestClient, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"coerce.{name}"
    filters = ["--type", "COERCE", "--country", "-RUS", "--since", "2020-08-10", "--as-of", "2020-08-18T12:00Z"]
    query = {"type": "COERCE", "country": "-RUS", "since": "2020-08-10", "as_of": "2020-08-18T12:00Z"}
    result = export(ledger, "--to", name, "-o", str(file), "--base", "http://localhost", *filters)
    assert result.exit_code == 0, result.output
    assert file.read_bytes() == page.get(f"/events.{name}", params=query).content
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def test_a_file_says_what_it_is_of(ledger: Path, tmp_path: Path) -> None:
    file = tmp_path / "protests.csv"
    assert export(ledger, "--to", "csv", "-o", str(file), "--type", "PROTEST").exit_code == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert rows[0]["about_this_file"].startswith(f"{len(rows)} events; filter: PROTEST")
    assert {row["about_this_file"] for row in rows[1:]} == {""}
    about = json.loads(file.with_name("protests.csv-metadata.json").read_text())["dateline"]
    assert about["events"] == len(rows)
    assert about["licence"]
    assert about["program"].startswith("Dateline ")
    told = json.loads(export(ledger, "--to", "json", "-o", "-", "--type", "PROTEST").stdout)
    assert told["about"] == about


def test_its_date_is_the_ledgers_and_not_the_clocks(ledger: Path) -> None:
    first, again = (export(ledger, "--to", "json", "-o", "-").stdout for _ in range(2))
    assert first == again
    moments = [receipt.moment for receipt in open_ledger(ledger, create=False).state().receipts]
    moments += [entry.at for entry in Log(ledger).entries()]
    assert json.loads(first)["about"]["date"] == max(moments).isoformat()
    then = json.loads(export(ledger, "--to", "json", "-o", "-", "--as-of", "2020-08-14").stdout)["about"]
    assert then["date"] == then["as_of"] == "2020-08-14T23:59:59.999999+00:00"


def test_what_no_server_shows_has_no_address(ledger: Path) -> None:
    rows = json.loads(export(ledger, "--to", "json", "-o", "-", "--type", "PROTEST").stdout)["events"]
    assert {row["address"] for row in rows} == {None}


def test_what_cannot_be_asked_is_wrong_usage_and_says_what_can(ledger: Path) -> None:
    for wrong in (["--flag", "odd"], ["--review", "mine"], ["--box", "1,2,3"], ["--dates", "x"]):
        result = export(ledger, "--to", "csv", "-o", "-", *wrong)
        assert result.exit_code == 2
        assert wrong[1] in result.stderr


def test_nothing_found_says_which_filter_left_nothing(ledger: Path) -> None:
    result = export(ledger, "--to", "json", "-o", "-", "--actor", "Nobody At All", "--type", "PROTEST")
    assert json.loads(result.stdout)["events"] == []
    assert "without --actor" in result.stderr
    assert "without --type" not in result.stderr


def test_each_filter_is_left_out_in_turn() -> None:
    filters = filters_of([("type", "PROTEST"), ("q", "minsk"), ("witnesses", "2")])
    assert [(name, rest.query()) for name, rest in without_each(filters)] == [
        ("type", "q=minsk&witnesses=2"),
        ("q", "type=PROTEST&witnesses=2"),
        ("witnesses", "type=PROTEST&q=minsk"),
    ]


# ---------------------------------------------------------------- a folder


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def shared(ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The protests of the sample reports in a folder."""
    folder = tmp_path_factory.mktemp("folder") / "protests"
    result = export(ledger, "--to", "html", "-o", str(folder), "--type", "PROTEST")
    assert result.exit_code == 0, result.output
    return folder


def links_of(page: str) -> set[str]:
    return set(re.findall(r'(?:href|src)="([^"]+)"', page))


def test_every_link_of_a_folder_leads_within_it_or_to_a_reports_own_address(shared: Path) -> None:
    pages = list(shared.rglob("*.html"))
    assert len(pages) > 25
    for page in pages:
        written = page.read_text(encoding="utf-8")
        anchors = set(re.findall(r' id="([^"]+)"', written))
        for link in links_of(written):
            if link.startswith("#"):
                assert link[1:] in anchors, (page, link)
            elif not link.startswith(("http://", "https://")):
                assert (page.parent / link).resolve().is_file(), (page, link)
        assert "<script" not in written


def test_a_folder_says_on_every_page_what_it_is_of(shared: Path) -> None:
    about = json.loads((shared / "dateline-export.json").read_text())["about"]
    assert about["events"] == len(list((shared / "events").glob("*.html"))) > 10
    for page in shared.rglob("*.html"):
        foot = page.read_text(encoding="utf-8").partition("<footer")[2]
        assert f"{about['events']} events" in foot
        for said in (about["filter"], about["program"], about["ledger"], "GeoNames"):
            assert said in foot


def test_a_folder_has_every_event_with_its_words_in_the_list_on_its_page_and_as_data(shared: Path) -> None:
    listed = (shared / "days.html").read_text(encoding="utf-8")
    told = json.loads((shared / "data" / "events.json").read_text(encoding="utf-8"))
    for row in told["events"]:
        assert f'href="events/{row["id"]}.html"' in listed
        own = (shared / "events" / f"{row['id']}.html").read_text(encoding="utf-8")
        assert escape(row["evidence"]) in own
        assert "What happened to it" in own
    assert (shared / "data" / "events.csv").read_text("utf-8-sig").count("PROTEST") >= len(told["events"])


def test_a_folder_quotes_passages_and_has_whole_texts_only_when_asked(ledger: Path, shared: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    assert export(ledger, "--to", "html", "-o", str(whole), "--type", "PROTEST", "--whole-texts").exit_code == 0
    ids = [path.name for path in (shared / "documents").glob("*.html")]
    assert {path.name for path in (whole / "documents").glob("*.html")} == set(ids)
    sizes = [((shared / "documents" / id).stat().st_size, (whole / "documents" / id).stat().st_size) for id in ids]
    assert sum(less < more for less, more in sizes) > len(sizes) / 2


def test_a_folder_written_again_is_the_same_bytes_and_leaves_nothing_beside_it(ledger: Path, shared: Path) -> None:
    before = tree(shared)
    digests = json.loads(before["dateline-export.json"])["files"]
    assert digests == {path: sha256(data).hexdigest() for path, data in before.items() if path != "dateline-export.json"}
    (shared.parent / ".protests.unfinished").mkdir()  # as a run that was killed would leave it
    assert export(ledger, "--to", "html", "-o", str(shared), "--type", "PROTEST").exit_code == 0
    assert tree(shared) == before
    assert [path.name for path in shared.parent.iterdir()] == ["protests"]


def test_a_folder_with_other_things_in_it_is_left_alone(ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("ours")
    result = export(ledger, "--to", "html", "-o", str(tmp_path / "mine"), "--type", "PROTEST")
    assert result.exit_code == 1
    assert "other things are in this folder" in result.stderr
    kept = tmp_path / "kept"
    assert export(ledger, "--to", "html", "-o", str(kept), "--actor", "Nobody At All").exit_code == 0
    (kept / "notes.txt").write_text("ours")
    result = export(ledger, "--to", "html", "-o", str(kept), "--type", "PROTEST")
    assert result.exit_code == 1
    assert "notes.txt" in result.stderr
    assert tree(tmp_path / "mine") == {"thesis.txt": b"ours"}


def test_pages_of_many_events_lie_in_folders_and_lists_in_parts(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dateline.web.sharing.folder.A_LIST", 8)
    monkeypatch.setattr("dateline.web.sharing.folder.MANY", 5)
    assert export(ledger, "--to", "html", "-o", str(tmp_path / "many"), "--type", "PROTEST").exit_code == 0
    pages = list((tmp_path / "many" / "events").glob("*/*.html"))
    assert len(pages) > 5
    assert all(page.parent.name == page.name[:2] for page in pages)
    told = [(tmp_path / "many" / name).read_text() for name in ("days.html", "days-2.html", "days-3.html")]
    assert sum(written.count('href="events/') for written in told) == len(pages)
    test_every_link_of_a_folder_leads_within_it_or_to_a_reports_own_address(tmp_path / "many")


def test_hostile_names_and_texts_are_words_in_a_folder(tmp_path: Path) -> None:
    world, out = world_at(tmp_path / "world"), str(tmp_path / "out")
    assert export(world, "--to", "html", "-o", out, "--whole-texts", "--country", "NLD", "--country", "NZL").exit_code == 0
    for page in (tmp_path / "out").rglob("*.html"):
        written = page.read_text(encoding="utf-8")
        assert "<script" not in written
        assert "<img" not in written
        assert 'href="javascript:' not in written
    rows = list(csv.reader(io.StringIO((tmp_path / "out" / "data" / "events.csv").read_text("utf-8-sig"))))
    assert not any(cell[:1] in {"=", "+", "@"} for row in rows for cell in row)


# ---------------------------------------------------------------- with names and places covered

PRIVATE = (
    "Vikhor", "Taraikovsky", "Barsukov", "Konyuk", "Shutov", "Leshchenya", "Ilves", "Rook", "Korhonen", "Fenwick", "Marchetti",
    "Rukas", "Sandoval", "Aske", "Dovilaitė", "Brandes", "Lorentzen", "Albrecht", "Okonjo",
)  # fmt: skip
"""Surnames that the sample reports have of people who hold no office by the tables."""


def plain(data: bytes) -> str:
    """The data as somebody would search it for a name: no case, no marks, no markup, all white space alike."""
    text = re.sub(r"<[^>]*>", "", unescape(data.decode("utf-8")))
    text = "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c) and c != "\u00ad")
    return " ".join(text.split())


@pytest.fixture(scope="module")
def hidden(ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All sample reports in a folder, in full, with names and places covered."""
    folder = tmp_path_factory.mktemp("hidden") / "all"
    result = export(ledger, "--to", "html", "-o", str(folder), "--sensitive", "--whole-texts")
    assert result.exit_code == 0, result.output
    return folder


def test_no_file_of_a_covered_folder_has_a_private_persons_name(ledger: Path, hidden: Path) -> None:
    reports = plain(b" ".join(path.read_bytes() for path in (SAMPLES.iterdir())))
    wanted = [plain(name.encode()) for name in PRIVATE]
    assert all(name in reports for name in wanted)
    for path, data in tree(hidden).items():
        text = plain(data) if not path.startswith("style/") else ""
        assert [name for name in wanted if re.search(rf"(?<![a-z]){name}s?(?![a-z])", text)] == [], path
    assert any("person 1" in plain(data) for data in tree(hidden).values())
    assert any("lukashenko" in plain(data) for data in tree(hidden).values())


def test_no_file_of_a_covered_folder_has_a_point_or_the_name_of_a_place_in_a_town(hidden: Path) -> None:
    told = json.loads((hidden / "data" / "events.json").read_text())["events"]
    assert {row["place_kind"] for row in told} <= {None, "admin1", "country", "region"}
    assert {(row["latitude"], row["longitude"]) for row in told} == {(None, None)}
    features = json.loads((hidden / "data" / "events.geojson").read_text())["features"]
    assert {feature["geometry"] for feature in features} == {None}
    for path, data in tree(hidden).items():
        for place in ("okrestina", "pushkinskaya", "minsk tractor works"):
            assert place not in plain(data), path


def test_a_covered_folder_says_so_and_has_no_address_or_file_of_a_report(hidden: Path) -> None:
    assert "covered" in json.loads((hidden / "dateline-export.json").read_text())["about"]["hidden"]
    assert "are covered" in (hidden / "index.html").read_text()
    for path, data in tree(hidden).items():
        if path.endswith(".html"):
            assert not re.search(rb'href="https?:', data), path
            assert b".txt</code>" in data or not path.startswith("documents/"), path
            assert b"halden-press" not in data, path


def test_all_covered_files_have_the_same_pseudonyms_and_the_same_bytes_each_time(ledger: Path, hidden: Path) -> None:
    told = export(ledger, "--to", "csv", "-o", "-", "--sensitive").stdout_bytes
    assert told == (hidden / "data" / "events.csv").read_bytes()


def test_what_was_asked_for_by_name_is_found_and_not_told(ledger: Path) -> None:
    result = export(ledger, "--to", "json", "-o", "-", "--sensitive", "--actor", "Alexander Vikhor", "--text", "vikhor")
    told = json.loads(result.stdout)
    assert len(told["events"]) > 0
    assert "vikhor" not in result.stdout.casefold()
    assert told["about"]["filter"].startswith("with person 1; with the words “person 1”")
    assert told["about"]["query"] == ""


def test_what_people_judged_is_told_without_their_names(tmp_path: Path) -> None:
    ledger = samples_at(tmp_path / "judged")
    wanted = json.loads(export(ledger, "--to", "json", "-o", "-", "--actor", "Alexander Vikhor").stdout)["events"][0]["id"]
    for command in (
        ["correct", wanted, "place", "Flat 9, Kalinin Street", "--event"],
        ["correct", wanted, "recipients", "Jarmila Novotná", "--event"],
        ["accept", wanted, "--event", "--reason", "I asked Jarmila Novotná's aunt"],
    ):
        result = CliRunner().invoke(app, [*command, "--by", "Ada Reviewer", "--ledger", str(ledger)])
        assert result.exit_code == 0, result.output
    result = export(ledger, "--to", "html", "-o", str(tmp_path / "out"), "--sensitive", "--actor", "Jarmila Novotná")
    assert result.exit_code == 0, result.output
    page = plain((tmp_path / "out" / "events" / f"{wanted}.html").read_bytes())
    assert "reviewer 1" in page
    for word in ("ada", "reviewer ada", "kalinin", "flat 9", "jarmila", "novotna", "vikhor"):
        assert not re.search(rf"(?<![a-z]){word}(?![a-z])", page), word


def test_hostile_names_are_covered_in_every_script(tmp_path: Path) -> None:
    world, out = world_at(tmp_path / "world"), tmp_path / "out"
    countries = ["--country", "JOR", "--country", "ISR"]
    assert export(world, "--to", "html", "-o", str(out), "--sensitive", "--whole-texts", *countries).exit_code == 0
    assert json.loads((out / "dateline-export.json").read_text())["about"]["events"] > 1
    everything = " ".join(plain(data) for data in tree(tmp_path / "out").values())
    for name in ("سعيدة", "النوري", "נועם"):
        assert plain(name.encode()) not in everything, name
    assert "<script" not in everything


# ---------------------------------------------------------------- on the page


def test_a_download_of_the_page_is_covered_when_asked(ledger: Path, page: TestClient) -> None:
    query = {"type": "PROTEST", "actor": "Alexander Vikhor"}
    answer = page.get("/events.csv", params={**query, "hidden": "1"})
    assert "covered" in answer.headers["content-disposition"]
    filters = ["--type", "PROTEST", "--actor", "Alexander Vikhor", "--base", "http://localhost"]
    assert answer.content == export(ledger, "--to", "csv", "-o", "-", "--sensitive", *filters).stdout_bytes
    assert "vikhor" in plain(page.get("/events.csv", params=query).content)
    assert "vikhor" not in plain(answer.content)
    about = page.get(answer.headers["link"].partition(">")[0][1:]).json()["dateline"]
    assert "covered" in about["hidden"]


def test_the_page_of_files_leads_to_each_with_the_filters_and_a_switch(page: TestClient) -> None:
    answer = page.get("/share", params={"type": "COERCE", "q": "it's"})
    for name in ("csv", "json", "geojson"):
        assert f'formaction="/events.{name}"' in answer.text
    assert '<input type="hidden" name="type" value="COERCE">' in answer.text
    assert 'name="hidden" value="1"' in answer.text
    command = re.search(r"<code>dateline (export [^<]*)</code>", answer.text)
    assert command is not None
    words = shlex.split(unescape(command[1]))
    assert {"--type=COERCE", "--text=it's"} <= set(words)
    assert 'href="/share?type=COERCE"' in page.get("/", params={"type": "COERCE"}).text


@pytest.fixture(scope="module")
def covered_page(ledger: Path) -> Iterator[TestClient]:
    """The sample reports as `dateline serve --sensitive` serves them."""
    with covered_site(open_ledger(ledger, create=False), Options()) as site:
        yield TestClient(make_app(site), base_url="http://localhost")


def test_no_page_of_a_server_that_hides_has_a_private_persons_name(covered_page: TestClient) -> None:
    documents = covered_page.get("/documents.json").json()["rows"]
    events = covered_page.get("/events.json").json()["events"]
    paths = [
        "/",
        "/documents",
        "/actors",
        "/actors.json",
        "/tallies",
        "/network",
        "/network.json",
        "/audit",
        "/quality",
        "/feed.atom",
    ]
    paths += ["/columns.bin", "/watch", "/review", "/events.csv", "/events.geojson", "/documents.csv"]
    paths += [f"/documents/{d['document_id']}{rest}" for d in documents[::6] for rest in ("", ".json", ".txt")]
    paths += [f"/reports/{document['raw_sha256']}" for document in documents]
    paths += [f"/events/{event['id']}{rest}" for event in events[::60] for rest in ("", ".json", "/history")]
    wanted = [plain(name.encode()) for name in (*PRIVATE, "Okrestina")]
    for path in paths:
        answer = covered_page.get(path)
        assert answer.status_code == 200, path
        text = plain(answer.content.decode("utf-8", "replace").encode())
        assert [name for name in wanted if re.search(rf"(?<![a-z]){name}s?(?![a-z])", text)] == [], path
    assert all(event["latitude"] is None for event in events)


def test_a_server_that_hides_says_so_finds_no_name_and_lets_nobody_judge(covered_page: TestClient) -> None:
    assert "Names and exact places are hidden" in covered_page.get("/").text
    assert 'name="hidden"' not in covered_page.get("/share").text
    assert covered_page.get("/events.json", params={"q": "Vikhor"}).json()["events"] == []
    assert len(covered_page.get("/events.json", params={"actor": "person 1"}).json()["events"]) > 0
    assert covered_page.post("/judgements", data={"kind": "accepted"}).status_code == 403


TABLES = {
    "/events.csv": "/events.json",
    "/documents.csv": "/documents.json",
    "/documents.csv?shelf=failed": "/documents.json?shelf=failed",
    "/actors.csv?q=ministry": "/actors.json?q=ministry",
    "/audit.csv": "/audit.json",
    "/tallies.csv": "/tallies.json",
    "/network.csv": "/network.json",
    "/network-nodes.csv": "/network.json",
    "/watch/alerts.csv": "/watch/alerts.json",
}


@pytest.mark.parametrize("path", TABLES)
def test_every_table_of_the_page_says_what_it_is_of_and_so_does_its_twin(page: TestClient, path: str) -> None:
    moment = f"{'&' if '?' in path else '?'}as_of=2030-01-01"
    table = page.get(path + moment)
    assert table.status_code == 200
    head, *rows = csv.reader(io.StringIO(table.text.removeprefix("\ufeff")))
    assert head.count("about_this_file") == 1
    place = head.index("about_this_file")
    for said in ("licence: ", "program: Dateline", "date: 2030-01-01", "filter: "):
        assert all(said in row[place] for row in rows[:1])
    assert {row[place] for row in rows[1:]} <= {""}
    assert table.content == page.get(path + moment).content
    twin = page.get(TABLES[path] + moment).json()
    assert {"licence", "program", "date", "filter"} <= twin["about"].keys()
