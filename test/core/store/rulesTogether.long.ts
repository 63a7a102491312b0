import assert from "node:assert/strict";
import { test } from "node:test";
import { RuleStore } from "../../../src/core/store/rules.ts";
import { createNodeStorage } from "../../../src/host/node/storage.ts";
import { withFolder } from "../../host/nodeFixture.ts";

test("rules that two windows save at once are all kept", async () => {
  await withFolder(async (root) => {
    let count = 0;
    const open = () =>
      new RuleStore({
        storage: createNodeStorage(root),
        newId: () => `rule-${++count}`,
        now: () => 0,
        whyRefused: () => undefined,
        onChange: () => {},
        onWarning: assert.fail,
      });
    const windows = [open(), open()];
    const save = (prefix: string, at: number) =>
      windows[at]!.write({ decision: "deny", subject: { kind: "command", prefix: [prefix] } });
    await Promise.all(Array.from({ length: 20 }, (_, index) => save(`program${index}`, index % 2)));
    assert.equal((await open().list()).length, 20);
  });
});
