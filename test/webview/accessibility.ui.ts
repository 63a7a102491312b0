import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { panels } from "./driver.ts";
import { wear } from "./harness.ts";

const open = panels();

/** No serious or critical finding, and none of contrast in any theme. `clicks` are made first. */
async function check(scene: string, ...clicks: string[]) {
  const { page, byId, quiet } = await open({ scene, theme: "darkModern", clock: "fixed", reducedMotion: true });
  for (const testId of clicks) await byId(testId).first().click();
  await quiet();
  assert.deepEqual(await graveFindings(new AxeBuilder({ page })), [], `${scene} in darkModern`);
  for (const theme of ["lightModern", "highContrast", "highContrastLight"] as const) {
    await wear(page, theme);
    const contrast = new AxeBuilder({ page }).withRules(["color-contrast", "link-in-text-block"]);
    assert.deepEqual(await graveFindings(contrast), [], `${scene} in ${theme}`);
  }
}

/** The panel has no frames, which the other mode would open a page of its own for each time. */
async function graveFindings(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.setLegacyMode().analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

test("the welcome", () => check("welcome-demo"));
test("a thread at work, with open rows", () => check("at-work", "reasoning", "exploration"));
test("a finished thread", () => check("finished"));
test("every kind of row", () => check("row-states"));
test("Markdown", () => check("markdown"));
test("a question about a command", () => check("approval-command"));
test("a question about a misleading command", () => check("approval-hostile"));
test("a question about edits", () => check("approval-edits"));
test("the choices of a question", () => check("approval-command", "approval-choices"));
test("the words that are always allowed", () => check("approval-escalation", "approval-choices"));
test("a question about a host", () => check("approval-network", "approval-choices"));
test("a question about a tool", () => check("approval-tool"));
test("a long command, opened", () => check("approval-long", "show-all-lines"));
test("no sandbox", () => check("no-sandbox", "sandbox"));
test("the sandbox", () => check("finished", "sandbox"));
test("ways of working", () => check("finished", "mode"));
test("rules", () => check("rules", "mode", "mode-rules"));
test("no rules", () => check("no-rules", "mode", "mode-rules"));
test("a rule that is changed", () => check("rules", "mode", "mode-rules", "rule-open"));
test("a new rule", () => check("rules", "mode", "mode-rules", "add-rule"));
test("commands that ran outside the sandbox", () => check("ran-outside"));
test("what was declined", () => check("declined"));
test("a failed turn", () => check("failed"));
test("messages that wait and steer", () => check("queue", "queue-text"));
test("messages that wait after a stop", () => check("queue-stopped"));
test("a condensed fork", () => check("condensed"));
test("the meter's popover", () => check("finished", "context-meter"));
test("editing a message", () => check("two-turns", "edit-message"));
test("changes, with their files", () => check("changes-many", "changes-toggle"));
test("changes that are to be undone", () => check("changes-many", "undo-all"));
test("changes that were edited further", () => check("changes-many", "undo-all", "undo-all-yes"));
test("changes beside a running turn", () => check("changes-at-work"));
test("a question about parts of an edit", () => check("approval-parts", "pick-hunk"));
test("restoring", () => check("restore", "message-menu", "menu-restore", "restore-overwrite"));
test("restoring without files", () => check("restore-no-files", "message-menu", "menu-restore"));
test("what was restored", () => check("restore", "message-menu", "menu-restore", "confirm-restore"));
test("when edits are reviewed", () => check("edit-after", "mode"));
test("the history", () => check("history", "history"));
test("the model menu", () => check("finished", "model"));
test("the confirmation of full access", () => check("finished", "mode", "mode-full"));
test("what was sent", () => check("finished", "context-meter", "meter-sent"));
test("what was sent, opened", async () => check("finished", "context-meter", "meter-sent", "sent-row"));
