"""The crosswalks to CAMEO, ACLED and UCDP say what their own examples show, for every type and mode there is."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from dateline.knowledge.crosswalks import Codes, Facts, load_crosswalks
from dateline.knowledge.lexicon import load_lexicon
from dateline.knowledge.ontology import load_ontology
from dateline.knowledge.tables import read_yaml
from dateline.records import Intensity

TABLE = read_yaml("ontology/crosswalks.yaml")
CROSSWALKS = load_crosswalks()
ACLED = {
    "Battles": {"Armed clash", "Government regains territory", "Non-state actor overtakes territory"},
    "Explosions/Remote violence": {
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
        "Chemical weapon",
    },
    "Violence against civilians": {"Sexual violence", "Attack", "Abduction/forced disappearance"},
    "Protests": {"Peaceful protest", "Protest with intervention", "Excessive force against protesters"},
    "Riots": {"Violent demonstration", "Mob violence"},
    "Strategic developments": {
        "Agreement",
        "Arrests",
        "Change to group/activity",
        "Disrupted weapons use",
        "Headquarters or base established",
        "Looting/property destruction",
        "Non-violent transfer of territory",
        "Other",
    },
}


@pytest.mark.parametrize("example", TABLE["examples"], ids=lambda e: f"{e['type']}-{e['mode']}-{e['actor']}-{e['recipient']}")
def test_it_gives_the_codes_of_the_example(example: dict[str, Any]) -> None:
    acled = tuple(example["acled"]) if "acled" in example else None
    counts = frozenset({"killed"} if example.get("deaths") else ())
    record = Facts(example["type"], example["mode"], frozenset({example["actor"]}), frozenset({example["recipient"]}), counts)
    found = CROSSWALKS.codes(record)
    assert found == Codes(example.get("cameo"), acled, example.get("ucdp"))


@pytest.mark.parametrize("example", TABLE["incident_examples"], ids=lambda e: "+".join(r[0] for r in e["records"]))
def test_records_of_one_incident_are_one_event_of_acled(example: dict[str, Any]) -> None:
    records = [Facts(t, m, frozenset({a}), frozenset({r}), frozenset({c} - {None})) for t, m, a, r, c in example["records"]]
    assert CROSSWALKS.incident(records) == (tuple(example["acled"]) if example["acled"] else None)


def test_every_type_and_mode_has_a_cameo_code_but_for_ballots() -> None:
    for kind in load_ontology().types.values():
        for mode in (None, *kind.modes):
            code = CROSSWALKS.codes(Facts(kind.id, mode, frozenset({"CVL"}), frozenset({"GOV"}))).cameo
            assert (code is None) == (kind.id in {"ELECTION", "VOTE"}), (kind.id, mode)
            assert code is None or code in CROSSWALKS.labels


def test_every_mode_of_the_table_is_one_of_the_ontology() -> None:
    types = load_ontology().types
    assert set(CROSSWALKS.rows) == set(types)
    for name, rows in CROSSWALKS.rows.items():
        for row in rows:
            assert row.modes is None or row.modes <= {None, *types[name].modes}, (name, row)


def test_it_uses_names_that_acled_has() -> None:
    for row in (r for rows in CROSSWALKS.rows.values() for r in rows if r.codes.acled):
        assert row.codes.acled is not None
        assert row.codes.acled[1] in ACLED[row.codes.acled[0]]


def test_what_did_not_happen_has_no_code_of_happenings() -> None:
    record = Facts("ASSAULT", "firearms", frozenset({"REB"}), frozenset({"MIL"}), frozenset({"killed"}))
    assert CROSSWALKS.codes(record, happened=False) == Codes("190")


def test_no_row_of_violence_is_out_of_reach() -> None:
    sectors = [*(s for group in TABLE["groups"].values() for s in group), "nobody", "UNK", "protesters"]
    for name, rows in CROSSWALKS.rows.items():
        modes = (None, *load_ontology().types[name].modes)
        taken = set()
        entries = (None, *(min(r.rules) for r in rows if r.rules))
        for mode, actor, recipient, rule in product(modes, sectors, sectors, entries):
            fit = (i for i, r in enumerate(rows) if r.fits(mode, frozenset({actor}), frozenset({recipient}), rule))
            taken.add(next(fit, None))
        assert set(range(len(rows))) <= taken, name


@pytest.mark.parametrize(
    ("response", "sub_event"),
    [
        (None, "Peaceful protest"),
        (Intensity.NO_INTERVENTION, "Peaceful protest"),
        (Intensity.INTERVENTION, "Protest with intervention"),
        (Intensity.EXCESSIVE_FORCE, "Excessive force against protesters"),
    ],
)
def test_a_peaceful_protest_has_the_sub_event_of_what_it_was_met_with(response: Intensity | None, sub_event: str) -> None:
    march = Facts("PROTEST", "demo", frozenset({"CVL"}), frozenset({"GOV"}), response=response)
    assert load_crosswalks().codes(march).acled == ("Protests", sub_event)


def test_a_riot_stays_one_whatever_it_was_met_with() -> None:
    riot = Facts("PROTEST", "riot", frozenset({"CVL"}), frozenset({"COP"}), response=Intensity.EXCESSIVE_FORCE)
    assert load_crosswalks().codes(riot).acled == ("Riots", "Violent demonstration")


def test_every_entry_that_a_row_names_is_in_the_lexicon_and_of_its_type() -> None:
    types = {entry.id: entry.type for entry in load_lexicon().entries}
    for name, rows in CROSSWALKS.rows.items():
        assert {types.get(rule) for row in rows for rule in row.rules or ()} <= {name}
    for demands, _ in CROSSWALKS.incidents:
        for demand in demands:
            assert {types.get(rule) for rule in demand.rules or ()} <= {demand.type}
