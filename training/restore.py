"""Shipped weights as a checkpoint to go on from: `python -m training.restore --out build/shipped`.

Training keeps its checkpoints out of the repository, and who wants to teach the reader something new should not need hours to make
them again. The 8-bit weights are turned back into floats; what rounding took is not given back, and a short run mends it.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import nn

from dateline.language.models import SHIPPED
from training.export import read_labels
from training.model import Labels, Reader

QUANTISED, SCALE, ZERO = "_quantized", "_scale", "_zero_point"


def read_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """The weights of an exported reader by parameter name: matrices as [in, out], as ONNX multiplies them; the rest as they are."""
    graph = onnx.load(str(path)).graph
    stored = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    found = {
        n.removeprefix("model."): w
        for n, w in stored.items()
        if n.startswith("model.") and not n.endswith((QUANTISED, SCALE, ZERO))
    }
    for node in graph.node:
        for name in node.input:
            if name.endswith(QUANTISED) and name in stored:
                scope = node.name.strip("/").rpartition("/")[0].replace("/", ".")
                plain = name.removesuffix(QUANTISED)
                weight = stored[name].astype(np.float32) - stored[plain + ZERO].astype(np.float32)
                found[f"{scope}.weight"] = weight * stored[plain + SCALE]
    return found


def load_weights(model: Reader, weights: dict[str, NDArray[np.float32]]) -> list[str]:
    """Puts the weights into the model; the names of the model's parameters that they lack."""
    linear = {f"{name}.weight" for name, module in model.named_modules() if isinstance(module, nn.Linear)}
    own = {name: w for name, w in model.state_dict().items() if name in weights}
    taken = {n: torch.from_numpy(as_parameter(weights[n], tuple(w.shape), is_turned=n in linear)) for n, w in own.items()}
    return model.load_state_dict(taken, strict=False).missing_keys


def as_parameter(weight: NDArray[np.float32], shape: tuple[int, ...], *, is_turned: bool) -> NDArray[np.float32]:
    """A stored matrix in the parameter's shape: a linear layer's is turned, a biaffine's [in, outputs × size] taken apart."""
    if len(shape) == 3 and weight.ndim == 2:
        outputs, size, _ = shape
        weight = weight.reshape(size, outputs, size).transpose(1, 0, 2)
    elif is_turned:
        weight = weight.T
    if weight.shape != shape:
        raise ValueError(f"stored {weight.shape}, wanted {shape}")
    return np.array(weight, dtype=np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=SHIPPED, help="folder of the exported reader")
    parser.add_argument("--out", type=Path, default=Path("build/shipped"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    labels = read_labels(options.model)
    model = Reader(labels)
    weights = read_weights(options.model / "reader.onnx") | dict(read_rolesets(options.model, labels))
    missing = set(load_weights(model, weights))
    # A head that the file does not have is left out: its first random weights must not enter an average.
    torch.save({"mean": {n: w for n, w in model.state_dict().items() if n not in missing}}, options.out / "checkpoint.pt")
    for name in ("labels.json", "rolesets.json"):
        shutil.copy(options.model / name, options.out / name)
    print(f"{options.out}: {len(weights)} weights; not in the file: {', '.join(sorted(missing)) or 'none'}")


def read_rolesets(folder: Path, labels: Labels) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """The rolesets' vectors, which stand beside the network."""
    vectors = np.load(folder / "rolesets.npy").astype(np.float32)
    if len(vectors) == len(labels.rolesets):
        yield "rolesets.weight", vectors


if __name__ == "__main__":
    main()
