"""Whole articles, every field of the record, against hand-coded ones.

    python -m bench articles --data DIR [--split dev] [--scorer PATH] [--keep DIR] [--errors] [--json] [-v]

DIR is a flat folder of NAME.txt, NAME.yaml (the coding by hand) and NAME.meta.json (date, address and title where the page had
them). Every text is coded and its prediction written as JSON in the schema of the hand coding before a hand coding is opened.
The measures are those of the scorer that stands in DIR or one level above it, score_articles.py: alignment of records, type,
all fields at once, quotations. Offsets are code points of NAME.txt: spans of our text are carried back to the file's bytes first.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

from dateline.evaluation.spans import FileOffsets
from dateline.records import (
    Claim,
    Coding,
    Count,
    Document,
    EventMention,
    Exactness,
    Participant,
    Quotation,
    QuoteKind,
    Report,
    Span,
)

SCORER = "score_articles.py"
HEADLINES = {"typed_f1": "typed", "full_f1": "full", "detect_f1": "detection", "quotes_f1": "quotes", "counts_f1": "counts, exact"}
SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s")
INEXACT = frozenset({Exactness.ABOUT, Exactness.ALMOST})
"""What the hand coding marks `about`; open and vague bounds say of themselves that they are no exact figures."""


# ---------------------------------------------------------------- what is given


def read_article(path: Path) -> Report:
    """NAME.txt with what NAME.meta.json says of it; the hand coding is not touched."""
    meta_path = path.with_suffix(".meta.json")
    meta = json.loads(meta_path.read_text("utf-8")) if meta_path.exists() else {}
    return Report(
        name=path.name,
        raw=path.read_bytes(),
        media_type="text/plain",
        address=meta.get("url"),
        published=date.fromisoformat(meta["date"][:10]) if meta.get("date") else None,
        title=meta.get("title"),
    )


def code_articles(reports: Iterable[Report]) -> tuple[Coding, ...]:
    """Each report coded by the whole path, in order."""
    from dateline.knowledge.load import load_knowledge
    from dateline.language.models import load_models
    from dateline.pipeline import code_report

    knowledge, models = load_knowledge(), load_models()
    return tuple(code_report(report, knowledge, models) for report in reports)


# ---------------------------------------------------------------- a coding in the schema of the hand coding


def written(offsets: FileOffsets, span: Span) -> dict[str, int] | None:
    """{start, end} in the file, as the scorer reads it; words that are not in the file: None."""
    at = offsets.of(span)
    return None if at is None else {"start": at.start, "end": at.end}


def as_hand_coding(coding: Coding, raw: bytes) -> dict[str, Any]:
    """The coding in the schema of NAME.yaml. Records whose words are not in the file (a title that was given) are left out."""
    if coding.document is None:
        return {"events": [], "quotes": []}
    offsets = FileOffsets(coding.document, raw)
    return {
        "document": {"id": coding.report},
        "events": [e for c in coding.claims if (e := event_entry(c, coding.document, offsets))["evidence"] and e["trigger"]],
        "quotes": [e for q in coding.quotations if q.is_quoted for e in quote_entries(q, coding.document, offsets) if e["content"]],
    }


def event_entry(claim: Claim, document: Document, offsets: FileOffsets) -> dict[str, Any]:
    event = claim.event
    time_, place = event.time, event.place
    return {
        "id": claim.id,
        "type": event.type,
        "mode": event.mode,
        "trigger": written(offsets, event.trigger),
        "evidence": written(offsets, event.evidence),
        "actor": party_entry(event.actors),
        "recipient": party_entry(event.recipients),
        "date": [time_.first and time_.first.isoformat(), time_.last and time_.last.isoformat()] if time_ else None,
        "place": [place.place.name, place.place.country, place.place.kind.value] if place else None,
        "counts": [count_entry(c, document) for c in event.counts],
        "status": event.status.value.value,
        "by": nearest_teller(event, document.publisher),
        "same_as": claim.same_as,
        "confidence": event.confidence,
    }


def party_entry(participants: tuple[Participant, ...]) -> list[str | None] | None:
    """The first participant as [name, country, sector]; the hand coding has room for one."""
    return [participants[0].actor.name, participants[0].actor.country, participants[0].actor.sector] if participants else None


def count_entry(count: Count, document: Document) -> dict[str, Any]:
    words = count.span.of(document.text)
    about = count.exactness in INEXACT
    return {"what": count.what, "text": words, "low": count.low, "high": count.high, "about": about, "unit": count.unit}


def nearest_teller(event: EventMention, publisher: str | None) -> str | None:
    """Whoever the paper has it from ("according to Belta"), by name; the paper's own voice, which opens the chain: None."""
    names = [teller.actor.name for teller in event.attribution]
    return next(iter(names[1:] if names[:1] == [publisher] else names), None)


def quote_entries(quote: Quotation, document: Document, offsets: FileOffsets) -> list[dict[str, Any]]:
    """The hand coding's lines of a quotation: where it goes on behind the end of its cue's sentence, a further one without cue."""
    runs = [quote.content[0]]
    for span in quote.content[1:]:
        between = document.text[runs[-1].end : span.start]
        runs = [*runs, span] if SENTENCE_END.search(between) else [*runs[:-1], runs[-1].join(span)]
    cue = quote.cue
    nearest = min(runs, key=lambda run: abs(run.end - cue.start)) if cue else None
    return [
        {
            "speaker": quote.speaker.name if quote.speaker else None,
            "cue": cue.of(document.text) if cue and run == nearest else None,
            "direct": quote.kind is not QuoteKind.INDIRECT,
            "content": written(offsets, run),
            "via": quote.via.name if quote.via else None,
        }
        for run in runs
    ]


# ---------------------------------------------------------------- the command


def load_scorer(data: Path, given: Path | None) -> ModuleType:
    """The scorer as a module: the one given, else the one in the data folder or one level above it.

    Raises FileNotFoundError saying where it was looked for.
    """
    places = [given] if given else [data / SCORER, data.resolve().parent / SCORER]
    path = next((p for p in places if p.is_file()), None)
    if path is None:
        raise FileNotFoundError(f"no {SCORER} at {' or '.join(map(str, places))}: name it with --scorer")
    spec = importlib.util.spec_from_file_location("score_articles", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python module")
    scorer = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = scorer  # its dataclasses look their own module up by name
    spec.loader.exec_module(scorer)
    return scorer


def write_predictions(data: Path, folder: Path) -> tuple[int, float]:
    """Codes every NAME.txt into NAME.json of the folder; how many there were, and the seconds of processor time."""
    reports = [read_article(path) for path in sorted(data.glob("*.txt"))]
    began = time.process_time()
    codings = code_articles(reports)
    seconds = time.process_time() - began
    for report, coding in zip(reports, codings, strict=True):
        written = json.dumps(as_hand_coding(coding, report.raw), ensure_ascii=False, indent=1)
        (folder / report.name).with_suffix(".json").write_text(written, encoding="utf-8")
    return len(reports), seconds


def main(argv: list[str]) -> int:
    """Prints the scorer's report, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench articles", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of NAME.txt, NAME.yaml and NAME.meta.json")
    parser.add_argument("--split", default="dev", help="a name for the figures; the folder is the split")
    parser.add_argument("--scorer", type=Path, help=f"path of {SCORER} (default: in the data folder or one level above)")
    parser.add_argument("--keep", type=Path, help="write the predictions to this folder and leave them there")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true", help="what was missed, spurious or wrong in each article")
    parser.add_argument("--errors", action="store_true", help="each event by hand that was missed, and why its words gave none")
    options = parser.parse_args(argv)

    with tempfile.TemporaryDirectory() as temporary:
        folder: Path = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        n, seconds = write_predictions(options.data, folder)
        scorer = load_scorer(options.data, options.scorer)
        scores = scorer.score_folders(options.data, folder)
        told = accepted_by_confidence(scorer, options.data, folder)
        listing = list(errors(scorer, options.data, folder)) if options.errors else []
    print(scorer.report(scores, verbose=options.verbose))
    print("".join(f"{line}\n" for line in listing), end="")
    print("\nconfidence  records  found in the hand coding, type and all")
    for stated, accepted in sorted(told.items()):
        print(f"{stated:10.1f}  {len(accepted):7}  {sum(accepted) / len(accepted):.2f}")
    if options.json:
        head = {"name": "articles", "split": options.split, "n": n, "seconds_cpu": round(seconds, 2)}
        print(json.dumps(head | {"version": version("dateline")} | figures(scorer.as_data(scores))))
    return 0


def errors(scorer: Any, data: Path, folder: Path) -> Iterator[str]:
    """A line for each event by hand that no record of ours is found for, and under it why the entries of its word gave none."""
    from bench.reasons import reasons
    from dateline.knowledge.load import load_knowledge
    from dateline.language.models import load_models
    from dateline.pipeline import weigh_report

    knowledge, models = load_knowledge(), load_models()
    for path in sorted(folder.glob("*.json")):
        text = scorer.Text.read((data / f"{path.stem}.txt").read_text(encoding="utf-8"))
        predicted = json.loads(path.read_text(encoding="utf-8"))
        gold, ours = (scorer.read_coding(text, d) for d in (scorer.read_document(data, path.stem), predicted))
        found = {i for i, _ in scorer.assign([[scorer.pair_score(text, g, p) for p in ours.records] for g in gold.records])}
        missed = [g for i, g in enumerate(gold.records) if i not in found]
        weighed = weigh_report(read_article(data / f"{path.stem}.txt"), knowledge, models) if missed else ()
        for event in missed:
            yield f"{path.stem} {event.id} {event.type}: {event.words!r}"
            words = set(event.trigger_words.lower().split())
            own = reasons(w for w in weighed if words & set(w.words.lower().split()))
            yield from (f"    {line}" for line in dict.fromkeys(own))


def accepted_by_confidence(scorer: Any, data: Path, folder: Path) -> dict[float, list[bool]]:
    """Whether each predicted record was found in the hand coding with its type, by its confidence to one decimal place."""
    told: dict[float, list[bool]] = {}
    for path in sorted(folder.glob("*.json")):
        text = scorer.Text.read((data / f"{path.stem}.txt").read_text(encoding="utf-8"))
        predicted = json.loads(path.read_text(encoding="utf-8"))
        gold, ours = (scorer.read_coding(text, d) for d in (scorer.read_document(data, path.stem), predicted))
        pairs = scorer.assign([[scorer.pair_score(text, g, p) for p in ours.records] for g in gold.records])
        right = {j for i, j in pairs if scorer.type_is_right(gold.records[i], ours.records[j])}
        for j, event in enumerate(predicted["events"]):
            told.setdefault(round(event["confidence"], 1), []).append(j in right)
    return told


def figures(scores: dict[str, Any]) -> dict[str, float]:
    """The scorer's figures flat: the headlines, then each field's accuracy on typed pairs under its name with underscores."""
    headlines = {key: scores["all"][theirs]["f1"] for key, theirs in HEADLINES.items()}
    return headlines | {name.replace(" ", "_"): field["accuracy"] for name, field in scores["fields"].items()}
