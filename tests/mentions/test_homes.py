"""Where a publisher's reports are likely to play."""

from __future__ import annotations

import pytest

from dateline.knowledge.papers import PaperWords, load_paper_words
from dateline.knowledge.places import Gazetteer, load_gazetteer
from dateline.mentions.homes import Home, find_home, host_of, units_named, with_past
from dateline.mentions.places import resolve_toponyms
from dateline.mentions.toponyms import toponym_at
from dateline.records import PlaceMention, Span


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.fixture(scope="module")
def papers() -> PaperWords:
    return load_paper_words()


def resolve(text: str, *names: str, gazetteer: Gazetteer, home: Home) -> tuple[PlaceMention, ...]:
    spans = [Span(text.index(name), text.index(name) + len(name)) for name in names]
    return resolve_toponyms(text, [toponym_at(text, span, gazetteer) for span in spans], gazetteer, home)


@pytest.mark.parametrize(
    ("address", "publisher", "name", "country"),
    [
        ("https://www.belfasttelegraph.co.uk/a", None, "Belfast", "GBR"),
        ("http://onlinedetroit.com/", None, "Detroit", "USA"),
        ("http://lasvegassun.com/1", None, "Las Vegas", "USA"),
        ("http://news.tucson.com/story", None, "Tucson", "USA"),
        (None, "The Baltimore Sun", "Baltimore", "USA"),
        (None, "Times of Malta", "Malta", "MLT"),
        ("https://www.dhakatribune.com/x", None, "Dhaka", "BGD"),
    ],
)
def test_it_finds_the_place_in_a_name(
    address: str | None, publisher: str | None, name: str, country: str, papers: PaperWords, gazetteer: Gazetteer
) -> None:
    home = find_home(address, publisher, papers, gazetteer)
    assert home.name == name
    assert country in {place.place.country for place in home.places}


@pytest.mark.parametrize(
    "address", [None, "report.txt", "https://www.theindependent.example/", "http://metro.co.uk/x", "https://mirror.co.uk/y"]
)
def test_it_finds_no_place_in_a_name_that_has_none(address: str | None, papers: PaperWords, gazetteer: Gazetteer) -> None:
    assert find_home(address, None, papers, gazetteer).places == ()


@pytest.mark.parametrize(
    ("address", "country"), [("http://a.co.uk/", "GBR"), ("http://a.ge/", "GEO"), ("http://a.tv/", None), ("http://a.com/", None)]
)
def test_it_reads_the_country_off_the_ending(address: str, country: str | None, papers: PaperWords, gazetteer: Gazetteer) -> None:
    assert find_home(address, None, papers, gazetteer).ending == country


def test_a_local_paper_means_the_town_it_is_named_after(papers: PaperWords, gazetteer: Gazetteer) -> None:
    text = "Fire crews of Birmingham were called to a mill in Auburn."
    far = resolve(text, "Birmingham", gazetteer=gazetteer, home=Home())
    near = resolve(text, "Birmingham", gazetteer=gazetteer, home=find_home("http://montgomeryherald.com/", None, papers, gazetteer))
    assert far[0].place is not None
    assert near[0].place is not None
    assert (far[0].place.country, near[0].place.country) == ("GBR", "USA")
    assert any("publisher's home" in what for what, _ in near[0].candidates[0].parts)


def test_other_reports_of_the_publisher_speak_for_where_they_play(gazetteer: Gazetteer) -> None:
    text = "The mayor of Springfield spoke."
    others = [resolve("Chicago and Peoria", "Chicago", "Peoria", gazetteer=gazetteer, home=Home())] * 3
    home = with_past(Home(), map(units_named, others))
    (mention,) = resolve(text, "Springfield", gazetteer=gazetteer, home=home)
    assert mention.place is not None
    assert mention.place.admin1 == "Illinois"
    assert "the publisher's other reports" in dict(mention.candidates[0].parts)


def test_the_order_of_other_reports_does_not_matter() -> None:
    reports = [frozenset({("USA", None), ("USA", "Ohio")}), frozenset({("USA", None)}), frozenset({("CAN", None)})]
    assert with_past(Home(), reports) == with_past(Home(), reversed(reports))
    assert with_past(Home(), reports).past[0] == ("USA", None, 2 / 3)
    assert with_past(Home(), []) == Home()


def test_it_reads_the_host_of_an_address() -> None:
    assert [host_of(a) for a in ("http://www.a-b.com/x", None, "a.txt")] == ["a-b.com", "", ""]


def test_every_word_of_the_table_stands_once_and_has_a_source() -> None:
    papers = load_paper_words()
    assert len(papers.words) == len(set(papers.words)) > 80
    assert papers.endings >= {"com", "org"}
