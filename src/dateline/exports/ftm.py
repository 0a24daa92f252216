"""Events as entities of FollowTheMoney, a JSON object a line: what Aleph, OpenAleph and the tools of investigators read.

An event is an Event with a Note for each telling's words, an Article for each report, and a Person, an Organization or a
LegalEntity for whoever is named in it, with a Mention for each report that names them. Crowds stand in the event's name alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from dateline.exports.brief import COARSE, Brief, FlatParty
from dateline.exports.cells import on_web
from dateline.exports.coded import Coded, coded, load_schemes
from dateline.exports.telling import Asked, Told
from dateline.knowledge.places import load_countries
from dateline.ledger.store import Entered
from dateline.records import StatusValue, Testimony
from dateline.views import wording as say

Properties = dict[str, list[str]]

MOST_LETTERS = {"name": 384, "title": 1024, "publisher": 1024, "fileName": 1024, "author": 1024, "keywords": 1024, "location": 250}
"""What FollowTheMoney takes at most as a name, a string and an address; longer ones are cut, and end in "…"."""

SCHEMAS = {"person": "Person", "organisation": "Organization"}
"""FollowTheMoney's schema of a party by the kind of its id in the actor tables; of one that only the reports name: LegalEntity."""


@dataclass(frozen=True)
class Entity:
    """An entity as FollowTheMoney writes it."""

    id: str
    schema: str
    properties: Properties


def ftm(asked: Asked) -> Iterator[str]:
    """The entities, each once: those that an event leads to stand before it or before an earlier one."""
    countries = {code: country.iso2.lower() for code, country in load_countries().items()}
    written: set[str] = set()
    for event in coded(asked, load_schemes()):
        for entity in entities(event, countries):
            if entity.id not in written:
                written.add(entity.id)
                yield json.dumps(asdict(entity), ensure_ascii=False) + "\n"


def entities(event: Coded, countries: dict[str, str]) -> Iterator[Entity]:
    """The entities of an event, itself last."""
    row, told = event.row, event.told
    for entered in told.sources.values():
        yield _article(entered)
    # People said that several names are of one actor: no row of the tables is all of him.
    own = set(told.names.values())
    parties = [replace(party, id=None) if party.name in own else party for party in (*row.actors, *row.recipients)]
    named = [party for party in dict.fromkeys(parties) if _is_named(party)]
    for party in named:
        yield _party(party, countries)
        for document in dict.fromkeys(t.claim.document for t in told.event.tellings if _names(t, party, told)):
            if document in told.sources:
                yield _mention(party, document, countries)
    for telling in told.event.tellings:
        yield _note(telling, row, has_document=telling.claim.document in told.sources)
    yield _event(event, named, countries)


def _is_named(party: FlatParty) -> bool:
    return party.id is not None or (not party.is_group and party.name[:1].isupper())


def _names(telling: Testimony, party: FlatParty, told: Told) -> bool:
    mention = telling.claim.event
    return any(told.shown(p.actor.name) == party.name for p in (*mention.actors, *mention.recipients))


def _id_of(party: FlatParty) -> str:
    """FollowTheMoney's ids are Latin letters, digits and hyphens: names are not."""
    return f"dateline-actor-{hashlib.sha256((party.id or party.name).encode()).hexdigest()[:16]}"


def _party(party: FlatParty, countries: dict[str, str]) -> Entity:
    schema = SCHEMAS.get((party.id or "").partition(":")[0], "LegalEntity")
    country = countries.get(party.country or "")
    return Entity(_id_of(party), schema, _filled(name=party.name, country=country, keywords=party.sector))


def _mention(party: FlatParty, document: str, countries: dict[str, str]) -> Entity:
    country = countries.get(party.country or "")
    schema = SCHEMAS.get((party.id or "").partition(":")[0], "LegalEntity")
    where = _filled(document=f"dateline-document-{document}", contextCountry=country)
    properties = _filled(name=party.name, resolved=_id_of(party), detectedSchema=schema) | where
    return Entity(f"{_id_of(party)}-in-{document}", "Mention", properties)


def _article(entered: Entered) -> Entity:
    document = entered.document
    properties = _filled(
        title=document.title,
        fileName=document.name,
        author=document.byline,
        publishedAt=document.published.day.isoformat() if document.published else None,
        sourceUrl=on_web(document.address),
        publisher=document.publisher,
        retrievedAt=entered.fetched.isoformat(timespec="seconds") if entered.fetched else None,
    )
    return Entity(f"dateline-document-{document.id}", "Article", properties | _filled(notes=f"sha256:{document.raw_sha256}"))


def _note(telling: Testimony, row: Brief, *, has_document: bool) -> Entity:
    """The words of a telling. FollowTheMoney has no offsets: they stand in the text."""
    span = telling.claim.event.evidence
    stands = "" if telling.is_current else "; corrected or taken back since"
    said = f"“{telling.evidence}” ({telling.publisher or 'a report'}, {telling.told}; characters {span.start}–{span.end}{stands})"
    properties = _filled(description=said, entity=f"dateline-{row.id}")
    if has_document:
        properties |= _filled(proof=f"dateline-document-{telling.claim.document}")
    return Entity(f"dateline-claim-{telling.claim.id}", "Note", properties)


def _event(event: Coded, named: list[FlatParty], countries: dict[str, str]) -> Entity:
    row = event.row
    is_fact = row.status == StatusValue.ASSERTED.value
    figures = [f"{f.what}{f' ({f.side})' if f.side else ''}: {say.bounds(f.low, f.high)}" for f in row.figures]
    told_by = f"told by {say.tally(row.documents, 'document')} of {say.tally(row.witnesses, 'independent text')}"
    disputed = [f"reports differ: {', '.join(row.disputed)}"] if row.disputed else []
    properties = _filled(
        name=row.headline if is_fact else f"{row.status}: {row.headline}",
        summary=row.evidence,
        startDate=row.first_day.isoformat() if row.first_day else None,
        endDate=row.last_day.isoformat() if row.last_day else None,
        location=row.place if row.place_kind not in {kind.value for kind in COARSE} else None,
        country=countries.get(row.country or ""),
        recordId=row.id,
        modifiedAt=row.changed.isoformat(timespec="seconds"),
    )
    several = {
        "keywords": [f"status:{row.status}", row.type, *([row.mode] if row.mode else []), *row.contexts],
        "notes": [
            *figures,
            *disputed,
            told_by,
        ],
        "involved": [_id_of(party) for party in named],
        "proof": [f"dateline-document-{id}" for id in event.told.sources],
        "sourceUrl": [url for url in row.urls if on_web(url)],
        "publisher": list(row.publishers),
    }
    listed = {name: [_cut(name, value) for value in values] for name, values in several.items() if values}
    return Entity(f"dateline-{row.id}", "Event", properties | listed)


def _filled(**values: str | None) -> Properties:
    """Properties with one value each; what is not told is left out."""
    return {name: [_cut(name, value)] for name, value in values.items() if value}


def _cut(name: str, value: str) -> str:
    most = MOST_LETTERS.get(name, len(value))
    return value if len(value) <= most else f"{value[: most - 1]}…"
