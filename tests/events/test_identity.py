"""Which tellings of a document are one happening: a noun that points back, and what keeps two attacks apart."""

from __future__ import annotations

import pytest

from tests.coding import code_text


def first_told(text: str) -> dict[str, str | None]:
    """For each trigger's words those of the telling it points at."""
    claims = code_text(text).claims
    words = {c.id: c.event.trigger.of(text) for c in claims}
    return {words[c.id]: words.get(c.same_as or "") for c in claims if c.event.type == "ASSAULT"}


@pytest.mark.parametrize(
    "text",
    [
        "Rebels ambushed a convoy near Oran on Monday. The attack took place at dawn.",
        "Gunmen attacked a convoy on Monday. The ambush by gunmen lasted an hour.",
    ],
)
def test_a_noun_with_the_is_what_was_told_last(text: str) -> None:
    [(first, before), (_, again)] = first_told(text).items()
    assert (before, again) == (None, first)


@pytest.mark.parametrize(
    "text",
    [
        "Rebels ambushed a convoy near Oran on Monday. The attack in Tunis took place at dawn.",
        "Rebels ambushed a convoy near Oran on Monday. The second attack took place at dawn.",
        "Rebels ambushed a convoy near Oran on Monday. An attack took place at dawn.",
        "Rebels ambushed a convoy on Monday. The murder of a judge took place in Oslo on 3 May 2023.",
    ],
)
def test_another_place_number_day_or_victim_is_another_happening(text: str) -> None:
    assert all(first is None for first in first_told(text).values())
