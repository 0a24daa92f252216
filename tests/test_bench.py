"""The benchmarks measure what they say: carried-back offsets, the schema of the hand coding, verdicts on status."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import find_benchmarks, main
from bench.articles import as_hand_coding, figures, load_scorer, nearest_teller, read_article
from bench.status import Case, Spec, add_up, judge
from dateline.records import (
    READ,
    Actor,
    Block,
    Claim,
    Coder,
    Coding,
    Count,
    Document,
    EventMention,
    EventTime,
    Exactness,
    OffsetMap,
    Participant,
    Precision,
    Quotation,
    QuoteKind,
    Run,
    Span,
    Status,
    StatusValue,
    Teller,
)

SHARED_SCORER = Path(__file__).resolve().parents[1] / "../shared/gold/score_articles.py"
CODER = Coder("test", "test", "test")
POLICE = Actor("police", "FRA", "COP")
PAPER = Teller(Actor("The Paper", None, "JRN"), None, None, QuoteKind.DIRECT)
TEXT = "Émeutes: police detained almost 50 men."


def document(text: str, offsets: OffsetMap | None = None) -> Document:
    return Document("d", "d.txt", "", text, (Block(Span(0, len(text))),), offsets or OffsetMap(), publisher="The Paper")


def event(trigger: Span, *, status: StatusValue = StatusValue.ASSERTED, type_: str = "COERCE", **values: Any) -> EventMention:
    given = {"actors": (), "recipients": (), "time": None, "place": None, "counts": (), "attribution": ()} | values
    return EventMention(type_, "arrest", (), trigger, trigger, status=Status(status), rule="r", confidence=1.0, **given)


def coding(text: str, *events: EventMention, quotations: tuple[Quotation, ...] = (), offsets: OffsetMap | None = None) -> Coding:
    claims = tuple(Claim(f"c{i}", "d", e, CODER) for i, e in enumerate(events))
    return Coding("d.txt", document(text, offsets), claims, quotations)


# ---------------------------------------------------------------- articles


def test_it_carries_spans_back_to_code_points_of_the_file() -> None:
    """The accented letter is two bytes and the line end two characters; neither may move the offsets."""
    raw = f"Title\r\n{TEXT}".encode()
    run = Run(7, len(TEXT) - 7, len(b"Title\r\n") + len("Émeutes".encode()), len(raw))
    start = TEXT.index("detained")
    written = as_hand_coding(coding(TEXT, event(Span(start, start + 8)), offsets=OffsetMap((run,))), raw)
    at = written["events"][0]["trigger"]
    assert raw.decode().replace("\r\n", "\n")[at["start"] : at["end"]] == "detained"


def test_it_leaves_out_records_whose_words_are_not_in_the_file() -> None:
    assert as_hand_coding(coding(TEXT, event(Span(0, 7))), TEXT.encode())["events"] == []


def test_it_writes_a_record_in_the_schema_of_the_hand_coding() -> None:
    raw = TEXT.encode()
    offsets = OffsetMap((Run(0, 1, 0, 2), Run(1, len(TEXT) - 1, 2, len(raw))))
    figure = Span(TEXT.index("almost"), TEXT.index("."))
    full = event(
        Span(17, 25),
        actors=(Participant(POLICE, Span(9, 15), READ),),
        time=EventTime(date(2021, 3, 9), None, Precision.DAY, READ),
        counts=(Count("detained", figure, 45, 49, Exactness.ALMOST, "people"),),
        attribution=(PAPER, Teller(Actor("Belta", "BLR", "JRN"), Span(9, 15), None, QuoteKind.INDIRECT)),
    )
    quotation = Quotation(QuoteKind.MIXED, (Span(0, 7), Span(17, 25)), None, None, POLICE)
    written = as_hand_coding(coding(TEXT, full, quotations=(quotation,), offsets=offsets), raw)
    record, quote = written["events"][0], written["quotes"][0]
    assert record["actor"] == ["police", "FRA", "COP"]
    assert record["recipient"] is None
    assert record["date"] == ["2021-03-09", None]
    assert record["counts"] == [
        {"what": "detained", "text": "almost 50 men", "low": 45, "high": 49, "about": True, "unit": "people"},
    ]
    assert record["by"] == "Belta"
    assert (quote["speaker"], quote["direct"], quote["content"]) == ("police", True, {"start": 0, "end": 25})


def test_it_names_whom_the_paper_has_it_from() -> None:
    """Of the paper, Belta and the president the paper's source is Belta; alone, the paper has it from nobody."""
    belta = Teller(Actor("Belta", "BLR", "JRN"), Span(1, 2), None, QuoteKind.INDIRECT)
    president = Teller(Actor("the president", "BLR", "GOV"), Span(3, 4), None, QuoteKind.DIRECT)
    assert nearest_teller(event(Span(0, 1), attribution=(PAPER, belta, president)), "The Paper") == "Belta"
    assert nearest_teller(event(Span(0, 1), attribution=(president,)), None) == "the president"
    assert nearest_teller(event(Span(0, 1), attribution=(PAPER,)), "The Paper") is None


def test_it_takes_what_the_page_said_and_never_the_hand_coding(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Police left.", "utf-8")
    (tmp_path / "a.meta.json").write_text(json.dumps({"date": "2020-08-18", "title": None, "url": "http://a.example"}), "utf-8")
    report = read_article(tmp_path / "a.txt")
    assert (report.published, report.title, report.address) == (date(2020, 8, 18), None, "http://a.example")


def test_it_says_where_it_looked_for_a_scorer(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="--scorer"):
        load_scorer(tmp_path / "none", None)


def test_it_scores_a_right_coding_as_right(tmp_path: Path) -> None:
    if not SHARED_SCORER.exists():
        pytest.skip("the scorer is not on this machine")
    gold = {
        "events": [
            {"id": "E1", "type": "COERCE", "mode": "arrest", "trigger": "detained", "evidence": "detained", "status": "asserted"}
        ]
    }
    gold_folder = tmp_path / "gold"
    gold_folder.mkdir()
    (gold_folder / "a.txt").write_text(TEXT, "utf-8")
    (gold_folder / "a.yaml").write_text(json.dumps(gold), "utf-8")
    raw = TEXT.encode()
    offsets = OffsetMap((Run(0, 1, 0, 2), Run(1, len(TEXT) - 1, 2, len(raw))))
    predicted = as_hand_coding(coding(TEXT, event(Span(17, 25)), offsets=offsets), raw)
    (tmp_path / "a.json").write_text(json.dumps(predicted), "utf-8")
    scorer = load_scorer(tmp_path, SHARED_SCORER)
    got = figures(scorer.as_data(scorer.score_folders(gold_folder, tmp_path)))
    assert (got["typed_f1"], got["full_f1"], got["detect_f1"], got["status"]) == (1.0, 1.0, 1.0, 1.0)


# ---------------------------------------------------------------- status


def spec(*accepted: str, text: str = "Nobody was arrested.") -> Spec:
    return Spec("x", 1, text, (Case("arrested", "COERCE", frozenset(accepted)),))


ARRESTED = Span(11, 19)


@pytest.mark.parametrize(
    ("accepted", "coded", "is_right", "is_done"),
    [
        (["denied"], StatusValue.DENIED, True, False),
        (["denied"], StatusValue.ASSERTED, False, True),
        (["denied"], None, False, False),
        (["denied", "none"], None, True, False),
        (["none"], StatusValue.PLANNED, False, False),
        (["asserted"], StatusValue.ASSERTED, True, False),
        (["asserted"], StatusValue.PLANNED, False, False),
    ],
)
def test_it_judges_a_case(accepted: list[str], coded: StatusValue | None, is_right: bool, is_done: bool) -> None:
    given = spec(*accepted)
    (verdict,) = judge(given, coding(given.text, *([event(ARRESTED, status=coded)] if coded else [])))
    assert (verdict.is_right, verdict.is_coded_as_done) == (is_right, is_done)


def test_it_looks_only_at_records_of_the_type_that_touch_the_trigger() -> None:
    given = spec("none")
    (verdict,) = judge(given, coding(given.text, event(ARRESTED, type_="ASSAULT"), event(Span(0, 6))))
    assert verdict.coded == ()
    assert verdict.is_right


def test_it_counts_what_is_coded_as_done_among_what_is_not() -> None:
    wrong, right, done = spec("denied"), spec("denied"), spec("asserted")
    said, denied = event(ARRESTED), event(ARRESTED, status=StatusValue.DENIED)
    verdicts = [
        *judge(wrong, coding(wrong.text, said)),
        *judge(right, coding(right.text, denied)),
        *judge(done, coding(done.text, said)),
    ]
    shares = add_up(verdicts)
    assert (shares.n, shares.not_done, shares.coded_as_done) == (3, 2, 0.5)
    assert shares.right == pytest.approx(2 / 3)


# ---------------------------------------------------------------- the door


def test_it_lists_the_benchmarks_with_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    listed = capsys.readouterr().out
    assert "articles" in listed
    assert "status" in listed
    assert "__main__" not in listed


def test_it_refuses_a_benchmark_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonesuch"]) == 2
    assert "'nonesuch'" in capsys.readouterr().err


def test_every_benchmark_says_in_a_line_what_it_measures() -> None:
    assert all(find_benchmarks(Path(__file__).resolve().parents[1] / "bench").values())
