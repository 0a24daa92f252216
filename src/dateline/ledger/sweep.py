"""Sweeping: what killed processes left behind, and what compactions replaced long enough ago."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from dateline.ledger.segments import TABLES, TEMPORARY
from dateline.ledger.sheets import FOLDER as SHEETS
from dateline.ledger.snapshot import State
from dateline.ledger.volumes import FOLDER, name_of

STALE_AFTER = 86_400.0
"""Seconds after which a file that nobody finished, or finished and never entered, is taken for a dead process's: a shard is written
in well under one, a compaction of everything in hours at most."""

GRACE = 3_600.0
"""Seconds that a file is kept after a compaction replaced it: whoever began to read before is done by then."""


def sweep(ledger: Path, state: State) -> list[Path]:
    """Removes unfinished files and those that nothing names, once STALE_AFTER old, and what was replaced GRACE ago.

    Returns what it removed.
    """
    retired = {retired.name: retired for retired in state.catalogue.retired}
    named = {segment.name for receipt in (*state.receipts, *state.sealed) for segment in receipt.segments.values()}
    named |= {segment.name for segment in state.catalogue.files()}
    named.add(name_of(state.catalogue.number))
    removed: list[Path] = []
    for folder in (*TABLES, "coded", "superseded", "index", SHEETS, "receipts", "reports", FOLDER):
        for path in sorted((ledger / folder).glob("*")):
            name = path.relative_to(ledger).as_posix()
            if name in retired:
                is_over = time.time() - datetime.fromisoformat(retired[name].since).timestamp() > GRACE
            elif path.suffix == TEMPORARY:
                is_over = _is_stale(path)
            else:
                is_over = folder not in ("receipts", "reports") and not _is_newer(path, state) and _is_stale(path)
            if is_over and name not in named:
                try:
                    path.unlink(missing_ok=True)
                except PermissionError:  # Windows keeps what somebody has open; the next sweep finds it again
                    continue
                removed.append(path)
    return removed


def _is_newer(path: Path, state: State) -> bool:
    """Whether this is a catalogue that somebody wrote since we looked."""
    return path.parent.name == FOLDER and path.stem.isdigit() and int(path.stem) > state.catalogue.number


def _is_stale(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > STALE_AFTER
    except FileNotFoundError:
        return False
