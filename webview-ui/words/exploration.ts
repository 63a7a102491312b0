import type { ExplorationItem } from "../rows/model.ts";
import { type Key, t } from "../strings.ts";

type Looking = "read" | "search" | "list" | "check" | "symbol" | "picture";

/** One thing that was looked at: an icon, a name, and what was asked of it. */
export interface Look {
  looking: Looking;
  name: string;
  /** Set where the name opens a file. */
  path?: string | undefined;
  line?: number | undefined;
  note: string;
  failed: boolean;
}

const kinds: Record<string, Looking> = {
  read_file: "read",
  search_text: "search",
  list_files: "list",
  read_diagnostics: "check",
  find_symbol: "symbol",
  find_references: "symbol",
};

const past: Record<Looking, Key> = {
  read: "readFiles",
  search: "searched",
  list: "listed",
  check: "checked",
  symbol: "lookedUp",
  picture: "viewed",
};

const present: Record<Looking, Key> = {
  read: "reading",
  search: "searching",
  list: "listing",
  check: "checking",
  symbol: "lookingUp",
  picture: "viewing",
};

export function lookOf(item: ExplorationItem): Look {
  if (item.type === "imageView") {
    return { looking: "picture", name: item.path, path: item.path, note: "", failed: false };
  }
  const looking = kinds[item.tool] ?? "read";
  const args = argumentsOf(item.arguments);
  const failed = item.status === "failed" || item.success === false;
  const note = failed ? t("noAnswer") : "";
  const path = text(args, "path", "paths");
  if (looking === "read") return { looking, name: path, path, ...span(args), note: note || rangeOf(args), failed };
  if (looking === "search") {
    return { looking, name: text(args, "pattern"), note: note || matchesOf(item) || path, failed };
  }
  if (looking === "symbol") return { looking, name: text(args, "name", "symbol", "query"), note: note || path, failed };
  if (looking === "check") return { looking, name: t("problems"), note: note || path, failed };
  return { looking, name: path || ".", note, failed };
}

/** What was done, counted: "Read 4 files, searched 2 patterns". The same file or pattern counts once. */
export function summary(items: readonly ExplorationItem[]): string {
  const names = new Map<Looking, Set<string>>();
  for (const item of items) {
    const { looking, name } = lookOf(item);
    names.set(looking, (names.get(looking) ?? new Set()).add(name));
  }
  const parts = [...names].map(([looking, set]) => t(past[looking], { count: set.size }));
  return capitalised(parts.join(", "));
}

/** What is being done: "Reading backoff.ts". */
export function doing(item: ExplorationItem): string {
  const { looking, name } = lookOf(item);
  const short = looking === "read" || looking === "picture" ? (name.split(/[/\\]/).at(-1) ?? name) : name;
  return t(present[looking], { name: short });
}

export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The arguments as the model wrote them; anything that is no object counts as none. */
function argumentsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(args: Record<string, unknown>, ...names: string[]): string {
  const found = names.map((name) => args[name]).find((value) => typeof value === "string" || Array.isArray(value));
  return found === undefined ? "" : String(found);
}

function span(args: Record<string, unknown>): { line?: number } {
  const line = Number(args.offset);
  return Number.isInteger(line) && line > 0 ? { line } : {};
}

/** How much a search found, read from the output it gave the model: one "path:line: text" a match. */
function matchesOf({ contentItems }: Extract<ExplorationItem, { type: "dynamicToolCall" }>): string {
  const output = (contentItems ?? []).map((part) => (part.type === "inputText" ? part.text : "")).join("\n");
  if (output === "") return "";
  const files = output.split("\n").flatMap((line) => /^(.+?):\d+: /.exec(line)?.[1] ?? []);
  if (files.length === 0) return t("noMatches");
  return `${t("matches", { count: files.length })} ${t("inFiles", { count: new Set(files).size })}`;
}

function rangeOf(args: Record<string, unknown>): string {
  const from = Number(args.offset ?? 1);
  const limit = Number(args.limit);
  if (!Number.isInteger(from) || from < 1) return "";
  if (Number.isInteger(limit) && limit > 0) return `${from}–${from + limit - 1}`;
  return from > 1 ? `${from}–` : "";
}
