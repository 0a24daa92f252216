"""The documentation's site: it builds without a warning, has every page of docs/ in its menu, and asks nobody else for anything."""

from __future__ import annotations

import re
import warnings
from io import StringIO
from itertools import chain
from pathlib import Path

import pytest

from tools.site import LISTS, menus, prepared, unlisted, version

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(str(path.relative_to(DOCS).with_suffix("")) for path in DOCS.rglob("*.md"))


SHOWN = ("index", "architecture", "page", "decisions/README")
"""Pages that are written out in the test, a picture, a drawing and a list among them: to write all takes a quarter of a minute."""


def test_it_builds_without_a_warning_has_every_page_and_fetches_nothing(tmp_path: Path) -> None:
    said, built = StringIO(), tmp_path / "html"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Sphinx and its themes will change one day is not ours to mend
        from sphinx.application import Sphinx
        from sphinx.util.docutils import docutils_namespace

        places = DOCS, DOCS / "site", built, tmp_path / "doctrees"
        with docutils_namespace():
            every = Sphinx(*places, "dummy", status=None, warning=said)  # reads all pages and follows every link in them
            every.build()
        with docutils_namespace():
            some = Sphinx(*places, "html", status=None, warning=None)  # it says that its search will know these pages alone
            some.build(filenames=[DOCS / f"{name}.md" for name in SHOWN])
    assert said.getvalue() == ""
    assert [name for name in PAGES if name not in every.env.collect_relations()] == []
    pages = [path.read_text(encoding="utf-8") for path in built.rglob("*.html")]
    assert len(pages) >= len(SHOWN)
    assert list(chain.from_iterable(map(fetched_from_elsewhere, pages))) == []
    sheets = [path.read_text(encoding="utf-8") for path in built.rglob("*.css")]
    assert list(chain.from_iterable(map(fetched_by_styles, sheets))) == []


def fetched_from_elsewhere(page: str) -> list[str]:
    """What a browser would fetch from another host to show a page: scripts, styles, pictures, sounds; links are not fetched."""
    tags = re.findall(r"<(?:script|img|iframe|source|video|audio|embed|object|link)\b[^>]*>", page)
    return [tag for tag in tags if re.search(r"""(?:src|href|srcset|data)=["'](?:https?:)?//""", tag)] + fetched_by_styles(page)


def fetched_by_styles(sheet: str) -> list[str]:
    """Addresses of other hosts that styles load."""
    return re.findall(r"""(?:url\(|@import)\s*["']?(?:https?:)?//[^)"']+""", sheet)


def test_it_would_notice_what_is_fetched_from_elsewhere() -> None:
    page = '<a href="https://a.example"></a><script src="//b.example/x.js"></script><img src="c.png"><style>@import "https://d.example"</style>'
    assert len(fetched_from_elsewhere(page)) == 2


def test_it_has_a_menu_of_the_links_of_a_list() -> None:
    said = menus("# T\n\n## Part\n\n- [A](a.md), [again](a.md)\n- [B](sub/b.md#there)\n- [elsewhere](https://c.example/c.md)\n")
    assert said.split("---")[1:] == ["\nhidden: true\ntitlesonly: true\ncaption: Part\n", "\na\nsub/b\n```\n"]


def test_it_shows_the_title_of_a_page_where_the_text_has_the_name_of_its_file() -> None:
    assert prepared("page", "see [a-b.md](a-b.md#c) and [this](d.md)") == "see [](a-b.md#c) and [this](d.md)"


def test_it_has_no_link_to_a_folder_or_page_of_the_repository_that_it_does_not_have() -> None:
    said = "[`specs`](../tests/specs), [this](../README.md) and [stories](../tests/specs/linking/stories.yaml)"
    assert prepared("page", said) == "`specs`, this and [stories](../tests/specs/linking/stories.yaml)"
    assert prepared("decisions/page", "[the record](../record.md)") == "[the record](../record.md)"
    assert prepared("decisions/page", "[specs](../../tests/specs)") == "specs"


def test_it_leads_to_a_page_that_nobody_listed() -> None:
    listed = (DOCS / "index.md").read_text(encoding="utf-8")
    assert "method" in unlisted(listed.replace("(method.md)", "(record.md)"))
    assert "method" not in unlisted(listed)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_pages_exists(name: str) -> None:
    assert (DOCS / f"{name}.md").exists()


def test_it_bears_the_version_of_the_program() -> None:
    import dateline

    assert version() == dateline.__version__
