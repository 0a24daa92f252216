/** One event: the words of a value are marked and brought into sight, and the value of the words. Ways without script are links. */
import { announce, islandData } from "../data";
import { register } from "../keys";

const source = document.querySelector<HTMLElement>(".source");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** By the key of a quote: where it stands in the texts, and what leads to it from the fields. */
const inText = new Map<string, HTMLElement[]>();
const inFields = new Map<string, HTMLElement[]>();
for (const segment of document.querySelectorAll<HTMLElement>("[data-m]")) {
  for (const key of segment.dataset.m!.split(" ")) push(inText, key, segment);
}
for (const link of document.querySelectorAll<HTMLElement>(".fields [data-key]")) push(inFields, link.dataset.key!, link);

function push(held: Map<string, HTMLElement[]>, key: string, element: HTMLElement): void {
  const there = held.get(key);
  if (there) there.push(element);
  else held.set(key, [element]);
}

let marked: readonly HTMLElement[] = [];

function mark(keys: readonly string[]): void {
  for (const element of marked) element.classList.remove("on");
  marked = keys.flatMap((key) => [...(inText.get(key) ?? []), ...(inFields.get(key) ?? [])]);
  for (const element of marked) element.classList.add("on");
}

/** Opens what an element is folded into. */
function unfold(element: Element): void {
  for (let folded = element.closest<HTMLDetailsElement>("details:not([open])"); folded; folded = folded.parentElement?.closest<HTMLDetailsElement>("details:not([open])") ?? null) {
    folded.open = true;
  }
}

function bring(element: HTMLElement | undefined): void {
  if (!element) return;
  unfold(element);
  const { top, bottom } = element.getBoundingClientRect();
  if (top < 60 || bottom > innerHeight - 60) element.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
}

/** Beside one another both are in sight; one below the other, a glance must not move the page. */
function isBeside(): boolean {
  return source !== null && getComputedStyle(source).position === "sticky";
}

function keysAt(target: EventTarget | null): string[] {
  if (!(target instanceof Element)) return [];
  const element = target.closest<HTMLElement>("[data-key], [data-m]");
  if (!element) return [];
  return element.dataset.key ? [element.dataset.key] : (element.dataset.m ?? "").split(" ");
}

function other(target: Element, key: string): HTMLElement | undefined {
  return (target.closest(".source") ? inFields : inText).get(key)?.[0];
}

let waiting = 0;
document.addEventListener("mouseover", (event) => {
  clearTimeout(waiting);
  const keys = keysAt(event.target);
  if (!keys.length) {
    const held = document.activeElement;
    mark(held ? keysAt(held) : []);
    return;
  }
  mark(keys);
  const from = event.target as Element;
  if (isBeside()) waiting = window.setTimeout(() => bring(other(from, keys[0]!)), 150);
});
document.addEventListener("focusin", (event) => {
  const keys = keysAt(event.target);
  mark(keys);
  if (keys.length && isBeside()) bring(other(event.target as Element, keys[0]!));
});
document.addEventListener("click", (event) => {
  const from = event.target as Element;
  const keys = keysAt(from);
  if (!keys.length) return;
  const link = from.closest("a");
  const goal = other(from, keys[0]!);
  if (!goal) return;
  event.preventDefault();
  mark(keys);
  bring(goal);
  // From the text to its value, so that the keyboard goes on from there; from a value its link keeps the focus.
  if (!link || link.closest(".source")) goal.focus({ preventScroll: true });
  const hash = link?.getAttribute("href");
  if (hash?.startsWith("#")) history.replaceState(null, "", hash);
});

// ---- from quote to quote
const links = [...document.querySelectorAll<HTMLAnchorElement>(".fields a[data-key]")];

function step(by: number): void {
  const seen = links.filter((link) => link.getClientRects().length > 0);
  const at = seen.indexOf(document.activeElement as HTMLAnchorElement);
  const goal = seen[at < 0 ? (by > 0 ? 0 : seen.length - 1) : Math.min(seen.length - 1, Math.max(0, at + by))];
  if (!goal) return;
  goal.focus({ preventScroll: true });
  bring(goal);
}

async function copy(id: string, what: string): Promise<void> {
  const told = document.getElementById(id);
  if (!told) return;
  try {
    await navigator.clipboard.writeText(told.textContent ?? "");
    announce(`${what} copied`);
  } catch {
    // Browsers refuse on addresses that are not secure: the words are chosen instead, for whoever copies them by hand.
    getSelection()?.selectAllChildren(told);
    announce(`${what} is selected: copy it with the keyboard`);
  }
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
  const what = button.dataset.copy!;
  button.addEventListener("click", () => void copy(what, what === "citation" ? "Citation" : "Address"));
}

register(
  { name: "event.next", key: "j", words: "Next quote", does: () => step(1) },
  { name: "event.previous", key: "k", words: "Previous quote", does: () => step(-1) },
  { name: "event.cite", key: "c", words: "Copy the citation", does: () => void copy("citation", "Citation") },
  { name: "event.judge", key: "g", words: "Go to judging", does: () => document.getElementById("judge")?.scrollIntoView() },
);

// ---- what is worked out from all events near it comes after the page
async function lookAround(): Promise<void> {
  const host = document.getElementById("around");
  if (!host) return;
  const answer = await fetch(islandData<{ around: string }>().around);
  if (!answer.ok) return;
  const held = document.createElement("template");
  held.innerHTML = await answer.text();
  host.replaceWith(held.content);
}
void lookAround();

if (location.hash) {
  const goal = document.getElementById(location.hash.slice(1));
  if (goal) bring(goal);
}
