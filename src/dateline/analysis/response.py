"""How protests were met: what share with force or arrests, and how many were detained for each, with what silence may hide.

What a protest was met with is read report by report (docs/protests.md): the strongest that any report tells counts. A report that
tells of nothing is silent, which is not the same as telling that nobody intervened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateline.analysis.notes import aside_in_words, several
from dateline.knowledge.accounts import AccountKnowledge
from dateline.ledger.quality import Rate
from dateline.linking.tallies import Counted, tally_group
from dateline.records import Intensity, LinkedEvent
from dateline.watching.happenings import brief_of

ARREST = "arrest"
"""The kind of deed (ontology/responses.yaml) by which a protest is met with arrests."""

ORDER = (Intensity.NO_INTERVENTION, Intensity.INTERVENTION, Intensity.EXCESSIVE_FORCE)


@dataclass(frozen=True)
class Answer:
    """What one protest was met with. `intensity` None: no report says. `told` are kinds of deed, each with the event of it."""

    protest: str
    intensity: Intensity | None
    kinds: tuple[str, ...]
    told: tuple[tuple[str, str], ...]

    @property
    def events(self) -> tuple[str, ...]:
        """The events that tell of its deeds, each once."""
        return tuple(dict.fromkeys(event for _, event in self.told))


def answer_of(protest: LinkedEvent, event_of: Mapping[str, str]) -> Answer:
    """What the reports that stand tell together; `event_of` leads from a claim to its event."""
    responses = [t.claim.event.response for t in protest.tellings if t.is_current and t.claim.event.response is not None]
    told = [r.intensity for r in responses if r.intensity is not None]
    deeds = [deed for r in responses for deed in r.deeds]
    by = {(d.kind, event_of[d.claim]) for d in deeds if d.claim is not None and d.claim in event_of}
    kinds = tuple(sorted({deed.kind for deed in deeds}))
    return Answer(
        protest.id,
        max(told, key=ORDER.index, default=None),
        kinds,
        tuple(sorted((kind, event) for kind, event in by if event != protest.id)),
    )


@dataclass(frozen=True)
class Met:
    """A share of protests. `low` is that of those of which it is told, `high` counts those of which nothing is told too; `share` is
    of those of which a response is told, with the interval that holds it in 95 of 100 samples (Wilson)."""

    protests: int
    low: float
    high: float
    share: float | None
    share_low: float
    share_high: float


@dataclass(frozen=True)
class Responses:
    """The protests of a period, a place or all. `silent`: no report tells of any response.

    `figure_low` to `figure_high` is how many of the figure over all answering events (`high` None is open), `None` if none has one;
    `without` of those events have none, `running` only a total so far of more than themselves, which is left out. `each_low` and
    `each_high` are the same for each protest.
    """

    key: str
    protests: int
    silent: int
    peaceful: int
    force: Met
    excessive: Met
    arrests: Met
    figure_low: float | None
    figure_high: float | None
    with_figure: int
    without: int
    running: int
    each_low: float | None
    each_high: float | None


@dataclass(frozen=True)
class ResponseTable:
    """How protests were met, over all and group by group. `figure` is what is counted for each."""

    figure: str
    by: str
    all: Responses
    groups: tuple[Responses, ...]
    set_aside: tuple[tuple[str, int], ...]


def responses_of(
    protests: Iterable[LinkedEvent],
    answering: Mapping[str, LinkedEvent],
    event_of: Mapping[str, str],
    key_of: Callable[[str], str],
    knowledge: AccountKnowledge,
    *,
    by: str,
    figure: str = "detained",
    set_aside: tuple[tuple[str, int], ...] = (),
) -> ResponseTable:
    """The table; `key_of` gives the group of a protest by its id, `answering` the events that tell of what was done, by id.

    An event that answers several protests of a group counts there once. Groups are in the order of their keys.
    """
    told = [(protest, answer_of(protest, event_of)) for protest in protests]
    groups: dict[str, list[tuple[LinkedEvent, Answer]]] = defaultdict(list)
    for protest, answer in told:
        groups[key_of(protest.id)].append((protest, answer))
    found = tuple(_responses(key, groups[key], answering, knowledge, figure) for key in sorted(groups))
    return ResponseTable(figure, by, _responses("all", told, answering, knowledge, figure), found, set_aside)


def _responses(
    key: str,
    told: list[tuple[LinkedEvent, Answer]],
    answering: Mapping[str, LinkedEvent],
    knowledge: AccountKnowledge,
    figure: str,
) -> Responses:
    answers = [answer for _, answer in told]
    silent = sum(a.intensity is None and not a.kinds for a in answers)
    peaceful = sum(a.intensity is Intensity.NO_INTERVENTION for a in answers)
    n = len(answers)
    with_arrests = sum(ARREST in a.kinds for a in answers)
    forced = sum(a.intensity in {Intensity.INTERVENTION, Intensity.EXCESSIVE_FORCE} for a in answers)
    excessive = sum(a.intensity is Intensity.EXCESSIVE_FORCE for a in answers)
    # The protest's own figure stands where no event of its own tells of the deed.
    members = {event: answering[event] for a in answers for event in a.events if event in answering}
    own = {p.id: p for p, a in told if p.accounts.tally(figure) and not any(_figure(members.get(e), figure) for e in a.events)}
    # Where nobody is told to have been detained, only arrests hide detained; where nobody is told hurt, only force hides hurt.
    hiding = {event for a in answers for kind, event in a.told if (kind == ARREST) == (figure in OF_ARRESTS)}
    members = {id: event for id, event in members.items() if id in hiding or _figure(event, figure)} | own
    running = {id for id, event in members.items() if _is_running(event, figure)}
    members = {id: event for id, event in members.items() if id not in running}
    tally = tally_group(figure, [_counted(event, figure) for event in members.values()], knowledge)
    has_figure = tally is not None and bool(tally.events)
    low, high = (tally.low, tally.high) if tally is not None and has_figure else (None, None)
    return Responses(
        key=key, protests=n, silent=silent, peaceful=peaceful,
        force=_met(forced, silent, n), excessive=_met(excessive, silent, n), arrests=_met(with_arrests, silent, n),
        figure_low=low, figure_high=high,
        with_figure=len(tally.events) if tally else 0, without=len(tally.without) if tally else 0, running=len(running),
        each_low=low / n if low is not None and n else None, each_high=high / n if high is not None and n else None,
    )  # fmt: skip


OF_ARRESTS = frozenset({"detained", "arrested", "charged"})
"""Kinds of figure that arrests have; all others are of force."""


def _is_running(event: LinkedEvent, figure: str) -> bool:
    """True where the figure is a total so far of more than this event, as the board has it."""
    return any(f.what == figure and f.is_running for f in brief_of(event).figures)


def _is_part(event: LinkedEvent, figure: str) -> bool:
    """True where all that is told counts a part of another figure, as the board has it."""
    counts = [c for t in event.tellings if t.is_current for c in t.claim.event.counts if c.what == figure]
    return bool(counts) and all(c.is_part for c in counts)


def _figure(event: LinkedEvent | None, figure: str) -> bool:
    tally = event.accounts.tally(figure) if event is not None else None
    return tally is not None and tally.best is not None


def _counted(event: LinkedEvent, figure: str) -> Counted:
    field = event.accounts.field("days")
    value: Any = field.accounts[field.best].value if field is not None and field.best is not None else None
    first: date | None = getattr(value, "first", None)
    last: date | None = getattr(value, "last", None)
    # A part of a figure is none of the event's own: the whole may be any number.
    return Counted(event.id, first, last, None if _is_part(event, figure) else event.accounts.tally(figure))


def _met(count: int, silent: int, n: int) -> Met:
    rate = Rate(count, n - silent)
    low, high = (count / n, (count + silent) / n) if n else (0.0, 1.0)
    return Met(count, low, high, rate.share, rate.low, rate.high)


COLUMNS = (
    "group", "protests", "silent", "peaceful", "force", "force_low", "force_high", "excessive", "arrests", "arrests_low",
    "arrests_high", "figure", "figure_low", "figure_high", "with_figure", "without", "running", "each_low", "each_high",
)  # fmt: skip
SHOWN = ("group", "protests", "force", "share", "arrests", "silent", "figure", "each", "without")


def rows_of(table: ResponseTable) -> list[dict[str, Any]]:
    """A row for each group and one for all."""
    from dateline.analysis.notes import in_figures

    rows = []
    for r in (*table.groups, *((table.all,) if len(table.groups) != 1 else ())):
        row = {
            "group": r.key, "protests": r.protests, "silent": r.silent, "peaceful": r.peaceful,
            "force": r.force.protests, "force_low": r.force.low, "force_high": r.force.high,
            "excessive": r.excessive.protests,
            "arrests": r.arrests.protests, "arrests_low": r.arrests.low, "arrests_high": r.arrests.high,
            "figure": in_figures(r.figure_low, r.figure_high), "figure_low": r.figure_low, "figure_high": r.figure_high,
            "with_figure": r.with_figure, "without": r.without, "running": r.running,
            "each_low": r.each_low, "each_high": r.each_high,
            "share": f"{r.force.low:.0%}–{r.force.high:.0%}",
            "each": in_figures(_rounded(r.each_low), _rounded(r.each_high)),
        }  # fmt: skip
        rows.append(row)
    return rows


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def notes_of(table: ResponseTable) -> list[str]:
    """What must be read beside it."""
    r = table.all
    said = [f"{several(r.protests, 'protest')}; shares: at least where it is told, at most with those of which nothing is."]
    told = r.protests - r.silent
    if r.force.share is not None:
        said.append(
            f"Of the {told:,} of which a response is told, {r.force.share:.0%} met force "
            f"({r.force.share_low:.0%}–{r.force.share_high:.0%}, Wilson)."
        )
    said += [f"{several(r.silent, 'protest')} of which no response is told: silence is not peace."] if r.silent else []
    said += (
        [f"{several(r.without, 'answering event has', 'answering events have')} no figure of {table.figure}."] if r.without else []
    )
    if r.running:
        said.append(f"{several(r.running, 'total so far', 'totals so far')} of more than one event, left out.")
    return said + aside_in_words(table.set_aside)
