"""Records to JSON and back: the one written form, shared by the ledger, the command line and the exports.

Keys stand in the order of the records' fields, so equal records give equal bytes. Spans are {"start", "end"}, days ISO 8601,
enumerations their values; a value that was not found is null or an empty list. The outermost object carries "version".
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from dateline.records import RECORD_VERSION, Alert, Claim, Coding, Document, EventInFull, Judgement, Problem, Quotation

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Written = Coding | Claim | Document | Quotation | Problem | Judgement | Alert | EventInFull
"""The records that are written down whole; all others stand inside one of these."""

R = TypeVar("R", Coding, Claim, Document, Quotation, Problem, Judgement, Alert, EventInFull)


class UnreadableRecordError(ValueError):
    """A text is not the written form of the record asked for; the message says where."""


SCHEMA_VERSION = f"{RECORD_VERSION}.0"
"""Version of the JSON Schema: the version of the written form, and how often something was added to it since (docs/record.md)."""


def to_json(record: Written) -> str:
    """The record on one line. Infinite and undefined numbers come out as null, which is what an open bound is.

    Raises ValueError for a field of another type than its record declares and for text that is not Unicode (a lone surrogate):
    both are ours to mend, and neither could be read back.
    """
    fields = _adapter(type(record).__name__).dump_json(record, warnings="error").decode("utf-8")
    # Every record has fields, so the version can stand before them without a second walk through the tree.
    return f'{{"version":{RECORD_VERSION},{fields[1:]}'


def from_json(kind: type[R], text: str | bytes) -> R:
    """The record that `to_json` wrote. Keys it does not know are passed over.

    Raises UnreadableRecordError when the text is no such record, or of a later version than this program's.
    """
    from pydantic import ValidationError

    try:
        fields = _object().validate_json(text)
        _check_version(fields.get("version"), kind)
        record: R = _adapter(kind.__name__).validate_json(text)
    except ValidationError as fault:
        raise UnreadableRecordError(f"not a {kind.__name__}: {_first_fault(fault)}") from fault
    return record


def json_schema(kind: type[Coding] | type[EventInFull] = Coding) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a written Coding or of a line of the lossless export, and so of everything inside one."""
    schema = _adapter(kind.__name__).json_schema(mode="serialization")
    version = {"const": RECORD_VERSION, "description": "Version of the written form.", "title": "Version", "type": "integer"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:dateline:{schema['title'].lower()}:{SCHEMA_VERSION}",
        "schema_version": SCHEMA_VERSION,
        **schema,
        "properties": {"version": version, **schema["properties"]},
        "required": ["version", *schema["required"]],
    }


def _check_version(version: object, kind: type) -> None:
    if not isinstance(version, int):
        raise UnreadableRecordError(f"not a {kind.__name__}: it has no version")
    if version > RECORD_VERSION:
        known = f"this dateline reads up to {RECORD_VERSION}: upgrade dateline"
        raise UnreadableRecordError(f"{kind.__name__} of version {version}; {known}")


def _first_fault(fault: Any) -> str:
    first = fault.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    """Reads and writes the record of that name.

    Building one takes some 50 ms, importing pydantic 80 (two cores, 2026), so both wait for the first use.
    """
    from pydantic import TypeAdapter

    written = {record.__name__: record for record in get_args(Written)}
    if kind not in written:
        raise TypeError(f"{kind} is not written down by itself")
    return TypeAdapter(written[kind])


@cache
def _object() -> TypeAdapter[dict[str, Any]]:
    from pydantic import TypeAdapter

    return TypeAdapter(dict[str, Any])
