"""Which names are one actor: what people said, along chains, and what does not go together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dateline.ledger.errors import JudgementError
from dateline.ledger.one_actor import check, facts_of, one_actors
from dateline.records import Judge, Judgement, JudgementKind

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def said(*told: str) -> list[Judgement]:
    """Judgements, one after another: "A=B", "A#B" for names that are not one actor, "-2" for an undoing of the second."""
    return [_judgement(number, one) for number, one in enumerate(told, 1)]


def _judgement(number: int, told: str) -> Judgement:
    if told.startswith("-"):
        return Judgement(f"{number}.1", JudgementKind.UNDONE, Judge("Ben"), NOON, revokes=(f"{told[1:]}.1",))
    kind = JudgementKind.NOT_SAME_ACTOR if "#" in told else JudgementKind.SAME_ACTOR
    return Judgement(f"{number}.1", kind, Judge("Ada"), NOON, facts=facts_of(told.replace("#", "=").split("=")))


@pytest.mark.parametrize(
    ("told", "actors"),
    [
        (["A=B"], [("A", "B")]),
        (["A=B", "B=C"], [("B", "A", "C")]),
        (["A=B", "C=D", "D=A"], [("D", "A", "B", "C")]),
        (["A=B", "C=D"], [("A", "B"), ("C", "D")]),
        (["B=A=C", "-1"], []),
        (["A=B", "B=C", "-1"], [("B", "C")]),
        (["A=B", "B=A"], [("B", "A")]),
        (["A#B"], []),
    ],
)
def test_names_that_were_put_together_are_one_along_a_chain_under_the_last_first(
    told: list[str], actors: list[tuple[str, ...]]
) -> None:
    assert [actor.names for actor in one_actors(said(*told))] == actors


@pytest.mark.parametrize(
    ("told", "new", "words"),
    [
        (["A=B"], "A=B", "one actor already"),
        (["A=B", "B=C"], "B=A", "one actor already"),
        (["A#B"], "A=B", "Ada said that “A” and “B” are not one actor (1.1): undo that first"),
        (["A#C", "A=B"], "B=C", "undo that first"),
        (["A=B", "B=C"], "A#C", "by what was said by Ada (1.1), Ada (2.1): undo that instead"),
        (["A#B"], "B#A", "was said already"),
    ],
)
def test_what_contradicts_what_was_said_is_refused_with_what_stands_against_it(told: list[str], new: str, words: str) -> None:
    with pytest.raises(JudgementError) as refused:
        check(_judgement(9, new), said(*told))
    assert words in str(refused.value)


@pytest.mark.parametrize("told", [["A=B", "-1"], ["A#B", "-1", "A=C"], []])
def test_what_was_undone_stands_against_nothing(told: list[str]) -> None:
    check(_judgement(9, "A=B"), said(*told))
    check(_judgement(9, "B=A"), said("A=B"))  # the other name is to be shown


def test_names_are_tidied_and_there_are_two() -> None:
    assert facts_of([" A  B ", "A B", "C"]) == (("name", "A B"), ("name", "C"))
    with pytest.raises(JudgementError, match="which is the other"):
        facts_of(["A", " A "])
