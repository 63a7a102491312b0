import { parseArgs } from "node:util";
import { type SandboxMode, sandboxMode } from "../protocol/settings.ts";
import { usageErrors } from "./options.ts";
import { UsageError } from "./usageError.ts";

export interface ExecArgs {
  /** "-" and undefined: standard input. */
  readonly prompt: string | undefined;
  /** The thread to go on with; "last" is the newest one of the folder. */
  readonly resume: { readonly id: string } | "last" | undefined;
  /** True to go on with a copy of the thread, which itself stays as it is. */
  readonly fork: boolean;
  readonly json: boolean;
  readonly model: string | undefined;
  readonly sandbox: SandboxMode | undefined;
  readonly cd: string | undefined;
  readonly addDirs: readonly string[];
  readonly skipGitRepoCheck: boolean;
  readonly outputSchema: string | undefined;
  readonly config: readonly string[];
  readonly threadSource: string | undefined;
  readonly images: readonly string[];
  readonly help: boolean;
}

export const execUsage = `Usage: patchwright exec [options] [PROMPT]
       patchwright exec [options] resume THREAD_ID [PROMPT]
       patchwright exec [options] resume --last [PROMPT]

Runs one turn and prints the answer. The prompt comes from standard input when it is "-" or missing; what is piped in beside a
prompt is added to it.

  --json                     events on standard output, one JSON object a line (also --experimental-json)
  -m, --model M              the model
  -s, --sandbox MODE         read-only (the default), workspace-write or danger-full-access, which does without the sandbox
  --last                     with resume: the newest thread of the folder; patchwright threads lists them
  --fork                     with resume: goes on with a copy; the thread stays as it is, and may be open in another window or program
  -C, --cd DIR               the folder to work in
  --add-dir DIR              one more folder of the workspace; may be repeated
  --skip-git-repo-check      also work outside a git repository
  --output-schema FILE       a JSON Schema that the answer keeps to
  -c, --config KEY=VALUE     a setting as in config.toml, its value in TOML; may be repeated
  --thread-source S          what started this thread, for programs that list threads
  -i, --image FILE           a picture for the model; may be repeated

Exit codes: 0 the turn is complete, 1 it failed or the thread is unknown, 2 the arguments or the settings are wrong.`;

const flag = { type: "boolean", default: false } as const;
const text = { type: "string" } as const;
const list = { type: "string", multiple: true, default: [] as string[] } as const;
const options = {
  json: flag,
  "experimental-json": flag,
  model: { ...text, short: "m" },
  sandbox: { ...text, short: "s" },
  cd: { ...text, short: "C" },
  "add-dir": list,
  last: flag,
  fork: flag,
  "skip-git-repo-check": flag,
  "output-schema": text,
  config: { ...list, short: "c" },
  "thread-source": text,
  image: { ...list, short: "i" },
  help: { ...flag, short: "h" },
} as const;

/** Throws UsageError. Options may stand anywhere; what follows "--" is the prompt, also when it reads "resume". */
export function parseExecArgs(args: readonly string[]): ExecArgs {
  const { values, tokens } = usageErrors(() =>
    parseArgs({ args: [...args], options, allowPositionals: true, tokens: true }),
  );
  const end = tokens.find((token) => token.kind === "option-terminator")?.index ?? Number.POSITIVE_INFINITY;
  const positionals = tokens.filter((token) => token.kind === "positional");
  const resumes = positionals[0]?.value === "resume" && positionals[0].index < end;
  const words = positionals.map(({ value }) => value);
  if (values.last && !resumes) throw new UsageError("--last goes with resume: exec resume --last.");
  if (values.fork && !resumes) throw new UsageError("--fork goes with resume: exec resume --fork THREAD_ID.");
  const [thread, prompt, surplus] =
    resumes && !values.last ? words.slice(1) : [undefined, ...words.slice(resumes ? 1 : 0)];
  if (resumes && !values.last && !thread && !values.help)
    throw new UsageError("exec resume needs a thread: exec resume THREAD_ID, or exec resume --last.");
  if (surplus !== undefined)
    throw new UsageError(
      `There is one prompt; "${surplus}" is one too many. Put quotes around a prompt of several words.`,
    );
  return {
    prompt,
    resume: values.last ? "last" : thread ? { id: thread } : undefined,
    fork: values.fork,
    json: values.json || values["experimental-json"],
    model: notEmpty("model", values.model),
    sandbox: parseSandbox(values.sandbox),
    cd: notEmpty("cd", values.cd),
    addDirs: values["add-dir"],
    skipGitRepoCheck: values["skip-git-repo-check"],
    outputSchema: notEmpty("output-schema", values["output-schema"]),
    config: values.config,
    threadSource: values["thread-source"],
    images: values.image,
    help: values.help,
  };
}

function parseSandbox(given: string | undefined): SandboxMode | undefined {
  if (given === undefined) return undefined;
  const parsed = sandboxMode.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new UsageError(`--sandbox takes ${sandboxMode.options.join(", ")}, and not "${given}".`);
}

function notEmpty(name: string, value: string | undefined): string | undefined {
  if (value === "") throw new UsageError(`--${name} needs a value.`);
  return value;
}
