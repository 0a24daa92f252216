"""Documents: which there are, one text once, what became of each, and each with its text and all that was read in it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dateline.ledger import listing
from dateline.ledger.derived import VisitRow
from dateline.ledger.errors import NotFoundError
from dateline.ledger.listing import Failure, Listed, Shelf, Shelves, Sought
from dateline.ledger.segments import Coded
from dateline.ledger.store import Ledger
from dateline.linking.sketch import Overlap, find_runs, overlap
from dateline.records import BlockKind, Coding, Document
from dateline.serial import to_json
from dateline.views import cards
from dateline.views import wording as say
from dateline.views.evidence import Role, marks_of, segments
from dateline.views.markup import Html, Part, join, tag
from dateline.views.report import capture, imprint, text_pane, title_of
from dateline.views.wording import Wording
from dateline.web import lists
from dateline.web.filters import moment_of
from dateline.web.sharing.rows import about_list
from dateline.web.shell import page
from dateline.web.site import Site, site_of

PUBLISHERS = 200
"""Publishers that are offered in the list's form; any other can be typed."""

COPIES = 50
"""Other prints of one text that a document's page lists and compares."""

SHELVES = {
    Shelf.ALL: "All",
    Shelf.TOLD: "With records",
    Shelf.NOTHING: "Nothing found",
    Shelf.REPRINTED: "Printed more than once",
    Shelf.NOTED: "Corrected or updated",
    Shelf.FAILED: "Failed",
}
COLUMNS = tuple(Listed.__dataclass_fields__)


# ---------------------------------------------------------------- the list


def list_page(request: Request) -> Response:
    """Documents by day, reprints of one text together; or the reports that could not be coded."""
    site, moment, sought = site_of(request), moment_of(request), _sought(request)
    ledger = site.ledger
    counted = listing.shelves(ledger, sought, as_of=moment)
    if sought.shelf is Shelf.FAILED:
        pages = lists.pages_of(request, counted.documents[Shelf.FAILED])
        found: Part = _failures(listing.failures(ledger, sought.words, limit=pages.size, offset=pages.offset, as_of=moment), site)
    else:
        pages = lists.pages_of(request, counted.texts[sought.shelf])
        shown = listing.texts(ledger, sought, limit=pages.size, offset=pages.offset, as_of=moment)
        found = _by_day(request, shown, sought.shelf, site)
    return page(
        request,
        "Documents",
        tag("h1", "Documents"),
        lists.then(request, moment),
        _form(request, sought, listing.publishers(ledger, limit=PUBLISHERS, as_of=moment)),
        _shelves(request, sought, counted),
        _how_many(sought, counted),
        found,
        lists.pager(request, pages),
        lists.as_data(request, "/documents"),
        here="documents",
        styles=("records",),
    )


def _sought(request: Request) -> Sought:
    asked = request.query_params
    shelf = asked.get("shelf", "")
    return Sought(
        Shelf(shelf) if shelf in set(Shelf) else Shelf.ALL,
        " ".join(asked.get("q", "").split()) or None,
        asked.get("publisher", "").strip() or None,
        lists.day_of(request, "since"),
        lists.day_of(request, "until"),
    )


def _form(request: Request, sought: Sought, publishers: Sequence[tuple[str, int]]) -> Html:
    kept = [
        tag("input", type="hidden", name=name, value=value)
        for name in ("shelf", "as_of")
        if (value := request.query_params.get(name))
    ]
    known = [tag("option", f"{number:,}", value=name) for name, number in publishers]
    return tag(
        "form",
        *kept,
        _field("Title, address or name", "q", "search", sought.words or ""),
        _field("Publisher", "publisher", "text", sought.publisher or "", list="publishers"),
        tag("datalist", *known, id="publishers"),
        _field("Published from", "since", "date", sought.since.isoformat() if sought.since else ""),
        _field("until", "until", "date", sought.until.isoformat() if sought.until else ""),
        tag("button", "Show", type="submit"),
        class_="row find",
        action="/documents",
        role="search",
        aria_label="Documents",
    )


def _field(words: str, name: str, kind: str, value: str, **more: str) -> Html:
    return tag(
        "p",
        tag("label", words, for_=f"of-{name}"),
        tag("input", type=kind, name=name, id=f"of-{name}", value=value, autocomplete="off", **more),
    )


def _shelves(request: Request, sought: Sought, counted: Shelves) -> Html:
    links = []
    for shelf, words in SHELVES.items():
        number = counted.documents.get(shelf)
        said = join([words, " ", tag("b", f"{number:,}")]) if number is not None else words
        current = "page" if shelf is sought.shelf else None
        address = lists.with_query(request, shelf=None if shelf is Shelf.ALL else shelf)
        links.append(tag("li", tag("a", said, href=address, aria_current=current)))
    return tag("nav", tag("ul", *links, class_="shelves"), aria_label="Which documents")


def _how_many(sought: Sought, counted: Shelves) -> Html:
    documents, texts = counted.documents[sought.shelf], counted.texts[sought.shelf]
    if sought.shelf is Shelf.FAILED:
        return tag("p", say.tally(documents, "report"), " could not be coded.", class_="note")
    return tag(
        "p", tag("b", say.tally(documents, "document")), ", ", tag("b", say.tally(texts, "distinct text")), ".", class_="sum"
    )


def _by_day(request: Request, shown: Sequence[Sequence[Listed]], shelf: Shelf, site: Site) -> Html:
    if not shown:
        return tag("p", "No document fits. Take a word or a day away.", class_="empty")
    days = groupby(shown, key=lambda documents: documents[0].published)
    parts: list[Part] = []
    for day, texts in days:
        parts.append(tag("h2", say.day(day) if day else "Day of publication not known", class_="day"))
        parts.append(tag("ol", *(_text(request, documents, shelf, site) for documents in texts), class_="texts"))
    return join(parts)


def _text(request: Request, documents: Sequence[Listed], shelf: Shelf, site: Site) -> Html:
    first, *others = documents
    facts: list[Part] = [tag("bdi", first.publisher or "publisher not known"), say.tally(first.claims, "record")]
    if first.is_round_up:
        facts.append("a round-up of several texts")
    if first.is_failed:
        facts.append(tag("span", "could not be coded", class_="bad"))
    again = [tag("li", _link(request, other), " ", tag("span", join(_print(other), " · "), class_="note")) for other in others]
    if shelf is Shelf.NOTHING:
        facts.append(tag("span", f"read by {first.program}, model {first.model}, knowledge {first.knowledge}"))
    return tag(
        "li",
        tag("p", _link(request, first), class_="title"),
        tag("p", join(facts, " · "), class_="note"),
        tag("details", tag("summary", f"printed {len(documents)} times"), tag("ol", *again)) if again else None,
        _retry(first.report, site, "A newer program or newer tables read it anew with") if shelf is Shelf.NOTHING else None,
    )


def _print(document: Listed) -> list[Part]:
    day = say.day(document.published) if document.published else "day not known"
    return [tag("bdi", document.publisher or "publisher not known"), day, say.tally(document.claims, "record")]


def _link(request: Request, document: Listed) -> Html:
    address = lists.to(request, f"/documents/{quote(document.document_id)}")
    return tag("a", document.title or document.report, href=address, dir="auto")


def _failures(failures: Sequence[Failure], site: Site) -> Html:
    if not failures:
        return tag("p", "Every report could be coded.", class_="empty")
    return tag(
        "ol",
        *(
            tag(
                "li",
                tag("p", tag("bdi", failure.report), class_="title"),
                tag("p", tag("b", f"{failure.stage}: {failure.reason}"), " ", failure.message),
                tag("p", _original(failure.raw_sha256), f" · entered {failure.known_at:%Y-%m-%d %H:%M} UTC", class_="note"),
                _retry(failure.report, site, "To try it again:"),
            )
            for failure in failures
        ),
        class_="texts",
    )


def _retry(report: str, site: Site, words: str) -> Html:
    """The command that reads a report again. Of a file of many reports the name says which line it was."""
    path, _, line = report.rpartition(":")
    source = path if line.isdigit() and path else report
    command = f"dateline add {shlex.quote(source)} --ledger {shlex.quote(str(site.ledger.path))}"
    return tag("p", words, " ", tag("code", command), class_="note")


def _original(sha256: str) -> Html:
    return tag("a", "original bytes", href=f"/reports/{quote(sha256)}", download=True)


def list_json(request: Request) -> Response:
    """A page of the documents that fit, each by itself; `text` is the same for prints of one text."""
    ledger, moment, sought = site_of(request).ledger, moment_of(request), _sought(request)
    pages = lists.pages_of(request, listing.shelves(ledger, sought, as_of=moment).documents[sought.shelf], lists.MOST)
    said = about_list(request, pages.total, "documents")
    if sought.shelf is Shelf.FAILED:
        failed = listing.failures(ledger, sought.words, limit=pages.size, offset=pages.offset, as_of=moment)
        return lists.json_page(request, pages, [asdict(failure) for failure in failed], said)
    found = listing.documents(ledger, sought, limit=pages.size, offset=pages.offset, as_of=moment)
    return lists.json_page(request, pages, [asdict(document) for document in found], said)


def list_csv(request: Request) -> Response:
    """All documents that fit, each by itself."""
    site, moment, sought = site_of(request), moment_of(request), _sought(request)
    number = listing.shelves(site.ledger, sought, as_of=moment).documents[sought.shelf]
    said = about_list(request, number, "documents")
    if sought.shelf is Shelf.FAILED:
        failed = (asdict(failure) for failure in listing.all_failures(site.ledger, sought.words, as_of=moment or datetime.now(UTC)))
        return lists.csv_answer("failed.csv", tuple(Failure.__dataclass_fields__), failed, said)
    found = (asdict(document) for document in listing.all_documents(site.ledger, sought, as_of=moment or datetime.now(UTC)))
    return lists.csv_answer("documents.csv", COLUMNS, found, said)


# ---------------------------------------------------------------- one document


def document_page(request: Request) -> Response:
    """The text with everything marked that anything points at, and beside it events, records, quotations and problems."""
    site, moment = site_of(request), moment_of(request)
    id = request.path_params["id"]
    coding = say.with_quotations_only(site.ledger.coding(id, moment))
    document = coding.document
    assert document is not None
    wording = say.load_wording()
    judged = site.judged(moment)
    claims = [claim.id for claim in coding.claims]
    events = site.ledger.membership(claims, judged=judged.events, as_of=moment) if claims else {}
    copies = [site.ledger.document(copy, moment) for copy in listing.copies(site.ledger, id, limit=COPIES, as_of=moment)]
    return page(
        request,
        title_of(coding),
        tag("h1", title_of(coding), dir="auto"),
        lists.then(request, moment),
        imprint(document),
        _facts(coding, events, copies),
        capture(
            document,
            *_handed_in(document, listing.handed_in(site.ledger, id)),
            *_visited(request, document, site.ledger.visits_of({document.address}, as_of=moment) if document.address else ()),
        ),
        _ways(request, document),
        tag(
            "div",
            tag("div", _unused(coding, wording), text_pane(coding, wording)),
            _beside(request, coding, events, copies, wording),
            class_="panes",
        ),
        here="documents",
        islands=("document",),
        styles=("coding", "records"),
        wide=True,
    )


def _facts(coding: Coding, events: dict[str, dict[str, str]], copies: Sequence[Document]) -> Html:
    said: list[Part] = [
        tag("a", f"{say.tally(len(coding.claims), 'record')} of {say.tally(len(events), 'event')}", href="#events"),
        tag("a", say.tally(len(coding.quotations), "quotation"), href="#quotations") if coding.quotations else None,
        tag("a", say.tally(len(coding.problems), "problem"), href="#problems") if coding.problems else None,
        tag("a", f"the same text as {say.tally(len(copies), 'other document')}", href="#prints") if copies else None,
    ]
    return tag("p", join([part for part in said if part], " · "), class_="sum")


def _handed_in(document: Document, reports: Sequence[Coded]) -> list[tuple[str, Part]]:
    fetched = [report.fetched for report in reports if report.fetched]
    last = reports[-1] if reports else None
    rows: list[tuple[str, Part]] = [("Fetched", fetched[-1] if fetched else tag("span", "not said by whoever handed it in"))]
    if last is not None:
        rows.append(("Media type", last.media_type))
    if len(reports) > 1:
        rows.append(("Handed in", f"{len(reports)} times; the latest coding that succeeded is shown"))
    if document.address and urlsplit(document.address).scheme in {"http", "https"}:
        link = tag("a", "open the address", href=document.address, rel="noreferrer noopener external")
        rows.append(("As it is today", link))
    return rows


OUTCOMES = {
    "new": "the first text seen there",
    "changed": "a later version",
    "another text": "another text",
    "gone": "taken down",
    "back": "there again as it was",
    "unreadable": "nothing that could be read",
}


def _visited(request: Request, document: Document, visits: Sequence[VisitRow]) -> list[tuple[str, Part]]:
    """How the report was fetched, and what else was found at its address; nobody fetched it: no rows."""
    own = next((visit for visit in reversed(visits) if visit.raw_sha256 == document.raw_sha256), None)
    rows: list[tuple[str, Part]] = []
    if own is not None:
        rows.append(("Asked for", own.address if own.address == own.final else f"{own.address}, which led to {own.final}"))
        rows.append(("Answer", f"status {own.status}"))
        rows += [(name, value) for name, value in json.loads(own.headers) if name in {"last-modified", "etag"}]
        if own.source:
            rows.append(("Found by", f"{own.source} ({', '.join(own.tags)})" if own.tags else own.source))
    if len(visits) > 1:
        rows.append(("At this address", tag("ul", join([tag("li", _visit(request, document, visit)) for visit in visits], ""))))
    return rows


def _visit(request: Request, document: Document, visit: VisitRow) -> Html:
    said = f"{visit.fetched_at:%Y-%m-%d %H:%M} UTC: {OUTCOMES.get(visit.outcome, visit.outcome)}"
    if visit.document_id is None or visit.document_id == document.id:
        return tag("span", said)
    return tag("a", said, href=lists.to(request, f"/documents/{quote(visit.document_id)}"))


def _ways(request: Request, document: Document) -> Html:
    at = f"/documents/{quote(document.id)}"
    ways = (
        tag("a", "Original bytes", href=f"/reports/{quote(document.raw_sha256)}", download=True),
        tag("a", "Extracted text", href=lists.to(request, f"{at}.txt")),
        tag("a", "All that was read, as JSON", href=lists.to(request, f"{at}.json")),
    )
    return tag("p", join(ways, " · "), class_="note twins")


def _unused(coding: Coding, wording: Wording) -> Html:
    """How much of what the report tells no record and no quotation rests on, and a switch that shows it."""
    document = coding.document
    assert document is not None
    told = unused = 0
    marks = tuple(mark for mark in marks_of(coding, wording) if mark.role in {Role.EVIDENCE, Role.QUOTE})
    for block in document.blocks:
        if block.kind not in {BlockKind.TITLE, BlockKind.BODY, BlockKind.CAPTION}:
            continue
        for segment in segments(block.span, marks):
            words = len(segment.span.of(document.text).split())
            told += words
            unused += 0 if segment.marks else words
    if not told:
        return tag("p", "The report has no text that is coded.", class_="note")
    share = f"{unused / told:.0%} of the text’s {told:,} words is in no record and no quotation."
    switch = tag("label", tag("input", type="checkbox", id="unused"), " show it")
    return tag("p", share, " ", switch, class_="note unused")


def _beside(
    request: Request, coding: Coding, events: dict[str, dict[str, str]], copies: Sequence[Document], wording: Wording
) -> Html:
    document = coding.document
    assert document is not None
    parts: list[Part] = [_events(request, coding, events, wording)]
    if coding.claims:
        others = cards.neighbours(coding.claims)
        records = (cards.record_card(n, claim, document, others, wording) for n, claim in enumerate(coding.claims, 1))
        parts += [tag("h2", "Records", class_="pane-title", id="records"), tag("ol", *records, class_="cards")]
    if coding.quotations:
        quotations = (cards.quotation_card(n, quotation, document) for n, quotation in enumerate(coding.quotations, 1))
        parts += [tag("h2", "Quotations", class_="pane-title", id="quotations"), tag("ol", *quotations, class_="quotations")]
    if coding.problems:
        parts += [tag("h2", "Problems", class_="pane-title", id="problems"), cards.problem_cards(coding)]
    if copies:
        parts += [tag("h2", "The same text elsewhere", class_="pane-title", id="prints"), _prints(request, document, copies)]
    return tag("section", *parts, class_="records", aria_label="What was read", tabindex=0)


def _events(request: Request, coding: Coding, events: dict[str, dict[str, str]], wording: Wording) -> Html:
    title = tag("h2", "Events it tells of", class_="pane-title", id="events", tabindex=-1)
    if not events:
        return join([title, tag("p", "None: nothing in this text was read as an event.", class_="none")])
    items = []
    numbers = {claim.id: number for number, claim in enumerate(coding.claims, 1)}
    for event, members in sorted(events.items(), key=lambda item: min(numbers.get(claim, 10**6) for claim in item[1])):
        own = [number for claim in members if (number := numbers.get(claim)) is not None]
        first = coding.claims[min(own) - 1].event
        status = first.status.value.value
        chips = (tag("a", str(n), class_=f"no {status}", href=f"#r{n}", data_key=f"r{n}", aria_label=f"record {n}") for n in own)
        documents = len(set(members.values()))
        told = "told here alone" if documents == 1 else f"told by {documents:,} documents"
        head = cards.headline_html(say.headline(first, wording))
        items.append(
            tag(
                "li",
                tag("span", join(chips, " "), class_="numbers"),
                tag("a", head, href=lists.to(request, f"/events/{quote(event)}")),
                " ",
                tag("span", told, class_="note"),
            )
        )
    return join([title, tag("ol", *items, class_="told")])


def _prints(request: Request, document: Document, copies: Sequence[Document]) -> Html:
    own = find_runs(_told(document))
    items = []
    for copy in copies:
        shared = overlap(own, find_runs(_told(copy)))
        day = say.day(copy.published.day) if copy.published else "day not known"
        items.append(
            tag(
                "li",
                tag("a", copy.title or copy.name, href=lists.to(request, f"/documents/{quote(copy.id)}"), dir="auto"),
                tag("p", join([tag("bdi", copy.publisher or "publisher not known"), day], " · "), class_="note"),
                tag("p", _alike(shared), class_="note"),
            )
        )
    return tag("ol", *items, class_="prints")


def _told(document: Document) -> str:
    kinds = {BlockKind.TITLE, BlockKind.BODY, BlockKind.CAPTION}
    return "\n\n".join(block.span.of(document.text) for block in document.blocks if block.kind in kinds)


def _alike(shared: Overlap) -> str:
    return (
        f"{shared.of_first:.0%} of this text’s runs of three words are there too, {shared.of_second:.0%} of that one’s are here; "
        f"{shared.shared:,} in common"
    )


def document_text(request: Request) -> Response:
    """The text as it was extracted from the report: what all offsets count in."""
    document = site_of(request).ledger.document(request.path_params["id"], moment_of(request))
    return PlainTextResponse(document.text.encode("utf-8", "replace"))


def document_json(request: Request) -> Response:
    """All that the current coding of the document gave."""
    coding = site_of(request).ledger.coding(request.path_params["id"], moment_of(request))
    return Response(to_json(coding) + "\n", media_type="application/json")


def original(request: Request) -> Response:
    """The bytes of a report, which are somebody else's page: a browser keeps them as a file and never shows or runs them."""
    sha256 = request.path_params["sha256"]
    headers = {
        "content-disposition": f'attachment; filename="{sha256}.bin"',
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return Response(_raw(site_of(request).ledger, sha256), media_type="application/octet-stream", headers=headers)


def _raw(ledger: Ledger, sha256: str) -> bytes:
    if not sha256.isalnum():
        raise NotFoundError(f"no report {sha256!r}")
    return ledger.raw(sha256)


ROUTES = [
    Route("/documents", list_page),
    Route("/documents.json", list_json),
    Route("/documents.csv", list_csv),
    Route("/documents/{id}.txt", document_text),
    Route("/documents/{id}.json", document_json),
    Route("/documents/{id}", document_page),
    Route("/reports/{sha256}", original),
]
