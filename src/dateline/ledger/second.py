"""A second answer, given blind: a share of what people decided is asked of somebody else, who does not see the first answer.

A second answer decides nothing: the first one holds. Where the two differ, the matter is listed until a person judges it anew.
Which decisions are asked twice depends on nothing but the claim, so that nobody can choose them, and a share of one in ten stays
the same tenth as the ledger grows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dateline.ledger.corrections import COUNTS, Codes, checked, reading
from dateline.ledger.errors import JudgementError
from dateline.ledger.judged import Judged
from dateline.ledger.resolve import entry_number, followed
from dateline.ledger.rows import ClaimRow
from dateline.records import About, Judge, Judgement, JudgementKind

SHARE = 0.1
"""Of what is decided, how much is asked twice: after 500 decisions there are 50 pairs, with which an interval says something."""

ANSWER = "answer"
"""The fact of a second answer that says what was answered; its other facts are fields with the values that were put there."""

VERDICT, LINK = "verdict", "link"
"""What can be answered otherwise, besides the fields of a claim: whether the report says so, and whether it is this event."""

COMPARED = ("type", "mode", "status", "day", "place", "country", "actors", "recipients")
"""Fields of a claim that are compared; figures are too, each under its own name ("counts.killed")."""

VERDICTS = frozenset((JudgementKind.ACCEPTED, JudgementKind.REJECTED))
GROUPED = {JudgementKind.MERGED: "merged", JudgementKind.SPLIT: "split", JudgementKind.NOT_SAME: "split"}
"""What each kind answers to the question whether two sides are one event."""

DECIDES_NOTHING = frozenset((JudgementKind.UNDONE, JudgementKind.SECONDED))


@dataclass(frozen=True)
class Question:
    """A decision that is asked of a second person. Of a link, `sides` are the claims of either side; of a reading, the claim alone.

    `first` is what was decided, which whoever answers must not see.
    """

    kind: str
    sides: tuple[tuple[str, ...], ...]
    first: Judgement


@dataclass(frozen=True)
class Pair:
    """A question with both answers: by field what the first person says and what the second does; unknown to one: None.

    `first` is a person's last judgement that was asked twice, `second` the answer to it.
    """

    question: Question
    first: Judgement
    second: Judgement
    answers: tuple[tuple[str, str | None, str | None], ...]

    @property
    def differing(self) -> tuple[tuple[str, str, str], ...]:
        """The fields in which the two differ; where one of them rejects the claim, its fields are not compared."""
        return tuple((name, a, b) for name, a, b in self.answers if a is not None and b is not None and a != b)


def is_asked_twice(claims: Sequence[str], share: float) -> bool:
    """Whether a decision about these claims is one of those that a second person is asked about."""
    digest = hashlib.sha256("\0".join(("second", *claims)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < share


def questions(judged: Judged, *, share: float = SHARE) -> tuple[Question, ...]:
    """The decisions in force that a second person is asked about, those that were answered among them, oldest first."""
    return tuple(question for question in _decisions(judged) if is_asked_twice(_about(question), share))


def unanswered(judged: Judged, who: str, *, share: float = SHARE) -> tuple[Question, ...]:
    """Those that this person can answer: others decided, and nobody has answered."""
    answered = {second.sides for second in _seconds(judged)}
    return tuple(q for q in questions(judged, share=share) if q.first.by.name != who and q.sides not in answered)


def _about(question: Question) -> tuple[str, ...]:
    """What tells a question from others: the claims that were asked about, whatever their event has besides."""
    return tuple(side[0] for side in question.sides)


def _decisions(judged: Judged) -> Iterator[Question]:
    """What persons decided, once for each claim and for each pair of sides."""
    sided: dict[tuple[tuple[str, ...], ...], Question] = {}
    for judgement in judged.judgements:
        if judgement.id not in judged.in_force or judgement.by.is_machine:
            continue
        now = followed(judgement, judged.successors)
        if judgement.kind in GROUPED and len(now.sides) == 2:
            sided[now.sides] = Question(LINK, now.sides, judgement)
        elif judgement.kind in VERDICTS or (judgement.kind is JudgementKind.CORRECTED and judgement.about is About.CLAIM):
            for claim in now.claims:
                sided.setdefault(((claim,),), Question(VERDICT, ((claim,),), judgement))
    yield from sided.values()


def _seconds(judged: Judged) -> list[Judgement]:
    return [
        followed(j, judged.successors)
        for j in judged.judgements
        if j.kind is JudgementKind.SECONDED and j.id in judged.in_force and not j.by.is_machine
    ]


# ---------------------------------------------------------------- answering


def answer_to(
    question: Question,
    answer: str,
    put_right: Mapping[str, str],
    judged: Judged,
    codes: Codes,
    by: Judge,
    at: datetime,
    reason: str,
) -> Judgement:
    """A second answer, to be entered. Raises JudgementError, and CorrectionError for a value that cannot be."""
    possible = ("merged", "split") if question.kind == LINK else ("accepted", "rejected")
    if answer not in possible:
        raise JudgementError(f"the answer is {' or '.join(possible)}, not {answer!r}")
    if by.name == question.first.by.name:
        raise JudgementError(f"{by.name} decided this: a second answer is somebody else's")
    facts = [(ANSWER, answer)]
    if question.kind == VERDICT and answer == "accepted":
        (claim,) = question.sides[0]
        row = judged.rows([claim]).get(claim)
        type = put_right.get("type") or (row.type if row else "")
        values = {name: checked(name, value, codes, type=type) for name, value in put_right.items() if value.strip()}
        facts += [(name, value) for name, value in sorted(values.items()) if row is None or value != reading(row, name)]
    return Judgement("", JudgementKind.SECONDED, by, at, question.sides, reason, facts=tuple(facts))


# ---------------------------------------------------------------- both answers


def pairs(judged: Judged) -> tuple[Pair, ...]:
    """Every second answer with the first one, in the order in which they were given; the first was undone: left out."""
    firsts = {question.sides: question for question in _decisions(judged)}
    seconds = [second for second in _seconds(judged) if second.sides in firsts]
    rows = judged.rows(sorted({claim for second in seconds if len(second.sides) == 1 for claim in second.claims}))
    return tuple(_pair(firsts[second.sides], second, rows, judged) for second in seconds)


def _pair(question: Question, second: Judgement, rows: Mapping[str, ClaimRow], judged: Judged) -> Pair:
    facts = dict(second.facts)
    if question.kind == LINK:
        said = ((LINK, GROUPED[question.first.kind], facts.get(ANSWER)),)
        return Pair(question, question.first, second, said)
    (claim,) = question.sides[0]
    who = question.first.by
    mine = [j for j in judged.judgements if j.id in judged.in_force and j.by == who and _covers(j, claim, judged)]
    mine = [j for j in mine if entry_number(j) < entry_number(second)]
    verdict = next((j for j in reversed(mine) if j.kind in VERDICTS), None)
    put_right = {j.field: j.value or "" for j in mine if j.kind is JudgementKind.CORRECTED and j.field}
    first = "rejected" if verdict is not None and verdict.kind is JudgementKind.REJECTED else "accepted"
    answers: list[tuple[str, str | None, str | None]] = [(VERDICT, first, facts.get(ANSWER))]
    row = rows.get(claim)
    if row is not None:
        counted = {f"{COUNTS}{count.what}" for count in row.counts}
        counted |= {name for name in (*put_right, *facts) if name.startswith(COUNTS)}
        for name in (*COMPARED, *sorted(counted)):
            read = reading(row, name)
            one = None if first == "rejected" else put_right.get(name, read)
            other = None if facts.get(ANSWER) == "rejected" else facts.get(name, read)
            answers.append((name, one, other))
    return Pair(question, mine[-1] if mine else question.first, second, tuple(answers))


def _covers(judgement: Judgement, claim: str, judged: Judged) -> bool:
    return claim in judgement.claims or any(judged.successors.get(old) == claim for old in judgement.claims)


def disputes(judged: Judged) -> tuple[Pair, ...]:
    """The pairs that differ and that no person has judged since the second answer, in order."""
    return tuple(pair for pair in pairs(judged) if pair.differing and not _is_settled(pair, judged))


def _is_settled(pair: Pair, judged: Judged) -> bool:
    asked = set(pair.second.claims)
    return any(
        entry_number(j) > entry_number(pair.second)
        and not j.by.is_machine
        and j.kind not in DECIDES_NOTHING
        and not asked.isdisjoint(followed(j, judged.successors).claims)
        for j in judged.judgements
        if j.id in judged.in_force
    )
