"""Print how sentences are read: `python -m dateline.language.look "Police held 40 miners."` For those who write knowledge."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from dateline.language.models import load_models
from dateline.language.reading import analyse
from dateline.records import Block, Document, OffsetMap, Predicate, Sentence, Span


def lines(sentence: Sentence, text: str) -> Iterator[str]:
    """The sentence's words with their tags and heads, then what stands above single words, a line each."""
    for t in sentence.tokens:
        head = "ROOT" if t.head < 0 else sentence.tokens[t.head].text
        yield f"{t.index:3} {t.text:18} {t.lemma:16} {t.upos:6} {t.xpos:5} {t.relation:14} <- {head:18} {t.features}".rstrip()
    yield "    " + " ".join(f"[{e.kind}: {e.span.of(text)}]" for e in sentence.entities)
    for predicate in sentence.predicates:
        yield "    " + _predicate(predicate, sentence)
    for told in sentence.reported:
        source, cue = (span.of(text) if span else "?" for span in (told.source, told.cue))
        yield f"    {source} | {cue} | " + " … ".join(c.of(text) for c in told.contents)
    if sentence.event_types:
        yield "    " + ", ".join(f"{name} {chance:.2f}" for name, chance in sentence.event_types)


def _predicate(predicate: Predicate, sentence: Sentence) -> str:
    words = [t.text for t in sentence.tokens]
    roles = [f"{r.label}: {' '.join(words[r.first : r.last + 1])}" for r in predicate.roles]
    cues = [f"{c.kind} by {words[c.token]}" for c in predicate.cues]
    return f"{words[predicate.token]} ({predicate.roleset or 'no roleset'})  " + "; ".join(roles + cues)


def main() -> None:
    text = " ".join(sys.argv[1:]) or sys.stdin.read().strip()
    document = Document("look", "look", "", text, (Block(Span(0, len(text))),), OffsetMap())
    for sentence in analyse(document, load_models()):
        print(*lines(sentence, text), "", sep="\n")


if __name__ == "__main__":
    main()
