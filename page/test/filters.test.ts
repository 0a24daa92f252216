/** An address says what filters say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, dayOf, filtersOf, isoOf, NO_FILTERS, withValue } from "../src/filters";

const WHOLE =
  "type=PROTEST&type=-COERCE&country=BLR&place=Hrodna&actor=B%C3%A9la+%26+sons&flag=differ&q=bread+queue&since=2020-08-01&until=2020-08-31" +
  "&dates=report&review=machine&box=170,-20,-170,10.5&witnesses=2&as_of=2020-09-01";

test("an address comes back as it was", () => {
  assert.equal(decodeURIComponent(addressOf(filtersOf(new URLSearchParams(WHOLE))).toString()), decodeURIComponent(WHOLE));
});

test("no filters are no address", () => {
  assert.deepEqual(filtersOf(new URLSearchParams("sort=place&at=17&type=&q=+")), NO_FILTERS);
  assert.equal(addressOf(NO_FILTERS).toString(), "");
});

test("a minus is a value that is left out", () => {
  assert.deepEqual(filtersOf(new URLSearchParams("type=-PROTEST&type=-")).facets.type, { any: [], none: ["PROTEST"] });
});

test("a value is asked for or refused, never both", () => {
  const asked = withValue(NO_FILTERS, "type", "PROTEST", "any");
  assert.deepEqual(withValue(asked, "type", "PROTEST", "none").facets.type, { any: [], none: ["PROTEST"] });
  assert.deepEqual(withValue(asked, "type", "PROTEST", "either"), NO_FILTERS);
});

test("a day is read as it is written, and no other", () => {
  assert.equal(isoOf(dayOf("2020-02-29")!), "2020-02-29");
  for (const wrong of ["2021-02-29", "2020-13-01", "20-01-01", "yesterday", "", null]) assert.equal(dayOf(wrong), null);
});
