"""Tables of other coders entered in ledgers of their own beside a ledger, row by row, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from dateline.coders.claims import LAYOUT, PassedOver, Read, coder_of, read_table
from dateline.knowledge.coders import Scheme
from dateline.ledger.derived import LinkRow
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger
from dateline.records import Coder, Judge, Judgement, JudgementKind, Problem

AT_ONCE = 2_000
"""Rows that are entered together."""


@dataclass(frozen=True)
class Taken:
    """What became of a table's rows: entered, there before, changed since (and entered, in place of what they were), of a kind that
    PLOVER does not count, by name, and not readable."""

    entered: int
    skipped: int
    changed: int
    passed_over: Mapping[str, int]
    failed: tuple[Problem, ...]

    @property
    def rows(self) -> int:
        """All rows of the table but empty ones."""
        return self.entered + self.skipped + sum(self.passed_over.values()) + len(self.failed)


def enter_table(
    ledger: Ledger,
    raw: bytes,
    file: str,
    scheme: Scheme,
    name: str,
    *,
    known_at: datetime,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Taken:
    """Enters the rows of a table as claims of the coder of that name; what is there already is left as it is.

    A row of an id that is there with other words is entered, and takes the place of the earlier one by a judgement. `on_rows` is
    told how many rows were read so far. Raises NoTableError for a file that is no table of the scheme.
    """
    coder = coder_of(scheme, name)
    entered = skipped = changed = rows = 0
    passed: Counter[str] = Counter()
    failed: list[Problem] = []
    for batch in _batches(read_table(raw, file, scheme, coder)):
        read = [one for one in batch if isinstance(one, tuple)]
        passed.update(one.name for one in batch if isinstance(one, PassedOver))
        failed += [one for one in batch if isinstance(one, Problem)]
        new, again, altered = _enter(ledger, read, coder, known_at)
        entered, skipped, changed = entered + new, skipped + again, changed + altered
        rows += len(batch)
        on_rows(rows)
    return Taken(entered, skipped, changed, dict(passed.most_common()), tuple(failed))


def _batches(rows: Iterable[Read | PassedOver | Problem]) -> Iterator[Sequence[Read | PassedOver | Problem]]:
    rows = iter(rows)
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


def _enter(ledger: Ledger, read: Sequence[Read], coder: Coder, known_at: datetime) -> tuple[int, int, int]:
    """How many were entered, were there, and took the place of an earlier row of their id."""
    if not read:
        return 0, 0, 0
    addresses = {report.address or "" for report, _ in read}
    before: dict[str, list[str]] = {}
    for row in ledger.documents_at(addresses):
        before.setdefault(row.address or "", []).append(row.document_id)
    added = ledger.add([coding for _, coding in read], [report for report, _ in read], coder=coder, known_at=known_at)
    changes = [
        (old, coding.claims[0].id)
        for report, coding in read
        if coding.document is not None and (old := before.get(report.address or "")) and coding.document.id not in old
    ]
    judged = _superseded(ledger, changes, known_at) if changes else 0
    return added.documents, len(added.skipped), judged


def _superseded(ledger: Ledger, changes: Sequence[tuple[list[str], str]], at: datetime) -> int:
    """Enters for each changed row that its claim takes the place of those of earlier rows of its id; how many rows that is."""
    log = Log(ledger.path)
    gone = {claim for j in log.judgements() if j.kind is JudgementKind.SUPERSEDED for claim in j.sides[0]}
    reason = "a later table has the row so"
    drafted, links = [], []
    for documents, now in changes:
        told = [claim.id for id in documents for claim in ledger.coding(id).claims]
        old = [claim for claim in told if claim not in gone and claim != now]
        if not old:
            continue
        by = Judge(BY, is_machine=True)
        drafted.append(Judgement("", JudgementKind.SUPERSEDED, by, at, sides=(tuple(old), (now,)), reason=reason))
        # One event told anew: so its figures show what they were, and no empty event stays behind.
        event = ledger.event_of(told[0])
        links += [LinkRow(claim, event, told[0], 1.0, BY) for claim in dict.fromkeys((*told, now))]
    if drafted:
        ledger.add_rows("links", links, by=BY, known_at=at)
        log.append(drafted)
    return len(drafted)


BY = f"import {LAYOUT}"
"""Who judges that a row took the place of another."""
