/** Pictures of the map's overlay and of the network, for bench/drawing.py to time: it bundles this and calls `pictures` one by one. */
import { gathered, layoutOf } from "../src/map/marks";
import { drawOverlay } from "../src/map/overlay";
import { drawNetwork } from "../src/network/draw";
import { KINDS } from "../src/kinds";
import type { Columns } from "../src/columns";

const SIZE = { width: 700, height: 520 };

function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1664525 + 1013904223) % 4294967296) / 4294967296;
}

function overlay(canvas: HTMLCanvasElement, places: number, events: number, zoom: number): () => void {
  const random = chance(places);
  const all = Array.from({ length: places }, (_, i) => i);
  const tables = {
    places: {
      name: all.map((i) => `place ${i}`), country: all.map(() => "AAA"), admin1: all.map(() => null),
      kind: all.map((i) => ["city", "facility", "admin2", "admin1"][i % 4]),
      latitude: all.map(() => random() * 120 - 55), longitude: all.map(() => random() * 360 - 180),
    },
  };
  const { sites } = layoutOf({ tables, place: Uint32Array.from(all) } as unknown as Columns);
  const counts = new Uint32Array((places + 1) * KINDS.length);
  for (let i = 0; i < events; i++) counts[Math.floor(random() ** 3 * places) * KINDS.length + Math.floor(random() * KINDS.length)]!++;
  const marks = gathered(sites, zoom);
  const colours = { sea: "#eef", land: "#eee", coast: "#999", border: "#aaa", card: "#fff", ink: "#111", soft: "#666", accent: "#800", kinds: KINDS.map((_, i) => `hsl(${50 * i} 60% 40%)`), font: "sans-serif" };
  const scene = { marks, counts, kinds: KINDS.length, badges: [], names: [], nameOf: (place: number) => tables.places.name[place]!, box: null, chosen: null, rivals: [] };
  return () => void drawOverlay(canvas, { x: 0.5, y: 0.45, zoom }, SIZE, colours, scene);
}

function network(canvas: HTMLCanvasElement, nodes: number, ties: number): () => void {
  const random = chance(nodes);
  const found = {
    key: "", actors: nodes, untied: 0, ties_in_all: ties,
    nodes: Array.from({ length: nodes }, (_, i) => ({ name: `actor number ${i}`, countries: [], sectors: [], acts: Math.floor(random() * 9), suffers: Math.floor(random() * 9), speaks: i % 3, x: 2 * random() - 1, y: 2 * random() - 1 })),
    ties: Array.from({ length: ties }, (_, i) => ({ source: Math.floor(random() * nodes), target: Math.floor(random() * nodes), type: ["PROTEST", "COERCE", "ACCUSE"][i % 3]!, events: 1 + Math.floor(random() * 20), asserted: i % 4 })),
  };
  const inks = { paper: "#fff", ink: "#111", soft: "#666", actor: "#05a", recipient: "#a40", teller: "#077", kinds: KINDS.map((_, i) => `hsl(${50 * i} 60% 40%)`), font: "sans-serif" };
  return () => drawNetwork(canvas, found, { x: 0.5, y: 0.5, zoom: 0 }, SIZE, inks, null);
}

const canvas = document.createElement("canvas");
// On the thread that is timed, and not in another process.
canvas.getContext("2d", { willReadFrequently: true });
document.body.append(canvas);
(globalThis as { pictures?: Record<string, () => void> }).pictures = {
  "11,000 places, the world": overlay(canvas, 11_000, 1_000_000, 0),
  "11,000 places, a continent": overlay(canvas, 11_000, 1_000_000, 4),
  "200 places": overlay(canvas, 200, 1_000_000, 0),
  "300 actors, 1,000 ties": network(canvas, 300, 1000),
  "1,000 actors, 4,000 ties": network(canvas, 1000, 4000),
};
