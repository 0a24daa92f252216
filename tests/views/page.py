"""A page read back: its elements, their attributes and their text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "input", "br", "img", "link", "base"})


@dataclass
class Element:
    name: str
    attributes: dict[str, str]
    parts: list[Element | str] = field(default_factory=list)

    def text(self, *, without: str | None = None) -> str:
        """All the text below, leaving out elements of a class."""
        return "".join(
            part if isinstance(part, str) else "" if without in part.classes() else part.text(without=without)
            for part in self.parts
        )

    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, name: str | None = None, class_: str | None = None) -> list[Element]:
        """Every element below, in order, of that name and class."""
        below = [part for part in self.parts if isinstance(part, Element)]
        found = []
        for element in below:
            if (name is None or element.name == name) and (class_ is None or class_ in element.classes()):
                found.append(element)
            found += element.all(name, class_)
        return found

    def by_id(self, id_: str) -> Element:
        (found,) = (element for element in self.all() if element.attributes.get("id") == id_)
        return found


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].parts.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.name == tag, f"</{tag}> closes <{closed.name}>"

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def read(page: str) -> Element:
    """The page's root. Fails on an element that is not closed in order."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert len(reader.open) == 1, f"never closed: {[element.name for element in reader.open[1:]]}"
    return reader.open[0]
