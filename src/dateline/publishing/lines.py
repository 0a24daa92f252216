"""Rows of the ledger as lines of PostgreSQL's COPY, written by the ledger's own database: a million rows pass Python as text.

The form is that of "COPY … FROM STDIN" in text format: columns are parted by tabs, null is \\N; backslash, tab and line breaks are
escaped (PostgreSQL's documentation of COPY, "Text Format"). A null character, which no text there may hold, becomes U+FFFD.
"""

from __future__ import annotations

from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

ESCAPES = (("'\\'", "'\\\\'"), ("chr(9)", "'\\t'"), ("chr(10)", "'\\n'"), ("chr(13)", "'\\r'"), ("chr(0)", "chr(65533)"))
"""In this order: what a backslash was put before must not get another."""

NULL_IN_JSON = ("'\\u0000'", "'\\ufffd'")


def line_query(source: str, columns: dict[str, str]) -> str:
    """A query that gives each row of a source as one line, under the name "line"; `columns` are SQL by name, of escaped words."""
    parts = ", ".join(f"coalesce({words}, '\\N')" for words in columns.values())
    return f"SELECT concat_ws(chr(9), {parts}) || chr(10) AS line FROM {source}"


def columns_of(kind: type, *, is_derived: bool = False) -> dict[str, str]:
    """The columns of a table whose rows are of that kind, each as SQL that gives its words for COPY.

    Bytes have none: what a program alone can read is not published.
    """
    hints = dict(get_type_hints(kind))
    if is_derived:
        hints |= {"known_at": datetime, "shard": str}
    return {name: words_of(f'"{name}"', hint, name) for name, hint in hints.items()}


def words_of(column: str, hint: Any, name: str = "") -> str:
    """A column of that type as SQL that gives its words."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is list:
        (inner,) = get_args(hint)
        is_text = str in (inner, *get_args(inner))
        return escaped(array_of(column) if is_text else f"to_json({column})::VARCHAR")
    if hint is str:
        return escaped(f"replace({column}, {', '.join(NULL_IN_JSON)})" if name == "record" else column)
    if hint in (int, float, bool, date, datetime):
        return f"{column}::VARCHAR"
    raise TypeError(f"{column}: no words for {hint}")


def array_of(column: str) -> str:
    """A list of texts as PostgreSQL writes an array: {"a","b",NULL}."""
    item = """'"' || replace(replace(item, '\\', '\\\\'), '"', '\\"') || '"'"""
    return f"'{{' || array_to_string(list_transform({column}, lambda item: coalesce({item}, 'NULL')), ',') || '}}'"


def escaped(words: str) -> str:
    for letter, instead in ESCAPES:
        words = f"replace({words}, {letter}, {instead})"
    return words
