"""Makes what the package has beside its sources when it is built, or installed for development.

The gazetteer and the tables are compiled, so that no user waits for them. Where the gazetteer is missing (a checkout that is run
without being installed) the program compiles it on first use into the user's cache; tables are parsed each time then. The page's
scripts are bundled (tools/build_page.py), so that nobody needs node to install; without them pages do with less.
None of these files is kept in the repository.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PackageHook(BuildHookInterface):  # type: ignore[type-arg,misc]  # hatchling's generic is for its own plugins
    """Runs before files are gathered; what is as it should be is left as it is."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        sys.path[:0] = [str(root / "src"), str(root / "tools")]
        from build_page import build_page

        self.app.display_info(build_page(root))
        if self.target_name != "wheel":
            return
        from dateline.knowledge.places import compile_packaged
        from dateline.knowledge.tables import compile_tables

        for compiled in (compile_packaged(), compile_tables()):
            build_data["artifacts"].append(compiled.relative_to(root).as_posix())
