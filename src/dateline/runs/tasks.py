"""Where the parts of a linking are weighed: here, in processes of this machine, by Ray or by Spark. The links are the same.

At most two parts a worker are made ahead, so memory holds the table and a few of its parts, however many there are.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from dateline.linking.partitions import Part, RunParts, Weighed
from dateline.runs.engines import EngineName
from dateline.runs.local import deaf_to_interrupts

AHEAD = 2
"""Parts for each worker that are made before the first of them is done."""


def parts_runner(name: EngineName, workers: int) -> RunParts:
    """What runs parts on that engine. One worker on this machine is this process. The engine starts with the first part."""
    from dateline.runs.on_ray import parts_on_ray
    from dateline.runs.on_spark import parts_on_spark

    if name is EngineName.RAY:
        return parts_on_ray(workers)
    if name is EngineName.SPARK:
        return parts_on_spark(workers)
    return map if workers == 1 else parts_in_processes(workers)


def parts_in_processes(workers: int) -> RunParts:
    """Runs parts in so many processes of this machine."""

    def run(weigh: Callable[[Part], Weighed], parts: Iterable[Part]) -> Iterator[Weighed]:
        rest = iter(parts)
        few = list(islice(rest, 2))
        if len(few) < 2:  # a process would take longer to start
            yield from map(weigh, few)
            return
        with deaf_to_interrupts():
            pool = multiprocessing.get_context("spawn").Pool(workers)
        with pool:
            while few:
                few += islice(rest, AHEAD * workers - len(few))
                yield from pool.imap_unordered(weigh, few)
                few = list(islice(rest, AHEAD * workers))

    return run
