import * as z from "zod";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import { reportOf, yieldTime } from "./execCommand.ts";
import type { CallContext, PreparedCall, Tool } from "./tool.ts";
import { parametersOf, parseArguments } from "./toolArguments.ts";

/** Ctrl+C, as a terminal sends it. */
const INTERRUPT = "\u0003";

const schema = z.object({
  session_id: z.int().describe("From exec_command's answer."),
  chars: z
    .string()
    .default("")
    .describe("What to type, with \\n for Enter; empty only waits; \\u0003 alone ends the command."),
  yield_time_ms: yieldTime(5_000),
  max_output_tokens: z
    .int()
    .min(1)
    .optional()
    .describe("How many tokens of output to return: 10000 when absent, which is also the most."),
});

/** Waits for a command in the background, types into it, or stops it. */
export const writeStdin: Tool = {
  name: "write_stdin",
  spec: () => ({
    type: "function",
    name: "write_stdin",
    description:
      "Waits for a command that goes on in the background and returns its new output. With chars, types them first, for which the command needs tty: true and the user may be asked; \\u0003 alone needs neither, and ends the command with all that it started.",
    parameters: parametersOf(schema),
    strict: false,
  }),
  async prepare(input: string, { terminals, clock, signal }: CallContext): Promise<PreparedCall> {
    const { session_id, chars, yield_time_ms, max_output_tokens } = parseArguments("write_stdin", schema, input);
    const terminal = terminals.find(session_id);
    if (!terminal)
      throw new AgentError(
        "notFound",
        `No command with session ID ${session_id} is running: it has ended. Start it again only if it is needed once more.`,
      );
    const types = chars !== "" && chars !== INTERRUPT;
    return {
      effect: types ? { kind: "input", command: terminal.title, chars, rights: terminal.rights } : { kind: "none" },
      async run() {
        const startedAtMs = clock.now();
        if (chars === INTERRUPT) await terminal.kill();
        else if (types) await terminal.write(chars);
        await terminal.waitForEnd(yield_time_ms, signal);
        // What it printed stays unread, for the next call.
        throwIfAborted(signal);
        if (terminal.exit) terminals.forget(session_id);
        const wallMs = clock.now() - startedAtMs;
        return { output: await reportOf(terminal, { wallMs, maxTokens: max_output_tokens }) };
      },
    };
  },
};
