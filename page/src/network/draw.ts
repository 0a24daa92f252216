/** The picture of a network on a canvas, and what of it lies under a point. */
import { kindOf, KINDS } from "../kinds";
import { sharp } from "../map/base";
import { type Camera, type Size, worldSize } from "../map/camera";

export interface Node {
  readonly name: string;
  readonly countries: readonly string[];
  readonly sectors: readonly string[];
  /** Events in which it acts, is acted on, speaks. */
  readonly acts: number;
  readonly suffers: number;
  readonly speaks: number;
  /** From -1 to 1. */
  readonly x: number;
  readonly y: number;
}

export interface Tie {
  readonly source: number;
  readonly target: number;
  readonly type: string;
  readonly events: number;
  /** Of them those told as fact. */
  readonly asserted: number;
}

/** What `/network.json` tells. */
export interface Found {
  readonly key: string;
  readonly actors: number;
  readonly untied: number;
  readonly ties_in_all: number;
  readonly nodes: readonly Node[];
  readonly ties: readonly Tie[];
}

export interface Inks {
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly actor: string;
  readonly recipient: string;
  readonly teller: string;
  readonly kinds: readonly string[];
  readonly font: string;
}

export function inksOf(host: HTMLElement): Inks {
  const style = getComputedStyle(host);
  const value = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: value("card"), ink: value("ink"), soft: value("soft"), actor: value("actor"), recipient: value("recipient"), teller: value("teller"),
    kinds: KINDS.map(({ colour }) => value(`kind-${colour}`)), font: value("sans"),
  };
}

type Pointed = { readonly tie: Tie } | { readonly node: number };

/** How far ties of two actors bend, in parts of their length: each type, and each direction, has a line of its own. */
const BEND = 0.1;
const TURN = 2 * Math.PI;
const MOST_NAMES = 40;

interface Curve {
  readonly tie: Tie;
  readonly from: readonly [number, number];
  readonly over: readonly [number, number];
  readonly to: readonly [number, number];
}

function radiusOf({ acts, suffers }: Node): number {
  return Math.min(20, 4 + 1.3 * Math.sqrt(acts + suffers));
}

function placed(found: Found, camera: Camera, { width, height }: Size): [number, number][] {
  const world = worldSize(camera);
  return found.nodes.map(({ x, y }) => [((x + 1) / 2 - camera.x) * world + width / 2, ((y + 1) / 2 - camera.y) * world + height / 2]);
}

function curvesOf(found: Found, at: readonly (readonly [number, number])[]): Curve[] {
  const beside = new Map<number, number>();
  return found.ties.map((tie) => {
    const pair = tie.source * found.nodes.length + tie.target;
    const rank = (beside.get(pair) ?? 0) + 1;
    beside.set(pair, rank);
    const [from, to] = [at[tie.source]!, at[tie.target]!];
    const bend = BEND * rank;
    // What an actor does to itself is a loop above it.
    if (tie.source === tie.target) return { tie, from: [from[0] - 5, from[1]], over: [from[0], from[1] - 46 - 12 * rank], to: [from[0] + 5, from[1]] };
    return { tie, from, over: [(from[0] + to[0]) / 2 - (to[1] - from[1]) * bend, (from[1] + to[1]) / 2 + (to[0] - from[0]) * bend], to };
  });
}

function along({ from, over, to }: Curve, t: number): [number, number] {
  const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
  return [a * from[0] + b * over[0] + c * to[0], a * from[1] + b * over[1] + c * to[1]];
}

export function drawNetwork(canvas: HTMLCanvasElement, found: Found, camera: Camera, size: Size, inks: Inks, pointed: Pointed | null): void {
  const context = sharp(canvas, size);
  if (!context) return;
  context.fillStyle = inks.paper;
  context.fillRect(0, 0, size.width, size.height);
  const at = placed(found, camera, size);
  const node = pointed && "node" in pointed ? pointed.node : -1;
  const isLit = (tie: Tie): boolean => pointed === null || ("tie" in pointed ? pointed.tie === tie : tie.source === node || tie.target === node);
  const byColour = new Map<string, { colour: string; alpha: number; path: Path2D }>();
  for (const curve of curvesOf(found, at)) {
    const { tie } = curve;
    const colour = inks.kinds[kindOf(tie.type)]!;
    context.globalAlpha = isLit(tie) ? 0.85 : 0.12;
    context.strokeStyle = colour;
    context.lineWidth = Math.min(6, 0.8 + 0.5 * Math.sqrt(tie.events));
    if (tie.asserted === 0) context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(...curve.from);
    context.quadraticCurveTo(...curve.over, ...curve.to);
    context.stroke();
    context.setLineDash([]);
    // Heads of one colour are filled together, which costs a fraction of filling each.
    const key = `${isLit(tie)}${colour}`;
    const heads = byColour.get(key) ?? { colour, alpha: context.globalAlpha, path: new Path2D() };
    byColour.set(key, heads);
    const [tip, back] = [along(curve, 0.58), along(curve, 0.5)];
    const length = Math.hypot(tip[0] - back[0], tip[1] - back[1]) || 1;
    const [ux, uy] = [(tip[0] - back[0]) / length, (tip[1] - back[1]) / length];
    const wide = 3.5 + context.lineWidth / 2;
    heads.path.moveTo(back[0] + ux * 2 * wide, back[1] + uy * 2 * wide);
    heads.path.lineTo(back[0] - uy * wide, back[1] + ux * wide);
    heads.path.lineTo(back[0] + uy * wide, back[1] - ux * wide);
    heads.path.closePath();
  }
  for (const { colour, alpha, path } of byColour.values()) {
    context.globalAlpha = alpha;
    context.fillStyle = colour;
    context.fill(path);
  }
  const beside = new Set<number>();
  if (pointed && "tie" in pointed) beside.add(pointed.tie.source).add(pointed.tie.target);
  for (const { source, target } of found.ties) if (node >= 0 && (source === node || target === node)) beside.add(source).add(target);
  for (let i = found.nodes.length - 1; i >= 0; i--) {
    context.globalAlpha = pointed === null || beside.has(i) || i === node ? 1 : 0.25;
    drawNode(context, found.nodes[i]!, at[i]!, inks);
  }
  context.globalAlpha = 1;
  const first = node >= 0 ? [node] : [...beside];
  drawNames(context, found, at, inks, [...new Set([...first, ...beside, ...found.nodes.keys()])].slice(0, pointed ? Math.max(beside.size + 1, 12) : MOST_NAMES));
}

/** A disc parted by how often the actor acts and is acted on; a ring of dots around it: it speaks in reports too. */
function drawNode(context: CanvasRenderingContext2D, node: Node, [x, y]: readonly [number, number], inks: Inks): void {
  const radius = radiusOf(node);
  const share = node.acts / Math.max(1, node.acts + node.suffers);
  const slice = (from: number, to: number, colour: string): void => {
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(x, y);
    context.arc(x, y, radius, from * TURN - TURN / 4, to * TURN - TURN / 4);
    context.fill();
  };
  slice(0, share, inks.actor);
  slice(share, 1, inks.recipient);
  context.strokeStyle = inks.paper;
  context.lineWidth = 1.2;
  context.beginPath();
  context.arc(x, y, radius, 0, TURN);
  context.stroke();
  if (node.speaks === 0) return;
  context.strokeStyle = inks.teller;
  context.setLineDash([1.5, 3]);
  context.beginPath();
  context.arc(x, y, radius + 3, 0, TURN);
  context.stroke();
  context.setLineDash([]);
}

function drawNames(context: CanvasRenderingContext2D, found: Found, at: readonly (readonly [number, number])[], inks: Inks, order: readonly number[]): void {
  context.font = `500 11.5px ${inks.font}`;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = inks.paper;
  context.fillStyle = inks.ink;
  const taken: [number, number, number, number][] = [];
  for (const i of order) {
    const name = found.nodes[i]!.name;
    const words = name.length > 34 ? `${name.slice(0, 32)}…` : name;
    const [x, y] = [at[i]![0], at[i]![1] - radiusOf(found.nodes[i]!) - 3];
    const half = context.measureText(words).width / 2 + 2;
    if (taken.some(([left, top, right, bottom]) => x - half < right && x + half > left && y - 14 < bottom && y > top)) continue;
    taken.push([x - half, y - 14, x + half, y]);
    context.strokeText(words, x, y);
    context.fillText(words, x, y);
  }
}

/** The actor under a point, or else the tie that passes it within some pixels; nothing: null. */
export function tieAt(found: Found, camera: Camera, size: Size, x: number, y: number): Pointed | null {
  const at = placed(found, camera, size);
  const node = at.findIndex(([nx, ny], i) => Math.hypot(nx - x, ny - y) <= Math.max(8, radiusOf(found.nodes[i]!)));
  if (node >= 0) return { node };
  let best: Tie | null = null;
  let nearest = 7;
  for (const curve of curvesOf(found, at)) {
    for (let t = 0; t <= 1; t += 0.04) {
      const [cx, cy] = along(curve, t);
      const distance = Math.hypot(cx - x, cy - y);
      if (distance < nearest) [nearest, best] = [distance, curve.tie];
    }
  }
  return best && { tie: best };
}
