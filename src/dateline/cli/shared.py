"""What commands share: opening a ledger, reading reports, and errors that have an explanation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dateline.cli.app import Exit, StopError

if TYPE_CHECKING:
    from dateline.ledger.store import Ledger


@contextmanager
def coding_errors() -> Iterator[None]:
    from dateline.knowledge.own_actors import OwnActorsError
    from dateline.language.models import MissingModelError
    from dateline.runs.local import WorkerError
    from dateline.runs.rounds import EngineError, MissingEngineError

    try:
        yield
    except OwnActorsError as fault:
        raise StopError(in_lines(fault.faults)) from fault
    except (WorkerError, EngineError) as fault:
        raise StopError(str(fault)) from fault
    except (MissingModelError, MissingEngineError) as fault:
        raise StopError(str(fault), Exit.MISSING_PART) from fault


def own_actors_of(ledger: Path) -> Path | None:
    """The table of the users' own actors that lies in a ledger's folder; none there: None."""
    from dateline.knowledge.own_actors import FILE_NAME

    table = ledger / FILE_NAME
    return table if table.is_file() else None


def in_lines(faults: Sequence[str]) -> str:
    """Faults one below the other, each of which `say` can show on its own line."""
    return (
        "; ".join(faults)
        if len(faults) == 1
        else f"{len(faults)} faults: " + "; ".join(f"({n}) {f}" for n, f in enumerate(faults, 1))
    )


def open_existing(folder: Path) -> Ledger:
    from dateline.ledger.store import open_ledger

    return open_ledger(folder, create=False)


def other_names(ledger: Ledger, actor: str | None, as_of: datetime | None) -> tuple[str, ...] | None:
    """All names of the actors one of whose names holds the words, as people said; nobody's: None."""
    from dateline.ledger.judged import Judged
    from dateline.ledger.judgements import Log

    return (Judged(ledger, Log(ledger.path), as_of).names_with(actor) or None) if actor else None


def now() -> datetime:
    return datetime.now(UTC)
