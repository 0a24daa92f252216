"""Dateline reads news reports and keeps a ledger of what they say happened.

One text:

    >>> import dateline
    >>> coding = dateline.code("Police detained 40 miners in Oslo on Monday.", published="2024-05-15")

A ledger of many (docs/python.md is the tour):

    >>> ledger = dateline.open("dateline-ledger")
    >>> protests = ledger.find(type="PROTEST", country="BLR").to_pandas()

The way of a report is in `dateline.pipeline`, the records in `dateline.records`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dateline.api.coding import TextCoder, code, coder
    from dateline.api.event import Event, ToldClaim, Value, Words
    from dateline.api.events import EventSet
    from dateline.api.project import Project
    from dateline.api.project import open_project as open
    from dateline.api.tallies import Counted
    from dateline.errors import Error, MissingExtraError
    from dateline.knowledge.load import load_knowledge
    from dateline.language.models import load_models
    from dateline.pipeline import code_report
    from dateline.records import Claim, Coding, Document, EventMention, Problem, Quotation, Report, Span

    __version__: str

__all__ = [
    "Claim",
    "Coding",
    "Counted",
    "Document",
    "Error",
    "Event",
    "EventMention",
    "EventSet",
    "MissingExtraError",
    "Problem",
    "Project",
    "Quotation",
    "Report",
    "Span",
    "TextCoder",
    "ToldClaim",
    "Value",
    "Words",
    "__version__",
    "code",
    "code_report",
    "coder",
    "load_knowledge",
    "load_models",
    "open",
]

_HOMES = {
    **dict.fromkeys(("Claim", "Coding", "Document", "EventMention", "Problem", "Quotation", "Report", "Span"), "dateline.records"),
    **dict.fromkeys(("TextCoder", "code", "coder"), "dateline.api.coding"),
    **dict.fromkeys(("Event", "ToldClaim", "Value", "Words"), "dateline.api.event"),
    **dict.fromkeys(("Error", "MissingExtraError"), "dateline.errors"),
    "Counted": "dateline.api.tallies",
    "EventSet": "dateline.api.events",
    "Project": "dateline.api.project",
    "open": "dateline.api.project",
    "code_report": "dateline.pipeline",
    "load_knowledge": "dateline.knowledge.load",
    "load_models": "dateline.language.models",
}

_NAMES_THERE = {"open": "open_project"}
"""What has another name in its module: there it would hide Python's own."""


def __getattr__(name: str) -> Any:
    """Each name is imported when it is first asked for: `import dateline` and `dateline --help` do not wait for the rest."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), _NAMES_THERE.get(name, name))
    if name == "__version__":
        return _version()
    raise AttributeError(f"module 'dateline' has no attribute {name!r}")


def __dir__() -> list[str]:
    """What can be asked for, for those who look by Tab."""
    return sorted(__all__)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("dateline")
    except PackageNotFoundError:  # while the package itself is being built
        return "0"
