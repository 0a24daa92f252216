"""Two words for one happening: the harm and the means it was done by, the act and what it was done to achieve."""

from __future__ import annotations

from dataclasses import replace

from dateline.events.cast import Cast
from dateline.events.parties import find_parties
from dateline.events.triggers import Trigger, is_passive
from dateline.knowledge.cues import Cues
from dateline.records import How, Origin, Participant, Sentence, Token

_MEANS = frozenset({"in", "during", "by", "with", "from", "through", "under", "amid"})


def is_means(trigger: Trigger, harm: Trigger) -> bool:
    """True for a noun that says how the harm was done, in its own clause ("killed in police firing", "hurt by stone-pelting").

    The harm's record takes its mode and, where it names none itself, its actor; the noun gives no record of its own.
    """
    if trigger.part != "noun" or trigger.entry.type != harm.entry.type or trigger.sentence.index != harm.sentence.index:
        return False
    sentence, noun = trigger.sentence, trigger.token
    if noun.head not in harm.words or noun.relation.split(":")[0] != "obl":
        return False
    return any(c.relation == "case" and c.text.lower() in _MEANS for c in sentence.children(noun))


def is_purpose(trigger: Trigger, act: Trigger) -> bool:
    """True for what an act of the same type was done for ("fired 20 rounds to disperse the crowd"): the act tells it."""
    verb = trigger.token
    if trigger.part != "verb" or trigger.entry.type != act.entry.type or verb.head not in act.words:
        return False
    return verb.relation in {"advcl", "xcomp"} and any(
        c.relation == "mark" and c.text.lower() == "to" for c in trigger.sentence.children(verb)
    )


_WHEN = frozenset({"when", "after", "as", "because"})


def brings_about(act: Trigger, harm: Trigger, cues: Cues) -> bool:
    """True for an act of force in another clause of the sentence that brought a harm about.

    The act's clause hangs from the harm's ("four were killed *when police opened fire*", "died after a guard shot at the
    crowd"); or the harm is told as its outcome ("police *fired*, killing two"); or it is told next, in the passive, and the
    act says by what means ("police opened fire and four were killed"). After a plain "attacked the base and ten were killed"
    the dead may be either side's.
    """
    if act.part != "verb" or harm.part != "verb" or act.entry.type != harm.entry.type:
        return False
    if act.sentence.index != harm.sentence.index or not cues.counts_of_harm & set(harm.entry.counts.values()):
        return False
    sentence = act.sentence
    if act.token.head in harm.words and act.token.relation.split(":")[0] == "advcl":
        return tells_when(sentence, act.token)
    if harm.token.head in act.words and harm.token.relation == "advcl" and harm.token.xpos == "VBG":
        return True
    is_next = harm.token.head in act.words and harm.token.relation == "conj"
    return is_next and act.entry.mode is not None and is_passive(sentence, harm.token)


def tells_when(sentence: Sentence, verb: Token) -> bool:
    """True for the verb of a clause that says upon what its governor happened: "*when* police opened fire", "*after* a blast"."""
    return any(c.text.lower() in _WHEN and c.relation in {"mark", "advmod"} for c in sentence.children(verb))


def is_subject(act: Trigger, harm: Trigger) -> bool:
    """True for a noun of the same type that is the subject of a verb of harm: "rebel *attacks* on the camp killed four"."""
    if act.part != "noun" or harm.part != "verb" or act.entry.type != harm.entry.type:
        return False
    return act.sentence.index == harm.sentence.index and act.token in harm.sentence.fillers(harm.token, "subj")


def doers_of(act: Trigger, harmed: tuple[Participant, ...], cast: Cast, cues: Cues) -> tuple[Participant, ...]:
    """Who did what brought a harm about, marked as inferred; named by a pronoun only, or the harmed themselves: an empty tuple."""
    if any(t.upos == "PRON" for t in act.sentence.fillers(act.token, "subj")):
        return ()  # "were killed when they stormed the base"
    suffered = {p.actor for p in harmed}
    return tuple(
        replace(p, origin=Origin(How.INFERRED, "who did what brought it about"))
        for p in find_parties(act, cast, cues)[0]
        if p.actor not in suffered
    )
