"""A published ledger can be read back whole, says what the ledger says as of any moment, and is kept in step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from dateline.knowledge.accounts import load_accounts
from dateline.ledger.derived import AlertRow, LinkRow, ReprintRow
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, open_ledger
from dateline.publishing.publish import Published, publish
from dateline.publishing.server import connected
from dateline.records import About, Claim, Coder, Document, Judge, Judgement, JudgementKind, Problem, Quotation
from dateline.runs.events import read_events
from dateline.serial import from_json
from dateline.watching.happenings import brief_of
from tests.ledger.examples import CODER, FLOOD, NOON, STRIKE, coding_of, failure_of, report_of

NEWER = Coder("dateline 0.2.0", "reader-2", "k2")
ANA = Judge("Ana")


def published(ledger: Ledger, address: str, schema: str = "dateline", **given: Any) -> Published:
    with connected(address) as connection:
        return publish(ledger, connection, schema=schema, now=NOON, **given)


def rows(address: str, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connected(address) as connection:
        found: list[tuple[Any, ...]] = connection.execute(query, parameters or None).fetchall()
        return found


def hours(number: float) -> datetime:
    return NOON + timedelta(hours=number)


def add(ledger: Ledger, name: str, text: str, at: float, coder: Coder = CODER, published: date | None = date(2020, 8, 18)) -> None:
    report = report_of(name, text, published)
    coding = failure_of(report) if text.startswith("%PDF") else coding_of(report, coder)
    ledger.add([coding], [report], coder=coder, known_at=hours(at))


def rich_at(folder: Path) -> Ledger:
    """A ledger in which everything happens once: reports, failures, recodings, links that change, reprints, alerts, judgements."""
    ledger = open_ledger(folder)
    add(ledger, "a.txt", STRIKE, 0)
    add(ledger, "b.txt", STRIKE + " Printed\tagain \\ elsewhere.", 1)
    add(ledger, "c.txt", FLOOD, 2)
    add(ledger, "d.pdf", "%PDF", 2)
    add(ledger, "a.txt", STRIKE, 5, coder=NEWER)
    ids = [row.claim_id for row in ledger.find()]
    first, other = sorted(ids)[0], sorted(ids)[3]
    ledger.add_rows("links", [LinkRow(other, first, first, 0.9, "l1")], by="l1", known_at=hours(3))
    ledger.add_rows("links", [LinkRow(other, other, other, 0.4, "l2")], by="l2", known_at=hours(6))
    ledger.add_rows("links", [LinkRow(other, first, other, 0.8, "l3")], by="l3", known_at=hours(9))
    documents = sorted(row.document_id for row in ledger.documents())
    ledger.add_rows("reprints", [ReprintRow(documents[0], documents[0], False)], by="r", known_at=hours(3))
    ledger.add_rows("reprints", [ReprintRow(documents[0], documents[1], True)], by="r", known_at=hours(4))
    alert = AlertRow(
        "a1", "strikes", "Strikes", date(2020, 8, 17), "a strike", True, None, [first], [first, other], '{"version":1}'
    )
    ledger.add_rows("alerts", [alert], by="w", known_at=hours(7))
    return ledger


def judge(ledger: Ledger, at: float, *judgements: Judgement) -> None:
    Log(ledger.path).append(judgements)


def moments_of(ledger: Ledger) -> Iterator[datetime]:
    told = sorted({*ledger.shards().values(), *(entry.at for entry in Log(ledger.path).entries())})
    yield told[0] - timedelta(microseconds=1)
    yield from told
    yield told[-1] + timedelta(days=400)


def said_by_database(address: str, moment: datetime) -> dict[str, Any]:
    columns = """event_id, type, mode, status, first_day, last_day, place_name, place_country, witness_count, claim_count,
        document_count, actor_names, recipient_names, first_told, reports_differ, figures, lead_claim, confidence"""
    found = rows(address, f"SELECT {columns} FROM dateline.events_as_of(%s)", moment)
    return {row[0]: [*row[1:15], sorted((f["what"], f["low"], f["high"]) for f in row[15]), *row[16:]] for row in found}


def said_by_ledger(ledger: Ledger, moment: datetime) -> dict[str, Any]:
    """As `dateline events --as-of` has them."""
    found = {}
    for event in read_events(ledger, load_accounts(), as_of=moment).events:
        brief = brief_of(event)
        current = [t for t in event.tellings if t.is_current] or event.tellings
        places = [t.claim.event.place.place for t in event.tellings if t.claim.event.place]
        coarse = {place.name for place in places if place.kind in {"country", "region"}}
        named = brief.place or (brief.country and next((p.name for p in places if p.name in coarse), None))
        figures = sorted((t.what, t.low, t.high) for t in event.accounts.tallies if t.side is None and t.best is not None)
        found[event.id] = [
            brief.type, brief.mode, brief.status, brief.first, brief.last, named, brief.country, brief.witnesses,
            len(event.tellings), len({t.claim.document for t in event.tellings}), [p.name for p in brief.actors],
            [p.name for p in brief.recipients], event.accounts.first_told, bool(brief.contradictions), figures,
            current[0].claim.id, round(brief.confidence, 2),
        ]  # fmt: skip
    return found


def assert_knows_what_was_known(ledger: Ledger, address: str) -> None:
    for moment in moments_of(ledger):
        assert said_by_database(address, moment) == said_by_ledger(ledger, moment), moment


def assert_whole(ledger: Ledger, address: str, schema: str = "dateline") -> None:
    """Everything but sketches and the reports' bytes is read back equal."""

    def read(table: str, columns: str) -> list[tuple[Any, ...]]:
        return sorted(map(plain, rows(address, f"SELECT {columns} FROM {schema}.{table}")))

    def kept(table: str, columns: str) -> list[tuple[Any, ...]]:
        return sorted(map(plain, ledger.sql(f"SELECT {columns} FROM {table}").rows))

    flat = {
        "claims": "claim_id, document_id, position, type, mode, contexts, status, first_day, last_day, date_precision, "
        "actor_names, "
        "actor_countries, actor_sectors, recipient_names, recipient_countries, recipient_sectors, place_name, place_kind, "
        'place_country, place_admin1, place_geonames, latitude, longitude, counts, "by", attribution, trigger, trigger_start, '
        "trigger_end, evidence, evidence_start, evidence_end, confidence, rule, same_as, publisher, published, title, address, "
        "report, program, model, knowledge, known_at, shard",
        "documents": "document_id, report, address, raw_sha256, encoding, title, byline, publisher, published, published_origin, "
        "agencies, text, claims, is_failed, program, model, knowledge, known_at, shard",
        "quotations": 'document_id, position, kind, text, start, "end", source, cue, speaker_name, known_at, shard',
        "problems": 'document_id, report, raw_sha256, position, stage, reason, message, is_fatal, start, "end", known_at, shard',
        "links": "claim_id, event_id, witness, chance, linker, known_at, shard",
        "reprints": 'document_id, "group", is_round_up, known_at, shard',
        "alerts": "alert_id, rule, title, day, said, holds, replaces, events, claims, known_at, shard",
    }
    for table, columns in flat.items():
        assert read(f"all_{table}", columns) == kept(f"all_{table}", columns), table
        assert read(table, columns) == kept(table, columns), table
    kinds: dict[str, type] = {"claims": Claim, "documents": Document, "quotations": Quotation, "problems": Problem}
    for table, kind in kinds.items():
        there = {from_json(kind, json.dumps(record)) for (record,) in rows(address, f"SELECT record FROM {schema}.all_{table}")}
        assert there == {from_json(kind, record) for (record,) in ledger.sql(f"SELECT record FROM all_{table}").rows}
    log = Log(ledger.path).judgements()
    written = dict(rows(address, f"SELECT judgement_id, record FROM {schema}.judgements"))
    assert {id: from_json(Judgement, json.dumps(record)) for id, record in written.items()} == {j.id: j for j in log}


def plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Comparable, also where something is None."""
    return tuple(json.dumps(value, default=lambda v: v.isoformat(), sort_keys=True) for value in row)


def test_everything_can_be_read_back_and_asked_as_of_any_moment(database: str, tmp_path: Path) -> None:
    ledger = rich_at(tmp_path / "ledger")
    first, *_, last = sorted(row.claim_id for row in ledger.find())
    judged = Judged(ledger, Log(ledger.path))
    judge(ledger, 10, judged.merger([first, last], ANA, hours(10), "one strike"))
    rejection = judged.verdicts(JudgementKind.REJECTED, [last], About.CLAIM, ANA, hours(11), "misread")
    judge(ledger, 11, *rejection)
    judge(ledger, 12, Judged(ledger, Log(ledger.path)).undoing(["1.1"], ANA, hours(12), "no, two"))
    done = published(ledger, database)
    assert done.rows["claims"] == 9
    assert done.judgements == 3
    assert_whole(ledger, database)
    assert_knows_what_was_known(ledger, database)
    assert not published(ledger, database).is_new
