"""Two coders beside each other: which pairs are taken, what each of them lacks, and what is set aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.comparing.agreement import Comparison, compared
from dateline.comparing.matching import matched, weighed
from dateline.comparing.occurrences import Bounded, Occurrence
from dateline.knowledge.comparing import MatchRules, load_match_rules
from dateline.knowledge.tables import read_yaml
from dateline.records import PlaceKind

MONDAY = date(2020, 8, 17)
MINSK, BREST = (53.9, 27.57), (52.1, 23.7)


@cache
def rules() -> MatchRules:
    return load_match_rules()


def event(id: str, **given: Any) -> Occurrence:
    fields: dict[str, Any] = {
        "type": "PROTEST", "mode": "demo", "first": MONDAY, "last": MONDAY, "place": "Minsk", "kind": PlaceKind.CITY,
        "admin1": None, "country": "BLR", "point": MINSK, "parties": frozenset(), "figures": (), "witnesses": 1,
    }  # fmt: skip
    return Occurrence(id, **(fields | given))


def compare(ours: list[Occurrence], theirs: list[Occurrence]) -> Comparison:
    return compared(ours, theirs, rules(), lambda day: f"{day:%Y-%m}", by="month")


def of_example(cells: list[Any]) -> Occurrence:
    day, type, mode, place, country, latitude, longitude = cells
    told = date.fromisoformat(str(day))
    kind = PlaceKind.CITY if place else PlaceKind.COUNTRY
    point = (latitude, longitude) if place else None
    return event(str(day), type=type, mode=mode, first=told, last=told, place=place, kind=kind, country=country, point=point)


@pytest.mark.parametrize("example", read_yaml("comparing.yaml")["examples"], ids=lambda e: str(e["other"][:4]))
def test_the_examples_of_the_table_come_out_as_it_says(example: dict[str, Any]) -> None:
    assert (weighed(of_example(example["one"]), of_example(example["other"]), rules()) is not None) == example["same"]


def test_the_weights_add_up_to_one_and_a_score_to_its_parts() -> None:
    assert sum(rules().weights.values()) == pytest.approx(1)
    match = weighed(event("a"), event("b", parties=frozenset({("BLR", "CVL")})), rules())
    assert match is not None
    assert match.score == pytest.approx(sum(part.adds for part in match.parts))
    assert {part.name: part.found for part in match.parts} == {
        "days": "same day", "kind": "same type and mode", "place": "same place", "parties": "one names nobody",
    }  # fmt: skip


def test_the_better_of_two_pairs_is_taken_and_each_event_is_in_one() -> None:
    ours = [event("a", first=MONDAY, last=MONDAY), event("b", first=MONDAY + timedelta(1), last=MONDAY + timedelta(1))]
    theirs = [event("x", first=MONDAY + timedelta(1), last=MONDAY + timedelta(1))]
    assert [(m.ours.id, m.theirs.id) for m in matched(ours, theirs, rules())] == [("b", "x")]


DAYS = st.integers(0, 6).map(lambda n: MONDAY + timedelta(n))
EVENTS = st.lists(st.tuples(DAYS, st.sampled_from(["PROTEST", "COERCE", "AID"]), st.sampled_from([MINSK, BREST])), max_size=8)


@given(EVENTS, EVENTS)
def test_nothing_is_counted_twice_and_nothing_gets_lost(one: list[Any], other: list[Any]) -> None:
    ours, theirs = (
        [event(f"{whose}{n}", first=d, last=d, type=t, point=p, place=str(p)) for n, (d, t, p) in enumerate(listed)]
        for whose, listed in (("o", one), ("t", other))
    )
    found = compare(ours, theirs)
    told = [*(m.ours.id for m in found.pairs), *(o.id for o in found.only_ours)]
    assert len(set(told)) == len(told)
    assert len(told) + sum(a.events for a in found.aside if a.whose == "ours") == len(ours)
    for groups in found.groups.values():
        assert sum(g.both for g in groups) == found.all.both
        assert sum(g.only_theirs for g in groups) == found.all.only_theirs
    assert compare(list(reversed(ours)), list(reversed(theirs))).pairs == found.pairs


def test_a_coder_lacks_nothing_that_he_never_looked_at() -> None:
    ours = [event("a"), event("aid", type="AID"), event("abroad", country="LTU"), event("undated", first=None, last=None)]
    theirs = [event("x"), event("later", first=MONDAY + timedelta(60), last=MONDAY + timedelta(60))]
    found = compare(ours, theirs)
    assert (found.all.both, found.all.only_ours, found.all.only_theirs) == (1, 0, 0)
    assert {(a.whose, a.why) for a in found.aside} == {
        ("ours", "no day is told"), ("ours", "in a country of which they have nothing"),
        ("ours", "of a type of which they have nothing"), ("theirs", "outside of the days that both cover"),
    }  # fmt: skip


def test_shares_have_intervals_that_narrow_with_more_events() -> None:
    few = compare([event("a"), event("b", point=BREST, place="Brest")], [event("x")]).all.of_ours
    assert (few.count, few.n, few.share) == (1, 2, 0.5)
    assert few.low < 0.2 < 0.8 < few.high


@pytest.mark.parametrize(
    ("ours", "theirs", "meet", "higher"),
    [
        (Bounded("killed", 1, None), Bounded("killed", 3, 3), 1, (0, 0)),
        (Bounded("killed", 5, 9), Bounded("killed", 3, 3), 0, (1, 0)),
        (Bounded("killed", 1, 2), Bounded("killed", 3, 3), 0, (0, 1)),
    ],
)
def test_figures_meet_where_their_bounds_do(ours: Bounded, theirs: Bounded, meet: int, higher: tuple[int, int]) -> None:
    (found,) = compare([event("a", figures=(ours,))], [event("x", figures=(theirs,))]).figures
    assert (found.meet.count, found.ours_higher, found.theirs_higher) == (meet, *higher)


def test_a_figure_of_one_alone_is_told_so() -> None:
    (found,) = compare([event("a")], [event("x", figures=(Bounded("killed", 0, 0),))]).figures
    assert (found.meet.n, found.only_ours, found.only_theirs) == (0, 0, 1)


def test_names_of_provinces_are_the_same_with_and_without_the_word_for_one() -> None:
    one = event("a", place="Grodno", admin1="Grodno Region", kind=PlaceKind.ADMIN1, point=None)
    assert weighed(one, event("x", place="Lida", admin1="Grodno", point=(53.9, 25.3)), rules()) is not None
    assert weighed(one, replace(one, place="Brest", admin1="Brest Region"), rules()) is None
