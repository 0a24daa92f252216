/** What is asked, and ways to ask: words, reviewed or not, what was known when; and to take along what is shown. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { VNode } from "preact";
import { announce } from "../data";
import { BIT, type Engine } from "../engine";
import { addressOf, FACETS, type Filters, isoOf, NO_FILTERS, REVIEWS } from "../filters";
import type { Store } from "./store";
import { asked, counted, dayInWords, FACET_WORDS, number, plural, REVIEW_WORDS } from "./words";

export function Summary({ store, engine }: { store: Store; engine: Engine }): VNode {
  store.version.value;
  return (
    <p class="summary" aria-busy={store.isWaiting.value}>
      {counted(engine.shown, engine.documents, engine.columns)}
      {store.isWaiting.value && <span class="note"> · fetching …</span>}
    </p>
  );
}

export function Search({ store }: { store: Store }): VNode {
  const { filters } = store;
  return (
    <form
      role="search"
      class="row search"
      onSubmit={(event) => {
        event.preventDefault();
        const field = event.currentTarget.elements.namedItem("q") as HTMLInputElement;
        store.ask({ ...filters.value, q: field.value.trim() });
      }}
    >
      <label>
        Words in quotes, titles and fields{" "}
        <input type="search" name="q" id="q" key={filters.value.q} defaultValue={filters.value.q} />
      </label>
      <button type="submit">Find</button>
    </form>
  );
}

export function Reviewed({ store, engine }: { store: Store; engine: Engine }): VNode {
  store.version.value;
  const { filters } = store;
  const reviewed = engine.review.subarray(1).reduce((a, b) => a + b, 0);
  const counts = { all: reviewed + engine.review[0]!, reviewed, machine: engine.review[0]! };
  return (
    <fieldset class="switch">
      <legend>Reviewed {filters.value.review === "all" ? "(all is the default)" : ""}</legend>
      {REVIEWS.map((review) => (
        <label key={review} title={REVIEW_WORDS[review]}>
          <input type="radio" name="review" checked={filters.value.review === review} onChange={() => store.ask({ ...filters.value, review })} />
          {{ all: "all", reviewed: "by a person", machine: "machine alone" }[review]} <span class="number">{number(counts[review])}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** A slider of days: while it is held the events at hand are narrowed to those known by then; let go, those of that day are fetched. */
export function AsOf({ store, engine }: { store: Store; engine: Engine }): VNode {
  const { filters } = store;
  const { columns } = engine;
  const first = useMemo(() => columns.known.reduce((least, day) => Math.min(least, day), store.today), [columns]);
  const asOf = filters.value.asOf;
  const day = store.known.value ?? (asOf ? Math.floor(Date.parse(asOf) / 86_400_000) : store.today);
  const letGo = (value: number): void => {
    if (value >= store.today) {
      if (asOf) store.ask({ ...filters.value, asOf: null });
      else store.showKnown(null);
    } else store.ask({ ...filters.value, asOf: isoOf(value) });
  };
  return (
    <label class="as-of">
      Known by{" "}
      <input
        type="range"
        min={Math.min(first, day, store.today - 1)}
        max={store.today}
        value={day}
        aria-valuetext={day >= store.today ? "now" : dayInWords(day)}
        onInput={(event) => store.showKnown(Number(event.currentTarget.value))}
        onChange={(event) => letGo(Number(event.currentTarget.value))}
      />{" "}
      <b>{day >= store.today ? "now" : dayInWords(day)}</b>
      {store.known.value !== null && <span class="note"> as far as today’s values tell; let go for those of that day</span>}
    </label>
  );
}

export function Chips({ store }: { store: Store }): VNode | null {
  const parts = asked(store.filters.value, store.words);
  if (parts.length === 0) return null;
  const rest: Filters = { ...NO_FILTERS, asOf: store.filters.value.asOf, dates: store.filters.value.dates };
  return (
    <ul class="chips" aria-label="What is asked for">
      {parts.map((part) => (
        <li key={part.words} class="chip">
          <bdi>{part.words}</bdi>
          <button type="button" onClick={() => store.ask(part.rest)} title="Ask this no longer">
            ×<span class="unseen"> remove {part.words}</span>
          </button>
        </li>
      ))}
      {parts.length > 1 && (
        <li>
          <button type="button" onClick={() => store.ask(rest)}>
            Remove all
          </button>
        </li>
      )}
    </ul>
  );
}

/** Links to what is shown, to be copied, and files of it. */
export function Take({ store }: { store: Store }): VNode {
  const copied = useSignal("");
  const query = addressOf(store.filters.value).toString();
  const file = (ending: string): string => `/events.${ending}${query ? `?${query}` : ""}`;
  const copy = async (name: string, address: string): Promise<void> => {
    const whole = new URL(address, location.href).href;
    try {
      await navigator.clipboard.writeText(whole);
      copied.value = `${name} copied`;
    } catch {
      // Browsers refuse on addresses that are not secure: the link is shown instead.
      copied.value = whole;
    }
    announce(copied.value);
  };
  return (
    <div class="row take">
      <button type="button" onClick={() => void copy("Link", store.address())}>
        Copy link
      </button>
      <button type="button" onClick={() => void copy("API link", file("json"))}>
        Copy API link
      </button>
      <details>
        <summary class="button">Download this view</summary>
        <ul class="card">
          <li><a href={file("csv")} download>CSV, for spreadsheets</a></li>
          <li><a href={file("json")} download>JSON</a></li>
          <li><a href={file("geojson")} download>GeoJSON, for maps</a></li>
          <li><a href={`/share${query ? `?${query}` : ""}`}>With names hidden, or as pages …</a></li>
        </ul>
      </details>
      {copied.value && <span class="note">{copied.value}</span>}
    </div>
  );
}

/** Which filter left nothing. */
export function Empty({ store, engine }: { store: Store; engine: Engine }): VNode | null {
  store.version.value;
  if (engine.shown > 0) return null;
  if (engine.columns.events === 0) return <p class="empty">There are no events{store.filters.value.asOf ? " at this moment" : " in the ledger yet. Put reports into it with “dateline add”"}.</p>;
  const freed = engine.withoutEach().flatMap(([mask, count]) => {
    const part = partOf(mask, store.filters.value);
    return part ? [{ ...part, count }] : [];
  });
  return (
    <div class="empty">
      <p>No event fits all that is asked for.</p>
      {freed.length === 0 ? (
        <p>No single filter does: several of them exclude each other.</p>
      ) : (
        <ul>
          {freed.map(({ words, rest, count }) => (
            <li key={words}>
              Without <b>{words}</b>: {number(count)} {plural("event", count)}{" "}
              <button type="button" onClick={() => store.ask(rest)}>
                Remove it
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The filter that sets a bit, and the filters without it. */
function partOf(mask: number, filters: Filters): { words: string; rest: Filters } | null {
  const facet = FACETS.find((name) => BIT[name] === mask);
  if (facet) {
    const { any, none } = filters.facets[facet];
    const values = [...any, ...none.map((value) => `not ${value}`)].join(", ");
    return { words: `${FACET_WORDS[facet].toLowerCase()} ${values}`, rest: { ...filters, facets: { ...filters.facets, [facet]: { any: [], none: [] } } } };
  }
  switch (mask) {
    case BIT.since | BIT.until:
      return { words: "the window of days", rest: { ...filters, since: null, until: null } };
    case BIT.review:
      return { words: REVIEW_WORDS[filters.review], rest: { ...filters, review: "all" } };
    case BIT.witnesses:
      return { words: `${filters.witnesses} witnesses at least`, rest: { ...filters, witnesses: 0 } };
    case BIT.box:
      return { words: "the part of the map", rest: { ...filters, box: null } };
    case BIT.q:
      return { words: `the words “${filters.q}”`, rest: { ...filters, q: "" } };
    default:
      return null;
  }
}
