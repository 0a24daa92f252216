"""How near a word stands to a trigger: the words between them in the tree, clause by clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dateline.knowledge.cues import Dating
from dateline.records import Sentence, Span, Token

FARTHEST = 6
"""Steps in the tree between a trigger and a time or place that may be its own; each clause boundary counts as three."""


@dataclass(frozen=True)
class At:
    """The word whose time and place are asked for."""

    sentence: Sentence
    token: Token
    others: frozenset[int] = frozenset()
    """Indices of the sentence's other triggers: a time or place below one of them is that one's ("condemned the May 3 attack")."""
    words_of_others: tuple[Span, ...] = ()
    """What is quoted, for an act of speaking: the days named in it are not the day of speaking."""


def distance_to(at: At, other: Token | None, dating: Dating | None = None) -> float:
    """Steps between the trigger and a word; a clause with its own subject in between counts as three more.

    A word below another trigger is that one's; with `dating`, not where that event only says in what this one happened.
    """
    if other is None:
        return 99
    sentence = at.sentence
    own = ancestors(sentence, at.token)
    theirs = ancestors(sentence, other)
    meeting = next((t for t in theirs if t in own), None)
    if meeting is None:
        return 99
    up = own[: own.index(meeting)]
    down = theirs[: theirs.index(meeting)]
    between = set(at.others) & set(down)
    if dating is not None:
        between = {i for i in between if not _is_occasion(sentence, sentence.tokens[i], dating)}
        between -= {i for i in between if is_doer(sentence.tokens[i], at) and other.head == i}
    if between:
        return 99
    cost = _cost(sentence, up, rising=True) + _cost(sentence, down, rising=False)
    is_of_its_noun = bool(up) and sentence.tokens[up[-1]].relation == "acl:relcl"  # "the 1996 bombing that killed two"
    return cost - 2.5 if is_of_its_noun else cost


def is_doer(token: Token, at: At) -> bool:
    """True for the subject of the trigger."""
    return token.relation == "nsubj" and token.head == at.token.index


def _is_occasion(sentence: Sentence, token: Token, dating: Dating) -> bool:
    """ "held a sign during early voting on Saturday": the voting's day is the sign's."""
    return token.upos == "NOUN" and token.relation.split(":")[0] == "obl" and is_concurrent(sentence, token, dating)


def ancestors(sentence: Sentence, token: Token) -> list[int]:
    path = [token.index]
    while sentence.tokens[path[-1]].head >= 0:
        path.append(sentence.tokens[path[-1]].head)
    return path


_STEPS = {"conj": 0.5, "xcomp": 0.5, "compound": 0.5, "flat": 0.0, "nmod": 1.0, "obl": 1.0, "obj": 1.0}
_BOUNDARIES = {"ccomp", "advcl", "acl", "parataxis", "csubj"}


def _cost(sentence: Sentence, path: Sequence[int], *, rising: bool) -> float:
    """A reported clause is farther from what stands outside it than a participle is."""
    total = 0.0
    for index in path:
        relation = sentence.tokens[index].relation
        base = relation.split(":")[0]
        if relation == "ccomp" or base == "parataxis":
            total += 5.0 if rising else 4.0
        elif relation == "acl:relcl":
            total += 5.5 if rising else 6.0
        elif base == "acl" and not rising:
            # "in a video posted on Friday he said" against "he praised the order issued on Friday"
            holder = sentence.tokens[sentence.tokens[index].head]
            total += 3.0 if holder.relation.split(":")[0] == "obl" else 6.0
        elif base in _BOUNDARIES:
            total += 2.0 if rising else 3.0
        else:
            total += _STEPS.get(base, 1.0)
    return total


def is_concurrent(sentence: Sentence, token: Token, dating: Dating) -> bool:
    """True for a noun under a preposition that puts it on the day of what it hangs from."""
    markers = {c.text.lower() for c in sentence.children(token) if c.relation == "case"}
    if markers & dating.concurrent:
        return True
    return bool(markers & dating.within) and token.head >= 0 and sentence.tokens[token.head].lemma.lower() in dating.struck


def is_below(sentence: Sentence, token: Token, other: Token | None) -> bool:
    return other is not None and token.index in ancestors(sentence, other)
