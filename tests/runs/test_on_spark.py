"""A run on Spark, with two Python workers on this machine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.runs.engines import check, check_parts

pytest.importorskip("pyspark", reason="Spark is not installed: pip install 'dateline[spark]'", exc_type=ImportError)

pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, and there is none on the PATH"),
    # Spark warns of pandas, which it imports and we do not use, and leaves sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore"),
]


def test_it_makes_the_ledger_of_a_local_run_byte_for_byte_and_its_links_to_the_last_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyspark.sql import SparkSession

    from dateline.runs.on_spark import code_on_spark, parts_on_spark

    monkeypatch.setenv("PYSPARK_PYTHON", __import__("sys").executable)
    monkeypatch.setenv("PYTHONPATH", ":".join(str(Path(__file__).parents[2] / part) for part in ("", "src")))
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        check(code_on_spark, tmp_path, monkeypatch)
        check_parts(parts_on_spark(2))
        assert SparkSession.getActiveSession() is session, "a Spark that runs already is not stopped"
    finally:
        session.stop()
