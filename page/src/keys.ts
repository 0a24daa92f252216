/** Keys that pages answer to: one list for all, shown by "?", which a reader may change. */

export interface Key {
  /** What it does, by which a reader's own key is remembered: "review.accept". */
  readonly name: string;
  readonly key: string;
  readonly words: string;
  readonly does: () => void;
}

const registered: Key[] = [];
const STORE = "dateline.keys";

function own(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}

/** The key that does it: the reader's own, or the one that it was given. */
export function keyOf(key: Key): string {
  return own()[key.name] ?? key.key;
}

export function register(...keys: Key[]): void {
  registered.push(...keys);
}

export function listed(): readonly Key[] {
  return registered;
}

/** Gives something another key; an empty one gives it its first key again. */
export function remap(name: string, key: string): void {
  const kept = own();
  if (key) kept[name] = key;
  else delete kept[name];
  localStorage.setItem(STORE, JSON.stringify(kept));
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export function listen(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const pressed = registered.find((key) => keyOf(key) === event.key);
    if (!pressed) return;
    event.preventDefault();
    pressed.does();
  });
}
