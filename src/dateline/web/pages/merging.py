"""Whether events are one, or one is two: side by side, with what would become of the figures, before anybody says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import combinations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.ledger.errors import JudgementError
from dateline.ledger.judged import Judged
from dateline.ledger.resolve import Contradiction
from dateline.records import Judge, Judgement, LinkedEvent, Testimony
from dateline.runs.events import read_event
from dateline.runs.pairs import Pair, compare_claims
from dateline.views import wording as say
from dateline.views.markup import Html, join, scrolling, tag
from dateline.web.comparing import aligned, changes, title_of
from dateline.web.guard import token_field
from dateline.web.pages.judging import Trial, contradictions_list, head_of, trial_of
from dateline.web.people import reviewer_of
from dateline.web.shell import page, problem
from dateline.web.site import Site, site_of

MOST = 6
"""Events that are laid side by side: more do not fit beside one another, and can be merged in two steps."""

PAIRS = 5
"""Pairs of events whose likeness is explained."""

WEAK = 0.1
"""Log-odds under which a part of a likeness is not worth a line."""


def merge(request: Request) -> Response:
    """Two to six events side by side, and what they would be as one."""
    site = site_of(request)
    judged = site.judged()
    ids = list(dict.fromkeys(judged.event(id) for id in request.query_params.getlist("id") if id.strip()))
    if len(ids) < 2:
        return _too_few(request, ids)
    if len(ids) > MOST:
        words = (
            f"{len(ids)} events are too many to be laid side by side: choose at most {MOST}, and merge the rest with the result."
        )
        return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, "Too many events", words, here="review")
    trial = trial_of(site, judged, [judged.merger(ids, _who(request), datetime.now(UTC), "")])
    events = sorted(trial.before, key=lambda event: ids.index(event.id) if event.id in ids else len(ids))
    return page(
        request,
        "Are these one event?",
        tag("h1", "Are these one event?"),
        tag(
            "p",
            "Nothing is lost by merging: all claims and their words are kept, every id goes on leading here, and it can be undone.",
        ),
        aligned(events, [_head(event, is_one_of_two=len(events) == 2) for event in events]),
        _leave_out(events),
        tag("h2", "Why they might be one"),
        *_reasons(site, judged, events),
        tag("h2", "What merging would change"),
        changes(trial.before, trial.after, site.accounts),
        _decide_merge(request, judged, ids, trial),
        here="review",
        islands=("merge",),
        styles=("review",),
        wide=len(events) > 3,
    )


def split(request: Request) -> Response:
    """The claims of an event, to be ticked, and what would become of it without them."""
    site = site_of(request)
    judged = site.judged()
    asked = request.query_params
    if not asked.get("id"):
        return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, "Which event?", "Open one and choose “Split it”.", here="review")
    id = judged.event(asked["id"])
    event = read_event(site.ledger, site.accounts, id, people=judged)
    if event is None:
        words = "All that told of it was rejected: there is nothing to take out of it."
        return problem(request, HTTPStatus.CONFLICT, "Nothing is left of the event", words, here="review")
    leaving = tuple(dict.fromkeys(asked.getlist("claims")))
    return page(
        request,
        "Which claims tell of another happening?",
        tag("h1", "Which claims tell of another happening?"),
        tag("p", title_of(event)),
        _claims_form(event, leaving),
        *(_split_outcome(request, site, judged, event, leaving) if leaving else ()),
        here="review",
        islands=("merge",),
        styles=("review",),
    )


ROUTES = [Route("/merge", merge), Route("/split", split)]


def _who(request: Request) -> Judge:
    return Judge(reviewer_of(request) or "nobody yet")


def _too_few(request: Request, ids: Sequence[str]) -> Response:
    if ids:
        words = join(["All of these are one event already: ", tag("a", ids[0][:8], href=f"/events/{ids[0]}"), "."])
        return problem(request, HTTPStatus.CONFLICT, "There is nothing to merge", words, here="review")
    form = tag(
        "form",
        tag(
            "p",
            *(tag("label", f"Event {n} ", tag("input", type="text", name="id", autocomplete="off")) for n in (1, 2)),
            class_="row",
        ),
        tag("button", "Lay them side by side", class_="main"),
        action="/merge",
    )
    words = tag(
        "p", "Give the ids of two events, or the beginnings of them; a list of events offers this for those that are ticked."
    )
    return page(request, "Merge events", tag("h1", "Merge events"), words, form, here="review", styles=("review",))


def _head(event: LinkedEvent, *, is_one_of_two: bool) -> Html:
    if is_one_of_two:
        return title_of(event)
    box = tag("input", type="checkbox", name="id", value=event.id, checked=True, form="chosen", aria_label=f"Keep {event.id[:8]}")
    return join([tag("span", box, " ", tag("code", event.id[:8]), class_="note"), tag("br"), title_of(event)])


def _leave_out(events: Sequence[LinkedEvent]) -> Html | None:
    """With more than two, those that are ticked can be looked at alone."""
    if len(events) < 3:
        return None
    return tag("form", tag("button", "Look at the ticked ones alone"), id="chosen", action="/merge", class_="row")


# ---------------------------------------------------------------- reasons


def _reasons(site: Site, judged: Judged, events: Sequence[LinkedEvent]) -> list[Html]:
    """What speaks for and against each pair, told by the first claims of either."""
    pairs = list(combinations(events, 2))
    found = [_reason(site, judged, one, other) for one, other in pairs[:PAIRS]]
    more = len(pairs) - PAIRS
    return found + ([tag("p", f"{say.tally(more, 'pair')} more can be seen two at a time.", class_="note")] if more > 0 else [])


def _reason(site: Site, judged: Judged, one: LinkedEvent, other: LinkedEvent) -> Html:
    try:
        pair = compare_claims(site.ledger, one.accounts.claims[0], other.accounts.claims[0], as_of=judged.as_of, people=judged)
    except ValueError:
        return Html("")
    names = join([tag("code", one.id[:8]), " and ", tag("code", other.id[:8])])
    return tag("section", tag("h3", names, ": ", _verdict(pair)), _parts(pair), class_="reasons")


def _verdict(pair: Pair) -> str:
    if pair.apart:
        return f"kept apart by a rule: {'; '.join(pair.apart)}"
    return f"a chance of {pair.chance:.0%} that their first claims tell of one happening"


def _parts(pair: Pair) -> Html:
    parts = sorted((part for part in pair.parts if abs(part.odds) >= WEAK), key=lambda part: -abs(part.odds))
    rows = [
        tag(
            "tr",
            tag("td", part.says),
            tag("td", f"{part.odds:+.1f}", class_="number"),
            tag("td", tag("span", "for", class_="for") if part.odds > 0 else tag("span", "against", class_="opposed")),
        )
        for part in parts
    ]
    if not rows:
        return tag("p", "Nothing speaks clearly for or against it.", class_="note")
    heads = tag(
        "tr", tag("th", "what", scope="col"), tag("th", "log-odds", scope="col", class_="number"), tag("th", "speaks", scope="col")
    )
    table = tag("table", tag("caption", "What their likeness is the sum of"), tag("thead", heads), tag("tbody", *rows))
    return tag("details", tag("summary", "What it is the sum of"), scrolling("What their likeness is the sum of", table))


# ---------------------------------------------------------------- deciding


def _decide_merge(request: Request, judged: Judged, ids: Sequence[str], trial: Trial) -> Html:
    if site_of(request).options.is_readonly:
        return tag("p", "This server is read only.", class_="note")
    answers, against = [("merged", "Merge them", "y")], list(trial.against)
    if len(ids) == 2:
        answers.append(("not-same", "They are not the same", "n"))
        against += judged.against(judged.not_same(ids[0], ids[1], _who(request), datetime.now(UTC), ""))
    return _decide(request, judged, [("id", id) for id in ids], answers, against)


def _decide(
    request: Request,
    judged: Judged,
    fields: Sequence[tuple[str, str]],
    answers: Sequence[tuple[str, str, str]],
    against: Sequence[Contradiction],
) -> Html:
    """The answers (kind, words, key) with a reason; what people said against one of them is shown, and who insists says so."""
    insist = None
    if against:
        box = tag("input", type="checkbox", name="force", value="yes")
        insist = tag("div", contradictions_list(against), tag("p", tag("label", box, " Enter it none the less")))
    kept = [*fields, ("head", head_of(judged)), ("next", f"/events/{fields[0][1]}")]
    buttons = (
        tag(
            "button",
            words,
            tag("kbd", key, aria_hidden="true"),
            name="kind",
            value=kind,
            class_="main" if kind != "not-same" else None,
        )
        for kind, words, key in answers
    )
    why = tag("input", type="text", name="reason", id="reason", maxlength=4000, autocomplete="off")
    form = tag(
        "form",
        token_field(request),
        *(tag("input", type="hidden", name=key, value=value) for key, value in kept),
        insist,
        tag("p", tag("label", "Why (kept with the decision)", for_="reason"), why, class_="row"),
        tag("p", *buttons, class_="row answers"),
        method="post",
        action="/judgements",
    )
    return tag("section", tag("h2", "Decide"), form, class_="card decide")


# ---------------------------------------------------------------- split


def _claims_form(event: LinkedEvent, leaving: Sequence[str]) -> Html:
    items = (_claim(number, told, told.claim.id in leaving) for number, told in enumerate(event.tellings))
    return tag(
        "form",
        tag("input", type="hidden", name="id", value=event.id),
        tag("ol", *items, class_="choices"),
        tag("p", tag("button", "Show what would be", class_="main"), class_="row"),
        action="/split",
        id="claims",
    )


def _claim(number: int, told: Testimony, is_ticked: bool) -> Html:
    box = tag("input", type="checkbox", name="claims", value=told.claim.id, checked=is_ticked, id=f"claim-{number}")
    event = told.claim.event
    facts = [say.type_and_mode(event), *(say.how_many(count) for count in event.counts[:3])]
    facts += [say.when(event.time)] if event.time else []
    facts += [say.where(event.place.place)] if event.place else []
    day = say.day(told.published) if told.published else "day not known"
    words = tag("label", tag("q", told.evidence, dir="auto"), for_=f"claim-{number}")
    source = join([tag("bdi", told.publisher or "publisher not known"), f" · {day}"])
    return tag(
        "li", box, tag("div", words, tag("p", tag("bdi", " · ".join(facts))), tag("p", source, class_="note")), class_="card"
    )  # fmt: skip


def _split_outcome(request: Request, site: Site, judged: Judged, event: LinkedEvent, leaving: Sequence[str]) -> tuple[Html, ...]:
    try:
        draft: Judgement = judged.split(event.id, leaving, _who(request), datetime.now(UTC), "")
    except JudgementError as fault:
        return (tag("p", str(fault), class_="bad", role="alert"),)
    trial = trial_of(site, judged, [draft])
    fields = (("id", event.id), *(("claims", claim) for claim in draft.sides[0]))
    title = tag("h2", "What the split would change", id="outcome", tabindex=-1)
    if site.options.is_readonly:
        return title, changes(trial.before, trial.after, site.accounts), tag("p", "This server is read only.", class_="note")
    decide = _decide(request, judged, fields, (("split", "Split them off", "y"),), trial.against)
    return title, changes(trial.before, trial.after, site.accounts), decide
