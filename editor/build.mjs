/* Makes the editor's files for the newsroom from src/: `npm ci && npm run build` in this folder.
 *
 * The result is in the repository, so that `make up` needs no Node; a test holds that it equals a
 * fresh build. `--out FOLDER` writes elsewhere.
 */

import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const at = process.argv.indexOf("--out");
const out = at < 0 ? join(here, "../services/ingest/newsroom/static") : resolve(process.argv[at + 1]);

// Nobody reads with remark here (see src/dialect), addresses are written back as they are, and
// entities are text: what reads CommonMark, encodes hosts and knows 2,000 entities stays out.
const unused = ["remark-parse", "remark-stringify", "remark-gfm", "remark-inline-links", "unified", "unist-util-visit"];
unused.push("linkify-it", "punycode.js", "entities");

await mkdir(out, { recursive: true });
const made = await build({
  absWorkingDir: here,
  entryPoints: ["src/editor.js"],
  outfile: join(out, "editor.js"),
  alias: Object.fromEntries(unused.map((name) => [name, join(here, "src/unused.js")])),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
});
await writeFile(join(out, "editor.licenses.txt"), await licenses(Object.keys(made.metafile.inputs)));

/* The licences of all packages that have a file in the result. */
async function licenses(inputs) {
  const folders = inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  const texts = [];
  for (const folder of [...new Set(folders.filter(Boolean))].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(here, folder, "package.json")));
    texts.push(`${name} ${version} (${license})\n\n${(await textOf(join(here, folder))).trim()}\n`);
  }
  return `editor.js is made from these packages and from editor/src.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

async function textOf(folder) {
  for (const name of ["LICENSE", "LICENSE.md", "LICENSE.txt", "license", "LICENCE"]) {
    try {
      return await readFile(join(folder, name), "utf8");
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  return "The package has no text of its licence with it.";
}
