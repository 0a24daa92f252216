"""A run on Ray Data, with two actors on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs.engines import check, check_parts

pytest.importorskip("ray.data", reason="Ray Data is not installed: pip install 'dateline[ray]'", exc_type=ImportError)

# Ray warns of what future versions of it will change, and leaves sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore")


def test_it_makes_the_ledger_of_a_local_run_byte_for_byte_and_its_links_to_the_last_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    from dateline.runs.on_ray import code_on_ray, parts_on_ray

    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    with ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False):
        check(code_on_ray, tmp_path, monkeypatch)
        check_parts(parts_on_ray(2))
        assert ray.is_initialized(), "a Ray that runs already is not stopped"
