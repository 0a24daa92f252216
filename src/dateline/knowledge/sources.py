"""What a ledger is fed from: the users' own sources.yaml, checked as it is read (docs/sources.md says how to write one)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from dateline.knowledge.tables import parse_yaml

FILE_NAME = "sources.yaml"
"""The name under which a ledger's folder holds them."""

EVERY = timedelta(minutes=30)
"""How often a source is asked that does not say."""

LEAST = timedelta(minutes=1)

UNITS = {"minute": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}
SPAN = re.compile(r"(\d{1,4})\s*(minute|hour|day|week)s?", re.IGNORECASE)
NAME = re.compile(r"[\w.-]+")


class SourcesError(ValueError):
    """The file is not as it should be. `faults`: one sentence each, with line and source where there are any."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class SourceKind(StrEnum):
    """What is asked for. FEED: RSS, Atom, JSON Feed; SITEMAP: a sitemap or an index of them; LIST: a text, an address a line, at an
    address; PAGES: these very pages, again and again."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LIST = "list"
    PAGES = "pages"


@dataclass(frozen=True)
class Source:
    """Where reports come from. `addresses` is one, but for PAGES. `only` must be in the address of a report, if it is not empty.

    `revisit`: how long after it was fetched first a report is looked at again; none: only when its list says that it changed.
    """

    name: str
    kind: SourceKind
    addresses: tuple[str, ...]
    every: timedelta = EVERY
    publisher: str | None = None
    tags: tuple[str, ...] = ()
    only: str = ""
    revisit: tuple[timedelta, ...] = ()


@dataclass(frozen=True)
class Sources:
    """A file that has been read. `contact` is how publishers reach whoever runs this; nobody said: empty. `delay`: seconds between
    two requests to a host that does not say how long it wants; None: the usual."""

    sources: tuple[Source, ...]
    contact: str = ""
    delay: float | None = None


def read_sources(path: Path) -> Sources:
    """The file's sources. Raises SourcesError with all that is wrong in it, OSError when it cannot be read."""
    try:
        root, lines = parse_yaml(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise SourcesError((f"{path.name}: not UTF-8 (byte {fault.start + 1}); save it as UTF-8",)) from fault
    except yaml.YAMLError as fault:
        raise SourcesError((f"{path.name}: not YAML ({' '.join(str(fault).split())})",)) from fault
    reader = _Reader(path.name, lines)
    found = reader.file(root)
    if reader.faults:
        raise SourcesError(reader.faults)
    return found


Step = tuple[str | int, ...]


@dataclass
class _Reader:
    """Takes a file apart and notes what is wrong with it, so that all of it can be told at once."""

    name: str
    lines: Mapping[Step, int]
    faults: list[str] = field(default_factory=list)
    _source: str = ""

    def file(self, root: Any) -> Sources:
        if not isinstance(root, dict) or not isinstance(root.get("sources"), list):
            self._fault((), "expected a list of sources under `sources:`, each beginning with `- name:`")
            return Sources(())
        self._known(root, ("sources", "contact", "every", "revisit", "delay"), ())
        every = self._span(root["every"], ("every",)) if "every" in root else EVERY
        revisit = self._spans(root.get("revisit"), ("revisit",))
        sources = [self._one(value, ("sources", n), every, revisit) for n, value in enumerate(root["sources"])]
        self._source = ""
        names = [source.name for source in sources]
        for n, name in enumerate(names):
            if name in names[:n]:
                self._fault(("sources", n, "name"), f"another source is called {name!r} too; give each its own name")
        delay = root.get("delay")
        if delay is not None and (isinstance(delay, bool) or not isinstance(delay, int | float) or not 1 <= delay <= 60):
            self._fault(("delay",), f"{delay!r} is no number of seconds from 1 to 60")
            delay = None
        return Sources(tuple(sources), self._words(root.get("contact", ""), ("contact",)), delay)

    def _one(self, value: Any, at: Step, every: timedelta, revisit: tuple[timedelta, ...]) -> Source:
        if not isinstance(value, dict):
            self._fault(at, "expected `name:`, and one of `feed:`, `sitemap:`, `list:`, `pages:`")
            return Source("", SourceKind.FEED, ())
        self._source = str(value.get("name", ""))
        kinds = [kind for kind in SourceKind if kind.value in value]
        self._known(value, ("name", "every", "publisher", "tags", "only", "revisit", *SourceKind), at)
        if not NAME.fullmatch(self._source):
            self._fault((*at, "name"), f"{self._source!r} is no name; use letters, digits, points and hyphens, as the-paper")
        if len(kinds) != 1:
            said = "more than one" if kinds else "none"
            self._fault(at, f"has {said} of `feed:`, `sitemap:`, `list:` and `pages:`; a source is exactly one of them")
        kind = kinds[0] if kinds else SourceKind.FEED
        return Source(
            name=self._source,
            kind=kind,
            addresses=self._addresses(value.get(kind.value), (*at, kind.value), kind) if kinds else (),
            every=self._span(value["every"], (*at, "every")) if "every" in value else every,
            publisher=self._words(value["publisher"], (*at, "publisher")) if value.get("publisher") else None,
            tags=tuple(self._words(tag, (*at, "tags")) for tag in _listed(value.get("tags"))),
            only=self._words(value.get("only", ""), (*at, "only")),
            revisit=self._spans(value["revisit"], (*at, "revisit")) if "revisit" in value else revisit,
        )

    def _addresses(self, value: Any, at: Step, kind: SourceKind) -> tuple[str, ...]:
        given = _listed(value) if kind is SourceKind.PAGES else [value]
        for one in given:
            if not isinstance(one, str) or not one.startswith(("http://", "https://")):
                self._fault(at, f"{one!r} is no address; write it whole, as https://example.org/feed.xml")
        return tuple(str(one) for one in given)

    def _spans(self, value: Any, at: Step) -> tuple[timedelta, ...]:
        return tuple(sorted(self._span(part, at) for part in _listed(value)))

    def _span(self, value: Any, at: Step) -> timedelta:
        match = SPAN.fullmatch(str(value).strip())
        span = timedelta(minutes=int(match[1]) * UNITS[match[2].lower()]) if match else timedelta(0)
        if span < LEAST:
            self._fault(at, f"{value!r} is no span of time; write it as 15 minutes, 6 hours, 1 day or 2 weeks, at least a minute")
            return EVERY
        return span

    def _words(self, value: Any, at: Step) -> str:
        if isinstance(value, dict | list):
            self._fault(at, f"expected words, not {value!r}")
        return str(value).strip()

    def _known(self, value: Mapping[Any, Any], known: Sequence[str], at: Step) -> None:
        for name in value:
            if name not in known:
                like = difflib.get_close_matches(str(name), known, 1)
                hint = f"; did you mean “{like[0]}”?" if like else ""
                self._fault((*at, str(name)), f"unknown key {name!r}{hint}; there are {', '.join(known)}")

    def _fault(self, at: Step, message: str) -> None:
        line = next((self.lines[at[:end]] for end in range(len(at), -1, -1) if at[:end] in self.lines), None)
        where = f"{self.name}, line {line}" if line is not None else self.name
        self.faults.append(f"{where}{f', source {self._source}' if self._source else ''}: {message}")


def _listed(value: Any) -> list[Any]:
    """Several as a list, or as words with commas between; nothing: an empty list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [part.strip() for part in str(value).split(",") if part.strip()]


def in_words(span: timedelta) -> str:
    """The span as it is written: "15 minutes", "1 day"."""
    minutes = int(span.total_seconds() // 60)
    unit = next(unit for unit in reversed(UNITS) if minutes % UNITS[unit] == 0)
    number = minutes // UNITS[unit]
    return f"{number} {unit}{'s' * (number != 1)}"
