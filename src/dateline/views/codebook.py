"""The codebook as a page: what a coder by hand goes by, printed from the tables that the program itself codes by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dateline.knowledge.crosswalks import Crosswalks
from dateline.knowledge.lexicon import Entry, Lexicon
from dateline.knowledge.ontology import Codebook, Guide
from dateline.knowledge.protests import ProtestKnowledge

EXAMPLES = 4
"""Sentences shown of each type: the first of as many entries of the lexicon, the surest entries first."""


def codebook_page(
    codebook: Codebook, crosswalks: Crosswalks, lexicon: Lexicon, protests: ProtestKnowledge, *, only: str | None = None
) -> str:
    """The codebook in Markdown; `only` a type, its section alone. A type that there is not gives the empty string."""
    guides = [g for g in codebook.types if only in (None, g.type.id)]
    lines = [line for guide in guides for line in _section(guide, crosswalks, lexicon)]
    if only is not None:
        return "\n".join(lines) + "\n" if lines else ""
    return (
        "\n".join(
            [*_opening(codebook), *lines, *_statuses(codebook), *_sectors(codebook), *_contexts(codebook), *_protests(protests)]
        )
        + "\n"
    )


def codebook_data(
    codebook: Codebook, crosswalks: Crosswalks, lexicon: Lexicon, protests: ProtestKnowledge, *, only: str | None = None
) -> dict[str, Any]:
    """The same as plain data; codes in other schemes are lists, since the parties may decide."""
    return {
        "types": [
            {
                "id": g.type.id,
                "quad": g.type.quad,
                "meaning": g.type.meaning,
                "requires_recipient": g.type.requires_recipient,
                "includes": list(g.includes),
                "excludes": list(g.excludes),
                "boundary": [{"case": b.case, "type": b.type, "why": b.why} for b in g.boundary],
                "modes": [
                    {"id": mode, "meaning": meaning, **_codes(g, mode, crosswalks)} for mode, meaning in g.type.modes.items()
                ],
                "codes": _codes(g, None, crosswalks),
                "examples": _examples(g.type.id, lexicon),
            }
            for g in codebook.types
            if only in (None, g.type.id)
        ],
        "statuses": [{"id": s.id, "meaning": s.meaning, "tells": list(s.tells), "example": s.example} for s in codebook.statuses],
        "sectors": [
            {"id": s.id, "kind": s.kind, "meaning": s.meaning, "includes": list(s.includes), "note": s.note}
            for s in codebook.sectors
        ],
        "contexts": [{"id": c.id, "meaning": c.meaning} for c in codebook.contexts],
        "issues": [{"id": i.id, "meaning": i.meaning, "mass_mobilization": i.mass_mobilization} for i in protests.issues],
        "demands": [{"id": d.id, "meaning": d.meaning} for d in protests.demands],
        "responses": [
            {"id": k.id, "meaning": k.meaning, "intensity": k.intensity, "mass_mobilization": k.mass_mobilization}
            for k in protests.responses.kinds
        ],
    }


def _opening(codebook: Codebook) -> list[str]:
    types = ", ".join(g.type.id for g in codebook.types)
    return [
        "# Codebook",
        "",
        "An event is one happening that a report tells of: a type, perhaps a mode (how), who did it, to whom, when, where, how",
        "many, on whose word, and whether it happened at all. One sentence may tell of several. Code what the words say, no more.",
        "",
        f"The types: {types}.",
        "",
    ]


def _section(guide: Guide, crosswalks: Crosswalks, lexicon: Lexicon) -> Iterator[str]:
    kind = guide.type
    yield f"## {kind.id}"
    yield ""
    yield kind.meaning
    yield ""
    grouping = kind.quad or "neither cooperation nor conflict"
    need = "It needs someone it is done to." if kind.requires_recipient else "It may have no recipient."
    yield f"*{grouping.capitalize()}.* {need}"
    yield ""
    yield "**Takes in**"
    yield ""
    yield from (f"- {item}" for item in guide.includes)
    yield ""
    yield "**Leaves out**"
    yield ""
    yield from (f"- {item}" for item in guide.excludes)
    yield ""
    if kind.modes:
        yield from _table(
            ("mode", "how", "CAMEO", "ACLED"), [_mode_row(guide, mode, meaning, crosswalks) for mode, meaning in kind.modes.items()]
        )
        yield ""
    plain = _codes(guide, None, crosswalks)
    if plain["cameo"]:
        acled = f". ACLED: {'; '.join(plain['acled'])}" if plain["acled"] else ""
        yield f"Without a mode: CAMEO {'; '.join(plain['cameo'])}{acled}. Where several codes stand, the parties decide."
        yield ""
    if guide.boundary:
        yield "**Where coders slip**"
        yield ""
        yield from (f'- "{b.case}" → {b.type}: {b.why}' for b in guide.boundary)
        yield ""
    if examples := _examples(kind.id, lexicon):
        yield "**For example**"
        yield ""
        yield from (f'- "{text}"' for text in examples)
        yield ""


def _mode_row(guide: Guide, mode: str, meaning: str, crosswalks: Crosswalks) -> tuple[str, ...]:
    codes = _codes(guide, mode, crosswalks)
    return mode, meaning, "; ".join(codes["cameo"]) or "–", "; ".join(codes["acled"]) or "–"


def _codes(guide: Guide, mode: str | None, crosswalks: Crosswalks) -> dict[str, list[str]]:
    """CAMEO's codes with their labels, and ACLED's two names; where there are several, the parties decide."""
    codes = crosswalks.possible(guide.type.id, mode)
    cameo = dict.fromkeys(f"{c.cameo} {crosswalks.labels[c.cameo]}" for c in codes if c.cameo)
    acled = dict.fromkeys(" / ".join(c.acled) for c in codes if c.acled)
    return {"cameo": list(cameo), "acled": list(acled)}


def _examples(kind: str, lexicon: Lexicon) -> list[str]:
    entries: Sequence[Entry] = sorted((e for e in lexicon.entries if e.type == kind and e.examples), key=lambda e: -e.weight)
    return [next(e.examples[0].spelt_out()).text for e in entries[:EXAMPLES]]


def _statuses(codebook: Codebook) -> Iterator[str]:
    yield "## Status: did it happen?"
    yield ""
    yield "Read them from the top; the first that fits is taken."
    yield ""
    for status in codebook.statuses:
        text, other, why = status.near
        yield f"**{status.id}.** {status.meaning} Signs: {'; '.join(status.tells)}."
        yield f'"{status.example}" But "{text}" is {other}: {why}.'
        yield ""


def _sectors(codebook: Codebook) -> Iterator[str]:
    yield "## Sectors: what an actor stands for"
    yield ""
    rows = [(s.id, s.kind, s.meaning, ", ".join(s.includes), s.note or "–") for s in codebook.sectors]
    yield from _table(("sector", "kind", "meaning", "such as", "mind"), rows)
    yield ""


def _contexts(codebook: Codebook) -> Iterator[str]:
    yield "## Contexts: what it is about"
    yield ""
    yield from _table(("context", "meaning"), [(c.id, c.meaning) for c in codebook.contexts])
    yield ""


def _protests(protests: ProtestKnowledge) -> Iterator[str]:
    yield "## Issues: what a protest or request is about"
    yield ""
    rows = [(i.id, i.meaning, i.mass_mobilization or "–", i.examples[0]) for i in protests.issues]
    yield from _table(("issue", "meaning", "Mass Mobilization", "example"), rows)
    yield ""
    yield "## Demands: what is called for"
    yield ""
    yield from _table(("demand", "meaning", "example"), [(d.id, d.meaning, d.examples[0][0]) for d in protests.demands])
    yield ""
    yield "## Responses: what a protest was met with"
    yield ""
    kinds = [(k.id, k.meaning, k.intensity or "–", k.mass_mobilization or "–", k.example[0]) for k in protests.responses.kinds]
    yield from _table(("response", "meaning", "intensity", "Mass Mobilization", "example"), kinds)
    yield ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    yield from (f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)
