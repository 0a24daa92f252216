"""A real server, made for these tests in a folder of its own and stopped afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from dateline.publishing.server import connected
from tools.install_postgres import find_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a database whose server lets the superuser "postgres" in, and others with a password."""
    programs = find_server()
    if programs is None:
        pytest.skip("no PostgreSQL is here: tools/install_postgres.py installs one")
    # Not below pytest's own folder, which is closed to the user that the server runs as.
    folder = Path(mkdtemp(prefix="dateline-postgres-"))
    folder.chmod(0o755)
    # The server will not be run by root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*command: str | Path) -> None:
        subprocess.run([*as_user, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)

    run(
        programs / "initdb",
        "-D",
        folder / "data",
        "-A",
        "scram-sha-256",
        "-U",
        "postgres",
        "--no-sync",
        "--pwfile",
        _password(folder),
    )
    settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
    run(programs / "pg_ctl", "-D", folder / "data", "-o", settings, "-l", folder / "log", "-w", "start")
    try:
        yield f"postgresql://postgres:{PASSWORD}@127.0.0.1:{port}/postgres"
    finally:
        run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


PASSWORD = secrets.token_hex(8)


def _password(folder: Path) -> Path:
    file = folder / "password"
    file.write_text(PASSWORD, encoding="utf-8")
    file.chmod(0o644)
    return file


@pytest.fixture
def database(server: str) -> str:
    """An empty database of the test's own."""
    name = f"t{secrets.token_hex(6)}"
    with connected(server) as connection:
        connection.commit()
        connection.autocommit = True
        connection.execute(f"CREATE DATABASE {name}")
    return server.removesuffix("/postgres") + f"/{name}"
