"""What the caller says about all reports of a source, and how a source that could not be had is told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dateline.knowledge.reading import ReadingTables
from dateline.records import Problem


@dataclass(frozen=True)
class Given:
    """What holds for every report of a source. `publisher` and `published` go before what a report's own file says.

    `max_bytes` is the most one report may have, unpacked, and the longest line of a file of many.
    """

    tables: ReadingTables
    max_bytes: int
    publisher: str | None = None
    published: date | None = None


def refused(reason: str, name: str, message: str) -> Problem:
    """A fatal problem in the place of a report; the message completes "<name>: …"."""
    return Problem(stage="reading", reason=reason, message=f"{name}: {message}", report=name, is_fatal=True)


def remark(reason: str, name: str, message: str) -> Problem:
    """A problem that cost nothing: of the report of that name, which follows, or of a source as a whole."""
    return Problem(stage="reading", reason=reason, message=f"{name}: {message}", report=name)


def passed_over(name: str, counts: dict[str, int], what: str) -> Problem | None:
    """The remark that says how much of an archive holds no report, and why; nothing was passed over: None.

    `counts`: what it was, in the plural -> how many. `what`: what an archive is made of, in the plural.
    """
    if not counts:
        return None
    parts = ", ".join(f"{number:,} {kind}" for kind, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return remark("passed over", name, f"{sum(counts.values()):,} {what} hold no report and were passed over: {parts}")
