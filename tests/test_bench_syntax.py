"""The syntax benchmark measures as the CoNLL 2018 script does, on a small treebank of our own."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.syntax import (
    Analysis,
    GoldDocument,
    Tally,
    Word,
    align_words,
    compare,
    find_treebank,
    main,
    parts_of,
    read_documents,
    segment,
)
from dateline.records import Span

TREEBANK = """# newdoc id = GUM_news_strike
# sent_id = 1
# newpar id = p1
# text = They don't vote.
1	They	they	PRON	PRP	_	4	nsubj	_	_
2-3	don't	_	_	_	_	_	_	_	_
2	do	do	AUX	VBP	_	4	aux	_	_
3	n't	not	PART	RB	_	4	advmod	_	_
4	vote	vote	VERB	VB	_	0	root	_	SpaceAfter=No
5	.	.	PUNCT	.	_	4	punct	_	SpaceAfter=No

# sent_id = 2
# text = Nobody came.
1	Nobody	nobody	PRON	NN	_	2	nsubj	_	_
2	came	come	VERB	VBD	_	0	root	_	SpaceAfter=No
3	.	.	PUNCT	.	_	2	punct	_	_

# sent_id = 3
# newpar id = p2
# text = Police left
1	Police	police	NOUN	NNS	_	2	nsubj:pass	_	_
2	left	leave	VERB	VBD	_	0	root	_	_
2.1	left	leave	VERB	VBD	_	_	_	_	_

"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with gzip.open(tmp_path / "en_own-ud-test.conllu.gz", "wt", encoding="utf-8") as out:
        out.write(TREEBANK)
    return tmp_path


@pytest.fixture
def document(folder: Path) -> GoldDocument:
    (only,) = read_documents(find_treebank(folder, "test"))
    return only


def test_it_builds_the_raw_text_from_texts_and_paragraphs(document: GoldDocument) -> None:
    assert document.text == "They don't vote.Nobody came.\n\nPolice left"
    assert [b.of(document.text) for b in document.blocks] == ["They don't vote.Nobody came.", "Police left"]
    assert len(document.analysis.tokens) == 9
    assert [w.form for w in document.analysis.words if w.is_part] == ["do", "n't"]


def test_the_treebank_against_itself_is_all_right(document: GoldDocument) -> None:
    assert {t.f1 for t in compare(document.analysis, document.analysis).values()} == {1.0}


def test_our_segmentation_of_it_is_right(document: GoldDocument) -> None:
    tallies = compare(segment(document), document.analysis)
    assert [tallies[m].f1 for m in ("sentence_f1", "token_f1", "word_f1")] == [1.0, 1.0, 1.0]


def test_a_missed_sentence_end_costs_two_sentences_and_no_word(document: GoldDocument) -> None:
    gold = document.analysis
    first, second, third = gold.sentences
    joined = replace(gold, sentences=(first.join(second), third))
    tallies = compare(joined, gold)
    assert tallies["sentence_f1"] == Tally(1, 2, 3)
    assert tallies["las"].f1 == 1.0


def test_an_uncut_multiword_token_loses_its_words_and_no_token(document: GoldDocument) -> None:
    gold = document.analysis
    whole = Word(gold.words[1].span, "don't", False, "AUX", "do", 2, "aux")
    later = tuple(replace(w, head=w.head - 1) if w.head > 1 else w for w in gold.words[3:])
    tallies = compare(replace(gold, words=(replace(gold.words[0], head=2), whole, *later)), gold)
    assert tallies["token_f1"].f1 == 1.0
    assert tallies["word_f1"] == Tally(8, 9, 10)


def test_relations_are_compared_without_their_subtype(document: GoldDocument) -> None:
    gold = document.analysis
    plain = replace(gold, words=tuple(replace(w, relation=w.relation.partition(":")[0]) for w in gold.words))
    assert compare(plain, gold)["las"].f1 == 1.0


def test_a_wrong_head_costs_uas_and_las_and_a_wrong_relation_only_las(document: GoldDocument) -> None:
    gold = document.analysis
    wrong_head = replace(gold, words=(replace(gold.words[0], head=1), *gold.words[1:]))
    wrong_relation = replace(gold, words=(replace(gold.words[0], relation="obj"), *gold.words[1:]))
    assert (compare(wrong_head, gold)["uas"].right, compare(wrong_head, gold)["las"].right) == (9, 9)
    assert (compare(wrong_relation, gold)["uas"].right, compare(wrong_relation, gold)["las"].right) == (10, 9)


def test_words_of_other_characters_are_not_aligned() -> None:
    ours = [Word(Span(0, 3), "cat", False), Word(Span(3, 8), "smeow", False)]
    gold = [Word(Span(0, 4), "cats", False), Word(Span(4, 8), "meow", False)]
    assert align_words(ours, gold) == []


def test_nothing_read_is_nothing_right(document: GoldDocument) -> None:
    assert compare(Analysis((), (), ()), document.analysis)["las"] == Tally(0, 0, 10)


def test_gum_documents_count_by_genre() -> None:
    assert parts_of("GUM_news_strike") == ("open_", "news_")
    assert parts_of("GUM_fiction_moon") == ()
    assert parts_of("weblog-x") == ()


def test_the_command_ends_with_one_json_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(folder), "--split", "test", "--segmentation-only", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["name"] == "syntax"
    assert (figures["split"], figures["n"], figures["sentence_f1"], figures["token_f1"]) == ("test", 3, 1.0, 1.0)
    assert {"seconds_cpu", "version"} <= set(figures)


def test_a_folder_without_the_split_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="dev"):
        find_treebank(tmp_path, "dev")
