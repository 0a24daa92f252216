"""`dateline watch`: rounds of polling, fetching and entering, until nothing is left to do, and when the next is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dateline.fetching.state import FetchState
from dateline.knowledge.sources import Source
from dateline.records import Problem
from dateline.runs.fetching import PAGES_AT_ONCE, Enterer, EnterResult, Polled, Poller, Visited, fetch_pages


@dataclass(frozen=True)
class Round:
    """What a round did. `outcomes` counts pages by what came of them (Visited.outcome)."""

    polled: tuple[Polled, ...] = ()
    outcomes: dict[str, int] = field(default_factory=dict)
    failed: tuple[Problem, ...] = ()
    entered: EnterResult = field(default_factory=EnterResult)

    @property
    def changed(self) -> bool:
        """Whether the ledger knows more than before."""
        return bool(self.entered.added.documents or self.entered.versions or self.entered.gone)


@dataclass(frozen=True)
class Watchman:
    """Does rounds. `on_poll` and `on_page` are told of each poll and page as it comes."""

    sources: Sequence[Source]
    poller: Poller
    enterer: Enterer
    state: FetchState
    now: Callable[[], datetime]
    on_poll: Callable[[Polled], None] = lambda polled: None
    on_page: Callable[[Visited], None] = lambda visited: None

    def round(self) -> Round:
        """Enters what waits from a run before, polls the sources that are due, fetches the pages that are, and enters what came.

        However it is interrupted, what came is on disk; the next round enters it.
        """
        entered = self.enterer.enter()
        polled: list[Polled] = []
        for one in self.poller.poll(self.poller.due(self.sources)):
            polled.append(one)
            self.on_poll(one)
        by_name = {source.name: source for source in self.sources}
        outcomes: dict[str, int] = {}
        failed: list[Problem] = [one.problem for one in polled if one.problem is not None and one.problem.is_fatal]
        while pages := self.state.due(self.now(), PAGES_AT_ONCE):
            before = sum(outcomes.values()) - outcomes.get("postponed", 0)
            for visited in fetch_pages(pages, self.state, self.poller.visitor, by_name, self.now):
                outcomes[visited.outcome] = outcomes.get(visited.outcome, 0) + 1
                failed += [visited.problem] if visited.problem else []
                self.on_page(visited)
            entered = entered.plus(self.enterer.enter())
            if sum(outcomes.values()) - outcomes.get("postponed", 0) == before or self.poller.visitor.stop.is_set():
                break  # all that is due was put off
        return Round(tuple(polled), outcomes, tuple(failed), entered)

    def next_round(self) -> datetime:
        """When something is due next."""
        now = self.now()
        moments = [self.poller.due_at(source, now) for source in self.sources]
        page = self.state.next_due()
        return min([*moments, page] if page else moments)
