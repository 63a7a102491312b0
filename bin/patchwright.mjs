#!/usr/bin/env node
// Plain JavaScript, so that an old Node can still read it and say what it needs.
import fs from "node:fs";
import module from "node:module";
import os from "node:os";
import path from "node:path";
import v8 from "node:v8";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(`patchwright needs Node 22.12 or newer, and this is ${process.version}.`);
  process.exit(2);
}
// Each request is a large text that lives for a moment: room for many of them would be memory for nothing. Unknown to V8, it says so and goes on.
v8.setFlagsFromString("--semi-space-growth-factor=1");
keepCompiled(path.resolve(process.env.PATCHWRIGHT_HOME?.trim() || path.join(os.homedir(), ".patchwright")));
await import("../dist/cli.js").catch((error) => {
  if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
  console.error('patchwright is not built yet. Run "npm run build" in its folder first.');
  process.exit(2);
});

/** What Node compiled is kept for the next start, in a folder of the user's own: others can write to Node's default one. */
function keepCompiled(home) {
  const folder = path.join(home, "cache", "compiled");
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    module.enableCompileCache(folder);
  } catch {
    // It starts more slowly, and whatever needs the folder says what is wrong with it.
  }
}
