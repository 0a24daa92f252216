/** Countries as the page draws them: read from the files that page/basemap/cut.mjs writes, or from a GeoJSON of the user's own. */
import type * as GeoJSON from "geojson";
import { worldX, worldY } from "./camera";

/** What the edges of a ring are, as cut.mjs has it. */
const COAST = 0;
const BORDER = 1;
const DISPUTED = 2;

export interface Country {
  /** ISO 3166 alpha-2; "": none. */
  readonly code: string;
  readonly name: string;
  /** Longitude and latitude of where its name fits. */
  readonly label: readonly [number, number];
  /** Polygons of rings of longitude, latitude, longitude, …; the first ring is the outer one. */
  readonly polygons: readonly (readonly Float64Array[])[];
}

export interface World {
  readonly countries: readonly Country[];
  /** Lines of longitude, latitude, …, each drawn once. */
  readonly lines: Readonly<Record<"coast" | "border" | "disputed", readonly Float64Array[]>>;
}

/** The world from a file of cut.mjs; other bytes: throws. */
export function readWorld(bytes: ArrayBuffer): World {
  const text = new TextDecoder();
  if (bytes.byteLength < 12 || text.decode(new Uint8Array(bytes, 0, 8)) !== "DLWORLD1") throw new Error("this is no base map");
  const length = new DataView(bytes).getUint32(8, true);
  const header = JSON.parse(text.decode(new Uint8Array(bytes, 12, length))) as {
    step: number;
    countries: { code: string; name: string; label: [number, number] }[];
  };
  const body = new Uint8Array(bytes, 12 + length);
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = body[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const signed = (): number => {
    const value = number();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  };
  const lines: Record<"coast" | "border" | "disputed", Float64Array[]> = { coast: [], border: [], disputed: [] };
  const listOf = (kind: number): Float64Array[] | null =>
    kind === COAST ? lines.coast : kind === BORDER ? lines.border : kind === DISPUTED ? lines.disputed : null;
  const ringAt = (): Float64Array => {
    const corners = number();
    const runs = Array.from({ length: number() }, () => [number(), number()] as const);
    const ring = new Float64Array(corners * 2 + 2);
    let [x, y] = [0, 0];
    for (let i = 0; i < corners; i++) {
      ring[2 * i] = (x += signed()) * header.step;
      ring[2 * i + 1] = (y += signed()) * header.step;
    }
    ring[2 * corners] = ring[0]!;
    ring[2 * corners + 1] = ring[1]!;
    let from = 0;
    for (const [kind, edges] of runs) {
      listOf(kind)?.push(ring.subarray(2 * from, 2 * (from + edges) + 2));
      from += edges;
    }
    return ring;
  };
  const countries = header.countries.map((country) => ({
    ...country,
    polygons: Array.from({ length: number() }, () => Array.from({ length: number() }, ringAt)),
  }));
  return { countries, lines };
}

/** Lines of a GeoJSON that take the place of the bundled borders; a feature with `disputed` true is dashed. */
export function readBorders(given: GeoJSON.GeoJSON): Pick<World, "lines">["lines"] {
  const lines: { coast: Float64Array[]; border: Float64Array[]; disputed: Float64Array[] } = { coast: [], border: [], disputed: [] };
  const add = (geometry: GeoJSON.Geometry | null, isDisputed: boolean): void => {
    const put = (line: GeoJSON.Position[]): void => {
      for (const part of cutLine(line)) (isDisputed ? lines.disputed : lines.border).push(part);
    };
    switch (geometry?.type) {
      case "LineString":
        return put(geometry.coordinates);
      case "MultiLineString":
      case "Polygon":
        return geometry.coordinates.forEach(put);
      case "MultiPolygon":
        return geometry.coordinates.flat().forEach(put);
      case "GeometryCollection":
        return geometry.geometries.forEach((part) => add(part, isDisputed));
    }
  };
  if (given.type === "FeatureCollection") for (const { geometry, properties } of given.features) add(geometry, properties?.disputed === true);
  else if (given.type === "Feature") add(given.geometry, given.properties?.disputed === true);
  else add(given, false);
  return lines;
}

/** The line in parts none of which jumps from one edge of the map to the other. */
function cutLine(line: GeoJSON.Position[]): Float64Array[] {
  const parts: number[][] = [[]];
  line.forEach(([longitude = 0, latitude = 0], i) => {
    const before = line[i - 1]?.[0];
    if (before !== undefined && Math.abs(longitude - before) > 180) parts.push([]);
    parts.at(-1)!.push(longitude, latitude);
  });
  return parts.filter((part) => part.length > 2).map((part) => Float64Array.from(part));
}

/** Units of a path to the width of the world: a canvas keeps corners in single precision, and small numbers lose too much. */
export const PATH = 4096;

/** The rings or lines as one path, the world `PATH` units wide. */
export function pathOf(lines: Iterable<Float64Array>): Path2D {
  const path = new Path2D();
  for (const line of lines) {
    path.moveTo(worldX(line[0]!) * PATH, worldY(line[1]!) * PATH);
    for (let i = 2; i < line.length; i += 2) path.lineTo(worldX(line[i]!) * PATH, worldY(line[i + 1]!) * PATH);
  }
  return path;
}

/** The area of a country as a path, to be filled by the even-odd rule. */
export function areaOf(country: Country): Path2D {
  return pathOf(country.polygons.flat());
}
