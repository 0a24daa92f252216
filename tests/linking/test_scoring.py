"""What a pair of tellings is worth, and that the parts add up to it."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from dateline.knowledge.linking import load_levels, load_lexis, load_pair_weights
from dateline.linking.features import FEATURES, UNKNOWN, pair_features
from dateline.linking.scoring import Scorer
from dateline.linking.table import Table
from dateline.linking.tellings import Figure, Profile, Telling, Where, profile_of_text
from tests.linking.tellings import TELLING, other

LYON = "About 300 teachers marched through Lyon on Tuesday over pay, the union of teachers said. Traffic stood still on the Rhone."
PORTO = "The mayor of Porto opened a library by the sea. The architect, Ana Reis, spoke of light and of the price of wood."
PAIR = np.array([[0, 1]], np.int64)


def table_of(*tellings: Telling, texts: dict[str, str] | None = None) -> Table:
    profiles: list[Profile] = []
    for document in dict.fromkeys(t.document for t in tellings):
        profiles.append(profile_of_text(document, (texts or {}).get(document, LYON), date(2023, 3, 8)))
    profiles += [profile_of_text(f"filler {n}", PORTO + f" Day {n} of the week.", None) for n in range(20)]
    return Table.of(tellings, profiles, load_lexis())


def sign(name: str, *tellings: Telling, texts: dict[str, str] | None = None) -> float:
    found = pair_features(table_of(*tellings, texts=texts), PAIR)
    return float(found[0, list(FEATURES).index(name)])


@pytest.mark.parametrize(
    ("name", "changes", "value"),
    [
        ("same word", {"trigger": "march"}, 3),
        ("same word", {"trigger": "marched on"}, 2),
        ("same word", {"trigger": "rallied"}, 0),
        ("same type", {}, 3),
        ("same type", {"mode": "strike"}, 1),
        ("same type", {"mode": None}, 2),
        ("same type", {"type": "ASSAULT"}, 0),
        ("same type", {"type": None}, UNKNOWN),
        ("days apart", {}, 0),
        ("days apart", {"first": date(2023, 3, 10), "last": date(2023, 3, 12)}, 3),
        ("days apart", {"first": date(2023, 3, 1), "last": date(2023, 3, 31)}, 0),
        ("days apart", {"first": None, "last": None}, UNKNOWN),
        ("days apart as told", {}, 0),
        ("days apart as told", {"is_day_assumed": True}, UNKNOWN),
        ("days apart as told", {"precision": "month"}, UNKNOWN),
        ("same place", {}, 6),
        ("same place", {"place": Where("Place Bellecour", "facility", "FRA", within="Lyon")}, 5),
        ("same place", {"place": Where("Villeurbanne", "city", "FRA", None, 2968254, (45.77, 4.88))}, 4),
        ("same place", {"place": Where("Annecy", "city", "FRA", "Auvergne-Rhône-Alpes", 3037543, (45.9, 6.12))}, 3),
        ("same place", {"place": Where("Nantes", "city", "FRA", "Pays de la Loire", 2990969, (47.2, -1.55))}, 2),
        ("same place", {"place": Where("France", "country", "FRA", None, 3017382)}, 1),
        ("same place", {"place": Where("Porto", "city", "PRT", "Porto", 2735943, (41.15, -8.61))}, 0),
        ("same place", {"place": None}, UNKNOWN),
        ("counts agree", {"figures": (Figure("participants", 250, None),)}, 1),
        ("counts agree", {"figures": (Figure("participants", 900, 900),)}, -1),
        ("counts agree", {"figures": (Figure("killed", 3, 3),)}, UNKNOWN),
        ("same actors", {}, 1),
        ("same actors", {"actors": ()}, UNKNOWN),
        ("same status", {"status": "planned"}, 0),
    ],
)
def test_a_sign_says_what_two_tellings_share(name: str, changes: dict[str, object], value: float) -> None:
    assert sign(name, TELLING, other(**changes)) == pytest.approx(value, abs=1e-3)


def test_every_sign_is_the_same_whichever_telling_comes_first() -> None:
    tellings = (TELLING, other(trigger="rally", place=None, first=date(2023, 3, 9), last=date(2023, 3, 9)))
    table = table_of(*tellings)
    assert pair_features(table, PAIR) == pytest.approx(pair_features(table, PAIR[:, ::-1]))


def test_reports_that_tell_of_the_same_are_more_alike_than_others() -> None:
    alike = sign("document likeness", TELLING, other(), texts={"b": LYON.replace("Tuesday", "Tuesday afternoon")})
    strange = sign("document likeness", TELLING, other(), texts={"b": PORTO})
    assert alike > 0.7
    assert strange < 0.1


def test_a_report_is_not_compared_with_itself() -> None:
    assert sign("document likeness", TELLING, other(document="a")) == 2


def test_signs_have_levels_in_words_and_weights() -> None:
    assert list(load_levels()) == list(FEATURES)
    assert list(load_pair_weights().signs) == list(FEATURES)


def test_the_same_march_in_two_papers_is_likelier_one_than_two_marches_a_week_apart() -> None:
    table = table_of(TELLING, other(), other(id="c1", document="c", first=date(2023, 3, 14), last=date(2023, 3, 14)))
    same, later = Scorer(load_pair_weights()).chances(table, np.array([[0, 1], [0, 2]], np.int64))
    assert 0 < later < same < 1


def test_the_parts_add_up_to_the_score_and_can_be_read() -> None:
    scorer = Scorer(load_pair_weights())
    table = table_of(TELLING, other(figures=(Figure("participants", 900, 900),)))
    parts = scorer.parts(table, 0, 1)
    chance = float(scorer.chances(table, PAIR)[0])
    assert sum(part.odds for part in parts) == pytest.approx(math.log(chance / (1 - chance)))
    assert "a figure that contradicts the other" in [part.says for part in parts]
    assert all("{" not in part.says for part in parts)


def test_no_pairs_have_no_chances() -> None:
    assert len(Scorer(load_pair_weights()).chances(table_of(TELLING), np.zeros((0, 2), np.int64))) == 0
