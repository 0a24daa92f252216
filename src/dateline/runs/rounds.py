"""A run on an engine of other machines: reports handed over in rounds, and their codings in the order the reports came.

An engine is what takes the batches of a round (stage.py) and gives them back coded, in whatever order. Rounds bound what is in
memory here: while one is out no report of the next is read.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from dateline.records import Coding, Problem, Report
from dateline.runs.local import Found, as_text, coding_of, with_remarks
from dateline.runs.stage import BATCH, batch_of, codings_of

if TYPE_CHECKING:
    import pyarrow as pa

CodeRound = Callable[[Sequence["pa.Table"]], Iterator["pa.Table"]]
"""Batches of reports to batches of their codings, each as soon as it is done; in which order makes no difference."""


class MissingEngineError(Exception):
    """The engine's library is not installed; the message has the command that installs it."""


class EngineError(Exception):
    """The engine gave up, or did not give back what it was given; what it gave before that is kept."""


def code_in_rounds(found: Iterable[Found], code_round: CodeRound, size: int) -> Generator[tuple[Found, Coding]]:
    """Each report with its coding, in the order they came, as `code_reports` gives them; `size`: reports of a round.

    Nothing to code: the engine is not called. Raises EngineError when a round comes back with codings missing or too many.
    """
    yield from with_remarks(_each(map(as_text, found), code_round, size))


def _each(found: Iterator[Found], code_round: CodeRound, size: int) -> Generator[tuple[Found, Coding]]:
    while items := list(islice(found, size)):
        numbered = [(position, item) for position, item in enumerate(items) if isinstance(item, Report)]
        done = {position: coding_of(item) for position, item in enumerate(items) if isinstance(item, Problem)}
        batches = [batch_of(numbered[start : start + BATCH]) for start in range(0, len(numbered), BATCH)]
        place = 0
        for coded in code_round(batches) if batches else ():
            for position, coding in codings_of(coded):
                if position in done or not 0 <= position < len(items):
                    raise EngineError(f"the engine gave a coding that was not asked for, of {coding.report!r}")
                done[position] = coding
            while place in done:
                yield items[place], done.pop(place)
                place += 1
        while place in done:
            yield items[place], done.pop(place)
            place += 1
        if place < len(items):
            raise EngineError(f"the engine left {len(items) - place - len(done):,} reports of a round uncoded; run it again")
