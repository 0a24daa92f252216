"""Every entry of the lexicon against its own examples and near misses, through the whole path.

known_failures.txt lists the examples that do not come out yet, one `entry: text` a line. An example on the list that comes out
right fails the test until its line is removed: the list only ever tells the truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dateline.knowledge.lexicon import Entry, Example, load_lexicon, spell_out
from dateline.records import Claim, Participant
from tests.coding import DAY, code_text

KNOWN = frozenset((Path(__file__).parent / "known_failures.txt").read_text(encoding="utf-8").splitlines())
LEXICON = load_lexicon()


def examples_of(entry: Entry) -> Iterator[Example]:
    return (each for example in entry.examples for each in example.spelt_out())


def near_misses_of(entry: Entry) -> Iterator[str]:
    return (each for text in entry.near_misses for each, _ in spell_out(text))


def faults(example: Example) -> list[str]:
    """What is wrong with the record of the example's trigger; nothing: an empty list."""
    coding = code_text(example.text, date.fromisoformat(example.published) if example.published else DAY)
    assert coding.document is not None
    text = coding.document.text
    at_trigger = [c for c in coding.claims if example.trigger.lower() in c.event.trigger.of(text).lower().split("-")
                  or c.event.trigger.of(text).lower() in _words(example.trigger)]  # fmt: skip
    of_type = [c for c in at_trigger if c.event.type == example.type]
    if not of_type:
        return [f"no {example.type} at {example.trigger!r}: {[(c.event.type, c.event.trigger.of(text)) for c in coding.claims]}"]
    return min((_differences(c, example, text) for c in of_type), key=len)


def _words(trigger: str) -> set[str]:
    """The words of a trigger, whole and in the parts that a reader makes of "sit-in"."""
    return {*trigger.lower().split(), *trigger.lower().replace("-", " ").split()}


def _differences(claim: Claim, example: Example, text: str) -> list[str]:
    event = claim.event
    found = []
    is_told_by_instrument = example.mode is None and bool(event.instruments)  # "killed with knives": no word tells the mode
    if event.mode != example.mode and not is_told_by_instrument:
        found.append(f"mode {event.mode}, not {example.mode}")
    if event.status.value != example.status:
        found.append(f"status {event.status.value}, not {example.status}")
    if example.actor and not _names(event.actors, example.actor, text):
        found.append(f"actor {[p.actor.name for p in event.actors]}, not {example.actor!r}")
    if example.recipient and not _names(event.recipients, example.recipient, text):
        found.append(f"recipient {[p.actor.name for p in event.recipients]}, not {example.recipient!r}")
    return found


def _names(participants: tuple[Participant, ...], wanted: str, text: str) -> bool:
    wanted = wanted.lower()
    for p in participants:
        words = (p.span.of(text).lower() if p.span else "", p.actor.name.lower())
        if any(w and (wanted in w or w in wanted) for w in words):
            return True
    return False


by_entry = pytest.mark.parametrize("entry", LEXICON.entries, ids=lambda entry: entry.id)
"""All examples of an entry are one test: there are thousands, and each test costs as much again as the reading of a sentence."""


@by_entry
def test_an_entry_matches_its_examples(entry: Entry) -> None:
    wrong = []
    for example in examples_of(entry):
        found = faults(example)
        if f"{entry.id}: {example.text}" not in KNOWN:
            wrong += [f"{example.text}\n  " + "; ".join(found)] if found else []
        elif not found:
            wrong.append(f"{example.text}\n  comes out right now: remove it from known_failures.txt")
    assert not wrong, f"{entry.id}\n" + "\n".join(wrong)


@by_entry
def test_an_entry_leaves_its_near_misses(entry: Entry) -> None:
    wrong = []
    for text in near_misses_of(entry):
        is_matched = any(c.event.rule == entry.id for c in code_text(text).claims)
        if is_matched != (f"{entry.id}: {text}" in KNOWN):
            wrong.append(f"{text}\n  {'is matched' if is_matched else 'is left alone now: remove it from known_failures.txt'}")
    assert not wrong, f"{entry.id}\n" + "\n".join(wrong)


def test_few_examples_are_known_to_fail() -> None:
    total = sum(len(list(examples_of(entry))) + len(list(near_misses_of(entry))) for entry in LEXICON.entries)
    assert len(KNOWN) <= 0.05 * total, f"{len(KNOWN)} of {total} are listed as failing"


def test_what_is_known_to_fail_is_an_example_of_the_lexicon() -> None:
    texts = {f"{e.id}: {text}" for e in LEXICON.entries for text in (*(x.text for x in examples_of(e)), *near_misses_of(e))}
    assert sorted(KNOWN - texts) == []
