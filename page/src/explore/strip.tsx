/** How many, over the events shown, with open ends and events without a figure told beside them. While something is dragged bounds
 * are added event by event; at rest an event that spans others counts once with them, as everywhere else, unless there are too many to look. */
import type { VNode } from "preact";
import type { Engine, FigureSum } from "../engine";
import { addressOf } from "../filters";
import { added, summands, type Total } from "../sums";
import type { Store } from "./store";
import { number, plural } from "./words";

/** Of more events than this it is not looked at which days hold which: that would take seconds. */
const MOST_SPANNED = 5000;

export function Strip({ store, engine }: { store: Store; engine: Engine }): VNode | null {
  const isAtRest = store.rested.value === store.version.value;
  const sums = engine.figures().filter((sum) => store.words.summed.includes(sum.what));
  const totalOf = (sum: FigureSum): Total => {
    if (!isAtRest || sum.events > MOST_SPANNED) return { low: sum.low, high: sum.open ? null : sum.high };
    return added(summands(engine.columns, engine.misses, engine.columns.tables.whats.indexOf(sum.what)));
  };
  const address = addressOf(store.filters.value);
  return (
    <section class="strip" aria-labelledby="many-title">
      <h2 id="many-title">How many</h2>
      {sums.length === 0 ? (
        <p class="note">None of these events has a figure that may be added up.</p>
      ) : (
        <dl>
          {sums.map((sum) => (
            <Sum key={sum.what} sum={sum} total={totalOf(sum)} address={withWhat(address, sum.what)} />
          ))}
        </dl>
      )}
    </section>
  );
}

function withWhat(address: URLSearchParams, what: string): string {
  const own = new URLSearchParams(address);
  own.set("what", what);
  return `/tallies?${own}`;
}

function Sum({ sum, total, address }: { sum: FigureSum; total: Total; address: string }): VNode {
  // Where one end is open the whole has none: what is left of the upper bound would be read as one.
  const { low, high } = total;
  const said = high === null ? `${number(low)} or more` : low === high ? number(low) : `${number(low)}–${number(high)}`;
  const notes = [
    `${number(sum.events)} ${plural("event", sum.events)}`,
    sum.open ? `${number(sum.open)} open-ended` : "",
    sum.differ ? `reports differ on ${number(sum.differ)}` : "",
    sum.without ? `${number(sum.without)} without a figure` : "",
    sum.events > MOST_SPANNED ? "added event by event" : "",
  ];
  return (
    <div>
      <dt>{sum.what}</dt>
      <dd>
        <a href={address}>{said}</a>
        <span class="note">{notes.filter(Boolean).join(", ")}</span>
      </dd>
    </div>
  );
}
