"""sources.yaml: what a good one says, and what is told of a bad one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dateline.knowledge.sources import SourceKind, SourcesError, in_words, read_sources

GOOD = """
contact: editor@example.org
every: 1 hour
revisit: 1 day
sources:
- name: the-paper
  feed: https://paper.example/feed.xml
  publisher: The Paper
  every: 15 minutes
  tags: [belarus, daily]
- name: agency
  sitemap: https://agency.example/news.xml
  only: /world/
  revisit: [6 hours, 2 days]
- name: dossier
  pages: [https://a.example/1, https://a.example/2]
  revisit: []
"""


def read(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "sources.yaml"
    path.write_text(text)
    with pytest.raises(SourcesError) as caught:
        read_sources(path)
    return list(caught.value.faults)


def test_sources_say_where_from_how_often_and_for_whom(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(GOOD)
    found = read_sources(path)
    paper, agency, dossier = found.sources
    assert found.contact == "editor@example.org"
    assert (paper.kind, paper.every, paper.publisher, paper.tags) == (
        SourceKind.FEED, timedelta(minutes=15), "The Paper", ("belarus", "daily"),
    )  # fmt: skip
    assert (agency.every, agency.only, agency.revisit) == (timedelta(hours=1), "/world/", (timedelta(hours=6), timedelta(days=2)))
    assert paper.revisit == (timedelta(days=1),)
    assert (dossier.kind, len(dossier.addresses), dossier.revisit) == (SourceKind.PAGES, 2, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "not YAML"),
        ("sources: none", "expected a list of sources"),
        ("sources:\n- name: a\n  feed: ftp://x/", "line 3, source a: 'ftp://x/' is no address"),
        ("sources:\n- name: a\n  fed: https://x/", "did you mean “feed”?"),
        ("sources:\n- name: a\n  feed: https://x/\n  sitemap: https://x/", "has more than one of"),
        ("sources:\n- name: a", "has none of"),
        ("sources:\n- name: a\n  feed: https://x/\n  every: often", "'often' is no span of time"),
        ("sources:\n- name: a\n  feed: https://x/\n- name: a\n  feed: https://y/", "another source is called 'a' too"),
        ("delay: 0\nsources:\n- name: a\n  feed: https://x/", "no number of seconds"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    assert said in "\n".join(read(tmp_path, text))


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    assert len(read(tmp_path, "every: x\nsources:\n- name: 'a b'\n  feed: y\n  evry: 1 day")) == 4


def test_a_span_reads_as_it_is_written() -> None:
    spans = (timedelta(minutes=15), timedelta(hours=1), timedelta(days=2), timedelta(weeks=1))
    assert [in_words(span) for span in spans] == ["15 minutes", "1 hour", "2 days", "1 week"]
