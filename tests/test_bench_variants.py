"""The variants of the benchmarks: what is written otherwise, and that the gold goes with it."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from bench.names import TaggedSentence, every_nth, figures
from bench.names import vary as vary_names
from bench.syntax import compare, find_treebank, gold_sentences, main, read_documents, read_sentences, segment, vary
from bench.variants import Variant, is_punctuation, is_quotation_mark
from dateline.language.tags import spans_of

TREEBANK = """# newdoc id = one
# newpar id = p1
# text = "The well-known men don't vote," he said.
1	"	"	PUNCT	``	_	7	punct	_	SpaceAfter=No
2	The	the	DET	DT	_	6	det	_	_
3	well	well	ADV	RB	_	5	advmod	_	SpaceAfter=No
4	-	-	PUNCT	HYPH	_	5	punct	_	SpaceAfter=No
5	known	known	ADJ	JJ	_	6	amod	_	_
6	men	man	NOUN	NNS	_	9	nsubj	_	_
7-8	don't	_	_	_	_	_	_	_	_
7	do	do	AUX	VBP	_	9	aux	_	_
8	n't	not	PART	RB	_	9	advmod	_	_
9	vote	vote	VERB	VB	_	13	ccomp	_	SpaceAfter=No
10	,	,	PUNCT	,	_	9	punct	_	SpaceAfter=No
11	"	"	PUNCT	''	_	9	punct	_	_
12	he	he	PRON	PRP	_	13	nsubj	_	_
13	said	say	VERB	VBD	_	0	root	_	SpaceAfter=No
14	.	.	PUNCT	.	_	13	punct	_	SpaceAfter=No

# text = ...
1	...	...	PUNCT	,	_	0	root	_	_

# newpar id = p2
# text = ***
1	***	***	PUNCT	NFP	_	0	root	_	_

# text = :Minsk, Lagos
1	:	:	PUNCT	:	_	0	root	_	SpaceAfter=No
2	Minsk	Minsk	PROPN	NNP	_	1	dep	_	SpaceAfter=No
3	,	,	PUNCT	,	_	4	punct	_	_
4	Lagos	Lagos	PROPN	NNP	_	1	dep	_	_

"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with gzip.open(tmp_path / "en_own-ud-test.conllu.gz", "wt", encoding="utf-8") as out:
        out.write(TREEBANK)
    return tmp_path


def text_of(folder: Path, variant: Variant) -> str:
    (document,) = read_documents(find_treebank(folder, "test"), variant)
    return document.text


def test_the_plain_variant_is_the_treebank(folder: Path) -> None:
    path = find_treebank(folder, "test")
    assert list(vary(read_sentences(path), Variant.PLAIN)) == list(read_sentences(path))


def test_it_writes_the_text_as_the_variant_has_it(folder: Path) -> None:
    assert text_of(folder, Variant.UPPER).startswith('"THE WELL-KNOWN MEN DON\'T VOTE," HE SAID....')
    assert text_of(folder, Variant.LOWER).endswith(":minsk, lagos")
    assert text_of(folder, Variant.NOPUNCT) == "The well known men don't vote he said\n\nMinsk Lagos"
    assert text_of(folder, Variant.NOQUOTES).startswith("The well-known men don't vote, he said.")


def test_children_of_a_dropped_word_hang_from_its_head(folder: Path) -> None:
    first, last = vary(read_sentences(find_treebank(folder, "test")), Variant.NOPUNCT)
    assert [r[0] for r in first.rows] == ["1", "2", "3", "4", "5-6", "5", "6", "7", "8", "9"]
    assert [r[6] for r in first.rows if r[0].isdigit()] == ["4", "3", "4", "7", "7", "7", "9", "9", "0"]
    assert [(r[1], r[6]) for r in last.rows] == [("Minsk", "0"), ("Lagos", "1")]
    assert last.opens_paragraph


@pytest.mark.parametrize("variant", Variant)
def test_every_variant_against_itself_is_all_right(folder: Path, variant: Variant) -> None:
    (document,) = read_documents(find_treebank(folder, "test"), variant)
    assert {t.f1 for t in compare(document.analysis, document.analysis).values()} == {1.0}
    assert "".join("".join(s.of(document.text).split()) for s in gold_sentences(document)) == "".join(document.text.split())
    assert compare(segment(document), document.analysis)["token_f1"].gold == len(document.analysis.tokens)


def test_all_variants_make_one_json_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(folder), "--split", "test", "--segmentation-only", "--variants", "--json"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["variant"] == "all"
    assert {"sentence_f1", "upper_sentence_f1", "lower_token_f1", "nopunct_word_f1", "noquotes_word_f1"} <= set(found)


def test_names_keep_the_words_that_are_left() -> None:
    given = TaggedSentence(
        "d", ("“", "Al", "-", "Noor", ",", "Lagos", "”"), ("B-Misc", "I-Misc", "I-Misc", "I-Misc", "O", "B-Location", "O")
    )
    bare = vary_names(given, Variant.NOPUNCT)
    assert bare == TaggedSentence("d", ("Al", "Noor", "Lagos"), ("B-Misc", "I-Misc", "B-Location"))
    upper = vary_names(given, Variant.UPPER)
    assert upper is not None
    assert upper.words[1] == "AL"
    assert upper.tags == given.tags
    assert vary_names(TaggedSentence("d", (",",), ("O",)), Variant.NOPUNCT) is None


def test_an_entity_that_loses_its_first_word_does_not_run_into_the_one_before() -> None:
    given = TaggedSentence("d", ("Ruiz", "“", "Omar", "”"), ("B-Person", "B-Person", "I-Person", "I-Person"))
    bare = vary_names(given, Variant.NOQUOTES)
    assert bare is not None
    assert set(spans_of(bare.tags)) == {(0, 1, "Person"), (1, 2, "Person")}


def test_each_fourth_document_is_read_whole() -> None:
    sentences = [TaggedSentence(d, ("a",), ("O",)) for d in "aabbccddeef"]
    assert "".join(s.document for s in every_nth(sentences, 4)) == "aaee"


def test_signs_that_stand_for_words_are_no_punctuation() -> None:
    assert [w for w in ("&", "%", ",", "--", "“", "'s", "$", "...", "") if is_punctuation(w)] == [",", "--", "“", "..."]
    assert [w for w in ("“", "''", "'", "``", "-", "") if is_quotation_mark(w)] == ["“", "''", "``"]


def test_the_plain_figures_keep_their_keys() -> None:
    assert set(figures({Variant.UPPER: Counter()})) == {"f1", "f1_per_loc_org"}
