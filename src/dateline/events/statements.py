"""Speech that does something without a word for it: "the army must leave" is a demand, "we will not go" a refusal.

Only inside a quotation with a known speaker; the words of obligation and refusal are knowledge/cues/statements.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dateline.events.cast import Cast
from dateline.knowledge.cues import Cues
from dateline.records import Actor, How, Origin, Participant, Quotation, Sentence, Span, Token


@dataclass(frozen=True)
class Statement:
    """What a speaker does by saying: the type, the words that do it, and whom it is said to. `clause` is the evidence."""

    type: str
    rule: str
    sentence: Sentence
    token: Token
    clause: Span
    quotation: Quotation
    addressee: tuple[Participant, ...]


def find_statements(sentence: Sentence, cast: Cast, cues: Cues) -> tuple[Statement, ...]:
    """The demands and refusals that the sentence's quoted clauses make, left to right."""
    return tuple(s for token in sentence.tokens if (s := _read(sentence, token, cast, cues)) is not None)


def _read(sentence: Sentence, token: Token, cast: Cast, cues: Cues) -> Statement | None:
    if (
        token.upos not in {"VERB", "ADJ", "NOUN"}
        or token.relation.split(":")[0] in {"conj", "advcl"}
        or token.relation == "acl:relcl"
    ):
        return None
    quotation = cast.quotation_at(token.span)
    if quotation is None or quotation.speaker is None:
        return None
    subjects = sentence.fillers(token, "subj", "obj")[:1] if sentence.fillers(token, "subj") else sentence.fillers(token, "obj")[:1]
    speaks_of_self = any(_is_self(sentence, t, quotation.speaker, cast) for t in subjects)
    auxiliaries = [c for c in sentence.children(token) if c.relation == "aux"]
    negated = any(c.text.lower() in cues.negators for c in sentence.children(token) if c.relation == "advmod")
    obliged = any(a.text.lower() in cues.obligation for a in auxiliaries) or _is_obligation(sentence, token, cues)
    refused = negated and any(a.text.lower() in cues.refusal for a in auxiliaries)
    if obliged and not speaks_of_self and subjects:
        return Statement(
            "REQUEST",
            "statement.obligation",
            sentence,
            token,
            _clause(sentence, token),
            quotation,
            _addressee(sentence, subjects, cast),
        )
    if refused and speaks_of_self:
        to = _refused(sentence, token, quotation.speaker, cast, cues)
        return Statement("REJECT", "statement.refusal", sentence, token, _clause(sentence, token), quotation, to)
    return None


def _is_obligation(sentence: Sentence, token: Token, cues: Cues) -> bool:
    """ "has to leave", "needs to act": the verb hangs from a verb of obligation."""
    if token.relation != "xcomp" or token.head < 0:
        return False
    head = sentence.tokens[token.head]
    return head.lemma.lower() in cues.obligation_verbs and not sentence.fillers(head, "obj")


def _is_self(sentence: Sentence, token: Token, speaker: Actor, cast: Cast) -> bool:
    if token.text.lower() in {"i", "we"}:
        return True
    mention = cast.mention_at(sentence, token)
    return mention is not None and mention.actor == speaker


def _addressee(sentence: Sentence, subjects: Sequence[Token], cast: Cast) -> tuple[Participant, ...]:
    return tuple(
        Participant(m.actor, m.span, Origin(How.READ)) for t in subjects if (m := cast.mention_at(sentence, t)) is not None
    )


def _refused(sentence: Sentence, token: Token, speaker: Actor, cast: Cast, cues: Cues) -> tuple[Participant, ...]:
    """Whom it is refused to: "we will not give arms *to Chad*", "no permission *for the march*"; nobody named: empty."""
    things = sentence.fillers(token, "obj")
    for slot in cues.refused:
        tokens = [*sentence.fillers(token, slot), *(t for thing in things for t in sentence.fillers(thing, slot))]
        found = tuple(p for p in _addressee(sentence, tokens, cast) if p.actor != speaker)
        if found:
            return found
    return ()


def _clause(sentence: Sentence, token: Token) -> Span:
    tokens = list(_own(sentence, token))
    return Span(tokens[0].span.start, tokens[-1].span.end)


def _own(sentence: Sentence, token: Token) -> Iterator[Token]:
    """The clause's tokens, without asides and the punctuation at its edges."""
    asides = {
        t.index for c in sentence.children(token) if c.relation.split(":")[0] in {"parataxis", "advcl"} for t in sentence.subtree(c)
    }
    tokens = [t for t in sentence.subtree(token) if t.index not in asides]
    while tokens and tokens[-1].upos == "PUNCT":
        tokens.pop()
    while tokens and (tokens[0].upos == "PUNCT" or tokens[0].relation in {"mark", "cc"}):
        tokens.pop(0)
    yield from tokens or [token]
