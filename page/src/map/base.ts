/** What lies under the marks: land, coasts and borders, drawn on a canvas. Shown at once, and always where there is no WebGL. */
import type { Colours } from "./colours";
import { type Camera, copies, type Size, worldSize } from "./camera";
import { areaOf, PATH, pathOf, type World } from "./world";

export interface Base {
  show(camera: Camera, size: Size): void;
  recolour(colours: Colours): void;
  remove(): void;
}

/** A canvas as sharp as the screen, cleared, whose unit is a pixel of the page. */
export function sharp(canvas: HTMLCanvasElement, { width, height }: Size): CanvasRenderingContext2D | null {
  const ratio = Math.min(2, devicePixelRatio || 1);
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

/** Runs `draw` once for each copy of the world in view, with a unit of `PATH` to the world. Gives what a pixel is in that unit. */
export function inWorld(context: CanvasRenderingContext2D, camera: Camera, size: Size, draw: (pixel: number) => void): void {
  const scale = worldSize(camera) / PATH;
  for (const copy of copies(camera, size)) {
    context.save();
    context.translate(size.width / 2 - (camera.x - copy) * PATH * scale, size.height / 2 - camera.y * PATH * scale);
    context.scale(scale, scale);
    draw(1 / scale);
    context.restore();
  }
}

export class CanvasBase implements Base {
  readonly canvas: HTMLCanvasElement;
  #colours: Colours;
  #land: Path2D[];
  #lines: { coast: Path2D; border: Path2D; disputed: Path2D };
  #shown: [Camera, Size] | null = null;

  constructor(host: HTMLElement, world: World, colours: Colours) {
    this.canvas = document.createElement("canvas");
    host.append(this.canvas);
    this.#colours = colours;
    this.#land = world.countries.map(areaOf);
    this.#lines = { coast: pathOf(world.lines.coast), border: pathOf(world.lines.border), disputed: pathOf(world.lines.disputed) };
  }

  /** Shows another world in place of this one. */
  turn(world: World): void {
    this.#land = world.countries.map(areaOf);
    this.#lines = { coast: pathOf(world.lines.coast), border: pathOf(world.lines.border), disputed: pathOf(world.lines.disputed) };
    if (this.#shown) this.show(...this.#shown);
  }

  show(camera: Camera, size: Size): void {
    this.#shown = [camera, size];
    const context = sharp(this.canvas, size);
    if (!context) return;
    const { sea, land, coast, border } = this.#colours;
    context.fillStyle = sea;
    context.fillRect(0, 0, size.width, size.height);
    context.lineJoin = "round";
    inWorld(context, camera, size, (pixel) => {
      context.fillStyle = land;
      for (const path of this.#land) context.fill(path, "evenodd");
      context.lineWidth = 0.7 * pixel;
      context.strokeStyle = coast;
      context.stroke(this.#lines.coast);
      context.strokeStyle = border;
      context.stroke(this.#lines.border);
      context.setLineDash([4 * pixel, 3 * pixel]);
      context.stroke(this.#lines.disputed);
      context.setLineDash([]);
    });
  }

  recolour(colours: Colours): void {
    this.#colours = colours;
    if (this.#shown) this.show(...this.#shown);
  }

  remove(): void {
    this.canvas.remove();
  }
}
