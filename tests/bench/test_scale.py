"""The arithmetic of the plan, and the pages that articles are put into to be measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.growth import MOST_WORDS, page_of, reports_of, texts_of
from bench.scale import Assumed, main, plan
from dateline.ingest.read import read_report

MEASURED = {"read_ms": 40, "whole_ms": 360, "driver_ms": 18, "bytes_per_article": 50_000}
TEXT = "\n".join(f"Workers marched in Brest on day {n}, and police & others watched them go by in the rain." for n in range(20))


def test_a_day_takes_its_core_hours_and_cores_have_time_to_spare() -> None:
    row = plan(1_000_000, MEASURED, Assumed(busy=0.5, price_per_core_hour=0.1, price_per_gb_month=0, cores_per_machine=4))
    assert row.core_hours == pytest.approx(100)
    assert (row.cores, row.machines) == (9, 3)
    assert row.money_a_day == pytest.approx(9 * 24 * 0.1)
    assert row.disk_gb_a_day == pytest.approx(50)
    assert row.driver_cores == pytest.approx(1e6 * 18 / 86_400_000 / 0.5)


def test_articles_that_are_passed_over_are_still_read() -> None:
    assert plan(1_000_000, MEASURED, Assumed(skipped=1.0)).core_hours == pytest.approx(1e6 * 40 / 3_600_000)


def test_the_price_is_an_option_and_every_plan_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measured = tmp_path / "growth.json"
    measured.write_text(json.dumps(MEASURED), encoding="utf-8")
    costs = []
    for price in ("0.04", "0.08"):
        assert main(["--measured", str(measured), "--price-per-core-hour", price, "--price-per-gb-month", "0", "--json"]) == 0
        costs.append([row["money_a_day"] for row in json.loads(capsys.readouterr().out)["plans"]])
    assert len(costs[0]) == 2
    assert costs[1] == pytest.approx([2 * cost for cost in costs[0]])


def test_a_page_gives_its_article_back_without_what_stands_around_it() -> None:
    document, problems = read_report(reports_of([TEXT])[0])
    assert document is not None
    assert problems == ()
    assert "police & others watched" in document.text
    assert "Section 7" not in document.text
    assert len(page_of(TEXT, 0)) > 40_000


def test_texts_are_cut_to_the_length_of_an_article_and_very_short_ones_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join([TEXT] * 9), encoding="utf-8")
    (tmp_path / "b.txt").write_text("Nothing happened.", encoding="utf-8")
    (text,) = texts_of(tmp_path)
    assert 0.8 * MOST_WORDS < len(text.split()) <= MOST_WORDS
