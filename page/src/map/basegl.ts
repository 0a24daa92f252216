/** The same under MapLibre: smoother, and the user's own tiles (`--basemap FILE.pmtiles`) if there are any. A chunk of its own. */
import type * as GeoJSON from "geojson";
import { addProtocol, type LayerSpecification, Map as MapLibre, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import type { Base } from "./base";
import type { Camera, Size } from "./camera";
import { latitudeOf, longitudeOf } from "./camera";
import type { Colours } from "./colours";
import type { World } from "./world";

/** Tiles of the user's own: the address of a PMTiles file. */
export interface Tiles {
  readonly address: string;
}

/** The base, once it has drawn its first picture; this browser cannot: rejects. */
export async function glBase(host: HTMLElement, worker: string, world: World, colours: Colours, tiles: Tiles | null, camera: Camera): Promise<Base> {
  setWorkerUrl(worker);
  const style = tiles ? await tiledStyle(tiles, world, colours) : bundledStyle(world, colours);
  const box = document.createElement("div");
  box.className = "map-gl";
  // Under what is shown until it has drawn itself.
  host.prepend(box);
  const map = new MapLibre({ container: box, style, interactive: false, attributionControl: false, fadeDuration: 0, ...looking(camera) });
  map.getCanvas().tabIndex = -1;
  map.getCanvas().removeAttribute("aria-label");
  map.getCanvas().removeAttribute("role");
  await new Promise<void>((drawn, failed) => {
    map.once("idle", () => drawn());
    map.once("error", ({ error }) => failed(error));
  }).catch((fault: unknown) => {
    map.remove();
    box.remove();
    throw fault;
  });
  // Later faults (a tile that is missing) leave a hole and say so in no dialog.
  map.on("error", () => undefined);
  let { width, height } = host.getBoundingClientRect();
  return {
    show(camera: Camera, size: Size) {
      if (size.width !== width || size.height !== height) {
        ({ width, height } = size);
        map.resize();
      }
      map.jumpTo(looking(camera));
    },
    recolour(colours) {
      if (tiles) void tiledStyle(tiles, world, colours).then((style) => map.setStyle(style));
      else {
        map.setPaintProperty("sea", "background-color", colours.sea);
        map.setPaintProperty("land", "fill-color", colours.land);
        map.setPaintProperty("coast", "line-color", colours.coast);
        for (const name of ["border", "disputed"]) map.setPaintProperty(name, "line-color", colours.border);
      }
    },
    remove() {
      map.remove();
      box.remove();
    },
  };
}

function looking({ x, y, zoom }: Camera): { center: [number, number]; zoom: number } {
  return { center: [longitudeOf(x), latitudeOf(y)], zoom };
}

function positions(line: Float64Array): GeoJSON.Position[] {
  return Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i]!, line[2 * i + 1]!]);
}

function collection(geometries: GeoJSON.Geometry[]): GeoJSON.FeatureCollection {
  return { type: "FeatureCollection", features: geometries.map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
}

function lineSources(world: World): StyleSpecification["sources"] {
  const lines = (kind: keyof World["lines"]) => collection([{ type: "MultiLineString", coordinates: world.lines[kind].map(positions) }]);
  return Object.fromEntries((["coast", "border", "disputed"] as const).map((kind) => [kind, { type: "geojson", data: lines(kind), maxzoom: 8 }]));
}

function borderLayers(colours: Colours): LayerSpecification[] {
  return [
    { id: "border", type: "line", source: "border", paint: { "line-color": colours.border, "line-width": 0.7 } },
    { id: "disputed", type: "line", source: "disputed", paint: { "line-color": colours.border, "line-width": 0.9, "line-dasharray": [4, 3] } },
  ];
}

function bundledStyle(world: World, colours: Colours): StyleSpecification {
  const land = collection(world.countries.map(({ polygons }) => ({ type: "MultiPolygon", coordinates: polygons.map((rings) => rings.map(positions)) })));
  return {
    version: 8,
    sources: { land: { type: "geojson", data: land, maxzoom: 8 }, ...lineSources(world) },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colours.sea } },
      // No outline: along the antimeridian it would be a seam.
      { id: "land", type: "fill", source: "land", paint: { "fill-color": colours.land, "fill-antialias": false } },
      { id: "coast", type: "line", source: "coast", paint: { "line-color": colours.coast, "line-width": 0.7 } },
      ...borderLayers(colours),
    ],
  };
}

/** Layers that the schemas in use (Protomaps, OpenMapTiles, Shortbread) call by these names. */
const AREAS = { land: ["earth", "land"], water: ["water", "ocean", "water_polygons"] } as const;
const LINES = ["roads", "transportation", "streets"];
const BOUNDARIES = ["boundaries", "boundary"];

/** A plain style of a PMTiles file: what is known of its layers, or its pictures. Our borders lie over it if it has none. */
async function tiledStyle(tiles: Tiles, world: World, colours: Colours): Promise<StyleSpecification> {
  const { PMTiles, Protocol, TileType } = await import("pmtiles");
  const protocol = new Protocol();
  addProtocol("pmtiles", protocol.tile);
  const address = new URL(tiles.address, location.href).href;
  const file = new PMTiles(address);
  protocol.add(file);
  const header = await file.getHeader();
  const url = `pmtiles://${address}`;
  if (header.tileType !== TileType.Mvt && header.tileType !== TileType.Mlt) {
    return { version: 8, sources: { tiles: { type: "raster", url, tileSize: 256 } }, layers: [{ id: "tiles", type: "raster", source: "tiles" }] };
  }
  const metadata = (await file.getMetadata()) as { vector_layers?: { id: string }[] };
  const named = new Set((metadata.vector_layers ?? []).map(({ id }) => id));
  const has = (names: readonly string[]): string[] => names.filter((name) => named.has(name));
  const hasLand = has(AREAS.land).length > 0;
  const isKnown = hasLand || has(AREAS.water).length > 0;
  const layers: LayerSpecification[] = [{ id: "sea", type: "background", paint: { "background-color": hasLand || !isKnown ? colours.sea : colours.land } }];
  const fill = (id: string, colour: string): LayerSpecification => ({
    id, type: "fill", source: "tiles", "source-layer": id, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour, "fill-antialias": false },
  });
  const line = (id: string, colour: string, width: number): LayerSpecification => ({
    id: `${id}-line`, type: "line", source: "tiles", "source-layer": id, paint: { "line-color": colour, "line-width": width },
  });
  for (const id of has(AREAS.land)) layers.push(fill(id, colours.land));
  for (const id of has(AREAS.water)) layers.push(fill(id, colours.sea));
  for (const id of has(LINES)) layers.push(line(id, colours.border, 0.6));
  for (const id of has(BOUNDARIES)) layers.push(line(id, colours.coast, 0.9));
  if (!isKnown) for (const id of named) layers.push(line(id, colours.coast, 0.7));
  const isBordered = has(BOUNDARIES).length > 0;
  return {
    version: 8,
    sources: { tiles: { type: "vector", url }, ...(isBordered ? {} : lineSources(world)) },
    layers: isBordered ? layers : [...layers, ...borderLayers(colours)],
  };
}
