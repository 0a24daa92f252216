"""One linked event as a page: what is reported on one side, the reports on the other, each marked in the other.

Every value leads to its words by an ordinary link; scripts make the way shorter (page/src/islands/event.ts).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from urllib.parse import quote, urlsplit

from dateline.ledger.history import CODED, LINKED, Step
from dateline.ledger.store import Entered
from dateline.records import (
    Block,
    BlockKind,
    Claim,
    Days,
    Document,
    Episode,
    EpisodeDay,
    Fulfilment,
    How,
    Judgement,
    Kind,
    LinkedEvent,
    Place,
    PlanOutcome,
    Revision,
    Span,
    Standing,
    StatusValue,
    Testimony,
    Verdict,
)
from dateline.views import cards, pictures
from dateline.views import wording as say
from dateline.views.events import MARKS, headline_parts, marks_of
from dateline.views.evidence import Mark, Role, Segment, segments, sentence_around
from dateline.views.grounds import Ground, Quote, Row, Said, Sheet, Witness, anchor_of
from dateline.views.markup import Html, Part, join, scrolling, tag
from dateline.views.wording import Wording
from dateline.watching.happenings import Happening

Sources = Mapping[str, Entered]

STANDING_WORDS = {
    Standing.REVISED: "revised since",
    Standing.SUPERSEDED: "corrected since",
    Standing.RETRACTED: "taken back since",
}

VERDICT_WORDS = {
    Verdict.ALONE: "one witness",
    Verdict.AGREEMENT: "witnesses agree",
    Verdict.RANGE: "all can be true",
    Verdict.DISPUTE: "reports differ",
}

VERDICT_GLYPHS = {Verdict.ALONE: "·", Verdict.AGREEMENT: "=", Verdict.RANGE: "≈", Verdict.DISPUTE: "≠"}

MOST_REASONS = 3
"""Steps of a verdict that are written out; the others are folded: five values make ten pairs."""

WHOLE = 12
"""Documents whose text is shown whole; of further ones, and of reprints, the passages that tell of the event."""

PAPER = 300_000
"""Code points of text that are shown whole, all documents together."""

SKIPPED = frozenset(kind for kind in BlockKind if kind not in {BlockKind.TITLE, BlockKind.BODY, BlockKind.CAPTION})


@dataclass(frozen=True)
class Ways:
    """Where the links of a page lead, and how much of the reports stands on it.

    `document` gives the address of a document's own page by its id, `rest` says what is there that the event's page has not.
    `has_whole_texts` False: of every report only the passages that tell of the event.
    """

    document: Callable[[str], str]
    rest: str = "The whole text"
    has_whole_texts: bool = True


SERVED = Ways(lambda id: f"/documents/{quote(id)}")
"""On the server."""


# ---------------------------------------------------------------- what it is called


def headline_html(brief: Happening, wording: Wording) -> Html:
    """The event in a line, each name set apart: one in another script must not turn the words around it."""
    doing, where, days = headline_parts(brief, wording)
    return join([cards.headline_html(doing), *(tag("bdi", part) for part in (where, days) if part)], ", ")


def badges(found: LinkedEvent, brief: Happening, wording: Wording) -> Html:
    """Type, mode, status, and signs of what must be known before the event is used."""
    kind: list[Part] = [tag("b", brief.type), " · ", brief.mode] if brief.mode else [tag("b", brief.type)]
    signs = [
        tag("span", tag("span", sign, class_="glyph", aria_hidden="true"), " ", MARKS[sign], class_="chip sign-mark")
        for sign in marks_of(found, brief)
    ]
    return tag("p", tag("span", *kind, class_="kind"), status_badge(brief.status, wording), *signs, class_="badges")


def told_when(found: LinkedEvent, brief: Happening) -> Html:
    """By how many reports and witnesses it was told, and on which days."""
    documents = len({t.claim.document for t in found.tellings})
    told = f"{say.tally(documents, 'report')}, {say.tally(brief.witnesses, 'witness', 'witnesses')}"
    first, last = found.accounts.first_told, found.accounts.last_told
    days = f"told on {say.day(first)}" if first == last else f"first told on {say.day(first)}, last on {say.day(last)}"
    return tag("p", told, " · ", days, class_="sub")


def facts(found: LinkedEvent, brief: Happening, judged: Sequence[Judgement]) -> Html:
    """How sure it is, who reviewed it (`judged`: what people judged that holds, in order), when it last changed, what read it."""
    sure = tag("span", f"{brief.confidence:.2f} ", pictures.probability_bar(brief.confidence))
    last = judged[-1] if judged else None
    entered = max(t.known_at for t in found.tellings)
    change: tuple[Part, ...] = (moment(entered), " (a report was entered)")
    if last is not None and last.at >= entered:
        change = (moment(last.at), " (", tag("bdi", judged_in_words(last)), ")")
    coders = dict.fromkeys(t.claim.coder for t in found.tellings)
    versions = "; ".join(f"program {c.program}, model {c.model}, knowledge {c.knowledge}" for c in coders)
    accepted = [j for j in judged if j.kind.value in {"accepted", "corrected", "merged", "split"}]
    reviewed: Part = "by nobody: this is the machine's reading"
    if accepted:
        reviewed = join((tag("bdi", judged_in_words(j)) for j in accepted[-3:]), "; ")
    rows: tuple[tuple[str, Part], ...] = (
        ("Confidence", join([sure, tag("span", " that a careful coder would accept its surest claim", class_="note")])),
        ("Reviewed", reviewed),
        ("Last change", join(change)),
        ("Read by", tag("bdi", versions)),
        ("Event", tag("code", found.id)),
    )
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in rows), class_="facts")


def legend() -> Html:
    """What the signs of the table of accounts mean."""
    words = (
        "Each quote has a number and leads to its place in the report. "
        "Figures lie on a rule of 1, 10, 100 …; an arrow is an open end."
    )
    return tag("p", tag("span", say.ASSUMED, class_="sign"), " no words say it. ", words, class_="note key")


# ---------------------------------------------------------------- what is reported


def accounts_table(sheet: Sheet, sources: Sources, ways: Ways = SERVED) -> Html:
    """The fields in rows, the witnesses in columns. A field that several tell of begins with what they come to together."""
    many = len(sheet.witnesses) > 1
    heads = [tag("th", tag("span", "field", class_="unseen"), scope="col", class_="label")]
    heads += [
        tag("th", *_witness_head(n, witness, sheet, sources, ways), scope="col") for n, witness in enumerate(sheet.witnesses, 1)
    ]
    drawing = _Drawing(sheet, sources, _largest(sheet))
    table = tag(
        "table",
        tag("caption", "What each witness says; reprints of one text are one witness", class_="unseen"),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *(part for row in sheet.rows for part in drawing.row(row))),
        class_=f"accounts{' many' if many else ''}",
    )
    return scrolling("Accounts by witness", table)


def _witness_head(number: int, witness: Witness, sheet: Sheet, sources: Sources, ways: Ways) -> Iterator[Part]:
    chain = witness.own[0].claim.event.attribution
    by = chain[-1].actor.name if chain and (chain[-1].span or chain[-1].cue) else None
    name = tag("span", tag("bdi", witness.author), class_="author")
    yield tag("span", f"{number} ", class_="no", aria_hidden="true") if len(sheet.witnesses) > 1 else None
    yield name
    yield tag("span", *((" on the word of ", tag("bdi", by), ", ") if by else ("", "")), _day(witness.own[0]), class_="note")
    prints = list(dict.fromkeys(t.claim.document for t in witness.reprints))
    if prints:
        yield tag(
            "details",
            tag("summary", f"+{say.tally(len(prints), 'reprint')}"),
            tag("ul", *(tag("li", document_link(sources[id].document, ways)) for id in prints if id in sources)),
            class_="reprints",
        )


def _day(told: Testimony) -> str:
    return say.day(told.told) if told.published else f"entered {say.day(told.told)}"


def document_link(document: Document, ways: Ways = SERVED) -> Html:
    """Its publisher and day, leading to the document's own page."""
    day = f", {say.day(document.published.day)}" if document.published else ""
    return tag("a", tag("bdi", document.publisher or document.name), day, href=ways.document(document.id))


def _largest(sheet: Sheet) -> float:
    ends = [end for row in sheet.rows for said in row.said if said.bounds for end in (said.bounds.low, said.bounds.high)]
    return max((end for end in ends if end), default=10.0)


@dataclass(frozen=True)
class _Drawing:
    """The table while it is drawn. `largest` is the largest figure of the event: all bars lie on one rule."""

    sheet: Sheet
    sources: Sources
    largest: float

    def row(self, row: Row) -> Iterator[Html]:
        is_one = row.verdict is Verdict.AGREEMENT and len({said.words for said in row.said}) == 1
        cells = [tag("td", *self.cell(column, row, is_one=is_one), class_="cell") for column in row.columns]
        name = tag("span", row.label, class_="name")
        if not self.needs_summary(row):
            label = tag("th", name, scope="row", class_="label")
            yield tag("tr", label, *cells, class_=f"by f-{row.role}", id=row.anchor)
            return
        label = tag("th", name, scope="row", rowspan=2, class_="label")
        summary = tag("td", tag("div", *self.together(row), class_="together"), colspan=len(row.columns))
        yield tag("tr", label, summary, class_=f"sum f-{row.role}", id=row.anchor)
        yield tag("tr", *cells, class_=f"by f-{row.role}")

    def needs_summary(self, row: Row) -> bool:
        """Whether what a field comes to is more than what its cells say already."""
        if row.verdict is None:
            return False
        if len(self.sheet.witnesses) > 1 or row.verdict is Verdict.DISPUTE:
            return True
        current = [said for said in row.said if said.standing is Standing.CURRENT]
        return not current or (not row.is_of_parties and (len(current) > 1 or current[0].words != row.together))

    def together(self, row: Row) -> Iterator[Part]:
        """What a field comes to: the value to use where only one can be, how the reports stand to one another, and why."""
        verdict, tally = row.verdict, row.tally
        assert verdict is not None
        yield tag("span", tag("bdi", row.together or "nothing that still stands"), class_="best")
        if tally is not None and tally.best is not None:
            is_disputed = verdict is Verdict.DISPUTE
            yield pictures.interval_bar(
                tally.low, tally.high, self.largest, is_percent=self.is_percent(row), is_disputed=is_disputed
            )
        glyph = tag("span", VERDICT_GLYPHS[verdict], class_="glyph", aria_hidden="true")
        yield tag("span", glyph, " ", VERDICT_WORDS[verdict], class_=f"verdict {verdict.name.lower()}")
        shown = row.reasons[:MOST_REASONS] if verdict in {Verdict.RANGE, Verdict.DISPUTE} or tally else ()
        if shown:
            yield tag("span", tag("bdi", "; ".join(shown)), class_="reasons")
        more = [tag("li", tag("bdi", reason)) for reason in row.reasons[len(shown) :]]
        more += [tag("li", "shown: ", row.rule)] if row.rule else []
        if more:
            yield tag("details", tag("summary", "why"), tag("ul", *more), class_="why")

    def is_percent(self, row: Row) -> bool:
        what = row.tally.what if row.tally else ""
        return any(c.unit == "percent" for t in self.sheet.event.tellings for c in t.claim.event.counts if c.what == what)

    def cell(self, column: Sequence[Said], row: Row, *, is_one: bool) -> Iterator[Part]:
        """What a witness says. A value that its corrected report says as before is folded: it is no other value."""
        if not column:
            yield tag("span", "says nothing of it", class_="silent")
        standing = {said.words for said in column if said.standing is Standing.CURRENT}
        folded = [said for said in column if said.standing is not Standing.CURRENT and said.words in standing]
        for said in (said for said in column if said not in folded):
            out = "" if said.standing is Standing.CURRENT else " out"
            yield tag("div", *self.said(said, row, is_one=is_one), class_=f"said{out}{' chosen' if said.is_best else ''}")
        for said in folded:
            inner = tag("div", *self.said(said, row, is_one=False), class_="said out")
            yield tag("details", tag("summary", f"said too in a report {STANDING_WORDS[said.standing]}"), inner, class_="more")

    def said(self, said: Said, row: Row, *, is_one: bool) -> Iterator[Part]:
        """The value and its words. What all say alike (`is_one`) stands above, and is not written in every column again."""
        if not is_one:
            sign = tag("span", say.ASSUMED, " ", class_="sign", aria_hidden="true") if said.is_assumed else None
            words: Html = tag("bdi", said.words)
            if said.standing is not Standing.CURRENT:
                words = tag("s", words)
            yield tag("span", sign, words, class_=f"value{' assumed' if said.is_assumed else ''}")
        if said.standing is not Standing.CURRENT:
            yield tag("span", STANDING_WORDS[said.standing], class_="standing")
        if said.bounds is not None and not is_one:
            yield pictures.interval_bar(said.bounds.low, said.bounds.high, self.largest, is_percent=self.is_percent(row))
        yield self.count_notes(said, row)
        first, others = _first_words(said.grounds)
        yield from (_ground(ground, self.sheet, self.sources) for ground in first)
        if others:
            told = [tag("li", _ground(g, self.sheet, self.sources), " ", _told_in(g, self.sheet)) for g in others]
            yield tag("details", tag("summary", f"+{len(others)} more"), tag("ul", *told), class_="more")

    def count_notes(self, said: Said, row: Row) -> Html | None:
        """What must be known before a figure is added up: that it is a running total, a part, or of whom; nothing: None."""
        if row.tally is None or said.bounds is None:
            return None
        notes: dict[str, None] = {}
        for claim in dict.fromkeys(ground.claim for ground in said.grounds):
            event = self.sheet.by_claim[claim].claim.event
            for count in event.counts:
                if count.what == row.tally.what and (count.low or 0.0, count.high) == (said.bounds.low, said.bounds.high):
                    notes |= dict.fromkeys(note for note in (say.count_notes(count, event),) if note)
        return tag("span", tag("bdi", "; ".join(notes)), class_="note") if notes else None


def _first_words(grounds: Sequence[Ground]) -> tuple[tuple[Ground, ...], tuple[Ground, ...]]:
    """What is shown at once: all that the first claim has, and what the further ones have, each words once."""
    if not grounds:
        return (), ()
    first = tuple(dict.fromkeys(ground for ground in grounds if ground.claim == grounds[0].claim))
    return first, tuple(dict.fromkeys(ground for ground in grounds if ground.claim != grounds[0].claim))


def _told_in(ground: Ground, sheet: Sheet) -> Html:
    told = sheet.by_claim[ground.claim]
    return tag("span", tag("bdi", told.publisher or "publisher not known"), f", {_day(told)}", class_="note")


def _ground(ground: Ground, sheet: Sheet, sources: Sources) -> Html:
    """The words with their number, leading to where they stand, and how the value arose unless it was simply read."""
    parts: list[Part] = []
    if ground.span is not None and ground.document in sources:
        parts.append(quote_link(sheet.quotes[ground.document, ground.span], sources[ground.document].document, sheet))
    if ground.origin.how is not How.READ or ground.origin.by or ground.span is None:
        parts.append(_how(ground))
    return tag("span", join(parts, " "), class_="ground")


def _how(ground: Ground) -> Html:
    how = ground.origin.how
    words = "by a person" if how is How.GIVEN else str(how)
    sure = f"; the coder is {ground.sure:.2f} sure of it" if ground.sure is not None else ""
    if not ground.origin.by and not sure:
        return tag("span", words, class_=f"how {how.replace(' ', '-')}")
    told = tag("span", f"{ground.origin.by or words}{sure}", class_="rule")
    return tag("details", tag("summary", words), told, class_=f"how {how.replace(' ', '-')}")


def quote_link(quoted: Quote, document: Document, sheet: Sheet, *, class_: str = "words") -> Html:
    """The words, leading to where they begin in the text. It carries the span, for whoever reads the page as data."""
    words = quoted.span.of(document.text)
    return tag(
        "a",
        tag("q", words, dir="auto"),
        tag("sup", str(quoted.number), class_="ref"),
        class_=f"{class_} f-{quoted.role}",
        href=f"#{_place(sheet, quoted)}",
        data_key=quoted.key,
        data_span=f"{quoted.document}:{quoted.span.start}:{quoted.span.end}",
    )


def _place(sheet: Sheet, quoted: Quote) -> str:
    return f"d{sheet.documents.index(quoted.document) + 1}-{quoted.span.start}"


# ---------------------------------------------------------------- the reports


def source_articles(sheet: Sheet, sources: Sources, ways: Ways = SERVED) -> Html:
    """The documents, witness by witness: their texts with the quotes marked, and where each came from. Reprints are folded."""
    parts: list[Part] = []
    shown = 0
    budget = PAPER
    for number, witness in enumerate(sheet.witnesses, 1):
        folded: list[Html] = []
        own = {t.claim.document for t in witness.own}
        for id in dict.fromkeys(t.claim.document for t in witness.tellings):
            if id not in sources:
                continue
            source = sources[id]
            is_whole = ways.has_whole_texts and id in own and shown < WHOLE and len(source.document.text) <= budget
            article = _article(sheet, witness, source, ways, is_whole=is_whole)
            if id in own:
                shown += 1
                budget -= len(source.document.text) if is_whole else 0
                parts.append(article)
            else:
                folded.append(article)
        if folded:
            summary = tag("summary", f"{say.tally(len(folded), 'reprint')} of this text, with the same witness")
            parts.append(tag("details", summary, *folded, class_="folded", id=f"reprints-{number}"))
    return tag("div", *parts, class_="articles")


def _article(sheet: Sheet, witness: Witness, source: Entered, ways: Ways, *, is_whole: bool) -> Html:
    document = source.document
    marks = sheet.marks(document.id)
    tellings = [t for t in witness.tellings if t.claim.document == document.id]
    gone = next((_gone(t) for t in tellings if not t.is_current), "")
    title = document.title or next((b.span.of(document.text) for b in document.blocks if b.kind is BlockKind.TITLE), document.name)
    imprint: list[Part] = [tag("b", tag("bdi", document.publisher or "publisher not known"))]
    if document.byline:
        imprint.append(tag("bdi", document.byline))
    day = document.published
    imprint.append(tag("time", say.day(day.day), datetime=day.day.isoformat()) if day else "day of publication not known")
    number = sheet.documents.index(document.id) + 1
    return tag(
        "article",
        tag("h3", title, dir="auto", id=f"doc-{number}"),
        tag("p", join(imprint, " · "), tag("span", f" · {gone}", class_="standing") if gone else None, class_="imprint"),
        _text(sheet, document, marks) if is_whole else _passages(sheet, document, marks, ways),
        capture(source, ways),
        class_=f"report{' out' if gone else ''}",
        aria_labelledby=f"doc-{number}",
    )


def _gone(told: Testimony) -> str:
    return "taken back since" if told.is_retracted else "corrected since" if told.superseded_by else ""


def _text(sheet: Sheet, document: Document, marks: tuple[Mark, ...]) -> Html:
    """The whole text; lines that were not coded are folded, unless something stands on them."""
    parts = []
    for is_folded, some in groupby(document.blocks, lambda block: _is_aside(block, marks)):
        blocks = [_block(sheet, document, block, block.span, marks) for block in some]
        if is_folded:
            parts.append(tag("details", tag("summary", f"{say.tally(len(blocks), 'line')} not coded"), *blocks, class_="aside"))
        else:
            parts += blocks
    return tag("div", *parts, class_="text")


def _is_aside(block: Block, marks: tuple[Mark, ...]) -> bool:
    return block.kind in SKIPPED and not any(mark.span.overlaps(block.span) for mark in marks)


def passages_of(document: Document, marks: Sequence[Mark]) -> list[Span]:
    """The sentences that hold a mark, in text order; those that touch are one passage."""
    kept: list[Span] = []
    for span in sorted({sentence_around(document, mark.span) for mark in marks}):
        if kept and kept[-1].end >= span.start:
            kept[-1] = kept[-1].join(span)
        else:
            kept.append(span)
    return kept


def _passages(sheet: Sheet, document: Document, marks: tuple[Mark, ...], ways: Ways) -> Html:
    """The sentences that hold a quote, with what is left out between them shown as left out."""
    kept = passages_of(document, marks)
    parts = [_block(sheet, document, document.block_at(span.start), span, marks) for span in kept]
    rest = tag("p", tag("a", ways.rest, href=ways.document(document.id)), class_="note")
    return tag("div", *parts, rest, class_="text passages")


def _block(sheet: Sheet, document: Document, block: Block | None, span: Span, marks: tuple[Mark, ...]) -> Html:
    prefix = f"d{sheet.documents.index(document.id) + 1}"
    inner = [part for segment in segments(span, marks) for part in _segment(segment, document, prefix, sheet.homes)]
    kind = block.kind if block else BlockKind.BODY
    if kind in SKIPPED:
        return tag("p", *inner, class_="b skipped", dir="auto", title="not coded")
    return tag("p", *inner, class_=f"b {kind}", dir="auto")


FINEST = (
    Role.TRIGGER, Role.STATUS, Role.COUNT, Role.INSTRUMENT, Role.DEMAND, Role.ISSUE, Role.RESPONSE, Role.TIME, Role.PLACE, Role.CUE,
    Role.ACTOR, Role.RECIPIENT, Role.TELLER, Role.EVIDENCE,
)  # fmt: skip
"""The role that colours words of several: the finest first."""


def _segment(segment: Segment, document: Document, prefix: str, homes: Mapping[str, str]) -> Iterator[Part]:
    words = segment.span.of(document.text)
    if not segment.marks:
        yield words
        return
    roles = {mark.role for mark in segment.marks}
    finest = next((role for role in FINEST if role in roles), Role.EVIDENCE)
    within = " ev" if Role.EVIDENCE in roles and finest is not Role.EVIDENCE else ""
    yield tag(
        "mark",
        words,
        class_=f"s f-{finest}{within}",
        id=f"{prefix}-{segment.span.start}",
        data_m=" ".join(dict.fromkeys(mark.key for mark in segment.marks)),
    )
    ending = [mark.key for mark in segment.marks if mark.span.end == segment.span.end]
    if ending:
        links = (tag("a", key[1:], href=f"#{homes[key]}", data_key=key, aria_label=f"what quote {key[1:]} says") for key in ending)
        yield tag("sup", join(links, " "), class_="refs")


def capture(source: Entered, ways: Ways = SERVED) -> Html:
    """Where the report came from, and what proves that its bytes are the same."""
    document = source.document
    published = document.published
    facts: tuple[tuple[str, Part], ...] = (
        ("Address", _address(document.address)),
        ("Fetched", moment(source.fetched) if source.fetched else "not said"),
        ("Entered into the ledger", moment(source.known_at)),
        ("SHA-256 of its bytes", tag("code", document.raw_sha256) if document.raw_sha256 else None),
        ("Report", tag("code", document.name)),
        ("Publisher", say.origin(document.publisher_origin) if document.publisher_origin else None),
        ("Publication date", say.date_origin(document) if published else None),
        ("Document", tag("a", tag("code", document.id), href=ways.document(document.id))),
    )
    rows = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts if value is not None]
    return tag("details", tag("summary", "Where this report came from"), tag("dl", *rows), class_="capture")


def _address(address: str | None) -> Part:
    """A link for addresses of the web; any other (javascript:, file:) stays text."""
    if address is None:
        return None
    is_web = urlsplit(address).scheme in {"http", "https"}
    shown = tag("bdi", address)
    return tag("a", shown, href=address, rel="noopener noreferrer external") if is_web else shown


def moment(at: datetime) -> Html:
    """A moment to the minute, in UTC."""
    return tag("time", f"{at:%Y-%m-%d %H:%M} UTC", datetime=at.isoformat(timespec="seconds"))


# ---------------------------------------------------------------- claim by claim


def report_list(sheet: Sheet, sources: Sources, wording: Wording, *, picks: str | None = None) -> Html:
    """Every claim with its words, witness by witness. `picks`: the form that ticked claims belong to; None: nothing to tick."""
    items = []
    for number, witness in enumerate(sheet.witnesses, 1):
        own = [tag("li", *_claim(told, sheet, sources, wording, picks), id=anchor_of(told.claim.id)) for told in witness.own]
        reprints = [
            tag("li", *_claim(told, sheet, sources, wording, picks), id=anchor_of(told.claim.id)) for told in witness.reprints
        ]
        folded = None
        if reprints:
            folded = tag("details", tag("summary", f"{say.tally(len(reprints), 'claim')} of reprints"), tag("ul", *reprints))
        head = tag("h3", f"Witness {number}: ", tag("bdi", witness.author))
        items.append(tag("li", head, tag("ul", *own), folded))
    return tag("ol", *items, class_="claims")


def _claim(told: Testimony, sheet: Sheet, sources: Sources, wording: Wording, picks: str | None) -> Iterator[Part]:
    claim = told.claim
    quoted = sheet.quotes[claim.document, claim.event.evidence]
    gone = _gone(told)
    if picks:
        label = f"take this claim out: {claim.id[:8]}"
        yield tag("input", type="checkbox", name="claims", value=claim.id, form=picks, aria_label=label, class_="pick")
    if claim.document in sources:
        words = quote_link(quoted, sources[claim.document].document, sheet, class_="words run")
        yield tag("s", words) if gone else words
    said: list[Part] = [tag("bdi", told.publisher or "publisher not known"), f", {_day(told)}"]
    if gone:
        said.append(tag("span", f", {gone}", class_="standing"))
    yield tag("p", *said, class_="note")
    if claim.document in sources:
        yield _claim_details(told, sheet, sources[claim.document].document, wording)


def _claim_details(told: Testimony, sheet: Sheet, document: Document, wording: Wording) -> Html:
    claim: Claim = told.claim
    event = claim.event
    sure = [f"{name} {probability:.2f}" for name, probability in event.field_confidence]
    checks = (tag("li", say.check(check), class_=f"check {check.result.replace(' ', '-')}") for check in event.checks)
    facts: tuple[tuple[str, Part], ...] = (
        ("Claim", tag("code", claim.id)),
        ("Confidence", f"{event.confidence:.2f}" + (f" ({', '.join(sure)})" if sure else "")),
        ("Status", f"{event.status.value}: {wording.statuses.get(event.status.value, '')}"),
        ("Told as", say.telling(event.telling, document)),
        ("Contexts", ", ".join(event.contexts) or None),
        ("Rule", tag("code", event.rule)),
        ("Read by", tag("code", f"{claim.coder.program} / {claim.coder.model} / {claim.coder.knowledge}")),
        ("Checks", tag("ul", *checks) if event.checks else None),
    )
    rows = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts if value is not None]
    return tag("details", tag("summary", "how it was read"), tag("dl", *rows), class_="capture")


# ---------------------------------------------------------------- revisions


def revisions(sheet: Sheet) -> Html | None:
    """How figures changed from telling to telling: drawn day by day, then in words; nothing changed: None."""
    changed = [tally for tally in sheet.event.accounts.tallies if tally.revisions]
    found: dict[tuple[object, ...], Revision] = {}
    for revision in (r for tally in changed for r in tally.revisions):
        found.setdefault((revision.what, revision.told, revision.before, revision.after, revision.kind), revision)
    if not found:
        return None
    drawn = {tally.what: tally for tally in reversed(changed)}  # of sides and all together, all together
    figures = [
        tag("figure", tag("figcaption", tag("b", what), " by the day it was told"), pictures.figure_over_time(tally.accounts))
        for what, tally in sorted(drawn.items())
    ]
    changes = sorted(found.values(), key=lambda r: (r.told, r.what, r.known_at))
    told = tag("ul", *(tag("li", *_revision(revision)) for revision in changes), class_="changes")
    return tag("div", *figures, told, class_="revisions")


def _revision(revision: Revision) -> Iterator[Part]:
    side = f" ({revision.side})" if revision.side else ""
    before, after = revision.before, revision.after
    yield tag("time", say.day(revision.told), datetime=revision.told.isoformat())
    yield join([f": {revision.what}{side} ", tag("s", say.bounds(before.low, before.high)), " → "])
    yield tag("b", say.bounds(after.low, after.high) if after else "nothing in its place")
    yield tag("span", f" – {revision.kind} by ", tag("bdi", revision.by), ": ", tag("bdi", revision.reason), class_="note")


# ---------------------------------------------------------------- what it is part of


def outline_headline(kind: Kind, place: Place | None, days: Days | None, tellings: Sequence[Testimony], wording: Wording) -> str:
    """Another event in a line, by its best values and the parties that its first report names."""
    first = say.headline(replace(tellings[0].claim.event, type=kind.type, mode=kind.mode), wording)
    where = place.name if place else ""
    return ", ".join(part for part in (str(first), where, say.days(days.first, days.last) if days else "") if part)


def plan(plan: PlanOutcome, own: str, link: Callable[[str], Html]) -> Html:
    """When something was due and what became of it, with the reasons for thinking so."""
    due = f" for {say.days(plan.due.first, plan.due.last)}" if plan.due else ""
    said: list[Part] = [f"Announced{due}", "" if plan.event == own else join([" in ", link(plan.event)]), ": "]
    said.append(tag("b", str(plan.fulfilment)))
    if plan.outcome_event and plan.fulfilment not in {Fulfilment.NOT_YET, Fulfilment.NOT_REPORTED, Fulfilment.NO_DAY}:
        said += [", as told in ", link(plan.outcome_event)]
    said.append(f". As far as was told by {say.day(plan.as_of)}.")
    reasons = tag("ul", *(tag("li", tag("bdi", reason)) for reason in plan.reasons), class_="note") if plan.reasons else None
    return tag("section", tag("h2", "What was announced"), tag("p", *said), reasons, class_="plan")


def episode(episode: Episode, own: str, titles: Mapping[str, str], link: Callable[[str], Html], suffix: str) -> Html:
    """Its days as a line of marks, one an event, this one filled; then what holds it together and how many."""
    kind = episode.kind.mode or episode.kind.type
    days = [tag("li", *_episode_day(day, own, titles, suffix), class_="busy" if day.events else "idle") for day in episode.timeline]
    ties = ", ".join(f"{tie} ({number} of {len(episode.events)})" for tie, number in episode.ties)
    facts: list[Part] = [tag("p", say.tally(len(episode.events), "event"), "; held together by ", tag("bdi", ties), class_="note")]
    if episode.first_day_told_by:
        facts.append(tag("p", "Its first day is told by a count of days.", class_="note"))
    for tally in episode.tallies:
        without = f"; {len(tally.without)} without a figure, which may hide any number" if tally.without else ""
        figures = tag("b", f"{tally.what}: {say.bounds(tally.low, tally.high)}")
        facts.append(tag("p", figures, tag("span", f" {tally.rule}{without}", class_="note")))
    listed = tag("ul", *(tag("li", link(id)) for id in episode.events))
    return tag(
        "section",
        tag("h2", f"Part of an episode: {kind}, {say.days(episode.first_day, episode.last_day)}"),
        tag("ol", *days, class_="days", aria_label="Its days"),
        *facts,
        tag("details", tag("summary", "All its events"), listed),
        class_="episode",
    )


def _episode_day(day: EpisodeDay, own: str, titles: Mapping[str, str], suffix: str) -> Iterator[Part]:
    for id in day.events:
        label = f"{titles.get(id, id)}{' (this event)' if id == own else ''}"
        yield tag("a", aria_label=label, title=label, href=f"/events/{quote(id)}{suffix}", class_="dot own" if id == own else "dot")
    if not day.events:
        yield tag("span", "no event of its own", class_="unseen")
    yield tag("time", f"{day.day.day} {day.day:%b}", datetime=day.day.isoformat(), title=say.day(day.day))


# ---------------------------------------------------------------- on paper


def numbered_quotes(sheet: Sheet, sources: Sources) -> Html:
    """All quotes by number with where they stand: what paper has in place of links."""
    items = []
    for quoted in sheet.quotes.values():
        source = sources.get(quoted.document)
        if source is None:
            continue
        document = source.document
        day = f", {say.day(document.published.day)}" if document.published else ""
        where = tag(
            "span",
            tag("bdi", document.publisher or document.name),
            day,
            f", characters {quoted.span.start}–{quoted.span.end}",
            class_="note",
        )
        items.append(tag("li", tag("q", quoted.span.of(document.text), dir="auto"), " ", where, value=quoted.number))
    documents = [
        tag("li", tag("bdi", s.document.title or s.document.name), ". ", tag("bdi", s.document.publisher or ""), " ",
            tag("bdi", s.document.address or s.document.name), ". SHA-256 ", tag("code", s.document.raw_sha256))
        for s in (sources[id] for id in sheet.documents if id in sources)
    ]  # fmt: skip
    return tag(
        "section",
        tag("h2", "Quotes"),
        tag("ol", *items),
        tag("h2", "Reports"),
        tag("ol", *documents),
        class_="paper",
        aria_hidden="true",
    )


# ---------------------------------------------------------------- history


def history_table(steps: Sequence[Step], entry: Callable[[str], str] | None) -> Html:
    """All that happened, a row each. `entry` gives the address of the log's entry of a judgement; None: there is none to go to."""
    head = tag("tr", *(tag("th", name, scope="col") for name in ("when (UTC)", "what", "by", "before and after, reason")))
    rows = [tag("tr", *_step(step, entry), class_="out" if step.is_undone else None) for step in steps]
    table = tag("table", tag("caption", say.tally(len(steps), "step")), tag("thead", head), tag("tbody", *rows))
    return tag("div", table, class_="scroll history", tabindex=0, role="group", aria_label="History")


def _step(step: Step, entry: Callable[[str], str] | None) -> Iterator[Html]:
    yield tag("td", moment(step.at))
    claims = say.tally(len(step.claims), "claim")
    undone = tag("span", " – undone since", class_="standing") if step.is_undone else None
    name = step.what if step.what in {CODED, LINKED} else str(step.what)
    yield tag("th", tag("s", name) if step.is_undone else name, tag("span", f" {claims}", class_="note"), undone, scope="row")
    yield tag("td", tag("bdi", step.by))
    told: list[Part] = []
    if step.what == LINKED:
        sure = f", chance {step.chance:.2f} for the least sure" if step.chance is not None else ""
        told.append(join(["into event ", tag("code", (step.event or "")[:8]), sure]))
    elif step.what == CODED:
        told.append(tag("q", step.words, dir="auto"))
    elif step.judgement is not None:
        told += _before_and_after(step.judgement, entry)
    yield tag("td", join(told, " "))


def _before_and_after(judgement: Judgement, entry: Callable[[str], str] | None) -> Iterator[Html]:
    if judgement.field is not None:
        before = "; ".join(dict.fromkeys(value or "nothing" for _, value in judgement.before)) or "nothing"
        yield tag(
            "span", f"{judgement.field}: ", tag("s", tag("bdi", before)), " → ", tag("b", tag("bdi", judgement.value or "nothing"))
        )
    if judgement.revokes:
        yield tag("span", f"takes back {', '.join(judgement.revokes)}")
    if judgement.reason:
        yield tag("q", judgement.reason, dir="auto")
    if entry is not None:
        number = judgement.id.partition(".")[0]
        yield tag("a", f"entry {judgement.id}", href=entry(number), class_="note")


# ---------------------------------------------------------------- who judged


def judged_in_words(judgement: Judgement) -> str:
    """ "accepted by Ada", "day corrected to 2020-08-17 by Ben"."""
    what = judgement.kind.value
    if judgement.field is not None:
        what = f"{judgement.field} corrected to {judgement.value or 'nothing'}"
    return f"{what} by {judgement.by.name}"


def status_badge(status: str, wording: Wording) -> Html:
    value = StatusValue(status)
    glyph = tag("span", wording.glyphs.get(value, "•"), class_="glyph", aria_hidden="true")
    return tag("span", glyph, " ", status, class_=f"status {status}", title=wording.statuses.get(value))
