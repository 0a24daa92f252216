"""Records of a report -> the templates of MUC-4: which are incidents, which are of one, and the words that fill each role.

The key asks for less than a record holds and words it in its own way: terrorism and no battles, one template for all that is told
of an attack, named victims only, bodies apart from people. Those choices stand in crosswalks/muc.yaml; they were made on the train
half.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from dateline.knowledge.actors import ActorKnowledge
from dateline.records import Coding, EventMention, Participant

CROSSWALK = Path(__file__).parent / "crosswalks" / "muc.yaml"
ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
DETERMINER = re.compile(r"^(?:the|a|an|some|this|that|these|those|his|her|their|its)\s+")
_OF_THEM = re.compile(r"\s+(?:of|from|belonging to)\s.*")
_PEOPLE_OF = re.compile(r"^.*\b(?:of|from)\s+(?:the\s+same\s+|the\s+|that\s+|a\s+)?")
_HEDGE = re.compile(r"^(?:alleged|suspected|presumed|supposed|several|some|other|the)\s+")
_COUNTED = re.compile(
    r"^(?:(?:at least|about|some|several|many|other|nearby|more than)\s+)*"
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten)?\s*"
)


@dataclass
class Template:
    """An incident with the fillers of its roles: one string an entity."""

    incident: str
    fillers: dict[str, list[str]] = field(default_factory=lambda: {role: [] for role in ROLES})

    def add(self, role: str, words: str) -> None:
        if words and words not in self.fillers[role]:
            self.fillers[role].append(words)


@dataclass(frozen=True)
class Incidents:
    """The crosswalk's choices, and the tables that tell bodies and roles from names."""

    table: Mapping[str, Any]
    actors: ActorKnowledge

    @classmethod
    def read(cls, actors: ActorKnowledge) -> Incidents:
        return cls(yaml.safe_load(CROSSWALK.read_text(encoding="utf-8")), actors)

    def templates(self, coding: Coding) -> list[Template]:
        """One template for each kind of incident that a report tells of, in order of telling; none told: an empty list."""
        if coding.document is None:
            return []
        text, published = coding.document.text, coding.document.published
        told: dict[str, list[EventMention]] = {}
        for event in (claim.event for claim in coding.claims):
            kind = self.kind_of(event)
            if kind is not None and not self._is_background(event, published.day if published else None):
                told.setdefault(kind, []).append(event)
        self._join_general(told, text)
        if not any(self._is_sure(event) for event in told.get(self.table["general"], ())):
            told.pop(self.table["general"], None)
        templates = [self._template(kind, events, text) for kind, events in told.items()]
        self._add_freed(templates, coding, text)
        self._share_bodies(templates, coding, text)
        return templates

    def kind_of(self, event: EventMention) -> str | None:
        """The kind of the first line that the record fits, by its mode, its rule or what it was done with; none: None."""
        if event.status.value.value not in self.table["statuses"] or event.confidence < self.table["least_confidence"]:
            return None
        weapons = {i.kind for i in event.instruments}
        for line in self.table["incidents"]:
            said = not {"modes", "rules", "weapons"} & set(line)
            said = said or event.mode in line.get("modes", ()) or event.rule in line.get("rules", ())
            said = said or bool(weapons & set(line.get("weapons", ())))
            if said and event.type in line["types"] and event.mode not in line.get("not_modes", ()):
                return str(line["incident"])
        return None

    def _is_background(self, event: EventMention, published: date | None) -> bool:
        """True for what is told as long past, for talk of war and battles, and for fights between troops and rebels."""
        last = event.time.last if event.time is not None else None
        if published is not None and last is not None and (published - last).days > self.table["long_ago_days"]:
            return True
        doers, harmed = ({p.actor.sector for p in side} for side in (event.actors, event.recipients))
        fighting = set(self.table["combatants"])
        return event.rule in self.table["no_incident"] or (bool(harmed) and harmed <= fighting and doers <= fighting)

    def _is_sure(self, event: EventMention) -> bool:
        """True for more than mere talk of attacks: an act, told with the words and parties of one."""
        return event.rule not in self.table["mere_talk"]

    def _join_general(self, told: dict[str, list[EventMention]], text: str) -> None:
        """Deaths of which nothing says how join the bombing or kidnapping of the report, if the victims are the same or unnamed."""
        general = self.table["general"]
        beside = [kind for kind in told if kind != general]
        if general not in told or not beside:
            return
        named = {kind: {v for e in events for v in self._victims(e, text)} for kind, events in told.items()}
        same = next((kind for kind in beside if named[kind] & named[general]), None)
        if same is None and not named[general] and not any(e.mode for e in told[general]):
            same = beside[0]
        if same is not None:
            told[same] += told.pop(general)

    # ------------------------------------------------------------ fillers

    def _template(self, kind: str, events: Sequence[EventMention], text: str) -> Template:
        template, weapons = Template(kind), set[str]()
        for event in events:
            for party in event.actors:
                self._add_doer(template, party, text)
            for party in event.recipients:
                if self._is_target(words := filler_of(party, text)):
                    template.add("Target", _COUNTED.sub("", words))
            for victim in self._victims(event, text):
                template.add("Victim", victim)
            for instrument in event.instruments:
                if instrument.kind in self.table["weapons"] and instrument.kind not in weapons:
                    weapons.add(instrument.kind)  # "the bomb", "the device", "the charge": told on, and one weapon
                    template.add("Weapon", " ".join(instrument.name.lower().split()))
        for role, most in self.table["most"].items():
            del template.fillers[role][most:]
        return template

    def _add_doer(self, template: Template, party: Participant, text: str) -> None:
        """A body; the people of one ("members of the front": both); or people."""
        words = filler_of(party, text)
        if party.actor.sector in self.table["never_doers"] or self._is_nobody(party, words):
            return
        bodies = self._bodies_in(words)
        if not bodies and words.split()[-1:] and words.split()[-1] in self.table["bodies"]:
            bodies = [_PEOPLE_OF.sub("", words)]
        for body in bodies:
            template.add("PerpOrg", body)
        if words not in bodies:
            people = words
            for body in bodies:
                people = people.removeprefix(body).strip()
            template.add("PerpInd", _HEDGE.sub("", _OF_THEM.sub("", people) if bodies else people))

    def _victims(self, event: EventMention, text: str) -> Iterator[str]:
        """Those harmed who are named: the key has the names of victims, and leaves out who is only described."""
        for party in event.recipients:
            words = filler_of(party, text)
            is_somebody = party.actor.sector is not None and not party.actor.is_group and not self._is_nobody(party, words)
            is_name = len(words.split()) > 1 and self.actors.role_ending(words.split()) is None
            if is_somebody and is_name and not self._is_target(words):
                yield words

    def _is_target(self, words: str) -> bool:
        """True for a thing that can be damaged, and a body that stands for its building ("the embassy was attacked")."""
        head = words.split(" of ")[0].split(" in ")[0].split()[-1:]
        return any({h, h.removesuffix("s")} & set(self.table["targets"]) for h in head)

    def _is_nobody(self, party: Participant, words: str) -> bool:
        return party.actor.name.lower() in self.table["nobody_told"] or words in self.table["pronouns"]

    def _bodies_in(self, words: str) -> list[str]:
        """The organisations of the tables that a phrase names; the longest names, in order; none: empty."""
        split = words.split()
        found: list[str] = []
        start = 0
        while start < len(split):
            sizes = range(len(split) - start, 0, -1)
            runs = ((n, " ".join(split[start : start + n])) for n in sizes)
            size = next((n for n, run in runs if self.actors.organisation(run, ignore_case=True)), 0)
            if size:
                found.append(DETERMINER.sub("", " ".join(split[start : start + size]).strip(" .,[]")))
            start += size or 1
        return found

    # ------------------------------------------------------------ what other records of the report tell of an incident

    def _add_freed(self, templates: Sequence[Template], coding: Coding, text: str) -> None:
        """Those who are released were kidnapped."""
        freed = [c.event for c in coding.claims if c.event.rule in self.table["freeing"]]
        for template in (t for t in templates if t.incident == "kidnapping"):
            for victim in (v for event in freed for v in self._victims(event, text)):
                template.add("Victim", victim)

    def _share_bodies(self, templates: Sequence[Template], coding: Coding, text: str) -> None:
        """The body behind an incident that names none: that of another one, else the accused, else the report's first armed one."""
        accused, armed = Template(""), Template("")
        for event in (claim.event for claim in coding.claims):
            for party in event.recipients if event.rule in self.table["accusing"] else ():
                self._add_doer(accused, party, text)
            for party in (*event.actors, *event.recipients):
                if party.actor.sector in self.table["armed"]:
                    for body in self._bodies_in(filler_of(party, text)):
                        armed.add("PerpOrg", body)
        known = [body for t in (*templates, accused, armed) for body in t.fillers["PerpOrg"]]
        for template in (t for t in templates if not t.fillers["PerpOrg"]):
            for body in known[:1]:
                template.add("PerpOrg", body)


def filler_of(party: Participant, text: str) -> str:
    """The words as the key writes them: lower case, on one line, without a determiner; a party without words: its name."""
    said = party.span.of(text) if party.span else party.actor.name
    if party.actor.name.lower().endswith(said.lower()) or " " not in said:
        said = max((said, party.actor.name), key=len)
    return DETERMINER.sub("", " ".join(said.lower().split()).strip(" .,\"'[]"))
