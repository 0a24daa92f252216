"""A claim as linking sees it, from the record and from the flat columns of the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dateline.knowledge.load import load_knowledge
from dateline.language.models import load_models
from dateline.ledger.rows import Entry, columns_of, rows_of
from dateline.linking.tellings import (
    TELLING_COLUMNS,
    names_in,
    profile_of,
    profile_of_text,
    telling_of,
    telling_of_columns,
    tellings_of,
)
from dateline.pipeline import code_report
from dateline.records import Coder, Coding, Report

TEXT = (
    "LYON, March 8 - Exactly 300 teachers marched through Lyon on Tuesday. Police arrested 12 protesters near the town hall. "
    "The union plans another march in Nantes next week."
)


@pytest.fixture(scope="module")
def coding() -> Coding:
    report = Report("a.txt", TEXT.encode(), "text/plain", published=date(2023, 3, 8))
    return code_report(report, load_knowledge(), load_models())


def test_a_claim_keeps_what_can_be_compared(coding: Coding) -> None:
    assert coding.document is not None
    march = telling_of(coding.claims[0], coding.document)
    assert (march.type, march.trigger, march.position) == ("PROTEST", "marched", 0)
    assert march.place is not None
    assert march.place.name == "Lyon"
    assert march.first == date(2023, 3, 7)
    assert not march.is_day_assumed
    assert [figure.low for figure in march.figures] == [300]
    assert march.words in TEXT


def test_the_columns_of_the_ledger_give_the_same_telling_but_for_the_ids_of_actors(coding: Coding) -> None:
    assert coding.document is not None
    entry = Entry(Report("a.txt", TEXT.encode()), coding, "", Coder("0", "m", "k"), datetime(2023, 3, 9, tzinfo=UTC), "s")
    rows = [columns_of(row) for row in rows_of(entry)["claims"]]
    assert rows
    for telling, row in zip(tellings_of(coding.claims, coding.document), rows, strict=True):
        actors, recipients = (tuple(replace(p, id=None) for p in side) for side in (telling.actors, telling.recipients))
        bare = replace(telling, actors=actors, recipients=recipients)
        assert telling_of_columns({name: row[name] for name in TELLING_COLUMNS}) == bare


def test_a_document_gives_the_same_profile_as_its_columns(coding: Coding) -> None:
    document = coding.document
    assert document is not None
    assert profile_of(document) == profile_of_text(document.id, document.text, date(2023, 3, 8), document.publisher)


def test_names_are_capitalised_words_that_open_no_sentence() -> None:
    assert names_in("The mayor met Ana Reis in Porto. Later they left for Porto.") == ("ana", "reis", "porto")
    assert names_in("nobody is named here") == ()
