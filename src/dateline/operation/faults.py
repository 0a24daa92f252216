"""What a full disk or a folder that may not be written means for whoever met it: what is safe, and what to do."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
SHUT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})

SAFE = "What was said to be entered is kept, and nothing that is half-written counts"
"""Every file of a ledger is written whole under another name and then renamed (docs/ledger.md)."""


def explained(fault: OSError) -> str | None:
    """What to do about it; it is neither a full disk nor one that may not be written: None.

    Libraries that write for us do not always say which file it was, or only in words which error.
    """
    words = str(fault)
    number = fault.errno or next((n for n in FULL if f"errno {n}]" in words), None)
    path = Path(fault.filename) if isinstance(fault.filename, str) and fault.filename else None
    if number in FULL:
        free = f" ({shutil.disk_usage(_there(path)).free / 10**6:,.1f} MB free there)" if path else ""
        where = f"{path.parent}: " if path else ""
        need = "as much as the new reports take, and for `dateline compact` as much as the whole ledger"
        quota = "your quota of this disk is used up" if number == errno.EDQUOT else "no room left on this disk"
        return f"{where}{quota}{free}. {SAFE}. Make room ({need}) and run the same again"
    if number in SHUT:
        reason = "the disk is read-only" if number == errno.EROFS else "this user may not"
        return f"{path or 'a file'}: cannot be read or written, {reason}. {SAFE}. Run as its owner, or change its permissions"
    return None


def _there(path: Path) -> Path:
    """The nearest folder that exists."""
    return next((folder for folder in path.parents if folder.is_dir()), Path())
