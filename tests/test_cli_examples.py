"""Every command's examples run, and every command that prints data prints JSON when it is asked for JSON, and nothing else.

The examples are taken from the help texts and run on a copy of a ledger of sample reports; ids in them are replaced by ids
of that ledger. What an example needs beside it lies in the folder (`furnished`).
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from dateline.cli import app
from dateline.cli.options import DEFAULT_LEDGER
from dateline.knowledge import accounts, load
from dateline.knowledge import actors as known_actors
from dateline.knowledge.watch_rules import shipped_rules_path
from dateline.language import models
from dateline.ledger.store import open_ledger
from tests.ingest.making import http, packed, page, record, zipped
from tests.ingest.test_gdelt import TABLES, row
from tests.ledger.examples import CODER, STRIKE
from tests.runs import coders
from tests.web.ledgers import SAMPLES

NOT_RUN = {
    "dateline fetch": "asks hosts of the network",
    "dateline watch --once": "asks hosts of the network",
    "dateline watch": "stays until it is stopped",
    "dateline serve": "stays until it is stopped",
    "dateline dateline-ledger": "serves, and stays until it is stopped",
    "dateline publish": "needs a PostgreSQL",
    "dateline add --engine ray": "needs Ray",
    "dateline read-with": "asks a server that runs a language model",
    "dateline find --ledger dateline-ledger/coders": "asks a ledger that such a server filled",
    "dateline import acled.csv": "reads a data set of others",
    "dateline eval": "reads a folder of records that people coded",
    "dateline compare": "compares with a ledger of another coder, or elsewhere",
    "dateline release": "freezes a ledger as of a day on which this one knew nothing",
}
"""Examples that are not run, by how they begin, and why. The longest beginning that fits counts."""

RUN_ALL_THE_SAME = ("dateline watch check", "dateline watch list", "dateline watch test")

FEW = (
    "01-halden-press-detentions.txt",
    "03-port-aster-gazette-reprint.html",
    "05-halden-press-correction.txt",
    "16-tollgate-monitor.jsonl",
    "19-amberline-post-grodno-strike.txt",
)
"""Samples in which there is what the examples ask for: reprints, an event of several claims, reports with an address."""

ENTERED_BY = {"show", "watch"}
"""Commands whose days of knowledge are taken for one on which the ledger, which was filled just now, knew its reports."""

PASSWORD = "a long enough password\n"

NO_JSON = {
    "report": "writes a page for a browser",
    "export": "writes the format that --to names",
    "schema": "prints JSON already",
    "serve": "answers over HTTP until it is stopped; its log is JSON (--log)",
    "watch": "stays until it is stopped; its log is JSON (--log)",
    "completion": "prints a script of a shell",
    **dict.fromkeys(
        ("plot series", "plot tallies", "plot dyads", "plot spread", "plot response", "plot before-after"), "draws a picture"
    ),
    "users add": "asks for a password and prints no data",
    "users remove": "prints no data",
}


@dataclass(frozen=True)
class Command:
    """A command with the examples of its help."""

    name: str
    has_json: bool
    examples: tuple[str, ...]


def commands(command: Any = None, names: tuple[str, ...] = ()) -> Iterator[Command]:
    command = command or get_command(app)
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*names, name))
    lines = re.findall(r"^ *((?:dateline|curl|echo) .+?)(?: {2,}.*)?$", command.help or "", re.MULTILINE)
    options = {option for parameter in command.params for option in parameter.opts}
    yield Command(" ".join(names), "--json" in options, tuple(lines))


COMMANDS = {command.name: command for command in commands()}
GROUPS = {"", *(name.partition(" ")[0] for name in COMMANDS if " " in name)} - {"watch"}


def why_not(line: str) -> str | None:
    """Why an example is not run; it is: None."""
    if line.startswith(RUN_ALL_THE_SAME):
        return None
    fitting = [begins for begins in NOT_RUN if line == begins or line.startswith((f"{begins} ", f"{begins}/"))]
    return NOT_RUN[max(fitting, key=len)] if fitting else None


# ---------------------------------------------------------------- a folder in which the examples make sense


@dataclass(frozen=True)
class Room:
    """A folder with all that the examples name, and what stands there for the ids in them."""

    folder: Path
    ids: dict[str, str]


@pytest.fixture(scope="module", autouse=True)
def _loaded_once() -> Iterator[None]:
    """Tables and models are loaded once for all commands: each would load them anew."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (load, "load_knowledge"), (models, "load_models"), (known_actors, "load_actors"), (accounts, "load_accounts"),
        ):  # fmt: skip
            patch.setattr(module, name, cache(getattr(module, name)))
        yield


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    folder = tmp_path_factory.mktemp("examples")
    with chdir(folder):
        invoke(["add", *(str(SAMPLES / name) for name in FEW)])
        invoke(["link"])
        accepted = invoke(["find", "--limit", "1", "--json"])
        invoke(["accept", json.loads(accepted)["claim_id"], "--by", "Ada", "--json"])
        book = open_ledger(DEFAULT_LEDGER, create=False)
        large, small, *_ = book.sql("SELECT claims FROM events ORDER BY len(claims) DESC, event_id").rows
        claims = sorted(large[0])
        heads = [json.loads(line)["id"] for line in invoke(["audit", "log", "--by", "Ada", "--json"]).splitlines()]
        pages = book.sql("SELECT address, document_id FROM documents WHERE address IS NOT NULL ORDER BY address").rows
        names = [row[0] for row in book.sql("SELECT DISTINCT unnest(actor_names) AS name FROM claims ORDER BY name").rows]
        ids = {
            "4f1c09": claims[0], "90dd02": claims[1], "5e0b17": claims[2], "77ab31": small[0][0], "12.1": heads[-1],
            "5d1f22c0": json.loads(invoke(["audit", "at", "2100-01-01", "--json"]).splitlines()[0])["head"][:8],
            "https://example.org/news/strike": pages[0][0], "4f1c09d2a7b31e55": pages[0][1],
            "Rift Chamber of Nurses": names[0], "RCN": names[1], "J. Doe": names[2], "Jane Doe": names[3],
        }  # fmt: skip
        furnish(folder)
    return Room(folder, ids)


def furnish(folder: Path) -> None:
    """Puts what the examples read beside the ledger."""
    (folder / "story.txt").write_text(STRIKE, encoding="utf-8")
    (folder / "story.html").write_bytes(page())
    (folder / "news").mkdir()
    (folder / "news" / "strike.txt").write_text(STRIKE, encoding="utf-8")
    (folder / "crawl.warc.gz").write_bytes(packed(record(http(page()))))
    tables = {table.name: table for table in TABLES}
    for name, kind in (("events 2.0", "export.CSV"), ("knowledge graph 2.1", "gkg.csv")):
        data = row(tables[name], "https://example.org/a").encode()
        (folder / f"20200818120000.{kind}.zip").write_bytes(zipped((f"20200818120000.{kind}", data)))
    (folder / "mine.yaml").write_text(shipped_rules_path().read_text(encoding="utf-8"), encoding="utf-8")
    shutil.copy(folder / "mine.yaml", folder / "dateline-ledger" / "watch.yaml")
    header = "name,country,sector,aliases,role,since,until,kind,note\n"
    (folder / "dateline-ledger" / "actors.csv").write_text(header, encoding="utf-8")
    invoke(["users", "add", "Ada", "--users", "users.json"], said=PASSWORD)
    shutil.copy(folder / "users.json", folder / "dateline-users.json")
    invoke(["export", "--to", "csv", "-o", "events.csv"])
    invoke(["backup", "dateline-ledger", "backups"])


def invoke(arguments: list[str], said: str | None = None) -> str:
    result = CliRunner().invoke(app, arguments, input=said)
    assert result.exit_code == 0, f"{shlex.join(arguments)}: {result.output}"
    return result.stdout


@pytest.fixture
def place(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A copy of the room to work in, with a coder made for tests; gives the ids."""
    folder = shutil.copytree(room.folder, tmp_path / "room")
    monkeypatch.chdir(folder)
    for name in ("DATELINE_LEDGER", "DATELINE_USER", "DATELINE_KEY", "DATELINE_ACTORS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    coders.stay_in_this_process(monkeypatch)
    monkeypatch.setattr("dateline.runs.coder.load_coder", lambda *_: coders.load())
    monkeypatch.setattr("dateline.runs.coder.coder_version", lambda table=None: CODER)
    return room.ids


# ---------------------------------------------------------------- running a line of a shell


def arguments_of(stage: str, ids: dict[str, str]) -> tuple[list[str], Path | None]:
    """The words of a command with the ids of this ledger and files for patterns, and the file that it writes its output to."""
    words = shlex.split(stage)
    said = Path(words[words.index("<") + 1]) if "<" in words else None
    words = words[: words.index(">")] if ">" in words else words
    assert said is None
    known: list[str] = []
    for before, word in pairwise(["", *words]):
        if before == "--as-of" and words[1] in ENTERED_BY:
            known.append(str(datetime.now(UTC).date() + timedelta(days=1)))
            continue
        several = [ids.get(part, part) for part in word.split(",")] if "," in word and " " not in word else [ids.get(word, word)]
        found = sorted(map(str, Path().glob(word))) if "*" in word and " " not in word else []
        known += found or [",".join(several)]
    return known, Path(stage.rpartition("> ")[2]) if "> " in stage else None


def run_line(line: str, ids: dict[str, str], *more: str) -> str:
    """Runs the stages of a pipe one after the other and gives what the last that is ours printed; each must end with 0.

    Of other programs only what the examples need is played: `echo` its words, `curl` a page, `jq -r .key` the key's values.
    """
    given, printed = "", ""
    for stage in re.split(r" \| (?=dateline|jq|curl)", line):
        words, out = arguments_of(stage, ids)
        if words[0] == "echo":
            given = " ".join(words[1:])
        elif words[0] == "curl":
            given = page().decode()
        elif words[0] == "jq":
            key = re.fullmatch(r"\.(\w+)", words[-1])
            given = "\n".join(json.loads(one)[key[1]] for one in printed.splitlines()) if key and "-r" in words else ""
        else:
            said = PASSWORD if words[1:3] == ["users", "add"] else given
            printed = invoke([*words[1:], *more], said=said or None)
            if out:
                out.write_text(printed, encoding="utf-8")
            given = ""
    return printed


# ---------------------------------------------------------------- the tests


@pytest.mark.parametrize("command", [c for c in COMMANDS.values() if c.name not in GROUPS], ids=lambda c: c.name)
def test_a_command_has_an_example_in_its_help_that_calls_it(command: Command) -> None:
    assert any(f"dateline {command.name}" in example for example in command.examples)


def test_the_examples_that_are_not_run_are_few() -> None:
    lines = [line for command in COMMANDS.values() for line in command.examples]
    assert sum(why_not(line) is not None for line in lines) < len(lines) / 4


@pytest.mark.parametrize("command", [c for c in COMMANDS.values() if c.name not in GROUPS], ids=lambda c: c.name)
def test_a_command_that_prints_data_can_print_json(command: Command) -> None:
    assert command.has_json == (command.name not in NO_JSON)


@pytest.mark.parametrize("name", [c.name for c in COMMANDS.values() if any(not why_not(e) for e in c.examples)])
def test_the_examples_of_a_command_run_and_json_is_json_and_nothing_else(
    name: str, room: Room, place: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line for line in COMMANDS[name].examples if not why_not(line)]
    asked = [line for line in lines if re.search(r" --jsonl?\b", line.split(" | dateline ")[-1])]
    for line in lines:
        printed = run_line(line, place)
        if line in asked:
            assert is_json(printed), line
    if COMMANDS[name].has_json and not asked:
        line = next(line for line in lines if f"dateline {name}" in line and ">" not in line)
        monkeypatch.chdir(shutil.copytree(room.folder, tmp_path / "again"))
        assert is_json(run_line(line, place, "--json")), line


def is_json(printed: str) -> bool:
    """Whether it is objects, one a line, or one document over several lines."""
    try:
        return isinstance(json.loads(printed), dict)
    except json.JSONDecodeError:
        return all(isinstance(json.loads(one), dict) for one in printed.splitlines())
