"""Documents, actors, the log, quality and watch rules in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from dateline.ledger.derived import ReprintRow
from dateline.ledger.judgements import Log
from dateline.ledger.store import open_ledger
from dateline.records import READ, Actor, Judge, Judgement, JudgementKind, Participant, Report
from tests.browser.conftest import OpenPage, axe_violations, serving
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, document_of, failure_of, report_of

HOSTILE = '<img src=x onerror="document.title=1">'
ARABIC = "عمال المصنع"
FIRST = report_of("first.txt", STRIKE)
SECOND = replace(report_of("second.txt", f"{STRIKE} 🔥 {ARABIC} {HOSTILE}"), publisher=HOSTILE)
RULES = "rules:\n- id: detained\n  says: Anybody detained\n  about: {type: COERCE}\n  when: {figure: {of: detained, at_least: 1}}\n"
PAGES = (
    "/documents",
    "/documents?shelf=failed",
    f"/documents/{document_of(SECOND).id}",
    "/actors",
    f"/actors/{ARABIC}",
    "/audit",
    "/quality",
    "/watch",
    "/watch/test?since=2020-08-16&until=2020-08-20&printed=yes",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small ledger with all that these pages can show: reprints, a failure, judgements, and names that mean harm."""
    ledger = open_ledger(tmp_path_factory.mktemp("records") / "ledger")
    coding = coding_of(SECOND)
    strike = coding.claims[0]
    more = tuple(Participant(Actor(name, "BLR", "CVL"), None, READ) for name in (HOSTILE, ARABIC))
    told = replace(strike, event=replace(strike.event, actors=(*strike.event.actors, *more)))
    document = coding.document
    assert document is not None
    second = replace(coding, document=replace(document, title=f"{ARABIC} {HOSTILE}"), claims=(told, *coding.claims[1:]))
    broken = Report("broken.bin", b"\xff\xfe")
    ledger.add([coding_of(FIRST), second, failure_of(broken)], [FIRST, SECOND, broken], coder=CODER, known_at=NOON)
    first = document_of(FIRST).id
    rows = [ReprintRow(id, first, False) for id in (first, document_of(SECOND).id)]
    ledger.add_rows("reprints", rows, by="test", known_at=NOON)
    log, claims = Log(ledger.path), [claim.id for claim in coding_of(FIRST).claims]
    for number in range(60):
        kind = JudgementKind.ACCEPTED if number % 2 else JudgementKind.REJECTED
        log.append([Judgement("", kind, Judge(HOSTILE), NOON + timedelta(minutes=number), ((claims[0],),), ARABIC)])
    (ledger.path / "watch.yaml").write_text(RULES, encoding="utf-8")
    with serving(ledger.path) as served:
        yield served


def is_narrow_enough(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_is_accessible_wide_and_narrow_and_hostile_names_are_inert(open_page: OpenPage, dark: bool) -> None:
    page = open_page(PAGES[0], dark=dark, width=1280 if dark else 320)
    served = page.url.removesuffix(PAGES[0])
    for path in PAGES:
        page.goto(served + path)
        assert axe_violations(page) == [], path
        assert is_narrow_enough(page), path
        assert page.title().endswith("Dateline"), path


def test_a_record_and_its_words_are_marked_from_either_side(open_page: OpenPage) -> None:
    page = open_page(f"/documents/{document_of(SECOND).id}")
    page.locator("#r2 summary").first.click()
    assert page.locator("#text .s.on").all_inner_texts()
    assert "detained" in " ".join(page.locator("#text .s.on").all_inner_texts())
    assert page.url.endswith("#r2")
    page.keyboard.press("Escape")
    assert page.locator("#text .s.on").count() == 0
    page.locator("#text .s.tr", has_text="detained").first.click()
    assert page.locator("#r2.on details[open]").count() == 1
    assert page.evaluate("document.getElementById('text').querySelector('article').textContent.includes('🔥 عمال')")


def test_records_are_gone_through_by_key(open_page: OpenPage) -> None:
    page = open_page(f"/documents/{document_of(FIRST).id}")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("#r2.on").count() == 1
    page.keyboard.press("k")
    assert page.locator("#r1.on").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".records .on").count() == 0


def test_text_that_nothing_rests_on_is_shown_without_script(open_page: OpenPage) -> None:
    page = open_page(f"/documents/{document_of(SECOND).id}", script=False)
    plain = page.locator(".text .b > span:not(.s)").first
    before = plain.evaluate("e => getComputedStyle(e).textDecorationLine")
    page.get_by_label("show it").check()
    assert (before, plain.evaluate("e => getComputedStyle(e).textDecorationLine")) == ("none", "underline")


def test_an_entry_far_back_in_the_log_is_found_by_its_anchor(open_page: OpenPage) -> None:
    page = open_page("/audit#entry-2")
    page.wait_for_url("**/audit?page=2#entry-2")
    assert page.locator("#entry-2").is_visible()


def test_the_log_is_verified_from_the_page(open_page: OpenPage) -> None:
    page = open_page("/audit")
    page.get_by_role("button", name="Verify all of it").click()
    assert page.get_by_role("status").filter(has_text="Everything is as it was entered").is_visible()


def test_original_bytes_come_as_a_file(open_page: OpenPage) -> None:
    page = open_page(f"/documents/{document_of(SECOND).id}")
    with page.expect_download() as kept:
        page.get_by_role("link", name="Original bytes").click()
    assert Path(kept.value.path()).read_bytes() == SECOND.raw
