/**
 * Which events pass the filters, and how many of what: kept up to date, not counted anew.
 *
 * For each row there is a bit for each filter that it fails (`misses`). Moving the ends of a window of days touches only the rows
 * that the ends pass over, since rows are also kept in order of first day, last day, day of report and day known. Counts of a facet
 * are of the rows that pass all filters but the facet's own. No DOM here.
 */
import { type Columns, FIGURE, FLAGS, NO_COUNTRY, NO_DAY, NO_MODE, NO_PLACE, OPEN } from "./columns";
import { type Box, FACETS, type Facet, type Filters, isWanted, NO_FILTERS, type Wanted } from "./filters";
import { KINDS, kindOf } from "./kinds";

/** Bits of `misses`. */
export const BIT = {
  since: 1,
  until: 2,
  type: 4,
  mode: 8,
  status: 16,
  country: 32,
  place: 64,
  actor: 128,
  flag: 256,
  witnesses: 512,
  review: 1024,
  box: 2048,
  q: 4096,
  known: 8192,
} as const;

/** The two ends of the window of days are one filter. */
const DAYS = BIT.since | BIT.until;
/** In place of the bits of a filter whose own count is left alone: none is. */
const EVERYWHERE = -1;
const KIND_COUNT = KINDS.length;
const CHUNK = 16384;
const MIN = -2147483648;
const MAX = 2147483647;
/** More witnesses than this are counted with this many. */
export const MOST_WITNESSES = 20;

/** Rows in the order of a number. */
interface Order {
  readonly rows: Uint32Array;
  /** The numbers in that order. */
  readonly keys: Int32Array;
}

/** Rows ordered by whole numbers, ties by row; MIN and MAX stand for no bound. Counting sort: numbers lie close together. */
export function orderOf(numbers: Int32Array): Order {
  let low = MAX;
  let high = MIN;
  for (const number of numbers) {
    if (number === MIN || number === MAX) continue;
    if (number < low) low = number;
    if (number > high) high = number;
  }
  const width = high < low ? 0 : high - low + 1;
  const slot = (number: number): number => (number === MIN ? 0 : number === MAX ? width + 1 : number - low + 1);
  const starts = new Uint32Array(width + 3);
  for (const number of numbers) starts[slot(number) + 1]!++;
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  const rows = new Uint32Array(numbers.length);
  const keys = new Int32Array(numbers.length);
  for (let row = 0; row < numbers.length; row++) {
    const place = starts[slot(numbers[row]!)]!++;
    rows[place] = row;
    keys[place] = numbers[row]!;
  }
  return { rows, keys };
}

/** How many of the sorted keys are less than a number. */
function countLess(keys: Int32Array, number: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A window over the rows: those before `since` at one end, those after `until` at the other. */
interface Ends {
  readonly byHigh: Order;
  readonly byLow: Order;
}

/** What is counted over a set of rows. `mask`: the bits of the filter whose own rows it also counts; 0: none. */
interface Count {
  readonly mask: number;
  clear(): void;
  add(rows: Uint32Array, length: number, sign: 1 | -1): void;
}

function countColumn(mask: number, column: ArrayLike<number>, counts: Uint32Array): Count {
  return {
    mask,
    clear: () => counts.fill(0),
    add(rows, length, sign) {
      for (let i = 0; i < length; i++) counts[column[rows[i]!]!]! += sign;
    },
  };
}

/** Of one kind of figure, over the rows shown: the sum of the bounds, and how many events it is from. Totals so far and figures
 * that are a part of others are not added. */
export interface FigureSum {
  readonly what: string;
  readonly low: number;
  /** The sum of the upper bounds there are; `open` events have none. */
  readonly high: number;
  readonly open: number;
  /** Events with a figure, and those of them whose reports differ on it. */
  readonly events: number;
  readonly differ: number;
  readonly without: number;
}

/** Bars over time. `sure[bar * KINDS + kind]` lie in the bar whole; `may[bar]` may as well lie in another. */
export interface Bars {
  readonly sure: Uint32Array;
  readonly may: Uint32Array;
}

export class Engine {
  readonly columns: Columns;
  readonly misses: Uint16Array;
  /** Rows that pass all filters. */
  shown = 0;
  /** Documents of the rows shown, each counted once for every event that it tells of. */
  documents = 0;
  readonly type = new Uint32Array(256);
  readonly mode = new Uint32Array(256);
  readonly status = new Uint32Array(256);
  readonly country = new Uint32Array(65536);
  /** By number of place; the last is of those without. */
  readonly place: Uint32Array;
  /** By number of actor: the first of that name counts for all. */
  readonly actor: Uint32Array;
  /** By the whole byte of flags. */
  readonly flags = new Uint32Array(256);
  readonly review = new Uint32Array(256);
  /** By number of witnesses, MOST_WITNESSES and more together. */
  readonly witnesses = new Uint32Array(MOST_WITNESSES + 1);
  /** place * KINDS + kind, under all filters but the box. */
  readonly atPlaces: Uint32Array;
  readonly kind: Uint8Array;

  #filters: Filters = NO_FILTERS;
  #known: number | null = null;
  readonly #figures: { low: Float64Array; high: Float64Array; open: Uint32Array; events: Uint32Array; differ: Uint32Array };
  readonly #counts: Count[];
  readonly #ends: { event: Ends; report: Ends };
  readonly #knownOrder: Order;
  #since = 0;
  #until: number;
  #knownUntil: number;
  /** Rows whose part in the counts has changed: by `slotOf` the filter that they fail alone, or none. */
  readonly #entering = Array.from({ length: 16 }, () => ({ rows: new Uint32Array(CHUNK), length: 0 }));
  readonly #leaving = Array.from({ length: 16 }, () => ({ rows: new Uint32Array(CHUNK), length: 0 }));
  readonly #placeSlot: Uint32Array;
  readonly #actorStart: Uint32Array;
  readonly #actorName: Uint32Array;
  #bars: { edges: Int32Array; binOf: Uint16Array; start: number; sure: Uint32Array; from: Uint32Array; to: Uint32Array } | null = null;

  constructor(columns: Columns) {
    this.columns = columns;
    const n = columns.events;
    const { tables } = columns;
    this.misses = new Uint16Array(n);
    const kinds = Uint8Array.from(tables.types, kindOf);
    this.kind = Uint8Array.from(columns.type, (type) => kinds[type]!);
    const places = tables.places.name.length;
    this.#placeSlot = Uint32Array.from(columns.place, (place) => (place === NO_PLACE ? places : place));
    this.place = new Uint32Array(places + 1);
    this.atPlaces = new Uint32Array((places + 1) * KIND_COUNT);
    this.actor = new Uint32Array(tables.actors.name.length);
    [this.#actorStart, this.#actorName] = namesOf(columns);
    const whats = tables.whats.length;
    const sums = () => new Float64Array(whats);
    const numbers = () => new Uint32Array(whats);
    this.#figures = { low: sums(), high: sums(), open: numbers(), events: numbers(), differ: numbers() };
    this.#ends = { event: endsOf(columns.first, columns.last), report: endsOf(columns.told, columns.told) };
    this.#knownOrder = orderOf(columns.known);
    this.#until = n;
    this.#knownUntil = n;
    const witnesses = Uint8Array.from(columns.witnesses, (number) => Math.min(number, MOST_WITNESSES));
    this.#counts = [
      this.#total(),
      countColumn(BIT.type, columns.type, this.type),
      countColumn(BIT.mode, columns.mode, this.mode),
      countColumn(BIT.status, columns.status, this.status),
      countColumn(BIT.country, columns.country, this.country),
      countColumn(BIT.place, this.#placeSlot, this.place),
      countColumn(BIT.flag, columns.flags, this.flags),
      countColumn(BIT.review, columns.review, this.review),
      countColumn(BIT.witnesses, witnesses, this.witnesses),
      this.#parties(),
      this.#onMap(),
      this.#overTime(),
    ];
    this.#recount();
  }

  get filters(): Filters {
    return this.#filters;
  }

  /** Brings everything to these filters. `found`: the rows that have the words of `q`, if it has any. `known`: only what the ledger
   * knew by that day; null: all. Gives whether anything may have changed. */
  set(filters: Filters, found: Uint32Array | null = null, known: number | null = null): boolean {
    const before = this.#filters;
    if (before === filters && this.#known === known) return false;
    this.#filters = filters;
    for (const facet of FACETS) {
      if (!sameWanted(before.facets[facet], filters.facets[facet])) this.#scan(BIT[facet], this.#failing(facet, filters.facets[facet]));
    }
    if (before.review !== filters.review) {
      const { review } = this.columns;
      const isKept = filters.review === "reviewed";
      this.#scan(BIT.review, filters.review === "all" ? null : (row) => (review[row] !== 0) !== isKept);
    }
    if (before.witnesses !== filters.witnesses) {
      const { witnesses } = this.columns;
      this.#scan(BIT.witnesses, filters.witnesses ? (row) => witnesses[row]! < filters.witnesses : null);
    }
    if (String(before.box) !== String(filters.box)) this.#scan(BIT.box, filters.box && this.#outside(filters.box));
    if (before.q !== filters.q) {
      const has = new Uint8Array(this.columns.events);
      for (const row of found ?? []) has[row] = 1;
      this.#scan(BIT.q, filters.q ? (row) => !has[row] : null);
    }
    if (before.dates !== filters.dates) {
      this.#moveSince(before.dates, 0);
      this.#moveUntil(before.dates, this.columns.events);
      this.#bars = null;
    }
    const since = filters.since ?? MIN;
    const until = filters.until ?? MAX;
    this.#moveWindow(filters.dates, since, until);
    if (this.#known !== known) {
      this.#known = known;
      this.#knownUntil = this.#move(BIT.known, this.#knownOrder, this.#knownUntil, known === null ? this.columns.events : countLess(this.#knownOrder.keys, known + 1));
    }
    return true;
  }

  /** For each kind of figure what the rows shown come to, in the order of the table; kinds that none has are left out. */
  figures(): FigureSum[] {
    const { low, high, open, events, differ } = this.#figures;
    return this.columns.tables.whats.flatMap((what, i) =>
      events[i]
        ? [{ what, low: low[i]!, high: high[i]!, open: open[i]!, events: events[i]!, differ: differ[i]!, without: this.shown - events[i]! }]
        : [],
    );
  }

  /** Bars between days (`edges`, ascending, one more than there are bars) under all filters but the days'. */
  bars(edges: Int32Array): Bars {
    if (this.#bars === null || this.#bars.edges.length !== edges.length || this.#bars.edges.some((edge, i) => edge !== edges[i])) {
      const start = edges[0]!;
      const binOf = new Uint16Array(edges[edges.length - 1]! - start);
      for (let bar = 0; bar + 1 < edges.length; bar++) binOf.fill(bar, edges[bar]! - start, edges[bar + 1]! - start);
      const bars = edges.length - 1;
      this.#bars = { edges, binOf, start, sure: new Uint32Array(bars * KIND_COUNT), from: new Uint32Array(bars + 1), to: new Uint32Array(bars + 1) };
      const count = this.#counts[this.#counts.length - 1]!;
      this.#addAll(count);
    }
    const { sure, from, to } = this.#bars;
    const may = new Uint32Array(edges.length - 1);
    let reaching = 0;
    for (let bar = 0; bar < may.length; bar++) {
      reaching += from[bar]!;
      may[bar] = reaching;
      reaching -= to[bar]!;
    }
    return { sure, may };
  }

  /** Rows under all filters but the days', that may lie between two days (inclusive); more than `most`: null. */
  rowsBetween(first: number, last: number, most: number): number[] | null {
    const [low, high] = this.#days();
    const rows: number[] = [];
    const { misses } = this;
    for (let row = 0; row < misses.length; row++) {
      if (misses[row]! & ~DAYS) continue;
      const from = low[row]!;
      const to = high[row]!;
      if (from === NO_DAY && to === NO_DAY) continue;
      if (from > last || (to !== NO_DAY && to < first)) continue;
      if (rows.length === most) return null;
      rows.push(row);
    }
    return rows;
  }

  /** How many rows, under all filters but the days', may lie between two days (inclusive). */
  countBetween(first: number, last: number): number {
    return this.rowsBetween(first, last, Infinity)?.length ?? 0;
  }

  /** The rows shown, in an order of all rows (null: as they stand). */
  rowsShown(order: Uint32Array | null = null): Uint32Array {
    const rows = new Uint32Array(this.shown);
    const { misses } = this;
    let length = 0;
    if (order === null) {
      for (let row = 0; row < misses.length; row++) if (misses[row] === 0) rows[length++] = row;
    } else {
      for (let i = 0; i < order.length; i++) if (misses[order[i]!] === 0) rows[length++] = order[i]!;
    }
    return rows;
  }

  /** For each filter (bits of `BIT`; both ends of the days together) how many rows would be shown without it, most first. */
  withoutEach(): [number, number][] {
    const counts = new Map<number, number>();
    for (const miss of this.misses) {
      const own = miss & DAYS ? miss | DAYS : miss;
      if (own === DAYS || (own && (own & (own - 1)) === 0)) counts.set(own, (counts.get(own) ?? 0) + 1);
    }
    return [...counts].sort((a, b) => b[1] - a[1]);
  }

  // ------------------------------------------------------------------ moving

  #moveWindow(dates: Filters["dates"], since: number, until: number): void {
    const { byHigh, byLow } = this.#ends[dates];
    const { events } = this.columns;
    const start = since === MIN ? 0 : countLess(byHigh.keys, since);
    const end = until === MAX ? events : countLess(byLow.keys, until + 1);
    const before = Math.max(0, this.#until - this.#since);
    const after = Math.max(0, end - start);
    const changes = Math.min(Math.abs(start - this.#since) + Math.abs(end - this.#until), before + after);
    if (changes > 2 * after + events / 10) {
      for (const [bit, rows, from, to] of [[BIT.since, byHigh.rows, this.#since, start], [BIT.until, byLow.rows, this.#until, end]] as const) {
        for (let i = Math.min(from, to); i < Math.max(from, to); i++) this.misses[rows[i]!]! ^= bit;
      }
      this.#since = start;
      this.#until = end;
      this.#recount();
      return;
    }
    // Rows that only lie between the old window and the new one are never counted if what leaves goes first.
    if (start > this.#since) {
      this.#moveSince(dates, start);
      this.#moveUntil(dates, end);
    } else {
      this.#moveUntil(dates, end);
      this.#moveSince(dates, start);
    }
  }

  /** Rows before the place in the order of last days fail. */
  #moveSince(dates: Filters["dates"], place: number): void {
    const { byHigh } = this.#ends[dates];
    if (place > this.#since) this.#turn(BIT.since, byHigh.rows, this.#since, place, true);
    else this.#turn(BIT.since, byHigh.rows, place, this.#since, false);
    this.#since = place;
  }

  /** Rows from the place on in the order of first days fail. */
  #moveUntil(dates: Filters["dates"], place: number): void {
    this.#until = this.#move(BIT.until, this.#ends[dates].byLow, this.#until, place);
  }

  #move(bit: number, order: Order, from: number, to: number): number {
    if (to < from) this.#turn(bit, order.rows, to, from, true);
    else this.#turn(bit, order.rows, from, to, false);
    return to;
  }

  /** Sets or clears a bit of some rows of an order. */
  #turn(bit: number, rows: Uint32Array, from: number, to: number, fails: boolean): void {
    const { misses } = this;
    const mask = bit & DAYS ? DAYS : bit;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const before = misses[row]!;
      const after = fails ? before | bit : before & ~bit;
      misses[row] = after;
      if (((before & mask) === 0) !== ((after & mask) === 0)) this.#note(row, before & ~mask, mask, !fails);
    }
    this.#flush(mask);
  }

  /** Sets a bit anew in all rows; null: none fails. */
  #scan(bit: number, fails: ((row: number) => boolean) | null): void {
    const { misses } = this;
    const changing = new Uint8Array(misses.length);
    let changes = 0;
    let passing = 0;
    for (let row = 0; row < misses.length; row++) {
      const before = misses[row]!;
      const doesFail = fails !== null && fails(row);
      if (doesFail !== ((before & bit) !== 0)) {
        changing[row] = 1;
        if (!(before & ~bit)) changes++;
      }
      if (!doesFail && !(before & ~bit)) passing++;
    }
    const isAnew = changes > passing;
    for (let row = 0; row < misses.length; row++) {
      if (!changing[row]) continue;
      const before = misses[row]!;
      misses[row] = before ^ bit;
      if (!isAnew) this.#note(row, before & ~bit, bit, (before & bit) !== 0);
    }
    if (isAnew) this.#recount();
    else this.#flush(bit);
  }

  /** A row passes a filter, or no longer does: it counts everywhere if it passes all others, and in one facet if it fails that alone. */
  #note(row: number, others: number, mask: number, enters: boolean): void {
    const own = others & DAYS ? others | DAYS : others;
    if (own !== DAYS && (own & (own - 1)) !== 0) return;
    const bucket = (enters ? this.#entering : this.#leaving)[slotOf(own)]!;
    bucket.rows[bucket.length++] = row;
    if (bucket.length === CHUNK) this.#flush(mask);
  }

  #flush(mask: number): void {
    for (const count of this.#counts) {
      const own = slotOf(count.mask);
      for (const [kept, sign] of [[this.#leaving, -1], [this.#entering, 1]] as const) {
        if (count.mask !== mask) count.add(kept[0]!.rows, kept[0]!.length, sign);
        if (own > 0) count.add(kept[own]!.rows, kept[own]!.length, sign);
      }
    }
    for (const kept of [this.#leaving, this.#entering]) for (const bucket of kept) bucket.length = 0;
  }

  /** Counts everything anew in one pass: cheaper where more rows leave than stay. */
  #recount(): void {
    for (const count of this.#counts) count.clear();
    const { misses } = this;
    for (let row = 0; row < misses.length; row++) this.#note(row, misses[row]!, EVERYWHERE, true);
    this.#flush(EVERYWHERE);
  }

  #addAll(count: Count): void {
    count.clear();
    const rows = new Uint32Array(CHUNK);
    let length = 0;
    for (let row = 0; row < this.misses.length; row++) {
      if (this.misses[row]! & ~count.mask) continue;
      rows[length++] = row;
      if (length === CHUNK) {
        count.add(rows, length, 1);
        length = 0;
      }
    }
    count.add(rows, length, 1);
  }

  // ------------------------------------------------------------------ what fails

  #failing(facet: Facet, wanted: Wanted): ((row: number) => boolean) | null {
    if (!isWanted(wanted)) return null;
    const { columns } = this;
    const { tables } = columns;
    switch (facet) {
      case "type":
        return outOf(columns.type, tables.types, wanted, NO_MODE);
      case "mode":
        return outOf(columns.mode, tables.modes, wanted, NO_MODE);
      case "status":
        return outOf(columns.status, tables.statuses, wanted, NO_MODE);
      case "country":
        return outOf(columns.country, tables.countries, wanted, NO_COUNTRY);
      case "place":
        return outOf(this.#placeSlot, tables.places.name, wanted, tables.places.name.length);
      case "actor":
        return this.#withoutActor(wanted);
      case "flag": {
        const any = bitsOf(wanted.any);
        const none = bitsOf(wanted.none);
        const asks = wanted.any.length > 0;
        return (row) => (asks && (columns.flags[row]! & any) === 0) || (columns.flags[row]! & none) !== 0;
      }
    }
  }

  #withoutActor(wanted: Wanted): (row: number) => boolean {
    const names = this.columns.tables.actors.name;
    const any = Uint8Array.from(names, (name) => Number(wanted.any.includes(name)));
    const none = Uint8Array.from(names, (name) => Number(wanted.none.includes(name)));
    const asks = wanted.any.length > 0;
    const start = this.#actorStart;
    const actor = this.#actorName;
    return (row) => {
      let has = !asks;
      for (let i = start[row]!; i < start[row + 1]!; i++) {
        if (none[actor[i]!]) return true;
        if (any[actor[i]!]) has = true;
      }
      return !has;
    };
  }

  #outside([west, south, east, north]: Box): (row: number) => boolean {
    const { latitude, longitude } = this.columns.tables.places;
    const inside = new Uint8Array(latitude.length + 1);
    for (let place = 0; place < latitude.length; place++) {
      const y = latitude[place] ?? null;
      const x = longitude[place] ?? null;
      if (y === null || x === null || y < south || y > north) continue;
      inside[place] = Number(west > east ? x >= west || x <= east : x >= west && x <= east);
    }
    return (row) => !inside[this.#placeSlot[row]!];
  }

  // ------------------------------------------------------------------ what is counted

  #total(): Count {
    const { columns } = this;
    const { figureStart, figureWhat, figureLow, figureHigh, figureFlags } = columns;
    const figures = this.#figures;
    return {
      mask: 0,
      clear: () => {
        this.shown = 0;
        this.documents = 0;
        for (const numbers of Object.values(figures)) numbers.fill(0);
      },
      add: (rows, length, sign) => {
        this.shown += sign * length;
        for (let i = 0; i < length; i++) {
          const row = rows[i]!;
          this.documents += sign * columns.documentsOf[row]!;
          const end = figureStart[row + 1]!;
          for (let f = figureStart[row]!; f < end; f++) {
            if (figureFlags[f]! & (FIGURE.running | FIGURE.part)) continue;
            const what = figureWhat[f]!;
            figures.events[what]! += sign;
            figures.low[what]! += sign * figureLow[f]!;
            if (figureHigh[f] === OPEN) figures.open[what]! += sign;
            else figures.high[what]! += sign * figureHigh[f]!;
            if (figureFlags[f]! & FIGURE.differ) figures.differ[what]! += sign;
          }
        }
      },
    };
  }

  #parties(): Count {
    const start = this.#actorStart;
    const name = this.#actorName;
    const counts = this.actor;
    return {
      mask: BIT.actor,
      clear: () => counts.fill(0),
      add(rows, length, sign) {
        for (let i = 0; i < length; i++) {
          const end = start[rows[i]! + 1]!;
          for (let p = start[rows[i]!]!; p < end; p++) counts[name[p]!]! += sign;
        }
      },
    };
  }

  #onMap(): Count {
    const counts = this.atPlaces;
    const slot = this.#placeSlot;
    const { kind } = this;
    return {
      mask: BIT.box,
      clear: () => counts.fill(0),
      add(rows, length, sign) {
        for (let i = 0; i < length; i++) counts[slot[rows[i]!]! * KIND_COUNT + kind[rows[i]!]!]! += sign;
      },
    };
  }

  #overTime(): Count {
    return {
      mask: DAYS,
      clear: () => {
        this.#bars?.sure.fill(0);
        this.#bars?.from.fill(0);
        this.#bars?.to.fill(0);
      },
      add: (rows, length, sign) => {
        const bars = this.#bars;
        if (!bars) return;
        const { binOf, start, sure, from, to } = bars;
        const [low, high] = this.#days();
        const end = start + binOf.length - 1;
        for (let i = 0; i < length; i++) {
          const row = rows[i]!;
          let first = low[row]!;
          let last = high[row]!;
          if (first === NO_DAY && last === NO_DAY) continue;
          const isOpen = first === NO_DAY || last === NO_DAY;
          if (first === NO_DAY) first = start;
          if (last === NO_DAY) last = end;
          if (first > end || last < start) continue;
          const one = binOf[Math.max(first, start) - start]!;
          const other = binOf[Math.min(last, end) - start]!;
          if (one === other && !isOpen && first >= start && last <= end) sure[one * KIND_COUNT + this.kind[row]!]! += sign;
          else {
            from[one]! += sign;
            to[other]! += sign;
          }
        }
      },
    };
  }

  #days(): [Int32Array, Int32Array] {
    const { first, last, told } = this.columns;
    return this.#filters.dates === "event" ? [first, last] : [told, told];
  }
}

// -------------------------------------------------------------------- parts

/** A small number for the filter of a mask (one bit, or both ends of the days); of no filter: 0. */
function slotOf(mask: number): number {
  return 32 - Math.clz32(mask);
}

function sameWanted(one: Wanted, other: Wanted): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function bitsOf(flags: readonly string[]): number {
  return flags.reduce((bits, flag) => bits | ((FLAGS as Record<string, number>)[flag] ?? 0), 0);
}

function outOf(column: ArrayLike<number>, names: readonly string[], wanted: Wanted, nothing: number): (row: number) => boolean {
  const fails = new Uint8Array(Math.max(nothing + 1, names.length)).fill(wanted.any.length ? 1 : 0);
  names.forEach((name, i) => {
    if (wanted.any.length) fails[i] = Number(!wanted.any.includes(name));
    if (wanted.none.includes(name)) fails[i] = 1;
  });
  return (row) => fails[column[row]!] === 1;
}

/** The ends of a window over days of which one or both may not be told: an open side reaches everywhere, no day at all nowhere. */
function endsOf(first: Int32Array, last: Int32Array): Ends {
  const low = new Int32Array(first.length);
  const high = new Int32Array(first.length);
  for (let row = 0; row < first.length; row++) {
    const hasNone = first[row] === NO_DAY && last[row] === NO_DAY;
    low[row] = hasNone ? MAX : first[row]!;
    high[row] = hasNone ? MIN : last[row] === NO_DAY ? MAX : last[row]!;
  }
  return { byLow: orderOf(low), byHigh: orderOf(high) };
}

/** For each row the actors in it, each name once, by the first number that the name has. */
function namesOf(columns: Columns): [Uint32Array, Uint32Array] {
  const numbers = new Map<string, number>();
  const first = Uint32Array.from(columns.tables.actors.name, (name, i) => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, i);
    return i;
  });
  const { partyStart, party } = columns;
  const start = new Uint32Array(columns.events + 1);
  const names = new Uint32Array(party.length);
  let length = 0;
  for (let row = 0; row < columns.events; row++) {
    const from = length;
    start[row] = from;
    for (let p = partyStart[row]!; p < partyStart[row + 1]!; p++) {
      const name = first[party[p]! >>> 2]!;
      let isNew = true;
      for (let i = from; i < length; i++) if (names[i] === name) isNew = false;
      if (isNew) names[length++] = name;
    }
  }
  start[columns.events] = length;
  return [start, names.subarray(0, length)];
}
