"""Sentences and mentions -> EventMentions: triggers, parties, status, time, place, counts and tellers put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dateline.events.blame import blamed_for
from dateline.events.cast import Cast
from dateline.events.causes import find_causes
from dateline.events.checks.attach import check_events
from dateline.events.contexts import find_contexts
from dateline.events.counts import find_counts, find_tally
from dateline.events.harm import with_harmed
from dateline.events.implicit import Told, with_implied
from dateline.events.instruments import find_instruments, mode_by
from dateline.events.means import brings_about, doers_of, is_means, is_purpose, is_subject
from dateline.events.nearness import At
from dateline.events.opinions import weigh_events
from dateline.events.parties import find_parties
from dateline.events.responses import find_responses
from dateline.events.scene import Manner, Scene, day_of_sentence, find_occasion, find_time, is_carried, with_lead
from dateline.events.sizes import count_parties
from dateline.events.statements import Statement, find_statements
from dateline.events.status import find_status
from dateline.events.tellings import is_brought_about, is_told
from dateline.events.triggers import SPEAKER, Setting, Trigger, find_triggers, light_verbs, settings, slot_fillers
from dateline.events.whereabouts import Deed, Whereabouts, find_place, is_long_ago, place_of_sentence, sets_scene
from dateline.knowledge.cues import Cues
from dateline.knowledge.load import Knowledge
from dateline.records import (
    READ,
    Actor,
    BlockKind,
    Count,
    Document,
    EventMention,
    EventPlace,
    How,
    Mentions,
    Origin,
    Participant,
    Quotation,
    QuoteKind,
    Sentence,
    Span,
    Status,
    StatusValue,
    Teller,
    Token,
)


@dataclass(frozen=True)
class _Read:
    """A trigger with its status, before it is made into a record."""

    trigger: Trigger
    status: Status


def code_events(
    document: Document, sentences: Sequence[Sentence], mentions: Mentions, quotations: Sequence[Quotation], knowledge: Knowledge
) -> tuple[EventMention, ...]:
    """Every event the document tells, in text order. Nothing told: an empty tuple.

    Knowledge: lexicon/, cues/, ontology/. Times and places that a clause does not name are carried on from the paragraph and
    marked as inferred.
    """
    quotations = tuple(q for q in quotations if q.is_claimed)  # what somebody only wants or likes is on nobody's word
    occasion = find_occasion(sentences, mentions, quotations, knowledge.cues.occasions)
    where = Whereabouts.of(document, mentions, knowledge.gazetteer, knowledge.cues, occasion)
    cast = Cast.of(sentences, mentions, quotations, country=where.country)
    scene = Scene(occasion=occasion.time if occasion else None)
    events: list[EventMention] = []
    earlier: list[Told] = []
    told_from = _telling_blocks(document)
    for position, setting in enumerate(settings(sentences, mentions, quotations)):
        if setting.sentence.block not in told_from:
            continue
        following = sentences[position + 1 : position + 1 + knowledge.protests.cues.later]
        if setting.sentence.block != scene.block:
            scene = replace(scene, block=setting.sentence.block, time=None, place=None)
        before = frozenset((e.type, e.mode) for e in events)
        told = list(_code_sentence(document, setting, following, mentions, cast, scene, where, before, earlier, knowledge))
        scene = _carry(scene, setting.sentence, told, where, knowledge.cues, document, mentions)
        events += told
        earlier += [Told(setting.sentence, e) for e in told]
    in_order = weigh_events(
        document, sentences, sorted(events, key=lambda e: (e.trigger, e.type)), knowledge.weighing, knowledge.background
    )
    answered = find_responses(document, sentences, in_order, knowledge.protests)
    return check_events(document, sentences, mentions, quotations, answered, knowledge)


def _telling_blocks(document: Document) -> frozenset[int]:
    """The blocks that events are coded from: a headline repeats the body, and tells only where there is none."""
    has_body = any(b.kind is BlockKind.BODY for b in document.blocks)
    return frozenset(i for i, b in enumerate(document.blocks) if not (b.kind is BlockKind.TITLE and has_body))


def _code_sentence(
    document: Document,
    setting: Setting,
    following: Sequence[Sentence],
    mentions: Mentions,
    cast: Cast,
    scene: Scene,
    where: Whereabouts,
    before: frozenset[tuple[str, str | None]],
    told: Sequence[Told],
    knowledge: Knowledge,
) -> Iterator[EventMention]:
    """The sentence's events; `following` are the sentences after it, `told` what the document has told so far."""
    cues = knowledge.cues
    sentence = setting.sentence
    read = [
        _Read(t, find_status(sentence, t.token, cues, own=t.entry.status, carriers=frozenset(t.words)))
        for t in _led_up_to(find_triggers(setting, knowledge.lexicon, cues), before)
    ]
    statements = find_statements(sentence, cast, cues)
    kept = [r for r in read if not _is_absorbed(r, read, statements, cues)]
    statements = tuple(s for s in statements if not any(_says(r.trigger, s) for r in kept))
    cast = replace(cast, harms=frozenset(r.trigger.token.index for r in read if r.trigger.entry.type in cues.harming))
    own_quantities = [q for q in mentions.quantities if sentence.span.contains(q.span)]
    for r in kept:
        actors, recipients = find_parties(r.trigger, cast, cues)
        recipients = with_harmed(r.trigger, recipients, cast, cues)
        means = next((o.trigger for o in read if o is not r and is_means(o.trigger, r.trigger)), None)
        if means is not None and not actors:
            actors = find_parties(means, cast, cues)[0]
        if means is None:
            acts = (o.trigger for o in read if o is not r)
            means = next((a for a in acts if brings_about(a, r.trigger, cues) or is_subject(a, r.trigger)), None)
            if means is not None and not actors:
                actors = doers_of(means, recipients, cast, cues)
        if not actors and r.trigger.entry.type == "ASSAULT":
            actors = tuple(p for p in blamed_for(r.trigger, cast, knowledge.blame) if p.actor not in {q.actor for q in recipients})
        is_set_apart = bool(setting.places or setting.times) or len(_kinds_of_force(read)) > 1
        sides = (actors, recipients)
        actors, recipients = with_implied(r.trigger, sides, told, is_set_apart, knowledge.lexicon, cues)
        if r.trigger.sense.actor == SPEAKER and not actors:
            continue  # an evaluation in nobody's words: no act of speech
        speaker = actors[0].actor.name if actors else None
        counts = find_counts(r.trigger, own_quantities, cues)
        if r.trigger.entry.type == "VOTE":
            counts = find_tally(sentence, next(iter(following), None), mentions.quantities, cues) or counts
        counts = count_parties(counts, r.trigger, actors, recipients, own_quantities, cast, cues)
        causes = find_causes(r.trigger, actors, recipients, following, cast, cues, knowledge.protests)
        at = _place_in_text(r.trigger, read, cast, cues)
        time = find_time(
            at, mentions, scene, document, r.status.value, manner=_manner(r.trigger, cues), speaker=speaker, dating=cues.dating
        )
        deed = Deed(r.trigger.entry.type, (*actors, *recipients), actors, time)
        told_mode = r.trigger.entry.mode or (means.entry.mode if means else None)
        instruments = find_instruments(r.trigger, means, knowledge.weapons)
        event = EventMention(
            type=r.trigger.entry.type,
            mode=mode_by(instruments, told_mode, r.trigger.entry.type, knowledge.weapons),
            contexts=find_contexts(sentence, knowledge.ontology.contexts),
            trigger=r.trigger.span,
            evidence=_evidence(r.trigger, actors, recipients, counts, cast.quotation_at(r.trigger.span), cues),
            actors=actors,
            recipients=recipients,
            time=time,
            place=find_place(at, deed, where, scene),
            counts=counts,
            status=r.status,
            attribution=(*_tellers(document, cast.quotation_at(r.trigger.span)), *_own_teller(r.trigger, cast, cues)),
            rule=r.trigger.entry.id,
            confidence=_confidence(r, actors, recipients, knowledge),
            instruments=instruments,
            issues=causes.issues,
            demands=causes.demands,
        )
        if is_told(r.trigger, event, before, cues):
            yield event
    for s in statements:
        yield _from_statement(document, s, mentions, scene, where, knowledge)


def _kinds_of_force(read: Sequence[_Read]) -> set[str | None]:
    """The modes of force that a sentence's words tell of; a harm by itself is of the mode None."""
    return {r.trigger.entry.mode for r in read if r.trigger.entry.type == "ASSAULT"} | {None}


# ---------------------------------------------------------------- which triggers are records


def _led_up_to(triggers: Sequence[Trigger], before: frozenset[tuple[str, str | None]]) -> Iterator[Trigger]:
    """The triggers without those whose words tell of nothing by themselves, where the report has not told what they need.

    "She was pronounced dead" is an ASSAULT after a shooting, and none after a crash. It may be told in the same sentence.
    """
    told = {type_ for type_, _ in before} | {t.entry.type for t in triggers if t.entry.after is None}
    return (t for t in triggers if t.entry.after is None or t.entry.after in told)


def _is_absorbed(read: _Read, others: Sequence[_Read], statements: Sequence[Statement], cues: Cues) -> bool:
    """True for what another record already carries: the thing demanded or refused, or the same event named twice in a clause."""
    trigger, status = read.trigger, read.status
    is_open = status.value is not StatusValue.ASSERTED and trigger.entry.type not in cues.absorbing
    if is_open and any(s.clause.contains(trigger.span) for s in statements):
        return True
    for other in others:
        if other is read:
            continue
        if other.trigger.entry.type == trigger.entry.type and _is_same_clause(trigger, other.trigger):
            return True
        is_told_of = other.trigger.entry.type in cues.absorbing and status.value is not StatusValue.ASSERTED
        is_its_cue = status.cue is not None and status.cue == other.trigger.span
        if is_told_of and (is_its_cue or _hangs_from(trigger, other.trigger)) and not _is_denied_fact(other, status):
            return True
        if is_means(trigger, other.trigger) or is_purpose(trigger, other.trigger):
            return True
    return False


def _is_denied_fact(other: _Read, status: Status) -> bool:
    """ "denied that its troops attacked": the denial is one record, the attack, denied, another account of it."""
    return other.trigger.entry.type == "REJECT" and status.value is StatusValue.DENIED and status.cue == other.trigger.span


def _hangs_from(trigger: Trigger, above: Trigger) -> bool:
    """True if the trigger stands below the other in the tree, not in a relative clause or a report of its own."""
    sentence = trigger.sentence
    node = trigger.token
    for _ in range(6):
        if node.relation in {"acl:relcl", "parataxis", "advcl", "conj"} or node.head < 0:
            return False
        node = sentence.tokens[node.head]
        if node.index in above.words:
            return True
    return False


def _is_same_clause(trigger: Trigger, above: Trigger) -> bool:
    """True for a noun that only repeats its verb ("voted for sanctions", "staged a strike protest")."""
    node = trigger.token
    if node.relation == "conj" and node.head >= 0 and trigger.entry.id != above.entry.id:
        node = trigger.sentence.tokens[node.head]  # "fired rubber bullets and tear *gas*"
    return trigger.part == "noun" and node.head in above.words and node.relation.split(":")[0] in {"obj", "obl", "nmod", "compound"}


def _says(trigger: Trigger, statement: Statement) -> bool:
    """True if a record of the same sentence already stands for the statement: the verb of demanding itself."""
    if trigger.token.index == statement.token.index:
        return True
    cue = statement.quotation.cue
    return trigger.entry.type == statement.type and cue is not None and cue.overlaps(trigger.span)


# ---------------------------------------------------------------- the record's parts


def _place_in_text(trigger: Trigger, read: Sequence[_Read], cast: Cast, cues: Cues) -> At:
    """The word whose clause dates the event: for an act done by saying, the verb of saying that holds it."""
    sentence = trigger.sentence
    own = {trigger.token.index, *(t.token.index for t in _of_one_scene(trigger, read, cues))}
    others = frozenset(r.trigger.token.index for r in read) - own
    quotation = cast.quotation_at(trigger.span) if trigger.entry.type in cues.speech else None
    if quotation is None:
        return At(sentence, trigger.token, others)
    cue = sentence.head_of(quotation.cue) if quotation.cue and sentence.span.contains(quotation.cue) else None
    return At(sentence, cue or trigger.token, others - {cue.index if cue else -1}, quotation.content)


def _of_one_scene(trigger: Trigger, read: Sequence[_Read], cues: Cues) -> Iterator[Trigger]:
    """What happened where the trigger's event did: its means, and what brought the harm about.

    "A man was killed and five were hurt *when a bomb exploded*": the clause hangs from the last of the harms, and is of all.
    """
    triggers = [r.trigger for r in read if r.trigger is not trigger]
    yield from (t for t in triggers if is_means(t, trigger) or brings_about(t, trigger, cues))
    for harm in (t for t in triggers if t.token.relation == "conj" and t.token.head in trigger.words):
        acts = [act for act in triggers if brings_about(act, harm, cues)]
        yield from (harm, *acts) if acts else ()


def _manner(trigger: Trigger, cues: Cues) -> Manner:
    if trigger.part == "verb" and _is_lasting(trigger, cues):
        return Manner.STATE
    if trigger.entry.type in cues.speech:
        return Manner.SPEECH
    if trigger.part == "noun":
        verbs = trigger.sentence.fillers(trigger.token, "object_of", "subject_of", "of_clause")
        if not is_brought_about(trigger, cues):
            return Manner.REFERENCE
        return Manner.CURRENT if any(_is_current(trigger.sentence, v) for v in verbs) else Manner.NEWS
    if _is_current(trigger.sentence, trigger.token):
        return Manner.CURRENT
    return Manner.STATE if _is_present(trigger.sentence, trigger.token) else Manner.NEWS


def _is_lasting(trigger: Trigger, cues: Cues) -> bool:
    """True for what says how things stand: "a blogger serving two years", "who denies it", "he has since been charged"."""
    sentence, verb = trigger.sentence, trigger.token
    words = {c.text.lower() for c in sentence.children(verb)}
    if words & {"has", "have", "'s", "'ve"} and words & cues.dating.indefinite:
        return True
    if "being" in words and words & {"was", "were"}:
        return True
    if verb.xpos in {"VBD", "VBN"}:
        return False
    if verb.lemma.lower() in cues.dating.lasting and not words & {"is", "are", "was", "were", "will"}:
        return True
    return verb.relation == "acl:relcl" and verb.xpos in {"VBZ", "VBP"}


def _is_current(sentence: Sentence, verb: Token) -> bool:
    """True for a present perfect or present progressive: what it tells is new on the day it is told."""
    auxiliaries = [c for c in sentence.children(verb) if c.relation in {"aux", "aux:pass"}]
    perfect = any(a.text.lower() in {"has", "have", "'ve"} and not any(b.xpos == "MD" for b in auxiliaries) for a in auxiliaries)
    return perfect or (verb.xpos == "VBG" and any(a.text.lower() in {"is", "are", "am"} for a in auxiliaries))


def _is_present(sentence: Sentence, verb: Token) -> bool:
    """True for a simple present ("languish in jail", "are imprisoned"); a perfect or a progressive tells of news."""
    auxiliaries = [c for c in sentence.children(verb) if c.relation in {"aux", "aux:pass", "cop"}]
    if any(a.lemma.lower() == "have" or a.xpos in {"VBD", "MD"} for a in auxiliaries):
        return False
    if verb.xpos in {"VBZ", "VBP"}:
        return True
    return verb.xpos == "VBN" and any(a.relation == "aux:pass" and a.text.lower() in {"is", "are"} for a in auxiliaries)


def _evidence(
    trigger: Trigger,
    actors: Sequence[Participant],
    recipients: Sequence[Participant],
    counts: Sequence[Count],
    quotation: Quotation | None,
    cues: Cues,
) -> Span:
    """The shortest run that holds the trigger, its parties and its figures."""
    sentence = trigger.sentence
    span = trigger.span
    for index in trigger.words:
        span = span.join(sentence.tokens[index].span)
    for verb in light_verbs(sentence, trigger.token, cues) if trigger.part == "noun" else ():
        for token in (verb, *sentence.fillers(verb, "subj")):
            span = span.join(token.span)
    if trigger.entry.type in cues.absorbing:
        span = span.join(_what_is_said(trigger, span))
    quoted = next((c for c in quotation.content if c.contains(trigger.span)), None) if quotation is not None else None
    counted = {c.span for c in counts}
    for part in [*(p.span for p in (*actors, *recipients)), *counted]:
        if part is None or (quoted is not None and not quoted.contains(part)):
            continue  # who speaks stands outside the words that do it
        if sentence.span.contains(part) or part in counted:
            span = span.join(part)
    return span


_LONGEST_COMPLEMENT = 25
"""Words of what is demanded, refused, threatened or promised that the evidence takes along; a longer one is left to the reader."""


def _what_is_said(trigger: Trigger, span: Span) -> Span:
    """What a demand, refusal, threat or promise is of: a record without it says nothing."""
    sentence = trigger.sentence
    for slot in ("comp", "for", "to", "obj", "acl"):
        for filler in sentence.fillers(trigger.token, slot):
            tokens = [t for t in sentence.subtree(filler) if t.upos != "PUNCT"]
            if 0 < len(tokens) <= _LONGEST_COMPLEMENT:
                return span.join(Span(tokens[0].span.start, tokens[-1].span.end))
    return span


def _own_teller(trigger: Trigger, cast: Cast, cues: Cues) -> tuple[Teller, ...]:
    """Who gives the figure, for a word that only tells ("police put the crowd at 3,500"); any other word: an empty tuple."""
    tokens = (t for slot in trigger.entry.teller for t in slot_fillers(trigger, slot, cues))
    mention = next((m for t in tokens if (m := cast.mention_at(trigger.sentence, t)) is not None), None)
    return (Teller(mention.actor, mention.span, trigger.span, QuoteKind.INDIRECT),) if mention else ()


def _tellers(document: Document, quotation: Quotation | None) -> tuple[Teller, ...]:
    """The chain of tellers, the publisher first; the paper's own voice is the publisher alone."""
    chain = []
    if document.publisher:
        chain.append(Teller(Actor(document.publisher, None, "JRN"), None, None, QuoteKind.INDIRECT))
    if quotation is not None:
        if quotation.via is not None:
            chain.append(Teller(quotation.via, quotation.via_span, None, QuoteKind.INDIRECT))
        if quotation.speaker is not None:
            chain.append(Teller(quotation.speaker, quotation.source, quotation.cue, quotation.kind))
    return tuple(chain)


def _confidence(read: _Read, actors: Sequence[Participant], recipients: Sequence[Participant], knowledge: Knowledge) -> float:
    """The entry's weight, less for what is missing; a record that needs a recipient and has none is doubtful."""
    value = read.trigger.entry.weight
    if not actors and not recipients:
        value *= 0.75
    elif not actors or not recipients:
        value *= 0.92
    kind = knowledge.ontology.types.get(read.trigger.entry.type)
    if kind is not None and kind.requires_recipient and not recipients:
        value *= 0.85
    return round(value, 3)


def _from_statement(
    document: Document, statement: Statement, mentions: Mentions, scene: Scene, where: Whereabouts, knowledge: Knowledge
) -> EventMention:
    quotation = statement.quotation
    assert quotation.speaker is not None
    span = quotation.source
    speaker = Participant(quotation.speaker, span, READ if span else Origin(How.INFERRED, "speaker of the quotation"))
    cue = statement.sentence.head_of(quotation.cue) if quotation.cue else None
    anchor: Token = cue or statement.token
    at = At(statement.sentence, anchor, words_of_others=quotation.content)
    time = find_time(
        at,
        mentions,
        scene,
        document,
        StatusValue.ASSERTED,
        manner=Manner.SPEECH,
        speaker=quotation.speaker.name,
        dating=knowledge.cues.dating,
    )
    return EventMention(
        type=statement.type,
        mode=None,
        contexts=find_contexts(statement.sentence, knowledge.ontology.contexts),
        trigger=statement.token.span,
        evidence=statement.clause,
        actors=(speaker,),
        recipients=statement.addressee,
        time=time,
        place=find_place(at, Deed(statement.type, (speaker,), (speaker,), time), where, scene),
        counts=(),
        status=Status(StatusValue.ASSERTED),
        attribution=_tellers(document, quotation),
        rule=statement.rule,
        confidence=0.55,
    )


def _carry(
    scene: Scene,
    sentence: Sentence,
    told: Sequence[EventMention],
    where: Whereabouts,
    cues: Cues,
    document: Document,
    mentions: Mentions,
) -> Scene:
    """The scene after a sentence: the last time its words named, and the last place in the country that the report is about.

    A place abroad is an aside ("after the attack on New York"): the next sentence is at home again.
    """

    def is_at_home(place: EventPlace | None) -> bool:
        return where.country is None or place is None or place.place.country == where.country

    published = document.published.day if document.published else None
    named = [(e, e.time) for e in told if e.time is not None and e.time.span is not None and e.status.value is StatusValue.ASSERTED]
    days = [t for e, t in named if is_carried(t, sentence, e.trigger)]
    if not named and (day := day_of_sentence(sentence, mentions, published)) is not None:
        days, scene = [day], replace(scene, time=day)
    scene = with_lead(scene, days, published)
    for event in told:
        if event.time is not None and event.time.span is not None and event.status.value is StatusValue.ASSERTED:
            if event.type not in cues.speech:
                scene = replace(scene, time=event.time) if is_carried(event.time, sentence, event.trigger) else scene
            elif event.actors:
                scene = replace(scene, spoken=(*scene.spoken, (event.actors[0].actor.name, event.time)))
        if event.time is not None and is_long_ago(event.time, document) and not scene.is_past:
            scene = replace(scene, place=None)  # the story has left the day, and with it the place
        is_told_there = event.place is not None and sets_scene(event.place, sentence.head_of(event.trigger), cues)
        if is_told_there and event.type not in cues.speech and is_at_home(event.place):
            scene = replace(scene, place=event.place, is_past=is_long_ago(event.time, document))
    told_in = place_of_sentence(sentence, where, scene)
    if told_in is not None and is_at_home(told_in):
        scene = replace(scene, place=told_in, is_past=is_long_ago(scene.time, document))
    return scene
