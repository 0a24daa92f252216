"""A board kept on disk, so that a server starts with the one there was and works out what is new since.

It lies in the ledger's folder, or in the user's cache if that cannot be written. It is no part of the ledger: whoever removes it
loses the minutes that it takes to make another. One that is damaged, of another program or of another ledger is not believed: its
digest, its stamp or the prints of its events do not fit. A file is put in place whole, so many processes may read and write it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from dateline import __version__
from dateline.knowledge.accounts import AccountKnowledge
from dateline.knowledge.places import cache_folder
from dateline.runs.board import Actors, Board, Places, Tables, as_lists

MAGIC = b"DLKEPT01"
FORMAT = 2
"""Raise it whenever a row would say something else of the same claims, or a print is another of the same."""

FOLDER = "board"
DIGEST = 32
"""Bytes of the digest at the end of the file."""


def kept_board(ledger: Path, knowledge: AccountKnowledge, as_of: datetime | None = None) -> Board | None:
    """The board that was kept of a ledger as it is now, or was at a moment; none that can be believed: None.

    One without a key is unfinished: it has some of the events.
    """
    stamp = stamp_of(knowledge)
    return next((board for path in place_of_board(ledger, as_of) if (board := _read(path, stamp)) is not None), None)


def keep_board(board: Board, ledger: Path, knowledge: AccountKnowledge) -> Path | None:
    """Keeps the board in place of the one before; where it lies now. No place can be written: None."""
    content = _written(board, stamp_of(knowledge))
    return next((path for path in place_of_board(ledger, board.as_of) if _put(path, content)), None)


def drop_board(ledger: Path, as_of: datetime) -> None:
    """Removes what was kept of a moment: it was read, and few will ask for the same one again."""
    for path in place_of_board(ledger, as_of):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def place_of_board(ledger: Path, as_of: datetime | None = None) -> Iterator[Path]:
    """Where a board is kept: there, or if that cannot be written, there."""
    name = "events" if as_of is None else f"{as_of.astimezone(UTC):%Y%m%dT%H%M%S%f}"
    yield ledger / FOLDER / f"{name}.board"
    of_ledger = hashlib.sha256(str(ledger.resolve()).encode()).hexdigest()[:24]
    yield cache_folder() / "boards" / of_ledger / f"{name}.board"


def stamp_of(knowledge: AccountKnowledge) -> str:
    """The same for the same program and knowledge: then equal claims give equal rows."""
    said = {
        field.name: sorted(map(str, value.items() if isinstance(value, dict) else value))
        for field in fields(knowledge)
        if (value := getattr(knowledge, field.name)) is not None
    }
    return hashlib.sha256(json.dumps([FORMAT, __version__, np.little_endian, said]).encode()).hexdigest()[:24]


def _put(path: Path, content: bytes) -> bool:
    """Whether the file could be put there. It is not forced to disk: one that a power cut leaves torn is not believed."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        return False
    return True


def _written(board: Board, stamp: str) -> bytes:
    arrays = {**board.columns, **{name: getattr(board, name) for name in BESIDE}}
    blocks: list[bytes] = []
    described, offset = {}, 0
    for name, array in arrays.items():
        block = array.tobytes()
        described[name] = [array.dtype.str, len(array), offset]
        blocks += [block, bytes(-len(block) % 8)]
        offset += len(block) + -len(block) % 8
    header = {
        "stamp": stamp,
        "key": board.key,
        "as_of": board.as_of.isoformat() if board.as_of else None,
        "documents": board.documents,
        "has_episodes": board.has_episodes,
        "tables": as_lists(board.tables),
        "arrays": described,
    }
    head = json.dumps(header).encode()
    before = len(MAGIC) + 4 + len(head)
    content = b"".join((MAGIC, len(head).to_bytes(4, "little"), head, bytes(-before % 8), *blocks))
    return content + hashlib.blake2b(content, digest_size=DIGEST).digest()


BESIDE = ("ids", "leads", "prints")
"""Arrays that a board has besides its columns."""


def _read(path: Path, stamp: str) -> Board | None:
    try:
        content = memoryview(path.read_bytes())
    except OSError:
        return None
    body = content[:-DIGEST]
    if body[: len(MAGIC)] != MAGIC or hashlib.blake2b(body, digest_size=DIGEST).digest() != content[-DIGEST:]:
        return None
    length = int.from_bytes(body[len(MAGIC) : len(MAGIC) + 4], "little")
    header: dict[str, Any] = json.loads(bytes(body[len(MAGIC) + 4 : len(MAGIC) + 4 + length]))
    if header["stamp"] != stamp:
        return None
    first = -(-(len(MAGIC) + 4 + length) // 8) * 8
    arrays = {
        name: np.frombuffer(body, kind, count, first + offset) if count else np.zeros(0, kind)
        for name, (kind, count, offset) in header["arrays"].items()
    }
    tables: dict[str, Any] = header["tables"]
    lists = {name: tuple(table) for name, table in tables.items() if isinstance(table, list)}
    places, actors = ({column: tuple(values) for column, values in tables[name].items()} for name in ("places", "actors"))
    read = Tables(**lists, places=Places(**places), actors=Actors(**actors))
    beside: dict[str, Any] = {name: arrays.pop(name) for name in BESIDE}
    as_of = datetime.fromisoformat(header["as_of"]) if header["as_of"] else None
    return Board(header["key"], as_of, read, arrays, **beside, documents=header["documents"], has_episodes=header["has_episodes"])
