"""A run on Spark: a warm coder in each Python worker, on this machine or wherever `spark-submit` sends it.

Needs the extra `dateline[spark]` and Java 17; on a cluster, dateline on every node.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from dateline.linking.partitions import Part, RunParts, Weighed
from dateline.records import Coding
from dateline.runs.local import TIME_LIMIT, Found, LoadCoder
from dateline.runs.rounds import EngineError, MissingEngineError, code_in_rounds
from dateline.runs.stage import Coders

if TYPE_CHECKING:
    import pyarrow as pa

ROUND = 128
"""Reports of a round for each worker: a round is one job, and gives nothing back before all of it is done."""

CODINGS = "position bigint, report string, coding string"
"""The columns of a batch of codings, as Spark writes them."""


def code_on_spark(
    found: Iterable[Found], load: LoadCoder, *, workers: int = 1, time_limit: float = TIME_LIMIT
) -> Generator[tuple[Found, Coding]]:
    """What `code_reports` gives, coded by that many of Spark's Python workers.

    Spark is started with the first round, unless it runs already, and then stopped with the last. Raises MissingEngineError, before
    anything is read; EngineError when Spark gives up.
    """
    run = _Run(_spark(), load, workers, time_limit)
    try:
        yield from code_in_rounds(found, run.code_round, ROUND * workers)
    finally:
        run.stop()


def code_batches(batches: Iterable[pa.RecordBatch], coder: bytes) -> Iterator[pa.RecordBatch]:
    """What Spark's `mapInArrow` calls, once a task. `coder`: the pickled (load, time_limit) of `Coders`."""
    import pyarrow as pa

    for batch in batches:
        yield from _warm(coder)(pa.Table.from_batches([batch])).to_batches()


@lru_cache(maxsize=1)
def _warm(coder: bytes) -> Coders:
    """A Python worker goes from task to task, and keeps its coder: known by its bytes, since each task unpickles its own."""
    return Coders(*pickle.loads(coder))


def parts_on_spark(workers: int) -> RunParts:
    """Weighs the parts of a linking in Spark tasks, so many at a time."""

    def run(weigh: Callable[[Part], Weighed], parts: Iterable[Part]) -> Iterator[Weighed]:
        ours = _Run(_spark(), None, workers, TIME_LIMIT)
        rest = iter(parts)
        try:
            while few := [pickle.dumps((weigh, part)) for part in islice(rest, 2 * workers)]:
                context = ours.session().sparkContext
                yield from map(pickle.loads, context.parallelize(few, len(few)).map(weigh_part).collect())
        finally:
            ours.stop()

    return run


def weigh_part(task: bytes) -> bytes:
    """What a task does: a pickled function and its part in, what it gave out."""
    weigh, part = pickle.loads(task)
    return pickle.dumps(weigh(part))


def _spark() -> Any:
    try:
        import pandas  # noqa: F401 - Spark looks for it where it hands Arrow tables over, and not before
        from pyspark.sql import SparkSession
    except ImportError as fault:
        raise MissingEngineError(f"Spark is not installed ({fault}). Install it with: pip install 'dateline[spark]'") from fault
    return SparkSession


class _Run:
    """Spark as this run has it: started by us, or found running."""

    def __init__(self, session_class: Any, load: LoadCoder | None, workers: int, time_limit: float) -> None:
        self.session_class, self.workers = session_class, workers
        self.coder = pickle.dumps((load, time_limit))
        self.ours: Any = None

    def code_round(self, batches: Sequence[pa.Table]) -> Iterator[pa.Table]:
        import pyarrow as pa
        from pyspark.errors import PySparkException

        try:
            reports = self.session().createDataFrame(pa.concat_tables(batches))
            yield reports.mapInArrow(partial(code_batches, coder=self.coder), CODINGS).toArrow()
        except PySparkException as fault:
            raise EngineError(f"Spark gave up: {_first_line(fault)}") from fault

    def session(self) -> Any:
        """The session there is, or one of our own."""
        return self.session_class.getActiveSession() or self._started()

    def _started(self) -> Any:
        from pyspark import SparkConf

        # Spark's workers would otherwise be whatever `python3` is on the PATH.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
        builder = self.session_class.builder.appName("dateline")
        if not SparkConf().contains("spark.master"):  # nobody submitted us: on this machine
            builder = builder.master(f"local[{self.workers}]").config("spark.ui.enabled", "false")
        self.ours = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
        self.ours.sparkContext.setLogLevel("ERROR")
        return self.ours

    def stop(self) -> None:
        if self.ours is not None:
            self.ours.stop()


def _first_line(fault: Exception) -> str:
    lines = [line for line in str(fault).splitlines() if line.strip()]
    return lines[0].strip() if lines else type(fault).__name__
