"""Costs of the reader, syntax by genre, names by region: the arithmetic behind the tables, on small made-up cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.genres import genre_of, tally_genres
from bench.heads import (
    LENGTH,
    Recorder,
    best_of,
    cut_sentences,
    own_sentences,
    peak_megabytes,
    put_out_of_memory,
    shares,
    with_weights,
)
from bench.regions import tally_regions
from bench.syntax import Analysis, GoldDocument, Tally
from dateline.language.models import SHIPPED, load_models
from dateline.records import Span

# ---------------------------------------------------------------- costs


def test_our_own_sentences_are_of_the_length_that_is_measured() -> None:
    assert {len(words) for words in own_sentences(7)} == {LENGTH}
    assert len(own_sentences(7)) == 7


def test_sentences_are_cut_and_short_ones_left_out() -> None:
    rows = [{"tokens": ["no"] * n} for n in (LENGTH - 1, LENGTH, LENGTH + 9, LENGTH)]
    assert [len(words) for words in cut_sentences(rows, 2)] == [LENGTH, LENGTH]


def test_a_node_counts_with_its_module_and_one_without_with_the_encoder() -> None:
    nodes = {
        "/encoder/layers.0/MatMul": 4.0,
        "Gelu_token_1": 2.0,
        "/Gather_5/Cast": 1.0,
        "/parser/arcs/MatMul": 2.0,
        "/upos/MatMul": 1.0,
    }
    assert shares(nodes) == pytest.approx({"encoder": 0.7, "head_parser": 0.2, "head_upos": 0.1})


def test_it_keeps_what_the_session_is_handed_and_hands_it_on() -> None:
    class Session:
        def run(self, outputs: list[str], feed: dict[str, int]) -> list[int]:
            return [feed[name] for name in outputs]

    recorder = Recorder(Session())
    assert recorder.run(["b"], {"a": 1, "b": 2}) == [2]
    assert recorder.feeds == [{"a": 1, "b": 2}]


def test_the_best_round_counts() -> None:
    ticks = iter([0.0, 5.0, 10.0, 12.0, 20.0, 29.0])
    assert best_of(3, lambda: None, lambda: next(ticks)) == 2.0


def test_files_put_out_of_memory_are_still_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("kept", "utf-8")
    put_out_of_memory(tmp_path)
    assert (tmp_path / "a").read_text("utf-8") == "kept"
    assert peak_megabytes() > 1


def test_weights_with_the_same_outputs_can_stand_in() -> None:
    models = load_models()
    other = with_weights(models, SHIPPED / "reader.onnx")
    assert other.labels == models.labels
    assert other.session is not models.session


# ---------------------------------------------------------------- genres and regions


@pytest.mark.parametrize(
    ("name", "genre"),
    [("GUM_news_strike", "news"), ("weblog-example.com_x_1", "weblog"), ("email-own1", "email"), ("X", "other"), ("", "other")],
)
def test_a_documents_name_opens_with_its_genre(name: str, genre: str) -> None:
    assert genre_of(name) == genre


def test_genres_add_up_to_the_whole() -> None:
    gold = Analysis((Span(0, 3), Span(3, 6)), (), ())
    documents = [GoldDocument(name, "", (), gold) for name in ("GUM_news_a", "GUM_news_b", "GUM_speech_c")]
    missed = Analysis((Span(0, 3),), (), ())
    totals, counts = tally_genres(zip(documents, [gold, missed, missed], strict=True))
    assert counts == {"": 3, "news": 2, "speech": 1}
    assert [totals[g]["sentence_f1"] for g in ("", "news", "speech")] == [Tally(4, 4, 6), Tally(3, 3, 4), Tally(1, 1, 2)]


def test_names_are_counted_by_region_and_class() -> None:
    gold = {(0, 2, "Person"), (4, 5, "Date")}
    totals = tally_regions([("africa", {(0, 2, "Organization"), (4, 5, "Date")}, gold), ("asia", gold, gold)])
    assert [totals[r]["f1"] for r in ("", "africa", "asia")] == [Tally(3, 4, 4), Tally(1, 2, 2), Tally(2, 2, 2)]
    assert totals["africa"]["f1_per_loc_org"] == Tally(0, 1, 1)
    assert totals["africa"]["f1_spans"] == Tally(2, 2, 2)
