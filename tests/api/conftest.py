from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import dateline
from dateline.api.project import Project
from tests.web.world import world_at


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of a made-up world, which nothing here changes."""
    return world_at(tmp_path_factory.mktemp("api") / "world")


@pytest.fixture(scope="session")
def project(world: Path) -> Project:
    """The world as it is asked by all who change nothing."""
    return dateline.open(world)


@pytest.fixture
def own(world: Path, tmp_path: Path) -> Project:
    """A copy of the world, to be judged and changed at will."""
    return dateline.open(shutil.copytree(world, tmp_path / "world"))
