"""Any text at all is read: nothing is lost, nothing points outside it, and four times the text takes about four times as long."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.language.encoding import LONGEST, encode_sentences, load_tokenizer
from dateline.language.models import SHIPPED, Models, load_models
from dateline.language.reading import analyse
from dateline.language.sentences import LONGEST_WORDS, split_sentences
from dateline.language.tokens import surface_tokens, tokenise
from dateline.records import Block, Document, OffsetMap, Span

TOKENIZER = load_tokenizer(SHIPPED / "tokenizer.json")

ANYTHING = st.text(alphabet=st.characters(codec="utf-8"), max_size=300)
HARD = st.text(
    alphabet="aZß9İﬁ.,;:!?…'’\"“”«»()[]-–—/@#&$%_*=| \n\t\r\u00a0\u2028\x1c"
    "\u0301\u200b\u200d\u200f\u2066\ufeff\u00ad\x00中कि한👍🏽🇧🇾",
    max_size=200,
)
ODD_TEXTS = st.one_of(
    ANYTHING,
    HARD,
    st.builds(lambda unit, times: unit * times, st.text(alphabet="a. 1,('\"-中é\n", min_size=1, max_size=8), st.integers(1, 900)),
)


def whole(text: str) -> Span:
    return Span(0, len(text))


def solid(text: str) -> str:
    return "".join(text.split())


def read_words(text: str) -> list[tuple[Span, tuple[Span, ...]]]:
    """Sentences with their words, as the reading makes them."""
    return [(s, tokenise(text, s)) for s in split_sentences(text, whole(text))] if text else []


# ---------------------------------------------------------------- any text


@settings(deadline=None)
@given(ODD_TEXTS)
def test_sentences_and_words_hold_every_character_once_and_in_order(text: str) -> None:
    end = 0
    for sentence, words in read_words(text):
        assert end <= sentence.start < sentence.end <= len(text)
        assert (words[0].start, words[-1].end) == (sentence.start, sentence.end)
        assert all(a.end <= b.start for a, b in pairwise(words))
        assert sum(map(len, surface_tokens(text, words))) == len(words)
        end = sentence.end
    assert "".join(w.of(text) for _, words in read_words(text) for w in words) == solid(text)


@settings(deadline=None)
@given(ODD_TEXTS)
def test_the_same_text_is_cut_the_same_way(text: str) -> None:
    assert read_words(text) == read_words("".join(list(text)))


@settings(deadline=None)
@given(ODD_TEXTS)
def test_no_sentence_is_longer_than_the_encoder_reads(text: str) -> None:
    for _, words in read_words(text):
        assert len(words) <= LONGEST_WORDS
        (encoded,) = encode_sentences([[w.of(text) for w in words]], TOKENIZER)
        assert len(encoded.ids) <= LONGEST + 2
        whole_length = len(TOKENIZER.encode([w.of(text) for w in words], is_pretokenized=True).ids)
        assert whole_length == len(encoded.ids) or len(words) == 1


@settings(deadline=None)
@given(ODD_TEXTS)
def test_a_block_inside_a_text_gives_offsets_of_the_text(text: str) -> None:
    placed = f"Before.\n\n{text}\n\nAfter."
    block = Span(9, 9 + len(text)) if text else None
    for sentence in split_sentences(placed, block) if block else ():
        assert block is not None
        assert block.start <= sentence.start < sentence.end <= block.end


# ---------------------------------------------------------------- long texts

PIECES = {
    "letters": "a",
    "capitals": "A",
    "words": "the man said ",
    "stops": ".",
    "straight marks": '"',
    "single marks": "'",
    "possessives": "'s",
    "curly marks": "“",
    "spaces": " ",
    "no-break spaces": "\u00a0",
    "line breaks": "\n",
    "brackets": "(",
    "digits": "1",
    "digits and commas": "1,",
    "thousands": "111,",
    "days": "1/",
    "hyphens": "-",
    "compounds": "x-",
    "slashes": "/",
    "initials": "a. ",
    "initials without space": "A.",
    "countries": "U.S. ",
    "titles": "Gen. ",
    "short lines": "a\n",
    "list items": "- a\n",
    "questions": '!" ',
    "dashes": "- ",
    "notes": ".[1] ",
    "addresses": "a@",
    "domains": ".com",
    "web": "www.",
    "hashes": "#a",
    "accents": "a\u0301",
    "joiners": "👍🏽\u200d",
    "zero-width": "\u200b",
    "Chinese": "中",
    "Hangul": "한",
    "Hindi": "दि ",
}


def seconds(work: Callable[[str], object], text: str) -> float:
    """The least process time of two runs."""
    times = []
    for _ in range(2):
        began = time.process_time()
        work(text)
        times.append(time.process_time() - began)
    return min(times)


def encode_all(text: str) -> None:
    encode_sentences([[w.of(text) for w in words] for _, words in read_words(text)], TOKENIZER)


LONG, TIMES = 3_000, 4
MOST_TIMES = 10
"""Sixteen would be quadratic, four is linear; the machine may be busy."""
NOT_WORTH_MEASURING = 0.05
"""Seconds under which a run says nothing about its growth."""


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
@pytest.mark.parametrize(
    "work",
    [
        lambda text: split_sentences(text, whole(text)),
        lambda text: tokenise(text, whole(text)),
        lambda text: surface_tokens(text, tokenise(text, whole(text))),
        encode_all,
    ],
    ids=["sentences", "words", "surface tokens", "encoding"],
)
def test_four_times_the_text_takes_about_four_times_the_time(work: Callable[[str], object], piece: str) -> None:
    short = piece * (LONG // len(piece))
    long = seconds(work, short * TIMES)
    assert long < NOT_WORTH_MEASURING or long < MOST_TIMES * seconds(work, short)


MEGABYTE = 1_000_000
LONGEST_SECONDS = 60.0
"""A generous bound: words take 9 s, and a quadratic scan would take hours."""


@pytest.mark.parametrize("name", ["letters", "stops", "words"])
def test_a_megabyte_of_anything_is_read_into_pieces_the_encoder_takes(name: str) -> None:
    text = PIECES[name] * (MEGABYTE // len(PIECES[name]))
    began = time.process_time()
    read = read_words(text)
    assert time.process_time() - began < LONGEST_SECONDS
    assert sum(w.end - w.start for _, words in read for w in words) == len(solid(text))
    assert max((len(words) for _, words in read), default=0) <= LONGEST_WORDS


# ---------------------------------------------------------------- odd documents, read by the model


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


def read(text: str, models: Models) -> None:
    """Reads the text as one block and asserts what must hold of any reading."""
    document = Document("odd", "odd", "", text, (Block(whole(text)),), OffsetMap())
    sentences = analyse(document, models)
    assert "".join(t.span.of(text) for s in sentences for t in s.tokens) == solid(text)
    for sentence in sentences:
        assert sum(t.head < 0 for t in sentence.tokens) == 1
        assert all(-1 <= t.head < len(sentence.tokens) and t.head != t.index for t in sentence.tokens)
        assert all(t.text == t.span.of(text) and t.lemma and t.upos for t in sentence.tokens)
        assert all(sentence.span.start <= e.span.start < e.span.end <= sentence.span.end for e in sentence.entities)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(ANYTHING, HARD).filter(bool))
def test_it_reads_odd_documents(models: Models, text: str) -> None:
    read(text, models)


@pytest.mark.parametrize(
    "piece", ["(", "a,", "中", "한", "\u200b", "=" * 600 + " men ", "x" * 3000 + " men ", "the army said that "]
)
def test_it_reads_long_odd_documents(models: Models, piece: str) -> None:
    read(piece * (3000 // len(piece) + 1), models)
