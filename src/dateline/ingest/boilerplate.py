"""What each paragraph of a report is: its title, its telling, a caption, or matter that must give no events.

A paragraph may be divided: the credit at the end of a caption, the links at the end of an article, the dateline before its first
sentence become blocks of their own, so that what remains reads as sentences. Knowledge: knowledge/reading/.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import islice

from dateline.knowledge.reading import DatelinePattern, ParagraphPattern, ReadingTables
from dateline.records import Block, BlockKind, Span

WORD = re.compile(r"\w+(?:['’]\w+)?")
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s|$)")
BEFORE_TAIL = frozenset(".!?…\"'”’)]»")
FINAL = re.compile(r"[.!?…:;,][\"'”’)\]]*$")
TOLD = frozenset({BlockKind.TITLE, BlockKind.BODY, BlockKind.CAPTION})
CAPTION_WORDS = 60
"""Longer paragraphs with a credit at the end are articles with their credit, not captions."""
CROSSHEAD_WORDS = 12
TITLE_WORDS = 20
REPEAT_WORDS = 6
"""Shorter paragraphs may stand twice by chance ("Police said no more.")."""
MAX_CUTS = 30
"""How often what is left of a paragraph is divided again, and how many candidates for a piece are looked at in it: nobody wrote
"Photo: Photo: …" for a hundred thousand characters."""
NEARLY = 0.95
"""Share of a paragraph's words in order that another must have to tell it again."""
NOTE_SHARE = 1 / 3
"""A larger share of the body is what the report tells, not a note on it."""
MAX_DATELINES = 2
"""A monitoring service's own dateline, and that of the agency whose report it passes on."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, and what the page's own markup says it is; plain text says nothing: None."""

    span: Span
    hint: BlockKind | None = None


def find_blocks(text: str, paragraphs: Sequence[Paragraph], tables: ReadingTables, title: str | None = None) -> tuple[Block, ...]:
    """The blocks of a text, in order; every word of every paragraph is in exactly one.

    `title` is what the report's metadata call it: a first block that opens with those words is divided after them.
    """
    blocks = _divide_all(text, paragraphs, tables)
    blocks = _mark_title(text, blocks, title, tables.datelines)
    for _ in range(MAX_DATELINES):
        blocks = _mark_dateline(text, blocks, tables.datelines)
    blocks = _mark_notes(text, blocks, tables.paragraphs)
    blocks = _mark_crossheads(text, blocks, {p.span for p in paragraphs if p.hint is None})
    return tuple(_mark_repeats(text, blocks))


def is_editors_note(words: str, patterns: Sequence[ParagraphPattern]) -> bool:
    """Whether the words open with what editors say of the report itself ("(Corrects …)", "An earlier version of this article")."""
    return any(pattern.regex.match(words) for pattern in patterns if pattern.at in ("lead", "note"))


def dateline_of(text: str, patterns: Sequence[DatelinePattern]) -> re.Match[str] | None:
    """The dateline a text opens with ("MINSK, Aug 18 (Reuters) -"); none: None."""
    for pattern in patterns:
        match = pattern.regex.match(text)
        if match and _is_dateline(match, text, pattern):
            return match
    return None


# ---------------------------------------------------------------- dividing


def _divide_all(text: str, paragraphs: Sequence[Paragraph], tables: ReadingTables) -> list[Block]:
    """All paragraphs divided; from the end, since a credit after the last words of the telling is the article's."""
    parts: list[list[Block]] = []
    is_last = True
    for paragraph in reversed(paragraphs):
        parts.append(_divide(text, paragraph, tables, is_last=is_last))
        is_last = is_last and not any(block.kind is BlockKind.BODY for block in parts[-1])
    return [block for blocks in reversed(parts) for block in blocks]


def _divide(text: str, paragraph: Paragraph, tables: ReadingTables, *, is_last: bool, cuts: int = MAX_CUTS) -> list[Block]:
    span = paragraph.span
    if paragraph.hint in (BlockKind.FURNITURE, BlockKind.CREDIT, BlockKind.LINK):
        return [Block(span, paragraph.hint)]
    words = span.of(text)
    whole = next((p for p in tables.paragraphs if p.at in ("whole", "start") and is_whole_match(p, words)), None)
    if whole is not None and whole.kind is not BlockKind.CAPTION:
        return [Block(span, whole.kind)]
    main = paragraph.hint or (whole.kind if whole else BlockKind.BODY)
    if cuts == 0:
        return [Block(span, main)]
    if lead := next((end for p in tables.paragraphs if p.at == "lead" and (end := find_lead(p, words))), None):
        rest = _stripped(text, span.start + lead, span.end)
        after = _divide(text, replace(paragraph, span=rest), tables, is_last=is_last, cuts=cuts - 1) if rest else []
        return [Block(Span(span.start, span.start + lead), BlockKind.FURNITURE), *after]
    for pattern in tables.paragraphs:
        if pattern.at in ("tail", "inline") and (cut := find_cut(pattern, words)):
            return _cut(text, span, cut, pattern, main, tables, is_last=is_last, cuts=cuts - 1)
    return [Block(span, main)]


def is_whole_match(pattern: ParagraphPattern, words: str) -> bool:
    """Whether a "whole" or "start" entry says what the paragraph is."""
    if _is_too_long(words, pattern.words) or (pattern.unless and pattern.unless.search(words)):
        return False
    return bool(pattern.regex.fullmatch(words) if pattern.at == "whole" else pattern.regex.match(words))


def find_lead(pattern: ParagraphPattern, words: str) -> int | None:
    """Where a "lead" entry's piece ends that the paragraph opens with; not there: None."""
    match = pattern.regex.match(words)
    return match.end() if match and not _is_too_long(match.group(), pattern.words) else None


def find_note(pattern: ParagraphPattern, words: str) -> int | None:
    """Where a sentence begins with a "note" entry's words; nowhere: None."""
    for match in pattern.regex.finditer(words):
        before = words[: match.start()].rstrip()
        if (not before or before[-1] in BEFORE_TAIL) and not _is_too_long(words[match.start() :], pattern.words):
            return match.start()
    return None


def find_cut(pattern: ParagraphPattern, words: str) -> tuple[int, int] | None:
    """Where a "tail" or "inline" entry's piece stands in the paragraph; not there, or nothing left before it: None."""
    if pattern.needs and pattern.needs not in words.lower():
        return None
    # A tail is short, so only the paragraph's last stretch is looked at: this keeps very long paragraphs quick.
    earliest = max(0, len(words) - 16 * pattern.words) if pattern.at == "tail" else 0
    for match in islice(pattern.regex.finditer(words, earliest), MAX_CUTS):
        start = match.start()
        before = words[:start]
        if before.count("(") > before.count(")"):
            start = before.rindex("(")  # "(AP Photo/Ana Petrov)": the credit is all that is in brackets
        before = words[:start].rstrip()
        if not before or not (pattern.is_anywhere or before[-1] in BEFORE_TAIL or pattern.kind is BlockKind.CAPTION):
            continue
        end = len(words)
        if pattern.at == "inline" and (stop := SENTENCE_END.search(words, match.end())):
            end = stop.end()
        if not _is_too_long(words[start:end], pattern.words):
            return start, end
    return None


def _cut(
    text: str,
    span: Span,
    cut: tuple[int, int],
    pattern: ParagraphPattern,
    main: BlockKind,
    tables: ReadingTables,
    *,
    is_last: bool,
    cuts: int,
) -> list[Block]:
    """The paragraph around the piece: what is before it, the piece, what is after it."""
    piece = _stripped(text, span.start + cut[0], span.start + cut[1])
    start, end = (piece.start, piece.end) if piece else (span.end, span.end)
    before, after = _stripped(text, span.start, start), _stripped(text, end, span.end)
    kind = pattern.kind
    if kind is BlockKind.CAPTION:
        kind = BlockKind.CREDIT
        is_long = _is_too_long(before.of(text) if before else "", CAPTION_WORDS)
        # "(Reuters)" closing the last paragraph credits the article; a photographer closing it still credits a picture.
        is_article_credit = is_last and pattern.id == "caption-agency" and main is BlockKind.BODY
        main = main if is_long or is_article_credit else BlockKind.CAPTION
    blocks = (
        _divide(text, Paragraph(before, None if main is BlockKind.BODY else main), tables, is_last=is_last, cuts=cuts)
        if before
        else []
    )
    if piece:
        blocks.append(Block(piece, kind))
    if after:
        blocks += _divide(text, Paragraph(after), tables, is_last=is_last, cuts=cuts)
    return blocks


def _is_too_long(words: str, limit: int) -> bool:
    return len(words) > 16 * limit or len(words.split()) > limit


def _stripped(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


# ---------------------------------------------------------------- title, dateline, cross-headings


def _mark_title(text: str, blocks: list[Block], title: str | None, datelines: Sequence[DatelinePattern]) -> list[Block]:
    """Marks the block, or the first sentence of the first block, that is the title.

    Without metadata a short opening line that no full stop closes, above longer paragraphs, is one.
    """
    told = [i for i, block in enumerate(blocks) if block.kind in (BlockKind.BODY, BlockKind.TITLE, BlockKind.CROSSHEAD)]
    if not told or any(blocks[i].kind is BlockKind.TITLE for i in told):
        return blocks
    first = told[0]
    span = blocks[first].span
    if title and (end := _title_end(span.of(text), title)):
        rest = _stripped(text, span.start + end, span.end)
        body = [Block(rest)] if rest else []
        return [*blocks[:first], Block(Span(span.start, span.start + end), BlockKind.TITLE), *body, *blocks[first + 1 :]]
    line = span.of(text)
    if (opening := dateline_of(line + " ", datelines)) and (opening.end() >= len(line) or opening.groupdict().get("day")):
        return blocks
    has_more = any(blocks[i].kind is BlockKind.BODY and len(blocks[i].span) > len(span) for i in told[1:])
    if has_more and not FINAL.search(line) and not _is_too_long(line, TITLE_WORDS) and len(line.split()) > 1:
        return [*blocks[:first], replace(blocks[first], kind=BlockKind.TITLE), *blocks[first + 1 :]]
    return blocks


def _title_end(paragraph: str, title: str) -> int | None:
    """Where the title ends in a paragraph that opens with it, its full stop included; one that does not: None."""
    wanted = [m.group().lower() for m in WORD.finditer(title)]
    found = list(WORD.finditer(paragraph, 0, 2 * len(title) + 20))
    if not wanted or [m.group().lower() for m in found[: len(wanted)]] != wanted:
        return None
    end = found[len(wanted) - 1].end()
    closing = re.compile(r"[\"'”’)\]]*\s?[.!?…]*[\"'”’)\]]*(?=\s|$)").match(paragraph, end)
    return closing.end() if closing else None


def _mark_dateline(text: str, blocks: list[Block], patterns: Sequence[DatelinePattern]) -> list[Block]:
    """The dateline before the first sentence of the body, as a block of its own; below another, only with day and agency."""
    first = next((i for i, block in enumerate(blocks) if block.kind is BlockKind.BODY), None)
    if first is None:
        return blocks
    span = blocks[first].span
    match = dateline_of(span.of(text), patterns)
    is_second = any(block.kind is BlockKind.DATELINE for block in blocks[:first])
    if match and is_second and not (match.groupdict().get("day") and match.groupdict().get("credit")):
        return blocks
    line = _stripped(text, span.start, span.start + match.end()) if match else None
    if line is None or match is None:
        return blocks
    rest = _stripped(text, span.start + match.end(), span.end)
    body = [Block(rest)] if rest else []
    return [*blocks[:first], Block(line, BlockKind.DATELINE), *body, *blocks[first + 1 :]]


def _mark_notes(text: str, blocks: list[Block], patterns: Sequence[ParagraphPattern]) -> list[Block]:
    """Editors' notes below the telling ("Correction: …") as furniture; where the correction is what is told, it stays."""
    notes = [pattern for pattern in patterns if pattern.at == "note"]
    body = [block for block in blocks if block.kind is BlockKind.BODY]
    most = NOTE_SHARE * sum(len(block.span) for block in body)
    marked: list[Block] = []
    for block in blocks:
        start = next((at for p in notes if (at := find_note(p, block.span.of(text))) is not None), None)
        is_telling = block.kind is not BlockKind.BODY or start is None or (block is body[0] and start == 0)
        if is_telling or start is None or len(block.span) - start > most:
            marked.append(block)
            continue
        before = _stripped(text, block.span.start, block.span.start + start)
        marked += [Block(before)] if before else []
        marked.append(Block(Span(block.span.start + start, block.span.end), BlockKind.FURNITURE))
    return marked


def _is_dateline(match: re.Match[str], text: str, pattern: DatelinePattern) -> bool:
    groups = match.groupdict()
    place = groups.get("place") or ""
    if place.lower() in pattern.labels:
        return False
    if pattern.lead:
        # "Kuala Lumpur: …" opens a report; "Minister: we were warned" is a headline with its speaker, and short.
        stop = SENTENCE_END.search(text, match.end())
        lead = text[match.end() : stop.end() if stop else len(text)]
        return len(lead.split()) >= pattern.lead
    is_capitals_only = place.isupper() and not groups.get("day") and not groups.get("credit")
    # In a report set in capitals "THE ARMY - WHICH …" looks like a dateline: there only a day or an agency makes one.
    return not (is_capitals_only and text[match.end() : match.end() + 80].isupper())


def _mark_crossheads(text: str, blocks: list[Block], unmarked: set[Span]) -> list[Block]:
    """Short lines without a closing stop between paragraphs. What follows must be a paragraph that closes, or it is a list."""
    marked = list(blocks)
    for i in range(1, len(blocks) - 1):
        block, following = blocks[i], blocks[i + 1]
        line, below = block.span.of(text), following.span.of(text)
        is_line = (
            block.kind is BlockKind.BODY
            and block.span in unmarked
            and not FINAL.search(line)
            and len(line) > 1
            and line[:1] not in "-•*·–—"
        )
        is_followed = following.kind is BlockKind.BODY and bool(FINAL.search(below)) and len(below) > len(line)
        if is_line and is_followed and not _is_too_long(line, CROSSHEAD_WORDS) and not line[:1].islower():
            marked[i] = replace(block, kind=BlockKind.CROSSHEAD)
    return marked


# ---------------------------------------------------------------- repeats


@dataclass(frozen=True)
class Telling:
    """A block's words in small letters, one after another, and its figures; a block that tells nothing has none."""

    words: tuple[str, ...]
    joined: str
    figures: tuple[str, ...]


def _mark_repeats(text: str, blocks: list[Block]) -> list[Block]:
    """Of blocks that tell the same words, the fullest stays and the others are REPEAT; of two alike, the first.

    A caption printed twice, once with its credit, was a caption both times.
    """
    tellings = [_telling(block.span.of(text) if block.kind in TOLD else "") for block in blocks]
    marked = list(blocks)
    for later, earlier in _candidates(tellings):
        if BlockKind.REPEAT in (marked[later].kind, marked[earlier].kind) or not _tells_again(tellings[later], tellings[earlier]):
            continue
        is_fuller = len(tellings[later].words) > len(tellings[earlier].words)
        kept, dropped = (later, earlier) if is_fuller else (earlier, later)
        if marked[dropped].kind is BlockKind.CAPTION and tellings[kept].words == tellings[dropped].words:
            marked[kept] = replace(marked[kept], kind=BlockKind.CAPTION)
        marked[dropped] = replace(marked[dropped], kind=BlockKind.REPEAT)
    return marked


def _telling(text: str) -> Telling:
    words = tuple(m.group().lower() for m in WORD.finditer(text))
    # "Police held 40 people" and "Police held 60 people" are two tellings, not one: figures must agree.
    return Telling(words, f" {' '.join(words)} ", tuple(word for word in words if any(c.isdigit() for c in word)))


def _candidates(tellings: Sequence[Telling]) -> list[tuple[int, int]]:
    """Pairs (later, earlier) of blocks that share at least half the shorter one's runs of three words, in order."""
    seen: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    pairs: list[tuple[int, int]] = []
    sizes: list[int] = []
    for i, words in enumerate(telling.words for telling in tellings):
        runs = {words[k : k + 3] for k in range(len(words) - 2)} if len(words) >= REPEAT_WORDS else set()
        sizes.append(len(runs))
        shared = Counter(j for run in runs for j in seen[run])
        pairs += [(i, j) for j, n in sorted(shared.items()) if 2 * n >= min(len(runs), sizes[j])]
        for run in runs:
            # A phrase that stands in very many blocks ("in this connection") says nothing, and would make this slow.
            if len(seen[run]) < 50:
                seen[run].append(i)
    return pairs


def _tells_again(one: Telling, other: Telling) -> bool:
    """Whether the shorter of two stands in the longer, word for word or nearly."""
    short, long = sorted((one, other), key=lambda telling: len(telling.words))
    if short.joined in long.joined:
        return True
    if len(long.words) > 1.3 * len(short.words) or short.figures != long.figures:
        return False
    if (Counter(short.words) & Counter(long.words)).total() < NEARLY * len(short.words):
        return False
    matching = SequenceMatcher(None, short.words, long.words, autojunk=False).get_matching_blocks()
    return sum(block.size for block in matching) >= NEARLY * len(short.words)
