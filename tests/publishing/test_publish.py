"""A published ledger can be read back whole, says what the ledger says as of any moment, and is kept in step."""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dateline.cli import app
from dateline.knowledge.accounts import load_accounts
from dateline.ledger.derived import AlertRow, LinkRow, ReprintRow, VisitRow
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, migrate, open_ledger
from dateline.publishing.errors import BusyError, NewerSchemaError, PublishError
from dateline.publishing.publish import Published, publish
from dateline.publishing.schema import migrations
from dateline.publishing.server import connected
from dateline.records import About, Claim, Coder, Document, Judge, Judgement, JudgementKind, Problem, Quotation
from dateline.runs.events import read_events
from dateline.serial import from_json
from dateline.watching.happenings import brief_of
from tests.ledger.examples import CODER, FLOOD, NOON, STRIKE, coding_of, failure_of, report_of
from tests.web.world import judged_world_at
from tools.install_postgres import find_server, has_postgis

NEWER = Coder("dateline 0.2.0", "reader-2", "k2")
ANA = Judge("Ana")
NOW = datetime(2030, 1, 1, tzinfo=UTC)


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
    migrate(ledger.path)
    where = "https://news.example/a"
    visit = VisitRow("v1", where, where, hours(7), 200, "new", '[["etag", "x"]]', None, documents[0], None, "news", ["daily"])
    ledger.add_rows("visits", [visit], by="f", known_at=hours(8))
    return ledger


def judge(ledger: Ledger, *judgements: Judgement) -> None:
    Log(ledger.path).append(judgements)


def moments_of(ledger: Ledger) -> Iterator[datetime]:
    told = sorted({*ledger.shards().values(), *(entry.at for entry in Log(ledger.path).entries())})
    yield told[0] - timedelta(microseconds=1)
    yield from told[1:-1:3]
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
        "visits": "visit_id, address, final, fetched_at, status, outcome, raw_sha256, document_id, replaces, tags, known_at",
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
    judge(ledger, judged.merger([first, last], ANA, hours(10), "one strike"))
    rejection = judged.verdicts(JudgementKind.REJECTED, [last], About.CLAIM, ANA, hours(11), "misread")
    judge(ledger, *rejection)
    judge(ledger, Judged(ledger, Log(ledger.path)).undoing(["1.1"], ANA, hours(12), "no, two"))
    done = published(ledger, database)
    assert done.rows["claims"] == 9
    assert done.judgements == 3
    assert_whole(ledger, database)
    assert_knows_what_was_known(ledger, database)
    assert not published(ledger, database).is_new


def test_where_postgis_is_there_a_place_is_a_point_and_a_country_is_none(database: str, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "a.txt", STRIKE, 0)
    published(ledger, database)
    if not has_postgis(find_server() or Path()):
        pytest.skip("no PostGIS is here: Debian has it as postgresql-postgis")
    with connected(database) as connection:
        connection.execute("CREATE EXTENSION postgis")
    add(ledger, "b.txt", STRIKE + " Again.", 1)
    assert "PostGIS is there: claims and events have a point" in published(ledger, database).said
    for table in ("claims", "events"):
        there = rows(database, f"SELECT ST_Y(point), ST_X(point) FROM dateline.{table} WHERE place_name = 'Minsk'")
        assert there == [(53.9, 27.57)] * 2
    with connected(database) as connection:
        connection.execute("UPDATE dateline.all_claims SET place_kind = 'country' WHERE place_name = 'Minsk'")
        assert not connection.execute("SELECT 1 FROM dateline.claims WHERE place_name = 'Minsk' AND point IS NOT NULL").fetchall()
        connection.rollback()


def versions(address: str) -> list[tuple[Any, ...]]:
    columns = "event_id, known_from::text, known_until::text, claim_ids, figures, status, witness_count, lead_claim, was_corrected"
    return sorted(map(plain, rows(address, f"SELECT {columns} FROM dateline.event_versions")))


def test_rival_accounts_and_what_people_judged_are_told_as_the_ledger_tells_them(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = open_ledger(judged_world_at(tmp_path / "ledger"))
    monkeypatch.setattr("dateline.publishing.publish.REPLAYED", 0)
    published(ledger, database)
    assert said_by_database(database, NOW) == said_by_ledger(ledger, NOW)
    page = (Path(__file__).resolve().parents[2] / "docs" / "postgresql.md").read_text(encoding="utf-8")
    questions = [dedent(block) for block in re.findall(r"(?:^ {4}.*\n)+", page, re.MULTILINE) if block.startswith("    SELECT")]
    assert len(questions) == 9
    answered = 0
    with connected(database) as connection:
        connection.execute("UPDATE dateline.publication SET history_from = NULL")
        for question in questions:
            answered += bool(connection.execute(question.encode()).fetchall())
        connection.rollback()
    assert answered >= 6


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_published_bit_by_bit_is_what_is_published_at_once(seed: int, database: str, tmp_path: Path) -> None:
    chance = random.Random(seed)
    ledger = open_ledger(tmp_path / "ledger")
    for number in range(4):
        # Some are told late: a slow process enters what it knew before others entered theirs.
        at = number * 4 - chance.choice([0, 0, 9])
        text = chance.choice([STRIKE, STRIKE + " Elsewhere too.", FLOOD])
        coder = chance.choice([CODER, NEWER])
        add(ledger, f"{chance.randrange(4)}.txt", text, at, coder)
        claims = sorted({row.claim_id for row in ledger.find()})
        if len(claims) > 3:
            event, claim = chance.sample(claims, 2)
            ledger.add_rows("links", [LinkRow(claim, event, event, 0.5, f"l{number}")], by=f"l{number}", known_at=hours(at + 1))
            verdict = chance.choice([JudgementKind.REJECTED, JudgementKind.RETRACTED, JudgementKind.ACCEPTED])
            judged = Judged(ledger, Log(ledger.path))
            judge(ledger, *judged.verdicts(verdict, [claim], About.CLAIM, ANA, hours(at + 2), "seen"))
        if number == 2:
            ledger.compact(made_at=hours(100))
        if chance.random() < 0.6:
            published(ledger, database)
    published(ledger, database)
    assert_whole(ledger, database)
    by_bits = versions(database)
    with connected(database) as connection:
        connection.execute("DROP SCHEMA dateline CASCADE")
    published(ledger, database)
    assert versions(database) == by_bits
    for moment in chance.sample(sorted(ledger.shards().values()), 1):
        assert said_by_database(database, moment) == said_by_ledger(ledger, moment)


def test_a_run_that_is_killed_leaves_what_was_there(database: str, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "a.txt", STRIKE, 0)
    published(ledger, database)
    counted = "SELECT count(*), (SELECT count(*) FROM dateline.event_versions) FROM dateline.all_claims"
    before = rows(database, counted)
    add(ledger, "b.txt", STRIKE + " Again.", 1)
    steps: list[str] = []

    def stop_at_the_last_step(step: str) -> None:
        steps.append(step)
        if step.startswith("events as of"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        published(ledger, database, on_step=stop_at_the_last_step)
    assert "claims of 1 shards" in steps
    assert rows(database, counted) == before
    published(ledger, database)
    assert_whole(ledger, database)


def test_a_schema_is_brought_up_from_every_version(database: str, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "a.txt", STRIKE, 0)
    judge(ledger, Judged(ledger, Log(ledger.path)).merger([r.claim_id for r in ledger.find()][:2], ANA, hours(1), "one"))
    published(ledger, database)
    wanted, described = versions(database), shape(database, "dateline")
    for number in range(1, len(migrations())):
        schema = f"old{number}"
        published(ledger, database, schema, steps=migrations()[:number])
        published(ledger, database, schema)
        assert shape(database, schema) == described
        assert rows(database, f"SELECT count(*) FROM {schema}.event_versions") == [(len(wanted),)]
    assert_whole(ledger, database, "old1")


def shape(address: str, schema: str) -> list[tuple[Any, ...]]:
    query = """
    SELECT table_name, column_name, data_type, is_nullable,
        col_description(format('%%I.%%I', table_schema, table_name)::regclass, ordinal_position)
    FROM information_schema.columns WHERE table_schema = %s
    UNION ALL SELECT tablename, indexname, '', '', NULL FROM pg_indexes WHERE schemaname = %s
    UNION ALL SELECT proname, pg_get_function_arguments(oid), '', '', NULL FROM pg_proc WHERE pronamespace = %s::regnamespace
    """
    return sorted(map(plain, rows(address, query, schema, schema, schema)))


def test_every_table_and_column_says_what_it_is(database: str, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "a.txt", STRIKE, 0)
    published(ledger, database)
    silent = """
    SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT attisdropped
    WHERE c.relnamespace = 'dateline'::regnamespace AND c.relkind = 'r'
      AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid) IS NULL)
    """
    assert rows(database, silent) == []
    meaning = "SELECT meaning FROM dateline.claims JOIN dateline.codebook ON kind = 'type' AND code = type WHERE type = 'PROTEST'"
    assert rows(database, meaning)[0][0]


# ---------------------------------------------------------------- who may not


def test_two_do_not_publish_to_one_schema_at_once(database: str, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "a.txt", STRIKE, 0)
    with connected(database) as connection:
        publish(ledger, connection, schema="dateline", now=NOON)
        with pytest.raises(BusyError, match="another `dateline publish` is at work"):
            published(ledger, database)
    assert not published(ledger, database).is_new


def test_what_is_not_ours_or_newer_or_of_another_ledger_is_left_alone(database: str, tmp_path: Path) -> None:
    ledger, other = open_ledger(tmp_path / "ledger"), open_ledger(tmp_path / "other")
    add(ledger, "a.txt", STRIKE, 0)
    add(other, "b.txt", STRIKE, 1)
    with connected(database) as connection:
        connection.execute("CREATE SCHEMA theirs; CREATE TABLE theirs.things (id int)")
    with pytest.raises(PublishError, match="holds other things and no ledger"):
        published(ledger, database, "theirs")
    published(ledger, database)
    with pytest.raises(PublishError, match="holds another ledger"):
        published(other, database)
    with connected(database) as connection:
        connection.execute("INSERT INTO dateline.schema_versions VALUES (99, 'later', 'x')")
    with pytest.raises(NewerSchemaError, match=r"of version 99.*Upgrade dateline"):
        published(ledger, database)
    for name in ("public", "pg_mine", "Mine", "a-b", 'x"; DROP SCHEMA dateline'):
        with pytest.raises(PublishError, match="cannot be the name of a schema"):
            published(ledger, database, name)


def test_readers_may_read_and_nothing_else(database: str, tmp_path: Path) -> None:
    from psycopg.errors import InsufficientPrivilege

    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "a.txt", STRIKE, 0)
    published(ledger, database)
    with connected(database) as connection:
        connection.execute("SET ROLE dateline_reader")
        assert connection.execute("SELECT count(*) FROM dateline.events_as_of('2030-01-01')").fetchone() == (2,)
        with pytest.raises(InsufficientPrivilege):
            connection.execute("DELETE FROM dateline.all_claims")
        connection.rollback()


def test_where_the_history_does_not_reach_is_said_and_can_be_worked_out(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "a.txt", STRIKE, 0)
    add(ledger, "b.txt", STRIKE + " Again.", 1)
    monkeypatch.setattr("dateline.publishing.publish.REPLAYED", 3)
    assert published(ledger, database).history_from == hours(1)
    with pytest.raises(PublishError, match=r"known here as of .* and later only"):
        said_by_database(database, hours(0))
    assert len(said_by_database(database, hours(1))) == 4
    published(ledger, database, is_whole=True)
    assert said_by_database(database, hours(0)) == said_by_ledger(ledger, hours(0))


# ---------------------------------------------------------------- the command


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(app, ["publish", *arguments])


def test_the_command_says_what_it_would_do_and_does_it(database: str, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "a.txt", STRIKE, 0)
    secret = database.split(":")[2].partition("@")[0]
    address = database.replace(f":{secret}", "")
    at = ["--ledger", str(ledger.path)]
    tried = run(address, *at, "--dry-run", PGPASSWORD=secret)
    assert f"1 shards, {len(migrations())} steps to publish; nothing was changed" in tried.output
    assert not rows(database, "SELECT 1 FROM pg_namespace WHERE nspname = 'dateline'")
    done = run(address, *at, PGPASSWORD=secret)
    assert done.exit_code == 0, done.output
    assert "3 claims" in done.output
    assert secret not in done.output + tried.output
    again = run(address, *at, "--json", PGPASSWORD=secret)
    assert json.loads(again.stdout)["is_new"] is False


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("postgresql", "mysql"), "not an address of PostgreSQL"),
        (("postgres:", "nobody:"), "Give the password in PGPASSWORD"),
        (("@127.0.0.1", "@127.0.0.2"), "Is the server running there"),
        (("/t", "/nowhere"), "Create the database first"),
    ],
)
def test_an_address_that_does_not_work_says_what_to_do_and_no_password(
    change: tuple[str, str], said: str, database: str, tmp_path: Path
) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "a.txt", FLOOD, 0)
    done = run(database.replace(*change), "--ledger", str(ledger.path))
    assert done.exit_code == 1
    assert said in done.output
    assert database.split(":")[2].partition("@")[0] not in done.output


def test_who_may_not_make_a_schema_is_told_whom_to_ask(database: str, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger")
    add(ledger, "a.txt", FLOOD, 0)
    with connected(database) as connection:
        connection.execute("DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN PASSWORD 'visit'")
    address = "postgresql://guest:visit@" + database.partition("@")[2]
    done = run(address, "--ledger", str(ledger.path))
    assert done.exit_code == 1
    assert "GRANT CREATE ON DATABASE" in done.output


def test_without_the_library_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_ledger(tmp_path / "ledger")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    done = run("postgresql://localhost/x", "--ledger", str(tmp_path / "ledger"))
    assert done.exit_code == 6
    assert "pip install 'dateline[postgres]'" in done.output
