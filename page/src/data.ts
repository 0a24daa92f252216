/** What the server gave this page's scripts (`data` of `shell.page`); nothing was given: throws. */
export function islandData<T>(): T {
  const held = document.getElementById("data")?.textContent;
  if (!held) throw new Error("this page has no data for its scripts");
  return JSON.parse(held) as T;
}

/** Says something to those who hear the page instead of seeing it. */
export function announce(words: string): void {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
}

/** Sends a form as the page itself would; gives the answer, whatever its status. */
export function post(address: string, fields: Record<string, string | string[]>): Promise<Response> {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  return fetch(address, { method: "POST", body, headers: { "X-CSRF-Token": token, Accept: "application/json" } });
}
