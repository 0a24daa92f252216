"""Texts read by the shipped model, for the specs of this room."""

from __future__ import annotations

from datetime import date
from typing import Any

from dateline.records import Block, Document, How, OffsetMap, Origin, PublicationDate, Span

DAY = date(2020, 8, 18)


def document(text: str, published: date | None = DAY) -> Document:
    """A document of one paragraph."""
    when = PublicationDate(published, Origin(How.GIVEN)) if published else None
    return Document("d", "d", "", text, (Block(Span(0, len(text))),), OffsetMap(), published=when)


def read(text: str, models: Any, published: date | None = DAY) -> tuple[Document, Any]:
    """The document and its sentences."""
    from dateline.language.reading import analyse

    shown = document(text, published)
    return shown, analyse(shown, models)
