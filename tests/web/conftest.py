from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dateline.ledger.store import open_ledger
from dateline.web.app import make_app
from dateline.web.site import Site
from tests.web.ledgers import samples_at


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A client of a server of the sample reports."""
    site = Site(open_ledger(samples_at(tmp_path / "ledger"), create=False))
    with TestClient(make_app(site), base_url="http://localhost") as client:
        yield client
