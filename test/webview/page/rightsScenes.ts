import type { Rule } from "../../../src/protocol/rules.ts";
import type { SandboxPolicy } from "../../../src/protocol/settings.ts";
import { noSandbox } from "./askingScenes.ts";
import { change, command, declinedCommand, declinedEdit, NOW_MS, ROOT, say, thread, turn, user } from "./items.ts";
import { editor, opened, type Scene } from "./scene.ts";

const rule = (id: string, subject: Rule["subject"], more: Partial<Rule> = {}): Rule => ({
  id,
  subject,
  decision: "allow",
  createdAt: NOW_MS / 1000 - Number(id.slice(1)) * 40_000,
  ...more,
});
const command_ = (...prefix: string[]): Rule["subject"] => ({ kind: "command", prefix });
const host = (name: string): Rule["subject"] => ({ kind: "host", host: name });

export const sampleRules = (): Rule[] => [
  rule("r1", command_("npm", "test"), { workspace: ROOT }),
  rule("r2", command_("npm", "publish", "--dry-run"), { workspace: ROOT, unconfined: true }),
  rule("r3", host("packages.example.org"), { workspace: ROOT }),
  rule("r4", command_("git", "push"), { decision: "deny" }),
  rule("r5", host("*.telemetry.example"), { decision: "deny" }),
  rule("r6", command_("cargo", "build", "name with spaces")),
  rule("r7", command_("make"), { workspace: "/home/ada/other" }),
];

/** The scenes of ways of working, the sandbox and the rules. */
export function rightsScenes({ finished }: { finished(): Scene }): Record<string, () => Scene> {
  const plain = (more: Partial<Scene>): Scene => ({ ...finished(), saved: { threadId: "t" }, ...more });
  const policy = (more: object): SandboxPolicy => ({
    type: "workspaceWrite",
    writableRoots: [],
    networkAccess: false,
    ...more,
  });
  return {
    "no-sandbox": () => plain({ sandbox: noSandbox }),
    "no-sandbox-full": () => plain({ sandbox: noSandbox, fullAccess: true }),
    "no-sandbox-welcome": () => ({ saved: undefined, hasKey: true, editor, sandbox: noSandbox }),
    "read-only": () => plain({ approvalPolicy: "untrusted", sandboxPolicy: { type: "readOnly" } }),
    "never-asks": () => plain({ approvalPolicy: "never" }),
    "network-asks": () => plain({ sandboxPolicy: policy({ allowedHosts: ["packages.example.org"] }) }),
    "network-on": () => plain({ sandboxPolicy: policy({ networkAccess: true, writableRoots: ["/data/cache"] }) }),
    "ask-for-everything": () => plain({ approvalPolicy: "untrusted", editReview: "before" }),
    "edit-after": () => plain({ approvalPolicy: "untrusted", editReview: "after" }),
    rules: () => plain({ rules: sampleRules() }),
    "no-rules": () => plain({ rules: [] }),
    "ran-outside": ranOutside,
    declined,
  };
}

function declined(): Scene {
  const diff = change("src/backoff.ts", "@@ -1 +1 @@\n-const factor = 2;\n+const factor = 3;\n");
  const items = [
    user("Publish it."),
    declinedCommand("npm publish", { kind: "user" }),
    declinedCommand("npm run deploy", {
      kind: "user",
      feedback: "Not to production:\ndeploy to <b>staging</b>, and tell me the address\u202e first.",
    }),
    declinedCommand("git push origin main", { kind: "rule", prefix: ["git", "push"] }),
    declinedCommand("curl https://packages.example.org", { kind: "approvalPolicy" }),
    declinedEdit([diff], { kind: "user" }),
    declinedEdit([diff], { kind: "restrictedMode" }),
    declinedCommand("rm -rf build", { kind: "commandUnread" }),
    declinedCommand("make", undefined),
    say("Nothing was published."),
    declinedCommand("make all", { kind: "rule", prefix: ["make"] }),
  ];
  return opened([thread("t", "Publish", [turn("a", items)])]);
}

function ranOutside(): Scene {
  const left = [{ path: `${ROOT}/.vscode/tasks.json`, movedTo: "/home/dev/.patchwright/quarantine/1/tasks.json" }];
  const items = [
    user("Publish it."),
    command("npm test", "412 passed\n"),
    command("npm publish --dry-run", "+ acme-http@2.3.1\n", { unconfined: true }),
    command("./setup.sh", "done\n", { quarantined: left }),
    say("It would publish 2.3.1."),
  ];
  return opened([thread("t", "Publish", [turn("a", items)])]);
}
