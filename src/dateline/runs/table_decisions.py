"""A table of events that was edited in a spreadsheet, read back as decisions: what would be entered, and what would not and why.

An edited cell is a correction of the whole event, as `dateline correct --event` makes it; the column `decision` accepts, rejects or
retracts it, merges it with others, or says that it is not the same as another. Untouched cells come to nothing, and so does a table
that is read a second time: what was entered carries the hash of its row.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from dateline.knowledge.accounts import AccountKnowledge
from dateline.ledger.corrections import COUNTS, NONE, Codes, CorrectionError, checked
from dateline.ledger.errors import AmbiguousIdError, JudgementError, NotFoundError
from dateline.ledger.judged import Judged, correction_of, verdict_of
from dateline.ledger.resolve import entry_number, followed, standing_contradictions
from dateline.ledger.rows import ClaimRow
from dateline.records import About, Judge, Judgement, JudgementKind
from dateline.runs.board_making import board_of_events
from dateline.runs.codes import codes_of
from dateline.runs.one_actor import with_names
from dateline.runs.table_cells import (
    DAY,
    DECISION,
    EXPORTED,
    FIRST_DAY,
    HIGH,
    ID,
    LAST_DAY,
    LOW,
    REASON,
    SINGLE,
    Exported,
    columns_of,
    fields_in,
    halves_in,
    orders_of,
    read_exported,
    readings_of,
    values_of,
)
from dateline.runs.table_file import WINDOWS, Table, TableError, TableRow, has_lost_letters, is_lossy_of

ROW = "row"
"""The fact of a judgement that was read from a table: the hash of the row and of what was decided in it."""

OWN = (ID, DECISION, REASON, EXPORTED, FIRST_DAY, LAST_DAY, *SINGLE)
"""The columns that are read, besides those of figures."""

TOLD = (
    "day_precision", "place_kind", "admin1", "latitude", "longitude", "documents", "witnesses", "claims", "confidence", "marks",
    "review", "first_reported", "known_since", "headline", "evidence", "title", "address", "about_this_file",
)  # fmt: skip
"""Columns of the download that tell what was worked out: what is written there is not read."""

KINDS = {"accept": JudgementKind.ACCEPTED, "reject": JudgementKind.REJECTED, "retract": JudgementKind.RETRACTED}
PAST = {"accepted": "accept", "rejected": "reject", "retracted": "retract", "merged": "merge"}

_DECISION = re.compile(r"(?P<what>accept|reject|retract|merge|not[ -]same)(?:[ -](?:with|as))?[ :]*(?P<ids>[^:]*)")

DECISIONS = "accept, reject, retract, merge ID, not-same ID"
"""What the column can say, for people."""


@dataclass(frozen=True)
class Unread:
    """Something in a table that comes to nothing: the number of its row, the column, what is wrong and what to do."""

    row: int
    column: str
    words: str


@dataclass(frozen=True)
class Conflict:
    """An edit of something that is not what was exported any more. `now` is what it is, `yours` what the table says, `since` what
    was judged of the event since then."""

    row: int
    column: str
    event: str
    now: str
    yours: str
    since: tuple[Judgement, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A judgement that would be entered, and the row that asks for it."""

    row: int
    judgement: Judgement


@dataclass(frozen=True)
class Plan:
    """What a table comes to. `rows` are all of it, `already` counts decisions that were entered before or change nothing.

    `notes` are about the whole table: columns that are not read, letters that were lost.
    """

    rows: int
    drafts: tuple[Draft, ...]
    already: int = 0
    conflicts: tuple[Conflict, ...] = ()
    unread: tuple[Unread, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """What is to be entered as one entry."""
        return tuple(draft.judgement for draft in self.drafts)

    def kinds(self) -> dict[str, int]:
        """How many of each kind would be entered, corrections by their field, most first."""
        counts = Counter(
            f"corrected {j.field}" if j.kind is JudgementKind.CORRECTED else j.kind.value for j in self.judgements
        )  # fmt: skip
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def digest(self) -> str:
        """What tells one plan from another: what was looked at is what is entered."""
        said = [(j.kind.value, j.sides, j.field, j.value, j.reason) for j in self.judgements]
        return hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:32]


# ---------------------------------------------------------------- what the table says by itself


@dataclass(frozen=True)
class _Edit:
    """A cell that is not as it was exported: what it says, or what is wrong with it."""

    row: TableRow
    id: str
    exported: Exported | None
    field: str
    value: str
    fault: str = ""

    @property
    def column(self) -> str:
        return columns_of(self.field)[0] if self.field != DECISION else DECISION

    def digest(self) -> str:
        """The same for the same decision in the same row of the same download."""
        said = (self.id, self.field, self.value, self.row.cells.get(EXPORTED, ""))
        return hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()[:16]


def known_column(column: str) -> bool:
    """Whether a column is one of the download."""
    return column in OWN or column in TOLD or column.endswith((LOW, HIGH))


def _edits(table: Table) -> tuple[list[_Edit], list[Unread]]:
    """The edited cells and decisions of a table, in order, and what cannot be read. Raises TableError."""
    fields = fields_in(table.columns)
    if EXPORTED not in table.columns and fields:
        raise TableError(
            f"no column {EXPORTED!r}: without it a cell that was edited cannot be told from one that is out of date. "
            f"Keep it when you edit, or leave only {ID}, {DECISION} and {REASON}"
        )
    order = _order(table, fields)
    edits: list[_Edit] = []
    unread: list[Unread] = []
    for row in table.rows:
        id, exported, fault = _whose(row, table)
        asked = row.cells.get(DECISION, "")
        if fault:
            if asked or _is_changed(row, fields, exported, order, table.separator):
                unread.append(fault)
            continue
        found = [edit for name in fields if exported and (edit := _edit(row, id, exported, name, order, table.separator))]
        found += [_Edit(row, id, exported, DECISION, asked)] if asked else []
        if row.cells.get(REASON) and not found:
            unread.append(Unread(row.number, REASON, "a reason, and nothing in the row that it could be the reason of"))
        edits += found
    return edits, unread


def _whose(row: TableRow, table: Table) -> tuple[str, Exported | None, Unread | None]:
    """The event of a row, and what it was exported with; the two do not fit: what is wrong."""
    said, cell = row.cells[ID], row.cells.get(EXPORTED, "")
    if EXPORTED not in table.columns:
        return said, None, None if said else Unread(row.number, ID, "no id: whose row is it?")
    exported = read_exported(cell)
    if exported is None:
        words = f"{cell[:20]!r} is not what was exported" if cell else "empty"
        return said, None, Unread(row.number, EXPORTED, f"{words}: put back what the download has here, or download it anew")
    # A spreadsheet takes an id of digits for a number and rounds it.
    if said == exported.id or re.fullmatch(r"[\d.,]+(e\+?\d+)?", said, re.IGNORECASE):
        return exported.id, exported, None
    words = f"{said!r} beside what was exported of {exported.id}: was one column sorted by itself? Sort whole rows"
    return said, exported, Unread(row.number, ID, words if said else "no id: whose row is it?")


def _order(table: Table, fields: Sequence[str]) -> str | None:
    """In which order the file has day and month, if all that tells it agrees; nothing tells it: None."""
    if DAY not in fields:
        return None
    found: set[str] = set()
    for row in table.rows:
        exported = read_exported(row.cells.get(EXPORTED, ""))
        if exported is not None:
            cells = _cells(row, DAY)
            fits = {o: _fits(exported, DAY, readings_of(DAY, cells, o, table.separator).sure) for o in ("dmy", "mdy")}
            found.update(orders_of(cells, fits))
    return found.pop() if len(found) == 1 else None


def _fits(exported: Exported, field: str, values: Sequence[str]) -> bool:
    return any(exported.has(field, "" if value == NONE else value) for value in values)


def _cells(row: TableRow, field: str) -> tuple[str, ...]:
    return tuple(row.cells.get(column, "") for column in columns_of(field))


def _is_changed(row: TableRow, fields: Sequence[str], exported: Exported | None, order: str | None, separator: str) -> bool:
    """Whether a row that cannot be read says anything: one that nobody touched need not be spoken of."""
    return exported is None or any(_edit(row, exported.id, exported, field, order, separator) for field in fields)


def _edit(row: TableRow, id: str, exported: Exported, field: str, order: str | None, separator: str) -> _Edit | None:
    """What a field's cells say that was not exported; nothing: None."""
    cells = _cells(row, field)
    readings = readings_of(field, cells, order, separator)
    if _fits(exported, field, (*readings.sure, *readings.only_if_exported)):
        return None
    if any("\ufffd" in cell for cell in cells):
        return _Edit(row, id, exported, field, "; ".join(cells), "a letter that could not be read: save the table as CSV (UTF-8)")
    if len(readings.sure) != 1:
        return _Edit(row, id, exported, field, "; ".join(cells), readings.advice or "it can be read in several ways")
    if not readings.sure[0]:
        return _Edit(row, id, exported, field, "", f"emptied: write {NONE!r} if the reports do not say, or put the value back")
    return _Edit(row, id, exported, field, readings.sure[0])


# ---------------------------------------------------------------- what it says of a ledger


def plan_of(
    judged: Judged, knowledge: AccountKnowledge, table: Table, by: Judge, at: datetime, *, reason: str = ""
) -> Plan:  # fmt: skip
    """What the table comes to in the ledger as it is judged now; nothing is entered. `reason` is for rows that give none.

    Only events whose rows were touched are read. Raises TableError for a table of which nothing can be read.
    """
    edits, unread = _edits(table)
    unread += [
        Unread(row, "", "more cells than the first row has: is there a separator in a cell without quotes?") for row in table.broken
    ]
    if not edits:
        return Plan(len(table.rows) + len(table.broken), (), unread=tuple(unread), notes=tuple(_notes(table)))
    desk = _Desk.of(judged, knowledge, table, by, at, reason, edits)
    for id, some in _by_id(edits).items():
        desk.take(id, some)
    desk.settle()
    notes = [
        *_notes(table),
        *(
            [f"{desk.lost:,} cells lost letters that the code page {WINDOWS} lacks, and are taken for untouched"]
            if desk.lost
            else []
        ),
    ]
    order = sorted([*unread, *desk.unread], key=lambda one: (one.row, one.column))
    conflicts = sorted(desk.conflicts, key=lambda one: (one.row, one.column))
    drafts = sorted(desk.drafts, key=lambda draft: draft.row)
    return Plan(len(table.rows) + len(table.broken), tuple(drafts), desk.already, tuple(conflicts), tuple(order), tuple(notes))


def _by_id(edits: Sequence[_Edit]) -> dict[str, list[_Edit]]:
    found: defaultdict[str, list[_Edit]] = defaultdict(list)
    for edit in edits:
        found[edit.id].append(edit)
    return found


def _notes(table: Table) -> Iterator[str]:
    """What a reader should know of the whole table."""
    if strange := [name for name in table.columns if not known_column(name)]:
        yield f"columns that are not of the download are passed over: {', '.join(strange)}"
    if halves := halves_in(table.columns):
        yield f"the other half of {', '.join(halves)} is lost, so they are not read"
    if EXPORTED in table.columns and (
        lost := [n for n in (DECISION, REASON, *SINGLE, FIRST_DAY, LAST_DAY) if n not in table.columns]
    ):
        yield f"columns that are lost say nothing: {', '.join(lost)}"
    if table.encoding == WINDOWS:
        yield f"the table is in the code page {WINDOWS}, which lacks many letters: save it as CSV (UTF-8) to edit names"


@dataclass
class _Desk:
    """What is drafted so far, of the events as they are now."""

    judged: Judged
    table: Table
    by: Judge
    at: datetime
    reason: str
    claims: Mapping[str, str]
    """The claim that each id leads to; ids that lead to none are left out."""
    events: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]
    now: Mapping[str, Mapping[str, str]]
    """What each event says now, by field; people rejected all of it: it has none."""
    rows: Mapping[str, ClaimRow]
    codes: Codes
    order: str | None
    entered: frozenset[str]
    drafts: list[Draft] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    already: int = 0
    lost: int = 0
    _said: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    _joined: list[frozenset[str]] = field(default_factory=list)

    @classmethod
    def of(
        cls, judged: Judged, knowledge: AccountKnowledge, table: Table, by: Judge, at: datetime, reason: str, edits: Sequence[_Edit]
    ) -> _Desk:
        ids = dict.fromkeys(edit.id for edit in edits)
        claims = judged.claims_known(list(ids))
        members = judged.whole_events(list(claims.values())) if claims else {}
        events = {claim: event for event, some in members.items() for claim in some}
        board = board_of_events(judged.ledger, knowledge, judged, sorted(members)) if members else None
        board = with_names(board, judged.shown_names) if board is not None else None
        now = {board.id_of(row): values_of(board, row) for row in range(len(board))} if board is not None else {}
        figure = next((edit.field for edit in edits if edit.field.startswith(COUNTS)), "")
        held = (j for j in judged.judgements if j.id in judged.in_force)
        entered = frozenset(value for j in held for name, value in j.facts if name == ROW)
        rows = judged.rows(list(events))
        order = _order(table, fields_in(table.columns))
        return cls(judged, table, by, at, reason, claims, events, members, now, rows, codes_of(judged, figure), order, entered)

    # ------------------------------------------------------------ row by row

    def take(self, id: str, edits: Sequence[_Edit]) -> None:
        """What the edits of one id's rows come to."""
        claim = self.claims.get(id)
        event = self.events.get(claim or "")
        fresh = [edit for edit in edits if edit.digest() not in self.entered]
        self.already += len(edits) - len(fresh)
        if not fresh:
            return
        if claim is None or event is None:
            gone = "is of an earlier coding that nothing took the place of" if claim else "is no event or claim of this ledger"
            self.unread += [Unread(e.row.number, ID, f"{id!r} {gone}") for e in _one_a_row(fresh)]
            return
        type = next((e.value.upper() for e in fresh if e.field == "type" and not e.fault), self.now.get(event, {}).get("type", ""))
        for edit in fresh:
            if edit.field == DECISION:
                self._decide(edit, event)
            else:
                self._correct(edit, event, type)

    def _correct(self, edit: _Edit, event: str, type: str) -> None:
        current = self.now.get(event, {}).get(edit.field, "")
        is_stale = edit.exported is not None and not edit.exported.has(edit.field, current)
        if self.table.encoding == WINDOWS and not is_stale and has_lost_letters(current):
            said = _cells(edit.row, edit.field)[0]
            if is_lossy_of(said, current):
                self.lost += 1
                return
            if "?" in said:
                self._refuse(edit, f"letters of {current!r} were lost: save the table as CSV (UTF-8)")
                return
        if edit.fault:
            self._refuse(edit, edit.fault)
            return
        try:
            value = checked(edit.field, edit.value, self.codes, type=type)
        except CorrectionError as fault:
            self._refuse(edit, str(fault))
            return
        if value == current or self._stands(event, edit.field, value):
            self.already += 1
        elif event not in self.now:
            self._conflict(edit, event, "rejected as a whole", value)
        elif is_stale:
            self._conflict(edit, event, current, value)
        elif self._is_first(edit, event, value):
            claims, rows, why = self.members[event], self.rows, self._why(edit)
            self._draft(edit, correction_of(claims, rows, edit.field, value, About.EVENT, self.by, self.at, why))

    def _is_first(self, edit: _Edit, event: str, value: str) -> bool:
        """Whether no other row says something of the same field of the same event."""
        row, said = self._said.setdefault((event, edit.field), (edit.row.number, value))
        if row != edit.row.number and said != value:
            self._refuse(edit, f"row {row} says {said or NONE!r} of the same event, and this row {value or NONE!r}")
        return row == edit.row.number

    def _stands(self, event: str, field: str, value: str) -> bool:
        """Whether all claims of the event were corrected so already."""
        held = self.judged.standings
        said = ([j.value for j in held[c].corrections if j.field == field] if c in held else [] for c in self.members[event])
        return all(value in values for values in said)

    # ------------------------------------------------------------ decisions

    def _decide(self, edit: _Edit, event: str) -> None:
        said = edit.value.casefold().strip()
        first, _, rest = said.partition(" ")
        found = _DECISION.fullmatch(f"{PAST.get(first, first)} {rest}".strip())
        if found is None:
            self._refuse(edit, f"{edit.value!r} is no decision; there are {DECISIONS}")
            return
        what, others = found["what"].replace(" ", "-"), found["ids"].replace(",", " ").replace(";", " ").split()
        if what in KINDS and others:
            self._refuse(edit, f"{what} is about the row's own event and takes no id")
        elif what in KINDS:
            self._verdict(edit, event, KINDS[what])
        elif not others or (what == "not-same" and len(others) > 1):
            self._refuse(edit, f"write {what} and the id of the other event")
        else:
            self._pair(edit, event, what, others)

    def _verdict(self, edit: _Edit, event: str, kind: JudgementKind) -> None:
        claims = self.members[event]
        held = [self.judged.standings[c] for c in claims if c in self.judged.standings]
        verdicts = [(s.retraction if kind is JudgementKind.RETRACTED else s.verdict) for s in held]
        if len(held) == len(claims) and all(v is not None and v.kind is kind for v in verdicts):
            self.already += 1
        elif moved := self._moved(edit, event):
            self._conflict(edit, event, moved, edit.value)
        elif self._is_first(edit, event, kind.value):
            self._draft(edit, verdict_of(kind, claims, self.rows, About.EVENT, self.by, self.at, self._why(edit)))

    def _moved(self, edit: _Edit, event: str) -> str:
        """What of the event is not as it was exported, in words; nothing, or nobody knows: an empty string."""
        exported, now = edit.exported, self.now.get(event)
        if exported is None:
            return ""
        if now is None:
            return "rejected as a whole"
        told = [f"{n} {v or NONE}" for n, v in now.items() if not (exported.has(n, v) or self._says(edit.row, n, v))]
        told += [f"{name} {NONE}" for name in exported.prints if name not in now and not exported.has(name, "")]
        claims = len(self.members[event])
        told += [f"{claims:,} claims, and {exported.claims:,} were exported"] if self._counted(event) != exported.claims else []
        return "; ".join(told)

    def _says(self, row: TableRow, field: str, value: str) -> bool:
        """Whether the row's own cells say what the ledger says now: they were entered before."""
        return value in readings_of(field, _cells(row, field), self.order, self.table.separator).sure

    def _counted(self, event: str) -> int:
        """The claims of an event that people did not reject, as an export counts them."""
        held = self.judged.standings
        return sum(1 for claim in self.members[event] if claim not in held or not held[claim].is_rejected)

    def _pair(self, edit: _Edit, event: str, what: str, others: Sequence[str]) -> None:
        try:
            events = [event, *(self.judged.event(id) for id in others)]
            different = frozenset(events)
            if what == "not-same" and self._is_parted(events):
                self.already += 1
            elif what == "not-same":
                self._draft(edit, self.judged.not_same(events[0], events[1], self.by, self.at, self._why(edit)))
            elif len(different) == 1 or any(different <= joined for joined in self._joined):
                self.already += 1
            else:
                self._joined.append(different)
                self._draft(edit, self.judged.merger(events, self.by, self.at, self._why(edit)))
        except (NotFoundError, AmbiguousIdError, JudgementError) as fault:
            self._refuse(edit, str(fault))

    def _is_parted(self, events: Sequence[str]) -> bool:
        one, other = (set(self.judged.claims_of(event)) for event in events)
        pairs = self.judged.constraints().apart
        return any((a in one and b in other) or (a in other and b in one) for a, b in pairs)

    # ------------------------------------------------------------ what the rows share

    def settle(self) -> None:
        """Takes out again what contradicts what people said before, or another row."""
        then = self.judged.with_drafts([draft.judgement for draft in self.drafts])
        place_of = {j.id: place for place, j in enumerate(then.judgements[len(then.judgements) - len(self.drafts) :])}
        moved = [followed(judgement, self.judged.successors) for judgement in then.judgements]
        out: set[int] = set()
        for judgement, found in standing_contradictions(moved):
            place = place_of.get(judgement.id)
            if place is not None and place not in out:
                out.add(place)
                draft = self.drafts[place]
                said = ", ".join(
                    f"{j.by.name} ({j.id})" if j.id not in place_of else f"row {self.drafts[place_of[j.id]].row}"
                    for j in found.judgements
                )
                words = f"it contradicts what was said by {said}: undo that first, or take this out"
                self.unread.append(Unread(draft.row, DECISION, words))
        self.drafts = [draft for place, draft in enumerate(self.drafts) if place not in out]

    def _draft(self, edit: _Edit, judgement: Judgement) -> None:
        self.drafts.append(Draft(edit.row.number, replace(judgement, facts=(*judgement.facts, (ROW, edit.digest())))))

    def _refuse(self, edit: _Edit, words: str) -> None:
        self.unread.append(Unread(edit.row.number, edit.column, words))

    def _conflict(self, edit: _Edit, event: str, now: str, yours: str) -> None:
        self.conflicts.append(Conflict(edit.row.number, edit.column, event, now, yours, self._since(edit, event)))

    def _since(self, edit: _Edit, event: str) -> tuple[Judgement, ...]:
        """What was judged of the event since the row was exported; the log does not know when that was: nothing."""
        head = edit.exported.head if edit.exported else ""
        seen = (
            next((entry.number for entry in reversed(self.judged.log.entries()) if entry.hash.startswith(head)), 0) if head else 0
        )
        claims = set(self.members[event])
        return tuple(
            j
            for j in self.judged.judgements
            if j.id in self.judged.in_force and entry_number(j) > seen and not claims.isdisjoint(j.claims)
        )

    def _why(self, edit: _Edit) -> str:
        return edit.row.cells.get(REASON, "") or self.reason


def _one_a_row(edits: Sequence[_Edit]) -> list[_Edit]:
    return list({edit.row.number: edit for edit in edits}.values())
