"""The command that lays two coders beside each other: compare."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.cli.analysing import put
from dateline.cli.app import Exit, StopError, app
from dateline.cli.choosing import Asked, choosing
from dateline.cli.options import AsJson
from dateline.cli.printing import console, say

if TYPE_CHECKING:
    from dateline.comparing.agreement import Comparison, Group, Share
    from dateline.comparing.occurrences import Occurrence
    from dateline.web.sharing.rows import Chosen

Words = Mapping[str, Mapping[str, Any]]


@app.command()
@choosing
def compare(
    asked: Asked,
    other: Annotated[
        str, typer.Argument(metavar="OTHER", help="A coder beside the ledger (its name), or the folder of another ledger.")
    ],
    within: Annotated[
        int | None, typer.Option(min=0, max=30, metavar="DAYS", help="Days that may lie between two events; without it 1.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="day|week|month|year", help="Periods; without it the finest that fit.")] = None,
    limit: Annotated[int, typer.Option(min=0, metavar="N", help="So many events of each list are shown.")] = 10,
    as_json: AsJson = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE.csv", help="A row for each event of either, as CSV.")
    ] = None,
) -> None:
    """Which events two coders both have, which one has and the other lacks, and how far they say the same of what both have.

    Compared is what both cover: days, types and countries that only one of them has at all are set aside, and said. Neither is
    taken to be right (docs/compare.md).

    \b
    dateline compare acled-2024 --type PROTEST --country BLR
    dateline compare ../other-ledger --within 2 -o differences.csv
    """
    from dateline.comparing.agreement import compared
    from dateline.comparing.occurrences import occurrences
    from dateline.knowledge.comparing import load_match_rules
    from dateline.web.tallying import PERIODS, finest, period_of

    if by is not None and by not in PERIODS:
        raise StopError(f"--by {by}: periods are {', '.join(PERIODS)}", Exit.USAGE)
    if output is not None and output != Path("-") and output.suffix.lower() != ".csv":
        raise StopError("-o writes a table: a file that ends with .csv", Exit.USAGE)
    sides = {"ours": asked.chosen(), "theirs": asked.chosen_in(ledger_of(asked.ledger, other))}
    counted = {whose: asked.counted(chosen) for whose, chosen in sides.items()}
    rules = load_match_rules()
    rules = dataclasses.replace(rules, within=rules.within if within is None else within)
    ours, theirs = (list(occurrences(c.board, c.rows.tolist())) for c in counted.values())
    period = by or finest(counted["ours"].board, counted["ours"].rows)
    found = compared(ours, theirs, rules, lambda day: period_of(day, period), by=period)
    if output is not None:
        words = {whose: _words(sides[whose], events) for whose, events in _all(found).items()}
        put(_table(found, words, sides, other), output)
    elif as_json:
        words = {whose: _words(sides[whose], events) for whose, events in _all(found).items()}
        put(json.dumps(_data(found, words, sides, other), ensure_ascii=False, default=lambda day: day.isoformat()) + "\n", None)
    else:
        for whose, events in (("ours", ours), ("theirs", theirs)):
            if not events:
                say(f"{'this ledger' if whose == 'ours' else other} has no event that fits")
        _tell(found, sides, other, period, limit)


def ledger_of(ledger: Path, other: str) -> Path:
    """The folder of a coder of that name, or the folder named. Raises StopError for neither, naming the coders that there are."""
    from dateline.ledger.coders import NAME, other_coder, other_coders

    if NAME.fullmatch(other) and (other_coder(ledger, other) / "ledger.json").is_file():
        return other_coder(ledger, other)
    if (Path(other) / "ledger.json").is_file():
        return Path(other)
    known = ", ".join(other_coders(ledger)) or "none; `dateline import FILE --as acled` makes one"
    raise StopError(f"{other}: no coder beside {ledger} and no ledger's folder; coders: {known}", Exit.USAGE)


# ---------------------------------------------------------------- words


def _tell(found: Comparison, sides: Mapping[str, Chosen], other: str, period: str, limit: int) -> None:
    from rich.table import Table
    from rich.text import Text

    screen = console()
    if found.first is None or found.last is None:
        say("the two have no days in common: nothing can be compared")
    else:
        typer.echo(f"{found.first} to {found.last}: the days that both cover")
    all = found.all
    typer.echo(
        f"this ledger {all.ours:,}, {other} {all.theirs:,}: both {all.both:,}, only this ledger {all.only_ours:,}, "
        f"only {other} {all.only_theirs:,}"
    )
    typer.echo(f"of theirs we have {_share(all.of_theirs)}; of ours they have {_share(all.of_ours)}\n")
    for name in ("type", "country", "province", period):
        groups = found.groups[name]
        if not groups or (name == "province" and len(groups) < 2):
            continue
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column(name)
        for column in ("ours", "theirs", "both", "only ours", "only theirs", "of theirs we have"):
            table.add_column(column, justify="right", no_wrap=True)
        for g in groups[:25]:
            numbers = (g.ours, g.theirs, g.both, g.only_ours, g.only_theirs)
            table.add_row(
                Text(_printable(g.key)), *(f"{n:,}" if n else "" for n in numbers), _share(g.of_theirs) if g.theirs else ""
            )
        screen.print(table)
        if len(groups) > 25:
            typer.echo(f"and {len(groups) - 25:,} more: --json has all")
        typer.echo("")
    _tell_agreement(found)
    _tell_list(found.only_ours, f"only this ledger ({all.only_ours:,})", sides["ours"], limit)
    _tell_list(found.only_theirs, f"only {other} ({all.only_theirs:,})", sides["theirs"], limit)
    for a in found.aside:
        say(f"set aside: {a.events:,} of {a.whose}, {a.why}")


def _tell_agreement(found: Comparison) -> None:
    told = [f for f in found.fields if f.alike.n]
    if told:
        typer.echo("of the pairs in which both say it, alike: " + "; ".join(f"{f.name} {_share(f.alike)}" for f in told))
    for f in found.figures:
        if f.meet.n:
            typer.echo(
                f"{f.what}: bounds meet in {_share(f.meet)}; ours higher {f.ours_higher:,}, theirs higher {f.theirs_higher:,}; "
                f"told by us alone {f.only_ours:,}, by them alone {f.only_theirs:,}"
            )
        else:
            typer.echo(f"{f.what}: in no pair from both; by us alone {f.only_ours:,}, by them alone {f.only_theirs:,}")


def _tell_list(events: Sequence[Occurrence], head: str, chosen: Chosen, limit: int) -> None:
    if not events or not limit:
        return
    typer.echo(f"\n{head}")
    words = _words(chosen, events[:limit])
    for event in events[:limit]:
        told = words[event.id]
        typer.echo(f"  {event.id[:8]}  {_printable(told['headline'])}")
        if told["evidence"]:
            typer.echo(f"            “{_printable(told['evidence'])[:200]}”")
    if len(events) > limit:
        typer.echo(f"  and {len(events) - limit:,} more: -o FILE.csv has all")


def _share(share: Share) -> str:
    if share.share is None:
        return "none of 0"
    return f"{share.count:,} of {share.n:,} ({share.share:.0%}, {share.low:.0%}–{share.high:.0%})"


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _all(found: Comparison) -> dict[str, list[Occurrence]]:
    return {
        "ours": [*(m.ours for m in found.pairs), *found.only_ours],
        "theirs": [*(m.theirs for m in found.pairs), *found.only_theirs],
    }


def _words(chosen: Chosen, events: Sequence[Occurrence]) -> Words:
    """What the page says of each event: its headline and the words that are shown for it."""
    from dateline.web.sharing.rows import told

    rows = told(chosen.site, chosen.board, [event.row for event in events])
    return {row["id"]: row for row in rows}


# ---------------------------------------------------------------- data

EVENT_COLUMNS = ("id", "first_day", "last_day", "type", "mode", "place", "admin1", "country", "figures", "headline", "evidence")


def _columns() -> list[str]:
    sides = [f"{whose}_{column}" for whose in ("our", "their") for column in EVENT_COLUMNS]
    return ["who_has_it", "score", "why", *sides]


def _rows(found: Comparison, words: Mapping[str, Words]) -> Iterator[dict[str, Any]]:
    for m in found.pairs:
        why = "; ".join(f"{part.name}: {part.found} (+{part.adds:g})" for part in m.parts)
        cells = {**_cells("our", m.ours, words["ours"]), **_cells("their", m.theirs, words["theirs"])}
        yield {"who_has_it": "both", "score": m.score, "why": why, **cells}
    for event in found.only_ours:
        yield {"who_has_it": "only ours", **_cells("our", event, words["ours"])}
    for event in found.only_theirs:
        yield {"who_has_it": "only theirs", **_cells("their", event, words["theirs"])}


def _cells(whose: str, event: Occurrence, words: Words) -> dict[str, Any]:
    from dateline.analysis.notes import in_figures

    told = words[event.id]
    values = {
        "id": event.id, "first_day": event.first, "last_day": event.last, "type": event.type, "mode": event.mode,
        "place": event.place, "admin1": event.admin1, "country": event.country,
        "figures": [f"{f.what} {in_figures(f.low, f.high)}" for f in event.figures], "headline": told["headline"],
        "evidence": told["evidence"],
    }  # fmt: skip
    return {f"{whose}_{name}": value for name, value in values.items()}


def _about(found: Comparison, sides: Mapping[str, Chosen], other: str) -> dict[str, Any]:
    return {
        "ours": sides["ours"].about(),
        "theirs": {**sides["theirs"].about(), "coder": other},
        "aside": [dataclasses.asdict(a) for a in found.aside],
    }


def _table(found: Comparison, words: Mapping[str, Words], sides: Mapping[str, Chosen], other: str) -> str:
    from dateline.web.lists import ABOUT, MARK, in_a_line, line

    columns = _columns()
    aside = " ".join(f"{a.events} of {a.whose} {a.why}." for a in found.aside)
    said = in_a_line({**sides["ours"].about(), "compared with": other, "set aside": aside})
    lines = [MARK + line([*columns, ABOUT])]
    lines += [line([*(r.get(c) for c in columns), said if n == 0 else None]) for n, r in enumerate(_rows(found, words))]
    return "".join(lines)


def _data(found: Comparison, words: Mapping[str, Words], sides: Mapping[str, Chosen], other: str) -> dict[str, Any]:
    def group(g: Group) -> dict[str, Any]:
        return dataclasses.asdict(g)

    return {
        "about": _about(found, sides, other),
        "first": found.first,
        "last": found.last,
        "all": group(found.all),
        "groups": {name: [group(g) for g in groups] for name, groups in found.groups.items()},
        "fields": [dataclasses.asdict(f) for f in found.fields],
        "figures": [dataclasses.asdict(f) for f in found.figures],
        "events": list(_rows(found, words)),
    }
