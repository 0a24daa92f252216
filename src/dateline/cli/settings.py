"""Settings: what a project's dateline.toml says, below the environment, which is below the options of a command.

A setting is the default of every option that reads its variable, so that nothing but the command line knows of the file. Beside the
common settings it may have a table for each command, `[serve]` or `[watch.check]`, with options by their long names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum, auto
from pathlib import Path
from typing import Any

FILE_NAME = "dateline.toml"


class Kind(Enum):
    """What a value of the file may be."""

    PATH = auto()  # reckoned from the file's folder
    TEXT = auto()
    NUMBER = auto()
    LIST = auto()


@dataclass(frozen=True)
class Setting:
    """A common setting: its key in the file, its variable in the environment, what it is for, and an example as TOML."""

    key: str
    variable: str
    kind: Kind
    says: str
    example: str
    usual: str = ""
    """What holds when nobody says anything; empty: nothing."""
    is_secret: bool = False


SETTINGS = (
    Setting("ledger", "DATELINE_LEDGER", Kind.PATH, "The ledger's folder.", '"ledger"', "dateline-ledger"),
    Setting("actors", "DATELINE_ACTORS", Kind.PATH, "Your own actors; without it actors.csv in the ledger.", '"actors.csv"'),
    Setting("publisher", "DATELINE_PUBLISHER", Kind.TEXT, "Who published reports that do not say it.", '"The Paper"'),
    Setting("workers", "DATELINE_WORKERS", Kind.NUMBER, "Processes that share the work.", "4"),
    Setting("user", "DATELINE_USER", Kind.TEXT, "Who judges: a name or a pseudonym.", '"Ada"'),
    Setting("key", "DATELINE_KEY", Kind.PATH, "An Ed25519 key that judgements are signed with.", '"ada.key"'),
    Setting("contact", "DATELINE_CONTACT", Kind.TEXT, "How publishers reach you when you fetch.", '"editor@example.org"'),
    Setting(
        "allow", "DATELINE_ALLOW", Kind.LIST, "Addresses of your own network that may be fetched from.", '["192.168.1.20:8000"]'
    ),
    Setting("database", "DATELINE_DATABASE", Kind.TEXT, "Where to publish to.", '"postgresql://me@host/news"', is_secret=True),
    Setting("log", "DATELINE_LOG", Kind.PATH, "Where to log runs, fetches and faults.", '"dateline.log"'),
)

ONLY_VARIABLES = {
    "DATELINE_PROJECT": "The folder whose dateline.toml holds, as --project.",
    "DATELINE_CONFIG": "The file that holds in place of dateline.toml, as --config.",
    "DATELINE_CACHE": "The folder for the table of places where it was not compiled at installation.",
    "DATELINE_METRICS_TOKEN": "Lets a program read /metrics of a server; no secret belongs into a file that is shared.",
    "DATELINE_READER_KEY": "What a server that reads with a language model wants to be shown; a secret too.",
}
"""Variables that stand for nothing in the file, and what each is for."""


SECRET = frozenset({"DATELINE_METRICS_TOKEN", "DATELINE_READER_KEY"})
"""Variables of which it is said that they are set, and no more."""


class SettingsError(ValueError):
    """The file is not as it should be. `faults`: one sentence each, with file and line."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Settings:
    """What a file says: common settings by key, and the parameters of single commands by the command's name and theirs.

    No file: `path` is None, and nothing is set.
    """

    path: Path | None = None
    common: Mapping[str, Any] = field(default_factory=dict)
    of_commands: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def find_file(folder: Path) -> tuple[Path | None, tuple[Path, ...]]:
    """The dateline.toml of the folder or the nearest of those above it, and those that were passed over on the way.

    Passed over is a file that somebody else put where anybody may write: it could send what we write to wherever he likes.
    """
    whole = folder.resolve()
    passed: list[Path] = []
    for steps, parent in enumerate((whole, *whole.parents)):
        found = parent / FILE_NAME
        if found.is_file():
            named = folder.joinpath(*[".."] * steps, FILE_NAME)
            if not _is_planted(found):
                return named, tuple(passed)
            passed.append(named)
    return None, tuple(passed)


def read_settings(path: Path, context: Any) -> Settings:
    """The file's settings, for the commands of the context's group. Raises SettingsError with all that is wrong in it, OSError
    if it cannot be read.
    """
    import tomllib

    text = path.read_text(encoding="utf-8-sig")
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise SettingsError((f"{path}: not TOML: {fault}",)) from fault
    reader, group = _Reader(path, text.splitlines(), context), context.command
    known = {setting.key: setting for setting in SETTINGS}
    common: dict[str, Any] = {}
    of_commands: dict[str, Mapping[str, Any]] = {}
    for key, value in told.items():
        if isinstance(value, dict):
            of_commands |= reader.table((key,), value, group)
        elif key in known:
            common[key] = reader.common(known[key], value)
        else:
            tables = [f"[{name}]" for name in group.commands]
            reader.fault((), key, f"no setting is called {key!r}{_meant(key, [*known, *tables])}")
    if reader.faults:
        raise SettingsError(reader.faults)
    return Settings(path, common, of_commands)


def defaults(settings: Settings, group: Any) -> dict[str, Any]:
    """What the settings come to as defaults of parameters, command by command: those of an option that reads a setting's variable,
    and what the command's own table says, which goes first.
    """
    by_variable = {setting.variable: settings.common[setting.key] for setting in SETTINGS if setting.key in settings.common}

    def of(command: Any, names: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {
            parameter.name: by_variable[parameter.envvar]
            for parameter in command.params
            if isinstance(parameter.envvar, str) and parameter.envvar in by_variable
        }
        found |= settings.of_commands.get(" ".join(names), {})
        inner = getattr(command, "commands", {})
        return found | {name: of(one, (*names, name)) for name, one in inner.items()}

    return {name: of(command, (name,)) for name, command in group.commands.items()}


@dataclass
class _Reader:
    """Notes what is wrong with a file, so that all of it can be told at once."""

    path: Path
    lines: Sequence[str]
    context: Any
    faults: list[str] = field(default_factory=list)

    def common(self, setting: Setting, value: Any) -> Any:
        """The value as an option takes it."""
        is_number = isinstance(value, int) and not isinstance(value, bool) and value > 0
        fits = {
            Kind.PATH: isinstance(value, str) and bool(value),
            Kind.TEXT: isinstance(value, str),
            Kind.NUMBER: is_number,
            Kind.LIST: isinstance(value, list) and all(isinstance(one, str) for one in value),
        }
        if not fits[setting.kind]:
            self.fault((), setting.key, f"{setting.key} is {value!r}; write it as {setting.key} = {setting.example}")
        return self.beside(value) if setting.kind is Kind.PATH and isinstance(value, str) and value != "-" else value

    def table(self, names: tuple[str, ...], told: Mapping[str, Any], group: Any) -> dict[str, dict[str, Any]]:
        """The parameters of a command, and of those below it, that a table names."""
        command = getattr(group, "commands", {}).get(names[-1])
        if command is None:
            there = list(getattr(group, "commands", {}))
            self.fault(names, None, f"no command is called {' '.join(names)!r}{_meant(names[-1], there)}")
            return {}
        parameters = {
            option.removeprefix("--"): parameter for parameter in command.params for option in parameter.opts if option[:2] == "--"
        }
        found: dict[str, Any] = {}
        below: dict[str, dict[str, Any]] = {}
        for key, value in told.items():
            if isinstance(value, dict):
                below |= self.table((*names, key), value, command)
            elif key in parameters:
                found[parameters[key].name] = self.option(names, key, parameters[key], value)
            else:
                options = f"`dateline {' '.join(names)} --help` lists them"
                self.fault(names, key, f"{' '.join(names)} has no option --{key}{_meant(key, list(parameters)) or '; ' + options}")
        return {" ".join(names): found, **below}

    def option(self, names: tuple[str, ...], key: str, parameter: Any, value: Any) -> Any:
        """The value as the option takes it, which has its own way of reading it."""
        import typer

        if parameter.is_flag != isinstance(value, bool):
            self.fault(names, key, f"--{key} is {'there or not: write true or false' if parameter.is_flag else 'no yes or no'}")
            return value
        if parameter.multiple != isinstance(value, list):
            self.fault(names, key, f"--{key} has {'several values: write [1, 2]' if parameter.multiple else 'one value'}")
            return value
        if _is_path(parameter) and isinstance(value, str) and value != "-":
            value = self.beside(value)
        try:
            parameter.process_value(self.context, value)
        except typer.BadParameter as fault:
            self.fault(names, key, f"{value!r} for --{key}: {fault.message}")
        return value

    def beside(self, path: str) -> str:
        """A path that the file names, reckoned from the file's folder."""
        return os.path.normpath(self.path.parent / Path(path).expanduser())

    def fault(self, table: tuple[str, ...], key: str | None, said: str) -> None:
        line = self._line(".".join(table), key)
        self.faults.append(f"{self.path}, line {line}: {said}" if line else f"{self.path}: {said}")

    def _line(self, table: str, key: str | None) -> int | None:
        """The line where the key, or the head of the table, stands; TOML that is written in other ways: None."""
        within = ""
        for number, line in enumerate(self.lines, 1):
            if head := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
                within = re.sub(r"[\s\"']", "", head[1])
                if key is None and within == table:
                    return number
            elif key is not None and within == table and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                return number
        return None


def _is_path(parameter: Any) -> bool:
    """Whether the option names a file or folder; Typer has two ways to say so, by its version."""
    declared = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    return declared is Path or getattr(getattr(parameter, "type", None), "name", "") in {"path", "file", "directory"}


def _meant(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word, known, n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _is_planted(file: Path) -> bool:
    """Whether somebody else put it into a folder that anybody may write to."""
    if not hasattr(os, "geteuid"):
        return False
    anybody_may_write = file.parent.stat().st_mode & 0o002
    return bool(anybody_may_write) and file.stat().st_uid not in {os.geteuid(), 0}


# ---------------------------------------------------------------- what holds


@dataclass(frozen=True)
class Held:
    """What holds of a setting, and where it is from: a variable, the file, or how it is usually; not set: both empty."""

    setting: str
    value: str
    origin: str
    variable: str | None


def held(settings: Settings, environment: Mapping[str, str]) -> Iterator[Held]:
    """What holds of each common setting, of the file's tables, and of the variables that stand for nothing in the file."""
    for setting in SETTINGS:
        told = environment.get(setting.variable)
        if told:
            value, origin = told, setting.variable
        elif setting.key in settings.common:
            one = settings.common[setting.key]
            value, origin = " ".join(one) if isinstance(one, list) else str(one), str(settings.path)
        else:
            value, origin = setting.usual, "as usual" if setting.usual else ""
        yield Held(setting.key, _covered(value) if setting.is_secret else value, origin, setting.variable)
    for command, parameters in settings.of_commands.items():
        for name, value in parameters.items():
            yield Held(f"{command}: {name}", str(value), str(settings.path), None)
    for variable in ONLY_VARIABLES:
        if told := environment.get(variable):
            yield Held(variable, "(set)" if variable in SECRET else told, variable, variable)


def _covered(address: str) -> str:
    """The address of a database without the password in it."""
    return re.sub(r"(://[^/@:]*):[^@/]*@", r"\1:…@", address)


def template(ledger: str) -> str:
    """The dateline.toml of a new project: the ledger, and all other common settings as comments with an example each."""
    lines = [
        "# Settings of this project; docs/settings.md explains them. The environment goes before this file, options before both.",
        "# Paths are reckoned from this file's folder. A line that begins with # is an example, and says nothing.",
        "",
    ]
    for setting in SETTINGS:
        example = f'"{ledger}"' if setting.key == "ledger" else setting.example
        lines += [f"# {setting.says}", f"{'' if setting.key == 'ledger' else '# '}{setting.key} = {example}", ""]
    lines += ["# Options of single commands, by their long names:", "# [serve]", "# port = 8002", "# readonly = true"]
    return "\n".join(lines) + "\n"
