/** Values of each facet with how many events have them under the other filters. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { VNode } from "preact";
import { FLAGS } from "../columns";
import type { Engine } from "../engine";
import { type Facet, FACETS, type Wanted } from "../filters";
import { KINDS, kindOf } from "../kinds";
import type { Store } from "./store";
import { FACET_WORDS, number, valueInWords } from "./words";

/** Values that are shown before a reader asks for more, or looks for one. */
const FEW = 8;
const MANY = 60;

interface Counted {
  readonly name: string;
  readonly count: number;
}

/** Names of a facet and their counts, added up where a name has several numbers. */
interface Source {
  readonly names: readonly string[];
  /** For each number the first number of the same name. */
  readonly first: Uint32Array;
  counts(): ArrayLike<number>;
}

function sourceOf(engine: Engine, facet: Facet): Source {
  const { tables } = engine.columns;
  const of = (names: readonly string[], counts: ArrayLike<number>): Source => ({ names, first: firstOf(names), counts: () => counts });
  switch (facet) {
    case "type":
      return of(tables.types, engine.type);
    case "mode":
      return of(tables.modes, engine.mode);
    case "status":
      return of(tables.statuses, engine.status);
    case "country":
      return of(tables.countries, engine.country);
    case "place":
      return of(tables.places.name, engine.place);
    case "actor":
      return of(tables.actors.name, engine.actor);
    case "flag": {
      const names = Object.keys(FLAGS);
      const bits = Object.values(FLAGS);
      const counts = (): number[] => bits.map((bit) => engine.flags.reduce((sum, count, byte) => (byte & bit ? sum + count : sum), 0));
      return { names, first: firstOf(names), counts };
    }
  }
}

function firstOf(names: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(names, (name, i) => {
    const known = numbers.get(name);
    if (known === undefined) numbers.set(name, i);
    return known ?? i;
  });
}

/** The values that most events have, `most` at most; those that are asked for are always among them. */
function top(source: Source, wanted: Wanted, most: number, sought: string): { values: Counted[]; more: number } {
  const counts = source.counts();
  const sums = new Uint32Array(source.names.length);
  for (let i = 0; i < sums.length; i++) sums[source.first[i]!]! += counts[i]!;
  const kept = new Set([...wanted.any, ...wanted.none]);
  const words = sought.toLowerCase();
  // Few are wanted of many: they are held in order while the rest are passed by.
  const best: number[] = [];
  let found = 0;
  for (let i = 0; i < sums.length; i++) {
    const count = sums[i]!;
    if (source.first[i] !== i || (count === 0 && !words)) continue;
    if (words && !source.names[i]!.toLowerCase().includes(words)) continue;
    found++;
    if (best.length === most && count <= sums[best[most - 1]!]!) continue;
    let place = best.length;
    while (place > 0 && sums[best[place - 1]!]! < count) place--;
    best.splice(place, 0, i);
    if (best.length > most) best.pop();
  }
  const values = best.map((i) => ({ name: source.names[i]!, count: sums[i]! }));
  const missing = [...kept].filter((name) => !values.some((value) => value.name === name));
  const asked = missing.map((name) => ({ name, count: sums[source.names.indexOf(name)] ?? 0 }));
  return { values: [...asked, ...values], more: Math.max(0, found - values.length) };
}

export function Facets({ store, engine }: { store: Store; engine: Engine }): VNode {
  return (
    <div class="facets">
      {FACETS.map((facet) => (
        <FacetList key={facet} store={store} engine={engine} facet={facet} />
      ))}
      <Witnesses store={store} engine={engine} />
    </div>
  );
}

function FacetList({ store, engine, facet }: { store: Store; engine: Engine; facet: Facet }): VNode | null {
  store.version.value;
  const isAll = useSignal(false);
  const sought = useSignal("");
  const source = useMemo(() => sourceOf(engine, facet), [engine, facet]);
  const wanted = store.filters.value.facets[facet];
  const { values, more } = top(source, wanted, isAll.value || sought.value ? MANY : FEW, sought.value);
  const title = `facet-${facet}`;
  const isLong = source.names.length > FEW;
  return (
    <section class="facet" aria-labelledby={title}>
      <h3 id={title}>{FACET_WORDS[facet]}</h3>
      {isLong && ["country", "place", "actor"].includes(facet) && (
        <input type="search" aria-label={`Find: ${FACET_WORDS[facet].toLowerCase()}`} placeholder="find" value={sought.value} onInput={(event) => (sought.value = event.currentTarget.value)} />
      )}
      <ul>
        {values.map((value) => (
          <Value key={value.name} store={store} facet={facet} value={value} wanted={wanted} />
        ))}
      </ul>
      {values.length === 0 && <p class="note">none</p>}
      {(more > 0 || isAll.value) && !sought.value && (
        <button type="button" class="more" aria-expanded={isAll.value} onClick={() => (isAll.value = !isAll.value)}>
          {isAll.value ? "fewer" : `${number(more)} more`}
        </button>
      )}
    </section>
  );
}

function Value({ store, facet, value, wanted }: { store: Store; facet: Facet; value: Counted; wanted: Wanted }): VNode {
  const isAsked = wanted.any.includes(value.name);
  const isRefused = wanted.none.includes(value.name);
  const words = valueInWords(facet, value.name, store.words);
  const kind = facet === "type" ? KINDS[kindOf(value.name)] : undefined;
  return (
    <li class={isAsked ? "asked" : isRefused ? "refused" : undefined}>
      <label>
        <input type="checkbox" checked={isAsked} onChange={() => store.askValue(facet, value.name, isAsked ? "either" : "any")} />
        {kind && <span class={`ink-${kind.colour}`} aria-hidden="true">{kind.sign}</span>}
        <bdi>{words}</bdi>
      </label>
      <span class="number">{number(value.count)}</span>
      <button type="button" class="not" aria-pressed={isRefused} title={`Leave out ${words}`} onClick={() => store.askValue(facet, value.name, isRefused ? "either" : "none")}>
        not<span class="unseen"> {words}</span>
      </button>
    </li>
  );
}

function Witnesses({ store, engine }: { store: Store; engine: Engine }): VNode {
  store.version.value;
  const { witnesses } = store.filters.value;
  const atLeast = (least: number): number => engine.witnesses.subarray(least).reduce((a, b) => a + b, 0);
  const offered = [0, 2, 3, 5, 10];
  if (!offered.includes(witnesses)) offered.push(witnesses);
  return (
    <section class="facet" aria-labelledby="facet-witnesses">
      <h3 id="facet-witnesses">Independent witnesses</h3>
      <ul>
        {offered.map((least) => (
          <li key={least}>
            <label>
              <input type="radio" name="least" checked={witnesses === least} onChange={() => store.ask({ ...store.filters.value, witnesses: least })} />
              {least ? `${least} or more` : "any number"}
            </label>
            <span class="number">{least <= 20 ? number(atLeast(least)) : ""}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
