"""Events into files: the formats of `dateline export`, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dateline.exports.telling import Bound, Options
from dateline.web.sharing.covering import covered
from dateline.web.sharing.files import write_file
from dateline.web.sharing.folder import write_folder
from dateline.web.sharing.rows import Chosen
from dateline.web.sharing.tables import FORMATS

FOLDER = "html"
"""The one form that is a folder of pages."""


def write_events(
    chosen: Chosen, format: str, path: Path, *, bounds: str = "low", has_all_statuses: bool = False, is_sensitive: bool = False
) -> Path:
    """Writes the events there; gives the path. Raises ValueError for an unknown format or bound, FolderError for a folder that is
    in use, MissingExtraError where a format needs a library that is not installed."""
    if format not in FORMATS and format != FOLDER:
        raise ValueError(f"format={format} is not known here: it can be {', '.join((*FORMATS, FOLDER))}")
    if bounds not in set(Bound):
        raise ValueError(f"bounds={bounds}: it can be {', '.join(Bound)}")
    if is_sensitive:
        with covered(chosen) as shared:
            return write_events(shared, format, path, bounds=bounds, has_all_statuses=has_all_statuses)
    if format == FOLDER:
        write_folder(chosen, path)
        return path
    write_file(chosen, format, path, replace(Options(), bounds=Bound(bounds), has_all_statuses=has_all_statuses))
    return path
