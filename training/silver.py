"""Event types of unlabelled sentences, as the written lexicon codes them: `python -m training.silver --data BENCH --out FILE`.

No open set labels news sentences with PLOVER's types, so the type head learns from what the lexicon's rules find in the
sentences of the name sets, besides the lexicon's own hand-written examples. One JSON line a sentence: its words and types.
A run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dateline.knowledge.load import Knowledge, load_knowledge
from dateline.language.models import Models, load_models
from dateline.pipeline import code_report
from dateline.records import Report
from training.data import Example, read_names, read_open_names

NO_SPACE_BEFORE = frozenset(".,;:!?)]}%'’”") | {"'s", "’s", "n't", "n’t", "''"}
NO_SPACE_AFTER = frozenset("([{$“‘")


def as_text(words: Sequence[str]) -> str:
    """The words as running text, near enough to print for the tokeniser to find them again."""
    text, glued, is_open = "", True, False
    for word in words:
        is_closing = word == '"' and is_open
        text += word if glued or word in NO_SPACE_BEFORE or is_closing else " " + word
        glued = word in NO_SPACE_AFTER or (word == '"' and not is_open)
        is_open = is_open != (word == '"')
    return text


@dataclass(frozen=True)
class Coder:
    """What it takes to code a sentence by the rules."""

    knowledge: Knowledge
    models: Models

    def types(self, text: str) -> frozenset[str]:
        """Types of every event told, whatever its status. No event: an empty set."""
        report = Report("sentence", text.encode("utf-8"), media_type="text/plain")
        return frozenset(claim.event.type for claim in code_report(report, self.knowledge, self.models).claims)


def lexicon_examples(knowledge: Knowledge) -> Iterator[tuple[str, frozenset[str]]]:
    """(text, types) of the lexicon's own examples; a near miss has no type that we know of, and is left to the rules."""
    for entry in knowledge.lexicon.entries:
        for example in entry.examples:
            yield example.text, frozenset({entry.type})


def read_silver(path: Path) -> dict[tuple[str, ...], frozenset[str]]:
    """Types by the sentence's words. No such file: an empty dictionary, and the type head learns from the lexicon alone."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {tuple(row["words"]): frozenset(row["types"]) for row in rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("build/silver.jsonl"))
    parser.add_argument("--open-only", action="store_true", help="only sentences of openly licensed sets")
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    done = read_silver(options.out)
    read = read_open_names if options.open_only else read_names
    examples: list[Example] = [e for split in ("train", "dev") for e in read(options.data, split) if e.words not in done]
    knowledge = load_knowledge()
    coder = Coder(knowledge, load_models())
    started = time.monotonic()
    with options.out.open("a", encoding="utf-8") as lines:
        for number, example in enumerate(examples, 1):
            types = sorted(coder.types(as_text(example.words)))
            lines.write(json.dumps({"words": example.words, "types": types}, ensure_ascii=False) + "\n")
            if number % 500 == 0:
                seconds = time.monotonic() - started
                left = seconds / number * (len(examples) - number)
                print(f"{number} of {len(examples)} sentences, {seconds:.0f} s, {left:.0f} s left", flush=True)


if __name__ == "__main__":
    main()
