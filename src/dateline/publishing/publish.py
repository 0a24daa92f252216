"""A ledger published to PostgreSQL, in one transaction: what was published stays as it was until all that is new is there.

What the database has stands in the database: which shards of the ledger each table got, up to which moment events were worked out.
So a run that is killed has changed nothing, one that finds nothing new writes nothing, and any machine may do the next.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from dateline.knowledge.accounts import load_accounts
from dateline.knowledge.ontology import load_codebook
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger
from dateline.publishing.errors import PublishError
from dateline.publishing.events import Versions
from dateline.publishing.schema import Migration, Schema, checked_name, migrations
from dateline.publishing.tables import SET_HELD_UNTIL, SET_SHOWN_UNTIL, SHOWN_UNTIL, TABLES, Table
from dateline.serial import to_json

if TYPE_CHECKING:
    from psycopg import Connection

EVENTS_SINCE, CONCLUSIONS_SINCE, CODEBOOK_SINCE = 3, 2, 4
"""The steps of the schema that made the tables of events, of judgements and of codes."""

REPLAYED = 20_000_000
"""Moments times events up to which what was known at each moment is worked out without being asked for: some minutes."""

OnStep = Callable[[str], None]
"""Is told what a run is about to do."""


@dataclass(frozen=True)
class Published:
    """What one run did: rows entered by table, judgements and versions of events entered, and what else there is to say.

    `is_new` False: the database had everything already. `history_from`: from when on events can be asked as of a moment; None: of
    any.
    """

    is_new: bool
    rows: Mapping[str, int]
    judgements: int
    events: int
    said: tuple[str, ...]
    history_from: datetime | None = None


def publish(
    ledger: Ledger,
    connection: Connection[Any],
    *,
    schema: str,
    now: datetime,
    is_whole: bool = False,
    on_step: OnStep = lambda step: None,
    steps: Sequence[Migration] | None = None,
) -> Published:
    """Enters into a schema what the ledger has and it lacks; whoever opened the connection commits.

    `is_whole`: what was known at each earlier moment is worked out however long that takes. `steps` are those of the schema, if not
    all. Raises PublishError, and what psycopg raises; then nothing is to be committed.
    """
    target = Schema(connection, checked_name(schema), tuple(steps or migrations()))
    target.lock()
    on_step("looking at what is published")
    said = target.bring_up()
    last = target.steps[-1].version
    state, shards = _state(ledger), ledger.shards()
    _check_same(target, shards)
    wants_history = is_whole and last >= EVENTS_SINCE and target.value("SELECT history_from FROM @schema@.publication") is not None
    if not said and not wants_history and target.value("SELECT ledger_state FROM @schema@.publication") == state:
        return Published(False, {}, 0, 0, ())
    _make_room(target)
    rows, new_moments = _enter_rows(target, ledger, shards, on_step)
    judgements, events, history = 0, 0, None
    if last >= CONCLUSIONS_SINCE:
        on_step("judgements")
        judgements, judged = _enter_judgements(target, ledger)
        new_moments += judged
    program = f"dateline {version('dateline')}"
    target.run(
        """INSERT INTO @schema@.publication (ledger_state, program, published_at) VALUES (%s, %s, %s)
           ON CONFLICT (is_only) DO UPDATE
           SET ledger_state = excluded.ledger_state, program = excluded.program, published_at = excluded.published_at""",
        [state, program, now],
    )
    if last >= CODEBOOK_SINCE:
        _enter_codebook(target)
    if last >= EVENTS_SINCE:
        events, history = _enter_events(target, ledger, shards.values(), new_moments, now, on_step, is_whole=is_whole)
    if target.steps == migrations():
        on_step("indexes")
        said += target.index()
    return Published(True, rows, judgements, events, tuple(said), history)


def unpublished(ledger: Ledger, connection: Connection[Any], *, schema: str) -> dict[str, int]:
    """How many shards and judgements a run would enter, and how many steps the schema lacks; nothing is changed."""
    target = Schema(connection, checked_name(schema), migrations())
    at, shards = target.version(), ledger.shards()
    there: set[str] = set()
    judgements = 0
    if at:
        _check_same(target, shards)
        there = {shard for (shard,) in target.run("SELECT shard FROM @schema@.published_shards WHERE table_name = 'documents'")}
    if at >= CONCLUSIONS_SINCE:
        judgements = target.value("SELECT count(*) FROM @schema@.judgements")
    entered = len(Log(ledger.path).judgements())
    return {
        "shards": len(shards.keys() - there),
        "judgements": entered - judgements,
        "steps": target.steps[-1].version - at,
    }


def _state(ledger: Ledger) -> str:
    """Changes with every shard and every entry of the log."""
    state = ledger.state()
    entries = Log(ledger.path).entries()
    said = [sorted(receipt.shard for receipt in state.receipts), state.catalogue.number, entries[-1].hash if entries else ""]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _check_same(target: Schema, shards: Mapping[str, datetime]) -> None:
    """Raises PublishError when the schema has what this ledger never had."""
    there = {shard for (shard,) in target.run("SELECT DISTINCT shard FROM @schema@.published_shards")}
    if strangers := there - shards.keys():
        if len(strangers) == len(there):
            raise PublishError(f"the schema {target.name} holds another ledger. Name another with --schema")
        raise PublishError(
            f"the schema {target.name} has {len(strangers):,} entries that this ledger lacks: it is an older copy, or "
            "another ledger that began as this one. Publish the newer one, or to another schema with --schema"
        )


def _make_room(target: Schema) -> None:
    """More memory for sorting and for indexes, for this transaction alone."""
    target.run("SET LOCAL lock_timeout = '60s'")
    target.run("SET LOCAL work_mem = '128MB'")
    target.run("SET LOCAL synchronous_commit = on")


# ---------------------------------------------------------------- rows


def _enter_rows(
    target: Schema, ledger: Ledger, shards: Mapping[str, datetime], on_step: OnStep
) -> tuple[dict[str, int], list[datetime]]:
    """How many rows each table got, and the moments of the shards that events do not have yet."""
    counted: dict[str, int] = {}
    moments: set[datetime] = set()
    recoded: set[str] = set()
    for table in (table for table in TABLES if table.since <= target.steps[-1].version):
        there = {s for (s,) in target.run("SELECT shard FROM @schema@.published_shards WHERE table_name = %s", [table.name])}
        new = {shard: moment for shard, moment in shards.items() if shard not in there}
        if not new:
            continue
        on_step(f"{table.name} of {len(new):,} shards")
        counted[table.name] = _copy(target, table, ledger, new)
        moments |= set(new.values())
        if table.until == "shown_until":
            recoded |= new.keys()
        elif table.key is not None and counted[table.name]:
            query = SET_HELD_UNTIL.format(table=table.target, key=table.key)
            target.run(f"ANALYZE @schema@.{table.target}")
            target.run(query, {"shards": list(new)})  # type: ignore[arg-type]
    if recoded:
        on_step("documents that were coded again")
        _end_codings(target, recoded)
    return counted, sorted(moments)


def _copy(target: Schema, table: Table, ledger: Ledger, new: Mapping[str, datetime]) -> int:
    columns = ", ".join(f'"{name}"' for name in table.columns)
    with target.connection.cursor() as cursor:
        with cursor.copy(f"COPY {target.quoted}.{table.target} ({columns}) FROM STDIN") as copy:
            for lines in table.lines(ledger, new):
                copy.write(lines)
        rows = cursor.rowcount
        with cursor.copy(f"COPY {target.quoted}.published_shards (table_name, shard, known_at) FROM STDIN") as copy:
            for shard, moment in new.items():
                copy.write_row((table.name, shard, moment))
    return rows


def _end_codings(target: Schema, shards: Collection[str]) -> None:
    target.run("ANALYZE @schema@.all_documents")
    query = f"CREATE TEMP TABLE ends ON COMMIT DROP AS {SHOWN_UNTIL}"
    target.run("DROP TABLE IF EXISTS ends")
    target.run(query, {"shards": list(shards)})  # type: ignore[arg-type]
    for table in TABLES:
        if table.until == "shown_until":
            target.run(SET_SHOWN_UNTIL.format(table=table.target))


# ---------------------------------------------------------------- judgements, codes


def _enter_judgements(target: Schema, ledger: Ledger) -> tuple[int, list[datetime]]:
    """How many were entered or changed (undone since, or a name removed), and the moments of the new ones."""
    log = Log(ledger.path)
    in_force = Judged(ledger, log).in_force
    known = {id for (id,) in target.run("SELECT judgement_id FROM @schema@.judgements")}
    target.run("CREATE TEMP TABLE judging (LIKE @schema@.judgements) ON COMMIT DROP")
    moments: list[datetime] = []
    with target.connection.cursor() as cursor, cursor.copy("COPY judging FROM STDIN") as copy:
        for entry in log.entries():
            for j in entry.judgements:
                record = to_json(j).replace("\\u0000", "\\ufffd")
                copy.write_row(
                    (
                        j.id, entry.number, entry.hash, j.kind.value, _plain(j.by.name), j.by.is_machine, j.at, j.about.value,
                        list(j.claims), j.field, _plain(j.value), _plain(j.reason), list(j.revokes), j.id in in_force, record,
                    )
                )  # fmt: skip
            if entry.judgements and entry.judgements[0].id not in known:
                moments.append(entry.at)
    done = target.run("""
        INSERT INTO @schema@.judgements AS kept SELECT * FROM judging
        ON CONFLICT (judgement_id) DO UPDATE
        SET judge = excluded.judge, in_force = excluded.in_force, record = excluded.record, reason = excluded.reason
        WHERE (kept.record, kept.in_force) IS DISTINCT FROM (excluded.record, excluded.in_force)
    """)
    return int(done.rowcount), moments


def _plain(text: str | None) -> str | None:
    return text.replace("\0", "\ufffd") if text is not None else None


def _enter_codebook(target: Schema) -> None:
    book = load_codebook()
    rows = [("type", guide.type.id, "", guide.type.meaning) for guide in book.types]
    rows += [("mode", mode, guide.type.id, meaning) for guide in book.types for mode, meaning in guide.type.modes.items()]
    rows += [("status", status.id, "", status.meaning) for status in book.statuses]
    rows += [("sector", sector.id, "", sector.meaning) for sector in book.sectors]
    rows += [("context", context.id, "", context.meaning) for context in book.contexts]
    there = set(target.run("SELECT kind, code, of_type, meaning FROM @schema@.codebook").fetchall())
    if there != set(rows):
        target.run("DELETE FROM @schema@.codebook")
        with target.connection.cursor() as cursor, cursor.copy(f"COPY {target.quoted}.codebook FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


# ---------------------------------------------------------------- events


def _enter_events(
    target: Schema,
    ledger: Ledger,
    known: Collection[datetime],
    new: Sequence[datetime],
    now: datetime,
    on_step: OnStep,
    *,
    is_whole: bool,
) -> tuple[int, datetime | None]:
    """How many versions of events were entered or ended, and from when on the history reaches."""
    versions = Versions(target, ledger, load_accounts())
    last, history = target.run("SELECT last_moment, history_from FROM @schema@.publication").fetchone()
    if is_whole and history is not None:
        target.run("TRUNCATE @schema@.event_versions")
        last = history = None
    if last is not None and new and min(new) <= last:
        # What was known before and told late: from there on everything is worked out again, but not from before the history begins.
        first = max(min(new), history) if history is not None else min(new)
        versions.rewind(first)
        moments = [moment for moment in versions.moments([*known], after=None, now=now) if moment >= first]
    else:
        moments = versions.moments([*known], after=last, now=now)
    if last is None and not is_whole and len(moments) > 1:
        on_step("how many events there are")
        if len(moments) * ledger.event_prints().num_rows > REPLAYED:
            moments, history = moments[-1:], moments[-1]
    before, changed = versions.kept(), 0
    for number, moment in enumerate(moments, 1):
        on_step(f"events as of {moment:%Y-%m-%d %H:%M:%S} ({number:,} of {len(moments):,})")
        before, step = versions.bring_to(moment, before)
        changed += step.changed
    if moments:
        target.run("UPDATE @schema@.publication SET last_moment = %s, history_from = %s", [moments[-1], history])
        target.run("ANALYZE @schema@.event_versions")
    return changed, history
