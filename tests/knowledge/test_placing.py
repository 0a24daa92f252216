"""The words that decide where an event was are well formed, and each list says something of its own."""

from __future__ import annotations

from dataclasses import fields

from dateline.knowledge.cues import Placing, load_cues
from dateline.knowledge.ontology import load_ontology
from dateline.knowledge.tables import read_yaml
from dateline.records import PlaceKind

OWN = {"capital", "country"}
"""What "the capital" and "the country" stand for is found in other ways than by the kind of the last place named."""


def test_every_list_of_the_table_is_read_and_no_other() -> None:
    assert set(read_yaml("cues/placing.yaml")) == {f.name for f in fields(Placing)}


def test_words_are_in_lower_case_and_stand_once_in_a_list() -> None:
    for name, words in read_yaml("cues/placing.yaml").items():
        told = list(words)
        is_of_codes = name in {"struck", "remote", "sitting", "national"}
        assert told == [w.upper() if is_of_codes else w.lower() for w in told], name
        assert len(told) == len(set(told)), name


def test_types_and_sectors_are_those_of_the_ontology() -> None:
    placing, ontology = load_cues().placing, load_ontology()
    assert placing.struck | placing.remote | placing.national <= set(ontology.types)
    assert load_cues().speech <= placing.remote


def test_a_stand_in_stands_for_a_kind_of_place() -> None:
    assert set(load_cues().placing.stand_ins.values()) <= OWN | {kind.value for kind in PlaceKind}


def test_a_preposition_does_not_both_place_and_lead() -> None:
    placing = load_cues().placing
    assert not placing.at & placing.goal
