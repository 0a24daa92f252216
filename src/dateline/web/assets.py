"""Sheets, scripts and pictures: served so that a browser keeps them, and never shows those of an earlier version.

An address that ends in the digest of what the file holds ("site.css?v=1f3a…") may be kept for ever; any other is asked for again
each time, and answered by "not modified" while it is. Times of files say nothing: those in a wheel all have the same.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

KEPT = "public, max-age=31536000, immutable"
ASKED = "no-cache"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".bin": "application/octet-stream",
    ".woff2": "font/woff2",
}
"""What a file is by its ending: tables of the machine differ, and a script of another type is not run. No other file is served."""


class Assets:
    """The files below some folders, by their path in them; of two with one name that of the first folder."""

    def __init__(self, *folders: Path) -> None:
        self.folders = folders

    def address(self, name: str) -> str | None:
        """Where a page finds the file ("build/shell.js"), with what it holds in the address; there is no such file: None."""
        path = self._path(name)
        return None if path is None else f"/static/{name}?v={_digest(path)}"

    def answer(self, request: Request) -> Response:
        """The file that a path below /static/ names. Raises HTTPException 404."""
        name = request.path_params["path"]
        path = self._path(name)
        if path is None:
            raise HTTPException(404)
        digest = _digest(path)
        is_named = request.query_params.get("v") == digest or _is_chunk(name)
        headers = {"etag": f'"{digest}"', "cache-control": KEPT if is_named else ASKED}
        if f'"{digest}"' in request.headers.get("if-none-match", "").replace("W/", "").replace(" ", "").split(","):
            return Response(status_code=304, headers=headers)
        return FileResponse(path, headers=headers, media_type=TYPES[path.suffix])

    def _path(self, name: str) -> Path | None:
        """The file of that name, if it may be served; there is none, or it leads out of its folder: None."""
        parts = name.split("/")
        if any(part in {"", ".", ".."} or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
            return None
        for folder in self.folders:
            path = folder.joinpath(*parts)
            if path.suffix in TYPES and path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                return path
        return None


def _is_chunk(name: str) -> bool:
    """Whether the name itself tells what the file holds: esbuild writes the hash of a shared part into it."""
    return name.startswith("build/chunk-")


def _digest(path: Path) -> str:
    state = path.stat()
    return _digest_of(path, state.st_mtime_ns, state.st_size)


@cache
def _digest_of(path: Path, changed: int, size: int) -> str:
    """`changed` and `size` are what makes it be read again while scripts are being worked on."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
