/** Where the map looks: Web Mercator without turning or tilting, the same over every base map. No DOM here. */
import type { Box } from "../filters";

/** `x` and `y` are the middle in worlds (0 to 1 from 180° west to 180° east, and from 85° north to 85° south). */
export interface Camera {
  readonly x: number;
  readonly y: number;
  /** 0: the world is `TILE` pixels wide; one more doubles it. */
  readonly zoom: number;
}

/** Pixels of the page. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const TILE = 512;
export const NORTHMOST = 85.0511287798066;
const NEAREST = 14;

export function worldX(longitude: number): number {
  return (longitude + 180) / 360;
}

export function worldY(latitude: number): number {
  const bound = Math.min(NORTHMOST, Math.max(-NORTHMOST, latitude));
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + (bound * Math.PI) / 360)) / (2 * Math.PI);
}

export function longitudeOf(x: number): number {
  return x * 360 - 180;
}

export function latitudeOf(y: number): number {
  return (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90;
}

/** Width of the world in pixels. */
export function worldSize(camera: Camera): number {
  return TILE * 2 ** camera.zoom;
}

/** The camera within what can be looked at: the map never ends above or below, and goes round sideways. */
export function bounded(camera: Camera, { width, height }: Size): Camera {
  const furthest = Math.log2(Math.max(height, Math.min(width, 360)) / TILE);
  const zoom = Math.min(NEAREST, Math.max(furthest, camera.zoom));
  const half = height / 2 / (TILE * 2 ** zoom);
  return { x: camera.x - Math.floor(camera.x), y: half >= 0.5 ? 0.5 : Math.min(1 - half, Math.max(half, camera.y)), zoom };
}

/** Moved so many pixels to the right and down. */
export function panned(camera: Camera, right: number, down: number): Camera {
  const size = worldSize(camera);
  return { ...camera, x: camera.x + right / size, y: camera.y + down / size };
}

/** Nearer by so many steps, while what lies at a point (in pixels from the middle) stays there. */
export function zoomed(camera: Camera, by: number, right = 0, down = 0): Camera {
  const moved = panned(camera, right, down);
  return panned({ ...moved, zoom: camera.zoom + by }, -right, -down);
}

/** Numbers k for which the copy of the world k worlds to the right of the first is in view. */
export function copies(camera: Camera, { width }: Size): number[] {
  const half = width / 2 / worldSize(camera);
  const first = Math.floor(camera.x - half);
  return Array.from({ length: Math.floor(camera.x + half) - first + 1 }, (_, i) => first + i);
}

/** What is in view, in degrees. */
export function boxOf(camera: Camera, { width, height }: Size): Box {
  const size = worldSize(camera);
  const [halfX, halfY] = [width / 2 / size, height / 2 / size];
  const round = (degrees: number): number => Math.round(degrees * 1e4) / 1e4;
  const inside = (x: number): number => round(longitudeOf(x - Math.floor(x)));
  const [west, east] = halfX >= 0.5 ? [-180, 180] : [inside(camera.x - halfX), inside(camera.x + halfX)];
  const south = camera.y + halfY >= 1 ? -90 : round(latitudeOf(camera.y + halfY));
  return [west, south, east, camera.y - halfY <= 0 ? 90 : round(latitudeOf(camera.y - halfY))];
}

/** The camera that shows all of these places (world coordinates), with a margin in pixels; none: the world. */
export function fitting(xs: readonly number[], ys: readonly number[], size: Size, margin = 48): Camera {
  if (xs.length === 0) return bounded({ x: 0.55, y: 0.4, zoom: 0 }, size);
  const sorted = [...xs].sort((a, b) => a - b);
  // What is not shown is the widest gap: places on both sides of the antimeridian lie close together.
  let start = sorted[0]!;
  let span = sorted.at(-1)! - start;
  for (let i = 1; i < sorted.length; i++) {
    const around = 1 - (sorted[i]! - sorted[i - 1]!);
    if (around < span) [start, span] = [sorted[i]!, around];
  }
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const room = Math.min((size.width - 2 * margin) / Math.max(span, 1e-9), (size.height - 2 * margin) / Math.max(bottom - top, 1e-9));
  return bounded({ x: start + span / 2, y: (top + bottom) / 2, zoom: Math.min(6.5, Math.log2(Math.max(room, 1) / TILE)) }, size);
}
