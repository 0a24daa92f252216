"""Block -> sentences: every place where one may end, judged by a small trained model.

A candidate stands after a full stop, question or exclamation mark, ellipsis, colon, semicolon or dash with whatever
closes after it, and at every line break. What is around it (the words, the marks, the state of the quotation, how the
text uses capitals) gives features; the model is a table of their weights (language/model/segmentation.json, from
training/segmentation.py), and a sum above zero is a boundary. An empty line, and a line break before a list item, always are
one; the full line of a wrapped text, and the stop of a title before a name ("Gen. Omar"), never are.

Case is read against the text's own habit: a text all in small letters or all in capitals has no capital that could tell
a new sentence, so there the same features are learnt apart.

A sentence longer than LONGEST_WORDS or LONGEST_CHARACTERS is cut at the best clause mark near its middle, so that the
encoder (510 subwords) does not drop its end. Knowledge: segmentation/abbreviations.yaml, words.yaml and sentences.yaml.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from dateline.knowledge.segmentation import load_segmentation
from dateline.language.tokens import one_of, tokenise
from dateline.records import Span

MODEL = Path(__file__).parent / "model" / "segmentation.json"

LONGEST_WORDS = 180
LONGEST_CHARACTERS = 1400
"""The hard cap on one sentence: about 1.4 subwords a word and 3 characters a subword in the densest news (names, figures)."""

WINDOW = 1000
"""Characters on each side of a block that also tell the text's habit of case: a title alone is too short to show it."""


class Habit(StrEnum):
    """How a text uses capitals."""

    MIXED = "mixed"
    LOWER = "lower"
    UPPER = "upper"


@dataclass(frozen=True)
class Candidate:
    """A place where a sentence may end. Offsets count from the start of the block.

    `mark` is where the closing mark starts (for a bare line break: `end`), `end` where the left sentence would end and
    `next` where the right one would start; between them are only spaces. `inside` counts the quotation marks still open
    there, `depth` the brackets. `previous` is where the candidate before this one ended.
    """

    mark: int
    end: int
    next: int
    inside: int
    depth: int
    previous: int


def split_sentences(text: str, span: Span) -> tuple[Span, ...]:
    """The sentences of one block, in order, without the spaces around them; together they hold every other character.

    Only spaces: an empty tuple. No sentence is longer than the hard cap unless it has no space to cut at.
    """
    block = span.of(text)
    habit = case_habit(text[max(0, span.start - WINDOW) : span.end + WINDOW])
    weights = load_weights()
    cuts = [c for c in find_candidates(block) if is_boundary(block, c, habit, weights)]
    starts = [0, *(c.next for c in cuts)]
    ends = [*(c.end for c in cuts), len(block)]
    pieces = [trim(text, span.start + a, span.start + b) for a, b in zip(starts, ends, strict=True)]
    return tuple(short for piece in pieces if piece is not None for short in cap_length(text, piece))


def is_boundary(block: str, candidate: Candidate, habit: Habit, weights: Mapping[str, float]) -> bool:
    """An empty line and a list item's line always begin a sentence, a name after a title never; the rest is the model's to say."""
    breaks = block.count("\n", candidate.end, candidate.next)
    if breaks > 1 or (breaks and LIST_ITEM.match(block, candidate.next)):
        return True
    if habit is Habit.MIXED and _follows_title(block, candidate):
        return False
    return sum(weights.get(f, 0.0) for f in find_features(block, candidate, habit)) > 0


def _follows_title(block: str, candidate: Candidate) -> bool:
    """The stop is a title's, with a capital, and a name or another title comes next: "Gen. Omar", "Rep. J. Doe"."""
    _, previous = _words_before(block, candidate.mark)
    is_title = previous[:1].isupper() and _word_kinds().kind_of(previous.lower()) == "name"
    return is_title and block[candidate.mark : candidate.end] == "." and block[candidate.next].isupper()


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

CLOSING = "\"'”’»)\\]*_"
OPENING = "\"'“‘„«([*_`"
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
"""A seam is where two lines of a message header, a signature or a list were run together: there no mark need stand."""
LIST_ITEM = re.compile(r"[-•*·▪●◦]\s|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s")
SPACES = re.compile(r"\s*")
CHUNK = re.compile(r"\S*")
LONGEST_ADDRESS = 100
SITE_AND_PATH = re.compile(r"(?i)[\w.-]+\.[a-z]{2,4}/")


def find_candidates(block: str) -> Iterator[Candidate]:
    """Every place in the block where a sentence may end, left to right; the block's own end is not one."""
    last_end = counted = inside = depth = 0
    last_next = -1
    for match in CANDIDATE.finditer(block):
        end = match.end()
        inside, depth = _count_open(block, counted, match.start(), inside, depth)
        counted = match.start()
        if match["line"] is not None:
            end = match.start()
        elif match["close"]:
            end = _before_opener(block, match.start("close"), end, inside)
        following = SPACES.match(block, end).end()  # type: ignore[union-attr]
        if following >= len(block) or following == last_next or end == 0:
            continue
        if match["line"] is not None and _is_wrapped(block, end, following):
            continue
        if following == end and (match["mark"] is None or _is_inside_word(block, match.start(), following)):
            continue
        now, deep = _count_open(block, counted, end, inside, depth)
        mark = end if match["mark"] is None and match["pause"] is None else match.start()
        yield Candidate(mark, end, following, now, deep, last_end)
        last_end, last_next = end, following


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


def _is_wrapped(block: str, end: int, following: int) -> bool:
    """A bare line break where a line of wrapped text was full: the next word would not have stood on it."""
    if "\n" not in block[end:following] or block.count("\n", end, following) > 1:
        return False
    start = block.rfind("\n", 0, end) + 1
    width = max(len(line) for line in block[max(0, start - WINDOW) : following + WINDOW].split("\n"))
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


LOWER_WORD = re.compile(r"\b[a-z][a-z]+\b")
UPPER_WORD = re.compile(r"\b[A-Z][A-Z]+\b")
TITLE_WORD = re.compile(r"\b[A-Z][a-z]+")


def find_features(block: str, candidate: Candidate, habit: Habit) -> list[str]:
    """What can be seen around a candidate, as the names of the model's features."""
    knowledge = _word_kinds()
    before, previous = _words_before(block, candidate.mark)
    closing = block[candidate.mark : candidate.end]
    mark = _mark_of(closing)
    closers = closing.lstrip(".?!…:;-–—")[:2]
    gap = "\n" if "\n" in block[candidate.end : candidate.next] else " " if candidate.next > candidate.end else ""
    opener, first, between, second = NEXT.match(block, candidate.next).groups(default="")  # type: ignore[union-attr]
    low, word = previous.lower(), first.lower()
    shape = _shape(first) if first else "."
    if len(first) == 1 and between.startswith("."):
        shape = "I."  # the initial of a name, not the pronoun
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
    lines = block[max(0, start - WINDOW) : candidate.next + WINDOW].split("\n")
    width = max(len(line) for line in lines)
    word = CHUNK.match(block, candidate.next, candidate.next + WINDOW).group()  # type: ignore[union-attr]
    size = candidate.end - start
    fits = size + 1 + len(word) <= width
    return ("short" if fits else "full") + f"{min(size // 20, 5)}" + ("w" if len(lines) > 2 and 50 <= width <= 110 else "")


@dataclass(frozen=True)
class _WordKinds:
    """The word lists the features ask, as sets."""

    openers: frozenset[str]
    pronouns: frozenset[str]
    abbreviations: Mapping[str, str]

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
    return _WordKinds(**lists, abbreviations=kinds)


# ---------------------------------------------------------------- the hard cap


def cap_length(text: str, sentence: Span) -> list[Span]:
    """The sentence, or if it is too long its parts, each within the cap wherever there is a space to cut at."""
    if not is_too_long(text, sentence):
        return [sentence]
    cut = best_cut(text, sentence)
    if cut is None:
        return [sentence]
    left, right = trim(text, sentence.start, cut), trim(text, cut, sentence.end)
    return [short for part in (left, right) if part is not None for short in cap_length(text, part)]


def is_too_long(text: str, sentence: Span) -> bool:
    if len(sentence) > LONGEST_CHARACTERS:
        return True
    rough = len(ROUGH_WORD.findall(text, sentence.start, sentence.end)) if len(sentence) > LONGEST_WORDS else 0
    return rough > 0.8 * LONGEST_WORDS and len(tokenise(text, sentence)) > LONGEST_WORDS


ROUGH_WORD = re.compile(r"\w+|[^\w\s]")  # never far fewer than the words, and much quicker


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


def best_cut(text: str, sentence: Span) -> int | None:
    """The best clause mark in the middle half, nearest to the middle; failing that, the space nearest to it; none: None."""
    middle, quarter = (sentence.start + sentence.end) // 2, len(sentence) // 4
    for pattern in clause_marks():
        cuts = [m.end() for m in pattern.finditer(text, sentence.start + quarter, sentence.end - quarter)]
        if cuts:
            return min(cuts, key=lambda cut: (abs(cut - middle), cut))
    spaces = [m.end() for m in clause_marks()[-1].finditer(text, sentence.start, sentence.end)]
    return min(spaces, key=lambda cut: (abs(cut - middle), cut), default=None)
