"""Watch rules as users write them: what is wrong is said with its line, the rule, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline.knowledge import tables
from dateline.knowledge.watch_rules import (
    SHIPPED,
    About,
    Bound,
    FigureReached,
    Key,
    Overdue,
    Rule,
    WatchRulesError,
    read_watch_rules,
    shipped_rules_path,
)

GOOD = """\
rules:
- id: many
  says: Many people detained
  about: {type: coerce, country: blr}
  each: country
  when:
    figure: {of: detained, at_least: 100, days: 1, bound: high}
"""


def read(tmp_path: Path, text: str) -> tuple[Rule, ...]:
    path = tmp_path / "watch.yaml"
    path.write_text(text, encoding="utf-8")
    return read_watch_rules(path)


def faults(tmp_path: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(WatchRulesError) as caught:
        read(tmp_path, text)
    return caught.value.faults


def test_a_rule_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == (
        Rule(
            "many",
            "Many people detained",
            About(types=("COERCE",), countries=("BLR",)),
            (Key.COUNTRY,),
            (FigureReached("detained", 100, 1, Bound.HIGH),),
        ),
    )


def test_a_rule_for_plans_looks_at_plans(tmp_path: Path) -> None:
    (rule,) = read(tmp_path, "rules:\n- id: late\n  says: Late\n  when: {overdue: }\n")
    assert rule.when == (Overdue(),)
    assert rule.about.statuses == ("planned",)


def test_the_shipped_rules_can_be_copied_as_they_are() -> None:
    assert len(read_watch_rules(shipped_rules_path())) >= 8


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("country: blr", "contry: blr", "line 4, rule many, about.contry: unknown key 'contry'; did you mean “country”?"),
        ("country: blr", "country: Belarus", "Belarus is BLR"),
        ("type: coerce", "type: COERSE", "'COERSE' is none of"),
        ("type: coerce", "type: COERSE", "did you mean “COERCE”?"),
        ("each: country", "each: nation", "line 5, rule many, each: 'nation' is none of event, type"),
        ("figure: {", "figur: {", "line 7, rule many, when.figur: unknown key 'figur'; did you mean “figure”?"),
        ("of: detained", "of: detaind", "no figure is called 'detaind'; did you mean “detained”?"),
        ("at_least: 100", "at_least: many", "expected a number of 0 or more, not 'many'"),
        ("days: 1", "days: 0", "expected a whole number of 1 or more, not 0"),
        ("days: 1, ", "", "“figure” of a group needs “days”"),
        ("at_least: 100, ", "", "“at_least” is missing"),
        ("id: many", "id: so many", "'so many' is no id; use letters, digits and hyphens"),
        ("  says: Many people detained\n", "", "line 2, rule many: “says” is missing"),
        ("    figure: {of: detained, at_least: 100, days: 1, bound: high}", "    dispute:", "“dispute” is asked of one event"),
        ("  each: country\n  when:\n    figure: {of: detained, at_least: 100, days: 1, bound: high}",
         "  when:\n    first: {days: 9}", "“first” is asked of a group of events; add “each” with one or more of type, mode"),
        ("rules:", "rulez:", "no rules; the file begins with “rules:”"),
        ("about: {", "about: ", "line 4: not YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place_and_what_to_do(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    (fault,) = faults(tmp_path, GOOD.replace(old, new))
    assert said in fault
    assert fault.startswith("watch.yaml")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, GOOD.replace("country: blr", "contry: x").replace("days: 1", "days: x") + GOOD[7:])
    assert len(found) == 2
    assert len(faults(tmp_path, GOOD + GOOD[7:])) == 1


def test_a_figure_that_is_like_no_other_may_be_asked_for(tmp_path: Path) -> None:
    (rule,) = read(tmp_path, GOOD.replace("of: detained", "of: barns burnt"))
    assert rule.when == (FigureReached("barns burnt", 100, 1, Bound.HIGH),)


def test_no_report_is_coded_again_for_a_new_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    before, names = tables.tables_version(), tables.table_names()
    assert SHIPPED in names
    monkeypatch.setattr(tables, "table_names", lambda: [name for name in names if name != SHIPPED])
    assert tables.tables_version() == before
