/** Figures put together: beside the rule written out with no thought of speed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_DAY } from "../src/columns";
import { added, type Summand, type Total } from "../src/sums";
import { random } from "./made_up";

const length = (event: Summand): number => (event.first === NO_DAY || event.last === NO_DAY ? 0 : event.last - event.first);

function holds(outer: Summand, inner: Summand): boolean {
  if ([outer.first, outer.last, inner.first, inner.last].includes(NO_DAY)) return false;
  return outer.first <= inner.first && inner.last <= outer.last && length(outer) > length(inner);
}

function plainly(events: readonly Summand[]): Total {
  let waiting = events.map((event, i) => [event, i] as const).sort((a, b) => length(b[0]) - length(a[0]) || a[1] - b[1]).map(([event]) => event);
  let low = 0;
  let high: number | null = 0;
  while (waiting.length) {
    const event = waiting[0]!;
    const inner = waiting.slice(1).filter((other) => holds(event, other));
    waiting = waiting.slice(1).filter((other) => !inner.includes(other));
    let own: Total = event;
    if (inner.length) {
      const least = Math.max(event.low, plainly(inner).low);
      own = { low: least, high: event.high === null ? null : Math.max(event.high, least) };
    }
    low += own.low;
    high = high === null || own.high === null ? null : high + own.high;
  }
  return { low, high };
}

test("the sum is that of the plain rule", () => {
  const next = random(7);
  const below = (n: number): number => Math.floor(next() * n);
  for (let round = 0; round < 500; round++) {
    const events = Array.from({ length: below(14) }, () => {
      const first = next() < 0.1 ? NO_DAY : below(20);
      const last = first === NO_DAY || next() < 0.1 ? NO_DAY : first + below(9);
      const low = below(50);
      return { first, last, low, high: next() < 0.2 ? null : low + below(30) };
    });
    assert.deepEqual(added(events), plainly(events));
  }
});

test("a total of four days and the days themselves count once", () => {
  const days = [0, 1, 2, 3].map((day) => ({ first: day, last: day, low: 1_500, high: 1_500 }));
  assert.deepEqual(added([...days, { first: 0, last: 3, low: 6_300, high: 6_999 }]), { low: 6_300, high: 6_999 });
});
