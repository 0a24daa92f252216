// Writes whose work is in the bundles, with the licence of each: they go into the package with it.
import { readdir, readFile, writeFile } from "node:fs/promises";

/** The packages that a bundle's inputs are from, in order, with versions and the words of their licences. */
async function parts(metafile, modules) {
  const names = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) names.add(found[1]);
  }
  const found = [];
  for (const name of [...names].sort()) {
    const folder = new URL(`${name}/`, modules);
    const { version, license } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
    const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
    const words = await Promise.all(files.sort().map((file) => readFile(new URL(file, folder), "utf8")));
    if (!license && !words.length) throw new Error(`${name} ${version} has no licence that it says: it cannot be bundled`);
    found.push(`${name} ${version} (${license})\n\n${words.map((text) => text.trim()).join("\n\n")}`);
  }
  return found;
}

export async function writeLicences(metafile, out) {
  const found = await parts(metafile, new URL("node_modules/", import.meta.url));
  const head = "The scripts of this folder hold the works of others, under these licences.";
  await writeFile(`${out}licences.txt`, `${[head, ...found].join(`\n\n${"-".repeat(72)}\n\n`)}\n`);
}
