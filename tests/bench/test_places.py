"""The places benchmark counts as its docstring says, and as the scorer beside the data does."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bench.places import (
    FARTHEST_KM,
    Verdict,
    figures,
    is_optional,
    judge,
    learned_homes,
    main,
    pair_spans,
    resolve_gold_spans,
    tally_spans,
)
from bench.syntax import Tally
from dateline.knowledge.places import Gazetteer, load_gazetteer
from dateline.mentions.homes import Home
from dateline.records import How, Origin, Place, PlaceKind, PlaceMention, Span

SCORER = Path(__file__).resolve().parents[2].parent / "shared" / "bench" / "geo_score.py"
TEXT = "Danish crews sailed from Aarhus to Gdansk, the Gdansk Yard said."


def toponym(name: str, lat: float | None, lon: float | None, number: int | None = None, **more: str) -> dict[str, Any]:
    start = TEXT.index(name)
    return {"start": start, "end": start + len(name), "name": name, "lat": lat, "lon": lon, "geonames_id": number, **more}


ROW: dict[str, Any] = {
    "doc_id": "own",
    "url": "http://paper.example/1",
    "text": TEXT,
    "toponyms": [
        toponym("Danish", 56.0, 10.0),
        toponym("Aarhus", 56.16, 10.21, 2624652),
        toponym("Gdansk", 54.35, 18.65, 1),
        toponym("Gdansk Yard", None, None, type="Embedded_Literal"),
    ],
}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def mention(name: str, point: tuple[float, float] | None, number: int | None = None) -> PlaceMention:
    start = TEXT.index(name)
    place = Place(name, PlaceKind.CITY, "POL", number, None, point)
    return PlaceMention(Span(start, start + len(name)), name, place, Origin(How.LOOKED_UP, "test"))


def test_it_resolves_gold_spans_without_looking_at_answers(gazetteer: Gazetteer) -> None:
    blind = {**ROW, "toponyms": [{**t, "lat": None, "lon": None, "geonames_id": None} for t in ROW["toponyms"]]}
    assert resolve_gold_spans(blind, gazetteer, Home()) == resolve_gold_spans(ROW, gazetteer, Home())


def test_it_judges_by_distance_and_by_id(gazetteer: Gazetteer) -> None:
    verdicts = {v.name: v for v in judge(ROW, [mention("Aarhus", (56.2, 10.2)), mention("Gdansk", (0.0, 0.0), 1)], gazetteer)}
    assert verdicts["Aarhus"].is_near
    assert not verdicts["Aarhus"].same_id
    assert (verdicts["Gdansk"].is_near, verdicts["Gdansk"].same_id) == (False, True)
    assert verdicts["Danish"].km is None
    assert "Gdansk Yard" not in verdicts


def test_a_name_without_a_place_is_as_far_off_as_can_be() -> None:
    values = figures([Verdict("a", None, False, "", ""), Verdict("b", 10.0, False, "city", "gazetteer")])
    assert (values["acc161"], values["acc161_resolved"], values["resolved"]) == (0.5, 1.0, 0.5)
    assert values["mean_km"] == (FARTHEST_KM + 10.0) / 2


def test_demonyms_and_places_inside_other_names_are_optional(gazetteer: Gazetteer) -> None:
    assert [is_optional(t, gazetteer) for t in ROW["toponyms"]] == [True, False, False, True]


def test_what_is_optional_counts_on_neither_side(gazetteer: Gazetteer) -> None:
    found = [mention("Aarhus", None), mention("Gdansk", None), mention("Gdansk Yard", None)]
    assert tally_spans(ROW, found, gazetteer, exact=True) == Tally(2, 2, 2)
    assert tally_spans(ROW, [*found, mention("crews", None)], gazetteer, exact=True) == Tally(2, 3, 2)
    assert tally_spans(ROW, found[:1], gazetteer, exact=True) == Tally(1, 1, 2)


def test_spans_are_paired_one_to_one() -> None:
    gold = [Span(0, 4), Span(5, 9)]
    assert pair_spans([Span(0, 4), Span(5, 8)], gold, exact=True) == {0: 0}
    assert pair_spans([Span(0, 4), Span(5, 8), Span(8, 9)], gold, exact=False) == {0: 0, 1: 1}


def test_a_home_is_learned_from_the_other_articles_alone() -> None:
    rows = [{"url": "http://www.a.example/1"}, {"url": "http://a.example/2"}, {"url": "http://b.example/1"}]
    here, there = [mention("Gdansk", None)], [mention("Aarhus", None)]
    homes = learned_homes(rows, [Home()] * 3, [here, there, here])
    assert [home.past for home in homes] == [(("POL", None, 1.0),), (("POL", None, 1.0),), ()]


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    if not SCORER.exists():
        pytest.skip(f"needs {SCORER.name} of the shared data")
    spec = importlib.util.spec_from_file_location("geo_score", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_agrees_with_the_scorer_beside_the_data(scorer: ModuleType, gazetteer: Gazetteer) -> None:
    points = {"Danish": (40.0, 3.0), "Aarhus": (56.2, 10.2), "Gdansk": (53.0, 18.0)}
    for given in (points, {"Aarhus": (56.2, 10.2)}):
        mentions = [mention(name, point) for name, point in given.items()]
        preds = [{"start": m.span.start, "end": m.span.end, "lat": given[m.name][0], "lon": given[m.name][1]} for m in mentions]
        theirs = scorer.summary(scorer.errors([ROW], {"own": preds}))
        ours = figures(list(judge(ROW, mentions, gazetteer)))
        assert ours["acc161"] == pytest.approx(theirs["acc161"])
        assert ours["mean_km"] == pytest.approx(theirs["mean"])
        assert ours["auc"] == pytest.approx(theirs["auc"])
        assert ours["acc161_resolved"] == pytest.approx(theirs["acc161_resolved"])


def test_it_runs_and_prints_one_line_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "test.jsonl").write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    for home in ("name", "none", "learned"):
        assert main(["--data", str(tmp_path), "--split", "test", "--spans-only", "--home", home, "--json", "-v"]) == 0
        told = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert {"acc161", "acc_id_or_161", "mean_km", "auc", "toponyms_per_s", "rss_mb", "seconds_cpu", "version"} <= set(told)
        assert told["n"] == 3
