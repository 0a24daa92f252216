"""The ledger that exports are written from: made once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dateline.exports.telling import USUAL, Options, Told
from dateline.ledger.store import open_ledger
from dateline.web.filters import Filters
from dateline.web.sharing import tables
from dateline.web.sharing.events import told_events
from dateline.web.sharing.rows import Chosen, choose
from dateline.web.site import Options as Served
from dateline.web.site import Site
from tests.web.world import event_called, judged_world_at

BASE = "https://events.example.org/"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Chosen:
    """All events of the made-up ledger that is rich and hostile, which people have judged."""
    return _all_of(judged_world_at(tmp_path_factory.mktemp("exports") / "ledger"))


@pytest.fixture(scope="session")
def told_of_world(world: Chosen) -> list[Told]:
    return list(told_events(world))


def _all_of(ledger: Path) -> Chosen:
    return choose(Site(open_ledger(ledger, create=False), Served()), Filters(), BASE)


_WRITTEN: dict[tuple[Path, bytes, str, str, Options], bytes] = {}
_READ: dict[tuple[Path, str], dict[str, Told]] = {}


def bytes_of(chosen: Chosen, name: str, options: Options = USUAL) -> bytes:
    """The events in a format. What was read and written once is kept, as nothing here changes a ledger that was read."""
    key = (chosen.site.ledger.path, chosen.rows.tobytes(), chosen.base, name, options)
    if key not in _WRITTEN:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tables, "told_events", _read_once)
            _WRITTEN[key] = b"".join(tables.written(chosen, name, options))
    return _WRITTEN[key]


def _read_once(chosen: Chosen) -> Iterator[Told]:
    """What `told_events` gives, read for a ledger as a whole."""
    key = (chosen.site.ledger.path, chosen.base)
    if key not in _READ:
        every = replace(chosen, rows=np.arange(len(chosen.board)))
        _READ[key] = {told.event.id: told for told in told_events(every)}
    ids = (chosen.board.id_of(row) for row in chosen.rows.tolist())
    return (_READ[key][id] for id in ids if id in _READ[key])


def only(chosen: Chosen, *happenings: str) -> Chosen:
    """Some events of the world, by the names of their happenings."""
    return replace(chosen, rows=chosen.board.rows_of([event_called(happening) for happening in happenings]))
