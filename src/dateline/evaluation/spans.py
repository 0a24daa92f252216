"""Where words stand in the file that a text was read from: what hand coding and ours can be compared by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dateline.records import Document, Span

FOLDED = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\n": " ", "\t": " ", "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-"}
)
"""Signs that hand codings write one for another; each is one letter for one, so that places stay."""


@dataclass(frozen=True)
class FileOffsets:
    """From spans of a document's text to code points of the file it was read from, line ends as one letter."""

    document: Document
    raw: bytes

    def of(self, span: Span) -> Span | None:
        """The span in the file; words that are not in the file (a title that was given): None."""
        at = self.document.offsets.to_bytes(span)
        if at is None:
            return None
        start, end = (self._code_points(byte) for byte in at)
        return Span(start, end) if start < end else None

    def _code_points(self, byte: int) -> int:
        return len(self.raw[:byte].decode(self.document.encoding, errors="ignore").replace("\r\n", "\n"))


def places_of(words: str, text: str) -> tuple[Span, ...]:
    """Every place where the words stand in the text, quotation marks, dashes and spaces of any kind taken for one another."""
    needle = words.translate(FOLDED)
    if not needle.strip():
        return ()
    found = re.finditer(re.escape(needle), text.translate(FOLDED))
    return tuple(Span(match.start(), match.end()) for match in found)
