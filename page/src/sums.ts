/** Figures of several events put together as docs/accounts.md says and the server does it (dateline.linking.sums): bounds are added;
 * of an event whose days hold those of others, and of the sum of these, whichever is more counts, and only once. */
import { type Columns, FIGURE, NO_DAY, OPEN } from "./columns";

/** `high` null: no upper bound is told. */
export interface Total {
  readonly low: number;
  readonly high: number | null;
}

export interface Summand {
  readonly first: number;
  readonly last: number;
  readonly low: number;
  readonly high: number | null;
}

/** The figures of one kind on the rows that fail no filter, by first day; totals so far and parts of others are left out. */
export function summands(columns: Columns, misses: Uint16Array, what: number): Summand[] {
  const { figureStart, figureWhat, figureFlags, figureLow, figureHigh, first, last } = columns;
  const found: Summand[] = [];
  for (let row = 0; row < columns.events; row++) {
    if (misses[row]) continue;
    const end = figureStart[row + 1]!;
    for (let f = figureStart[row]!; f < end; f++) {
      if (figureWhat[f] !== what || figureFlags[f]! & (FIGURE.running | FIGURE.part)) continue;
      const high = figureHigh[f]!;
      found.push({ first: first[row]!, last: last[row]!, low: figureLow[f]!, high: high === OPEN ? null : high });
    }
  }
  return found;
}

/** Days beyond the first; of one whose days are not told none. */
function lengthOf(event: Summand): number {
  return event.first === NO_DAY || event.last === NO_DAY ? 0 : event.last - event.first;
}

/** What they come to. They may stand in any order; of two that are as long the one that stands first is looked at first. */
export function added(events: readonly Summand[]): Total {
  const dated = events.map((_, i) => i).filter((i) => events[i]!.first !== NO_DAY && events[i]!.last !== NO_DAY);
  dated.sort((a, b) => events[a]!.first - events[b]!.first);
  const counted = new Uint8Array(events.length);
  let low = 0;
  let high: number | null = 0;
  const add = (own: Total): void => {
    low += own.low;
    high = high === null || own.high === null ? null : high + own.high;
  };
  const spans = dated.filter((i) => lengthOf(events[i]!) > 0).sort((a, b) => lengthOf(events[b]!) - lengthOf(events[a]!) || a - b);
  for (const i of spans) {
    if (counted[i]) continue;
    counted[i] = 1;
    const outer = events[i]!;
    const held: number[] = [];
    for (let at = fromDay(events, dated, outer.first); at < dated.length && events[dated[at]!]!.first <= outer.last; at++) {
      const other = dated[at]!;
      if (counted[other] || events[other]!.last > outer.last || lengthOf(events[other]!) >= lengthOf(outer)) continue;
      counted[other] = 1;
      held.push(other);
    }
    if (held.length === 0) {
      add(outer);
      continue;
    }
    const inner = held.sort((a, b) => a - b).map((other) => events[other]!);
    const least = Math.max(outer.low, added(inner).low);
    add({ low: least, high: outer.high === null ? null : Math.max(outer.high, least) });
  }
  for (let i = 0; i < events.length; i++) if (!counted[i]) add(events[i]!);
  return { low, high };
}

/** The place of the first of the sorted ones that begins on the day or later. */
function fromDay(events: readonly Summand[], sorted: readonly number[], day: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (events[sorted[middle]!]!.first < day) from = middle + 1;
    else to = middle;
  }
  return from;
}
