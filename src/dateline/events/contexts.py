"""What an event is about: PLOVER contexts, by the cue words near it."""

from __future__ import annotations

from collections.abc import Sequence

from dateline.knowledge.ontology import Context
from dateline.records import Sentence

MOST = 3
"""Contexts a record may carry; a sentence that evokes more is too crowded to tell."""


def find_contexts(sentence: Sentence, contexts: Sequence[Context]) -> tuple[str, ...]:
    """The contexts whose cues stand in the sentence, most cues first, at most MOST; none: an empty tuple."""
    lemmas = {t.lemma.lower() for t in sentence.tokens} | {t.text.lower() for t in sentence.tokens}
    running = " ".join(t.lemma.lower() for t in sentence.tokens)
    scored = []
    for order, context in enumerate(contexts):
        hits = sum(1 for cue in context.cues if (cue in lemmas if " " not in cue else f" {cue} " in f" {running} "))
        if hits:
            scored.append((-hits, order, context.id))
    return tuple(name for _, _, name in sorted(scored)[:MOST])
