/** What the first page gives its panels (map, network): the events, which of them are shown, and ways to ask for fewer. */
import type { ReadonlySignal } from "@preact/signals";
import type { Columns } from "./columns";
import type { Box, Facet, Filters } from "./filters";

export interface PartyTold {
  readonly name: string;
  readonly country: string | null;
  readonly sector: string | null;
}

export interface FigureTold {
  readonly what: string;
  readonly low: number;
  /** null: open. */
  readonly high: number | null;
  /** "6,300–6,999". */
  readonly words: string;
  readonly differ: boolean;
  readonly running: boolean;
  readonly part: boolean;
}

/** One event in words, as `/rows.json` tells it; null: no report says. */
export interface Row {
  readonly row: number;
  readonly id: string;
  readonly headline: string;
  readonly type: string;
  readonly mode: string | null;
  readonly status: string;
  readonly when: string;
  readonly place: string | null;
  readonly country: string | null;
  readonly actors: readonly PartyTold[];
  readonly recipients: readonly PartyTold[];
  readonly figures: readonly FigureTold[];
  readonly evidence: string | null;
  readonly title: string | null;
  readonly documents: number;
  readonly witnesses: number;
  /** Names of `columns.FLAGS`. */
  readonly marks: readonly string[];
  readonly review: readonly string[];
}

/**
 * The page as a panel sees it. The arrays are changed in place: `version` tells when, and reading it in an effect or a component is
 * how a panel keeps up. While something is dragged it changes with every frame: draw only what is cheap on it, and wait for
 * `settled` with the rest (it changes once, when nothing has changed for a moment).
 */
export interface View {
  readonly columns: Columns;
  /** For each row a bit for each filter that it fails; 0: it is shown. */
  readonly misses: Uint16Array;
  /** The bit of `misses` that the map's own filter sets: a map draws rows where `(misses[row] & ~boxBit) === 0`. */
  readonly boxBit: number;
  /** How many rows are shown. */
  readonly shown: ReadonlySignal<number>;
  /** Rows at each place (of `columns.tables.places`) and group of types (`kinds.KINDS`) under all filters but the map's own:
   * place * KINDS.length + group. What a map draws, with no pass over the rows. */
  readonly atPlaces: Uint32Array;
  readonly version: ReadonlySignal<number>;
  readonly settled: ReadonlySignal<number>;
  readonly filters: ReadonlySignal<Filters>;
  /** Asks for events in this box alone; null: for those anywhere. */
  setBox(box: Box | null): void;
  /** Asks for a value of a facet, refuses it, or neither. */
  ask(facet: Facet, value: string, how: "any" | "none" | "either"): void;
  /** The event (row) that the reader has chosen; null: none. It stands out in every panel. */
  readonly chosen: ReadonlySignal<number | null>;
  choose(row: number | null): void;
  /** What is known of these rows (200 at most), in their order. */
  details(rows: readonly number[]): Promise<Row[]>;
  /** The page that lists what a panel asks for ("/events/…", "/actors/…"). */
  open(address: string): void;
}

/** A panel on the page. */
export interface Mounted {
  /** Shows another view in the same place: the ledger at another moment. */
  show(view: View): void;
  unmount(): void;
}

/** What `map.ts` and `network.ts` export as `mount`. */
export type Mount = (host: HTMLElement, view: View) => Mounted;
