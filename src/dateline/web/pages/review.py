"""The queue: one thing after another to decide, each with the reason why it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from dateline.ledger.agreement import agreements
from dateline.ledger.judged import Judged
from dateline.ledger.resolve import entry_number
from dateline.ledger.review import Concern, Item, Order
from dateline.ledger.second import SHARE, VERDICT, answer_to, disputes, pairs
from dateline.records import Judge
from dateline.runs.codes import codes_of
from dateline.views import wording as say
from dateline.views.agreeing import MEANING, alpha_in_words, field_in_words
from dateline.views.judging import what_was_judged
from dateline.views.markup import Html, Part, join, scrolling, tag
from dateline.web.deciding import REFUSALS, value_of
from dateline.web.desk import Desk, Task, Work, task_of
from dateline.web.guard import form_of, token_field
from dateline.web.pages.judging import ENTERED, done, head_of, nameless, path_of, refused, wants_json
from dateline.web.people import reviewer_of
from dateline.web.reviewing import Desktop, address, counts_of, listed, order_form, tabs, task_html
from dateline.web.shell import page
from dateline.web.site import Site, site_of

WAYS = (
    ("Decide many", "/review/bulk"),
    ("A table that was edited", "/review/table"),
    ("How far people agree", "/review/agreement"),
)
"""What else there is to do here."""

SHOWN = 20
"""Things that the list under the one in hand shows."""


def review(request: Request) -> Response:
    """What is to be decided next, with the list behind it."""
    site, desk, judged, work, order, who = _asked(request)
    tasks = desk.tasks(judged, work, order, who)
    task = _named(request, judged, tasks) or desk.next(tasks, who)
    if task is None:
        body: Part = _nothing(work)
    else:
        body = _task(request, site, judged, task, address(work, order), who)
    others = [one for one in tasks if task is None or one.key != task.key][:SHOWN]
    return page(
        request,
        "Review",
        tag("h1", "Review"),
        tabs(work, order, counts_of(desk, judged, order, who)),
        order_form(work, order) if work in {Work.ALL, Work.LINKS, Work.READINGS} else None,
        _said(request, judged),
        _name(request, who, site),
        tag("div", body, id="task"),
        tag("details", tag("summary", "What comes after"), tag("ol", *listed(others)), class_="after") if others else None,
        tag("p", join((tag("a", words, href=href) for words, href in WAYS), " · ")),
        here="review",
        islands=("review",),
        styles=("review",),
        data={"next": address(work, order).replace("/review", "/review/next", 1), "key": task.key if task else None},
    )


def next_task(request: Request) -> Response:
    """The next thing to decide as a piece of the page, in hand at once. `after`: keys that are not meant; none left: 204."""
    site, desk, judged, work, order, who = _asked(request)
    tasks = desk.tasks(judged, work, order, who)
    task = _named(request, judged, tasks) or desk.next(tasks, who, request.query_params.getlist("after"))
    if task is None:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    html = _task(request, site, judged, task, address(work, order), who)
    return JSONResponse({"key": task.key, "html": str(html), "left": len(tasks)})


def skip(request: Request) -> Response:
    """Puts a thing behind all others, for this person."""
    form, who = form_of(request), reviewer_of(request)
    key = next(iter(form.get("key", ())), "")
    if who is not None:
        site_of(request).desk.skip(key, who)
    if wants_json(request):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return RedirectResponse(path_of(form), HTTPStatus.SEE_OTHER)


def lease(request: Request) -> Response:
    """Says that a thing is still in hand; 409 with who has it when it is another's."""
    form, who = form_of(request), reviewer_of(request)
    if who is None:
        return nameless(request, form)
    held = site_of(request).desk.take(next(iter(form.get("key", ())), ""), who)
    answer = {"who": held.who, "until": held.until.isoformat(timespec="seconds")}
    return JSONResponse(answer, HTTPStatus.OK if held.who == who else HTTPStatus.CONFLICT)


def second(request: Request) -> Response:
    """Enters a second answer. It decides nothing, and nobody sees the first one before giving it."""
    form, who, site = form_of(request), reviewer_of(request), site_of(request)
    if site.options.is_readonly:
        return refused(request, HTTPStatus.FORBIDDEN, "Nothing can be judged here", "This server is read only (--readonly).")
    if who is None:
        return nameless(request, form)
    key, answer, reason = (next(iter(form.get(name, ())), "") for name in ("key", "answer", "reason"))
    with site.turn:
        judged = site.judged()
        tasks = site.desk.tasks(judged, Work.SECOND, Order.PRESSING, who)
        question = next((task.question for task in tasks if task.key == key), None)
        if question is None:
            words = "Somebody has answered it, or what was decided was taken back."
            return refused(request, HTTPStatus.CONFLICT, "This is no longer asked", words)
        try:
            put_right = _put_right(form) if question.kind == VERDICT else {}
            codes = codes_of(judged, next((name for name in put_right if name.startswith("counts.")), "type"))
            draft = answer_to(question, answer, put_right, judged, codes, Judge(who), datetime.now(UTC), reason)
            entry = site.log.append([draft])
        except REFUSALS as fault:
            return refused(request, HTTPStatus.UNPROCESSABLE_ENTITY, "This cannot be entered", str(fault))
    site.desk.release(key, who)
    return done(request, site, entry, form)


def agreement(request: Request) -> Response:
    """How far second answers agree with first ones, field by field."""
    site = site_of(request)
    judged = site.judged()
    both = pairs(judged)
    found = agreements(both)
    rows = (
        tag(
            "tr",
            tag("th", field_in_words(one), scope="row"),
            tag("td", f"{one.units:,}", class_="number"),
            tag("td", f"{one.alike:,}", class_="number"),
            tag("td", alpha_in_words(one)),
            tag("td", one.metric),
        )
        for one in found
    )
    heads = (("field", None), ("pairs", "number"), ("alike", "number"), ("alpha, with 95 of 100 samples", None), ("values", None))
    head = tag("tr", *(tag("th", words, scope="col", class_=name) for words, name in heads))
    table = tag("table", tag("caption", "First and second answers, field by field"), tag("thead", head), tag("tbody", *rows))
    none = "Nobody has answered a second time yet. One in ten decisions is asked twice, under Second answers."
    open_ones = len(disputes(judged))
    return page(
        request,
        "How far people agree",
        tag("h1", "How far people agree"),
        tag(
            "p",
            f"{SHARE:.0%} of what people decide is asked of somebody else, who does not see the first answer. ",
            f"Krippendorff’s alpha says how far the two agree ({MEANING}).",
        ),
        scrolling("First and second answers, field by field", table) if found else tag("p", none, class_="empty"),
        tag(
            "p",
            f"{say.tally(len(both), 'pair')} of answers; {open_ones:,} of them differ and wait ",
            tag("a", "for somebody to decide", href=address(Work.DISPUTED, Order.PRESSING)),
            ".",
        ),
        here="review",
        styles=("review",),
    )


ROUTES = [
    Route("/review", review),
    Route("/review/agreement", agreement),
    Route("/review/next", next_task),
    Route("/review/skip", skip, methods=["POST"]),
    Route("/review/lease", lease, methods=["POST"]),
    Route("/review/second", second, methods=["POST"]),
]


def _asked(request: Request) -> tuple[Site, Desk, Judged, Work, Order, str | None]:
    site, asked = site_of(request), request.query_params
    work, order = asked.get("work", ""), asked.get("order", "")
    return (
        site,
        site.desk,
        site.judged(),
        Work(work) if work in set(Work) else Work.ALL,
        Order(order) if order in set(Order) else Order.PRESSING,
        reviewer_of(request),
    )


def _named(request: Request, judged: Judged, tasks: Sequence[Task]) -> Task | None:
    """The thing that the address names: by its key, or any claim by its id; it names none: None. Raises NotFoundError."""
    if key := request.query_params.get("key"):
        return next((task for task in tasks if task.key == key), None)
    if id := request.query_params.get("id"):
        claim = judged.claim(id)
        listed = next((task for task in tasks if task.item and claim == task.claims[0]), None)
        return listed or task_of(Item(Concern.UNSURE_READING, (claim,), (), 0.0, "You asked for this claim"))
    return None


def _task(request: Request, site: Site, judged: Judged, task: Task, back: str, who: str | None) -> Html:
    held = site.desk.take(task.key, who) if who is not None and not site.options.is_readonly else None
    desktop = Desktop(request, judged, head_of(judged), who, back, site.options.is_readonly)
    return task_html(desktop, task, held)


def _nothing(work: Work) -> Html:
    words = {
        Work.SECOND: "Nothing is asked twice at present: one in ten decisions of others will be.",
        Work.DISPUTED: "Nobody contradicts anybody.",
    }
    said = words.get(work, "Nothing is left to review: what comes in next will stand here.")
    return tag("p", said, class_="empty", tabindex=-1, id="task-title")


def _said(request: Request, judged: Judged) -> Html | None:
    """What this session entered last, with the way to it and back."""
    number = request.session.pop(ENTERED, None)
    entry = [j for j in judged.judgements if entry_number(j) == number] if number else []
    if not entry:
        return None
    words = what_was_judged(entry[0])
    more = f" and {len(entry) - 1:,} more" if len(entry) > 1 else ""
    undo = tag(
        "form",
        token_field(request),
        tag("input", type="hidden", name="kind", value="undone"),
        tag("input", type="hidden", name="id", value=str(number)),
        tag("button", "Undo"),
        method="post",
        action="/judgements",
    )
    entered = tag("p", "You ", words, more, " (", tag("a", f"entry {number}", href=f"/audit#entry-{number}"), ").")
    return tag("div", entered, undo, class_="entered needs-no-script")


def _name(request: Request, who: str | None, site: Site) -> Html | None:
    if site.options.is_readonly:
        return tag("p", "This server is read only: look, and nothing can be judged.", class_="note")
    if who is None:
        return tag("p", "Say first ", tag("a", "under which name you judge", href="/you?next=%2Freview"), ".", class_="doubt")
    return tag("p", "You judge as ", tag("bdi", who), ".", class_="note")


def _put_right(form: dict[str, list[str]]) -> dict[str, str]:
    """The fields of a second answer: "set.day.low" and the like, put together."""
    names = dict.fromkeys(name.removeprefix("set.").rpartition(".")[0] for name in form if name.startswith("set."))
    found = {}
    for name in names:
        part = {key: form[field] for key in ("value", "low", "high") if (field := f"set.{name}.{key}") in form}
        if value := value_of(part):
            found[name] = value
    return found
