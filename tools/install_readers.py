"""Sees to it that the tests can open exports with programs of others that have to be compiled: followthemoney, which wants ICU.

It says what it does. Where it cannot be had it says why, and the tests that need it are skipped.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements-dev.txt"


def install_readers() -> str:
    """Says what was done, in a sentence."""
    if find_spec("followthemoney"):
        return "Exports are opened with followthemoney, too."
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint", str(LOCK)]
    done = subprocess.run([*command, "followthemoney>=4"], check=False, capture_output=True, text=True)
    if done.returncode == 0:
        return "Exports are opened with followthemoney, too."
    return (
        "followthemoney could not be installed (it compiles against ICU; on Debian: apt-get install g++ pkg-config libicu-dev "
        "python3-dev). Its test is skipped."
    )


if __name__ == "__main__":
    print(install_readers())
