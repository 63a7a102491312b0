import type { L10n } from "../../src/extension/l10n.ts";

/** What `vscode.l10n` is in a window in English: the words as they are in the code, with the named values in their places. */
export const english: L10n = {
  t(said: unknown, values?: unknown) {
    if (typeof said !== "string") throw new Error("Words are said by a text and named values.");
    const named = Object(values) as Readonly<Record<string, unknown>>;
    return said.replace(/\{(\w+)\}/g, (whole, name: string) => String(named[name] ?? whole));
  },
};
