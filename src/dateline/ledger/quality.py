"""How often records are right, by what people said of them: figures with their n and interval, and nothing more than they show.

Who accepts or corrects a single record is taken to have looked at all of it: a field that they left as it was is right, one that
they corrected wrong. Judgements about whole events are left out, since nobody says that each of their reports was read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

from dateline.ledger.corrections import COUNTS, FIELDS, gist, reading
from dateline.ledger.judged import Judged
from dateline.ledger.rows import ClaimRow, claim_row
from dateline.records import About, Judgement, JudgementKind

K = TypeVar("K", bound=Hashable)

Z = 1.96
"""Of the normal distribution, for 95 in 100."""

ENOUGH = 30
"""Records under which a share says little: its interval is then some 35 points wide at the middle."""

FIGURES = "counts"
"""The field that stands for all figures of a record together."""

COMPARED = (*(field for field in FIELDS if not field.startswith(COUNTS)), FIGURES)

# The long columns are asked nothing: to read them is most of the time that thousands of rows take.
_READ = "* REPLACE ('' AS record, '' AS evidence, NULL AS title, NULL AS address)"

NOW = f"SELECT {_READ} FROM claims WHERE claim_id IN (SELECT unnest($ids::VARCHAR[]))"

AS_JUDGED = f"""
SELECT {_READ} FROM all_claims WHERE claim_id IN (SELECT unnest($ids::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY known_at DESC, shard DESC) = 1 ORDER BY claim_id
"""


@dataclass(frozen=True)
class Rate:
    """How many of `n` are right. The bounds are Wilson's (1927), which hold the true share in 95 of 100 samples; n 0: 0 to 1."""

    right: int
    n: int

    @property
    def share(self) -> float | None:
        return self.right / self.n if self.n else None

    @property
    def low(self) -> float:
        return self._bounds[0]

    @property
    def high(self) -> float:
        return self._bounds[1]

    @property
    def is_enough(self) -> bool:
        """Whether there are enough for the share to say something."""
        return self.n >= ENOUGH

    @property
    def _bounds(self) -> tuple[float, float]:
        if not self.n:
            return 0.0, 1.0
        share, square = self.right / self.n, Z * Z / self.n
        middle = (share + square / 2) / (1 + square)
        half = Z / (1 + square) * sqrt(share * (1 - share) / self.n + square / (4 * self.n))
        # All or none right: the bound is that exactly, which floating point misses by a hair.
        return 0.0 if self.right == 0 else middle - half, 1.0 if self.right == self.n else middle + half


@dataclass(frozen=True)
class Observation:
    """A record that a person judged, as one version read it. `stands`: the report says so. `fields` says of each whether it was
    read right; those of which that is not known, or where there was nothing to read, are left out.

    `is_current`: the ledger shows this reading and no newer one.
    """

    claim: str
    program: str
    model: str
    knowledge: str
    publisher: str | None
    type: str
    stands: bool
    fields: Mapping[str, bool]
    is_current: bool

    @property
    def version(self) -> tuple[str, str, str]:
        return self.program, self.model, self.knowledge

    @property
    def is_all_right(self) -> bool:
        """Whether the report says so and nothing in the record was read wrong."""
        return self.stands and all(self.fields.values())


@dataclass
class _Said:
    verdict: Judgement | None
    corrections: dict[str, str]


def observations(judged: Judged) -> tuple[Observation, ...]:
    """Every judged record by the reading that was judged, and by the one that took its place, if there is one; by claim."""
    said = _said(judged)
    if not said:
        return ()
    now = {claim: judged.successors[claim] for claim in said if claim in judged.successors}
    ids = sorted({*said, *now.values()})
    current = {row["claim_id"]: claim_row(row) for row in judged.select(NOW, ids=ids)}
    # What the ledger shows is the latest reading; of the others the latest is looked for among all.
    gone = [id for id in ids if id not in current]
    rows = current | {row["claim_id"]: claim_row(row) for row in judged.select(AS_JUDGED, ids=gone)} if gone else current
    found = []
    for claim, of_it in sorted(said.items()):
        row = rows.get(claim)
        if row is None:
            continue
        found.append(_observed(current.get(claim, row), of_it, dict(_as_judged(row, of_it)), claim in current))
        heir = current.get(now.get(claim, ""))
        if heir is not None:
            found.append(_observed(heir, of_it, dict(_anew(heir, row, of_it)), True))
    return tuple(found)


def _said(judged: Judged) -> dict[str, _Said]:
    """What people say of single records and was not undone, the later word of a field counting."""
    found: dict[str, _Said] = {}
    for judgement in judged.judgements:
        if judgement.by.is_machine or judgement.id not in judged.in_force or judgement.about is not About.CLAIM:
            continue
        if judgement.kind in {JudgementKind.ACCEPTED, JudgementKind.REJECTED}:
            for claim in judgement.claims:
                found.setdefault(claim, _Said(None, {})).verdict = judgement
        elif judgement.kind is JudgementKind.CORRECTED and judgement.field is not None:
            for claim in judgement.claims:
                found.setdefault(claim, _Said(None, {})).corrections[judgement.field] = judgement.value or ""
    return found


def _observed(row: ClaimRow, said: _Said, fields: dict[str, bool], is_current: bool) -> Observation:
    stands = said.verdict is None or said.verdict.kind is not JudgementKind.REJECTED
    return Observation(
        row.claim_id, row.program, row.model, row.knowledge, row.publisher, row.type, stands, fields if stands else {}, is_current
    )


def _as_judged(row: ClaimRow, said: _Said) -> Iterator[tuple[str, bool]]:
    """Each field that the record has, or should have: right if nobody put another value there.

    A newer coding may have left the record its id and given it other values: of those nobody has said anything.
    """
    accepted = dict(said.verdict.before).get(row.claim_id) if said.verdict is not None else None
    is_as_it_was = accepted is None or accepted == gist(row)
    for field in COMPARED:
        put_right = _of_field(said.corrections, field)
        if put_right:
            yield field, all(value == reading(row, name) for name, value in put_right.items())
        elif is_as_it_was and _has(row, field):
            yield field, True


def _anew(row: ClaimRow, before: ClaimRow, said: _Said) -> Iterator[tuple[str, bool]]:
    """Of a reading that nobody judged: right where it has the corrected value, or still what was left as it was."""
    for field in COMPARED:
        put_right = _of_field(said.corrections, field)
        if put_right:
            yield field, all(value == reading(row, name) for name, value in put_right.items())
        elif _has(before, field) and _read(row, field) == _read(before, field):
            yield field, True


def _of_field(corrections: Mapping[str, str], field: str) -> dict[str, str]:
    if field == FIGURES:
        return {name: value for name, value in corrections.items() if name.startswith(COUNTS)}
    return {field: corrections[field]} if field in corrections else {}


def _has(row: ClaimRow, field: str) -> bool:
    return bool(row.counts) if field == FIGURES else bool(reading(row, field))


def _read(row: ClaimRow, field: str) -> object:
    return row.counts if field == FIGURES else reading(row, field)


# ---------------------------------------------------------------- figures


def by_field(observed: Iterable[Observation]) -> dict[str, Rate]:
    """For each field that was looked at how often it is right, in the order of COMPARED."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for observation in observed:
        for field, is_right in observation.fields.items():
            found[field].append(is_right)
    return {field: rate(found[field]) for field in COMPARED if field in found}


def by(observed: Sequence[Observation], key: Callable[[Observation], K]) -> dict[K, tuple[Rate, Rate]]:
    """By key, the most records first: how often the report says so, and how often all of the record is right besides."""
    found: defaultdict[K, list[Observation]] = defaultdict(list)
    for observation in observed:
        found[key(observation)].append(observation)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), str(item[0])))
    return {
        value: (rate(observation.stands for observation in some), rate(observation.is_all_right for observation in some))
        for value, some in ordered
    }


def rate(answers: Iterable[bool]) -> Rate:
    """The rate of what is right."""
    listed = list(answers)
    return Rate(sum(listed), len(listed))
