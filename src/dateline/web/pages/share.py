"""Where a view is handed on: as which file, and whether with names."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.views import wording as say
from dateline.views.markup import Html, tag
from dateline.web import lists
from dateline.web.filters import Filters
from dateline.web.sharing.covering import HIDE
from dateline.web.sharing.tables import FORMATS, is_there
from dateline.web.shell import page
from dateline.web.site import site_of

MOST_ASKED = ("csv", "xlsx", "json", "geojson")
"""The formats that most people want, first."""

OPTIONS = {"q": "text"}
"""Fields of an address whose option of the command line has another name."""


def share(request: Request) -> Response:
    """The forms of file in which the events that fit can be had, and the command that writes them into a folder."""
    site, filters = site_of(request), Filters.parse(request.query_params)
    asked = parse_qsl(filters.query())
    events = say.tally(len(site.rows(filters)), "event")
    there = [name for name in FORMATS if is_there(name)]
    buttons = (_button(name, "main") for name in MOST_ASKED if name in there)
    others = (tag("li", _button(name, "")) for name in there if name not in MOST_ASKED)
    switch = tag("label", tag("input", type="checkbox", name=HIDE, value="1"), " hide names and exact places")
    note = (
        "Names of private people become “person 1”, “person 2” … in every field, quote and title; places are told by their region. "
        "The reports that are quoted can still be found by their words."
    )
    form = tag(
        "form",
        *(tag("input", type="hidden", name=name, value=value) for name, value in asked),
        _covered_already() if site.options.is_sensitive else tag("div", tag("p", switch), tag("p", note, class_="note")),
        tag("p", *buttons, class_="row"),
        tag("h2", "For other programs"),
        tag("ul", *others, class_="row"),
        tag("p", OTHERS, class_="note"),
        method="get",
        action="/events.csv",
    )
    command = " ".join(["dateline export --to html -o FOLDER", *_options(asked), "--ledger", shlex.quote(str(site.ledger.path))])
    return page(
        request,
        "Hand on",
        tag("h1", "Hand on this view"),
        lists.then(request, filters.as_of),
        tag("p", tag("b", events), ": ", tag("bdi", filters.words()), ". ", _back(request)),
        form,
        tag("h2", "As a folder of pages"),
        tag("p", "It opens in a browser without a server, and prints well. On the machine that has the ledger:"),
        tag("p", tag("code", command)),
        tag("p", "With ", tag("code", "--sensitive"), " names and exact places are hidden there too.", class_="note"),
        here="events",
    )


OTHERS = (
    "Forms of other data sets that cannot say that something was only planned, denied or alleged have what was told as a fact, and "
    "no more. Codes and numbers that are not known stay empty."
)


def _button(name: str, kind: str) -> Html:
    return tag("button", FORMATS[name].title, formaction=f"/events.{name}", class_=kind or None)


def _covered_already() -> Html:
    return tag("p", "Names of private people and exact places are hidden on this server, and in its files.", class_="note")


def _back(request: Request) -> Html:
    return tag("a", "Back to the events", href=lists.with_query(request, "/"))


def _options(asked: list[tuple[str, str]]) -> Iterator[str]:
    """The filters as options of the command line."""
    for name, value in asked:
        yield f"--{OPTIONS.get(name, name.replace('_', '-'))}={shlex.quote(value)}"


ROUTES = [Route("/share", share)]
