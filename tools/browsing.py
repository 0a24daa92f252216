"""A browser without a screen and a server for it to ask: the same for the tests of the page and for its benchmarks."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from dateline.web.app import make_app
from dateline.web.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-rasterization",
    "--disable-accelerated-2d-canvas",
)
"""Chromium as where there is no GPU: WebGL in software, all else drawn by the processor; and asking nobody of its own accord."""

AXE = Path(__file__).resolve().parents[1] / "page" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
PATIENCE = 20


@contextlib.contextmanager
def serving(site: Site) -> Iterator[str]:
    """A server of the site in a thread; gives its address, without a slash at the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(make_app(site), log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=PATIENCE)
        listener.close()


def violations(page: Page, *rules: str) -> list[str]:
    """What axe-core finds wrong on the page by WCAG 2.2 A and AA, or by these rules alone, each with where.

    Raises FileNotFoundError where axe-core is not installed.
    """
    # By way of the debugger, which the page's content policy does not bind.
    page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(WCAG)}
    found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only)
    return [f"{v['id']}: {v['help']} ({', '.join(str(n['target']) for n in v['nodes'][:5])})" for v in found["violations"]]
