import { AgentError } from "../../protocol/errors.ts";
import { REDACTED } from "../policy/redact.ts";
import type { Secrets } from "../policy/secrets.ts";
import { decodeText } from "./encoding.ts";
import type { PlannedChange } from "./plan.ts";

/**
 * Throws `invalid`, in words for the model and the user, when a patch would write the mark that stands for a secret where the secret itself was, or may
 * have been. A file that has the mark in its own text, and was not read with something cut out, may get more of it.
 */
export function requireNoMark(planned: readonly PlannedChange[], secrets: Secrets): void {
  const hides = secrets.hasCut || planned.some(({ edit }) => edit.kind !== "add" && hasSecret(edit.before, secrets));
  if (!hides) return;
  const writes = (change: PlannedChange) => marksIn(afterOf(change)) > marksIn(beforeOf(change));
  const { path } = planned.find(writes) ?? {};
  if (path === undefined) return;
  throw new AgentError(
    "invalid",
    `This would write "${REDACTED}" into ${path}, where the mark stands for a secret, such as an API key, that is not shown. Nothing was changed. Leave the lines with it as they are, and change only others.`,
  );
}

/** Why the text of a patch may not be found: its context quotes what was never in the file. */
export function quotesMark(patch: string): boolean {
  return patch.split("\n").some((line) => /^[ -]/.test(line) && line.includes(REDACTED));
}

function hasSecret(bytes: Uint8Array, secrets: Secrets): boolean {
  const text = textOf(bytes);
  return secrets.text(text) !== text;
}

function beforeOf({ edit }: PlannedChange): string {
  return edit.kind === "add" ? "" : textOf(edit.before);
}

function afterOf({ edit }: PlannedChange): string {
  return edit.kind === "delete" ? "" : textOf(edit.after);
}

function textOf(bytes: Uint8Array): string {
  return decodeText(bytes)?.text ?? "";
}

function marksIn(text: string): number {
  return text.split(REDACTED).length;
}
