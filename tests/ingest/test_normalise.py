from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dateline.ingest.decode import decode
from dateline.ingest.normalise import INK, Piece, Woven, clean, trimmed, weave
from dateline.ingest.plain import find_paragraphs
from dateline.knowledge.reading import load_reading_tables
from dateline.records import Run, Span

TABLES = load_reading_tables()

# What reports are made of: words in several scripts, every kind of space, invisible marks, quotation marks, misread characters.
PARTS = st.sampled_from(
    [
        *("word", "Łódź", "naïve", "“quoted”", "–", "日本", "𝒳", "&", "it’s", "7,000", "."),
        *(" ", "  ", "\n", "\r\n", "\n\n", "\t", "\u00a0", "\u2028", "-\n"),
        *("\u200b", "\u00ad", "\ufeff", "\x07", "\x85", "\x96", "â€œ", "â€™", "Â "),
    ]
)
TEXTS = st.lists(PARTS, min_size=1, max_size=40).map("".join)


def woven(raw: bytes) -> Woven:
    decoded = decode(raw, is_page=False)
    paragraphs = (
        clean(decoded.text, low, high, TABLES.misread, TABLES.lone_misread) for low, high in find_paragraphs(decoded.text, 0)
    )
    return weave([p for p in paragraphs if p], decoded.byte_starts)


def normal(raw: bytes) -> str:
    """The words of some bytes, as the document would have them, without white space."""
    text = raw.decode("utf-8")
    return "".join(re.findall(INK.pattern, "".join(p.text for p in clean(text, 0, len(text), TABLES.misread, TABLES.lone_misread))))


def inks(text: str) -> str:
    return "".join(re.findall(INK.pattern, text))


@given(TEXTS, st.data())
def test_it_leads_every_span_back_to_bytes_that_read_the_same(source: str, data: st.DataObject) -> None:
    raw = source.encode()
    result = woven(raw)
    if not inks(result.text):
        return
    start = data.draw(st.integers(0, len(result.text) - 1))
    end = data.draw(st.integers(start + 1, len(result.text)))
    words = inks(result.text[start:end])
    found = result.offsets.to_bytes(Span(start, end))
    if words:
        assert found is not None
        assert normal(raw[found[0] : found[1]]) == words


@given(TEXTS)
def test_it_keeps_runs_in_order_and_apart(source: str) -> None:
    runs = woven(source.encode()).offsets.runs
    for before, after in pairwise(runs):
        assert before.start + before.length <= after.start
        assert before.byte_end <= after.byte_start


@given(TEXTS)
def test_it_leaves_no_noise(source: str) -> None:
    result = woven(source.encode())
    for span in result.paragraphs:
        words = span.of(result.text)
        assert words == words.strip()
        assert not re.search("  |[\u00a0\u00ad\u200b\ufeff\r\t\n\x07]", words)


@given(st.text(alphabet="aé“”’–€ \n", min_size=1, max_size=60))
def test_it_leads_back_through_windows_1252(source: str) -> None:
    raw = source.encode("cp1252") + b" \xe9"  # never valid UTF-8 at the end
    decoded = decode(raw, is_page=False)
    result = weave([clean(decoded.text, 0, len(decoded.text), TABLES.misread, TABLES.lone_misread)], decoded.byte_starts)
    assert decoded.encoding == "cp1252"
    for i, character in enumerate(result.text):
        if INK.match(character):
            found = result.offsets.to_bytes(Span(i, i + 1))
            assert found is not None
            assert raw[found[0] : found[1]].decode("cp1252") == character


def test_an_ellipsis_of_windows_on_a_line_of_its_own_is_kept() -> None:
    assert woven("word\u2028\x85\nword".encode()).text == "word\n\n…\n\nword"


def test_it_changes_no_quotation_mark_and_no_dash() -> None:
    source = "He said: “No – ‘never’ — not \"now\" or 'then'” -- ''so''"
    assert woven(source.encode()).text == source


def test_it_puts_back_what_was_misread() -> None:
    assert woven("a â€œminorâ€\u009d matter: itâ€™s overÂ\u00a0now".encode()).text == "a “minor” matter: it’s over now"
    assert woven("see:Â one".encode()).text == "see: one"
    assert woven("a sign\x96holding crowd".encode()).text == "a sign–holding crowd"


def test_it_joins_a_word_broken_after_its_hyphen() -> None:
    assert "".join(p.text for p in clean("stone-\n pelting", 0, 16, {}, "Â")) == "stone-pelting"


def test_it_takes_a_soft_hyphen_out_and_still_finds_the_word() -> None:
    raw = "the gov\u00adern\u00adment fell".encode()
    result = woven(raw)
    assert result.text == "the government fell"
    found = result.offsets.to_bytes(Span(4, 14))
    assert found is not None
    assert raw[found[0] : found[1]].decode() == "gov\u00adern\u00adment"


def test_it_maps_single_bytes_as_one_run_and_longer_characters_each_on_its_own() -> None:
    assert woven("ab“cd".encode()).offsets.runs == (Run(0, 2, 0, 2), Run(2, 1, 2, 5), Run(3, 2, 5, 7))


def test_it_maps_nothing_that_it_put_there_itself() -> None:
    result = weave([(Piece("one", 0, 3),), (Piece("two", 3, 6),)], np.arange(7))
    assert result.text == "one\n\ntwo"
    assert result.offsets.to_bytes(Span(3, 5)) is None


def test_it_trims_spaces_at_the_ends_and_in_rows() -> None:
    pieces = trimmed([Piece(" ", 0, 3), Piece("a ", 3, 5), Piece(" ", 5, 9), Piece("b", 9, 10), Piece(" ", 10, 12)])
    assert "".join(p.text for p in pieces) == "a b"
