"""The logical structure of hand-parsed sentences: slots are right whatever the syntax."""

from __future__ import annotations

import pytest

from dateline.language.structure import structure
from dateline.records import Sentence, Span, Token


def parsed(rows: str) -> Sentence:
    """A sentence from lines of "word lemma upos xpos head relation"; heads count words from 1."""
    tokens = []
    at = 0
    for i, line in enumerate(rows.strip().splitlines()):
        word, lemma, upos, xpos, head, relation = line.split()
        tokens.append(Token(i, Span(at, at + len(word)), word, lemma, upos, xpos, int(head) - 1, relation))
        at += len(word) + 1
    return structure(Sentence(0, 0, Span(0, at - 1), tuple(tokens), ()))


def slot(sentence: Sentence, word: str, name: str) -> list[str]:
    token = next(t for t in sentence.tokens if t.text == word)
    return [t.text for t in sentence.fillers(token, name)]


ACTIVE = """
Police police NOUN NNS 2 nsubj
detained detain VERB VBD 0 root
miners miner NOUN NNS 2 obj
and and CCONJ CC 5 cc
drivers driver NOUN NNS 3 conj
"""

PASSIVE = """
Miners miner NOUN NNS 3 nsubj:pass
were be AUX VBD 3 aux:pass
detained detain VERB VBN 0 root
and and CCONJ CC 5 cc
beaten beat VERB VBN 3 conj
by by ADP IN 7 case
police police NOUN NNS 5 obl:agent
"""

RELATIVE = """
Police police NOUN NNS 6 nsubj
who who PRON WP 3 nsubj
detained detain VERB VBD 1 acl:relcl
miners miner NOUN NNS 3 obj
later later ADV RB 6 advmod
left leave VERB VBD 0 root
"""

CONTROL = """
Leaders leader NOUN NNS 2 nsubj
urged urge VERB VBD 0 root
Oslo Oslo PROPN NNP 2 obj
to to PART TO 5 mark
release release VERB VB 2 xcomp
prisoners prisoner NOUN NNS 5 obj
"""

NOMINAL = """
Police police NOUN NNS 2 compound
beatings beating NOUN NNS 6 nsubj
of of ADP IN 4 case
protesters protester NOUN NNS 2 nmod
must must AUX MD 6 aux
end end VERB VB 0 root
"""


@pytest.mark.parametrize(
    ("rows", "word", "name", "fillers"),
    [
        (ACTIVE, "detained", "subj", ["Police"]),
        (ACTIVE, "detained", "obj", ["miners", "drivers"]),
        (ACTIVE, "miners", "object_of", ["detained"]),
        (ACTIVE, "drivers", "object_of", ["detained"]),
        (PASSIVE, "detained", "obj", ["Miners"]),
        (PASSIVE, "detained", "subj", []),
        (PASSIVE, "beaten", "obj", ["Miners"]),
        (PASSIVE, "beaten", "subj", ["police"]),
        (RELATIVE, "detained", "subj", ["Police"]),
        (RELATIVE, "left", "subj", ["Police"]),
        (CONTROL, "release", "subj", ["Oslo"]),
        (CONTROL, "urged", "comp", ["release"]),
        (NOMINAL, "beatings", "compound", ["Police"]),
        (NOMINAL, "beatings", "of", ["protesters"]),
        (NOMINAL, "beatings", "subject_of", ["end"]),
    ],
)
def test_a_slot_is_filled(rows: str, word: str, name: str, fillers: list[str]) -> None:
    assert slot(parsed(rows), word, name) == fillers


def test_a_learnt_argument_fills_what_the_tree_leaves_empty() -> None:
    from dataclasses import replace

    from dateline.language.structure import structure
    from dateline.records import Filler, Link, Predicate, Role, Sentence, Span, Token

    rows = [
        ("Rebels", "NOUN", 1, "parataxis"),
        ("said", "VERB", -1, "root"),
        ("seized", "VERB", 1, "dep"),
        ("Vadu", "PROPN", 2, "obj"),
    ]
    tokens = tuple(
        Token(i, Span(9 * i, 9 * i + 8), word, word.lower(), upos, "VBD", head, relation)
        for i, (word, upos, head, relation) in enumerate(rows)
    )
    roles = (Role("ARG0", 0, 0, 0), Role("ARG1", 3, 3, 3))
    sentence = Sentence(0, 0, Span(0, 40), tokens, ())
    assert not any(f.slot == "subj" for f in structure(sentence).frames[2])
    frame = structure(replace(sentence, predicates=(Predicate(2, "seize.01", roles),))).frames[2]
    assert Filler("subj", 0, Link.ARGUMENT) in frame
    assert [f for f in frame if f.slot == "obj"] == [Filler("obj", 3)]
