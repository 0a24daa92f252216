"""Harm that is told right after force, without a doer, is its doers': marked as inferred, and not where something sets it apart."""

from __future__ import annotations

import pytest

from dateline.records import EventMention, How
from tests.coding import code_text


def harm(text: str) -> EventMention:
    found = [c.event for c in code_text(text).claims if {"killed", "injured"} & {n.what for n in c.event.counts}]
    assert found, text
    return found[-1]


@pytest.mark.parametrize(
    "text",
    [
        "Soldiers fired at the marchers. Four people were killed.",
        "Police opened fire on the crowd. Nine students were injured.",
    ],
)
def test_it_is_theirs_who_used_force_in_the_sentence_before(text: str) -> None:
    (doer,) = harm(text).actors
    assert doer.actor.sector in {"MIL", "COP"}
    assert (doer.origin.how, doer.span) == (How.INFERRED, None)


@pytest.mark.parametrize(
    "text",
    [
        "Soldiers fired at the marchers. Two soldiers were injured.",
        "Soldiers fired at the marchers. Four people were killed in Oslo on Friday.",
        "Soldiers fired at the marchers. The market was open. Four people were killed.",
        "The minister visited the town. Four people were killed.",
    ],
)
def test_it_is_nobodys_otherwise(text: str) -> None:
    assert harm(text).actors == ()
