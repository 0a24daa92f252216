"""The roles benchmark counts as its docstring says, on sentences of our own."""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench import roles
from bench.roles import (
    Argument,
    Frame,
    QanomRow,
    count_pairs,
    guess_lowest,
    is_asked,
    lowest_senses,
    main,
    overlap_enough,
    propbank_row,
    qanom_row,
    read_frames,
    read_heads,
    same_words,
    span_head,
    tally_answers,
    tally_arguments,
    tally_events,
    tally_predicates,
    tally_rolesets,
)
from bench.syntax import Tally
from dateline.language.reading import Unread
from dateline.records import Predicate, Role, Sentence

# Dockers are striking over the arrest of Ada .
WORDS = ["Dockers", "are", "striking", "over", "the", "arrest", "of", "Ada", "."]
UPOS = ["NOUN", "AUX", "VERB", "ADP", "DET", "NOUN", "ADP", "PROPN", "PUNCT"]
HEADS = [2, 2, -1, 5, 5, 2, 7, 5, 2]
PROPBANK: dict[str, Any] = {
    "id": "own-1",
    "tokens": WORDS,
    "upos": UPOS,
    "preds": [
        {"i": 1, "roleset": "be.03", "upos": "AUX", "args": [[0, 0, "ARG1"]]},
        {"i": 2, "roleset": "strike.02", "upos": "VERB", "args": [[0, 0, "ARG0"], [3, 7, "ARGM-CAU"], [8, 8, "C-V"]]},
        {"i": 5, "roleset": "arrest.01", "upos": "NOUN", "args": [[6, 7, "ARG1"]]},
    ],
}
QANOM: dict[str, Any] = {
    "sentenceTokens": WORDS,
    "nonPredicates": {"0": "Dockers"},
    "verbEntries": {
        "5": {
            "verbIndex": 5,
            "questionLabels": {
                "Who was arrested?": {"answerJudgments": [{"isValid": True, "spans": [[7, 8]]}]},
                "Why was someone arrested?": {"answerJudgments": [{"isValid": False, "spans": [[0, 3]]}]},
            },
        }
    },
}
STRIKE = Frame(2, "strike.02", (Argument("ARG0", 0, 0, 0), Argument("ARGM-CAU", 3, 7, 5)))
ARREST = Frame(5, "arrest.01", (Argument("ARG1", 6, 7, 7),))


def test_it_reads_the_predicates_without_auxiliaries_and_their_far_parts() -> None:
    row = propbank_row(PROPBANK, HEADS)
    assert row.frames == (STRIKE, ARREST)
    assert row.auxiliaries == {1}


def test_the_annotation_against_itself_is_all_right() -> None:
    row = propbank_row(PROPBANK, HEADS)
    for tallies in (tally_arguments(row.frames, row), tally_predicates(row.frames, row), tally_rolesets(row.frames, row)):
        assert {t.f1 for t in tallies.values() if t.gold} == {1.0}


def test_a_span_one_word_short_keeps_its_head_and_a_wrong_label_its_words() -> None:
    row = propbank_row(PROPBANK, HEADS)
    short = Frame(2, "strike.02", (Argument("ARG1", 0, 0, 0), Argument("ARGM-CAU", 4, 7, 5)))
    tallies = tally_arguments([short, ARREST], row)
    assert tallies[""] == Tally(1, 3, 3)
    assert tallies["unlabelled"] == Tally(2, 3, 3)
    assert tallies["heads"] == Tally(2, 3, 3)
    assert (tallies["verbs"], tallies["nouns"]) == (Tally(0, 2, 2), Tally(1, 1, 1))
    assert (tallies["ARG0"], tallies["ARG1"]) == (Tally(0, 0, 1), Tally(1, 2, 1))


def test_without_a_treebank_heads_are_not_compared() -> None:
    row = propbank_row(PROPBANK, None)
    assert "heads" not in tally_arguments(row.frames, row)


def test_an_auxiliary_read_as_a_predicate_is_neither_right_nor_wrong_and_a_plain_word_is_wrong() -> None:
    row = propbank_row(PROPBANK, HEADS)
    auxiliary, preposition = Frame(1, None, (Argument("ARG1", 0, 0, 0),)), Frame(3, None, (Argument("ARG1", 7, 7, 7),))
    assert tally_predicates([auxiliary, STRIKE], row)[""] == Tally(1, 1, 2)
    assert tally_predicates([preposition, STRIKE], row)[""] == Tally(1, 2, 2)
    assert tally_arguments([auxiliary, STRIKE], row)[""] == Tally(2, 2, 3)
    assert tally_arguments([preposition, STRIKE], row)[""] == Tally(2, 3, 3)


def test_senses_are_judged_for_every_given_predicate() -> None:
    row = propbank_row(PROPBANK, HEADS)
    tallies = tally_rolesets([Frame(2, "strike.01", ()), ARREST], row)
    assert (tallies[""], tallies["verbs"], tallies["nouns"]) == (Tally(1, 2, 2), Tally(0, 1, 1), Tally(1, 1, 1))
    assert tally_rolesets([ARREST], row)[""] == Tally(1, 2, 2)


def test_the_guesser_takes_the_lowest_number_there_is() -> None:
    lowest = lowest_senses(["strike.10", "strike.02", "have.LV", "have.03", "light.LV", "take_off.07"])
    assert lowest == {"strike": "strike.02", "have": "have.03", "light": "light.LV", "take_off": "take_off.07"}
    row = propbank_row(PROPBANK, None)
    assert tally_rolesets(guess_lowest(row, {"strike": "strike.02"}), row)[""] == Tally(1, 2, 2)


def test_the_head_of_a_span_has_most_of_it_below() -> None:
    assert span_head(3, 7, HEADS) == 5
    assert span_head(6, 8, HEADS) == 7  # the full stop hangs outside too, with nothing below it
    assert span_head(0, 8, HEADS) == 2


def test_it_reads_heads_by_sentence(tmp_path: Path) -> None:
    rows = ["1-2\tcan't" + "\t_" * 8, "1\tca\t_\t_\t_\t_\t0" + "\t_" * 3, "2\tn't\t_\t_\t_\t_\t1" + "\t_" * 3]
    with gzip.open(tmp_path / "en_own-ud-dev.conllu.gz", "wt", encoding="utf-8") as out:
        out.write("\n".join(["# sent_id = own-1", *rows, "", ""]))
    assert read_heads(tmp_path, "dev") == {"own-1": [-1, 0]}
    assert read_heads(tmp_path / "none", "dev") == {}


def test_it_hands_over_the_words_as_they_are_and_keeps_the_predicates_it_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_words(
        text: str, unread: Sequence[Unread], models: object, *, predicates: Sequence[Collection[int]] | None
    ) -> tuple[Sentence, ...]:
        assert [[w.of(text) for w in u.words] for u in unread] == [["Ada", "left", "."], ["Rain"]]
        found = (Predicate(1, "leave.01", (Role("ARG0", 0, 0, 0),)), Predicate(2, None, ()))
        return tuple(Sentence(i, 0, u.span, (), (), predicates=found) for i, u in enumerate(unread))

    monkeypatch.setattr(roles, "read_words", read_words)
    models: Any = None
    sentences = [["Ada", "left", "."], ["Rain"]]
    left = Frame(1, "leave.01", (Argument("ARG0", 0, 0, 0),))
    assert read_frames(sentences, models, [[1], []]) == [(left,), ()]
    assert read_frames(sentences, models)[1] == (left, Frame(2, None, ()))


# ---------------------------------------------------------------- event nouns


def test_it_reads_valid_answers_with_their_last_word_inside() -> None:
    assert qanom_row(QANOM) == QanomRow(tuple(WORDS), frozenset({0, 5}), (Frame(5, None, (Argument("", 7, 7),)),))


def test_only_nouns_that_were_judged_count_as_events() -> None:
    row = qanom_row(QANOM)
    assert tally_events([STRIKE, ARREST], row) == Tally(1, 1, 1)  # the verb was not judged
    assert tally_events([Frame(0, None, ())], row) == Tally(0, 1, 1)


def test_an_answer_and_an_argument_match_when_they_share_enough() -> None:
    row = qanom_row(QANOM)
    assert tally_answers([ARREST], row, overlap_enough) == Tally(1, 1, 1)
    assert tally_answers([ARREST], row, same_words) == Tally(0, 1, 1)
    long = Frame(5, None, (Argument("ARG1", 4, 7),))
    assert tally_answers([long], row, overlap_enough) == Tally(0, 1, 1)  # one word of four
    assert not overlap_enough(Argument("", 0, 1), Argument("", 2, 3))


def test_what_no_question_asks_for_is_left_out() -> None:
    row = qanom_row(QANOM)
    with_negation = Frame(5, None, (*ARREST.arguments, Argument("ARGM-NEG", 4, 4), Argument("R-ARG0", 3, 3)))
    assert tally_answers([with_negation], row, overlap_enough) == Tally(1, 1, 1)
    assert is_asked("C-ARG1")


def test_pairs_are_one_to_one_and_as_many_as_there_can_be() -> None:
    both, left, right = Argument("", 0, 1), Argument("", 0, 0), Argument("", 1, 1)
    assert count_pairs([both, left], [left, right], overlap_enough) == 2  # taking left first for both would leave one over
    assert count_pairs([both], [left, right], overlap_enough) == 1
    assert count_pairs([], [left], overlap_enough) == 0


# ---------------------------------------------------------------- the command


def run_main(
    folder: Path, row: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    """The command on one row, with a reader that gives the strike and the arrest, or of them the predicates it is given."""

    def read_frames(
        sentences: Iterable[Sequence[str]], models: object, predicates: Iterable[Collection[int]] | None = None
    ) -> list[tuple[Frame, ...]]:
        asked = predicates or [[2, 5] for _ in sentences]
        return [tuple(f for f in (STRIKE, ARREST) if f.token in tokens) for tokens in asked]

    monkeypatch.setattr(roles, "read_frames", read_frames)
    monkeypatch.setattr(roles, "load_models", lambda folder: SimpleNamespace(version="own"))
    with gzip.open(folder / "test.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(json.dumps(row) + "\n")
    assert main(["--data", str(folder), "--split", "test", "--json"]) == 0
    figures: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return figures


def test_the_command_tells_the_sets_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = run_main(tmp_path, PROPBANK, monkeypatch, capsys)
    assert (figures["name"], figures["split"], figures["n"], figures["version"]) == ("roles", "test", 1, "own")
    keys = ("f1", "f1_verbs", "f1_nouns", "f1_predicted", "predicate_f1", "roleset")
    assert [figures[key] for key in keys] == [1.0] * 6
    figures = run_main(tmp_path, QANOM, monkeypatch, capsys)
    assert (figures["f1"], figures["f1_nouns"], figures["f1_exact"]) == (1.0, 1.0, 0.0)
