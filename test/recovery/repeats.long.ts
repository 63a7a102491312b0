import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { call, customCall, message, reasoning } from "../../src/core/model/demo/output.ts";
import { outputsOf } from "../support/modelInput.ts";
import { cutAfter, type Reply, rewritten } from "../support/modelServerReply.ts";
import { recover, workspace } from "./recover.ts";

const run = call("exec_command", { cmd: "npm test" }, "call_run");
const patch = customCall("apply_patch", "*** Begin Patch\n*** Add File: b.txt\n+new\n*** End Patch", "call_patch");
const all = [reasoning("Look."), message("I look."), run, patch];

/** Whatever comes twice runs once, is shown once and is answered once. */
function check(name: string, script: readonly Reply[]): void {
  test(name, async (t) => {
    const host = workspace();
    const { turn, read, requests } = await recover({ host, script });
    assert.equal(turn.status, "completed", turn.error?.message);
    const shown = read.items.map(({ type }) => type).filter((type) => type !== "userMessage");
    assert.deepEqual(shown, ["reasoning", "agentMessage", "commandExecution", "fileChange", "agentMessage"]);
    assert.equal(host.processes.started.length, 1, "The command runs once.");
    assert.equal(host.files.snapshot()["/workspace/b.txt"], "new\n");
    assert.equal(outputsOf(requests.at(-1)!).length, 2, "Each call has one output.");
    t.diagnostic(`${requests.length} requests: 1 command run, 1 file made, ${shown.length} items shown, 2 outputs`);
  });
}

check("nothing twice", [all, message("Done.")]);
check("the same calls twice in one answer", [[...all, run, patch], message("Done.")]);
check("the same calls again in the next answer", [all, [message("Done."), run, patch]]);
check("the same calls again after a retry", [cutAfter(26, ...all), all, message("Done.")]);
check("the same calls again after two retries", [cutAfter(12, ...all), cutAfter(26, ...all), all, message("Done.")]);
check("every event twice", [
  rewritten((events) => events.flatMap((event) => [event, event]), ...all),
  message("Done."),
]);
check("every item once more at the end, before the terminal event", [rewritten(itemsAgain, ...all), message("Done.")]);
check("the terminal event twice", [rewritten((events) => [...events, events.at(-1)!], ...all), message("Done.")]);

function itemsAgain(events: readonly ResponseStreamEvent[]): ResponseStreamEvent[] {
  const ends = events.filter(({ type }) => type === "response.output_item.done");
  return [...events.slice(0, -1), ...ends, ...events.slice(-1)];
}
