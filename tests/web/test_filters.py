"""What an address asks for, found on the board and counted again in SQL over the ledger's own tables."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from dateline.ledger.store import open_ledger
from dateline.records import Judge, Judgement, JudgementKind
from dateline.web.filters import Filters, read_moment, written_moment
from dateline.web.site import Site
from tests.web.ledgers import samples_at

# Events of which one report tells: what the event says is then what the claim says, and the claim's columns are the whole truth.
ONE_REPORT = """
SELECT members.event_id, claims.* EXCLUDE (record), coalesce(claims.published, claims.known_at::DATE) AS told
FROM claims JOIN members USING (document_id, position)
WHERE members.event_id IN (SELECT event_id FROM events WHERE claim_count = 1)
"""

AT = datetime(2030, 1, 1, tzinfo=UTC)


class World:
    """The sample reports, some claims of them accepted, with a table of the events that one report tells of."""

    def __init__(self, folder: Path) -> None:
        ledger = open_ledger(samples_at(folder), create=False)
        self.site = Site(ledger)
        accepted = [row.claim_id for row in ledger.find(limit=60)][::4]
        said = [Judgement("", JudgementKind.ACCEPTED, Judge("Ada"), AT - timedelta(days=1), ((claim,),)) for claim in accepted]
        self.site.log.append(said)
        answer = ledger.sql(ONE_REPORT)
        rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        self.events = {row["event_id"] for row in rows}
        self.database = duckdb.connect(":memory:")
        kinds = {"latitude": "DOUBLE", "longitude": "DOUBLE", "first_day": "DATE", "last_day": "DATE", "told": "DATE"}
        names = ("actor_names", "recipient_names", "attribution")
        plain = (
            "event_id",
            "type",
            "mode",
            "status",
            "place_country",
            "place_name",
            "place_kind",
            "place_admin1",
            "evidence",
            "title",
        )
        columns = [*(f"{n} VARCHAR" for n in plain), *(f"{n} VARCHAR[]" for n in names), *(f"{n} {k}" for n, k in kinds.items())]
        self.database.execute(f"CREATE TABLE told ({', '.join(columns)}, is_accepted BOOLEAN)")
        wanted = (*plain, *names, *kinds)
        for row in rows:
            values = [*(row[name] for name in wanted), row["claim_id"] in accepted]
            self.database.execute(f"INSERT INTO told VALUES ({', '.join('?' * len(values))})", values)

    def values(self, column: str) -> list[Any]:
        told = f"SELECT {column} AS value FROM told"
        found = self.database.sql(f"SELECT DISTINCT value FROM ({told}) WHERE value IS NOT NULL ORDER BY 1").fetchall()
        return [value for (value,) in found]

    def counted(self, where: str) -> set[str]:
        return {id for (id,) in self.database.sql(f"SELECT event_id FROM told WHERE {where}").fetchall()}

    def found(self, query: list[tuple[str, str]]) -> set[str]:
        filters = Filters.parse(QueryParams(query))
        board = self.site.board(filters.as_of)
        return {board.id_of(row) for row in self.site.rows(filters).tolist()} & self.events


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("filters") / "ledger")


def quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def of_values(chosen: list[str], having: Any) -> str:
    """One of the values that are named, and none of those that are left out."""
    named = [having(value) for value in chosen if not value.startswith("-")]
    left_out = [having(value[1:]) for value in chosen if value.startswith("-")]
    said = [f"({' OR '.join(named)})"] if named else []
    return " AND ".join([*said, *(f"NOT ({one})" for one in left_out)])


def asked(world: World, seed: int) -> tuple[list[tuple[str, str]], str]:
    """Some filters as an address has them, and the same as SQL, written from docs/page-data.md."""
    dice = random.Random(seed)
    query: list[tuple[str, str]] = []
    where = ["true"]
    facets = {"type": "type", "mode": "mode", "status": "status", "country": "place_country", "place": "place_name"}
    for name, column in facets.items():
        if dice.random() < 0.25:
            chosen = [dice.choice(("", "", "-")) + value for value in dice.sample(world.values(column), k=dice.choice((1, 2, 3)))]
            query += [(name, value) for value in chosen]
            where.append(of_values(chosen, lambda value, c=column: f"coalesce({c} = {quoted(value)}, false)"))
    if dice.random() < 0.3:
        actors = world.values("unnest(actor_names || recipient_names || attribution)")
        chosen = [dice.choice(("", "", "-")) + value for value in dice.sample(actors, k=dice.choice((1, 2, 6)))]
        query += [("actor", value) for value in chosen]
        held = "actor_names || recipient_names || attribution"
        where.append(of_values(chosen, lambda value: f"list_contains({held}, {quoted(value)})"))
    if dice.random() < 0.15:
        sign = dice.choice(("", "-"))
        query.append(("flag", f"{sign}plan"))
        where.append(f"(status = 'planned') = {'false' if sign else 'true'}")
    where += list(days(dice, query))
    if dice.random() < 0.2:
        review = dice.choice(("all", "reviewed", "machine"))
        query.append(("review", review))
        where.append({"all": "true", "reviewed": "is_accepted", "machine": "NOT is_accepted"}[review])
    if dice.random() < 0.2:
        west, east = sorted(round(dice.uniform(-180, 180), 5) for _ in range(2))
        south, north = sorted(round(dice.uniform(-90, 90), 5) for _ in range(2))
        is_across = dice.random() < 0.3
        west, east = (east, west) if is_across else (west, east)
        query.append(("box", f"{west},{south},{east},{north}"))
        across = f"(longitude >= {west} OR longitude <= {east})" if is_across else f"longitude BETWEEN {west} AND {east}"
        where.append(f"coalesce(latitude BETWEEN {south} AND {north} AND {across}, false)")
    if dice.random() < 0.1:
        query.append(("witnesses", "2"))
        where.append("false")
    if dice.random() < 0.25:
        words = dice.choice(("minsk", "detained", "POLICE strike", "łukašenka", "2020", "the"))
        query.append(("q", words))
        said = "concat_ws(' ', evidence, title, type, mode, status, place_country, place_name, place_admin1, " + ", ".join(
            f"array_to_string({names}, ' ')" for names in ("actor_names", "recipient_names", "attribution")
        ) + ")"  # fmt: skip
        plain = "replace(lower(strip_accents({})), 'ł', 'l')"
        where += [f"contains({plain.format(said)}, {plain.format(quoted(word))})" for word in words.split()]
    return query, " AND ".join(where)


def days(dice: random.Random, query: list[tuple[str, str]]) -> Iterator[str]:
    if dice.random() > 0.35:
        return
    dates = dice.choice(("event", "report"))
    query.append(("dates", dates))
    first, last = ("first_day", "last_day") if dates == "event" else ("told", "told")
    since = date(2020, 8, 9) + timedelta(days=dice.randrange(12))
    until = since + timedelta(days=dice.randrange(6))
    is_since, is_until = dice.choice(((True, True), (True, False), (False, True)))
    if is_since:
        query.append(("since", since.isoformat()))
        yield f"coalesce({last} >= DATE '{since}', {first} IS NOT NULL)"
    if is_until:
        query.append(("until", until.isoformat()))
        yield f"coalesce({first} <= DATE '{until}', {last} IS NOT NULL)"


def test_two_hundred_random_questions_have_the_answers_of_a_recount(world: World) -> None:
    sizes = []
    for seed in range(200):
        query, where = asked(world, seed)
        counted = world.counted(where)
        assert world.found(query) == counted, (query, where)
        sizes.append(len(counted))
    assert sum(0 < size < len(world.events) for size in sizes) > 50


def test_an_address_comes_back_as_it_was(world: World) -> None:
    for seed in range(50):
        filters = Filters.parse(QueryParams(asked(world, seed)[0]))
        assert Filters.parse(QueryParams(filters.query())) == filters


def test_what_is_asked_is_said_in_words() -> None:
    query = (
        "type=COERCE&type=PROTEST&country=BLR&place=-Minsk&flag=differ&since=2020-08-17&witnesses=2&review=machine&q=water+cannon"
    )
    assert Filters.parse(QueryParams(query)).words() == (
        "COERCE or PROTEST; in BLR; in not Minsk; reports differ; with the words “water cannon”; "
        "happened from Mon 17 August 2020; 2 witnesses at least; by the machine alone"
    )
    assert Filters().words() == "reviewed by a person or not"


def test_a_form_that_was_left_empty_asks_for_everything() -> None:
    assert Filters.parse(QueryParams("type=&q=&since=&box=&witnesses=&review=&as_of=")) == Filters()


def test_a_day_is_its_end_and_a_moment_without_a_zone_is_utc() -> None:
    assert read_moment("2020-08-18") == datetime(2020, 8, 18, 23, 59, 59, 999999, UTC)
    assert read_moment("2020-08-18T12:00") == read_moment("2020-08-18T14:00+02:00") == datetime(2020, 8, 18, 12, tzinfo=UTC)
    for written in ("2020-08-18", "2020-08-18T12:00:00Z"):
        moment = read_moment(written)
        assert moment is not None
        assert written_moment(moment) == written
    with pytest.raises(HTTPException):
        read_moment("yesterday")


def test_words_that_nobody_looked_for_are_no_answer(world: World) -> None:
    with pytest.raises(ValueError, match="looked for"):
        Filters(q="minsk").rows(world.site.board())
