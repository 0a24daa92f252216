/** Which days the timeline shows, and how they are cut into bars. */
import { type Columns, NO_DAY } from "../columns";

const DAY = 86_400_000;

/** Steps of the bars: each gives the first day of the step that a day lies in, and of the next one. */
const STEPS = [
  { words: "day", days: 1, floor: (day: number) => day, next: (day: number) => day + 1 },
  // Weeks begin on Monday; 1970-01-01 was a Thursday.
  { words: "week", days: 7, floor: (day: number) => day - ((((day + 3) % 7) + 7) % 7), next: (day: number) => day + 7 },
  { words: "month", days: 30, floor: (day: number) => monthOf(day, 1), next: (day: number) => monthOf(day, 1, 1) },
  { words: "quarter", days: 91, floor: (day: number) => monthOf(day, 3), next: (day: number) => monthOf(day, 3, 3) },
  { words: "year", days: 365, floor: (day: number) => monthOf(day, 12), next: (day: number) => monthOf(day, 12, 12) },
  { words: "decade", days: 3652, floor: (day: number) => monthOf(day, 120), next: (day: number) => monthOf(day, 120, 120) },
] as const;

const MOST_BARS = 130;

/** The first day of the stretch of `months` that a day lies in, `on` months later. */
function monthOf(day: number, months: number, on = 0): number {
  const date = new Date(day * DAY);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  const start = month - (((month % months) + months) % months) + on;
  const from = new Date(0);
  from.setUTCFullYear(Math.floor(start / 12), start - Math.floor(start / 12) * 12, 1);
  return from.getTime() / DAY;
}

export interface Cut {
  /** "week". */
  readonly step: string;
  /** First days of the bars, and the day after the last. */
  readonly edges: Int32Array;
}

/** The days between two (inclusive) cut into bars of whole days, weeks, months … that are not too many. */
export function cut(first: number, last: number): Cut {
  const step = STEPS.find(({ days }) => (last - first + 1) / days <= MOST_BARS) ?? STEPS[STEPS.length - 1]!;
  const edges: number[] = [];
  for (let day = step.floor(first); day <= last; day = step.next(day)) edges.push(day);
  edges.push(step.next(edges[edges.length - 1]!));
  return { step: step.words, edges: Int32Array.from(edges) };
}

/** The days that hold what there is (inclusive): all of them, unless a few lie so far off that the rest would be a line. */
export function fitting(columns: Columns, dates: "event" | "report"): readonly [number, number] {
  const all = dates === "event" ? columns.first : columns.told;
  let days = all.filter((day) => day !== NO_DAY);
  if (dates === "event" && days.length === 0) days = columns.last.filter((day) => day !== NO_DAY);
  if (days.length === 0) return [0, 30];
  // Those of events stand in order already.
  if (dates === "report") days.sort();
  const at = (share: number): number => days[Math.round((days.length - 1) * share)]!;
  const [first, last] = [at(0), at(1)];
  const [low, high] = [at(0.01), at(0.99)];
  const from = low - first > 3 * (high - low + 30) ? low : first;
  const to = last - high > 3 * (high - low + 30) ? high : last;
  const spare = Math.max(2, Math.round((to - from) * 0.02));
  return [from - spare, to + spare];
}
