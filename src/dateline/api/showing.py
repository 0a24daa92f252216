"""Events in a notebook: small tables, every word of a report escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from dateline.views.markup import join, tag

LEFT = "text-align: left"
"""Notebooks set the cells of tables to the right, as numbers are."""


class Shown(Protocol):
    """What has a written row."""

    @property
    def row(self) -> Mapping[str, Any]: ...


def events_as_html(events: Sequence[Shown], number: int, asked: str) -> str:
    """The events as a table, below how many there are of what was asked."""
    many = f"{number:,} event{'' if number == 1 else 's'}"
    heads = ("id", "what", "status", "figures", "reports", "in the words of one")
    head = tag("tr", *(tag("th", head, scope="col", style=LEFT) for head in heads))
    body = [tag("tr", *(tag("td", cell, style=LEFT) for cell in _cells(event.row))) for event in events]
    table = tag("table", tag("thead", head), tag("tbody", *body)) if events else None
    more = tag("p", f"{number - len(events):,} more") if number > len(events) else None
    return str(tag("div", tag("p", tag("b", many), f": {asked}"), table, more))


def event_as_html(row: Mapping[str, Any]) -> str:
    """What a row says, one field below the other."""
    said = {
        "status": row["status"],
        "when": row["when"],
        "where": ", ".join(filter(None, (row["place"], row["admin1"], row["country"]))),
        "who": "; ".join(party["name"] for party in row["actors"]),
        "to whom": "; ".join(party["name"] for party in row["recipients"]),
        "figures": _figures(row),
        "reports": f"{row['documents']:,}, {row['witnesses']:,} of them independent",
        "in the words of one": _quoted(row),
    }
    lines = (
        tag("tr", tag("th", name, scope="row", style=LEFT), tag("td", value, style=LEFT)) for name, value in said.items() if value
    )
    return str(tag("div", tag("p", tag("b", row["id"][:8]), f" {row['headline']}"), tag("table", tag("tbody", join(lines)))))


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    return row["id"][:8], row["headline"], row["status"], _figures(row), f"{row['documents']:,}", _quoted(row)


def _quoted(row: Mapping[str, Any]) -> str:
    return f"“{row['evidence']}”" if row["evidence"] else ""


def _figures(row: Mapping[str, Any]) -> str:
    return "; ".join(f"{figure['what']} {figure['words']}" for figure in row["figures"])
