"""How examples are generated: machines are busy, so nothing fails for being slow; what must be quick has a test of its own."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
