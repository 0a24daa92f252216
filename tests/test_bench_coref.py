"""The measures of clusterings on cases worked by hand, and the layout of the coreference benchmarks."""

from __future__ import annotations

import gzip
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.clusters import add_up, best_sum, compare, conll_f1
from bench.coref_data import MarkedDocument, lay_out, read_marked


def clusters(*words: str) -> list[frozenset[object]]:
    return [frozenset(word) for word in words]


def test_it_agrees_with_the_worked_example_of_the_reference_scorer() -> None:
    # Pradhan et al. 2014, section 4: two gold clusters, three answered ones, two answered mentions that are not gold.
    tallies = compare(clusters("abc", "defg"), clusters("ab", "cd", "fghi"))
    assert tallies["muc"].f1 == pytest.approx(0.4)
    assert tallies["b3"].recall == pytest.approx(5 / 12)
    assert tallies["b3"].precision == pytest.approx(0.5)
    assert tallies["ceafe"].recall == pytest.approx(0.65)
    assert tallies["ceafe"].precision == pytest.approx(1.3 / 3)
    assert tallies["mention"].recall == pytest.approx(6 / 7)
    assert tallies["mention"].precision == pytest.approx(6 / 8)


def test_the_same_clusters_score_one() -> None:
    both = clusters("ab", "cde")
    assert conll_f1(compare(both, both)) == pytest.approx(1.0)


def test_nothing_answered_scores_nothing() -> None:
    assert conll_f1(compare(clusters("ab"), [])) == 0.0
    assert conll_f1(compare([], clusters("ab"))) == 0.0


def test_one_cluster_for_all_keeps_every_link_and_loses_precision() -> None:
    tallies = compare(clusters("ab", "cd"), clusters("abcd"))
    assert tallies["muc"].recall == 1.0
    assert tallies["muc"].precision == pytest.approx(2 / 3)
    assert tallies["b3"].precision == pytest.approx(0.5)
    assert tallies["ceafe"].f1 == pytest.approx(2 * (2 / 3) / 3)


def test_documents_are_added_up_before_dividing() -> None:
    total = add_up([compare(clusters("ab"), clusters("ab")), compare(clusters("cdef"), [])])
    assert total["muc"].recall == pytest.approx(1 / 4)
    assert total["muc"].precision == 1.0


RECTANGLES = st.tuples(st.integers(1, 4), st.integers(1, 5)).flatmap(
    lambda size: st.lists(st.lists(st.floats(0, 1), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


@given(RECTANGLES)
def test_the_best_sum_is_that_of_trying_all(worth: list[list[float]]) -> None:
    wide = worth if len(worth) <= len(worth[0]) else [list(c) for c in zip(*worth, strict=True)]
    tried = max(sum(row[j] for row, j in zip(wide, order, strict=False)) for order in permutations(range(len(wide[0])), len(wide)))
    assert best_sum(worth) == pytest.approx(tried)


def test_brackets_nest_and_stand_side_by_side(tmp_path: Path) -> None:
    rows = ["0\tHer\t(person-2(person-1)", "1\tunion\tperson-2)", "2\tsued\t_", "3\tit\t(person-2)", "4\t\t_"]
    path = tmp_path / "dev.conll.gz"
    path.write_bytes(gzip.compress(("# begin document A_news_b\n" + "\n".join(rows) + "\n").encode()))
    (document,) = read_marked(path)
    assert document.genre == "news"
    assert document.forms == ("Her", "union", "sued", "it", "|")
    assert set(document.clusters) == {frozenset({(0, 0)}), frozenset({(0, 1), (3, 3)})}


def test_a_bracket_never_closed_is_named(tmp_path: Path) -> None:
    path = tmp_path / "dev.conll.gz"
    path.write_bytes(gzip.compress(b"# begin document A\n0\tHer\t(7\n"))
    with pytest.raises(ValueError, match="'7'"):
        list(read_marked(path))


def test_words_without_a_treebank_are_set_as_text_and_split() -> None:
    document = MarkedDocument("A", ("Drivers", "struck", ".", "Nobody", "could", "n't", "leave", "."), (), ())
    laid_out = lay_out(document, ())
    assert laid_out.text == "Drivers struck. Nobody couldn't leave."
    assert [len(u.words) for u in laid_out.unread] == [3, 5]
