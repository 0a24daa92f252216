"""Words that move an event away from "it happened", hand over to a teller, or only carry an event noun."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dateline.knowledge.tables import read_yaml


@dataclass(frozen=True)
class Measure:
    """A figure of a unit that counts `what` in events of the types, when one of the words stands in the clause."""

    what: str
    types: frozenset[str]
    units: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True)
class Dating:
    """Words that decide which day belongs to which event, in lower case; verbs by lemma."""

    concurrent: frozenset[str]
    within: frozenset[str]
    struck: frozenset[str]
    lasting: frozenset[str]
    beginning: frozenset[str]
    starting: frozenset[str]
    indefinite: frozenset[str]


@dataclass(frozen=True)
class Placing:
    """Words that decide which place belongs to which event, in lower case; verbs and nouns by lemma.

    `stand_ins` gives the kind of place that "the city" or "the province" stands for; "capital" and "country" for themselves.
    """

    at: frozenset[str]
    goal: frozenset[str]
    motion: frozenset[str]
    reaching: frozenset[str]
    hosting: frozenset[str]
    struck: frozenset[str]
    remote: frozenset[str]
    sitting: frozenset[str]
    national: frozenset[str]
    units: frozenset[str]
    parts: frozenset[str]
    home: frozenset[str]
    staying: frozenset[str]
    topical: frozenset[str]
    capitals: frozenset[str]
    borders: frozenset[str]
    sharing: frozenset[str]
    pointing: frozenset[str]
    nationwide: frozenset[str]
    here: frozenset[str]
    there: frozenset[str]
    missions: frozenset[str]
    aftermath: frozenset[str]
    bodies: frozenset[str]
    stand_ins: dict[str, str]


@dataclass(frozen=True)
class PartyCues:
    """Words by which parties are found where an entry's slots hold none; lemmas, in lower case."""

    premises: frozenset[str]
    sufferers: frozenset[str]
    sides: frozenset[str]
    both: frozenset[str]
    declarations: frozenset[str]
    led: frozenset[str]


@dataclass(frozen=True)
class QuotationMarks:
    """Which marks open, close, or do either. `opening` and `single` map a mark to those that close it."""

    opening: dict[str, frozenset[str]]
    either: frozenset[str]
    closing: frozenset[str]
    single: dict[str, frozenset[str]]
    pattern: str
    """A regular expression of all marks, longest first."""


@dataclass(frozen=True)
class Cues:
    """The cue tables by lemma. A governor of several words ("rule out") is written with a space."""

    negators: frozenset[str]
    unverified: frozenset[str]
    zero: frozenset[str]
    nobody: frozenset[str]
    modals: dict[str, str]
    backshifted: frozenset[str]
    conditionals: frozenset[str]
    until: frozenset[str]
    to_come: frozenset[str]
    lingering: frozenset[str]
    adverbs: dict[str, str]
    adjectives: dict[str, str]
    governors: dict[str, str]
    hearsay: frozenset[str]
    truth: dict[str, str]
    plans_nouns: frozenset[str]
    under_way: frozenset[str]
    answered_for: frozenset[str]
    parts: frozenset[str]
    transparent: frozenset[str]
    reporting: frozenset[str]
    held: dict[str, str]
    doubting: frozenset[str]
    denying: frozenset[str]
    reporting_nouns: frozenset[str]
    light_object: frozenset[str]
    light_oblique: frozenset[str]
    happening: frozenset[str]
    counted_by_trigger: dict[str, str]
    counted_by_type: dict[str, dict[str, str]]
    counted_by_mode: dict[str, dict[str, str]]
    """Keys are type and mode ("PROTEST riot")."""
    leading: frozenset[str]
    standing_by: frozenset[str]
    faced: frozenset[str]
    standing_by_sectors: frozenset[str]
    own_counts: frozenset[str]
    speech: frozenset[str]
    absorbing: frozenset[str]
    harming: frozenset[str]
    forceful: frozenset[str]
    damaged: frozenset[str]
    through: dict[str, tuple[str, ...]]
    through_clauses: frozenset[str]
    inward: dict[str, tuple[str, ...]]
    behind: frozenset[str]
    by_people: frozenset[str]
    gaining: frozenset[str]
    gained_for: frozenset[str]
    met: dict[str, tuple[str, ...]]
    answering: frozenset[str]
    answered: frozenset[str]
    sending: frozenset[str]
    on_the_spot: frozenset[str]
    instruments: frozenset[str]
    war_machines: frozenset[str]
    property: dict[str, str]
    portions: frozenset[str]
    generic: frozenset[str]
    occasions: frozenset[str]
    measures: tuple[Measure, ...]
    counts_of_harm: frozenset[str]
    counts_of_things: frozenset[str]
    money: dict[str, str]
    crowd_levels: frozenset[str]
    ammunition_named: tuple[tuple[str, frozenset[str]], ...]
    ammunition: dict[str, str]
    gathering: frozenset[str]
    obligation: frozenset[str]
    refused: tuple[str, ...]
    obligation_verbs: frozenset[str]
    refusal: frozenset[str]
    votes: dict[str, frozenset[str]]
    dating: Dating
    placing: Placing
    quotation_marks: QuotationMarks
    parties: PartyCues


def load_quotation_marks() -> QuotationMarks:
    """Knowledge: cues/quotation_marks.yaml."""
    table = read_yaml("cues/quotation_marks.yaml")
    opening = {mark: frozenset(closing) for mark, closing in table["opening"].items()}
    single = {mark: frozenset(closing) for mark, closing in table["single"].items()}
    either, closing = frozenset(table["either"]), frozenset(table["closing"])
    marks = {*opening, *single, *either, *closing, *(m for many in (*opening.values(), *single.values()) for m in many)}
    pattern = "|".join(map(re.escape, sorted(marks, key=lambda m: (-len(m), m))))
    return QuotationMarks(opening, either, closing, single, pattern)


def load_party_cues() -> PartyCues:
    """Knowledge: cues/parties.yaml."""
    table = read_yaml("cues/parties.yaml")
    return PartyCues(**{name: frozenset(table[name]) for name in PartyCues.__dataclass_fields__})


def load_cues() -> Cues:
    """Knowledge: the tables cues/*.yaml: status, reporting, light_verbs, counts, statements, types, dating, placing."""
    status, reporting, light, counts, statements, types, dating, placing = (
        read_yaml(f"cues/{name}.yaml")
        for name in ("status", "reporting", "light_verbs", "counts", "statements", "types", "dating", "placing")
    )
    return Cues(
        negators=frozenset(status["negators"]),
        unverified=frozenset(status["unverified"]),
        zero=frozenset(status["zero"]),
        nobody=frozenset(status["nobody"]),
        modals=dict(status["modals"]),
        backshifted=frozenset(status["backshifted"]),
        conditionals=frozenset(status["conditionals"]),
        until=frozenset(status["until"]),
        to_come=frozenset(status["to_come"]),
        lingering=frozenset(status["lingering"]),
        adverbs=dict(status["adverbs"]),
        adjectives=dict(status["adjectives"]),
        governors={word: value for value, words in status["governors"].items() for word in words},
        hearsay=frozenset(status["hearsay"]),
        truth=dict(status["truth"]),
        plans_nouns=frozenset(status["plans_nouns"]),
        under_way=frozenset(status["under_way"]),
        answered_for=frozenset(status["answered_for"]),
        parts=frozenset(status["parts"]),
        transparent=frozenset(status["transparent"]),
        reporting=frozenset(reporting["verbs"]["neutral"]),
        held={word: kind for kind, words in reporting["held"].items() for word in words},
        doubting=frozenset(reporting["doubting"]),
        denying=frozenset(reporting["denying"]),
        reporting_nouns=frozenset(reporting["nouns"]),
        light_object=frozenset(light["object"]),
        light_oblique=frozenset(light["oblique"]),
        happening=frozenset(light["happening"]),
        counted_by_trigger={word: what for what, words in counts["by_trigger"].items() for word in words},
        counted_by_type=dict(counts["by_type"]),
        counted_by_mode=dict(counts["by_mode"]),
        leading=frozenset(counts["leading"]),
        standing_by=frozenset(counts["standing_by"]),
        faced=frozenset(counts["faced"]),
        standing_by_sectors=frozenset(counts["standing_by_sectors"]),
        obligation=frozenset(statements["obligation"]),
        refused=tuple(statements["refused"]),
        obligation_verbs=frozenset(statements["obligation_verbs"]),
        refusal=frozenset(statements["refusal"]),
        measures=tuple(
            Measure(m["what"], frozenset(m["types"]), frozenset(m["units"]), frozenset(m["words"]))
            for m in (counts["terms"], counts["shares"])
        ),
        counts_of_harm=frozenset(counts["harm"]),
        counts_of_things=frozenset(counts["things"]),
        money={word: what for what, words in counts["money"].items() for word in words},
        crowd_levels=frozenset(counts["crowd_levels"]),
        ammunition_named=tuple((what, frozenset(words)) for what, rows in counts["ammunition_named"].items() for words in rows),
        ammunition=dict(counts["ammunition"]),
        gathering=frozenset(counts["gathering"]),
        speech=frozenset(types["speech"]),
        absorbing=frozenset(types["absorbing"]),
        harming=frozenset(types["harming"]),
        forceful=frozenset(types["forceful"]),
        damaged=frozenset(types["damaged"]),
        through={kind: tuple(slots) for kind, slots in types["through"].items()},
        through_clauses=frozenset(types["through_clauses"]),
        inward={kind: tuple(slots) for kind, slots in types["inward"].items()},
        behind=frozenset(types["behind"]),
        by_people=frozenset(types["by_people"]),
        gaining=frozenset(types["gaining"]),
        gained_for=frozenset(types["gained_for"]),
        met={kind: tuple(slots) for kind, slots in types["met"].items()},
        answering=frozenset(types["answering"]),
        answered=frozenset(types["answered"]),
        sending=frozenset(types["sending"]),
        on_the_spot=frozenset(types["on_the_spot"]),
        instruments=frozenset(types["instruments"]),
        war_machines=frozenset(types["war_machines"]),
        property={thing: sector for sector, things in types["property"].items() for thing in things},
        portions=frozenset(types["portions"]),
        generic=frozenset(types["generic"]),
        occasions=frozenset(reporting["occasions"]),
        own_counts=frozenset(counts["own"]),
        votes={what: frozenset(words) for what, words in counts["votes"].items()},
        dating=Dating(**{name: frozenset(dating[name]) for name in Dating.__dataclass_fields__}),
        placing=Placing(
            **{name: frozenset(placing[name]) for name in Placing.__dataclass_fields__ if name != "stand_ins"},
            stand_ins=dict(placing["stand_ins"]),
        ),
        quotation_marks=load_quotation_marks(),
        parties=load_party_cues(),
    )
