"""Values of records that a command line offers as choices.

They stand apart from the records, which take a tenth of a second to load: `dateline --help` should not wait for them.
"""

from __future__ import annotations

from enum import StrEnum


class Intensity(StrEnum):
    """How a protest was met by those in power, drawn where ACLED draws the lines between its sub-events of protest."""

    NO_INTERVENTION = "no intervention"
    INTERVENTION = "intervention"
    EXCESSIVE_FORCE = "excessive force"


class StatusValue(StrEnum):
    """Whether the text says it happened."""

    ASSERTED = "asserted"
    PLANNED = "planned"
    CONDITIONAL = "conditional"
    DENIED = "denied"
    ALLEGED = "alleged"


class JudgementKind(StrEnum):
    """What a judgement says of the claims it is about; `Judgement.sides` has what each kind lists there."""

    ACCEPTED = "accepted"  # the reading is right
    REJECTED = "rejected"  # the reading is wrong: the report does not say so
    CORRECTED = "corrected"  # a field has another value than was read
    MERGED = "merged"  # they tell of one happening
    SPLIT = "split"  # some claims of an event tell of another happening
    NOT_SAME = "not the same"  # they tell of different happenings and are never to be joined
    RETRACTED = "retracted"  # the report is right about what it said, and it was taken back
    SUPERSEDED = "superseded"  # a correction took their place
    LINKED = "linked"  # a run of the linker
    UNDONE = "undone"  # earlier judgements no longer hold
    FORGOTTEN = "forgotten"  # the name of somebody who judged was removed
    SAME_ACTOR = "same actor"  # several names are of one actor: of names, and no claims
    NOT_SAME_ACTOR = "not the same actor"  # names that are of different actors
    SECONDED = "seconded"  # another person's answer to what somebody decided, given without seeing theirs; it decides nothing


class About(StrEnum):
    """Whether a judgement is about single claims or about the event they make up: a claim's id names either."""

    CLAIM = "claim"
    EVENT = "event"
