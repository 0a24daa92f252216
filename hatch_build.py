"""Compile the gazetteer and the tables when the package is built or installed for development, so that no user waits for them.

Both files lie beside the tables and are not kept in the repository. Where the gazetteer is missing (a checkout that is run without
being installed) the program compiles it on first use into the user's cache; tables are parsed each time then.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GazetteerHook(BuildHookInterface):  # type: ignore[type-arg,misc]  # hatchling's generic is for its own plugins
    """Runs before the wheel's files are gathered; an unchanged gazetteer is left as it is."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        from dateline.knowledge.places import compile_packaged
        from dateline.knowledge.tables import compile_tables

        for compiled in (compile_packaged(), compile_tables()):
            build_data["artifacts"].append(compiled.relative_to(self.root).as_posix())
