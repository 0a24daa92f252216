"""The board says what an event says when it is read by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dateline.knowledge.accounts import load_accounts
from dateline.ledger.corrections import Codes
from dateline.ledger.derived import LinkRow
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, open_ledger
from dateline.ledger.validate import validate
from dateline.records import (
    About,
    Coder,
    Days,
    Judge,
    Judgement,
    JudgementKind,
    LinkedEvent,
    Place,
    Report,
    StatusValue,
    Verdict,
)
from dateline.runs.board import (
    ACCEPTED,
    CORRECTED,
    DIFFER,
    EPISODE,
    FIGURE_RUNNING,
    NO_DAY,
    PLACES,
    PLAN,
    REGROUPED,
    REVISED,
    TELLER,
    WITHDRAWN,
    Board,
    wire,
)
from dateline.runs.board_file import keep_board, kept_board
from dateline.runs.board_making import make_board
from dateline.runs.events import read_events
from dateline.watching.happenings import Happening, Party, best_of, brief_of
from tests.web.ledgers import samples_at

KNOWLEDGE = load_accounts()


def board_of(ledger: Ledger, as_of: datetime | None = None) -> Board:
    return make_board(ledger, KNOWLEDGE, Judged(ledger, Log(ledger.path), as_of))


def assert_says_the_same(ledger: Ledger, as_of: datetime | None = None) -> Board:
    """Every row of the board against its event, and no event without a row."""
    board = board_of(ledger, as_of)
    events = read_events(ledger, KNOWLEDGE, as_of=as_of).events
    assert {board.id_of(row) for row in range(len(board))} == {event.id for event in events}
    for event in events:
        row = board.row_of(event.id)
        assert row is not None
        assert said_by(board, row) == said_of(event)
    order = [(day, last, id) for day, last, id in zip(board.columns["first"], board.columns["last"], board.ids, strict=True)]
    assert order == sorted(order)
    return board


def said_by(board: Board, row: int) -> dict[str, object]:
    brief = board.brief(row)
    place = board.place_of(row)
    precision = int(board.columns["precision"][row])
    return {
        **fields_of(brief),
        "precision": board.tables.precisions[precision] if precision < 255 else None,
        "point": place.point if place else None,
        "figures": [(f.what, f.low, f.high, f.flags & FIGURE_RUNNING > 0) for f in board.figures_of(row)],
        "tellers": [party.name for party in board.parties_of(row, TELLER)],
        "known": board.day("known", row),
        "counted": [int(board.columns[name][row]) for name in ("documents", "witnesses", "claims")],
        "flags": int(board.columns["flags"][row]),
        "lead": board.lead_of(row),
    }


def said_of(event: LinkedEvent) -> dict[str, object]:
    """The same, worked out from the definitions of docs/page-data.md."""
    brief, accounts = brief_of(event), event.accounts
    current = [t for t in event.tellings if t.is_current]
    place, days = best_of(accounts, "place", Place), best_of(accounts, "days", Days)
    where = accounts.field("place")
    times = [t.claim.event.time for t in event.tellings]
    running = {figure.what: figure.is_running for figure in brief.figures}
    flags = {
        DIFFER: bool(brief.contradictions), REVISED: bool(brief.movements), WITHDRAWN: bool(brief.withdrawals),
        PLAN: any(t.claim.event.status.value is StatusValue.PLANNED for t in current), EPISODE: event.episode is not None,
        PLACES: where is not None and where.verdict is Verdict.DISPUTE,
    }  # fmt: skip
    return {
        **fields_of(brief),
        "precision": next((str(t.precision) for t in times if t and days and (t.first, t.last) == (days.first, days.last)), None),
        "point": place.point if place and place.kind not in {"country", "region"} else None,
        "figures": [(t.what, t.low, t.high, running[t.what]) for t in accounts.tallies if t.side is None and t.best is not None],
        "tellers": list(dict.fromkeys(teller.actor.name for t in current for teller in t.claim.event.attribution)),
        "known": min(t.known_at for t in event.tellings).date(),
        "counted": [len({t.claim.document for t in event.tellings}), len(accounts.witnesses), len(event.tellings)],
        "flags": sum(bit for bit, holds in flags.items() if holds),
        "lead": (current or event.tellings)[0].claim.id,
    }


def fields_of(brief: Happening) -> dict[str, object]:
    def sides(parties: tuple[Party, ...]) -> list[tuple[str, str | None, str | None]]:
        return list(dict.fromkeys((party.name, party.country, party.sector) for party in parties))

    return {
        "id": brief.id, "type": brief.type, "mode": brief.mode, "status": brief.status, "first": brief.first, "last": brief.last,
        "place": brief.place, "admin1": brief.admin1, "country": brief.country, "actors": sides(brief.actors),
        "recipients": sides(brief.recipients), "witnesses": brief.witnesses, "confidence": round(100 * brief.confidence),
        "told": brief.told,
    }  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(samples_at(tmp_path / "ledger"), create=False)


CODES = Codes({}, frozenset(), frozenset({"BLR"}), frozenset({"killed"}))
ADA = Judge("Ada")
WHY = "so it is"


def enter(ledger: Ledger, *judgements: Judgement) -> None:
    """Each as an entry of its own."""
    for judgement in judgements:
        Log(ledger.path).append([judgement])


def people_of(ledger: Ledger) -> Judged:
    return Judged(ledger, Log(ledger.path))


def now() -> datetime:
    return datetime.now(UTC)


def verdict(ledger: Ledger, kind: JudgementKind, id: str) -> None:
    enter(ledger, *people_of(ledger).verdicts(kind, [id], About.CLAIM, ADA, now(), WHY))


def correct(ledger: Ledger, id: str, field: str, value: str, about: About) -> None:
    enter(ledger, people_of(ledger).correction(id, field, value, CODES, about, ADA, now(), WHY))


def part_of(source: Ledger, folder: Path, parts: Sequence[tuple[slice, datetime]]) -> Ledger:
    """A ledger of some of another one's reports with their links, entered in parts, each at its moment."""
    ledger = open_ledger(folder)
    documents = source.documents()
    links = source.derived_columns("links").to_pylist()
    for some, moment in parts:
        codings = [source.coding(row.document_id) for row in documents[some]]
        reports = [Report(row.report, source.raw(row.raw_sha256), "text/plain") for row in documents[some]]
        ledger.add(codings, reports, coder=Coder("p", "m", "k"), known_at=moment)
        claims = {claim.id for coding in codings for claim in coding.claims}
        told = [LinkRow(**{f.name: row[f.name] for f in fields(LinkRow)}) for row in links if row["claim_id"] in claims]
        ledger.add_rows("links", told, by="test", known_at=moment + timedelta(hours=1))
    return ledger


def test_it_says_what_each_event_says(ledger: Ledger) -> None:
    board = assert_says_the_same(ledger)
    assert board.columns["flags"].any()
    assert len(board.columns["figure_what"]) > 20
    assert (board.columns["review"] == 0).all()


def test_it_says_what_people_judged(ledger: Ledger) -> None:
    events = sorted(read_events(ledger, KNOWLEDGE).events, key=lambda e: (-len(e.tellings), e.id))
    many, other, third, fourth, fifth, sixth, seventh = events[:7]
    before = now()
    verdict(ledger, JudgementKind.ACCEPTED, other.id)
    correct(ledger, third.id, "day", "2020-08-17", About.EVENT)
    correct(ledger, third.id, "counts.killed", "40..", About.CLAIM)
    people = people_of(ledger)
    enter(
        ledger,
        people.merger([fourth.id, fifth.id], ADA, now(), WHY),
        people.split(many.id, [many.accounts.claims[1]], ADA, now(), WHY),
    )
    verdict(ledger, JudgementKind.REJECTED, sixth.accounts.claims[0])
    verdict(ledger, JudgementKind.REJECTED, events[-1].id)
    verdict(ledger, JudgementKind.RETRACTED, seventh.accounts.claims[0])
    board = assert_says_the_same(ledger)
    reviewed = {id: int(board.columns["review"][row]) for id in board_ids(board) if (row := board.row_of(id)) is not None}
    assert reviewed[other.id] == ACCEPTED
    assert reviewed[third.id] == CORRECTED
    assert reviewed[many.id] == reviewed[many.accounts.claims[1]] == REGROUPED
    assert {reviewed.get(fourth.id), reviewed.get(fifth.id)} == {REGROUPED, None}
    assert reviewed[sixth.id] == CORRECTED
    assert reviewed[seventh.id] == CORRECTED
    assert events[-1].id not in reviewed
    earlier = assert_says_the_same(ledger, before)
    assert earlier.key != board.key
    assert (earlier.columns["review"] == 0).all()


def board_ids(board: Board) -> list[str]:
    return [board.id_of(row) for row in range(len(board))]


def test_it_says_what_was_known_then(ledger: Ledger, tmp_path: Path) -> None:
    moments = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)]
    grown = part_of(ledger, tmp_path / "grown", [(slice(None, 9), moments[0]), (slice(9, None), moments[1])])
    first, last = (assert_says_the_same(grown, moment + timedelta(days=1)) for moment in moments)
    assert 0 < len(first) < len(last)
    nothing = assert_says_the_same(grown, moments[0] - timedelta(days=400))
    assert len(nothing) == 0
    assert nothing.columns["party_start"].tolist() == [0]
    assert (last.columns["first"] == NO_DAY).any()
    over = make_board(grown, KNOWLEDGE, Judged(grown, Log(grown.path), moments[0] + timedelta(days=1)), last)
    assert wire(over) == wire(first)


def test_what_did_not_change_is_taken_over_and_the_board_is_the_same(ledger: Ledger) -> None:
    before = board_of(ledger)
    events = read_events(ledger, KNOWLEDGE).events
    verdict(ledger, JudgementKind.ACCEPTED, events[3].id)
    people = people_of(ledger)
    enter(ledger, people.merger([events[5].id, events[9].id], ADA, now(), WHY))
    correct(ledger, events[12].id, "day", "2020-08-17", About.EVENT)
    people = Judged(ledger, Log(ledger.path))
    anew, over = make_board(ledger, KNOWLEDGE, people), make_board(ledger, KNOWLEDGE, people, before)
    assert wire(anew) == wire(over)
    assert over.key != before.key
    people = people_of(ledger)
    merger = next(judgement.id for judgement in people.judgements if judgement.kind is JudgementKind.MERGED)
    enter(ledger, people.undoing([merger], ADA, now(), WHY))
    undone = make_board(ledger, KNOWLEDGE, Judged(ledger, Log(ledger.path)), over)
    assert wire(undone) == wire(board_of(ledger))


def test_what_people_said_is_read_once_and_again_when_they_say_something_else(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    prints = ledger.event_prints().to_pylist()
    one, other, gone = sorted(row["event_id"] for row in prints if row["claims"] == 2)[:3]
    people = people_of(ledger)
    verdict(ledger, JudgementKind.ACCEPTED, one)
    verdict(ledger, JudgementKind.REJECTED, people.claims_of(other)[0])
    for claim in people.claims_of(gone):  # all of it: there is no such event any more
        verdict(ledger, JudgementKind.REJECTED, claim)
    monkeypatch.setattr("dateline.runs.board_making.EPISODES_UP_TO", 0)
    before = board_of(ledger)
    read: list[str] = []
    tellings = Ledger.tellings_in_columns

    def noting(book: Ledger, events: Sequence[str], **asked: Any) -> pa.Table:
        read.extend(events)
        return tellings(book, events, **asked)

    monkeypatch.setattr(Ledger, "tellings_in_columns", noting)
    again = make_board(ledger, KNOWLEDGE, people_of(ledger), before)
    assert read == []
    verdict(ledger, JudgementKind.ACCEPTED, people.claims_of(one)[1])
    over = make_board(ledger, KNOWLEDGE, people_of(ledger), again)
    assert read == [one]
    assert wire(over) == wire(board_of(ledger))


def test_a_board_that_was_kept_is_read_again(ledger: Ledger) -> None:
    board = board_of(ledger)
    assert kept_board(ledger.path, KNOWLEDGE) is None
    path = keep_board(board, ledger.path, KNOWLEDGE)
    kept = kept_board(ledger.path, KNOWLEDGE)
    assert path is not None
    assert kept is not None
    assert path.is_relative_to(ledger.path)
    assert wire(kept) == wire(board)
    assert (kept.key, kept.row_of(board.id_of(7)), kept.figures_of(7)) == (board.key, 7, board.figures_of(7))
    assert list(validate(ledger, is_strict=True)) == []
    ledger.compact(made_at=now())
    assert list(validate(ledger)) == []
    assert path.exists()


def test_a_board_that_was_damaged_is_not_believed(ledger: Ledger) -> None:
    path = keep_board(board_of(ledger), ledger.path, KNOWLEDGE)
    assert path is not None
    written = path.read_bytes()
    torn = [written[: len(written) // 2], b""]
    for damaged in (*torn, *(changed(written, place) for place in (0, 3, 200, len(written) // 2, len(written) - 1))):
        path.write_bytes(damaged)
        assert kept_board(ledger.path, KNOWLEDGE) is None
    path.write_bytes(written)
    assert kept_board(ledger.path, KNOWLEDGE) is not None


def changed(written: bytes, place: int) -> bytes:
    return written[:place] + bytes([written[place] ^ 1]) + written[place + 1 :]


def test_a_board_that_was_made_by_other_rules_is_not_believed(ledger: Ledger) -> None:
    keep_board(board_of(ledger), ledger.path, KNOWLEDGE)
    assert kept_board(ledger.path, replace(KNOWLEDGE, crowds=KNOWLEDGE.crowds | {"nobody"})) is None


def test_a_board_of_another_ledger_changes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    book = part_of(ledger, tmp_path / "other", [(slice(3, 9), datetime(2026, 1, 1, tzinfo=UTC))])
    made = make_board(book, KNOWLEDGE, Judged(book, Log(book.path)), board_of(ledger))
    assert wire(made) == wire(board_of(book))


def test_a_board_is_kept_in_the_cache_where_the_ledger_cannot_be_written(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    (ledger.path / "board").write_text("in the way of the folder")
    path = keep_board(board_of(ledger), ledger.path, KNOWLEDGE)
    assert path is not None
    assert path.is_relative_to(tmp_path / "cache")
    assert kept_board(ledger.path, KNOWLEDGE) is not None
