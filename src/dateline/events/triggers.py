"""Words that evoke events: lexicon entries that match a word in its sentence, constraints and all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dateline.knowledge.cues import Cues
from dateline.knowledge.lexicon import Entry, Lexicon, Sense, head_of
from dateline.records import ActorMention, EntityKind, Mentions, Quotation, Sentence, Span, Token


@dataclass(frozen=True)
class Trigger:
    """A word, its phrase, and the entry it matches. `token` heads the phrase; `words` are the indices of all its tokens."""

    sentence: Sentence
    token: Token
    words: tuple[int, ...]
    part: str
    entry: Entry

    @property
    def span(self) -> Span:
        """The head word: what names the event."""
        return self.token.span

    @property
    def sense(self) -> Sense:
        return self.entry.of_noun if self.part == "noun" else self.entry.of_verb


@dataclass(frozen=True)
class Setting:
    """What a sentence's constraints are checked against: who, where and when is named in it."""

    sentence: Sentence
    parties: frozenset[int]
    places: frozenset[int]
    times: frozenset[int]
    lemmas: frozenset[str]
    sums: frozenset[int] = frozenset()
    """Indices of the words of sums of money: "$90 million", "two crore rupees"."""
    spoken: frozenset[int] = frozenset()
    """Indices of the words that somebody is said to have said who may act: no statement's and no poll's."""
    sectors: tuple[tuple[int, str], ...] = ()
    """(index, sector) of the words of names, for classes of nouns that no list of words can name the members of."""


def settings(sentences: Sequence[Sentence], mentions: Mentions, quotations: Sequence[Quotation] = ()) -> list[Setting]:
    """One setting a sentence, in order."""
    heads: dict[int, list[ActorMention]] = {}
    for actor in mentions.actors:
        heads.setdefault(actor.sentence, []).append(actor)
    result = []
    for s in sentences:
        parties = {t.index for a in heads.get(s.index, []) for t in s.tokens_in(a.head)}
        places = {t.index for p in mentions.places if s.span.contains(p.span) and not p.is_adjective for t in s.tokens_in(p.span)}
        times = {t.index for m in mentions.times if s.span.contains(m.span) for t in s.tokens_in(m.span)}
        lemmas = frozenset(t.lemma.lower() for t in s.tokens)
        money = [q for q in mentions.quantities if s.span.contains(q.span) and _is_currency(q.unit)]
        sums = {t.index for q in money for t in s.tokens_in(q.span)}
        own = [q for q in quotations if any(c.overlaps(s.span) for c in q.content)]
        spoken = {t.index for t in s.tokens if own and (q := innermost(own, t.span)) is not None and has_acting_speaker(q)}
        named = [(t.index, a.actor.sector) for a in heads.get(s.index, []) for t in s.tokens_in(a.head) if t.upos == "PROPN"]
        sectors = tuple((index, sector) for index, sector in named if sector is not None)
        result.append(
            Setting(s, frozenset(parties), frozenset(places), frozenset(times), lemmas, frozenset(sums), frozenset(spoken), sectors)
        )
    return result


def innermost(quotations: Sequence[Quotation], span: Span) -> Quotation | None:
    """The shortest quotation whose content holds the span; on nobody's word: None."""
    around = [q for q in quotations if any(c.contains(span) for c in q.content)]
    return min(around, key=lambda q: sum(len(c) for c in q.content), default=None)


def has_acting_speaker(quotation: Quotation) -> bool:
    """True if whoever speaks has a country or a sector; "a statement said", "a poll shows": a teller, and nobody who acts."""
    return quotation.speaker is not None and (quotation.speaker.country is not None or quotation.speaker.sector is not None)


def _is_currency(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()


def find_triggers(setting: Setting, lexicon: Lexicon, cues: Cues) -> tuple[Trigger, ...]:
    """The best entry for each word that evokes an event, left to right; a word inside a longer match evokes nothing itself."""
    candidates = (t for t in setting.sentence.tokens if not is_part_of_name(setting, t))
    found = [t for token in candidates if (t := _best(setting, token, lexicon, cues)) is not None]
    swallowed = {w for t in found for w in t.words if w != t.token.index}
    return tuple(t for t in found if t.token.index not in swallowed)


_NAMES = frozenset({EntityKind.PERSON, EntityKind.ORGANIZATION, EntityKind.LOCATION, EntityKind.FACILITY})


def is_part_of_name(setting: Setting, token: Token) -> bool:
    """True for a noun inside a name or a date: "No. 2 Detention Centre", "March 24"."""
    if token.upos not in {"NOUN", "PROPN"}:
        return False
    if token.index in setting.times and (token.upos == "PROPN" or token.text[:1].isupper()):
        return True
    return any(
        e.kind in _NAMES and e.span.overlaps(token.span) and len(e.span) > len(token.span) for e in setting.sentence.entities
    )


def _best(setting: Setting, token: Token, lexicon: Lexicon, cues: Cues) -> Trigger | None:
    return max(_matches(setting, token, lexicon, cues), key=_rank, default=None)


NO_DOER = frozenset({"@no_doer"})
"""What `failing` names for a doer that does nothing of the kind."""


def _is_no_deed(trigger: Trigger, lexicon: Lexicon, cues: Cues) -> bool:
    """True for what weather, animals, germs, works of art or players at their game do: "hail assaulted cars"."""
    if trigger.part == "noun" or trigger.entry.type not in cues.by_people:
        return False
    none = lexicon.classes.get("no_doer", frozenset())
    return any(_names(t, trigger.sentence) & none for t in trigger.sentence.fillers(trigger.token, "subj"))


def _has_speaker(trigger: Trigger, setting: Setting) -> bool:
    """False for a sense that only a speaker can be the actor of, in words that nobody speaks: it must not hide another sense.

    Nor is an adjective that only qualifies a noun an act of speech ("a brutal crackdown").
    """
    if trigger.sense.actor != SPEAKER:
        return True
    qualifies = trigger.part == "adjective" and trigger.token.relation == "amod"
    return trigger.token.index in setting.spoken and not qualifies


SPEAKER = ("speaker",)


def _rank(trigger: Trigger) -> tuple[int, bool, bool, int, float]:
    """Longer phrases first, then the part of speech the tagger gave, then a sense that needs nothing told before, then the sense
    that asks for more, then weight.
    """
    own_part = trigger.part == _parts(trigger.token)[0]
    return len(trigger.words), own_part, trigger.entry.after is None, len(trigger.sense.needs), trigger.entry.weight


def _matches(setting: Setting, token: Token, lexicon: Lexicon, cues: Cues) -> Iterator[Trigger]:
    return (t for t in find_candidates(setting, token, lexicon) if is_allowed(t, setting, lexicon, cues))


def find_candidates(setting: Setting, token: Token, lexicon: Lexicon) -> Iterator[Trigger]:
    """Every entry whose words stand at the token, whether or not its constraints are met."""
    for part in _parts(token):
        for lemma in _lemmas(token, part):
            for entry, phrase in lexicon.candidates(part, lemma):
                words = _match_phrase(setting.sentence, token, phrase, part)
                if words is not None:
                    yield Trigger(setting.sentence, token, words, part, entry)
    for lemma, words in _with_particle(setting.sentence, token):
        for entry, phrase in lexicon.candidates("noun", lemma):
            if len(phrase) == 1:
                yield Trigger(setting.sentence, token, words, "noun", entry)


_PARTICLES = frozenset({"in", "out", "up", "off", "down", "over", "on", "by"})


def _with_particle(sentence: Sentence, token: Token) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A noun with the particle that a hyphen ties to it, as one lemma: "sit-in", "walk-outs"."""
    behind = sentence.tokens[token.index + 1 : token.index + 3]
    if token.upos in {"NOUN", "VERB"} and len(behind) == 2 and behind[0].text == "-":
        particle = behind[1].text.lower().removesuffix("s")
        if particle in _PARTICLES and behind[0].span.start == token.span.end:
            yield f"{token.lemma.lower()}-{particle}", (token.index, token.index + 1, token.index + 2)


_OF_NOUNS = frozenset({"nsubj", "obj", "obl", "nmod"})


def _parts(token: Token) -> tuple[str, ...]:
    """The parts of the lexicon a word is looked up in. Taggers waver over participles and over nouns in headlines."""
    match token.upos:
        case "VERB" if token.xpos == "VBG" and token.relation.split(":")[0] in _OF_NOUNS:
            return ("verb", "adjective", "noun")  # "*fighting* broke out"
        case "VERB":
            return ("verb", "adjective") if token.xpos in {"VBN", "VBG"} else ("verb",)
        case "NOUN":
            return ("noun", "verb") if token.xpos == "VBG" or token.text.lower().endswith("ing") else ("noun",)
        case "PROPN":
            return ("noun",)
        case "ADJ":
            return ("adjective", "verb") if token.xpos in {"VBN", "VBG"} or token.text.lower().endswith("ed") else ("adjective",)
        case "ADV" | "ADP":
            return ("adjective",)
        case _:
            return ()


def _lemmas(token: Token, part: str) -> tuple[str, ...]:
    lemma, form = token.lemma.lower(), token.text.lower()
    if part == "verb" and token.upos != "VERB" and form.endswith("ing"):
        stem = form[:-3]
        return lemma, form, stem, stem + "e"
    return (lemma,) if lemma == form else (lemma, form)


def _match_phrase(sentence: Sentence, token: Token, phrase: tuple[str, ...], part: str) -> tuple[int, ...] | None:
    """The indices of the phrase's words around its head; the phrase is not there: None."""
    if len(phrase) == 1:
        return (token.index,)
    if part == "verb":
        return _match_after(sentence, token, phrase)
    head = head_of(phrase, part)
    before, after = phrase[:head], phrase[head + 1 :]
    behind = sentence.tokens[token.index + 1 : token.index + 1 + len(after)]
    if len(behind) < len(after) or not all(_is_word(t, w) for t, w in zip(behind, after, strict=True)):
        return None
    # A hyphen between the words ("stone-pelting") is a token of its own.
    run = sentence.tokens[max(0, token.index - 2 * len(before)) : token.index]
    for words in (run[len(run) - len(before) :], [t for t in run if t.text not in {"-", "–"}][-len(before) :] if before else []):
        if len(words) == len(before) and all(_is_word(t, w) for t, w in zip(words, before, strict=True)):
            return (*(t.index for t in words), token.index, *(t.index for t in behind))
    return None


REACH = 9
"""How many tokens after the verb the rest of its phrase may stand ("set shops, homes and two buses ablaze")."""


def _match_after(sentence: Sentence, verb: Token, phrase: tuple[str, ...]) -> tuple[int, ...] | None:
    words = [verb.index]
    at = verb.index + 1
    for wanted in phrase[1:]:
        hit = next(
            (t for t in sentence.tokens[at : verb.index + 1 + REACH] if _is_word(t, wanted) and _is_near(sentence, t, verb)), None
        )
        if hit is None:
            hit = next((t for t in sentence.fillers(verb, "obj") if _is_word(t, wanted)), None)
        if hit is None:
            return None
        words.append(hit.index)
        at = max(at, hit.index + 1)
    return tuple(words)


def _is_near(sentence: Sentence, token: Token, verb: Token) -> bool:
    """True for a word that hangs from the verb, directly or through at most three others, not through another verb."""
    node = token
    for _ in range(4):
        if node.head == verb.index:
            return True
        if node.head < 0:
            return False
        node = sentence.tokens[node.head]
        if node.upos == "VERB" and node.index != verb.index:
            return False
    return False


def _is_word(token: Token, wanted: str) -> bool:
    return wanted in {token.lemma.lower(), token.text.lower()}


# ---------------------------------------------------------------- constraints


def is_allowed(trigger: Trigger, setting: Setting, lexicon: Lexicon, cues: Cues) -> bool:
    """True if every needed slot is filled as it must be and no forbidden one is."""
    return failing(trigger, setting, lexicon, cues) is None


def failing(trigger: Trigger, setting: Setting, lexicon: Lexicon, cues: Cues) -> tuple[str, frozenset[str]] | None:
    """The first constraint that keeps the entry from its trigger, as (slot, fillers); all are met: None."""
    sense = trigger.sense
    if not _has_speaker(trigger, setting):
        return SPEAKER[0], frozenset({"*"})
    lacking = (c for c in sense.needs if not _is_filled(trigger, *c, setting, lexicon, cues))
    barring = (c for c in sense.never if _is_filled(trigger, *c, setting, lexicon, cues))
    failed = next(lacking, None) or next(barring, None)
    return failed or (("subj", NO_DOER) if _is_no_deed(trigger, lexicon, cues) else None)


def _is_filled(trigger: Trigger, slot: str, wanted: frozenset[str], setting: Setting, lexicon: Lexicon, cues: Cues) -> bool:
    if slot == "near":
        own = {trigger.sentence.tokens[w].lemma.lower() for w in trigger.words}
        others = setting.lemmas - own
        return any(w in others or (w.startswith("@") and others & lexicon.classes.get(w[1:], frozenset())) for w in wanted)
    fillers = slot_fillers(trigger, slot, cues)
    wholes = (w for t in fillers if t.lemma.lower() in lexicon.classes["partitive"] for w in trigger.sentence.fillers(t, "of"))
    return any(_suits(t, wanted, setting, lexicon) for t in (*fillers, *wholes))


_GRAMMAR = frozenset(
    {
        "subj",
        "obj",
        "iobj",
        "comp",
        "attr",
        "poss",
        "compound",
        "amod",
        "acl",
        "nummod",
        "object_of",
        "subject_of",
        "of_clause",
        "unmarked",
        "aux",
        "neg",
        "condition",
    }
)
"""Slots that are no prepositions."""


def slot_fillers(trigger: Trigger, slot: str, cues: Cues) -> tuple[Token, ...]:
    """What fills a slot of the trigger, or what a parser hung one step away from it. Nothing: an empty tuple.

    A noun's `subj` is the subject of the light verb that holds it. An oblique that is not there is looked for on a verb's object
    ("imposed a ban *on rallies*") and on the verb that holds a noun ("filed a complaint *against two officers*").
    """
    sentence, token = trigger.sentence, trigger.token
    if slot == "subj" and trigger.part == "noun":
        return sentence.fillers(token, "subj") or light_subjects(sentence, token, cues)
    if slot == "clause_subj":
        return tuple(t for verb in sentence.fillers(token, "of_clause") for t in sentence.fillers(verb, "subj"))
    if slot == "comp_subj":
        return tuple(t for clause in sentence.fillers(token, "comp") for t in sentence.fillers(clause, "subj"))
    if slot == "attr" and trigger.part == "noun":
        return sentence.fillers(token, "attr", "subj")
    if slot == "attr" and trigger.part == "adjective":  # parsers take some for adverbs or participles: "was nowhere", "was absent"
        return sentence.fillers(token, "attr") or sentence.fillers(token, "subj", "obj")
    if slot == "aux":
        return tuple(c for c in sentence.children(token) if c.relation.split(":")[0] == "aux")
    if slot == "neg":
        return tuple(c for c in sentence.children(token) if c.relation == "advmod" and c.text.lower() in cues.negators)
    if slot == "obj" and trigger.part == "verb":
        return sentence.fillers(token, "obj") or sentence.fillers(token, "iobj")
    if slot == "condition":
        clauses = (c for c in sentence.children(token) if c.relation.split(":")[0] == "advcl")
        return tuple(m for clause in clauses for m in sentence.children(clause) if m.relation == "mark")
    found = sentence.fillers(token, slot)
    if found or slot in _GRAMMAR:
        return found
    if trigger.part == "verb":
        return tuple(f for thing in sentence.fillers(token, "obj") for f in sentence.fillers(thing, slot))
    if slot == "between":  # "fighting broke out *between the army and rebels*"
        found = tuple(f for verb in sentence.fillers(token, "subject_of") for f in sentence.fillers(verb, slot))
    if found or slot == "of":
        return found
    verbs = sentence.fillers(token, "object_of")
    if slot == "by":  # "the strike was called *by* the union", not "the march was watched by police"
        verbs = tuple(v for v in verbs if v.lemma.lower() in cues.light_object or not _has_passive_auxiliary(sentence, v))
    return tuple(f for verb in verbs for f in sentence.fillers(verb, slot))


def is_passive(sentence: Sentence, verb: Token) -> bool:
    """True for a verb with a passive's auxiliary or a passive's subject."""
    return any(c.relation in {"nsubj:pass", "aux:pass"} for c in sentence.children(verb))


def _has_passive_auxiliary(sentence: Sentence, verb: Token) -> bool:
    return any(c.relation == "aux:pass" for c in sentence.children(verb))


def light_subjects(sentence: Sentence, noun: Token, cues: Cues) -> tuple[Token, ...]:
    """The subjects of the light verb that holds the noun; held by no such verb: an empty tuple.

    Who "*is engaged* in" something is read as a passive and does it all the same.
    """
    oblique = sentence.fillers(noun, "of_clause")
    return tuple(
        t
        for verb in light_verbs(sentence, noun, cues)[:1]
        for t in sentence.fillers(verb, "subj") or (sentence.fillers(verb, "obj") if verb in oblique else ())
    )


def light_verbs(sentence: Sentence, noun: Token, cues: Cues) -> tuple[Token, ...]:
    """The verbs that hold the noun and add nothing ("*staged* a strike", "*went* on strike"); none: an empty tuple."""
    holding = [v for v in sentence.fillers(noun, "object_of") if v.lemma.lower() in cues.light_object]
    return (*holding, *(v for v in sentence.fillers(noun, "of_clause") if v.lemma.lower() in cues.light_oblique))


def _suits(token: Token, wanted: frozenset[str], setting: Setting, lexicon: Lexicon) -> bool:
    names = _names(token, setting.sentence)
    if "*" in wanted or names & wanted:
        return True
    return any(_in_class(token, names, w[1:], setting, lexicon) for w in wanted if w.startswith("@"))


def _is_somebody(token: Token, names: frozenset[str], lexicon: Lexicon) -> bool:
    """True for a noun that stands for people without a name: "three *others* were hurt", "a 4-year-*old* was shot"."""
    return token.upos == "NOUN" and bool(names & lexicon.classes.get("somebody", frozenset()))


def stands_for_more(sentence: Sentence, token: Token) -> bool:
    """ "A clerk was shot and *another* was stabbed", "five *more* were wounded": people beside those told of, unnamed."""
    figures = (
        c
        for c in sentence.children(token)
        if c.upos == "NUM" or c.lemma.lower() in {"dozen", "score", "hundred", "thousand", "many"}
    )
    return token.text.lower() == "another" or (token.lemma.lower() == "more" and any(figures))


def _names(token: Token, sentence: Sentence) -> frozenset[str]:
    """What a filler may be called by: its lemma, its form, and a noun with the word before it ("security force", "cease-fire")."""
    lemma, form = token.lemma.lower(), token.text.lower()
    if token.upos not in {"NOUN", "PROPN"} or token.index == 0:
        return frozenset({lemma, form})
    before = sentence.tokens[token.index - 1]
    if before.text in {"-", "–"} and token.index > 1:
        first = sentence.tokens[token.index - 2].text.lower()
        return frozenset({lemma, form, f"{first}-{lemma}", f"{first} {lemma}", f"{first}{lemma}"})
    return frozenset({lemma, form, f"{before.lemma.lower()} {lemma}"})


def _in_class(token: Token, names: frozenset[str], name: str, setting: Setting, lexicon: Lexicon) -> bool:
    lemma = token.lemma.lower()
    match name:
        case "party":
            is_pronoun = token.upos == "PRON" and lemma in {"he", "she", "they", "who", "we", "i", "you"}
            is_told = _is_somebody(token, names, lexicon) or stands_for_more(setting.sentence, token)
            return token.index in setting.parties or is_pronoun or is_told
        case "place":
            return token.index in setting.places
        case "time":
            return token.index in setting.times
        case "number":
            return token.upos == "NUM"
        case "money" if token.index in setting.sums:
            return True
        case "event":
            return lexicon.evokes(lemma)
        case _:
            members = lexicon.classes.get(name, frozenset())
            if names & members:
                return True
            of_class = lexicon.sectors.get(name, frozenset())
            return any(index == token.index and sector in of_class for index, sector in setting.sectors)
