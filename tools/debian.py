"""Puts Debian's packages on this machine, where that may be done without asking anybody."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

QUIET = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
"""Nothing is asked, and no service is started: the tests start what they need and stop it."""


def has_packages() -> bool:
    """Whether this machine has Debian's packages to install from."""
    return shutil.which("apt-get") is not None


def command_for(packages: Sequence[str]) -> str:
    """What installs these packages, to be typed by who may."""
    return f"apt-get install --yes --no-install-recommends {' '.join(packages)}"


def runner() -> list[str] | None:
    """What a command is run by that installs; it would have to ask for a password: None."""
    if os.geteuid() == 0:
        return []
    asked = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0
    return ["sudo", "-n"] if asked else None


def failed_to_install(packages: Sequence[str], run_by: Sequence[str]) -> str | None:
    """Installs the packages; the command that failed, or None when all went well."""
    for command in ("apt-get update", command_for(packages)):
        options = ["-o", "Dpkg::Options::=--force-confold"]
        done = subprocess.run([*run_by, *command.split(), *options], check=False, stdout=subprocess.DEVNULL, env=os.environ | QUIET)
        if done.returncode:
            return command
    return None
