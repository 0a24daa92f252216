/** Words that a reader chooses in a text, as code points of the document: never half a letter. */

export interface Chosen {
  /** Half-open, in code points of the document's text, which every stretch (`data-s`) says where it begins in. */
  readonly start: number;
  readonly end: number;
  readonly words: string;
}

const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The bounds, in UTF-16 units, widened until they cut no grapheme. */
export function snapped(text: string, start: number, end: number): [number, number] {
  let [from, to] = [start, end];
  for (const { index, segment } of letters.segment(text)) {
    const after = index + segment.length;
    if (index < start && start < after) from = index;
    if (index < end && end < after) to = after;
    if (index >= end) break;
  }
  return [from, to];
}

const codePoints = (text: string): number => [...text].length;

/** What is selected within the passage; nothing, or more than it: nothing. */
export function chosenIn(passage: HTMLElement): Chosen | undefined {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  if (!passage.contains(range.startContainer) || !passage.contains(range.endContainer)) return undefined;
  const first = passage.querySelector<HTMLElement>("[data-s]");
  const text = passage.textContent ?? "";
  const before = document.createRange();
  before.selectNodeContents(passage);
  before.setEnd(range.startContainer, range.startOffset);
  const at = before.toString().length;
  let [start, end] = snapped(text, at, at + range.toString().length);
  const words = text.slice(start, end);
  start += words.length - words.trimStart().length;
  end -= words.length - words.trimEnd().length;
  if (start >= end) return undefined;
  const origin = Number(first?.dataset.s ?? 0);
  const from = origin + codePoints(text.slice(0, start));
  return { start: from, end: from + codePoints(text.slice(start, end)), words: text.slice(start, end) };
}

/** Puts the cursor into the passage: arrows then move by words, and with Shift they select, by words or (with Alt) by letters. */
export function enterWords(passage: HTMLElement | null): void {
  if (!passage) return;
  passage.tabIndex = 0;
  passage.setAttribute("role", "application");
  passage.setAttribute("aria-label", "The paragraph: arrows move by words, with Shift they select, with Alt and Shift by letters, Enter takes them");
  passage.focus();
  const start = passage.querySelector("mark") ?? passage.firstElementChild ?? passage;
  getSelection()?.collapse(start, 0);
  if (passage.dataset.moves) return;
  passage.dataset.moves = "yes";
  passage.addEventListener("keydown", (event) => {
    const direction = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "backward", ArrowDown: "forward" }[event.key];
    if (!direction) return;
    event.preventDefault();
    const isLine = event.key === "ArrowUp" || event.key === "ArrowDown";
    getSelection()?.modify(event.shiftKey ? "extend" : "move", direction, isLine ? "line" : event.altKey ? "character" : "word");
  });
}
