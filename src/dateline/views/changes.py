"""What changed in a page, on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from rich.console import Console
from rich.text import Text

from dateline.ledger.derived import VisitRow

MARKS = {"added": ("+", "green"), "removed": ("−", "red")}


class Changed(Protocol):
    """A paragraph in two versions: `kind` is "same", "added", "removed" or "changed"."""

    @property
    def kind(self) -> str: ...
    @property
    def earlier(self) -> str | None: ...
    @property
    def later(self) -> str | None: ...


def render_changes(
    address: str,
    versions: Sequence[tuple[str, datetime, Sequence[Changed] | None]],
    visits: Sequence[VisitRow],
    console: Console,
) -> None:
    """Each version with its paragraphs that are not as they were, and when the page was found taken down."""
    _say(console, address, "bold")
    gone = [(visit.fetched_at, visit) for visit in visits if visit.outcome in {"gone", "back"}]
    shown: list[tuple[datetime, int]] = [(moment, number) for number, (_, moment, _) in enumerate(versions)]
    shown += [(moment, -1 - number) for number, (moment, _) in enumerate(gone)]
    for moment, number in sorted(shown):
        if number < 0:
            visit = gone[-1 - number][1]
            said = (
                f"taken down (status {visit.status}); nothing of it is erased"
                if visit.outcome == "gone"
                else "there again as it was"
            )
            _say(console, f"\n{moment:%Y-%m-%d %H:%M} UTC  {said}", "yellow")
            continue
        document, _, changes = versions[number]
        what = "first version" if changes is None else _counted(changes)
        _say(console, f"\n{moment:%Y-%m-%d %H:%M} UTC  {document}  {what}", "bold")
        for change in changes or ():
            if change.kind in MARKS:
                mark, style = MARKS[change.kind]
                _say(console, f"  {mark} {change.later or change.earlier}", style)
            elif change.kind == "changed":
                _say(console, f"  − {change.earlier}", "red")
                _say(console, f"  + {change.later}", "green")


def _counted(changes: Sequence[Changed]) -> str:
    numbers = {kind: sum(change.kind == kind for change in changes) for kind in ("added", "removed", "changed")}
    return (
        ", ".join(f"{number:,} paragraph{'s' * (number != 1)} {kind}" for kind, number in numbers.items() if number)
        or "no paragraph changed"
    )


def _say(console: Console, words: str, style: str) -> None:
    console.print(Text(words, style=style), soft_wrap=True)
