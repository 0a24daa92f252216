"""Attributions within one sentence: who, by which cue, and what, from the model's reading and from the grammar together.

The model (`Sentence.reported`) finds indirect speech better and bounds sources better; the grammar knows which clause hangs from a
cue when the model leaves a cue without content or a content without cue, and finds the verbs of saying beside quotation marks.
Cue words are knowledge/cues/reporting.yaml. What goes beyond the sentence (marks, paragraphs) is the work of quotations.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dateline.knowledge.cues import Cues
from dateline.mentions.attribution_bounds import (
    before_next_cue,
    close,
    edged,
    interrupted,
    phrase,
    reported_clause,
    source_span,
    teller_of,
    tellers,
    whole_clause,
)
from dateline.records import Sentence, Span, Token

_INNER = frozenset({"det", "amod", "compound", "nummod", "flat", "appos", "nmod:poss"})
"""Relations of a word that cannot be the head of a source: where the model's source is such a word, it stopped short."""


@dataclass(frozen=True)
class Told:
    """An attribution inside a sentence. `cue_word` is the word of the cue that governs, `teller` the head of the source.

    Contents that no cue of their sentence claims stand in one with neither; a cue whose content stands elsewhere has none.
    """

    sentence: Sentence
    cue: Span | None
    cue_word: Token | None
    source: Span | None
    teller: Token | None
    contents: tuple[Span, ...]
    is_read: bool = True
    """True for what the model reads, whatever the grammar added to it."""


def read_told(sentence: Sentence) -> tuple[Told, ...]:
    """What the model alone reads, in its order; nobody cited: an empty tuple."""
    return tuple(
        Told(
            sentence,
            r.cue,
            _cue_word(sentence, r.cue),
            r.source,
            sentence.head_of(r.source) if r.source else None,
            r.contents,
        )
        for r in sentence.reported
    )


def find_told(sentence: Sentence, cues: Cues, marked: Sequence[Span] = (), *, is_headline: bool = False) -> tuple[Told, ...]:
    """The model's attributions, completed and added to by the grammar; those with a cue first. Nobody cited: an empty tuple.

    `marked` is what stands between quotation marks: inside, where "I think" is the speaker's own, the grammar adds nothing.
    """
    read = read_told(sentence)
    told = [_closed(_with_source(_without_other_teller(_with_verb(t))), marked, cues) for t in read if t.cue is not None]
    loose = [c for t in read if t.cue is None for c in t.contents]
    by_grammar = [*_by_verb(sentence, cues), *_by_according(sentence), *(_by_colon(sentence) if is_headline else ())]
    for one in by_grammar:
        own = next((i for i, t in enumerate(told) if t.cue and one.cue and t.cue.overlaps(one.cue)), None)
        if own is None:
            if _tells_by_itself(one, cues, marked):
                told.append(one)
        else:
            told[own] = _completed(told[own], one)
    told = [_with_loose(t, loose, marked, cues) for t in told]
    claimed = {c for t in told for c in t.contents}
    told = list(_nearest(told, [c for c in loose if c not in claimed], marked, cues))
    claimed |= {c for t in told for c in t.contents}
    told += [Told(sentence, None, None, None, None, (c,)) for c in loose if c not in claimed]
    return tuple(told)


def _tells_by_itself(told: Told, cues: Cues, marked: Sequence[Span]) -> bool:
    """True for what the grammar may say against the model: words of saying outside the marks.

    Inside them "I say" and "they say" abound, and of PolNeAR's attributions next to none are such; but a mark may open with the cue
    of a teller outside ("the president “stressed that …”").
    """
    if told.cue is None or told.cue_word is None or told.cue_word.lemma.lower() in cues.held:
        return False
    around = [m for m in marked if m.contains(told.cue)]
    return not around or (told.source is not None and not any(m.overlaps(told.source) for m in around))


def _completed(read: Told, by_grammar: Told) -> Told:
    """The model's attribution with what it lacks from the grammar's of the same cue."""
    if read.source is None and by_grammar.source is not None:
        read = replace(read, source=by_grammar.source, teller=by_grammar.teller)
    if _is_part_of(read, by_grammar):
        read = replace(read, contents=by_grammar.contents)
    if not read.contents:
        read = replace(read, contents=by_grammar.contents, is_read=False)
    cue = by_grammar.cue if by_grammar.cue is not None and read.cue is not None and by_grammar.cue.contains(read.cue) else read.cue
    return replace(read, cue=cue, cue_word=by_grammar.cue_word)


def _is_part_of(read: Told, by_grammar: Told) -> bool:
    """True for a content beside "according to X" that leaves out the verb which X stands by."""
    if len(read.contents) != 1 or len(by_grammar.contents) != 1 or by_grammar.cue_word is None or by_grammar.teller is None:
        return False
    if by_grammar.cue_word.text.lower() != "according" or by_grammar.teller.head < 0:
        return False
    verb, sentence = by_grammar.teller.head, read.sentence
    verb = sentence.tokens[verb].head if verb == by_grammar.cue_word.index else verb
    whole, part = by_grammar.contents[0], read.contents[0]
    return (
        verb >= 0
        and whole.contains(part)
        and whole.contains(sentence.tokens[verb].span)
        and not part.contains(sentence.tokens[verb].span)
    )


def _without_other_teller(told: Told) -> Told:
    """Without a source that stands behind "according to", for any other cue: "…, according to her aide, and stressed that …"."""
    if told.source is None or told.cue is None or told.cue_word is None:
        return told
    if any(
        told.source.contains(t.span) and a.index != told.cue_word.index and not told.cue.overlaps(a.span)
        for t, a in tellers(told.sentence)
    ):
        return replace(told, source=None, teller=None)
    return told


def _with_source(told: Told) -> Told:
    """The subject of a cue whose source the model leaves open: of a verb, an adjective, or by possessive or "of" of a noun."""
    word, sentence = told.cue_word, told.sentence
    if told.source is not None or word is None:
        return told
    teller = teller_of(sentence, word)
    inside = teller is None or any(c.contains(teller.span) for c in told.contents) or (told.cue and told.cue.contains(teller.span))
    return told if inside or teller is None else replace(told, source=source_span(sentence, teller, word), teller=teller)


def _with_verb(told: Told) -> Told:
    """A cue that stops short at its auxiliary ("is", "has") with its verb; one that runs on ("said in" a statement) without."""
    cue, word, sentence = told.cue, told.cue_word, told.sentence
    if cue is None or word is None:
        return told
    if not cue.overlaps(word.span):
        stops_short = word.span.start > cue.start and not any(c.overlaps(word.span) for c in told.contents)
        return replace(told, cue=cue.join(word.span)) if stops_short else told
    tokens = list(sentence.tokens_in(cue))
    while (
        len(tokens) > 1
        and tokens[-1].relation == "case"
        and not any(c.contains(sentence.tokens[tokens[-1].head].span) for c in told.contents)
    ):
        tokens.pop()
    return replace(told, cue=tokens[0].span.join(tokens[-1].span))


def _closed(told: Told, marked: Sequence[Span], cues: Cues) -> Told:
    """The attribution with whole phrases: the model stops short in the middle of some."""
    sentence, word = told.sentence, told.cue_word
    if word is None:
        return told
    if told.source is not None and told.teller is not None:
        teller = told.teller
        while teller.relation in _INNER and teller.head >= 0 and teller.head != word.index:
            teller = sentence.tokens[teller.head]
        told = replace(told, teller=teller)
    if told.source is not None and told.teller is not None and told.teller.upos in {"NOUN", "PROPN"}:
        told = replace(told, source=told.source.join(phrase(sentence, told.teller, without=word)))
    if told.source is not None:
        told = replace(told, source=edged(sentence.tokens_in(told.source)) or told.source)
    contents = tuple(before_next_cue(sentence, close(sentence, c, word), word, cues) for c in told.contents)
    if len(contents) == 1:
        contents = (whole_clause(sentence, contents[0], word),)
    if len(contents) == 1 and not any(m.overlaps(contents[0]) for m in marked):
        contents = interrupted(sentence, contents[0], word, told.source)
    return replace(told, contents=contents)


def _with_loose(told: Told, loose: Sequence[Span], marked: Sequence[Span], cues: Cues) -> Told:
    """The clause that the grammar found, bounded by the model where the model saw content there."""
    if told.is_read or not told.contents:
        return told
    better = tuple(c for c in loose if any(c.overlaps(own) for own in told.contents))
    return _closed(replace(told, contents=better, is_read=True), marked, cues) if better else told


def _nearest(told: Sequence[Told], loose: Sequence[Span], marked: Sequence[Span], cues: Cues) -> Iterator[Told]:
    """Cues without content take the nearest content of their sentence that nobody claims."""
    left = list(loose)
    for t in told:
        if t.contents or t.cue is None or not left:
            yield t
            continue
        cue = t.cue
        nearest = min(left, key=lambda c: min(abs(c.start - cue.end), abs(cue.start - c.end)))
        left.remove(nearest)
        yield _closed(replace(t, contents=(nearest,)), marked, cues)


def _cue_word(sentence: Sentence, cue: Span | None) -> Token | None:
    word = sentence.head_of(cue) if cue is not None else None
    if word is not None and word.relation.split(":")[0] in {"aux", "cop"} and word.head >= 0:
        return sentence.tokens[word.head]  # "is" of "is planning", where the cue stops short
    return word


# ---------------------------------------------------------------- verbs of saying


def _by_verb(sentence: Sentence, cues: Cues) -> Iterator[Told]:
    """Every reporting verb, with the clause it reports where it has one."""
    for token in sentence.tokens:
        if token.upos != "VERB" or token.relation == "amod" or token.lemma.lower() not in cues.reporting:
            continue
        teller = teller_of(sentence, token)
        source = source_span(sentence, teller, token) if teller is not None else None
        clause = reported_clause(sentence, token)
        yield Told(sentence, token.span, token, source, teller, (clause,) if clause else (), is_read=False)


# ---------------------------------------------------------------- "according to"


def _by_according(sentence: Sentence) -> Iterator[Told]:
    """The clause beside "according to X": before it, or when it opens the sentence, behind it."""
    for teller, cue in tellers(sentence):
        aside = {t.index for t in sentence.subtree(teller)} | {cue.index}
        rest = [t for t in sentence.tokens if t.index not in aside]
        before = [t for t in rest if t.index < min(aside)]
        after = [t for t in rest if t.index > max(aside)]
        content = edged(before if len(before) >= len(after) else after)
        to = next((t for t in sentence.tokens[cue.index + 1 : cue.index + 2] if t.text.lower() == "to"), cue)
        source = edged([t for t in sentence.subtree(teller) if t.index > to.index]) or teller.span
        yield Told(sentence, cue.span.join(to.span), cue, source, teller, (content,) if content else (), is_read=False)


# ---------------------------------------------------------------- headlines

_LONGEST_NAME = 6
"""Words of whoever stands before a headline's colon or behind its dash."""
_DASHES = frozenset({"-", "–", "—", "--"})


def _by_colon(sentence: Sentence) -> Iterator[Told]:
    """ "Minister: strike illegal", "Strike to go on – union": who is named, without a verb, beside the mark tells the rest."""
    for mark in sentence.tokens[1:-1]:
        before, after = sentence.tokens[: mark.index], sentence.tokens[mark.index + 1 :]
        if mark.text == ":" and _names(before):
            teller, content = before, after
        elif (mark.text == ":" or mark.text in _DASHES) and _names(after) and not _names(before):
            teller, content = after, before
        else:
            continue
        source, told = edged(teller), edged(content)
        if source is not None and told is not None and len(content) > 1:
            yield Told(sentence, mark.span, mark, source, sentence.head_of(source), (told,), is_read=False)
        return


def _names(tokens: Sequence[Token]) -> bool:
    nominal = [t for t in tokens if t.upos in {"NOUN", "PROPN"}]
    return bool(nominal) and len(tokens) <= _LONGEST_NAME and not any(t.upos in {"VERB", "AUX", "PRON"} for t in tokens)
