import path from "node:path";
import type { Provider } from "../core/model/client.ts";
import type { AgentSettings, SandboxSettings } from "../core/settings.ts";
import { realOrSame } from "../host/node/realPath.ts";
import { type Config, mergedConfig, parseOverrides, readConfigFile } from "./config.ts";
import { UsageError } from "./usageError.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What a command of the terminal works with, from its options, the environment and the user's file, in this order. */
export interface LocalSettings {
  /** PATCHWRIGHT_HOME: everything that is kept. */
  readonly home: string;
  readonly agent: AgentSettings;
  /** Without its key. */
  readonly provider: Omit<Provider, "apiKey">;
  readonly streamIdleTimeoutMs: number;
  /** Names of variables that commands get beside the usual ones. */
  readonly commandEnvironment: readonly string[];
  /** Sentences for the user. */
  readonly warnings: readonly string[];
}

export interface SettingsChoice {
  readonly environment: Environment;
  /** The user's home folder. */
  readonly userHome: string;
  /** From --config. */
  readonly overrides: readonly string[];
  /** False when nobody is there to be asked: how the file has things approved and reviewed, which is for somebody who is, does not count then. */
  readonly attended: boolean;
}

const KEY_ADVICE = "set one with the command `patchwright login` or the environment variable OPENAI_API_KEY";

/** Throws UsageError when the file or an option is wrong. */
export async function readSettings({
  environment,
  userHome,
  overrides,
  attended,
}: SettingsChoice): Promise<LocalSettings> {
  const home = homeOf(environment, userHome);
  const given = parseOverrides(overrides);
  const file = await readConfigFile(home);
  const config = mergedConfig(file.config, given.config);
  const unattended = {
    approval_policy: given.config.approval_policy ?? "never",
    edit_review: given.config.edit_review ?? "after",
  } as const;
  return {
    home,
    agent: agentSettings(attended ? config : { sandbox_mode: "read-only", ...config, ...unattended }),
    provider: providerOf({ file: file.config, overrides: given.config, environment }),
    commandEnvironment: config.command_environment ?? [],
    streamIdleTimeoutMs: config.stream_idle_timeout_ms ?? 300_000,
    warnings: [...file.warnings, ...given.warnings, ...unusedSettings(config)],
  };
}

/** PATCHWRIGHT_HOME, absolute. */
export function homeOf({ PATCHWRIGHT_HOME }: Environment, userHome: string): string {
  return path.resolve(PATCHWRIGHT_HOME?.trim() || path.join(userHome, ".patchwright"));
}

function agentSettings(config: Config): AgentSettings {
  return {
    model: config.model,
    effort: config.model_reasoning_effort,
    contextWindow: config.model_context_window,
    approvalPolicy: config.approval_policy ?? "on-request",
    sandboxMode: config.sandbox_mode ?? "workspace-write",
    editReview: config.edit_review,
    sandbox: sandboxSettings(config),
    developerInstructions: config.developer_instructions,
    baseInstructionsFile: config.model_instructions_file,
    projectDocFallbackFilenames: config.project_doc_fallback_filenames,
    maxRetries: maxRetries(config),
    trusted: true,
    projects: trustLevels(config),
    realFolder: realOrSame,
    trustIsIn: "config.toml",
  };
}

function trustLevels({ projects = {} }: Config): AgentSettings["projects"] {
  const levels = Object.entries(projects).map(([folder, { trust_level }]) => [folder, trust_level ?? "trusted"]);
  return Object.fromEntries(levels);
}

function sandboxSettings({ sandbox_workspace_write: given = {} }: Config): SandboxSettings {
  const { writable_roots = [], network_access, allowed_hosts, exclude_tmpdir_env_var, exclude_slash_tmp } = given;
  return {
    writableRoots: writable_roots,
    network: network_access ? "on" : allowed_hosts ? "asks" : "off",
    allowedHosts: allowed_hosts ?? [],
    excludeTmpdirEnvVar: exclude_tmpdir_env_var,
    excludeSlashTmp: exclude_slash_tmp,
  };
}

/** A turn has one budget for retries of both kinds: the smaller of the limits that are given holds for it. */
function maxRetries({ request_max_retries: request, stream_max_retries: stream }: Config): number {
  const given = [request, stream].filter((limit) => limit !== undefined);
  return given.length > 0 ? Math.min(...given) : 5;
}

interface Sources {
  readonly file: Config;
  readonly overrides: Config;
  readonly environment: Environment;
}

function providerOf({ file, overrides, environment }: Sources): LocalSettings["provider"] {
  const { OPENAI_BASE_URL } = environment;
  const address =
    overrides.openai_base_url ?? (OPENAI_BASE_URL?.trim() || file.openai_base_url) ?? "https://api.openai.com/v1";
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`OPENAI_BASE_URL: "${address}" is not an address that begins with https:// or http://.`);
  return {
    name: url.hostname === "api.openai.com" ? "openai" : url.hostname,
    baseUrl: address.replace(/\/+$/, ""),
    keyAdvice: KEY_ADVICE,
  };
}

/** Settings that are understood and cannot be kept to yet. */
function unusedSettings(config: Config): string[] {
  const found: string[] = [];
  if (config.web_search && config.web_search !== "disabled")
    found.push(`web_search = "${config.web_search}" has no effect yet: Patchwright cannot search the web.`);
  return found;
}
