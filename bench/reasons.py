"""Why a sentence was not coded as it should be, for the error listings of the benchmarks."""

from __future__ import annotations

from collections.abc import Iterable

from dateline.records import Outcome, Span, Weighed
from dateline.views.explanation import why


def reasons(weighed: Iterable[Weighed], within: Span | None = None, types: Iterable[str] | None = None) -> list[str]:
    """A line an entry, "word: entry: what it lacked or lost to"; of the words within a span and the types asked for, or of all.

    `weighed` are `dateline.pipeline.weigh_report`'s, offsets in code points of the document. No word that the lexicon has: one
    line that says so.
    """
    prefixes = None if types is None else tuple(f"{t.lower()}." for t in types)
    lines = [
        f"{w.words}: {w.rule}: {why(w)}"
        for w in weighed
        if w.outcome is not Outcome.OUTDONE
        and (within is None or within.contains(w.trigger))
        and (prefixes is None or w.rule.startswith(prefixes))
    ]
    return lines or ["no word of it is in the lexicon" if prefixes is None else "no word of it is in the lexicon for these types"]
