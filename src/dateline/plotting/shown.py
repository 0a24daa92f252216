"""A figure that a notebook shows by itself, whatever backend is chosen there, or none. Imported where matplotlib is known to be."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from dateline.plotting.frame import Words


class ShownFigure(Figure):  # type: ignore[misc]  # matplotlib is an extra that lint does without
    """A Figure that knows the words around it, and is shown as SVG."""

    def __init__(self, words: Words, **given: Any) -> None:
        super().__init__(**given)
        self.words = words

    def _repr_svg_(self) -> str:
        from dateline.plotting.save import figure_bytes

        return figure_bytes(self, "svg", self.words).decode("utf-8")
