import * as z from "zod";
import type { Command } from "../../host/processes.ts";
import { AgentError } from "../../protocol/errors.ts";
import type { ItemOf } from "../../protocol/items.ts";
import type { Grant, Permit } from "../policy/permit.ts";
import { truncated } from "./boundedText.ts";
import { BYTES_PER_TOKEN, MAX_OUTPUT_TOKENS } from "./bytes.ts";
import { ABORTED } from "./outputItem.ts";
import { blockedNote, quarantinedIn, quarantineNote, warnOfQuarantined, warnOfUnguarded } from "./sandboxNotes.ts";
import type { Terminal } from "./terminals.ts";
import type { CallContext, PreparedCall, Tool, ToolResult } from "./tool.ts";
import { parametersOf, parseArguments } from "./toolArguments.ts";

const DEFAULT_YIELD_MS = 10_000;

/** How long a call may wait for a command, in milliseconds. */
export const yieldTime = (defaultMs: number) =>
  z
    .number()
    .default(defaultMs)
    .transform((ms) => Math.min(Math.max(ms, 250), 60_000))
    .describe(
      "How long to wait for the command's end, in milliseconds, up to 60000; after that it goes on in the background.",
    );

const schema = z.object({
  cmd: z.string().min(1).describe("The command line for the shell."),
  workdir: z.string().optional().describe("Where to run it; the working directory when absent."),
  shell: z.string().optional().describe("The shell to run it with; the user's own when absent."),
  tty: z.boolean().default(false).describe("Give it a terminal, for programs that ask for input."),
  yield_time_ms: yieldTime(DEFAULT_YIELD_MS),
  max_output_tokens: z
    .int()
    .min(1)
    .optional()
    .describe("How many tokens of output to return: 10000 when absent, which is also the most."),
  sandbox_permissions: z
    .enum(["use_default", "require_escalated"])
    .default("use_default")
    .describe(
      'Where to run it: "use_default" in the sandbox, where there is one; "require_escalated" outside of it, with all the user\'s rights, which the user must allow.',
    ),
  justification: z
    .string()
    .optional()
    .describe(
      "What it does and why it is needed, for the user who is asked to allow it: one plain sentence in their language that is true and hides nothing. Required with require_escalated.",
    ),
  prefix_rule: z
    .array(z.string())
    .optional()
    .describe(
      'Proposes to the user a rule that allows every command that begins with these words, the first of this one. Only for words that are harmless whatever follows them, such as ["gh", "pr", "view"]; with require_escalated never for what runs code of the workspace, such as ["npm", "test"]. Leave it out when in doubt.',
    ),
});
type Arguments = z.output<typeof schema>;

/** Runs a command line in the user's shell. */
export const execCommand: Tool = {
  name: "exec_command",
  spec: () => ({
    type: "function",
    name: "exec_command",
    description:
      "Runs a command line in a shell and returns its exit code and its output, stdout and stderr together; of a long output, the start, the end and the path of a file with all of it. A command that takes longer than yield_time_ms goes on in the background: the answer then names a session ID for write_stdin. It may run in a sandbox, and the user may be asked first: the permissions message says which.",
    parameters: parametersOf(schema),
    strict: false,
  }),
  async prepare(input: string, context: CallContext): Promise<PreparedCall> {
    const args = parseArguments("exec_command", schema, input);
    if (args.sandbox_permissions === "require_escalated" && !args.justification?.trim())
      throw new AgentError(
        "invalid",
        "Not run: require_escalated needs a justification, one sentence by which the user can judge the command.",
      );
    const cwd = args.workdir ? context.paths.resolve(context.cwd, args.workdir) : context.cwd;
    const argv = shellArgv(args.shell ?? context.host.platform.shell, args.cmd);
    const command = shownCommand(args, argv);
    const item = startedItem(command, cwd, context.itemId);
    return {
      effect: {
        kind: "execute",
        argv,
        cwd,
        command,
        reason: args.justification,
        rights: args.sandbox_permissions === "require_escalated" ? "escalated" : "default",
        prefixRule: args.prefix_rule,
      },
      item,
      run: (allowance) => runCommand(args, { argv, item, permit: allowance?.permit }, context),
    };
  },
};

/**
 * The argv that hands a command line to a shell, as one argument. It is no login shell: whoever started the agent has read the profile, and
 * reading it again for each command takes longer than most commands.
 */
export function shellArgv(shell: string, commandLine: string): [string, ...string[]] {
  const name = shell
    .split(/[\\/]/)
    .at(-1)
    ?.toLowerCase()
    .replace(/\.exe$/, "");
  if (name === "pwsh" || name === "powershell") return [shell, "-NoLogo", "-NoProfile", "-Command", commandLine];
  if (name === "cmd") return [shell, "/d", "/s", "/c", commandLine];
  return [shell, "-c", commandLine];
}

/** The command as the user reads it: with the shell, when the model chose one that is not the user's own. */
function shownCommand({ cmd, shell }: Arguments, [program, ...rest]: readonly string[]): string {
  if (shell === undefined) return cmd;
  const named = /^[\w./\\:-]+$/.test(program ?? "") ? program : JSON.stringify(program);
  return [named, ...rest].join(" ");
}

type CommandItem = ItemOf<"commandExecution">;

function startedItem(command: string, cwd: string, id: string): CommandItem {
  return {
    type: "commandExecution",
    id,
    command,
    cwd,
    processId: null,
    source: "agent",
    status: "inProgress",
    commandActions: [{ type: "unknown", command }],
    aggregatedOutput: null,
    exitCode: null,
    durationMs: null,
  };
}

async function runCommand(
  args: Arguments,
  { argv, item, permit }: { argv: [string, ...string[]]; item: CommandItem; permit: Permit | undefined },
  context: CallContext,
): Promise<ToolResult> {
  const { itemId, clock, signal, terminals } = context;
  if (!permit) throw new AgentError("internal", "Nothing allowed this command, so it was not run.");
  const startedAtMs = clock.now();
  const grant = permit.use();
  const { confinement, env, programsNotIn } = grant;
  const command = { argv, cwd: item.cwd, tty: args.tty, itemId, title: item.command, confinement, env, programsNotIn };
  const terminal = await startCommand(command, grant, context);
  await terminal.waitForEnd(args.yield_time_ms, signal);
  const stopped = signal.aborted && !terminal.exit;
  if (stopped) await terminal.kill();
  const output = await reportOf(terminal, { wallMs: clock.now() - startedAtMs, maxTokens: args.max_output_tokens });
  const isOutside = !confinement && context.host.sandbox.state.kind !== "none";
  const ran: CommandItem = { ...item, ...(isOutside ? { unconfined: true } : {}) };
  const ended = (): CommandItem => ({
    ...ran,
    ...quarantinedIn(terminal),
    status: terminal.exit?.code === 0 ? "completed" : "failed",
    aggregatedOutput: shownOutput(terminal),
    exitCode: terminal.exit?.code ?? null,
    durationMs: clock.now() - startedAtMs,
  });
  if (terminal.exit) {
    terminals.forget(terminal.id);
    return { output: stopped ? `${ABORTED}\n${output}` : output, item: ended() };
  }
  terminal.reportEnd(() => context.onBackgroundEnd(ended()));
  return { output, item: { ...ran, processId: String(terminal.id), aggregatedOutput: shownOutput(terminal) } };
}

async function startCommand(command: Command, { advice, refusals, onEnd }: Grant, context: CallContext) {
  const starting = context.terminals.start(command, { onOutput: context.onOutput, advice, refusals });
  const ending = starting.then(({ ended }) => ended);
  context.onCommand(ending);
  ending.finally(() => onEnd?.()).catch(() => {});
  const terminal = await starting;
  warnOfUnguarded(terminal, context);
  void terminal.ended.then(() => warnOfQuarantined(terminal, context));
  return terminal;
}

function shownOutput({ shown, log }: Terminal): string {
  const where = log.path ? `; all of it is in ${log.path}` : "";
  return shown.toText((bytes) => `\n... ${Math.ceil(bytes / 1024)} KiB left out${where} ...\n`);
}

/** What the model reads: how the command stands, and the output since it last read. */
export async function reportOf(
  terminal: Terminal,
  { wallMs, maxTokens = MAX_OUTPUT_TOKENS }: { wallMs: number; maxTokens?: number | undefined },
): Promise<string> {
  const unread = terminal.takeUnread();
  const state = terminal.exit ? endOf(terminal.exit) : `Still running with session ID ${terminal.id}`;
  const maxBytes = maxTokens * BYTES_PER_TOKEN;
  const notes = terminal.exit ? [...blockedNote(terminal), ...quarantineNote(terminal.exit)] : [];
  const path = unread.isCut(maxBytes) ? await terminal.log.keep() : undefined;
  const where = path ? `All of the output so far: ${path}\n` : "";
  const head = [state, `Wall time: ${(wallMs / 1000).toFixed(1)} s`, ...notes].join("\n");
  return `${head}\n${where}Output:\n${truncated(unread, maxBytes)}`;
}

function endOf({ code, signal }: NonNullable<Terminal["exit"]>): string {
  return signal === null ? `Exit code: ${code}` : `Ended by signal: ${signal}`;
}
