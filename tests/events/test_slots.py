"""Slots of a verb that no frame holds: its auxiliaries, its denials, and the words that open the clauses under it."""

from __future__ import annotations

import pytest

from dateline.events.triggers import Trigger, slot_fillers
from dateline.ingest.read import read_report
from dateline.knowledge.lexicon import load_lexicon
from dateline.language.reading import analyse
from dateline.records import Report
from tests.coding import loaded

LIFT = next(e for e in load_lexicon().entries if e.id == "reject.will-not-yield")


@pytest.mark.parametrize(
    ("text", "slot", "wanted"),
    [
        ("Norway will not lift the embargo.", "aux", ["will"]),
        ("Norway will not lift the embargo.", "neg", ["not"]),
        ("Norway can never lift the embargo.", "neg", ["never"]),
        ("Norway will lift the embargo unless the rebels return.", "condition", ["unless"]),
        ("Norway lifts the embargo.", "aux", []),
        ("Norway lifts the embargo.", "neg", []),
        ("Norway lifts the embargo, and nobody objects.", "condition", []),
    ],
)
def test_a_verb_has_auxiliaries_denials_and_conditions(text: str, slot: str, wanted: list[str]) -> None:
    knowledge, models = loaded()
    document, _ = read_report(Report("test", text.encode(), "text/plain"))
    assert document is not None
    sentence = analyse(document, models)[0]
    verb = next(t for t in sentence.tokens if t.lemma == "lift")
    trigger = Trigger(sentence, verb, (verb.index,), "verb", LIFT)
    assert [t.text for t in slot_fillers(trigger, slot, knowledge.cues)] == wanted
