"""Sees to it that the tests of pages have a browser: Chromium and a few fonts from Debian's packages, if there is none.

It says what it does. Where it may not install anything it says what to do, and the tests that need a browser are skipped.
"""

from __future__ import annotations

import shutil

from tools.debian import command_for, failed_to_install, has_packages, runner

PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-hosny-amiri", "fonts-droid-fallback")
"""Fonts for Latin and Hebrew, Arabic, and Chinese, Japanese and Korean: small ones, so that screenshots show letters."""
NAMES = ("chromium", "chromium-browser")


def find_browser() -> str | None:
    """The path of a Chromium on this machine; none: None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install_browser() -> str:
    """Says what was done, in a sentence."""
    if (found := find_browser()) is not None:
        return f"Pages are tested in {found}."
    if not has_packages():
        return "No Chromium is here, and none can be had from Debian's packages: tests of pages are skipped. Install chromium."
    run_by = runner()
    if run_by is None:
        command = command_for(PACKAGES)
        return f"No Chromium is here: tests of pages are skipped. As root, run: apt-get update && {command}"
    print(f"No Chromium is here: installing {', '.join(PACKAGES)} from Debian's packages …", flush=True)
    if failed := failed_to_install(PACKAGES, run_by):
        return f"`{failed}` failed: tests of pages are skipped. Install chromium by hand."
    return f"Pages are tested in {find_browser()}."


if __name__ == "__main__":
    print(install_browser())
