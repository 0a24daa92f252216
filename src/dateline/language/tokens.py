"""Sentence -> words, as UD English EWT and GUM write them: one scanner, read from left to right.

"don't" is two words, "cannot" two, "15-year" three, "anti-war" one, "$5m" three, "U.S." one; the last full stop of a
sentence is a word of its own except after capitals ("in the U.S."). Offsets are exact on any text: tokens are never
empty, never overlap, and together cover every character that is not a space.
Knowledge: segmentation/abbreviations.yaml, segmentation/words.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from dateline.knowledge.segmentation import Before, Segmentation, load_segmentation
from dateline.records import Span

APOSTROPHE = "['’ʼ´`]"
CLOSERS = r"[\"'”’»)\]]"
AT_END = rf"(?={CLOSERS}*\s*\Z)"

MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u200c\u200d\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f\u00ad"
)
"""Characters that belong to the letter before them though Python's \\w leaves them out: accents written apart, vowel signs,
joiners, variation selectors, soft hyphens."""

POSSESSIVE = frozenset("'’")
SINGLE_QUOTES = frozenset("'‘’`")

LETTER = rf"[\w{MARKS}]"
END_OF_WORD = rf"(?!{LETTER})"
START_OF_WORD = rf"(?<!{LETTER})"


def tokenise(text: str, span: Span) -> tuple[Span, ...]:
    """The words of one sentence, left to right. Only spaces: an empty tuple."""
    return tuple([Span(*match.span()) for match in scanner().finditer(text, span.start, span.end)])


def surface_tokens(text: str, words: Sequence[Span]) -> tuple[tuple[Span, ...], ...]:
    """The words grouped as they are written: "don't" is one group of two. Every word is in exactly one group, in order."""
    groups: list[list[Span]] = []
    is_quoted = False
    for word in words:
        form = word.of(text)
        before = groups[-1][-1].of(text) if groups and groups[-1][-1].end == word.start else ""
        if is_attached(before, form) or (form in POSSESSIVE and before[-1:] in {"s", "S"} and not is_quoted):
            groups[-1].append(word)
            continue
        groups.append([word])
        if form in SINGLE_QUOTES:
            is_quoted = not before[-1:].isalnum()
    return tuple(map(tuple, groups))


def is_attached(before: str, word: str) -> bool:
    """The word is written on to the one before: a clitic, or the second half of a fused pair. Nothing before: False."""
    if not before or not (before[-1].isalnum() or before[-1] == "."):
        return False
    return clitic().fullmatch(word) is not None or f"{before}/{word}".lower() in fused()


@cache
def fused() -> frozenset[str]:
    """Pairs of words written as one, with a / between them."""
    return frozenset(load_segmentation().lists["fused"])


@cache
def clitic() -> re.Pattern[str]:
    """A word that is written on to the one before it."""
    return re.compile(rf"(?i:n{APOSTROPHE}t|{APOSTROPHE}{one_of(load_segmentation().lists['clitics'])})")


@cache
def scanner() -> re.Pattern[str]:
    """The pattern whose matches, one after the other, are the words of a sentence."""
    return re.compile("|".join(alternatives(load_segmentation())))


def one_of(forms: Iterable[str]) -> str:
    """An alternation of literal forms, the longest first."""
    return "(?:" + "|".join(re.escape(f) for f in sorted(set(forms), key=lambda f: (-len(f), f))) + ")"


def alternatives(knowledge: Segmentation) -> list[str]:
    """What a word can be; of two that fit the first wins."""
    return [
        *_fused_words(knowledge),
        r"[^\W\d_]+(?=[\s,;?!\")]|\Z)",  # most words of most texts: tried early for speed
        *_addresses(knowledge),
        *_abbreviated(knowledge),
        *_figures(knowledge),
        *_compounds(knowledge),
        *_clitics(knowledge),
        *_words(knowledge),
        *_marks(),
    ]


def _fused_words(knowledge: Segmentation) -> list[str]:
    """The first half of a fused pair, and a verb before n't; the second half is then a word like any other."""
    pairs = [f.split("/") for f in knowledge.lists["fused"]]
    halves = "|".join(f"{re.escape(a)}(?={re.escape(b)}{END_OF_WORD})" for a, b in pairs)
    return [rf"{START_OF_WORD}(?i:{halves}|{one_of(knowledge.lists['negated'])}(?=n{APOSTROPHE}t{END_OF_WORD}))"]


def _addresses(knowledge: Segmentation) -> list[str]:
    """Web and mail addresses, handles, hashtags; the punctuation that ends a sentence stays outside.

    Repeats are bounded (labels have at most 63 letters), so that no text makes the scan slow.
    """
    return [
        r"(?i:https?|ftp|mailto|doi):[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]'’…]",
        r"(?i:www)\.[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]'’…]",
        r"[\w%+-]{1,64}(?:\.{1,3}[\w%+-]{1,64}){0,8}\.{0,3}@[^\W\d_]\w*(?:[.-]\w+)*",
        r"(?<!\w)[@#][^\W\d_]\w+",
        rf"\w[\w#-]{{0,62}}(?:\.\w[\w-]{{0,62}}){{0,8}}\.(?i:{one_of(knowledge.lists['endings_of_addresses'])}){END_OF_WORD}(?:/[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]'’…])?",
    ]


def _abbreviated(knowledge: Segmentation) -> list[str]:
    """Words with a full stop of their own. At the end of the sentence only capitals keep it ("in the U.S."; but "p.m", ".")."""

    def listed(before: Before) -> str:
        loose = one_of(knowledge.forms_before(before, capital=False))
        strict = knowledge.forms_before(before, capital=True)
        cased = "|" + one_of([f.capitalize() for f in strict] + [f.upper() for f in strict if len(f) == 2]) if strict else ""
        return f"(?:(?i:{loose}){cased})"

    inside = rf"(?!{CLOSERS}*\s*\Z|[\"”])"
    return [
        rf"{START_OF_WORD}(?:[A-Z]\.){{2,}}(?![a-z])",
        rf"{START_OF_WORD}(?:[^\W\d_]\.)+[^\W\d_]{END_OF_WORD}(?:\.{inside})?",
        rf"{START_OF_WORD}(?:[^\W\d_]\.){inside}(?!\.)",
        rf"{START_OF_WORD}{listed('name')}\.{inside}(?!\.)",
        rf"{START_OF_WORD}{listed('number')}\.(?=\s*\d)",
        rf"{START_OF_WORD}{listed('any')}\.{inside}(?!\.)",
    ]


def _figures(knowledge: Segmentation) -> list[str]:
    """Telephone numbers, dates, times, amounts, ordinals. A unit written against its figure is left for the next match."""
    alone = r"(?![\w-])"
    # 1,234,567 and, in India, 12,34,567; but 18,19 are two
    number = r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*)"
    return [
        rf"(?<![\w-])(?:\+?\d{{1,3}}[-.])?(?:\d{{3}}[-./])?\d{{3}}[-.]\d{{4}}{alone}",
        r"(?<![\w/])\d{1,4}/\d{1,2}(?:/\d{1,4})?(?![\w/])",
        rf"(?<![\w-])(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}-\d{{1,2}}-\d{{2,4}}){alone}",
        r"\d{1,2}:\d{2}(?::\d{2})?(?!\d)",
        # Money before its figure: "US$40" is two words, and so is "N50,000" in Lagos.
        r"(?<!\w)[A-Z]{1,3}\$(?=\s?\d)",
        r"(?<!\w)[^\W\d_]{1,4}(?=\d{1,3}(?:,\d{3})+(?!\d))",
        rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?i:st|nd|rd|th|s|0{APOSTROPHE}s){END_OF_WORD}",
        rf"\d*0{APOSTROPHE}s{END_OF_WORD}",
        rf"(?:(?<!\w)\+)?(?:{number}|(?<!\w)\.\d+)(?=(?i:{one_of(knowledge.lists['units'])}){END_OF_WORD})",
        rf"(?:(?<!\w)\+)?{number}{END_OF_WORD}",
        rf"(?<!\w)\.\d+{END_OF_WORD}",
    ]


def _compounds(knowledge: Segmentation) -> list[str]:
    """Words that keep their hyphen, slash or ampersand."""
    rest = _word_with_apostrophes(knowledge)
    return [
        rf"{START_OF_WORD}(?i:{one_of(knowledge.lists['interjections'])}){END_OF_WORD}",
        rf"(?<![\w-])(?i:{one_of(knowledge.lists['prefixes'])})-(?=\w){rest}",
        rf"{START_OF_WORD}[^\W\d_]+-(?i:{one_of(knowledge.lists['suffixes'])}){END_OF_WORD}",
        rf"{START_OF_WORD}[^\W\d_]{{1,4}}&[^\W\d_]{{1,3}}{END_OF_WORD}",
        rf"(?<![\w/])(?i:{one_of(knowledge.lists['slashed'])})(?![\w/])",
        rf"{START_OF_WORD}[^\W\d_]{{1,3}}-(?=\s[^\W\d_])",  # a word broken off, in transcripts of speech: "th- that"
    ]


def _clitics(knowledge: Segmentation) -> list[str]:
    return [
        rf"(?<=\w)(?i:n{APOSTROPHE}t){END_OF_WORD}",
        rf"(?<=[\w.)\]\"”]){APOSTROPHE}(?i:{one_of(knowledge.lists['clitics'])}){END_OF_WORD}",
        rf"(?<!\w){APOSTROPHE}(?i:{one_of(knowledge.lists['elided'])}){END_OF_WORD}",
        rf"(?<!\w){APOSTROPHE}\d\ds{END_OF_WORD}",
    ]


def _word_with_apostrophes(knowledge: Segmentation) -> str:
    """A run of letters and digits with apostrophes inside it (O'Brien, Ba'ath), up to a clitic."""
    clitics = one_of(knowledge.lists["clitics"])
    return rf"{LETTER}+(?:{APOSTROPHE}(?!(?i:{clitics}){END_OF_WORD})(?=\w){LETTER}+)*"


def _words(knowledge: Segmentation) -> list[str]:
    return [r"_{2,}", rf"(?=\w){_word_with_apostrophes(knowledge)}"]


def _marks() -> list[str]:
    """Punctuation, symbols and whatever else is no space: runs that are one sign, then single characters."""
    return [
        r"(?<!\w)[:;=]['’]?-?[()DPp](?!\w)|(?<!\w)<3(?!\w)|\^_+\^",
        r"[.…]{2,}|[!?]{2,}|\.[!?]+",
        r"[-=|+<>*_~#]{4,}",
        r"([-=*~#<>+,;:/\\|&$%^])\1+",
        r"''|``|’’|‘’|‘‘",
        rf"[\U0001F1E6-\U0001F1FF]{{2}}|\S[{MARKS}\U0001F3FB-\U0001F3FF]*(?:(?<=\u200d)\S[{MARKS}\U0001F3FB-\U0001F3FF]*)*",
    ]
