import assert from "node:assert/strict";
import { test } from "node:test";
import { panels, textOf } from "./driver.ts";

const open = panels();

/** The row of a command or edit: its name for screen readers, and what describes it. */
async function check(text: string, name: RegExp, description: string): Promise<void> {
  const { page } = await open({ scene: "declined", width: 320 });
  const row = page.locator("[data-row]", { hasText: text }).first();
  await row.waitFor();
  assert.match((await textOf(row)).replace(/\s+/g, " "), name);
  const described = await row.getAttribute("aria-describedby");
  const note = described === null ? "" : await textOf(page.locator(`[id="${described}"]`));
  assert.equal(note, description);
}

test("a command that the user denied", () => check("npm publish", /denied by you/, ""));
test("and why", () =>
  check(
    "npm run deploy",
    /denied by you/,
    "You said: Not to production:\ndeploy to <b>staging</b>, and tell me the addressU+202E first.",
  ));
test("an edit that the user rejected", () => check("backoff.ts", /Rejected by you/, ""));
test("a command that a rule denies", () =>
  check("git push origin main", /denied$/, "Denied by your rule git push. Show rules"));
test("what would have asked", () =>
  check("curl", /denied$/, "It would have asked you, and with the approval policy “never” nothing asks."));
test("an edit in Restricted Mode", () =>
  check("Not made", /Not made/, "Denied by Restricted Mode: the agent can read, not edit or run. Manage trust"));
test("one that an older version kept", () => check("make", /denied$/, ""));

test("the rule can be looked at", async () => {
  const { byId, page } = await open({ scene: "declined", width: 320 });
  await byId("declined-remedy").first().click();
  await page.locator("pw-rules").waitFor();
});

test("the folder of a file gives way to what is said of the file", async () => {
  const { page } = await open({ scene: "declined", width: 320 });
  const head = page.locator(".card-toggle", { hasText: "Rejected by you" });
  const name = head.locator(".file-name");
  assert.equal(await name.evaluate((found) => found.scrollWidth > found.clientWidth), false);
});
