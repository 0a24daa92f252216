/** Numbers, days and codes in words, as the server says them too. */
import { type Columns, FLAGS, NO_COUNTRY, NO_DAY, NO_MODE, NO_PLACE } from "../columns";
import { type Facet, type Filters } from "../filters";

/** What the server tells the first page's script. */
export interface Words {
  /** "PROTEST strike" or "PROTEST" → "strike". */
  readonly nouns: Readonly<Record<string, string>>;
  readonly statuses: Readonly<Record<string, string>>;
  readonly flags: Readonly<Record<string, string>>;
  readonly sorts: Readonly<Record<string, string>>;
  /** Kinds of figure that may be added up over events. */
  readonly summed: readonly string[];
  readonly today: string;
}

export const FACET_WORDS: Record<Facet, string> = {
  type: "Type",
  mode: "Mode",
  status: "Status",
  country: "Country",
  place: "Place",
  actor: "Actor",
  flag: "Marks",
};

const THOUSANDS = new Intl.NumberFormat("en");
const MONTHS = "January February March April May June July August September October November December".split(" ");
const DAY = 86_400_000;

export function number(value: number): string {
  return THOUSANDS.format(value);
}

export function plural(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`;
}

/** "18 August 2020". */
export function dayInWords(day: number): string {
  const date = new Date(day * DAY);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** "18 August 2020", "17 August – 2 September 2020", "from …", "until …"; neither: "no day told". */
export function daysInWords(first: number, last: number): string {
  if (first === NO_DAY && last === NO_DAY) return "no day told";
  if (first === NO_DAY) return `until ${dayInWords(last)}`;
  if (last === NO_DAY) return `from ${dayInWords(first)}`;
  if (first === last) return dayInWords(first);
  const [one, other] = [new Date(first * DAY), new Date(last * DAY)];
  if (one.getUTCFullYear() !== other.getUTCFullYear()) return `${dayInWords(first)} – ${dayInWords(last)}`;
  const month = one.getUTCMonth() === other.getUTCMonth() ? "" : ` ${MONTHS[one.getUTCMonth()]}`;
  return `${one.getUTCDate()}${month} – ${dayInWords(last)}`;
}

/** "12 of 90 events from at most 34 documents": a document that tells of several events is in the figures of each. */
export function counted(events: number, documents: number, columns: Columns): string {
  const whole = events === columns.events;
  const many = whole ? columns.documents : Math.min(documents, columns.documents);
  const of = whole ? "" : ` of ${number(columns.events)}`;
  return `${number(events)}${of} ${plural("event", columns.events)} from ${whole || events <= 1 ? "" : "at most "}${number(many)} ${plural("document", many)}`;
}

/** A value of a facet for people: flags have words, all else its own name. */
export function valueInWords(facet: Facet, value: string, words: Words): string {
  if (facet === "flag") return words.flags[value] ?? value;
  return value;
}

/** Each thing that is asked, in words, and the filters without it. */
export function asked(filters: Filters, words: Words): { words: string; rest: Filters }[] {
  const parts: { words: string; rest: Filters }[] = [];
  for (const [facet, wanted] of Object.entries(filters.facets) as [Facet, Filters["facets"][Facet]][]) {
    const without = (value: string): Filters => ({
      ...filters,
      facets: { ...filters.facets, [facet]: { any: wanted.any.filter((v) => v !== value), none: wanted.none.filter((v) => v !== value) } },
    });
    const name = FACET_WORDS[facet].toLowerCase();
    for (const value of wanted.any) parts.push({ words: `${name} ${valueInWords(facet, value, words)}`, rest: without(value) });
    for (const value of wanted.none) parts.push({ words: `${name} not ${valueInWords(facet, value, words)}`, rest: without(value) });
  }
  if (filters.q) parts.push({ words: `words: ${filters.q}`, rest: { ...filters, q: "" } });
  if (filters.since !== null || filters.until !== null) {
    const what = filters.dates === "event" ? "happened" : "reported";
    parts.push({ words: `${what} ${daysInWords(filters.since ?? NO_DAY, filters.until ?? NO_DAY)}`, rest: { ...filters, since: null, until: null } });
  }
  if (filters.review !== "all") parts.push({ words: REVIEW_WORDS[filters.review], rest: { ...filters, review: "all" } });
  if (filters.witnesses) parts.push({ words: `${filters.witnesses} witnesses at least`, rest: { ...filters, witnesses: 0 } });
  if (filters.box) parts.push({ words: "in a part of the map", rest: { ...filters, box: null } });
  if (filters.asOf) parts.push({ words: `as known on ${filters.asOf}`, rest: { ...filters, asOf: null } });
  return parts;
}

export const REVIEW_WORDS = { all: "reviewed by a person or not", reviewed: "reviewed by a person", machine: "by the machine alone" } as const;

/** What a row is called before its own words have come. */
export function kindInWords(columns: Columns, row: number, words: Words): string {
  const type = columns.tables.types[columns.type[row]!]!;
  const mode = columns.mode[row] === NO_MODE ? null : columns.tables.modes[columns.mode[row]!]!;
  return (mode && words.nouns[`${type} ${mode}`]) || words.nouns[type] || type.toLowerCase();
}

export function placeInWords(columns: Columns, row: number): string {
  const { places, countries } = columns.tables;
  const place = columns.place[row] === NO_PLACE ? null : places.name[columns.place[row]!];
  const country = columns.country[row] === NO_COUNTRY ? null : countries[columns.country[row]!];
  return [place, country].filter(Boolean).join(", ") || "no place told";
}

export function marksOf(columns: Columns, row: number): string[] {
  return Object.entries(FLAGS).flatMap(([name, bit]) => (columns.flags[row]! & bit ? [name] : []));
}

