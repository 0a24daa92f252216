"""What can be wrong with a ledger or with a question put to it."""

from __future__ import annotations

from dateline.errors import Error


class LedgerError(Error):
    """The message says what is wrong, where, and what to do."""


class NotALedgerError(LedgerError):
    """There is no ledger in that folder."""


class NewerLedgerError(LedgerError):
    """A later dateline wrote it."""


class OutdatedLedgerError(LedgerError):
    """An earlier dateline made it, and what is asked for needs a later format."""


class DamagedLedgerError(LedgerError):
    """A file that a receipt promises is missing or not as it was written."""


class NotFoundError(LedgerError):
    """No claim or document has that id."""


class AmbiguousIdError(LedgerError):
    """The beginning of an id fits several; the message lists some."""


class QueryError(LedgerError):
    """The database refused a query; the message is its own."""


class JudgementError(LedgerError):
    """A judgement that cannot be entered; the message says why, and what can be done."""


class StaleError(JudgementError):
    """Others have entered judgements since the one that was to be the last."""
