import * as z from "zod";
import type { Platform } from "../../host/host.ts";
import { AgentError } from "../../protocol/errors.ts";
import type { ItemOf } from "../../protocol/items.ts";
import { truncate, truncated } from "./boundedText.ts";
import type { Terminal } from "./terminals.ts";
import {
  type CallContext,
  type PreparedCall,
  parametersOf,
  parseArguments,
  type Tool,
  type ToolResult,
} from "./tool.ts";

const DEFAULT_YIELD_MS = 10_000;

/** How long a call may wait for a command, in milliseconds. */
export const yieldTime = (defaultMs: number) =>
  z
    .number()
    .default(defaultMs)
    .transform((ms) => Math.min(Math.max(ms, 250), 60_000))
    .describe("How long to wait for the command, in milliseconds; after that it goes on in the background.");

const schema = z.object({
  cmd: z.string().min(1).describe("The command line for the shell."),
  workdir: z.string().optional().describe("Where to run it; the working directory when absent."),
  shell: z.string().optional().describe("The shell to run it with; the user's own when absent."),
  tty: z.boolean().default(false).describe("Give it a terminal, for programs that ask for input."),
  yield_time_ms: yieldTime(DEFAULT_YIELD_MS),
  max_output_tokens: z.int().min(1).optional().describe("How much of the output to return at most."),
  justification: z
    .string()
    .optional()
    .describe("Why it is needed, in one sentence: shown to the user who is asked to allow it."),
  sandbox_permissions: z.string().optional(),
  prefix_rule: z.array(z.string()).optional(),
});
type Arguments = z.output<typeof schema>;

/** Runs a command line in the user's shell. */
export const execCommand: Tool = {
  name: "exec_command",
  spec: () => ({
    type: "function",
    name: "exec_command",
    description:
      "Runs a command line in a shell and returns its exit code and its output, stdout and stderr together. A command that takes longer than yield_time_ms goes on in the background: the answer then names a session ID for write_stdin. The user may be asked first.",
    parameters: parametersOf(schema),
    strict: false,
  }),
  async prepare(input: string, context: CallContext): Promise<PreparedCall> {
    const args = parseArguments("exec_command", schema, input);
    const cwd = args.workdir ? context.paths.resolve(context.cwd, args.workdir) : context.cwd;
    const argv = shellArgv(args.shell ?? context.host.platform.shell, args.cmd);
    return {
      effect: { kind: "execute", argv, cwd, command: args.cmd, reason: args.justification },
      item: startedItem(args, cwd, context.itemId),
      run: () => runCommand(args, { argv, cwd }, context),
    };
  },
};

/** The argv that hands a command line to a shell, as one argument. */
export function shellArgv(shell: string, commandLine: string): [string, ...string[]] {
  const name = shell
    .split(/[\\/]/)
    .at(-1)
    ?.toLowerCase()
    .replace(/\.exe$/, "");
  if (name === "pwsh" || name === "powershell") return [shell, "-NoLogo", "-NoProfile", "-Command", commandLine];
  if (name === "cmd") return [shell, "/d", "/s", "/c", commandLine];
  return [shell, "-lc", commandLine];
}

/** The shell of a platform, when the host names none. */
export function defaultShell(os: Platform["os"]): string {
  return os === "windows" ? "powershell.exe" : "/bin/sh";
}

type CommandItem = ItemOf<"commandExecution">;

function startedItem({ cmd }: Arguments, cwd: string, id: string): CommandItem {
  return {
    type: "commandExecution",
    id,
    command: cmd,
    cwd,
    processId: null,
    source: "agent",
    status: "inProgress",
    commandActions: [{ type: "unknown", command: cmd }],
    aggregatedOutput: null,
    exitCode: null,
    durationMs: null,
  };
}

async function runCommand(
  args: Arguments,
  { argv, cwd }: { argv: [string, ...string[]]; cwd: string },
  context: CallContext,
): Promise<ToolResult> {
  const { itemId, clock, signal, terminals } = context;
  const startedAtMs = clock.now();
  const command = { argv, cwd, tty: args.tty, itemId, title: args.cmd };
  const terminal = await terminals.start(command, context.onOutput);
  await terminal.waitForEnd(args.yield_time_ms, signal);
  if (signal.aborted) await terminal.kill();

  const started = startedItem(args, cwd, itemId);
  const ended = (): CommandItem => ({
    ...started,
    status: terminal.exit?.code === 0 ? "completed" : "failed",
    aggregatedOutput: shownOutput(terminal),
    exitCode: terminal.exit?.code ?? null,
    durationMs: clock.now() - startedAtMs,
  });
  const output = reportOf(terminal, { wallMs: clock.now() - startedAtMs, maxTokens: args.max_output_tokens });
  if (terminal.exit) {
    terminals.forget(terminal.id);
    if (signal.aborted) throw new AgentError("aborted", "The user stopped it.");
    return { output, item: ended() };
  }
  void terminal.exited.then(() => context.onBackgroundEnd(ended()));
  return { output, item: { ...started, processId: String(terminal.id), aggregatedOutput: shownOutput(terminal) } };
}

function shownOutput({ shown }: Terminal): string {
  return shown.toText((bytes) => `\n... ${Math.ceil(bytes / 1024)} KiB left out ...\n`);
}

/** What the model reads: how the command stands, and the output since it last read. */
export function reportOf(
  terminal: Terminal,
  { wallMs, maxTokens }: { wallMs: number; maxTokens?: number | undefined },
): string {
  const text = truncated(terminal.takeUnread());
  const output = maxTokens === undefined ? text : truncate(text, maxTokens);
  const state = terminal.exit ? endOf(terminal.exit) : `Still running with session ID ${terminal.id}`;
  return `${state}\nWall time: ${(wallMs / 1000).toFixed(1)} s\nOutput:\n${output}`;
}

function endOf({ code, signal }: NonNullable<Terminal["exit"]>): string {
  return signal === null ? `Exit code: ${code}` : `Ended by signal: ${signal}`;
}
