"""What the map needs besides the columns: where its base map is, a user's own tiles and borders, and rival places of an event."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from dateline.knowledge.places import load_countries
from dateline.records import Account, LinkedEvent, Place, PlaceKind, Standing
from dateline.views import wording as say
from dateline.web.assets import Assets
from dateline.web.filters import moment_of
from dateline.web.site import site_of

GEOJSON = {"FeatureCollection", "Feature", "GeometryCollection", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}

MOST_QUOTES = 3
"""Words that are quoted for each place: the event's page has them all."""


def facts(request: Request) -> Response:
    """Addresses of the base map's parts, and which country of it is which. Scripts that were not built: null for theirs."""
    assets: Assets = request.app.state.assets
    options = site_of(request).options
    return JSONResponse(
        {
            "small": assets.address("build/world-110m.bin"),
            "large": assets.address("build/world-50m.bin"),
            "worker": assets.address("build/map-worker.js"),
            "basemap": "/basemap.pmtiles" if options.basemap else None,
            "borders": "/borders.geojson" if options.borders else None,
            "codes": _codes(),
        }
    )


@cache
def _codes() -> dict[str, str]:
    """ISO 3166 alpha-2 by alpha-3."""
    return {code: country.iso2 for code, country in load_countries().items()}


def tiles(request: Request) -> Response:
    """The user's PMTiles file, of which a browser asks for ranges. There is none: 404."""
    return _own(site_of(request).options.basemap, "application/octet-stream")


def borders(request: Request) -> Response:
    """The user's borders. There are none, or they are no GeoJSON: 404 and 422."""
    path = site_of(request).options.borders
    answer = _own(path, "application/geo+json")
    try:
        kind = json.loads(path.read_bytes())["type"] if path else ""
    except (ValueError, KeyError, TypeError):
        kind = ""
    if kind not in GEOJSON:
        raise HTTPException(422, "the file given with --borders is no GeoJSON")
    return answer


def _own(path: Path | None, media_type: str) -> FileResponse:
    if path is None or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type=media_type, headers={"cache-control": "no-cache"})


def places(request: Request) -> Response:
    """Each place that reports which stand give for an event, most witnesses first, with who says so and in which words."""
    site, as_of = site_of(request), moment_of(request)
    id = site.judged(as_of).event(request.path_params["id"])
    found = site.events([id], as_of)
    return JSONResponse([told for event in found for told in _places(event)])


def _places(event: LinkedEvent) -> list[dict[str, Any]]:
    where = event.accounts.field("place")
    accounts = where.accounts if where else ()
    return [_place(a, a.value, event) for a in accounts if a.standing is Standing.CURRENT and isinstance(a.value, Place)]


def _place(account: Account, place: Place, event: LinkedEvent) -> dict[str, Any]:
    has_point = place.point is not None and place.kind not in {PlaceKind.COUNTRY, PlaceKind.REGION}
    latitude, longitude = place.point if has_point and place.point else (None, None)
    quotes = [t for t in event.tellings if t.claim.id in account.claims]
    return {
        "words": say.where(place),
        "kind": place.kind.value,
        "latitude": latitude,
        "longitude": longitude,
        "tellers": list(dict.fromkeys(account.tellers)),
        "quotes": [{"words": t.evidence, "document": t.claim.document} for t in quotes[:MOST_QUOTES]],
    }


ROUTES = [
    Route("/map.json", facts),
    Route("/basemap.pmtiles", tiles),
    Route("/borders.geojson", borders),
    Route("/events/{id}/places.json", places),
]
