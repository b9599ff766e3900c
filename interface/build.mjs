// Bundles the scripts of the pages into the folder that is named, each under a name that changes
// with it, with a manifest of these names and the licences of what other people wrote.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";

const [target] = process.argv.slice(2);
await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
const made = await build({
  entryPoints: ["src/query.js", "src/question.js", "src/pictures.js", "src/find.js", "src/formats.js", "src/narrow.js", "src/engine.js"],
  outdir: target,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  charset: "utf8",
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".wasm": "file" },
  metafile: true,
});

const manifest = {};
const packages = new Set();
for (const [file, said] of Object.entries(made.metafile.outputs)) {
  if (said.entryPoint) manifest[basename(said.entryPoint, ".js")] = basename(file);
  for (const input of Object.keys(said.inputs)) {
    const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/);
    if (found) packages.add(found[1]);
  }
}
await writeFile(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);

const texts = [];
for (const name of [...packages].sort()) {
  const folder = join("node_modules", name);
  const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
  const text = file ? (await readFile(join(folder, file), "utf8")).trim() : `Licence: ${about.license}`;
  texts.push(`${name} ${about.version}\n\n${text}\n`);
}
await writeFile(join(target, "LICENSES.txt"), texts.join(`\n${"-".repeat(72)}\n\n`));
