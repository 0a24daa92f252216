"""How English news writes words and sentences: abbreviations, clitics, hyphens, units, words of speech.

Tables: abbreviations.yaml, words.yaml and sentences.yaml under segmentation/. Each entry's examples and near misses
run as tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from dateline.knowledge.tables import read_yaml

Before = Literal["name", "number", "any"]


@dataclass(frozen=True)
class Abbreviations:
    """One group of words written with a full stop of their own; `forms` stand without it, in lower case.

    `before` is what must follow for the stop to be the word's. `is_capital`: only when written with a capital.
    """

    id: str
    before: Before
    forms: tuple[str, ...]
    is_capital: bool


@dataclass(frozen=True)
class Example:
    """A text with | after each token. `is_match` False: a near miss."""

    entry: str
    text: str
    is_match: bool


@dataclass(frozen=True)
class Segmentation:
    """The tables, indexed. `lists` holds the forms of each kind ("clitics", "prefixes", …) in lower case, by id."""

    abbreviations: tuple[Abbreviations, ...]
    lists: Mapping[str, tuple[str, ...]]
    examples: tuple[Example, ...]

    def forms_before(self, before: Before, *, capital: bool) -> tuple[str, ...]:
        """The abbreviations that keep their stop before that, in table order."""
        return tuple(f for a in self.abbreviations if a.before == before and a.is_capital is capital for f in a.forms)


@cache
def load_segmentation() -> Segmentation:
    """The tables, read once. Raises ValueError naming the entry whose shape is wrong."""
    groups = read_yaml("segmentation/abbreviations.yaml")
    lists = read_yaml("segmentation/words.yaml") | read_yaml("segmentation/sentences.yaml")
    examples = [e for g in groups for e in _examples(g["id"], g)]
    examples += [e for name, entry in lists.items() for e in _examples(name, entry)]
    return Segmentation(
        tuple(_abbreviations(g) for g in groups), {name: _forms(name, entry) for name, entry in lists.items()}, tuple(examples)
    )


def _abbreviations(entry: dict[str, Any]) -> Abbreviations:
    if entry["before"] not in get_args(Before):
        raise ValueError(f"abbreviations {entry['id']}: before is {entry['before']!r}, not one of {get_args(Before)}")
    return Abbreviations(entry["id"], entry["before"], _forms(entry["id"], entry), entry.get("capital", False))


def _forms(name: str, entry: dict[str, Any]) -> tuple[str, ...]:
    forms = tuple(entry["forms"])
    if not all(isinstance(f, str) and f and f == f.lower() for f in forms):
        raise ValueError(f"segmentation {name}: forms must be lower-case text, not {forms}")
    return forms


def _examples(name: str, entry: dict[str, Any]) -> list[Example]:
    return [Example(name, text, True) for text in entry.get("examples", ())] + [
        Example(name, text, False) for text in entry.get("near_misses", ())
    ]
