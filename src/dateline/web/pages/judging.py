"""Where decisions are sent: entered into the log, or answered with what would become of them, or refused with the reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from dateline.ledger.errors import NotFoundError
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import FIRST, Entry
from dateline.ledger.resolve import Contradiction
from dateline.records import Judge, Judgement, JudgementKind, LinkedEvent
from dateline.runs.events import read_event
from dateline.views.events import event_data
from dateline.views.judging import judgement_line, what_was_judged
from dateline.views.markup import Html, tag
from dateline.views.wording import tally
from dateline.web.comparing import changes
from dateline.web.deciding import (
    REFUSALS,
    Against,
    Stale,
    Wish,
    against,
    drafts_of,
    entered,
    judgement_data,
    stale,
    wish_of,
)
from dateline.web.guard import form_of, token_field
from dateline.web.people import reviewer_of
from dateline.web.shell import page, problem
from dateline.web.site import Site, site_of

ENTERED = "entered"
"""Where a session keeps the number of the entry that it made last, for the page that is shown next to speak of."""


def judgements(request: Request) -> Response:
    """Enters what a form decides; see docs/page-review.md for its fields."""
    return _decided(request, form_of(request))


def undo(request: Request) -> Response:
    """Takes back what this person entered last and what still holds."""
    form = form_of(request)
    who = reviewer_of(request)
    if who is None:
        return nameless(request, form)
    number = last_of(site_of(request).judged(), who)
    if number is None:
        return refused(request, HTTPStatus.NOT_FOUND, "There is nothing to take back", f"Nothing that {who} judged still holds.")
    return _decided(request, {**form, "kind": ["undone"], "id": [str(number)]})


ROUTES = [Route("/judgements", judgements, methods=["POST"]), Route("/undo", undo, methods=["POST"])]


def last_of(judged: Judged, who: str) -> int | None:
    """The number of the last entry of this person that holds and is no undoing; none: None."""
    undone = {id for judgement in judged.judgements for id in judgement.revokes}
    for entry in reversed(judged.log.entries()):
        is_mine = entry.by.name == who and not entry.by.is_machine
        held = [j for j in entry.judgements if j.kind not in {JudgementKind.UNDONE, JudgementKind.FORGOTTEN}]
        if is_mine and any(j.id in judged.in_force or j.id not in undone for j in held):
            return entry.number
    return None


def path_of(form: dict[str, list[str]]) -> str:
    """Where to go next: a path of ours; anything else: the queue."""
    path = next(iter(form.get("next", ())), "")
    is_ours = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if is_ours else "/review"


def _decided(request: Request, form: dict[str, list[str]]) -> Response:
    site = site_of(request)
    if site.options.is_readonly:
        return refused(
            request, HTTPStatus.FORBIDDEN, "Nothing can be judged here", "This server was started to be read only (--readonly)."
        )
    who = reviewer_of(request)
    if who is None:
        return nameless(request, form)
    try:
        wish, by = wish_of(form), Judge(who)
        if next(iter(form.get("dry", ())), ""):
            return _tried(request, site, wish, by)
        outcome = entered(site, wish, by)
    except REFUSALS as fault:
        status = HTTPStatus.NOT_FOUND if isinstance(fault, NotFoundError) else HTTPStatus.UNPROCESSABLE_ENTITY
        return refused(request, status, "This cannot be entered", str(fault))
    if isinstance(outcome, Stale):
        return outrun(request, outcome, form)
    if isinstance(outcome, Against):
        return _contradicted(request, outcome, form)
    return done(request, site, outcome, form)


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


# ---------------------------------------------------------------- entered


def done(request: Request, site: Site, entry: Entry, form: dict[str, list[str]]) -> Response:
    request.session[ENTERED] = entry.number
    if not wants_json(request):
        return RedirectResponse(path_of(form), HTTPStatus.SEE_OTHER)
    return JSONResponse(
        {
            "entry": entry.number,
            "head": entry.hash,
            "address": f"/audit#entry-{entry.number}",
            "judgements": [judgement_data(judgement, what_was_judged(judgement)) for judgement in entry.judgements],
            "claims": list(dict.fromkeys(claim for judgement in entry.judgements for claim in judgement.claims))[:100],
            "events": _events_of(site.judged(), entry.judgements),
        }
    )


def _events_of(judged: Judged, judgements: Sequence[Judgement]) -> list[str]:
    """The events that hold the claims judged, as they are now; a bulk names only the first of them."""
    claims = list(dict.fromkeys(claim for judgement in judgements for claim in judgement.claims))[:100]
    if len(claims) > 1:
        events = judged.mates(claims)
        return list(dict.fromkeys(events.get(claim, claim) for claim in claims))
    try:
        return [judged.event(claim) for claim in claims]
    except NotFoundError:  # of an earlier coding, and nothing took its place
        return claims


# ---------------------------------------------------------------- tried


@dataclass(frozen=True)
class Trial:
    """What judgements would come to: the events as they are and as they would be, and what people said before against it."""

    drafts: tuple[Judgement, ...]
    before: tuple[LinkedEvent, ...]
    after: tuple[LinkedEvent, ...]
    against: tuple[Contradiction, ...]


def trial_of(site: Site, judged: Judged, drafts: Sequence[Judgement]) -> Trial:
    """What these would come to; nothing is entered."""
    claims = list(dict.fromkeys(claim for draft in drafts for claim in draft.claims))
    then = judged.with_drafts(drafts)
    before, after = (_events(site, people, claims) for people in (judged, then))
    return Trial(tuple(drafts), before, after, against(judged, drafts).contradictions)


def _events(site: Site, people: Judged, claims: Sequence[str]) -> tuple[LinkedEvent, ...]:
    ids = sorted({people.event(claim) for claim in claims})
    found = (read_event(site.ledger, site.accounts, id, people=people) for id in ids)
    return tuple(event for event in found if event is not None)


def _tried(request: Request, site: Site, wish: Wish, by: Judge) -> Response:
    judged = site.judged()
    drafts = drafts_of(judged, wish, by, datetime.now(UTC))
    outrun = stale(judged, wish.head, drafts)
    trial = trial_of(site, judged, drafts)
    if wants_json(request):
        answer = {
            "dry": True,
            "judgements": [judgement_data(draft, what_was_judged(draft)) for draft in then_ids(judged, drafts)],
            "before": [event_data(event) for event in trial.before],
            "after": [event_data(event) for event in trial.after],
            "against": [_contradiction(found) for found in trial.against],
            "since": _since(outrun.judgements) if outrun else [],
        }
        return Response(json.dumps(answer, default=_plain), media_type="application/json")
    words = tag("ul", *(tag("li", by.name, " ", what_was_judged(draft)) for draft in drafts))
    back = tag("p", tag("a", "Back", href=path_of(form_of(request)), class_="button"))
    body = (
        tag("h1", "What would be"),
        tag("p", "Nothing is entered yet."),
        words,
        changes(trial.before, trial.after, site.accounts),
        back,
    )
    return page(request, "What would be", *body, here="review", styles=("review",))


def then_ids(judged: Judged, drafts: Sequence[Judgement]) -> tuple[Judgement, ...]:
    """The drafts with the ids that they would have."""
    return judged.with_drafts(drafts).judgements[-len(drafts) :]


def _plain(value: object) -> Any:
    """What JSON does not know: days and moments as ISO 8601 has them."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"not for JSON: {value!r}")


# ---------------------------------------------------------------- refused


def refused(request: Request, status: HTTPStatus, title: str, words: str) -> Response:
    if wants_json(request):
        return JSONResponse({"error": title, "words": words}, status)
    return problem(request, status, title, words, here="review")


def nameless(request: Request, form: dict[str, list[str]]) -> Response:
    """Nobody has said who judges: first a name, then the page that was open."""
    address = f"/you?next={quote(path_of(form), safe='')}"
    if wants_json(request):
        words = "Say under which name you judge."
        return JSONResponse({"error": "nameless", "words": words, "address": address}, HTTPStatus.UNAUTHORIZED)
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _since(judgements: Sequence[Judgement]) -> list[dict[str, Any]]:
    return [judgement_data(judgement, what_was_judged(judgement)) for judgement in judgements]


def _contradiction(found: Contradiction) -> dict[str, Any]:
    return {"claims": found.claims, "judgements": _since(found.judgements)}


def outrun(request: Request, found: Stale, form: dict[str, list[str]], *, can_insist: bool = True) -> Response:
    """Somebody judged the same meanwhile: what they said, and the form once more, now that it is known, or only the way back."""
    if wants_json(request):
        answer = {"error": "stale", "head": found.head, "since": _since(found.judgements)}
        return JSONResponse(answer, HTTPStatus.CONFLICT)
    if found.judgements:
        told: tuple[Html, ...] = (
            tag("p", f"Since this page was opened, {tally(len(found.judgements), 'judgement')} on the same was entered:"),
            judgement_list(found.judgements),
        )
    else:
        told = (tag("p", "The log of judgements is not the one that this page was opened on."),)
    if can_insist:
        again = again_form(request, {**form, "head": [found.head]}, "Enter mine none the less")
    else:
        again = tag("p", tag("a", "Look again", href=path_of(form), class_="button main"))
    body = (tag("h1", "Somebody was quicker"), *told, tag("p", "Yours was not entered."), again)
    return page(request, "Somebody was quicker", *body, here="review", styles=("review",), status=HTTPStatus.CONFLICT)


def _contradicted(request: Request, found: Against, form: dict[str, list[str]]) -> Response:
    if wants_json(request):
        answer = {"error": "contradicts", "against": [_contradiction(one) for one in found.contradictions]}
        return JSONResponse(answer, HTTPStatus.CONFLICT)
    again = again_form(request, {**form, "force": ["yes"]}, "Enter it none the less")
    body = (tag("h1", "It contradicts what was said"), contradictions_list(found.contradictions), again)
    return page(request, "It contradicts what was said", *body, here="review", styles=("review",), status=HTTPStatus.CONFLICT)


def again_form(request: Request, form: dict[str, list[str]], words: str) -> Html:
    """The form as it was sent, to be sent once more, beside the way back."""
    kept = (
        tag("input", type="hidden", name=name, value=value) for name, values in form.items() if name != "csrf" for value in values
    )
    buttons = tag("p", tag("a", "Look again", href=path_of(form), class_="button main"), " ", tag("button", words), class_="row")
    return tag("form", token_field(request), *kept, buttons, method="post", action="/judgements")


def judgement_list(judgements: Sequence[Judgement]) -> Html:
    """Judgements in words, each with the way to its entry of the log."""
    return tag(
        "ul",
        *(
            tag("li", tag("a", tag("bdi", judgement_line(judgement)), href=f"/audit#entry-{judgement.id.partition('.')[0]}"))
            for judgement in judgements
        ),
        class_="log",
    )


def contradictions_list(found: Sequence[Contradiction]) -> Html:
    """What people said before that does not go with a judgement."""
    return tag("ul", *(tag("li", _contradiction_words(one), judgement_list(one.judgements)) for one in found), class_="against")


def _contradiction_words(found: Contradiction) -> Html:
    one, other = map(event_link, found.claims)
    return tag("p", "It does not go with what was said of ", one, " and ", other, ":")


def event_link(id: str) -> Html:
    return tag("a", tag("code", id[:8]), href=f"/events/{id}")


def head_of(judged: Judged) -> str:
    """The hash of the last entry, for a form to carry."""
    entries = judged.log.entries()
    return entries[-1].hash if entries else FIRST
