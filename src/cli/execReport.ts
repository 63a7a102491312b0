import process from "node:process";
import type { ServerNotification } from "../protocol/methods.ts";
import { revealed, sanitizeForDisplay, sanitizeLine } from "../protocol/sanitizeForDisplay.ts";
import type { Turn } from "../protocol/threads.ts";
import { type ExecEvent, ExecEvents, type NumberedItem } from "./execEvents.ts";
import { jsonLine } from "./jsonLine.ts";
import { say } from "./log.ts";

/** Where `exec` tells what happens. */
export interface ExecReport {
  threadStarted(threadId: string): void;
  hear(notification: ServerNotification): void;
  /** Something that the user should know and that does not end the turn. */
  note(message: string): void;
  turnEnded(turn: Turn): void;
  failed(message: string): void;
}

/** Events on standard output, one JSON object a line and nothing else. */
export function jsonReport(): ExecReport {
  return new ExecEvents((event) => process.stdout.write(jsonLine(event)));
}

/** Progress on standard error; the last message of the turn, which is its answer, on standard output. */
export function textReport(): ExecReport {
  /** The newest message, as long as it may be the last. */
  let held: string | undefined;
  const release = () => {
    if (held !== undefined) say(held);
    held = undefined;
  };
  return new ExecEvents((event) => {
    if (event.type === "item.completed" && event.item.type === "agent_message") {
      release();
      held = event.item.text;
      return;
    }
    if (event.type === "item.started" || event.type === "turn.failed") release();
    if (event.type === "turn.completed" && held !== undefined) printAnswer(held);
    for (const line of linesOf(event)) say(line);
  });
}

/** As it is, for a program that reads it. */
function printAnswer(text: string): void {
  const { stdout } = process;
  stdout.write(`${stdout.isTTY ? sanitizeForDisplay(text) : text}${text.endsWith("\n") ? "" : "\n"}`);
}

function linesOf(event: ExecEvent): string[] {
  switch (event.type) {
    case "thread.started":
      return [`Thread ${event.thread_id}`];
    case "item.started":
      return startOf(event.item);
    case "item.updated":
      return startOf(event.item);
    case "item.completed":
      return endOf(event.item);
    case "turn.completed": {
      const { input_tokens, cached_input_tokens, output_tokens } = event.usage;
      return [`Tokens: ${input_tokens} in (${cached_input_tokens} cached), ${output_tokens} out`];
    }
    case "turn.failed":
      return [event.error.message];
    case "error":
      return [event.message];
    default:
      return [];
  }
}

function startOf(item: NumberedItem): string[] {
  if (item.type === "command_execution") return [`$ ${revealed(item.command)}`];
  if (item.type === "mcp_tool_call") return [revealed(`${item.tool} ${shortened(JSON.stringify(item.arguments))}`)];
  if (item.type === "todo_list") return item.items.map(({ text, completed }) => `${completed ? "[x]" : "[ ]"} ${text}`);
  return [];
}

/** An argument may be a whole patch. */
const SHOWN_ARGUMENTS = 160;

function shortened(text: string): string {
  return text.length > SHOWN_ARGUMENTS ? `${text.slice(0, SHOWN_ARGUMENTS).toWellFormed()}…` : text;
}

const SHOWN_LINES = 20;

function endOf(item: NumberedItem): string[] {
  switch (item.type) {
    case "reasoning":
      return [item.text];
    case "command_execution":
      return commandEnd(item);
    case "file_change":
      return item.changes.map(
        ({ path, kind }) => `${item.status === "completed" ? kind : `not done: ${kind}`} ${sanitizeLine(path, 4096)}`,
      );
    case "mcp_tool_call":
      return item.error ? [item.error.message] : [];
    case "error":
      return [item.message];
    default:
      return [];
  }
}

function commandEnd(item: Extract<NumberedItem, { type: "command_execution" }>): string[] {
  if (item.status === "declined") return ["declined"];
  const lines = item.aggregated_output.trimEnd().split("\n");
  const shown = lines.slice(-SHOWN_LINES).filter((line) => line !== "" || lines.length > 1);
  const cut = lines.length > SHOWN_LINES ? [`... ${lines.length - SHOWN_LINES} lines left out`] : [];
  return [...cut, ...shown, ...exitOf(item.exit_code)];
}

/** Without an exit code it was ended before it had one. */
function exitOf(code: number | null): string[] {
  if (code === 0) return [];
  return [code === null ? "stopped" : `exit code ${code}`];
}
