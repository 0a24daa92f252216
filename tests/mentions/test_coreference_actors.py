"""Where chains of actors lean on coreference: "they" goes where the linker puts it, or nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from dateline.knowledge.actors import ActorKnowledge, load_actors
from dateline.knowledge.places import Gazetteer, load_gazetteer
from dateline.language.models import load_models
from dateline.mentions.actors import find_actors
from dateline.mentions.places import find_places
from dateline.records import ActorMention
from tests.mentions.reading import read


@pytest.fixture(scope="module")
def tools() -> tuple[Any, ActorKnowledge, Gazetteer]:
    return load_models(), load_actors(), load_gazetteer()


def mention_of(text: str, words: str, tools: tuple[Any, ActorKnowledge, Gazetteer]) -> ActorMention | None:
    models, knowledge, gazetteer = tools
    shown, sentences = read(text, models)
    found = find_actors(shown, sentences, find_places(shown, sentences, gazetteer), knowledge)
    return next((m for m in found if m.span.of(text) == words), None)


def test_they_are_the_people_of_the_sentence_before(tools: tuple[Any, ActorKnowledge, Gazetteer]) -> None:
    mention = mention_of("The nurses in Lima left the ward at dawn. They had not been paid since May.", "They", tools)
    assert mention is not None
    assert mention.actor.name == "nurses"
    assert dict(mention.origins)["name"].by == "coreference"


def test_they_that_are_things_are_no_actor(tools: tuple[Any, ActorKnowledge, Gazetteer]) -> None:
    text = "The army seized two rifles on Friday. They had been stolen from a barracks."
    assert mention_of(text, "They", tools) is None
