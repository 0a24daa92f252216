"""What a release holds for people: how to read it, how it was made, its terms, and how to cite it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files

from dateline.releases.facts import Facts, licence_of
from dateline.releases.tables import Column, Table, load_tables

FILES = {
    "events.csv": "the events, one a row",
    "claims.csv": "the evidence: one telling of an event in one document a row, with its words",
    "figures.csv": "how many, one account a row",
    "documents.csv": "the reports, without their texts",
    "*.parquet": "the same four tables with types and lists as they are",
    "codebook.md, codebook.json": "what each type takes in and leaves out, modes, statuses, sectors, codes in CAMEO and ACLED",
    "METHOD.md": "how it was made and what to mind",
    "LICENCE.md": "the terms",
    "CITATION.cff": "how to cite it, for programs",
    "datapackage.json": "the tables described as a Frictionless Data Package",
    "croissant.json": "the same as a Croissant data set",
    "release.json": "what was asked for, from which `dateline release verify` makes the folder again",
    "SHA256SUMS": "the checksum of every other file",
}


def summary(facts: Facts) -> str:
    """The release in a sentence or two."""
    rows, question = facts.gathered.rows, facts.question
    covered = " Names of private people and exact places are covered." if question.is_sensitive else ""
    return (
        f"{rows['events']:,} events told in {rows['documents']:,} news reports by {rows['claims']:,} claims, each with its words "
        f"({facts.asked}), as known on {question.day.isoformat()}.{covered}"
    )


def cited(facts: Facts) -> str:
    """How to cite the release, in a line."""
    question = facts.question
    authors = "; ".join(question.authors) or "Author not given"
    where = f" {question.address}" if question.address else ""
    return (
        f"{authors} ({question.day.year}). {question.title}, version {question.version}. Made with {facts.made_by.program}.{where}"
    )


def readme(facts: Facts) -> str:
    """README.md."""
    return _page(
        [
            f"# {facts.question.title}",
            "",
            summary(facts),
            "",
            f"Version {facts.question.version}, {facts.question.day.isoformat()}. To cite: *{cited(facts)}*",
            "",
            "| file | what |",
            "|---|---|",
            *(f"| {', '.join(f'`{name}`' for name in names.split(', '))} | {what} |" for names, what in FILES.items()),
            "",
            *_part("files.md"),
            "",
            *(line for table in load_tables() for line in _columns(facts, table)),
        ]
    )


def _columns(facts: Facts, table: Table) -> Iterator[str]:
    yield f"## {table.name}: {facts.gathered.rows[table.name]:,} rows"
    yield ""
    yield table.description
    yield ""
    yield "| column | type | meaning |"
    yield "|---|---|---|"
    yield from (f"| `{column.name}` | {_kind(column)} | {column.description} |" for column in table.columns)
    yield ""


def _kind(column: Column) -> str:
    refers = f" → {column.refers}" if column.refers else ""
    return f"{column.type}{', never empty' if column.is_required else ''}{refers}"


def method(facts: Facts) -> str:
    """METHOD.md."""
    question, gathered = facts.question, facts.gathered
    moment = f"{question.moment:%Y-%m-%d %H:%M:%S} UTC"
    return _page(
        [
            "# How this was made",
            "",
            *_part("opening.md"),
            "",
            "| | |",
            "|---|---|",
            f"| asked for | {_in_cell(facts.asked)} |",
            f"| as known at | {moment} |",
            f"| state of the ledger | `{facts.ledger}` |",
            f"| put together by | {facts.made_by.program}, tables `{facts.made_by.knowledge}`, {facts.made_by.arrow} |",
            f"| linked by | {_linked(facts)} |",
            f"| judgements of people on these events | {_judged(gathered.judged())} |",
            f"| private people and exact places | {'covered' if question.is_sensitive else 'as the reports have them'} |",
            "",
            "The claims were coded by:",
            "",
            "| program | model | tables | claims |",
            "|---|---|---|---|",
            *(
                f"| {coder.program} | `{coder.model}` | `{coder.knowledge}` | {number:,} |"
                for coder, number in sorted(gathered.coders.items(), key=lambda pair: (-pair[1], str(pair[0])))
            ),
            "",
            *_part("values.md"),
            "",
            *_part("limits.md"),
        ]
    )


def _linked(facts: Facts) -> str:
    run = facts.linking
    return f"`{run.by.name}`, {run.at:%Y-%m-%d %H:%M:%S} UTC" if run else "nobody: each claim is an event of its own"


def _judged(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {kind}" for kind, number in counts.items()) or "none"


def terms(facts: Facts) -> str:
    """LICENCE.md."""
    licence = licence_of(facts.question.licence)
    if licence is None:
        said = "No licence was given for this release. Ask whoever published it what you may do with it."
    elif licence.address and licence.address != licence.title:
        said = f"This release is under {licence.title} ({licence.id}): <{licence.address}>."
    else:
        said = f"This release is under {licence.title}."
    return _page(
        [
            "# Terms",
            "",
            said,
            "It covers what whoever made the release may license, and not the works below.",
            "",
            *_part("terms.md"),
        ]
    )


def citation(facts: Facts) -> str:
    """CITATION.cff: YAML, of which JSON's texts are a part."""
    question, licence = facts.question, licence_of(facts.question.licence)
    lines = [
        "cff-version: 1.2.0",
        'message: "If you use this data set, please cite it as below."',
        "type: dataset",
        f"title: {_quoted(question.title)}",
        f"abstract: {_quoted(summary(facts))}",
        "authors:",
        *(line for author in question.authors or ("Author not given",) for line in _author(author)),
        f"version: {_quoted(question.version)}",
        f"date-released: {question.day.isoformat()}",
    ]
    if licence is not None and licence.address:
        lines.append(f"license: {licence.id}" if licence.id != licence.address else f"license-url: {_quoted(licence.address)}")
    if question.address:
        lines.append(f"url: {_quoted(question.address)}")
    return _page(lines)


def _author(author: str) -> Iterator[str]:
    family, comma, given = (part.strip() for part in author.partition(","))
    if comma:
        yield f"  - family-names: {_quoted(family)}"
        yield f"    given-names: {_quoted(given)}"
    else:
        yield f"  - name: {_quoted(author)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _in_cell(text: str) -> str:
    return text.replace("|", "/")


def _part(name: str) -> Sequence[str]:
    return files("dateline.releases").joinpath(name).read_text(encoding="utf-8").splitlines()


def _page(lines: Sequence[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"
