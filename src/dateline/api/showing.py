"""Events in a notebook: small tables, every word of a report escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from dateline.views.markup import join, tag


class Shown(Protocol):
    """What has a written row."""

    @property
    def row(self) -> Mapping[str, Any]: ...


def events_as_html(events: Sequence[Shown], number: int, asked: str) -> str:
    """The events as a table below how many there are of what was asked."""
    heads = ("id", "when", "what", "figures", "reports", "in the words of one")
    body = [tag("tr", *(tag("td", cell) for cell in _cells(event.row))) for event in events]
    more = tag("p", f"{number - len(events):,} more") if number > len(events) else None
    table = tag("table", tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))), tag("tbody", *body))
    return str(tag("div", tag("p", tag("b", f"{number:,} events"), f": {asked}"), table if events else None, more))


def event_as_html(row: Mapping[str, Any]) -> str:
    """What a row says, one field below the other."""
    said = {
        "what": row["headline"],
        "status": row["status"],
        "when": row["when"],
        "where": ", ".join(filter(None, (row["place"], row["admin1"], row["country"]))),
        "who": "; ".join(party["name"] for party in row["actors"]),
        "to whom": "; ".join(party["name"] for party in row["recipients"]),
        "figures": _figures(row),
        "reports": f"{row['documents']:,}, {row['witnesses']:,} of them independent",
        "in the words of one": row["evidence"],
    }
    lines = (tag("tr", tag("th", name, scope="row"), tag("td", value)) for name, value in said.items() if value)
    return str(tag("table", tag("caption", f"Event {row['id'][:8]}"), tag("tbody", join(lines))))


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    evidence = f"“{row['evidence']}”" if row["evidence"] else ""
    return row["id"][:8], row["when"], f"{row['headline']} ({row['status']})", _figures(row), f"{row['documents']:,}", evidence


def _figures(row: Mapping[str, Any]) -> str:
    return "; ".join(f"{figure['what']} {figure['words']}" for figure in row["figures"])
