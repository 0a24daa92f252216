"""The filters of commands that say something of events: those of the page and of `export`, in one place."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.cli.app import Exit, StopError
from dateline.cli.options import DEFAULT_LEDGER, AsOf, LedgerFolder, day
from dateline.cli.printing import say
from dateline.cli.shared import open_existing

if TYPE_CHECKING:
    from dateline.analysis.counting import Counted
    from dateline.web.filters import Filters
    from dateline.web.sharing.rows import Chosen
    from dateline.web.site import Site

Several = list[str] | None


def _filters(
    type: Annotated[Several, typer.Option(metavar="TYPE", help="PROTEST, COERCE, …; -TYPE leaves it out.")] = None,
    mode: Annotated[Several, typer.Option(metavar="MODE", help="strike, arrest, …")] = None,
    status: Annotated[Several, typer.Option(metavar="STATUS", help="asserted, denied, …; analyses and plots: asserted.")] = None,
    country: Annotated[Several, typer.Option(metavar="ISO3", help="Country of the place, as BLR.")] = None,
    place: Annotated[Several, typer.Option(metavar="NAME", help="Place, to the letter.")] = None,
    actor: Annotated[Several, typer.Option(metavar="NAME", help="Somebody in the event or who tells of it, to the letter.")] = None,
    flag: Annotated[Several, typer.Option(metavar="FLAG", help="differ, revised, corrected, plan, episode, places.")] = None,
    text: Annotated[str, typer.Option(metavar="WORDS", help="Words of the evidence, the title or a field.")] = "",
    since: Annotated[date | None, typer.Option(metavar="DAY", parser=day, help="Not over before this day.")] = None,
    until: Annotated[date | None, typer.Option(metavar="DAY", parser=day, help="Begun by this day.")] = None,
    dates: Annotated[str, typer.Option(metavar="event|report", help="Days of the event, or of its first report.")] = "event",
    review: Annotated[str, typer.Option(metavar="all|reviewed|machine", help="Reviewed by a person, or not.")] = "all",
    witnesses: Annotated[int, typer.Option(min=0, metavar="N", help="So many independent texts at least.")] = 0,
    box: Annotated[str, typer.Option(metavar="W,S,E,N", help="On this part of the map, in degrees.")] = "",
    as_of: AsOf = None,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """The options, for their names and types alone."""


@dataclass(frozen=True)
class Asked:
    """The events that a command line asks for."""

    given: dict[str, Any]

    @property
    def ledger(self) -> Path:
        """The folder of the ledger."""
        return Path(self.given["ledger"])

    @property
    def as_of(self) -> datetime | None:
        """The moment whose knowledge is asked for; None: now."""
        moment: datetime | None = self.given["as_of"]
        return moment

    @cached_property
    def filters(self) -> Filters:
        """What is asked for. Raises StopError for what cannot be asked."""
        from dateline.web.sharing.rows import filters_of

        given = self.given
        facets = {name: given[name] for name in ("type", "mode", "status", "country", "place", "actor", "flag")}
        pairs = [(name, value) for name, values in facets.items() for value in values or ()]
        pairs += [("q", given["text"]), ("dates", given["dates"]), ("review", given["review"]), ("box", given["box"])]
        try:
            filters = filters_of(pairs)
        except ValueError as fault:
            raise StopError(str(fault), Exit.USAGE) from None
        return replace(filters, **{name: given[name] for name in ("since", "until", "witnesses", "as_of")})

    def chosen(self) -> Chosen:
        """The rows of the ledger's board that fit. Raises StopError for what cannot be asked."""
        return self.chosen_in(self.ledger)

    def chosen_in(self, ledger: Path, base: str = "") -> Chosen:
        """The same of another ledger, which is served at `base`."""
        from dateline.web.sharing.rows import choose
        from dateline.web.site import Options, Site

        filters = self.filters
        site = Site(open_existing(ledger), Options())
        wait_for_board(site, self.as_of)
        return choose(site, filters, f"{base.rstrip('/')}/" if base else "")

    def counted(self, chosen: Chosen) -> Counted:
        """Of those rows the events that count: what is asserted, or whatever has a status that was asked for."""
        from dateline.analysis.counting import counted

        has_status = bool(self.given["status"])
        return counted(chosen.board, chosen.rows, dates=chosen.filters.dates, has_any_status=has_status)


WAIT = 0.5
"""Seconds between two looks at whether the board is made."""


def wait_for_board(site: Site, as_of: datetime | None) -> None:
    """Waits until the events of a large ledger are put together, which a process does; those of a small one are at once.

    Raises StopError with what the process said where it could not.
    """
    from dateline.web.boards import BoardInMakingError

    has_told = False
    try:
        while True:
            try:
                if site.behind(site.board(as_of)) is None:
                    return
            except BoardInMakingError as making:
                if making.fault is not None:
                    raise StopError(f"the events could not be put together: {making.fault}") from None
            if not has_told:
                say("the events of this ledger are put together first, which is kept for the next time …")
                has_told = True
            sleep(WAIT)
    except BaseException:
        site.close()
        raise


def choosing(command: Callable[..., None]) -> Callable[..., None]:
    """The command with all filters as options; it gets them as its first argument, an Asked."""
    filters = inspect.signature(_filters, eval_str=True).parameters
    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]

    def run(**given: Any) -> None:
        asked = Asked({name: given.pop(name) for name in filters})
        command(asked, **given)

    shown = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own, *filters.values())]
    run.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in shown}
    run.__name__, run.__doc__, run.__module__ = command.__name__, command.__doc__, command.__module__
    return run


def source_of(chosen: Chosen) -> str:
    """Where the numbers come from, for the foot of a plot: program, state of the ledger, and the day of its last knowledge."""
    said = chosen.about()
    as_of = f"as known on {said['date'][:10]}" if said["date"] else "empty"
    return f"Source: {said['program']}, ledger {said['ledger'][:10]}, {as_of}."
