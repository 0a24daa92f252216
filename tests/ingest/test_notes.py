"""What editors say of a report itself: the entries of knowledge/reading/notes.yaml, and invented articles."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dateline.ingest.notes import find_notes
from dateline.knowledge.reading import NotePattern, load_reading_tables
from dateline.records import EditorsNote
from tests.ingest.test_boilerplate import LEAD, MORE, blocks_of

TABLES = load_reading_tables()


def notes(*paragraphs: str) -> list[tuple[str, str]]:
    text = "\n\n".join(paragraphs)
    return [(n.kind.value, n.span.of(text)) for n in find_notes(text, blocks_of(text), TABLES)]


def told(note: EditorsNote, text: str) -> dict[str, str]:
    spans = {"cue": note.cue, "matter": note.matter, "earlier": note.earlier, "now": note.now}
    return {name: span.of(text) for name, span in spans.items() if span}


EXAMPLES = [(p, e) for p in TABLES.notes for e in p.examples]


@pytest.mark.parametrize(("pattern", "example"), EXAMPLES, ids=lambda x: x.id if isinstance(x, NotePattern) else x["text"][:30])
def test_it_reads_each_example_of_a_note(pattern: NotePattern, example: Mapping[str, str]) -> None:
    written = dict(example)
    text = written.pop("text")
    (note,) = find_notes(text, blocks_of(text), TABLES)
    assert note.kind is pattern.kind
    assert told(note, text) == written


@pytest.mark.parametrize("pattern", TABLES.notes, ids=lambda p: p.id)
def test_it_takes_no_near_miss_for_a_note_of_that_kind(pattern: NotePattern) -> None:
    assert pattern.near_misses
    for text in pattern.near_misses:
        assert [n for n in find_notes(text, blocks_of(text), TABLES) if n.kind is pattern.kind] == []


def test_it_finds_a_note_wherever_it_stands() -> None:
    above = "(Corrects number of ships in paragraph 2)"
    assert notes(f"{above} ODESSA, Aug 18 (Reuters) - {LEAD}", MORE) == [("correction", above)]
    assert notes("CORRECTED-Cranes stand still in northern port", LEAD, MORE) == [("correction", "CORRECTED-")]
    below = "An earlier version of this article said three ships had been sent away. There were two."
    assert notes(LEAD, MORE, below) == [("correction", below)]
    assert notes(LEAD, f"{MORE} This story was updated on March 4, 2021 with what the union says.") == [
        ("update", "This story was updated on March 4, 2021 with what the union says.")
    ]


def test_it_finds_none_in_a_plain_report() -> None:
    assert notes("Cranes stand still in northern port", LEAD, MORE) == []


def test_it_finds_several() -> None:
    first, second = "(Corrects place)", "An earlier version of this story said the port lay in the south."
    assert notes(f"{first} {LEAD}", MORE, second) == [("correction", first), ("correction", second)]
