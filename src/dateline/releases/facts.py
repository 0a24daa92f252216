"""What a release says of itself: what was asked for, what was found, and by what it was made."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import pyarrow as pa
import yaml

from dateline.knowledge.tables import tables_version
from dateline.ledger.judged import Judged
from dateline.ledger.store import Ledger
from dateline.records import Coder, Judgement, JudgementKind

ABOUT = "release.json"
"""The file of a release from which it can be made again."""

VERSION = 1
"""Version of that file. Raise it when an older dateline could not make the same of it."""


@dataclass(frozen=True)
class Question:
    """What a release is to hold and how it is to be called.

    `query` are filters as an address has them (docs/page-data.md), without a moment; None: it names somebody whose name is covered,
    and the folder does not tell it. `moment` is that as of which the ledger is asked, `day` the one that the release bears. Of
    `authors` people are "Family, Given", anything else is a body. `licence` is an SPDX identifier or an address; "": none given.
    """

    query: str | None
    moment: datetime
    day: date
    title: str
    version: str
    authors: tuple[str, ...] = ()
    licence: str = ""
    address: str = ""
    is_sensitive: bool = False
    keeps_addresses: bool = False


@dataclass(frozen=True)
class Maker:
    """By what a release was made; another may write other bytes. `knowledge` are the tables that events are put together by."""

    program: str
    knowledge: str
    arrow: str


@dataclass
class Gathered:
    """What is counted while the tables are written."""

    rows: dict[str, int] = field(default_factory=dict)
    coders: Counter[Coder] = field(default_factory=Counter)
    judgements: dict[str, JudgementKind] = field(default_factory=dict)

    def judged(self) -> dict[str, int]:
        """How many judgements of people on these events hold, by kind, in order."""
        return dict(sorted(Counter(kind.value for kind in self.judgements.values()).items()))


@dataclass(frozen=True)
class Facts:
    """All that pages and descriptions of a release tell. `asked` are the filters in words; `ledger` names its state, the same for
    the same shards and judgements by that moment, however they are stored. `linking` None: nobody ever linked the ledger."""

    question: Question
    asked: str
    ledger: str
    linking: Judgement | None
    made_by: Maker
    gathered: Gathered


@dataclass(frozen=True)
class Licence:
    """`address` empty: it is none that is known here, and `title` is what was given."""

    id: str
    title: str
    address: str


def this_maker() -> Maker:
    """What is installed here."""
    return Maker(f"Dateline {version('dateline')}", tables_version(), f"pyarrow {pa.__version__}")


def licence_of(given: str) -> Licence | None:
    """The licence by its identifier, in any case, or its address; none given: None."""
    if not given:
        return None
    known = next((one for one in _licences() if given.casefold() in {one.id.casefold(), one.address}), None)
    return known or Licence(given, given, given if given.startswith(("http://", "https://")) else "")


@cache
def _licences() -> tuple[Licence, ...]:
    rows = yaml.safe_load(files("dateline.releases").joinpath("licences.yaml").read_text(encoding="utf-8"))
    return tuple(Licence(row["id"], row["title"], row["address"]) for row in rows)


def state_of(ledger: Ledger, judged: Judged) -> str:
    """Names what the ledger was at a moment: compacting or sealing it changes nothing, a shard or a judgement does."""
    moment = judged.as_of
    shards = sorted(shard for shard, known in ledger.shards().items() if moment is None or known <= moment)
    entries = judged.log.entries(moment)
    return hashlib.sha256(json.dumps([shards, entries[-1].hash if entries else ""]).encode()).hexdigest()[:24]


def last_linking(judgements: Iterable[Judgement]) -> Judgement | None:
    """The last run of the linker; there was none: None."""
    return next((j for j in reversed(list(judgements)) if j.kind is JudgementKind.LINKED), None)


# ---------------------------------------------------------------- written and read back


def about_of(facts: Facts) -> dict[str, Any]:
    """What stands in ABOUT."""
    asked = {**asdict(facts.question), "moment": facts.question.moment.isoformat(), "day": facts.question.day.isoformat()}
    asked["authors"] = list(facts.question.authors)
    return {
        "what": "a release of events of a Dateline ledger",
        "version": VERSION,
        "question": asked,
        "in_words": facts.asked,
        "ledger": facts.ledger,
        "made_by": asdict(facts.made_by),
        "rows": facts.gathered.rows,
    }


class NoReleaseError(ValueError):
    """The folder holds no release that can be read, and why."""


def read_about(said: Mapping[str, Any]) -> tuple[Question, Maker, str]:
    """The question, the maker and the ledger's state of what stands in ABOUT. Raises NoReleaseError."""
    try:
        if said["version"] != VERSION:
            raise NoReleaseError(f"{ABOUT} is of version {said['version']}; this dateline knows version {VERSION}")
        asked, made_by = said["question"], said["made_by"]
        question = Question(
            query=_text(asked, "query") if asked["query"] is not None else None,
            moment=datetime.fromisoformat(_text(asked, "moment")).astimezone(UTC),
            day=date.fromisoformat(_text(asked, "day")),
            title=_text(asked, "title"),
            version=_text(asked, "version"),
            authors=tuple(map(str, asked["authors"])),
            licence=_text(asked, "licence"),
            address=_text(asked, "address"),
            is_sensitive=bool(asked["is_sensitive"]),
            keeps_addresses=bool(asked["keeps_addresses"]),
        )
        maker = Maker(*(_text(made_by, name) for name in ("program", "knowledge", "arrow")))
        return question, maker, _text(said, "ledger")
    except NoReleaseError:
        raise
    except (KeyError, TypeError, ValueError, OverflowError) as fault:
        raise NoReleaseError(f"{ABOUT} is not as a release has it ({type(fault).__name__}: {fault})") from fault


def _text(said: Mapping[str, Any], name: str) -> str:
    """The text of that name. Raises ValueError where there is anything else."""
    if not isinstance(said[name], str):
        raise ValueError(f"{name} is no text")
    return str(said[name])
