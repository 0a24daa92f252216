"""What speaks for each place a name may stand for, and that it adds up."""

from __future__ import annotations

import math

import pytest

from dateline.knowledge.places import Candidate, Gazetteer, load_gazetteer
from dateline.mentions.place_votes import Voice, weigh_candidates
from dateline.mentions.places import resolve_toponyms
from dateline.mentions.toponyms import Toponym, toponym_at
from dateline.records import Place, PlaceKind, Span


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def city(name: str, country: str, people: int, point: tuple[float, float], unit: str | None = None) -> Candidate:
    return Candidate(Place(name, PlaceKind.CITY, country, None, unit, point), people, is_main_name=True)


LARGE_ONE = city("Twin", "AAA", 1_000_000, (10.0, 10.0), "North")
SMALL_ONE = city("Twin", "BBB", 9_000, (50.0, 50.0), "South")
NEIGHBOUR = city("Next", "BBB", 5_000, (50.1, 50.1), "South")
TWIN, NEXT = ("twin", None), ("next", None)


def toponyms(text: str, names: list[str], gazetteer: Gazetteer) -> list[Toponym]:
    return [toponym_at(text, Span(text.index(n), text.index(n) + len(n)), gazetteer) for n in names]


def test_it_takes_the_larger_place_when_nothing_else_is_named() -> None:
    weighed = weigh_candidates({TWIN: (SMALL_ONE, LARGE_ONE)})
    assert [w.candidate for w in weighed[TWIN]] == [LARGE_ONE, SMALL_ONE]
    assert weighed[TWIN][0].parts == (("people", 6.0),)


def test_it_takes_the_smaller_place_beside_its_neighbour_and_says_why() -> None:
    chosen, other = weigh_candidates({TWIN: (LARGE_ONE, SMALL_ONE), NEXT: (NEIGHBOUR,)}, shown={NEXT: "Next"})[TWIN]
    assert (chosen.candidate, other.candidate) == (SMALL_ONE, LARGE_ONE)
    assert [what for what, _ in chosen.parts] == ["people", "same country as Next", "same unit as Next", "near Next"]
    assert [what for what, _ in other.parts] == ["people"]


def test_it_hears_a_demonym_speak_for_its_country() -> None:
    weighed = weigh_candidates({TWIN: (LARGE_ONE, SMALL_ONE)}, (Voice("Bebian", "BBB"),))
    assert weighed[TWIN][0].candidate == SMALL_ONE
    assert ("same country as Bebian", 6.0) in weighed[TWIN][0].parts


def test_it_weighs_nothing_without_names() -> None:
    assert weigh_candidates({}) == {}


def test_parts_add_up_to_the_score_of_every_candidate(gazetteer: Gazetteer) -> None:
    text = "Paris, Dallas, Houston, Georgia, Moscow, Minsk, Cordoba, Athens and Springfield"
    mentions = resolve_toponyms(text, toponyms(text, text.replace(" and", ",").split(", "), gazetteer), gazetteer)
    candidates = [c for m in mentions for c in m.candidates]
    assert len(candidates) > 30
    for candidate in candidates:
        assert math.isclose(candidate.score, math.fsum(worth for _, worth in candidate.parts), abs_tol=1e-6)
        assert all(worth for _, worth in candidate.parts)


def test_the_chosen_place_comes_first_and_scores_most(gazetteer: Gazetteer) -> None:
    text = "from Paris to Dallas"
    for mention in resolve_toponyms(text, toponyms(text, ["Paris", "Dallas"], gazetteer), gazetteer):
        assert mention.candidates[0].place == mention.place
        assert 1 < len(mention.candidates) <= 5
        assert mention.candidates[0].score == max(c.score for c in mention.candidates)
