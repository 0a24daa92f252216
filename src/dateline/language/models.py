"""Loads what was trained, once; the rest of the room is handed it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from dateline.errors import Error
from dateline.language.encoding import load_tokenizer
from dateline.language.lemmas import LemmaMemory, load_lemmas
from dateline.language.predicates import Rolesets

SHIPPED = Path(__file__).parent / "model"


class MissingModelError(Error):
    """The weights are not where they should be; the message says what to do."""


@dataclass(frozen=True)
class Models:
    """The reader's session, its tokeniser and its labels. `version` names the weights; `threads` sentences are read at a time."""

    session: Any
    tokenizer: Tokenizer
    labels: dict[str, tuple[str, ...]]
    lemmas: LemmaMemory
    rolesets: Rolesets
    tag_pairs: NDArray[np.bool_]
    """[Penn tag, universal tag]: whether the treebanks have a word with both."""
    version: str
    threads: int = 1

    @cached_property
    def outputs(self) -> list[str]:
        return [o.name for o in self.session.get_outputs()]


def load_models(folder: Path = SHIPPED, *, threads: int = 1) -> Models:
    """The models of a folder (default: those shipped in the package), reading `threads` sentences side by side.

    Each run of the session keeps to one core: sentences are short, and several at once scale better than one on several cores.

    Raises MissingModelError when the weights are not there.
    """
    weights = folder / "reader.onnx"
    if not weights.exists():
        raise MissingModelError(f"no language model at {weights}: reinstall dateline, or make one with `make train`")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Spinning threads make other processes on a busy machine wait for nothing.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    return Models(
        session,
        load_tokenizer(folder / "tokenizer.json"),
        {k: tuple(v) for k, v in labels.items()},
        load_lemmas(folder / "lemmas.json"),
        load_rolesets(folder, tuple(labels["rolesets"])),
        load_tag_pairs(folder / "lemmas.json", labels["xpos"], labels["upos"]),
        card["name"],
        threads,
    )


def load_tag_pairs(path: Path, xpos: Sequence[str], upos: Sequence[str]) -> NDArray[np.bool_]:
    """Which universal tags go with which Penn tag, as `training.lemmas` counted them; a Penn tag never seen goes with all."""
    known = json.loads(path.read_text(encoding="utf-8"))["tags"]
    return np.array([[x not in known or u in known[x] for u in upos] for x in xpos])


def load_rolesets(folder: Path, names: tuple[str, ...]) -> Rolesets:
    """The rolesets of each lemma and their vectors, as `training.export` wrote them."""
    numbers = {name: i for i, name in enumerate(names)}
    by_lemma = json.loads((folder / "rolesets.json").read_text(encoding="utf-8"))
    vectors = np.load(folder / "rolesets.npy").astype(np.float32)
    return Rolesets({lemma: tuple(numbers[n] for n in found) for lemma, found in by_lemma.items()}, names, vectors)
