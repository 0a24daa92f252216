"""HTML and SVG built from values, never from strings: whatever is not already `Html` is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from dateline.views.wording import shown


class Html(str):
    """Markup that we made. A plain str is somebody's text and is escaped wherever it is put."""

    __slots__ = ()


Part = str | Html | None
EMPTY = frozenset({"meta", "input", "br"})
CLOSED = frozenset({"line", "rect", "circle", "path"})
"""SVG's empty elements must be closed, HTML's must not be."""

NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*\Z")


def text(part: Part) -> Html:
    """The part as markup: our own unchanged, text escaped and its control characters made visible, None nothing."""
    if part is None:
        return Html("")
    return part if isinstance(part, Html) else Html(escape(shown(part)))


def join(parts: Iterable[Part], by: str = "") -> Html:
    """The parts one after another."""
    return Html(escape(by).join(text(part) for part in parts))


def tag(name: str, /, *parts: Part, **attributes: str | int | float | bool | None) -> Html:
    """An element. `class_` is class, `data_key` is data-key, `viewBox` is kept; True stands alone; None and False are left out."""
    written = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None and value is not False)
    if name in EMPTY or name in CLOSED:
        return Html(f"<{name}{written}/>" if name in CLOSED else f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(parts)}</{name}>")


def scrolling(label: str, *parts: Part) -> Html:
    """What may be wider than the window: it scrolls by itself, by keys as well."""
    return tag("div", *parts, class_="scroll", tabindex=0, role="group", aria_label=label)


def _attribute(key: str, value: str | int | float | bool) -> str:
    name = key.rstrip("_").replace("_", "-")
    if not NAME.match(name) or name.startswith("on"):
        raise ValueError(f"not an attribute we write: {name!r}")
    return f" {name}" if value is True else f' {name}="{escape(shown(str(value)))}"'
