import assert from "node:assert/strict";
import { test } from "node:test";
import type { Permissions } from "../../../src/core/policy/permissions.ts";
import { modeText } from "../../../src/core/prompt/modeText.ts";
import { permissionsText } from "../../../src/core/prompt/permissionsText.ts";
import { somePermissions } from "../../support/permissions.ts";

function check(changes: Partial<Permissions>, rights: RegExp, mode: RegExp): void {
  const all = somePermissions(changes);
  assert.match(permissionsText(all), rights);
  assert.match(modeText(all), mode);
}

const fullAccess = { sandboxPolicy: { type: "dangerFullAccess" } } as const;
const atOnce = /Edits of files in the workspace are made at once/;
test("edits reviewed afterwards", () => check({}, atOnce, /^<mode>\nEdit, then review\./));
test("protected ones ask all the same", () =>
  check({}, /Edits .* is asked about first, as a whole: keep/, /Edit, then/));
test("where nobody is asked", () =>
  check({ approvalPolicy: "never" }, /Edits .* is declined as a whole: keep/, /Edit, then/));
test("full access stays full access", () =>
  check(fullAccess, /full access: commands and edits/, /^<mode>\nFull access/));
test("full access that asks for everything", () =>
  check({ ...fullAccess, approvalPolicy: "untrusted" }, /each edit/, /^<mode>\nAsk before each edit/));
test("reading only, edits ask", () =>
  check(
    { sandboxPolicy: { type: "readOnly" } },
    /The user is asked before each edit\./,
    /^<mode>\nAsk before each edit/,
  ));
test("in Restricted Mode, nothing is edited", () => check({ trusted: false }, /Restricted Mode/, /Look, do not touch/));
