import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { call, customCall, message, reasoning } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import { goTo, openFile, screenshot, setPanelWidth } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { agentSays, answer, modelOf, openPanel, question, say, turnsDone } from "./panel.ts";
import { hoverBadge, lensCount } from "./reviewing.ts";

const patch = `*** Begin Patch
*** Update File: src/isOpen.ts
@@
   const today = hours[day].find((range) => coversToday(range, minute));
-  const yesterday = hours[dayAfter(day, -1)].find((range) => runsPastMidnight(range) && minute < range.closes);
-  return today ?? yesterday;
+  if (today) return today;
+  return hours[dayAfter(day, -1)].find((range) => runsPastMidnight(range) && minute < range.closes);
 }
@@
   if (minute < range.opens) return false;
-  return runsPastMidnight(range) || minute <= range.closes;
+  return runsPastMidnight(range) || minute < range.closes;
 }
*** End Patch
`;
const commit = {
  cmd: 'git commit -am "Close at the closing time"',
  sandbox_permissions: "require_escalated",
  justification: "A commit writes to .git, which the sandbox keeps read-only.",
};

/** Its screenshots `readme-panel` and `readme-review` are the pictures of the README. */
test("an agent in the sandbox tests and edits unasked, and asks to commit", async (t) => {
  const script = [
    [reasoning("**Running the tests**\n\nThey say what is wrong."), call("exec_command", { cmd: "npm test" })],
    [call("read_file", { path: "src/isOpen.ts" })],
    [
      message("`coversToday` counts the closing minute as open, so a shop that closes at 18:00 is still open then."),
      customCall("apply_patch", patch),
    ],
    call("exec_command", { cmd: "npm test" }),
    [message("All 18 tests pass. I commit it."), call("exec_command", commit)],
    message("It is committed."),
  ];
  const model = await startModelServer({ script });
  atEnd(t, () => model.close());
  const { page, folders } = await openWorkbench(t, {
    workspace: { kind: "sample" },
    ...modelOf(model, {
      "patchwright.approvalPolicy": "on-request",
      "patchwright.review.edits": "after",
      "editor.minimap.enabled": false,
    }),
  });
  const git = async (...args: string[]) => (await promisify(execFile)("git", args, { cwd: folders[0] })).stdout;
  await git("config", "user.name", "Ada");
  await git("config", "user.email", "ada@example.org");
  const panel = await openPanel(page);
  await setPanelWidth(page, 420);
  await say(panel, "The tests fail. Find out why, fix it and commit.");
  const asked = await question(panel, "git commit");
  assert.match(await asked.innerText(), /outside the sandbox/i);
  assert.equal(await panel.getByTestId("command").count(), 2);
  await openFile(page, "src/isOpen.ts");
  await lensCount(page, 2);
  await goTo(page, 18, 1);
  await page.locator(".codelens-decoration .codicon-circle-filled").waitFor();
  await screenshot(page, "readme-panel");
  await answer(panel, "allow");
  await agentSays(panel, "It is committed.");
  await turnsDone(panel, 1);
  assert.equal(await git("log", "--format=%s", "-1"), "Close at the closing time\n");
  const hover = await hoverBadge(page, "const today");
  await until("the hover is no longer fading in", () =>
    hover.evaluate((element) => {
      for (let at: Element | null = element; at; at = at.parentElement)
        if (getComputedStyle(at).opacity !== "1") return false;
      return true;
    }),
  );
  await screenshot(page, "readme-review");
});
