"""Sentences -> quantities: figures with inclusive bounds, what they count, and what they are a part of.

In each sentence figures are found, numbers that count nothing are left out, the words around a figure move its bounds, and the
parse (or, failing that, the words that follow) gives the counted noun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dateline.knowledge.quantities import Hedge, QuantityKnowledge
from dateline.mentions.ages import age_in_list, find_ages
from dateline.mentions.bounds import bounded, hedge_after, hedge_before, with_hedge_of_conversion
from dateline.mentions.changes import is_in_change, with_changes
from dateline.mentions.counted_nouns import Noun, counted_noun, token_before, tokens_from
from dateline.mentions.figures import NEAR, Figure, find_figures
from dateline.mentions.numerals import read_ordinal
from dateline.mentions.tallies import find_tallies
from dateline.records import Document, Exactness, Quantity, Sentence, Span, Tallied

ANOTHER_DOES = re.compile(r"\s+(?:was|were|has|had|died|in|at|by|on|wounded|injured|killed|hurt)\b", re.IGNORECASE)
PERCENT = re.compile(r"\s?%|[\s-](?:percentage\spoints?|per\s?cent)(?!\w)|\s?pc(?!\w)", re.IGNORECASE)
OF = re.compile(r"\s+of\s+", re.IGNORECASE)
DIGIT = re.compile(r"\d")
METRES = re.compile(r"\d[\d,.]*m")
MILLION = 1_000_000
GROUPED_BY_DOT = re.compile(r"\d{1,3}\.\d{3}")

LABELLING = frozenset({"nummod", "compound", "flat", "appos", "dep", "list"})
"""Relations of a number to the noun before it that make it a label ("Level 5")."""

STRUCK = "\x00"


def find_quantities(document: Document, sentences: Sequence[Sentence], knowledge: QuantityKnowledge) -> tuple[Quantity, ...]:
    """The quantities of the sentences in text order; none: an empty tuple.

    Only a whole and its part share words ("19 of the 141 members"). Works on sentences without a parse, and without capitals.
    Knowledge: quantities/*.yaml; the bounds are those of the coding guide.
    """
    return tuple(q for s in sentences for q in _find_in_sentence(document.text, s, knowledge))


def _find_in_sentence(text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> tuple[Quantity, ...]:
    if not knowledge.may_count.search(text, sentence.span.start, sentence.span.end):
        return ()
    blocked = _find_not_counted(text, sentence.span, knowledge)
    tallies = tuple(find_tallies(text, sentence, blocked, knowledge))
    blocked += tuple(t.figure for t in tallies)
    ages = tuple(find_ages(_struck(text, sentence.span, blocked), text, sentence, knowledge))
    blocked += tuple(a.span for a in ages)
    found: list[Quantity] = []
    own = _struck(text, sentence.span, blocked)
    for in_sentence in find_figures(own, Span(0, len(own)), knowledge):
        figure = replace(in_sentence, span=in_sentence.span.shift(sentence.span.start))
        quantity = age_in_list(figure, (*ages, *found), text) or _quantity_of(figure, text, sentence, knowledge)
        if quantity is None and figure.words == "another" and ANOTHER_DOES.match(text, figure.span.end):
            quantity = _another_person(figure, found)
        if quantity is not None:
            found.append(with_hedge_of_conversion(quantity, found, text, knowledge))
    ordinals = _find_ordinals(text, sentence, blocked, knowledge)
    quantities = sorted((*tallies, *ages, *found, *ordinals), key=lambda q: q.figure)
    return with_changes(text, sentence.span, _with_wholes(quantities, text, sentence, knowledge), knowledge)


def _with_wholes(
    quantities: Sequence[Quantity], text: str, sentence: Sentence, knowledge: QuantityKnowledge
) -> tuple[Quantity, ...]:
    """ "40 people, 12 of them children", "including four girls and two boys": the part is told its whole, the figure before it."""
    told: list[Quantity] = []
    for place, quantity in enumerate(quantities):
        before = quantities[place - 1] if place else None
        is_part = before is not None and quantity.part_of is None and _is_part(quantity, before, text, sentence, knowledge)
        joins = place > 1 and text[told[-1].span.end : quantity.span.start].strip() in {"and", ","}
        whole = before.span if is_part and before else None
        if joins and not whole and quantity.part_of is None and told[-1].unit == quantity.unit and _is_told_its_whole(told[-1]):
            whole = told[-1].part_of
        told.append(replace(quantity, part_of=whole) if whole else quantity)
    return tuple(told)


def _is_told_its_whole(quantity: Quantity) -> bool:
    """Its whole stands before it, so what is joined to it is a part of that too; not so "two of the men and three dogs"."""
    return quantity.part_of is not None and quantity.part_of.end <= quantity.span.start


def _is_part(quantity: Quantity, before: Quantity, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> bool:
    """The words mark it as a part of the figure before it, of the same kind, and it is not larger."""
    is_of_them = knowledge.parts.of_pronoun.match(text, quantity.figure.end, sentence.span.end) is not None
    kinds = {quantity.unit, before.unit} - {"people", "count"}
    is_other_kind = bool(kinds & knowledge.measured) if is_of_them else bool(kinds) and quantity.unit != before.unit
    if is_other_kind or quantity.is_ordinal or before.is_ordinal or quantity.figure.overlaps(before.span):
        return False
    if quantity.low is not None and before.high is not None and quantity.low > before.high:
        return False
    ahead = text[max(sentence.span.start, quantity.figure.start - NEAR) : quantity.figure.start]
    ahead_of_whole = text[max(sentence.span.start, before.figure.start - NEAR) : before.figure.start]
    return bool(is_of_them or knowledge.parts.before.search(ahead) or knowledge.parts.whole.search(ahead_of_whole))


def _struck(text: str, own: Span, spans: Sequence[Span]) -> str:
    """The text of the span with the spans in it struck out, its length unchanged, so that no figure reaches into them."""
    pieces, at = [], own.start
    for span in sorted(spans):
        pieces += [text[at : span.start], STRUCK * (span.end - max(at, span.start))]
        at = max(at, span.end)
    return "".join((*pieces, text[at : own.end]))


def _another_person(figure: Figure, before: Sequence[Quantity]) -> Quantity | None:
    """ "one person was stabbed and another in the firing": one more of the people just counted; none counted: None."""
    if not any(q.unit == "people" for q in before):
        return None
    return Quantity(figure.span, figure.span, None, 1.0, 1.0, Exactness.EXACT, "people", tallied=Tallied.NEW)


def _find_not_counted(text: str, span: Span, knowledge: QuantityKnowledge) -> tuple[Span, ...]:
    own = text[span.start : span.end]  # a slice, so that ^ is the sentence's beginning
    has_digit = DIGIT.search(own) is not None
    entries = (e for e in knowledge.not_counted if has_digit or e.is_in_words)
    return tuple(Span(*m.span()).shift(span.start) for entry in entries for m in entry.pattern.finditer(own) if m[0])


# ---------------------------------------------------------------- a figure in its sentence


def _quantity_of(figure: Figure, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> Quantity | None:
    if (
        not figure.code
        and METRES.fullmatch(figure.span.of(text))
        and knowledge.metres.match(text, figure.span.end, sentence.span.end)
    ):
        figure = replace(figure, low=figure.low / MILLION, high=figure.high / MILLION, unit="metres")
    percent = PERCENT.match(text, figure.span.end, sentence.span.end)
    number_end = percent.end() if percent else figure.span.end
    start, before = hedge_before(figure, text, sentence, knowledge)
    end, after = hedge_after(number_end, text, sentence, knowledge)
    noun = counted_noun(Span(figure.span.start, end), text, sentence, knowledge)
    words = Span(start, end)
    if not _counts_something(figure, noun, before or after, percent is not None, text, sentence, knowledge):
        return None
    unit = _unit_of(figure, noun, percent is not None, text, sentence, knowledge)
    figure = _with_grouping_dot(figure, unit, knowledge)
    low, high, exactness = bounded(figure, before, after, unit, knowledge)
    rate = knowledge.rate.match(text, max(end, noun.span.end if noun.span else end), sentence.span.end)
    if rate is not None:
        unit = f"{unit} per {(rate['of'] or rate['per']).lower()}"
    span = words.join(noun.span) if noun.span and noun.span.start - end < 40 else words
    span = Span(span.start, max(span.end, rate.end())) if rate else span
    tallied = _tallied(figure, words, unit, text, sentence, knowledge)
    return Quantity(span, words, noun.span, low, high, exactness, unit, noun.whole, tallied)


def _with_grouping_dot(figure: Figure, unit: str, knowledge: QuantityKnowledge) -> Figure:
    """ "12.500 people": what is counted one by one has no decimals, so the dot groups thousands as on the continent."""
    is_grouped = GROUPED_BY_DOT.fullmatch(figure.words) and unit not in knowledge.measured and not figure.code and not figure.unit
    return replace(figure, low=figure.low * 1000, high=figure.high * 1000) if is_grouped else figure


def _counts_something(
    figure: Figure, noun: Noun, hedge: Hedge | None, is_percent: bool, text: str, sentence: Sentence, knowledge: QuantityKnowledge
) -> bool:
    """False for numbers that stand for no amount: "one" alone, "another" before no person, a label after its noun ("Level 5")."""
    if figure.words == "another":
        return noun.span is not None and noun.span.start - figure.span.end <= 1 and knowledge.is_person(noun.head)
    if is_percent or figure.code or figure.unit or figure.is_share:
        return True
    if hedge is None and _is_name(figure, noun, sentence, knowledge):
        return False
    if noun.span is not None or knowledge.parts.of_pronoun.match(text, figure.span.end, sentence.span.end):
        return True
    if figure.words == "one":
        return _is_object_of_harm(figure, sentence, knowledge)
    if knowledge.ballots.side.match(text, figure.span.end, sentence.span.end) and _has_ballot(text, sentence, knowledge):
        return True
    if figure.words in knowledge.vague:
        return _has_person_verb(figure.span, text, sentence, knowledge)
    if hedge is not None or figure.exactness is not Exactness.EXACT or figure.low >= 1000:
        return figure.exactness is not Exactness.RANGE or not re.fullmatch(r"\d+[-–]\d+", figure.words)
    token = sentence.token_at(figure.span.start)
    if token is None or not token.upos:
        return _has_person_verb(figure.span, text, sentence, knowledge) or is_in_change(
            figure.span.start, text, sentence.span, knowledge
        )
    is_label = 0 <= token.head < token.index and token.relation.split(":")[0] in LABELLING
    return not is_label and token.upos in {"NUM", "NOUN", "ADJ", "PRON"}


def _is_name(figure: Figure, noun: Noun, sentence: Sentence, knowledge: QuantityKnowledge) -> bool:
    """A year left over ("its 2018 level"), or part of a name ("Kanal 13"): digits that count no known unit."""
    if not figure.words.isdigit() or noun.head in knowledge.units or knowledge.is_person(noun.head):
        return False
    if 1900 <= figure.low < 2100 and not noun.head.endswith("s"):
        return True
    before = token_before(figure.span.start, sentence)
    return before is not None and before.upos == "PROPN" and before.span.end == figure.span.start - 1


def _unit_of(figure: Figure, noun: Noun, is_percent: bool, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> str:
    if is_percent:
        return "percent"
    if figure.is_share:
        return "share"
    if figure.code is not None or figure.unit is not None:
        return figure.code or figure.unit or ""
    is_side = knowledge.ballots.side.match(text, figure.span.end, sentence.span.end)
    if is_side and _has_ballot(text, sentence, knowledge):
        return "votes"
    if not noun.head:
        if _has_person_verb(figure.span, text, sentence, knowledge):
            return "people"
        return _unit_of_subject(figure, sentence, knowledge) or "count"
    if noun.span is not None and (code := _national_currency(noun.span.of(text), knowledge)):
        return code
    if noun.span is not None and noun.head in knowledge.weights and OF.match(text, noun.span.end, sentence.span.end):
        return knowledge.weights[noun.head]
    if noun.head in knowledge.currency_words:
        return knowledge.currency_words[noun.head]
    if noun.head in knowledge.units:
        return knowledge.units[noun.head]
    return "people" if knowledge.is_person(noun.head) or _is_done_to_persons(noun, sentence, knowledge) else noun.head


def _national_currency(words: str, knowledge: QuantityKnowledge) -> str | None:
    """ "Australian dollars" is AUD; money of no nation, and no money: None."""
    name = " ".join(re.findall("[a-z]+", words.lower().replace("u.s.", "us")))
    return knowledge.national_currencies.get(name) or knowledge.national_currencies.get(name.removesuffix("s"))


def _is_done_to_persons(noun: Noun, sentence: Sentence, knowledge: QuantityKnowledge) -> bool:
    """A noun that is in no list, but is arrested, wounded, dies: "three tribals were wounded". Without a parse: False."""
    token = sentence.token_at(noun.span.end - 1) if noun.span else None
    if token is not None and token.head >= 0 and token.relation == "nmod" and sentence.tokens[token.head].upos in {"NUM", "NOUN"}:
        token = sentence.tokens[token.head]  # "one of the pickets", "dozens of pickets"
    if token is None or not token.upos or token.head < 0:
        return False
    verb = sentence.tokens[token.head].lemma.lower()
    if token.relation in {"obj", "nsubj:pass"}:
        return verb in knowledge.done_to_persons
    return token.relation == "nsubj" and verb in knowledge.done_by_persons


def _unit_of_subject(figure: Figure, sentence: Sentence, knowledge: QuantityKnowledge) -> str | None:
    """ "The number of detainees rose to 1,200": what the subject is a number of. No such subject: None."""
    token = sentence.token_at(figure.span.end - 1)
    verb = sentence.tokens[token.head] if token is not None and token.upos and token.head >= 0 else None
    for subject in sentence.fillers(verb, "subj") if verb is not None else ():
        if subject.lemma.lower() in knowledge.numbers:
            counted = next(iter(sentence.fillers(subject, "of")), None)
            if counted is not None:
                word = counted.text.lower()
                return "people" if knowledge.is_person(word) else knowledge.units.get(word, word)
    return None


def _is_object_of_harm(figure: Figure, sentence: Sentence, knowledge: QuantityKnowledge) -> bool:
    """ "The blast killed one and wounded four": a bare "one" is somebody only as the object of such a verb."""
    token = sentence.token_at(figure.span.start)
    if token is None or token.head < 0 or token.relation not in {"obj", "nsubj:pass"}:
        return False
    return sentence.tokens[token.head].lemma.lower() in knowledge.done_to_persons


def _has_ballot(text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> bool:
    return knowledge.ballots.any_word.search(text, sentence.span.start, sentence.span.end) is not None


def _has_person_verb(span: Span, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> bool:
    """The figure is subject or object of something done to people; without a parse, such a verb stands beside it."""
    if knowledge.crowd.search(text[max(sentence.span.start, span.start - NEAR) : span.start]):
        return True
    if knowledge.toll_before.search(text[max(sentence.span.start, span.start - NEAR) : span.start]):
        return True
    token = sentence.token_at(span.end - 1)
    if token is not None and token.upos:
        head = sentence.tokens[token.head] if token.head >= 0 else token
        if token.relation == "conj" and head.head >= 0 and head.upos == "NUM":
            head = sentence.tokens[head.head]
        subjects = [c for t in (token, head) for c in sentence.children(t) if c.relation.startswith("nsubj")]
        is_toll = any(s.lemma in knowledge.tolls for s in subjects)
        return is_toll or head.lemma in knowledge.person_verbs or head.text.lower() in knowledge.people
    beside = re.findall(r"[a-z]+", text[max(sentence.span.start, span.start - 20) : min(sentence.span.end, span.end + 30)].lower())
    stems = {form for word in beside for form in (word, word.removesuffix("d"), word.removesuffix("ed"), word.removesuffix("ing"))}
    return bool(stems & knowledge.person_verbs)


def _tallied(figure: Figure, words: Span, unit: str, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> Tallied:
    start, end = words.start, words.end
    after = re.match(r"\s+(\w+)", text[end : sentence.span.end])
    is_new = knowledge.new_before.search(text[max(sentence.span.start, figure.span.start - NEAR) : figure.span.start]) is not None
    if figure.words == "another" or is_new or knowledge.new_before.search(text[max(sentence.span.start, start - NEAR) : start]):
        return Tallied.NEW
    if after is not None and after[1].lower() in knowledge.new_after and not re.match(r"\s+more\s+than", text[end:]):
        return Tallied.NEW
    if unit in {"people", "count"} and knowledge.added_behind.search(text, end, sentence.span.end):
        return Tallied.NEW
    if unit not in knowledge.measured and knowledge.total_before.search(text, sentence.span.start, start):
        return Tallied.RUNNING_TOTAL
    own = (text, sentence.span.start, sentence.span.end)
    if unit not in knowledge.measured and knowledge.running_total.search(*own):
        return Tallied.RUNNING_TOTAL
    if unit == "people" and knowledge.up_to_now.search(*own):
        return Tallied.RUNNING_TOTAL
    return Tallied.UNSAID


# ---------------------------------------------------------------- ordinals


def _find_ordinals(text: str, sentence: Sentence, blocked: Sequence[Span], knowledge: QuantityKnowledge) -> Iterator[Quantity]:
    """ "the 10th straight day": the rank of one happening among its like; ranks of people and things are left out."""
    for match in knowledge.ordinal.finditer(text, sentence.span.start, sentence.span.end):
        figure, number = Span(*match.span()), read_ordinal(match[0], knowledge.numerals)
        following = tokens_from(figure.end, sentence, 2)
        if number is None or not following or any(figure.overlaps(b) for b in blocked):
            continue
        is_linked = following[0].text.lower() in knowledge.ordinal_links and len(following) == 2
        noun = following[1] if is_linked else following[0]
        word = noun.text.lower()
        if not is_linked and (number == 1 or not {word, word.removesuffix("s")} & knowledge.ordinal_nouns):
            continue
        unit = knowledge.units.get(word, word)
        yield Quantity(figure.join(noun.span), figure, noun.span, number, number, Exactness.EXACT, unit, is_ordinal=True)
