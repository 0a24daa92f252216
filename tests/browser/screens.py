"""Every screen there is, as an address of the made-up ledger (tests/web/world.py): what holds of all is tried on each of these."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from tests.web.world import FORMULA, HOSTILE, document_called, event_called


@dataclass(frozen=True)
class Screen:
    """A page to look at. `route` is the one that answers it, as the server has it."""

    name: str
    route: str
    path: str


SCREENS = (
    Screen("explore", "/", "/"),
    Screen("explore, filtered", "/", "/?type=COERCE&flag=differ&as_of=2024-03-12"),
    Screen("disputed event", "/events/{id}", f"/events/{event_called('arrests at the gate')}"),
    Screen("hostile event", "/events/{id}", f"/events/{event_called('hostile markup')}"),
    Screen("event of a long word", "/events/{id}", f"/events/{event_called('a long word')}"),
    Screen("arabic event", "/events/{id}", f"/events/{event_called('arrest of a reporter')}"),
    Screen("history of an event", "/events/{id}/history", f"/events/{event_called('the mill')}/history"),
    Screen("documents", "/documents", "/documents"),
    Screen("hostile document", "/documents/{id}", f"/documents/{document_called('<b>hostile</b>.txt')}"),
    Screen("hebrew document", "/documents/{id}", f"/documents/{document_called('hebrew.txt')}"),
    Screen("actors", "/actors", "/actors"),
    Screen("hostile actor", "/actors/{name:path}", f"/actors/{quote(HOSTILE, safe='')}"),
    Screen("actor that is a formula", "/actors/{name:path}", f"/actors/{quote(FORMULA, safe='')}"),
    Screen("tallies", "/tallies", "/tallies"),
    Screen("figure of a tally", "/tallies/quotes", "/tallies/quotes?what=detained&by=day&group=2024-03-09"),
    Screen("what an event came to", "/events/{id}/around", f"/events/{event_called('the march')}/around"),
    Screen("network", "/network", "/network"),
    Screen("events of a pair", "/network/between", f"/network/between?who={quote('Ashport police')}&whom=dockers"),
    Screen("two names", "/network/one-actor", f"/network/one-actor?name=farmers&name={quote('Ashport police')}"),
    Screen("review", "/review", "/review"),
    Screen("decide many", "/review/bulk", "/review/bulk?status=asserted"),
    Screen("a table that was edited", "/review/table", "/review/table"),
    Screen("how far people agree", "/review/agreement", "/review/agreement"),
    Screen("many at once", "/review/bulk", "/review/bulk?type=COERCE"),
    Screen("merge", "/merge", f"/merge?id={event_called('the rally')}&id={event_called('the march')}"),
    Screen("split", "/split", f"/split?id={event_called('arrests at the gate')}"),
    Screen("audit", "/audit", "/audit"),
    Screen("entry of the log", "/audit/{number:int}", "/audit/1"),
    Screen("quality", "/quality", "/quality"),
    Screen("watch", "/watch", "/watch"),
    Screen("rule that is tried", "/watch/test", "/watch/test?since=2024-03-04&until=2024-03-10&printed=yes"),
    Screen("hand on", "/share", "/share?type=COERCE&q=dockers"),
    Screen("you", "/you", "/you?next=/review"),
    Screen("no page", "/nowhere", "/nowhere"),
)

NO_SCREENS = {
    "/columns.bin", "/rows.json", "/search.bin", "/sign-in", "/static/{path:path}", "/reports/{sha256}", "/review/next",
    "/healthz", "/readyz", "/metrics",
}  # fmt: skip
"""Routes that answer no page on this server: data, files, and signing in, which has tests of its own."""

DATA = (".json", ".csv", ".txt", ".bin", ".geojson", ".graphml", ".gexf", ".atom", ".pmtiles")
"""What addresses of data end in."""
