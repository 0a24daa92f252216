"""Watch rules: what the users of a ledger want to be told of, checked as it is read (docs/watch.md says how to write them).

A rule says which events it is about, how they are put into groups, and what must be true of a group. The shipped ones stand in
knowledge/watch/rules.yaml; a ledger's folder may hold its own `watch.yaml`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from dateline.knowledge.actors import SECTORS
from dateline.knowledge.ontology import Ontology, load_ontology
from dateline.knowledge.places import Country, fold, load_countries
from dateline.knowledge.tables import TABLES, parse_yaml, read_yaml
from dateline.records import StatusValue

FILE_NAME = "watch.yaml"
"""The name under which a ledger's folder may hold its rules."""

SHIPPED = "watch/rules.yaml"


class WatchRulesError(ValueError):
    """The rules are not as they should be. `faults`: one sentence each, with line and rule where there are any."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


# ---------------------------------------------------------------- what a rule is


class Key(StrEnum):
    """What events are put into one group by. EVENT: each is its own group."""

    EVENT = "event"
    TYPE = "type"
    MODE = "mode"
    COUNTRY = "country"
    ADMIN1 = "admin1"
    PLACE = "place"
    ACTOR = "actor"
    RECIPIENT = "recipient"


class Bound(StrEnum):
    """Which end of a figure is compared: LOW is what is surely so, HIGH what may be so."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True)
class About:
    """Which events a rule looks at: those that have one of the values of every field given. An empty field lets all through.

    `statuses` are never empty (asserted, if the rule does not say). `place` and `actors` are compared as folded names; an actor may
    be in either role. `events` are ids of events that are followed, or beginnings of ids: an event that holds the claim of that id.
    """

    types: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = (StatusValue.ASSERTED.value,)
    contexts: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    witnesses: int = 1
    min_confidence: float = 0.0


@dataclass(frozen=True)
class FigureReached:
    """The figure's bound, added up over the group's events that lie within so many days, is at least that.

    `days` None: the figure of one event, however long it lasted.
    """

    of: str
    at_least: float
    days: int | None = None
    bound: Bound = Bound.LOW


@dataclass(frozen=True)
class EventsReached:
    """So many events of the group lie within so many days."""

    at_least: int
    days: int = 1


@dataclass(frozen=True)
class FirstIn:
    """The group had no event for so many days."""

    days: int


@dataclass(frozen=True)
class Disputed:
    """Reports contradict one another on a field (a figure's name, "day", "place", …). `on` empty: on any."""

    on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overdue:
    """What was planned is neither reported nor cancelled so many days after it was due."""

    days: int = 1


@dataclass(frozen=True)
class Rise:
    """Within `days`, more than `times` as many events as is usual (the mean of the `weeks` before), and at least `at_least`.

    `at_least` is what keeps small numbers quiet: from none to one is no rise. A usual number below one counts as one.
    """

    times: float
    weeks: int
    at_least: int
    days: int = 7


@dataclass(frozen=True)
class RevisedBy:
    """The figure's low bound moved by more than so many percent, up or down. `figure` empty: any."""

    percent: float
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Withdrawn:
    """A report that tells of the event was corrected or taken back. `kinds` empty: either."""

    kinds: tuple[str, ...] = ()


Condition = FigureReached | EventsReached | FirstIn | Disputed | Overdue | Rise | RevisedBy | Withdrawn

OF_ONE_EVENT = (Disputed, Overdue, RevisedBy, Withdrawn)
"""Conditions on what is said of one event: a group of several has no such thing."""


@dataclass(frozen=True)
class Example:
    """Events as the rule's writer describes them, and the alerts they should give: their days and groups, as docs/watch.md says.

    `as_of` is the day on which the rule is asked; None: the last day on which one of the events was told.
    """

    note: str
    events: tuple[Mapping[str, Any], ...]
    alerts: tuple[Mapping[str, Any], ...]
    as_of: date | None
    reports_since: date | None


@dataclass(frozen=True)
class Rule:
    """`says` is what people are told that it watches for. All of `when` must be true of a group. `keys` are never empty."""

    id: str
    says: str
    about: About
    keys: tuple[Key, ...]
    when: tuple[Condition, ...]
    examples: tuple[Example, ...] = ()


# ---------------------------------------------------------------- reading


def load_shipped_rules() -> tuple[Rule, ...]:
    """The rules that ship as examples, in the order of the table. Knowledge: watch/rules.yaml."""
    return _rules(read_yaml(SHIPPED), {}, SHIPPED)


def shipped_rules_path() -> Path:
    """Where the shipped rules lie, to be copied."""
    return TABLES / SHIPPED


def read_watch_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a file, in its order. Raises WatchRulesError with all that is wrong in it, OSError when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        table, lines = parse_yaml(text)
    except UnicodeDecodeError as fault:
        raise WatchRulesError((f"{path.name}: not UTF-8 (byte {fault.start + 1}); save it as UTF-8",)) from fault
    except yaml.MarkedYAMLError as fault:
        at = f", line {fault.problem_mark.line + 1}" if fault.problem_mark else ""
        advice = "look for a missing space after a colon, a bracket left open, or lines that do not stand under one another"
        raise WatchRulesError((f"{path.name}{at}: not YAML ({fault.problem}); {advice}",)) from fault
    except yaml.YAMLError as fault:
        raise WatchRulesError((f"{path.name}: not YAML ({fault})",)) from fault
    return _rules(table, lines, path.name)


def _rules(table: Any, lines: Mapping[tuple[str | int, ...], int], file: str) -> tuple[Rule, ...]:
    reader = _Reader(file, lines, load_ontology(), load_countries())
    rules = reader.rules(table)
    if reader.faults:
        raise WatchRulesError(reader.faults)
    return rules


Steps = tuple[str | int, ...]
"""The keys and numbers that lead to a value of the file."""

Parse = Callable[[Any, Steps], Any]


class _Reader:
    """Reads the table and gathers what is wrong in it, each fault with its place and what to do."""

    def __init__(self, file: str, lines: Mapping[Steps, int], ontology: Ontology, countries: Mapping[str, Country]) -> None:
        self.faults: list[str] = []
        self._file, self._lines, self._ontology, self._countries = file, lines, ontology, countries
        self._rule = ""

    def rules(self, table: Any) -> tuple[Rule, ...]:
        if not isinstance(table, dict) or not isinstance(table.get("rules"), list) or not table["rules"]:
            self._fault((), "no rules; the file begins with “rules:” and a list of rules below it")
            return ()
        self._known(table, ("rules",), ())
        rules = [self._read_rule(row, ("rules", number)) for number, row in enumerate(table["rules"])]
        read = tuple(rule for rule in rules if rule is not None)
        self._rule = ""
        for number, rule in enumerate(read):
            if rule.id in {other.id for other in read[:number]}:
                self._fault((), f"two rules are called {rule.id!r}; give one of them another id")
        return read

    def _read_rule(self, row: Any, at: Steps) -> Rule | None:
        name = row.get("id") if isinstance(row, dict) else None
        self._rule = str(name or f"number {int(at[-1]) + 1}")
        before = len(self.faults)
        fields = self._fields(
            row,
            at,
            {"id": self._id, "says": self._words, "when": self._when},
            {"about": self._about, "each": self._each, "examples": self._examples},
        )
        if len(self.faults) > before:
            return None
        keys, when = fields.get("each", (Key.EVENT,)), fields["when"]
        self._agree(keys, when, at)
        about = fields.get("about", About())
        if any(isinstance(c, Overdue) for c in when) and about.statuses == About().statuses:
            about = About(**{**vars(about), "statuses": (StatusValue.PLANNED.value,)})
        return Rule(fields["id"], fields["says"], about, keys, when, fields.get("examples", ()))

    def _agree(self, keys: tuple[Key, ...], when: tuple[Condition, ...], at: Steps) -> None:
        """Finds conditions that cannot be asked of such groups."""
        for condition in when:
            name = next(name for name, kind in CONDITIONS.items() if kind is type(condition))
            if isinstance(condition, OF_ONE_EVENT) and keys != (Key.EVENT,):
                self._fault((*at, "each"), f"“{name}” is asked of one event; leave out “each”")
            if isinstance(condition, FirstIn | Rise | EventsReached) and Key.EVENT in keys:
                others = ", ".join(key for key in Key if key is not Key.EVENT)
                self._fault((*at, "when"), f"“{name}” is asked of a group of events; add “each” with one or more of {others}")
            if isinstance(condition, FigureReached) and condition.days is None and Key.EVENT not in keys:
                self._fault((*at, "when"), "“figure” of a group needs “days”: within how many days it is added up")

    # ------------------------------------------------------------ the parts of a rule

    def _about(self, value: Any, at: Steps) -> About:
        fields = self._fields(
            value,
            at,
            {},
            {
                "type": self._one_or_more(self._type),
                "mode": self._one_or_more(self._mode),
                "status": self._one_or_more(self._among([s.value for s in StatusValue])),
                "context": self._one_or_more(self._among([c.id for c in self._ontology.contexts])),
                "country": self._one_or_more(self._country),
                "place": self._one_or_more(lambda v, a: fold(self._words(v, a))),
                "actor": self._one_or_more(lambda v, a: fold(self._words(v, a))),
                "sector": self._one_or_more(self._among(sorted(SECTORS))),
                "event": self._one_or_more(self._words),
                "witnesses": self._whole(1),
                "min_confidence": self._number(0.0, 1.0),
            },
        )
        plural = {
            "type": "types", "mode": "modes", "status": "statuses", "context": "contexts", "country": "countries",
            "place": "places", "actor": "actors", "sector": "sectors", "event": "events",
        }  # fmt: skip
        return About(**{plural.get(name, name): read for name, read in fields.items()})

    def _each(self, value: Any, at: Steps) -> tuple[Key, ...]:
        keys: tuple[str, ...] = self._one_or_more(self._among([key.value for key in Key]))(value, at)
        if Key.EVENT in keys and len(keys) > 1:
            self._fault(at, "“event” stands alone: an event has one type and one place already")
        return tuple(Key(key) for key in keys if key in list(Key))

    def _when(self, value: Any, at: Steps) -> tuple[Condition, ...]:
        figure = self._figure
        shapes: dict[str, tuple[dict[str, Parse], dict[str, Parse]]] = {
            "figure": (
                {"of": figure, "at_least": self._number(0.0)},
                {"days": self._whole(1), "bound": self._among([b.value for b in Bound])},
            ),
            "events": ({"at_least": self._whole(1)}, {"days": self._whole(1)}),
            "first": ({"days": self._whole(1)}, {}),
            "dispute": ({}, {"on": self._one_or_more(self._field)}),
            "overdue": ({}, {"days": self._whole(0)}),
            "rise": (
                {"times": self._number(1.0), "weeks": self._whole(1), "at_least": self._whole(1)},
                {"days": self._whole(1)},
            ),
            "revised": ({"percent": self._number(0.0)}, {"figure": self._one_or_more(figure)}),
            "withdrawn": ({}, {"by": self._one_or_more(self._among(["correction", "retraction"]))}),
        }
        if not isinstance(value, dict) or not value:
            self._fault(at, f"“when” needs a condition: {', '.join(shapes)}")
            return ()
        self._known(value, tuple(shapes), at)
        names = {"on": "on", "by": "kinds", "figure": "figures"}
        found: list[Condition] = []
        for name, given in value.items():
            if name in shapes:
                before = len(self.faults)
                fields = self._fields(given if given is not None else {}, (*at, name), *shapes[name])
                if len(self.faults) == before:
                    found.append(CONDITIONS[name](**{names.get(key, key): read for key, read in fields.items()}))
        return tuple(found)

    def _examples(self, value: Any, at: Steps) -> tuple[Example, ...]:
        if not isinstance(value, list):
            self._fault(at, "examples are a list, each with “events” and “alerts”")
            return ()
        return tuple(self._example(row, (*at, number)) for number, row in enumerate(value))

    def _example(self, row: Any, at: Steps) -> Example:
        fields = self._fields(
            row,
            at,
            {"events": self._mappings, "alerts": self._mappings},
            {"note": self._words, "as_of": self._day, "reports_since": self._day},
        )
        return Example(
            fields.get("note", ""),
            fields.get("events", ()),
            fields.get("alerts", ()),
            fields.get("as_of"),
            fields.get("reports_since"),
        )

    # ------------------------------------------------------------ values

    def _fields(self, value: Any, at: Steps, required: dict[str, Parse], optional: dict[str, Parse]) -> dict[str, Any]:
        """The values that are there, each read; what is missing or unknown is a fault."""
        if not isinstance(value, dict):
            self._fault(at, f"expected {', '.join((*required, *optional))} with their values, not {value!r}")
            return {}
        self._known(value, (*required, *optional), at)
        for name in required:
            if value.get(name) is None:
                self._fault(at, f"“{name}” is missing")
        parsers = required | optional
        return {n: parsers[n](v, (*at, n)) for n, v in value.items() if n in parsers and v is not None}

    def _known(self, value: Mapping[Any, Any], known: Sequence[str], at: Steps) -> None:
        for name in value:
            if name not in known:
                self._fault((*at, name), f"unknown key {name!r}{_nearest(str(name), known)}; there are {', '.join(known)}")

    def _one_or_more(self, parse: Parse) -> Callable[[Any, Steps], tuple[Any, ...]]:
        return lambda value, at: tuple(parse(one, at) for one in (value if isinstance(value, list) else [value]))

    def _among(self, known: Sequence[str]) -> Callable[[Any, Steps], str]:
        def parse(value: Any, at: Steps) -> str:
            if str(value) not in known:
                self._fault(at, f"{value!r} is none of {', '.join(known)}{_nearest(str(value), known)}")
            return str(value)

        return parse

    def _type(self, value: Any, at: Steps) -> str:
        return self._among(sorted(self._ontology.types))(str(value).upper(), at)

    def _mode(self, value: Any, at: Steps) -> str:
        return self._among(sorted({mode for type_ in self._ontology.types.values() for mode in type_.modes}))(value, at)

    def _country(self, value: Any, at: Steps) -> str:
        code = str(value).upper()
        if code not in self._countries:
            named = next((c for c in self._countries.values() if fold(str(value)) in map(fold, (c.name, *c.aliases))), None)
            hint = f"; {named.name} is {named.iso3}" if named else _nearest(code, list(self._countries))
            self._fault(at, f"no country has the code {value!r}{hint}; write three letters, as BLR")
        return code

    def _figure(self, value: Any, at: Steps) -> str:
        """Figures have no closed list ("barns burnt" is one), so that only what looks like a slip is refused."""
        name = self._words(value, at).lower()
        known = _figures()
        if name not in known and (hint := _nearest(name, known)):
            self._fault(at, f"no figure is called {value!r}{hint}; there are {', '.join(known)}, …")
        return name

    def _field(self, value: Any, at: Steps) -> str:
        name = str(value).lower()
        return name if name in FIELDS else self._figure(value, at)

    def _id(self, value: Any, at: Steps) -> str:
        if not isinstance(value, str) or not value.replace("-", "").isalnum():
            self._fault(at, f"{value!r} is no id; use letters, digits and hyphens, as many-detained")
        return str(value)

    def _words(self, value: Any, at: Steps) -> str:
        if isinstance(value, dict | list) or not str(value).strip():
            self._fault(at, f"expected words, not {value!r}")
        return str(value).strip()

    def _whole(self, least: int) -> Callable[[Any, Steps], int]:
        def parse(value: Any, at: Steps) -> int:
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                self._fault(at, f"expected a whole number of {least} or more, not {value!r}")
                return least
            return value

        return parse

    def _number(self, least: float, most: float | None = None) -> Callable[[Any, Steps], float]:
        def parse(value: Any, at: Steps) -> float:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if not is_number or value < least or (most is not None and value > most):
                bounds = f"of {least:g} or more" if most is None else f"from {least:g} to {most:g}"
                self._fault(at, f"expected a number {bounds}, not {value!r}")
                return least
            return float(value)

        return parse

    def _day(self, value: Any, at: Steps) -> date | None:
        if isinstance(value, date):
            return value
        self._fault(at, f"{value!r} is not a day; write it as 2020-08-18")
        return None

    def _mappings(self, value: Any, at: Steps) -> tuple[Mapping[str, Any], ...]:
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self._fault(at, "expected a list of {name: value, …}, empty as []")
            return ()
        return tuple(value)

    def _fault(self, at: Steps, message: str) -> None:
        line = next((self._lines[at[:end]] for end in range(len(at), -1, -1) if at[:end] in self._lines), None)
        where = f"{self._file}, line {line}" if line is not None else self._file
        rule = f", rule {self._rule}" if self._rule else ""
        inside = [str(step) for step in at[2:]]
        path = f", {'.'.join(inside)}" if inside else ""
        self.faults.append(f"{where}{rule}{path}: {message}")


CONDITIONS: dict[str, Callable[..., Condition]] = {
    "figure": FigureReached,
    "events": EventsReached,
    "first": FirstIn,
    "dispute": Disputed,
    "overdue": Overdue,
    "rise": Rise,
    "revised": RevisedBy,
    "withdrawn": Withdrawn,
}
"""Each condition by the key it is written with."""

FIELDS = ("type", "mode", "status", "day", "place", "actors", "recipients")
"""What reports may contradict one another on besides figures."""


def _figures() -> list[str]:
    """What is often counted. Knowledge: cues/counts.yaml."""
    counts = read_yaml("cues/counts.yaml")
    told = [name for row in counts["by_type"].values() for name in row.values()]
    return sorted({*counts["by_trigger"], *counts["votes"], *told})


def _nearest(word: str, known: Sequence[str]) -> str:
    """ "; did you mean “country”?", or nothing where none is like it."""
    like: Iterator[str] = iter(difflib.get_close_matches(word.lower(), [name.lower() for name in known], 1, 0.7))
    found = next(like, None)
    return f"; did you mean “{next(name for name in known if name.lower() == found)}”?" if found else ""
