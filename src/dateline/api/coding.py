"""One text at a time: what it says happened, without a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from dateline.api.asking import day_of
from dateline.records import Coder, Coding, Report
from dateline.runs.coder import coder_version, load_coder
from dateline.runs.local import CodeReport, code_safely


@dataclass(frozen=True)
class TextCoder:
    """Knowledge and models, loaded, that code any number of texts in this process. `version` is what every claim says coded it."""

    version: Coder
    _code: CodeReport

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
        """What the text says happened. `published` is the day that "yesterday" counts from, a date or "2020-08-18".

        Nothing is raised for any text: what could not be done is in `problems`, and `document` is None where the text could not be
        read at all. Raises ValueError for a `published` that is no day.
        """
        day = day_of("published", published)
        raw = text.encode("utf-8", "replace")  # half a surrogate pair is no letter
        report = Report("text", raw, "text/plain", address, publisher=publisher, published=day, title=title)
        return self.code_report(report)

    def code_report(self, report: Report) -> Coding:
        """The same for a report of any form: a saved page, bytes of unknown encoding."""
        return code_safely(self._code, report)


def coder(*, actors: Path | str | None = None) -> TextCoder:
    """Loads knowledge and models, which takes about a second. `actors`: a table of your own actors (docs/actors.md).

    Raises MissingModelError when there is no model, OwnActorsError when that table is not as it should be.
    """
    own = Path(actors) if actors is not None else None
    return TextCoder(coder_version(own), load_coder(own))


@cache
def _usual() -> TextCoder:
    """The coder of `code`. It is kept for the process: it has no settings and never changes, so nobody can tell whether it was
    loaded before, but by the time it takes. Tests forget it with `_usual.cache_clear()`."""
    return coder()


def code(text: str, *, published: date | str | None = None, publisher: str | None = None, title: str | None = None) -> Coding:
    """What the text says happened, as `TextCoder.code` gives it; the first call loads the models, which takes about a second."""
    return _usual().code(text, published=published, publisher=publisher, title=title)
