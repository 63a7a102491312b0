import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { rgPath } from "@vscode/ripgrep";
import { withFolder } from "../host/nodeFixture.ts";

const SECRETS =
  `OPENAI_API_KEY CODEX_API_KEY ANTHROPIC_API_KEY AZURE_OPENAI_API_KEY GEMINI_API_KEY AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID
  AWS_SESSION_TOKEN GOOGLE_APPLICATION_CREDENTIALS GITHUB_TOKEN GH_TOKEN GITLAB_TOKEN NPM_TOKEN NODE_AUTH_TOKEN npm_config__auth DATABASE_URL
  PGPASSWORD MYSQL_PWD REDIS_URL SSH_AUTH_SOCK SSH_ASKPASS SECRET DOCKER_HOST DOCKER_AUTH_CONFIG KUBECONFIG VAULT_TOKEN TF_VAR_password
  SLACK_WEBHOOK_URL SENTRY_DSN LC_API_KEY XDG_SESSION_TOKEN XAUTHORITY DBUS_SESSION_BUS_ADDRESS VSCODE_IPC_HOOK VSCODE_IPC_HOOK_CLI
  VSCODE_GIT_ASKPASS_NODE VSCODE_GIT_IPC_HANDLE VSCODE_NLS_CONFIG ELECTRON_RUN_AS_NODE NODE_PATH LD_LIBRARY_PATH LD_AUDIT BASH_ENV ENV
  PROMPT_COMMAND PS4 CDPATH GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_SSH_COMMAND GIT_ASKPASS GIT_EXTERNAL_DIFF GIT_CONFIG_GLOBAL EDITOR VISUAL
  PYTHONSTARTUP PERL5LIB RUBYOPT JAVA_TOOL_OPTIONS MAVEN_OPTS ZDOTDIR LESSOPEN RIPGREP_CONFIG_PATH RUSTC_WRAPPER HTTPS_PROXY`.split(
    /\s+/,
  );

/** What the program would rather not be started with, each with a value that tells it; and what must look like something to be let through. */
function hostile(): Record<string, string> {
  const values = Object.fromEntries(SECRETS.map((name) => [name, `/nowhere/hostile-${name}-value`]));
  const shaped = {
    NODE_OPTIONS: "--title=hostile-NODE_OPTIONS",
    HTTPS_PROXY: "http://me:hostile-password@proxy:1",
    "BASH_FUNC_hostile%%": "() { echo hostile-function; }",
    PERL5OPT: "-Mstrict=hostile",
  };
  return { ...values, ...shaped };
}

test("no program that a host starts has a variable that gives access or makes it run something", async () => {
  await withFolder(async (folder) => {
    const work = join(folder, "work");
    await mkdir(work);
    execFileSync("git", ["init", "-q", work]);
    execFileSync("mkfifo", [join(work, "gate")]);
    const program = join(import.meta.dirname, "programs/hostPrograms.ts");
    const log = join(folder, "starts");
    // Each start of a program, with all its variables.
    const tracing = ["-f", "-v", "-s", "100000", "-e", "trace=execve", "-o", log, process.execPath];
    const { stdout } = await promisify(execFile)("strace", [...tracing, program, work, rgPath], {
      env: { ...process.env, ...hostile(), HOME: folder },
      maxBuffer: 64 * 1024 * 1024,
    });
    // The first is the host itself.
    const [own = "", ...starts] = (await readFile(log, "latin1")).split("\n").filter((line) => / execve\(/.test(line));
    assert.match(own, /hostile/);
    for (const name of ["git", "mkfifo", "rg", "script", "sh"])
      assert.ok(
        starts.some((line) => line.includes(`/${name}", [`)),
        `${name} was started`,
      );
    for (const text of [stdout.replaceAll("\0", "\n"), ...starts])
      assert.equal(/.*hostile.*/.exec(text)?.[0], undefined);
    const commands = stdout.includes("SANDBOX bubblewrap") ? 3 : 2;
    assert.equal(stdout.match(/READY\r?$/gm)?.length, commands, "Each command ran to its end.");
  });
});
