"""Reports into a ledger, a shard at a time, so that a run that was stopped goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from dateline.knowledge.gate import PASSED_OVER
from dateline.ledger.store import AddResult, Ledger
from dateline.records import Coder, Coding, Problem, Report
from dateline.runs.local import TIME_LIMIT, Found, LoadCoder, as_text, code_reports, unkept, written

SHARD = 64
"""Reports a shard: at a fifth of a second each, what a crash can cost is some ten seconds' work."""


class Engine(Protocol):
    """What codes the reports of a run, in processes of this machine (`code_reports`) or on other machines (`code_on_ray`,
    `code_on_spark`): each with its coding, in the order they came. So the ledger's bytes do not tell which engine it was."""

    def __call__(
        self, found: Iterable[Found], load: LoadCoder, *, workers: int, time_limit: float
    ) -> Generator[tuple[Found, Coding]]: ...


OnProgress = Callable[[str], None]
"""Is told the name of each report when it is done with: coded, skipped or failed."""

IsWanted = Callable[[Report, Coding], bool]
"""Says of a report that was coded whether it is to be entered: of some it shows only then that they bring nothing."""


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
    engine: Engine = code_reports,
    gate: Coder | None = None,
    on_progress: OnProgress = lambda name: None,
    is_wanted: IsWanted = lambda report, coding: True,
) -> AddResult:
    """Codes what the ledger does not have and adds it; what was done, counted over all shards (`shard` is the last one's id).

    `failed` also holds the problems of reports that could not even be had; those are not in the ledger. `now` is asked for each
    shard's `known_at`. `gate` is what reports are coded with that `load`'s coder passes over. When the user interrupts, what has
    been coded is added before KeyboardInterrupt goes on its way.
    """
    run = _Run(ledger, coder, gate, now, on_progress, is_wanted)
    try:
        with closing(engine(run.to_code(found), load, workers=workers, time_limit=time_limit)) as coded:
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
    gate: Coder | None
    now: Callable[[], datetime]
    on_progress: OnProgress
    is_wanted: IsWanted
    kept: AddResult = field(default_factory=AddResult)
    skipped: list[str] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    waiting: list[tuple[Report, Coding]] = field(default_factory=list)

    def to_code(self, found: Iterable[Found]) -> Iterator[Found]:
        """What is found, less what the ledger has."""
        for item in map(as_text, found):
            if isinstance(item, Report) and any(self.ledger.is_coded(item, coder) for coder in (self.coder, self.gate) if coder):
                self.skipped.append(item.name)
                self.on_progress(item.name)
            else:
                yield item

    def take(self, item: Found, coding: Coding) -> None:
        if isinstance(item, Report):
            self.waiting += [(item, coding)] if self.is_wanted(item, coding) else []
        elif item.is_fatal:
            self.failed += coding.problems
        else:
            self.remarks += coding.problems
            return
        self.on_progress(coding.report)

    def write(self) -> None:
        waiting, self.waiting = self.waiting, []
        if waiting:
            read = [pair for pair in waiting if self.gate is None or not _is_passed_over(pair[1])]
            passed = [pair for pair in waiting if self.gate is not None and _is_passed_over(pair[1])]
            if read:
                self._count(self._keep(read, self.coder))
            if passed and self.gate is not None:
                self._count(replace(self._keep(passed, self.gate), passed_over=len(passed)))

    def _count(self, done: AddResult) -> None:
        self.skipped += done.skipped
        self.failed += done.failed
        self.kept = summed(self.kept, replace(done, skipped=(), failed=()))

    def result(self) -> AddResult:
        """All shards together. Names and problems are in lists till then: each sum would copy all of a million."""
        return replace(self.kept, skipped=tuple(self.skipped), failed=tuple(self.failed), remarks=tuple(self.remarks))

    def _keep(self, pairs: list[tuple[Report, Coding]], coder: Coder) -> AddResult:
        """Adds them as one shard, with a Problem in the place of one that cannot be written. If it is something else in one of them
        that the ledger cannot take, each is added by itself."""
        try:
            return self._add(pairs, coder)
        except OSError:  # a full disk is not a report's fault
            raise
        except Exception as fault:
            if len(pairs) == 1:
                report, coding = pairs[0]
                return self._add([(report, unkept(coding, fault))], coder)
        mended = [(report, written(coding)[0]) for report, coding in pairs]
        if any(new is not old for (_, new), (_, old) in zip(mended, pairs, strict=True)):
            return self._keep(mended, coder)
        result = AddResult()
        for pair in pairs:
            result = summed(result, self._keep([pair], coder))
        return result

    def _add(self, pairs: list[tuple[Report, Coding]], coder: Coder) -> AddResult:
        reports, codings = [report for report, _ in pairs], [coding for _, coding in pairs]
        return self.ledger.add(codings, reports, coder=coder, known_at=self.now())


def _is_passed_over(coding: Coding) -> bool:
    return any(problem.reason == PASSED_OVER for problem in coding.problems)


def summed(one: AddResult, other: AddResult) -> AddResult:
    """What two runs did, one after the other."""
    return AddResult(
        other.shard or one.shard,
        one.documents + other.documents,
        one.claims + other.claims,
        one.quotations + other.quotations,
        one.problems + other.problems,
        one.skipped + other.skipped,
        one.failed + other.failed,
        one.remarks + other.remarks,
        one.passed_over + other.passed_over,
    )
