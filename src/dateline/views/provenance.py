"""The log of judgements in the W3C's terms: PROV-JSON, for whoever reads provenance with other tools.

An entry is an activity, a judgement an entity that it generated, and who judged an agent: a person, or a piece of software. The
claims that it is about are what the activity used, and an undoing invalidates what it undoes. Names are those of PROV-DM
(https://www.w3.org/TR/prov-dm/) and of PROV-JSON (https://www.w3.org/submissions/prov-json/); what they have no name for stands
under our own prefix.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dateline.ledger.judgements import UNKNOWN, Entry
from dateline.records import Judge, Judgement

PREFIXES = {
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "dl": "urn:dateline:",
}

Section = dict[str, dict[str, Any]]


def prov_document(entries: Iterable[Entry]) -> dict[str, Any]:
    """The entries as a PROV-JSON document; the same entries always give the same one. No entry: a document that says nothing."""
    sections: dict[str, Section] = {name: {} for name in SECTIONS}
    agents: dict[Judge, str] = {}
    for entry in entries:
        _take(entry, sections, agents)
    return {"prefix": PREFIXES, **{name: section for name, section in sections.items() if section}}


SECTIONS = (
    "entity",
    "activity",
    "agent",
    "wasGeneratedBy",
    "used",
    "wasAssociatedWith",
    "wasAttributedTo",
    "actedOnBehalfOf",
    "wasInvalidatedBy",
)


def _take(entry: Entry, sections: dict[str, Section], agents: dict[Judge, str]) -> None:
    activity, moment = f"dl:entry/{entry.number}", entry.at.isoformat()
    sections["activity"][activity] = {
        "prov:startTime": moment,
        "prov:endTime": moment,
        "dl:hash": entry.hash,
        "dl:previous": entry.previous,
    }
    who = agents.setdefault(entry.by, f"dl:agent/{len(agents) + 1}")
    sections["agent"].setdefault(who, _agent(entry.by))
    program = f"dl:program/{entry.program.replace(' ', '-')}"
    software = {"prov:type": _name("prov:SoftwareAgent"), "prov:label": entry.program}
    sections["agent"].setdefault(program, software)
    associated, acted = sections["wasAssociatedWith"], sections["actedOnBehalfOf"]
    associated[f"_:by{entry.number}"] = {"prov:activity": activity, "prov:agent": who}
    if program != who:
        acted[f"_:with{entry.number}"] = {"prov:delegate": program, "prov:responsible": who, "prov:activity": activity}
    for judgement in entry.judgements:
        _judgement(judgement, activity, who, sections)


def _agent(judge: Judge) -> dict[str, Any]:
    if judge.is_machine:
        return {"prov:type": _name("prov:SoftwareAgent"), "prov:label": judge.name}
    if judge.name.startswith(UNKNOWN):
        return {"prov:type": _name("prov:Person"), "prov:label": judge.name, "dl:nameRemoved": True}
    return {"prov:type": _name("prov:Person"), "foaf:name": judge.name}


def _judgement(judgement: Judgement, activity: str, who: str, sections: dict[str, Section]) -> None:
    entity = f"dl:judgement/{judgement.id}"
    said = {
        "dl:kind": judgement.kind.value,
        "dl:about": judgement.about.value,
        "dl:reason": judgement.reason,
        "dl:field": judgement.field,
        "dl:before": [value for _, value in judgement.before],
        "dl:after": judgement.value,
    }
    sections["entity"][entity] = {
        "prov:type": _name("dl:Judgement"),
        **{name: value for name, value in said.items() if value},
    }
    moment = judgement.at.isoformat()
    sections["wasGeneratedBy"][f"_:made{judgement.id}"] = {"prov:entity": entity, "prov:activity": activity, "prov:time": moment}
    sections["wasAttributedTo"][f"_:of{judgement.id}"] = {"prov:entity": entity, "prov:agent": who}
    for claim in judgement.claims:
        sections["entity"].setdefault(f"dl:claim/{claim}", {"prov:type": _name("dl:Claim")})
        sections["used"][f"_:saw{judgement.id}-{claim}"] = {"prov:activity": activity, "prov:entity": f"dl:claim/{claim}"}
    for revoked in judgement.revokes:
        if "." in revoked:  # a removed name is no judgement
            gone = {"prov:entity": f"dl:judgement/{revoked}", "prov:activity": activity, "prov:time": moment}
            sections["wasInvalidatedBy"][f"_:undid{judgement.id}-{revoked}"] = gone


def _name(qualified: str) -> dict[str, str]:
    return {"$": qualified, "type": "prov:QUALIFIED_NAME"}
