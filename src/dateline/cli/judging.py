"""Commands of people who judge: merge, split, not-same, accept, reject, correct, retract, undo; history, review, agree, audit."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.options import DEFAULT_LEDGER, AsJson, AsOf, By, LedgerFolder, Reason, moment
from dateline.cli.printing import console, print_json, say
from dateline.cli.shared import now, open_existing
from dateline.values import About, JudgementKind

if TYPE_CHECKING:
    from dateline.ledger.judged import Judged
    from dateline.ledger.review import Item
    from dateline.ledger.signing import Signer
    from dateline.records import Judge, Judgement

audit = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(audit, name="audit")


@audit.callback()
def audit_group() -> None:
    """What was judged, and whether it is still there.

    \b
    dateline audit log
    dateline audit verify
    """


Ids = Annotated[list[str], typer.Argument(metavar="ID", help="Claims, by id or its beginning; - reads ids from standard input.")]
OneId = Annotated[str, typer.Argument(metavar="ID", help="A claim or event, by its id or as much of it as is needed.")]
Events = Annotated[list[str], typer.Argument(metavar="ID", help="Events, by the id of any of their claims.")]
IsEvent = Annotated[bool, typer.Option("--event", help="The whole event that the id is of, with all its claims.")]
IsDry = Annotated[bool, typer.Option("--dry-run", help="Enter nothing; show the events as they are and as they would be.")]
Force = Annotated[bool, typer.Option("--force", help="Enter it although it contradicts an earlier judgement.")]
Key = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", envvar="DATELINE_KEY", help=r"An Ed25519 key to sign with (needs dateline\[sign])."),
]


# ---------------------------------------------------------------- which claims form which event


@app.command()
def merge(
    events: Events,
    by: By,
    reason: Reason,
    force: Force = False,
    is_dry: IsDry = False,
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Says that events are one happening. All their claims are kept, every id leads to the one event, and it can be undone.

    \b
    dateline merge 4f1c09 77ab31 --by Ada --reason "one march" --dry-run --json
    dateline merge 4f1c09 77ab31 --by Ada --reason "one march, two papers"
    """

    def draft(judged: Judged, who: Judge, at: datetime) -> list[Judgement]:
        return [judged.merger(events, who, at, reason)]

    _enter(draft, by, ledger, key=key, force=force, is_dry=is_dry, as_json=as_json)


@app.command()
def split(
    event: OneId,
    claims: Annotated[list[str], typer.Option("--claims", metavar="ID,…", help="The claims that leave, with commas between.")],
    by: By,
    reason: Reason,
    force: Force = False,
    is_dry: IsDry = False,
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Says that some claims of an event tell of another happening, and keeps the two apart from then on.

    \b
    dateline split 4f1c09 --claims 90dd02,5e0b17 --by Ada --reason "the march of the day after"
    """

    def draft(judged: Judged, who: Judge, at: datetime) -> list[Judgement]:
        leaving = [claim for several in claims for claim in several.replace(",", " ").split()]
        return [judged.split(event, leaving, who, at, reason)]

    _enter(draft, by, ledger, key=key, force=force, is_dry=is_dry, as_json=as_json)


@app.command(name="not-same")
def not_same(
    one: OneId,
    other: OneId,
    by: By,
    reason: Reason = "",
    force: Force = False,
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Says that two events are not one, so that no run of the linker joins them.

    \b
    dateline not-same 4f1c09 77ab31 --by Ada
    """

    def draft(judged: Judged, who: Judge, at: datetime) -> list[Judgement]:
        return [judged.not_same(one, other, who, at, reason)]

    _enter(draft, by, ledger, key=key, force=force, as_json=as_json)


# ---------------------------------------------------------------- which names are one actor


Names = Annotated[list[str], typer.Argument(metavar="NAME", help="Names, to the letter; the first is shown for all of them.")]


@app.command(name="same-actor")
def same_actor(
    names: Names,
    by: By,
    reason: Reason = "",
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Enter nothing; say in how many events they are.")] = False,
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Says that names are of one actor: in lists, figures and the network it is one, under the first of them. Claims stay as read.

    \b
    dateline same-actor "Rift Chamber of Nurses" RCN --by Ada --dry-run
    dateline same-actor "Rift Chamber of Nurses" RCN --by Ada --reason "by its own site"
    """
    _of_names(JudgementKind.SAME_ACTOR, names, by, reason, ledger, key=key, as_json=as_json, is_dry=is_dry)


@app.command(name="different-actors")
def different_actors(
    names: Names,
    by: By,
    reason: Reason = "",
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Says that names are of different actors, so that nobody joins them or is asked about them again.

    \b
    dateline different-actors "J. Doe" "Jane Doe" --by Ada
    """
    _of_names(JudgementKind.NOT_SAME_ACTOR, names, by, reason, ledger, key=key, as_json=as_json)


def _of_names(
    kind: JudgementKind,
    names: Sequence[str],
    by: str,
    reason: str,
    ledger: Path,
    *,
    key: Path | None,
    as_json: bool,
    is_dry: bool = False,
) -> None:
    def draft(judged: Judged, who: Judge, at: datetime) -> list[Judgement]:
        return [judged.of_names(kind, names, who, at, reason)]

    if not is_dry:
        _enter(draft, by, ledger, key=key, as_json=as_json)
        return
    from dataclasses import asdict

    from dateline.ledger.one_actor import names_of
    from dateline.runs.one_actor import together
    from dateline.web.site import Site

    site = Site(open_existing(ledger))
    from dateline.records import Judge

    (drafted,) = draft(site.judged(), Judge(" ".join(by.split())), now())
    found = together(site.board(is_waited_for=True), names_of(drafted))
    if as_json:
        print_json(asdict(found))
    else:
        _print(f"{events:,} events with {name}" for name, events in found.events.items())
        _print([f"{found.all_of_them:,} events with one of them; in {found.shared:,} there are several, which count once"])
    say("nothing was entered")


# ---------------------------------------------------------------- what holds of a claim


@app.command()
def accept(
    claims: Ids,
    by: By,
    reason: Reason = "",
    is_event: IsEvent = False,
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Says that claims are read as their reports have it. Many at once are one entry of the log, which can be undone as a whole.

    \b
    dateline accept 4f1c09 --by Ada
    dateline find --type PROTEST --json | jq -r .claim_id | dateline accept - --by Ada
    """
    _verdict(JudgementKind.ACCEPTED, claims, by, reason, ledger, is_event=is_event, key=key, as_json=as_json)


@app.command()
def reject(
    claims: Ids,
    by: By,
    reason: Reason = "",
    is_event: IsEvent = False,
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Says that claims are misread: their reports do not say so. They are kept, and no longer count.

    \b
    dateline reject 4f1c09 --by Ada --reason "a film, not a shooting"
    """
    _verdict(JudgementKind.REJECTED, claims, by, reason, ledger, is_event=is_event, key=key, as_json=as_json)


@app.command()
def retract(
    claims: Ids,
    by: By,
    reason: Reason = "",
    is_event: IsEvent = False,
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Says that what was reported was taken back, by its publisher or whoever said it. It is kept, and no longer counts.

    \b
    dateline retract 4f1c09 --by Ada --reason "the paper withdrew the story on 20 August"
    """
    _verdict(JudgementKind.RETRACTED, claims, by, reason, ledger, is_event=is_event, key=key, as_json=as_json)


@app.command()
def correct(
    claim: OneId,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="type, mode, day, place, counts.killed, … (docs/judgements.md)")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What it is instead; none if the report does not say.")],
    by: By,
    reason: Reason = "",
    is_event: IsEvent = False,
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Gives a field of a claim another value than was read. The reading stays beside it.

    \b
    dateline correct 4f1c09 day 2020-08-17 --by Ada
    dateline correct 4f1c09 counts.detained 40.. --by Ada --reason "at least forty"
    """

    def draft(judged: Judged, who: Judge, at: datetime) -> list[Judgement]:
        from dateline.runs.codes import codes_of

        codes = codes_of(judged, field)
        return [judged.correction(claim, field, value, codes, _about(is_event), who, at, reason)]

    _enter(draft, by, ledger, key=key, as_json=as_json)


@app.command()
def undo(
    judgements: Annotated[list[str], typer.Argument(metavar="JUDGEMENT", help="12.1, or 12 for all that was entered at once.")],
    by: By,
    reason: Reason = "",
    is_dry: IsDry = False,
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Takes judgements back, anybody's, by a new entry: all is as it was before them. An undoing can itself be undone.

    \b
    dateline undo 12.1 --by Ada --reason "two marches after all"
    """

    def draft(judged: Judged, who: Judge, at: datetime) -> list[Judgement]:
        return [judged.undoing(judgements, who, at, reason)]

    _enter(draft, by, ledger, key=key, is_dry=is_dry, as_json=as_json)


# ---------------------------------------------------------------- what was and what is to be judged


@app.command()
def history(
    id: OneId,
    is_claim: Annotated[bool, typer.Option("--claim", help="Of this claim alone, not of its whole event.")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Tells all that happened to an event, in order: when its claims were coded, linked and judged, by what and by whom.

    \b
    dateline history 4f1c09
    """
    from dateline.ledger.history import history as steps_of
    from dateline.views.judging import history_lines

    steps = steps_of(judged_at(ledger, as_of), id, of_event=not is_claim)
    if as_json:
        for step in steps:
            fields = {"at": step.at, "what": step.what, "by": step.by, "claims": step.claims, "words": step.words}
            more = {"event": step.event, "chance": step.chance, "is_undone": step.is_undone or None}
            judgement = {"judgement": step.judgement.id} if step.judgement else {}
            print_json({**fields, **{name: value for name, value in more.items() if value is not None}, **judgement})
    else:
        _print(history_lines(steps))


@app.command()
def review(
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="The first N only.")] = 50,
    is_next: Annotated[
        bool, typer.Option("--next", help="The first alone, with the words it was read from and what to answer.")
    ] = False,
    is_stats: Annotated[bool, typer.Option("--stats", help="How much is judged and how much is to be, and by whom.")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Lists what somebody should look at, the most pressing first, and says why each stands there.

    The page is quicker for many: there an answer is a key (docs/page-review.md).

    \b
    dateline review --limit 10
    dateline review --next
    dateline review --stats
    """
    from dataclasses import asdict

    from dateline.ledger.review import standing, to_review
    from dateline.views.judging import review_lines, standing_lines

    judged = judged_at(ledger, as_of)
    if is_stats:
        found = standing(judged)
        print_json(asdict(found)) if as_json else _print(standing_lines(found))
        return
    items = to_review(judged, limit=1 if is_next else limit)
    if as_json:
        for item in items:
            print_json(asdict(item))
    else:
        _print(review_lines(items))
        if is_next and items:
            _show_with_words(judged, items[0])
    if not items:
        say("nothing to review")


def _show_with_words(judged: Judged, item: Item) -> None:
    """The claims of something to look at, each with its words, and the commands that decide about it."""
    from dateline.ledger.errors import NotFoundError
    from dateline.views.judging import answer_lines
    from dateline.views.terminal import render_claim

    for claim in item.claims[:SHOWN]:
        try:
            shown = judged.ledger.show(claim, judged.as_of)
        except NotFoundError:
            continue  # its report is coded without it now, which is what is to be looked at
        typer.echo("")
        render_claim(shown.claim, shown.document, console())
    _print(["", "to answer, with --by NAME:", *(f"  {line}" for line in answer_lines(item))])


SHOWN = 3
"""Claims that are shown of something to look at; `dateline show` has all."""


@app.command()
def agree(
    as_of: AsOf = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Says how far second answers, given blind, agree with the first ones: Krippendorff's alpha for each field.

    \b
    dateline agree
    """
    from dataclasses import asdict

    from dateline.ledger.agreement import agreements
    from dateline.ledger.second import pairs
    from dateline.views.agreeing import agreement_lines

    found = agreements(pairs(judged_at(ledger, as_of)))
    if as_json:
        for one in found:
            print_json(asdict(one))
    elif found:
        _print(agreement_lines(found))
    if not found:
        say("nobody has answered a second time yet: the page asks for it under Review, Second answers")


# ---------------------------------------------------------------- audit


@audit.command(name="log")
def audit_log(
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="What this person or program judged.")] = None,
    about: Annotated[str | None, typer.Option("--about", metavar="ID", help="What was judged about this claim or event.")] = None,
    kind: Annotated[JudgementKind | None, typer.Option("--kind", help="Only this kind.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Lists judgements in the order they were entered, those that were undone as well.

    \b
    dateline audit log --by Ada --kind merged
    """
    from dateline.views.judging import log_lines

    judged = judged_at(ledger, as_of)
    claims = set(judged.claims_of(judged.event(about))) if about else set()
    wanted = [
        judgement
        for judgement in judged.judgements
        if (by is None or judgement.by.name == by)
        and (kind is None or judgement.kind is kind)
        and (not claims or not claims.isdisjoint(judgement.claims))
    ]
    print_judgements(wanted) if as_json else _print(log_lines(wanted, judged.in_force))
    if not wanted:
        say("no judgement fits" if by or about or kind else f"{ledger}: nothing was judged yet")


@audit.command(name="verify")
def audit_verify(
    head: Annotated[str | None, typer.Option("--head", metavar="HASH", help="A head noted down: shows a cut-off end.")] = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Checks that nothing was edited, removed, inserted or moved: judgements, names, receipts, segments, reports. Faults: status 4.

    \b
    dateline audit verify --head 5d1f22c0
    """
    from dataclasses import asdict

    from dateline.ledger.audit import verify
    from dateline.views.judging import verdict_lines

    verdict = verify(open_existing(ledger).path, head=head)
    if as_json:
        print_json(asdict(verdict))
    else:
        _print(verdict_lines(verdict))
    if verdict.faults:
        say(f"{len(verdict.faults):,} faults: the ledger is not what was entered. Restore the files named from a copy")
        raise typer.Exit(Exit.FAULTS_FOUND)


@audit.command(name="at")
def audit_at(
    when: Annotated[datetime, typer.Argument(metavar="TIME", parser=moment, help="A day (its end), or a moment in UTC.")],
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Says what the ledger held at a moment, and which judgements were in force then.

    \b
    dateline audit at 2020-08-18
    """
    from dateline.views.judging import log_lines

    judged = judged_at(ledger, when)
    held = [judgement for judgement in judged.judgements if judgement.id in judged.in_force]
    entries = judged.log.entries(when)
    summary = judged.ledger.summary(when)
    if as_json:
        counts = {"documents": summary.documents, "claims": summary.claims, "events": summary.events, "receipts": summary.shards}
        print_json({"at": when, "head": entries[-1].hash if entries else None, **counts, "moved": judged.events})
        print_judgements(held)
        return
    _print([
        f"{when:%Y-%m-%d %H:%M:%S} UTC: {summary.documents:,} documents, {summary.claims:,} claims, {len(held):,} judgements hold",
        *([f"head {entries[-1].hash}"] if entries else []),
        *log_lines(held, judged.in_force),
    ])  # fmt: skip


@audit.command(name="forget")
def audit_forget(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name to remove, as it stands in the log.")],
    by: By,
    reason: Reason = "",
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """Removes a person's name from the log for good. What they judged stays, under a stand-in, and the chain holds.

    \b
    dateline audit forget "Ada" --by Ben --reason "at her request"
    """
    judged = judged_at(ledger)
    from dateline.records import Judge

    entry = judged.log.forget(name, by=Judge(by), at=now(), reason=reason, signer=signer_of(key))
    if as_json:
        print_json({"entry": entry.number, "hash": entry.hash})
    say(f"entry {entry.number}: the name is removed from {ledger}. Copies of the ledger still have it")


# ---------------------------------------------------------------- what the commands share


def judged_at(ledger: Path, as_of: datetime | None = None) -> Judged:
    """The ledger in that folder with its judgements at a moment; None: now."""
    from dateline.ledger.judged import Judged
    from dateline.ledger.judgements import Log

    book = open_existing(ledger)
    return Judged(book, Log(book.path), as_of)


def _enter(
    draft: Callable[[Judged, Judge, datetime], Sequence[Judgement]],
    by: str,
    ledger: Path,
    *,
    key: Path | None,
    as_json: bool,
    force: bool = False,
    is_dry: bool = False,
) -> None:
    """Enters what was drafted and prints it, unless it contradicts what people have said and nobody insists."""
    from dateline.ledger.entering import ContradictionError, contradicted, enter
    from dateline.views.judging import contradiction_lines, judgement_line

    judged = judged_at(ledger)
    from dateline.records import Judge

    drafted = draft(judged, Judge(" ".join(by.split())), now())
    for line in contradiction_lines(contradicted(judged, drafted)):
        say(line)
    if is_dry:
        _show_before_and_after(judged, drafted, as_json=as_json)
        return
    try:
        entry = enter(judged, drafted, is_forced=force, signer=signer_of(key))
    except ContradictionError:
        advice = "Undo what is wrong (`dateline undo`), or enter this none the less with --force"
        raise StopError(f"nothing was entered. {advice}") from None
    if as_json:
        print_judgements(entry.judgements)
    else:
        _print([judgement_line(judgement) for judgement in entry.judgements])


def _show_before_and_after(judged: Judged, drafted: Sequence[Judgement], *, as_json: bool) -> None:
    """The events that the drafts are about, as they are and as they would be, with what each says; nothing is entered."""
    from dateline.knowledge.accounts import load_accounts
    from dateline.runs.events import read_events
    from dateline.views.events import event_data, render_events

    knowledge = load_accounts()
    claims = list(dict.fromkeys(claim for draft in drafted for claim in draft.claims))
    for when, people in (("before", judged), ("after", judged.with_drafts(drafted))):
        ids = {people.event(claim) for claim in claims}
        events = sorted(read_events(judged.ledger, knowledge, only=ids, people=people).events, key=lambda event: event.id)
        if as_json:
            for event in events:
                print_json({"when": when, **event_data(event)})
        else:
            typer.echo(when)
            render_events(events, console())
    say("nothing was entered")


def _verdict(
    kind: JudgementKind,
    claims: Sequence[str],
    by: str,
    reason: str,
    ledger: Path,
    *,
    is_event: bool,
    key: Path | None,
    as_json: bool,
) -> None:
    ids = list(dict.fromkeys(sys.stdin.read().split() if list(claims) == ["-"] else claims))
    if not ids:
        raise StopError("no ids on standard input", Exit.USAGE)

    def draft(judged: Judged, who: Judge, at: datetime) -> list[Judgement]:
        return judged.verdicts(kind, ids, _about(is_event), who, at, reason)

    _enter(draft, by, ledger, key=key, as_json=as_json)


def _about(is_event: bool) -> About:
    return About.EVENT if is_event else About.CLAIM


def signer_of(key: Path | None) -> Signer | None:
    """Who signs with the key in that file; no file: nobody."""
    if key is None:
        return None
    from dateline.ledger.signing import load_signer

    return load_signer(key)


def _print(lines: Any) -> None:
    for line in lines:
        typer.echo(line)


def print_judgements(judgements: Sequence[Judgement]) -> None:
    """The judgements as JSON, a line each."""
    from dateline.serial import to_json

    for judgement in judgements:
        typer.echo(to_json(judgement))
