import { mkdir } from "node:fs/promises";
import type { Page } from "playwright-core";
import { startHarness, type Theme } from "./harness.ts";

// Pictures of the panel into test-results/panel: `node test/webview/shoot.ts [POSE...] [--themes a,b] [--widths 320,420] [--height 900]`.
const args = process.argv.slice(2);
const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1]?.split(",") : undefined);
const named = args.filter((arg, at) => !arg.startsWith("--") && !args[at - 1]?.startsWith("--"));
const themes = (option("--themes") ?? ["darkModern", "lightModern", "highContrast"]) as Theme[];
const widths = (option("--widths") ?? ["320", "420", "600"]).map(Number);
const height = Number(option("--height")?.[0] ?? 900);
const folder = "test-results/panel";

/** A scene and what is done in it before the picture is taken. */
type Pose = readonly [scene: string, prepare?: (page: Page) => Promise<void>];
const click = (...testIds: string[]) => {
  return async (page: Page) => {
    for (const testId of testIds) {
      if (testId.startsWith("row-")) await page.getByTestId("history-row").first().hover();
      await page.getByTestId(testId).first().click();
    }
  };
};

/** The popover of the only message, and what is clicked in it. */
const restoring = (...testIds: string[]) => {
  return async (page: Page) => {
    await page.getByTestId("user-message").first().hover();
    await click("message-menu", "menu-restore")(page);
    await page.getByTestId("restore-disk").waitFor();
    await click(...testIds)(page);
  };
};

const poses: Record<string, Pose> = {
  welcome: ["welcome"],
  "welcome-demo": ["welcome-demo"],
  "welcome-no-key": ["welcome-no-key"],
  "at-work": ["at-work"],
  "at-work-open": ["at-work", click("reasoning", "exploration")],
  finished: ["finished"],
  "approval-command": ["approval-command"],
  "approval-menu": ["approval-command", click("approval-choices")],
  "approval-none": ["approval-none"],
  "approval-escalation": ["approval-escalation"],
  "approval-escalation-menu": ["approval-escalation", click("approval-choices")],
  "approval-huge": ["approval-huge"],
  "approval-huge-open": ["approval-huge", click("show-all-lines")],
  "approval-boxes": ["approval-boxes", click("show-all-lines")],
  "approval-typing": ["approval-typing"],
  "approval-network": ["approval-network"],
  "approval-network-menu": ["approval-network-port", click("approval-choices")],
  "approval-network-foreign": ["approval-network-foreign"],
  "approval-tool": ["approval-tool"],
  "approval-tool-hostile": ["approval-tool-hostile"],
  "approval-read": ["approval-read"],
  "approval-hostile": ["approval-hostile"],
  "approval-hostile-open": ["approval-hostile", click("show-all-lines")],
  "approval-edit": ["approval-edit"],
  "approval-long-lines": ["approval-long-lines"],
  "approval-edits": ["approval-edits"],
  "approval-outside": ["approval-outside"],
  declined: ["declined"],
  failed: ["failed"],
  unauthorized: ["unauthorized"],
  retrying: ["retrying"],
  "row-states": ["row-states"],
  history: ["history", click("history")],
  "history-search": [
    "history",
    async (page) => {
      await page.getByTestId("history").click();
      await page.keyboard.type("retry");
      await page.getByText("6 threads").waitFor();
      await page.getByTestId("open-thread").nth(2).focus();
    },
  ],
  "history-delete": ["history", click("history", "row-delete")],
  "history-rename": ["history", click("history", "row-rename")],
  sent: ["finished", click("context-meter", "meter-sent")],
  "sent-open": [
    "finished",
    async (page) => {
      await page.getByTestId("show-sent").first().focus();
      await page.keyboard.press("Enter");
      for (const kind of ["projectInstructions", "reasoning", "message"])
        await page.locator(`[data-layer=${kind}] button`).first().click();
    },
  ],
  "message-actions": ["finished", (page) => page.getByTestId("show-sent").first().focus()],
  markdown: ["markdown"],
  demo: ["demo"],
  restricted: ["restricted"],
  queue: ["queue"],
  "queue-hover": ["queue", (page) => page.getByTestId("queue-item").nth(1).focus()],
  "queue-edit": [
    "queue",
    async (page) => {
      await page.getByTestId("queue-item").nth(1).focus();
      await page.keyboard.press("Enter");
    },
  ],
  "queue-stopped": ["queue-stopped", (page) => page.getByTestId("queue-item").nth(0).focus()],
  condensed: ["condensed"],
  "meter-popover": ["finished", click("context-meter")],
  "message-menu": [
    "two-turns",
    async (page) => {
      await page.getByTestId("user-message").nth(1).hover();
      await page.getByTestId("message-menu").nth(1).click();
    },
  ],
  "message-edit": [
    "two-turns",
    async (page) => {
      await page.getByTestId("composer").focus();
      await page.keyboard.press("ArrowUp");
    },
  ],
  changes: ["changes"],
  "changes-at-work": ["changes-at-work"],
  "changes-open": [
    "changes-many",
    async (page) => {
      await page.getByTestId("changes-toggle").click();
      await page.getByTestId("open-changed").nth(2).focus();
    },
  ],
  "changes-undo": ["changes-many", click("undo-all")],
  "changes-edited": [
    "changes-many",
    async (page) => {
      await page.getByTestId("undo-all").click();
      await page.getByTestId("undo-all-yes").click();
    },
  ],
  "edit-after": ["edit-after", click("mode")],
  "approval-parts": ["approval-parts", click("pick-hunk")],
  "approval-files": ["approval-files"],
  restore: ["restore", restoring()],
  "restore-no-files": ["restore-no-files", restoring()],
  restored: ["restore", restoring("confirm-restore")],
  "mode-menu": ["finished", click("mode")],
  "mode-full": ["finished", click("mode", "mode-full")],
  "model-menu": ["finished", click("model")],
  "mode-menu-none": ["no-sandbox", click("mode")],
  "mode-menu-read-only": ["read-only", click("mode")],
  "no-sandbox": ["no-sandbox"],
  "no-sandbox-welcome": ["no-sandbox-welcome"],
  "no-sandbox-popover": ["no-sandbox", click("sandbox")],
  "sandbox-popover": ["finished", click("sandbox")],
  "sandbox-off": ["full", click("sandbox")],
  rules: ["rules", click("mode", "mode-rules")],
  "rules-row": [
    "rules",
    async (page) => {
      await click("mode", "mode-rules")(page);
      await page.getByTestId("rule-open").nth(1).focus();
    },
  ],
  "rules-empty": ["no-rules", click("mode", "mode-rules")],
  "rules-edit": [
    "rules",
    async (page) => {
      await click("mode", "mode-rules")(page);
      await page.getByTestId("rule-open").nth(1).click();
    },
  ],
  "rules-add": ["rules", click("mode", "mode-rules", "add-rule")],
  "rules-deleted": [
    "rules",
    async (page) => {
      await click("mode", "mode-rules")(page);
      await page.getByTestId("rule-open").nth(0).focus();
      await page.keyboard.press("Delete");
    },
  ],
  "ran-outside": ["ran-outside"],
  "title-menu": ["history", click("title")],
  "more-menu": ["finished", click("more")],
  stopped: ["finished", (page) => page.evaluate("fake.notify('editor/agentStopped', {})")],
};

const harness = await startHarness();
await mkdir(folder, { recursive: true });
for (const name of named.length > 0 ? named : Object.keys(poses)) {
  const [scene, prepare] = poses[name] ?? [name];
  for (const theme of themes) {
    for (const width of widths) {
      const options = { scene, theme, width, height, clock: "fixed", reducedMotion: true } as const;
      const { page, context, faults } = await harness.open(options);
      await prepare?.(page);
      await page.mouse.move(width / 2, 3);
      await page.evaluate("document.fonts.ready");
      await page.screenshot({ animations: "disabled", path: `${folder}/${name}-${width}-${theme}.png` });
      for (const fault of faults) process.stdout.write(`${name} ${theme} ${width}: ${fault}\n`);
      await context.close();
    }
  }
}
await harness.close();
