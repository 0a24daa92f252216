"""What somebody decided at the page, from the fields of a form to an entry of the log: nobody's decision is overwritten unseen.

A form carries the hash of the last entry that its page showed. If somebody has judged the same events since, it is refused, with
what was entered: what nobody else touched goes through, so that two people can work side by side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dateline.ledger.corrections import NONE, CorrectionError, bounds_in_words
from dateline.ledger.errors import AmbiguousIdError, JudgementError, NotFoundError, StaleError
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import FIRST, Entry
from dateline.ledger.resolve import GROUPING, Contradiction, entry_number
from dateline.records import About, Judge, Judgement, JudgementKind, Span
from dateline.runs.codes import codes_of
from dateline.web.site import Site

VERDICTS = {
    "accepted": JudgementKind.ACCEPTED,
    "rejected": JudgementKind.REJECTED,
    "retracted": JudgementKind.RETRACTED,
}

OF_NAMES = {"same-actor": JudgementKind.SAME_ACTOR, "not-same-actor": JudgementKind.NOT_SAME_ACTOR}
"""What is said of names: their forms have names where those of other kinds have ids."""

KINDS = (*VERDICTS, *OF_NAMES, "corrected", "merged", "split", "same", "not-same", "undone")
"""What can be decided, as forms write it. `same` says that the claims are rightly of their event."""

MAX_REASON = 4_000
"""Letters of a reason: what is longer belongs into a document that the reason names."""

TRIES = 20
"""Times that an entry is tried anew because others, who judged something else, came before."""


class WishError(JudgementError):
    """A form that asks for nothing that could be entered; the message says what is missing."""


@dataclass(frozen=True)
class Wish:
    """What a form asks for. `ids` are claims or events by any of their claims; `claims` those that leave an event.

    `head`: the hash of the last entry that the page showed; empty: it is not checked. `span` is where the words of a correction
    stand, or `words` are the words themselves, to be found in the claim's paragraph. `is_forced`: it is entered though it
    contradicts what people said before.
    """

    kind: str
    ids: tuple[str, ...]
    claims: tuple[str, ...] = ()
    field: str = ""
    value: str = ""
    about: About = About.CLAIM
    reason: str = ""
    head: str = ""
    span: Span | None = None
    words: str = ""
    is_forced: bool = False


@dataclass(frozen=True)
class Stale:
    """Judgements that were entered since the page was shown and are about the same events, in order.

    `head`: the hash of the log's last entry. No judgements: the page is of another ledger, or of one that was replaced.
    """

    head: str
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True)
class Against:
    """What people said before that a wish contradicts."""

    contradictions: tuple[Contradiction, ...] = field(default=())


def wish_of(form: Mapping[str, Sequence[str]]) -> Wish:
    """What the fields of a form ask for. Raises WishError."""

    def one(name: str) -> str:
        return next(iter(form.get(name, ())), "").strip()

    kind = one("kind")
    if kind not in KINDS:
        raise WishError(f"no kind of judgement is called {kind!r}; there are {', '.join(KINDS)}")
    ids = tuple(dict.fromkeys(id.strip() for id in form.get("id", ()) if id.strip()))
    if not ids:
        raise WishError("nothing was chosen to judge: the form names no id")
    about = one("about") or About.CLAIM.value
    if about not in set(About):
        raise WishError(f"a judgement is about a claim or an event, not about {about!r}")
    reason = one("reason")
    if len(reason) > MAX_REASON:
        raise WishError(f"a reason has at most {MAX_REASON:,} letters; this one has {len(reason):,}")
    words = " ".join(one("words").split())
    claims = tuple(dict.fromkeys(claim.strip() for claim in form.get("claims", ()) if claim.strip()))
    return Wish(
        kind, ids, claims, one("field"), value_of(form), About(about), reason, one("head"), _span(one("span")), words,
        one("force") == "yes",
    )  # fmt: skip


def value_of(form: Mapping[str, Sequence[str]]) -> str:
    """The value that a form gives a field: as it is written, or by its two ends, either of which may be left open."""

    def one(name: str) -> str:
        return next(iter(form.get(name, ())), "").strip()

    if one("none"):
        return NONE
    if "low" not in form and "high" not in form:
        return one("value")
    low, high = one("low"), one("high")
    return bounds_in_words(low, high)


def _span(said: str) -> Span | None:
    if not said:
        return None
    if not re.fullmatch(r"\d{1,9}-\d{1,9}", said):
        raise WishError(f"where the words stand is written as 120-131, not as {said!r}")
    start, end = map(int, said.split("-"))
    if start >= end:
        raise WishError(f"no words stand from {start} to {end}: choose at least one letter")
    return Span(start, end)


# ---------------------------------------------------------------- drafts


def drafts_of(judged: Judged, wish: Wish, by: Judge, at: datetime) -> list[Judgement]:
    """The judgements that a wish comes to. Raises JudgementError, CorrectionError, NotFoundError or AmbiguousIdError."""
    if wish.kind in VERDICTS:
        return judged.verdicts(VERDICTS[wish.kind], wish.ids, wish.about, by, at, wish.reason)
    if wish.kind in OF_NAMES:
        return [judged.of_names(OF_NAMES[wish.kind], wish.ids, by, at, wish.reason)]
    if wish.kind == "corrected":
        codes = codes_of(judged, wish.field)
        span = wish.span or (_found(judged, wish.ids[0], wish.words) if wish.words else None)
        return [judged.correction(id, wish.field, wish.value, codes, wish.about, by, at, wish.reason, span) for id in wish.ids]
    if wish.kind == "merged":
        return [judged.merger(wish.ids, by, at, wish.reason)]
    if wish.kind == "undone":
        return [judged.undoing(wish.ids, by, at, wish.reason)]
    if wish.kind == "not-same":
        if len(wish.ids) != 2:
            raise WishError(f"two events are not the same, and {len(wish.ids)} were chosen")
        return [judged.not_same(wish.ids[0], wish.ids[1], by, at, wish.reason)]
    if not wish.claims:
        raise WishError("no claim was chosen: tick those that are meant")
    if wish.kind == "split":
        return [judged.split(wish.ids[0], wish.claims, by, at, wish.reason)]
    return [judged.same(wish.ids[0], wish.claims, by, at, wish.reason)]


def _found(judged: Judged, id: str, words: str) -> Span:
    """Where the words stand in the paragraph of a claim's evidence. Raises WishError when they do not, or more than once."""
    shown = judged.ledger.show(judged.claim(id), judged.as_of)
    evidence, text = shown.claim.event.evidence, shown.document.text
    block = shown.document.block_at(evidence.start)
    start, end = (block.span.start, max(block.span.end, evidence.end)) if block else (evidence.start, evidence.end)
    there = [m.start() for m in re.finditer(re.escape(words), text[start:end])]
    if len(there) != 1:
        often = "do not stand" if not there else f"stand {len(there)} times"
        raise WishError(f"the words “{words}” {often} in the paragraph of the claim: write them as they are, and enough to tell")
    return Span(start + there[0], start + there[0] + len(words))


def against(judged: Judged, drafts: Sequence[Judgement]) -> Against:
    """What people said before that these contradict."""
    return Against(tuple(found for draft in drafts for found in judged.against(draft)))


def stale(judged: Judged, head: str, drafts: Sequence[Judgement]) -> Stale | None:
    """What others entered about the same events since the log ended with `head`; nothing of that: None.

    What the same person entered is no surprise to them: of two claims of one event that stand one after the other in the queue, the
    second is shown before the first is decided.
    """
    entries = judged.log.entries()
    last = entries[-1].hash if entries else FIRST
    if not head or head == last:
        return None
    seen = 0 if head == FIRST else next((entry.number for entry in reversed(entries) if entry.hash == head), None)
    if seen is None:
        return Stale(last, ())
    by = drafts[0].by if drafts else None
    since = [
        j for j in judged.judgements if j.id and entry_number(j) > seen and j.by != by and j.kind is not JudgementKind.SECONDED
    ]
    if not since:
        return None
    claims = {claim for draft in drafts for claim in draft.claims}
    around = set(judged.mates(claims)) | claims
    is_grouping = any(draft.kind in GROUPING or draft.about is About.EVENT for draft in drafts)
    touching = [
        judgement
        for judgement in since
        if not around.isdisjoint(judgement.claims) or (judgement.kind is JudgementKind.LINKED and is_grouping)
    ]
    return Stale(last, tuple(touching)) if touching else None


# ---------------------------------------------------------------- entering


def entered(site: Site, wish: Wish, by: Judge) -> Entry | Stale | Against:
    """The wish as an entry of the log, or why it was not entered. Raises what `drafts_of` raises."""
    for _ in range(TRIES):
        with site.turn:
            entries = site.log.entries()  # before what is drafted, so that nothing can come between the two unseen
            judged = site.judged()
            drafts = drafts_of(judged, wish, by, datetime.now(UTC))
            if (refused := stale(judged, wish.head, drafts)) is not None:
                return refused
            if not wish.is_forced and (found := against(judged, drafts)).contradictions:
                return found
            try:
                return site.log.append(drafts, behind=entries[-1].hash if entries else FIRST)
            except StaleError:  # another program was quicker: whether it matters is looked at again
                continue
    raise JudgementError("others judge faster than this can be entered. Try again")


REFUSALS = (JudgementError, CorrectionError, NotFoundError, AmbiguousIdError)
"""What can be wrong with a wish: each says itself what to do."""


def judgement_data(judgement: Judgement, words: str) -> dict[str, Any]:
    """A judgement as JSON has it; `words` are what it says, as a sentence."""
    return {
        "id": judgement.id,
        "kind": judgement.kind.value,
        "by": judgement.by.name,
        "at": judgement.at.isoformat(timespec="seconds"),
        "words": words,
        "reason": judgement.reason,
        "address": f"/audit#entry-{entry_number(judgement)}",
    }
