"""How Sphinx makes the site of docs/: `make docs`. What it does beyond that is in tools/site.py."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tools import site  # noqa: E402  # found by the line above

project = "Dateline"
author = "The Dateline team"
copyright = f"2026, {author}"
version = release = site.version()

extensions = ["myst_parser"]
exclude_patterns = ["site"]
root_doc = "index"

myst_heading_anchors = 4

html_theme = "furo"
html_title = f"Dateline {version}"
html_static_path = ["static"]
html_css_files = ["dateline.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
highlight_language = "none"
pygments_style = "friendly"


def setup(app):
    """Pages are read as they stand in the repository; lists of pages become the menu, and tables are printed into their places."""
    app.connect("source-read", site.read)
