"""Average the weights of runs: `python -m training.average --out build/averaged build/second=0.35 build/third=0.65`.

A run that learnt new layers from an earlier one forgets a little of what that one knew; between the two lie weights that read
better than either, and a short run at a low rate from there brings the new heads back into line. Weights that only some of the
runs have are averaged over those. The figures are in decision 0013.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from torch import Tensor


def average(runs: list[tuple[dict[str, Tensor], float]]) -> dict[str, Tensor]:
    """The weighted mean of each weight over the runs that have it in the shape of the last run; names are the last run's."""
    last, _ = runs[-1]
    found = {}
    for name, weight in last.items():
        known = [(own[name], share) for own, share in runs if name in own and own[name].shape == weight.shape]
        whole = sum(share for _, share in known)
        found[name] = torch.stack([w * (share / whole) for w, share in known]).sum(0)
    return found


def read_weights(folder: Path) -> dict[str, Tensor]:
    """A run's weights: their running mean, or of a run that kept none the last."""
    state = torch.load(folder / "checkpoint.pt", weights_only=True, map_location="cpu")
    weights: dict[str, Tensor] = state.get("mean") or state["model"]
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", help="FOLDER=SHARE; labels are taken from the last")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    named = [run.rpartition("=") for run in options.runs]
    mean = average([(read_weights(Path(folder)), float(share)) for folder, _, share in named])
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save({"model": mean, "mean": mean}, options.out / "checkpoint.pt")
    for name in ("labels.json", "rolesets.json", "log.jsonl"):
        shutil.copy(Path(named[-1][0]) / name, options.out / name)


if __name__ == "__main__":
    main()
