import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import type { AgentSettings } from "../../src/core/settings.ts";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import type { Decliner, ThreadItem } from "../../src/protocol/items.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { play } from "../support/play.ts";

const push = call("exec_command", { cmd: "git push origin main" });
const patch = customCall("apply_patch", "*** Begin Patch\n*** Add File: new.txt\n+new\n*** End Patch");

interface Case {
  readonly made: readonly [ReturnType<typeof call> | typeof patch];
  readonly settings?: Partial<AgentSettings>;
  readonly answer?: ApprovalAnswer;
  /** Commands that begin with these words are denied. */
  readonly rule?: readonly string[];
}

/** Who declined the call, as it is told and as another server reads it from the disk. */
async function check({ made, settings = {}, answer, rule }: Case, expected: Decliner) {
  const host = createMemoryHost({ files: { "/workspace/a.txt": "" } });
  const options = { host, settings, script: [[...made], message("Done.")] };
  const first = await play({
    ...options,
    answer: () => answer ?? { decision: "decline" },
  });
  if (rule) {
    const subject = { kind: "command" as const, prefix: [...rule] };
    await first.client.request("rule/write", { rule: { subject, decision: "deny" } });
  }
  const { thread } = await first.start();
  await first.say(thread.id, "Do it.");
  const { item } = await first.told("item/completed", (params) => "declinedBy" in params.item);
  await first.close();
  const second = await play({ ...options, script: [] });
  const read = await second.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  await second.close();
  const kept = read.thread.turns.flatMap(({ items }) => items).find(({ id }) => id === item.id);
  assert.deepEqual([declinerOf(item), kept && declinerOf(kept)], [expected, expected]);
}

function declinerOf(item: ThreadItem): Decliner | undefined {
  return "declinedBy" in item ? item.declinedBy : undefined;
}

const never = { approvalPolicy: "never" } as const;
const before = { editReview: "before" } as const;

test("the user, a command", () => check({ made: [push] }, { kind: "user" }));
test("the user, and what they said", () => {
  const answer = { decision: "decline" as const, feedback: " Ask the release team.\n" };
  return check({ made: [push], answer }, { kind: "user", feedback: "Ask the release team." });
});
test("the user, an edit", () => check({ made: [patch], settings: before }, { kind: "user" }));
test("the user, all parts of an edit", () => {
  const answer = { decision: "accept" as const, acceptedHunks: [] };
  return check({ made: [patch], settings: before, answer }, { kind: "user" });
});
test("the user, who stops the turn", () => check({ made: [push], answer: { decision: "cancel" } }, { kind: "stop" }));
test("a rule, and which", () =>
  check({ made: [push], rule: ["git", "push"] }, { kind: "rule", prefix: ["git", "push"] }));
test("the approval policy, a command", () => check({ made: [push], settings: never }, { kind: "approvalPolicy" }));
test("the approval policy, an edit", () =>
  check({ made: [patch], settings: { ...never, ...before } }, { kind: "approvalPolicy" }));
test("Restricted Mode, a command", () =>
  check({ made: [push], settings: { trusted: false } }, { kind: "restrictedMode" }));
test("Restricted Mode, an edit", () =>
  check({ made: [patch], settings: { trusted: false } }, { kind: "restrictedMode" }));
