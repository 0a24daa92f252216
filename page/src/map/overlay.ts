/** Events on the map: a canvas over the base, drawn anew whenever a count or the camera changes, and nothing else with it. */
import type { Box } from "../filters";
import { inWorld, sharp } from "./base";
import { type Camera, copies, type Size, worldSize, worldX, worldY } from "./camera";
import type { Colours } from "./colours";
import { type Mark, radiusOf, shortly } from "./marks";

/** Events of a country of which no finer place is told. */
export interface Badge {
  readonly country: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly events: number;
  readonly area: Path2D | null;
}

export interface Name {
  readonly x: number;
  readonly y: number;
  readonly words: string;
  /** In the script of the country, where that is another. */
  readonly local: string;
  /** Width of the country in worlds. */
  readonly width: number;
}

/** One of the places that reports give for the chosen event, with who says so. */
export interface Rival {
  readonly x: number;
  readonly y: number;
  readonly words: string;
}

export interface Scene {
  readonly marks: readonly Mark[];
  /** place * kinds + group. */
  readonly counts: Uint32Array;
  readonly kinds: number;
  readonly badges: readonly Badge[];
  readonly names: readonly Name[];
  readonly nameOf: (place: number) => string;
  readonly box: Box | null;
  /** World coordinates of the chosen event; null: it has no point, or there is none. */
  readonly chosen: { readonly x: number; readonly y: number } | null;
  readonly rivals: readonly Rival[];
}

/** What can be pointed at: a mark or a badge. */
export interface Target {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly mark: Mark | null;
  readonly badge: Badge | null;
  readonly events: number;
}

const TURN = 2 * Math.PI;
const MOST_NAMES = 40;

/** Draws the scene; gives what can be pointed at, topmost last. */
export function drawOverlay(canvas: HTMLCanvasElement, camera: Camera, size: Size, colours: Colours, scene: Scene): Target[] {
  const context = sharp(canvas, size);
  if (!context) return [];
  const pen = new Pen(context, camera, size, colours);
  hatch(pen, scene.badges);
  if (scene.box) frame(pen, scene.box);
  const targets = marksInView(pen, scene);
  // The busiest are drawn last and lie on top: what is beneath one is in the list.
  for (const { mark, events, left, top, right } of targets) if (mark) drawMark(pen, (left + right) / 2, top + (right - left) / 2, mark, events, scene);
  const badges = placeBadges(pen, scene.badges, targets);
  for (const badge of badges) drawBadge(pen, badge);
  drawNames(pen, scene, [...targets, ...badges]);
  drawChosen(pen, scene);
  return [...targets, ...badges];
}

class Pen {
  constructor(
    readonly context: CanvasRenderingContext2D,
    readonly camera: Camera,
    readonly size: Size,
    readonly colours: Colours,
  ) {}

  /** Where a point of the world is on the page, once for each copy of the world in view. */
  at(x: number, y: number, margin = 30): [number, number][] {
    const { camera, size } = this;
    const world = worldSize(camera);
    const down = (y - camera.y) * world + size.height / 2;
    if (down < -margin || down > size.height + margin) return [];
    return copies(camera, { ...size, width: size.width + 2 * margin })
      .map((copy): [number, number] => [(x + copy - camera.x) * world + size.width / 2, down])
      .filter(([across]) => across > -margin && across < size.width + margin);
  }

  font(weight: number, pixels: number): void {
    this.context.font = `${weight} ${pixels}px ${this.colours.font}`;
  }
}

function eventsOf(mark: Mark, { counts, kinds }: Scene): number {
  let sum = 0;
  for (const place of mark.places) for (let at = place * kinds; at < (place + 1) * kinds; at++) sum += counts[at]!;
  return sum;
}

function marksInView(pen: Pen, scene: Scene): Target[] {
  const found: Target[] = [];
  for (const mark of scene.marks) {
    const places = pen.at(mark.x, mark.y);
    if (places.length === 0) continue;
    const events = eventsOf(mark, scene);
    if (events === 0) continue;
    const radius = radiusOf(events) + 3;
    for (const [x, y] of places) found.push({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius, mark, badge: null, events });
  }
  return found.sort((a, b) => a.events - b.events);
}

/** A ring of the kinds of events around their number; its edge says how exact the place is. */
function drawMark({ context, colours }: Pen, x: number, y: number, mark: Mark, events: number, { counts, kinds }: Scene): void {
  const radius = radiusOf(events);
  const sums = new Uint32Array(kinds);
  for (const place of mark.places) for (let kind = 0; kind < kinds; kind++) sums[kind]! += counts[place * kinds + kind]!;
  const isProvince = mark.exactness === "province";
  context.lineWidth = 1.2;
  if (mark.exactness === "point") {
    context.fillStyle = colours.ink;
    context.beginPath();
    context.moveTo(x - 4, y + radius - 1);
    context.lineTo(x + 4, y + radius - 1);
    context.lineTo(x, y + radius + 7);
    context.fill();
  }
  context.globalAlpha = isProvince ? 0.82 : 1;
  context.fillStyle = colours.card;
  context.beginPath();
  context.arc(x, y, radius, 0, TURN);
  context.fill();
  context.globalAlpha = 1;
  let from = -Math.PI / 2;
  context.lineWidth = 3.4;
  for (let kind = 0; kind < kinds; kind++) {
    if (sums[kind] === 0) continue;
    const to = from + (sums[kind]! / events) * TURN;
    context.strokeStyle = colours.kinds[kind]!;
    context.beginPath();
    context.arc(x, y, radius - 1.7, from, to);
    context.stroke();
    from = to;
  }
  context.lineWidth = 1.1;
  context.strokeStyle = colours.ink;
  context.beginPath();
  if (mark.exactness === "district") context.setLineDash([3, 2.5]);
  if (isProvince) {
    const half = radius + 3;
    context.setLineDash([6, 3]);
    context.moveTo(x, y - half * 1.3);
    context.lineTo(x + half * 1.3, y);
    context.lineTo(x, y + half * 1.3);
    context.lineTo(x - half * 1.3, y);
    context.closePath();
  } else context.arc(x, y, radius + 0.2, 0, TURN);
  context.stroke();
  context.setLineDash([]);
  if (mark.exactness === "several") {
    context.beginPath();
    context.arc(x, y, radius + 2.8, 0, TURN);
    context.stroke();
  }
  context.fillStyle = colours.ink;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `600 ${events < 100 ? 10.5 : 10}px ${colours.font}`;
  context.fillText(shortly(events), x, y + 0.5);
}

/** A country of whose events no finer place is told is hatched, and never has a point. */
function hatch({ context, camera, size, colours }: Pen, badges: readonly Badge[]): void {
  const areas = badges.filter(({ events, area }) => events > 0 && area !== null);
  if (areas.length === 0) return;
  const tile = new OffscreenCanvas(8, 8);
  const pen = tile.getContext("2d");
  if (!pen) return;
  pen.strokeStyle = colours.soft;
  pen.globalAlpha = 0.5;
  pen.lineWidth = 1;
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, "repeat");
  if (!pattern) return;
  inWorld(context, camera, size, (pixel) => {
    pattern.setTransform(new DOMMatrix().scale(pixel, pixel));
    context.fillStyle = pattern;
    for (const { area } of areas) context.fill(area!, "evenodd");
  });
}

/** Badges stand where the country's name fits, or near by if a mark stands there; those that find no room are put together. */
function placeBadges(pen: Pen, badges: readonly Badge[], marks: readonly Target[]): Target[] {
  const { context } = pen;
  const placed: Target[] = [];
  pen.font(600, 11.5);
  for (const badge of [...badges].sort((a, b) => b.events - a.events)) {
    if (badge.events === 0) continue;
    const half = context.measureText(wordsOf(badge)).width / 2 + 8;
    for (const [x, y] of pen.at(badge.x, badge.y, 60)) {
      const tries = [[0, 0], [0, -34], [0, 34], [half + 30, 0], [-half - 30, 0], [0, -62], [0, 62], [half + 50, -34], [-half - 50, 34]] as const;
      const spots = tries.map(([dx, dy]) => ({ left: x + dx - half, right: x + dx + half, top: y + dy - 11, bottom: y + dy + 11, mark: null, badge, events: badge.events }));
      placed.push(spots.find((spot) => ![...marks, ...placed].some((other) => overlaps(spot, other))) ?? spots[1]!);
    }
  }
  return placed;
}

function wordsOf({ name, events }: Badge): string {
  return `${name} ${shortly(events)}`;
}

function overlaps(a: Omit<Target, "mark" | "badge">, b: Omit<Target, "mark" | "badge">): boolean {
  return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
}

function drawBadge(pen: Pen, { left, top, right, bottom, badge }: Target): void {
  const { context, colours } = pen;
  context.fillStyle = colours.card;
  context.strokeStyle = colours.soft;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(left, top, right - left, bottom - top, 4);
  context.fill();
  context.setLineDash([2, 2]);
  context.stroke();
  context.setLineDash([]);
  pen.font(600, 11.5);
  context.fillStyle = colours.ink;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(wordsOf(badge!), (left + right) / 2, (top + bottom) / 2 + 0.5);
}

/** Names of places beside their marks, and of countries where they are wide enough to hold them. */
function drawNames(pen: Pen, scene: Scene, taken: Target[]): void {
  const { context, colours, camera } = pen;
  const room: Omit<Target, "mark" | "badge">[] = [...taken];
  const put = (words: string, x: number, y: number, align: "left" | "center", height: number): boolean => {
    const width = context.measureText(words).width;
    const left = align === "left" ? x : x - width / 2;
    const spot = { left: left - 2, right: left + width + 2, top: y - height / 2, bottom: y + height / 2, events: 0 };
    if (room.some((other) => overlaps(spot, other))) return false;
    room.push(spot);
    context.textAlign = align;
    context.strokeText(words, x, y);
    context.fillText(words, x, y);
    return true;
  };
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = colours.land;
  context.fillStyle = colours.ink;
  pen.font(500, 11.5);
  const named = taken.filter(({ mark }) => mark?.places.length === 1).slice(-MOST_NAMES).reverse();
  for (const { mark, right, top, bottom } of named) put(scene.nameOf(mark!.places[0]!), right + 3, (top + bottom) / 2, "left", 14);
  context.fillStyle = colours.soft;
  const world = worldSize(camera);
  for (const { x, y, words, local, width } of scene.names) {
    if (width * world < 46) continue;
    for (const [across, down] of pen.at(x, y)) {
      pen.font(500, 11);
      if (context.measureText(words).width > width * world * 1.15) continue;
      if (put(words, across, down, "center", 14) && local && width * world > 150) put(local, across, down + 14, "center", 13);
    }
  }
}

function frame({ context, camera, size, colours }: Pen, [west, south, east, north]: Box): void {
  const world = worldSize(camera);
  const left = worldX(west);
  const width = (worldX(east) - left + (east < west ? 1 : 0)) * world;
  const top = (worldY(north) - camera.y) * world + size.height / 2;
  const height = (worldY(south) - worldY(north)) * world;
  context.strokeStyle = colours.accent;
  context.lineWidth = 1.5;
  context.setLineDash([6, 4]);
  for (const copy of [...copies(camera, size), copies(camera, size)[0]! - 1]) context.strokeRect((left + copy - camera.x) * world + size.width / 2, top, width, height);
  context.setLineDash([]);
}

/** The chosen event's place, and a dashed line from it to each place that other reports give. */
function drawChosen(pen: Pen, { chosen, rivals }: Scene): void {
  const { context, colours } = pen;
  context.strokeStyle = colours.accent;
  if (rivals.length > 1) {
    const [first, ...others] = rivals;
    for (const copy of copies(pen.camera, pen.size)) {
      const on = ({ x, y }: { x: number; y: number }): [number, number] => {
        const world = worldSize(pen.camera);
        return [(x + copy - pen.camera.x) * world + pen.size.width / 2, (y - pen.camera.y) * world + pen.size.height / 2];
      };
      context.lineWidth = 2;
      for (const other of others) {
        context.setLineDash([7, 5]);
        context.beginPath();
        context.moveTo(...on(first!));
        context.lineTo(...on(other));
        context.stroke();
        context.setLineDash([]);
      }
      pen.font(600, 11.5);
      context.textAlign = "center";
      for (const rival of rivals) {
        const [x, y] = on(rival);
        context.lineWidth = 4;
        context.strokeStyle = colours.card;
        context.strokeText(rival.words, x, y - 24);
        context.fillStyle = colours.accent;
        context.fillText(rival.words, x, y - 24);
        context.strokeStyle = colours.accent;
        context.lineWidth = 2;
        context.beginPath();
        context.arc(x, y, 8, 0, TURN);
        context.stroke();
      }
    }
  }
  if (!chosen) return;
  context.lineWidth = 2.5;
  for (const [x, y] of pen.at(chosen.x, chosen.y)) {
    context.beginPath();
    context.arc(x, y, 31, 0, TURN);
    context.stroke();
  }
}
