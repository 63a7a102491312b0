import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse, TomlError } from "smol-toml";
import * as z from "zod";
import { isHostPattern } from "../core/policy/hosts.ts";
import { approvalPolicy, editReview, sandboxMode } from "../protocol/settings.ts";
import { UsageError } from "./usageError.ts";

const count = z.int().min(0).max(100);

/** The keys of config.toml and of --config. What is not listed is named in a warning, since it may be meant for a later version. */
const configShape = z.object({
  model: z.string().min(1),
  model_provider: z.literal("openai"),
  model_reasoning_effort: z.string().min(1),
  model_context_window: z.int().min(1000),
  openai_base_url: z.url({ protocol: /^https?$/ }),
  approval_policy: approvalPolicy,
  sandbox_mode: sandboxMode,
  edit_review: editReview,
  sandbox_workspace_write: z
    .object({
      writable_roots: z.array(z.string()),
      network_access: z.boolean(),
      exclude_tmpdir_env_var: z.boolean(),
      exclude_slash_tmp: z.boolean(),
      /** An addition of Patchwright: without network access, the hosts that are reached all the same, as rules name them; for any other the user is asked. */
      allowed_hosts: z.array(z.string().refine(isHostPattern, "it is no name or address of a host")),
    })
    .partial(),
  web_search: z.enum(["disabled", "cached", "live"]),
  stream_idle_timeout_ms: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  request_max_retries: count,
  stream_max_retries: count,
  developer_instructions: z.string(),
  model_instructions_file: z.string().min(1),
  project_doc_fallback_filenames: z.array(z.string()),
  /** Names of variables that commands get beside the usual ones. */
  command_environment: z.array(z.string()),
  /** By the absolute path of a folder. */
  projects: z.record(z.string(), z.object({ trust_level: z.enum(["trusted", "untrusted"]) }).partial()),
});
const partialConfig = configShape.partial();
export type Config = z.infer<typeof partialConfig>;

export interface ReadConfig {
  readonly config: Config;
  /** Sentences for the user. */
  readonly warnings: readonly string[];
}

/** The user's own file; empty when there is none. Throws UsageError when it cannot be read or a value is wrong. */
export async function readConfigFile(home: string): Promise<ReadConfig> {
  const file = path.join(home, "config.toml");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw new UsageError(`${file} cannot be read: ${error.message}`);
  });
  return checked(parseToml(text, file), file);
}

/** What the --config options say, later ones over earlier ones. Throws UsageError. */
export function parseOverrides(pairs: readonly string[]): ReadConfig {
  const tables = pairs.map(parseOverride);
  return checked(tables.reduce(merged, {}), "--config");
}

type Table = Record<string, unknown>;

/** `a.b=VALUE`, the value in TOML; one that is not TOML is the text as it stands, so that no shell needs quotes within quotes. */
function parseOverride(pair: string): Table {
  const at = pair.indexOf("=");
  const key = at < 1 ? undefined : parseOne(`${pair.slice(0, at)} = 0`);
  if (!key) throw new UsageError(`--config takes KEY=VALUE, such as --config model="gpt-5.4", and not "${pair}".`);
  const text = pair.slice(at + 1).trim();
  return withLeaf(key, parseOne(`value = ${text}`)?.value ?? text);
}

/** A document of one line; undefined when it is none. */
function parseOne(line: string): Table | undefined {
  try {
    const table = parse(line);
    return Object.keys(table).length === 1 ? table : undefined;
  } catch {
    return undefined;
  }
}

/** The table that has one key at each level, with another value at its end. */
function withLeaf(table: Table, value: unknown): Table {
  return Object.fromEntries(
    Object.entries(table).map(([key, child]) => [key, isTable(child) ? withLeaf(child, value) : value]),
  );
}

function parseToml(text: string, file: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what = ""] = error.message.replace(/^Invalid TOML document: /, "").split("\n");
    throw new UsageError(`${file}, line ${error.line}, column ${error.column}: it is not TOML: ${what}.`);
  }
}

function checked(table: Table, source: string): ReadConfig {
  const parsed = partialConfig.safeParse(table);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${source}: ${issue.path.join(".")}: ${issue.message}.`);
    throw new UsageError(problems.join("\n"));
  }
  const unknown = unknownKeys(table, parsed.data);
  return {
    config: parsed.data,
    warnings: unknown.map((key) => `${source}: there is no setting "${key}" in this version, so it is ignored.`),
  };
}

/** The keys that the shape left out, dotted; only the uppermost of a table that is unknown as a whole. */
function unknownKeys(given: Table, known: Table, prefix = ""): string[] {
  return Object.entries(given).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    if (!Object.hasOwn(known, key)) return [name];
    const child = known[key];
    return isTable(value) && isTable(child) ? unknownKeys(value, child, `${name}.`) : [];
  });
}

function merged(under: Table, over: Table): Table {
  const result = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const old = result[key];
    result[key] = isTable(old) && isTable(value) ? merged(old, value) : value;
  }
  return result;
}

/** One setting from two places: tables are joined, any other value of `over` counts. */
export function mergedConfig(under: Config, over: Config): Config {
  return merged(under, over) as Config;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
