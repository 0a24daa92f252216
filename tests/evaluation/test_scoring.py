"""Codings scored against a gold set of our own: what is aligned, what costs what, and how wide the intervals are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dateline.evaluation.gold import Article, GoldError, read_articles, read_events, records_of
from dateline.evaluation.scoring import aligned, same_name, scores_of
from dateline.records import Span
from tests.coding import code_text
from tests.evaluation.golds import MARCH, gold_at, second_at


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Article, ...]:
    return read_articles(gold_at(tmp_path_factory.mktemp("gold")))


def test_a_gold_set_is_read_with_its_words_in_their_places(articles: tuple[Article, ...]) -> None:
    march, visit = articles
    assert [record.evidence[0].of(march.text) for record in march.records][1] == "Police detained 40 of the marchers"
    assert march.records[1].trigger is not None
    assert march.records[1].trigger.of(march.text) == "detained"
    assert visit.records[1].evidence[0].of(visit.text) == "Lithuania “condemned” the arrests"  # written with plain marks
    assert (march.publisher, march.report.published) == ("The Paper", date(2020, 8, 18))


def test_a_gold_set_against_itself_is_all_right(articles: tuple[Article, ...]) -> None:
    scores = scores_of([aligned(a, a.records) for a in articles])
    assert all((m.precision, m.recall, m.f1) == (1.0, 1.0, 1.0) for m in scores.measures)
    assert [m.f1_low for m in scores.measures] == [1.0, 1.0, 1.0, None]  # one article alone has figures
    assert all(f.right == f.n for f in scores.fields)


def test_each_mistake_costs_what_it_should(articles: tuple[Article, ...]) -> None:
    march, visit = articles
    wrong_type = [replace(march.records[0], type="ASSAULT"), *march.records[1:]]
    wrong_place = [replace(r, country="POL") for r in visit.records[:1]]
    scores = scores_of([aligned(march, wrong_type), aligned(visit, wrong_place)])
    told = {m.name: m for m in scores.measures}
    assert (told["record found"].hits, told["record found"].gold, told["record found"].ours) == (4, 5, 4)
    assert (told["type right"].hits, told["type right"].precision, told["type right"].recall) == (3, 0.75, 0.6)
    assert (told["figure right"].hits, told["figure right"].gold) == (1, 2)
    (country,) = [f for f in scores.fields if f.name == "place country"]
    assert (country.right, country.n) == (2, 3)


def test_a_record_of_words_elsewhere_is_found_nowhere(articles: tuple[Article, ...]) -> None:
    march = articles[0]
    elsewhere = replace(march.records[0], evidence=(Span(90, 120),), trigger=Span(100, 105))
    assert [r.id for r in aligned(march, [elsewhere]).spurious] != [] or aligned(march, [elsewhere]).pairs[0].gold.id != "E1"


def test_two_records_of_the_same_words_are_told_apart_by_their_type(articles: tuple[Article, ...]) -> None:
    march = articles[0]
    both = [replace(march.records[1], id="a", type="ASSAULT"), replace(march.records[1], id="b")]
    found = aligned(march, both)
    assert [(p.gold.id, p.ours.id) for p in found.pairs] == [("E2", "b")]


def test_an_interval_of_one_article_is_none_and_of_several_spans_them(articles: tuple[Article, ...]) -> None:
    march, visit = articles
    one = scores_of([aligned(march, march.records)]).measures[1]
    assert (one.f1, one.f1_low) == (1.0, None)
    both = scores_of([aligned(march, march.records), aligned(visit, [])]).measures[1]
    assert (both.f1_low, both.f1_high) == (0.0, 1.0)
    assert both.recall_low < 0.6 < both.recall_high


def test_two_coders_agree_as_far_as_alpha_says(articles: tuple[Article, ...], tmp_path: Path) -> None:
    others = {a.name: a for a in read_articles(second_at(tmp_path / "second"))}
    scores = scores_of([aligned(a, others[a.name].records) for a in articles], has_two_coders=True)
    told = {f.name: f for f in scores.fields}
    assert (told["status"].right, told["status"].n) == (3, 4)
    assert told["actor country"].alpha == 1.0
    assert told["status"].alpha is not None
    assert told["status"].alpha < 0.5


def test_groups_add_up_to_the_whole(articles: tuple[Article, ...]) -> None:
    told = [aligned(a, a.records[:1]) for a in articles]
    for by in ("type", "country", "publisher"):
        scores = scores_of(told, by=by)
        assert sum(g.gold for g in scores.groups) == scores.measures[1].gold
        assert sum(g.hits for g in scores.groups) == scores.measures[1].hits
    with pytest.raises(ValueError, match="not by 'moon'"):
        scores_of(told, by="moon")


def test_our_coding_is_brought_into_the_same_form() -> None:
    records = records_of(code_text(MARCH, date(2020, 8, 18)), MARCH.encode())
    assert {(r.type, r.evidence[0].of(MARCH)[:7]) for r in records} >= {("PROTEST", "Thousan"), ("COERCE", "Police ")}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("President Alexander Lukashenko", "Lukashenko", True), ("workers", "factory workers", True), (None, None, True),
        ("police", None, False), ("Angela Merkel", "Emmanuel Macron", False),
    ],
)  # fmt: skip
def test_names_are_one_where_half_of_their_words_are(one: str | None, other: str | None, same: bool) -> None:
    assert same_name(one, other) is same


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("events: [", "does not parse"),
        ("events: [{type: PROTEST}]", "event 1 needs a type and evidence"),
        ('events: [{type: PROTEST, evidence: "marched", date: [soon, soon]}]', "'soon' is no day"),
    ],
)
def test_a_gold_file_that_is_wrong_is_told_where(tmp_path: Path, yaml: str, words: str) -> None:
    (tmp_path / "a.txt").write_text(MARCH, "utf-8")
    (tmp_path / "a.yaml").write_text(yaml, "utf-8")
    with pytest.raises(GoldError, match=words):
        read_articles(tmp_path)


def test_words_that_are_not_in_the_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(MARCH, "utf-8")
    (tmp_path / "a.yaml").write_text('events: [{id: E9, type: PROTEST, evidence: "Nobody was there"}]', "utf-8")
    (article,) = read_articles(tmp_path)
    assert article.unplaced == ("E9",)
    assert aligned(article, []).missed == article.records


def test_a_table_of_events_is_read_and_refused_where_it_lacks_what_it_needs(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("id,first_day,type,country,place,killed_low,killed_high\n1,2020-08-17,PROTEST,BLR,Minsk,2,\n", "utf-8")
    (event,) = read_events(file)
    assert (event.place, [(f.what, f.low, f.high) for f in event.figures]) == ("Minsk", [("killed", 2, None)])
    file.write_text("id,type\n1,PROTEST\n", "utf-8")
    with pytest.raises(GoldError, match="first_day, country"):
        read_events(file)
