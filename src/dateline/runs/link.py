"""A ledger's claims linked: sketches and groups of reprints, events, witnesses, and an entry in the log that says what was done.

Each step enters only the rows that changed, as a shard with its receipt, so a run that was stopped is simply started again, and one
that finds nothing new writes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.knowledge.exclusions import load_exclusions
from dateline.knowledge.linking import WEIGHTS, load_lexis, load_pair_weights, load_types_together
from dateline.knowledge.reading import ReadingTables, load_reading_tables
from dateline.ledger.derived import LinkRow, ReprintRow, SketchRow
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.resolve import SEEN, changed_since, entry_number, last_run, last_seen
from dateline.ledger.store import Ledger
from dateline.linking.blocking import Reach
from dateline.linking.exclusions import Excluding
from dateline.linking.identity import Constraints, Links, Settings, link, relink
from dateline.linking.partitions import RunParts
from dateline.linking.reprints import Limits, Placed, Register
from dateline.linking.scoring import Scorer
from dateline.linking.sketch import VERSION, Sketch, sketch_of
from dateline.linking.table import Table
from dateline.linking.tellings import TELLING_COLUMNS, Profile, profile_of_text, telling_of_columns
from dateline.linking.witnesses import Deposition, deposition_of, find_witnesses
from dateline.records import Claim, Document, Judge, Judgement, JudgementKind
from dateline.serial import from_json

LUMP = 2000
"""New reports that are looked up among the others at once: all of a year's would need gigabytes."""

GROWN = 1.25
"""Growth since the last run from which all is linked from scratch: how rare a word is has moved."""

NOTICEABLE = 0.05
"""Change of a claim's chance from which its row is entered again: rare words become less rare with each report that comes in."""

USUAL = Settings(reach=Reach(together=load_types_together()), parts=True)

OnStep = Callable[[str], None]
"""Is told what a run is about to do."""


@dataclass(frozen=True)
class LinkResult:
    """What a run of the linker did. `texts` are documents, reprints counted once; `linked` the claims that are not alone.

    `changed` counts the rows of links that were entered; `contradictions` are rulings "one happening" that others forbid.
    """

    documents: int
    texts: int
    claims: int
    events: int
    linked: int
    changed: int
    contradictions: tuple[tuple[str, str], ...]


def link_ledger(
    ledger: Ledger,
    *,
    now: Callable[[], datetime],
    settings: Settings = USUAL,
    run_parts: RunParts = map,
    on_step: OnStep = lambda step: None,
) -> LinkResult:
    """Links all current claims of a ledger, people's judgements kept to; nothing to link: no event, and nothing is entered.

    `run_parts` says where pairs are weighed when all is linked from scratch (runs/tasks.py); it makes no difference to the links.
    """
    linker = linker_version(settings)
    on_step("reading the reports")
    profiles = _read_profiles(ledger)
    on_step("finding reprints")
    groups = _group_reprints(ledger, profiles, now)
    on_step("reading the claims")
    told = ledger.claim_columns((*TELLING_COLUMNS, "known_at")).to_pylist()
    tellings = [telling_of_columns(row) for row in told]
    table = Table.of(tellings, profiles, load_lexis())
    on_step("linking")
    log = Log(ledger.path)
    people = Judged(ledger, log)
    seen = entry_number(people.judgements[-1]) if people.judgements else 0
    known = np.array([_microseconds(row["known_at"]) for row in told], dtype=np.int64)
    number_of = {group: number for number, group in enumerate(sorted({place.group for place in groups.values()}))}
    scorer = Excluding(Scorer(load_pair_weights()).chances, load_exclusions()).chances
    reprints = np.array([number_of[groups[document].group] for document in table.documents], dtype=np.int64)
    kept = ledger.derived_columns("links").to_pylist()
    run = last_run(people.judgements)
    is_same = run is not None and run.by.name == linker
    ruled_anew = changed_since(people.judgements, last_seen(people.judgements))
    before, orphaned = _links_of(kept, frozenset(table.ids)) if is_same else (None, frozenset[str]())
    if before is None:
        links = link(table, scorer, settings, rulings(people), known=known, reprints=reprints, run=run_parts)
    else:
        anew = ruled_anew | orphaned
        links = relink(table, scorer, before, settings, rulings(people), ruled_anew=anew, known=known, reprints=reprints)
    on_step("telling witnesses apart")
    documents = {telling.id: telling.document for telling in tellings}
    rows = _changed(kept, _rows(ledger, links, documents, groups, linker))
    on_step("writing")
    changed = ledger.add_rows("links", rows, by=linker, known_at=now())
    if changed or ruled_anew:  # a run says what it knew, also if nothing moved
        log.append([_entry(rows, linker, settings, seen=seen, at=now())])
    grouped = links.groups()
    return LinkResult(
        documents=len(profiles),
        texts=len(number_of),
        claims=len(tellings),
        events=len(grouped),
        linked=sum(len(claims) for claims in grouped.values() if len(claims) > 1),
        changed=changed,
        contradictions=links.contradictions,
    )


def _links_of(rows: Sequence[Mapping[str, Any]], claims: frozenset[str]) -> tuple[Links | None, frozenset[str]]:
    """What the ledger's links make of the claims, and those whose event has lost a claim since (coded anew); none, or those of a
    much smaller ledger: None."""
    current = [row for row in rows if row["claim_id"] in claims]
    if not current or len(current) * GROWN < len(claims):
        return None, frozenset()
    lost = {row["event_id"] for row in rows if row["claim_id"] not in claims}
    chances = np.array([row["chance"] for row in current])
    links = Links(tuple(row["claim_id"] for row in current), tuple(row["event_id"] for row in current), chances, chances)
    return links, frozenset(row["claim_id"] for row in current if row["event_id"] in lost)


def linker_version(settings: Settings) -> str:
    """Names the tables, the weights and the settings: what another run would have to have to come to the same."""
    tables = sorted(WEIGHTS.parent.iterdir())
    weights = hashlib.sha256(b"".join(hashlib.sha256(table.read_bytes()).digest() for table in tables)).hexdigest()[:12]
    said = hashlib.sha256(json.dumps(asdict(settings), sort_keys=True, default=sorted).encode()).hexdigest()[:6]
    return f"linking-{weights}-{said}"


def rulings(people: Judged) -> Constraints:
    """What people have ruled, as the linker takes it; of claims that were coded anew, about those that took their place."""
    ruled = people.constraints()
    same = tuple((group[0], other) for group in ruled.together for other in group[1:])
    return Constraints(same, ruled.apart)


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


# ---------------------------------------------------------------- documents


def _read_profiles(ledger: Ledger) -> list[Profile]:
    """Every current document as linking sees it, in the order in which they came."""
    batches = ledger.document_columns(("document_id", "text", "published", "publisher"))
    rows = (row for batch in batches for row in batch.to_pylist())
    return [profile_of_text(row["document_id"], row["text"], row["published"], row["publisher"]) for row in rows]


def _group_reprints(ledger: Ledger, profiles: Sequence[Profile], now: Callable[[], datetime]) -> dict[str, Placed]:
    """The group of one text that each document is in, by the id of the group's first document, and whether it is a round-up.

    What was grouped before is not compared again: new documents are looked up among the old ones of their days. Their sketches are
    entered, and the places that are new or have changed.
    """
    kept = {row["document_id"]: row for row in ledger.derived_columns("sketches").to_pylist() if row["version"] == VERSION}
    placed = {row["document_id"]: row for row in ledger.derived_columns("reprints").to_pylist()}
    is_known = {p.document for p in profiles if p.document in placed and p.document in kept and kept[p.document]["day"] == p.day}
    new = [sketch_of(document) for document in _documents(ledger, {p.document for p in profiles} - is_known)]
    if new:
        sketches = [SketchRow(s.document, VERSION, s.day, s.runs.tobytes(), s.words.tobytes(), s.signature.tobytes()) for s in new]
        ledger.add_rows("sketches", sketches, by=f"sketch {VERSION}", known_at=now())
        near = [p.document for p in profiles if p.document in is_known and _is_near(p.day, new)]
        register = Register()
        register.load([_kept_sketch(kept[document]) for document in near], {d: Placed(**_place(placed[d])) for d in near})
        changed: dict[str, Placed] = {}
        for start in range(0, len(new), LUMP):
            changed |= {place.document: place for place in register.add(new[start : start + LUMP])}
        rows = [ReprintRow(place.document, place.group, place.is_round_up) for place in changed.values()]
        ledger.add_rows("reprints", rows, by=f"reprints {VERSION}", known_at=now())
        placed |= {row.document_id: asdict(row) for row in rows}
    return {p.document: Placed(**_place(placed[p.document])) for p in profiles}


def _is_near(day: date | None, sketches: Sequence[Sketch]) -> bool:
    """Whether a document of that day can be a copy of one of these."""
    days = [s.day for s in sketches if s.day is not None]
    if day is None or len(days) < len(sketches):
        return True
    apart = timedelta(days=Limits().days)
    return min(days) - apart <= day <= max(days) + apart


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"document": row["document_id"], "group": row["group"], "is_round_up": row["is_round_up"]}


def _documents(ledger: Ledger, wanted: Collection[str]) -> Iterator[Document]:
    """The documents of these ids, in the order in which they came."""
    if not wanted:
        return
    for batch in ledger.document_columns(("document_id", "text", "record")):
        for row in batch.to_pylist():
            if row["document_id"] in wanted:
                yield replace(from_json(Document, row["record"]), text=row["text"])


def _kept_sketch(row: Mapping[str, Any]) -> Sketch:
    runs: NDArray[np.uint32] = np.frombuffer(row["runs"], np.uint32)
    words: NDArray[np.uint32] = np.frombuffer(row["words"], np.uint32)
    signature: NDArray[np.uint16] = np.frombuffer(row["signature"], np.uint16)
    return Sketch(row["document_id"], row["day"], runs, words, signature)


# ---------------------------------------------------------------- links


def _rows(ledger: Ledger, links: Links, documents: Mapping[str, str], groups: Mapping[str, Placed], linker: str) -> list[LinkRow]:
    witness = _witnesses(ledger, links, documents, groups)
    return [
        LinkRow(claim, event, witness[claim], round(float(chance), 4), linker)
        for claim, event, chance in zip(links.claims, links.events, links.chances, strict=True)
    ]


def _witnesses(ledger: Ledger, links: Links, documents: Mapping[str, str], groups: Mapping[str, Placed]) -> dict[str, str]:
    """For each claim the first claim of its witness in its event."""
    witness: dict[str, str] = {}
    shared: dict[str, tuple[str, ...]] = {}
    for event, claims in links.groups().items():
        if len({documents[claim] for claim in claims}) > 1:
            shared[event] = claims
        else:
            witness.update(dict.fromkeys(claims, event))
    tables = load_reading_tables()
    wanted = [claim for claims in shared.values() for claim in claims]
    depositions: dict[str, Deposition] = {
        claim.id: _deposition(claim, document, groups[document.id], tables)
        for claim, document in ledger.claims_with_documents(wanted)
    }
    for claims in shared.values():
        for told in find_witnesses([depositions[claim] for claim in claims]):
            witness[told.claim] = told.witness
    return witness


def _deposition(claim: Claim, document: Document, place: Placed, tables: ReadingTables) -> Deposition:
    return deposition_of(claim, document, place.group, tables, is_round_up=place.is_round_up)


def _changed(kept: Sequence[Mapping[str, Any]], rows: Sequence[LinkRow]) -> list[LinkRow]:
    """The rows that say something that the ledger's do not."""
    before = {row["claim_id"]: row for row in kept}

    def is_new(row: LinkRow) -> bool:
        known = before.get(row.claim_id)
        if known is None or (known["event_id"], known["witness"]) != (row.event_id, row.witness):
            return True
        return bool(abs(known["chance"] - row.chance) >= NOTICEABLE)

    return [row for row in rows if is_new(row)]


def _entry(rows: Sequence[LinkRow], linker: str, settings: Settings, *, seen: int, at: datetime) -> Judgement:
    """What the log is told of a run: which linker, how many rows, and their digest, so that no row can be changed unseen."""
    digest = hashlib.sha256("\n".join("\t".join(map(str, asdict(row).values())) for row in rows).encode()).hexdigest()
    facts = {
        "rows": str(len(rows)),
        "sha256": digest,
        "threshold": f"{settings.joining.threshold:g}",
        SEEN: str(seen),
    }
    return Judgement("", JudgementKind.LINKED, Judge(linker, is_machine=True), at, reason="a run", facts=tuple(facts.items()))
