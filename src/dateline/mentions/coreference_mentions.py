"""What may stand in a chain: names, nouns and pronouns with the words that belong to them, sentence by sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dateline.knowledge.actors import ActorKnowledge
from dateline.knowledge.coreference import PronounTable
from dateline.knowledge.places import fold
from dateline.records import Entity, EntityKind, Sentence, Span, Token

INSIDE = frozenset(("det", "amod", "nummod", "nmod", "compound", "flat", "acl", "appos", "fixed", "goeswith", "list", "advmod"))
"""Relations of the words that belong to a phrase. An adverb does where it stands between others ("the nearby port")."""

ROLES = {
    "nsubj": "subject",
    "csubj": "subject",
    "obj": "object",
    "iobj": "object",
    "obl": "oblique",
    "nmod": "of",
    "compound": "modifier",
    "amod": "modifier",
    "flat": "modifier",
    "appos": "apposed",
    "conj": "listed",
    "root": "root",
    "vocative": "called",
}
NAMING = frozenset(
    (EntityKind.PERSON, EntityKind.ORGANIZATION, EntityKind.LOCATION, EntityKind.FACILITY, EntityKind.NORP, EntityKind.PRODUCT)
)
DEMONSTRATIVES = frozenset(("this", "that", "these", "those"))
ARTICLES = frozenset(("a", "an"))
OPENING, CLOSING = frozenset("“«‟"), frozenset("”»")
OPENERS = frozenset("\"“«([‘'")
LIST = "list"
"""The class of joined phrases, beside GUM's."""
LONGEST_QUOTE = 3000  # code points: a few paragraphs
NOMINAL = frozenset(("NOUN", "PROPN", "PRON", "NUM"))
MEN, WOMEN = frozenset(("mr", "sir", "lord", "king", "prince")), frozenset(("mrs", "ms", "miss", "lady", "queen", "princess"))


class Kind(StrEnum):
    NAME = "name"
    NOUN = "noun"
    PRONOUN = "pronoun"


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A phrase that may stand in a chain, with all that links are judged by.

    `number` counts in text order. `first` and `last` are the numbers of its outermost words in the sentence, both inside;
    `words` are the lower-case lemmas of the words that say who is meant (no article, no possessor, nothing behind the head).
    `form` is the pronoun's family, empty for others. `plural` is "sing", "plur" or "either"; `gender` "m", "f", "n" or "".
    `class_` is GUM's entity class as the weights guess it. `governor` is the number of the word the head hangs on.
    """

    number: int
    sentence: Sentence
    head: Token
    first: int
    last: int
    span: Span
    kind: Kind
    words: tuple[str, ...]
    form: str
    plural: str
    gender: str
    class_: str
    entity: str
    definite: str
    role: str
    governor: int
    is_quoted: bool

    @property
    def lemma(self) -> str:
        return self.words[-1] if self.words else ""

    @property
    def is_list(self) -> bool:
        """Whether it is several phrases joined ("Minsk and Moscow"), whose head is the first one's."""
        return self.class_ == LIST

    def holds(self, other: Candidate) -> bool:
        """Whether the other lies inside this one's words."""
        return self.sentence is other.sentence and self.first <= other.first and other.last <= self.last


Classify = Callable[[Sequence[str]], str]
"""From the features that `_Finder.class_features` gives to an entity class."""


def find_candidates(
    text: str, sentences: Sequence[Sentence], pronouns: PronounTable, knowledge: ActorKnowledge, classify: Classify
) -> tuple[Candidate, ...]:
    """Every phrase that may stand in a chain, by its first word and the longer one first; none: an empty tuple."""
    quoted = quoted_spans(text)
    found: list[Candidate] = []
    for sentence in sentences:
        finder = _Finder(sentence, pronouns, knowledge, quoted)
        for first, last, head, is_list in sorted(finder.phrases(), key=lambda p: (p[0], -p[1])):
            found.append(finder.candidate(len(found), first, last, head, is_list, classify))
    return tuple(found)


def quoted_spans(text: str) -> list[Span]:
    """Stretches of the text between quotation marks, in order. A mark never closed within some paragraphs opens nothing."""
    spans: list[Span] = []
    start, is_straight = -1, False
    for at, character in enumerate(text):
        if character in OPENING and (start < 0 or not is_straight):
            start, is_straight = at, False
        elif (character in CLOSING and not is_straight) or (character == '"' and is_straight):
            if start >= 0:
                spans.append(Span(start, at))
            start, is_straight = -1, False
        elif character == '"' and start < 0:
            start, is_straight = at, True
        elif character == "\n" and start >= 0 and at - start > LONGEST_QUOTE:
            start, is_straight = -1, False
    return spans


class _Finder:
    """The candidates of one sentence."""

    def __init__(self, sentence: Sentence, pronouns: PronounTable, knowledge: ActorKnowledge, quoted: Sequence[Span]) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.pronouns = pronouns
        self.knowledge = knowledge
        self.quoted = [q for q in quoted if q.overlaps(sentence.span)]
        self.below: list[list[int]] = [[] for _ in self.tokens]
        for token in self.tokens:
            if token.head >= 0:
                self.below[token.head].append(token.index)
        self.entity_of: dict[int, Entity] = {t.index: e for e in sentence.entities for t in self.tokens if e.span.contains(t.span)}

    # -- which phrases

    def phrases(self) -> list[tuple[int, int, Token, bool]]:
        """First and last word, head, and whether it is a list ("Minsk and Moscow"); spans differ from one another."""
        found: dict[tuple[int, int], tuple[int, int, Token, bool]] = {}
        for token in self.tokens:
            if not self._may_head(token):
                continue
            first, last = self._bounds(token)
            found.setdefault((first, last), (first, last, token, False))
            behind = [c for c in self.below[token.index] if c > token.index]
            listed = [c for c in behind if self.tokens[c].relation == "conj" and self.tokens[c].upos in NOMINAL]
            if listed and token.relation != "conj":
                end = max(self._bounds(self.tokens[c])[1] for c in listed)
                found.setdefault((first, end), (first, end, token, True))
        return list(found.values())

    def _may_head(self, token: Token) -> bool:
        relation = token.relation.partition(":")[0]
        if token.upos in ("PRON", "DET") and token.text.lower() in self.pronouns.forms:
            return token.xpos not in ("WDT", "WP", "WP$") and relation not in ("det", "mark", "reparandum")
        if token.upos == "PRON":
            return token.xpos not in ("WDT", "WP", "WP$", "EX")
        if token.upos == "NUM":
            return relation in ("nsubj", "obj", "obl", "nmod", "root", "conj") and not (relation == "nmod" and token.index == 0)
        if token.upos not in ("NOUN", "PROPN") or relation in ("flat", "fixed", "goeswith", "reparandum"):
            return False
        if relation in ("compound", "nmod") and token.head >= 0 and token.head > token.index:
            # inside a name its words are no names of their own: "Amnesty" in "Amnesty International"
            own, governor = self.entity_of.get(token.index), self.entity_of.get(token.head)
            return relation != "compound" or own is None or own != governor
        return True

    def _bounds(self, head: Token) -> tuple[int, int]:
        first = last = head.index
        for child in self.below[head.index]:
            kind = self.tokens[child].relation.partition(":")[0]
            if kind == "case":
                # the possessive's mark belongs to it, a preposition does not
                if child > head.index:
                    last = max(last, child)
            elif kind in INSIDE:
                low, high = self._reach(child)
                first, last = min(first, low), max(last, high)
        while first < head.index and self.tokens[first].upos == "PUNCT" and self.tokens[first].text not in OPENERS:
            first += 1
        while last > head.index and self.tokens[last].upos == "PUNCT" and self.tokens[last].text in ",;:–-—.":
            last -= 1
        return first, last

    def _reach(self, index: int) -> tuple[int, int]:
        low = high = index
        for child in self.below[index]:
            a, b = self._reach(child)
            low, high = min(low, a), max(high, b)
        return low, high

    # -- what they are

    def candidate(self, number: int, first: int, last: int, head: Token, is_list: bool, classify: Classify) -> Candidate:
        pronoun = self.pronouns.forms.get(head.text.lower()) if head.upos in ("PRON", "DET") else None
        entity = self.entity_of.get(head.index)
        naming = entity is not None and entity.kind in NAMING
        kind = Kind.PRONOUN if pronoun else Kind.NAME if (head.upos == "PROPN" or naming) and not is_list else Kind.NOUN
        words = self._words(head, entity if naming else None, first) if not (is_list or pronoun) else ()
        class_ = classify(self.class_features(head, words, entity)) if not pronoun else ""
        span = Span(self.tokens[first].span.start, self.tokens[last].span.end)
        relation = head.relation
        return Candidate(
            number=number,
            sentence=self.sentence,
            head=head,
            first=first,
            last=last,
            span=span,
            kind=kind,
            words=words,
            form=pronoun.family if pronoun else "",
            plural="plur" if is_list else pronoun.number if pronoun else self._plural(head),
            gender=self._gender(words, entity, class_) if not pronoun else pronoun.gender,
            class_=LIST if is_list else class_,
            entity=str(entity.kind) if entity else "",
            definite=self._definite(head, first),
            role="owner" if relation == "nmod:poss" else ROLES.get(relation.partition(":")[0], "other"),
            governor=head.head,
            is_quoted=any(q.contains(span) for q in self.quoted),
        )

    def class_features(self, head: Token, words: Sequence[str], entity: Entity | None) -> list[str]:
        """What the entity class of a noun or name is guessed from."""
        lemma = words[-1] if words else head.lemma.lower()
        role = self.knowledge.roles.get(lemma)
        features = [
            "bias",
            f"lemma={lemma}",
            f"end={lemma[-3:]}",
            f"end={lemma[-2:]}",
            f"tag={head.xpos}",
            f"entity={entity.kind if entity else ''}",
            f"entity={entity.kind if entity else ''} tag={head.xpos}",
            f"entity={entity.kind if entity else ''} whole={entity is not None and head.span.end >= entity.span.end}",
            f"role={role.kind if role else ''}",
            f"relation={head.relation}",
        ]
        if head.head >= 0:
            features.append(f"under={self.tokens[head.head].lemma.lower()} {head.relation}")
        for child in self.below[head.index]:
            if self.tokens[child].relation == "case" and child < head.index:
                features.append(f"after={self.tokens[child].lemma.lower()}")
            elif self.tokens[child].relation.startswith(("amod", "compound")):
                features.append(f"with={self.tokens[child].lemma.lower()}")
        if words and words[0] in self.knowledge.given_names:
            features.append("given name")
        if " ".join(words) in self.knowledge.country_names:
            features.append("country")
        return features

    def _words(self, head: Token, entity: Entity | None, first: int) -> tuple[str, ...]:
        if entity is not None:
            inside = [t for t in self.tokens if entity.span.contains(t.span)]
            kept = [fold(t.text) for t in inside if t.upos not in ("DET", "PUNCT", "PART") and t.text not in ("'s", "’s")]
            return tuple(w for w in kept if w) or (head.text.lower(),)
        own = [head]
        for child in self.below[head.index]:
            token = self.tokens[child]
            kind = token.relation.partition(":")[0]
            if kind in ("amod", "compound", "nummod", "flat") and first <= child:
                own.append(token)
        own.sort(key=lambda t: t.index)
        kept = [fold(t.text) if t.upos == "PROPN" else t.lemma.lower() for t in own if t.index <= head.index or t.upos == "PROPN"]
        return tuple(w for w in kept if w) or (head.text.lower(),)

    def _plural(self, head: Token) -> str:
        if head.xpos in ("NNS", "NNPS") or head.lemma.lower() in ("people", "police"):
            return "plur"
        return "either" if head.upos == "NUM" else "sing"

    def _gender(self, words: Sequence[str], entity: Entity | None, class_: str) -> str:
        """m or f where a title, role noun or given name says so; "n" for what is no person; "" for a person of either."""
        if class_ not in ("person", "animal"):
            return "n"
        said = next((role.gender for w in reversed(words) if (role := self.knowledge.roles.get(w)) and role.gender), "")
        if said or not words:
            return said
        start = words[1] if len(words) > 2 and words[0] in self.knowledge.roles else words[0]
        if words[0] in MEN | WOMEN:
            return "m" if words[0] in MEN else "f"
        is_name = entity is not None and entity.kind is EntityKind.PERSON
        return self.knowledge.given_names.get(start, "") if is_name else ""

    def _definite(self, head: Token, first: int) -> str:
        """How the phrase says whether its referent is known: "the", "this", "own" (has a possessor), "a", "some", or "bare"."""
        opened = ""
        for child in self.below[head.index]:
            token = self.tokens[child]
            if token.relation == "nmod:poss":
                return "own"
            if token.relation.startswith("det") and child < head.index:
                word = token.lemma.lower()
                opened = (
                    "the"
                    if word == "the"
                    else "this"
                    if token.text.lower() in DEMONSTRATIVES
                    else "a"
                    if word in ARTICLES
                    else "some"
                )
            elif token.relation.startswith("nummod") and not opened:
                opened = "some"
        return opened or "bare"
