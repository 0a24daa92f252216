"""The users' own table of actors, beside their ledger or named with --actors: checked as it is read, and it outranks ours.

docs/actors.md says how to write one. What a name means there replaces whatever the shipped tables say of that name.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dateline.errors import Error
from dateline.knowledge.actors import BODIES, SECTORS, ActorKnowledge, Office, Organisation, surnames_of
from dateline.knowledge.places import Country, fold

FILE_NAME = "actors.csv"
"""The name under which a ledger's folder may hold such a table."""

TABLE = "actors.csv, your own"
"""What an origin calls it."""

REQUIRED = ("name", "country", "sector")
OPTIONAL = ("aliases", "role", "since", "until", "kind", "note")
KINDS = ("person", "body")
DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


class OwnActorsError(Error, ValueError):
    """The table is not as it should be. `faults`: one sentence each, with row and column where there are any."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class OwnActor:
    """A row. Dates are a year, month or day, or empty. `row` counts from 1 at the header, as a spreadsheet does."""

    row: int
    name: str
    aliases: tuple[str, ...]
    country: str
    sector: str
    role: str
    since: str
    until: str
    is_person: bool
    note: str

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class OwnActors:
    """A table that has been checked. `version`: eight hexadecimal digits of the hash of its bytes."""

    rows: tuple[OwnActor, ...]
    version: str


def read_own_actors(path: Path, countries: Mapping[str, Country]) -> OwnActors:
    """The users' table. Raises OwnActorsError with all that is wrong in it, OSError when it cannot be read."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise OwnActorsError((f"{path.name}: not UTF-8 (byte {fault.start + 1}); save it as “CSV UTF-8”",)) from fault
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        lines = list(reader)
    except csv.Error as fault:
        raise OwnActorsError((f"{path.name}: row {reader.line_num}: not a comma-separated line ({fault})",)) from fault
    header = [cell.strip().lower() for cell in lines[0]] if lines else []
    if faults := list(_header_faults(header, ";" in (text.splitlines() or [""])[0])):
        raise OwnActorsError([f"{path.name}: {fault}" for fault in faults])
    rows: list[OwnActor] = []
    faults = []
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            said = "a comma too many? Put a cell that holds one in double quotes, and “;” between aliases"
            faults.append(f"row {number}: {len(cells)} cells under {len(header)} columns: {said}")
            continue
        row = {**dict.fromkeys(OPTIONAL, ""), **{name: cell.strip() for name, cell in zip(header, cells, strict=False)}}
        found = list(_row_faults(row, countries))
        faults += [f"row {number}, column {column}: {fault}" for column, fault in found]
        if not found:
            rows.append(_actor(number, row))
    faults += _clashes(rows)
    if faults:
        raise OwnActorsError([f"{path.name}: {fault}" for fault in faults])
    return OwnActors(tuple(rows), hashlib.sha256(raw).hexdigest()[:8])


def _header_faults(header: Sequence[str], has_semicolons: bool) -> Iterator[str]:
    known = ", ".join((*REQUIRED, *OPTIONAL))
    if len(header) < 2 and has_semicolons:
        yield "row 1: the columns are parted by semicolons; save it with commas"
        return
    if missing := [name for name in REQUIRED if name not in header]:
        yield f"row 1: no column {', '.join(missing)}; the first row names the columns: {known}"
    for name in header:
        if name not in (*REQUIRED, *OPTIONAL):
            yield f"row 1: unknown column {name!r}; those that can be are {known}"
        elif header.count(name) > 1:
            yield f"row 1: column {name!r} stands there twice"


def _row_faults(row: Mapping[str, str], countries: Mapping[str, Country]) -> Iterator[tuple[str, str]]:
    """(column, what is wrong and what to do) of a row."""
    for name in (row["name"], *_split(row["aliases"])):
        if len(fold(name)) < 2:
            column = "name" if name == row["name"] else "aliases"
            yield column, f"{name!r} is too short to be found in a text; write a name of two letters at least"
    code = row["country"]
    if code not in countries and code not in BODIES:
        called = next((c.iso3 for c in countries.values() if fold(code) in {fold(n) for n in (c.name, *c.aliases)}), None)
        upper = code.upper() if code.upper() in countries or code.upper() in BODIES else called
        bodies = ", ".join(sorted(BODIES))
        advice = f"write {upper}" if upper and code else f"write an ISO 3166 code of three letters, as BLR, or one of {bodies}"
        yield "country", f"{code!r} is no country's code; {advice}" if code else f"empty; {advice}"
    sector = row["sector"]
    if sector not in SECTORS:
        advice = f"write {sector.upper()}" if sector.upper() in SECTORS else f"write one of {', '.join(sorted(SECTORS))}"
        yield "sector", f"{sector!r} is no sector; {advice}" if sector else f"empty; {advice}"
    for column in ("since", "until"):
        if row[column] and not _is_day(row[column]):
            yield column, f"{row[column]!r} is no day; write it as 2020-08-18, 2020-08 or 2020"
    since, until = row["since"], row["until"]
    if since and until and _is_day(since) and _is_day(until) and until[: len(since)] < since[: len(until)]:
        yield "until", f"{until} is before {since}, where it begins"
    if row["kind"] and row["kind"] not in KINDS:
        yield "kind", f"{row['kind']!r} is neither person nor body"


def _is_day(words: str) -> bool:
    if not DAY.fullmatch(words):
        return False
    try:
        date.fromisoformat((words + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _actor(number: int, row: Mapping[str, str]) -> OwnActor:
    is_person = row["kind"] == "person" or (not row["kind"] and bool(row["role"]))
    fields = (row["country"], row["sector"], row["role"], row["since"], row["until"])
    return OwnActor(number, row["name"], _split(row["aliases"]), *fields, is_person, row["note"])


def _clashes(rows: Sequence[OwnActor]) -> list[str]:
    """A name in two rows at once: which of them is meant could not be told."""
    first: dict[str, list[OwnActor]] = {}
    found = []
    for row in rows:
        for name in dict.fromkeys(fold(n) for n in row.names):
            for other in first.get(name, ()):
                if row.since <= (other.until or "9999") and other.since <= (row.until or "9999") and other.row != row.row:
                    advice = "give them days that do not overlap, or write it once"
                    found.append(f"row {row.row}, column name: {name!r} stands in row {other.row} too for the same time; {advice}")
            first.setdefault(name, []).append(row)
    return found


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def with_own_actors(knowledge: ActorKnowledge, own: OwnActors) -> ActorKnowledge:
    """The tables with the users' rows in place of whatever they said of the same names."""
    people = [row for row in own.rows if row.is_person]
    bodies = [row for row in own.rows if not row.is_person]
    taken = {fold(name) for row in own.rows for name in row.names}
    replaced = {office.id for name in taken for office in knowledge.offices.get(name, ())}
    offices = {key: kept for key, rows in knowledge.offices.items() if (kept := tuple(o for o in rows if o.id not in replaced))}
    surnames = {key: kept for key, rows in knowledge.surnames.items() if (kept := tuple(o for o in rows if o.id not in replaced))}
    for row in sorted(people, key=lambda r: r.since):
        office = Office(row.name, row.aliases, row.country, row.role, row.sector, row.since, row.until, table=TABLE)
        for name in dict.fromkeys(fold(n) for n in row.names):
            offices[name] = (*offices.get(name, ()), office)
        for name in sorted(surnames_of(office)):
            surnames[name] = (*surnames.get(name, ()), office)
    organisations = {key: rows for key, rows in knowledge.organisations.items() if key not in taken}
    for row in bodies:
        body = Organisation(row.name, row.aliases, row.country, row.sector, row.since, row.until, table=TABLE)
        for name in dict.fromkeys(fold(n) for n in row.names):
            organisations[name] = (*organisations.get(name, ()), body)
    metonyms = {name: meaning for name, meaning in knowledge.metonyms.items() if name not in taken}
    names = {name: row.is_person for row in own.rows for name in row.names}
    return replace(knowledge, offices=offices, surnames=surnames, organisations=organisations, metonyms=metonyms, own=names)
