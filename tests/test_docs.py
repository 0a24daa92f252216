"""The pages say what is so: commands, options, benchmarks, fields and links in them exist, and examples print what they show."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import fields
from io import StringIO
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from typer import BadParameter
from typer.main import get_command
from typer.testing import CliRunner

import dateline
from bench.__main__ import find_benchmarks
from dateline import records
from dateline.api import adding, coding
from dateline.cli import app
from dateline.knowledge.lexicon import read_entry
from dateline.knowledge.ontology import load_ontology

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SAMPLES = ROOT / "samples" / "belarus-2020"
DECISIONS = DOCS / "decisions"
PAGES = [ROOT / "README.md", ROOT / "samples" / "README.md", *sorted(DOCS.rglob("*.md"))]
by_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def code_blocks(page: Path) -> list[str]:
    """The indented blocks of a page, without their indent, in order."""
    blocks = re.findall(r"(?:^ {4}.*\n(?:\n(?= {4}))*)+", read(page) + "\n", re.MULTILINE)
    return [re.sub(r"^ {4}", "", block, flags=re.MULTILINE).strip("\n") for block in blocks]


ALL_TEXT = "\n".join(read(page) for page in PAGES)
ALL_CODE = "\n".join(block for page in PAGES for block in code_blocks(page))


# ---------------------------------------------------------------- the command line


def options_of_commands() -> dict[str, set[str]]:
    """The long options of each command, as the program has them; a command of a group has the group's name before its own."""
    group: Any = get_command(app)
    commands = {
        " ".join(filter(None, (outer, name))): command
        for outer, inner in (("", group), *((n, c) for n, c in group.commands.items() if hasattr(c, "commands")))
        for name, command in inner.commands.items()
        if not hasattr(command, "commands")
    }
    # A group that does something by itself is a command too.
    commands |= {n: c for n, c in group.commands.items() if hasattr(c, "commands") and c.invoke_without_command}
    return {
        name: {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        for name, command in commands.items()
    }


COMMANDS = options_of_commands()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_has_a_row_that_names_all_its_options(command: str) -> None:
    inner = "|".join(name.rpartition(" ")[2] for name in COMMANDS if name.startswith(f"{command} ")) or "(?!)"
    rows = re.findall(rf"^\| `dateline {command}(?![\w-])(?! (?:{inner})\b).*$", read(DOCS / "getting-started.md"), re.MULTILINE)
    assert len(rows) == 1
    assert set(re.findall(r"--[a-z-]+", rows[0])) == COMMANDS[command] - {"--help"}


class Repeated(NamedTuple):
    """A figure of the benchmarks that another page repeats, as .741 (articles, `typed_f1`)."""

    page: str
    figure: str
    benchmark: str
    key: str


REPEATED = [
    Repeated(page.name, *found) for page in PAGES for found in re.findall(r"(\d*\.\d+) \(([a-z][a-z ]+), `(\w+)`\)", read(page))
]


@pytest.mark.parametrize("repeated", REPEATED, ids=lambda r: f"{r.page}-{r.benchmark}-{r.key}")
def test_a_figure_that_a_page_repeats_is_that_of_the_benchmarks(repeated: Repeated) -> None:
    rows = [row.split("|")[1:4] for row in re.findall(r"^\| [a-z].*$", read(DOCS / "benchmarks.md"), re.MULTILINE)]
    of_key = [told for name, what, told in rows if name.strip().split(",")[0] == repeated.benchmark and f"`{repeated.key}`" in what]
    assert repeated.figure in re.findall(r"\d*\.\d+", " ".join(of_key))


def test_a_command_line_in_the_pages_is_one_that_the_program_has() -> None:
    lines = re.findall(r"^(?:[$>] )?(?:\.venv/bin/)?dateline ([a-z][a-z-]*)(.*)$", ALL_CODE, re.MULTILINE)
    lines += re.findall(r"`dateline ([a-z][a-z-]*)([^`|]*)`", ALL_TEXT)
    assert lines
    groups = {name.partition(" ")[0] for name in COMMANDS if " " in name}
    for name, rest in lines:
        if name in groups and not rest.strip():  # the group as a whole is meant
            continue
        is_group = name in groups and not rest.split()[0].startswith("-")
        command = f"{name} {rest.split()[0]}" if is_group else name
        assert command in COMMANDS
        assert set(re.findall(r"(?<!\S)--[a-z-]+", re.split("[#|]", rest)[0])) <= COMMANDS[command] | {"--help"}


def lines_that_are_run(page: Path) -> Iterator[list[str]]:
    """The words after `dateline` of each command line in the blocks of a page, up to a pipe; lines with a gap are left out."""
    for line in re.findall(r'^(?:[$>] )?dateline ([a-z](?:[^"\n]|"[^"]*")*)$', "\n".join(code_blocks(page)), re.MULTILINE):
        if "…" not in line:
            words = shlex.split(line, comments=True)
            yield list(takewhile(lambda word: word not in {"|", ">", ">>", "<"}, words))


@by_page
def test_a_command_line_of_a_page_has_what_its_command_needs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_USER", "Ada")
    for words in lines_that_are_run(page):
        command: Any = get_command(app)
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        try:
            command.make_context("dateline", words)
        except BadParameter as fault:  # a file of the reader's is not here
            if "does not exist" not in fault.message:
                raise


def test_every_form_of_export_has_a_row_in_the_pages() -> None:
    from dateline.web.sharing.tables import FORMATS

    named = set(re.findall(r"`([a-z-]+)`", "\n".join(re.findall(r"^\|.*$", ALL_TEXT, re.MULTILINE))))
    assert set(FORMATS) - named == set()


def variables_of_the_environment() -> set[str]:
    """Those that options take their value from, and those that the program reads by itself: each stands somewhere in quotes."""
    group: Any = get_command(app)
    inner = [command for outer in group.commands.values() for command in getattr(outer, "commands", {}).values()]
    options = [parameter.envvar for command in (group, *group.commands.values(), *inner) for parameter in command.params]
    read_alone = {
        name for path in (ROOT / "src").rglob("*.py") for name in re.findall(r"""["'](DATELINE_[A-Z_]+)["']""", read(path))
    }
    return read_alone | {name for names in options if names for name in ([names] if isinstance(names, str) else names)}


@pytest.mark.parametrize("name", sorted(variables_of_the_environment()))
def test_a_variable_of_the_environment_is_in_the_pages(name: str) -> None:
    assert f"`{name}`" in ALL_TEXT


@by_page
def test_a_make_target_in_a_page_is_in_the_makefile(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^ {4})make ([a-z]+)", read(page), re.MULTILINE))
    assert named <= targets


def test_the_readme_opens_with_the_two_commands_for_everybody() -> None:
    first_screen = "\n".join(read(ROOT / "README.md").splitlines()[:16])
    assert "make demo" in first_screen
    assert "make test" in first_screen


# ---------------------------------------------------------------- examples


class Shown(NamedTuple):
    """A command of a page that reads standard input, with what the page says it prints."""

    page: str
    said: str
    arguments: tuple[str, ...]
    printed: str


def shown_commands() -> Iterator[Shown]:
    pattern = re.compile(r'\$ echo "([^"]+)" \|\s(?:> )?dateline (.+)\n([\s\S]+)')
    for page in PAGES:
        for block in code_blocks(page):
            if match := pattern.match(block):
                yield Shown(page.name, match[1] + "\n", tuple(shlex.split(match[2])), match[3])


@pytest.mark.parametrize("shown", list(shown_commands()), ids=lambda s: s.page)
def test_a_command_prints_what_the_page_shows(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    result = CliRunner().invoke(app, list(shown.arguments), input=shown.said)
    assert result.exit_code == 0
    assert [unsure(line.rstrip()) for line in result.stdout.strip("\n").splitlines()] == list(
        map(unsure, shown.printed.splitlines())
    )


def unsure(line: str) -> str:
    """The line without how sure a record is: that is learned, and moves by a hundredth with every training."""
    return re.sub(r"  (confidence )?[01]\.\d\d(?=  background$|$)", r"  \1?", line)


def test_readme_and_getting_started_show_what_a_command_prints() -> None:
    assert {shown.page for shown in shown_commands()} == {"README.md", "getting-started.md"}


@pytest.fixture(scope="module")
def ledger_of_brest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the ledger of the demo and that of somebody's own, as far as the pages ask them."""
    folder = tmp_path_factory.mktemp("pages")
    ledger = dateline.open(folder / "demo-ledger", create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adding, "load_coder", lambda: coding._usual().code_report)
        ledger.add(sorted(SAMPLES.glob("*-brest*.txt")), workers=0)
    ledger.link()
    shutil.copytree(ledger.path, folder / "dateline-ledger")
    return folder


@pytest.mark.parametrize("page", [ROOT / "README.md", DOCS / "getting-started.md"], ids=lambda p: p.name)
def test_the_python_of_a_page_prints_what_its_comment_says(
    page: Path, ledger_of_brest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(ledger_of_brest)
    (code,) = [block for block in code_blocks(page) if block.startswith("import dateline")]
    expected = re.findall(r"^# (.+)$", code, re.MULTILINE)
    printed = StringIO()
    with redirect_stdout(printed):
        exec(compile(code, page.name, "exec"), {})
    assert expected
    assert printed.getvalue().splitlines() == expected


# ---------------------------------------------------------------- benchmarks and decisions


def test_every_benchmark_is_in_the_page_and_every_one_in_the_pages_exists() -> None:
    named = set(re.findall(r"python -m bench ([a-z_]+)", read(DOCS / "benchmarks.md")))
    there = set(find_benchmarks(ROOT / "bench"))
    assert there <= named
    assert set(re.findall(r"python -m bench ([a-z_]+)", ALL_TEXT)) <= there


def test_every_trainer_in_the_pages_exists() -> None:
    named = set(re.findall(r"python -m training\.([a-z]+)", ALL_TEXT))
    assert named
    assert all((ROOT / "training" / f"{name}.py").exists() for name in named)


def test_every_decision_is_listed_once_in_the_order_of_its_number() -> None:
    files = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
    assert re.findall(r"\]\((\d{4}-[a-z-]+\.md)\)", read(DECISIONS / "README.md")) == files
    assert [name[:4] for name in files] == [f"{number:04}" for number in range(1, len(files) + 1)]


@pytest.mark.parametrize("path", sorted(DECISIONS.glob("[0-9]*.md")), ids=lambda p: p.stem)
def test_a_decision_bears_its_number_and_says_what_was_decided(path: Path) -> None:
    text = read(path)
    assert text.startswith(f"# {path.name[:4]} ")
    assert "**Decision.**" in text


# ---------------------------------------------------------------- links and paths


def anchors_of(page: Path) -> set[str]:
    """The anchors that headings get where the pages are shown."""
    headings = re.findall(r"^#+ (.+)$", read(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@by_page
def test_a_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", read(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        aim = (page.parent / name).resolve() if name else page
        assert aim.exists(), target
        assert not anchor or anchor in anchors_of(aim), target


@by_page
def test_a_path_of_the_tree_that_a_page_names_exists(page: Path) -> None:
    for named in re.findall(r"`((?:src|tests|docs|bench|training|samples)/[\w./-]*)`", read(page)):
        assert (ROOT / named).exists(), named


@pytest.mark.parametrize("page", [*PAGES, ROOT / "NOTICE"], ids=lambda p: str(p.relative_to(ROOT)))
def test_a_page_names_no_folder_of_somebodys_machine(page: Path) -> None:
    assert not re.findall(r"(?<![\w.:/])/(?:home|root|work|tmp|mnt|opt|usr|var|etc|Users)/\S*|\b[A-Z]:\\\S*", read(page))


# ---------------------------------------------------------------- the record and the lexicon


@pytest.mark.parametrize(
    "kind",
    [
        records.Claim, records.EventMention, records.Participant, records.Actor, records.EventTime, records.EventPlace,
        records.Place, records.Count, records.CountedParty, records.Issue,
        records.Demand, records.Response, records.Deed,
        records.Status, records.Telling, records.Teller, records.Check, records.Coder, records.Document,
        records.PublicationDate, records.Quotation, records.Problem, records.Judgement, records.Alert,
    ],
    ids=lambda kind: kind.__name__,
)  # fmt: skip
def test_the_page_of_the_record_names_every_field(kind: type) -> None:
    named = set(re.findall(r"`([a-z_0-9]+)`", read(DOCS / "record.md")))
    assert {field.name for field in fields(kind)} - named == set()


@pytest.mark.parametrize(
    "values", [records.StatusValue, records.Exactness, records.Precision, records.BlockKind], ids=lambda v: v.__name__
)
def test_the_pages_name_every_value(values: type[records.StatusValue]) -> None:
    text = read(DOCS / "record.md") + read(DOCS / "reading.md")
    assert [value.value for value in values if not re.search(rf"\b{value.value}\b", text)] == []


def test_the_example_of_the_lexicon_format_is_an_entry() -> None:
    (row,) = yaml.safe_load(next(block for block in code_blocks(DOCS / "lexicon-format.md") if block.startswith("- id:")))
    entry = read_entry(row, "lexicon-format.md")
    assert entry.mode in load_ontology().types[entry.type].modes
    assert entry.examples
    assert entry.near_misses
    assert entry.counts == {"recipient": "detained"}


def test_the_lexicon_format_names_every_key_an_entry_may_have() -> None:
    text = read(DOCS / "lexicon-format.md")
    for key in (
        "noun_actor",
        "noun_recipient",
        "noun_needs",
        "noun_never",
        "status",
        "counts",
        "weight",
        "source",
        "near_misses",
    ):
        assert f"`{key}" in text or f"\n      {key}:" in text, key


# ---------------------------------------------------------------- whose work it is


def test_the_notice_names_the_works_of_others_with_their_terms() -> None:
    notice = read(ROOT / "NOTICE")
    for work in ("GeoNames", "MiniLM", "UD_English-EWT", "GUM", "en-worldwide-newswire", "PLOVER"):
        assert work in notice
    for terms in ("by/4.0", "CC BY-SA 4.0", "CC BY-SA 3.0", "Apache License", "states no"):
        assert terms in notice
