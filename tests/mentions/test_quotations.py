"""Quotations: who speaks, by which cue, where the words begin and end, and on whose word events stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.records import Coding, Quotation, Span
from tests.coding import code_text

SPECS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "specs" / "quotations.yaml").read_text("utf-8"))
FIELDS = {"speaker", "source", "cue", "content", "kind", "type", "via"}


def shown(quotation: Quotation, text: str) -> dict[str, Any]:
    """The quotation as the specs write it."""

    def words(span: Span | None) -> str | None:
        return span.of(text) if span else None

    return {
        "speaker": quotation.speaker.name if quotation.speaker else None,
        "source": words(quotation.source),
        "cue": words(quotation.cue),
        "content": [span.of(text) for span in quotation.content],
        "kind": quotation.kind.value,
        "type": quotation.type.value,
        "via": quotation.via.name if quotation.via else None,
    }


def tellers(coding: Coding, word: str) -> list[list[str]]:
    """On whose word each event of a trigger stands, the paper's own voice left out; this paper has no name."""
    assert coding.document is not None
    text = coding.document.text
    return [[t.actor.name for t in c.event.attribution] for c in coding.claims if c.event.trigger.of(text) == word]


@pytest.mark.parametrize("spec", SPECS, ids=[s["about"] for s in SPECS])
def test_it_quotes_what_the_specs_say(spec: dict[str, Any]) -> None:
    coding = code_text(spec["text"])
    assert coding.document is not None
    found = [(q, shown(q, coding.document.text)) for q in coding.quotations]
    for wanted in spec["quotations"]:
        assert any(wanted.items() <= one.items() for _, one in found), (wanted, found)
    said = [one for q, one in found if q.is_quoted and not any(w.items() <= one.items() for w in spec["quotations"])]
    assert not said or spec.get("others"), said
    for word, chain in spec.get("tellers", {}).items():
        assert tellers(coding, word) == [chain], word


def test_the_specs_are_well_formed() -> None:
    names = [s["about"] for s in SPECS]
    assert sorted(names) == sorted(set(names))
    for spec in SPECS:
        assert set(spec) <= {"about", "text", "quotations", "tellers", "others"}, spec["about"]
        assert all(set(q) <= FIELDS for q in spec["quotations"]), spec["about"]


def test_quotations_come_in_the_order_of_their_content() -> None:
    quotations = code_text("Viktor Holm said the port was shut. “It will stay shut,” Anna Berg said.").quotations
    assert [q.speaker.name for q in quotations if q.speaker] == ["Viktor Holm", "Anna Berg"]


def test_a_quotation_counts_as_quoted_by_what_is_claimed_or_marked() -> None:
    vow, said = code_text("Viktor Holm vowed to crush the rebels. Anna Berg said he would fail.").quotations
    assert (vow.is_claimed, vow.is_quoted) == (False, False)
    assert (said.is_claimed, said.is_quoted) == (True, True)
