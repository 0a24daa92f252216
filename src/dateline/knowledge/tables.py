"""How the tables are read: the only functions that open a file of this room.

YAML is slow to parse (a quarter of a second for all tables, which everyone who codes one report would wait for), so the tables
are compiled when the package is built or installed: `compiled.json` holds each as JSON beside the hash of the file it was made
from. A table that has changed since, and all of them where nothing was compiled, are parsed.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLES = Path(__file__).parent
COMPILED = TABLES / "compiled.json"
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TableLoader(_Base):  # type: ignore[misc]  # the C loader where it was built, the Python one elsewhere
    """YAML in which only true and false are truth values: "on" and "no" are prepositions and determiners here."""


_TableLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in _Base.yaml_implicit_resolvers.items()
}
_TableLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read_yaml(name: str) -> Any:
    """The parsed table, by its name below knowledge/ ("times/expressions.yaml"); every call makes it anew.

    Raises FileNotFoundError for a table that is not there, ValueError naming the file for one that does not parse.
    """
    written = (TABLES / name).read_bytes()
    digest, compiled = _compiled().get(name, ("", ""))
    if digest == _digest(written):
        return json.loads(compiled)
    try:
        return yaml.load(written.decode("utf-8"), Loader=_TableLoader)
    except yaml.YAMLError as error:
        raise ValueError(f"knowledge table {name} does not parse: {error}") from error


def parse_yaml(text: str) -> tuple[Any, dict[tuple[str | int, ...], int]]:
    """What the text says, and on which line (from 1) each value in it begins, by the keys and numbers that lead to it.

    For files that users write, so that what is wrong in them can be shown. Raises yaml.YAMLError when it does not parse.
    """
    loader = _TableLoader(text)
    try:
        root = loader.get_single_node()
        lines: dict[tuple[str | int, ...], int] = {}
        todo: list[tuple[tuple[str | int, ...], Any]] = [((), root)] if root is not None else []
        while todo:
            path, node = todo.pop()
            lines.setdefault(path, node.start_mark.line + 1)
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    # A value may begin on the line below its key; people look for the key.
                    lines[(*path, str(key.value))] = key.start_mark.line + 1
                    todo.append(((*path, str(key.value)), value))
            elif isinstance(node, yaml.SequenceNode):
                todo += [((*path, number), value) for number, value in enumerate(node.value)]
        return (loader.construct_document(root) if root is not None else None), lines
    finally:
        loader.dispose()


def plain_yaml(text: str) -> Any:
    """What a file of a user's says, where nobody asks for its lines. Raises ValueError saying where it does not parse."""
    try:
        return parse_yaml(text)[0]
    except yaml.YAMLError as error:
        raise ValueError(f"does not parse: {error}") from error


def compile_tables() -> Path:
    """Writes `compiled.json` for the tables as they are, and returns its path. What JSON cannot hold as it is stays out of it."""
    compiled: dict[str, tuple[str, str]] = {}
    for name in (n for n in table_names() if n.endswith(".yaml")):
        written = (TABLES / name).read_bytes()
        table = yaml.load(written.decode("utf-8"), Loader=_TableLoader)
        as_json = json.dumps(table, ensure_ascii=False, default=str)
        if json.loads(as_json) == table:  # keys that are no strings, and days, would come back as others
            compiled[name] = (_digest(written), as_json)
    part = COMPILED.with_suffix(".part")
    part.write_text(json.dumps(compiled, ensure_ascii=False), encoding="utf-8")
    part.replace(COMPILED)
    _compiled.cache_clear()
    return COMPILED


@cache
def _compiled() -> dict[str, tuple[str, str]]:
    """For each compiled table the hash of its file and the table as JSON; nothing compiled, or not by us: empty."""
    try:
        return {name: (digest, table) for name, (digest, table) in json.loads(COMPILED.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _digest(written: bytes) -> str:
    return hashlib.sha256(written).hexdigest()


def read_csv(name: str) -> list[dict[str, str]]:
    """The rows of a comma-separated table with a header line; empty cells are empty strings."""
    with (TABLES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_folder(name: str) -> list[dict[str, str]]:
    """The rows of every comma-separated table of a folder, file by file in order of their names; no such folder: no rows."""
    return [row for path in sorted((TABLES / name).glob("*.csv")) for row in read_csv(path.relative_to(TABLES).as_posix())]


def read_rows(name: str, columns: Sequence[str]) -> Iterator[list[str]]:
    """The cells of a table, or of each in a folder in order of their names, row by row: at a fifth of the cost of `read_csv`.

    No cell may hold a line break. Raises ValueError naming the file whose columns are not these, or the row that has more or
    fewer cells.
    """
    place = TABLES / name
    for path in sorted(place.glob("*.csv")) if place.is_dir() else (place,):
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        if head.split(",") != list(columns):
            raise ValueError(f"{path.name} has the columns {head}, not {','.join(columns)}")
        for number, line in enumerate(lines, 2):
            row = line.split(",") if '"' not in line else next(csv.reader((line,)))
            if len(row) != len(columns):
                raise ValueError(f"{path.name}, line {number}: {len(row)} cells, not {len(columns)}: {line}")
            yield row


NOT_FOR_CODING = ("watch/", "network/", "gate/")
"""Tables that say what to do with claims or with reports, not how to code them: a change is no reason to code a report again."""


def table_names() -> list[str]:
    """Every table of this room, trained ones too, by name, in order."""
    found = (p for p in TABLES.rglob("*") if p.suffix in {".yaml", ".csv", ".json"} and p != COMPILED)
    return sorted(p.relative_to(TABLES).as_posix() for p in found)


def tables_version() -> str:
    """A hash of all tables that coding reads: what a claim says it was coded with."""
    digest = hashlib.sha256()
    for name in (n for n in table_names() if not n.startswith(NOT_FOR_CODING)):
        digest.update(name.encode() + b"\0" + (TABLES / name).read_bytes() + b"\0")
    return digest.hexdigest()[:12]
