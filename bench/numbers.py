"""Quantities with their bounds in single news sentences, measured as in NewsQuant (CQE, EMNLP 2023).

    python -m bench numbers --data DIR [--split dev] [--json] [-v]

DIR holds SPLIT.jsonl.gz and score_numbers.py, which defines the metric. Our bounds are turned into the set's notation: the
figure as written with ~ > < or =; plural scales become its ranges ("thousands" is 1,000 to 10,000 there); "several" and "a few" it
leaves out, and ordinals. Amounts behind a verb or sign of change are up or down there, single levels too ("fell to 49"), unless
"more than" stands with them; "from 3 to 5" is one range.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.time import load_scorer
from dateline.knowledge.quantities import CueKind, QuantityKnowledge, load_quantities
from dateline.language.models import Models, load_models
from dateline.language.reading import analyse
from dateline.mentions.figures import Figure, find_figures
from dateline.mentions.quantities import find_quantities
from dateline.records import Block, ChangePart, Document, Exactness, OffsetMap, Quantity, Sentence, Span

SIGNS = {
    Exactness.ABOUT: "~",
    Exactness.ALMOST: "~",
    Exactness.MORE_THAN: ">",
    Exactness.AT_LEAST: ">",
    Exactness.LESS_THAN: "<",
    Exactness.AT_MOST: "<",
}
Value = float | tuple[float, float]


def make_reader(models: Models, knowledge: QuantityKnowledge) -> Callable[[str], list[tuple[Value, str]]]:
    """A function from a sentence to its quantities in the set's notation."""

    def read(text: str) -> list[tuple[Value, str]]:
        document, sentences = read_sentence(text, models)
        return as_noted(text, find_quantities(document, sentences, knowledge), knowledge)

    return read


def read_sentence(text: str, models: Models) -> tuple[Document, tuple[Sentence, ...]]:
    """A text of the set as a document, with what the language model reads in it."""
    document = Document("sentence", "sentence", "", text, (Block(Span(0, len(text))),), OffsetMap())
    return document, analyse(document, models)


def sentences_per_second(texts: Sequence[str], models: Models, knowledge: QuantityKnowledge) -> float:
    """Sentences a CPU second for the quantities alone, beyond what the language model takes."""
    read = [read_sentence(text, models) for text in texts]
    began = time.process_time()
    for document, sentences in read:
        find_quantities(document, sentences, knowledge)
    return sum(len(sentences) for _, sentences in read) / (time.process_time() - began)


def as_noted(text: str, quantities: Sequence[Quantity], knowledge: QuantityKnowledge) -> list[tuple[Value, str]]:
    """The quantities of a sentence in the set's notation, without the kinds it leaves out."""
    figures = list(find_figures(text, Span(0, len(text)), knowledge))
    noted: list[tuple[Value, str]] = []
    for quantity in quantities:
        value = _value(quantity, figures, knowledge)
        levels = _levels(quantity, quantities)
        if value is None or (len(levels) > 1 and quantity is levels[-1]):
            continue
        if len(levels) > 1:
            following = _value(levels[levels.index(quantity) + 1], figures, knowledge)
            noted += [((value, following), "=")] if isinstance(value, float) and isinstance(following, float) else []
        else:
            noted.append((value, _sign(quantity, quantities, text, knowledge)))
    return noted


def _levels(quantity: Quantity, quantities: Sequence[Quantity]) -> list[Quantity]:
    """The levels of one movement in their order, "from" first; for a figure that is no such level, or the only one: empty."""
    change = quantity.change
    if change is None or change.part is ChangePart.AMOUNT:
        return []
    same = [
        (q.change.part is ChangePart.TO, q.figure, q)
        for q in quantities
        if q.change and q.change.cue == change.cue and q.figure.start >= change.cue.start
    ]
    levels = [q for _, _, q in sorted(same, key=lambda x: x[:2]) if q.change and q.change.part is not ChangePart.AMOUNT]
    is_move = bool(levels) and levels[0].change is not None and levels[0].change.part is ChangePart.FROM
    return levels if is_move and quantity in levels else []


def _value(quantity: Quantity, figures: Sequence[Figure], knowledge: QuantityKnowledge) -> Value | None:
    figure = next((f for f in figures if quantity.figure.contains(f.span)), None)
    low, high = (figure.low, figure.high) if figure else (quantity.low, quantity.high)
    if quantity.is_ordinal or low is None or high is None or (figure and figure.words in knowledge.vague):
        return None
    if figure is not None and figure.words.split()[0] in knowledge.plural_scales:
        low, high = low / 2, high + 1
    return low if low == high else (low, high)


def _sign(quantity: Quantity, quantities: Sequence[Quantity], text: str, knowledge: QuantityKnowledge) -> str:
    bound, change = SIGNS.get(quantity.exactness, "="), quantity.change
    if change is None or bound == ">":
        return bound
    word = " ".join(change.cue.of(text).lower().split())
    senses = knowledge.changes.cues.get(word, ())
    is_verbal = not senses or any(s.kind in {CueKind.VERB, CueKind.PARTICLE} for s in senses)
    is_noun = text[change.cue.end : quantity.figure.start].lstrip().startswith("of ")
    leads = is_verbal and not is_noun and change.cue.start <= quantity.figure.start
    is_alone = not any(q.change and q.change.cue == change.cue and q.figure != quantity.figure for q in quantities)
    if leads and (change.part is ChangePart.AMOUNT or (change.part is ChangePart.TO and is_alone)):
        return change.direction.value
    return bound


def main(argv: list[str]) -> int:
    """Prints the table, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench numbers", description="NewsQuant's measures from raw sentences.")
    parser.add_argument("--data", type=Path, required=True, help="folder with SPLIT.jsonl.gz and score_numbers.py")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true", help="list what differs from the gold")
    options = parser.parse_args(argv)
    scorer = load_scorer(options.data / "score_numbers.py")
    rows = scorer.read(options.data / f"{options.split}.jsonl.gz")
    models = load_models()
    knowledge = load_quantities()
    read = make_reader(models, knowledge)
    began = time.process_time()
    figures = scorer.score(rows, read, True)
    seconds = time.process_time() - began
    print(f"numbers {options.split}: {figures['gold']} gold, {figures['sys']} predicted, {seconds:.1f} s CPU")
    for measure in ("value", "value+change"):
        precision, recall, f1 = figures[f"{measure} PRF"]
        print(f"{measure:13} precision {precision:5.1f}  recall {recall:5.1f}  F1 {f1:5.1f}")
    speed = sentences_per_second([row["text"] for row in rows], models, knowledge)
    print(f"{speed:,.0f} sentences a CPU second beyond the language model")
    if options.verbose:
        for row in rows:
            gold, ours = [(scorer.gold_value(q["value"]), q["change"]) for q in row["quantities"]], read(row["text"])
            if sorted(map(str, gold)) != sorted(map(str, ours)):
                print(f"{row['text']}\n    gold {gold}\n    ours {ours}")
    if options.json:
        head = {"name": "numbers", "split": options.split, "n": figures["gold"], "seconds_cpu": round(seconds, 2)}
        scores = {"value_f1": figures["value PRF"][2], "value_change_f1": figures["value+change PRF"][2]}
        rate = {"sentences_per_s": round(speed)}
        print(json.dumps(head | {"version": models.version} | {k: round(v / 100, 4) for k, v in scores.items()} | rate))
    return 0
