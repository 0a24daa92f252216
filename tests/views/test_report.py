"""The page of one report: what it shows stands on words, and what reports say cannot act on it."""

from __future__ import annotations

import re
import shutil
import subprocess
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from time import process_time

import pytest

from dateline.records import READ, Actor, Block, BlockKind, Claim, Coding, Participant, PublicationDate, Span
from dateline.views.report import render_report
from tests.views import sample
from tests.views.page import Element, read

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def page() -> Element:
    return read(render_report(sample.coding()))


def test_it_shows_the_whole_text_unchanged(page: Element) -> None:
    shown = [element.text(without="ref") for element in page.by_id("text").all(class_="b")]
    assert shown == [words for _, words in sample.PARAGRAPHS]


def test_every_link_to_words_quotes_exactly_what_the_span_holds(page: Element) -> None:
    links = [element for element in page.all("a") if "data-span" in element.attributes]
    assert len(links) > 100
    for link in links:
        start, end = map(int, link.attributes["data-span"].split(":"))
        assert link.text() == sample.TEXT[start:end]
        assert link.attributes["href"] == f"#s{start}"


def test_every_link_leads_somewhere_in_the_page(page: Element) -> None:
    ids = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    targets = {element.attributes["href"] for element in page.all("a")}
    assert {target for target in targets if not target.startswith("#")} == set()
    assert {target[1:] for target in targets} <= set(ids)


def test_every_value_stands_on_words_or_says_how_it_arose(page: Element) -> None:
    answers = [answer for card in page.all("li", "card") for answer in card.all("dd")]
    assert len(answers) > 60
    for answer in answers:
        grounds = [*answer.all("a", "words"), *answer.all("span", "inferred"), *answer.all("span", "looked-up")]
        assert grounds, answer.text()


def test_a_stretch_knows_every_record_it_belongs_to(page: Element) -> None:
    police = page.by_id(f"s{sample.at('Police', 1).start}")
    assert police.text() == "Police"
    carried = set(police.attributes["data-m"].split())
    assert {"r5:evidence", "r5:actor", "r6:evidence", "r6:actor"} <= carried


@pytest.mark.parametrize("words", ["🔥", "𝒮t Luke’s", "Zoë Cafe\u0301-Borg", "الإضراب"])
def test_marks_are_exact_whatever_the_script(words: str) -> None:
    claim = sample.claim(1, replace(sample.strike(), trigger=sample.at(words), evidence=sample.at(words)))
    page = read(render_report(replace(sample.coding(), claims=(claim,), quotations=())))
    marked = [s.text() for s in page.by_id("text").all("span", "tr")]
    assert "".join(marked) == words


def test_it_makes_no_request_and_the_policy_would_not_let_it() -> None:
    page = render_report(sample.coding())
    root = read(page)
    assert not root.all("link")
    assert not root.all("img")
    assert not [e for e in root.all() if {"src", "srcset", "style", "action"} & set(e.attributes)]
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|import\(", page)
    (policy,) = (e.attributes["content"] for e in root.all("meta") if e.attributes.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    for name in ("style", "script"):
        (inline,) = root.all(name)
        digest = b64encode(sha256(inline.text().encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy


def test_markup_in_names_titles_and_texts_stays_text() -> None:
    nasty = sample.NASTY
    text = f"{nasty}\n\n</script></style><b>bold</b> & <!-- gone -->"
    document = replace(
        sample.document(), text=text, title=nasty, publisher=nasty, byline=nasty, address='javascript:alert("x")', published=None,
        blocks=(Block(Span(0, len(nasty))), Block(Span(len(nasty) + 2, len(text)))),
    )  # fmt: skip
    actor = Participant(Actor(nasty, "<i>", '"><u>'), Span(0, 5), sample.OFFICE)
    offer = replace(sample.offer(), type='"><script>', mode=nasty, rule=nasty, time=None)
    event = replace(offer, trigger=Span(0, 5), evidence=Span(0, 9), actors=(actor,), recipients=(actor,))
    root = read(render_report(Coding(nasty, document, (sample.claim(1, event),))))
    assert len(root.all("script")) == 1
    assert not [e for e in root.all() if e.name in {"img", "i", "u"} or any(name.startswith("on") for name in e.attributes)]
    assert [b.text() for b in root.all("b") if b.text() == "bold"] == []
    shown = nasty.replace("\x1b", "␛").replace("\u202e", "\ufffd")
    (heading,) = root.all("h1")
    assert heading.text() == shown
    assert root.by_id("text").all(class_="b")[0].text(without="ref") == shown
    assert not [e for e in root.all("a") if "javascript" in e.attributes.get("href", "")]


def test_statuses_differ_without_colour(page: Element) -> None:
    badges = {badge.text() for badge in page.all("span", "status")}
    assert badges == {"● asserted", "◷ planned", "◇ conditional", "✕ denied", "? alleged"}


def test_it_says_what_was_skipped_and_why(page: Element) -> None:
    reasons = [why.text() for why in page.all("span", "why")]
    assert len(reasons) == 5
    assert reasons[1] == "not coded: link to another story"


def test_it_shows_checks_with_their_arithmetic_and_tellings_as_links(page: Element) -> None:
    assert [check.text() for check in page.all("li", "check")] == [
        "✓ votes add up to the house: 40 + 25 + 2 + 12 = 79 seats 40 votes · 25 · two abstentions · twelve · the 79 members",
        "✗ part of its whole: 80 > 79",
    ]
    assert [(e.text(), e.all("a")[0].attributes["href"]) for e in page.all("p", "again")] == [
        ("Told again in record 2", "#r2"),
        ("First told in record 1", "#r1"),
    ]


def test_a_chain_of_tellers_keeps_its_order(page: Element) -> None:
    chain = [step.all("bdi")[0].text() for step in page.by_id("r7").all("ol", "tellers")[0].all("li")]
    assert chain == ["Own Sample", "Harbour Post", "a doctor at 𝒮t Luke’s"]


def test_the_days_hold_every_record_once(page: Element) -> None:
    (days,) = page.all("svg", "days")
    numbers = [link.attributes["href"] for link in days.all("a")]
    assert sorted(numbers) == sorted(f"#r{n}" for n in range(1, 14))
    assert "no day said" in days.text()


def test_a_time_open_on_one_side_is_drawn_open() -> None:
    event = sample.strike()
    assert event.time
    claims = tuple(
        sample.claim(n, replace(event, time=replace(event.time, first=None if n == 1 else event.time.first))) for n in (1, 2)
    )
    page = read(render_report(replace(sample.coding(), claims=claims)))
    assert [e.attributes["class"] for e in page.all("line") if "open-start" in e.classes()] == ["extent open-start"]


def test_every_field_and_drawing_is_named_for_a_screen_reader(page: Element) -> None:
    assert page.all("html")[0].attributes["lang"] == "en"
    assert all(e.attributes.get("aria-hidden") == "true" or e.attributes.get("aria-label") for e in page.all("svg"))
    assert all(e.text().strip() or e.attributes.get("aria-label") for e in [*page.all("a"), *page.all("button")])
    labelled = {label.attributes.get("for") or label.all("input")[0].attributes["id"] for label in page.all("label")}
    assert {e.attributes["id"] for e in page.all("input")} <= labelled
    assert len(page.all("h1")) == len(page.all("main")) == 1


def test_a_report_that_could_not_be_read_gives_a_page_that_says_why() -> None:
    page = read(render_report(sample.unreadable()))
    assert "the page holds no article" in page.by_id("p1").text()
    assert "No records." in page.text()


def test_words_between_the_blocks_are_not_lost() -> None:
    document = sample.document()
    page = read(render_report(Coding("x", replace(document, blocks=document.blocks[2:4]))))
    shown = "".join(e.text() for e in page.by_id("text").all(class_="b"))
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", sample.TEXT)


HEADED = "Title:\n\nPort shut\n\nPublisher: The Quay\n\nDate: 6 May 2025\n\nVALLETTA -\n\nDockers went on strike.\n\nShare this"


def headed() -> Coding:
    """A report with lines above its body, its day of publication among them."""
    kinds = ("furniture", "title", "furniture", "furniture", "dateline", "body", "furniture")
    spans = [sample.at(line, text=HEADED) for line in HEADED.split("\n\n")]
    published = PublicationDate(sample.TUESDAY, READ, sample.at("6 May 2025", text=HEADED))
    blocks = tuple(Block(span, BlockKind(kind)) for span, kind in zip(spans, kinds, strict=True))
    return Coding("headed", replace(sample.document(), text=HEADED, blocks=blocks, published=published))


def test_lines_above_the_body_are_folded_and_none_is_lost() -> None:
    text = read(render_report(headed())).by_id("text")
    (folded,) = text.all("details")
    assert "open" not in folded.attributes
    assert folded.all("summary")[0].text() == "3 lines not coded: header"
    assert [e.text() for e in folded.all(class_="b")] == ["Title:", "Publisher: The Quay", "Date: 6 May 2025"]
    assert sorted(e.text() for e in text.all(class_="b")) == sorted(HEADED.split("\n\n"))
    assert text.all(class_="b")[0].text() == "Port shut"


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_the_publication_date_opens_the_lines_it_stands_in(tmp_path: Path) -> None:
    steps = """
    note("before", q(".header-lines").open); q(".imprint a.words").click(); note("after", q(".header-lines").open);
    """
    assert driven(steps, tmp_path, coding=headed()) == {"before": "false", "after": "true"}


def test_a_card_dims_what_no_words_say_and_keeps_the_rule_for_the_table(page: Element) -> None:
    facts = page.by_id("r5").all("span", "facts")[0]
    assert [e.text() for e in facts.all("span", "assumed")] == ["≈ Malta"]
    assert "country of the police" not in facts.text()
    assert "inferred: country of the police" in page.by_id("r5").all("details", "origins")[0].text()


def test_the_same_coding_gives_the_same_bytes() -> None:
    assert render_report(sample.coding()).encode() == render_report(sample.coding()).encode()


def long_coding() -> Coding:
    """Some 60,000 characters with 400 spans."""
    times = 60_000 // len(sample.TEXT) + 1
    size = len(sample.TEXT) + 2
    text = "\n\n".join([sample.TEXT] * times)
    blocks = tuple(Block(b.span.shift(n * size), b.kind) for n in range(times) for b in sample.blocks())
    march = sample.march()

    def moved(n: int) -> Claim:
        by = (n % times) * size
        actors = tuple(replace(p, span=p.span.shift(by)) for p in march.actors if p.span)
        counts = tuple(replace(c, span=c.span.shift(by)) for c in march.counts)
        return sample.claim(
            n, replace(march, trigger=march.trigger.shift(by), evidence=march.evidence.shift(by), actors=actors, counts=counts)
        )

    return Coding("long", replace(sample.document(), text=text, blocks=blocks), tuple(moved(n) for n in range(100)))


def test_a_long_report_with_400_spans_renders_at_once() -> None:
    coding = long_coding()
    started = process_time()
    page = render_report(coding)
    took = process_time() - started
    assert len(page) > 60_000
    assert took < 1.5, f"{took:.2f} s"  # a fifth of a second on a quiet machine; test machines are seldom quiet


FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=3000",
)


def in_browser(page: str, folder: Path, hash_: str = "", *flags: str) -> Element:
    """The page after its script has run, as the browser then holds it."""
    assert CHROMIUM
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    command = [CHROMIUM, *FLAGS, *flags, f"--user-data-dir={folder / 'profile'}", "--dump-dom", f"{file.as_uri()}{hash_}"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return read(done.stdout.decode().strip())


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_browser_runs_the_script_and_marks_the_chosen_record(tmp_path: Path) -> None:
    page = in_browser(render_report(sample.coding()), tmp_path, "#r5")
    assert "js" in page.all("html")[0].classes()
    assert "on" in page.by_id("r5").classes()
    assert "open" in page.by_id("r5").all("details")[0].attributes
    marked = {
        role: "".join(s.text() for s in page.by_id("text").all("span", f"f-{role}") if "on" in s.classes())
        for role in ("trigger", "count")
    }
    assert marked == {"trigger": "detained", "count": "almost 70 protesters"}
    assert page.by_id(f"s{sample.at('protesters').start}").classes()[-2:] == ["f-count", "g-recipient"]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_browser_keeps_filters_in_the_address(tmp_path: Path) -> None:
    page = in_browser(render_report(sample.coding()), tmp_path, "#r5&type=ASSAULT&type=VOTE&find=police")
    shown = [card.attributes["id"] for card in page.all("li", "card") if "hidden" not in card.attributes]
    assert shown == ["r6", "r9"]
    assert page.by_id("live").text() == "2 of 13 records"


DRIVER = """
const log = [];
const q = (s) => document.querySelector(s);
const on = () => [...document.querySelectorAll(".card.on, .quotation.on")].map((e) => e.id).join() || "none";
const marked = () => [...document.querySelectorAll(".text .s.on")].map((e) => e.textContent).join("");
const press = (key) => document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const note = (name, value) => log.push(`${name}=${value}`);
%s
document.body.innerHTML = "";
document.body.setAttribute("data-log", log.join("\\n"));
"""


def driven(steps: str, folder: Path, *flags: str, coding: Coding | None = None) -> dict[str, str]:
    """What the steps noted. The policy is left out, as it would stop our driver too."""
    page = re.sub(r"<meta http-equiv=[^>]*>", "", render_report(coding or sample.coding()))
    page = page.replace("</body>", f"<script>{DRIVER % steps}</script></body>")
    log = in_browser(page, folder, "", *flags).all("body")[0].attributes["data-log"]
    return dict(line.split("=", 1) for line in log.split("\n"))


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_reader_can_go_from_text_to_record_and_back(tmp_path: Path) -> None:
    police = sample.at("Police", 1).start
    steps = f"""
    q("#r4 summary").dispatchEvent(new MouseEvent("mouseover", {{ bubbles: true }}));
    note("hover", marked());
    q("h1").dispatchEvent(new MouseEvent("mouseover", {{ bubbles: true }}));
    note("leave", marked());
    q("#s{police}").click(); note("first click", on());
    q("#s{police}").click(); note("second click", on());
    q("#s{police}").click(); note("third click", on());
    q(".ref[data-key=r9]").click(); note("number", on()); note("open", q("#r9 details").open);
    note("closed again", q("#r5 details").open);
    press("Escape"); note("escape", on());
    press("j"); note("j", on()); press("j"); press("j"); press("k"); note("jjk", on());
    press("k"); press("k"); press("k"); note("top", on());
    q(".chip[data-value=ASSAULT]").click(); press("j"); note("j among filtered", on());
    note("words of hidden records", q(".ref[data-key=r2]").classList.contains("off"));
    q("#clear").click(); note("cleared", document.querySelectorAll(".card[hidden]").length);
    const before = getComputedStyle(document.body).backgroundColor;
    press("d"); note("dark differs", before !== getComputedStyle(document.body).backgroundColor);
    q("#letters").click(); press("j"); note("j with letters off", on());
    q("#letters").click(); press("?"); note("keys", q("#keys").open);
    """
    assert driven(steps, tmp_path) == {
        "hover": "More than 1,200 people marched along the quaythe unionsaid",
        "leave": "",
        "first click": "r5",
        "second click": "r6",
        "third click": "r5",
        "number": "r9",
        "open": "true",
        "closed again": "false",
        "escape": "none",
        "j": "r1",
        "jjk": "r2",
        "top": "r1",
        "j among filtered": "r6",
        "words of hidden records": "true",
        "cleared": "0",
        "dark differs": "true",
        "j with letters off": "r6",
        "keys": "true",
    }


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_nothing_sticks_out_of_a_narrow_window(tmp_path: Path) -> None:
    steps = """
    for (const details of document.querySelectorAll("details")) details.open = true;
    document.body.style.width = "320px";
    note("width", document.body.scrollWidth);
    """
    assert driven(steps, tmp_path, "--window-size=500,900") == {"width": "320"}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1, 2])
def test_text_stands_out_from_its_ground_in_every_theme(theme: int) -> None:
    style = files("dateline.views").joinpath("static/page.css").read_text(encoding="utf-8")
    rules = [dict(re.findall(r"--([\w-]+): (#\w+);", rule)) for rule in re.findall(r":root[^{]*\{[^}]*--paper[^}]*\}", style)]
    colours = {name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:]) for name, value in rules[theme].items()}
    grounds = [name for name in colours if name.endswith("-bg")]
    pairs = [("ink", ground) for ground in ["paper", "card", "tint", *grounds]]
    pairs += [(ink, ground) for ink in ("soft", "accent", "status") for ground in ("paper", "card", "tint")]
    pairs += [("trigger-ink", "trigger"), ("paper", "ink"), ("paper", "accent"), ("soft", "ev-bg")]
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < 4.5
    }
    assert weak == {}
    lines = {
        role: contrast(colours[role], colours[f"{role}-bg"])
        for role in ("actor", "recipient", "time", "place", "count", "status", "teller")
    }
    assert min(lines.values()) >= 3, lines


def test_a_closed_card_says_that_a_check_failed(page: Element) -> None:
    """A contradiction must be seen without opening thirteen cards."""
    (facts,) = page.by_id("r11").all("span", "facts")
    assert facts.text().endswith("✗ 1 check failed")
    assert not any("failed" in facts.text() for facts in page.by_id("r1").all("span", "facts"))
