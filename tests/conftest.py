"""How examples are generated, and what tests are called.

Machines are busy, so nothing fails for being slow; what must be quick has a test of its own.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes are named by what they are for. Written out, packed ones would tell the second they were packed in, and two processes
    that share the tests would not collect the same ones.
    """
    return argname if isinstance(val, bytes) else None
