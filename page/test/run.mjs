// Bundles the tests of this folder and runs them with node's own runner; no browser.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = new URL(".", import.meta.url).pathname;
const names = (await readdir(folder)).filter((file) => file.endsWith(".test.ts"));
const out = await mkdtemp(join(tmpdir(), "dateline-page-"));
await build({
  entryPoints: names.map((name) => join(folder, name)),
  outdir: out,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "es2022",
  outExtension: { ".js": ".mjs" },
  absWorkingDir: join(folder, ".."),
});
const { status } = spawnSync(process.execPath, ["--test", ...names.map((name) => join(out, name.replace(/\.ts$/, ".mjs")))], { stdio: "inherit" });
await rm(out, { recursive: true });
process.exit(status ?? 1);
