"""Coreference: which phrases of a document stand for one actor. Titles and appositions first, then names, roles, pronouns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dateline.knowledge.actors import Role
from dateline.knowledge.places import fold, words_of
from dateline.mentions.actor_phrases import (
    FEMALE,
    MALE,
    NEUTRAL,
    PLURAL,
    RELATIVE,
    Kind,
    Phrase,
    Reader,
    is_one_person,
    is_plural,
)
from dateline.mentions.coreference_mentions import Candidate
from dateline.records import (
    Sentence,
)

HEADS_OF_STATE = words_of(
    "president premier chancellor king queen emir sultan ruler dictator strongman autocrat monarch leader pope chairman "
    "chief head minister taoiseach shah"
)
SPECIFIC = words_of("prime foreign defence defense interior finance home vice deputy justice health")
TITLE_GAP = re.compile(r"(Mr|Mrs|Ms|Dr|dr|shri|one|named)?\.?")
APPOSITION_GAP = re.compile(r"((to|in|of|for|at) [\w .'’-]{2,40}?)?,?")

BY_COREFERENCE = PLURAL
"""Pronouns that go where trained coreference puts them, or nowhere: the salience below is right about "they" a third of the time,
coreference over half. Of "he" and "she" both are as good, and this one knows titles and offices."""

CALLED: Mapping[str, frozenset[str]] = {
    "party": frozenset(("PTY", "OPP")),
    "company": frozenset(("BUS", "MNC")),
    "firm": frozenset(("BUS", "MNC")),
    "group": frozenset(("REB", "UAF", "CRM", "SOC", "OPP")),
    "organisation": frozenset(("REB", "SOC", "IGO")),
    "organization": frozenset(("REB", "SOC", "IGO")),
    "movement": frozenset(("REB", "OPP", "PTY", "SOC")),
    "charity": frozenset(("SOC",)),
    "union": frozenset(("LAB",)),
    "newspaper": frozenset(("JRN",)),
    "agency": frozenset(("JRN", "GOV")),
}
"""What a body named before may be called with "the", by its sector."""
UNCLEAR = frozenset(("company", "firm", "group"))
"""What a body may be called of whose name we cannot tell what it is."""

REACH = 4  # sentences back that a pronoun may look


@dataclass
class Chain:
    """Phrases found to stand for one actor, while the document is being read."""

    kind: Kind
    phrases: list[Phrase] = field(default_factory=list)

    @property
    def last(self) -> Phrase:
        return self.phrases[-1]

    def roles(self) -> Iterator[Role]:
        return (p.role for p in self.phrases if p.role is not None)

    def names(self) -> list[str]:
        return [p.words for p in self.phrases if p.kind in (Kind.PERSON, Kind.BODY, Kind.COUNTRY)]


@dataclass
class Chains:
    """The chains of a document, grown a sentence at a time in reading order."""

    reader: Reader
    linked: Mapping[int, Sequence[Candidate]] = field(default_factory=dict)
    """The chain coreference has put a phrase into, by where the phrase's head starts (see `by_head`)."""
    chains: list[Chain] = field(default_factory=list)

    def read(self, sentence: Sentence, phrases: Sequence[Phrase]) -> None:
        placed: dict[int, Chain] = {}
        for number, phrase in enumerate(phrases):
            chain: Chain | None
            if phrase.kind is Kind.PRONOUN:
                chain = self._antecedent(phrase, sentence, phrases, placed)
                if chain is None:
                    continue
            elif phrase.kind is Kind.PERSON:
                chain = self._beside(phrase, number, phrases, placed) or self._same_person(phrase)
            elif phrase.kind in (Kind.BODY, Kind.COUNTRY):
                chain = self._same_body(phrase) or self._called(phrase, number, phrases, placed)
            else:
                chain = (
                    self._said_of(phrase, phrases, placed)
                    or self._said_of_body(phrase, number, phrases, placed)
                    or self._same_role(phrase)
                )
            if chain is None:
                chain = Chain(phrase.kind)
                self.chains.append(chain)
            if phrase.kind is Kind.PERSON and chain.kind is Kind.ROLE:
                chain = self._merged(chain, phrase)
            chain.phrases.append(phrase)
            placed[number] = chain
            for earlier, other in placed.items():
                if not any(other is c for c in self.chains):
                    placed[earlier] = chain

    # -- names

    def _merged(self, title: Chain, name: Phrase) -> Chain:
        """A role's chain that turns out to be a named person's: joined to the person's own, if he was named before."""
        known = self._same_person(name)
        if known is None or known is title:
            title.kind = Kind.PERSON
            return title
        known.phrases.extend(title.phrases)
        known.phrases.sort(key=lambda p: p.span.start)
        self.chains = [c for c in self.chains if c is not title]
        return known

    def _beside(self, name: Phrase, number: int, phrases: Sequence[Phrase], placed: Mapping[int, Chain]) -> Chain | None:
        """The chain of a title or apposition right before a name: "President X", "the envoy to Spain, X", "head of a union X"."""
        for earlier in range(number - 1, -1, -1):
            phrase = phrases[earlier]
            if phrase.span.end > name.span.start or earlier not in placed or not is_one_person(phrase):
                continue
            between = self.reader.text[phrase.span.end : name.span.start].strip()
            is_title = bool(TITLE_GAP.fullmatch(between))
            is_apposed = bool(APPOSITION_GAP.fullmatch(between)) and self._closes(name)
            if not (is_title or is_apposed):
                continue
            chain = placed[earlier]
            if not any(p is phrase for p in chain.phrases):
                continue  # already split off for the name before: "leader of the house X, Y, Z"
            fresh = [p for p in chain.phrases if p.kind is Kind.PERSON]
            if fresh and not self.reader.knowledge.forms.may_be_same(fresh[0].words, name.words):
                # "the president" was taken for an earlier man; the name beside it says otherwise
                chain.phrases.remove(phrase)
                split = Chain(Kind.ROLE, [phrase])
                self.chains.append(split)
                return split
            return chain
        return None

    def _closes(self, name: Phrase) -> bool:
        following = self.reader.text[name.span.end : name.span.end + 2]
        return following[:1] in (",", ".", "") or name.head.relation in ("appos", "flat", "nmod")

    def _same_person(self, name: Phrase) -> Chain | None:
        """The latest chain of a person whose fullest name may be this one's (see `NameForms`); none: None."""
        ids = {o.id for o in self.reader.knowledge.offices_of(name.words)}
        called = self._honorific(name)
        for chain in reversed(self.chains):
            if chain.kind is not Kind.PERSON or (called and self._gender(chain) not in ("", called)):
                continue
            if self.reader.knowledge.forms.may_be_same(max(chain.names(), key=lambda n: len(n.split())), name.words):
                return chain
            if ids and any(o.id in ids for known in chain.names() for o in self.reader.knowledge.offices_of(known)):
                return chain
        return None

    def _called(self, body: Phrase, number: int, phrases: Sequence[Phrase], placed: Mapping[int, Chain]) -> Chain | None:
        """The chain of the noun right before a body's name that says what it is ("the charity X"), made the body's; none: None."""
        earlier = phrases[number - 1] if number else None
        if earlier is None or body.kind is not Kind.BODY or number - 1 not in placed or not _is_of_a_body(earlier):
            return None
        chain = placed[number - 1]
        adjacent = not self.reader.text[earlier.span.end : body.span.start].strip(" ,")
        if not adjacent or is_plural(earlier.head) or chain.kind is not Kind.ROLE:
            return None
        chain.kind = Kind.BODY
        return chain

    def _said_of_body(self, role: Phrase, number: int, phrases: Sequence[Phrase], placed: Mapping[int, Chain]) -> Chain | None:
        """The body of which a group noun is said right behind its name: "the Union of Bakers, a trade group"; none: None."""
        earlier = phrases[number - 1] if number else None
        if earlier is None or earlier.kind is not Kind.BODY or number - 1 not in placed or not _is_of_a_body(role):
            return None
        between = self.reader.text[earlier.span.end : role.span.start].strip().lower()
        return placed[number - 1] if re.fullmatch(r",( an?| the)", between) and not is_plural(role.head) else None

    def _same_body(self, body: Phrase) -> Chain | None:
        for chain in reversed(self.chains):
            if chain.kind not in (Kind.BODY, Kind.COUNTRY):
                continue
            for known in chain.names():
                same_side = chain.kind is body.kind or {chain.kind, body.kind} == {Kind.BODY}
                if same_side and (
                    fold(known) == fold(body.words) or _is_acronym(known, body.words) or _is_acronym(body.words, known)
                ):
                    return chain
        return None

    # -- roles

    def _said_of(self, role: Phrase, phrases: Sequence[Phrase], placed: Mapping[int, Chain]) -> Chain | None:
        """The person of whom a role is said: "X, a columnist", "X is director"."""
        if role.role is None or role.role.kind == "group" or is_plural(role.head):
            return None
        for earlier in sorted(placed, reverse=True):
            phrase = phrases[earlier]
            if phrase.kind is not Kind.PERSON:
                continue
            between = self.reader.text[phrase.span.end : role.span.start].strip().lower()
            if between in (",", ", a", ", an", ", the", ", one of the", ",  former") or re.fullmatch(
                r",( \d\d?,)?( an?| the| his| her| its| their)?( former)?", between
            ):
                return placed[earlier]
            copula = any(c.relation == "cop" and c.lemma == "be" for c in role.sentence.children(role.head))
            if copula and phrase.head.head == role.head.index and phrase.is_subject:
                return placed[earlier]
        return None

    def _same_role(self, phrase: Phrase) -> Chain | None:
        role = phrase.role
        if role is None:
            return None
        if is_one_person(phrase):
            return (self._titled(phrase) or self._body_called(phrase)) if phrase.is_definite or phrase.country else None
        if (
            phrase.is_definite
            and role.kind in ("group", "affiliate")
            and not phrase.country
            and (body := self._body_called(phrase))
        ):
            return body
        for chain in reversed(self.chains):
            if chain.kind is not Kind.ROLE:
                continue
            last = chain.phrases[0]
            same = last.role and last.role.lemma == role.lemma and fold(last.words) == fold(phrase.words)
            near = phrase.sentence.index - chain.last.sentence.index <= REACH
            short = last.role and last.role.lemma == role.lemma and (phrase.is_definite or near) and len(phrase.words.split()) == 1
            if (same or short) and is_plural(last.head) == is_plural(phrase.head) and phrase.country in (None, last.country):
                return chain
        return None

    def _titled(self, phrase: Phrase) -> Chain | None:
        """The latest person who holds the role in the text or by the tables: "the minister", "Russia's leader"; none: None."""
        assert phrase.role is not None
        for chain in sorted(self.chains, key=lambda c: c.last.span.start, reverse=True):
            if phrase.sentence.index - chain.last.sentence.index > 5 * REACH:
                continue
            if chain.kind is Kind.PERSON and self._holds(chain, phrase):
                return chain
            first = chain.phrases[0]
            same = chain.kind is Kind.ROLE and first.role == phrase.role and not first.is_plural
            if same and phrase.country in (None, first.country) and phrase.is_definite:
                return chain
        return None

    def _holds(self, chain: Chain, phrase: Phrase) -> bool:
        assert phrase.role is not None
        head, words = phrase.role.lemma.split()[-1], set(phrase.role.lemma.split()[:-1])
        offices = [o for n in chain.names() for o in self.reader.knowledge.offices_of(n)]
        offices += [o for n in chain.names() for o in self.reader.knowledge.holder_by_surname(n, self.reader.day)]
        now = [o for o in offices if not self.reader.day or o.covers(self.reader.day)]
        if phrase.country:
            sides = {o.country for o in offices} | {p.country for p in chain.phrases if p.country}
            if (sides or not self._is_home(chain)) and phrase.country not in sides:
                return False
        if phrase.role.kind == "affiliate" and not offices:
            return any(p.role == phrase.role and p.sector == phrase.sector for p in chain.phrases)
        titles = [r.lemma for r in chain.roles()] + [o.office.lower() for o in now]
        for title in titles:
            parts = re.split(r" of | to | for ", title)[0].split()
            same_head = parts[-1] == head or (
                head == "leader" and parts[-1] in HEADS_OF_STATE and (phrase.country or phrase.is_definite)
            )
            if (
                same_head
                and (not words & SPECIFIC or words <= set(parts))
                and (head != "leader" or not words or "opposition" not in words)
            ):
                return True
        return False

    def _is_home(self, chain: Chain) -> bool:
        return self.reader.home is not None

    def _body_called(self, phrase: Phrase) -> Chain | None:
        """The body that "the council", "the party", "the court" stands for: the latest whose name or role holds the word."""
        assert phrase.role is not None
        word = phrase.role.lemma.split()[-1]
        if word == "police":  # "the police" are those of the country, whatever station or reserve was named before
            return None
        for chain in sorted(self.chains, key=lambda c: c.last.span.start, reverse=True):
            if phrase.sentence.index - chain.last.sentence.index > 2 * REACH:
                break
            named = any(word in fold(n).split() for n in chain.names()) or any(r.lemma.split()[-1] == word for r in chain.roles())
            kinds = CALLED.get(word, frozenset())
            sector = bool(kinds & {p.sector for p in chain.phrases}) or (
                word in UNCLEAR and not any(p.sector for p in chain.phrases)
            )
            if chain.kind is Kind.BODY and (named or sector):
                return chain
        return None

    # -- pronouns

    def _antecedent(
        self, pronoun: Phrase, sentence: Sentence, phrases: Sequence[Phrase], placed: Mapping[int, Chain]
    ) -> Chain | None:
        if pronoun.words in RELATIVE:
            return self._relative(pronoun, sentence, phrases, placed)
        if pronoun.words in BY_COREFERENCE:
            return self._linked(pronoun)
        best: tuple[float, Chain] | None = None
        for chain in self.chains:
            if not self._agrees(pronoun, chain):
                continue
            score = max((self._salience(pronoun, p) for p in chain.phrases), default=-99.0)
            if score > 0 and (best is None or score > best[0]):
                best = (score, chain)
        return best[1] if best else None

    def _linked(self, phrase: Phrase) -> Chain | None:
        """The chain of the nearest phrase before it that coreference ties it to; none that stands for an actor: None."""
        chain_of = {p.head.span.start: chain for chain in self.chains for p in chain.phrases}
        before = (
            c.head.span.start for c in reversed(self.linked.get(phrase.head.span.start, ())) if c.span.start < phrase.span.start
        )
        return next((chain_of[start] for start in before if start in chain_of), None)

    def _relative(
        self, pronoun: Phrase, sentence: Sentence, phrases: Sequence[Phrase], placed: Mapping[int, Chain]
    ) -> Chain | None:
        """The head of the relative clause; if the parse has lost it, the phrase that ends right before."""
        index: int = pronoun.head.index
        for _ in range(4):
            token = sentence.tokens[index]
            if token.relation.startswith("acl") and token.head >= 0 and token.head < pronoun.head.index:
                governor = sentence.tokens[token.head]
                for number, chain in placed.items():
                    span = phrases[number].span
                    if phrases[number].kind is not Kind.PRONOUN and (
                        phrases[number].head.index == governor.index or span.overlaps(governor.span)
                    ):
                        return chain
                break
            if token.head < 0:
                break
            index = token.head
        for number in sorted(placed, reverse=True):
            between = self.reader.text[phrases[number].span.end : pronoun.span.start].strip()
            if phrases[number].span.end <= pronoun.span.start and between in ("", ","):
                return placed[number]
        return None

    def _agrees(self, pronoun: Phrase, chain: Chain) -> bool:
        first = chain.phrases[0]
        word = pronoun.words
        singular_person = chain.kind is Kind.PERSON or (
            chain.kind is Kind.ROLE and first.role is not None and first.role.kind != "group" and not is_plural(first.head)
        )
        if word in MALE | FEMALE:
            return singular_person and self._gender(chain) in ("", "m" if word in MALE else "f")
        if word in PLURAL:
            return (chain.kind is Kind.ROLE and any(p.is_plural for p in chain.phrases)) or chain.kind is Kind.BODY
        is_body = chain.kind in (Kind.BODY, Kind.COUNTRY)
        return is_body or (
            chain.kind is Kind.ROLE and first.role is not None and first.role.kind == "group" and not is_plural(first.head)
        )

    def _honorific(self, name: Phrase) -> str:
        """What "Mr", "Mrs" and the like in or right before a name say of the gender: "m", "f", or empty."""
        before = self.reader.text[name.sentence.span.start : name.span.start].split()[-1:]
        words = [*before, *name.words.split()[:1]]
        return next((g for word in words if (g := self.reader.knowledge.forms.genders.get(fold(word)))), "")

    def _gender(self, chain: Chain) -> str:
        """ "m", "f", or empty when titles, given names and pronouns do not say."""
        for phrase in chain.phrases:
            if phrase.role and phrase.role.gender:
                return phrase.role.gender
            if phrase.kind is Kind.PRONOUN and phrase.words in MALE | FEMALE:
                return "m" if phrase.words in MALE else "f"
            if phrase.kind is Kind.PERSON and (called := self._honorific(phrase)):
                return called
            if phrase.kind is Kind.PERSON and len(phrase.words.split()) > 1:
                gender = self.reader.knowledge.given_names.get(fold(phrase.words.split()[0]), "")
                if gender:
                    return gender
        return ""

    def _salience(self, pronoun: Phrase, phrase: Phrase) -> float:
        """How ready a mention is to be meant: near, a subject, a name; not in the same clause, unless by a possessive."""
        back = pronoun.sentence.index - phrase.sentence.index
        if back < 0 or back > REACH or phrase.span.start >= pronoun.span.start:
            return -1.0
        same_clause = back == 0 and phrase.head.head == pronoun.head.head and pronoun.head.relation != "nmod:poss"
        if same_clause:
            return -1.0
        if back == 0 and phrase.head.head == pronoun.head.index:
            return -1.0
        score = 5.0 - back + (2.0 if phrase.is_subject else 0.0) + (1.5 if phrase.kind is Kind.PERSON else 0.0)
        if phrase.head.relation in ("nmod:poss", "compound", "amod", "nmod"):
            score -= 1.0
        if pronoun.words in PLURAL | NEUTRAL and back > 1:
            score -= 1.5
        if pronoun.words in PLURAL and phrase.kind is Kind.BODY:
            score -= 2.0
        if pronoun.words in NEUTRAL and phrase.kind is Kind.COUNTRY:
            score -= 0.5
        return score + 0.3 * phrase.span.start / max(1, pronoun.span.start)


def _is_of_a_body(phrase: Phrase) -> bool:
    return phrase.kind is Kind.ROLE and phrase.role is not None and phrase.role.kind in ("group", "affiliate")


def by_head(chains: Sequence[Sequence[Candidate]]) -> dict[int, Sequence[Candidate]]:
    """Each phrase's chain by where its head starts. A list has the head of its first member, which is another thing: left out."""
    return {phrase.head.span.start: chain for chain in chains for phrase in chain if not phrase.is_list}


def _is_acronym(short: str, long: str) -> bool:
    letters = "".join(w[0] for w in re.findall(r"[A-Za-z]+", long) if w[0].isupper())
    return len(short) >= 3 and short.isupper() and short == letters
