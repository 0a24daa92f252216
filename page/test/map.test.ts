import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { bounded, boxOf, fitting, panned, worldX, worldY, zoomed } from "../src/map/camera";
import { gathered, layoutOf, shortly } from "../src/map/marks";
import { readBorders, readWorld } from "../src/map/world";
import type { Columns } from "../src/columns";

const SIZE = { width: 800, height: 500 };

test("a file of the world reads back whole, cut at the antimeridian", async () => {
  // The name is no constant for the bundler: the file finds the world's data beside itself.
  const { cutWorld } = (await import(pathToFileURL(join(process.cwd(), "basemap/cut.mjs")).href)) as { cutWorld: (scale: string, step: number) => Promise<Buffer> };
  const bytes = await cutWorld("110m", 0.02);
  const world = readWorld(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
  assert.ok(world.countries.length > 150);
  for (const { name, polygons } of world.countries) for (const ring of polygons.flat()) {
    for (let i = 2; i < ring.length; i += 2) {
      assert.ok(Math.abs(ring[i]! - ring[i - 2]!) < 180 || ring[i + 1] === -90, `${name} has an edge across the map`);
      assert.ok(Math.abs(ring[i]!) <= 180 && Math.abs(ring[i + 1]!) <= 90);
    }
  }
  const west = (code: string): number[] => world.countries.find((country) => country.code === code)!.polygons.map(([outer]) => Math.min(...outer!.filter((_, i) => i % 2 === 0)));
  assert.ok(west("RU").some((degrees) => degrees === -180) && west("RU").some((degrees) => degrees > 0), "Russia lies on both sides");
  for (const line of [...world.lines.coast, ...world.lines.border, ...world.lines.disputed])
    for (let i = 2; i < line.length; i += 2) assert.ok(!(Math.abs(line[i]!) === 180 && Math.abs(line[i - 2]!) === 180), "the cut is drawn as a coast");
  assert.ok(world.lines.disputed.length > 5);
});

test("other bytes are no world", () => {
  assert.throws(() => readWorld(new ArrayBuffer(64)), /no base map/);
});

test("borders of the user's own are cut where they jump across the map, and dashed where they say so", () => {
  const lines = readBorders({
    type: "FeatureCollection",
    features: [
      { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [[178, 1], [179, 1], [-179, 1], [-178, 1]] } },
      { type: "Feature", properties: { disputed: true }, geometry: { type: "LineString", coordinates: [[0, 0], [1, 1]] } },
    ],
  });
  assert.deepEqual([lines.border.length, lines.disputed.length, lines.coast.length], [2, 1, 0]);
});

test("the camera keeps what lies under the pointer, and goes round the world sideways", () => {
  const camera = { x: 0.5, y: 0.4, zoom: 2 };
  const near = zoomed(camera, 1, 100, 50);
  const under = (c: typeof camera, right: number, down: number) => [c.x + right / (512 * 2 ** c.zoom), c.y + down / (512 * 2 ** c.zoom)];
  under(camera, 100, 50).forEach((value, i) => assert.ok(Math.abs(value - under(near, 100, 50)[i]!) < 1e-12));
  assert.ok(bounded(panned(camera, 4000, 0), SIZE).x < 1);
  assert.equal(bounded({ x: 0.5, y: -3, zoom: 2 }, SIZE).y, 250 / 2048);
});

test("a box across the antimeridian has its west in the east", () => {
  const [west, , east] = boxOf({ x: worldX(180), y: 0.5, zoom: 3 }, SIZE);
  assert.ok(west > 0 && east < 0);
  const fitted = fitting([worldX(170), worldX(-170)], [worldY(0), worldY(1)], SIZE);
  assert.ok(Math.abs(((fitted.x + 0.5) % 1) - 0.5) < 1e-6, "places on both sides lie close together");
});

function columnsOf(places: { kind: string; country: string | null; at: [number, number] | null }[]): Columns {
  const tables = {
    places: {
      name: places.map((_, i) => `place ${i}`),
      country: places.map(({ country }) => country),
      admin1: places.map(() => null),
      kind: places.map(({ kind }) => kind),
      latitude: places.map(({ at }) => at?.[0] ?? null),
      longitude: places.map(({ at }) => at?.[1] ?? null),
    },
  };
  return { tables, place: Uint32Array.from(places.keys()) } as unknown as Columns;
}

test("a country is never a point, even if somebody gives it one; a sea is on no map", () => {
  const layout = layoutOf(columnsOf([
    { kind: "city", country: "BLR", at: [53.9, 27.6] },
    { kind: "country", country: "BLR", at: [53, 28] },
    { kind: "facility", country: "BLR", at: null },
    { kind: "region", country: null, at: [10, 10] },
  ]));
  assert.deepEqual(layout.sites.map(({ place }) => place), [0]);
  assert.deepEqual(layout.countries.get("BLR"), [1, 2]);
  assert.deepEqual(layout.nowhere, [3]);
});

test("every place is in one mark, at every zoom", () => {
  const places = Array.from({ length: 400 }, (_, i) => ({ kind: i % 3 ? "city" : "admin1", country: "AAA", at: [((i * 37) % 120) - 60, ((i * 91) % 360) - 180] as [number, number] }));
  const { sites } = layoutOf(columnsOf(places));
  for (const zoom of [0, 2, 5, 9]) {
    const held = gathered(sites, zoom).flatMap(({ places }) => places);
    assert.deepEqual([...held].sort((a, b) => a - b), places.map((_, i) => i));
  }
  assert.ok(gathered(sites, 0).length < gathered(sites, 9).length);
  assert.ok(gathered(sites, 9).every(({ exactness, places }) => places.length === 1 || exactness === "several"));
});

test("numbers are short", () => {
  assert.deepEqual([1, 999, 1234, 9960, 45_678, 2_345_678].map(shortly), ["1", "999", "1.2k", "10k", "46k", "2.3M"]);
});
