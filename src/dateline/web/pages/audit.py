"""The log of judgements: who judged what, when and why, with what was so before; whether it is still what was entered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dateline.ledger.audit import Verdict, verify
from dateline.ledger.errors import AmbiguousIdError, NotFoundError
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import FIRST, UNKNOWN, Entry
from dateline.ledger.one_actor import names_of
from dateline.ledger.resolve import CONFIRMS
from dateline.ledger.signing import MissingSignerError
from dateline.records import Judge, Judgement, JudgementKind
from dateline.views import wording as say
from dateline.views.judging import short, what_was_judged
from dateline.views.markup import Html, Part, join, tag
from dateline.views.provenance import prov_document
from dateline.web import lists
from dateline.web.filters import moment_of, written_moment
from dateline.web.guard import form_of, token_field
from dateline.web.sharing.rows import about_list
from dateline.web.shell import page, problem
from dateline.web.site import Site, site_of

NOT_UNDONE = frozenset((JudgementKind.LINKED, JudgementKind.FORGOTTEN))
"""What can be made again, or not at all, but never taken back."""

FEW = 6
"""Events or readings that are listed one by one."""


@dataclass(frozen=True)
class Asked:
    """What of the log is looked for: by whom, about which claim or event, of which kind. None is no filter."""

    by: str | None
    about: str | None
    kind: JudgementKind | None


@dataclass(frozen=True)
class Found:
    """Entries with those of their judgements that fit, in order, out of `entries` in all."""

    judged: Judged
    all: tuple[Entry, ...]
    entries: tuple[tuple[Entry, tuple[Judgement, ...]], ...]

    @property
    def judgements(self) -> int:
        return sum(len(judgements) for _, judgements in self.entries)


def _asked(request: Request) -> Asked:
    fields = request.query_params
    kind = fields.get("kind", "")
    return Asked(
        fields.get("by") or None,
        fields.get("about", "").strip() or None,
        JudgementKind(kind) if kind in set(JudgementKind) else None,
    )


def _find(site: Site, asked: Asked, moment: datetime | None) -> Found:
    """The entries by that moment that fit. Raises NotFoundError or AmbiguousIdError for an id that names nothing, or several."""
    judged = site.judged(moment)
    entries = judged.log.entries(moment)
    claims = set(judged.claims_of(judged.event(asked.about))) if asked.about else set()
    claims |= {old for old, new in judged.successors.items() if new in claims} if claims else set()
    told: set[str] = set()
    found = []
    for entry in entries:
        if asked.by is not None and entry.by.name != asked.by:
            continue
        fitting = []
        for judgement in entry.judgements:
            is_about = not claims or not claims.isdisjoint(judgement.claims) or not told.isdisjoint(judgement.revokes)
            if is_about:
                told.add(judgement.id)
            if is_about and (asked.kind is None or judgement.kind is asked.kind):
                fitting.append(judgement)
        if fitting:
            found.append((entry, tuple(fitting)))
    return Found(judged, entries, tuple(found))


# ---------------------------------------------------------------- the page


def log_page(request: Request) -> Response:
    """The log, the latest entry first."""
    return _page(request, None)


def entry_page(request: Request) -> Response:
    """Leads to the entry of that number, on whichever page of the log it is."""
    number = request.path_params["number"]
    entries = site_of(request).log.entries()
    if not 1 <= number <= len(entries):
        return problem(request, 404, "No such entry", f"The log has {say.tally(len(entries), 'entry', 'entries')}.", here="audit")
    following = (len(entries) - number) // lists.SIZE + 1
    return RedirectResponse(f"/audit{f'?page={following}' if following > 1 else ''}#entry-{number}", 302)


def verify_page(request: Request) -> Response:
    """Whether everything is as it was entered; `head` is one that somebody noted down."""
    site = site_of(request)
    head = next(iter(form_of(request).get("head", [])), "").strip().lower()
    try:
        verdict = verify(site.ledger.path, head=head or None)
    except MissingSignerError as fault:
        return problem(request, 409, "Signatures could not be checked", str(fault), here="audit")
    return _page(request, _verdict(verdict, head))


def _page(request: Request, verdict: Html | None) -> Response:
    site, moment, asked = site_of(request), moment_of(request), _asked(request)
    try:
        found = _find(site, asked, moment)
    except (NotFoundError, AmbiguousIdError) as fault:
        return problem(request, 404, "Nothing goes by that id", str(fault), here="audit")
    pages = lists.pages_of(request, len(found.entries))
    latest = found.entries[::-1][pages.offset : pages.offset + pages.size]
    head = found.all[-1].hash if found.all else FIRST
    undone = _undone_by(found.judged)
    items = (_entry(request, entry, judgements, found.judged, undone, head) for entry, judgements in latest)
    nothing = "No judgement fits. Take a filter away." if found.all else "Nothing was judged yet."
    return page(
        request,
        "Audit",
        tag("h1", "Audit"),
        lists.then(request, moment),
        _summary(found, head),
        verdict,
        tag("div", _verify_form(request), _then_form(), class_="row"),
        _form(request, asked, found.all),
        tag("ol", *items, class_="log") if latest else tag("p", nothing, class_="empty"),
        lists.pager(request, pages),
        _exports(request),
        here="audit",
        islands=("audit",),
        styles=("records",),
    )


def _summary(found: Found, head: str) -> Html:
    people = {entry.by.name for entry in found.all if not entry.by.is_machine}
    programs = {entry.by.name for entry in found.all if entry.by.is_machine}
    total = sum(len(entry.judgements) for entry in found.all)
    fitting = found.judgements
    said: list[Part] = [
        tag("b", say.tally(len(found.all), "entry", "entries")),
        " with ",
        tag("b", say.tally(total, "judgement")),
        f", by {say.tally(len(people), 'person', 'people')} and {say.tally(len(programs), 'program')}. ",
        f"{fitting:,} of them are listed. " if fitting != total else None,
        "Nothing here is ever changed: what was a mistake is undone by a further entry. A name may be a pseudonym.",
    ]
    return join(
        [
            tag("p", *said, class_="sum"),
            tag(
                "p",
                "Hash of the last entry: ",
                tag("code", head),
                ". Noted down elsewhere, it shows later whether entries were cut off.",
                class_="note",
            ),
        ]
    )


def _form(request: Request, asked: Asked, entries: Sequence[Entry]) -> Html:
    names = Counter(entry.by.name for entry in entries)
    whose = [tag("option", "Anybody", value="")]
    whose += [tag("option", f"{name} ({number:,})", value=name, selected=name == asked.by) for name, number in names.most_common()]
    kinds = [tag("option", "Anything", value="")]
    kinds += [tag("option", kind.value, value=kind.value, selected=kind is asked.kind) for kind in JudgementKind]
    as_of = request.query_params.get("as_of")
    return tag(
        "form",
        tag("input", type="hidden", name="as_of", value=as_of) if as_of else None,
        tag("p", tag("label", "Who", for_="of-by"), tag("select", *whose, name="by", id="of-by")),
        tag("p", tag("label", "What was done", for_="of-kind"), tag("select", *kinds, name="kind", id="of-kind")),
        tag(
            "p",
            tag("label", "About the event or claim", for_="of-about"),
            tag(
                "input", name="about", id="of-about", value=asked.about or "", placeholder="beginning of an id", autocomplete="off"
            ),
        ),
        tag("button", "Show", type="submit"),
        class_="row find",
        action="/audit",
        role="search",
        aria_label="Judgements",
    )


def _verify_form(request: Request) -> Html:
    return tag(
        "form",
        token_field(request),
        tag(
            "p",
            tag("label", "A hash that was noted down, if you have one", for_="head"),
            tag("input", name="head", id="head", autocomplete="off", spellcheck="false", pattern="[0-9a-fA-F]{4,64}"),
        ),
        tag("button", "Verify all of it", type="submit", class_="main"),
        class_="row find",
        method="post",
        action="/audit/verify",
        aria_label="Verify",
    )


def _then_form() -> Html:
    return tag(
        "form",
        tag(
            "p",
            tag("label", "The events as they were known at the end of", for_="then"),
            tag("input", type="date", name="as_of", id="then", required=True),
        ),
        tag("button", "Show", type="submit"),
        class_="row find",
        action="/",
        aria_label="The ledger as it was",
    )


def _verdict(verdict: Verdict, head: str) -> Html:
    """What verifying found, first of all whether there is anything wrong."""
    signed = (
        f"{sum(verdict.keys.values()):,} signed, by {say.tally(len(verdict.keys), 'key')}"
        if verdict.keys
        else "none of them signed"
    )
    looked = (
        f"{verdict.entries:,} entries with {verdict.judgements:,} judgements, {signed}; {verdict.receipts:,} receipts, "
        f"{verdict.files:,} segments and reports were compared with their hashes."
    )
    newer = say.tally(verdict.unanchored, "receipt or catalogue is", "receipts or catalogues are")
    fresh = f" {newer} newer than the last entry; the next entry will anchor them."
    faults = [
        tag("li", tag("code", fault.where), f" (entry {fault.entry})" if fault.entry else None, ": ", fault.what)
        for fault in verdict.faults
    ]
    if faults:
        title = tag(
            "h2",
            tag("span", "✗ ", aria_hidden="true"),
            f"{say.tally(len(faults), 'fault')}: this is not what was entered",
            class_="bad",
        )
        advice = tag("p", "Restore the files that are named from a copy, and find out who could write in the folder.")
        return tag(
            "section", title, tag("ul", *faults), advice, tag("p", looked, class_="note"), class_="card verdict", role="alert"
        )
    against = (
        f" The hash {head} is one of the log’s."
        if head
        else " Against a log that was written anew as a whole, only a noted hash or signatures help."
    )
    title = tag("h2", tag("span", "✓ ", aria_hidden="true"), "Everything is as it was entered", class_="good")
    words = tag("p", looked, fresh if verdict.unanchored else None, against)
    return tag("section", title, words, class_="card verdict", role="status")


# ---------------------------------------------------------------- an entry


def _undone_by(judged: Judged) -> dict[str, str]:
    """For each judgement that was undone the one that undid it and holds."""
    return {
        revoked: judgement.id
        for judgement in judged.judgements
        if judgement.kind is JudgementKind.UNDONE and judgement.id in judged.in_force
        for revoked in judgement.revokes
    }


def _entry(
    request: Request, entry: Entry, judgements: Sequence[Judgement], judged: Judged, undone: dict[str, str], head: str
) -> Html:
    number = entry.number
    left_out = len(entry.judgements) - len(judgements)
    items = (_judgement(request, judgement, judged, undone, head) for judgement in judgements)
    signature = tag("span", "signed", title=f"with the key {entry.key}") if entry.key else None
    said: list[Part] = [
        tag("a", f"#{number}", href=f"#entry-{number}", class_="number", aria_label=f"Entry {number}"),
        " ",
        _who(entry.by),
        " ",
        tag("time", f"{entry.at:%Y-%m-%d %H:%M:%S} UTC", datetime=entry.at.isoformat()),
        tag("span", join([part for part in (entry.program, signature) if part], ", "), class_="note"),
        tag("a", "the ledger then", href=f"/?as_of={quote(written_moment(entry.at))}", class_="note"),
    ]
    more = tag("p", f"{left_out:,} more judgements of this entry do not fit.", class_="note") if left_out else None
    return tag("li", tag("p", join(said, " "), class_="head"), tag("ol", *items), more, id=f"entry-{number}", class_="entry")


def _who(judge: Judge) -> Html:
    if judge.is_machine:
        return join([tag("b", tag("bdi", judge.name)), " ", tag("span", "program", class_="chip")])
    if judge.name.startswith(UNKNOWN):
        return join([tag("b", judge.name), " ", tag("span", "name removed", class_="chip")])
    return tag("b", tag("bdi", judge.name))


def _judgement(request: Request, judgement: Judgement, judged: Judged, undone: dict[str, str], head: str) -> Html:
    by = undone.get(judgement.id)
    holds = judgement.id in judged.in_force
    standing: Part = None
    if not holds and by:
        standing = tag("span", "undone by ", tag("a", by, href=f"/audit/{by.partition('.')[0]}"), class_="doubt")
    return tag(
        "li",
        tag("p", tag("code", judgement.id), " ", tag("bdi", what_was_judged(judgement)), ". ", standing),
        tag("p", "Why: ", tag("q", judgement.reason, dir="auto")) if judgement.reason else None,
        _change(judgement),
        _undo(request, judgement, head) if holds and judgement.kind not in NOT_UNDONE else None,
        class_=None if holds else "gone",
    )


def _change(judgement: Judgement) -> Html | None:
    """What was so before, and what was so afterwards."""
    before, after = _before(judgement), _after(judgement)
    if before is None and after is None:
        return None
    rows = (tag("div", tag("dt", name), tag("dd", words)) for name, words in (("before", before), ("after", after)) if words)
    return tag("dl", *rows, class_="change")


def _confirms(judgement: Judgement) -> bool:
    """Whether nothing was put together: a person says that what the linker did is right."""
    return CONFIRMS in dict(judgement.facts)


def _before(judgement: Judgement) -> Html | None:
    match judgement.kind:
        case JudgementKind.MERGED if _confirms(judgement):
            return tag("span", "one event, by the linker")
        case JudgementKind.MERGED:
            return join([f"{len(judgement.sides):,} events: ", _events([side[0] for side in judgement.sides])])
        case JudgementKind.SPLIT:
            number = sum(map(len, judgement.sides))
            return join(["one event of ", say.tally(number, "claim"), ": ", _events([judgement.sides[1][0]])])
        case JudgementKind.UNDONE:
            links = (tag("a", id, href=f"/audit/{id.partition('.')[0]}") for id in judgement.revokes)
            return join(["held: ", join(links, ", ")])
        case _:
            values = Counter(value or "none" for _, value in judgement.before)
            listed = [
                join([tag("bdi", value), f" ({number:,} claims)" if number > 1 else ""])
                for value, number in values.most_common(FEW)
            ]
            more = f" and {len(values) - FEW:,} other readings" if len(values) > FEW else ""
            return join([join(listed, "; "), more]) if listed else None


def _after(judgement: Judgement) -> Html | None:
    match judgement.kind:
        case JudgementKind.MERGED if _confirms(judgement):
            return join(["rightly of one event: ", _events([judgement.sides[0][0]])])
        case JudgementKind.MERGED:
            return join(["one event: ", _events([judgement.sides[0][0]])])
        case JudgementKind.SPLIT:
            return join(["two events: ", _events([judgement.sides[1][0], judgement.sides[0][0]])])
        case JudgementKind.CORRECTED:
            return join([tag("bdi", judgement.value or "none"), " ", tag("span", _events(judgement.claims), class_="note")])
        case JudgementKind.UNDONE:
            return tag("span", "no longer holds")
        case JudgementKind.ACCEPTED | JudgementKind.REJECTED | JudgementKind.RETRACTED | JudgementKind.SUPERSEDED:
            return join([judgement.kind.value, ": ", _events(judgement.claims)])
        case JudgementKind.SAME_ACTOR | JudgementKind.NOT_SAME_ACTOR:
            names = join((tag("bdi", name) for name in names_of(judgement)), ", ")
            return join(["one actor: " if judgement.kind is JudgementKind.SAME_ACTOR else "not one actor: ", names])
        case JudgementKind.NOT_SAME:
            return join(["never to be one: ", _events([side[0] for side in judgement.sides])])
        case _:
            return None


def _events(ids: Sequence[str]) -> Html:
    links = join((tag("a", tag("code", short(id)), href=f"/events/{quote(id)}") for id in ids[:FEW]), ", ")
    return join([links, f" and {len(ids) - FEW:,} more" if len(ids) > FEW else ""])


def _undo(request: Request, judgement: Judgement, head: str) -> Html | None:
    """A form that takes the judgement back by a further entry. A server that only reads has none."""
    if site_of(request).options.is_readonly:
        return None
    hidden = {"kind": "undone", "id": judgement.id, "head": head, "next": f"/audit#entry-{judgement.id.partition('.')[0]}"}
    field = f"why-{judgement.id.replace('.', '-')}"
    form = tag(
        "form",
        token_field(request),
        *(tag("input", type="hidden", name=name, value=value) for name, value in hidden.items()),
        tag("p", tag("label", "Why", for_=field), tag("input", name="reason", id=field, autocomplete="off")),
        tag("button", f"Undo {judgement.id}", type="submit"),
        class_="row find",
        method="post",
        action="/judgements",
        aria_label=f"Undo {judgement.id}",
    )
    return tag("details", tag("summary", "Take it back"), form)


# ---------------------------------------------------------------- the log as data


def _exports(request: Request) -> Html:
    links = [
        tag("a", words, href=lists.with_query(request, f"/audit.{kind}"), download=True)
        for kind, words in (("csv", "CSV"), ("json", "JSON"), ("prov.json", "PROV-JSON"))
    ]
    return tag("p", "As data: ", join(links, " · "), class_="note twins")


COLUMNS = (
    "id", "entry", "at", "by", "is_program", "program", "kind", "about", "event_or_claim", "claims", "field", "before", "after",
    "reason", "revokes", "holds", "undone_by", "hash",
)  # fmt: skip


def log_csv(request: Request) -> Response:
    """A row for each judgement that fits, in the order in which they were entered."""
    found = _find(site_of(request), _asked(request), moment_of(request))
    rows = list(_rows(found))
    return lists.csv_answer("judgements.csv", COLUMNS, rows, about_list(request, len(rows), "judgements"))


def _rows(found: Found) -> Iterator[dict[str, Any]]:
    undone = _undone_by(found.judged)
    for entry, judgements in found.entries:
        for judgement in judgements:
            yield {
                "id": judgement.id,
                "entry": entry.number,
                "at": entry.at,
                "by": entry.by.name,
                "is_program": entry.by.is_machine,
                "program": entry.program,
                "kind": judgement.kind.value,
                "about": judgement.about.value,
                "event_or_claim": judgement.claims[0] if judgement.claims else None,
                "claims": list(judgement.claims),
                "field": judgement.field,
                "before": [value or "none" for value in dict.fromkeys(value for _, value in judgement.before)],
                "after": (judgement.value or "none") if judgement.kind is JudgementKind.CORRECTED else None,
                "reason": judgement.reason,
                "revokes": list(judgement.revokes),
                "holds": judgement.id in found.judged.in_force,
                "undone_by": undone.get(judgement.id),
                "hash": entry.hash,
            }


def log_json(request: Request) -> Response:
    """The judgements that fit, whole, and the head of the log at that moment."""
    moment = moment_of(request)
    found = _find(site_of(request), _asked(request), moment)
    undone = _undone_by(found.judged)
    rows = [
        {
            **asdict(judgement),
            "entry": entry.number,
            "hash": entry.hash,
            "program": entry.program,
            "holds": judgement.id in found.judged.in_force,
            "undone_by": undone.get(judgement.id),
        }
        for entry, judgements in found.entries
        for judgement in judgements
    ]
    head = found.all[-1].hash if found.all else FIRST
    about = about_list(request, len(rows), "judgements")
    return lists.json_answer({"about": about, "as_of": moment, "head": head, "total": len(rows), "judgements": rows})


def log_prov(request: Request) -> Response:
    """The entries that fit in the W3C's terms."""
    found = _find(site_of(request), _asked(request), moment_of(request))
    return lists.json_answer(prov_document(entry for entry, _ in found.entries))


ROUTES = [
    Route("/audit", log_page),
    Route("/audit.csv", log_csv),
    Route("/audit.json", log_json),
    Route("/audit.prov.json", log_prov),
    Route("/audit/verify", verify_page, methods=["POST"]),
    Route("/audit/{number:int}", entry_page),
]
