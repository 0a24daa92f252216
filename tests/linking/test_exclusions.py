"""What keeps two tellings apart, by the examples of the table, as the coder reads them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from dateline.knowledge.exclusions import Exclusion, load_exclusions
from dateline.knowledge.linking import load_lexis
from dateline.linking.exclusions import Excluding, reasons_apart
from dateline.linking.table import Table
from dateline.linking.tellings import profile_of, telling_of
from dateline.records import Report
from dateline.runs.coder import load_coder
from dateline.runs.local import CodeReport


@pytest.fixture(scope="module")
def code() -> CodeReport:
    return load_coder()


def examples() -> Iterator[tuple[Exclusion, tuple[str, str], bool]]:
    for exclusion in load_exclusions():
        yield from ((exclusion, pair, True) for pair in exclusion.apart)
        yield from ((exclusion, pair, False) for pair in exclusion.not_apart)


def table_of(texts: tuple[str, str], exclusion: Exclusion, code: CodeReport) -> Table:
    """The first record that the rule is about of each text."""
    tellings, profiles = [], []
    for number, text in enumerate(texts):
        coding = code(Report(str(number), text.encode(), "text/plain", address=f"https://example.org/{number}"))
        assert coding.document is not None
        claims = [c for c in coding.claims if c.event.type in exclusion.types]
        assert claims, f"no record of {', '.join(exclusion.types)} in {text!r}"
        if exclusion.modes:
            assert claims[0].event.mode in exclusion.modes
        tellings.append(telling_of(claims[0], coding.document))
        profiles.append(profile_of(coding.document))
    return Table.of(tellings, profiles, load_lexis())


@pytest.mark.parametrize(
    ("exclusion", "texts", "is_apart"), list(examples()), ids=lambda value: value.id if isinstance(value, Exclusion) else ""
)
def test_a_rule_keeps_its_examples_apart_and_no_others(
    exclusion: Exclusion, texts: tuple[str, str], is_apart: bool, code: CodeReport
) -> None:
    found = reasons_apart(table_of(texts, exclusion, code), 0, 1, load_exclusions())
    assert (exclusion.id in {e.id for e in found}) is is_apart, [e.id for e in found]


def test_what_is_kept_apart_has_no_chance_and_the_rest_keeps_its_own(code: CodeReport) -> None:
    exclusion = load_exclusions()[0]
    pairs = np.array([[0, 1]])
    for texts, expected in ((exclusion.apart[0], 0.0), (exclusion.not_apart[0], 0.7)):
        table = table_of(texts, exclusion, code)
        scorer = Excluding(lambda table, pairs: np.full(len(pairs), 0.7), load_exclusions())
        assert scorer.chances(table, pairs).tolist() == [expected]
