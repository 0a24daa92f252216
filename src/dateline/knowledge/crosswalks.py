"""What other schemes would call one of our records: CAMEO, ACLED, UCDP.

Table: ontology/crosswalks.yaml, which says how its rows are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dateline.knowledge.tables import read_yaml
from dateline.records import EventMention, Participant, StatusValue

NOBODY = "nobody"
HAPPENED = frozenset({StatusValue.ASSERTED, StatusValue.ALLEGED})


@dataclass(frozen=True)
class Codes:
    """A record's codes elsewhere; a scheme that does not count it as an event: None.

    `cameo` has three or four digits (the first two are the root); `acled` is (event type, sub-event type); `ucdp` is "state-based",
    "non-state" or "one-sided".
    """

    cameo: str | None = None
    acled: tuple[str, str] | None = None
    ucdp: str | None = None


@dataclass(frozen=True)
class Row:
    """One row of a type. `modes` None: any; `actor` and `recipient` are sectors, or "nobody"; None: anyone."""

    modes: frozenset[str | None] | None
    actor: frozenset[str] | None
    recipient: frozenset[str] | None
    codes: Codes

    def fits(self, mode: str | None, actors: frozenset[str], recipients: frozenset[str]) -> bool:
        """True where mode and a party of each role are as the row asks."""
        return (
            (self.modes is None or mode in self.modes)
            and (self.actor is None or bool(self.actor & actors))
            and (self.recipient is None or bool(self.recipient & recipients))
        )


@dataclass(frozen=True)
class Crosswalks:
    """The table, ready to ask. `labels` names every CAMEO code that it gives."""

    rows: Mapping[str, tuple[Row, ...]]
    violence: tuple[Row, ...]
    labels: Mapping[str, str]

    def codes_of(self, event: EventMention) -> Codes:
        """The codes of a record. What did not happen has no ACLED and no UCDP code; UCDP also asks for a death."""
        happened = event.status.value in HAPPENED
        deaths = any(c.what == "killed" and c.high != 0 for c in event.counts)
        return self.codes(
            event.type, event.mode, _sectors(event.actors), _sectors(event.recipients), happened=happened, deaths=deaths
        )

    def codes(
        self,
        type: str,
        mode: str | None,
        actors: frozenset[str],
        recipients: frozenset[str],
        *,
        happened: bool = True,
        deaths: bool = False,
    ) -> Codes:
        """The same from the parts: sectors of each role, {"nobody"} for an empty one. No type of the ontology: KeyError."""
        row = next((r for r in self.rows[type] if r.fits(mode, actors, recipients)), None)
        if row is None:
            return Codes()
        if not happened:
            return Codes(row.codes.cameo)
        return Codes(row.codes.cameo, row.codes.acled, self._violence(row, actors, recipients) if deaths else None)

    def possible(self, type: str, mode: str | None) -> tuple[Codes, ...]:
        """Every code that a record of that type and mode may have, depending on its parties, in the order they are tried."""
        rows = []
        for row in self.rows[type]:
            if row.modes is None or mode in row.modes:
                rows.append(row)
                if row.actor is None and row.recipient is None:
                    break
        return tuple(dict.fromkeys(row.codes for row in rows))

    def _violence(self, row: Row, actors: frozenset[str], recipients: frozenset[str]) -> str | None:
        if row.codes.ucdp != "by-sides":
            return row.codes.ucdp
        return next((r.codes.ucdp for r in self.violence if r.fits(None, actors, recipients)), None)


def load_crosswalks() -> Crosswalks:
    """Knowledge: ontology/crosswalks.yaml. Raises KeyError naming a group of sectors that is not there."""
    table = read_yaml("ontology/crosswalks.yaml")
    groups = {name: frozenset(sectors) for name, sectors in table["groups"].items()} | {NOBODY: frozenset({NOBODY})}
    rows = {type: tuple(_row(r, groups) for r in listed) for type, listed in table["rows"].items()}
    violence = tuple(_row({**r, "ucdp": r["type"]}, groups) for r in table["ucdp"])
    return Crosswalks(rows, violence, dict(table["cameo"]))


def _row(row: dict[str, Any], groups: Mapping[str, frozenset[str]]) -> Row:
    acled = row.get("acled")
    return Row(
        frozenset({row["mode"]}) if "mode" in row else None,
        _party(row.get("actor"), groups),
        _party(row.get("recipient"), groups),
        Codes(row.get("cameo"), (acled[0], acled[1]) if acled else None, row.get("ucdp")),
    )


def _party(names: list[str] | None, groups: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    return None if names is None else frozenset().union(*(groups[name] for name in names))


def _sectors(parties: tuple[Participant, ...]) -> frozenset[str]:
    return frozenset(p.actor.sector or "UNK" for p in parties) or frozenset({NOBODY})
