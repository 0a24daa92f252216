"""Small codings made by hand, for tests of what keeps and shows them."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

from dateline.records import (
    READ,
    Actor,
    Block,
    Claim,
    Coder,
    Coding,
    Count,
    Document,
    EventMention,
    EventPlace,
    EventTime,
    Exactness,
    How,
    OffsetMap,
    Origin,
    Participant,
    Place,
    PlaceKind,
    Precision,
    Problem,
    PublicationDate,
    Quotation,
    QuoteKind,
    Report,
    Span,
    Status,
    StatusValue,
    Teller,
)

CODER = Coder("dateline 0.1.0", "reader-1", "k1")
NOON = datetime(2020, 8, 18, 12, tzinfo=UTC)

STRIKE = (
    "Workers of the tractor plant in Minsk went on strike on Monday, the Viasna group said. At least 40 people were detained "
    "in Hrodna. The plant's strike may spread."
)
FLOOD = "The river rose in Łódź."

WORKERS = Actor("workers of the tractor plant", "BLR", "LAB", is_group=True)
VIASNA = Actor("Viasna", "BLR", "NGO", id="viasna")
PAPER = Actor("The Paper", None, "JRN")
MINSK = Place("Minsk", PlaceKind.CITY, "BLR", 625144, "Minsk City", (53.9, 27.57))


def report_of(name: str, text: str, published: date | None = date(2020, 8, 18)) -> Report:
    return Report(name, text.encode(), "text/plain", publisher="The Paper", published=published)


def span_of(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def document_of(report: Report) -> Document:
    text = report.raw.decode()
    identity = hashlib.sha256(report.name.encode() + report.raw).hexdigest()[:16]
    published = PublicationDate(report.published, Origin(How.GIVEN)) if report.published else None
    return Document(
        id=f"d{identity}",
        name=report.name,
        raw_sha256=hashlib.sha256(report.raw).hexdigest(),
        text=text,
        blocks=(Block(Span(0, len(text))),),
        offsets=OffsetMap(),
        title="Strike at the plant",
        publisher=report.publisher,
        publisher_origin=Origin(How.GIVEN),
        published=published,
    )


def event_of(text: str, evidence: str, trigger: str, type: str, **given: object) -> EventMention:
    fields: dict[str, object] = {
        "type": type, "mode": None, "contexts": (), "trigger": span_of(text, trigger), "evidence": span_of(text, evidence),
        "actors": (), "recipients": (), "time": None, "place": None, "counts": (), "status": Status(StatusValue.ASSERTED),
        "attribution": (Teller(PAPER, None, None, QuoteKind.INDIRECT),), "rule": "test", "confidence": 0.75,
    }  # fmt: skip
    return EventMention(**(fields | given))  # type: ignore[arg-type]


def coding_of(report: Report, coder: Coder = CODER) -> Coding:
    """Reads a text that begins like the strike's: three claims, the third telling the first again. Any other text gives none."""
    document = document_of(report)
    text = document.text
    if not text.startswith(STRIKE):
        return Coding(report.name, document)
    said = span_of(text, "the Viasna group")
    teller = Teller(VIASNA, said, span_of(text, "said"), QuoteKind.INDIRECT)
    monday = EventTime(
        date(2020, 8, 17), date(2020, 8, 17), Precision.DAY, Origin(How.INFERRED, "weekday"), span_of(text, "Monday")
    )
    strike = event_of(
        text, "Workers of the tractor plant in Minsk went on strike", "strike", "PROTEST", mode="strike",
        actors=(Participant(WORKERS, span_of(text, "Workers of the tractor plant"), READ),),
        time=monday, place=EventPlace(MINSK, READ, span_of(text, "Minsk")),
        attribution=(Teller(PAPER, None, None, QuoteKind.INDIRECT), teller),
    )  # fmt: skip
    count = Count("detained", span_of(text, "At least 40 people"), 40, None, Exactness.AT_LEAST, "people")
    hrodna = Place("Hrodna", PlaceKind.CITY, "BLR", 627904, "Hrodna Region", (53.68, 23.83))
    arrests = event_of(
        text, "At least 40 people were detained in Hrodna", "detained", "COERCE", mode="arrest", counts=(count,),
        time=EventTime(date(2020, 8, 9), None, Precision.DAY, Origin(How.INFERRED, "since")),
        place=EventPlace(hrodna, READ, span_of(text, "Hrodna")),
    )  # fmt: skip
    again = event_of(
        text, "The plant's strike may spread", "spread", "PROTEST", mode="strike",
        status=Status(StatusValue.PLANNED, span_of(text, "may")),
        recipients=(Participant(Actor("Alaksandar Łukašenka", "BLR", "GOV"), None, Origin(How.INFERRED, "aim")),),
    )  # fmt: skip
    ids = [f"c{number}{document.id}" for number in range(3)]
    claims = (
        Claim(ids[0], document.id, strike, coder),
        Claim(ids[1], document.id, arrests, coder),
        Claim(ids[2], document.id, again, coder, same_as=ids[0]),
    )
    quotation = Quotation(QuoteKind.INDIRECT, (strike.evidence,), said, teller.cue, VIASNA)
    problem = Problem("events", "no-place", "no place for the third strike", report.name, span_of(text, "spread"))
    return Coding(report.name, document, claims, (quotation,), (problem,))


def failure_of(report: Report) -> Coding:
    problem = Problem("reading", "not-text", "these bytes are no text. Hand in a web page", report.name, is_fatal=True)
    return Coding(report.name, None, problems=(problem,))
