/** What the first page knows: the events, what is asked of them, and the address that says so. */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { type Columns, NO_DAY, readColumns } from "../columns";
import { announce } from "../data";
import { BIT, Engine, orderOf } from "../engine";
import { addressOf, type Box, dayOf, type Facet, type Filters, filtersOf, isoOf, withValue } from "../filters";
import type { Row, View } from "../view";
import { counted, type Words } from "./words";

/** Milliseconds without a change after which a change is at rest: it goes into the address and is said aloud. */
const REST = 180;
const MOST_ROWS = 200;

/** Days that the timeline shows, both inclusive; null: those that fit. */
export type Zoom = readonly [number, number] | null;

/** Milliseconds after which columns that are not there yet are asked for again. */
const LOOK_AGAIN = 2000;

export class Store {
  readonly words: Words;
  readonly today: number;
  readonly filters = signal<Filters>(filtersOf(new URLSearchParams()));
  readonly sort = signal("-first");
  readonly zoom = signal<Zoom>(null);
  /** The chosen event: by row for those who draw, by id for the address. */
  readonly chosen = signal<number | null>(null);
  readonly engine = signal<Engine | null>(null);
  /** Changes whenever a count does. */
  readonly version = signal(0);
  readonly settled = signal(0);
  /** The version at which things were last at rest. */
  readonly rested = signal(0);
  /** Changes whenever a count does that the window of days has no part in. */
  readonly others = signal(0);
  /** The last day that is taken as known while the slider is held; null: it is not. */
  readonly known = signal<number | null>(null);
  readonly problem = signal("");
  readonly isWaiting = signal(false);
  /** Rows whose words have come; read `told` to hear of more. */
  readonly told = signal(0);
  readonly view: ReadonlySignal<View | null> = computed(() => this.#viewOf(this.engine.value));

  #at: string | null = null;
  #found: { q: string; key: string; rows: Uint32Array } | null = null;
  #rows = new Map<number, Row>();
  #asked = new Set<number>();
  #resting = 0;
  #orders = new Map<string, Uint32Array | null>();
  #fetch = 0;

  constructor(words: Words) {
    this.words = words;
    this.today = dayOf(words.today) ?? 0;
    this.#read();
    addEventListener("popstate", () => {
      const before = this.filters.value.asOf;
      this.#read();
      if (this.filters.value.asOf === before) void this.#apply(false);
      else void this.load();
    });
  }

  // ------------------------------------------------------------------ events

  /** Fetches the events of the moment that is asked for, and shows them. */
  async load(): Promise<void> {
    const turn = ++this.#fetch;
    const { asOf } = this.filters.value;
    this.isWaiting.value = true;
    try {
      const address = `/columns.bin${asOf ? `?as_of=${encodeURIComponent(asOf)}` : ""}`;
      let answer = await fetch(address);
      while (answer.status === 503 && turn === this.#fetch) {
        this.problem.value = ((await answer.json()) as { words: string }).words;
        await new Promise((done) => setTimeout(done, LOOK_AGAIN));
        answer = await fetch(address);
      }
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      const columns = readColumns(await answer.arrayBuffer());
      if (turn !== this.#fetch) return;
      this.#rows.clear();
      this.#asked.clear();
      this.#orders.clear();
      this.#found = null;
      batch(() => {
        this.known.value = null;
        this.chosen.value = null;
        this.engine.value = new Engine(columns);
        this.problem.value = "";
      });
      await this.#apply(false);
      await this.#findChosen();
    } catch (fault) {
      this.problem.value = `The events could not be fetched: ${(fault as Error).message}. Reload the page to try again.`;
    } finally {
      if (turn === this.#fetch) this.isWaiting.value = false;
    }
  }

  /** Asks for something else. While something is dragged this is called with every frame. */
  ask(filters: Filters): void {
    const before = this.filters.value;
    this.filters.value = filters;
    if (filters.asOf !== before.asOf) {
      this.#rest();
      void this.load();
    } else void this.#apply(true);
  }

  askValue(facet: Facet, value: string, how: "any" | "none" | "either"): void {
    this.ask(withValue(this.filters.value, facet, value, how));
  }

  /** Shows what was known by a day, as far as the events at hand tell; null: all. */
  showKnown(day: number | null): void {
    this.known.value = day;
    void this.#apply(true);
  }

  setSort(sort: string): void {
    this.sort.value = sort;
    this.#rest();
  }

  setZoom(zoom: Zoom): void {
    this.zoom.value = zoom;
    this.#rest();
  }

  choose(row: number | null): void {
    this.chosen.value = row;
    if (row === null) this.#at = null;
    else void this.details([row]).then(([told]) => {
      if (this.chosen.value === row && told) this.#at = told.id;
      this.#rest();
    });
    this.#rest();
  }

  /** The rows shown, in the order that is asked for. */
  rows(): Uint32Array {
    const engine = this.engine.value;
    return engine ? engine.rowsShown(this.#order(engine.columns, this.sort.value)) : new Uint32Array();
  }

  // ------------------------------------------------------------------ words of rows

  /** The words of a row, if they have come. */
  row(row: number): Row | undefined {
    return this.#rows.get(row);
  }

  async details(rows: readonly number[]): Promise<Row[]> {
    const engine = this.engine.value;
    const wanted = rows.filter((row) => !this.#rows.has(row) && !this.#asked.has(row)).slice(0, MOST_ROWS);
    if (engine && wanted.length) {
      for (const row of wanted) this.#asked.add(row);
      const answer = await fetch(`/rows.json?${this.#key(engine.columns)}&rows=${wanted.join(",")}`);
      if (answer.ok) {
        for (const row of (await answer.json()) as Row[]) this.#rows.set(row.row, row);
        this.told.value++;
      } else {
        for (const row of wanted) this.#asked.delete(row);
        if (answer.status === 409) await this.load();
      }
    }
    return rows.flatMap((row) => this.#rows.get(row) ?? []);
  }

  // ------------------------------------------------------------------ the address

  /** The address of what is shown. */
  address(): string {
    const address = addressOf(this.filters.value);
    if (this.sort.value !== "-first") address.set("sort", this.sort.value);
    if (this.zoom.value) address.set("zoom", this.zoom.value.map(isoOf).join(","));
    if (this.#at) address.set("at", this.#at);
    const said = address.toString();
    return said ? `/?${said}` : "/";
  }

  #read(): void {
    const address = new URLSearchParams(location.search);
    const [from, to] = (address.get("zoom") ?? "").split(",").map(dayOf);
    const sort = address.get("sort") ?? "";
    batch(() => {
      this.filters.value = filtersOf(address);
      this.sort.value = sort in this.words.sorts ? sort : "-first";
      this.zoom.value = from != null && to != null && from <= to ? [from, to] : null;
    });
    const at = address.get("at");
    if (at !== this.#at) {
      this.#at = at;
      void this.#findChosen();
    }
  }

  async #findChosen(): Promise<void> {
    const engine = this.engine.value;
    if (!engine) return;
    if (!this.#at) {
      this.chosen.value = null;
      return;
    }
    const answer = await fetch(`/row.json?${this.#key(engine.columns)}&id=${encodeURIComponent(this.#at)}`);
    if (!answer.ok) return;
    const row = (await answer.json()) as Row;
    this.#rows.set(row.row, row);
    this.told.value++;
    this.chosen.value = row.row;
  }

  #key(columns: Columns): string {
    const { asOf } = this.filters.value;
    return `key=${encodeURIComponent(columns.key)}${asOf ? `&as_of=${encodeURIComponent(asOf)}` : ""}`;
  }

  // ------------------------------------------------------------------ keeping up

  async #apply(isNew: boolean): Promise<void> {
    const engine = this.engine.value;
    if (!engine) return;
    const filters = this.filters.value;
    const { q } = filters;
    if (q && (this.#found?.q !== q || this.#found.key !== engine.columns.key)) {
      const answer = await fetch(`/search.bin?${this.#key(engine.columns)}&q=${encodeURIComponent(q)}`);
      if (answer.status === 409) return this.load();
      if (!answer.ok) {
        this.problem.value = `The words could not be looked for: the server answered ${answer.status}.`;
        return;
      }
      this.#found = { q, key: engine.columns.key, rows: new Uint32Array(await answer.arrayBuffer()) };
      if (this.filters.value !== filters) return this.#apply(isNew);
    }
    const before = engine.filters;
    const wasKnown = this.#lastKnown;
    this.#lastKnown = this.known.value;
    if (!engine.set(filters, this.#found?.rows ?? null, this.known.value)) return this.#say();
    batch(() => {
      const isWindowAlone = wasKnown === this.known.value && JSON.stringify({ ...before, since: 0, until: 0 }) === JSON.stringify({ ...filters, since: 0, until: 0 });
      if (!isWindowAlone) this.others.value++;
      this.version.value++;
    });
    if (isNew) this.#rest();
    else this.#say();
  }

  #lastKnown: number | null = null;

  /** Waits until nothing changes any more. */
  #rest(): void {
    clearTimeout(this.#resting);
    this.#resting = window.setTimeout(() => {
      const address = this.address();
      if (address !== location.pathname + location.search) history.pushState(null, "", address);
      this.#say();
    }, REST);
  }

  #say(): void {
    const engine = this.engine.value;
    if (!engine) return;
    const said = counted(engine.shown, engine.documents, engine.columns);
    batch(() => {
      this.settled.value++;
      this.rested.value = this.version.value;
    });
    announce(said);
    document.title = `${said.split(" from ")[0]} – Dateline`;
  }

  #order(columns: Columns, sort: string): Uint32Array | null {
    const known = this.#orders.get(sort);
    if (known !== undefined) return known;
    const order = orderFor(columns, sort);
    this.#orders.set(sort, order);
    return order;
  }

  #viewOf(engine: Engine | null): View | null {
    if (!engine) return null;
    return {
      columns: engine.columns,
      misses: engine.misses,
      boxBit: BIT.box,
      atPlaces: engine.atPlaces,
      shown: computed(() => {
        this.version.value;
        return engine.shown;
      }),
      version: this.version,
      settled: this.settled,
      filters: this.filters,
      setBox: (box: Box | null) => this.ask({ ...this.filters.value, box }),
      ask: (facet, value, how) => this.askValue(facet, value, how),
      chosen: this.chosen,
      choose: (row) => this.choose(row),
      details: (rows) => this.details(rows),
      open: (address) => location.assign(address),
    };
  }
}

/** All rows in an order of the list; null: as they stand. Those alike stand latest first, those without a day last. */
function orderFor(columns: Columns, sort: string): Uint32Array | null {
  const { events, tables } = columns;
  const name = sort.replace(/^-/, "");
  const sign = sort.startsWith("-") ? -1 : 1;
  const keys = new Int32Array(events);
  // Rows are ordered backwards first, so that those alike stand latest first.
  const latest = Uint32Array.from({ length: events }, (_, i) => events - 1 - i);
  const ranks = (names: readonly string[]): Int32Array => {
    const order = Array.from(names.keys()).sort((a, b) => (names[a]! < names[b]! ? -1 : names[a]! > names[b]! ? 1 : a - b));
    const rank = new Int32Array(names.length + 1).fill(names.length);
    order.forEach((i, place) => {
      rank[i] = place > 0 && names[order[place - 1]!] === names[i] ? rank[order[place - 1]!]! : place;
    });
    return rank;
  };
  const value = ((): ((row: number) => number) => {
    switch (name) {
      case "told":
        return (row) => columns.told[row]!;
      case "documents":
        return (row) => columns.documentsOf[row]!;
      case "witnesses":
        return (row) => columns.witnesses[row]!;
      case "type": {
        const rank = ranks(tables.types);
        return (row) => rank[columns.type[row]!]!;
      }
      case "place": {
        const rank = ranks(tables.places.name);
        return (row) => rank[Math.min(columns.place[row]!, tables.places.name.length)]!;
      }
      default:
        return (row) => columns.first[row]!;
    }
  })();
  for (let i = 0; i < events; i++) {
    const number = value(latest[i]!);
    keys[i] = number === NO_DAY ? 2147483647 : sign * number;
  }
  return orderOf(keys).rows.map((place) => latest[place]!);
}
