"""What other coders made of the world, beside a ledger and never mixed into it: each has a ledger of its own below `coders`.

So whatever reads a ledger reads theirs (`--ledger LEDGER/coders/NAME`), and no count of ours ever holds a claim of theirs.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = "coders"

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
"""What a coder may be called: it is the name of a folder on every kind of disk."""


def other_coder(ledger: Path, name: str) -> Path:
    """Where the ledger of a coder lies, which need not be there. Raises ValueError for what cannot be a coder's name."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be a coder's name: write small letters, digits and hyphens, as acled-2024")
    return ledger / FOLDER / name


def other_coders(ledger: Path) -> tuple[str, ...]:
    """The names of the coders whose ledgers lie beside this one, in order; nobody's: an empty tuple."""
    try:
        found = sorted(path.name for path in (ledger / FOLDER).iterdir() if path.is_dir() and NAME.fullmatch(path.name))
    except FileNotFoundError:
        return ()
    return tuple(found)
