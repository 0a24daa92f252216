// Counts what the page would show. Standard input: {columns: path of what /columns.bin sent, asked: [{query, found}]}; standard
// output: for each the rows shown and what figures come to. For tests that compare the page with the server.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";

const folder = new URL(".", import.meta.url).pathname;
const bundled = await build({
  stdin: {
    contents: 'export { readColumns } from "../src/columns"; export { Engine } from "../src/engine"; export { filtersOf } from "../src/filters";',
    resolveDir: folder,
    loader: "ts",
  },
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
});
const { readColumns, Engine, filtersOf } = await import(`data:text/javascript;base64,${Buffer.from(bundled.outputFiles[0].contents).toString("base64")}`);

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { columns, asked } = JSON.parse(Buffer.concat(chunks).toString());
const bytes = await readFile(columns);
const engine = new Engine(readColumns(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
const answers = asked.map(({ query, found }) => {
  engine.set(filtersOf(new URLSearchParams(query)), Uint32Array.from(found ?? []));
  return {
    rows: [...engine.rowsShown()],
    types: [...engine.type.subarray(0, engine.columns.tables.types.length)],
    places: [...engine.place],
    figures: engine.figures(),
  };
});
console.log(JSON.stringify(answers));
