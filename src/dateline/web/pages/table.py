"""A table of events that was edited in a spreadsheet: looked at first, entered as one entry, taken back as a whole."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.ledger.errors import StaleError
from dateline.records import Judge
from dateline.runs.table_cells import DECISION, EXPORTED, ID, REASON
from dateline.runs.table_decisions import DECISIONS, Conflict, Draft, Plan, Unread, known_column, plan_of
from dateline.runs.table_file import TableError, read_table
from dateline.views import wording as say
from dateline.views.judging import what_was_judged
from dateline.views.markup import Html, Part, join, scrolling, tag
from dateline.web.deciding import MAX_REASON, REFUSALS
from dateline.web.guard import MAX_FORM, files_of, form_of, token_field
from dateline.web.pages.judging import done, event_link, judgement_list, nameless, refused
from dateline.web.people import reviewer_of
from dateline.web.shell import page
from dateline.web.site import Site, site_of

HERE = "/review/table"

MOST = MAX_FORM * 7 // 10
"""Bytes of a table: it is sent a second time, written in letters, when it is entered."""

SHOWN = 30
"""Of each list, what is shown; of more it is said how many."""


def ask(request: Request) -> Response:
    """Asks for the table."""
    return _page(request)


def take(request: Request) -> Response:
    """Says what the table would come to, or enters it if that is what was shown."""
    site, form, who = site_of(request), form_of(request), reviewer_of(request)
    if site.options.is_readonly:
        return refused(request, HTTPStatus.FORBIDDEN, "Nothing can be judged here", "This server is read only (--readonly).")
    if who is None:
        return nameless(request, {**form, "next": [HERE]})
    try:
        raw = _sent(request, form)
    except TableError as fault:
        return _page(request, fault=str(fault))
    reason = next(iter(form.get("reason", ())), "").strip()
    if len(reason) > MAX_REASON:
        return _page(request, fault=f"A reason has at most {MAX_REASON:,} letters.")
    shown = next(iter(form.get("shown", ())), "")
    if not shown:
        return _looked_at(request, site, raw, who, reason)
    with site.turn:
        head = site.log.head()
        plan = _plan(site, raw, who, reason)
        if plan.digest() != shown or not plan.drafts:
            return _looked_at(request, site, raw, who, reason, is_other=True)
        try:
            entry = site.log.append(plan.judgements, behind=head)
        except StaleError:  # another program was quicker
            return _looked_at(request, site, raw, who, reason, is_other=True)
    return done(request, site, entry, {"next": ["/review"]})


ROUTES = [Route(HERE, ask), Route(HERE, take, methods=["POST"])]


def _sent(request: Request, form: dict[str, list[str]]) -> bytes:
    """The table: as a file, as pasted text, or as it was shown before. Raises TableError."""
    kept = next(iter(form.get("table", ())), "")
    try:
        raw = urlsafe_b64decode(kept.encode()) if kept else files_of(request).get("file", b"")
    except (NoBase64, ValueError):
        raise TableError("what was sent is not the table that was shown: choose the file once more") from None
    raw = raw or next(iter(form.get("text", ())), "").encode("utf-8", "replace")
    if not raw.strip():
        raise TableError("no table was sent: choose a file, or paste its rows with the names of the columns")
    if len(raw) > MOST:
        raise TableError(
            f"the table has {len(raw):,} bytes, and {MOST:,} can be looked at here: `dateline import` reads it, however large"
        )
    return raw


def _plan(site: Site, raw: bytes, who: str, reason: str) -> Plan:
    return plan_of(
        site.judged(), site.accounts, read_table(raw, known_column, ID), Judge(who), datetime.now(UTC), reason=reason
    )  # fmt: skip


# ---------------------------------------------------------------- pages


def _page(request: Request, *body: Part, fault: str = "") -> Response:
    site = site_of(request)
    asked = (
        tag("p", "Nothing can be judged here: this server is read only.", class_="note")
        if site.options.is_readonly
        else _form(request)
    )
    return page(
        request,
        "A table that was edited",
        tag("h1", "A table that was edited"),
        *(body or (_intro(), _name(request))),
        tag("p", fault, class_="doubt", role="alert") if fault else None,
        asked,
        here="review",
        styles=("review",),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
    )


def _intro() -> Html:
    columns = (tag("code", name) for name in (ID, EXPORTED))
    return tag(
        "p",
        "Download the events of a view as CSV, put them right in a spreadsheet, and bring the table back. An edited cell corrects "
        "its event; the column ",
        tag("code", DECISION),
        f" takes {DECISIONS}, and ",
        tag("code", REASON),
        " says why. Keep the columns ",
        join(columns, " and "),
        " as they are. Nothing is entered before you have seen what it comes to.",
    )


def _name(request: Request) -> Html | None:
    if reviewer_of(request) is not None or site_of(request).options.is_readonly:
        return None
    return tag("p", "Say first ", tag("a", "under which name you judge", href="/you?next=%2Freview%2Ftable"), ".", class_="doubt")


def _form(request: Request) -> Html:
    return tag(
        "form",
        token_field(request),
        tag("p", tag("label", "The table, as CSV", for_="file"), tag("input", type="file", name="file", id="file"), class_="field"),
        tag(
            "p",
            tag("label", "or its rows, pasted with the names of the columns", for_="text"),
            tag("textarea", name="text", id="text", rows=5, cols=60, spellcheck="false"),
            class_="field",
        ),
        tag("p", tag("label", "Why, for rows that do not say", for_="reason"), _reason_field(), class_="field"),
        tag("p", tag("button", "See what it comes to", class_="main")),
        method="post",
        action=HERE,
        enctype="multipart/form-data",
        class_="card narrow",
        aria_label="The table",
    )


def _reason_field() -> Html:
    return tag("input", type="text", name="reason", id="reason", maxlength=MAX_REASON, autocomplete="off")


def _looked_at(request: Request, site: Site, raw: bytes, who: str, reason: str, *, is_other: bool = False) -> Response:
    """What the table comes to, and the way to enter it. `is_other`: it comes to something else than was shown."""
    try:
        plan = _plan(site, raw, who, reason)
    except (TableError, *REFUSALS) as fault:
        return _page(request, fault=str(fault))
    number = len(plan.drafts)
    enter = tag(
        "form",
        token_field(request),
        *(
            tag("input", type="hidden", name=name, value=value)
            for name, value in (("table", urlsafe_b64encode(raw).decode()), ("reason", reason), ("shown", plan.digest()))
        ),
        tag("p", tag("button", f"Enter {say.tally(number, 'judgement')}", class_="main"), class_="row"),
        method="post",
        action=HERE,
    )
    again = "The ledger has changed meanwhile, and nothing is entered yet: this is what the table comes to now."
    body: tuple[Part, ...] = (
        tag("p", again, class_="doubt", role="alert") if is_other else None,
        _sum(plan),
        *(tag("p", note, class_="note") for note in plan.notes),
        enter if number else tag("p", "There is nothing to enter.", class_="empty"),
        _conflicts(plan.conflicts),
        _unread(plan.unread),
        _drafts(plan.drafts),
        tag("h2", "Another table"),
    )
    return _page(request, *body)


def _sum(plan: Plan) -> Html:
    kinds = [f"{number:,} {kind}" for kind, number in plan.kinds().items()]
    told = [
        tag("b", say.tally(plan.rows, "row")),
        ", ".join(kinds) or "no decision that is new",
        *([f"{plan.already:,} entered before, or already so"] if plan.already else []),
        *([say.tally(len(plan.conflicts), "conflict")] if plan.conflicts else []),
        *([f"{len(plan.unread):,} that cannot be read"] if plan.unread else []),
    ]
    return tag("p", join(told, " · "), class_="sum")


def _drafts(drafts: Sequence[Draft]) -> Html | None:
    rows = (
        (str(d.row), event_link(d.judgement.claims[0]), what_was_judged(d.judgement), d.judgement.reason) for d in drafts[:SHOWN]
    )
    return _listed("What would be entered", ("Row", "Event", "What", "Why"), rows, len(drafts)) if drafts else None


def _conflicts(conflicts: Sequence[Conflict]) -> Html | None:
    if not conflicts:
        return None
    rows = (
        (str(c.row), event_link(c.event), c.column, join([tag("bdi", c.now or "none"), _since(c)]), tag("bdi", c.yours or "none"))
        for c in conflicts[:SHOWN]
    )
    heads = ("Row", "Event", "Column", "What it says now", "The table")
    words = tag("p", "Somebody changed these since the download. They are not entered: look at them, download anew, decide again.")
    return join([_listed("Conflicts", heads, rows, len(conflicts)), words])


def _since(conflict: Conflict) -> Html | None:
    return judgement_list(conflict.since[-3:]) if conflict.since else None


def _unread(unread: Sequence[Unread]) -> Html | None:
    rows = ((str(one.row), one.column, one.words) for one in unread[:SHOWN])
    return _listed("What cannot be read", ("Row", "Column", "What to do"), rows, len(unread)) if unread else None


def _listed(title: str, heads: Sequence[str], rows: Iterator[tuple[Part, ...]], number: int) -> Html:
    """A table of the first of them, and how many there are."""
    caption = f"The first {SHOWN} of {number:,}" if number > SHOWN else f"{number:,} in all"
    table = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))),
        tag("tbody", *(tag("tr", tag("th", row[0], scope="row"), *(tag("td", part) for part in row[1:])) for row in rows)),
    )
    return tag("section", tag("h2", title), scrolling(title, table))
