"""It makes tags and tree agree where grammar leaves no choice."""

import numpy as np
import pytest

from dateline.language.agreement import agree_on_voice, best_tags_together
from dateline.records import Span, Token

UPOS, XPOS = ("NOUN", "VERB"), ("NN", "VBN")
ALLOWED = np.array([[True, False], [False, True]])


def test_tags_that_never_stand_together_are_not_chosen() -> None:
    # Each head by itself would say NOUN and VBN.
    upos, xpos = best_tags_together(np.array([[1.0, 0.8]]), np.array([[0.0, 3.0]]), ALLOWED)
    assert (UPOS[upos[0]], XPOS[xpos[0]]) == ("VERB", "VBN")


def sentence(*rows: tuple[str, str, str, int, str]) -> list[Token]:
    return [Token(i, Span(9 * i, 9 * i + 8), w, w.lower(), *rest) for i, (w, *rest) in enumerate(rows)]  # type: ignore[arg-type]


def test_a_verb_with_subject_and_object_and_no_auxiliary_is_finite() -> None:
    found = agree_on_voice(
        sentence(
            ("Courts", "NOUN", "NNS", 1, "nsubj:pass"),
            ("stripped", "VERB", "VBN", -1, "root"),
            ("Bo", "PROPN", "NNP", 1, "obj"),
        )
    )
    assert found[1].xpos == "VBD"
    assert "VerbForm=Fin" in found[1].features
    assert found[0].relation == "nsubj"


def test_a_second_subject_behind_the_verb_is_its_object() -> None:
    found = agree_on_voice(
        sentence(
            ("Miners", "NOUN", "NNS", 1, "nsubj"),
            ("accused", "VERB", "VBG", -1, "root"),
            ("Bo", "PROPN", "NNP", 1, "nsubj:pass"),
        )
    )
    assert [t.relation for t in found] == ["nsubj", "root", "obj"]
    assert found[1].xpos == "VBD"


def test_a_bare_figure_behind_the_verb_is_its_object() -> None:
    found = agree_on_voice(
        sentence(
            ("Police", "NOUN", "NNS", 1, "nsubj:pass"),
            ("arrested", "VERB", "VBN", -1, "root"),
            ("about", "ADV", "RB", 3, "advmod"),
            ("30", "NUM", "CD", 1, "obl:unmarked"),
        )
    )
    assert [t.relation for t in found] == ["nsubj", "root", "advmod", "obj"]
    assert found[1].xpos == "VBD"


def test_between_two_figures_stands_what_is_counted_and_no_place() -> None:
    rows = (
        ("Police", "NOUN", "NNS", 1, "nsubj:pass"),
        ("held", "VERB", "VBN", -1, "root"),
        ("between", "ADP", "IN", 6, "case"),
        ("40", "NUM", "CD", 6, "nummod"),
        ("and", "CCONJ", "CC", 5, "cc"),
        ("50", "NUM", "CD", 3, "conj"),
    )
    assert agree_on_voice(sentence(*rows, ("students", "NOUN", "NNS", 1, "obl")))[6].relation == "obj"
    assert agree_on_voice(sentence(*rows, ("day", "NOUN", "NNS", 1, "obl")))[6].relation == "obl"


@pytest.mark.parametrize(
    "rows",
    [
        # a headline: the first figure is whoever it was done to
        (("Three", "NUM", "CD", 1, "nsubj:pass"), ("killed", "VERB", "VBN", -1, "root"), ("30", "NUM", "CD", 1, "obl:unmarked")),
        # a headline: no object
        (("Two", "NUM", "CD", 1, "nsubj:pass"), ("held", "VERB", "VBN", -1, "root"), ("Vadu", "PROPN", "NNP", 1, "obl")),
        # an auxiliary
        (("Bo", "PROPN", "NNP", 2, "nsubj:pass"), ("was", "AUX", "VBD", 2, "aux:pass"), ("given", "VERB", "VBN", -1, "root"),
         ("bread", "NOUN", "NN", 2, "obj")),
        # an inverted clause has one subject
        (("No", "INTJ", "UH", 1, "ccomp"), ("said", "VERB", "VBD", -1, "root"), ("Bo", "PROPN", "NNP", 1, "nsubj")),
        # a clause that hangs from a noun
        (("men", "NOUN", "NNS", -1, "root"), ("denied", "VERB", "VBN", 0, "acl"), ("bail", "NOUN", "NN", 1, "obj")),
    ],
)  # fmt: skip
def test_other_participles_stay(rows: tuple[tuple[str, str, str, int, str], ...]) -> None:
    given = sentence(*rows)
    assert list(agree_on_voice(given)) == given
