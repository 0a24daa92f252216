"""Words of others: what is quoted or reported, by which cue, and who speaks.

Attributions are read sentence by sentence (attributions.py). Here they are joined over sentences and paragraphs: quotation marks
bound what was said, a mark without a cue of its own goes on with whoever spoke before it, "he said." is about the words before it,
and a teller inside the words of another speaks through that other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from dateline.knowledge.cues import Cues
from dateline.mentions.attribution_bounds import teller_of
from dateline.mentions.attributions import Told, find_told, read_told
from dateline.mentions.quotation_marks import Marked, find_marked
from dateline.records import Actor, ActorMention, AttributionType, BlockKind, Document, Quotation, QuoteKind, Sentence, Span, Token

_SHORTEST_ALONE = 4
"""Words that marked text must have to be a quotation when no reporting word is near: fewer are scare quotes or names."""
_SHORTEST_REPORT = 2
"""Words that reported speech without marks must have."""
_NAMING = frozenset({"compound", "amod", "nmod", "flat", "nummod"})
"""What stands before a noun and is part of what it is called: "police sources", "the dockers' leader"."""
_PRONOUNS = frozenset({"he", "she", "they"})
_BESIDE = 60
"""Code points between a closing mark and its cue, or a cue and the mark it opens: "said the leader of the dockers' union:"."""


_SLACK = 3
"""Code points outside the marks that a direct quotation may have: a comma, a space."""


def find_quotations(
    document: Document, sentences: Sequence[Sentence], actors: Sequence[ActorMention], cues: Cues
) -> tuple[Quotation, ...]:
    """Every quotation, in the order of its content. Nobody quoted: an empty tuple."""
    marked = find_marked(document, cues.quotation_marks)
    told = [t for s in sentences for t in _told_in(document, s, marked, cues)]
    joined = join_told(document, told, marked, cues)
    speakers = _Speakers(actors)
    told_on = _told_on([(j, _quotation(j, speakers, cues)) for j in joined])
    found = _without_doubles(q for _, q in told_on if q.source is not None or q.is_quoted)
    return tuple(sorted((_with_via(q, found) for q in found), key=lambda q: q.content[0]))


def read_quotations(document: Document, sentences: Sequence[Sentence], cues: Cues) -> tuple[Quotation, ...]:
    """What the model alone reads, joined over marks and sentences; nobody is resolved.

    By it can be measured what the grammar adds. Nobody quoted: an empty tuple.
    """
    told = [t for s in sentences for t in read_told(s)]
    joined = join_told(document, told, find_marked(document, cues.quotation_marks), cues)
    return tuple(Quotation(j.kind, j.contents, j.told.source, j.told.cue, None) for j in joined)


def _told_in(document: Document, sentence: Sentence, marked: Sequence[Marked], cues: Cues) -> tuple[Told, ...]:
    """The sentence's attributions; a headline is a title, or a first line that no stop ends."""
    block = document.blocks[sentence.block]
    is_first = (
        sentence.block == 0 and sentence.span.contains(block.span) and block.span.of(document.text)[-1:] not in {".", "!", "?"}
    )
    inside = [m.span for m in marked if m.span.overlaps(sentence.span)]
    return find_told(sentence, cues, inside, is_headline=is_first or block.kind is BlockKind.TITLE)


# ---------------------------------------------------------------- joining over marks and sentences


@dataclass(frozen=True)
class Joined:
    """An attribution with all its content. `told` None: marked text without a cue, that goes on from `previous`."""

    told: Told
    contents: tuple[Span, ...]
    kind: QuoteKind


def join_told(document: Document, told: Sequence[Told], marked: Sequence[Marked], cues: Cues) -> list[Joined]:
    """Attributions with their whole content, in text order of their cues; contents that nobody claims are left out."""
    text = document.text
    own: list[tuple[Span, ...]] = [t.contents for t in told]
    last: int | None = None  # the attribution that owns the mark before
    before: Marked | None = None
    opened: list[Marked] = []
    for m in marked:
        if m.is_broken:
            continue
        claimers = [i for i, t in enumerate(told) if t.cue is not None and _claims(t, own[i], m)]
        goes_on = last is not None and before is not None and _goes_on(told[last], before, m, document)
        if not claimers and not (goes_on and text[m.span.end - 1] == "."):  # "…." Her colleagues agreed.
            claimers = [i for i in [_beside(told, own, m, text, cues)] if i is not None]
        if not claimers and last is not None and goes_on:
            claimers = [last]
        for i in claimers:
            for part in [*opened, m]:
                own[i] = _with_mark(own[i], part)
        if claimers:
            last, before = max(claimers), m
        # A paragraph whose mark stays open belongs to whoever is named when the quotation goes on in the next.
        opened = [] if claimers or m.is_closed else [*opened, m]
    return [Joined(t, own[i], _kind(own[i], t, marked)) for i, t in enumerate(told) if t.cue is not None and own[i]]


def _claims(told: Told, contents: Sequence[Span], m: Marked) -> bool:
    return any(c.overlaps(m.span) for c in contents) and not _is_inside(told, m)


def _is_inside(told: Told, m: Marked) -> bool:
    """True for an attribution that the marks' own speaker makes; "the president “stressed that …”" is the paper's."""
    if told.cue is None or not m.span.contains(told.cue):
        return False
    return told.source is None or m.outer.overlaps(told.source)


def _beside(told: Sequence[Told], own: Sequence[Sequence[Span]], m: Marked, text: str, cues: Cues) -> int | None:
    """The cue that stands right behind the closing mark, else right before the opening one; none: None."""
    saying = [
        (i, t.cue)
        for i, t in enumerate(told)
        if t.cue is not None and t.cue_word is not None and t.cue_word.lemma.lower() in cues.reporting | cues.reporting_nouns
    ]
    behind = [
        (cue.start - m.outer.end, i)
        for i, cue in saying
        if 0 <= cue.start - m.outer.end <= _BESIDE
        and "\n" not in text[m.outer.end : cue.start]
        and all(c.end <= m.outer.start for c in own[i])
    ]
    ahead = [
        (m.outer.start - cue.end, i)
        for i, cue in saying
        if 0 <= m.outer.start - cue.end <= _BESIDE and not own[i] and not _stops(text[cue.end : m.outer.start])
    ]
    return min(behind or ahead, default=(0, None))[1]


def _stops(between: str) -> bool:
    return ". " in between or ".\n" in between


def _goes_on(told: Told, before: Marked, m: Marked, document: Document) -> bool:
    """True for a mark right behind the sentence of the last cue, in its paragraph or opening the next one."""
    gap = document.text[max(before.outer.end, told.sentence.span.end) : m.outer.start]
    if "\n" in gap:
        return not gap.strip() and (not before.is_closed or _words(m, document) >= _SHORTEST_ALONE)
    return not gap.strip() or m.outer.start < told.sentence.span.end


def _words(m: Marked, document: Document) -> int:
    return len(m.span.of(document.text).split())


def _with_mark(contents: Sequence[Span], m: Marked) -> tuple[Span, ...]:
    """The contents with all of the mark: what lies inside is the mark's text, what overlaps it is joined with mark and all."""
    touching = [c for c in contents if c.overlaps(m.outer)]
    apart = [c for c in contents if not c.overlaps(m.outer)]
    whole = m.span
    for c in touching:
        whole = whole if m.outer.contains(c) else (whole.join(m.outer) if whole == m.span else whole).join(c)
    return tuple(sorted([*apart, whole]))


def _kind(contents: Sequence[Span], told: Told, marked: Sequence[Marked]) -> QuoteKind:
    """Direct when all of it stands in marks, indirect when none does; marks around the cue are those of another speaker."""
    marked = [m for m in marked if m.is_broken or not _is_inside(told, m)]
    quoted = sum(max(0, min(c.end, m.outer.end) - max(c.start, m.outer.start)) for c in contents for m in marked)
    if quoted > 0 and quoted >= sum(map(len, contents)) - _SLACK:
        return QuoteKind.DIRECT
    return QuoteKind.MIXED if quoted > 0 else QuoteKind.INDIRECT


# ---------------------------------------------------------------- what the source does with it


def type_of(told: Told, contents: Sequence[Span], kind: QuoteKind, cues: Cues) -> AttributionType:
    """By the cue's word (reporting.yaml, `held`) and by the grammar of the content; words in marks were said."""
    word = told.cue_word.lemma.lower() if told.cue_word is not None else ""
    held = cues.held.get(word)
    if kind is QuoteKind.DIRECT:
        return AttributionType.ASSERTION
    form = _form(told, contents)
    if form is _Form.INFINITIVE:
        return AttributionType.EVENTUALITY
    if form is _Form.CLAUSE or kind is QuoteKind.MIXED:
        return AttributionType(held) if held else AttributionType.ASSERTION
    return AttributionType.ATTITUDE


class _Form(Enum):
    CLAUSE = auto()
    INFINITIVE = auto()
    PHRASE = auto()


def _form(told: Told, contents: Sequence[Span]) -> _Form:
    """What the content is in its cue's sentence; in another sentence it is a clause."""
    sentence = told.sentence
    within = [c for c in contents if sentence.span.contains(c)]
    tops = [t for c in within for t in _tops(sentence, c)]
    if len(within) < len(contents) or (told.cue_word is not None and _tells_of_clauses(told.cue_word)):
        return _Form.CLAUSE
    for top in tops if len(contents) > 1 else tops[:1]:
        below = sentence.children(top)
        if any(c.relation.split(":")[0] in {"nsubj", "csubj", "expl"} for c in below):
            return _Form.CLAUSE
        if top.upos in {"VERB", "AUX"} and top.xpos in {"VBD", "VBZ", "VBP", "MD"}:
            return _Form.CLAUSE
    if any(t.upos in {"VERB", "AUX"} and any(c.text.lower() == "to" for c in sentence.children(t)) for t in tops):
        return _Form.INFINITIVE
    return _Form.PHRASE


def _tells_of_clauses(cue: Token) -> bool:
    """True for "according to" and a headline's colon or dash, whatever stands there: "strike illegal"."""
    return cue.text.lower() == "according" or cue.upos in {"PUNCT", "SYM"}


def _tops(sentence: Sentence, content: Span) -> list[Token]:
    inside = sentence.tokens_in(content)
    indices = {t.index for t in inside}
    return [t for t in inside if t.head not in indices and t.upos != "PUNCT"]


# ---------------------------------------------------------------- who speaks


class _Speakers:
    """Actor mentions by the token they stand on."""

    def __init__(self, actors: Sequence[ActorMention]) -> None:
        self._mentions: dict[int, list[ActorMention]] = {}
        for a in actors:
            self._mentions.setdefault(a.sentence, []).append(a)

    def at(self, sentence: Sentence, token: Token) -> Actor | None:
        own = self._mentions.get(sentence.index, [])
        exact = [a for a in own if a.head.overlaps(token.span)]
        around = [a for a in own if a.span.contains(token.span)]
        mention = min(exact or around, key=lambda a: len(a.span), default=None)
        return mention.actor if mention else None

    def of(self, told: Told) -> Actor | None:
        """Who the source is: by its head, for "who" by what the clause hangs from, for "the ministry's report" by its owner.

        A source that no actor mention names ("police sources") is known by its words alone; a pronoun is nobody.
        """
        sentence, cue, teller = told.sentence, told.cue_word, told.teller
        if told.source is None or teller is None:
            return None
        owner = teller_of(sentence, teller) if teller.upos == "NOUN" else None
        behind = teller_of(sentence, cue) if cue is not None and teller.upos == "PRON" else None
        known = (self.at(sentence, t) for t in (teller, owner, behind) if t is not None)
        return next((actor for actor in known if actor is not None), None) or _by_words(sentence, teller)


def _by_words(sentence: Sentence, teller: Token) -> Actor | None:
    """The teller under the words of the text: the head with what stands before it, without article."""
    if teller.upos not in {"NOUN", "PROPN"}:
        return None
    before = [c for c in sentence.children(teller) if c.index < teller.index and c.relation.split(":")[0] in _NAMING]
    tokens = [t for c in before for t in sentence.subtree(c)]
    first = min((t.index for t in tokens if t.index < teller.index), default=teller.index)
    words = list(sentence.tokens[first : teller.index + 1])
    while len(words) > 1 and words[0].relation == "det":
        words = words[1:]
    name = sentence_words(words)
    return Actor(name, None, None, is_group="Number=Plur" in teller.features)


def sentence_words(tokens: Sequence[Token]) -> str:
    """The tokens as they stood, with one space where there was any."""
    parts = [tokens[0].text]
    for left, right in pairwise(tokens):
        parts.append((" " if right.span.start > left.span.end else "") + right.text)
    return "".join(parts)


def _quotation(joined: Joined, speakers: _Speakers, cues: Cues) -> Quotation:
    told = joined.told
    kind = type_of(told, joined.contents, joined.kind, cues)
    return Quotation(joined.kind, joined.contents, told.source, told.cue, speakers.of(told), type=kind)


def _told_on(found: Sequence[tuple[Joined, Quotation]]) -> Iterator[tuple[Joined, Quotation]]:
    """ "…," he went on: the pronoun of a quotation in marks is whoever was last quoted, in this paragraph or the one before."""
    last: dict[bool, tuple[int, Actor]] = {}  # by whether the speaker is a group
    for joined, quotation in sorted(found, key=lambda f: f[1].content[0]):
        told = joined.told
        pronoun = told.teller.text.lower() if told.teller is not None else ""
        before = last.get(pronoun == "they")
        is_open = quotation.kind is not QuoteKind.INDIRECT or quotation.speaker is None
        if pronoun in _PRONOUNS and before is not None and is_open and told.sentence.block - before[0] <= 1:
            quotation = replace(quotation, speaker=before[1])
        if quotation.speaker is not None and quotation.type is AttributionType.ASSERTION:
            last[quotation.speaker.is_group] = (told.sentence.block, quotation.speaker)
        yield joined, quotation


def _with_via(quotation: Quotation, all_: Sequence[Quotation]) -> Quotation:
    """The quotation with the teller whose content holds its cue: somebody's words inside the words of another."""
    cue = quotation.cue
    if cue is None:
        return quotation
    around = [
        q
        for q in all_
        if q is not quotation and q.is_claimed and q.speaker and q.speaker != quotation.speaker and _holds(q, quotation)
    ]
    outer = min(around, key=lambda q: sum(map(len, q.content)), default=None)
    return replace(quotation, via=outer.speaker, via_span=outer.source) if outer is not None else quotation


def _holds(outer: Quotation, inner: Quotation) -> bool:
    """True if cue and content of the inner one are words of the outer one."""
    spans = [*inner.content, *([inner.cue] if inner.cue else [])]
    return all(any(c.contains(span) for c in outer.content) for span in spans)


def _without_doubles(found: Iterable[Quotation]) -> list[Quotation]:
    """One quotation for one stretch: the one with a source."""
    kept: list[Quotation] = []
    for q in sorted(found, key=lambda q: (q.source is None, q.speaker is None, q.content)):
        if not any(k.content == q.content for k in kept):
            kept.append(q)
    return kept
