"""How a board is made, and brought up to date: what did not change is taken over, and only the rest is worked out.

An event says the same as long as it has the same claims, in the same codings, with the same witnesses. The ledger tells that of
all events at once, as a number each (`Ledger.event_prints`). Where people or editors said something of a claim, what they said is
folded into that number. So the board of an earlier moment, or of today after some reports and judgements, costs what is new.

Most events that must be worked out need no record read. One report, or several that say the same, and no figures to be settled:
then the flat columns of the claims say what the accounts would. tests/runs/test_board.py holds both against `read_events`.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from dateline.knowledge.accounts import AccountKnowledge
from dateline.ledger.judged import Judged
from dateline.ledger.resolve import ClaimStanding, followed
from dateline.ledger.store import MANY, Between, Ledger
from dateline.records import Judgement, JudgementKind
from dateline.runs.board import EPISODE, Board, Row, Stack, board_key, laid_out, stacked, taken
from dateline.runs.board_rows import ByPersons, Made, Part, Piece, RowMaker, piece_of, row_of
from dateline.runs.events import Known, event_told, known_of, read_events
from dateline.runs.hands import hands

if TYPE_CHECKING:
    import pyarrow as pa

EPISODES_UP_TO = 1_000
"""Events up to which it is worked out which of them make up episodes: all of them have to be read for that, each time."""

BAND = 250_000
"""Events that are worked out one after another: their claims' columns take some 200 MB, and each band reads all claims once."""

CLAIMS_A_PIECE, RECORDS_A_PIECE = 20_000, 4_000
"""Claims that are worked out at once, in a second or two."""

RECORDS_AT_ONCE = 40_000
"""Events whose records are read at once: some hundred megabytes of JSON."""

ALONE_UP_TO = 20_000
"""Events up to which one process is quicker: another takes a second or two to start."""

OnPart = Callable[[int, int, Callable[[], Board]], None]
"""Is told how many of how many events are worked out, and can have them as a board, which has the `key` of none."""


def make_board(
    ledger: Ledger,
    knowledge: AccountKnowledge,
    people: Judged,
    before: Board | None = None,
    *,
    workers: int = 1,
    on_part: OnPart | None = None,
) -> Board:
    """The board of a ledger with people's judgements, as of their moment. What a board of any other moment (`before`) has of it is
    taken over; without one everything is worked out, which takes some minutes for a million events."""
    key, as_of = board_key(ledger, people), people.as_of
    known, by_persons, said = _what_is_said(ledger, knowledge, people)
    ids, prints = _prints(ledger, people, said)
    kept, is_kept = _kept(before, ids, prints)
    on = (as_of or datetime.now(UTC)).date()
    coverage = ledger.coverage(on, as_of=as_of)
    is_small = len(ids) <= EPISODES_UP_TO

    def board(key: str) -> Board:
        return laid_out(stacks or [stacked([])], key=key, as_of=as_of, coverage=coverage, has_episodes=is_small)

    stacks, new = list(kept), ids[~is_kept]
    done = len(ids) - len(new)
    if on_part is not None:
        on_part(done, len(ids), partial(board, ""))
    load = partial(_stacker, known, by_persons, frozenset(said.digests))
    with hands(load, workers if len(new) > ALONE_UP_TO else 1) as do:
        for part in _parts(ledger, people, ids, new, do):
            stack = _wanted(part.rows, new)
            stacks.append(replace(stack, prints=prints[np.searchsorted(ids, stack.ids)]))
            done += len(stack.ids)
            if on_part is not None:
                on_part(done, len(ids), partial(board, ""))
    made = board(key)
    return _with_episodes(made, ledger, knowledge, people) if is_small else made


def board_of_events(ledger: Ledger, knowledge: AccountKnowledge, people: Judged, ids: Sequence[str]) -> Board:
    """The rows of these events alone, as the board has them; those that are none, or that people rejected, are left out.

    What depends on other events is not there: nobody looked for episodes, and no day has documents.
    """
    known, by_persons, _ = _what_is_said(ledger, knowledge, people)
    told = ledger.tellings(ids, judged=people.events, as_of=people.as_of) if ids else []
    events = (event_told(id, list(rows), known) for id, rows in groupby(told, key=lambda row: row.event_id))
    rows = [row_of(event, by_persons) for event in events if event is not None]
    return laid_out([stacked(rows)], key="", as_of=people.as_of, coverage=(), has_episodes=False)


@dataclass(frozen=True, eq=False)
class Prints:
    """Events, sorted by id, each with its print: the ledger's number of its claims."""

    ids: Any
    prints: Any

    def __len__(self) -> int:
        return len(self.ids)


NO_PRINTS = Prints(np.zeros(0, "S1"), np.zeros(0, "<u8"))


def prints_of(pairs: Iterable[tuple[str, int]]) -> Prints:
    """Prints that were kept somewhere, in any order."""
    kept = list(pairs)
    ids, prints = _encoded(id for id, _ in kept), np.array([print_ for _, print_ in kept], "<u8")
    order = np.argsort(ids, kind="stable")
    return Prints(ids[order], prints[order]) if kept else NO_PRINTS


@dataclass(frozen=True, eq=False)
class Since:
    """What of a ledger's events may say something else than when their prints were `before`: these `ids` have to be looked at.

    `rows` gives those of which something is left, each with its print, once; `gone` are events that there are no longer.
    """

    now: Prints
    ids: tuple[str, ...]
    gone: tuple[str, ...]
    rows: Iterator[tuple[Row, int]]


def rows_since(ledger: Ledger, knowledge: AccountKnowledge, people: Judged, before: Prints) -> Since:
    """The rows of all events that a board would not take over from one with these prints, as of the moment of `people`."""
    known, by_persons, said = _what_is_said(ledger, knowledge, people)
    ids, prints = _prints(ledger, people, said)
    is_kept = np.zeros(len(ids), bool)
    if len(before) and len(ids):
        places = np.minimum(np.searchsorted(before.ids, ids), len(before) - 1)
        is_kept = (before.ids[places] == ids) & (before.prints[places] == prints)
    new = ids[~is_kept]
    print_of = {id.decode("ascii"): int(print_) for id, print_ in zip(new, prints[~is_kept], strict=True)}
    gone = tuple(id.decode("ascii") for id in before.ids[~np.isin(before.ids, ids)])
    maker = RowMaker(known, by_persons, frozenset(said.digests))
    parts = _parts(ledger, people, ids, new, partial(map, maker.rows))
    rows = ((row, print_of[row.id]) for part in parts for row in part.rows if row.id in print_of)
    return Since(Prints(ids, prints), tuple(print_of), gone, rows)


def _prints(ledger: Ledger, people: Judged, said: _Said, only: Collection[str] | None = None) -> tuple[Any, Any]:
    """All events that say something, or some, sorted, each with its print: of the claims, and of what was said of them."""
    found = ledger.event_prints(only, judged=people.events, as_of=people.as_of)
    ids, prints = _encoded(found.column("event_id").to_pylist()), found.column("print").to_numpy().copy()
    order = np.argsort(ids, kind="stable")
    ids, prints, claims = ids[order], prints[order], found.column("claims").to_numpy()[order]
    told = sorted(said.digests.items())
    places = np.searchsorted(ids, _encoded(id for id, _ in told))
    prints[places] ^= np.array([digest for _, digest in told], np.uint64)
    # Of an event that people rejected whole there is nothing to read.
    is_left = np.ones(len(ids), bool)
    rejected = sorted(said.rejected.items())
    places = np.searchsorted(ids, _encoded(id for id, _ in rejected))
    is_left[places] = claims[places] > [number for _, number in rejected]
    return ids[is_left], prints[is_left]


def _encoded(ids: Iterable[str]) -> Any:
    return np.array([id.encode("ascii", "replace") for id in ids], "S")


@dataclass(frozen=True)
class _Said:
    """What was said of events besides their claims: `digests` of all of it by event, and how many claims people `rejected`."""

    digests: Mapping[str, int]
    rejected: Mapping[str, int]


def with_judgements(ledger: Ledger, people: Judged, before: Board, then: Judged, known: Known) -> Board | None:
    """The board when nothing but judgements changed since `before` was made, with those of `then`: only events that they are about
    are looked at. `known` is of the same ledger.

    None: they are about so many events that all have to be looked at, or it has to be found out anew what makes up episodes.
    """
    changed = _judged_otherwise(people, then)
    if before.has_episodes or len(changed) > MANY:
        return None
    as_of = people.as_of
    ids = frozenset().union(*(ledger.events_of(changed, judged=one.events, as_of=as_of) for one in (then, people)))
    told = ledger.members_of(ids, judged=people.events, as_of=as_of)
    known, by_persons, said = _said_of(told, replace(known, held=people.standings), people)
    asked, prints = _prints(ledger, people, said, ids)
    maker = RowMaker(known, by_persons, frozenset(said.digests))
    parts = _parts(ledger, people, asked, asked, partial(map, maker.stack))
    stacks = [replace(part.rows, prints=prints[np.searchsorted(asked, part.rows.ids)]) for part in parts]
    kept = taken(before, np.flatnonzero(~np.isin(before.ids, _encoded(ids))))
    coverage = ledger.coverage((as_of or datetime.now(UTC)).date(), as_of=as_of)
    key = board_key(ledger, people)
    return laid_out([kept, *stacks], key=key, as_of=as_of, coverage=coverage, has_episodes=False)


def _judged_otherwise(people: Judged, then: Judged) -> frozenset[str]:
    """The claims of which something else is judged, or which are of another event by what is."""
    standings = people.standings, then.standings
    events = people.events, then.events
    grouped = _grouped(people) ^ _grouped(then)
    changed = {claim for claim in standings[0].keys() | standings[1].keys() if standings[0].get(claim) != standings[1].get(claim)}
    moved = {claim for claim in events[0].keys() | events[1].keys() if events[0].get(claim) != events[1].get(claim)}
    return frozenset(changed | moved | grouped)


def _grouped(people: Judged) -> frozenset[str]:
    """The claims that persons put together or took apart."""
    held = (j for j in people.judgements if j.id in people.in_force and not j.by.is_machine)
    moved = (followed(j, people.successors) for j in held if j.kind in {JudgementKind.MERGED, JudgementKind.SPLIT})
    return frozenset(claim for judgement in moved for claim in judgement.claims)


def _what_is_said(ledger: Ledger, knowledge: AccountKnowledge, people: Judged) -> tuple[Known, ByPersons, _Said]:
    """What people and editors said, of claims and of events that therefore say more than their claims do."""
    known = known_of(ledger, knowledge, people, people.as_of)
    claims = {*people.standings, *_grouped(people)}
    documents = {*known.changes, *known.superseded}
    told = ledger.events_told_by(claims, documents, judged=people.events, as_of=people.as_of)
    return _said_of(told, known, people)


def _said_of(told: Sequence[tuple[str, str, str]], known: Known, people: Judged) -> tuple[Known, ByPersons, _Said]:
    """The same, of what is told: (event, claim, document)."""
    rejected = [event for event, claim, _ in told if people.standings.get(claim, ClaimStanding()).is_rejected]
    by_persons = ByPersons(people.standings, _grouped(people), frozenset(rejected))
    noted = [
        (event, claim, document)
        for event, claim, document in told
        if claim in people.standings or claim in by_persons.grouped or document in known.changes or document in known.superseded
    ]
    return known, by_persons, _said(noted, known, by_persons)


def _said(told: Iterable[tuple[str, str, str]], known: Known, by_persons: ByPersons) -> _Said:
    words: defaultdict[str, list[str]] = defaultdict(list)
    rejected: Counter[str] = Counter()
    entries: dict[str, int] = {}  # a judgement about an event names all of its claims, and stands with each of them

    def entry(judgement: Judgement) -> int:
        if judgement.id not in entries:
            entries[judgement.id] = _digest(repr(judgement))
        return entries[judgement.id]

    for event, claim, document in told:
        standing = by_persons.standings.get(claim, ClaimStanding())
        judged = [entry(j) for j in (standing.verdict, standing.retraction, standing.superseded, *standing.corrections) if j]
        noted = known.changes.get(document), known.superseded.get(document)
        words[event].append(repr((claim, claim in by_persons.grouped, judged, noted)))
        rejected[event] += standing.is_rejected
    digests = {event: _digest("\n".join(sorted(lines))) for event, lines in words.items()}
    return _Said(digests, {event: number for event, number in rejected.items() if number})


def _digest(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _kept(before: Board | None, ids: Any, prints: Any) -> tuple[list[Stack], Any]:
    """The rows that say what they said before, and which of the events they are."""
    if before is None or not len(before) or not len(ids):
        return [], np.zeros(len(ids), bool)
    order = np.argsort(before.ids, kind="stable")
    places = order[np.minimum(np.searchsorted(before.ids, ids, sorter=order), len(order) - 1)]
    is_kept = (before.ids[places] == ids) & (before.prints[places] == prints)
    stack = taken(before, places[is_kept].astype(np.int64))
    stack.columns["flags"] &= ~np.uint8(EPISODE)
    return [stack], is_kept


def _with_episodes(board: Board, ledger: Ledger, knowledge: AccountKnowledge, people: Judged) -> Board:
    """The board with the flag of events that are part of an episode."""
    events = read_events(ledger, knowledge, as_of=people.as_of, people=people).events
    board.columns["flags"][board.rows_of([event.id for event in events if event.episode is not None])] |= EPISODE
    return board


# ---------------------------------------------------------------- what must be worked out


def _parts(
    ledger: Ledger, people: Judged, ids: Any, new: Any, do: Callable[[Iterable[Piece]], Iterator[Part[Made]]]
) -> Iterator[Part[Made]]:
    """What `do` makes of the pieces: the rows of the `new` ones of all events (both sorted), and of some others."""
    for start in range(0, len(new), BAND):
        band = new[start : start + BAND]
        others: list[str] = []
        told = ledger.claims_told(_asked(ids, band), judged=people.events, as_of=people.as_of)
        for part in do(_pieces(told, CLAIMS_A_PIECE, has_records=False)):
            others += part.others
            yield part
        del told
        wanted = _encoded(others)
        wanted = wanted[np.isin(wanted, band)]
        for first in range(0, len(wanted), RECORDS_AT_ONCE):
            some = [id.decode("ascii") for id in wanted[first : first + RECORDS_AT_ONCE].tolist()]
            records = ledger.tellings_in_columns(some, judged=people.events, as_of=people.as_of)
            yield from do(_pieces(records, RECORDS_A_PIECE, has_records=True))


def _stacker(known: Known, by_persons: ByPersons, noted: frozenset[str]) -> Callable[[Piece], Part[Stack]]:
    return RowMaker(known, by_persons, noted).stack


def _asked(ids: Any, band: Any) -> Collection[str] | Between:
    """How to ask the ledger for these events, which are sorted: most that lie between the first and the last, or one by one."""
    first, last = np.searchsorted(ids, band[[0, -1]])
    if len(band) > MANY and 2 * len(band) > last - first:
        return Between(band[0].decode("ascii"), band[-1].decode("ascii"))
    return [id.decode("ascii") for id in band.tolist()]


def _pieces(columns: pa.Table, size: int, *, has_records: bool) -> Iterator[Piece]:
    """The columns in pieces of about so many rows, none of which ends within an event."""
    if not columns.num_rows:
        return
    events: Any = columns.column("event_id").to_numpy()
    ends = np.append(np.flatnonzero(events[1:] != events[:-1]) + 1, columns.num_rows)
    start = 0
    while start < columns.num_rows:
        end = int(ends[min(int(np.searchsorted(ends, start + size)), len(ends) - 1)])
        yield piece_of(columns.slice(start, end - start), has_records=has_records)
        start = end


def _wanted(rows: Stack, new: Any) -> Stack:
    """Of these rows those of events that are new."""
    is_new = np.isin(rows.ids, new)
    return rows if is_new.all() else taken(rows, np.flatnonzero(is_new))
