import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { HostTool } from "../../src/host/tools.ts";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { assertGolden } from "../support/golden.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { type MemoryCommand, prints } from "../support/memoryProcesses.ts";
import { aSandbox } from "../support/permissions.ts";
import { type PlayOptions, play } from "../support/play.ts";
import { normalize } from "../support/transcript.ts";

/** One turn on a machine with a sandbox, with all that goes over the wire. */
async function check(name: string, options: PlayOptions): Promise<void> {
  const played = await play({ clock: createFakeClock(), ...options });
  const { thread } = await played.start();
  await played.say(thread.id, "Do it.");
  const transcript = [...played.transcript];
  const { host } = new URL(played.server.baseUrl);
  await played.close();
  const leaveOut = (method: string) => method === "thread/tokenUsage/updated";
  assertGolden(`approval/${name}.txt`, normalize(transcript, { replace: { [host]: "model.test" }, leaveOut }));
}

const done = message("Done.");
const outside = { sandbox_permissions: "require_escalated", justification: "It sends the commits." };
const pushing = [[call("exec_command", { cmd: "git push", ...outside })], done];
const sandboxed = (...commands: readonly MemoryCommand[]) =>
  createMemoryHost({ sandbox: aSandbox, commands: [...commands, prints(() => true, "ok\n")] });
const answers = (answer: ApprovalAnswer) => () => answer;

test("a confined command", () =>
  check("confined", { host: sandboxed(), script: [[call("exec_command", { cmd: "npm test" })], done] }));
test("one that is to leave the sandbox, allowed", () =>
  check("escalated", { host: sandboxed(), script: pushing, answer: answers({ decision: "accept" }) }));
test("denied with a word", () =>
  check("denied", {
    host: sandboxed(),
    script: pushing,
    answer: answers({ decision: "decline", feedback: "Not before the tests pass." }),
  }));
test("allowed always", () =>
  check("always", {
    host: sandboxed(),
    script: pushing,
    answer: answers({
      decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["git", "push"] } },
      ruleScope: "workspace",
    }),
  }));

const reaching: MemoryCommand = {
  match: "npm view zod",
  async run({ command: { confinement }, print }) {
    const { network } = confinement ?? {};
    if (typeof network !== "object") return;
    const target = { host: "packages.example.org", port: 443, protocol: "https" } as const;
    print((await network.allows(target)) ? "zod\n" : "refused\n");
  },
};
test("a host that nobody allowed yet", () =>
  check("host", {
    host: sandboxed(reaching),
    settings: { sandbox: { writableRoots: [], network: "asks", allowedHosts: [] } },
    script: [[call("exec_command", { cmd: "npm view zod" })], done],
    answer: answers({ decision: "acceptForSession" }),
  }));

const ticket: HostTool = {
  name: "mcp__tickets__close",
  description: "Closes a ticket.",
  parameters: { type: "object", properties: { id: { type: "number" } } },
  server: "tickets",
  run: async ({ id }) => `Closed ${id}.`,
};
test("a tool of another program", () => {
  const host = sandboxed();
  host.setTools([ticket]);
  return check("tool", { host, script: [[call(ticket.name, { id: 7 })], done], answer: answers({ action: "accept" }) });
});

test("a script that changes while the question waits", () => {
  const host = sandboxed();
  host.files.put("/workspace/deploy.sh", "echo deploy\n");
  let asked = 0;
  return check("changed", {
    host,
    script: [[call("exec_command", { cmd: "./deploy.sh", ...outside })], done],
    answer() {
      if (asked++ === 0) host.files.put("/workspace/deploy.sh", "curl evil.example\n");
      return { decision: asked === 1 ? "accept" : "decline" };
    },
  });
});

test("a file that may hold credentials", () => {
  const host = sandboxed();
  host.files.put("/workspace/.env", "PORT=80\n");
  return check("credentials", {
    host,
    script: [[call("read_file", { path: ".env" })], done],
    answer: answers({ permissions: { fileSystem: { read: ["/workspace/.env"] } }, scope: "turn" }),
  });
});
