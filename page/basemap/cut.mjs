// Cuts the countries of Natural Earth (by way of world-atlas) at the antimeridian and writes them as small as the page needs them.
//
// Rings that cross 180 degrees are stitched together in world-atlas: drawn on a flat map they are wedges across oceans. d3-geo's
// clipping cuts them; the edges that the cut adds are known afterwards, so that nothing draws them as coasts.
//
// The file: "DLWORLD1", u32 LE length of the header, the header (JSON: `step` in degrees, and of each country its code (ISO 3166
// alpha-2, "" for none), name and the point where its name fits best), then numbers as variable-length integers of seven bits:
//   of each country the number of polygons; of each polygon the number of rings, the outer one first; of each ring the number of
//   edges, of runs, of each run its kind (see EDGES) and length, then the corners (one for each edge) as zigzag differences in steps.
import { geoClipAntimeridian, geoStream, geoTransform } from "d3-geo";
import { readFile } from "node:fs/promises";
import { feature } from "topojson-client";

/** What an edge of a ring is. A border belongs to two rings: one of them has it as BORDER or DISPUTED, the other as TWIN. */
export const EDGES = { COAST: 0, BORDER: 1, DISPUTED: 2, TWIN: 3, CUT: 4 };

const RADIANS = Math.PI / 180;
/** Kosovo has no number in ISO 3166; this is the code that all but everybody gives it. */
const CODES = { Kosovo: "XK" };

/** The countries of a file of world-atlas ("50m") in steps of a fraction of a degree. */
export async function cutWorld(scale, step) {
  const atlas = JSON.parse(await readFile(new URL(`../node_modules/world-atlas/countries-${scale}.json`, import.meta.url)));
  const { features } = feature(atlas, atlas.objects.countries);
  const countries = features
    .map(({ id, properties, geometry }) => ({ code: codeOf(id, properties.name), name: properties.name, polygons: polygonsOf(geometry, step) }))
    .filter(({ polygons }) => polygons.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return written(countries, step, edgesOf(countries, step, await disputed()));
}

function codeOf(number, name) {
  return number ? new Intl.Locale(`und-${number}`).region : (CODES[name] ?? "");
}

async function disputed() {
  const [, ...lines] = (await readFile(new URL("disputed.csv", import.meta.url), "utf8")).trim().split("\n");
  return lines.map((line) => {
    const [first, second, west, south, east, north] = line.split(",");
    return { pair: [first, second].sort().join("|"), box: west ? [west, south, east, north].map(Number) : null };
  });
}

/** Polygons as lists of rings of [x, y] in whole steps, cut at the antimeridian; each outer ring with the holes that lie in it. */
function polygonsOf(geometry, step) {
  const polygons = [];
  let rings = [];
  let ring = null;
  const sink = {
    polygonStart: () => (rings = []),
    polygonEnd: () => polygons.push(...nested(rings)),
    lineStart: () => (ring = []),
    lineEnd: () => rings.push(ring),
    point: (x, y) => ring.push([Math.round(x / RADIANS / step), Math.round(y / RADIANS / step)]),
    sphere() {},
  };
  const clip = geoClipAntimeridian(sink);
  const inRadians = geoTransform({
    point(longitude, latitude) {
      this.stream.point(longitude * RADIANS, latitude * RADIANS);
    },
  }).stream(clip);
  geoStream(geometry, inRadians);
  return polygons;
}

/** Rings with outer ones told from holes by the way they turn. */
function nested(rings) {
  const real = rings.map(withoutRepeats).filter((ring) => ring.length > 2 && area(ring) !== 0);
  // On the sphere world-atlas turns outer rings clockwise, which on a map with north up is a negative area.
  const outer = real.filter((ring) => area(ring) < 0);
  const holes = real.filter((ring) => area(ring) > 0);
  return outer.map((ring) => [ring, ...holes.filter((hole) => isInside(hole[0], ring))]);
}

function withoutRepeats(ring) {
  return ring.filter(([x, y], i) => {
    const [px, py] = ring[(i + ring.length - 1) % ring.length];
    return x !== px || y !== py;
  });
}

function area(ring) {
  return ring.reduce((sum, [x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length];
    return sum + (x * ny - nx * y) / 2;
  }, 0);
}

function isInside([x, y], ring) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i];
    const [bx, by] = ring[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** What each edge is: a function of a country, one of its rings, and an edge in it. */
function edgesOf(countries, step, disputes) {
  const owners = new Map();
  const key = (a, b) => (a < b ? `${a}|${b}` : `${b}|${a}`);
  for (const country of countries) for (const ring of country.polygons.flat()) ring.forEach((corner, i) => {
    const edge = key(corner, ring[(i + 1) % ring.length]);
    owners.set(edge, [...(owners.get(edge) ?? []), country.name]);
  });
  const drawn = new Set();
  const half = Math.round(180 / step);
  return (ring, i) => {
    const a = ring[i];
    const b = ring[(i + 1) % ring.length];
    if ((Math.abs(a[0]) === half && Math.abs(b[0]) === half) || (a[1] <= -half / 2 && b[1] <= -half / 2)) return EDGES.CUT;
    const edge = key(a, b);
    const sides = owners.get(edge);
    if (sides.length < 2) return EDGES.COAST;
    if (drawn.has(edge)) return EDGES.TWIN;
    drawn.add(edge);
    const pair = [...sides].sort().join("|");
    const [x, y] = [a[0] * step, a[1] * step];
    const isDisputed = disputes.some(({ pair: of, box }) => of === pair && (!box || (x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3])));
    return isDisputed ? EDGES.DISPUTED : EDGES.BORDER;
  };
}

/** The point of the largest ring that lies deepest in it, of those of a grid: where a name fits. Some corners of a long coast will do. */
function labelOf(polygons, step) {
  const whole = polygons.map(([outer]) => outer).reduce((best, outer) => (Math.abs(area(outer)) > Math.abs(area(best)) ? outer : best));
  const ring = whole.filter((_, i) => i % Math.ceil(whole.length / 150) === 0);
  const xs = ring.map(([x]) => x);
  const ys = ring.map(([, y]) => y);
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  let best = ring[0];
  let deepest = -1;
  const parts = 16;
  for (let i = 1; i < parts; i++) for (let j = 1; j < parts; j++) {
    const point = [west + ((east - west) * i) / parts, south + ((north - south) * j) / parts];
    if (!isInside(point, ring)) continue;
    const depth = Math.min(...ring.map((corner, k) => toEdge(point, corner, ring[(k + 1) % ring.length])));
    if (depth > deepest) [deepest, best] = [depth, point];
  }
  return best.map((steps) => Math.round(steps * step * 100) / 100);
}

function toEdge([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

function written(countries, step, kindOf) {
  const bytes = [];
  const number = (value) => {
    for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
    bytes.push(value);
  };
  const signed = (value) => number(value < 0 ? -2 * value - 1 : 2 * value);
  for (const { polygons } of countries) {
    number(polygons.length);
    for (const rings of polygons) {
      number(rings.length);
      for (const ring of rings) {
        const runs = [];
        ring.forEach((_, i) => {
          const kind = kindOf(ring, i);
          if (runs.at(-1)?.kind === kind) runs.at(-1).length++;
          else runs.push({ kind, length: 1 });
        });
        number(ring.length);
        number(runs.length);
        for (const { kind, length } of runs) {
          number(kind);
          number(length);
        }
        let [px, py] = [0, 0];
        for (const [x, y] of ring) {
          signed(x - px);
          signed(y - py);
          [px, py] = [x, y];
        }
      }
    }
  }
  const header = Buffer.from(JSON.stringify({ step, countries: countries.map(({ code, name, polygons }) => ({ code, name, label: labelOf(polygons, step) })) }));
  const start = Buffer.alloc(12);
  start.write("DLWORLD1", "latin1");
  start.writeUInt32LE(header.length, 8);
  return Buffer.concat([start, header, Buffer.from(bytes)]);
}
