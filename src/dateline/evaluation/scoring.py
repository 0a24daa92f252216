"""A coding against one by hand: records aligned by their words; precision, recall, F1; of pairs how often each field is right.

Two records of one article may be aligned where the trigger of one lies in the evidence of the other, or where their evidence has
enough letters in common. The best pairs are taken first, each record in one at most. Shares have Wilson's interval; F1 has that of
articles drawn anew, since records of one article are right or wrong together.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from dateline.evaluation.gold import Article, Figure, GoldRecord
from dateline.ledger.agreement import alpha, interval_of
from dateline.ledger.quality import Rate
from dateline.records import Span

ENOUGH = 0.3
"""Letters that two pieces of evidence have in common, as a share of all of theirs, from which they may be of one record."""

DRAWS, SEED = 2000, 20200817

FIELDS = (
    "mode", "actor country", "actor sector", "actor name", "recipient country", "recipient sector", "recipient name",
    "date", "place country", "place name", "status",
)  # fmt: skip
WHOLE = ("actor country", "actor sector", "recipient country", "recipient sector", "date", "status")
"""The fields that have to be right for a record to be right as a whole; its type too."""


@dataclass(frozen=True)
class Pair:
    """A record by hand and one of ours that are taken for one; `right` says of each field whether it is, where it can be asked."""

    gold: GoldRecord
    ours: GoldRecord
    is_typed: bool
    right: Mapping[str, bool]


@dataclass(frozen=True)
class Aligned:
    """An article's records side by side: pairs, what was missed, and what was found that the coder by hand does not have."""

    article: str
    publisher: str | None
    pairs: tuple[Pair, ...]
    missed: tuple[GoldRecord, ...]
    spurious: tuple[GoldRecord, ...]


@dataclass(frozen=True)
class Measure:
    """Found of those by hand (recall), right of those found (precision) and F1, each with an interval; F1's None: one article."""

    name: str
    gold: int
    ours: int
    hits: int
    precision: float | None
    precision_low: float
    precision_high: float
    recall: float | None
    recall_low: float
    recall_high: float
    f1: float | None
    f1_low: float | None
    f1_high: float | None


@dataclass(frozen=True)
class FieldScore:
    """On how many typed pairs a field is right, with its interval. `alpha` is two coders' agreement beyond chance, if asked."""

    name: str
    right: int
    n: int
    share: float | None
    low: float
    high: float
    alpha: float | None = None
    alpha_low: float | None = None
    alpha_high: float | None = None


@dataclass(frozen=True)
class Scores:
    """A coding scored. `measures`: detection, type, whole record and figures; `groups` has type's measure by group."""

    articles: int
    measures: tuple[Measure, ...]
    fields: tuple[FieldScore, ...]
    groups: tuple[Measure, ...]
    aligned: tuple[Aligned, ...]


# ---------------------------------------------------------------- alignment


def aligned(article: Article, ours: Sequence[GoldRecord]) -> Aligned:
    """The article's records side by side; what stands nowhere in the text is missed."""
    weights = []
    for i, gold in enumerate(article.records):
        for j, own in enumerate(ours):
            weight = _weight(gold, own)
            if weight > 0:
                weights.append((-weight, i, j))
    taken_gold: dict[int, int] = {}
    taken_ours: set[int] = set()
    for _, i, j in sorted(weights):
        if i not in taken_gold and j not in taken_ours:
            taken_gold[i] = j
            taken_ours.add(j)
    pairs = tuple(_pair(article.records[i], ours[j]) for i, j in sorted(taken_gold.items()))
    missed = tuple(r for i, r in enumerate(article.records) if i not in taken_gold)
    spurious = tuple(r for j, r in enumerate(ours) if j not in taken_ours)
    return Aligned(article.name, article.publisher, pairs, missed, spurious)


def _weight(gold: GoldRecord, ours: GoldRecord) -> float:
    """How much speaks for the two being one record; nothing: 0. A like type settles between pairs that share their words alike."""
    best = 0.0
    for one in gold.evidence:
        for other in ours.evidence:
            common = max(0, min(one.end, other.end) - max(one.start, other.start))
            share = common / (max(one.end, other.end) - min(one.start, other.start)) if common else 0.0
            triggers = _holds(one, ours.trigger) or _holds(other, gold.trigger)
            if triggers or share >= ENOUGH:
                same = gold.trigger is not None and ours.trigger is not None and gold.trigger.overlaps(ours.trigger)
                best = max(best, 0.01 + share + 0.5 * same)
    return best + (0.3 if _is_typed(gold, ours) else 0.0) if best else 0.0


def _holds(span: Span, trigger: Span | None) -> bool:
    return trigger is not None and span.contains(trigger)


def _is_typed(gold: GoldRecord, ours: GoldRecord) -> bool:
    return ours.type == gold.type or ours.type in gold.also or gold.type in ours.also


def _pair(gold: GoldRecord, ours: GoldRecord) -> Pair:
    right = {name: one == other for name, (one, other) in _values(gold, ours).items()}
    right["actor name"] = same_name(gold.actor.name, ours.actor.name)
    right["recipient name"] = same_name(gold.recipient.name, ours.recipient.name)
    right["place name"] = same_name(gold.place, ours.place)
    if gold.type != ours.type:  # the mode by hand is one of another type
        del right["mode"]
    return Pair(gold, ours, _is_typed(gold, ours), right)


def _values(gold: GoldRecord, ours: GoldRecord) -> dict[str, tuple[object, object]]:
    def days(record: GoldRecord) -> tuple[date | None, date | None]:
        return record.first, record.last

    return {
        "mode": (gold.mode, ours.mode),
        "actor country": (gold.actor.country, ours.actor.country),
        "actor sector": (gold.actor.sector, ours.actor.sector),
        "recipient country": (gold.recipient.country, ours.recipient.country),
        "recipient sector": (gold.recipient.sector, ours.recipient.sector),
        "date": (days(gold), days(ours)),
        "place country": (gold.country, ours.country),
        "status": (gold.status, ours.status),
    }


_WORD = re.compile(r"\w+")
SMALL = frozenset(("the", "a", "an", "of", "and", "at", "in", "for", "mr", "mrs", "ms", "dr", "president", "minister"))


def same_name(one: str | None, other: str | None) -> bool:
    """True where half of the words of both are shared, small words, titles and plural endings aside; None is None's alone."""
    if one is None or other is None:
        return one is other
    words, others = (Counter(_stem(w) for w in _WORD.findall(name.lower()) if w not in SMALL) for name in (one, other))
    shared = sum((words & others).values())
    return 2 * shared >= (words.total() + others.total()) / 2 if shared else one.lower() == other.lower()


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


# ---------------------------------------------------------------- measures

Counts = tuple[int, int, int]
"""Records by hand, of ours, and pairs that are right."""


def scores_of(articles: Sequence[Aligned], *, by: str | None = None, has_two_coders: bool = False) -> Scores:
    """All measures. `by` "type", "country" or "publisher" adds that of type group by group; `has_two_coders` adds alpha to fields.

    Raises ValueError for another `by`.
    """
    ways: dict[str, Callable[[Aligned], Counts]] = {
        "record found": lambda a: _counts(a, lambda pair: True),
        "type right": lambda a: _counts(a, lambda pair: pair.is_typed),
        "wholly right": lambda a: _counts(a, lambda p: p.is_typed and all(p.right[name] for name in WHOLE)),
        "figure right": _figures,
    }
    measures = tuple(_measure(name, [count(a) for a in articles]) for name, count in ways.items())
    typed = [pair for a in articles for pair in a.pairs if pair.is_typed]
    fields = tuple(_field(name, typed, has_two_coders=has_two_coders) for name in FIELDS)
    groups = tuple(_measure(key, counts) for key, counts in _by_group(articles, by)) if by else ()
    return Scores(len(articles), measures, fields, groups, tuple(articles))


def _counts(a: Aligned, is_right: Callable[[Pair], bool]) -> Counts:
    return len(a.pairs) + len(a.missed), len(a.pairs) + len(a.spurious), sum(is_right(p) for p in a.pairs)


def _figures(a: Aligned) -> Counts:
    """Figures of typed pairs that are the same in kind and bounds; those of other records are missed or too many."""
    hits = 0
    for pair in a.pairs:
        if pair.is_typed:
            left = [_plain(f) for f in pair.ours.figures]
            for figure in map(_plain, pair.gold.figures):
                if figure in left:
                    left.remove(figure)
                    hits += 1
    gold = sum(len(r.figures) for r in (*(p.gold for p in a.pairs), *a.missed))
    ours = sum(len(r.figures) for r in (*(p.ours for p in a.pairs), *a.spurious))
    return gold, ours, hits


def _plain(figure: Figure) -> tuple[str, float | None, float | None]:
    """A computed bound of ten or more may have been rounded."""
    low, high = (None if b is None else float(round(b)) if b >= 10 else float(b) for b in (figure.low, figure.high))
    return figure.what, low, high


def _by_group(articles: Sequence[Aligned], by: str | None) -> Iterable[tuple[str, list[Counts]]]:
    if by not in {"type", "country", "publisher"}:
        raise ValueError(f"scores are by type, country or publisher, not by {by!r}")
    found: dict[str, list[list[int]]] = defaultdict(lambda: [[0, 0, 0] for _ in articles])
    for n, a in enumerate(articles):

        def key(record: GoldRecord, publisher: str | None = a.publisher) -> str:
            return {"type": record.type, "country": record.country, "publisher": publisher}[by or ""] or "not told"

        for pair in a.pairs:
            found[key(pair.gold)][n][0] += 1
            found[key(pair.gold if pair.is_typed else pair.ours)][n][1] += 1
            found[key(pair.gold)][n][2] += pair.is_typed
        for record in a.missed:
            found[key(record)][n][0] += 1
        for record in a.spurious:
            found[key(record)][n][1] += 1
    ordered = sorted(found.items(), key=lambda item: (-sum(c[0] for c in item[1]), item[0]))
    return [(name, [(c[0], c[1], c[2]) for c in counts]) for name, counts in ordered]


def _measure(name: str, counts: Sequence[Counts]) -> Measure:
    gold, ours, hits = (sum(c[k] for c in counts) for k in range(3))
    precision, recall = Rate(hits, ours), Rate(hits, gold)
    low, high = _drawn(counts)
    return Measure(
        name, gold, ours, hits, precision.share, precision.low, precision.high, recall.share, recall.low, recall.high,
        2 * hits / (gold + ours) if gold + ours else None, low, high,
    )  # fmt: skip


def _drawn(counts: Sequence[Counts]) -> tuple[float | None, float | None]:
    """The interval of F1 over articles drawn anew; fewer than two that have records: None."""
    table = np.array([c for c in counts if c[0] or c[1]], dtype=np.float64)
    if len(table) < 2:
        return None, None
    weights = np.random.default_rng(SEED).multinomial(len(table), np.full(len(table), 1 / len(table)), size=DRAWS)
    sums = weights @ table
    found = 2 * sums[:, 2] / (sums[:, 0] + sums[:, 1])
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


def _field(name: str, pairs: Sequence[Pair], *, has_two_coders: bool) -> FieldScore:
    answers = [pair.right[name] for pair in pairs if name in pair.right]
    rate = Rate(sum(answers), len(answers))
    score = FieldScore(name, rate.right, rate.n, rate.share, rate.low, rate.high)
    if not has_two_coders or name.endswith("name"):  # names that are alike are no categories
        return score
    codes: dict[object, float] = {}
    units = [
        tuple(codes.setdefault(str(value), float(len(codes))) for value in _values(pair.gold, pair.ours)[name])
        for pair in pairs
        if name in pair.right
    ]
    bounds = interval_of(units) or (None, None)
    return FieldScore(name, rate.right, rate.n, rate.share, rate.low, rate.high, alpha(units), bounds[0], bounds[1])
