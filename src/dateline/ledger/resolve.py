"""What the judgements come to: which claims form which event, what holds of each claim, and what somebody should look at.

A person outranks the machine whatever the dates; among persons the later entry counts; what was undone counts for nothing. The
machine's grouping comes from its links; people's judgements are laid over it, in order, each time it is asked for. So nothing is
lost by a merge, and an undone judgement leaves no trace but itself.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from dateline.records import Judgement, JudgementKind, Span

K = TypeVar("K")

GROUPING = frozenset((JudgementKind.MERGED, JudgementKind.SPLIT, JudgementKind.NOT_SAME))
"""The kinds that say which claims belong together."""

SEEN = "seen"
"""The fact of a run of the linker that says up to which entry of the log it knew people's judgements."""

CONFIRMS = "confirms"
"""The fact of a merger that changes nothing: a person looked at a link of the machine's and says that it is right."""


# ---------------------------------------------------------------- what is in force


def entry_number(judgement: Judgement) -> int:
    """The number of the entry that a judgement stands in."""
    return int(judgement.id.partition(".")[0])


def in_force(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """The judgements that were not undone, in order, the undoings that hold among them. An undoing may itself be undone."""
    ordered = list(judgements)
    undone: set[str] = set()
    for judgement in reversed(ordered):
        if judgement.kind is JudgementKind.UNDONE and judgement.id not in undone:
            undone.update(judgement.revokes)
    return tuple(judgement for judgement in ordered if judgement.id not in undone)


@dataclass(frozen=True)
class ClaimStanding:
    """What holds of a claim. `corrections` are by field, at most one each; `superseded` names the claims that took its place."""

    verdict: Judgement | None = None
    retraction: Judgement | None = None
    superseded: Judgement | None = None
    corrections: tuple[Judgement, ...] = ()

    @property
    def is_rejected(self) -> bool:
        return self.verdict is not None and self.verdict.kind is JudgementKind.REJECTED


def standings(judgements: Iterable[Judgement], successors: Mapping[str, str] | None = None) -> dict[str, ClaimStanding]:
    """What holds of each claim that was judged, by claim. What was said of an event holds of every claim that it had then.

    `successors` names, for claims that a newer coding no longer has, those that took their place: what was judged moves there.
    """
    moved = successors or {}
    verdicts: dict[str, Judgement] = {}
    retractions: dict[str, Judgement] = {}
    superseded: dict[str, Judgement] = {}
    corrections: dict[tuple[str, str], Judgement] = {}
    claims: dict[str, None] = {}
    for judgement in in_force(judgements):
        side = judgement.sides[0] if judgement.sides else ()
        for claim in (moved.get(claim, claim) for claim in side):
            if judgement.kind in {JudgementKind.ACCEPTED, JudgementKind.REJECTED}:
                _set(verdicts, claim, judgement)
            elif judgement.kind is JudgementKind.RETRACTED:
                _set(retractions, claim, judgement)
            elif judgement.kind is JudgementKind.SUPERSEDED:
                _set(superseded, claim, judgement)
            elif judgement.kind is JudgementKind.CORRECTED and judgement.field is not None:
                _set(corrections, (claim, judgement.field), judgement)
            else:
                continue
            claims[claim] = None
    by_claim: defaultdict[str, list[Judgement]] = defaultdict(list)
    for (claim, _), judgement in sorted(corrections.items(), key=lambda item: item[0]):
        by_claim[claim].append(judgement)
    return {
        claim: ClaimStanding(verdicts.get(claim), retractions.get(claim), superseded.get(claim), tuple(by_claim[claim]))
        for claim in claims
    }


def _set(held: dict[K, Judgement], key: K, judgement: Judgement) -> None:
    """The judgement in place of the one held, unless that is a person's and this the machine's."""
    before = held.get(key)
    if before is None or before.by.is_machine or not judgement.by.is_machine:
        held[key] = judgement


# ---------------------------------------------------------------- claims that were coded anew


@dataclass(frozen=True)
class Words:
    """Where a claim stands and in which words. `text` is the same for codings of the same text: only then do offsets compare."""

    claim: str
    document: str
    type: str
    trigger: Span
    trigger_words: str
    evidence: Span
    evidence_words: str
    text: str


ENOUGH = 0.5
"""Share of the words of the shorter evidence that must be in the other for the two to be one telling."""


def successor(old: Words, current: Iterable[Words]) -> str | None:
    """The claim that took the place of one which the current coding of its document no longer has; none did: None.

    Its trigger or most of its evidence is the old one's, and its type at best: by offsets if the text is the same, else by words.
    """
    graded = [(grade, -place, new.claim) for place, new in enumerate(current) if (grade := _likeness(old, new)) is not None]
    return max(graded)[2] if graded else None


def _likeness(old: Words, new: Words) -> tuple[bool, bool, float] | None:
    """Whether the triggers are one, whether the types are, how much of the evidence is shared; too little for one telling: None."""
    if old.text == new.text:
        is_trigger = old.trigger.overlaps(new.trigger)
        common = min(old.evidence.end, new.evidence.end) - max(old.evidence.start, new.evidence.start)
        shared = max(0, common) / min(len(old.evidence), len(new.evidence))
    else:
        is_trigger = old.trigger_words.casefold() == new.trigger_words.casefold()
        words, others = (set(text.casefold().split()) for text in (old.evidence_words, new.evidence_words))
        shared = len(words & others) / max(1, min(len(words), len(others)))
        is_trigger = is_trigger and shared >= ENOUGH
    is_type = old.type == new.type
    return (is_trigger, is_type, shared) if is_trigger or (is_type and shared >= ENOUGH) else None


# ---------------------------------------------------------------- which claims form which event


@dataclass
class Groups:
    """A partition of claims that judgements are applied to. Claims it does not know are passed over."""

    label: dict[str, int] = field(default_factory=dict)
    members: dict[int, set[str]] = field(default_factory=dict)
    fresh: int = 0

    @classmethod
    def of(cls, events: Mapping[str, str]) -> Groups:
        """The claims by event."""
        labels: dict[str, int] = {}
        groups = cls()
        for claim, event in events.items():
            number = labels.setdefault(event, len(labels))
            groups.label[claim] = number
            groups.members.setdefault(number, set()).add(claim)
        groups.fresh = len(labels)
        return groups

    def know(self, claim: str) -> None:
        """Adds the claim, in a group of its own, if it is not known."""
        if claim not in self.label:
            self._move({claim})

    def _move(self, claims: set[str]) -> None:
        """The claims into a new group."""
        self.members[self.fresh] = claims
        self.label.update(dict.fromkeys(claims, self.fresh))
        self.fresh += 1

    def join(self, claims: Iterable[str]) -> None:
        """Puts all groups that hold one of the claims into one."""
        labels = {self.label[claim] for claim in claims if claim in self.label}
        first, *others = sorted(labels, key=lambda number: (-len(self.members[number]), number)) or [0]
        for other in others:
            moved = self.members.pop(other)
            self.members[first] |= moved
            self.label.update(dict.fromkeys(moved, first))

    def part(self, leaving: Collection[str], staying: Collection[str]) -> None:
        """Takes the first out of every group that holds some of both; what is named in neither stays."""
        stay = {self.label[claim] for claim in staying if claim in self.label}
        for number in sorted({self.label[claim] for claim in leaving if claim in self.label} & stay):
            out = self.members[number].intersection(leaving)
            self.members[number] -= out
            self._move(out)

    def apply(self, judgement: Judgement) -> None:
        """What the judgement says, done."""
        sides = judgement.sides
        if judgement.kind is JudgementKind.MERGED:
            self.join(judgement.claims)
        elif judgement.kind is JudgementKind.SPLIT:
            self.part(sides[0], sides[1])
            self.join(sides[0])
        elif judgement.kind is JudgementKind.NOT_SAME:
            self.part(sides[1], sides[0])

    def take_back(self, judgement: Judgement) -> None:
        """What was before the judgement, as far as its sides tell: they hold the events whole, as they were then."""
        sides = judgement.sides
        if CONFIRMS in dict(judgement.facts):
            return
        if judgement.kind is JudgementKind.MERGED:
            for number, side in enumerate(sides[1:], 1):
                self.part(side, [claim for other in sides[:number] for claim in other])
        elif judgement.kind is JudgementKind.SPLIT:
            self.join(judgement.claims)


def regrouped(
    events: Mapping[str, str], known_at: Mapping[str, datetime], judgements: Iterable[Judgement], *, seen: int = 0
) -> dict[str, str]:
    """The event of each claim after people's judgements, for the claims whose event they change.

    `events` has the machine's event of every claim of every event that a judged claim is in (claims of other events may be left
    out); `known_at` since when the ledger knows a claim: an event's id is that of its first claim, ties by id. `seen` is the entry
    up to which the run that made the links knew judgements: one undone since is taken out of them again.
    """
    ordered = [judgement for judgement in judgements if not judgement.by.is_machine or judgement.kind is JudgementKind.UNDONE]
    now = [judgement for judgement in in_force(ordered) if judgement.kind in GROUPING]
    was = [j for j in in_force(j for j in ordered if entry_number(j) <= seen) if j.kind in GROUPING]
    groups = Groups.of(events)
    taken = _to_take_back(was, now, groups)
    for judgement in reversed(taken):
        groups.take_back(judgement)
    # The links obey what the run knew. To apply that once more would undo what was judged after it: a merger, then a split of it.
    obeyed = {judgement.id for judgement in was} - {judgement.id for judgement in taken}
    for judgement in now:
        if judgement.id not in obeyed:
            groups.apply(judgement)
    named: dict[int, str] = {}
    for number, members in groups.members.items():
        named[number] = min(members, key=lambda claim: (known_at[claim], claim))
    return {claim: named[number] for claim, number in groups.label.items() if named[number] != events[claim]}


def _to_take_back(was: Sequence[Judgement], now: Sequence[Judgement], groups: Groups) -> list[Judgement]:
    """Of the judgements a run knew, those that hang together, by the claims' groups, with one that no longer holds; in order.

    Where nothing was undone, the run's links stand as they are, with the claims that it added since.
    """
    held = {judgement.id for judgement in now}
    gone = [judgement for judgement in was if judgement.id not in held]
    if not gone:
        return []
    together = Groups.of({claim: claim for judgement in was for claim in judgement.claims})
    for judgement in was:
        together.join(judgement.claims)
    for members in groups.members.values():
        together.join(members)
    touched = {together.label[claim] for judgement in gone for claim in judgement.claims}
    return [j for j in was if any(together.label[claim] in touched for claim in j.claims)]


# ---------------------------------------------------------------- what the linker must keep to


@dataclass(frozen=True)
class Constraints:
    """What people have said, free of contradiction: groups of claims that are one happening, and pairs that are not.

    `together` has each claim at most once; the groups, their claims and the pairs are sorted. No pair of `apart` is in one group.
    """

    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()


def constraints(judgements: Iterable[Judgement], successors: Mapping[str, str] | None = None) -> Constraints:
    """The judgements of people in force as the linker takes them; where they contradict one another the later one counts.

    `successors`: as for `standings`. Claims of which the ledger no longer has any are among them: the linker passes over these.
    """
    held = [j for j in in_force(judgements) if j.kind in GROUPING and not j.by.is_machine]
    held = [followed(judgement, successors or {}) for judgement in held]
    groups = _judged_groups(held)
    apart = {tuple(sorted(pair)) for judgement in held for pair in _apart(judgement)}
    together = sorted(tuple(sorted(members)) for members in groups.members.values() if len(members) > 1)
    pairs = sorted((one, other) for one, other in apart if groups.label[one] != groups.label[other])
    return Constraints(tuple(together), tuple(pairs))


def followed(judgement: Judgement, successors: Mapping[str, str]) -> Judgement:
    """The judgement about the claims that took the place of those it was made about."""
    if successors.keys().isdisjoint(judgement.claims):
        return judgement
    sides = tuple(tuple(dict.fromkeys(successors.get(claim, claim) for claim in side)) for side in judgement.sides)
    return replace(judgement, sides=sides)


def _judged_groups(held: Sequence[Judgement]) -> Groups:
    """What people have put together, every other claim they spoke of by itself."""
    groups = Groups.of({claim: claim for judgement in held for claim in judgement.claims})
    for judgement in held:
        groups.apply(judgement)
    return groups


def _apart(judgement: Judgement) -> Iterator[tuple[str, str]]:
    if judgement.kind in {JudgementKind.SPLIT, JudgementKind.NOT_SAME}:
        one, other = judgement.sides
        yield from ((a, b) for a in one for b in other if a != b)


def changed_since(judgements: Iterable[Judgement], seen: int) -> frozenset[str]:
    """The claims whose grouping people spoke of, or took back, in entries after `seen`: what the next run must link again."""
    ordered = list(judgements)
    by_id = {judgement.id: judgement for judgement in ordered}
    claims: set[str] = set()
    waiting = [judgement for judgement in ordered if entry_number(judgement) > seen]
    while waiting:
        judgement = waiting.pop()
        if judgement.kind in GROUPING:
            claims.update(judgement.claims)
        elif judgement.kind is JudgementKind.UNDONE:
            waiting += [by_id[id] for id in judgement.revokes if id in by_id]
    return frozenset(claims)


def last_run(judgements: Iterable[Judgement]) -> Judgement | None:
    """What the last run of the linker entered; no run yet: None."""
    runs = [judgement for judgement in in_force(judgements) if judgement.kind is JudgementKind.LINKED]
    return runs[-1] if runs else None


def last_seen(judgements: Iterable[Judgement]) -> int:
    """Up to which entry the last run of the linker knew judgements; no run yet: 0."""
    run = last_run(judgements)
    return int(dict(run.facts).get(SEEN, 0)) if run else 0


# ---------------------------------------------------------------- contradictions


@dataclass(frozen=True)
class Contradiction:
    """Judgements in force that cannot all be right together with another, `claims` being two that they disagree about."""

    claims: tuple[str, str]
    judgements: tuple[Judgement, ...]


def contradictions(new: Judgement, judgements: Iterable[Judgement]) -> tuple[Contradiction, ...]:
    """What people have said that a judgement would contradict, by itself or along a chain (A = C, B = C, A ≠ B); nothing: none.

    One contradiction for each earlier judgement that keeps apart what the new one joins, or for the chain that joins what it parts.
    """
    said = _Said()
    for judgement in in_force(judgements):
        said.add(judgement)
    return tuple(said.against(new))


def standing_contradictions(judgements: Iterable[Judgement]) -> tuple[tuple[Judgement, Contradiction], ...]:
    """Judgements in force that were entered in spite of what they contradict, each with that."""
    said = _Said()
    found: list[tuple[Judgement, Contradiction]] = []
    for judgement in in_force(judgements):
        found += [(judgement, contradiction) for contradiction in said.against(judgement)]
        said.add(judgement)
    return tuple(found)


@dataclass
class _Said:
    """What people have said so far of which claims belong together, to hold the next judgement against."""

    groups: Groups = field(default_factory=Groups)
    apart: defaultdict[str, list[tuple[str, Judgement]]] = field(default_factory=lambda: defaultdict(list))
    joins: defaultdict[str, list[tuple[Judgement, tuple[str, ...]]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, judgement: Judgement) -> None:
        if judgement.kind not in GROUPING or judgement.by.is_machine:
            return
        for claim in judgement.claims:
            self.groups.know(claim)
        self.groups.apply(judgement)
        for one, other in _apart(judgement):
            self.apart[one].append((other, judgement))
            self.apart[other].append((one, judgement))
        joined = {JudgementKind.MERGED: judgement.claims, JudgementKind.SPLIT: judgement.sides[0]}.get(judgement.kind, ())
        for claim in joined:
            self.joins[claim].append((judgement, joined))

    def against(self, new: Judgement) -> Iterator[Contradiction]:
        if new.by.is_machine:
            return
        if new.kind is JudgementKind.MERGED:
            yield from self._parted(new)
        elif new.kind in GROUPING:
            label = self.groups.label
            for one, other in _apart(new):
                if one in label and label[one] == label.get(other):
                    yield Contradiction((one, other), self._chain(one, other))
                    return

    def _parted(self, new: Judgement) -> Iterator[Contradiction]:
        """Judgements that keep apart claims which would be in one group after the merger; those that no longer count left out."""
        label, members = self.groups.label, self.groups.members
        reach = {label[claim] for claim in new.claims if claim in label}
        joined = set(new.claims).union(*(members[number] for number in reach))
        seen: set[str] = set()
        for one in sorted(joined):
            for other, earlier in self.apart.get(one, ()):
                if earlier.id not in seen and other in joined and label[one] != label[other]:
                    seen.add(earlier.id)
                    yield Contradiction((one, other), (earlier, *self._chain(one, other, new.claims)))

    def _chain(self, one: str, other: str, joined: tuple[str, ...] = ()) -> tuple[Judgement, ...]:
        """The judgements on a shortest way from one claim to the other, over those that join claims; `joined` is for nothing."""
        ways: dict[str, tuple[Judgement, ...]] = {one: ()}
        queue = deque([one])
        while queue and other not in ways:
            claim = queue.popleft()
            steps = [*((way, claims) for way, claims in self.joins.get(claim, ())), *([(None, joined)] if claim in joined else [])]
            for judgement, claims in steps:
                for reached in claims:
                    if reached not in ways:
                        ways[reached] = (*ways[claim], judgement) if judgement else ways[claim]
                        queue.append(reached)
        return ways.get(other, ())
