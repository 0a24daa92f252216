"""What a few reports on one happening come to, as the specs have it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.knowledge.accounts import load_accounts
from dateline.linking.accounts import accounts_of
from dateline.linking.agreement import in_words
from dateline.records import EventAccounts
from tests.linking.testimonies import tell

SPECS = Path(__file__).resolve().parents[1] / "specs" / "accounts"
CASES = [row for name in ("figures.yaml", "fields.yaml") for row in yaml.safe_load((SPECS / name).read_text(encoding="utf-8"))]


def said(row: dict[str, Any]) -> EventAccounts:
    testimonies = [t for told in tell(row["reports"]) for t in told.testimonies if t.claim.event.type == row["type"]]
    return accounts_of("event", testimonies, load_accounts())


@pytest.mark.parametrize("row", CASES, ids=[row["it"] for row in CASES])
def test_it(row: dict[str, Any]) -> None:
    accounts = said(row)
    for name, wanted in row.get("tallies", {}).items():
        what, _, side = name.partition(" of ")
        tally = accounts.tally(what, side or None)
        assert tally is not None, f"{name}: no tally; {[(t.what, t.side) for t in accounts.tallies]}"
        found: dict[str, object] = {"low": tally.low, "high": tally.high, "best": tally.best, "verdict": tally.verdict.value}
        if "revisions" in wanted:
            found["revisions"] = [r.kind.value for r in tally.revisions]
        assert found == wanted, (name, tally.steps)
    for name, wanted in row.get("fields", {}).items():
        field = accounts.field(name)
        assert field is not None, name
        assert field.verdict.value == wanted["verdict"], (name, field.arithmetic, [a.in_words for a in field.accounts])
        if "best" in wanted:
            assert field.best is not None
            assert field.accounts[field.best].in_words == wanted["best"]
        if "values" in wanted:
            assert sorted(in_words(a.value) for a in field.accounts) == sorted(wanted["values"]), name
