import type { Decliner, FileUpdateChange, ItemOf, ThreadItem, UserInput } from "../../../src/protocol/items.ts";
import type { PlanStep, Thread, Turn } from "../../../src/protocol/threads.ts";

/** The moment at which every scene plays, in Unix milliseconds. */
export const NOW_MS = Date.UTC(2026, 2, 18, 10, 42, 0);
export const ROOT = "/home/ada/acme-http";
const secondsAgo = (seconds: number) => NOW_MS - seconds * 1000;

let made = 0;
/** Starts the numbering of items anew, so that a scene always has the same ids. */
export function resetIds(): void {
  made = 0;
}
const nextId = () => `item-${++made}`;

export function user(text: string, ...more: UserInput[]): ThreadItem {
  return { type: "userMessage", id: nextId(), content: [{ type: "text", text }, ...more], ...done(42, 42) };
}

/** A message with a long stretch that is shown as a chip. */
export function userWithProblem(text: string, label: string, problem: string): ThreadItem {
  const whole = `${text}\n\n${problem}`;
  const start = new TextEncoder().encode(`${text}\n\n`).length;
  const end = new TextEncoder().encode(whole).length;
  const content: UserInput[] = [
    { type: "text", text: whole, text_elements: [{ byteRange: { start, end }, placeholder: label }] },
    { type: "mention", name: "retry.ts:31–46", path: `${ROOT}/packages/http/src/retry.ts` },
  ];
  return { type: "userMessage", id: nextId(), content, ...done(42, 42) };
}

export function think(summary: string, seconds: number): ThreadItem {
  return { type: "reasoning", id: nextId(), summary: [summary], content: [], ...done(40, 40 - seconds) };
}

export function thinking(summary: string): ThreadItem {
  return {
    type: "reasoning",
    id: nextId(),
    summary: [summary],
    content: [],
    startedAtMs: secondsAgo(4),
    completedAtMs: null,
  };
}

export function read(path: string, offset?: number, limit?: number): ThreadItem {
  return tool("read_file", { path: `packages/http/${path}`, offset, limit });
}

export function search(pattern: string): ThreadItem {
  return tool("search_text", { pattern });
}

export function tool(
  name: string,
  args: object,
  status: "completed" | "inProgress" | "failed" = "completed",
): ThreadItem {
  const base = { type: "dynamicToolCall", id: nextId(), tool: name, arguments: args, status } as const;
  return status === "inProgress"
    ? { ...base, startedAtMs: secondsAgo(1), completedAtMs: null }
    : { ...base, ...done(33, 32) };
}

export function command(text: string, output: string, more: Partial<ItemOf<"commandExecution">> = {}): ThreadItem {
  return {
    type: "commandExecution",
    id: nextId(),
    command: text,
    cwd: `${ROOT}/packages/http`,
    status: "completed",
    commandActions: [],
    aggregatedOutput: output,
    exitCode: 0,
    durationMs: 21_000,
    ...done(31, 28),
    ...more,
  };
}

export function runningCommand(text: string, output: string): ThreadItem {
  const running = {
    status: "inProgress",
    exitCode: null,
    durationMs: null,
    startedAtMs: secondsAgo(14),
    completedAtMs: null,
  } as const;
  return command(text, output, running);
}

export function edit(changes: FileUpdateChange[], status: ItemOf<"fileChange">["status"] = "completed"): ThreadItem {
  const times = status === "inProgress" ? { startedAtMs: secondsAgo(2), completedAtMs: null } : done(20, 19);
  return { type: "fileChange", id: nextId(), changes, status, ...times };
}

/** A command that was declined, and by whom. */
export function declinedCommand(text: string, declinedBy?: Decliner): ThreadItem {
  const ended = { status: "declined", exitCode: null, durationMs: null } as const;
  return command(text, "", { ...ended, ...(declinedBy ? { declinedBy } : {}) });
}

export function declinedEdit(changes: FileUpdateChange[], declinedBy: Decliner): ThreadItem {
  return { type: "fileChange", id: nextId(), changes, status: "declined", declinedBy, ...done(20, 19) };
}

export function change(path: string, diff: string): FileUpdateChange {
  return { path: path.startsWith("/") ? path : `${ROOT}/packages/http/${path}`, kind: { type: "update" }, diff };
}

export function added(path: string, text: string): FileUpdateChange {
  return { path: `${ROOT}/packages/http/${path}`, kind: { type: "add" }, diff: text };
}

export function say(text: string): ThreadItem {
  return { type: "agentMessage", id: nextId(), text, ...done(18, 16) };
}

export function saying(text: string): ThreadItem {
  return { type: "agentMessage", id: nextId(), text, startedAtMs: secondsAgo(3), completedAtMs: null };
}

export function turn(id: string, items: ThreadItem[], more: Partial<Turn> = {}): Turn {
  const ended = { status: "completed", completedAt: NOW_MS / 1000 - 8, durationMs: 112_000 } as const;
  return { id, items, startedAt: NOW_MS / 1000 - 42, ...ended, ...more };
}

export const running = { status: "inProgress", completedAt: null, durationMs: null } as const;

export function plan(afterItemId: string | null, ...steps: [string, PlanStep["status"]][]): Turn["plan"] {
  return { explanation: null, afterItemId, steps: steps.map(([step, status]) => ({ step, status })) };
}

export function thread(id: string, name: string, turns: Turn[], more: Partial<Thread> = {}): Thread {
  const active = turns.at(-1)?.status === "inProgress";
  return {
    id,
    sessionId: id,
    projectId: null,
    preview: name,
    name,
    ephemeral: false,
    modelProvider: "openai",
    model: "atlas-4",
    cwd: ROOT,
    cliVersion: "0.1.0",
    source: "vscode",
    status: active ? { type: "active", activeFlags: [] } : { type: "idle" },
    createdAt: NOW_MS / 1000 - 100,
    updatedAt: NOW_MS / 1000 - 30,
    turns,
    ...more,
  };
}

function done(fromSeconds: number, toSeconds: number): { startedAtMs: number; completedAtMs: number } {
  return { startedAtMs: secondsAgo(fromSeconds), completedAtMs: secondsAgo(toSeconds) };
}
