"""Boards as a server has them: those of small ledgers are made while who asks waits, those of large ones by a process beside it.

Nobody waits for the board of a large ledger. What was judged is put into it at once, event by event. For reports and links that
came in, a process of its own (`dateline board`) brings the kept board up to date, and until it has, the board there was is shown;
where there was none, `BoardInMakingError` says how far it is.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic

from dateline.knowledge.accounts import AccountKnowledge
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.snapshot import State
from dateline.ledger.store import Ledger
from dateline.runs.board import Board, board_key
from dateline.runs.board_file import drop_board, keep_board, kept_board, place_of_board
from dateline.runs.board_making import make_board, with_judgements
from dateline.runs.board_upkeep import Making, bring_up_board, making_of
from dateline.runs.events import Known, known_of
from dateline.web.recent import Recent

AT_ONCE = 20_000
"""Claims up to which a board is made while who asks for it waits: three seconds at most."""

KEEP_EVERY = 300.0
"""Seconds between two boards that are put on disk: a server that starts again has to work out what changed since."""

BOARDS = 4
"""Boards that are kept in memory: that of now, and those of moments that somebody looks at."""

REST = 60.0
"""Seconds after which it is tried again, where a process could not make the board."""


BACK = 500
"""Entries of the log among which the judgements of a kept board are looked for: so many at most are put into it at once."""

What = tuple[int, frozenset[str]]
"""What changes whenever something is added to the ledger or compacted."""

NOTHING: What = (-1, frozenset())


class BoardInMakingError(Exception):
    """There is no board yet that could be shown. `fault`: what the process said that could not make it; None: it is at it."""

    def __init__(self, making: Making, fault: str | None = None) -> None:
        super().__init__(fault or making.in_words)
        self.making, self.fault = making, fault


@dataclass(frozen=True)
class Held:
    """A board with the judgements that it has, and what the ledger was."""

    board: Board
    people: Judged
    state: What


@dataclass
class _Maker:
    """A process that makes a board; `fault` and `rests_until` once it could not."""

    process: subprocess.Popen[bytes]
    fault: str | None = None
    rests_until: float = 0.0


@dataclass
class Boards:
    """The boards of a ledger, of now and of moments."""

    ledger: Ledger
    accounts: AccountKnowledge
    log: Log
    judged: Callable[[datetime | None], Judged]
    _held: Recent[Board] = field(default_factory=lambda: Recent(BOARDS), repr=False)
    """By key."""
    _known: tuple[What, Known] | None = field(default=None, repr=False)
    """What editors said, in the ledger as it was."""
    _read: dict[datetime | None, tuple[int, int]] = field(default_factory=dict, repr=False)
    """Which kept boards were read, by time and length of their files."""
    _latest: Held | None = field(default=None, repr=False)
    """The last board of now."""
    _makers: dict[datetime | None, _Maker] = field(default_factory=dict, repr=False)
    _kept_at: float | None = field(default=None, repr=False)
    """When a board was put on disk, by the clock that only runs forward; None: not yet."""
    _making: Lock = field(default_factory=Lock, repr=False)

    def at(self, as_of: datetime | None) -> Board:
        """The board of a moment (None: now), or the last one of now while it is brought up to date. Raises BoardInMakingError."""
        people = self.judged(as_of)
        key = board_key(self.ledger, people)
        with self._making:
            found = self._held.get(key)
            if found is not None:
                return found
            now = self.ledger.state()
            state = what_it_is(now)
            if _claims(now) <= AT_ONCE:
                return self._held.put(key, self._made(key, people))
            for _ in range(2):
                board = self._from_disk(as_of, people, state) or (self._judged_since(people, state) if as_of is None else None)
                if board is not None:
                    return self._held.put(key, board)
                if self._is_at_work(as_of):
                    break
            if as_of is None and self._latest is not None:
                return self._latest.board
            raise BoardInMakingError(making_of(self.ledger.path) or Making(), self._makers[as_of].fault)

    def waited_for(self, as_of: datetime | None) -> Board:
        """The same, made in this process while who asks waits, however many events there are: for programs, which have nothing to
        show meanwhile."""
        if self._held.get(board_key(self.ledger, self.judged(as_of))) is None and _claims(self.ledger.state()) > AT_ONCE:
            bring_up_board(self.ledger, self.accounts, as_of=as_of)
        return self.at(as_of)

    def behind(self, board: Board) -> Making | None:
        """How far the board is that takes the place of this one; this one is up to date: None."""
        if board.as_of is not None or board.key == board_key(self.ledger, self.judged(None)):
            return None
        return making_of(self.ledger.path) or Making()

    def close(self) -> None:
        """Ends the processes that make boards: what they did so far is kept, but for a minute."""
        with self._making:
            for maker in self._makers.values():
                maker.process.kill()
                maker.process.wait()

    # ------------------------------------------------------------ at once

    def _made(self, key: str, people: Judged) -> Board:
        """The board of a small ledger: as it was kept, or brought up to date from one that is near. That of now is kept, if none
        was a while ago."""
        before = max(self._held.values(), key=len, default=None)
        before = before or kept_board(self.ledger.path, self.accounts)
        if before is not None and before.key == key:
            return before
        board = make_board(self.ledger, self.accounts, people, before)
        if people.as_of is None and (self._kept_at is None or monotonic() - self._kept_at > KEEP_EVERY):
            keep_board(board, self.ledger.path, self.accounts)
            self._kept_at = monotonic()
        return board

    def _judged_since(self, people: Judged, state: What) -> Board | None:
        """The last board with what was judged since; more than that came in, or there was none: None."""
        last = self._latest
        if last is None or last.state != state:
            return None
        if self._known is None or self._known[0] != state:
            self._known = state, known_of(self.ledger, self.accounts, people, None)
        board = with_judgements(self.ledger, people, last.board, last.people, self._known[1])
        if board is not None:
            self._latest = Held(board, _worked_out(people), state)
        return board

    # ------------------------------------------------------------ by a process

    def _from_disk(self, as_of: datetime | None, people: Judged, state: What) -> Board | None:
        """The board that lies on disk, if it is the one that is asked for. Another one of now is the latest from here on."""
        board = self._newly_kept(as_of)
        if board is None or not board.key:
            return None
        if as_of is None:
            then = people if board.key == board_key(self.ledger, people) else self._judged_then(board)
            self._latest = Held(board, _worked_out(then), state) if then is not None else Held(board, people, NOTHING)
        else:
            drop_board(self.ledger.path, as_of)
        return board if board.key == board_key(self.ledger, people) else None

    def _judged_then(self, board: Board) -> Judged | None:
        """The judgements that a board has, if nothing but some judgements came since; more did: None."""
        entries = len(self.log.entries())
        for number in range(entries, max(-1, entries - BACK), -1):
            people = Judged(self.ledger, self.log.then(number))
            if board_key(self.ledger, people) == board.key:
                return people
        return None

    def _newly_kept(self, as_of: datetime | None) -> Board | None:
        """The board that lies on disk, if it is another than when it was last read."""
        for path in place_of_board(self.ledger.path, as_of):
            try:
                found = path.stat()
            except OSError:
                continue
            if self._read.get(as_of) == (found.st_mtime_ns, found.st_size):
                return None
            self._read[as_of] = (found.st_mtime_ns, found.st_size)
            break
        return kept_board(self.ledger.path, self.accounts, as_of)

    def _is_at_work(self, as_of: datetime | None) -> bool:
        """Whether a process makes the board, which is started if there is none; False when one has just done so."""
        maker = self._makers.get(as_of)
        code = None if maker is None else maker.process.poll()
        if maker is None:
            self._makers[as_of] = self._start(as_of)
        elif code == 0:
            del self._makers[as_of]
            return False
        elif code is not None and maker.fault is None:
            told = maker.process.stderr.read() if maker.process.stderr else b""
            lines = told.decode("utf-8", "replace").strip().splitlines()
            maker.fault = lines[-1] if lines else f"the process that does it ended with status {code}"
            maker.rests_until = monotonic() + REST
        elif code is not None and monotonic() > maker.rests_until:
            self._makers[as_of] = self._start(as_of)
        return True

    def _start(self, as_of: datetime | None) -> _Maker:
        """A process in a group of its own: Ctrl-C at the terminal of the server is the server's, which ends it."""
        # One processor is left to those who look at pages meanwhile.
        workers = max(1, (os.cpu_count() or 1) - 1)
        command = [sys.executable, "-m", "dateline", "board", "--ledger", str(self.ledger.path), "--workers", str(workers)]
        command += ["--as-of", as_of.isoformat()] if as_of else []
        devnull = subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=devnull, stdout=devnull, stderr=subprocess.PIPE, start_new_session=True)
        return _Maker(process)


def what_it_is(state: State) -> What:
    return state.catalogue.number, frozenset(receipt.shard for receipt in state.receipts)


def _claims(state: State) -> int:
    """How many claims were ever entered."""
    parts = [receipt.segments for receipt in state.receipts] + [volume.segments for volume in state.catalogue.volumes]
    return sum(segments["claims"].rows for segments in parts if "claims" in segments)


def _worked_out(people: Judged) -> Judged:
    """The same, with all that a later one is held against."""
    for _ in (people.in_force, people.successors, people.events, people.standings):
        pass
    return people
