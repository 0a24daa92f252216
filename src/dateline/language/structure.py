"""The logical structure of a sentence, from its parse: who does what to whom, whatever the syntax.

Slots of a verb, or of an adjective or noun that is a predicate: `subj`, `obj`, `iobj` (passives turned round), `comp` (a
clause it governs), `attr` (what an adjective is said of), and the preposition of each oblique ("with", "against").
Slots of a noun: `poss`, `compound`, `amod`, `acl` (a clause that hangs from it), each preposition ("of", "by", "on"),
`object_of` and `subject_of` (the verb it belongs to), `of_clause` (the verb whose oblique it is).
Every filler says by which path it came; where
the tree has none, a verb's learnt ARG0 and ARG1 fill `subj` and `obj`. Relations are Universal Dependencies, English (EWT, GUM).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dateline.records import Filler, Link, Predicate, Sentence, Token

_RELATIVISERS = frozenset({"who", "which", "that", "whom", "whose"})
_CLAUSES = ("xcomp", "ccomp")
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})


def structure(sentence: Sentence) -> Sentence:
    """The sentence with its frames filled in."""
    return replace(sentence, frames=_Builder(sentence).frames())


def is_passive(sentence: Sentence, verb: Token) -> bool:
    """True for a verb with a passive auxiliary or subject, or a participle that hangs from a noun ("people detained on Sunday")."""
    relations = {c.relation for c in sentence.children(verb)}
    if relations & {"aux:pass", "nsubj:pass", "csubj:pass"}:
        return True
    return verb.xpos == "VBN" and verb.relation in {"acl", "amod"} and "aux" not in relations


class _Builder:
    """Fills frames in passes: what stands there, then clauses' missing subjects from the top of the tree down, then lists."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.children: list[list[Token]] = [[] for _ in self.tokens]
        for t in self.tokens:
            if t.head >= 0:
                self.children[t.head].append(t)
        self.slots: list[list[Filler]] = [[] for _ in self.tokens]

    def frames(self) -> tuple[tuple[Filler, ...], ...]:
        for t in self.tokens:
            self._fill_direct(t)
        for t in self._top_down():
            self._fill_missing_subject(t)
        for t in self.tokens:
            self._share_object(t)
        for p in self.sentence.predicates:
            self._fill_from_arguments(p)
        for t in self.tokens:
            self._add_conjuncts(t)
        return tuple(tuple(slots) for slots in self.slots)

    # ------------------------------------------------------------ what stands there

    def _fill_direct(self, token: Token) -> None:
        passive = self._is_passive(token)
        for child in self.children[token.index]:
            base = child.relation.split(":")[0]
            if child.relation == "nsubj:pass":
                self._put(token, "obj", child, Link.PASSIVE)
            elif base == "nsubj":
                # A verb can be tagged with a plain subject and still be passive: the auxiliary decides.
                self._put(token, "obj" if passive else "subj", child, Link.PASSIVE if passive else Link.DIRECT)
                if not passive and token.upos in {"ADJ", "NOUN", "PROPN"}:
                    self._put(token, "attr", child)
            elif base in {"obj", "iobj"}:
                self._put(token, base, child)
            elif base in _CLAUSES:
                self._put(token, "comp", child)
                self._raise_object(token, child)
            elif base in {"obl", "nmod"}:
                self._fill_oblique(token, child, passive=passive)
            elif base in {"compound", "amod", "acl", "nummod"} and child.relation != "compound:prt":
                self._put(token, base, child)
                if base == "amod" and child.upos in {"ADJ", "VERB"}:
                    self._put(child, "attr", token)
            elif base == "advcl" and child.relation != "advcl:relcl":
                for mark in self._markers(child):
                    self._put(token, mark, child)
        self._fill_upward(token)

    def _raise_object(self, token: Token, clause: Token) -> None:
        """ "urged *Putin* to push": a parser may hang the name from the infinitive; it is the upper verb's object."""
        marks = {c.text.lower() for c in self.children[clause.index] if c.relation == "mark"}
        if clause.xpos == "VB" and "to" in marks and token.upos == "VERB":
            for subject in self.children[clause.index]:
                if subject.relation in {"nsubj", "nsubj:pass"} and subject.index > token.index:
                    self._put(token, "obj", subject)

    def _fill_oblique(self, token: Token, child: Token, *, passive: bool) -> None:
        if child.relation == "nmod:poss":
            self._put(token, "poss", child)
            return
        markers = self._markers(child)
        for mark in markers:
            self._put(token, mark, child)
        if child.relation == "obl:agent" or (passive and "by" in markers and child.upos != "NUM"):
            self._put(token, "subj", child, Link.PASSIVE)
        if not markers:
            self._put(token, "unmarked", child)

    def _fill_upward(self, token: Token) -> None:
        """For a noun, the verb it belongs to."""
        if token.head < 0 or token.upos not in {"NOUN", "PROPN", "PRON", "NUM"}:
            return
        head = self.tokens[token.head]
        base = token.relation.split(":")[0]
        passive = self._is_passive(head)
        if base == "obj" or token.relation == "nsubj:pass" or (base == "nsubj" and passive):
            self._put(token, "object_of", head)
        elif base == "nsubj":
            self._put(token, "subject_of", head)
        elif base == "obl":
            self._put(token, "of_clause", head)

    def _markers(self, child: Token) -> list[str]:
        """Its prepositions or subordinators, lower case; "according to" is one."""
        marks = [c for c in self.children[child.index] if c.relation in {"case", "mark"}]
        words = []
        for mark in marks:
            fixed = [c.text.lower() for c in self.children[mark.index] if c.relation == "fixed"]
            words.append(" ".join([mark.text.lower(), *fixed]))
        return words

    # ------------------------------------------------------------ what the grammar leaves out

    def _fill_missing_subject(self, verb: Token) -> None:
        self._resolve_relativisers(verb)
        if verb.head < 0 or not self._is_predicate(verb):
            return
        head = self.tokens[verb.head]
        base = verb.relation.split(":")[0]
        passive = self._is_passive(verb)
        slot = "obj" if passive else "subj"
        if verb.relation == "acl:relcl":
            self._fill_gap(verb, head)
        elif base == "amod":
            # "jailed journalists", "striking miners"
            self._put(verb, "subj" if verb.xpos == "VBG" else "obj", head, Link.RELATIVE)
        elif base == "acl":
            self._fill_participle(verb, head)
        elif self._has(verb, slot):
            return
        elif base == "conj":
            self._inherit(verb, head, slot, Link.SHARED)
        elif base == "xcomp":
            if not self._copy(head, "obj", verb, slot, Link.CONTROL) and not self._copy(head, "iobj", verb, slot, Link.CONTROL):
                self._inherit(verb, head, slot, Link.CONTROL)
        elif base == "advcl" and verb.xpos == "VBG" and self._markers(verb) and self._markers(verb)[0] in {"of", "from", "with"}:
            # "accused the army of killing": the accused is who is said to have done it
            if not self._copy(head, "obj", verb, slot, Link.CONTROL) and not self._copy(head, "iobj", verb, slot, Link.CONTROL):
                self._inherit(verb, head, slot, Link.CONTROL)
        elif base in {"advcl", "parataxis"} and not self._has(verb, "subj") and verb.xpos in {"VBG", "VBN", "VB"}:
            # A finite clause has a subject of its own, even where the parser missed it ("fled after shelling killed four").
            self._inherit(verb, head, slot, Link.CONTROL)
        elif base == "ccomp" and verb.xpos == "VB":
            self._inherit(verb, head, slot, Link.CONTROL)

    def _inherit(self, verb: Token, head: Token, slot: str, link: Link) -> None:
        """The head's grammatical subject becomes this word's."""
        source = "obj" if self._is_passive(head) else "subj"
        self._copy(head, source, verb, slot, link)

    def _fill_gap(self, verb: Token, noun: Token) -> None:
        """A relative clause without a pronoun in the slot: the noun is its object ("the man police detained")."""
        if any(f.token == noun.index for f in self.slots[verb.index]):
            return
        if self._has(verb, "subj") and not self._has(verb, "obj") and not self._is_passive(verb):
            self._put(verb, "obj", noun, Link.RELATIVE)

    def _fill_participle(self, verb: Token, noun: Token) -> None:
        if self._is_passive(verb):
            if not self._has(verb, "obj"):
                self._put(verb, "obj", noun, Link.RELATIVE)
        elif verb.xpos == "VBG":
            if not self._has(verb, "subj"):
                self._put(verb, "subj", noun, Link.RELATIVE)
        elif not self._has(verb, "subj"):
            # "the parties' plan to protest", "announced a plan to protest"
            is_owned = self._copy(noun, "poss", verb, "subj", Link.CONTROL)
            if not is_owned and noun.relation == "obj":
                self._inherit(verb, self.tokens[noun.head], "subj", Link.CONTROL)

    def _resolve_relativisers(self, verb: Token) -> None:
        """ "who", "which", "that" in a relative clause stand for the noun that the clause hangs from."""
        clause = self._relative_clause_of(verb)
        if clause is None:
            return
        noun = clause.head
        resolved = []
        for f in self.slots[verb.index]:
            filler = self.tokens[f.token]
            if filler.text.lower() in _RELATIVISERS and filler.upos in {"PRON", "SCONJ", "DET"} and noun != verb.index:
                f = Filler(f.slot, noun, Link.RELATIVE)
            resolved.append(f)
        self.slots[verb.index] = resolved

    def _relative_clause_of(self, verb: Token) -> Token | None:
        """The relative clause's top verb that this verb is or is coordinated with."""
        node = verb
        for _ in range(6):
            if node.relation == "acl:relcl":
                return node
            if node.head < 0 or node.relation not in {"conj", "xcomp", "ccomp"}:
                return None
            node = self.tokens[node.head]
        return None

    def _share_object(self, verb: Token) -> None:
        """ "attacked and looted the shop": the first of two neighbouring verbs has the second's object."""
        if verb.relation != "conj" or verb.upos != "VERB" or verb.head < 0:
            return
        head = self.tokens[verb.head]
        between = self.tokens[head.index + 1 : verb.index]
        lacks_object = head.upos == "VERB" and not self._has(head, "obj") and not self._has(head, "comp")
        if lacks_object and not self._is_passive(head) and all(t.upos in {"CCONJ", "ADV", "PUNCT"} for t in between):
            self._copy(verb, "obj", head, "obj", Link.SHARED)

    def _fill_from_arguments(self, predicate: Predicate) -> None:
        """A verb's subject or object that the tree has no path to, from its learnt arguments; what the tree gives stands."""
        verb = self.tokens[predicate.token]
        if verb.upos != "VERB":
            return
        known = {f.token for f in self.slots[verb.index]} | {verb.index}
        for role in predicate.roles:
            slot = {"ARG0": "subj", "ARG1": "obj"}.get(role.label)
            filler = self.tokens[role.token]
            if slot is None or role.token in known or filler.upos not in _NOMINAL or filler.text.lower() in _RELATIVISERS:
                continue
            if not self._has(verb, slot) and not (slot == "obj" and self._has(verb, "comp")):
                self._put(verb, slot, filler, Link.ARGUMENT)

    def _add_conjuncts(self, token: Token) -> None:
        for f in list(self.slots[token.index]):
            if f.slot in {"object_of", "subject_of", "of_clause", "comp", "acl"}:
                continue
            for other in self._conjuncts(self.tokens[f.token]):
                if not any(g.token == other.index and g.slot == f.slot for g in self.slots[token.index]):
                    self.slots[token.index].append(Filler(f.slot, other.index, Link.CONJUNCT))
        if token.relation == "conj" and token.upos in {"NOUN", "PROPN"}:
            head = self.tokens[token.head]
            for f in self.slots[head.index]:
                if f.slot in {"object_of", "subject_of", "of_clause"} and not self._has(token, f.slot):
                    self.slots[token.index].append(Filler(f.slot, f.token, Link.SHARED))

    def _conjuncts(self, token: Token) -> Iterable[Token]:
        return (c for c in self.children[token.index] if c.relation == "conj" and c.upos in {"NOUN", "PROPN", "PRON", "NUM", "ADJ"})

    # ------------------------------------------------------------ small facts

    def _is_predicate(self, token: Token) -> bool:
        if token.upos == "VERB":
            return True
        return any(c.relation in {"cop", "nsubj", "nsubj:pass"} for c in self.children[token.index]) or (
            token.upos in {"ADJ", "NOUN"} and token.relation in {"xcomp", "acl:relcl", "advcl", "conj", "ccomp"}
        )

    def _is_passive(self, token: Token) -> bool:
        relations = {c.relation for c in self.children[token.index]}
        if relations & {"aux:pass", "nsubj:pass", "csubj:pass"}:
            return True
        # Taggers take a bare participle for a past: "was pulled out and killed".
        is_participle = token.xpos == "VBN" or (token.xpos == "VBD" and token.relation == "conj")
        if not is_participle or relations & {"aux", "nsubj"}:
            return False
        if token.relation in {"acl", "amod", "advcl"}:
            return "obj" not in relations
        # "was attacked and burnt down": the second participle has no auxiliary of its own.
        return token.relation == "conj" and token.head >= 0 and "obj" not in relations and self._is_passive(self.tokens[token.head])

    def _top_down(self) -> list[Token]:
        order: list[Token] = []
        waiting = [t for t in self.tokens if t.head < 0]
        while waiting:
            node = waiting.pop(0)
            order.append(node)
            waiting.extend(self.children[node.index])
        return order

    def _has(self, token: Token, slot: str) -> bool:
        return any(f.slot == slot for f in self.slots[token.index])

    def _put(self, token: Token, slot: str, filler: Token, link: Link = Link.DIRECT) -> None:
        new = Filler(slot, filler.index, link)
        if new not in self.slots[token.index]:
            self.slots[token.index].append(new)

    def _copy(self, source: Token, slot: str, target: Token, as_slot: str, link: Link) -> bool:
        """Copy what fills a slot to another word's slot; True if there was something."""
        found = [f for f in self.slots[source.index] if f.slot == slot and f.token != target.index]
        for f in found:
            self._put(target, as_slot, self.tokens[f.token], link)
        return bool(found)
