"""From checkpoint to shipped weights: `python -m training.export --checkpoint build/model --out src/dateline/language/model`.

Writes reader.onnx (dynamic int8, per channel), labels.json, rolesets.json and rolesets.npy, tokenizer.json and card.json (what it
was made from, and its hash). With --float also the file before quantising, to measure what 8 bits cost.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from dateline.language.encoding import encode_sentences, load_tokenizer
from training.data import SETS
from training.model import OUTPUTS, Exported, Labels, Reader
from training.train import published_encoder

INPUTS = ["ids", "shapes", "word_starts", "asked"]
AXES = {
    "ids": ["subwords"], "shapes": ["subwords"], "word_starts": ["words"], "asked": ["words"],
    "arcs": ["words", "heads"], "relations": ["words", "heads"], "types": [],
    "anchors": ["anchors"], "roles": ["anchors", "words"], "links": ["anchors", "words"], "cues": ["anchors", "words"],
}  # fmt: skip
"""The axes that vary, by input and output; an output not named has one row a word."""


def load_reader(folder: Path) -> tuple[Reader, Labels]:
    """The model of a checkpoint, its weights' running mean, ready to read (no dropout)."""
    labels = read_labels(folder)
    model = Reader(labels)
    model.load_state_dict(torch.load(folder / "checkpoint.pt", weights_only=True, map_location="cpu")["mean"])
    return model.eval(), labels


def read_labels(folder: Path) -> Labels:
    """What the heads of a checkpoint or of an exported model choose among."""
    return Labels(**{k: tuple(v) for k, v in json.loads((folder / "labels.json").read_text(encoding="utf-8")).items()})


def write_onnx(model: Reader, labels: Labels, tokenizer_file: Path, path: Path) -> None:
    """One sentence in, the outputs of OUTPUTS out; float32."""
    (sentence,) = encode_sentences([["Police", "said", "workers", "walked", "out", "."]], load_tokenizer(tokenizer_file))
    asked = [0, 1, 0, 1, 0, 0]
    example = tuple(torch.tensor(a) for a in (sentence.ids, sentence.shapes, sentence.word_starts, asked))
    names = [*INPUTS, *OUTPUTS]
    dynamic = {n: dict(enumerate(AXES.get(n, ["words"]))) for n in names if AXES.get(n) != []}
    module = Exported(model, labels.quotes.index("B-cue")).eval()
    torch.onnx.export(
        module,
        example,
        str(path),
        input_names=INPUTS,
        output_names=list(OUTPUTS),
        dynamic_axes=dynamic,
        opset_version=17,
        dynamo=False,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, default=Path("build/model"))
    parser.add_argument("--base", type=Path, help="folder of the published encoder, for its tokeniser")
    parser.add_argument("--out", type=Path, default=Path("src/dateline/language/model"))
    parser.add_argument("--float", type=Path, help="also write the weights before quantising there")
    parser.add_argument("--open-only", action="store_true", help="say in the card that only openly licensed sets taught it")
    options = parser.parse_args()
    base = options.base or published_encoder()
    options.out.mkdir(parents=True, exist_ok=True)
    model, labels = load_reader(options.checkpoint)
    with tempfile.TemporaryDirectory() as folder:
        full = options.float or Path(folder) / "reader.onnx"
        write_onnx(model, labels, base / "tokenizer.json", full)
        quantize_dynamic(full, options.out / "reader.onnx", per_channel=True, weight_type=QuantType.QInt8)
    for name in ("labels.json", "rolesets.json"):
        shutil.copy(options.checkpoint / name, options.out / name)
    np.save(options.out / "rolesets.npy", model.rolesets.weight.detach().numpy().astype(np.float16))
    shutil.copy(base / "tokenizer.json", options.out / "tokenizer.json")
    weights = (options.out / "reader.onnx").read_bytes()
    log = (options.checkpoint / "log.jsonl").read_text(encoding="utf-8").splitlines()
    figures = [json.loads(line) for line in log if '"las"' in line]
    open_names = {name for name, s in SETS.items() if s.stream == "open-names"}
    sets = [n for n, s in SETS.items() if (s.is_open if options.open_only else n not in open_names)]
    card = {
        "name": f"reader-{hashlib.sha256(weights).hexdigest()[:12]}",
        "encoder": "MiniLM-L6-H384-uncased, as in all-MiniLM-L6-v2 (Apache-2.0)",
        "trained_on": {name: SETS[name].licence for name in sets},
        "dev_before_quantising": figures[-1] if figures else {},
        "bytes": len(weights),
    }
    (options.out / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(card, indent=1))


if __name__ == "__main__":
    main()
