"""Tables of political violence and protest as ACLED lays them out, with our bounds and evidence in columns of their own.

The codes are by our crosswalks and tables; ids, names of actors and everything else are ours: "ACLED-like", and nothing of ACLED's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from dateline.exports.brief import Brief, FlatParty
from dateline.exports.cells import in_a_line, line
from dateline.exports.coded import Coded, Schemes, coded, days_of, load_schemes, number, whole
from dateline.exports.telling import Asked, Bound
from dateline.knowledge.exports import AcledCodes, names_of

NO_TYPE = "of no type that ACLED has"


def acled_csv(asked: Asked) -> Iterator[str]:
    """The table. What ACLED has no type for is left out."""
    schemes, columns = load_schemes(), names_of("acled-csv")
    yield line(columns)
    said: str | None = in_a_line(asked.about)
    for event in coded(asked, schemes):
        if event.codes.acled is None:
            asked.leave_out(NO_TYPE)
            continue
        row = acled_row(event, schemes, asked.options.bounds)
        yield line([*(row.get(column) for column in columns[:-1]), said])
        said = None


def acled_row(event: Coded, schemes: Schemes, bound: Bound) -> dict[str, Any]:
    """The cells of an event by column; what is not told or not coded is left out."""
    row, codes = event.row, schemes.codes.acled
    kind, sub_event = event.codes.acled or (None, None)
    crowd = codes.crowds.get(kind or "", codes.civilians)
    target = crowd if sub_event in codes.crowd_is_target else codes.civilians
    inter1, inter2 = _inter(row.actors, crowd, row.country, codes), _inter(row.recipients, target, row.country, codes)
    return {
        "event_id_cnty": f"dateline-{row.id}",
        **_when(row, codes),
        "disorder_type": codes.disorder.get(sub_event or ""),
        "event_type": kind,
        "sub_event_type": sub_event,
        **_party(row.actors, "1", inter1),
        **_party(row.recipients, "2", inter2),
        "interaction": _interaction([code for code in (inter1, inter2) if code is not None]),
        "civilian_targeting": codes.words if _targets_civilians(kind, sub_event, inter2, codes) else None,
        **_where(row, schemes),
        "source": row.publishers,
        "notes": f"{row.headline}. {', '.join(row.publishers[:1]) or 'A report'}, {row.first_reported}: “{row.evidence}”",
        "fatalities": whole(number(row.figure("killed"), bound)),
        "tags": _crowd(row),
        "timestamp": int(row.changed.astimezone(UTC).timestamp()),
        **_ours(row),
    }


def _when(row: Brief, codes: AcledCodes) -> dict[str, Any]:
    days = days_of(row)
    if days is None:
        return {}
    first, length = days
    return {
        "event_date": first,
        "year": first.year,
        "time_precision": codes.time_precision.code(length, is_assumed=row.is_day_assumed),
        "x_last_day": row.last_day if length > 1 else None,
    }


def _party(parties: Sequence[FlatParty], side: str, inter: int | None) -> dict[str, Any]:
    names = [party.name for party in parties]
    return {f"actor{side}": names[0] if names else None, f"assoc_actor_{side}": names[1:], f"inter{side}": inter}


def _inter(parties: Sequence[FlatParty], people: int, country: str | None, codes: AcledCodes) -> int | None:
    """The kind of the first party, `people` that of those without an office; nobody, or nobody knows who: None."""
    if not parties:
        return None
    first = parties[0]
    code = codes.sectors.get(first.sector or "")
    if code == codes.civilians:
        return people
    is_abroad = first.sector in codes.external_sectors and first.country and country and first.country != country
    return codes.external if is_abroad else code


def _interaction(codes: Sequence[int]) -> int | None:
    return None if not codes else min(codes) * 10 + (max(codes) if len(codes) > 1 else 0)


def _targets_civilians(kind: str | None, sub_event: str | None, inter2: int | None, codes: AcledCodes) -> bool:
    others = {codes.civilians, codes.protesters}
    return sub_event in codes.targets_civilians or (kind in codes.may_target_civilians and inter2 in others)


def _where(row: Brief, schemes: Schemes) -> dict[str, Any]:
    country = schemes.codes.countries.get(row.country or "")
    is_fine = row.place_kind in schemes.codes.acled.geo_precision
    return {
        "iso": country.iso_numeric if country else None,
        "region": country.acled_region if country else None,
        "country": schemes.country(row.country),
        "admin1": row.admin1,
        "location": row.place if is_fine else None,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "geo_precision": schemes.codes.acled.geo_precision.get(row.place_kind or ""),
    }


def _crowd(row: Brief) -> str | None:
    """ACLED's tag for how many took part, with both bounds: "crowd size=3500-4500", "crowd size=at least 40"."""
    took_part = row.figure("participants")
    if took_part is None:
        return None
    low, high = whole(took_part.low), whole(took_part.high)
    said = f"at least {low}" if high is None else f"{low}" if low == high else f"{low}-{high}"
    return f"crowd size={said}"


def _ours(row: Brief) -> dict[str, Any]:
    killed = row.figure("killed")
    figures = {"fatalities": killed, "injured": row.figure("injured"), "detained": row.figure("detained")}
    bounds = {f"x_{name}_low": whole(f.low) for name, f in figures.items() if f}
    bounds |= {f"x_{name}_high": whole(f.high) for name, f in figures.items() if f}
    return {
        **bounds,
        "x_status": row.status,
        "x_n_sources": row.witnesses,
        "x_url": row.urls[0] if row.urls else None,
        "x_evidence": row.evidence,
        "x_n_documents": row.documents,
        "x_disputed": row.disputed,
        "x_is_running": 1 if killed and killed.is_running else None,
        "x_plover": f"{row.type} {row.mode}" if row.mode else row.type,
        "x_address": row.address,
    }
