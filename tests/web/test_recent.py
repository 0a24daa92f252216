"""The few things that were asked for last."""

from __future__ import annotations

from dateline.web.recent import Recent


def test_what_was_asked_for_longest_ago_is_let_go() -> None:
    recent: Recent[int] = Recent(2)
    assert recent.get("a") is None
    assert (recent.put("a", 1), recent.put("b", 2)) == (1, 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert recent.get("b") is None
    assert recent.values() == (1, 3)


def test_what_is_put_again_takes_the_place_of_what_was() -> None:
    recent: Recent[int] = Recent(2)
    recent.put("a", 1)
    recent.put("a", 2)
    assert recent.values() == (2,)
