"""Print how sentences are read: `python -m dateline.language.look "Police held 40 miners."` For those who write knowledge."""

from __future__ import annotations

import sys

from dateline.language.models import load_models
from dateline.language.reading import analyse
from dateline.records import Block, Document, OffsetMap, Span


def main() -> None:
    text = " ".join(sys.argv[1:]) or sys.stdin.read().strip()
    document = Document("look", "look", "", text, (Block(Span(0, len(text))),), OffsetMap())
    for sentence in analyse(document, load_models()):
        for t in sentence.tokens:
            head = "ROOT" if t.head < 0 else sentence.tokens[t.head].text
            print(f"{t.index:3} {t.text:18} {t.lemma:16} {t.upos:6} {t.xpos:5} {t.relation:14} <- {head}")
        print("   ", *(f"[{e.kind}: {e.span.of(text)}]" for e in sentence.entities), "\n")


if __name__ == "__main__":
    main()
