"""Events as JSON-LD in the words of schema.org: an Event, and a Claim for each telling with the article that makes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dateline.exports.brief import Brief
from dateline.exports.cells import on_web
from dateline.exports.coded import Coded, coded, load_schemes
from dateline.exports.telling import Asked
from dateline.records import Testimony
from dateline.views import wording as say

CONTEXT = {"@vocab": "https://schema.org/", "dl": "urn:dateline:", "sameAs": {"@type": "@id"}, "url": {"@type": "@id"}}
"""No address that a reader would have to fetch."""


def jsonld(asked: Asked) -> Iterator[str]:
    """A graph: what the file is of, and an Event a line. What did not happen is left out, as schema.org has no word for it."""
    about = asked.about
    dataset = {
        "@type": "Dataset",
        "@id": "urn:dateline:export",
        "name": "Events of a Dateline ledger",
        "description": about.get("filter"),
        "license": about.get("licence"),
        "dateModified": about.get("date"),
        "dl:program": about.get("program"),
        "dl:ledger": about.get("ledger"),
        "dl:hidden": about.get("hidden"),
    }
    yield f'{{"@context":{_json(CONTEXT)},"@graph":[\n{_json(_filled(dataset))}'
    for event in coded(asked, load_schemes()):
        yield f",\n{_json(event_node(event))}"
    yield "\n]}\n"


def event_node(event: Coded) -> dict[str, Any]:
    """The event with its claims."""
    row = event.row
    figures = [_filled({"@type": "PropertyValue", "name": f.what, "dl:side": f.side, "minValue": f.low, "maxValue": f.high,
                        "description": say.bounds(f.low, f.high)}) for f in row.figures]  # fmt: skip
    return _filled(
        {
            "@type": "Event",
            "@id": f"urn:dateline:event/{row.id}",
            "identifier": row.id,
            "name": row.headline,
            "description": row.evidence,
            "startDate": row.first_day.isoformat() if row.first_day else None,
            "endDate": row.last_day.isoformat() if row.last_day else None,
            "location": _place(row),
            "keywords": [row.type, *([row.mode] if row.mode else []), *row.contexts],
            "url": row.address,
            "isPartOf": {"@id": "urn:dateline:export"},
            "dl:status": row.status,
            "dl:actor": [party.name for party in row.actors],
            "dl:recipient": [party.name for party in row.recipients],
            "dl:figure": figures,
            "dl:disputed": list(row.disputed),
            "subjectOf": [_claim(telling, event) for telling in event.told.event.tellings],
        }
    )


def _place(row: Brief) -> dict[str, Any] | None:
    """The place; a country is one without a point."""
    if row.place is None:
        return None
    point = {"@type": "GeoCoordinates", "latitude": row.latitude, "longitude": row.longitude} if row.latitude is not None else None
    address = _filled({"@type": "PostalAddress", "addressRegion": row.admin1, "addressCountry": row.country})
    same = f"https://sws.geonames.org/{row.geonames}/" if row.geonames else None
    return _filled({"@type": "Place", "name": row.place, "address": address, "geo": point, "sameAs": same})


def _claim(telling: Testimony, event: Coded) -> dict[str, Any]:
    claim, entered = telling.claim, event.told.sources.get(telling.claim.document)
    document = entered.document if entered else None
    article = {
        "@type": "NewsArticle",
        "@id": f"urn:dateline:document/{claim.document}",
        "headline": document.title if document else None,
        "url": on_web(document.address) if document else None,
        "datePublished": telling.published.isoformat() if telling.published else None,
        "publisher": {"@type": "Organization", "name": telling.publisher} if telling.publisher else None,
        "sha256": document.raw_sha256 if document else None,
    }
    author = claim.event.attribution[-1].actor.name if claim.event.attribution else telling.publisher
    return _filled(
        {
            "@type": "Claim",
            "@id": f"urn:dateline:claim/{claim.id}",
            "text": telling.evidence,
            "author": {"@type": "Thing", "name": author} if author else None,
            "appearance": _filled(article),
            "dl:stands": telling.is_current,
        }
    )


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    """The node without what is not told."""
    return {name: value for name, value in node.items() if value is not None and value != []}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
