/** Keys of the pages on which events are merged and split; everything else there is a form. */
import { announce } from "../data";
import { register } from "../keys";

const answer = (kind: string): HTMLButtonElement | null => document.querySelector(`button[name="kind"][value="${kind}"]`);

function press(kind: string): () => void {
  return () => {
    const button = answer(kind);
    if (button) button.click();
    else announce("That is no answer to this.");
  };
}

const boxes = [...document.querySelectorAll<HTMLInputElement>('#claims input[type="checkbox"]')];

/** Says how many claims would leave, and lets none go when all would. */
function count(): void {
  const ticked = boxes.filter((box) => box.checked).length;
  const button = document.querySelector<HTMLButtonElement>("#claims button");
  if (!button) return;
  button.disabled = ticked === 0 || ticked === boxes.length;
  button.textContent = ticked === boxes.length ? "One claim at least must stay" : ticked ? `Show what would be without ${ticked} of ${boxes.length}` : "Tick the claims that leave";
}

if (boxes.length) {
  document.getElementById("claims")?.addEventListener("change", count);
  count();
}
document.getElementById("outcome")?.focus();
if (answer("merged"))
  register(
    { name: "merge.merge", key: "y", words: "Merge them", does: press("merged") },
    { name: "merge.apart", key: "n", words: "They are not the same", does: press("not-same") },
  );
else register({ name: "merge.split", key: "y", words: "Split them off", does: press("split") });
