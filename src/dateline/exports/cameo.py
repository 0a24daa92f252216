"""Tables of CAMEO events for programs that read GDELT 2.0 or Phoenix: tabs between, and no head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dateline.exports.brief import Brief, FlatParty
from dateline.exports.cells import tabbed
from dateline.exports.coded import Coded, Schemes, coded, load_schemes
from dateline.exports.telling import Asked, Told
from dateline.knowledge.cameo import NO_COUNTRY, Cameo, load_cameo
from dateline.knowledge.exports import names_of
from dateline.records import BlockKind

NO_CODE = "of no type that CAMEO has"

DIGITS = 13
"""Of an event's id that GDELT's number is made of: more would not be exact where a program reads numbers as floating point."""

USA = "USA"


def gdelt_tsv(asked: Asked) -> Iterator[str]:
    """A line an event in GDELT 2.0's 61 columns. What CAMEO has no code for is left out."""
    columns = names_of("gdelt-tsv")
    for event, code, schemes, cameo in _with_code(asked):
        row = gdelt_row(event, code, schemes, cameo)
        yield tabbed(row.get(column) for column in columns)


def phoenix_tsv(asked: Asked) -> Iterator[str]:
    """A line an event in Phoenix' 26 columns. What CAMEO has no code for is left out."""
    columns = names_of("cameo-tsv")
    for event, code, schemes, cameo in _with_code(asked):
        row = phoenix_row(event, code, schemes, cameo)
        yield tabbed(row.get(column) for column in columns)


def _with_code(asked: Asked) -> Iterator[tuple[Coded, str, Schemes, Cameo]]:
    schemes, cameo = load_schemes(), load_cameo()
    for event in coded(asked, schemes):
        if event.codes.cameo is None:
            asked.leave_out(NO_CODE)
        else:
            yield event, event.codes.cameo, schemes, cameo


# ---------------------------------------------------------------- GDELT


def gdelt_row(event: Coded, code: str, schemes: Schemes, cameo: Cameo) -> dict[str, Any]:
    """The cells of an event by column; what is not told or not coded is left out."""
    row = event.row
    return {
        "GLOBALEVENTID": int(row.id[:DIGITS], 16),
        **_days(row),
        **_actor("Actor1", row.actors, schemes, cameo),
        **_actor("Actor2", row.recipients, schemes, cameo),
        "IsRootEvent": int(_is_at_the_top(event.told)),
        "EventCode": code,
        "EventBaseCode": code[:3],
        "EventRootCode": code[:2],
        "QuadClass": schemes.codes.cameo.quad_class[code[:2]],
        "NumMentions": row.claims,
        "NumSources": len(row.publishers) or 1,
        "NumArticles": row.documents,
        **_geo(row, schemes),
        "DATEADDED": f"{row.known_since:%Y%m%d%H%M%S}",
        "SOURCEURL": row.urls[0] if row.urls else None,
    }


def _days(row: Brief) -> dict[str, Any]:
    if row.day is None:
        return {}
    day = row.day
    fraction = ((day.month - 1) * 30 + day.day) / 365
    return {"SQLDATE": f"{day:%Y%m%d}", "MonthYear": f"{day:%Y%m}", "Year": day.year, "FractionDate": f"{day.year + fraction:.4f}"}


def _actor(column: str, parties: Sequence[FlatParty], schemes: Schemes, cameo: Cameo) -> dict[str, Any]:
    if not parties:
        return {}
    party = parties[0]
    is_group = party.country in schemes.codes.cameo.known_groups
    return {
        f"{column}Code": _code(party, schemes, cameo).replace(NO_COUNTRY, "") or None,
        f"{column}Name": party.name,
        f"{column}CountryCode": party.country if party.country in schemes.names else None,
        f"{column}KnownGroupCode": party.country if is_group else None,
        f"{column}Type1Code": cameo.sectors.get(party.sector or "") or None,
    }


def _code(party: FlatParty, schemes: Schemes, cameo: Cameo) -> str:
    is_state = party.country is not None and party.name == schemes.country(party.country)
    sector = party.sector if party.sector in cameo.sectors else None
    return cameo.actor_code(party.name, party.country, sector, is_state=is_state)


def _geo(row: Brief, schemes: Schemes) -> dict[str, Any]:
    types = schemes.codes.cameo.geo_type.get(row.place_kind or "")
    country = schemes.codes.countries.get(row.country or "")
    if types is None:
        return {}
    names = [row.place, row.admin1, schemes.country(row.country)]
    return {
        "ActionGeo_Type": types[0] if row.country == USA else types[1],
        "ActionGeo_FullName": ", ".join(dict.fromkeys(name for name in names if name)),
        "ActionGeo_CountryCode": country.fips if country else None,
        "ActionGeo_Lat": row.latitude,
        "ActionGeo_Long": row.longitude,
    }


def _is_at_the_top(told: Told) -> bool:
    """Whether a report tells of it in its title or its first paragraph."""
    for telling in told.event.tellings:
        entered = told.sources.get(telling.claim.document)
        blocks = entered.document.blocks if entered else ()
        first = next((block for block in blocks if block.kind is BlockKind.BODY), None)
        top = [block.span for block in blocks if block.kind is BlockKind.TITLE] + ([first.span] if first else [])
        if any(span.overlaps(telling.claim.event.trigger) for span in top):
            return True
    return False


# ---------------------------------------------------------------- Phoenix


def phoenix_row(event: Coded, code: str, schemes: Schemes, cameo: Cameo) -> dict[str, Any]:
    """The cells of an event by column; what is not told or not coded is left out."""
    row = event.row
    days = {"Date": f"{row.day:%Y%m%d}", "Year": row.day.year, "Month": f"{row.day:%m}", "Day": f"{row.day:%d}"} if row.day else {}
    claim = event.told.event.tellings[0].claim
    return {
        "EventID": f"dateline-{row.id}",
        **days,
        **_full("Source", row.actors, schemes, cameo),
        **_full("Target", row.recipients, schemes, cameo),
        "EventCode": code,
        "EventRootCode": code[:2],
        "PentaClass": schemes.codes.cameo.penta_class[code[:2]],
        "Issues": row.contexts,
        "Lat": row.latitude,
        "Lon": row.longitude,
        "LocationName": row.place if row.place_kind in schemes.codes.acled.geo_precision else None,
        "StateName": row.admin1,
        "CountryCode": row.country,
        "SentenceID": f"{claim.document}:{claim.event.evidence.start}-{claim.event.evidence.end}",
        "URLs": row.urls,
        "NewsSources": row.publishers,
    }


def _full(role: str, parties: Sequence[FlatParty], schemes: Schemes, cameo: Cameo) -> dict[str, Any]:
    code = _code(parties[0], schemes, cameo) if parties else NO_COUNTRY
    entity, sector, rest = code[:3], code[3:6], code[6:]
    return {
        f"{role}ActorFull": code,
        f"{role}ActorEntity": entity,
        f"{role}ActorRole": sector or None,
        f"{role}ActorAttribute": rest or None,
    }
