import type { CommandImage } from "../../host/processes.ts";
import type { CommandRights } from "../../protocol/approvals.ts";
import { traitsOf } from "./commands/traitsOf.ts";

/**
 * A command as the user was asked about it. Right before it runs it is looked at again, and whatever differs asks again. That it runs once is what
 * its `Permit` is for. Edits have no need of either: they are made on exactly the bytes that they were planned on, or not at all.
 */
export interface FrozenApproval {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly rights: CommandRights;
  /** Where cwd leads, its variables and the files that its words name, at that moment. */
  readonly image: CommandImage;
  /** What of its programs and its repository the user should know, in sentences. */
  readonly notes: readonly string[];
}

/** What became different since `asked`, in sentences for the user; empty when what would run is what was shown. */
export function changesSince(asked: FrozenApproval, now: FrozenApproval): string[] {
  const changes: string[] = [];
  const say = (differs: boolean, sentence: string) => void (differs && changes.push(sentence));
  say(!same(asked.argv, now.argv), "The command is another one than you were asked about.");
  say(asked.cwd !== now.cwd, "The command would run in another folder than you were asked about.");
  say(
    asked.image.realCwd !== now.image.realCwd,
    `The folder ${asked.cwd} led to ${asked.image.realCwd} when you were asked, and leads to ${now.image.realCwd} now.`,
  );
  say(asked.image.environment !== now.image.environment, "The command's variables changed since you were asked.");
  say(!same(asked.rights, now.rights), "What the command may do changed since you were asked.");
  for (const path of new Set([...Object.keys(asked.image.files), ...Object.keys(now.image.files)]))
    say(asked.image.files[path] !== now.image.files[path], `${path} changed since you were asked.`);
  for (const name of new Set([...Object.keys(asked.image.programs), ...Object.keys(now.image.programs)]))
    say(
      !same(asked.image.programs[name], now.image.programs[name]),
      `The program "${name}" is another one than when you were asked.`,
    );
  const isNew = now.notes.some((note) => !asked.notes.includes(note));
  say(isNew && changes.length === 0, "There is more to know about it than when you were asked.");
  return changes;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const MAX_NAMES = 200;

/**
 * The words of a command line that may name files, with the folders that it goes to before them: each name is to be tried in each folder.
 * It is no parser, and takes too many words rather than too few.
 */
export function namesIn(argv: readonly string[]): {
  readonly names: readonly string[];
  readonly folders: readonly string[];
} {
  const words = argv.flatMap((word) => [word, ...wordsOf(word)]);
  const folders = words.flatMap((word, at) => (words[at - 1] === "cd" || words[at - 1] === "-C" ? [word] : []));
  const unnamed = words.flatMap((word) => traitsOf(word).files ?? []);
  const assigned = words.flatMap((word) => (word.includes("=") ? [word.slice(word.indexOf("=") + 1)] : []));
  const names = [...new Set([...words, ...unnamed, ...assigned])].filter((name) => name !== "" && !/[\0\n]/.test(name));
  return { names: names.slice(0, MAX_NAMES), folders: [...new Set(folders)].slice(0, 10) };
}

/** Those of the names that a shell would look for in PATH. */
export function programsIn(argv: readonly string[]): readonly string[] {
  return namesIn(argv).names.filter((name) => /^[\w.+-]+$/.test(name) && !/^\.*$/.test(name));
}

/** Words as a shell takes them apart, quotes and backslashes taken away. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s;|&()<>`'"\\])+/gs) ?? [];
  const bare = (quoted: string | undefined) => quoted?.replace(/\\(["\\$`])/g, "$1");
  return words.map((word) =>
    word.replace(
      /\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)"/gs,
      (_, one, plain, quoted) => one ?? plain ?? bare(quoted) ?? "",
    ),
  );
}
