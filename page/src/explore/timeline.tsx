/** When: bars or single events over days, a window to brush, and how much news there was to read. */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { scaleLinear, scaleUtc } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import { useMemo, useRef } from "preact/hooks";
import type { VNode } from "preact";
import { type Columns, NO_DAY } from "../columns";
import type { Bars, Engine } from "../engine";
import { dayOf, type Filters, isoOf } from "../filters";
import { KINDS, kindOf } from "../kinds";
import { type Cut, cut, fitting } from "./scale";
import type { Store } from "./store";
import { dayInWords, daysInWords, number, plural } from "./words";

const DAY = 86_400_000;
const HEIGHT = 150;
const COVERAGE = 26;
const AXIS = 36;
const LEFT = 44;
const RIGHT = 12;
/** Up to so many events are drawn one by one. */
const MOST_ITEMS = 500;
/** Width of a sign with room around it. */
const SLOT = 12;
/** Fewer events than this before the window say nothing about a change. */
const FEW = 10;

interface Plot {
  readonly cut: Cut;
  readonly x: (day: number) => number;
  readonly dayAt: (x: number) => number;
  readonly first: number;
  readonly last: number;
  readonly width: number;
}

export function Timeline({ store, engine }: { store: Store; engine: Engine }): VNode {
  const width = useSignal(800);
  const host = useRef<HTMLDivElement>(null);
  const baseline = useSignal(0);
  const isTable = useSignal(false);
  useSignalEffect(() => {
    const watch = new ResizeObserver(([entry]) => {
      if (entry) width.value = Math.max(260, Math.floor(entry.contentRect.width));
    });
    if (host.current) watch.observe(host.current);
    return () => watch.disconnect();
  });
  const { columns } = engine;
  const { dates } = store.filters.value;
  const fits = useMemo(() => fitting(columns, dates), [columns, dates]);
  const [first, last] = store.zoom.value ?? fits;
  const plot = useMemo(() => plotOf(first, last, width.value), [first, last, width.value]);
  const zoomBy = (factor: number): void => store.setZoom(zoomed([first, last], factor));
  return (
    <section class="timeline" aria-labelledby="when-title">
      <div class="row timeline-head">
        <h2 id="when-title">When</h2>
        <Dates store={store} />
        <p class="row zoom" role="group" aria-label="Zoom">
          <button type="button" aria-label="Show more days" title="Show more days" onClick={() => zoomBy(2)}>−</button>
          <button type="button" aria-label="Show fewer days" title="Show fewer days" onClick={() => zoomBy(0.5)}>+</button>
          <button type="button" onClick={() => store.setZoom(null)}>Fit</button>
          <ToWindow store={store} fits={fits} />
        </p>
      </div>
      <div ref={host} class="plot">
        <Picture store={store} engine={engine} plot={plot} baseline={baseline.value} />
      </div>
      <div class="row under">
        <Legend engine={engine} store={store} step={plot.cut.step} />
        <label>
          Compare with{" "}
          <select value={String(baseline.value)} onChange={(event) => (baseline.value = Number(event.currentTarget.value))}>
            <option value="0">nothing</option>
            <option value="4">the 4 weeks before</option>
            <option value="52">the 52 weeks before</option>
          </select>
        </label>
      </div>
      {baseline.value > 0 && <Change store={store} engine={engine} weeks={baseline.value} fits={[first, last]} />}
      <details onToggle={(event) => (isTable.value = event.currentTarget.open)}>
        <summary>The same as a table</summary>
        {isTable.value && <BarTable store={store} engine={engine} cut={plot.cut} />}
      </details>
    </section>
  );
}

function plotOf(first: number, last: number, width: number): Plot {
  const scale = scaleLinear([first, last + 1], [LEFT, width - RIGHT]);
  return { cut: cut(first, last), x: scale, dayAt: (x) => Math.floor(Math.min(last, Math.max(first, scale.invert(x)))), first, last, width };
}

/** Twice or half the days around the same middle; never less than a week, nor more than a few centuries. */
function zoomed([first, last]: readonly [number, number], factor: number): readonly [number, number] {
  const middle = (first + last) / 2;
  const half = Math.min(100_000, Math.max(3.5, ((last - first + 1) * factor) / 2));
  return [Math.round(middle - half), Math.round(middle + half)];
}

// -------------------------------------------------------------------- asking for days

function Dates({ store }: { store: Store }): VNode {
  const filters = store.filters.value;
  const change = (part: Partial<Filters>) => store.ask({ ...filters, ...part });
  const field = (name: "since" | "until", words: string): VNode => (
    <label>
      {words}{" "}
      <input
        type="date"
        name={name}
        value={filters[name] === null ? "" : isoOf(filters[name])}
        onChange={(event) => change({ [name]: dayOf(event.currentTarget.value) })}
      />
    </label>
  );
  return (
    <>
      {field("since", "From")}
      {field("until", "until")}
      <label>
        Days of{" "}
        <select name="dates" value={filters.dates} onChange={(event) => change({ dates: event.currentTarget.value as Filters["dates"] })}>
          <option value="event">the event</option>
          <option value="report">its first report</option>
        </select>
      </label>
      {(filters.since !== null || filters.until !== null) && (
        <button type="button" onClick={() => change({ since: null, until: null })}>
          All days
        </button>
      )}
    </>
  );
}

function ToWindow({ store, fits }: { store: Store; fits: readonly [number, number] }): VNode | null {
  const { since, until } = store.filters.value;
  if (since === null && until === null) return null;
  return (
    <button type="button" onClick={() => store.setZoom([since ?? fits[0], until ?? fits[1]])}>
      To the window
    </button>
  );
}

// -------------------------------------------------------------------- the picture

function Picture({ store, engine, plot, baseline }: { store: Store; engine: Engine; plot: Plot; baseline: number }): VNode {
  const svg = useRef<SVGSVGElement>(null);
  const others = store.others.value;
  const { dates } = store.filters.value;
  const items = useMemo(() => engine.rowsBetween(plot.first, plot.last, MOST_ITEMS), [engine, others, dates, plot]);
  const bars = useMemo(() => (items ? null : engine.bars(plot.cut.edges)), [engine, others, dates, plot, items]);
  const total = HEIGHT + COVERAGE + AXIS;
  // The same element is not looked at again while a window is dragged over it.
  const shapes = useMemo(() => bars && <BarShapes bars={bars} plot={plot} baseline={baseline} />, [bars, plot, baseline]);
  const ground = useMemo(() => [<Coverage key="coverage" columns={engine.columns} plot={plot} />, <Axis key="axis" plot={plot} />], [engine, plot]);
  return (
    <svg
      ref={svg}
      viewBox={`0 0 ${plot.width} ${total}`}
      width={plot.width}
      height={total}
      role="group"
      aria-label={`Events from ${dayInWords(plot.first)} to ${dayInWords(plot.last)}; the table below says the same`}
    >
      <defs>
        <pattern id="may" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" class="may-ground" />
          <line x1="0" y1="0" x2="0" y2="5" class="may-line" />
        </pattern>
        <clipPath id="within">
          <rect x={LEFT} y="0" width={plot.width - LEFT - RIGHT} height={total} />
        </clipPath>
      </defs>
      <g aria-hidden="true">
        {shapes ?? <Items rows={items ?? []} plot={plot} engine={engine} store={store} dates={dates} />}
        {ground}
      </g>
      <Brush store={store} plot={plot} svg={() => svg.current} />
    </svg>
  );
}

function BarShapes({ bars, plot, baseline }: { bars: Bars; plot: Plot; baseline: number }): VNode {
  const kinds = KINDS.length;
  const { edges } = plot.cut;
  const count = edges.length - 1;
  const sure = Array.from({ length: count }, (_, bar) => bars.sure.subarray(bar * kinds, (bar + 1) * kinds).reduce((a, b) => a + b, 0));
  const most = Math.max(1, ...sure.map((n, bar) => n + bars.may[bar]!));
  const y = scaleLinear([0, most], [HEIGHT - 1, 12]);
  const paths = Array.from({ length: kinds }, () => "");
  let may = "";
  for (let bar = 0; bar < count; bar++) {
    const left = plot.x(edges[bar]!);
    const width = Math.max(0.6, plot.x(edges[bar + 1]!) - left - (count < 200 ? 1 : 0));
    let from = 0;
    const block = (n: number): string => {
      const top = y(from + n);
      const d = `M${left.toFixed(1)} ${y(from).toFixed(1)}V${top.toFixed(1)}h${width.toFixed(1)}V${y(from).toFixed(1)}Z`;
      from += n;
      return d;
    };
    for (let kind = 0; kind < kinds; kind++) {
      const n = bars.sure[bar * kinds + kind]!;
      if (n) paths[kind] += block(n);
    }
    if (bars.may[bar]) may += block(bars.may[bar]!);
  }
  const ticks = y.ticks(4).filter(Number.isInteger);
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={LEFT} x2={plot.width - RIGHT} y1={y(tick)} y2={y(tick)} class="grid" />
          <text x={LEFT - 6} y={y(tick) + 4} class="count">
            {number(tick)}
          </text>
        </g>
      ))}
      <g clip-path="url(#within)">
        {paths.map((d, kind) => d && <path key={kind} d={d} class={`kind-${KINDS[kind]!.colour}`} />)}
        {may && <path d={may} class="may" />}
        {baseline > 0 && <path d={baselinePath(sure, bars.may, plot, baseline, y)} class="baseline" />}
      </g>
    </>
  );
}

/** For each bar the mean of the bars in the weeks before it; where those are not all there, nothing. */
function baselinePath(sure: readonly number[], may: Uint32Array, plot: Plot, weeks: number, y: (n: number) => number): string {
  const { edges } = plot.cut;
  const points: [number, number | null][] = sure.map((_, bar) => {
    let sum = 0;
    let days = 0;
    let before = bar - 1;
    while (before >= 0 && edges[bar]! - edges[before]! <= weeks * 7) {
      sum += sure[before]! + may[before]!;
      days += edges[before + 1]! - edges[before]!;
      before--;
    }
    const isWhole = before >= 0 && days > 0;
    return [plot.x(edges[bar]!), isWhole && sum >= FEW ? (sum / days) * (edges[bar + 1]! - edges[bar]!) : null];
  });
  const path = line<[number, number | null]>()
    .defined((point) => point[1] !== null)
    .x((point) => point[0])
    .y((point) => y(point[1] ?? 0))
    .curve(curveStepAfter);
  return path(points) ?? "";
}

/** Single events: a day that is sure is a sign of its kind, days that are not are as wide as they may be, an open side fades out. */
function Items({ rows, plot, engine, store, dates }: { rows: readonly number[]; plot: Plot; engine: Engine; store: Store; dates: Filters["dates"] }): VNode {
  const { first, last, told } = engine.columns;
  const chosen = store.chosen.value;
  const placed = useMemo(() => {
    const shapes = rows.map((row) => {
      const [from, to] = dates === "event" ? [first[row]!, last[row]!] : [told[row]!, told[row]!];
      const left = from === NO_DAY ? LEFT - 20 : plot.x(from);
      const right = to === NO_DAY ? plot.width : plot.x(to + 1);
      return { row, left, right, isSure: from === to, isOpen: from === NO_DAY || to === NO_DAY };
    });
    // What may have been on several days lies below, as wide as those are; what is sure is a sign within its day.
    const ranges = shapes.filter((shape) => !shape.isSure || shape.right - shape.left < SLOT).sort((a, b) => a.left - b.left);
    const days = shapes.filter((shape) => shape.isSure && shape.right - shape.left >= SLOT);
    days.sort((a, b) => a.left - b.left || engine.kind[a.row]! - engine.kind[b.row]!);
    const placed: { shape: (typeof shapes)[number]; lane: number; left: number }[] = [];
    let below = 0;
    for (const group of [ranges, days]) {
      const ends: number[] = [];
      for (const shape of group) {
        const latest = group === days ? shape.right - SLOT : shape.left;
        let lane = ends.findIndex((end) => end <= latest);
        if (lane < 0) lane = ends.push(0) - 1;
        const left = Math.max(ends[lane]!, shape.left);
        ends[lane] = group === days ? left + SLOT : Math.max(shape.right, shape.left + SLOT);
        placed.push({ shape, lane: below + lane, left });
      }
      below += ends.length;
    }
    return { placed, count: Math.max(1, below) };
  }, [rows, plot, dates]);
  const step = Math.min(13, (HEIGHT - 8) / placed.count);
  const size = Math.max(2.5, Math.min(9, step - 1));
  return (
    <g clip-path="url(#within)">
      {placed.placed.map(({ shape: { row, left, right, isSure, isOpen }, lane, left: from }) => {
        const y = HEIGHT - 6 - (lane + 1) * step;
        const kind = engine.kind[row]!;
        const name = `kind-${KINDS[kind]!.colour}${row === chosen ? " chosen" : ""}`;
        if (isSure) return <path key={row} d={signPath(kind, from + SLOT / 2, y + size / 2, size / 2 + 0.5)} class={name} data-row={row} />;
        return <rect key={row} x={left} y={y} width={Math.max(3, right - left - 1)} height={size} rx={Math.min(3, size / 2)} data-row={row} class={`${name} ${isOpen ? "open range" : "range"}`} />;
      })}
    </g>
  );
}

/** The sign of a kind as a shape, so that it is told apart without colour. */
function signPath(kind: number, x: number, y: number, r: number): string {
  switch (KINDS[kind]!.sign) {
    case "▲":
      return `M${x} ${y - r}L${x + r} ${y + r}H${x - r}Z`;
    case "▼":
      return `M${x} ${y + r}L${x + r} ${y - r}H${x - r}Z`;
    case "■":
      return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`;
    case "◆":
      return `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`;
    case "✚":
      return `M${x - r / 3} ${y - r}h${r / 1.5}v${r / 1.5}h${r / 1.5}v${r / 1.5}h${-r / 1.5}v${r / 1.5}h${-r / 1.5}v${-r / 1.5}h${-r / 1.5}v${-r / 1.5}h${r / 1.5}Z`;
    case "○":
      return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0M${x - r / 2} ${y}a${r / 2} ${r / 2} 0 1 1 ${r} 0a${r / 2} ${r / 2} 0 1 1 ${-r} 0Z`;
    default:
      return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  }
}

/** Documents published a day, so that quiet news is not read as quiet ground. */
function Coverage({ columns, plot }: { columns: Columns; plot: Plot }): VNode {
  const daily = useMemo(() => documentsIn(columns, plot.cut.edges), [columns, plot]);
  const { edges } = plot.cut;
  const rates = daily.map((documents, bar) => documents / (edges[bar + 1]! - edges[bar]!));
  const most = Math.max(...rates, 0);
  const y = scaleLinear([0, most || 1], [HEIGHT + COVERAGE, HEIGHT + 8]);
  const points = [...rates, 0].map((rate, bar) => [plot.x(edges[bar]!), rate] as [number, number]);
  const path = area<[number, number]>((point) => point[0], HEIGHT + COVERAGE, (point) => y(point[1])).curve(curveStepAfter);
  return (
    <>
      <path d={path(points) ?? ""} class="coverage" clip-path="url(#within)" />
      <line x1={LEFT} x2={plot.width - RIGHT} y1={HEIGHT} y2={HEIGHT} class="ground" />
      <text x={LEFT - 6} y={HEIGHT + 16} class="count">{number(Math.round(most * (most < 10 ? 10 : 1)) / (most < 10 ? 10 : 1))}</text>
      <text x={LEFT - 6} y={HEIGHT + 25} class="count small">a day</text>
    </>
  );
}

/** How many documents were published in each bar. */
function documentsIn(columns: Columns, edges: Int32Array): number[] {
  const documents = new Array<number>(edges.length - 1).fill(0);
  let bar = 0;
  columns.coverageDay.forEach((day, i) => {
    if (day < edges[0]! || day >= edges[edges.length - 1]!) return;
    if (day < edges[bar]!) bar = 0;
    while (day >= edges[bar + 1]!) bar++;
    documents[bar]! += columns.coverage[i]!;
  });
  return documents;
}

/** Ticks, and below them the year of every tick's stretch: it is always there. */
function Axis({ plot }: { plot: Plot }): VNode {
  const { first, last, width } = plot;
  const bottom = HEIGHT + COVERAGE;
  const scale = scaleUtc([first * DAY, (last + 1) * DAY], [LEFT, width - RIGHT]);
  const ticks = scale.ticks(Math.max(2, Math.floor(width / 90))).filter((tick) => tick.getTime() % DAY === 0);
  const isYears = last - first > 366 * 6;
  const isMonths = last - first > 120;
  const name = (date: Date): string =>
    isYears ? "" : isMonths ? date.toLocaleDateString("en", { month: "short", timeZone: "UTC" }) : `${date.getUTCDate()} ${date.toLocaleDateString("en", { month: "short", timeZone: "UTC" })}`;
  const years: { x: number; words: string }[] = [{ x: LEFT, words: String(new Date(first * DAY).getUTCFullYear()) }];
  const every = Math.max(1, Math.ceil(((last - first) / 365.25) / Math.max(1, width / 60)));
  for (let year = new Date(first * DAY).getUTCFullYear() + 1; year <= new Date(last * DAY).getUTCFullYear(); year++) {
    if (year % every) continue;
    const x = plot.x(Date.UTC(year, 0, 1) / DAY);
    if (x - years[years.length - 1]!.x < 40) {
      if (years.length > 1) continue;
      years.pop();
    }
    years.push({ x, words: String(year) });
  }
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick.getTime()}>
          <line x1={scale(tick)} x2={scale(tick)} y1={bottom} y2={bottom + 4} class="ground" />
          {!isYears && (
            <text x={scale(tick)} y={bottom + 15} class="tick">
              {name(tick)}
            </text>
          )}
        </g>
      ))}
      {years.map(({ x, words }) => (
        <text key={words} x={x} y={isYears ? bottom + 18 : bottom + 31} class="year">
          {words}
        </text>
      ))}
    </>
  );
}

// -------------------------------------------------------------------- the window

type Held = { from: number; mode: "new" | "move" | "since" | "until"; window: readonly [number, number]; moved: boolean };

/** The window of days: drawn over the picture, moved by mouse, touch, and by keys on either handle. */
function Brush({ store, plot, svg }: { store: Store; plot: Plot; svg: () => SVGSVGElement | null }): VNode {
  const held = useRef<Held | null>(null);
  const { since, until } = store.filters.value;
  const isOpen = since === null && until === null;
  const left = since === null ? LEFT : clamp(plot.x(since), LEFT, plot.width - RIGHT);
  const right = until === null ? plot.width - RIGHT : clamp(plot.x(until + 1), LEFT, plot.width - RIGHT);

  const askFor = (from: number | null, to: number | null): void => store.ask({ ...store.filters.value, since: from, until: to });
  const dayAt = (event: PointerEvent): number => {
    const box = svg()?.getBoundingClientRect();
    return plot.dayAt(event.clientX - (box?.left ?? 0));
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const day = dayAt(event);
    const x = event.clientX - (svg()?.getBoundingClientRect().left ?? 0);
    const window = [since ?? plot.first, until ?? plot.last] as const;
    const mode = since !== null && Math.abs(x - left) < 8 ? "since" : until !== null && Math.abs(x - right) < 8 ? "until" : !isOpen && x > left && x < right ? "move" : "new";
    held.current = { from: day, mode, window, moved: false };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    const hold = held.current;
    if (!hold) return;
    const day = dayAt(event);
    if (day === hold.from && !hold.moved) return;
    hold.moved = true;
    const [first, last] = hold.window;
    if (hold.mode === "new") askFor(Math.min(hold.from, day), Math.max(hold.from, day));
    else if (hold.mode === "move") askFor(since === null ? null : first + day - hold.from, until === null ? null : last + day - hold.from);
    else if (hold.mode === "since") askFor(Math.min(day, until ?? day), until);
    else askFor(since, Math.max(day, since ?? day));
  };
  const up = (event: PointerEvent): void => {
    const hold = held.current;
    held.current = null;
    if (!hold || hold.moved) return;
    // A press without a move is about what lies under it: a single event, or else the bar.
    const under = document.elementsFromPoint(event.clientX, event.clientY).find((element) => element.hasAttribute("data-row"));
    if (under) store.choose(Number(under.getAttribute("data-row")));
    else if (hold.mode === "new") {
      const { edges } = plot.cut;
      const bar = edges.findIndex((edge, i) => hold.from >= edge && hold.from < (edges[i + 1] ?? 0));
      if (bar >= 0) askFor(edges[bar]!, edges[bar + 1]! - 1);
    }
  };
  return (
    <g class="brush">
      {!isOpen && (
        <>
          <rect x={LEFT} y="0" width={Math.max(0, left - LEFT)} height={HEIGHT + COVERAGE} class="outside" />
          <rect x={right} y="0" width={Math.max(0, plot.width - RIGHT - right)} height={HEIGHT + COVERAGE} class="outside" />
          <rect x={left} y="0.5" width={Math.max(1, right - left)} height={HEIGHT + COVERAGE - 1} class="window" />
        </>
      )}
      <rect x={LEFT} y="0" width={plot.width - LEFT - RIGHT} height={HEIGHT + COVERAGE} class="catch" onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={() => (held.current = null)} />
      <Handle name="since" x={left} store={store} plot={plot} day={since} other={until} />
      <Handle name="until" x={right} store={store} plot={plot} day={until} other={since} />
    </g>
  );
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** One end of the window as a slider: arrows move it by a day, with Shift by a week, Page keys by 30 days; Delete leaves it open. */
function Handle({ name, x, store, plot, day, other }: { name: "since" | "until"; x: number; store: Store; plot: Plot; day: number | null; other: number | null }): VNode {
  const isSince = name === "since";
  const now = day ?? (isSince ? plot.first : plot.last);
  const set = (value: number | null): void => {
    const bounded = value === null || other === null ? value : isSince ? Math.min(value, other) : Math.max(value, other);
    store.ask({ ...store.filters.value, [name]: bounded });
  };
  const press = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? 7 : 1;
    const moves: Record<string, number | null> = {
      ArrowLeft: now - step,
      ArrowDown: now - step,
      ArrowRight: now + step,
      ArrowUp: now + step,
      PageDown: now - 30,
      PageUp: now + 30,
      Home: plot.first,
      End: plot.last,
      Delete: null,
      Backspace: null,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    set(moves[event.key] ?? null);
  };
  return (
    <g
      class={`handle${day === null ? " unset" : ""}`}
      role="slider"
      tabindex={0}
      aria-label={isSince ? "First day" : "Last day"}
      aria-valuemin={plot.first}
      aria-valuemax={plot.last}
      aria-valuenow={clamp(now, plot.first, plot.last)}
      aria-valuetext={day === null ? "open" : dayInWords(day)}
      onKeyDown={press}
    >
      <line x1={x} x2={x} y1="0" y2={HEIGHT + COVERAGE} />
      <rect x={x - 4} y={HEIGHT / 2 - 14} width="8" height="28" rx="3" />
    </g>
  );
}

// -------------------------------------------------------------------- words beside it

function Legend({ engine, store, step }: { engine: Engine; store: Store; step: string }): VNode {
  const kinds = useComputed(() => {
    store.version.value;
    const counts = new Array<number>(KINDS.length).fill(0);
    engine.type.forEach((count, type) => {
      const row = engine.columns.tables.types[type];
      if (row !== undefined && count) counts[kindOf(row)]! += count;
    });
    return counts.map((count, kind) => ({ kind, count })).filter(({ count }) => count > 0).map(({ kind }) => kind).join(",");
  });
  return (
    <ul class="legend" aria-label="What the colours and signs mean">
      {kinds.value.split(",").filter(Boolean).map((kind) => (
        <li key={kind}>
          <span class={`ink-${KINDS[Number(kind)]!.colour}`} aria-hidden="true">{KINDS[Number(kind)]!.sign}</span> {KINDS[Number(kind)]!.words}
        </li>
      ))}
      <li><span class="swatch may-swatch" aria-hidden="true" /> may lie in another {step}</li>
      <li><span class="swatch coverage-swatch" aria-hidden="true" /> documents published</li>
    </ul>
  );
}

/** Against the weeks before: how many there were in as many days, and nothing where there were too few to tell. */
function Change({ store, engine, weeks, fits }: { store: Store; engine: Engine; weeks: number; fits: readonly [number, number] }): VNode {
  store.settled.value;
  const { since, until } = store.filters.value;
  const [from, to] = [since ?? fits[0], until ?? fits[1]];
  const days = to - from + 1;
  const before = engine.countBetween(from - weeks * 7, from - 1);
  const now = engine.countBetween(from, to);
  const expected = (before / (weeks * 7)) * days;
  const span = daysInWords(from, to);
  if (before < FEW)
    return <p class="note change">{span}: {number(now)} {plural("event", now)}. In the {weeks} weeks before there were {number(before)}, too few to compare with.</p>;
  const share = Math.round((now / expected - 1) * 100);
  return (
    <p class="note change">
      {span}: <b>{number(now)}</b> {plural("event", now)} in {number(days)} {plural("day", days)}. At the rate of the {weeks} weeks before ({number(before)} {plural("event", before)}) there would have been {number(Math.round(expected))}: {share > 0 ? "+" : share < 0 ? "−" : "±"}{number(Math.abs(share))} %. Compare the documents published, too.
    </p>
  );
}

function BarTable({ store, engine, cut: { edges, step } }: { store: Store; engine: Engine; cut: Cut }): VNode {
  store.others.value;
  const bars = engine.bars(edges);
  const documents = documentsIn(engine.columns, edges);
  const kinds = KINDS.length;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Events over time as a table">
      <table>
        <caption>Events by {step}, whatever days are asked for</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col" class="number">surely in this {step}</th>
            <th scope="col" class="number">maybe</th>
            <th scope="col" class="number">documents published</th>
          </tr>
        </thead>
        <tbody>
          {documents.map((published, bar) => (
            <tr key={edges[bar]}>
              <th scope="row">{dayInWords(edges[bar]!)}</th>
              <td class="number">{number(bars.sure.subarray(bar * kinds, (bar + 1) * kinds).reduce((a, b) => a + b, 0))}</td>
              <td class="number">{number(bars.may[bar]!)}</td>
              <td class="number">{number(published)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
