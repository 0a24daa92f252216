"""Every frozen record that crosses a door between two rooms; this file is also the data dictionary.

All offsets are code points of `Document.text`, half-open. A value that was not found is None or an empty tuple: a field
with no evidence does not exist. Every value that is not read straight off the page says how it arose in an `Origin`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from dateline.values import About as About
from dateline.values import Intensity as Intensity
from dateline.values import JudgementKind as JudgementKind
from dateline.values import StatusValue as StatusValue

RECORD_VERSION = 1
"""Version of the written form of these records; every file we write carries it."""


# ---------------------------------------------------------------- spans and origins


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of `Document.text`: [start, end) in code points. Never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The words of the span."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def join(self, other: Span) -> Span:
        """The shortest span that holds both."""
        return Span(min(self.start, other.start), max(self.end, other.end))

    def shift(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)


class How(StrEnum):
    """Where a value came from."""

    READ = "read"
    INFERRED = "inferred"
    LOOKED_UP = "looked up"
    GIVEN = "given"


@dataclass(frozen=True)
class Origin:
    """How a value arose: read off its span, inferred (by which rule), looked up (in which table), or given by the user."""

    how: How
    by: str = ""


READ = Origin(How.READ)


# ---------------------------------------------------------------- report and document


@dataclass(frozen=True)
class Report:
    """What was fetched: the bytes as they came, and what whoever handed them in said about them.

    `name` is what messages call it (a path, an address, "standard input", "reports.jsonl:12"). `media_type` is None
    when nobody said; the reader then looks at the bytes. `listed` is the day that a feed gives for it, which counts only when the
    report itself has none.
    """

    name: str
    raw: bytes
    media_type: str | None = None
    address: str | None = None
    fetched: datetime | None = None
    publisher: str | None = None
    published: date | None = None
    title: str | None = None
    byline: str | None = None
    listed: date | None = None


class BlockKind(StrEnum):
    """What a paragraph is. Events are coded from TITLE, BODY and CAPTION only; the rest is kept, marked and skipped."""

    TITLE = "title"
    BODY = "body"
    CAPTION = "caption"
    CROSSHEAD = "crosshead"  # a heading inside the article: repeats the text below it
    LINK = "link"  # "READ MORE: …", related stories
    CREDIT = "credit"  # "Source: …", agency credits, bylines
    DATELINE = "dateline"  # "MINSK, Aug 18 (Agency) -" standing alone
    FURNITURE = "furniture"  # share buttons, "This story is from …", appeals, copyright
    REPEAT = "repeat"  # a caption or paragraph that stands word for word before


@dataclass(frozen=True)
class Block:
    """One paragraph of a document. Blocks are in order and never overlap; text between them is white space."""

    span: Span
    kind: BlockKind = BlockKind.BODY


@dataclass(frozen=True)
class Run:
    """`length` code points of the text from `start` stand in the report's bytes [byte_start, byte_end)."""

    start: int
    length: int
    byte_start: int
    byte_end: int


@dataclass(frozen=True)
class OffsetMap:
    """From code points of the text back to the report's bytes: runs in order of `start`, not overlapping.

    A code point that no run covers was put there by us (a line break between paragraphs) or could not be found again.
    Inside a run of as many bytes as code points each is one byte; otherwise the run is a unit.
    """

    runs: tuple[Run, ...] = ()

    def to_bytes(self, span: Span) -> tuple[int, int] | None:
        """The smallest byte range that holds every mapped code point of the span; none mapped: None."""
        low: int | None = None
        high: int | None = None
        for run in self.runs:
            if run.start >= span.end:
                break
            if run.start + run.length <= span.start:
                continue
            first, last = max(span.start, run.start), min(span.end, run.start + run.length)
            if run.byte_end - run.byte_start == run.length:
                a, b = run.byte_start + first - run.start, run.byte_start + last - run.start
            else:
                a, b = run.byte_start, run.byte_end
            low = a if low is None else min(low, a)
            high = b if high is None else max(high, b)
        return None if low is None or high is None else (low, high)


@dataclass(frozen=True)
class PublicationDate:
    """The day a report was published. `span` is where the text says so, if it does."""

    day: date
    origin: Origin
    span: Span | None = None


class CreditFor(StrEnum):
    """What of a document an agency is credited with."""

    TEXT = "text"  # "MINSK (AP) —", "By Ana Petrov, Reuters", "(AFP)" below the last paragraph, "Source: agencies"
    PART = "part"  # "Associated Press writer Ana Petrov contributed", "With inputs from PTI"
    PICTURE = "picture"  # the credit of a caption


@dataclass(frozen=True)
class Credit:
    """A news agency that a document credits. `agency` is its name in the table, or "agencies" where only that is said.

    `span` None: the byline that was given with the report says so.
    """

    agency: str
    span: Span | None
    of: CreditFor


class NoteKind(StrEnum):
    """What editors say of a report itself."""

    CORRECTION = "correction"
    CLARIFICATION = "clarification"
    RETRACTION = "retraction"  # the report, or what it said, is taken back
    UPDATE = "update"  # more is known; what was said before was not wrong
    REFILE = "refile"  # sent again, the telling unchanged: a headline, a format


@dataclass(frozen=True)
class EditorsNote:
    """What a document says that it changes of what was printed before.

    `span` is the note, `cue` the words that it is known by ("Corrects", "An earlier version of this article"). `matter` is what
    is said to be changed ("number of dead in paragraph 3"), `earlier` what stood there before, `now` what stands there instead;
    each None where the note does not tell.
    """

    kind: NoteKind
    span: Span
    cue: Span
    matter: Span | None = None
    earlier: Span | None = None
    now: Span | None = None


@dataclass(frozen=True)
class Document:
    """A report's normalised text with what is known about it.

    `id` is a hash of the report's address (or given publisher) and bytes, so the same report has the same id everywhere.
    `published` is None when no rule found a day: times relative to it then stay unresolved and say so.
    """

    id: str
    name: str
    raw_sha256: str
    text: str
    blocks: tuple[Block, ...]
    offsets: OffsetMap
    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    publisher_origin: Origin | None = None
    published: PublicationDate | None = None
    address: str | None = None
    agencies: tuple[str, ...] = ()
    """News agencies the text credits ("AFP", "Source: TRTWorld and agencies")."""
    encoding: str = "utf-8"
    credits: tuple[Credit, ...] = ()
    """Where the text credits each agency, in text order; none in documents of earlier versions."""
    notes: tuple[EditorsNote, ...] = ()
    """Corrections, retractions and such that the text says of itself, in text order; none in documents of earlier versions."""

    def block_at(self, offset: int) -> Block | None:
        """The block that holds a code point; white space between blocks: None."""
        return next((b for b in self.blocks if b.span.start <= offset < b.span.end), None)


# ---------------------------------------------------------------- language


class EntityKind(StrEnum):
    """Named-entity classes of the worldwide newswire set."""

    PERSON = "Person"
    ORGANIZATION = "Organization"
    LOCATION = "Location"
    FACILITY = "Facility"
    NORP = "NORP"
    DATE = "Date"
    MONEY = "Money"
    PRODUCT = "Product"
    MISC = "Misc"


@dataclass(frozen=True)
class Entity:
    """A named span, inside one sentence. `confidence` is the mean probability of its tags; the document may have overruled it.

    `chances` are the kinds of name it may be by its own sentence, likeliest first, adding up to 1 but for those under a hundredth;
    empty where nothing weighed them.
    """

    span: Span
    kind: EntityKind
    confidence: float = 1.0
    chances: tuple[tuple[EntityKind, float], ...] = ()


@dataclass(frozen=True)
class Token:
    """One syntactic word (UD). `head` is its head's index in the sentence, -1 for the root. `relation` is UD's, with subtypes."""

    index: int
    span: Span
    text: str
    lemma: str
    upos: str
    xpos: str
    head: int
    relation: str
    features: str = ""
    """UD's FEATS ("Number=Sing|Person=3"); empty when the word has none."""


class Link(StrEnum):
    """How a filler came to its slot: said there, or put in place by the grammar."""

    DIRECT = "direct"
    PASSIVE = "passive"  # the subject of a passive, the agent behind "by"
    SHARED = "shared"  # from the verb this one is coordinated with
    RELATIVE = "relative"  # the head of a relative or participial clause
    CONTROL = "control"  # "forced them to leave", "marched to demand"
    CONJUNCT = "conjunct"  # further members of a list
    ARGUMENT = "argument"  # no path in the tree: the learnt arguments of the predicate


@dataclass(frozen=True)
class Filler:
    """What fills a logical slot of a word: the token's index, and by which path. The slots are listed in language/structure.py."""

    slot: str
    token: int
    link: Link = Link.DIRECT


@dataclass(frozen=True)
class Role:
    """One argument of a predicate, labelled as PropBank does ("ARG0", "ARGM-TMP", "R-ARG1").

    `token` is its head word; `first` and `last` are the numbers of its outermost words, both inside.
    """

    label: str
    token: int
    first: int
    last: int


class FactualityKind(StrEnum):
    """What a cue does to the events in its scope."""

    NEGATION = "negation"
    MODALITY = "modality"
    PLAN = "plan"
    CONDITION = "condition"
    ALLEGATION = "allegation"


@dataclass(frozen=True)
class FactualityCue:
    """A word that keeps the predicate it belongs to from being plainly said to have happened."""

    kind: FactualityKind
    token: int


@dataclass(frozen=True)
class Predicate:
    """A verb, event noun or predicative adjective with its arguments, left to right, and the cues it is in the scope of.

    `roleset` is PropBank's sense ("strike.01"); None when the lemma has none in the training data.
    """

    token: int
    roleset: str | None
    roles: tuple[Role, ...]
    cues: tuple[FactualityCue, ...] = ()


@dataclass(frozen=True)
class Reported:
    """Words of others within one sentence, as the model reads them: who, by which cue, and what, in the pieces it is cut into.

    A sentence in the middle of a long quotation has contents alone; "he said." has none.
    """

    source: Span | None
    cue: Span | None
    contents: tuple[Span, ...]


@dataclass(frozen=True)
class Sentence:
    """One sentence, read. `index` counts from 0 in the document; `block` is the number of its block in `Document.blocks`.

    `frames` has, for each token, what fills its logical slots (passives turned round, shared and controlled subjects in
    place); empty where no structure was read. `event_types` are the ontology's types the sentence as a whole speaks of,
    with their probability, likeliest first.
    """

    index: int
    block: int
    span: Span
    tokens: tuple[Token, ...]
    entities: tuple[Entity, ...]
    frames: tuple[tuple[Filler, ...], ...] = ()
    predicates: tuple[Predicate, ...] = ()
    reported: tuple[Reported, ...] = ()
    event_types: tuple[tuple[str, float], ...] = ()

    def fillers(self, token: Token, *slots: str) -> tuple[Token, ...]:
        """What fills any of the slots of the token, slots in the order asked, then left to right. Nothing: an empty tuple."""
        frame = self.frames[token.index] if self.frames else ()
        return tuple(self.tokens[f.token] for slot in slots for f in frame if f.slot == slot)

    def root(self) -> Token:
        return next((t for t in self.tokens if t.head < 0), self.tokens[0])

    def children(self, token: Token) -> tuple[Token, ...]:
        """The tokens whose head this is, left to right."""
        return tuple(t for t in self.tokens if t.head == token.index)

    def subtree(self, token: Token) -> tuple[Token, ...]:
        """The token and all below it, left to right."""
        below = {token.index}
        while True:
            more = {t.index for t in self.tokens if t.head in below} - below
            if not more:
                return tuple(t for t in self.tokens if t.index in below)
            below |= more

    def token_at(self, offset: int) -> Token | None:
        """The token that holds a code point; between tokens: None."""
        return next((t for t in self.tokens if t.span.start <= offset < t.span.end), None)

    def tokens_in(self, span: Span) -> tuple[Token, ...]:
        return tuple(t for t in self.tokens if t.span.overlaps(span))

    def head_of(self, span: Span) -> Token | None:
        """The token of the span whose head lies outside it: the phrase's head. No token in the span: None."""
        inside = self.tokens_in(span)
        indices = {t.index for t in inside}
        return next((t for t in inside if t.head not in indices), None)


# ---------------------------------------------------------------- mentions


class Precision(StrEnum):
    """How fine a time is."""

    MINUTE = "minute"
    PART_OF_DAY = "part of day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    VAGUE = "vague"


class TimeKind(StrEnum):
    """What a time expression does; the first two place an event, the others do not by themselves."""

    POINT = "point"  # a day, a month, "last week"
    RANGE = "range"  # "in the first four days", "since the Aug. 9 election"
    DURATION = "duration"  # "for three hours"
    DAY_COUNT = "day count"  # "the 10th straight day": bounds of the run of days
    SET = "set"  # "every Sunday"


@dataclass(frozen=True)
class TimeMention:
    """A time expression and the days it stands for, both inclusive.

    `first`/`last` None: that side is open, or it could not be resolved and `problem` says why. `value` is a TIMEX3 value
    where one exists. `is_open_start`/`is_open_end`: "until Monday", "since Monday".
    `anchor` names what it was resolved against: "publication date", "itself" (a full date), "caption", "previous time".
    """

    span: Span
    kind: TimeKind
    first: date | None
    last: date | None
    precision: Precision
    origin: Origin
    anchor: str
    value: str | None = None
    is_open_start: bool = False
    is_open_end: bool = False
    problem: str | None = None


class Exactness(StrEnum):
    """What the words say about a figure."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at least"
    MORE_THAN = "more than"
    AT_MOST = "at most"
    LESS_THAN = "less than"
    ALMOST = "almost"
    RANGE = "range"
    VAGUE = "vague"


class Tallied(StrEnum):
    """Whether a figure is a running total ("at least 40 have died so far"), a new count, or the text does not say."""

    UNSAID = "unsaid"
    RUNNING_TOTAL = "running total"
    NEW = "new"


class Direction(StrEnum):
    """Which way a figure moved."""

    UP = "up"
    DOWN = "down"


class ChangePart(StrEnum):
    """What a figure is in a movement: "rose by 5 percent", "up from 3", "to 8"."""

    AMOUNT = "amount"
    FROM = "from"
    TO = "to"


@dataclass(frozen=True)
class Change:
    """A movement that a figure tells of. `cue` is the word for it ("rose", "down", "drop"), or the figure's own sign ("+3%").

    Figures of one movement share its cue.
    """

    direction: Direction
    part: ChangePart
    cue: Span


@dataclass(frozen=True)
class Quantity:
    """A figure with inclusive bounds; `high` None is open. The bounds table is knowledge/quantities/.

    `span` covers hedge, figure and counted noun ("almost 7,000 people"); `figure` the hedge and figure alone; `noun` the
    counted noun, None if it is left out ("injured hundreds"). `unit`: people, percent, share, days, USD, rounds, …
    `part_of`: the span of the whole it is a part of ("12 of the 40"). `is_ordinal`: "the 10th straight day".
    `change`: what the figure is in a rise or fall; None: it tells of none.
    A tally ("120-0") is two quantities with spans inside it.
    """

    span: Span
    figure: Span
    noun: Span | None
    low: float | None
    high: float | None
    exactness: Exactness
    unit: str
    part_of: Span | None = None
    tallied: Tallied = Tallied.UNSAID
    is_ordinal: bool = False
    change: Change | None = None


class PlaceKind(StrEnum):
    """How fine a place is; a COUNTRY is never shown as a point."""

    FACILITY = "facility"
    CITY = "city"
    ADMIN2 = "admin2"
    ADMIN1 = "admin1"
    COUNTRY = "country"
    REGION = "region"  # larger than a country, or a sea


@dataclass(frozen=True)
class Place:
    """A place in the world. `country` is ISO-3166 alpha-3. `point` is (latitude, longitude), None for countries and regions.

    `geonames` None: the place has no entry (a facility) and stands inside `within`, the name of the nearest known place.
    """

    name: str
    kind: PlaceKind
    country: str | None
    geonames: int | None = None
    admin1: str | None = None
    point: tuple[float, float] | None = None
    within: str | None = None


@dataclass(frozen=True)
class PlaceCandidate:
    """A place that a toponym might have stood for. `score` is the sum of its `parts`, each (what speaks for it, by how much)."""

    place: Place
    score: float
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class PlaceMention:
    """A toponym and the place it was resolved to; `place` None: no candidate, and `origin.by` says why."""

    span: Span
    name: str
    place: Place | None
    origin: Origin
    is_adjective: bool = False
    """True for demonyms and adjectives ("Lithuanian"): they give an actor's country, never an event's place."""
    candidates: tuple[PlaceCandidate, ...] = ()
    """The best few places of that name, the chosen one first; nothing weighed: none."""


@dataclass(frozen=True)
class Actor:
    """Who: a canonical name with the side it stands for.

    `country`: ISO-3166 alpha-3, or EUR UNO IGO NGO MNC …; None when unknown. `sector`: PLOVER's; None when unknown.
    `id` is the row of the actor table, None for actors only this document names. `role`: what the text or the table says
    the actor was on that day ("President of Belarus").
    """

    name: str
    country: str | None
    sector: str | None
    id: str | None = None
    role: str | None = None
    is_group: bool = False


@dataclass(frozen=True)
class ActorMention:
    """A phrase that stands for an actor. `head` is the span of its head word; `sentence` its sentence's index.

    Phrases that stand for one actor in the document share `chain`; `actor` is the same for all of a chain (its fullest
    name). `origins` says for "name", "country", "sector" and "role" how each arose.
    """

    span: Span
    head: Span
    sentence: int
    actor: Actor
    chain: int
    origins: tuple[tuple[str, Origin], ...] = ()


class QuoteKind(StrEnum):
    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


class AttributionType(StrEnum):
    """What the source does with the content, after the Penn Discourse TreeBank (Prasad et al. 2007), and `attitude` beside them.

    Only assertions and beliefs put a claim on somebody's word.
    """

    ASSERTION = "assertion"  # says, writes, shows that something is so
    BELIEF = "belief"  # thinks, expects, fears it
    FACT = "fact"  # knows, remembers, sees it: the paper takes it as given
    EVENTUALITY = "eventuality"  # wants, plans, refuses, promises to do it
    ATTITUDE = "attitude"  # praises, opposes, speaks about a thing: no clause that could be true or false


@dataclass(frozen=True)
class Quotation:
    """Words of another, or what is reported of them without words. `source` None: not said here.

    `content` has several spans where a cue stands in the middle or sentences of the paper's own stand between, in text order;
    `speaker` is who speaks, resolved; `via` the teller between the speaker and the paper ("according to Belta").
    """

    kind: QuoteKind
    content: tuple[Span, ...]
    source: Span | None
    cue: Span | None
    speaker: Actor | None
    via: Actor | None = None
    via_span: Span | None = None
    type: AttributionType = AttributionType.ASSERTION

    @property
    def is_claimed(self) -> bool:
        """True if the source vouches for the content, as far as it goes: an assertion or a belief."""
        return self.type in {AttributionType.ASSERTION, AttributionType.BELIEF}

    @property
    def is_quoted(self) -> bool:
        """True for words in marks and for what is claimed: what a reader would call a quotation; no plans or likings."""
        return self.is_claimed or self.kind is not QuoteKind.INDIRECT


@dataclass(frozen=True)
class Mentions:
    """All that the document names, each in text order."""

    times: tuple[TimeMention, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    actors: tuple[ActorMention, ...] = ()


# ---------------------------------------------------------------- event mentions and claims


@dataclass(frozen=True)
class Participant:
    """An actor in a role of an event. `span` None: the text leaves it implicit and `origin` names the rule."""

    actor: Actor
    span: Span | None
    origin: Origin


@dataclass(frozen=True)
class EventTime:
    """When it happened. `span` None: no words say so; `origin` then names the assumption."""

    first: date | None
    last: date | None
    precision: Precision
    origin: Origin
    span: Span | None = None


@dataclass(frozen=True)
class ConsideredPlace:
    """Words of the event's sentence that were weighed as its place. `distance` is the sum of its `parts`: the nearest wins.

    `distance` None: out of the question, and the first part says why.
    """

    span: Span
    name: str
    distance: float | None
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class EventPlace:
    """Where it happened. `span` None: inferred, by the rule that `origin` names.

    `considered` are the words that were weighed, nearest first; `candidates` the places that the chosen words may stand for, the
    chosen one first. Both are short and may be empty: claims of earlier versions have neither.
    """

    place: Place
    origin: Origin
    span: Span | None = None
    considered: tuple[ConsideredPlace, ...] = ()
    candidates: tuple[PlaceCandidate, ...] = ()


class PartyRole(StrEnum):
    """In which role a party stands in an event; OTHER is one that is counted in it and has neither role."""

    ACTOR = "actor"
    RECIPIENT = "recipient"
    OTHER = "other"


@dataclass(frozen=True)
class CountedParty:
    """Whom a count counts. `index` is the place, from 0, among the event's `actors` or `recipients`.

    `index` None: all of the role together, or nobody of it is named. `actor` and `span` name a party of no role ("led by 30
    *masked men*", "among them a *child*"); None for the others, who are named in their role.
    """

    role: PartyRole
    index: int | None = None
    actor: Actor | None = None
    span: Span | None = None


@dataclass(frozen=True)
class Count:
    """A quantity in an event: what is counted (participants, killed, detained, votes for, …) and its bounds.

    `is_part`: counts a part of another count of the same event, so the two must not be added. `party`: whose figure it is; None
    where it counts no people, where the text does not tell, and in claims of earlier versions.
    """

    what: str
    span: Span
    low: float | None
    high: float | None
    exactness: Exactness
    unit: str
    tallied: Tallied = Tallied.UNSAID
    is_part: bool = False
    origin: Origin = READ
    party: CountedParty | None = None


class Stance(StrEnum):
    """Which way those who protest lean on an issue."""

    FOR = "for"
    AGAINST = "against"


@dataclass(frozen=True)
class Issue:
    """What a protest or a demand is about: the words, and the class they fall in (ontology/issues.yaml); None: in none of them.

    `cue` is the word that ties them to the event ("over", "against", "anti-"); None where the words stand by themselves.
    `stance` None: the words do not lean ("a protest over the budget").
    """

    issue: str | None
    span: Span
    cue: Span | None
    stance: Stance | None = None
    origin: Origin = READ


@dataclass(frozen=True)
class Demand:
    """What is called for: the words, their class (ontology/demands.yaml; None: in none of them), and who is to do it.

    `cue` is the word of demanding ("demanding", "to call for"). `addressee` None: the text does not say who should.
    """

    demand: str | None
    span: Span
    cue: Span | None
    addressee: Participant | None = None
    origin: Origin = READ


@dataclass(frozen=True)
class Deed:
    """Something told in the report that a protest was met with.

    `kind` is a row of ontology/responses.yaml ("arrest", "dispersal", "accommodation", …). `trigger` is the word that tells of it:
    that of the record `claim`, or of no record of its own ("police *watched*"), and then `claim` is None. `joined` lists what
    ties it to the protest ("same day", "same place", "done to the protesters"), strongest first.
    """

    kind: str
    trigger: Span
    joined: tuple[str, ...]
    claim: str | None = None


@dataclass(frozen=True)
class Response:
    """What a protest was met with. `intensity` is that of the strongest deed; None: only talks, concessions and such are told."""

    intensity: Intensity | None
    deeds: tuple[Deed, ...]


@dataclass(frozen=True)
class Instrument:
    """What the force of an event was used with. `name` is its words, `kind` one of the kinds of knowledge/weapons.yaml."""

    name: str
    kind: str
    span: Span
    origin: Origin = READ


@dataclass(frozen=True)
class Status:
    """`cue` is the word that moved it from ASSERTED ("will", "not", "allegedly"); None where no word did."""

    value: StatusValue
    cue: Span | None = None
    origin: Origin = READ


class TellingValue(StrEnum):
    """What an event is to the report that tells it."""

    NEWS = "news"
    BACKGROUND = "background"


@dataclass(frozen=True)
class Telling:
    """Whether the report tells the event as its news or as what lies behind it: history, or what others react to.

    `cue` is the word that shows it ("had", "since", "who"), None where none does; `origin` names the rule. `news` is the learned
    probability that it is news, None where nothing was learned.
    """

    value: TellingValue = TellingValue.NEWS
    cue: Span | None = None
    origin: Origin = READ
    news: float | None = None


@dataclass(frozen=True)
class Teller:
    """One link of the chain of tellers, the publisher's voice first. `manner` is how the words are given."""

    actor: Actor
    span: Span | None
    cue: Span | None
    manner: QuoteKind


class CheckResult(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class Check:
    """Arithmetic over a record: `name` of the check, its result, and the sum written out ("120 + 0 + 2 + 19 = 141 seats").

    `spans` are the words it rests on, in the order of the arithmetic; they may stand anywhere in the document.
    """

    name: str
    result: CheckResult
    arithmetic: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class EventMention:
    """One telling of one happening.

    `evidence` is the shortest run that carries type, parties and counts; `trigger` lies inside it. `rule` is the lexicon
    entry that gave the type. `confidence` is the probability that a careful coder would accept the record and its type;
    `field_confidence` that of a single field, given the record. `confidence_parts` are what the confidence was added up from, in
    log-odds, the largest first; without learned weights it is empty. Confidence never stands in for `status`. `instruments` are
    what force was used with.

    `issues` and `demands` belong to protests, requests and the like; `response` to protests that happened, and None there says that
    the report tells of nothing they were met with. Claims of earlier versions have none of the three.
    """

    type: str
    mode: str | None
    contexts: tuple[str, ...]
    trigger: Span
    evidence: Span
    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    time: EventTime | None
    place: EventPlace | None
    counts: tuple[Count, ...]
    status: Status
    attribution: tuple[Teller, ...]
    rule: str
    confidence: float
    field_confidence: tuple[tuple[str, float], ...] = ()
    checks: tuple[Check, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    issues: tuple[Issue, ...] = ()
    demands: tuple[Demand, ...] = ()
    response: Response | None = None
    telling: Telling = Telling()
    confidence_parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Coder:
    """What coded a claim: the versions of program, model and knowledge."""

    program: str
    model: str
    knowledge: str


@dataclass(frozen=True)
class Claim:
    """An event mention as entered in the ledger. `same_as` is the id of the document's first telling of the same happening.

    `id` is a hash of document id, type, trigger and evidence counted in the original bytes, so that better cleaning does not
    rename history.
    """

    id: str
    document: str
    event: EventMention
    coder: Coder
    same_as: str | None = None


@dataclass(frozen=True)
class Problem:
    """The world's mess, kept. `stage`: fetching, reading, language, mentions, events, keeping. `reason` is a short stable code.

    `message` names what was wrong, where, and what to do. `is_fatal`: nothing of the report could be coded.
    """

    stage: Literal["fetching", "reading", "language", "mentions", "events", "keeping"]
    reason: str
    message: str
    report: str
    span: Span | None = None
    is_fatal: bool = False


@dataclass(frozen=True)
class Coding:
    """All that one report gave: its document (None if it could not be read), claims in text order, quotations, problems.

    `relevance` is the probability that the report is about politics, conflict or protest at all; None where it was not weighed.
    """

    report: str
    document: Document | None
    claims: tuple[Claim, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    problems: tuple[Problem, ...] = ()
    relevance: float | None = None


# ---------------------------------------------------------------- linked events, and what watch rules say of them


@dataclass(frozen=True)
class LinkedEvent:
    """A linked event with all that is known of it at a moment: what it says, the claims that say so, and what it is part of.

    `tellings` are in the order of `accounts.claims`. `authors` says for each witness who wrote its text: the agency that its prints
    credit, if that is among them, or else who printed it first. `plan` is one that the event tells of, or whose outcome it is;
    None: nothing of it was announced. `episode` None: it stands alone. `corrections` are what people put right, which the accounts
    have in place of what was read.
    """

    accounts: EventAccounts
    tellings: tuple[Testimony, ...]
    authors: tuple[tuple[str, str], ...] = ()
    plan: PlanOutcome | None = None
    episode: Episode | None = None
    corrections: tuple[Judgement, ...] = ()

    @property
    def id(self) -> str:
        return self.accounts.id


@dataclass(frozen=True)
class Source:
    """A document that tells of an exported event, as far as files for others have it.

    `published` None: nobody knows. `fetched` None: nobody said when; `known_at` is when the ledger was told. `text` is what the
    spans of the event's claims count in: None unless whole texts were asked for, since they are their publishers'.
    """

    id: str
    name: str
    raw_sha256: str
    title: str | None
    byline: str | None
    publisher: str | None
    published: date | None
    address: str | None
    agencies: tuple[str, ...]
    fetched: datetime | None
    known_at: datetime
    text: str | None = None


@dataclass(frozen=True)
class EventInFull:
    """An event as the lossless export has it: all tellings and accounts, the documents they stand in, and what people judged.

    `headline` is the event in a line. `marks` are what a reader must know before using it ("differ", "revised", "corrected",
    "plan", "episode", "places"), `review` what people did with it ("accepted", "corrected", "regrouped"; none: the machine alone).
    `address` None: it was not said where the ledger is served. Sources stand in the order of their first telling, judgements in
    the order of the log.
    """

    id: str
    headline: str
    marks: tuple[str, ...]
    review: tuple[str, ...]
    address: str | None
    event: LinkedEvent
    sources: tuple[Source, ...]
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True)
class Alert:
    """What a watch rule found true of a group of events on a day, as far as was known at a moment; appended and never edited.

    `group` is (key, value) in the order of the rule's keys: (("country", "BLR"),). `day` None: the events have none. `said` is for
    people; `numbers` is what was true, by name, and what a later alert is compared on. `events` and `claims` are the ids it rests
    on. `replaces` is the alert on the same matter that this one brings up to date; `holds` False: it is no longer true.
    """

    id: str
    rule: str
    title: str
    group: tuple[tuple[str, str], ...]
    day: date | None
    said: str
    numbers: tuple[tuple[str, float | str | None], ...]
    events: tuple[str, ...]
    claims: tuple[str, ...]
    known_at: datetime
    replaces: str | None = None
    holds: bool = True


class Outcome(StrEnum):
    """What became of a lexicon entry whose words stand in a sentence."""

    RECORD = "record"
    CARRIED = "carried"  # by another record, or it only refers to what is told elsewhere
    OUTDONE = "outdone"  # by an entry of more words or more constraints
    LACKING = "lacking"  # a slot that it needs
    FORBIDDEN = "forbidden"  # a slot is filled that must not be
    PART_OF_NAME = "part of a name"


@dataclass(frozen=True)
class Weighed:
    """An entry (`rule`) that was weighed for a word, and what came of it.

    `slot`, what the entry `wanted` in it or must not have there, and the words `found` in it are of LACKING and FORBIDDEN alone;
    the slot "near" is the whole sentence and lists no words.
    """

    trigger: Span
    words: str
    rule: str
    outcome: Outcome
    slot: str | None = None
    wanted: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


# ---------------------------------------------------------------- judgements


@dataclass(frozen=True)
class Judge:
    """Who judges: a person's name or pseudonym, or a program with its version. The name of one who was forgotten is a stand-in."""

    name: str
    is_machine: bool = False


@dataclass(frozen=True)
class Judgement:
    """What we conclude about claims: by whom, when, and why. Appended and never edited.

    `id` is the number of its entry in the log and its place there ("12.1"); empty until it is entered. `sides` are the claims it is
    about: of MERGED, those of each event at that time; of SPLIT, those that leave, then those that stay; of NOT_SAME, those of
    either event; of SUPERSEDED, the outdated ones, then those that took their place; of all others one side. The first claim of
    an event's side is its id.

    CORRECTED puts `value` into `field` ("day", "counts.killed"); `before` has for each claim what was read there. UNDONE and
    FORGOTTEN list what they revoke, or whom they forget, in `revokes`. `facts` are what a run of the linker states of itself; of
    SECONDED what was answered: "answer" (accepted, rejected, merged, split) and the fields that were put right. Of CORRECTED,
    "span" ("120-131") is where the words stand that the value rests on. "row" is the hash of the row of an edited table that a
    judgement was read from (runs/table_decisions.py). Of SUPERSEDED, "document" is the later version of the page. Of SAME_ACTOR and
    NOT_SAME_ACTOR, which have no sides, "name" is each of the names; that which is shown for all of them is the first.
    """

    id: str
    kind: JudgementKind
    by: Judge
    at: datetime
    sides: tuple[tuple[str, ...], ...] = ()
    reason: str = ""
    about: About = About.CLAIM
    field: str | None = None
    value: str | None = None
    before: tuple[tuple[str, str], ...] = ()
    revokes: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims of all sides, each once, in order."""
        return tuple(dict.fromkeys(claim for side in self.sides for claim in side))


# ---------------------------------------------------------------- what a linked event says


@dataclass(frozen=True)
class Testimony:
    """A claim judged to tell of an event, with what is known about its telling.

    `witness` names the independent text it comes from: claims of one witness are one telling, however many papers printed it.
    `trigger` and `evidence` are the claim's words. `published` None: nobody knows; the day of `known_at` (UTC) then stands in.
    `superseded_by` is the document or claim that corrects or replaces it; `is_retracted`: its publisher took it back. Both stay.
    """

    claim: Claim
    trigger: str
    evidence: str
    publisher: str | None
    published: date | None
    known_at: datetime
    witness: str
    superseded_by: str | None = None
    is_retracted: bool = False

    @property
    def told(self) -> date:
        """The day it was told, as far as anybody knows."""
        return self.published or self.known_at.date()

    @property
    def is_current(self) -> bool:
        return self.superseded_by is None and not self.is_retracted


@dataclass(frozen=True)
class Kind:
    """What an event is called: its type and mode."""

    type: str
    mode: str | None


@dataclass(frozen=True)
class Days:
    """When, both inclusive; None is open. `is_assumed`: no words say so."""

    first: date | None
    last: date | None
    is_assumed: bool = False


@dataclass(frozen=True)
class Bounds:
    """How many, both inclusive; `high` None is open."""

    low: float
    high: float | None


Told = Kind | Days | Bounds | Place | Actor | StatusValue
"""A value of a field, as an account has it."""


class Verdict(StrEnum):
    """What the accounts of one field come to, those left out that are superseded, retracted or revised."""

    ALONE = "one witness"  # one value, and one independent text that gives it
    AGREEMENT = "agreement"  # one value, by two witnesses or more
    RANGE = "range"  # values that can all be true: bounds that meet, "Minsk" and "Belarus"
    DISPUTE = "dispute"  # values that cannot; both stand


class Standing(StrEnum):
    """Whether an account still counts. What no longer does is shown with the rest."""

    CURRENT = "current"
    REVISED = "revised"  # by a later figure
    SUPERSEDED = "superseded"  # by a correction or a later version of its text
    RETRACTED = "retracted"


@dataclass(frozen=True)
class Account:
    """One value of a field, and who stands behind it.

    `in_words` writes the value; equal values have equal words. `claims`, `witnesses` and `tellers` are each in the order of
    telling; a teller is on whose word it is: the nearest source that the text names, or else the publisher. `first_told` and
    `last_told` are days of publication, `first_known` and `last_known` when the ledger was told.
    """

    value: Told
    in_words: str
    claims: tuple[str, ...]
    witnesses: tuple[str, ...]
    tellers: tuple[str, ...]
    first_told: date
    last_told: date
    first_known: datetime
    last_known: datetime
    standing: Standing = Standing.CURRENT


@dataclass(frozen=True)
class FieldAccounts:
    """All that is told of one field of an event, most witnesses first; nothing is left out.

    `field`: kind, days, place, actors, recipients, status. `arithmetic` says how the verdict came about. `best` is the place in
    `accounts` of the value to show where only one can be shown, by the rule `best_rule`; None: nothing still stands. `silent` are
    the claims that say nothing of it.
    """

    field: str
    accounts: tuple[Account, ...]
    verdict: Verdict
    arithmetic: str
    best: int | None
    best_rule: str
    silent: tuple[str, ...] = ()


class RevisionKind(StrEnum):
    """What a later telling did to a figure."""

    RAISED = "raised"
    LOWERED = "lowered"
    NARROWED = "narrowed"
    WIDENED = "widened"
    MOVED = "moved"  # one of the injured died
    CORRECTED = "corrected"  # by a correction or a later version of the same text
    RETRACTED = "retracted"


@dataclass(frozen=True)
class Revision:
    """A change of a figure from one telling to a later one. `after` None: it was taken back and nothing stands in its place."""

    what: str
    side: str | None
    kind: RevisionKind
    before: Bounds
    after: Bounds | None
    told: date
    known_at: datetime
    by: str
    earlier: str
    later: str
    reason: str


class Basis(StrEnum):
    """What a tally rests on."""

    TOLD = "told"  # a figure in the text
    NAMED = "named"  # people told of one by one
    SUM = "sum"  # the figures of parties counted apart


@dataclass(frozen=True)
class Tally:
    """How many, for one kind of figure of an event and one side of it.

    `what`: killed, injured, detained, participants, … `side` is whom it counts: state, armed, society, …; None is all together.
    The bounds hold what all current accounts allow when they can all be true, and reach from the lowest to the highest when they
    cannot; `high` None is open. `steps` are the sums, written out, each with the claims it rests on. `best` is one figure by the
    rule `best_rule`; None: the rule gives none.
    """

    what: str
    side: str | None
    low: float
    high: float | None
    best: float | None
    best_rule: str
    basis: Basis
    verdict: Verdict
    steps: tuple[tuple[str, tuple[str, ...]], ...]
    accounts: tuple[Account, ...]
    revisions: tuple[Revision, ...] = ()


@dataclass(frozen=True)
class EventAccounts:
    """What a linked event says. `id` is the id of its first claim; `claims` and `witnesses` in the order of telling."""

    id: str
    claims: tuple[str, ...]
    witnesses: tuple[str, ...]
    fields: tuple[FieldAccounts, ...]
    tallies: tuple[Tally, ...]
    first_told: date
    last_told: date

    def field(self, name: str) -> FieldAccounts | None:
        """The accounts of a field; nothing is told of it: None."""
        return next((f for f in self.fields if f.field == name), None)

    def tally(self, what: str, side: str | None = None) -> Tally | None:
        """The tally of a kind of figure, by default of all sides together; no figure is told: None."""
        return next((t for t in self.tallies if t.what == what and t.side == side), None)


@dataclass(frozen=True)
class GroupTally:
    """How many over several events: an episode, a month, a country.

    `events` have a figure, `without` have none and may hide any number: they are counted and shown, and nothing is assumed of them.
    `parts` are the bounds event by event, in the order of `events`; `rule` says how they were put together.
    """

    what: str
    low: float
    high: float | None
    best: float | None
    rule: str
    events: tuple[str, ...]
    without: tuple[str, ...]
    parts: tuple[Bounds, ...]


class Fulfilment(StrEnum):
    """What became of a plan, as far as was told by a day."""

    HAPPENED = "happened"
    DID_NOT_HAPPEN = "did not happen"
    CALLED_OFF = "called off"  # told before it was due
    NOT_YET = "not yet due"
    NOT_REPORTED = "due and not reported"
    NO_DAY = "no day was told"


@dataclass(frozen=True)
class PlanOutcome:
    """A planned happening and what became of it by `as_of`.

    `event` holds the plan's `claims`; `outcome_event` is the event that tells what became of it (the same one, or another), and
    `outcome_claims` are those in it that do. `reasons` say what ties the two, or why nothing does.
    """

    event: str
    claims: tuple[str, ...]
    due: Days | None
    fulfilment: Fulfilment
    as_of: date
    outcome_event: str | None
    outcome_claims: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class EpisodeDay:
    """One day of an episode: the events that happened on it; none: only a day count or a longer stretch tells of it."""

    day: date
    events: tuple[str, ...]


@dataclass(frozen=True)
class Episode:
    """Events of one kind that follow one another: a wave of strikes, the days of a protest.

    `id` is that of its first event. `first_day` may lie before the first event that was reported: `first_day_told_by` are the
    claims that say so ("the 10th straight day"). `ties` are what holds it together, with how many of its events share each.
    """

    id: str
    kind: Kind
    events: tuple[str, ...]
    first_day: date
    last_day: date
    first_day_told_by: tuple[str, ...]
    ties: tuple[tuple[str, int], ...]
    timeline: tuple[EpisodeDay, ...]
    tallies: tuple[GroupTally, ...]
