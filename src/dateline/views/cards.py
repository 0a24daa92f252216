"""What stands beside the text: a card for every record, quotation and problem."""

from __future__ import annotations

from dataclasses import dataclass

from dateline.records import (
    Check,
    CheckResult,
    Claim,
    Coding,
    Count,
    Document,
    EventMention,
    How,
    Origin,
    Problem,
    Quotation,
    Span,
    Teller,
    TellingValue,
)
from dateline.views import pictures
from dateline.views import wording as say
from dateline.views.evidence import Role, Value, evidence_of, values_of
from dateline.views.markup import Html, Part, join, scrolling, tag
from dateline.views.wording import Headline, Wording


@dataclass(frozen=True)
class Neighbours:
    """What a card must know of the others: numbers by claim id, later tellings by claim id, and the largest figure of all."""

    numbers: dict[str, int]
    told_again: dict[str, tuple[int, ...]]
    largest: float


def neighbours(claims: tuple[Claim, ...]) -> Neighbours:
    again: dict[str, tuple[int, ...]] = {}
    for number, claim in enumerate(claims, 1):
        if claim.same_as is not None:
            again[claim.same_as] = (*again.get(claim.same_as, ()), number)
    figures = [
        value
        for claim in claims
        for count in claim.event.counts
        if count.unit != "percent"
        for value in (count.low, count.high)
        if value
    ]
    return Neighbours({claim.id: number for number, claim in enumerate(claims, 1)}, again, max(figures, default=10.0))


def number_chip(number: int, status: str, **attributes: str) -> Html:
    """The number a record goes by all over the page; its outline tells the status."""
    return tag("span", str(number), class_=f"no {status}", **attributes)


def segment_link(span: Span, *parts: Part, class_: str = "words") -> Html:
    """A link to where the span begins in the text; it carries the span, so that whoever reads the page as data has it too."""
    return tag("a", *parts, class_=class_, href=f"#s{span.start}", data_span=f"{span.start}:{span.end}")


# ---------------------------------------------------------------- records


def record_card(number: int, claim: Claim, document: Document, others: Neighbours, wording: Wording) -> Html:
    """A card that says the record in a line, and opened, each value with its words."""
    event = claim.event
    return tag(
        "li",
        tag("details", _summary(number, event, wording), _body(number, claim, document, others, wording)),
        class_=f"card {event.status.value}",
        id=f"r{number}",
        data_key=f"r{number}",
        data_type=event.type,
        data_status=event.status.value,
    )


def _summary(number: int, event: EventMention, wording: Wording) -> Html:
    kind = [tag("b", event.type), " · ", event.mode] if event.mode else [tag("b", event.type)]
    return tag(
        "summary",
        tag(
            "span",
            number_chip(number, event.status.value),
            tag("span", *kind, class_="kind"),
            status_badge(event, wording),
            background_badge(event),
            tag(
                "span",
                tag("span", "confidence ", class_="unseen"),
                f"{event.confidence:.2f} ",
                pictures.probability_bar(event.confidence),
                class_="sure",
                title="confidence: how likely a careful coder would accept the record",
            ),
            class_="badges",
        ),
        tag("h3", headline_html(say.headline(event, wording)), class_="headline"),
        tag("span", join(_facts(event), " · "), class_="facts"),
    )


def background_badge(event: EventMention) -> Html | None:
    """Says that the record is no news of the report, and by which rule; of news: None."""
    telling = event.telling
    if telling.value is not TellingValue.BACKGROUND:
        return None
    return tag("span", "background", class_="note", title=f"not the news of this report: {telling.origin.by}")


def status_badge(event: EventMention, wording: Wording) -> Html:
    value = event.status.value
    glyph = tag("span", wording.glyphs.get(value, "•"), class_="glyph", aria_hidden="true")
    return tag("span", glyph, " ", str(value), class_=f"status {value}", title=wording.statuses.get(value))


def headline_html(headline: Headline) -> Html:
    # bdi: a name in another script must not turn the words around it.
    aim = [" – ", headline.link, " ", tag("bdi", headline.whom)] if headline.whom else []
    return join([tag("bdi", headline.who), " – ", tag("em", headline.what), *aim])


def _facts(event: EventMention) -> list[Part]:
    facts: list[Part] = [tag("bdi", say.how_many(count)) for count in event.counts[:3]]
    if len(event.counts) > 3:
        facts.append(f"{len(event.counts) - 3} more counts")
    facts += [tag("bdi", say.with_what(instrument)) for instrument in event.instruments]
    if event.time:
        facts.append(_fact(say.when(event.time), event.time.span, event.time.origin))
    if event.place:
        facts.append(_fact(say.where(event.place.place), event.place.span, event.place.origin))
    if len(event.attribution) > 1:
        facts.append(join(["says ", tag("bdi", event.attribution[-1].actor.name)]))
    failed = [c for c in event.checks if c.result is CheckResult.FAILED]
    if failed:
        facts.append(tag("b", f"{say.CHECK_GLYPHS[CheckResult.FAILED]} {say.tally(len(failed), 'check')} failed"))
    return facts


def _fact(words: str, span: Span | None, origin: Origin) -> Html:
    return tag("bdi", words) if span else assumed(words, origin, "assumed")


def assumed(words: str, origin: Origin, class_: str) -> Html:
    """A value that no words say: its sign, itself, and by which rule, for whoever points at it."""
    sign = tag("span", say.ASSUMED, class_="sign", aria_hidden="true")
    return tag("span", sign, " ", tag("bdi", words), class_=class_, title=say.origin(origin))


def _body(number: int, claim: Claim, document: Document, others: Neighbours, wording: Wording) -> Html:
    event = claim.event
    values = values_of(event, wording)
    return tag(
        "div",
        tag("blockquote", segment_link(event.evidence, evidence_words(document, event), class_="words run"), class_="evidence"),
        tag(
            "dl",
            *_rows(tuple(v for v in values if v.role not in {Role.TRIGGER, Role.TELLER}), event, document, others),
            _teller_chain(event, tuple(v for v in values if v.role is Role.TELLER), document),
        ),
        _checks(event, document),
        _tellings(claim, others),
        _provenance(number, claim, values, document),
        class_="fields",
    )


def evidence_words(document: Document, event: EventMention) -> Html:
    """The record's words with the trigger marked, in quotation marks that are not part of them."""
    run, trigger, text = event.evidence, event.trigger, document.text
    if not run.contains(trigger):
        return tag("q", run.of(text), dir="auto")
    return tag("q", text[run.start : trigger.start], tag("mark", trigger.of(text)), text[trigger.end : run.end], dir="auto")


def _rows(values: tuple[Value, ...], event: EventMention, document: Document, others: Neighbours) -> list[Html]:
    """One row a question, with all its answers."""
    counts = iter(event.counts)
    rows: dict[str, tuple[Role, list[Html]]] = {}
    for value in values:
        count = next(counts) if value.role is Role.COUNT else None
        answer = tag("dd", _said(value), *_notes(value, event, count, others), " ", grounding(value, document))
        rows.setdefault(value.label, (value.role, []))[1].append(answer)
    return [tag("div", tag("dt", label), *answers, class_=f"row f-{role}") for label, (role, answers) in rows.items()]


def _said(value: Value) -> Html:
    return assumed(value.text, value.origin, "value assumed") if value.is_assumed else tag("bdi", value.text, class_="value")


def _notes(value: Value, event: EventMention, count: Count | None, others: Neighbours) -> list[Part]:
    if count:
        return [pictures.bounds_bar(count, others.largest), _note(say.count_notes(count, event))]
    if value.is_assumed:
        return []
    if value.role is Role.TIME and event.time:
        return [_note(str(event.time.precision))]
    if value.role is Role.PLACE and event.place:
        return [_note(f"{event.place.place.kind}, {say.point(event.place.place) or 'no point'}")]
    return []


def _note(words: str) -> Html:
    return tag("span", f" {words} ", class_="note") if words else Html("")


def grounding(value: Value, document: Document) -> Html:
    """The words a value stands on and, if they alone do not give it, how it arose.

    No words: only how, for screen readers and paper; on a screen the table of the card's values says it.
    """
    how_class = value.origin.how.replace(" ", "-")
    if value.span is None:
        return tag("span", say.origin(value.origin), class_=f"how {how_class} unseen")
    how = tag("span", say.origin(value.origin), class_=f"how {how_class}")
    words = segment_link(value.span, tag("q", value.span.of(document.text), dir="auto"))
    return words if value.origin.how is How.READ else join([words, " ", how])


def _teller_chain(event: EventMention, values: tuple[Value, ...], document: Document) -> Html:
    links = [_teller(teller, value, document) for teller, value in zip(event.attribution, values, strict=True)]
    if not links:
        return Html("")
    return tag("div", tag("dt", "says who"), tag("dd", tag("ol", *links, class_="tellers")), class_="row f-teller")


def _teller(teller: Teller, value: Value, document: Document) -> Html:
    words: list[Part] = [_said(value), grounding(value, document)]
    if teller.cue:
        words.append(segment_link(teller.cue, tag("q", teller.cue.of(document.text), dir="auto"), class_="words f-cue"))
    if teller.span or teller.cue:
        words.append(tag("span", str(teller.manner), class_="note"))
    return tag("li", join(words, " "))


def _checks(event: EventMention, document: Document) -> Html:
    """Each sum with its outcome, and the words that its figures and days stand on."""
    if not event.checks:
        return Html("")
    items = (tag("li", say.check(c), *_words_of(c, document), class_=f"check {c.result.replace(' ', '-')}") for c in event.checks)
    return tag("ul", *items, class_="checks")


def _words_of(check: Check, document: Document) -> list[Part]:
    links = [segment_link(span, tag("q", span.of(document.text), dir="auto")) for span in check.spans]
    return [" ", tag("span", join(links, " · "), class_="note")] if links else []


def _tellings(claim: Claim, others: Neighbours) -> Html:
    first = others.numbers.get(claim.same_as or "")
    later = others.told_again.get(claim.id, ())
    said: list[Part] = []
    if first:
        said.append(join(["First told in ", record_link(first)]))
    if later:
        said.append(join(["Told again in ", join((record_link(n) for n in later), ", ")]))
    return tag("p", join(said, " · "), class_="again") if said else Html("")


def record_link(number: int) -> Html:
    return tag("a", f"record {number}", href=f"#r{number}", data_key=f"r{number}")


def _provenance(number: int, claim: Claim, values: tuple[Value, ...], document: Document) -> Html:
    head = tag("tr", *(tag("th", name, scope="col") for name in ("value", "words", "how", "bytes")))
    rows = [tag("tr", *_provenance_cells(value, document)) for value in values]
    sure = [f"{field} {probability:.2f}" for field, probability in claim.event.field_confidence]
    contexts = ", ".join(claim.event.contexts)
    return tag(
        "details",
        tag("summary", "Where each value comes from"),
        scrolling(
            f"Values of record {number}",
            tag("table", tag("caption", f"Values of record {number}", class_="unseen"), tag("thead", head), tag("tbody", *rows)),
        ),
        tag("p", "Contexts: ", contexts) if contexts else None,
        tag("p", "Confidence by field: ", ", ".join(sure)) if sure else None,
        tag("p", "Told as ", say.telling(claim.event.telling, document)),
        tag(
            "p",
            "Claim ",
            tag("code", claim.id),
            " · rule ",
            tag("code", claim.event.rule),
            " · coder ",
            tag("code", f"{claim.coder.program} / {claim.coder.model} / {claim.coder.knowledge}"),
        ),
        class_="origins",
    )


def _provenance_cells(value: Value, document: Document) -> tuple[Html, ...]:
    label = tag("th", value.label, ": ", tag("bdi", value.text), scope="row")
    if value.span is None:
        return label, tag("td", "–"), tag("td", say.origin(value.origin)), tag("td", "–")
    found = evidence_of(document, value.span)
    at = f"{found.bytes[0]:,}–{found.bytes[1]:,}" if found.bytes else "not mapped"
    return (
        label,
        tag("td", segment_link(value.span, tag("q", found.words, dir="auto"))),
        tag("td", say.origin(value.origin)),
        tag("td", at),
    )


# ---------------------------------------------------------------- quotations and problems


def quotation_card(number: int, quotation: Quotation, document: Document) -> Html:
    """Whose words, given by which cue and through whom, and the words."""
    text = document.text
    speaker = tag("bdi", quotation.speaker.name) if quotation.speaker else tag("span", "speaker not said", class_="how")
    told: list[Part] = [tag("b", speaker)]
    if quotation.cue:
        told += [" ", segment_link(quotation.cue, tag("q", quotation.cue.of(text), dir="auto"), class_="words f-cue")]
    if quotation.via:
        told += [" via ", tag("bdi", quotation.via.name)]
    told += [" ", tag("span", str(quotation.kind), class_=f"note quote-{quotation.kind}")]
    words = join((segment_link(span, tag("q", span.of(text), dir="auto")) for span in quotation.content), " … ")
    return tag(
        "li", tag("p", *told, class_="told"), tag("blockquote", words), class_="quotation", id=f"q{number}", data_key=f"q{number}"
    )


def problem_card(number: int, problem: Problem, document: Document | None) -> Html:
    """What went wrong, where, and in which stage."""
    place = None
    if problem.span and document:
        place = tag("p", "At ", segment_link(problem.span, tag("q", problem.span.of(document.text), dir="auto")))
    kind = tag("b", f"{problem.stage}: {problem.reason}")
    fatal = tag("span", " nothing could be coded", class_="note") if problem.is_fatal else None
    return tag(
        "li", tag("p", kind, fatal), tag("p", problem.message), place, class_="problem", id=f"p{number}", data_key=f"p{number}"
    )


def problem_cards(coding: Coding) -> Html:
    return tag(
        "ol", *(problem_card(n, problem, coding.document) for n, problem in enumerate(coding.problems, 1)), class_="problems"
    )
