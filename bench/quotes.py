"""Who said what in news: source, cue and content of attributions, from raw text.

    python -m bench quotes --data DIR [--split dev] [--limit N] [--reading | --grammar] [--json] [-v]

DIR is quotes_polnear: SPLIT.jsonl.gz with texts and attributions by hand, of which each text's first annotator counts. Every text
goes down the whole path as plain text with its day of publication, and its quotations are carried back to the text as given.

Spans are compared as sets of characters, without white space, quotation marks and other punctuation at or in them (SKIPPED).
Attributions of the annotators without content are left out. Ours and theirs are paired one to one, by the share of content that
two have in common (Jaccard), largest first. `relaxed`: at least half of the content is common, and the sources overlap or neither
has one; `strict`: content and source are the same characters. These are the definitions of score_quotes.py beside the data.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from bench.articles import code_articles
from bench.roles import read_rows, thin_out
from bench.syntax import Tally
from dateline.evaluation.spans import FileOffsets
from dateline.ingest.read import read_report
from dateline.knowledge.cues import Cues, load_cues
from dateline.language.models import load_models
from dateline.language.reading import analyse
from dateline.mentions.quotations import find_quotations, read_quotations
from dateline.records import Coding, Document, Quotation, Report, Sentence, Span

SKIPPED = re.compile(r'[\s"“”\'‘’.,;:!?()\[\]—–-]')
PARTS = ("source", "cue", "content")
MEASURES = ("relaxed", "strict", "overlap", "content_80", "content_exact")
HALF, MOST = 0.5, 0.8
"""Shares of content in common: what `relaxed` asks for, and `content_80`."""


# ---------------------------------------------------------------- what is compared


@dataclass(frozen=True)
class Attribution:
    """Who (source), by which words (cue), said what (content): offsets of characters that count; none: an empty set.

    `kind` is direct, mixed or indirect: of theirs by the share of content in quotation marks, of ours as we say.
    """

    source: frozenset[int]
    cue: frozenset[int]
    content: frozenset[int]
    kind: str


@dataclass(frozen=True)
class Pair:
    """Numbers of our attribution and of theirs that tell of the same words, and the share of content in common."""

    ours: int
    gold: int
    common: float


def characters(text: str, spans: Iterable[tuple[int, int]]) -> frozenset[int]:
    """The offsets inside the half-open spans whose characters count."""
    return frozenset(at for start, end in spans for at in range(start, end) if not SKIPPED.match(text[at]))


def gold_attributions(row: dict[str, Any]) -> list[Attribution]:
    """The first annotator's attributions that have content, in their order."""
    text: str = row["text"]
    return [
        Attribution(characters(text, a["source"]), characters(text, a["cue"]), characters(text, a["content"]), a["qtype"])
        for a in row["annotations"][0]["attributions"]
        if a["content"]
    ]


# ---------------------------------------------------------------- our reading


def as_report(row: dict[str, Any]) -> Report:
    """The text as a plain file with its day; the attributions are not touched."""
    return Report(row["doc_id"], row["text"].encode(), "text/plain", published=date.fromisoformat(row["date"]))


def read_attributions(reports: Iterable[Report]) -> tuple[Coding, ...]:
    """Codings that hold the model's attributions alone, joined over marks and sentences; speakers are not resolved."""
    return tuple(_attributions(reports, read_quotations))


def parse_attributions(reports: Iterable[Report]) -> tuple[Coding, ...]:
    """Codings that hold what marks and grammar tell, as with weights that read no quotations; speakers are not resolved."""

    def find(document: Document, sentences: Sequence[Sentence], cues: Cues) -> tuple[Quotation, ...]:
        return find_quotations(document, [replace(s, reported=()) for s in sentences], (), cues)

    return tuple(_attributions(reports, find))


def _attributions(
    reports: Iterable[Report], find: Callable[[Document, Sequence[Sentence], Cues], tuple[Quotation, ...]]
) -> Iterator[Coding]:
    models, cues = load_models(), load_cues()
    for report in reports:
        document, problems = read_report(report)
        quotations = find(document, analyse(document, models), cues) if document is not None else ()
        yield Coding(report.name, document, quotations=quotations, problems=problems)


def our_attributions(coding: Coding, text: str) -> list[Attribution]:
    """The quotations of a coding as characters of the text that was given; a report that could not be read: an empty list."""
    if coding.document is None:
        return []
    offsets = FileOffsets(coding.document, text.encode())
    return [as_attribution(q, offsets, text) for q in coding.quotations]


def as_attribution(quotation: Quotation, offsets: FileOffsets, text: str) -> Attribution:
    def carried(spans: Iterable[Span | None]) -> frozenset[int]:
        given = (offsets.of(span) for span in spans if span is not None)
        return characters(text, ((at.start, at.end) for at in given if at is not None))

    return Attribution(carried([quotation.source]), carried([quotation.cue]), carried(quotation.content), quotation.kind.value)


# ---------------------------------------------------------------- the measures


def pair_up(ours: Sequence[Attribution], gold: Sequence[Attribution]) -> list[Pair]:
    """Pairs with content in common, one to one: most in common first, then in the order of theirs and ours."""
    candidates = sorted(
        (
            Pair(i, j, len(o.content & g.content) / len(o.content | g.content))
            for j, g in enumerate(gold)
            for i, o in enumerate(ours)
            if o.content & g.content
        ),
        key=lambda p: (-p.common, p.gold, p.ours),
    )
    kept: list[Pair] = []
    taken: set[tuple[str, int]] = set()
    for pair in candidates:
        if not taken & {("ours", pair.ours), ("gold", pair.gold)}:
            kept.append(pair)
            taken |= {("ours", pair.ours), ("gold", pair.gold)}
    return kept


def is_relaxed(pair: Pair, ours: Sequence[Attribution], gold: Sequence[Attribution]) -> bool:
    return pair.common >= HALF and same_source(ours[pair.ours], gold[pair.gold])


def same_source(o: Attribution, g: Attribution) -> bool:
    """The sources overlap, or neither has one."""
    return bool(o.source & g.source) or not (o.source or g.source)


def tally_text(ours: Sequence[Attribution], gold: Sequence[Attribution]) -> dict[str, Tally]:
    """A text's tallies: MEASURES, and for each part "… spans" and "… characters"."""
    pairs = pair_up(ours, gold)
    right = {
        "relaxed": [p for p in pairs if is_relaxed(p, ours, gold)],
        "strict": [p for p in pairs if ours[p.ours].content == gold[p.gold].content and ours[p.ours].source == gold[p.gold].source],
        "overlap": pairs,
        "content_80": [p for p in pairs if p.common >= MOST],
        "content_exact": [p for p in pairs if ours[p.ours].content == gold[p.gold].content],
    }
    tallies = {measure: Tally(len(right[measure]), len(ours), len(gold)) for measure in MEASURES}
    for part in PARTS:
        tallies[f"{part} spans"] = tally_spans([getattr(a, part) for a in ours], [getattr(a, part) for a in gold])
        mine, theirs = (frozenset().union(*(getattr(a, part) for a in side)) for side in (ours, gold))
        tallies[f"{part} characters"] = Tally(len(mine & theirs), len(mine), len(theirs))
    return tallies


def tally_spans(ours: Iterable[frozenset[int]], gold: Iterable[frozenset[int]]) -> Tally:
    """The same characters on both sides, whatever belongs together; empty ones are not counted."""
    mine, theirs = Counter(s for s in ours if s), Counter(s for s in gold if s)
    return Tally((mine & theirs).total(), mine.total(), theirs.total())


def shares_by_kind(texts: Iterable[tuple[Sequence[Attribution], Sequence[Attribution]]]) -> dict[str, dict[str, list[bool]]]:
    """By kind: of theirs which were found at all ("overlap") and rightly ("relaxed"), of ours which are right ("precision")."""
    told: dict[str, dict[str, list[bool]]] = defaultdict(lambda: {"overlap": [], "relaxed": [], "precision": []})
    for ours, gold in texts:
        pairs = pair_up(ours, gold)
        good = [p for p in pairs if is_relaxed(p, ours, gold)]
        for number, attribution in enumerate(gold):
            told[attribution.kind]["overlap"].append(any(p.gold == number for p in pairs))
            told[attribution.kind]["relaxed"].append(any(p.gold == number for p in good))
        for number, attribution in enumerate(ours):
            told[attribution.kind]["precision"].append(any(p.ours == number for p in good))
    return dict(told)


def share(verdicts: Sequence[bool]) -> float:
    return sum(verdicts) / len(verdicts) if verdicts else 0.0


# ---------------------------------------------------------------- the command


def main(argv: list[str]) -> int:
    """Prints the tables, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench quotes", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="quotes_polnear")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--limit", type=int, help="only so many texts, spread over the file")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--reading", action="store_true", help="score what the model reads, without the coder's rules and speakers")
    parser.add_argument("--grammar", action="store_true", help="score what marks and grammar tell without the model's reading")
    parser.add_argument("-v", "--verbose", action="store_true", help="list what was missed, spurious or wrong in each text")
    options = parser.parse_args(argv)
    rows = thin_out(read_rows(options.data / f"{options.split}.jsonl.gz"), options.limit)
    began = time.process_time()
    reader = read_attributions if options.reading else parse_attributions if options.grammar else code_articles
    codings = reader(map(as_report, rows))
    seconds = time.process_time() - began
    texts = [(our_attributions(c, r["text"]), gold_attributions(r)) for c, r in zip(codings, rows, strict=True)]
    totals: dict[str, Tally] = defaultdict(Tally)
    for ours, gold in texts:
        for name, tally in tally_text(ours, gold).items():
            totals[name] += tally
    kinds = shares_by_kind(texts)
    if options.verbose:
        for row, (ours, gold) in zip(rows, texts, strict=True):
            print_differences(row, ours, gold)
    print(f"quotes {options.split}: {len(rows)} texts, {totals['overlap'].gold} attributions, {seconds:.0f} s CPU")
    print_tables(totals, kinds)
    if options.json:
        head = {"name": "quotes", "split": options.split, "n": totals["overlap"].gold, "seconds_cpu": round(seconds, 1)}
        print(json.dumps(head | {"version": load_models().version} | figures(totals, kinds)))
    return 0


def figures(totals: dict[str, Tally], kinds: dict[str, dict[str, list[bool]]]) -> dict[str, float]:
    flat = {f"{name.replace(' ', '_')}_f1": tally.f1 for name, tally in totals.items()}
    flat |= {f"{kind}_{measure}": share(told[measure]) for kind, told in kinds.items() for measure in told}
    return {key: round(value, 4) for key, value in flat.items()}


def print_tables(totals: dict[str, Tally], kinds: dict[str, dict[str, list[bool]]]) -> None:
    print(f"{'':20}{'P':>7}{'R':>7}{'F1':>7}")
    for name, tally in totals.items():
        precision, recall = (tally.right / n if n else 0.0 for n in (tally.predicted, tally.gold))
        print(f"{name:20}{precision:7.3f}{recall:7.3f}{tally.f1:7.3f}")
    print(f"\n{'kind':12}{'overlap R':>10}{'relaxed R':>10}{'gold':>7}{'relaxed P':>11}{'ours':>7}")
    for kind, told in sorted(kinds.items()):
        print(
            f"{kind:12}{share(told['overlap']):10.3f}{share(told['relaxed']):10.3f}{len(told['relaxed']):7}"
            f"{share(told['precision']):11.3f}{len(told['precision']):7}"
        )


def print_differences(row: dict[str, Any], ours: Sequence[Attribution], gold: Sequence[Attribution]) -> None:
    """A line for each attribution of either side that is in no relaxed pair, with its partner where it has one."""
    pairs = pair_up(ours, gold)
    good = [p for p in pairs if is_relaxed(p, ours, gold)]
    print(f"== {row['doc_id']}")
    for pair in pairs:
        if pair not in good:
            print("wrong   ", shown(gold[pair.gold], row["text"]), "\n   ours  ", shown(ours[pair.ours], row["text"]))
    for number in sorted(set(range(len(gold))) - {p.gold for p in pairs}):
        print("missed  ", shown(gold[number], row["text"]))
    for number in sorted(set(range(len(ours))) - {p.ours for p in pairs}):
        print("spurious", shown(ours[number], row["text"]))


def shown(attribution: Attribution, text: str) -> str:
    parts = (sorted(part) for part in (attribution.source, attribution.cue, attribution.content))
    return f"[{attribution.kind}] " + " | ".join(text[p[0] : p[-1] + 1].replace("\n", "⏎") if p else "–" for p in parts)
