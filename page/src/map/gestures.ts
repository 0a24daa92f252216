/** Moving the map by mouse, finger, wheel and key: the same over every base. */
import { type Camera, panned, zoomed } from "./camera";

export interface Hand {
  readonly camera: () => Camera;
  readonly move: (camera: Camera) => void;
  readonly point: (x: number, y: number) => void;
  readonly open: (x: number, y: number) => void;
  readonly list: () => void;
  readonly fit: () => void;
}

const STEP = 90;
/** Pixels that a press may wander and still be no drag. */
const STILL = 5;

/** Listens on the frame; gives what ends that. */
export function listenTo(frame: HTMLElement, hand: Hand): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const held = new Map<number, { x: number; y: number }>();
  let wandered = 0;
  const inside = ({ clientX, clientY }: MouseEvent): { x: number; y: number } => {
    const { left, top } = frame.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const fromMiddle = ({ x, y }: { x: number; y: number }): [number, number] => [x - frame.clientWidth / 2, y - frame.clientHeight / 2];
  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !(event.target instanceof HTMLCanvasElement)) return;
    frame.setPointerCapture(event.pointerId);
    held.set(event.pointerId, inside(event));
    if (held.size === 1) wandered = 0;
  }, { signal });
  frame.addEventListener("pointermove", (event) => {
    const now = inside(event);
    const before = held.get(event.pointerId);
    if (!before) return hand.point(now.x, now.y);
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    held.set(event.pointerId, now);
    wandered += Math.hypot(now.x - before.x, now.y - before.y);
    if (wandered < STILL) return;
    if (!other) return hand.move(panned(hand.camera(), before.x - now.x, before.y - now.y));
    const apart = (a: { x: number; y: number }): number => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const moved = panned(hand.camera(), (before.x - now.x) / 2, (before.y - now.y) / 2);
    hand.move(zoomed(moved, Math.log2(apart(now) / apart(before)), ...fromMiddle(middle)));
  }, { signal });
  const released = (event: PointerEvent): void => {
    if (!held.delete(event.pointerId) || held.size > 0 || event.type !== "pointerup" || wandered >= STILL) return;
    const { x, y } = inside(event);
    hand.open(x, y);
  };
  frame.addEventListener("pointerup", released, { signal });
  frame.addEventListener("pointercancel", released, { signal });
  frame.addEventListener("dblclick", (event) => hand.move(zoomed(hand.camera(), 1, ...fromMiddle(inside(event)))), { signal });
  frame.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
    hand.move(zoomed(hand.camera(), Math.max(-1, Math.min(1, (-event.deltaY * lines) / 300)), ...fromMiddle(inside(event))));
  }, { signal, passive: false });
  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== frame) return;
    const done = ((): boolean => {
      const camera = hand.camera();
      switch (event.key) {
        case "ArrowLeft": return hand.move(panned(camera, -STEP, 0)), true;
        case "ArrowRight": return hand.move(panned(camera, STEP, 0)), true;
        case "ArrowUp": return hand.move(panned(camera, 0, -STEP)), true;
        case "ArrowDown": return hand.move(panned(camera, 0, STEP)), true;
        case "+": case "=": return hand.move(zoomed(camera, 0.5)), true;
        case "-": case "_": return hand.move(zoomed(camera, -0.5)), true;
        case "0": case "Home": return hand.fit(), true;
        case "Enter": return hand.list(), true;
        default: return false;
      }
    })();
    if (done) event.preventDefault();
  }, { signal });
  return () => ending.abort();
}
