"""How many workers this machine, or the container that we are in, has room for."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

WORKER = 700_000_000
"""Bytes that a worker is allowed for: some 300 MB on articles (`python -m bench runs9`), and long pages take more."""

GROUP = Path("/sys/fs/cgroup")
"""Where Linux tells a container its limits."""

MEMORY = Path("/proc/meminfo")


def default_workers() -> int:
    """One for each core that is ours, as far as there is memory for them; one at least."""
    free = free_memory()
    return max(1, cores() if free is None else min(cores(), free // WORKER))


def cores(group: Path = GROUP) -> int:
    """Cores that this process may run on; of a container, as many whole ones as its quota gives, one at least."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # no container, or "max" for no quota
        quota, period = (group / "cpu.max").read_text(encoding="ascii").split()
        ours = min(ours, int(quota) // int(period))
    return max(1, ours)


def free_memory(memory: Path = MEMORY, group: Path = GROUP) -> int | None:
    """Bytes that can be had without swapping, by the machine and by the container's limit; None: the system does not say."""
    free: list[int] = []
    with suppress(OSError, StopIteration, ValueError):
        line = next(line for line in memory.read_text(encoding="ascii").splitlines() if line.startswith("MemAvailable:"))
        free.append(1024 * int(line.split()[1]))
    with suppress(OSError, ValueError):
        free.append(int((group / "memory.max").read_text(encoding="ascii")) - _used(group))
    return max(0, min(free)) if free else None


def _used(group: Path) -> int:
    """What the container uses, less what the system would give up: files that it keeps in memory."""
    told = dict(line.split() for line in (group / "memory.stat").read_text(encoding="ascii").splitlines())
    return int((group / "memory.current").read_text(encoding="ascii")) - int(told.get("inactive_file", 0))
