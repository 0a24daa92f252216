"""Commands that read back what was edited elsewhere: import."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.cli.app import Exit, app
from dateline.cli.judging import Key, judged_at, print_judgements, signer_of
from dateline.cli.options import DEFAULT_LEDGER, AsJson, By, LedgerFolder, Reason
from dateline.cli.printing import print_json, say
from dateline.cli.shared import now

if TYPE_CHECKING:
    from dateline.runs.table_decisions import Plan


class Kind(StrEnum):
    """As what a file is read."""

    DECISIONS = "decisions"


LISTED = 20
"""Judgements that are shown of a table before they are entered; of more it is said how many."""


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The table of events that was edited.")],
    by: By,
    kind: Annotated[Kind, typer.Option("--as", help="As what it is read: decisions about events.")] = Kind.DECISIONS,
    reason: Reason = "",
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Enter nothing; say what would be entered.")] = False,
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Reads a table of events back that was downloaded as CSV and edited in a spreadsheet: each edited cell corrects its event.

    What cannot be read, and what others changed since, is told and not entered; all else is one entry, which `undo` takes back.
    Read twice, nothing is entered the second time. Status 3: something in the table was not entered.

    \b
    dateline import events.csv --as decisions --by Ada --dry-run
    dateline import events.csv --as decisions --by Ada --reason "checked against the court's list"
    """
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
