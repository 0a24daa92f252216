// Marks the words of a record, and finds the record of a word. Offsets are never counted here: every stretch of text already
// carries the keys of what points at it (data-m="r3:actor r7:evidence").
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const all = (query, within = document) => Array.from(within.querySelectorAll(query));
  const byId = (id) => document.getElementById(id);

  // ---- what points where: key -> [[segment, roles]]
  const segmentsOf = new Map();
  const keysOf = new Map();
  for (const segment of all("[data-m]")) {
    const roles = new Map();
    for (const mark of segment.dataset.m.split(" ")) {
      const [key, role] = mark.split(":");
      roles.set(key, [...(roles.get(key) ?? []), role]);
    }
    keysOf.set(segment, [...roles.keys()]);
    for (const [key, names] of roles) segmentsOf.set(key, [...(segmentsOf.get(key) ?? []), [segment, names]]);
  }
  const length = (key) => (segmentsOf.get(key) ?? []).reduce((sum, [segment]) => sum + segment.textContent.length, 0);
  const holders = new Map(all("#main li[data-key]").map((holder) => [holder.dataset.key, holder]));
  const linksTo = new Map();
  for (const link of all("a[data-key]")) linksTo.set(link.dataset.key, [...(linksTo.get(link.dataset.key) ?? []), link]);
  const cards = all(".card");

  // The role that colours the words, where one stretch has several: the finest first.
  const FINEST = ["trigger", "status", "count", "demand", "issue", "response", "time", "place", "cue", "actor", "recipient", "teller", "quote", "problem", "check"];
  let marked = null;
  let chosen = null;

  const mark = (key) => {
    if (key === marked) return;
    for (const [segment] of segmentsOf.get(marked) ?? []) {
      segment.classList.remove("on", ...Array.from(segment.classList).filter((name) => /^[fg]-/.test(name)));
    }
    for (const link of linksTo.get(marked) ?? []) link.classList.remove("on");
    marked = key;
    for (const [segment, roles] of segmentsOf.get(key) ?? []) {
      const [first, second] = FINEST.filter((role) => roles.includes(role));
      segment.classList.add("on");
      if (first) segment.classList.add(`f-${first}`);
      if (second) segment.classList.add(`g-${second}`);
    }
    for (const link of linksTo.get(key) ?? []) link.classList.add("on");
  };

  const intoView = (element, block) => {
    if (!element) return;
    const folded = element.closest(".header-lines");
    if (folded) folded.open = true;
    const { top, bottom } = element.getBoundingClientRect();
    if (top < 60 || bottom > window.innerHeight - 60) element.scrollIntoView({ block, inline: "nearest" });
  };
  const showWords = (key) => {
    const marks = segmentsOf.get(key) ?? [];
    intoView((marks.find(([, roles]) => roles.includes("trigger")) ?? marks[0])?.[0], "center");
  };

  const isNarrow = matchMedia("(max-width: 60rem)");
  const aboveTheSheet = (key) => {
    const words = segmentsOf.get(key)?.[0]?.[0];
    if (words && words.getBoundingClientRect().bottom > window.innerHeight * 0.4) words.scrollIntoView({ block: "start" });
  };

  let opened = null;
  const choose = (key, from) => {
    holders.get(chosen)?.classList.remove("on");
    const holder = holders.get(key);
    if (opened && opened !== holder?.firstElementChild) opened.open = false;
    opened = null;
    chosen = holder ? key : null;
    document.body.classList.toggle("from-text", from === "text" && Boolean(holder));
    mark(chosen);
    remember();
    if (!holder) return;
    holder.classList.add("on");
    const details = holder.querySelector(":scope > details");
    if (details && !details.open && from !== "summary") { details.open = true; opened = details; }
    if (from !== "summary" && from !== "card") holder.scrollIntoView({ block: "nearest" });
    if (from !== "text") showWords(key);
    else if (isNarrow.matches) aboveTheSheet(key);
  };

  // ---- from the records to the text
  const keyAt = (target) => target.closest?.("[data-key]")?.dataset.key ?? null;
  document.addEventListener("mouseover", (event) => {
    const segment = event.target.closest?.("[data-m]");
    const hinted = new Set(segment ? keysOf.get(segment) : []);
    for (const [key, holder] of holders) holder.classList.toggle("hint", hinted.has(key));
    mark(keyAt(event.target) ?? chosen);
  });
  document.addEventListener("focusin", (event) => mark(keyAt(event.target) ?? chosen));
  document.addEventListener("focusout", () => mark(chosen));

  document.addEventListener("click", (event) => {
    const target = event.target;
    const words = target.closest("a[data-span]");
    const link = target.closest("a[data-key]");
    const summary = target.closest(".card > details > summary");
    const segment = target.closest("[data-m]");
    if (link) { event.preventDefault(); choose(link.dataset.key, link.closest(".text") ? "text" : "link"); focusOn(link.dataset.key, link); }
    else if (words) {
      event.preventDefault();
      const key = keyAt(words);
      if (key) choose(key, "card");
      intoView(byId(words.hash.slice(1)), "center");
    }
    else if (summary) choose(keyAt(summary), "summary");
    else if (segment) choose(next(visible(keysOf.get(segment)).sort((a, b) => length(a) - length(b))), "text");
    else if (target.closest(".text") && !String(getSelection())) choose(null);
  });
  // Words that several records share: each click goes on to the next, the shortest evidence first.
  const next = (keys) => keys[(keys.indexOf(chosen) + 1) % keys.length] ?? null;
  const visible = (keys) => keys.filter((key) => !holders.get(key)?.hidden);
  const focusOn = (key, link) => {
    if (!link.closest(".text")) holders.get(key)?.querySelector("summary")?.focus({ preventScroll: true });
  };

  byId("let-go").addEventListener("click", () => choose(null));

  // ---- filters
  const chips = all(".chip");
  const find = byId("find");
  const filter = () => {
    const wanted = { type: new Set(), status: new Set() };
    for (const chip of chips) if (chip.getAttribute("aria-pressed") === "true") wanted[chip.dataset.filter].add(chip.dataset.value);
    const needle = find.value.trim().toLocaleLowerCase();
    let shown = 0;
    for (const card of cards) {
      const { type, status } = card.dataset;
      card.hidden = (wanted.type.size > 0 && !wanted.type.has(type)) || (wanted.status.size > 0 && !wanted.status.has(status))
        || (needle !== "" && !card.textContent.toLocaleLowerCase().includes(needle));
      shown += card.hidden ? 0 : 1;
      for (const link of linksTo.get(card.dataset.key) ?? []) link.classList.toggle("off", card.hidden);
    }
    for (const [segment, keys] of keysOf) segment.classList.toggle("off", visible(keys).length === 0);
    const isFiltered = shown < cards.length;
    const said = isFiltered ? `${shown} of ${cards.length} records` : "";
    byId("showing").textContent = said + (shown === 0 && isFiltered ? " – loosen a filter" : "");
    byId("live").textContent = said || `all ${cards.length} records`;
    byId("clear").hidden = !isFiltered && needle === "";
    remember();
  };
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      filter();
    });
  }
  find?.addEventListener("input", filter);
  const clear = () => { for (const chip of chips) chip.setAttribute("aria-pressed", "false"); find.value = ""; filter(); };
  byId("clear")?.addEventListener("click", () => { clear(); find.focus(); });

  // ---- the address holds the record in hand and the filters
  let isReady = false;
  const remember = () => {
    if (!isReady) return;
    const parts = new URLSearchParams();
    for (const chip of chips) if (chip.getAttribute("aria-pressed") === "true") parts.append(chip.dataset.filter, chip.dataset.value);
    if (find?.value) parts.set("find", find.value);
    const rest = parts.toString();
    try { history.replaceState(null, "", `#${chosen ?? ""}${rest ? "&" + rest : ""}`); } catch { /* a page inside another may not */ }
  };
  const recall = () => {
    const [key, ...rest] = location.hash.slice(1).split("&");
    if (key && !holders.has(key)) return; // a place in the page, such as #quotations
    const parts = new URLSearchParams(rest.join("&"));
    for (const chip of chips) chip.setAttribute("aria-pressed", String(parts.getAll(chip.dataset.filter).includes(chip.dataset.value)));
    if (find) find.value = parts.get("find") ?? "";
    if (chips.length) filter();
    if (holders.has(key)) choose(key, "link");
  };
  window.addEventListener("hashchange", recall);

  // ---- what the reader likes, kept where the browser allows it
  const keep = (name, value) => { try { localStorage.setItem(`dateline-${name}`, value); } catch { /* private windows keep nothing */ } };
  const kept = (name) => { try { return localStorage.getItem(`dateline-${name}`); } catch { return null; } };

  // ---- light and dark
  const theme = byId("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const label = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  const flip = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    keep("theme", root.dataset.theme);
    label();
  };
  if (kept("theme")) root.dataset.theme = kept("theme");
  theme.addEventListener("click", flip);
  system.addEventListener("change", label);
  label();

  // ---- keys
  const keys = byId("keys");
  const letters = byId("letters");
  letters.checked = kept("letters") !== "off";
  letters.addEventListener("change", () => keep("letters", letters.checked ? "on" : "off"));
  const step = (by) => {
    const seen = cards.filter((card) => !card.hidden);
    if (!seen.length) return;
    const at = seen.findIndex((card) => card.dataset.key === chosen);
    const card = seen[at < 0 ? (by > 0 ? 0 : seen.length - 1) : Math.min(seen.length - 1, Math.max(0, at + by))];
    choose(card.dataset.key, "key");
    card.querySelector("summary").focus({ preventScroll: true });
  };
  const COMMANDS = {
    j: () => step(1), k: () => step(-1), d: flip, "?": () => keys.showModal(),
    "/": () => { find.focus(); find.select(); },
    Escape: () => { choose(null); document.activeElement?.blur?.(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (event.target.matches?.("input") && event.key !== "Escape") return;
    const command = COMMANDS[event.key];
    if (!command || (event.key !== "Escape" && !letters.checked)) return;
    event.preventDefault();
    command();
  });
  byId("show-keys").addEventListener("click", () => keys.showModal());

  // ---- on paper every record is open
  let shut = [];
  window.addEventListener("beforeprint", () => { shut = all(".card > details:not([open]), .header-lines:not([open])"); for (const details of shut) details.open = true; });
  window.addEventListener("afterprint", () => { for (const details of shut) details.open = false; });

  recall();
  isReady = true;
  requestAnimationFrame(() => root.classList.add("ready")); // motion only in answer to the reader
})();
