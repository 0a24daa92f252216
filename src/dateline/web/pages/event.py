"""One event: what is reported and in which words, what became of it, and what people judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dateline.ledger.corrections import COUNTS, FIELDS
from dateline.ledger.errors import NotFoundError
from dateline.ledger.history import history
from dateline.ledger.judged import Judged
from dateline.records import Judgement, LinkedEvent
from dateline.runs.events import Around, read_around, read_event
from dateline.runs.pairs import Likeness, likely_same
from dateline.views import event_page as view
from dateline.views import pictures
from dateline.views import wording as say
from dateline.views.events import event_data, headline
from dateline.views.grounds import Sheet, sheet_of
from dateline.views.markup import Html, Part, join, tag
from dateline.watching.happenings import Happening, brief_of
from dateline.web.filters import moment_of
from dateline.web.guard import token_field
from dateline.web.people import reviewer_of
from dateline.web.sharing.events import judgements_of
from dateline.web.shell import page
from dateline.web.site import Site, site_of


@dataclass(frozen=True)
class _Asked:
    """What a request asks for: an event, as of a moment (None: now), and who asks."""

    request: Request
    site: Site
    judged: Judged
    id: str
    as_of: datetime | None

    @property
    def suffix(self) -> str:
        """What keeps the moment in a link to another address of the event."""
        said = self.request.query_params.get("as_of")
        return f"?{urlencode({'as_of': said})}" if said else ""

    def address(self, rest: str = "") -> str:
        return f"/events/{quote(self.id)}{rest}{self.suffix}"

    def read(self) -> LinkedEvent | None:
        """The event, its plan and episode aside; people rejected all of it: None."""
        return read_event(self.site.ledger, self.site.accounts, self.id, as_of=self.as_of, people=self.judged)

    @property
    def is_judging(self) -> bool:
        """Whether something can be entered here: what was known earlier is looked at and not changed."""
        return self.as_of is None and not self.site.options.is_readonly


def _asked(request: Request) -> _Asked | RedirectResponse:
    """The event asked for; of an id that it had, or of the beginning of one, a redirection to the one it has."""
    site, as_of = site_of(request), moment_of(request)
    judged = site.judged(as_of)
    given: str = request.path_params["id"]
    try:
        id = site.ledger.event_of(given, judged=judged.events, as_of=as_of)
    except NotFoundError:
        id = judged.event(given)
    asked = _Asked(request, site, judged, id, as_of)
    if id != given:
        rest = request.url.path.removeprefix(f"/events/{given}")
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/events/{quote(id)}{rest}{query}", 303)
    return asked


# ---------------------------------------------------------------- the page


def event(request: Request) -> Response:
    """The event with its reports."""
    asked = _asked(request)
    if isinstance(asked, RedirectResponse):
        return asked
    site, found = asked.site, asked.read()
    if found is None:
        return _rejected(asked)
    wording = site.wording
    sheet = sheet_of(found, wording)
    sources = site.ledger.entered(sheet.documents, asked.as_of)
    brief = brief_of(found)
    title = headline(brief, wording)
    judged = judgements_of(asked.judged, found)
    form = "split" if asked.is_judging and len(found.tellings) > 1 else None
    changed = view.revisions(sheet)
    left = tag(
        "section",
        tag("h2", "What is reported", id="reported"),
        view.legend(),
        view.accounts_table(sheet, sources),
        tag("h2", "Figures that changed") if changed else None,
        changed,
        _around_link(asked),
        tag("h2", "Reports, claim by claim", id="claims"),
        view.report_list(sheet, sources, wording, picks=form),
        _judging(asked, sheet, judged) if asked.is_judging else _no_judging(asked),
        _judged_list(asked, judged),
        class_="fields",
        aria_label="What is reported",
    )
    right = tag(
        "section", tag("h2", "In these words"), view.source_articles(sheet, sources), class_="source", aria_label="The reports"
    )
    return page(
        request,
        title,
        _head(asked, found, brief, judged, wording),
        tag("div", left, right, class_="panes"),
        _citation(asked, found, view.headline_html(brief, site.wording)),
        view.numbered_quotes(sheet, sources),
        here="events",
        islands=("event",),
        styles=("event",),
        data={"around": _with(asked.address("/around"), "part=1")},
        wide=True,
    )


def _rejected(asked: _Asked) -> Response:
    """What is left of an event all of whose claims people rejected."""
    return page(
        asked.request,
        "Rejected",
        tag("h1", "Nothing is left of this event"),
        tag(
            "p",
            "People rejected all of its claims. ",
            tag("a", "What was read, and who rejected it", href=asked.address("/history")),
        ),
        here="events",
        status=410,
    )


def _head(asked: _Asked, found: LinkedEvent, brief: Happening, judged: list[Judgement], wording: say.Wording) -> Html:
    return tag(
        "header",
        _as_of_note(asked),
        view.badges(found, brief, wording),
        tag("h1", view.headline_html(brief, wording)),
        view.told_when(found, brief),
        view.facts(found, brief, judged),
        tag(
            "p",
            tag("a", "History", href=asked.address("/history"), class_="button"),
            tag("a", "As data", href=asked.address(".json"), class_="button"),
            tag("button", "Copy address", type="button", class_="needs-script", data_copy="address"),
            tag("button", "Copy citation", type="button", class_="needs-script", data_copy="citation"),
            class_="acts",
        ),
        class_="event-head",
    )


def _as_of_note(asked: _Asked) -> Html | None:
    if asked.as_of is None:
        return None
    now = tag("a", "what is known now", href=f"/events/{quote(asked.id)}")
    return tag(
        "p",
        "As known on ",
        view.moment(asked.as_of),
        ": reports, links and judgements since then are left out. See ",
        now,
        class_="as-of",
    )


def _around_link(asked: _Asked) -> Html:
    words = "What was announced, which episode it is part of, and events that could be the same"
    return tag("p", tag("a", words, href=asked.address("/around")), id="around", class_="around-link")


def _with(address: str, more: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{more}"


def _citation(asked: _Asked, found: LinkedEvent, title: Html) -> Html:
    """How to refer to the event so that others find it, and find it as it is today."""
    base = str(asked.request.base_url).rstrip("/")
    moment = asked.as_of or datetime.now(UTC)
    stamp = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    papers = list(dict.fromkeys(t.publisher or "publisher not known" for t in found.tellings))
    named = join((tag("bdi", paper) for paper in papers[:4]), ", ")
    more = f" and {say.tally(len(papers) - 4, 'other')}" if len(papers) > 4 else ""
    address = f"{base}/events/{quote(found.id)}"
    whose = f". Event {found.id} of the Dateline ledger “{asked.site.ledger.path.name}”, as reported by "
    words = (title, whose, named, f"{more}; as known at {stamp}. {address}?as_of={stamp}")
    return tag(
        "section",
        tag("h2", "To cite it", id="cite"),
        tag("p", *words, id="citation"),
        tag(
            "p", "Its address: ", tag("code", address, id="address"), ". Any id that the event ever had leads to it.", class_="note"
        ),
        class_="citation",
        aria_labelledby="cite",
    )


# ---------------------------------------------------------------- judging


def _judging(asked: _Asked, sheet: Sheet, judged: list[Judgement]) -> Html:
    """The forms that enter a judgement; nobody has said who judges: where to say it."""
    title = tag("h2", "Judge it", id="judge")
    if reviewer_of(asked.request) is None:
        way = f"/you?{urlencode({'next': asked.address() + '#judge'})}"
        return tag(
            "section",
            title,
            tag("p", tag("a", "Say who you are", href=way, class_="button"), " to accept, reject or correct it."),
            class_="judge",
            aria_labelledby="judge",
        )
    forms = [
        _form(
            asked,
            _about(asked.id),
            tag("button", "Accept", name="kind", value="accepted", class_="main"),
            tag("button", "Reject", name="kind", value="rejected"),
            tag("button", "Taken back by its publisher", name="kind", value="retracted"),
            _reason("because"),
            legend="All of it",
        ),
        _form(
            asked,
            _about(asked.id),
            tag("input", type="hidden", name="kind", value="corrected"),
            tag(
                "p",
                tag("label", "Field", for_="correct-field"),
                tag("select", *_correctable(sheet), name="field", id="correct-field"),
            ),
            tag(
                "p",
                tag("label", "Value", for_="correct-value"),
                tag("input", name="value", id="correct-value", required=True, autocomplete="off"),
            ),
            _reason("correct"),
            tag("button", "Correct"),
            tag(
                "p",
                "Days as 2020-08-17 or 2020-08-09..2020-08-12, figures as 40, 40..50, 40.. (at least) or ..50; "
                "none: the reports tell of no such thing.",
                class_="note",
            ),
            legend="Put a field right",
        ),
    ]
    if len(sheet.event.tellings) > 1:
        forms.append(
            _form(
                asked,
                tag("input", type="hidden", name="kind", value="split"),
                tag("input", type="hidden", name="id", value=asked.id),
                tag("p", "Tick claims in the list above: they tell of another happening.", class_="note"),
                _reason("split"),
                tag("button", "Take them out"),
                legend="Split",
                id="split",
            )
        )
    return tag("section", title, *forms, class_="judge", aria_labelledby="judge")


def _about(id: str) -> Html:
    return join([tag("input", type="hidden", name="id", value=id), tag("input", type="hidden", name="about", value="event")])


def _form(asked: _Asked, *parts: Part, legend: str, id: str | None = None) -> Html:
    log = asked.site.log
    return tag(
        "form",
        token_field(asked.request),
        tag("input", type="hidden", name="head", value=log.head()),
        tag("input", type="hidden", name="next", value=asked.address()),
        tag("fieldset", tag("legend", legend), tag("div", *parts, class_="row")),
        method="post",
        action="/judgements",
        id=id,
    )


def _reason(name: str) -> Html:
    return tag(
        "p", tag("label", "Reason", for_=f"reason-{name}"), tag("input", name="reason", id=f"reason-{name}", autocomplete="off")
    )


def _correctable(sheet: Sheet) -> Iterator[Html]:
    counted = list(dict.fromkeys(row.tally.what for row in sheet.rows if row.tally))
    for name in (
        *FIELDS[:-1],
        *(f"{COUNTS}{what}" for what in dict.fromkeys((*counted, "killed", "injured", "detained", "participants"))),
    ):
        yield tag("option", name.replace(COUNTS, "how many ") if name.startswith(COUNTS) else name, value=name)


def _no_judging(asked: _Asked) -> Html:
    why = (
        "This server only shows: nothing can be judged here."
        if asked.site.options.is_readonly
        else "What was known then cannot be judged now."
    )
    return tag("p", why, class_="note")


def _judged_list(asked: _Asked, judged: list[Judgement]) -> Html | None:
    if not judged:
        return None
    return tag(
        "section",
        tag("h2", "What people judged", id="judged"),
        tag("ul", *(tag("li", *_judgement(asked, j)) for j in reversed(judged)), class_="judged"),
        aria_labelledby="judged",
    )


def _judgement(asked: _Asked, judgement: Judgement) -> Iterator[Part]:
    number = judgement.id.partition(".")[0]
    yield tag(
        "p",
        tag("bdi", view.judged_in_words(judgement)),
        ", ",
        view.moment(judgement.at),
        " ",
        tag("a", f"entry {judgement.id}", href=f"/audit#entry-{number}", class_="note"),
    )
    if judgement.reason:
        yield tag("p", tag("q", judgement.reason, dir="auto"))
    read = "; ".join(dict.fromkeys(value or "nothing" for _, value in judgement.before)) if judgement.field else ""
    if read:
        yield tag("p", "it was read as ", tag("bdi", read), class_="note")
    if asked.is_judging and reviewer_of(asked.request) is not None:
        yield tag(
            "form",
            token_field(asked.request),
            tag("input", type="hidden", name="kind", value="undone"),
            tag("input", type="hidden", name="id", value=judgement.id),
            tag("input", type="hidden", name="head", value=asked.site.log.head()),
            tag("input", type="hidden", name="next", value=asked.address()),
            tag("button", "Undo", aria_label=f"Undo: {view.judged_in_words(judgement)}"),
            method="post",
            action="/judgements",
        )


# ---------------------------------------------------------------- history


def event_history(request: Request) -> Response:
    """All that happened to the event: coded, linked, judged."""
    asked = _asked(request)
    if isinstance(asked, RedirectResponse):
        return asked
    steps = history(asked.judged, asked.id, of_event=True)
    return page(
        request,
        f"History of {asked.id}",
        _as_of_note(asked),
        tag("h1", "What happened to this event"),
        tag("p", tag("a", "Back to the event", href=asked.address())),
        view.history_table(steps, lambda number: f"/audit#entry-{number}"),
        here="events",
        styles=("event",),
    )


# ---------------------------------------------------------------- around it


def around(request: Request) -> Response:
    """What became of the event's plan, its episode, and events that could be the same: a page, or the middle of one (`part=1`)."""
    asked = _asked(request)
    if isinstance(asked, RedirectResponse):
        return asked
    site, found = asked.site, asked.read()
    if found is None:
        return _rejected(asked)
    near = read_around(site.ledger, site.accounts, found, as_of=asked.as_of, people=asked.judged)
    alike = likely_same(site.ledger, near.event, near.neighbours, people=asked.judged)
    body = tag("div", *_around(asked, near, alike, site.wording), class_="around")
    if request.query_params.get("part"):
        return HTMLResponse(str(body))
    return page(
        request,
        f"Around {asked.id}",
        _as_of_note(asked),
        tag("h1", "Around this event"),
        tag("p", tag("a", headline(brief_of(found), site.wording), href=asked.address(), dir="auto")),
        body,
        here="events",
        styles=("event",),
    )


def _around(asked: _Asked, near: Around, alike: Sequence[Likeness], wording: say.Wording) -> Iterator[Part]:
    shown = {like.event for like in alike}
    if near.event.episode is not None:
        shown |= set(near.event.episode.events)
    if near.event.plan is not None:
        shown |= {id for id in (near.event.plan.event, near.event.plan.outcome_event) if id}
    titles = {
        o.id: view.outline_headline(o.kind, o.place, o.days, o.testimonies, wording) for o in near.neighbours if o.id in shown
    }
    titles[asked.id] = headline(brief_of(near.event), wording)

    def link(id: str) -> Html:
        if id == asked.id:
            return tag("b", "this event")
        return tag("a", tag("bdi", titles.get(id, f"event {id[:8]}")), href=f"/events/{quote(id)}{asked.suffix}")

    if near.event.plan is not None:
        yield view.plan(near.event.plan, asked.id, link)
    if near.event.episode is not None:
        yield view.episode(near.event.episode, asked.id, titles, link, asked.suffix)
    if near.is_partial:
        yield tag("p", "There are so many events of this type in these days that not all were looked at.", class_="note")
    if alike:
        yield tag("h2", "Could be the same")
        yield tag("ul", *(tag("li", *_alike(asked, like, link)) for like in alike), class_="alike")
    if near.event.plan is None and near.event.episode is None:
        yield tag("p", "It was not announced, and it is part of no episode.", class_="note")
    if not alike:
        yield tag("p", "No event near it is like it.", class_="note")


def _alike(asked: _Asked, like: Likeness, link: Callable[[str], Html]) -> Iterator[Part]:
    merge = f"/merge?{urlencode([('id', asked.id), ('id', like.event)])}"
    yield tag("p", link(like.event))
    yield tag(
        "p",
        f"{like.chance:.0%} ",
        pictures.probability_bar(like.chance),
        " that they are one happening, by the two claims alone: ",
        tag("bdi", "; ".join(like.reasons)),
        class_="note",
    )
    yield tag("p", tag("a", "Look at both side by side", href=merge))


# ---------------------------------------------------------------- as data


def event_json(request: Request) -> Response:
    """The event as JSON, with the documents that tell of it."""
    asked = _asked(request)
    if isinstance(asked, RedirectResponse):
        return asked
    site, found = asked.site, asked.read()
    if found is None:
        return _json({"error": f"people rejected all claims of the event {asked.id}"}, 410)
    near = read_around(site.ledger, site.accounts, found, as_of=asked.as_of, people=asked.judged)
    return _json(event_data(near.event))


def _json(value: Mapping[str, Any], status: int = 200) -> Response:
    written = json.dumps(value, ensure_ascii=False, default=lambda moment: moment.isoformat())
    return Response(written, status, media_type="application/json")


ROUTES = [
    Route("/events/{id}.json", event_json),
    Route("/events/{id}/history", event_history),
    Route("/events/{id}/around", around),
    Route("/events/{id}", event),
]
