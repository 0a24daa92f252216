"""Writes docs/api.md, the reference of the Python API, from signatures and docstrings: `python tools/api_page.py`.

`tests/api/test_pages.py` fails when the page is not what this writes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import dateline
from dateline.api.asking import Asked
from dateline.knowledge.own_actors import OwnActorsError
from dateline.language.models import MissingModelError
from dateline.ledger import errors
from dateline.ledger.corrections import CorrectionError
from dateline.ledger.entering import ContradictionError
from dateline.runs.local import WorkerError

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api.md"

HEAD = """# The Python API, name by name

What `import dateline` offers. [python.md](python.md) is the tour and says how the parts go together; this page is written by
`python tools/api_page.py` from the docstrings, and a test fails when they differ. The records, claims, documents and spans, are in
[record.md](record.md). Whatever is raised on purpose is a `dateline.Error`, or a `ValueError` for an argument that cannot be.

"""

PARTS = {
    "One text": ("code", "coder", "TextCoder"),
    "A ledger": ("open", "Project"),
    "Events": ("EventSet", "Event", "Counted"),
    "Claims and their words": ("ToldClaim", "Value", "Words"),
    "Errors": ("Error", "MissingExtraError"),
    "Beneath": ("code_report", "load_knowledge", "load_models"),
}

ELSEWHERE = ("Claim", "Coding", "Document", "EventMention", "Problem", "Quotation", "Report", "Span")
"""Records, which docs/record.md has."""


ALIASES = {"Values": "str | Sequence[str]", "Box": "tuple[float, float, float, float]"}

RAISED = (
    errors.NotALedgerError, errors.NewerLedgerError, errors.OutdatedLedgerError, errors.DamagedLedgerError, errors.NotFoundError,
    errors.AmbiguousIdError, errors.QueryError, errors.JudgementError, ContradictionError, CorrectionError, OwnActorsError,
    MissingModelError, WorkerError,
)  # fmt: skip
"""Errors below `dateline.Error` that the API lets through as they are."""


def page() -> str:
    """The page as it should be."""
    return HEAD + "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    for part, names in PARTS.items():
        yield from (f"## {part}", "")
        for name in names:
            yield from _entry(name, getattr(dateline, name))
        if part == "Errors":
            yield from ("Below it, each in its module:", "", "| error | when |", "|---|---|")
            yield from (f"| `{error.__module__}.{error.__name__}` | {_first_line(error)} |" for error in RAISED)
            yield ""
    yield from ("## What events are looked for by", "", "The arguments of `Project.find` and `EventSet.find`.", "")
    yield from _told(Asked)
    kinds = {name: str(getattr(kind, "__forward_arg__", kind)) for name, kind in Asked.__annotations__.items()}
    yield from (f"- `{name}`: `{re.sub('|'.join(ALIASES), lambda alias: ALIASES[alias[0]], kind)}`" for name, kind in kinds.items())
    yield from ("", "## Records", "", f"{', '.join(f'`{name}`' for name in ELSEWHERE)}: [record.md](record.md).")


def _entry(name: str, thing: Any) -> Iterator[str]:
    yield from (f"### dateline.{name}", "")
    if not inspect.isclass(thing):
        yield from (f"    dateline.{name}{_signature(thing)}", "")
        yield from _told(thing)
        return
    yield from _told(thing)
    if is_dataclass(thing) and (shown := [field for field in fields(thing) if not field.name.startswith("_")]):
        told = (f"`{f.name}: {f.type}`" + ("" if f.default is MISSING else f" = `{f.default!r}`") for f in shown)
        yield from (f"Fields: {', '.join(told)}.", "")
    for inner, member in members(thing):
        if isinstance(member, property | cached_property):
            getter: Any = member.fget if isinstance(member, property) else member.func
            yield from (f"#### .{inner}", "", f"    {inner}: {getter.__annotations__['return']}", "")
            yield from _told(getter)
        else:
            yield from (f"#### .{inner}()", "", f"    {inner}{_signature(member)}", "")
            yield from _told(member)


def members(thing: type) -> Iterator[tuple[str, Any]]:
    """The public methods and properties that the class itself defines, in the order of its source."""
    for name, member in vars(thing).items():
        plain = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if not name.startswith("_") and (inspect.isfunction(plain) or isinstance(plain, property | cached_property)):
            yield name, plain


def _signature(function: Any) -> str:
    signature = inspect.signature(function)
    kept = [parameter for name, parameter in signature.parameters.items() if name not in {"self", "cls"}]
    written = str(signature.replace(parameters=kept)).replace("'", "") if kept else f"() -> {signature.return_annotation}"
    return re.sub(r"<function .*? at 0x[0-9a-f]+>|\w*Path\([^)]*\)", "…", written)


def _first_line(thing: Any) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def _told(thing: Any) -> Iterator[str]:
    yield from (*(inspect.getdoc(thing) or "").splitlines(), "")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
