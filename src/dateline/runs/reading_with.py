"""A ledger's documents read by a large language model, into a ledger of its own beside: so that both can be compared.

    coders/NAME/                    the other reader's ledger, read like any other
    coders/NAME/answers/HASH.json   each answer as it came, under the hash of the request that it answers
    coders/NAME/prompts/VERSION.json   what requests were made from

What is there already is not asked again, so a run that was stopped goes on where it was: documents that were read by the same model
with the same prompt are skipped, and of those that were not, answers that came are kept.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from dateline.knowledge.load import Knowledge
from dateline.language.models import Models
from dateline.ledger.errors import LedgerError
from dateline.ledger.segments import Coded, write_file
from dateline.ledger.store import Ledger, reading_key
from dateline.other_reader.chunks import Chunk, chunks_of
from dateline.other_reader.prompt import Prompt, request_of
from dateline.other_reader.proposals import AnswerError, read_answer
from dateline.other_reader.reading import Outcome, code_by_answers
from dateline.other_reader.server import Reply, ServerError
from dateline.records import Coder, Coding, Document, Problem, Report

SHARD = 16
"""Documents a shard. A crash costs no answer: those lie beside the ledger."""

ANSWERS, PROMPTS = "answers", "prompts"

Ask = Callable[[Mapping[str, Any], Mapping[str, Any]], Reply]
"""Answers a request, in the form of a schema. Raises ServerError. Called from several threads."""


@dataclass(frozen=True)
class Wanted:
    """Which documents are read; None is no filter. `publisher` is to the letter. A document of no known day is in no days."""

    since: date | None = None
    until: date | None = None
    publisher: str | None = None

    def has(self, row: Mapping[str, Any]) -> bool:
        published = row["published"]
        return (
            not row["is_failed"]
            and (self.publisher is None or row["publisher"] == self.publisher)
            and (self.since is None or (published is not None and published >= self.since))
            and (self.until is None or (published is not None and published <= self.until))
        )


@dataclass(frozen=True)
class ReadResult:
    """What a run did. `reasons` count why records were refused and fields left out; `reused` answers were there from before.

    `failed` are the documents that got no answer that could be read; the next run asks for them again. `stopped` says why no more
    were asked for; all were: None.
    """

    documents: int
    skipped: int
    proposed: int
    accepted: int
    refused: int
    left_out: int
    reasons: Mapping[str, int]
    requests: int
    reused: int
    failed: tuple[Problem, ...]
    stopped: str | None = None


@dataclass(frozen=True)
class Reader:
    """Who reads: model and prompt, and our own readers, which find out what its words mean."""

    model: str
    prompt: Prompt
    knowledge: Knowledge
    load_models: Callable[[], Models]

    @property
    def coder(self) -> Coder:
        """As what its claims are entered."""
        return Coder(version("dateline"), f"{self.model}+{self.prompt.version}", self.knowledge.version)


@dataclass(frozen=True)
class Paper:
    """A document to be read with the report that it came from, and the requests for its parts."""

    report: Report
    document: Document
    chunks: tuple[Chunk, ...]


def papers(ledger: Ledger, book: Ledger, reader: Reader, wanted: Wanted) -> Iterator[Paper | Problem | None]:
    """The documents by day of publication; None for one that this reader has read already, a Problem for one that cannot be had.

    Each is read from the ledger when it is asked for.
    """
    rows = [
        row
        for batch in ledger.document_columns(("document_id", "published", "publisher", "is_failed"))
        for row in batch.to_pylist()
        if wanted.has(row)
    ]
    done = {report.key for receipt in book.receipts() for report in receipt.reports if not report.is_failed}
    coded: dict[str, Coded] = {}
    for receipt in sorted(ledger.receipts(), key=lambda receipt: receipt.moment):
        coded |= {report.document: report for report in receipt.reports if report.document and not report.is_failed}
    for row in sorted(rows, key=lambda row: (row["published"] or date.max, row["document_id"])):
        said = coded[row["document_id"]]
        if reading_key(_report(said, b""), said.raw_sha256, reader.coder) in done:
            yield None
            continue
        try:
            report = _report(said, ledger.raw(said.raw_sha256))
        except LedgerError as fault:
            yield Problem("reading", "no report", f"{said.name}: {fault}", said.name, is_fatal=True)
            continue
        document = ledger.document(row["document_id"])
        yield Paper(report, document, chunks_of(document))


def _report(said: Coded, raw: bytes) -> Report:
    """The report that the ledger was handed, with these bytes."""
    return Report(
        said.name,
        raw,
        said.media_type,
        said.address,
        datetime.fromisoformat(said.fetched) if said.fetched else None,
        said.publisher,
        date.fromisoformat(said.published) if said.published else None,
        said.title,
        said.byline,
    )


def read_with(
    found: Iterable[Paper | Problem | None],
    book: Ledger,
    reader: Reader,
    ask: Ask,
    *,
    now: Callable[[], datetime],
    workers: int = 1,
    limit: int | None = None,
    on_progress: Callable[[str], object] = lambda name: None,
) -> ReadResult:
    """Asks for what each document says happened and enters what holds; `workers` requests are under way at once.

    A server that answers nobody ends the run, and what was read is entered. So it is when the user interrupts, before
    KeyboardInterrupt goes on its way; no request is waited for then.
    """
    run = _Run(book, reader, now, on_progress)
    _keep_prompt(book.path, reader.prompt)
    crew = _Crew(_Asking(book.path, reader, ask, now), workers)
    try:
        for job in crew.in_order(run.to_ask(found, limit), ahead=2 * workers):
            if isinstance(job.fault, ServerError) and job.fault.is_whole:
                run.stopped = str(job.fault)
                break
            run.take(job)
    finally:
        crew.stop()
        run.write()
    return run.result()


@dataclass
class _Job:
    """A paper and what came of asking: the answer for each part, or why there is none. `reused` counts answers that were there."""

    paper: Paper
    answers: list[tuple[Chunk, Reply]] = field(default_factory=list)
    reused: int = 0
    fault: Exception | None = None
    done: Event = field(default_factory=Event)


@dataclass
class _Run:
    book: Ledger
    reader: Reader
    now: Callable[[], datetime]
    on_progress: Callable[[str], object]
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    failed: list[Problem] = field(default_factory=list)
    waiting: list[tuple[Report, Coding]] = field(default_factory=list)
    stopped: str | None = None
    models: Models | None = None

    def to_ask(self, found: Iterable[Paper | Problem | None], limit: int | None) -> Iterator[_Job]:
        """The papers that are to be read, so many at most."""
        asked = 0
        for paper in found:
            if limit is not None and asked >= limit:
                return
            if isinstance(paper, Problem):
                self.failed.append(paper)
                self.on_progress(paper.report)
            elif paper is None:
                self.counts["skipped"] += 1
                self.on_progress("")
            else:
                asked += 1
                yield _Job(paper)

    def take(self, job: _Job) -> None:
        report = job.paper.report
        outcome = self._outcome(job)
        self.counts["reused"] += job.reused
        self.counts["requests"] += len(job.answers) - job.reused
        fatal = [problem for problem in outcome.coding.problems if problem.is_fatal]
        self.failed += fatal
        if not fatal:
            self.counts["documents"] += 1
            for name in ("proposed", "accepted", "refused", "left_out"):
                self.counts[name] += getattr(outcome, name)
            self.reasons.update(problem.reason for problem in outcome.coding.problems)
        self.waiting.append((report, outcome.coding))
        if len(self.waiting) >= SHARD:
            self.write()
        self.on_progress(report.name)

    def _outcome(self, job: _Job) -> Outcome:
        report, document = job.paper.report, job.paper.document
        if isinstance(job.fault, ServerError):
            problem = Problem("fetching", job.fault.reason, f"{report.name}: the server {job.fault}", report.name, is_fatal=True)
            return Outcome(Coding(report.name, None, problems=(problem,)))
        if job.fault is not None:
            raise job.fault
        if self.models is None:
            self.models = self.reader.load_models()
        reader = self.reader
        return code_by_answers(
            report.name,
            document,
            job.answers,
            coder=reader.coder.model,
            prompt=reader.prompt,
            knowledge=reader.knowledge,
            models=self.models,
        )

    def write(self) -> None:
        if self.waiting:
            reports, codings = zip(*self.waiting, strict=True)
            self.waiting = []
            self.book.add(codings, reports, coder=self.reader.coder, known_at=self.now())

    def result(self) -> ReadResult:
        names = ("documents", "skipped", "proposed", "accepted", "refused", "left_out", "requests", "reused")
        counts = {name: self.counts[name] for name in names}
        return ReadResult(**counts, reasons=dict(sorted(self.reasons.items())), failed=tuple(self.failed), stopped=self.stopped)


# ---------------------------------------------------------------- asking, in threads


@dataclass(frozen=True)
class _Asking:
    """Asks for the parts of a paper, one after another, and keeps each answer."""

    folder: Path
    reader: Reader
    ask: Ask
    now: Callable[[], datetime]

    def __call__(self, job: _Job) -> None:
        paper = job.paper
        for chunk in paper.chunks:
            request = request_of(self.reader.prompt, paper.document, chunk, self.reader.model)
            kept = kept_answer(self.folder, request)
            if kept is not None and _can_be_read(kept):
                job.reused += 1
                job.answers.append((chunk, kept))
                continue
            reply = self.ask(request, self.reader.prompt.schema)
            _keep_answer(self.folder, request, reply, document=paper.document, chunk=chunk, reader=self.reader, at=self.now())
            job.answers.append((chunk, reply))


def _can_be_read(reply: Reply) -> bool:
    try:
        return not (read_answer(reply.said).is_broken or reply.is_cut)
    except AnswerError:
        return False


class _Crew:
    """Threads that work on jobs. They are let die with the program: a request may take minutes, and nobody waits for it then."""

    def __init__(self, work: Callable[[_Job], None], workers: int) -> None:
        self.work = work
        self.todo: SimpleQueue[_Job | None] = SimpleQueue()
        self.threads = [Thread(target=self._live, daemon=True) for _ in range(workers)]
        self.is_over = False
        for thread in self.threads:
            thread.start()

    def in_order(self, jobs: Iterator[_Job], *, ahead: int) -> Iterator[_Job]:
        """The jobs as they are done, in their order; so many are handed out ahead."""
        under_way: deque[_Job] = deque()
        for job in jobs:
            self.todo.put(job)
            under_way.append(job)
            if len(under_way) >= ahead:
                yield self._done(under_way.popleft())
        while under_way:
            yield self._done(under_way.popleft())

    def _done(self, job: _Job) -> _Job:
        job.done.wait()
        return job

    def stop(self) -> None:
        self.is_over = True
        for _ in self.threads:
            self.todo.put(None)

    def _live(self) -> None:
        while (job := self.todo.get()) is not None and not self.is_over:
            try:
                self.work(job)
            except Exception as fault:  # handed to whoever waits for the job, who raises what is no server's fault
                job.fault = fault
            job.done.set()


# ---------------------------------------------------------------- what is kept beside


def request_hash(request: Mapping[str, Any]) -> str:
    """Names a request: model, prompt, report, seed. No key is in it."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


def kept_answer(folder: Path, request: Mapping[str, Any]) -> Reply | None:
    """The answer that was kept for a request; there is none, or none that can be read: None."""
    try:
        said = json.loads((folder / ANSWERS / f"{request_hash(request)}.json").read_text(encoding="utf-8"))
        return Reply(str(said["answer"]), bool(said["is_cut"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep_answer(
    folder: Path, request: Mapping[str, Any], reply: Reply, *, document: Document, chunk: Chunk, reader: Reader, at: datetime
) -> None:
    name = request_hash(request)
    said = {
        "request": name,
        "document": document.id,
        "paragraphs": [[span.start, span.end] for span in chunk.paragraphs],
        "model": reader.model,
        "prompt": reader.prompt.version,
        "at": at.isoformat(),
        "answer": reply.said,
        "is_cut": reply.is_cut,
    }
    _write(folder / ANSWERS / f"{name}.json", said)


def _keep_prompt(folder: Path, prompt: Prompt) -> None:
    path = folder / PROMPTS / f"{prompt.version}.json"
    if not path.exists():
        _write(path, {"version": prompt.version, "system": prompt.system, "schema": prompt.schema})


def _write(path: Path, said: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))


def requests_of(found: Sequence[Paper], reader: Reader) -> list[dict[str, Any]]:
    """The requests that would be made for these papers, in order."""
    return [request_of(reader.prompt, paper.document, chunk, reader.model) for paper in found for chunk in paper.chunks]
