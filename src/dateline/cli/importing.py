"""Commands that read back what was edited elsewhere, and what others coded: import."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.judging import Key, judged_at, print_judgements, signer_of
from dateline.cli.options import DEFAULT_LEDGER, AsJson, By, LedgerFolder, Reason
from dateline.cli.printing import print_json, say, steps, tell
from dateline.cli.shared import now, open_existing

if TYPE_CHECKING:
    from dateline.records import Problem
    from dateline.runs.table_decisions import Plan


class Kind(StrEnum):
    """As what a file is read."""

    DECISIONS = "decisions"
    ACLED = "acled"
    GDELT = "gdelt"
    UCDP = "ucdp"


LISTED = 20
"""Judgements that are shown of a table before they are entered; of more it is said how many."""


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The table.")],
    by: By = "",
    kind: Annotated[
        Kind, typer.Option("--as", help="As what it is read: decisions about events, or what another coder made.")
    ] = Kind.DECISIONS,
    coder: Annotated[
        str, typer.Option("--coder", metavar="NAME", help="What the other coder is called here, as acled-2024; without it: acled.")
    ] = "",
    reason: Reason = "",
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Enter nothing; say what would be entered.")] = False,
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Reads a table of events back that was downloaded as CSV and edited in a spreadsheet: each edited cell corrects its event.

    What cannot be read, and what others changed since, is told and not entered; all else is one entry, which `undo` takes back.
    Read twice, nothing is entered the second time. Status 3: something in the table was not entered.

    A table of ACLED, GDELT or UCDP becomes a ledger of its own beside this one, to be compared with it (docs/compare.md); nothing
    of it is counted here.

    \b
    dateline import events.csv --as decisions --by Ada --dry-run
    dateline import events.csv --as decisions --by Ada --reason "checked against the court's list"
    dateline import acled.csv --as acled --coder acled-2024
    """
    if kind is not Kind.DECISIONS:
        _import_rows(file, kind, coder or kind.value, ledger, is_dry=is_dry, as_json=as_json)
        return
    if coder:
        raise StopError("--coder is of tables of other coders: --as acled, gdelt or ucdp", Exit.USAGE)
    if not by.strip():
        raise StopError("say who decided: --by NAME", Exit.USAGE)
    from dateline.knowledge.accounts import load_accounts
    from dateline.runs.table_cells import ID
    from dateline.runs.table_decisions import known_column, plan_of
    from dateline.runs.table_file import read_table

    table = read_table(file.read_bytes(), known_column, ID)
    judged = judged_at(ledger)
    head = judged.log.head()
    from dateline.records import Judge

    plan = plan_of(judged, load_accounts(), table, Judge(" ".join(by.split())), now(), reason=reason)
    for line in _faults(plan):
        say(line)
    if is_dry or not plan.drafts:
        _tell(plan, as_json=as_json)
        say("nothing was entered" if is_dry else "there is nothing to enter")
    else:
        entry = judged.log.append(plan.judgements, signer=signer_of(key), behind=head)
        if as_json:
            print_judgements(entry.judgements)
        else:
            _tell(plan, as_json=False)
        say(f"entry {entry.number}: {len(entry.judgements):,} judgements. `dateline undo {entry.number}` takes back all of them")
    if plan.conflicts or plan.unread:
        raise typer.Exit(Exit.SOME_FAILED)


LEAST_SHOWN = 20
"""Rows that could not be read of which each is told; all are in failures.jsonl."""


def _import_rows(file: Path, kind: Kind, name: str, folder: Path, *, is_dry: bool, as_json: bool) -> None:
    """The rows of another coder's table, each a claim in that coder's ledger."""
    from dateline.cli.reading import keep_failures
    from dateline.coders.claims import coder_of, read_table
    from dateline.coders.packed import unpacked
    from dateline.coders.rows import NoTableError
    from dateline.knowledge.coders import load_scheme
    from dateline.ledger.coders import other_coder
    from dateline.ledger.store import open_ledger
    from dateline.runs.other_coders import enter_table

    book = open_existing(folder)
    scheme = load_scheme(kind.value)
    try:
        path = other_coder(book.path, name)
    except ValueError as fault:
        raise StopError(str(fault), Exit.USAGE) from None
    try:
        raw = unpacked(file.read_bytes(), file.name)
        if is_dry:
            rows = list(read_table(raw, file.name, scheme, coder_of(scheme, name)))
            failed: Sequence[Problem] = [row for row in rows if isinstance(row, Problem)]
            said: dict[str, object] = {"coder": name, "rows": len(rows), "readable": sum(isinstance(row, tuple) for row in rows)}
        else:
            theirs = open_ledger(path)
            with steps() as on_step:
                taken = enter_table(
                    theirs, raw, file.name, scheme, name, known_at=now(), on_rows=lambda rows: on_step(f"{rows:,} rows")
                )
            failed = taken.failed
            keep_failures(theirs, failed)
            said = {
                "coder": name, "ledger": str(path), "rows": taken.rows, "entered": taken.entered, "there before": taken.skipped,
                "changed since": taken.changed, "passed over": dict(taken.passed_over),
            }  # fmt: skip
    except NoTableError as fault:
        raise StopError(str(fault)) from None
    if as_json:
        print_json({**said, "failed": len(failed)})
    else:
        passed = said.pop("passed over", None)
        typer.echo(
            "; ".join(
                f"{name.replace('_', ' ')}: {value:,}" if isinstance(value, int) else f"{name}: {value}"
                for name, value in said.items()
            )
        )
        if isinstance(passed, dict) and passed:
            kinds = ", ".join(f"{number:,} {kind}" for kind, number in passed.items())
            say(f"passed over, since PLOVER has no such type: {kinds}")
    tell(failed[:LEAST_SHOWN])
    if failed:
        where = "" if is_dry else f"; all are in {path / 'failures.jsonl'}"
        say(f"{len(failed):,} row{'' if len(failed) == 1 else 's'} could not be read{where}")
        raise typer.Exit(Exit.SOME_FAILED)


def _tell(plan: Plan, *, as_json: bool) -> None:
    """What would be entered."""
    from dateline.serial import to_json
    from dateline.views.judging import what_was_judged

    if as_json:
        for draft in plan.drafts:
            print_json({"row": draft.row, "judgement": json.loads(to_json(draft.judgement))})
        return
    told = ", ".join(f"{number:,} {kind}" for kind, number in plan.kinds().items()) or "no decision"
    already = f"; {plan.already:,} entered before, or already so" if plan.already else ""
    typer.echo(f"{plan.rows:,} rows: {told}{already}")
    for draft in plan.drafts[:LISTED]:
        reason = f": {draft.judgement.reason}" if draft.judgement.reason else ""
        typer.echo(f"  row {draft.row}: {what_was_judged(draft.judgement)}{reason}")
    if len(plan.drafts) > LISTED:
        typer.echo(f"  and {len(plan.drafts) - LISTED:,} more")


def _faults(plan: Plan) -> Iterator[str]:
    """What is not entered, and why, a line each."""
    from dateline.views.judging import judgement_line

    yield from plan.notes
    for fault in plan.unread:
        where = f"row {fault.row}, {fault.column}" if fault.column else f"row {fault.row}"
        yield f"{where}: {fault.words}"
    for one in plan.conflicts:
        now, yours = one.now or "none", one.yours or "none"
        yield f"row {one.row}, {one.column}: changed since the download. Now: {now}; the table says {yours}"
        yield from (f"  {judgement_line(judgement)}" for judgement in one.since[-3:])
    if plan.conflicts:
        yield "what changed since is not entered: download the table anew, and decide again"
