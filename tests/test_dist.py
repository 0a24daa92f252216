"""What is released, as those who install it meet it: run by `make test-dist`, which builds it first (DATELINE_DIST names where).

The clean environment has what Dateline depends on from the one that runs the tests, so that nothing is fetched.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DIST = os.environ.get("DATELINE_DIST", "")
MB = 1024 * 1024
pytestmark = pytest.mark.skipif(not DIST, reason="`make test-dist` builds what is released, and tests it")


def released(ending: str) -> Path:
    (file,) = (ROOT / DIST).glob(f"*{ending}")
    return file


def contents(wheel: Path) -> dict[str, str]:
    """The hash of each file in it."""
    with zipfile.ZipFile(wheel) as opened:
        return {name: hashlib.sha256(opened.read(name)).hexdigest() for name in opened.namelist()}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment in which the wheel was installed, and nothing else; gives the folder of its programs."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    wheel = released(".whl")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(wheel)], check=True)
    (library,) = folder.rglob("site-packages")
    # Its own path comes first: a Dateline that is installed for development beside the dependencies is not the one that is found.
    (library / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    return python.parent


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH"} and not name.startswith("DATELINE_")}


def run(environment: Path, folder: Path, *arguments: str, said: str = "") -> str:
    """What the installed command prints, in a folder that is not the repository."""
    command = [str(environment / "dateline"), *arguments]
    done = subprocess.run(command, cwd=folder, env=clean(), input=said, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_is_small_enough_for_a_package_index() -> None:
    for file in (released(".whl"), released(".tar.gz")):
        print(f"{file.name}: {file.stat().st_size / MB:.1f} MB")
        assert file.stat().st_size <= 90 * MB


def test_it_says_its_version_and_codes_a_sentence_where_only_the_wheel_is(environment: Path, tmp_path: Path) -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None
    assert run(environment, tmp_path, "--version") == f"dateline {version[1]}\n"
    where = subprocess.run(
        [environment / "python", "-c", "import dateline; print(dateline.__file__)"],
        cwd=tmp_path, env=clean(), capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert Path(where.strip()).is_relative_to(environment.parent)
    said = "Police in Oslo arrested 40 students on Monday."
    coded = run(environment, tmp_path, "code", "-", "--published", "2021-03-10", said=said)
    assert "COERCE · arrest" in coded
    assert "Oslo, NOR" in coded


def test_it_serves_its_page_with_sheets_and_scripts(environment: Path, tmp_path: Path) -> None:
    run(environment, tmp_path, "init")
    command = [str(environment / "dateline"), "serve", "ledger", "--port", "0", "--readonly"]
    with subprocess.Popen(command, cwd=tmp_path, env=clean(), stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            line = server.stderr.readline()
            address = re.search(r"http://\S+", line)
            assert address is not None, line
            page = urllib.request.urlopen(address[0]).read().decode()
            parts = re.findall(r'(?:href|src)="(/static/[^"?]+\.(?:css|js))[?"]', page)
            assert {part.rpartition(".")[2] for part in parts} == {"css", "js"}
            for part in parts:
                assert urllib.request.urlopen(f"{address[0].rstrip('/')}{part}").status == 200
        finally:
            server.terminate()


def test_the_source_distribution_and_the_tree_give_the_same_wheel(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT, check=True)
    (of_tree,) = tmp_path.glob("*.whl")
    assert contents(of_tree) == contents(released(".whl")), "`build` makes the wheel of the source distribution"
    assert of_tree.read_bytes() == released(".whl").read_bytes()


def test_the_source_distribution_has_what_is_needed_to_change_it() -> None:
    with tarfile.open(released(".tar.gz")) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    needed = {"Makefile", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "SECURITY.md", "requirements-dev.txt"}
    assert needed | {"tests/test_dist.py", "page/package-lock.json", "src/dateline/web/static/build/shell.js"} <= names
    assert not [name for name in names if "node_modules" in name or ".venv" in name]
