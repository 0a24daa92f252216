"""A release holds what was asked for, can be made again byte for byte, and says when it cannot."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from typer.testing import CliRunner, Result

from dateline.cli import app
from dateline.ledger.store import open_ledger
from dateline.records import Coder, Report
from dateline.releases.facts import ABOUT, Maker, Question, licence_of, this_maker
from dateline.releases.freeze import SUMS, FolderError, freeze, moment_asked, write_release
from dateline.releases.tables import load_tables
from dateline.releases.verify import check_sums, question_of, remake
from dateline.releases.writing import cell
from dateline.web.site import Options, Site
from tests.coding import DAY, code_text
from tests.web.ledgers import samples_at


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample reports, which nothing here changes."""
    return samples_at(tmp_path_factory.mktemp("released") / "ledger")


@pytest.fixture(scope="module")
def site(ledger: Path) -> Site:
    return Site(open_ledger(ledger, create=False), Options())


@pytest.fixture(scope="module")
def nurse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of one report, in which a private person is named."""
    text = "Police in Minsk detained Volha Zhuk, a nurse, on Saturday. Volha Zhuk protested on Friday."
    folder = tmp_path_factory.mktemp("nurse") / "ledger"
    report = Report("test", text.encode(), "text/plain", published=DAY)
    open_ledger(folder).add([code_text(text)], [report], coder=Coder("0", "0", "0"), known_at=datetime(2024, 5, 16, tzinfo=UTC))
    return folder


@pytest.fixture(scope="module")
def release(ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All events of the sample reports, frozen."""
    folder = tmp_path_factory.mktemp("releases") / "august"
    options = ("--title", "August 2020", "--author", "Doe, Jane", "--author", "The Institute", "--licence", "cc-by-4.0")
    result = run("release", str(folder), *options, "--ledger", str(ledger))
    assert result.exit_code == 0, result.output
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def question(site: Site, query: str = "type=PROTEST", **changes: object) -> Question:
    moment = moment_asked(site, None)
    assert moment is not None
    given = {"query": query, "moment": moment, "day": moment.date(), "title": "Protests", "version": "1.0.0", **changes}
    return Question(**given)  # type: ignore[arg-type]


def rows_of(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tree(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# ---------------------------------------------------------------- what is in it


def test_it_holds_every_event_with_its_claims_figures_and_documents(release: Path) -> None:
    events, claims, documents, figures = (rows_of(release, name) for name in ("events", "claims", "documents", "figures"))
    assert {row["event_id"] for row in claims} == {row["event_id"] for row in events}
    assert {row["document_id"] for row in claims} == {row["document_id"] for row in documents}
    assert {row["event_id"] for row in figures} < {row["event_id"] for row in events}
    assert all(row["evidence"] and row["trigger"] in row["evidence"] for row in claims if row["trigger"][0] not in "=+-@")
    assert sum(int(row["claims"]) for row in documents) == len(claims)
    assert sum(int(row["claims"]) for row in events) == len(claims)


def test_it_keeps_both_figures_of_a_correction(release: Path) -> None:
    told = [row for row in rows_of(release, "figures") if row["what"] == "detained" and row["low"] in {"47", "74"}]
    assert {(row["low"], row["standing"]) for row in told} >= {("47", "current"), ("74", "superseded")}
    assert {row["event_low"] for row in told if row["low"] == "74"} == {"47"}


def test_every_column_is_filled_by_some_row_of_the_samples(release: Path) -> None:
    empty = {
        f"{table.name}.{column.name}"
        for table in load_tables()
        for column in table.columns
        if not any(row[column.name] for row in rows_of(release, table.name))
    }
    # Nobody judged these events, no report of the samples has an address or a moment of fetching.
    assert empty <= {"events.review", "documents.fetched", "documents.address"}


def test_parquet_says_what_csv_says(release: Path) -> None:
    for table in load_tables():
        rows = pq.read_table(release / f"{table.name}.parquet").to_pylist()
        assert [{name: cell(value) for name, value in row.items()} for row in rows] == rows_of(release, table.name)


def test_no_cell_acts_as_a_formula() -> None:
    assert cell('=HYPERLINK("x")') == '\'=HYPERLINK("x")'
    assert cell(["@a", "b"]) == "'@a; b"
    assert cell(-27.5) == "-27.5"


def test_frictionless_finds_no_fault_with_it(release: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    package = frictionless.Package.from_descriptor(str(release / "datapackage.json"))
    report = package.validate()
    assert report.flatten(["title", "fieldName", "rowNumber", "note"]) == []
    schemas = {resource.name: resource.schema.field_names for resource in package.resources if resource.type == "table"}
    assert schemas == {table.name: [column.name for column in table.columns] for table in load_tables()}


def test_frictionless_notices_a_value_that_cannot_be(release: Path, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    broken = Path(shutil.copytree(release, tmp_path / "broken"))
    text = (broken / "events.csv").read_text("utf-8")
    (broken / "events.csv").write_text(text.replace(",asserted,", ",perhaps,", 1), "utf-8")
    errors = frictionless.Package.from_descriptor(str(broken / "datapackage.json")).validate().flatten(["type", "fieldName"])
    assert ["constraint-error", "status"] in errors


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # a library of its reader uses it
def test_croissant_finds_no_fault_with_it_and_reads_the_rows(release: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    dataset = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    assert not dataset.metadata.ctx.issues.warnings
    read = list(dataset.records("documents"))
    assert [row["documents/document_id"].decode() for row in read] == [row["document_id"] for row in rows_of(release, "documents")]


def test_its_citation_names_authors_licence_and_day(release: Path) -> None:
    said = yaml.safe_load((release / "CITATION.cff").read_text("utf-8"))
    assert said["authors"] == [{"family-names": "Doe", "given-names": "Jane"}, {"name": "The Institute"}]
    assert said["license"] == "CC-BY-4.0"
    assert said["title"] == "August 2020"
    assert said["date-released"].isoformat() == json.loads((release / ABOUT).read_text())["question"]["day"]


def test_its_method_says_who_coded_and_linked_it(release: Path, site: Site) -> None:
    method = (release / "METHOD.md").read_text("utf-8")
    (coder,) = site.ledger.summary().coders
    assert f"| `{coder.model}` | `{coder.knowledge}` | {len(rows_of(release, 'claims')):,} |" in method
    assert "linking-" in method
    assert "Known limits" in method
    assert "GeoNames" in (release / "LICENCE.md").read_text("utf-8")
    assert "PLOVER" in (release / "LICENCE.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("given", "id", "address"),
    [
        ("cc0-1.0", "CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("https://example.org/terms", "https://example.org/terms", "https://example.org/terms"),
        ("Ours", "Ours", ""),
    ],
)
def test_a_licence_is_known_by_its_name_or_kept_as_it_was_given(given: str, id: str, address: str) -> None:
    licence = licence_of(given)
    assert licence is not None
    assert (licence.id, licence.address) == (id, address)


# ---------------------------------------------------------------- of which moment


def test_the_same_question_gives_the_same_bytes(nurse: Path, tmp_path: Path) -> None:
    site = Site(open_ledger(nurse, create=False), Options())
    for name in ("one", "two"):
        freeze(site, question(site), tmp_path / name)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_it_is_of_the_last_change_by_the_day_asked_for(site: Site) -> None:
    last = moment_asked(site, None)
    assert last is not None
    assert moment_asked(site, last + timedelta(days=400)) == last
    before = moment_asked(site, last - timedelta(microseconds=1))
    assert before is not None
    assert before < last
    assert moment_asked(site, datetime(2000, 1, 1, tzinfo=UTC)) is None


def test_it_can_be_made_again_after_the_ledger_has_grown_was_judged_and_compacted(nurse: Path, tmp_path: Path) -> None:
    grown = Path(shutil.copytree(nurse, tmp_path / "grown"))
    folder = tmp_path / "release"
    assert run("release", str(folder), "--type", "COERCE", "--ledger", str(grown)).exit_code == 0
    book = open_ledger(grown, create=False)
    coding = code_text("Police in Minsk detained 80 people on Saturday, the ministry said.")
    report = Report("test", b"Police in Minsk detained 80 people on Saturday, the ministry said.", "text/plain", published=DAY)
    assert book.add([coding], [report], coder=Coder("0", "0", "0"), known_at=datetime.now(UTC)).claims
    claim = rows_of(folder, "claims")[0]["claim_id"]
    assert run("accept", claim, "--by", "Ada", "--ledger", str(grown)).exit_code == 0
    book.compact(made_at=datetime.now(UTC))
    result = run("release", "verify", str(folder), "--ledger", str(grown))
    assert result.exit_code == 0, result.output
    assert "byte for byte" in result.stderr
    assert (folder / "README.md").read_text("utf-8").startswith("# Events in news reports: COERCE\n")
    later = tmp_path / "later"
    assert run("release", str(later), "--type", "COERCE", "--ledger", str(grown)).exit_code == 0
    assert "judgements of people on these events | 1 accepted |" in (later / "METHOD.md").read_text("utf-8")
    assert "Ada" not in "".join(raw.decode("utf-8", "replace") for raw in tree(later).values())
    assert len(rows_of(later, "events")) == len(rows_of(folder, "events")) + 1


def test_nothing_that_fits_is_no_release_and_says_which_filter_leaves_nothing(ledger: Path, tmp_path: Path) -> None:
    result = run("release", str(tmp_path / "none"), "--type", "PROTEST", "--country", "NZL", "--ledger", str(ledger))
    assert result.exit_code == 1
    assert "without --country" in result.stderr
    assert not (tmp_path / "none").exists()
    early = run("release", str(tmp_path / "none"), "--as-of", "2001-01-01", "--ledger", str(ledger))
    assert early.exit_code == 1
    assert "by 2001-01-01" in early.stderr


# ---------------------------------------------------------------- verifying


def test_a_release_that_nobody_touched_is_what_the_ledger_gives(release: Path, ledger: Path) -> None:
    result = run("release", "verify", str(release), "--ledger", str(ledger), "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {"files": len(tree(release)) - 1, "same": True, "faults": []}


def forged(folder: Path) -> None:
    """Changes a figure and puts all checksums right."""
    path = folder / "figures.csv"
    path.write_text(path.read_text("utf-8").replace(",74,74,", ",7,7,"), "utf-8")
    lines = (folder / SUMS).read_text().splitlines()
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / SUMS).write_text("".join(f"{new if line.endswith('figures.csv') else line[:64]}{line[64:]}\n" for line in lines))


def test_the_ledger_finds_out_a_change_that_checksums_were_made_to_fit(release: Path, ledger: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(release, tmp_path / "forged"))
    forged(folder)
    assert check_sums(folder)[1] == ()
    result = run("release", "verify", str(folder), "--ledger", str(ledger))
    assert result.exit_code == 4
    assert "figures.csv differs from what the ledger gives, from line" in result.stderr
    assert "7,7" in result.stderr


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda folder: _append(folder / "claims.parquet"), "claims.parquet has another checksum"),
        (lambda folder: (folder / "METHOD.md").unlink(), "METHOD.md is missing"),
        (lambda folder: (folder / "notes.txt").write_text("mine"), f"notes.txt is not in {SUMS}"),
        (lambda folder: (folder / SUMS).write_text(f"{'0' * 64}  ../x\n"), "../x is no name of a file of the release"),
    ],
)
def test_checksums_alone_say_what_is_not_whole(release: Path, tmp_path: Path, harm: Callable[[Path], object], said: str) -> None:
    folder = Path(shutil.copytree(release, tmp_path / "harmed"))
    harm(folder)
    result = run("release", "verify", str(folder), "--checksums", "--ledger", str(tmp_path / "no ledger"))
    assert result.exit_code == 4
    assert said in result.stderr


def test_checksums_need_no_ledger(release: Path, tmp_path: Path) -> None:
    assert run("release", "verify", str(release), "--checksums", "--ledger", str(tmp_path / "none")).exit_code == 0


def test_parquet_of_another_arrow_is_the_same_if_its_rows_are(nurse: Path, tmp_path: Path) -> None:
    site = Site(open_ledger(nurse, create=False), Options())

    def rewritten(folder: Path) -> None:
        for path in folder.glob("*.parquet"):
            table = pq.read_table(path)
            pq.write_table(table, path, compression="snappy")

    other = Maker(this_maker().program, this_maker().knowledge, "pyarrow 1.0")
    write_release(site, question(site), tmp_path / "old", made_by=other, on_tables=rewritten)
    found = remake(site, tmp_path / "old")
    assert found.is_same
    assert {fault.file for fault in found.faults} == {f"{table.name}.parquet" for table in load_tables()}
    claims = pq.read_table(tmp_path / "old" / "claims.parquet")
    pq.write_table(claims.slice(1), tmp_path / "old" / "claims.parquet", compression="snappy")
    assert "claims.parquet" in {fault.file for fault in remake(site, tmp_path / "old").faults if fault.is_fault}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("{}", "not as a release has it"),
        ("[1]", "not as a release has it"),
        ("{", "no JSON"),
        ('{"version": 9}', "version 9"),
        ('{"version": 1, "question": {"query": 5}, "made_by": {}}', "query is no text"),
        ('{"version": 1, "question": [], "made_by": {}}', "not as a release has it"),
    ],
)
def test_what_is_no_release_is_said_to_be_none(tmp_path: Path, said: str, why: str) -> None:
    (tmp_path / ABOUT).write_text(said)
    result = run("release", "verify", str(tmp_path))
    assert result.exit_code == 1
    assert why in result.stderr
    (tmp_path / ABOUT).unlink()
    assert "no release here" in run("release", "verify", str(tmp_path)).stderr


# ---------------------------------------------------------------- where it is written


def test_it_is_written_nowhere_where_something_lies(release: Path, site: Site, tmp_path: Path) -> None:
    before = tree(release)
    with pytest.raises(FolderError, match="a release is there already"):
        freeze(site, question(site), release)
    assert tree(release) == before
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FolderError, match="other things"):
        freeze(site, question(site), tmp_path)
    with pytest.raises(FolderError, match="a file"):
        freeze(site, question(site), tmp_path / "mine.txt")
    with pytest.raises(FolderError, match="no such folder"):
        freeze(site, question(site), tmp_path / "no" / "folder")


def test_it_is_written_whole_or_not_at_all(site: Site, tmp_path: Path) -> None:
    def full(id: str) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        freeze(site, question(site), tmp_path / "release", on_event=full)
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- covered


def test_a_covered_release_tells_no_private_name_and_can_be_made_again(nurse: Path, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    result = run("release", str(folder), "--sensitive", "--type", "COERCE", "--ledger", str(nurse))
    assert result.exit_code == 0, result.output
    (event,) = rows_of(folder, "events")
    assert event["recipients"] == "person 1"
    assert (event["latitude"], event["place_kind"]) == ("", "country")
    assert "person 1" in rows_of(folder, "claims")[0]["evidence"]
    for name, raw in tree(folder).items():
        assert b"Zhuk" not in raw, name
    assert "Zhuk" not in str(pq.read_table(folder / "claims.parquet").to_pylist())
    assert run("release", "verify", str(folder), "--ledger", str(nurse)).exit_code == 0


def test_a_question_about_somebody_covered_is_not_told_by_the_folder(nurse: Path, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    result = run("release", str(folder), "--sensitive", "--actor", "Volha Zhuk", "--ledger", str(nurse))
    assert result.exit_code == 0, result.output
    for name, raw in tree(folder).items():
        assert b"Zhuk" not in raw, name
    assert question_of(folder)[0].query is None
    refused = run("release", "verify", str(folder), "--ledger", str(nurse))
    assert refused.exit_code == 1
    assert "--checksums" in refused.stderr
