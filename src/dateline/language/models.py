"""Loads what was trained, once; the rest of the room is handed it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnxruntime
from tokenizers import Tokenizer

from dateline.language.encoding import load_tokenizer
from dateline.language.lemmas import LemmaMemory, load_lemmas

SHIPPED = Path(__file__).parent / "model"


class MissingModelError(Exception):
    """The weights are not where they should be; the message says what to do."""


@dataclass(frozen=True)
class Models:
    """The reader's session, its tokeniser and its labels. `version` names the weights."""

    session: Any
    tokenizer: Tokenizer
    labels: dict[str, tuple[str, ...]]
    lemmas: LemmaMemory
    version: str


def load_models(folder: Path = SHIPPED, *, threads: int = 1) -> Models:
    """The models of a folder (default: those shipped in the package), running on `threads` cores.

    Raises MissingModelError when the weights are not there.
    """
    weights = folder / "reader.onnx"
    if not weights.exists():
        raise MissingModelError(f"no language model at {weights}: reinstall dateline, or make one with `make train`")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
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
        card["name"],
    )
