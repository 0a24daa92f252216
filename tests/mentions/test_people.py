"""People: spellings of a name, titles that mean whoever holds the office, and those that mean nobody. Specs: specs/people.yaml."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.own_actors import read_own_actors, with_own_actors
from dateline.knowledge.places import Gazetteer, load_gazetteer
from dateline.mentions.actors import find_actors
from dateline.mentions.places import find_places
from dateline.records import ActorMention
from tests.mentions.reading import DAY, read
from tests.mentions.test_actors import mentioned

SPECS = yaml.safe_load((Path(__file__).parents[1] / "specs" / "people.yaml").read_text(encoding="utf-8"))

OWN = """name,aliases,country,sector,role,since,until
Stachka Committee,Stachka,BLR,LAB,,,
yellow jackets,,FRA,SOC,,,
Rita Volkova,Margarita Volkova,BLR,OPP,head of the council,2020-08,
Boris Johnson,,GBR,LAB,leader of the Dockers' League,,
Zubr,,BLR,OPP,,2001,2006
Zubr,,BLR,SOC,,2020,
"""


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


@pytest.fixture(scope="module")
def with_own(knowledge: ActorKnowledge, tmp_path_factory: pytest.TempPathFactory) -> ActorKnowledge:
    table = tmp_path_factory.mktemp("own") / "actors.csv"
    table.write_text(OWN, encoding="utf-8")
    return with_own_actors(knowledge, read_own_actors(table, knowledge.countries))


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"{s['text'][:70]} {s.get('published', '')}")
def test_it_knows_who_is_meant(spec: dict[str, Any], knowledge: ActorKnowledge, gazetteer: Gazetteer, models: Any) -> None:
    text = spec["text"]
    shown, sentences = read(text, models, spec.get("published", DAY))
    found = find_actors(shown, sentences, find_places(shown, sentences, gazetteer), knowledge)

    def of(words: str) -> ActorMention:
        mention = mentioned(found, text, words)
        assert mention is not None, f"{words} is not mentioned"
        return mention

    for words, (name, country, sector) in spec.get("actors", {}).items():
        actor = of(words).actor
        assert name is None or actor.name == name
        assert country is None or actor.country == country
        assert sector is None or actor.sector == sector
    for words in spec.get("by_date", []):
        assert dict(of(words).origins)["name"].by == "offices by date"
    for words, name in spec.get("not_named", {}).items():
        mention = mentioned(found, text, words)
        assert mention is None or (mention.actor.name != name and mention.actor.id is None)
    for group in spec.get("same", []):
        assert len({of(words).chain for words in group}) == 1
    for group in spec.get("apart", []):
        assert len({of(words).chain for words in group}) == len(group)


@pytest.mark.parametrize(
    ("text", "published", "words", "expected"),
    [
        ("Stachka called the workers in Minsk out.", "2020-08-18", "Stachka", ("Stachka Committee", "BLR", "LAB")),
        ("Yellow jackets blocked a road in Lyon.", "2020-08-18", "Yellow jackets", ("yellow jackets", "FRA", "SOC")),
        ("Margarita Volkova left Minsk. Volkova was tired.", "2020-08-18", "Volkova was", ("Rita Volkova", "BLR", "OPP")),
        ("Boris Johnson led dockers through Hull.", "2020-08-18", "Boris Johnson", ("Boris Johnson", "GBR", "LAB")),
        ("Zubr said that it would watch the vote.", "2020-08-18", "Zubr", ("Zubr", "BLR", "SOC")),
        ("Zubr said that it would watch the vote.", "2005-01-01", "Zubr", ("Zubr", "BLR", "OPP")),
    ],
)
def test_users_own_actors_outrank_the_tables(
    text: str,
    published: str,
    words: str,
    expected: tuple[str, str, str],
    with_own: ActorKnowledge,
    gazetteer: Gazetteer,
    models: Any,
) -> None:
    shown, sentences = read(text, models, date.fromisoformat(published))
    found = find_actors(shown, sentences, find_places(shown, sentences, gazetteer), with_own)
    start = text.index(words)
    mention = next(m for m in found if m.span.start == start)
    assert (mention.actor.name, mention.actor.country, mention.actor.sector) == expected
    assert mention.actor.id is not None
    assert mention.actor.id.startswith("own:")
    assert dict(mention.origins)["sector"].by == "actors.csv, your own"
