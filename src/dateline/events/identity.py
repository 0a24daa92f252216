"""The same happening told twice in one document: each later telling points at the first.

Two tellings are one when nothing speaks against it (type, status, country, days, place, figures) and something speaks for it (the
same word for it, the same party, or a noun that points back: "the explosion", "this attack"). What brought a harm about in its own
sentence is one with it, whomever each names. Speech acts are told once each: they are one only in the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from dateline.events.means import tells_when
from dateline.knowledge.cues import Cues
from dateline.records import EventMention, Participant, PlaceKind, Sentence, Token

_At: TypeAlias = tuple[Sentence | None, Token | None]


def same_happenings(events: Sequence[EventMention], sentences: Sequence[Sentence], cues: Cues) -> tuple[int | None, ...]:
    """For each event the index of the document's first telling of the same happening; None for a first or only telling.

    Of several happenings that a noun pointing back may mean, it is the one told last.
    """
    triggers = [_trigger(sentences, event) for event in events]
    words = [token.lemma.lower() if token is not None else "" for _, token in triggers]
    first: list[int | None] = []
    for i, event in enumerate(events):
        earlier = [j for j in range(i) if _may_be_same(events[j], event, cues)]
        match = next((j for j in earlier if first[j] is None and _is_told_alike(events[j], event, words[j], words[i])), None)
        if match is None:
            scene = (j for j in range(i) if _is_one_scene(events[j], event, triggers[j], triggers[i], cues))
            match = next((j if (root := first[j]) is None else root for j in scene), None)
        if match is None and earlier and _points_back(*triggers[i]):
            last = earlier[-1]
            match = last if first[last] is None else first[last]
        first.append(match)
    return tuple(first)


def _trigger(sentences: Sequence[Sentence], event: EventMention) -> _At:
    sentence = next((s for s in sentences if s.span.contains(event.trigger)), None)
    return sentence, next(iter(sentence.tokens_in(event.trigger)), None) if sentence is not None else None


def _is_one_scene(a: EventMention, b: EventMention, at_a: _At, at_b: _At, cues: Cues) -> bool:
    """True for a harm and what brought it about, or for two harms that one clause brought about.

    "A man was killed and five were hurt *when* a bomb went off"; "police fired, *killing* two *and wounding* a student".
    """
    (sentence, one), (other_sentence, two) = at_a, at_b
    if sentence is None or one is None or two is None or sentence is not other_sentence:
        return False
    if a.type != b.type or a.type not in cues.harming or a.status.value != b.status.value:
        return False
    if not (_days_meet(a, b) and _places_meet(a, b) and _agree(a.actors, b.actors, cues)):
        return False
    harms = [one, *_coordinated(sentence, one)]
    clauses = [c for harm in harms for c in sentence.children(harm) if c.relation == "advcl"]
    acts = [c for c in clauses if c.xpos == "VBG" or tells_when(sentence, c)]
    told = [*harms[1:], *acts, *(c for act in acts for c in _coordinated(sentence, act))] if acts else []
    return any(two is token for token in told)


def _coordinated(sentence: Sentence, verb: Token) -> list[Token]:
    return [c for c in sentence.children(verb) if c.relation == "conj" and c.upos == "VERB"]


_POINTERS = frozenset({"the", "this", "that", "these", "those"})
_PARTIES = frozenset({"by", "on", "against"})


def _points_back(sentence: Sentence | None, token: Token | None) -> bool:
    """True for a noun for something told before: "*the* explosion", "*this* attack", with nothing that says which one it is.

    A noun that says more ("the explosion *at the mill*", "the *second* attack") may be of another; who did it to whom is compared.
    """
    if sentence is None or token is None or token.upos != "NOUN":
        return False
    children = sentence.children(token)
    for child in children:
        cases = {c.text.lower() for c in sentence.children(child) if c.relation == "case"}
        names_party = child.relation.split(":")[0] == "nmod" and bool(cases & _PARTIES)
        if child.relation.split(":")[0] in {"nmod", "amod", "nummod", "compound", "acl", "appos"} and not names_party:
            return False
    return any(c.relation == "det" and c.text.lower() in _POINTERS for c in children)


def _may_be_same(a: EventMention, b: EventMention, cues: Cues) -> bool:
    """True when nothing speaks against it."""
    if a.type != b.type or a.status.value != b.status.value or (a.mode and b.mode and a.mode != b.mode):
        return False
    if a.type in cues.speech:
        return False
    if not (_agree(a.actors, b.actors, cues) and _agree(a.recipients, b.recipients, cues)):
        return False
    return _days_meet(a, b) and _places_meet(a, b) and _figures_agree(a, b)


def _is_told_alike(a: EventMention, b: EventMention, word_a: str, word_b: str) -> bool:
    """True when something speaks for it: the same word, or somebody in particular who has a part in both."""
    return word_a == word_b or _share_name(a.actors, b.actors) or _share_name(a.recipients, b.recipients)


def _agree(a: Sequence[Participant], b: Sequence[Participant], cues: Cues) -> bool:
    """True when the parties can be the same: one side unsaid or generic, or a name or country in common."""
    if not a or not b or _share(a, b):
        return True
    countries = ({p.actor.country for p in a}, {p.actor.country for p in b})
    if None not in countries[0] | countries[1] and not countries[0] & countries[1]:
        return False
    return any(_is_generic(p, cues) for p in (*a, *b)) and bool({p.actor.sector for p in a} & {p.actor.sector for p in b})


def _is_generic(p: Participant, cues: Cues) -> bool:
    return p.actor.is_group and bool(cues.generic & set(p.actor.name.lower().split()[-1:]))


def _share(a: Sequence[Participant], b: Sequence[Participant]) -> bool:
    return bool({p.actor.name.lower() for p in a} & {p.actor.name.lower() for p in b})


def _share_name(a: Sequence[Participant], b: Sequence[Participant]) -> bool:
    """True for a party in common that is somebody in particular: "people" died and "people" were injured are two things."""
    named = ({p.actor.name.lower() for p in side if not p.actor.is_group} for side in (a, b))
    first, second = named
    return bool(first & second)


def _days_meet(a: EventMention, b: EventMention) -> bool:
    if a.time is None or b.time is None:
        return True
    starts = (a.time.first or a.time.last, b.time.first or b.time.last)
    ends = (a.time.last or a.time.first, b.time.last or b.time.first)
    if None in starts or None in ends:
        return True
    return starts[0] <= ends[1] and starts[1] <= ends[0]  # type: ignore[operator]  # None is ruled out the line before


def _places_meet(a: EventMention, b: EventMention) -> bool:
    if a.place is None or b.place is None or a.place.span is None or b.place.span is None:
        return True
    one, two = a.place.place, b.place.place
    if one.country != two.country:
        return False
    coarse = {PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.ADMIN1}
    return one.name == two.name or one.kind in coarse or two.kind in coarse


def _figures_agree(a: EventMention, b: EventMention) -> bool:
    for x in a.counts:
        for y in b.counts:
            if x.what == y.what and not _bounds_meet(x.low, x.high, y.low, y.high):
                return False
    return True


def _bounds_meet(low_a: float | None, high_a: float | None, low_b: float | None, high_b: float | None) -> bool:
    infinity = float("inf")
    return (low_a or 0) <= (infinity if high_b is None else high_b) and (low_b or 0) <= (infinity if high_a is None else high_a)
