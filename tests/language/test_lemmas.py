from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.language.lemmas import apply_script, edit_script


@pytest.mark.parametrize(
    ("word", "lemma", "script"),
    [("parties", "party", "l-3+y"), ("Detained", "detain", "l-2+"), ("Minsk", "Minsk", "c-0+"), ("was", "be", "=be"), ("strike", "strike", "l-0+")],
)
def test_a_script_is_readable(word: str, lemma: str, script: str) -> None:
    assert edit_script(word, lemma) == script


@given(st.text(alphabet=st.characters(categories=["Ll", "Lu"], max_codepoint=0x24F), min_size=1, max_size=12), st.text("abcxyzABC", min_size=1, max_size=12))
def test_a_script_undoes_itself(word: str, lemma: str) -> None:
    assert apply_script(word, edit_script(word, lemma)) == lemma


def test_it_never_gives_an_empty_lemma() -> None:
    assert apply_script("as", "l-3+") == "as"
