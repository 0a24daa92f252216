"""How wide the lexicon is, and how much of it is shown: senses, those with examples, and the most frequent ones in given texts.

    python -m bench lexicon [--data FILE ...] [--limit 2000] [--uses FILE] [--missing TYPE] [--json]

A sense is a word or phrase of an entry, with the entry's constraints: "round up" of coerce.arrest. It is shown by an example when
the entry matches exactly these words there, and bounded by a near miss when one of the entry's near misses holds its head word.
With --data (texts, one JSON object a line with `text`) the senses are ordered by how often they match; the issue asks for three
examples and two near misses of each of the 300 most frequent, and one example of any other. --missing lists the senses of a type
that lack them, the most frequent first. Examples that fail their test count as well: tests/knowledge says which those are.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dateline import __version__
from dateline.events.triggers import Trigger, find_triggers, settings
from dateline.ingest.read import read_report
from dateline.knowledge.lexicon import Entry, Lexicon, head_of, spell_out
from dateline.knowledge.load import Knowledge, load_knowledge
from dateline.language.models import Models, load_models
from dateline.language.reading import analyse
from dateline.mentions.quotations import find_quotations
from dateline.pipeline import find_mentions
from dateline.records import Report

FREQUENT, EXAMPLES, NEAR_MISSES = 300, 3, 2
"""How many senses count as frequent, and what each of them needs."""

DAY = date(2024, 5, 15)

Sense = tuple[str, str, str]
"""Entry, part of speech, words."""


@dataclass(frozen=True)
class Coverage:
    """For every sense how many examples show it, how many near misses bound it, how often the texts have it."""

    examples: dict[Sense, int]
    near_misses: dict[Sense, int]
    uses: Counter[Sense]

    def frequent(self) -> list[Sense]:
        """The most frequent senses, most frequent first; without texts none."""
        return [sense for sense, _ in self.uses.most_common(FREQUENT)]

    def is_shown(self, sense: Sense, *, is_frequent: bool) -> bool:
        wanted, bounds = (EXAMPLES, NEAR_MISSES) if is_frequent else (1, 0)
        return self.examples[sense] >= wanted and self.near_misses[sense] >= bounds


def senses_of(entry: Entry) -> Iterator[tuple[Sense, tuple[str, ...]]]:
    """Each sense of an entry, with its words."""
    for part, phrases in (("verb", entry.verbs), ("noun", entry.nouns), ("adjective", entry.adjectives)):
        for phrase in phrases:
            yield (entry.id, part, " ".join(phrase)), phrase


def cover(lexicon: Lexicon, uses: Counter[Sense], knowledge: Knowledge, models: Models) -> Coverage:
    """Reads every example and near miss once."""
    all_senses = dict(pair for entry in lexicon.entries for pair in senses_of(entry))
    examples, near_misses = dict.fromkeys(all_senses, 0), dict.fromkeys(all_senses, 0)
    for entry in lexicon.entries:
        shown = [e.text for example in entry.examples for e in example.spelt_out()]
        for text in shown:
            for sense in {s for s in matched(text, knowledge, models) if s[0] == entry.id}:
                examples[sense] += 1
        misses = [t for text in entry.near_misses for t, _ in spell_out(text)]
        for sense, phrase in senses_of(entry):
            near_misses[sense] = sum(_holds(text, phrase[head_of(phrase, sense[1])]) for text in misses)
    return Coverage(examples, near_misses, Counter({s: n for s, n in uses.items() if s in all_senses}))


def count_uses(texts: Iterable[str], kept: Path | None, knowledge: Knowledge, models: Models) -> Counter[Sense]:
    """How often each sense matches in the texts; counts that were kept before are taken as they are."""
    if kept is not None and kept.exists():
        return Counter({tuple(sense): n for sense, n in json.loads(kept.read_text(encoding="utf-8"))})
    uses = Counter(sense for text in texts for sense in matched(text, knowledge, models))
    if kept is not None:
        kept.write_text(json.dumps(list(uses.items())), encoding="utf-8")
    return uses


def matched(text: str, knowledge: Knowledge, models: Models) -> list[Sense]:
    """The senses that a text's words match, one for each trigger."""
    document, _ = read_report(Report("text", text.encode(), "text/plain", published=DAY))
    if document is None:
        return []
    sentences = analyse(document, models)
    mentions = find_mentions(document, sentences, knowledge)
    found = settings(sentences, mentions, find_quotations(document, sentences, mentions.actors, knowledge.cues))
    triggers = (t for setting in found for t in find_triggers(setting, knowledge.lexicon, knowledge.cues))
    return [sense for t in triggers if (sense := _sense(t, knowledge.lexicon))]


def _sense(trigger: Trigger, lexicon: Lexicon) -> Sense | None:
    tokens = [trigger.sentence.tokens[i] for i in trigger.words]
    head = trigger.token.text.lower()
    inflected = {phrase[0] for _, phrase in lexicon.candidates("verb", head)} if trigger.part == "verb" else set()
    own = dict(senses_of(trigger.entry))
    of_length = [(s, phrase) for s, phrase in own.items() if s[1] == trigger.part and len(phrase) == len(tokens)]
    fits = [
        s
        for s, phrase in of_length
        if all(
            w in {t.lemma.lower(), t.text.lower()} or (t is trigger.token and w in inflected)
            for w, t in zip(phrase, tokens, strict=True)
        )
    ]
    return fits[0] if fits else next((s for s, _ in of_length if len(tokens) == 1 and _stem(s[2]) == _stem(tokens[0].lemma)), None)


def _stem(word: str) -> str:
    return word.lower()[:4]


def _holds(text: str, head: str) -> bool:
    """True if a text has a word of that head's stem: near enough to tell which sense a near miss is about."""
    stem = head[: max(3, len(head) - 2)]
    return any(word.strip("\"'“”.,").startswith(stem) for word in text.lower().split())


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench lexicon", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--data",
        type=Path,
        nargs="*",
        default=[],
        help="files of JSON lines with `text`; rows of another split than train are left out",
    )
    parser.add_argument("--limit", type=int, default=2000, help="how many texts to read at most, evenly from all")
    parser.add_argument("--uses", type=Path, help="keep the counts of the texts in this file; read them from it if it is there")
    parser.add_argument("--missing", metavar="TYPE", help="list the senses of this type, or of all, that are not shown enough")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    knowledge, models = load_knowledge(), load_models()
    lines = [line for path in options.data for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in map(json.loads, lines) if row.get("split", "train") == "train"]
    texts = [row["text"] for row in rows[:: max(1, len(rows) // options.limit)]]
    started = time.process_time()
    coverage = cover(knowledge.lexicon, count_uses(texts, options.uses, knowledge, models), knowledge, models)
    frequent = frozenset(coverage.frequent())
    shown = [s for s in coverage.examples if coverage.is_shown(s, is_frequent=False)]
    well = [s for s in frequent if coverage.is_shown(s, is_frequent=True)]
    if options.missing:
        types = {e.id: e.type for e in knowledge.lexicon.entries}
        lacking = [s for s in coverage.examples if not coverage.is_shown(s, is_frequent=s in frequent)]
        wanted = options.missing.upper()
        for sense in sorted((s for s in lacking if wanted in {types[s[0]], "ALL"}), key=lambda s: (-coverage.uses[s], s)):
            mark = "*" if sense in frequent else " "
            counts = (
                f"{coverage.uses[sense]:5} uses {coverage.examples[sense]:3} examples {coverage.near_misses[sense]:3} near misses"
            )
            print(f"{mark} {sense[0]:34} {sense[1]:9} {sense[2]:28} {counts}")
    total = sum(len(list(e.spelt_out())) for entry in knowledge.lexicon.entries for e in entry.examples)
    misses = sum(len(list(spell_out(t))) for entry in knowledge.lexicon.entries for t in entry.near_misses)
    print(f"{len(knowledge.lexicon.entries)} entries, {len(coverage.examples)} senses, {total} examples, {misses} near misses")
    print(f"{len(shown)} senses are shown by an example of their own")
    if frequent:
        print(f"of the {len(frequent)} most frequent {len(well)} have {EXAMPLES} examples and {NEAR_MISSES} near misses")
    if options.json:
        head = {"name": "lexicon", "split": "", "n": len(texts), "seconds_cpu": round(time.process_time() - started, 2)}
        figures = {"entries": len(knowledge.lexicon.entries), "senses": len(coverage.examples), "shown": len(shown)}
        print(json.dumps(head | {"version": __version__} | figures | {"frequent": len(frequent), "frequent_shown": len(well)}))
    return 0
