"""With what force is used: kinds of weapons, by the words for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dateline.knowledge.tables import read_yaml

TABLE = "weapons.yaml"


@dataclass(frozen=True)
class Weapons:
    """Words for weapons, each with its kind, by the last word of the phrase; the words of `only_with` want one of these verbs.

    `types` are the event types that have instruments, `looked_into` nouns that are of a weapon ("bursts of rifle fire"),
    `wielding` verbs whose object is what they wield, `carrying` words that say what somebody is armed with.
    """

    kinds: Mapping[str, str]
    """What each kind means."""
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    """By last word: (the words, their kind), longest first."""
    only_with: Mapping[str, frozenset[str]]
    modes: Mapping[str, str]
    """The mode of ASSAULT that each kind tells, where it tells one."""
    types: frozenset[str]
    looked_into: frozenset[str]
    wielding: frozenset[str]
    carrying: frozenset[str]
    milder: frozenset[str]
    held: frozenset[str]

    def kind_of(self, words: Sequence[str]) -> str | None:
        """The kind of the longest phrase of the table that lower-case lemmas end in; no weapon: None."""
        plain = _plain(words)
        if not plain:
            return None
        return next((kind for phrase, kind in self.phrases.get(plain[-1], ()) if plain[-len(phrase) :] == phrase), None)


def load_weapons() -> Weapons:
    """Knowledge: weapons.yaml. Raises ValueError for a word that stands under two kinds."""
    table: dict[str, Any] = read_yaml(TABLE)
    kind_of: dict[tuple[str, ...], str] = {}
    for kind, row in table["kinds"].items():
        for word in row["words"]:
            phrase = _plain(str(word).lower().split())
            if kind_of.setdefault(phrase, kind) != kind:
                raise ValueError(f"{TABLE}: {word!r} stands under {kind_of[phrase]!r} and {kind!r}")
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, kind in sorted(kind_of.items(), key=lambda item: -len(item[0])):
        phrases.setdefault(phrase[-1], []).append((phrase, kind))
    return Weapons(
        {kind: row["meaning"] for kind, row in table["kinds"].items()},
        {last: tuple(found) for last, found in phrases.items()},
        {kind: frozenset(row["only_with"]) for kind, row in table["kinds"].items() if "only_with" in row},
        {kind: row["mode"] for kind, row in table["kinds"].items() if "mode" in row},
        *(frozenset(map(str, table[key])) for key in ("types", "looked_into", "wielding", "carrying", "milder", "held")),
    )


def _plain(words: Sequence[str]) -> tuple[str, ...]:
    """Words cut at hyphens, except where the hyphen belongs to a name ("ak-47")."""
    cut: list[str] = []
    for word in words:
        cut += [word] if any(c.isdigit() for c in word) else [part for part in word.split("-") if part]
    return tuple(cut)
