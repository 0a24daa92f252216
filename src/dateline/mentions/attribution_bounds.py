"""The words of an attribution by the grammar: who its teller is, how far source and content reach.

Spans come without punctuation at their edges. A content keeps its "that" and its "whether"; a source keeps what describes it
(", the mayor of Halden, who …") and loses its preposition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline.knowledge.cues import Cues
from dateline.records import Sentence, Span, Token

_EDGES = frozenset({"PUNCT", "SPACE"})


# ---------------------------------------------------------------- who tells


def teller_of(sentence: Sentence, cue: Token) -> Token | None:
    """Whose cue it is, by the grammar: a verb's or adjective's subject, the noun a participle hangs from, a noun's owner."""
    slots = ("poss", "by", "of", "from") if cue.upos in {"NOUN", "PROPN"} else ("subj", "attr")
    aside = {t.index for t, _ in tellers(sentence)}
    teller = next((t for t in sentence.fillers(cue, *slots) if t.index != cue.index and t.index not in aside), None)
    if teller is not None or cue.head < 0:
        return teller
    if cue.relation == "acl":
        return sentence.tokens[cue.head]
    if cue.upos == "VERB" and cue.relation in {"conj", "advcl", "xcomp"}:
        return next((t for t in sentence.fillers(sentence.tokens[cue.head], "subj") if t.index != cue.index), None)
    return None


def source_span(sentence: Sentence, teller: Token, cue: Token) -> Span:
    """The words that stand for the teller: the relative pronoun where the cue's clause has one, else the whole phrase."""
    who = next((c for c in sentence.children(cue) if c.relation == "nsubj" and c.text.lower() in {"who", "which", "that"}), None)
    return who.span if who is not None and who.index != teller.index else phrase(sentence, teller, without=cue)


def phrase(sentence: Sentence, head: Token, *, without: Token) -> Span:
    """The whole noun phrase of a head, as far as it lies on its side of the cue, without punctuation at its edges."""
    left_out = {t.index for t in sentence.subtree(without)} if is_below(sentence, without, head) else {without.index}
    tokens = [
        t for t in sentence.subtree(head) if t.index not in left_out and (t.index < without.index) == (head.index < without.index)
    ]
    while tokens and tokens[0].index < head.index and (tokens[0].relation in {"case", "cc"} or tokens[0].text.lower() == "to"):
        tokens.pop(0)
    return edged(tokens) or head.span


def tellers(sentence: Sentence) -> Iterator[tuple[Token, Token]]:
    """(teller, cue) of each "according to …" in the sentence."""
    for token in sentence.tokens:
        if token.text.lower() == "according" and token.head >= 0:
            head = sentence.tokens[token.head]
            if token.relation == "case":
                yield head, token
            else:
                yield from ((t, token) for t in sentence.fillers(token, "to"))


# ---------------------------------------------------------------- what is told


def reported_clause(sentence: Sentence, cue: Token) -> Span | None:
    """The clause that the cue reports: its ccomp, or the sentence that holds the cue as an aside (", he said"). None: no such."""
    head = _reported_head(sentence, cue)
    return _clause(sentence, head, cue) if head is not None else None


def _reported_head(sentence: Sentence, cue: Token) -> Token | None:
    for child in sentence.children(cue):
        if child.relation == "ccomp" or (child.relation == "parataxis" and child.index > cue.index):
            return child
    if cue.relation.split(":")[0] == "parataxis" and cue.head >= 0:
        return sentence.tokens[cue.head]
    return None


def whole_clause(sentence: Sentence, content: Span, cue: Token) -> Span:
    """The clause that the cue reports, for a content that holds only some of its phrases and not its verb."""
    head = _reported_head(sentence, cue)
    clause = _clause(sentence, head, cue) if head is not None else None
    if head is None or clause is None or content.contains(head.span) or not clause.contains(content):
        return content
    return clause


def _clause(sentence: Sentence, head: Token, cue: Token) -> Span | None:
    """The clause of a head on its own side of the cue, with its "that", without what the paper adds behind it."""
    left_out = _later_circumstance(sentence, head)
    if is_below(sentence, cue, head):
        left_out |= {t.index for t in sentence.subtree(cue)}
    tokens = [t for t in sentence.subtree(head) if t.index not in left_out]
    tokens = [t for t in tokens if (t.index < cue.index) == (head.index < cue.index)]
    return edged(_before_teller(sentence, tokens, cue))


def _later_circumstance(sentence: Sentence, head: Token) -> set[int]:
    """What the paper adds behind a comma to the words it reports: ", as the union moves to …", ", after lawmakers voted …"."""
    for child in sentence.children(head):
        mark = next((c for c in sentence.children(child) if c.relation == "mark"), None)
        if child.relation != "advcl" or mark is None or mark.index == 0 or mark.text.lower() not in {"as", "while", "after"}:
            continue
        if sentence.tokens[mark.index - 1].text in {",", ",”", "”", '"'}:
            return {t.index for t in sentence.subtree(child)}
    return set()


def close(sentence: Sentence, content: Span, cue: Token) -> Span:
    """The content up to the end of the phrase that it stops in, on its side of the cue."""
    inside = sentence.tokens_in(content)
    indices = {t.index for t in inside}
    if not inside:
        return content
    top = inside[-1]
    while top.head in indices or _heads_later(sentence, top, inside[-1], cue):
        top = sentence.tokens[top.head]
    if top.index == cue.index:
        return content
    left_out = _later_circumstance(sentence, top) | _branch_of(sentence, cue, top)
    after = [t for t in sentence.subtree(top) if t.index > inside[-1].index and t.index not in left_out]
    after = _before_teller(sentence, after, cue)
    if cue.index > inside[-1].index:
        after = [t for t in after if t.index < cue.index]
    return edged([*inside, *after]) or content


def _branch_of(sentence: Sentence, cue: Token, top: Token) -> set[int]:
    """The part of the top's phrase that the cue stands in ("according to the union"); none: an empty set."""
    node = cue
    while node.head >= 0:
        if node.head == top.index:
            return {t.index for t in sentence.subtree(node)}
        node = sentence.tokens[node.head]
    return set()


def _heads_later(sentence: Sentence, top: Token, last: Token, cue: Token) -> bool:
    """True when the phrase that ends here belongs to a word still to come, on the same side of the cue."""
    return top.head > last.index and top.head != cue.index and (top.head < cue.index) == (last.index < cue.index)


def interrupted(sentence: Sentence, content: Span, cue: Token, source: Span | None) -> tuple[Span, ...]:
    """The content with its other half, when the cue stands as an aside in the middle of a clause (", he said,")."""
    top = sentence.head_of(content)
    if top is not None and top.head == cue.head and top.head >= 0 and cue.relation.split(":")[0] == "parataxis":
        top = sentence.tokens[top.head]  # "The soldiers, residents said, burned": the verb stands behind the cue
    is_aside = top is not None and cue.relation.split(":")[0] == "parataxis" and cue.head == top.index
    if top is None or not (is_aside or (top.relation == "ccomp" and top.head == cue.index)):
        return (content,)
    aside = {t.index for t in sentence.subtree(cue)} if cue.head == top.index else {cue.index}
    rest = [t for t in sentence.subtree(top) if t.index not in aside and not (source and source.contains(t.span))]
    other = [t for t in rest if (t.index < cue.index) != (content.start < cue.span.start)]
    has_that = any(c.relation == "mark" and c.text.lower() == "that" for c in sentence.children(top))
    span = edged(_before_teller(sentence, other, cue)) if not (has_that and not is_aside) else None
    return tuple(sorted((content, span))) if span is not None else (content,)


def before_next_cue(sentence: Sentence, content: Span, cue: Token, cues: Cues) -> Span:
    """The content up to "and added that …", "and accused …": a verb of saying without a subject of its own, joined to the cue.

    It governs a clause, or is finite where the content is an infinitive: else it may be part of what is told.
    """
    for verb in sentence.tokens_in(content):
        if verb.relation != "conj" or cue.index > verb.index or not is_saying(verb, cues):
            continue
        below = sentence.children(verb)
        is_infinitive = sentence.tokens_in(content)[0].text.lower() == "to" and verb.xpos in {"VBD", "VBZ", "VBP"}
        governs = any(c.relation == "ccomp" for c in below) or is_infinitive
        if not governs or any(c.relation.split(":")[0] in {"nsubj", "aux"} for c in below):
            continue
        before = [t for t in sentence.tokens_in(content) if t.index < verb.index]
        while before and (before[-1].upos in _EDGES or before[-1].relation in {"cc", "advmod"}):
            before.pop()
        return edged(before) or content
    return content


def is_saying(word: Token, cues: Cues) -> bool:
    """True for a verb of saying, writing or showing; not for one of thinking, knowing or wanting."""
    return word.upos == "VERB" and word.lemma.lower() in cues.reporting - cues.held.keys()


def _before_teller(sentence: Sentence, tokens: Sequence[Token], cue: Token) -> list[Token]:
    """The tokens up to an "according to …" behind them, which is no part of what is told."""
    stops = [a.index for t, a in tellers(sentence) if a.index < t.index and a.index != cue.index and a.index > 0]
    return [t for t in tokens if not any(stop <= t.index for stop in stops)]


# ---------------------------------------------------------------- the tree


def is_below(sentence: Sentence, token: Token, above: Token) -> bool:
    node = token
    while node.head >= 0:
        if node.head == above.index:
            return True
        node = sentence.tokens[node.head]
    return False


def edged(tokens: Sequence[Token]) -> Span | None:
    kept = list(tokens)
    while kept and kept[0].upos in _EDGES:
        kept.pop(0)
    while kept and kept[-1].upos in _EDGES:
        kept.pop()
    return kept[0].span.join(kept[-1].span) if kept else None
