"""Many reports on one machine: coded in order, by one process or several, none of them able to stop the others.

Anything that goes wrong with a report becomes a fatal Problem of that report, here and nowhere deeper: an exception, a process
that dies of it, a report that takes longer than TIME_LIMIT or more than MEMORY_LIMIT. That only holds of a process that can be
killed, so reports are not coded in the one that was asked (docs/decisions/0042), unless who asks says so (`code_here`).
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import Any, Literal, TypeAlias

from dateline.errors import Error
from dateline.records import Coding, Problem, Report
from dateline.serial import to_json

CodeReport: TypeAlias = Callable[[Report], Coding]
"""Codes one report."""

LoadCoder: TypeAlias = Callable[[], CodeReport]
"""Loads what coding needs. Handed to other processes, so it must be a function of a module."""

Found: TypeAlias = Report | Problem
"""A report, or why there is none where one was named."""

TIME_LIMIT = 60.0
"""Seconds a report may take before its process is stopped: the mean is near a fifth of one, and the slowest pages that are not
attacks took five."""

MEMORY_LIMIT = 700_000_000
"""Bytes that a process may take for reports, over what it has once it has loaded: the largest that are read take half of it."""

WINDOW = 8
"""Reports in hand for each worker: enough that a slow one does not make the others wait, few enough to bound the memory."""

Stage: TypeAlias = Literal["reading", "language", "mentions", "events", "keeping"]

STAGE_OF_ROOM: Mapping[str, Stage] = {"ingest": "reading", "language": "language", "mentions": "mentions", "events": "events"}


class WorkerError(Error):
    """A worker process died while it was loading, so no report can be coded."""


def code_reports(
    found: Iterable[Found], load: LoadCoder, *, workers: int = 1, time_limit: float = TIME_LIMIT
) -> Generator[tuple[Found, Coding]]:
    """Each report with its coding, in the order they came; what was a Problem already becomes a coding that holds it.

    A Problem that is not fatal becomes part of the coding of the report it names, if that follows, and stands alone otherwise.

    Workers are processes, each loading once. A report that takes more than `time_limit` seconds, or more memory than MEMORY_LIMIT,
    becomes a fatal Problem ("too-slow", "too-much-memory"), as does one that takes its process down ("process-died"); a fresh
    process goes on with the next. Nothing is loaded when there is nothing to code. At most WINDOW × workers reports are in memory.
    What `load` raises is raised; nothing else is.
    """
    writable = map(as_text, found)
    first = next(writable, None)
    if first is None:
        return
    yield from with_remarks(_code_in_processes(chain((first,), writable), load, workers, time_limit))


def code_here(
    found: Iterable[Found], load: LoadCoder, *, workers: int = 0, time_limit: float = TIME_LIMIT
) -> Generator[tuple[Found, Coding]]:
    """As `code_reports`, in this process, for who cannot or will not start others; `workers` and `time_limit` make no difference.

    What a report raises still is a Problem of it alone. One that never ends, takes all memory or crashes the interpreter takes this
    process with it.
    """
    yield from with_remarks(_coded_here(map(as_text, found), load))


def _coded_here(found: Iterable[Found], load: LoadCoder) -> Generator[tuple[Found, Coding]]:
    code: CodeReport | None = None
    for item in found:
        if isinstance(item, Problem):
            yield item, coding_of(item)
        else:
            code = code or load()
            yield item, code_safely(code, item)


def with_remarks(pairs: Iterable[tuple[Found, Coding]]) -> Generator[tuple[Found, Coding]]:
    """The pairs, with a remark on a report that follows ("unreadable date") put into that report's own coding.

    A remark is on the report that has its name; on a source as a whole it stands alone, as a Problem with its coding.
    """
    remarks: tuple[Problem, ...] = ()
    for item, coding in pairs:
        if isinstance(item, Problem):
            if not item.is_fatal:
                remarks = (*remarks, item)
                continue
            yield item, coding
            continue
        own = tuple(remark for remark in remarks if remark.report == item.name)
        yield from ((remark, coding_of(remark)) for remark in remarks if remark.report != item.name)
        yield item, replace(coding, problems=(*own, *coding.problems)) if own else coding
        remarks = ()
    yield from ((remark, coding_of(remark)) for remark in remarks)


def code_safely(code: CodeReport, report: Report) -> Coding:
    """The report's coding; whatever the coder raises is a fatal Problem in it."""
    try:
        return code(report)
    except MemoryError:
        megabytes = MEMORY_LIMIT // 1_000_000
        message = f"takes more than the {megabytes:,} MB of memory a report may take; hand in less of it, or its text alone"
        return coding_of(_fatal("reading", "too-much-memory", report.name, message))
    except Exception as fault:  # the outer rim: one bad report must not stop ten thousand
        return coding_of(unexpected(fault, report.name))


def unexpected(fault: Exception, report: str, stage: Stage | None = None) -> Problem:
    """An exception that nobody foresaw, as the fatal Problem of a report. No stage given: that of the room it arose in."""
    frames = [frame for frame in extract_tb(fault.__traceback__) if "dateline" in Path(frame.filename).parts]
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    parts = [part for frame in reversed(frames) for part in Path(frame.filename).parts]
    room_stage: Stage = next((STAGE_OF_ROOM[part] for part in parts if part in STAGE_OF_ROOM), "reading")
    said = " ".join(str(fault).split())[:200]
    message = f"a fault of Dateline's, not the report's ({type(fault).__name__}{where}: {said}); please report this with the file"
    return _fatal(stage or room_stage, "unexpected-error", report, message)


def unkept(coding: Coding, fault: Exception) -> Coding:
    """What stands for a coding that could not be kept; what was remarked on the report stays."""
    remarks = tuple(problem for problem in coding.problems if not problem.is_fatal and _can_be_written(problem))
    return Coding(coding.report, None, problems=(*remarks, unexpected(fault, coding.report, "keeping")))


def written(coding: Coding) -> tuple[Coding, str]:
    """The coding and its written form, or what stands for it if it cannot be written down."""
    try:
        return coding, to_json(coding)
    except ValueError as fault:
        coding = unkept(coding, fault)
        return coding, to_json(coding)


def _can_be_written(problem: Problem) -> bool:
    try:
        to_json(problem)
    except ValueError:
        return False
    return True


def _fatal(stage: Stage, reason: str, report: str, message: str) -> Problem:
    return Problem(stage, reason, _writable(f"{report}: {message}"), report, is_fatal=True)


def coding_of(problem: Problem) -> Coding:
    """A coding that holds nothing else."""
    return Coding(problem.report, None, problems=(problem,))


def as_text(item: Found) -> Found:
    """A file's name, or what was said about a report, may hold what is no text (a lone surrogate); it is written out, so that it
    can be written down."""
    said: dict[str, Any] = {name: _writable(value) for name, value in vars(item).items() if isinstance(value, str)}
    return replace(item, **said)


def _writable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


# ---------------------------------------------------------------- several processes


@dataclass
class _Place:
    """A report's place in the queue; `coding` None until it is done."""

    item: Found
    coding: Coding | None = None

    @property
    def name(self) -> str:
        return self.item.report if isinstance(self.item, Problem) else self.item.name


@dataclass(frozen=True)
class _Ready:
    """A worker's first word: it has loaded, or why it could not."""

    fault: Exception | None = None


@dataclass
class _Worker:
    """A process with the report it is reading; None: it is loading, or idle when `is_ready`."""

    process: SpawnProcess
    pipe: Connection
    is_ready: bool = False
    place: _Place | None = None
    deadline: float = 0.0

    def give(self, place: _Place, time_limit: float) -> None:
        self.place, self.deadline = place, time.monotonic() + time_limit
        with suppress(OSError):  # it died while idle: `wait` will hear of it
            self.pipe.send(place.item)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


def _code_in_processes(
    reports: Iterator[Found], load: LoadCoder, workers: int, time_limit: float
) -> Generator[tuple[Found, Coding]]:
    pool = Pool(load, time_limit, workers)
    try:
        yield from pool.code(reports)
    finally:
        pool.stop()


@dataclass
class Pool:
    """Worker processes that stay warm from one batch of reports to the next, and the reports that wait for one.

    Whoever has one stops it.
    """

    load: LoadCoder
    time_limit: float = TIME_LIMIT
    number: int = 1
    todo: deque[_Place] = field(default_factory=deque)
    workers: list[_Worker] = field(default_factory=list)

    def code(self, reports: Iterator[Found]) -> Generator[tuple[Found, Coding]]:
        """Each with its coding, in order; the processes are started with the first. Whoever does not read to the end stops it."""
        queue: deque[_Place] = deque()
        while len(self.workers) < self.number:
            self.workers.append(self._new_worker())
        is_more = True
        while is_more or queue:
            while is_more and len(queue) < WINDOW * self.number:
                item = next(reports, None)
                if item is None:
                    is_more = False
                else:
                    queue.append(place := _Place(item, coding_of(item) if isinstance(item, Problem) else None))
                    if place.coding is None:
                        self.todo.append(place)
            while queue and queue[0].coding is not None:
                done = queue.popleft()
                assert done.coding is not None
                yield done.item, done.coding
            if any(place.coding is None for place in queue):
                self.advance()

    def advance(self) -> None:
        """Hands out reports, then waits until some worker has something to say or has run out of time."""
        for worker in self.workers:
            if self.todo and worker.is_ready and worker.place is None:
                worker.give(self.todo.popleft(), self.time_limit)
        deadlines = [worker.deadline for worker in self.workers if worker.place]
        patience = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
        speaking = wait([worker.pipe for worker in self.workers], patience)
        for worker in [worker for worker in self.workers if worker.pipe in speaking]:
            self._hear(worker)
        now = time.monotonic()
        for worker in [worker for worker in self.workers if worker.place and worker.deadline <= now]:
            self._give_up(worker, "too-slow", f"took longer than {self.time_limit:g} seconds and was stopped; hand in less of it")

    def stop(self) -> None:
        for worker in self.workers:
            worker.stop()
        self.workers.clear()

    def _hear(self, worker: _Worker) -> None:
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            self._give_up(
                worker, "process-died", "its process died, perhaps for want of memory; try it alone, or please report this"
            )
            return
        if isinstance(said, _Ready):
            if said.fault is not None:
                raise said.fault
            worker.is_ready = True
        elif worker.place is not None:
            worker.place.coding, worker.place = said, None

    def _give_up(self, worker: _Worker, reason: str, message: str) -> None:
        """Puts a fresh process in the worker's stead; the report it had becomes a Problem."""
        if not worker.is_ready:
            raise WorkerError("a worker process died while it was loading; is there memory for so many? Try fewer with --workers")
        if worker.place is not None:
            worker.place.coding = coding_of(_fatal("reading", reason, worker.place.name, message))
        worker.stop()
        self.workers[self.workers.index(worker)] = self._new_worker()

    def _new_worker(self) -> _Worker:
        # Spawned, not forked: a fork would copy threads' locks in whatever state they are.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self.load), daemon=True)
        with deaf_to_interrupts(), program_left_out():
            process.start()
        theirs.close()  # or its end would never be seen to close
        return _Worker(process, ours)


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Processes started in the block never hear Ctrl-C, which a terminal sends to the whole group: the parent decides.

    From their first moment, so that none dies of it noisily while it is still importing. Ours waits until the block ends.
    """
    if sys.platform == "win32":  # no signal masks there; the worker looks after itself once it runs
        yield
        return
    resource_tracker.ensure_running()  # else starting a process would start it, and it would lift our mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def program_left_out() -> Iterator[None]:
    """Processes started in the block do not run the program first that this process runs.

    A spawned process does so to have the names of `__main__`, of which we need none: what we hand over are functions of our own
    modules. It would begin a script without `if __name__ == "__main__"` all over again, and cannot run standard input.
    """
    program = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


def _work(pipe: Connection, load: LoadCoder) -> None:
    """A worker's life: load, say so, then a coding for every report, until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = load()
    except Exception as fault:
        pipe.send(_Ready(fault))
        return
    _spare_what_stays()
    _limit_memory(MEMORY_LIMIT)
    with suppress(EOFError, ConnectionError):
        pipe.send(_Ready())
        while True:
            pipe.send(code_safely(code, pipe.recv()))


def _spare_what_stays() -> None:
    """Tells the collector of garbage that tables and model stay, and to look less often at what comes and goes.

    Records make no circles, so there is little to find, and to look for it among a million entries of tables took 7 % of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _limit_memory(more: int) -> None:
    """Bounds what this process may take from now on, where the system can (Linux); beyond it there is a MemoryError.

    The bound is on addresses and not on what is resident, which no system enforces: so it starts from what is taken by now.
    """
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, OSError, ValueError):
        return
