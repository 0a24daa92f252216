"""Who is a private person: whom the records or the texts name, and who holds no office by the tables.

People are numbered in the order in which they are first named, which says nothing of what they are called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from dateline.covering.names import names_in, words_in
from dateline.knowledge.actors import ActorKnowledge
from dateline.knowledge.covering import NameWords
from dateline.knowledge.places import Gazetteer, fold
from dateline.records import Actor, Coding, Place, PlaceKind

T = TypeVar("T")

OF_TABLE = "person:"
"""How the ids of those begin who hold or held an office by the tables."""

LARGE = 50_000
"""People of a town whose name alone is taken for the town's."""

Form = tuple[str, ...]
"""The words of a name that tell whose it is, as they are compared."""


@dataclass(frozen=True)
class Knowledge:
    """The tables by which names are judged."""

    actors: ActorKnowledge
    words: NameWords
    gazetteer: Gazetteer


@dataclass(frozen=True)
class _Named:
    """Whom a document names: in its records those who are private, and in its texts whoever looks like a person."""

    document: str
    day: date | None
    actors: tuple[str, ...]
    read: tuple[str, ...]


@dataclass
class People:
    """The private people of some documents, which are gathered one after another in a fixed order and then numbered.

    `named` has by number all forms of a person's names, `in_document` the numbers of those whom a document names, `public` the full
    names of office holders, `exact` places that are no town, with what is said in their place.
    """

    knowledge: Knowledge
    named: list[set[Form]] = field(default_factory=list)
    in_document: dict[str, set[int]] = field(default_factory=dict)
    public: set[Form] = field(default_factory=set)
    exact: dict[Form, str] = field(default_factory=dict)
    by_word: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    gathered: list[_Named] = field(default_factory=list)

    def gather(self, coding: Coding) -> None:
        """Notes whom a document names, in its records, its byline, its title and its text, in this order, and its exact places."""
        document = coding.document
        if document is None:
            return
        day = document.published.day if document.published else None
        actors = dict.fromkeys(_all(Actor, coding.claims + coding.quotations))
        texts = (document.byline or "", document.title or "", document.text)
        self.gathered.append(
            _Named(
                document.id,
                day,
                tuple(dict.fromkeys(actor.name for actor in actors if is_person(actor, self.knowledge))),
                tuple(name for text in texts for name in self._names_in(text)),
            )
        )
        for actor in actors:
            if actor.id is not None and actor.id.startswith(OF_TABLE):
                self._make_public(actor.name)
        for place in dict.fromkeys(_all(Place, coding.claims)):
            if place.kind is PlaceKind.FACILITY:
                near = place.within or place.admin1 or place.country
                self.exact.setdefault(self._form(place.name), f"[place in {near}]" if near else "[place]")

    def number(self) -> None:
        """Numbers whom the gathered documents name, in their order. Who holds an office is known only once all are gathered."""
        for named in self.gathered:
            told = [*named.actors, *(name for name in named.read if not self._is_public(name, named.day))]
            # Full names first: what a short one is short for stands in the same document.
            full = sorted(dict.fromkeys(told), key=lambda name: len(self.form_of(name)) < 2)
            here = self.in_document.setdefault(named.document, set())
            for name in full:
                if form := self.form_of(name):
                    number = self._number(form, here)
                    here.add(number)
                    self._bear(name, form, number)
        self.gathered.clear()

    def take_words(self, names: str | None, text: str) -> None:
        """Notes whom people named: a list of parties with semicolons between, and a text of theirs."""
        listed = [name.strip() for name in (names or "").split(";")]
        told = [name for name in listed if name and is_person(Actor(name, None, None), self.knowledge)]
        for name in (*told, *(name for name in self._names_in(text) if not self._is_public(name, None))):
            if (form := self.form_of(name)) and not self._is_public(name, None):
                self._bear(name, form, self._number(form, ()))

    def form_of(self, name: str) -> Form:
        """The words of a name that tell whose it is: no titles, particles, initials. None left: all words; no letters: none."""
        forms = self.knowledge.actors.forms
        aside = forms.honorifics | forms.particles | forms.filiation.keys() | forms.suffixes.keys()
        words = [word.keys[0] for word in words_in(name, forms)]
        return tuple(w for w in words if len(w) > 1 and w not in aside) or tuple(words)

    def _form(self, name: str) -> Form:
        return tuple(word.keys[0] for word in words_in(name, self.knowledge.actors.forms))

    def _names_in(self, text: str) -> tuple[str, ...]:
        return names_in(text, self.knowledge.actors, self.knowledge.words, self.knowledge.gazetteer)

    def _is_public(self, name: str, day: date | None) -> bool:
        """Whether a name that only the text has is an office holder's: one of the records, or in office on the day."""
        form = self.form_of(name)
        if any(len(form) > 1 and (set(form) <= set(known) or set(known) <= set(form)) for known in self.public):
            return True
        held = self.knowledge.actors.offices.get(fold(name), ())
        if any(office.covers(day) if day else not office.until for office in held):
            self._make_public(name)
            return True
        return False

    def _make_public(self, name: str) -> None:
        offices = self.knowledge.actors.offices.get(fold(name), ())
        for known in (name, *(spelt for office in offices for spelt in (office.name, *office.aliases))):
            if len(form := self.form_of(known)) > 1:
                self.public.add(form)

    def _bear(self, name: str, form: Form, number: int) -> None:
        """Notes the words of somebody's name as they are spelt by their sound too."""
        for word in words_in(name, self.knowledge.actors.forms):
            if word.keys[0] in form:
                self.by_word[word.keys[-1]].add(number)

    def _number(self, form: Form, here: Collection[int]) -> int:
        """The number of whoever bears the name: that of a fuller or shorter one, first in the same document; new: the next."""
        of_all = [self.by_word[word] for word in form]
        sharing = set.intersection(*of_all)
        if len(form) > 1:
            shorter = {
                n for word in form for n in self.by_word[word] if any(len(f) > 1 and set(f) <= set(form) for f in self.named[n])
            }
            known = sorted(sharing | shorter)
        else:
            known = sorted(sharing & set(here)) or (sorted(sharing) if len(sharing) == 1 else [])
        if known:
            number = known[0]
        else:
            number = len(self.named)
            self.named.append(set())
        self.named[number].add(form)
        for word in form:
            self.by_word[word].add(number)
        return number


def is_person(actor: Actor, knowledge: Knowledge) -> bool:
    """Whether the records take it for a person who holds no office by the tables: somebody with a name of his own, and no group.

    A row of the users' own table is private whatever it says: their tables list those whom they look after.
    """
    if actor.is_group or (actor.id is not None and actor.id.startswith((OF_TABLE, "organisation:"))):
        return False
    own = knowledge.actors.is_own(actor.name)
    if own is not None or actor.id is not None:
        return bool(own) if own is not None else _is_name(actor.name, knowledge)
    return _is_name(actor.name, knowledge)


def _is_name(name: str, knowledge: Knowledge) -> bool:
    """Whether a name that records give is written as a person's: all its words with capitals, and no role, country or body."""
    actors = knowledge.actors
    aside = actors.forms.particles | actors.forms.filiation.keys()
    words = [word.text for word in words_in(name, actors.forms) if word.text not in aside]
    if not words or actors.country_called(name) or actors.organisation(name) is not None or actors.metonym(name) is not None:
        return False
    has_case = any(word != word.swapcase() for word in words)
    if has_case and any(word[:1].islower() for word in words):
        return False
    if any(word in knowledge.words.bodies for word in words):
        return False
    if any(place.population >= LARGE and place.is_main_name for place in knowledge.gazetteer.find(name, 1)):
        return False  # a town that was taken for somebody; surnames are villages, too
    folded = [word.casefold() for word in words]
    is_role = actors.role_ending(folded) is not None or folded[-1] in actors.roles
    return not (is_role and not any(word in actors.given_names for word in folded))


def _all(kind: type[T], value: object) -> Iterator[T]:
    """Everything of a kind within a record, in the order of its fields."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _all(kind, one)
    else:
        names: Iterable[str] = getattr(value, "__dataclass_fields__", ())
        for name in names:
            yield from _all(kind, getattr(value, name))
