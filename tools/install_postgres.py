"""Sees to it that the tests of publishing have a PostgreSQL with PostGIS: Debian's packages, if there is none.

It says what it does. Where it may not install anything it says what to do, and the tests that need a server are skipped.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tools.debian import command_for, failed_to_install, has_packages, runner

PACKAGES = ("postgresql", "postgresql-postgis")


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
    command = command_for(PACKAGES)
    found = find_server()
    if found is not None:
        points = "" if has_postgis(found) else f", and without points: for these, as root, run: apt-get update && {command}"
        return f"Publishing is tested with {found / 'postgres'}{points}."
    without = "Tests of publishing are skipped."
    if not has_packages():
        return f"No PostgreSQL is here, and none can be had from Debian's packages. {without}"
    run_by = runner()
    if run_by is None:
        return f"No PostgreSQL is here. {without} As root, run: apt-get update && {command}"
    print(f"No PostgreSQL is here: installing {', '.join(PACKAGES)} from Debian's packages …", flush=True)
    if failed := failed_to_install(PACKAGES, run_by):
        return f"`{failed}` failed. {without} Install PostgreSQL by hand."
    return f"Publishing is tested with {find_server()}."


if __name__ == "__main__":
    print(install_postgres())
