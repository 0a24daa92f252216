"""One event in full: what it says, who says so, and the words of each value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from dateline.api.showing import event_as_html
from dateline.ledger.errors import NotFoundError
from dateline.ledger.history import Step
from dateline.records import (
    Claim,
    Document,
    Episode,
    FieldAccounts,
    Judgement,
    LinkedEvent,
    Origin,
    PlanOutcome,
    Span,
    Tally,
    Testimony,
)
from dateline.runs.events import read_around
from dateline.views.evidence import values_of
from dateline.views.wording import load_wording
from dateline.watching.happenings import Party
from dateline.web.sharing.events import Told, told_events
from dateline.web.sharing.rows import Chosen


@dataclass(frozen=True)
class Words:
    """A stretch of a document, half-open [start, end) in code points: `text` is `document(id).text[start:end]`, always."""

    document: str
    start: int
    end: int
    text: str

    @classmethod
    def of(cls, document: Document, span: Span) -> Words:
        """The words of a span of the document."""
        return cls(document.id, span.start, span.end, span.of(document.text))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Value:
    """One value of a claim, for people: the question it answers ("who", "how many"), its answer, and the words that it stands on.

    `spans` is empty where no words say it; `origin` then names the rule or the table it comes from.
    """

    role: str
    label: str
    value: str
    spans: tuple[Words, ...]
    origin: Origin

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"


@dataclass(frozen=True, repr=False)
class ToldClaim:
    """A claim with its document: what one report says of a happening, each value beside its words.

    `claim` is the record with all its fields (docs/record.md), with what people put right in it if it is of an event. `testimony`
    is there for a claim of an event: who printed it, when it was told, and whether it still stands.
    """

    claim: Claim
    document: Document
    testimony: Testimony | None = None

    @property
    def id(self) -> str:
        """The id of the claim."""
        return self.claim.id

    @property
    def type(self) -> str:
        """What happened, as the ontology has it: "COERCE"."""
        return self.claim.event.type

    @property
    def status(self) -> str:
        """Whether it is told as a fact, planned, denied, alleged … (docs/record.md)."""
        return self.claim.event.status.value.value

    @property
    def evidence(self) -> Words:
        """The shortest run of text that carries it."""
        return Words.of(self.document, self.claim.event.evidence)

    @property
    def trigger(self) -> Words:
        """The word that tells of it."""
        return Words.of(self.document, self.claim.event.trigger)

    @property
    def values(self) -> tuple[Value, ...]:
        """Every value in reading order: what, who, to whom, when, where, how many, whether, on whose word."""
        return tuple(
            Value(v.role.value, v.label, v.text, (Words.of(self.document, v.span),) if v.span else (), v.origin)
            for v in values_of(self.claim.event, load_wording())
        )

    def value(self, label: str) -> Value | None:
        """The first value that answers a question ("who", "how many"); none does: None."""
        return next((value for value in self.values if value.label == label), None)

    def __repr__(self) -> str:
        return f"<ToldClaim {self.id[:8]}: {self.type}, {self.status}, “{self.evidence}”>"


@dataclass(eq=False)
class Reader:
    """Reads some events in full, together, when the first of them is asked for: one by one each takes a tenth of a second."""

    chosen: Chosen

    @cached_property
    def told(self) -> Mapping[str, Told]:
        """The events by id."""
        return {told.event.id: told for told in told_events(self.chosen)}


@dataclass(frozen=True, eq=False, repr=False)
class Event:
    """A happening by all reports of it together: of each field the value that its stated rule calls best.

    What a table has of it (`row`) is there at once; claims, accounts and history are read when they are asked for.
    """

    row: Mapping[str, Any]
    _reader: Reader

    @property
    def id(self) -> str:
        """The id of its first claim; the beginning of any id of its claims leads to it (`Project.event`)."""
        return str(self.row["id"])

    @property
    def type(self) -> str:
        """What happened, as the ontology has it: "PROTEST"."""
        return str(self.row["type"])

    @property
    def mode(self) -> str | None:
        """How: "strike"; the type has no modes, or none is told: None."""
        mode: str | None = self.row["mode"]
        return mode

    @property
    def status(self) -> str:
        """Whether it is told as a fact, planned, denied, alleged … (docs/record.md)."""
        return str(self.row["status"])

    @property
    def first(self) -> date | None:
        """Its first day; None: open, or not told."""
        return _day(self.row["first_day"])

    @property
    def last(self) -> date | None:
        """Its last day, inclusive."""
        return _day(self.row["last_day"])

    @property
    def place(self) -> str | None:
        """Where, by name; nobody tells: None."""
        place: str | None = self.row["place"]
        return place

    @property
    def country(self) -> str | None:
        """The country of the place, ISO-3166 alpha-3."""
        country: str | None = self.row["country"]
        return country

    @property
    def actors(self) -> tuple[Party, ...]:
        """Who did it, in the order of the accounts."""
        return tuple(Party(**party) for party in self.row["actors"])

    @property
    def recipients(self) -> tuple[Party, ...]:
        """Whom it was done to."""
        return tuple(Party(**party) for party in self.row["recipients"])

    @property
    def witnesses(self) -> int:
        """How many independent texts tell of it."""
        return int(self.row["witnesses"])

    @property
    def headline(self) -> str:
        """The event in a line, for people."""
        return str(self.row["headline"])

    # ------------------------------------------------------------ in full

    @cached_property
    def _told(self) -> Told:
        try:
            return self._reader.told[self.id]
        except KeyError:
            raise NotFoundError(
                f"{self.id}: no event any more, as people judged since it was looked for. Look for it again"
            ) from None

    @property
    def linked(self) -> LinkedEvent:
        """The event as a record, with all accounts and testimonies, but for its plan and its episode."""
        return self._told.event

    @property
    def claims(self) -> tuple[ToldClaim, ...]:
        """What each report says of it, in the order of telling; what was superseded or retracted too (`testimony.is_current`)."""
        documents = {id: entered.document for id, entered in self._told.sources.items()}
        return tuple(
            ToldClaim(t.claim, documents[t.claim.document], t) for t in self.linked.tellings if t.claim.document in documents
        )

    @property
    def accounts(self) -> tuple[FieldAccounts, ...]:
        """All that is told of each field: kind, days, place, actors, recipients, status. Rival values stand side by side."""
        return self.linked.accounts.fields

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """How many were killed, detained and so on, with bounds, each with the accounts and the sums that it comes of."""
        return self.linked.accounts.tallies

    def tally(self, what: str, side: str | None = None) -> Tally | None:
        """The tally of a kind of figure ("killed"), by default of all sides together; no figure is told: None."""
        return self.linked.accounts.tally(what, side)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that tell of it, each once, in the order of telling."""
        return tuple({claim.document.id: claim.document for claim in self.claims}.values())

    @cached_property
    def _around(self) -> LinkedEvent:
        chosen = self._reader.chosen
        site, as_of = chosen.site, chosen.filters.as_of
        return read_around(site.ledger, site.accounts, self.linked, as_of=as_of, people=site.judged(as_of)).event

    @property
    def plan(self) -> PlanOutcome | None:
        """What became of the plan that it tells of, or whose outcome it is; nothing of it was announced: None.

        For it and for `episode` the events around it are read, of each event anew.
        """
        return self._around.plan

    @property
    def episode(self) -> Episode | None:
        """The wave that it is part of: a strike over days and towns; it stands alone: None."""
        return self._around.episode

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """What people judged of its claims and what holds, in order."""
        return self._told.judgements

    @property
    def history(self) -> tuple[Step, ...]:
        """All that happened to it, in order: when its claims were coded, linked and judged, by what and by whom."""
        return self._told.steps

    def __repr__(self) -> str:
        return f"<Event {self.id[:8]}: {self.headline}>"

    def _repr_html_(self) -> str:
        """What it says in a small table, for notebooks."""
        return event_as_html(self.row)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
