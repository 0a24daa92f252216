"""An event's codes in other schemes, and the one number that stands where a format has one and the ledger has bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dateline.exports.brief import Brief, FlatFigure, brief
from dateline.exports.telling import Asked, Bound, Told
from dateline.knowledge.crosswalks import HAPPENED, Codes, Crosswalks, Facts, load_crosswalks
from dateline.knowledge.exports import ExportCodes, load_export_codes
from dateline.knowledge.places import load_countries
from dateline.records import Intensity, StatusValue
from dateline.views.wording import load_wording

WITHDRAWN = "corrected or taken back by every report of them"
"""Why an event is in no format that would tell it as a fact."""


@dataclass(frozen=True)
class Coded:
    """An event as a row of other schemes is made of it: in brief, in full, and coded."""

    row: Brief
    told: Told
    codes: Codes


@dataclass(frozen=True)
class Schemes:
    """The tables that rows of other schemes are made with. `names` are those of countries by alpha-3 code."""

    crosswalks: Crosswalks
    codes: ExportCodes
    names: dict[str, str]

    def country(self, iso3: str | None) -> str | None:
        """The name of a country; none is told, or it is none: None."""
        return self.names.get(iso3 or "")


def load_schemes() -> Schemes:
    """Knowledge: ontology/crosswalks.yaml, exports/, places/countries.csv."""
    return Schemes(load_crosswalks(), load_export_codes(), {code: country.name for code, country in load_countries().items()})


def coded(asked: Asked, schemes: Schemes) -> Iterator[Coded]:
    """The events that still stand, with their codes; `leave_out` is told of the others."""
    wording = load_wording()
    for told in asked.told():
        row = brief(told, wording)
        if row.stands:
            yield Coded(row, told, codes_of(row, told, schemes.crosswalks, has_all_statuses=asked.options.has_all_statuses))
        else:
            asked.leave_out(WITHDRAWN)


def codes_of(row: Brief, told: Told, crosswalks: Crosswalks, *, has_all_statuses: bool = False) -> Codes:
    """The codes of an event by what its reports say together: its best type and mode, all parties, all figures.

    Which entry of the lexicon gave the type, and what a protest was met with, are of its tellings of that type and mode.
    `has_all_statuses`: what did not happen is coded as if it had, for rows that say beside it that it did not.
    """
    mentions = [t.claim.event for t in told.event.tellings if t.is_current]
    same = [m for m in mentions if (m.type, m.mode) == (row.type, row.mode)]
    met = {m.response.intensity for m in same if m.response and m.response.intensity}
    facts = Facts(
        row.type,
        row.mode,
        crosswalks.parties([(party.name, party.sector) for party in row.actors]),
        crosswalks.parties([(party.name, party.sector) for party in row.recipients]),
        frozenset(figure.what for figure in row.figures if figure.high != 0),
        max(met, key=list(Intensity).index, default=None),
        same[0].rule if same else None,
    )
    return crosswalks.codes(facts, happened=has_all_statuses or StatusValue(row.status) in HAPPENED)


def number(figure: FlatFigure | None, bound: Bound) -> float | None:
    """The one number of a figure: its lower bound, its best, or its upper bound, for which the highest number that a report names
    stands in where it is open.

    None where no figure is told, where the rule gives no best, and for a total so far, which is of more than this event.
    """
    if figure is None or figure.is_running:
        return None
    return {Bound.LOW: figure.low, Bound.BEST: figure.best, Bound.HIGH: figure.named}[bound]


def days_of(row: Brief) -> tuple[date, int] | None:
    """The first day, and how many days it may have been on; no day is told: None. An open end counts as the day that is told."""
    if row.day is None:
        return None
    return row.day, ((row.last_day or row.day) - row.day).days + 1


def whole(value: float | None) -> float | int | None:
    """The number without a point where it is whole."""
    return int(value) if value is not None and float(value).is_integer() else value
