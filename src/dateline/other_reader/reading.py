"""One document: what is asked of the other reader, and what its answers come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dateline.claims import enter_claims
from dateline.knowledge.load import Knowledge
from dateline.language.models import Models
from dateline.language.reading import analyse
from dateline.mentions.quotations import find_quotations
from dateline.other_reader.accepting import LEFT_OUT, Accepted, Read, accept
from dateline.other_reader.chunks import Chunk
from dateline.other_reader.prompt import Prompt
from dateline.other_reader.proposals import Answer, AnswerError, read_answer
from dateline.other_reader.server import Reply
from dateline.pipeline import find_mentions
from dateline.records import Coding, Document, Problem


@dataclass(frozen=True)
class Outcome:
    """The coding of a document by the other reader; how many records were proposed, accepted and refused, and fields left out."""

    coding: Coding
    proposed: int = 0
    accepted: int = 0
    refused: int = 0
    left_out: int = 0


def code_by_answers(
    name: str,
    document: Document,
    answers: Sequence[tuple[Chunk, Reply]],
    *,
    coder: str,
    prompt: Prompt,
    knowledge: Knowledge,
    models: Models,
) -> Outcome:
    """What the answers for the parts of a document come to. `coder` names model and prompt.

    An answer that cannot be read fails the document: what it did not tell is not known. One that ends in the middle gives what
    stands before the break, and a problem that says so.
    """
    read: list[tuple[Chunk, Answer]] = []
    problems: list[Problem] = []
    for number, (chunk, reply) in enumerate(answers, 1):
        part = f"part {number} of {len(answers)}"
        try:
            answer = read_answer(reply.said)
        except AnswerError as fault:
            problem = Problem("events", "unreadable answer", f"{name}: the answer for {part} {fault}", name, is_fatal=True)
            return Outcome(Coding(name, None, problems=(problem,)))
        if answer.is_broken or reply.is_cut:
            said = f"{name}: the answer for {part} ends in the middle; {answer.number} records before that were read"
            problems.append(Problem("events", "answer cut short", said, name))
        problems += [Problem("events", "refused: wrong schema", f"{name}: {part}: {fault}", name) for fault in answer.faults]
        read.append((chunk, answer))
    proposals = [(chunk, answer.proposals) for chunk, answer in read]
    proposed = sum(answer.number for _, answer in read)
    if not any(some for _, some in proposals):
        return Outcome(Coding(name, document, problems=tuple(problems)), proposed, 0, proposed)
    sentences = analyse(document, models)
    mentions = find_mentions(document, sentences, knowledge)
    quotations = find_quotations(document, sentences, mentions.actors, knowledge.cues)
    held: Accepted = accept(Read(document, sentences, mentions, quotations), proposals, prompt, knowledge)
    claims = enter_claims(document, sentences, held.events, model=coder, knowledge=knowledge)
    problems += held.problems
    left_out = sum(problem.reason.startswith(LEFT_OUT) for problem in held.problems)
    coding = Coding(name, document, claims, problems=tuple(problems))
    return Outcome(coding, proposed, len(claims), proposed - len(claims), left_out)
