/** Panels beside the list, each a script of its own that is fetched when it is opened: the map, the network. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { VNode } from "preact";
import type { Mount, Mounted, View } from "../view";
import type { Store } from "./store";

interface Panel {
  readonly name: string;
  readonly words: string;
  readonly load: () => Promise<{ readonly mount: Mount }>;
}

const PANELS: readonly Panel[] = [
  { name: "map", words: "Map", load: () => import("../map") },
  { name: "network", words: "Network", load: () => import("../network") },
];

export function Panels({ store }: { store: Store }): VNode | null {
  const isWide = matchMedia("(min-width: 70rem)").matches;
  const open = useSignal(isWide ? (PANELS[0]?.name ?? "") : "");
  const view = store.view.value;
  if (PANELS.length === 0 || !view) return null;
  return (
    <section class="panels" aria-label="Map and network">
      <p class="row tabs">
        {PANELS.map(({ name, words }) => (
          <button key={name} type="button" aria-pressed={open.value === name} onClick={() => (open.value = open.value === name ? "" : name)}>
            {words}
          </button>
        ))}
      </p>
      {PANELS.filter(({ name }) => name === open.value).map((panel) => (
        <Host key={panel.name} panel={panel} view={view} />
      ))}
    </section>
  );
}

function Host({ panel, view }: { panel: Panel; view: View }): VNode {
  const host = useRef<HTMLDivElement>(null);
  const mounted = useRef<Mounted | null>(null);
  const latest = useRef(view);
  latest.current = view;
  useEffect(() => {
    let isGone = false;
    void panel.load().then(({ mount }) => {
      if (!isGone && host.current) mounted.current = mount(host.current, latest.current);
    });
    return () => {
      isGone = true;
      mounted.current?.unmount();
    };
  }, [panel]);
  useEffect(() => mounted.current?.show(view), [view]);
  return <div ref={host} class={`panel ${panel.name}`} />;
}
