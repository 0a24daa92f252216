"""Trains the second opinion on records: sets that others coded by hand -> weights of signs.

    python -m training.coding --data BENCH --gold GOLD --out src/dateline/knowledge/weighing/weights.json [--readings FILE]

Learned from train halves alone: event_coding/conflibert_cameo (one quad class a sentence), india_police_events (every sentence
read for what police did), muc4 (who was attacked), gva_incidents and conflibert_tasks (reports of shootings and of insurgency),
ud-gum (genres that tell no news: whatever is coded there is wrong) and the sport pages of worldwide-newswire. None says of a record
whether it is right; each says something near it, told in `LESSONS`, and counts for as much as that is worth.

Three logistic regressions with L2, seeded by nothing: the same data, tables and language model give the same file. `right` learns
from all sets; `news` from cameo sentences of which some records are the coded event and some are not, by their structure alone;
`relevance` from whole reports. The first is calibrated on GOLD with two numbers (Platt 1999), fields by shares there.
`--readings` keeps what the reader made of the texts, some five minutes of CPU; the rest takes one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bench.articles import SCORER
from bench.calibration import Judged, judge_articles, platt
from bench.india import Crosswalk
from dateline.events.assemble import code_events
from dateline.events.opinions import HAND, hand_odds, words_of
from dateline.events.signs import signs_of, told_events
from dateline.ingest.read import read_report
from dateline.knowledge.load import Knowledge, load_knowledge
from dateline.knowledge.weighing import START
from dateline.language.models import Models, load_models
from dateline.language.reading import analyse
from dateline.mentions.quotations import find_quotations
from dateline.pipeline import find_mentions
from dateline.records import Document, EventMention, Mentions, Quotation, Report, Sentence

QUADS = {
    "AGREE": {1}, "CONSULT": {1}, "SUPPORT": {1}, "CONCEDE": {1, 2}, "COOPERATE": {1, 2}, "AID": {2}, "RETREAT": {2},
    "REQUEST": {0, 3}, "ACCUSE": {3}, "REJECT": {3}, "THREATEN": {3},
    "PROTEST": {4}, "SANCTION": {4}, "MOBILIZE": {4}, "COERCE": {4}, "ASSAULT": {4},
}  # fmt: skip
"""The classes of cameo_class that a record of a type may belong to: 0 statement, 1 and 2 verbal and material cooperation, 3 and 4
verbal and material conflict. CAMEO has neither our ELECTION nor our VOTE."""
NOT_NEWS = frozenset({"academic", "voyage", "textbook", "vlog", "conversation"})
FORCE = frozenset({"ASSAULT", "COERCE", "SANCTION"})
SPORT = frozenset(
    {
        "match", "matches", "goal", "goals", "league", "coach", "cup", "team", "teams", "player", "players",
        "tournament", "championship", "scored", "striker", "midfielder", "defender", "season", "football", "soccer", "cricket",
        "rugby", "tennis", "basketball", "athletes", "final", "semifinal", "innings", "batsman", "bowler", "medal",
    }
)  # fmt: skip
SPORTING = 0.05
"""Share of a page's words that are words of sport from which it is a sport page."""
LESSONS = {"cameo": 1.0, "india": 1.0, "gum": 1.0, "sport": 1.0, "muc": 0.1, "gva": 0.1, "satp": 0.05}
"""How much a record of each set counts: the last three say that nearly everything told there is of the kind, right or not."""
LIMITS = {"india": 450, "muc": 300, "gva": 250, "satp": 500, "pages": 373}
SPARSE, DENSE = 0.08, 0.35
"""Records a sentence up to which a page is none of ours, and from which it is."""
RAREST = 4
"""A sign seen in fewer records is left out."""
STRENGTH = {"right": 0.01, "news": 0.03, "relevance": 4.0}
"""scikit-learn's C."""
WORDS = re.compile(r"^(?:sentence has|near|entry|word|sense|quality|below word) | by ")
"""Signs that name words, which `news` does not look at: too few sentences, and what is news is no matter of words."""
Floats = NDArray[np.float64]
Row = TypeVar("Row")


@dataclass(frozen=True)
class Text:
    """A text of a set: its name there, what is to be read, and what the set says of it."""

    set: str
    report: Report
    gold: Any


@dataclass(frozen=True)
class Reading:
    """A text read: what the tables of events do not change, so that it can be kept."""

    set: str
    document: Document
    sentences: tuple[Sentence, ...]
    mentions: Mentions
    quotations: tuple[Quotation, ...]
    gold: Any


@dataclass(frozen=True)
class Lesson:
    """A record to learn from: its signs, the log-odds of its hand weight, whether it is right, how much that counts.

    `text` numbers the reports, so that a sentence of cameo can be put together again.
    """

    set: str
    text: int
    signs: frozenset[str]
    hand: float
    is_right: bool
    weight: float


# ---------------------------------------------------------------- the sets


def read_rows(path: Path) -> list[dict[str, Any]]:
    written = path.read_bytes()
    text = (gzip.decompress(written) if path.suffix == ".gz" else written).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line]  # not splitlines: a text may hold U+2028


def find_texts(bench: Path) -> Iterator[Text]:
    """The texts of every set, set by set; of the large ones an even share."""
    for row in read_rows(bench / "event_coding" / "conflibert_cameo" / "data.jsonl"):
        if row["split"] == "train":
            yield _text("cameo", row["id"], row["text"], None, int(row["events"][0]["code"]))
    labels: dict[str, list[tuple[str, list[str]]]] = {}
    for row in read_rows(bench / "india_police_events" / "sents.train.jsonl"):
        labels.setdefault(row["doc_id"], []).append((row["text"], row["labels"]))
    for row in share(read_rows(bench / "india_police_events" / "docs.train.jsonl"), LIMITS["india"]):
        told = labels[row["doc_id"]]
        yield _text("india", row["doc_id"], "".join(words for words, _ in told), row["date"], told)
    for row in share(read_rows(bench / "muc4" / "train.jsonl"), LIMITS["muc"]):
        yield _text("muc", row["doc_id"], row["text"], None, row["gtt_templates"])
    shootings = [row for row in read_rows(bench / "gva_incidents" / "docs.train.jsonl.gz") if len(row["text"]) > 300]
    for row in share(shootings, LIMITS["gva"]):
        yield _text("gva", row["doc_id"], row["text"], row["dct"], None)
    for number, row in enumerate(share(read_rows(bench / "conflibert_tasks" / "satp_relevant.train.jsonl"), LIMITS["satp"])):
        yield _text("satp", str(number), row["text"], None, row["labels"])
    for name, words in gum_documents(bench / "ud-gum" / "en_gum-open-train.conllu.gz"):
        if name.split("_")[1] in NOT_NEWS:
            yield _text("gum", name, words, None, None)
    for name, words in share(list(newswire_pages(bench / "worldwide-newswire" / "train.jsonl.gz")), LIMITS["pages"]):
        tokens = [word.lower() for word in words.split() if word.isalpha()]
        kind = "sport" if sum(word in SPORT for word in tokens) >= SPORTING * len(tokens) else "pages"
        yield _text(kind, name, words, None, None)


def share(rows: Sequence[Row], most: int) -> list[Row]:
    """At most so many of the rows, evenly spread."""
    return list(rows) if len(rows) <= most else [rows[i * len(rows) // most] for i in range(most)]


def day_of(words: str | None) -> date | None:
    """The day that begins the words; none, or no words: None."""
    try:
        return date.fromisoformat((words or "")[:10])
    except ValueError:
        return None


def _text(name: str, id: str, words: str, day: str | None, gold: Any) -> Text:
    return Text(name, Report(f"{name} {id}", words.encode(), "text/plain", published=day_of(day)), gold)


def newswire_pages(path: Path) -> Iterator[tuple[str, str]]:
    """(name, text) of the pages of worldwide-newswire, a paragraph a sentence."""
    pages: dict[str, list[str]] = {}
    for row in read_rows(path):
        pages.setdefault(row["id"].split("#")[0], []).append(" ".join(row["tokens"]))
    yield from ((name, "\n\n".join(sentences)) for name, sentences in pages.items())


def gum_documents(path: Path) -> Iterator[tuple[str, str]]:
    """(name, text) of the documents of a treebank; the name has the genre after its first "_"."""
    documents: dict[str, list[str]] = {}
    name = ""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# newdoc id"):
                name = line.partition("=")[2].strip()
            elif line.startswith("# text ="):
                documents.setdefault(name, []).append(line.partition("=")[2].strip())
    yield from ((name, " ".join(sentences)) for name, sentences in documents.items())


def read_texts(texts: Iterator[Text], knowledge: Knowledge, models: Models) -> Iterator[Reading]:
    """Each text read by the stages that come before the events; those that cannot be read are passed over."""
    for text in texts:
        document, _ = read_report(text.report)
        if document is None:
            continue
        sentences = analyse(document, models)
        mentions = find_mentions(document, sentences, knowledge)
        quotations = find_quotations(document, sentences, mentions.actors, knowledge.cues)
        yield Reading(text.set, document, sentences, mentions, quotations, text.gold)


# ---------------------------------------------------------------- what each set says of a record


def code_by_hand_weights(reading: Reading, knowledge: Knowledge) -> tuple[EventMention, ...]:
    """The records as they are before anything learned: their confidence is the hand-given weight."""
    unlearned = replace(knowledge, weighing=None)
    return code_events(reading.document, reading.sentences, reading.mentions, reading.quotations, unlearned)


def lessons_of(readings: Sequence[Reading], knowledge: Knowledge) -> list[Lesson]:
    """Every record about which its set says something."""
    lessons = []
    judge: dict[str, Judge] = {
        "cameo": _judge_by_quad,
        "india": _IndiaJudge(Crosswalk.read()),
        "muc": _judge_by_fillers,
        "gva": _judge_as_force,
        "satp": _judge_as_force,
        "gum": _judge_as_wrong,
        "sport": _judge_as_wrong,
        "pages": lambda event, reading: None,
    }
    for number, reading in enumerate(readings):
        events = code_by_hand_weights(reading, knowledge)
        for event, told in zip(events, told_events(reading.document, reading.sentences, events), strict=True):
            is_right = judge[reading.set](event, reading) if told is not None else None
            if told is not None and is_right is not None:
                hand = hand_odds(event.confidence)
                lessons.append(Lesson(reading.set, number, signs_of(told), hand, is_right, LESSONS[reading.set]))
    return lessons


Judge = Callable[[EventMention, Reading], bool | None]
"""What a set says of a record: right, wrong, or nothing (None)."""


def _judge_by_quad(event: EventMention, reading: Reading) -> bool | None:
    """Right if the sentence's one class may be the record's; else it is wrong, or told beside the event that was coded."""
    return reading.gold in QUADS[event.type] if event.type in QUADS else None


@dataclass(frozen=True)
class _IndiaJudge:
    """Right if the record's sentence has the label the record gives it; wrong if the sentence tells nothing that police did."""

    crosswalk: Crosswalk

    def __call__(self, event: EventMention, reading: Reading) -> bool | None:
        given = self.crosswalk.labels_of(event, event.trigger.of(reading.document.text)) - {"ANY_ACTION"}
        at = reading.document.offsets.to_bytes(event.trigger) if given else None
        if at is None:
            return None
        end = 0
        for words, labels in reading.gold:
            end += len(words.encode())
            if at[0] < end:
                return True if given & set(labels) else None if labels else False
        return None


def _judge_by_fillers(event: EventMention, reading: Reading) -> bool | None:
    """Right if the record's sentence names a victim, target or attacker of the key; an attack in a text without a key is wrong."""
    if event.type != "ASSAULT":
        return None
    if not reading.gold:
        return False
    sentence = next((s for s in reading.sentences if s.span.contains(event.trigger)), None)
    words = " ".join(sentence.span.of(reading.document.text).lower().split()) if sentence else ""
    roles = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
    fillers = {mention for t in reading.gold for role in roles for entity in t[role] for mention, _ in entity}
    return True if any(f in words for f in fillers) else None


def _judge_as_force(event: EventMention, reading: Reading) -> bool | None:
    return True if event.type in FORCE else None


def _judge_as_wrong(event: EventMention, reading: Reading) -> bool | None:
    return False


# ---------------------------------------------------------------- learning


@dataclass(frozen=True)
class Fitted:
    """Weights of signs, of the hand weight, and the start."""

    weights: dict[str, float]
    hand: float
    start: float

    def odds(self, signs: Collection[str], hand: float) -> float:
        return self.start + self.hand * hand + sum(self.weights.get(sign, 0.0) for sign in signs)

    def all_odds(self, lessons: Sequence[Lesson]) -> Floats:
        return np.array([self.odds(lesson.signs, lesson.hand) for lesson in lessons])


def fit(lessons: Sequence[Lesson], strength: float, *, keep: Callable[[str], bool] = lambda sign: True) -> Fitted:
    """Logistic regression with L2 on the signs that are kept and seen often enough, and on the hand weight."""
    seen = Counter(sign for lesson in lessons for sign in lesson.signs if keep(sign))
    numbers = {sign: i + 1 for i, sign in enumerate(sorted(s for s, n in seen.items() if n >= RAREST))}
    cells = [(row, 0, lesson.hand) for row, lesson in enumerate(lessons)]
    cells += [(row, numbers[s], 1.0) for row, lesson in enumerate(lessons) for s in sorted(lesson.signs) if s in numbers]
    rows, columns, values = zip(*cells, strict=True)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(lessons), len(numbers) + 1))
    learner = LogisticRegression(C=strength, max_iter=1000, tol=1e-6)
    learner.fit(matrix, [lesson.is_right for lesson in lessons], sample_weight=[lesson.weight for lesson in lessons])
    learned = learner.coef_[0]
    return Fitted({sign: float(learned[i]) for sign, i in numbers.items()}, float(learned[0]), float(learner.intercept_[0]))


def contrasts(lessons: Sequence[Lesson]) -> list[Lesson]:
    """The records of cameo sentences of which some are of the sentence's class and some are not.

    Their hand weight is left out: it says nothing about what is news.
    """
    sides: dict[int, set[bool]] = {}
    for lesson in lessons:
        if lesson.set == "cameo":
            sides.setdefault(lesson.text, set()).add(lesson.is_right)
    return [replace(lesson, hand=0.0) for lesson in lessons if len(sides.get(lesson.text, ())) == 2]


def fit_relevance(readings: Sequence[Reading], knowledge: Knowledge) -> Fitted:
    """Reports of politics and conflict against texts that are no such reports, by their words.

    Pages of newswire are of the first kind where a third of the sentences give a record, of the second where hardly one does; the
    others are left out. Pages and genres count fully, the sets of one kind of report little. The start is put half way between
    the two kinds of pages.
    """
    found: list[tuple[dict[str, float], bool, float, bool]] = []
    for reading in readings:
        words, is_page = words_of(reading.sentences), reading.set == "pages"
        if not words:
            continue
        if is_page:
            density = len(code_by_hand_weights(reading, knowledge)) / len(reading.sentences)
            if not SPARSE < density < DENSE:
                found.append((words, density >= DENSE, 1.0, True))
        else:
            is_other = reading.set in {"gum", "sport"}
            found.append((words, not is_other, 1.0 if is_other else 0.1, False))
    seen = Counter(word for words, *_ in found for word in words)
    numbers = {word: i for i, word in enumerate(sorted(w for w, n in seen.items() if n >= RAREST))}
    cells = [(row, numbers[w], s) for row, (words, *_) in enumerate(found) for w, s in words.items() if w in numbers]
    rows, columns, values = zip(*cells, strict=True)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(found), len(numbers)))
    labels = np.array([label for _, label, *_ in found])
    learner = LogisticRegression(C=STRENGTH["relevance"], max_iter=1000, class_weight="balanced")
    learner.fit(matrix, labels, sample_weight=[weight for *_, weight, _ in found])
    odds, pages = learner.decision_function(matrix), np.array([is_page for *_, is_page in found])
    middle = (float(odds[pages & labels].mean()) + float(odds[pages & ~labels].mean())) / 2
    yes, no = int((pages & labels).sum()), int((pages & ~labels).sum())
    print(f"relevance: {yes} pages that are, {no} that are not, {len(numbers)} words")
    weights = {word: float(learner.coef_[0][i]) for word, i in numbers.items()}
    return Fitted(weights, 0.0, float(learner.intercept_[0]) - middle)


# ---------------------------------------------------------------- calibration


def field_shares(judged: Sequence[Judged]) -> dict[str, float]:
    """Of the values that came about in each way, the share that is right, drawn towards the mean as if three more had been seen."""
    outcomes: dict[str, list[bool]] = {}
    for record in judged:
        for sign, right in record.fields:
            outcomes.setdefault(sign, []).append(right)
    mean = sum(map(sum, outcomes.values())) / sum(map(len, outcomes.values()))
    return {sign: round((sum(found) + 3 * mean) / (len(found) + 3), 3) for sign, found in sorted(outcomes.items())}


# ---------------------------------------------------------------- the command


def written(fitted: Fitted, slope: float, shift: float, *, least: float) -> dict[str, float]:
    """The table as the file holds it: scaled, rounded, without what weighs next to nothing."""
    table = {sign: round(slope * weight, 3) for sign, weight in fitted.weights.items() if abs(slope * weight) >= least}
    return {START: round(slope * fitted.start + shift, 3), **table}


def report_by_set(lessons: Sequence[Lesson]) -> None:
    """How well the records of each set are told apart by what the other sets teach, and by the hand weight."""
    for name in ("cameo", "india", "gum", "sport"):
        others = fit([lesson for lesson in lessons if lesson.set != name], STRENGTH["right"])
        held = [lesson for lesson in lessons if lesson.set == name]
        right, odds = [lesson.is_right for lesson in held], others.all_odds(held)
        told = f"{name:6} {len(held):5} records, {sum(right)} right: "
        if len(set(right)) == 2:
            hand = roc_auc_score(right, [lesson.hand for lesson in held])
            print(f"{told}AUC {roc_auc_score(right, odds):.3f} from the other sets, {hand:.3f} by hand")
        else:
            print(f"{told}mean log-odds {float(odds.mean()):+.2f} from the other sets")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets")
    parser.add_argument(
        "--gold", type=Path, required=True, help=f"folder of articles coded by hand, with {SCORER}: for calibration"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--readings", type=Path, help="keep what was read there, and take it from there when it exists")
    options = parser.parse_args(argv)
    knowledge, models = load_knowledge(), load_models()
    if options.readings and options.readings.exists():
        readings: list[Reading] = pickle.loads(options.readings.read_bytes())
    else:
        readings = list(read_texts(find_texts(options.data), knowledge, models))
        if options.readings:
            options.readings.parent.mkdir(parents=True, exist_ok=True)
            options.readings.write_bytes(pickle.dumps(readings))
    print("texts", dict(Counter(r.set for r in readings)))
    lessons = lessons_of(readings, knowledge)
    print("records", dict(Counter(lesson.set for lesson in lessons)))
    report_by_set(lessons)
    right = fit(lessons, STRENGTH["right"])
    contrast = contrasts(lessons)
    news = fit(contrast, STRENGTH["news"], keep=lambda sign: WORDS.search(sign) is None)
    print(f"news: {len(contrast)} records of sentences where some are the coded event, {sum(c.is_right for c in contrast)} are")
    relevance = fit_relevance(readings, knowledge)
    judged = [record for article in judge_articles(options.gold, knowledge, models) for record in article.records]
    odds = np.array([right.odds(j.signs, j.hand) for j in judged])
    slope, shift = platt(odds, [j.is_right for j in judged])
    print(f"calibrated on {len(judged)} records of whole articles: slope {slope:.2f}, shift {shift:+.2f}")
    weights = {
        "right": written(right, slope, shift, least=0.004),
        "news": written(news, 1.0, 0.0, least=0.004),
        "relevance": written(relevance, 1.0, 0.0, least=0.05),
        "fields": field_shares(judged),
        "hand": round(slope * right.hand, 4),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(weights, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{options.out}: {options.out.stat().st_size / 1e3:.0f} kB; {HAND} weighs {weights['hand']}; fields {weights['fields']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
