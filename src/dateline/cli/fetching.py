"""Commands on the network: fetch, the watch that polls, and changes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from logging import getLogger
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.options import DEFAULT_LEDGER, AsJson, AsOf, LedgerFolder, Publisher
from dateline.cli.printing import console, print_json, progress, say, steps, tell
from dateline.cli.reading import keep_failures, leave
from dateline.cli.shared import coding_errors, in_lines, now, own_actors_of

if TYPE_CHECKING:
    from dateline.fetching.client import Client
    from dateline.fetching.manners import Visitor
    from dateline.fetching.state import FetchState
    from dateline.knowledge.sources import Sources
    from dateline.ledger.store import Ledger
    from dateline.operation.metrics import Metrics
    from dateline.records import Problem
    from dateline.runs.fetching import Enterer, EnterResult, Polled
    from dateline.runs.watchman import Watchman

Contact = Annotated[
    str,
    typer.Option(
        metavar="WHO",
        envvar="DATELINE_CONTACT",
        help="How publishers reach you, a page or mail address; otherwise sources.yaml says it.",
        show_default=False,
    ),
]
Allow = Annotated[
    list[str],
    typer.Option(
        "--allow",
        metavar="IP",
        envvar="DATELINE_ALLOW",
        help="An address of your own network that may be connected to, and its ports.",
    ),
]


@app.command()
def fetch(
    addresses: Annotated[list[str], typer.Argument(metavar="ADDRESS", help="Web addresses; - reads them from standard input.")],
    publisher: Publisher = None,
    contact: Contact = "",
    allow: Allow = [],  # noqa: B006 - Typer reads it, nobody writes to it
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Fetches pages and enters what they say in the ledger, which is made if there is none.

    A page that is there already is asked for again: what has not changed enters nothing, another text is a new version
    (`dateline changes`). Robots.txt is kept to, and no machine but public ones is connected to.

    \b
    dateline fetch https://example.org/news/strike
    dateline fetch - < addresses.txt
    """
    from dateline.fetching.addresses import canonical_address
    from dateline.fetching.faults import FetchError
    from dateline.fetching.state import Hints, Page
    from dateline.runs.fetching import EnterResult, fetch_pages

    given = [line.strip() for one in addresses for line in (sys.stdin if one == "-" else [one])]
    with _at_work(ledger, contact, allow, None) as (book, state, visitor, enterer):
        failed: list[Problem] = []
        pages: dict[str, Page] = {}
        moment = now()
        for address in (line for line in given if line and not line.startswith("#")):
            try:
                formed = canonical_address(address, visitor.client.guard.tables, ports=visitor.client.limits.ports)
            except FetchError as fault:
                failed.append(fault.as_problem(address))
                continue
            known = state.page(formed) or Page(formed, None, moment, None)
            pages[formed] = replace(known, due=moment, hints=Hints(publisher) if publisher else known.hints)
        state.keep(list(pages.values()))
        outcomes: list[str] = []
        total = EnterResult()
        with progress("fetching", len(pages)) as on_progress:
            for visited in fetch_pages(list(pages.values()), state, visitor, {}, now):
                outcomes.append(visited.outcome)
                failed += [visited.problem] if visited.problem else []
                if visited.outcome == "postponed" and visited.page.due:
                    say(f"{visited.page.address}: not now; its host may be asked from {visited.page.due:%Y-%m-%d %H:%M} UTC on")
                on_progress(visited.page.address)
        with steps() as on_step:
            on_step("entering")
            total = enterer.enter()
        failed += total.added.failed
        keep_failures(book, failed)
    tell(failed)
    say(f"{_entered_words(total)}; {outcomes.count('not changed'):,} had not changed, {len(failed):,} failed")
    if as_json:
        counts = {name: outcomes.count(name) for name in ("arrived", "not changed", "gone", "postponed")}
        added = {name: getattr(total.added, name) for name in ("documents", "claims", "quotations")}
        entered = {name: getattr(total, name) for name in ("same", "versions", "superseded")}
        print_json({**counts, **added, **entered, "failed": [problem.report for problem in failed]})
    leave(failed)


@contextmanager
def _at_work(
    ledger: Path, contact: str, allow: Sequence[str], sources: Sources | None
) -> Iterator[tuple[Ledger, FetchState, Visitor, Enterer]]:
    """Ledger, state, and those who fetch and enter, while the block runs; nobody else fetches for the ledger meanwhile."""
    from dateline.fetching.manners import DELAY, Visitor
    from dateline.fetching.state import FILE_NAME, LockedError, NewerStateError, alone, open_state
    from dateline.ledger.store import open_ledger
    from dateline.runs.coder import coder_version, load_coder
    from dateline.runs.fetching import Enterer

    with coding_errors(), ExitStack() as stack:
        book = open_ledger(ledger)
        book.check_visits()
        try:
            stack.enter_context(alone(ledger / FILE_NAME))
            state = open_state(ledger / FILE_NAME)
        except (LockedError, NewerStateError) as fault:
            raise StopError(str(fault), Exit.LOCKED) from fault
        stack.callback(state.close)
        book.sweep()
        table = own_actors_of(ledger)
        client = _client(contact or (sources.contact if sources else "") or _contact_of(ledger), allow)
        delay = sources.delay if sources and sources.delay is not None else DELAY
        visitor = Visitor(client, state, delay=delay)
        form = partial(_in_one_form, client)
        load = partial(load_coder, table) if table else load_coder
        yield book, state, visitor, Enterer(book, state, load, coder_version(table), now, form, max(2, os.cpu_count() or 1))


def _client(contact: str, allow: Sequence[str]) -> Client:
    from ipaddress import ip_address

    from dateline.fetching.client import Client, Limits
    from dateline.fetching.guard import Guard
    from dateline.knowledge.addresses import load_address_tables

    allowed: set[str] = set()
    ports: set[int] = set()
    for one in allow:
        host, _, port = one.rpartition(":") if one.count(":") == 1 else (one, "", "")
        try:
            allowed.add(str(ip_address(host)))
            ports |= {int(port)} if port else set()
        except ValueError:
            raise StopError(f"--allow {one}: no IP address; write it as 192.168.1.20 or 192.168.1.20:8000", Exit.USAGE) from None
    if not contact:
        say("no contact is given, so publishers cannot reach you when something goes wrong: set `contact:` in sources.yaml")
    limits = Limits()
    return Client(
        Guard(load_address_tables(), frozenset(allowed)), now, contact, replace(limits, ports=limits.ports | frozenset(ports))
    )


def _in_one_form(client: Client, address: str) -> str:
    from dateline.fetching.addresses import canonical_address

    return canonical_address(address, client.guard.tables, ports=client.limits.ports)


def _contact_of(ledger: Path) -> str:
    from dateline.knowledge.sources import FILE_NAME

    return read_sources_of(ledger).contact if (ledger / FILE_NAME).is_file() else ""


def read_sources_of(ledger: Path) -> Sources:
    """The ledger's sources. Raises StopError for none, and with all that is wrong in them."""
    from dateline.knowledge.sources import FILE_NAME, SourcesError, read_sources

    path = ledger / FILE_NAME
    if not path.is_file():
        raise StopError(
            f"{path}: no such file. It says what to read, from where and how often; docs/sources.md has one to begin with"
        )
    try:
        return read_sources(path)
    except SourcesError as fault:
        raise StopError(in_lines(fault.faults)) from fault


# ---------------------------------------------------------------- watch


def poll_sources(ledger: Path, *, is_once: bool, contact: str, allow: Sequence[str], metrics_port: int | None = None) -> None:
    """Polls the sources of a ledger until it is stopped, or once; what is new is entered, linked, and asked of the watch rules."""
    from dateline.operation.metrics import Metrics, figures_of
    from dateline.runs.fetching import Poller
    from dateline.runs.watchman import Watchman

    sources = read_sources_of(ledger)
    if not sources.sources:
        raise StopError(f"{ledger / 'sources.yaml'}: names no source yet; docs/sources.md says how one is written")
    stop = threading.Event()
    with _at_work(ledger, contact, allow, sources) as (book, state, visitor, enterer):
        visitor.stop = stop
        metrics = Metrics()
        metrics.of_ledger(lambda: figures_of(book))
        watchman = Watchman(sources.sources, Poller(state, visitor, now), enterer, state, now, on_poll=_say_poll)
        with ExitStack() as until_stopped:
            until_stopped.enter_context(_asked_to_stop(stop))
            if metrics_port is not None:
                port = until_stopped.enter_context(metrics.listening(metrics_port))
                say(f"figures for Prometheus at http://127.0.0.1:{port}/metrics")
            while True:
                _round(book, watchman, metrics)
                if is_once or stop.is_set():
                    break
                following = watchman.next_round()
                waiting = ", ".join(s.name for s in sources.sources if watchman.poller.due_at(s, following) <= following)
                say(f"{_clock(now())} next at {_clock(max(following, now()))}{f': {waiting}' if waiting else ''}; Ctrl-C ends")
                # Woken each minute, since a machine that slept in between does not count the time.
                while now() < following and not stop.wait(min(60.0, max(0.5, (following - now()).total_seconds()))):
                    pass
                if stop.is_set():
                    break
    if stop.is_set():
        say("stopped; what came in is entered, and the next `dateline watch` goes on from there")


def _round(book: Ledger, watchman: Watchman, metrics: Metrics) -> None:
    done = watchman.round()
    for outcome, number in done.outcomes.items():
        metrics.fetched(str(outcome), number)
    metrics.round_ended(now())
    said = {"outcomes": {str(outcome): number for outcome, number in done.outcomes.items()}, "failed": len(done.failed)}
    getLogger("dateline.fetch").info("round ended", extra={**said, "documents": done.entered.added.documents})
    failed = [*done.failed, *done.entered.added.failed]
    keep_failures(book, failed)
    tell(failed)
    if done.outcomes or done.entered.added.documents:
        counts = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(done.outcomes.items()))
        say(f"{_clock(now())} pages: {counts or 'none'}; {_entered_words(done.entered)}")
    if done.changed:
        _link(book)


def _link(book: Ledger) -> None:
    from dateline.cli.watching import tell_news
    from dateline.runs.link import link_ledger

    with steps() as on_step:
        linked = link_ledger(book, now=now, on_step=on_step)
    say(f"{_clock(now())} linked: {linked.claims:,} claims tell of {linked.events:,} events")
    tell_news(book, moment=now())


def _say_poll(polled: Polled) -> None:
    name = polled.source.name
    if polled.problem is not None:
        if not polled.problem.is_fatal:
            say(f"{_clock(now())} {name}: {polled.problem.message}")
    elif polled.listed is None:
        say(f"{_clock(now())} {name}: nothing new")
    else:
        say(f"{_clock(now())} {name}: {polled.new:,} to fetch of {polled.listed:,} listed")
    tell(polled.remarks)


@contextmanager
def _asked_to_stop(stop: threading.Event) -> Iterator[None]:
    """In the block the first Ctrl-C, or TERM, asks for an end that loses nothing; the second is an interruption like any other."""

    def ask(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        say("stopping when what came in is entered; once more to stop at once")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _clock(moment: datetime) -> str:
    """In the time of this machine, as whoever looks on reads it; with the day if it is another."""
    local = moment.astimezone()
    return f"{local:%H:%M:%S}" if local.date() == datetime.now().astimezone().date() else f"{local:%Y-%m-%d %H:%M}"


def _entered_words(entered: EnterResult) -> str:
    added = entered.added
    parts = [f"{added.documents:,} documents with {added.claims:,} claims entered"]
    parts += (
        [f"{entered.versions:,} of them new versions, which supersede {entered.superseded:,} claims"] if entered.versions else []
    )
    parts += [f"{entered.same:,} with the same text"] if entered.same else []
    parts += [f"{entered.gone:,} taken down"] if entered.gone else []
    return ", ".join(parts)


# ---------------------------------------------------------------- changes


@app.command()
def changes(
    page: Annotated[str, typer.Argument(metavar="ADDRESS", help="A page's address, or the id of a document that stood there.")],
    as_of: AsOf = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Shows a page's versions: when each was fetched, and which paragraphs were added, removed or rewritten since the one before.

    \b
    dateline changes https://example.org/news/strike
    dateline changes 4f1c09d2a7b31e55 --json
    """
    from dataclasses import asdict

    from dateline.cli.shared import open_existing
    from dateline.runs.versions import history_of

    book = open_existing(ledger)
    history = history_of(book, _address_of(book, page, as_of), as_of=as_of)
    if not history.versions and not history.visits:
        raise StopError(
            f'{page}: the ledger has no page at that address. `dateline query "SELECT address FROM documents"` lists them'
        )
    if as_json:
        versions = [
            {
                "document": v.document.id,
                "known_at": v.known_at,
                "fetched_at": v.fetched_at,
                "changes": None if v.changes is None else [asdict(change) for change in v.changes if change.kind != "same"],
            }
            for v in history.versions
        ]
        print_json({"version": 1, "address": history.address, "versions": versions, "visits": [asdict(v) for v in history.visits]})
        return
    from dateline.views.changes import render_changes

    render_changes(
        history.address,
        [(v.document.id, v.fetched_at or v.known_at, v.changes) for v in history.versions],
        history.visits,
        console(),
    )


def _address_of(book: Ledger, page: str, as_of: datetime | None) -> str:
    if "//" in page:
        from dateline.fetching.addresses import canonical_address
        from dateline.fetching.faults import FetchError
        from dateline.knowledge.addresses import load_address_tables

        if book.documents_at({page}, as_of=as_of):
            return page
        try:
            return canonical_address(page, load_address_tables(), ports=frozenset(range(1, 65536)))
        except FetchError as fault:
            raise StopError(f"{page}: {fault}", Exit.USAGE) from fault
    document = book.document(page, as_of)
    if document.address is None:
        raise StopError(f"{page}: that document has no address, so no other versions are known")
    return document.address
