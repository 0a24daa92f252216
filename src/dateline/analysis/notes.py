"""What must be read beside a result: what it leaves out, and what its numbers rest on. The same under a table and a plot."""

from __future__ import annotations

from collections.abc import Sequence


def several(number: int, one: str, many: str | None = None) -> str:
    """ "1 event", "2 events", "1,200 witnesses"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def aside_in_words(set_aside: Sequence[tuple[str, int]]) -> list[str]:
    """Chosen events that are not counted; none: nothing."""
    if not set_aside:
        return []
    return [f"Not counted, since no report asserts them: {', '.join(f'{n:,} {status}' for status, n in set_aside)}."]


def in_figures(low: float | None, high: float | None) -> str:
    """Bounds in few signs, for axes and tables: "7", "3–5", "40+"; nothing told: "–"."""
    if low is None:
        return "–"
    if high is None:
        return f"{short(low)}+"
    return short(low) if low == high else f"{short(low)}–{short(high)}"


def short(number: float) -> str:
    """The number with commas, no more than two decimals, and no needless nought."""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.2f}".rstrip("0")
