"""The engines by name, as `dateline add --engine` knows them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateline.runs.add import Engine


class EngineName(StrEnum):
    """Where reports are coded: in processes of this machine, or by what Ray or Spark have."""

    LOCAL = "local"
    RAY = "ray"
    SPARK = "spark"


def engine_of(name: EngineName) -> Engine:
    """The engine of that name. Its library is looked for when it is first used, and not here."""
    from dateline.runs.local import code_reports
    from dateline.runs.on_ray import code_on_ray
    from dateline.runs.on_spark import code_on_spark

    return {EngineName.LOCAL: code_reports, EngineName.RAY: code_on_ray, EngineName.SPARK: code_on_spark}[name]
