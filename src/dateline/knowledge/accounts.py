"""How what many reports say goes together: which figures run up or add up, who may be whom, and what ties events to one another.

Table: linking/accounts.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dateline.knowledge.ontology import load_codebook
from dateline.knowledge.tables import read_yaml

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True)
class AccountKnowledge:
    """What linking has to know to tell what an event says.

    `running`: kinds of figure that only rise. `summed` and `peaked`: how those of several events go together. `wholes`: for a kind
    that holds others, its parts. `fates`: form of a word to what it says became of somebody, `fates_of_triggers` those that only
    triggers of harm say, `of_objects` those that say it of their object, `no_objects` words that open none, `tying` what ties one
    to a trigger after it, `grave` the fates from the gravest. `pronouns`: pronoun to the sex it tells. `further`: words for those
    beside others, `at_large` those for people of no side. `sides`: PLOVER sector to the side it is on. `sexes`: last word of a
    phrase for somebody unnamed to male, female or either; `specific` are those of them that say who it is. `crowds`: actors that
    tie nothing. `aimed`: types whose recipient ties nothing.
    """

    running: frozenset[str]
    summed: frozenset[str]
    peaked: frozenset[str]
    wholes: Mapping[str, tuple[str, ...]]
    fates: Mapping[str, str]
    fates_of_triggers: Mapping[str, str]
    of_objects: frozenset[str]
    no_objects: frozenset[str]
    tying: frozenset[str]
    grave: tuple[str, ...]
    pronouns: Mapping[str, str]
    further: frozenset[str]
    at_large: frozenset[str]
    sexes: Mapping[str, str]
    specific: frozenset[str]
    sides: Mapping[str, str]
    crowds: frozenset[str]
    aimed: frozenset[str]

    def fate(self, words: str) -> str | None:
        """The gravest that the words say became of somebody: killed, injured or hit; they say nothing of it: None."""
        found = {self.fates[w] for w in words_of(words) if w in self.fates}
        return next((f for f in self.grave if f in found), None)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, hyphens kept."""
    return [w.lower() for w in _WORD.findall(text)]


def load_accounts() -> AccountKnowledge:
    """Knowledge: linking/accounts.yaml, and the kinds of ontology/sectors.yaml as sides."""
    table: dict[str, Any] = read_yaml("linking/accounts.yaml")
    return AccountKnowledge(
        running=frozenset(table["running"]),
        summed=frozenset(table["over_events"]["sum"]),
        peaked=frozenset(table["over_events"]["peak"]),
        wholes={row["whole"]: tuple(row["parts"]) for row in table["wholes"]},
        fates={form: fate for fate in reversed(table["fates"]) for form in table["fates"][fate]},
        fates_of_triggers={form: fate for fate, forms in table["fates_of_triggers"].items() for form in forms},
        of_objects=frozenset(table["of_objects"]),
        no_objects=frozenset(table["no_objects"]),
        tying=frozenset(table["tying"]),
        grave=tuple(table["fates"]),
        pronouns={word: sex for sex, words in table["pronouns"].items() for word in words},
        further=frozenset(table["further"]),
        at_large=frozenset(table["at_large"]),
        sexes={word: sex for sex, words in table["persons"].items() for word in words},
        specific=frozenset(table["specific"]),
        sides={s.id: s.kind for s in load_codebook().sectors},
        crowds=frozenset(table["crowds"]),
        aimed=frozenset(table["aimed"]),
    )
