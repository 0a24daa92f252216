"""Times: each rule against its own examples, and whole texts against the days they stand for (tests/specs/times.yaml)."""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.knowledge.times import TimeKnowledge, TimeRule, load_times
from dateline.mentions.expressions import find_readings
from dateline.mentions.intervals import easter_of, shift_months
from dateline.mentions.tense import side_of
from dateline.mentions.times import find_times
from dateline.records import BlockKind, Sentence, Span, TimeKind, TimeMention, Token
from tests.mentions.texts import document_of, unparsed

KNOWLEDGE = load_times()
SPECS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "specs" / "times.yaml").read_text(encoding="utf-8"))
TENSE: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "src" / "dateline" / "knowledge" / "times" / "tense.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def knowledge() -> TimeKnowledge:
    return KNOWLEDGE


def unbracket(marked: str) -> tuple[str, Span | None]:
    """The text without its brackets, and what stood in them."""
    match = re.search(r"\[(.*)\]", marked)
    if match is None:
        return marked, None
    return marked[: match.start()] + match[1] + marked[match.end() :], Span(match.start(), match.start() + len(match[1]))


@pytest.mark.parametrize(
    ("rule", "example"), [(r, e) for r in KNOWLEDGE.rules for e in r.examples], ids=lambda v: v.id if isinstance(v, TimeRule) else v
)
def test_a_rule_reads_its_examples(rule: TimeRule, example: str, knowledge: TimeKnowledge) -> None:
    text, span = unbracket(example)
    found = [(r.rule.id, r.span) for s in unparsed(text) for r in find_readings(text, s, knowledge)]
    assert (rule.id, span) in found, [(name, s.of(text)) for name, s in found]


@pytest.mark.parametrize(
    ("rule", "text"), [(r, e) for r in KNOWLEDGE.rules for e in r.near_misses], ids=lambda v: v.id if isinstance(v, TimeRule) else v
)
def test_a_rule_leaves_its_near_misses_alone(rule: TimeRule, text: str, knowledge: TimeKnowledge) -> None:
    assert rule.id not in [r.rule.id for s in unparsed(text) for r in find_readings(text, s, knowledge)]


def test_every_rule_has_examples_and_near_misses(knowledge: TimeKnowledge) -> None:
    assert [r.id for r in knowledge.rules if not r.examples or not r.near_misses] == []
    assert len({r.id for r in knowledge.rules}) == len(knowledge.rules)


def written(mention: TimeMention, text: str) -> dict[str, Any]:
    """A mention as the specs write it."""
    days = [str(d) if d else None for d in (mention.first, mention.last)]
    return {
        "text": mention.span.of(text),
        "days": days,
        "kind": mention.kind.value,
        "value": mention.value,
        "problem": bool(mention.problem),
    }


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s["text"][:60])
def test_a_text_gives_the_days_of_its_spec(spec: dict[str, Any], knowledge: TimeKnowledge) -> None:
    text = spec["text"]
    published = datetime.strptime(spec["published"], "%Y-%m-%d").date() if spec.get("published") else None
    document = document_of(text, published, BlockKind(spec.get("block", "body")))
    found = [written(m, text) for m in find_times(document, unparsed(text), knowledge)]
    assert [f["text"] for f in found] == [t["text"] for t in spec["times"]]
    for got, expected in zip(found, spec["times"], strict=True):
        assert {k: got[k] for k in expected} == expected
        assert got["problem"] == expected.get("problem", False)


def test_mentions_stand_in_text_order_and_never_overlap(knowledge: TimeKnowledge) -> None:
    text = " ".join(s["text"] for s in SPECS)
    found = find_times(document_of(text, date(2020, 8, 18)), unparsed(text), knowledge)
    assert len(found) > 80
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


def test_it_reads_the_same_days_without_capitals(knowledge: TimeKnowledge) -> None:
    text = "Police arrested ten men on August 12, 2020, and on Monday they freed three who had been held since May."
    upper, lower = (find_times(document_of(t, date(2020, 8, 18)), unparsed(t), knowledge) for t in (text, text.lower()))
    assert [(m.first, m.last) for m in upper] == [(m.first, m.last) for m in lower]
    assert len(upper) == 3


def test_it_reads_a_dateline_that_is_no_sentence(knowledge: TimeKnowledge) -> None:
    text = "MINSK, Aug. 17 (Agency) -"
    (mention,) = find_times(document_of(text, date(2020, 8, 18), BlockKind.DATELINE), (), knowledge)
    assert mention.first == mention.last == date(2020, 8, 17)


def test_nothing_to_find_is_an_empty_tuple(knowledge: TimeKnowledge) -> None:
    text = "They may march on the palace."
    assert find_times(document_of(text, date(2020, 8, 18)), unparsed(text), knowledge) == ()


def test_a_span_and_its_rule_travel_with_every_time(knowledge: TimeKnowledge) -> None:
    text = "He was freed on Friday."
    (mention,) = find_times(document_of(text, date(2020, 8, 18)), unparsed(text), knowledge)
    assert (mention.span.of(text), mention.origin.by, mention.anchor) == ("Friday", "weekday", "publication date")


def parsed(words: str) -> Sentence:
    """A sentence from "text/lemma/upos/xpos/head/relation" items; words are joined by single blanks."""
    tokens, at = [], 0
    for index, item in enumerate(words.split()):
        form, lemma, upos, xpos, head, relation = item.split("/")
        tokens.append(Token(index, Span(at, at + len(form)), form, lemma, upos, xpos, int(head), relation))
        at += len(form) + 1
    return Sentence(0, 0, Span(0, at - 1), tuple(tokens), ())


ON_MONDAY = "on/on/ADP/IN/%d/case Monday/Monday/PROPN/NNP/%d/obl"


@pytest.mark.parametrize(
    ("words", "side"),
    [
        (f"He/he/PRON/PRP/2/nsubj will/will/AUX/MD/2/aux speak/speak/VERB/VB/-1/root {ON_MONDAY % (4, 2)}", "future"),
        (f"He/he/PRON/PRP/1/nsubj spoke/speak/VERB/VBD/-1/root {ON_MONDAY % (3, 1)}", "past"),
        (
            "They/they/PRON/PRP/1/nsubj plan/plan/VERB/VBP/-1/root to/to/PART/TO/3/mark march/march/VERB/VB/1/xcomp "
            + ON_MONDAY % (5, 3),
            "future",
        ),
        (f"Talks/talk/NOUN/NNS/1/nsubj open/open/VERB/VBP/-1/root {ON_MONDAY % (3, 1)}", "future"),
        (f"They/they/PRON/PRP/1/nsubj planned/plan/VERB/VBD/-1/root talks/talk/NOUN/NNS/1/obj {ON_MONDAY % (4, 1)}", "future"),
        (f"He/he/PRON/PRP/2/nsubj was/be/AUX/VBD/2/aux:pass held/hold/VERB/VBN/-1/root {ON_MONDAY % (4, 2)}", "past"),
    ],
)  # fmt: skip
def test_the_governing_verb_says_the_side(words: str, side: str, knowledge: TimeKnowledge) -> None:
    sentence = parsed(words)
    text = " ".join(t.text for t in sentence.tokens)
    assert side_of(sentence, sentence.tokens[-1].span, text, knowledge.tense) == side


@pytest.mark.parametrize("example", TENSE["examples"], ids=lambda e: e["text"])
def test_the_tense_table_holds_for_its_examples(example: dict[str, str], knowledge: TimeKnowledge) -> None:
    text = example["text"]
    (sentence,) = unparsed(text)
    start = text.index(example["of"])
    side = side_of(sentence, Span(start, start + len(example["of"])), text, knowledge.tense)
    assert side == example["side"] or (example["side"] == "past" and side == "unsaid")


def test_easter_falls_where_the_calendar_says() -> None:
    assert [easter_of(y) for y in (2018, 2019, 2024)] == [date(2018, 4, 1), date(2019, 4, 21), date(2024, 3, 31)]


def test_a_month_on_from_the_31st_ends_with_the_month() -> None:
    assert shift_months(date(2020, 1, 31), 1) == date(2020, 2, 29)
    with pytest.raises(OverflowError):
        shift_months(date(2020, 1, 31), -12 * 3000)


def test_an_anchored_range_is_not_dated_by_another_kind_of_happening(knowledge: TimeKnowledge) -> None:
    text = "It was the 10th straight day of protests. In the first four days of the strike nobody worked."
    found = find_times(document_of(text, date(2020, 8, 18)), unparsed(text), knowledge)
    assert [(m.kind, m.first is None) for m in found] == [(TimeKind.DAY_COUNT, False), (TimeKind.RANGE, True)]


@pytest.mark.parametrize("published", [None, date(1, 1, 2), date(9999, 12, 30), date(2020, 2, 29)])
def test_no_publication_day_upsets_it(published: date | None, knowledge: TimeKnowledge) -> None:
    examples = [unbracket(e)[0] for r in knowledge.rules for e in r.examples]
    for text in [*(s["text"] for s in SPECS), *examples]:
        found = find_times(document_of(text, published), unparsed(text), knowledge)
        assert all(m.first is None or m.last is None or m.first <= m.last for m in found), text
