/** What every page has: the theme, and the dialog of keys. */
import { keyOf, listed, listen, register, remap } from "../keys";

document.documentElement.classList.add("js");

function turnTheme(): void {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; SameSite=Lax`;
}

function showKeys(): void {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = Object.assign(document.createElement("h2"), { id: "keys-title", textContent: "Keys" });
  const list = document.createElement("ul");
  list.className = "keys";
  for (const key of listed()) {
    const item = document.createElement("li");
    const label = Object.assign(document.createElement("label"), { textContent: `${key.words} ` });
    const field = Object.assign(document.createElement("input"), { value: keyOf(key), maxLength: 12 });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Tab" || event.key === "Escape" || event.key === "Shift") return;
      event.preventDefault();
      remap(key.name, event.key === "Backspace" ? "" : event.key);
      field.value = keyOf(key);
    });
    label.append(field);
    item.append(label);
    list.append(item);
  }
  const close = Object.assign(document.createElement("button"), { textContent: "Close" });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  const hint = Object.assign(document.createElement("p"), { textContent: "Press a key in a field to use it instead; Backspace brings the first one back." });
  dialog.append(title, list, hint, close);
  document.body.append(dialog);
  dialog.showModal();
}

document.getElementById("theme")?.addEventListener("click", turnTheme);
document.getElementById("show-keys")?.addEventListener("click", showKeys);
register({ name: "shell.keys", key: "?", words: "Show these keys", does: showKeys });
listen();
