"""One text at a time: what it says happened, without a ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from dateline.api.asking import day_of
from dateline.records import Coder, Coding, Report
from dateline.runs.coder import coder_version, load_coder
from dateline.runs.local import CodeReport, code_safely

PLAIN = "text/plain; charset=utf-8"
"""What a text of Python's is when it is handed in as a report."""


@dataclass(frozen=True)
class TextCoder:
    """Knowledge and models, loaded, that code any number of texts in this process. `version` is what every claim says coded it.

    A copy is the same one, and another process that is handed it loads its own: what is in memory cannot be sent.
    """

    version: Coder
    _actors: Path | None
    _code: CodeReport

    def __deepcopy__(self, memo: object) -> TextCoder:
        return self

    def __reduce__(self) -> tuple[Callable[[Path | None], TextCoder], tuple[Path | None]]:
        return _loaded, (self._actors,)

    def __repr__(self) -> str:
        return f"TextCoder({self.version.program} / {self.version.model} / {self.version.knowledge})"

    def code(
        self,
        text: str,
        *,
        published: date | str | None = None,
        publisher: str | None = None,
        title: str | None = None,
        address: str | None = None,
    ) -> Coding:
        """What the text says happened, read in this process. `published` is the day that "yesterday" counts from, as a date or
        "2020-08-18".

        Nothing is raised for any text: what could not be done is in `problems`, and `document` is None where the text could not be
        read at all. Raises ValueError for a `published` that is no day.
        """
        day = day_of("published", published)
        raw = bytes_of(text)
        report = Report("text", raw, PLAIN, address, publisher=publisher, published=day, title=title)
        return self.code_report(report)

    def code_report(self, report: Report) -> Coding:
        """The same for a report of any form: a saved page, bytes of unknown encoding."""
        return code_safely(self._code, report)


def bytes_of(text: str) -> bytes:
    """The bytes of a text as a report; half a surrogate pair is no letter, and becomes a question mark."""
    return text.encode("utf-8", "replace")


def coder(*, actors: Path | str | None = None) -> TextCoder:
    """Loads knowledge and models, which takes about a second. `actors`: a table of your own actors (docs/actors.md).

    Raises MissingModelError when there is no model, OwnActorsError when that table is not as it should be.
    """
    return _loaded(Path(actors) if actors is not None else None)


def _loaded(actors: Path | None) -> TextCoder:
    return TextCoder(coder_version(actors), actors, load_coder(actors))


@cache
def _usual() -> TextCoder:
    """The coder of `code`. It is kept for the process: it has no settings and never changes, so nobody can tell whether it was
    loaded before, but by the time it takes. Tests forget it with `_usual.cache_clear()`."""
    return coder()


def code(text: str, *, published: date | str | None = None, publisher: str | None = None, title: str | None = None) -> Coding:
    """What the text says happened, as `TextCoder.code` gives it; the first call loads the models, which takes about a second."""
    return _usual().code(text, published=published, publisher=publisher, title=title)
