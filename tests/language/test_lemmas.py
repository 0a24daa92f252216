from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.language.lemmas import LemmaMemory, apply_script, edit_script, plural_stems, regular_stems


@pytest.mark.parametrize(
    ("word", "lemma", "script"),
    [
        ("parties", "party", "l-3+y"),
        ("Detained", "detain", "l-2+"),
        ("Minsk", "Minsk", "c-0+"),
        ("was", "be", "=be"),
        ("strike", "strike", "l-0+"),
    ],
)
def test_a_script_is_readable(word: str, lemma: str, script: str) -> None:
    assert edit_script(word, lemma) == script


@given(
    st.text(alphabet=st.characters(categories=["Ll", "Lu"], max_codepoint=0x24F), min_size=1, max_size=12),
    st.text("abcxyzABC", min_size=1, max_size=12),
)
def test_a_script_undoes_itself(word: str, lemma: str) -> None:
    assert apply_script(word, edit_script(word, lemma)) == lemma


def test_it_never_gives_an_empty_lemma() -> None:
    assert apply_script("as", "l-3+") == "as"


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("sentenced", "sentence"),
        ("freed", "free"),
        ("rioted", "riot"),
        ("abducted", "abduct"),
        ("torched", "torch"),
        ("rallied", "rally"),
        ("barred", "bar"),
        ("killing", "kill"),
        ("changing", "change"),
        ("raided", "raid"),
        ("baked", "bake"),
        ("storming", "storm"),
        ("deposed", "depose"),
        ("denies", "deny"),
        ("marches", "march"),
        ("accuses", "accuse"),
    ],
)
def test_a_regular_form_is_taken_apart(form: str, lemma: str) -> None:
    assert regular_stems(form)[0] == lemma


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("rallies", "rally"),
        ("supplies", "supply"),
        ("movies", "movie"),
        ("troops", "troop"),
        ("clashes", "clash"),
        ("heroes", "hero"),
        ("houses", "house"),
        ("knives", "knife"),
        ("archives", "archive"),
        ("midwives", "midwife"),
    ],
)
def test_a_regular_plural_is_taken_apart(form: str, lemma: str) -> None:
    assert plural_stems(form)[0] == lemma


def test_a_plural_that_no_treebank_holds_has_its_singular_whatever_the_reader_guesses() -> None:
    memory = LemmaMemory({("headquarters", "NOUN"): "headquarters"}, {"NOUN": frozenset({"gas", "crisis"})})
    assert memory.lemma("Rallies", "NOUN", "NNS", ["l-1+"]) == "rally"
    assert memory.lemma("troops", "NOUN", "NNS", ["l-0+"]) == "troop"
    assert memory.lemma("gases", "NOUN", "NNS", ["l-1+"]) == "gas"
    assert memory.lemma("crises", "NOUN", "NNS", ["l-0+"]) == "crisis"
    assert memory.lemma("headquarters", "NOUN", "NNS", ["l-1+"]) == "headquarters"


def test_a_known_form_has_its_own_lemma() -> None:
    memory = LemmaMemory({("spoken", "VERB"): "speak"}, {"VERB": frozenset({"speak"})})
    assert memory.lemma("Spoken", "VERB", "VBN", ["l-2+"]) == "speak"


def test_a_known_word_of_another_kind_helps() -> None:
    memory = LemmaMemory({}, {"VERB": frozenset({"speak"}), "NOUN": frozenset({"sentence"})})
    assert memory.lemma("sentenced", "VERB", "VBD", ["l-2+"]) == "sentence"
