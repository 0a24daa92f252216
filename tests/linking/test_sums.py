"""Bounds of several events put together, beside the rule written out plainly."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from dateline.linking.sums import NOTHING, Summand, Total, added, largest


def plainly(events: list[Summand]) -> Total:
    """The rule as docs/accounts.md has it: the longest first, and of an event that holds others whichever is more."""
    low, high, best = 0.0, 0.0, 0.0
    is_open = False
    waiting = sorted(events, key=lambda e: -e.length)
    while waiting:
        event, *waiting = waiting
        inner = [e for e in waiting if holds(event, e)]
        for one in inner:
            waiting.remove(one)
        own = Total(event.low, event.high, event.best)
        if inner:
            parts = plainly(inner)
            more = max(own.low, parts.low)
            own = Total(more, None if own.high is None else max(own.high, more), max(own.best, parts.best))
        low, best = low + own.low, best + own.best
        is_open = is_open or own.high is None
        high += own.high or 0.0
    return Total(low, None if is_open else high, best)


def holds(outer: Summand, inner: Summand) -> bool:
    if outer.first is None or outer.last is None or inner.first is None or inner.last is None:
        return False
    return outer.first <= inner.first and inner.last <= outer.last and outer.length > inner.length


def summand(first: int | None, length: int | None, low: int, more: int | None) -> Summand:
    last = None if first is None or length is None else first + length
    return Summand(first, last, low, None if more is None else low + more, low)


SUMMANDS = st.builds(
    summand,
    st.none() | st.integers(0, 20),
    st.none() | st.integers(0, 9),
    st.integers(0, 50),
    st.none() | st.integers(0, 30),
)


@given(st.lists(SUMMANDS, max_size=14))
def test_the_sum_is_the_one_of_the_plain_rule(events: list[Summand]) -> None:
    assert added(events) == plainly(events)


def test_a_total_of_four_days_and_the_days_themselves_count_once() -> None:
    days = [Summand(day, day, 1_500, 1_500, 1_500) for day in range(4)]
    assert added([*days, Summand(0, 3, 6_300, 6_999, 6_300)]) == Total(6_300, 6_999, 6_300)


def test_an_open_end_stays_open() -> None:
    assert added([Summand(1, 1, 40, None, 40), Summand(2, 2, 3, 5, 3)]) == Total(43, None, 43)


def test_of_crowds_the_largest_counts() -> None:
    assert largest([Summand(1, 1, 300, 400, 300), Summand(2, 2, 200, 900, 500)]) == Total(300, 900, 500)


def test_nothing_comes_to_nothing() -> None:
    assert added([]) == largest([]) == NOTHING


def test_ten_times_the_events_take_little_more_than_ten_times_as_long() -> None:
    def seconds(count: int) -> float:
        events = [Summand(n // 20, n // 20 + (3 if n % 5 == 0 else 0), 1, 2, 1) for n in range(count)]
        times = []
        for _ in range(3):
            start = time.process_time()
            added(events)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(20_000) < 40 * seconds(2_000)
