"""Commands of releases: freeze a part of a ledger into a folder that can be cited, and verify such a folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from dateline.cli.app import Exit, StopError, app
from dateline.cli.choosing import Asked, choosing, wait_for_board
from dateline.cli.options import DEFAULT_LEDGER, AsJson, LedgerFolder
from dateline.cli.printing import print_json, progress, say
from dateline.cli.shared import open_existing
from dateline.cli.sharing import explain_nothing

if TYPE_CHECKING:
    from dateline.releases.verify import Fault
    from dateline.web.filters import Filters
    from dateline.web.site import Site

Several = list[str] | None
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The release's folder.", show_default=False)]


class Releases(TyperGroup):
    """`dateline release FOLDER` freezes: a folder is not the name of a command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["freeze", *args]
        return super().parse_args(ctx, args)


releases = typer.Typer(cls=Releases, no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(releases, name="release")


@releases.callback()
def _() -> None:
    """Freezes events into a folder that can be cited and checked; `dateline release FOLDER` is `dateline release freeze FOLDER`."""


@releases.command()
@choosing
def freeze(
    asked: Asked,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to: a new or an empty folder.", show_default=False)],
    title: Annotated[str, typer.Option(metavar="TEXT", help="What it is called; otherwise by what was asked for.")] = "",
    version: Annotated[str, typer.Option(metavar="N.N.N", help="Its version.")] = "1.0.0",
    author: Annotated[
        Several, typer.Option(metavar="NAME", help="Who made it: 'Family, Given', or a body. May be repeated.")
    ] = None,
    licence: Annotated[str, typer.Option(metavar="ID", help="Its licence: CC-BY-4.0, another by SPDX, or an address.")] = "",
    address: Annotated[str, typer.Option("--url", metavar="URL", help="Where it will be found: an address or a DOI's.")] = "",
    is_sensitive: Annotated[
        bool, typer.Option("--sensitive", help="Covers the names of private people and exact places (docs/sensitive.md).")
    ] = False,
    keeps_addresses: Annotated[
        bool, typer.Option("--addresses", help="With --sensitive: addresses of reports stay, but for those with a name in them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Freezes events, as of a day, into a folder that can be cited: tables, evidence, codebook, method, terms, checksums.

    Filters are those of `dateline export`. Without --as-of it is of the ledger's last change. The same ledger asked the same
    question gives the same bytes (docs/releases.md).

    \b
    dateline release freeze protests-2020 --type PROTEST --as-of 2020-12-31 --author "Doe, Jane" --licence CC-BY-4.0
    dateline release verify protests-2020
    """
    from dateline.releases.facts import Question, about_of
    from dateline.releases.freeze import FolderError, check_free, moment_asked
    from dateline.releases.freeze import freeze as write
    from dateline.web.site import Options, Site

    if keeps_addresses and not is_sensitive:
        raise StopError("--addresses is of --sensitive: without it they stay", Exit.USAGE)
    filters, as_of, ledger = replace(asked.filters, as_of=None), asked.as_of, asked.ledger
    try:
        check_free(folder)
    except FolderError as fault:
        raise StopError(str(fault)) from None
    site = Site(open_existing(ledger), Options())
    moment = moment_asked(site, as_of)
    if moment is None:
        raise StopError(
            f"{ledger}: nothing is known in it{f' by {as_of:%Y-%m-%d}' if as_of else ''}, so there is nothing to freeze"
        )
    bears = _day_of(moment, as_of)
    question = Question(
        filters.query(),
        moment,
        bears,
        title or _title(filters, is_sensitive=is_sensitive),
        version,
        tuple(author or ()),
        licence,
        address,
        is_sensitive,
        keeps_addresses,
    )
    filters = replace(filters, as_of=moment)
    wait_for_board(site, moment)
    if not (number := len(site.rows(filters))):
        explain_nothing(site, filters)
        raise StopError("no event is as asked for, so there is nothing to freeze")
    with progress("events", number) as on_event:
        facts = write(site, question, folder, on_event=on_event)
    rows = ", ".join(f"{number:,} {name}" for name, number in facts.gathered.rows.items())
    say(f"{rows} as known at {moment:%Y-%m-%d %H:%M:%S} UTC frozen in {folder}: begin with {folder / 'README.md'}")
    if not author:
        say("nobody is named as its author: --author 'Family, Given' puts one into CITATION.cff and the descriptions")
    if as_json:
        print_json(about_of(facts))


def _title(filters: Filters, *, is_sensitive: bool) -> str:
    """What a release is called that nobody named. What was asked for may name somebody who is to be covered."""
    from dateline.releases.freeze import in_words

    return "Events in news reports" if is_sensitive else f"Events in news reports: {in_words(filters)}"


def _day_of(moment: datetime, as_of: datetime | None) -> date:
    """The day that the release bears: the one asked for, if it is the whole of a day, or that of the last change."""
    is_whole_day = as_of is not None and as_of.timetz().replace(tzinfo=None) == time.max
    return as_of.date() if as_of is not None and is_whole_day else moment.date()


@releases.command()
def verify(
    folder: Folder,
    only_checksums: Annotated[bool, typer.Option("--checksums", help="The files' checksums alone, without the ledger.")] = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
    as_json: AsJson = False,
) -> None:
    """Checks a release: that its files are whole, and that the ledger gives the same bytes again. Exit status 4: something differs.

    \b
    dateline release verify protests-2020 --ledger belarus
    dateline release verify protests-2020 --checksums
    """
    from dateline.releases.facts import NoReleaseError
    from dateline.releases.verify import check_sums, question_of
    from dateline.web.site import Options, Site

    try:
        question_of(folder)
        whole, faults = check_sums(folder)
        if not only_checksums:
            faults = _remade(Site(open_existing(ledger), Options()), folder)
    except NoReleaseError as none:
        raise StopError(str(none)) from None
    wrong = [fault for fault in faults if fault.is_fault]
    for fault in faults:
        say(f"{fault.file} {fault.said}")
    if as_json:
        print_json({"files": whole, "same": not wrong, "faults": [{"file": f.file, "said": f.said} for f in wrong]})
    if wrong:
        what = "1 file is" if len(wrong) == 1 else f"{len(wrong)} files are"
        raise StopError(
            f"{folder}: {what} not as {'its checksum says' if only_checksums else 'the ledger gives it'}", Exit.FAULTS_FOUND
        )
    done = "have the checksums they should have" if only_checksums else "are what the ledger gives, byte for byte"
    say(f"{folder}: {whole:,} files {done}")


def _remade(site: Site, folder: Path) -> tuple[Fault, ...]:
    from dateline.releases.facts import this_maker
    from dateline.releases.verify import remake

    with progress("events", None) as on_event:
        found = remake(site, folder, on_event=on_event)
    ours, theirs = this_maker(), found.made_by
    if theirs != ours:
        why = "" if found.is_same else ", which may be why something differs"
        say(
            f"it was made by {theirs.program} with tables {theirs.knowledge} and {theirs.arrow}; here are {ours.program}, "
            f"{ours.knowledge} and {ours.arrow}{why}"
        )
    return found.faults
