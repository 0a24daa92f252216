/** What a reader asked for, as an address says it and back. The server reads the same address in web/filters.py. */

/** Facets that are asked for by value: "PROTEST", "-PROTEST" (not), in the order of the page. */
export const FACETS = ["type", "mode", "status", "country", "place", "actor", "flag"] as const;
export type Facet = (typeof FACETS)[number];

export const REVIEWS = ["all", "reviewed", "machine"] as const;
export type Review = (typeof REVIEWS)[number];

/** West, south, east, north, in degrees; west is greater than east where it crosses the antimeridian. */
export type Box = readonly [number, number, number, number];

/** Values of a facet: any of `any`, and none of `none`. Both empty: all. */
export interface Wanted {
  readonly any: readonly string[];
  readonly none: readonly string[];
}

export interface Filters {
  readonly facets: Readonly<Record<Facet, Wanted>>;
  /** Words sought in evidence, titles and fields; "" for all. */
  readonly q: string;
  /** Days since 1970-01-01, inclusive; null is open. */
  readonly since: number | null;
  readonly until: number | null;
  /** Whether the days are those of events or of the first report of each. */
  readonly dates: "event" | "report";
  readonly review: Review;
  readonly box: Box | null;
  /** At least so many. */
  readonly witnesses: number;
  /** A day or moment as it was written; null is now. */
  readonly asOf: string | null;
}

const DAY = 86_400_000;
const NOTHING: Wanted = { any: [], none: [] };

export const NO_FILTERS: Filters = {
  facets: { type: NOTHING, mode: NOTHING, status: NOTHING, country: NOTHING, place: NOTHING, actor: NOTHING, flag: NOTHING },
  q: "",
  since: null,
  until: null,
  dates: "event",
  review: "all",
  box: null,
  witnesses: 0,
  asOf: null,
};

/** The day of "2020-08-18" as days since 1970-01-01; no such day: null. */
export function dayOf(written: string | null): number | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(written ?? "");
  if (!parts) return null;
  const time = Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
  return new Date(time).toISOString().startsWith(parts[0]) ? time / DAY : null;
}

/** The day as "2020-08-18". */
export function isoOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

function oneOf<T extends string>(values: readonly T[], said: string | null): T {
  return values.find((value) => value === said) ?? (values[0] as T);
}

function boxOf(said: string | null): Box | null {
  const [west, south, east, north, ...more] = (said ?? "").split(",").map((part) => (part.trim() ? Number(part) : NaN));
  if (west === undefined || south === undefined || east === undefined || north === undefined || more.length) return null;
  return [west, south, east, north].every(Number.isFinite) && south <= north ? [west, south, east, north] : null;
}

/** The filters of an address; what it says of anything else is left alone. */
export function filtersOf(address: URLSearchParams): Filters {
  const facet = (name: Facet): Wanted => {
    const said = [...new Set(address.getAll(name))].filter((value) => value && value !== "-");
    return { any: said.filter((value) => !value.startsWith("-")), none: said.filter((value) => value.startsWith("-")).map((value) => value.slice(1)) };
  };
  const witnesses = Number(address.get("witnesses") ?? 0);
  return {
    facets: Object.fromEntries(FACETS.map((name) => [name, facet(name)])) as Record<Facet, Wanted>,
    q: (address.get("q") ?? "").trim(),
    since: dayOf(address.get("since")),
    until: dayOf(address.get("until")),
    dates: oneOf(["event", "report"], address.get("dates")),
    review: oneOf(REVIEWS, address.get("review")),
    box: boxOf(address.get("box")),
    witnesses: Number.isInteger(witnesses) && witnesses > 1 ? witnesses : 0,
    asOf: address.get("as_of") || null,
  };
}

/** The filters as an address has them, always in one order; none: empty. */
export function addressOf(filters: Filters): URLSearchParams {
  const address = new URLSearchParams();
  for (const name of FACETS) {
    for (const value of filters.facets[name].any) address.append(name, value);
    for (const value of filters.facets[name].none) address.append(name, `-${value}`);
  }
  if (filters.q) address.set("q", filters.q);
  if (filters.since !== null) address.set("since", isoOf(filters.since));
  if (filters.until !== null) address.set("until", isoOf(filters.until));
  if (filters.dates !== "event") address.set("dates", filters.dates);
  if (filters.review !== "all") address.set("review", filters.review);
  if (filters.box) address.set("box", filters.box.map((degrees) => String(Math.round(degrees * 1e4) / 1e4)).join(","));
  if (filters.witnesses > 1) address.set("witnesses", String(filters.witnesses));
  if (filters.asOf) address.set("as_of", filters.asOf);
  return address;
}

export function isWanted(wanted: Wanted): boolean {
  return wanted.any.length > 0 || wanted.none.length > 0;
}

/** The filters with a value of a facet asked for, refused, or neither. */
export function withValue(filters: Filters, facet: Facet, value: string, how: "any" | "none" | "either"): Filters {
  const { any, none } = filters.facets[facet];
  const wanted: Wanted = {
    any: how === "any" ? [...any.filter((other) => other !== value), value] : any.filter((other) => other !== value),
    none: how === "none" ? [...none.filter((other) => other !== value), value] : none.filter((other) => other !== value),
  };
  return { ...filters, facets: { ...filters.facets, [facet]: wanted } };
}
