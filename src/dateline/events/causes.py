"""What a protest or a request is about and what it calls for: its own words, verbs beside it, slogans, later sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from dateline.events.cast import Cast
from dateline.events.triggers import Trigger, light_verbs
from dateline.knowledge.cues import Cues
from dateline.knowledge.protests import ProtestKnowledge
from dateline.records import READ, Actor, Demand, How, Issue, Origin, Participant, Sentence, Span, Stance, Token

CALLED = Origin(How.READ, "named before the word")
SLOGAN = Origin(How.READ, "a slogan")
SET_OFF = Origin(How.INFERRED, "what set it off")
BY_DEMAND = Origin(How.INFERRED, "what the demand is about")
TOLD_LATER = "told of it in a later sentence"

T = TypeVar("T", Issue, Demand)


@dataclass(frozen=True)
class Causes:
    """Issues and demands, each in the order they were found; nothing told: both empty."""

    issues: tuple[Issue, ...] = ()
    demands: tuple[Demand, ...] = ()


@dataclass(frozen=True)
class _About:
    """Where to look: a sentence, the words of the event in it (`anchors`), and the heads of those who act (`doers`)."""

    sentence: Sentence
    anchors: frozenset[int]
    doers: frozenset[int]
    own: Token | None = None
    """The event's own word; None in a sentence that only goes on about it."""


def find_causes(
    trigger: Trigger,
    actors: Sequence[Participant],
    recipients: Sequence[Participant],
    following: Sequence[Sentence],
    cast: Cast,
    cues: Cues,
    protests: ProtestKnowledge,
) -> Causes:
    """What the event of the trigger is about and calls for; another type of event, or nothing told: empty.

    `following` are the document's sentences behind it, nearest first. What later sentences tell is taken only where its own tells
    nothing of the kind, and says so. Knowledge: ontology/issues.yaml, ontology/demands.yaml, cues/protest.yaml.
    """
    kind = trigger.entry.type
    if kind not in protests.cues.types:
        return Causes()
    reader = _Reader(cast, protests)
    sentence = trigger.sentence
    doers = frozenset(
        head.index
        for p in actors
        if p.span is not None and sentence.span.contains(p.span) and (head := sentence.head_of(p.span)) is not None
    )
    anchors = {*trigger.words}
    if trigger.part == "noun":
        anchors |= {t.index for t in _fellows(sentence, trigger.token) if t.lemma.lower() in protests.cues.before_nouns}
        anchors |= {v.index for v in light_verbs(sentence, trigger.token, cues)}
        anchors |= {v.index for v in sentence.fillers(trigger.token, "subject_of")}
    about = _About(sentence, frozenset(anchors), doers, trigger.token)
    if kind == "REQUEST":
        return reader.with_issues(Causes((), tuple(_without_repeats(reader.requested(trigger, actors, recipients)))))
    found = reader.with_issues(reader.read(about))
    names = {p.actor for p in actors}
    for later in following[: protests.cues.later]:
        if (found.issues and found.demands) or later.block > sentence.block + 1:
            break
        more = reader.read(reader.goes_on(later, names))
        issues = [i for i in more.issues if i.issue is not None]  # this far from the event a class must speak for it
        demands = [d for d in more.demands if d.demand is not None]
        found = Causes(found.issues or tuple(_as_later(issues)), found.demands or tuple(_as_later(demands)))
        found = reader.with_issues(found)
    return found


def _as_later(found: Sequence[T]) -> Iterator[T]:
    return (replace(f, origin=Origin(How.INFERRED, TOLD_LATER)) for f in found)


@dataclass(frozen=True)
class _Reader:
    """Reads causes off sentences, with the cast and the tables at hand."""

    cast: Cast
    protests: ProtestKnowledge

    # ------------------------------------------------------------ a sentence

    def read(self, about: _About) -> Causes:
        """Issues and demands that the sentence ties to the event, by its own word first, then left to right."""
        if not about.anchors and not about.doers:
            return Causes()
        issues = [*self._named(about), *self._by_prepositions(about), *self._sparked(about)]
        demands = list(self._wanted_by_prepositions(about))
        for verb in about.sentence.tokens:
            if verb.upos in {"VERB", "ADJ", "NOUN"} and self._belongs(verb, about):
                issues += self._opposed(verb, about)
                demands += self._demanded(verb, about)
                said = self._chanted(verb, about)
                issues, demands = [*issues, *said.issues], [*demands, *said.demands]
        return Causes(tuple(_without_repeats(issues)), tuple(_without_repeats(demands)))

    def goes_on(self, sentence: Sentence, actors: set[Actor]) -> _About:
        """What in a later sentence stands for the event ("the strike", "the march") and for those who act in it ("they")."""
        cues = self.protests.cues
        anchors, doers = set(), set()
        for token in sentence.tokens:
            is_subject = token.relation.split(":")[0] == "nsubj" or (token.relation == "obl" and _has_case(sentence, token, "by"))
            mention = self.cast.mention_at(sentence, token)
            is_crowd = token.lemma.lower() in cues.themselves and (mention is None or mention.actor.is_group)
            if (mention is not None and mention.actor in actors) or (is_subject and is_crowd):
                doers.add(token.index)
            elif is_subject and token.lemma.lower() in cues.before_nouns | cues.demand_nouns:
                anchors |= {token.index, *([token.head] if token.head >= 0 else [])}
        return _About(sentence, frozenset(anchors), frozenset(doers))

    def with_issues(self, found: Causes) -> Causes:
        """The same, with the issues that the demands are about where the words fall in a class not yet told."""
        issues = list(found.issues)
        for demand in found.demands:
            given = next((c.issue for c in self.protests.demands if c.id == demand.demand), None)
            name = given or self._issue_in(demand.span)
            if name is not None and all(i.issue != name for i in issues):
                issues.append(Issue(name, demand.span, demand.cue, None, BY_DEMAND))
        return Causes(tuple(issues), found.demands)

    # ------------------------------------------------------------ by its own words

    def _named(self, about: _About) -> Iterator[Issue]:
        """ "a *pay* strike", "*anti-war* marchers", "*climate* protests": words before the event's noun, or its actors'."""
        sentence, cues = about.sentence, self.protests.cues
        for index in sorted({*about.doers, *about.anchors}):
            noun = sentence.tokens[index]
            if noun.upos not in {"NOUN", "PROPN"}:
                continue
            before = [
                c for c in sentence.children(noun) if c.index < index and c.relation.split(":")[0] in {"compound", "amod", "nmod"}
            ]
            yield from self._prefixed(sentence, noun, before)
            if noun.lemma.lower() not in cues.before_nouns:
                continue
            for word in (w for w in before if index in about.anchors or w.relation == "compound"):
                name = self._class([word], word, strong=True) if word.lemma.lower() not in cues.not_named else None
                if name is not None and self.cast.mention_at(sentence, word) is None:
                    yield Issue(name, word.span, None, None, CALLED)

    def _prefixed(self, sentence: Sentence, noun: Token, before: Sequence[Token]) -> Iterator[Issue]:
        """ "anti-government", in one token or three; the prefix is the cue."""
        cues = self.protests.cues
        start = min((min(t.index for t in sentence.subtree(c)) for c in before), default=noun.index)
        run = sentence.tokens[start : noun.index + 1]
        for place, token in enumerate(run):
            prefix, dash, rest = token.text.partition("-")
            stance = cues.prefixes.get(prefix.lower())
            if stance is None:
                continue
            cue = Span(token.span.start, token.span.start + len(prefix))
            if dash and rest:
                word = Span(token.span.start + len(prefix) + 1, token.span.end)
                name = self._class([replace(token, lemma=rest.lower(), text=rest)], token)
                yield Issue(name, word, cue, stance)
            elif not dash and place + 2 < len(run) and run[place + 1].text in {"-", "–"}:
                yield Issue(self._class([run[place + 2]], run[place + 2]), run[place + 2].span, cue, stance)

    def _by_prepositions(self, about: _About) -> Iterator[Issue]:
        """ "over unpaid wages", "against the war", "in protest at the cuts", "after a death in custody"."""
        for cue, stance, token in self._obliques(about):
            span = self._phrase(about.sentence, token)
            name = self._issue_of(about.sentence, token, span)
            word = cue.of_words
            if word in self.protests.cues.after and not self._is_set_off(token):
                continue
            if name is None and word not in {"against", "over", "about"}:
                continue
            if self._is_side(about, token, name):
                continue
            origin = SET_OFF if word in self.protests.cues.after else READ
            yield Issue(name, span, cue.span, stance, origin)

    def _sparked(self, about: _About) -> Iterator[Issue]:
        """ "*his death in custody* sparked protests", "protests triggered by *the ruling*"."""
        sentence, cues = about.sentence, self.protests.cues
        if about.own is None:
            return
        held = sentence.fillers(about.own, "object_of")
        participles = tuple(c for c in sentence.fillers(about.own, "acl") if c.xpos == "VBN")
        for verb in (v for v in (*held, *participles) if v.lemma.lower() in cues.sparking):
            for token in sentence.fillers(verb, "subj"):
                span = self._phrase(sentence, token)
                name = self._issue_of(sentence, token, span)
                if name is not None and token.index not in about.anchors:
                    yield Issue(name, span, verb.span, None, SET_OFF)

    def _wanted_by_prepositions(self, about: _About) -> Iterator[Demand]:
        """ "marched *for* the release of …", "a strike *for* better pay": what follows is wanted, if it is such a thing."""
        for cue, _, token in self._obliques(about):
            if cue.of_words not in self.protests.cues.wanted:
                continue
            span = self._phrase(about.sentence, token)
            name = self._class(_tokens(about.sentence, span), self._weightiest(about.sentence, token), table="demands")
            if name is not None and (
                token.lemma.lower() in self.protests.demand_words.single or " " in span_words(about.sentence, span)
            ):
                yield Demand(name, span, cue.span, self._asked(about.sentence, token))

    def _obliques(self, about: _About) -> Iterator[tuple[_Cue, Stance | None, Token]]:
        """Every phrase that a preposition of the table ties to the event's words, with its cue and stance."""
        sentence, cues = about.sentence, self.protests.cues
        own = about.own if about.own is not None and about.own.upos == "VERB" else None
        blocked = (
            {t.index for t in sentence.fillers(own, "obj")} if own is not None else set()
        )  # "blocked *a road* over power cuts"
        for index in sorted({*about.anchors, *blocked}):
            anchor = sentence.tokens[index]
            if own is None and any(c.relation == "cop" for c in sentence.children(anchor)):  # "the strike is *over pay*"
                for case in (c for c in sentence.children(anchor) if c.text.lower() in cues.prepositions):
                    yield _Cue(case.text.lower(), case.span), cues.prepositions[case.text.lower()], anchor
            for words, stance in (*cues.prepositions.items(), *((w, None) for w in cues.after)):
                for token, cue in _behind(about, anchor, words):
                    is_thing = token.upos in {"NOUN", "PROPN", "VERB", "PRON"} and token.index not in about.anchors
                    if is_thing and about.own not in _fellows(sentence, token) and not self._is_time_or_number(sentence, token):
                        yield _Cue(words, cue), stance, token

    # ------------------------------------------------------------ by the verbs beside it

    def _belongs(self, verb: Token, about: _About) -> bool:
        """Whether a verb, adjective or noun is the event's own: done by its actors, or hung from its words by no other clause."""
        sentence = about.sentence
        if verb.index in about.anchors:
            return True
        subjects = {t.index for t in sentence.fillers(verb, "subj", "attr")}
        if verb.upos in {"VERB", "ADJ"} and subjects & about.doers:
            return True
        bearers = {i for i in subjects if sentence.tokens[i].lemma.lower() in self.protests.cues.slogans.nouns}
        if subjects - about.doers - about.anchors - bearers and any(
            c.relation.startswith("nsubj") for c in sentence.children(verb)
        ):
            return False
        node = verb
        for _ in range(6):
            if node.head < 0:
                return False
            is_borne = node is verb and sentence.tokens[node.head].lemma.lower() in self.protests.cues.slogans.nouns
            if node.relation in {"ccomp", "acl:relcl"} and not is_borne and node.head not in about.anchors | about.doers:
                return False
            node = sentence.tokens[node.head]
            if node.index in about.anchors or node.index in about.doers:
                return True
            if node.upos == "VERB" and any(
                c.relation.startswith("nsubj") and c.index not in about.doers for c in sentence.children(node)
            ):
                return False
        return False

    def _opposed(self, verb: Token, about: _About) -> Iterator[Issue]:
        """ "to denounce the cuts", "supporting the miners", "angry at the ruling", "express anger over …", "to mark the day"."""
        sentence, cues = about.sentence, self.protests.cues
        word = verb.lemma.lower()
        leanings = (
            (cues.opposing | (cues.stopping if verb.xpos == "VB" else frozenset()), Stance.AGAINST),
            (cues.supporting, Stance.FOR),
            (cues.marking, None),
        )
        for words, stance in leanings if verb.upos == "VERB" else ():
            if word in words:
                for token in sentence.fillers(verb, "obj"):
                    yield from self._issue_on(about, token, verb, stance)
        if word in cues.opposing | cues.complaining and verb.upos == "VERB":
            for token in sentence.fillers(verb, "against", "over", "about"):
                if verb.index not in about.anchors:
                    yield from self._issue_on(about, token, verb, Stance.AGAINST)
        if word in cues.accusing and verb.upos == "VERB" and verb.index not in about.anchors:
            accused = [f for t in sentence.fillers(verb, "obj", "iobj") for f in sentence.fillers(t, "of", "for")]
            for token in (*sentence.fillers(verb, "of", "for", "comp"), *accused):
                span = self._phrase(sentence, token)
                name = self._issue_of(sentence, token, span)
                if name is not None:
                    yield Issue(name, span, verb.span, Stance.AGAINST)
        if word in cues.angry and (verb.upos == "ADJ" or verb.xpos == "VBN"):
            for token in sentence.fillers(verb, "at", "over", "about", "by", "with"):
                yield from self._issue_on(about, token, verb, Stance.AGAINST)
        if word in cues.showing and verb.upos == "VERB":
            for feeling in sentence.fillers(verb, "obj"):
                if feeling.lemma.lower() in cues.feelings:
                    stance = Stance.FOR if feeling.lemma.lower() in cues.fond else Stance.AGAINST
                    for token in sentence.fillers(feeling, "at", "over", "about", "with", "against", "for", "to", "of"):
                        yield from self._issue_on(about, token, feeling, stance)

    def _issue_on(self, about: _About, token: Token, cue: Token, stance: Stance | None) -> Iterator[Issue]:
        span = self._phrase(about.sentence, token)
        is_free = token.text.lower() == "what"  # "to protest *what they called poor funding*"
        if is_free:
            tokens = [t for t in about.sentence.subtree(token) if t.upos != "PUNCT"]
            span = Span(tokens[0].span.start, tokens[-1].span.end)
        name = self._issue_of(about.sentence, token, span)
        is_named = (is_free or token.upos in {"NOUN", "PROPN"}) and not self._is_time_or_number(about.sentence, token)
        is_named = is_named and token.index not in about.anchors
        if is_named and not self._is_side(about, token, name) and token.index not in about.doers:
            yield Issue(name, span, cue.span, stance)

    def _demanded(self, verb: Token, about: _About) -> Iterator[Demand]:
        """ "demanding higher pay", "to call for an inquiry", "called on the mayor to resign", "want the law scrapped"."""
        sentence, cues = about.sentence, self.protests.cues
        word = verb.lemma.lower()
        if verb.upos == "NOUN":
            if word in cues.demand_nouns and verb.index not in about.doers:
                yield from self._of_demand_noun(verb, about)
            return
        if verb.upos != "VERB" or (verb.index in about.anchors and word not in cues.demanding | cues.demanding_for):
            return
        named = sentence.fillers(verb, "obj")
        if word in cues.include:
            return
        clauses = sentence.fillers(verb, "comp")
        asked = [*(sentence.fillers(verb, "on") if word in cues.demanding_on else ()), *(named if clauses else ())]
        if word in cues.demanding | cues.demanding_on | cues.demanding_for:
            plain = [c for c in clauses if word in cues.demanding or (c.xpos == "VB" and _has_mark(sentence, c, "to"))]
            for clause in (*plain, *(c for a in asked for c in sentence.fillers(a, "acl"))):
                yield from self._demand_on(sentence, clause, verb, asked)
            if word in cues.demanding_on and not clauses:
                for clause in (c for c in sentence.children(verb) if c.relation == "advcl" and c.xpos == "VB" and asked):
                    yield from self._demand_on(sentence, clause, verb, asked)
        if word in cues.demanding and not clauses:
            for token in named:
                yield from self._demand_on(sentence, token, verb, asked)
        if word in cues.demanding_for:
            for token in sentence.fillers(verb, "for"):
                if not self._is_time_or_number(sentence, token):
                    yield from self._demand_on(sentence, token, verb, asked)
        if word in cues.stopping and verb.xpos == "VB" and not {t.index for t in named} & about.anchors:
            yield from (replace(d, addressee=None) for d in self._demand_on(sentence, verb, verb, []))

    def _of_demand_noun(self, noun: Token, about: _About) -> Iterator[Demand]:
        """ "with a demand *for more pay*", "their call *to free him*", "their demands include *a new road*"."""
        sentence, cues = about.sentence, self.protests.cues
        for token in (*sentence.fillers(noun, "for"), *(c for c in sentence.fillers(noun, "acl") if c.xpos == "VB")):
            yield from self._demand_on(sentence, token, noun, sentence.fillers(noun, "on"))
        for verb in sentence.fillers(noun, "subject_of"):
            things = sentence.fillers(verb, "obj", "comp") if verb.lemma.lower() in cues.include else ()
            for token in things or ((verb,) if any(c.relation == "cop" for c in sentence.children(verb)) else ()):
                yield from self._demand_on(sentence, token, noun, [])

    def requested(self, trigger: Trigger, actors: Sequence[Participant], recipients: Sequence[Participant]) -> Iterator[Demand]:
        """What a request is for: its clause, else what stands behind "for", else its object; to be done by its recipient."""
        sentence, token = trigger.sentence, trigger.token
        addressee, doers = next(iter(recipients), None), {p.actor for p in actors}
        spans = {p.span for p in recipients}
        for slot in ("comp", "acl", "for", "obj", "to"):
            fillers = [f for f in sentence.fillers(token, slot) if f.index not in trigger.words]
            found = [
                replace(d, addressee=addressee if d.addressee is None or d.addressee.actor in doers else d.addressee)
                for f in fillers
                if not self._is_time_or_number(sentence, f) and not any(s is not None and s.overlaps(f.span) for s in spans)
                for d in self._demand_on(sentence, f, token, [])
            ]
            if found:
                yield from found
                return

    def _demand_on(self, sentence: Sentence, token: Token, cue: Token, asked: Sequence[Token]) -> Iterator[Demand]:
        if token.upos == "PRON":
            return
        span = self._phrase(sentence, token)
        name = self._class(_tokens(sentence, span), self._weightiest(sentence, token), table="demands")
        who = next((p for a in asked if (p := self._participant(sentence, a)) is not None), None)
        yield Demand(name, span, cue.span, who or self._asked(sentence, token))

    def _asked(self, sentence: Sentence, token: Token) -> Participant | None:
        """Who is to do what is demanded: the clause's subject, or whom a noun is demanded "from"; nobody named: None."""
        tokens = sentence.fillers(token, "subj") if token.upos in {"VERB", "ADJ"} else sentence.fillers(token, "from", "by")
        upper = sentence.tokens[token.head] if token.head >= 0 else None
        if upper is not None and upper.upos == "VERB" and token.upos not in {"VERB", "ADJ"}:
            tokens = (*tokens, *sentence.fillers(upper, "from"))
        return next((p for t in tokens if (p := self._participant(sentence, t)) is not None), None)

    def _participant(self, sentence: Sentence, token: Token) -> Participant | None:
        mention = self.cast.mention_at(sentence, token)
        return Participant(mention.actor, mention.span, READ) if mention is not None else None

    # ------------------------------------------------------------ slogans

    def _chanted(self, verb: Token, about: _About) -> Causes:
        """The words between quotation marks that a crowd chants or carries, and what slogans are "against"."""
        sentence, slogans = about.sentence, self.protests.cues.slogans
        word = verb.lemma.lower()
        if verb.upos != "VERB" or word not in slogans.voiced | slogans.borne:
            return Causes()
        near = [
            *sentence.fillers(verb, "obj", "subj", "with"),
            *([sentence.tokens[verb.head]] if verb.relation.startswith("acl") else []),
        ]
        carriers = [t for t in near if t.lemma.lower() in slogans.nouns]
        if word in slogans.borne and not carriers:
            return Causes()
        issues: list[Issue] = []
        demands: list[Demand] = []
        for carrier in carriers:
            for slot, stance in (
                ("against", Stance.AGAINST),
                ("for", Stance.FOR),
                ("about", None),
                ("over", None),
                ("demanding", None),
            ):
                for token in sentence.fillers(carrier, slot):
                    issues += self._issue_on(about, token, carrier, stance)
        for span in _between_marks(sentence):
            text = span_words(sentence, span).lower()
            tokens = _tokens(sentence, span)
            if not tokens:
                continue
            stance = Stance.AGAINST if _says(text, slogans.against) else Stance.FOR if _says(text, slogans.favour) else None
            name = self._class(tokens, None)
            if name is not None:
                issues.append(Issue(name, span, verb.span, stance, SLOGAN))
            if _says(text, slogans.demands):
                demands.append(Demand(self._class(tokens, None, table="demands"), span, verb.span, None, SLOGAN))
        return Causes(tuple(issues), tuple(demands))

    # ------------------------------------------------------------ classes and phrases

    def _class(self, tokens: Sequence[Token], head: Token | None, *, table: str = "issues", strong: bool = False) -> str | None:
        words = [(t.lemma.lower(), t.text.lower()) for t in tokens]
        place = next((i for i, t in enumerate(tokens) if head is not None and t.index == head.index), -1)
        known = self.protests.issue_words if table == "issues" else self.protests.demand_words
        return (replace(known, weak={}) if strong else known).class_of(words, place)

    def _issue_of(self, sentence: Sentence, token: Token, span: Span) -> str | None:
        return self._class(_tokens(sentence, span), self._weightiest(sentence, token))

    def _weightiest(self, sentence: Sentence, token: Token) -> Token:
        """The word that says what a phrase is about: "an end to the *war*", "the closure of the *hospital*", "lack of *water*"."""
        if token.lemma.lower() in self.protests.cues.hollow:
            return next(iter(sentence.fillers(token, "of", "to", "in", "on", "for", "compound")), token)
        return token

    def _issue_in(self, span: Span) -> str | None:
        sentence = next((s for s in self.cast.sentences if s.span.contains(span)), None)
        if sentence is None:
            return None
        head = sentence.head_of(span)
        return self._issue_of(sentence, head, span) if head is not None else None

    def _is_set_off(self, token: Token) -> bool:
        return token.lemma.lower() in self.protests.cues.set_off

    def _is_side(self, about: _About, token: Token, name: str | None) -> bool:
        """Whether what stands there is the other side of a clash, and no issue: a named party with no class of its own."""
        return name is None and self.cast.mention_at(about.sentence, token) is not None

    def _is_time_or_number(self, sentence: Sentence, token: Token) -> bool:
        return token.upos == "NUM" or any(t.overlaps(token.span) for t in self.cast.times)

    def _phrase(self, sentence: Sentence, token: Token) -> Span:
        """The words of a phrase or clause, without its preposition, its fellows in a list, asides and clauses hung on to it."""
        is_clause = token.upos == "VERB" or any(c.relation == "cop" for c in sentence.children(token))
        cut = {"conj", "cc", "punct", "parataxis", "discourse", "acl:relcl", "advcl", "appos", "dep", "list"}
        kept: list[Token] = []
        waiting = [token]
        while waiting:
            node = waiting.pop()
            kept.append(node)
            for child in sentence.children(node):
                relation = child.relation if child.relation in cut else child.relation.split(":")[0]
                is_marker = node is token and (relation in {"case", "mark", "cc"} or (relation == "nsubj" and not is_clause))
                is_when = relation in {"obl", "nmod", "advmod"} and any(t.overlaps(child.span) for t in self.cast.times)
                is_set_off = node.index < child.index and _is_behind_comma(sentence, child)
                is_aside = relation in {"obl", "nmod"} and any(
                    c.relation == "case" and c.text.lower() in self.protests.cues.aside for c in sentence.children(child)
                )
                if not (
                    relation in cut
                    or is_marker
                    or is_when
                    or is_aside
                    or is_set_off
                    or (node is token and is_clause and relation == "conj")
                ):
                    waiting.append(child)
        kept.sort(key=lambda t: t.index)
        longest = self.protests.cues.longest
        if len(kept) > longest:
            kept = [t for t in kept if abs(t.index - token.index) <= longest // 2]
        return Span(kept[0].span.start, kept[-1].span.end)


@dataclass(frozen=True)
class _Cue:
    of_words: str
    span: Span


def _without_repeats(found: Iterator[T] | Sequence[T]) -> Iterator[T]:
    """Each stretch once; of issues, each class once a stance."""
    seen: list[T] = []
    for f in found:
        if not any(f.span.overlaps(s.span) for s in seen):
            seen.append(f)
            yield f


def _behind(about: _About, anchor: Token, words: str) -> Iterator[tuple[Token, Span]]:
    """What a preposition ties to the anchor, with the words of the preposition; one of three words is held by its noun.

    "in protest at *the cuts*": hung from the verb, or the protest of it the event's own word.
    """
    sentence, parts = about.sentence, words.split(" ")
    if len(parts) != 3:
        for token in sentence.fillers(anchor, words):
            yield token, _case_span(sentence, token) or anchor.span
        return
    holders = [h for h in sentence.fillers(anchor, parts[0]) if h.lemma.lower() == parts[1]]
    if about.own is not None and about.own.lemma.lower() == parts[1] and _has_case(sentence, about.own, parts[0]):
        holders.append(about.own)
    for holder in holders:
        cue = holder.span.join(_case_span(sentence, holder) or holder.span)
        for token in sentence.fillers(holder, parts[2]):
            yield token, cue.join(_case_span(sentence, token) or cue)


def _fellows(sentence: Sentence, token: Token) -> tuple[Token, ...]:
    """The members of the token's list but itself: "protests and *marches* against the law"."""
    first = sentence.tokens[token.head] if token.relation == "conj" and token.head >= 0 else token
    members = (first, *(c for c in sentence.children(first) if c.relation == "conj"))
    return tuple(m for m in members if m.index != token.index)


def _tokens(sentence: Sentence, span: Span) -> list[Token]:
    return [t for t in sentence.tokens if span.contains(t.span)]


def span_words(sentence: Sentence, span: Span) -> str:
    """The tokens of the span with a blank between them."""
    return " ".join(t.text for t in _tokens(sentence, span))


def _has_case(sentence: Sentence, token: Token, word: str) -> bool:
    return any(c.relation == "case" and c.text.lower() == word for c in sentence.children(token))


def _is_behind_comma(sentence: Sentence, token: Token) -> bool:
    """ "over unpaid wages, *demanding* …": whatever a parser hung it from, it is no part of the phrase before the comma."""
    first = min(t.index for t in sentence.subtree(token))
    return "," in {t.text for t in sentence.tokens[max(0, first - 1) : first + 1]}


def _has_mark(sentence: Sentence, token: Token, word: str) -> bool:
    return any(c.relation == "mark" and c.text.lower() == word for c in sentence.children(token))


def _case_span(sentence: Sentence, token: Token) -> Span | None:
    marks = [c for c in sentence.children(token) if c.relation in {"case", "mark"}]
    return Span(marks[0].span.start, marks[-1].span.end) if marks else None


def _says(text: str, phrases: Sequence[str]) -> bool:
    return any(re.search(rf"\b{re.escape(p)}\b", text) for p in phrases)


_OPENING, _CLOSING = frozenset("“\"‘'«"), frozenset("”\"’'»")


def _between_marks(sentence: Sentence) -> Iterator[Span]:
    """The stretches between quotation marks of the sentence, without the marks."""
    start: int | None = None
    for token in sentence.tokens:
        if start is None and token.text in _OPENING:
            start = token.span.end
        elif start is not None and token.text in _CLOSING:
            inside = [t for t in sentence.tokens if start <= t.span.start and t.span.end <= token.span.start and t.upos != "PUNCT"]
            if inside:
                yield Span(inside[0].span.start, inside[-1].span.end)
            start = None
