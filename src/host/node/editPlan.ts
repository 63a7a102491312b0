import type { Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { AgentError } from "../../protocol/errors.ts";
import type { FileEdit, Landings } from "../files.ts";
import { onPath } from "./errors.ts";
import { readRegularFile } from "./read.ts";
import { entryAt, locate } from "./realPath.ts";

/** What is to become of one place on disk. */
export interface Slot {
  /** As the caller named it, for messages. */
  readonly path: string;
  /** Where it really is, after all links. */
  readonly realPath: string;
  /** What was there when the plan was made. */
  readonly original: Original | undefined;
  /** What is to be there; undefined for nothing. */
  content: Content | undefined;
  /** Set when only the spelling of the name changes, on a file system that does not tell the two apart. */
  finalPath?: string;
}

export interface Original {
  readonly bytes: Uint8Array;
  readonly stats: Stats;
  /** The slot is the symbolic link itself, not what it leads to. */
  readonly link: boolean;
}

export interface Content {
  readonly bytes: Uint8Array;
  /** Permission bits to keep; undefined for a new file. */
  readonly mode: number | undefined;
  /** For a new file: whether it is a program. */
  readonly executable?: boolean | undefined;
}

/**
 * Plays the edits in order against what is on disk, without writing. An update goes through a symbolic link to its target; a deletion
 * or a move takes the link itself away and leaves its target alone. Rejects as FileSystem.apply does.
 */
export async function planEdits(edits: readonly FileEdit[], planning: Planning): Promise<readonly Slot[]> {
  const plan: Plan = { ...planning, slots: new Map() };
  for (const edit of edits) {
    if (edit.kind === "add") {
      await fill(plan, edit.path, { bytes: edit.after, mode: undefined, executable: edit.executable });
    } else await change(plan, edit);
  }
  return [...plan.slots.values()];
}

export interface Planning {
  readonly signal: AbortSignal;
  readonly landings: Landings | undefined;
}

interface Plan extends Planning {
  /** By real path. */
  readonly slots: Map<string, Slot>;
}

type Change = Exclude<FileEdit, { kind: "add" }>;

async function change(plan: Plan, edit: Change): Promise<void> {
  const movePath = edit.kind === "update" ? edit.movePath : undefined;
  const stays = edit.kind === "update" && movePath === undefined;
  const slot = await existing(plan, edit.path, stays ? "target" : "entry");
  if (slot.content === undefined) throw new AgentError("notFound", `There is nothing at ${edit.path}.`);
  if (!sameBytes(slot.content.bytes, edit.before)) throw changedMeanwhile(edit.path);
  const { mode, executable } = slot.content;
  if (edit.kind === "delete") {
    slot.content = undefined;
  } else if (movePath === undefined || (await isRespelling(slot, movePath))) {
    slot.content = { bytes: edit.after, mode, executable };
    if (movePath !== undefined) slot.finalPath = join(dirname(slot.realPath), basename(movePath));
  } else {
    slot.content = undefined;
    await fill(plan, movePath, { bytes: edit.after, mode, executable });
  }
}

/** Puts content where there must be nothing yet: neither on disk nor by an earlier edit. */
async function fill(plan: Plan, path: string, content: Content): Promise<void> {
  const { slots } = plan;
  const realPath = await placeOf(plan, path, "entry");
  const known = slots.get(realPath);
  const taken = known === undefined ? (await entryAt(realPath)) !== undefined : known.content !== undefined;
  if (taken) throw new AgentError("alreadyExists", `${path} exists already.`);
  if (known === undefined) slots.set(realPath, { path, realPath, original: undefined, content });
  else known.content = content;
}

async function existing(plan: Plan, path: string, part: "entry" | "target"): Promise<Slot> {
  const { slots, signal } = plan;
  const realPath = await placeOf(plan, path, part);
  const known = slots.get(realPath);
  if (known !== undefined) return known;
  const original = await look(path, realPath, signal);
  const content = original && { bytes: original.bytes, mode: original.stats.mode };
  const slot: Slot = { path, realPath, original, content };
  slots.set(realPath, slot);
  return slot;
}

async function placeOf({ landings }: Plan, path: string, part: "entry" | "target"): Promise<string> {
  const realPath = await onPath(path, () => locate(path, part));
  const landing = landings?.get(path);
  const expected = part === "target" ? landing?.realPath : landing?.entryPath;
  if (landings !== undefined && realPath !== expected) throw leadsElsewhere(path, realPath);
  return realPath;
}

export function leadsElsewhere(path: string, realPath: string): AgentError {
  return new AgentError(
    "permissionDenied",
    `${path} leads to ${realPath} by now, which is not where it led when the edit was judged. Nothing was written. Look what became of it before trying again.`,
  );
}

/** A file system that ignores case finds the file itself under the new name. */
async function isRespelling(slot: Slot, movePath: string): Promise<boolean> {
  const target = await onPath(movePath, () => locate(movePath, "entry"));
  if (target === slot.realPath) return true;
  if (target.toLowerCase() !== slot.realPath.toLowerCase() || slot.original === undefined) return false;
  const entry = await entryAt(target);
  return entry?.ino === slot.original.stats.ino && entry.dev === slot.original.stats.dev;
}

/** What is there now; undefined for nothing. Rejects for anything that is not a file. */
export async function look(path: string, realPath: string, signal: AbortSignal): Promise<Original | undefined> {
  const entry = await entryAt(realPath);
  if (entry === undefined) return undefined;
  const { bytes, stats } = await onPath(path, () => readRegularFile(realPath, signal));
  return { bytes, stats, link: entry.isSymbolicLink() };
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

export function changedMeanwhile(path: string, cause?: unknown): AgentError {
  return new AgentError("conflict", `${path} has changed since it was read. Read it again and redo the edit.`, {
    cause,
  });
}
