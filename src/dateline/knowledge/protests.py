"""What protests are about, what they call for and what they are met with: the classes, and the cues to them.

Tables: ontology/issues.yaml, ontology/demands.yaml, ontology/responses.yaml, cues/protest.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dateline.knowledge.crosswalks import NOBODY
from dateline.knowledge.tables import read_yaml
from dateline.records import Intensity, Stance


@dataclass(frozen=True)
class IssueClass:
    """What a protest can be about. `mass_mobilization` is the demand that project would code it under; None: it has none."""

    id: str
    meaning: str
    mass_mobilization: str | None
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True)
class DemandClass:
    """What can be called for. `examples` are texts, each with the words of its demand.

    `issue` is the class of issue that every such demand is about; None: that is up to its words.
    """

    id: str
    meaning: str
    issue: str | None
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Words:
    """Which words speak for which classes. Lemmas or forms in lower case; `phrases` are of two words or more, with spaces."""

    order: tuple[str, ...]
    single: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[tuple[str, str], ...]]
    """By their first word: (phrase, class)."""
    weak: Mapping[str, tuple[str, ...]]

    def class_of(self, words: Sequence[tuple[str, str]], head: int) -> str | None:
        """The class that most of the words, each (lemma, form), speak for; of equals the first listed; none speaks: None.

        The head, by its place among them, counts twice, a phrase as many times as it has words.
        """
        return self._best(words, head, self.single, with_phrases=True) or self._best(words, head, self.weak, with_phrases=False)

    def _best(
        self, words: Sequence[tuple[str, str]], head: int, table: Mapping[str, tuple[str, ...]], *, with_phrases: bool
    ) -> str | None:
        scores: dict[str, int] = {}
        for place, (lemma, form) in enumerate(words):
            for name in table.get(lemma) or table.get(form, ()):
                scores[name] = scores.get(name, 0) + (2 if place == head else 1)
            for phrase, name in (*self.phrases.get(lemma, ()), *(self.phrases.get(form, ()) if form != lemma else ())):
                parts = phrase.split(" ")
                if (
                    with_phrases
                    and all(p in pair for p, pair in zip(parts, words[place:], strict=False))
                    and place + len(parts) <= len(words)
                ):
                    scores[name] = scores.get(name, 0) + len(parts)
        return max(scores, key=lambda name: (scores[name], -self.order.index(name)), default=None)


@dataclass(frozen=True)
class Slogans:
    """Words of what a crowd chants or carries. `verbs` need one of the `nouns` beside them unless they are `voiced`."""

    voiced: frozenset[str]
    borne: frozenset[str]
    nouns: frozenset[str]
    against: tuple[str, ...]
    favour: tuple[str, ...]
    demands: tuple[str, ...]


@dataclass(frozen=True)
class ProtestCues:
    """Words that tie a protest to its issue and its demands (cues/protest.yaml says how they are read).

    `prepositions` gives the stance of each; None: it takes none. Those of several words are written with spaces.
    """

    prepositions: Mapping[str, Stance | None]
    wanted: frozenset[str]
    after: frozenset[str]
    set_off: frozenset[str]
    demanding: frozenset[str]
    demanding_for: frozenset[str]
    demanding_on: frozenset[str]
    demand_nouns: frozenset[str]
    opposing: frozenset[str]
    supporting: frozenset[str]
    marking: frozenset[str]
    showing: frozenset[str]
    feelings: frozenset[str]
    fond: frozenset[str]
    include: frozenset[str]
    accusing: frozenset[str]
    sparking: frozenset[str]
    complaining: frozenset[str]
    angry: frozenset[str]
    stopping: frozenset[str]
    prefixes: Mapping[str, Stance]
    before_nouns: frozenset[str]
    not_named: frozenset[str]
    hollow: frozenset[str]
    themselves: frozenset[str]
    later: int
    aside: frozenset[str]
    longest: int
    types: frozenset[str]
    slogans: Slogans


@dataclass(frozen=True)
class RecordWanted:
    """What a record must be to tell of a kind of response; a part that is None asks nothing.

    `words` are lemmas of its trigger; `near` lemmas of its clause. `actor` and `recipient` are sectors, NOBODY an empty role.
    """

    type: str
    modes: frozenset[str | None] | None
    counts: frozenset[str] | None
    words: frozenset[str] | None
    near: frozenset[str] | None
    actor: frozenset[str] | None
    recipient: frozenset[str] | None
    is_done_to_crowd: bool


@dataclass(frozen=True)
class Kind:
    """Something a protest can be met with. `intensity` None: it says nothing of force.

    `tied`: a record of the kind counts only where it is done to those who protest ("crowd"), or to them or in the protest's own
    sentence ("sentence"), or in one that names the protest ("named"); None: wherever it stands. `mass_mobilization` is the state
    response that project would code; None: it has none.
    """

    id: str
    meaning: str
    intensity: Intensity | None
    mass_mobilization: str | None
    tied: str | None
    records: tuple[RecordWanted, ...]
    patterns: tuple[re.Pattern[str], ...]
    example: tuple[str, str]


@dataclass(frozen=True)
class Responses:
    """The kinds in the order they are tried, and what ties a record to a protest, with how much it takes (`enough`).

    `reach` is in sentences, `days` after the protest; `order` ranks the intensities, the strongest last.
    """

    kinds: tuple[Kind, ...]
    ties: Mapping[str, int]
    enough: int
    reach: int
    days: int
    order: tuple[Intensity, ...]
    aimed_by: tuple[str, ...]
    crowd: frozenset[str]
    not_crowd: frozenset[str]


@dataclass(frozen=True)
class ProtestKnowledge:
    """The classes with their words, and the cues."""

    issues: tuple[IssueClass, ...]
    demands: tuple[DemandClass, ...]
    issue_words: Words
    demand_words: Words
    cues: ProtestCues
    responses: Responses


def load_protests() -> ProtestKnowledge:
    """Knowledge: ontology/issues.yaml, demands.yaml and responses.yaml, cues/protest.yaml; sectors of crosswalks.yaml.

    Raises KeyError naming a group of sectors that is not there.
    """
    issues, demands = read_yaml("ontology/issues.yaml"), read_yaml("ontology/demands.yaml")
    return ProtestKnowledge(
        tuple(
            IssueClass(row["id"], row["meaning"], row["mass_mobilization"], tuple(row["examples"]), tuple(row["near_misses"]))
            for row in issues
        ),
        tuple(
            DemandClass(row["id"], row["meaning"], row.get("issue"), tuple((text, words) for text, words in row["examples"]))
            for row in demands
        ),
        _words({row["id"]: row["words"] for row in issues}, {row["id"]: row.get("weak", []) for row in issues}),
        _words({row["id"]: row["words"] for row in demands}, {}),
        _cues(),
        _responses(),
    )


def _responses() -> Responses:
    table = read_yaml("ontology/responses.yaml")
    groups = {name: frozenset(sectors) for name, sectors in read_yaml("ontology/crosswalks.yaml")["groups"].items()}
    groups[NOBODY] = frozenset({NOBODY})
    kinds = tuple(
        Kind(
            row["id"],
            row["meaning"],
            Intensity(row["intensity"]) if row["intensity"] else None,
            row["mass_mobilization"],
            row.get("tied"),
            tuple(_record(r, groups) for r in row["records"]),
            tuple(re.compile(p, re.IGNORECASE) for p in row.get("patterns", ())),
            (row["example"][0], row["example"][1]),
        )
        for row in table["kinds"]
    )
    return Responses(
        kinds,
        dict(table["ties"]),
        table["enough"],
        table["reach"],
        table["days"],
        tuple(Intensity(i) for i in table["order"]),
        tuple(table["aimed_by"]),
        frozenset(table["crowd"]),
        frozenset(table["not_crowd"]),
    )


def _record(row: dict[str, Any], groups: Mapping[str, frozenset[str]]) -> RecordWanted:
    def named(key: str) -> frozenset[str] | None:
        return frozenset(row[key]) if key in row else None

    def sectors(key: str) -> frozenset[str] | None:
        return frozenset().union(*(groups[name] for name in row[key])) if key in row else None

    modes = frozenset(row["modes"]) if "modes" in row else None
    return RecordWanted(
        row["type"],
        modes,
        named("counts"),
        named("words"),
        named("near"),
        sectors("actor"),
        sectors("recipient"),
        bool(row.get("crowd")),
    )


def _words(strong: Mapping[str, Sequence[str]], weak: Mapping[str, Sequence[str]]) -> Words:
    phrases: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, words in strong.items():
        for phrase in (w for w in words if " " in w):
            first = phrase.split(" ")[0]
            phrases[first] = (*phrases.get(first, ()), (phrase, name))
    return Words(tuple(strong), _classes(strong), phrases, _classes(weak))


def _classes(table: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, words in table.items():
        for word in (w for w in words if " " not in w):
            found[word] = (*found.get(word, ()), name)
    return found


def _cues() -> ProtestCues:
    table = read_yaml("cues/protest.yaml")
    prepositions: dict[str, Stance | None] = dict.fromkeys(table["prepositions"]["unsaid"])
    for stance in Stance:
        prepositions |= dict.fromkeys(table["prepositions"][stance.value], stance)
    slogans, demanding = table["slogans"], table["demanding"]
    return ProtestCues(
        prepositions=prepositions,
        wanted=frozenset(table["prepositions"]["wanted"]),
        after=frozenset(table["after"]),
        set_off=frozenset(table["set_off"]),
        demanding=frozenset(demanding["object"]),
        demanding_for=frozenset(demanding["for"]),
        demanding_on=frozenset(demanding["on"]),
        demand_nouns=frozenset(demanding["nouns"]),
        opposing=frozenset(table["opposing"]),
        supporting=frozenset(table["supporting"]),
        marking=frozenset(table["marking"]),
        showing=frozenset(table["showing"]),
        feelings=frozenset(table["feelings"]),
        fond=frozenset(table["fond"]),
        include=frozenset(table["include"]),
        accusing=frozenset(table["accusing"]),
        sparking=frozenset(table["sparking"]),
        complaining=frozenset(table["complaining"]),
        angry=frozenset(table["angry"]),
        stopping=frozenset(table["stopping"]),
        prefixes={prefix: Stance(stance) for prefix, stance in table["prefixes"].items()},
        before_nouns=frozenset(table["before_nouns"]),
        not_named=frozenset(table["not_named"]),
        hollow=frozenset(table["hollow"]),
        themselves=frozenset(table["themselves"]),
        later=table["later"],
        aside=frozenset(table["aside"]),
        longest=table["longest"],
        types=frozenset(table["types"]),
        slogans=Slogans(
            frozenset(slogans["voiced"]),
            frozenset(slogans["borne"]),
            frozenset(slogans["nouns"]),
            tuple(slogans["against"]),
            tuple(slogans["for"]),
            tuple(slogans["demands"]),
        ),
    )
