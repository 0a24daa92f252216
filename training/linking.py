"""Trains what a pair of tellings is worth: vectors of words, then a weight for every level of every sign.

    python -m training.linking --data BENCH --out src/dateline/knowledge/linking [--kept DIR]

Learned from two train halves. ECB+ says of gold mentions, read by our own reader, which are of one happening; all pairs of one
topic count, and a share of the others. gva_incidents says of whole reports which are of one shooting; what that says of pairs of
their claims is told at `incident_lessons`.

1. Vectors: MiniLM-L6's of single words, turned to `DIMENSIONS` so that words for one happening lie near (pairs of different words
   within one story of ECB+), kept for the words of its training text, the lemma table and word families.
2. Weights: logistic regression with L2 over levels (knowledge/linking/features.yaml) and over pairs of levels of the signs in
   TOGETHER; two numbers calibrate it (Platt 1999) on topics and incidents that the weights were not learned from.

`--kept` keeps what the reader made of the texts: reading takes half an hour of one core, all else some three minutes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer
from torch.nn import functional

from bench.ecbplus import profile_of, read_split, tellings_of, uncoded
from dateline.knowledge.linking import Lexis, load_families, load_irregular_forms, load_levels, load_lexis
from dateline.knowledge.load import load_knowledge
from dateline.language import reading
from dateline.language.models import load_models
from dateline.linking import tellings as claims_as
from dateline.linking.blocking import find_candidates
from dateline.linking.features import FEATURES, UNKNOWN, pair_features
from dateline.linking.table import NOTHING, Table
from dateline.linking.tellings import Profile, Telling
from dateline.linking.words import stem
from dateline.pipeline import code_report
from dateline.records import Report
from training.model import Encoder
from training.train import published_encoder

DIMENSIONS = 64
EPOCHS = 6
PULL = 3e-4
"""How strongly the turned vectors are held near the principal components they start from."""
LEAST_SEEN = 12
"""Training reports that a word must be in to have a vector, unless it is in the lemma table or a family."""
PARTIES = frozenset({"same actors", "same recipients", "changed roles", "same sides"})
"""Signs about which shootings teach nothing that holds for other events."""
TOGETHER = (
    ("one story", "same word"),
    ("one story", "near word"),
    ("one story", "likeness around"),
    ("same word", "likeness around"),
    ("document likeness", "same word"),
    ("told apart", "same actors"),
    ("told apart", "same recipients"),
    ("told apart", "counts agree"),
    ("same actors", "counts agree"),
    *(("same type", sign) for sign in FEATURES if sign != "same type"),
)
"""Signs that say more, or less, when the other is there. What any sign says depends on whether both tellings are coded: ECB+ tells
of any event, and a coded type stands for much of what a word says."""
HELD = (
    ("same type", (1, 2, 3, 4), "same actors", (2,), -1.5),
    ("same actors", (2,), "counts agree", (1, 2), -2.0),
    ("same type", (1, 2, 3, 4), "days apart as told", (4, 5), -2.0),
)
"""What we hold beside what is learned: two signs, the levels of each, and what they weigh together. Other people than those, and
more so other people in other numbers, did another thing: in ECB+ and in shootings those who act are seldom a crowd with a name, so
that these sets do not teach it. Nor do shootings teach that what is told of a day is not of another week: there are few twice in a
place."""
STRENGTH = 0.3
"""scikit-learn's C."""
OTHER_TOPICS = 0.03
"""Share of the pairs of two topics with different words that are learned from, each counting for as many as it stands for."""
CODED = 5.0
"""How much a pair of coded mentions of ECB+ counts: there are few."""
FOLDS = 3
WORD = re.compile(r"[a-z][a-z-]{1,18}")
NAMES = tuple(FEATURES)

Floats = NDArray[np.float64]
Pairs = NDArray[np.int64]


@dataclass(frozen=True)
class Collection:
    """Tellings with their reports, and what is known of them.

    `happenings` numbers for each telling what it is of (ECB+; empty elsewhere); `incidents` lists for each document what it
    reports. `folds` is a string a document: documents of one are held out together.
    """

    tellings: tuple[Telling, ...]
    profiles: tuple[Profile, ...]
    happenings: tuple[str, ...]
    incidents: dict[str, frozenset[str]]
    folds: dict[str, str]


@dataclass(frozen=True)
class Lessons:
    """Pairs to learn from: rows of a table, their signs, whether they are of one happening, how much each counts, its fold."""

    pairs: Pairs
    signs: NDArray[np.float32]
    is_same: NDArray[np.bool_]
    weight: Floats
    fold: NDArray[np.int64]
    is_shooting: bool = False
    """Whether all pairs are of shootings, in which parties are "a man" and "two others" and mean nothing for other events."""


# ---------------------------------------------------------------- the sets


def read_ecbplus(bench: Path, split: str) -> Collection:
    """The gold mentions of a half of ECB+."""
    read = list(read_split(bench / "ecbplus", split))
    happening = {mention.id: mention.happening for r in read for mention in r.gold.mentions}
    tellings = tuple(telling for r in read for telling in tellings_of(r))
    return Collection(
        tellings,
        tuple(profile_of(r) for r in read),
        tuple(happening[t.id] for t in tellings),
        {},
        {r.gold.document.id: r.gold.topic for r in read},
    )


def read_incidents(bench: Path, split: str) -> Collection:
    """The claims of a half of gva_incidents, as the coder makes them; reports that cannot be read are passed over."""
    knowledge, models = load_knowledge(), load_models()
    tellings: list[Telling] = []
    profiles: list[Profile] = []
    incidents: dict[str, frozenset[str]] = {}
    with gzip.open(bench / "gva_incidents" / f"docs.{split}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            published = date.fromisoformat(row["dct"][:10]) if row["dct"] else None
            report = Report(row["doc_id"], row["text"].encode(), "text/plain", address=row["url"], published=published)
            coding = code_report(report, knowledge, models)
            if coding.document is None or coding.document.id in incidents:
                continue
            tellings += claims_as.tellings_of(coding.claims, coding.document)
            profiles.append(claims_as.profile_of(coding.document))
            incidents[coding.document.id] = frozenset(row["incident_ids"])
    folds = {document: min(found, default=document) for document, found in incidents.items()}
    return Collection(tuple(tellings), tuple(profiles), (), incidents, folds)


# ---------------------------------------------------------------- vectors of words


def words_worth_a_vector(collections: Iterable[Collection], lemmas: Path) -> list[str]:
    """Verbs and nouns of the lemma table, words of families, and what enough training reports use."""
    table = json.loads(lemmas.read_text(encoding="utf-8"))
    words = set(load_families()) | set(load_irregular_forms()) | set(load_irregular_forms().values())
    for part in ("VERB", "NOUN"):
        words |= set(table["forms"].get(part, {})) | set(table["forms"].get(part, {}).values()) | set(table["lemmas"].get(part, ()))
    seen = Counter(w for c in collections for p in c.profiles for w in set(re.findall(r"[a-z]{3,}", p.text.lower())))
    seen.update({w: LEAST_SEEN for c in collections for t in c.tellings if c.happenings for w in t.trigger.lower().split()})
    words |= {word for word, count in seen.items() if count >= LEAST_SEEN}
    return sorted(word for word in words if WORD.fullmatch(word))


@torch.no_grad()
def encoded(words: Sequence[str]) -> NDArray[np.float32]:
    """The encoder's mean vector of each word standing alone, of unit length."""
    encoder = Encoder()
    encoder.load_published(published_encoder() / "model.safetensors")
    encoder.shapes.weight.zero_()
    encoder.eval()
    tokenizer = Tokenizer.from_file(str(published_encoder() / "tokenizer.json"))
    tokenizer.enable_padding()
    found = []
    for start in range(0, len(words), 256):
        batch = tokenizer.encode_batch(list(words[start : start + 256]))
        ids = torch.tensor([e.ids for e in batch])
        mask = torch.tensor([e.attention_mask for e in batch], dtype=torch.float32)
        states = encoder(ids, torch.zeros_like(ids), mask)
        found.append(functional.normalize((states * mask[:, :, None]).sum(1), dim=-1))
    vectors: NDArray[np.float32] = torch.cat(found).numpy()
    return vectors


def vectors_of_stems(words: Sequence[str], vectors: NDArray[np.float32], lexis: Lexis) -> tuple[list[str], NDArray[np.float32]]:
    """Each stem with the mean vector of its words, about their centre."""
    rows: dict[str, list[int]] = {}
    for row, word in enumerate(words):
        rows.setdefault(stem(word, lexis), []).append(row)
    stems = sorted(rows)
    means = np.stack([vectors[rows[s]].mean(axis=0) for s in stems])
    return stems, (means - means.mean(axis=0)).astype(np.float32)


def turned(stems: Sequence[str], vectors: NDArray[np.float32], collection: Collection, lexis: Lexis) -> NDArray[np.float32]:
    """The vectors in DIMENSIONS, turned so that different words for one happening lie near one another."""
    torch.manual_seed(20200818)
    _, _, axes = np.linalg.svd(vectors, full_matrices=False)
    start = torch.tensor(axes[:DIMENSIONS].T.copy())
    known = Lexis(lexis.irregular, lexis.families, {s: i for i, s in enumerate(stems)}, vectors)
    table = Table.of(collection.tellings, collection.profiles, known)
    lessons = gold_lessons(table, collection)
    column = {name: lessons.signs[:, i] for i, name in enumerate(NAMES)}
    chosen = (column["same word"] < 2) & (column["one story"] > 0.4) & (column["near word"] > -1)
    told, pairs = torch.tensor(table.vector.astype(np.float32)), torch.tensor(lessons.pairs[chosen])
    is_same = torch.tensor(lessons.is_same[chosen], dtype=torch.float32)
    axes_now = start.clone().requires_grad_()
    scale, shift = torch.tensor(5.0, requires_grad=True), torch.tensor(-3.0, requires_grad=True)
    optimizer = torch.optim.Adam([axes_now, scale, shift], lr=2e-3)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(pairs)).split(4096):
            placed = functional.normalize(told @ axes_now, dim=-1)
            near = (placed[pairs[batch, 0]] * placed[pairs[batch, 1]]).sum(-1)
            loss = functional.binary_cross_entropy_with_logits(scale * near + shift, is_same[batch])
            loss = loss + PULL * ((axes_now - start) ** 2).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    placed = functional.normalize(torch.tensor(vectors) @ axes_now.detach(), dim=-1)
    result: NDArray[np.float32] = placed.numpy()
    return result


# ---------------------------------------------------------------- pairs


def gold_lessons(table: Table, collection: Collection) -> Lessons:
    """Pairs of gold mentions: all of one topic or with the same head word, and a share of the others."""
    topics = _numbers([collection.folds[t.document] for t in collection.tellings])
    happenings = _numbers(collection.happenings)
    first, second = np.triu_indices(table.size, 1)
    heads = table.trigger[:, 0]
    near = (topics[first] == topics[second]) | (heads[first] == heads[second])
    kept = near | (np.random.default_rng(20200818).random(len(first)) < OTHER_TOPICS)
    pairs = np.stack([first[kept], second[kept]], axis=1)
    is_same = happenings[pairs[:, 0]] == happenings[pairs[:, 1]]
    return _lessons(table, pairs, is_same, np.where(near[kept], 1.0, 1.0 / OTHER_TOPICS), topics)


def coded_lessons(table: Table, collection: Collection) -> Lessons:
    """Pairs of gold mentions that the lexicon codes: those within one report, and those of different types.

    About pairs of one type in two reports incidents are asked, which know a happening as a coder of events does.
    """
    lessons = gold_lessons(table, collection)
    first, second = lessons.pairs.T
    types = table.type[first], table.type[second]
    chosen = (
        (types[0] != NOTHING) & (types[1] != NOTHING) & ((table.document[first] == table.document[second]) | (types[0] != types[1]))
    )
    return Lessons(
        lessons.pairs[chosen],
        lessons.signs[chosen],
        lessons.is_same[chosen],
        CODED * lessons.weight[chosen],
        lessons.fold[chosen],
    )


def incident_lessons(table: Table, collection: Collection, *, most: int = 150_000) -> tuple[Lessons, Lessons]:
    """Pairs of claims that blocking proposes, at most so many of each kind, each counting for as many as it stands for.

    Reports of different incidents tell of two happenings. Reports of one incident tell of one where days and places go together,
    and of two where the days that they say are more than three apart or the towns lie in different units: that is what they tell
    beside the incident. Within one report, which comes back first, the coder's own ties are one happening; what cannot go together
    and what others did or suffered are two.
    """
    dice = np.random.default_rng(20200818)
    documents = [t.document for t in collection.tellings]
    incident_of = [collection.incidents[d] for d in documents]
    candidates = find_candidates(table)
    related = np.array([bool(incident_of[a] & incident_of[b]) for a, b in candidates.tolist()])
    within = table.document[candidates[:, 0]] == table.document[candidates[:, 1]]
    chosen, weight = [], []
    for kind in (within, related & ~within, ~related):
        rows = np.flatnonzero(kind)
        kept = np.sort(dice.choice(rows, min(most, len(rows)), replace=False))
        chosen.append(kept)
        weight.append(np.full(len(kept), len(rows) / max(1, len(kept))))
    rows = np.concatenate(chosen)
    folds = _numbers([collection.folds[d] for d in documents])
    lessons = _lessons(table, candidates[rows], related[rows], np.concatenate(weight), folds)
    column = {name: lessons.signs[:, i] for i, name in enumerate(NAMES)}
    differ = (column["days apart as told"] > 3) | (column["days apart"] > 10) | np.isin(column["same place"], (0, 2))
    agree = (column["days apart"] <= 1) & (np.isin(column["same place"], (1, 4, 5, 6)) | (column["same place"] == UNKNOWN))
    first, second = lessons.pairs.T
    tied = (table.same_as[first] == second) | (table.same_as[second] == first)
    others = (column["same actors"] >= 0) & (column["same actors"] < 0.05)
    others |= (column["same recipients"] >= 0) & (column["same recipients"] < 0.05)
    inside, outside = within[rows], ~within[rows]
    return (
        _those(lessons, inside & (tied | differ | others), tied, is_shooting=False),
        _those(lessons, outside & (~related[rows] | agree | differ), related[rows] & agree, is_shooting=True),
    )


def _those(lessons: Lessons, chosen: NDArray[np.bool_], is_same: NDArray[np.bool_], *, is_shooting: bool) -> Lessons:
    kept = (lessons.pairs[chosen], lessons.signs[chosen], is_same[chosen], lessons.weight[chosen], lessons.fold[chosen])
    return Lessons(*kept, is_shooting=is_shooting)


def _lessons(table: Table, pairs: Pairs, is_same: NDArray[np.bool_], weight: Floats, folds: NDArray[np.int64]) -> Lessons:
    return Lessons(pairs, pair_features(table, pairs), is_same, weight, folds[pairs[:, 0]])


def _numbers(values: Sequence[str]) -> NDArray[np.int64]:
    numbers = {value: i for i, value in enumerate(dict.fromkeys(values))}
    return np.array([numbers[value] for value in values], np.int64)


# ---------------------------------------------------------------- weights


@dataclass(frozen=True)
class Design:
    """Which column of the regression each level has, and each pair of levels."""

    starts: tuple[int, ...]
    together: tuple[tuple[int, int, int], ...]
    width: int
    cuts: tuple[NDArray[np.float32], ...]

    @classmethod
    def of_signs(cls) -> Design:
        levels = load_levels()
        cuts = tuple(levels[name][0] for name in NAMES)
        sizes = [len(c) + 1 for c in cuts]
        starts = np.concatenate([[0], np.cumsum(sizes)]).tolist()
        width, together = starts[-1], []
        for one, other in TOGETHER:
            a, b = NAMES.index(one), NAMES.index(other)
            together.append((a, b, width))
            width += sizes[a] * sizes[b]
        return cls(tuple(starts[:-1]), tuple(together), width, cuts)

    def rows(self, signs: NDArray[np.float32], *, is_shooting: bool = False) -> csr_matrix:
        """A row a pair. What shootings teach about parties goes to columns of its own, behind all others, and is thrown away."""
        levels = [np.searchsorted(cuts, signs[:, i], side="right") for i, cuts in enumerate(self.cuts)]
        aside = [self.width if is_shooting and name in PARTIES else 0 for name in NAMES]
        columns = [start + level + away for start, level, away in zip(self.starts, levels, aside, strict=True)]
        columns += [
            start + levels[a] * (len(self.cuts[b]) + 1) + levels[b] + max(aside[a], aside[b]) for a, b, start in self.together
        ]
        places = np.stack(columns, axis=1)
        count, each = places.shape
        ones, ends = np.ones(count * each, np.float32), np.arange(0, count * each + 1, each)
        return csr_matrix((ones, places.ravel(), ends), shape=(count, 2 * self.width))


def fit(design: Design, lessons: Sequence[Lessons], kept: Sequence[NDArray[np.bool_]]) -> LogisticRegression:
    rows = [design.rows(x.signs[k], is_shooting=x.is_shooting) for x, k in zip(lessons, kept, strict=True)]
    is_same = np.concatenate([x.is_same[k] for x, k in zip(lessons, kept, strict=True)])
    weight = np.concatenate([x.weight[k] for x, k in zip(lessons, kept, strict=True)])
    return LogisticRegression(C=STRENGTH, max_iter=300).fit(vstack(rows), is_same, sample_weight=weight)


def held_out_odds(design: Design, lessons: Sequence[Lessons]) -> list[Floats]:
    """For every pair its log-odds by weights learned without its topic or incident."""
    odds = [np.zeros(len(lesson.is_same)) for lesson in lessons]
    for fold in range(FOLDS):
        held = [lesson.fold % FOLDS == fold for lesson in lessons]
        learner = fit(design, lessons, [~h for h in held])
        for own, lesson, h in zip(odds, lessons, held, strict=True):
            own[h] = learner.decision_function(design.rows(lesson.signs[h], is_shooting=lesson.is_shooting))
    return odds


def calibrated(odds: Sequence[Floats], lessons: Sequence[Lessons]) -> tuple[float, float]:
    """Slope and shift by which held-out log-odds agree with how often pairs were of one happening."""
    told = np.concatenate(list(odds))[:, None]
    learner = LogisticRegression(C=1e6)
    learner.fit(told, np.concatenate([x.is_same for x in lessons]), sample_weight=np.concatenate([x.weight for x in lessons]))
    return float(learner.coef_[0, 0]), float(learner.intercept_[0])


def brier(odds: Floats, lesson: Lessons) -> float:
    chances = 1.0 / (1.0 + np.exp(-odds))
    return float(np.average((chances - lesson.is_same) ** 2, weights=lesson.weight))


def written(design: Design, learner: LogisticRegression, slope: float, shift: float) -> dict[str, object]:
    """The weights as the file holds them, scaled."""
    weights = slope * learner.coef_[0]
    signs = {}
    for name, start, cuts in zip(NAMES, design.starts, design.cuts, strict=True):
        signs[name] = [round(float(w), 3) for w in weights[start : start + len(cuts) + 1]]
    together = {}
    for a, b, start in design.together:
        shape = (len(design.cuts[a]) + 1, len(design.cuts[b]) + 1)
        rows = weights[start : start + shape[0] * shape[1]].reshape(shape).copy()
        for one, levels, other, beside, weight in HELD:
            if (one, other) == (NAMES[a], NAMES[b]):
                rows[np.ix_(levels, beside)] += weight
        together[f"{NAMES[a]} & {NAMES[b]}"] = [[round(float(w), 3) for w in row] for row in rows]
    return {"start": round(slope * float(learner.intercept_[0]) + shift, 3), "signs": signs, "together": together}


def save_vectors(path: Path, stems: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Eight bits a dimension: their rounding moves a cosine by less than a hundredth."""
    np.savez_compressed(path, words=np.array(stems), vectors=np.round(vectors * 127).astype(np.int8))


# ---------------------------------------------------------------- the command


def read_collections(options: argparse.Namespace) -> tuple[Collection, Collection]:
    """ECB+ and gva_incidents, from what was kept where there is something."""
    found = []
    for name, read in (("ecbplus", read_ecbplus), ("incidents", read_incidents)):
        kept = options.kept / f"{name}.pickle" if options.kept else None
        if kept is not None and kept.exists():
            found.append(pickle.loads(kept.read_bytes()))
            continue
        found.append(read(options.data, "train"))
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(pickle.dumps(found[-1]))
    return found[0], found[1]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets")
    parser.add_argument("--out", type=Path, required=True, help="folder for vectors.npz and weights.json")
    parser.add_argument("--kept", type=Path, help="keep what was read there, and take it from there when it exists")
    options = parser.parse_args(argv)
    ecbplus, incidents = read_collections(options)
    plain = Lexis(load_irregular_forms(), load_families())
    words = words_worth_a_vector((ecbplus, incidents), Path(reading.__file__).parent / "model" / "lemmas.json")
    stems, vectors = vectors_of_stems(words, encoded(words), plain)
    save_vectors(options.out / "vectors.npz", stems, turned(stems, vectors, ecbplus, plain))
    print(f"vectors: {len(stems)} stems, {(options.out / 'vectors.npz').stat().st_size / 1e3:.0f} kB")
    lexis = load_lexis(options.out / "vectors.npz")
    lessons = [
        gold_lessons(Table.of(tuple(map(uncoded, ecbplus.tellings)), ecbplus.profiles, lexis), ecbplus),
        coded_lessons(Table.of(ecbplus.tellings, ecbplus.profiles, lexis), ecbplus),
        *incident_lessons(Table.of(incidents.tellings, incidents.profiles, lexis), incidents),
    ]
    design = Design.of_signs()
    odds = held_out_odds(design, lessons)
    slope, shift = calibrated(odds, lessons)
    for name, lesson, own in zip(("ecbplus", "ecbplus coded", "within reports", "incidents"), lessons, odds, strict=True):
        error = brier(slope * own + shift, lesson)
        print(f"{name}: {len(own)} pairs, {int(lesson.is_same.sum())} the same; held out: Brier {error:.4f}")
    weights = written(design, fit(design, lessons, [np.ones(len(x.is_same), bool) for x in lessons]), slope, shift)
    taught = "ECB+ train and gva_incidents train, by python -m training.linking"
    options.out.joinpath("weights.json").write_text(json.dumps({"taught by": taught, **weights}) + "\n", encoding="utf-8")
    print(f"calibrated: slope {slope:.2f}, shift {shift:+.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
