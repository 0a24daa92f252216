"""What a server or a watcher says of itself to Prometheus. The one door to prometheus_client.

Each has a registry of its own: two in one process do not add up. Names, labels and units are listed in docs/operation.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger

CONTENT_TYPE = CONTENT_TYPE_LATEST

SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)
"""Bounds of the histogram of answers: a page is quick below a tenth, and a board is made in minutes."""


@dataclass(frozen=True)
class LedgerFigures:
    """What a ledger holds, as far as it can be told without reading it: rows entered, superseded codings included.

    `board_made` is when the board of now was made; None: there is none.
    """

    documents: int
    claims: int
    quotations: int
    judgements: int
    shards: int
    last_added: datetime | None
    board_made: datetime | None = None


def figures_of(ledger: Ledger, board_made: datetime | None = None) -> LedgerFigures:
    """The figures of a ledger, in milliseconds: they stand in receipts and in the catalogue."""
    state = ledger.state()
    parts = [receipt.segments for receipt in state.receipts] + [volume.segments for volume in state.catalogue.volumes]
    rows = {table: sum(part[table].rows for part in parts if table in part) for table in ("documents", "claims", "quotations")}
    moments = [receipt.moment for receipt in state.receipts]
    moments += [datetime.fromisoformat(volume.last_known) for volume in state.catalogue.volumes]
    sealed = sum(volume.segments["receipts"].rows for volume in state.catalogue.volumes)
    entries = Log(ledger.path).entries()
    judgements = sum(not judgement.by.is_machine for entry in entries for judgement in entry.judgements)
    last = max(moments, default=None)
    return LedgerFigures(**rows, judgements=judgements, shards=len(state.receipts) + sealed, last_added=last, board_made=board_made)


@dataclass
class Metrics:
    """The figures of one server or watcher."""

    registry: CollectorRegistry = field(default_factory=lambda: CollectorRegistry(auto_describe=True))

    def __post_init__(self) -> None:
        labels = ("route", "method", "status")
        self._requests = Counter("dateline_http_requests", "Requests answered.", labels, registry=self.registry)
        self._seconds = Histogram(
            "dateline_http_request_seconds",
            "Seconds until an answer was sent.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._under_way = Gauge("dateline_http_requests_under_way", "Requests being answered.", registry=self.registry)
        self._fetches = Counter("dateline_fetches", "Addresses fetched, by what came of it.", ("outcome",), registry=self.registry)
        self._rounds = Counter("dateline_watch_rounds", "Rounds of the watcher.", registry=self.registry)
        self._last_round = Gauge(
            "dateline_watch_last_round_seconds", "When the last round ended (Unix time).", registry=self.registry
        )

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Counts a request as long as the block runs."""
        with self._under_way.track_inprogress():
            yield

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Counts a request. `route` is a pattern of ours, never what was asked for: anybody could ask for a million addresses."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def fetched(self, outcome: str, number: int = 1) -> None:
        """Counts addresses that were fetched, by what came of it."""
        self._fetches.labels(outcome).inc(number)

    def round_ended(self, at: datetime) -> None:
        """Counts a round of the watcher."""
        self._rounds.inc()
        self._last_round.set(at.timestamp())

    def of_ledger(self, figures: Callable[[], LedgerFigures]) -> None:
        """Tells of a ledger too, asked anew whenever somebody asks us."""
        self.registry.register(_OfLedger(figures))

    def text(self) -> bytes:
        """All figures, in Prometheus' text format."""
        return generate_latest(self.registry)

    @contextmanager
    def listening(self, port: int, host: str = "127.0.0.1") -> Iterator[int]:
        """Answers at a port of this machine while the block runs; the port. 0: one that is free. Raises OSError."""
        server, thread = start_http_server(port, host, self.registry)
        try:
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _OfLedger:
    def __init__(self, figures: Callable[[], LedgerFigures]) -> None:
        self._figures = figures

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: to know the names no ledger need be read."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        told = self._figures()
        yield GaugeMetricFamily("dateline_ledger_documents_entered", "Codings of documents entered.", told.documents)
        yield GaugeMetricFamily("dateline_ledger_claims_entered", "Claims entered, superseded codings included.", told.claims)
        yield GaugeMetricFamily("dateline_ledger_quotations_entered", "Quotations entered.", told.quotations)
        yield GaugeMetricFamily("dateline_ledger_judgements", "Judgements by people.", told.judgements)
        yield GaugeMetricFamily("dateline_ledger_shards", "Shards entered.", told.shards)
        for name, words, moment in (
            ("last_added", "When something was last entered (Unix time).", told.last_added),
            ("board_made", "When the board of events was made (Unix time).", told.board_made),
        ):
            if moment is not None:
                yield GaugeMetricFamily(f"dateline_ledger_{name}_seconds", words, moment.timestamp())
