"""The command that scores codings against gold sets: eval."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.cli.app import Exit, StopError, app
from dateline.cli.choosing import wait_for_board
from dateline.cli.options import DEFAULT_LEDGER, AsJson, LedgerFolder
from dateline.cli.printing import console, progress, say
from dateline.cli.shared import open_existing

if TYPE_CHECKING:
    from dateline.comparing.agreement import Comparison, Share
    from dateline.evaluation.gold import Article, GoldRecord
    from dateline.evaluation.scoring import Measure, Scores


@app.command("eval")
def evaluate(
    gold: Annotated[
        Path,
        typer.Argument(metavar="GOLD", exists=True, help="A folder of articles coded by hand, one NAME.yaml, or a CSV of events."),
    ],
    is_coded_now: Annotated[
        bool, typer.Option("--code", help="Code the articles now, instead of taking a ledger's claims.")
    ] = False,
    second: Annotated[
        Path | None,
        typer.Option("--second", metavar="GOLD", exists=True, help="The same articles by a second coder: how far the two agree."),
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="type|country|publisher", help="Scores for each of these too.")] = None,
    has_misses: Annotated[bool, typer.Option("--misses", help="List what was missed, and what is not in the gold.")] = False,
    as_json: AsJson = False,
    ledger: LedgerFolder = DEFAULT_LEDGER,
) -> None:
    """How good a coding is against one by hand: precision, recall, F1 and the share of each field that is right, with intervals.

    Articles are looked for in the ledger by their bytes, or coded now (--code). A CSV of events is compared with the ledger's
    linked events. Forms of gold sets: docs/evaluation.md.

    \b
    dateline eval gold/ --code --by type
    dateline eval gold/ -l demo-ledger --misses
    dateline eval gold/ --second other-coder/
    dateline eval events.csv -l demo-ledger
    """
    from dateline.evaluation.gold import GoldError, read_articles
    from dateline.evaluation.scoring import aligned, scores_of

    try:
        if gold.suffix.lower() == ".csv":
            if is_coded_now or second is not None:
                raise StopError("a CSV of events is compared with a ledger: no --code, no --second", Exit.USAGE)
            _of_events(gold, ledger, by, has_misses=has_misses, as_json=as_json)
            return
        articles = read_articles(gold)
        if second is not None:
            others = {a.name: a for a in read_articles(second)}
            missing = [a.name for a in articles if a.name not in others]
            if missing:
                raise StopError(f"{second}: lacks {', '.join(missing[:5])}, which {gold} has", Exit.USAGE)
            coded: Sequence[Sequence[GoldRecord]] = [others[a.name].records for a in articles]
        else:
            coded = _coded_now(articles) if is_coded_now else _from_ledger(articles, ledger)
        told = [aligned(article, records) for article, records in zip(articles, coded, strict=True)]
        scores = scores_of(told, by=by, has_two_coders=second is not None)
    except GoldError as fault:
        raise StopError(str(fault)) from None
    except ValueError as fault:
        raise StopError(str(fault), Exit.USAGE) from None
    for article in articles:
        if article.unplaced:
            say(f"{article.name}: the evidence of {', '.join(article.unplaced)} is not in its text, and cannot be found")
    if as_json:
        sys.stdout.write(json.dumps(_data(scores, has_misses=has_misses), ensure_ascii=False, default=str) + "\n")
    else:
        _tell(scores, by, has_misses=has_misses)


# ---------------------------------------------------------------- ours


def _coded_now(articles: Sequence[Article]) -> list[tuple[GoldRecord, ...]]:
    from dateline.cli.shared import coding_errors
    from dateline.evaluation.gold import records_of
    from dateline.knowledge.load import load_knowledge
    from dateline.language.models import load_models
    from dateline.pipeline import code_report

    with coding_errors(), progress("articles", len(articles)) as on_article:
        knowledge, models = load_knowledge(), load_models()
        found = []
        for article in articles:
            found.append(records_of(code_report(article.report, knowledge, models), article.raw))
            on_article(article.name)
    return found


def _from_ledger(articles: Sequence[Article], folder: Path) -> list[tuple[GoldRecord, ...]]:
    """The claims of the ledger's documents that have the articles' very bytes. Raises StopError where it has none of them."""
    import hashlib

    from dateline.evaluation.gold import records_of

    ledger = open_existing(folder)
    documents = {row.raw_sha256: row.document_id for row in ledger.documents()}
    found, missing = [], []
    for article in articles:
        id = documents.get(hashlib.sha256(article.raw).hexdigest())
        if id is None:
            missing.append(article.name)
        found.append(records_of(ledger.coding(id), article.raw) if id is not None else ())
    if len(missing) == len(articles):
        raise StopError(f"{folder} has none of these articles: `dateline add` them, or code them now with --code")
    if missing:
        say(f"not in the ledger, and counted as coded empty: {', '.join(missing)}")
    return found


# ---------------------------------------------------------------- a table of events


def _of_events(file: Path, folder: Path, by: str | None, *, has_misses: bool, as_json: bool) -> None:
    import numpy as np

    from dateline.analysis.counting import counted
    from dateline.comparing.agreement import compared
    from dateline.comparing.occurrences import occurrences
    from dateline.evaluation.gold import read_events
    from dateline.knowledge.comparing import load_match_rules
    from dateline.web.site import Options, Site
    from dateline.web.tallying import period_of

    if by not in {None, "type", "country"}:
        raise StopError(f"--by {by}: a table of events is scored by type or country", Exit.USAGE)
    gold = read_events(file)
    site = Site(open_existing(folder), Options())
    wait_for_board(site, None)
    board = site.board()
    rows = counted(board, np.arange(len(board), dtype=np.int64)).rows
    found = compared(
        list(occurrences(board, rows.tolist())), list(gold), load_match_rules(), lambda day: period_of(day, "month"), by="month"
    )
    if as_json:
        sys.stdout.write(json.dumps(_event_data(found, by), ensure_ascii=False, default=str) + "\n")
        return
    typer.echo(f"{len(gold):,} events by hand; over what both cover: {found.all.theirs:,}, of ours {found.all.ours:,}")
    for group in (found.all, *(found.groups[by] if by else ())):
        typer.echo(f"{group.key}: recall {_share(group.of_theirs)}; precision {_share(group.of_ours)}")
    for field in found.fields:
        if field.alike.n:
            typer.echo(f"{field.name}: {_share(field.alike)}")
    for figure in found.figures:
        if figure.meet.n:
            typer.echo(f"{figure.what}: bounds meet in {_share(figure.meet)}")
    if has_misses:
        for event in found.only_theirs:
            typer.echo(f"missed: {event.id}, {event.type} {event.mode or ''}, {event.place or event.country}, {event.first}")
    for a in found.aside:
        say(f"set aside: {a.events:,} of {'ours' if a.whose == 'ours' else 'the gold'}, {a.why}")


def _event_data(found: Comparison, by: str | None) -> dict[str, Any]:
    return {
        "all": dataclasses.asdict(found.all),
        "groups": [dataclasses.asdict(g) for g in found.groups[by]] if by else [],
        "fields": [dataclasses.asdict(f) for f in found.fields],
        "figures": [dataclasses.asdict(f) for f in found.figures],
        "missed": [event.id for event in found.only_theirs],
        "aside": [dataclasses.asdict(a) for a in found.aside],
    }


# ---------------------------------------------------------------- words


def _tell(scores: Scores, by: str | None, *, has_misses: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    def table(first: str, *columns: str) -> Table:
        made = Table(box=None, pad_edge=False, header_style="bold")
        made.add_column(first)
        for column in columns:
            made.add_column(column, justify="right", no_wrap=True)
        return made

    screen = console()
    screen.print(f"{scores.articles:,} article{'' if scores.articles == 1 else 's'}")
    measures = table("", "by hand", "ours", "right", "precision", "recall", "F1")
    for m in scores.measures:
        measures.add_row(m.name, *_cells(m))
    screen.print(measures)
    typer.echo("")
    has_alpha = any(f.alpha is not None for f in scores.fields)
    fields = table("of pairs of like type", "right", "of", "share", *(("alpha",) if has_alpha else ()))
    for f in scores.fields:
        cells = [f"{f.right:,}", f"{f.n:,}", _interval(f.share, f.low, f.high)]
        cells += [_interval(f.alpha, f.alpha_low, f.alpha_high, is_share=False)] if has_alpha else []
        fields.add_row(f.name, *cells)
    screen.print(fields)
    if scores.groups:
        typer.echo("")
        groups = table(f"type right, by {by}", "by hand", "ours", "right", "precision", "recall", "F1")
        for m in scores.groups:
            groups.add_row(Text(m.name), *_cells(m))
        screen.print(groups)
    typer.echo("\nIntervals hold 95 of 100 samples: Wilson's of shares, of F1 and alpha that of articles or pairs drawn anew.")
    for a in scores.aligned if has_misses else ():
        for what, records in (("missed", a.missed), ("not by hand", a.spurious)):
            for record in records:
                words = " ".join(record.words.split())[:120]
                typer.echo(f"{a.article}: {what}: {record.type} “{''.join(c if c.isprintable() else ' ' for c in words)}”")


def _cells(m: Measure) -> list[str]:
    return [
        f"{m.gold:,}", f"{m.ours:,}", f"{m.hits:,}", _interval(m.precision, m.precision_low, m.precision_high),
        _interval(m.recall, m.recall_low, m.recall_high), _interval(m.f1, m.f1_low, m.f1_high),
    ]  # fmt: skip


def _interval(value: float | None, low: float | None, high: float | None, *, is_share: bool = True) -> str:
    if value is None:
        return "–"

    def said(number: float) -> str:
        return f"{number:.2f}".replace("0.", ".") if is_share and number < 1 else f"{number:.2f}"

    return said(value) + (f" ({said(low)}–{said(high)})" if low is not None and high is not None else "")


def _share(share: Share) -> str:
    if share.share is None:
        return "none of 0"
    return f"{share.count:,} of {share.n:,} ({share.share:.0%}, {share.low:.0%}–{share.high:.0%})"


def _data(scores: Scores, *, has_misses: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "articles": scores.articles,
        "measures": [dataclasses.asdict(m) for m in scores.measures],
        "fields": [dataclasses.asdict(f) for f in scores.fields],
        "groups": [dataclasses.asdict(m) for m in scores.groups],
    }
    if has_misses:
        data["missed"] = [
            {"article": a.article, "id": r.id, "type": r.type, "words": r.words} for a in scores.aligned for r in a.missed
        ]
        data["spurious"] = [
            {"article": a.article, "id": r.id, "type": r.type, "words": r.words} for a in scores.aligned for r in a.spurious
        ]
    return data
