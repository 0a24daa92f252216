"""The pages of a folder that is read without a server: an overview, the events by day, each event, and the documents they rest on.

Links are relative, so that `file://…/index.html` works wherever the folder lies. No page has a script or asks the network for
anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np

from dateline.ledger.store import Entered
from dateline.records import BlockKind, Span
from dateline.runs.board import FIGURE_RUNNING
from dateline.views import event_page as view
from dateline.views import wording as say
from dateline.views.bands import Band, bands_picture
from dateline.views.events import headline
from dateline.views.evidence import Mark, Role, segments
from dateline.views.grounds import sheet_of
from dateline.views.markup import Html, Part, join, scrolling, tag
from dateline.watching.happenings import brief_of
from dateline.web.filters import FLAG_WORDS
from dateline.web.sharing.events import Told
from dateline.web.sharing.rows import Chosen
from dateline.web.tallying import PERIODS, figures_of, finest, grouped, kinds_of, total_of

POLICY = "default-src 'none'; style-src file: 'self'; base-uri 'none'; form-action 'none'"

NO_DAY = "No day told"

SHEETS = ("site", "event", "records", "tallies", "share")
"""The sheets of web/static that the folder takes along."""

MOST_PICTURES = 3
"""Kinds of figure that are drawn; the table has all."""


@dataclass(frozen=True)
class Layout:
    """Where the folder has its pages, relative to its top. `is_sharded`: so many that they lie in folders by the beginning of their
    ids. `lists` and `papers` are the pages of the list of events and of that of documents."""

    is_sharded: bool
    has_whole_texts: bool
    lists: tuple[str, ...]
    papers: tuple[str, ...]

    def event(self, id: str) -> str:
        return f"events/{self._within(id)}{id}.html"

    def document(self, id: str) -> str:
        return f"documents/{self._within(id)}{id}.html"

    def _within(self, id: str) -> str:
        return f"{id[:2]}/" if self.is_sharded else ""


@dataclass(frozen=True)
class Frame:
    """What all pages of one folder have: where pages are, and what the folder says of itself."""

    layout: Layout
    about: Mapping[str, Any]

    def page(self, path: str, title: str, *body: Part, sheets: Sequence[str] = (), is_wide: bool = False) -> str:
        """A whole page at that path, whose links go up as far as they must. `sheets` are those of SHEETS beside the common ones."""
        up = "../" * path.count("/")
        links = (
            ("index.html", "Overview"),
            (self.layout.lists[0], "Events by day"),
            (self.layout.papers[0], "Documents"),
        )
        nav = (tag("li", tag("a", words, href=up + to, aria_current="page" if to == path else None)) for to, words in links)
        head = tag(
            "head",
            tag("meta", charset="utf-8"),
            # escape() would write the quotes of 'none' as references, which mean the same to a browser and less to a reader.
            Html(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("meta", name="referrer", content="no-referrer"),
            tag("title", f"{title} – Dateline"),
            *(Html(f'<link rel="stylesheet" href="{up}style/{name}.css">') for name in ("site", *sheets, "share")),
        )
        content = tag(
            "body",
            tag("a", "Skip to the content", class_="skip", href="#content"),
            tag(
                "header",
                tag("a", "Dateline", class_="brand", href=f"{up}index.html"),
                tag("nav", tag("ul", *nav), aria_label="Pages"),
                class_="mast",
            ),
            tag("main", *body, id="content", tabindex=-1, class_="wide" if is_wide else None),
            self._foot(),
        )
        return f"<!doctype html>\n{tag('html', head, content, lang='en')}\n"

    def _foot(self) -> Html:
        """What every file says of itself, in a line."""
        about = self.about
        said = (
            say.tally(about["events"], "event"),
            about["filter"],
            f"state of {_moment(about)}",
            about["program"],
            f"ledger {about['ledger']}",
        )
        return tag("footer", tag("p", join((tag("bdi", part) for part in said), " · ")), tag("p", about["licence"]), class_="said")


def _moment(about: Mapping[str, Any]) -> str:
    return f"{about['date'][:16].replace('T', ' ')} UTC" if about["date"] else "no time: the ledger is empty"


# ---------------------------------------------------------------- the overview


def overview(frame: Frame, chosen: Chosen, documents: int, data: Sequence[tuple[str, str]]) -> str:
    """What the folder is of, how it was chosen, how many with bounds, and the ways in. `data`: path and words of each data file."""
    about, layout = frame.about, frame.layout
    told = tag(
        "p",
        tag("b", say.tally(len(chosen.rows), "event")),
        f" from {say.tally(documents, 'document')}.",
        class_="sum",
    )
    asked: tuple[tuple[str, Part], ...] = (
        ("Asked for", about["filter"]),
        ("As known at", _moment(about)),
        ("Ledger", join([tag("bdi", chosen.site.ledger.path.name), ", state ", tag("code", about["ledger"])])),
        ("Made by", about["program"]),
        ("Names and places", about.get("hidden")),
        ("Texts", "whole" if layout.has_whole_texts else "the passages that events rest on"),
    )
    facts = tag("dl", *(tag("div", tag("dt", name), tag("dd", words)) for name, words in asked if words), class_="facts")
    lists = join(
        (tag("li", tag("a", f"Events by day, part {n}" if len(layout.lists) > 1 else "Events by day", href=path))
         for n, path in enumerate(layout.lists, 1))
    )  # fmt: skip
    files = join(tag("li", tag("a", name, href=name), " ", tag("span", words, class_="note")) for name, words in data)
    return frame.page(
        "index.html",
        "Events",
        tag("h1", "What is reported"),
        told,
        facts,
        tag("ul", lists, tag("li", tag("a", "Documents they rest on", href=layout.papers[0])), class_="ways-in"),
        *_tallies(chosen),
        tag("h2", "The same as data"),
        tag("ul", files, class_="files"),
        tag("p", about["licence"], class_="note"),
        sheets=("event", "tallies"),
    )


def _tallies(chosen: Chosen) -> list[Part]:
    """All kinds of figure with their bounds in a table, the commonest drawn over time; no figure: nothing."""
    board, knowledge = chosen.board, chosen.site.accounts
    kinds = kinds_of(board, chosen.rows, knowledge)
    if not kinds:
        return []
    rows = []
    for what in kinds:
        figures = figures_of(board, chosen.rows, what)
        total = total_of(board, figures, knowledge)
        running = int(np.count_nonzero(figures.flags & FIGURE_RUNNING))
        without = len(chosen.rows) - len(np.unique(figures.rows))
        said = say.bounds(total.low, total.high) if total else "no figure"
        numbers = (len(figures.rows) - running, without, running)
        cells = (tag("td", f"{number:,}" if number else "–", class_="number") for number in numbers)
        rows.append(tag("tr", tag("th", what, scope="row"), tag("td", tag("b", said), class_="number"), *cells))
    heads = ("", "all together", "events with a figure", "without one", "running totals left out")
    head = tag("tr", *(tag("th", name, scope="col", class_="number" if n else None) for n, name in enumerate(heads)))
    caption = tag("caption", "From the least to the most that the reports allow; events without a figure may hide any number")
    return [
        tag("h2", "How many"),
        scrolling("How many", tag("table", caption, tag("thead", head), tag("tbody", *rows))),
        *(_picture(chosen, what) for what in list(kinds)[:MOST_PICTURES]),
    ]


def _picture(chosen: Chosen, what: str) -> Html:
    by = finest(chosen.board, chosen.rows, chosen.filters.dates)
    groups = grouped(chosen.board, chosen.rows, what, by, chosen.site.accounts, dates=chosen.filters.dates)
    bands = [
        Band(
            g.name, g.total.low if g.total else None, g.total.high if g.total else None, g.without, g.disputed, g.documents
        )
        for g in groups
    ]  # fmt: skip
    drawn = tag("div", bands_picture(bands, what, is_time=by in PERIODS), class_="scroll")
    return tag("figure", tag("figcaption", tag("b", what), f" by {by}"), drawn, class_="bands-box")


# ---------------------------------------------------------------- the list


def list_page(frame: Frame, number: int, rows: Sequence[dict[str, Any]]) -> str:
    """Events under their first days. `number` counts the pages of the list from 1."""
    layout = frame.layout
    path, many = layout.lists[number - 1], len(layout.lists)
    days = [
        join([tag("h2", _day(day), class_="day"), tag("ol", *(_row(row, layout) for row in some), class_="told")])
        for day, some in groupby(rows, key=lambda row: row["first_day"])
    ]
    title = f"Events by day, part {number} of {many}" if many > 1 else "Events by day"
    ways = _parts(layout.lists, number)
    return frame.page(path, title, tag("h1", title), ways, *days, ways, sheets=("records",))


def _day(iso: str | None) -> str:
    return say.day(date.fromisoformat(iso)) if iso else NO_DAY


def _row(row: dict[str, Any], layout: Layout) -> Html:
    name = tag("a", tag("bdi", row["headline"]), href=layout.event(row["id"]))
    notes = [f"{figure['what']}: {figure['words']}" for figure in row["figures"]]
    notes += [FLAG_WORDS[mark] for mark in row["marks"]]
    told = f"{say.tally(row['documents'], 'document')}, {say.tally(row['witnesses'], 'witness', 'witnesses')}"
    return tag(
        "li",
        tag("p", tag("span", row["type"] + (f" · {row['mode']}" if row["mode"] else ""), class_="kind"), " ", name, class_="title"),
        tag("p", tag("q", row["evidence"], dir="auto"), class_="evidence") if row["evidence"] else None,
        tag("p", join([tag("bdi", part) for part in (row["when"], *notes, row["status"], told) if part], " · "), class_="note"),
    )


def _parts(paths: Sequence[str], number: int) -> Html | None:
    """The ways to the other pages of a list; it is the only one: None."""
    if len(paths) == 1:
        return None
    links = (("Before", number - 1, "prev"), ("Next", number + 1, "next"))
    shown = [tag("a", words, href=paths[to - 1], rel=rel, class_="button") for words, to, rel in links if 1 <= to <= len(paths)]
    return tag("nav", tag("span", f"part {number} of {len(paths)}", class_="note"), *shown, class_="pager", aria_label="Parts")


# ---------------------------------------------------------------- an event


def event_page(frame: Frame, chosen: Chosen, told: Told) -> str:
    """The event as its page on the server shows it, with all that happened to it below."""
    wording, layout = chosen.site.wording, frame.layout
    path = layout.event(told.event.id)
    up = "../" * path.count("/")
    rest = "The whole text" if layout.has_whole_texts else "All passages that are quoted from it"
    ways = view.Ways(lambda id: up + layout.document(id), rest, layout.has_whole_texts)
    sheet, brief = sheet_of(told.event, wording), brief_of(told.event)
    changed = view.revisions(sheet)
    left = tag(
        "section",
        tag("h2", "What is reported"),
        view.legend(),
        view.accounts_table(sheet, told.sources, ways),
        tag("h2", "Figures that changed") if changed else None,
        changed,
        tag("h2", "Reports, claim by claim", id="claims"),
        view.report_list(sheet, told.sources, wording),
        class_="fields",
        aria_label="What is reported",
    )
    articles = view.source_articles(sheet, told.sources, ways)
    right = tag("section", tag("h2", "In these words"), articles, class_="source", aria_label="The reports")
    return frame.page(
        path,
        headline(brief, wording),
        tag(
            "header",
            view.badges(told.event, brief, wording),
            tag("h1", view.headline_html(brief, wording)),
            view.told_when(told.event, brief),
            view.facts(told.event, brief, told.judgements),
            class_="event-head",
        ),
        tag("div", left, right, class_="panes"),
        tag("h2", "What happened to it"),
        view.history_table(told.steps, None),
        view.numbered_quotes(sheet, told.sources),
        sheets=("event",),
        is_wide=True,
    )


# ---------------------------------------------------------------- the documents


@dataclass(frozen=True)
class Quoted:
    """Words of a document on which an event rests."""

    event: str
    headline: str
    span: Span


def documents_page(frame: Frame, number: int, documents: Sequence[tuple[Entered, Sequence[Quoted]]]) -> str:
    """The documents in the order given, each with how many events rest on it. `number` counts the pages from 1."""
    layout = frame.layout
    items = []
    for source, quoted in documents:
        document = source.document
        day = say.day(document.published.day) if document.published else "day of publication not known"
        facts = (document.publisher or "publisher not known", day, say.tally(len({q.event for q in quoted}), "event"))
        link = tag("a", _title(source), href=layout.document(document.id), dir="auto")
        note = tag("p", join((tag("bdi", fact) for fact in facts), " · "), class_="note")
        items.append(tag("li", tag("p", link, class_="title"), note))
    path, many = layout.papers[number - 1], len(layout.papers)
    title = f"Documents, part {number} of {many}" if many > 1 else "Documents"
    ways = _parts(layout.papers, number)
    return frame.page(path, title, tag("h1", title), ways, tag("ol", *items, class_="texts"), ways, sheets=("records",))


def document_page(frame: Frame, source: Entered, quoted: Sequence[Quoted]) -> str:
    """A document with the words that events rest on: its whole text, or the passages around them; each leads to its events."""
    document, layout = source.document, frame.layout
    path = layout.document(document.id)
    up = "../" * path.count("/")
    marks = tuple(Mark(q.span, q.event, Role.EVIDENCE) for q in quoted)
    numbers = {id: number for number, id in enumerate(dict.fromkeys(q.event for q in quoted), 1)}
    titles = {q.event: q.headline for q in quoted}
    passages = [block.span for block in document.blocks] if layout.has_whole_texts else view.passages_of(document, marks)
    parts = []
    for passage in passages:
        block = document.block_at(passage.start)
        inner: list[Part] = []
        for segment in segments(passage, marks):
            words = segment.span.of(document.text)
            inner.append(tag("mark", words, class_="s f-evidence") if segment.marks else words)
            ending = dict.fromkeys(mark.key for mark in segment.marks if mark.span.end == segment.span.end)
            links = [tag("a", str(numbers[id]), href=f"#e{numbers[id]}", aria_label=f"event {numbers[id]}") for id in ending]
            inner.append(tag("sup", join(links, " "), class_="refs") if links else None)
        parts.append(tag("p", *inner, class_=f"b {block.kind if block else BlockKind.BODY}", dir="auto"))
    events = (
        tag("li", tag("a", tag("bdi", titles[id]), href=up + layout.event(id)), id=f"e{number}", value=number)
        for id, number in numbers.items()
    )
    return frame.page(
        path,
        _title(source),
        tag("h1", _title(source), dir="auto"),
        tag("p", join((tag("bdi", part) for part in _imprint(source) if part), " · "), class_="imprint"),
        tag("div", *parts, class_="text" if layout.has_whole_texts else "text passages"),
        tag("h2", "Events that rest on it"),
        tag("ol", *events, class_="numbered"),
        view.capture(source, view.Ways(lambda id: up + layout.document(id))),
        sheets=("records", "event"),
    )


def _imprint(source: Entered) -> Sequence[str | None]:
    """Who published it, who wrote it, on which day and how that is known."""
    document = source.document
    day = f"{say.day(document.published.day)}, {say.date_origin(document)}" if document.published else None
    return document.publisher or "publisher not known", document.byline, day or "day of publication not known"


def _title(source: Entered) -> str:
    document = source.document
    of_block = next((b.span.of(document.text) for b in document.blocks if b.kind is BlockKind.TITLE), None)
    return document.title or of_block or document.name
