"""Predicates, their senses and their arguments: PropBank on web text, or question-answer roles of event nouns.

    python -m bench roles --data DIR [--split dev] [--treebank DIR] [--json]

DIR is propbank-ewt or qanom, told apart by what the rows of SPLIT.jsonl.gz hold. Words are the data's own in both.

propbank-ewt: an argument is right when predicate, label and both outer words are. `f1` has the predicates given; `f1_predicted`
has those the model finds, and its arguments of words that are none count as wrong. Auxiliaries (upos AUX) are annotated in the
data but are no predicates here: arguments there are not asked for, and a predicate read there counts neither as right nor as
wrong. C-V, a far part of the predicate itself, is no argument. Heads of arguments are compared where the treebank of the same
sentences (`--treebank`, else ud-ewt beside DIR) is at hand. A sense is right when the roleset is; beside it stands what a
guesser gets who always takes the lowest number of the frame word, among the rolesets in DIR's files.

qanom: of the nouns that annotators judged (`verbEntries` and `nonPredicates`) those read as predicates are compared with those
judged to be events (`f1_nouns`). With the event nouns given, a span we label as an argument is right when it pairs with an
answer to a question about the noun: intersection over union of at least .3, one to one, as many pairs as there can be (after
Roit et al. 2020); `f1_exact` asks for the same words. Labels that no question asks for are left out (UNASKED, R-, C-V).
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.syntax import Tally, find_treebank
from dateline.language.models import SHIPPED, Models, load_models
from dateline.language.reading import Unread, read_words
from dateline.records import Sentence, Span

CLASSES = {"VERB": "verbs", "NOUN": "nouns", "ADJ": "adjectives"}
UNASKED = frozenset({"ARGM-NEG", "ARGM-MOD", "ARGM-DIS", "ARGM-LVB", "ARGM-PRR", "ARGM-CXN"})
"""Labels of negation, modals, connectives and light verbs: QA-SRL's questions carry these in their own wording."""
OVERLAP = 0.3
"""Intersection over union from which two spans count as the same argument."""


# ---------------------------------------------------------------- what is compared


@dataclass(frozen=True)
class Argument:
    """One argument: words `first` to `last`, both inside; `head` None where nobody says which of them it is."""

    label: str
    first: int
    last: int
    head: int | None = None


@dataclass(frozen=True)
class Frame:
    """A predicate with its arguments, ours or the annotators'; `roleset` None: no sense is given."""

    token: int
    roleset: str | None
    arguments: tuple[Argument, ...]


@dataclass(frozen=True)
class PropbankRow:
    """A sentence with its predicates; `auxiliaries` are the words annotated as predicates whose part of speech is AUX.

    `has_heads`: the treebank has the sentence, and every argument its head.
    """

    words: tuple[str, ...]
    upos: tuple[str, ...]
    frames: tuple[Frame, ...]
    auxiliaries: frozenset[int]
    has_heads: bool = False


@dataclass(frozen=True)
class QanomRow:
    """A sentence with the nouns that were judged, those judged to be events, and each event's answers (labels empty)."""

    words: tuple[str, ...]
    candidates: frozenset[int]
    frames: tuple[Frame, ...]


# ---------------------------------------------------------------- the data


def read_rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def propbank_row(row: dict[str, Any], heads: Sequence[int] | None) -> PropbankRow:
    """`heads` has the number of each word's head (-1 for a root), None where there is no treebank."""
    frames = tuple(
        Frame(
            p["i"],
            p["roleset"],
            tuple(
                Argument(label, first, last, span_head(first, last, heads) if heads else None)
                for first, last, label in p["args"]
                if label != "C-V"
            ),
        )
        for p in row["preds"]
        if p["upos"] != "AUX"
    )
    auxiliaries = frozenset(p["i"] for p in row["preds"] if p["upos"] == "AUX")
    return PropbankRow(tuple(row["tokens"]), tuple(row["upos"]), frames, auxiliaries, heads is not None)


def qanom_row(row: dict[str, Any]) -> QanomRow:
    """Answers that were judged valid; QA-SRL's spans end before their second number, ours with it."""
    frames = tuple(
        Frame(
            entry["verbIndex"],
            None,
            tuple(
                Argument("", first, end - 1)
                for question in entry["questionLabels"].values()
                for answer in question["answerJudgments"]
                if answer["isValid"]
                for first, end in answer["spans"]
            ),
        )
        for entry in row["verbEntries"].values()
    )
    judged = frozenset(map(int, row["nonPredicates"])) | {f.token for f in frames}
    return QanomRow(tuple(row["sentenceTokens"]), judged, frames)


def span_head(first: int, last: int, heads: Sequence[int]) -> int:
    """The word of the span whose head lies outside it; of several the one with most of the span below it, then the first."""
    inside = range(first, last + 1)

    def top(word: int) -> int:
        while first <= heads[word] <= last:
            word = heads[word]
        return word

    below = [top(word) for word in inside]
    return max(inside, key=lambda word: (below.count(word), -word))


def read_heads(treebank: Path, split: str) -> dict[str, list[int]]:
    """The head of each word of each sentence by the sentence's id, -1 for a root. A folder that is not there: an empty dict."""
    if not treebank.is_dir():
        return {}
    found: dict[str, list[int]] = {}
    with gzip.open(find_treebank(treebank, split), "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# sent_id"):
                heads = found.setdefault(line.partition("=")[2].strip(), [])
            elif line[:1].isdigit() and (cells := line.split("\t"))[0].isdigit():
                heads.append(int(cells[6]) - 1)
    return found


# ---------------------------------------------------------------- our reading


def read_frames(
    sentences: Sequence[Sequence[str]], models: Models, predicates: Sequence[Collection[int]] | None = None
) -> list[tuple[Frame, ...]]:
    """The predicates of each sentence, in order; with `predicates` those words are read as such and no others come back."""
    found = [frames_of(s) for s in read_given(sentences, models, predicates)]
    if predicates is None:
        return found
    return [tuple(f for f in own if f.token in given) for own, given in zip(found, predicates, strict=True)]


def read_given(
    sentences: Sequence[Sequence[str]], models: Models, predicates: Sequence[Collection[int]] | None = None
) -> tuple[Sentence, ...]:
    """Sentences of given words, read; their offsets are those of all the words with a space after each."""
    unread, at = [], 0
    for words in sentences:
        spans = []
        for word in words:
            spans.append(Span(at, at + len(word)))
            at += len(word) + 1
        unread.append(Unread(0, Span(spans[0].start, spans[-1].end), tuple(spans)))
    text = " ".join(word for words in sentences for word in words)
    return read_words(text, unread, models, predicates=predicates)


def frames_of(sentence: Sentence) -> tuple[Frame, ...]:
    return tuple(
        Frame(p.token, p.roleset, tuple(Argument(r.label, r.first, r.last, r.token) for r in p.roles)) for p in sentence.predicates
    )


# ---------------------------------------------------------------- the measures on PropBank


def common(ours: Collection[object], gold: Collection[object]) -> Tally:
    return Tally(len(set(ours) & set(gold)), len(set(ours)), len(set(gold)))


def tally_arguments(ours: Sequence[Frame], row: PropbankRow) -> dict[str, Tally]:
    """Tallies of one sentence: "" (label and span), the classes of the predicate, "unlabelled", "heads", and each label."""
    gold, mine = spans_of(row.frames), spans_of(f for f in ours if f.token not in row.auxiliaries)
    tallies = {"": common(mine, gold)}
    for upos, name in CLASSES.items():
        tallies[name] = common([s for s in mine if row.upos[s[0]] == upos], [s for s in gold if row.upos[s[0]] == upos])
    tallies["unlabelled"] = common([(s[0], *s[2:]) for s in mine], [(s[0], *s[2:]) for s in gold])
    if row.has_heads:
        tallies["heads"] = common(heads_of(f for f in ours if f.token not in row.auxiliaries), heads_of(row.frames))
    for label in {s[1] for s in mine | gold}:
        tallies[label] = common([s for s in mine if s[1] == label], [s for s in gold if s[1] == label])
    return tallies


def spans_of(frames: Iterable[Frame]) -> set[tuple[int, str, int, int]]:
    return {(f.token, a.label, a.first, a.last) for f in frames for a in f.arguments if a.label != "C-V"}


def heads_of(frames: Iterable[Frame]) -> set[tuple[int, str, int | None]]:
    return {(f.token, a.label, a.head) for f in frames for a in f.arguments if a.label != "C-V"}


def tally_predicates(ours: Sequence[Frame], row: PropbankRow) -> dict[str, Tally]:
    """Words read as predicates against those annotated, "" and by part of speech; auxiliaries are on neither side."""
    mine, gold = {f.token for f in ours} - row.auxiliaries, {f.token for f in row.frames}
    tallies = {"": common(mine, gold)}
    for upos, name in CLASSES.items():
        tallies[name] = common([t for t in mine if row.upos[t] == upos], [t for t in gold if row.upos[t] == upos])
    return tallies


def tally_rolesets(ours: Sequence[Frame], row: PropbankRow) -> dict[str, Tally]:
    """Senses of the annotated predicates, "" and by part of speech; predicted and gold are both their number."""
    sense_of = {f.token: f.roleset for f in ours}
    tallies = {}
    for name, frames in [("", row.frames)] + [
        (name, tuple(f for f in row.frames if row.upos[f.token] == upos)) for upos, name in CLASSES.items()
    ]:
        tallies[name] = Tally(sum(sense_of.get(f.token) == f.roleset for f in frames), len(frames), len(frames))
    return tallies


def lowest_senses(rolesets: Iterable[str]) -> dict[str, str]:
    """The roleset with the lowest number of each frame word ("take_off" -> "take_off.07"); light verbs ("have.LV") come last."""

    def rank(roleset: str) -> tuple[bool, int, str]:
        number = roleset.rpartition(".")[2]
        return (False, int(number), "") if number.isdigit() else (True, 0, number)

    found: dict[str, str] = {}
    for roleset in rolesets:
        word = roleset.rpartition(".")[0]
        found[word] = min(found.get(word, roleset), roleset, key=rank)
    return found


def guess_lowest(row: PropbankRow, lowest: dict[str, str]) -> tuple[Frame, ...]:
    """The annotated predicates with the lowest sense of their frame word: what ours is to be better than."""
    return tuple(Frame(f.token, lowest.get((f.roleset or "").rpartition(".")[0]), ()) for f in row.frames)


def total(tallies: Iterable[dict[str, Tally]]) -> dict[str, Tally]:
    """The tallies of all sentences added up, name by name."""
    totals: dict[str, Tally] = defaultdict(Tally)
    for own in tallies:
        for name, tally in own.items():
            totals[name] += tally
    return dict(totals)


# ---------------------------------------------------------------- the measures on QANom


def tally_events(ours: Sequence[Frame], row: QanomRow) -> Tally:
    """Nouns read as predicates against those judged to be events, among the nouns that were judged."""
    return common({f.token for f in ours} & row.candidates, {f.token for f in row.frames})


def tally_answers(ours: Sequence[Frame], row: QanomRow, matches: Callable[[Argument, Argument], bool]) -> Tally:
    """Our arguments of the events against the answers, paired one to one within each event."""
    arguments_of = {f.token: [a for a in f.arguments if is_asked(a.label)] for f in ours}
    tally = Tally()
    for frame in row.frames:
        mine = arguments_of.get(frame.token, [])
        tally += Tally(count_pairs(mine, frame.arguments, matches), len(mine), len(frame.arguments))
    return tally


def is_asked(label: str) -> bool:
    return label not in UNASKED and not label.startswith("R-") and label != "C-V"


def overlap_enough(a: Argument, b: Argument) -> bool:
    shared = min(a.last, b.last) - max(a.first, b.first) + 1
    covered = (a.last - a.first + 1) + (b.last - b.first + 1) - shared
    return shared > 0 and shared / covered >= OVERLAP


def same_words(a: Argument, b: Argument) -> bool:
    return (a.first, a.last) == (b.first, b.last)


def count_pairs(ours: Sequence[Argument], gold: Sequence[Argument], matches: Callable[[Argument, Argument], bool]) -> int:
    """The most pairs of matching arguments that can stand side by side, each argument in one pair (augmenting paths)."""
    partner: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j, answer in enumerate(gold):
            if j not in tried and matches(ours[i], answer):
                tried.add(j)
                if j not in partner or place(partner[j], tried):
                    partner[j] = i
                    return True
        return False

    return sum(place(i, set()) for i in range(len(ours)))


# ---------------------------------------------------------------- the command


def measure_propbank(rows: Sequence[PropbankRow], models: Models, rolesets: Iterable[str]) -> dict[str, float]:
    """Reads every sentence twice, with its predicates given and without; prints the tables and hands back the figures."""
    words = [r.words for r in rows]
    given = read_frames(words, models, [[f.token for f in r.frames] for r in rows])
    found = read_frames(words, models)
    arguments = total(tally_arguments(f, r) for f, r in zip(given, rows, strict=True))
    predicted = total(tally_arguments(f, r) for f, r in zip(found, rows, strict=True))
    predicates = total(tally_predicates(f, r) for f, r in zip(found, rows, strict=True))
    senses = total(tally_rolesets(f, r) for f, r in zip(given, rows, strict=True))
    lowest = lowest_senses(rolesets)
    guessed = total(tally_rolesets(guess_lowest(r, lowest), r) for r in rows)
    print_propbank(arguments, predicted, predicates, senses, guessed)
    figures = {
        suffixed("f1", name): arguments[name].f1 for name in ("", *CLASSES.values(), "unlabelled", "heads") if name in arguments
    }
    figures["f1_predicted"] = predicted[""].f1
    figures |= {suffixed("predicate_f1", name): predicates[name].f1 for name in ("", *CLASSES.values())}
    figures |= {suffixed("roleset", name): senses[name].f1 for name in ("", *CLASSES.values())}
    return figures | {suffixed("lowest_sense", name): guessed[name].f1 for name in ("", *CLASSES.values())}


def suffixed(key: str, name: str) -> str:
    return f"{key}_{name}" if name else key


def print_propbank(
    arguments: dict[str, Tally],
    predicted: dict[str, Tally],
    predicates: dict[str, Tally],
    senses: dict[str, Tally],
    guessed: dict[str, Tally],
) -> None:
    special = ["", *CLASSES.values(), "unlabelled", "heads"]
    print(f"{'arguments':14}{'F1':>7}{'found':>7}{'gold':>7}   F1: predicates given; found: predicates found by the model")
    for name in [n for n in special if n in arguments] + sorted(set(arguments) - set(special)):
        own = arguments[name]
        print(f"{name or 'all':14}{own.f1:7.3f}{predicted.get(name, Tally()).f1:7.3f}{own.gold:7}")
    print(f"\n{'predicates':14}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}{'sense':>8}{'lowest':>8}")
    for name in ("", *CLASSES.values()):
        own = predicates[name]
        print(
            f"{name or 'all':14}{precision(own):7.3f}{recall(own):7.3f}{own.f1:7.3f}{own.gold:7}"
            f"{senses[name].f1:8.3f}{guessed[name].f1:8.3f}"
        )


def precision(tally: Tally) -> float:
    return tally.right / tally.predicted if tally.predicted else 0.0


def recall(tally: Tally) -> float:
    return tally.right / tally.gold if tally.gold else 0.0


def measure_qanom(rows: Sequence[QanomRow], models: Models) -> dict[str, float]:
    """Reads every sentence twice, with its event nouns given and without; prints the table and hands back the figures."""
    words = [r.words for r in rows]
    found = read_frames(words, models)
    given = read_frames(words, models, [[f.token for f in r.frames] for r in rows])
    events = sum((tally_events(f, r) for f, r in zip(found, rows, strict=True)), Tally())
    loose = sum((tally_answers(f, r, overlap_enough) for f, r in zip(given, rows, strict=True)), Tally())
    exact = sum((tally_answers(f, r, same_words) for f, r in zip(given, rows, strict=True)), Tally())
    print(f"{'':24}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}")
    for name, tally in (("event nouns", events), ("arguments, IoU >= .3", loose), ("arguments, same words", exact)):
        print(f"{name:24}{precision(tally):7.3f}{recall(tally):7.3f}{tally.f1:7.3f}{tally.gold:7}")
    return {
        "f1": loose.f1,
        "f1_nouns": events.f1,
        "f1_exact": exact.f1,
        "predicate_precision": precision(events),
        "predicate_recall": recall(events),
    }


def main(argv: list[str]) -> int:
    """Prints the tables, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench roles", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="propbank-ewt or qanom")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--treebank", type=Path, help="ud-ewt, for the heads of arguments (default: beside the data)")
    parser.add_argument("--limit", type=int, help="only so many sentences, spread over the file")
    parser.add_argument("--model", type=Path, default=SHIPPED, help="a folder of other weights than those shipped")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    data: Path = options.data
    raw = thin_out(read_rows(data / f"{options.split}.jsonl.gz"), options.limit)
    models = load_models(options.model)
    began = time.process_time()
    if "preds" in raw[0]:
        heads = read_heads(options.treebank or data.resolve().parent / "ud-ewt", options.split)
        rolesets = (p["roleset"] for path in data.glob("*.jsonl.gz") for r in read_rows(path) for p in r["preds"])
        figures = measure_propbank([propbank_row(r, heads.get(r["id"])) for r in raw], models, rolesets)
    else:
        figures = measure_qanom([qanom_row(r) for r in raw], models)
    seconds = time.process_time() - began
    print(f"{len(raw)} sentences, {seconds:.0f} s CPU")
    if options.json:
        head = {"name": "roles", "split": options.split, "n": len(raw), "seconds_cpu": round(seconds, 1), "version": models.version}
        print(json.dumps(head | {key: round(value, 4) for key, value in figures.items()}))
    return 0


def thin_out(rows: list[dict[str, Any]], limit: int | None) -> list[dict[str, Any]]:
    """Every n-th row, so that at most `limit` are left; None: all of them."""
    return rows[:: -(-len(rows) // limit)] if limit else rows
