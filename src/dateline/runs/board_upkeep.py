"""The board of a large ledger, made by a process of its own and ahead of who looks at it: safe to stop, to run twice and at once.

Beside the kept board lie two files: `making.lock`, which whoever makes it holds, so that two do not do the same work, and
`making.json`, which says how far it is, so that any server can tell. What is worked out is kept every minute: a process that was
killed has lost a minute, and the next one goes on from there.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, time

from dateline.knowledge.accounts import AccountKnowledge
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger
from dateline.runs.board import Board, board_key
from dateline.runs.board_file import keep_board, kept_board, place_of_board
from dateline.runs.board_making import make_board

KEEP_EVERY = 60.0
"""Seconds of work after which what there is is kept."""

SAY_EVERY = 0.5
"""Seconds between two words on how far it is."""

SILENT = 60.0
"""Seconds after which somebody who said nothing more is taken to be gone."""


@dataclass(frozen=True)
class Making:
    """How far a board is: so many events of so many are in columns. `of` 0: it is still being looked what there is to do.

    `left`: seconds that it will take about, None while nobody can tell. `at`: when this was said, in seconds since 1970.
    """

    done: int = 0
    of: int = 0
    left: float | None = None
    at: float = 0.0

    @property
    def in_words(self) -> str:
        """ "putting 250,000 of 1,000,000 events in columns, about 90 seconds left"."""
        if not self.of:
            return "looking which events have to be put in columns"
        left = "" if self.left is None else f", about {max(1, round(self.left)):,} seconds left"
        return f"putting {self.done:,} of {self.of:,} events in columns{left}"


def bring_up_board(
    ledger: Ledger,
    knowledge: AccountKnowledge,
    *,
    as_of: datetime | None = None,
    workers: int = 1,
    on_making: Callable[[Making], None] = lambda making: None,
) -> Board:
    """The board of now, or of a moment, on disk as the ledger is: made from the one that was kept, by one process at a time."""
    with _alone(ledger.path):
        people = Judged(ledger, Log(ledger.path), as_of)
        before = kept_board(ledger.path, knowledge, as_of) or (kept_board(ledger.path, knowledge) if as_of else None)
        if before is not None and before.key == board_key(ledger, people):
            return before
        with _said(ledger.path) as say:

            def tell(making: Making) -> None:
                say(making)
                on_making(making)

            teller = _Teller(ledger.path, knowledge, tell)
            board = make_board(ledger, knowledge, people, before, workers=workers, on_part=teller.hear)
        keep_board(board, ledger.path, knowledge)
        return board


def making_of(ledger: Path) -> Making | None:
    """How far the board is that somebody makes of the ledger just now; nobody does: None."""
    for path in place_of_board(ledger):
        try:
            making = Making(**json.loads((path.parent / "making.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            continue
        if time() - making.at < SILENT:
            return making
    return None


@dataclass
class _Teller:
    """Says how far it is, and keeps what there is, both from time to time."""

    ledger: Path
    knowledge: AccountKnowledge
    say: Callable[[Making], None]

    def __post_init__(self) -> None:
        self._began = self._kept = monotonic()
        self._said, self._first = -SAY_EVERY, 0

    def hear(self, done: int, of: int, board: Callable[[], Board]) -> None:
        now = monotonic()
        if self._said < 0:
            self._first, self._began = done, now
        elif now - self._kept > KEEP_EVERY:
            keep_board(board(), self.ledger, self.knowledge)
            self._kept = monotonic()
        if now - self._said >= SAY_EVERY:
            self._said = now
            fresh = done - self._first
            left = (now - self._began) / fresh * (of - done) if fresh and now - self._began > 1 else None
            self.say(Making(done, of, left, time()))


@contextmanager
def _said(ledger: Path) -> Iterator[Callable[[Making], None]]:
    """Puts what is said beside the board, for others to read; nothing can be written there: nobody hears."""
    folder = next(place_of_board(ledger)).parent
    path = folder / "making.json"

    def say(making: Making) -> None:
        unfinished = folder / f".making.{secrets.token_hex(4)}.unfinished"
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(json.dumps(asdict(making)), encoding="utf-8")
            unfinished.replace(path)

    try:
        say(Making(at=time()))
        yield say
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


@contextmanager
def _alone(ledger: Path) -> Iterator[None]:
    """Lets one process of the machine through at a time, so that the others find the board made.

    Where nothing can be locked all may work: a board is put in place whole, and the last one to do so holds.
    """
    folder = next(place_of_board(ledger)).parent
    try:
        import fcntl

        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "making.lock").open("w")
    except (ImportError, OSError):  # Windows, or a folder that cannot be written
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed, as it is when the process dies
        yield
