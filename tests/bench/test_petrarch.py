"""The petrarch benchmark writes our records as CAMEO's dyads by the conventions its docstring names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.petrarch import Coder, coded_events, country_names, gold_events, main, measures, rooted, unsaid
from dateline.events.assemble import code_events
from dateline.ingest.read import read_report
from dateline.knowledge.cameo import load_cameo
from dateline.language.reading import analyse
from dateline.mentions.quotations import find_quotations
from dateline.pipeline import find_mentions
from dateline.records import Report
from tests.coding import DAY, loaded


def dyads(text: str) -> set[tuple[str, str, str]]:
    knowledge, models = loaded()
    document, _ = read_report(Report("test", text.encode(), "text/plain", published=DAY))
    assert document is not None
    sentences = analyse(document, models)
    mentions = find_mentions(document, sentences, knowledge)
    quotations = find_quotations(document, sentences, mentions.actors, knowledge.cues)
    events = code_events(document, sentences, mentions, quotations, knowledge)
    return coded_events(events, Coder(load_cameo(), country_names(knowledge), unsaid(mentions.actors)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kenyan police arrested two Somali students.", {("KENCOP", "SOMEDU", "17")}),
        ("Peru accused Chile of spying.", {("PER", "CHL", "11")}),
        ("Peru and Chile held talks on Monday.", {("PER", "CHL", "04"), ("CHL", "PER", "04")}),
        ("Peru did not attack Chile.", set()),
        ("Ten Kenyan soldiers were killed in Somalia.", {("SOM", "KENMIL", "19")}),
        ("Insurgents attacked the Malian army.", {("---REB", "MLIMIL", "19")}),
    ],
)
def test_it_writes_dyads(text: str, expected: set[tuple[str, str, str]]) -> None:
    assert dyads(text) == expected


def test_it_compares_codes_at_three_lengths() -> None:
    found = measures({("PSEREBHMS", "ISR", "19")})
    assert found["pair"] == {("PSEREBHMS", "ISR")}
    assert found["pair_six"] == {("PSEREB", "ISR")}
    assert found["side"] == {("PSE", "ISR")}
    assert found["root"] == {"19"}


def test_who_counts_only_events_whose_root_was_coded() -> None:
    gold = {("A", "B", "04"), ("A", "C", "19"), ("A", "D", "10")}
    assert rooted({("A", "B", "04"), ("A", "X", "19")}, gold) == (1, 2)


def test_the_gold_gives_two_digit_roots() -> None:
    assert gold_events({"events": [{"source": "KEN", "target": "SOM", "code": "1411"}]}) == {("KEN", "SOM", "14")}


def test_it_prints_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = [{"source": "PER", "target": "CHL", "code": "112"}]
    row = {"id": "own", "text": "Peru accused Chile of spying.", "date": "240515", "events": events}
    (tmp_path / "dev.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert main(["--data", str(tmp_path), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["pair_f1"] == figures["triple_f1"] == figures["who"] == 1.0
    assert {"name", "split", "n", "seconds_cpu", "version", "root_f1", "pair_precision", "pair_recall"} <= figures.keys()
