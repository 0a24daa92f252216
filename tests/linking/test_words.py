"""Words of one family have one stem, others do not."""

from __future__ import annotations

import numpy as np
import pytest

from dateline.knowledge.linking import load_families, load_lexis
from dateline.linking.words import stem, words_in

LEXIS = load_lexis()


@pytest.mark.parametrize(
    "family",
    [
        ("arrest", "arrested", "arrests", "arresting"),
        ("shot", "shooting", "shootings", "shooter", "shoots"),
        ("protest", "protests", "protesters", "protesting"),
        ("explosion", "explode", "exploded"),
        ("died", "death", "dead"),
        ("strike", "struck", "strikes"),
        ("announce", "announced", "announcement"),
        ("demonstrate", "demonstration", "demonstrators"),
        ("election", "elected", "elects"),
        ("mayor's", "mayor"),
    ],
)
def test_forms_and_derivations_have_one_stem(family: tuple[str, ...]) -> None:
    assert len({stem(word, LEXIS) for word in family}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("police", "policy"), ("news", "new"), ("strike", "stroke"), ("march", "market"), ("was", "wass")]
)
def test_other_words_have_another(one: str, other: str) -> None:
    assert stem(one, LEXIS) != stem(other, LEXIS)


def test_numbers_and_short_words_stay_as_they_are() -> None:
    assert [stem(word, LEXIS) for word in ("2023", "UN", "us")] == ["2023", "un", "us"]


def test_words_keep_their_order_and_leave_out_marks() -> None:
    assert words_in("Police, it's said, fired 12 rounds.") == ["Police", "it's", "said", "fired", "12", "rounds"]


def test_every_word_of_a_family_has_the_stem_of_its_name() -> None:
    assert all(stem(word, LEXIS) == name for word, name in load_families().items())


def test_words_near_in_meaning_are_near_in_the_vectors() -> None:
    def near(one: str, other: str) -> float:
        first, second = (LEXIS.vectors[LEXIS.known[stem(word, LEXIS)]] for word in (one, other))
        return float(first @ second)

    assert np.allclose(np.linalg.norm(LEXIS.vectors, axis=1), 1, atol=1e-3)
    assert near("arrested", "detained") > near("arrested", "elected")
    assert near("bombing", "blast") > near("bombing", "talks")
