"""The day a report was published: given, in the page's metadata, in the text's head, printed, or inferred; never the clock's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateline.ingest.boilerplate import is_editors_note
from dateline.knowledge.reading import ReadingTables
from dateline.records import Block, BlockKind, How, Origin, PublicationDate, Span

ISO = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
COMPACT = re.compile(r"(?<!\d)((?:19[89]|20\d)\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)")
NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](\d{4})(?!\d)")
IN_PATH = re.compile(r"/((?:19[89]|20\d)\d)[/-]([a-z]{3,9}|\d{1,2})[/-](\d{1,2})(?=[/_.-]|$)", re.IGNORECASE)
PUBLISHED = re.compile(r"\b(?:published|posted|created|story|article|report)\b", re.IGNORECASE)
UPDATED = re.compile(r"\b(?:updated|modified)\b", re.IGNORECASE)
TODAY = re.compile(r"\btoday\b", re.IGNORECASE)
# A weekday after these is to come, or comes again, and says nothing of the day of writing.
TO_COME = re.compile(
    r"\b(?:will|due|plans?|planned|scheduled|expected|next|coming|to be|every|each|until|last)\b[^.!?]{0,60}$", re.IGNORECASE
)
OLD_PICTURE = re.compile(r"\bfile\b|\barchive\b", re.IGNORECASE)
CENTURY_PIVOT = 70
"""Two-figure years from here on are 19..: wire copy has used them since the 1970s."""


@dataclass(frozen=True)
class Said:
    """A day that metadata or the text's head give, where they give it, and its words in the text if it stands there."""

    day: date
    where: str
    span: Span | None = None


def find_publication_date(
    text: str,
    blocks: Sequence[Block],
    tables: ReadingTables,
    *,
    given: date | None = None,
    page: Said | None = None,
    address: str | None = None,
    head: Said | None = None,
    listed: date | None = None,
) -> PublicationDate | None:
    """The day of publication by the first rule that finds one, with the rule's name as its origin; none: None.

    In order: given by the user; the page's metadata; the path of its address; the text's head; a printed line ("Published: …",
    a dated dateline, a dated credit); the feed that listed it; what a caption's date and the weekdays of the text say together.
    """
    if given:
        return PublicationDate(given, Origin(How.GIVEN))
    if page:
        return PublicationDate(page.day, Origin(How.READ, f"page metadata: {page.where}"))
    if address and (day := date_in_address(address, tables)):
        return PublicationDate(day, Origin(How.READ, "path of the address"))
    if head:
        return PublicationDate(head.day, Origin(How.READ, head.where), head.span)
    if printed := _printed(text, blocks, tables):
        return printed
    return PublicationDate(listed, Origin(How.GIVEN, "feed")) if listed else _inferred(text, blocks, tables)


def parse_date(words: str, tables: ReadingTables) -> date | None:
    """The first full date in the words, in letters or figures; none, or one that cannot be told ("03/04/2021"): None.

    A time of day after it is left aside: the day is the one at the place that wrote it down.
    """
    for pattern in (ISO, COMPACT):
        if match := pattern.search(words):
            return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := tables.full_date.search(words):
        return _written_date(match.group(), tables)
    if match := NUMERIC.search(words):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first == second or first > 12:
            return _day(year, second, first)
        if second > 12:
            return _day(year, first, second)
    return None


def date_in_address(address: str, tables: ReadingTables) -> date | None:
    """The day in an address's path ("/2018/04/05/", "/2018/apr/05/", "-20180406-"); none: None."""
    path = re.sub(r"^[a-z]+://[^/]*|[?#].*$", "", address, flags=re.IGNORECASE)
    if match := IN_PATH.search(path):
        month = int(match[2]) if match[2].isdigit() else tables.months.get(match[2].lower(), 0)
        return _day(int(match[1]), month, int(match[3]))
    if match := COMPACT.search(path):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _written_date(words: str, tables: ReadingTables) -> date | None:
    """The day of a match of `full_date`."""
    if match := ISO.search(words):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    parts = re.findall(r"[^\W\d_]+|\d+", words)
    month = next((tables.months[p.lower()] for p in parts if p.lower() in tables.months), 0)
    numbers = [int(p) for p in parts if p.isdigit()]
    if len(numbers) != 2:
        return None
    day, year = numbers
    if year < 100:
        year += 1900 if year >= CENTURY_PIVOT else 2000
    return _day(year, month, day)


def _dates(text: str, span: Span, tables: ReadingTables) -> Iterator[tuple[date, Span]]:
    for match in tables.full_date.finditer(text, span.start, span.end):
        if day := _written_date(match.group(), tables):
            yield day, Span(match.start(), match.end())


# ---------------------------------------------------------------- printed


def _printed(text: str, blocks: Sequence[Block], tables: ReadingTables) -> PublicationDate | None:
    """The date of the best printed line: "Published: …", then a dateline, then a credit or a bare date, then "Updated: …"."""
    found: list[tuple[int, date, Span, str]] = []
    for block in blocks:
        if block.kind in (BlockKind.FURNITURE, BlockKind.DATELINE, BlockKind.CREDIT):
            # "This article was amended on 4 May" and "(Corrects the day to 4 May)" do not say when it was published.
            if is_editors_note(block.span.of(text), tables.paragraphs):
                continue
            for day, span in _dates(text, block.span, tables):
                rank, rule = _rank(block.kind, text[block.span.start : span.start])
                found.append((rank, day, span, rule))
    if not found:
        return _dateline_with_year_of_text(text, blocks, tables)
    _, day, span, rule = min(found, key=lambda f: (f[0], f[2]))
    return PublicationDate(day, Origin(How.READ, rule), span)


def _rank(kind: BlockKind, before: str) -> tuple[int, str]:
    if kind is BlockKind.DATELINE:
        return 1, "printed dateline"
    if kind is BlockKind.CREDIT:
        return 2, "printed credit"
    if UPDATED.search(before):
        return 3, "printed date of an update"
    return (0, "printed line") if PUBLISHED.search(before) else (2, "printed date")


def _dateline_with_year_of_text(text: str, blocks: Sequence[Block], tables: ReadingTables) -> PublicationDate | None:
    """A dateline's day without a year ("MINSK, Aug 18 -") in the year of a full date in the text at most ten days away."""
    line = next((b.span for b in blocks if b.kind is BlockKind.DATELINE), None)
    match = tables.day_and_month.search(text, line.start, line.end) if line else None
    if match is None:
        return None
    for block in blocks:
        for full, _ in _dates(text, block.span, tables):
            day = _written_date(f"{match.group()} {full.year}", tables)
            if day and abs((day - full).days) <= 10:
                origin = Origin(How.INFERRED, f"dateline's day, in the year of {full.isoformat()} in the text")
                return PublicationDate(day, origin, Span(match.start(), match.end()))
    return None


# ---------------------------------------------------------------- inferred


def _inferred(text: str, blocks: Sequence[Block], tables: ReadingTables) -> PublicationDate | None:
    """A caption's date D that the text's weekdays bear out as the day of writing.

    D counts when the weekday the text names most is D's, when it is the next day's and D's is named too, or when the text says
    "today" and a coming "Wednesday, April 11" is that weekday within two weeks of D. Dates in the body do not count: on
    reports about shootings they were the day of publication in half the cases only, most others being a day early.
    """
    told = [b for b in blocks if b.kind in (BlockKind.TITLE, BlockKind.BODY, BlockKind.CAPTION)]
    named = _weekdays(text, told, tables)
    most = max(named.values(), default=0)
    for block in (b for b in told if b.kind is BlockKind.CAPTION and not OLD_PICTURE.search(b.span.of(text))):
        for day, span in _dates(text, block.span, tables):
            if named[day.weekday()] == most > 0:
                return _inference(day, f"caption's date is a {_name(day)}, the weekday the text names most", span)
            following = day + timedelta(days=1)
            if named[following.weekday()] == most > 0 and named[day.weekday()]:
                return _inference(
                    following, f"the {_name(following)} after the caption's date, the weekday the text names most", span
                )
            if coming := _coming_day(text, told, day, tables):
                return _inference(day, f"caption's date, borne out by “{coming}” and “today”", span)
    return None


def _inference(day: date, rule: str, span: Span) -> PublicationDate:
    return PublicationDate(day, Origin(How.INFERRED, rule), span)


def _name(day: date) -> str:
    return f"{day:%A}"


def _weekday_pattern(tables: ReadingTables) -> re.Pattern[str]:
    # Short forms are left out: "sun", "sat" and "wed" are words.
    names = "|".join(form for form in tables.weekdays if form.endswith("day"))
    return re.compile(rf"\b({names})\b(?!s\b)", re.IGNORECASE)


def _weekdays(text: str, blocks: Sequence[Block], tables: ReadingTables) -> Counter[int]:
    """How often each weekday is named as a day gone by and without a date of its own."""
    counts: Counter[int] = Counter()
    pattern = _weekday_pattern(tables)
    for block in blocks:
        for match in pattern.finditer(text, block.span.start, block.span.end):
            before = text[max(block.span.start, match.start() - 80) : match.start()]
            dated = tables.day_and_month.match(text, match.end() + 2) or tables.day_and_month.match(text, match.end() + 1)
            if not dated and not TO_COME.search(before):
                counts[tables.weekdays[match.group(1).lower()]] += 1
    return counts


def _coming_day(text: str, blocks: Sequence[Block], day: date, tables: ReadingTables) -> str | None:
    """The words of a weekday with its date that lies within two weeks after the day, in a text that says "today"; none: None."""
    if not any(TODAY.search(b.span.of(text)) for b in blocks if b.kind is BlockKind.BODY):
        return None
    for block in blocks:
        for match in _weekday_pattern(tables).finditer(text, block.span.start, block.span.end):
            dated = tables.day_and_month.match(text, match.end() + 2) or tables.day_and_month.match(text, match.end() + 1)
            coming = _written_date(f"{dated.group()} {day.year}", tables) if dated else None
            if dated and coming and 0 < (coming - day).days <= 14 and coming.weekday() == tables.weekdays[match.group(1).lower()]:
                return text[match.start() : dated.end()]
    return None
