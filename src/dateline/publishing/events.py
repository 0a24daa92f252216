"""Linked events in the database: a version for each stretch of time in which the ledger told the same of an event."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from dateline.knowledge.accounts import AccountKnowledge
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger
from dateline.publishing.lines import array_of, escaped, line_query
from dateline.runs.board import (
    ACCEPTED,
    ACTOR,
    CORRECTED,
    DIFFER,
    FIGURE_DIFFERS,
    FIGURE_PART,
    FIGURE_RUNNING,
    PLACES,
    PLAN,
    RECIPIENT,
    REGROUPED,
    REVISED,
    TELLER,
    WITHDRAWN,
    Row,
    day_of,
)
from dateline.runs.board_making import NO_PRINTS, Prints, prints_of, rows_since

if TYPE_CHECKING:
    from dateline.publishing.schema import Schema

COLUMNS = (
    "event_id", "type", "mode", "status", "first_day", "last_day", "date_precision", "place_name", "place_kind", "place_country",
    "place_admin1", "latitude", "longitude", "actor_names", "actor_countries", "actor_sectors", "recipient_names",
    "recipient_countries", "recipient_sectors", "tellers", "figures", "reports_differ", "places_differ", "was_revised",
    "was_withdrawn", "is_announced", "was_accepted", "was_corrected", "was_regrouped", "document_count", "witness_count",
    "claim_count", "confidence", "lead_claim", "first_told", "known_since",
)  # fmt: skip
"""What is said of an event, as `said_of` gives it."""


def said_of(row: Row) -> tuple[Any, ...]:
    """The row of a board as values of COLUMNS."""
    place = row.place
    parties = {role: [party for party in row.parties if party.role == role] for role in (ACTOR, RECIPIENT, TELLER)}
    figures = [
        {
            "what": figure.what, "low": figure.low, "high": figure.high, "differs": bool(figure.flags & FIGURE_DIFFERS),
            "is_running": bool(figure.flags & FIGURE_RUNNING), "is_part": bool(figure.flags & FIGURE_PART),
        }
        for figure in row.figures
    ]  # fmt: skip
    sides = ([getattr(p, name) for p in parties[role]] for role in (ACTOR, RECIPIENT) for name in ("name", "country", "sector"))
    return (
        row.id, row.type, row.mode, row.status, day_of(row.first), day_of(row.last), row.precision,
        place and place.name, place and place.kind, place and place.country, place and place.admin1,
        place and place.latitude, place and place.longitude, *sides, [party.name for party in parties[TELLER]],
        json.dumps(figures, ensure_ascii=False),
        *(bool(row.flags & bit) for bit in (DIFFER, PLACES, REVISED, WITHDRAWN, PLAN)),
        *(bool(row.review & bit) for bit in (ACCEPTED, CORRECTED, REGROUPED)),
        row.documents, row.witnesses, row.claims, round(row.confidence, 2), row.lead, day_of(row.told), day_of(row.known),
    )  # fmt: skip


def digest_of(said: Sequence[Any]) -> str:
    """The same for the same things said."""
    return hashlib.md5(repr(said).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Step:
    """What publishing did with the events of one moment."""

    moment: datetime
    looked_at: int
    changed: int


MEMBERS = """(
    SELECT event_id, list(claim_id ORDER BY known_at, published NULLS LAST, document_id, position) AS claims
    FROM members WHERE NOT list_contains($rejected::VARCHAR[], claim_id) {which} GROUP BY event_id
)"""


@dataclass
class Versions:
    """The versions of events in a schema, brought up to one moment after another."""

    schema: Schema
    ledger: Ledger
    knowledge: AccountKnowledge

    def moments(self, known: Sequence[datetime], *, after: datetime | None, now: datetime) -> list[datetime]:
        """The moments from which on something else may be known, ascending: shards, judgements, and days of publication that came
        only after the ledger had their reports, since the corrections of such a report count from then on."""
        judged = [entry.at for entry in Log(self.ledger.path).entries()]
        days: list[datetime] = []
        if self.ledger.noted_documents():
            ahead = "SELECT DISTINCT published FROM all_documents WHERE published > known_at::DATE"
            days = [datetime.combine(day, time.min, UTC) for (day,) in self.ledger.sql(ahead).rows if isinstance(day, date)]
        found = {*known, *judged, *(day for day in days if day <= now)}
        return sorted(moment for moment in found if after is None or moment > after)

    def kept(self) -> Prints:
        """The prints of the versions that hold."""
        if self.schema.value("SELECT 1 FROM @schema@.event_versions LIMIT 1") is None:
            return NO_PRINTS
        query = "SELECT event_id, print FROM @schema@.event_versions WHERE known_until = 'infinity'"
        return prints_of((id, print_ % 2**64) for id, print_ in self.schema.run(query))

    def rewind(self, moment: datetime) -> None:
        """As it was just before that moment: of what came later nothing is left."""
        self.schema.run("DELETE FROM @schema@.event_versions WHERE known_from >= %s", [moment])
        self.schema.run(
            "UPDATE @schema@.event_versions SET known_until = 'infinity' WHERE known_until >= %s AND known_until <> 'infinity'",
            [moment],
        )

    def bring_to(self, moment: datetime, before: Prints) -> tuple[Prints, Step]:
        """Enters what is known at that moment and was not before."""
        people = Judged(self.ledger, Log(self.ledger.path), moment)
        since = rows_since(self.ledger, self.knowledge, people, before)
        changed = self._enter(since.rows, people, since.ids, moment, is_first=not len(before)) if since.ids else 0
        changed += self._close([*since.gone, *(self._bereft(since.ids) if since.ids else [])], moment)
        return since.now, Step(moment, len(since.ids), changed)

    def _enter(
        self, rows: Iterator[tuple[Row, int]], people: Judged, ids: Sequence[str], moment: datetime, *, is_first: bool
    ) -> int:
        run = self.schema.run
        run("CREATE TEMP TABLE IF NOT EXISTS arriving (LIKE @schema@.event_versions INCLUDING DEFAULTS) ON COMMIT DROP")
        run("ALTER TABLE arriving ALTER claim_ids DROP NOT NULL")
        run("CREATE TEMP TABLE IF NOT EXISTS arriving_claims (event_id text, claim_ids text[]) ON COMMIT DROP")
        run("TRUNCATE arriving, arriving_claims")
        columns = ", ".join((*COLUMNS, "known_from", "print", "digest"))
        with self.schema.connection.cursor() as cursor:
            with cursor.copy(f"COPY arriving ({columns}) FROM STDIN") as copy:
                for row, print_ in rows:
                    said = tuple(map(_without_nulls, said_of(row)))
                    copy.write_row((*said, moment, print_ - 2**64 if print_ >= 2**63 else print_, digest_of(said)))
            which = "" if is_first else "AND event_id IN (SELECT unnest($events::VARCHAR[]))"
            rejected = [claim for claim, standing in people.standings.items() if standing.is_rejected]
            query = line_query(
                MEMBERS.format(which=which), {"event_id": escaped("event_id"), "claims": escaped(array_of("claims"))}
            )
            asked = {"rejected": rejected} if is_first else {"rejected": rejected, "events": list(ids)}
            with cursor.copy("COPY arriving_claims (event_id, claim_ids) FROM STDIN") as copy:
                for batch in self.ledger.select_batches(query, asked, rows=4096, judged=people.events, as_of=moment):
                    copy.write("".join(batch.column(0).to_pylist()).encode("utf-8"))
        run("ANALYZE arriving, arriving_claims") if is_first else None
        if not is_first:
            run("""UPDATE arriving SET claim_ids = c.claim_ids, digest = md5(digest || array_to_string(c.claim_ids, ','))
                   FROM arriving_claims AS c WHERE c.event_id = arriving.event_id""")
            # What says what it said keeps its version, though its print may be another: a document was coded again.
            same = "v.event_id = a.event_id AND v.known_until = 'infinity' AND v.digest = a.digest"
            run(f"UPDATE @schema@.event_versions AS v SET print = a.print FROM arriving AS a WHERE {same} AND v.print <> a.print")
            run(f"DELETE FROM arriving AS a USING @schema@.event_versions AS v WHERE {same}")
            run(
                "UPDATE @schema@.event_versions AS v SET known_until = %s FROM arriving AS a "
                "WHERE v.event_id = a.event_id AND v.known_until = 'infinity'",
                [moment],
            )
            query = "SELECT {columns}, claim_ids, digest FROM arriving"
        else:
            query = """SELECT {columns}, c.claim_ids, md5(digest || array_to_string(c.claim_ids, ','))
                       FROM arriving JOIN arriving_claims AS c USING (event_id)"""
        columns = ", ".join((*COLUMNS, "known_from", "print"))
        done = run(f"INSERT INTO @schema@.event_versions ({columns}, claim_ids, digest) {query.format(columns=columns)}")
        return int(done.rowcount)

    def _bereft(self, ids: Sequence[str]) -> list[str]:
        """Events that hold and of which nothing is left now: people rejected all their claims."""
        query = """
        SELECT v.event_id FROM @schema@.event_versions AS v
        WHERE v.known_until = 'infinity' AND v.event_id = ANY(%s)
          AND NOT EXISTS (SELECT 1 FROM arriving_claims AS c WHERE c.event_id = v.event_id)
        """
        return [id for (id,) in self.schema.run(query, [list(ids)])]

    def _close(self, ids: Sequence[str], moment: datetime) -> int:
        if not ids:
            return 0
        query = "UPDATE @schema@.event_versions SET known_until = %s WHERE known_until = 'infinity' AND event_id = ANY(%s)"
        return int(self.schema.run(query, [moment, list(ids)]).rowcount)


def _without_nulls(value: Any) -> Any:
    """No text in PostgreSQL may hold a null character."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
