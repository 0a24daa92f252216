/** The map's state: where it looks, what it draws, what is in view; and the drawing itself. */
import type * as GeoJSON from "geojson";
import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import { FLAGS, NO_PLACE } from "../columns";
import { announce } from "../data";
import { KINDS } from "../kinds";
import type { View } from "../view";
import { type Base, CanvasBase } from "./base";
import { bounded, boxOf, type Camera, copies, fitting, latitudeOf, type Size, worldSize, worldX, worldY, zoomed } from "./camera";
import { type Colours, coloursOf, onTheme } from "./colours";
import { listenTo } from "./gestures";
import { gathered, type Layout, layoutOf, type Mark } from "./marks";
import { type Badge, drawOverlay, type Name, type Rival, type Target } from "./overlay";
import { areaOf, type Country, readBorders, readWorld, type World } from "./world";

/** What the server says of the map (`/map.json`). */
export interface Facts {
  /** Addresses of the bundled files, as they are kept by the browser. */
  readonly small: string;
  readonly large: string;
  readonly worker: string;
  /** The user's own tiles and borders; null: there are none. */
  readonly basemap: string | null;
  readonly borders: string | null;
  /** Alpha-2 by alpha-3. */
  readonly codes: Readonly<Record<string, string>>;
}

/** One of the places that reports give for an event, as `/events/ID/places.json` tells it. */
export interface PlaceTold {
  readonly words: string;
  readonly kind: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly tellers: readonly string[];
  readonly quotes: readonly { readonly words: string; readonly document: string }[];
}

/** A line of the list beside the map. */
export interface Entry {
  readonly name: string;
  readonly local: string;
  readonly country: string | null;
  readonly kind: string;
  readonly places: readonly number[];
  readonly events: number;
}

/** How long the camera must rest before the list follows, in milliseconds. */
const REST = 200;

export class Atlas {
  readonly view: ReadonlySignal<View>;
  readonly camera = signal<Camera>({ x: 0.5, y: 0.4, zoom: 0 });
  /** Changes when the camera has come to rest. */
  readonly rested = signal(0);
  readonly world = signal<World | null>(null);
  /** What the base is drawn with. */
  readonly base = signal<"" | "canvas" | "gl">("");
  readonly problem = signal("");
  /** Places that the reader has opened, with what they are called together. */
  readonly opened = signal<Entry | null>(null);
  readonly rivals = signal<readonly PlaceTold[]>([]);
  readonly layout: ReadonlySignal<Layout>;
  readonly entries: ReadonlySignal<readonly Entry[]>;
  readonly isListed = signal(false);
  readonly facts = signal<Facts | null>(null);

  readonly #marks: ReadonlySignal<readonly Mark[]>;
  readonly #step = computed(() => Math.round(this.camera.value.zoom * 4) / 4);
  readonly #countries = computed(() => new Map((this.world.value?.countries ?? []).map((country) => [country.code, country])));
  readonly #areas = new WeakMap<Country, Path2D>();
  readonly #names: ReadonlySignal<readonly Name[]>;
  #size: Size = { width: 0, height: 0 };
  #colours: Colours | null = null;
  #under: Base | null = null;
  #canvas: HTMLCanvasElement | null = null;
  #frame: HTMLElement | null = null;
  #targets: readonly Target[] = [];
  #frameAsked = 0;
  #resting = 0;

  constructor(view: ReadonlySignal<View>) {
    this.view = view;
    this.layout = computed(() => layoutOf(view.value.columns));
    this.#marks = computed(() => gathered(this.layout.value.sites, this.#step.value));
    this.#names = computed(() => (this.world.value?.countries ?? []).map(nameOf));
    this.entries = computed(() => {
      this.rested.value;
      view.value.settled.value;
      this.facts.value;
      this.world.value;
      return untracked(() => this.#entriesInView());
    });
  }

  /** Draws in a frame of the page; gives what ends that. */
  mount(frame: HTMLElement, under: HTMLElement, canvas: HTMLCanvasElement): () => void {
    this.#frame = frame;
    this.#canvas = canvas;
    this.#colours = coloursOf(frame);
    const sized = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      if (!width || !height) return;
      const isFirst = this.#size.width === 0;
      this.#size = { width, height };
      if (isFirst) this.fit();
      else this.move(this.camera.value);
    });
    sized.observe(frame);
    const endings = [
      () => sized.disconnect(),
      onTheme(() => {
        this.#colours = coloursOf(frame);
        this.#under?.recolour(this.#colours);
        this.#draw();
      }),
      listenTo(frame, {
        camera: () => this.camera.value,
        move: (camera) => this.move(camera),
        point: (x, y) => this.#point(x, y),
        open: (x, y) => this.#open(x, y),
        list: () => this.list(),
        fit: () => this.fit(),
      }),
      effect(() => {
        const shown = this.view.value;
        shown.version.value;
        shown.filters.value;
        shown.chosen.value;
        this.camera.value;
        this.world.value;
        this.facts.value;
        this.rivals.value;
        this.#draw();
      }),
      effect(() => void this.#findRivals(this.view.value, this.view.value.chosen.value)),
      () => {
        cancelAnimationFrame(this.#frameAsked);
        clearTimeout(this.#resting);
        this.#under?.remove();
        this.#under = null;
      },
    ];
    void this.#load(under);
    return () => endings.forEach((end) => end());
  }

  move(camera: Camera): void {
    this.camera.value = bounded(camera, this.#size);
    this.#under?.show(this.camera.value, this.#size);
    clearTimeout(this.#resting);
    this.#resting = window.setTimeout(() => this.rested.value++, REST);
  }

  nearer(by: number): void {
    this.move(zoomed(this.camera.value, by));
  }

  /** Shows the box that is asked for, or else all places that have events. */
  fit(): void {
    const { filters, atPlaces } = this.view.value;
    const { box } = filters.value;
    if (box) {
      const [west, south, east, north] = box;
      const left = worldX(west);
      const right = worldX(east) + (east < west ? 1 : 0);
      const across = Math.log2((this.#size.width - 8) / 512 / Math.max(right - left, 1e-6));
      const down = Math.log2((this.#size.height - 8) / 512 / Math.max(worldY(south) - worldY(north), 1e-6));
      return this.move({ x: (left + right) / 2, y: (worldY(north) + worldY(south)) / 2, zoom: Math.min(across, down, 12) });
    }
    const has = (place: number): boolean => {
      for (let at = place * KINDS.length; at < (place + 1) * KINDS.length; at++) if (atPlaces[at]) return true;
      return false;
    };
    const sites = this.layout.value.sites.filter(({ place }) => has(place));
    const labels = this.#badges().filter(({ events }) => events > 0);
    const points = sites.length ? sites : labels;
    this.move(fitting(points.map(({ x }) => x), points.map(({ y }) => y), this.#size));
  }

  /** What is in view, in degrees. */
  box(): ReturnType<typeof boxOf> {
    return boxOf(this.camera.value, this.#size);
  }

  list(): void {
    this.isListed.value = true;
    requestAnimationFrame(() => {
      const list = this.#frame?.parentElement?.querySelector(".map-places");
      (list?.querySelector<HTMLElement>("button") ?? list?.querySelector<HTMLElement>("summary"))?.focus();
    });
  }

  open(entry: Entry): void {
    this.opened.value = entry;
    announce(`${entry.name}: ${entry.events} events`);
  }

  /** Rows at some places that are shown, the first of them; and how many there are. */
  rowsAt(places: readonly number[], most: number): { rows: number[]; all: number } {
    const { columns, misses, boxBit } = this.view.value;
    const wanted = new Set(places);
    const rows: number[] = [];
    let all = 0;
    for (let row = 0; row < columns.events; row++) {
      if ((misses[row]! & ~boxBit) !== 0 || !wanted.has(columns.place[row]!)) continue;
      if (all++ < most) rows.push(row);
    }
    return { rows, all };
  }

  // ------------------------------------------------------------------ what is drawn with

  async #load(under: HTMLElement): Promise<void> {
    try {
      const facts = (await fetched("/map.json").then((answer) => answer.json())) as Facts;
      this.facts.value = facts;
      const borders = facts.borders ? readBorders((await fetched(facts.borders).then((answer) => answer.json())) as GeoJSON.GeoJSON) : null;
      const world = async (address: string): Promise<World> => {
        const read = readWorld(await fetched(address).then((answer) => answer.arrayBuffer()));
        return borders ? { ...read, lines: { ...borders, coast: read.lines.coast } } : read;
      };
      const small = await world(facts.small);
      if (!this.#colours) return;
      const first = new CanvasBase(under, small, this.#colours);
      this.#turnTo(first, "canvas");
      this.world.value = small;
      const large = await world(facts.large);
      this.world.value = large;
      first.turn(large);
      if (!hasWebGL()) {
        if (facts.basemap) this.problem.value = "Your own base map needs WebGL, which this browser does not have here: countries are drawn instead.";
        return;
      }
      const { glBase } = await import("./basegl");
      if (this.#under !== first) return;
      const tiles = facts.basemap ? { address: facts.basemap } : null;
      try {
        const base = await glBase(under, facts.worker, large, this.#colours, tiles, this.camera.value);
        if (this.#under !== first) return base.remove();
        base.recolour(this.#colours);
        this.#turnTo(base, "gl");
      } catch (fault) {
        if (tiles) this.problem.value = `Your own base map could not be shown: ${(fault as Error).message}`;
      }
    } catch (fault) {
      this.problem.value = `The base map could not be fetched: ${(fault as Error).message}. Events and the list of places are complete without it.`;
    }
  }

  #turnTo(base: Base, kind: "canvas" | "gl"): void {
    const before = this.#under;
    this.#under = base;
    if (this.#size.width) base.show(this.camera.value, this.#size);
    before?.remove();
    this.base.value = kind;
  }

  #draw(): void {
    if (this.#frameAsked) return;
    this.#frameAsked = requestAnimationFrame(() => {
      this.#frameAsked = 0;
      const { columns, atPlaces, filters, chosen } = this.view.value;
      if (!this.#canvas || !this.#colours || !this.#size.width) return;
      const row = chosen.value;
      const { places } = columns.tables;
      this.#targets = drawOverlay(this.#canvas, this.camera.value, this.#size, this.#colours, {
        marks: this.#marks.value,
        counts: atPlaces,
        kinds: KINDS.length,
        badges: this.#badges(),
        names: this.#names.value,
        nameOf: (place) => places.name[place] ?? "",
        box: filters.value.box,
        chosen: row === null ? null : pointOf(places.latitude[columns.place[row]!], places.longitude[columns.place[row]!]),
        rivals: this.rivals.value.flatMap(({ words, latitude, longitude, tellers }): Rival[] => {
          const point = pointOf(latitude, longitude);
          return point ? [{ ...point, words: tellers.length ? `${words} – ${tellers[0]}` : words }] : [];
        }),
      });
    });
  }

  #badges(): Badge[] {
    const { atPlaces } = this.view.value;
    const badges: Badge[] = [];
    for (const [alpha3, places] of this.layout.value.countries) {
      const country = this.#countries.value.get(this.facts.value?.codes[alpha3] ?? "");
      if (!country) continue;
      badges.push({
        country: alpha3,
        name: englishName(country),
        x: worldX(country.label[0]),
        y: worldY(country.label[1]),
        events: eventsAt(atPlaces, places),
        area: this.#area(country),
      });
    }
    return badges;
  }

  #area(country: Country): Path2D {
    const known = this.#areas.get(country) ?? areaOf(country);
    this.#areas.set(country, known);
    return known;
  }

  // ------------------------------------------------------------------ what is in view

  #entriesInView(): Entry[] {
    if (this.#size.width === 0) return [];
    const { atPlaces, columns } = this.view.value;
    const { places } = columns.tables;
    const isSeen = (x: number, y: number): boolean => {
      const camera = this.camera.value;
      const world = worldSize(camera);
      const down = (y - camera.y) * world;
      return Math.abs(down) <= this.#size.height / 2 && copies(camera, this.#size).some((copy) => Math.abs((x + copy - camera.x) * world) <= this.#size.width / 2);
    };
    const found: Entry[] = [];
    for (const { place, x, y } of this.layout.value.sites) {
      const events = eventsAt(atPlaces, [place]);
      if (events && isSeen(x, y)) found.push({ name: places.name[place]!, local: "", country: places.country[place] ?? null, kind: places.kind[place]!, places: [place], events });
    }
    for (const [alpha3, held] of this.layout.value.countries) {
      const events = eventsAt(atPlaces, held);
      const country = this.#countries.value.get(this.facts.value?.codes[alpha3] ?? "");
      if (!events || (country && !isSeen(worldX(country.label[0]), worldY(country.label[1])))) continue;
      const name = country ? englishName(country) : alpha3;
      found.push({ name, local: country ? localName(country) : "", country: alpha3, kind: "country", places: held, events });
    }
    for (const place of this.layout.value.nowhere) {
      const events = eventsAt(atPlaces, [place]);
      if (events) found.push({ name: places.name[place]!, local: "", country: null, kind: places.kind[place]!, places: [place], events });
    }
    const untold = eventsAt(atPlaces, [places.name.length]);
    if (untold) found.push({ name: "No place told", local: "", country: null, kind: "none", places: [NO_PLACE], events: untold });
    return found.sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1));
  }

  #targetAt(x: number, y: number): Target | undefined {
    return this.#targets.findLast(({ left, top, right, bottom }) => x >= left && x <= right && y >= top && y <= bottom);
  }

  #point(x: number, y: number): void {
    const target = this.#targetAt(x, y);
    if (this.#canvas) {
      this.#canvas.style.cursor = target ? "pointer" : "grab";
      this.#canvas.title = target ? this.#entryOf(target).name : "";
    }
  }

  #open(x: number, y: number): void {
    const target = this.#targetAt(x, y);
    if (target) this.open(this.#entryOf(target));
  }

  #entryOf({ mark, badge, events }: Target): Entry {
    const { places } = this.view.value.columns.tables;
    if (badge) {
      const held = this.layout.value.countries.get(badge.country) ?? [];
      return { name: badge.name, local: "", country: badge.country, kind: "country", places: held, events };
    }
    const counts = this.view.value.atPlaces;
    const held = [...mark!.places].filter((place) => eventsAt(counts, [place])).sort((a, b) => eventsAt(counts, [b]) - eventsAt(counts, [a]));
    const first = held[0]!;
    const name = held.length === 1 ? places.name[first]! : `${places.name[first]} and ${held.length - 1} near by`;
    return { name, local: "", country: places.country[first] ?? null, kind: held.length === 1 ? places.kind[first]! : "several", places: held, events };
  }

  /** Events at a place, under all filters but the map's own. */
  eventsAt(place: number): number {
    return eventsAt(this.view.value.atPlaces, [place]);
  }

  async #findRivals(view: View, row: number | null): Promise<void> {
    this.rivals.value = [];
    if (row === null || !((view.columns.flags[row] ?? 0) & FLAGS.places)) return;
    const [told] = await view.details([row]);
    if (!told) return;
    const { asOf } = view.filters.peek();
    const answer = await fetch(`/events/${told.id}/places.json${asOf ? `?as_of=${encodeURIComponent(asOf)}` : ""}`);
    if (answer.ok && view.chosen.peek() === row) this.rivals.value = (await answer.json()) as PlaceTold[];
  }
}

function eventsAt(counts: Uint32Array, places: readonly number[]): number {
  let sum = 0;
  for (const place of places) for (let at = place * KINDS.length; at < (place + 1) * KINDS.length; at++) sum += counts[at] ?? 0;
  return sum;
}

function pointOf(latitude: number | null | undefined, longitude: number | null | undefined): { x: number; y: number } | null {
  return latitude == null || longitude == null ? null : { x: worldX(longitude), y: worldY(latitude) };
}

async function fetched(address: string): Promise<Response> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer;
}

function hasWebGL(): boolean {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}

function nameOf(country: Country): Name {
  const [longitude, latitude] = country.label;
  const largest = country.polygons.map(([outer]) => outer!).reduce((best, ring) => (spread(ring) > spread(best) ? ring : best));
  return { x: worldX(longitude), y: worldY(latitude), words: englishName(country), local: localName(country), width: spread(largest) / 360 };
}

function spread(ring: Float64Array): number {
  let [west, east] = [Infinity, -Infinity];
  for (let i = 0; i < ring.length; i += 2) [west, east] = [Math.min(west, ring[i]!), Math.max(east, ring[i]!)];
  return east - west;
}

const english = new Intl.DisplayNames(["en"], { type: "region" });

function englishName({ code, name }: Country): string {
  return code ? (english.of(code) ?? name) : name;
}

/** What the country is called in its own main language, by the browser's tables; the same as in English, or unknown: "". */
function localName(country: Country): string {
  if (!country.code) return "";
  const { language } = new Intl.Locale(`und-${country.code}`).maximize();
  const name = new Intl.DisplayNames([language], { type: "region", fallback: "none" }).of(country.code) ?? "";
  return name === englishName(country) ? "" : name;
}

/** The latitude of the middle of the map, for its scale. */
export function middleOf({ y }: Camera): number {
  return latitudeOf(y);
}
