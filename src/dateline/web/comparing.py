"""Events beside one another: field by field with what differs marked, and their figures before and after a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dateline.knowledge.accounts import AccountKnowledge
from dateline.linking.tallies import Counted, tally_group
from dateline.records import Account, Days, GroupTally, LinkedEvent, Standing
from dateline.views import wording as say
from dateline.views.events import headline
from dateline.views.markup import Html, Part, join, scrolling, tag
from dateline.views.wording import load_wording
from dateline.watching.happenings import brief_of

FIELDS = {"kind": "what", "days": "when", "place": "where", "actors": "who", "recipients": "to whom", "status": "whether"}
"""The fields of an event in the order of reading, each with the question that it answers."""


@dataclass(frozen=True)
class Row:
    """A field over several events: for each what its accounts say; nothing told: none. `differs`: they do not all say one thing."""

    label: str
    cells: tuple[tuple[Account, ...], ...]
    differs: bool


def rows_of(events: Sequence[LinkedEvent]) -> tuple[Row, ...]:
    """The fields and figures that any of the events has, in the order of reading; figures of all sides together."""
    rows = [_row(label, [_told(event, name) for event in events]) for name, label in FIELDS.items()]
    whats = dict.fromkeys(tally.what for event in events for tally in event.accounts.tallies if tally.side is None)
    rows += [_row(what, [_counted(event, what) for event in events]) for what in whats]
    return tuple(row for row in rows if any(row.cells))


def _row(label: str, cells: Sequence[tuple[Account, ...]]) -> Row:
    said = [frozenset(a.in_words for a in cell if a.standing is Standing.CURRENT) for cell in cells]
    return Row(label, tuple(cells), len(set(said)) > 1)


def _told(event: LinkedEvent, name: str) -> tuple[Account, ...]:
    found = event.accounts.field(name)
    return found.accounts if found else ()


def _counted(event: LinkedEvent, what: str) -> tuple[Account, ...]:
    found = event.accounts.tally(what)
    return found.accounts if found else ()


def title_of(event: LinkedEvent) -> Html:
    """The event in a line, which leads to it."""
    return tag("a", tag("bdi", headline(brief_of(event), load_wording())), href=f"/events/{event.id}")


def aligned(events: Sequence[LinkedEvent], heads: Sequence[Part]) -> Html:
    """The events side by side, a column each under its head; a row in which they differ says so in words and by a sign."""
    columns = (tag("th", head, scope="col") for head in heads)
    body = [_aligned_row(row) for row in rows_of(events)]
    body.append(_line("reports", [say.tally(len({t.claim.document for t in e.tellings}), "report") for e in events]))
    body.append(_line("witnesses", [say.tally(len(e.accounts.witnesses), "witness", "witnesses") for e in events]))
    body.append(_line("told", [say.days(e.accounts.first_told, e.accounts.last_told) for e in events]))
    table = tag(
        "table",
        tag("caption", "What the events say, field by field", class_="unseen"),
        tag("thead", tag("tr", tag("th", tag("span", "field", class_="unseen"), scope="col"), *columns)),
        tag("tbody", *body),
        class_="aligned",
    )
    return scrolling("What the events say, field by field", table)


def _aligned_row(row: Row) -> Html:
    sign = tag("span", tag("span", "≠", aria_hidden="true"), " differ", class_="differ") if row.differs else None
    label = tag("th", row.label, " ", sign, scope="row")
    return tag("tr", label, *(tag("td", _accounts(cell)) for cell in row.cells), class_="differs" if row.differs else None)


def _line(label: str, words: Sequence[str]) -> Html:
    return tag("tr", tag("th", label, scope="row"), *(tag("td", one) for one in words))


def _accounts(accounts: Sequence[Account]) -> Html:
    if not accounts:
        return tag("span", "not told", class_="note")
    return tag("ul", *(_account(account) for account in accounts))


def _account(account: Account) -> Html:
    is_assumed = isinstance(account.value, Days) and account.value.is_assumed
    words = tag("bdi", f"{say.ASSUMED if is_assumed else ''}{account.in_words}")
    behind = tag("span", f" {say.tally(len(account.witnesses), 'witness', 'witnesses')}", class_="note")
    if account.standing is Standing.CURRENT:
        return tag("li", words, behind)
    return tag("li", tag("s", words), tag("span", f" {account.standing}", class_="note"))


# ---------------------------------------------------------------- before and after


def total_of(events: Sequence[LinkedEvent], what: str, knowledge: AccountKnowledge) -> GroupTally | None:
    """How many the events come to together, by the rule for several; none has a figure, or there is no rule: None."""
    briefs = ((event, brief_of(event)) for event in events)
    total = tally_group(what, [Counted(e.id, brief.first, brief.last, e.accounts.tally(what)) for e, brief in briefs], knowledge)
    return total if total is not None and total.events else None


def changes(before: Sequence[LinkedEvent], after: Sequence[LinkedEvent], knowledge: AccountKnowledge) -> Html:
    """The figures of the events as they are and as they would be, put together; what changes is marked."""
    told = dict.fromkeys(t.what for event in (*before, *after) for t in event.accounts.tallies if t.side is None)
    whats = [what for what in told if what in knowledge.summed | knowledge.peaked]
    rows = [_change("events", str(len(before)), str(len(after)))]
    rows += [_change(what, *(_total(total_of(events, what, knowledge)) for events in (before, after))) for what in whats]
    rows.append(_silent(before, after, whats, knowledge))
    head = tag("tr", *(tag("th", words, scope="col") for words in ("all together", "as it is", "as it would be")))
    caption = tag("caption", "Tallies before and after")
    table = tag("table", caption, tag("thead", head), tag("tbody", *rows), class_="changes")
    return join(
        [
            scrolling("Tallies before and after", table),
            tag("div", _side("As it is", before), _side("As it would be", after), class_="sides"),
        ]
    )


def _change(label: str, before: str, after: str) -> Html:
    is_other = before != after
    then = tag("td", tag("b", after), " ", tag("span", "changes", class_="differ")) if is_other else tag("td", after)
    return tag("tr", tag("th", label, scope="row"), tag("td", before), then)


def _total(total: GroupTally | None) -> str:
    return "not told" if total is None else say.bounds(total.low, total.high)


def _silent(before: Sequence[LinkedEvent], after: Sequence[LinkedEvent], whats: Sequence[str], knowledge: AccountKnowledge) -> Html:
    """How many of the events say nothing of some figure, so that the sums may be short of them."""
    sides = [
        [len(t.without) for what in whats if (t := total_of(events, what, knowledge)) is not None] for events in (before, after)
    ]
    if not any(map(any, sides)):
        return Html("")
    said = [f"{say.tally(max(side, default=0), 'event')}" for side in sides]
    return tag("tr", tag("th", "without a figure", scope="row"), *(tag("td", words, class_="note") for words in said))


def _side(title: str, events: Sequence[LinkedEvent]) -> Html:
    listed = (tag("li", title_of(event), _figures(event)) for event in events)
    words = tag("ol", *listed) if events else tag("p", "No event: all that told of it is rejected.", class_="note")
    return tag("section", tag("h3", title), words)


def _figures(event: LinkedEvent) -> Html:
    tallies = [t for t in event.accounts.tallies if t.side is None]
    said = [f"{t.what} {say.bounds(t.low, t.high)}" for t in tallies]
    said.append(say.tally(len(event.tellings), "claim"))
    return tag("p", " · ".join(said), class_="note")
