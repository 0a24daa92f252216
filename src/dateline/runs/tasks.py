"""Where the parts of a linking are weighed: here, in processes of this machine, by Ray or by Spark. The links are the same.

A part is made when there is a worker for it, so memory holds the table and a few of its parts, however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice

from dateline.linking.partitions import Part, RunParts, Weighed
from dateline.runs.engines import EngineName
from dateline.runs.hands import hands


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
    """Runs parts in so many processes of this machine. Raises WorkerError when one of them dies."""

    def run(weigh: Callable[[Part], Weighed], parts: Iterable[Part]) -> Iterator[Weighed]:
        rest = iter(parts)
        few = list(islice(rest, 2))
        if len(few) < 2:  # a process would take longer to start
            yield from map(weigh, few)
            return
        with hands(partial(_loaded, weigh), workers) as do:
            yield from do(chain(few, rest))

    return run


def _loaded(weigh: Callable[[Part], Weighed]) -> Callable[[Part], Weighed]:
    """What a process does with each part: it came with the process, and there is nothing to load."""
    return weigh
