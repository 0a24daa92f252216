"""Who is named, and what he stands for. Specs: tests/specs/actors.yaml."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.places import Gazetteer, load_gazetteer
from dateline.mentions.actors import find_actors
from dateline.mentions.places import find_places
from dateline.records import ActorMention
from tests.mentions.reading import DAY, document, read

SPECS = yaml.safe_load((Path(__file__).parents[1] / "specs" / "actors.yaml").read_text(encoding="utf-8"))

ROLES = yaml.safe_load((Path(__file__).parents[1] / "specs" / "roles.yaml").read_text(encoding="utf-8"))
METONYMS = yaml.safe_load((Path(__file__).parents[1] / "specs" / "metonyms.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def knowledge() -> ActorKnowledge:
    return load_actors()


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.fixture(scope="module")
def models() -> Any:
    from dateline.language.models import MissingModelError, load_models

    try:
        return load_models()
    except MissingModelError as missing:
        pytest.skip(str(missing))


def mentioned(found: tuple[ActorMention, ...], text: str, words: str) -> ActorMention | None:
    """The mention of the words: the one whose span they are, else the first that holds their last."""
    match = re.search(rf"\b{re.escape(words)}\b", text)
    assert match is not None
    start, end = match.span()
    for mention in found:
        if (mention.span.start, mention.span.end) == (start, end):
            return mention
    return next((m for m in found if m.span.start < end <= m.span.end), None)


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: str(s["text"]))
def test_it_names(spec: dict[str, Any], knowledge: ActorKnowledge, gazetteer: Gazetteer, models: Any) -> None:
    text = spec["text"]
    shown, sentences = read(text, models, spec.get("published", DAY))
    found = find_actors(shown, sentences, find_places(shown, sentences, gazetteer), knowledge)
    for words, (name, country, sector) in spec.get("actors", {}).items():
        mention = mentioned(found, text, words)
        assert mention is not None, f"{words} is not mentioned"
        assert mention.actor.name == name
        assert country is None or mention.actor.country == country
        assert sector is None or mention.actor.sector == sector
    for group in spec.get("same", []):
        chains = {m.chain if (m := mentioned(found, text, words)) else None for words in group}
        assert len(chains) == 1, f"{group} fall into {chains}"
        assert None not in chains
    for words in spec.get("absent", []):
        assert mentioned(found, text, words) is None


@pytest.mark.parametrize("spec", METONYMS, ids=lambda s: str(s["text"]))
def test_a_seat_stands_for(spec: dict[str, Any], knowledge: ActorKnowledge, gazetteer: Gazetteer, models: Any) -> None:
    text = spec["text"]
    shown, sentences = read(text, models, DAY)
    found = find_actors(shown, sentences, find_places(shown, sentences, gazetteer), knowledge)
    for words, (country, sector) in spec.get("actors", {}).items():
        mention = mentioned(found, text, words)
        assert mention is not None, f"{words} stands for nobody"
        assert (mention.actor.country, mention.actor.sector) == (country, sector)
    for words in spec.get("places", []):
        assert mentioned(found, text, words) is None


@pytest.mark.parametrize("spec", ROLES, ids=lambda s: str(s["text"]))
def test_a_role_stands_for(spec: dict[str, Any], knowledge: ActorKnowledge, gazetteer: Gazetteer, models: Any) -> None:
    text = spec["text"]
    shown, sentences = read(text, models, DAY)
    found = find_actors(shown, sentences, find_places(shown, sentences, gazetteer), knowledge)
    for words, sector in spec["sectors"].items():
        mention = mentioned(found, text, words)
        assert mention is not None, f"{words} is not mentioned"
        assert mention.actor.sector == sector


def test_a_body_may_be_written_as_a_name_or_as_an_acronym(knowledge: ActorKnowledge) -> None:
    written = [knowledge.organisation(name) for name in ("ISIS", "Isis", "Islamic State")]
    assert {body.name for body in written if body} == {"Islamic State"}
    assert all(written)
    assert knowledge.organisation("isis") is None


def test_it_says_how_each_part_arose(knowledge: ActorKnowledge, gazetteer: Gazetteer, models: Any) -> None:
    shown, sentences = read("Police arrested Vladimir Putin in Oslo.", models)
    found = find_actors(shown, sentences, find_places(shown, sentences, gazetteer), knowledge)
    for mention in found:
        assert {"name", "country", "sector"} <= {part for part, _ in mention.origins}
    police = dict(found[0].origins)
    assert police["country"].how == "inferred"


def test_it_finds_nobody_in_an_empty_reading(knowledge: ActorKnowledge) -> None:
    assert find_actors(document("."), [], (), knowledge) == ()


def test_it_knows_who_held_an_office_on_a_day(knowledge: ActorKnowledge) -> None:
    (office,) = knowledge.holder_by_surname("Putin", date(2010, 5, 1))
    assert office.office == "Prime Minister"
    assert knowledge.holder_by_surname("Bush", date(2020, 1, 1)) == ()


@pytest.mark.parametrize(
    ("alone", "day", "name"),
    [
        ("Xi", date(2015, 6, 1), "Xi Jinping"),
        ("Jinping", date(2015, 6, 1), None),
        ("Abiy", date(2020, 11, 4), "Abiy Ahmed"),
        ("Suu Kyi", date(2017, 9, 1), "Aung San Suu Kyi"),
        ("Phuc", date(2018, 3, 1), "Nguyen Xuan Phuc"),
        ("Nguyen", date(2018, 3, 1), None),
        ("al-Sisi", date(2016, 2, 1), "Abdel Fattah al-Sisi"),
        ("Sisi", date(2016, 2, 1), "Abdel Fattah al-Sisi"),
        ("bin Salman", date(2019, 5, 1), "Mohammed bin Salman"),
        ("de Klerk", date(1992, 3, 1), "F. W. de Klerk"),
    ],
)
def test_a_lone_name_is_the_one_its_country_calls_people_by(
    knowledge: ActorKnowledge, alone: str, day: date, name: str | None
) -> None:
    assert {o.name for o in knowledge.holder_by_surname(alone, day)} == ({name} if name else set())


def test_a_surname_is_enough_only_for_those_the_world_knows_or_the_report_is_about(knowledge: ActorKnowledge) -> None:
    day = date(2015, 3, 1)
    assert knowledge.holder_by_surname("Bush", day) == ()
    assert [o.country for o in knowledge.holder_by_surname("Bush", day, near=["NZL"])] == ["NZL"]
    assert knowledge.holder_by_surname("Christian", date(2016, 3, 1)) == ()
    assert [o.office for o in knowledge.holder_by_surname("Key", day)] == ["Prime Minister"]


def test_every_office_known_abroad_is_in_the_tables(knowledge: ActorKnowledge) -> None:
    titles = {o.office for offices in knowledge.offices.values() for o in offices}
    assert knowledge.known_abroad.keys() <= titles
    assert frozenset().union(*knowledge.known_abroad.values()) <= knowledge.countries.keys()


def test_offices_of_a_person_come_oldest_first(knowledge: ActorKnowledge) -> None:
    terms = [o.since for o in knowledge.offices_of("Nawaz Sharif")]
    assert len(terms) > 2
    assert terms == sorted(terms)
