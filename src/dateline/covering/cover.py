"""Records and texts with the names of private people and exact places covered.

A covered document is another text: names are replaced in it and all spans move with the words, so that every span of a covered
record still has its words. What is covered, and what is not, is told in docs/sensitive.md.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, is_dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import permutations
from typing import Any, TypeVar

from dateline.covering.names import GAP, Word, keys_of, words_in
from dateline.covering.people import Form, People, is_person
from dateline.records import Actor, Coding, Document, EventPlace, OffsetMap, Place, PlaceKind, Span

T = TypeVar("T")

SOMEBODY = "a person"
"""What stands where a word may be several people's."""

MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HANDLE = re.compile(r"(?<![\w@/])@\w{2,}")
PHONE = re.compile(r"(?<![\w+])\+\d(?:[\s().-]{0,2}\d){7,14}(?!\w)")
ADDRESSES = ((MAIL, "[e-mail address]"), (PHONE, "[telephone number]"), (HANDLE, "[account]"))
"""What leads to a person without a name, and what stands in its place."""

SHORTEST_COMPOUND = 7
"""Letters of the shortest words in which names run together are looked for ("#FreeJaneDoe")."""

INNER_CAPITAL = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
"""Where words that are run together begin."""

CODES = frozenset(
    (
        "id", "document", "same_as", "rule", "coder", "type", "mode", "contexts", "unit", "what", "country", "sector", "issue",
        "demand", "kind", "joined", "claim", "stage", "reason", "encoding", "raw_sha256", "field_confidence",
    )
)  # fmt: skip
"""Fields of records that hold codes and ids of ours, and never words of a report."""


@dataclass(frozen=True)
class Replaced:
    """What stands in a covered text in place of [start, end) of the text."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Cover:
    """What covers the people and places that were gathered. `keeps_addresses`: the addresses of reports are not left out."""

    people: People
    keeps_addresses: bool = False

    # ------------------------------------------------------------ texts

    def text(self, text: str, among: Collection[int] = ()) -> str:
        """The text covered. `among` are the numbers of those whom its document names: a name that is an everyday word as well is
        theirs there, and a word elsewhere."""
        return _put_in(text, self.replacements(text, among))

    def replacements(self, text: str, among: Collection[int] = ()) -> list[Replaced]:
        """What is to be replaced in a text, left to right, nothing overlapping."""
        found = [Replaced(*match.span(), words) for pattern, words in ADDRESSES for match in pattern.finditer(text)]
        words = words_in(text, self.people.knowledge.actors.forms)
        taken = self._phrases(words, self._public_phrases)
        covered: list[Replaced] = []
        for first, last, said in self._phrases(words, self._exact_phrases):
            covered.append(Replaced(words[first].start, words[last].end, said))
            taken.append((first, last, said))
        free = [True] * len(words)
        for first, last, _ in taken:
            free[first : last + 1] = [False] * (last + 1 - first)
        covered += self._names(text, words, free, among)
        return _apart([*found, *covered])

    def _names(self, text: str, words: Sequence[Word], free: Sequence[bool], among: Collection[int]) -> list[Replaced]:
        """The names of private people, each run of words of one of them once."""
        found = []
        at = 0
        while at < len(words):
            last, bearers = self._run(text, words, free, at)
            if last < at or not self._is_name(text, words[at : last + 1], bearers, among):
                at += 1
                continue
            start = self._with_initials(text, words, at)
            found.append(Replaced(start, words[last].end, self._called(bearers, among)))
            at = last + 1
        return found

    def _run(self, text: str, words: Sequence[Word], free: Sequence[bool], at: int) -> tuple[int, dict[int, int]]:
        """The last word of the name that begins at a word, and how many of its words are each person's; no name: (-1, {})."""
        bearers = dict.fromkeys(self._bearers(words[at]) if free[at] else (), 1)
        if not bearers:
            return -1, {}
        last = at
        for number in range(at + 1, min(len(words), at + 8)):
            if not free[number] or not GAP.fullmatch(text, words[number - 1].end, words[number].start):
                break
            more = self._bearers(words[number]) & bearers.keys()
            if more:
                bearers = {person: bearers[person] + 1 for person in more}
                last = number
            elif not self._may_stand_within(words[number]):
                break
        return last, bearers

    def _bearers(self, word: Word) -> frozenset[int]:
        """Whose name has the word, or is written into it."""
        named = self._with_word(word.keys)
        parts = INNER_CAPITAL.split(word.text) if not named else ()
        if len(parts) > 1:  # "#FreeMarchetti"
            forms = self.people.knowledge.actors.forms
            named = frozenset(n for part in parts if len(part) > 2 for n in self._with_word(keys_of(part, forms)))
        if named or len(word.text) < SHORTEST_COMPOUND:
            return named
        return frozenset(n for key in word.keys for match in self._compounds.findall(key) for n in self._of_compound[match])

    def _with_word(self, keys: Sequence[str]) -> frozenset[int]:
        return frozenset(n for key in keys for form in _with_plural(key) for n in self.people.by_word.get(form, ()))

    def _may_stand_within(self, word: Word) -> bool:
        forms = self.people.knowledge.actors.forms
        key = word.keys[0]
        return len(key) == 1 or key in forms.particles or key in forms.filiation or key in forms.suffixes

    def _is_name(self, text: str, run: Sequence[Word], bearers: dict[int, int], among: Collection[int]) -> bool:
        """Whether words that are some people's names stand for them here, and not for what else they mean."""
        if max(bearers.values()) > 1 or not all(self._is_word_too(word) for word in run if self._bearers(word)):
            return True
        word = run[0]
        if word.text.islower() or not bearers.keys() & set(among):
            return False
        return not re.match(r"[\s,]*\d", text[word.end : word.end + 3]) and not re.search(r"\d[\s,]*$", text[: word.start][-3:])

    def _is_word_too(self, word: Word) -> bool:
        actors, names = self.people.knowledge.actors, self.people.knowledge.words
        return any(k in names.everyday or k in names.calendar for k in word.keys) or actors.country_called(word.text) is not None

    def _with_initials(self, text: str, words: Sequence[Word], at: int) -> int:
        """Where a name begins with the initials before it ("J. K. Marsh", "O'Brien")."""
        start = words[at].start
        for before in reversed(words[max(0, at - 3) : at]):
            between = text[before.end : start]
            if len(before.text) > 1 or not before.text.isupper() or not re.fullmatch(r"\.[ \t\u00a0]?|['’ʼ]|\.\n", between):
                break
            start = before.start
        return start

    def _called(self, bearers: dict[int, int], among: Collection[int]) -> str:
        """What a person is called, if it is clear who is meant: of several with as many words the one whom the document names."""
        most = max(bearers.values())
        likely = [number for number, count in bearers.items() if count == most]
        here = [number for number in likely if number in among] if len(likely) > 1 else likely
        return self.pseudonym(here[0]) if len(here) == 1 else SOMEBODY

    def pseudonym(self, number: int) -> str:
        """What a person is called everywhere: "person 1" for the one who was named first."""
        return f"person {number + 1}"

    def _phrases(self, words: Sequence[Word], phrases: dict[str, list[tuple[Form, str]]]) -> list[tuple[int, int, str]]:
        """Where phrases stand: numbers of their first and last words, and what is said of each; the longest at each place."""
        found = []
        for at, word in enumerate(words):
            for key in word.keys:
                for form, said in phrases.get(key, ()):
                    here = words[at : at + len(form)]
                    if len(here) == len(form) and all(part in w.keys for part, w in zip(form, here, strict=True)):
                        found.append((at, at + len(form) - 1, said))
                        break
        return found

    @cached_property
    def _public_phrases(self) -> dict[str, list[tuple[Form, str]]]:
        """Full names of office holders, which are nobody else's in these documents."""
        private = {frozenset(form) for forms in self.people.named for form in forms}
        return _by_first((form, "") for form in self.people.public if frozenset(form) not in private)

    @cached_property
    def _exact_phrases(self) -> dict[str, list[tuple[Form, str]]]:
        return _by_first(self.people.exact.items())

    @cached_property
    def _of_compound(self) -> dict[str, set[int]]:
        """Names of two words and more run together, in either order."""
        found: dict[str, set[int]] = {}
        for number, forms in enumerate(self.people.named):
            for form in forms:
                if len(form) > 1:
                    for joined in ("".join(form), "".join(reversed(form)), *map("".join, permutations(form, 2))):
                        found.setdefault(joined, set()).add(number)
        return {joined: numbers for joined, numbers in found.items() if len(joined) >= SHORTEST_COMPOUND}

    @cached_property
    def _compounds(self) -> re.Pattern[str]:
        longest_first = sorted(self._of_compound, key=lambda joined: (-len(joined), joined))
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    # ------------------------------------------------------------ records

    def coding(self, coding: Coding) -> Coding:
        """All that a report gave, covered. The report is called by its document's id."""
        document = coding.document
        if document is None:
            return replace(coding, report="a report")
        among = self.people.in_document.get(document.id, ())
        changes = self.replacements(document.text, among)
        name = f"{document.id}.txt"
        covering = _Covering(self, among, _moved(changes))
        held = replace(document, offsets=OffsetMap(), name=name, address=None, text="")
        shown = replace(
            covering.of(held),
            text=_put_in(document.text, changes),
            address=self._address(document, among),
        )
        return replace(
            coding,
            report=name,
            document=shown,
            claims=covering.of(coding.claims),
            quotations=covering.of(coding.quotations),
            problems=tuple(replace(covering.of(problem), report=name) for problem in coding.problems),
        )

    def _address(self, document: Document, among: Collection[int]) -> str | None:
        """The address of a report, if addresses are kept and nobody's name is in it."""
        address = document.address
        return address if address and self.keeps_addresses and not self.replacements(address, among) else None

    def actor(self, actor: Actor, among: Collection[int] = ()) -> Actor:
        """The actor covered: a private person by the number, of anybody else what is told, covered as a text is."""
        role = self.text(actor.role, among) if actor.role else actor.role
        if not is_person(actor, self.people.knowledge):
            return replace(actor, name=self.text(actor.name, among), role=role)
        form = self.people.form_of(actor.name)
        bearers = set.intersection(*(self.people.by_word.get(word, set()) for word in form)) if form else set()
        here = bearers & set(among) if len(bearers) > 1 else bearers
        name = self.pseudonym(min(here)) if len(here) == 1 else SOMEBODY
        return replace(actor, name=name, role=role, id=None)


def coarse(place: Place) -> Place:
    """The place as it may be told: the first-level unit that it lies in, or else the country, and never a point.

    Countries and regions are told as they are.
    """
    if place.kind in {PlaceKind.COUNTRY, PlaceKind.REGION}:
        return replace(place, point=None)
    if place.admin1:
        return Place(place.admin1, PlaceKind.ADMIN1, place.country, admin1=place.admin1)
    if place.kind is PlaceKind.ADMIN1:
        return replace(place, point=None, within=None)
    if place.country:
        return Place(place.country, PlaceKind.COUNTRY, place.country)
    return Place("a place", PlaceKind.REGION, None)


@dataclass(frozen=True)
class _Covering:
    """The covering of one document's records: `moved` gives where a span lies in the covered text."""

    cover: Cover
    among: Collection[int]
    moved: Callable[[Span], Span]
    done: dict[str, str] = field(default_factory=dict)
    """Texts that were covered: a report's records say much of the same."""

    def of(self, value: T) -> T:
        """The value with everything in it covered."""
        covered: Any = value
        if isinstance(value, str):
            covered = value if isinstance(value, Enum) else self._text(value)
        elif isinstance(value, Span):
            covered = self.moved(value)
        elif isinstance(value, Place):
            covered = coarse(value)
        elif isinstance(value, Actor):
            covered = self.cover.actor(value, self.among)
        elif isinstance(value, tuple):
            covered = tuple(map(self.of, value))
        elif isinstance(value, EventPlace):
            # What else was weighed names places as exactly as the one that was chosen.
            covered = replace(self._record(value), considered=(), candidates=())
        elif is_dataclass(value):
            covered = self._record(value)
        return covered  # type: ignore[no-any-return]

    def _text(self, text: str) -> str:
        if text not in self.done:
            self.done[text] = self.cover.text(text, self.among)
        return self.done[text]

    def _record(self, record: Any) -> Any:
        held = {name: getattr(record, name) for name in record.__dataclass_fields__ if name not in CODES}
        covered = {name: self.of(value) for name, value in held.items() if value is not None}
        return replace(record, **{name: value for name, value in covered.items() if value is not held[name]})


def _put_in(text: str, changes: Sequence[Replaced]) -> str:
    parts, at = [], 0
    for change in changes:
        parts += [text[at : change.start], change.words]
        at = change.end
    return "".join([*parts, text[at:]])


def _apart(changes: Sequence[Replaced]) -> list[Replaced]:
    """The changes left to right; of those that overlap the longest, then the first."""
    kept: list[Replaced] = []
    for change in sorted(changes, key=lambda c: (c.start - c.end, c.start)):
        if all(change.end <= other.start or other.end <= change.start for other in kept):
            kept.append(change)
    return sorted(kept, key=lambda c: c.start)


def _moved(changes: Sequence[Replaced]) -> Callable[[Span], Span]:
    """Where spans of a text lie once the changes are made; one within a change is all that stands in its place."""
    starts = [change.start for change in changes]
    shifts = [0]
    for change in changes:
        shifts.append(shifts[-1] + len(change.words) - (change.end - change.start))

    def at(offset: int, *, is_end: bool) -> int:
        number = bisect_right(starts, offset - 1 if is_end else offset)  # changes that begin before (or at) the offset
        inside = number and (offset < changes[number - 1].end)
        if not inside:
            return offset + shifts[number]
        change = changes[number - 1]
        start = change.start + shifts[number - 1]
        return start + len(change.words) if is_end else start

    return lambda span: Span(at(span.start, is_end=False), at(span.end, is_end=True))


def _by_first(phrases: Any) -> dict[str, list[tuple[Form, str]]]:
    """Phrases by their first word, the longest first."""
    found: dict[str, list[tuple[Form, str]]] = {}
    for form, said in phrases:
        if form:
            found.setdefault(form[0], []).append((form, said))
    return {first: sorted(some, key=lambda pair: (-len(pair[0]), pair)) for first, some in found.items()}


def _with_plural(key: str) -> tuple[str, ...]:
    """The word, and what it is the plural of: "the Petrovs"."""
    return (key, key[:-1]) if len(key) > 4 and key.endswith("s") else (key,)
