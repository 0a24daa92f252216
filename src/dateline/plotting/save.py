"""A figure as a file: the same bytes for the same figure, with its words for those who cannot see it."""

from __future__ import annotations

from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateline import __version__
from dateline.plotting.frame import PlotError, Words, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENDINGS = ("svg", "png", "pdf")

DOTS = 200
"""Dots an inch of a PNG."""


def figure_bytes(figure: Figure, ending: str, words: Words) -> bytes:
    """The figure as SVG, PNG or PDF, with title and description in the file and no date. Raises PlotError for other endings."""
    if ending not in ENDINGS:
        raise PlotError(f"a plot can be written as {', '.join(ENDINGS)}, not as {ending!r}: the file's ending says as what")
    told = " ".join(part for part in (words.asked, *words.notes, words.source) if part)
    maker = f"Dateline {__version__}"
    metadata: dict[str, dict[str, Any]] = {
        "svg": {"Date": None, "Title": words.title, "Description": told, "Creator": maker},
        "png": {"Title": words.title, "Description": told, "Software": maker},
        "pdf": {"CreationDate": None, "Title": words.title, "Subject": told, "Creator": maker, "Producer": None},
    }
    sink = BytesIO()
    with styled():
        figure.savefig(sink, format=ending, dpi=DOTS, metadata=metadata[ending])
    written = sink.getvalue()
    if ending == "svg":
        label = escape(f"{words.title}. {told}", quote=True)
        written = written.replace(b"<svg ", f'<svg role="img" aria-label="{label}" '.encode(), 1)
    return written


def write_figure(figure: Figure, path: Path, words: Words) -> None:
    """The figure in a file, whole or not at all. Raises PlotError for an ending that is none of ENDINGS."""
    written = figure_bytes(figure, path.suffix.lower().removeprefix("."), words)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_bytes(written)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
