import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import { createNodeHost } from "../../src/host/node/nodeHost.ts";
import { systemClock } from "../../src/host/node/systemClock.ts";
import type { NewRule } from "../../src/protocol/rules.ts";
import { outputsOf } from "../support/modelInput.ts";
import { play } from "../support/play.ts";

/** Folders of PATH in the workspace, where commands in the sandbox write, and elsewhere: "shout" is in all of them, "inner" calls it. */
interface Case {
  readonly cmd: string;
  readonly workdir?: string;
  readonly outside?: boolean;
  readonly rules?: readonly NewRule[];
  /** What becomes of the program of the workspace in the sandbox, before. */
  readonly before?: string;
  /** Has the program outside lead into the workspace. */
  readonly linked?: boolean;
}

interface Expected {
  readonly output: RegExp;
  /** Of each question. */
  readonly reasons?: readonly RegExp[];
  /** Yes, once, unless given. */
  readonly answer?: "accept" | "decline";
}

const says = (word: string) => `#!/bin/sh\necho ${word}\n`;
const escalated = { sandbox_permissions: "require_escalated", justification: "To push." };

/** The workspace has its own folder of programs in PATH, first. */
function check(name: string, one: Case, { output, reasons = [], answer = "accept" }: Expected): void {
  test(name, () =>
    withFolder(async (folder) => {
      const [workspace, own] = [join(folder, "ws"), join(folder, "own")];
      await Promise.all([mkdir(join(workspace, "bin"), { recursive: true }), mkdir(own)]);
      await program(join(workspace, "bin/shout"), says("theirs"));
      await program(join(own, "shout"), says("mine"));
      await program(join(own, "inner"), "#!/bin/sh\nexec shout\n");
      if (one.linked) {
        await rm(join(own, "shout"));
        await symlink(join(workspace, "bin/shout"), join(own, "shout"));
      }
      const outside = await withPath([join(workspace, "bin"), own], folder, workspace);
      const asked: string[] = [];
      const before = one.before === undefined ? [] : [[call("exec_command", { cmd: one.before, yield_time_ms: 1000 })]];
      const { cmd, workdir } = one;
      const args = { cmd, workdir, ...(one.outside === false ? {} : escalated) };
      const played = await play({
        host: outside,
        clock: systemClock,
        script: [...before, [call("exec_command", args)], message("Done.")],
        answer({ params }) {
          asked.push(params.reason ?? "");
          return { decision: answer };
        },
      });
      try {
        for (const rule of one.rules ?? []) await played.client.request("rule/write", { rule });
        await played.say((await played.start()).thread.id, "Do it.");
        assert.match(outputsOf(played.server.requests.at(-1)!).at(-1) ?? "", output);
        assert.equal(asked.length, reasons.length, asked.join("\n"));
        for (const [at, reason] of reasons.entries()) assert.match(asked[at] ?? "", reason);
      } finally {
        await played.close();
        await outside.dispose();
      }
    }),
  );
}

/** Not where temporary files are, which commands may write. */
async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await realpath(await mkdtemp("/var/tmp/patchwright-programs-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function program(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await chmod(path, 0o755);
}

async function withPath(folders: readonly string[], folder: string, workspace: string) {
  const env = { ...process.env, PATH: [...folders, "/usr/bin", "/bin"].join(":") };
  const host = createNodeHost({ storageRoot: join(folder, "store"), workspaceRoots: [workspace], env });
  assert.equal((await host.sandbox.ready).kind, "bubblewrap", "these tests need bubblewrap");
  return host;
}

const rule: NewRule = { subject: { kind: "command", prefix: ["shout"] }, decision: "allow", unconfined: true };
const plant = `echo 'echo evil' > bin/shout`;

check(
  "outside the sandbox, a name is no program of the workspace",
  { cmd: "shout", before: plant },
  {
    output: /\nmine\n/,
    reasons: [/^To push\.$/],
  },
);
check("nor when another program calls it", { cmd: "inner", before: plant }, { output: /\nmine\n/, reasons: [/./] });
check("nor by a rule of the user", { cmd: "shout", before: plant, rules: [rule] }, { output: /\nmine\n/ });
check("twin: in the sandbox it is", { cmd: "shout; inner", outside: false }, { output: /\ntheirs\ntheirs\n/ });
check("twin: by its path it is, outside of it, too", { cmd: "bin/shout" }, { output: /\ntheirs\n/, reasons: [/./] });
const commit: NewRule = {
  subject: { kind: "command", prefix: ["git", "commit"] },
  decision: "allow",
  unconfined: true,
};
const hook = "printf '#!/bin/sh\\necho evil\\n' > .git/hooks/pre-commit && chmod +x .git/hooks/pre-commit";
check(
  "a repository that a running command has made is obeyed by no rule",
  {
    cmd: "git commit --allow-empty -m a",
    workdir: "sub",
    before: `git init -q sub && cd sub && mkdir -p .git/hooks && ${hook} && exec sleep 60`,
    rules: [commit],
  },
  {
    output: /user declined/,
    reasons: [
      /^To push\.\nGit may come here to a repository that commands in the sandbox made, and run what it names\.$/,
    ],
    answer: "decline",
  },
);
check(
  "a program that leads into the workspace is shown",
  { cmd: "shout", linked: true },
  {
    output: /\ntheirs\n/,
    reasons: [/"shout" is \S+\/own\/shout, which leads to \S+\/ws\/bin\/shout, where the agent may write\./],
  },
);
check(
  "and no rule lets it out",
  { cmd: "shout", linked: true, rules: [rule] },
  {
    output: /\ntheirs\n/,
    reasons: [/where the agent may write/],
  },
);
