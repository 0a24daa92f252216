"""One report -> its document: decoded, normalised, its paragraphs told apart, its publisher and day found."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dateline.ingest.boilerplate import Paragraph, find_blocks, is_editors_note
from dateline.ingest.credits import agencies_of, find_credits
from dateline.ingest.dating import Said, find_publication_date, parse_date
from dateline.ingest.decode import Decoded, binary_format, decode
from dateline.ingest.english import foreign_letters, other_language
from dateline.ingest.normalise import Piece, Woven, clean, weave
from dateline.ingest.notes import find_notes
from dateline.ingest.page import MAX_PARAGRAPH, Page, PageError, read_page
from dateline.ingest.plain import HeadLine, find_paragraphs, read_head
from dateline.ingest.wiki import WIKITEXT
from dateline.ingest.wikitext import WikitextError, day_of_title, read_wikitext
from dateline.knowledge.reading import ReadingTables, load_reading_tables
from dateline.records import Block, BlockKind, Document, How, Origin, Problem, PublicationDate, Report, Span

MAX_BYTES = 10_000_000
"""Reports of more bytes are refused: a news page has some hundred thousand."""
MAX_TEXT = 1_000_000
"""Texts of more characters are refused: some 160,000 words, beyond any one report."""
MAX_LINES = 1_000_000
"""Texts of more lines are refused, empty ones included: that is more lines than they may have characters."""

MISREAD_LETTERS = 0.3
"""Share of letters outside A to Z that no text in English, nor any in a language Windows-1252 was made for, comes near."""

MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|p|div|h1)\b[^<>]*>", re.IGNORECASE)
READABLE = frozenset({BlockKind.TITLE, BlockKind.BODY, BlockKind.CAPTION})
WORD = re.compile(r"[^\W\d_]{2,}")
CLOSED = re.compile(r"[.!?…][\"'”’)\]]*\s*$")
TOKEN = re.compile(r"\w+")
BYLINE = re.compile(r"^by\s+", re.IGNORECASE)
SOURCE_AND_AGENCIES = re.compile(
    r"^\W{0,2}sources?:\s*(?P<publisher>[^,;&]{2,40}?)\s*(?:,|&|\band\b|\bwith\b)\s*(?:news )?agencies\b", re.IGNORECASE
)

ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d+[a-z_]*/(?P<address>https?://.+)")
"""The Wayback Machine's address of a page, which holds the page's own."""


class ReadingError(ValueError):
    """The report cannot become a document. `reason` is the Problem's short code; the message completes "<name>: …"."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Layout:
    """A report's paragraphs before they are woven into a text, and what it says of itself: field -> (value, where it says so)."""

    paragraphs: tuple[tuple[tuple[Piece, ...], BlockKind | None], ...]
    said: Mapping[str, tuple[str, Origin]] = field(default_factory=dict)
    head: tuple[HeadLine, ...] = ()


def read_report(report: Report, tables: ReadingTables | None = None) -> tuple[Document | None, tuple[Problem, ...]]:
    """The report's document, and what was wrong with it.

    A report that cannot be read gives None and one fatal Problem, whose reason is one of: too large, empty, binary, unreadable
    page, no text, not English, no sentences. Problems that are not fatal: wrong encoding, unreadable date, no publication date,
    editors' note (a correction below the telling, which is kept and not coded).
    Nothing is raised for anything a report may hold. Without `tables` the packaged ones are used.
    """
    tables = tables or load_reading_tables()
    try:
        decoded = _decoded(report, tables)
        layout = _layout(report, decoded, tables)
        woven = weave((pieces for pieces, _ in layout.paragraphs), decoded.byte_starts)
        _check_text(woven, decoded, tables)
        document, problems = _document(report, decoded, layout, woven, tables)
        _check_sentences(document)
    except ReadingError as error:
        return None, (_problem(report, error.reason, str(error), is_fatal=True),)
    return document, (*_encoding_problems(report, decoded), *problems)


def document_id(report: Report) -> str:
    """Sixteen hexadecimal figures of the SHA-256 of address, zero byte, bytes; no address: the publisher given, or nothing.

    A path is not part of it, so the same file is the same document wherever it lies. Two publishers who print the same words
    without an address are two documents.
    """
    return hashlib.sha256((report.address or report.publisher or "").encode() + b"\0" + report.raw).hexdigest()[:16]


# ---------------------------------------------------------------- bytes to paragraphs


def _decoded(report: Report, tables: ReadingTables) -> Decoded:
    raw = report.raw
    if len(raw) > MAX_BYTES:
        raise ReadingError(
            "too large", f"has {len(raw):,} bytes, more than the {MAX_BYTES:,} a report may have; give one report a file"
        )
    if not raw.strip():
        raise ReadingError("empty", "is empty; give a report with text in it")
    if binary := binary_format(raw, tables.formats):
        raise ReadingError("binary", f"is {binary.name}, not text; {binary.advice}")
    return decode(raw, is_page=_is_page(report), media_type=report.media_type or "")


def _is_page(report: Report) -> bool:
    if report.media_type:
        return "html" in report.media_type.lower()
    return bool(MARKUP.search(report.raw, 0, 4096))


def _layout(report: Report, decoded: Decoded, tables: ReadingTables) -> Layout:
    if report.media_type == WIKITEXT:
        return _wiki_layout(report, decoded, tables)
    return _page_layout(decoded, tables) if _is_page(report) else _plain_layout(decoded, tables)


def _wiki_layout(report: Report, decoded: Decoded, tables: ReadingTables) -> Layout:
    try:
        found = read_wikitext(decoded.text, tables)
    except WikitextError as error:
        raise ReadingError("unreadable page", f"cannot be read as wikitext: {error}; save its text instead") from error
    said: dict[str, tuple[str, Origin]] = {}
    if found.published:
        said["published"] = (found.published, Origin(How.READ, "template of the wiki page"))
    elif day := day_of_title(report.title or ""):
        said["published"] = (day, Origin(How.READ, "title of the wiki page"))
    return Layout(found.paragraphs, said)


def _plain_layout(decoded: Decoded, tables: ReadingTables) -> Layout:
    source = decoded.text
    if source.count("\n") > MAX_LINES:
        raise ReadingError("too large", f"has more than the {MAX_LINES:,} lines a report may have; give one report a file")
    head, start = read_head(source, tables.front_matter)
    paragraphs = [part for line in head for part in _head_parts(line, source, tables)]
    for low, high in find_paragraphs(source, start):
        if high - low > MAX_PARAGRAPH:
            raise _too_long(high - low)
        if pieces := clean(source, low, high, tables.misread, tables.lone_misread):
            paragraphs.append((pieces, None))
    origin = "head of the text"
    return Layout(tuple(paragraphs), {line.field: (line.value, Origin(How.READ, origin)) for line in reversed(head)}, head)


def _head_parts(line: HeadLine, source: str, tables: ReadingTables) -> list[tuple[tuple[Piece, ...], BlockKind | None]]:
    """A line of the head as paragraphs: the title's words apart from their key, since a title tells of events."""

    def cleaned(low: int, high: int) -> tuple[Piece, ...]:
        return clean(source, low, high, tables.misread, tables.lone_misread)

    if line.field == "title":
        key = (cleaned(line.start, line.value_start), BlockKind.FURNITURE)
        return [key, (cleaned(line.value_start, line.end), BlockKind.TITLE)]
    kind = BlockKind.CREDIT if line.field == "byline" else BlockKind.FURNITURE
    return [(cleaned(line.start, line.end), kind)]


def _page_layout(decoded: Decoded, tables: ReadingTables) -> Layout:
    try:
        page: Page = read_page(decoded.text, tables)
    except PageError as error:
        raise ReadingError("unreadable page", f"cannot be read as a web page: {error}; save its text instead") from error
    said = {name: (value, Origin(How.READ, f"page metadata: {key}")) for name, (value, key) in page.metadata.items()}
    return Layout(tuple((p.pieces, p.hint) for p in page.paragraphs), said)


def _check_text(woven: Woven, decoded: Decoded, tables: ReadingTables) -> None:
    if not WORD.search(woven.text):
        raise ReadingError("no text", "has no text: nothing was left once markup and white space were taken away")
    if len(woven.text) > MAX_TEXT:
        raise ReadingError(
            "too large", f"has {len(woven.text):,} characters, more than the {MAX_TEXT:,} a report may have; give one report a file"
        )
    longest = max(len(span) for span in woven.paragraphs)
    if longest > MAX_PARAGRAPH:
        raise _too_long(longest)
    if decoded.encoding == "cp1252" and foreign_letters(woven.text) > MISREAD_LETTERS:
        # An alphabet's own one-byte encoding, read as Windows-1252, is all "Ïðîòåñò": no language's words could be told in it.
        raise ReadingError(
            "not English",
            "is not in UTF-8, and read as Windows-1252 it is largely accented letters: its encoding is likely another, such as "
            "Windows-1251, and its language not English; if it is English, save it as UTF-8, and if not, give a translation",
        )
    if language := other_language(woven.text, tables.languages, tables.scripts):
        raise ReadingError("not English", f"looks like {language}; only English reports can be read, so give a translation")


def _too_long(length: int) -> ReadingError:
    too_long = f"has a paragraph of {length:,} characters, more than the {MAX_PARAGRAPH:,} one may have"
    return ReadingError("too large", f"{too_long}; put empty lines between paragraphs")


def _check_sentences(document: Document) -> None:
    told = (b.span.of(document.text) for b in document.blocks if b.kind in READABLE)
    if not any(_may_be_sentence(words) for words in told):
        raise ReadingError("no sentences", "has no sentences: only headings, credits, links or page furniture")


def _may_be_sentence(words: str) -> bool:
    """Three words, one of which may be a figure, or two that a full stop closes: "Police shot 3", "Miners struck."."""
    return len(WORD.findall(words)) >= 2 and (len(TOKEN.findall(words)) >= 3 or bool(CLOSED.search(words)))


# ---------------------------------------------------------------- paragraphs to document


def _document(
    report: Report, decoded: Decoded, layout: Layout, woven: Woven, tables: ReadingTables
) -> tuple[Document, tuple[Problem, ...]]:
    text, said = woven.text, layout.said
    title = report.title or _value(said, "title")
    hints = [hint for _, hint in layout.paragraphs]
    blocks = find_blocks(text, [Paragraph(s, h) for s, h in zip(woven.paragraphs, hints, strict=True)], tables, title)
    address = report.address or _value(said, "address")
    day, problems = _publication_date(report, layout, text, blocks, address, tables)
    publisher, publisher_origin = _publisher(report, said, text, blocks, address)
    byline = report.byline or _value(said, "byline")
    credits = find_credits(text, blocks, tables, byline)
    document = Document(
        id=document_id(report),
        name=report.name,
        raw_sha256=hashlib.sha256(report.raw).hexdigest(),
        text=text,
        blocks=blocks,
        offsets=woven.offsets,
        title=title or _first(text, blocks, BlockKind.TITLE),
        byline=byline or _printed_byline(text, blocks),
        publisher=publisher,
        publisher_origin=publisher_origin,
        published=day,
        address=address,
        agencies=agencies_of(credits),
        encoding=decoded.encoding,
        credits=credits,
        notes=find_notes(text, blocks, tables),
    )
    return document, (*problems, *_note_problems(report, document, tables))


def _publication_date(
    report: Report, layout: Layout, text: str, blocks: Sequence[Block], address: str | None, tables: ReadingTables
) -> tuple[PublicationDate | None, tuple[Problem, ...]]:
    problems: list[Problem] = []
    said: Said | None = None
    if "published" in layout.said:
        words, origin = layout.said["published"]
        day = parse_date(words, tables)
        if day:
            said = Said(day, origin.by.removeprefix("page metadata: "), _span_of(words, text) if layout.head else None)
        elif not report.published:
            problems.append(
                _problem(report, "unreadable date", f"its {origin.by} gives the date “{words[:40]}”; write it as 2021-03-04")
            )
    found = find_publication_date(
        text,
        blocks,
        tables,
        given=report.published,
        page=None if layout.head else said,
        address=address,
        head=said if layout.head else None,
        listed=report.listed,
    )
    if found is None:
        message = "has no publication date, so times such as “on Tuesday” stay unresolved; give it with --published YYYY-MM-DD"
        problems.append(_problem(report, "no publication date", message))
    return found, tuple(problems)


def _span_of(words: str, text: str) -> Span | None:
    at = text.find(words)
    return Span(at, at + len(words)) if at >= 0 else None


def _publisher(
    report: Report, said: Mapping[str, tuple[str, Origin]], text: str, blocks: Sequence[Block], address: str | None
) -> tuple[str | None, Origin | None]:
    """Given, said by the page or the head, named before "and agencies" in a credit, or else the host of the address; none: None."""
    if report.publisher:
        return report.publisher, Origin(How.GIVEN)
    if "publisher" in said:
        return said["publisher"]
    for block in blocks:
        if block.kind is BlockKind.CREDIT and (match := SOURCE_AND_AGENCIES.match(block.span.of(text))):
            return match["publisher"], Origin(How.READ, "source credit")
    if address and (archived := ARCHIVED.match(address)):
        address = archived["address"]  # the archive kept the page; the paper published it
    host = urlsplit(address).hostname if address and "//" in address else None
    return (host.removeprefix("www."), Origin(How.INFERRED, "host of the address")) if host else (None, None)


def _printed_byline(text: str, blocks: Sequence[Block]) -> str | None:
    lines = (b.span.of(text) for b in blocks if b.kind is BlockKind.CREDIT)
    return next((BYLINE.sub("", line).rstrip(".,") for line in lines if BYLINE.match(line)), None)


def _first(text: str, blocks: Sequence[Block], kind: BlockKind) -> str | None:
    return next((b.span.of(text) for b in blocks if b.kind is kind), None)


def _value(said: Mapping[str, tuple[str, Origin]], name: str) -> str | None:
    return said[name][0] if name in said else None


def _encoding_problems(report: Report, decoded: Decoded) -> tuple[Problem, ...]:
    if decoded.contradicted:
        message = f"says it is in {decoded.contradicted}, but is not; it was read as {decoded.encoding}"
    elif decoded.is_assumed:
        message = "is not in UTF-8; it was read as Windows-1252, so save it as UTF-8 if letters look wrong"
    else:
        return ()
    return (_problem(report, "wrong encoding", message),)


def _note_problems(report: Report, document: Document, tables: ReadingTables) -> tuple[Problem, ...]:
    """Says of each correction below the telling that it was left aside, and why."""
    reason, message = "editors' note", f"{report.name}: what its editors say of the report itself was kept, and not coded as news"
    return tuple(
        Problem("reading", reason, f"{message}: “{b.span.of(document.text)[:60]}”", report.name, b.span)
        for b in document.blocks
        if b.kind is BlockKind.FURNITURE and is_editors_note(b.span.of(document.text), tables.paragraphs)
    )


def _problem(report: Report, reason: str, message: str, *, is_fatal: bool = False) -> Problem:
    return Problem(stage="reading", reason=reason, message=f"{report.name}: {message}", report=report.name, is_fatal=is_fatal)
