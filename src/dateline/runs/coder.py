"""The coder that runs use: the main path with the packaged knowledge and models."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

from dateline.knowledge.gate import Gating
from dateline.records import Coder, Report, Weighed
from dateline.runs.local import CodeReport


def load_coder(own_actors: Path | None = None, gating: Gating | None = None) -> CodeReport:
    """`pipeline.code_report` with knowledge and models loaded; a second or so. `own_actors`: the users' table of actors.

    Raises MissingModelError when there is no model, OwnActorsError when that table is not as it should be.
    """
    from dateline.knowledge.load import load_knowledge
    from dateline.language.models import load_models
    from dateline.pipeline import code_report

    return partial(code_report, knowledge=load_knowledge(own_actors), models=load_models(), gating=gating)


def gate_version(coder: Coder, gating: Gating) -> Coder:
    """What a report that the gate passes over is coded with: the gate, so that a run without it, or with another, reads it."""
    wanted = "+".join(sorted(gating.types)) or "any"
    return replace(coder, knowledge=f"{coder.knowledge}+gate-{gating.gate.version}-{wanted}")


def load_weigher() -> Callable[[Report], tuple[Weighed, ...]]:
    """`pipeline.weigh_report` with knowledge and models loaded. Raises MissingModelError when there is no model."""
    from dateline.knowledge.load import load_knowledge
    from dateline.language.models import load_models
    from dateline.pipeline import weigh_report

    return partial(weigh_report, knowledge=load_knowledge(), models=load_models())


def coder_version(own_actors: Path | None = None) -> Coder:
    """What `load_coder` would code with, told from the tables and the model's card alone, so that a run can see what is done.

    Raises MissingModelError when there is no model, OwnActorsError when the users' table is not as it should be.
    """
    from dateline.knowledge.load import knowledge_version
    from dateline.knowledge.own_actors import read_own_actors
    from dateline.knowledge.places import load_countries
    from dateline.language.models import SHIPPED, MissingModelError

    try:
        card = json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise MissingModelError(f"no language model at {SHIPPED}: reinstall dateline, or make one with `make train`") from fault
    own = read_own_actors(own_actors, load_countries()) if own_actors else None
    return Coder(version("dateline"), card["name"], knowledge_version(own))
