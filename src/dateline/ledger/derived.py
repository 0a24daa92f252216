"""What the ledger keeps besides codings: which event a claim was linked to, which document is a reprint of which, sketches,
what watch rules said, and when which address was fetched.

Such rows are worked out from codings and can be worked out again; they are kept so that what was known on any day can be asked, and
what has not changed need not be done twice. Like codings they are appended and never edited: each run enters the rows that changed,
and the row of a key that is known latest holds. To the columns below the ledger adds `known_at` and `shard`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class LinkRow:
    """A claim belongs to an event. `event_id` is the id of that event's first claim, `witness` that of the first claim of the same
    witness; both are the claim itself when it stands alone. `chance` is the calibrated probability, `linker` the version.
    """

    claim_id: str
    event_id: str
    witness: str
    chance: float
    linker: str


@dataclass(frozen=True)
class ReprintRow:
    """A document is one text with others: `group` is the id of the group's first document. A round-up holds several texts."""

    document_id: str
    group: str
    is_round_up: bool


@dataclass(frozen=True)
class SketchRow:
    """A document's sketch as one version of the sketch makes it: runs and words (uint32) and signature (uint16), little-endian."""

    document_id: str
    version: str
    day: date | None
    runs: bytes
    words: bytes
    signature: bytes


@dataclass(frozen=True)
class AlertRow:
    """An alert of a watch rule; `record` is its JSON (dateline.serial), which has the numbers too."""

    alert_id: str
    rule: str
    title: str
    day: date | None
    said: str
    holds: bool
    replaces: str | None
    events: list[str]
    claims: list[str]
    record: str


@dataclass(frozen=True)
class VisitRow:
    """An address that was fetched, and what came of it. `address` is its one form, `final` where redirects led.

    `outcome`: "new" (the first of its address), "changed" (another version of the text), "another text" (a text that is no version
    of the one before), "gone" (404 or 410), "back" (after it was gone), "unreadable".
    `raw_sha256` and `document_id` are None where nothing came; `replaces` is
    the document that this version took the place of. `headers` is a JSON list of [name, value].
    """

    visit_id: str
    address: str
    final: str
    fetched_at: datetime
    status: int
    outcome: str
    headers: str
    raw_sha256: str | None
    document_id: str | None
    replaces: str | None
    source: str | None
    tags: list[str]


DerivedRow = LinkRow | ReprintRow | SketchRow | AlertRow | VisitRow

DERIVED: dict[str, type[DerivedRow]] = {
    "links": LinkRow,
    "reprints": ReprintRow,
    "sketches": SketchRow,
    "alerts": AlertRow,
    "visits": VisitRow,
}

KEYS: dict[str, tuple[str, ...]] = {
    "links": ("claim_id",),
    "reprints": ("document_id",),
    "sketches": ("document_id", "version"),
    "alerts": ("alert_id",),
    "visits": ("visit_id",),
}
"""Of which columns one row holds at a time."""
