"""What a protest was about, what it called for, how many took part on each side, and what it was met with.

    python -m bench protests [--data tests/specs/protests] [--json] [-v]

DIR holds YAML files, each a list of short texts. A spec names a `trigger` in its text and some of: `sizes`, each [what, low, high,
whom] and perhaps "part"; `issues`, each [class, stance]; `demands`, each [class, words, addressee]; `response`, the intensity or
null, with `deeds`, the kinds. What a spec does not name is not looked at; an empty list says that nothing may be found. The figures
are F1 over all that is named and, of the response, the share that is right. -v lists what was missed and what was found instead.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from dateline.records import Coding, Count, EventMention, Report

DEFAULT_DATA = Path("tests/specs/protests")
PUBLISHED = date(2024, 5, 15)
"""A Wednesday: when the texts were published."""

LISTS = ("sizes", "issues", "demands", "deeds")
"""Fields of a spec that are compared item by item."""


@dataclass(frozen=True)
class Spec:
    """A text, the word whose record is looked at, and what that record must say; `name` is file and place in it, from 1."""

    name: str
    text: str
    trigger: str
    wanted: dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """A field of a spec: what was `wanted` and what was `found`, each item written out, in any order."""

    spec: Spec
    field: str
    wanted: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return Counter(self.wanted) == Counter(self.found)


@dataclass(frozen=True)
class Score:
    """Precision, recall and F1 of a field over all specs; nothing wanted and nothing found: 1."""

    hits: int
    found: int
    wanted: int

    @property
    def f1(self) -> float:
        return 2 * self.hits / (self.found + self.wanted) if self.found + self.wanted else 1.0


def read_specs(folder: Path) -> tuple[Spec, ...]:
    """The specs of every file, in the order of their names. Raises ValueError naming a spec whose trigger its text has not."""
    specs = []
    for path in sorted(folder.glob("*.yaml")):
        for number, row in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1):
            spec = Spec(f"{path.stem}:{number}", row.pop("text"), row.pop("trigger"), row)
            if spec.trigger not in spec.text:
                raise ValueError(f"{spec.name}: {spec.trigger!r} is not in the text")
            if unknown := set(row) - {*LISTS, "response", "note"}:
                raise ValueError(f"{spec.name}: no field of a spec: {', '.join(sorted(unknown))}")
            specs.append(spec)
    return tuple(specs)


def code_specs(specs: Iterable[Spec]) -> tuple[Verdict, ...]:
    """What the coder says of each field that each spec names. Loads knowledge and models once."""
    from dateline.knowledge.load import load_knowledge
    from dateline.language.models import load_models
    from dateline.pipeline import code_report

    knowledge, models = load_knowledge(), load_models()
    verdicts: list[Verdict] = []
    for spec in specs:
        coding = code_report(Report(spec.name, spec.text.encode(), "text/plain", published=PUBLISHED), knowledge, models)
        verdicts += judge(spec, coding)
    return tuple(verdicts)


def judge(spec: Spec, coding: Coding) -> Iterator[Verdict]:
    """One verdict for each field that the spec names."""
    text = coding.document.text if coding.document else ""
    event = next((c.event for c in coding.claims if c.event.trigger.of(text) == spec.trigger), None)
    for field in LISTS:
        if field in spec.wanted:
            found = tuple(_written(field, event, text)) if event else ("not coded",)
            yield Verdict(spec, field, tuple(_line(item) for item in spec.wanted[field]), found)
    if "response" in spec.wanted:
        intensity = event.response.intensity if event and event.response else None
        told = intensity.value if intensity else "null"
        yield Verdict(spec, "response", (_line([spec.wanted["response"]]),), (told if event else "not coded",))


def _written(field: str, event: EventMention, text: str) -> Iterator[str]:
    match field:
        case "sizes":
            for c in event.counts:
                yield _line([c.what, _number(c.low), _number(c.high), _whom(c, event), *(["part"] if c.is_part else [])])
        case "issues":
            for i in event.issues:
                yield _line([i.issue, i.stance.value if i.stance else None])
        case "demands":
            for d in event.demands:
                yield _line([d.demand, d.span.of(text), d.addressee.actor.name if d.addressee else None])
        case _:
            yield from dict.fromkeys(d.kind for d in event.response.deeds) if event.response else ()


def _whom(count: Count, event: EventMention) -> str | None:
    party = count.party
    if party is None:
        return None
    if party.actor is not None:
        return party.actor.name
    members = {"actor": event.actors, "recipient": event.recipients}[party.role.value]
    return "all" if party.index is None else members[party.index].actor.name


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _line(item: Any) -> str:
    return " · ".join("null" if part is None else str(part) for part in (item if isinstance(item, list) else [item]))


def add_up(verdicts: Sequence[Verdict], field: str) -> Score:
    """The score of one field over all its verdicts."""
    own = [v for v in verdicts if v.field == field]
    hits = sum((Counter(v.wanted) & Counter(v.found)).total() for v in own)
    return Score(hits, sum(len(v.found) for v in own), sum(len(v.wanted) for v in own))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench protests", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--split", default="dev", help="passed over: there is one set")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-v", "--verbose", "--errors", action="store_true", help="what was missed and what was found instead")
    options = parser.parse_args(arguments)
    began = time.process_time()
    specs = read_specs(options.data)
    verdicts = code_specs(specs)
    scores = {field: add_up(verdicts, field) for field in (*LISTS, "response")}
    figures = {f"{field}_f1" if field != "response" else field: round(score.f1, 4) for field, score in scores.items()}
    if options.json:
        spent = round(time.process_time() - began, 2)
        print(json.dumps({"name": "protests", "n": len(specs), "seconds_cpu": spent, "version": version("dateline"), **figures}))
        return 0
    for v in verdicts if options.verbose else ():
        if not v.is_right:
            print(f"{v.spec.name} {v.field}: {v.spec.text}")
            print(f"    wanted {'; '.join(v.wanted) or '–'}")
            print(f"    found  {'; '.join(v.found) or '–'}")
    print(f"{len(specs)} specs")
    for field, score in scores.items():
        print(f"{field:<10} {score.f1:.3f}  ({score.hits}/{score.found}/{score.wanted})")
    return 0
