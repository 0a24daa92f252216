"""One decision about all events that fit a query: looked at first, entered as one entry, taken back as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import parse_qsl

import numpy as np
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.knowledge.ontology import load_ontology
from dateline.records import About, Judge, StatusValue
from dateline.runs.board import Board
from dateline.views import wording as say
from dateline.views.events import headline
from dateline.views.markup import Html, Part, tag
from dateline.views.wording import load_wording
from dateline.web.deciding import REFUSALS, VERDICTS, stale
from dateline.web.filters import Filters
from dateline.web.guard import form_of, token_field
from dateline.web.pages.judging import done, head_of, nameless, outrun, refused
from dateline.web.people import reviewer_of
from dateline.web.shell import page
from dateline.web.site import Site, site_of

SAMPLE = 12
"""Events that are shown of those that fit, spread evenly over them: enough to see that the query means something else."""

MOST = 5_000
"""Events that are decided at once. Of more, nobody has looked at enough."""


def bulk(request: Request) -> Response:
    """How many events fit, a sample of them, and what can be said of all."""
    site, filters = site_of(request), _filters(request.query_params)
    is_asked = any(part != ("review", "machine") for part in parse_qsl(filters.query()))
    return page(
        request,
        "Decide many at once",
        tag("h1", "Decide many at once"),
        tag(
            "p",
            "All events that fit are accepted, rejected or marked as taken back in one entry of the log, ",
            "which can be undone as a whole. ",
            "One in ten claims is asked again of somebody else.",
        ),
        _form(filters),
        *(_preview(request, site, filters) if is_asked else (tag("p", "Say which events are meant.", class_="empty"),)),
        here="review",
        styles=("review",),
    )


def decide(request: Request) -> Response:
    """Enters the decision, if the events that fit are those that were shown."""
    site, form, who = site_of(request), form_of(request), reviewer_of(request)
    kind, query, shown, reason, head = (next(iter(form.get(n, ())), "") for n in ("kind", "query", "shown", "reason", "head"))
    if site.options.is_readonly:
        return refused(request, HTTPStatus.FORBIDDEN, "Nothing can be judged here", "This server is read only (--readonly).")
    if who is None:
        return nameless(request, {**form, "next": [f"/review/bulk?{query}"]})
    if kind not in VERDICTS:
        return refused(request, HTTPStatus.UNPROCESSABLE_ENTITY, "This cannot be entered", f"All can be {', '.join(VERDICTS)}.")
    with site.turn:
        last = head_of(site.judged())
        ids = _ids(site, _filters(QueryParams(query)))
        if not ids or len(ids) > MOST:
            words = f"{len(ids):,} events fit. Between one and {MOST:,} are decided at once."
            return refused(request, HTTPStatus.UNPROCESSABLE_ENTITY, "This cannot be entered", words)
        if _digest(ids) != shown:
            words = (
                f"The events that fit are not those that were shown: {say.tally(len(ids), 'event')} fit now. Look at them again."
            )
            return refused(request, HTTPStatus.CONFLICT, "Not what was shown", words)
        judged = site.judged()
        try:
            drafts = judged.verdicts(VERDICTS[kind], ids, About.EVENT, Judge(who), datetime.now(UTC), reason.strip())
            if (found := stale(judged, head, drafts)) is not None:
                return outrun(request, found, {**form, "next": [f"/review/bulk?{query}"]}, can_insist=False)
            entry = site.log.append(drafts, behind=last)
        except REFUSALS as fault:
            return refused(request, HTTPStatus.UNPROCESSABLE_ENTITY, "This cannot be entered", str(fault))
    return done(request, site, entry, {**form, "next": ["/review"]})


ROUTES = [Route("/review/bulk", bulk), Route("/review/bulk", decide, methods=["POST"])]


def _filters(params: QueryParams) -> Filters:
    """The filters of an address, of what the machine alone has judged unless it says otherwise; always of now."""
    filters = replace(Filters.parse(params), as_of=None)
    return filters if params.get("review") else replace(filters, review="machine")


def _ids(site: Site, filters: Filters) -> list[str]:
    board = site.board()
    return [board.id_of(int(row)) for row in site.rows(filters)]


def _digest(ids: Sequence[str]) -> str:
    """What tells one set of events from another."""
    return hashlib.sha256(" ".join(sorted(ids)).encode()).hexdigest()[:32]


def _form(filters: Filters) -> Html:
    """The commonest filters; those of an address that it has no field for are kept."""
    own = {"type", "status", "country", "q", "since", "until", "review"}
    kept = [tag("input", type="hidden", name=name, value=value) for name, value in parse_qsl(filters.query()) if name not in own]
    types = ["", *load_ontology().types]
    statuses = ["", *(value.value for value in StatusValue)]
    reviews = ["machine", "all", "reviewed"]
    return tag(
        "form",
        *kept,
        _select("type", "Type", types, next(iter(filters.type), "")),
        _select("status", "Status", statuses, next(iter(filters.status), "")),
        _field("country", "Country", "text", next(iter(filters.country), ""), placeholder="BLR", size="5"),
        _field("q", "Words", "search", filters.q),
        _field("since", "From", "date", filters.since.isoformat() if filters.since else ""),
        _field("until", "until", "date", filters.until.isoformat() if filters.until else ""),
        _select("review", "Judged", reviews, filters.review),
        tag("button", "Show them"),
        class_="row",
        action="/review/bulk",
        role="search",
        aria_label="Which events",
    )


def _field(name: str, words: str, type: str, value: str, **more: str) -> Html:
    return tag(
        "p",
        tag("label", words, for_=f"of-{name}"),
        tag("br"),
        tag("input", type=type, name=name, id=f"of-{name}", value=value, **more),
    )


JUDGED = {"machine": "by the machine alone", "all": "by anybody", "reviewed": "by people too"}


def _select(name: str, words: str, values: Sequence[str], chosen: str) -> Html:
    options = (tag("option", JUDGED.get(value, value) or "any", value=value, selected=value == chosen) for value in values)
    return tag("p", tag("label", words, for_=f"of-{name}"), tag("br"), tag("select", *options, name=name, id=f"of-{name}"))


def _preview(request: Request, site: Site, filters: Filters) -> tuple[Part, ...]:
    board, rows = site.board(), site.rows(filters)
    meant = tag("p", tag("b", say.tally(len(rows), "event")), ": ", tag("bdi", filters.words()), class_="sum")
    if not len(rows):
        return meant, tag("p", "No event fits. Take a word or a day away.", class_="empty")
    chosen = np.unique(np.linspace(0, len(rows) - 1, SAMPLE).round().astype(int))
    sample = tag("ol", *(_event(board, int(rows[place])) for place in chosen), class_="sample")
    title = "All of them" if len(chosen) == len(rows) else f"{len(chosen)} of them, spread over all"
    everything = tag("a", "see all of them", href=f"/?{filters.query()}")
    parts = (meant, tag("h2", title), sample, tag("p", everything))
    if site.options.is_readonly:
        return *parts, tag("p", "This server is read only.", class_="note")
    if len(rows) > MOST:
        return *parts, tag("p", f"More than {MOST:,} events: narrow it down before you decide.", class_="doubt")
    return *parts, _decide(request, site, filters, [board.id_of(int(row)) for row in rows])


def _event(board: Board, row: int) -> Html:
    brief = board.brief(row)
    figures = [f"{figure.what} {say.bounds(figure.low, figure.high)}" for figure in brief.figures]
    told = f"{say.tally(int(board.columns['claims'][row]), 'claim')} · {say.tally(brief.witnesses, 'witness', 'witnesses')}"
    return tag(
        "li",
        tag("a", tag("bdi", headline(brief, load_wording())), href=f"/events/{brief.id}"),
        tag("p", " · ".join([*figures, told]), class_="note"),
    )


def _decide(request: Request, site: Site, filters: Filters, ids: Sequence[str]) -> Html:
    judged = site.judged()
    kept = (("query", filters.query()), ("shown", _digest(ids)), ("head", head_of(judged)))
    words = {"accepted": "Accept all {}", "rejected": "Reject all {}", "retracted": "Mark all {} as taken back"}
    buttons = (tag("button", said.format(f"{len(ids):,}"), name="kind", value=kind) for kind, said in words.items())
    form = tag(
        "form",
        token_field(request),
        *(tag("input", type="hidden", name=name, value=value) for name, value in kept),
        tag(
            "p",
            tag("label", "Why (kept with the decision)", for_="reason"),
            tag("input", type="text", name="reason", id="reason", maxlength=4000, required=True, autocomplete="off"),
            class_="row",
        ),
        tag("p", *buttons, class_="row answers"),
        method="post",
        action="/review/bulk",
    )
    return tag("section", tag("h2", "Decide"), form, class_="card decide")
