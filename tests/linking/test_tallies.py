"""The rules by which figures go together hold for any figures; docs/accounts.md states them for people."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.knowledge.accounts import load_accounts
from dateline.linking.tallies import BestRule, Counted, tally_event, tally_group
from dateline.records import Actor, Basis, RevisionKind, Standing, StatusValue, Tallied, Tally, Testimony, Verdict
from tests.linking.testimonies import count, say, tell

KNOWLEDGE = load_accounts()
FIRST = date(2021, 3, 1)
POLICE = Actor("policemen", "BLR", "COP", is_group=True)
CROWD = Actor("protesters", "BLR", "CVL", is_group=True)


def killed(testimonies: Sequence[Testimony], what: str = "killed", side: str | None = None) -> Tally:
    return next(t for t in tally_event(testimonies, KNOWLEDGE) if t.what == what and t.side == side)


@st.composite
def told(draw: st.DrawFn) -> list[Testimony]:
    """Up to six testimonies with a figure or two, over five days, of three publishers and as many tellers."""
    found = []
    for n in range(draw(st.integers(1, 6))):
        counts = []
        for _ in range(draw(st.integers(1, 2))):
            low = draw(st.integers(0, 40))
            high = draw(st.sampled_from([low, low, low + 5, None]))
            tallied = draw(st.sampled_from([Tallied.UNSAID, Tallied.UNSAID, Tallied.RUNNING_TOTAL, Tallied.NEW]))
            what = draw(st.sampled_from(["killed", "injured", "participants"]))
            party = draw(st.sampled_from([None, 0, 1]))
            counts.append(count(what, low, high, tallied=tallied, party=party, is_part=draw(st.booleans())))
        found.append(
            say(
                str(n),
                *counts,
                day=FIRST + timedelta(days=draw(st.integers(0, 4))),
                witness=draw(st.sampled_from(["w1", "w2", "w3"])),
                publisher=draw(st.sampled_from([None, "A", "B"])),
                teller=draw(st.sampled_from([None, "police", "the union"])),
                status=draw(st.sampled_from([StatusValue.ASSERTED, StatusValue.ALLEGED, StatusValue.DENIED])),
                superseded_by=draw(st.sampled_from([None, None, None, "d0"])),
                recipients=(CROWD, POLICE),
            )
        )
    return found


@given(told(), st.randoms())
def test_the_order_of_the_testimonies_makes_no_difference(testimonies: list[Testimony], dice: random.Random) -> None:
    shuffled = list(testimonies)
    dice.shuffle(shuffled)
    assert tally_event(testimonies, KNOWLEDGE) == tally_event(shuffled, KNOWLEDGE)


@given(told(), st.sampled_from(BestRule))
def test_the_best_figure_lies_within_the_bounds(testimonies: list[Testimony], rule: BestRule) -> None:
    for tally in tally_event(testimonies, KNOWLEDGE, best=rule):
        assert tally.high is None or tally.low <= tally.high
        if tally.best is not None:
            assert tally.low <= tally.best
            assert tally.high is None or tally.best <= tally.high


@given(told())
def test_every_figure_told_is_in_an_account(testimonies: list[Testimony]) -> None:
    tallies = tally_event(testimonies, KNOWLEDGE)
    told_by = {(t.what, claim) for t in tallies for a in t.accounts for claim in a.claims}
    assert told_by == {(c.what, t.claim.id) for t in testimonies for c in t.claim.event.counts}


@given(told())
def test_a_reprint_moves_no_bound_and_makes_no_agreement(testimonies: list[Testimony]) -> None:
    copies = [
        replace(
            t,
            claim=replace(t.claim, id=f"z{t.claim.id}", document=f"z{t.claim.document}"),
            known_at=t.known_at + timedelta(hours=1),
        )
        for t in testimonies
    ]
    before = {(t.what, t.side): (t.low, t.high, t.verdict, t.best) for t in tally_event(testimonies, KNOWLEDGE)}
    after = {(t.what, t.side): (t.low, t.high, t.verdict, t.best) for t in tally_event([*testimonies, *copies], KNOWLEDGE)}
    assert before == after


@given(told())
def test_what_is_superseded_counts_for_nothing(testimonies: list[Testimony]) -> None:
    current = [t for t in testimonies if t.is_current]
    kept = {(t.what, t.side): (t.low, t.high) for t in tally_event(current, KNOWLEDGE)}
    with_all = {(t.what, t.side): (t.low, t.high) for t in tally_event(testimonies, KNOWLEDGE) if t.best is not None}
    assert {k: v for k, v in with_all.items() if k in kept} == {k: v for k, v in kept.items() if k in with_all}


@given(told())
def test_all_together_are_no_fewer_than_a_side(testimonies: list[Testimony]) -> None:
    tallies = tally_event(testimonies, KNOWLEDGE)
    for side in (t for t in tallies if t.side is not None and t.best is not None):
        whole = next(t for t in tallies if t.what == side.what and t.side is None)
        assert whole.high is None or side.low <= whole.high


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from([0, 3, None])), min_size=1, max_size=5))
def test_figures_of_one_day_are_in_dispute_only_where_no_figure_is_allowed_by_all(bounds: list[tuple[int, int | None]]) -> None:
    testimonies = [say(str(n), count("killed", low, None if more is None else low + more)) for n, (low, more) in enumerate(bounds)]
    lowest, highest = max(b[0] for b in bounds), min((low + more for low, more in bounds if more is not None), default=None)
    tally = killed(testimonies)
    if highest is None or lowest <= highest:
        assert tally.verdict is not Verdict.DISPUTE
        assert (tally.low, tally.high) == (lowest, highest)
    else:
        assert tally.verdict is Verdict.DISPUTE
        assert tally.low == min(b[0] for b in bounds)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8))
def test_a_running_total_is_not_added_up(totals: list[int]) -> None:
    days = [say(str(n), count("killed", low), day=FIRST + timedelta(days=n), publisher="A") for n, low in enumerate(totals)]
    assert (killed(days).low, killed(days).high) == (totals[-1], totals[-1])


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_new_cases_add_to_the_total_told_before(new: list[int]) -> None:
    days = [say("0", count("detained", 40, tallied=Tallied.RUNNING_TOTAL), day=FIRST, publisher="A")]
    days += [
        say(str(n), count("detained", more, tallied=Tallied.NEW), day=FIRST + timedelta(days=n), publisher="A")
        for n, more in enumerate(new, 1)
    ]
    assert killed(days, "detained").best == 40 + sum(new)


def test_an_allegation_counts_where_nothing_stronger_is_told() -> None:
    alleged = say("1", count("killed", 9), status=StatusValue.ALLEGED)
    assert killed([alleged]).best == 9
    assert killed([alleged, say("2", count("killed", 4))]).best == 4


def test_a_figure_that_was_taken_back_stays_in_sight() -> None:
    tally = killed([say("1", count("killed", 9), is_retracted=True)])
    assert (tally.low, tally.high, tally.best) == (0, None, None)
    assert [a.standing for a in tally.accounts] == [Standing.RETRACTED]
    assert [r.kind for r in tally.revisions] == [RevisionKind.RETRACTED]


def test_of_the_injured_one_has_died() -> None:
    first = say("1", count("killed", 1), count("injured", 3), day=FIRST)
    later = say("2", count("killed", 2), count("injured", 2), day=FIRST + timedelta(days=2))
    tally = killed([first, later], "injured")
    assert (tally.best, tally.verdict) == (2, Verdict.ALONE)
    assert [r.kind for r in tally.revisions] == [RevisionKind.MOVED]


def test_others_are_added_to_those_told_of_before() -> None:
    def others(name: str, low: int, words: str, document: str) -> Testimony:
        made = say(name, count("killed", low), document=document, witness="w", trigger=words)
        (figure,) = made.claim.event.counts
        span = replace(figure.span, end=len(words))
        event = replace(made.claim.event, counts=(replace(figure, span=span),), evidence=span)
        return replace(made, claim=replace(made.claim, event=event))

    tally = killed([others("1", 1, "one man", "d"), others("2", 2, "two others", "d")])
    assert (tally.low, tally.high) == (3, 3)


def test_the_sum_of_two_sides_says_that_it_is_ours() -> None:
    tally = killed([say("1", count("killed", 3, party=0), count("killed", 2, party=1), recipients=(CROWD, POLICE))])
    assert (tally.best, tally.basis) == (5, Basis.SUM)
    assert tally.steps[0][0] == "3 (society) + 2 (state) = 5"


# ---------------------------------------------------------------- several events


def group(*events: tuple[str, int | None, int | None], what: str = "killed") -> list[Counted]:
    """Events of one day each, a day apart: id, low, high; low None is no figure."""
    found = []
    for n, (name, low, high) in enumerate(events):
        tally = None
        if low is not None:
            tally = next(t for t in tally_event([say(name, count(what, low, high))], KNOWLEDGE) if t.side is None)
        found.append(Counted(name, FIRST + timedelta(days=n), FIRST + timedelta(days=n), tally))
    return found


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from([0, 4, None])), min_size=1, max_size=6), st.randoms())
def test_the_bounds_of_a_group_are_the_sums_of_those_of_its_events(
    bounds: list[tuple[int, int | None]], dice: random.Random
) -> None:
    events = group(*((str(n), low, None if more is None else low + more) for n, (low, more) in enumerate(bounds)))
    dice.shuffle(events)
    tally = tally_group("killed", events, KNOWLEDGE)
    assert tally is not None
    assert tally.low == sum(low for low, _ in bounds)
    is_open = any(more is None for _, more in bounds)
    assert tally.high == (None if is_open else sum(low + (more or 0) for low, more in bounds))


def test_events_without_a_figure_are_named() -> None:
    tally = tally_group("killed", group(("a", 3, 3), ("b", None, None)), KNOWLEDGE)
    assert tally is not None
    assert (tally.low, tally.events, tally.without) == (3, ("a",), ("b",))


def test_a_stretch_of_days_and_its_days_are_not_added() -> None:
    days = group(("a", 300, 300), ("b", 500, 500))
    whole = replace(group(("all", 7000, 7000))[0], last=FIRST + timedelta(days=3))
    tally = tally_group("killed", [*days, whole], KNOWLEDGE)
    assert tally is not None
    assert (tally.low, tally.high) == (7000, 7000)


def test_those_who_march_again_are_counted_once() -> None:
    tally = tally_group("participants", group(("a", 300, 300), ("b", 500, 500), what="participants"), KNOWLEDGE)
    assert tally is not None
    assert (tally.low, tally.high, tally.best) == (500, 500, 500)


def test_figures_that_no_rule_puts_together_are_not() -> None:
    assert tally_group("vote share", group(("a", 54, 54)), KNOWLEDGE) is None


# ---------------------------------------------------------------- people told of one by one


def person(name: str, sector: str | None = "CVL") -> Actor:
    return Actor(name, "BLR", sector)


def test_who_was_hit_may_be_one_of_the_dead() -> None:
    shot = say("1", recipients=(person("Ana Mora"),), trigger="shot")
    assert killed([shot], "injured").best == 1
    dead = say("2", count("killed", 1))
    assert [t.what for t in tally_event([shot, dead], KNOWLEDGE)] == ["killed"]


def test_names_that_hold_one_another_are_one_person() -> None:
    told = [say("1", recipients=(person("Ana Mora"),), trigger="killed"), say("2", recipients=(person("Mora"),), trigger="murder")]
    assert killed(told).best == 1
    assert killed([*told, say("3", recipients=(person("Ivo Lang"),), trigger="killed")]).best == 2


def test_a_phrase_may_be_anybody_unless_sex_or_trade_differ() -> None:
    nurse = say("1", recipients=(person("nurse"),), trigger="killed")
    assert killed([nurse, say("2", recipients=(person("victim"),), trigger="killed")]).best == 1
    assert killed([nurse, say("3", recipients=(person("policeman"),), trigger="killed")]).best == 2
    assert (
        killed(
            [say("4", recipients=(person("man"),), trigger="killed"), say("5", recipients=(person("woman"),), trigger="killed")]
        ).best
        == 2
    )


def test_a_murder_without_a_victim_is_one_death_at_least() -> None:
    tally = killed([say("1", trigger="murder", status=StatusValue.ALLEGED)])
    assert (tally.low, tally.high, tally.basis) == (1, None, Basis.NAMED)


def test_one_who_is_wounded_first_and_dies_later_is_one_of_the_dead() -> None:
    told = [
        say("1", recipients=(person("Ana Mora"),), trigger="wounded"),
        say("2", recipients=(person("Ana Mora"),), trigger="died", day=FIRST + timedelta(days=3)),
    ]
    assert [(t.what, t.best) for t in tally_event(told, KNOWLEDGE)] == [("killed", 1)]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Police fired on the crowd, killing two men and wounding a student.", {"killed": 2, "injured": 1}),
        ("The gunman wounded a student and killed two men.", {"killed": 2, "injured": 1}),
        ("A man was shot and killed.", {"killed": 1}),
        ("A girl died hours after being shot.", {"killed": 1}),
        ("A nurse was stabbed to death.", {"killed": 1}),
        ("A clerk was fatally shot.", {"killed": 1}),
    ],
)
def test_who_is_hurt_beside_the_dead_is_not_dead(text: str, figures: dict[str, int]) -> None:
    told = tell([{"text": text, "day": FIRST, "by": "Gazette"}])[0].testimonies
    assert {t.what: t.low for t in tally_event(told, KNOWLEDGE) if t.side is None and t.low} == figures
