"""Reports good and bad, from their bytes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date

import pytest

from dateline.ingest.page import MAX_PARAGRAPH
from dateline.ingest.read import MAX_BYTES, MAX_TEXT, document_id, read_report
from dateline.records import BlockKind, Document, How, Problem, Report, Span

LEAD = "Dock workers in the northern port walked off the job on Monday after talks over pay broke down, their union said."


def read(text: str) -> Document:
    document, problems = read_report(Report("report.txt", text.encode()))
    assert document is not None, problems
    return document


def refusal(raw: bytes, media_type: str | None = None) -> Problem:
    document, problems = read_report(Report("report.txt", raw, media_type))
    assert document is None
    assert len(problems) == 1
    assert problems[0].is_fatal
    assert problems[0].stage == "reading"
    assert problems[0].message.startswith("report.txt: ")
    return problems[0]


@pytest.mark.parametrize(
    ("raw", "reason", "says"),
    [
        (b"", "empty", "is empty"),
        (b" \n\t\r\n ", "empty", "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "binary", "a PDF file"),
        (b"PK\x03\x04\x14\x00", "binary", "a ZIP archive or office document"),
        (b"\x1f\x8b\x08\x00abc", "binary", "gunzip"),
        (b"\x89PNG\r\n\x1a\n\x00", "binary", "a PNG picture"),
        (b"The police\x00 said so on Monday.", "binary", "binary data"),
        (bytes(range(1, 9)) * 100, "binary", "binary data"),
        ("\u200b \u00ad \ufeff".encode(), "no text", "has no text"),
        (b"12 34 -- 56!", "no text", "has no text"),
        (b"<html><body><img src='a.png'></body></html>", "no text", "has no text"),
        (
            "Les ouvriers du port ont cessé le travail lundi après l'échec des discussions, selon le syndicat.".encode(),
            "not English",
            "French",
        ),
        ("Рабочие порта прекратили работу в понедельник после переговоров.".encode(), "not English", "Cyrillic"),
        (b"Facebook Twitter Linkedin Mail\n\nAdvertisement", "no sentences", "has no sentences"),
        (b"Strike", "no sentences", "has no sentences"),
        (b"Strike.", "no sentences", "has no sentences"),
        (b"Port Strike", "no sentences", "has no sentences"),
        (b"By Ana Petrov\n\nAFP", "no sentences", "has no sentences"),
        ("Рабочие порта прекратили работу в понедельник после переговоров.".encode("cp1251"), "not English", "Windows-1251"),
        ("Рабочие порта прекратили работу в понедельник после переговоров.".encode("koi8-r"), "not English", "save it as UTF-8"),
        ("Οι εργάτες του λιμανιού σταμάτησαν τη δουλειά τη Δευτέρα.".encode("cp1253"), "not English", "save it as UTF-8"),
        (
            '<html><meta charset="iso-8859-1"><p>Рабочие порта прекратили работу в понедельник.</p></html>'.encode("cp1251"),
            "not English",
            "Windows-1251",
        ),
    ],
)
def test_it_refuses_what_cannot_be_read_and_says_why(raw: bytes, reason: str, says: str) -> None:
    problem = refusal(raw)
    assert problem.reason == reason
    assert says in problem.message


@pytest.mark.parametrize(
    "raw",
    [
        b"The police said so. " * 260_000,  # five million bytes of one line
        b"a" * 5_000_000,
        b"The police said so on Monday.\n\n" * (MAX_TEXT // 25),
        b"The police said so on Monday.\n\n" * (MAX_BYTES // 20),
        b"The " + b" " * (MAX_PARAGRAPH + 1) + b"police said so.",
    ],
    ids=["one line", "one word", "text", "bytes", "spaces"],
)
def test_it_refuses_what_is_too_large_quickly_and_names_the_limit(raw: bytes) -> None:
    start = time.process_time()
    problem = refusal(raw)
    assert problem.reason == "too large"
    assert "more than the" in problem.message
    assert time.process_time() - start < 5


def test_it_keeps_a_short_report() -> None:
    assert read("Two killed in Odessa.").text == "Two killed in Odessa."


@pytest.mark.parametrize("text", ["Police shot 3.", "Miners struck.", "Police shot 3", "“Miners struck.”"])
def test_it_keeps_a_report_of_one_short_sentence(text: str) -> None:
    assert [(b.kind, b.span.of(text)) for b in read(text).blocks] == [(BlockKind.BODY, text)]


def test_it_reads_english_with_some_accented_letters_in_windows_1252() -> None:
    text = f"{LEAD} Señor Ñáñez and Zoë Brønsted-Åström were held at the café “Déjà vu”."
    document, problems = read_report(Report("report.txt", text.encode("cp1252")))
    assert document is not None
    assert document.text == text
    assert "wrong encoding" in [p.reason for p in problems]


def test_it_says_of_an_editors_note_that_it_was_left_aside() -> None:
    note = "Correction: The port lies in the north."
    document, problems = read_report(Report("report.txt", f"{LEAD}\n\n{note}".encode(), published=date(2021, 3, 2)))
    assert document is not None
    assert [(p.reason, p.is_fatal) for p in problems] == [("editors' note", False)]
    assert note in problems[0].message
    assert problems[0].span is not None
    assert problems[0].span.of(document.text) == note


def test_it_reads_a_report_that_is_a_correction() -> None:
    document, problems = read_report(Report("report.txt", f"Correction: {LEAD}".encode(), published=date(2021, 3, 2)))
    assert document is not None
    assert problems == ()
    assert [b.kind for b in document.blocks] == [BlockKind.BODY]


def test_it_reads_windows_1252_and_says_that_it_assumed_so() -> None:
    document, problems = read_report(Report("report.txt", f"{LEAD} “No,” he said – at the café.".encode("cp1252")))
    assert document is not None
    assert document.text.endswith("“No,” he said – at the café.")
    assert document.encoding == "cp1252"
    assert [p.is_fatal for p in problems if p.reason == "wrong encoding"] == [False]
    assert "Windows-1252" in next(p.message for p in problems if p.reason == "wrong encoding")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_it_reads_byte_order_marks(encoding: str) -> None:
    raw = f"{LEAD} “No,” he said.".encode(encoding)
    document, problems = read_report(Report("report.txt", raw, published=date(2021, 3, 2)))
    assert problems == ()
    assert document is not None
    assert document.text == f"{LEAD} “No,” he said."
    found = document.offsets.to_bytes(Span(len(LEAD) + 1, len(document.text)))
    assert found is not None
    assert raw[found[0] : found[1]].decode(document.encoding) == "“No,” he said."


def test_it_says_that_times_stay_unresolved_without_a_publication_date() -> None:
    document, problems = read_report(Report("report.txt", LEAD.encode()))
    assert document is not None
    assert document.published is None
    assert [(p.reason, p.is_fatal) for p in problems] == [("no publication date", False)]
    assert "--published" in problems[0].message


def test_it_takes_what_was_given_before_what_it_reads() -> None:
    text = f"Title: Cranes stand still\nDate: 2021-03-01\nPublisher: The Bugle\nBy: Ana Petrov\n\n{LEAD}"
    report = Report(
        "report.txt", text.encode(), publisher="The Herald", published=date(2021, 3, 2), title="Strike", byline="Jon Smith"
    )
    document, problems = read_report(report)
    assert document is not None
    assert problems == ()
    assert (document.publisher, document.title, document.byline) == ("The Herald", "Strike", "Jon Smith")
    assert document.publisher_origin is not None
    assert document.publisher_origin.how is How.GIVEN
    assert document.published is not None
    assert (document.published.day, document.published.origin.how) == (date(2021, 3, 2), How.GIVEN)


def test_it_reads_the_head_of_a_text() -> None:
    document = read(f"Title: Cranes stand still\nDate: 2 March 2021\nPublisher: The Bugle\nBy Ana Petrov\n\n{LEAD}")
    assert (document.title, document.publisher, document.byline) == ("Cranes stand still", "The Bugle", "Ana Petrov")
    assert document.published is not None
    assert document.published.day == date(2021, 3, 2)
    assert document.published.span is not None
    assert document.published.span.of(document.text) == "2 March 2021"
    told = [(b.kind, b.span.of(document.text)) for b in document.blocks if b.kind in (BlockKind.TITLE, BlockKind.BODY)]
    assert told == [(BlockKind.TITLE, "Cranes stand still"), (BlockKind.BODY, LEAD)]


def test_it_keeps_a_date_that_it_cannot_read_as_a_problem() -> None:
    document, problems = read_report(Report("report.txt", f"Title: Cranes stand still\nDate: 03/04/2021\n\n{LEAD}".encode()))
    assert document is not None
    assert document.published is None
    assert [p.reason for p in problems] == ["unreadable date", "no publication date"]
    assert "03/04/2021" in problems[0].message


def test_it_names_the_publisher_from_a_credit_or_the_host_of_the_address() -> None:
    credited = read(f"{LEAD}\n\nSource: The Bugle and agencies")
    assert credited.publisher == "The Bugle"
    assert credited.agencies == ("agencies",)
    document, _ = read_report(Report("report.txt", LEAD.encode(), address="https://www.bugle.example/strike"))
    assert document is not None
    assert document.publisher == "bugle.example"
    assert document.publisher_origin is not None
    assert document.publisher_origin.how is How.INFERRED


def test_the_publisher_of_an_archived_page_is_the_paper_and_not_the_archive() -> None:
    address = "http://web.archive.org/web/20140305120000id_/http://www.bugle.example/strike"
    document, _ = read_report(Report("strike.txt", LEAD.encode(), address=address))
    assert document is not None
    assert document.publisher == "bugle.example"


def test_it_keeps_credits_and_notes_with_the_document() -> None:
    text = f"ODESSA (AP) — {LEAD}\n\n{LEAD}\n\nAn earlier version of this story said that the port lay in the south."
    document, _ = read_report(Report("strike.txt", text.encode()))
    assert document is not None
    assert [(c.agency, c.of.value) for c in document.credits] == [("AP", "text")]
    assert [(n.kind.value, n.earlier.of(document.text) if n.earlier else None) for n in document.notes] == [
        ("correction", "the port lay in the south")
    ]


def test_it_gives_a_file_the_same_id_wherever_it_lies() -> None:
    raw = LEAD.encode()
    assert document_id(Report("a.txt", raw)) == document_id(Report("/b/c.txt", raw))
    assert document_id(Report("a.txt", raw)) != document_id(Report("a.txt", raw, address="https://bugle.example/a"))
    assert document_id(Report("a.txt", raw)) != document_id(Report("a.txt", raw + b"."))
    assert len(document_id(Report("a.txt", raw))) == 16


def test_it_gives_the_same_document_every_time() -> None:
    report = Report("report.txt", f"ODESSA (AP) - {LEAD}\n\nAlso read: Talks fail".encode())
    assert read_report(report) == read_report(report)


def test_it_holds_to_the_form_of_blocks() -> None:
    document = read(f"Cranes stand still\n\nODESSA (AP) — {LEAD}\n\nDock workers. Photo: Ana Petrov\n\n{LEAD}\n\nSource: agencies")
    at = 0
    for block in document.blocks:
        assert not document.text[at : block.span.start].strip()
        at = block.span.end
    assert at == len(document.text)


def seconds_of(do: Callable[[], object]) -> float:
    start = time.process_time()
    do()
    return time.process_time() - start


def test_reading_a_thousand_words_costs_little_more_than_looking_at_each_word() -> None:
    """As a ratio, since machines differ and are busy: `python -m bench speed` has the milliseconds."""
    sentences = [f"Police in district {i} held {i} of the dock workers who had marched on the gate of the port." for i in range(55)]
    text = "\n\n".join(" ".join(sentences[i : i + 3]) for i in range(0, 55, 3))
    report, word = Report("report.txt", text.encode()), re.compile(r"\w+")
    read_report(report)
    reading, looking = [], []
    for _ in range(9):
        reading.append(seconds_of(lambda: read_report(report)))
        looking.append(seconds_of(lambda: [word.findall(text) for _ in range(40)]))
    assert min(reading) < 4 * min(looking)  # 1.7 when this was written


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("windows-1251", "cp1251"),
        ("latin-1", "cp1252"),
        ("utf-16", "utf-8"),
        ("base64", "utf-8"),
        ("utf-7", "utf-8"),
        ("punycode", "utf-8"),
    ],
)
def test_the_charset_of_the_server_goes_before_the_pages_own(charset: str, encoding: str) -> None:
    page = f"<html><head><meta charset='utf-8'></head><body><article><p>{LEAD}</p></article></body></html>"
    document, _ = read_report(Report("a", page.encode("ascii"), f"text/html; charset={charset}", published=date(2021, 3, 2)))
    assert document is not None
    assert document.encoding == encoding
