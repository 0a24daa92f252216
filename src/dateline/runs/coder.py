"""The coder that runs use: the main path with the packaged knowledge and models."""

from __future__ import annotations

import json
from functools import partial
from importlib.metadata import version

from dateline.records import Coder
from dateline.runs.local import CodeReport


def load_coder() -> CodeReport:
    """`pipeline.code_report` with knowledge and models loaded; a second or so. Raises MissingModelError when there is no model."""
    from dateline.knowledge.load import load_knowledge
    from dateline.language.models import load_models
    from dateline.pipeline import code_report

    return partial(code_report, knowledge=load_knowledge(), models=load_models())


def coder_version() -> Coder:
    """What `load_coder` would code with, told from the tables and the model's card alone, so that a run can see what is done.

    Raises MissingModelError when there is no model.
    """
    from dateline.knowledge.tables import tables_version
    from dateline.language.models import SHIPPED, MissingModelError

    try:
        card = json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise MissingModelError(f"no language model at {SHIPPED}: reinstall dateline, or make one with `make train`") from fault
    return Coder(version("dateline"), card["name"], tables_version())
