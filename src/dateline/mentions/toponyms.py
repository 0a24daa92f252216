"""Toponyms: the words of a text that name places, before anyone has asked which.

What the reader calls a location or facility, demonyms, proper nouns it passed over that the gazetteer knows, and the places of
datelines. Specs: tests/specs/places.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dateline.knowledge.places import Candidate, Gazetteer, fold, words_of
from dateline.records import BlockKind, Document, Entity, EntityKind, PlaceKind, Sentence, Span, Token

LONGEST_NAME, LONGEST_IN_BODY = 5, 3  # words
LARGE = 500_000  # people: a name known to everyone, in any setting
LARGEST_UNNAMED = 100_000  # people: a smaller city is not meant by a few capital letters
LONGEST_SHORT_FORM, LONGEST_ACRONYM = 5, 4  # letters: "Calif", "ISIL"
SMALLEST_UNTAGGED = 15_000  # people: below this a capitalised word needs the reader to have seen a place in it

COMPASS = words_of(
    "north south east west northern southern eastern western central northeastern northwestern southeastern southwestern "
    "north-eastern north-western south-eastern south-western downtown greater upper lower neighbouring neighboring"
)
LOCATIVE = words_of("in at near from around outside inside across")
PLACING = LOCATIVE | frozenset(("of", "to", "for", "towards", "toward", "between", "on"))
LOCALITY_WORDS = frozenset(("area", "locality", "neighbourhood", "neighborhood", "suburb"))


@dataclass(frozen=True)
class Toponym:
    """A name before it is resolved. `unit` is the kind a word in or beside it gives ("district"); None: nothing said.

    `is_facility`: the gazetteer lacks such names, they stand inside another place. `is_locality`: a part of a town ("Wadi area").
    `is_in_body`: a part of an organisation's name ("Lebanon Police"): it speaks for where the report plays, and is no mention.
    """

    span: Span
    name: str
    is_facility: bool = False
    is_adjective: bool = False
    unit: PlaceKind | None = None
    is_locality: bool = False
    is_in_body: bool = False


def find_toponyms(document: Document, sentences: Sequence[Sentence], gazetteer: Gazetteer) -> tuple[Toponym, ...]:
    """The names of places in the sentences and datelines, in text order, not overlapping; none: an empty tuple."""
    people = _surnames(document.text, sentences)
    told = (t for sentence in sentences for t in _toponyms(document.text, sentence, gazetteer) if fold(t.name) not in people)
    return tuple(sorted((*_datelines(document, gazetteer), *told), key=lambda t: t.span.start))


def toponym_at(text: str, span: Span, gazetteer: Gazetteer, *, is_facility: bool = False) -> Toponym:
    """The toponym of a span that is known to name a place. `is_facility`: the reader saw a facility in it."""
    name = span.of(text)
    if _is_adjective(name, gazetteer):
        return Toponym(span, name, is_adjective=True)
    known = fold(name) in gazetteer.seats or bool(gazetteer.find(name, 1))
    unit, is_locality = _unit_beside(text, span, gazetteer)
    return Toponym(span, name, _is_facility(name, gazetteer) or (is_facility and not known), unit=unit, is_locality=is_locality)


def _is_adjective(name: str, gazetteer: Gazetteer) -> bool:
    """ "Danish", "Texan"; "Canadian" too, although a town in Texas is called so: only a country, unit or city outweighs it."""
    if name.lower() in gazetteer.words.adjectives:
        return True
    if not gazetteer.country_of_adjective(name):
        return False
    wide = (PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.ADMIN1)
    return not any(
        c.is_main_name and (c.place.kind in wide or (c.place.kind is PlaceKind.CITY and c.population >= LARGEST_UNNAMED))
        for c in gazetteer.find(name)
    )


_DATELINE_PART = re.compile(r"[^\W\d_][^,;:()\[\]/\d–—]*")


def _datelines(document: Document, gazetteer: Gazetteer) -> Iterator[Toponym]:
    """The places of datelines, which are no sentences: "MINSK, Aug 18 (Agency) -", "CARACAS (VENEZUELA), 27 Oct"."""
    for block in document.blocks:
        if block.kind is not BlockKind.DATELINE:
            continue
        for part in list(_DATELINE_PART.finditer(block.span.of(document.text)))[:2]:
            name = part.group().strip(" .-")
            if len(name) > 2 and gazetteer.find(name, 1):
                start = block.span.start + part.start()
                yield Toponym(Span(start, start + len(name)), name)


def _surnames(text: str, sentences: Sequence[Sentence]) -> frozenset[str]:
    """Last words of the full names of persons: the reader may take a bare surname for a place."""
    full = (fold(e.span.of(text)).split() for s in sentences for e in s.entities if e.kind is EntityKind.PERSON)
    return frozenset(words[-1] for words in full if len(words) > 1)


def _toponyms(text: str, sentence: Sentence, gazetteer: Gazetteer) -> Iterator[Toponym]:
    taken: list[Span] = []
    found: list[Toponym] = []
    for entity in _joined(text, sentence, gazetteer):
        taken.append(entity.span)
        is_road = entity.span.of(text).split()[-1].lower() in gazetteer.words.roads
        if entity.kind in (EntityKind.ORGANIZATION, EntityKind.FACILITY) and not is_road:
            found.extend(_in_body(text, entity.span, gazetteer))
        found.extend(_of_entity(text, sentence, entity, gazetteer))
    found.extend(_demonyms(text, sentence, gazetteer, [t.span for t in found]))
    found.extend(_untagged(text, sentence, gazetteer, taken + [t.span for t in found]))
    yield from sorted(found, key=lambda t: t.span.start)


def _joined(text: str, sentence: Sentence, gazetteer: Gazetteer) -> list[Entity]:
    """The sentence's entities, a facility the reader has cut in two ("Tverskaya", "Street") made whole."""
    whole: list[Entity] = []
    for entity in sentence.entities:
        last = whole[-1] if whole else None
        cut = (
            last is not None
            and last.kind in (EntityKind.LOCATION, EntityKind.FACILITY)
            and text[last.span.end : entity.span.start] == " "
        )
        if (
            last is not None
            and cut
            and entity.span.of(text).lower() in gazetteer.facility_words
            and (last.span.end + 1 == entity.span.start)
        ):
            whole[-1] = Entity(last.span.join(entity.span), EntityKind.FACILITY)
        else:
            whole.append(entity)
    return whole


def _of_entity(text: str, sentence: Sentence, entity: Entity, gazetteer: Gazetteer) -> Iterator[Toponym]:
    if entity.kind not in (EntityKind.LOCATION, EntityKind.FACILITY) and not _is_city_taken_for_man(
        text, sentence, entity, gazetteer
    ):
        return
    for part in _parts(text, entity.span, gazetteer):
        span = _trim(text, part)
        span = span and _without_area_word(text, span, gazetteer)
        span = span and _with_final_stop(text, span, gazetteer)
        if span is None or _is_no_place(text, span, gazetteer):
            continue
        yield toponym_at(text, span, gazetteer, is_facility=entity.kind is EntityKind.FACILITY)


def _in_body(text: str, span: Span, gazetteer: Gazetteer) -> Iterator[Toponym]:
    """The place that opens an organisation's name or ends it after "of" ("Huntsville Police", "University of Nairobi")."""
    words = list(re.finditer(r"[^\s,]+", span.of(text)))
    after_of = next((i + 1 for i in range(len(words) - 1) if words[i][0] == "of"), None)
    runs = [(0, size) for size in range(min(LONGEST_IN_BODY, len(words) - 1), 0, -1)]
    runs += [(after_of, len(words))] if after_of else []
    for first, last in runs:
        at = Span(span.start + words[first].start(), span.start + words[last - 1].end())
        name = at.of(text)
        if name[0].isupper() and any(_is_of_note(c) for c in gazetteer.find(name, 4) if may_be_called(name, c)):
            yield Toponym(at, name, is_in_body=True, unit=_unit_beside(text, at, gazetteer)[0])
            return


def _is_of_note(candidate: Candidate) -> bool:
    return candidate.is_main_name and (candidate.place.kind is not PlaceKind.CITY or candidate.population >= SMALLEST_UNTAGGED)


def _is_city_taken_for_man(text: str, sentence: Sentence, entity: Entity, gazetteer: Gazetteer) -> bool:
    """Whether a "person" of one word that does nothing is a large city ("retook Mosul")."""
    name, head = entity.span.of(text), sentence.head_of(entity.span)
    if entity.kind is not EntityKind.PERSON or " " in name or head is None or head.relation.startswith("nsubj"):
        return False
    return any(c.is_main_name and c.place.kind is PlaceKind.CITY and c.population >= LARGE for c in gazetteer.find(name, 3))


def _parts(text: str, span: Span, gazetteer: Gazetteer) -> Iterator[Span]:
    """ "Baku, Azerbaijan" is two names; "ahmedabad/vadodara", "anand district of gujarat" and "Kent and Surrey" too."""
    units = "|".join(map(re.escape, gazetteer.area_words))
    start = span.start
    also = "" if gazetteer.find(span.of(text), 1) else r"|\s+and\s+"
    for gap in re.finditer(rf"[,/;]{also}|(?<=\s)(?<!^)(?i:{units})(\s+of\s+)", span.of(text)):
        first, last = gap.span(1) if gap[1] else gap.span()
        if span.start + first > start:
            yield Span(start, span.start + first)
        start = span.start + last
    if start < span.end:
        yield Span(start, span.end)


def _trim(text: str, span: Span) -> Span | None:
    """The name without "the", a compass word, a possessive or white space; nothing left: None."""
    start, end = span.start, span.end
    while end > start and (text[end - 1].isspace() or text[end - 1] in "'’.,\"”-–—"):
        if text[end - 1] == "." and text[max(start, end - 3) : end - 2] == ".":  # "U.S."
            break
        end -= 1
    for ending in ("'s", "’s"):
        if text[start:end].endswith(ending):
            end -= 2
    while start < end:
        word = text[start:end].split(maxsplit=1)
        if not word:
            return None
        lead = len(text[start:end]) - len(text[start:end].lstrip())
        is_extra = word[0].lower() == "the" or (word[0].lower() in COMPASS and word[0].islower())
        if len(word) == 1 or not is_extra:
            start += lead
            break
        start += lead + len(word[0])
    return Span(start, end) if end > start and any(c.isalnum() for c in text[start:end]) else None


def _without_area_word(text: str, span: Span, gazetteer: Gazetteer) -> Span | None:
    """ "kadi town of", "kadi district" -> "kadi", "state of Kano" -> "Kano"; "Kadi District" is a name. A bare "town": None."""
    words = list(re.finditer(r"\S+", span.of(text)))
    while len(words) > 1 and (words[0][0] in gazetteer.area_words or words[0][0] == "of"):
        words.pop(0)
    while words and words[-1][0].lower() in ("of", "in", "and"):
        words.pop()
    while len(words) > 1 and words[-1][0].islower() and _unit_word(words[-1][0], gazetteer):
        words.pop()
    if not words or (len(words) == 1 and _is_common(words[0][0], gazetteer)):
        return None
    return Span(span.start + words[0].start(), span.start + words[-1].end())


def _with_final_stop(text: str, span: Span, gazetteer: Gazetteer) -> Span:
    """ "Calif" -> "Calif.": the stop of a shortened unit is part of its name, also where it ends the sentence."""
    name = span.of(text)
    if text[span.end : span.end + 1] != "." or name.endswith(".") or len(name) > LONGEST_SHORT_FORM:
        return span
    units = [c.place for c in gazetteer.find(f"{name}.", 3) if c.place.kind in (PlaceKind.ADMIN1, PlaceKind.COUNTRY)]
    is_short = units and all(fold(name) not in fold(place.name).split() for place in units)
    return Span(span.start, span.end + 1) if is_short else span


def _is_no_place(text: str, span: Span, gazetteer: Gazetteer) -> bool:
    """What only looks like a place: "West Nile virus", "A/California/7", a language, "Islamic State", "(TPE)"."""
    name = span.of(text)
    after = _NEXT_WORD.match(text, span.end)
    if after and after[1].lower() in gazetteer.words.followers:
        return True
    if name.lower() in gazetteer.words.languages | gazetteer.words.bodies or not any(c.isalpha() for c in name):
        return True
    if (
        name.lower() in gazetteer.area_words or name.lower() in COMPASS
    ):  # "County", "Western": cut from a longer name, or said of one
        return True
    if text[max(0, span.start - 1) : span.start] == "/" and text[span.end : span.end + 1] == "/":
        return True
    is_known = fold(name) in gazetteer.seats or any(may_be_called(name, c) for c in gazetteer.find(name))
    return is_acronym(name) and not is_known


def is_acronym(name: str) -> bool:
    """A few capital letters: "ISIL", "UAE", but "LIMA" too."""
    return name.isupper() and name.isalpha() and len(name) <= LONGEST_ACRONYM


def may_be_called(name: str, candidate: Candidate) -> bool:
    """Whether a place may be meant by the name as it is written: a small town is not by an acronym ("EU" is not Eu in Normandy)."""
    if not is_acronym(name) or candidate.place.kind is not PlaceKind.CITY:
        return True
    return candidate.is_main_name and candidate.population >= LARGEST_UNNAMED


def without_compass(name: str) -> str:
    """ "Northern Europe" -> "Europe": what a part without an entry of its own is a part of; no compass word: the name."""
    first, _, rest = name.partition(" ")
    return rest if rest and first.lower() in COMPASS else name


def _is_common(word: str, gazetteer: Gazetteer) -> bool:
    return word.islower() and (word in gazetteer.area_words or word in gazetteer.facility_words or word in COMPASS)


def _is_facility(name: str, gazetteer: Gazetteer) -> bool:
    words = fold(name).split()
    if any(c.isdigit() for c in name):  # "A40", "2700 Fourth", "Pier 39"
        return True
    return len(words) > 1 and (words[-1] in gazetteer.facility_words or (words[0] in gazetteer.facility_words and "of" in words))


def _unit_beside(text: str, span: Span, gazetteer: Gazetteer) -> tuple[PlaceKind | None, bool]:
    """The kind that the word ending or following a name gives it ("Anand district"); whether it is part of a town ("Wadi area")."""
    after = _NEXT_WORD.match(text, span.end)
    for word in (span.of(text).split()[-1].lower(), after[1].lower() if after else ""):
        # "Kent and Surrey counties" are two; "Georgia counties" are counties in Georgia.
        is_one = word in gazetteer.area_words
        if (is_one or text[: span.start].endswith(" and ")) and (kind := _unit_word(word, gazetteer)):
            return kind, word in LOCALITY_WORDS
    return None, False


def _unit_word(word: str, gazetteer: Gazetteer) -> PlaceKind | None:
    """The kind of unit that a word in lower case names, also one of several ("counties"); none: None."""
    one = word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")
    return gazetteer.area_words.get(word) or gazetteer.area_words.get(one)


_NEXT_WORD = re.compile(r"[^\S\n]+([^\W\d_]+)")


def _demonyms(text: str, sentence: Sentence, gazetteer: Gazetteer, taken: list[Span]) -> Iterator[Toponym]:
    """Adjectives and people-words of countries, regions and units ("South Korean", "Danes", "Texan")."""
    tokens = sentence.tokens
    index = 0
    while index < len(tokens):
        for size in (2, 1):
            run = tokens[index : index + size]
            span = Span(run[0].span.start, run[-1].span.end)
            name = span.of(text)
            is_name = len(run) == size and run[0].upos not in ("DET", "PUNCT") and not any(span.overlaps(other) for other in taken)
            is_demonym = gazetteer.country_of_adjective(name) or name.lower() in gazetteer.words.adjectives
            if is_name and is_demonym and _may_be_demonym(name, run[-1], sentence):
                yield Toponym(span, name, is_adjective=True)
                index += size
                break
        else:
            index += 1


def _may_be_demonym(name: str, token: Token, sentence: Sentence) -> bool:
    if name in ("us", "Us", "pole", "poles", "turkey", "Swede"):
        return False
    if name in ("US", "U.S.", "UK", "ROK", "DPRK"):  # nouns as often as adjectives: only right before what they modify
        return False
    return (
        name[0].isupper()
        or any(e.kind is EntityKind.NORP and e.span.overlaps(token.span) for e in sentence.entities)
        or (token.upos == "ADJ" and len(name) > 5)
    )


def _untagged(text: str, sentence: Sentence, gazetteer: Gazetteer, taken: list[Span]) -> Iterator[Toponym]:
    """Names the reader passed over: proper nouns that the gazetteer holds, the longest first."""
    tokens = sentence.tokens
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if not _may_open_name(tokens, index, gazetteer) or any(token.span.overlaps(s) for s in taken):
            index += 1
            continue
        for size in range(min(LONGEST_NAME, len(tokens) - index), 0, -1):
            run = tokens[index : index + size]
            span = Span(run[0].span.start, run[-1].span.end)
            if run[-1].upos not in ("PROPN", "NOUN") or any(span.overlaps(s) for s in taken):
                continue
            previous = tokens[index - 1].text.lower() if index else ""
            following = tokens[index + size].text.lower() if index + size < len(tokens) else ""
            is_placed = previous in PLACING or following in gazetteer.area_words
            if _is_known(span.of(text), run, is_placed, gazetteer):
                unit, is_locality = _unit_beside(text, span, gazetteer)
                yield Toponym(span, span.of(text), unit=unit, is_locality=is_locality)
                index += size - 1
                break
        index += 1


def _may_open_name(tokens: Sequence[Token], index: int, gazetteer: Gazetteer) -> bool:
    token = tokens[index]
    if token.text[0].isupper():
        return token.upos == "PROPN" and len(token.text) > 1 and token.relation != "flat"
    # all in lower case: "in petlad town" is a name, "in the town" and "in custody" are not
    following = tokens[index + 1].text.lower() if index + 1 < len(tokens) else ""
    previous = tokens[index - 1].text.lower() if index else ""
    is_word = token.upos not in ("PROPN", "NOUN") or not token.text.isalpha() or _is_common(token.text, gazetteer)
    return not is_word and previous in LOCATIVE and (token.upos == "PROPN" or following in gazetteer.area_words)


def _is_known(name: str, run: Sequence[Token], is_placed: bool, gazetteer: Gazetteer) -> bool:
    """Whether words are surely a toponym: a country, region or unit, or a town large enough for the words about it."""
    candidates = [c for c in gazetteer.find(name, 4) if c.is_main_name]
    if not candidates:
        return False
    best = max(c.population for c in candidates)
    wide = any(c.place.kind in (PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.ADMIN1) for c in candidates)
    if len(run) == 1 and len(name) < 4 and not wide:
        return False
    if name.lower() == "us" and name.islower():
        return False
    return wide or best >= (SMALLEST_UNTAGGED if is_placed else LARGE)
