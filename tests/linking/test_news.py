"""Which reports have one happening as their news."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from dateline.knowledge.linking import NewsWeights, load_lexis, load_news_weights, load_rarity
from dateline.linking.features import UNKNOWN
from dateline.linking.news import SIGNS, Middle, at_share, document_features, group_reports
from dateline.linking.table import NOTHING, Table
from dateline.linking.tellings import Party, Profile, Telling, Where
from tests.linking.tellings import other

TOWN = Where("Tarnfield", "city", "USA", "Ohio", 77)
ELSEWHERE = Where("Ockley", "city", "USA", "Iowa", 78)
DAY = date(2023, 3, 7)


def shooting(document: str, number: int = 1, **changes: object) -> Telling:
    values = {"type": "ASSAULT", "mode": "firearms", "trigger": "shot", "place": TOWN, "first": DAY, "last": DAY, "actors": ()}
    return other(**{**values, "id": f"{document}{number}", "document": document, **changes})


def table_of(tellings: list[Telling], **texts: str) -> Table:
    return Table.of(tellings, [Profile(d, text, DAY, None, tuple(text.lower().split())) for d, text in texts.items()], load_lexis())


def features(table: Table) -> dict[str, float]:
    found = document_features(Middle.of(table, {"ASSAULT": 3}), np.array([[0, 1]]))
    return dict(zip(SIGNS, found[0].tolist(), strict=True))


def test_the_town_that_most_tellings_have_stands_in_the_middle() -> None:
    table = table_of([shooting("a"), shooting("a", 2), shooting("a", 3, place=ELSEWHERE), shooting("b")], a="x", b="y")
    middle = Middle.of(table, {})
    assert [table.names[n] for n in middle.places[0] if n != NOTHING] == ["Tarnfield", "Ockley"]
    assert features(table)["same town"] == 3


def test_what_is_done_to_people_counts_for_more_than_what_follows() -> None:
    follow = {"type": "ACCUSE", "mode": "allege", "place": ELSEWHERE}
    table = table_of([shooting("a"), shooting("a", 2, **follow), shooting("a", 3, **follow), shooting("b")], a="x", b="y")
    assert features(table)["same town"] == 3
    assert [table.names[n] for n in Middle.of(table, {}).places[0] if n != NOTHING] == ["Ockley", "Tarnfield"]


def test_what_a_report_does_not_tell_cannot_be_compared() -> None:
    found = features(table_of([shooting("a")], a="x", b="y"))
    for sign in ("same town", "same unit", "nearest days", "main days", "same people"):
        assert found[sign] == UNKNOWN


def test_rare_names_and_words_in_common_are_added_up() -> None:
    named = (Party("Quillon Varrowby"),)
    table = table_of(
        [shooting("a", recipients=named), shooting("b", recipients=named)],
        a="Varrowby of Brindlemoor",
        b="near Brindlemoor Varrowby",
    )
    assert features(table)["rare words"] > 1
    assert features(table)["same people"] > 1


def test_the_share_of_matches_is_found_and_the_chances_corrected() -> None:
    dice = np.random.default_rng(1)
    taught, true, size = 0.01, 0.2, 50_000
    is_match = dice.random(size) < true
    sign = dice.normal(2.5 * is_match, 1.0)
    odds = 2.5 * sign - 2.5**2 / 2 + np.log(taught / (1 - taught))
    corrected, found = at_share(1 / (1 + np.exp(-odds)), taught)
    assert found == pytest.approx(true, abs=0.02)
    sure = corrected > 0.5
    assert is_match[sure].mean() == pytest.approx(corrected[sure].mean(), abs=0.02)


def test_without_pairs_there_is_nothing_to_correct() -> None:
    corrected, share = at_share(np.zeros(0), 0.01)
    assert (len(corrected), share) == (0, 0.01)


def test_reports_of_one_shooting_are_together_and_those_of_another_town_apart() -> None:
    words = "Quillon Varrowby was shot outside the Brindlemoor tavern on Kestrel Lane and died at Tarnfield General"
    table = table_of(
        [shooting("a"), shooting("b"), shooting("c", place=ELSEWHERE)],
        a=words,
        b=f"Police named the victim. {words}",
        c="A boy was wounded by a stray bullet in an Ockley park",
    )
    found = group_reports(table, load_news_weights()).labels
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_a_report_without_a_claim_goes_by_its_words() -> None:
    words = "Quillon Varrowby was shot outside the Brindlemoor tavern on Kestrel Lane and died at Tarnfield General"
    found = group_reports(table_of([shooting("a")], a=words, b=f"{words} on Tuesday", c="A parade"), load_news_weights()).labels
    assert found[0] == found[1] != found[2]


def test_the_weights_have_one_number_a_level_for_every_sign() -> None:
    news: NewsWeights = load_news_weights()
    assert list(news.weights.signs) == list(SIGNS)
    assert all(len(sign.weights) == len(sign.says) == len(sign.cuts) + 1 for sign in news.weights.signs.values())
    assert 0 < news.share < 0.5


def test_rarity_counts_no_word_in_more_reports_than_there_are() -> None:
    seen, documents = load_rarity()
    assert max(seen.values()) <= documents
    assert seen["shoot"] > documents / 4
