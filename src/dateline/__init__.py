"""Dateline reads news reports and keeps a ledger of what they say happened.

report -> document -> sentences -> mentions -> events -> claims -> ledger -> views:

    >>> import dateline
    >>> knowledge, models = dateline.load_knowledge(), dateline.load_models()
    >>> report = dateline.Report("note", b"Police detained 40 miners in Oslo on Monday.")
    >>> coding = dateline.code_report(report, knowledge, models)

The records are in `dateline.records`, the path in `dateline.pipeline`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dateline.knowledge.load import load_knowledge
    from dateline.language.models import load_models
    from dateline.pipeline import code_report
    from dateline.records import Claim, Coding, Document, EventMention, Problem, Quotation, Report, Span

try:
    __version__ = version("dateline")
except PackageNotFoundError:  # while the package itself is being built
    __version__ = "0"
__all__ = [
    "Claim",
    "Coding",
    "Document",
    "EventMention",
    "Problem",
    "Quotation",
    "Report",
    "Span",
    "__version__",
    "code_report",
    "load_knowledge",
    "load_models",
]

_RECORDS = ("Claim", "Coding", "Document", "EventMention", "Problem", "Quotation", "Report", "Span")
_HOMES = {
    **dict.fromkeys(_RECORDS, "dateline.records"),
    "code_report": "dateline.pipeline",
    "load_knowledge": "dateline.knowledge.load",
    "load_models": "dateline.language.models",
}


def __getattr__(name: str) -> Any:
    """Records, and the functions that need models, are imported when first asked for: `dateline --help` does not wait for them."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'dateline' has no attribute {name!r}")
