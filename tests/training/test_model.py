"""It turns sentences into numbers, learns from them, and reads them again. Needs the training extra."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the training extra")

from dateline.knowledge.load import load_knowledge  # noqa: E402
from dateline.language.encoding import encode_sentences, load_tokenizer  # noqa: E402
from dateline.language.models import SHIPPED  # noqa: E402
from tests.training.test_data import example  # noqa: E402
from training.compass import evaluate  # noqa: E402
from training.data import OPEN_TAGS, Example, Frame, Told  # noqa: E402
from training.losses import coarse_chances, losses_of, total  # noqa: E402
from training.model import OUTPUTS, Exported, Labels, Reader  # noqa: E402
from training.targets import (  # noqa: E402
    IGNORED,
    Indexed,
    Indexer,
    as_tensors,
    collect_labels,
    head_within,
    make_batches,
    quote_tags,
    rolesets_by_lemma,
)
from training.train import Mean, parse_mix, with_swapped  # noqa: E402

FRAMES = (Frame(1, "plan.01", ((0, 0, "ARG0"), (2, 6, "ARG1"))), Frame(3, "strike.02", ((0, 0, "ARG0"),)))
NAMES = Example(
    ("Ada", "left", "New", "Oslo"), entities=("B-Person", "O", "B-Location", "I-Location"), types=frozenset({"RETREAT"})
)
COARSE = Example(("Ada", "left", "Oslo"), coarse_entities=("B-PER", "O", "B-LOC"))
QUOTE = Example(("Bo", "said", "no"), told=(Told(((0, 0),), ((1, 1),), ((2, 2),)),))


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return [example(FRAMES), NAMES, QUOTE, COARSE]


@pytest.fixture(scope="module")
def labels(examples: list[Example]) -> Labels:
    return collect_labels(examples, ("PROTEST", "RETREAT"), rarest_script=1, rarest_role=1)


@pytest.fixture(scope="module")
def indexed(examples: list[Example], labels: Labels) -> list[Indexed]:
    tokenizer = load_tokenizer(SHIPPED / "tokenizer.json")
    return Indexer(labels, rolesets_by_lemma(examples), load_knowledge().cues, tokenizer).index(examples)


def test_an_argument_is_taught_at_its_head_word(indexed: list[Indexed], labels: Labels) -> None:
    rows = {row.anchor: {word: labels.roles[label] for word, label in row.labels} for row in indexed[0].pairs["roles"]}
    assert rows == {1: {0: "ARG0", 3: "ARG1"}, 3: {0: "ARG0"}}


def test_a_stretch_of_two_heads_is_taught_at_the_first() -> None:
    assert head_within(2, 4, (2, 0, 2, 5, 2)) == 2


def test_smaller_parts_of_an_attribution_win_over_larger() -> None:
    assert quote_tags([Told(((1, 1),), ((2, 2),), ((0, 4),))], 5) == ["B-content", "B-source", "B-cue", "I-content", "I-content"]


def test_what_a_set_does_not_annotate_is_not_taught(indexed: list[Indexed], labels: Labels) -> None:
    torch.manual_seed(1)
    found = losses_of(Reader(labels), as_tensors([indexed[1]], None, "cpu"))
    assert set(found) == {"entities", "types"}


def test_every_layer_is_taught_by_some_set(indexed: list[Indexed], labels: Labels) -> None:
    torch.manual_seed(1)
    model = Reader(labels)
    taught: set[str] = set()
    for one in indexed:
        losses = losses_of(model, as_tensors([one], None, "cpu"))
        assert bool(torch.isfinite(total(losses)))
        taught |= set(losses)
    # A roleset is chosen only where a lemma has several; here none has.
    assert taught == {
        "entities", "upos", "xpos", "scripts", "features", "arcs", "relations", "predicates", "quotes", "roles",
        "links", "cues", "types", "coarse_entities",
    }  # fmt: skip


def test_padding_changes_no_answer(indexed: list[Indexed], labels: Labels) -> None:
    torch.manual_seed(1)
    model = Reader(labels).eval()
    with torch.no_grad():
        alone = losses_of(model, as_tensors([indexed[0]], None, "cpu"))
        batch = as_tensors([indexed[0], indexed[1]], None, "cpu")
        assert int((batch.tags["upos"] == IGNORED).sum()) == 8
        beside = losses_of(model, batch)
    for name in ("arcs", "roles", "upos"):
        assert beside[name].item() == pytest.approx(alone[name].item(), rel=1e-4)


def test_it_learns(indexed: list[Indexed], labels: Labels) -> None:
    torch.manual_seed(1)
    model = Reader(labels)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
    batch = as_tensors([indexed[0]], None, "cpu")
    costs = []
    for _ in range(25):
        loss = total(losses_of(model, batch))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        costs.append(loss.item())
    assert costs[-1] < costs[0] / 2
    assert evaluate(model, [indexed[0]], labels, "cpu")["upos"] == 100.0


def test_the_exported_model_answers_for_asked_words(labels: Labels) -> None:
    torch.manual_seed(1)
    (sentence,) = encode_sentences([["Miners", "plan", "to", "strike"]], load_tokenizer(SHIPPED / "tokenizer.json"))
    model = Exported(Reader(labels).eval(), labels.quotes.index("B-cue"))
    arrays = [torch.tensor(a) for a in (sentence.ids, sentence.shapes, sentence.word_starts, [0, 0, 0, 1])]
    found = model(*arrays)
    named = dict(zip(OUTPUTS, found, strict=True))
    anchors, roles = named["anchors"], named["roles"]
    assert 3 in anchors.tolist()
    assert roles.shape == (len(anchors), 4, len(labels.roles))


def test_a_set_with_three_classes_is_content_with_any_class_that_agrees(indexed: list[Indexed], labels: Labels) -> None:
    torch.manual_seed(1)
    model = Reader(labels).eval()
    batch = as_tensors([indexed[3]], None, "cpu")
    _, words = model.encode(*batch.inputs)
    chances = coarse_chances(model, words).exp()
    fine = model.entities(words).softmax(-1)
    assert chances[0, 1, OPEN_TAGS.index("O")].item() == pytest.approx(fine[0, 1, labels.entities.index("O")].item(), rel=1e-4)
    assert losses_of(model, batch)["coarse_entities"].item() > 0.0


@pytest.mark.filterwarnings("ignore")  # the exporter warns of its own age and of what it traces
def test_weights_come_back_from_the_exported_file(labels: Labels, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="needs the training extra")
    from onnxruntime.quantization import QuantType, quantize_dynamic

    from training.export import write_onnx
    from training.restore import load_weights, read_weights

    torch.manual_seed(1)
    model = Reader(labels).eval()
    with torch.no_grad():
        for weight in model.parameters():  # what is alike in a fresh model is written once
            weight.add_(torch.randn_like(weight), alpha=0.01)
    write_onnx(model, labels, SHIPPED / "tokenizer.json", tmp_path / "float.onnx")
    quantize_dynamic(tmp_path / "float.onnx", tmp_path / "int8.onnx", per_channel=True, weight_type=QuantType.QInt8)
    assert onnx.load(str(tmp_path / "int8.onnx")).graph.initializer
    torch.manual_seed(2)
    restored = Reader(labels)
    assert load_weights(restored, read_weights(tmp_path / "int8.onnx")) == ["rolesets.weight"]
    for (name, weight), other in zip(model.state_dict().items(), restored.state_dict().values(), strict=True):
        if name != "rolesets.weight":
            assert torch.allclose(weight, other, atol=float(weight.abs().max()) / 100 + 1e-6), name


def test_names_are_exchanged_for_names_of_their_class() -> None:
    others = [Example((w,), entities=("B-Person",)) for w in ("Ida", "Eva")]
    found = with_swapped([NAMES, *others], random.Random(1))
    swapped = [e for e in found if "left" in e.words]
    assert len(swapped) == 3
    assert {e.words[0] for e in swapped} <= {"Ada", "Ida", "Eva"}
    assert all(len(e.words) == len(e.entities or ()) for e in found)
    assert all(e.words[-2:] == ("New", "Oslo") for e in swapped)


def test_batches_hold_all_sentences_each_time_round(indexed: list[Indexed]) -> None:
    stream = make_batches(indexed, lambda x: x.width, 12, random.Random(1))
    first = [next(stream) for _ in range(2)]
    assert sum(len(b) for b in first) == len(indexed)


def test_the_running_mean_follows_the_weights(labels: Labels) -> None:
    model = Reader(labels)
    mean = Mean(model)
    with torch.no_grad():
        model.upos.bias.fill_(1.0)
    mean.update(model, 10_000)
    before = mean.weights["upos.bias"][0].item()
    mean.update(model, 10_000)
    assert before < mean.weights["upos.bias"][0].item() < 1.0


def test_the_mix_is_read_from_the_command_line() -> None:
    assert parse_mix("ewt=0.5,names=0.5") == {"ewt": 0.5, "names": 0.5}


def test_teachers_with_other_labels_are_refused(tmp_path: Path, labels: Labels) -> None:
    from training.distil import load_teachers

    (tmp_path / "labels.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="its labels are not those of this run"):
        load_teachers([tmp_path], labels, "cpu")


def test_a_student_at_its_teacher_is_at_no_distance(indexed: list[Indexed], labels: Labels) -> None:
    from training.distil import distance

    torch.manual_seed(1)
    model = Reader(labels).eval()
    assert distance(model, [model], as_tensors([indexed[0]], None, "cpu")).item() == pytest.approx(0.0, abs=1e-5)


def test_averaging_weighs_what_runs_share_and_keeps_what_is_new() -> None:
    from training.average import average

    old = {"a": torch.tensor([0.0]), "resized": torch.tensor([1.0, 1.0])}
    new = {"a": torch.tensor([1.0]), "resized": torch.tensor([2.0]), "head": torch.tensor([5.0])}
    found = average([(old, 0.25), (new, 0.75)])
    assert {name: w.tolist() for name, w in found.items()} == {"a": [0.75], "resized": [2.0], "head": [5.0]}
