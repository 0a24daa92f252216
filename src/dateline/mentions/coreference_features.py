"""What speaks for and against a link between two phrases of a document, in words a reader of the weights can follow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dateline.knowledge.actors import ActorKnowledge
from dateline.knowledge.places import fold
from dateline.mentions.coreference_mentions import Candidate, Kind

SENTENCE_STEPS = (0, 1, 2, 3, 4, 6, 9, 16)
PHRASE_STEPS = (1, 2, 3, 4, 6, 9, 14, 22, 40)
COUNT_STEPS = (1, 2, 3, 5, 8, 15)

KNOWN = ("the", "this", "own")
"""How a noun is made definite."""
NEAR = 3
"""Sentences back that a pronoun or a definite phrase with other words may look."""
MOST = 60
"""Candidates looked at, the nearest first."""


def step(value: int, steps: Sequence[int]) -> int:
    """The highest of the steps that the value reaches, so that counts fall into few kinds."""
    return steps[max(0, bisect_right(steps, value) - 1)]


@dataclass
class Group:
    """Names of a document that are one by their form alone, and what they say together."""

    names: list[Candidate] = field(default_factory=list)
    gender: str = ""


@dataclass
class Chain:
    """Phrases linked so far. `gender`: what names, titles and pronouns have said of it; `said`: its first that is no pronoun."""

    phrases: list[Candidate] = field(default_factory=list)
    gender: str = ""
    said: Candidate | None = None

    def add(self, phrase: Candidate) -> None:
        self.phrases.append(phrase)
        if phrase.gender in ("m", "f"):
            self.gender = self.gender or phrase.gender
        if self.said is None and not phrase.form:
            self.said = phrase


@dataclass
class Surroundings:
    """The candidates of a document with what links are looked up by. `groups` has, for each candidate, its namesakes."""

    candidates: Sequence[Candidate]
    groups: dict[int, Group]
    by_word: dict[str, list[int]]
    """Numbers of the candidates that hold a word, in order."""


def look_around(candidates: Sequence[Candidate], knowledge: ActorKnowledge) -> Surroundings:
    """Namesakes and the index of words."""
    by_word: dict[str, list[int]] = {}
    for c in candidates:
        for key in keys_of(c):
            by_word.setdefault(key, []).append(c.number)
    return Surroundings(candidates, find_namesakes(candidates, knowledge), by_word)


def keys_of(candidate: Candidate) -> set[str]:
    """What a phrase can be found by: every word of a name, the head of a noun, the initials of a name of several words."""
    if candidate.kind is Kind.NAME:
        keys = {w for w in candidate.words if len(w) > 1}
        if len(candidate.words) > 2 or (len(candidate.words) == 2 and candidate.entity != "Person"):
            keys.add(initials(candidate))
        return keys
    return {candidate.lemma} if candidate.lemma else set()


def initials(candidate: Candidate) -> str:
    return "".join(w[0] for w in candidate.words if w not in ("of", "the", "for", "and", "de"))


# ---------------------------------------------------------------- names, by their form alone


def find_namesakes(candidates: Sequence[Candidate], knowledge: ActorKnowledge) -> dict[int, Group]:
    """The group of each name, by its number: the same words, a person's short form, an acronym, a country's other name."""
    groups: dict[int, Group] = {}
    holding: dict[str, list[Group]] = {}
    for name in candidates:
        if name.kind is not Kind.NAME:
            continue
        country = knowledge.country_names.get(" ".join(name.words))
        keys = {*keys_of(name), f"country {country}"} if country else keys_of(name)
        near = [g for k in sorted(keys) for g in holding.get(k, ())]
        known = [g for g in near if (country and f"country {country}" in _countries(g, knowledge)) or _takes(g, name)]
        group = max(known, key=lambda g: g.names[-1].number) if known else Group()
        group.names.append(name)
        if name.gender in ("m", "f") and not group.gender:
            group.gender = name.gender
        for key in keys:
            if group not in holding.setdefault(key, []):
                holding[key].append(group)
        groups[name.number] = group
    return groups


def _countries(group: Group, knowledge: ActorKnowledge) -> set[str]:
    return {f"country {knowledge.country_names.get(' '.join(n.words))}" for n in group.names}


def _takes(group: Group, name: Candidate) -> bool:
    full = max(group.names, key=lambda n: len(n.words))
    return any(n.words == name.words for n in group.names) or is_short_form(full, name) or is_acronym(full, name)


def is_short_form(one: Candidate, other: Candidate) -> bool:
    """Whether two names of persons may be one's: the shorter is the surname, the given name, or given names and surname."""
    if "Person" not in (one.entity, other.entity):
        return False
    short, long = sorted((one.words, other.words), key=len)
    if not short or len(short) == len(long):
        return False
    if len(short) == 1:
        return short[0] in (long[-1], long[0])
    return short[-1] == long[-1] and short[0] in long[:-1]


def is_acronym(one: Candidate, other: Candidate) -> bool:
    """Whether one name is the other's initials in capitals."""
    short, long = sorted((one, other), key=lambda c: len(c.words))
    if len(short.words) != 1 or len(long.words) < 2 or not short.head.text.isupper():
        return False
    return len(short.words[0]) > 1 and fold(short.head.text).replace(".", "") == initials(long)


def certain_antecedent(name: Candidate, around: Surroundings) -> Candidate | None:
    """The name before it that is one with it beyond doubt: a person's fuller or equal name, or what an acronym stands for."""
    group = around.groups.get(name.number)
    if group is None:
        return None
    earlier = [n for n in group.names if n.number < name.number and not n.holds(name) and not name.holds(n)]
    persons = [n for n in earlier if n.entity == name.entity == "Person"]
    return next(reversed(persons or [n for n in earlier if is_acronym(n, name)]), None)


# ---------------------------------------------------------------- which links are weighed at all


def find_antecedents(phrase: Candidate, around: Surroundings) -> list[Candidate]:
    """The earlier phrases that this one may go back to, the nearest first; none: an empty list.

    Pronouns look at what stands near, names and nouns at what shares a word, and definite ones at what stands near as well.
    """
    candidates, number = around.candidates, phrase.number
    wanted: set[int] = set()
    if phrase.kind is not Kind.PRONOUN:
        for key in keys_of(phrase):
            wanted.update(n for n in around.by_word.get(key, ()) if n < number)
    is_speaker = phrase.form in ("I", "we", "you")
    looks_near = phrase.kind is not Kind.NOUN or phrase.definite in KNOWN
    if looks_near:
        reach = 1 if phrase.kind is Kind.NAME else NEAR
        for n in range(number - 1, -1, -1):
            other = candidates[n]
            back = phrase.sentence.index - other.sentence.index
            if back > reach and not (is_speaker and other.form):
                if not is_speaker or number - n > 4 * MOST:
                    break
                continue
            if is_speaker and not other.form and back > 1:
                continue
            wanted.add(n)
    found = [candidates[n] for n in sorted(wanted, reverse=True) if may_corefer(candidates[n], phrase)]
    return found[:MOST]


def may_corefer(earlier: Candidate, phrase: Candidate) -> bool:
    """False for what grammar rules out: phrases inside each other, and he for she."""
    if earlier.holds(phrase) or phrase.holds(earlier):
        return False
    genders = {earlier.gender, phrase.gender}
    return not genders >= {"m", "f"}


# ---------------------------------------------------------------- features


def kind_of(phrase: Candidate) -> str:
    """The table of weights a phrase is judged by: a pronoun's family, a name, or a noun by its definiteness."""
    if phrase.kind is Kind.PRONOUN:
        return phrase.form
    if phrase.kind is Kind.NAME:
        return "name"
    return "definite" if phrase.definite in KNOWN else "noun"


def table_of(earlier: Candidate, phrase: Candidate) -> str:
    """The table of weights a pair is judged by."""
    return f"{kind_of(phrase)} to {earlier.kind}"


def link_features(earlier: Candidate, phrase: Candidate, chain: Chain, around: Surroundings, rank: int) -> list[str]:
    """What can be said of a pair. `chain` is the earlier one's so far; `rank` is how many phrases between agree as well."""
    back = phrase.sentence.index - earlier.sentence.index
    features = [
        "any",
        f"sentences={step(back, SENTENCE_STEPS)}",
        f"phrases={step(phrase.number - earlier.number, PHRASE_STEPS)}",
        f"rank={min(rank, 4)}",
        f"number={earlier.plural}>{phrase.plural}",
        f"gender={earlier.gender}>{phrase.gender}",
        f"class={earlier.class_}>{phrase.class_}",
        f"entity={earlier.entity}>{phrase.entity}",
        f"role={earlier.role}",
        f"quoted={earlier.is_quoted}>{phrase.is_quoted}",
        f"definite={earlier.definite}>{phrase.definite}",
    ]
    if back <= 1:
        features.append(f"{back} role={earlier.role}>{phrase.role}")
    if back == 0:
        features.extend(_same_sentence(earlier, phrase))
    elif earlier.sentence.block != phrase.sentence.block:
        features.append("other paragraph")
    group = around.groups.get(earlier.number)
    if group is not None:
        features.append(f"namesakes={step(len(group.names), COUNT_STEPS)}")
        if not earlier.gender and phrase.gender in ("m", "f"):
            features.append(f"namesakes' gender={group.gender}>{phrase.gender}")
    if earlier.form:
        features.append(f"form={earlier.form} role={phrase.role}")
        features.append(f"word={earlier.head.text.lower()}>{phrase.head.text.lower()}")
    elif phrase.form:
        features.append(f"length={min(earlier.last - earlier.first, 6)}")
        features.append(f"first={earlier.first == 0}")
        features.append(f"class={earlier.class_} role={earlier.role} sentences={min(back, 2)}")
        features.append(f"{earlier.kind} {earlier.entity} rank={min(rank, 4)} sentences={min(back, 3)}")
    if phrase.form:
        features.append(f"quoted={earlier.is_quoted}>{phrase.is_quoted} role={earlier.role} sentences={min(back, 2)}")
        features.append(f"role={earlier.role}>{phrase.role} same verb={verb_of(earlier) == verb_of(phrase)}")
    if not earlier.form and not phrase.form:
        features.extend(_words_in_common(earlier, phrase, around))
    if phrase.gender in ("m", "f") and phrase.form:
        features.extend(_of_chain(earlier, phrase, chain))
    return features


def _of_chain(earlier: Candidate, phrase: Candidate, chain: Chain) -> Iterator[str]:
    """What the chain says beyond the phrase itself. Asked for he and she only: elsewhere it made chains that swallow others."""
    yield f"chain={step(len(chain.phrases), COUNT_STEPS)}"
    if len(chain.phrases) == 1:
        return
    yield f"chain last={chain.phrases[-1] is earlier}"
    yield f"chain gender={chain.gender}>{phrase.gender}"
    if chain.said is None:
        yield "chain unnamed"
    elif earlier.form:
        yield f"chain class={chain.said.class_}>{phrase.class_} {chain.said.kind}"
        yield f"chain number={chain.said.plural}>{phrase.plural}"


def _same_sentence(earlier: Candidate, phrase: Candidate) -> Iterator[str]:
    above = earlier.governor in governors_of(phrase)
    yield f"above={above} role={earlier.role}"
    if earlier.governor == phrase.governor:
        yield f"same governor {earlier.role}>{phrase.role}"
    if earlier.governor == phrase.head.index:
        yield f"under it {earlier.role} {phrase.role}"
    if phrase.governor == earlier.head.index:
        yield f"over it {phrase.role}"
    if phrase.role == "owner" and phrase.governor >= 0 and phrase.sentence.tokens[phrase.governor].head == earlier.governor:
        yield f"owner beside {earlier.role}"


def governors_of(phrase: Candidate) -> Iterator[int]:
    """Numbers of the words the phrase hangs on, the nearest first, its own governor left out."""
    tokens = phrase.sentence.tokens
    at = tokens[phrase.governor].head if phrase.governor >= 0 else -1
    while at >= 0:
        yield at
        at = tokens[at].head


def verb_of(phrase: Candidate) -> str:
    """The lemma of the word the phrase hangs on; the sentence's root: empty."""
    return phrase.sentence.tokens[phrase.governor].lemma.lower() if phrase.governor >= 0 else ""


def _words_in_common(earlier: Candidate, phrase: Candidate, around: Surroundings) -> Iterator[str]:
    same_head = earlier.lemma == phrase.lemma and earlier.lemma != ""
    same = earlier.words == phrase.words and same_head
    mine, theirs = set(phrase.words), set(earlier.words)
    size = min(len(phrase.words), 3)
    if same:
        yield f"same words {size}"
        yield f"same words, definite={earlier.definite}>{phrase.definite}"
        yield f"same words, class={phrase.class_}"
        yield f"same words, whole={_behind(earlier)}>{_behind(phrase)}"
        if _whole(earlier) == _whole(phrase):
            yield f"same whole {min(phrase.last - phrase.first, 4)}"
    elif same_head:
        yield f"same head, more={bool(theirs - mine)}>{bool(mine - theirs)}"
        yield f"same head, class={phrase.class_}"
    elif mine & theirs:
        yield f"common word, more={bool(theirs - mine)}>{bool(mine - theirs)}"
    else:
        yield f"no common word, class={earlier.class_}>{phrase.class_}"
        if phrase.kind is Kind.NOUN:
            yield f"{phrase.lemma} for {earlier.entity or earlier.class_}"
    if same_head and earlier.plural != phrase.plural:
        yield "same head, other number"
    if phrase.kind is Kind.NAME and earlier.kind is Kind.NAME:
        is_namesake = around.groups.get(earlier.number) is around.groups.get(phrase.number)
        yield f"namesake={is_namesake}"
        yield f"namesake={is_namesake} entity={earlier.entity}>{phrase.entity}"
        yield f"namesake={is_namesake} role={earlier.role}>{phrase.role}"
    if same_head:
        yield f"same head, sentences={step(phrase.sentence.index - earlier.sentence.index, SENTENCE_STEPS)}"


def _behind(phrase: Candidate) -> bool:
    """Whether anything stands behind the head ("the mayor of the town")."""
    return phrase.last > phrase.head.index


def _whole(phrase: Candidate) -> tuple[str, ...]:
    words = [t.text.lower() for t in phrase.sentence.tokens[phrase.first : phrase.last + 1]]
    return tuple(words[1:] if words[0] in ("the", "a", "an") else words)


def new_features(phrase: Candidate, antecedents: Sequence[Candidate], around: Surroundings) -> list[str]:
    """What can be said of a phrase by itself: whether it looks as if it began something, or stood in no chain at all."""
    tokens = phrase.sentence.tokens
    features = [
        "any",
        f"class={phrase.class_}",
        f"entity={phrase.entity}",
        f"definite={phrase.definite}",
        f"role={phrase.role}",
        f"number={phrase.plural}",
        f"words={min(len(phrase.words), 4)}",
        f"behind={min(phrase.last - phrase.head.index, 4)}",
        f"definite={phrase.definite} behind={_behind(phrase)} class={phrase.class_}",
        f"quoted={phrase.is_quoted}",
        f"sentence={step(phrase.sentence.index, SENTENCE_STEPS)}",
        f"first={phrase.first == 0} role={phrase.role}",
        f"relation={phrase.head.relation}",
        f"candidates={step(len(antecedents), (0, *PHRASE_STEPS))}",
    ]
    if phrase.form:
        features.append(f"word={phrase.head.text.lower()}")
        features.append(f"word={phrase.head.text.lower()} relation={phrase.head.relation}")
        if phrase.governor >= 0:
            features.append(f"under={tokens[phrase.governor].lemma.lower()}")
        following = tokens[phrase.head.index + 1].lemma.lower() if phrase.head.index + 1 < len(tokens) else ""
        features.append(f"next={following}")
        return features
    features.append(f"lemma={phrase.lemma}")
    earlier = [a for a in antecedents if a.lemma == phrase.lemma]
    same = any(a.words == phrase.words for a in earlier)
    features.append(f"earlier head={bool(earlier)} same={same} definite={phrase.definite}")
    group = around.groups.get(phrase.number)
    if group is not None:
        features.append(f"namesake before={group.names[0] is not phrase} class={phrase.class_}")
    if phrase.first > 0:
        features.append(f"before={tokens[phrase.first - 1].lemma.lower()}")
    return features


def agree(earlier: Candidate, phrase: Candidate) -> bool:
    """Whether number, gender and class let a pronoun stand for it: what is counted for `rank`."""
    if "either" not in (earlier.plural, phrase.plural) and earlier.plural != phrase.plural:
        return False
    if phrase.gender in ("m", "f"):
        return earlier.gender in ("", phrase.gender)
    return phrase.gender == "any" or earlier.gender in ("n", "any") or not phrase.form
