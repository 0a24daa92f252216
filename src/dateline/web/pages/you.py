"""Who sits at the page, and how it looks to them: a name to judge under, or signing in where the server asks for that."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dateline.views.markup import Html, tag
from dateline.web.door import Refused
from dateline.web.guard import form_of, own_path, token_field
from dateline.web.people import NAME, SESSION, SIGN_IN, reviewer_of
from dateline.web.shell import THEMES, page
from dateline.web.site import site_of
from dateline.web.users import LONGEST_NAME, person

YEAR = 365 * 24 * 3600


def you(request: Request) -> Response:
    """The name that this session judges under, with a form to change it, and the look of the pages."""
    return _you(request, "")


def say_who(request: Request) -> Response:
    """Takes the name. Where one signs in it cannot be chosen."""
    if site_of(request).doorkeeper is not None:
        return RedirectResponse("/you", 303)
    form = form_of(request)
    given = form.get("name", [""])[0]
    if not given.strip():
        request.session.pop(NAME, None)
        return RedirectResponse(_next(form), 303)
    name = person(given)
    if name is None:
        return _you(request, f"A name has 1 to {LONGEST_NAME} letters, all of which can be shown.", given=given)
    request.session[NAME] = name
    return RedirectResponse(_next(form), 303)


def sign_in(request: Request) -> Response:
    """The form to sign in with; where nobody needs to: the page about oneself."""
    if site_of(request).doorkeeper is None:
        return RedirectResponse("/you", 303)
    if reviewer_of(request) is not None:
        return RedirectResponse(own_path(request.query_params.get("next")), 303)
    return _sign_in(request, "")


def come_in(request: Request) -> Response:
    """Signs in, into a session that has nothing of the one before."""
    keeper = site_of(request).doorkeeper
    if keeper is None:
        return RedirectResponse("/you", 303)
    form = form_of(request)
    name, password = form.get("name", [""])[0], form.get("password", [""])[0]
    visit = keeper.let_in(name, password, request.client.host if request.client else "")
    if isinstance(visit, Refused):
        answer = _sign_in(request, _refusal(visit), given=name, next=_next(form), status=429 if visit.wait else 403)
        if visit.wait:
            answer.headers["retry-after"] = str(round(visit.wait) + 1)
        return answer
    request.session.clear()
    request.session[SESSION] = visit
    return RedirectResponse(_next(form), 303)


def sign_out(request: Request) -> Response:
    """Ends the visit, here and on the server."""
    keeper = site_of(request).doorkeeper
    if keeper is not None:
        keeper.let_out(request.session.get(SESSION))
    request.session.clear()
    return RedirectResponse(SIGN_IN if keeper is not None else "/you", 303)


def theme(request: Request) -> Response:
    """Keeps how the pages are to look."""
    form = form_of(request)
    answer = RedirectResponse(_next(form), 303)
    chosen = form.get("theme", [""])[0]
    if chosen in THEMES:
        answer.set_cookie("theme", chosen, max_age=YEAR, samesite="lax", secure=site_of(request).options.is_secure)
    else:
        answer.delete_cookie("theme")
    return answer


def _next(form: dict[str, list[str]]) -> str:
    return own_path(form.get("next", [""])[0])


def _refusal(refused: Refused) -> str:
    if refused.wait:
        return f"Too many tries. Try again in {round(refused.wait) + 1} seconds."
    return "That name and that password do not belong together."


# ---------------------------------------------------------------- pages


def _you(request: Request, fault: str, *, given: str | None = None) -> Response:
    site = site_of(request)
    name = reviewer_of(request)
    parts: list[Html | None] = [tag("h1", "You")]
    if site.options.is_readonly:
        parts.append(tag("p", "This server is read-only: everything can be looked at, and nothing can be judged."))
    if site.doorkeeper is not None:
        parts += [tag("p", "You are signed in as ", tag("strong", tag("bdi", name)), "."), _sign_out_form(request)]
    else:
        parts += [
            tag(
                "p",
                "What you judge is entered in the ledger under a name. A pseudonym will do; use the same one each time. "
                "Nobody checks it: only this machine can reach this page.",
            ),
            _name_form(request, name if given is None else given, fault),
        ]
    parts.append(_theme_form(request))
    return page(request, "You", tag("div", *parts, class_="narrow"), here="you", status=422 if fault else 200)


def _name_form(request: Request, name: str | None, fault: str) -> Html:
    field = tag(
        "input", type="text", id="name", name="name", value=name or "", maxlength=LONGEST_NAME, autocomplete="nickname", dir="auto",
        aria_invalid="true" if fault else None, aria_describedby="name-fault" if fault else None,
    )  # fmt: skip
    return tag(
        "form",
        token_field(request),
        _next_field(request),
        tag("p", tag("label", "Your name", for_="name"), field, class_="field"),
        tag("p", fault, id="name-fault", class_="bad", role="alert") if fault else None,
        tag("p", tag("button", "Judge under this name", type="submit", class_="main")),
        method="post",
        action="/you",
        class_="card",
    )


def _sign_out_form(request: Request) -> Html:
    button = tag("button", "Sign out", type="submit")
    return tag("form", token_field(request), tag("p", button), method="post", action="/sign-out")


def _theme_form(request: Request) -> Html:
    held = request.cookies.get("theme", "")
    choices = (("", "as the system has it"), ("light", "light"), ("dark", "dark"))
    radios = (
        tag(
            "label", tag("input", type="radio", name="theme", value=value, checked=value == (held if held in THEMES else "")), words
        )
        for value, words in choices
    )
    return tag(
        "form",
        token_field(request),
        tag("input", type="hidden", name="next", value="/you"),
        tag("fieldset", tag("legend", "How pages look"), tag("p", *radios, class_="row")),
        tag("p", tag("button", "Keep it so", type="submit")),
        method="post",
        action="/theme",
    )


def _sign_in(request: Request, fault: str, *, given: str = "", next: str | None = None, status: int = 200) -> Response:
    name = tag(
        "input", type="text", id="name", name="name", value=given, autocomplete="username", dir="auto", required=True,
        aria_describedby="fault" if fault else None,
    )  # fmt: skip
    password = tag("input", type="password", id="password", name="password", autocomplete="current-password", required=True)
    form = tag(
        "form",
        token_field(request),
        _next_field(request, next),
        tag("p", tag("label", "Name", for_="name"), name, class_="field"),
        tag("p", tag("label", "Password", for_="password"), password, class_="field"),
        tag("p", fault, id="fault", class_="bad", role="alert") if fault else None,
        tag("p", tag("button", "Sign in", type="submit", class_="main")),
        method="post",
        action=SIGN_IN,
        class_="card",
    )
    return page(request, "Sign in", tag("div", tag("h1", "Sign in"), form, class_="narrow"), status=status, bare=True)


def _next_field(request: Request, next: str | None = None) -> Html:
    return tag("input", type="hidden", name="next", value=own_path(next or request.query_params.get("next")))


ROUTES = [
    Route("/you", you),
    Route("/you", say_who, methods=["POST"]),
    Route(SIGN_IN, sign_in),
    Route(SIGN_IN, come_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/theme", theme, methods=["POST"]),
]
