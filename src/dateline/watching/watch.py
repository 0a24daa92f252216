"""Watch rules asked of the events of a ledger, as far as they are known at a moment: what is new gives an alert, once.

For each rule the events it is about are put into groups, and every day on which a group has an event is asked whether all its
conditions are true. Days that are true within reach of one another are one matter. A matter that no earlier alert told of gives
one; one that was told of with other numbers gives one that replaces it; one that is no longer true gives one that says so.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dateline.knowledge.places import fold
from dateline.knowledge.watch_rules import About, Key, Rule
from dateline.records import Alert
from dateline.watching.conditions import Group, Truth, group_of, reach_of, truth_of, waits_for
from dateline.watching.happenings import Happening, Party, Reported

GroupKey = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Matter:
    """What a rule found true of a group: from the first to the last day on which it was, with what was true when it was most so."""

    rule: Rule
    group: GroupKey
    words: str
    first: date | None
    last: date | None
    truth: Truth


@dataclass(frozen=True)
class Waiting:
    """A rule that looks further back than there are reports: it can say nothing before `day`."""

    rule: str
    day: date


@dataclass(frozen=True)
class Watched:
    """What came of asking all rules: the new alerts, rule by rule and by day, and the rules that could not judge a day yet."""

    alerts: tuple[Alert, ...]
    waiting: tuple[Waiting, ...]


def watch(
    rules: Sequence[Rule],
    events: Sequence[Happening],
    reports: Reported,
    *,
    known_at: datetime,
    earlier: Sequence[Alert] = (),
) -> Watched:
    """The alerts that are new at `known_at`, given all earlier ones of these rules; asked again with them, none.

    `events` and `reports` are what was known at that moment. Equal input gives equal alerts in equal order.
    """
    home = {claim: event.id for event in events for claim in event.claims}
    tips = tips_of(earlier)
    alerts: list[Alert] = []
    waiting: list[Waiting] = []
    for rule in rules:
        matters = matters_of(rule, events, reports, on=known_at.date())
        open_tips = [replace(tip, group=_moved(tip.group, home)) for tip in tips if tip.rule == rule.id]
        alerts += _news(matters, open_tips, known_at)
        if (day := waits_for(rule.when, reports)) is not None and day > known_at.date():
            waiting.append(Waiting(rule.id, day))
    return Watched(tuple(alerts), tuple(waiting))


def tips_of(alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    """The alerts that no later one replaces, in their order: the last word on each matter."""
    replaced = {alert.replaces for alert in alerts}
    return tuple(alert for alert in alerts if alert.id not in replaced)


def matters_of(rule: Rule, events: Sequence[Happening], reports: Reported, *, on: date) -> tuple[Matter, ...]:
    """Everything the rule finds true on a day, by day and group. Nothing: an empty tuple."""
    groups: dict[GroupKey, tuple[str, list[Happening]]] = {}
    for event in events:
        if is_about(rule.about, event):
            for key, words in _keys(rule.keys, event):
                groups.setdefault(key, (words, []))[1].append(event)
    found = [
        matter for key, (words, members) in groups.items() for matter in _matters(rule, key, words, group_of(members), reports, on)
    ]
    return tuple(sorted(found, key=lambda m: (m.first or date.min, m.group)))


def _matters(rule: Rule, key: GroupKey, words: str, group: Group, reports: Reported, on: date) -> Iterator[Matter]:
    days: Sequence[date | None] = sorted(set(group.ends)) or [None]
    reach = reach_of(rule.when)
    running: Matter | None = None
    for day in days:
        truth = truth_of(rule.when, group, day, reports, on)
        if truth is None:
            continue
        if running is not None and day is not None and running.last is not None and (day - running.last).days < reach:
            stronger = truth if truth.strength > running.truth.strength else running.truth
            running = replace(running, last=day, truth=stronger)
            continue
        if running is not None:
            yield running
        running = Matter(rule, key, words, truth.day or day, truth.day or day, truth)
    if running is not None:
        yield running


# ---------------------------------------------------------------- which events, in which groups


def is_about(about: About, event: Happening) -> bool:
    """Whether the event has one of the values of every field that is given."""
    parties = (*event.actors, *event.recipients)
    return (
        event.status in about.statuses
        and event.witnesses >= about.witnesses
        and event.confidence >= about.min_confidence
        and _fits(about.types, (event.type,))
        and _fits(about.modes, (event.mode,))
        and _fits(about.contexts, event.contexts)
        and _fits(about.countries, (event.country,))
        and _fits(about.places, (fold(name) for name in (event.place, event.admin1) if name))
        and _fits(about.actors, (fold(party.name) for party in parties))
        and _fits(about.sectors, (party.sector for party in parties))
        and (not about.events or any(claim.startswith(about.events) for claim in event.claims))
    )


def _fits(wanted: tuple[str, ...], values: Iterable[str | None]) -> bool:
    return not wanted or any(value in wanted for value in values)


def _keys(keys: Sequence[Key], event: Happening) -> Iterator[tuple[GroupKey, str]]:
    """The groups an event is in, with their names for people: one for each of its actors, where they are grouped by actor.

    None where a key's value is not known; an actor or recipient that is not named is nobody in particular, and no key.
    """
    found: list[tuple[GroupKey, tuple[str, ...]]] = [((), ())]
    for key in keys:
        found = [((*group, (key.value, value)), (*words, said)) for group, words in found for value, said in _values(key, event)]
    return ((group, ", ".join(words)) for group, words in found)


def _values(key: Key, event: Happening) -> Iterator[tuple[str, str]]:
    """(value, words) of the key."""
    match key:
        case Key.ACTOR | Key.RECIPIENT:
            parties = event.actors if key is Key.ACTOR else event.recipients
            yield from dict.fromkeys((_party_key(party), party.name) for party in parties if party.is_named)
        case Key.PLACE:
            if event.place is not None:
                yield event.place_id or fold(event.place), event.place
        case Key.EVENT:
            yield event.id, _title(event)
        case _:
            value = getattr(event, key.value)
            if value is not None:
                yield value, value


def _party_key(party: Party) -> str:
    return f"{fold(party.name)} {party.country or ''}".strip()


def _title(event: Happening) -> str:
    """ "strike, Minsk": an event in as few words as will do, with who is in it where no place is known."""
    who = next((party.name for party in (*event.actors, *event.recipients)), None)
    return ", ".join(part for part in (event.mode or event.type, event.place or event.country or who) if part)


# ---------------------------------------------------------------- what is new


def _moved(group: GroupKey, home: Mapping[str, str]) -> GroupKey:
    """The group with an event's id brought up to date: its first claim may be of another event now."""
    return tuple((key, home.get(value, value) if key == Key.EVENT else value) for key, value in group)


def _news(matters: Sequence[Matter], tips: Sequence[Alert], known_at: datetime) -> Iterator[Alert]:
    by_group: dict[GroupKey, list[Alert]] = defaultdict(list)
    for tip in tips:
        by_group[tip.group].append(tip)
    told: set[str] = set()
    for matter in matters:
        before = next((t for t in by_group[matter.group] if t.id not in told and _is_same_matter(matter, t)), None)
        if before is not None:
            told.add(before.id)
            if before.holds and before.numbers == matter.truth.numbers:
                continue
        yield _alert(matter, known_at, before)
    yield from (_no_longer(tip, known_at) for tip in tips if tip.id not in told and tip.holds)


def _is_same_matter(matter: Matter, alert: Alert) -> bool:
    if matter.first is None or matter.last is None or alert.day is None:
        return (matter.first is None) == (alert.day is None) or matter.group[0][0] == Key.EVENT
    # One event is one matter, whatever day it turns out to be of.
    return matter.group[0][0] == Key.EVENT or matter.first <= alert.day <= matter.last


def _alert(matter: Matter, known_at: datetime, before: Alert | None) -> Alert:
    truth, rule = matter.truth, matter.rule
    return _named(
        Alert(
            id="",
            rule=rule.id,
            title=rule.says,
            group=matter.group,
            day=matter.first,
            said=f"{matter.words}: {truth.words}",
            numbers=truth.numbers,
            events=truth.events,
            claims=truth.claims,
            known_at=known_at,
            replaces=before.id if before else None,
        )
    )


def _no_longer(tip: Alert, known_at: datetime) -> Alert:
    said = f"no longer so: {tip.said}"
    return _named(replace(tip, said=said, known_at=known_at, replaces=tip.id, holds=False))


def _named(alert: Alert) -> Alert:
    """The alert with its id: a hash of what it says of which group, and of the alert it replaces."""
    parts = [alert.rule, alert.group, alert.day, alert.numbers, alert.replaces, alert.holds]
    return replace(alert, id=hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:20])
