"""A ledger with the judgements about it, at one moment: which event holds which claim, and judgements as people ask for them.

A judgement that cannot hold is refused before it is entered, with what to do instead; one that contradicts an earlier one is
refused unless its maker insists.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from dateline.ledger.corrections import SPAN, Codes, checked, gist, reading, snapped
from dateline.ledger.errors import AmbiguousIdError, JudgementError, NotFoundError
from dateline.ledger.judgements import Log
from dateline.ledger.one_actor import OneActor, check, facts_of, names_of, one_actors
from dateline.ledger.resolve import (
    CONFIRMS,
    GROUPING,
    ClaimStanding,
    Constraints,
    Contradiction,
    Words,
    constraints,
    contradictions,
    entry_number,
    followed,
    in_force,
    last_seen,
    regrouped,
    standings,
    successor,
)
from dateline.ledger.rows import ClaimRow, claim_row
from dateline.ledger.store import ONE_BY_ONE, Ledger
from dateline.records import About, Judge, Judgement, JudgementKind, Span

IDS = "SELECT DISTINCT claim_id FROM all_claims WHERE starts_with(claim_id, $id) ORDER BY claim_id LIMIT 6"

# The claims of every event that one of the given claims is in by the machine's links, and since when each is known.
AROUND = """
WITH around AS MATERIALIZED (
    SELECT claim_id, event_id FROM members
    WHERE event_id IN (SELECT event_id FROM members WHERE claim_id IN (SELECT unnest($ids::VARCHAR[])))
)
SELECT claim_id, any_value(event_id) AS event_id, min(all_claims.known_at) AS known_at
FROM around JOIN all_claims USING (claim_id) GROUP BY claim_id
"""

EXACT = "SELECT DISTINCT claim_id FROM all_claims WHERE claim_id IN (SELECT unnest($ids::VARCHAR[]))"

GONE = """
SELECT claim_id FROM (SELECT unnest($ids::VARCHAR[]) AS claim_id) ANTI JOIN claims USING (claim_id) ORDER BY claim_id
"""

# The latest row of each of these claims, and all current ones of their documents, with what tells whether the text is the same.
_WORDS = """
SELECT {table}.claim_id, {table}.document_id, {table}.type, trigger, trigger_start, trigger_end, evidence, evidence_start,
    evidence_end, md5(text) AS text
FROM {table} JOIN all_documents USING (document_id, shard)
"""
OLD_WORDS = (
    _WORDS.format(table="all_claims")
    + "WHERE claim_id IN (SELECT unnest($ids::VARCHAR[])) "
    + "QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY all_claims.known_at DESC) = 1"
)
NEW_WORDS = _WORDS.format(table="claims") + "WHERE document_id IN (SELECT unnest($ids::VARCHAR[])) ORDER BY document_id, position"

ROWS = "SELECT * FROM claims WHERE claim_id IN (SELECT unnest($ids::VARCHAR[])) ORDER BY document_id, position"

NAMED = """
SELECT DISTINCT name FROM (SELECT unnest(actor_names || recipient_names || attribution) AS name FROM claims)
WHERE name IN (SELECT unnest($names::VARCHAR[]))
"""

FEW = 20
"""Events that are looked for one by one: more are looked for together, at the cost of one pass over all claims."""

NOT_UNDONE = {
    JudgementKind.LINKED: "a run of the linker cannot be undone; `dateline link` makes another",
    JudgementKind.FORGOTTEN: "a name that was removed is gone",
}


ENOUGH = 6
"""Letters of an id from which on it is looked for by the index: fewer begin so many ids that the database is quicker."""


@dataclass(frozen=True)
class Followed:
    """What was found out of judged claims: `claims` that were looked at, and of those that are gone the `successors` there are."""

    claims: frozenset[str]
    successors: Mapping[str, str]


@dataclass(frozen=True)
class Judged:
    """A ledger and its log as of a moment; None: now. What is worked out is worked out once, so make a new one after entering."""

    ledger: Ledger
    log: Log
    as_of: datetime | None = None
    drafts: tuple[Judgement, ...] = ()
    """Judgements that are not entered and taken to be."""
    before: Followed | None = field(default=None, compare=False, repr=False)
    """What was found out of the same ledger when fewer were entered."""

    @cached_property
    def judgements(self) -> tuple[Judgement, ...]:
        """All judgements, also those that were undone, in order."""
        entered = self.log.judgements(self.as_of)
        number = entry_number(entered[-1]) + 1 if entered else 1
        drafts = (replace(draft, id=f"{number}.{place}") for place, draft in enumerate(self.drafts, 1))
        return (*entered, *drafts)

    def with_drafts(self, drafts: Sequence[Judgement]) -> Judged:
        """What would be if these were entered."""
        return Judged(self.ledger, self.log, self.as_of, tuple(drafts), self.followed)

    @cached_property
    def in_force(self) -> frozenset[str]:
        """The ids of those that hold."""
        return frozenset(judgement.id for judgement in in_force(self.judgements))

    @cached_property
    def successors(self) -> dict[str, str]:
        """For judged claims that the current codings no longer have the claim that took their place, where there is one."""
        before = self.before or Followed(frozenset(), {})
        judged = {claim for judgement in self.judgements for claim in judgement.claims}
        return {claim: new for claim, new in before.successors.items() if claim in judged} | self._followed(judged - before.claims)

    @cached_property
    def followed(self) -> Followed:
        """What a later one of the same ledger need not find out again."""
        claims = frozenset(claim for judgement in self.judgements for claim in judgement.claims)
        return Followed(claims, self.successors)

    def _followed(self, judged: Collection[str]) -> dict[str, str]:
        gone = self._gone(judged)
        if not gone:
            return {}
        old = [_words(row) for row in self.select(OLD_WORDS, ids=gone)]
        there: defaultdict[str, list[Words]] = defaultdict(list)
        for row in self.select(NEW_WORDS, ids=sorted({words.document for words in old})):
            there[row["document_id"]].append(_words(row))
        found = {words.claim: successor(words, there[words.document]) for words in old}
        return {claim: new for claim, new in found.items() if new is not None}

    def _gone(self, claims: Collection[str]) -> list[str]:
        """Those of these claims that the current codings do not have."""
        if len(claims) <= ONE_BY_ONE:
            return sorted(set(claims) - self.ledger.claim_rows(claims, as_of=self.as_of).keys()) if claims else []
        return [row["claim_id"] for row in self.select(GONE, ids=sorted(claims))]

    @cached_property
    def orphans(self) -> tuple[Judgement, ...]:
        """Judgements in force, of people, about a claim that is gone and that nothing took the place of."""
        judged = sorted({c for j in self.judgements if not j.by.is_machine for c in j.claims})
        gone = {row["claim_id"] for row in self.select(GONE, ids=judged)} - self.successors.keys() if judged else set()
        return tuple(
            j for j in self.judgements if j.id in self.in_force and not j.by.is_machine and not gone.isdisjoint(j.claims)
        )  # fmt: skip

    @cached_property
    def events(self) -> dict[str, str]:
        """The event of each claim whose event people's judgements change: what `Ledger.find_events` and others take as `judged`."""
        now = [followed(judgement, self.successors) for judgement in self.judgements]
        claims = sorted({claim for judgement in now if judgement.kind in GROUPING for claim in judgement.claims})
        if not claims:
            return {}
        around = self._around(claims)
        events = {claim: event for claim, event, _ in around}
        known_at = {claim: moment for claim, _, moment in around}
        return regrouped(events, known_at, now, seen=last_seen(now))

    @cached_property
    def standings(self) -> dict[str, ClaimStanding]:
        """What holds of each claim that was judged."""
        return standings(self.judgements, self.successors)

    @cached_property
    def one_actors(self) -> tuple[OneActor, ...]:
        """The actors of whom people said that several names are theirs."""
        return one_actors(self.judgements)

    @cached_property
    def shown_names(self) -> dict[str, str]:
        """The name that is shown for each name of an actor of whom several are known; those that are shown themselves left out."""
        return {name: actor.names[0] for actor in self.one_actors for name in actor.names[1:]}

    def names_of(self, name: str) -> tuple[str, ...]:
        """All names of the actor of that name, that which is shown first; nobody said that there are others: the name."""
        return next((actor.names for actor in self.one_actors if name in actor.names), (name,))

    def names_with(self, words: str) -> tuple[str, ...]:
        """All names of the actors one of whose names holds the words, case and accents aside; nobody's: none."""
        sought = _plain(words)
        return tuple(name for actor in self.one_actors if any(sought in _plain(n) for n in actor.names) for name in actor.names)

    def constraints(self) -> Constraints:
        """What the linker must keep to."""
        return constraints(self.judgements, self.successors)

    # ------------------------------------------------------------ ids

    def claim(self, id: str) -> str:
        """The current claim with that id or beginning of an id; of one that was coded anew, the one that took its place.

        Raises NotFoundError or AmbiguousIdError.
        """
        if len(id) >= ENOUGH:
            found = self.ledger.ids_beginning(id, self.as_of)
        else:
            found = [row["claim_id"] for row in self.select(IDS, id=id)]
        if not found:
            raise NotFoundError(f"no claim or event {id!r} in {self.ledger.path}. `dateline find` lists them")
        if len(found) > 1 and id not in found:
            raise AmbiguousIdError(f"{id!r} is the beginning of several ids: {', '.join(found[:5])}. Give more of it")
        claim = id if id in found else str(found[0])
        return self.successors.get(claim, claim)

    def claims(self, ids: Sequence[str]) -> tuple[str, ...]:
        """As `claim`, for many ids, each claim once; whole ids are looked up together."""
        if len(ids) <= FEW:
            return tuple(dict.fromkeys(map(self.claim, ids)))
        whole = {row["claim_id"] for row in self.select(EXACT, ids=list(ids))}
        return tuple(dict.fromkeys(self.successors.get(id, id) if id in whole else self.claim(id) for id in ids))

    def claims_known(self, ids: Sequence[str]) -> dict[str, str]:
        """By id the claim that it leads to, as `claim` finds it; ids that lead to none, or to several, are left out."""
        found: dict[str, str] = {}
        whole = {row["claim_id"] for row in self.select(EXACT, ids=list(ids))} if ids else set()
        for id in ids:
            with suppress(NotFoundError, AmbiguousIdError):
                found[id] = self.successors.get(id, id) if id in whole else self.claim(id)
        return found

    def event(self, id: str) -> str:
        """The event that holds the claim with that id or beginning of an id: any id that an event ever had leads to it."""
        claim = self.claim(id)
        try:
            return self.ledger.event_of(claim, judged=self.events, as_of=self.as_of)
        except NotFoundError:
            raise NotFoundError(
                f"{claim} is a claim of an earlier coding that nothing took the place of; `dateline history {claim[:8]}` shows it"
            ) from None

    def claims_of(self, event: str) -> tuple[str, ...]:
        """The claims of an event, its id first, then in the order they became known."""
        claims = [row.claim_id for row in self.ledger.event_claims(event, judged=self.events, as_of=self.as_of)]
        return tuple(dict.fromkeys((event, *claims)))

    def judgement(self, id: str) -> tuple[Judgement, ...]:
        """The judgement with that id ("12.1"), or all of an entry ("12"). Raises NotFoundError."""
        found = tuple(j for j in self.judgements if j.id == id or j.id.partition(".")[0] == id)
        if not found:
            raise NotFoundError(f"no judgement {id!r} in {self.ledger.path}. `dateline audit log` lists them")
        return found

    def mates(self, claims: Iterable[str]) -> dict[str, str]:
        """The events of these claims and of all that are in an event with one of them; those of earlier codings are left out."""
        return {claim: self.events.get(claim, event) for claim, event, _ in self._around({*claims, *self.events})}

    def _around(self, claims: Collection[str]) -> list[tuple[str, str, datetime]]:
        """The claims of every event that one of these is in by the machine's links: (claim, event, since when it is known)."""
        if len(claims) <= ONE_BY_ONE:
            return self.ledger.kin(claims, self.as_of)
        rows = self.select(AROUND, ids=sorted(claims))
        return [(row["claim_id"], row["event_id"], row["known_at"]) for row in rows]

    def rows(self, claims: Sequence[str]) -> dict[str, ClaimRow]:
        """The rows of current claims."""
        if len(claims) <= ONE_BY_ONE:
            return self.ledger.claim_rows(claims, as_of=self.as_of)
        return {row["claim_id"]: claim_row(row) for row in self.select(ROWS, ids=list(claims))}

    # ------------------------------------------------------------ judgements to be entered

    def merger(self, ids: Sequence[str], by: Judge, at: datetime, reason: str) -> Judgement:
        """That these events are one. Raises JudgementError when they are already."""
        events = list(dict.fromkeys(self.event(id) for id in ids))
        if len(events) < 2:
            raise JudgementError(f"all of these are one event already, {events[0]}: there is nothing to merge")
        return Judgement("", JudgementKind.MERGED, by, at, tuple(self.claims_of(event) for event in events), reason)

    def split(self, id: str, claims: Sequence[str], by: Judge, at: datetime, reason: str) -> Judgement:
        """That these claims of the event tell of another happening. Raises JudgementError when none would be left in it."""
        return Judgement("", JudgementKind.SPLIT, by, at, self._parted(id, claims), reason)

    def same(self, id: str, claims: Sequence[str], by: Judge, at: datetime, reason: str) -> Judgement:
        """That these claims, which the machine put into the event, are rightly there: it must keep them together with the others.

        Raises JudgementError when they are not of the event, or are all of it.
        """
        joined, others = self._parted(id, claims)
        return Judgement("", JudgementKind.MERGED, by, at, (others, joined), reason, facts=((CONFIRMS, "link"),))

    def _parted(self, id: str, claims: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """These claims of an event, and its others, of which there must be some."""
        event = self.event(id)
        all_claims = self.claims_of(event)
        chosen = tuple(dict.fromkeys(self.claim(claim) for claim in claims))
        if strangers := [claim for claim in chosen if claim not in all_claims]:
            raise JudgementError(f"{', '.join(strangers)}: not of the event {event}. `dateline show {event[:8]}` lists its claims")
        others = tuple(claim for claim in all_claims if claim not in chosen)
        if not others:
            raise JudgementError(f"all {len(all_claims)} claims of {event} would leave it and none stay: name fewer with --claims")
        return chosen, others

    def not_same(self, one: str, other: str, by: Judge, at: datetime, reason: str) -> Judgement:
        """That two events are not one, now or later. Raises JudgementError when they are at present."""
        events = (self.event(one), self.event(other))
        if events[0] == events[1]:
            raise JudgementError(f"both are of the event {events[0]}: take claims out of it with `dateline split` instead")
        return Judgement("", JudgementKind.NOT_SAME, by, at, (self.claims_of(events[0]), self.claims_of(events[1])), reason)

    def verdicts(
        self, kind: JudgementKind, ids: Sequence[str], about: About, by: Judge, at: datetime, reason: str
    ) -> list[Judgement]:
        """That each of these claims, or every claim of their events, is accepted, rejected or retracted."""
        claims = self.claims(ids)
        if about is About.EVENT and len(claims) > FEW:
            sides = list(self.whole_events(claims).values())
        elif about is About.EVENT:
            sides = [self.claims_of(event) for event in dict.fromkeys(map(self.event, claims))]
        else:
            sides = [(claim,) for claim in claims]
        rows = self.rows([claim for side in sides for claim in side])
        return [verdict_of(kind, side, rows, about, by, at, reason) for side in sides]

    def whole_events(self, claims: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The events that hold these claims, each with all of its claims, as `claims_of` gives them one by one, looked up together.

        Claims of earlier codings are of no event.
        """
        around = self._around({*claims, *self.events})
        known_at = {claim: moment for claim, _, moment in around}
        events = {claim: self.events.get(claim, event) for claim, event, _ in around}
        members: defaultdict[str, list[str]] = defaultdict(list)
        for claim in sorted(known_at, key=lambda claim: (known_at[claim], claim)):
            members[events[claim]].append(claim)
        wanted = dict.fromkeys(events[claim] for claim in claims if claim in events)
        return {event: tuple(dict.fromkeys((event, *members[event]))) for event in wanted}

    def correction(
        self,
        id: str,
        field: str,
        value: str,
        codes: Codes,
        about: About,
        by: Judge,
        at: datetime,
        reason: str,
        span: Span | None = None,
    ) -> Judgement:
        """That a field has another value than was read, or rests on the words of `span`, half-open code points of the document.

        Raises CorrectionError for a value that it cannot have, JudgementError for words outside the text.
        """
        claims = self._about(id, about)
        facts = ((SPAN, self._checked_span(claims[0], span, about)),) if span is not None else ()
        rows = self.rows(claims)
        type = self._type_of(claims[0], rows)
        kept = checked(field, value, codes, type=type)
        return replace(correction_of(claims, rows, field, kept, about, by, at, reason), facts=facts)

    def _checked_span(self, claim: str, span: Span, about: About) -> str:
        if about is About.EVENT:
            raise JudgementError("words stand in one report: correct the claim, not the whole event, to point at them")
        text = self.ledger.show(claim, self.as_of).document.text
        if span.end > len(text):
            raise JudgementError(f"the report of {claim} has {len(text):,} letters, and the words would end at {span.end:,}")
        whole = snapped(text, span)
        return f"{whole.start}-{whole.end}"

    def of_names(self, kind: JudgementKind, names: Sequence[str], by: Judge, at: datetime, reason: str) -> Judgement:
        """That these names are of one actor, which is shown under the first, or of different ones (SAME_ACTOR, NOT_SAME_ACTOR).

        Raises JudgementError for a name that the ledger does not have, and for what contradicts what people said.
        """
        judgement = Judgement("", kind, by, at, reason=reason, facts=facts_of(names))
        wanted = names_of(judgement)
        there = {row["name"] for row in self.select(NAMED, names=list(wanted))}
        if strangers := [name for name in wanted if name not in there]:
            raise NotFoundError(
                f"the ledger names nobody “{strangers[0]}”, to the letter. `dateline find --actor` looks for a part of a name"
            )
        check(judgement, self.judgements)
        return judgement

    def undoing(self, ids: Iterable[str], by: Judge, at: datetime, reason: str) -> Judgement:
        """That judgements no longer hold: "12.1", or "12" for all of an entry. Raises JudgementError for what cannot be undone."""
        found = tuple(dict.fromkeys(judgement for id in ids for judgement in self.judgement(id)))
        for judgement in found:
            if judgement.kind in NOT_UNDONE:
                raise JudgementError(f"judgement {judgement.id}: {NOT_UNDONE[judgement.kind]}")
            if judgement.id not in self.in_force:
                by_whom = next(j for j in reversed(self.judgements) if judgement.id in j.revokes)
                raise JudgementError(f"judgement {judgement.id} was undone already, by {by_whom.id}. Undo that to restore it")
        claims = tuple(dict.fromkeys(claim for judgement in found for claim in judgement.claims))
        revokes = tuple(judgement.id for judgement in found)
        return Judgement("", JudgementKind.UNDONE, by, at, (claims,) if claims else (), reason, revokes=revokes)

    def against(self, judgement: Judgement) -> tuple[Contradiction, ...]:
        """What people have said that a judgement would contradict."""
        if judgement.kind not in GROUPING:
            return ()
        return contradictions(judgement, [followed(earlier, self.successors) for earlier in self.judgements])

    def _about(self, id: str, about: About) -> tuple[str, ...]:
        return self.claims_of(self.event(id)) if about is About.EVENT else (self.claim(id),)

    def _type_of(self, claim: str, rows: Mapping[str, ClaimRow]) -> str:
        """The type the claim has, as it was corrected if it was."""
        standing = self.standings.get(claim, ClaimStanding())
        corrected = next((j.value for j in standing.corrections if j.field == "type" and j.value), None)
        if corrected is None and claim not in rows:
            raise JudgementError(f"{claim} is a claim of an earlier coding that nothing took the place of: it cannot be corrected")
        return corrected or rows[claim].type

    def select(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of one of our own queries at this moment, each by column."""
        answer = self.ledger.sql(query, parameters, as_of=self.as_of)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def correction_of(
    claims: Sequence[str], rows: Mapping[str, ClaimRow], field: str, kept: str, about: About, by: Judge, at: datetime, reason: str
) -> Judgement:
    """That the field of these claims has a value, which is one that it can have; `rows` has those that are current."""
    before = tuple((claim, reading(rows[claim], field)) for claim in claims if claim in rows)
    return Judgement("", JudgementKind.CORRECTED, by, at, (tuple(claims),), reason, about, field, kept, before)


def verdict_of(
    kind: JudgementKind, claims: Sequence[str], rows: Mapping[str, ClaimRow], about: About, by: Judge, at: datetime, reason: str
) -> Judgement:
    """That these claims are accepted, rejected or retracted; `rows` has those that are current."""
    before = tuple((claim, gist(rows[claim])) for claim in claims if claim in rows)
    return Judgement("", kind, by, at, (tuple(claims),), reason, about, before=before)


def _plain(words: str) -> str:
    """Case and accents aside, as the ledger's own queries compare names."""
    apart = unicodedata.normalize("NFKD", words.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).replace("ł", "l")


def _words(row: Mapping[str, Any]) -> Words:
    return Words(
        row["claim_id"], row["document_id"], row["type"], Span(row["trigger_start"], row["trigger_end"]), row["trigger"],
        Span(row["evidence_start"], row["evidence_end"]), row["evidence"], row["text"],
    )  # fmt: skip
