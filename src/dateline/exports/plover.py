"""Events as JSON lines in the form of PLOVER's manual; what PLOVER has no key for stands under a key of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from dateline.exports.brief import FlatParty
from dateline.exports.coded import Coded, coded, load_schemes
from dateline.exports.telling import Asked, Told
from dateline.records import Participant

NO_TYPE = "of no type that PLOVER has"


def plover_jsonl(asked: Asked) -> Iterator[str]:
    """One event a line. What PLOVER has no type for is left out."""
    schemes = load_schemes()
    for event in coded(asked, schemes):
        if event.row.type in schemes.codes.not_in_plover:
            asked.leave_out(NO_TYPE)
        else:
            yield json.dumps(plover_line(event), ensure_ascii=False, default=str) + "\n"


def plover_line(event: Coded) -> dict[str, Any]:
    """The event as PLOVER's manual lays it out."""
    row = event.row
    actors, recipients = ([_party(party, event.told, role) for party in parties] for parties, role in _roles(event))
    point = [row.latitude, row.longitude] if row.latitude is not None else None
    return {
        "id": f"dateline-{row.id}",
        "date": row.day.isoformat() if row.day else None,
        "actor": actors,
        "recipient": recipients,
        "event": [row.type],
        "mode": row.mode,
        "context": list(row.contexts),
        "dateline": {
            "status": row.status,
            "last_day": row.last_day.isoformat() if row.last_day else None,
            "day_precision": row.day_precision,
            "is_day_assumed": row.is_day_assumed,
            "place": {"name": row.place, "kind": row.place_kind, "admin1": row.admin1, "country": row.country, "point": point},
            "figures": [asdict(figure) for figure in row.figures],
            "evidence": row.evidence,
            "documents": row.documents,
            "witnesses": row.witnesses,
            "publishers": list(row.publishers),
            "urls": list(row.urls),
            "disputed": list(row.disputed),
            "confidence": row.confidence,
            "address": row.address,
        },
    }


def _roles(event: Coded) -> Sequence[tuple[Sequence[FlatParty], str]]:
    return ((event.row.actors, "actors"), (event.row.recipients, "recipients"))


def _party(party: FlatParty, told: Told, role: str) -> dict[str, Any]:
    return {
        "raw_text": _words(party, told, role),
        "entity_name": party.name,
        "wikidata_id": None,
        "wiki_description": None,
        "country_name": party.country,
        "sector_code": party.sector,
        "other_sector_codes": [],
    }


def _words(party: FlatParty, told: Told, role: str) -> str | None:
    """The words of the first report that names the party in the role; the text leaves it implicit: None."""
    for telling in told.event.tellings:
        entered = told.sources.get(telling.claim.document)
        participants: tuple[Participant, ...] = getattr(telling.claim.event, role)
        for participant in participants:
            if entered is not None and participant.span is not None and told.shown(participant.actor.name) == party.name:
                return participant.span.of(entered.document.text)
    return None
