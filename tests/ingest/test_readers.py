from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

from dateline.ingest.readers import find_reports
from dateline.records import Problem, Report

LEAD = "Dock workers walked off the job on Monday."


def reports(
    *sources: Path | str, stdin: bytes | None = None, max_bytes: int = 1000, published: date | None = None
) -> list[Report | Problem]:
    stream = io.BytesIO(stdin) if stdin is not None else None
    return list(find_reports([str(s) for s in sources], stdin=stream, max_bytes=max_bytes, published=published))


def only_problem(*sources: Path | str, stdin: bytes | None = None, max_bytes: int = 1000) -> Problem:
    (found,) = reports(*sources, stdin=stdin, max_bytes=max_bytes)
    assert isinstance(found, Problem)
    assert found.is_fatal
    return found


def only_report(*sources: Path | str, stdin: bytes | None = None) -> Report:
    (found,) = reports(*sources, stdin=stdin)
    assert isinstance(found, Report)
    return found


def test_it_reads_a_file_by_its_ending(tmp_path: Path) -> None:
    for name, media_type in [("a.txt", "text/plain"), ("b.HTML", "text/html"), ("c.htm", "text/html"), ("d.story", None)]:
        path = tmp_path / name
        path.write_text(LEAD)
        assert only_report(path) == Report(str(path), LEAD.encode(), media_type)


def test_it_walks_a_folder_in_order_and_passes_over_what_is_hidden(tmp_path: Path) -> None:
    for name in ["b.txt", "a.txt", ".hidden.txt", "sub/c.txt", ".git/d.txt"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(LEAD)
    names = [Path(r.name).name for r in reports(tmp_path) if isinstance(r, Report)]
    assert names == ["a.txt", "b.txt", "c.txt"]


def test_it_says_what_is_missing_or_unreadable_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LEAD)
    (tmp_path / "b.bin").write_bytes(b"\x00\x01\x02" * 9)
    (tmp_path / "empty").mkdir()
    found = reports(tmp_path / "none.txt", tmp_path / "b.bin", tmp_path / "empty", tmp_path / "a.txt")
    assert [f.reason for f in found if isinstance(f, Problem)] == ["missing", "binary", "empty"]
    assert isinstance(found[-1], Report)
    missing = found[0]
    assert isinstance(missing, Problem)
    assert missing.message == f"{tmp_path / 'none.txt'}: does not exist; check the path"


def test_it_raises_nothing_for_a_name_no_file_can_have() -> None:
    assert only_problem("bad\0name").reason == "missing"


def test_it_refuses_a_file_that_is_too_large_without_reading_it_all(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a" * 2000)
    assert only_problem(tmp_path / "a.txt").reason == "too large"


def test_it_reads_json_lines_with_every_accepted_key(tmp_path: Path) -> None:
    line = {
        "id": 7, "body": LEAD, "headline": "Strike", "link": "https://bugle.example/a", "source": "The Bugle",
        "published_at": "2021-03-02T10:00:00Z", "author": "Ana Petrov",
    }  # fmt: skip
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(line))
    assert only_report(path) == Report(
        name=f"{path}:1 (7)",
        raw=LEAD.encode(),
        media_type="text/plain",
        address="https://bugle.example/a",
        publisher="The Bugle",
        published=date(2021, 3, 2),
        title="Strike",
        byline="Ana Petrov",
    )


def test_it_names_file_and_line_of_a_bad_line_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        json.dumps({"text": LEAD}),
        "{not json",
        "",
        "[1]",
        json.dumps({"title": "x"}),
        '{"text": "\xff"}',
        json.dumps({"html": "<p>x"}),
    ]
    path.write_bytes("\n".join(lines).encode("latin-1"))
    found = reports(path)
    assert [(type(f).__name__, f.name if isinstance(f, Report) else f.report) for f in found] == [
        ("Report", f"{path}:1"),
        ("Problem", f"{path}:2"),
        ("Problem", f"{path}:4"),
        ("Problem", f"{path}:5"),
        ("Problem", f"{path}:6"),
        ("Report", f"{path}:7"),
    ]
    assert all(f.reason == "bad line" and str(path) in f.message for f in found if isinstance(f, Problem))


def test_it_passes_over_a_line_that_is_too_long(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text("\n".join([json.dumps({"text": "a" * 3000}), json.dumps({"text": LEAD})]))
    problem, report = reports(path)
    assert isinstance(problem, Problem)
    assert (problem.reason, problem.report) == ("too large", f"{path}:1")
    assert isinstance(report, Report)
    assert report.name == f"{path}:2"


def test_it_reads_one_json_report_or_a_list(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"text": LEAD}, indent=2))
    assert only_report(path).raw == LEAD.encode()
    path.write_text(json.dumps([{"text": LEAD}, {"text": "Two."}]))
    assert [r.name for r in reports(path) if isinstance(r, Report)] == [f"{path}:1", f"{path}:2"]
    path.write_text("{")
    assert only_problem(path).reason == "bad JSON"
    path.write_text("[" * 100_000)
    assert only_problem(path, max_bytes=1_000_000).reason == "bad JSON"


def test_it_keeps_a_report_whose_date_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": LEAD, "date": "03/04/2021"}))
    problem, report = reports(path)
    assert isinstance(problem, Problem)
    assert (problem.reason, problem.is_fatal) == ("unreadable date", False)
    assert isinstance(report, Report)
    assert report.published is None


def test_it_puts_what_is_given_before_what_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": LEAD, "date": "2021-03-02"}))
    (report,) = reports(path, published=date(2021, 3, 9))
    assert isinstance(report, Report)
    assert report.published == date(2021, 3, 9)


def test_it_reads_standard_input_whatever_it_holds() -> None:
    assert only_report("-", stdin=LEAD.encode()) == Report("standard input", LEAD.encode())
    assert only_report("-", stdin=json.dumps({"text": LEAD}).encode()).raw == LEAD.encode()
    lines = b"\n".join(json.dumps({"text": LEAD}).encode() for _ in range(40))
    found = reports("-", stdin=lines)
    assert [f.name for f in found if isinstance(f, Report)] == [f"standard input:{i}" for i in range(1, 41)]
    assert only_problem("-", stdin=b"\x89PNG\r\n\x1a\n").reason == "binary"


def test_it_hands_on_an_empty_file_for_the_reader_to_refuse(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    assert only_report(tmp_path / "a.txt").raw == b""
    (tmp_path / "a.jsonl").write_text("\n\n")
    assert only_problem(tmp_path / "a.jsonl").reason == "empty"
