/** The first page: linked time, facets, figures, list and panels over all events of the ledger. */
import { render, type VNode } from "preact";
import { islandData } from "../data";
import { register } from "../keys";
import { followMaking } from "../making";
import { Facets } from "../explore/facets";
import { Panels } from "../explore/panels";
import { Store } from "../explore/store";
import { Strip } from "../explore/strip";
import { Events } from "../explore/table";
import { Timeline } from "../explore/timeline";
import { AsOf, Chips, Empty, Reviewed, Search, Summary, Take } from "../explore/top";
import type { Words } from "../explore/words";
import { NO_FILTERS } from "../filters";

function Page({ store }: { store: Store }): VNode | null {
  const engine = store.engine.value;
  if (!engine) return null;
  return (
    <>
      {store.problem.value && <p class="bad" role="alert">{store.problem.value}</p>}
      <div class="asking">
        <Summary store={store} engine={engine} />
        <Search store={store} />
        <Reviewed store={store} engine={engine} />
        <AsOf store={store} engine={engine} />
        <Take store={store} />
      </div>
      <Chips store={store} />
      <Timeline store={store} engine={engine} />
      <Strip store={store} engine={engine} />
      <Empty store={store} engine={engine} />
      <div class="body">
        <FacetPane store={store} />
        <Events store={store} engine={engine} />
        <Panels store={store} />
      </div>
    </>
  );
}

/** Facets lie open beside a wide list, and closed above a narrow one. */
function FacetPane({ store }: { store: Store }): VNode {
  const isWide = matchMedia("(min-width: 60rem)").matches;
  return (
    <details class="facet-pane" open={isWide}>
      <summary>
        <h2>Filters</h2>
      </summary>
      {store.engine.value && <Facets store={store} engine={store.engine.value} />}
    </details>
  );
}

function step(store: Store, by: number): void {
  const rows = store.rows();
  if (rows.length === 0) return;
  const place = store.chosen.value === null ? -1 : rows.indexOf(store.chosen.value);
  const next = place < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, place + by));
  store.choose(rows[next]!);
}

async function openChosen(store: Store): Promise<void> {
  const row = store.chosen.value;
  if (row === null) return;
  const [told] = await store.details([row]);
  const { asOf } = store.filters.value;
  if (told) location.assign(`/events/${told.id}${asOf ? `?as_of=${encodeURIComponent(asOf)}` : ""}`);
}

const host = document.getElementById("explore");
if (host) {
  const store = new Store(islandData<Words>());
  register(
    { name: "explore.search", key: "/", words: "Look for words", does: () => document.getElementById("q")?.focus() },
    { name: "explore.next", key: "j", words: "Next event", does: () => step(store, 1) },
    { name: "explore.previous", key: "k", words: "Event before", does: () => step(store, -1) },
    { name: "explore.open", key: "o", words: "Open the chosen event", does: () => void openChosen(store) },
    { name: "explore.fit", key: "0", words: "All days", does: () => store.setZoom(null) },
    { name: "explore.clear", key: "x", words: "Ask for nothing in particular", does: () => store.ask({ ...NO_FILTERS, asOf: store.filters.value.asOf }) },
  );
  const note = document.getElementById("making");
  if (note) {
    followMaking(note, null, () => {
      note.remove();
      void store.load();
    });
  }
  // What the server wrote stays until there is something to put in its place.
  const started = store.load();
  void started.then(() => {
    if (!store.engine.value) {
      host.prepend(Object.assign(document.createElement("p"), { className: "bad", textContent: store.problem.value }));
      return;
    }
    host.replaceChildren();
    render(<Page store={store} />, host);
  });
}
