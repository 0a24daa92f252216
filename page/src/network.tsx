/** Who does what to whom, beside the list of events: a picture, and the same as a list that needs no eyes. */
import { effect, type Signal, signal, useSignal } from "@preact/signals";
import { render, type VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { announce } from "./data";
import { addressOf } from "./filters";
import { onTheme } from "./map/colours";
import { listenTo } from "./map/gestures";
import type { Camera, Size } from "./map/camera";
import { drawNetwork, type Found, inksOf, tieAt, type Tie } from "./network/draw";
import type { Mount, Row, View } from "./view";

/** Actors shown at first, and how many more at a time. */
const FEW = 300;
const FEW_EVENTS = 25;
const LISTED = 40;

type Opened = { readonly tie: Tie } | { readonly node: number };

class Web {
  readonly found = signal<Found | null>(null);
  readonly most = signal(FEW);
  readonly problem = signal("");
  readonly opened = signal<Opened | null>(null);
  readonly pointed = signal<Opened | null>(null);
  #turn = 0;

  constructor(readonly view: Signal<View>) {}

  /** Fetches the network of what is asked for, and its layout. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    const address = addressOf(this.view.peek().filters.peek());
    address.set("nodes", String(this.most.peek()));
    try {
      const answer = await fetch(`/network.json?${address}`);
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      const found = (await answer.json()) as Found;
      if (turn !== this.#turn) return;
      this.opened.value = this.pointed.value = null;
      this.found.value = found;
      this.problem.value = "";
    } catch (fault) {
      this.problem.value = `The network could not be fetched: ${(fault as Error).message}.`;
    }
  }

  /** Rows of a tie, or of an actor, that are shown. */
  rowsOf(opened: Opened): number[] {
    const { columns, misses } = this.view.peek();
    const found = this.found.peek()!;
    const named = (node: number): Set<number> => {
      const wanted = found.nodes[node]!.name;
      return new Set(columns.tables.actors.name.flatMap((name, number) => (name === wanted ? [number] : [])));
    };
    const ends = "tie" in opened ? [named(opened.tie.source), named(opened.tie.target)] : [named(opened.node)];
    const type = "tie" in opened ? columns.tables.types.indexOf(opened.tie.type) : -1;
    const rows: number[] = [];
    for (let row = 0; row < columns.events; row++) {
      if (misses[row] !== 0 || (type >= 0 && columns.type[row] !== type)) continue;
      const has = ends.map(() => false);
      for (let i = columns.partyStart[row]!; i < columns.partyStart[row + 1]!; i++) {
        const [who, role] = [columns.party[i]! >> 2, columns.party[i]! & 3];
        ends.forEach((numbers, end) => {
          if (numbers.has(who) && (ends.length === 1 || role === end)) has[end] = true;
        });
      }
      if (has.every(Boolean)) rows.push(row);
    }
    return rows;
  }
}

export const mount: Mount = (host, first) => {
  const view = signal(first);
  const web = new Web(view);
  const end = effect(() => {
    view.value.settled.value;
    web.most.value;
    void web.load();
  });
  render(<Panel web={web} />, host);
  return {
    show: (next) => (view.value = next),
    unmount() {
      end();
      render(null, host);
    },
  };
};

function Panel({ web }: { web: Web }): VNode {
  const found = web.found.value;
  const query = addressOf(web.view.value.filters.value);
  return (
    <section class="network" aria-labelledby="network-title">
      <h2 id="network-title" class="unseen">Network</h2>
      {web.problem.value && <p class="bad" role="alert">{web.problem.value}</p>}
      {found && (
        <>
          <p class="note">
            Showing {found.nodes.length.toLocaleString("en")} of {found.actors.toLocaleString("en")} actors with a tie{" "}
            {found.nodes.length < found.actors && web.most.value < 1000 && (
              <button type="button" onClick={() => (web.most.value = Math.min(1000, web.most.value * 2))}>Show more</button>
            )}
            {web.most.value > FEW && <button type="button" onClick={() => (web.most.value = FEW)}>Show fewer</button>}
          </p>
          <Picture web={web} found={found} />
          <OpenedCard web={web} found={found} />
          <Ties web={web} found={found} />
          <ul class="legend" aria-label="What the picture means">
            <li>→ from who does it to whom it is done to</li>
            <li>━ told as fact</li>
            <li>╌ only alleged, denied or planned</li>
            <li><span class="swatch acts" aria-hidden="true" /> acts</li>
            <li><span class="swatch suffers" aria-hidden="true" /> is acted on</li>
            <li>◌ also speaks in reports</li>
          </ul>
          <p class="note">
            {found.untied > 0 && `${found.untied.toLocaleString("en")} more act, or are acted on, with nobody named at the other end. `}
            <a href={`/network?${query}`}>As a page with its list</a> · Download: <a href={`/network.graphml?${query}`}>GraphML</a>{" "}
            <a href={`/network.gexf?${query}`}>GEXF</a> <a href={`/network.csv?${query}`}>ties</a> <a href={`/network-nodes.csv?${query}`}>actors</a>
          </p>
        </>
      )}
    </section>
  );
}

function Picture({ web, found }: { web: Web; found: Found }): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  // Before anybody can press a key on it: an effect that waits for a picture misses the keys of whoever is quicker.
  useLayoutEffect(() => {
    const box = frame.current!;
    let size: Size = { width: 0, height: 0 };
    let inks = inksOf(box);
    let asked = 0;
    const camera = signal<Camera>({ x: 0.5, y: 0.5, zoom: 0 });
    const draw = (): void => {
      asked ||= requestAnimationFrame(() => {
        asked = 0;
        if (canvas.current && size.width) drawNetwork(canvas.current, found, camera.peek(), size, inks, web.pointed.peek() ?? web.opened.peek());
      });
    };
    const fit = (): void => {
      camera.value = { x: 0.5, y: 0.5, zoom: Math.log2(Math.min(size.width - 90, size.height - 40) / 512) };
    };
    const sized = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      if (!width || !height) return;
      const isFirst = size.width === 0;
      size = { width, height };
      if (isFirst) fit();
      draw();
    });
    sized.observe(box);
    const endings = [
      () => sized.disconnect(),
      () => cancelAnimationFrame(asked),
      onTheme(() => {
        inks = inksOf(box);
        draw();
      }),
      effect(() => {
        camera.value;
        web.opened.value;
        web.pointed.value;
        draw();
      }),
      listenTo(box, {
        camera: () => camera.peek(),
        move: (next) => (camera.value = { ...next, zoom: Math.min(5, Math.max(-2, next.zoom)) }),
        point: (x, y) => {
          const target = tieAt(found, camera.peek(), size, x, y);
          web.pointed.value = target;
          canvas.current!.style.cursor = target ? "pointer" : "grab";
        },
        open: (x, y) => {
          const target = tieAt(found, camera.peek(), size, x, y);
          if (target) web.opened.value = target;
        },
        list: () => {
          const list = box.parentElement?.querySelector<HTMLDetailsElement>(".network-ties");
          if (list) list.open = true;
          list?.querySelector<HTMLElement>("tbody button")?.focus();
        },
        fit,
      }),
    ];
    return () => endings.forEach((end) => end());
  }, [found, web]);
  return (
    <>
      <div ref={frame} class="map-frame network-frame" tabIndex={0} role="application" aria-label="Network of actors" aria-describedby="network-keys">
        <canvas ref={canvas} class="map-marks" aria-hidden="true" />
      </div>
      <p id="network-keys" class="unseen">Arrow keys move the picture, plus and minus change how near it is, 0 shows all, Enter goes to the list of ties.</p>
    </>
  );
}

function Ties({ web, found }: { web: Web; found: Found }): VNode {
  const isLong = useSignal(false);
  const ties = isLong.value ? found.ties.slice(0, 500) : found.ties.slice(0, LISTED);
  return (
    <details class="network-ties">
      <summary>{found.ties.length.toLocaleString("en")} ties as a list</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr><th scope="col">Who</th><th scope="col">does</th><th scope="col">to whom</th><th scope="col" class="number">Events</th></tr>
          </thead>
          <tbody>
            {ties.map((tie) => (
              <tr key={`${tie.source} ${tie.target} ${tie.type}`}>
                <td><bdi>{found.nodes[tie.source]!.name}</bdi></td>
                <td>{tie.type}</td>
                <td><bdi>{found.nodes[tie.target]!.name}</bdi></td>
                <td class="number">
                  <button type="button" aria-label={`${tie.events} events: ${wordsOf(found, tie)}`} onClick={() => (web.opened.value = { tie })}>{tie.events}</button>
                  {tie.asserted < tie.events && <span class="note"> {tie.events - tie.asserted} not told as fact</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {found.ties.length > ties.length && !isLong.value && <button type="button" onClick={() => (isLong.value = true)}>More</button>}
    </details>
  );
}

function wordsOf(found: Found, tie: Tie): string {
  return `${found.nodes[tie.source]!.name} – ${tie.type} → ${found.nodes[tie.target]!.name}`;
}

function OpenedCard({ web, found }: { web: Web; found: Found }): VNode | null {
  const opened = web.opened.value;
  const told = useSignal<{ readonly rows: readonly Row[]; readonly all: number }>({ rows: [], all: 0 });
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!opened) return;
    const rows = web.rowsOf(opened);
    let isGone = false;
    void web.view.peek().details(rows.slice(0, FEW_EVENTS)).then((found) => {
      if (!isGone) told.value = { rows: found, all: rows.length };
    });
    heading.current?.focus();
    return () => {
      isGone = true;
    };
  }, [opened]);
  if (!opened) return null;
  const view = web.view.value;
  const node = "node" in opened ? found.nodes[opened.node]! : null;
  const { asOf } = view.filters.value;
  const { rows, all } = told.value;
  return (
    <section class="card network-opened" aria-labelledby="network-opened">
      <div class="row">
        <h3 id="network-opened" ref={heading} tabIndex={-1}><bdi>{node ? node.name : wordsOf(found, (opened as { tie: Tie }).tie)}</bdi></h3>
        <button type="button" onClick={() => { web.opened.value = null; announce("Closed"); }}>Close</button>
      </div>
      {node && (
        <p class="note">
          {[...node.countries, ...node.sectors].join(", ") || "side not known"} · acts in {node.acts}, is acted on in {node.suffers}, speaks in {node.speaks} events ·{" "}
          <a href={`/actors/${encodeURIComponent(node.name)}`}>About this actor</a>
        </p>
      )}
      {node && <button type="button" onClick={() => view.ask("actor", node.name, "any")}>Only events with this actor</button>}
      <p class="note">{all.toLocaleString("en")} {all === 1 ? "event" : "events"}{all > rows.length ? `, the first ${rows.length}:` : ":"}</p>
      <ul class="map-events">
        {rows.map((row) => (
          <li key={row.id}>
            <a href={`/events/${row.id}${asOf ? `?as_of=${encodeURIComponent(asOf)}` : ""}`}><bdi>{row.headline}</bdi></a>
            {row.status !== "asserted" && <span class="note"> {row.status}</span>}
            {row.evidence && <q dir="auto">{row.evidence}</q>}
          </li>
        ))}
      </ul>
    </section>
  );
}
