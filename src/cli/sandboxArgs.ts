import { parseArgs } from "node:util";
import { usageErrors } from "./options.ts";
import { UsageError } from "./usageError.ts";

export interface SandboxArgs {
  /** Undefined: as the settings have it. */
  readonly mode: "read-only" | "workspace-write" | undefined;
  readonly cd: string | undefined;
  readonly addDirs: readonly string[];
  /** Undefined: as the settings have it. */
  readonly network: "off" | "on" | undefined;
  /** Undefined when only help is asked for. */
  readonly argv: readonly [string, ...string[]] | undefined;
}

export const sandboxUsage = `Usage: patchwright sandbox [options] -- COMMAND [ARGUMENTS]

Runs one command in the sandbox, as the agent's run, with the input and output of the terminal. What the options leave open stands in config.toml.

  -s, --sandbox MODE     read-only or workspace-write; the latter unless config.toml has the former
  -C, --cd DIR           the folder to work in, which the command may write to
  --add-dir DIR          one more such folder; may be repeated
  --network off|on       whether the command has the network of this machine; without it config.toml says, and off unless it does

Exit codes: the command's own, or 128 and the number of the signal that ended it; 127 there is no such program, 126 it cannot be run;
1 there is no sandbox; 2 the arguments are wrong.`;

const text = { type: "string" } as const;
const options = {
  sandbox: { ...text, short: "s" },
  cd: { ...text, short: "C" },
  "add-dir": { ...text, multiple: true, default: [] as string[] },
  network: text,
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Throws UsageError. */
export function parseSandboxArgs(args: readonly string[]): SandboxArgs {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  // Looked for first: the options of a command without dashes would be complained of as unknown ones.
  const [stray] = parseArgs({ args: [...own], options, allowPositionals: true, strict: false }).positionals;
  if (stray !== undefined) throw new UsageError(`The command stands after --: patchwright sandbox -- ${stray} ...`);
  const { values } = usageErrors(() => parseArgs({ args: [...own], options }));
  const [program, ...words] = end < 0 ? [] : args.slice(end + 1);
  if (program === undefined && !values.help) throw new UsageError("Name the command to run, after --.");
  if (values.sandbox === "danger-full-access")
    throw new UsageError("--sandbox danger-full-access is no sandbox: run the command by itself.");
  return {
    mode: oneOf(["read-only", "workspace-write"], values.sandbox, "--sandbox"),
    cd: values.cd,
    addDirs: values["add-dir"],
    network: oneOf(["off", "on"], values.network, "--network"),
    argv: values.help || program === undefined ? undefined : [program, ...words],
  };
}

function oneOf<const T extends string>(
  allowed: readonly T[],
  value: string | undefined,
  option: string,
): T | undefined {
  if (value === undefined) return undefined;
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new UsageError(`${option} is ${allowed.join(" or ")}, not "${value}".`);
  return found;
}
