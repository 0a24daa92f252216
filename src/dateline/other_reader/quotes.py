"""Where quoted words stand in a text. What does not stand there was made up, and what stands there twice could be either."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dateline.records import Span

FOLDED = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "\u00a0": " ", "\n": " "}
)
"""Letters that models write otherwise than papers do, each one for one, so that offsets stay what they are."""


class QuoteError(ValueError):
    """A quote cannot be put in its place. `reason` is a Problem's short code."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Words:
    """The paragraphs that were sent, to be searched: what stands in the document beside them was not read."""

    text: str
    paragraphs: tuple[Span, ...]

    @classmethod
    def of(cls, text: str, paragraphs: Sequence[Span]) -> Words:
        return cls(text.translate(FOLDED), tuple(paragraphs))

    def find(self, quote: str, within: Span | None = None) -> list[Span]:
        """Every place where the quote stands as whole words, in order; nowhere: an empty list."""
        sought = quote.translate(FOLDED).strip()
        if not sought:
            return []
        places = list(self.paragraphs) if within is None else [within]
        return [found for place in places for found in self._in(sought, place)]

    def _in(self, sought: str, place: Span) -> Iterator[Span]:
        start = self.text.find(sought, place.start, place.end)
        while start >= 0:
            span = Span(start, start + len(sought))
            if self._is_whole(span):
                yield span
            start = self.text.find(sought, start + 1, place.end)

    def _is_whole(self, span: Span) -> bool:
        """Whether no word is cut at either end: "man" does not stand in "woman"."""
        before, after = self.text[span.start - 1 : span.start], self.text[span.end : span.end + 1]
        first, last = self.text[span.start], self.text[span.end - 1]
        return not (first.isalnum() and before.isalnum()) and not (last.isalnum() and after.isalnum())

    def only(self, quote: str, what: str, within: Span | None = None) -> Span:
        """The one place of the quote. Raises QuoteError: "quote not in text", "ambiguous quote"."""
        found = self.find(quote, within)
        if not found:
            where = "the evidence" if within else "the text"
            raise QuoteError("quote not in text", f"its {what} is {shown(quote)}, which does not stand in {where}")
        if len(found) > 1:
            raise QuoteError("ambiguous quote", f"its {what} is {shown(quote)}, which stands there {len(found)} times")
        return found[0]

    def nearest(self, quote: str, what: str, scopes: Sequence[Span], trigger: Span) -> Span:
        """The place of the quote nearest to the trigger in the first of the scopes that has it; or else the only one elsewhere.

        Raises QuoteError.
        """
        for scope in scopes:
            inside = sorted((_gap(span, trigger), span) for span in self.find(quote, scope))
            if len(inside) > 1 and inside[0][0] == inside[1][0]:
                raise QuoteError("ambiguous quote", f"its {what} is {shown(quote)}, which stands twice as near to the trigger")
            if inside:
                return inside[0][1]
        return self.only(quote, what)


def _gap(one: Span, other: Span) -> int:
    return max(0, max(one.start, other.start) - min(one.end, other.end))


def shown(quote: str) -> str:
    """The beginning of a quote, as a message has it."""
    return repr(quote if len(quote) <= 80 else f"{quote[:79]}…")
