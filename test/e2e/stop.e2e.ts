import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import { hangAfter } from "../support/modelServerReply.ts";
import { pollFile, screenshot } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { outline, readJournals } from "./journals.ts";
import { answer, modelOf, openPanel, outside, question, say, turnsDone } from "./panel.ts";

/** Neither asks nor ends: a child of the shell, its number in a file, and deaf to SIGTERM. */
const hang = `sh -c 'trap "" TERM; echo $$ > pid.txt; echo it hangs; while :; do sleep 1; done'`;

test("a turn is stopped while the model answers and while a command hangs, and the thread goes on", async (t) => {
  const model = await startModelServer({
    script({ input }) {
      const said = JSON.stringify(input.findLast((item) => "role" in item && item.role === "user"));
      if (said.includes("Talk")) return hangAfter(8, message("I talk and talk and never come to an end."));
      if (said.includes("Hang")) return [message("I run it."), call("exec_command", outside(hang))];
      return message("Here I am.");
    },
  });
  atEnd(t, () => model.close());
  const { page, folders, patchwrightHome } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n" } },
    ...modelOf(model),
  });
  const panel = await openPanel(page);

  await say(panel, "Talk.");
  await panel.getByTestId("agent-message").getByText("I talk").waitFor();
  await panel.getByTestId("stop").click();
  await panel.getByTestId("stopped-divider").waitFor();
  assert.equal(await (await model.request(0)).ended, "broken");
  await screenshot(page, "stop-answer");
  await say(panel, "Are you there?");
  await turnsDone(panel, 1);

  await say(panel, "Hang.");
  await question(panel, "it hangs");
  await answer(panel, "allow");
  await panel.getByTestId("output").getByText("it hangs").waitFor();
  const pid = Number(await pollFile(path.join(folders[0] ?? "", "pid.txt"), (text) => text.endsWith("\n")));
  assert.ok(await isAlive(pid));
  await screenshot(page, "stop-command-running");
  await panel.getByTestId("stop").click();
  await panel.getByTestId("stopped-divider").nth(1).waitFor();
  await until("the process is dead", async () => !(await isAlive(pid)), 2_000);
  await screenshot(page, "stop-command");
  await say(panel, "Are you still there?");
  await turnsDone(panel, 2);

  const [journal = []] = await readJournals(patchwrightHome);
  assert.deepEqual(
    outline(journal).filter((line) => line.startsWith("turnEnd")),
    ["interrupted", "completed", "interrupted", "completed"].map((status) => `turnEnd ${status}`),
  );
  const context = await model.request(3);
  assert.match(context.body, /Aborted by the user before it ended\./);
  assert.match(context.body, /<turn_aborted>/);
});

/** A process that has ended and that nobody has waited for is dead, too. */
async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "State:\tX");
  return !/^State:\s+[ZX]/m.test(status);
}
