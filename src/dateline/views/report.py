"""One coded report as one web page that needs nothing else: its text on one side, its records beside it, each marked in the other.

The page makes no request, runs no script but its own (the content policy names it by hash), works with script off, and the same
coding always gives the same bytes.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files

from dateline.knowledge.places import ATTRIBUTION
from dateline.records import Block, BlockKind, Coding, Document, Span
from dateline.views import cards, pictures
from dateline.views import wording as say
from dateline.views.evidence import Mark, Role, Segment, marks_of, segments
from dateline.views.markup import Html, Part, join, scrolling, tag
from dateline.views.wording import Wording

SKIPPED = frozenset(kind for kind in BlockKind if kind not in {BlockKind.TITLE, BlockKind.BODY, BlockKind.CAPTION})


def render_report(coding: Coding) -> str:
    """The whole page, UTF-8 text from <!doctype html> to </html>.

    A report that could not be read gives a page with its problems and no text.
    """
    coding = say.with_quotations_only(coding)
    wording = say.load_wording()
    style, script = _static("page.css") + _static("coding.css") + _scriptless(coding), _static("page.js")
    body = tag(
        "body",
        tag("a", "Skip to the text", class_="skip", href="#text"),
        tag("a", "Skip to the records", class_="skip", href="#records"),
        _masthead(coding),
        _overview(coding),
        tag("main", text_pane(coding, wording), _records_pane(coding, wording), id="main"),
        _footer(),
        tag("button", "Close record", type="button", id="let-go"),
        _keys(),
        tag("p", class_="unseen", id="live", role="status", aria_live="polite"),
        tag("script", Html(script)),
    )
    return f"<!doctype html>\n{tag('html', _head(title_of(coding), style, script), body, lang='en')}\n"


def _static(name: str) -> str:
    return files("dateline.views").joinpath("static", name).read_text(encoding="utf-8")


def _scriptless(coding: Coding) -> str:
    """Rules that mark the words of a record gone to by its link, for readers without script."""
    if not coding.claims:
        return ""
    numbers = range(1, len(coding.claims) + 1)
    evidence, triggers = (
        ",\n".join(f'html:not(.js):has(#r{n}:target) [data-m~="r{n}:{role}"]' for n in numbers)
        for role in (Role.EVIDENCE, Role.TRIGGER)
    )
    return f"{evidence} {{ background: var(--ev-bg); }}\n{triggers} {{ background: var(--trigger); color: var(--trigger-ink); }}\n"


def _head(title: str, style: str, script: str) -> Html:
    policy = "; ".join(
        ("default-src 'none'", f"style-src {_hash(style)}", f"script-src {_hash(script)}", "base-uri 'none'", "form-action 'none'")
    )
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        # escape() would write the quotes of 'none' as references, which mean the same to a browser and less to a reader.
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{title} – Dateline"),
        tag("style", Html(style)),
    )


def _hash(inline: str) -> str:
    return f"'sha256-{b64encode(sha256(inline.encode()).digest()).decode()}'"


# ---------------------------------------------------------------- above the text


def title_of(coding: Coding) -> str:
    """The document's title, or else the name of its report."""
    document = coding.document
    if document is None:
        return coding.report
    of_block = next((b.span.of(document.text) for b in document.blocks if b.kind is BlockKind.TITLE), None)
    return document.title or of_block or document.name


def _masthead(coding: Coding) -> Html:
    document = coding.document
    return tag(
        "header",
        tag(
            "div",
            tag("p", tag("b", "Dateline"), tag("span", "what a report says happened, and in which words"), class_="brand"),
            tag(
                "p",
                tag("button", "Keys", type="button", id="show-keys", aria_haspopup="dialog"),
                tag("button", "Dark", type="button", id="theme"),
                class_="tools needs-script",
            ),
            class_="bar-top",
        ),
        tag("h1", title_of(coding), dir="auto"),
        imprint(document) if document else None,
        tag("div", tag("p", *_counts(coding), class_="sum"), capture(document) if document else None, class_="under"),
        class_="mast",
    )


def imprint(document: Document) -> Html:
    """Who published it, by whom, on which day and how that is known, and with which agencies; or that no day was found."""
    parts: list[Part] = [tag("b", tag("bdi", document.publisher or "publisher not known"))]
    if document.byline:
        parts.append(tag("bdi", document.byline))
    if document.published:
        day = document.published
        how: Part = tag("span", say.date_origin(document), class_="how", title=day.origin.by or None)
        if day.span:
            how = join([how, " ", cards.segment_link(day.span, tag("q", day.span.of(document.text), dir="auto"))])
        parts.append(join(["published ", tag("time", say.day(day.day), datetime=day.day.isoformat()), " ", how]))
    else:
        parts.append("no publication date found: times relative to it stay unresolved")
    if document.agencies:
        parts.append(join(["with ", tag("bdi", ", ".join(document.agencies))]))
    return tag("p", join(parts, " · "), class_="imprint", data_key="published")


def capture(document: Document, *more: tuple[str, Part]) -> Html:
    """Where a report came from, folded: its address, name, hashes and encoding, how publisher and day are known, and `more`."""
    facts: tuple[tuple[str, Part], ...] = (
        ("Address", document.address),
        ("Report", document.name),
        ("SHA-256 of its bytes", document.raw_sha256),
        ("Document", document.id),
        ("Encoding", document.encoding),
        ("Publisher", say.origin(document.publisher_origin) if document.publisher_origin else None),
        ("Publication date", say.origin(document.published.origin) if document.published else None),
    )
    rows = [
        tag("div", tag("dt", name), tag("dd", value if isinstance(value, Html) else tag("code", value)))
        for name, value in (*facts, *more)
        if value
    ]
    return tag("details", tag("summary", "Where this report came from"), tag("dl", *rows), class_="capture")


def _counts(coding: Coding) -> list[Part]:
    said: list[Part] = [tag("a", say.tally(len(coding.claims), "record"), href="#records")]
    if coding.quotations:
        said += [" · ", tag("a", say.tally(len(coding.quotations), "quotation"), href="#quotations")]
    if coding.problems:
        said += [" · ", tag("a", say.tally(len(coding.problems), "problem"), href="#problems")]
    return said


def _overview(coding: Coding) -> Html:
    if not coding.claims:
        return Html("")
    published = coding.document.published.day if coding.document and coding.document.published else None
    days = pictures.days_picture(coding.claims, published)
    types = Counter(claim.event.type for claim in coding.claims)
    statuses = Counter(claim.event.status.value.value for claim in coding.claims)
    figure = tag(
        "figure",
        tag("figcaption", "When: every number is a record, in the days it is told of"),
        scrolling("The days of the records", days),
        pictures.days_legend(coding.claims),
        class_="when",
    )
    return tag(
        "section",
        figure if days else None,
        tag("div", _filters("type", "What", types), _filters("status", "Whether it happened", statuses), class_="tallies"),
        class_="overview",
        aria_label="Overview",
    )


def _filters(name: str, title: str, tallies: Counter[str]) -> Html:
    largest = max(tallies.values())
    chips = [
        tag(
            "li",
            tag(
                "button",
                tag("span", value, class_="name"),
                pictures.share_bar(number, largest),
                tag("span", str(number), class_="number"),
                type="button",
                class_="chip",
                data_filter=name,
                data_value=value,
                aria_pressed="false",
            ),
        )
        for value, number in sorted(tallies.items(), key=lambda item: (-item[1], item[0]))
    ]
    return tag("div", tag("h2", title, class_="small"), tag("ul", *chips, class_="chips"))


# ---------------------------------------------------------------- the text


def text_pane(coding: Coding, wording: Wording) -> Html:
    """The whole text with everything marked that anything points at, what was not coded in its place; no text: nothing."""
    document = coding.document
    if document is None:
        return Html("")
    marks = marks_of(coding, wording)
    triggers = _triggers(coding, wording)
    before, header, after = _without_header(tuple(_all_blocks(document)))
    parts = [[_block(block, document, marks, triggers, wording) for block in blocks] for blocks in (before, header, after)]
    return tag(
        "section",
        tag("h2", "The report", class_="pane-title"),
        _legend(),
        tag("article", *parts[0], _folded(parts[1]), *parts[2]),
        id="text",
        class_="text",
        tabindex=-1,
    )


LEGEND = (
    (Role.ACTOR, "who"),
    (Role.RECIPIENT, "to whom"),
    (Role.TIME, "when"),
    (Role.PLACE, "where"),
    (Role.COUNT, "how many"),
    (Role.STATUS, "whether"),
    (Role.TELLER, "says who"),
    (Role.TRIGGER, "trigger"),
)


def _legend() -> Html:
    marks = [tag("span", name, class_=f"s f-{role}") for role, name in LEGEND]
    return tag("p", tag("span", "Marks:"), *marks, class_="legend", aria_hidden="true")


Triggers = dict[int, tuple[tuple[int, str, str], ...]]


def _triggers(coding: Coding, wording: Wording) -> Triggers:
    """By the offset where a trigger ends: the numbers, statuses and headlines of the records it names."""
    found: Triggers = {}
    for number, claim in enumerate(coding.claims, 1):
        end = claim.event.trigger.end
        found[end] = (*found.get(end, ()), (number, claim.event.status.value.value, str(say.headline(claim.event, wording))))
    return found


def _all_blocks(document: Document) -> Iterable[Block]:
    """The document's blocks, and any words that fell between them, so that no word of the text is missing from the page."""
    at = 0
    for block in document.blocks:
        yield from _stray(document, at, block.span.start)
        yield block
        at = block.span.end
    yield from _stray(document, at, len(document.text))


def _stray(document: Document, start: int, end: int) -> Iterable[Block]:
    if start < end and not document.text[start:end].isspace():
        yield Block(Span(start, end), BlockKind.FURNITURE)


HEADER = frozenset({BlockKind.FURNITURE, BlockKind.CREDIT, BlockKind.LINK, BlockKind.REPEAT})
Blocks = tuple[Block, ...]


def _without_header(blocks: Blocks) -> tuple[Blocks, Blocks, Blocks]:
    """The title and what comes with it; the lines not coded that stand above the body ("Date: …", a byline); all the rest.

    "Title:" and the like may stand before the title, and are shown after it: a reader looks for the title first. A report
    without a body has no header: its lines are all there is to see.
    """
    body = next((n for n, block in enumerate(blocks) if block.kind in {BlockKind.BODY, BlockKind.CAPTION}), 0)
    header = tuple(block for block in blocks[:body] if block.kind in HEADER)
    others = tuple(block for block in blocks[:body] if block.kind not in HEADER)
    titles = max((n for n, block in enumerate(others, 1) if block.kind is BlockKind.TITLE), default=0)
    return others[:titles], header, (*others[titles:], *blocks[body:])


def _folded(header: list[Html]) -> Html:
    if not header:
        return Html("")
    return tag("details", tag("summary", f"{say.tally(len(header), 'line')} not coded: header"), *header, class_="header-lines")


def _block(block: Block, document: Document, marks: tuple[Mark, ...], triggers: Triggers, wording: Wording) -> Html:
    inner: list[Part] = []
    for segment in segments(block.span, marks):
        inner.append(_segment(segment, document))
        inner += [_number(*record) for record in triggers.get(segment.span.end, ())]
    if block.kind in SKIPPED:
        why = tag("span", f"not coded: {wording.skipped.get(block.kind, block.kind)}", class_="why")
        return tag("div", tag("p", *inner, class_="b", dir="auto"), why, class_=f"skipped {block.kind}")
    name = "h3" if block.kind is BlockKind.TITLE else "p"
    return tag(name, *inner, class_=f"b {block.kind}", dir="auto")


def _segment(segment: Segment, document: Document) -> Html:
    words = segment.span.of(document.text)
    if not segment.marks:
        return tag("span", words)
    carried = " ".join(dict.fromkeys(f"{mark.key}:{mark.role}" for mark in segment.marks))
    roles = {mark.role for mark in segment.marks}
    classes = ["s", *(name for name, role in (("ev", Role.EVIDENCE), ("tr", Role.TRIGGER), ("pr", Role.PROBLEM)) if role in roles)]
    return tag("span", words, class_=" ".join(classes), id=f"s{segment.span.start}", data_m=carried)


def _number(number: int, status: str, headline: str) -> Html:
    return tag(
        "a",
        str(number),
        class_=f"ref no {status}",
        href=f"#r{number}",
        data_key=f"r{number}",
        aria_label=f"record {number}: {headline}",
    )


# ---------------------------------------------------------------- beside it


def _records_pane(coding: Coding, wording: Wording) -> Html:
    document = coding.document
    title = tag("h2", "Records", class_="pane-title", id="records", tabindex=-1)
    sections = [tag("div", title, _reading_aid() if coding.claims else None, class_="pane-head"), _search()]
    if document and coding.claims:
        others = cards.neighbours(coding.claims)
        records = (cards.record_card(n, claim, document, others, wording) for n, claim in enumerate(coding.claims, 1))
        sections.append(tag("ol", *records, class_="cards"))
    else:
        sections.append(tag("p", "No records.", class_="none"))
    if document and coding.quotations:
        quotations = (cards.quotation_card(n, quotation, document) for n, quotation in enumerate(coding.quotations, 1))
        sections += [tag("h2", "Quotations", class_="pane-title", id="quotations"), tag("ol", *quotations, class_="quotations")]
    if coding.problems:
        sections += [tag("h2", "Problems", class_="pane-title", id="problems"), cards.problem_cards(coding)]
    return tag("section", *sections, class_="records", aria_label="Records, quotations and problems")


def _reading_aid() -> Html:
    confidence = tag("span", "0.95 ", pictures.probability_bar(0.95), " confidence in the record")
    sign = tag("span", say.ASSUMED, class_="sign")
    return tag("p", confidence, tag("span", sign, " inferred: no words say it"), class_="key", aria_hidden="true")


def _search() -> Html:
    return tag(
        "div",
        tag("label", "Filter", for_="find"),
        tag("input", type="search", id="find", placeholder="a name, a word, a type", autocomplete="off", spellcheck="false"),
        tag("button", "Show all", type="button", id="clear", hidden=True),
        tag("span", id="showing", class_="showing"),
        class_="search needs-script",
    )


KEYS = (
    ("j / k", "next / previous record"),
    ("Enter", "open or close the record in focus"),
    ("/", "filter"),
    ("Esc", "let go of the record, leave the filter"),
    ("d", "light or dark"),
    ("?", "these keys"),
)


def _keys() -> Html:
    rows = [tag("div", tag("dt", tag("kbd", key)), tag("dd", does)) for key, does in KEYS]
    # WCAG 2.1.4: whoever dictates, or types with a slipping hand, must be able to turn single letters off.
    switch = tag("label", tag("input", type="checkbox", id="letters", checked=True), " single-letter keys")
    form = tag("form", switch, tag("button", "Close", type="submit"), method="dialog")
    return tag("dialog", tag("h2", "Keys"), tag("dl", *rows), form, id="keys", aria_label="Keys")


def _footer() -> Html:
    grounds = "Every value stands on words of the report, or says which rule or table gave it."
    return tag("footer", tag("p", grounds, " Numbers in the text lead to their records. ", f"{ATTRIBUTION}."))
