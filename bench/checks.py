"""Do the checks say what they should? Short texts of known checks, and real reports in which none should fail for nothing.

    python -m bench checks [--data DIR] [--split dev] [--json] [-v]

The specs are those of tests/specs/checks: a text is right when it shows the checks that are written there and no others. A false
contradiction is a failed check where the spec has none of that name. With --data DIR (SPLIT.jsonl.gz, rows with `text` and `dct`:
time_tbaq) the reports are coded as well and every failed check is printed with its words: whether the report really contradicts
itself is for the reader to judge.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bench.time import read_rows
from dateline.knowledge.load import Knowledge
from dateline.language.models import Models
from dateline.records import Check, CheckResult, Coding, Report

SPECS = Path(__file__).resolve().parents[1] / "tests" / "specs" / "checks"
DAY = date(2024, 5, 15)
"""A Wednesday: the publication day of specs that name none."""


@dataclass(frozen=True)
class Expected:
    """A check that a text must show; what is None is left open."""

    name: str
    result: str
    arithmetic: str | None = None
    words: tuple[str, ...] | None = None

    def describes(self, check: Check, coding: Coding) -> bool:
        assert coding.document is not None
        words = tuple(span.of(coding.document.text) for span in check.spans)
        return (
            (self.name, self.result) == (check.name, check.result)
            and self.arithmetic in {None, check.arithmetic}
            and self.words in {None, words}
        )


@dataclass(frozen=True)
class Spec:
    """A text and all the checks it shows; `phenomenon` is the name of its file."""

    phenomenon: str
    text: str
    published: date
    checks: tuple[Expected, ...]

    def is_right(self, coding: Coding) -> bool:
        """True when the coding shows as many checks as are written, and each of them is one of these."""
        shown = checks_of(coding)
        return len(shown) == len(self.checks) and all(any(e.describes(c, coding) for c in shown) for e in self.checks)

    def false_contradictions(self, coding: Coding) -> tuple[Check, ...]:
        """Failed checks of a name that fails nowhere in the spec."""
        expected = {e.name for e in self.checks if e.result == CheckResult.FAILED}
        return tuple(c for c in checks_of(coding) if c.result is CheckResult.FAILED and c.name not in expected)


def read_specs(folder: Path = SPECS) -> tuple[Spec, ...]:
    """Every spec of the folder, file by file. Raises KeyError for one without a text or checks."""
    return tuple(spec for path in sorted(folder.glob("*.yaml")) for spec in _specs_of(path))


def _specs_of(path: Path) -> Iterator[Spec]:
    for row in yaml.safe_load(path.read_text(encoding="utf-8")):
        yield Spec(path.stem, row["text"], row.get("published", DAY), tuple(_expected(c) for c in row["checks"]))


def _expected(row: dict[str, Any]) -> Expected:
    words = row.get("words")
    return Expected(row["name"], row["result"], row.get("arithmetic"), tuple(words) if words else None)


def checks_of(coding: Coding) -> tuple[Check, ...]:
    """All checks of all records, in their order."""
    return tuple(check for claim in coding.claims for check in claim.event.checks)


def main(argv: list[str]) -> int:
    """Prints the shares by phenomenon, and of real reports every failed check; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench checks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="folder with SPLIT.jsonl.gz of real reports")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-v", "--verbose", "--errors", action="store_true", help="list the specs that come out otherwise")
    options = parser.parse_args(argv)
    from dateline.knowledge.load import load_knowledge  # loaded here so that specs can be read and checked without a model
    from dateline.language.models import load_models

    knowledge, models = load_knowledge(), load_models()
    began = time.process_time()
    figures = _on_specs(knowledge, models, is_verbose=options.verbose)
    if options.data:
        figures |= _on_reports(read_rows(options.data / f"{options.split}.jsonl.gz"), knowledge, models)
    if options.json:
        head = {"name": "checks", "split": options.split, "seconds_cpu": round(time.process_time() - began, 2)}
        print(json.dumps(head | {"version": models.version} | figures))
    return 0


def _code(name: str, text: str, published: date, knowledge: Knowledge, models: Models) -> Coding:
    from dateline.pipeline import code_report

    return code_report(Report(name, text.encode(), "text/plain", published=published), knowledge, models)


def _on_specs(knowledge: Knowledge, models: Models, *, is_verbose: bool) -> dict[str, float]:
    specs = read_specs()
    codings = [_code(s.phenomenon, s.text, s.published, knowledge, models) for s in specs]
    right: Counter[str] = Counter(s.phenomenon for s, c in zip(specs, codings, strict=True) if s.is_right(c))
    false = {s.text: s.false_contradictions(c) for s, c in zip(specs, codings, strict=True) if s.false_contradictions(c)}
    print(f"{'specs':20}{'texts':>8}{'right':>8}")
    for name, number in Counter(s.phenomenon for s in specs).items():
        print(f"{name:20}{number:8}{right[name] / number:8.3f}")
    share = sum(right.values()) / len(specs)
    print(f"{'all':20}{len(specs):8}{share:8.3f}   false contradictions {len(false)}")
    for spec, coding in zip(specs, codings, strict=True) if is_verbose else ():
        if not spec.is_right(coding):
            print(spec.text, *(f"\n    {c.result}: {c.name}: {c.arithmetic}" for c in checks_of(coding)))
    return {"n": len(specs), "right": round(share, 4), "false_contradictions": len(false)}


def _on_reports(rows: list[dict[str, Any]], knowledge: Knowledge, models: Models) -> dict[str, float]:
    results: Counter[str] = Counter()
    records = 0
    for row in rows:
        coding = _code(row.get("doc_id", "report"), row["text"], date.fromisoformat(row["dct"][:10]), knowledge, models)
        records += len(coding.claims)
        results.update(check.result for check in checks_of(coding))
        for check in checks_of(coding) if coding.document else ():
            if check.result is CheckResult.FAILED and coding.document is not None:
                words = ", ".join(f"“{span.of(coding.document.text)}”" for span in check.spans)
                print(f"{coding.report}: {check.name}: {check.arithmetic} ({words})")
    print(f"{len(rows)} reports, {records} records: " + ", ".join(f"{results[r]} {r}" for r in CheckResult))
    found = {str(r).replace(" ", "_"): float(results[r]) for r in CheckResult}
    return {"reports": float(len(rows)), "records": float(records)} | found
