"""Whether the text says it happened: cues on the event's word, and on the words that govern it, up the tree.

The cue tables are knowledge/cues/status.yaml. The strongest kind of cue wins: denied, then conditional, alleged, planned; where
there is no cue the event is asserted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dateline.events.triggers import is_passive
from dateline.knowledge.cues import Cues
from dateline.records import READ, FactualityKind, Sentence, Status, StatusValue, Token

_STRENGTH = {"denied": 3, "conditional": 2, "alleged": 1, "planned": 0}
_HIGHEST = 8
"""Governors looked at above the word; sentences nest no deeper in news."""


@dataclass(frozen=True)
class Cue:
    """A word that moves the event to a status. `is_frame`: it makes the whole clause a condition, negations and all."""

    value: str
    token: Token
    is_frame: bool = False

    @property
    def strength(self) -> int:
        return 4 if self.is_frame else _STRENGTH[self.value]


def find_status(
    sentence: Sentence, token: Token, cues: Cues, *, own: str | None = None, carriers: frozenset[int] = frozenset()
) -> Status:
    """The status of the event that the token names.

    `own` is a status the lexicon entry itself carries; "asserted" there means that the negation or modal is part of the act ("will
    not give in"). `carriers` are the other words of the trigger's phrase: what negates them negates the event ("opened no fire").
    """
    if own == StatusValue.ASSERTED:
        return Status(StatusValue.ASSERTED)
    found = list(find_cues(sentence, token, cues, carriers))
    if own:
        found.append(Cue(own, token))
    found = found or list(_learnt_negations(sentence, token, cues))
    found = [cue for cue in found if cue.token is token or cue.token.index not in carriers]  # "a vote of no confidence"
    if not found:
        return Status(StatusValue.ASSERTED)
    best = max(found, key=lambda c: c.strength)
    if best.value == StatusValue.ALLEGED:  # "allegedly plotted to bomb": that they planned it is alleged, and nothing was bombed
        best = next((c for c in found[: found.index(best)] if c.value == StatusValue.PLANNED), best)
    return Status(StatusValue(best.value), best.token.span, READ)


def _learnt_negations(sentence: Sentence, token: Token, cues: Cues) -> Iterator[Cue]:
    """What the reader itself takes for a negation of the event, whatever the tree looks like.

    Asked only where the tree shows no cue at all: one wrong arc ("has not imposed sanctions" read as a noun phrase) must not turn
    what did not happen into what did. Only words that the tables know as negations count: the reader takes more for one ("was
    halted"). Its other kinds of cue are not asked, they lose more than they win (decision 0014).
    """
    for cue in (c for p in sentence.predicates if p.token == token.index for c in p.cues):
        word = sentence.tokens[cue.token]
        form, lemma = word.text.lower(), word.lemma.lower()
        is_known = form in cues.negators | cues.nobody or lemma in cues.zero or cues.governors.get(lemma) == StatusValue.DENIED
        if cue.kind is FactualityKind.NEGATION and is_known and word is not token:
            yield Cue("denied", word)


def find_cues(sentence: Sentence, token: Token, cues: Cues, carriers: frozenset[int] = frozenset()) -> tuple[Cue, ...]:
    """Every cue whose scope the word is in, nearest first. None: an empty tuple. `carriers` as in `find_status`."""
    return tuple(_Finder(sentence, cues).cues_of(token, carriers))


class _Finder:
    """Cues of one sentence's words."""

    def __init__(self, sentence: Sentence, cues: Cues) -> None:
        self.sentence = sentence
        self.cues = cues

    def cues_of(self, token: Token, carriers: frozenset[int]) -> Iterator[Cue]:
        for index in sorted({token.index, *carriers}):
            yield from self._on_word(self.sentence.tokens[index])
        yield from self._on_parties(token)
        yield from self._above(token)
        yield from self._question(token)
        yield from (Cue("alleged", t) for t in self.sentence.tokens if t.lemma.lower() in self.cues.unverified)

    # ------------------------------------------------------------ on the word itself

    def _on_word(self, token: Token) -> Iterator[Cue]:
        """Negation, modals, adverbs, adjectives and subordinators that hang from the word."""
        children = self.sentence.children(token)
        condition = next((c for c in children if self._is_condition(c)), None)
        for child in children:
            yield from self._negation(child)
            yield from self._modal(token, child, has_condition=condition is not None)
            yield from self._modifier(token, child)
            yield from self._subordinator(token, child)
        yield from self._is_to(token)
        yield from self._scheduled(token)
        yield from self._inversion(token)
        if condition is not None and token.xpos in {"VB", "VBP", "VBZ"} and not any(c.relation == "aux" for c in children):
            yield Cue("conditional", condition)

    def _negation(self, child: Token) -> Iterator[Cue]:
        form = child.text.lower()
        if (
            child.relation in {"advmod", "det", "cc", "mark", "case"}
            and form in self.cues.negators
            and not self._is_not_only(child)
        ) or (child.relation in {"nummod", "det"} and child.lemma.lower() in self.cues.zero):
            yield Cue("denied", child)

    def _modal(self, token: Token, child: Token, *, has_condition: bool) -> Iterator[Cue]:
        form, lemma = child.text.lower(), child.lemma.lower()
        value = self.cues.modals.get(form) or self.cues.modals.get(lemma)
        if child.relation != "aux" or value is None:
            return
        perfect = any(c.relation == "aux" and c.text.lower() == "have" for c in self.sentence.children(token))
        if has_condition or (perfect and value != "conditional" and form not in {"will", "'ll"}):
            yield Cue("conditional", child)  # "should have been arrested": what was not done
        elif form in self.cues.backshifted and self._is_reported(token):
            yield Cue("planned", child)  # a future as it is told later, not a condition
        else:
            yield Cue(value, child)

    def _modifier(self, token: Token, child: Token) -> Iterator[Cue]:
        form, lemma = child.text.lower(), child.lemma.lower()
        if child.relation == "advmod" and form in self.cues.adverbs and token.upos != "NUM":
            yield Cue(self.cues.adverbs[form], child)
        elif child.relation in {"amod", "compound"}:
            value = self.cues.adjectives.get(lemma) or self.cues.adjectives.get(form)
            if value is not None and not (value == "planned" and self._was_carried_out(token)):
                yield Cue(value, child)

    def _subordinator(self, token: Token, child: Token) -> Iterator[Cue]:
        form = child.text.lower()
        if child.relation != "mark":
            return
        if form in self.cues.conditionals and (token.relation == "advcl" or form in {"if", "whether"}):
            yield Cue("conditional", child, is_frame=True)
        elif form == "due" or (form in self.cues.until and token.relation == "advcl" and token.xpos in {"VBZ", "VBP", "VB", "VBG"}):
            yield Cue("planned", child)

    def _inversion(self, token: Token) -> Iterator[Cue]:
        """ "Had the police not fired, nobody would have died": an auxiliary before its subject opens a condition."""
        children = self.sentence.children(token)
        auxiliary = next((c for c in children if c.relation == "aux" and c.text.lower() in {"had", "were", "should"}), None)
        subject = next((c for c in children if c.relation.startswith("nsubj")), None)
        if auxiliary and subject and token.relation == "advcl" and auxiliary.index < subject.index:
            yield Cue("conditional", auxiliary, is_frame=True)

    def _is_to(self, token: Token) -> Iterator[Cue]:
        """ "The minister is to visit Cairo"; "was to have met the queen" says that he did not."""
        children = self.sentence.children(token)
        be = next(
            (c for c in children if c.lemma.lower() == "be" and c.relation in {"aux", "cop"} and c.xpos in {"VBZ", "VBP", "VBD"}),
            None,
        )
        to = next((c for c in children if c.relation == "mark" and c.text.lower() == "to"), None)
        if be is None or to is None or be.index > to.index:
            return
        perfect = any(c.relation == "aux" and c.text.lower() == "have" for c in children)
        yield Cue("denied" if perfect else "planned", be)

    def _scheduled(self, token: Token) -> Iterator[Cue]:
        """A present that is told of a day to come: "are striking next Monday", "meets tomorrow"."""
        auxiliaries = [c for c in self.sentence.children(token) if c.relation in {"aux", "aux:pass", "cop"}]
        is_present = token.xpos in {"VBZ", "VBP"} or (token.xpos in {"VBG", "VBN"} and bool(auxiliaries))
        if not is_present or not all(a.xpos in {"VBZ", "VBP"} and a.lemma.lower() == "be" for a in auxiliaries):
            return
        for child in self.sentence.children(token):
            if child.relation.split(":")[0] in {"obl", "advmod"}:
                words = (child, *(c for c in self.sentence.children(child) if c.relation == "amod"))
                yield from (Cue("planned", w) for w in words if w.text.lower() in self.cues.to_come)

    def _is_reported(self, token: Token) -> bool:
        node = token
        while node.head >= 0:
            parent = self.sentence.tokens[node.head]
            if node.relation.split(":")[0] in {"ccomp", "parataxis"} and parent.lemma.lower() in self.cues.reporting:
                return True
            node = parent
        return any(c.relation == "parataxis" and c.lemma.lower() in self.cues.reporting for c in self.sentence.children(node))

    def _is_condition(self, token: Token) -> bool:
        """True for an adverbial clause with "if" and its kin, written out or by inversion ("were the union to strike")."""
        if token.relation != "advcl":
            return False
        marks = {c.text.lower() for c in self.sentence.children(token) if c.relation == "mark"}
        return bool(marks & {"if", "unless", "provided", "lest"})

    def _is_not_only(self, negator: Token) -> bool:
        after = self.sentence.tokens[negator.index + 1 : negator.index + 2]
        return any(t.text.lower() in {"only", "just", "least", "later", "merely", "simply"} for t in after)

    def _was_carried_out(self, noun: Token) -> bool:
        """True for a planned thing that a past verb then says took place ("went ahead with a planned strike")."""
        if noun.head < 0:
            return False
        verb = self.sentence.tokens[noun.head]
        carried = self.cues.light_object | self.cues.happening | self.cues.transparent
        return verb.xpos == "VBD" and verb.lemma.lower() in carried and verb.lemma.lower() not in self.cues.governors

    # ------------------------------------------------------------ on the parties

    def _on_parties(self, token: Token) -> Iterator[Cue]:
        """ "Nobody was arrested", "arrested no protesters", "none of the miners struck", "not a single worker"."""
        for slot in ("subj", "obj"):
            fillers = self.sentence.fillers(token, slot)
            cues = [self._denial_on(f) for f in fillers]
            if cues and all(cues):  # "nine people, none of them students": some were
                yield from (Cue("denied", word) for word in cues if word is not None)

    def _denial_on(self, filler: Token) -> Token | None:
        if filler.lemma.lower() in self.cues.nobody or filler.text.lower() in self.cues.nobody:
            return filler
        for child in self.sentence.children(filler):
            form = child.text.lower()
            if child.relation in {"det", "nummod"} and (form in {"no", "neither"} or child.lemma.lower() in self.cues.zero):
                return child
            if child.relation == "advmod" and (form == "not" or form in self.cues.nobody) and not self._is_not_only(child):
                return child
        return None

    # ------------------------------------------------------------ on the words above

    def _above(self, token: Token) -> Iterator[Cue]:
        """Cues on the governors of the word, upwards until a clause that stands on its own."""
        node = token
        for _ in range(_HIGHEST):
            if node.head < 0:
                return
            parent = self.sentence.tokens[node.head]
            base = node.relation.split(":")[0]
            if base == "conj":
                yield from self._shared(node, parent)
                if node.upos == "VERB" and self._has_own_clause(node):
                    return
            elif self._is_free_relative(node, parent):
                yield Cue("conditional", parent)
                return
            elif node.relation == "acl:relcl" and not self._is_content_clause(node):
                return
            elif base == "nmod" and parent.lemma.lower() in self.cues.answered_for and "for" in self._marks(node):
                return  # "nobody claimed responsibility for the bombing": the bombing was done
            else:
                yield from self._by_governor(node, parent, base)
                if base == "acl" and node.xpos == "VBG" and parent.head >= 0 and parent.relation in {"obj", "nsubj:pass"}:
                    # "accused the officer of torturing": a parser may hang the charge from the accused
                    yield from self._by_governor(node, self.sentence.tokens[parent.head], "advcl")
                if not self._carries(node, parent, base):
                    return
                yield from self._on_carrier(node, parent, base)
            node = parent

    def _shared(self, node: Token, parent: Token) -> Iterator[Cue]:
        """A coordinated verb without auxiliary or subject of its own shares the first one's ("will march and strike")."""
        own = {c.relation.split(":")[0] for c in self.sentence.children(node)}
        if own & {"aux", "nsubj"}:
            return
        if node.upos == "VERB" and node.xpos == parent.xpos and node.xpos in {"VB", "VBN", "VBG", "VBP"}:
            yield from self._on_word(parent)
        elif node.upos == "NOUN":
            yield from (c for c in self._on_word(parent) if c.token.relation in {"det", "amod"})

    def _has_own_clause(self, node: Token) -> bool:
        return any(c.relation.split(":")[0] in {"nsubj", "aux"} for c in self.sentence.children(node)) or node.xpos in {
            "VBD",
            "VBZ",
        }

    def _is_free_relative(self, node: Token, parent: Token) -> bool:
        """ "Whoever attacks the convoy": anybody, nobody in particular."""
        return node.relation == "acl:relcl" and parent.text.lower() in {"whoever", "whatever", "anyone", "anybody", "those who"}

    def _is_content_clause(self, node: Token) -> bool:
        """True for a clause that says what a report, rumour or claim says ("a report that troops attacked")."""
        marked = any(c.relation == "mark" and c.text.lower() == "that" for c in self.sentence.children(node))
        parent = self.sentence.tokens[node.head]
        return marked and (parent.lemma.lower() in self.cues.reporting_nouns or parent.lemma.lower() in self.cues.governors)

    def _by_governor(self, node: Token, parent: Token, base: str) -> Iterator[Cue]:
        """What the governing word itself does to the event ("plan to", "denied that", "allegations of")."""
        lemma = parent.lemma.lower()
        marks = self._marks(node)
        negated = self._is_negated(parent)
        if base in {"nsubj", "csubj", "ccomp"} and lemma in self.cues.truth:
            # "it is not true that", "reports … could not be confirmed"
            kind = self.cues.truth[lemma]
            if kind == "denied" or negated:
                yield Cue("alleged" if kind == "verified" else "denied", parent)
            return
        if lemma == "go" and parent.xpos == "VBG" and base == "xcomp":
            yield Cue("planned", parent)
            return
        if lemma == "yet" and base == "xcomp":
            yield Cue("planned", parent)
            return
        if base == "ccomp" and parent.text.lower() in self.cues.conditionals and parent.relation == "advcl":
            yield Cue("conditional", parent, is_frame=True)  # "provided that the hostages are freed"
            return
        if base == "ccomp" and lemma in self.cues.lingering:
            subjects = self.sentence.fillers(parent, "subj")
            values = ((s, self.cues.governors.get(s.lemma.lower())) for s in subjects)
            yield from (Cue(value, s) for s, value in values if value is not None)  # "doubts remain that"
            return
        if lemma == "have" and base == "xcomp":
            yet = next((c for c in self.sentence.children(parent) if c.text.lower() == "yet"), None)
            if yet is not None:
                yield Cue("planned", yet)
            return
        if lemma == "stop" and base in {"advcl", "xcomp", "obl"} and marks & {"from", "of"}:
            yield Cue("denied", parent)
            return
        if lemma in self.cues.hearsay and base == "xcomp" and is_passive(self.sentence, parent):
            yield Cue("alleged", parent)  # "is said to have met"
            return
        value = self._governor_value(parent)
        if value is None or not self._reaches(node, base, marks, value):
            return
        if lemma in self.cues.reporting and base == "ccomp":
            yield from self._by_report(node, parent, lemma, value)
            return
        if lemma in self.cues.reporting and base in {"obj", "obl"} and value != "denied" and lemma not in self.cues.plans_nouns:
            return
        if lemma in self.cues.under_way and base == "obj" and parent.xpos != "VBG":
            return  # "organised a march" did; "are organising a march" will
        if negated:
            # A denied denial is left alone ("did not call off the strike"), a denied plan is no event.
            if value != "denied":
                yield Cue("denied", parent)
            return
        yield Cue(value, parent)

    def _governor_value(self, parent: Token) -> str | None:
        lemma = parent.lemma.lower()
        for child in self.sentence.children(parent):
            if child.relation in {"compound:prt", "advmod", "xcomp"}:
                value = self.cues.governors.get(f"{lemma} {child.text.lower()}")
                if value is not None:
                    return value
        if parent.relation in {"advmod", "xcomp"} and parent.head >= 0:
            above = self.sentence.tokens[parent.head]
            value = self.cues.governors.get(f"{above.lemma.lower()} {parent.text.lower()}")  # "stopped *short* of firing"
            if value is not None:
                return value
        return self.cues.governors.get(lemma)

    def _reaches(self, node: Token, base: str, marks: set[str], value: str) -> bool:
        """True when the event stands where the governor's effect falls: its complement, its object, the passive's subject."""
        if base in {"nsubj", "csubj"}:
            return node.relation.endswith(":pass") or node.relation == "csubj"
        if base == "advcl" and value == "planned" and node.xpos == "VB" and "to" in marks:
            # "called *on Norway* to send food": a parser hangs what is asked for beside whom it is asked of
            asked = (c for c in self.sentence.children(self.sentence.tokens[node.head]) if c.relation.split(":")[0] == "obl")
            return any(self._marks(c) & {"on", "upon", "to", "with"} for c in asked if c.index < node.index)
        if base == "advcl":
            return bool(marks & {"of", "from", "with", "about", "against"}) and value in {"alleged", "denied", "planned"}
        if base == "nmod":
            return bool(marks & {"of", "for", "to", "on", "about", "against"})
        if base == "obl":
            return bool(marks & {"for", "to", "from", "against", "of", "with"})
        return True

    def _by_report(self, node: Token, parent: Token, lemma: str, value: str) -> Iterator[Cue]:
        """ "Said/warned/agreed that …" reports; doubting and denying words and bare subjunctives change what is reported."""
        if lemma in self.cues.denying:
            if not self._is_negated(parent):
                yield Cue("denied", parent)
        elif lemma in self.cues.doubting or value == "alleged":
            yield Cue("alleged", parent)
        elif node.xpos == "VB" and not any(c.relation == "aux" for c in self.sentence.children(node)):
            yield Cue("planned", parent)  # "demanded that the president resign", "promised to leave"

    def _marks(self, node: Token) -> set[str]:
        return {c.text.lower() for c in self.sentence.children(node) if c.relation in {"mark", "case"}}

    def _is_negated(self, token: Token) -> bool:
        return any(
            c.relation in {"advmod", "det"} and c.text.lower() in self.cues.negators for c in self.sentence.children(token)
        ) or any(self._denial_on(f) is not None for f in self.sentence.fillers(token, "subj")[:1])

    def _carries(self, node: Token, parent: Token, base: str) -> bool:
        """True if what happens to the parent happens to the event: it only carries it ("held", "began to", "part of")."""
        lemma = parent.lemma.lower()
        if base in {"xcomp", "compound", "appos"}:
            return True
        if base == "ccomp":
            return parent.upos == "NOUN"
        if base == "advcl":
            return self._is_loose_clause(node)
        if base == "obj" or node.relation.endswith(":pass"):
            return lemma in self.cues.transparent or lemma in self.cues.light_object or lemma in self.cues.governors
        if base == "nsubj":
            return lemma in self.cues.transparent or lemma in self.cues.happening or lemma in self.cues.truth
        if base == "obl":
            return lemma in self.cues.light_oblique
        if base == "nmod":
            carrying = lemma in self.cues.governors or lemma in self.cues.parts or lemma in self.cues.reporting_nouns
            return parent.upos == "NOUN" and carrying
        if base == "acl":
            return lemma in self.cues.governors or lemma in self.cues.reporting_nouns
        return False

    def _is_loose_clause(self, node: Token) -> bool:
        """An infinitive or participle shares the fate of its verb ("will meet to discuss", "did not come, fearing arrest")."""
        return node.xpos == "VBG" or (node.xpos == "VB" and "to" in self._marks(node))

    def _on_carrier(self, node: Token, parent: Token, base: str) -> Iterator[Cue]:
        """Modals, negation and conditions on a word that carries the event."""
        if self.cues.governors.get(parent.lemma.lower()) == "denied" and base in {"xcomp", "obj", "acl", "nmod", "nsubj"}:
            return
        yield from self._on_word(parent)
        if base in {"obj", "xcomp", "advcl"} or node.relation.endswith(":pass"):
            yield from (c for c in self._on_parties(parent) if c.token.index != node.index)

    # ------------------------------------------------------------ questions

    def _question(self, token: Token) -> Iterator[Cue]:
        """A direct question asks; it does not say. Questions for who, when, where and why take the event as given."""
        last = self.sentence.tokens[-1]
        if "?" not in {t.text for t in self.sentence.tokens[-2:]}:
            return
        top = token
        while top.head >= 0 and top.relation.split(":")[0] in {"conj", "xcomp", "obj", "obl", "nsubj", "nmod"}:
            top = self.sentence.tokens[top.head]
        asks_more = any(t.xpos in {"WRB", "WP", "WDT"} for t in self.sentence.children(top))
        if top.head < 0 and not asks_more:
            yield Cue("conditional", last)
