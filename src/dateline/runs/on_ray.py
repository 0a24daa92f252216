"""A run on Ray Data: actors with a warm coder each, on this machine or on the cluster that RAY_ADDRESS names.

Needs the extra `dateline[ray]`; on a cluster, dateline on every node.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dateline.linking.partitions import Part, RunParts, Weighed
from dateline.records import Coding
from dateline.runs.local import TIME_LIMIT, Found, LoadCoder
from dateline.runs.rounds import EngineError, MissingEngineError, code_in_rounds
from dateline.runs.stage import Coders

if TYPE_CHECKING:
    import pyarrow as pa

ROUND = 512
"""Reports of a round for each worker. A round starts its actors anew, which takes some seconds, and this is minutes of work; as web
pages they take some 50 MB here."""


def code_on_ray(
    found: Iterable[Found], load: LoadCoder, *, workers: int = 1, time_limit: float = TIME_LIMIT
) -> Generator[tuple[Found, Coding]]:
    """What `code_reports` gives, coded by that many Ray actors.

    Ray is started with the first round, unless it runs already, and then stopped with the last. Raises MissingEngineError, before
    anything is read; EngineError when Ray gives up.
    """
    run = _Run(_ray(), load, workers, time_limit)
    try:
        yield from code_in_rounds(found, run.code_round, ROUND * workers)
    finally:
        run.stop()


def parts_on_ray(workers: int) -> RunParts:
    """Weighs the parts of a linking in so many Ray tasks at a time."""

    def run(weigh: Callable[[Part], Weighed], parts: Iterable[Part]) -> Iterator[Weighed]:
        ray = _ray()
        ours = _Run(ray, None, workers, TIME_LIMIT)
        try:
            ours.start()
            task = ray.remote(num_cpus=1)(weigh_part)
            kept = ray.put(weigh)
            due: list[Any] = []
            for part in parts:
                due.append(task.remote(kept, part))
                if len(due) >= 2 * workers:
                    done, due = ray.wait(due)
                    yield from ray.get(done)
            yield from ray.get(due)
        except ray.exceptions.RayError as fault:
            raise EngineError(f"Ray gave up: {_last_line(fault)}") from fault
        finally:
            ours.stop()

    return run


def weigh_part(weigh: Callable[[Part], Weighed], part: Part) -> Weighed:
    """What a task does; Ray wants a function of a module."""
    return weigh(part)


def _ray() -> Any:
    # Before the import, which is when Ray looks: it would send figures of its use to its makers.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # what goes wrong is raised; the rest would run through our bar
    try:
        import ray.data
    except ImportError as fault:
        raise MissingEngineError(f"Ray Data is not installed ({fault}). Install it with: pip install 'dateline[ray]'") from fault
    return ray


class _Run:
    """Ray as this run has it: started by us, or found running."""

    def __init__(self, ray: Any, load: LoadCoder | None, workers: int, time_limit: float) -> None:
        self.ray, self.load, self.workers, self.time_limit = ray, load, workers, time_limit
        self.is_ours = False

    def code_round(self, batches: Sequence[pa.Table]) -> Iterator[pa.Table]:
        self.start()
        data = self.ray.data
        context = data.DataContext.get_current()
        context.enable_progress_bars = False
        context.execution_options.preserve_order = True  # so that codings can be kept as they come
        try:
            coded = data.from_arrow(list(batches)).map_batches(
                Coders,
                fn_constructor_args=(self.load, self.time_limit),
                batch_size=None,  # a block is one of our batches
                batch_format="pyarrow",
                zero_copy_batch=True,
                compute=data.ActorPoolStrategy(size=min(self.workers, len(batches))),
                num_cpus=1,
            )
            yield from coded.iter_batches(batch_size=None, batch_format="pyarrow")
        except self.ray.exceptions.RayError as fault:
            raise EngineError(f"Ray gave up: {_last_line(fault)}") from fault

    def start(self) -> None:
        if self.ray.is_initialized():
            return
        self.is_ours = True
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        quiet: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False}
        if not os.environ.get("RAY_ADDRESS"):
            quiet |= {"num_cpus": self.workers, "include_dashboard": False}
        try:
            self.ray.init(**quiet)
        except Exception as fault:  # Ray raises no narrower one when a node does not come up in time
            raise EngineError(f"Ray did not start: {_last_line(fault)}") from fault

    def stop(self) -> None:
        if self.is_ours:
            with suppress(self.ray.exceptions.RayError):
                self.ray.shutdown()


def _last_line(fault: Exception) -> str:
    lines = [line for line in str(fault).splitlines() if line.strip()]
    return lines[-1].strip() if lines else type(fault).__name__
