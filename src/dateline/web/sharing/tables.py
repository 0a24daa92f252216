"""Chosen events as files for programs and spreadsheets: one traversal, many formats, the same from the page and the command."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

import numpy as np

from dateline.errors import MissingExtraError
from dateline.exports.acled import acled_csv
from dateline.exports.annotations import web_annotations
from dateline.exports.cameo import gdelt_tsv, phoenix_tsv
from dateline.exports.ftm import ftm
from dateline.exports.ged import ged_csv
from dateline.exports.linked_data import jsonld
from dateline.exports.lossless import encoded, json_lines, parquet
from dateline.exports.plover import plover_jsonl
from dateline.exports.telling import USUAL, Asked, Options, Told
from dateline.exports.workbook import xlsx
from dateline.knowledge.exports import names_of
from dateline.ledger.corrections import COUNTS
from dateline.ledger.judgements import FIRST
from dateline.runs.table_cells import DECISION, EXPORTED, ID, REASON, columns_of, exported_cell, values_of
from dateline.web import lists
from dateline.web.sharing.events import told_events
from dateline.web.sharing.feeds import atom_file, prov_file
from dateline.web.sharing.networks import edges_file, gexf_file, graphml_file, nodes_file
from dateline.web.sharing.rows import Chosen, in_numbers

COLUMNS = (
    ID, DECISION, REASON, "first_day", "last_day", "day_precision", "type", "mode", "status", "place", "place_kind", "admin1",
    "country", "latitude", "longitude", "actors", "recipients", "documents", "witnesses", "claims", "confidence", "marks", "review",
    "first_reported", "known_since", "headline", "evidence", "title", "address",
)  # fmt: skip
"""The columns of the CSV; those of figures (`killed_low`, `killed_high` …) stand after them, then EXPORTED, and ABOUT last.

`decision` and `reason` are empty: they are for whoever edits the table, which can be read back (runs/table_decisions.py).
"""


@dataclass(frozen=True)
class Format:
    """A form in which chosen events can be written: the ending of its files, its bytes piece by piece, and what it is for.

    `has_status` False: the format cannot say that something was only planned, denied or alleged, so that such events stand in it
    only when asked for. `has_metadata`: a file beside it says what it is of, for which it has no place but a cell, if any.
    `library` must be there to write it, and comes with the extra of that name. `columns_of` gives those of a table that always has
    the same; `has_bounds`: a figure is one number in it (telling.Bound). `beside` has more of the same by the ending of its file's
    name.
    """

    ending: str
    media_type: str
    write: Callable[[Chosen, Asked], Iterator[bytes]]
    title: str
    has_status: bool = True
    has_metadata: bool = False
    library: tuple[str, str] | None = None
    columns_of: Callable[[], tuple[str, ...]] = tuple
    has_bounds: bool = False
    beside: Callable[[Chosen], Mapping[str, Iterator[bytes]]] = lambda chosen: {}

    def says(self, options: Options) -> dict[str, str]:
        """What the options made of a file of this format."""
        bounds = {"bounds": f"one number is the {options.bounds} one"} if self.has_bounds else {}
        statuses = {"statuses": "all" if options.has_all_statuses else "asserted"} if not self.has_status else {}
        return bounds | statuses


Tell = Callable[[str], object]
"""Who is told something while events are written."""


def nobody_told(said: str) -> None:
    """Nobody wants to know."""


class MissingLibraryError(MissingExtraError):
    """A format needs a library that is not installed; the message says how to get it."""


def narrowed(chosen: Chosen, name: str, options: Options = USUAL) -> Chosen:
    """What of the choice a format can hold: without a place for the status, what is asserted, unless all is asked for."""
    return chosen if FORMATS[name].has_status or options.has_all_statuses else chosen.asserted()


def written(
    chosen: Chosen, name: str, options: Options = USUAL, leave_out: Tell = nobody_told, on_event: Tell = nobody_told
) -> Iterator[bytes]:
    """The events in a format of FORMATS, piece by piece; what UTF-8 cannot hold is replaced.

    `leave_out` is told why, for each event that the format has no code for, and `on_event` of each event that was read in full.
    Raises MissingLibraryError before the first piece.
    """
    needed(name)
    fitting = narrowed(chosen, name, options)
    about = _about(fitting, name)
    return FORMATS[name].write(fitting, Asked(lambda: _read(fitting, on_event), about, options, leave_out))


def _read(chosen: Chosen, on_event: Tell) -> Iterator[Told]:
    for told in told_events(chosen):
        yield told
        on_event(told.event.id)


def needed(name: str) -> None:
    """Raises MissingLibraryError when a format needs a library that is not installed."""
    library = FORMATS[name].library
    if library is not None and not is_there(name):
        raise MissingLibraryError(f"{name} needs {library[0]}: pip install 'dateline[{library[1]}]'")


def is_there(name: str) -> bool:
    """Whether a format can be written: its library is installed, if it needs one."""
    library = FORMATS[name].library
    return library is None or find_spec(library[0]) is not None


def metadata(
    chosen: Chosen,
    url: str,
    name: str = "csv",
    options: Options = USUAL,
    *,
    events: int | None = None,
    left_out: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """What the file at that address says of itself: of a table as CSV on the Web has it, of others the same but for the columns.

    `events` is how many it has, where that is known; `left_out` those that it has not, by why; None: those whose status it cannot
    say.
    """
    kind, reasons = FORMATS[name], chosen.left_out if left_out is None else left_out
    counted = {} if events is None else {"events": events}
    about = {
        **counted,
        **_about(chosen, name),
        **kind.says(options),
        **({"left_out": in_numbers(reasons)} if reasons else {}),
    }
    said = {"@context": "http://www.w3.org/ns/csvw", "url": url, "dateline": about}
    columns = _columns_of(chosen) if name == "csv" else kind.columns_of()
    if not columns:
        return {"url": url, "dateline": about}
    dialect = {"dialect": {"delimiter": "\t", "header": False, "quoteChar": None}} if kind.ending == "tsv" else {}
    listed = [{"name": column, "titles": column} for column in columns]
    return said | dialect | {"tableSchema": {"columns": listed, "primaryKey": columns[0]}}


def _about(chosen: Chosen, name: str) -> dict[str, Any]:
    """What a file says of itself. Without how many events it has, where some have no code: that shows when it is written."""
    return {key: value for key, value in chosen.about().items() if key != "events" or FORMATS[name].has_status}


def as_json(value: Any) -> str:
    """The value as JSON in one line; what UTF-8 cannot hold is replaced."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()


def _events(chosen: Chosen) -> Iterator[str]:
    """The events that fit, in the order of the board."""
    return _listed(chosen, "events", map(as_json, chosen.told()))


def _features(chosen: Chosen) -> Iterator[str]:
    """One feature an event. Without a known point there is no geometry, and never the middle of a country."""
    return _listed(chosen, "features", map(_feature, chosen.told()))


def _listed(chosen: Chosen, name: str, items: Iterable[str]) -> Iterator[str]:
    """An object with what the file says of itself and the items, one a line."""
    kind = {"type": "FeatureCollection"} if name == "features" else {}
    yield f'{as_json({**kind, "about": chosen.about()})[:-1]},"{name}":['
    for number, item in enumerate(items):
        yield f"{',' if number else ''}\n{item}"
    yield "\n]}\n"


def _feature(row: dict[str, Any]) -> str:
    has_point = row["longitude"] is not None
    geometry = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]} if has_point else None
    return as_json({"type": "Feature", "id": row["id"], "geometry": geometry, "properties": row})


def _table(chosen: Chosen) -> Iterator[str]:
    """A table that a spreadsheet opens."""
    whats = _whats(chosen)
    said = lists.in_a_line(chosen.about())
    entries = chosen.site.log.entries(chosen.board.as_of)
    head = entries[-1].hash if entries else FIRST
    yield lists.MARK + lists.line(_columns_of(chosen))
    for number, row in enumerate(chosen.told()):
        figures = {figure["what"]: figure for figure in row["figures"]}
        names = {role: [party["name"] for party in row[role]] for role in ("actors", "recipients")}
        bounds = [figures.get(what, {}).get(side) for what in whats for side in ("low", "high")]
        # A covered table cannot be read back: what it would be compared with has the names.
        values = None if chosen.is_covered else values_of(chosen.board, row["row"])
        exported = exported_cell(row["id"], values, row["claims"], head) if values is not None else None
        cells = ({**row, **names}.get(name) for name in COLUMNS)
        yield lists.line([*cells, *bounds, exported, said if number == 0 else None])


def _columns_of(chosen: Chosen) -> list[str]:
    figures = (column for what in _whats(chosen) for column in columns_of(f"{COUNTS}{what}"))
    return [*COLUMNS, *figures, EXPORTED, lists.ABOUT]


def _whats(chosen: Chosen) -> list[str]:
    """The kinds of figure that the chosen rows have."""
    starts = chosen.board.columns["figure_start"].astype(np.int64)
    has_figures = np.zeros(len(chosen.board), bool)
    has_figures[chosen.rows] = True
    kept = np.repeat(has_figures, np.diff(starts).tolist())
    return sorted(chosen.board.tables.whats[number] for number in np.unique(chosen.board.columns["figure_what"][kept]).tolist())


def _of_rows(write: Callable[[Chosen], Iterator[str]]) -> Callable[[Chosen, Asked], Iterator[bytes]]:
    """A format that is made of the rows of the board."""
    return lambda chosen, _: encoded(write(chosen))


def _of_board(write: Callable[[Chosen], Iterator[bytes]]) -> Callable[[Chosen, Asked], Iterator[bytes]]:
    """A format that is made of the board and the log."""
    return lambda chosen, _: write(chosen)


def _of_text(write: Callable[[Asked], Iterator[str]]) -> Callable[[Chosen, Asked], Iterator[bytes]]:
    """A format that is made of events in full, and is text."""
    return lambda _, asked: encoded(write(asked))


def _of_events(write: Callable[[Asked], Iterator[bytes]]) -> Callable[[Chosen, Asked], Iterator[bytes]]:
    """A format that is made of events in full, and is no text."""
    return lambda _, asked: write(asked)


def _foreign(
    ending: str, media_type: str, write: Callable[[Asked], Iterator[str]], title: str, *, rows: str = "", has_bounds: bool = False
) -> Format:
    """The format of another data set: it has no status, and what it is of stands beside it. `rows` names its columns."""
    foreign = Format(ending, media_type, _of_text(write), title, has_status=False, has_metadata=True, has_bounds=has_bounds)
    return replace(foreign, columns_of=lambda: names_of(rows)) if rows else foreign


JSON_LINES, LINKED = "application/jsonl", "application/ld+json"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE, TABS = "text/csv; charset=utf-8", "text/tab-separated-values; charset=utf-8"

FORMATS = {
    "csv": Format("csv", TABLE, _of_rows(_table), "CSV, for spreadsheets", has_metadata=True),
    "json": Format("json", "application/json", _of_rows(_events), "JSON, for programs"),
    "geojson": Format("geojson", "application/geo+json", _of_rows(_features), "GeoJSON, for maps"),
    "jsonl": Format("jsonl", JSON_LINES, _of_text(json_lines), "JSON lines, all that is told", has_metadata=True),
    "parquet": Format("parquet", "application/vnd.apache.parquet", _of_events(parquet), "Parquet, for pandas, polars and R"),
    "acled-csv": _foreign("csv", TABLE, acled_csv, "CSV, ACLED-like", rows="acled-csv", has_bounds=True),
    "ged-csv": _foreign("csv", TABLE, ged_csv, "CSV, UCDP-GED-like", rows="ged-csv"),
    "gdelt-tsv": _foreign("tsv", TABS, gdelt_tsv, "TSV, as GDELT 2.0's events", rows="gdelt-tsv"),
    "cameo-tsv": _foreign("tsv", TABS, phoenix_tsv, "TSV, CAMEO events as Phoenix has them", rows="cameo-tsv"),
    "plover-jsonl": _foreign("jsonl", JSON_LINES, plover_jsonl, "JSON lines, PLOVER"),
    "xlsx": Format("xlsx", WORKBOOK, _of_events(xlsx), "Excel workbook", library=("xlsxwriter", "xlsx")),
    "graphml": Format("graphml", "application/graphml+xml", _of_board(graphml_file), "GraphML, who does what to whom"),
    "gexf": Format("gexf", "application/gexf+xml", _of_board(gexf_file), "GEXF, who does what to whom, for Gephi"),
    "network-csv": Format("csv", TABLE, _of_board(edges_file), "CSV, who does what to whom", beside=nodes_file),
    "ftm": _foreign("ftm.jsonl", JSON_LINES, ftm, "FollowTheMoney entities, for Aleph"),
    "webanno": Format("anno.jsonld", LINKED, _of_text(web_annotations), "Web Annotations, the words that events rest on"),
    "atom": Format("atom", "application/atom+xml; charset=utf-8", _of_board(atom_file), "Atom feed"),
    "prov": Format("prov.json", "application/json", prov_file, "PROV-JSON, where each event comes from"),
    "jsonld": replace(_foreign("jsonld", LINKED, jsonld, "JSON-LD, schema.org"), has_metadata=False),
}
"""The formats by the name that the command and the page's addresses have for them (docs/formats.md)."""
