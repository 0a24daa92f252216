/** Counts that are kept up to date are those of a recount, whatever was asked before. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Columns, FIGURE, FLAGS, NO_COUNTRY, NO_DAY, NO_MODE, NO_PLACE, OPEN } from "../src/columns";
import { BIT, Engine, MOST_WITNESSES, orderOf } from "../src/engine";
import { FACETS, type Filters, NO_FILTERS, type Wanted } from "../src/filters";
import { KINDS, kindOf } from "../src/kinds";
import { madeUp, random } from "./made_up";

type Row = number;

/** What a row has of a facet, in words. */
function valuesOf(columns: Columns, facet: (typeof FACETS)[number], row: Row): string[] {
  const { tables } = columns;
  switch (facet) {
    case "type":
      return [tables.types[columns.type[row]!]!];
    case "mode":
      return columns.mode[row] === NO_MODE ? [] : [tables.modes[columns.mode[row]!]!];
    case "status":
      return [tables.statuses[columns.status[row]!]!];
    case "country":
      return columns.country[row] === NO_COUNTRY ? [] : [tables.countries[columns.country[row]!]!];
    case "place":
      return columns.place[row] === NO_PLACE ? [] : [tables.places.name[columns.place[row]!]!];
    case "actor":
      return [...columns.party.slice(columns.partyStart[row]!, columns.partyStart[row + 1]!)].map((party) => tables.actors.name[party >>> 2]!);
    case "flag":
      return Object.entries(FLAGS).flatMap(([name, bit]) => (columns.flags[row]! & bit ? [name] : []));
  }
}

/** Each filter by itself, as docs/page-data.md tells them, with no thought of speed. */
function tests(columns: Columns, filters: Filters, found: Set<Row>, known: number | null): Map<string, (row: Row) => boolean> {
  const parts = new Map<string, (row: Row) => boolean>();
  for (const facet of FACETS) {
    const { any, none } = filters.facets[facet];
    parts.set(facet, (row) => {
      const values = valuesOf(columns, facet, row);
      return (any.length === 0 || values.some((value) => any.includes(value))) && !values.some((value) => none.includes(value));
    });
  }
  parts.set("days", (row) => {
    if (filters.since === null && filters.until === null) return true;
    const first = filters.dates === "event" ? columns.first[row]! : columns.told[row]!;
    const last = filters.dates === "event" ? columns.last[row]! : columns.told[row]!;
    if (first === NO_DAY && last === NO_DAY) return false;
    return (filters.since === null || last === NO_DAY || last >= filters.since) && (filters.until === null || first === NO_DAY || first <= filters.until);
  });
  parts.set("review", (row) => filters.review === "all" || (columns.review[row] !== 0) === (filters.review === "reviewed"));
  parts.set("witnesses", (row) => columns.witnesses[row]! >= filters.witnesses);
  parts.set("box", (row) => {
    if (!filters.box) return true;
    const { latitude, longitude } = columns.tables.places;
    const y = latitude[columns.place[row]!] ?? null;
    const x = longitude[columns.place[row]!] ?? null;
    if (y === null || x === null) return false;
    const [west, south, east, north] = filters.box;
    return y >= south && y <= north && (west > east ? x >= west || x <= east : x >= west && x <= east);
  });
  parts.set("q", (row) => !filters.q || found.has(row));
  parts.set("known", (row) => known === null || columns.known[row]! <= known);
  return parts;
}

function assertRecount(engine: Engine, filters: Filters, found: Set<Row>, known: number | null): void {
  const { columns } = engine;
  const parts = tests(columns, filters, found, known);
  const all = Array.from({ length: columns.events }, (_, row) => row);
  const fitting = (but = ""): Row[] => all.filter((row) => [...parts].every(([name, fits]) => name === but || fits(row)));
  const shown = fitting();
  assert.equal(engine.shown, shown.length);
  assert.deepEqual([...engine.rowsShown()], shown);
  assert.equal(engine.documents, shown.reduce((sum, row) => sum + columns.documentsOf[row]!, 0));

  const counted = (rows: Row[], numbers: (row: Row) => number[], size: number): number[] => {
    const counts = new Array<number>(size).fill(0);
    for (const row of rows) for (const number of new Set(numbers(row))) counts[number]!++;
    return counts;
  };
  const { tables } = columns;
  const placeOf = (row: Row): number => (columns.place[row] === NO_PLACE ? tables.places.name.length : columns.place[row]!);
  const actorsOf = (row: Row): number[] => valuesOf(columns, "actor", row).map((name) => tables.actors.name.indexOf(name));
  assert.deepEqual([...engine.type], counted(fitting("type"), (row) => [columns.type[row]!], 256));
  assert.deepEqual([...engine.mode], counted(fitting("mode"), (row) => [columns.mode[row]!], 256));
  assert.deepEqual([...engine.status], counted(fitting("status"), (row) => [columns.status[row]!], 256));
  const countries = counted(fitting("country"), (row) => [Math.min(columns.country[row]!, tables.countries.length)], tables.countries.length + 1);
  assert.deepEqual([...engine.country.subarray(0, tables.countries.length), engine.country[NO_COUNTRY]], countries);
  assert.deepEqual([...engine.place], counted(fitting("place"), (row) => [placeOf(row)], tables.places.name.length + 1));
  assert.deepEqual([...engine.actor], counted(fitting("actor"), actorsOf, tables.actors.name.length));
  assert.deepEqual([...engine.flags], counted(fitting("flag"), (row) => [columns.flags[row]!], 256));
  assert.deepEqual([...engine.review], counted(fitting("review"), (row) => [columns.review[row]!], 256));
  assert.deepEqual([...engine.witnesses], counted(fitting("witnesses"), (row) => [Math.min(columns.witnesses[row]!, MOST_WITNESSES)], MOST_WITNESSES + 1));
  const kinds = KINDS.length;
  assert.deepEqual(
    [...engine.atPlaces],
    counted(fitting("box"), (row) => [placeOf(row) * kinds + kindOf(tables.types[columns.type[row]!]!)], (tables.places.name.length + 1) * kinds),
  );

  for (const [what, name] of tables.whats.entries()) {
    const told = shown.flatMap((row) => {
      const figures = Array.from({ length: columns.figureStart[row + 1]! - columns.figureStart[row]! }, (_, i) => columns.figureStart[row]! + i);
      return figures.filter((f) => columns.figureWhat[f] === what && !(columns.figureFlags[f]! & (FIGURE.running | FIGURE.part)));
    });
    const sum = engine.figures().find((figure) => figure.what === name);
    assert.equal(sum?.events ?? 0, told.length);
    assert.equal(sum?.low ?? 0, told.reduce((total, f) => total + columns.figureLow[f]!, 0));
    assert.equal(sum?.high ?? 0, told.reduce((total, f) => total + (columns.figureHigh[f] === OPEN ? 0 : columns.figureHigh[f]!), 0));
    assert.equal(sum?.open ?? 0, told.filter((f) => columns.figureHigh[f] === OPEN).length);
  }

  const edges = Int32Array.from({ length: 14 }, (_, i) => 18_030 + i * 30);
  const low = filters.dates === "event" ? columns.first : columns.told;
  const high = filters.dates === "event" ? columns.last : columns.told;
  const dated = fitting("days").filter((row) => low[row] !== NO_DAY || high[row] !== NO_DAY);
  const { sure, may } = engine.bars(edges);
  for (let bar = 0; bar + 1 < edges.length; bar++) {
    const touching = dated.filter((row) => low[row]! < edges[bar + 1]! && (high[row] === NO_DAY || high[row]! >= edges[bar]!));
    const within = touching.filter((row) => low[row]! >= edges[bar]! && high[row] !== NO_DAY && high[row]! < edges[bar + 1]!);
    assert.equal(sure.slice(bar * kinds, (bar + 1) * kinds).reduce((a, b) => a + b), within.length);
    assert.equal(may[bar], touching.length - within.length);
  }

  const without = new Map(engine.withoutEach());
  for (const [name, mask] of [["type", BIT.type], ["days", BIT.since | BIT.until], ["review", BIT.review], ["q", BIT.q]] as const) {
    assert.equal(without.get(mask) ?? 0, fitting(name).length - shown.length);
  }
}

function randomWanted(next: () => number, values: readonly string[]): Wanted {
  if (next() < 0.6) return { any: [], none: [] };
  const pick = (): string[] => values.filter(() => next() < 0.4).slice(0, 4);
  return { any: next() < 0.7 ? pick() : [], none: next() < 0.3 ? pick() : [] };
}

/** Other filters: as a rule one part of them is changed, as a reader does. */
function changed(filters: Filters, columns: Columns, next: () => number): Filters {
  const { tables } = columns;
  const names = { type: tables.types, mode: tables.modes, status: tables.statuses, country: tables.countries, place: tables.places.name, actor: tables.actors.name, flag: Object.keys(FLAGS) };
  const facet = FACETS[Math.floor(next() * FACETS.length)]!;
  const day = (): number | null => (next() < 0.25 ? null : 17_990 + Math.floor(next() * 480));
  const parts: (() => Partial<Filters>)[] = [
    () => ({ facets: { ...filters.facets, [facet]: randomWanted(next, names[facet]) } }),
    () => ({ since: day() }),
    () => ({ until: day() }),
    () => ({ since: day(), until: day() }),
    () => ({ dates: next() < 0.5 ? "event" : "report" }),
    () => ({ review: (["all", "reviewed", "machine"] as const)[Math.floor(next() * 3)]! }),
    () => ({ witnesses: Math.floor(next() * 4) }),
    () => ({ box: next() < 0.4 ? null : [next() * 360 - 180, -60, next() * 360 - 180, 60 * next()] }),
    () => ({ q: next() < 0.5 ? "" : `words ${next()}` }),
    () => ({ since: null, until: null, facets: NO_FILTERS.facets }),
  ];
  return { ...filters, ...parts[Math.floor(next() * parts.length)]!() };
}

test("counts equal a recount after any sequence of changes", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const columns = madeUp(250, seed);
    const next = random(seed * 977);
    const engine = new Engine(columns);
    let filters = NO_FILTERS;
    let found = new Set<Row>();
    assertRecount(engine, filters, found, null);
    for (let step = 0; step < 20; step++) {
      const after = changed(filters, columns, next);
      if (after.q !== filters.q) found = new Set(Array.from({ length: 250 }, (_, row) => row).filter(() => next() < 0.5));
      filters = after;
      const known = next() < 0.8 ? null : 18_000 + Math.floor(next() * 400);
      engine.set(filters, Uint32Array.from(found), known);
      assertRecount(engine, filters, found, known);
    }
  }
});

test("a ledger with no events has no counts", () => {
  const engine = new Engine(madeUp(0, 1));
  engine.set({ ...NO_FILTERS, since: 18_000 });
  assertRecount(engine, { ...NO_FILTERS, since: 18_000 }, new Set(), null);
});

test("rows are ordered by their numbers, those without a bound at the ends", () => {
  const { rows, keys } = orderOf(Int32Array.of(5, 2147483647, -3, NO_DAY, 5, 0));
  assert.deepEqual([...rows], [3, 2, 5, 0, 4, 1]);
  assert.deepEqual([...keys], [NO_DAY, -3, 0, 5, 5, 2147483647]);
});

test("an end that is moved by a day costs what it passes over, not what there is", () => {
  const columns = madeUp(60_000, 3, { days: 3000 });
  const engine = new Engine(columns);
  let touched = 0;
  const counted = new Proxy(engine.misses, {
    get: (target, name) => Reflect.get(target, name, target) as unknown,
    set: (target, name, value) => {
      touched++;
      return Reflect.set(target, name, value, target);
    },
  });
  Object.defineProperty(engine, "misses", { value: counted });
  engine.set({ ...NO_FILTERS, since: 18_100 });
  touched = 0;
  engine.set({ ...NO_FILTERS, since: 18_110 });
  assert.ok(touched > 0 && touched < 2000, `${touched} rows`);
});
