"""What a terminal shows: readable at 80 columns, without colour, in a pipe, and never driven by a report."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len
from rich.console import Console

from dateline.ledger.rows import ClaimRow, Entry, rows_of
from dateline.records import Actor, Participant, Report
from dateline.views.terminal import render_claim, render_claims, render_coding, render_problems
from tests.views import sample


def console(width: int = 80, *, is_terminal: bool = False, no_color: bool = False) -> Console:
    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=is_terminal,
        no_color=no_color,
        color_system="standard" if is_terminal else None,
    )


def printed(of: Console) -> str:
    assert isinstance(of.file, io.StringIO)
    return of.file.getvalue()


def coding_text(width: int = 80) -> str:
    to = console(width)
    render_coding(sample.coding(), to)
    return printed(to)


def claim_rows() -> list[ClaimRow]:
    coding = sample.coding()
    entry = Entry(Report("harbour.txt", b""), coding, "0", coding.claims[0].coder, datetime(2025, 5, 7, tzinfo=UTC), "shard")
    return [row for row in rows_of(entry)["claims"] if isinstance(row, ClaimRow)]


def record(number: int, text: str) -> list[str]:
    """The lines of one record, without their indent."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"{number:>3} "))
    return [line.strip() for line in lines[start : lines.index("", start)]]


def test_a_record_reads_as_a_compact_block() -> None:
    assert record(5, coding_text()) == [
        "5 COERCE · arrest  ● asserted  0.96",
        "police (MLT, police) – arrest – of protesters (MLT, civilians)",
        "“Police, who since Sunday have *detained* almost 70 protesters”",
        "many     detained: 63–69 (running total)",
        "when     Sun 4 – Tue 6 May 2025",
        "where    ≈ Malta",
    ]


def test_the_first_record_says_what_the_figure_is_and_the_head_what_the_sign_is() -> None:
    text = coding_text()
    assert text.count("confidence") == 1
    assert record(1, text)[0].endswith("confidence 0.91")
    assert text.splitlines()[3] == "≈ inferred: no words say it"


def test_a_report_in_which_nothing_is_inferred_has_no_such_line() -> None:
    claim, to = sample.claim(1, replace(sample.strike())), console()
    render_coding(replace(sample.coding(), claims=(claim,)), to)
    assert "≈" not in printed(to)


def test_records_come_in_the_order_of_the_coding_with_their_tellers_and_checks() -> None:
    text = coding_text(120)
    numbered = [line for line in text.splitlines() if line[:3].strip().isdigit() and line[0] == " "]
    assert [int(line[:3]) for line in numbered] == list(range(1, 14))
    assert "says     Own Sample ← Harbour Post ← a doctor at 𝒮t Luke’s" in record(7, text)
    assert "check    ✓ votes add up to the house: 40 + 25 + 2 + 12 = 79 seats" in record(11, text)
    assert "again    first told in record 1" in record(2, text)
    assert record(9, text)[0] == "9 ASSAULT · firearms  ✕ denied  0.77"


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_console(width: int) -> None:
    text = coding_text(width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_a_pipe_gets_no_escape_codes_and_stars_for_the_trigger() -> None:
    text = coding_text()
    assert "\x1b" not in text
    assert "*marched*" in text


def test_without_colour_the_trigger_is_still_bold() -> None:
    to = console(is_terminal=True, no_color=True)
    render_coding(sample.coding(), to)
    text = printed(to)
    assert "\x1b[1;3;4mmarched" in text
    assert not any(f"\x1b[{code}m" in text for code in range(31, 38))


def test_a_report_cannot_drive_the_terminal() -> None:
    to = console(is_terminal=True)
    actor = Participant(Actor("\x1b]0;owned\x07[red]x[/red]", None, None), None, sample.NEWS_DAY)
    render_coding(replace(sample.coding(), claims=(sample.claim(1, replace(sample.offer(), actors=(actor,))),)), to)
    text = printed(to)
    assert "\x1b]" not in text
    assert "\x07" not in text
    assert "␛]0;owned␇[red]x[/red]" in text


def test_a_report_that_could_not_be_read_says_why() -> None:
    to = console()
    render_coding(sample.unreadable(), to)
    assert "the page holds no article" in " ".join(printed(to).split())
    assert "(nothing of the report could be coded)" in " ".join(printed(to).split())


def test_no_problems_print_nothing() -> None:
    to = console()
    render_problems((), to)
    assert printed(to) == ""


def test_found_claims_stand_in_a_table_of_80_columns() -> None:
    to = console()
    render_claims(claim_rows(), to)
    text = printed(to)
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    assert "13 claims" in text
    line = next(line for line in text.splitlines() if line.startswith(" c0009"))
    assert line.split()[:5] == ["c0009", "–", "✕", "ASSAULT", "police"]
    assert text.endswith("● asserted  ◷ planned  ◇ conditional  ✕ denied  ? alleged  ≈ inferred\n")


@pytest.mark.parametrize(("width", "is_shown"), [(109, False), (110, True), (200, True)])
def test_a_table_with_room_says_on_whose_word(width: int, is_shown: bool) -> None:
    to = console(width)
    render_claims(claim_rows(), to)
    text = printed(to)
    assert ("on whose word" in text) is is_shown
    deaths = text[text.index(" c0007") : text.index(" c0008")]
    assert ("a doctor at" in deaths) is is_shown
    assert max(cell_len(line) for line in text.splitlines()) <= width


def test_the_table_marks_what_is_inferred() -> None:
    to = console(200)
    render_claims(claim_rows(), to)
    lines = {line.split()[0]: line for line in printed(to).splitlines() if line.startswith(" c0")}
    assert "≈Malta" in lines["c0005"]
    assert "≈" not in lines["c0012"]


def test_a_wide_table_shows_the_words() -> None:
    to = console(200)
    render_claims(claim_rows(), to)
    assert "“Italy offered on Monday to mediate”" in printed(to)


def test_ids_are_shortened_only_while_they_differ() -> None:
    rows = [replace(row, claim_id=f"abcdefghij{n:02d}x") for n, row in enumerate(claim_rows()[:2])]
    to = console(200)
    render_claims(rows, to)
    assert "abcdefghij00 " in printed(to)
    assert "abcdefghij00x" not in printed(to)


def test_nothing_found_is_said() -> None:
    to = console()
    render_claims([], to)
    assert printed(to) == "No claims found.\n"


def test_a_whole_claim_shows_its_sentence_and_the_words_and_bytes_of_every_value() -> None:
    coding, to = sample.coding(), console(140)
    assert coding.document
    render_claim(coding.claims[4], coding.document, to)
    text = printed(to)
    assert (
        "“*Police, who since Sunday have detained almost 70 protesters*, injured several with batons 🔥 near the customs house.”"
        in text
    )
    row = next(line for line in text.splitlines() if line.startswith(" how many"))
    start = len(sample.TEXT[: sample.at("almost 70 protesters").start].encode())
    assert row.split()[2:] == ["detained:", "63–69", "“almost", "70", "protesters”", "read", f"{start}–{start + 20}"]
    assert coding.document.raw_sha256 in text
    assert "dateline 0.1.0 / model 1 / knowledge 9f2c" in text


def test_a_whole_claim_shows_its_checks_with_their_words() -> None:
    coding, to = sample.coding(), console(200)
    assert coding.document
    render_claim(coding.claims[10], coding.document, to)
    assert "✓ votes add up to the house: 40 + 25 + 2 + 12 = 79 seats – “40 votes”, “25”, “two abstentions”" in printed(to)
