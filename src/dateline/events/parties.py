"""Which mention fills which role of a trigger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dateline.events.cast import Cast
from dateline.events.sides import BY_ADJECTIVE, both_before, is_each_other, leader_of, nations_of, state_behind, state_named
from dateline.events.triggers import SPEAKER, Trigger, has_acting_speaker, light_verbs, slot_fillers, stands_for_more
from dateline.knowledge.cues import Cues
from dateline.records import (
    READ,
    Actor,
    ActorMention,
    EntityKind,
    How,
    Origin,
    Participant,
    PlaceKind,
    Sentence,
    Span,
    Token,
)

GOVERNS_THERE = Origin(How.INFERRED, "whoever governs where it is done")


CLAIMS_IT = Origin(How.INFERRED, "who claims responsibility")


def find_parties(trigger: Trigger, cast: Cast, cues: Cues) -> tuple[tuple[Participant, ...], tuple[Participant, ...]]:
    """(actors, recipients) of a trigger, each in text order; a role that nobody fills: an empty tuple."""
    harms = trigger.entry.type in cues.harming
    recipients = _fill(trigger, trigger.sense.recipient, cast, cues, allow_things=harms, behind=trigger.entry.type in cues.behind)
    recipients = recipients or tuple(_suffering_before(trigger, cast, cues))
    if not recipients and trigger.part == "verb" and trigger.sense.actor != SPEAKER:
        asked = tuple(s for s in cues.met.get(trigger.entry.type, ()) if s not in trigger.sense.actor)
        recipients = _fill(trigger, asked, cast, cues, allow_things=False)
    if not recipients or _are_own_forces(trigger, recipients, cast, cues):
        recipients = tuple(_through_object(trigger, cast, cues)) or tuple(_where_done(trigger, cast, cues))
    recipients = recipients or tuple(_engaged(trigger, cast, cues))
    recipients = recipients or tuple(_hung_too_deep(trigger, trigger.sense.recipient, ("by",), cast, cues))
    if not recipients and trigger.part == "verb" and trigger.entry.type in cues.forceful:
        recipients = tuple(_aimed_at(trigger, cast))
    if not recipients and trigger.entry.type == "THREATEN":
        recipients = tuple(_on_condition(trigger, cast))
    if trigger.entry.type in cues.gained_for:
        recipients = tuple(r for r in recipients if not _only_gains(trigger.sentence, r, cues))
    taken = {p.span for p in recipients}
    actors = _fill(trigger, trigger.sense.actor, cast, cues, allow_things=False, without=taken if trigger.part == "noun" else set())
    actors = actors or tuple(_hung_too_deep(trigger, trigger.sense.actor, ("of", "on"), cast, cues))
    actors = actors or tuple(_doer_beyond(trigger, taken, cast, cues))
    if any(is_each_other(trigger.sentence, t) for slot in _MUTUAL for t in slot_fillers(trigger, slot, cues)):
        return actors, tuple(replace(a, origin=EACH_OTHER) for a in actors)
    if harms and _is_done_to_oneself(trigger, cues):
        return actors, actors  # whoever does it suffers it, whomever the pronoun was resolved to
    doers = {a.actor for a in actors}
    return actors, tuple(r for r in recipients if r.actor not in doers)  # nobody does it to himself: a wrong chain or slot


def _is_done_to_oneself(trigger: Trigger, cues: Cues) -> bool:
    """ "The gunman shot *himself*"; who "blew himself up" did it to others: the entry does not ask for the object."""
    if trigger.part != "verb" or "obj" not in trigger.sense.recipient:
        return False
    objects = slot_fillers(trigger, "obj", cues)
    return any(t.upos == "PRON" and t.text.lower().endswith(("self", "selves")) for t in objects)


def _only_gains(sentence: Sentence, party: Participant, cues: Cues) -> bool:
    """True for those for whom something is asked, not of whom: "the release of *two poets*", "*their* release"."""
    head = sentence.head_of(party.span) if party.span is not None and sentence.span.contains(party.span) else None
    if head is None or head.head < 0 or head.relation.split(":")[0] not in {"nmod", "conj"}:
        return False
    above = sentence.tokens[head.head]
    if head.relation == "conj" and above.head >= 0:  # "the release of the poets and *their lawyer*"
        above = sentence.tokens[above.head]
    return above.lemma.lower() in cues.gaining


def _hung_too_deep(
    trigger: Trigger, slots: Sequence[str], carriers: Sequence[str], cast: Cast, cues: Cues
) -> Iterator[Participant]:
    """What a parser hung from another complement of the noun: "attacks by rebels *on traders*", "arrest of two *by marines*"."""
    sentence = trigger.sentence
    if trigger.part != "noun":
        return
    for carrier in (t for slot in carriers for t in sentence.fillers(trigger.token, slot)):
        for slot in (s for s in slots if s in _COMPLEMENTS and s not in carriers):
            found = [
                p
                for token in sentence.fillers(carrier, slot)
                for p in _participants(trigger, token, cast, cues, slot=slot, allow_things=False)
            ]
            if found:
                yield from found
                return


_COMPLEMENTS = frozenset({"by", "on", "against"})


def _engaged(trigger: Trigger, cast: Cast, cues: Cues) -> Iterator[Participant]:
    """Whom the verb that holds a noun after a preposition has as its object: "engaged *the patrol* in a firefight"; none: empty."""
    sentence = trigger.sentence
    for verb in light_verbs(sentence, trigger.token, cues) if trigger.part == "noun" else ():
        if verb in sentence.fillers(trigger.token, "of_clause") and sentence.fillers(verb, "subj"):
            for token in sentence.fillers(verb, "obj"):
                yield from _participants(trigger, token, cast, cues, slot="obj", allow_things=False)


def _claims_it(trigger: Trigger, cast: Cast, cues: Cues) -> Iterator[Participant]:
    """Who claims responsibility for what a noun names, marked as claimed; nobody: an empty iterator."""
    sentence = trigger.sentence
    holder = sentence.tokens[trigger.token.head] if trigger.token.head >= 0 else None
    if holder is not None and holder.lemma.lower() in {"claim", "admit", "accept", "take"}:
        claims = [holder] if any(t.lemma.lower() in _CLAIMED for t in sentence.fillers(holder, "obj")) else []
    else:
        is_claim = holder is not None and holder.lemma.lower() in _CLAIMED
        claims = list(sentence.fillers(holder, "object_of")) if holder is not None and is_claim else []
    for claimant in (t for verb in claims for t in sentence.fillers(verb, "subj")):
        for participant in _participants(trigger, claimant, cast, cues, slot="subj", allow_things=False):
            yield replace(participant, origin=CLAIMS_IT)


_CLAIMED = frozenset({"responsibility", "credit"})


def _on_condition(trigger: Trigger, cast: Cast) -> Iterator[Participant]:
    """Whom a threat's condition says must act: "threatened to strike unless *the ministry* paid"; nobody: an empty iterator."""
    sentence = trigger.sentence
    below = [trigger.token, *sentence.fillers(trigger.token, "comp")]
    for clause in (c for verb in below for c in sentence.children(verb) if c.relation == "advcl"):
        if not any(c.text.lower() in _CONDITION for c in sentence.children(clause) if c.relation == "mark"):
            continue
        for subject in sentence.fillers(clause, "subj"):
            mention = cast.mention_at(sentence, subject) if subject.upos != "PRON" else None
            if mention is not None:
                yield Participant(mention.actor, mention.span, Origin(How.INFERRED, "whom the condition names"))


def _doer_beyond(trigger: Trigger, taken: set[Span | None], cast: Cast, cues: Cues) -> Iterator[Participant]:
    """Who does what an entry's own slots give nobody for; nobody: an empty iterator.

    Of a passive, the agent that a further passive beside it has; of a verb in the active, its subject, where the entry asks for
    the agent of the passive alone ("guerrillas wounded two in a bomb attack"); of a verb behind a noun for what is made known,
    whoever makes it known ("*The union* issued a statement demanding …"); of a noun, its possessor where it says "of" whom
    ("*Iran's* detention of two sailors"), who is said to lead it ("a *US*-led war") or the nation before it ("*Palestinian*
    riots").
    """
    sentence, token = trigger.sentence, trigger.token
    if trigger.sense.actor == SPEAKER:
        return
    found: list[Participant] = list(_claims_it(trigger, cast, cues)) if trigger.part == "noun" else []
    if found:
        yield from found
    elif trigger.part == "noun":
        for owner in sentence.fillers(token, "poss") if sentence.fillers(token, "of") else ():
            found += _participants(trigger, owner, cast, cues, slot="poss", allow_things=False)
        leader = leader_of(sentence, token, cast, cues) if not found else None
        found += [leader] if leader is not None else []
        for adjective in sentence.fillers(token, "amod") if not found else ():
            mention = cast.mention_at(sentence, adjective)
            nation = state_named(sentence, adjective, cast, BY_ADJECTIVE) if mention is None else None
            found += [nation] if nation is not None else []
            found += [Participant(mention.actor, mention.span, READ)] if mention is not None else []
    elif trigger.sense.actor == ("by",):
        for subject in sentence.fillers(token, "subj"):
            found += _participants(trigger, subject, cast, cues, slot="subj", allow_things=False)
    elif any(c.relation == "aux:pass" for c in sentence.children(token)) and not sentence.fillers(token, "subj"):
        # one agent for two: "two were killed and a guard wounded *by rebels*"
        for other in (c for c in sentence.children(token) if c.relation == "conj" and c.xpos in {"VBN", "VBD"}):
            for agent in (t for t in sentence.fillers(other, "by") if t in sentence.fillers(other, "subj")):
                found += _participants(trigger, agent, cast, cues, slot="subj", allow_things=False)
    elif token.relation.startswith("acl") and token.head >= 0:
        noun = sentence.tokens[token.head]
        if noun.lemma.lower() in cues.parties.declarations:
            for issuer in (t for verb in sentence.fillers(noun, "object_of") for t in sentence.fillers(verb, "subj")):
                found += _participants(trigger, issuer, cast, cues, slot="subj", allow_things=False)
            maker = _maker(sentence, noun, cast) if not found else None
            found += [Participant(maker.actor, maker.span, READ)] if maker is not None else []
    yield from (p for p in found if p.span not in taken and p.origin != CLAIMS_IT)


_CONDITION = frozenset({"unless", "if", "until"})
_MUTUAL = ("obj", "with", "against", "at", "on", "to", "of")
EACH_OTHER = Origin(How.INFERRED, "each other")


def _suffering_before(trigger: Trigger, cast: Cast, cues: Cues) -> Iterator[Participant]:
    """Whom a noun of force names before it: "a *school* shooting", "*prisoner* abuse"; none: an empty iterator."""
    for token in trigger.sentence.fillers(trigger.token, "compound") if trigger.part == "noun" else ():
        if _suffers(trigger, token, cues):
            yield from _participants(trigger, token, cast, cues, slot="of", allow_things=True)


def _suffers(trigger: Trigger, token: Token, cues: Cues) -> bool:
    """True for a noun before a noun of force that says whom it befell. Knowledge: `premises`, `sufferers` of cues/parties.yaml."""
    if trigger.part != "noun" or trigger.entry.type not in cues.harming:
        return False
    stands_before = token.head == trigger.token.index and token.relation in {"compound", "amod"}
    return stands_before and token.lemma.lower() in cues.parties.premises | cues.parties.sufferers


def _through_object(trigger: Trigger, cast: Cast, cues: Cues) -> Iterator[Participant]:
    """The parties inside the thing that is imposed, condemned, refused or welcomed, or of the clause that is promised or demanded.

    The nearest ones: "threatened to break relations *with Oslo*", "rejected an *Australian* ultimatum", "refused to answer a
    demand *from Quito*". Knowledge: `through`, `inward` of cues/types.yaml. None: an empty iterator.
    """
    inner = cues.through.get(trigger.entry.type, ())
    speakers = {m.actor for t in slot_fillers(trigger, "subj", cues) if (m := cast.mention_at(trigger.sentence, t)) is not None}
    inward = cues.inward.get(trigger.entry.type, cues.inward["*"])
    for slot in (s for s in inner if s not in _NOT_ADDRESSED and s not in trigger.sense.actor):  # "would not give arms *to Chad*"
        found = [
            p
            for filler in slot_fillers(trigger, slot, cues)
            if filler.upos != "NUM"
            for p in _participants(trigger, filler, cast, cues, slot="to", allow_things=False)
            if p.actor not in speakers
        ]
        if found:
            yield from found
            return
    things = tuple(t for slot in inward for t in slot_fillers(trigger, slot, cues))
    if trigger.entry.type == "PROTEST":
        things += tuple(_demands(trigger, cues))
    seen = {trigger.token.index}
    for depth in range(_DEPTH if trigger.entry.type in cues.through_clauses else 1):
        for thing in things:
            for slot in inner:
                found = list(_inside_thing(trigger, thing, slot, depth, speakers, cast, cues))
                if found:
                    yield from found
                    return
        seen |= {t.index for t in things}
        things = tuple(f for t in things for slot in inward for f in trigger.sentence.fillers(t, slot) if f.index not in seen)


def _inside_thing(
    trigger: Trigger, thing: Token, slot: str, depth: int, speakers: set[Actor], cast: Cast, cues: Cues
) -> Iterator[Participant]:
    """The parties in one slot of what is promised or refused, without those who speak and the soldiers they send."""
    sides = {s.country for s in speakers}
    if slot == "of" and ((depth and trigger.entry.type != "PROTEST") or thing.index in cast.harms):
        return
    for filler in trigger.sentence.fillers(thing, slot):
        if filler.upos == "NUM" or (filler.upos == "PRON" and slot == "poss" and depth):
            continue
        if slot == "of" and cast.mention_at(trigger.sentence, filler) is None:
            continue
        owned = slot in _ON_WHAT  # "restrictions on *German* goods"
        for p in _participants(trigger, filler, cast, cues, slot=slot, allow_things=False, behind=owned):
            if p.actor not in speakers and not (_is_sent(p, cues, trigger) and p.actor.country in sides):
                yield p


def _demands(trigger: Trigger, cues: Cues) -> Iterator[Token]:
    """The verbs that say what a protest is for: "marched *calling* for …", "staged a sit-in *to denounce* …"."""
    sentence = trigger.sentence
    for verb in (trigger.token, *light_verbs(sentence, trigger.token, cues)):
        for child in sentence.children(verb):
            if child.relation in {"advcl", "acl", "xcomp"} and child.xpos in {"VB", "VBG"}:
                yield child


def _is_sent(participant: Participant, cues: Cues, trigger: Trigger) -> bool:
    return trigger.entry.type in cues.sending and participant.actor.sector == "MIL"


def _are_own_forces(trigger: Trigger, recipients: Sequence[Participant], cast: Cast, cues: Cues) -> bool:
    """Whether all that was found are the actor's own soldiers: "offered its troops to …", "will withdraw its troops from …"."""
    actors = _fill(trigger, trigger.sense.actor, cast, cues, allow_things=False) if trigger.part == "verb" else ()
    sides = {a.actor.country for a in actors}
    things = [t.span for t in slot_fillers(trigger, "obj", cues)]
    return all(
        _is_sent(r, cues, trigger) and r.actor.country in sides and any(r.span and r.span.overlaps(t) for t in things)
        for r in recipients
    )


def _where_done(trigger: Trigger, cast: Cast, cues: Cues) -> Iterator[Participant]:
    """The country or town in which what is promised, threatened, eased or refused is to be done: "lifted a curfew *in Oran*"."""
    if trigger.entry.type not in cues.on_the_spot:
        return
    sentence = trigger.sentence
    own = {a.actor.country for a in _fill(trigger, trigger.sense.actor, cast, cues, allow_things=False)}
    things: tuple[Token, ...] = (trigger.token,)
    for _ in range(_DEPTH + 1):
        for thing in things:
            for filler in sentence.fillers(thing, "in", "from"):
                for found in cast.adjectives.get(sentence.index, ()):
                    if found.place and found.place.country and not found.is_adjective and found.span.overlaps(filler.span):
                        if found.place.kind is PlaceKind.COUNTRY and found.place.country in own:
                            continue
                        actor = Actor(found.place.name, found.place.country, "GOV")
                        yield Participant(actor, found.span, GOVERNS_THERE)
                        return
        things = tuple(f for t in things for slot in ("obj", "comp", "of", "on", "to", "for") for f in sentence.fillers(t, slot))


_NOT_ADDRESSED = frozenset({"subj", "obj", "comp", "poss", "amod", "compound", "of", "by", "for"})
"""Slots that say nothing of whom the word itself is addressed to, only what stands inside its object does."""
_ON_WHAT = frozenset({"on", "against", "from", "to", "over"})
_DEPTH = 4
"""How many words deep a party of a promise or a threat may stand: "threatened to *impose* *restrictions* on *goods* of …"."""


def _aimed_at(trigger: Trigger, cast: Cast) -> Iterator[Participant]:
    """Whom force without an object was used against, by its purpose or outcome; none of these: an empty iterator.

    "fired in the air to disperse *the crowd*"; the purpose of an act told beside it, "fired ten rounds and lobbed a canister to
    disperse *the crowd*"; "fired, killing *two men*".
    """
    sentence = trigger.sentence
    beside = [c for c in sentence.children(trigger.token) if c.relation == "conj" and c.upos == "VERB"]
    for verb in (trigger.token, *beside):
        for child in sentence.children(verb):
            if child.relation not in {"advcl", "xcomp"}:
                continue
            origin = None
            if any(c.text.lower() == "to" for c in sentence.children(child)):
                origin = Origin(How.INFERRED, "whom the purpose names")
            elif child.relation == "advcl" and child.xpos == "VBG" and verb is trigger.token:
                origin = Origin(How.INFERRED, "whom its outcome names")
            for filler in sentence.fillers(child, "obj") if origin else ():
                if origin and (mention := cast.mention_at(sentence, filler)) is not None:
                    yield Participant(mention.actor, mention.span, origin)
                    return


def _fill(
    trigger: Trigger,
    slots: Sequence[str],
    cast: Cast,
    cues: Cues,
    *,
    allow_things: bool,
    behind: bool = False,
    without: set[Span | None] | None = None,
) -> tuple[Participant, ...]:
    """The participants of the first slot that holds any."""
    for slot in slots:
        if slot == "speaker":
            found = _speaker(trigger, cast)
        else:
            tokens = [t for t in _fillers(trigger, slot, cues) if t.index not in trigger.words and not _suffers(trigger, t, cues)]
            things = allow_things and slot not in _WHERE
            found = [
                p for t in tokens for p in _participants(trigger, t, cast, cues, slot=slot, allow_things=things, behind=behind)
            ]
        found = [p for p in found if p.span not in (without or set())]
        if found:
            return tuple(_without_repeats(found))
    return ()


def _fillers(trigger: Trigger, slot: str, cues: Cues) -> tuple[Token, ...]:
    """What fills a slot; the subject of a verb that has an object too and no passive auxiliary does it, whatever the parse says.

    "Ghanaian authorities have deported 168 sailors": read as two objects, which no sentence means.
    """
    found = slot_fillers(trigger, slot, cues)
    if trigger.part != "verb" or slot not in {"subj", "obj"}:
        return found
    sentence = trigger.sentence
    own = [t for t in sentence.children(trigger.token) if t.relation in {"obj", "nsubj", "nsubj:pass"}]
    doers = tuple(t for t in own if t.relation != "obj")
    is_passive = any(c.relation == "aux:pass" for c in sentence.children(trigger.token))
    if is_passive or not doers or len(doers) == len(own):
        return found
    return (found or doers) if slot == "subj" else tuple(t for t in found if t not in doers)


def _speaker(trigger: Trigger, cast: Cast) -> list[Participant]:
    quotation = cast.quotation_at(trigger.span)
    if quotation is None or quotation.speaker is None or not has_acting_speaker(quotation):
        return []
    return [
        Participant(
            quotation.speaker, quotation.source, READ if quotation.source else Origin(How.INFERRED, "speaker of the quotation")
        )
    ]


def _participants(
    trigger: Trigger, token: Token, cast: Cast, cues: Cues, *, slot: str, allow_things: bool, behind: bool = False
) -> Iterator[Participant]:
    """Who is named by what fills a slot, left to right; nobody: an empty iterator.

    `allow_things`: a thing may be what is harmed. `behind`: a thing may stand for the state that it belongs to.
    """
    sentence = trigger.sentence
    if token.lemma.lower() in {"we", "i", "us", "me"} and token.upos == "PRON":
        yield from _speaker(trigger, cast)
        return
    if pair := both_before(sentence, token, cast, cues):
        yield from pair
        return
    mention, origin = cast.mention_at(sentence, token), READ
    if (mention is None and token.index not in cast.harms) or token.lemma.lower() in cues.portions:  # "a group of students"
        part = next((m for t in _inside(sentence, token) if (m := cast.mention_at(sentence, t)) is not None), None)
        mention, origin = (part, Origin(How.READ, "partitive")) if part is not None else (mention, READ)
    if mention is not None:
        yield Participant(mention.actor, mention.span, origin)
        yield from _other_nations(sentence, sentence.head_of(mention.head) or token, mention, cast)
        if token.upos == "PRON" and token.text.lower() in _PLURAL:
            yield from _joined(sentence, token, mention, cast)
        return
    if slot in {"amod", "compound", "poss"}:
        # "Israeli tank fire" is Israel's, though the adjective hangs from the tank
        spans = [t.span for t in (token, *sentence.fillers(token, "amod"))]
        place = next(
            (
                p
                for p in cast.adjectives.get(sentence.index, ())
                if p.place and p.place.country and any(p.span.overlaps(span) for span in spans)
            ),
            None,
        )
        if place is not None and place.place is not None and place.is_adjective:
            country = place.place
            yield Participant(
                Actor(country.name, country.country, "GOV"),
                place.span,
                BY_ADJECTIVE,
            )
        return
    if token.upos == "PRON":
        return
    if slot == "subj" and (owner := _whose_weapon(sentence, token, cast, cues)) is not None:
        yield owner
        return
    if nations := tuple(nations_of(sentence, token, cast, cues)):
        yield from nations
        return
    maker = _maker(sentence, token, cast) if token.lemma.lower() in cues.reporting_nouns else None
    if maker is not None:
        yield Participant(maker.actor, maker.span, Origin(How.INFERRED, "the maker of what speaks"))
        return
    if token.text.lower() == "another":
        yield Participant(Actor("another person", cast.country, "CVL"), None, Origin(How.INFERRED, "somebody beside those told of"))
    elif token.upos == "NUM" or token.lemma.lower() in _BARE | cues.portions or stands_for_more(sentence, token):
        yield from _elided(trigger, token, cast)
    elif behind and slot != "subj" and (state := state_behind(sentence, token, cast, cues)) is not None:
        yield state
    elif allow_things and token.upos in {"NOUN", "PROPN"} and not _is_no_thing(sentence, token, cast, cues):
        yield _thing(sentence, token, cast, cues)


def _whose_weapon(sentence: Sentence, token: Token, cast: Cast, cues: Cues) -> Participant | None:
    """The forces whose aircraft, ships or guns act: "*Russian* aircraft killed …"; none, or no country beside it: None."""
    if token.lemma.lower() not in cues.war_machines:
        return None
    owners = sentence.fillers(token, "amod", "compound", "poss")
    for place in cast.adjectives.get(sentence.index, ()):
        if place.place and place.place.country and any(place.span.overlaps(t.span) for t in owners):
            actor = Actor(_phrase(sentence, token), place.place.country, "MIL", is_group=token.xpos == "NNS")
            return Participant(actor, _phrase_span(sentence, token), Origin(How.INFERRED, "whose weapon it is"))
    return None


def _thing(sentence: Sentence, token: Token, cast: Cast, cues: Cues) -> Participant:
    """What is harmed that is nobody: on the side of whom it belongs to, or of the country named beside it, else of the document's.

    Its sector is its owner's, else what such things are used for (`property` of cues/types.yaml); not said there: None.
    """
    name, span = _phrase(sentence, token), _phrase_span(sentence, token)
    is_many = token.xpos == "NNS"
    owners = sentence.fillers(token, "poss", "compound", "of")
    owner = next((m for t in owners if (m := cast.mention_at(sentence, t)) is not None), None)
    sector = cues.property.get(token.lemma.lower())
    if owner is not None:
        actor = Actor(name, owner.actor.country, sector or owner.actor.sector, is_group=is_many)
        return Participant(actor, span, Origin(How.INFERRED, "a thing is on its owner's side"))
    beside = {t.index for t in sentence.fillers(token, "amod", "compound", "poss", "in", "of")}
    beside |= {c.index for c in sentence.children(token) if c.relation.split(":")[0] in {"appos", "flat"}}  # "the capital *Juba*"
    for place in cast.adjectives.get(sentence.index, ()):
        if place.place and any(sentence.tokens[i].span.overlaps(place.span) for i in beside):
            actor = Actor(name, place.place.country, sector, is_group=is_many)
            return Participant(actor, span, Origin(How.INFERRED, "a thing is of the country named beside it"))
    if sector is None:
        return Participant(Actor(name, None, None, is_group=is_many), span, READ)
    return Participant(
        Actor(name, cast.country, sector, is_group=is_many), span, Origin(How.INFERRED, "a thing is of the document's country")
    )


_WHERE = frozenset({"in", "near"})
"""Slots in which a thing only says where: "curfew was imposed *in the old town*" is imposed on nobody that is named."""
_BARE = frozenset({"hundred", "thousand", "dozen", "score", "million", "many", "several", "ten", "number", "other"})


def _is_no_thing(sentence: Sentence, token: Token, cast: Cast, cues: Cues) -> bool:
    """Whether a noun says when, or with what ("pelting *stones*"), and not what was harmed."""
    if token.lemma.lower() in cues.instruments or any(t.overlaps(token.span) for t in cast.times):
        return True
    return any(e.kind is EntityKind.DATE and e.span.overlaps(token.span) for e in sentence.entities)


def _inside(sentence: Sentence, token: Token) -> Iterator[Token]:
    """What a figure or a partitive is of: "hundreds of *people*", "one of the *miners*", "a group of *youths*"."""
    if token.upos == "NUM" or token.lemma.lower() in _BARE or token.upos in {"NOUN", "DET", "ADJ", "PRON"}:
        for below in sentence.fillers(token, "of", "among"):
            yield below
            if token.upos == "NUM" or token.lemma.lower() in _BARE:  # "three of a group of youths", not "a leak of videos of X"
                yield from sentence.fillers(below, "of")


def _other_nations(sentence: Sentence, token: Token, mention: ActorMention, cast: Cast) -> Iterator[Participant]:
    """The further sides of a phrase that names several by coordinated adjectives: "Finnish and *Estonian* negotiators"."""
    adjectives = [c for c in sentence.children(token) if c.relation in {"amod", "compound"}]
    further = [c for a in adjectives for c in sentence.children(a) if c.relation == "conj"]
    for place in cast.adjectives.get(sentence.index, ()):
        country = place.place.country if place.place else None
        if country and country != mention.actor.country and any(place.span.overlaps(c.span) for c in further):
            yield Participant(replace(mention.actor, country=country, id=None), place.span, READ)


_PLURAL = frozenset({"they", "them", "both"})


def _joined(sentence: Sentence, pronoun: Token, mention: ActorMention, cast: Cast) -> Iterator[Participant]:
    """All whom "and" joins, in the same sentence, to the one "they" were tied to ("Obi and *Bello* said they")."""
    for other in cast.actors.get(sentence.index, ()):
        head = sentence.token_at(other.head.start)
        if other.actor != mention.actor or other.span.start >= pronoun.span.start or head is None:
            continue
        for token in sentence.children(head):
            joined = cast.mention_at(sentence, token) if token.relation == "conj" and token.index < pronoun.index else None
            if joined is not None:
                yield Participant(joined.actor, joined.span, Origin(How.INFERRED, "coreference"))
        return


def _maker(sentence: Sentence, token: Token, cast: Cast) -> ActorMention | None:
    """Whose document or statement it is: "the statement by …", "a text adopted by lawmakers", "the union's letter"."""
    candidates = [*sentence.fillers(token, "poss", "by", "from", "of")]
    for clause in sentence.fillers(token, "acl"):
        candidates += sentence.fillers(clause, "subj")
    return next((m for t in candidates if (m := cast.mention_at(sentence, t)) is not None), None)


def _elided(trigger: Trigger, token: Token, cast: Cast) -> Iterator[Participant]:
    """A bare figure counts what the coordinated verb's object names: "detained 7,000 students and injured hundreds".

    One person is no such object: of "a woman was killed and five others were wounded" the five are people.
    """
    sentence = trigger.sentence
    verb = trigger.token
    neighbours = [sentence.tokens[verb.head]] if verb.relation == "conj" and verb.head >= 0 else []
    neighbours += [c for c in sentence.children(verb) if c.relation == "conj"]
    for other in neighbours:
        for filler in sentence.fillers(other, "obj"):
            mention = cast.mention_at(sentence, filler) if filler.index != token.index else None
            if mention is not None and mention.actor.is_group:
                yield Participant(mention.actor, mention.span, Origin(How.INFERRED, "noun left out after a figure"))
                return
    yield Participant(
        Actor("people", cast.country, "CVL", is_group=True), None, Origin(How.INFERRED, "a bare figure counts people")
    )


def _phrase_span(sentence: Sentence, token: Token) -> Span:
    """The noun with its own modifiers, without articles, clauses and appositions."""
    kept = [
        c
        for c in sentence.children(token)
        if c.relation.split(":")[0] in {"amod", "compound", "nummod", "flat"} or (c.relation == "nmod:poss")
    ]
    left = min([token, *kept], key=lambda t: t.index)
    right = max([token, *(c for c in kept if c.relation.startswith("flat"))], key=lambda t: t.index)
    return Span(left.span.start, right.span.end)


def _phrase(sentence: Sentence, token: Token) -> str:
    span = _phrase_span(sentence, token)
    words = [t.text for t in sentence.tokens if span.contains(t.span)]
    return " ".join(words).replace(" - ", "-").replace(" 's", "'s").replace(" ’s", "’s")


def _without_repeats(participants: Sequence[Participant]) -> Iterator[Participant]:
    seen: set[Actor] = set()
    for p in participants:
        if p.actor not in seen:
            seen.add(p.actor)
            yield p
