"""A linked event in outline: what plans, episodes and people need to see of it at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dateline.knowledge.accounts import AccountKnowledge
from dateline.linking.accounts import field_accounts
from dateline.linking.agreement import Fit, compare
from dateline.linking.voices import in_order
from dateline.records import Actor, Days, EventMention, Kind, Place, PlaceKind, Testimony


@dataclass(frozen=True)
class Outline:
    """An event by its best values. `days` and `place` None: nobody tells.

    `parties` are those that can tie it to others: ids of the actor tables, or names in lower case; crowds are none. `issues` are
    classes of ontology/issues.yaml. `testimonies` are all of them, in the order of telling.
    """

    id: str
    kind: Kind
    days: Days | None
    place: Place | None
    parties: frozenset[str]
    issues: frozenset[str]
    testimonies: tuple[Testimony, ...]

    @property
    def first(self) -> date | None:
        return self.days.first if self.days is not None else None

    @property
    def last(self) -> date | None:
        return self.days.last if self.days is not None else None


def outline_of(event: str, testimonies: Sequence[Testimony], knowledge: AccountKnowledge) -> Outline:
    """The outline of an event that has testimonies; none: ValueError."""
    if not testimonies:
        raise ValueError(f"event {event} has no claims")
    ordered = in_order(testimonies)
    kind, days, place = (_best(name, ordered) for name in ("kind", "days", "place"))
    mentions = [t.claim.event for t in ordered]
    parties = [p.actor for m in mentions for p in (m.actors if m.type in knowledge.aimed else (*m.actors, *m.recipients))]
    first = mentions[0]
    return Outline(
        id=event,
        kind=kind if isinstance(kind, Kind) else Kind(first.type, first.mode),
        days=days if isinstance(days, Days) else None,
        place=place if isinstance(place, Place) else None,
        parties=frozenset(party_key(a) for a in parties if a.name.casefold() not in knowledge.crowds),
        issues=frozenset(i for m in mentions for i in _issues(m)),
        testimonies=tuple(ordered),
    )


def _best(name: str, testimonies: Sequence[Testimony]) -> object:
    field = field_accounts(name, testimonies)
    return field.accounts[field.best].value if field.best is not None else None


def _issues(mention: EventMention) -> list[str]:
    return [i.issue for i in mention.issues if i.issue is not None]


def party_key(actor: Actor) -> str:
    """What two mentions of one actor share."""
    return actor.id or actor.name.casefold()


COARSE = frozenset({PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.ADMIN1})


def ties(a: Outline, b: Outline) -> tuple[str, ...]:
    """What holds two events together, in words: a party, an issue, a place finer than a province. Nothing: an empty tuple."""
    found = [f"same party: {name}" for name in sorted(a.parties & b.parties)[:2]]
    found += [f"same issue: {issue}" for issue in sorted(a.issues & b.issues)]
    if a.place is not None and b.place is not None and not {a.place.kind, b.place.kind} & COARSE:
        fit, reason = compare(a.place, b.place)
        if fit is not Fit.INCOMPATIBLE:
            found.append(f"same place: {reason}")
    return tuple(found)


def may_be_one_matter(a: Outline, b: Outline) -> bool:
    """True unless type, mode or place speak against it."""
    kinds, _ = compare(a.kind, b.kind)
    if kinds is Fit.INCOMPATIBLE:
        return False
    return a.place is None or b.place is None or compare(a.place, b.place)[0] is not Fit.INCOMPATIBLE
