"""Sees to it that the tests of publishing have a PostgreSQL with PostGIS: Debian's packages, if there is none.

It says what it does. Where it may not install anything it says what to do, and the tests that need a server are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = ("postgresql", "postgresql-postgis")
COMMAND = f"apt-get install --yes --no-install-recommends {' '.join(PACKAGES)}"
QUIET = ("-o", "Dpkg::Options::=--force-confold")


def find_server() -> Path | None:
    """The folder of the newest server's programs on this machine; none: None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3].partition(".")[0]))
    if debian:
        return debian[-1].parent
    elsewhere = shutil.which("postgres")
    return Path(elsewhere).resolve().parent if elsewhere else None


def has_postgis(programs: Path) -> bool:
    """Whether the extension lies beside the server."""
    asked = subprocess.run([programs / "pg_config", "--sharedir"], check=False, capture_output=True, text=True)
    return asked.returncode == 0 and Path(asked.stdout.strip(), "extension", "postgis.control").exists()


def install_postgres() -> str:
    """Says what was done, in a sentence."""
    found = find_server()
    if found is not None:
        points = "" if has_postgis(found) else f", and without points: for these, as root, run: apt-get update && {COMMAND}"
        return f"Publishing is tested with {found / 'postgres'}{points}."
    without = "Tests of publishing are skipped."
    if shutil.which("apt-get") is None:
        return f"No PostgreSQL is here, and none can be had from Debian's packages. {without}"
    runner = _runner()
    if runner is None:
        return f"No PostgreSQL is here. {without} As root, run: apt-get update && {COMMAND}"
    print(f"No PostgreSQL is here: installing {', '.join(PACKAGES)} from Debian's packages …", flush=True)
    # No cluster is made and no service started: the tests make a server of their own and stop it.
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}}
    for command in ("apt-get update", COMMAND):
        if subprocess.run([*runner, *command.split(), *QUIET], check=False, **quiet).returncode:  # type: ignore[call-overload]
            return f"`{command}` failed. {without} Install PostgreSQL by hand."
    return f"Publishing is tested with {find_server()}."


def _runner() -> list[str] | None:
    """What a command is run by that installs; it would have to ask for a password: None."""
    if os.geteuid() == 0:
        return []
    asked = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0
    return ["sudo", "-n"] if asked else None


if __name__ == "__main__":
    print(install_postgres())
