"""How options are read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import typer

from dateline.cli.options import moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-08-18", datetime(2020, 8, 18, 23, 59, 59, 999999, UTC)),
        ("2020-08-18T12:00", datetime(2020, 8, 18, 12, tzinfo=UTC)),
        ("2020-08-18T12:00Z", datetime(2020, 8, 18, 12, tzinfo=UTC)),
        ("2020-08-18T12:00+03:00", datetime(2020, 8, 18, 9, tzinfo=UTC)),
    ],
)
def test_a_moment_is_in_utc_and_a_day_alone_is_its_end(text: str, expected: datetime) -> None:
    assert moment(text) == expected


def test_what_is_no_moment_says_how_to_write_one() -> None:
    with pytest.raises(typer.BadParameter, match="2020-08-18T12:00Z"):
        moment("yesterday")
