"""Coding a text in a test: the whole path, with knowledge and models loaded once a process."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

from dateline.knowledge.load import Knowledge, load_knowledge
from dateline.language.models import Models, load_models
from dateline.pipeline import code_report
from dateline.records import Coding, Report

DAY = date(2024, 5, 15)
"""A Wednesday: the publication day of test texts that do not name one."""


@cache
def loaded() -> tuple[Knowledge, Models]:
    return load_knowledge(), load_models()


@lru_cache(maxsize=500)  # thousands of codings kept would make the collector of garbage the slowest part of the tests
def code_text(text: str, published: date = DAY) -> Coding:
    """The coding of a plain text; raises AssertionError when it could not be read."""
    knowledge, models = loaded()
    coding = code_report(Report("test", text.encode(), "text/plain", published=published), knowledge, models)
    assert coding.document is not None, coding.problems
    return coding
