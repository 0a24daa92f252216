"""Who is named, and what he stands for. Specs: tests/specs/actors.yaml."""

from __future__ import annotations

import csv
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.places import Gazetteer, load_gazetteer
from dateline.knowledge.tables import TABLES, read_folder
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


def test_it_reads_the_longest_role(knowledge: ActorKnowledge) -> None:
    match = knowledge.role_ending(["retired", "police", "officer"])
    assert match is not None
    assert (match[0].lemma, match[1]) == ("police officer", 2)
    assert knowledge.role_ending(["table"]) is None


@pytest.mark.parametrize(("written", "is_known"), [("WHO", True), ("who", False), ("IS", True), ("is", False), ("hamas", True)])
def test_it_takes_an_acronym_only_as_one(knowledge: ActorKnowledge, written: str, is_known: bool) -> None:
    assert (knowledge.organisation(written) is not None) is is_known


def test_nobody_holds_two_terms_of_one_office_at_once(knowledge: ActorKnowledge) -> None:
    terms: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for row in read_folder("actors/offices"):
        terms.setdefault((row["country"], row["office"], row["name"]), []).append((row["since"], row["until"] or "9999"))
    for key, spans in terms.items():
        for (_, until), (since, _) in pairwise(sorted(spans)):
            assert until[: len(since)] <= since, key


ONE_HOLDER = (
    "President",
    "Prime Minister",
    "Chancellor",
    "Premier",
    "Supreme Leader",
    "Secretary-General",
    "Secretary General of NATO",
)


def test_an_office_for_one_has_one_holder_at_a_time() -> None:
    terms: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for row in read_folder("actors/offices"):
        if row["office"] in ONE_HOLDER:
            terms.setdefault((row["country"], row["office"]), []).append((row["since"], row["until"] or "9999", row["name"]))
    for key, spans in terms.items():
        for (_, until, before), (since, _, after) in pairwise(sorted(spans)):
            handover = min(len(until), len(since), 4)
            assert until[:handover] <= since[:handover], (key, before, after)


def test_every_row_names_its_source() -> None:
    tables = [read_folder("actors/offices"), read_folder("actors/organisations")]
    for table in (*tables, *(rows(f"actors/{name}.csv") for name in ("roles", "metonyms", "given_names"))):
        assert table
        assert all(row["source"] for row in table)


def test_no_body_stands_twice_in_one_country() -> None:
    names = [(row["country"], row["name"]) for row in read_folder("actors/organisations")]
    assert len(names) == len(set(names))


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
