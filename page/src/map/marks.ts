/** Which places are one mark on the map at a zoom, and what a mark says of how exact it is. No DOM here. */
import type { Columns } from "../columns";
import { TILE, worldX, worldY } from "./camera";

/** How exact a place is: what its mark looks like. "several": places of more than one kind, or more than one place. */
export type Exactness = "point" | "town" | "district" | "province" | "several";

export const EXACTNESS: Readonly<Record<string, Exactness>> = { facility: "point", city: "town", admin2: "district", admin1: "province" };

/** A place that has a point. */
export interface Site {
  readonly place: number;
  readonly x: number;
  readonly y: number;
  readonly exactness: Exactness;
  /** Events there whatever is asked for: marks do not wander while a reader asks. */
  readonly weight: number;
}

export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly exactness: Exactness;
  readonly places: readonly number[];
}

/** Where the places of a ledger go on the map. */
export interface Layout {
  /** Those with a point, the ones with most events first. */
  readonly sites: readonly Site[];
  /** By country (alpha-3) the places that have no point to show: the country itself, and what lies somewhere in it. */
  readonly countries: ReadonlyMap<string, readonly number[]>;
  /** Places that are nowhere on a map: seas, regions of several countries. */
  readonly nowhere: readonly number[];
}

export function layoutOf({ tables: { places }, place: placeOf }: Columns): Layout {
  const weights = new Uint32Array(places.name.length + 1);
  for (const place of placeOf) weights[Math.min(place, places.name.length)]!++;
  const sites: Site[] = [];
  const countries = new Map<string, number[]>();
  const nowhere: number[] = [];
  places.name.forEach((_, place) => {
    const [latitude, longitude, country] = [places.latitude[place], places.longitude[place], places.country[place]];
    const exactness = EXACTNESS[places.kind[place]!];
    if (latitude != null && longitude != null && exactness)
      sites.push({ place, x: worldX(longitude), y: worldY(latitude), exactness, weight: weights[place]! });
    else if (country) countries.set(country, [...(countries.get(country) ?? []), place]);
    else nowhere.push(place);
  });
  sites.sort((a, b) => b.weight - a.weight || a.place - b.place);
  return { sites, countries, nowhere };
}

/** Pixels within which places are one mark. */
const NEAR = 34;

/** Marks at a zoom: each place is in the mark of the busier place next to it, or is one itself. None is left out. */
export function gathered(sites: readonly Site[], zoom: number): Mark[] {
  const near = NEAR / (TILE * 2 ** zoom);
  const columns = Math.ceil(1 / near) + 2;
  const cells = new Map<number, number[]>();
  const marks: { x: number; y: number; exactness: Exactness; places: number[] }[] = [];
  for (const { place, x, y, exactness } of sites) {
    const [column, line] = [Math.floor(x / near), Math.floor(y / near)];
    let nearest = -1;
    let distance = near * near;
    for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) {
      for (const mark of cells.get((line + dy) * columns + column + dx) ?? []) {
        const found = (marks[mark]!.x - x) ** 2 + (marks[mark]!.y - y) ** 2;
        if (found < distance) [nearest, distance] = [mark, found];
      }
    }
    if (nearest >= 0) {
      marks[nearest]!.places.push(place);
      marks[nearest]!.exactness = "several";
    } else {
      const cell = line * columns + column;
      const held = cells.get(cell);
      if (held) held.push(marks.length);
      else cells.set(cell, [marks.length]);
      marks.push({ x, y, exactness, places: [place] });
    }
  }
  return marks;
}

/** Radius of a mark for so many events: it grows with the number of digits, so that one event is still seen beside a thousand. */
export function radiusOf(events: number): number {
  return Math.min(26, 7 + 4.4 * Math.log10(1 + events));
}

/** A number short enough for a mark: 999, 1.2k, 35k. */
export function shortly(events: number): string {
  if (events < 1000) return String(events);
  return events < 9950 ? `${(events / 1000).toFixed(1)}k` : events < 999500 ? `${Math.round(events / 1000)}k` : `${(events / 1e6).toFixed(1)}M`;
}
