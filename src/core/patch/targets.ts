import { AgentError } from "../../protocol/errors.ts";
import type { Hunk, Operation } from "./operation.ts";

/** Everything that a patch does to one file. `path` and `movePath` are resolved; `name` and `moveName` are as the patch has them. */
export type Target = AddTarget | DeleteTarget | ReplaceTarget | UpdateTarget;

export interface AddTarget {
  readonly kind: "add";
  readonly path: string;
  readonly name: string;
  readonly lines: readonly string[];
}

export interface DeleteTarget {
  readonly kind: "delete";
  readonly path: string;
  readonly name: string;
}

/** A delete followed by an add. */
export interface ReplaceTarget {
  readonly kind: "replace";
  readonly path: string;
  readonly name: string;
  readonly lines: readonly string[];
}

export interface UpdateTarget {
  readonly kind: "update";
  readonly path: string;
  readonly name: string;
  /** Absent when the file stays where it is. */
  readonly movePath?: string;
  readonly moveName?: string;
  /** The hunks of each section; a section's hunks are sought in the result of the section before. */
  readonly sections: readonly (readonly Hunk[])[];
}

/**
 * The targets in the order in which the patch first names them. Throws AgentError `invalid` when it names a path twice, except in several
 * updates without a move, and in a delete followed by an add. A path counts as named by a move to it too.
 */
export function targetsOf(operations: readonly Operation[], resolve: (path: string) => string): readonly Target[] {
  const targets = new Map<string, Target>();
  const lineOf = new Map<string, number>();
  for (const operation of operations) {
    const target = targetOf(operation, resolve);
    const earlier = targets.get(target.path);
    const joined = earlier === undefined ? undefined : join(earlier, target);
    targets.set(target.path, joined ?? target);
    const claimed = joined === undefined ? [target.path] : [];
    if (target.kind === "update" && target.movePath !== undefined) claimed.push(target.movePath);
    for (const path of claimed) {
      const line = lineOf.get(path);
      if (line !== undefined) throw namedTwice(path, [line, operation.line]);
    }
    for (const path of claimed) lineOf.set(path, operation.line);
  }
  return [...targets.values()];
}

function targetOf(operation: Operation, resolve: (path: string) => string): Target {
  const path = resolve(operation.path);
  const name = operation.path;
  switch (operation.kind) {
    case "add":
      return { kind: "add", path, name, lines: operation.lines };
    case "delete":
      return { kind: "delete", path, name };
    case "update": {
      const update: UpdateTarget = { kind: "update", path, name, sections: [operation.hunks] };
      const moveName = operation.movePath;
      const movePath = moveName === undefined ? path : resolve(moveName);
      return movePath === path ? update : { ...update, movePath, moveName: moveName! };
    }
    default:
      return operation satisfies never;
  }
}

/** Both as one; undefined when they cannot be combined. */
function join(earlier: Target, later: Target): Target | undefined {
  if (earlier.kind === "delete" && later.kind === "add") return { ...later, kind: "replace" };
  if (earlier.kind !== "update" || later.kind !== "update") return undefined;
  if (earlier.movePath !== undefined || later.movePath !== undefined) return undefined;
  return { ...earlier, sections: [...earlier.sections, ...later.sections] };
}

function namedTwice(path: string, lines: readonly [number, number]): AgentError {
  return new AgentError(
    "invalid",
    `The sections at lines ${lines[0]} and ${lines[1]} of the patch both name "${path}" and cannot be combined. Nothing was changed; put all changes of a file into one section, or send the second section as a patch of its own afterwards.`,
  );
}
