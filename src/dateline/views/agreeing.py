"""How far two people agree, in words and lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline.ledger.agreement import ENOUGH, Agreement
from dateline.ledger.corrections import COUNTS

MEANING = "1: they always agree; 0: as often as chance would have it"


def alpha_in_words(found: Agreement) -> str:
    """Alpha with its interval: "0.82 (0.64 to 0.94)"; where it cannot be told, why not."""
    if found.alpha is None:
        return "not to be told: every answer is the same"
    if found.low is None or found.high is None:
        return f"{found.alpha:.2f} (no interval: fewer than {ENOUGH} pairs)"
    return f"{found.alpha:.2f} ({found.low:.2f} to {found.high:.2f})"


def field_in_words(found: Agreement) -> str:
    return found.field.removeprefix(COUNTS)


def agreement_lines(found: Sequence[Agreement]) -> Iterator[str]:
    """A line a field: pairs of answers, how many are alike, alpha with its interval, and how values are compared."""
    yield f"{'field':<14} {'pairs':>6} {'alike':>6}  alpha ({MEANING})"
    for one in found:
        yield f"{field_in_words(one):<14} {one.units:>6,} {one.alike:>6,}  {alpha_in_words(one)}, {one.metric}"
