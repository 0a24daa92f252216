"""What judgements come to: who is with whom, what holds of a claim, and what contradicts what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.ledger.resolve import (
    Constraints,
    changed_since,
    constraints,
    contradictions,
    in_force,
    last_seen,
    regrouped,
    standing_contradictions,
    standings,
)
from dateline.records import About, Judge, Judgement, JudgementKind

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA, LINKER = Judge("Ada"), Judge("linker 1", is_machine=True)

Sides = tuple[tuple[str, ...], ...]
KINDS = {
    "=": JudgementKind.MERGED, "|": JudgementKind.SPLIT, "!": JudgementKind.NOT_SAME, "accept": JudgementKind.ACCEPTED,
    "reject": JudgementKind.REJECTED, "retract": JudgementKind.RETRACTED, "supersede": JudgementKind.SUPERSEDED,
}  # fmt: skip


def sides_of(words: str) -> tuple[str, Sides]:
    """ "ab = c" is a merger of the event of a and b with that of c; "a | bc" a split, a leaves; "a ! b": not the same."""
    first, *rest = words.split()
    if first in KINDS:
        return first, tuple(tuple(side) for side in rest)
    return rest[0], tuple(tuple(side) for side in (first, *rest[1::2]))


def log_of(*words: str, by: Judge = ADA) -> list[Judgement]:
    """Judgements numbered from 1; "undo N" revokes number N."""
    made: list[Judgement] = []
    for number, said in enumerate(words, 1):
        if said.startswith("undo "):
            made.append(Judgement(f"{number}.1", JudgementKind.UNDONE, by, NOON, revokes=(f"{said[5:]}.1",)))
        else:
            sign, sides = sides_of(said)
            made.append(Judgement(f"{number}.1", KINDS[sign], by, NOON, sides))
    return made


def events_of(words: str) -> dict[str, str]:
    """ "ab c" is the event a of claims a and b, and the event c."""
    return {claim: group[0] for group in words.split() for claim in group}


KNOWN = {letter: NOON + timedelta(minutes=n) for n, letter in enumerate("abcdefghij")}


def grouped(events: dict[str, str]) -> str:
    groups: dict[str, list[str]] = {}
    for claim in sorted(events):
        groups.setdefault(events[claim], []).append(claim)
    assert all(event == min(claims) for event, claims in groups.items()), "an event is named for its first claim"
    return " ".join("".join(claims) for claims in sorted(groups.values()))


def laid_over(words: str, judgements: Sequence[Judgement], *, seen: int = 0) -> str:
    events = events_of(words)
    return grouped(events | regrouped(events, KNOWN, judgements, seen=seen))


# ---------------------------------------------------------------- events


@pytest.mark.parametrize(
    ("machine", "log", "events"),
    [
        ("ab c d", ["ab = c"], "abc d"),
        ("a b c", ["a = b = c"], "abc"),
        ("abc d", ["c | ab"], "ab c d"),
        ("abcd", ["cd | ab"], "ab cd"),
        ("abcd", ["a | bcd"], "a bcd"),
        ("abc", ["ab ! c"], "ab c"),
        ("ab c", ["ab ! c"], "ab c"),
        ("a b c", ["a = b", "ab = c"], "abc"),
        ("a b c", ["a = b", "b | a"], "a b c"),
        ("a b c", ["a ! b", "a = b"], "ab c"),
        ("a b c", ["a = c", "b = c", "a ! b"], "ac b"),
        ("a b c", ["a = b", "undo 1"], "a b c"),
        ("abc", ["c | ab", "undo 1"], "abc"),
        ("a b c", ["a = b", "undo 1", "undo 2"], "ab c"),
        ("a b", ["a = z"], "a b"),
    ],
)  # fmt: skip
def test_peoples_judgements_lie_over_the_machines_links(machine: str, log: list[str], events: str) -> None:
    assert laid_over(machine, log_of(*log)) == events


def test_links_that_obey_what_was_judged_are_left_as_they_are() -> None:
    """f joins acde, then a leaves, then a joins b: the first, said once more, would bring a back to the others."""
    log = log_of("acde = f", "a | cdef", "a = b")
    assert laid_over("acde b f", log) == "ab cdef"
    assert laid_over("ab cdef", log, seen=3) == "ab cdef"


def test_only_claims_whose_event_changed_are_given() -> None:
    assert regrouped(events_of("ab c d"), KNOWN, log_of("ab = c")) == {"c": "a"}


def test_an_event_is_named_for_the_claim_known_first_and_then_for_the_id() -> None:
    known = {"a": NOON + timedelta(days=1), "b": NOON, "c": NOON}
    assert regrouped(events_of("a b c"), known, log_of("a = c = b")) == {"a": "b", "c": "b"}


def test_a_claim_that_the_linker_added_to_a_judged_event_stays_in_it() -> None:
    assert laid_over("abj c", log_of("ab = c")) == laid_over("abcj", log_of("ab = c"), seen=1) == "abcj"
    assert laid_over("ab cj", log_of("c | ab"), seen=1) == "ab cj"


def test_the_machines_own_judgements_do_not_move_claims() -> None:
    assert laid_over("a b", log_of("a = b", by=LINKER)) == "a b"


@pytest.mark.parametrize(
    ("before", "after", "log"),
    [("ab c", "abc", ["ab = c"]), ("abc", "ab c", ["c | ab"]), ("a b c", "abc", ["a = b = c"]), ("ab cd", "abcd", ["ab = cd"])]
)  # fmt: skip
def test_what_is_undone_after_the_linker_obeyed_it_is_taken_out_of_its_links(before: str, after: str, log: list[str]) -> None:
    undone = log_of(*log, "undo 1")
    assert laid_over(after, undone, seen=1) == before
    assert laid_over(after, undone, seen=2) == after, "a run that knew of the undoing has spoken since"


@st.composite
def groupings(draw: st.DrawFn) -> str:
    """How a machine may have grouped six claims."""
    labels = draw(st.lists(st.integers(0, 3), min_size=6, max_size=6))
    groups = ["".join(c for c, label in zip("abcdef", labels, strict=True) if label == n) for n in range(4)]
    return " ".join(group for group in groups if group)


def drawn_judgement(data: st.DataObject, events: str, number: int) -> Judgement | None:
    groups = events.split()
    kind = data.draw(st.sampled_from("=|!"))
    if kind == "|":
        group = data.draw(st.sampled_from(groups))
        leaving = data.draw(st.sets(st.sampled_from(group), min_size=1))
        if len(leaving) == len(group):
            return None
        sides: Sides = (tuple(sorted(leaving)), tuple(c for c in group if c not in leaving))
    else:
        chosen = data.draw(st.lists(st.sampled_from(groups), min_size=1, max_size=3, unique=True))
        chosen = chosen[:2] if kind == "!" else chosen
        if len(chosen) < 2:
            return None
        sides = tuple(tuple(group) for group in chosen)
    return Judgement(f"{number}.1", KINDS[kind], ADA, NOON, sides)


@settings(max_examples=300, deadline=None)
@given(groupings(), st.data())
def test_undoing_what_was_judged_last_restores_the_events_exactly(machine: str, data: st.DataObject) -> None:
    """Judgements are made one after another, then undone from the last to the first, with runs of the linker anywhere between."""
    links, seen = machine, 0
    log: list[Judgement] = []
    states: list[tuple[str, Judgement]] = []
    for _ in range(data.draw(st.integers(1, 6))):
        state = laid_over(links, log, seen=seen)
        judgement = drawn_judgement(data, state, len(log) + 1)
        if judgement is not None:
            states.append((state, judgement))
            log = [*log, judgement]
        if data.draw(st.booleans()):
            links, seen = laid_over(links, log, seen=seen), len(log)  # a linker that changes nothing of its own and obeys
    for state, judgement in reversed(states):
        log = [*log, Judgement(f"{len(log) + 1}.1", JudgementKind.UNDONE, ADA, NOON, revokes=(judgement.id,))]
        assert laid_over(links, log, seen=seen) == state
        if data.draw(st.booleans()):
            links, seen = laid_over(links, log, seen=seen), len(log)
    assert laid_over(links, log, seen=seen) == grouped(events_of(machine))


@settings(max_examples=200, deadline=None)
@given(groupings(), st.data())
def test_no_judgement_loses_or_doubles_a_claim_and_the_linkers_constraints_agree_with_them(
    machine: str, data: st.DataObject
) -> None:
    log: list[Judgement] = []
    for _ in range(data.draw(st.integers(1, 8))):
        judgement = drawn_judgement(data, laid_over(machine, log), len(log) + 1)
        log += [judgement] if judgement else []
    events = events_of(machine)
    after = events | regrouped(events, KNOWN, log)
    assert set(after) == set("abcdef")
    held = constraints(log)
    assert all(len({after[claim] for claim in group}) == 1 for group in held.together)
    assert all(after[one] != after[other] for one, other in held.apart)


# ---------------------------------------------------------------- constraints


def test_the_linker_is_told_what_is_together_and_what_is_apart() -> None:
    assert constraints(log_of("ab = c", "d | ef", "g ! h")) == Constraints(
        (("a", "b", "c"),), (("d", "e"), ("d", "f"), ("g", "h"))
    )  # fmt: skip


def test_of_contradictory_judgements_the_later_one_binds_the_linker() -> None:
    assert constraints(log_of("a ! b", "a = b")) == Constraints((("a", "b"),), ())
    assert constraints(log_of("a = b", "a ! b")) == Constraints((), (("a", "b"),))


def test_what_was_undone_and_what_the_machine_said_bind_nobody() -> None:
    assert constraints(log_of("a = b", "undo 1")) == Constraints()
    assert constraints(log_of("a = b", by=LINKER)) == Constraints()


def test_a_claim_that_was_coded_anew_stands_under_its_new_id() -> None:
    assert constraints(log_of("a = b", "a ! c"), {"a": "z"}) == Constraints((("b", "z"),), (("c", "z"),))


def test_the_next_run_links_again_what_was_judged_or_taken_back_since() -> None:
    log = log_of("a = b", "c = d", "accept e", "undo 1")
    assert changed_since(log, 1) == {"a", "b", "c", "d"}
    assert changed_since(log, 4) == frozenset()


def test_the_last_run_says_up_to_which_entry_it_knew_judgements() -> None:
    run = Judgement("2.1", JudgementKind.LINKED, LINKER, NOON, facts=(("seen", "1"),))
    assert last_seen([]) == 0
    assert last_seen([*log_of("a = b"), run]) == 1


# ---------------------------------------------------------------- standing


def correction(id: str, claims: str, field: str, value: str, by: Judge = ADA, about: About = About.CLAIM) -> Judgement:
    return Judgement(id, JudgementKind.CORRECTED, by, NOON, (tuple(claims),), about=about, field=field, value=value)


def test_the_later_of_two_persons_counts() -> None:
    log = [*log_of("accept a", "reject ab"), correction("3.1", "a", "day", "1"), correction("4.1", "a", "day", "2")]
    held = standings(log)
    assert held["a"].is_rejected
    assert held["b"].is_rejected
    assert [j.value for j in held["a"].corrections] == ["2"]


@pytest.mark.parametrize("order", ["person first", "machine first"])
def test_a_person_outranks_the_machine_whatever_the_dates(order: str) -> None:
    by_person, by_machine = correction("1.1", "a", "day", "1"), correction("2.1", "a", "day", "2", LINKER)
    log = [by_person, by_machine] if order == "person first" else [replace(by_machine, id="1.1"), replace(by_person, id="2.1")]
    assert [j.value for j in standings(log)["a"].corrections] == ["1"]


def test_when_a_person_takes_back_a_judgement_the_machines_holds_again() -> None:
    log = [correction("1.1", "a", "day", "1"), correction("2.1", "a", "day", "2", LINKER)]
    log += [Judgement("3.1", JudgementKind.UNDONE, ADA, NOON, revokes=("1.1",))]
    assert [j.value for j in standings(log)["a"].corrections] == ["2"]


def test_a_correction_of_an_event_holds_of_every_claim_that_it_had() -> None:
    held = standings([correction("1.1", "abc", "day", "1", about=About.EVENT)])
    assert {claim: standing.corrections[0].value for claim, standing in held.items()} == dict.fromkeys("abc", "1")


def test_it_tells_retracted_from_superseded_and_only_the_outdated_side_is() -> None:
    held = standings(log_of("retract a", "supersede b c"))
    assert (held["a"].retraction is not None, held["b"].superseded is not None, "c" in held) == (True, True, False)


def test_it_follows_a_claim_to_its_new_id() -> None:
    assert list(standings(log_of("accept a"), {"a": "z"})) == ["z"]


def test_an_undoing_that_is_undone_leaves_the_judgement_in_force() -> None:
    log = log_of("accept a", "undo 1", "undo 2")
    assert [j.id for j in in_force(log)] == ["1.1", "3.1"]


# ---------------------------------------------------------------- contradictions


def found(new: str, *log: str) -> list[tuple[str, ...]]:
    """The ids of the judgements of each contradiction."""
    (judgement,) = log_of(new)
    return [tuple(j.id for j in c.judgements) for c in contradictions(replace(judgement, id=""), log_of(*log))]


@pytest.mark.parametrize(
    ("new", "log", "against"),
    [
        ("a = b", [], []),
        ("a = b", ["c ! d"], []),
        ("a = b", ["a ! b"], [("1.1",)]),
        ("b = c", ["a = c", "a ! b"], [("2.1", "1.1")]),
        ("a ! b", ["a = c", "b = c"], [("1.1", "2.1")]),
        ("a ! b", ["a = c", "b = c", "undo 2"], []),
        ("a | b", ["a = b"], [("1.1",)]),
        ("a = b", ["a | b"], [("1.1",)]),
        ("a = b", ["a ! b", "a = b"], []),
        ("a = d", ["a = b", "b = c", "c ! d"], [("3.1", "1.1", "2.1")]),
    ],
)  # fmt: skip
def test_it_names_what_a_judgement_contradicts(new: str, log: list[str], against: list[tuple[str, ...]]) -> None:
    assert [tuple(sorted(ids)) for ids in found(new, *log)] == [tuple(sorted(ids)) for ids in against]


def test_what_was_entered_in_spite_of_a_contradiction_is_listed() -> None:
    ((judgement, contradiction),) = standing_contradictions(log_of("a = c", "b = c", "a ! b", "d = e"))
    assert (judgement.id, {j.id for j in contradiction.judgements}) == ("3.1", {"1.1", "2.1"})
