"""A release described for programs: as a Frictionless Data Package and as a Croissant data set (MLCommons)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from dateline.releases.facts import Facts, licence_of
from dateline.releases.papers import cited, summary
from dateline.releases.tables import Column, Table, load_tables

SCHEMAS = {"list": "string"}
"""Types of columns that Frictionless calls otherwise: a list stands in CSV as text."""

CROISSANT = {
    "string": "sc:Text",
    "list": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}

KINDS = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".md": "text/markdown",
    ".json": "application/json",
    ".cff": "application/yaml",
}


@dataclass(frozen=True)
class File:
    """A file of the release as it was written: its size in bytes and its SHA-256."""

    name: str
    bytes: int
    sha256: str

    @property
    def ending(self) -> str:
        return self.name[self.name.rfind(".") :]


def data_package(facts: Facts, written: Mapping[str, File]) -> dict[str, Any]:
    """`datapackage.json`: each table with its schema, and every other file that there was when this was written."""
    question, licence = facts.question, licence_of(facts.question.licence)
    tables = load_tables()
    others = [file for name, file in written.items() if name not in {f"{table.name}.csv" for table in tables}]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": slug(question.title),
        "title": question.title,
        "description": summary(facts),
        "version": question.version,
        "created": question.moment.isoformat().replace("+00:00", "Z"),
        **({"homepage": question.address} if question.address else {}),
        **({"licenses": [_licence(licence.id, licence.title, licence.address)]} if licence else {}),
        "contributors": [{"title": author, "role": "author", "roles": ["author"]} for author in question.authors],
        "sources": [{"title": "GeoNames", "path": "https://www.geonames.org"}],
        "keywords": ["event data", "news", "conflict", "protest"],
        "resources": [
            *(_table_resource(table, written[f"{table.name}.csv"]) for table in tables),
            *(_file_resource(file) for file in others),
        ],
    }


def _licence(id: str, title: str, address: str) -> dict[str, str]:
    return {"name": id, "title": title, "path": address} if address else {"name": slug(id), "title": title, "path": "LICENCE.md"}


def _table_resource(table: Table, file: File) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "profile": "tabular-data-resource",
        "title": table.title,
        "description": table.description,
        **_about(file),
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            **({"primaryKey": list(table.key)} if table.key else {}),
            "foreignKeys": [
                {"fields": [column.name], "reference": {"resource": column.refers, "fields": [column.name]}}
                for column in table.columns
                if column.refers
            ],
        },
    }


def _file_resource(file: File) -> dict[str, Any]:
    return {"name": slug(file.name), "type": "file", **_about(file)}


def _about(file: File) -> dict[str, Any]:
    return {
        "path": file.name,
        "format": file.ending.removeprefix("."),
        "mediatype": KINDS.get(file.ending, "text/plain"),
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {
        "required": column.is_required or None,
        "unique": column.is_unique or None,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "pattern": column.pattern,
        "enum": list(column.values) or None,
    }
    kept = {name: value for name, value in constraints.items() if value is not None}
    return {
        "name": column.name,
        "type": SCHEMAS.get(column.type, column.type),
        "description": column.description,
        **({"constraints": kept} if kept else {}),
    }


def croissant(facts: Facts, written: Mapping[str, File]) -> dict[str, Any]:
    """`croissant.json`, of version 1.0: the files, and each table as a set of records read from its CSV."""
    question, licence = facts.question, licence_of(facts.question.licence)
    context = json.loads(files("dateline.releases").joinpath("croissant_context.json").read_text(encoding="utf-8"))
    return {
        "@context": context,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": question.title,
        "description": summary(facts),
        "url": question.address or "README.md",
        "version": question.version,
        "datePublished": question.day.isoformat(),
        "license": (licence.address or "LICENCE.md") if licence else "LICENCE.md",
        "citeAs": cited(facts),
        "creator": [_creator(author) for author in question.authors] or [{"@type": "sc:Organization", "name": "not given"}],
        "distribution": [_distributed(file) for file in written.values()],
        "recordSet": [_record_set(table) for table in load_tables()],
    }


def _creator(author: str) -> dict[str, str]:
    family, comma, given = author.partition(",")
    return {"@type": "sc:Person", "name": f"{given.strip()} {family}"} if comma else {"@type": "sc:Organization", "name": author}


def _distributed(file: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": KINDS.get(file.ending, "text/plain"),
        "sha256": file.sha256,
    }


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        **({"key": _ids(table, table.key)} if table.key else {}),
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{column.name}",
                "name": column.name,
                "description": column.description,
                "dataType": CROISSANT[column.type],
                "source": {"fileObject": {"@id": f"{table.name}.csv"}, "extract": {"column": column.name}},
                **({"references": {"field": {"@id": f"{column.refers}/{column.name}"}}} if column.refers else {}),
            }
            for column in table.columns
        ],
    }


def _ids(table: Table, columns: Sequence[str]) -> list[dict[str, str]]:
    return [{"@id": f"{table.name}/{column}"} for column in columns]


def slug(text: str) -> str:
    """The text as a name of small letters, digits and hyphens; nothing left of it: "release"."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "release"
