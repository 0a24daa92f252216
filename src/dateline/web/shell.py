"""The frame of every page: masthead, ways to the other pages, keys, and where scripts put what they have to say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from dateline.views.markup import Html, Part, tag
from dateline.web.assets import Assets
from dateline.web.guard import token_of
from dateline.web.people import reviewer_of

PAGES = (
    ("events", "Events", "/"),
    ("tallies", "Tallies", "/tallies"),
    ("review", "Review", "/review"),
    ("documents", "Documents", "/documents"),
    ("actors", "Actors", "/actors"),
    ("watch", "Watch", "/watch"),
    ("quality", "Quality", "/quality"),
    ("audit", "Audit", "/audit"),
)
"""The pages that every page leads to: name, words, address."""

THEMES = ("light", "dark")


def page(
    request: Request,
    title: str,
    *body: Part,
    here: str = "",
    islands: Sequence[str] = (),
    styles: Sequence[str] = (),
    data: Any = None,
    wide: bool = False,
    status: int = 200,
    bare: bool = False,
    again_in: int | None = None,
) -> HTMLResponse:
    """A whole page. `here` names the one of PAGES that it belongs to; `islands` are scripts of static/build that it runs, and
    `styles` sheets of static/ beside the one that all pages have.

    `data` is what the islands read, as JSON (`island_data` in page/src/data.ts). `wide` uses all of the window. `bare` leads to no
    other page: they are shut. `again_in`: seconds after which a browser without script asks for it once more.
    """
    theme = request.cookies.get("theme", "")
    assets: Assets = request.app.state.assets
    # Scripts are built apart (page/): where they were not, pages do without them, and ask for nothing that is not there.
    scripts = [assets.address(f"build/{name}.js") for name in ("shell", *islands)]
    kept = Html(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")) if data is not None else None
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="csrf-token", content=token_of(request)),
        tag("title", f"{title} – Dateline"),
        tag("noscript", tag("meta", http_equiv="refresh", content=str(again_in))) if again_in is not None else None,
        *(tag("link", rel="stylesheet", href=assets.address(f"{name}.css")) for name in ("site", *styles)),
        tag("link", rel="icon", href=assets.address("icon.svg")),
        tag("link", rel="alternate", type="application/atom+xml", title="New and changed events", href="/feed.atom"),
        *(tag("script", src=address, type="module") for address in scripts if address is not None),
    )
    content = tag(
        "body",
        tag("a", "Skip to the content", class_="skip", href="#content"),
        _masthead(request, here, bare),
        tag("main", *body, id="content", tabindex=-1, class_="wide" if wide else None),
        tag("p", class_="unseen", id="live", role="status", aria_live="polite"),
        tag("script", kept, type="application/json", id="data") if kept is not None else None,
    )
    document = tag("html", head, content, lang="en", data_theme=theme if theme in THEMES else None)
    return HTMLResponse(f"<!doctype html>\n{document}\n", status)


def problem(request: Request, status: int, title: str, *words: Part, here: str = "") -> HTMLResponse:
    """A page that says what went wrong and what to do."""
    return page(request, title, tag("h1", title), tag("p", *words), here=here, status=status)


def _masthead(request: Request, here: str, bare: bool) -> Html:
    links = (
        tag("li", tag("a", words, href=address, aria_current="page" if name == here else None)) for name, words, address in PAGES
    )
    return tag(
        "header",
        tag("a", "Dateline", class_="brand", href="/"),
        None if bare else tag("nav", tag("ul", *links), aria_label="Pages"),
        tag(
            "p",
            tag("span", "Names and exact places are hidden", class_="note") if _is_sensitive(request) else None,
            tag("button", "Keys", type="button", id="show-keys", aria_haspopup="dialog", class_="needs-script"),
            tag("button", "Theme", type="button", id="theme", class_="needs-script"),
            None if bare else _who(request, here),
            class_="tools",
        ),
        class_="mast",
    )


def _is_sensitive(request: Request) -> bool:
    is_hidden: bool = request.app.state.site.options.is_sensitive
    return is_hidden


def _who(request: Request, here: str) -> Html:
    """The way to where one says who one is, under one's name if one has."""
    name = reviewer_of(request)
    words = ("You: ", tag("bdi", name)) if name else ("Who are you?",)
    return tag("a", *words, href="/you", class_="button who", aria_current="page" if here == "you" else None)
