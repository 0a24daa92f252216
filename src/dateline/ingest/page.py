"""A web page: its article, taken out by trafilatura, and what the page says about itself."""

from __future__ import annotations

import html
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dateline.ingest.normalise import INK, Piece, clean, trimmed
from dateline.ingest.stream import Stream, read_stream
from dateline.knowledge.reading import MetadataKeys, ReadingTables
from dateline.records import BlockKind

MAX_PAGE = 5_000_000
"""News pages have some two hundred thousand characters, markup and scripts included."""
MAX_TAGS = 40_000
"""Trafilatura takes minutes on pages with hundreds of thousands of elements; news pages have a few thousand."""
MAX_PARAGRAPH = 100_000
"""Paragraphs of more characters are refused: some 16,000 words, which no one wrote as one."""
MAX_INK = 2_000_000
"""Visible characters of a page, furniture included: twice what a report may have."""
MAX_ATTRIBUTES = 2_000
"""Attributes of one tag: the parser compares each with all others."""
LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{10000,}")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
BETWEEN_ATTRIBUTES = re.compile(r"[\s/]+|=")
WINDOW = 400
"""How much ink further on a word of a paragraph is looked for, when the paragraph does not stand in the page in one piece."""

META = re.compile(r"<meta\s[^<>]*>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
LINKED_DATA = re.compile(r"<script(?=[^<>]{0,500}?application/ld\+json)[^<>]*>", re.IGNORECASE)
TIME = re.compile(r"<time\s[^<>]*datetime\s*=\s*[\"']([^\"'<>]{8,40})", re.IGNORECASE)
TITLE = re.compile(r"<title[^<>]*>([^<]{1,500})", re.IGNORECASE)
ARTICLE_TYPE = re.compile(r"article|report|posting|newsitem", re.IGNORECASE)


class PageError(ValueError):
    """The page cannot be read; the message says why."""


@dataclass(frozen=True)
class PageParagraph:
    """A paragraph of the article, what the markup says it is, and the ink [start, end) it was found at; not found: -1."""

    pieces: tuple[Piece, ...]
    hint: BlockKind | None
    start: int = -1
    end: int = -1


@dataclass(frozen=True)
class Page:
    """The article's paragraphs in order, and the metadata: field -> (value, the key it was under)."""

    paragraphs: tuple[PageParagraph, ...]
    metadata: Mapping[str, tuple[str, str]]


def read_page(source: str, tables: ReadingTables) -> Page:
    """The article of a page; a page without one has no paragraphs. Raises PageError.

    Paragraphs that cannot be found again in the source, in order, are kept but lead back to no bytes.
    """
    if len(source) > MAX_PAGE:
        raise PageError(f"it has {len(source):,} characters, more than the {MAX_PAGE:,} a page may have")
    if source.count("<") > MAX_TAGS:
        raise PageError(f"it has more than {MAX_TAGS:,} tags")
    for tag in LONG_TAG.finditer(source):
        if sum(1 for _ in BETWEEN_ATTRIBUTES.finditer(QUOTED.sub("", tag.group()))) > 2 * MAX_ATTRIBUTES:
            raise PageError(f"it has a tag with more than {MAX_ATTRIBUTES:,} attributes")
    stream = read_stream(source)
    if len(stream.ink) > MAX_INK:
        raise PageError(f"it has {len(stream.ink):,} visible characters, more than the {MAX_INK:,} a page may have")
    metadata = read_metadata(source, tables)
    found = _extract(source)
    if longest := max((len(words) for words, _ in found if len(words) > MAX_PARAGRAPH), default=0):
        raise PageError(f"it has a paragraph of {longest:,} characters, more than the {MAX_PARAGRAPH:,} one may have")
    paragraphs = list(_placed(found, stream, tables))
    if not paragraphs:
        paragraphs = list(_bare_paragraphs(stream))
    paragraphs = _with_captions(paragraphs, stream)
    paragraphs = _with_heading(paragraphs, stream, metadata.get("title", ("", ""))[0])
    return Page(tuple(p for p in paragraphs if p.pieces), metadata)


# ---------------------------------------------------------------- metadata


def read_metadata(source: str, tables: ReadingTables) -> dict[str, tuple[str, str]]:
    """What the page says of itself: title, byline, publisher, published, each with the key that said so; not said: not there.

    JSON-LD first, then <meta> tags, then <time> and <title>. Knowledge: knowledge/reading/metadata.yaml.
    """
    linked, tags = tuple(_linked_data(source)), _meta_tags(source)
    found: dict[str, tuple[str, str]] = {}
    for field, keys in tables.metadata.items():
        if value := _value(keys, linked, tags):
            found[field] = value
    if "published" not in found and (match := TIME.search(source)):
        found["published"] = (match.group(1), "time")
    if "title" not in found and (match := TITLE.search(source)):
        found["title"] = (_plain(re.split(r"\s[|–—-]\s|\s\|", html.unescape(match.group(1)))[0]), "title")
    return found


def _value(keys: MetadataKeys, linked: Sequence[Mapping[str, Any]], tags: Mapping[str, str]) -> tuple[str, str] | None:
    for key in keys.linked:
        for item in linked:
            if value := _plain(_at(item, key.split("."))):
                return value, f"JSON-LD {key}"
    return next(((tags[key], f"meta {key}") for key in keys.meta if tags.get(key)), None)


def _at(item: Any, path: Sequence[str]) -> str:
    """The words at a path; of several authors all, with commas; nothing there: the empty string."""
    if isinstance(item, list):
        return ", ".join(filter(None, (_at(one, path) for one in item[:5])))
    if not path:
        return item if isinstance(item, str) else ""
    return _at(item.get(path[0]), path[1:]) if isinstance(item, dict) else ""


def _linked_data(source: str) -> Iterator[Mapping[str, Any]]:
    """The JSON-LD objects that describe an article."""
    for match in LINKED_DATA.finditer(source):
        close = source.find("</script", match.end())
        try:
            data = json.loads(source[match.end() : close if close >= 0 else len(source)], strict=False)
        except (ValueError, RecursionError):
            continue  # pages often carry broken JSON-LD; the <meta> tags then speak
        items = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and ARTICLE_TYPE.search(_types(item.get("@type"))):
                yield item


def _types(value: Any) -> str:
    """The type of a JSON-LD object, or its types, in a few words; whatever else stands there: the empty string."""
    values = value if isinstance(value, list) else [value]
    return " ".join(one[:100] for one in values[:5] if isinstance(one, str))


def _meta_tags(source: str) -> dict[str, str]:
    tags: dict[str, str] = {}
    for match in META.finditer(source):
        attributes = {m[1].lower(): next(filter(None, m.groups()[1:]), "") for m in ATTRIBUTE.finditer(match.group())}
        value = _plain(html.unescape(attributes.get("content", "")))
        for key in ("property", "name", "itemprop"):
            if value and key in attributes:
                tags.setdefault(attributes[key].lower(), value)
    return tags


def _plain(words: str) -> str:
    return " ".join(words.split())[:500]


# ---------------------------------------------------------------- the article


def _extract(source: str) -> tuple[tuple[str, BlockKind | None], ...]:
    """The article's paragraphs, as trafilatura finds them, with what their element says; no article: an empty tuple."""
    # Imported here: it takes a fifth of a second, and plain text does not need it.
    import trafilatura

    log = logging.getLogger("trafilatura")
    if not log.handlers:
        log.addHandler(logging.NullHandler())  # or its warnings go to the terminal, and our Problem says it better
    without_declaration = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", source)
    try:
        found = trafilatura.bare_extraction(
            without_declaration, fast=True, include_comments=False, include_tables=False, include_images=False, with_metadata=False
        )
    except Exception as error:  # the outer rim: no page may stop the run, whatever the extractor or its parser raises
        raise PageError(f"its markup cannot be parsed ({type(error).__name__})") from error
    body = getattr(found, "body", None)
    if body is None:
        return ()
    paragraphs: list[tuple[str, BlockKind | None]] = []
    for element in body.iter("p", "head", "item", "cell"):
        words = "".join(element.itertext()).strip()
        if words and element.find(".//p") is None:
            hint = None
            if element.tag == "head":
                hint = BlockKind.TITLE if element.get("rend") == "h1" and not paragraphs else BlockKind.CROSSHEAD
            paragraphs.append((words, hint))
    return tuple(paragraphs)


def _placed(found: Sequence[tuple[str, BlockKind | None]], stream: Stream, tables: ReadingTables) -> Iterator[PageParagraph]:
    at = 0
    for words, hint in found:
        pieces = clean(words, 0, len(words), tables.misread, tables.lone_misread)
        places = _align(words, stream, at)
        inked = [place for place in places if place >= 0]
        if not inked:
            yield PageParagraph(tuple(Piece(p.text) for p in pieces), hint)
            continue
        start, end = inked[0], inked[-1] + 1
        at = end if start >= at else at
        if hint is None and stream.inside("a", start, end) > 0.9:
            hint = BlockKind.LINK
        elif hint is None and stream.inside("figcaption", start, end) > 0.5:
            hint = BlockKind.CAPTION
        yield PageParagraph(trimmed(tuple(_carried(pieces, places, stream))), hint, start, end)


def _align(words: str, stream: Stream, at: int) -> list[int]:
    """For each code point of a paragraph the ink it is, white space and what cannot be found: -1."""
    ink = [i for i, character in enumerate(words) if INK.match(character)]
    joined = "".join(words[i] for i in ink)
    places = [-1] * len(words)
    found = stream.ink.find(joined, at)
    if found < 0 and len(joined) > 40:
        found = stream.ink.find(joined)
    if found >= 0:
        for offset, i in enumerate(ink):
            places[i] = found + offset
        return places
    return _align_words(words, stream, at, places)


def _align_words(words: str, stream: Stream, at: int, places: list[int]) -> list[int]:
    """Word by word, where something of the page stands inside the paragraph that the extractor left out."""
    spans = [m.span() for m in re.finditer(r"\S+", words)]
    anchored = False
    for number, (start, end) in enumerate(spans):
        if not anchored:
            # Three words running are rare enough to say where the paragraph begins; common single words are not.
            anchor = "".join(words[a:b] for a, b in spans[number : number + 3])
            found = stream.ink.find(anchor, at) if len(anchor) >= 8 else -1
            anchored = found >= 0
        else:
            found = stream.ink.find(words[start:end], at, at + WINDOW)
        if found >= 0:
            for offset in range(end - start):
                places[start + offset] = found + offset
            at = found + end - start
    return places


def _carried(pieces: Sequence[Piece], places: Sequence[int], stream: Stream) -> Iterator[Piece]:
    """The pieces of a cleaned paragraph, standing for the page's source instead of the paragraph's own words."""
    for piece in pieces:
        if not piece.is_copy():
            inked = [places[i] for i in range(piece.start, piece.end) if places[i] >= 0]
            yield Piece(piece.text, stream.starts[inked[0]], stream.ends[inked[-1]]) if inked else Piece(piece.text)
            continue
        run: list[Piece] = []
        for i in range(piece.start, piece.end):
            single = _single(piece.text[i - piece.start], places[i], i, places, stream)
            if run and not _goes_on(run[-1], single):
                yield _joined(run)
                run = []
            run.append(single)
        if run:
            yield _joined(run)


def _goes_on(one: Piece, following: Piece) -> bool:
    """Whether a character stands right behind another in the source, or neither stands there at all."""
    if one.is_copy() and following.is_copy():
        return following.start == one.end
    return one.start < 0 and following.start < 0


def _joined(run: Sequence[Piece]) -> Piece:
    return Piece("".join(piece.text for piece in run), run[0].start, run[-1].end)


def _single(character: str, place: int, i: int, places: Sequence[int], stream: Stream) -> Piece:
    if place >= 0:
        return Piece(character, stream.starts[place], stream.ends[place])
    # White space stands for what is between its neighbours, if that is white space too and not markup.
    if character == " " and 0 < i < len(places) - 1 and places[i - 1] >= 0 and places[i + 1] == places[i - 1] + 1:
        low, high = stream.ends[places[i - 1]], stream.starts[places[i + 1]]
        if stream.source[low:high].isspace():
            return Piece(character, low, high)
    return Piece(character)


def _bare_paragraphs(stream: Stream) -> Iterator[PageParagraph]:
    """The page's <p> elements of five words or more: what is left when the extractor finds no article."""
    for element in stream.named("p"):
        pieces = stream.pieces(element.start, element.end)
        if len("".join(p.text for p in pieces).split()) >= 5:
            yield PageParagraph(pieces, None, element.start, element.end)


def _with_captions(paragraphs: Sequence[PageParagraph], stream: Stream) -> list[PageParagraph]:
    """The captions between the paragraphs, which the extractor leaves out, each before the paragraph it precedes on the page."""
    placed = [p for p in paragraphs if p.start >= 0]
    if not placed:
        return list(paragraphs)
    articles = [e for e in stream.named("article") if e.start <= placed[0].start < e.end]
    headings = [e.start for e in stream.named("h1") if e.start <= placed[0].start]
    low = min([placed[0].start, *[e.start for e in articles], *headings[-1:]])
    high = placed[-1].end
    captions = [e for e in stream.named("figcaption") if low <= e.start and e.end <= high]
    result: list[PageParagraph] = []
    for paragraph in paragraphs:
        while captions and paragraph.start >= captions[0].end:
            caption = captions.pop(0)
            if not any(p.start < caption.end and caption.start < p.end for p in result[-2:]):
                pieces = stream.pieces(caption.start, caption.end)
                result.append(PageParagraph(pieces, BlockKind.CAPTION, caption.start, caption.end))
        result.append(paragraph)
    return result


def _with_heading(paragraphs: Sequence[PageParagraph], stream: Stream, title: str) -> list[PageParagraph]:
    """The page's heading before the article, where the extractor left it out and it is the title metadata give."""
    if not paragraphs or any(p.hint is BlockKind.TITLE for p in paragraphs):
        return list(paragraphs)
    wanted = _letters(title)
    for element in stream.named("h1"):
        heading = _letters(stream.ink[element.start : element.end])
        is_title = bool(wanted) and (heading in wanted or wanted in heading) and len(heading) >= len(wanted) // 2
        if is_title and not any(p.start < element.end and element.start < p.end for p in paragraphs):
            return [
                PageParagraph(stream.pieces(element.start, element.end), BlockKind.TITLE, element.start, element.end),
                *paragraphs,
            ]
    return list(paragraphs)


def _letters(words: str) -> str:
    return "".join(c for c in words.lower() if c.isalnum())
