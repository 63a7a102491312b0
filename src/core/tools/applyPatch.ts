import * as z from "zod";
import { AgentError, toAgentError } from "../../protocol/errors.ts";
import type { FileUpdateChange, ItemOf } from "../../protocol/items.ts";
import { patchGrammar } from "../patch/grammar.ts";
import { type PatchSource, type PlannedChange, planPatch } from "../patch/plan.ts";
import { quotesMark, requireNoMark } from "../patch/redactedText.ts";
import { REDACTED } from "../policy/redact.ts";
import { type AmendedChange, amended, proposedFiles } from "../review/amend.ts";
import { applyPlanned } from "./applyPlanned.ts";
import { amendReport, editReport } from "./editReport.ts";
import { watchProblems } from "./newProblems.ts";
import type { Allowance, CallContext, PreparedCall, Tool, ToolResult } from "./tool.ts";
import { parametersOf, parseArguments } from "./toolArguments.ts";

const description = `Edits files with a patch. All of it is applied, or nothing, unless the user accepts only a part of it or rewrites it: the output then says what was made. One with each kind of section:
*** Begin Patch
*** Add File: docs/new.md
+Each line of the new file.
*** Delete File: docs/old.md
*** Update File: src/app.ts
*** Move to: src/main.ts
@@ export function run() {
   const port = 80;
-  listen(port);
+  listen(port, "localhost");
   log(port);
*** End Patch
In an update, a line begins with a space when it stays, with - when it goes and with + when it is new. Give about three lines that stay around each change, copied exactly. After @@ may stand one whole line of the file above the change, to tell like places apart; further hunks of a file each begin with @@ and come in its order. "*** Move to" renames the file and may be left out. "*** End of File" after a hunk puts it at the file's end. Paths are relative to the working directory.`;

const MARK_IS_NO_TEXT = `Where you read "${REDACTED}", the file has a secret that is not shown to you: choose hunks that do not quote it.`;

const schema = z.object({ input: z.string().min(1).describe("The whole patch.") });

/** Edits files; the one way to do so. */
export const applyPatch: Tool = {
  name: "apply_patch",
  spec: ({ customTools }) =>
    customTools
      ? {
          type: "custom",
          name: "apply_patch",
          description,
          format: { type: "grammar", syntax: "lark", definition: patchGrammar },
        }
      : { type: "function", name: "apply_patch", description, parameters: parametersOf(schema), strict: false },

  async prepare(input: string, context: CallContext): Promise<PreparedCall> {
    const { threadId, turnId, itemId } = context;
    const patch = input.trimStart().startsWith("{") ? parseArguments("apply_patch", schema, input).input : input;
    const planned = await plan(patch, context);
    const item: ItemOf<"fileChange"> = {
      type: "fileChange",
      id: itemId,
      changes: planned.map(changeOf),
      status: "inProgress",
    };
    return {
      effect: {
        kind: "edit",
        paths: planned.flatMap(({ path, movePath }) => (movePath ? [path, movePath] : [path])),
        proposal: {
          files: () => proposedFiles(planned, { threadId, turnId, itemId }),
          check: (amendment) => requireNoMark(changesOf(amended(planned, amendment)), context.secrets),
        },
      },
      item,
      run: (allowance = {}) => make(planned, { allowance, item }, context),
    };
  },
};

/** Rejects as `planPatch` and `requireNoMark` do. */
async function plan(patch: string, context: CallContext): Promise<PlannedChange[]> {
  try {
    const planned = await planPatch(patch, patchSource(context));
    requireNoMark(planned, context.secrets);
    return planned;
  } catch (error) {
    const { code, message } = toAgentError(error);
    if (code !== "patchMismatch" || !quotesMark(patch)) throw error;
    throw new AgentError(code, `${message} ${MARK_IS_NO_TEXT}`, { cause: error });
  }
}

function changesOf(allowed: readonly AmendedChange[]): PlannedChange[] {
  return allowed.flatMap(({ change }) => change ?? []);
}

async function make(
  planned: readonly PlannedChange[],
  { allowance, item }: { allowance: Allowance; item: ItemOf<"fileChange"> },
  context: CallContext,
): Promise<ToolResult> {
  const { host, paths, clock, cwd, signal } = context;
  const { amendment = {}, review = "after", landings } = allowance;
  const show = (path: string) => paths.relative(cwd, path);
  const allowed = amended(planned, amendment);
  const changes = changesOf(allowed);
  if (changes.length === 0) {
    return {
      output: ["Not applied.", ...amendReport(allowed, show)].join("\n"),
      item: { ...item, status: "declined", declinedBy: { kind: "user" } },
    };
  }
  const edits = changes.map(({ edit }) => edit);
  const newProblems = await watchProblems(
    changes.map(({ path, movePath }) => movePath ?? path),
    { host, clock, signal, show },
  );
  const applied = await context.edit({ edits, review }, () =>
    applyPlanned(changes, { files: host.files, landings }, signal),
  );
  context.onEdits(applied.changes);
  return {
    output: [...editReport(applied, show), ...amendReport(allowed, show), ...(await newProblems())].join("\n"),
    item: { ...item, changes: applied.changes.map(changeOf), status: "completed" },
  };
}

/** The files of a patch, as a call reads them. */
export function patchSource(context: CallContext): PatchSource {
  const { paths, cwd } = context;
  return { resolve: (path) => paths.resolve(cwd, path), read: (path) => readIfThere(path, context) };
}

/** What a mismatch quotes the model has read, so planning obeys the rules of reading. */
async function readIfThere(path: string, context: CallContext): Promise<Uint8Array | undefined> {
  const { host, signal } = context;
  await context.checkReadable(path);
  try {
    return (await host.files.read(path, signal)).bytes;
  } catch (error) {
    if (error instanceof AgentError && error.code === "notFound") return undefined;
    throw error;
  }
}

export function changeOf({ edit, path, movePath, diff }: PlannedChange): FileUpdateChange {
  const kind =
    edit.kind === "update" ? ({ type: "update", move_path: movePath ?? null } as const) : { type: edit.kind };
  return { path, kind, diff };
}
