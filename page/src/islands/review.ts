/**
 * The queue, a key a decision: what comes next is fetched while one thing is looked at, so that it stands there at once.
 *
 * The server makes the HTML of each thing to decide; here its forms are sent, and what was refused is brought back.
 */
import { announce, islandData, post } from "../data";
import { type Key, keyOf, register } from "../keys";
import { chosenIn, enterWords } from "../words";

interface Next {
  readonly key: string;
  readonly html: string;
  readonly left: number;
}

interface Refusal {
  readonly error?: string;
  readonly words?: string;
  readonly address?: string;
  readonly since?: readonly { by: string; words: string; reason: string; address: string }[];
  readonly against?: readonly { judgements: readonly { by: string; words: string; address: string }[] }[];
}

const { next: address, key: first } = islandData<{ next: string; key: string | null }>();
const place = document.getElementById("task");
const done = new Set<string>();
let current = first;
let ahead: Promise<Next | undefined> = Promise.resolve(undefined);

/** What was sent last. The next waits for it, so that decisions are entered in their order, and undoing takes back the last of them. */
let sending: Promise<unknown> = Promise.resolve();

function postInTurn(address: string, fields: Record<string, string[]>): Promise<Response> {
  const sent = sending.then(() => post(address, fields));
  sending = sent.catch(() => undefined);
  return sent;
}

async function ask(fields: Record<string, string | string[]>): Promise<Next | undefined> {
  const asked = new URL(address, location.href);
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) asked.searchParams.append(name, one);
  const answer = await fetch(asked, { headers: { Accept: "application/json" } });
  return answer.status === 200 ? ((await answer.json()) as Next) : undefined;
}

function fetchAhead(): void {
  const not = [...done].slice(-40);
  const asked = ask({ after: current ? [...not, current] : not }).catch(() => undefined);
  ahead = asked;
  place?.removeAttribute("data-ahead");
  void asked.then(() => {
    if (ahead === asked) place?.setAttribute("data-ahead", "here");
  });
}

function show(task: Next | undefined): void {
  if (!place) return;
  current = task?.key ?? null;
  if (task) place.innerHTML = task.html;
  else place.replaceChildren(Object.assign(document.createElement("p"), { className: "empty", textContent: "Nothing is left in this list.", id: "task-title", tabIndex: -1 }));
  const title = document.getElementById("task-title");
  title?.focus({ preventScroll: true });
  place.scrollIntoView({ block: "nearest" });
  announce(`${title?.textContent ?? ""}. ${place.querySelector(".reason")?.textContent ?? ""}`);
  prepare();
  fetchAhead();
}

/** The letters on buttons are the keys that the reader has now. */
function prepare(): void {
  for (const key of KEYS)
    for (const sign of place?.querySelectorAll(`[data-action="${key.name.replace("review.", "")}"] kbd`) ?? []) sign.textContent = keyOf(key);
}

function say(...parts: (Node | string)[]): void {
  document.querySelector(".told-back")?.remove();
  const box = Object.assign(document.createElement("div"), { className: "told-back card" });
  box.setAttribute("role", "alert");
  box.append(...parts);
  place?.before(box);
}

function link(words: string, href: string): HTMLAnchorElement {
  return Object.assign(document.createElement("a"), { textContent: words, href });
}

function list(lines: readonly { by: string; words: string; address: string }[]): HTMLUListElement {
  const all = document.createElement("ul");
  for (const line of lines) {
    const item = document.createElement("li");
    const name = Object.assign(document.createElement("bdi"), { textContent: line.by });
    item.append(name, ` ${line.words} · `, link("entry", line.address));
    all.append(item);
  }
  return all;
}

/** What the server would not enter, in words, with what can be done. */
function refuse(refusal: Refusal, form: HTMLFormElement, fields: Record<string, string[]>): void {
  if (refusal.error === "nameless" && refusal.address) {
    location.assign(`/you?next=${encodeURIComponent(location.pathname + location.search)}`);
    return;
  }
  const insist = (name: string, value: string, words: string): HTMLButtonElement => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
    button.addEventListener("click", () => void send(form, { ...fields, [name]: [value] }));
    return button;
  };
  if (refusal.error === "stale") {
    const head = (refusal as { head?: string }).head ?? "";
    say("Not entered: somebody judged the same meanwhile.", list(refusal.since ?? []), insist("head", head, "Enter mine none the less"));
  } else if (refusal.error === "contradicts") {
    say("Not entered: it contradicts what was said.", list((refusal.against ?? []).flatMap((one) => one.judgements)), insist("force", "yes", "Enter it none the less"));
  } else say(`Not entered: ${refusal.words ?? refusal.error ?? "the server did not answer"}`);
}

function fieldsOf(form: HTMLFormElement): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string") (fields[name] ??= []).push(value);
  const why = document.querySelector<HTMLInputElement>("#reason")?.value.trim();
  if (why) fields.reason = [why];
  return fields;
}

async function send(form: HTMLFormElement, fields: Record<string, string[]>): Promise<void> {
  const task = current;
  const stays = form.classList.contains("stays");
  const before = place?.firstElementChild;
  document.querySelector(".told-back")?.remove();
  const sent = postInTurn(form.action, fields);
  if (!stays && task) {
    done.add(task);
    show(await ahead);
  }
  const answer = await sent.catch(() => undefined);
  if (answer?.ok) {
    const entered = (await answer.json()) as { entry?: number; address?: string; judgements?: { words: string }[] };
    if (entered.address) say(`You ${entered.judgements?.[0]?.words ?? "decided"} · `, link(`entry ${entered.entry}`, entered.address));
    document.querySelector(".told-back")?.setAttribute("role", "status");
    if (stays && task) show(await ask({ id: claimOf(place) ?? "" }));
    return;
  }
  const refusal = answer ? ((await answer.json().catch(() => ({}))) as Refusal) : {};
  if (!stays && task && before) {
    done.delete(task);
    current = task;
    place?.replaceChildren(before);
    prepare();
  }
  refuse(refusal, form, fields);
}

function claimOf(where: Element | null): string | undefined {
  return where?.querySelector<HTMLElement>("[data-claim]")?.dataset.claim;
}

async function undo(form: HTMLFormElement): Promise<void> {
  const answer = await postInTurn(form.action, fieldsOf(form));
  const told = (await answer.json()) as Refusal & { claims?: string[]; judgements?: { words: string }[] };
  if (!answer.ok) {
    refuse(told, form, fieldsOf(form));
    return;
  }
  done.clear();
  show(await ask(told.claims?.[0] ? { id: told.claims[0] } : {}));
  say(`You ${told.judgements?.[0]?.words ?? "took it back"}.`);
}

async function skip(form: HTMLFormElement): Promise<void> {
  const sent = postInTurn(form.action, fieldsOf(form));
  if (current) done.add(current);
  show(await ahead);
  await sent;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !place?.contains(form)) return;
  event.preventDefault();
  if (form.dataset.action === "undo") void undo(form);
  else if (form.dataset.action === "skip") void skip(form);
  else void send(form, fieldsOf(form));
});

/** Does what the button of that answer does; there is no such answer now: says so. */
function act(name: string): () => void {
  return () => {
    const form = place?.querySelector<HTMLFormElement>(`form[data-action="${name}"]`);
    const way = place?.querySelector<HTMLAnchorElement>(`a[data-action="${name}"]`);
    if (form) form.requestSubmit();
    else if (way) way.click();
    else announce("That is no answer to this.");
  };
}

function openCorrections(): void {
  const details = document.querySelector<HTMLDetailsElement>("#correct");
  if (!details) return;
  details.open = true;
  details.querySelector<HTMLElement>("select, input:not([type=hidden])")?.focus();
}

const KEYS: Key[] = [
  { name: "review.accept", key: "a", words: "Accept", does: act("accept") },
  { name: "review.reject", key: "r", words: "Reject", does: act("reject") },
  { name: "review.same", key: "y", words: "The same event", does: act("same") },
  { name: "review.other", key: "n", words: "Not the same event", does: act("other") },
  { name: "review.correct", key: "c", words: "Correct a field", does: openCorrections },
  { name: "review.words", key: "w", words: "Point at words", does: () => enterWords(place?.querySelector<HTMLElement>(".passage") ?? null) },
  { name: "review.skip", key: "s", words: "Skip", does: act("skip") },
  { name: "review.undo", key: "u", words: "Undo my last decision", does: act("undo") },
  { name: "review.finish", key: "f", words: "Finish the event", does: act("finish") },
  { name: "review.open", key: "o", words: "Open the event", does: act("open") },
];
register(...KEYS);

/** The form that words are chosen for: the one that was in use last, or the first. */
let correcting: HTMLFormElement | null = null;
document.addEventListener("focusin", (event) => {
  const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("form.stays") : null;
  if (form) correcting = form;
});

function takeWords(): void {
  const passage = place?.querySelector<HTMLElement>(".passage");
  const chosen = passage ? chosenIn(passage) : undefined;
  if (!chosen) return;
  const details = document.querySelector<HTMLDetailsElement>("#correct");
  const form = correcting?.isConnected ? correcting : details?.querySelector<HTMLFormElement>("form.stays");
  const span = form?.querySelector<HTMLInputElement>('input[name="span"]');
  const words = form?.querySelector<HTMLInputElement>('input[name="words"]');
  if (!details || !form || !span || !words) return;
  details.open = true;
  span.value = `${chosen.start}-${chosen.end}`;
  words.value = chosen.words;
  announce(`Chosen: ${chosen.words}`);
}

/** Words that are typed are looked for by the server: where the chosen ones stand no longer holds. */
document.addEventListener("input", (event) => {
  if (!(event.target instanceof HTMLInputElement) || event.target.name !== "words") return;
  const span = event.target.form?.querySelector<HTMLInputElement>('input[name="span"]');
  if (span) span.value = "";
});
place?.addEventListener("pointerup", () => setTimeout(takeWords));
place?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.target instanceof HTMLElement) || !event.target.classList.contains("passage")) return;
  event.preventDefault();
  takeWords();
  (correcting ?? document.querySelector<HTMLFormElement>("#correct form.stays"))?.querySelector<HTMLElement>('input[name="words"]')?.focus();
});

/** What is looked at stays in hand as long as there are signs of life. */
let lastSign = Date.now();
for (const sign of ["pointermove", "keydown", "scroll"]) addEventListener(sign, () => (lastSign = Date.now()), { passive: true });
setInterval(() => {
  if (current && !document.hidden && Date.now() - lastSign < 120_000) void post("/review/lease", { key: current });
}, 60_000);

prepare();
fetchAhead();
