/** What a tool's output says, or why the script cannot go on with it: a sentence for the user. */
export type Read<T> = T | Stop;

export interface Stop {
  readonly stop: string;
}

/** A command that ended, or one that goes on. */
export type CommandOutput =
  | { readonly state: "ended"; readonly exitCode: number; readonly text: string }
  | { readonly state: "running"; readonly sessionId: number; readonly text: string };

export interface TestRun {
  readonly exitCode: number;
  readonly passed: number;
  readonly failed: number;
  readonly text: string;
}

/** The one failing test of a run. */
export interface Failure {
  readonly name: string;
  /** Relative, with "/". */
  readonly path: string;
  /** Of the assertion, counting from 1. */
  readonly line: number;
  /** Such as "true !== false"; empty when the run does not say. */
  readonly comparison: string;
}

/** A file's lines by their numbers, which count from 1. */
export type Lines = ReadonlyMap<number, string>;

export interface Match {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** The script met something that it does not know. */
export function unexpected(expected: string, got: string): Stop {
  return {
    stop: `The demo expected ${expected}, but got ${got}. It only knows the sample's own bugs, so it stops here.`,
  };
}

/** A declined call is the user's decision: the script asks for nothing else instead. */
export function declineOf(output: string, what: string): Stop | undefined {
  const words = /^The user declined this and said: ([\s\S]*)/.exec(output)?.[1];
  if (words)
    return {
      stop: `You declined ${what} and said: “${words}” The demo is a script and cannot follow that, so it stops here.`,
    };
  if (/^Not run: a rule of the user denies/.test(output))
    return {
      stop: `A rule of yours denies ${what}, so the demo stops here. *Show Rules* lists it, to change or delete it.`,
    };
  if (/^The user declined|declined/.test(firstLine(output)))
    return { stop: `${capital(what)} was declined, so the demo stops here.` };
  return undefined;
}

/** The output of `exec_command` or `write_stdin`. */
export function readCommand(output: string, what: string): Read<CommandOutput> {
  const text = plain(output.slice(output.indexOf("\nOutput:\n") + "\nOutput:\n".length));
  const exitCode = /^Exit code: (\d+)$/m.exec(firstLine(output))?.[1];
  if (exitCode) return { state: "ended", exitCode: Number(exitCode), text };
  const sessionId = /^Still running with session ID (\d+)/.exec(output)?.[1];
  if (sessionId) return { state: "running", sessionId: Number(sessionId), text };
  return declineOf(output, what) ?? unexpected(`the output of ${what}`, quoted(output));
}

/** What the test runner of Node reports at its end. */
export function readTestRun(exitCode: number, text: string): Read<TestRun> {
  const count = (name: string) => Number(new RegExp(`^\\S+ ${name} (\\d+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  const run = { exitCode, passed: count("pass"), failed: count("fail"), text };
  if (Number.isNaN(run.passed) || Number.isNaN(run.failed)) {
    return unexpected("a count of passed and failed tests from `npm test`", quoted(text));
  }
  return run;
}

export function readFailure({ text }: TestRun): Read<Failure> {
  const list = text.slice(text.indexOf("failing tests:"));
  const names = [...list.matchAll(/^\S (.+) \([\d.]+ms\)$/gm)].map(([, name]) => name!);
  if (names.length !== 1) {
    return unexpected("one failing test", names.length === 0 ? quoted(text) : `${names.length}: ${names.join(", ")}`);
  }
  const place = /(test[\\/][\w./\\-]+\.test\.ts):(\d+):\d+\)/.exec(list);
  if (!place) return unexpected(`the place where “${names[0]}” fails`, quoted(list));
  const comparison = /^\s*(\S+ !== \S+)\s*$/m.exec(list)?.[1] ?? "";
  return { name: names[0]!, path: place[1]!.replaceAll("\\", "/"), line: Number(place[2]), comparison };
}

/** The output of `read_file`. */
export function readLines(output: string, path: string): Read<Lines> {
  const lines = [...output.matchAll(/^(\d+)\t(.*)$/gm)].map(([, number, text]): [number, string] => [
    Number(number),
    text!,
  ]);
  return lines.length > 0 ? new Map(lines) : unexpected(`the text of ${path}`, quoted(output));
}

/** The output of `search_text`. */
export function readMatches(output: string): Match[] {
  return [...output.matchAll(/^(.+?):(\d+): (.*)$/gm)].map(([, path, line, text]) => ({
    path: path!.replaceAll("\\", "/"),
    line: Number(line),
    text: text!,
  }));
}

/** Problems by their place, as `read_diagnostics` and the messages of the editor's code actions name them. */
export function readProblems(text: string): Match[] {
  const found = text.matchAll(/^(.+?):(\d+):\d+: (?:error|warning|information|hint)\b(?: \([^)]*\))?: (.*)$/gm);
  return [...found].map(([, path, line, message]) => ({
    path: path!.replaceAll("\\", "/"),
    line: Number(line),
    text: message!,
  }));
}

/** The beginning of an output, for a sentence. */
export function quoted(output: string): string {
  const line = output.replace(/\s+/g, " ").trim();
  if (line === "") return "nothing";
  return `“${line.length > 300 ? `${line.slice(0, 300).toWellFormed()}…` : line}”`;
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");

/** What a terminal shows, without its colours and with plain line ends. */
function plain(text: string): string {
  return text.replace(colours, "").replaceAll("\r\n", "\n");
}

/** Code within a sentence, also when it has backticks in it. */
export function inlineCode(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
