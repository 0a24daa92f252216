"""Web addresses: read strictly, and brought into one form, so that a report has one address however it was linked to."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import httpx2

from dateline.fetching.faults import FetchError
from dateline.knowledge.addresses import AddressTables

PORTS = frozenset({80, 443, 8080, 8443})
"""Ports that news sites are reached on; whoever links to another one wants something else of us."""

MAX_ADDRESS = 4096
"""Characters of the longest address that is asked for: no site's own is near it."""


def read_address(text: str, ports: frozenset[int] = PORTS) -> httpx2.URL:
    """The address, if it is one that may be fetched. Raises FetchError ("bad address"): not http or https, no host, a name or
    password in it, another port, or too long."""
    if len(text) > MAX_ADDRESS:
        raise FetchError("bad address", f"is {len(text):,} characters long, more than the {MAX_ADDRESS:,} an address may have")
    try:
        url = httpx2.URL(text.strip())
    except (httpx2.InvalidURL, ValueError) as fault:
        raise FetchError("bad address", f"cannot be read as a web address ({fault})") from fault
    if url.scheme not in {"http", "https"}:
        begin = f"{url.scheme}:" if url.scheme else text[:20]
        raise FetchError("bad address", f"is no web address: it should begin with https:// or http://, not {begin!r}")
    if not url.host:
        raise FetchError("bad address", "names no host")
    if url.userinfo:
        raise FetchError("bad address", "has a name or password before its host; leave out what stands before the @")
    if (port := port_of(url)) not in ports:
        allowed = ", ".join(map(str, sorted(ports)))
        raise FetchError("bad address", f"asks for port {port}; only {allowed} are connected to")
    return url


def port_of(url: httpx2.URL) -> int:
    """The port that a connection is made to."""
    return url.port or (443 if url.scheme == "https" else 80)


def canonical(url: httpx2.URL, tables: AddressTables) -> str:
    """The address in its one form: lower-case scheme and host (in ASCII), no usual port, no fragment, no tracking parameters.

    Order and spelling of the other parameters are kept, since a site may tell pages apart by them.
    """
    path, _, query = url.raw_path.decode("ascii").partition("?")
    kept = "&".join(part for part in query.split("&") if part and not tables.is_tracking(part.partition("=")[0]))
    is_usual = url.port is None or url.port == {"http": 80, "https": 443}.get(url.scheme)
    host = url.raw_host.decode("ascii").lower().rstrip(".")
    host = f"[{host}]" if ":" in host else host
    return f"{url.scheme}://{host}{'' if is_usual else f':{url.port}'}{path or '/'}{f'?{kept}' if kept else ''}"


def canonical_address(text: str, tables: AddressTables, base: str | None = None, ports: frozenset[int] = PORTS) -> str:
    """The same of an address as it is written, in a page or feed at `base` if it is relative. Raises FetchError."""
    try:
        whole = urljoin(base, text.strip()) if base else text
    except ValueError as fault:
        raise FetchError("bad address", f"cannot be read as a web address ({fault})") from fault
    return canonical(read_address(whole, ports), tables)


def host_of(address: str) -> str:
    """The host and port of an address in its one form: whom politeness is owed."""
    return urlsplit(address).netloc
