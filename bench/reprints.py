"""Reprints found again: copies made of real article bodies by our own rules, and the groups they come from (ARI).

    python -m bench reprints --data DIR|FILE [--split dev] [--stories 200] [--seed 1] [--json] [--errors]
    python -m bench reprints --data DIR|FILE --growth 1000 10000 100000

DIR holds SPLIT.jsonl.gz, SPLIT.jsonl or docs.SPLIT.jsonl.gz (FILE is one of them) with a `text` a row. Each story gets one to six
copies of different kinds (`KINDS`): whole with a paper's own boilerplate, abridged to 25 to 60 %, with paragraphs of another text
put in, with 2 to 8 % of its words changed, with its first paragraphs in another order, corrected (figures and a name changed, and
a correction said), merged with another story as local reporting, a page that grows from day to day (three versions), and told in
other words. The last stands for copies translated back, for which nothing here could translate: words are exchanged by a table
(paraphrases.yaml), passives turned, tellers and days moved, genitives and figures rewritten. It is regular where a translator is
not.

What must join nothing: round-ups of three to six stories' openings, and texts of their own that quote one paragraph of a story. A
later version of an agency's story, new at the top with later figures and the old text below, is neither a reprint nor another
witness: it stands among the texts, and is not scored but for how often it is put with its story.

ARI is the adjusted Rand index of the groups, made in one pass and with the texts added a few at a time; pairs' precision and
recall beside it, and both for each kind of copy: of its pairs with other texts of its story how many are found, of those it is
put with how many are of its story. The copies are synthetic: compare methods by them and do not quote the figures as those of
found reprints. `--errors` lists the texts that are put wrong.

`--growth` adds texts of invented stories, words drawn by their frequency in the data, in the order of their days, to a register
that grows, LUMP at a time: CPU milliseconds a text for the last tenth, memory, and how the groups compare with those of one pass
over all.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from math import comb
from pathlib import Path

import numpy as np
import yaml

from dateline import __version__
from dateline.linking.banded import BandIndex
from dateline.linking.reprints import Register, find_reprints
from dateline.linking.sketch import Sketch, overlap, sketch


@dataclass(frozen=True)
class Made:
    """A text, the number of the story it tells, and how it was made of it. An update (`UPDATE`) is not scored."""

    story: int
    kind: str
    text: str


STORY, ROUND_UP, QUOTING, UPDATE = "story", "round-up", "quoting", "update"


def read_texts(path: Path, split: str, shortest: int = 150) -> list[str]:
    """The texts of a data set that have enough words to be a story, without those that copy one another."""
    if path.is_dir():
        path = next(p for name in (f"{split}.jsonl.gz", f"{split}.jsonl", f"docs.{split}.jsonl.gz") if (p := path / name).exists())
    written = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    texts = dict.fromkeys(json.loads(line)["text"] for line in written.decode("utf-8").splitlines())
    return without_copies([t for t in texts if len(t.split()) >= shortest])


def without_copies(texts: Sequence[str]) -> list[str]:
    """The texts that are no copies of an earlier one: data sets have reprints of their own, and pages that are all furniture."""
    index, sketches = BandIndex(), [sketch(str(i), None, text) for i, text in enumerate(texts)]
    index.add(sketches)
    copies = set[int]()
    for first, second in index.pairs(np.arange(len(texts)), 0.05).tolist():
        shares = overlap(sketches[first].runs, sketches[second].runs)
        if first not in copies and (shares.resemblance >= 0.2 or shares.containment >= 0.4):
            copies.add(second)
    return [text for i, text in enumerate(texts) if i not in copies]


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


Maker = Callable[[list[str], list[str], random.Random], list[str]]
"""Makes copies of a story's paragraphs; the second list are another story's."""


def whole(parts: list[str], _: list[str], dice: random.Random) -> list[str]:
    return [join([*parts, *dice.sample(BOILERPLATE, 2)])]


def abridged(parts: list[str], _: list[str], dice: random.Random) -> list[str]:
    return [join(abridge(parts, dice.uniform(0.25, 0.6)))]


def padded(parts: list[str], others: list[str], dice: random.Random) -> list[str]:
    at = dice.randint(1, len(parts))
    return [join([*parts[:at], *others[: dice.randint(1, 4)], *parts[at:], dice.choice(BOILERPLATE)])]


def noised(parts: list[str], _: list[str], dice: random.Random) -> list[str]:
    return [noise(join(parts), dice.uniform(0.02, 0.08), dice)]


def moved(parts: list[str], _: list[str], dice: random.Random) -> list[str]:
    first = parts[:4]
    dice.shuffle(first)
    return [join([*first, *parts[4:]])]


def corrected(parts: list[str], _: list[str], dice: random.Random) -> list[str]:
    """One to four figures and one name otherwise, and the correction said above or below, as agencies and papers do."""
    text = with_other_figures(rename(join(parts), dice), dice)
    if dice.random() < 0.5:
        return [f"(Corrects figures and name in paragraph {dice.randint(2, 5)})\n\n{text}"]
    return [f"{text}\n\nCorrection: An earlier version of this story gave wrong figures and misspelled a name. It has been mended."]


def merged(parts: list[str], others: list[str], dice: random.Random) -> list[str]:
    """The wire's story, whole or nearly, with local reporting before it and in it: three fifths of it or more are the wire's."""
    kept = abridge(parts, dice.uniform(0.6, 1.0))
    local = abridge(others, 1.0)
    most = words_in(kept) * dice.uniform(0.33, 0.67)
    while len(local) > 1 and words_in(local) > most:
        local.pop()
    cut = dice.randint(0, len(local))
    at = dice.randint(1, len(kept))
    return [join([*local[:cut], *kept[:at], *local[cut:], *kept[at:]])]


def live(parts: list[str], _: list[str], dice: random.Random) -> list[str]:
    """A page that grows: paragraphs as entries with an hour, the newest on top, after a third, two thirds and all of the day."""
    hours = sorted(dice.sample(range(6 * 60, 23 * 60), len(parts))) if len(parts) < 900 else list(range(len(parts)))
    entries = [f"{at // 60}:{at % 60:02}\n\n{part}" for at, part in zip(hours, parts, strict=True)]
    cuts = sorted({max(1, len(entries) // 3), max(1, 2 * len(entries) // 3), len(entries)})
    return [join(["All that happened today, as it happened", *reversed(entries[:cut])]) for cut in cuts]


def reworded(parts: list[str], _: list[str], dice: random.Random) -> list[str]:
    return [join([reword(part, dice) for part in parts])]


KINDS: dict[str, Maker] = {
    "whole": whole,
    "abridged": abridged,
    "padded": padded,
    "noised": noised,
    "moved": moved,
    "corrected": corrected,
    "merged": merged,
    "live": live,
    "reworded": reworded,
}


def update(parts: list[str], others: list[str], dice: random.Random) -> str:
    """A later version: new paragraphs on top, other figures, and 30 to 70 % of the old text below."""
    old = abridge(parts, dice.uniform(0.3, 0.7))
    return with_other_figures(join([*abridge(others, dice.uniform(0.3, 0.7)), *old]), dice)


def quoting(parts: list[str], others: list[str], dice: random.Random) -> str:
    """Another text with one paragraph of the story in it."""
    at = dice.randint(1, len(others))
    return join([*others[:at], dice.choice(parts[:4]), *others[at:]])


# ---------------------------------------------------------------- ways of changing a text


def join(parts: Sequence[str]) -> str:
    return "\n\n".join(parts)


def words_in(parts: Sequence[str]) -> int:
    return sum(len(p.split()) for p in parts)


def with_other_figures(text: str, dice: random.Random) -> str:
    """The text with one to four of the figures in it changed, each wherever it stands."""
    figures = sorted(set(re.findall(r"(?<![\w.,:])\d{1,4}(?![\w:]|[.,]\d)", text)))
    for figure in dice.sample(figures, min(len(figures), dice.randint(1, 4))):
        text = re.sub(rf"(?<![\w.,:]){figure}(?![\w:]|[.,]\d)", str(int(figure) + dice.randint(1, 9)), text)
    return text


def rename(text: str, dice: random.Random) -> str:
    """The text with one of its frequent names, never the first word of a sentence, written as another."""
    names = Counter(re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}", text)).most_common(5)
    if not names:
        return text
    name = dice.choice(names)[0]
    return re.sub(rf"\b{name}\b", dice.choice(("Halden", "Petrov", "Marsh", "Okoro", "Lindt")), text)


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """For each word of paraphrases.yaml the others of its row."""
    rows = yaml.safe_load((Path(__file__).parent / "paraphrases.yaml").read_text(encoding="utf-8"))
    return {word: tuple(w for w in row if w != word) for row in rows for word in row}


@cache
def synonym_pattern() -> re.Pattern[str]:
    longest_first = sorted(synonyms(), key=lambda w: (-len(w), w))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


SPELT = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
TURNS: tuple[tuple[str, str], ...] = (
    (rf"^(?P<a>[A-Z].{{20,}}?) (?P<day>on {DAY})(?P<b>[^,.]*)\.$", r"On \g<day>, \g<a>\g<b>."),
    (r"^(?P<a>[A-Z][^,“”\"]{20,}), (?P<who>[\w .]{3,40}) said\.$", r"According to \g<who>, \g<a>."),
    (r"^(?P<who>[A-Z][\w .]{2,40}) said (?:that )?(?P<a>[^“”\"]{20,})\.$", r"\g<a>, said \g<who>."),
    (r"\b(?P<who>[A-Z]\w+)['’]s (?P<what>[a-z]+)\b", r"the \g<what> of \g<who>"),
    (r"\b(?P<s>(?:[Tt]he|[Aa]n?) \w+) (?:was|were) (?P<v>\w+ed) by (?P<o>(?:the |an? )?\w+)\b", r"\g<o> \g<v> \g<s>"),
    (r"\b(?P<o>(?:[Tt]he|[Aa]) \w+) (?P<v>\w{3,}ed) (?P<s>(?:the|an?) \w+)\b", r"\g<s> was \g<v> by \g<o>"),
    (r"\bdid not\b", "didn't"),
    (r"\bwas not\b", "wasn't"),
    (r"\bin order to\b", "to"),
    (r"\bsaid that\b", "said"),
    (r"\b(?P<a>[a-z]{4,}) and (?P<b>[a-z]{4,})\b", r"\g<b> and \g<a>"),
    (r"\b(?P<a>\w+), (?P<b>who|which) (?P<c>[^,.]{10,60}), ", r"\g<a> (\g<c>) "),
    (
        r"^(?P<a>[A-Z][^,.“”\"]{25,}) (?P<when>after|before|when|as|while|because) (?P<b>[^,.“”\"]{15,})\.$",
        r"\g<when> \g<b>, \g<a>.",
    ),
)
"""Turns of a sentence and what becomes of it. Grammar suffers now and then, as it does in machine translation."""


def reword(text: str, dice: random.Random) -> str:
    """The text in other words: most words that have a synonym, most turns, articles at random, figures up to twelve."""
    sentences = []
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        for pattern, other in TURNS:
            if dice.random() < 0.75:
                sentence = re.sub(pattern, other, sentence, count=1)
        sentence = re.sub(r"\bOn on\b", "On", sentence)
        sentence = re.sub(r"\b(?:the|an?) ", lambda m: "" if dice.random() < 0.35 else m.group(), sentence)
        sentence = re.sub(
            r"\b(?P<of>of|in|at|for) (?=[a-z])", lambda m: f"{m['of']} the " if dice.random() < 0.2 else m.group(), sentence
        )
        sentence = re.sub(rf"\b(?:{'|'.join(SPELT)})\b", lambda m: str(SPELT.index(m.group()) + 1), sentence)
        sentences.append(
            synonym_pattern().sub(lambda m: dice.choice(synonyms()[m.group()]) if dice.random() < 0.9 else m.group(), sentence)
        )
    return " ".join(sentences)


def abridge(parts: Sequence[str], share: float) -> list[str]:
    """The first paragraphs of a text, to about that share of its words."""
    wanted, kept = share * words_in(parts), list[str]()
    for part in parts:
        if kept and words_in(kept) >= wanted:
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


def make(texts: Sequence[str], stories: int, seed: int) -> list[Made]:
    """Stories, their copies, and a fifth as many round-ups, quoting texts and updates each, shuffled."""
    dice = random.Random(seed)
    chosen = dice.sample(list(texts), min(stories, max(1, 4 * len(texts) // 5)))  # the others quote and bring up to date
    parts = [paragraphs_of(story) for story in chosen]
    made = [Made(n, STORY, story) for n, story in enumerate(chosen)]
    for n in range(len(chosen)):
        for kind in dice.sample(sorted(KINDS), dice.randint(1, 6)):
            others = paragraphs_of(dice.choice([t for t in texts if t is not chosen[n]] or [chosen[n]]))
            made += [Made(n, kind, text) for text in KINDS[kind](parts[n], others, dice)]
    left = [t for t in texts if t not in set(chosen)]
    for n in range(len(chosen) // 5):
        briefs = [
            " ".join(paragraphs_of(s)[: dice.randint(1, 2)]) for s in dice.sample(chosen, min(len(chosen), dice.randint(3, 6)))
        ]
        made.append(Made(len(chosen) + 2 * n, ROUND_UP, join(briefs)))
        if len(left) > 2 * n + 1:
            story = dice.randrange(len(chosen))
            made.append(Made(len(chosen) + 2 * n + 1, QUOTING, quoting(parts[story], paragraphs_of(left[2 * n]), dice)))
            made.append(Made(story, UPDATE, update(parts[story], paragraphs_of(left[2 * n + 1]), dice)))
    dice.shuffle(made)
    return made


LUMP = 100
YEAR = 365


FEW = 10
"""Texts added at a time where groups that grow are compared with those of one pass."""


def grow(sketches: Sequence[Sketch]) -> list[int]:
    """The groups' numbers when the texts come a few at a time, in the order given."""
    register = Register()
    for at in range(0, len(sketches), FEW):
        register.add(sketches[at : at + FEW])
    return [int(label) for label in register.reprints().labels()]


def invent(texts: Sequence[str], count: int, seed: int) -> list[tuple[int, Sketch]]:
    """Sketches of that many texts with the number of their story, by day: stories of 150 to 500 words, half of them with one to
    eight copies within three days."""
    dice = random.Random(seed)
    seen = Counter(w for text in texts for w in text.split())
    words, weights = list(seen), list(accumulate(seen.values()))
    made: list[tuple[int, Sketch]] = []
    story = 0
    while len(made) < count:
        parts = [" ".join(dice.choices(words, cum_weights=weights, k=50)) for _ in range(dice.randint(3, 10))]
        other = [" ".join(dice.choices(words, cum_weights=weights, k=50)) for _ in range(3)]
        kinds = [
            dice.choice((whole, abridged, padded, noised, moved, corrected)) for _ in range(dice.choice((0, dice.randint(1, 8))))
        ]
        day = dice.randrange(YEAR)
        for text in (join(parts), *(copy for kind in kinds for copy in kind(parts, other, dice))):
            when = date(2021, 1, 1) + timedelta(day + dice.randint(0, 3))
            made.append((story, sketch(f"{len(made):07}", when, text)))
        story += 1
    return sorted(made[:count], key=lambda m: (m[1].day or date.min, m[1].document))


def measure_growth(texts: Sequence[str], counts: Sequence[int], seed: int) -> None:
    for count in counts:
        made = invent(texts, count, seed)
        register = Register()
        late = 9 * count // 10
        for at in range(0, count, LUMP):
            if at <= late:
                started, first = time.process_time(), at
            register.add([known for _, known in made[at : at + LUMP]])
        milliseconds = 1000 * (time.process_time() - started) / (count - first)
        grown = register.reprints().labels().tolist()
        started = time.process_time()
        at_once = find_reprints([known for _, known in made]).labels().tolist()
        whole_pass = 1000 * (time.process_time() - started) / count
        gold = [story for story, _ in made]
        both = adjusted_rand(at_once, grown)
        print(
            f"{count:7} texts: {milliseconds:.2f} CPU ms a text added, {whole_pass:.2f} in one pass; "
            f"{register.bytes / count / 1000:.1f} kB a text; ARI with the stories {adjusted_rand(gold, grown):.4f}, "
            f"in one pass {adjusted_rand(gold, at_once):.4f}, of both {both:.4f}",
            flush=True,
        )


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


def by_kind(made: Sequence[Made], ours: Sequence[int]) -> dict[str, tuple[int, float, float, float]]:
    """For each kind: how many texts, recall and precision of their pairs with texts that are scored, and the share put with
    none."""
    together: dict[int, list[int]] = defaultdict(list)
    for i, (m, label) in enumerate(zip(made, ours, strict=True)):
        if m.kind != UPDATE:
            together[label].append(i)
    told = Counter(m.story for m in made if m.kind != UPDATE)
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for i, (m, label) in enumerate(zip(made, ours, strict=True)):
        with_it = [j for j in together[label] if j != i]
        counts = found[m.kind]
        counts[0] += 1
        counts[1] += sum(made[j].story == m.story for j in with_it)
        counts[2] += told[m.story] - (m.kind != UPDATE)
        counts[3] += len(with_it)
        counts[4] += not with_it
    return {
        kind: (n, hit / max(1, gold), hit / max(1, put), apart / n) for kind, (n, hit, gold, put, apart) in sorted(found.items())
    }


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench reprints", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder of SPLIT.jsonl.gz, or a file of rows with `text`")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--stories", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", action="store_true", help="list the texts that are put wrong")
    parser.add_argument("--growth", type=int, nargs="+", help="add that many invented texts to a register that grows")
    options = parser.parse_args(argv)
    if options.growth:
        measure_growth(read_texts(options.data, options.split), options.growth, options.seed)
        return 0
    made = make(read_texts(options.data, options.split), options.stories, options.seed)
    started = time.process_time()
    sketches = [sketch(str(i), None, m.text) for i, m in enumerate(made)]
    sketched = time.process_time()
    found = find_reprints(sketches)
    seconds = time.process_time() - started
    ours = found.labels().tolist()
    scored = [i for i, m in enumerate(made) if m.kind != UPDATE]
    gold, put = [made[i].story for i in scored], [ours[i] for i in scored]
    ari, (precision, recall) = adjusted_rand(gold, put), pairs(gold, put)
    kinds = by_kind(made, ours)
    print(f"{len(made)} texts of {len(set(gold))} stories; ARI {ari:.3f}   pairs: precision {precision:.3f}, recall {recall:.3f}")
    grown = grow(sketches)
    grown_ari, alike = adjusted_rand(gold, [grown[i] for i in scored]), adjusted_rand(ours, grown)
    print(f"added {FEW} at a time: ARI {grown_ari:.3f}, with one pass {alike:.4f}")
    print(f"{len(made) / seconds:.0f} texts a CPU second, {(sketched - started) / seconds:.0%} of it sketching")
    for kind, (n, hit, right, apart) in kinds.items():
        if kind in (ROUND_UP, QUOTING):
            print(f"  {kind:10} {n:5}   {apart:.3f} of them are put with nothing")
        else:
            said = "   (not scored)" if kind == UPDATE else ""
            print(f"  {kind:10} {n:5}   recall {hit:.3f}   precision {right:.3f}{said}")
    if options.errors:
        print_errors(made, ours)
    if options.json:
        head = {
            "name": "reprints",
            "split": options.split,
            "n": len(made),
            "seconds_cpu": round(seconds, 2),
            "version": __version__,
        }
        shares = {"ari": round(ari, 4), "pair_precision": round(precision, 4), "pair_recall": round(recall, 4)}
        recalls = {f"recall_{kind}": round(hit, 4) for kind, (_, hit, _, _) in kinds.items() if kind in KINDS}
        print(json.dumps(head | shares | recalls | {"ari_grown": round(grown_ari, 4), "texts_per_s": round(len(made) / seconds)}))
    return 0


def print_errors(made: Sequence[Made], ours: Sequence[int]) -> None:
    """The groups that hold more than one story, and the stories in more than one group, without updates."""
    groups: dict[int, list[Made]] = defaultdict(list)
    labels: dict[int, Counter[int]] = defaultdict(Counter)
    for m, label in zip(made, ours, strict=True):
        if m.kind != UPDATE:
            groups[label].append(m)
            labels[m.story][label] += 1
    for group in groups.values():
        if len({m.story for m in group}) > 1:
            print("  one group:", ", ".join(f"{m.kind} of {m.story}" for m in group))
    for m, label in zip(made, ours, strict=True):
        if m.kind != UPDATE and label != labels[m.story].most_common(1)[0][0]:
            print(f"  apart: {m.kind} of {m.story}, {len(m.text.split())} words: {m.text[:70]!r}")
