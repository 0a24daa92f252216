"""What the guard before another reader lets through: our own records proposed to it as a perfect reader would, and as a liar would.

    python -m bench other_reader [--samples FOLDER] [--json]

No model is asked. Each record that our coder makes of the sample reports is turned into what a model would propose: its words,
copied, and its codes. `accepted` is how many of them pass; the others are what the guard costs a reader that makes no mistake. Of
the accepted `same` counts, by field, how many get back the value that our coder gave, where words say it. Then each quote of each
record is changed in turn to words that do not stand in the report (`invented`); `caught` is how many of those are refused.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline.ingest.readers import find_reports
from dateline.knowledge.load import Knowledge, load_knowledge
from dateline.language.models import Models, load_models
from dateline.language.reading import find_sentences
from dateline.other_reader.chunks import chunks_of
from dateline.other_reader.prompt import Prompt, load_prompt
from dateline.other_reader.reading import Outcome, code_by_answers
from dateline.other_reader.server import Reply
from dateline.pipeline import code_report
from dateline.records import Document, EventMention, Report, Span

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "belarus-2020"

INVENTED = "the grey heron of the harbour office"
"""Words that stand in no report."""

QUOTES = ("evidence", "trigger", "status_cue", "time", "place", "said_by")
LISTS = ("actors", "recipients")
FIELDS = ("time", "place", "actors", "recipients", "counts", "status")


@dataclass
class Tally:
    """What came of the proposals. `same` and `told` are by field, `reasons` why perfect ones were refused or a field left out."""

    proposed: int = 0
    accepted: int = 0
    invented: int = 0
    caught: int = 0
    told: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


def as_proposed(event: EventMention, document: Document, sentences: Sequence[Span]) -> dict[str, Any]:
    """The record as a model would propose it that reads as our coder does."""
    text = document.text
    evidence = event.evidence
    for sentence in sentences:
        if sentence.overlaps(event.trigger):
            evidence = evidence.join(sentence)
    speaker = next((t for t in reversed(event.attribution) if t.span), None)
    return {
        "evidence": evidence.of(text),
        "trigger": event.trigger.of(text),
        "type": event.type,
        "mode": event.mode,
        "status": event.status.value.value,
        "status_cue": event.status.cue.of(text) if event.status.cue else None,
        "actors": [p.span.of(text) for p in event.actors if p.span],
        "recipients": [p.span.of(text) for p in event.recipients if p.span],
        "time": event.time.span.of(text) if event.time and event.time.span else None,
        "place": event.place.span.of(text) if event.place and event.place.span else None,
        "figures": [{"what": count.what, "quote": count.span.of(text)} for count in event.counts],
        "said_by": speaker.span.of(text) if speaker and speaker.span else None,
        "said_cue": None,
    }


def lies_of(proposal: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The record with each of its quotes made up in turn."""
    yield from ({**proposal, name: INVENTED} for name in QUOTES if proposal[name])
    yield from ({**proposal, name: [*proposal[name][1:], INVENTED]} for name in LISTS if proposal[name])
    if proposal["figures"]:
        yield {**proposal, "figures": [{**proposal["figures"][0], "quote": f"12 {INVENTED}"}]}


def value_of(event: EventMention, name: str) -> Any:
    """What a field says, where words say it; none do: None."""
    if name == "time":
        return (event.time.first, event.time.last) if event.time and event.time.span else None
    if name == "place":
        return event.place.place if event.place and event.place.span else None
    if name == "status":
        return event.status.value
    if name == "counts":
        return sorted((c.what, c.low, c.high) for c in event.counts) or None
    return sorted((p.actor.name, p.actor.country or "") for p in getattr(event, name) if p.span) or None


@dataclass(frozen=True)
class Bench:
    """What a report is read with."""

    prompt: Prompt
    knowledge: Knowledge
    models: Models

    def judged(self, document: Document, proposals: Sequence[dict[str, Any]]) -> Outcome:
        """What comes of proposals for a document, all of them in the answer for its first part."""
        chunks = chunks_of(document, most=len(document.text) + 1)
        reply = Reply(json.dumps({"records": proposals}), is_cut=False)
        return code_by_answers(
            "bench",
            document,
            [(chunks[0], reply)],
            coder="bench",
            prompt=self.prompt,
            knowledge=self.knowledge,
            models=self.models,
        )

    def measure(self, report: Report, tally: Tally) -> None:
        document = (coding := code_report(report, self.knowledge, self.models)).document
        if document is None or not coding.claims:
            return
        sentences = [unread.span for unread in find_sentences(document)]
        events = [claim.event for claim in coding.claims]
        proposals = [as_proposed(event, document, sentences) for event in events]
        outcome = self.judged(document, proposals)
        tally.proposed += len(proposals)
        tally.accepted += outcome.accepted
        tally.reasons.update(problem.reason for problem in outcome.coding.problems)
        theirs = {(c.event.type, c.event.trigger): c.event for c in outcome.coding.claims}
        for event in events:
            other = theirs.get((event.type, event.trigger))
            for name in FIELDS if other else ():
                if (own := value_of(event, name)) is not None:
                    tally.told[name] += 1
                    tally.same[name] += other is not None and value_of(other, name) == own
        lies = [lie for proposal in proposals for lie in lies_of(proposal)]
        for start in range(0, len(lies), 50):
            some = lies[start : start + 50]
            tally.invented += len(some)
            tally.caught += self.judged(document, some).refused


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench other_reader", description=__doc__)
    parser.add_argument("--samples", type=Path, default=SAMPLES, help="reports to read")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    knowledge = load_knowledge()
    bench, tally = Bench(load_prompt(knowledge), knowledge, load_models()), Tally()
    for found in find_reports([str(options.samples)], publisher=None, published=None):
        if isinstance(found, Report):
            bench.measure(found, tally)
    if options.json:
        print(json.dumps({name: dict(value) if isinstance(value, Counter) else value for name, value in vars(tally).items()}))
        return 0
    print(f"proposed {tally.proposed}, accepted {tally.accepted}; invented {tally.invented}, caught {tally.caught}")
    for name in FIELDS:
        print(f"  {name:12} {tally.same[name]:4} of {tally.told[name]:4} the same")
    for reason, number in tally.reasons.most_common():
        print(f"  {number:4} {reason}")
    return 0
