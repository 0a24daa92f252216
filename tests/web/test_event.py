"""One event as a page: what it shows, on which words, and what can be judged there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dateline.knowledge.accounts import load_accounts
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import LinkedEvent
from dateline.runs.events import read_around, read_event, read_events
from dateline.views.event_page import accounts_table, report_list, source_articles
from dateline.views.grounds import sheet_of
from dateline.views.wording import load_wording, shown
from dateline.web.app import make_app
from dateline.web.site import Options, Site
from tests.web.ledgers import samples_at
from tests.web.reviewers import client_of
from tests.web.world import HOSTILE, HOSTILE_ADDRESS, event_called, judged_world_at, world_at

EMPTY = frozenset({"input", "br", "meta", "link", "img"})


@dataclass
class Page(HTMLParser):
    """What of a page the tests look at: quotes with the span that they claim to be of, values with what they stand on, targets."""

    quotes: list[tuple[str, str]] = field(default_factory=list)
    said: list[dict[str, bool]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    _open: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        self.tags.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        href = given.get("href") or ""
        if href.startswith("#"):
            self.targets.append(href[1:])
        elif href:
            self.addresses.append(href)
        if "data-span" in given:
            self.quotes.append((given["data-span"] or "", ""))
        if "said" in classes and tag == "div":
            self.said.append({"words": False, "how": False})
        if self.said and any("said" in (g.get("class") or "").split() for _, g in self._open):
            self.said[-1]["words"] |= "data-span" in given
            self.said[-1]["how"] |= "how" in classes
        if tag not in EMPTY:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        names = [name for name, _ in self._open]
        if names[-1:] == ["q"] and any("data-span" in given for _, given in self._open):
            span, words = self.quotes[-1]
            self.quotes[-1] = (span, words + data)


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    return page


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return open_ledger(samples_at(tmp_path_factory.mktemp("samples") / "ledger"), create=False)


@pytest.fixture(scope="module")
def known(samples: Ledger) -> dict[str, LinkedEvent]:
    return {event.id: event for event in read_events(samples, load_accounts()).events}


@pytest.fixture
def world(tmp_path: Path) -> Site:
    return Site(open_ledger(world_at(tmp_path / "ledger"), create=False))


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    site = Site(open_ledger(judged_world_at(tmp_path_factory.mktemp("judged") / "ledger"), create=False))
    with TestClient(make_app(site), base_url="http://localhost") as client:
        yield client


# ---------------------------------------------------------------- what it stands on


def test_every_value_has_its_words_or_says_how_it_arose(samples: Ledger, known: dict[str, LinkedEvent]) -> None:
    """All events of the sample ledger: each quote is what its span says, and each value has a quote, a rule or a person."""
    wording = load_wording()
    values = quotes = 0
    for event in known.values():
        sheet = sheet_of(event, wording)
        sources = samples.entered(sheet.documents)
        html = (
            str(accounts_table(sheet, sources)) + str(report_list(sheet, sources, wording)) + str(source_articles(sheet, sources))
        )
        page = read(html)
        for span, words in page.quotes:
            document, start, end = span.rsplit(":", 2)
            assert words == shown(sources[document].document.text[int(start) : int(end)]), span
        assert all(said["words"] or said["how"] for said in page.said), event.id
        assert set(page.targets) <= set(page.ids), "a quote leads to its place, and a place to what stands on it"
        assert len(page.ids) == len(set(page.ids))
        values += len(page.said)
        quotes += len(page.quotes)
    assert values > 1000
    assert quotes > 1000


def test_every_account_of_an_event_is_in_sight(known: dict[str, LinkedEvent]) -> None:
    wording = load_wording()
    for event in known.values():
        sheet = sheet_of(event, wording)
        rows = {row.name: row for row in sheet.rows}
        for told in event.accounts.fields:
            shown_by = [
                (said.standing, witness.id)
                for c, witness in zip(rows[told.field].columns, sheet.witnesses, strict=True)
                for said in c
            ]
            assert sorted(shown_by) == sorted((a.standing, w) for a in told.accounts for w in a.witnesses)
        for tally in event.accounts.tallies:
            row = rows[f"{tally.what} {tally.side or ''}".strip()]
            assert sum(said.bounds is not None for said in row.said) == sum(len(a.witnesses) for a in tally.accounts)


# ---------------------------------------------------------------- read alone


def test_an_event_read_alone_is_what_it_is_among_all(samples: Ledger, known: dict[str, LinkedEvent]) -> None:
    knowledge = load_accounts()
    for event in list(known.values())[::12]:
        assert read_event(samples, knowledge, event.id) == replace(event, plan=None, episode=None)


def test_its_plan_and_episode_are_those_of_all_events_around(world: Site) -> None:
    found = read_events(world.ledger, world.accounts).events
    assert sum(e.plan is not None for e in found) >= 2
    for number, event in enumerate(found):
        if event.plan is not None or event.episode is not None or number % 5 == 0:
            assert read_around(world.ledger, world.accounts, replace(event, plan=None, episode=None)).event == event


# ---------------------------------------------------------------- the page


def test_accounts_stand_in_columns_by_witness_and_reprints_are_folded(judged: TestClient) -> None:
    page = judged.get(f"/events/{event_called('arrests at the gate')}").text
    heads = re.findall(r'<th scope="col"[^>]*>.*?</th>', page[page.index('class="accounts many"') :], re.DOTALL)[1:4]
    assert [re.search(r'class="author"><bdi>(.*?)</bdi>', head).group(1) for head in heads]  # type: ignore[union-attr]
    assert "reprint" in heads[0]
    assert "reports differ" in page
    assert "corrected since" in page
    assert "or more" in page, "an open end stays open"


def test_who_reviewed_it_is_said(judged: TestClient) -> None:
    assert "accepted by Ada" in judged.get(f"/events/{event_called('arrests at the gate')}").text
    assert "by nobody" in judged.get(f"/events/{event_called('the rally')}").text


def test_a_correction_is_shown_with_what_was_read(judged: TestClient) -> None:
    page = judged.get(f"/events/{event_called('the march')}").text
    assert "by a person" in page
    assert "corrected by Ada" in page
    assert "Fri 8 March 2024" in page
    history = judged.get(f"/events/{event_called('the march')}/history").text
    told = re.search(r"day: <s><bdi>(.*?)</bdi></s> → <b><bdi>(.*?)</bdi></b>", history)
    assert told is not None, history[history.index("day: ") - 50 :][:300]
    assert "2024-03" in told[1]
    assert told[2] == "2024-03-08"
    assert "undone since" in history, "what was taken back stays in sight"


def test_an_earlier_moment_knows_no_later_judgement(judged: TestClient) -> None:
    page = judged.get(f"/events/{event_called('the march')}", params={"as_of": "2024-03-24"}).text
    assert "corrected by Ada" not in page
    assert "As known on" in page
    assert "<form" not in page[page.index('id="content"') :], "what was known then is not judged now"


def test_an_event_that_people_rejected_says_so(judged: TestClient) -> None:
    answer = judged.get(f"/events/{event_called('the barrier')}")
    assert answer.status_code == 410
    assert "rejected" in answer.text


def test_any_id_that_it_had_leads_to_it(world: Site) -> None:
    event = read_event(world.ledger, world.accounts, event_called("arrests at the gate"))
    assert event is not None
    client = client_of(world)
    for id in (event.tellings[-1].claim.id, event.id[:9]):
        answer = client.get(f"/events/{id}?as_of=2024-04-01")
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/events/{event.id}?as_of=2024-04-01"
    assert client.get("/events/nothing-like-it").status_code == 404


def test_after_a_merger_both_ids_lead_to_one_event_and_after_its_undoing_each_to_its_own(world: Site) -> None:
    client = client_of(world)
    one, two = event_called("the march"), event_called("the vigil")
    client.post("/judgements", data={"kind": "merged", "id": [one, two], "reason": "one evening"})
    landed = [client.get(f"/events/{id}", follow_redirects=True).url.path for id in (one, two)]
    assert landed[0] == landed[1]
    client.post("/judgements", data={"kind": "undone", "id": "1"})
    assert [client.get(f"/events/{id}").status_code for id in (one, two)] == [200, 200]


def test_the_forms_of_the_page_enter_judgements(world: Site) -> None:
    client = client_of(world)
    path = f"/events/{event_called('arrests at the gate')}"
    page = client.get(path).text
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'value="accepted"' in f)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    answer = client.post("/judgements", data={**fields, "kind": "accepted", "reason": "read all"})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert "accepted by Ada" in client.get(path).text
    stale = client_of(world, "Ben").post("/judgements", data={**fields, "kind": "rejected"})
    assert stale.status_code == 409, "the page was from before Ada's acceptance"


def test_claims_are_ticked_and_taken_out(world: Site) -> None:
    client = client_of(world)
    path = f"/events/{event_called('arrests at the gate')}"
    page = client.get(path).text
    ticks = re.findall(r'<input type="checkbox" name="claims" value="(\w+)" form="split"', page)
    assert len(ticks) == 6
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'value="split"' in f)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert client.post("/judgements", data={**fields, "claims": ticks[-1:]}).status_code == 303
    assert len(re.findall(r'name="claims"', client.get(path).text)) == 5


def test_a_server_that_only_shows_has_no_forms(tmp_path: Path) -> None:
    site = Site(open_ledger(world_at(tmp_path / "ledger"), create=False), Options(is_readonly=True))
    page = client_of(site).get(f"/events/{event_called('the march')}").text
    assert "nothing can be judged here" in page
    assert 'action="/judgements"' not in page


def test_nobody_in_particular_is_asked_for_a_name(world: Site) -> None:
    page = client_of(world, None).get(f"/events/{event_called('the march')}").text
    assert "/you?next=" in page


def test_a_ledger_that_was_sealed_into_volumes_shows_the_same(world: Site) -> None:
    client = client_of(world)
    path = f"/events/{event_called('arrests at the gate')}"
    before = client.get(path).text
    world.ledger.compact(made_at=datetime(2024, 4, 1, tzinfo=UTC))
    after = client_of(Site(open_ledger(world.ledger.path, create=False))).get(path).text
    seen = [(read(page).quotes, read(page).addresses, re.findall(r"<time[^>]*>", page)) for page in (before, after)]
    assert seen[0] == seen[1]


# ---------------------------------------------------------------- around it, and as data


def test_around_it_are_its_plan_its_episode_and_what_is_like_it(judged: TestClient) -> None:
    plan = judged.get(f"/events/{event_called('the march')}/around").text
    assert "Announced" in plan
    assert "happened" in plan
    strike = event_called("the strike in Nakora")
    part = judged.get(f"/events/{strike}/around", params={"part": "1"}).text
    assert part.startswith('<div class="around">')
    assert "Part of an episode" in part
    assert part.count('class="dot') == 3
    assert part.count('class="dot own"') == 1


def test_the_page_is_to_be_had_as_data(judged: TestClient) -> None:
    id = event_called("arrests at the gate")
    data = json.loads(judged.get(f"/events/{id}.json").text)
    assert data["id"] == id
    assert len(data["tellings"]) == 6
    assert {f["field"] for f in data["fields"]} >= {"kind", "days", "place"}


# ---------------------------------------------------------------- hostile and long


def test_hostile_markup_is_words(judged: TestClient) -> None:
    for name in ("hostile markup", "arrests at the gate"):
        page = judged.get(f"/events/{event_called(name)}").text
        assert HOSTILE not in page
        seen = read(page)
        assert HOSTILE_ADDRESS not in seen.addresses
        assert "img" not in seen.tags
        assert all(re.match(r"/|https?:", address) for address in seen.addresses)


def test_names_in_other_scripts_do_not_turn_what_is_around_them(judged: TestClient) -> None:
    page = judged.get(f"/events/{event_called('the march in the north')}").text
    assert re.search(r"<h1><bdi>[^<]*</bdi> – <em>", page)
    assert re.search(r'<p class="b[^"]*" dir="auto">', page)


def test_overlapping_quotes_are_cut_into_runs_that_give_the_text_again(judged: TestClient) -> None:
    page = judged.get(f"/events/{event_called('the roll')}").text
    assert page.count('class="said') >= 60
    assert len(page) < 3_000_000
