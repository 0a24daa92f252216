"""Invented articles and what each of their paragraphs is."""

from __future__ import annotations

import pytest

from dateline.ingest.boilerplate import Paragraph, find_blocks
from dateline.ingest.plain import find_paragraphs
from dateline.knowledge.reading import load_reading_tables
from dateline.records import Block, Span

TABLES = load_reading_tables()
LEAD = "Dock workers in the northern port walked off the job on Monday after talks over pay broke down, their union said."
MORE = "Managers said two ships had been sent to other harbours, and that they would not be moved by threats from the union."


def blocks_of(text: str, title: str | None = None) -> tuple[Block, ...]:
    return find_blocks(text, [Paragraph(Span(low, high)) for low, high in stripped(text)], TABLES, title)


def stripped(text: str) -> list[tuple[int, int]]:
    return [(low, low + len(text[low:high].rstrip())) for low, high in find_paragraphs(text, 0)]


def read(text: str, title: str | None = None) -> list[tuple[str, str]]:
    return [(block.kind.value, block.span.of(text)) for block in blocks_of(text, title)]


def kinds(*paragraphs: str) -> list[str]:
    return [block.kind.value for block in blocks_of("\n\n".join(paragraphs))]


def test_it_takes_ordinary_paragraphs_for_the_body() -> None:
    assert kinds(LEAD, MORE) == ["body", "body"]


def test_it_splits_the_title_off_a_text_that_opens_with_it() -> None:
    title = "Cranes stand still in “northern” port"
    assert read(f"Cranes stand still in northern port. {LEAD}", title) == [
        ("title", "Cranes stand still in northern port."),
        ("body", LEAD),
    ]


def test_it_leaves_a_text_that_does_not_open_with_its_title_alone() -> None:
    assert read(LEAD, "Cranes stand still") == [("body", LEAD)]


def test_it_takes_a_short_opening_line_for_the_title() -> None:
    assert kinds("Cranes stand still in northern port", LEAD, MORE) == ["title", "body", "body"]


def test_it_marks_a_cross_heading_but_no_list() -> None:
    assert kinds(LEAD, "Managers stand firm", MORE) == ["body", "crosshead", "body"]
    assert kinds(LEAD, "Higher wages", "Shorter shifts", "Safer cranes") == ["body", "body", "body", "body"]


@pytest.mark.parametrize(
    ("opening", "dateline"),
    [
        ("ODESSA, Aug 18 (Reuters) - ", "ODESSA, Aug 18 (Reuters) -"),
        ("ODESSA, Ukraine (AP) — ", "ODESSA, Ukraine (AP) —"),
        ("Odessa, Aug. 18 – ", "Odessa, Aug. 18 –"),
        ("odessa: ", "odessa:"),
        ("(CNN) -- ", "(CNN) --"),
        ("ODESSA, August 18. ", "ODESSA, August 18."),
        ("ODESSA, August 18. /TASS/. ", "ODESSA, August 18. /TASS/."),
        ("ODESSA (Agency) - ", "ODESSA (Agency) -"),
        ("ODESSA (UKRAINE), 18 AUG 89 (DPA) -- [TEXT] ", "ODESSA (UKRAINE), 18 AUG 89 (DPA) -- [TEXT]"),
        (
            "ODESSA, NO DATE (RADIO SUR) -- [REPORT] [ANA PETROV] [TEXT] ",
            "ODESSA, NO DATE (RADIO SUR) -- [REPORT] [ANA PETROV] [TEXT]",
        ),
    ],
)
def test_it_splits_off_the_dateline(opening: str, dateline: str) -> None:
    assert read(opening + LEAD)[0] == ("dateline", dateline)
    assert read(opening + LEAD)[1] == ("body", LEAD)


def test_it_splits_off_the_dateline_of_a_report_in_capitals() -> None:
    text = f"CARACAS (VENEZUELA), 27 OCT 89 (DPA) -- [TEXT] {LEAD.upper()}\n\n{MORE.upper()}"
    assert read(text)[:2] == [("dateline", "CARACAS (VENEZUELA), 27 OCT 89 (DPA) -- [TEXT]"), ("body", LEAD.upper())]


def test_it_splits_off_the_dateline_of_the_agency_whose_report_is_passed_on() -> None:
    text = f"MADRID (SPAIN), 17 MAY 90 (EFE) -- [EXCERPT] LIMA, 17 MAY (EFE) -- {LEAD.upper()}"
    assert kinds(text) == ["dateline", "dateline", "body"]
    assert kinds(f"MADRID, 17 MAY 90 (EFE) -- [TEXT] THE DOCKERS -- {LEAD.upper()}") == ["dateline", "body"]


@pytest.mark.parametrize("note", ["(Corrects number of ships in paragraph 2)", "(CORRECTS PLACE)", "(Adds minister's statement)"])
def test_it_finds_the_dateline_after_an_editing_note(note: str) -> None:
    expected = [("furniture", note), ("dateline", "ODESSA, Aug 18 (Reuters) -"), ("body", LEAD)]
    assert read(f"{note} ODESSA, Aug 18 (Reuters) - {LEAD}") == expected
    assert read(f"{note}\n\nODESSA, Aug 18 (Reuters) - {LEAD}") == expected


def test_it_takes_a_first_line_with_dateline_and_day_for_no_title() -> None:
    assert kinds("ODESSA, 18 AUG 89 (EFE) -- THE DOCKERS WALKED OFF", LEAD.upper(), MORE.upper())[:2] == ["dateline", "body"]


@pytest.mark.parametrize("opening", ["On Monday, August 18. ", "Friday, August 18. ", "Odessa said so on August 18. "])
def test_it_takes_no_day_in_a_sentence_for_a_dateline(opening: str) -> None:
    assert kinds(opening + LEAD) == ["body"]


NOTES = [
    "Correction: The port lies in the north, not in the south.",
    "Clarification: The union has 900 members.",
    "An earlier version of this article said three ships had been sent away.",
    "This story was corrected on March 4, 2021 to show that two ships had been sent away.",
]


@pytest.mark.parametrize("note", NOTES)
def test_it_keeps_a_correction_below_the_telling_out_of_it(note: str) -> None:
    assert read("\n\n".join([LEAD, MORE, note]))[-1] == ("furniture", note)
    assert read(f"{LEAD}\n\n{MORE} {note}") == [("body", LEAD), ("body", MORE), ("furniture", note)]


@pytest.mark.parametrize("note", NOTES)
def test_it_reads_a_correction_that_is_what_the_report_tells(note: str) -> None:
    assert kinds(note, LEAD, MORE) == ["body", "body", "body"]  # it opens the body
    long_note = f"{note} {MORE}"
    assert kinds(LEAD, long_note) == ["body", "body"]  # it is more than a third of it


def test_it_takes_no_correction_of_something_else_for_an_editors_note() -> None:
    paragraph = "Correction officers joined. An earlier version of the bill was vetoed."
    assert kinds(LEAD, MORE, paragraph) == ["body"] * 3


def test_it_takes_no_speaker_of_a_headline_for_a_dateline() -> None:
    assert kinds("Minister: Strike must end. " + LEAD) == ["body"]


def test_it_takes_a_dateline_standing_alone_for_no_title() -> None:
    assert kinds("ODESSA (AP) --", LEAD, MORE) == ["dateline", "body", "body"]


def test_it_splits_the_credit_off_a_caption() -> None:
    assert read(f"Dock workers at the gate in Odessa on Monday. (AFP)\n\n{LEAD}")[:2] == [
        ("caption", "Dock workers at the gate in Odessa on Monday."),
        ("credit", "(AFP)"),
    ]


@pytest.mark.parametrize(
    "caption",
    [
        "Dock workers at the gate, March 1, 2021. © 2021 Radio Nine.",
        "Dock workers at the gate [Ana Petrov/Reuters]",
        "Dock workers at the gate. (AP Photo/Ana Petrov)",
        "FILE - Dock workers stand at the gate in 2019.",
        "Dock workers at the gate. Photo: Ana Petrov",
    ],
)
def test_it_knows_a_caption_by_its_credit(caption: str) -> None:
    assert kinds(caption, LEAD)[0] == "caption"


def test_it_takes_the_agency_after_the_last_words_for_the_articles_credit() -> None:
    assert read(f"{LEAD}\n\n{MORE} (Reuters)\n\nShare on Facebook") == [
        ("body", LEAD),
        ("body", MORE),
        ("credit", "(Reuters)"),
        ("furniture", "Share on Facebook"),
    ]


def test_it_marks_a_caption_printed_twice_once() -> None:
    caption = "Dock workers at the gate in Odessa on Monday."
    assert kinds(caption, f"{caption} (AFP)", LEAD) == ["caption", "repeat", "credit", "body"]


def test_it_keeps_the_fuller_of_two_paragraphs_that_tell_the_same() -> None:
    short = "The strike came on the tenth day of marches against the bill that President Petrov signed last week in the capital."
    full = short.replace("President Petrov", "President Anton Petrov")
    assert kinds(short, LEAD, full) == ["repeat", "body", "body"]


def test_it_keeps_two_paragraphs_whose_figures_differ() -> None:
    one = "Police in the northern port said on Monday that they had held 40 of the dock workers at the gate for some hours."
    assert kinds(one, one.replace("40", "60")) == ["body", "body"]


def test_it_splits_links_off_the_end_of_an_article() -> None:
    assert read(f"{LEAD} related stories: talks fail again full coverage: the port strike") == [
        ("body", LEAD),
        ("link", "related stories: talks fail again full coverage: the port strike"),
    ]


def test_it_ends_a_link_inside_a_paragraph_with_its_sentence() -> None:
    assert read(f"{LEAD} Read more: Who runs the port? {MORE}") == [
        ("body", LEAD),
        ("link", "Read more: Who runs the port?"),
        ("body", MORE),
    ]


def test_it_marks_page_furniture() -> None:
    furniture = [
        "This story is from March 7, 2012",
        "Facebook Twitter Linkedin Mail",
        "Sign up for our newsletter",
        "Advertisement",
    ]
    assert kinds(LEAD, *furniture, MORE) == ["body", *["furniture"] * 4, "body"]


def test_it_puts_every_word_in_exactly_one_block() -> None:
    text = "\n\n".join(["Cranes stand still", f"ODESSA (AP) - {LEAD}", f"{MORE} Also read: Talks fail. {MORE}", "Reuters", "AFP"])
    blocks = blocks_of(text)
    at = 0
    for block in blocks:
        assert text[at : block.span.start].strip() == ""
        at = block.span.end
    assert text[at:].strip() == ""
