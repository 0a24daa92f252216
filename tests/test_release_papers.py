"""What stands beside the program for those who use, cite, change or distrust it: each says what is so."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from dateline.cli import app
from dateline.serial import SCHEMA_VERSION

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAPERS = ("CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "SECURITY.md")
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_citation_has_what_its_schema_requires_and_the_version_of_the_package() -> None:
    cited = yaml.safe_load(read("CITATION.cff"))
    assert {"cff-version", "message", "title", "authors"} <= cited.keys()
    assert re.fullmatch(r"1\.\d\.\d", cited["cff-version"])
    assert all({"name"} <= author.keys() or {"family-names", "given-names"} <= author.keys() for author in cited["authors"])
    assert (cited["version"], cited["license"]) == (PROJECT["version"], PROJECT["license"])
    assert date.fromisoformat(cited["date-released"])
    assert set(cited["keywords"]) <= set(PROJECT["keywords"])
    assert f"version {PROJECT['version']} ({cited['date-released'][:4]})" in read("README.md")


def test_the_changelog_has_the_version_of_the_package_and_the_latest_first() -> None:
    heads = re.findall(r"^## \[(.+?)\](?: - (\S+))?$", read("CHANGELOG.md"), re.MULTILINE)
    assert heads[0] == ("Unreleased", "")
    versions = [version for version, _ in heads[1:]]
    assert versions[0] == PROJECT["version"]
    assert versions == sorted(versions, key=lambda version: [int(part) for part in version.split(".")], reverse=True)
    assert all(date.fromisoformat(day) for _, day in heads[1:])
    groups = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.+)$", read("CHANGELOG.md"), re.MULTILINE)) <= groups


def test_the_pages_say_the_version_of_the_schema() -> None:
    assert f"`$id` (now {SCHEMA_VERSION})" in read("docs/record.md")
    assert f"its version, {SCHEMA_VERSION}," in read("CHANGELOG.md")


@pytest.mark.parametrize("name", [name for name in PAPERS if name.endswith(".md")])
def test_links_lead_somewhere_and_commands_exist(name: str) -> None:
    text = read(name)
    for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", text):
        assert target.startswith("https://") or (ROOT / target).exists(), target
    for path in re.findall(r"`((?:src|tests|docs|bench)/[\w./-]*)`", text):
        assert (ROOT / path).exists(), path
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", text, re.MULTILINE)) <= targets
    known = set(vars(get_command(app))["commands"]) | {"--version"}
    assert set(re.findall(r"`dateline ([a-z-]+)", text)) <= known


def test_no_address_is_made_up() -> None:
    for name in PAPERS:
        assert not re.findall(r"[\w.]+@[\w-]+\.\w+", read(name)), name


def test_the_papers_are_in_the_source_distribution() -> None:
    build = tomllib.loads(read("pyproject.toml"))["tool"]["hatch"]["build"]
    assert set(PAPERS) <= set(build["targets"]["sdist"]["include"])


@pytest.mark.parametrize("form", [form for form in FORMS if form.stem != "config"], ids=lambda form: form.stem)
def test_a_form_asks_for_what_is_needed_and_every_question_has_a_name_of_its_own(form: Path) -> None:
    told = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= told.keys()
    questions = [part for part in told["body"] if part["type"] != "markdown"]
    ids = [question["id"] for question in questions]
    assert len(ids) == len(set(ids))
    assert any(question.get("validations", {}).get("required") for question in questions)
    for question in questions:
        assert question["type"] in {"textarea", "input", "dropdown", "checkboxes"}
        assert question["attributes"]["label"]


def test_there_is_a_form_for_a_record_that_is_wrong_which_asks_for_text_coding_and_truth() -> None:
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / "wrong-record.yml").read_text(encoding="utf-8"))
    required = {part["id"] for part in form["body"] if part.get("validations", {}).get("required")}
    assert {"text", "coded", "expected"} <= required
