"""Did it happen? Short texts of known status, coded from their raw words.

    python -m bench status [--data tests/specs/status] [--json] [-v]

DIR holds one YAML file a phenomenon: a list of texts, each with the events it tells. A case gives the `trigger`, the `type`, and
the status that a coder would accept (one or a list); `none` accepts that no such record is coded. A case is right when a
record of that type whose trigger overlaps the given words has an accepted status; the words are a whole phrase where more than
one of them could be called the trigger ("went on strike"). `coded_as_done` is the share of the cases that accept anything but
`asserted` and were coded so all the same: the error that turns plans and denials into facts.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from dateline.records import Claim, Coding, Report, Span

DEFAULT_DATA = Path("tests/specs/status")
NO_RECORD = "none"
DONE = "asserted"


# ---------------------------------------------------------------- the cases


@dataclass(frozen=True)
class Case:
    """One event that a text tells. `accepted` holds status values, and NO_RECORD where coding nothing is right as well.

    `actor` and `recipient`, where given, are words that the party's span must hold; they do not count in the shares.
    """

    trigger: str
    type: str
    accepted: frozenset[str]
    mode: str | None = None
    actor: str | None = None
    recipient: str | None = None
    note: str | None = None

    @property
    def is_done(self) -> bool:
        return DONE in self.accepted


@dataclass(frozen=True)
class Spec:
    """A text with the events it tells; `phenomenon` is the name of its file, `number` its place there, from 1."""

    phenomenon: str
    number: int
    text: str
    cases: tuple[Case, ...]
    published: date | None = None

    @property
    def name(self) -> str:
        return f"{self.phenomenon}:{self.number}"


def read_specs(folder: Path) -> tuple[Spec, ...]:
    """Every text of the folder's YAML files, by file and in order.

    Raises FileNotFoundError for a folder without such files, ValueError naming the text for one that is not as it should be.
    """
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise FileNotFoundError(f"no *.yaml in {folder}")
    return tuple(read_spec(p.stem, i, entry) for p in paths for i, entry in enumerate(yaml.safe_load(p.read_text("utf-8")), 1))


def read_spec(phenomenon: str, number: int, entry: dict[str, Any]) -> Spec:
    """One entry; the events stand in a list under `events`, or a single one beside the text."""
    text, published = entry["text"], entry.get("published")
    given = entry.get("events") or [{k: v for k, v in entry.items() if k not in {"text", "published"}}]
    spec = Spec(phenomenon, number, text, tuple(map(read_case, given)), published)
    for case in spec.cases:
        if find_trigger(text, case.trigger) is None:
            raise ValueError(f"{spec.name}: {case.trigger!r} is no word of {text!r}")
    return spec


def read_case(entry: dict[str, Any]) -> Case:
    status = entry["status"]
    accepted = frozenset([status] if isinstance(status, str) else status)
    return Case(**{key: value for key, value in entry.items() if key != "status"}, accepted=accepted)


def find_trigger(text: str, trigger: str) -> Span | None:
    """Where the trigger first stands as whole words; nowhere: None."""
    match = re.search(rf"(?<!\w){re.escape(trigger)}(?!\w)", text)
    return Span(*match.span()) if match else None


# ---------------------------------------------------------------- the verdicts


@dataclass(frozen=True)
class Verdict:
    """What became of one case: the statuses it was coded with (none: not coded) and what the record got wrong besides."""

    spec: Spec
    case: Case
    coded: tuple[str, ...]
    faults: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        return any(s in self.case.accepted for s in self.coded or (NO_RECORD,))

    @property
    def is_coded_as_done(self) -> bool:
        """A fact was made of what is none."""
        return not self.case.is_done and DONE in self.coded


def judge(spec: Spec, coding: Coding) -> tuple[Verdict, ...]:
    """One verdict a case, in order."""
    return tuple(judge_case(spec, case, coding) for case in spec.cases)


def judge_case(spec: Spec, case: Case, coding: Coding) -> Verdict:
    text = coding.document.text if coding.document else ""
    trigger = find_trigger(text, case.trigger)
    claims = [c for c in coding.claims if trigger and c.event.type == case.type and c.event.trigger.overlaps(trigger)]
    faults = find_faults(case, claims[0], text) if claims else ()
    return Verdict(spec, case, tuple(c.event.status.value.value for c in claims), faults)


def find_faults(case: Case, claim: Claim, text: str) -> tuple[str, ...]:
    """What the record got wrong beside its status, in words."""
    event, faults = claim.event, []
    if case.mode and event.mode != case.mode:
        faults.append(f"mode {event.mode}, not {case.mode}")
    for role, wanted, given in (("actor", case.actor, event.actors), ("recipient", case.recipient, event.recipients)):
        words = [p.span.of(text) if p.span else p.actor.name for p in given]
        if wanted and not any(wanted in w for w in words):
            faults.append(f"{role} {', '.join(words) or 'missing'}, not {wanted}")
    return tuple(faults)


def code_specs(specs: Iterable[Spec]) -> tuple[Verdict, ...]:
    """Every text coded by the whole path and judged; the answers are looked at only after coding."""
    from dateline.knowledge.load import load_knowledge  # loaded here so that specs can be read and checked without a model
    from dateline.language.models import load_models
    from dateline.pipeline import code_report

    knowledge, models = load_knowledge(), load_models()
    return tuple(
        verdict
        for spec in specs
        for verdict in judge(
            spec, code_report(Report(spec.name, spec.text.encode(), "text/plain", published=spec.published), knowledge, models)
        )
    )


# ---------------------------------------------------------------- the command


@dataclass(frozen=True)
class Shares:
    """Shares between 0 and 1: right of all cases, coded as done of those that are not."""

    n: int
    right: float
    not_done: int
    coded_as_done: float


def add_up(verdicts: Sequence[Verdict]) -> Shares:
    not_done = [v for v in verdicts if not v.case.is_done]
    return Shares(
        n=len(verdicts),
        right=sum(v.is_right for v in verdicts) / len(verdicts),
        not_done=len(not_done),
        coded_as_done=sum(v.is_coded_as_done for v in not_done) / len(not_done) if not_done else 0.0,
    )


def main(argv: list[str]) -> int:
    """Prints the shares by phenomenon, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench status", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help=f"folder of spec files (default {DEFAULT_DATA})")
    parser.add_argument("--split", default="dev", help="a name for the figures; the folder is the split")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-v", "--verbose", "--errors", action="store_true", help="every case that is wrong")
    options = parser.parse_args(argv)

    specs = read_specs(options.data)
    began = time.process_time()
    verdicts = code_specs(specs)
    seconds = time.process_time() - began
    print_table(verdicts)
    if options.verbose:
        print_errors(verdicts)
    if options.json:
        total = add_up(verdicts)
        head = {"name": "status", "split": options.split, "n": total.n, "seconds_cpu": round(seconds, 2)}
        shares = {"right": round(total.right, 4), "coded_as_done": round(total.coded_as_done, 4)}
        print(json.dumps(head | {"version": version("dateline")} | shares))
    return 0


def print_table(verdicts: Sequence[Verdict]) -> None:
    print(f"{'':20}{'cases':>8}{'right':>8}{'not done':>10}{'coded as done':>15}")
    for name in [*dict.fromkeys(v.spec.phenomenon for v in verdicts), "all"]:
        shares = add_up([v for v in verdicts if name in ("all", v.spec.phenomenon)])
        done = f"{shares.coded_as_done:15.3f}" if shares.not_done else f"{'-':>15}"
        print(f"{name:20}{shares.n:8}{shares.right:8.3f}{shares.not_done:10}{done}")


def print_errors(verdicts: Sequence[Verdict]) -> None:
    """One line a wrong case or fault; facts made of what is none are marked with "!"."""
    for v in verdicts:
        if not v.is_right or v.faults:
            coded, accepted = ", ".join(v.coded) or "not coded", "/".join(sorted(v.case.accepted))
            mark = "!" if v.is_coded_as_done else " "
            remark = f" ({'; '.join(v.faults)})" if v.faults else ""
            case = f"{v.spec.name:22} {v.case.type:9} {v.case.trigger:12}"
            print(f"{mark} {case} {coded}, should be {accepted}{remark}: {v.spec.text}")
