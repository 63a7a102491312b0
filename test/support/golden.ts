import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

const folder = path.join(import.meta.dirname, "../golden");

/**
 * Compares a text with the one that is kept under this name. UPDATE_GOLDEN=1 writes it anew, to be reviewed as part of the change; never in CI.
 */
export function assertGolden(name: string, actual: string): void {
  assertKept(path.join(folder, name), actual);
}

/** The same for a file that has its place elsewhere. */
export function assertKept(file: string, actual: string): void {
  if (process.env.UPDATE_GOLDEN === "1" && !process.env.CI) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, actual);
  }
  const name = path.basename(file);
  assert.ok(
    fs.existsSync(file),
    `There is no golden text ${name}. Run once with UPDATE_GOLDEN=1, and read what it wrote.`,
  );
  assert.equal(
    actual,
    fs.readFileSync(file, "utf8"),
    `${name}: run once with UPDATE_GOLDEN=1, and read what it wrote.`,
  );
}
