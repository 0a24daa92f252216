"""Whose each claim of an event is: the cases of tests/specs/witnesses.yaml, and what holds of all."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dateline.knowledge.reading import load_reading_tables
from dateline.linking.sketch import find_runs
from dateline.linking.witnesses import (
    Deposition,
    Voice,
    Witnessed,
    count_witnesses,
    find_witnesses,
    house_key,
    passage_of,
    voice_of,
)
from dateline.records import Actor, Block, Document, OffsetMap, QuoteKind, Span, Teller
from dateline.texts import document_of

SPECS = yaml.safe_load((Path(__file__).parents[1] / "specs" / "witnesses.yaml").read_text(encoding="utf-8"))


def voice(written: str | Mapping[str, Any]) -> Voice:
    if isinstance(written, str):
        return Voice(written, written)
    key = None if written.get("unnamed") else house_key(written["name"])
    return Voice(written["name"], key, is_press=written.get("press", False))


def depositions(reports: Iterable[Mapping[str, Any]]) -> list[Deposition]:
    # a claim's passage without its quotations, as passage_of gives it
    return [
        Deposition(
            claim,
            f"document {n}",
            report.get("text", f"document {n}"),
            report["day"],
            report.get("paper"),
            find_runs(passage_of(document_of(words), Span(0, len(words)))),
            tuple(voice(t) for t in report.get("tellers", {}).get(claim, ())),
            tuple(report.get("credits", ())),
        )
        for n, report in enumerate(reports)
        for claim, words in report["claims"].items()
    ]


def together(found: Iterable[Witnessed], by: str) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for w in found:
        groups[getattr(w, by)].add(w.claim)
    return set(map(frozenset, groups.values()))


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s["title"])
def test_it_says_whose_each_claim_is(spec: Mapping[str, Any]) -> None:
    found = find_witnesses(depositions(spec["reports"]))
    assert together(found, "witness") == set(map(frozenset, spec["witnesses"]))
    assert together(found, "source_key") == set(map(frozenset, spec["sources"]))
    because = {w.claim: [str(r) for r in w.reasons] for w in found}
    assert {claim: because[claim] for claim in spec.get("because", {})} == spec.get("because", {})


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s["title"])
def test_the_order_of_claims_changes_nothing(spec: Mapping[str, Any]) -> None:
    given = depositions(spec["reports"])
    shuffled = random.Random(5).sample(given, len(given))
    assert {w.claim: w for w in find_witnesses(shuffled)} == {w.claim: w for w in find_witnesses(given)}


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s["title"])
def test_a_witness_goes_by_the_id_of_its_earliest_claim(spec: Mapping[str, Any]) -> None:
    given = depositions(spec["reports"])
    day = {t.claim: t.day or date.max for t in given}
    found = find_witnesses(given)
    assert [w.claim for w in found] == [t.claim for t in given]
    for w in found:
        assert day[w.witness] <= day[w.claim]


def test_it_counts_what_stands_behind_claims() -> None:
    spec = next(s for s in SPECS if "two papers that heard the same ministry" in s["title"])
    found = find_witnesses(depositions(spec["reports"]))
    tally = count_witnesses(found)
    assert (tally.claims, tally.documents, tally.witnesses, tally.sources) == (2, 2, 2, 1)
    assert count_witnesses(found[:1]).witnesses == 1
    assert count_witnesses([]).witnesses == 0


def test_a_thousand_copies_are_one_witness() -> None:
    words = "The lighthouse keepers of the western isles left their posts at midnight and lit fires on the shore instead."
    given = depositions({"day": date(2021, 3, 4), "paper": f"Paper {n}", "claims": {f"c{n:04}": words}} for n in range(1000))
    assert {w.witness for w in find_witnesses(given)} == {"c0000"}


papers = st.sampled_from(["Harbour Post", "Delta Times", "AFP", None])
tellers = st.lists(
    st.sampled_from([Voice("AFP", "afp", is_press=True), Voice("ministry", "ministry"), Voice("residents", None)]), max_size=2
)
reports = st.tuples(
    papers, st.sampled_from(["t1", "t2", "t3"]), tellers, st.lists(st.sampled_from(["AFP", "Reuters", "agencies"]), max_size=2)
)


@given(st.lists(reports, max_size=8))
def test_witnesses_are_claims_of_their_own(made: list[tuple[str | None, str, list[Voice], list[str]]]) -> None:
    given = [
        Deposition(f"c{n}", f"d{n}", text, None, paper, find_runs(""), tuple(told), tuple(credits))
        for n, (paper, text, told, credits) in enumerate(made)
    ]
    found = find_witnesses(given)
    own = {w.claim: w.witness for w in found}
    assert all(own[w.witness] == w.witness for w in found)


# ---------------------------------------------------------------- what is taken from records


def teller(name: str, sector: str | None, id: str | None = None, *, is_group: bool = False) -> Teller:
    return Teller(Actor(name, "BLR", sector, id, is_group=is_group), Span(0, 1), None, QuoteKind.INDIRECT)


TABLES = load_reading_tables()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (teller("Associated Press", "JRN"), Voice("AP", "ap", is_press=True)),
        (teller("The Lantern", "JRN"), Voice("The Lantern", "lantern", is_press=True)),
        (teller("local media", "JRN", is_group=True), Voice("local media", None)),
        (teller("residents", "CVL", is_group=True), Voice("residents", None)),
        (teller("report", None), Voice("report", None)),
        (teller("police", "COP", is_group=True), Voice("police", "police/BLR")),
        (teller("Ana Petrov", "CVL"), Voice("Ana Petrov", "ana petrov/BLR")),
        (teller("Interior Ministry", "GOV", "BLRMIN"), Voice("Interior Ministry", "BLRMIN")),
    ],
)
def test_a_teller_is_known_by_its_name_unless_nobody_is_named(told: Teller, expected: Voice) -> None:
    assert voice_of(told, TABLES) == expected


@pytest.mark.parametrize(
    ("name", "key"),
    [("The Harbour Post", "harbourpost"), ("harbourpost.example", "harbourpost"), ("news.bugle.co.uk", "bugle"), ("AP", "ap")],
)
def test_a_house_is_known_by_its_name_or_its_site(name: str, key: str) -> None:
    assert house_key(name) == key


def test_an_agency_is_known_by_its_name_with_or_without_the_word_agency() -> None:
    assert TABLES.house_named("Halden Press Agency") == TABLES.house_named("Halden Press") == "Halden Press"
    assert TABLES.house_named("Agence France-Presse") == "AFP"
    assert TABLES.house_named("News") == "News"


def test_a_passage_is_the_sentences_of_the_evidence() -> None:
    text = "The gate stood open. Miners walked out at dawn, they said. Nobody stopped them.\n\nIt rained."
    document = document_of(text)
    at = text.index("walked out")
    assert passage_of(document, Span(at, at + 10)) == "Miners walked out at dawn, they said. "
    assert passage_of(document, Span(text.index("stood"), at + 10)) == text[: text.index("Nobody")]


def test_a_passage_outside_all_blocks_is_the_evidence_itself() -> None:
    document = Document("d", "d", "", "one two three", (Block(Span(0, 3)),), OffsetMap())
    assert passage_of(document, Span(4, 7)) == "two"
