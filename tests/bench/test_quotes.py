"""The quotes benchmark counts as its docstring says, and as the scorer beside the data does."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bench.quotes import (
    Attribution,
    Pair,
    as_report,
    characters,
    gold_attributions,
    main,
    our_attributions,
    pair_up,
    same_source,
    shares_by_kind,
    tally_text,
)
from bench.syntax import Tally
from dateline.ingest.read import read_report
from dateline.records import Coding, Quotation, QuoteKind, Span

SCORER = Path(__file__).resolve().parents[2].parent / "shared" / "bench" / "quotes_polnear" / "score_quotes.py"

TEXT = 'Ferry crews “will not sail”, their union said. "Not tonight," a pilot told reporters. Owners hope for calm.'
"""Three attributions: mixed, direct, and one of a hope."""


def at(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def attribution(source: str | None, cue: str, *content: str, qtype: str) -> dict[str, Any]:
    return {"source": [at(source)] if source else [], "cue": [at(cue)], "content": [at(c) for c in content], "qtype": qtype}


ROW: dict[str, Any] = {
    "doc_id": "own",
    "date": "2021-03-09",
    "text": TEXT,
    "annotations": [
        {
            "annotator": "first",
            "attributions": [
                attribution("their union", "said", "Ferry crews “will not sail”", qtype="mixed"),
                attribution("a pilot", "told", '"Not tonight,"', qtype="direct"),
                attribution("Owners", "hope", "for calm", qtype="indirect"),
                {"source": [at("Owners")], "cue": [], "content": [], "qtype": "indirect"},
            ],
        },
        {"annotator": "second", "attributions": []},
    ],
}
GOLD = gold_attributions(ROW)


def ours(source: str | None, cue: str | None, *content: str, kind: str = "indirect") -> Attribution:
    def found(*words: str | None) -> frozenset[int]:
        return characters(TEXT, [(TEXT.index(w), TEXT.index(w) + len(w)) for w in words if w])

    return Attribution(found(source), found(cue), found(*content), kind)


def test_the_first_annotator_counts_and_attributions_without_content_do_not() -> None:
    assert [g.kind for g in GOLD] == ["mixed", "direct", "indirect"]


def test_white_space_and_punctuation_do_not_count() -> None:
    assert characters("a “b”, c", [(0, 8)]) == {0, 3, 7}


def test_the_annotation_against_itself_is_all_right() -> None:
    assert {t.f1 for t in tally_text(GOLD, GOLD).values()} == {1.0}


def test_half_of_the_content_and_part_of_the_source_are_relaxed_and_not_strict() -> None:
    tallies = tally_text([ours("union", "said", "crews “will not sail")], GOLD)
    assert (tallies["relaxed"], tallies["strict"], tallies["content_exact"]) == (Tally(1, 1, 3), Tally(0, 1, 3), Tally(0, 1, 3))
    assert tally_text([ours("union", "said", "will")], GOLD)["relaxed"] == Tally(0, 1, 3)


def test_a_wrong_source_leaves_only_the_overlap() -> None:
    tallies = tally_text([ours("pilot", "said", "Ferry crews “will not sail”")], GOLD)
    assert (tallies["overlap"].right, tallies["content_exact"].right, tallies["relaxed"].right, tallies["strict"].right) == (
        1,
        1,
        0,
        0,
    )


def test_the_cue_does_not_decide_but_is_counted() -> None:
    tallies = tally_text([ours("their union", "reporters", "Ferry crews “will not sail”")], GOLD)
    assert (tallies["strict"].right, tallies["cue spans"]) == (1, Tally(0, 1, 3))


def test_no_source_on_either_side_is_the_same_source() -> None:
    nobody = ours(None, "told", "Not tonight")
    assert same_source(nobody, nobody)
    assert not same_source(nobody, GOLD[1])


def test_pairs_are_one_to_one_and_the_nearest_first() -> None:
    whole, part = ours(None, None, "Not tonight"), ours(None, None, "tonight")
    assert pair_up([part, whole], GOLD) == [Pair(1, 1, 1.0)]


def test_shares_are_told_by_kind_of_each_side() -> None:
    told = shares_by_kind([([ours("pilot", None, "Not tonight", kind="direct"), ours(None, None, "reporters")], GOLD)])
    assert told["direct"] == {"overlap": [True], "relaxed": [True], "precision": [True]}
    assert told["indirect"] == {"overlap": [False], "relaxed": [False], "precision": [False]}


def test_quotations_are_carried_back_to_the_text_that_was_given() -> None:
    """The quotation marks before it take one character each and three bytes."""
    document, _ = read_report(as_report(ROW))
    assert document is not None
    start = document.text.index("Not tonight")
    said = Quotation(QuoteKind.DIRECT, (Span(start, start + 11),), Span(start + 16, start + 21), None, None)
    (found,) = our_attributions(Coding("own", document, quotations=(said,)), TEXT)
    assert (found.content, found.cue, found.kind) == (ours(None, None, "Not tonight").content, frozenset(), "direct")
    assert our_attributions(Coding("own", None), TEXT) == []


# ---------------------------------------------------------------- the scorer beside the data, and the command


@pytest.fixture
def scorer() -> ModuleType:
    if not SCORER.exists():
        pytest.skip(f"the scorer is not at hand: {SCORER}")
    spec = importlib.util.spec_from_file_location("score_quotes", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_agrees_with_the_scorer_beside_the_data(scorer: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    predicted = [
        attribution("their union", "said", "Ferry crews “will not sail”", qtype="mixed"),
        attribution("reporters", "told", "Not tonight", qtype="direct"),
        attribution(None, "hope", "hope for calm", qtype="indirect"),
        attribution(None, "hope", "calm", qtype="indirect"),
    ]
    scorer.evaluate({"own": predicted}, [ROW], "own")
    theirs = capsys.readouterr().out
    guessed = gold_attributions(ROW | {"annotations": [{"attributions": predicted}]})
    own = tally_text(guessed, GOLD)
    assert f"content overlap P {100 * 3 / 4:.1f} R {100 * 3 / 3:.1f} F {100 * own['overlap'].f1:.1f}" in theirs
    assert f"content J>=.8 F {100 * own['content_80'].f1:.1f} | content exact F {100 * own['content_exact'].f1:.1f}" in theirs
    assert f"R {100 / 3:.1f} F {100 * own['relaxed'].f1:.1f} | STRICT" in theirs
    assert f"R {100 / 3:.1f} F {100 * own['strict'].f1:.1f}\n" in theirs
    for part in ("source", "cue", "content"):
        (line,) = (line for line in theirs.splitlines() if line.strip().startswith(part))
        assert f"F {100 * own[f'{part} spans'].f1:.1f} |" in line
        assert line.endswith(f"F {100 * own[f'{part} characters'].f1:.1f}")


def test_the_command_reads_raw_text_and_ends_with_one_json_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with gzip.open(tmp_path / "test.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(json.dumps(ROW) + "\n")
    assert main(["--data", str(tmp_path), "--split", "test", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (figures["name"], figures["split"], figures["n"]) == ("quotes", "test", 3)
    assert figures["overlap_f1"] > 0
    assert {"relaxed_f1", "strict_f1", "direct_relaxed", "seconds_cpu", "version"} <= set(figures)
