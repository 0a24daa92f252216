"""What is learned about pairs is what is scored with, and what reports say of their claims is read with care."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from dateline.knowledge.linking import load_levels, load_lexis, pair_weights
from dateline.linking.features import FEATURES, UNKNOWN
from dateline.linking.scoring import Scorer
from dateline.linking.table import Table
from dateline.linking.tellings import Telling, Where, profile_of_text
from tests.linking.tellings import TELLING

linking = pytest.importorskip("training.linking", reason="needs the extra `training`")

LYON = "About 300 teachers marched through Lyon on Tuesday over pay, the union of teachers said."


def test_the_file_scores_as_what_was_learned() -> None:
    dice = np.random.default_rng(1)
    levels = load_levels()
    signs = np.stack([dice.choice([UNKNOWN, *levels[name][0]], 400) for name in FEATURES], axis=1).astype(np.float32)
    signs[:, list(FEATURES).index("same type")] = UNKNOWN  # so that nothing held beside what is learned comes in
    signs[:, list(FEATURES).index("counts agree")] = UNKNOWN
    lessons = linking.Lessons(np.zeros((400, 2), int), signs, dice.random(400) < 0.5, np.ones(400), np.arange(400))
    design = linking.Design.of_signs()
    learner = linking.fit(design, [lessons], [np.ones(400, bool)])
    scorer = Scorer(pair_weights(linking.written(design, learner, 2.0, 0.5), levels, "here"))
    assert scorer.odds(signs) == pytest.approx(2 * learner.decision_function(design.rows(signs)) + 0.5, abs=0.02)


def collection(*tellings: Telling, incidents: dict[str, set[str]]) -> object:
    profiles = tuple(profile_of_text(document, LYON, date(2023, 3, 8)) for document in incidents)
    told = {document: frozenset(found) for document, found in incidents.items()}
    return linking.Collection(tellings, profiles, (), told, {document: min(found) for document, found in told.items()})


def answers(*tellings: Telling, incidents: dict[str, set[str]]) -> tuple[dict[tuple[str, str], bool], dict[tuple[str, str], bool]]:
    """What is learned about pairs within one report, and in two."""
    given = collection(*tellings, incidents=incidents)
    table = Table.of(tellings, given.profiles, load_lexis())  # type: ignore[attr-defined]
    found = linking.incident_lessons(table, given)
    inside, outside = (
        {(table.ids[a], table.ids[b]): bool(same) for (a, b), same in zip(x.pairs.tolist(), x.is_same, strict=True)} for x in found
    )
    return inside, outside


def told(id: str, document: str, **changes: object) -> Telling:
    return replace(TELLING, id=id, document=document, **changes)  # type: ignore[arg-type]


NANTES = Where("Nantes", "city", "FRA", "Pays de la Loire", 2990969, (47.2, -1.55))


def test_claims_of_one_incident_are_one_where_day_and_place_go_together() -> None:
    _, outside = answers(told("a1", "a"), told("b1", "b"), incidents={"a": {"1"}, "b": {"1"}})
    assert outside == {("a1", "b1"): True}


def test_another_town_in_reports_of_one_incident_is_another_happening() -> None:
    _, outside = answers(told("a1", "a"), told("b1", "b", place=NANTES), incidents={"a": {"1"}, "b": {"1"}})
    assert outside == {("a1", "b1"): False}


def test_claims_of_two_incidents_are_two() -> None:
    _, outside = answers(told("a1", "a"), told("b1", "b"), incidents={"a": {"1"}, "b": {"2"}})
    assert outside == {("a1", "b1"): False}


def test_within_a_report_only_the_coders_ties_are_one() -> None:
    tied, loose = told("a2", "a", start=200, same_as="a1"), told("a3", "a", start=400)
    inside, outside = answers(told("a1", "a"), tied, loose, incidents={"a": {"1"}})
    assert inside.get(("a1", "a2")) is True
    assert ("a1", "a3") not in inside
    assert outside == {}
