"""When two spellings may be one person's name: romanisations, initials, honorifics, particles, double surnames, order of words.

Knowledge: actors/romanisation.yaml. Names are compared word by word: a word counts as another when both are spelt alike after
folding (see `fold`), when one script's correspondences bring them to one key, or, of given names, when one is the other's initial
or form. All words of a pair must meet in one script, so that no name is half Arabic and half Greek.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from dateline.knowledge.places import fold
from dateline.knowledge.tables import read_yaml

Row = TypeVar("Row")

MAX_KEYS = 16
"""Keys of a word beyond which no more readings of its ambiguous letters are tried."""

REMEMBERED = 4096
"""Names of which an index remembers its answer."""

SHORTEST = 4
"""Letters below which a word is compared as it is written: "Ali" and "Ely" would meet in too many scripts."""

SHORTEST_ALONE = 5
"""The same of a surname that stands alone, with no given name to confirm it."""

SHORTEST_SOUGHT = 6
"""The same of a surname that stands alone and is sought among all people of a table: "Basil" is not Mr Bassil."""

SERVANT_OF = re.compile(r"\babd(?:al|el|ul|ol|elr|alr|urr|ur|or|er|us|es)?[ -]?(?:al |el |ul |ol |ar |as )?(?=[a-z]{3})")
""" "Abdel Fattah", "Abd al-Fattah", "Abdelfattah": one name, of which the article may be spelt and joined in any way."""

CHANGED = str.maketrans("p", "b", "acdefghijkoqstuvwxyz")
"""The letters that some script's spellings change or drop; "b" and "p" are one."""

HYPHENED = re.compile(r"\w+(?: ?[-‐‑] ?\w+)+")

DOTTED_INITIALS = re.compile(r"\b([A-Z])\.(?=[A-Z]\b)")


@dataclass(frozen=True, eq=False)
class Script:
    """What spellings count as in names romanised from one script. `countries` whose people's names are so compared."""

    id: str
    countries: frozenset[str]
    is_surname_first: bool
    pattern: re.Pattern[str]
    readings: tuple[tuple[str, ...], ...]
    """For each alternative of the pattern, in its order, what it may count as."""
    names: Mapping[str, str]
    """Folded word -> the first of its group, for pairs that no rule gives."""
    same: tuple[tuple[str, ...], ...]
    different: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=65536)
def keys_of(word: str, script: Script) -> frozenset[str]:
    """The keys of a folded word in a script: several where its letters are ambiguous. Words with a common key may be one."""
    if word in script.names:
        return frozenset(("=" + script.names[word],))
    keys = [""]
    at = 0
    for match in script.pattern.finditer(word):
        between = word[at : match.start()]
        at = match.end()
        assert match.lastindex is not None
        readings = script.readings[match.lastindex - 1]
        if len(keys) * len(readings) > MAX_KEYS:
            readings = readings[:1]
        keys = [key + between + reading for key in keys for reading in readings]
    rest = word[at:]
    return frozenset(re.sub(r"(.)\1+", r"\1", key + rest) for key in keys)


@dataclass(frozen=True)
class Name:
    """A name taken apart. `words` are folded, without honorifics, particles, suffix; `fathers`: numbers of fathers' names."""

    words: tuple[str, ...]
    suffix: str = ""
    fathers: frozenset[int] = frozenset()
    hyphened: frozenset[str] = frozenset()
    """Words that hang on another by a hyphen ("Li-shih"): no name by themselves."""

    @property
    def joined(self) -> str:
        return "".join(self.words)


@dataclass(frozen=True, eq=False)
class NameForms:
    """The table of romanisations, compiled. `given` says of a folded word whether it is a known given name."""

    scripts: tuple[Script, ...]
    letters: Mapping[int, str]
    honorifics: frozenset[str]
    genders: Mapping[str, str]
    """Folded honorific -> "m" or "f"."""
    suffixes: Mapping[str, str]
    particles: frozenset[str]
    filiation: Mapping[str, str]
    given_names: Mapping[str, frozenset[int]]
    """Folded given name -> the numbers of the groups whose forms it is among."""
    given: frozenset[str] = frozenset()
    same: tuple[tuple[str, ...], ...] = ()
    different: tuple[tuple[str, ...], ...] = ()

    # -- names taken apart

    def folded(self, name: str) -> str:
        """`fold`, with letters written out whose sound an accent carries ("Łukašenka" -> "lukashenka")."""
        return fold(name if name.isascii() else name.translate(self.letters))

    def taken_apart(self, name: str) -> Name:
        """The words of a name that tell whose it is. A name of nothing else keeps all its words."""
        return _taken_apart(name, self)

    # -- two names

    def may_be_same(self, one: str, other: str) -> bool:
        """Whether two names in one document may be one person's; a surname or given name alone may be the whole name's.

        It is no proof: "J. Smith" may be John's or James's. Names that contradict each other (other given names, initials,
        "Jr." and "Sr.", a father's name taken for the son's) are not the same.
        """
        left, right = self.taken_apart(one), self.taken_apart(other)
        if left.suffix and right.suffix and left.suffix != right.suffix:
            return False
        if self._is_run(*sorted((self.folded(one).split(), self.folded(other).split()), key=len)):
            return True
        if left.words == right.words or (left.joined == right.joined and bool(left.fathers) == bool(right.fathers)):
            return bool(left.words)
        short, long = sorted((left, right), key=lambda n: len(n.words))
        if not short.words:
            return False
        if len(short.words) == 1:
            return self._is_part(short, long)
        if self._is_run(short.words, long.words) or self._is_turned_round(short, long):
            return True
        return any(self._agree(short, long, script) for script in (None, *self.scripts))

    def is_variant(self, one: str, other: str, script: Script) -> bool:
        """Whether two names, each of given name and surname at least, are one by that script: no initials, nothing to guess."""
        left, right = self.taken_apart(one), self.taken_apart(other)
        if left.suffix != right.suffix or min(len(left.words), len(right.words)) < 2:
            return False
        if any(len(word) == 1 for name in (left, right) for word in name.words):
            return False
        if left.joined == right.joined and bool(left.fathers) == bool(right.fathers):
            return True
        short, long = sorted((left, right), key=lambda n: len(n.words))
        if len(short.words) < len(long.words) and short.words[-1] != long.words[-1] and not script.is_surname_first:
            return False  # a middle name less and a surname spelt otherwise: too much at once
        return self._agree(short, long, script)

    def _is_part(self, short: Name, long: Name) -> bool:
        """A surname or given name alone. A surname that stands after "bin" is the father's name, and not the man's."""
        (word,) = short.words
        last = len(long.words) - 1
        if last == 0:
            return "abdul" + word == long.words[0] or "abdul" + long.words[0] == word or self._is_spelt_alike(word, long.words[0])
        if len(word) > 1 and word == long.words[0]:
            return True
        if short.suffix and not long.suffix:
            return False  # "Brown Jr." is another one of the family than "Ann Brown"
        if last in long.fathers:
            # "bin Laden" for "Osama bin Laden" is said with its "bin"; "Salman" is another man than "Mohammed bin Salman"
            return bool(short.fathers) and word == long.words[last]
        if long.words[last] == "abdul" + word:
            return True
        # Of a double surname ("Pedro Sánchez Castejón") the first is the one used; a middle name in English never stands alone.
        is_double = last >= 2 and long.words[0] != word and word in long.words[1:last] and word not in self.given | long.hyphened
        return word == long.words[last] or is_double or self._is_spelt_alike(word, long.words[last])

    def _is_spelt_alike(self, one: str, other: str) -> bool:
        if min(len(one), len(other)) < SHORTEST_ALONE or not (_has_syllables(one) and _has_syllables(other)):
            return False
        return any(keys_of(one, s) & keys_of(other, s) for s in self.scripts if not s.is_surname_first)

    def _is_run(self, short: Sequence[str], long: Sequence[str]) -> bool:
        """Whether two words or more begin or end the other name."""
        size = len(short)
        return size > 1 and short in (long[:size], long[-size:])

    def _is_turned_round(self, one: Name, other: Name) -> bool:
        """Surname first in one and last in the other; two given names ("Thomas James") can be two people's either way."""
        if one.words[0] in self.given and one.words[-1] in self.given:
            return False
        return one.words[0] == other.words[-1] and "".join(one.words[1:]) == "".join(other.words[:-1])

    def _agree(self, short: Name, long: Name, script: Script | None) -> bool:
        if script is not None and script.is_surname_first:
            return self._agree_surname_first(short, long, script)
        first, family = short.words[0], short.words[-1]
        if not self._is_given(first, long.words[0], script):
            return False
        if (len(short.words) - 1 in short.fathers) != (len(long.words) - 1 in long.fathers):
            return False
        middles = short.words[1:-1]
        if self._is_word(family, long.words[-1], script):
            return _in_order(middles, long.words[1:-1], lambda a, b: self._is_given(a, b, script))
        # A double surname of which the second is left out: "Pedro Sánchez" of "Pedro Sánchez Castejón".
        fits = any(self._is_word(family, word, script) and word not in self.given for word in long.words[1:-1])
        return fits and len(family) > 1 and not middles

    def _agree_surname_first(self, one: Name, other: Name, script: Script) -> bool:
        family = self._is_word(one.words[0], other.words[0], script)
        left, right = "".join(one.words[1:]), "".join(other.words[1:])
        return family and (left == right or self._is_word(left, right, script))

    def _is_given(self, one: str, other: str, script: Script | None) -> bool:
        if self._is_word(one, other, script) or bool(
            self.given_names.get(one, frozenset()) & self.given_names.get(other, frozenset())
        ):
            return True
        return 1 in (len(one), len(other)) and one[0] == other[0]

    def _is_word(self, one: str, other: str, script: Script | None) -> bool:
        if one == other:
            return True
        if script is None:
            return False
        is_long = script.is_surname_first or min(len(one), len(other)) >= SHORTEST
        return is_long and bool(keys_of(one, script) & keys_of(other, script))

    # -- a name among many

    @cached_property
    def scripts_by_country(self) -> Mapping[str, tuple[Script, ...]]:
        """The scripts in which the names of a country's people are compared; a country without one is not there."""
        countries = sorted({country for script in self.scripts for country in script.countries})
        return {country: tuple(s for s in self.scripts if country in s.countries) for country in countries}

    def sounds_of(self, word: str) -> frozenset[str]:
        """What is left of a folded surname, and of its group's first member, when all goes that some script's spellings change."""
        return frozenset(_skeleton(w) for w in (word, *self._first_of_groups.get(word, ())))

    @cached_property
    def _first_of_groups(self) -> Mapping[str, tuple[str, ...]]:
        words = {word for script in self.scripts for word in script.names}
        return {word: tuple(s.names[word] for s in self.scripts if word in s.names) for word in words}


@dataclass(frozen=True)
class Known(Generic[Row]):
    """A row of a table that may be found by the sound of a name. `surname`: folded; where surnames stand first, the first word."""

    surname: str
    names: tuple[str, ...]
    country: str
    row: Row


@dataclass(frozen=True)
class VariantIndex(Generic[Row]):
    """Rows of a table by how their surnames sound. They are compared in the scripts of their country, and in no other."""

    forms: NameForms
    rows: Mapping[str, tuple[Known[Row], ...]]
    """What is left of a surname (see `NameForms.sounds_of`) -> those that may have it."""
    asked: dict[str, tuple[Row, ...]] = field(default_factory=dict, compare=False, repr=False)
    """Answers given before: a document asks for a name once for each of its mentions."""

    def of_name(self, name: str) -> tuple[Row, ...]:
        """The rows of the names that the whole name is a variant of, each row once; a lone surname or none: an empty tuple."""
        if name not in self.asked:
            if len(self.asked) >= REMEMBERED:
                self.asked.clear()
            self.asked[name] = self._of_name(name)
        return self.asked[name]

    def _of_name(self, name: str) -> tuple[Row, ...]:
        words = self.forms.taken_apart(name).words
        if len(words) < 2:
            return ()
        last, first = (tuple(self._sounding(words[at], is_surname_first=at == 0)) for at in (-1, 0))
        found = {
            id(known.row): known.row
            for known, script in (*last, *first)
            if any(self.forms.is_variant(name, other, script) for other in known.names)
        }
        return tuple(found.values())

    def of_surname(self, surname: str) -> tuple[Row, ...]:
        """The rows of the names whose surname is spelt otherwise but may be this one; a short one, or none: an empty tuple.

        A given name is no surname by its sound: "Michael" is not Mr Michal.
        """
        words = self.forms.taken_apart(surname).words
        if len(words) != 1 or len(words[0]) < SHORTEST_SOUGHT or not _has_syllables(words[0]) or words[0] in self.forms.given:
            return ()
        return tuple({id(k.row): k.row for k, _ in self._sounding(words[0], is_surname_first=False)}.values())

    def _sounding(self, word: str, *, is_surname_first: bool) -> Iterator[tuple[Known[Row], Script]]:
        """Those with a surname that some script of their country makes one with the word."""
        for sound in sorted(self.forms.sounds_of(word)):
            for known in self.rows.get(sound, ()):
                for script in self.forms.scripts_by_country[known.country]:
                    if script.is_surname_first is is_surname_first and keys_of(word, script) & keys_of(known.surname, script):
                        yield known, script


def variant_index(forms: NameForms, rows: Iterable[Known[Row]]) -> VariantIndex[Row]:
    """An index of the rows; those of countries without a romanised script are left out."""
    index: dict[str, list[Known[Row]]] = {}
    sounds: dict[str, frozenset[str]] = {}
    for known in rows:
        if known.country in forms.scripts_by_country:
            if known.surname not in sounds:
                sounds[known.surname] = forms.sounds_of(known.surname)
            for sound in sounds[known.surname]:
                index.setdefault(sound, []).append(known)
    return VariantIndex(forms, {sound: tuple(found) for sound, found in index.items()})


def load_name_forms(given: Iterable[str] = ()) -> NameForms:
    """The table of romanisations; `given`: further given names. Raises ValueError naming the entry that is not as it should be."""
    table: Mapping[str, Any] = read_yaml("actors/romanisation.yaml")
    groups = [[fold(word) for word in line.split()] for line in table["given_names"]]
    numbers: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        for word in group:
            numbers.setdefault(word, set()).add(number)
    return NameForms(
        tuple(_script(entry) for entry in table["scripts"]),
        _letters(table["letters"]),
        frozenset(fold(word) for word in table["honorifics"].split()),
        {fold(word): gender for gender, words in table["genders"].items() for word in words.split()},
        dict(table["suffixes"]),
        frozenset(table["particles"].split()),
        dict(table["filiation"]),
        {word: frozenset(found) for word, found in numbers.items()},
        frozenset(numbers) | frozenset(given),
        _examples(table["examples"]["same"]),
        _examples(table["examples"]["different"]),
    )


def _letters(table: Mapping[str, str]) -> dict[int, str]:
    upper = {letter.upper(): spelt.capitalize() for letter, spelt in table.items()}
    return str.maketrans({**table, **upper})


def _script(entry: Mapping[str, Any]) -> Script:
    spellings: dict[str, Any] = entry["spellings"]
    # The longest first, and of one length those that are tied to an end of the word.
    order = sorted(spellings, key=lambda s: (-len(s.strip("^$")), "$" not in s and "^" not in s, s))
    alternatives, readings = [], []
    for spelling in order:
        body = spelling.strip("^$")
        if not re.fullmatch(r"[a-z]+", body):
            raise ValueError(f"actors/romanisation.yaml: {entry['id']}: {spelling!r} is no spelling in plain letters")
        alternatives.append(("^" if spelling[0] == "^" else "") + f"({body})" + ("$" if spelling[-1] == "$" else ""))
        values = spellings[spelling]
        readings.append(tuple(values) if isinstance(values, list) else (values,))
    names = {fold(word): fold(line.split()[0]) for line in entry.get("names", ()) for word in line.split()}
    return Script(
        entry["id"],
        frozenset(entry["countries"].split()),
        bool(entry.get("is_surname_first", False)),
        re.compile("|".join(alternatives)),
        tuple(readings),
        names,
        _examples(entry["same"]),
        _examples(entry["different"]),
    )


def _examples(lists: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(names) for names in lists)


def _skeleton(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word.translate(CHANGED))


@lru_cache(maxsize=65536)
def _taken_apart(name: str, forms: NameForms) -> Name:
    words = SERVANT_OF.sub("abdul", forms.folded(DOTTED_INITIALS.sub(r"\1. ", name))).split()
    suffix = ""
    if len(words) > 1 and words[-1] in forms.suffixes:
        suffix = forms.suffixes[words.pop()]
    while len(words) > 1 and words[0] in forms.honorifics:
        words.pop(0)
    kept: list[str] = []
    fathers: set[int] = set()
    is_father = False
    for number, word in enumerate(words):
        is_last = number == len(words) - 1
        if word in forms.filiation and not is_last and (number > 0 or len(words) == 2) and _is_filiation(word, number):
            is_father = True
        elif word in forms.particles and not is_last:
            continue
        else:
            if is_father:
                fathers.add(len(kept))
            is_father = False
            kept.append(word)
    hyphened = {word for run in HYPHENED.findall(name) for word in forms.folded(run).split()}
    return Name(tuple(kept or words), suffix, frozenset(fathers), frozenset(hyphened))


def _has_syllables(word: str) -> bool:
    """Whether it has two at least: "Chang" and "Cheng" are as near as "Morsi" and "Mursi", and two families."""
    return len(re.findall("[aeiouy]+", word)) > 1


def _is_filiation(word: str, number: int) -> bool:
    """ "Ben" at the beginning is somebody's given name; the others are never one."""
    return word != "ben" or number > 0


def _in_order(few: Sequence[str], many: Sequence[str], is_same: Callable[[str, str], bool]) -> bool:
    """Whether all of the few stand among the many, in order. Where one name has none there is nothing to contradict."""
    if not few or not many:
        return True
    if all(len(word) == 1 for word in (*few, *many)) and len(few) != len(many):
        return False  # "George W." is not "George H. W."
    rest = iter(many)
    return all(any(is_same(word, other) for other in rest) for word in few)
