"""A component for spaCy: `nlp.add_pipe("dateline")` codes each text and marks what tells of events. It needs nothing of the others.

After it `doc._.dateline` is the Coding, and `doc.spans["dateline"]` has a span for each claim's evidence, labelled with its type,
whose `id_` is the claim's id; `doc.spans["dateline_triggers"]` has the words that tell of them. Spans are widened to whole tokens.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup
from spacy.tokens import Span as DocSpan

from dateline.api.coding import TextCoder, bytes_of, coder
from dateline.records import Document, Span

EVIDENCE, TRIGGERS = "dateline", "dateline_triggers"


@Language.factory(  # type: ignore[untyped-decorator]  # lint does without spaCy
    "dateline",
    default_config={"published": None, "publisher": None, "actors": None},
    assigns=["doc._.dateline", "doc.spans"],
)
def make_component(nlp: Language, name: str, published: str | None, publisher: str | None, actors: str | None) -> Component:
    """The component. `published` ("2020-08-18") and `publisher` hold for all texts; of one, `doc._.dateline_published` goes before.

    `actors`: a file with a table of your own actors.
    """
    for extension in ("dateline", "dateline_published"):
        if not Doc.has_extension(extension):
            Doc.set_extension(extension, default=None)
    return Component(coder(actors=actors), published, publisher)


@dataclass(frozen=True)
class Component:
    """Codes documents of spaCy."""

    coder: TextCoder
    published: str | None = None
    publisher: str | None = None

    def __call__(self, doc: Doc) -> Doc:
        day = doc._.dateline_published or self.published
        coding = self.coder.code(doc.text, published=day, publisher=self.publisher)
        doc._.dateline = coding
        found: dict[str, list[DocSpan]] = {EVIDENCE: [], TRIGGERS: []}
        if coding.document is not None:
            told = [(claim.event.evidence, claim.event.trigger, claim) for claim in coding.claims]
            evidence = letters_of(doc.text, coding.document, (e for e, _, _ in told))
            triggers = letters_of(doc.text, coding.document, (t for _, t, _ in told))
            for key, places in ((EVIDENCE, evidence), (TRIGGERS, triggers)):
                for place, (_, _, claim) in zip(places, told, strict=True):
                    span = place and doc.char_span(*place, label=claim.event.type, span_id=claim.id, alignment_mode="expand")
                    found[key] += [span] if span else []
        for key, spans in found.items():
            doc.spans[key] = SpanGroup(doc, name=key, spans=spans)
        return doc


def letters_of(text: str, document: Document, spans: Iterable[Span]) -> Iterator[tuple[int, int] | None]:
    """Where spans of the document stand in the text that it was read from, which may have other white space; nowhere: None."""
    ends = list(accumulate(len(bytes_of(letter)) for letter in text))
    for span in spans:
        place = document.offsets.to_bytes(span)
        yield (bisect_right(ends, place[0]), bisect_right(ends, place[1] - 1) + 1) if place else None
