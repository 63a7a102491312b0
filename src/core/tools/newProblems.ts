import type { FileDiagnostic } from "../../host/editor.ts";
import type { Host } from "../../host/host.ts";
import type { Clock } from "../clock.ts";
import { describeProblem } from "./readDiagnostics.ts";

/** How long language services get before an edit, and after it, in milliseconds. */
const BEFORE_MS = 200;
const AFTER_MS = 1200;
const MAX_PROBLEMS = 10;

interface Watched {
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The path as the model knows it. */
  show(path: string): string;
}

/**
 * Notes which errors and warnings the editor reports for these files before an edit; what it resolves with tells, after the edit, which are new,
 * as lines for the model. Only files that the user has open are looked at: of others, services say nothing, or only after a while. Never rejects.
 */
export async function watchProblems(paths: readonly string[], watched: Watched): Promise<() => Promise<string[]>> {
  const { openPaths, visiblePaths } = watched.host.editor.openEditors();
  const open = paths.filter((path) => openPaths.includes(path) || visiblePaths.includes(path));
  const before = open.length > 0 ? await readProblems(open, BEFORE_MS, watched) : undefined;
  return async () => {
    const after = before && (await readProblems(open, AFTER_MS, watched));
    return before && after ? report(newOf(before, after), watched) : [];
  };
}

/** Undefined when that takes longer, or there is nobody to ask. */
async function readProblems(
  paths: readonly string[],
  withinMs: number,
  { host, clock, signal }: Watched,
): Promise<readonly FileDiagnostic[] | undefined> {
  const enough = new AbortController();
  const giveUp = AbortSignal.any([signal, enough.signal]);
  try {
    const timeout = clock.sleep(withinMs, giveUp).then(() => undefined);
    const found = await Promise.race([host.editor.diagnostics(paths, giveUp), timeout]);
    return found?.filter(({ severity }) => severity === "error" || severity === "warning");
  } catch {
    return undefined;
  } finally {
    enough.abort();
  }
}

/** A problem that has only moved is none: the text above it may have grown. */
function newOf(before: readonly FileDiagnostic[], after: readonly FileDiagnostic[]): FileDiagnostic[] {
  const known = before.map(nameOf);
  return after.filter((problem) => {
    const at = known.indexOf(nameOf(problem));
    if (at >= 0) known.splice(at, 1);
    return at < 0;
  });
}

function nameOf({ path, severity, message, source, code }: FileDiagnostic): string {
  return JSON.stringify([path, severity, message, source, code]);
}

function report(problems: readonly FileDiagnostic[], { show }: Watched): string[] {
  if (problems.length === 0) return [];
  const lines = problems.slice(0, MAX_PROBLEMS).map((problem) => describeProblem(problem, show(problem.path)));
  const more = problems.length - MAX_PROBLEMS;
  return [
    "New problems that the editor reports since this edit, in edited files that are open:",
    ...lines,
    ...(more > 0 ? [`(${more} more.)`] : []),
  ];
}
