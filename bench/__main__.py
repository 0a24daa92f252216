"""The one door to the benchmarks: `python -m bench NAME [options]`; without a name it lists those there are."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path


def find_benchmarks(folder: Path) -> dict[str, str]:
    """Each benchmark's name and the first line of its docstring, by name: the modules of the folder that define `main`.

    The files are parsed and not imported, so that listing them loads no model and needs no data.
    """
    found = {}
    for path in sorted(folder.glob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        if not path.stem.startswith("_") and any(isinstance(d, ast.FunctionDef) and d.name == "main" for d in module.body):
            found[path.stem] = (ast.get_docstring(module) or "").partition("\n")[0]
    return found


def main(argv: list[str]) -> int:
    """Runs the benchmark that is named and hands back its exit status; 2 when there is none of that name."""
    benchmarks = find_benchmarks(Path(__file__).parent)
    name = argv[0] if argv else ""
    if name in benchmarks:
        status: int = importlib.import_module(f"bench.{name}").main(argv[1:])
        return status
    asked_for_list = name in ("", "-h", "--help")
    if not asked_for_list:
        print(f"no benchmark is called {name!r}; there are:", file=sys.stderr)
    width = max(map(len, benchmarks))
    for key, line in benchmarks.items():
        print(f"{key:{width}}  {line}", file=sys.stdout if asked_for_list else sys.stderr)
    return 0 if asked_for_list else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
