"""Work in pieces, done by several processes at once: for what is worked out from values alone, and takes the processor minutes.

`local.py` does the same for reports, any of which may hang a process or take it down; here the pieces are our own.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar

from dateline.runs.local import WorkerError, deaf_to_interrupts, program_left_out

Piece = TypeVar("Piece")
Done = TypeVar("Done")


@dataclass(frozen=True)
class _Fault:
    """What a worker raised."""

    fault: Exception


@dataclass
class _Hand:
    process: SpawnProcess
    pipe: Connection
    is_busy: bool = False


@contextmanager
def hands(
    load: Callable[[], Callable[[Piece], Done]], workers: int
) -> Iterator[Callable[[Iterable[Piece]], Generator[Done, None, None]]]:
    """What does pieces: gives each done, in the order in which they are finished. `load` gives what does one.

    One worker works in this process; more are processes of their own, to which `load` and the pieces are pickled. Raises what
    `load` or a piece raises, and WorkerError when a process dies.
    """
    if workers < 2:
        do = load()
        yield lambda pieces: (do(piece) for piece in pieces)
        return
    some = [_new_hand(load) for _ in range(workers)]
    try:
        yield partial(_done, some)
    finally:
        for hand in some:
            hand.process.kill()
            hand.process.join()
            hand.pipe.close()


def _done(hands: Sequence[_Hand], pieces: Iterable[Any]) -> Generator[Any, None, None]:
    for piece in pieces:
        while (idle := next((hand for hand in hands if not hand.is_busy), None)) is None:
            yield from _heard(hands)
        # A worker without work listens: what is sent to it is taken, however long it is.
        with suppress(OSError):  # it died: hearing it tells so
            idle.pipe.send(piece)
        idle.is_busy = True
    while any(hand.is_busy for hand in hands):
        yield from _heard(hands)


def _heard(hands: Iterable[_Hand]) -> Generator[Any, None, None]:
    """What those say who are first to be done."""
    busy = {hand.pipe: hand for hand in hands if hand.is_busy}
    for pipe in wait(list(busy)):
        hand = busy[pipe]  # type: ignore[index]  # what is waited for are these pipes
        try:
            said = hand.pipe.recv()
        except (EOFError, OSError):
            raise WorkerError("a worker process died, perhaps for want of memory. Try fewer with --workers") from None
        hand.is_busy = False
        if isinstance(said, _Fault):
            raise said.fault
        yield said


def _new_hand(load: Callable[[], Callable[[Any], Any]]) -> _Hand:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, load), daemon=True)
    with deaf_to_interrupts(), program_left_out():
        process.start()
    theirs.close()  # or its end would never be seen to close
    return _Hand(process, ours)


def _work(pipe: Connection, load: Callable[[], Callable[[Any], Any]]) -> None:
    """A worker's life: load, then do each piece, until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # values make no circles, and to look for some among millions takes a fifth of the time
    with suppress(EOFError, ConnectionError):
        try:
            do = load()
            while True:
                pipe.send(do(pipe.recv()))
        except (EOFError, ConnectionError):
            raise
        except Exception as fault:
            pipe.send(_Fault(fault))
