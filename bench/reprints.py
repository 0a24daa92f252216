"""Reprints found again: copies made of real article bodies by our own rules, and the groups they come from (ARI).

    python -m bench reprints --data DIR|FILE [--split dev] [--stories 200] [--seed 1] [--json]

DIR holds SPLIT.jsonl.gz or SPLIT.jsonl (FILE is one of them) with a `text` a row. Each story gets up to five copies: whole with a
paper's own boilerplate, abridged to 25 to 60 %, with paragraphs of another text put in, with 2 to 8 % of its words changed, with
its first paragraphs in another order. Round-ups of three to six stories' openings are hard negatives, each a group of its own.
ARI is the adjusted Rand index of the groups; pairs' precision and recall beside it. The copies are synthetic: compare methods by
them and do not quote the figure as one of found reprints.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from math import comb
from pathlib import Path

from dateline import __version__
from dateline.linking.reprints import find_reprints
from dateline.linking.sketch import sketch

Labelled = tuple[int, str]
"""The number of a story, and a text of it."""


def read_texts(path: Path, split: str, shortest: int = 150) -> list[str]:
    """The texts of a data set that have enough words to be a story, each once."""
    if path.is_dir():
        path = next(p for name in (f"{split}.jsonl.gz", f"{split}.jsonl", f"docs.{split}.jsonl.gz") if (p := path / name).exists())
    written = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    texts = dict.fromkeys(json.loads(line)["text"] for line in written.decode("utf-8").splitlines())
    return [t for t in texts if len(t.split()) >= shortest]


def paragraphs_of(text: str) -> list[str]:
    """A text's paragraphs; one without any is cut after every third sentence."""
    found = [p.strip() for p in re.split(r"\n\s*\n|\n", text) if p.strip()]
    if len(found) > 3:
        return found
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return [" ".join(sentences[i : i + 3]) for i in range(0, len(sentences), 3)]


BOILERPLATE = (
    "Sign up here for our morning letter and read the news of the day before your coffee is cold.",
    "This story was brought to you by readers like you. Become a member today and support our newsroom.",
    "Follow us on the social networks for more of this, and tell us what you think in the comments below.",
    "All rights reserved. No part of this page may be stored, copied or sent on without our leave.",
)


def copies_of(story: str, others: Sequence[str], dice: random.Random) -> Iterator[str]:
    """One to five texts made of a story."""
    parts = paragraphs_of(story)
    kinds = dice.sample(["whole", "abridged", "padded", "noised", "moved"], dice.randint(1, 5))
    for kind in kinds:
        match kind:
            case "whole":
                yield "\n\n".join([*parts, *dice.sample(BOILERPLATE, 2)])
            case "abridged":
                yield "\n\n".join(abridge(parts, dice.uniform(0.25, 0.6)))
            case "padded":
                local = paragraphs_of(dice.choice(others))[: dice.randint(1, 4)]
                at = dice.randint(1, len(parts))
                yield "\n\n".join([*parts[:at], *local, *parts[at:], dice.choice(BOILERPLATE)])
            case "noised":
                yield noise("\n\n".join(parts), dice.uniform(0.02, 0.08), dice)
            case _:
                first = parts[:4]
                dice.shuffle(first)
                yield "\n\n".join([*first, *parts[4:]])


def abridge(parts: Sequence[str], share: float) -> list[str]:
    """The first paragraphs of a text, to about that share of its words."""
    wanted, kept = share * sum(len(p.split()) for p in parts), list[str]()
    for part in parts:
        if kept and sum(len(p.split()) for p in kept) >= wanted:
            break
        kept.append(part)
    return kept


def noise(text: str, share: float, dice: random.Random) -> str:
    """The text with that share of its words left out, doubled or written otherwise."""
    words = []
    for word in text.split(" "):
        if dice.random() >= share:
            words.append(word)
        elif (kind := dice.random()) < 0.3:
            words += [word, word]
        elif kind < 0.7:
            words.append(word[:1] + word[1:][::-1])
    return " ".join(words)


def make(texts: Sequence[str], stories: int, seed: int) -> list[Labelled]:
    """Stories, their copies, and round-ups (a fifth as many as stories), shuffled."""
    dice = random.Random(seed)
    chosen = dice.sample(list(texts), min(stories, len(texts)))
    made = [(n, story) for n, story in enumerate(chosen)]
    made += [(n, copy) for n, story in enumerate(chosen) for copy in copies_of(story, texts, dice)]
    for n in range(len(chosen) // 5):
        briefs = [
            " ".join(paragraphs_of(s)[: dice.randint(1, 2)]) for s in dice.sample(chosen, min(len(chosen), dice.randint(3, 6)))
        ]
        made.append((len(chosen) + n, "\n\n".join(briefs)))
    dice.shuffle(made)
    return made


def adjusted_rand(gold: Sequence[int], ours: Sequence[int]) -> float:
    """Hubert and Arabie's index: 1 for the same groups, about 0 for groups made by chance."""
    both = sum(comb(n, 2) for n in Counter(zip(gold, ours, strict=True)).values())
    rows, columns = (sum(comb(n, 2) for n in Counter(labels).values()) for labels in (gold, ours))
    expected = rows * columns / max(1, comb(len(gold), 2))
    best = (rows + columns) / 2
    return 1.0 if best == expected else (both - expected) / (best - expected)


def pairs(gold: Sequence[int], ours: Sequence[int]) -> tuple[float, float]:
    """Precision and recall of pairs of documents put together."""
    both = sum(comb(n, 2) for n in Counter(zip(gold, ours, strict=True)).values())
    theirs, own = (sum(comb(n, 2) for n in Counter(labels).values()) for labels in (gold, ours))
    return both / max(1, own), both / max(1, theirs)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench reprints", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder of SPLIT.jsonl.gz, or a file of rows with `text`")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--stories", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    made = make(read_texts(options.data, options.split), options.stories, options.seed)
    started = time.process_time()
    sketches = [sketch(str(i), None, text) for i, (_, text) in enumerate(made)]
    sketched = time.process_time()
    found = find_reprints(sketches)
    seconds = time.process_time() - started
    gold, ours = [label for label, _ in made], found.labels().tolist()
    ari, (precision, recall) = adjusted_rand(gold, ours), pairs(gold, ours)
    print(f"{len(made)} texts of {len(set(gold))} stories; ARI {ari:.3f}   pairs: precision {precision:.3f}, recall {recall:.3f}")
    print(f"{len(made) / seconds:.0f} texts a CPU second, {(sketched - started) / seconds:.0%} of it sketching")
    if options.json:
        head = {
            "name": "reprints",
            "split": options.split,
            "n": len(made),
            "seconds_cpu": round(seconds, 2),
            "version": __version__,
        }
        shares = {"ari": round(ari, 4), "pair_precision": round(precision, 4), "pair_recall": round(recall, 4)}
        print(json.dumps(head | shares | {"texts_per_s": round(len(made) / seconds)}))
    return 0
