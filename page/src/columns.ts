/** The events of a ledger as columns, as `/columns.bin` sends them: a row each, by first day. */

/** Stands in `first` and `last` where no day is told. */
export const NO_DAY = -2147483648;
/** Stands in `mode` where there is none. */
export const NO_MODE = 255;
export const NO_COUNTRY = 65535;
export const NO_PLACE = 4294967295;
/** Stands in `figureHigh` where the upper end is open. */
export const OPEN = 4294967295;

/** Bits of `review`: what people did. */
export const REVIEW = { accepted: 1, corrected: 2, merged: 4 } as const;
/** Bits of `flags`, by the word that an address has for each. */
export const FLAGS = { differ: 1, revised: 2, corrected: 4, plan: 8, episode: 16, places: 32 } as const;
/** Bits of `figureFlags`. */
export const FIGURE = { differ: 1, running: 2, part: 4 } as const;

export const ROLES = ["actor", "recipient", "teller"] as const;

export interface Tables {
  readonly types: readonly string[];
  readonly modes: readonly string[];
  readonly statuses: readonly string[];
  /** ISO 3166 alpha-3. */
  readonly countries: readonly string[];
  readonly precisions: readonly string[];
  /** Degrees; null: it has no point. */
  readonly places: {
    readonly name: readonly string[];
    readonly country: readonly (string | null)[];
    readonly admin1: readonly (string | null)[];
    readonly kind: readonly string[];
    readonly latitude: readonly (number | null)[];
    readonly longitude: readonly (number | null)[];
  };
  readonly actors: { readonly name: readonly string[]; readonly country: readonly (string | null)[]; readonly sector: readonly (string | null)[] };
  readonly whats: readonly string[];
}

/** All rows at one moment. Days are counted from 1970-01-01; indices point into `tables`. */
export interface Columns {
  readonly key: string;
  readonly asOf: string | null;
  /** How many rows there are. */
  readonly events: number;
  /** How many documents the ledger holds. */
  readonly documents: number;
  readonly tables: Tables;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly precision: Uint8Array;
  /** Day of the first report. */
  readonly told: Int32Array;
  /** Day on which the ledger first knew. */
  readonly known: Int32Array;
  readonly type: Uint8Array;
  readonly mode: Uint8Array;
  readonly status: Uint8Array;
  readonly country: Uint16Array;
  readonly place: Uint32Array;
  readonly documentsOf: Uint16Array;
  readonly witnesses: Uint16Array;
  readonly claims: Uint16Array;
  /** Per cent. */
  readonly confidence: Uint8Array;
  readonly review: Uint8Array;
  readonly flags: Uint8Array;
  /** Parties of row i: `party` from `partyStart[i]` to `partyStart[i + 1]`; each is actor * 4 + role. */
  readonly partyStart: Uint32Array;
  readonly party: Uint32Array;
  /** Figures of row i: from `figureStart[i]` to `figureStart[i + 1]`. */
  readonly figureStart: Uint32Array;
  readonly figureWhat: Uint8Array;
  readonly figureLow: Uint32Array;
  readonly figureHigh: Uint32Array;
  readonly figureFlags: Uint8Array;
  /** Days on which documents were published, and how many each. */
  readonly coverageDay: Int32Array;
  readonly coverage: Uint32Array;
}

interface Block {
  readonly kind: keyof typeof ARRAYS;
  readonly offset: number;
  readonly length: number;
}

interface Header {
  readonly key: string;
  readonly as_of: string | null;
  readonly events: number;
  readonly documents: number;
  readonly tables: Tables;
  readonly columns: Record<string, Block>;
}

const ARRAYS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array } as const;
const MAGIC = "DLBOARD1";

/** Columns from what `/columns.bin` sent. They look into the bytes and copy nothing. Other bytes: throws. */
export function readColumns(bytes: ArrayBuffer): Columns {
  const said = new TextDecoder();
  if (bytes.byteLength < 12 || said.decode(new Uint8Array(bytes, 0, 8)) !== MAGIC) throw new Error("these are no columns of events");
  const length = new DataView(bytes).getUint32(8, true);
  const header = JSON.parse(said.decode(new Uint8Array(bytes, 12, length))) as Header;
  const start = Math.ceil((12 + length) / 8) * 8;
  const column = <K extends keyof typeof ARRAYS>(name: string, kind: K): InstanceType<(typeof ARRAYS)[K]> => {
    const block = header.columns[name];
    if (block?.kind !== kind) throw new Error(`the column ${name} is ${block ? `of ${block.kind}, not of ${kind}` : "missing"}`);
    return new ARRAYS[kind](bytes, start + block.offset, block.length) as InstanceType<(typeof ARRAYS)[K]>;
  };
  return {
    key: header.key,
    asOf: header.as_of,
    events: header.events,
    documents: header.documents,
    tables: header.tables,
    first: column("first", "i32"),
    last: column("last", "i32"),
    precision: column("precision", "u8"),
    told: column("told", "i32"),
    known: column("known", "i32"),
    type: column("type", "u8"),
    mode: column("mode", "u8"),
    status: column("status", "u8"),
    country: column("country", "u16"),
    place: column("place", "u32"),
    documentsOf: column("documents", "u16"),
    witnesses: column("witnesses", "u16"),
    claims: column("claims", "u16"),
    confidence: column("confidence", "u8"),
    review: column("review", "u8"),
    flags: column("flags", "u8"),
    partyStart: column("party_start", "u32"),
    party: column("party", "u32"),
    figureStart: column("figure_start", "u32"),
    figureWhat: column("figure_what", "u8"),
    figureLow: column("figure_low", "u32"),
    figureHigh: column("figure_high", "u32"),
    figureFlags: column("figure_flags", "u8"),
    coverageDay: column("coverage_day", "i32"),
    coverage: column("coverage", "u32"),
  };
}
