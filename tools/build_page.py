"""Bundles the page's scripts if node is at hand and they are not bundled yet. Pages work without: where it is not, nothing stops.

A release must have them: with DATELINE_RELEASE set whatever is missing is an error. Run by `make` and by hatch_build.py; it needs
nothing but Python itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

PAGE = "page"
OUT = "src/dateline/web/static/build"
STAMP = "sources.sha256"
"""What the bundles were made from; it lies beside them, also where page/ is not."""
RELEASE = "DATELINE_RELEASE"


class PageError(Exception):
    """The scripts could not be bundled; the message says why, and what to do."""


def build_page(root: Path) -> str:
    """Says what was done, in a sentence. Raises PageError for a release without scripts."""
    page, out = root / PAGE, root / OUT
    if not (page / "package.json").is_file():
        return _built(out, "The page's sources are not here, and neither are its scripts.")
    made_from = _sources(page)
    stamp = out / STAMP
    if stamp.is_file() and stamp.read_text().strip() == made_from:
        return "The page's scripts are bundled already."
    if shutil.which("node") is None or shutil.which("npm") is None:
        return _missed("node and npm are not here, so the page's scripts are not bundled: pages will do without them.")
    try:
        if not _is_installed(page):
            _run(["npm", "ci", "--no-audit", "--no-fund"], page)
        _run(["node", "build.mjs"], page)
    except (OSError, subprocess.CalledProcessError) as fault:
        said = (
            fault.stderr.strip().splitlines()[-1:]
            if isinstance(fault, subprocess.CalledProcessError) and fault.stderr
            else [str(fault)]
        )
        return _missed(f"The page's scripts could not be bundled ({''.join(said)}): pages will do without them.")
    stamp.write_text(made_from + "\n")
    return "The page's scripts are bundled."


def _built(out: Path, otherwise: str) -> str:
    return "The page's scripts came with it." if (out / "shell.js").is_file() else _missed(otherwise)


def _missed(words: str) -> str:
    if os.environ.get(RELEASE):
        raise PageError(f"{words} A release must have them ({RELEASE} is set).")
    return words


def _sources(page: Path) -> str:
    """A digest of all that the bundles are made from."""
    files = sorted(path for path in (page / "src").rglob("*") if path.is_file())
    files += sorted(path for path in page.iterdir() if path.suffix in {".mjs", ".json"})
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(page).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _is_installed(page: Path) -> bool:
    """Whether what the lock names is there: npm keeps a list of what it installed beside it."""
    installed = page / "node_modules" / ".package-lock.json"
    if not installed.is_file():
        return False
    there = json.loads(installed.read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((page / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return all(
        there.get(name, {}).get("version") == package.get("version")
        for name, package in wanted.items()
        if name and not package.get("optional")  # builds for other machines
    )


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)


if __name__ == "__main__":
    try:
        print(build_page(Path(__file__).resolve().parents[1]))
    except PageError as fault:
        sys.exit(str(fault))
