"""Telling background from news by structure: tense, clause, and how long ago it was.

"Police, who had banned the march, arrested ten": the arrests are the news. Knowledge: cues/background.yaml.
"""

from __future__ import annotations

from dateline.events.signs import Told, above
from dateline.knowledge.weighing import Background, BackgroundRule
from dateline.records import How, Origin, Sentence, Span, StatusValue, Telling, TellingValue, Token

_HAPPENED = frozenset({StatusValue.ASSERTED, StatusValue.ALLEGED, StatusValue.DENIED})
LONG_AGO = "long before the report"


def find_telling(told: Told, background: Background) -> Telling:
    """BACKGROUND by the first rule that fits, with its cue, or because it was over long before; otherwise NEWS.

    What is planned or conditional lies ahead and is never background.
    """
    if told.event.status.value not in _HAPPENED:
        return Telling()
    if _is_long_ago(told, background.days):
        time = told.event.time
        return Telling(TellingValue.BACKGROUND, time.span if time else None, Origin(How.INFERRED, LONG_AGO))
    for rule in background.rules:
        fits, cue = _fit(rule, told)
        if fits:
            return Telling(TellingValue.BACKGROUND, cue, Origin(How.INFERRED, rule.says))
    return Telling()


def _is_long_ago(told: Told, days: int) -> bool:
    time, published = told.event.time, told.document.published
    if time is None or time.span is None or time.last is None or published is None:
        return False
    return (published.day - time.last).days > days


def _fit(rule: BackgroundRule, told: Told) -> tuple[bool, Span | None]:
    """Whether the rule fits, and the word that shows it."""
    sentence, token = told.sentence, told.token
    if rule.relations and token.relation not in rule.relations:
        return False, None
    if rule.tags and token.xpos not in rule.tags:
        return False, None
    cue: Span | None = None
    if rule.auxiliaries:
        on_it = (c for c in sentence.children(token) if c.relation.startswith("aux"))
        auxiliary = next((c for c in on_it if c.text.lower() in rule.auxiliaries), None)
        if auxiliary is None:
            return False, None
        cue = auxiliary.span
    if rule.openers:
        opener = _opener(sentence, token, rule.openers)
        if opener is None:
            return False, None
        cue = opener.span
    if rule.is_below_record:
        record = _record_above(told)
        if record is None or token.upos != "NOUN":
            return False, None
        cue = record
    return True, cue


def _opener(sentence: Sentence, token: Token, words: frozenset[str]) -> Token | None:
    """The word that opens the clause or phrase of the token, or one that holds it; none of these words: None."""
    for index in (token.index, *above(sentence, token)):
        node = sentence.tokens[index]
        before = (c for c in sentence.children(node) if c.relation in {"case", "mark"} and c.index < token.index)
        found = next((c for c in before if c.lemma.lower() in words), None)
        if found is not None:
            return found
    return None


def _record_above(told: Told) -> Span | None:
    """The trigger of another record of the sentence that the word hangs from; none: None."""
    up = set(above(told.sentence, told.token))
    for other in told.beside:
        head = told.sentence.token_at(other.trigger.start)
        if head is not None and head.index in up:
            return other.trigger
    return None
