import type { SandboxState } from "../../../src/protocol/settings.ts";
import { edit, NOW_MS, ROOT, running, runningCommand, say, thread, tool, turn, user } from "./items.ts";
import * as sample from "./samples.ts";
import { beginning, opened, type Scene, TITLE } from "./scene.ts";

export const noSandbox: SandboxState = {
  kind: "none",
  reason:
    "bubblewrap is not installed. Install it (on Debian and Ubuntu: apt install bubblewrap): commands are confined from the next message on.",
};

const confined = { confined: true, writableRoots: [ROOT, "/tmp"], network: "off" };
const outside = { confined: false, writableRoots: [], network: "on" };
const decisions = ["accept", "acceptForSession", "decline", "cancel"];

interface Asked {
  command: string;
  reason?: string | null;
  params?: object;
  scene?: Partial<Scene>;
}

/** A question about a command, after a beginning. */
function asking({ command, reason = null, params, scene }: Asked): Scene {
  const { first, looked, failed, found } = beginning();
  const asked = runningCommand(command, "");
  const items = [first, ...looked, failed, found, edit([sample.retryDiff]), asked];
  const all = {
    threadId: "t",
    turnId: "a",
    itemId: asked.id,
    startedAtMs: NOW_MS - 8000,
    kind: "command",
    reason,
    command,
    cwd: `${ROOT}/packages/http`,
    availableDecisions: decisions,
    rights: confined,
    ...params,
  };
  const questions = [{ method: "item/commandExecution/requestApproval", params: all }];
  return opened([thread("t", TITLE, [turn("a", items, running)])], {
    questions,
    approvalPolicy: "untrusted",
    ...scene,
  });
}

/** A question that is not about a command. */
function askingOther(method: string, params: object): Scene {
  const { first, looked, found } = beginning();
  const asked = tool("mcp__tickets__create_ticket", {}, "inProgress");
  const all = { threadId: "t", turnId: "a", itemId: asked.id, startedAtMs: NOW_MS - 8000, ...params };
  const questions = [{ method, params: all }];
  return opened([thread("t", TITLE, [turn("a", [first, ...looked, found, asked], running)])], { questions });
}

const retryTests: Asked = {
  command: "npm test -- retry --repeat 50",
  reason: "Checks the fix against 50 runs of the retry suite.",
};

export function askingScenes(): Record<string, () => Scene> {
  const always = { proposedExecpolicyAmendment: ["npm", "test"] };
  const network = (more: object, context: object): Asked => ({
    command: "npm install --save-exact left-pad",
    params: { networkApprovalContext: { host: "packages.example.org", protocol: "https", ...context }, ...more },
  });
  return {
    "approval-left-running": leftRunning,
    "approval-command": () => asking({ ...retryTests, params: always }),
    "approval-none": () => asking({ ...retryTests, params: { rights: outside }, scene: { sandbox: noSandbox } }),
    "approval-escalation": () =>
      asking({
        command: "npm publish --dry-run",
        reason: "Asks the registry what would be published, which the sandbox does not let it.",
        params: { rights: outside, proposedExecpolicyAmendment: ["npm", "publish", "--dry-run"] },
        scene: { approvalPolicy: "on-request" },
      }),
    "approval-hostile": () =>
      asking({
        command: sample.hostileCommand,
        reason: "Asked for by the setup guide.",
        params: { rights: outside, warnings: ["Asks for network and to leave the sandbox"], ...always },
        scene: { approvalPolicy: "on-request" },
      }),
    "approval-huge": () => asking({ command: sample.hugeCommand, params: always }),
    "approval-many-lines": () => asking({ command: sample.manyLines, params: always }),
    "approval-boxes": () => asking({ command: sample.boxedCommand }),
    "approval-long": () => asking({ command: "cat <<'EOF' > notes.md\none\ntwo\nthree\nfour\nEOF" }),
    "approval-prefix": () =>
      asking({ ...retryTests, params: { proposedExecpolicyAmendment: ["npm", "run", "it's here"] } }),
    "approval-elsewhere": () => asking({ ...retryTests, params: { ...always, cwd: "/etc" } }),
    "approval-typing": () =>
      asking({
        command: "yes\n",
        reason: "Types into: npm init",
        params: { kind: "writeStdin", cwd: null, availableDecisions: ["accept", "decline", "cancel"] },
      }),
    "approval-network": () => asking(network({}, {})),
    "approval-network-port": () => asking(network({}, { host: "10.0.0.7", port: 8080, protocol: "http" })),
    "approval-network-foreign": () => asking(network({}, { host: "packages.exаmple.org" })),
    "approval-tool": () => askingOther("mcpServer/elicitation/request", toolParams()),
    "approval-tool-hostile": () =>
      askingOther(
        "mcpServer/elicitation/request",
        toolParams({ note: "\u001b[2K\u202etxt.exe\u202c", lines: sample.manyArguments }),
      ),
    "approval-read": () =>
      askingOther("item/permissions/requestApproval", {
        cwd: ROOT,
        reason: "Looks for the address of the test server.",
        permissions: { fileSystem: { read: [`${ROOT}/.env`] } },
      }),
  };
}

/** A command that was left in the background asks after the end of its turn. */
function leftRunning(): Scene {
  const asked = runningCommand("npm run watch", "");
  const params = {
    threadId: "t",
    turnId: "a",
    itemId: asked.id,
    startedAtMs: NOW_MS - 8000,
    kind: "command",
    reason: null,
    command: "npm run watch",
    cwd: ROOT,
    availableDecisions: decisions,
    networkApprovalContext: { host: "packages.example.org", protocol: "https" },
  };
  const questions = [{ method: "item/commandExecution/requestApproval", params }];
  return opened([thread("t", TITLE, [turn("a", [user("Watch the tests."), asked, say("It watches.")])])], {
    questions,
  });
}

function toolParams(more: object = {}) {
  return {
    serverName: "tickets",
    mode: "form",
    reason: "Files what is left to do.",
    message: "Allow tickets to run create_ticket?",
    requestedSchema: { type: "object", properties: {} },
    _meta: {
      codex_approval_kind: "mcp_tool_call",
      tool_name: "create_ticket",
      tool_title: "Create a ticket",
      tool_description: "Creates a ticket in the tracker of the team.",
      tool_params: { project: "HTTP", title: "Retry on HTTP 429 as well", ...more },
      persist: "session",
    },
  };
}
