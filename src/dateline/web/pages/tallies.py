"""How many: figures over time, place and kind with their bounds, and from each number to the words that make it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.linking.tallies import PEAK, SUM
from dateline.records import Account, LinkedEvent, Standing, Tally, Testimony
from dateline.runs.board import EPISODE, FIGURE_RUNNING, REVISED, Board
from dateline.runs.events import read_events
from dateline.views import wording as say
from dateline.views.bands import Band, bands_picture
from dateline.views.events import headline
from dateline.views.markup import Html, Part, join, scrolling, tag
from dateline.watching.happenings import brief_of
from dateline.web.filters import Filters
from dateline.web.lists import csv_answer, json_answer, pager, pages_of, then, to
from dateline.web.sharing.rows import about_list
from dateline.web.shell import page
from dateline.web.site import Site, site_of
from dateline.web.tallying import (
    GROUPINGS,
    PERIODS,
    Figures,
    Group,
    Rows,
    days_of,
    figures_of,
    finest,
    grouped,
    kinds_of,
    total_of,
)

FIRST = ("killed", "injured", "detained", "missing", "displaced", "damaged", "participants")
"""Kinds in the order in which they are offered; others follow by how many events have one."""

MOST_EVENTS = 25
"""Events of which a page shows the words: each is read whole."""

MOST_TOLD = 8
"""Revisions and episodes that are told on the page of tallies."""


def tallies(request: Request) -> Response:
    """The page: one kind of figure in groups, as a picture and as a table."""
    asked = _asked(request)
    if asked.what is None:
        return _nothing(request, asked)
    figures = figures_of(asked.board, asked.rows, asked.what)
    groups = asked.groups()
    return page(
        request,
        "How many",
        tag("h1", "How many"),
        then(request, asked.filters.as_of),
        tag("p", say.tally(len(asked.rows), "event"), ": ", asked.filters.words(), ". ", _link("Change what is asked", "/", asked)),
        _kinds(asked),
        _sum(asked, figures),
        _ways(asked),
        tag("figure", _picture(asked, groups), _legend(), class_="bands-box"),
        _table(asked, groups),
        _revisions(asked, figures),
        _episodes(asked),
        here="tallies",
        styles=("tallies",),
        wide=True,
    )


@dataclass(frozen=True)
class Asked:
    """What the address asks for, with the board that answers it. `kinds` has on how many of the rows there is a figure of each
    kind; `what` is the one that is shown, None where there is none."""

    request: Request
    site: Site
    filters: Filters
    board: Board
    rows: Rows
    kinds: dict[str, int]
    what: str | None
    by: str

    def ids(self, rows: Rows) -> list[str]:
        """The events of rows of the board."""
        return [self.board.id_of(int(row)) for row in rows]

    def events(self, rows: Rows) -> list[LinkedEvent]:
        """The same with all that is told of them, plans and episodes aside; an event that is none any more is left out."""
        return self.site.events(self.ids(rows), self.filters.as_of)

    def groups(self) -> list[Group]:
        """The groups of the kind that is asked for."""
        assert self.what is not None
        return grouped(self.board, self.rows, self.what, self.by, self.site.accounts, dates=self.filters.dates)

    def address(self, path: str, **others: str) -> str:
        """An address with the same filters and these parameters besides; without the kind and the grouping they are left out."""
        query = "&".join(part for part in (self.filters.query(), urlencode(others)) if part)
        return f"{path}?{query}" if query else path


def _asked(request: Request) -> Asked:
    site, params = site_of(request), request.query_params
    filters = Filters.parse(params)
    board, rows = site.board(filters.as_of), site.rows(filters)
    kinds = _ordered(kinds_of(board, rows, site.accounts))
    what, by = params.get("what"), params.get("by")
    shown = what if what in kinds else next(iter(kinds), None)
    return Asked(request, site, filters, board, rows, kinds, shown, by if by in GROUPINGS else finest(board, rows, filters.dates))


def _ordered(kinds: dict[str, int]) -> dict[str, int]:
    return {what: kinds[what] for what in (*(w for w in FIRST if w in kinds), *(w for w in kinds if w not in FIRST))}


def _link(words: Part, path: str, asked: Asked, **others: str) -> Html:
    return tag("a", words, href=asked.address(path, **others))


def _nothing(request: Request, asked: Asked) -> Response:
    return page(
        request,
        "How many",
        tag("h1", "How many"),
        tag(
            "p",
            f"None of the {say.tally(len(asked.rows), 'event')} ({asked.filters.words()}) has a figure that can be put together. ",
            _link("Look at the events", "/", asked),
            class_="empty",
        ),
        here="tallies",
    )


# ---------------------------------------------------------------- what is asked


def _kinds(asked: Asked) -> Html:
    items = (
        tag(
            "li",
            tag(
                "a",
                tag("b", what),
                " ",
                tag("span", f"{count:,}", class_="note"),
                href=asked.address("/tallies", what=what, by=asked.by),
                aria_current="true" if what == asked.what else None,
            ),
        )
        for what, count in asked.kinds.items()
    )
    return tag("nav", tag("ul", *items, class_="kinds"), aria_label="Kinds of figure, each with how many events have one")


def _ways(asked: Asked) -> Html:
    links = (
        tag(
            "li",
            tag(
                "a",
                words,
                href=asked.address("/tallies", what=asked.what or "", by=by),
                aria_current="true" if by == asked.by else None,
            ),
        )
        for by, words in GROUPINGS.items()
    )
    downloads = (
        tag("li", _link(f"{name} table", f"/tallies.{suffix}", asked, what=asked.what or "", by=asked.by))
        for suffix, name in (("csv", "CSV"), ("json", "JSON"))
    )
    return tag(
        "div",
        tag("nav", tag("ul", *links), aria_label="Grouped"),
        tag("ul", *downloads, aria_label="Download this view"),
        class_="ways",
    )


def _sum(asked: Asked, figures: Figures) -> Html:
    """All together: the bounds in large letters, and what they leave out in small ones."""
    total = total_of(asked.board, figures, asked.site.accounts)
    running = int(np.count_nonzero(figures.flags & FIGURE_RUNNING))
    counted, without = len(figures.rows) - running, len(asked.rows) - len(np.unique(figures.rows))
    rule = PEAK if asked.what in asked.site.accounts.peaked else SUM
    facts = [say.tally(counted, "event") + " with a figure"]
    facts += [f"{say.tally(without, 'event')} without one, which may hide any number"] if without else []
    facts += [f"{say.tally(running, 'running total')} of more than one event, added to nothing"] if running else []
    said = say.bounds(total.low, total.high) if total else "no figure"
    return tag(
        "div",
        tag("p", tag("b", said), " ", asked.what or "", class_="sum"),
        tag("p", "; ".join(facts), ". How they go together: ", rule, ".", class_="note"),
        class_="together",
    )


# ---------------------------------------------------------------- picture and table


def _quotes(asked: Asked, group: Group) -> str:
    return asked.address("/tallies/quotes", what=asked.what or "", by=asked.by, group=group.key)


def _picture(asked: Asked, groups: Sequence[Group]) -> Html:
    bands = [
        Band(
            name=group.name,
            low=group.total.low if group.total else None,
            high=group.total.high if group.total else None,
            without=group.without,
            disputed=group.disputed,
            documents=group.documents,
            href=_quotes(asked, group) if len(group.events) else None,
        )
        for group in groups
    ]
    return tag("div", bands_picture(bands, asked.what or "", is_time=asked.by in PERIODS), class_="scroll")


def _legend() -> Html:
    meanings = (
        ("sure", "at least"),
        ("doubt-band", "to at most"),
        ("open", "no upper bound is told"),
        ("differ", "reports differ"),
        ("cover", "documents published: quiet news is not quiet ground"),
    )
    items = (tag("li", tag("span", class_=f"key key-{name}", aria_hidden="true"), words) for name, words in meanings)
    return tag("figcaption", tag("ul", *items, class_="legend"))


def _table(asked: Asked, groups: Sequence[Group]) -> Html:
    head = ("", asked.what or "", "events with a figure", "without one", "reports differ", "running totals left out", "documents")
    shown = [group for group in groups if len(group.events) or group.without or group.documents]
    return scrolling(
        f"{asked.what} {GROUPINGS[asked.by]}",
        tag(
            "table",
            tag("caption", f"{asked.what} {GROUPINGS[asked.by]}: each number leads to the words that make it"),
            tag("thead", tag("tr", *(tag("th", name, scope="col", class_="number" if n else None) for n, name in enumerate(head)))),
            tag("tbody", *(_row(asked, group) for group in shown)),
        ),
    )


def _row(asked: Asked, group: Group) -> Html:
    said: Part = say.bounds(group.total.low, group.total.high) if group.total else "no figure"
    numbers = (len(group.events), group.without, group.disputed, len(group.running))
    return tag(
        "tr",
        tag("th", _link(tag("bdi", group.name), "/", asked, **_within(asked, group)), scope="row"),
        tag("td", tag("a", said, href=_quotes(asked, group)) if len(group.events) else said, class_="number"),
        *(tag("td", f"{number:,}" if number else "–", class_="number") for number in numbers),
        tag("td", "–" if group.documents is None else f"{group.documents:,}", class_="number"),
    )


def _within(asked: Asked, group: Group) -> dict[str, str]:
    """The parameters that lead to the events of a group alone."""
    if asked.by in {"country", "type"}:
        return {asked.by: group.key}
    try:
        first, last = days_of(group.key, asked.by)
    except ValueError:
        return {}
    return {"since": first.isoformat(), "until": last.isoformat()}


COLUMNS = ("group", "low", "high", "events", "events_without_figure", "events_disputed", "running_totals_left_out", "documents")
"""Columns of a download."""


def _columns_of(groups: Sequence[Group]) -> Iterator[dict[str, Any]]:
    for group in groups:
        yield {
            "group": group.name,
            "low": group.total.low if group.total else None,
            "high": group.total.high if group.total else None,
            "events": len(group.events),
            "events_without_figure": group.without,
            "events_disputed": group.disputed,
            "running_totals_left_out": len(group.running),
            "documents": group.documents,
        }


def download(request: Request) -> Response:
    """The table as CSV or JSON, with what was asked; an open end is empty in CSV and null in JSON."""
    asked = _asked(request)
    rows = list(_columns_of(asked.groups() if asked.what else []))
    about = about_list(request, len(rows), "groups")
    if request.url.path.endswith(".csv"):
        return csv_answer(f"{asked.what or 'no figures'} {GROUPINGS[asked.by]}.csv", COLUMNS, rows, about)
    return json_answer({"about": about, "what": asked.what, "by": asked.by, "asked": asked.filters.words(), "groups": rows})


# ---------------------------------------------------------------- revisions and episodes


def _revisions(asked: Asked, figures: Figures) -> Html:
    """How figures changed, for those events on which one was revised."""
    revised = figures.rows[asked.board.columns["flags"][figures.rows] & REVISED != 0]
    if not len(revised):
        return Html("")
    items = [item for event in asked.events(revised[:MOST_TOLD]) for item in _changes(asked, event)]
    more = len(revised) - MOST_TOLD
    return tag(
        "section",
        tag("h2", "Figures that changed"),
        tag("ul", *items, class_="changes"),
        tag("p", f"and on {say.tally(more, 'more event')}; filter by “a figure was revised” to see them", class_="note")
        if more > 0
        else None,
    )


def _to_event(asked: Asked, event: LinkedEvent) -> Html:
    return tag("a", tag("bdi", headline(brief_of(event), asked.site.wording)), href=to(asked.request, f"/events/{event.id}"))


def _changes(asked: Asked, event: LinkedEvent) -> Iterator[Html]:
    for change in (r for t in event.accounts.tallies if t.what == asked.what for r in t.revisions):
        after = say.bounds(change.after.low, change.after.high) if change.after else "taken back"
        yield tag(
            "li",
            tag("time", say.day(change.told), datetime=change.told.isoformat()),
            " ",
            tag("b", f"{say.bounds(change.before.low, change.before.high)} → {after}"),
            f" {change.kind} by ",
            tag("bdi", change.by),
            ": ",
            _to_event(asked, event),
        )


def _episodes(asked: Asked) -> Html:
    """Waves that the events are part of, each with its days."""
    rows = asked.rows[asked.board.columns["flags"][asked.rows] & EPISODE != 0]
    if not len(rows):
        return Html("")
    site, as_of = asked.site, asked.filters.as_of
    ids = asked.ids(rows[: MOST_TOLD * 5])
    read = {e.id: e for e in read_events(site.ledger, site.accounts, only=ids, as_of=as_of, people=site.judged(as_of)).events}
    found = {episode.id: episode for id in ids if id in read and (episode := read[id].episode) is not None}
    items = [
        tag(
            "li",
            tag("a", tag("bdi", e.kind.mode or e.kind.type.lower()), href=to(asked.request, f"/events/{e.id}")),
            f": {say.days(e.first_day, e.last_day)}, {say.tally(len(e.events), 'event')}",
            tag("ol", *(_day(d.day.isoformat(), len(d.events)) for d in e.timeline), class_="days"),
        )
        for e in list(found.values())[:MOST_TOLD]
    ]
    return tag("section", tag("h2", "Episodes"), tag("ul", *items, class_="episodes")) if items else Html("")


def _day(day: str, events: int) -> Html:
    words = f"{day}: {say.tally(events, 'event')}"
    return tag("li", tag("span", words, class_="unseen"), title=words, class_=f"day n{min(events, 4)}")


# ---------------------------------------------------------------- the words behind a number


def quotes(request: Request) -> Response:
    """The words that make a number: event by event, and who says what side by side."""
    asked = _asked(request)
    key = request.query_params.get("group", "")
    group = next((g for g in asked.groups() if g.key == key), None) if asked.what else None
    if group is None or asked.what is None:
        raise HTTPException(404, f"no figures of {key or 'this group'} here")
    pages = pages_of(request, len(group.events), MOST_EVENTS)
    events = asked.events(group.events[pages.offset : pages.offset + pages.size])
    total = say.bounds(group.total.low, group.total.high) if group.total else "no figure"
    rule = PEAK if asked.what in asked.site.accounts.peaked else SUM
    return page(
        request,
        f"{asked.what}, {group.name}",
        tag("p", _link("All groups", "/tallies", asked, what=asked.what, by=asked.by)),
        tag("h1", f"{total} {asked.what}, ", tag("bdi", group.name)),
        tag("p", f"From {say.tally(len(group.events), 'event')}: {rule}.", class_="note"),
        tag("ol", *(_event(asked, event) for event in events), class_="sums"),
        pager(request, pages),
        here="tallies",
        styles=("tallies",),
    )


def _event(asked: Asked, event: LinkedEvent) -> Html:
    """An event's figure, with each account of it in a column: who says so, and in which words."""
    tally = event.accounts.tally(asked.what or "")
    told = {t.claim.id: t for t in event.tellings}
    return tag(
        "li",
        tag("h2", _to_event(asked, event)),
        _tally(asked, tally, told) if tally else tag("p", "no figure any more", class_="note"),
        class_="card",
    )


def _tally(asked: Asked, tally: Tally, told: dict[str, Testimony]) -> Html:
    steps = "; ".join(dict.fromkeys(step for step, _ in tally.steps))
    return join(
        [
            tag(
                "p",
                tag("b", say.bounds(tally.low, tally.high)),
                f" {tally.verdict}" if tally.accounts else f" {tally.basis}",
                class_="sum",
            ),
            tag("p", steps, class_="note") if steps else None,
            tag("div", *(_account(asked, account, told) for account in tally.accounts), class_="accounts"),
        ]
    )


def _account(asked: Asked, account: Account, told: dict[str, Testimony]) -> Html:
    is_out = account.standing is not Standing.CURRENT
    quotes = [_quote(asked, told[claim]) for claim in account.claims if claim in told]
    return tag(
        "div",
        tag("h3", tag("s", account.in_words) if is_out else account.in_words, f" ({account.standing})" if is_out else None),
        tag(
            "p",
            "on the word of ",
            tag("bdi", ", ".join(account.tellers)),
            f"; {say.tally(len(account.witnesses), 'witness', 'witnesses')}",
        ),
        *quotes,
        class_="account",
    )


def _quote(asked: Asked, told: Testimony) -> Html:
    claim = told.claim
    where = f"{to(asked.request, f'/documents/{claim.document}')}#s{claim.event.evidence.start}"
    return tag(
        "blockquote",
        tag("q", told.evidence, dir="auto"),
        " ",
        tag("a", tag("bdi", told.publisher or "publisher not known"), href=where),
        f", {say.day(told.told)}",
    )


ROUTES = [
    Route("/tallies", tallies),
    Route("/tallies.csv", download),
    Route("/tallies.json", download),
    Route("/tallies/quotes", quotes),
]
