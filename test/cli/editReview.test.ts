import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { readSettings } from "../../src/cli/settings.ts";

interface Case {
  readonly file?: string;
  readonly overrides?: readonly string[];
  readonly attended: boolean;
}

async function check({ file = "", overrides = [], attended }: Case, expected: string | undefined): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), "patchwright-settings-"));
  try {
    await writeFile(path.join(home, "config.toml"), file);
    const environment = { PATCHWRIGHT_HOME: home };
    const { agent } = await readSettings({ environment, userHome: home, overrides, attended });
    assert.equal(agent.editReview, expected);
  } finally {
    await rm(home, { recursive: true });
  }
}

const before = 'edit_review = "before"\n';
const after = 'edit_review = "after"\n';
test("the file says when edits are reviewed", () => check({ file: after, attended: true }, "after"));
test("an option goes before it", () =>
  check({ file: after, overrides: ["edit_review=before"], attended: true }, "before"));
test("neither says anything", () => check({ attended: true }, undefined));
test("where nobody is there to review, the file does not count", () =>
  check({ file: before, attended: false }, "after"));
test("but an option does", () => check({ overrides: ["edit_review=before"], attended: false }, "before"));
