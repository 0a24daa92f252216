"""Tables of organised violence as UCDP's GED lays them out: the one common format that has a best, a low and a high figure.

"UCDP-GED-like": which events are in it is by our crosswalk; conflicts, dyads and ids of UCDP's are left empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dateline.exports.brief import Brief, FlatParty
from dateline.exports.cells import in_a_line, line
from dateline.exports.coded import Coded, Schemes, coded, days_of, load_schemes, number, whole
from dateline.exports.telling import Asked, Bound
from dateline.knowledge.exports import UcdpCodes, names_of

NO_VIOLENCE = "no organised violence with deaths as UCDP counts it"
RUNNING = "with deaths told only in a total so far, of more than the event"


def ged_csv(asked: Asked) -> Iterator[str]:
    """The table. What is no organised violence with deaths is left out."""
    schemes, columns = load_schemes(), names_of("ged-csv")
    yield line(columns)
    said: str | None = in_a_line(asked.about)
    for event in coded(asked, schemes):
        killed = event.row.figure("killed")
        if event.codes.ucdp is None or killed is None or killed.is_running:
            asked.leave_out(RUNNING if killed is not None and killed.is_running else NO_VIOLENCE)
            continue
        row = ged_row(event, schemes)
        yield line([*(row.get(column) for column in columns[:-1]), said])
        said = None


def ged_row(event: Coded, schemes: Schemes) -> dict[str, Any]:
    """The cells of an event by column; what is not told or not coded is left out."""
    row, codes = event.row, schemes.codes.ucdp
    country = schemes.codes.countries.get(row.country or "")
    return {
        "id": f"dateline-{row.id}",
        "type_of_violence": codes.violence.get(event.codes.ucdp or ""),
        **_sources(event),
        "where_prec": codes.where_prec.get(row.place_kind or ""),
        "where_coordinates": row.place,
        "where_description": row.evidence,
        "adm_1": row.admin1,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "country": schemes.country(row.country),
        "region": country.ucdp_region if country else None,
        **_when(row, codes),
        **_deaths(event, codes),
        "x_status": row.status,
        "x_n_sources": row.witnesses,
        "x_url": row.urls[0] if row.urls else None,
        "x_disputed": row.disputed,
        "x_plover": f"{row.type} {row.mode}" if row.mode else row.type,
        "x_address": row.address,
    }


def _when(row: Brief, codes: UcdpCodes) -> dict[str, Any]:
    days = days_of(row)
    if days is None:
        return {}
    first, length = days
    return {
        "year": first.year,
        "date_prec": codes.date_prec.code(length, is_assumed=row.is_day_assumed),
        "date_start": first,
        "date_end": row.last_day or first,
    }


def _sources(event: Coded) -> dict[str, Any]:
    row = event.row
    told = {t.claim.document: t for t in event.told.event.tellings}
    entered = [(event.told.sources[id].document, t) for id, t in told.items() if id in event.told.sources]
    articles = [", ".join(str(part) for part in (t.publisher, t.told, d.title) if part) for d, t in entered]
    return {
        "number_of_sources": row.documents,
        "source_article": articles,
        "source_office": row.publishers,
        "source_date": row.first_reported,
        "source_headline": row.title,
        "source_original": row.tellers,
    }


def _deaths(event: Coded, codes: UcdpCodes) -> dict[str, Any]:
    """The sides and their dead. In state-based violence side A is the state, in one-sided violence side B are civilians."""
    row = event.row
    a, b = list(row.actors), list(row.recipients)
    if event.codes.ucdp == "state-based" and not _is_of(a, "state", codes) and _is_of(b, "state", codes):
        a, b = b, a
    apart = {side: number(row.figure("killed", side), Bound.BEST) for side in (*codes.sides, codes.civilians)}
    deaths_a, deaths_b = (_dead(parties, apart, codes) for parties in (a, b))
    civilians, killed = apart[codes.civilians], row.figure("killed")
    best, low, high = (number(killed, bound) for bound in (Bound.BEST, Bound.LOW, Bound.HIGH))
    known = sum(dead for dead in (deaths_a, deaths_b, civilians) if dead is not None)
    return {
        "side_a": [party.name for party in a],
        "side_b": codes.words_for_civilians if event.codes.ucdp == "one-sided" else [party.name for party in b],
        "deaths_a": whole(deaths_a),
        "deaths_b": whole(deaths_b),
        "deaths_civilians": whole(civilians),
        "deaths_unknown": whole(best - known) if best is not None and best >= known else None,
        "best": whole(best),
        "high": whole(high),
        "low": whole(low),
        "x_high_is_open": 1 if killed is not None and killed.high is None else None,
    }


def _is_of(parties: Sequence[FlatParty], side: str, codes: UcdpCodes) -> bool:
    return any(party.sector in codes.sides[side] for party in parties)


def _dead(parties: Sequence[FlatParty], apart: dict[str, float | None], codes: UcdpCodes) -> float | None:
    """The dead of the side that these parties stand for; civilians are counted for themselves."""
    return next((apart[side] for side in codes.sides if _is_of(parties, side, codes)), None)
