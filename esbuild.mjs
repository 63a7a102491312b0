// Builds dist/. `--dev` keeps names and adds source maps; without it the bundles are what the package ships.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { basename } from "node:path";
import { build } from "esbuild";
import { cliBundle } from "./scripts/cliBundle.ts";
import { webviewBundle } from "./webview-ui/bundle.ts";

const dev = process.argv.includes("--dev");
const dist = new URL("dist/", import.meta.url);
const { version } = JSON.parse(await readFile(new URL("package.json", import.meta.url), "utf8"));
const builtins = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

/** What reads command lines lies beside the bundles, since most of it is loaded for the first command only, or never. */
const shellGrammar = "./web-tree-sitter.cjs";
const copied = [
  "web-tree-sitter/web-tree-sitter.cjs",
  "web-tree-sitter/web-tree-sitter.wasm",
  "tree-sitter-bash/tree-sitter-bash.wasm",
];

/**
 * What is built, and the rules that hold for each: `maxKilobytes` for each output when minified, `external` says which modules it may leave to
 * its surroundings, `forbidden` names the packages that must not be in it. What is not `kept` is built for the rules only.
 */
const bundles = [
  {
    name: "extension",
    kept: true,
    maxKilobytes: { "extension.cjs": 1200 },
    external: (path) => path === "vscode" || path === shellGrammar || builtins.has(path),
    forbidden: [],
    options: {
      entryPoints: [{ in: "src/extension/extension.ts", out: "extension" }],
      outExtension: { ".js": ".cjs" },
      format: "cjs",
      platform: "node",
      target: "node22",
      external: ["vscode", shellGrammar],
      alias: { "web-tree-sitter": shellGrammar },
      define: { "import.meta.dirname": "__dirname" },
    },
  },
  {
    name: "webview",
    kept: true,
    maxKilobytes: { "webview.js": 600, "webview.css": 90, "codicon.ttf": 140 },
    external: () => false,
    forbidden: ["zod", "openai"],
    options: webviewBundle,
  },
  {
    name: "command line",
    kept: true,
    maxKilobytes: { "cli.js": 1150 },
    external: (path) => path === shellGrammar || builtins.has(path),
    forbidden: [],
    options: { ...cliBundle(version), external: [shellGrammar], alias: { "web-tree-sitter": shellGrammar } },
  },
  {
    name: "core in a browser",
    kept: false,
    maxKilobytes: { "agent.js": 600 },
    external: () => false,
    forbidden: [],
    options: {
      entryPoints: [{ in: "src/core/agent.ts", out: "agent" }],
      format: "esm",
      platform: "browser",
      target: "es2024",
    },
  },
];

const shared = {
  bundle: true,
  outdir: "dist",
  minify: !dev,
  sourcemap: dev ? "linked" : false,
  legalComments: "none",
  loader: { ".md": "text" },
  logLevel: "warning",
  metafile: true,
};

/** The package that a bundled file belongs to; undefined for the project's own. */
function packageOf(input) {
  const path = input.split("node_modules/").at(-1);
  if (path === input) return undefined;
  return path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The rules that what was built breaks, as sentences. */
function violations({ name, kept, maxKilobytes, external, forbidden }, { inputs, outputs }) {
  const found = [];
  const packages = new Set(Object.keys(inputs).map(packageOf));
  for (const one of forbidden) if (packages.has(one)) found.push(`${name}: the package "${one}" must not be in it.`);
  for (const [path, { imports, bytes }] of Object.entries(outputs)) {
    const file = basename(path);
    if (file.endsWith(".map")) continue;
    const outside = imports.filter((one) => one.external && !external(one.path));
    for (const one of outside) found.push(`${file}: it imports "${one.path}" from outside the bundle.`);
    const kilobytes = Math.ceil(bytes / 1024);
    const most = maxKilobytes[file];
    if (most === undefined) found.push(`${file}: no limit is set for it.`);
    else if (!dev && kilobytes > most) found.push(`${file}: it has ${kilobytes} KB, more than its ${most} KB.`);
    if (kept) console.log(`dist/${file}  ${kilobytes} KB`);
  }
  return found;
}

async function copyOne(path) {
  await copyFile(new URL(`node_modules/${path}`, import.meta.url), new URL(basename(path), dist));
  return path.split("/")[0];
}

async function buildOne(bundle) {
  const loader = { ...shared.loader, ...bundle.options.loader };
  const { metafile } = await build({ ...shared, ...bundle.options, loader, write: bundle.kept });
  const packages = bundle.kept ? Object.keys(metafile.inputs).map(packageOf) : [];
  return { broken: violations(bundle, metafile), packages };
}

/** For packages that name this licence and leave its text out. */
function mitLicence(holder) {
  return `Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}

/** The licences of all packages that the bundles contain, as these ask for. */
async function licences(packages) {
  const texts = [...new Set(packages)].sort().map(async (name) => {
    const folder = new URL(`node_modules/${name}/`, import.meta.url);
    const file = (await readdir(folder)).find((one) => /^licen[sc]e/i.test(one));
    const { license, author } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
    if (file === undefined && license !== "MIT") throw new Error(`The package "${name}" has no file with its licence.`);
    const text =
      file === undefined ? mitLicence(author?.name ?? author) : await readFile(new URL(file, folder), "utf8");
    return `${name} (${license})\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n\n`);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const built = await Promise.all(bundles.map(buildOne));
const inBundles = built.flatMap((one) => one.packages).filter((name) => name !== undefined);
const packages = [...inBundles, ...(await Promise.all(copied.map(copyOne)))];
await writeFile(new URL("THIRD-PARTY-LICENSES.txt", dist), await licences(packages));
const broken = built.flatMap((one) => one.broken);
for (const violation of broken) console.error(violation);
if (broken.length > 0) process.exitCode = 1;
