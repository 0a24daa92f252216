"""It joins what the model reads sentence by sentence into quotations."""

from __future__ import annotations

from dateline.knowledge.cues import load_cues
from dateline.mentions.quotations import read_quotations
from dateline.records import QuoteKind, Reported, Sentence, Span, Token
from dateline.texts import document_of

LEMMAS = {"said": "say"}


def sentences_of(*parts: tuple[str, list[tuple[str | None, str | None, list[str]]]]) -> tuple[str, tuple[Sentence, ...]]:
    """Sentences of one paragraph, each with its attributions as (source, cue, contents) in its own words."""
    text = " ".join(words for words, _ in parts)
    found, at = [], 0
    for number, (words, told) in enumerate(parts):
        tokens, place = [], at
        for i, word in enumerate(words.split()):
            kind = "PUNCT" if word in ".“”" else "X"
            tokens.append(Token(i, Span(place, place + len(word)), word, LEMMAS.get(word, word), kind, "XX", i - 1, "dep"))
            place += len(word) + 1

        def span(part: str, start: int = at) -> Span:
            first = text.index(part, start)
            return Span(first, first + len(part))

        reported = tuple(
            Reported(span(s) if s else None, span(c) if c else None, tuple(span(piece) for piece in pieces))
            for s, c, pieces in told
        )
        found.append(Sentence(number, 0, Span(at, at + len(words)), tuple(tokens), (), reported=reported))
        at += len(words) + 1
    return text, tuple(found)


def read(*parts: tuple[str, list[tuple[str | None, str | None, list[str]]]]) -> list[tuple[str, str | None, str | None, list[str]]]:
    text, sentences = sentences_of(*parts)
    quotations = read_quotations(document_of(text), sentences, load_cues())
    return [
        (q.kind, q.source.of(text) if q.source else None, q.cue.of(text) if q.cue else None, [c.of(text) for c in q.content])
        for q in quotations
    ]


def test_an_attribution_within_a_sentence() -> None:
    found = read(("Miners said pits would close .", [("Miners", "said", ["pits would close"])]))
    assert found == [(QuoteKind.INDIRECT, "Miners", "said", ["pits would close"])]


def test_he_said_alone_is_about_the_words_before() -> None:
    found = read(("“ Go home . ”", [(None, None, ["Go home"])]), ("he said .", [("he", "said", [])]))
    assert found == [(QuoteKind.DIRECT, "he", "said", ["Go home ."])]


def test_a_quotation_goes_on_while_its_marks_are_open() -> None:
    found = read(
        ("Ann said “ we stay .", [("Ann", "said", ["we stay"])]),
        ("We sing . ”", [(None, None, ["We sing"])]),
    )
    assert found == [(QuoteKind.DIRECT, "Ann", "said", ["we stay . We sing ."])]


def test_words_that_nobody_claims_are_no_quotation() -> None:
    assert read(("Rain fell .", [(None, None, ["Rain fell"])]), ("Snow too .", [])) == []


def test_an_earlier_sentence_of_the_same_marks_belongs_to_the_cue_behind() -> None:
    found = read(
        ("“ We stay .", [(None, None, ["We stay"])]),
        ("We sing ” said Bo .", [("Bo", "said", ["We sing"])]),
    )
    assert found == [(QuoteKind.DIRECT, "Bo", "said", ["We stay . We sing"])]
