// Builds dist/. `--dev` keeps names and adds source maps; without it the bundles are what the package ships.
import { copyFile, mkdir, rm, stat } from "node:fs/promises";
import { builtinModules } from "node:module";
import { build } from "esbuild";

const dev = process.argv.includes("--dev");
const dist = new URL("dist/", import.meta.url);
const builtins = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

/**
 * What is built, and the rules each bundle must keep: `maxKilobytes` when minified, `external` the modules it may leave to its surroundings,
 * `forbidden` the packages that must not be in it. A bundle without `outfile` is only checked.
 */
const bundles = [
  {
    name: "extension",
    outfile: "dist/extension.cjs",
    maxKilobytes: 1200,
    external: (path) => path === "vscode" || builtins.has(path),
    forbidden: [],
    options: {
      entryPoints: ["src/extension/extension.ts"],
      format: "cjs",
      platform: "node",
      target: "node22",
      external: ["vscode"],
    },
  },
  {
    name: "webview",
    outfile: "dist/webview.js",
    maxKilobytes: 800,
    external: () => false,
    forbidden: ["zod"],
    options: { entryPoints: ["webview-ui/main.ts"], format: "esm", platform: "browser", target: "chrome134" },
  },
  {
    name: "webview styles",
    outfile: "dist/webview.css",
    maxKilobytes: 100,
    external: (path) => path === "./codicon.ttf",
    forbidden: [],
    options: { entryPoints: ["webview-ui/main.css"], target: "chrome134", external: ["./codicon.ttf"] },
  },
  {
    name: "core in a browser",
    maxKilobytes: 900,
    external: () => false,
    forbidden: [],
    options: { entryPoints: ["src/core/agent.ts"], format: "esm", platform: "browser", target: "es2024" },
  },
];

const shared = {
  bundle: true,
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

/** The rules that a finished bundle breaks, as sentences. */
function violations(bundle, metafile) {
  const [output] = Object.entries(metafile.outputs)
    .filter(([path]) => !path.endsWith(".map"))
    .map(([, value]) => value);
  const found = output.imports
    .filter(({ path, external }) => external && !bundle.external(path))
    .map(({ path }) => `${bundle.name}: it imports "${path}" from outside the bundle.`);
  const packages = new Set(Object.keys(metafile.inputs).map(packageOf));
  for (const name of bundle.forbidden) {
    if (packages.has(name)) found.push(`${bundle.name}: the package "${name}" must not be in it.`);
  }
  const kilobytes = Math.ceil(output.bytes / 1024);
  if (!dev && kilobytes > bundle.maxKilobytes) {
    found.push(`${bundle.name}: it has ${kilobytes} KB, more than its ${bundle.maxKilobytes} KB.`);
  }
  if (bundle.outfile) console.log(`${bundle.outfile}  ${kilobytes} KB`);
  return found;
}

async function buildOne(bundle) {
  const output = bundle.outfile ? { outfile: bundle.outfile } : { write: false, outfile: "dist/unused.js" };
  const { metafile } = await build({ ...shared, ...bundle.options, ...output });
  return violations(bundle, metafile);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const broken = (await Promise.all(bundles.map(buildOne))).flat();
const font = new URL("codicon.ttf", dist);
await copyFile(new URL("node_modules/@vscode/codicons/dist/codicon.ttf", import.meta.url), font);
console.log(`dist/codicon.ttf  ${Math.ceil((await stat(font)).size / 1024)} KB`);
for (const violation of broken) console.error(violation);
if (broken.length > 0) process.exitCode = 1;
