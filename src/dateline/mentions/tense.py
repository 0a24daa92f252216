"""Which side of the publication day an expression lies: told by the verb that governs it."""

from __future__ import annotations

from enum import StrEnum

from dateline.knowledge.times import Tense
from dateline.records import BlockKind, Sentence, Span, Token

CLIMB = 8
"""Heads to climb at most; longer chains are parse errors more often than sentences."""

WINDOW = 12
"""Words to look back over in a sentence without a parse."""


class Side(StrEnum):
    """Before or after the publication day; whichever such day is nearer; or no word said so (news is then about the past)."""

    PAST = "past"
    FUTURE = "future"
    NEAREST = "nearest"
    UNSAID = "unsaid"


def side_of(sentence: Sentence, span: Span, text: str, tense: Tense, kind: BlockKind = BlockKind.BODY) -> Side:
    """The side of the expression at `span`. Knowledge: times/tense.yaml.

    Words just before it decide first ("due on Friday", "a strike called for Monday"), then the governing verb; a sentence
    without a parse is decided by the nearest verb-like word to the left.
    """
    before = [t for t in sentence.tokens if t.span.end <= span.start]
    preposition = before[-1].text.lower() if before else ""
    if _is_announced(text[max(sentence.span.start, span.start - 40) : span.start], tense):
        return Side.FUTURE
    if preposition not in tense.forward_prepositions | tense.bounding_prepositions and _names_a_thing(sentence, span, text):
        return Side.NEAREST if _side_of_verb(sentence, span, tense, kind) is Side.FUTURE else Side.UNSAID
    governed = _side_of_verb(sentence, span, tense, kind) if _is_parsed(sentence) else _side_of_words(before, tense)
    if preposition in tense.bounding_prepositions and governed is not Side.PAST:
        return Side.FUTURE
    if preposition in tense.forward_prepositions and governed is not Side.UNSAID:
        return governed if len(before) > 1 and before[-2].text.lower() in tense.dated_things else Side.FUTURE
    return governed


def _is_parsed(sentence: Sentence) -> bool:
    return any(t.upos for t in sentence.tokens)


def _names_a_thing(sentence: Sentence, span: Span, text: str) -> bool:
    """ "Wednesday's ruling", "a June agreement": the verb acts on the thing and does not say when it was."""
    token = sentence.head_of(span)
    if token is None or not token.upos:
        return False
    return token.relation in {"nmod:poss", "compound"} or text[span.end : span.end + 2] in {"'s", "’s"}


def _is_announced(left: str, tense: Tense) -> bool:
    """One of the last three words before the expression looks ahead; "had been due on Friday" has lapsed."""
    words = left.lower().split()
    near = " ".join(words[-3:])
    if "had been" in " ".join(words[-5:]):
        return False
    return any(f" {word} " in f" {near} " for word in tense.forward_words)


def _side_of_verb(sentence: Sentence, span: Span, tense: Tense, kind: BlockKind) -> Side:
    token = sentence.head_of(span)
    climbed = 0
    while token is not None and climbed < CLIMB:
        side = _side_of_predicate(sentence, token, tense, kind)
        if side is not None:
            return side
        token = sentence.tokens[token.head] if token.head >= 0 else None
        climbed += 1
    return Side.UNSAID


def _side_of_predicate(sentence: Sentence, token: Token, tense: Tense, kind: BlockKind) -> Side | None:
    """What one predicate says; None: it says nothing, its own head may."""
    helpers = [t for t in sentence.children(token) if t.relation.split(":")[0] in {"aux", "cop"}]
    words = {t.text.lower() for t in helpers}
    if token.upos not in {"VERB", "AUX"} and not helpers:
        return None
    if words & tense.future_auxiliaries:
        return Side.FUTURE
    if words & tense.past_auxiliaries or token.xpos in {"VBD", "VBN"}:
        return _side_of_past(token, words, tense, kind)
    if token.xpos == "VB":
        return _side_of_infinitive(sentence, token, tense)
    if token.xpos in {"VBZ", "VBP"} and kind is BlockKind.BODY and token.lemma in tense.timetable_verbs:
        return Side.FUTURE
    if token.xpos == "VBG":
        return Side.FUTURE if words & {"is", "are", "am"} and kind is BlockKind.BODY else None
    return Side.UNSAID


def _side_of_past(token: Token, words: set[str], tense: Tense, kind: BlockKind) -> Side:
    """ "was scheduled for", "they planned a march on": the plan is past, its day is not; "had been due" has lapsed."""
    looks_ahead = token.lemma in tense.planning_verbs or (token.lemma in tense.forward_verbs and token.xpos == "VBN")
    if looks_ahead and "had" not in words:
        return Side.FUTURE
    is_present = bool(words & {"is", "are"}) and not words & tense.past_auxiliaries
    return Side.UNSAID if is_present and kind is BlockKind.BODY else Side.PAST


def _side_of_infinitive(sentence: Sentence, token: Token, tense: Tense) -> Side | None:
    """ "plan to march on Sunday", "to open on Monday" (headlines); other infinitives follow their head.

    "Ordered the party to disband on Thursday", told on Friday, was ordered then: a court date a week off says "next".
    """
    head = sentence.tokens[token.head] if token.head >= 0 else None
    if (
        head is None
        or head.lemma in tense.forward_verbs
        or head.text.lower() in tense.forward_words
        or head.text.lower() in {"set", "going", "likely", "ready"}
    ):
        is_past = head is not None and head.xpos == "VBD" and head.lemma not in tense.planning_verbs
        return Side.NEAREST if is_past else Side.FUTURE
    return None


def _side_of_words(before: list[Token], tense: Tense) -> Side:
    for token in reversed(before[-WINDOW:]):
        word = token.text.lower()
        if word in {";", ":"}:
            break
        if word in tense.future_auxiliaries:
            return Side.FUTURE
        if word in tense.past_auxiliaries or (word.endswith("ed") and len(word) > 4):
            return Side.PAST
    return Side.UNSAID
