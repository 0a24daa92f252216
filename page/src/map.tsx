/** The map of the first page: events over a base map, and the places in view as a list that says the same. */
import { type Signal, signal, useSignal } from "@preact/signals";
import { render, type VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { announce } from "./data";
import { Atlas, type PlaceTold } from "./map/atlas";
import { EXACTNESS } from "./map/marks";
import type { Mount, Row, View } from "./view";

/** Places and events that a list has at first. */
const FEW = 25;

const KIND_WORDS: Readonly<Record<string, string>> = {
  facility: "exact point",
  city: "town",
  admin2: "district",
  admin1: "province",
  country: "somewhere in the country",
  region: "region, on no map",
  several: "several places",
  none: "",
};

export const mount: Mount = (host, first) => {
  const view: Signal<View> = signal(first);
  const atlas = new Atlas(view);
  render(<Map atlas={atlas} />, host);
  return {
    show(next) {
      atlas.opened.value = null;
      view.value = next;
    },
    unmount: () => render(null, host),
  };
};

function Map({ atlas }: { atlas: Atlas }): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const under = useRef<HTMLDivElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => atlas.mount(frame.current!, under.current!, marks.current!), [atlas]);
  return (
    <section class="map" aria-labelledby="map-title">
      <h2 id="map-title" class="unseen">Map</h2>
      <div ref={frame} class="map-frame" tabIndex={0} role="application" aria-label="Map of events" aria-describedby="map-keys" data-base={atlas.base.value}>
        <div ref={under} class="map-under" aria-hidden="true" />
        <canvas ref={marks} class="map-marks" aria-hidden="true" />
      </div>
      <p id="map-keys" class="unseen">Arrow keys move the map, plus and minus change how near it is, 0 shows all, Enter goes to the list of places in view.</p>
      <Tools atlas={atlas} />
      {atlas.problem.value && <p class="bad" role="alert">{atlas.problem.value}</p>}
      <Rivals told={atlas.rivals.value} />
      <Opened atlas={atlas} />
      <Places atlas={atlas} />
      <Legend />
      <p class="note">
        {atlas.facts.value?.borders
          ? "Borders are from a file of your own. Coasts: Natural Earth."
          : "Base map: Natural Earth. It shows who holds what, as drawn there, and is no position on the status of any territory; lines that are disputed are dashed."}{" "}
        Places: GeoNames.
      </p>
    </section>
  );
}

function Tools({ atlas }: { atlas: Atlas }): VNode {
  const { box } = atlas.view.value.filters.value;
  return (
    <p class="row map-tools">
      <button type="button" aria-label="Nearer" title="Nearer (+)" onClick={() => atlas.nearer(1)}>+</button>
      <button type="button" aria-label="Farther" title="Farther (−)" onClick={() => atlas.nearer(-1)}>−</button>
      <button type="button" title="All places (0)" onClick={() => atlas.fit()}>All places</button>
      <button type="button" aria-pressed={box !== null} onClick={() => atlas.view.value.setBox(box ? null : atlas.box())}>
        Only what is in view
      </button>
      {box && <button type="button" onClick={() => atlas.view.value.setBox(atlas.box())}>This view instead</button>}
    </p>
  );
}

function Places({ atlas }: { atlas: Atlas }): VNode {
  const entries = atlas.entries.value;
  const isLong = useSignal(false);
  const events = entries.reduce((sum, entry) => sum + entry.events, 0);
  return (
    <details class="map-places" open={atlas.isListed.value} onToggle={(event) => (atlas.isListed.value = event.currentTarget.open)}>
      <summary>
        {entries.length.toLocaleString("en")} {entries.length === 1 ? "place" : "places"} in view or on no map, {events.toLocaleString("en")} events
      </summary>
      <ul>
        {entries.slice(0, isLong.value ? 2000 : FEW).map((entry) => (
          <li key={`${entry.kind} ${entry.places[0]}`}>
            <button type="button" data-events={entry.events} onClick={() => atlas.open(entry)}>
              <span>
                <bdi>{entry.name}</bdi>
                {entry.local && <> · <bdi dir="auto">{entry.local}</bdi></>}
              </span>
              <span class="note">{[entry.kind === "country" ? null : entry.country, KIND_WORDS[entry.kind] ?? entry.kind].filter(Boolean).join(", ")}</span>
              <span class="number">{entry.events.toLocaleString("en")}</span>
            </button>
          </li>
        ))}
      </ul>
      {entries.length > FEW && !isLong.value && <button type="button" onClick={() => (isLong.value = true)}>{(entries.length - FEW).toLocaleString("en")} more</button>}
    </details>
  );
}

function Opened({ atlas }: { atlas: Atlas }): VNode | null {
  const entry = atlas.opened.value;
  const view = atlas.view.value;
  const told = useSignal<{ readonly rows: readonly Row[]; readonly all: number }>({ rows: [], all: 0 });
  const heading = useRef<HTMLHeadingElement>(null);
  const settled = view.settled.value;
  useEffect(() => {
    if (!entry) return;
    let isGone = false;
    const { rows, all } = atlas.rowsAt(entry.places, FEW);
    void view.details(rows).then((found) => {
      if (!isGone) told.value = { rows: found, all };
    });
    return () => {
      isGone = true;
    };
  }, [entry, view, settled]);
  useEffect(() => heading.current?.focus(), [entry]);
  if (!entry) return null;
  const { name, country } = view.columns.tables.places;
  const { rows, all } = told.value;
  return (
    <section class="card map-opened" aria-labelledby="map-opened">
      <div class="row">
        <h3 id="map-opened" ref={heading} tabIndex={-1}>
          <bdi>{entry.name}</bdi>: {all.toLocaleString("en")} {all === 1 ? "event" : "events"}
        </h3>
        <button type="button" onClick={() => { atlas.opened.value = null; announce("Closed"); }}>Close</button>
      </div>
      <ul class="chips">
        {entry.places.filter((place) => name[place]).slice(0, FEW).map((place) => (
          <li key={place} class="chip">
            <bdi>{name[place]}</bdi>
            <span class="note">{[country[place], KIND_WORDS[view.columns.tables.places.kind[place]!], atlas.eventsAt(place).toLocaleString("en")].filter(Boolean).join(", ")}</span>
            <button type="button" onClick={() => view.ask("place", name[place]!, "any")}>only here</button>
          </li>
        ))}
      </ul>
      <Events view={view} rows={rows} />
      {all > rows.length && <p class="note">The first {rows.length} of {all.toLocaleString("en")}: “only here” lists them all.</p>}
    </section>
  );
}

function Events({ view, rows }: { view: View; rows: readonly Row[] }): VNode {
  const { asOf } = view.filters.value;
  return (
    <ul class="map-events">
      {rows.map((row) => (
        <li key={row.id}>
          <a href={`/events/${row.id}${asOf ? `?as_of=${encodeURIComponent(asOf)}` : ""}`}><bdi>{row.headline}</bdi></a>
          {row.evidence && <q dir="auto">{row.evidence}</q>}
        </li>
      ))}
    </ul>
  );
}

function Rivals({ told }: { told: readonly PlaceTold[] }): VNode | null {
  if (told.length < 2) return null;
  return (
    <section class="card map-rivals" aria-labelledby="map-rivals">
      <h3 id="map-rivals">Reports differ on where it was</h3>
      <ul>
        {told.map(({ words, tellers, quotes, latitude }) => (
          <li key={words}>
            <b><bdi>{words}</bdi></b> <span class="note">by {tellers.join(", ") || "nobody named"}{latitude === null ? "; it has no point" : ""}</span>
            {quotes[0] && <q dir="auto">{quotes[0].words}</q>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Legend(): VNode {
  return (
    <ul class="legend map-legend" aria-label="What the marks mean">
      {[...Object.values(EXACTNESS), "several" as const].map((exactness) => (
        <li key={exactness}>
          <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true" class={`mark ${exactness}`}>
            {exactness === "point" && <path d="M6.5 14h7L10 19.5z" class="pin" />}
            {exactness === "province" ? <path d="M10 1.5 18.5 10 10 18.5 1.5 10z" /> : <circle cx="10" cy={exactness === "point" ? 8.5 : 10} r={exactness === "several" ? 6 : 7} />}
            {exactness === "several" && <circle cx="10" cy="10" r="8.8" />}
          </svg>{" "}
          {{ point: "exact point", town: "town", district: "district", province: "province", several: "several places" }[exactness]}
        </li>
      ))}
      <li><span class="swatch hatched" aria-hidden="true" /> somewhere in the country</li>
    </ul>
  );
}
