"""Linking at size: CPU of each step on one core, memory, growth, and whether the happenings put into a made-up ledger are found.

    python -m bench linking [--claims 10000 100000] [--seed 1] [--json]

The ledger is made up by rules of our own: a month of days, two of them huge; towns, bodies and words as uneven as Zipf's law has
them; happenings that one paper has and some that two hundred have; nearly half of the reports printed again; days told a day wrong,
places left out, other words for the deed; each story a march, an arrest, a visit and so on in one town within two weeks. So its
figures of precision and recall show that speed is not bought by finding nothing, and say nothing of real reports: those are
`bench identity`. Each size runs in a process of its own, so that peaks are its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from dateline import __version__
from dateline.knowledge.linking import load_lexis, load_pair_weights, load_types_together
from dateline.linking.blocking import Reach
from dateline.linking.identity import Settings, link
from dateline.linking.scoring import Scorer
from dateline.linking.table import Table
from dateline.linking.tellings import Figure, Party, Profile, Telling, Where

BEGIN = date(2023, 3, 1)
DAYS = 30
HUGE = (9, 17)
"""Days of which each has a sixth of all happenings."""
DEEDS = {
    ("PROTEST", "demo"): ("marched", "rallied", "demonstrated"),
    ("PROTEST", "strike"): ("walked out", "went on strike", "stopped work"),
    ("ASSAULT", "firearms"): ("shot", "opened fire", "gunned down"),
    ("ASSAULT", "explosives"): ("bombed", "blew up", "shelled"),
    ("COERCE", "arrest"): ("arrested", "detained", "rounded up"),
    ("ACCUSE", "allege"): ("accused", "charged", "blamed"),
    ("CONSULT", "visit"): ("visited", "met", "received"),
    ("SANCTION", "convict"): ("convicted", "sentenced", "jailed"),
}
SYLLABLES = ("ba", "ke", "li", "mo", "nu", "ra", "si", "to", "ve", "zu", "dar", "fen", "gol", "hin", "jur", "pel")


@dataclass(frozen=True)
class Made:
    """A ledger made up: tellings and documents as linking sees them, each telling's happening, each document's text."""

    tellings: list[Telling]
    profiles: list[Profile]
    happenings: NDArray[np.int64]
    texts: NDArray[np.int64]


@dataclass(frozen=True)
class Happening:
    number: int
    deed: tuple[str, str]
    day: int
    town: int
    actor: int
    recipient: int
    figure: int
    words: tuple[str, ...]


def made_up_word(number: int) -> str:
    """A word for each number, no two alike."""
    word, rest = "", number + len(SYLLABLES)
    while rest:
        rest, place = divmod(rest, len(SYLLABLES))
        word += SYLLABLES[place]
    return word + "n"


def make(claims: int, seed: int) -> Made:
    """A ledger of about so many claims, six or so a report."""
    dice = np.random.default_rng(seed)
    deeds, towns = list(DEEDS), max(50, claims // 60)
    tellings: list[Telling] = []
    profiles: list[Profile] = []
    happenings: list[int] = []
    texts: list[int] = []
    happening = None
    number = text = 0
    left = 0
    stories: list[Happening] = []
    while len(tellings) < claims:
        if not left:
            left = int(min(200, dice.zipf(1.9)))
            day = int(dice.choice(HUGE) if dice.random() < 1 / 3 else dice.integers(DAYS))
            town, actor = int(dice.zipf(1.3)) % towns, int(dice.zipf(1.3)) % (2 * towns)
            stories = []
            for place in dice.permutation(len(deeds)).tolist():
                words = tuple(made_up_word(int(dice.zipf(1.2)) % 40_000) for _ in range(6))
                recipient, figure = int(dice.zipf(1.3)) % (2 * towns), int(dice.integers(1, 400))
                stories.append(Happening(number, deeds[place], day, town, actor, recipient, figure, words))
                number, day = number + 1, day + int(dice.integers(3))
        left -= 1
        again = profiles and happening is stories[0] and dice.random() < 0.5
        happening = stories[0]
        document = f"d{len(profiles):08}"
        published = BEGIN + timedelta(days=happening.day + int(dice.integers(3)))
        if again:
            before = profiles[-1]
            profiles.append(Profile(document, before.text, published, before.publisher, before.names))
            told = [
                (t, h)
                for t, h in zip(tellings[-len(deeds) :], happenings[-len(deeds) :], strict=True)
                if t.document == before.document
            ]
            for place, (telling, of) in enumerate(told):
                tellings.append(_copied(telling, document, place))
                happenings.append(of)
            texts.append(text)
            continue
        text += 1
        told_here = [h for h in stories if h is happening or dice.random() < 0.75]
        names = tuple(sorted({made_up_word(50_000 + n) for h in told_here for n in (h.town, h.actor, h.recipient)}))
        filler = " ".join(made_up_word(int(n) % 3_000) for n in dice.zipf(1.15, 60))
        profiles.append(Profile(document, " ".join([*(w for h in told_here for w in h.words), filler]), published, None, names))
        texts.append(text)
        for place, told_of in enumerate(told_here):
            tellings.append(_told(told_of, document, place, published, dice))
            happenings.append(told_of.number)
    return Made(tellings, profiles, np.array(happenings), np.array(texts))


def _told(of: Happening, document: str, place: int, published: date, dice: np.random.Generator) -> Telling:
    """One report's telling, with what reports leave out and get wrong."""
    chance = dice.random(5)
    trigger = DEEDS[of.deed][int(dice.integers(3))]
    day = BEGIN + timedelta(days=of.day + (1 if chance[0] < 0.08 else 0))
    is_assumed = bool(chance[1] < 0.25)
    words = " ".join([trigger, *dice.permutation(np.array(of.words))[:4].tolist(), made_up_word(int(dice.integers(3_000)))])
    town, country = made_up_word(50_000 + of.town), made_up_word(90_000 + of.town % 40)
    return Telling(
        id=f"{document}-{place}",
        document=document,
        trigger=trigger,
        words=words,
        position=place,
        start=200 * place,
        type=of.deed[0],
        mode=of.deed[1] if chance[2] < 0.9 else None,
        first=published if is_assumed else day,
        last=published if is_assumed else day,
        precision="day",
        is_day_assumed=is_assumed,
        place=Where(town, "city", country, None, of.town + 1) if chance[3] < 0.88 else None,
        actors=(Party(made_up_word(50_000 + of.actor), country, "CVL"),),
        recipients=(Party(made_up_word(50_000 + of.recipient), country, "GOV"),) if chance[4] < 0.7 else (),
        figures=(Figure("affected", of.figure, of.figure),) if chance[4] < 0.4 else (),
    )


def _copied(telling: Telling, document: str, place: int) -> Telling:
    values = {name: getattr(telling, name) for name in telling.__dataclass_fields__}
    return Telling(**{**values, "id": f"{document}-{place}", "document": document})


@dataclass(frozen=True)
class Measured:
    """CPU seconds of each step at one size, the peak of memory in MB, pairs weighed, and pairs of one happening found."""

    claims: int
    documents: int
    table_cpu: float
    linking_cpu: float
    """All of `link`: copies, candidates, chances, groups."""
    chances_cpu: float
    """Of these the chances."""
    total_cpu: float
    peak_mb: float
    pairs: int
    events: int
    precision: float
    recall: float


def measure(claims: int, seed: int) -> Measured:
    """Makes a ledger of that size and links it."""
    made = make(claims, seed)
    lexis, scorer = load_lexis(), Scorer(load_pair_weights())
    settings = Settings(reach=Reach(together=load_types_together()))
    spent: list[float] = []
    weighed: list[int] = []

    def chances(table: Table, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        started = time.process_time()
        found = scorer.chances(table, pairs)
        spent.append(time.process_time() - started)
        weighed.append(len(pairs))
        return found

    begun = time.process_time()
    table = Table.of(made.tellings, made.profiles, lexis)
    filled = time.process_time()
    links = link(table, chances, settings, reprints=made.texts)
    linked = time.process_time()
    precision, recall = pairs_found(np.unique(np.array(links.events), return_inverse=True)[1], made.happenings)
    return Measured(
        claims=table.size,
        documents=len(table.documents),
        table_cpu=filled - begun,
        linking_cpu=linked - filled,
        chances_cpu=sum(spent),
        total_cpu=linked - begun,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        pairs=sum(weighed),
        events=len(set(links.events)),
        precision=precision,
        recall=recall,
    )


def pairs_found(found: NDArray[np.int64], true: NDArray[np.int64]) -> tuple[float, float]:
    """Precision and recall over pairs of claims in one group."""
    together = np.unique(np.stack([found, true]), axis=1, return_counts=True)[1]
    both, ours, theirs = (int((n * (n - 1) // 2).sum()) for n in (together, np.bincount(found), np.bincount(true)))
    return both / ours if ours else 1.0, both / theirs if theirs else 1.0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    console = Console(stderr=True)
    rows: list[Measured] = []
    for claims in options.claims:
        with console.status(f"linking {claims:,} claims"), multiprocessing.get_context("spawn").Pool(1) as pool:
            rows.append(pool.apply(measure, (claims, options.seed)))
    if options.json:  # the figures of the last size, and of all
        sizes = [{k: round(v, 3) for k, v in asdict(row).items()} for row in rows]
        head = {"name": "linking", "split": "made up", "n": rows[-1].claims, "version": __version__}
        print(json.dumps(head | {"seconds_cpu": sizes[-1]["total_cpu"]} | sizes[-1] | {"sizes": sizes}))
        return 0
    for line in as_lines(rows):
        print(line)
    return 0


def as_lines(rows: Sequence[Measured]) -> Iterator[str]:
    """A line a figure, a column a size."""
    for name in Measured.__dataclass_fields__:
        values = [getattr(row, name) for row in rows]
        yield f"{name:14}" + "".join(f"{v:14,.3f}" if isinstance(v, float) else f"{v:14,}" for v in values)
