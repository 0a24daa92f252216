"""The package has what it needs: scripts that are bundled, the licences of their parts, nothing that only development needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tools import build_page, install_browser

ROOT = Path(__file__).resolve().parents[1]
MB = 1024 * 1024


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with a page that has nothing installed."""
    monkeypatch.delenv(build_page.RELEASE, raising=False)
    (tmp_path / "page" / "src").mkdir(parents=True)
    (tmp_path / "page" / "package.json").write_text("{}")
    (tmp_path / "page" / "package-lock.json").write_text('{"packages": {"": {}, "node_modules/a": {"version": "1"}}}')
    (tmp_path / build_page.OUT).mkdir(parents=True)
    return tmp_path


def test_without_node_it_goes_on_and_a_release_does_not(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "will do without" in build_page.build_page(root)
    monkeypatch.setenv(build_page.RELEASE, "1")
    with pytest.raises(build_page.PageError, match="A release must have them"):
        build_page.build_page(root)


def test_what_fails_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(command: list[str], folder: Path) -> None:
        raise subprocess.CalledProcessError(1, command, stderr="npm error\nno network here\n")

    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(build_page, "_run", failing)
    assert "(no network here)" in build_page.build_page(root)


def test_it_installs_once_and_bundles_what_has_changed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def running(command: list[str], folder: Path) -> None:
        ran.append(command[0])
        if command[0] == "npm":
            (folder / "node_modules").mkdir(exist_ok=True)
            (folder / "node_modules" / ".package-lock.json").write_text((folder / "package-lock.json").read_text())

    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(build_page, "_run", running)
    build_page.build_page(root)
    assert "already" in build_page.build_page(root)
    assert ran == ["npm", "node"]
    (root / "page" / "src" / "new.ts").write_text("x")
    build_page.build_page(root)
    assert ran == ["npm", "node", "node"]
    (root / "page" / "package-lock.json").write_text('{"packages": {"node_modules/a": {"version": "2"}}}')
    build_page.build_page(root)
    assert ran[3:] == ["npm", "node"]


def test_a_package_with_scripts_and_without_sources_needs_no_node(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "page" / "package.json").unlink()
    (root / build_page.OUT / "shell.js").write_text("x")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setenv(build_page.RELEASE, "1")
    assert build_page.build_page(root) == "The page's scripts came with it."


# ---------------------------------------------------------------- the wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    pytest.importorskip("hatchling", reason="builds the wheel")
    if not (ROOT / build_page.OUT / "shell.js").is_file():
        pytest.skip("the page's scripts are not bundled here")
    folder = tmp_path_factory.mktemp("wheel")
    built = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(built, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_has_the_pages_sheets_and_scripts(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    for island in (ROOT / "page" / "src" / "islands").glob("*.ts*"):
        assert f"dateline/web/static/build/{island.stem}.js" in names
    for file in (ROOT / "src" / "dateline" / "web" / "static").glob("*.*"):
        assert f"dateline/web/static/{file.name}" in names


def test_the_wheel_has_the_licences_of_what_is_bundled(wheel: zipfile.ZipFile) -> None:
    licences = wheel.read("dateline/web/static/build/licences.txt").decode()
    scripts = "".join(wheel.read(name).decode() for name in wheel.namelist() if name.endswith(".js"))
    for name in ("preact", "maplibre-gl", "d3-scale"):
        if f"/{name}/" in scripts or name in scripts:
            assert f"\n{name} " in licences


def test_the_wheel_has_nothing_that_only_development_needs_and_is_no_larger_than_it_was(wheel: zipfile.ZipFile) -> None:
    assert not [name for name in wheel.namelist() if "node_modules" in name or name.endswith((".ts", ".tsx", ".map"))]
    page = sum(info.compress_size for info in wheel.infolist() if "/web/static/" in info.filename)
    assert page < 3 * MB


def test_the_wheel_is_small_enough_for_a_package_index_and_brings_command_licence_and_types(wheel: zipfile.ZipFile) -> None:
    assert sum(info.compress_size for info in wheel.infolist()) <= 90 * MB
    names = wheel.namelist()
    (about,) = {name.partition("/")[0] for name in names if ".dist-info/" in name}
    assert "dateline = dateline.cli:app" in wheel.read(f"{about}/entry_points.txt").decode()
    assert {f"{about}/licenses/LICENSE", f"{about}/licenses/NOTICE", "dateline/py.typed"} <= set(names)
    assert {name.partition("/")[0] for name in names} == {"dateline", about}, "nothing lies beside the package"


def test_the_wheel_has_the_model_and_the_compiled_tables(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    assert [name for name in names if name.startswith("dateline/knowledge/places/gazetteer-") and name.endswith(".sqlite")]
    assert {"dateline/knowledge/compiled.json", "dateline/language/model/reader.onnx"} <= set(names)


def test_the_wheel_does_not_depend_on_when_it_was_built(wheel: zipfile.ZipFile) -> None:
    (moment,) = {info.date_time for info in wheel.infolist()}
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    assert moment == (time.gmtime(int(epoch))[:6] if epoch else (2020, 2, 2, 0, 0, 0)), "hatchling's moment, if none is given"


# ---------------------------------------------------------------- a browser for the tests


def test_where_nothing_may_be_installed_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "As root, run: apt-get update && apt-get install" in install_browser.install_browser()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "tests of pages are skipped" in install_browser.install_browser()


def test_a_browser_that_is_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert install_browser.install_browser() == "Pages are tested in /usr/bin/chromium."


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_packages_and_no_folder_of_a_machine(lock: str) -> None:
    assert re.findall(r"^\S+ @ .*", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE) == []
