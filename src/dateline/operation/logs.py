"""A log for machines: a line of JSON for each run, fetch and fault. What reports say is never in it.

Rooms log with the standard library, under loggers that begin with "dateline"; what a line says is the message, and what it says it
of stands in `extra`. Unless a log is asked for nothing is written anywhere.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = "dateline"

OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
"""What every record of the standard library has; the rest was given with `extra`."""


class Lines(logging.Formatter):
    """{"at": ISO 8601 in UTC, "level", "event", "logger", "pid", …}; a fault also has its kind and where it happened."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
            "pid": record.process,
        }
        said |= {name: value for name, value in vars(record).items() if name not in OWN}
        if record.exc_info and record.exc_info[0] is not None:
            said["fault"] = record.exc_info[0].__name__
            said["traceback"] = _without_values(record.exc_info[2])
        return json.dumps(said, ensure_ascii=False, default=str)


def _without_values(trace: Any) -> list[str]:
    """Where it happened, line by line. The message of a fault is left out: it may hold words of a report."""
    from traceback import extract_tb

    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in extract_tb(trace)]


def log_to(target: str, *, level: int = logging.INFO) -> logging.Handler:
    """Begins to log, to a file that is added to, or to standard error for "-".

    Raises OSError when the file cannot be written. A line is written whole, so several processes may share a file.
    """
    logger = logging.getLogger(ROOT)
    if target == "-":
        handler: logging.Handler = logging.StreamHandler(sys.stderr)
    else:
        path = Path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _Whole(path)
    handler.setFormatter(Lines())
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False
    return handler


def end_log(handler: logging.Handler) -> None:
    """Ends what `log_to` began."""
    logging.getLogger(ROOT).removeHandler(handler)
    handler.close()


class _Whole(logging.Handler):
    """Adds each line with one write, so that lines of several processes never stand inside one another.

    A file that a rotating program has moved is opened anew; a full disk costs lines and stops nothing.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        os.close(self._open())

    def _open(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            file = self._open()
            try:
                os.write(file, (self.format(record) + "\n").encode("utf-8", "replace"))
            finally:
                os.close(file)
        except OSError:
            pass  # whoever asked for a log wants the run more than the line
