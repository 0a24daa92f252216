"""What speaks for each place a name may stand for, and that it adds up."""

from __future__ import annotations

import math

import pytest

from dateline.knowledge.places import Candidate, Gazetteer, load_gazetteer
from dateline.mentions.place_votes import NEARNESS_VOTE, Voice, weigh_candidates
from dateline.mentions.places import find_places, resolve_toponyms
from dateline.mentions.toponyms import Toponym, toponym_at
from dateline.records import EntityKind, Place, PlaceKind, Span
from tests.mentions.reading import document
from tests.mentions.test_places import tagged


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def city(name: str, country: str, people: int, point: tuple[float, float], unit: str | None = None) -> Candidate:
    return Candidate(Place(name, PlaceKind.CITY, country, None, unit, point), people, is_main_name=True, centre=point)


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


def test_a_town_in_a_district_is_near_it_as_far_as_that_reaches() -> None:
    middle = Place("Wide", PlaceKind.ADMIN2, "BBB", None, "South", (51.0, 50.0))
    scores = []
    for extent in (0.0, 120.0):
        district = Candidate(middle, 50_000, is_main_name=True, centre=(51.0, 50.0), extent_km=extent)
        (chosen, *_) = weigh_candidates({TWIN: (SMALL_ONE,), ("wide", None): (district,)})[TWIN]
        scores.append(dict(chosen.parts)["near wide"])
    assert scores[0] < scores[1] == NEARNESS_VOTE


def test_the_middle_of_a_country_is_near_nothing() -> None:
    country = Candidate(Place("Land", PlaceKind.COUNTRY, "BBB"), 10**7, is_main_name=True, centre=(50.0, 50.0), extent_km=300.0)
    (chosen, *_) = weigh_candidates({TWIN: (SMALL_ONE,), ("land", None): (country,)})[TWIN]
    assert [what for what, _ in chosen.parts] == ["people", "same country as land"]


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


def test_a_place_in_the_name_of_a_body_speaks_for_where_the_report_plays(gazetteer: Gazetteer) -> None:
    text = "Huntsville was quiet as Alabama Public Radio reported"
    names = [("Huntsville", EntityKind.LOCATION), ("Alabama Public Radio", EntityKind.ORGANIZATION)]
    (mention,) = find_places(document(text), [tagged(text, *names)], gazetteer)
    assert mention.place is not None
    assert mention.place.admin1 == "Alabama"
    assert any("Alabama" in what for what, _ in mention.candidates[0].parts)
