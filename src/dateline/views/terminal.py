"""Records for a terminal: 80 columns or more, with colour or without, piped or on a screen.

Nothing relies on colour: statuses have glyphs and words, and where bold is lost (a pipe, a dumb terminal) a trigger stands
*between stars*. Words of reports are shown with their control characters made visible: no report can drive the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dateline.ledger.rows import ClaimRow
from dateline.records import (
    BlockKind,
    Check,
    Claim,
    Coding,
    Document,
    EventMention,
    How,
    Origin,
    Outcome,
    Problem,
    Quotation,
    QuoteKind,
    Span,
    StatusValue,
    TellingValue,
    Weighed,
)
from dateline.views import wording as say
from dateline.views.actor_page import ActorPage, Side, Spelling, Term
from dateline.views.evidence import Role, Value, evidence_of, values_of
from dateline.views.explanation import Explanation, Part, Reason, WeighedPlace, WeighedWords, why
from dateline.views.lines import INDENT, fields, flat, indented, lines, shortest
from dateline.views.wording import Wording, shown

STATUS_STYLES = {
    StatusValue.ASSERTED: "green",
    StatusValue.PLANNED: "cyan",
    StatusValue.CONDITIONAL: "cyan",
    StatusValue.DENIED: "red",
    StatusValue.ALLEGED: "yellow",
}
ROOMY, WIDE = 110, 130
"""Columns from which a table has room for the teller, and for the words themselves."""


# ---------------------------------------------------------------- a coded report


def render_coding(coding: Coding, console: Console) -> None:
    """Prints what a report says happened: heading, records in the order of the text, quotations, problems."""
    coding = say.with_quotations_only(coding)
    wording = say.load_wording()
    _heading(coding, console)
    numbers = {claim.id: number for number, claim in enumerate(coding.claims, 1)}
    if coding.document:
        for number, claim in enumerate(coding.claims, 1):
            _record(number, claim, coding.document, numbers, wording, console)
        _quotations(coding.quotations, coding.document, console)
    render_problems(coding.problems, console)


def _heading(coding: Coding, console: Console) -> None:
    document = coding.document
    lines(Text(shown(_title(coding)), "bold"), console)
    if document:
        told = [document.publisher or "publisher not known", document.byline]
        told.append(
            f"{say.day(document.published.day)} ({say.date_origin(document)})" if document.published else "no publication date"
        )
        lines(Text(shown(" · ".join(part for part in told if part)), "dim"), console)
    counts = [say.tally(len(coding.claims), "record")]
    counts += [say.tally(len(coding.quotations), "quotation")] if coding.quotations else []
    counts += [say.tally(len(coding.problems), "problem")] if coding.problems else []
    lines(Text(" · ".join(counts)), console)
    if any(value.is_assumed for value in _times_and_places(coding)):
        lines(Text(f"{say.ASSUMED} inferred: no words say it", "dim"), console)
    console.print()


def _times_and_places(coding: Coding) -> Iterable[Value]:
    wording = say.load_wording()
    values = (value for claim in coding.claims for value in values_of(claim.event, wording))
    return (value for value in values if value.role in {Role.TIME, Role.PLACE})


def _title(coding: Coding) -> str:
    document = coding.document
    if document is None:
        return coding.report
    of_block = next((b.span.of(document.text) for b in document.blocks if b.kind is BlockKind.TITLE), None)
    return document.title or of_block or document.name


def _record(number: int, claim: Claim, document: Document, numbers: dict[str, int], wording: Wording, console: Console) -> None:
    event = claim.event
    # What the figure is stands by the first record; from there on a reader knows it by its place.
    badge = _badge(claim, wording, is_labelled=number == 1)
    lines(badge, console, INDENT, Text(f"{number:>{INDENT - 1}} ", "bold"))
    indented(_headline(claim, wording), console)
    indented(_quoted(event.evidence, event.trigger, document, console), console)
    counts = "; ".join(say.how_many(c) + (f" ({notes})" if (notes := say.count_notes(c, event)) else "") for c in event.counts)
    rows = [
        ("many", Text(shown(counts))),
        ("with", Text(shown("; ".join(say.with_what(i) for i in event.instruments)))),
        *((value.label, _brief(value)) for value in values_of(event, wording) if value.role in {Role.TIME, Role.PLACE}),
        *((label, Text(shown(said))) for label, said in _about(event, document)),
        ("says", Text(shown(say.tellers(event.attribution)) if len(event.attribution) > 1 else "")),
        *(("check", Text(shown(say.check(check)))) for check in event.checks),
        ("again", Text(f"first told in record {numbers[claim.same_as]}" if claim.same_as in numbers else "")),
    ]
    fields(rows, console)
    console.print()


def _about(event: EventMention, document: Document) -> Iterable[tuple[str, str]]:
    """What a protest or request is about, what it wants and what it was met with, each in a line; nothing told: ""."""
    text = document.text
    yield "about", "; ".join(f"{say.issue(i)}: “{flat(i.span.of(text))}”" for i in event.issues)
    yield "wants", "; ".join(f"{say.demand(d)}: “{flat(d.span.of(text))}”" for d in event.demands)
    if event.response is not None:
        deeds = "; ".join(f"{d.kind} “{flat(d.trigger.of(text))}”" for d in event.response.deeds)
        yield "met with", f"{event.response.intensity}: {deeds}" if event.response.intensity else deeds


def _badge(claim: Claim, wording: Wording, *, is_labelled: bool) -> Text:
    event = claim.event
    status = event.status.value
    return Text.assemble(
        (shown(say.type_and_mode(event)), "bold blue"),
        "  ",
        (f"{wording.glyphs.get(status, '•')} {status}", STATUS_STYLES[status]),
        (f"  {'confidence ' if is_labelled else ''}{event.confidence:.2f}", "dim"),
        ("  background" if event.telling.value is TellingValue.BACKGROUND else "", "dim"),
    )


def _headline(claim: Claim, wording: Wording) -> Text:
    line = say.headline(claim.event, wording)
    aim = f" – {line.link} {line.whom}" if line.whom else ""
    return Text.assemble((shown(line.who), "bold"), f" – {shown(line.what)}", shown(aim))


def _brief(value: Value) -> Text:
    return Text(shown(f"{say.ASSUMED} {value.text}"), "dim") if value.is_assumed else Text(shown(value.text))


def _quoted(run: Span, stressed: Span, document: Document, console: Console) -> Text:
    """The words of the run in quotation marks with those stressed in bold, or between stars where nothing can be bold."""
    text = document.text
    if not run.contains(stressed):
        return Text(f"“{flat(run.of(text))}”", "italic")
    bold = "bold underline" if console.is_terminal and not console.is_dumb_terminal else ""
    star = "" if bold else "*"
    before, after = text[run.start : stressed.start], text[stressed.end : run.end]
    return Text.assemble(
        "“", flat(before), (star + flat(stressed.of(text)) + star, bold), flat(after), "”", style="italic" if bold else ""
    )


def _quotations(quotations: Sequence[Quotation], document: Document, console: Console) -> None:
    if not quotations:
        return
    console.print(Text("Quotations", "bold"))
    for quotation in quotations:
        speaker = quotation.speaker.name if quotation.speaker else "speaker not said"
        via = f" via {quotation.via.name}" if quotation.via else ""
        words = " … ".join(flat(span.of(document.text)) for span in quotation.content)
        words = words if quotation.kind is QuoteKind.INDIRECT else f"“{words}”"
        indented(Text.assemble((shown(speaker), "bold"), shown(via), (f" ({quotation.kind})", "dim"), ": ", words), console)
    console.print()


def render_problems(problems: Sequence[Problem], console: Console) -> None:
    """Prints each problem with its stage, reason and message; none: nothing."""
    if not problems:
        return
    console.print(Text("Problems", "bold"))
    for problem in problems:
        fatal = " (nothing of the report could be coded)" if problem.is_fatal else ""
        indented(Text.assemble((f"{problem.stage}: {problem.reason}", "red"), fatal, " – ", shown(problem.message)), console)
    console.print()


# ---------------------------------------------------------------- claims of a ledger


def render_answer(columns: Sequence[str], rows: Sequence[Sequence[object]], console: Console) -> None:
    """Prints what a query gave, a line a row; no rows: the names of the columns alone."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    console.print(table)


def render_claims(rows: Sequence[ClaimRow], console: Console) -> None:
    """Prints a line a claim in the order given: id, days, whether, what, who → whom, where, how many.

    From ROOMY columns on it adds on whose word (the teller nearest to the happening), from WIDE on the words.
    Ids are shortened as far as they still differ from one another. No rows: says that nothing was found.
    """
    if not rows:
        console.print(Text("No claims found."))
        return
    wording = say.load_wording()
    length = shortest({row.claim_id for row in rows})
    is_roomy, is_wide = console.width >= ROOMY, console.width >= WIDE
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("id", no_wrap=True, style="dim")
    table.add_column("when", no_wrap=True)
    table.add_column("", no_wrap=True, style="bold")
    table.add_column("what", overflow="fold", style="bold", max_width=None if is_wide else 9)
    table.add_column("who → whom", overflow="fold")
    table.add_column("where", overflow="fold", max_width=None if is_wide else 12)
    table.add_column("how many", overflow="fold", max_width=None if is_wide else 14)
    if is_roomy:
        table.add_column("on whose word", overflow="fold", max_width=24)
    if is_wide:
        table.add_column("words", overflow="fold")
    for row in rows:
        cells = _cells(row, length, wording)
        table.add_row(*cells[: len(table.columns)])
    console.print(table)
    legend = "  ".join(f"{wording.glyphs[status]} {status}" for status in StatusValue if any(row.status == status for row in rows))
    lines(Text(say.tally(len(rows), "claim")), console)
    is_any_assumed = any(How.INFERRED in {row.date_origin, row.place_origin} for row in rows)
    lines(Text(legend + (f"  {say.ASSUMED} inferred" if is_any_assumed else ""), "dim"), console)


def _cells(row: ClaimRow, length: int, wording: Wording) -> list[Text]:
    """All that a row can show, left to right; narrow tables leave out the last."""
    whom = f" → {_names(row.recipient_names)}" if row.recipient_names else ""
    counts = "; ".join(f"{c.what} {say.amount(c.what, c.low, c.high, c.unit)}" for c in row.counts)
    return [
        Text(row.claim_id[:length]),
        _if_assumed(_days(row), row.date_origin),
        Text(wording.glyphs[row.status], STATUS_STYLES[StatusValue(row.status)]),
        Text(shown(f"{row.type} {row.mode}" if row.mode else row.type)),
        Text(shown((_names(row.actor_names) or "–") + whom)),
        _if_assumed(row.place_name or "–", row.place_origin),
        Text(shown(counts or "–")),
        Text(shown(row.attribution[-1] if row.attribution else "–")),
        Text(f"“{flat(row.evidence)}”"),
    ]


def _if_assumed(words: str, origin: str | None) -> Text:
    return Text(shown(say.ASSUMED + words), "dim") if origin == How.INFERRED else Text(shown(words))


def _names(names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _days(row: ClaimRow) -> str:
    """ISO days, a range on two lines; an open side is an ellipsis."""
    first, last = row.first_day, row.last_day
    if first and last and first != last:
        return f"{first}\n…{last}"
    return f"{first}" + ("" if last else " …") if first else f"… {last}" if last else "–"


# ---------------------------------------------------------------- an actor


def render_actor(page: ActorPage, console: Console) -> None:
    """Prints an actor: names, offices by date, sides over time, claims counted by party, type and year, and the latest of them."""
    wording = say.load_wording()
    lines(Text.assemble((shown(page.name), "bold"), (f"  {page.id or 'known in this ledger only'}", "dim")), console)
    spellings = "; ".join(f"{s.name} ({_as_what(s)})" for s in page.spellings)
    named = [(n, n.as_actor + n.as_recipient + n.as_teller) for n in page.namesakes]
    namesakes = "; ".join(f"{n.name} ({', '.join(filter(None, (n.country, say.tally(number, 'claim'))))})" for n, number in named)
    rows = [
        ("names", spellings or "none in this ledger"),
        ("also", "; ".join(page.aliases)),
        *(("office" if term.office else "listed", _term(term, wording)) for term in page.terms),
        *(("side", _side(side, wording)) for side in page.sides),
        ("perhaps", namesakes),
    ]
    fields([(label, Text(shown(words))) for label, words in rows], console)
    if not page.counts:
        return
    console.print()
    years = sorted({c.year for c in page.counts}, key=lambda year: (year is None, year or 0))
    table = Table(box=SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("as")
    table.add_column("type", style="bold")
    for year in (*years[-MOST_YEARS:], "all"):
        table.add_column("undated" if year is None else str(year), justify="right")
    for party, kind in dict.fromkeys((c.party, c.type) for c in page.counts):
        own = {c.year: c.claims for c in page.counts if (c.party, c.type) == (party, kind)}
        cells = [f"{own[year]:,}" if year in own else "–" for year in years[-MOST_YEARS:]]
        table.add_row(party, shown(kind), *cells, f"{sum(own.values()):,}")
    console.print(table)
    if page.latest:
        console.print(Text("Latest", "bold"))
        render_claims(page.latest, console)


MOST_YEARS = 6
"""Years a table of claims has columns for; "all" counts the earlier ones too."""


def _as_what(spelling: Spelling) -> str:
    parts = (("actor", spelling.as_actor), ("recipient", spelling.as_recipient), ("teller", spelling.as_teller))
    return ", ".join(f"{name} {number:,}" for name, number in parts if number)


def _term(term: Term, wording: Wording) -> str:
    days = f"{term.since or '…'} to {term.until or '…'}" if term.since or term.until else ""
    return " · ".join(
        part for part in (term.office, term.country, wording.sectors.get(term.sector, term.sector), days, term.table) if part
    )


def _side(side: Side, wording: Wording) -> str:
    days = f"{side.first_day} to {side.last_day}" if side.first_day else "undated"
    sector = wording.sectors.get(side.sector or "", side.sector or "no sector")
    return f"{side.country or 'no country'}, {sector}: {say.tally(side.claims, 'claim')}, {days}"


def render_claim(claim: Claim, document: Document, console: Console) -> None:
    """Prints a whole claim: its sentence, every value with its words, how it arose and its bytes, and what coded it."""
    wording = say.load_wording()
    event = claim.event
    lines(Text.assemble(_badge(claim, wording, is_labelled=True), ("  " + claim.id, "dim")), console)
    lines(_headline(claim, wording), console)
    console.print()
    indented(_quoted(_sentence(claim, document), event.evidence, document, console), console)
    console.print()
    table = Table(box=SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for name in ("field", "value", "words", "how"):
        table.add_column(name, overflow="fold")
    table.add_column("bytes", no_wrap=True, justify="right")
    for value in values_of(event, wording):
        table.add_row(*(Text(shown(cell)) for cell in _value_cells(value, document)))
    console.print(table)
    rows = [("check", _check_with_words(check, document)) for check in event.checks]
    rows.append(("context", ", ".join(event.contexts)))
    rows.append(("again", f"first told in {claim.same_as}" if claim.same_as else ""))
    rows.append(("sure", ", ".join(f"{name} {probability:.2f}" for name, probability in event.field_confidence)))
    rows.append(("told as", say.telling(event.telling, document)))
    rows.append(("rule", event.rule))
    rows.append(
        ("report", " · ".join(part for part in (document.publisher, document.title, document.address or document.name) if part))
    )
    rows.append(("sha-256", document.raw_sha256))
    rows.append(("coder", f"{claim.coder.program} / {claim.coder.model} / {claim.coder.knowledge}"))
    fields([(label, Text(shown(words))) for label, words in rows], console)


def _check_with_words(check: Check, document: Document) -> str:
    words = ", ".join(f"“{flat(span.of(document.text))}”" for span in check.spans)
    return f"{say.check(check)} – {words}" if words else say.check(check)


def _sentence(claim: Claim, document: Document) -> Span:
    return evidence_of(document, claim.event.evidence).sentence


def _value_cells(value: Value, document: Document) -> tuple[str, str, str, str, str]:
    if value.span is None:
        return value.label, value.text, "–", _how(value.origin), "–"
    found = evidence_of(document, value.span)
    at = f"{found.bytes[0]}–{found.bytes[1]}" if found.bytes else "–"
    return value.label, value.text, f"“{flat(found.words)}”", _how(value.origin), at


def _how(origin: Origin) -> str:
    return "read" if origin.how is How.READ and not origin.by else say.origin(origin)


# ---------------------------------------------------------------- why a value is what it is


def render_explanation(explanation: Explanation, console: Console) -> None:
    """Prints each value of the field with its words and rule, then, of a place, the words and places it was weighed against."""
    if not explanation.reasons:
        lines(Text.assemble((explanation.field, "bold"), ("  the record has none", "dim")), console)
        console.print()
        return
    for reason in explanation.reasons:
        lines(Text.assemble((explanation.field, "bold"), "  ", shown(reason.value)), console)
        _reason(reason, console)
    if explanation.confidence_parts:
        indented(Text("what speaks for the record, and against it, in log-odds", "bold"), console)
        for part in explanation.confidence_parts:
            lines(Text(shown(f"{part.value:+.2f}  {part.name}")), console, INDENT + 2, Text(" " * (INDENT + 2)))
    if explanation.weighed_words:
        indented(Text("words that might say where, the nearest first", "bold"), console)
        for words in explanation.weighed_words:
            _weighed(words.is_chosen, f"“{flat(words.words)}” {shown(words.place)}", _distance(words), words.parts, console)
    if explanation.weighed_places:
        indented(Text("what they may stand for, the best first", "bold"), console)
        for place in explanation.weighed_places:
            _weighed(place.is_chosen, _candidate(place), f"{place.score:.1f}", place.parts, console)
    console.print()


def render_weighed(weighed: Sequence[Weighed], console: Console) -> None:
    """Prints, word by word, the lexicon's entries that have it and what became of each; the one that gave a record first."""
    if not weighed:
        lines(Text("no word of it is in the lexicon", "dim"), console)
    for _, group in groupby(weighed, key=lambda w: w.trigger):
        entries = sorted(group, key=lambda w: w.outcome is not Outcome.RECORD)
        lines(Text(shown(min((e.words for e in entries), key=len)), "bold"), console)
        for entry in entries:
            is_record = entry.outcome is Outcome.RECORD
            words = Text.assemble(entry.rule, "  ", (shown(why(entry)), "" if is_record else "dim"))
            lines(words, console, INDENT + 2, Text.assemble(" " * INDENT, ("→ " if is_record else "  ", "bold green")))


def _reason(reason: Reason, console: Console) -> None:
    at = f" (bytes {reason.bytes[0]}–{reason.bytes[1]})" if reason.bytes else ""
    rows = [
        ("how", Text(shown(reason.how))),
        ("words", Text(f"“{flat(reason.words)}”{at}" if reason.words else "none: inferred", "" if reason.words else "dim")),
        ("in", Text(f"“{flat(reason.sentence)}”" if reason.sentence and reason.sentence != reason.words else "")),
        ("also", Text(shown("; ".join(reason.notes)))),
    ]
    fields(rows, console)


def _weighed(is_chosen: bool, what: str, total: str, parts: Sequence[Part], console: Console) -> None:
    """One line: the sign of the chosen one, what it is, its sum, and the parts of it."""
    sum_of = " + ".join(f"{part.value:g} {part.name}" for part in parts)
    words = Text.assemble(what, "  ", (total, "bold"), (f" = {shown(sum_of)}" if sum_of else "", "dim"))
    lines(words, console, INDENT + 2, Text.assemble(" " * INDENT, ("→ " if is_chosen else "  ", "bold green")))


def _distance(words: WeighedWords) -> str:
    return f"out: {shown(words.why_not)}" if words.distance is None else f"{words.distance:g}"


def _candidate(place: WeighedPlace) -> str:
    number = f", GeoNames {place.geonames}" if place.geonames else ""
    return f"{shown(place.place)} ({place.kind}{number})"
