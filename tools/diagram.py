"""The rooms of the package as a picture and a table: the path of a report, and who imports whom, read from the package itself.

python -m tools.diagram > rooms.svg
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "dateline"

PATH = ("ingest", "language", "mentions", "events", "claims", "ledger", "web")
"""The rooms that a report goes through, in order; what each hands on stands in PASSED."""
PASSED = ("report", "document", "sentences", "mentions", "event mentions", "claims", "events", "page, files, tables")
UNDER = (("knowledge", 0, 4), ("linking", 5, 5), ("watching", 6, 6))
"""Rooms below the path, each with the first and the last room of the path that it stands under."""
IMPORT = re.compile(r"^ *from dateline(?:\.(\w+)[\w.]*)? import (.+)$", re.MULTILINE)
OVER = (("pipeline", 0, 4), ("runs", 5, 5), ("cli", 6, 6))
BOX, GAP, HIGH = 96, 34, 34


def rooms() -> list[str]:
    """The rooms of the package, in order of their names."""
    found = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")}
    return sorted(room for room in found if not room.startswith("__"))


def imports() -> dict[str, set[str]]:
    """For each room the other rooms that any module of it imports."""
    known = set(rooms())
    found: dict[str, set[str]] = {room: set() for room in known}
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room in known:
            found[room] |= {name for name in _imported(path) if name in known} - {room}
    return found


def _imported(path: Path) -> Iterator[str]:
    for room, names in IMPORT.findall(path.read_text(encoding="utf-8")):
        yield from [room] if room else re.findall(r"\w+", names)


def picture() -> str:
    """The path as SVG, in the colour of the text around it; no script, no font of its own."""
    wide, high = len(PATH) * (BOX + GAP) + 110, 190
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" font-family="sans-serif" font-size="13">',
        "<title>The path of a report through the rooms of Dateline</title>",
        '<g fill="none" stroke="currentColor" stroke-width="1.2">',
    ]
    row = 78
    starts = [70 + number * (BOX + GAP) for number in range(len(PATH))]
    boxes = [(name, starts[number], row, BOX) for number, name in enumerate(PATH)]
    for line, placed in ((18, OVER), (138, UNDER)):
        boxes += [(name, starts[first], line, starts[last] + BOX - starts[first]) for name, first, last in placed]
    drawn += [f'<rect x="{x}" y="{y}" width="{width}" height="{HIGH}" rx="4"/>' for _, x, y, width in boxes]
    ends = [start - GAP for start in starts] + [starts[-1] + BOX]
    drawn += [f'<path d="M{x + 3} {row + 17}h{GAP - 8}m-6 -4l6 4l-6 4"/>' for x in ends]
    drawn.append('</g><g fill="currentColor" text-anchor="middle">')
    drawn += [f'<text x="{x + width / 2}" y="{y + 22}">{escape(name)}</text>' for name, x, y, width in boxes]
    drawn.append('</g><g fill="currentColor" text-anchor="middle" font-size="10">')
    drawn += [f'<text x="{x + GAP / 2}" y="{row + (-8 if n % 2 else 50)}">{escape(PASSED[n])}</text>' for n, x in enumerate(ends)]
    return "\n".join([*drawn, "</g></svg>"]) + "\n"


def table() -> str:
    """Who imports whom, as Markdown."""
    rows = [
        f"| `{room}` | {', '.join(f'`{name}`' for name in sorted(known)) or '–'} |" for room, known in sorted(imports().items())
    ]
    return "\n".join(["| room | imports |", "|---|---|", *rows]) + "\n"


if __name__ == "__main__":
    print(picture(), end="")
