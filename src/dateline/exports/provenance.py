"""Where events come from, in the W3C's PROV-JSON: from event to claim, to document, and to the bytes of a report.

What people and programs judged of these claims is in it as the audit page has it (views/provenance.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from dateline.exports.brief import happening_of
from dateline.exports.telling import Asked, Told
from dateline.ledger.judgements import Entry
from dateline.views.events import headline
from dateline.views.provenance import Section, prov_document
from dateline.views.wording import load_wording

EXPORT = "dl:export"


def prov_json(asked: Asked, entries: Iterable[Entry]) -> Iterator[str]:
    """The document; `entries` are the log's, of which those stay that judge claims of the events."""
    derived: dict[str, Section] = {name: {} for name in ("entity", "activity", "agent", *RELATIONS)}
    claims: set[str] = set()
    derived["entity"][EXPORT] = {
        "prov:type": _name("prov:Collection"),
        **{f"dl:{name}": value for name, value in asked.about.items() if value not in (None, "")},
    }
    for told in asked.told():
        _take(told, derived)
        claims |= {telling.claim.id for telling in told.event.tellings}
    judged = prov_document(_about(entries, claims))
    sections: dict[str, Any] = {"prefix": judged.pop("prefix")}
    for name in dict.fromkeys((*derived, *judged)):
        section = {**judged.get(name, {}), **derived.get(name, {})}
        if section:
            sections[name] = section
    yield json.dumps(sections, ensure_ascii=False, indent=1) + "\n"


RELATIONS = ("hadMember", "wasDerivedFrom", "wasGeneratedBy", "wasAssociatedWith", "wasAttributedTo")


def _about(entries: Iterable[Entry], claims: set[str]) -> Iterator[Entry]:
    """The entries with the judgements of these claims, and the undoings of those."""
    ids: set[str] = set()
    for entry in entries:
        kept = tuple(j for j in entry.judgements if not claims.isdisjoint(j.claims) or not ids.isdisjoint(j.revokes))
        ids |= {judgement.id for judgement in kept}
        if kept:
            yield replace(entry, judgements=kept)


def _take(told: Told, sections: dict[str, Section]) -> None:
    event = f"dl:event/{told.event.id}"
    brief = happening_of(told)
    sections["entity"][event] = {
        "prov:type": _name("dl:Event"),
        "prov:label": headline(brief, load_wording()),
        "dl:status": brief.status,
    }
    sections["hadMember"][f"_:member-{told.event.id}"] = {"prov:collection": EXPORT, "prov:entity": event}
    for telling in told.event.tellings:
        claim = f"dl:claim/{telling.claim.id}"
        sections["entity"][claim] = {
            "prov:type": _name("dl:Claim"),
            "prov:value": telling.evidence,
            "dl:status": telling.claim.event.status.value.value,
            "dl:stands": telling.is_current,
        }
        sections["wasDerivedFrom"][f"_:told-{told.event.id}-{telling.claim.id}"] = _derived(event, claim)
        coder = telling.claim.coder
        activity = f"dl:coding/{'-'.join((coder.program, coder.model, coder.knowledge)).replace(' ', '-')}"
        agent = f"dl:coder/{coder.program.replace(' ', '-')}"
        sections["activity"].setdefault(activity, {"dl:model": coder.model, "dl:knowledge": coder.knowledge})
        sections["agent"].setdefault(agent, {"prov:type": _name("prov:SoftwareAgent"), "prov:label": f"coder {coder.program}"})
        sections["wasAssociatedWith"].setdefault(f"_:{activity[3:]}", {"prov:activity": activity, "prov:agent": agent})
        generated = {"prov:entity": claim, "prov:activity": activity, "prov:time": telling.known_at.isoformat()}
        sections["wasGeneratedBy"][f"_:coded-{telling.claim.id}"] = generated
        _document(telling.claim.document, claim, telling.claim.event.evidence.start, told, sections)


def _document(id: str, claim: str, start: int, told: Told, sections: dict[str, Section]) -> None:
    document, entered = f"dl:document/{id}", told.sources.get(id)
    sections["wasDerivedFrom"][f"_:read-{claim[3:]}"] = {**_derived(claim, document), "dl:start": start}
    if entered is None or document in sections["entity"]:
        return
    said = {"prov:label": entered.document.title, "dl:address": entered.document.address}
    sections["entity"][document] = {
        "prov:type": _name("dl:Document"),
        **{name: value for name, value in said.items() if value},
    }
    report = f"dl:report/{entered.document.raw_sha256}"
    sections["entity"][report] = {"prov:type": _name("dl:Report"), "dl:sha256": entered.document.raw_sha256}
    sections["wasDerivedFrom"][f"_:normalised-{id}"] = _derived(document, report)
    if entered.document.publisher:
        publisher = f"dl:publisher/{entered.document.publisher.replace(' ', '-')}"
        sections["agent"].setdefault(publisher, {"prov:type": _name("prov:Organization"), "prov:label": entered.document.publisher})
        sections["wasAttributedTo"][f"_:published-{id}"] = {"prov:entity": report, "prov:agent": publisher}


def _derived(made: str, of: str) -> dict[str, str]:
    return {"prov:generatedEntity": made, "prov:usedEntity": of}


def _name(qualified: str) -> dict[str, str]:
    return {"$": qualified, "type": "prov:QUALIFIED_NAME"}
