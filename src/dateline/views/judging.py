"""Judgements in words: the log, the history of an event, what is to be reviewed, what verifying found. One thing a line or two."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from dateline.ledger.audit import Verdict
from dateline.ledger.history import CODED, LINKED, Step
from dateline.ledger.one_actor import OF_NAMES, names_of
from dateline.ledger.resolve import CONFIRMS, Contradiction
from dateline.ledger.review import Concern, Item, Standing
from dateline.ledger.second import ANSWER
from dateline.records import About, Judgement, JudgementKind
from dateline.views.wording import shown

SHORT = 8
"""Letters of an id that are shown: enough for some ten thousand claims, and more can always be given."""

FEW = 4
"""Ids that are listed one by one; of more it is said how many."""


def short(id: str) -> str:
    return shown(id[:SHORT])


def ids(claims: Sequence[str]) -> str:
    """The first few ids, and how many there are if they are more."""
    listed = ", ".join(short(claim) for claim in claims[:FEW])
    return listed if len(claims) <= FEW else f"{listed} and {len(claims) - FEW:,} more"


def claims_in_words(claims: Sequence[str]) -> str:
    return f"claim {short(claims[0])}" if len(claims) == 1 else f"{len(claims):,} claims ({ids(claims)})"


def what_was_judged(judgement: Judgement) -> str:
    """What a judgement says, as the end of a sentence that begins with who said it."""
    kind, sides = judgement.kind, judgement.sides
    if kind is JudgementKind.MERGED and CONFIRMS in dict(judgement.facts):
        are = "is" if len(sides[1]) == 1 else "are"
        return f"said that {claims_in_words(sides[1])} {are} rightly of event {short(sides[0][0])}"
    if kind is JudgementKind.MERGED:
        return f"merged {len(sides):,} events into one: {ids([side[0] for side in sides])}"
    if kind is JudgementKind.SPLIT:
        return f"took {claims_in_words(sides[0])} out of the event of {short(sides[1][0])}"
    if kind is JudgementKind.NOT_SAME:
        return f"said that events {short(sides[0][0])} and {short(sides[1][0])} are not the same"
    if kind in OF_NAMES:
        listed = " and ".join(f"“{shown(name)}”" for name in names_of(judgement))
        return f"said that {listed} are {'one actor' if kind is JudgementKind.SAME_ACTOR else 'not one actor'}"
    if kind is JudgementKind.UNDONE:
        return f"undid {', '.join(judgement.revokes)}"
    if kind is JudgementKind.SECONDED:
        facts = dict(judgement.facts)
        put_right = [f"{name} {shown(value or 'none')}" for name, value in judgement.facts if name != ANSWER]
        right = f", with {', '.join(put_right)}" if put_right else ""
        return f"answered without seeing the first answer on {ids(judgement.claims)}: {facts.get(ANSWER, '')}{right}"
    if kind is JudgementKind.FORGOTTEN:
        return "removed a name"
    if kind is JudgementKind.LINKED:
        return f"linked claims ({', '.join(f'{name} {shown(value[:SHORT])}' for name, value in judgement.facts)})"
    what = "nothing" if not sides else claims_in_words(sides[0])
    if judgement.about is About.EVENT:
        what = f"event {short(sides[0][0])} with {'its claim' if len(sides[0]) == 1 else f'its {len(sides[0]):,} claims'}"
    if kind is JudgementKind.CORRECTED:
        before = " / ".join(dict.fromkeys(value or "none" for _, value in judgement.before)) or "none"
        return f"corrected {judgement.field} of {what} from {shown(before)} to {shown(judgement.value or 'none')}"
    if kind is JudgementKind.SUPERSEDED:
        return f"said that {what} is out of date, and {claims_in_words(sides[1])} took its place"
    return f"{kind.value} {what}"


def judgement_line(judgement: Judgement, *, is_undone: bool = False) -> str:
    """A judgement on a line: id, moment, who, what, and why."""
    reason = f": {shown(judgement.reason)}" if judgement.reason else ""
    taken_back = " [undone]" if is_undone else ""
    who = shown(judgement.by.name)
    return f"{judgement.id:<7}{_moment(judgement.at)}  {who} {what_was_judged(judgement)}{reason}{taken_back}"


def log_lines(judgements: Iterable[Judgement], in_force: Iterable[str]) -> Iterator[str]:
    holds = set(in_force)
    return (judgement_line(judgement, is_undone=judgement.id not in holds) for judgement in judgements)


def history_lines(steps: Iterable[Step]) -> Iterator[str]:
    """What happened, by day."""
    for day, of_the_day in groupby(steps, key=lambda step: step.at.date()):
        yield f"{day:%Y-%m-%d}"
        for step in of_the_day:
            yield from _indented(f"{step.at:%H:%M}  {_step(step)}")


def _step(step: Step) -> str:
    if step.what == CODED:
        return f"{claims_in_words(step.claims)} coded by {step.by}: {shown(step.words)}"
    if step.what == LINKED:
        sure = f", chance {step.chance:.0%}" if step.chance is not None else ""
        return f"{claims_in_words(step.claims)} linked to event {short(step.event or '')} by {step.by}{sure}"
    assert step.judgement is not None
    reason = f": {shown(step.words)}" if step.words else ""
    undone = " [undone since]" if step.is_undone else ""
    return f"{shown(step.by)} {what_was_judged(step.judgement)}{reason} ({step.judgement.id}){undone}"


def review_lines(items: Sequence[Item]) -> Iterator[str]:
    """What to look at, by concern, each with its claims and why it is there."""
    for concern, of_it in groupby(items, key=lambda item: item.concern):
        yield f"{concern.value}"
        for item in of_it:
            yield from _indented(f"{ids(item.claims)}  {shown(item.reason)}")


ANSWERS = {
    Concern.CONTRADICTION: ("undo {judgement}",),
    Concern.DISPUTED: ("accept {claim}", "correct {claim} FIELD VALUE"),
    Concern.READING_DIFFERS: ("accept {claim}", "correct {claim} FIELD VALUE", "undo {judgement}"),
    Concern.EVENT_DIFFERS: ("accept {claim} --event", "split {claim} --claims ID,… --reason WHY", "undo {judgement}"),
    Concern.ORPHANED: ("undo {judgement}",),
    Concern.UNSURE_LINK: ("accept {claim} --event", "split {other} --claims {claim} --reason WHY"),
    Concern.UNSURE_READING: ("accept {claim}", "reject {claim}", "correct {claim} FIELD VALUE"),
}
"""What can be answered to each concern, as a command."""


def answer_lines(item: Item) -> Iterator[str]:
    """The commands that decide about something to look at."""
    claim, other = (*map(short, item.claims), "ID", "ID")[:2]
    judgement = (*item.judgements, "JUDGEMENT")[0]
    yield from (f"dateline {words.format(claim=claim, other=other, judgement=judgement)}" for words in ANSWERS[item.concern])


def standing_lines(found: Standing) -> Iterator[str]:
    """How far reviewing is, by concern and by person."""
    share = f" ({found.judged / found.claims:.0%})" if found.claims else ""
    yield f"{found.judged:,} of {found.claims:,} claims judged by people{share}"
    yield "to look at" if found.to_do else "nothing to look at"
    yield from (f"{number:>8,}  {concern}" for concern, number in found.to_do.items())
    if found.judges:
        yield "judgements that hold"
        yield from (f"{number:>8,}  {shown(name)}" for name, number in found.judges.items())


def verdict_lines(verdict: Verdict) -> Iterator[str]:
    """What verifying found, and the head to note down."""
    for fault in verdict.faults:
        yield f"{shown(fault.where)}{f' (entry {fault.entry})' if fault.entry else ''}: {fault.what}"
    signed = f"{sum(verdict.keys.values()):,} signed by {len(verdict.keys):,} keys" if verdict.keys else "none signed"
    yield (
        f"{verdict.entries:,} entries with {verdict.judgements:,} judgements, {signed}; "
        f"{verdict.receipts:,} receipts, {verdict.files:,} segments and reports"
    )
    if verdict.unanchored:
        yield f"{verdict.unanchored:,} receipts or catalogues are newer than the last entry, which the next one will anchor"
    yield f"head {verdict.head}"


def contradiction_lines(found: Sequence[Contradiction]) -> Iterator[str]:
    """What a judgement would contradict, and what to do."""
    for contradiction in found:
        one, other = contradiction.claims
        yield f"it does not go with what was said of {short(one)} and {short(other)}:"
        yield from (f"  {judgement_line(judgement)}" for judgement in contradiction.judgements)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _indented(words: str) -> list[str]:
    return textwrap.wrap(words, 100, initial_indent="  ", subsequent_indent="         ", break_on_hyphens=False)
