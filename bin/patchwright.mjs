#!/usr/bin/env node
// Plain JavaScript, so that an old Node can still read it and say what it needs.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(`patchwright needs Node 22.12 or newer, and this is ${process.version}.`);
  process.exit(2);
}
await import("../dist/cli.js").catch((error) => {
  if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
  console.error('patchwright is not built yet. Run "npm run build" in its folder first.');
  process.exit(2);
});
