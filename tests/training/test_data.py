"""It reads the training sets and makes their variants."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from dateline.knowledge.load import load_knowledge
from dateline.records import FactualityKind
from training.attributions import read_attributions
from training.data import (
    OPEN_TAGS,
    Example,
    Frame,
    Tree,
    coarse_classes,
    read_ewt,
    read_nouns,
    read_open_names,
    without_punctuation,
)
from training.factuality import cues_of
from training.silver import as_text

# word, lemma, upos, xpos, head, relation
PLAN = [
    ("Miners", "miner", "NOUN", "NNS", 2, "nsubj"), ("plan", "plan", "VERB", "VBP", 0, "root"),
    ("to", "to", "PART", "TO", 4, "mark"),
    ("strike", "strike", "VERB", "VB", 2, "xcomp"), (",", ",", "PUNCT", ",", 6, "punct"),
    ("not", "not", "PART", "RB", 7, "advmod"), ("march", "march", "VERB", "VB", 4, "conj"), (".", ".", "PUNCT", ".", 2, "punct"),
]  # fmt: skip


def tree_of(rows: list[tuple[str, str, str, str, int, str]]) -> Tree:
    column = list(zip(*rows, strict=True))
    return Tree(column[2], column[3], column[1], ("",) * len(rows), column[4], column[5])


def example(frames: tuple[Frame, ...] | None = None) -> Example:
    return Example(tuple(r[0] for r in PLAN), tree_of(PLAN), frames=frames)


def write_lines(path: Path, rows: list[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


def test_a_treebank_sentence_carries_its_frames_without_auxiliaries(tmp_path: Path) -> None:
    conllu = "# sent_id = a-1\n" + "\n".join(
        f"{i}\t{w}\t{lemma}\t{upos}\t{xpos}\t_\t{head}\t{rel}\t_\t_" for i, (w, lemma, upos, xpos, head, rel) in enumerate(PLAN, 1)
    )
    (tmp_path / "ud-ewt").mkdir()
    with gzip.open(tmp_path / "ud-ewt/en_ewt-ud-dev.conllu.gz", "wt", encoding="utf-8") as lines:
        lines.write(conllu + "\n\n")
    predicates = [
        {"i": 1, "roleset": "plan.01", "upos": "VERB", "args": [[0, 0, "ARG0"], [2, 6, "ARG1"]]},
        {"i": 5, "roleset": "be.03", "upos": "AUX", "args": []},
    ]
    write_lines(tmp_path / "propbank-ewt/dev.jsonl.gz", [{"id": "a-1", "tokens": [r[0] for r in PLAN], "preds": predicates}])
    tags = ["B-ORG", *["O"] * (len(PLAN) - 1)]
    write_lines(tmp_path / "uner-ewt/dev.jsonl.gz", [{"id": "a-1", "tokens": [r[0] for r in PLAN], "tags": tags}])
    (found,) = read_ewt(tmp_path, "dev")
    assert found.coarse_entities == tuple(tags)
    assert found.frames == (Frame(1, "plan.01", ((0, 0, "ARG0"), (2, 6, "ARG1"))),)
    assert found.tree is not None
    assert found.tree.heads == (2, 0, 4, 2, 6, 7, 4, 2)


def test_without_punctuation_what_hung_from_a_mark_hangs_from_its_head() -> None:
    comma_heads = [*PLAN[:4], (",", ",", "PUNCT", ",", 7, "punct"), ("not", "not", "PART", "RB", 5, "advmod"), *PLAN[6:]]
    found = without_punctuation(Example(tuple(r[0] for r in PLAN), tree_of(comma_heads)))
    assert found is not None
    assert found.words == ("Miners", "plan", "to", "strike", "not", "march")
    assert found.tree is not None
    assert found.tree.heads == (2, 0, 4, 2, 6, 4)


def test_without_punctuation_keeps_the_marks_inside_a_name() -> None:
    found = without_punctuation(Example(("Yahoo", "!", "said", "."), entities=("B-Organization", "I-Organization", "O", "O")))
    assert found is not None
    assert found.words == ("Yahoo", "!", "said")


def test_nothing_but_punctuation_is_no_sentence() -> None:
    assert without_punctuation(Example(("...",), entities=("O",))) is None


def test_cues_come_from_the_tree_and_from_propbank() -> None:
    frames = (Frame(1, "plan.01", ()), Frame(3, "strike.02", ()), Frame(6, "march.01", ((5, 5, "ARGM-NEG"),)))
    found = cues_of(example(frames), load_knowledge().cues)
    assert (3, 1, FactualityKind.PLAN) in found
    assert (6, 5, FactualityKind.NEGATION) in found
    assert not any(predicate == 1 for predicate, _, _ in found)


def test_an_attribution_over_two_sentences_is_in_both(tmp_path: Path) -> None:
    text = "“We will stay. We will not move,” said Bo. It rained."
    first, end = text.index("We"), text.index(",”")
    attribution = {
        "source": [[text.index("Bo"), text.index("Bo") + 2]],
        "cue": [[text.index("said"), text.index("said") + 4]],
        "content": [[first, end]],
    }
    write_lines(tmp_path / "quotes_polnear/dev.jsonl.gz", [{"text": text, "annotations": [{"attributions": [attribution]}]}])
    found = list(read_attributions(tmp_path, "dev"))
    assert [bool(e.told) for e in found] == [True, True, False]
    assert found[0].told is not None
    assert found[0].told[0].sources == ()
    assert found[1].told is not None
    (told,) = found[1].told
    assert [found[1].words[i] for i, _ in told.cues] == ["said"]
    assert [found[1].words[i] for i, _ in told.sources] == ["Bo"]


def test_event_nouns_are_judged_and_the_rest_left_open(tmp_path: Path) -> None:
    row = {"sentenceTokens": ["The", "killing", "of", "the", "building"], "verbEntries": {"1": {}}, "nonPredicates": {"4": "build"}}
    write_lines(tmp_path / "qanom/dev.jsonl.gz", [row])
    (found,) = read_nouns(tmp_path, "dev")
    assert found.candidates == ((1, True), (4, False))


def test_open_sets_speak_in_our_classes(tmp_path: Path) -> None:
    write_lines(tmp_path / "uner-ewt/dev.jsonl.gz", [{"tokens": ["Ada", "left", "Oslo"], "tags": ["B-PER", "O", "B-LOC"]}])
    write_lines(tmp_path / "re3d/dev.jsonl.gz", [{"tokens": ["A", "tank"], "tags": ["O", "B-MilitaryPlatform"]}])
    assert [e.entities for e in read_open_names(tmp_path, "dev")] == [("B-Person", "O", "B-Location"), ("O", "O")]


def test_a_set_with_three_classes_leaves_the_rest_open() -> None:
    ours = ("O", "B-Person", "I-Location", "B-Facility", "B-Date")
    person, inside_place, facility, date = (dict(zip(OPEN_TAGS, row, strict=True)) for row in coarse_classes(ours)[1:])
    assert [t for t, may in person.items() if may] == ["B-PER"]
    assert [t for t, may in inside_place.items() if may] == ["I-LOC"]
    assert [t for t, may in facility.items() if may] == ["O", "B-LOC"]
    assert [t for t, may in date.items() if may] == ["O"]


def test_words_become_text_again() -> None:
    assert as_text(['"', "No", ",", '"', "he", "did", "n't", "say", "(", "twice", ")", "."]) == '"No," he didn\'t say (twice).'
