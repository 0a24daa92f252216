// Bundles the page's scripts into the package: one for each file of src/islands/, and what several share in chunks of its own.
import { build } from "esbuild";
import { readdir, rm, writeFile } from "node:fs/promises";
import { cutWorld } from "./basemap/cut.mjs";
import { writeLicences } from "./licences.mjs";

const out = new URL("../src/dateline/web/static/build/", import.meta.url).pathname;
const names = (await readdir(new URL("src/islands/", import.meta.url))).map((file) => file.replace(/\.tsx?$/, ""));

await rm(out, { recursive: true, force: true });
const result = await build({
  entryPoints: [
    ...names.map((name) => ({ in: `./src/islands/${name}`, out: name })),
    // MapLibre's worker is a script of its own origin: the content policy has no need to allow one from a blob.
    { in: "./node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs", out: "map-worker" },
  ],
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "linked",
  chunkNames: "chunk-[hash]",
  metafile: true,
  absWorkingDir: new URL(".", import.meta.url).pathname,
});
for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) console.log(`${String(bytes).padStart(9)}  ${file.split("/").pop()}`);
await writeLicences(result.metafile, out);
// The small world is seen first, the large one when it has come: 0.02 and 0.01 degrees are less than a pixel where each is shown.
for (const [scale, step] of [["110m", 0.02], ["50m", 0.01]]) await writeFile(`${out}world-${scale}.bin`, await cutWorld(scale, step));
