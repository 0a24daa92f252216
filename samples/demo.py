"""What `make demo` runs: code the sample reports, keep them in a ledger, say what was found and where to look.

Safe to run twice: reports that are in the ledger already are not coded again.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from dateline.ledger.rows import ClaimRow, CountRow
from dateline.ledger.store import open_ledger

HERE = Path(__file__).resolve().parent
SAMPLES = HERE / "belarus-2020"
LEDGER = HERE.parent / "demo-ledger"
PAGE = HERE.parent / "demo.html"
SHOWN_REPORT = SAMPLES / "01-halden-press-detentions.txt"
TOLLS = ("detained", "injured", "killed", "released", "participants")


def dateline(*arguments: str | Path) -> None:
    """Run the command line as a user would; a failure ends the demo with its exit status."""
    done = subprocess.run([sys.executable, "-m", "dateline", *map(str, arguments)], check=False)
    if done.returncode:
        sys.exit(done.returncode)


def bounds(count: CountRow) -> str:
    """The figure's bounds as a reader says them."""
    low, high = count.low, count.high
    if high is None:
        return f"{low:,.0f} or more"
    return f"{low:,.0f}" if low == high else f"{low or 0:,.0f} to {high:,.0f}"


def plain_table(title: str, *columns: str) -> Table:
    """A table without lines."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def print_types(rows: list[ClaimRow], console: Console) -> None:
    types = Counter(r.type for r in rows)
    console.print("  " + " · ".join(f"{kind} {n}" for kind, n in types.most_common()))
    statuses = Counter(r.status for r in rows)
    console.print("  " + " · ".join(f"{n} {status}" for status, n in statuses.most_common()))


def print_tolls(rows: list[ClaimRow], console: Console) -> None:
    """Rival figures, side by side, each with the words it was read from and who says so."""
    table = plain_table("Who says how many", "what", "bounds", "the words", "on whose word", "in")
    told = [(TOLLS.index(c.what), c.low or 0, r, c) for r in rows for c in r.counts if c.what in TOLLS and r.status == "asserted"]
    for _, _, row, count in sorted(told, key=lambda t: t[:2]):
        table.add_row(count.what, bounds(count), count.text, row.by or "the paper itself", row.publisher or row.report)
    console.print(table)


def print_doubts(rows: list[ClaimRow], console: Console) -> None:
    """What did not happen, or not yet."""
    table = plain_table("Not done, or not yet", "status", "what", "evidence")
    for row in [r for r in rows if r.status != "asserted"][:12]:
        table.add_row(row.status, row.type, f"“{' '.join(row.evidence.split())[:90]}”")
    console.print(table)


def main() -> None:
    console = Console()
    console.print(f"Coding the sample reports in {SAMPLES.relative_to(HERE.parent)}/ …")
    dateline("add", SAMPLES, "--ledger", LEDGER)
    dateline("report", SHOWN_REPORT, "-o", PAGE)
    ledger = open_ledger(LEDGER, create=False)
    rows = ledger.find(limit=None)
    events = {r.same_as or r.claim_id for r in rows}
    sums = f"{len(ledger.documents())} reports, {len(rows)} claims, {len(events)} happenings"
    console.print(f"\n[bold]{sums}[/bold], each report by itself")
    print_types(rows, console)
    console.print()
    print_tolls(rows, console)
    console.print()
    print_doubts(rows, console)
    resignation = next((r for r in rows if r.type == "RETREAT" and r.mode == "resign"), rows[0])
    ledger_name, page_name = LEDGER.name, PAGE.name
    console.print(
        f"""
[bold]Where to look[/bold]
  {page_name:14} the agency story with its records beside it: open it in a browser
  {ledger_name + "/":14} the ledger: Parquet files that DuckDB, pandas, Polars and R read
  .venv/bin/dateline find --ledger {ledger_name} --type COERCE --since 2020-08-09
  .venv/bin/dateline show --ledger {ledger_name} {resignation.claim_id[:8]}
  .venv/bin/dateline code YOUR-ARTICLE.txt --published 2020-08-18""",
        highlight=False,
    )


if __name__ == "__main__":
    main()
