"""Small sets of reports, coded and linked: what must come together does, what must not does not (specs/linking/stories.yaml)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.knowledge.exclusions import load_exclusions
from dateline.knowledge.linking import load_lexis, load_pair_weights
from dateline.linking.exclusions import Excluding
from dateline.linking.identity import link
from dateline.linking.scoring import Scorer
from dateline.linking.table import Table
from dateline.linking.tellings import Telling, profile_of, telling_of
from dateline.records import Coding, Report
from dateline.runs.coder import load_coder
from dateline.runs.link import USUAL
from dateline.runs.local import CodeReport

STORIES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "specs" / "linking" / "stories.yaml").read_text("utf-8")
)


@pytest.fixture(scope="module")
def code() -> CodeReport:
    return load_coder()


def codings_of(story: Mapping[str, Any], code: CodeReport) -> Iterator[Coding]:
    for number, row in enumerate(story["reports"], 1):
        published = date.fromisoformat(str(row["day"]))
        yield code(Report(str(number), row["text"].encode(), "text/plain", publisher=row["by"], published=published))


def claim_with(words: str, tellings: list[Telling]) -> str:
    found = [t.id for t in tellings if words in t.trigger] or [t.id for t in tellings if words in t.words]
    assert found, f"no claim of {words!r}: {[t.words for t in tellings]}"
    return found[0]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["name"])
def test_a_story_is_linked_as_it_should_be(story: dict[str, Any], code: CodeReport, request: pytest.FixtureRequest) -> None:
    if "not_yet" in story:
        request.applymarker(pytest.mark.xfail(reason=story["not_yet"], strict=True))
    told: dict[int, list[Telling]] = {}
    profiles = []
    for number, coding in enumerate(codings_of(story, code), 1):
        assert coding.document is not None
        told[number] = [telling_of(claim, coding.document, n) for n, claim in enumerate(coding.claims)]
        profiles.append(profile_of(coding.document))
    table = Table.of([t for tellings in told.values() for t in tellings], profiles, load_lexis())
    links = link(table, Excluding(Scorer(load_pair_weights()).chances, load_exclusions()).chances, USUAL)
    event_of = dict(zip(links.claims, links.events, strict=True))
    for kind, expected in (("together", True), ("apart", False)):
        for named in story.get(kind, ()):
            where = [(number, words) for row in named for number, words in row.items()]
            events = {event_of[claim_with(words, told[number])] for number, words in where}
            assert (len(events) == 1) is expected, f"{kind}: {where}"
