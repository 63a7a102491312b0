import type { FileEdit } from "../../host/files.ts";
import { AgentError } from "../../protocol/errors.ts";
import { sameBytes } from "../sameBytes.ts";
import { diffOf } from "./diff.ts";
import { applySplices, type Draft, draftBytes, draftOf, narrowSplice } from "./draft.ts";
import { decodeText, encodeText } from "./encoding.ts";
import { locateHunks } from "./match.ts";
import { parsePatch } from "./parse.ts";
import {
  type AddTarget,
  type DeleteTarget,
  type ReplaceTarget,
  type Target,
  targetsOf,
  type UpdateTarget,
} from "./targets.ts";
import { openText, splitLines, type TextFile } from "./text.ts";

/** What planning needs of the outside: the caller decides what a path means and where bytes come from. */
export interface PatchSource {
  /** The absolute path for a path as the patch has it, relative or absolute. May throw to refuse it. */
  resolve(path: string): string;
  /** The whole content; undefined when there is no such file. May reject, which rejects the plan. */
  read(path: string): Promise<Uint8Array | undefined>;
}

export interface PlannedChange {
  readonly edit: FileEdit;
  /** Resolved. */
  readonly path: string;
  readonly movePath?: string;
  /** For an update unified hunks (see diffOf), none for a pure move; for an add its text; for a delete the old text, "" when that was binary. */
  readonly diff: string;
  /** Lines. */
  readonly added: number;
  readonly removed: number;
}

/**
 * Plans all of a patch or nothing; it reads and never writes. A file that the patch leaves as it is has no change in the result.
 * A new file is UTF-8 with line feeds. A delete followed by an add of the same path replaces the text and keeps the old file's encoding, byte
 * order mark and line ends. Deletes, and moves without hunks, work on binary files too. A move that only changes the case of letters is left to
 * the host to judge, because on some systems the target is the file itself.
 * Rejects with AgentError `invalid` (also for a patch that changes nothing), `patchMismatch`, `notFound`, `alreadyExists`, `unfaithful`,
 * and with whatever `source` throws.
 */
export async function planPatch(patchText: string, source: PatchSource): Promise<PlannedChange[]> {
  const targets = targetsOf(parsePatch(patchText), (path) => source.resolve(path));
  const changes: PlannedChange[] = [];
  for (const target of targets) {
    const change = await planTarget(target, source);
    if (change !== undefined) changes.push(change);
  }
  if (changes.length > 0) return changes;
  throw new AgentError(
    "invalid",
    "The patch changes nothing: its files already are what it would make of them. If you expected a difference, read them again.",
  );
}

async function planTarget(target: Target, source: PatchSource): Promise<PlannedChange | undefined> {
  const before = await source.read(target.path);
  if (target.kind === "add") {
    if (before === undefined) return planAdd(target);
    throw existsAlready(target.name, 'use "*** Update File:" to change it');
  }
  if (before === undefined) {
    throw new AgentError(
      "notFound",
      `"${target.name}" does not exist. Nothing was changed; check the path, or use "*** Add File:".`,
    );
  }
  switch (target.kind) {
    case "delete":
      return planDelete(target, before);
    case "replace":
      return planReplace(target, before);
    case "update":
      await checkMove(target, source);
      return planUpdate(target, before);
    default:
      return target satisfies never;
  }
}

function planAdd({ path, name, lines }: AddTarget): PlannedChange {
  const text = lines.map((line) => `${line}\n`).join("");
  const after = encodeText(text, "utf-8", name);
  return { edit: { kind: "add", path, after }, path, diff: text, added: lines.length, removed: 0 };
}

function planDelete({ path }: DeleteTarget, before: Uint8Array): PlannedChange {
  const text = decodeText(before)?.text ?? "";
  return { edit: { kind: "delete", path, before }, path, diff: text, added: 0, removed: splitLines(text).lines.length };
}

function planReplace(target: ReplaceTarget, before: Uint8Array): PlannedChange | undefined {
  const file = openText(before, target.name);
  const splice = narrowSplice(file.lines, { start: 0, removed: file.lines.length, added: target.lines });
  return updated(target, file, applySplices(draftOf(file), splice === undefined ? [] : [splice]));
}

function planUpdate(target: UpdateTarget, before: Uint8Array): PlannedChange | undefined {
  const { path, name, movePath } = target;
  if (target.sections.every((hunks) => hunks.length === 0)) {
    if (movePath === undefined) return undefined;
    return {
      edit: { kind: "update", path, before, after: before, movePath },
      path,
      movePath,
      diff: "",
      added: 0,
      removed: 0,
    };
  }
  const file = openText(before, name);
  let draft = draftOf(file);
  for (const hunks of target.sections) draft = applySplices(draft, locateHunks(draft.lines, hunks, name));
  return updated(target, file, draft);
}

function updated(target: UpdateTarget | ReplaceTarget, file: TextFile, draft: Draft): PlannedChange | undefined {
  const { path, name } = target;
  const move = target.kind === "update" && target.movePath !== undefined ? { movePath: target.movePath } : {};
  const clean = file.markLength > 0 ? withoutSecondMark(draft) : draft;
  const after = draftBytes(file, clean, name);
  const same = sameBytes(file.bytes, after);
  if (same && move.movePath === undefined) return undefined;
  const lineDiff = same ? { diff: "", added: 0, removed: 0 } : diffOf(file, clean);
  return { edit: { kind: "update", path, before: file.bytes, after, ...move }, path, ...move, ...lineDiff };
}

/** Several sections together may restore what the file had. */

/** A byte order mark in front of a new first line repeats the file's own, which stays. */
function withoutSecondMark(draft: Draft): Draft {
  const first = draft.lines[0];
  if (draft.origins[0] !== -1 || !first?.startsWith("\ufeff")) return draft;
  return { ...draft, lines: [first.slice(1), ...draft.lines.slice(1)] };
}

async function checkMove(target: UpdateTarget, source: PatchSource): Promise<void> {
  const { path, movePath, moveName } = target;
  if (movePath === undefined || foldCase(movePath) === foldCase(path)) return;
  if ((await source.read(movePath)) === undefined) return;
  throw existsAlready(
    moveName ?? movePath,
    `delete it with a patch of its own first, or move "${target.name}" somewhere else`,
  );
}

function foldCase(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

function existsAlready(name: string, advice: string): AgentError {
  return new AgentError("alreadyExists", `"${name}" exists already. Nothing was changed; ${advice}.`);
}
