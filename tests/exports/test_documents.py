"""Workbook, feed, provenance, annotations and linked data, each opened by what its users open it with."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import feedparser
import openpyxl
import pytest

from dateline.exports.telling import Options, Told
from dateline.exports.workbook import CUT, MOST_LETTERS, _fit
from dateline.knowledge.exports import names_of
from dateline.web.sharing.rows import Chosen
from dateline.web.sharing.tables import FORMATS, MissingLibraryError, written
from tests.exports.conftest import BASE, bytes_of, only
from tests.web.world import FAMILY, FORMULA, event_called

# ---------------------------------------------------------------- workbook


@pytest.fixture(scope="module")
def book(world: Chosen) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(bytes_of(world, "xlsx")))


def rows_of(book: openpyxl.Workbook, sheet: str) -> list[dict[str, Any]]:
    head, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_workbook_has_events_figures_words_and_what_it_is_of(book: openpyxl.Workbook, world: Chosen) -> None:
    assert book.sheetnames == ["events", "figures", "sources", "about"]
    assert [row["id"] for row in rows_of(book, "events")] == [world.board.id_of(row) for row in world.rows.tolist()]
    for sheet, columns in (("events", "parquet"), ("figures", "xlsx-figures"), ("sources", "xlsx-sources")):
        assert [cell.value for cell in book[sheet][1]] == list(names_of(columns))
        assert book[sheet].freeze_panes == "B2"
        assert book[sheet].auto_filter.ref
    said = {row["name"]: row["what it is"] for row in rows_of(book, "about")}
    assert {"licence", "filter", "program", "date"} <= set(said)
    assert said["killed_low"], "columns are explained in the file"


def test_days_are_days_and_bounds_are_numbers(book: openpyxl.Workbook) -> None:
    gate = next(row for row in rows_of(book, "events") if row["id"] == event_called("arrests at the gate"))
    assert gate["first_day"].date() == date(2024, 3, 4)
    assert (gate["detained_low"], gate["detained_high"]) == (14, None)
    assert gate["figures"].startswith("detained: 14 or more")
    figure = next(row for row in rows_of(book, "figures") if row["event"] == gate["id"] and row["what"] == "detained")
    assert figure["verdict"] == "dispute"
    assert "Lawyers for the Port" in figure["said"]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(book: openpyxl.Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert not any(cell.hyperlink for cell in cells)
    assert FORMULA in {cell.value for cell in cells}, "text stays as it is"


def test_the_words_of_each_report_lead_back_to_it(book: openpyxl.Workbook, world: Chosen) -> None:
    rows = rows_of(book, "sources")
    entered = world.site.ledger.entered({row["document"] for row in rows}, None)
    checked = 0
    for row in rows:
        document = entered[row["document"]].document
        if "\u0000" not in document.text:
            assert document.text[row["start"] : row["end"]] == row["quote"]
            checked += 1
        assert row["sha256"] == document.raw_sha256
    assert checked > 10
    assert {False, True} == {row["stands"] for row in rows}


def test_text_that_no_cell_can_hold_is_cut_and_says_so() -> None:
    cut = _fit("a" * (MOST_LETTERS + 1))
    assert cut.endswith(CUT)
    assert len(cut) <= MOST_LETTERS
    assert _fit("a" * MOST_LETTERS) == "a" * MOST_LETTERS
    assert _fit("\u0000") == "\ufffd"


def test_without_its_library_it_says_how_to_get_it(world: Chosen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.setattr("dateline.web.sharing.tables.find_spec", lambda name: None)
    with pytest.raises(MissingLibraryError, match=r"pip install 'dateline\[xlsx\]'"):
        written(world, "xlsx")


# ---------------------------------------------------------------- feed


def test_a_feed_has_every_event_the_last_change_first(world: Chosen) -> None:
    feed = feedparser.parse(bytes_of(world, "atom"))
    assert not feed.bozo
    assert len(feed.entries) == len(world.rows)
    changed = [entry.updated for entry in feed.entries]
    assert changed == sorted(changed, reverse=True)
    gate = next(entry for entry in feed.entries if entry.id.endswith(event_called("arrests at the gate")))
    assert gate.link == f"{BASE}events/{event_called('arrests at the gate')}"
    assert "detained: 14 or more (reports differ)" in gate.summary
    assert "GeoNames" in feed.feed.rights


def test_a_feed_that_nobody_serves_has_its_words_inside(world: Chosen) -> None:
    text = bytes_of(replace(world, base=""), "atom")
    root = ElementTree.fromstring(text)
    atom = "{http://www.w3.org/2005/Atom}"
    for entry in root.iter(f"{atom}entry"):
        assert entry.find(f"{atom}link") is None
        assert entry.find(f"{atom}content") is not None, "RFC 4287, 4.1.2"


# ---------------------------------------------------------------- provenance


def test_provenance_leads_from_each_event_to_the_bytes_of_reports(world: Chosen, told_of_world: list[Told]) -> None:
    document = json.loads(bytes_of(world, "prov"))
    derived: dict[str, set[str]] = {}
    for relation in document["wasDerivedFrom"].values():
        derived.setdefault(relation["prov:generatedEntity"], set()).add(relation["prov:usedEntity"])
    for told in told_of_world:
        reached = {f"dl:event/{told.event.id}"}
        for _ in range(3):
            reached = {used for made in reached for used in derived[made]}
        assert reached == {f"dl:report/{entered.document.raw_sha256}" for entered in told.sources.values()}
    said = [one for section in document.values() for one in section.values() if isinstance(one, dict)]
    named = {value for one in said for value in one.values() if isinstance(value, str)}
    entities = set(document["entity"]) | set(document["activity"]) | set(document["agent"])
    assert {name for name in named if name.startswith("dl:") and "/" in name} <= entities


def test_provenance_has_the_judgements_of_these_events_alone(world: Chosen) -> None:
    everything = json.loads(bytes_of(world, "prov"))
    kinds = {entity.get("dl:kind") for entity in everything["entity"].values()}
    assert {"accepted", "corrected", "merged", "retracted"} <= kinds
    assert everything["wasInvalidatedBy"], "one is undone"
    alone = json.loads(bytes_of(only(world, "arrests at the gate"), "prov"))
    assert {entity.get("dl:kind") for entity in alone["entity"].values()} - {None} == {"accepted"}


# ---------------------------------------------------------------- annotations


def test_an_annotation_selects_its_words_by_place_and_by_themselves(world: Chosen) -> None:
    collection = json.loads(bytes_of(world, "webanno"))
    items = collection["first"]["items"]
    assert collection["total"] == len(items)
    assert collection["rights"]
    documents = {item["target"]["source"]["id"].rpartition("/")[2] for item in items}
    texts = {id: entered.document.text for id, entered in world.site.ledger.entered(documents, None).items()}
    beyond = 0
    for item in items:
        position, quote = item["target"]["selector"]
        text = texts[item["target"]["source"]["id"].rpartition("/")[2]]
        start, end = position["start"], position["end"]
        assert (position["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
        assert text[start:end] == quote["exact"]
        assert text[:start].endswith(quote["prefix"])
        assert text[end:].startswith(quote["suffix"])
        beyond += FAMILY in text[:start]
    assert beyond > 100, "offsets behind emoji are code points"
    assert len({item["id"] for item in items}) == len(items)


def test_an_annotation_says_what_was_read_from_the_words(world: Chosen) -> None:
    gate = event_called("arrests at the gate")
    items = json.loads(bytes_of(only(world, "arrests at the gate"), "webanno"))["first"]["items"]
    read = {(item["dl:field"], item["target"]["selector"][1]["exact"], item["body"][0]["value"]) for item in items}
    assert ("count", "at least 40 dockers", "detained: 40 or more") in read
    assert ("actor", "Police", "Ashport police") in read
    assert {item["body"][1]["id"] for item in items} == {f"urn:dateline:event/{gate}"}
    assert {item["dl:stands"] for item in items if item["dl:field"] == "evidence"} == {True, False}


# ---------------------------------------------------------------- linked data


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own, of its own
def test_linked_data_is_read_as_triples(world: Chosen) -> None:
    rdflib = pytest.importorskip("rdflib", reason="a reader of JSON-LD, which comes with the readers of other formats")
    graph = rdflib.Graph().parse(data=bytes_of(world, "jsonld").decode(), format="json-ld")
    schema = rdflib.Namespace("https://schema.org/")
    gate = rdflib.URIRef(f"urn:dateline:event/{event_called('arrests at the gate')}")
    assert (gate, rdflib.RDF.type, schema.Event) in graph
    claims = list(graph.objects(gate, schema.subjectOf))
    assert len(claims) == 6
    articles = {str(graph.value(graph.value(claim, schema.appearance), schema.url)) for claim in claims}
    assert "https://wire.example/gate" in articles
    events = set(graph.subjects(rdflib.RDF.type, schema.Event))
    assert rdflib.URIRef(f"urn:dateline:event/{event_called('the vigil')}") not in events, "only planned"


def test_a_country_has_no_point_in_linked_data(world: Chosen) -> None:
    nodes = {node["@id"]: node for node in json.loads(bytes_of(world, "jsonld"))["@graph"]}
    curfew = nodes[f"urn:dateline:event/{event_called('the curfew')}"]
    assert curfew["location"]["name"] == "Chad"
    assert "geo" not in curfew["location"]


# ---------------------------------------------------------------- FollowTheMoney


def test_followthemoney_takes_every_entity(world: Chosen) -> None:
    ftm = pytest.importorskip("followthemoney", reason="needs ICU's headers: tools/install_readers.py installs it")
    lines = [json.loads(line) for line in bytes_of(world, "ftm", Options(has_all_statuses=True)).decode().splitlines()]
    proxies = {line["id"]: ftm.model.get_proxy(line) for line in lines}
    assert len(proxies) == len(lines)
    for line in lines:
        proxy = proxies[line["id"]]
        proxy.schema.validate(line)
        cleaned = ftm.model.get_proxy(line, cleaned=False)
        assert cleaned.properties.keys() == proxy.properties.keys(), "no value is thrown away as badly written"
        for prop, value in proxy.itervalues():
            if prop.type.name == "entity":
                assert value in proxies, f"{prop.qname} leads nowhere"
    assert {"Event", "Article", "Note", "Mention", "LegalEntity"} <= {proxy.schema.name for proxy in proxies.values()}


def test_an_event_of_followthemoney_has_its_days_country_and_words(world: Chosen) -> None:
    lines = {line["id"]: line for line in map(json.loads, bytes_of(world, "ftm").decode().splitlines())}
    gate_id = f"dateline-{event_called('arrests at the gate')}"
    gate = lines[gate_id]["properties"]
    assert (gate["startDate"], gate["endDate"]) == (["2024-03-04"], ["2024-03-04"])
    assert (gate["country"], gate["location"]) == (["nz"], ["Gate Four"])
    assert "detained: 14 or more" in gate["notes"]
    assert "reports differ: detained" in gate["notes"]
    notes = [line for line in lines.values() if line["properties"].get("entity") == [gate_id]]
    assert any("at least 40 dockers" in note["properties"]["description"][0] for note in notes)


def test_what_did_not_happen_says_so_in_its_name(world: Chosen) -> None:
    vigil = f"dateline-{event_called('the vigil')}"
    assert vigil not in bytes_of(world, "ftm").decode()
    every = bytes_of(world, "ftm", Options(has_all_statuses=True)).decode().splitlines()
    lines = {line["id"]: line for line in map(json.loads, every)}
    assert lines[vigil]["properties"]["name"][0].startswith("planned: ")


def test_every_format_has_a_title_for_the_page() -> None:
    assert len({kind.title for kind in FORMATS.values()}) == len(FORMATS)
