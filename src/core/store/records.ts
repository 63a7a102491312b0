import * as z from "zod";
import { threadItem } from "../../protocol/items.ts";
import { queuedSubmission } from "../../protocol/queue.ts";
import { approvalPolicy, editReview, sandboxPolicy } from "../../protocol/settings.ts";
import { thread, tokenUsage, turn, turnPlan } from "../../protocol/threads.ts";
import { parseJson } from "./parseJson.ts";

/** What a thread is started with, and what may change later. */
export const journalledSettings = z.object({
  model: z.string(),
  modelProvider: z.string(),
  effort: z.string().nullable(),
  approvalPolicy,
  sandboxPolicy,
  editReview: editReview.default("before"),
  /** Absent while the thread works where it began. */
  cwd: z.string().optional(),
});
export type JournalledSettings = z.infer<typeof journalledSettings>;

const worldState = z.object({
  permissions: z.string(),
  developerInstructions: z.string(),
  mode: z.string(),
  projectInstructions: z.record(z.string(), z.string()),
  environment: z.record(z.string(), z.string()),
  effort: z.string().nullable(),
  tools: z.record(z.string(), z.object({ spec: z.string(), here: z.boolean() })),
});

/** What an item of the context is, where its type does not say it: a layer of the prompt, the user's own words, what a compaction left. */
const layer = z.enum([
  "permissions",
  "developerInstructions",
  "mode",
  "projectInstructions",
  "environment",
  "tools",
  "userMessage",
  "summary",
  "note",
]);
export type Layer = z.infer<typeof layer>;

/** An item of the model's context, to be serialised again exactly as it is read. */
const loggedInput = z.object({ item: z.record(z.string(), z.unknown()), layer: layer.optional() });

const turnId = z.string();

/**
 * What a turn or a restoring changed in the files: how they were before and after. Its turn is not a member of the record itself, so that it stays
 * when the turn is taken back: the files are not.
 */
const checkpointFiles = z.object({
  checkpoint: z.object({
    /** The turn's own, or one for the restoring. */
    id: z.string(),
    kind: z.enum(["turn", "restore"]),
    turnId: z.string(),
    /** Unix seconds. */
    createdAt: z.number(),
    /** The last turn of the thread before a restoring; null when it had none. Absent for a turn. */
    lastTurnId: z.string().nullish(),
    /** The checkpoint that was gone back to. Absent for a turn. */
    restoredId: z.string().optional(),
  }),
  /** Ids of snapshots. Null when none could be taken. */
  before: z.string().nullable(),
  /** Null while it is not over, or when it was cut off. */
  after: z.string().nullable(),
  /** The only files that it can have changed; absent when that is not known, since commands ran. */
  paths: z.array(z.string()).optional(),
  /** Files that others changed as well before it was over: what is whose is not known. */
  sharedPaths: z.array(z.string()).optional(),
  /** Null while that is not known. */
  changedFiles: z.int().nullable(),
});
export type CheckpointFiles = z.infer<typeof checkpointFiles>;

/** One line of a thread's journal. Lines are only ever added; later ones win. */
const journalRecord = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("thread"),
    version: z.literal(1),
    id: z.string(),
    cwd: z.string(),
    createdAt: z.number(),
    forkedFromId: z.string().optional(),
    source: thread.shape.source.catch("unknown"),
    threadSource: z.string().nullish(),
  }),
  z.object({ type: z.literal("settings"), settings: journalledSettings }),
  z.object({ type: z.literal("name"), name: z.string() }),
  z.object({ type: z.literal("archived"), archived: z.boolean() }),
  /** The frozen head of the requests, as text, with the model it is for. A later one replaces it. */
  z.object({ type: z.literal("head"), head: z.string(), model: z.string() }),
  /** Replaces all inputs before it: a cut of the context. */
  z.object({ type: z.literal("history"), inputs: z.array(loggedInput) }),
  /** What the model has been told of the world by the inputs before: the layers that changed. */
  z.object({ type: z.literal("world"), world: worldState.partial() }),
  /** Adds to the context. A turn's user message names its turn. */
  loggedInput.extend({ type: z.literal("input"), turnId: turnId.optional() }),
  /** The context as it stands here was sent to the model. `cacheKey` differs from the head's in a copy of the thread that sent it. */
  z.object({ type: z.literal("request"), turnId, sentAtMs: z.number(), cacheKey: z.string().optional() }),
  /** All messages that wait, in order. One that has become an item waits no more, whatever this says. */
  z.object({ type: z.literal("queue"), waiting: z.array(queuedSubmission) }),
  /** Takes back this turn and all after it. */
  z.object({ type: z.literal("revert"), beforeTurnId: turnId }),
  /** Takes the last revert back, after which no turn began. */
  z.object({ type: z.literal("revertUndone") }),
  checkpointFiles.extend({ type: z.literal("checkpointFiles") }),
  z.object({ type: z.literal("turn"), turnId, startedAt: z.number() }),
  z.object({ type: z.literal("item"), turnId, item: threadItem }),
  z.object({ type: z.literal("plan"), turnId, plan: turnPlan }),
  z.object({ type: z.literal("diff"), turnId, diff: z.string() }),
  z.object({ type: z.literal("usage"), turnId, usage: tokenUsage }),
  z.object({
    type: z.literal("turnEnd"),
    turnId,
    end: turn.pick({ status: true, error: true, completedAt: true, durationMs: true }),
  }),
]);
export type JournalRecord = z.infer<typeof journalRecord>;

/** All whole records of a journal, in order, whatever else is in it: a torn tail, lines glued together, NULs, garbage. */
export function parseJournal(text: string): JournalRecord[] {
  return text.split("\n").flatMap(parseLine);
}

function parseLine(line: string): JournalRecord[] {
  if (line === "") return [];
  const value = parseJson(line);
  return value === undefined ? salvage(line) : recordsOf(value);
}

function recordsOf(value: unknown): JournalRecord[] {
  const parsed = journalRecord.safeParse(value);
  return parsed.success ? [parsed.data] : [];
}

/** How every record begins. It cannot stand inside a string of one, where quotes are escaped. */
const BEGIN = '{"type":"';

/** The records inside a line that is not JSON as a whole. */
function salvage(line: string): JournalRecord[] {
  const found: JournalRecord[] = [];
  let at = line.indexOf(BEGIN);
  while (at >= 0) {
    const end = endOfObject(line, at);
    const value = end === undefined ? undefined : parseJson(line.slice(at, end));
    if (value !== undefined) found.push(...recordsOf(value));
    at = line.indexOf(BEGIN, value === undefined || end === undefined ? at + 1 : end);
  }
  return found;
}

/** Where the object that starts here ends; undefined when it does not. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (inString && char === "\\") at++;
    else if (char === '"') inString = !inString;
    else if (!inString && char === "{") depth++;
    else if (!inString && char === "}" && --depth === 0) return at + 1;
  }
  return undefined;
}
