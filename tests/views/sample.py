"""A report of our own, coded by hand: every kind of value, status, origin, block and script that a page must show."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from dateline.records import (
    READ,
    Actor,
    Block,
    BlockKind,
    Check,
    CheckResult,
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
    OffsetMap,
    Origin,
    Participant,
    Place,
    PlaceKind,
    Precision,
    Problem,
    PublicationDate,
    Quotation,
    QuoteKind,
    Run,
    Span,
    Status,
    StatusValue,
    Tallied,
    Teller,
)

PARAGRAPHS: tuple[tuple[BlockKind, str], ...] = (
    (BlockKind.TITLE, "Harbour workers in Valletta widen their strike"),
    (BlockKind.DATELINE, "VALLETTA, 6 May 2025 (Own sample) -"),
    (
        BlockKind.BODY,
        "Dock workers in Valletta joined a growing strike on Tuesday, calling on Prime Minister Karmenu Zerafa to step down. "
        "More than 1,200 people marched along the quay, the union said.",
    ),
    (BlockKind.LINK, "READ MORE: How the harbour dispute began"),
    (BlockKind.CROSSHEAD, "Police detain dozens"),
    (
        BlockKind.BODY,
        "Police, who since Sunday have detained almost 70 protesters, injured several with batons 🔥 near the customs house. "
        "At least two people died, according to the Harbour Post, which cited a doctor at 𝒮t Luke’s.",
    ),
    (
        BlockKind.BODY,
        "“We will not go back until he resigns,” said Zoë Cafe\u0301-Borg, head of the dockers’ union. "
        "The interior ministry denied that officers had fired on the crowd.",
    ),
    (BlockKind.BODY, "وقال المتحدث أحمد منصور إن الإضراب سيستمر يوم الجمعة."),
    (
        BlockKind.BODY,
        "Parliament approved the harbour law by 40 votes to 25, with two abstentions; twelve of the 79 members were absent. "
        "If the talks fail, the opposition would call a general strike. Italy offered on Monday to mediate.",
    ),
    (BlockKind.REPEAT, "More than 1,200 people marched along the quay, the union said."),
    (BlockKind.CREDIT, "Source: Own sample and agencies"),
)
TEXT = "\n\n".join(words for _, words in PARAGRAPHS)
NASTY = '<script>alert("x")</script><img src=x onerror=alert(1)>" onmouseover="alert(2)\x1b[31m\u202e'


def at(words: str, nth: int = 0, text: str = TEXT) -> Span:
    """The span of the nth place where the words stand."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def inside(outer: str, words: str) -> Span:
    """The span of the words inside the first place of a longer run."""
    run = at(outer)
    start = TEXT.index(words, run.start, run.end)
    return Span(start, start + len(words))


def blocks() -> tuple[Block, ...]:
    found, start = [], 0
    for kind, words in PARAGRAPHS:
        found.append(Block(Span(start, start + len(words)), kind))
        start += len(words) + 2
    return tuple(found)


def document() -> Document:
    raw = TEXT.encode()
    runs, byte = [], 0
    for index, character in enumerate(TEXT):
        size = len(character.encode())
        runs.append(Run(index, 1, byte, byte + size))
        byte += size
    return Document(
        id="d0c5a3e1",
        name="samples/harbour.txt",
        raw_sha256=sha256(raw).hexdigest(),
        text=TEXT,
        blocks=blocks(),
        offsets=OffsetMap(tuple(runs)),
        title="Harbour workers in Valletta widen their strike",
        byline="The sample desk",
        publisher="Own Sample",
        publisher_origin=Origin(How.GIVEN, "command line"),
        published=PublicationDate(date(2025, 5, 6), READ, at("6 May 2025")),
        address="https://news.example/harbour",
        agencies=("agencies",),
    )


def claim(number: int, event: EventMention, same_as: str | None = None) -> Claim:
    return Claim(f"c{number:04d}", "d0c5a3e1", event, Coder("dateline 0.1.0", "model 1", "knowledge 9f2c"), same_as)


MALTA = Place("Malta", PlaceKind.COUNTRY, "MLT", geonames=2562770, point=(35.92, 14.41))
VALLETTA = Place("Valletta", PlaceKind.CITY, "MLT", geonames=2562305, point=(35.8997, 14.5147))
CUSTOMS = Place("customs house", PlaceKind.FACILITY, "MLT", within="Valletta")
DOCKERS = Actor("dock workers", "MLT", "LAB", is_group=True)
PREMIER = Actor("Karmenu Zerafa", "MLT", "GOV", id="a17", role="Prime Minister of Malta")
POLICE = Actor("police", "MLT", "COP", is_group=True)
PROTESTERS = Actor("protesters", "MLT", "CVL", is_group=True)
UNION = Actor("dockers’ union", "MLT", "LAB")
PAPER = Actor("Own Sample", None, "JRN")
TUESDAY, MONDAY, SUNDAY = date(2025, 5, 6), date(2025, 5, 5), date(2025, 5, 4)
OFFICE = Origin(How.LOOKED_UP, "office holders on 2025-05-06")
NEWS_DAY = Origin(How.INFERRED, "news of the day: the publication date")
OWN_VOICE = Teller(PAPER, None, None, QuoteKind.DIRECT)


def told_by(name: str, span: Span, cue: Span, manner: QuoteKind, sector: str | None = None) -> Teller:
    return Teller(Actor(name, "MLT", sector), span, cue, manner)


def strike() -> EventMention:
    run = at("Dock workers in Valletta joined a growing strike on Tuesday, calling on Prime Minister Karmenu Zerafa to step down")
    return EventMention(
        "PROTEST",
        "strike",
        ("labour",),
        inside("a growing strike", "strike"),
        run,
        (Participant(DOCKERS, at("Dock workers"), READ),),
        (Participant(PREMIER, at("Prime Minister Karmenu Zerafa"), OFFICE),),
        EventTime(
            TUESDAY, TUESDAY, Precision.DAY, Origin(How.INFERRED, "weekday nearest before the publication date"), at("Tuesday")
        ),
        EventPlace(VALLETTA, Origin(How.LOOKED_UP, "gazetteer"), at("Valletta", 1)),
        (),
        Status(StatusValue.ASSERTED),
        (OWN_VOICE,),
        "lexicon:strike.n.1",
        0.94,
        (("type", 0.98), ("actors", 0.91)),
    )


def demand() -> EventMention:
    run = at("calling on Prime Minister Karmenu Zerafa to step down")
    return EventMention(
        "REQUEST",
        "change",
        (),
        at("calling on"),
        run,
        (Participant(DOCKERS, None, Origin(How.INFERRED, "subject of the main clause")),),
        (Participant(PREMIER, at("Prime Minister Karmenu Zerafa"), OFFICE),),
        EventTime(TUESDAY, TUESDAY, Precision.DAY, NEWS_DAY),
        None,
        (),
        Status(StatusValue.ASSERTED),
        (OWN_VOICE,),
        "lexicon:call-on.v",
        0.81,
    )


def march() -> EventMention:
    run = at("More than 1,200 people marched along the quay")
    return EventMention(
        "PROTEST",
        "demo",
        (),
        at("marched"),
        run,
        (Participant(Actor("people", "MLT", "CVL", is_group=True), inside("1,200 people", "people"), READ),),
        (),
        EventTime(TUESDAY, TUESDAY, Precision.DAY, NEWS_DAY),
        EventPlace(VALLETTA, Origin(How.INFERRED, "place of the sentence before")),
        (Count("participants", at("More than 1,200 people"), 1201, None, Exactness.MORE_THAN, "people"),),
        Status(StatusValue.ASSERTED),
        (OWN_VOICE, told_by("dockers’ union", at("the union"), inside("the union said", "said"), QuoteKind.INDIRECT, "LAB")),
        "lexicon:march.v",
        0.9,
    )


def arrests() -> EventMention:
    return EventMention(
        "COERCE",
        "arrest",
        ("repression",),
        at("detained"),
        at("Police, who since Sunday have detained almost 70 protesters"),
        (Participant(POLICE, at("Police", 1), READ),),
        (Participant(PROTESTERS, at("protesters"), READ),),
        EventTime(SUNDAY, TUESDAY, Precision.DAY, Origin(How.INFERRED, "since: up to the publication date"), at("since Sunday")),
        EventPlace(MALTA, Origin(How.INFERRED, "country of the police")),
        (Count("detained", at("almost 70 protesters"), 63, 69, Exactness.ALMOST, "people", Tallied.RUNNING_TOTAL),),
        Status(StatusValue.ASSERTED),
        (OWN_VOICE,),
        "lexicon:detain.v",
        0.96,
    )


def injuries() -> EventMention:
    return EventMention(
        "ASSAULT",
        "beat",
        (),
        at("injured"),
        at("Police, who since Sunday have detained almost 70 protesters, injured several with batons 🔥 near the customs house"),
        (Participant(POLICE, at("Police", 1), READ),),
        (Participant(PROTESTERS, None, Origin(How.INFERRED, "recipient of the clause before")),),
        EventTime(SUNDAY, TUESDAY, Precision.DAY, Origin(How.INFERRED, "time of the clause before")),
        EventPlace(CUSTOMS, READ, at("customs house")),
        (Count("injured", at("several"), 3, 9, Exactness.VAGUE, "people"),),
        Status(StatusValue.ASSERTED),
        (OWN_VOICE,),
        "lexicon:injure.v",
        0.88,
    )


def deaths() -> EventMention:
    run = at("At least two people died, according to the Harbour Post, which cited a doctor at 𝒮t Luke’s")
    return EventMention(
        "ASSAULT",
        None,
        (),
        at("died"),
        run,
        (),
        (Participant(Actor("people", "MLT", "CVL"), inside("two people died", "people"), READ),),
        None,
        EventPlace(MALTA, Origin(How.INFERRED, "country of the story")),
        (Count("killed", at("At least two people"), 2, None, Exactness.AT_LEAST, "people"),),
        Status(StatusValue.ALLEGED, at("according to")),
        (
            OWN_VOICE,
            told_by("Harbour Post", at("the Harbour Post"), at("according to"), QuoteKind.INDIRECT, "JRN"),
            told_by("a doctor at 𝒮t Luke’s", at("a doctor at 𝒮t Luke’s"), at("cited"), QuoteKind.INDIRECT, "MED"),
        ),
        "lexicon:die.v",
        0.72,
    )


def refusal() -> EventMention:
    return EventMention(
        "REJECT",
        "yield",
        (),
        at("not go back"),
        at("We will not go back until he resigns"),
        (
            Participant(
                Actor("Zoë Cafe\u0301-Borg", "MLT", "LAB", role="head of the dockers’ union"), at("Zoë Cafe\u0301-Borg"), READ
            ),
        ),
        (Participant(PREMIER, inside("until he resigns", "he"), Origin(How.INFERRED, "coreference")),),
        EventTime(TUESDAY, TUESDAY, Precision.DAY, NEWS_DAY),
        None,
        (),
        Status(StatusValue.ASSERTED),
        (
            OWN_VOICE,
            told_by("Zoë Cafe\u0301-Borg", at("Zoë Cafe\u0301-Borg"), inside("” said Zoë", "said"), QuoteKind.DIRECT, "LAB"),
        ),
        "lexicon:go-back.v",
        0.64,
    )


def shooting() -> EventMention:
    return EventMention(
        "ASSAULT",
        "firearms",
        (),
        at("fired"),
        at("The interior ministry denied that officers had fired on the crowd"),
        (Participant(POLICE, at("officers"), Origin(How.LOOKED_UP, "role nouns")),),
        (Participant(PROTESTERS, at("the crowd"), READ),),
        None,
        None,
        (),
        Status(StatusValue.DENIED, at("denied")),
        (OWN_VOICE, told_by("interior ministry", at("The interior ministry"), at("denied"), QuoteKind.INDIRECT, "GOV")),
        "lexicon:fire-on.v",
        0.77,
    )


def friday() -> EventMention:
    return EventMention(
        "PROTEST",
        "strike",
        (),
        at("الإضراب"),
        at("الإضراب سيستمر يوم الجمعة"),
        (),
        (),
        EventTime(date(2025, 5, 9), date(2025, 5, 9), Precision.DAY, Origin(How.INFERRED, "next Friday"), at("يوم الجمعة")),
        None,
        (),
        Status(StatusValue.PLANNED, at("سيستمر")),
        (OWN_VOICE, told_by("أحمد منصور", at("أحمد منصور"), at("وقال"), QuoteKind.INDIRECT)),
        "lexicon:strike.n.ar",
        0.58,
    )


def vote() -> EventMention:
    run = at("Parliament approved the harbour law by 40 votes to 25, with two abstentions; twelve of the 79 members were absent")

    def count(what: str, span: Span, figure: float) -> Count:
        return Count(what, span, figure, figure, Exactness.EXACT, "people", is_part=what != "seats")

    return EventMention(
        "VOTE",
        None,
        ("legislation",),
        at("approved"),
        run,
        (Participant(Actor("Parliament of Malta", "MLT", "LEG"), at("Parliament"), OFFICE),),
        (),
        None,
        EventPlace(MALTA, Origin(How.INFERRED, "seat of the parliament")),
        (
            count("votes for", at("40 votes"), 40),
            count("votes against", inside("to 25", "25"), 25),
            count("abstentions", at("two abstentions"), 2),
            count("absent", at("twelve"), 12),
            count("seats", at("the 79 members"), 79),
        ),
        Status(StatusValue.ASSERTED),
        (OWN_VOICE,),
        "lexicon:approve.v",
        0.97,
        (),
        (
            Check(
                "votes add up to the house",
                CheckResult.PASSED,
                "40 + 25 + 2 + 12 = 79 seats",
                (at("40 votes"), inside("to 25", "25"), at("two abstentions"), at("twelve"), at("the 79 members")),
            ),
            Check("part of its whole", CheckResult.FAILED, "80 > 79"),
        ),
    )


def general_strike() -> EventMention:
    return EventMention(
        "PROTEST",
        "strike",
        (),
        inside("a general strike", "strike"),
        at("If the talks fail, the opposition would call a general strike"),
        (Participant(Actor(NASTY, "MLT", "OPP"), at("the opposition"), READ),),
        (),
        None,
        None,
        (),
        Status(StatusValue.CONDITIONAL, at("would")),
        (OWN_VOICE,),
        "lexicon:strike.n.1",
        0.69,
    )


def offer() -> EventMention:
    return EventMention(
        "AGREE",
        None,
        (),
        at("offered"),
        at("Italy offered on Monday to mediate"),
        (Participant(Actor("Italy", "ITA", "GOV"), at("Italy"), Origin(How.LOOKED_UP, "countries")),),
        (),
        EventTime(MONDAY, MONDAY, Precision.DAY, Origin(How.INFERRED, "weekday before the publication date"), at("Monday")),
        None,
        (),
        Status(StatusValue.ASSERTED),
        (OWN_VOICE,),
        "lexicon:offer.v",
        0.8,
    )


def quotations() -> tuple[Quotation, ...]:
    return (
        Quotation(
            QuoteKind.DIRECT,
            (at("We will not go back until he resigns,"),),
            at("Zoë Cafe\u0301-Borg"),
            inside("” said Zoë", "said"),
            Actor("Zoë Cafe\u0301-Borg", "MLT", "LAB"),
        ),
        Quotation(
            QuoteKind.INDIRECT,
            (at("At least two people died"),),
            at("a doctor at 𝒮t Luke’s"),
            at("according to"),
            Actor("a doctor at 𝒮t Luke’s", "MLT", "MED"),
            Actor("Harbour Post", "MLT", "JRN"),
            at("the Harbour Post"),
        ),
    )


def coding() -> Coding:
    """The sample, coded; the first record is told again by the last."""
    events = (
        strike(),
        demand(),
        march(),
        arrests(),
        injuries(),
        deaths(),
        refusal(),
        shooting(),
        friday(),
        vote(),
        general_strike(),
        offer(),
    )
    again = EventMention(
        "PROTEST",
        "strike",
        (),
        at("strike"),
        at("Harbour workers in Valletta widen their strike"),
        (Participant(DOCKERS, at("Harbour workers"), READ),),
        (),
        EventTime(date(2025, 4, 28), date(2025, 5, 9), Precision.WEEK, NEWS_DAY),
        EventPlace(VALLETTA, Origin(How.LOOKED_UP, "gazetteer"), at("Valletta")),
        (),
        Status(StatusValue.ASSERTED),
        (OWN_VOICE,),
        "lexicon:strike.n.1",
        0.91,
    )
    claims = (claim(1, again), *(claim(n, event, "c0001" if n == 2 else None) for n, event in enumerate(events, 2)))
    problem = Problem("mentions", "unresolved place", f"no place is named {NASTY}", "samples/harbour.txt", at("the quay"))
    return Coding("samples/harbour.txt", document(), claims, quotations(), (problem,))


def unreadable() -> Coding:
    """A report of which nothing could be read."""
    problem = Problem("reading", "no text", "the page holds no article: give the text itself", "empty.html", is_fatal=True)
    return Coding("empty.html", None, problems=(problem,))
