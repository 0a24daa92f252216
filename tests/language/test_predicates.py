"""It reads predicates, their arguments, rolesets and cues off the model's scores."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.language.predicates import Rolesets, find_predicates
from dateline.records import FactualityCue, FactualityKind, Role, Span, Token

LABELS = {"roles": ("", "ARG0", "ARG1", "ARGM-NEG"), "cues": ("", "negation", "plan")}
NONE: frozenset[int] = frozenset()


def sentence() -> list[Token]:
    """Police did not arrest students ."""
    rows = [
        ("Police", "police", "NOUN", 3, "nsubj"), ("did", "do", "AUX", 3, "aux"), ("not", "not", "PART", 3, "advmod"),
        ("arrest", "arrest", "VERB", -1, "root"), ("students", "student", "NOUN", 3, "obj"), (".", ".", "PUNCT", 3, "punct"),
    ]  # fmt: skip
    return [
        Token(i, Span(8 * i, 8 * i + len(w)), w, lemma, upos, "XX", head, rel) for i, (w, lemma, upos, head, rel) in enumerate(rows)
    ]


def rolesets() -> Rolesets:
    return Rolesets({"arrest": (0, 1)}, ("arrest.01", "arrest.02"), np.array([[1.0, 0.0], [0.0, 1.0]], np.float32))


def scores(*, predicate: bool = True) -> dict[str, NDArray[Any]]:
    roles = np.zeros((1, 6, 4))
    roles[..., 0] = 5.0
    for word, label in ((0, 1), (4, 2), (2, 3)):
        roles[0, word, label] = 9.0
    cues = np.zeros((1, 6, 3))
    cues[..., 0] = 5.0
    cues[0, 2, 1] = 9.0
    is_predicate = np.zeros((6, 2))
    is_predicate[3, 1] = 1.0 if predicate else -1.0
    senses = np.tile(np.array([0.0, 1.0]), (6, 1))
    return {"anchors": np.array([3]), "predicates": is_predicate, "senses": senses, "roles": roles, "cues": cues}


def test_it_reads_arguments_rolesets_and_cues() -> None:
    (found,) = find_predicates(sentence(), scores(), LABELS, rolesets(), NONE)
    assert found.token == 3
    assert found.roleset == "arrest.02"
    assert found.roles == (Role("ARG0", 0, 0, 0), Role("ARGM-NEG", 2, 2, 2), Role("ARG1", 4, 4, 4))
    assert found.cues == (FactualityCue(FactualityKind.NEGATION, 2),)


def test_a_core_role_is_filled_once_by_the_surest() -> None:
    given = scores()
    given["roles"][0, 4] = [0.0, 8.0, 0.0, 0.0]  # students would be a second ARG0
    given["roles"][0, 0] = [0.0, 9.0, 0.0, 0.0]
    (found,) = find_predicates(sentence(), given, LABELS, rolesets(), NONE)
    assert [(r.label, r.token) for r in found.roles] == [("ARG0", 0), ("ARGM-NEG", 2)]


def test_an_anchor_that_is_no_predicate_is_none_unless_asked() -> None:
    given = scores(predicate=False)
    assert list(find_predicates(sentence(), given, LABELS, rolesets(), NONE)) == []
    (found,) = find_predicates(sentence(), given, LABELS, rolesets(), frozenset({3}))
    assert found.token == 3


def test_a_verb_never_seen_has_its_first_sense_and_a_noun_none() -> None:
    verb, noun = sentence()[3], sentence()[4]
    unseen = Rolesets({}, (), np.zeros((0, 2), np.float32))
    assert unseen.choose(verb, np.zeros(2)) == "arrest.01"
    assert unseen.choose(noun, np.zeros(2)) is None
