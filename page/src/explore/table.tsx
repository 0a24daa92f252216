/** The events as a table, of which only the rows in sight are made. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { VNode } from "preact";
import type { Columns } from "../columns";
import type { Engine } from "../engine";
import { KINDS } from "../kinds";
import type { Row } from "../view";
import type { Store } from "./store";
import { daysInWords, kindInWords, marksOf, number, placeInWords, plural } from "./words";

/** Rows made above and below what is in sight. */
const SPARE = 4;
/** No element may be taller than browsers can draw; a longer list scrolls faster than it is. */
const TALLEST = 8_000_000;
/** Milliseconds at rest before the words of rows are asked for. */
const REST = 90;

export function Events({ store, engine }: { store: Store; engine: Engine }): VNode {
  store.version.value;
  store.told.value;
  const host = useRef<HTMLDivElement>(null);
  const scroll = useSignal(0);
  const height = useSignal(560);
  const rowHeight = useSignal(76);
  const rows = store.rows();
  useEffect(() => {
    const watch = new ResizeObserver(() => {
      if (!host.current) return;
      height.value = host.current.clientHeight;
      // Rows are as high as the sheet says, which is higher where the window is narrow or letters are large.
      rowHeight.value = Number.parseFloat(getComputedStyle(host.current).getPropertyValue("--row")) * Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 76;
    });
    if (host.current) watch.observe(host.current);
    return () => watch.disconnect();
  }, []);

  const total = rows.length * rowHeight.value;
  const drawn = Math.min(total, TALLEST);
  const stretch = drawn > height.value ? (total - height.value) / (drawn - height.value) : 1;
  const top = Math.min(scroll.value * stretch, Math.max(0, total - height.value));
  const from = Math.max(0, Math.floor(top / rowHeight.value) - SPARE);
  const to = Math.min(rows.length, Math.ceil((top + height.value) / rowHeight.value) + SPARE);
  const seen = Array.from(rows.subarray(from, to));
  const offset = scroll.value - (top - from * rowHeight.value);

  const key = seen.join(",");
  useEffect(() => {
    const waiting = setTimeout(() => void store.details(seen), REST);
    return () => clearTimeout(waiting);
  }, [key]);

  // The chosen event is brought into sight, wherever it was chosen.
  useSignalEffect(() => {
    const row = store.chosen.value;
    if (row === null || !host.current) return;
    const place = store.rows().indexOf(row);
    const at = place * rowHeight.peek();
    const isSeen = at >= top && at + rowHeight.peek() <= top + height.peek();
    if (place >= 0 && !isSeen) host.current.scrollTop = (at - height.peek() / 3) / stretch;
  });

  const head = (words: string, sort: string, more = ""): VNode => {
    const current = store.sort.value;
    const isOwn = current.replace("-", "") === sort.replace("-", "");
    const next = current === sort ? (sort.startsWith("-") ? sort.slice(1) : sort) : sort;
    return (
      <th scope="col" aria-sort={!isOwn ? undefined : current.startsWith("-") ? "descending" : "ascending"} class={more}>
        <button type="button" onClick={() => store.setSort(next)}>
          {words} <span aria-hidden="true">{!isOwn ? "" : current.startsWith("-") ? "↓" : "↑"}</span>
        </button>
      </th>
    );
  };
  return (
    <section class="list" aria-labelledby="list-title">
      <div class="row list-head">
        <h2 id="list-title">Events</h2>
        <label>
          Order{" "}
          <select value={store.sort.value} onChange={(event) => store.setSort(event.currentTarget.value)}>
            {Object.entries(store.words.sorts).map(([sort, words]) => (
              <option key={sort} value={sort}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div ref={host} class="events" tabIndex={0} role="region" aria-label="Events" onScroll={(event) => (scroll.value = event.currentTarget.scrollTop)}>
        <table aria-rowcount={rows.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              {head("When", "-first", "when")}
              {head("What", "type", "what")}
              {head("Where", "place", "where")}
              {head("Told by", "-documents", "by")}
            </tr>
          </thead>
          <tbody>
            {offset > 0 && <Space height={offset} />}
            {seen.map((row, i) => (
              <EventRow key={row} store={store} columns={engine.columns} kind={engine.kind[row]!} row={row} told={store.row(row)} place={from + i + 2} isChosen={row === store.chosen.value} />
            ))}
            {drawn - offset - seen.length * rowHeight.value > 0 && <Space height={drawn - offset - seen.length * rowHeight.value} />}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Room for rows that are not made. Its height is set through the DOM: the page's policy allows no style in markup. */
function Space({ height }: { height: number }): VNode {
  const cell = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (cell.current) cell.current.style.height = `${height}px`;
  }, [height]);
  return <tr ref={cell} class="space" aria-hidden="true"><td colSpan={4} /></tr>;
}

interface RowProps {
  readonly store: Store;
  readonly columns: Columns;
  readonly kind: number;
  readonly row: number;
  readonly told: Row | undefined;
  readonly place: number;
  readonly isChosen: boolean;
}

function EventRow({ store, columns, kind, row, told, place, isChosen }: RowProps): VNode {
  const documents = columns.documentsOf[row]!;
  const witnesses = columns.witnesses[row]!;
  const { asOf } = store.filters.value;
  const { sign, colour } = KINDS[kind]!;
  const notes = [...(told?.figures ?? []).map((figure) => `${figure.what}: ${figure.words}`), ...marksOf(columns, row).map((mark) => store.words.flags[mark] ?? mark)];
  return (
    <tr aria-rowindex={place} class={isChosen ? "chosen" : undefined} aria-current={isChosen ? "true" : undefined} data-row={row} onClick={() => store.choose(row)}>
      <td class="when">{daysInWords(columns.first[row]!, columns.last[row]!)}</td>
      <th scope="row" class="what">
        <span class="name">
          <span class={`ink-${colour}`} aria-hidden="true">{sign}</span>{" "}
          {told ? (
            <a href={`/events/${told.id}${asOf ? `?as_of=${encodeURIComponent(asOf)}` : ""}`}>
              <bdi>{told.headline}</bdi>
            </a>
          ) : (
            kindInWords(columns, row, store.words)
          )}
        </span>
        {told?.evidence && <q dir="auto">{told.evidence}</q>}
        {notes.length > 0 && <span class="note">{notes.join(" · ")}</span>}
      </th>
      <td class="where"><bdi>{placeInWords(columns, row)}</bdi></td>
      <td class="by">
        {number(documents)} {plural("document", documents)}, {number(witnesses)} {witnesses === 1 ? "witness" : "witnesses"}
      </td>
    </tr>
  );
}
