"""What the documentation's site needs beyond Sphinx: menus out of ordinary lists of links, and tables printed into their pages.

The pages of docs/ are read on the repository's own pages too, so nothing in them is written for Sphinx. docs/index.md is a page of
lists; here each of its headings becomes a part of the menu with the pages that the list links to.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from dateline.knowledge.crosswalks import load_crosswalks
from dateline.knowledge.lexicon import load_lexicon
from dateline.knowledge.ontology import load_codebook
from dateline.knowledge.protests import load_protests
from dateline.views.codebook import codebook_page
from tools.diagram import picture, table
from tools.dictionary import dictionary

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
LISTS = ("index", "decisions/README")
"""The pages whose links are the menu."""

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
PAGE = re.compile(r"\]\((?!\.\.)([\w./-]+)\.md(?:#[^)]*)?\)")
FILE_NAME = re.compile(r"\[(?:[\w-]+/)*[\w-]+\.md\]\((?=[\w./-]+\.md)")
"""A link whose text is the name of a file: good to read in the repository, odd on a site."""
OUTSIDE = re.compile(r"\[([^\]]+)\]\((\.\./[\w./-]+)\)")
"""A link that may lead out of docs/. The repository shows what it leads to; a site can have a file to download, but no folder, and
no page that is none of its own: there its words stand alone."""
PRINTED = re.compile(r"^<!-- printed: (\w+) -->$", re.MULTILINE)
"""Where a page has what is printed from the program. Only the site has it: in the repository it would grow old."""


def version() -> str:
    """The version of pyproject.toml; raises ValueError if there is none."""
    found = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise ValueError("pyproject.toml names no version")
    return found[1]


def read(app: Any, name: str, source: list[str]) -> None:
    """Called by Sphinx with the text of each page, in `source`, before it is parsed."""
    source[0] = prepared(name, source[0])


def prepared(name: str, text: str) -> str:
    """The text of the page as Sphinx is to parse it: with titles for names of files, menus, and tables in their places."""
    text = OUTSIDE.sub(lambda found: found[0] if can_be_had((DOCS / name).parent / found[2]) else found[1], text)
    text = FILE_NAME.sub("[](", PRINTED.sub(lambda found: printed(found[1]), text))
    if name not in LISTS:
        return text
    rest = unlisted(text) if name == LISTS[0] else []
    return text + menus(text) + _menu("More", rest)


def can_be_had(aim: Path) -> bool:
    """Whether a link to that path leads somewhere on the site."""
    return not aim.is_dir() and (aim.suffix != ".md" or aim.resolve().is_relative_to(DOCS))


def unlisted(text: str) -> list[str]:
    """The pages of docs/ itself that the list of pages leaves out, in order of their names: they can be reached all the same."""
    listed = {LISTS[0], *PAGE.findall(text)}
    return [path.stem for path in sorted(DOCS.glob("*.md")) if path.stem not in listed]


def printed(what: str) -> str:
    """What PRINTS prints under that name, as Markdown, headings from the second level down; raises ValueError for anything else."""
    if what not in PRINTS:
        raise ValueError(f"nothing is printed that is called {what}; there are {', '.join(PRINTS)}")
    return PRINTS[what]()


def codebook() -> str:
    """What `dateline codebook` prints, without its title."""
    page = codebook_page(load_codebook(), load_crosswalks(), load_lexicon(), load_protests(), only=None)
    return page.partition("\n")[2]


PRINTS = {"codebook": codebook, "dictionary": dictionary, "picture": picture, "imports": table}


def menus(text: str) -> str:
    """Menus without a place of their own, a heading's links each, in order; links before the first heading have no caption."""
    parts = HEADING.split(text)
    captions = ["", *parts[1::2]]
    return "".join(_menu(caption, PAGE.findall(body)) for caption, body in zip(captions, parts[::2], strict=True))


def _menu(caption: str, pages: list[str]) -> str:
    if not pages:
        return ""
    options = ["hidden: true", "titlesonly: true", *([f"caption: {caption}"] if caption else [])]
    return "\n".join(["", "```{toctree}", "---", *options, "---", *dict.fromkeys(pages), "```", ""])
