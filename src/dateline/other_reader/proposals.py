"""An answer of the other reader, read strictly: what is no record is told of, a broken one gives what stands before the break."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dateline.other_reader.prompt import LONGEST, MOST_NAMED, MOST_RECORDS

THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
"""What some models say to themselves first."""

RECORDS = re.compile(r'"records"\s*:\s*\[')


@dataclass(frozen=True)
class Figure:
    """A figure as it was proposed: which kind, and its words."""

    what: str
    quote: str


@dataclass(frozen=True)
class Proposal:
    """A record as it was proposed: codes, and quotes that nobody has looked for yet."""

    evidence: str
    trigger: str
    type: str
    mode: str | None
    status: str
    status_cue: str | None
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    time: str | None
    place: str | None
    figures: tuple[Figure, ...]
    said_by: str | None
    said_cue: str | None


@dataclass(frozen=True)
class Answer:
    """What an answer proposes. `faults` say of each record that is none what is wrong; `is_broken`: it ends in the middle."""

    proposals: tuple[Proposal, ...]
    faults: tuple[str, ...] = ()
    is_broken: bool = False

    @property
    def number(self) -> int:
        """How many records it has, those that are none included."""
        return len(self.proposals) + len(self.faults)


class AnswerError(ValueError):
    """The answer is none, and why."""


def read_answer(said: str) -> Answer:
    """The records of an answer. Words around the JSON are passed over; JSON that ends in the middle gives the records before that.

    Raises AnswerError for what has no records at all.
    """
    text = THOUGHT.sub("", said, count=1)
    found = RECORDS.search(text)
    if found is None:
        raise AnswerError(f'has no "records": it begins {text.strip()[:60]!r}')
    rows, is_broken = _rows(text, found.end())
    if is_broken and not rows:
        raise AnswerError("is broken JSON: no record of it is whole")
    proposals: list[Proposal] = []
    faults = [f"only {MOST_RECORDS} of its {len(rows):,} records were looked at"] if len(rows) > MOST_RECORDS else []
    for number, row in enumerate(rows[:MOST_RECORDS], 1):
        try:
            proposals.append(_proposal(row))
        except ValueError as fault:
            faults.append(f"record {number} {fault}")
    return Answer(tuple(proposals), tuple(faults), is_broken)


def _rows(text: str, start: int) -> tuple[list[Any], bool]:
    """The values of a list that begins there, and whether it ends before its bracket."""
    decoder, rows = json.JSONDecoder(), list[Any]()
    at = start
    while True:
        at = _skip(text, at, " \t\r\n,")
        if at >= len(text):
            return rows, True
        if text[at] == "]":
            return rows, False
        try:
            row, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return rows, True
        rows.append(row)


def _skip(text: str, at: int, letters: str) -> int:
    while at < len(text) and text[at] in letters:
        at += 1
    return at


def _proposal(row: Any) -> Proposal:
    if not isinstance(row, dict):
        raise ValueError("is no object")
    return Proposal(
        evidence=_text(row, "evidence"),
        trigger=_text(row, "trigger"),
        type=_text(row, "type"),
        mode=_maybe(row, "mode"),
        status=_text(row, "status"),
        status_cue=_maybe(row, "status_cue"),
        actors=tuple(_texts(row, "actors")),
        recipients=tuple(_texts(row, "recipients")),
        time=_maybe(row, "time"),
        place=_maybe(row, "place"),
        figures=tuple(_figures(row)),
        said_by=_maybe(row, "said_by"),
        said_cue=_maybe(row, "said_cue"),
    )


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"has no {name}")
    if len(value) > LONGEST:
        raise ValueError(f"has a {name} of {len(value):,} characters, more than the {LONGEST:,} that a quote may have")
    return value


def _maybe(row: dict[str, Any], name: str) -> str | None:
    return None if row.get(name) in (None, "") else _text(row, name)


def _texts(row: dict[str, Any], name: str) -> Iterator[str]:
    for value in _list(row, name):
        yield _text({name: value}, name)


def _figures(row: dict[str, Any]) -> Iterator[Figure]:
    for value in _list(row, "figures"):
        if not isinstance(value, dict):
            raise ValueError("has a figure that is no object")
        yield Figure(_text(value, "what"), _text(value, "quote"))


def _list(row: dict[str, Any], name: str) -> list[Any]:
    value = row.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"has {name} that are no list")
    if len(value) > MOST_NAMED:
        raise ValueError(f"has {len(value):,} {name}, more than the {MOST_NAMED} that a record may have")
    return value
