"""What every format is made of: an event in full, what a file says of itself, and which number stands where a format has one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dateline.ledger.history import Step
from dateline.ledger.store import Entered
from dateline.records import Judgement, LinkedEvent


@dataclass(frozen=True)
class Told:
    """An event with the documents that tell of it by id, what people judged of it that holds, and all that happened to it.

    `marks` and `review` are those of records.EventInFull. `address` None: it was not said where the ledger is served. `names` has
    the one that is shown for each name of an actor of whom people said that he has several.
    """

    event: LinkedEvent
    sources: Mapping[str, Entered]
    judgements: tuple[Judgement, ...] = ()
    steps: tuple[Step, ...] = ()
    marks: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    address: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def shown(self, name: str) -> str:
        """The name that is shown for an actor's."""
        return self.names.get(name, name)


class Bound(StrEnum):
    """Which number stands where a format has one figure and the ledger has bounds."""

    LOW = "low"
    HIGH = "high"
    BEST = "best"


@dataclass(frozen=True)
class Options:
    """How events are written. `has_all_statuses`: what is not asserted stands in formats without a status, too."""

    bounds: Bound = Bound.LOW
    has_all_statuses: bool = False
    has_whole_texts: bool = False


USUAL = Options()


@dataclass(frozen=True)
class Asked:
    """The events of one export, each read when it is its turn, and what the file must say of itself (web/sharing/rows.py `about`).

    `leave_out` is told why an event cannot stand in a format ("no type of ACLED's").
    """

    told: Callable[[], Iterator[Told]]
    about: Mapping[str, Any]
    options: Options = USUAL
    leave_out: Callable[[str], object] = lambda reason: None
