"""Sentences -> quantities: figures with inclusive bounds, what they count, and what they are a part of.

In each sentence figures are found, numbers that count nothing are left out, the words around a figure move its bounds, and the
parse (or, failing that, the words that follow) gives the counted noun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dateline.knowledge.quantities import BoundRule, Hedge, QuantityKnowledge
from dateline.mentions.changes import is_in_change, with_changes
from dateline.mentions.figures import NEAR, Figure, find_figures
from dateline.mentions.numerals import read_number, read_ordinal
from dateline.mentions.tallies import find_tallies
from dateline.records import Document, Exactness, Quantity, Sentence, Span, Tallied, Token

WHOLE = re.compile(r"\s+(?:out\s+)?of\s+(?=(?:all\s+)?(?:the|its|their|his|her|our|my|those|these|all)\s)", re.IGNORECASE)
ANOTHER_DOES = re.compile(r"\s+(?:was|were|has|had|died|in|at|by|on|wounded|injured|killed|hurt)\b", re.IGNORECASE)
HALF_OF = re.compile(r"\s+(?=(?:the|its|their|his|her|our|my|those|these|all)\s)", re.IGNORECASE)
OF = re.compile(r"\s+of\s+", re.IGNORECASE)
PERCENT = re.compile(r"\s?%|\s(?:percentage\spoints?|per\s?cent)(?!\w)|\s?pc(?!\w)", re.IGNORECASE)
DIGIT = re.compile(r"\d")
METRES = re.compile(r"\d[\d,.]*m")
MILLION = 1_000_000
LISTED = re.compile(r",\s+(?:and\s+)?|\s+and\s+")
BARE = re.compile(r"\s*(?:[,.;:)]|and\b|or\b|was\b|were\b|$)")
GROUPED_BY_DOT = re.compile(r"\d{1,3}\.\d{3}")
CONVERSION = re.compile(r"\s*\(\s*")
AGE_UNIT = re.compile(r"month|week|day")
HYPHENED = re.compile(r"[-–](?P<noun>[a-z]{2,})(?![\w])", re.IGNORECASE)

HEDGE_OF = {
    Exactness.MORE_THAN: "more-than",
    Exactness.LESS_THAN: "less-than",
    Exactness.AT_LEAST: "at-least",
    Exactness.AT_MOST: "at-most",
    Exactness.ABOUT: "about",
    Exactness.ALMOST: "almost",
}
"""The entry of the bounds table that stands for each hedge, for figures that share another one's."""

LABELLING = frozenset({"nummod", "compound", "flat", "appos", "dep", "list"})
"""Relations of a number to the noun before it that make it a label ("Level 5")."""

NOMINAL = frozenset({"NOUN", "PROPN"})
BESIDE_NOUN = frozenset({"ADJ", "NOUN", "PROPN", "X"})
STRUCK = "\x00"

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
    tallies = tuple(find_tallies(text, sentence.span, blocked, knowledge))
    blocked += tuple(t.figure for t in tallies)
    ages = tuple(_find_ages(_struck(text, sentence.span, blocked), text, sentence, knowledge))
    blocked += tuple(a.span for a in ages)
    found: list[Quantity] = []
    own = _struck(text, sentence.span, blocked)
    for in_sentence in find_figures(own, Span(0, len(own)), knowledge):
        figure = replace(in_sentence, span=in_sentence.span.shift(sentence.span.start))
        quantity = _age_in_list(figure, (*ages, *found), text) or _quantity_of(figure, text, sentence, knowledge)
        if quantity is None and figure.words == "another" and ANOTHER_DOES.match(text, figure.span.end):
            quantity = _another_person(figure, found)
        if quantity is not None:
            found.append(_with_hedge_of_conversion(quantity, found, text, knowledge))
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
        if joins and not is_part and told[-1].part_of and told[-1].part_of.end <= told[-1].span.start and quantity.part_of is None:
            whole = told[-1].part_of
        told.append(replace(quantity, part_of=whole) if whole else quantity)
    return tuple(told)


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


def _with_hedge_of_conversion(quantity: Quantity, before: Sequence[Quantity], text: str, knowledge: QuantityKnowledge) -> Quantity:
    """ "more than 100 kilometres (60 miles)": the figure in brackets is the same one in another unit, and shares its hedge."""
    same = before[-1] if before else None
    hedge = HEDGE_OF.get(same.exactness) if same else None
    if (
        same is None
        or hedge is None
        or quantity.exactness is not Exactness.EXACT
        or quantity.low is None
        or same.unit == quantity.unit
        or not _is_measure(same.unit, knowledge)
        or not _is_measure(quantity.unit, knowledge)
        or not CONVERSION.fullmatch(text, max(same.span.end, same.figure.end), quantity.figure.start)
    ):
        return quantity
    figure = Figure(quantity.figure, quantity.low, quantity.low, Exactness.EXACT)
    low, high = _apply(
        next(h for h in knowledge.hedges_before.values() if h.id == hedge),
        figure.low,
        figure.high,
        figure,
        quantity.unit,
        knowledge,
    )
    return replace(quantity, low=low, high=high, exactness=same.exactness)


def _age_in_list(figure: Figure, before: Sequence[Quantity], text: str) -> Quantity | None:
    """ "aged 15, 16 and 17": a bare figure joined to an age is one too; any other: None."""
    age = next((q for q in before if q.unit.endswith(" old") and LISTED.fullmatch(text, q.span.end, figure.span.start)), None)
    if age is None or figure.exactness is not Exactness.EXACT or not BARE.match(text, figure.span.end):
        return None
    return Quantity(figure.span, figure.span, None, figure.low, figure.high, Exactness.EXACT, age.unit)


def _is_measure(unit: str, knowledge: QuantityKnowledge) -> bool:
    return unit in knowledge.measured or (len(unit) == 3 and unit.isupper())


def _find_ages(struck: str, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> Iterator[Quantity]:
    """ "a 90-year-old mill", "aged 25 to 54", "Ivan Petrov, 44, said"; of two that share words the first and longer one."""
    ages = [age for age in knowledge.ages if age.needs in struck.lower()]
    matches = [(m, age) for age in ages for m in age.pattern.finditer(struck)]
    reached = 0
    for match, age in sorted(matches, key=lambda m: (m[0].start(), -m[0].end())):
        groups = match.groupdict()
        lower, upper = groups["low"] or groups["from"], groups.get("high") or groups.get("to")
        low = read_number(lower, knowledge.numerals)
        high = read_number(upper, knowledge.numerals) if upper else low
        if match.start() < reached or low is None or high is None:
            continue
        reached = match.end()
        exactness = Exactness.RANGE if high > low or age.spread else Exactness.EXACT
        own_span = Span(*match.span("only" if "only" in groups else 0)).shift(sentence.span.start)
        figure = Figure(own_span, low, max(low, high) + age.spread, exactness)
        start, hedge = _hedge_before(figure, text, sentence, knowledge)
        hedge = knowledge.hedges_before[groups["hedge"].lower()] if groups.get("hedge") else hedge
        unit = AGE_UNIT.search(match[0].lower())
        name = f"{unit[0]}s old" if unit else "years old"
        span = Span(start, own_span.end)
        yield Quantity(span, span, None, *_bounded(figure, hedge, None, name, knowledge), name)


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
    start, before = _hedge_before(figure, text, sentence, knowledge)
    end, after = _hedge_after(number_end, text, sentence, knowledge)
    noun = _counted_noun(Span(figure.span.start, end), text, sentence, knowledge)
    words = Span(start, end)
    if not _counts_something(figure, noun, before or after, percent is not None, text, sentence, knowledge):
        return None
    unit = _unit_of(figure, noun, percent is not None, text, sentence, knowledge)
    figure = _with_grouping_dot(figure, unit, knowledge)
    low, high, exactness = _bounded(figure, before, after, unit, knowledge)
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


def _bounded(
    figure: Figure, before: Hedge | None, after: Hedge | None, unit: str, knowledge: QuantityKnowledge
) -> tuple[float | None, float | None, Exactness]:
    low, high = _apply(after, *_apply(before, figure.low, figure.high, figure, unit, knowledge), figure, unit, knowledge)
    return low, high, next((Exactness(h.exactness) for h in (before, after) if h and h.exactness != "exact"), figure.exactness)


def _hedge_before(figure: Figure, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> tuple[int, Hedge | None]:
    """Where the figure's words begin, and the outermost hedge that bounds it ("at least about 40" is bounded by "at least")."""
    start, hedge = figure.span.start, None
    while match := knowledge.before.search(text[(near := max(sentence.span.start, start - NEAR)) : start]):
        word = " ".join(match[0].lower().split())
        found = knowledge.hedges_before[word.removesuffix(" the") if word not in knowledge.hedges_before else word]
        hedge = found if hedge is None or found.exactness != "exact" else hedge
        start = near + match.start()
    return start, hedge


def _hedge_after(end: int, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> tuple[int, Hedge | None]:
    match = knowledge.after.match(text, end, sentence.span.end)
    if match is None:
        return end, None
    return match.end(), knowledge.hedges_after[" ".join(match[0].lower().split())]


def _apply(
    hedge: Hedge | None, low: float | None, high: float | None, figure: Figure, unit: str, knowledge: QuantityKnowledge
) -> tuple[float | None, float | None]:
    if hedge is None or hedge.exactness == "exact":
        return low, high
    is_measured = (
        unit in knowledge.measured or figure.code is not None or (len(unit) == 3 and unit.isupper()) or figure.low % 1 != 0
    )
    if hedge.exactness == "about" and figure.exactness is Exactness.VAGUE:
        return low, high  # "some hundreds": nothing is added to what is vague already
    new_low, new_high = _bound(hedge.low, figure.low, is_measured), _bound(hedge.high, figure.high, is_measured)
    if figure.high < 0:  # below zero "about" turns around, and "at most" has no floor at zero
        new_low, new_high = (new_high, new_low) if hedge.exactness == "about" else (None if new_low == 0 else new_low, new_high)
    if new_low is not None and new_high is not None and new_low > new_high:
        new_low = new_high  # "nearly four": 3.6 is no number of people
    return new_low, new_high


def _bound(rule: BoundRule, value: float, is_measured: bool) -> float | None:
    if rule.to is not None:
        return rule.to
    if rule.times is not None:
        return round(value * rule.times, 6)
    if rule.plus is not None:
        return value if is_measured else value + rule.plus
    return None


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
    before = next((t for t in reversed(sentence.tokens) if t.span.end <= figure.span.start), None)
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
    if noun.head in knowledge.currency_words:
        return knowledge.currency_words[noun.head]
    if noun.head in knowledge.units:
        return knowledge.units[noun.head]
    return "people" if knowledge.is_person(noun.head) or _is_done_to_persons(noun, sentence, knowledge) else noun.head


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


# ---------------------------------------------------------------- the counted noun


def _counted_noun(figure: Span, text: str, sentence: Sentence, knowledge: QuantityKnowledge) -> Noun:
    """What the figure counts: behind a hyphen, in the whole it is a part of, or the noun phrase that follows."""
    hyphened = HYPHENED.match(text, figure.end, sentence.span.end)
    if hyphened is not None and (len(hyphened["noun"]) > 2 or hyphened["noun"].lower() in knowledge.units):
        head = hyphened["noun"].lower()
        span = Span(hyphened.start("noun"), hyphened.end("noun"))
        return Noun(span, "people" if head == "strong" else head)
    is_half = text[figure.start : figure.end].lower().endswith("half")
    whole = WHOLE.match(text, figure.end, sentence.span.end) or (is_half and HALF_OF.match(text, figure.end, sentence.span.end))
    if whole:
        noun = _noun_phrase(whole.end(), text, sentence, knowledge, is_whole=True)
        return NO_NOUN if noun.span is None else Noun(noun.span, noun.head, Span(whole.end(), noun.span.end))
    of = OF.match(text, figure.end, sentence.span.end)
    if of is not None and any(t.xpos == "POS" for t in [t for t in sentence.tokens if t.span.start >= of.end()][:POSSESSOR]):
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
    following = [t for t in sentence.tokens if t.span.start >= start][:REACH]
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
    before = next((t for t in reversed(sentence.tokens) if t.span.end <= start), None)
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


# ---------------------------------------------------------------- ordinals


def _find_ordinals(text: str, sentence: Sentence, blocked: Sequence[Span], knowledge: QuantityKnowledge) -> Iterator[Quantity]:
    """ "the 10th straight day": the rank of one happening among its like; ranks of people and things are left out."""
    for match in knowledge.ordinal.finditer(text, sentence.span.start, sentence.span.end):
        figure, number = Span(*match.span()), read_ordinal(match[0], knowledge.numerals)
        following = [t for t in sentence.tokens if t.span.start >= figure.end][:2]
        if number is None or not following or any(figure.overlaps(b) for b in blocked):
            continue
        is_linked = following[0].text.lower() in knowledge.ordinal_links and len(following) == 2
        noun = following[1] if is_linked else following[0]
        word = noun.text.lower()
        if not is_linked and (number == 1 or not {word, word.removesuffix("s")} & knowledge.ordinal_nouns):
            continue
        unit = knowledge.units.get(word, word)
        yield Quantity(figure.join(noun.span), figure, noun.span, number, number, Exactness.EXACT, unit, is_ordinal=True)
