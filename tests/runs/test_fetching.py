"""From a feed to a ledger: what is entered, what later versions of a page come to, and what a killed run leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

import pytest

from dateline.fetching.addresses import canonical_address
from dateline.fetching.manners import Visitor
from dateline.fetching.state import FetchState, LockedError, Page, alone, open_state
from dateline.knowledge.accounts import load_accounts
from dateline.knowledge.sources import Source, SourceKind
from dateline.ledger.errors import OutdatedLedgerError
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, open_ledger
from dateline.ledger.validate import validate
from dateline.pipeline import code_report
from dateline.records import Coding, Judge, Judgement, JudgementKind, Report, Testimony
from dateline.runs.coder import coder_version
from dateline.runs.events import read_events
from dateline.runs.fetching import Enterer, Poller
from dateline.runs.local import CodeReport, Found, LoadCoder, code_safely
from dateline.runs.versions import ChangeKind, changes, history_of
from dateline.runs.watchman import Round, Watchman
from tests.coding import loaded
from tests.fetching.site import TABLES, Site, client_of, running

STRIKE = "Some 400 miners went on strike in Soligorsk on Thursday, the union said."
ARREST = "Police detained {} protesters in Minsk on Friday."
MORE = "Students marched in Hrodna on Friday."
STRUCK, MARCHED = "Some 400 miners went on strike", "Students marched"
"""The words that are the evidence of each."""


def detained(number: int) -> str:
    return f"Police detained {number} protesters"


def article(*paragraphs: str, furniture: str = "Most read: zebras") -> str:
    told = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        '<html><head><meta property="article:published_time" content="2026-11-28"></head><body><article>'
        f"<h1>Miners strike in Soligorsk</h1>{told}</article><aside><a href='/x'>{furniture}</a></aside></body></html>"
    )


def feed(site: Site, *paths: str) -> str:
    items = "".join(f"<item><title>t</title><link>{site.at(path)}?utm_source=rss</link></item>" for path in paths)
    return f"<rss><channel><title>The Paper</title>{items}</channel></rss>"


def load() -> CodeReport:
    knowledge, models = loaded()
    return partial(code_report, knowledge=knowledge, models=models)


def code_here(found: Iterable[Found], load: LoadCoder, *, workers: int, time_limit: float) -> Generator[tuple[Found, Coding]]:
    """An engine that starts no process: what it would load is loaded already."""
    code = load()
    for item in found:
        yield item, code_safely(code, item) if isinstance(item, Report) else Coding(item.report, None, problems=(item,))


@cache
def coder() -> object:
    return coder_version()


@dataclass
class Clock:
    """A moment that a test moves on; each look is a little later, as looks are."""

    at: datetime = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


@dataclass
class Desk:
    """A ledger that reads one site, as `dateline watch` does; opened anew for each round, as a new process would."""

    site: Site
    folder: Path
    clock: Clock
    sources: tuple[Source, ...]

    @property
    def ledger(self) -> Ledger:
        return open_ledger(self.folder)

    def round(self, later: timedelta = timedelta(0), ledger: Callable[[Ledger], Ledger] = lambda ledger: ledger) -> Round:
        self.clock.at += later
        book, state = ledger(self.ledger), self.state()
        try:
            client = replace(client_of(self.site), now=self.clock)
            visitor = Visitor(client, state, delay=0.0)

            def form(address: str) -> str:
                return canonical_address(address, TABLES, ports=client.limits.ports)

            enterer = Enterer(book, state, load, coder(), self.clock, form, engine=code_here)  # type: ignore[arg-type]
            return Watchman(self.sources, Poller(state, visitor, self.clock), enterer, state, self.clock).round()
        finally:
            state.close()

    def state(self) -> FetchState:
        return open_state(self.folder / "fetching.sqlite")

    def outcomes(self) -> list[str]:
        return [row[0] for row in self.ledger.sql("SELECT outcome FROM visits ORDER BY fetched_at, address").rows]

    def tellings(self) -> dict[str, Testimony]:
        """Every claim of the ledger as it stands, by its words and document."""
        found = read_events(self.ledger, load_accounts()).events
        return {f"{told.evidence} [{told.claim.document}]": told for event in found for told in event.tellings}

    def standing(self) -> list[tuple[str, bool]]:
        return sorted((key.split(" [")[0], told.is_current) for key, told in self.tellings().items())


HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with running() as site:
        site.page("/robots.txt", "User-agent: *\nDisallow: /private", kind="text/plain")
        site.page("/feed", feed(site, "/a"), kind="application/rss+xml", etag='"f1"')
        site.page("/a", article(STRIKE, ARREST.format(12)), etag='"1"')
        sources = (
            Source("paper", SourceKind.FEED, (site.at("/feed"),), HOUR / 2, "The Paper", ("daily",)),
            Source("page", SourceKind.PAGES, (site.at("/a"),), HOUR),
        )
        yield Desk(site, tmp_path / "ledger", Clock(), sources)


# ---------------------------------------------------------------- from a feed to the ledger


def test_what_a_feed_lists_is_entered_with_how_it_came(desk: Desk) -> None:
    desk.sources = desk.sources[:1]
    done = desk.round()
    assert (done.polled[0].listed, done.polled[0].new, done.outcomes) == (1, 1, {"arrived": 1})
    assert (done.entered.added.documents, done.entered.added.claims) == (1, 2)
    (document,) = desk.ledger.documents()
    assert (document.address, document.publisher) == (desk.site.at("/a"), "The Paper")
    assert desk.ledger.raw(document.raw_sha256) == article(STRIKE, ARREST.format(12)).encode()
    assert desk.ledger.entered([document.document_id])[document.document_id].fetched is not None
    (visit,) = desk.ledger.visits_of({desk.site.at("/a")})
    assert (visit.outcome, visit.status, visit.source, visit.tags) == ("new", 200, "paper", ["daily"])
    assert (visit.raw_sha256, visit.document_id) == (document.raw_sha256, document.document_id)
    assert '["etag", "\\"1\\""]' in visit.headers
    assert list(validate(desk.ledger, is_strict=True)) == []


def test_what_has_not_changed_is_neither_sent_nor_entered_again(desk: Desk) -> None:
    desk.round()
    done = desk.round(2 * HOUR)
    assert done.polled[0].listed is None
    assert done.outcomes == {"not changed": 1}
    assert desk.site.count("/a") == 2  # asked for again, and answered with 304
    assert desk.outcomes() == ["new"]
    assert desk.round().polled == ()


def test_pages_that_a_list_leads_to_are_fetched_once_unless_it_says_they_changed(desk: Desk) -> None:
    site = desk.site
    desk.sources = (Source("map", SourceKind.SITEMAP, (site.at("/map"),), HOUR / 2, only="/news/"),)

    def listed(*days: tuple[str, str]) -> None:
        rows = "".join(f"<url><loc>{site.at(path)}</loc><lastmod>{day}</lastmod></url>" for path, day in days)
        site.page("/map", f"<urlset>{rows}</urlset>", kind="application/xml")

    for path in ("/news/1", "/news/2"):
        site.page(path, article(f"{STRIKE} This is {path}."))
    old, recent, later = "2019-01-01", "2026-11-28T10:00:00Z", "2026-11-29T09:00:00Z"
    listed(("/news/1", recent), ("/news/old", old), ("/about", recent))
    assert desk.round().outcomes == {"arrived": 1}
    listed(("/news/1", recent), ("/news/2", old), ("/news/old", old))
    assert desk.round(HOUR).outcomes == {"arrived": 1}  # an old one that the sitemap did not list before is news
    listed(("/news/1", later), ("/news/2", old))
    assert desk.round(2 * HOUR).outcomes == {"not changed": 1}
    assert (site.count("/news/1"), site.count("/news/2"), site.count("/news/old"), site.count("/about")) == (2, 1, 0, 0)


def test_a_page_that_fails_is_tried_again_later_and_given_up_in_the_end(desk: Desk) -> None:
    desk.sources = desk.sources[:1]
    desk.site.page("/a", "", status=500)
    tries = [desk.round(timedelta(days=2)).outcomes.get("failed", 0) for _ in range(9)]
    assert sum(tries) == 6
    assert tries[-1] == 0
    desk.site.page("/feed", feed(desk.site, "/a", "/private/b"), kind="application/rss+xml", etag='"f2"')
    done = desk.round(timedelta(days=2))
    assert [problem.reason for problem in done.failed] == ["not allowed"]
    assert desk.site.count("/private/b") == 0


def test_a_feed_that_cannot_be_read_says_so_and_is_asked_less_often(desk: Desk) -> None:
    desk.sources = desk.sources[:1]
    desk.site.page("/feed", "<!doctype html><title>News</title>")
    done = desk.round()
    assert [problem.reason for problem in done.failed] == ["no feed"]
    desk.site.page("/feed", "", status=404)
    done = desk.round(HOUR)
    assert [problem.reason for problem in done.failed] == ["status 404"]


def test_what_cannot_be_read_is_kept_as_a_problem_and_stops_nothing(desk: Desk) -> None:
    desk.site.page("/feed", feed(desk.site, "/bad", "/a"), kind="application/rss+xml", etag='"f2"')
    desk.site.page("/bad", "<html><body></body></html>")
    done = desk.round()
    assert done.entered.added.documents == 1
    assert [problem.reason for problem in done.entered.added.failed] == ["no text"]
    assert sorted(desk.outcomes()) == ["new", "unreadable"]


def test_a_day_that_only_the_feed_gives_is_the_day_of_publication(desk: Desk) -> None:
    site = desk.site
    item = f"<item><link>{site.at('/c')}</link><pubDate>Fri, 27 Nov 2026 10:00:00 GMT</pubDate></item>"
    site.page("/feed", f"<rss><channel>{item}</channel></rss>", kind="application/rss+xml")
    site.page("/c", f"<html><body><article><p>{STRIKE}</p></article></body></html>")
    desk.sources = desk.sources[:1]
    desk.round()
    (document,) = desk.ledger.documents()
    assert str(document.published) == "2026-11-27"


# ---------------------------------------------------------------- versions


def again(desk: Desk, *paragraphs: str, furniture: str = "Most read: zebras", tag: str) -> Round:
    desk.site.page("/a", article(*paragraphs, furniture=furniture), etag=tag)
    return desk.round(2 * HOUR)


def test_a_corrected_figure_supersedes_the_one_before_and_erases_nothing(desk: Desk) -> None:
    desk.round()
    before = desk.clock.at
    done = again(desk, STRIKE, ARREST.format(15), tag='"2"')
    assert (done.entered.versions, done.entered.superseded) == (1, 2)
    assert desk.standing() == [
        (detained(12), False), (detained(15), True), (STRUCK, False), (STRUCK, True),
    ]  # fmt: skip
    old = next(told for key, told in desk.tellings().items() if key.startswith(detained(12)))
    new = next(told for key, told in desk.tellings().items() if key.startswith(detained(15)))
    assert old.superseded_by == new.claim.id
    assert len(desk.ledger.find()) == 4
    assert len(desk.ledger.find(as_of=before)) == 2
    past = read_events(desk.ledger, load_accounts(), as_of=before).events
    assert all(told.is_current for event in past for told in event.tellings)
    assert desk.outcomes() == ["new", "changed"]
    assert list(validate(desk.ledger)) == []


def test_a_paragraph_that_was_added_or_taken_out_is_told(desk: Desk) -> None:
    desk.round()
    again(desk, STRIKE, MORE, ARREST.format(12), tag='"2"')
    again(desk, STRIKE, MORE, tag='"3"')
    first, second, third = history_of(desk.ledger, desk.site.at("/a")).versions
    assert first.changes is None
    assert [(c.kind, c.later) for c in second.changes or () if c.kind != "same"] == [(ChangeKind.ADDED, MORE)]
    assert [(c.kind, c.earlier) for c in third.changes or () if c.kind != "same"] == [(ChangeKind.REMOVED, ARREST.format(12))]
    current = [words for words, is_current in desk.standing() if is_current]
    assert sorted(current) == [STRUCK, MARCHED]
    gone = [told for key, told in desk.tellings().items() if "detained" in key]
    assert {told.superseded_by for told in gone if told.claim.document == second.document.id} == {third.document.id}


def test_furniture_that_changed_enters_nothing(desk: Desk) -> None:
    desk.round()
    done = again(desk, STRIKE, ARREST.format(12), furniture="Most read: lions", tag='"2"')
    assert (done.entered.same, done.entered.added.documents) == (1, 0)
    assert desk.outcomes() == ["new"]
    assert len(desk.ledger.documents()) == 1
    assert desk.round(2 * HOUR).outcomes == {"not changed": 1}


@pytest.mark.parametrize("status", [404, 410])
def test_an_article_that_was_taken_down_is_noted_and_stays(desk: Desk, status: int) -> None:
    desk.round()
    desk.site.page("/a", "", status=status)
    assert desk.round(2 * HOUR).entered.gone == 1
    assert desk.outcomes() == ["new", "gone"]
    (_, visit) = desk.ledger.visits_of({desk.site.at("/a")})
    assert (visit.status, visit.document_id) == (status, desk.ledger.documents()[0].document_id)
    assert [is_current for _, is_current in desk.standing()] == [True, True]


def test_a_page_that_goes_back_to_how_it_was_is_believed(desk: Desk) -> None:
    desk.round()
    again(desk, STRIKE, ARREST.format(15), tag='"2"')
    again(desk, STRIKE, ARREST.format(12), tag='"3"')
    assert desk.outcomes() == ["new", "changed", "changed"]
    assert len(desk.ledger.documents()) == 2
    assert desk.standing() == [
        (detained(12), True), (detained(15), False), (STRUCK, False), (STRUCK, True),
    ]  # fmt: skip


PLEA = "Subscribe now to read all that we have. Support the work of our newsroom with eight euros each month, or log in."


@pytest.mark.parametrize("shown", [(PLEA, PLEA), (STRIKE,)], ids=["a plea", "the beginning alone"])
def test_another_text_at_the_address_supersedes_nothing(desk: Desk, shown: tuple[str, ...]) -> None:
    desk.site.page("/a", article(STRIKE, ARREST.format(12), MORE), etag='"1"')
    desk.round()
    assert again(desk, *shown, tag='"2"').entered.superseded == 0
    assert desk.outcomes() == ["new", "another text"]
    assert all(is_current for _, is_current in desk.standing())


def test_what_a_person_undid_is_not_entered_again(desk: Desk) -> None:
    desk.round()
    again(desk, STRIKE, ARREST.format(15), tag='"2"')
    log = Log(desk.folder)
    machine = [j.id for j in log.judgements() if j.kind is JudgementKind.SUPERSEDED]
    log.append([Judgement("", JudgementKind.UNDONE, Judge("Ada"), desk.clock.at, revokes=tuple(machine), reason="both stood")])
    again(desk, STRIKE, ARREST.format(12), tag='"3"')
    again(desk, STRIKE, ARREST.format(15), tag='"4"')
    current = [words for words, is_current in desk.standing() if is_current]
    assert detained(12) in current


def test_paragraphs_are_compared_one_with_the_other() -> None:
    found = changes(("a b c d", "e f g h", "i"), ("a b c x", "new words here", "i"))
    assert [(c.kind, c.earlier, c.later) for c in found] == [
        (ChangeKind.CHANGED, "a b c d", "a b c x"), (ChangeKind.ADDED, None, "new words here"),
        (ChangeKind.REMOVED, "e f g h", None), (ChangeKind.SAME, "i", "i"),
    ]  # fmt: skip
    long = tuple(f"a{n} b" for n in range(100))
    assert len(changes(long, tuple(f"c{n} d" for n in range(100)))) == 200


# ---------------------------------------------------------------- killed


class Killed(BaseException):
    pass


def killing(ledger: Ledger, at: int, seen: list[str]) -> Ledger:
    """The ledger, which is killed before its write of that number."""

    class Fragile(Ledger):
        def add(self, *args: object, **given: object) -> object:  # type: ignore[override]
            self._count("add")
            return super().add(*args, **given)  # type: ignore[arg-type]

        def add_rows(self, *args: object, **given: object) -> int:
            self._count("add_rows")
            done = super().add_rows(*args, **given)  # type: ignore[arg-type]
            self._count("after add_rows")
            return done

        def coding(self, *args: object, **given: object) -> object:  # type: ignore[override]
            self._count("superseding")
            return super().coding(*args, **given)  # type: ignore[arg-type]

        def _count(self, what: str) -> None:
            seen.append(what)
            if len(seen) == at:
                raise Killed

    return Fragile(ledger.path)


def test_a_run_that_is_killed_at_any_write_loses_nothing_and_enters_nothing_twice(desk: Desk) -> None:
    desk.round()
    desk.site.page("/a", article(STRIKE, ARREST.format(15)), etag='"2"')
    desk.site.page("/feed", feed(desk.site, "/a", "/b"), kind="application/rss+xml", etag='"f2"')
    desk.site.page("/b", article(MORE))
    kills = 0
    for at in range(1, 12):
        seen: list[str] = []
        try:
            desk.round(2 * HOUR if at == 1 else timedelta(0), ledger=partial(killing, at=at, seen=seen))
        except Killed:
            kills += 1
        else:
            break
    assert kills >= 4
    assert sorted(desk.outcomes()) == ["changed", "new", "new"]
    assert len(desk.ledger.documents()) == 3
    assert [is_current for words, is_current in desk.standing() if "detained" in words] == [False, True]
    assert sum(j.kind is JudgementKind.SUPERSEDED for j in Log(desk.folder).judgements()) == 2
    assert desk.site.count("/b") == 1
    assert list(validate(desk.ledger)) == []


SCRIPT = """
import sys, time
from pathlib import Path
from datetime import UTC, datetime
from dateline.fetching.state import Arrived, Page, open_state
state = open_state(Path(sys.argv[1]))
moment = datetime(2026, 11, 29, tzinfo=UTC)
print("ready", flush=True)
for number in range(100_000):
    page = Page(f"http://a/{number}", None, moment, moment, arrived=Arrived("f", 200, moment, (), None, bytes(2000)))
    state.keep([page])
    print(number, flush=True)
"""


def test_what_was_kept_when_the_process_was_killed_is_there(tmp_path: Path) -> None:
    path = tmp_path / "fetching.sqlite"
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(path)], stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    told = [int(line) for line in process.stdout.read().split()]
    process.wait()
    process.stdout.close()
    state = open_state(path)
    kept = state.arrived(200_000)
    state.close()
    assert len(kept) >= len(told) > 0
    assert all(page.arrived is not None and page.arrived.raw == bytes(2000) for page in kept)


def test_two_processes_do_not_fetch_for_one_ledger(tmp_path: Path) -> None:
    path = tmp_path / "fetching.sqlite"
    with alone(path), pytest.raises(LockedError, match="is fetching for this ledger"), alone(path):
        pass
    with alone(path):
        pass


def test_a_ledger_of_before_says_how_to_raise_it(desk: Desk) -> None:
    desk.round()
    (desk.folder / "ledger.json").write_text('{"format": 2, "what": "a Dateline ledger"}')
    with pytest.raises(OutdatedLedgerError, match="dateline migrate"):
        again(desk, STRIKE, ARREST.format(15), tag='"2"')
    state = desk.state()
    assert len(state.arrived(10)) == 1  # what came waits until the ledger can take it
    state.close()


def test_a_page_comes_back_from_the_state_as_it_was_kept(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 29, tzinfo=UTC)
    page = Page("http://a/", "s", moment, None, '"1"', "Mon", "00", moment, 2, 3)
    state = open_state(tmp_path / "fetching.sqlite")
    state.keep([page])
    assert state.page("http://a/") == page
    assert state.page("http://b/") is None
    state.close()
