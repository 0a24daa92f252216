"""What all pages of one server share: the ledger, its log of judgements, and how the server was started."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from starlette.requests import Request

from dateline.knowledge.accounts import AccountKnowledge, load_accounts
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger
from dateline.views.wording import Wording, load_wording

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Names under which a server that only this machine can reach may be asked."""


@dataclass(frozen=True)
class Options:
    """How the server was started.

    `hosts` are the names (no port) that it answers to. `is_readonly`: nothing can be judged. `basemap` is a PMTiles file and
    `borders` a GeoJSON file in place of the bundled ones.
    """

    hosts: frozenset[str] = LOOPBACK
    is_readonly: bool = False
    basemap: Path | None = None
    borders: Path | None = None


@dataclass
class Site:
    """A ledger as it is served."""

    ledger: Ledger
    options: Options = field(default_factory=Options)

    @cached_property
    def log(self) -> Log:
        return Log(self.ledger.path)

    @cached_property
    def accounts(self) -> AccountKnowledge:
        return load_accounts()

    @cached_property
    def wording(self) -> Wording:
        return load_wording()

    def judged(self, as_of: datetime | None = None) -> Judged:
        """The ledger with its judgements at a moment; a new one for each request, since others judge meanwhile."""
        return Judged(self.ledger, self.log, as_of)


def site_of(request: Request) -> Site:
    """The site that a request is put to."""
    site: Site = request.app.state.site
    return site
