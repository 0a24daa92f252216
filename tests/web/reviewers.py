"""Clients of a server that judge under a name, without the page on which people say theirs."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

from itsdangerous import TimestampSigner
from starlette.testclient import TestClient

from dateline.ledger.store import open_ledger
from dateline.web.app import make_app
from dateline.web.site import Options, Site

SECRET = "a secret of the tests"
TOKEN = "a token of the tests"


def cookie_of(name: str | None) -> str:
    """The session cookie of somebody who judges under that name."""
    session = {"csrf": TOKEN} | ({"reviewer": name} if name else {})
    return TimestampSigner(SECRET).sign(b64encode(json.dumps(session).encode())).decode()


def client_of(site: Site, name: str | None = "Ada") -> TestClient:
    """A client that judges under a name; None: nobody has said."""
    client = TestClient(make_app(site, secret=SECRET), base_url="http://localhost", follow_redirects=False)
    client.cookies.set("dateline", cookie_of(name), domain="localhost.local")
    client.headers["x-csrf-token"] = TOKEN
    return client


def site_at(ledger: Path, options: Options | None = None) -> Site:
    return Site(open_ledger(ledger, create=False), options or Options())
