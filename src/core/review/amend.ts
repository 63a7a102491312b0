import type { FileEdit } from "../../host/files.ts";
import type { FileChangeApprovalAnswer } from "../../protocol/approvals.ts";
import { AgentError } from "../../protocol/errors.ts";
import type { ChangeAuthor, ReviewedFile } from "../../protocol/review.ts";
import { type DecodedText, decodeText, encodeText } from "../patch/encoding.ts";
import type { PlannedChange } from "../patch/plan.ts";
import { currentLines, isEdited, type Region, reviewOf } from "./fileReview.ts";
import { hunksOf as placedHunks } from "./hunks.ts";
import { linesOf } from "./lineChanges.ts";
import { editedByAgent, editedByOthers, withUndone } from "./reviewEdits.ts";
import { hunksOf } from "./turnDiff.ts";

const nobody: ChangeAuthor = { threadId: "", turnId: "", itemId: null };

/** Marks the regions that are not accepted. */
const leftOut: ChangeAuthor = { threadId: "", turnId: "", itemId: "left out" };

type Amendment = Pick<FileChangeApprovalAnswer, "acceptedHunks" | "editedContent">;

/** A change of a proposal, and what the user made of it. */
export interface AmendedChange {
  readonly proposed: PlannedChange;
  /** Undefined when nothing of it is to be made. */
  readonly change: PlannedChange | undefined;
  /** `whole`: as proposed. `part`: hunks of it were not accepted. `edited`: the user wrote the text. */
  readonly kind: "whole" | "part" | "edited";
}

/** The files of a proposal as they would be under review once it is made. Ids tell hunks of different files apart, too. */
export function proposedFiles(planned: readonly PlannedChange[], author: ChangeAuthor): ReviewedFile[] {
  return planned.map((change, at) => {
    const { edit, path, movePath, added, removed } = change;
    const texts = textsOf(edit);
    const hunks = texts
      ? placedHunks(reviewed(texts, author)).map(({ hunk }) => ({ ...hunk, id: idOf(at, hunk) }))
      : [];
    return {
      path: movePath ?? path,
      kind: edit.kind,
      movedFrom: movePath ? path : null,
      binary: texts === undefined,
      hunks,
      added,
      removed,
      authors: [author],
    };
  });
}

/**
 * The changes as the user allowed them, one for each that was proposed. Where the user wrote the text, that is the file's text, without the hunks
 * in it that are not accepted and stand there as they were proposed; an empty one stands for no file where there was none. Elsewhere the accepted
 * hunks are made; a file of which no hunk is accepted stays as it is and where it is, and one without hunks goes with the others: it is made
 * unless nothing at all is accepted.
 * Throws `invalid` for a hunk or a file that was not proposed, and `unfaithful` for a text that the file's encoding cannot hold.
 */
export function amended(
  planned: readonly PlannedChange[],
  { acceptedHunks, editedContent }: Amendment,
): AmendedChange[] {
  const accepted = acceptedHunks && new Set(acceptedHunks);
  const unused = new Set(acceptedHunks);
  const texts = new Map(editedContent?.map(({ path, text }) => [path, text]));
  const changes = planned.map((proposed, at) => {
    const path = proposed.movePath ?? proposed.path;
    const text = texts.get(path);
    texts.delete(path);
    const hunks = accepted && pickedHunks(proposed, at, { accepted, unused });
    if (text !== undefined) return withText(proposed, hunks ? withoutHunks(proposed, text, hunks.left) : text);
    return hunks ? withHunks(proposed, hunks) : { proposed, change: proposed, kind: "whole" as const };
  });
  const [unknownPath] = texts.keys();
  if (unknownPath !== undefined) throw notProposed(`a change of ${unknownPath}`);
  if (unused.size > 0) throw notProposed(`the change ${[...unused].join(", ")}`);
  return changes;
}

interface PickedHunks {
  /** Whether anything of the change is accepted. */
  readonly takes: boolean;
  /** The regions of the proposal that are not accepted. */
  readonly left: readonly Region[];
}

function pickedHunks(
  { edit }: PlannedChange,
  at: number,
  { accepted, unused }: { accepted: ReadonlySet<string>; unused: Set<string> },
): PickedHunks {
  const texts = textsOf(edit);
  const hunks = texts ? placedHunks(reviewed(texts)) : [];
  for (const { hunk } of hunks) unused.delete(idOf(at, hunk));
  const left = hunks.filter(({ hunk }) => !accepted.has(idOf(at, hunk)));
  const takes = hunks.length > 0 ? left.length < hunks.length : accepted.size > 0;
  return { takes, left: left.map(({ region }) => region) };
}

function withHunks(proposed: PlannedChange, { takes, left }: PickedHunks): AmendedChange {
  const texts = textsOf(proposed.edit);
  if (!takes) return { proposed, change: undefined, kind: "part" };
  if (!texts || left.length === 0) return { proposed, change: proposed, kind: "whole" };
  return { proposed, change: changeTo(proposed, withoutHunks(proposed, texts.after, left)), kind: "part" };
}

/** What the user made of the proposed text, without these regions of it. One that the user changed further stays as it is. */
function withoutHunks({ edit }: PlannedChange, text: string, left: readonly Region[]): string {
  const texts = textsOf(edit);
  if (!texts || left.length === 0) return text;
  const starts = new Set(left.map(({ start }) => start));
  const proposal = reviewed(texts);
  const regions = proposal.regions.map((region) =>
    starts.has(region.start) ? { ...region, authors: [leftOut] } : region,
  );
  const review = editedByOthers({ ...proposal, regions }, linesOf(withoutMark(text)));
  const undone = review.regions.filter((region) => region.authors.includes(leftOut) && !isEdited(region));
  return currentLines(withUndone(review, new Set(undone))).join("");
}

function withText(proposed: PlannedChange, text: string): AmendedChange {
  const change = changeTo(proposed, text);
  return { proposed, change, kind: change === proposed ? "whole" : "edited" };
}

/** The change with another text in place of the proposed one; undefined when that leaves all as it is. */
function changeTo(proposed: PlannedChange, text: string): PlannedChange | undefined {
  const { edit, path, movePath } = proposed;
  const name = movePath ?? path;
  const texts = textsOf(edit);
  if (!texts)
    throw new AgentError("invalid", `${name} is not text, so it can only be accepted or rejected as a whole.`);
  const written = withoutMark(text);
  if (written === texts.after) return proposed;
  if (written === texts.before && (movePath === undefined || edit.kind !== "update")) return undefined;
  const diff = hunksOf(texts.before, written);
  const counts = { added: countOf(diff, "+"), removed: countOf(diff, "-") };
  const common = { path, ...(movePath ? { movePath } : {}), ...counts };
  if (edit.kind === "add") {
    return { ...common, edit: { ...edit, after: encodeText(written, "utf-8", name) }, diff: written };
  }
  const after = bytesOf(edit.before, written, name);
  return { ...common, edit: { ...edit, kind: "update", after }, diff };
}

function withoutMark(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

/** The text as the file stores text: in its encoding, behind its byte order mark. */
function bytesOf(before: Uint8Array, text: string, name: string): Uint8Array {
  const { encoding, markLength } = decodeText(before) ?? { encoding: "utf-8", markLength: 0 };
  const body = encodeText(text, encoding, name);
  const bytes = new Uint8Array(markLength + body.length);
  bytes.set(before.subarray(0, markLength));
  bytes.set(body, markLength);
  return bytes;
}

interface Texts {
  readonly before: string;
  readonly after: string;
}

/** Without byte order marks; undefined when one side is not text. */
function textsOf(edit: FileEdit): Texts | undefined {
  const empty: Pick<DecodedText, "text"> = { text: "" };
  const before = edit.kind === "add" ? empty : decodeText(edit.before);
  const after = edit.kind === "delete" ? empty : decodeText(edit.after);
  return before && after && { before: before.text, after: after.text };
}

function reviewed({ before, after }: Texts, author: ChangeAuthor = nobody) {
  return editedByAgent(reviewOf(linesOf(before)), linesOf(after), author);
}

function idOf(at: number, { id }: { readonly id: string }): string {
  return `${at}-${id}`;
}

function countOf(diff: string, sign: "+" | "-"): number {
  return diff.split("\n").filter((line) => line.startsWith(sign)).length;
}

function notProposed(what: string): AgentError {
  return new AgentError("invalid", `The answer names ${what}, which is not part of the proposal. Answer again.`);
}
