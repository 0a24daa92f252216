"""The data dictionary: every column and record that leaves Dateline, printed from what the program itself goes by.

    python -m tools.dictionary > dictionary.md

What a column of the ledger says stands once, in the comments of the database's schema (src/dateline/publishing/migrations); what
one of a file for others says, in the list that its writer takes its columns from (knowledge/exports/columns.yaml), or else in
docs/site/columns.yaml.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import yaml

from dateline import records
from dateline.ledger.rows import CountRow
from dateline.ledger.segments import TABLES, schema_of

ROOT = Path(__file__).resolve().parents[1]
PUBLISHING = ROOT / "src" / "dateline" / "publishing"
LISTED = (ROOT / "docs" / "site" / "columns.yaml", ROOT / "src" / "dateline" / "knowledge" / "exports" / "columns.yaml")
"""Later lists hold where two have one name."""

COMMENT = re.compile(r"COMMENT ON COLUMN @schema@\.(\w+)\.\"?(\w+)\"? IS '((?:[^']|'')*)'")
ABOUT = re.compile(r"COMMENT ON (?:TABLE|VIEW) @schema@\.(\w+) IS '((?:[^']|'')*)'")
ROOTS = (records.Coding, records.LinkedEvent, records.Judgement, records.Alert)
"""The records that are written as JSON; those that they are made of come with them."""


def comments() -> dict[str, dict[str, str]]:
    """What the database's schema says of each column, by table and column."""
    said: dict[str, dict[str, str]] = {}
    for table, column, text in COMMENT.findall(_schema()):
        said.setdefault(table, {})[column] = text.replace("''", "'")
    return said


def _schema() -> str:
    steps = [*sorted((PUBLISHING / "migrations").glob("*.sql")), PUBLISHING / "views.sql"]
    return "\n".join(path.read_text(encoding="utf-8") for path in steps)


def listed() -> dict[str, dict[str, str]]:
    """What the lists of columns say, by format or table and column."""
    found: dict[str, dict[str, str]] = {}
    for path in LISTED:
        if path.exists():
            tables = yaml.safe_load(path.read_text(encoding="utf-8"))
            found |= {table: {name: says for row in rows for name, says in row.items()} for table, rows in tables.items()}
    return found


def ledger_columns(table: str) -> list[tuple[str, str, str]]:
    """Name, type and meaning of each column of a table of the ledger; what nobody says of it is empty."""
    says = comments().get(f"all_{table}", {}) | listed().get(table, {})
    return [(field.name, _arrow(field), says.get(field.name, "")) for field in schema_of(table)]


def _arrow(field: Any) -> str:
    kind = str(field.type)
    if kind.startswith("list<") and "struct" in kind:
        kind = "list of counts"
    kind = re.sub(r"list<\w+: (\w+)[^>]*>", r"list of \1", kind)
    kind = kind.replace("timestamp[us, tz=UTC]", "moment, UTC").replace("date32[day]", "date")
    return f"{kind}, may be null" if field.nullable else kind


def kept_records() -> list[type]:
    """The records that are written, in the order in which they are defined."""
    found: set[type] = set()
    waiting: list[Any] = list(ROOTS)
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        if isinstance(kind, type) and kind not in found and kind.__module__.startswith("dateline"):
            found.add(kind)
            waiting += get_type_hints(kind).values() if is_dataclass(kind) else ()
    return sorted(found, key=lambda kind: (kind.__module__ != "dateline.records", inspect.getsourcelines(kind)[1]))


def dictionary() -> str:
    """The whole as Markdown, headings from the second level down."""
    lines = (line for part in (_exports(), _ledger(), _database(), _records()) for line in part)
    return re.sub(r"docs/([\w-]+\.md)", r"[\1](\1)", "\n".join(lines) + "\n")


def _exports() -> Iterator[str]:
    yield "## Files for others\n"
    yield "The formats of `dateline export` that have columns or keys ([handing events on](sharing.md)).\n"
    inside = {*TABLES, "events", "members"}
    for name, columns in listed().items():
        if name not in inside:
            yield f"### `{name}`\n"
            yield from _table(("column", "what stands in it"), [(f"`{column}`", says) for column, says in columns.items()])


def _ledger() -> Iterator[str]:
    yield "## Tables of the ledger\n"
    yield "Parquet in the ledger's folder, and tables of `dateline query` ([the ledger](ledger.md)).\n"
    about = dict(ABOUT.findall(_schema()))
    for table in TABLES:
        yield f"### `{table}`\n"
        if about.get(table):
            yield about[table].replace("''", "'") + "\n"
        rows = [(f"`{name}`", kind, says) for name, kind, says in ledger_columns(table)]
        yield from _table(("column", "type", "what stands in it"), rows)
    counted = ", ".join(f"`{field.name}`" for field in fields(CountRow))
    yield f"A count, in the lists of `claims`, has {counted}. {doc(CountRow)}\n"
    yield "### `events` and `members`\n"
    yield "Worked out when they are asked for.\n"
    for table in ("events", "members"):
        told = [(f"`{table}.{name}`", says) for name, says in listed()[table].items()]
        yield from _table(("column", "what stands in it"), told)
    yield "`members` has the columns of `claims` besides.\n"


def _database() -> Iterator[str]:
    yield "## In PostgreSQL\n"
    yield "Tables of the same names with the same columns ([PostgreSQL](postgresql.md)), and these besides.\n"
    for table, view in (("event_versions", "events"), ("judgements", "judgements"), ("codebook", "codebook")):
        yield f"### `{view}` in the database\n"
        yield from _table(("column", "what stands in it"), [(f"`{name}`", says) for name, says in comments()[table].items()])


def _records() -> Iterator[str]:
    yield "## Records\n"
    yield "As `src/dateline/records.py` defines them and JSON has them ([the record](record.md) explains them).\n"
    for kind in kept_records():
        yield f"### {kind.__name__}\n"
        yield doc(kind) + "\n"
        if is_dataclass(kind):
            shown = {field.name: field.type for field in fields(kind)}
            yield from _table(("field", "type"), [(f"`{name}`", f"`{said}`".replace("|", "\\|")) for name, said in shown.items()])
        elif issubclass(kind, Enum):
            yield "One of " + ", ".join(f"`{member.value}`" for member in kind) + ".\n"


def doc(kind: type) -> str:
    """What the record says of itself; nothing written: empty."""
    said = inspect.getdoc(kind) or ""
    return "" if said.startswith(f"{kind.__name__}(") else said


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    yield from ("| " + " | ".join(cell.replace("\n", " ") for cell in row) + " |" for row in rows)
    yield ""


def missing() -> list[str]:
    """The columns of the ledger of which nobody says what stands in them."""
    return [f"{table}.{name}" for table in TABLES for name, _, says in ledger_columns(table) if not says]


if __name__ == "__main__":
    print(dictionary(), end="")
