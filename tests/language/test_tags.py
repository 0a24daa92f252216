"""It finds the best sequence of BIO tags that is one."""

import numpy as np
import pytest

from dateline.language.tags import Leaning, best_tags, kind_chances, spans_of, tag_chances

TAGS = ("O", "B-Person", "I-Person", "B-Location", "I-Location")


def test_an_inside_tag_follows_only_its_own_class() -> None:
    # Word by word the best would be B-Person I-Location.
    scores = np.array([[0.0, 5.0, 0.0, 3.0, 0.0], [0.0, 0.0, 3.5, 0.0, 4.0]])
    assert best_tags(scores, TAGS) == ["B-Person", "I-Person"]


def test_an_inside_tag_opens_nothing() -> None:
    scores = np.array([[0.0, 2.0, 3.0, 0.0, 0.0]])
    assert best_tags(scores, TAGS) == ["B-Person"]


def test_a_word_surely_outside_parts_two_names() -> None:
    scores = np.array([[0.0, 9.0, 0.0, 0.0, 0.0], [30.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 9.0, 8.0, 0.0]])
    assert best_tags(scores, TAGS) == ["B-Person", "O", "B-Location"]


def test_all_outside() -> None:
    assert best_tags(np.array([[30.0, 0.0, 0.0, 0.0, 0.0]] * 3), TAGS) == ["O", "O", "O"]


def test_spans() -> None:
    assert list(spans_of(["O", "B-Person", "I-Person", "B-Person", "I-Location"])) == [
        (1, 3, "Person"),
        (3, 4, "Person"),
        (4, 5, "Location"),
    ]
    assert list(spans_of([])) == []


def test_chances_are_probabilities_of_the_chosen_tags() -> None:
    scores = np.log(np.array([[0.7, 0.1, 0.1, 0.05, 0.05]]))
    assert tag_chances(scores, TAGS, ["O"]) == pytest.approx([0.7])


def test_the_chances_of_a_spans_kinds_add_up_and_follow_the_scores() -> None:
    scores = np.array([[0.0, 5.0, 0.0, 4.0, 0.0], [0.0, 0.0, 5.0, 0.0, 4.5]])
    person, place = kind_chances(scores, TAGS, ("Person", "Location"))
    assert person + place == pytest.approx(1.0)
    assert person > place > 0.1


def test_a_long_span_is_not_surer_for_being_long() -> None:
    one = np.array([[0.0, 5.0, 0.0, 4.0, 0.0]])
    four = np.vstack([one, *[np.array([[0.0, 0.0, 5.0, 0.0, 4.0]])] * 3])
    assert kind_chances(four, TAGS, ("Person", "Location"))[0] < 0.9


def test_a_leaning_holds_together_what_word_by_word_would_be_two_names() -> None:
    scores = np.array([[0.0, 4.0, 0.0, 0.0, 0.0], [0.0, 3.0, 2.5, 0.0, 0.0]])
    assert best_tags(scores, TAGS) == ["B-Person", "B-Person"]
    assert best_tags(scores, TAGS, Leaning(inside=0.25, beside=-1.0)) == ["B-Person", "I-Person"]


def test_a_leaning_says_nothing_of_a_name_that_stands_alone() -> None:
    scores = np.array([[0.0, 0.5, 0.0, 0.0, 0.0], [3.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.5, 0.0, 0.0, 0.0]])
    assert best_tags(scores, TAGS, Leaning(inside=0.25, beside=-1.0)) == ["B-Person", "O", "B-Person"]
