"""The tables of the lexicon and the ontology have the shape that docs/lexicon-format.md gives them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from dateline.knowledge.lexicon import load_lexicon
from dateline.knowledge.tables import TABLES, read_yaml, table_names

TYPES = {row["id"]: row for row in read_yaml("ontology/event_types.yaml")}
TABLES_OF_CLASSES = {name: read_yaml(name) for name in table_names() if name.startswith("lexicon/classes")}
CLASSES = {name for table in TABLES_OF_CLASSES.values() for name in table}
LOOKED_THROUGH = "partitive"  # named by no entry: every slot looks through it
SOMEBODY = "somebody"
"""The class that stands for people without a name, and belongs to @party."""
NO_DOER = "no_doer"  # named by no entry: asked of every doer of some types
BUILT_IN = {"party", "place", "event", "number", "time"}
STATUSES = {"asserted", "planned", "conditional", "denied", "alleged"}
CONSTRAINTS = ("needs", "never", "noun_needs", "noun_never")
SLOT_LISTS = ("actor", "recipient", "noun_actor", "noun_recipient")
KEYS = {
    "id", "type", "mode", "verbs", "nouns", "adjectives", "actor", "recipient", "noun_actor", "noun_recipient", "needs", "never",
    "noun_needs", "noun_never", "status", "counts",
        "teller", "weight", "source", "examples", "near_misses", "after",
}  # fmt: skip
QUADS = {"verbal cooperation", "material cooperation", "verbal conflict", "material conflict", None}


def rows() -> list[tuple[str, dict[str, Any]]]:
    names = [n for n in table_names() if n.startswith("lexicon/") and not n.startswith("lexicon/classes")]
    return [(name, row) for name in names for row in read_yaml(name)]


ROWS = rows()
NAMES = sorted({name for name, _ in ROWS})
Check = Callable[[dict[str, Any]], None]


def by_entry(check: Check) -> Callable[[str], None]:
    """The check of an entry as a test of each table: all entries of a table that fail are told together."""

    @pytest.mark.parametrize("table", NAMES)
    def test(table: str) -> None:
        wrong = []
        for row in (row for name, row in ROWS if name == table):
            try:
                check(row)
            except AssertionError as fault:
                wrong.append(f"{row['id']}: {fault}")
        assert not wrong, "\n".join(wrong)

    return test


def fillers(row: dict[str, Any]) -> list[str]:
    found: list[Any] = []
    for key in CONSTRAINTS:
        for value in (row.get(key) or {}).values():
            found += [value] if isinstance(value, str) else value
    return found


def slots(row: dict[str, Any]) -> list[Any]:
    named = [s for key in SLOT_LISTS for s in row.get(key) or []]
    return named + [s for key in CONSTRAINTS for s in row.get(key) or {}]


def test_ids_are_unique() -> None:
    ids = [row["id"] for _, row in ROWS]
    assert sorted({i for i in ids if ids.count(i) > 1}) == []


def test_no_key_stands_twice_in_a_mapping() -> None:
    # YAML keeps the last of two equal keys and says nothing.
    twice = []
    for name in table_names():
        if name.startswith(("lexicon/", "ontology/")) and name.endswith(".yaml"):
            waiting = [yaml.compose((TABLES / name).read_text(encoding="utf-8"))]
            while waiting:
                node = waiting.pop()
                if isinstance(node, yaml.MappingNode):
                    keys = [key.value for key, _ in node.value]
                    twice += [f"{name}:{node.start_mark.line + 1} {k}" for k in set(keys) if keys.count(k) > 1]
                    waiting += [value for _, value in node.value]
                elif isinstance(node, yaml.SequenceNode):
                    waiting += node.value
    assert twice == []


def test_an_id_starts_with_its_type() -> None:
    assert [r["id"] for _, r in ROWS if not r["id"].startswith(r["type"].lower() + ".")] == []


def test_a_table_of_a_type_holds_entries_of_that_type_alone() -> None:
    of_type = {f"lexicon/{t.lower()}.yaml": t for t in TYPES}
    assert [r["id"] for name, r in ROWS if r["type"] != of_type.get(name, r["type"])] == []


def test_there_are_entries_for_every_type() -> None:
    assert {row["type"] for _, row in ROWS} == set(TYPES)


@pytest.mark.parametrize(
    ("form", "verb"),
    [
        ("froze", "freeze"),
        ("torn", "tear"),
        ("seceded", "secede"),
        ("occupied", "occupy"),
        ("expelled", "expel"),
        ("chanted", "chant"),
    ],
)
def test_a_verb_is_known_by_its_past_forms(form: str, verb: str) -> None:
    lexicon = load_lexicon()
    known = lexicon.candidates("verb", form)
    assert lexicon.candidates("verb", verb)
    assert all(pair in known for pair in lexicon.candidates("verb", verb))


def test_the_lexicon_covers_a_thousand_words() -> None:
    words = {w for _, row in ROWS for part in ("verbs", "nouns", "adjectives") for w in row.get(part) or []}
    assert len(ROWS) >= 400
    assert len(words) >= 1000


@by_entry
def test_an_entry_has_known_keys_a_source_and_an_example(row: dict[str, Any]) -> None:
    assert set(row) - KEYS == set()
    assert row.get("after") is None or row["after"] in TYPES
    assert row["source"].strip()
    assert row["examples"]
    assert row["near_misses"]
    assert row.get("verbs") or row.get("nouns") or row.get("adjectives")
    assert 0 < row.get("weight", 0.8) <= 1


@by_entry
def test_an_entry_names_a_type_mode_and_status_of_the_ontology(row: dict[str, Any]) -> None:
    assert row["type"] in TYPES
    assert row.get("mode") is None or row["mode"] in TYPES[row["type"]]["modes"]
    assert row.get("status") is None or row["status"] in STATUSES


@by_entry
def test_the_words_of_an_entry_are_lower_case_lemmas_named_once(row: dict[str, Any]) -> None:
    for part in ("verbs", "nouns", "adjectives"):
        words = row.get(part) or []
        assert all(isinstance(w, str) and w == w.lower() == " ".join(w.split()) for w in words)
        assert sorted({w for w in words if words.count(w) > 1}) == []


@by_entry
def test_the_slots_of_an_entry_are_words(row: dict[str, Any]) -> None:
    # YAML reads a bare `on` as true; the preposition must stand in quotes.
    assert all(isinstance(s, str) and re.fullmatch(r"[a-z_]+", s) for s in slots(row))


@by_entry
def test_the_fillers_of_an_entry_are_lemmas_or_known_classes(row: dict[str, Any]) -> None:
    assert all(isinstance(f, str) for f in fillers(row))
    assert [f for f in fillers(row) if f.startswith("@") and f[1:] not in CLASSES and f[1:] not in BUILT_IN] == []


@by_entry
def test_the_examples_of_an_entry_contain_what_they_name(row: dict[str, Any]) -> None:
    for example in row["examples"]:
        assert set(example) <= {"text", "trigger", "type", "mode", "actor", "recipient", "status", "published"}
        choices = re.findall(r"\{([^{}]*)\}", example["text"])
        assert len(choices) <= 1
        assert "trigger" in example or choices
        assert all(words.strip() for choice in choices for words in choice.split("|"))
        if "trigger" in example:
            assert re.search(rf"(?<!\w){re.escape(example['trigger'])}(?!\w)", example["text"])
        assert example.get("status", "asserted") in STATUSES
        assert example.get("type", row["type"]) in TYPES
        for party in ("actor", "recipient"):
            assert example.get(party) is None or example[party].lower() in example["text"].lower()
    assert all(isinstance(text, str) and text for text in row["near_misses"])


@pytest.mark.parametrize(("table", "name"), [(table, name) for table, classes in TABLES_OF_CLASSES.items() for name in classes])
def test_a_class_lists_words_once_and_is_used(table: str, name: str) -> None:
    words = TABLES_OF_CLASSES[table][name]
    assert all(isinstance(w, str) for w in words)
    assert sorted({w for w in words if words.count(w) > 1}) == []
    assert name in {LOOKED_THROUGH, NO_DOER, SOMEBODY} or any(f == f"@{name}" for _, row in ROWS for f in fillers(row))


@pytest.mark.parametrize("row", list(TYPES.values()), ids=list(TYPES))
def test_an_event_type_is_fully_described(row: dict[str, Any]) -> None:
    assert set(row) == {"id", "quad", "requires_recipient", "meaning", "includes", "excludes", "boundary", "modes"}
    assert row["quad"] in QUADS
    assert row["meaning"].strip()
    assert row["includes"]
    assert row["excludes"]
    assert all(b["type"] in {*TYPES, "none"} and b["why"] for b in row["boundary"])
    assert all(isinstance(m, str) and text.strip() for m, text in row["modes"].items())


@pytest.mark.parametrize("row", read_yaml("ontology/contexts.yaml"), ids=lambda r: str(r["id"]))
def test_a_context_has_cues_that_its_example_shows(row: dict[str, Any]) -> None:
    assert set(row) == {"id", "meaning", "cues", "example"}
    assert len(set(row["cues"])) == len(row["cues"])
    stems = [cue.rstrip("ey").lower() for cue in row["cues"]]
    assert any(stem in row["example"].lower() for stem in stems)


def test_there_are_thirty_seven_contexts() -> None:
    assert len({row["id"] for row in read_yaml("ontology/contexts.yaml")}) == 37


def test_every_sector_is_described() -> None:
    sectors = read_yaml("ontology/sectors.yaml")
    assert len({s["id"] for s in sectors}) == len(sectors) == 32
    assert all(set(s) == {"id", "kind", "meaning", "includes", "note", "example"} for s in sectors)
