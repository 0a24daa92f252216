from __future__ import annotations

from datetime import date

import pytest

from dateline.ingest.boilerplate import Paragraph, find_blocks
from dateline.ingest.dating import Said, date_in_address, find_publication_date, parse_date
from dateline.ingest.plain import find_paragraphs
from dateline.knowledge.reading import load_reading_tables
from dateline.records import How, PublicationDate, Span

TABLES = load_reading_tables()
LEAD = "Dock workers walked off the job on Tuesday after talks over pay broke down, their union said on Tuesday."


def dated(text: str) -> PublicationDate | None:
    spans = [Span(low, low + len(text[low:high].rstrip())) for low, high in find_paragraphs(text, 0)]
    return find_publication_date(text, find_blocks(text, [Paragraph(s) for s in spans], TABLES), TABLES)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2021-03-04", date(2021, 3, 4)),
        ("2021-03-04T23:30:00+02:00", date(2021, 3, 4)),
        ("March 4, 2021", date(2021, 3, 4)),
        ("Thursday, 4 March 2021 10:15 GMT", date(2021, 3, 4)),
        ("Sept. 4, 2021", date(2021, 9, 4)),
        ("20210304", date(2021, 3, 4)),
        ("25/03/2021", date(2021, 3, 25)),
        ("03/25/2021", date(2021, 3, 25)),
        ("03/04/2021", None),
        ("February 30, 2021", None),
        ("last week", None),
    ],
)
def test_it_reads_a_date(words: str, day: date | None) -> None:
    assert parse_date(words, TABLES) == day


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://bugle.example/2021/03/04/strike", date(2021, 3, 4)),
        ("https://bugle.example/news/2021/mar/04/strike", date(2021, 3, 4)),
        ("https://bugle.example/strike-20210304-p4z81j.html", date(2021, 3, 4)),
        ("https://bugle.example/2021/strike", None),
        ("https://bugle.example/strike?d=2021/03/04", None),
        ("https://bugle.example/article/5500121", None),
    ],
)
def test_it_finds_the_day_in_an_address(address: str, day: date | None) -> None:
    assert date_in_address(address, TABLES) == day


def test_it_prefers_what_was_given_then_the_page_then_the_address_then_the_head() -> None:
    day = date(2021, 3, 1)
    page, head = Said(date(2021, 3, 2), "meta date"), Said(date(2021, 3, 4), "head of the text")
    address = "https://bugle.example/2021/03/03/strike"

    def found(given: date | None, page: Said | None, address: str | None, head: Said | None) -> tuple[date, How] | None:
        result = find_publication_date(LEAD, (), TABLES, given=given, page=page, address=address, head=head)
        return (result.day, result.origin.how) if result else None

    assert found(day, page, address, head) == (day, How.GIVEN)
    assert found(None, page, address, head) == (date(2021, 3, 2), How.READ)
    assert found(None, None, address, head) == (date(2021, 3, 3), How.READ)
    assert found(None, None, None, head) == (date(2021, 3, 4), How.READ)
    assert found(None, None, None, None) is None


@pytest.mark.parametrize(
    ("text", "day", "words"),
    [
        (f"This story is from March 7, 2012\n\n{LEAD}", date(2012, 3, 7), "March 7, 2012"),
        (f"Published: 4 May 2011\nUpdated: 6 May 2011\n\n{LEAD}", date(2011, 5, 4), "4 May 2011"),
        (f"Updated: 6 May 2011\n\nPublished: 4 May 2011\n\n{LEAD}", date(2011, 5, 4), "4 May 2011"),
        (f"SAN SALVADOR, 4 FEB 90 (DPA) -- {LEAD}", date(1990, 2, 4), "4 FEB 90"),
        (f"CARACAS (VENEZUELA), 27 OCT 89 (DPA) -- [TEXT] {LEAD.upper()}", date(1989, 10, 27), "27 OCT 89"),
        (f"SAN SALVADOR, 10 JAN 90 (AFP) -- [REPORT] {LEAD.upper()}", date(1990, 1, 10), "10 JAN 90"),
        (f"PERTH (AUSTRALIA), JUNE 11 89 (AFP) -- [TEXT] {LEAD.upper()}", date(1989, 6, 11), "JUNE 11 89"),
        (f"MOSCOW, August 18, 1991. {LEAD}", date(1991, 8, 18), "August 18, 1991"),
        (f"ODESSA, Aug 18, 2020 (Reuters) - {LEAD}", date(2020, 8, 18), "Aug 18, 2020"),
        (f"{LEAD} (Xinhua News Agency April 6, 2012)", date(2012, 4, 6), "April 6, 2012"),
    ],
)
def test_it_reads_a_printed_date_and_points_at_it(text: str, day: date, words: str) -> None:
    result = dated(text)
    assert result is not None
    assert (result.day, result.origin.how) == (day, How.READ)
    assert result.span is not None
    assert result.span.of(text) == words


def test_it_infers_the_day_from_a_caption_and_the_weekday_named_most() -> None:
    result = dated(f"Dock workers at the gate on March 2, 2021. (AFP)\n\n{LEAD}")  # a Tuesday
    assert result is not None
    assert (result.day, result.origin.how) == (date(2021, 3, 2), How.INFERRED)
    assert "Tuesday" in result.origin.by


def test_it_infers_the_day_after_a_caption_where_the_text_names_both_days() -> None:
    text = f"Dock workers at the gate on March 1, 2021. (AFP)\n\n{LEAD} The first had come out on Monday."
    result = dated(text)
    assert result is not None
    assert result.day == date(2021, 3, 2)


def test_it_infers_the_day_from_a_caption_and_a_coming_weekday() -> None:
    caption = "The editor outside the prison, April 5, 2018. © 2018 Radio Nine."
    text = f"{caption}\n\nThe editor was freed today. Next Wednesday, April 11, the country votes."
    result = dated(text)
    assert result is not None
    assert result.day == date(2018, 4, 5)


def test_it_names_the_dateline_as_where_the_day_was_read() -> None:
    result = dated(f"CARACAS (VENEZUELA), 27 OCT 89 (DPA) -- [TEXT] {LEAD.upper()}")
    assert result is not None
    assert result.origin.by == "printed dateline"


@pytest.mark.parametrize(
    "text",
    [
        LEAD,
        f"MOSCOW, August 18. {LEAD}",
        f"{LEAD} {LEAD}\n\nThis article was amended on 4 May 2011.",
        f"(Corrects day of the vote to May 4, 2011) {LEAD}",
        f"Dock workers at the gate on March 4, 2021. (AFP)\n\n{LEAD}",  # a Thursday, which the text does not name
        f"File photo: dock workers at the gate on March 2, 2021.\n\n{LEAD}",
        f"{LEAD} The last strike was on March 2, 2021.",
        "Dock workers will walk off the job on Tuesday. The bill was signed on March 2, 2021.",
    ],
)
def test_it_leaves_the_day_open_where_nothing_bears_it_out(text: str) -> None:
    assert dated(text) is None


def test_it_takes_a_datelines_year_from_a_full_date_near_it() -> None:
    text = f"ODESSA, Aug 18 (Reuters) - {LEAD} The vote was held on August 9, 2020."
    result = dated(text)
    assert result is not None
    assert (result.day, result.origin.how) == (date(2020, 8, 18), How.INFERRED)
    assert dated(text.replace("August 9, 2020", "May 9, 1945")) is None
