"""Settings of a project, and the flags that every command has: which goes before which, what is said of mistakes, what is shown."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dateline.cli import app
from dateline.cli.app import StopError
from dateline.cli.projects import NO_SOURCES
from dateline.cli.settings import ONLY_VARIABLES, SETTINGS, find_file
from dateline.knowledge.own_actors import read_own_actors
from dateline.knowledge.sources import read_sources
from dateline.ledger.store import open_ledger
from tests.ledger.examples import CODER, NOON, STRIKE, coding_of, report_of

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "dateline"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and nothing in the environment."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("DATELINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "120")
    return folder


def run(*arguments: str, said: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=said)


def configure(text: str, path: str = "dateline.toml") -> None:
    Path(path).write_text(text, encoding="utf-8")


def a_ledger(folder: str) -> str:
    """A ledger with one report of three claims."""
    report = report_of("a.txt", STRIKE)
    open_ledger(Path(folder)).add([coding_of(report)], [report], coder=CODER, known_at=NOON)
    return folder


def shown(*arguments: str) -> dict[str, tuple[str, str]]:
    """What `dateline settings` says of each: the value and where it is from."""
    lines = run(*arguments, "settings", "--json").stdout.splitlines()
    return {one["setting"]: (one["value"], one["origin"]) for one in map(json.loads, lines)}


# ---------------------------------------------------------------- which goes before which


def test_an_option_goes_before_the_environment_which_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("of-file", "of-environment", "of-option"):
        a_ledger(name)
    configure('ledger = "of-file"')
    assert run("info").stdout.startswith("ledger      of-file")
    monkeypatch.setenv("DATELINE_LEDGER", "of-environment")
    assert run("info").stdout.startswith("ledger      of-environment")
    assert run("info", "--ledger", "of-option").stdout.startswith("ledger      of-option")


def test_settings_hold_below_the_folder_they_stand_in_and_paths_are_reckoned_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    a_ledger("kept")
    configure('ledger = "kept"')
    below = Path("a/b")
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert json.loads(run("info", "--json").stdout)["claims"] == 3


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("named", ["option", "variable"])
def test_a_project_elsewhere_is_named_by_an_option_or_a_variable(
    named: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_ledger("kept")
    configure('ledger = "kept"')
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    given = ["--project", "../project"] if where == "before" else ["--project=../project"]
    if named == "variable":
        monkeypatch.setenv("DATELINE_PROJECT", "../project")
        given = []
    arguments = [*given, "info", "--json"] if where == "before" else ["info", "--json", *given]
    assert json.loads(run(*arguments).stdout)["claims"] == 3


def test_the_folder_of_a_project_alone_serves_its_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    run("init", "belarus")
    served: list[Path] = []

    def listen(host: str, port: int) -> None:
        raise StopError(f"{host}:{port}")

    monkeypatch.setattr("dateline.cli.serving.open_existing", served.append)
    monkeypatch.setattr("dateline.cli.serving._listen", listen)
    assert run("belarus", "--port", "0").stderr == "error: 127.0.0.1:0\n"
    assert served == [Path("belarus/ledger")]


def test_a_command_has_a_table_of_its_own_that_goes_before_what_is_common() -> None:
    configure('user = "Ada"\n[find]\nlimit = 2\n[merge]\nby = "Ben"\n[watch.check]\ndry-run = true\n')
    a_ledger("dateline-ledger")
    assert len(run("find", "--json").stdout.splitlines()) == 2
    assert len(run("find", "--json", "--limit", "3").stdout.splitlines()) == 3
    assert {"merge: by": ("Ben", "dateline.toml"), "watch check: is_dry": ("True", "dateline.toml")}.items() <= shown().items()


def test_what_a_command_requires_may_stand_in_the_file() -> None:
    a_ledger("kept")
    configure('ledger = "kept"\nuser = "Ada"\ndatabase = "mysql://me@localhost/news"\n')
    claim = json.loads(run("find", "--json", "--limit", "1").stdout)["claim_id"]
    assert json.loads(run("accept", claim, "--json").stdout)["by"]["name"] == "Ada"
    assert "Missing argument" not in run("publish").stderr


def test_settings_says_what_holds_and_where_from_without_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_WORKERS", "3")
    monkeypatch.setenv("DATELINE_METRICS_TOKEN", "hush")
    configure('publisher = "The Paper"\ndatabase = "postgresql://me:secret@localhost/news"\nallow = ["10.0.0.1"]')
    found = shown()
    assert found["ledger"] == ("dateline-ledger", "as usual")
    assert found["publisher"] == ("The Paper", "dateline.toml")
    assert found["workers"] == ("3", "DATELINE_WORKERS")
    assert found["user"] == ("", "")
    assert found["database"] == ("postgresql://me:…@localhost/news", "dateline.toml")
    assert not re.search("secret|hush", run("settings").output + json.dumps(found))


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('ledgre = "x"', "dateline.toml, line 1: no setting is called 'ledgre'; did you mean ledger?"),
        ('\nworkers = "two"', "line 2: workers is 'two'; write it as workers = 4"),
        ("ledger = 3", 'line 1: ledger is 3; write it as ledger = "ledger"'),
        ("[serv]\nport = 3", "line 1: no command is called 'serv'; did you mean serve"),
        ("[serve]\nprot = 3", "line 2: serve has no option --prot; did you mean port"),
        ('[serve]\nport = "x"', "line 2: 'x' for --port: "),
        ("[serve]\nreadonly = 1", "line 2: --readonly is there or not: write true or false"),
        ('[add]\ngate = "PROTEST"', "line 2: --gate has several values"),
        ('[find]\nsince = "yesterday"', "line 2: 'yesterday' for --since: 'yesterday' is not a day"),
        ("[watch.chekc]\nsince = 2020-08-09", "line 1: no command is called 'watch chekc'; did you mean check"),
        ("ledger = ", "not TOML"),
    ],
)
def test_a_mistake_in_the_file_ends_with_2_and_says_where_it_is_and_what_was_meant(text: str, says: str) -> None:
    configure(text)
    result = run("find")
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def test_all_mistakes_are_told_at_once_and_init_works_all_the_same() -> None:
    configure("ledgre = 1\nworkers = 0\n")
    assert run("find").stderr.count("dateline.toml, line") == 2
    assert run("init", "new").exit_code == 0


def test_a_file_that_is_named_and_not_there_is_an_error_that_says_how_to_make_one() -> None:
    result = run("--project", "nowhere", "find")
    assert (result.exit_code, "`dateline init nowhere`" in result.stderr) == (2, True)
    assert run("--config", "nowhere.toml", "find").exit_code == 2
    assert "choose one" in run("--config", "a", "--project", "b", "find").stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_file_that_somebody_else_put_where_anybody_may_write_is_passed_over(room: Path) -> None:
    configure('log = "everything.log"')
    room.chmod(0o777)
    os.chown("dateline.toml", 12345, 12345)
    assert find_file(Path()) == (None, (Path("dateline.toml"),))
    assert "is passed over" in run("settings").stderr
    room.chmod(0o755)
    assert find_file(Path()) == (Path("dateline.toml"), ())


# ---------------------------------------------------------------- init


def test_init_makes_a_project_in_which_every_file_can_be_read_and_nothing_is_made_twice() -> None:
    made = run("init", "belarus").stdout.splitlines()
    assert [Path(one).name for one in made] == ["ledger", "dateline.toml", "actors.csv", "sources.yaml"]
    assert read_own_actors(Path("belarus/ledger/actors.csv"), {}).rows == ()
    assert read_sources(Path("belarus/ledger/sources.yaml")).sources == ()
    assert json.loads(run("--project", "belarus", "info", "--json").stdout)["claims"] == 0
    assert "names no source yet" in run("--project", "belarus", "watch", "--once").stderr
    configure('ledger = "mine"', "belarus/dateline.toml")
    again = run("init", "belarus")
    assert (again.exit_code, again.stdout) == (0, "")
    assert "mine" in Path("belarus/dateline.toml").read_text(encoding="utf-8")


def test_every_example_of_the_file_that_init_writes_can_be_used() -> None:
    run("init")
    text = Path("dateline.toml").read_text(encoding="utf-8")
    configure(re.sub(r"^# (?=(?:[a-z]+ = |\[))", "", text, flags=re.MULTILINE))
    assert {name for name, (_, origin) in shown().items() if origin == "dateline.toml"} == {
        *(setting.key for setting in SETTINGS),
        "serve: port",
        "serve: is_readonly",
    }
    configure(NO_SOURCES.replace("# -", "-").replace("#   ", "  ").replace(" []", ""), "sources.yaml")
    assert [source.name for source in read_sources(Path("sources.yaml")).sources] == ["the-paper", "agency"]


# ---------------------------------------------------------------- the page


def test_the_page_names_every_setting_with_its_variable_and_every_variable_that_is_read() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert re.search(rf"^\| `{setting.key}` \| `{setting.variable}` \|", page, re.MULTILINE), setting.key
    sources = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    engines = {"DATELINE_REACH", "DATELINE_WEIGHT", "DATELINE_PART"}  # what commands of one run say to one another
    for variable in {*re.findall(r"(?<!_)DATELINE_[A-Z_]*[A-Z]", sources), *ONLY_VARIABLES} - engines:
        assert f"`{variable}`" in page, variable


# ---------------------------------------------------------------- how much is said


def test_quiet_leaves_data_and_errors() -> None:
    a_ledger("dateline-ledger")
    usual, quiet = run("find", "--type", "VOTE"), run("find", "--type", "VOTE", "-q")
    assert usual.stdout == quiet.stdout
    assert "types in this ledger" in usual.stderr
    assert quiet.stderr == ""
    assert run("-q", "find", "--ledger", "nowhere").stderr.startswith("error: nowhere: no ledger here")


def test_verbose_says_the_settings_the_time_and_of_an_error_where_it_arose() -> None:
    configure('ledger = "nowhere"')
    said = run("find", "-v").stderr
    assert "settings: dateline.toml" in said
    assert re.search(r"^find: [\d.e-]+ s$", said, re.MULTILINE)
    assert "Traceback" in said
    assert "Traceback" not in run("find").stderr


def test_a_flag_that_is_the_value_of_an_option_stays_one() -> None:
    a_ledger("dateline-ledger")
    found = run("find", "--text", "-q")
    assert "without --text 3 would" in found.stderr


def test_bars_are_drawn_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from dateline.cli.printing import MANNER, Manner, shows_bars

    assert not shows_bars()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert shows_bars()
    for manner in (Manner(has_bars=False), Manner(is_quiet=True)):
        token = MANNER.set(manner)
        assert not shows_bars()
        MANNER.reset(token)


COLOURED = re.compile(r"\x1b\[[0-9;]*3[0-9]")


@pytest.mark.parametrize(
    ("environment", "is_coloured"), [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)]
)
def test_colours_are_for_terminals_unless_they_are_forced_and_never_where_they_are_unwanted(
    environment: dict[str, str], is_coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    a_ledger("dateline-ledger")
    result = run("show", json.loads(run("find", "--json").stdout.splitlines()[0])["claim_id"])
    assert bool(COLOURED.search(result.stdout)) == is_coloured
    assert "\x1b" not in run("find", "--json").stdout


# ---------------------------------------------------------------- completion


def test_a_shell_that_reads_the_script_completes_commands_and_options(room: Path) -> None:
    program = room / "dateline"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dateline "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    Path("complete.bash").write_text(run("completion", "bash").stdout, encoding="utf-8")
    script = """
        source complete.bash
        COMP_WORDS=(dateline audit v); COMP_CWORD=2; _dateline_completion dateline; echo "${COMPREPLY[@]}"
        COMP_WORDS=(dateline find --sta); COMP_CWORD=2; _dateline_completion dateline; echo "${COMPREPLY[@]}"
    """
    environment = {**os.environ, "PATH": f"{room}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, check=True)
    except FileNotFoundError:
        pytest.skip("no bash here")
    assert done.stdout.splitlines() == ["verify", "--status"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_every_shell(shell: str) -> None:
    assert "_DATELINE_COMPLETE" in run("completion", shell).stdout
