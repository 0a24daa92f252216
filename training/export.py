"""From checkpoint to shipped weights: `python -m training.export --checkpoint build/model --out src/dateline/language/model`.

Writes reader.onnx (dynamic int8, per channel), labels.json, tokenizer.json and card.json (what it was made from, and its hash).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from dateline.language.encoding import encode_sentences, load_tokenizer, pad_batch
from training.model import Labels, Reader
from training.train import published_encoder

INPUTS = ["ids", "shapes", "mask", "word_starts"]
OUTPUTS = ["entities", "upos", "xpos", "scripts", "arcs", "relations"]


def load_reader(folder: Path) -> Reader:
    """The model of a checkpoint, ready to read (no dropout)."""
    labels = Labels(**{k: tuple(v) for k, v in json.loads((folder / "labels.json").read_text(encoding="utf-8")).items()})
    model = Reader(labels)
    model.load_state_dict(torch.load(folder / "checkpoint.pt", weights_only=True, map_location="cpu")["model"])
    return model.eval()


def write_onnx(model: Reader, tokenizer_file: Path, path: Path) -> None:
    tokenizer = load_tokenizer(tokenizer_file)
    batch = pad_batch(encode_sentences([["Workers", "walked", "out", "."], ["Police", "detained", "40"]], tokenizer))
    example = tuple(torch.from_numpy(a) for a in (batch.ids, batch.shapes, batch.mask, batch.word_starts))
    dynamic = {n: {0: "batch", 1: "subwords"} for n in INPUTS[:3]}
    dynamic["word_starts"] = {0: "batch", 1: "words"}
    dynamic |= {n: {0: "batch", 1: "words"} for n in OUTPUTS}
    dynamic["arcs"][2] = dynamic["relations"][2] = "heads"
    torch.onnx.export(
        model, example, str(path), input_names=INPUTS, output_names=OUTPUTS, dynamic_axes=dynamic, opset_version=17, dynamo=False
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, default=Path("build/model"))
    parser.add_argument("--base", type=Path, help="folder of the published encoder, for its tokeniser")
    parser.add_argument("--out", type=Path, default=Path("src/dateline/language/model"))
    options = parser.parse_args()
    base = options.base or published_encoder()
    options.out.mkdir(parents=True, exist_ok=True)
    model = load_reader(options.checkpoint)
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "reader.onnx"
        write_onnx(model, base / "tokenizer.json", full)
        quantize_dynamic(full, options.out / "reader.onnx", per_channel=True, weight_type=QuantType.QInt8)
    shutil.copy(options.checkpoint / "labels.json", options.out / "labels.json")
    shutil.copy(base / "tokenizer.json", options.out / "tokenizer.json")
    weights = (options.out / "reader.onnx").read_bytes()
    log = (options.checkpoint / "log.jsonl").read_text(encoding="utf-8").splitlines()
    figures = [json.loads(line) for line in log if '"las"' in line]
    card = {
        "name": f"reader-{hashlib.sha256(weights).hexdigest()[:12]}",
        "encoder": "MiniLM-L6-H384-uncased, as in all-MiniLM-L6-v2 (Apache-2.0)",
        "trained_on": ["UD_English-EWT", "UD_English-GUM, openly licensed genres", "en-worldwide-newswire"],
        "dev_before_quantising": figures[-1] if figures else {},
        "bytes": len(weights),
    }
    (options.out / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(card, indent=1))


if __name__ == "__main__":
    main()
