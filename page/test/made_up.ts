/** Columns of events that never were, the same for the same seed. */
import { type Columns, NO_COUNTRY, NO_DAY, NO_MODE, NO_PLACE, OPEN } from "../src/columns";

/** Numbers between 0 and 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const TYPES = ["PROTEST", "ASSAULT", "COERCE", "ACCUSE", "CONSULT", "RETREAT", "ELECTION"];
const MODES = ["strike", "demo", "arrest"];
const STATUSES = ["asserted", "planned", "denied"];
const COUNTRIES = ["BLR", "MMR", "SDN", "PER"];

export function madeUp(events: number, seed = 1, { days = 400, places = 30, actors = 40 } = {}): Columns {
  const next = random(seed);
  const below = (n: number): number => Math.floor(next() * n);
  const start = 18_000;
  const rows = Array.from({ length: events }, () => {
    const day = start + below(days);
    const chance = next();
    if (chance < 0.03) return [NO_DAY, NO_DAY] as const;
    if (chance < 0.06) return [NO_DAY, day] as const;
    if (chance < 0.09) return [day, NO_DAY] as const;
    if (chance < 0.3) return [day, day + 1 + below(40)] as const;
    return [day, day] as const;
  }).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const fill = <T extends Int32Array | Uint8Array | Uint16Array | Uint32Array>(column: T, value: (row: number) => number): T => {
    for (let row = 0; row < column.length; row++) column[row] = value(row);
    return column;
  };
  const first = Int32Array.from(rows, (row) => row[0]);
  const last = Int32Array.from(rows, (row) => row[1]);
  const told = fill(new Int32Array(events), (row) => Math.max(first[row] === NO_DAY ? start : first[row]!, start) + below(5));
  const partyStart = new Uint32Array(events + 1);
  const figureStart = new Uint32Array(events + 1);
  for (let row = 0; row < events; row++) {
    partyStart[row + 1] = partyStart[row]! + below(4);
    figureStart[row + 1] = figureStart[row]! + (next() < 0.4 ? 1 + below(2) : 0);
  }
  const figures = figureStart[events]!;
  const figureLow = fill(new Uint32Array(figures), () => below(50));
  return {
    key: `made up ${seed}`,
    asOf: null,
    events,
    documents: events,
    tables: {
      types: TYPES,
      modes: MODES,
      statuses: STATUSES,
      countries: COUNTRIES,
      precisions: ["day", "month"],
      places: {
        // Some names stand twice, as those of people and towns do.
        name: Array.from({ length: places }, (_, i) => `place ${i % Math.max(1, places - 3)}`),
        country: Array.from({ length: places }, (_, i) => COUNTRIES[i % COUNTRIES.length]!),
        admin1: Array.from({ length: places }, () => null),
        kind: Array.from({ length: places }, () => "city"),
        latitude: Array.from({ length: places }, () => (next() < 0.1 ? null : next() * 160 - 80)),
        longitude: Array.from({ length: places }, () => next() * 360 - 180),
      },
      actors: {
        name: Array.from({ length: actors }, (_, i) => `actor ${i % Math.max(1, actors - 5)}`),
        country: Array.from({ length: actors }, () => null),
        sector: Array.from({ length: actors }, () => null),
      },
      whats: ["killed", "injured", "detained"],
    },
    first,
    last,
    precision: new Uint8Array(events),
    told,
    known: fill(new Int32Array(events), (row) => told[row]! + below(20)),
    type: fill(new Uint8Array(events), () => below(TYPES.length)),
    mode: fill(new Uint8Array(events), () => (next() < 0.4 ? NO_MODE : below(MODES.length))),
    status: fill(new Uint8Array(events), () => below(STATUSES.length)),
    country: fill(new Uint16Array(events), () => (next() < 0.1 ? NO_COUNTRY : below(COUNTRIES.length))),
    place: fill(new Uint32Array(events), () => (next() < 0.1 ? NO_PLACE : below(places))),
    documentsOf: fill(new Uint16Array(events), () => 1 + below(4)),
    witnesses: fill(new Uint16Array(events), () => 1 + below(4)),
    claims: fill(new Uint16Array(events), () => 1 + below(6)),
    confidence: fill(new Uint8Array(events), () => below(101)),
    review: fill(new Uint8Array(events), () => (next() < 0.8 ? 0 : below(8))),
    flags: fill(new Uint8Array(events), () => (next() < 0.6 ? 0 : below(64))),
    partyStart,
    party: fill(new Uint32Array(partyStart[events]!), () => below(actors) * 4 + below(3)),
    figureStart,
    figureWhat: fill(new Uint8Array(figures), () => below(3)),
    figureLow,
    figureHigh: fill(new Uint32Array(figures), (f) => (next() < 0.3 ? OPEN : figureLow[f]! + below(9))),
    figureFlags: fill(new Uint8Array(figures), () => (next() < 0.7 ? 0 : below(8))),
    coverageDay: fill(new Int32Array(days), (i) => start + i),
    coverage: fill(new Uint32Array(days), () => 1 + below(9)),
  };
}
