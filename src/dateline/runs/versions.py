"""Versions of one page: what changed between two, and what becomes of the claims of the earlier one.

An article that is fetched again with another text is a document of its own, and the earlier one stays. What the earlier one told
is then superseded by what the later one tells: a judgement in the log, in the program's name, that anybody may undo. Nothing is
erased, and what was known on a day before is what it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from importlib.metadata import version

from dateline.ledger.derived import VisitRow
from dateline.ledger.judgements import Log
from dateline.ledger.resolve import Words, in_force, successor
from dateline.ledger.store import Ledger
from dateline.records import BlockKind, Claim, Coding, Document, Judge, Judgement, JudgementKind

TOLD = frozenset({BlockKind.TITLE, BlockKind.BODY, BlockKind.CAPTION})
"""Blocks that tell the news. What stands in others (links, credits, "most read") may change without the report's changing."""

ENOUGH = 0.1
"""Share of the shorter text's runs of three words that two texts at one address must have in common to be versions of one report:
of two that have nothing to do with one another hardly any are shared."""

LEFT = 0.5
"""Share of the earlier text's length that a version has at least. Editors seldom cut half of a report; a plea to subscribe stands
below its first paragraph, and nothing was taken back by it."""

SIGNED = "fetch"


def judge() -> Judge:
    """Who says that a version took the place of another."""
    return Judge(f"dateline {version('dateline')} {SIGNED}", is_machine=True)


def told(document: Document, kinds: frozenset[BlockKind] = TOLD) -> tuple[str, ...]:
    """The paragraphs that tell the news, white space put in order."""
    return tuple(" ".join(b.span.of(document.text).split()) for b in document.blocks if b.kind in kinds)


def is_version(earlier: Document, later: Document) -> bool:
    """Whether the later is a version of the earlier, rather than another text that stands at its address. Titles do not count: a
    page keeps its title whatever is shown below."""
    old, new = (" ".join(told(document, TOLD - {BlockKind.TITLE})).split() for document in (earlier, later))
    one, other = _runs(old), _runs(new)
    if not one or not other or len(new) < LEFT * len(old):
        return False
    return len(one & other) / min(len(one), len(other)) >= ENOUGH


def _runs(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[at : at + 3]) for at in range(max(1, len(words) - 2))) if words else frozenset()


# ---------------------------------------------------------------- what changed


class ChangeKind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """A paragraph of one version beside that of the other; None: that version has none."""

    kind: ChangeKind
    earlier: str | None
    later: str | None


ALIKE = 0.5
"""Likeness (difflib's ratio over words) from which two paragraphs are one that was rewritten, not one gone and one come."""

MANY = 2_500
"""Pairs of paragraphs beyond which none is looked at for likeness: so much is another text, and would take minutes."""


def changes(earlier: Sequence[str], later: Sequence[str]) -> tuple[Change, ...]:
    """The paragraphs of both in the later one's order, those that went where they stood. Nothing changed: all are SAME."""
    found: list[Change] = []
    for kind, a, b, c, d in SequenceMatcher(None, earlier, later, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Change(ChangeKind.SAME, words, words) for words in earlier[a:b]]
        else:
            found += _rewritten(earlier[a:b], later[c:d])
    return tuple(found)


def _rewritten(gone: Sequence[str], come: Sequence[str]) -> Iterator[Change]:
    left = list(gone)
    for new in come if len(gone) * len(come) <= MANY else ():
        words = new.split()
        graded = [(SequenceMatcher(None, old.split(), words, autojunk=False).ratio(), -n) for n, old in enumerate(left)]
        likeness, place = max(graded, default=(0.0, 0))
        if likeness < ALIKE:
            yield Change(ChangeKind.ADDED, None, new)
            continue
        yield from (Change(ChangeKind.REMOVED, old, None) for old in left[:-place])
        yield Change(ChangeKind.CHANGED, left[-place], new)
        del left[: 1 - place]
    yield from (Change(ChangeKind.REMOVED, old, None) for old in left)
    if len(gone) * len(come) > MANY:
        yield from (Change(ChangeKind.ADDED, None, new) for new in come)


@dataclass(frozen=True)
class Version:
    """A state of a page: since when the ledger has it, when it was fetched (None: nobody said), and what is new in it against the
    one before (None for the first)."""

    document: Document
    known_at: datetime
    fetched_at: datetime | None
    changes: tuple[Change, ...] | None


@dataclass(frozen=True)
class History:
    """A page's versions, the earliest first, and every visit that came to something, in order."""

    address: str
    versions: tuple[Version, ...]
    visits: tuple[VisitRow, ...]


def history_of(ledger: Ledger, address: str, *, as_of: datetime | None = None) -> History:
    """What the ledger knows of a page by its address; nothing: no versions and no visits."""
    rows = ledger.documents_at({address}, as_of=as_of)
    visits = ledger.visits_of({address}, as_of=as_of)
    came = {visit.document_id: visit.fetched_at for visit in reversed(visits) if visit.document_id}
    known = ledger.entered([row.document_id for row in rows], as_of=as_of)
    versions: list[Version] = []
    for row in sorted(rows, key=lambda row: (came.get(row.document_id, row.known_at), row.document_id)):
        entered = known[row.document_id]
        before = told(versions[-1].document) if versions else None
        what = None if before is None else changes(before, told(entered.document))
        fetched = came.get(row.document_id, entered.fetched)
        versions.append(Version(entered.document, row.known_at, fetched, what))
    return History(address, tuple(versions), tuple(visits))


# ---------------------------------------------------------------- what becomes of claims


def supersede(ledger: Ledger, earlier: str, later: str, *, at: datetime) -> int:
    """Enters that what an earlier version told is superseded by what a later one tells; how many claims that is news of.

    A claim of the later version that tells the same takes its place, whether its figures are the same or not; what the later one no
    longer tells is superseded by the document. Entered before and still in force, or undone by a person: it is not entered again.
    When a page goes back to how it was before, what had superseded that version then no longer holds.
    """
    log = Log(ledger.path)
    old, new = ledger.coding(earlier), ledger.coding(later)
    known = log.judgements()
    holding = {judgement.id for judgement in in_force(known)}
    settled = {
        j.sides
        for j in known
        if j.kind is JudgementKind.SUPERSEDED and (j.id in holding or _is_undone_by_person(j.id, known, holding))
    }
    again = {claim.id for claim in new.claims}
    revived = tuple(
        j.id
        for j in known
        if j.kind is JudgementKind.SUPERSEDED and j.id in holding and _is_ours(j) and not again.isdisjoint(j.sides[0])
    )
    drafted = [j for j in _judgements(old, new, at) if j.sides not in settled]
    if revived:
        back = "the page went back to how it was before"
        drafted.insert(0, Judgement("", JudgementKind.UNDONE, judge(), at, reason=back, revokes=revived))
    if drafted:
        log.append(drafted)
    return len(drafted)


def _is_ours(judgement: Judgement) -> bool:
    return judgement.by.is_machine and judgement.by.name.endswith(f" {SIGNED}")


def _is_undone_by_person(id: str, known: Sequence[Judgement], holding: set[str]) -> bool:
    return any(id in j.revokes and j.id in holding and not j.by.is_machine for j in known if j.kind is JudgementKind.UNDONE)


def _judgements(old: Coding, new: Coding, at: datetime) -> Iterator[Judgement]:
    if old.document is None or new.document is None:
        return
    current = [_words(claim, new.document) for claim in new.claims]
    facts = (("document", new.document.id),)
    for claim in old.claims:
        by = successor(_words(claim, old.document), current)
        reason = "a later version of the page tells it so" if by else "a later version of the page no longer tells it"
        sides: tuple[tuple[str, ...], ...] = ((claim.id,), (by,) if by else ())
        yield Judgement("", JudgementKind.SUPERSEDED, judge(), at, sides=sides, reason=reason, facts=facts)


def _words(claim: Claim, document: Document) -> Words:
    event, text = claim.event, document.text
    which = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Words(
        claim.id, document.id, event.type, event.trigger, event.trigger.of(text), event.evidence, event.evidence.of(text), which
    )  # fmt: skip
