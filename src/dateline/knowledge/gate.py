"""What the gate knows: how many records of a type each word is good for, and below which sum a report is passed over.

Learned by `python -m training.gate` from what the coder finds in reports of train halves; the words are those that occur there,
and weigh what their occurrences were worth. docs/gate.md tells what it keeps.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

SHIPPED = Path(__file__).with_name("gate") / "rates.json"
PASSED_OVER = "passed over"
"""Reason of the Problem of a report that a gate keeps from the reader."""
WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Gate:
    """Rates and cuts by PLOVER type.

    `rates`: word in lower case -> type -> records that an occurrence of it is good for, on average. `cuts`: the sum of a report's
    rates below which, on the reports that taught it, two of a hundred records of the type stood. `version` is a hash of both.
    """

    rates: Mapping[str, Mapping[str, float]]
    cuts: Mapping[str, float]
    version: str

    @property
    def types(self) -> frozenset[str]:
        return frozenset(self.cuts)


@dataclass(frozen=True)
class Gating:
    """A gate in use: reports pass that may tell an event of one of the `types`; none named: of any."""

    gate: Gate
    types: tuple[str, ...] = ()


def expected_records(text: str, gate: Gate) -> dict[str, float]:
    """By type the records that a text of such words is good for; a type that no word of it is good for is not there."""
    expected: dict[str, float] = {}
    for word, number in words_of(text).items():
        for type_, rate in gate.rates.get(word, {}).items():
            expected[type_] = expected.get(type_, 0.0) + number * rate
    return expected


def may_tell(text: str, gate: Gate, types: Collection[str] = ()) -> bool:
    """False for a text that is passed over: by its words it hardly tells an event of these types (none given: of any)."""
    expected = expected_records(text, gate)
    return any(expected.get(type_, 0.0) >= gate.cuts[type_] for type_ in types or gate.types)


def words_of(text: str) -> Counter[str]:
    """The words of two letters or more, in lower case, with how often they stand there."""
    return Counter(word.lower() for word in WORD.findall(text))


def load_gate(path: Path = SHIPPED) -> Gate:
    """The packaged gate. Raises ValueError naming the file when it is not as it should be."""
    raw = path.read_bytes()
    try:
        data = json.loads(raw)
        types: list[str] = data["types"]
        rates = {word: {types[int(n)]: rate for n, rate in cells.items()} for word, cells in data["rates"].items()}
        return Gate(rates, {types[int(n)]: cut for n, cut in data["cuts"].items()}, hashlib.sha256(raw).hexdigest()[:8])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as fault:
        raise ValueError(f"{path.name}: no rates of words: {fault}") from fault
