"""The lexicon of events: which words evoke which type, under which constraints, and which slot holds which party.

The format is described in docs/lexicon-format.md; the entries are lexicon/*.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from dateline.knowledge.tables import read_yaml, table_names

Constraints = tuple[tuple[str, frozenset[str]], ...]
"""Slots, each with its fillers: lemmas, "@classes", or "*"."""

_KEYS = frozenset(
    {
        "id", "type", "mode", "verbs", "nouns", "adjectives", "actor", "recipient", "noun_actor", "noun_recipient", "needs",
        "never",
        "noun_needs", "noun_never", "status", "counts", "teller", "weight", "source", "examples", "near_misses", "note", "after",
    }
)  # fmt: skip

CLASSES = "lexicon/classes"
"""How the tables of classes begin: classes.yaml and others; a class that stands in several is all of them together."""

SECTORS_OF_CLASSES = "cues/classes_of_names.yaml"

_VERB_ACTOR, _VERB_RECIPIENT = ("subj",), ("obj",)
_NOUN_ACTOR, _NOUN_RECIPIENT = ("subj", "by", "poss", "compound", "amod", "of"), ("against", "on", "of")


_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Example:
    """A text with the record one of its words must give.

    A text may hold one choice, "Police {arrested|rounded up} 40 students": it stands for as many examples. An empty `trigger` is
    the words chosen.
    """

    text: str
    trigger: str
    type: str
    mode: str | None
    status: str
    actor: str | None = None
    recipient: str | None = None
    published: str | None = None

    def spelt_out(self) -> Iterator[Example]:
        """The examples this one stands for, one for each of its alternatives; without a choice itself alone."""
        for text, chosen in spell_out(self.text):
            yield replace(self, text=text, trigger=self.trigger or chosen)


def spell_out(text: str) -> Iterator[tuple[str, str]]:
    """Each text that a text with a choice stands for, with the words chosen; without a choice the text, with no words."""
    choice = _CHOICE.search(text)
    if choice is None:
        yield text, ""
        return
    for words in choice[1].split("|"):
        yield text[: choice.start()] + words.strip() + text[choice.end() :], words.strip()


@dataclass(frozen=True)
class Sense:
    """An entry as it reads for one part of speech: the parties' slots and the constraints."""

    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    needs: Constraints
    never: Constraints


@dataclass(frozen=True)
class Entry:
    """One sense of some words; each of its words and phrases is a sense that examples can show.

    `counts` maps "actor", "recipient" or a slot to what a figure there counts. `teller` are the slots of who gives the figure, for
    words that do nothing else ("police put the crowd at 3,500"). `after` is the type of event that the report must have told for
    the words to tell of this one ("was pronounced dead", after an attack); None: they do so by themselves.
    """

    id: str
    type: str
    mode: str | None
    verbs: tuple[tuple[str, ...], ...]
    nouns: tuple[tuple[str, ...], ...]
    adjectives: tuple[tuple[str, ...], ...]
    of_verb: Sense
    of_noun: Sense
    status: str | None
    counts: dict[str, str]
    teller: tuple[str, ...]
    weight: float
    source: str
    after: str | None
    examples: tuple[Example, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """Entries, found by part of speech ("verb", "noun", "adjective") and the head word's lemma."""

    entries: tuple[Entry, ...]
    classes: dict[str, frozenset[str]]
    index: dict[tuple[str, str], tuple[tuple[Entry, tuple[str, ...]], ...]]
    sectors: dict[str, frozenset[str]] = field(default_factory=dict)
    """The sectors whose named members belong to a class as well: a president by his name is a @leader."""

    def candidates(self, part: str, lemma: str) -> tuple[tuple[Entry, tuple[str, ...]], ...]:
        """(entry, phrase) pairs whose head word is the lemma, or a verb of which it is a past form; none: an empty tuple."""
        return self.index.get((part, lemma), ())

    def evokes(self, lemma: str) -> bool:
        """True for the lemma of any single word or phrase head of the lexicon."""
        return any((part, lemma) in self.index for part in ("noun", "verb"))


def load_lexicon() -> Lexicon:
    """Knowledge: lexicon/*.yaml, irregular_verbs.yaml. Raises ValueError naming the entry that is not as the format says."""
    entries: list[Entry] = []
    for name in table_names():
        if name.startswith("lexicon/") and not name.startswith(CLASSES):
            entries += [read_entry(row, name) for row in read_yaml(name) or []]
    classes: dict[str, frozenset[str]] = {}
    for name in (n for n in table_names() if n.startswith(CLASSES)):
        for key, words in (read_yaml(name) or {}).items():
            classes[key.lstrip("@")] = classes.get(key.lstrip("@"), frozenset()) | {str(w).lower() for w in words}
    index: dict[tuple[str, str], list[tuple[Entry, tuple[str, ...]]]] = {}
    for entry in entries:
        for part, phrases in (("verb", entry.verbs), ("noun", entry.nouns), ("adjective", entry.adjectives)):
            for phrase in (*phrases, *(_cut_at_hyphens(p) for p in phrases if part == "noun" and any("-" in w for w in p))):
                index.setdefault((part, phrase[head_of(phrase, part)]), []).append((entry, phrase))
    sectors = {name: frozenset(of) for name, of in read_yaml(SECTORS_OF_CLASSES).items()}
    heads = {k: tuple(v) for k, v in index.items()}
    return Lexicon(tuple(entries), classes, _with_pasts(heads, read_yaml("irregular_verbs.yaml")), sectors)


def _cut_at_hyphens(phrase: tuple[str, ...]) -> tuple[str, ...]:
    """A noun as readers cut it that take "shoot-out" for three tokens; the hyphens themselves are passed over in a text."""
    return tuple(part for word in phrase for part in word.split("-") if part)


def _with_pasts(
    index: dict[tuple[str, str], tuple[tuple[Entry, tuple[str, ...]], ...]], irregular: dict[str, list[str]]
) -> dict[tuple[str, str], tuple[tuple[Entry, tuple[str, ...]], ...]]:
    """The verbs of an index under their past forms, for readers that guess a rare verb's lemma wrongly ("froze", "seceded")."""
    found = dict(index)
    for (part, verb), pairs in index.items():
        for form in (irregular.get(verb) or _regular_pasts(verb)) if part == "verb" else ():
            had = found.get((part, form), ())
            found[part, form] = (*had, *(pair for pair in pairs if pair not in had))
    return found


def _regular_pasts(verb: str) -> tuple[str, ...]:
    """Past forms by the spelling rules; where the last consonant may be doubled, both: travelled, traveled."""
    if verb.endswith("e"):
        return (verb + "d",)
    if re.search("[^aeiou]y$", verb):
        return (verb[:-1] + "ied",)
    if not re.search("[aeiou][^aeiouwxy]$", verb):
        return (verb + "ed",)
    doubled = verb + verb[-1] + "ed"
    is_short = len(re.findall("[aeiouy]+", verb)) == 1 and not re.search("[aeiou]{2}", verb)
    return (doubled,) if is_short else (verb + "ed", doubled)  # "raped" is no past of "rap"


def head_of(phrase: tuple[str, ...], part: str) -> int:
    """Which word of a phrase is its head: a verb's first, a noun's last or the one before "of" ("*state* of emergency")."""
    if part == "verb":
        return 0
    return phrase.index("of") - 1 if "of" in phrase[1:] else len(phrase) - 1


def read_entry(row: dict[str, Any], table: str) -> Entry:
    """One row as an Entry, with the defaults of the format filled in."""
    if unknown := set(row) - _KEYS:
        raise ValueError(f"{table}: entry {row.get('id')!r} has unknown keys {sorted(unknown)}")
    if missing := {"id", "type", "source"} - set(row):
        raise ValueError(f"{table}: entry {row.get('id')!r} lacks {sorted(missing)}")
    needs, never = _constraints(row.get("needs")), _constraints(row.get("never"))
    of_verb = Sense(_slots(row.get("actor"), _VERB_ACTOR), _slots(row.get("recipient"), _VERB_RECIPIENT), needs, never)
    # Slots written for verbs ("subj", "obj") do not exist on nouns, so `actor` serves a noun only in entries without verbs.
    only_nouns = not row.get("verbs")
    of_noun = Sense(
        _slots(row.get("noun_actor") or (row.get("actor") if only_nouns else None), _NOUN_ACTOR),
        _slots(row.get("noun_recipient") or (row.get("recipient") if only_nouns else None), _NOUN_RECIPIENT),
        _constraints(row.get("noun_needs") or (row.get("needs") if only_nouns else None)),
        _constraints(row.get("noun_never") or (row.get("never") if only_nouns else None)),
    )
    return Entry(
        id=row["id"],
        type=row["type"],
        mode=row.get("mode"),
        verbs=_phrases(row.get("verbs")),
        nouns=_phrases(row.get("nouns")),
        adjectives=_phrases(row.get("adjectives")),
        of_verb=of_verb,
        of_noun=of_noun,
        status=row.get("status"),
        counts=_counts(row.get("counts")),
        teller=_slots(row.get("teller"), ()),
        weight=float(row.get("weight", 0.8)),
        source=row["source"],
        after=row.get("after"),
        examples=tuple(_example(e, row) for e in row.get("examples") or []),
        near_misses=tuple(row.get("near_misses") or []),
    )


def _phrases(words: list[str] | None) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(w).lower().replace("'s ", " 's ").split()) for w in words or [])  # as the reader cuts words


def _slots(slots: list[str] | str | None, default: tuple[str, ...]) -> tuple[str, ...]:
    if slots is None:
        return default
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _constraints(value: dict[str, Any] | None) -> Constraints:
    return tuple(
        (slot, frozenset([str(fillers).lower()] if isinstance(fillers, str) else (str(f).lower() for f in fillers)))
        for slot, fillers in (value or {}).items()
    )


def _counts(value: Any) -> dict[str, str]:
    """ "detained" counts recipients; "actor: participants" and {actor: participants} count actors."""
    if not value:
        return {}
    if isinstance(value, dict):
        return {str(k): str(v) for k, v in value.items()}
    party, _, what = str(value).rpartition(":")
    return {party.strip() or "recipient": what.strip()}


def _example(value: dict[str, Any], row: dict[str, Any]) -> Example:
    return Example(
        value["text"],
        value.get("trigger", ""),
        value.get("type", row["type"]),
        value.get("mode", row.get("mode")),
        value.get("status", "asserted"),
        value.get("actor"),
        value.get("recipient"),
        str(value["published"]) if value.get("published") else None,
    )
