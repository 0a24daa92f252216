"""What comparing and analysing cost: rows of another coder entered, two coders compared, series and dyads of many events.

    python -m bench analyses [--events 50000] [--json]

Rows and events are made up from a fixed seed: one year, five countries, three hundred towns. Seconds are of processor time.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import numpy as np

from dateline.analysis.counting import Counted, counted
from dateline.analysis.dyads import dyads_of
from dateline.analysis.series import series_of
from dateline.analysis.spread import spread_of
from dateline.coders.claims import coder_of, read_table
from dateline.comparing.agreement import compared
from dateline.comparing.occurrences import occurrences
from dateline.knowledge.accounts import load_accounts
from dateline.knowledge.coders import load_scheme
from dateline.knowledge.comparing import load_match_rules
from dateline.ledger.store import open_ledger
from dateline.runs.board import ACTOR, RECIPIENT, FigureCell, PartyCell, PlaceCell, Row, laid_out, number_of, stacked
from dateline.runs.other_coders import enter_table
from dateline.web.tallying import period_of

SEED = 20200817
ROWS = 3_000
"""Rows of GDELT that are read and entered."""

COMPARED = 8_000
"""Events of either coder that are compared."""

COUNTRIES = ("BLR", "UKR", "POL", "RUS", "LTU")
TYPES = ("PROTEST", "COERCE", "ASSAULT", "CONSULT")
SECTORS = ("GOV", "COP", "LAB", "CVL", "OPP", "JRN")


def made_up(events: int, seed: int) -> Counted:
    """So many events of one year on a board."""
    draw = random.Random(seed)
    places = [
        PlaceCell(
            f"Town {n}", draw.choice(COUNTRIES), f"Province {n % 40}", "city", 50 + 5 * draw.random(), 20 + 10 * draw.random()
        )
        for n in range(300)
    ]
    rows = []
    for n in range(events):
        day = date(2020, 1, 1) + timedelta(draw.randrange(366))
        place = draw.choice(places)
        parties = tuple(PartyCell(role, "them", place.country, draw.choice(SECTORS)) for role in (ACTOR, RECIPIENT))
        figures = (FigureCell("detained", 3, draw.choice([3, 9, None]), 0),) if n % 3 == 0 else ()
        number, last = number_of(day), number_of(day + timedelta(draw.choice([0, 0, 0, 1, 6])))
        rows.append(
            Row(
                id=f"{seed}-{n}", lead=f"{n}", print=n, first=number, last=last, precision="day", told=number, known=number,
                type=draw.choice(TYPES), mode=None, status="asserted", place=place, documents=1, witnesses=draw.choice([1, 2]),
                claims=1, confidence=0.8, review=0, flags=0, parties=parties, figures=figures,
            )
        )  # fmt: skip
    board = laid_out([stacked(rows)], key="bench", as_of=None, coverage=(), has_episodes=False)
    return counted(board, np.arange(len(board)))


def table_of_rows(rows: int) -> bytes:
    """So many rows of GDELT's layout, each of a strike in Minsk."""
    columns = load_scheme("gdelt").layouts[0][1]
    told = {
        "SQLDATE": "20200817", "Actor1Name": "WORKER", "Actor1CountryCode": "BLR", "Actor1Type1Code": "LAB", "EventCode": "143",
        "ActionGeo_Type": "4", "ActionGeo_FullName": "Minsk, Minskaya, Belarus", "ActionGeo_CountryCode": "BO",
        "ActionGeo_Lat": "53.9", "ActionGeo_Long": "27.56", "DATEADDED": "20200818101500", "SOURCEURL": "https://news.example.org/a",
    }  # fmt: skip
    lines = ("\t".join({**told, "GLOBALEVENTID": str(n)}.get(c, "") for c in columns) for n in range(rows))
    return ("\n".join(lines) + "\n").encode()


def seconds(work: Callable[[], object]) -> float:
    """The processor time that the work takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main(argv: list[str]) -> int:
    """Prints what each takes; 0."""
    parser = argparse.ArgumentParser(prog="python -m bench analyses", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=50_000, help="events of which series, dyads and spread are made")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)

    knowledge, rules, scheme = load_accounts(), load_match_rules(), load_scheme("gdelt")
    coder, raw = coder_of(scheme, "bench"), table_of_rows(ROWS)
    reading = seconds(lambda: list(read_table(raw, "bench", scheme, coder)))
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(Path(folder) / "ledger")
        entering = seconds(lambda: enter_table(ledger, raw, "bench", scheme, "bench", known_at=datetime.now(UTC)))
    one, other = (list(occurrences(c.board, c.rows.tolist())) for c in (made_up(COMPARED, SEED), made_up(COMPARED, SEED + 1)))
    comparing = seconds(lambda: compared(one, other, rules, lambda day: period_of(day, "month"), by="month"))
    events = made_up(options.events, SEED)
    figures = {
        "name": "analyses", "n": options.events, "version": version("dateline"),
        "read_row_ms": round(1000 * reading / ROWS, 2), "enter_row_ms": round(1000 * entering / ROWS, 2),
        "compare_s": round(comparing, 2),
        "series_s": round(seconds(lambda: series_of(events, knowledge, by="week")), 3),
        "series_of_figure_s": round(seconds(lambda: series_of(events, knowledge, by="week", figure="detained")), 3),
        "dyads_s": round(seconds(lambda: dyads_of(events, knowledge)), 2),
        "spread_s": round(seconds(lambda: spread_of(events)), 2),
    }  # fmt: skip
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:20}{value}")
    return 0
