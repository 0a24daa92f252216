"""The commands that serve the page, and keep the file of those who may sign in to it."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.options import DEFAULT_LEDGER, AsJson
from dateline.cli.printing import print_json, progress, say
from dateline.cli.shared import open_existing

if TYPE_CHECKING:
    from dateline.ledger.store import Ledger
    from dateline.web.site import Options, Site
    from dateline.web.users import Users

users = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(users, name="users")

ANYWHERE = frozenset({"0.0.0.0", "::"})
"""Addresses that stand for all addresses of this machine, and so give it no name."""
PATIENCE = 3
"""Seconds that answers under way have to end when the server is stopped."""


@app.command()
def serve(
    ledger: Annotated[
        Path, typer.Argument(metavar="LEDGER", envvar="DATELINE_LEDGER", help="The ledger's folder.")
    ] = DEFAULT_LEDGER,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="0: one that is free.")] = 8001,
    is_readonly: Annotated[bool, typer.Option("--readonly", help="Nothing can be judged.")] = False,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", metavar="NAME", help="A further name that the server goes by.")
    ] = None,
    public: Annotated[
        str | None, typer.Option("--public", metavar="URL", help="Its address at a proxy of this machine, https://…")
    ] = None,
    users_file: Annotated[
        Path | None, typer.Option("--users", metavar="FILE", help="Who may sign in, as `dateline users add` keeps it.")
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option("--tls-cert", metavar="FILE", help="A certificate, for https.")] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", metavar="FILE", help="Its key.")] = None,
    basemap: Annotated[Path | None, typer.Option("--basemap", metavar="FILE", help="A .pmtiles file to draw the map on.")] = None,
    borders: Annotated[Path | None, typer.Option("--borders", metavar="FILE", help="Borders of your own, GeoJSON.")] = None,
    is_sensitive: Annotated[
        bool, typer.Option("--sensitive", help="Hides private people's names and exact places; nothing is judged.")
    ] = False,
    metrics_token: Annotated[
        str | None,
        typer.Option(
            "--metrics-token",
            metavar="TOKEN",
            envvar="DATELINE_METRICS_TOKEN",
            help="Lets a program read /metrics without signing in.",
        ),
    ] = None,
    is_opened: Annotated[bool, typer.Option("--open", help="Opens a browser at it.")] = False,
) -> None:
    """Serves the ledger's page to a browser on this machine, or to whoever may sign in. `dateline LEDGER` does the same.

    \b
    dateline serve demo-ledger --open
    dateline serve demo-ledger --port 0 --readonly
    dateline serve demo-ledger --sensitive
    dateline serve demo-ledger --public https://events.example.org --users users.json
    """
    _check_files((tls_cert, tls_key, basemap, borders))
    if (tls_cert is None) != (tls_key is None):
        raise StopError("a certificate and its key go together: give --tls-cert and --tls-key, or neither", Exit.USAGE)
    names = _names(host, allow_host or [], public)
    is_secure = tls_cert is not None or (public or "").startswith("https://")
    _check_door(host, names, users_file, is_secure=is_secure)
    book = open_existing(ledger)
    listener = _listen(host, port)

    import uvicorn

    from dateline.web.app import make_app
    from dateline.web.site import Options

    given = listener.getsockname()[1]
    options = Options(names, is_readonly, basemap, borders, users_file, is_secure, metrics_token=metrics_token)
    until_stopped = ExitStack()
    site = until_stopped.enter_context(_site(book, options, is_sensitive=is_sensitive))
    config = uvicorn.Config(
        make_app(site, cookie=f"dateline-{given}"),
        log_level="warning",
        lifespan="off",
        ws="none",
        server_header=False,
        proxy_headers=public is not None,
        forwarded_allow_ips="127.0.0.1,::1",
        timeout_graceful_shutdown=PATIENCE,
        ssl_certfile=tls_cert,
        ssl_keyfile=tls_key,
    )
    address = public or f"{'https' if tls_cert else 'http'}://{_in_address(_spoken(host, names))}:{given}/"
    say(f"serving {ledger} at {address} until interrupted{' (read-only)' if site.options.is_readonly else ''}")
    if is_opened:
        import webbrowser

        # The socket listens already: what a quick browser asks waits there.
        webbrowser.open(address)
    # Where interrupts are ignored, as in a shell's background, the server ends as well, and nothing is raised.
    with until_stopped, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
    say("stopped")


@users.callback()
def users_group() -> None:
    """Who may sign in to the page where others can reach it (docs/serve.md).

    \b
    dateline users add Ada --users users.json
    """


UsersFile = Annotated[Path, typer.Option("--users", metavar="FILE", help="The file they are kept in.")]
DEFAULT_USERS = Path("dateline-users.json")


@users.command(name="add")
def add_user(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Under this name judgements are entered.")],
    file: UsersFile = DEFAULT_USERS,
) -> None:
    """Lets somebody sign in, or gives them another password. It is asked for, or read from standard input as one line.

    \b
    dateline users add Ada
    """
    kept = _users(file)
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True) if sys.stdin.isatty() else input()
    _keep(file, lambda: kept.with_password(name, password))
    say(f"{name} may sign in to servers started with --users {file}")


@users.command(name="remove")
def remove_user(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who may no longer sign in.")], file: UsersFile = DEFAULT_USERS
) -> None:
    """Lets somebody sign in no more, and ends their visits. What they judged stays, under their name.

    \b
    dateline users remove Ada
    """
    kept = _users(file)
    _keep(file, lambda: kept.without(name))
    say(f"{name} may no longer sign in")


@users.command(name="list")
def list_users(file: UsersFile = DEFAULT_USERS, as_json: AsJson = False) -> None:
    """Who may sign in, a name on each line.

    \b
    dateline users list
    """
    for name in _users(file).names:
        if as_json:
            print_json({"name": name})
        else:
            typer.echo(name)


@contextmanager
def _site(book: Ledger, options: Options, *, is_sensitive: bool) -> Iterator[Site]:
    """The site that is served: of the ledger, or of a covered copy of it that is there while it is served."""
    from dateline.web.site import Site

    if not is_sensitive:
        with closing(Site(book, options)) as site:
            yield site
        return
    from dateline.web.sharing.covering import covered_site

    say("covering names of private people and exact places; what is added to the ledger from now on is not shown")
    with ExitStack() as done:
        with progress("covering", None) as on_document:
            site = done.enter_context(covered_site(book, options, on_document=on_document))
        yield site


# ---------------------------------------------------------------- what a server may be started with


def _check_files(paths: tuple[Path | None, ...]) -> None:
    for path in paths:
        if path is not None and not path.is_file():
            raise StopError(f"there is no file {path}", Exit.USAGE)


def _names(host: str, allowed: list[str], public: str | None) -> frozenset[str]:
    """The names that the server answers to: those of this machine, the address it listens at, and those that were given."""
    from dateline.web.guard import HOST
    from dateline.web.site import LOOPBACK

    named = [] if host in ANYWHERE else [_in_address(host)]
    for name in allowed:
        found = HOST.fullmatch(name)
        if found is None or found["port"] is not None:
            raise StopError(f"{name!r} is no name of a machine: give it without https:// and without a port", Exit.USAGE)
        named.append(name)
    if public is not None:
        parts = urlsplit(public)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
            raise StopError(f"{public!r} is no address of a server: write it as https://events.example.org", Exit.USAGE)
        named.append(_in_address(parts.hostname))
    return LOOPBACK.union(name.casefold() for name in named)


def _check_door(host: str, names: frozenset[str], users_file: Path | None, *, is_secure: bool) -> None:
    """Refuses to let others in without asking who they are, and to let their passwords be read on the way."""
    from dateline.web.site import LOOPBACK

    others = sorted(names - LOOPBACK)
    if users_file is not None and not _users(users_file).names:
        raise StopError(f"{users_file} has no users: `dateline users add NAME --users {users_file}` adds one", Exit.USAGE)
    if _is_loopback(host) and not others:
        return
    if host in ANYWHERE and not others:
        raise StopError(f"{host} is no name to ask a server by: say which it goes by, with --allow-host NAME", Exit.USAGE)
    if users_file is None:
        raise StopError(
            f"others can reach this server, as {' and '.join(others) or host}: say who may sign in, with --users FILE "
            "(`dateline users add NAME` makes it)",
            Exit.USAGE,
        )
    if not is_secure:
        raise StopError(
            "over plain http passwords can be read on the way: give --tls-cert and --tls-key, or put the server behind a proxy of "
            "this machine that speaks https and give its address, --public https://…",
            Exit.USAGE,
        )


def _is_loopback(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _in_address(host: str) -> str:
    """The host as it stands in an address: in brackets where it is of IPv6."""
    return f"[{host}]" if ":" in host else host


def _spoken(host: str, names: frozenset[str]) -> str:
    """A name to ask the server by."""
    from dateline.web.site import LOOPBACK

    return min(names - LOOPBACK).strip("[]") if host in ANYWHERE else host


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises StopError where none can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as fault:
        where = f"port {port} of {host}"
        if fault.errno == errno.EADDRINUSE:
            raise StopError(f"{where} is taken by another program: give another --port, or 0 for one that is free") from None
        if fault.errno == errno.EACCES:
            raise StopError(f"{where} is not for everybody to listen at: give a --port from 1024 on") from None
        raise StopError(f"cannot listen at {where}: {fault.strerror or fault}") from None


# ---------------------------------------------------------------- the file of users


def _users(file: Path) -> Users:
    from dateline.web.users import UsersError, read_users

    try:
        return read_users(file)
    except UsersError as fault:
        raise StopError(str(fault)) from None


def _keep(file: Path, change: Callable[[], Users]) -> None:
    from dateline.web.users import UsersError, write_users

    try:
        write_users(file, change())
    except UsersError as fault:
        raise StopError(str(fault)) from None
