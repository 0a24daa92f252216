"""Which words every value of a linked event stands on: its fields in rows, its witnesses in columns, each quote with a number.

Pure: no text is looked at, so a sheet can be made before any document is read. A value that no words say keeps its origin.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from dateline.records import (
    Account,
    Actor,
    Basis,
    Bounds,
    Count,
    Days,
    FieldAccounts,
    How,
    Judgement,
    Kind,
    LinkedEvent,
    Origin,
    Place,
    Span,
    Standing,
    Tally,
    Testimony,
    Told,
    Verdict,
)
from dateline.views import wording as say
from dateline.views.evidence import Mark, Role, Value, values_of
from dateline.views.wording import Wording


@dataclass(frozen=True)
class Ground:
    """What a claim's value stands on: words of its document, or (`span` None) the rule or the person that `origin` names.

    `sure` is the coder's confidence in the field, None where it gave none.
    """

    claim: str
    document: str
    role: Role
    span: Span | None
    origin: Origin
    sure: float | None = None


@dataclass(frozen=True)
class Said:
    """A value as one witness tells it, with every claim of that witness that does, in the order of telling.

    `bounds` are there for a figure alone. `is_assumed`: no words of any of these claims say it.
    """

    words: str
    grounds: tuple[Ground, ...]
    standing: Standing = Standing.CURRENT
    is_best: bool = False
    is_assumed: bool = False
    bounds: Bounds | None = None


@dataclass(frozen=True)
class Row:
    """A field: what it comes to, and what each witness says of it, in the order of the sheet's witnesses.

    `verdict` None: the witnesses' values are shown and not weighed against one another. `together` is the value to show where only
    one can be shown; nothing stands: "". `reasons` say how the verdict came about, `rule` how the value was chosen.
    """

    name: str
    label: str
    role: Role
    columns: tuple[tuple[Said, ...], ...]
    verdict: Verdict | None = None
    together: str = ""
    reasons: tuple[str, ...] = ()
    rule: str = ""
    tally: Tally | None = None

    @property
    def anchor(self) -> str:
        """What leads to it on the page."""
        return "field-" + "".join(letter if letter.isalnum() else "-" for letter in self.name)

    @property
    def is_of_parties(self) -> bool:
        """Whether several values are several parties, and no rivals."""
        return self.name in {"actors", "recipients"}

    @property
    def said(self) -> Iterator[Said]:
        return (said for column in self.columns for said in column)


@dataclass(frozen=True)
class Witness:
    """An independent text: who wrote it, and all claims that print it, those of its author first."""

    id: str
    author: str
    own: tuple[Testimony, ...]
    reprints: tuple[Testimony, ...]

    @property
    def tellings(self) -> tuple[Testimony, ...]:
        return (*self.own, *self.reprints)


@dataclass(frozen=True)
class Quote:
    """Words that something on the page stands on. Numbers count from 1 in the order of the page."""

    number: int
    document: str
    span: Span
    role: Role

    @property
    def key(self) -> str:
        return f"q{self.number}"


@dataclass(frozen=True)
class Sheet:
    """A linked event laid out for people."""

    event: LinkedEvent
    witnesses: tuple[Witness, ...]
    rows: tuple[Row, ...]
    by_claim: Mapping[str, Testimony] = field(repr=False)

    @cached_property
    def quotes(self) -> dict[tuple[str, Span], Quote]:
        """Every quote by document and span: what each claim says as a whole, witness by witness, then what the values stand on."""
        wanted: dict[tuple[str, Span], Role] = {}
        for told in (told for witness in self.witnesses for told in witness.tellings):
            wanted.setdefault((told.claim.document, told.claim.event.evidence), Role.EVIDENCE)
        for ground in (ground for row in self.rows for said in row.said for ground in said.grounds):
            if ground.span is not None:
                wanted.setdefault((ground.document, ground.span), ground.role)
        return {place: Quote(number, *place, role=role) for number, (place, role) in enumerate(wanted.items(), 1)}

    @cached_property
    def homes(self) -> dict[str, str]:
        """By the key of each quote what leads to the first thing on the page that stands on it: a field, or else a claim."""
        found: dict[str, str] = {}
        for row in self.rows:
            for ground in (ground for said in row.said for ground in said.grounds):
                if ground.span is not None:
                    found.setdefault(self.quotes[ground.document, ground.span].key, row.anchor)
        for told in self.event.tellings:
            found.setdefault(self.quotes[told.claim.document, told.claim.event.evidence].key, anchor_of(told.claim.id))
        return found

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents that tell of the event, witness by witness."""
        return tuple(dict.fromkeys(t.claim.document for witness in self.witnesses for t in witness.tellings))

    def quotes_of(self, document: str) -> tuple[Quote, ...]:
        return tuple(quote for quote in self.quotes.values() if quote.document == document)

    def marks(self, document: str) -> tuple[Mark, ...]:
        """What is to be marked in a document's text."""
        return tuple(Mark(quote.span, quote.key, quote.role) for quote in self.quotes_of(document))


def anchor_of(claim: str) -> str:
    """What leads to a claim in the list of reports."""
    return f"claim-{claim}"


LABELS = {"kind": "what", "status": "whether", "days": "when", "place": "where", "actors": "who", "recipients": "to whom"}

ROLES = {
    "kind": Role.TRIGGER, "status": Role.STATUS, "days": Role.TIME, "place": Role.PLACE, "actors": Role.ACTOR,
    "recipients": Role.RECIPIENT,
}  # fmt: skip

CORRECTED = {
    "kind": ("type", "mode"), "status": ("status",), "days": ("day",), "place": ("place", "country"), "actors": ("actors",),
    "recipients": ("recipients",),
}  # fmt: skip
"""What a correction calls the fields that people see."""

SURE = {
    "days": "time", "place": "place", "actors": "actor", "recipients": "recipient",
}  # fmt: skip

FURTHER = (
    (Role.INSTRUMENT, "with what"), (Role.ISSUE, "about"), (Role.DEMAND, "wants"), (Role.RESPONSE, "met with"),
)  # fmt: skip
"""What claims tell beside the fields that are weighed."""


def sheet_of(event: LinkedEvent, wording: Wording) -> Sheet:
    """The event with its rows and witnesses; rows that no claim says anything of are left out."""
    by_claim = {t.claim.id: t for t in event.tellings}
    witnesses = _witnesses(event)
    making = _Making(event, by_claim, witnesses, wording)
    rows = (*making.fields(), *making.tallies(), *making.further(), making.tellers())
    return Sheet(event, witnesses, tuple(row for row in rows if any(row.columns)), by_claim)


def _witnesses(event: LinkedEvent) -> tuple[Witness, ...]:
    authors = dict(event.authors)
    by_witness: dict[str, list[Testimony]] = {}
    for told in event.tellings:
        by_witness.setdefault(told.witness, []).append(told)
    found = []
    for id, tellings in by_witness.items():
        author = authors.get(id) or tellings[0].publisher or "publisher not known"
        first = {t.claim.document for t in tellings if t.publisher == author} or {tellings[0].claim.document}
        own = tuple(t for t in tellings if t.claim.document in first)
        found.append(Witness(id, author, own, tuple(t for t in tellings if t.claim.document not in first)))
    return tuple(found)


Grounds = Callable[[Testimony, Account], list[Ground]]
"""What a claim's value stands on, by the claim and the account that it gives."""


@dataclass(frozen=True)
class _Making:
    event: LinkedEvent
    by_claim: Mapping[str, Testimony]
    witnesses: tuple[Witness, ...]
    wording: Wording

    # ------------------------------------------------------------ rows

    def fields(self) -> Iterator[Row]:
        for told in self.event.accounts.fields:
            best = told.accounts[told.best] if told.best is not None else None
            yield Row(
                name=told.field,
                label=LABELS[told.field],
                role=ROLES[told.field],
                columns=self._columns(told.accounts, best, partial(self._grounds, told.field)),
                verdict=told.verdict,
                together=self._in_short(told, best),
                reasons=tuple(dict.fromkeys(told.arithmetic.split("; "))),
                rule=told.best_rule,
            )

    def _in_short(self, told: FieldAccounts, best: Account | None) -> str:
        """The value to show where one can be; of parties that can all be meant, all."""
        if told.field in {"actors", "recipients"} and told.verdict is not Verdict.DISPUTE:
            return ", ".join(self._words(a.value) for a in told.accounts if a.standing is Standing.CURRENT)
        return self._words(best.value) if best else ""

    def tallies(self) -> Iterator[Row]:
        for tally in self.event.accounts.tallies:
            current = [account for account in tally.accounts if account.standing is Standing.CURRENT]
            columns = self._columns(
                tally.accounts,
                current[0] if len(current) == 1 else None,
                partial(self._counted, tally),
                tally,
            )
            if not current:
                columns = tuple((*old, *new) for old, new in zip(columns, self._one_by_one(tally), strict=True))
            yield Row(
                name=f"{tally.what} {tally.side or ''}".strip(),
                label=f"{tally.what} ({tally.side})" if tally.side else tally.what,
                role=Role.COUNT,
                columns=columns,
                verdict=tally.verdict,
                together=say.amount(tally.what, tally.low, tally.high, self._unit(tally.what)) if tally.best is not None else "",
                reasons=tuple(dict.fromkeys(step for step, _ in tally.steps if step)),
                rule=f"best figure {say.figure(tally.best)}: {tally.best_rule}" if tally.best is not None else "",
                tally=tally,
            )

    def further(self) -> Iterator[Row]:
        for role, label in FURTHER:
            yield Row(str(role), label, role, tuple(self._valued(witness, role) for witness in self.witnesses))

    def tellers(self) -> Row:
        return Row("tellers", "on whose word", Role.TELLER, tuple(self._chains(witness) for witness in self.witnesses))

    # ------------------------------------------------------------ columns

    def _columns(
        self, accounts: Sequence[Account], best: Account | None, grounds: Grounds, tally: Tally | None = None
    ) -> tuple[tuple[Said, ...], ...]:
        return tuple(
            tuple(
                self._said(account, witness, account is best, grounds, tally)
                for account in accounts
                if witness.id in account.witnesses
            )
            for witness in self.witnesses
        )

    def _said(self, account: Account, witness: Witness, is_best: bool, grounds: Grounds, tally: Tally | None) -> Said:
        ids = set(account.claims)
        found = tuple(g for t in witness.tellings if t.claim.id in ids for g in grounds(t, account))
        value = account.value
        return Said(
            words=self._words(value, tally),
            grounds=found,
            standing=account.standing,
            is_best=is_best,
            is_assumed=isinstance(value, Days) and value.is_assumed,
            bounds=value if isinstance(value, Bounds) else None,
        )

    def _valued(self, witness: Witness, role: Role) -> tuple[Said, ...]:
        found: dict[str, list[Ground]] = {}
        for told in witness.tellings:
            for value in self._values(told, role):
                found.setdefault(value.text, []).append(self._ground(told, value))
        return tuple(
            Said(words, tuple(grounds), _standing(self.by_claim, grounds), is_assumed=all(g.span is None for g in grounds))
            for words, grounds in found.items()
        )

    def _chains(self, witness: Witness) -> tuple[Said, ...]:
        """The tellers between the paper and the happening; the paper's own voice, which begins every chain, if it is all."""
        found: dict[str, list[Ground]] = {}
        for told in witness.tellings:
            chain = told.claim.event.attribution
            named = [teller for n, teller in enumerate(chain) if n > 0 or teller.span or teller.cue]
            grounds = found.setdefault(say.tellers(tuple(named)), [])
            for teller in named:
                spans = [(Role.TELLER, teller.span), (Role.CUE, teller.cue)]
                there = [
                    Ground(told.claim.id, told.claim.document, role, s, Origin(How.READ)) for role, s in spans if s is not None
                ]
                grounds += there or [self._voice(told, "named elsewhere in the report")]
            if not named:
                grounds.append(self._voice(told, "the report's own voice"))
        return tuple(
            Said(words, tuple(grounds), _standing(self.by_claim, grounds), is_assumed=all(g.span is None for g in grounds))
            for words, grounds in found.items()
        )

    def _voice(self, told: Testimony, rule: str) -> Ground:
        return Ground(told.claim.id, told.claim.document, Role.TELLER, None, Origin(How.INFERRED, rule))

    # ------------------------------------------------------------ grounds

    def _values(self, told: Testimony, role: Role) -> list[Value]:
        return [value for value in values_of(told.claim.event, self.wording) if value.role is role]

    def _ground(self, told: Testimony, value: Value, sure: str | None = None) -> Ground:
        return Ground(told.claim.id, told.claim.document, value.role, value.span, value.origin, _sure(told, sure))

    def _grounds(self, name: str, told: Testimony, account: Account) -> list[Ground]:
        """What the claim's value in a field stands on; a person put it there: that it did, and whatever words go with it."""
        role, value = ROLES[name], account.value
        if isinstance(value, Actor):
            event = told.claim.event
            members = event.actors if role is Role.ACTOR else event.recipients
            found = [
                Ground(told.claim.id, told.claim.document, role, p.span, p.origin)
                for p in members
                if replace(p.actor, role=None) == value
            ]
        else:
            found = [self._ground(told, value_, SURE.get(name)) for value_ in self._values(told, role)]
        by = self._corrections(told, CORRECTED[name])
        return [_put_in(ground, by) for ground in found] if by else found

    def _counted(self, tally: Tally, told: Testimony, account: Account) -> list[Ground]:
        counts = [count for count in told.claim.event.counts if count.what == tally.what]
        alike = [count for count in counts if _bounds(count) == account.value] or counts
        by = self._corrections(told, (f"counts.{tally.what}",))
        grounds = [Ground(told.claim.id, told.claim.document, Role.COUNT, c.span, c.origin, _sure(told, "counts")) for c in alike]
        return [_put_in(ground, by) for ground in grounds] if by else grounds or [_inferred(told, tally)]

    def _one_by_one(self, tally: Tally) -> tuple[tuple[Said, ...], ...]:
        """Of a figure that no text gives, the claims that it was put together from."""
        ids = {claim for _, claims in tally.steps for claim in claims}
        columns = []
        for witness in self.witnesses:
            grounds = tuple(
                ground
                for told in witness.tellings
                if told.claim.id in ids and told.is_current
                for ground in self._people(told, tally)
            )
            columns.append((Said(BASIS[tally.basis], grounds, is_assumed=True),) if grounds else ())
        return tuple(columns)

    def _people(self, told: Testimony, tally: Tally) -> list[Ground]:
        origin = Origin(How.INFERRED, BASIS[tally.basis])
        spans = [p.span for p in told.claim.event.recipients if p.span is not None] or [told.claim.event.trigger]
        counted = [count.span for count in told.claim.event.counts if count.what == tally.what]
        return [Ground(told.claim.id, told.claim.document, Role.COUNT, span, origin) for span in counted or spans]

    def _corrections(self, told: Testimony, fields: Collection[str]) -> list[Judgement]:
        return [j for j in self.event.corrections if j.field in fields and told.claim.id in j.claims]

    # ------------------------------------------------------------ words

    def _unit(self, what: str) -> str:
        return next((c.unit for t in self.event.tellings for c in t.claim.event.counts if c.what == what), "")

    def _words(self, value: Told, tally: Tally | None = None) -> str:
        match value:
            case Bounds(low, high):
                what = tally.what if tally else ""
                return say.amount(what, low, high, self._unit(what))
            case Days(first, last):
                return say.days(first, last) or "some day"
            case Kind(type_, mode):
                return f"{type_} · {mode}" if mode else type_
            case Place():
                return say.where(value)
            case Actor():
                return say.party(value, self.wording)
        return str(value)


BASIS = {
    Basis.TOLD: "a figure in the text",
    Basis.NAMED: "people told of one by one",
    Basis.SUM: "the figures of parties counted apart, added up",
}


def _sure(told: Testimony, name: str | None) -> float | None:
    return dict(told.claim.event.field_confidence).get(name) if name else None


def _bounds(count: Count) -> Bounds:
    return Bounds(count.low or 0.0, count.high)


def _inferred(told: Testimony, tally: Tally) -> Ground:
    origin = Origin(How.INFERRED, BASIS[tally.basis])
    return Ground(told.claim.id, told.claim.document, Role.COUNT, told.claim.event.trigger, origin)


def _put_in(ground: Ground, by: Sequence[Judgement]) -> Ground:
    last = by[-1]
    origin = Origin(How.GIVEN, f"corrected by {last.by.name} (judgement {last.id})")
    return Ground(ground.claim, ground.document, ground.role, ground.span, origin)


def _standing(by_claim: Mapping[str, Testimony], grounds: Sequence[Ground]) -> Standing:
    tellings = [by_claim[ground.claim] for ground in grounds]
    if any(told.is_current for told in tellings):
        return Standing.CURRENT
    return Standing.RETRACTED if all(told.is_retracted for told in tellings) else Standing.SUPERSEDED
