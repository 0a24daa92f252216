"""Two spellings of one name, and two names that only look alike. The examples stand in the table: actors/romanisation.yaml."""

from __future__ import annotations

from itertools import combinations

import pytest

from dateline.knowledge.name_forms import NameForms, Script, load_name_forms, variant_index

FORMS = load_name_forms(("thomas", "james"))

IN_SCRIPT = [(s, pair, True) for s in FORMS.scripts for names in s.same for pair in combinations(names, 2)]
IN_SCRIPT += [(s, pair, False) for s in FORMS.scripts for names in s.different for pair in combinations(names, 2)]
WHOLE = [(pair, True) for names in FORMS.same for pair in combinations(names, 2)]
WHOLE += [(pair, False) for names in FORMS.different for pair in combinations(names, 2)]


@pytest.mark.parametrize(("script", "pair", "are_same"), IN_SCRIPT, ids=lambda v: v.id if isinstance(v, Script) else str(v))
def test_it_compares_by_the_sound(script: Script, pair: tuple[str, str], are_same: bool) -> None:
    # Where surnames stand first the examples are whole names; elsewhere they are surnames, here with a given name before them.
    given = "" if script.is_surname_first else "Rita "
    assert FORMS.is_variant(given + pair[0], given + pair[1], script) is are_same


@pytest.mark.parametrize(("pair", "are_same"), WHOLE, ids=str)
def test_it_compares_whole_names_and_parts(pair: tuple[str, str], are_same: bool) -> None:
    assert FORMS.may_be_same(*pair) is are_same
    assert FORMS.may_be_same(*reversed(pair)) is are_same


@pytest.fixture
def forms() -> NameForms:
    return FORMS


def test_it_finds_a_row_under_another_spelling(forms: NameForms) -> None:
    index = variant_index(forms, [(("Sviatlana Tsikhanouskaya",), "BLR", "her"), (("Sergei Tikhanovsky",), "BLR", "him")])
    assert index.of_name("Svetlana Tikhanovskaya") == ("her",)
    assert index.of_name("Rita Tikhanovskaya") == ()
    assert index.of_surname("Tikhanouskaya") == ("her",)


def test_it_compares_a_row_only_in_the_scripts_of_its_country(forms: NameForms) -> None:
    index = variant_index(forms, [(("Otto Harlov",), "DEU", "german"), (("Ivan Harlov",), "RUS", "russian")])
    assert index.of_name("Otto Garlov") == ()
    assert index.of_name("Ivan Garlov") == ("russian",)


def test_it_does_not_look_up_initials(forms: NameForms) -> None:
    index = variant_index(forms, [(("Vladimir Putin",), "RUS", "him")])
    assert index.of_name("V. Putin") == ()
    assert index.of_name("Volodymyr Putin") == ("him",)
