"""The examples of watch rules, tried: a rule shows with a few events what it is meant to say, and what not.

An event of an example is written as {type: COERCE, mode: arrest, day: 2020-08-12, country: BLR, detained: 60+, …}; docs/watch.md
lists the keys. Whatever is no key of it is a figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from dateline.knowledge.watch_rules import Example, Rule
from dateline.records import Alert, Fulfilment
from dateline.watching.happenings import (
    Contradiction,
    Figure,
    Happening,
    Movement,
    Party,
    Plan,
    Reported,
    Withdrawal,
)
from dateline.watching.watch import watch

PLAIN = ("id", "type", "mode", "status", "place", "admin1", "country", "witnesses", "confidence", "told")
OTHERS = ("day", "context", "actor", "recipient", "running", "dispute", "revised", "withdrawn", "plan", "due")

FIGURE = re.compile(r"(?P<low>[\d,.]+)(?:(?P<open>\+)|\s*(?:-|–|\.\.)\s*(?P<high>[\d,.]+))?")


@dataclass(frozen=True)
class Failure:
    """An example that does not come out: the rule, the number of the example from 1, its note, and what is wrong."""

    rule: str
    number: int
    note: str
    wrong: str


def try_examples(rule: Rule) -> tuple[Failure, ...]:
    """The examples of the rule that do not give what they say, in order; all do: an empty tuple."""
    failures = []
    for number, example in enumerate(rule.examples, 1):
        try:
            wrong = _difference(example, alerts_of(rule, example))
        except ValueError as fault:
            wrong = str(fault)
        if wrong:
            failures.append(Failure(rule.id, number, example.note, wrong))
    return tuple(failures)


def alerts_of(rule: Rule, example: Example) -> tuple[Alert, ...]:
    """What the rule says of the events of an example. Raises ValueError for an event that cannot be read."""
    events = [happening_of(written, f"e{number}") for number, written in enumerate(example.events, 1)]
    told = [day for event in events for day in (event.told, event.last) if day is not None]
    on = example.as_of or max(told, default=date(2020, 1, 1))
    # Unless it says otherwise, an example takes it that there have been reports for long.
    reports = Reported(example.reports_since or date(1900, 1, 1), len(events))
    return watch((rule,), events, reports, known_at=datetime.combine(on, time(23, 59), UTC)).alerts


def _difference(example: Example, alerts: Sequence[Alert]) -> str:
    given = "; ".join(f"{alert.day} {alert.said}" for alert in alerts) or "none"
    if len(alerts) != len(example.alerts):
        return f"{len(example.alerts)} alerts expected, {len(alerts)} given: {given}"
    for wanted, alert in zip(example.alerts, alerts, strict=True):
        if wrong := next(_mismatches(wanted, alert), None):
            return f"{wrong}; given: {given}"
    return ""


def _mismatches(wanted: Mapping[str, Any], alert: Alert) -> Iterator[str]:
    there: dict[str, Any] = {"day": alert.day, **dict(alert.group)}
    for name, value in wanted.items():
        if name == "says":
            if str(value) not in alert.said:
                yield f"it does not say “{value}”"
        elif name not in there:
            yield f"an alert of this rule has no {name!r}; it has {', '.join((*there, 'says'))}"
        elif str(there[name]) != str(value):
            yield f"{name} is {there[name]}, not {value}"


# ---------------------------------------------------------------- events as they are written


def happening_of(written: Mapping[str, Any], default_id: str) -> Happening:
    """The event; raises ValueError for a value that is none."""
    first, last = _days(written.get("day"))
    own = str(written.get("id", default_id))
    running = _listed(written.get("running"))
    figures = {name: value for name, value in written.items() if name not in PLAIN and name not in OTHERS}
    told = written.get("told")
    return Happening(
        id=own,
        claims=(own,),
        type=str(written.get("type", "PROTEST")),
        mode=written.get("mode"),
        status=str(written.get("status", "planned" if "due" in written else "asserted")),
        contexts=_listed(written.get("context")),
        first=first,
        last=last,
        place=written.get("place"),
        admin1=written.get("admin1"),
        country=written.get("country"),
        actors=_parties(written.get("actor")),
        recipients=_parties(written.get("recipient")),
        figures=tuple(Figure(name, *_bounds(value), claims=(own,), is_running=name in running) for name, value in figures.items()),
        contradictions=tuple(
            Contradiction(field, tuple(map(str, values)), (own,)) for field, values in (written.get("dispute") or {}).items()
        ),
        movements=tuple(
            Movement(name, _bounds(before), _bounds(after), claims=(own,))
            for name, (before, after) in (written.get("revised") or {}).items()
        ),
        withdrawals=tuple(Withdrawal(kind, claims=(own,)) for kind in _listed(written.get("withdrawn"))),
        plan=_plan(written, own),
        witnesses=int(written.get("witnesses", 1)),
        confidence=float(written.get("confidence", 1.0)),
        told=told if isinstance(told, date) else None,
    )


def _plan(written: Mapping[str, Any], own: str) -> Plan | None:
    if "due" not in written:
        return None
    state, due = str(written.get("plan", Fulfilment.NOT_YET)), written["due"]
    if state not in list(Fulfilment):
        raise ValueError(f"a plan is none of {', '.join(Fulfilment)}: {state!r}")
    if not isinstance(due, date):
        raise ValueError(f"{due!r} is not a day; write it as 2020-08-18")
    return Plan(Fulfilment(state), due, (own,))


def _days(value: Any) -> tuple[date | None, date | None]:
    """A day, or "2020-08-09..2020-08-12"."""
    if value is None or isinstance(value, date):
        return value, value
    try:
        first, last = (date.fromisoformat(part.strip()) for part in str(value).split(".."))
    except ValueError:
        raise ValueError(f"{value!r} is neither a day (2020-08-09) nor a run of days (2020-08-09..2020-08-12)") from None
    return first, last


def _bounds(value: Any) -> tuple[float, float | None]:
    """12 is exactly twelve, "40+" at least forty, "6300-6999" from the one to the other."""
    match = FIGURE.fullmatch(str(value).strip())
    if match is None:
        raise ValueError(f"{value!r} is no figure; write it as 12, 40+ or 6300-6999")
    low = float(match["low"].replace(",", ""))
    if match["open"]:
        return low, None
    return low, float(match["high"].replace(",", "")) if match["high"] else low


def _parties(value: Any) -> tuple[Party, ...]:
    """A name with a capital is a name; without one it is a kind of people."""
    return tuple(Party(name, is_named=name[:1].isupper()) for name in _listed(value))


def _listed(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)
