"""Two words for one happening: the harm and the means it was done by, the act and what it was done to achieve."""

from __future__ import annotations

from dateline.events.triggers import Trigger

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
