"""Those who may sign in: a file of names with what their passwords come to by scrypt, made by `dateline users add`."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

COST, BLOCK, LANES = 2**15, 8, 3
"""What a guess costs: a fifth of a second and 32 MB, as OWASP advises for scrypt."""
MEMORY = 64 * 1024 * 1024
SHORTEST = 12
"""Characters of a password; nothing else is asked of it, as NIST SP 800-63B advises."""
LONGEST_NAME = 60


class UsersError(Exception):
    """The message says what is wrong with a file of users, a name or a password, and what to do."""


@dataclass(frozen=True)
class Users:
    """Names, each with what its password comes to ("scrypt$32768$8$3$salt$hash")."""

    hashes: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.hashes)

    def with_password(self, name: str, password: str) -> Users:
        """With that user, whose earlier password no longer holds. Raises UsersError for a name or password that will not do."""
        kept = person(name)
        if kept is None:
            raise UsersError(f"{name!r} is no name: give 1 to {LONGEST_NAME} letters that can be shown")
        if len(password) < SHORTEST:
            raise UsersError(f"a password has at least {SHORTEST} characters: several words are easier to keep than signs")
        others = tuple(pair for pair in self.hashes if pair[0] != kept)
        return replace(self, hashes=tuple(sorted((*others, (kept, hashed(password))))))

    def without(self, name: str) -> Users:
        """Without that user. Raises UsersError if there is none."""
        if name not in self.names:
            raise UsersError(f"there is no user {name!r}; there are {', '.join(self.names) or 'none'}")
        return replace(self, hashes=tuple(pair for pair in self.hashes if pair[0] != name))

    def admits(self, name: str, password: str) -> bool:
        """Whether that is the user's password. An unknown name takes as long as a known one."""
        held = dict(self.hashes).get(name)
        is_right = _matches(password, held or _NOBODY)
        return is_right and held is not None


def person(text: str) -> str | None:
    """A name as it is kept: composed (NFC), with single spaces. Nothing, too long, or with what cannot be shown: None."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    return name if name and len(name) <= LONGEST_NAME and all(map(_is_shown, name)) else None


def _is_shown(character: str) -> bool:
    # Joiners shape letters (Cf, U+200C and U+200D); other format characters could make a name read as another.
    return character.isprintable() or character in "\u200c\u200d"


def hashed(password: str) -> str:
    """What a password is kept as."""
    salt = secrets.token_bytes(16)
    return f"scrypt${COST}${BLOCK}${LANES}${salt.hex()}${_scrypt(password, salt, COST, BLOCK, LANES).hex()}"


def _matches(password: str, held: str) -> bool:
    _, cost, block, lanes, salt, digest = held.split("$")
    made = _scrypt(password, bytes.fromhex(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(made, bytes.fromhex(digest))


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    said = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(said, salt=salt, n=cost, r=block, p=lanes, maxmem=MEMORY, dklen=32)


_NOBODY = f"scrypt${COST}${BLOCK}${LANES}${'00' * 16}${'00' * 32}"
"""What an unknown name is compared with; no password comes to it."""


def read_users(path: Path) -> Users:
    """The users of a file; there is no such file: none. Raises UsersError when it is no file of users."""
    if not path.exists():
        return Users()
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))["users"]
        pairs = tuple(sorted((str(name), str(held)) for name, held in kept.items()))
        for name, held in pairs:
            kind, cost, block, lanes, salt, digest = held.split("$")
            if person(name) != name or kind != "scrypt" or 128 * int(cost) * int(block) > MEMORY or int(lanes) > 16:
                raise ValueError(name)
            bytes.fromhex(salt + digest)
    except (ValueError, KeyError, AttributeError, TypeError) as fault:
        raise UsersError(f"{path}: not a file of users ({fault}). `dateline users add NAME` makes one") from None
    return Users(pairs)


def write_users(path: Path, users: Users) -> None:
    """Writes the file whole, readable by its owner alone."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    text = json.dumps({"users": dict(users.hashes)}, ensure_ascii=False, indent=2)
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(file, "w", encoding="utf-8") as out:
            out.write(text + "\n")
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
