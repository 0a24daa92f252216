"""How good the records are: by what people said of them, by the words they stand on, and what is known to go wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.ledger.agreement import Agreement, agreements
from dateline.ledger.quality import ENOUGH, Observation, Rate, by, by_field, observations, rate
from dateline.ledger.second import Pair, pairs
from dateline.records import Claim
from dateline.serial import from_json
from dateline.views import pictures
from dateline.views import wording as say
from dateline.views.evidence import values_of
from dateline.views.gaps import Gap, load_gaps
from dateline.views.markup import Html, Part, join, scrolling, tag
from dateline.web import lists
from dateline.web.filters import moment_of
from dateline.web.sharing.rows import about_list
from dateline.web.shell import page
from dateline.web.site import Site, site_of

GROUNDED = 100
"""Records whose values are looked at one by one: each is read where it lies, with its document."""

MOST = 20
"""Publishers that are listed."""

SAMPLE = "SELECT claim_id FROM claims ORDER BY claim_id LIMIT $limit"
"""Ids are hashes, so that the first of them are as good as drawn by lot, and the same for everybody."""

NAMES = {
    "type": "what",
    "mode": "how",
    "contexts": "about what",
    "status": "whether it happened",
    "day": "when",
    "place": "where",
    "country": "in which country",
    "actors": "who",
    "recipients": "to whom",
    "counts": "how many",
}


@dataclass(frozen=True)
class Grounding:
    """Of the values of some records: how many stand on words that are in the document, how many on a rule that is named, and how
    many on neither, which must be none."""

    records: int
    words: int
    rules: int
    neither: int

    @property
    def values(self) -> int:
        return self.words + self.rules + self.neither


@dataclass(frozen=True)
class Quality:
    """All figures of the page."""

    observed: tuple[Observation, ...]
    grounding: Grounding
    agreement: tuple[Agreement, ...]
    second: tuple[Pair, ...]

    @property
    def current(self) -> tuple[Observation, ...]:
        return tuple(one for one in self.observed if one.is_current)


def _quality(site: Site, moment: datetime | None) -> Quality:
    judged = site.judged(moment)
    answered = pairs(judged)
    grounding = site.kept("grounding", moment, lambda: _grounding(site, moment))
    observed = site.kept_as_judged("observations", moment, observations)
    return Quality(observed, grounding, agreements(answered), answered)


def _grounding(site: Site, moment: datetime | None) -> Grounding:
    """Read where they lie, since to go through a whole ledger for a hundred records would take minutes."""
    ids = [str(id) for (id,) in site.ledger.sql(SAMPLE, {"limit": GROUNDED}, as_of=moment).rows]
    rows = site.ledger.claim_rows(ids, as_of=moment)
    documents = {id: site.ledger.document(id, moment) for id in sorted({row.document_id for row in rows.values()})}
    found: Counter[str] = Counter()
    for row in rows.values():
        text = documents[row.document_id].text
        for value in values_of(from_json(Claim, row.record).event, site.wording):
            if value.span is not None and value.span.of(text).strip():
                found["words"] += 1
            else:
                found["rules" if value.span is None and value.origin.by else "neither"] += 1
    return Grounding(len(rows), found["words"], found["rules"], found["neither"])


# ---------------------------------------------------------------- the page


def quality_page(request: Request) -> Response:
    """Accuracy on what people reviewed, grounding, agreement, versions, known gaps."""
    moment = moment_of(request)
    found = _quality(site_of(request), moment)
    return page(
        request,
        "Quality",
        tag("h1", "Quality"),
        lists.then(request, moment),
        _accuracy(found),
        _grounding_part(found.grounding),
        _agreement(found),
        _versions(found),
        _gaps(load_gaps()),
        tag("p", "As data: ", tag("a", "JSON", href=lists.with_query(request, "/quality.json")), class_="note twins"),
        here="quality",
        styles=("records",),
    )


def _accuracy(found: Quality) -> Html:
    current = found.current
    title = tag("h2", "How often records are right", id="accuracy")
    if not current:
        advice = (
            "Nobody has reviewed a single record yet, so nothing is known. Accepting, rejecting and correcting records under "
            "Review is what these figures are made of."
        )
        return join([title, tag("p", advice, class_="empty")])
    stands, whole = rate(one.stands for one in current), rate(one.is_all_right for one in current)
    intro = tag(
        "p",
        tag("b", f"{say.tally(len(current), 'record')}"),
        " accepted, rejected or corrected one by one. Who does so is taken to have looked at all of the record. ",
        "People look first at what is in doubt, so the rest of the ledger may well be better than this: these are figures of "
        "what was reviewed. The bars show the share and the interval that holds the true one in 95 of 100 samples (Wilson).",
        class_="sum",
    )
    fields = [(NAMES[field], one) for field, one in by_field(current).items()]
    rows = [("the report says so", stands), *fields, ("every field at once", whole)]
    return join(
        [
            title,
            intro,
            _rates("Right, by field", rows),
            _pairs("By publisher", _by(current, lambda one: one.publisher or "publisher not known")),
            _pairs("By type", _by(current, lambda one: one.type)),
        ]
    )


def _by(observed: Sequence[Observation], key: Callable[[Observation], Hashable]) -> list[tuple[str, Rate, Rate]]:
    return [(str(value), *rates) for value, rates in by(observed, key).items()]


def _rates(title: str, rows: Sequence[tuple[str, Rate]]) -> Html:
    heads = tag(
        "tr",
        *(
            tag("th", words, scope="col", class_=kind)
            for words, kind in (("", None), ("n", "number"), ("share", "number"), ("95 in 100", None), ("", None))
        ),
    )
    lines = (tag("tr", tag("th", name, scope="row"), *_cells(one)) for name, one in rows)
    return scrolling(title, tag("table", tag("caption", title), tag("thead", heads), tag("tbody", *lines), class_="rates"))


def _cells(one: Rate) -> tuple[Html, ...]:
    share = "–" if one.share is None else f"{one.share:.0%}"
    few = None if one.is_enough else "few"
    bounds = f"{one.low:.0%} to {one.high:.0%}" if one.n else "not known"
    return (
        tag("td", f"{one.n:,}", class_="number"),
        tag("td", share, class_=f"number {few or ''}".strip()),
        tag("td", _picture(one), " ", bounds, class_=few),
        tag("td", "too few to say much" if few else "", class_="note"),
    )


def _picture(one: Rate, width: int = 120) -> Html:
    """The interval as a line from 0 to 1 and the share as a stroke on it."""
    if one.share is None:
        return Html("")
    return pictures.svg(
        width,
        12,
        tag("rect", class_="rail", x=0, y=5, width=width, height=2),
        tag(
            "rect",
            class_="extent",
            x=f"{one.low * width:.1f}",
            y=3,
            width=f"{max(1.0, (one.high - one.low) * width):.1f}",
            height=6,
            rx=1,
        ),
        tag("rect", class_="point", x=f"{max(0.0, one.share * width - 1.5):.1f}", y=0, width=3, height=12),
        class_="rate",
    )


def _pairs(title: str, rows: Sequence[tuple[str, Rate, Rate]]) -> Html:
    more = tag("p", f"and {len(rows) - MOST:,} more, each with fewer records", class_="note") if len(rows) > MOST else None
    heads = ("", "n", "the report says so", "95 in 100", "all of it right", "95 in 100", "")
    lines = []
    for name, stands, whole in rows[:MOST]:
        few = None if stands.is_enough else "few"
        cells = [tag("td", f"{stands.n:,}", class_="number")]
        for one in (stands, whole):
            cells += [
                tag("td", f"{one.share or 0:.0%}", class_=f"number {few or ''}".strip()),
                tag("td", f"{one.low:.0%} to {one.high:.0%}", class_=few),
            ]
        lines.append(
            tag(
                "tr",
                tag("th", tag("bdi", name), scope="row"),
                *cells,
                tag("td", "too few to say much" if few else "", class_="note"),
            )
        )
    head = tag("tr", *(tag("th", words, scope="col", class_="number" if n in {1, 2, 4} else None) for n, words in enumerate(heads)))
    table = tag("table", tag("caption", title), tag("thead", head), tag("tbody", *lines), class_="rates")
    return join([scrolling(title, table), more])


def _grounding_part(grounding: Grounding) -> Html:
    title = tag("h2", "What values stand on", id="grounding")
    if not grounding.values:
        return join([title, tag("p", "The ledger has no records yet.", class_="empty")])
    share = (grounding.words + grounding.rules) / grounding.values
    verdict = tag("b", f"{share:.1%}" if grounding.neither else "100%", class_="bad" if grounding.neither else "good")
    words: list[Part] = [
        verdict,
        f" of {say.tally(grounding.values, 'value')} of {say.tally(grounding.records, 'record')}, drawn as if by lot, ",
        "can say where they come from: ",
        f"{grounding.words:,} stand on words of the document, {grounding.rules:,} were inferred and name their rule, ",
        f"{grounding.neither:,} do neither. The target is 100%.",
    ]
    advice = tag("p", "To look at every value of the ledger: ", tag("code", "dateline validate --strict"), class_="note")
    return join([title, tag("p", *words), advice])


def _agreement(found: Quality) -> Html:
    title = tag("h2", "Whether two people agree", id="agreement")
    if not found.agreement:
        words = (
            "Nobody has given a second, blind answer yet. A tenth of what is decided under Review is asked of a second person, who "
            "does not see the first answer; alpha will stand here."
        )
        return join([title, tag("p", words, class_="empty")])
    intro = tag(
        "p",
        tag("b", say.tally(len(found.second), "second answer")),
        ", each given blind. Krippendorff’s alpha is 1 where all agree and 0 where they agree as often as chance would have it; "
        "from .8 on a field is usually taken to be reliable, below .667 not.",
        class_="sum",
    )
    head = tag(
        "tr",
        *(
            tag("th", words, scope="col", class_="number" if n in {1, 2, 3} else None)
            for n, words in enumerate(("field", "n", "alike", "alpha", "95 in 100", ""))
        ),
    )
    rows = (
        tag(
            "tr",
            tag("th", NAMES.get(one.field, one.field), scope="row"),
            tag("td", f"{one.units:,}", class_="number"),
            tag("td", f"{one.alike:,}", class_="number"),
            tag("td", "–" if one.alpha is None else f"{one.alpha:.2f}", class_="number"),
            tag("td", f"{one.low:.2f} to {one.high:.2f}" if one.low is not None and one.high is not None else "not known"),
            tag("td", _doubt(one), class_="note"),
        )
        for one in found.agreement
    )
    table = tag("table", tag("caption", "Agreement by field"), tag("thead", head), tag("tbody", *rows), class_="rates")
    return join([title, intro, scrolling("Agreement by field", table), _over_time(found.second)])


def _over_time(second: Sequence[Pair]) -> Html:
    """Month by month in how many second answers nothing differed from the first."""
    months: dict[str, list[bool]] = {}
    for pair in sorted(second, key=lambda pair: pair.second.at):
        months.setdefault(f"{pair.second.at:%B %Y}", []).append(not pair.differing)
    return _rates("Second answers in which nothing differed, by month", [(month, rate(alike)) for month, alike in months.items()])


def _doubt(one: Agreement) -> str:
    if one.alpha is None:
        return "all said the same: chance cannot be told from agreement"
    return "too few to say much" if one.units < ENOUGH else ""


def _versions(found: Quality) -> Html | None:
    """How each version of program, model and knowledge did on what was judged; only where there are several, there is something to
    compare."""
    if not found.observed:
        return None
    rows = [(" · ".join(version), *rates) for version, rates in by(found.observed, lambda one: one.version).items()]
    words = (
        "One version has read all that was reviewed. When reports are coded anew, what people said of the earlier reading is held "
        "against the newer one."
        if len(rows) == 1
        else "The same judgements, held against what each version read: program, model, knowledge."
    )
    return join([tag("h2", "By version", id="versions"), tag("p", words), _pairs("Program · model · knowledge", rows)])


def _gaps(gaps: Sequence[Gap]) -> Html:
    items = (
        tag("div", tag("dt", gap.about), tag("dd", gap.words, " ", tag("code", f"docs/{gap.see}", class_="note")), class_="gap")
        for gap in gaps
    )
    return join([tag("h2", "What is known to go wrong", id="gaps"), tag("dl", *items, class_="change gaps")])


def quality_json(request: Request) -> Response:
    """The same figures as data."""
    found = _quality(site_of(request), moment_of(request))
    current = found.current

    def told(one: Rate) -> dict[str, Any]:
        return {**asdict(one), "share": one.share, "low": one.low, "high": one.high, "is_enough": one.is_enough}

    def listed(rows: Sequence[tuple[str, Rate, Rate]]) -> list[dict[str, Any]]:
        return [{"name": name, "stands": told(stands), "all_right": told(whole)} for name, stands, whole in rows]

    return lists.json_answer(
        {
            "about": about_list(request, len(current), "reviewed claims"),
            "reviewed": len(current),
            "enough": ENOUGH,
            "stands": told(rate(one.stands for one in current)),
            "all_right": told(rate(one.is_all_right for one in current)),
            "fields": {field: told(one) for field, one in by_field(current).items()},
            "publishers": listed(_by(current, lambda one: one.publisher)),
            "types": listed(_by(current, lambda one: one.type)),
            "versions": listed(_by(found.observed, lambda one: " · ".join(one.version))),
            "grounding": asdict(found.grounding),
            "second_answers": len(found.second),
            "agreement": [asdict(one) for one in found.agreement],
            "gaps": [asdict(gap) for gap in load_gaps()],
        }
    )


ROUTES = [Route("/quality", quality_page), Route("/quality.json", quality_json)]
