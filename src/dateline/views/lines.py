"""Words on a terminal: folded at its width, indented, beside a label; what a report says never drives it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from dateline.views.wording import shown

INDENT = 4


def flat(words: str) -> str:
    """The words on one line."""
    return shown(words).replace("\n", " ").replace("\t", " ")


def indented(words: Text, console: Console) -> None:
    """Prints the words folded and indented."""
    lines(words, console, INDENT)


def lines(words: Text, console: Console, indent: int = 0, first: Text | None = None) -> None:
    """Prints the words folded at the console's width, every line indented, `first` before the first, no blanks at the ends."""
    head = first or Text(" " * indent)
    for line in words.wrap(console, max(20, console.width - indent)):
        line.rstrip()
        console.print(Text.assemble(head, line), soft_wrap=True)
        head = Text(" " * indent)


def fields(rows: Sequence[tuple[str, Text]], console: Console) -> None:
    """Prints a label and its words for each row that has words."""
    for label, words in rows:
        if words.plain:
            lines(words, console, INDENT + 9, Text.assemble(" " * INDENT, (f"{label:<9}", "dim")))


def shortest(ids: set[str], least: int = 8) -> int:
    """To how many letters the ids can be cut and still differ. No ids: ValueError."""
    longest = max(map(len, ids))
    return next((length for length in range(least, longest) if len({name[:length] for name in ids}) == len(ids)), longest)
