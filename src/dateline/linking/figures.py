"""The figures that the testimonies of an event tell, each with whom it counts and how it stands to the others.

A figure is read from a claim's counts. People told of one by one ("a clerk was killed, her son was wounded") are no figure of the
text; they are found here too, because as many as are told of were harmed at least.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from dateline.knowledge.accounts import AccountKnowledge, words_of
from dateline.records import (
    Actor,
    Bounds,
    Count,
    CountedParty,
    Exactness,
    Participant,
    PartyRole,
    Span,
    StatusValue,
    Tallied,
    Testimony,
)


@dataclass(frozen=True)
class Figure:
    """A count of a claim, as tallying sees it. `side` None: all together, or nobody says whom.

    `is_further`: beside those told of before ("two others"). `words` are those of the count, empty where the evidence lacks them.
    """

    what: str
    side: str | None
    bounds: Bounds
    exactness: Exactness
    tallied: Tallied
    is_part: bool
    is_further: bool
    words: str
    testimony: Testimony

    @property
    def status(self) -> StatusValue:
        return self.testimony.claim.event.status.value

    @property
    def claim(self) -> str:
        return self.testimony.claim.id


def figures_of(testimony: Testimony, knowledge: AccountKnowledge) -> tuple[Figure, ...]:
    """The claim's figures in its order; no count with a lower or an upper bound: an empty tuple."""
    event = testimony.claim.event
    return tuple(
        Figure(
            what=count.what,
            side=side_of(testimony, count, knowledge),
            bounds=Bounds(count.low or 0.0, count.high),
            exactness=count.exactness,
            tallied=count.tallied,
            is_part=count.is_part,
            is_further=not knowledge.further.isdisjoint(words_of(words := words_of_count(testimony, count))),
            words=words,
            testimony=testimony,
        )
        for count in event.counts
        if count.low is not None or count.high is not None
    )


def words_of_count(testimony: Testimony, count: Count) -> str:
    """The count's words, where they stand in the claim's evidence; elsewhere: the empty string."""
    return words_at(testimony, count.span)


def words_at(testimony: Testimony, span: Span) -> str:
    """The words of a span that stands in the claim's evidence; elsewhere: the empty string."""
    evidence = testimony.claim.event.evidence
    if not evidence.contains(span):
        return ""
    return testimony.evidence[span.start - evidence.start : span.end - evidence.start]


def side_of(testimony: Testimony, count: Count, knowledge: AccountKnowledge) -> str | None:
    """The side of those counted: that of the party, or of all in its role if they are of one. People at large are of none."""
    sides = {_side(actor, knowledge) for actor in counted(testimony, count.party)}
    return next(iter(sides)) if len(sides) == 1 else None


def counted(testimony: Testimony, party: CountedParty | None) -> tuple[Actor, ...]:
    """Whom a count counts; nobody is named: an empty tuple."""
    if party is None:
        return ()
    if party.actor is not None:
        return (party.actor,)
    event = testimony.claim.event
    roles = {PartyRole.ACTOR: event.actors, PartyRole.RECIPIENT: event.recipients, PartyRole.OTHER: ()}
    everybody: Sequence[Participant] = roles[party.role]
    if party.index is None:
        return tuple(p.actor for p in everybody)
    return (everybody[party.index].actor,) if party.index < len(everybody) else ()


def _side(actor: Actor, knowledge: AccountKnowledge) -> str | None:
    words = words_of(actor.name)
    if not words or words[-1] in knowledge.at_large or actor.sector is None:
        return None
    side = knowledge.sides.get(actor.sector)
    return None if side == "unknown" else side


# ---------------------------------------------------------------- people told of one by one


@dataclass(frozen=True)
class Person:
    """Somebody that a claim tells was harmed. `fate`: killed, injured or hit. `name` is the name or phrase that the coder gave.

    `who` is the word that says who it is ("nurse"); None: a name, or a word for anybody ("victim").
    """

    name: str
    who: str | None
    fate: str
    sex: str | None
    side: str | None
    is_named: bool
    is_further: bool
    testimony: Testimony


def people_of(testimony: Testimony, knowledge: AccountKnowledge) -> tuple[Person, ...]:
    """Those whom the claim tells of one by one as harmed: single people in the role of the recipient, with no figure on them.

    A claim whose words say nothing of harm, or that says that it did not happen or may yet, tells of nobody.
    """
    event = testimony.claim.event
    if event.status.value not in {StatusValue.ASSERTED, StatusValue.ALLEGED}:
        return ()
    fate = knowledge.fate(testimony.trigger) or knowledge.fates_of_triggers.get(testimony.trigger.lower())
    if fate is not None and fate != knowledge.grave[0]:
        # "was shot and killed", "fatally shot": the trigger says how, and a word beside it what came of it.
        fate = min(fate, knowledge.fate(_of_the_same(testimony, knowledge)) or fate, key=knowledge.grave.index)
    if fate is None:
        return ()
    if fate == knowledge.grave[0] and not event.recipients and not event.counts:
        # "he was charged with murder": somebody died, whoever it was.
        return (Person(testimony.trigger, None, fate, "either", None, False, False, testimony),)
    figured = {a for c in event.counts for a in counted(testimony, c.party)}
    return tuple(_people(event.recipients, fate, figured, testimony, knowledge))


def _of_the_same(testimony: Testimony, knowledge: AccountKnowledge) -> str:
    """The words of the evidence that say something of those whom the trigger tells of.

    "Killing two men and wounding a student" says nothing of a student's death: before the trigger only a word tied to it counts,
    and after it none that has somebody else for its object.
    """
    event, evidence = testimony.claim.event, testimony.evidence
    start, end = (at - event.evidence.start for at in (event.trigger.start, event.trigger.end))
    told: list[str] = []
    for word in reversed(words_of(evidence[:start])):
        told.append(word)
        if word not in knowledge.tying and not word.endswith("ly"):
            break
    for word, following in pairwise((*words_of(evidence[end:]), "")):
        is_of_another = word in knowledge.of_objects and following not in {"", *knowledge.no_objects, *knowledge.pronouns}
        if not is_of_another:
            told.append(word)
    return " ".join([evidence[start:end], *told])


def _people(
    recipients: Iterable[Participant], fate: str, figured: set[Actor], testimony: Testimony, knowledge: AccountKnowledge
) -> Iterator[Person]:
    for party in recipients:
        words = words_of(party.actor.name)
        if party.actor.is_group or party.actor in figured or not words:
            continue
        further = not knowledge.further.isdisjoint(words)
        side = _side(party.actor, knowledge)
        pronoun = words_at(testimony, party.span).lower() if party.span is not None else ""
        if pronoun in knowledge.pronouns:
            told_sex = knowledge.pronouns[pronoun]
            for _ in range(2 if told_sex == "several" else 1):
                yield Person(pronoun, None, fate, told_sex, side, False, further, testimony)
            continue
        sex = knowledge.sexes.get(words[-1])
        is_named = sex is None and party.actor.name[:1].isupper() and party.actor.sector is not None
        if sex is not None or is_named:
            who = words[-1] if words[-1] in knowledge.specific else None
            yield Person(party.actor.name, who, fate, sex, side, is_named, further, testimony)


def tell_apart(people: Sequence[Person]) -> tuple[tuple[Person, ...], ...]:
    """The people of one document or of several, those who may be one put together: the named first, in the order of telling.

    Names that hold one another are one ("Ana Mora", "Mora"), spelt a little differently or not. A phrase ("a clerk") may be anybody
    already told of, unless sex or trade differ, or "another" says that it is somebody else than the only one there is; two in one
    claim are two.
    """
    found: list[_Somebody] = []
    for person in sorted(people, key=lambda p: (not p.is_named, p.is_further)):
        same = next((somebody for somebody in found if somebody.may_be(person)), None)
        if person.is_further and not person.is_named and len(found) < 2:
            same = None
        if same is None:
            found.append(same := _Somebody())
        same.add(person)
    return tuple(tuple(somebody.people) for somebody in found)


class _Somebody:
    """One person as many tell of him: what is told, each trait once, so that an event of a thousand claims stays quick."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self._claims: set[str] = set()
        self._names: set[str] = set()
        self._sexes: set[str] = set()
        self._trades: set[str] = set()

    def add(self, person: Person) -> None:
        self.people.append(person)
        self._claims.add(person.testimony.claim.id)
        if person.is_named:
            self._names.add(person.name)
        if person.sex in {"male", "female"}:
            self._sexes.add(person.sex)
        if person.who:
            self._trades.add(person.who)

    def may_be(self, person: Person) -> bool:
        """True unless claim, name, sex or trade speak against it."""
        if person.testimony.claim.id in self._claims:
            return False
        if person.is_named and person.name not in self._names and not all(_one_name(person.name, n) for n in self._names):
            return False
        if person.sex in {"male", "female"} and self._sexes - {person.sex}:
            return False
        return not (person.who and self._trades - {person.who})


ALIKE = 0.8
"""How alike two spellings of a name are at least, by the letters that they share in order: "Riogberto" and "Rigoberto" are .89."""


def _one_name(a: str, b: str) -> bool:
    """True if each word of the shorter name is one of the longer, as far as spelling goes."""
    shorter, longer = sorted((words_of(a), words_of(b)), key=len)
    return all(any(w == o or _is_spelt_alike(w, o) for o in longer) for w in shorter)


def _is_spelt_alike(a: str, b: str) -> bool:
    """One first letter and nearly as long before anything is counted: two names of most pairs are told apart by that."""
    return a[0] == b[0] and abs(len(a) - len(b)) <= 2 and SequenceMatcher(None, a, b).ratio() >= ALIKE
