"""Words of others: what is quoted or reported, by which cue, and who speaks.

Two signs, used together: quotation marks, which bound what was said, and reporting words ("said that", "according to"),
which name the teller. A quotation whose marks are not closed in its paragraph runs to the paragraph's end, as newspapers
print quotations of several paragraphs. Cue words are knowledge/cues/reporting.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dateline.knowledge.cues import Cues
from dateline.records import Actor, ActorMention, BlockKind, Document, Quotation, QuoteKind, Sentence, Span, Token

_OPENING = {"“": "”", "„": "“", "«": "»", '"': '"', "``": "''"}
_SHORTEST_ALONE = 4
"""Words that marked text must have to be a quotation when no reporting word is near: fewer are scare quotes or names."""
_SHORTEST_REPORT = 3
"""Words that reported speech without marks must have: "an election they say was rigged" is no quotation."""

_PRONOUNS = frozenset({"he", "she", "they"})


@dataclass(frozen=True)
class _Report:
    """A reporting word with what hangs from it, inside one sentence."""

    sentence: Sentence
    cue: Token
    source: Token | None
    complement: Span | None


def find_quotations(
    document: Document, sentences: Sequence[Sentence], actors: Sequence[ActorMention], cues: Cues
) -> tuple[Quotation, ...]:
    """Every quotation, in the order of its content. Nobody quoted: an empty tuple."""
    marked = list(find_marked(document))
    speakers = _Speakers(actors)
    found: list[Quotation] = []
    used: set[Span] = set()
    for sentence in sentences:
        for report in _reports(sentence, cues):
            quotation, taken = _from_report(report, marked, speakers, document.text)
            if quotation is not None:
                quotation = _told_on(quotation, report, found, sentences)
            if quotation is not None and not (taken and taken <= used):
                found.append(_with_teller(quotation, sentence, speakers))
                used |= taken
        found.extend(_according_to(sentence, speakers, found))
    found += _unclaimed([m for m in marked if m not in used], found, document, sentences, speakers, cues)
    return tuple(sorted(_without_doubles(found), key=lambda q: q.content[0]))


# ---------------------------------------------------------------- marks


def find_marked(document: Document) -> Iterator[Span]:
    """What stands between quotation marks, without the marks, block by block."""
    text = document.text
    for block in document.blocks:
        if block.kind not in {BlockKind.BODY, BlockKind.CAPTION}:
            continue
        at, end = block.span.start, block.span.end
        while at < end:
            closing = _OPENING.get(text[at])
            if closing is None:
                at += 1
                continue
            stop = text.find(closing, at + 1, end)
            if stop < 0 and closing == "”":
                stop = text.find('"', at + 1, end)
            stop = end if stop < 0 else stop
            content = _trim(text, at + 1, stop)
            if content is not None and not (text[at] == '"' and stop == end and not _opens(text, at)):
                yield content
            at = stop + 1


def _opens(text: str, at: int) -> bool:
    """A straight mark opens a quotation when a space or nothing stands before it and a word after."""
    return (at == 0 or text[at - 1].isspace() or text[at - 1] in "([—–-") and at + 1 < len(text) and not text[at + 1].isspace()


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


# ---------------------------------------------------------------- reporting words


def _reports(sentence: Sentence, cues: Cues) -> Iterator[_Report]:
    for token in sentence.tokens:
        if token.upos != "VERB" or token.relation == "amod" or token.lemma.lower() not in cues.reporting:
            continue
        source = next((t for t in sentence.fillers(token, "subj") if t.index != token.index), None)
        if source is None and token.relation == "acl" and token.head >= 0:
            source = sentence.tokens[token.head]
        yield _Report(sentence, token, source, _complement(sentence, token))


def _complement(sentence: Sentence, cue: Token) -> Span | None:
    """The clause that the cue reports: its ccomp, or the sentence that holds the cue as an aside (", he said")."""
    for child in sentence.children(cue):
        if child.relation == "ccomp" or (child.relation == "parataxis" and child.index > cue.index):
            return _clause_span(sentence, child, without=cue)
    if cue.relation.split(":")[0] == "parataxis" and cue.head >= 0:
        return _clause_span(sentence, sentence.tokens[cue.head], without=cue)
    return None


def _clause_span(sentence: Sentence, head: Token, *, without: Token) -> Span | None:
    """The clause of a head on its own side of the cue, without an opening "that", a second teller, and punctuation at its edges."""
    left_out = _later_circumstance(sentence, head)
    if without.index != head.index and _is_below(sentence, without, head):
        left_out |= {t.index for t in sentence.subtree(without)}
    tokens = [t for t in sentence.subtree(head) if t.index not in left_out]
    tokens = [t for t in tokens if (t.index < without.index) == (head.index < without.index)]
    for teller, according in _tellers(sentence):
        if head.index < min(according.index, teller.index):
            tokens = [t for t in tokens if t.index < according.index]
    that = next(
        (i for i, t in enumerate(tokens[:5]) if t.relation == "mark" and t.text.lower() in {"that", "how", "whether"}), None
    )
    tokens = tokens[that + 1 :] if that is not None else tokens
    while tokens and tokens[0].upos == "PUNCT":
        tokens = tokens[1:]
    while tokens and tokens[-1].upos == "PUNCT":
        tokens = tokens[:-1]
    return tokens[0].span.join(tokens[-1].span) if tokens else None


def _later_circumstance(sentence: Sentence, head: Token) -> set[int]:
    """What the paper adds behind a comma to the words it reports: ", as the union moves to …", ", after lawmakers voted …"."""
    for child in sentence.children(head):
        mark = next((c for c in sentence.children(child) if c.relation == "mark"), None)
        comma = sentence.tokens[mark.index - 1] if mark is not None and mark.index > 0 else None
        if (
            child.relation == "advcl"
            and mark
            and comma
            and mark.text.lower() in {"as", "while", "after"}
            and comma.text in {",", ",”", "”", '"'}
        ):
            return {t.index for t in sentence.subtree(child)}
    return set()


def _is_below(sentence: Sentence, token: Token, above: Token) -> bool:
    node = token
    while node.head >= 0:
        if node.head == above.index:
            return True
        node = sentence.tokens[node.head]
    return False


def _from_report(report: _Report, marked: Sequence[Span], speakers: _Speakers, text: str) -> tuple[Quotation | None, set[Span]]:
    """The quotation of a reporting word and the marked stretches it takes; a word that reports nothing here: None."""
    sentence, cue = report.sentence, report.cue
    inside = [m for m in marked if m.overlaps(sentence.span) and not m.contains(cue.span)]
    around = next((m for m in marked if m.contains(cue.span)), None)
    if around is not None:
        if report.complement is None:
            return None, set()
        source_outside = report.source is not None and not around.contains(report.source.span)
        inside = [around] if source_outside and around.contains(report.complement) else []
    own = [m for m in inside if _belongs(sentence, m, cue, report.complement)]
    complement = report.complement
    if complement is not None and any(m.start <= complement.start + 1 < m.end for m in own):
        complement = None  # the reported clause opens inside the marks: what they bound is what was said
    if complement is None and not own:
        return None, set()
    if complement is None:
        kind = QuoteKind.DIRECT
        content = tuple(own)
    else:
        kind = QuoteKind.MIXED if own else QuoteKind.INDIRECT
        whole = complement
        for m in own:
            whole = whole.join(m) if m.overlaps(complement) else whole
        content = (whole,)
        if len(text[whole.start : whole.end].split()) < _SHORTEST_REPORT and not own:
            return None, set()
    source = report.source
    speaker = speakers.at(sentence, source) if source is not None else None
    span = speakers.span_at(sentence, source) if source is not None else None
    if speaker is None and not own and source is None:
        return None, set()
    return Quotation(kind, content, span, cue.span, speaker), set(own)


def _told_on(quotation: Quotation, report: _Report, found: Sequence[Quotation], sentences: Sequence[Sentence]) -> Quotation:
    """ "…," he went on: the pronoun of a reporting word is whoever was last quoted, in this paragraph or the one before."""
    if report.source is None or report.source.text.lower() not in _PRONOUNS or not found:
        return quotation
    if quotation.kind is QuoteKind.INDIRECT and quotation.speaker is not None:
        return quotation  # "He said he was worried" may as well be somebody new: coreference has decided
    last = max(found, key=lambda q: q.content[-1].end)
    block = next((s.block for s in sentences if s.span.overlaps(last.content[-1])), -9)
    speaker = last.speaker
    if speaker is None or speaker.is_group != (report.source.text.lower() == "they") or report.sentence.block - block > 1:
        return quotation
    return replace(quotation, speaker=speaker)


def _belongs(sentence: Sentence, marked: Span, cue: Token, complement: Span | None) -> bool:
    """True for a marked stretch in what the cue reports, or beside it in the cue's own clause."""
    if complement is not None and marked.overlaps(complement):
        return True
    head = sentence.head_of(marked)
    if head is None:
        return False
    if _is_below(sentence, head, cue):
        return not _another_cue_between(sentence, head, cue)
    if _is_below(sentence, cue, head) or cue.head == head.index:
        return True
    # Two clauses that the parser left side by side: "…," she said.
    gap = sentence.tokens[min(head.index, cue.index) + 1 : max(head.index, cue.index)]
    return complement is None and not any(t.upos == "VERB" and not marked.contains(t.span) for t in gap)


def _another_cue_between(sentence: Sentence, head: Token, cue: Token) -> bool:
    node = head
    while node.head >= 0 and node.head != cue.index:
        node = sentence.tokens[node.head]
        if (
            node.upos == "VERB"
            and node.relation in {"ccomp", "conj"}
            and any(c.relation == "nsubj" for c in sentence.children(node))
        ):
            return True
    return False


# ---------------------------------------------------------------- who speaks


class _Speakers:
    """Actor mentions by the token they stand on."""

    def __init__(self, actors: Sequence[ActorMention]) -> None:
        self._mentions: dict[int, list[ActorMention]] = {}
        for a in actors:
            self._mentions.setdefault(a.sentence, []).append(a)

    def mention(self, sentence: Sentence, token: Token) -> ActorMention | None:
        own = self._mentions.get(sentence.index, [])
        exact = [a for a in own if a.head.overlaps(token.span)]
        around = [a for a in own if a.span.contains(token.span)]
        return min(exact or around, key=lambda a: len(a.span), default=None)

    def at(self, sentence: Sentence, token: Token) -> Actor | None:
        mention = self.mention(sentence, token)
        return mention.actor if mention else None

    def span_at(self, sentence: Sentence, token: Token) -> Span:
        mention = self.mention(sentence, token)
        return mention.span if mention else token.span


def _tellers(sentence: Sentence) -> Iterator[tuple[Token, Token]]:
    """(teller, cue) of each "according to …" in the sentence."""
    for token in sentence.tokens:
        if token.text.lower() == "according" and token.head >= 0:
            head = sentence.tokens[token.head]
            if token.relation == "case":
                yield head, token
            else:
                yield from ((t, token) for t in sentence.fillers(token, "to"))


def _with_teller(quotation: Quotation, sentence: Sentence, speakers: _Speakers) -> Quotation:
    """The quotation with the second teller that its sentence names."""
    for teller, _ in _tellers(sentence):
        actor = speakers.at(sentence, teller)
        if actor is not None and actor != quotation.speaker and not any(c.contains(teller.span) for c in quotation.content):
            return replace(quotation, via=actor, via_span=speakers.span_at(sentence, teller))
    return quotation


def _according_to(sentence: Sentence, speakers: _Speakers, found: Sequence[Quotation]) -> Iterator[Quotation]:
    """The main clause on the word of "according to X", when no other quotation of the sentence has X as its teller."""
    for teller, cue in _tellers(sentence):
        actor = speakers.at(sentence, teller)
        if any(q.via is not None and q.via == actor and q.cue is not None and sentence.span.contains(q.cue) for q in found):
            continue
        aside = {t.index for t in sentence.subtree(teller)} | {cue.index}
        rest = [t for t in sentence.tokens if t.index not in aside and t.upos != "PUNCT"]
        before = [t for t in rest if t.index < min(aside)]
        after = [t for t in rest if t.index > max(aside)]
        side = before if len(before) >= len(after) else after
        if len(side) > 2:
            content = side[0].span.join(side[-1].span)
            yield Quotation(QuoteKind.INDIRECT, (content,), speakers.span_at(sentence, teller), cue.span, actor)


# ---------------------------------------------------------------- marked text that no reporting word took


def _unclaimed(
    marked: Sequence[Span],
    found: Sequence[Quotation],
    document: Document,
    sentences: Sequence[Sentence],
    speakers: _Speakers,
    cues: Cues,
) -> list[Quotation]:
    """Marked text without a reporting word in its sentence: told on by the sentence after, or going on from the last one."""
    result: list[Quotation] = []
    for m in marked:
        if len(m.of(document.text).split()) < _SHORTEST_ALONE:
            continue
        after = next((s for s in sentences if s.span.start >= m.end - 1 and s.span.start - m.end < 4), None)
        named = _lone_report(after, speakers, cues) if after else None
        if named is not None:
            result.append(Quotation(QuoteKind.DIRECT, (m,), named[0], named[1], named[2]))
            continue
        previous = max(
            (q for q in [*found, *result] if q.content[-1].start < m.start and q.speaker),
            key=lambda q: q.content[-1].end,
            default=None,
        )
        if previous is not None and _goes_on(previous, m, document):
            result.append(Quotation(QuoteKind.DIRECT, (m,), None, None, previous.speaker, previous.via, previous.via_span))
    return result


def _lone_report(sentence: Sentence, speakers: _Speakers, cues: Cues) -> tuple[Span, Span, Actor | None] | None:
    """(source, cue, speaker) of a sentence that is no more than "he said." after a quotation; any other: None."""
    if len([t for t in sentence.tokens if t.upos != "PUNCT"]) > 12:
        return None
    for report in _reports(sentence, cues):
        if report.source is not None and report.complement is None:
            return speakers.span_at(sentence, report.source), report.cue.span, speakers.at(sentence, report.source)
    return None


def _goes_on(previous: Quotation, marked: Span, document: Document) -> bool:
    """True when the marked text opens a paragraph soon after the last quotation, or follows it in the same paragraph."""
    gap = document.text[previous.content[-1].end : marked.start]
    block = document.block_at(marked.start)
    opens_block = block is not None and marked.start - block.span.start <= 2
    return gap.count("\n") <= 4 and (opens_block or len(gap.split()) <= 12)


def _without_doubles(found: Iterable[Quotation]) -> list[Quotation]:
    """One quotation for one stretch: the one with a speaker, then the shorter path (no teller between)."""
    kept: list[Quotation] = []
    for q in sorted(found, key=lambda q: (q.speaker is None, q.cue is None, q.content)):
        if not any(k.content[0] == q.content[0] for k in kept):
            kept.append(q)
    return kept
