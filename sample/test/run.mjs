// Strips the types with esbuild, then runs every test file with Node's own test runner.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

const names = readdirSync("test").filter((name) => name.endsWith(".test.ts"));

rmSync("out", { recursive: true, force: true });
await build({
  entryPoints: names.map((name) => `test/${name}`),
  outdir: "out",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: true,
});

const built = names.map((name) => `out/${name.replace(/\.ts$/, ".js")}`);
const flags = ["--enable-source-maps", "--test", "--test-reporter=spec"];
const { status } = spawnSync(process.execPath, [...flags, ...built], { stdio: "inherit" });
process.exit(status ?? 1);
