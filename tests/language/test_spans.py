"""It turns the head word of an argument into PropBank's span."""

import pytest

from dateline.language.spans import argument_span

# word, head (1-based, 0 root), relation, upos
MINERS = [
    ("The", 2, "det", "DET"), ("miners", 8, "nsubj", "NOUN"), (",", 5, "punct", "PUNCT"), ("who", 5, "nsubj", "PRON"),
    ("struck", 2, "acl:relcl", "VERB"), ("in", 7, "case", "ADP"), ("May", 5, "obl", "PROPN"), ("returned", 0, "root", "VERB"),
    ("to", 10, "case", "ADP"), ("work", 8, "obl", "NOUN"), (".", 8, "punct", "PUNCT"),
]  # fmt: skip
PLACE = [
    ("Near", 3, "case", "ADP"), ("the", 3, "det", "DET"), ("square", 0, "root", "NOUN"), ("they", 5, "nsubj", "PRON"),
    ("occupied", 3, "acl:relcl", "VERB"), (".", 3, "punct", "PUNCT"),
]  # fmt: skip
UNION = [
    ("It", 2, "nsubj", "PRON"), ("joined", 0, "root", "VERB"), ("the", 4, "det", "DET"), ("union", 2, "obj", "NOUN"),
    ("(", 6, "punct", "PUNCT"), ("NUM", 4, "appos", "PROPN"), (")", 6, "punct", "PUNCT"), (".", 2, "punct", "PUNCT"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "predicate", "head", "label", "expected"),
    [
        (MINERS, "struck", "miners", "ARG0", "The miners"),  # not the clause that the predicate stands in
        (MINERS, "returned", "miners", "ARG0", "The miners , who struck in May"),
        (MINERS, "struck", "who", "R-ARG0", "who"),
        (MINERS, "struck", "May", "ARGM-TMP", "in May"),
        (MINERS, "returned", "returned", "ARGM-PRR", "returned"),
        (PLACE, "occupied", "square", "ARG1", "the square"),  # the preposition belongs to the clause above
        (UNION, "joined", "union", "ARG1", "the union ( NUM )"),
        (UNION, "joined", "It", "ARG0", "It"),
    ],
)
def test_it_gives_the_words_the_annotators_marked(
    sentence: list[tuple[str, int, str, str]], predicate: str, head: str, label: str, expected: str
) -> None:
    words = [w for w, *_ in sentence]
    first, last = argument_span(
        words.index(predicate),
        words.index(head),
        label,
        words,
        [h - 1 for _, h, *_ in sentence],
        [r for _, _, r, _ in sentence],
        [u for *_, u in sentence],
    )
    assert " ".join(words[first : last + 1]) == expected


def test_a_light_verb_is_marked_alone() -> None:
    words = [w for w, *_ in MINERS]
    heads, relations, upos = [h - 1 for _, h, *_ in MINERS], [r for _, _, r, _ in MINERS], [u for *_, u in MINERS]
    assert argument_span(9, 7, "ARGM-LVB", words, heads, relations, upos) == (7, 7)
