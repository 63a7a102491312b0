import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import { openFile } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { modelOf, openPanel, say } from "./panel.ts";

test("the editor's own git runs no program that a running command names in a repository of its own", async (t) => {
  let command = "";
  const model = await startModelServer({
    script: (_, { index }) =>
      index === 0 ? call("exec_command", { cmd: command, yield_time_ms: 300_000 }) : message("It runs."),
  });
  atEnd(t, () => model.close());
  const { page, folders, patchwrightHome } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n" } },
    ...modelOf(model, { "patchwright.review.edits": "after" }),
  });
  const config = path.join(folders[0] ?? "", "sub/.git/config");
  // Commands in the sandbox cannot write there.
  const mark = path.join(patchwrightHome, "escaped");
  command = [
    "git init -q -b trunk honest",
    "git init -q -b trunk sub",
    `git -C sub config core.fsmonitor "touch ${mark}; false"`,
    "echo x > sub/seen.txt",
    "echo x > honest/plain.txt",
    "sleep 300",
  ].join(" && ");
  const panel = await openPanel(page);
  await say(panel, "Do it.");
  await until("the repositories are there", () => existsSync(path.join(folders[0] ?? "", "honest/plain.txt")));
  await openFile(page, "seen.txt");
  // They are opened one after the other.
  await openFile(page, "plain.txt");
  await page.locator(".statusbar-item", { hasText: "trunk" }).waitFor();
  assert.equal(existsSync(mark), false);
  assert.equal(existsSync(config), false, "it is moved away while the command runs");
});
