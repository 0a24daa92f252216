"""A thing to decide as a page shows it: its words in their paragraph, what was read in them, and what can be answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from starlette.requests import Request

from dateline.knowledge.ontology import load_ontology
from dateline.knowledge.places import load_countries
from dateline.ledger.corrections import COUNTS, NONE, RANGE, reading
from dateline.ledger.errors import NotFoundError
from dateline.ledger.judged import Judged
from dateline.ledger.resolve import entry_number
from dateline.ledger.review import Concern, Order, Progress, progress_of
from dateline.ledger.second import COMPARED, LINK, Question
from dateline.ledger.store import Shown
from dateline.records import About, Document, EventMention, Judgement, JudgementKind, Span, StatusValue
from dateline.views import cards
from dateline.views import wording as say
from dateline.views.evidence import Mark, Role, Value, segments, sentence_around, values_of
from dateline.views.judging import what_was_judged
from dateline.views.markup import Html, Part, join, tag
from dateline.views.wording import Wording, load_wording
from dateline.web.desk import Desk, Lease, Task, Work
from dateline.web.guard import token_field

SIDE = 4
"""Claims of an event that are shown beside a link: the first ones; of more it is said how many."""

FINEST = (
    Role.TRIGGER, Role.STATUS, Role.COUNT, Role.DEMAND, Role.ISSUE, Role.INSTRUMENT, Role.RESPONSE, Role.TIME, Role.PLACE, Role.CUE,
    Role.ACTOR, Role.RECIPIENT, Role.TELLER,
)  # fmt: skip
"""The role that colours words on which several values rest: the finest first."""

ORDER_WORDS = {
    Order.PRESSING: "most pressing: unsure, and much hangs on it",
    Order.UNCERTAINTY: "least sure",
    Order.IMPACT: "most claims hang on it",
    Order.DISAGREEMENT: "its reports differ most",
    Order.AGE: "waiting longest",
}

WORK_WORDS = {
    Work.ALL: "All",
    Work.DECIDED: "Decided, and in doubt",
    Work.LINKS: "Links",
    Work.READINGS: "Readings",
    Work.DISPUTED: "Disputed",
    Work.SECOND: "Second answers",
}


@dataclass(frozen=True)
class Action:
    """An answer that can be given: what its form sends besides what all forms do. `key` is the key that gives it."""

    name: str
    words: str
    key: str
    fields: tuple[tuple[str, str], ...]
    is_main: bool = False
    address: str = "/judgements"


@dataclass(frozen=True)
class Desktop:
    """What the forms of a page share: the ledger as judged, who judges, and where to go when one of them is sent."""

    request: Request
    judged: Judged
    head: str
    who: str | None
    back: str
    is_readonly: bool

    @cached_property
    def wording(self) -> Wording:
        return load_wording()

    def form(self, *parts: Part, fields: Iterable[tuple[str, str]], **attributes: str | bool | None) -> Html:
        """A form that decides something."""
        kept = (("head", self.head), ("next", self.back), *fields)
        hidden = (tag("input", type="hidden", name=name, value=value) for name, value in kept)
        action = attributes.pop("action", "/judgements")
        return tag("form", token_field(self.request), *hidden, *parts, method="post", action=action, **attributes)


# ---------------------------------------------------------------- the thing


def task_html(desk: Desktop, task: Task, lease: Lease | None) -> Html:
    """The whole of a thing to decide."""
    return question_html(desk, task, task.question) if task.question is not None else item_html(desk, task, lease)


def item_html(desk: Desktop, task: Task, lease: Lease | None) -> Html:
    item = task.item
    assert item is not None
    claims = _shown(desk.judged, item.claims if item.concern is Concern.CONTRADICTION else item.claims[:1])
    head = tag(
        "header",
        tag("h2", _capital(item.concern.value), tabindex=-1, id="task-title"),
        tag("p", tag("bdi", item.reason), class_="reason"),
        tag("p", _why(task), class_="note") if item.doubt else None,
        _in_hand(desk, lease),
    )
    if not claims:
        gone = tag("p", "The report is now coded without it; its history shows what it was.", class_="note")
        body: Html = tag("div", gone, _judgements_of(desk, item.claims), class_="card")
    elif item.concern is Concern.UNSURE_LINK:
        body = tag(
            "div", claim_html(desk, claims[0], "The claim"), _event_side(desk, item.claims[1], {item.claims[0]}), class_="sides"
        )
    else:
        body = join(claim_html(desk, shown, "The claim") for shown in claims)
    actions = _bar(desk, task, actions_of(desk, task)) if not desk.is_readonly else Html("")
    correct = correct_html(desk, claims[0]) if claims and not desk.is_readonly else Html("")
    return tag("article", head, actions, body, correct, class_="task", data_key=task.key, aria_labelledby="task-title")


def _why(task: Task) -> Html:
    doubt = task.item.doubt if task.item else None
    assert doubt is not None
    differing = f"its reports differ in {', '.join(doubt.differing)}" if doubt.differing else "its reports do not differ"
    said = (
        f"{doubt.chance:.0%} sure",
        f"{say.tally(doubt.claims, 'claim')} in its event",
        differing,
        f"in the ledger since {say.day(doubt.known_at.date())}",
    )
    return join(said, " · ")


def _in_hand(desk: Desktop, lease: Lease | None) -> Html:
    if lease is None or lease.who == desk.who:
        return Html("")
    words = f" has this in hand since {lease.since:%H:%M}; it is free again at {lease.until:%H:%M} UTC"
    return tag("p", tag("bdi", lease.who), words, class_="in-hand doubt")


def _shown(judged: Judged, claims: Sequence[str]) -> list[Shown]:
    """The claims that the current codings have, in that order."""
    found = []
    for claim in claims:
        try:
            found.append(judged.ledger.show(judged.successors.get(claim, claim), judged.as_of))
        except NotFoundError:
            continue
    return found


# ---------------------------------------------------------------- a claim


def claim_html(desk: Desktop, shown: Shown, title: str, *, is_blind: bool = False) -> Html:
    """A claim: where it was printed, its paragraph with the values marked, and what was read. Blind: nothing that people said."""
    document, event = shown.document, shown.claim.event
    day = say.day(document.published.day) if document.published else "day not known"
    return tag(
        "section",
        tag("h3", title),
        tag(
            "p",
            tag("a", document.title or document.name, href=f"/documents/{document.id}", dir="auto"),
            " · ",
            tag("bdi", document.publisher or "publisher not known"),
            f" · {day}",
            class_="note",
        ),
        passage(document, event, desk.wording, shown.claim.id),
        _fields(event, document, desk.wording),
        Html("") if is_blind else _judgements_of(desk, (shown.claim.id,)),
        class_="card claim",
        data_claim=shown.claim.id,
    )


def passage(document: Document, event: EventMention, wording: Wording, claim: str) -> Html:
    """The paragraph of a claim with its sentence and what its values rest on marked. Stretches say where they begin."""
    first, last = document.block_at(event.evidence.start), document.block_at(max(event.evidence.end - 1, 0))
    start = first.span.start if first else event.evidence.start
    end = max(last.span.end if last else event.evidence.end, event.evidence.end)
    values = values_of(event, wording)
    marks = (
        Mark(sentence_around(document, event.evidence), "", Role.EVIDENCE),
        *(Mark(value.span, value.label, value.role) for value in values if value.span),
        *(Mark(teller.cue, "says who", Role.CUE) for teller in event.attribution if teller.cue),
    )
    parts = [_stretch(document.text, segment.span, segment.marks) for segment in segments(Span(start, end), marks)]
    return tag("blockquote", tag("p", *parts, dir="auto", class_="passage", data_claim=claim), class_="words")


def _stretch(text: str, span: Span, marks: Sequence[Mark]) -> Html:
    roles = {mark.role for mark in marks}
    finest = next((role for role in FINEST if role in roles), None)
    classes = ["told"] if Role.EVIDENCE in roles else []
    if finest is None:
        return tag("span", span.of(text), class_=" ".join(classes) or None, data_s=span.start)
    label = next(mark.key for mark in marks if mark.role is finest)
    return tag("mark", span.of(text), class_=" ".join([*classes, f"f-{finest}"]), title=label, data_s=span.start)


def _fields(event: EventMention, document: Document, wording: Wording) -> Html:
    rows: dict[str, tuple[Role, list[Html]]] = {}
    for value in values_of(event, wording):
        rows.setdefault(value.label, (value.role, []))[1].append(_answer(value, document))
    return tag(
        "dl",
        *(tag("div", tag("dt", label), *answers, class_=f"row f-{role}") for label, (role, answers) in rows.items()),
        class_="fields",
    )


def _answer(value: Value, document: Document) -> Html:
    if value.span is None:
        return tag(
            "dd",
            cards.assumed(value.text, value.origin, "value assumed"),
            tag("span", f" {say.origin(value.origin)}", class_="note"),
        )
    return tag("dd", tag("bdi", value.text, class_="value"), " ", tag("q", value.span.of(document.text), dir="auto", class_="note"))


def _judgements_of(desk: Desktop, claims: Sequence[str]) -> Html:
    """What people said of these claims, with the way to each entry."""
    judged = desk.judged
    of_it = [
        j
        for j in judged.judgements
        if not j.by.is_machine and j.kind is not JudgementKind.SECONDED
        and not {judged.successors.get(c, c) for c in j.claims}.isdisjoint(claims)
    ]  # fmt: skip
    if not of_it:
        return Html("")
    return tag("section", tag("h4", "What people said"), said_list(of_it, judged.in_force), class_="said")


def said_list(judgements: Iterable[Judgement], in_force: frozenset[str]) -> Html:
    """Judgements in words, each with the way to its entry; what was undone is struck out."""
    return tag("ul", *(tag("li", _said(j, in_force)) for j in judgements), class_="log")


def _said(judgement: Judgement, in_force: frozenset[str]) -> Html:
    words = join([tag("bdi", judgement.by.name), " ", what_was_judged(judgement)])
    held = words if judgement.id in in_force else join([tag("s", words), " (undone)"])
    reason = join([": ", tag("q", judgement.reason, dir="auto")]) if judgement.reason else None
    entry = tag("a", f"entry {entry_number(judgement)}", href=f"/audit#entry-{entry_number(judgement)}")
    return join([held, reason, " · ", entry, f" · {judgement.at:%Y-%m-%d %H:%M}"])


def _event_side(desk: Desktop, event: str, without: set[str]) -> Html:
    """The event that a link leads to, by its other claims."""
    try:
        others = [claim for claim in desk.judged.claims_of(desk.judged.event(event)) if claim not in without]
    except NotFoundError:
        return tag("section", tag("h3", "The event"), tag("p", "It is gone.", class_="note"), class_="card")
    shown = _shown(desk.judged, others[:SIDE])
    more = tag("p", f"and {len(others) - SIDE:,} more claims", class_="note") if len(others) > SIDE else None
    return tag(
        "section",
        tag("h3", "The event it was linked to ", tag("a", "open", href=f"/events/{event}")),
        *(_in_brief(desk, one) for one in shown),
        more,
        class_="card event",
    )


def _in_brief(desk: Desktop, shown: Shown) -> Html:
    document = shown.document
    day = say.day(document.published.day) if document.published else "day not known"
    return tag(
        "div",
        tag("p", tag("bdi", document.publisher or "publisher not known"), f" · {day}", class_="note"),
        passage(document, shown.claim.event, desk.wording, shown.claim.id),
        _fields(shown.claim.event, document, desk.wording),
        class_="brief",
    )


# ---------------------------------------------------------------- what can be answered


def actions_of(desk: Desktop, task: Task) -> tuple[Action, ...]:
    """The answers to an item, the likeliest first."""
    item = task.item
    assert item is not None
    claim = item.claims[0]
    if item.concern is Concern.UNSURE_LINK:
        return (
            Action("same", "Same event", "y", (("kind", "same"), ("id", item.claims[1]), ("claims", claim)), is_main=True),
            Action("other", "Not the same", "n", (("kind", "split"), ("id", item.claims[1]), ("claims", claim))),
            _verdict("accept", "Accept the reading", "a", "accepted", claim),
            _verdict("reject", "Reject the claim", "r", "rejected", claim),
        )
    if item.concern in {Concern.UNSURE_READING, Concern.DISPUTED} and len(item.claims) == 1:
        return (
            _verdict("accept", "Accept", "a", "accepted", claim, is_main=True),
            _verdict("reject", "Reject", "r", "rejected", claim),
        )
    if item.concern is Concern.READING_DIFFERS:
        held = next(j for j in desk.judged.judgements if j.id == item.judgements[0])
        return (
            Action("accept", "Keep what was decided", "a", _again(held, claim), is_main=True),
            Action("reject", "Take the new reading", "r", (("kind", "undone"), ("id", held.id))),
        )
    if item.concern is Concern.EVENT_DIFFERS:
        event = (("kind", "accepted"), ("id", claim), ("about", About.EVENT.value))
        return (
            Action("accept", "Accept it as it is now", "a", event, is_main=True),
            Action("other", "Take it back", "n", (("kind", "undone"), ("id", item.judgements[0]))),
        )
    undo = tuple(Action(f"undo-{id}", f"Take back {id}", "", (("kind", "undone"), ("id", id))) for id in item.judgements)
    return undo if item.concern is not Concern.DISPUTED else _link_dispute(task)


def _link_dispute(task: Task) -> tuple[Action, ...]:
    assert task.item is not None
    one, other = task.item.claims[0], task.item.claims[-1]
    return (
        Action("same", "Same event", "y", (("kind", "merged"), ("id", one), ("id", other)), is_main=True),
        Action("other", "Not the same", "n", (("kind", "not-same"), ("id", one), ("id", other))),
    )


def _verdict(name: str, words: str, key: str, kind: str, claim: str, *, is_main: bool = False) -> Action:
    return Action(name, words, key, (("kind", kind), ("id", claim)), is_main)


def _again(judgement: Judgement, claim: str) -> tuple[tuple[str, str], ...]:
    """The fields that enter a judgement once more, about the claim as it is read now."""
    if judgement.kind is JudgementKind.CORRECTED:
        return (("kind", "corrected"), ("id", claim), ("field", judgement.field or ""), ("value", judgement.value or NONE))
    return (("kind", judgement.kind.value), ("id", claim))


def _bar(desk: Desktop, task: Task, actions: Sequence[Action]) -> Html:
    claim = task.claims[0]
    forms = [_action_form(desk, action) for action in actions]
    reason = tag(
        "p",
        tag("label", "Why (kept with the decision)", for_="reason"),
        tag("input", type="text", id="reason", maxlength=4000, autocomplete="off", class_="needs-script"),
        class_="why",
    )
    skip = tag(
        "form",
        token_field(desk.request),
        tag("input", type="hidden", name="key", value=task.key),
        tag("input", type="hidden", name="next", value=desk.back),
        _button("Skip", "s"),
        method="post",
        action="/review/skip",
        data_action="skip",
    )
    undo = tag(
        "form",
        token_field(desk.request),
        tag("input", type="hidden", name="next", value=desk.back),
        _button("Undo my last", "u"),
        method="post",
        action="/undo",
        data_action="undo",
    )
    finish = desk.form(
        _button("Finish the event", "f"), fields=(("kind", "accepted"), ("id", claim), ("about", About.EVENT.value)),
        data_action="finish", class_="decision",
    )  # fmt: skip
    ways = tag(
        "p",
        tag("a", "Open the event", tag("kbd", "o"), href=f"/events/{claim}", class_="button", data_action="open"),
        tag("a", "Split it", href=f"/split?id={claim}", class_="button"),
        class_="ways",
    )
    return tag(
        "div",
        tag("div", *forms, class_="answers"),
        tag("div", skip, undo, finish, ways, class_="others"),
        reason,
        _progress(desk, claim),
        class_="bar",
        role="group",
        aria_label="Decide",
    )


def _action_form(desk: Desktop, action: Action) -> Html:
    return desk.form(
        _button(action.words, action.key, is_main=action.is_main), fields=action.fields, action=action.address, class_="decision",
        data_action=action.name,
    )  # fmt: skip


def _button(words: str, key: str, *, is_main: bool = False) -> Html:
    return tag("button", words, tag("kbd", key, aria_hidden="true") if key else None, class_="main" if is_main else None)


PROGRESS_WORDS = {
    Progress.UNSEEN: "Nobody has judged anything of its event yet.",
    Progress.REVIEWED: "Its event is reviewed in part.",
    Progress.FINISHED: "Its event is finished.",
    Progress.REOPENED: "Its event was finished, and holds other claims now.",
}


def _progress(desk: Desktop, claim: str) -> Html:
    try:
        found = progress_of(desk.judged, desk.judged.event(claim))
    except NotFoundError:
        return Html("")
    return tag("p", f"{PROGRESS_WORDS[found.progress]} {found.judged} of {say.tally(found.claims, 'claim')} judged.", class_="note")


# ---------------------------------------------------------------- correcting


def correct_html(desk: Desktop, shown: Shown) -> Html:
    """A row for every field, with a control that knows its values; each row is sent by itself."""
    ids = (("kind", "corrected"), ("id", shown.claim.id))
    whats = list(dict.fromkeys(count.what for count in shown.row.counts)) or ["participants"]
    names = ("type", "mode", "status", "day", "place", "country", "actors", "recipients", "contexts")
    rows = [_correct_row(desk, shown, name, ids) for name in (*names, *(f"{COUNTS}{what}" for what in whats))]
    return tag(
        "details",
        tag("summary", "Correct a field", tag("kbd", "c", aria_hidden="true")),
        tag(
            "p",
            "Give the value that the report has. To point at its words, select them in the paragraph above (",
            tag("kbd", "w"),
            " goes there: arrows move by words, with Shift they select, Enter takes them), or write them here as they stand.",
            class_="note",
        ),
        tag("div", *rows, class_="corrections"),
        _other_figure(desk, ids),
        tag("p", "A place corrected by name has no point on the map until it is linked to one.", class_="note"),
        class_="card correct",
        id="correct",
    )


def _correct_row(desk: Desktop, shown: Shown, name: str, ids: tuple[tuple[str, str], ...]) -> Html:
    read = reading(shown.row, name)
    label = name.removeprefix(COUNTS)
    control = control_of(name, read, shown.row.type, f"c-{label}")
    nothing = tag("span")
    if name not in {"type", "status"}:
        nothing = tag("label", tag("input", type="checkbox", name="none", value="yes"), " not told")
    words = tag(
        "input", type="text", name="words", placeholder="words", aria_label=f"{label}: the words it rests on", class_="on-words"
    )
    return desk.form(
        tag("span", tag("b", label), " ", tag("bdi", f"read: {read or 'nothing'}", class_="note"), class_="field"),
        control,
        nothing,
        words,
        tag("input", type="hidden", name="span", value=""),
        tag("button", "Put right", aria_label=f"Put right: {label}"),
        fields=(*ids, ("field", name)),
        class_="decision stays",
        data_action=f"correct-{name}",
    )


def control_of(name: str, read: str, type: str, id: str, *, prefix: str = "") -> Html:
    """The control of a field with what was read in it: codes, days, bounds, or words. `prefix` goes before its name."""
    label = name.removeprefix(COUNTS)
    if (codes := _codes(name, type)) is not None:
        known = [read, *sorted(code for code in codes if code != read)] if read else ["", *sorted(codes)]
        options = (tag("option", code or "none", value=code or NONE, selected=code == read) for code in known)
        return tag("select", *options, name=f"{prefix}value", aria_label=label, id=id)
    if name == "day":
        first, _, last = read.partition(RANGE)
        return _two("date", first, last if RANGE in read else first, ("first day", "last day"), prefix)
    if name.startswith(COUNTS):
        low, _, high = read.partition(";")[0].strip().partition(RANGE)
        return _two("number", low, high if RANGE in read else low, (f"{label}, at least", f"{label}, at most"), prefix)
    return tag("input", type="text", name=f"{prefix}value", value=read, aria_label=label, id=id, dir="auto")


def _two(kind: str, low: str, high: str, labels: tuple[str, str], prefix: str) -> Html:
    more: dict[str, str] = {"min": "0", "step": "any", "inputmode": "numeric"} if kind == "number" else {}
    ends = (
        tag("input", type=kind, name=f"{prefix}{name}", value=value, aria_label=label, **more)
        for name, value, label in (("low", low, labels[0]), ("high", high, labels[1]))
    )
    return tag("span", join(ends, " to "), class_="ends")


def _codes(name: str, type: str) -> Sequence[str] | None:
    ontology = load_ontology()
    if name == "type":
        return list(ontology.types)
    if name == "mode":
        return list(ontology.types[type].modes) if type in ontology.types else []
    if name == "status":
        return [value.value for value in StatusValue]
    return list(load_countries()) if name == "country" else None


def _other_figure(desk: Desktop, ids: tuple[tuple[str, str], ...]) -> Html:
    """A figure that was not read at all."""
    whats = ("killed", "injured", "detained", "participants", "missing", "displaced")
    options = (tag("option", what, value=f"{COUNTS}{what}") for what in whats)
    return desk.form(
        tag("span", tag("b", "another figure"), class_="field"),
        tag("select", *options, name="field", aria_label="What is counted"),
        _two("number", "", "", ("at least", "at most"), ""),
        tag("input", type="text", name="words", placeholder="words", aria_label="The words it rests on", class_="on-words"),
        tag("input", type="hidden", name="span", value=""),
        tag("button", "Put in"),
        fields=ids,
        class_="decision stays corrections",
        data_action="correct-other",
    )


# ---------------------------------------------------------------- a second answer


def question_html(desk: Desktop, task: Task, question: Question) -> Html:
    """A decision that is asked of a second person: what was read, and nothing of what the first one said."""
    head = tag(
        "header",
        tag("h2", "Is this one event?" if question.kind == LINK else "Does the report say so?", tabindex=-1, id="task-title"),
        tag("p", "Somebody has answered this. You do not see how: your answer counts for how far people agree.", class_="reason"),
    )
    if question.kind == LINK:
        body: Html = tag("div", *(_blind_side(desk, side) for side in question.sides), class_="sides")
        answers = (("merged", "Same event", "y"), ("split", "Not the same", "n"))
        forms = [_second_form(desk, task, words, key, answer) for answer, words, key in answers]
        return tag("article", head, tag("div", *forms, class_="answers bar"), body, class_="task", data_key=task.key)
    shown = _shown(desk.judged, question.sides[0])
    if not shown:
        return tag("article", head, tag("p", "The claim is gone.", class_="note"), class_="task", data_key=task.key)
    answers = (("accepted", "Accept as read", "a"), ("rejected", "Reject", "r"))
    forms = [_second_form(desk, task, words, key, answer) for answer, words, key in answers]
    return tag(
        "article",
        head,
        tag("div", *forms, class_="answers bar"),
        claim_html(desk, shown[0], "The claim", is_blind=True),
        _second_corrections(desk, task, shown[0]),
        class_="task",
        data_key=task.key,
    )


def _second_form(desk: Desktop, task: Task, words: str, key: str, answer: str) -> Html:
    name = {"y": "same", "n": "other", "a": "accept", "r": "reject"}[key]
    fields = (("key", task.key), ("answer", answer))
    return desk.form(_button(words, key), fields=fields, action="/review/second", class_="decision", data_action=name)


def _second_corrections(desk: Desktop, task: Task, shown: Shown) -> Html:
    whats = dict.fromkeys(f"{COUNTS}{count.what}" for count in shown.row.counts)
    rows = []
    for name in (*COMPARED, *whats):
        label = name.removeprefix(COUNTS)
        control = control_of(name, reading(shown.row, name), shown.row.type, f"s-{label}", prefix=f"set.{name}.")
        rows.append(tag("p", tag("b", label), " ", control))
    return tag(
        "details",
        tag("summary", "Accept with corrections", tag("kbd", "c", aria_hidden="true")),
        desk.form(
            *rows, tag("button", "Accept with these", class_="main"), fields=(("key", task.key), ("answer", "accepted")),
            action="/review/second", class_="decision", data_action="corrected",
        ),
        class_="card correct",
        id="correct",
    )  # fmt: skip


def _blind_side(desk: Desktop, claims: Sequence[str]) -> Html:
    shown = _shown(desk.judged, claims[:SIDE])
    return tag("section", tag("h3", say.tally(len(claims), "claim")), *(_in_brief(desk, one) for one in shown), class_="card")


# ---------------------------------------------------------------- lists


def tabs(work: Work, order: Order, counts: Mapping[Work, str]) -> Html:
    """The lists of what there is to do, each with how much."""
    links = (
        tag(
            "li",
            tag(
                "a", words, " ", tag("b", counts[one]), href=address(one, order), aria_current="page" if one is work else None,
            ),
        )
        for one, words in WORK_WORDS.items()
    )  # fmt: skip
    return tag("nav", tag("ul", *links, class_="chips tabs"), aria_label="What there is to do")


def order_form(work: Work, order: Order) -> Html:
    """What stands first."""
    options = (tag("option", words, value=one.value, selected=one is order) for one, words in ORDER_WORDS.items())
    return tag(
        "form",
        tag("input", type="hidden", name="work", value=work.value),
        tag("label", "First what is ", tag("select", *options, name="order", id="order")),
        " ",
        tag("button", "Show"),
        action="/review",
        class_="order",
    )


def address(work: Work, order: Order, **more: str) -> str:
    """The address of a list in an order."""
    fields = {
        "work": work.value if work is not Work.ALL else "",
        "order": order.value if order is not Order.PRESSING else "",
        **more,
    }
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"/review?{query}" if query else "/review"


def counts_of(desk: Desk, judged: Judged, order: Order, who: str | None) -> dict[Work, str]:
    """How much there is of each list; "500+" where there may be more."""
    is_all = desk.is_all(judged, order)
    found = {work: len(desk.tasks(judged, work, order, who)) for work in Work}
    open_ended = {Work.ALL, Work.LINKS, Work.READINGS}
    return {work: f"{number:,}{'' if is_all or work not in open_ended else '+'}" for work, number in found.items()}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def listed(tasks: Sequence[Task]) -> Iterator[Html]:
    """Things to decide as a list: why, and the way to each."""
    for task in tasks:
        words = task.item.reason if task.item else "a second answer"
        concern = task.item.concern.value if task.item else "asked twice"
        yield tag("li", tag("a", tag("bdi", words), href=f"/review?key={task.key}"), tag("span", f" {concern}", class_="note"))
