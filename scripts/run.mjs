// Starts a script of this folder: `node scripts/run.mjs NAME [OPTIONS]`. Plain JavaScript, so that an old Node can still read it
// and hand over to the one that `npm ci` brought.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [name, ...options] = process.argv.slice(2);
const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
const binary = process.platform === "win32" ? "node.exe" : "node";
const own = fileURLToPath(new URL(`../node_modules/node/bin/${binary}`, import.meta.url));
const [major, minor] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  process.argv.splice(1, 2, script);
  await import(`./${name}.ts`);
} else if (existsSync(own)) {
  const { status } = spawnSync(own, [script, ...options], { stdio: "inherit" });
  process.exit(status ?? 1);
} else {
  console.error(
    `This needs Node 22.18 or newer, and this is ${process.version}. Run "npm ci" first: it brings a newer one.`,
  );
  process.exit(1);
}
