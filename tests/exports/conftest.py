"""The ledger that exports are written from: made once for all tests of this folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dateline.exports.telling import USUAL, Options, Told
from dateline.ledger.store import open_ledger
from dateline.web.filters import Filters
from dateline.web.sharing.events import told_events
from dateline.web.sharing.rows import Chosen, choose
from dateline.web.sharing.tables import written
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


def bytes_of(chosen: Chosen, name: str, options: Options = USUAL) -> bytes:
    """The events in a format; what was written once is kept, as nothing here changes a ledger."""
    key = (chosen.site.ledger.path, chosen.rows.tobytes(), chosen.base, name, options)
    if key not in _WRITTEN:
        _WRITTEN[key] = b"".join(written(chosen, name, options))
    return _WRITTEN[key]


def only(chosen: Chosen, *happenings: str) -> Chosen:
    """Some events of the world, by the names of their happenings."""
    return replace(chosen, rows=chosen.board.rows_of([event_called(happening) for happening in happenings]))
