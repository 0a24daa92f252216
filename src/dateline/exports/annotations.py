"""The words that events rest on as Web Annotations of the W3C (https://www.w3.org/TR/annotation-model/).

An annotation selects words by their position and by themselves with what stands around them. Positions are code points of the
document's text as the ledger has it, which is what `source` names; `via` is the address the report came from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dateline.exports.brief import happening_of
from dateline.exports.cells import on_web
from dateline.exports.telling import Asked, Told
from dateline.records import Document, EventMention, Span, Testimony
from dateline.views import wording as say
from dateline.views.events import headline
from dateline.views.wording import load_wording

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"dl": "urn:dateline:"}]

AROUND = 32
"""Code points before and after the words that tell them from the same words elsewhere."""


def web_annotations(asked: Asked) -> Iterator[str]:
    """An AnnotationCollection with one page: for each telling its evidence, and the words of each of its values."""
    about = {"id": "urn:dateline:export", "type": "AnnotationCollection", "label": "The words that events rest on"}
    said = {"rights": asked.about.get("licence"), "generator": {"type": "Software", "name": asked.about.get("program")}}
    head = _json({"@context": CONTEXT, **about, **said, "dl:about": dict(asked.about)})
    page = _json({"id": "urn:dateline:export/1", "type": "AnnotationPage", "startIndex": 0})
    yield f'{head[:-1]},"first":{page[:-1]},"items":['
    total = 0
    for told in asked.told():
        for annotation in annotations_of(told):
            yield f"{',' if total else ''}\n{_json(annotation)}"
            total += 1
    yield f'\n]}},"total":{total}}}\n'


def annotations_of(told: Told) -> Iterator[dict[str, Any]]:
    """The annotations of an event, telling by telling; of a document that is not shared there are none."""
    name = headline(happening_of(told), load_wording())
    for telling in told.event.tellings:
        entered = told.sources.get(telling.claim.document)
        if entered is None:
            continue
        mention, document = telling.claim.event, entered.document
        event = {"id": f"urn:dateline:event/{told.event.id}", "type": "Dataset", "purpose": "linking"}
        describing = {"type": "TextualBody", "value": name, "format": "text/plain", "purpose": "describing"}
        own = {"dl:status": mention.status.value.value, "dl:stands": telling.is_current}
        yield _annotation(telling, "evidence", mention.evidence, document, [describing, event], own)
        for field, span, value in values_of(mention):
            tag = {"type": "TextualBody", "value": value, "format": "text/plain", "purpose": "tagging"}
            yield _annotation(telling, field, span, document, [tag, event], {})


def values_of(mention: EventMention) -> Iterator[tuple[str, Span, str]]:
    """Each value of a telling that words give: its field, the words, and what was read from them. Inferred values have none."""
    yield "trigger", mention.trigger, f"{mention.type} {mention.mode}" if mention.mode else mention.type
    for role, parties in (("actor", mention.actors), ("recipient", mention.recipients)):
        yield from ((role, party.span, party.actor.name) for party in parties if party.span)
    if mention.time is not None and mention.time.span is not None:
        first, last = mention.time.first, mention.time.last
        yield "time", mention.time.span, f"{first or '..'}/{last or '..'}" if first != last else str(first)
    if mention.place is not None and mention.place.span is not None:
        yield "place", mention.place.span, mention.place.place.name
    for count in mention.counts:
        yield "count", count.span, f"{count.what}: {say.bounds(count.low, count.high)}"
    if mention.status.cue is not None:
        yield "status", mention.status.cue, mention.status.value.value
    for teller in mention.attribution:
        if teller.span is not None:
            yield "attribution", teller.span, teller.actor.name


def _annotation(
    telling: Testimony, field: str, span: Span, document: Document, bodies: list[dict[str, Any]], own: dict[str, Any]
) -> dict[str, Any]:
    claim = telling.claim
    return {
        "id": f"urn:dateline:claim/{claim.id}#{field}-{span.start}-{span.end}",
        "type": "Annotation",
        "motivation": "describing" if field == "evidence" else "tagging",
        "creator": {"type": "Software", "name": f"coder {claim.coder.program}"},
        "created": telling.known_at.isoformat(),
        "dl:field": field,
        **own,
        "body": bodies,
        "target": {"source": _source(document), "selector": selectors(span, document.text)},
    }


def _source(document: Document) -> dict[str, Any]:
    via = {"via": document.address} if on_web(document.address) else {}
    return {"id": f"urn:dateline:document/{document.id}", "type": "Text", "dl:sha256": document.raw_sha256, **via}


def selectors(span: Span, text: str) -> list[dict[str, Any]]:
    """The words by where they stand (code points, half-open), and by themselves with what stands around them."""
    return [
        {"type": "TextPositionSelector", "start": span.start, "end": span.end},
        {
            "type": "TextQuoteSelector",
            "exact": span.of(text),
            "prefix": text[max(0, span.start - AROUND) : span.start],
            "suffix": text[span.end : span.end + AROUND],
        },
    ]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
