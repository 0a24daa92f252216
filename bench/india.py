"""What police did in Gujarat in March 2002, by document and by sentence, against every sentence read by hand (IndiaPoliceEvents).

    python -m bench india --data DIR [--split dev] [--errors] [--json]

DIR holds docs.SPLIT.jsonl and sents.SPLIT.jsonl. A document is coded whole, as the product codes it; a record labels the sentence
that holds its trigger, by the crosswalk bench/crosswalks/india.yaml. A document has the labels of its sentences. The measures are
the published ones: of documents F1 by example (the mean, over documents that have a label or got one, of 2·right/(given+gold)), of
sentences the mean of the five labels' F1. Nothing here was trained on the labels.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bench.plover import f1
from bench.reasons import reasons
from dateline import __version__
from dateline.knowledge.load import load_knowledge
from dateline.language.models import load_models
from dateline.pipeline import code_report, weigh_report
from dateline.records import Actor, Coding, Document, EventMention, Report, Span, Weighed

CROSSWALK = Path(__file__).parent / "crosswalks" / "india.yaml"
HAPPENED = ("asserted", "alleged")


@dataclass(frozen=True)
class Line:
    """Which records a label takes: by type, and by mode, status, what is counted, words of the trigger (None of these: any)."""

    types: frozenset[str]
    modes: frozenset[str | None] | None
    statuses: frozenset[str]
    counts: frozenset[str] | None
    words: frozenset[str] | None
    not_words: frozenset[str]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Line:
        modes, counts, words = row.get("modes"), row.get("counts"), row.get("words")
        return cls(
            frozenset(row["types"]),
            None if modes is None else frozenset(modes),
            frozenset(row.get("statuses", HAPPENED)),
            None if counts is None else frozenset(counts),
            None if words is None else frozenset(words),
            frozenset(row.get("not_words", ())),
        )

    def takes(self, event: EventMention, word: str) -> bool:
        """True for a record, of that trigger, that fits the whole line."""
        return (
            event.type in self.types
            and (self.modes is None or event.mode in self.modes)
            and event.status.value.value in self.statuses
            and (self.counts is None or any(c.what in self.counts for c in event.counts))
            and (self.words is None or word.lower() in self.words)
            and word.lower() not in self.not_words
        )


@dataclass(frozen=True)
class Crosswalk:
    """From records to labels; see the table for what each field means."""

    sectors: frozenset[str]
    soldiers: frozenset[str]
    deeds: frozenset[str]
    words: tuple[str, ...]
    by_nobody: tuple[Line, ...]
    by_anyone: tuple[Line, ...]
    moved: frozenset[str]
    speaking: frozenset[str]
    labels: dict[str, tuple[Line, ...]]

    @classmethod
    def read(cls, path: Path = CROSSWALK) -> Crosswalk:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls(
            frozenset(rows["police"]["sectors"]),
            frozenset(rows["police"]["soldiers"]),
            frozenset(rows["police"]["deeds"]),
            tuple(rows["police"]["words"]),
            tuple(Line.of(r) for r in rows["default_actor"]),
            tuple(Line.of(r) for r in rows["by_anyone"]),
            frozenset(rows["moved"]),
            frozenset(rows["speaking"]),
            {label: tuple(Line.of(r) for r in lines) for label, lines in rows["labels"].items()},
        )

    def labels_of(self, event: EventMention, word: str) -> frozenset[str]:
        """The labels of a record of what police did, its trigger being `word`; of anybody else's: none."""
        movers = (*event.actors, *event.recipients) if event.type in self.moved else event.actors
        by_police = any(self.is_police(p.actor, does=event.type in self.deeds) for p in movers)
        implied = self.by_anyone if event.actors else (*self.by_nobody, *self.by_anyone)
        if not by_police and not any(line.takes(event, word) for line in implied):
            return frozenset()
        return frozenset(label for label, lines in self.labels.items() if any(line.takes(event, word) for line in lines))

    def is_police(self, who: Actor, *, does: bool = False) -> bool:
        """True for an actor of a police sector, or one whose name says so; where something is done, for soldiers too."""
        words = f" {who.name.lower()} "
        if who.sector in self.sectors or (does and who.sector in self.soldiers):
            return True
        return any(f" {word} " in words for word in self.words)


def sentence_labels(coding: Coding, sentences: Sequence[Mapping[str, Any]], crosswalk: Crosswalk) -> list[set[str]]:
    """The labels of each sentence of a document, in order; `sentences` laid end to end are its text."""
    found: list[set[str]] = [set() for _ in sentences]
    ends, length = [], 0
    for row in sentences:
        length += len(row["text"].encode())
        ends.append(length)

    def give(labels: frozenset[str], where: Span) -> None:
        at = coding.document.offsets.to_bytes(where) if coding.document and labels else None
        number = next((i for i, end in enumerate(ends) if at and at[0] < end), None)
        if number is not None:
            found[number] |= labels

    text = coding.document.text if coding.document else ""
    for claim in coding.claims:
        word = claim.event.trigger.of(text)
        give(crosswalk.labels_of(claim.event, word), claim.event.trigger)
    for quotation in coding.quotations:
        if quotation.speaker is not None and crosswalk.is_police(quotation.speaker):
            give(crosswalk.speaking, quotation.cue or quotation.content[0])
    return found


def errors(
    sentences: Sequence[Mapping[str, Any]], given: Sequence[set[str]], weighed: Sequence[Weighed], document: Document
) -> Iterator[str]:
    """For each sentence with labels it should not have, or without some: those, its words, and what became of each entry there."""
    end = 0
    for row, labels in zip(sentences, given, strict=True):
        start, end = end, end + len(row["text"].encode())
        gold = set(row["labels"])
        if gold == labels:
            continue
        lacks, extra = ",".join(sorted(gold - labels)), ",".join(sorted(labels - gold))
        yield f"lacks [{lacks}] has [{extra}]  {' '.join(row['text'].split())}"
        own = [w for w in weighed if (at := document.offsets.to_bytes(w.trigger)) and start <= at[0] < end]
        yield from (f"    {line}" for line in reasons(own))


def example_f1(pairs: Iterable[tuple[set[str], set[str]]]) -> float:
    """The mean of 2·right/(given+gold) over (gold, given) pairs of which either has a label; no such pair: 0."""
    scores = [2 * len(gold & given) / (len(gold) + len(given)) for gold, given in pairs if gold or given]
    return sum(scores) / len(scores) if scores else 0.0


def label_f1(pairs: Sequence[tuple[set[str], set[str]]], label: str) -> float:
    right = sum(label in gold and label in given for gold, given in pairs)
    return f1(right, sum(label in given for _, given in pairs), sum(label in gold for gold, _ in pairs))


def read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench india", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of docs.SPLIT.jsonl and sents.SPLIT.jsonl")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--errors", action="store_true", help="each sentence with wrong labels, and why")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    documents = read_rows(options.data / f"docs.{options.split}.jsonl")
    rows = read_rows(options.data / f"sents.{options.split}.jsonl")
    crosswalk, knowledge, models = Crosswalk.read(), load_knowledge(), load_models()
    started = time.process_time()
    by_sentence: list[tuple[set[str], set[str]]] = []
    by_document: list[tuple[set[str], set[str]]] = []
    for document in documents:
        sentences = sorted((r for r in rows if r["doc_id"] == document["doc_id"]), key=lambda r: r["sent_id"])
        raw = "".join(r["text"] for r in sentences).encode()
        published = date.fromisoformat(document["date"])
        report = Report(str(document["doc_id"]), raw, "text/plain", published=published)
        coding = code_report(report, knowledge, models)
        given = sentence_labels(coding, sentences, crosswalk)
        by_document.append((set(document["labels"]), set().union(*given)))
        by_sentence += [(set(row["labels"]), labels) for row, labels in zip(sentences, given, strict=True)]
        if options.errors and coding.document is not None:
            weighed = weigh_report(report, knowledge, models)
            for line in errors(sentences, given, weighed, coding.document):
                print(line)
    seconds = time.process_time() - started
    of_sentences = {label: label_f1(by_sentence, label) for label in crosswalk.labels}
    of_documents = {label: label_f1(by_document, label) for label in crosswalk.labels}
    for label in crosswalk.labels:
        print(f"{label:12} F1 of sentences {of_sentences[label]:.3f}   of documents {of_documents[label]:.3f}")
    doc_f1, sent_f1 = example_f1(by_document), sum(of_sentences.values()) / len(of_sentences)
    print(f"{'documents':12} F1 by example  {doc_f1:.3f}   ({len(by_document)} documents)")
    print(f"{'sentences':12} mean of labels {sent_f1:.3f}   ({len(by_sentence)} sentences)")
    if options.json:
        head = {"name": "india", "split": options.split, "n": len(documents), "seconds_cpu": round(seconds, 2)}
        head |= {"version": __version__, "doc_example_f1": round(doc_f1, 4), "sent_macro_f1": round(sent_f1, 4)}
        print(json.dumps(head | {f"sent_{k.lower()}": round(v, 4) for k, v in of_sentences.items()}))
    return 0
