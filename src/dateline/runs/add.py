"""Reports into a ledger, a shard at a time, so that a run that was stopped goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime

from dateline.ledger.store import AddResult, Ledger
from dateline.records import Coder, Coding, Problem, Report
from dateline.runs.local import TIME_LIMIT, Found, LoadCoder, code_reports, unexpected

SHARD = 64
"""Reports a shard: at a fifth of a second each, what a crash can cost is some ten seconds' work."""

OnProgress = Callable[[str], None]
"""Is told the name of each report when it is done with: coded, skipped or failed."""


def add_reports(
    found: Iterable[Found],
    ledger: Ledger,
    load: LoadCoder,
    *,
    coder: Coder,
    now: Callable[[], datetime],
    workers: int = 1,
    shard: int = SHARD,
    time_limit: float = TIME_LIMIT,
    on_progress: OnProgress = lambda name: None,
) -> AddResult:
    """Codes what the ledger does not have and adds it; what was done, counted over all shards (`shard` is the last one's id).

    `failed` also holds the problems of reports that could not even be had; those are not in the ledger. `now` is asked for each
    shard's `known_at`. When the user interrupts, what has been coded is added before KeyboardInterrupt goes on its way.
    """
    run = _Run(ledger, coder, now, on_progress)
    try:
        with closing(code_reports(run.to_code(found), load, workers=workers, time_limit=time_limit)) as coded:
            for item, coding in coded:
                run.take(item, coding)
                if len(run.waiting) >= shard:
                    run.write()
    finally:  # also when interrupted, or when the disk that reports come from goes away
        run.write()
    return run.result()


@dataclass
class _Run:
    """What a run has done so far, and the codings that wait for their shard to be full."""

    ledger: Ledger
    coder: Coder
    now: Callable[[], datetime]
    on_progress: OnProgress
    kept: AddResult = field(default_factory=AddResult)
    skipped: list[str] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    waiting: list[tuple[Report, Coding]] = field(default_factory=list)

    def to_code(self, found: Iterable[Found]) -> Iterator[Found]:
        """What is found, less what the ledger has."""
        for item in found:
            if isinstance(item, Report) and self.ledger.is_coded(item, self.coder):
                self.skipped.append(item.name)
                self.on_progress(item.name)
            else:
                yield item

    def take(self, item: Found, coding: Coding) -> None:
        if isinstance(item, Report):
            self.waiting.append((item, coding))
        elif item.is_fatal:
            self.failed += coding.problems
        else:
            self.remarks += coding.problems
            return
        self.on_progress(coding.report)

    def write(self) -> None:
        waiting, self.waiting = self.waiting, []
        if waiting:
            done = self._keep(waiting)
            self.skipped += done.skipped
            self.failed += done.failed
            self.kept = _sum(self.kept, replace(done, skipped=(), failed=()))

    def result(self) -> AddResult:
        """All shards together. Names and problems are put in lists till then: of a million, each sum would copy all."""
        return replace(self.kept, skipped=tuple(self.skipped), failed=tuple(self.failed), remarks=tuple(self.remarks))

    def _keep(self, pairs: list[tuple[Report, Coding]]) -> AddResult:
        """Adds them as one shard. If one of them cannot be written, each by itself, and a Problem in that one's place."""
        try:
            return self._add(pairs)
        except OSError:  # a full disk is not a report's fault
            raise
        except Exception as fault:
            if len(pairs) == 1:
                report, _ = pairs[0]
                return self._add([(report, Coding(report.name, None, problems=(unexpected(fault, report.name, "keeping"),)))])
        result = AddResult()
        for pair in pairs:
            result = _sum(result, self._keep([pair]))
        return result

    def _add(self, pairs: list[tuple[Report, Coding]]) -> AddResult:
        reports, codings = [report for report, _ in pairs], [coding for _, coding in pairs]
        return self.ledger.add(codings, reports, coder=self.coder, known_at=self.now())


def _sum(one: AddResult, other: AddResult) -> AddResult:
    return AddResult(
        other.shard or one.shard,
        one.documents + other.documents,
        one.claims + other.claims,
        one.quotations + other.quotations,
        one.problems + other.problems,
        one.skipped + other.skipped,
        one.failed + other.failed,
    )
