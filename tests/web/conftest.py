from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dateline.web.app import make_app
from dateline.web.site import Site
from tests.web.ledgers import samples_at
from tests.web.reviewers import client_of, site_at


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """The sample reports, to be judged and changed at will."""
    return site_at(samples_at(tmp_path / "ledger"))


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    """Somebody who looks at them and has not said who it is."""
    with TestClient(make_app(site), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def ada(site: Site) -> TestClient:
    """Somebody who judges them as Ada."""
    return client_of(site, "Ada")
