import process from "node:process";
import { AgentError } from "../protocol/errors.ts";
import { appServerUsage, runAppServer } from "./appServer.ts";
import { runExec } from "./exec.ts";
import { execUsage } from "./execArgs.ts";
import { logFault, say } from "./log.ts";
import { loginUsage, logoutUsage, runLogin, runLogout } from "./login.ts";
import { fail, print } from "./outcome.ts";
import { rulesUsage, runRules } from "./rules.ts";
import { runSandbox } from "./sandbox.ts";
import { sandboxUsage } from "./sandboxArgs.ts";
import { runThreads, threadsUsage } from "./threads.ts";
import { UsageError } from "./usageError.ts";
import { version } from "./version.ts";

const usage = `Usage: patchwright COMMAND [options]

  exec           runs one turn and prints the answer
  app-server     serves the agent to a program, over standard input and output
  threads        lists the threads that are kept
  sandbox        runs one command in the sandbox
  rules          lists what is always allowed or denied, and removes it
  login          keeps the API key; login status says whether there is one
  logout         removes it

  --help         what a command takes: patchwright exec --help
  --version      the version of patchwright

OPENAI_API_KEY or CODEX_API_KEY is the key, else the one that login keeps; OPENAI_BASE_URL is the model server. PATCHWRIGHT_HOME says
where threads, the key and config.toml are kept; ~/.patchwright unless it is set.`;

interface Command {
  readonly usage: string;
  /** Resolves with the exit code: 0 done, 1 failed, 2 the arguments are wrong. */
  run(args: readonly string[]): Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  exec: { usage: execUsage, run: runExec },
  "app-server": { usage: appServerUsage, run: runAppServer },
  threads: { usage: threadsUsage, run: (args) => runThreads(args, version) },
  sandbox: { usage: sandboxUsage, run: runSandbox },
  rules: { usage: rulesUsage, run: runRules },
  login: { usage: loginUsage, run: runLogin },
  logout: { usage: logoutUsage, run: runLogout },
};

async function main([name = "--help", ...args]: readonly string[]): Promise<number> {
  if (name === "--version" || name === "-V") return print(version);
  if (name === "--help" || name === "-h" || name === "help") return print(usage);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return wrong(`There is no command "${name}".`, usage);
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) return wrong(error.message, `patchwright ${name} --help says what it takes.`);
    // What a user can do something about is no fault of the program.
    if (error instanceof AgentError && error.code !== "internal") return fail(error.message);
    throw error;
  }
}

function wrong(problem: string, advice: string): number {
  say(`${problem}\n\n${advice}`);
  return 2;
}

// A terminal that is gone does not end the work.
process.stderr.on("error", () => {});

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  logFault(error);
  return 1;
});
