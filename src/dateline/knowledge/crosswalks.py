"""What other schemes would call one of our records: CAMEO, ACLED, UCDP.

Table: ontology/crosswalks.yaml, which says how its rows are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dateline.knowledge.tables import read_yaml
from dateline.records import EventMention, Intensity, Participant, StatusValue

NOBODY = "nobody"
PROTESTERS = "protesters"
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
    """One row of a type. `modes` None: any; `actor` and `recipient` are sectors, or "nobody"; None: anyone.

    `rules` are lexicon entries, for what a scheme tells apart more finely than our modes do; None: any.
    """

    modes: frozenset[str | None] | None
    actor: frozenset[str] | None
    recipient: frozenset[str] | None
    codes: Codes
    rules: frozenset[str] | None = None

    def fits(self, mode: str | None, actors: frozenset[str], recipients: frozenset[str], rule: str | None = None) -> bool:
        """True where entry, mode and a party of each role are as the row asks."""
        return (self.rules is None or rule in self.rules) and (
            (self.modes is None or mode in self.modes)
            and (self.actor is None or bool(self.actor & actors))
            and (self.recipient is None or bool(self.recipient & recipients))
        )


@dataclass(frozen=True)
class Facts:
    """What a crosswalk asks of a record: type, mode, sectors of each role ({"nobody"} for an empty one), what is counted in it.

    `response` is how a protest was met; None: not told, or no protest.
    """

    type: str
    mode: str | None
    actors: frozenset[str]
    recipients: frozenset[str]
    counts: frozenset[str] = frozenset()
    response: Intensity | None = None
    rule: str | None = None

    @classmethod
    def of(cls, event: EventMention) -> Facts:
        counts = frozenset(c.what for c in event.counts if c.high != 0)
        response = event.response.intensity if event.response else None
        return cls(event.type, event.mode, _sectors(event.actors), _sectors(event.recipients), counts, response)


@dataclass(frozen=True)
class Demand:
    """What one record of an incident must be; a part that is None asks nothing."""

    type: str
    modes: frozenset[str | None] | None
    not_modes: frozenset[str | None]
    actor: frozenset[str] | None
    not_actor: frozenset[str]
    recipient: frozenset[str] | None
    counts: frozenset[str] | None
    rules: frozenset[str] | None

    def is_met_by(self, record: Facts) -> bool:
        return (
            record.type == self.type
            and (self.modes is None or record.mode in self.modes)
            and record.mode not in self.not_modes
            and (self.actor is None or bool(self.actor & record.actors))
            and not self.not_actor & record.actors
            and (self.recipient is None or bool(self.recipient & record.recipients))
            and (self.counts is None or bool(self.counts & record.counts))
            and (self.rules is None or record.rule in self.rules)
        )


@dataclass(frozen=True)
class Crosswalks:
    """The table, ready to ask. `labels` names every CAMEO code that it gives."""

    rows: Mapping[str, tuple[Row, ...]]
    violence: tuple[Row, ...]
    labels: Mapping[str, str]
    incidents: tuple[tuple[tuple[Demand, ...], tuple[str, str]], ...]
    order: tuple[str, ...]
    responses: Mapping[Intensity, str]
    protesters: frozenset[str]

    def facts_of(self, event: EventMention) -> Facts:
        """What the rows ask of a record; a party whose name is one for protesters is of the sector "protesters" too."""
        facts = Facts.of(event)
        actors, recipients = ([p.actor.name for p in parties] for parties in (event.actors, event.recipients))
        return replace(
            facts,
            actors=facts.actors | self._crowd(actors),
            recipients=facts.recipients | self._crowd(recipients),
            rule=event.rule,
        )

    def parties(self, parties: Sequence[tuple[str, str | None]]) -> frozenset[str]:
        """The sectors of parties given as (name, sector), as the rows ask for them."""
        sectors = frozenset(sector or "UNK" for _, sector in parties) or frozenset({NOBODY})
        return sectors | self._crowd([name for name, _ in parties])

    def _crowd(self, names: Sequence[str]) -> frozenset[str]:
        named = any(word in self.protesters for name in names for word in name.lower().split())
        return frozenset({PROTESTERS}) if named else frozenset()

    def codes_of(self, event: EventMention) -> Codes:
        """The codes of a record. What did not happen has no ACLED and no UCDP code; UCDP also asks for a death."""
        return self.codes(self.facts_of(event), happened=event.status.value in HAPPENED)

    def codes(self, record: Facts, *, happened: bool = True) -> Codes:
        """The same from the parts. Raises KeyError for no type of the ontology."""
        row = next((r for r in self.rows[record.type] if r.fits(record.mode, record.actors, record.recipients, record.rule)), None)
        if row is None:
            return Codes()
        if not happened:
            return Codes(row.codes.cameo)
        violence = self._violence(row, record.actors, record.recipients) if "killed" in record.counts else None
        return replace(row.codes, acled=self._answered(row.codes.acled, record.response), ucdp=violence)

    def _answered(self, acled: tuple[str, str] | None, response: Intensity | None) -> tuple[str, str] | None:
        """The sub-event of a peaceful protest by what it was met with; riots and all else keep theirs."""
        if acled is None or response is None or acled[1] != self.responses[Intensity.NO_INTERVENTION]:
            return acled
        return acled[0], self.responses[response]

    def incident(self, records: Sequence[Facts]) -> tuple[str, str] | None:
        """ACLED's one (event type, sub-event type) for records of one incident that happened; none of them counts: None."""
        for demands, acled in self.incidents:
            if all(any(d.is_met_by(r) for r in records) for d in demands):
                return acled
        found = [codes.acled for r in records if (codes := self.codes(r)).acled]
        return min(found, key=lambda acled: self.order.index(acled[0]), default=None)

    def possible(self, type: str, mode: str | None) -> tuple[Codes, ...]:
        """Every code that a record of that type and mode may have, depending on its parties, in the order they are tried."""
        rows = []
        for row in self.rows[type]:
            if row.modes is None or mode in row.modes:
                rows.append(row)
                if row.actor is None and row.recipient is None and row.rules is None:
                    break
        return tuple(dict.fromkeys(row.codes for row in rows))

    def _violence(self, row: Row, actors: frozenset[str], recipients: frozenset[str]) -> str | None:
        if row.codes.ucdp != "by-sides":
            return row.codes.ucdp
        return next((r.codes.ucdp for r in self.violence if r.fits(None, actors, recipients)), None)


def load_crosswalks() -> Crosswalks:
    """Knowledge: ontology/crosswalks.yaml. Raises KeyError naming a group of sectors that is not there."""
    table = read_yaml("ontology/crosswalks.yaml")
    groups = {name: frozenset(sectors) for name, sectors in table["groups"].items()} | {
        n: frozenset({n}) for n in (NOBODY, PROTESTERS)
    }
    rows = {type: tuple(_row(r, groups) for r in listed) for type, listed in table["rows"].items()}
    violence = tuple(_row({**r, "ucdp": r["type"]}, groups) for r in table["ucdp"])
    incidents = tuple(
        (tuple(_demand(d, groups) for d in row["all"]), (row["acled"][0], row["acled"][1])) for row in table["incidents"]
    )
    responses = {Intensity(name): sub_event for name, sub_event in table["responses"].items()}
    protesters = frozenset(table["protesters"])
    return Crosswalks(rows, violence, dict(table["cameo"]), incidents, tuple(table["order"]), responses, protesters)


def _row(row: dict[str, Any], groups: Mapping[str, frozenset[str]]) -> Row:
    acled = row.get("acled")
    return Row(
        frozenset({row["mode"]}) if "mode" in row else None,
        _party(row.get("actor"), groups),
        _party(row.get("recipient"), groups),
        Codes(row.get("cameo"), (acled[0], acled[1]) if acled else None, row.get("ucdp")),
        frozenset(row["rules"]) if "rules" in row else None,
    )


def _demand(row: dict[str, Any], groups: Mapping[str, frozenset[str]]) -> Demand:
    return Demand(
        row["type"],
        frozenset(row["modes"]) if "modes" in row else None,
        frozenset(row.get("not_modes", ())),
        _party(row.get("actor"), groups),
        _party(row.get("not_actor"), groups) or frozenset(),
        _party(row.get("recipient"), groups),
        frozenset(row["counts"]) if "counts" in row else None,
        frozenset(row["rules"]) if "rules" in row else None,
    )


def _party(names: list[str] | None, groups: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    return None if names is None else frozenset().union(*(groups[name] for name in names))


def _sectors(parties: tuple[Participant, ...]) -> frozenset[str]:
    return frozenset(p.actor.sector or "UNK" for p in parties) or frozenset({NOBODY})
