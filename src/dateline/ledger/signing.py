"""Signatures of judgements: Ed25519, with a key the user has already (an OpenSSH one will do) or makes for the purpose.

The library for it is an extra, `dateline[sign]`: without it the log is chained and named, and verified but for the signatures.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dateline.ledger.errors import LedgerError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PURPOSE = b"dateline judgement entry\n"
"""Stands before the hash that is signed, so that a signature given for anything else cannot be used here."""


class MissingSignerError(LedgerError):
    """The library that signs is not installed."""


class KeyFileError(LedgerError):
    """A file holds no key that we can sign with."""


@dataclass(frozen=True)
class Signer:
    """A private key that signs entries. `key` is the public one, in hexadecimal, which the entries name."""

    key: str
    _private: Ed25519PrivateKey

    def sign(self, digest: str) -> str:
        signature: bytes = self._private.sign(PURPOSE + digest.encode())
        return signature.hex()


def load_signer(path: Path, password: bytes | None = None) -> Signer:
    """The Ed25519 key in a file, PEM or OpenSSH. Raises KeyFileError, and MissingSignerError without the extra."""
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key
    except ImportError as fault:
        raise _missing("sign") from fault
    try:
        written = path.read_bytes()
        load = load_ssh_private_key if b"OPENSSH" in written.partition(b"\n")[0] else load_pem_private_key
        private = load(written, password)
    except (OSError, ValueError, TypeError) as fault:
        raise KeyFileError(f"{path}: no key to sign with ({fault}). Make one with: ssh-keygen -t ed25519 -f {path}") from fault
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"{path}: a key of another kind than Ed25519. Make one with: ssh-keygen -t ed25519 -f FILE")
    return Signer(private.public_key().public_bytes_raw().hex(), private)


def is_signed(digest: str, key: str, signature: str) -> bool:
    """Whether the signature over the hash was made with that public key. Raises MissingSignerError without the extra."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError as fault:
        raise _missing("check signatures") from fault
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), PURPOSE + digest.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _missing(what: str) -> MissingSignerError:
    return MissingSignerError(f'to {what}, install the extra: pip install "dateline[sign]"')
