"""Which tables a ledger is published to, and what the ledger is asked for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from dateline.ledger.derived import DERIVED
from dateline.ledger.segments import CODED
from dateline.ledger.store import Ledger
from dateline.publishing.lines import columns_of, line_query
from dateline.publishing.schema import COARSE

LINES_AT_ONCE = 4096


@dataclass(frozen=True)
class Table:
    """A table that gets the ledger's rows shard by shard, from the step of the schema on that made it.

    `key` is what has one row at a time that holds: of what a coding gave, the document; of what was concluded, a column. None: each
    row stands for itself. `until` names the column that says until when a row held.
    """

    name: str
    since: int
    key: str | None
    until: str | None
    columns: Mapping[str, str]

    @property
    def target(self) -> str:
        return f"all_{self.name}"

    def lines(self, ledger: Ledger, shards: Mapping[str, datetime]) -> Iterator[bytes]:
        """The rows of these shards in the form of COPY."""
        wanted = "known_at >= $first AND shard IN (SELECT unnest($shards::VARCHAR[]))"
        query = line_query(f"{self.target} WHERE {wanted}", dict(self.columns))
        asked = {"first": min(shards.values()), "shards": sorted(shards)}
        for batch in ledger.select_batches(query, asked, rows=LINES_AT_ONCE):
            yield "".join(batch.column(0).to_pylist()).encode("utf-8")


def _claims() -> dict[str, str]:
    coarse = ", ".join(f"'{kind}'" for kind in COARSE)
    points = {name: f"CASE WHEN place_kind NOT IN ({coarse}) THEN {name} END::VARCHAR" for name in ("latitude", "longitude")}
    return columns_of(CODED["claims"]) | points


TABLES = (
    Table("documents", 1, "document_id", "shown_until", columns_of(CODED["documents"])),
    Table("claims", 1, "document_id", "shown_until", _claims()),
    Table("quotations", 1, "document_id", "shown_until", columns_of(CODED["quotations"])),
    Table("problems", 1, "document_id", "shown_until", columns_of(CODED["problems"])),
    Table("links", 2, "claim_id", "held_until", columns_of(DERIVED["links"], is_derived=True)),
    Table("reprints", 2, "document_id", "held_until", columns_of(DERIVED["reprints"], is_derived=True)),
    Table("alerts", 2, None, None, columns_of(DERIVED["alerts"], is_derived=True)),
    Table("visits", 5, None, None, columns_of(DERIVED["visits"], is_derived=True)),
)
"""Sketches are left out: they are worked out from the texts again when they are needed, and no query can read them."""

SHOWN_UNTIL = """
-- A document shows the latest coding that succeeded, or else the latest: until when each of those did that were entered.
WITH coded AS (
    SELECT document_id, shard, known_at, is_failed,
        coalesce(bool_or(NOT is_failed) OVER earlier, false) AS succeeded_before
    FROM @schema@.all_documents
    WHERE document_id IN (
        SELECT document_id FROM @schema@.all_documents
        WHERE document_id IN (SELECT document_id FROM @schema@.all_documents WHERE shard = ANY(%(shards)s))
        GROUP BY document_id HAVING count(*) > 1
    )
    WINDOW earlier AS (
        PARTITION BY document_id ORDER BY known_at, is_failed DESC, shard ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
), shown AS (
    SELECT document_id, shard, coalesce(lead(known_at) OVER (PARTITION BY document_id ORDER BY known_at, is_failed DESC, shard),
        'infinity') AS until
    FROM coded WHERE NOT (is_failed AND succeeded_before)
)
SELECT coded.document_id, coded.shard, coalesce(shown.until, coded.known_at) AS until
FROM coded LEFT JOIN shown USING (document_id, shard)
"""

SET_SHOWN_UNTIL = """
UPDATE @schema@.{table} AS row SET shown_until = ends.until FROM ends
WHERE row.document_id = ends.document_id AND row.shard = ends.shard AND row.shown_until <> ends.until
"""

SET_HELD_UNTIL = """
-- Of a key the row that is known latest holds.
WITH ends AS (
    SELECT {key}, shard, coalesce(lead(known_at) OVER (PARTITION BY {key} ORDER BY known_at, shard), 'infinity') AS until
    FROM @schema@.{table}
    WHERE {key} IN (
        SELECT {key} FROM @schema@.{table}
        WHERE {key} IN (SELECT {key} FROM @schema@.{table} WHERE shard = ANY(%(shards)s))
        GROUP BY {key} HAVING count(*) > 1
    )
)
UPDATE @schema@.{table} AS row SET held_until = ends.until FROM ends
WHERE row.{key} = ends.{key} AND row.shard = ends.shard AND row.held_until <> ends.until
"""
