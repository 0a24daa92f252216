"""Events into files: the formats of `dateline export`, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from dateline.web.sharing.covering import covered
from dateline.web.sharing.folder import write_folder
from dateline.web.sharing.rows import Chosen
from dateline.web.sharing.tables import FORMATS, written

FOLDER = "html"
"""The one form that is a folder of pages."""


def write_events(chosen: Chosen, format: str, path: Path, *, is_sensitive: bool = False) -> Path:
    """Writes the events there; gives the path. Raises ValueError for an unknown format, FolderError for a folder that is in use."""
    if format not in FORMATS and format != FOLDER:
        raise ValueError(f"format={format} is not known here: it can be {', '.join((*FORMATS, FOLDER))}")
    if is_sensitive:
        with covered(chosen) as shared:
            return write_events(shared, format, path)
    if format == FOLDER:
        write_folder(chosen, path)
        return path
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            file.writelines(written(chosen, format))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path
