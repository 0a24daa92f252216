"""Sees to it that the tests of pages have a browser: Chromium and a few fonts from Debian's packages, if there is none.

It says what it does. Where it may not install anything it says what to do, and the tests that need a browser are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess

PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-hosny-amiri", "fonts-droid-fallback")
"""Fonts for Latin and Hebrew, Arabic, and Chinese, Japanese and Korean: small ones, so that screenshots show letters."""
NAMES = ("chromium", "chromium-browser")
COMMAND = f"apt-get install --yes --no-install-recommends {' '.join(PACKAGES)}"


def find_browser() -> str | None:
    """The path of a Chromium on this machine; none: None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install_browser() -> str:
    """Says what was done, in a sentence."""
    if (found := find_browser()) is not None:
        return f"Pages are tested in {found}."
    if shutil.which("apt-get") is None:
        return "No Chromium is here, and none can be had from Debian's packages: tests of pages are skipped. Install chromium."
    runner = _runner()
    if runner is None:
        return f"No Chromium is here: tests of pages are skipped. As root, run: apt-get update && {COMMAND}"
    print(f"No Chromium is here: installing {', '.join(PACKAGES)} from Debian's packages …", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    for command in ("apt-get update", COMMAND):
        if subprocess.run([*runner, *command.split()], check=False, **quiet).returncode:  # type: ignore[call-overload]
            return f"`{command}` failed: tests of pages are skipped. Install chromium by hand."
    return f"Pages are tested in {find_browser()}."


def _runner() -> list[str] | None:
    """What a command is run by that installs; it would have to ask for a password: None."""
    if os.geteuid() == 0:
        return []
    asked = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0
    return ["sudo", "-n"] if asked else None


if __name__ == "__main__":
    print(install_browser())
