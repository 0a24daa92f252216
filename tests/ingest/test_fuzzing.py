"""Every parser of bytes on seeds that were changed at random, and on what longer runs of `make fuzz` found."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.ingest.page import read_metadata
from dateline.knowledge.reading import load_reading_tables
from dateline.records import Report
from fuzz.__main__ import mutated, try_one
from fuzz.targets import TARGETS, check_report
from tests.ingest.making import LEAD


@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_keeps_its_word_on_changed_seeds(name: str) -> None:
    target = TARGETS[name]

    @settings(max_examples=12)
    @given(st.sampled_from(target.seeds), st.integers(0, 2**32))
    def check(seed: bytes, number: int) -> None:
        assert (wrong := try_one(name, target, mutated(seed, random.Random(number)))) is None, wrong

    check()


@settings(max_examples=25)
@given(st.binary(max_size=3000))
def test_any_bytes_at_all_are_read_or_refused(data: bytes) -> None:
    for name in ("unknown", "wiki", "content", "gdelt"):
        TARGETS[name].run(data)


@pytest.mark.parametrize(
    "words",
    ["Photo: " * 12_000, "(Reuters) " * 9_000, "(Reuters) " * 2000 + "\n\nPolice said so.\n\n"],
    ids=["photo", "agency", "both"],
)
def test_a_paragraph_of_nothing_but_credits_is_divided_so_often_and_no_more(words: str) -> None:
    check_report(Report("a", f"{LEAD}\n\n{words}".encode(), "text/plain"))


def test_the_type_of_linked_data_may_be_anything() -> None:
    nested = "[" * 400 + '"NewsArticle"' + "]" * 400
    for types, headline in ((nested, None), ('["Thing", "NewsArticle"]', "A"), ("7", None), ('{"a": "NewsArticle"}', None)):
        source = f'<script type="application/ld+json">{{"@type": {types}, "headline": "A"}}</script>'
        assert read_metadata(source, load_reading_tables()).get("title", (None, ""))[0] == headline
