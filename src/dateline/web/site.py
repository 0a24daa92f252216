"""What all pages of one server share: the ledger, its log of judgements, and how the server was started."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request

from dateline.knowledge.accounts import AccountKnowledge, load_accounts
from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.own_actors import FILE_NAME as OWN_ACTORS
from dateline.knowledge.own_actors import read_own_actors, with_own_actors
from dateline.ledger.judged import Followed, Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger
from dateline.records import LinkedEvent
from dateline.runs.board import Board
from dateline.runs.board_upkeep import Making
from dateline.runs.events import read_event
from dateline.runs.one_actor import with_names
from dateline.views.wording import Wording, load_wording
from dateline.web.boards import BOARDS, Boards, what_it_is
from dateline.web.desk import Desk
from dateline.web.door import Doorkeeper
from dateline.web.filters import Filters
from dateline.web.recent import Recent

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Names under which a server that only this machine can reach may be asked."""


@dataclass(frozen=True)
class Options:
    """How the server was started.

    `hosts` are the names (no port) that it answers to. `is_readonly`: nothing can be judged. `basemap` is a PMTiles file and
    `borders` a GeoJSON file in place of the bundled ones. `users` is a file of those who may sign in; None: whoever can reach the
    server may use it. `is_secure`: browsers reach it by TLS. `is_sensitive`: the ledger is a covered copy
    (web/sharing/covering.py), and pages say so. `metrics_token` lets a program that has not signed in read the server's figures.
    """

    hosts: frozenset[str] = LOOPBACK
    is_readonly: bool = False
    basemap: Path | None = None
    borders: Path | None = None
    users: Path | None = None
    is_secure: bool = False
    is_sensitive: bool = False
    metrics_token: str | None = None


SEARCHES = 16
"""Searches whose rows are kept in memory."""

KEPT = 6
"""Other things that are kept in memory: the names and a sample of values of now, and of moments that somebody looks at."""

T = TypeVar("T")


@dataclass
class Site:
    """A ledger as it is served."""

    ledger: Ledger
    options: Options = field(default_factory=Options)
    turn: Lock = field(default_factory=Lock, repr=False, compare=False)
    """Held by whoever enters a judgement: what it rests on is looked at and entered without others of this server in between."""
    desk: Desk = field(default_factory=Desk, repr=False)
    _judged: Recent[Judged] = field(default_factory=lambda: Recent(BOARDS), repr=False)
    """By moment and what the ledger and its log were."""
    _followed: Recent[Followed] = field(default_factory=lambda: Recent(BOARDS), repr=False)
    """What was found out of the claims that were judged, by moment and what the ledger was."""
    _named: Recent[Board] = field(default_factory=lambda: Recent(BOARDS), repr=False)
    """Boards on which the names of one actor are one name, by key: what is kept on disk and brought up to date has all names."""
    _found: Recent[NDArray[np.int64]] = field(default_factory=lambda: Recent(SEARCHES), repr=False)
    """Rows by the key of their board and the words that were looked for: a page that shows them asks several times."""
    _kept: Recent[Any] = field(default_factory=lambda: Recent(KEPT), repr=False)
    _keeping: Lock = field(default_factory=Lock, repr=False)
    board_made: datetime | None = None
    """When the board of now was made or taken from disk; None: nobody has asked for it."""
    _last_key: str = field(default="", repr=False)

    @cached_property
    def log(self) -> Log:
        return Log(self.ledger.path)

    @cached_property
    def doorkeeper(self) -> Doorkeeper | None:
        """Who lets people in; they need not sign in: None."""
        return None if self.options.users is None else Doorkeeper(self.options.users)

    @cached_property
    def accounts(self) -> AccountKnowledge:
        return load_accounts()

    @cached_property
    def wording(self) -> Wording:
        return load_wording()

    @cached_property
    def actors(self) -> ActorKnowledge:
        """The actor tables, and the users' own if the ledger's folder has one. Raises OwnActorsError for what is wrong in it."""
        knowledge, own = load_actors(), self.ledger.path / OWN_ACTORS
        return with_own_actors(knowledge, read_own_actors(own, knowledge.countries)) if own.is_file() else knowledge

    def judged(self, as_of: datetime | None = None) -> Judged:
        """The ledger with its judgements at a moment: the same one for each request, until somebody adds or judges something.

        What it works out once, which claims are where after all that was judged, takes a second when there are thousands.
        """
        ledger = (as_of, *what_it_is(self.ledger.state()))
        key = (self.log.head(), *ledger)
        found = self._judged.get(key)
        if found is None:
            followed = self._followed.get(ledger)
            found = self._judged.put(key, Judged(self.ledger, self.log, as_of, before=followed))
            self._followed.put(ledger, found.followed)
        return found

    @cached_property
    def boards(self) -> Boards:
        return Boards(self.ledger, self.accounts, self.log, self.judged)

    def board(self, as_of: datetime | None = None, *, is_waited_for: bool = False) -> Board:
        """All events at a moment (None: now), or the board there was while it is brought up to date; under one name what people
        said is one actor. `is_waited_for`: however long it takes to make. Raises BoardInMakingError."""
        board = self.boards.waited_for(as_of) if is_waited_for else self.boards.at(as_of)
        if as_of is None and self._last_key != board.key:
            self.board_made, self._last_key = datetime.now(UTC), board.key
        names = self.judged(as_of).shown_names
        if not names:
            return board
        key = f"{board.key} {sorted(names.items())}"
        found = self._named.get(key)
        return self._named.put(key, with_names(board, names)) if found is None else found

    def behind(self, board: Board) -> Making | None:
        """How far the board is that takes the place of this one; this one is up to date: None."""
        return self.boards.behind(board)

    def close(self) -> None:
        """Ends what works for the site in processes of its own."""
        self.boards.close()

    def kept(self, what: str, as_of: datetime | None, make: Callable[[], T]) -> T:
        """What is worked out from the ledger alone, judgements aside: made when it is first asked for and when the ledger has
        changed. `what` names it."""
        key = (what, as_of, *what_it_is(self.ledger.state().known_by(as_of)))
        with self._keeping:
            found: T | None = self._kept.get(key)
            return self._kept.put(key, make()) if found is None else found

    def kept_as_judged(self, what: str, as_of: datetime | None, make: Callable[[Judged], T]) -> T:
        """What is worked out from the ledger and what people said: made anew when somebody judged something, too."""
        judged = self.judged(as_of)
        return self.kept(f"{what} {self.log.head()}", as_of, lambda: make(judged))

    def find(self, board: Board, words: str) -> NDArray[np.int64]:
        """The rows, ascending, of the events one report of which has each of the words in its evidence, its title or a field."""
        key = (board.key, " ".join(words.split()))
        rows = self._found.get(key)
        if rows is not None:
            return rows
        judged = self.judged(board.as_of)
        found = self.ledger.events_with_words(words.split(), judged=judged.events, as_of=board.as_of)
        return self._found.put(key, board.rows_of(found))

    def rows(self, filters: Filters) -> NDArray[np.int64]:
        """The rows of the board of the filters' moment that fit them, ascending."""
        board = self.board(filters.as_of)
        return filters.rows(board, self.find(board, filters.q) if filters.q else None)

    def events(self, ids: Sequence[str], as_of: datetime | None = None) -> list[LinkedEvent]:
        """These events with all that is told of them, plans and episodes aside, in the order asked for.

        Those that are none (any more) are left out. Each is read alone: `read_events` would read all that lie near them in time.
        """
        people = self.judged(as_of)
        found = (read_event(self.ledger, self.accounts, id, as_of=as_of, people=people) for id in ids)
        return [event for event in found if event is not None]


def site_of(request: Request) -> Site:
    """The site that a request is put to."""
    site: Site = request.app.state.site
    return site
