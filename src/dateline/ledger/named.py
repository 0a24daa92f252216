"""Who is named in a ledger and what they have to do with whom, counted over current claims as they were read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from dateline.ledger.queries import ACTOR_CLAIMS
from dateline.ledger.store import Ledger


class Standing(StrEnum):
    """As what somebody is named: as a party to what happened, or as somebody on whose word it goes."""

    PARTY = "party"
    TELLER = "teller"


@dataclass(frozen=True)
class Named:
    """A name, in how many claims it stands as what, and from which first day to which. `country` and `sector` are those that it is
    most often taken for; None: unknown."""

    name: str
    as_actor: int
    as_recipient: int
    as_teller: int
    first_day: date | None
    last_day: date | None
    country: str | None
    sector: str | None


class Dealing(StrEnum):
    """How somebody else stands to an actor in a claim."""

    TO = "to"  # the actor did it to them
    BY = "by"  # they did it to the actor
    WITH = "with"  # they did it together
    WORD = "word"  # it goes by their word


@dataclass(frozen=True)
class Dealt:
    """With whom an actor stands in claims of a type. `type` is empty for Dealing.WORD, which is counted over all types."""

    dealing: Dealing
    type: str
    name: str
    claims: int


_TOLD = """
told AS (
    SELECT unnest(actor_names) AS name, unnest(actor_countries) AS country, unnest(actor_sectors) AS sector, 0 AS party, first_day
    FROM claims
    UNION ALL
    SELECT unnest(recipient_names), unnest(recipient_countries), unnest(recipient_sectors), 1, first_day FROM claims
    UNION ALL
    SELECT unnest(list_distinct(attribution)), NULL, NULL, 2, first_day FROM claims
)
"""

_NAMES = f"""
WITH {_TOLD}
SELECT name, plain(name) AS plain,
    count(*) FILTER (party = 0) AS as_actor, count(*) FILTER (party = 1) AS as_recipient,
    count(*) FILTER (party = 2) AS as_teller, min(first_day) AS first_day, max(first_day) AS last_day,
    mode(coalesce(country, '') || chr(31) || coalesce(sector, '')) FILTER (country IS NOT NULL OR sector IS NOT NULL) AS side
FROM told GROUP BY name ORDER BY as_actor + as_recipient DESC, as_teller DESC, name
"""

_DEALT = f"""
WITH own AS MATERIALIZED ({ACTOR_CLAIMS}),
dealt AS (
    SELECT 'to' AS dealing, type, unnest(list_distinct(recipient_names)) AS name FROM own WHERE is_actor
    UNION ALL SELECT 'by', type, unnest(list_distinct(actor_names)) FROM own WHERE is_recipient
    UNION ALL SELECT 'with', type, unnest(list_distinct(actor_names)) FROM own WHERE is_actor
    UNION ALL SELECT 'word', '', unnest(list_distinct(attribution)) FROM own WHERE is_actor OR is_recipient
),
counted AS (
    SELECT dealing, type, name, count(*) AS claims FROM dealt
    WHERE dealing IN ('to', 'by', 'word') OR NOT list_contains($names, name) GROUP BY ALL
)
SELECT * FROM counted QUALIFY row_number() OVER (PARTITION BY dealing ORDER BY claims DESC, type, name) <= $limit
ORDER BY dealing, claims DESC, type, name
"""

_DAYS = f"""
WITH own AS MATERIALIZED ({ACTOR_CLAIMS})
SELECT first_day, count(*) AS claims FROM own WHERE (is_actor OR is_recipient) AND first_day IS NOT NULL
GROUP BY first_day ORDER BY first_day
"""


@dataclass(frozen=True)
class Names:
    """All names of a ledger at a moment, those that are most often a party first. To count them is to read all claims, so it is
    done once for many questions."""

    ledger: Ledger
    columns: tuple[tuple[Any, ...], ...]
    """name, the same without case and accents, as actor, as recipient, as teller, first and last day, country and sector."""

    def page(self, standing: Standing, words: str | None, *, limit: int, offset: int = 0) -> tuple[int, list[Named]]:
        """How many names hold the words and stand so, and those from `offset` on, the most told of first."""
        sought = _select(self.ledger, "SELECT plain($words) AS words", {"words": words}, None)[0]["words"] if words else ""
        if standing is Standing.PARTY:
            fitting = [row for row in self.columns if row[2] + row[3] and sought in row[1]]
        else:
            fitting = sorted((row for row in self.columns if row[4] and sought in row[1]), key=lambda row: (-row[4], row[0]))
        return len(fitting), [_named(row) for row in fitting[offset : offset + limit]]

    def under(self, shown: Mapping[str, str]) -> Names:
        """These with what people said are other names of an actor (keys) under the one that is shown: their figures added up, and
        found by any of them. A claim that has two of them counts for both."""
        several = {*shown, *shown.values()}
        if not any(row[0] in several for row in self.columns):
            return self
        together: dict[str, list[tuple[Any, ...]]] = {}
        for row in self.columns:
            if row[0] in several:
                together.setdefault(shown.get(row[0], row[0]), []).append(row)
        rows = [row for row in self.columns if row[0] not in several]
        rows += [_added(name, some) for name, some in together.items()]
        return Names(self.ledger, tuple(sorted(rows, key=lambda row: (-(row[2] + row[3]), -row[4], row[0]))))


def _added(name: str, rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    """One row for several names; the side is that of the one that is told of most."""
    days = [[row[place] for row in rows if row[place] is not None] for place in (5, 6)]
    most = max(rows, key=lambda row: (row[7] is not None, row[2] + row[3]))
    counts = (sum(row[place] for row in rows) for place in (2, 3, 4))
    return (name, "\x1f".join(row[1] for row in rows), *counts, min(days[0], default=None), max(days[1], default=None), most[7])


def _named(row: tuple[Any, ...]) -> Named:
    name, _, as_actor, as_recipient, as_teller, first, last, side = row
    country, _, sector = (side or "").partition("\x1f")
    return Named(name, as_actor, as_recipient, as_teller, first, last, country or None, sector or None)


def read_names(ledger: Ledger, as_of: datetime | None = None) -> Names:
    """Every name that is a party to a current claim or tells of one."""
    return Names(ledger, ledger.sql(_NAMES, as_of=as_of).rows)


def dealings(
    ledger: Ledger, known_as: Collection[tuple[str, str | None]], *, limit: int, as_of: datetime | None = None
) -> list[Dealt]:
    """With whom the actor of these names (each with its country) stands in a claim, of each dealing the most frequent first."""
    rows = _select(ledger, _DEALT, {**_keys(known_as), "limit": limit}, as_of)
    return [Dealt(Dealing(row["dealing"]), row["type"], row["name"], row["claims"]) for row in rows]


def days(ledger: Ledger, known_as: Collection[tuple[str, str | None]], *, as_of: datetime | None = None) -> list[tuple[date, int]]:
    """In how many claims the actor of these names is a party on each first day, in order; undated claims are left out."""
    return [(row["first_day"], row["claims"]) for row in _select(ledger, _DAYS, _keys(known_as), as_of)]


def _keys(known_as: Collection[tuple[str, str | None]]) -> dict[str, list[str]]:
    return {
        "names": sorted({name for name, _ in known_as}),
        "keys": sorted(f"{name}\x1f{country or ''}" for name, country in known_as),
    }


def _select(ledger: Ledger, query: str, parameters: Mapping[str, Any], as_of: datetime | None) -> Sequence[dict[str, Any]]:
    answer = ledger.sql(query, dict(parameters), as_of=as_of)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
