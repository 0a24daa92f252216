/** A selection never cuts a letter from what belongs to it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { snapped } from "../src/words";

test("a plain word stays as it is", () => {
  assert.deepEqual(snapped("the police came", 4, 10), [4, 10]);
});

test("accents, joined signs and tones of skin go with their letter", () => {
  const accented = "cafe\u0301 noir";
  assert.deepEqual(snapped(accented, 0, 4), [0, 5]);
  const family = "a 👩‍👧‍👦 b";
  assert.deepEqual(snapped(family, 4, 6), [2, 10]);
  const wave = "x👋🏽y";
  assert.deepEqual(snapped(wave, 1, 3), [1, 5]);
});

test("nothing selected stays nothing", () => {
  assert.deepEqual(snapped("abc", 1, 1), [1, 1]);
});
