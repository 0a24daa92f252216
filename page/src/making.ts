/** How far the server is with putting events in columns, followed until it is done. */

const EVERY = 2000;

interface Making {
  done: number;
  of: number;
  words: string;
}

interface Answer {
  key: string | null;
  making: Making | null;
  fault: string | null;
}

/** Says in `note` how far it is, and calls `whenDone` once there is nothing left to do. */
export function followMaking(note: HTMLElement, asOf: string | null, whenDone: () => void): void {
  const look = async (): Promise<void> => {
    const answer = await fetch(`/board.json${asOf ? `?as_of=${encodeURIComponent(asOf)}` : ""}`).catch(() => null);
    if (answer?.ok) {
      const told = (await answer.json()) as Answer;
      if (told.key !== null && told.making === null) return whenDone();
      if (told.making) show(note, told.making, told.fault);
    }
    setTimeout(() => void look(), EVERY);
  };
  setTimeout(() => void look(), EVERY);
}

function show(note: HTMLElement, making: Making, fault: string | null): void {
  const words = document.createElement("span");
  words.textContent = fault ? `It could not be done: ${fault}. ` : `${making.words} `;
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", "Events in columns");
  if (making.of) {
    bar.max = making.of;
    bar.value = making.done;
  }
  note.replaceChildren(words, bar);
}
