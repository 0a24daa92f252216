"""Watch rules in plain words: what each is about, how events are grouped, and what must be true."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.console import Console
from rich.text import Text

from dateline.knowledge.watch_rules import (
    About,
    Bound,
    Condition,
    Disputed,
    EventsReached,
    FigureReached,
    FirstIn,
    Overdue,
    RevisedBy,
    Rise,
    Rule,
    Withdrawn,
)
from dateline.records import Alert
from dateline.views import wording as say
from dateline.views.lines import INDENT, lines
from dateline.views.wording import shown


def render_rules(rules: Sequence[Rule], alerts: Sequence[Alert], standing: Collection[str], console: Console) -> None:
    """Prints each rule with how many alerts it gave, and of how many the last word still holds (`standing`, by id)."""
    for number, rule in enumerate(rules):
        own = [alert for alert in alerts if alert.rule == rule.id]
        if number:
            console.print()
        lines(Text.assemble((shown(rule.says), "bold"), (f"  {rule.id}", "dim")), console)
        rows = [("about", about_in_words(rule.about)), ("each", ", ".join(rule.keys)), ("when", when_in_words(rule.when))]
        rows.append(
            ("alerts", f"{len(own):,}, {sum(alert.id in standing for alert in own):,} of them stand" if own else "none yet")
        )
        for label, words in rows:
            lines(Text(shown(words)), console, INDENT + 9, Text.assemble(" " * INDENT, (f"{label:<9}", "dim")))


def about_in_words(about: About) -> str:
    """ "PROTEST or COERCE; in BLR; asserted; told by 2 witnesses or more"."""
    parts = [
        _any(about.types) or "events of every type",
        _any(about.modes),
        f"in {_any(about.countries)}" if about.countries else "",
        f"at {_any(about.places)}" if about.places else "",
        f"with {_any(about.actors)}" if about.actors else "",
        f"with a party of sector {_any(about.sectors)}" if about.sectors else "",
        f"about {_any(about.contexts)}" if about.contexts else "",
        f"events {_any(about.events)}" if about.events else "",
        _any(about.statuses),
        f"told by {about.witnesses} witnesses or more" if about.witnesses > 1 else "",
        f"as sure as {about.min_confidence:g} or surer" if about.min_confidence else "",
    ]
    return "; ".join(part for part in parts if part)


def when_in_words(when: Sequence[Condition]) -> str:
    """All conditions: "100 or more detained within a day; and reports differ on killed"."""
    return "; and ".join(_condition(condition) for condition in when)


def _condition(condition: Condition) -> str:
    match condition:
        case FigureReached():
            sure = "" if condition.bound is Bound.LOW else "perhaps "
            within = f" {_within(condition.days)}" if condition.days else ""
            return f"{sure}{say.figure(condition.at_least)} or more {condition.of}{within}"
        case EventsReached():
            return f"{condition.at_least} events or more {_within(condition.days)}"
        case FirstIn():
            return f"the first for {condition.days} days"
        case Disputed():
            return f"reports differ on {_any(condition.on) or 'anything'}"
        case Overdue():
            return f"due {say.tally(condition.days, 'day')} ago, and not reported"
        case Rise():
            usual = f"{condition.times:g} times the mean of the {condition.weeks} weeks before"
            return f"more than {usual}, and {condition.at_least} or more, {_within(condition.days)}"
        case RevisedBy():
            return f"{_any(condition.figures) or 'a figure'} revised by more than {condition.percent:g}%"
        case Withdrawn():
            return f"a report of it met with a {_any(condition.kinds) or 'correction or retraction'}"


def _within(days: int) -> str:
    return "within a day" if days == 1 else f"within {days} days"


def _any(values: Sequence[str]) -> str:
    return " or ".join(values)
