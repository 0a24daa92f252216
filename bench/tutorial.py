"""How long the ten-minute tutorial takes: its commands, taken from its page, run one after the other in an empty folder.

    python -m bench tutorial                 # with the Dateline that runs this
    python -m bench tutorial --install       # in an environment of its own, its making and the install measured too

No data. Reading and thinking are not measured, and `dateline serve`, which stays, is not run. A command that this Dateline does not
have is named and left out.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "tutorial.md"
EXTRA = "plot"
STAYS = "serve"
"""The command that runs until it is stopped."""

BLOCK = re.compile(r"(?:^ {4}.*\n(?:\n+(?= {4}))*)+", re.MULTILINE)
FILE = re.compile(r"^`(news/[\w.-]+)`:\n\n((?:^ {4}.*\n(?:\n+(?= {4}))*)+)", re.MULTILINE)
MORE = "…"
"""A line of the page that stands for any number of lines of what is printed."""


@dataclass(frozen=True)
class Step:
    """A command of the page, and the lines that the page shows of what it prints; none: nothing is said of them."""

    command: str
    printed: tuple[str, ...]

    @property
    def arguments(self) -> list[str]:
        """What comes after `dateline`."""
        return shlex.split(self.command)[1:]

    @property
    def is_run(self) -> bool:
        """Whether it is one of Dateline's own that ends by itself."""
        return self.command.startswith("dateline ") and self.arguments[0] != STAYS


@dataclass(frozen=True)
class Timing:
    """What a command took, in seconds; `note` says why it was not run."""

    command: str
    wall_s: float
    cpu_s: float
    note: str = ""


def articles(page: str) -> dict[str, str]:
    """The files that the page gives in full, by name."""
    return {name: _unindented(block) for name, block in FILE.findall(page)}


def steps(page: str) -> list[Step]:
    """The commands of the page in order, each a line that begins with `$ `, with what is printed below it."""
    return [step for block in BLOCK.findall(page) for step in _steps_of(_unindented(block))]


def _unindented(block: str) -> str:
    return re.sub(r"^ {4}", "", block, flags=re.MULTILINE).strip("\n") + "\n"


def _steps_of(block: str) -> Iterator[Step]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *printed = part.rstrip("\n").split("\n")
        yield Step(command, tuple(line.rstrip() for line in printed if line.strip()))


def write_articles(page: str, folder: Path) -> None:
    """Writes the articles of the page under the folder."""
    for name, text in articles(page).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def shows(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether what is printed is what the page shows; a line `…` stands for any number of lines, blank lines count for nothing."""
    said = [line.rstrip() for line in printed if line.strip()]
    pattern = "".join("(?:.*\n)*?" if line.strip() == MORE else re.escape(line) + "\n" for line in shown)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in said)) is not None


def timed(command: Sequence[str], shown: str, folder: Path, environment: Mapping[str, str]) -> Timing:
    """Runs the command in the folder; `shown` is what the page calls it. Raises RuntimeError with what it said when it fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{shown} ended with {done.returncode}: {done.stderr.strip()[-800:]}")
    return Timing(shown, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def installed(folder: Path, environment: Mapping[str, str]) -> Iterator[Timing]:
    """Makes an environment in the folder and installs this tree into it."""
    yield timed([sys.executable, "-m", "venv", "env"], "python3 -m venv env", folder, environment)
    install = [str(folder / "env" / "bin" / "pip"), "install", "--quiet", f"{ROOT}[{EXTRA}]"]
    yield timed(install, f"pip install 'dateline[{EXTRA}]'", folder, environment)


def measured(page: str, folder: Path, *, install: bool) -> Iterator[Timing]:
    """The commands of the page in an empty folder, in order, with what each took."""
    write_articles(page, folder)
    if install:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        yield from installed(folder, environment)
        dateline = [str(folder / "env" / "bin" / "dateline")]
    else:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        dateline = [sys.executable, "-m", "dateline"]
    for step in filter(lambda step: step.is_run, steps(page)):
        asked = subprocess.run([*dateline, step.arguments[0], "--help"], env=environment, capture_output=True, check=False)
        if asked.returncode:
            yield Timing(step.command, 0, 0, "left out: this Dateline has no such command")
        else:
            yield timed([*dateline, *step.arguments], step.command, folder, environment)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench tutorial", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--install", action="store_true", help="measure making an environment and the install as well")
    parser.add_argument("--json", action="store_true", help="one line for programs")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        timings = list(measured(PAGE.read_text(encoding="utf-8"), Path(folder), install=options.install))
    wall, cpu = sum(timing.wall_s for timing in timings), sum(timing.cpu_s for timing in timings)
    if options.json:
        left_out = [timing.command for timing in timings if timing.note]
        print(json.dumps({"commands": len(timings), "wall_s": round(wall, 1), "cpu_s": round(cpu, 1), "left_out": left_out}))
        return 0
    for timing in timings:
        print(f"{timing.wall_s:7.1f} s {timing.cpu_s:7.1f} CPU s  {timing.command}{'  ' if timing.note else ''}{timing.note}")
    print(f"{wall:7.1f} s {cpu:7.1f} CPU s  together")
    return 0
