"""A row of another coder as a report and the one claim that it makes, in our terms."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from dateline.claims import claim_id
from dateline.coders.page import Page, written
from dateline.coders.rows import TableRow, read_rows
from dateline.ingest.given import refused
from dateline.ingest.read import document_id
from dateline.knowledge.coders import ForeignType, Scheme
from dateline.knowledge.quantities import QuantityKnowledge, load_quantities
from dateline.mentions.bounds import bounded, hedge_after, hedge_before
from dateline.mentions.figures import find_figures
from dateline.records import (
    Actor,
    Claim,
    Coder,
    Coding,
    Count,
    Document,
    EventMention,
    EventPlace,
    EventTime,
    Exactness,
    How,
    Origin,
    Participant,
    Place,
    PlaceKind,
    Precision,
    Problem,
    PublicationDate,
    QuoteKind,
    Report,
    Response,
    Sentence,
    Span,
    Status,
    StatusValue,
    Teller,
)

LAYOUT = "rows 1"
"""How rows are written out: another number when the same row would give other words."""


class BadRowError(ValueError):
    """A row that gives no claim; the message completes "<place>: …"."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class PassedOver:
    """A row of a kind that PLOVER does not count as an event: by what its scheme calls it."""

    place: str
    name: str


Read = tuple[Report, Coding]


def coder_of(scheme: Scheme, name: str) -> Coder:
    """Who made the claims: the data set by the name it was given, how its rows were read, and the tables they were read with."""
    return Coder(name, f"{scheme.name} {LAYOUT}", f"coders/{scheme.name}.yaml")


def read_table(raw: bytes, file: str, scheme: Scheme, coder: Coder) -> Iterator[Read | PassedOver | Problem]:
    """Each row of the table as a report with its coding, in order; a row that gives no claim is a fatal Problem that says why.

    A row again in the same table, by its id, is a Problem too. Raises NoTableError for a file that is no table of the scheme.
    """
    met: set[str] = set()
    quantities = load_quantities() if scheme.crowd else None
    for row in read_rows(raw, file, scheme):
        if isinstance(row, Problem):
            yield row
            continue
        id = row.get("id")
        try:
            if not id:
                raise BadRowError("bad row", f"has no {scheme.columns['id'][0]}, by which it is told from others")
            if id in met:
                raise BadRowError("bad row", f"{id} stands in the table before; leave one of them out")
            met.add(id)
            yield _read_row(row, scheme, coder, quantities)
        except BadRowError as fault:
            yield refused(fault.reason, row.place, str(fault))


def _read_row(row: TableRow, scheme: Scheme, coder: Coder, quantities: QuantityKnowledge | None) -> Read | PassedOver:
    kind = _kind(row, scheme)
    if kind.type is None:
        return PassedOver(row.place, kind.name)
    first, last, precision = DAYS[scheme.name](row, scheme)
    notes = row.get("notes")
    page = written(kind.name, notes or _in_words(row, first, last), row.values, row.names.get("notes") if notes else None)
    reader = _Row(row, scheme, page)
    publisher = reader.publisher()
    report = Report(
        name=row.place,
        raw=page.text.encode(),
        media_type="text/plain",
        address=f"{scheme.name}:{row.get('id')}",
        publisher=publisher,
        published=reader.published(),
        title=f"{kind.name}, {row.get('place') or row.get('country') or 'no place'}, {first.isoformat()}",
    )
    document = _document(report, page)
    event = EventMention(
        type=kind.type,
        mode=kind.mode,
        contexts=(),
        trigger=page.trigger,
        evidence=page.lead,
        actors=reader.actors(),
        recipients=reader.recipients() if kind.has_both else (),
        time=EventTime(first, last, precision, reader.origin("day_precision"), reader.span("day") or reader.span("first")),
        place=reader.place(),
        counts=(*reader.killed(), *(reader.crowd(quantities) if quantities else ())),
        status=Status(StatusValue.ASSERTED),
        attribution=(Teller(Actor(publisher or scheme.title, None, "JRN"), None, None, QuoteKind.INDIRECT),),
        rule=f"{scheme.name}: {' / '.join(kind.keys)}",
        confidence=scheme.confidence,
        response=Response(kind.response, ()) if kind.response else None,
    )
    claim = Claim(claim_id(document, event), document.id, event, coder)
    return report, Coding(report.name, document, (claim,))


def _document(report: Report, page: Page) -> Document:
    given = Origin(How.GIVEN)
    return Document(
        id=document_id(report),
        name=report.name,
        raw_sha256=hashlib.sha256(report.raw).hexdigest(),
        text=page.text,
        blocks=page.blocks,
        offsets=page.offsets,
        title=report.title,
        publisher=report.publisher,
        publisher_origin=given if report.publisher else None,
        published=PublicationDate(report.published, given) if report.published else None,
        address=report.address,
    )


def _kind(row: TableRow, scheme: Scheme) -> ForeignType:
    keys = [row.get(ours) for ours in KEYS[scheme.name]]
    found = scheme.type_of(*keys)
    if found is None:
        columns = " and ".join(scheme.columns[ours][0] for ours in KEYS[scheme.name])
        said = " / ".join(keys) or "nothing"
        raise BadRowError("unknown code", f"{columns} {said!r}: no code of {scheme.title} that is known here")
    return found


KEYS = {"acled": ("event", "sub_event"), "gdelt": ("code",), "ucdp": ("violence",)}
"""The columns by which each scheme says what happened."""


def _in_words(row: TableRow, first: date, last: date) -> str:
    """A row without notes in a line: who – whom; where; when."""
    who = " – ".join(part for part in (row.get("actor1") or row.get("side_a"), row.get("actor2") or row.get("side_b")) if part)
    when = first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
    return "; ".join(part for part in (who, row.get("place") or row.get("country"), when) if part)


# ---------------------------------------------------------------- days

DAY_FORMS = (
    "%Y-%m-%d",
    "%Y%m%d",
    "%d %B %Y",
    "%d-%B-%Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d/%m/%Y",
    "%Y/%m/%d",
    "%Y-%m-%d %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
)
"""The forms of dates that releases had. Days stand before months wherever both are numbers but in the last."""


def day_of(value: str) -> date | None:
    """The day that a cell gives in one of DAY_FORMS; none: None."""
    told = value.partition(".")[0].replace("T", " ").removesuffix("Z")
    for form in DAY_FORMS:
        try:
            return datetime.strptime(told, form).date()
        except ValueError:
            continue
    return None


def _needed_day(row: TableRow, ours: str, scheme: Scheme) -> date:
    value = row.get(ours)
    found = day_of(value)
    if found is None:
        raise BadRowError("bad date", f"{row.names.get(ours, ours)} {value!r} is no day; write it as 2020-08-18")
    return found


def _acled_days(row: TableRow, scheme: Scheme) -> tuple[date, date, Precision]:
    day = _needed_day(row, "day", scheme)
    said = scheme.day_precisions.get(row.get("day_precision"))
    if said is None:
        return day, day, Precision.DAY
    if said.is_month:
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]), said.precision
    return day - timedelta(days=said.before), day + timedelta(days=said.after), said.precision


def _ucdp_days(row: TableRow, scheme: Scheme) -> tuple[date, date, Precision]:
    first = _needed_day(row, "first", scheme)
    last = _needed_day(row, "last", scheme) if row.get("last") else first
    if last < first:
        raise BadRowError("bad date", f"ends on {last}, before it begins on {first}")
    said = scheme.day_precisions.get(row.get("day_precision"))
    return first, last, said.precision if said else Precision.DAY


def _gdelt_days(row: TableRow, scheme: Scheme) -> tuple[date, date, Precision]:
    day = _needed_day(row, "day", scheme)
    return day, day, Precision.DAY


DAYS: dict[str, Callable[[TableRow, Scheme], tuple[date, date, Precision]]] = {
    "acled": _acled_days,
    "gdelt": _gdelt_days,
    "ucdp": _ucdp_days,
}


# ---------------------------------------------------------------- who, where, how many


@dataclass(frozen=True)
class _Row:
    """A row beside its words: what its cells are with us, each with where it stands."""

    row: TableRow
    scheme: Scheme
    page: Page

    def span(self, ours: str) -> Span | None:
        """Where the value of a column stands; it is empty: None."""
        name = self.row.names.get(ours)
        return self.page.spans.get(name) if name else None

    def origin(self, ours: str) -> Origin:
        """That a value was read, or that a code beside it was looked up."""
        return Origin(How.LOOKED_UP, f"coders/{self.scheme.name}.yaml") if self.row.get(ours) else Origin(How.READ)

    # ---- sources

    def publisher(self) -> str | None:
        """The source that the row names first; of an address its site."""
        said = self.row.get("source")
        if "://" in said:
            return urlsplit(said).hostname or None
        return said.split(";")[0].strip() or None

    def published(self) -> date | None:
        """The day of the source, where the row tells it."""
        said = self.row.get("published").split(";")[0].split(",")[0].strip()
        return day_of(said[:8] if said.isdigit() else said)

    # ---- parties

    def actors(self) -> tuple[Participant, ...]:
        return self._parties("1", "a")

    def recipients(self) -> tuple[Participant, ...]:
        return self._parties("2", "b")

    def _parties(self, number: str, side: str) -> tuple[Participant, ...]:
        match self.scheme.name:
            case "ucdp":
                found = [self._side(side)]
            case "gdelt":
                found = [self._coded(f"actor{number}")]
            case _:
                found = [self._named(f"actor{number}", f"inter{number}"), self._named(f"assoc{number}", None)]
        return tuple(party for party in found if party is not None)

    def _named(self, column: str, code: str | None) -> Participant | None:
        """An actor of ACLED: "Police Forces of Belarus (1994-)" is Belarus's, "Protesters (Belarus)" too."""
        name = self.row.get(column)
        if not name:
            return None
        low = name.lower()
        by_word = next((sector for words, sector in self.scheme.words if any(word in low for word in words)), None)
        sector = by_word or (self.scheme.sectors.get(self.row.get(code).lower()) if code else None)
        return self._participant(column, Actor(name, self._country_in(name), sector, is_group=True))

    def _country_in(self, name: str) -> str | None:
        """The country that a name ends with in parentheses, or after "of"; neither: that of the row."""
        inside = name[name.rfind("(") + 1 :].rstrip(")") if name.endswith(")") else ""
        before = name.partition("(")[0].rpartition(" of ")[2]
        countries = self.scheme.countries
        return countries.of_name(inside) or countries.of_name(before) or self._country()

    def _side(self, side: str) -> Participant | None:
        """A side of UCDP: a state by its name's beginning, all else by the kind of violence."""
        name = self.row.get(f"side_{side}")
        if not name:
            return None
        words, state = self.scheme.state
        pair = self.scheme.sides.get(self.row.get("violence"), ("REB", "REB"))
        is_state = name.lower().startswith(words)
        sector = state if is_state else pair[0] if side == "a" else pair[1]
        country = self.scheme.countries.of_name(name.lower().partition(" of ")[2]) if is_state else None
        return self._participant(f"side_{side}", Actor(name, country or self._country(), sector, is_group=True))

    def _coded(self, column: str) -> Participant | None:
        """An actor of GDELT: a name in capitals, with codes for its country and what it is."""
        name = self.row.get(column)
        if not name:
            return None
        country = self.row.get(f"{column}_country")
        kind = self.row.get(f"{column}_type")
        sector = self.scheme.sectors.get(kind.lower()) or ("GOV" if country and not kind else None)
        known = country if country in self.scheme.countries.codes else None
        return self._participant(column, Actor(name.title(), known, sector))

    def _participant(self, column: str, actor: Actor) -> Participant:
        return Participant(actor, self.span(column), Origin(How.LOOKED_UP, f"coders/{self.scheme.name}.yaml"))

    # ---- place

    def _country(self) -> str | None:
        countries = self.scheme.countries
        number = self.row.get("iso")
        return (
            (countries.by_number.get(str(int(number))) if number.isdigit() else None)
            or countries.by_fips.get(self.row.get("country_fips"))
            or countries.of_name(self.row.get("country"))
        )

    def place(self) -> EventPlace | None:
        """Where: as fine as the row says that it knows; a country and a region have no point. Nothing told: None."""
        name, country = self.row.get("place"), self._country()
        admin1 = self.row.get("admin1")
        if self.scheme.name == "gdelt" and name:
            parts = [part.strip() for part in name.split(",")]
            name, admin1 = parts[0], parts[1] if len(parts) > 2 else ""
        kind = self.scheme.place_kinds.get(self.row.get("place_precision"), PlaceKind.CITY)
        if kind is PlaceKind.ADMIN1:
            name = admin1 or name
        if kind is PlaceKind.COUNTRY or not name:
            name, kind = self.row.get("country") or name, PlaceKind.COUNTRY
        if not name:
            return None
        point = None if kind in {PlaceKind.COUNTRY, PlaceKind.REGION} else self._point()
        place = Place(name, kind, country, None, admin1 or None, point)
        return EventPlace(place, self.origin("place_precision"), self.span("place") or self.span("country"))

    def _point(self) -> tuple[float, float] | None:
        try:
            latitude, longitude = float(self.row.get("latitude")), float(self.row.get("longitude"))
        except ValueError:
            return None
        return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None

    # ---- the dead

    def killed(self) -> tuple[Count, ...]:
        """How many died: ACLED's figure exactly, UCDP's from its low to its high; none told: nothing."""
        if self.scheme.name == "ucdp":
            low, best, high = (self._number(name) for name in ("low", "best", "high"))
            told = [n for n in (low, best, high) if n is not None]
            span = self.span("best") or self.span("low") or self.span("high")
            if not told or span is None:
                return ()
            bounds = (low if low is not None else min(told), high if high is not None else max(told))
            if bounds[0] > bounds[1]:
                raise BadRowError("bad figure", f"low {bounds[0]:g} is more than high {bounds[1]:g}")
            exactness = Exactness.EXACT if bounds[0] == bounds[1] else Exactness.RANGE
            return (Count("killed", span, *bounds, exactness, "people"),)
        number, span = self._number("killed"), self.span("killed")
        return (Count("killed", span, number, number, Exactness.EXACT, "people"),) if number is not None and span else ()

    # ---- the crowd

    def crowd(self, knowledge: QuantityKnowledge) -> tuple[Count, ...]:
        """How many came, by the words that the row has for it; none, or no figure in them: nothing."""
        told, text = self.scheme.crowd, self.page.text
        for column in told.columns if told else ():
            span = self.span(column)
            start = text.find(told.before, span.start, span.end) if span and told else -1
            if span is None or told is None or start < 0:
                continue
            start += len(told.before)
            ends = [at for sign in told.until if (at := text.find(sign, start, span.end)) >= 0]
            end = min(ends, default=span.end)
            figure = next(find_figures(text, Span(start, end), knowledge), None) if start < end else None
            if figure is None:
                continue
            around = Sentence(0, 0, Span(start, end), (), ())
            first, before = hedge_before(figure, text, around, knowledge)
            last, after = hedge_after(figure.span.end, text, around, knowledge)
            low, high, exactness = bounded(figure, before, after, "people", knowledge)
            return (Count("participants", Span(first, last), low, high, exactness, "people"),)
        return ()

    def _number(self, ours: str) -> float | None:
        said = self.row.get(ours)
        if not said:
            return None
        try:
            number = float(said)
        except ValueError:
            number = -1.0
        if not 0 <= number < 2**31:
            raise BadRowError("bad figure", f"{self.row.names.get(ours, ours)} {said!r} is no number of people")
        return number
