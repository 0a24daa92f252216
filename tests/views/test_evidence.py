"""From a value back to its words: marks, segments, sentences, bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.records import How, Span
from dateline.views.evidence import Mark, Role, evidence_of, marks_of, segments, sentence_around, values_of
from dateline.views.wording import load_wording
from tests.views import sample

TEXT = "naïve 🔥 café\u0301 سلام text with many words"
SPANS = (
    st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, len(TEXT)))
    .filter(lambda pair: pair[0] < pair[1])
    .map(lambda p: Span(*p))
)


@given(st.lists(SPANS, max_size=12), SPANS)
def test_it_cuts_the_text_without_loss_and_gives_each_stretch_exactly_its_marks(spans: list[Span], within: Span) -> None:
    marks = tuple(Mark(span, f"r{n}", Role.EVIDENCE) for n, span in enumerate(spans))
    found = segments(within, marks)
    assert "".join(segment.span.of(TEXT) for segment in found) == within.of(TEXT)
    for segment in found:
        assert segment.marks == tuple(mark for mark in marks if mark.span.overlaps(segment.span))
        assert all(mark.span.contains(segment.span) for mark in segment.marks)


def test_it_gives_one_unmarked_stretch_where_nothing_points() -> None:
    assert [s.marks for s in segments(Span(3, 9), ())] == [()]


def test_every_value_has_words_or_says_how_it_arose() -> None:
    wording = load_wording()
    for claim in sample.coding().claims:
        for value in values_of(claim.event, wording):
            assert value.span is not None or (value.origin.how is not How.READ and value.origin.by), value


def test_every_span_of_a_record_is_marked() -> None:
    wording = load_wording()
    marked = {(mark.key, mark.role): mark.span for mark in marks_of(sample.coding(), wording)}
    assert marked["r5", Role.TRIGGER].of(sample.TEXT) == "detained"
    assert marked["r5", Role.TIME].of(sample.TEXT) == "since Sunday"
    assert marked["r5", Role.COUNT].of(sample.TEXT) == "almost 70 protesters"
    assert marked["r9", Role.STATUS].of(sample.TEXT) == "denied"
    assert marked["r7", Role.CUE].of(sample.TEXT) == "cited"
    assert marked["q2", Role.QUOTE].of(sample.TEXT) == "At least two people died"
    assert marked["p1", Role.PROBLEM].of(sample.TEXT) == "the quay"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "injured",
            "Police, who since Sunday have detained almost 70 protesters, injured several with batons 🔥 near the customs house.",
        ),
        ("died", "At least two people died, according to the Harbour Post, which cited a doctor at 𝒮t Luke’s."),
        ("Italy", "Italy offered on Monday to mediate."),
    ],
)
def test_it_finds_the_sentence_around_the_words(words: str, sentence: str) -> None:
    assert sentence_around(sample.document(), sample.at(words)).of(sample.TEXT) == sentence


def test_a_shortened_title_ends_no_sentence() -> None:
    text = "On Aug. 9 Mr. Borg and J. P. Vella met the U.S. envoy. They left."
    document = replace(sample.document(), text=text, blocks=(replace(sample.blocks()[0], span=Span(0, len(text))),))
    assert (
        sentence_around(document, sample.at("Vella", text=text)).of(text)
        == "On Aug. 9 Mr. Borg and J. P. Vella met the U.S. envoy."
    )


def test_a_sentence_never_cuts_the_words_it_is_shown_for() -> None:
    span = sample.at("near the customs house. At least two")
    assert sentence_around(sample.document(), span).contains(span)


def test_it_carries_words_back_to_the_bytes_of_the_report() -> None:
    found = evidence_of(sample.document(), sample.at("Zoë Cafe\u0301-Borg"))
    assert found.bytes is not None
    assert sample.TEXT.encode()[slice(*found.bytes)].decode() == found.words == "Zoë Cafe\u0301-Borg"


def test_it_says_when_there_is_no_way_back_to_the_bytes() -> None:
    document = replace(sample.document(), offsets=replace(sample.document().offsets, runs=()))
    assert evidence_of(document, sample.at("died")).bytes is None


def test_a_teller_known_only_by_a_cue_is_not_taken_for_the_report_itself() -> None:
    march = sample.march()
    chain = (march.attribution[0], replace(march.attribution[1], span=None))
    values = [v for v in values_of(replace(march, attribution=chain), load_wording()) if v.role is Role.TELLER]
    assert [v.origin.by for v in values] == ["the report's own voice", "named elsewhere in the report"]
