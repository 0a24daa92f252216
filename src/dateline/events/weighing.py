"""Why a word gave a record or none: each lexicon entry that has it, and the constraint it failed or what it lost to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline.events.triggers import (
    NO_DOER,
    Setting,
    Trigger,
    failing,
    find_candidates,
    find_triggers,
    is_part_of_name,
    settings,
    slot_fillers,
)
from dateline.knowledge.cues import Cues
from dateline.knowledge.lexicon import Lexicon
from dateline.knowledge.load import Knowledge
from dateline.records import EventMention, Mentions, Outcome, Quotation, Sentence, Span, Weighed


def weigh_entries(
    sentences: Sequence[Sentence],
    mentions: Mentions,
    quotations: Sequence[Quotation],
    events: Sequence[EventMention],
    knowledge: Knowledge,
) -> tuple[Weighed, ...]:
    """Every entry whose words stand in the sentences, word by word, left to right; no such words: an empty tuple.

    `events` are what was coded from the same sentences. A word may be weighed for several entries; at most one wins. A headline
    over a body is weighed like any other sentence, though it gives no record.
    """
    recorded = {(e.rule, e.trigger) for e in events}
    return tuple(
        weighed
        for setting in settings(sentences, mentions, [q for q in quotations if q.is_claimed])
        for weighed in _of_sentence(setting, recorded, knowledge.lexicon, knowledge.cues)
    )


def _of_sentence(setting: Setting, recorded: set[tuple[str, Span]], lexicon: Lexicon, cues: Cues) -> Iterator[Weighed]:
    winners = {(t.entry.id, t.token.index) for t in find_triggers(setting, lexicon, cues)}
    for token in setting.sentence.tokens:
        # An entry may have several phrases that stand there ("rush", "rush in"): the longest speaks for it.
        found = sorted(find_candidates(setting, token, lexicon), key=lambda t: len(t.words))
        for trigger in {t.entry.id: t for t in found}.values():
            failed = failing(trigger, setting, lexicon, cues)
            if is_part_of_name(setting, token):
                yield _weighed(trigger, Outcome.PART_OF_NAME)
            elif failed is not None:
                slot, wanted = failed
                outcome = Outcome.FORBIDDEN if failed in trigger.sense.never or wanted == NO_DOER else Outcome.LACKING
                there = tuple(t.text for t in slot_fillers(trigger, slot, cues)) if slot != "near" else ()
                yield _weighed(trigger, outcome, slot, tuple(sorted(wanted)), there)
            elif (trigger.entry.id, token.index) not in winners:
                yield _weighed(trigger, Outcome.OUTDONE)
            else:
                is_record = (trigger.entry.id, trigger.span) in recorded
                yield _weighed(trigger, Outcome.RECORD if is_record else Outcome.CARRIED)


def _weighed(
    trigger: Trigger, outcome: Outcome, slot: str | None = None, wanted: tuple[str, ...] = (), found: tuple[str, ...] = ()
) -> Weighed:
    words = " ".join(trigger.sentence.tokens[i].text for i in sorted(trigger.words))
    return Weighed(trigger.span, words, trigger.entry.id, outcome, slot, wanted, found)
