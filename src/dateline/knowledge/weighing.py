"""What was learned from coded sets about records: which signs speak for one, which for its being news, which words for a report.

The weights are weighing/weights.json, made by `python -m training.coding`. They are log-odds, calibrated, and add up: the sum of
a record's signs, through the logistic function, is the probability. Without the file nothing is learned, and the lexicon's hand
weights stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dateline.knowledge.tables import TABLES, read_yaml

SHIPPED = TABLES / "weighing" / "weights.json"
START = "to begin with"
"""The sign every record has."""

Table = Mapping[str, float]
"""Log-odds of each sign; a sign that is not there weighs nothing."""


@dataclass(frozen=True)
class Weighing:
    """`right`: that the record's type is right; `news`: that it is news; `relevance`: that a report is about such events.

    `fields` holds, for "actor read", "actor inferred" and so on, the share of right values among records with the right type.
    `hand` is what one unit of log-odds of the hand-given weight adds to `right`.
    """

    right: Table
    news: Table
    relevance: Table
    fields: Table
    hand: float


@dataclass(frozen=True)
class BackgroundRule:
    """One way a clause shows that its event is not the news; every condition that is not empty must hold.

    `relations` and `tags` are of the trigger's word, `auxiliaries` stand on it; `openers` open its clause or phrase, or one it
    stands in. `is_below_record`: it is a noun below the word of another record. `examples` are (text, trigger).
    """

    id: str
    says: str
    relations: frozenset[str]
    tags: frozenset[str]
    auxiliaries: frozenset[str]
    openers: frozenset[str]
    is_below_record: bool
    examples: tuple[tuple[str, str], ...]
    near_misses: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Background:
    """The rules of background in the order they are tried, and the age from which what was told is history."""

    rules: tuple[BackgroundRule, ...]
    days: int


def load_weighing(path: Path = SHIPPED) -> Weighing | None:
    """The learned weights; no such file: None. Raises ValueError naming the file when it is not as it should be."""
    if not path.exists():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Weighing(data["right"], data["news"], data["relevance"], data["fields"], float(data["hand"]))
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"{path.name}: no weights of signs: {fault}") from fault


def load_background() -> Background:
    """Knowledge: cues/background.yaml. Raises ValueError that names a rule with a key that is not known."""
    table = read_yaml("cues/background.yaml")
    return Background(tuple(_rule(row) for row in table["rules"]), int(table["days"]))


_KEYS = frozenset({"id", "says", "relations", "tags", "auxiliaries", "openers", "is_below_record", "examples", "near_misses"})


def _rule(row: Mapping[str, object]) -> BackgroundRule:
    if unknown := set(row) - _KEYS:
        raise ValueError(f"cues/background.yaml: rule {row.get('id')!r} has unknown keys {sorted(unknown)}")
    return BackgroundRule(
        str(row["id"]),
        str(row["says"]),
        relations=_words(row.get("relations")),
        tags=_words(row.get("tags")),
        auxiliaries=_words(row.get("auxiliaries")),
        openers=_words(row.get("openers")),
        is_below_record=bool(row.get("is_below_record")),
        examples=_pairs(row.get("examples")),
        near_misses=_pairs(row.get("near_misses")),
    )


def _words(value: object) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else frozenset()


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    rows = value if isinstance(value, list) else []
    return tuple((str(row["text"]), str(row["trigger"])) for row in rows)
