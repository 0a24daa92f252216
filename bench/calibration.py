"""Is the confidence of a record the share of such records that a careful coder accepts? Reliability and Brier score, on articles.

    python -m bench calibration --data DIR [--split dev] [--json]

DIR is the folder of `bench articles`: NAME.txt, NAME.yaml, NAME.meta.json, and the scorer in it or one level above. A record is
right when the scorer pairs it with one of the hand coding and their types agree. "Before" is the lexicon's hand-given weight taken
as a probability, "after" the learned confidence, whose two numbers of calibration are fitted for each article on all the others
(Platt 1999): nothing about an article is known to the figures it adds to. Intervals are Wilson's, 95%, as if records were
independent; those of one article are not, so they are too narrow.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.articles import as_hand_coding, load_scorer, read_article
from dateline import __version__
from dateline.claims import enter_claims
from dateline.events.assemble import code_events
from dateline.events.opinions import chance, field_signs, hand_odds, parts_of
from dateline.events.signs import signs_of, told_events
from dateline.ingest.read import read_report
from dateline.knowledge.load import Knowledge, load_knowledge
from dateline.knowledge.weighing import Weighing
from dateline.language.models import Models, load_models
from dateline.language.reading import analyse
from dateline.mentions.quotations import find_quotations
from dateline.pipeline import find_mentions
from dateline.records import Coding

Floats = NDArray[np.float64]
FIELD_OF = {"actor": "actor name", "recipient": "recipient name", "time": "date", "place": "place name"}
"""What the scorer calls the fields whose confidence is told."""
FLOORS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Judged:
    """A record of an article coded by hand: was it found there with its type, and which of its fields were right.

    `confidence` is the hand-given weight, `hand` its log-odds; `fields` are (how the value came about, whether it is right).
    """

    signs: frozenset[str]
    confidence: float
    is_right: bool
    fields: tuple[tuple[str, bool], ...]

    @property
    def hand(self) -> float:
        return hand_odds(self.confidence)


@dataclass(frozen=True)
class Article:
    """Our records of an article, and how many the hand coding has."""

    name: str
    records: tuple[Judged, ...]
    gold: int


def judge_articles(folder: Path, knowledge: Knowledge, models: Models) -> list[Article]:
    """Every record of the articles of a folder, coded by hand weights alone, beside the hand coding, as its scorer aligns them."""
    scorer = load_scorer(folder, None)
    unlearned = replace(knowledge, weighing=None)
    return [_judge(path, folder, scorer, unlearned, models) for path in sorted(folder.glob("*.txt"))]


def _judge(path: Path, folder: Path, scorer: Any, knowledge: Knowledge, models: Models) -> Article:
    report = read_article(path)
    document, problems = read_report(report)
    if document is None:
        raise ValueError(f"{path}: {problems}")
    sentences = analyse(document, models)
    mentions = find_mentions(document, sentences, knowledge)
    quotations = find_quotations(document, sentences, mentions.actors, knowledge.cues)
    events = code_events(document, sentences, mentions, quotations, knowledge)
    claims = enter_claims(document, sentences, events, model="", knowledge=knowledge)
    written = as_hand_coding(Coding(path.name, document, claims), report.raw)
    text = scorer.Text.read(report.raw.decode())
    gold = scorer.read_coding(text, scorer.read_document(folder, path.stem)).records
    ours = scorer.read_coding(text, written).records
    by_id = {entry["id"]: record for entry, record in zip(written["events"], ours, strict=True)}
    pairs = scorer.assign([[scorer.pair_score(text, g, p) for p in ours] for g in gold])
    partner = {id(ours[j]): gold[i] for i, j in pairs if scorer.type_is_right(gold[i], ours[j])}
    judged = []
    for claim, told in zip(claims, told_events(document, sentences, [c.event for c in claims]), strict=True):
        record = by_id.get(claim.id)
        if told is None or record is None:
            continue
        match = partner.get(id(record))
        right = scorer.compare_fields(match, record) if match is not None else {}
        fields = tuple((sign, right[FIELD_OF[f]]) for f, sign in field_signs(claim.event)) if match is not None else ()
        judged.append(Judged(signs_of(told), claim.event.confidence, match is not None, fields))
    return Article(path.stem, tuple(judged), len(gold))


# ---------------------------------------------------------------- fitting and measuring


def platt(odds: Floats, right: Sequence[bool]) -> tuple[float, float]:
    """Slope and shift that make log-odds agree with how often they were right (Platt 1999, with his targets)."""
    yes = sum(right)
    targets = np.where(np.array(right), (yes + 1) / (yes + 2), 1 / (len(right) - yes + 2))
    slope, shift = 1.0, 0.0
    for _ in range(100):
        p = 1 / (1 + np.exp(-(slope * odds + shift)))
        pull = np.array([((targets - p) * odds).sum(), (targets - p).sum()])
        bend = p * (1 - p)
        hessian = np.array([[(bend * odds * odds).sum(), (bend * odds).sum()], [(bend * odds).sum(), bend.sum()]])
        step = np.linalg.solve(hessian + 1e-9 * np.eye(2), pull)
        slope, shift = slope + float(step[0]), shift + float(step[1])
        if np.abs(step).max() < 1e-9:
            break
    return slope, shift


def held_out(articles: Sequence[Article], odds_of: Callable[[Judged], float]) -> Floats:
    """The probability of each record, article by article, calibrated on the other articles."""
    found: list[float] = []
    for article in articles:
        others = [r for other in articles if other is not article for r in other.records]
        slope, shift = platt(np.array([odds_of(r) for r in others]), [r.is_right for r in others])
        found += [chance(slope * odds_of(r) + shift) for r in article.records]
    return np.array(found)


def brier(told: Floats, right: Floats) -> float:
    """The mean squared difference of probability and outcome; 0 is perfect."""
    return float(((told - right) ** 2).mean())


def better_pairs(told: Floats, right: Floats) -> float:
    """The share of pairs of a right and a wrong record of which the right one is surer (the area under the curve)."""
    yes, no = told[right == 1], told[right == 0]
    if not len(yes) or not len(no):
        return 0.0
    differences = yes[:, None] - no[None, :]
    return float((differences > 0).mean() + (differences == 0).mean() / 2)


def wilson(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95% interval of a share (Wilson 1927); of nothing: 0 to 1."""
    if n == 0:
        return 0.0, 1.0
    share = right / n
    centre, half = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (centre - half) / (1 + z * z / n)), min(1.0, (centre + half) / (1 + z * z / n))


def held_out_fields(articles: Sequence[Article]) -> dict[str, tuple[float, float, int]]:
    """By field: the Brier score of the share of other articles by how the value came about, that of their plain share, and n."""
    sums: dict[str, list[tuple[float, float]]] = {}
    for article in articles:
        others = [f for other in articles if other is not article for r in other.records for f in r.fields]
        for sign, right in (f for r in article.records for f in r.fields):
            field = sign.split()[0]
            alike = [ok for other, ok in others if other == sign]
            whole = [ok for other, ok in others if other.split()[0] == field]
            mean = sum(whole) / len(whole) if whole else 0.5
            share = (sum(alike) + 3 * mean) / (len(alike) + 3)
            sums.setdefault(field, []).append(((share - right) ** 2, (mean - right) ** 2))
    return {f: (sum(a for a, _ in s) / len(s), sum(b for _, b in s) / len(s), len(s)) for f, s in sorted(sums.items())}


# ---------------------------------------------------------------- the command


def print_reliability(title: str, told: Floats, right: Floats) -> None:
    print(f"\n{title}\n  stated      records   mean stated   right   95%")
    for low in np.arange(0, 1, 0.1):
        inside = (told >= low) & ((told < low + 0.1) | (low + 0.1 > 0.999))
        n = int(inside.sum())
        if n:
            a, b = wilson(int(right[inside].sum()), n)
            print(
                f"  {low:.1f}-{low + 0.1:.1f}  {n:9}   {told[inside].mean():11.2f}   {right[inside].mean():5.2f}   {a:.2f}-{b:.2f}"
            )


def learned_odds(weighing: Weighing) -> Callable[[Judged], float]:
    return lambda record: sum(weight for _, weight in parts_of(record.signs, record.confidence, weighing))


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench calibration", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of NAME.txt, NAME.yaml and NAME.meta.json")
    parser.add_argument("--split", default="dev", help="a name for the figures; the folder is the split")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    knowledge, models = load_knowledge(), load_models()
    if knowledge.weighing is None:
        print("nothing is learned: there are no weights to calibrate")
        return 1
    started = time.process_time()
    articles = judge_articles(options.data, knowledge, models)
    records = [r for article in articles for r in article.records]
    right, before = np.array([float(r.is_right) for r in records]), np.array([r.confidence for r in records])
    after = held_out(articles, learned_odds(knowledge.weighing))
    hand = held_out(articles, lambda record: record.hand)
    seconds = time.process_time() - started
    constant = np.full(len(records), right.mean())
    scores = {"before": before, "hand_calibrated": hand, "after": after, "constant": constant}
    names = {"before": "hand weight as it stands", "hand_calibrated": "hand weight, calibrated", "after": "learned, calibrated"}
    print(f"{len(records)} records of {len(articles)} articles, {int(right.sum())} right")
    for key, told in scores.items():
        score, order = brier(told, right), better_pairs(told, right)
        print(f"{names.get(key, 'the share of right ones'):26} Brier {score:.3f}   right above wrong {order:.3f}")
    print_reliability("hand weight as it stands", before, right)
    print_reliability("learned, each article calibrated on the others", after, right)
    gold = sum(article.gold for article in articles)
    print("\nfloor   kept   precision   recall      F1   (type, records of the hand coding found)")
    for floor in FLOORS:
        kept = after >= floor
        n, hits = int(kept.sum()), int(right[kept].sum())
        print(f"{floor:5.1f}  {n:5}   {hits / max(1, n):9.3f}   {hits / gold:6.3f}   {2 * hits / (n + gold):.3f}")
    fields = held_out_fields(articles)
    print("\nfield        values   Brier by how it came about   by one share for all")
    for name, (own, plain, n) in fields.items():
        print(f"{name:10}  {n:7}   {own:26.3f}   {plain:20.3f}")
    if options.json:
        head = {"name": "calibration", "split": options.split, "n": len(records), "seconds_cpu": round(seconds, 2)}
        figures = {f"brier_{k}": round(brier(told, right), 4) for k, told in scores.items()}
        figures |= {f"auc_{k}": round(better_pairs(scores[k], right), 4) for k in ("before", "after")}
        print(
            json.dumps(
                head | {"version": __version__} | figures | {f"brier_{f}": round(own, 4) for f, (own, _, _) in fields.items()}
            )
        )
    return 0
