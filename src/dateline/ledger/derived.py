"""What the ledger keeps besides codings: which event a claim was linked to, which document is a reprint of which, sketches,
and what watch rules said.

Such rows are worked out from codings and can be worked out again; they are kept so that what was known on any day can be asked, and
what has not changed need not be done twice. Like codings they are appended and never edited: each run enters the rows that changed,
and the row of a key that is known latest holds. To the columns below the ledger adds `known_at` and `shard`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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


DerivedRow = LinkRow | ReprintRow | SketchRow | AlertRow

DERIVED: dict[str, type[DerivedRow]] = {
    "links": LinkRow,
    "reprints": ReprintRow,
    "sketches": SketchRow,
    "alerts": AlertRow,
}

KEYS: dict[str, tuple[str, ...]] = {
    "links": ("claim_id",),
    "reprints": ("document_id",),
    "sketches": ("document_id", "version"),
    "alerts": ("alert_id",),
}
"""Of which columns one row holds at a time."""
