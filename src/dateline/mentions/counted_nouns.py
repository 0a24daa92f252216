"""What a figure counts: the noun behind it, by the parse or, failing that, by the next words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from dateline.knowledge.quantities import QuantityKnowledge
from dateline.records import Sentence, Span, Token

WHOLE = re.compile(r"\s+(?:out\s+)?of\s+(?=(?:all\s+)?(?:the|its|their|his|her|our|my|those|these|all)\s)", re.IGNORECASE)
HALF_OF = re.compile(r"\s+(?=(?:the|its|their|his|her|our|my|those|these|all)\s)", re.IGNORECASE)
OF = re.compile(r"\s+of\s+", re.IGNORECASE)
NEXT_WORD = re.compile(r"\s([a-z]+)(?![\w-])", re.IGNORECASE)
HYPHENED = re.compile(r"[-–](?P<noun>[a-z]{2,})(?![\w])", re.IGNORECASE)

NOMINAL = frozenset({"NOUN", "PROPN"})
BESIDE_NOUN = frozenset({"ADJ", "NOUN", "PROPN", "X"})

POSSESSOR = 4
"""Words behind "of" within which a possessor ends ("one of the late mayor's sons")."""

REACH = 9
"""Words after a figure within which its noun stands."""


@dataclass(frozen=True)
class Noun:
    """What is counted: its span and head word; `whole` is the span of the whole it is a part of."""

    span: Span | None
    head: str
    whole: Span | None = None


NO_NOUN = Noun(None, "")


def tokens_from(start: int, sentence: Sentence, number: int) -> tuple[Token, ...]:
    """The next so many tokens that begin at an offset or behind it."""
    first = bisect_left(sentence.tokens, start, key=lambda t: t.span.start)
    return sentence.tokens[first : first + number]


def token_before(start: int, sentence: Sentence) -> Token | None:
    """The last token that ends before an offset; none there: None."""
    place = bisect_right(sentence.tokens, start, key=lambda t: t.span.end)
    return sentence.tokens[place - 1] if place else None


def counted_noun(figure: Span, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> Noun:
    """What the figure counts: behind a hyphen, in the whole it is a part of, or the noun phrase that follows."""
    hyphened = HYPHENED.match(text, figure.end, sentence.span.end)
    if hyphened is not None and (len(hyphened["noun"]) > 2 or hyphened["noun"].lower() in knowledge.units):
        head = hyphened["noun"].lower()
        span = Span(hyphened.start("noun"), hyphened.end("noun"))
        return Noun(span, "people" if head == "strong" else head)
    is_half = text[figure.start : figure.end].lower().endswith("half")
    coin = NEXT_WORD.match(text, figure.end, sentence.span.end)
    if coin is not None and (token := sentence.token_at(coin.start(1))) is not None and token.upos != "VERB":
        word = coin[1].lower()
        if word in knowledge.currency_words or knowledge.dimensions.get(knowledge.units.get(word, "")) not in {None, "time"}:
            return Noun(Span(*coin.span(1)), word)
    whole = WHOLE.match(text, figure.end, sentence.span.end) or (is_half and HALF_OF.match(text, figure.end, sentence.span.end))
    if whole:
        noun = _noun_phrase(whole.end(), text, sentence, knowledge, is_whole=True)
        return NO_NOUN if noun.span is None else Noun(noun.span, noun.head, Span(whole.end(), noun.span.end))
    of = OF.match(text, figure.end, sentence.span.end)
    if of is not None and any(t.xpos == "POS" for t in tokens_from(of.end(), sentence, POSSESSOR)):
        noun = _noun_phrase(of.end(), text, sentence, knowledge, is_whole=True)  # "one of Anna's brothers"
        return NO_NOUN if noun.span is None else Noun(noun.span, noun.head, Span(of.end(), noun.span.end))
    noun = _noun_phrase(of.end() if of else figure.end, text, sentence, knowledge, is_whole=False)
    is_part = of is not None and (
        text[of.start() - 1 : of.start()] == "%" or _ends_in_share(text[figure.start : figure.end], knowledge)
    )
    return Noun(noun.span, noun.head, noun.span) if is_part and noun.span else noun


def _ends_in_share(words: str, knowledge: QuantityKnowledge) -> bool:
    last = re.split(r"[\s-]", words.lower())[-1]
    return last in knowledge.numerals.fractions or last in {"percent", "cent"}


def _noun_phrase(start: int, text: str, sentence: Sentence, knowledge: QuantityKnowledge, *, is_whole: bool) -> Noun:
    """The noun phrase that starts here: adjectives and nouns in a row, its last noun the head. None there: NO_NOUN.

    In a whole ("of the 141 parliament members", "of the world's output") determiners, numbers and possessors are passed over.
    """
    following = tokens_from(start, sentence, REACH)
    if not following or text[start : following[0].span.start].strip():
        return NO_NOUN
    if not any(t.upos for t in sentence.tokens):
        return _noun_by_words(following, knowledge, is_whole=is_whole)
    first, last = None, None
    for place, token in enumerate(following):
        if is_whole and last is None and (token.upos in {"DET", "NUM", "PRON", "ADV"} or token.text.lower() == "all"):
            continue
        if is_whole and last is not None and token.xpos == "POS":
            first, last = None, None
            continue
        if token.text.lower() in (knowledge.phrase_ends if last is not None else knowledge.never_counted):
            break
        if not _continues_phrase(token, following, place, first is None, knowledge):
            break
        if first is None and token.text.lower() in knowledge.skipped_before_noun and token.upos not in NOMINAL:
            continue
        first = first or token
        if token.upos in NOMINAL or (token.text.lower() in knowledge.people and not _leads_on(following, place)):
            last = token
            if _is_head_of_figure(token, start, sentence):
                break
    if first is None or last is None:
        return NO_NOUN
    is_one = text[max(start - REACH, 0) : start].rstrip().lower().endswith(("one", " 1"))
    end = last if is_one else _with_conjuncts(last, sentence, knowledge)  # "more than one suspect and charges" counts suspects
    head = end if last.xpos == "NN" else last  # "truck and tractor factories" are factories, "lawyers and activists" lawyers
    return Noun(Span(first.span.start, end.span.end), head.text.lower())


def _continues_phrase(token: Token, following: Sequence[Token], place: int, is_first: bool, knowledge: QuantityKnowledge) -> bool:
    word = token.text.lower()
    if token.upos in BESIDE_NOUN:
        return not (token.upos == "PROPN" and not is_first and following[place - 1].xpos == "NNS") or token.relation == "compound"
    if token.upos == "VERB" and token.xpos in {"VBN", "VBG", "JJ"}:
        return _leads_on(following, place) and (token.relation == "amod" or word not in knowledge.stop_words)
    if token.upos in {"ADV", "DET"} and word in knowledge.skipped_before_noun:
        return True
    if token.upos == "ADV" and place + 1 < len(following) and following[place + 1].upos == "ADJ":
        return True  # "two very clear options"
    return (
        word in {"-", "–"} and _leads_on(following, place) and following[place].span.start == following[place - 1].span.end
        if place
        else False
    )


def _leads_on(following: Sequence[Token], place: int) -> bool:
    """A noun or adjective stands right after."""
    return place + 1 < len(following) and following[place + 1].upos in BESIDE_NOUN


def _is_head_of_figure(token: Token, start: int, sentence: Sentence) -> bool:
    """The parse hangs the number before `start` on this very noun, so the phrase ends here."""
    before = token_before(start, sentence)
    return before is not None and before.head == token.index and before.relation.startswith("nummod")


def _with_conjuncts(last: Token, sentence: Sentence, knowledge: QuantityKnowledge) -> Token:
    """ "lawyers and activists": a bare second noun is counted with the first; one with its own number or article is not."""
    place = last.index + 1
    if place + 1 >= len(sentence.tokens) or sentence.tokens[place].text.lower() not in {"and", "or", "&"}:
        return last
    for token in sentence.tokens[place + 1 : place + 4]:
        if token.text.lower() in knowledge.plural_scales:
            break  # "dozens of homes and hundreds of acres"
        if token.xpos == "NNS" and (token.relation == "conj" or last.xpos == "NN"):
            return token
        if token.upos not in {"ADJ", "NOUN"}:
            break
    return last


def _noun_by_words(following: Sequence[Token], knowledge: QuantityKnowledge, *, is_whole: bool) -> Noun:
    """Without a parse: the first word that is known to be counted, or is a plural, before any stop word."""
    first: Token | None = None
    found = NO_NOUN
    for token in following[:6]:
        word = token.text.lower()
        if (
            is_whole
            and first is None
            and (word in {"the", "its", "their", "all", "his", "her", "these", "those"} or word[:1].isdigit())
        ):
            continue
        if word in knowledge.stop_words or not word[:1].isalpha():
            break
        if first is None and word in knowledge.skipped_before_noun:
            continue
        first = first or token
        is_known = word in knowledge.units or word in knowledge.currency_words or knowledge.is_person(word)
        if is_known or (found.span is None and word.endswith("s") and not word.endswith(("ss", "us", "'s"))):
            found = Noun(Span(first.span.start, token.span.end), word)
        elif found.span is not None:
            break
    return found
