/**
 * A document beside what was read in it: whatever is pointed at or in focus on one side is marked on the other.
 *
 * Offsets are never counted here: every stretch of text carries the keys of what points at it (data-m="r3:actor r7:evidence").
 */
import { register } from "../keys";

/** The role that colours the words, where one stretch has several: the finest first. */
const FINEST = ["trigger", "status", "count", "demand", "issue", "response", "time", "place", "cue", "actor", "recipient", "teller", "quote", "problem", "check"];

interface Stretch {
  readonly element: HTMLElement;
  readonly roles: string[];
}

const text = document.getElementById("text");
const stretchesOf = new Map<string, Stretch[]>();
const keysOf = new Map<Element, string[]>();
for (const element of text?.querySelectorAll<HTMLElement>("[data-m]") ?? []) {
  const roles = new Map<string, string[]>();
  for (const mark of element.dataset.m?.split(" ") ?? []) {
    const [key = "", role = ""] = mark.split(":");
    roles.set(key, [...(roles.get(key) ?? []), role]);
  }
  keysOf.set(element, [...roles.keys()]);
  for (const [key, names] of roles) stretchesOf.set(key, [...(stretchesOf.get(key) ?? []), { element, roles: names }]);
}
const holders = new Map([...document.querySelectorAll<HTMLElement>(".records li[data-key]")].map((holder) => [holder.dataset.key ?? "", holder]));
const length = (key: string): number => (stretchesOf.get(key) ?? []).reduce((sum, { element }) => sum + (element.textContent?.length ?? 0), 0);

let marked = "";
let chosen = "";

function mark(key: string): void {
  if (key === marked) return;
  for (const { element } of stretchesOf.get(marked) ?? []) element.classList.remove("on", ...[...element.classList].filter((name) => /^[fg]-/.test(name)));
  marked = key;
  for (const { element, roles } of stretchesOf.get(key) ?? []) {
    const [first, second] = FINEST.filter((role) => roles.includes(role));
    element.classList.add("on");
    if (first) element.classList.add(`f-${first}`);
    if (second) element.classList.add(`g-${second}`);
  }
}

function show(element: Element | undefined, block: ScrollLogicalPosition): void {
  if (!element) return;
  const folded = element.closest<HTMLDetailsElement>(".header-lines");
  if (folded) folded.open = true;
  const { top, bottom } = element.getBoundingClientRect();
  if (top < 60 || bottom > innerHeight - 60) element.scrollIntoView({ block });
}

/** Takes a record, quotation or problem in hand: its words are marked until another one is. */
function choose(key: string, from: "text" | "records"): void {
  holders.get(chosen)?.classList.remove("on");
  chosen = holders.has(key) ? key : "";
  mark(chosen);
  const holder = holders.get(chosen);
  history.replaceState(null, "", chosen ? `#${chosen}` : location.pathname + location.search);
  if (!holder) return;
  holder.classList.add("on");
  const details = holder.querySelector<HTMLDetailsElement>(":scope > details");
  if (from === "text") {
    if (details) details.open = true;
    holder.scrollIntoView({ block: "nearest" });
    return;
  }
  const marks = stretchesOf.get(chosen) ?? [];
  show((marks.find(({ roles }) => roles.includes("trigger")) ?? marks[0])?.element, "center");
}

const keyAt = (target: EventTarget | null): string => (target instanceof Element ? (target.closest<HTMLElement>("[data-key]")?.dataset.key ?? "") : "");

document.addEventListener("mouseover", (event) => mark(keyAt(event.target) || chosen));
document.addEventListener("focusin", (event) => mark(keyAt(event.target) || chosen));
document.addEventListener("focusout", () => mark(chosen));
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const words = event.target.closest<HTMLAnchorElement>("a[data-span]");
  const link = event.target.closest<HTMLAnchorElement>("a[data-key]");
  const summary = event.target.closest("li[data-key] > details > summary");
  const stretch = event.target.closest("[data-m]");
  if (link) {
    event.preventDefault();
    choose(link.dataset.key ?? "", "text");
    holders.get(chosen)?.querySelector<HTMLElement>("summary")?.focus({ preventScroll: true });
  } else if (words) {
    event.preventDefault();
    const key = keyAt(words);
    if (key) choose(key, "records");
    show(document.getElementById(words.hash.slice(1)) ?? undefined, "center");
  } else if (summary) {
    choose(keyAt(summary), "records");
  } else if (stretch) {
    // Words that several records share: each click goes on to the next, the shortest evidence first.
    const keys = (keysOf.get(stretch) ?? []).filter((key) => holders.has(key)).sort((a, b) => length(a) - length(b));
    choose(keys[(keys.indexOf(chosen) + 1) % keys.length] ?? "", "text");
  }
});

function step(by: number): void {
  const summaries = [...document.querySelectorAll<HTMLElement>(".cards > li > details > summary")];
  const at = summaries.findIndex((summary) => keyAt(summary) === chosen);
  const next = summaries[Math.min(summaries.length - 1, Math.max(0, at + by))];
  if (!next) return;
  choose(keyAt(next), "records");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

register(
  { name: "document.next", key: "j", words: "Next record", does: () => step(1) },
  { name: "document.previous", key: "k", words: "Record before", does: () => step(-1) },
  { name: "document.none", key: "Escape", words: "Let go of the record", does: () => choose("", "records") },
);

const asked = location.hash.slice(1);
if (holders.has(asked)) choose(asked, "text");
