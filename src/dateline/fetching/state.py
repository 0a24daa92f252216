"""What is known between two polls: when each source and page is due, what answers said of themselves, and what has come in and is
not entered yet. A SQLite file in the ledger's folder; what a method wrote is on disk when it returns, whole or not at all.

Nothing of it is needed to read a ledger. Whoever removes the file loses nothing but the knowledge of what was fetched when: all
is asked for once more, and what the ledger has already is not entered twice.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from dateline.fetching.manners import Standing
from dateline.fetching.robots import Robots

FILE_NAME = "fetching.sqlite"
"""In the ledger's folder."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS sources (
    address TEXT PRIMARY KEY, due TEXT NOT NULL, etag TEXT, modified TEXT, polled TEXT, failures INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS pages (
    address TEXT PRIMARY KEY, source TEXT, found TEXT NOT NULL, due TEXT, etag TEXT, modified TEXT, sha256 TEXT, fetched TEXT,
    failures INTEGER NOT NULL DEFAULT 0, visits INTEGER NOT NULL DEFAULT 0, hints TEXT NOT NULL, arrived TEXT,
    raw BLOB
);
CREATE INDEX IF NOT EXISTS pages_due ON pages (due) WHERE due IS NOT NULL;
CREATE INDEX IF NOT EXISTS pages_arrived ON pages (address) WHERE arrived IS NOT NULL;
CREATE TABLE IF NOT EXISTS hosts (
    host TEXT PRIMARY KEY, failures INTEGER NOT NULL DEFAULT 0, rested TEXT, robots TEXT, closed INTEGER, robots_at TEXT
);
"""

VERSION = 1


@dataclass(frozen=True)
class Hints:
    """What is said of a page by whoever named it: nothing said is None or empty. `published` is a day."""

    publisher: str | None = None
    title: str | None = None
    published: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrived:
    """An answer that is not entered yet. `raw` None: it had nothing (404, 410)."""

    final: str
    status: int
    at: datetime
    headers: tuple[tuple[str, str], ...]
    media_type: str | None = None
    raw: bytes | None = None


@dataclass(frozen=True)
class PolledSource:
    """A feed or sitemap by its address: when it is due, and what its last answer said of itself."""

    address: str
    due: datetime
    etag: str | None = None
    modified: str | None = None
    polled: datetime | None = None
    failures: int = 0


@dataclass(frozen=True)
class Page:
    """A report's address. `due` None: not to be asked for again. `sha256` is of the bytes that came last, `visits` how often it was
    looked at; `arrived` waits to be entered."""

    address: str
    source: str | None
    found: datetime
    due: datetime | None
    etag: str | None = None
    modified: str | None = None
    sha256: str | None = None
    fetched: datetime | None = None
    failures: int = 0
    visits: int = 0
    hints: Hints = Hints()
    arrived: Arrived | None = None


@dataclass
class FetchState:
    """The open file (use open_state). Threads may share it."""

    connection: sqlite3.Connection
    _turn: threading.RLock

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._turn, self.connection:
            yield self.connection

    def close(self) -> None:
        with self._turn:
            self.connection.close()

    # ------------------------------------------------------------ sources

    def source(self, address: str) -> PolledSource | None:
        with self._turn:
            row = self.connection.execute("SELECT * FROM sources WHERE address = ?", (address,)).fetchone()
        if row is None:
            return None
        moments = {name: _moment(row[name]) for name in ("due", "polled")}
        return PolledSource(**{**dict(row), **moments})

    def keep_poll(self, source: PolledSource, found: Iterable[Page]) -> int:
        """Keeps that a source was polled, with the pages it led to, all or none; how many pages were new, or are due once more."""
        with self._transaction() as connection:
            _put(connection, "sources", {**asdict(source), "due": _written(source.due), "polled": _written(source.polled)})
            return sum(self._note(connection, page) for page in found)

    def keep_found(self, pages: Iterable[Page]) -> int:
        """Keeps pages that somebody named, all or none; how many were new, or are due once more."""
        with self._transaction() as connection:
            return sum(self._note(connection, page) for page in pages)

    def _note(self, connection: sqlite3.Connection, page: Page) -> bool:
        known = connection.execute("SELECT due, arrived FROM pages WHERE address = ?", (page.address,)).fetchone()
        if known is None:
            _put(connection, "pages", _page_row(page))
            return True
        is_sooner = page.due is not None and (known["due"] is None or _written(page.due) < known["due"])
        if is_sooner:
            connection.execute("UPDATE pages SET due = ? WHERE address = ?", (_written(page.due), page.address))
        return is_sooner

    # ------------------------------------------------------------ pages

    def page(self, address: str) -> Page | None:
        return next(self._pages("WHERE address = ?", (address,)), None)

    def due(self, now: datetime, limit: int) -> tuple[Page, ...]:
        """Pages that are due and not waiting to be entered, the one that is due longest first."""
        return tuple(self._pages("WHERE due <= ? AND arrived IS NULL ORDER BY due, address LIMIT ?", (_written(now), limit)))

    def arrived(self, limit: int) -> tuple[Page, ...]:
        """Pages that have come in and are not entered yet, by the moment of fetching: so many, with their bytes."""
        return tuple(self._pages("WHERE arrived IS NOT NULL ORDER BY fetched, address LIMIT ?", (limit,)))

    def keep(self, pages: Sequence[Page]) -> None:
        """The pages as they are now, all or none."""
        with self._transaction() as connection:
            for page in pages:
                _put(connection, "pages", _page_row(page))

    def next_due(self) -> datetime | None:
        """When the next page is due; none is: None."""
        with self._turn:
            row = self.connection.execute("SELECT min(due) AS due FROM pages WHERE arrived IS NULL").fetchone()
        return _moment(row["due"])

    def _pages(self, which: str, sought: tuple[object, ...] = ()) -> Iterator[Page]:
        with self._turn:
            rows = self.connection.execute(f"SELECT * FROM pages {which}", sought).fetchall()
        for row in rows:
            moments = {name: _moment(row[name]) for name in ("found", "due", "fetched")}
            hints = json.loads(row["hints"])
            told = json.loads(row["arrived"]) if row["arrived"] else None
            if told:
                told |= {"at": _moment(told["at"]), "headers": tuple((n, v) for n, v in told["headers"]), "raw": row["raw"]}
            columns = {name: value for name, value in dict(row).items() if name != "raw"}
            given = Hints(**{**hints, "tags": tuple(hints["tags"])})
            yield Page(**{**columns, **moments, "hints": given, "arrived": Arrived(**told) if told else None})

    # ------------------------------------------------------------ hosts

    def standing(self, host: str) -> Standing:
        row = self._host(host)
        return Standing(host, row["failures"], _moment(row["rested"])) if row else Standing(host)

    def keep_standing(self, standing: Standing) -> None:
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO hosts (host, failures, rested) VALUES (?, ?, ?) "
                "ON CONFLICT (host) DO UPDATE SET failures = excluded.failures, rested = excluded.rested",
                (standing.host, standing.failures, _written(standing.rested_until)),
            )

    def robots(self, host: str) -> Robots | None:
        row = self._host(host)
        at = _moment(row["robots_at"]) if row else None
        return Robots(host, row["robots"], bool(row["closed"]), at) if row and at else None

    def keep_robots(self, robots: Robots) -> None:
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO hosts (host, robots, closed, robots_at) VALUES (?, ?, ?, ?) ON CONFLICT (host) DO UPDATE SET "
                "robots = excluded.robots, closed = excluded.closed, robots_at = excluded.robots_at",
                (robots.host, robots.text, robots.is_closed, _written(robots.at)),
            )

    def _host(self, host: str) -> sqlite3.Row | None:
        with self._turn:
            row: sqlite3.Row | None = self.connection.execute("SELECT * FROM hosts WHERE host = ?", (host,)).fetchone()
        return row


class LockedError(Exception):
    """Another process fetches for the same ledger."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While the block runs, no other process fetches for the ledger whose state is that file. Raises LockedError if one does.

    The system lets go of it when a process dies, however it dies.
    """
    lock = sqlite3.connect(path.with_suffix(".lock"), timeout=0, isolation_level=None)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as fault:
            raise LockedError(f"{path.parent}: another `dateline watch` or `dateline fetch` is fetching for this ledger") from fault
        yield
    finally:
        lock.close()


class NewerStateError(Exception):
    """A later dateline wrote the file."""


def open_state(path: Path) -> FetchState:
    """The state kept in that file, made if there is none. Raises NewerStateError, or sqlite3.DatabaseError for another file."""
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        connection.close()
        raise NewerStateError(
            f"{path}: of version {version}; this dateline knows up to {VERSION}. Upgrade dateline, or remove the file"
        )
    # A write-ahead log with full syncing: what was committed survives a power cut as well as a killed process.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    with connection:
        connection.executescript(SCHEMA)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    return FetchState(connection, threading.RLock())


def _put(connection: sqlite3.Connection, table: str, row: dict[str, object]) -> None:
    names = ", ".join(row)
    connection.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))


def _page_row(page: Page) -> dict[str, object]:
    plain = replace(page, hints=Hints(), arrived=None)
    arrived = {**asdict(replace(page.arrived, raw=None)), "at": _written(page.arrived.at)} if page.arrived else None
    return {
        **asdict(plain),
        **{name: _written(getattr(page, name)) for name in ("found", "due", "fetched")},
        "hints": json.dumps(asdict(page.hints), ensure_ascii=False),
        "arrived": json.dumps(arrived, ensure_ascii=False) if arrived else None,
        "raw": page.arrived.raw if page.arrived else None,
    }


def _written(moment: datetime | None) -> str | None:
    """In UTC to the microsecond, so that later ones come later in the order of letters too."""
    return moment.isoformat(timespec="microseconds") if moment else None


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
