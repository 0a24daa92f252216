/** Days are cut into bars that follow the calendar, and few events far off do not squeeze the rest into a line. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cut, fitting } from "../src/explore/scale";
import { dayOf, isoOf } from "../src/filters";
import { madeUp } from "./made_up";

const day = (written: string): number => dayOf(written)!;

test("bars are days, weeks from Monday, months, quarters, years or decades, never too many", () => {
  const cuts: [string, string, string, string][] = [
    ["2020-08-01", "2020-08-31", "day", "2020-08-01"],
    ["2020-01-01", "2021-12-31", "week", "2019-12-30"],
    ["2015-02-03", "2024-12-31", "month", "2015-02-01"],
    ["1999-05-05", "2024-12-31", "quarter", "1999-04-01"],
    ["1930-05-05", "2024-12-31", "year", "1930-01-01"],
    ["1700-05-05", "2024-12-31", "decade", "1700-01-01"],
  ];
  for (const [from, to, step, first] of cuts) {
    const { step: found, edges } = cut(day(from), day(to));
    assert.equal(found, step);
    assert.equal(isoOf(edges[0]!), first);
    assert.ok(edges.length <= 132, `${edges.length} bars`);
    assert.ok(edges[edges.length - 1]! > day(to) && edges[edges.length - 2]! <= day(to));
    assert.ok(edges.every((edge, i) => i === 0 || edge > edges[i - 1]!));
  }
});

test("days before 1970 fall into their own months", () => {
  assert.deepEqual([...cut(day("1968-12-31"), day("1969-01-02")).edges].map(isoOf), ["1968-12-31", "1969-01-01", "1969-01-02", "1969-01-03"]);
});

test("the days in sight hold all events, but for a few that lie far off", () => {
  const columns = madeUp(1000, 5);
  const days = columns.first.filter((first) => first > 0);
  const [first, last] = fitting(columns, "event");
  assert.ok(first <= days[0]! && last >= days[days.length - 1]!);
  const far = { ...columns, first: Int32Array.from(columns.first, (at, row) => (row === columns.events - 1 ? at + 90_000 : at)) };
  assert.ok(fitting(far, "event")[1] < last + 100);
});

test("a ledger without days has a span all the same", () => {
  const [first, last] = fitting(madeUp(0), "event");
  assert.ok(first < last);
});
