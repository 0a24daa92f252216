"""Which names are one actor: what people said, what it would come to, and where it is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.ledger.judged import Judged
from dateline.ledger.one_actor import OneActor, told_apart
from dateline.records import Judge, JudgementKind
from dateline.runs.one_actor import names_near, together
from dateline.views.actor_page import ActorPage
from dateline.views.markup import Html, Part, join, tag
from dateline.views.wording import tally
from dateline.web.deciding import MAX_REASON, REFUSALS
from dateline.web.guard import token_field
from dateline.web.pages.judging import head_of, judgement_list
from dateline.web.people import reviewer_of
from dateline.web.shell import page
from dateline.web.site import site_of

HERE = "/network/one-actor"

OFFERED = 300
"""Names that a field offers: those of the actors shown."""


def same_address(name: str, other: str = "") -> str:
    """Where it is shown what it would come to if the two names were one actor's."""
    return f"{HERE}?{urlencode([('name', name), ('name', other)])}"


def ask(request: Request) -> Response:
    """Two or more names, what falls together if they are one, and the buttons that say that they are, or are not."""
    site = site_of(request)
    judged, board = site.judged(), site.board()
    names = [name for name in dict.fromkeys(" ".join(n.split()) for n in request.query_params.getlist("name")) if name]
    parts: list[Part] = []
    status = HTTPStatus.OK
    if len(names) > 1:
        try:
            draft = judged.of_names(
                JudgementKind.SAME_ACTOR, names, Judge(reviewer_of(request) or "somebody"), datetime.now(UTC), ""
            )
            del draft
            found = together(board, [board.renamed.get(name, name) for name in names])
            rows = (
                tag("li", tag("a", tag("bdi", name), href=_actor(name)), " ", tag("span", tally(events, "event"), class_="note"))
                for name, events in found.events.items()
            )
            said = (
                f"Together they are in {tally(found.all_of_them, 'event')}. "
                f"In {found.shared:,} of these several of them are named: there they would count once."
            )
            parts += [tag("ul", *rows), tag("p", said), tag("p", WHAT, class_="note"), _decide(request, judged, names)]
        except REFUSALS as fault:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            parts.append(tag("p", str(fault), class_="doubt", role="alert"))
            near = [near for name in names for near in names_near(board, name)]
            if near:
                parts.append(tag("p", "Names there are: ", join((tag("bdi", name) for name in near), ", "), ".", class_="note"))
            parts.append(_form(names, ()))
    else:
        parts.append(_form(names, ()))
    return page(
        request,
        "One actor?",
        tag("h1", "Are these one actor?"),
        *parts,
        here="actors",
        styles=("records",),
        status=status,
    )


ROUTES = [Route(HERE, ask)]

WHAT = (
    "On the page, in lists, figures and the network they would be one, under the first name. What was read stays: the page of an "
    "event and its claims have the names that reports give. It can be undone at any time."
)


def _actor(name: str) -> str:
    return f"/actors/{quote(name, safe='')}"


def _decide(request: Request, judged: Judged, names: Sequence[str]) -> Html:
    """The form; without a name to judge under, or where nothing can be judged, why there is none."""
    if site_of(request).options.is_readonly:
        return tag("p", "This server is read only.", class_="note")
    if reviewer_of(request) is None:
        back = quote(f"{HERE}?{urlencode([('name', name) for name in names])}", safe="")
        return tag("p", "Say first ", tag("a", "under which name you judge", href=f"/you?next={back}"), ".", class_="doubt")
    kept = (("head", head_of(judged)), ("next", _actor(names[0])), *(("id", name) for name in names))
    return tag(
        "form",
        token_field(request),
        *(tag("input", type="hidden", name=name, value=value) for name, value in kept),
        tag(
            "p",
            tag("label", "Why (kept with the decision)", for_="reason"),
            tag("input", type="text", name="reason", id="reason", maxlength=MAX_REASON, autocomplete="off"),
            class_="field",
        ),
        tag(
            "p",
            tag("button", "They are one", name="kind", value="same-actor", class_="main"),
            tag("button", "They are not", name="kind", value="not-same-actor"),
            class_="row",
        ),
        method="post",
        action="/judgements",
        class_="card narrow",
    )


def _form(names: Sequence[str], offered: Sequence[str]) -> Html:
    """Asks for two names; `offered` are suggested while one types."""
    first, second = (*names[:2], "", "")[:2]
    fields = (
        tag(
            "p",
            tag("label", words, for_=f"name-{n}"),
            tag("input", type="text", name="name", id=f"name-{n}", value=value, list="names-offered" if offered else None),
        )
        for n, (words, value) in enumerate((("A name, which is shown", first), ("and another of the same actor", second)))
    )
    listed = tag("datalist", *(tag("option", value=name) for name in offered[:OFFERED]), id="names-offered") if offered else None
    return tag(
        "form", *fields, listed, tag("button", "See what it comes to"), class_="row find", action=HERE, aria_label="Two names"
    )


# ---------------------------------------------------------------- on other pages


def one_actor_section(request: Request, judged: Judged, name: str, found: ActorPage) -> Html:
    """What people said of an actor's names, each with the way back, and a field for another name."""
    actor = next((one for one in judged.one_actors if name in one.names), None)
    apart = [judgement for names, judgement in told_apart(judged.judgements) if name in names or found.name in names]
    parts: list[Part] = []
    if actor is not None:
        others = join((tag("bdi", other) for other in actor.names[1:]), ", ")
        parts += [tag("p", "People said that ", others, " are the same."), _said(request, actor)]
    if apart:
        parts += [tag("p", "And that these are others:"), judgement_list(apart)]
    if not site_of(request).options.is_readonly:
        hidden = tag("input", type="hidden", name="name", value=actor.names[0] if actor else name)
        field = tag("p", tag("label", "Another name of theirs", for_="other"), tag("input", type="text", name="name", id="other"))
        parts.append(tag("form", hidden, field, tag("button", "See what it comes to"), class_="row find", action=HERE))
    return tag("section", tag("h2", "Names that people put together"), *parts) if parts else Html("")


def _said(request: Request, actor: OneActor) -> Html:
    """The judgements about an actor's names; each can be undone."""
    if site_of(request).options.is_readonly or reviewer_of(request) is None:
        return judgement_list(actor.judgements)
    undo = (
        tag(
            "form",
            token_field(request),
            tag("input", type="hidden", name="id", value=judgement.id),
            tag("input", type="hidden", name="next", value=_actor(actor.names[0])),
            tag("button", f"Undo {judgement.id}", name="kind", value="undone"),
            method="post",
            action="/judgements",
        )
        for judgement in actor.judgements
    )
    return join([judgement_list(actor.judgements), tag("div", *undo, class_="row")])


def names_of_actors(request: Request, judged: Judged, names: Sequence[str]) -> Html:
    """The other names of the actors of a network, and a field for two names that are one."""
    shown = set(names)
    known = [actor for actor in judged.one_actors if actor.names[0] in shown]
    rows = (
        tag(
            "li",
            tag("a", tag("bdi", actor.names[0]), href=_actor(actor.names[0])),
            ": also ",
            join((tag("bdi", name) for name in actor.names[1:]), ", "),
        )
        for actor in known
    )
    listed = tag("ul", *rows) if known else tag("p", "Nobody has said yet that two of these names are one actor's.", class_="note")
    form = None if site_of(request).options.is_readonly else _form((), sorted(shown))
    return tag("section", tag("h2", "Other names", id="names"), listed, form)
