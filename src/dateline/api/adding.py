"""Reports into a ledger, and their claims linked: apart from the rest, since whoever only reads need not wait for what codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from dateline.ingest.readers import find_reports
from dateline.knowledge.own_actors import FILE_NAME as OWN_ACTORS
from dateline.ledger.store import AddResult, Ledger
from dateline.records import Problem, Report
from dateline.runs.add import Engine, add_reports
from dateline.runs.coder import coder_version, load_coder
from dateline.runs.link import USUAL, LinkResult, link_ledger
from dateline.runs.local import code_here, code_reports

Source = str | Path | Report


def add_sources(
    ledger: Ledger,
    sources: Source | Iterable[Source],
    *,
    published: date | None,
    publisher: str | None,
    workers: int,
    on_progress: Callable[[str], None],
) -> AddResult:
    """Codes what the sources hold and enters it; no worker: in this process. What is told of `Project.add` holds."""
    table = ledger.path / OWN_ACTORS
    own = table if table.is_file() else None
    engine: Engine = code_reports if workers > 0 else code_here
    return add_reports(
        _found(sources, published, publisher),
        ledger,
        partial(load_coder, own) if own else load_coder,
        coder=coder_version(own),
        now=_now,
        workers=workers,
        engine=engine,
        on_progress=on_progress,
    )


def link_claims(ledger: Ledger, threshold: float | None) -> LinkResult:
    """Links all claims; `threshold` None: the usual one."""
    settings = USUAL if threshold is None else replace(USUAL, joining=replace(USUAL.joining, threshold=threshold))
    return link_ledger(ledger, now=_now, settings=settings)


def _found(sources: Source | Iterable[Source], published: date | None, publisher: str | None) -> Iterator[Report | Problem]:
    several = [sources] if isinstance(sources, str | Path | Report) else sources
    for source in several:
        if isinstance(source, Report):
            yield replace(source, published=published or source.published, publisher=publisher or source.publisher)
        else:
            yield from find_reports([str(source)], published=published, publisher=publisher)


def _now() -> datetime:
    return datetime.now(UTC)
