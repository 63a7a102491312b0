import assert from "node:assert/strict";
import { test } from "node:test";
import type { Permissions } from "../../../src/core/policy/judge.ts";
import { modeText } from "../../../src/core/prompt/modeText.ts";
import { permissionsText } from "../../../src/core/prompt/permissionsText.ts";

const usual: Permissions = {
  approvalPolicy: "on-request",
  sandboxPolicy: { type: "workspaceWrite" },
  editReview: "after",
  trusted: true,
  workspaceRoots: ["/ws"],
  readableRoots: [],
};

function check(permissions: Partial<Permissions>, rights: RegExp, mode: RegExp): void {
  const all = { ...usual, ...permissions };
  assert.match(permissionsText(all), rights);
  assert.match(modeText(all), mode);
}

const atOnce = /Edits of files in the workspace are made at once/;
test("edits reviewed afterwards", () => check({}, atOnce, /^<mode>\nEdit, then review\./));
test("commands ask all the same", () =>
  check(
    {},
    /asked before each command and each text typed into a command\. Edits .* is asked about first, as a whole: keep/,
    /Edit, then/,
  ));
test("where nobody is asked", () =>
  check(
    { approvalPolicy: "never" },
    /every command is declined\. Edits .* is declined as a whole: keep/,
    /Edit, then/,
  ));
test("full access stays full access", () =>
  check({ sandboxPolicy: { type: "dangerFullAccess" } }, /full access: commands and edits/, /^<mode>\nFull access/));
test("full access that asks for commands", () =>
  check({ sandboxPolicy: { type: "dangerFullAccess" }, approvalPolicy: "untrusted" }, atOnce, /Edit, then review/));
test("reading only, edits ask", () =>
  check({ sandboxPolicy: { type: "readOnly" } }, /before each command, each edit/, /^<mode>\nAsk before each edit/));
test("in Restricted Mode, nothing is edited", () => check({ trusted: false }, /Restricted Mode/, /Look, do not touch/));
