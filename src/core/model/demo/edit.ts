import { declineOf, type Lines, quoted, type Stop, unexpected } from "./toolOutputs.ts";

/** The only line that fits. */
export function theLine(lines: Lines, pattern: RegExp): [line: number, match: RegExpExecArray] | undefined {
  const found = [...lines].flatMap(([line, text]): [number, RegExpExecArray][] => {
    const match = pattern.exec(text);
    return match ? [[line, match]] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

/** A patch that replaces one line, with a line of context on either side. */
export function replaceLine(path: string, lines: Lines, at: { line: number; by: readonly string[] }): string {
  const context = (line: number) => (lines.has(line) ? [` ${lines.get(line)}`] : []);
  return [
    "*** Begin Patch",
    `*** Update File: ${path}`,
    "@@",
    ...context(at.line - 1),
    `-${lines.get(at.line)}`,
    ...at.by.map((text) => `+${text}`),
    ...context(at.line + 1),
    "*** End Patch",
    "",
  ].join("\n");
}

/** Why a patch is not on disk; undefined when it is. */
export function patchProblem(output: string, path: string): Stop | undefined {
  if (!output.startsWith("Applied.")) {
    return (
      declineOf(output, `the change of \`${path}\``) ?? unexpected(`its patch of ${path} to apply`, quoted(output))
    );
  }
  if (!output.includes("left unsaved")) return undefined;
  return {
    stop: `\`${path}\` had unsaved changes of yours, so the repair is in the editor and not on disk yet. Save the file, then check it.`,
  };
}
