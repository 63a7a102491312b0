import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import { screenshot } from "../workbench/page.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { modelOf, openPanel, say, turnsDone } from "./panel.ts";

const patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+1\n*** End Patch\n";

test("in Restricted Mode files are read, and nothing is run or changed", async (t) => {
  const model = await startModelServer({
    script: [
      call("read_file", { path: "a.txt" }),
      call("exec_command", { cmd: "touch ran.txt" }),
      customCall("apply_patch", patch),
      message("I could only read."),
    ],
  });
  atEnd(t, () => model.close());
  const { page, folders } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n", "AGENTS.md": "Say moo.\n" } },
    ...modelOf(model),
    trust: "restricted",
  });
  const panel = await openPanel(page);
  await panel.getByTestId("banner-restricted").waitFor();
  assert.match(await panel.getByTestId("banner-restricted").innerText(), /Restricted Mode\. Patchwright can read/);
  await say(panel, "Read it, run it, change it.");
  await turnsDone(panel, 1);
  assert.equal(await panel.getByTestId("approval").count(), 0);
  await screenshot(page, "restricted");

  const outputs = [1, 2, 3].map((index) => model.requests[index]?.params?.input.at(-1) as { output: string });
  assert.match(outputs[0]?.output ?? "", /^1\tone$/m);
  assert.match(outputs[1]?.output ?? "", /Restricted Mode/);
  assert.match(outputs[2]?.output ?? "", /Restricted Mode/);
  assert.ok(!model.requests[0]?.body.includes("Say moo."), "instructions of an untrusted folder are not read");
  const folder = folders[0] ?? "";
  assert.deepEqual((await readdir(folder)).sort(), ["AGENTS.md", "a.txt"]);
  assert.equal(await readFile(path.join(folder, "a.txt"), "utf8"), "one\n");

  await panel.getByTestId("banner-restricted-link").click();
  await page.getByText("You are in Restricted Mode").waitFor();
  await page.getByRole("button", { name: "Trust", exact: true }).first().click();
  await panel.getByTestId("banner-restricted").waitFor({ state: "detached" });
  await screenshot(page, "restricted-trusted");
});
