"""Two spellings of one name, and two names that only look alike. The examples stand in the table: actors/romanisation.yaml."""

from __future__ import annotations

from itertools import combinations

import pytest

from dateline.knowledge.name_forms import Known, NameForms, Script, VariantIndex, load_name_forms, variant_index

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


def index_of(forms: NameForms, *rows: tuple[str, str]) -> VariantIndex[str]:
    """Of (name, country); a row is its name."""
    return variant_index(forms, [Known(name.lower().split()[-1], (name,), country, name) for name, country in rows])


def test_it_finds_a_row_under_another_spelling(forms: NameForms) -> None:
    index = index_of(forms, ("Sviatlana Tsikhanouskaya", "BLR"), ("Sergei Tikhanovsky", "BLR"))
    assert index.of_name("Svetlana Tikhanovskaya") == ("Sviatlana Tsikhanouskaya",)
    assert index.of_name("Rita Tikhanovskaya") == ()
    assert index.of_surname("Tikhanouskaya") == ("Sviatlana Tsikhanouskaya",)


def test_it_compares_a_row_only_in_the_scripts_of_its_country(forms: NameForms) -> None:
    index = index_of(forms, ("Otto Harlov", "DEU"), ("Ivan Harlov", "RUS"), ("Emil Harlov", "BRA"))
    assert index.of_name("Otto Garlov") == index.of_name("Emil Garlov") == ()
    assert index.of_name("Ivan Garlov") == ("Ivan Harlov",)


def test_it_does_not_look_up_initials(forms: NameForms) -> None:
    index = index_of(forms, ("Vladimir Putin", "RUS"))
    assert index.of_name("V. Putin") == ()
    assert index.of_name("Vladimir Vladimirovich Putin") == ("Vladimir Putin",)
    assert index.of_name("Vladimir Vladimirovich Putyn") == ()
    assert index.of_name("Volodymyr Putin") == ("Vladimir Putin",)


def test_a_given_name_is_no_surname_by_its_sound(forms: NameForms) -> None:
    index = index_of(forms, ("Said Muhamad", "EGY"), ("Omar Shukri", "EGY"))
    assert index.of_surname("Mohammed") == ()
    assert index.of_surname("Shoukry") == ("Omar Shukri",)


@pytest.mark.parametrize("script", FORMS.scripts, ids=lambda s: s.id)
def test_what_is_left_of_a_surname_is_the_same_in_all_its_spellings(script: Script) -> None:
    for names in script.same:
        surnames = [FORMS.taken_apart(name).words[0 if script.is_surname_first else -1] for name in names]
        assert frozenset.intersection(*(FORMS.sounds_of(word) for word in surnames)), names
