"""Chosen events as a file on disk, whole or not at all, with the files that belong beside it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dateline.exports.telling import USUAL, Options
from dateline.web.sharing.rows import Chosen
from dateline.web.sharing.tables import FORMATS, Tell, metadata, narrowed, nobody_told, written


@dataclass(frozen=True)
class Filed:
    """What was written: the file first, then those beside it. `left_out` says of which events there is none in it, and why."""

    files: tuple[Path, ...]
    events: int
    left_out: Mapping[str, int]


def write_file(chosen: Chosen, name: str, path: Path, options: Options = USUAL, on_event: Tell = nobody_told) -> Filed:
    """Writes the events in a format of FORMATS; beside it `NAME-metadata.json` where the format cannot say what it is of.

    `on_event` is told of each event that was read in full. Raises MissingLibraryError, and OSError for a place that cannot be
    written.
    """
    left_out: Counter[str] = Counter()
    kind, fitting = FORMATS[name], narrowed(chosen, name, options)
    _put(path, written(fitting, name, options, lambda reason: left_out.update([reason]), on_event))
    files, without_code = [path], sum(left_out.values())
    for ending, pieces in kind.beside(fitting).items():
        files.append(path.with_name(f"{path.stem}-{ending}"))
        _put(files[-1], pieces)
    reasons = {**fitting.left_out, **dict(sorted(left_out.items()))}
    if kind.has_metadata:
        files.append(path.with_name(f"{path.name}-metadata.json"))
        said = metadata(fitting, path.name, name, options, events=len(fitting.rows) - without_code, left_out=reasons)
        _put(files[-1], [(json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")])
    return Filed(tuple(files), len(fitting.rows) - without_code, reasons)


def _put(path: Path, pieces: Iterable[bytes]) -> None:
    """The file, whole or not at all."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
