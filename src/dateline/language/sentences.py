"""Block -> sentences: every place where one may end, judged by a small trained model.

A candidate stands after a full stop, question or exclamation mark, ellipsis, colon, semicolon or dash with whatever
closes after it, and at every line break. What is around it (the words, the marks, the state of the quotation, how the
text uses capitals) gives features; the model is a table of their weights (language/model/segmentation.json, from
training/segmentation.py), and a sum above zero is a boundary. An empty line, and a line break before a list item, always are
one; the full line of a wrapped text, and the stop of a title before a name ("Gen. Omar"), never are.

Case is read against the text's own habit: a text all in small letters or all in capitals has no capital that could tell
a new sentence, so there the same features are learnt apart. A text without stops (a transcript, a ticker) may end a
sentence at any space: there a second set of weights reads the words on both sides.

A sentence of more than LONGEST_WORDS words, or of more subwords than the encoder reads, is cut at the best clause mark near its
middle; where no space stands, between two words. Knowledge: segmentation/abbreviations.yaml, words.yaml and sentences.yaml.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from dateline.knowledge.segmentation import load_segmentation
from dateline.language.encoding import LONGEST, load_tokenizer
from dateline.language.tokens import one_of, tokenise
from dateline.records import Span

MODEL = Path(__file__).parent / "model" / "segmentation.json"

LONGEST_WORDS = 180
"""The cap on one sentence. The parser weighs every word against every other: up to here a word costs it at most half as much again
as in a sentence of 40, at 500 words four times as much (0.14, 0.24 and 0.62 ms)."""

WINDOW = 1000
"""Characters on each side of a block that also tell the text's habit of case: a title alone is too short to show it."""


class Habit(StrEnum):
    """How a text uses capitals."""

    MIXED = "mixed"
    LOWER = "lower"
    UPPER = "upper"


@dataclass(frozen=True)
class Writing:
    """How a text is written: its habit of case, and whether its sentences have stops."""

    habit: Habit
    has_stops: bool = True


@dataclass(frozen=True)
class Candidate:
    """A place where a sentence may end. Offsets count from the start of the block.

    `mark` is where the closing mark starts (for a bare line break: `end`), `end` where the left sentence would end and
    `next` where the right one would start; between them are only spaces. `inside` counts the quotation marks still open
    there, `depth` the brackets. `previous` is where the candidate before this one ended; `width` is the widest line nearby.
    `is_gap`: only a space in a text without stops; then `previous` is where the sentence started.
    """

    mark: int
    end: int
    next: int
    inside: int
    depth: int
    previous: int
    width: int
    is_gap: bool = False


def split_sentences(text: str, span: Span) -> tuple[Span, ...]:
    """The sentences of one block, in order, without the spaces around them; together they hold every other character.

    Only spaces: an empty tuple. Every sentence has at most LONGEST_WORDS words and LONGEST subwords, or one word.
    """
    block = span.of(text)
    writing = find_writing(text[max(0, span.start - WINDOW) : span.end + WINDOW])
    cuts = list(find_boundaries(block, writing))
    starts = [0, *(c.next for c in cuts)]
    ends = [*(c.end for c in cuts), len(block)]
    pieces = [trim(text, span.start + a, span.start + b) for a, b in zip(starts, ends, strict=True)]
    return tuple(short for piece in pieces if piece is not None for short in cap_length(text, piece))


def find_boundaries(block: str, writing: Writing) -> Iterator[Candidate]:
    """The candidates where a sentence does end, left to right."""
    weights = load_weights()
    start = 0
    for candidate in find_candidates(block, writing):
        placed = replace(candidate, previous=start) if candidate.is_gap else candidate
        if is_boundary(block, placed, writing.habit, weights):
            start = candidate.next
            yield candidate


def is_boundary(block: str, candidate: Candidate, habit: Habit, weights: Mapping[str, float]) -> bool:
    """An empty line and a list item's line always begin a sentence, a name after a title never; the rest is the model's to say."""
    breaks = block.count("\n", candidate.end, candidate.next)
    if breaks > 1 or (breaks and LIST_ITEM.match(block, candidate.next)):
        return True
    if habit is Habit.MIXED and any(rule(block, candidate) for rule in (_follows_title, _follows_abbreviation, _is_in_dateline)):
        return False
    return sum(weights.get(f, 0.0) for f in find_features(block, candidate, habit)) > 0


def _follows_title(block: str, candidate: Candidate) -> bool:
    """The stop is a title's, with a capital, and a name or another title comes next: "Gen. Omar", "Rep. J. Doe"."""
    _, previous = _words_before(block, candidate.mark)
    kinds, title = _word_kinds(), previous.lower()
    is_title = previous[:1].isupper() and kinds.kind_of(title) == "name"
    if not (is_title and block[candidate.mark : candidate.end] in {".", ".)"} and block[candidate.next].isupper()):
        return False
    following = NEXT.match(block, candidate.next)
    return title not in kinds.words or following is None or (following[2] or "").lower() not in kinds.openers


def _follows_abbreviation(block: str, candidate: Candidate) -> bool:
    """The stop is an abbreviation's, and a small letter comes next: "Tues. only", "5 p.m. the police"."""
    if block[candidate.mark : candidate.end] != "." or not block[candidate.next].islower() or candidate.next == candidate.end:
        return False
    _, previous = _words_before(block, candidate.mark)
    kinds, form = _word_kinds(), previous.lower()
    return kinds.kind_of(form) in {"any", "letters"} and (form not in kinds.words or previous[0].isupper())


def _is_in_dateline(block: str, candidate: Candidate) -> bool:
    """The stops of a Russian agency's dateline: "MOSCOW. March 5 (Agency) - "."""
    found = _stopped_dateline().match(block)
    return found is not None and candidate.end < found.end()


def trim(text: str, start: int, end: int) -> Span | None:
    """The stretch without the spaces around it; nothing else in it: None."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


@cache
def load_weights() -> Mapping[str, float]:
    """The shipped model: a weight for each feature it knows. Raises FileNotFoundError when it was not trained yet."""
    weights: dict[str, float] = json.loads(MODEL.read_text(encoding="utf-8"))["weights"]
    return weights


# ---------------------------------------------------------------- candidates

INVISIBLE = "\u200b\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Zero-width spaces, joiners and marks of direction: they stand at either edge of a sentence and say nothing about it."""

CLOSING = f"\"'”’»)\\]*_{INVISIBLE}"
OPENING = f"\"'“‘„«([*_`{INVISIBLE}"
NOTE = r"(?:\s?\[\d{1,3}\])*"  # a footnote's number after the full stop: "in 1805. [6] His voice"
RULE = r"(?<![-=*_#])[-=*_#]{4,}"
CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:\s?[AaPp][Mm]\b)?"
DAY = r"\d{1,2}/\d{1,2}/\d{2,4}"
CANDIDATE = re.compile(
    rf"(?P<mark>(?<![.?!…])[.?!…]+)(?P<close>[{CLOSING}]*{NOTE})(?=\s|\Z|(?:[{OPENING}]*[^\W\d_]))"
    rf"|(?P<seam>{RULE}|{CLOCK}|{DAY}|@[\w.-]+>?|(?<!>)>+|(?<=\.)(?:doc|xls|pdf|html?|txt)\b\)?)(?=\s)"
    rf"|(?P<pause>[:;]|(?<![-–—])[-–—]+)(?P<after>[{CLOSING}]*)(?=\s)"
    rf"|(?P<line>(?<=\S)(?=\s)[^\S\n]*\n|\s(?={RULE}|{DAY}\s+\d|[-•*·]\s))"
)
CANDIDATE_OR_GAP = re.compile(rf"{CANDIDATE.pattern}|(?P<gap>(?<=\S)[^\S\n](?=[^\S\n]*\w))")
"""A seam is where two lines of a message header, a signature or a list were run together: there no mark need stand."""
LIST_ITEM = re.compile(r"[-•*·▪●◦]\s|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s")
SPACES = re.compile(r"\s*")
CHUNK = re.compile(r"\S*")
LONGEST_ADDRESS = 100
SITE_AND_PATH = re.compile(r"(?i)[\w.-]+\.[a-z]{2,4}/")


def find_candidates(block: str, writing: Writing) -> Iterator[Candidate]:
    """Every place in the block where a sentence may end, left to right; the block's own end is not one."""
    widths = _find_widths(block)
    last_end = counted = inside = depth = 0
    last_next = -1
    for match in (CANDIDATE if writing.has_stops else CANDIDATE_OR_GAP).finditer(block):
        groups = match.groupdict()
        end = match.end()
        inside, depth = _count_open(block, counted, match.start(), inside, depth)
        counted = match.start()
        is_gap = groups.get("gap") is not None
        if groups["line"] is not None or is_gap:
            end = match.start()
        elif groups["close"]:
            end = _before_opener(block, match.start("close"), end, inside)
        following = SPACES.match(block, end).end()  # type: ignore[union-attr]
        if following >= len(block) or following == last_next or end == 0:
            continue
        near = following // WINDOW
        width = max(widths[max(0, near - 1) : near + 2])
        if groups["line"] is not None and _is_wrapped(block, end, following, width):
            continue
        if following == end and (groups["mark"] is None or _is_inside_word(block, match.start(), following)):
            continue
        now, deep = _count_open(block, counted, end, inside, depth)
        mark = end if groups["mark"] is None and groups["pause"] is None else match.start()
        yield Candidate(mark, end, following, now, deep, last_end, width, is_gap)
        last_end, last_next = end, following


def _find_widths(block: str) -> list[int]:
    """The widest line that touches each stretch of WINDOW characters."""
    widths = [0] * (len(block) // WINDOW + 1)
    start = 0
    for line in block.split("\n"):
        for stretch in range(start // WINDOW, (start + len(line)) // WINDOW + 1):
            widths[stretch] = max(widths[stretch], len(line))
        start += len(line) + 1
    return widths


def _count_open(block: str, start: int, end: int, inside: int, depth: int) -> tuple[int, int]:
    """The open quotations (0 or 1) and brackets after a stretch. Straight marks change sides, curly ones have theirs."""
    if start >= end:
        return inside, depth
    straight = block.count('"', start, end) + block.count("''", start, end) + block.count("``", start, end)
    curly = block.count("“", start, end) - block.count("”", start, end)
    inside = (inside + straight) % 2 if straight else min(1, max(0, inside + curly))
    opened = block.count("(", start, end) + block.count("[", start, end)
    closed = block.count(")", start, end) + block.count("]", start, end)
    return inside, max(0, depth + opened - closed)


def _before_opener(block: str, start: int, end: int, inside: int) -> int:
    """The end of the closing marks proper: in `left."We` with no quotation open, the mark opens the next sentence."""
    if not inside and block[end - 1] == '"' and end < len(block) and not block[end].isspace():
        return end - 1
    return end


def _is_wrapped(block: str, end: int, following: int, width: int) -> bool:
    """A bare line break where a line of wrapped text was full: the next word would not have stood on it."""
    if "\n" not in block[end:following] or block.count("\n", end, following) > 1:
        return False
    start = block.rfind("\n", 0, end) + 1
    word = CHUNK.match(block, following, following + WINDOW).group()  # type: ignore[union-attr]
    return WRAPPED[0] <= end - start <= width <= WRAPPED[1] and end - start + 1 + len(word) > width


WRAPPED = (50, 110)
"""The widths, in characters, to which wires and mail programs wrap their lines."""


def _is_inside_word(block: str, mark: int, following: int) -> bool:
    """No space follows, and the stop is part of an address, a figure or an abbreviation ("example.org", "p.m", "U.S")."""
    nearest = max(0, mark - LONGEST_ADDRESS)
    start = max(block.rfind(" ", nearest, mark), block.rfind("\n", nearest, mark), nearest - 1) + 1
    before, chunk = block[start:mark], CHUNK.match(block, start, mark + LONGEST_ADDRESS).group()  # type: ignore[union-attr]
    word = re.match(r"[^\W\d_]*", block[following : following + LONGEST_ADDRESS].lstrip(OPENING))
    after = word.group() if word else ""
    is_short = len(after) < 2 and after.lower() not in {"i", "a"}
    is_name = before[-1:].isalpha() and (len(before) == 1 or before[-2:-1] in ".-")
    return is_short or is_name or _is_address(chunk) or after.lower() in address_endings()


def _is_address(chunk: str) -> bool:
    return "@" in chunk or "\\" in chunk or "://" in chunk or "www." in chunk.lower() or SITE_AND_PATH.match(chunk) is not None


@cache
def address_endings() -> frozenset[str]:
    return frozenset(load_segmentation().lists["endings_of_addresses"])


# ---------------------------------------------------------------- features

VANISHING = re.compile(f"[{INVISIBLE}]")
NEXT = re.compile(rf"([{OPENING}\-–—•·>#]{{0,20}})\s{{0,20}}(\w{{1,60}}(?:['’.-]\w{{1,60}}){{0,6}})?(\W{{0,20}})(\w{{1,60}})?")
LABEL = re.compile(r"\W*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})(?:\.\d{1,2})*\W*")
AROUND = OPENING + CLOSING + ",;:.?!"
STEPS = (3, 8, 15, 30, 60, 100, 160, 250)


def case_habit(text: str) -> Habit:
    """How the text uses capitals, by its words of two letters and more. No such word: MIXED."""
    lower = len(LOWER_WORD.findall(text))
    upper = len(UPPER_WORD.findall(text))
    title = len(TITLE_WORD.findall(text))
    if upper > 2 * (lower + title):
        return Habit.UPPER
    return Habit.LOWER if lower > 0 and title + upper <= 0.02 * lower else Habit.MIXED


def find_writing(text: str) -> Writing:
    """How the text is written. It has no stops when hardly one word in a hundred is followed by one, or of fewer words when nothing
    follows any, not even a comma; very few words tell nothing.
    """
    words = text.count(" ") + text.count("\n")
    if words >= FEWEST_WORDS:
        has_stops = 100 * len(STOPPED_WORD.findall(text)) > words
    else:
        has_stops = words < FEWEST_BARE_WORDS or MARKED_WORD.search(text) is not None
    return Writing(case_habit(text), has_stops)


FEWEST_WORDS = 150
FEWEST_BARE_WORDS = 20
"""A short text may lack stops because its author leaves them out where others would not. Without any mark it was printed bare."""

STOPPED_WORD = re.compile(r"[\w%)”\"'’]{4}[.?!…](?=[\"”'’)\]]*(?:\s|\Z))")
"""Four letters at least: the stops of "Mr.", "Gen." and "U.S." stay in a text that has no others."""

MARKED_WORD = re.compile(rf"[,;:?!…()\"“”](?=\s|\Z)|{STOPPED_WORD.pattern}")

LOWER_WORD = re.compile(r"\b[a-z][a-z]+\b")
UPPER_WORD = re.compile(r"\b[A-Z][A-Z]+\b")
TITLE_WORD = re.compile(r"\b[A-Z][a-z]+")


def find_features(block: str, candidate: Candidate, habit: Habit) -> list[str]:
    """What can be seen around a candidate, as the names of the model's features."""
    if candidate.is_gap:
        return _find_gap_features(block, candidate, habit)
    knowledge = _word_kinds()
    before, previous = _words_before(block, candidate.mark)
    closing = block[candidate.mark : candidate.end]
    mark = _mark_of(closing)
    closers = VANISHING.sub("", closing).lstrip(".?!…:;-–—")[:2]
    gap = "\n" if "\n" in block[candidate.end : candidate.next] else " " if candidate.next > candidate.end else ""
    opener, first, between, second = NEXT.match(block, candidate.next).groups(default="")  # type: ignore[union-attr]
    low, word = previous.lower(), first.lower()
    shape = _shape(first) if first else "."
    if len(first) == 1 and between.startswith("."):
        shape = "I."  # the initial of a name, not the pronoun
    opener = VANISHING.sub("", opener)
    opening = opener[:1]
    kind = knowledge.kind_of(low)
    speaks = _speech(block, candidate.next, knowledge)
    h = habit.value[0]
    left_size, right_size = _size(candidate.end - candidate.previous), _size(len(block) - candidate.next)
    label = LABEL.fullmatch(block, candidate.previous, candidate.mark) is not None
    features = [
        "bias",
        f"m{mark}|c{closers}|g{gap}",
        f"{h}|m{mark}|s{shape}|g{gap}",
        f"{h}|m{mark}|s{shape}|o{opening}|c{closers[:1]}",
        f"m{mark}|o{opener[:2]}",
        f"m{mark}|n{word}",
        f"{h}|m{mark}|n{word}",
        f"{h}|m{mark}|b{word in knowledge.openers}|g{gap}",
        f"m{mark}|p{low}",
        f"k{kind}|m{mark}|{h}|s{shape}",
        f"k{kind}|{h}|b{word in knowledge.openers}",
        f"k{kind}|p{low}|s{shape}",
        f"k{kind}|n{word}|{h}" if kind else "",
        f"ps{_shape(previous)}|m{mark}|{h}|s{shape}",
        f"pl{min(len(low), 5)}|m{mark}|{h}|s{shape}",
        f"bs{_shape(before)}|ps{_shape(previous)}|m{mark}|s{shape}",
        f"v{speaks}|c{closers[:1]}|m{mark}|{h}",
        f"v{speaks}|q{candidate.inside}|m{mark}",
        f"q{candidate.inside}|c{closers[:1]}|m{mark}|s{shape}|{h}",
        f"d{min(candidate.depth, 2)}|m{mark}|c{closers[:1]}|s{shape}",
        f"z{left_size}|m{mark}|{h}",
        f"z{left_size}|m{mark}|s{shape}",
        f"r{right_size}|m{mark}|s{shape}",
        f"label{label}|m{mark}|s{shape}",
        f"t{between[:2].strip()}|m{mark}|s{shape}",
        f"n{word}|n2{second.lower()}|{h}" if word in knowledge.openers else "",
    ]
    if gap == "\n":
        features.append(f"w{_wraps(block, candidate)}|m{mark}|s{shape}|{h}")
        features.append(f"w{_wraps(block, candidate)}|m{mark}")
    return features


BEFORE_GAP, AFTER_GAP = 60, 120
"""The characters around a gap in which its words are looked for."""


def _find_gap_features(block: str, candidate: Candidate, habit: Habit) -> list[str]:
    """What can be seen around a space in a text without stops: three words on each side and the length of the sentence so far."""
    openers = _word_kinds().openers
    left = block[max(candidate.previous, candidate.end - BEFORE_GAP) : candidate.end].split()[-3:]
    right = block[candidate.next : candidate.next + AFTER_GAP].split()[:3]
    third, second, previous = (["", "", "", *left])[-3:]
    first, then, later = ([*right, "", "", ""])[:3]
    p, n, n2, n3 = previous.lower(), first.lower(), then.lower(), later.lower()
    pp = second.lower()
    shapes = f"{_shape(previous)}.{_shape(first)}.{_shape(then)}"
    h = habit.value[0]
    size = _size(candidate.next - candidate.previous)
    opens = f"{n in openers}"
    rest = _size(len(block) - candidate.next)
    return [
        f"_{h}",
        f"_{h}|s{shapes}",
        f"_s{_shape(second)}.{shapes}|b{opens}",
        f"_{h}|n{n}",
        f"_{h}|p{p}",
        f"_{h}|z{size}",
        f"_{h}|z{size}|b{opens}|s{_shape(first)}",
        f"_{h}|z{size}|r{rest}",
        f"_n{n}|{_shape(first)}",
        f"_p{p}|{_shape(first)}",
        f"_n{n}|n2{n2}",
        f"_{h}|n2{n2}|b{opens}",
        f"_n{n}|n3{n3}",
        f"_n2{n2}|n3{n3}",
        f"_{h}|n2{n2}",
        f"_p{p}|n{n}",
        f"_pp{pp}|p{p}",
        f"_{h}|pp{pp}",
        f"_pp{pp}|n{n}",
        f"_{h}|e{p[-3:]}|b{opens}|s{_shape(first)}",
        f"_e{p[-3:]}|n{n}",
        f"_e{p[-2:]}|f{n[-2:]}|{_shape(first)}",
        f"_{h}|f{n[-3:]}|{_shape(first)}",
        f"_n{n}|f{n2[-2:]}",
        f"_p3{third.lower()}|n{n}",
    ]


def _words_before(block: str, mark: int) -> tuple[str, str]:
    """The last word but one and the last before the mark, without the marks around them; none: empty."""
    stretch = block[max(0, mark - 60) : mark]
    words = stretch.split()
    previous = "" if not words or stretch[-1].isspace() else words.pop()
    return (words[-1].strip(AROUND) if words else ""), previous.lstrip(OPENING)


def _mark_of(closing: str) -> str:
    """The closing mark's class: one character for a single mark, two for a run; a bare line break: empty."""
    marks = closing.rstrip("\"'”’»)]*_")
    if not marks:
        return ""
    if "?" in marks or "!" in marks:
        return "?" if "?" in marks else "!"
    if "…" in marks or ".." in marks:
        return ".."
    return "-" if marks[0] in "-–—" else marks[0]


def _shape(word: str) -> str:
    """A word's look: X capitals, Xx capital first, x small, 9 digits, 9x both, I one capital, A. with stops inside."""
    if not word:
        return ""
    if "@" in word:
        return "@"
    if word[0].isdigit():
        return "9" if word.replace(",", "").replace(".", "").isdigit() else "9x"
    if "." in word:
        return "A."
    if not word[0].isupper():
        return "x" if word[0].islower() else "?"
    return "I" if len(word) == 1 else "X" if word.isupper() else "Xx"


def _size(characters: int) -> int:
    return next((i for i, step in enumerate(STEPS) if characters <= step), len(STEPS))


def _speech(block: str, start: int, knowledge: _WordKinds) -> str:
    """Whether what follows says who spoke, up to four words in: "verb" (said the mayor), "who verb" (he said), "… verb" (the
    president said); with "." when the clause ends right there ("he said."), "that" when it goes on so. Nothing of the kind: empty.
    """
    words = _speech_pattern().match(block, start)
    if words is None:
        return ""
    *who, _ = words[0].lower().split()
    before = "" if not who else "who " if who[0] in knowledge.pronouns and len(who) == 1 else "… "
    rest = block[words.end() : words.end() + 6]
    ends = "." if rest[:1] in {".", ",", ""} else "that" if rest.lower().startswith((" that ", " the ")) else ""
    return before + "verb" + ends


@cache
def _speech_pattern() -> re.Pattern[str]:
    verbs = one_of(load_segmentation().lists["reporting"])
    return re.compile(rf"(?i:(?:[\w.'’-]{{1,40}}[^\S\n]{{1,3}}){{0,3}}?{verbs}\b)")


def _wraps(block: str, candidate: Candidate) -> str:
    """How a line break looks: would the next word have stood on this line, how long is the line, is the block a wrapped one?"""
    start = block.rfind("\n", 0, candidate.end) + 1
    word = CHUNK.match(block, candidate.next, candidate.next + WINDOW).group()  # type: ignore[union-attr]
    size = candidate.end - start
    fits = size + 1 + len(word) <= candidate.width
    is_one_of_many = start > 0 or block.find("\n", candidate.next, candidate.next + WINDOW) >= 0
    is_wrapped = is_one_of_many and WRAPPED[0] <= candidate.width <= WRAPPED[1]
    return ("short" if fits else "full") + f"{min(size // 20, 5)}" + ("w" if is_wrapped else "")


@dataclass(frozen=True)
class _WordKinds:
    """The word lists the features ask, as sets; `words` are the abbreviations that are words too, or stand for two ("St.")."""

    openers: frozenset[str]
    pronouns: frozenset[str]
    abbreviations: Mapping[str, str]
    words: frozenset[str]

    def kind_of(self, word: str) -> str:
        """What a word before a stop is: its abbreviation group, an initial, letters with stops, or nothing of these."""
        found = self.abbreviations.get(word)
        if found is not None:
            return found
        if len(word) == 1 and word.isalpha():
            return "initial"
        return "letters" if DOTTED.fullmatch(word) else ""


DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")


@cache
def _word_kinds() -> _WordKinds:
    tables = load_segmentation()
    kinds = {form: group.before for group in reversed(tables.abbreviations) for form in group.forms}
    lists = {name: frozenset(tables.lists[name]) for name in ("openers", "pronouns")}
    seen = Counter(form for group in tables.abbreviations for form in group.forms)
    words = frozenset(form for group in tables.abbreviations for form in group.forms if group.is_capital or seen[form] > 1)
    return _WordKinds(**lists, abbreviations=kinds, words=words)


@cache
def _stopped_dateline() -> re.Pattern[str]:
    months = one_of(load_segmentation().lists["months"])
    return re.compile(rf"\s*[A-Z][A-Z' -]{{2,40}}\. (?i:{months})\.? \d{{1,2}}\.?(?: \([^)\n]{{2,40}}\)|\. [A-Z]{{2,20}})")


# ---------------------------------------------------------------- the hard cap


SURELY_SHORT = 120
"""Characters of a sentence that cannot be too long: one makes four subwords at most (Hangul, taken apart)."""


def cap_length(text: str, sentence: Span) -> list[Span]:
    """The sentence, or if it is too long its parts: no part is too long unless it is one word, which the encoder may cut short."""
    if len(sentence) <= SURELY_SHORT or not is_too_long(text, sentence):
        return [sentence]
    words = tokenise(text, sentence)
    if len(words) < 2:
        return [sentence]
    # At its new end a part may be read as other words (a last full stop is one of its own), so each part is looked at again.
    return [short for part in _cut_at_clauses(text, words) for short in cap_length(text, part)]


def is_too_long(text: str, sentence: Span) -> bool:
    """The sentence has more words than LONGEST_WORDS or more subwords than the encoder reads."""
    written = sentence.of(text)
    # Every subword holds a character of the text taken apart; a sentence of few words mostly is not looked at further.
    may_be_long = len(unicodedata.normalize("NFD", written)) > LONGEST
    if not may_be_long and len(ROUGH_WORD.findall(written)) <= 0.8 * LONGEST_WORDS:
        return False
    words = tokenise(text, sentence)
    return len(words) > LONGEST_WORDS or (may_be_long and sum(_count_subwords(text, words)) > LONGEST)


ROUGH_WORD = re.compile(r"\w+|[^\w\s]")  # never far fewer than the words, and much quicker


def _count_subwords(text: str, words: Sequence[Span]) -> list[int]:
    """How many subwords the encoder makes of each word."""
    counts = [0] * len(words)
    for word in _tokenizer().encode([w.of(text) for w in words], is_pretokenized=True, add_special_tokens=False).word_ids:
        counts[word] += 1
    return counts


@cache
def _tokenizer() -> Any:
    return load_tokenizer(MODEL.with_name("tokenizer.json"))


def _cut_at_clauses(text: str, words: Sequence[Span]) -> Iterator[Span]:
    """The words in parts that are not too long, left to right: halved at the best clause mark until each is short enough."""
    ends = list(accumulate(_count_subwords(text, words), initial=0))
    waiting = [(0, len(words))]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2 or (last - first <= LONGEST_WORDS and ends[last] - ends[first] <= LONGEST):
            yield words[first].join(words[last - 1])
        else:
            cut = _best_cut(text, words, first, last)
            waiting += [(cut, last), (first, cut)]


@cache
def clause_marks() -> tuple[re.Pattern[str], ...]:
    """Where an overlong sentence may be cut, the best first; the cut is the end of the match."""
    starts = one_of(load_segmentation().lists["clause_starts"])
    patterns = (
        r"[.?!…][\"'”’)\]]*\s+",
        r"\n\s*",
        r"[;:]\s+|\s[-–—]+\s+",
        rf"(?i:,\s+(?={starts}\b))",
        r",\s+",
        rf"(?i:\s+(?={starts}\b))",
        r"\s+",
    )
    return tuple(re.compile(p) for p in patterns)


def _best_cut(text: str, words: Sequence[Span], first: int, last: int) -> int:
    """The number of the word that begins the right half: after the best clause mark in the middle half of the words, nearest to the
    middle; where there is no space, the word in the middle.
    """
    middle, quarter = (first + last) // 2, (last - first) // 4
    low, high = max(first + 1, first + quarter), min(last - 1, last - quarter)
    starts = {words[w].start: w for w in range(low, high + 1)}
    for pattern in clause_marks():
        matches = pattern.finditer(text, words[low - 1].start, words[high].end)
        if cuts := [starts[m.end()] for m in matches if m.end() in starts]:
            return min(cuts, key=lambda w: (abs(w - middle), w))
    return middle
