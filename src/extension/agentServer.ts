import { v7 } from "uuid";
import type { ModelClient, Provider } from "../core/model/client.ts";
import { createResponsesClient } from "../core/model/responses.ts";
import { pathsOf } from "../core/policy/paths.ts";
import type { Secrets } from "../core/policy/secrets.ts";
import baseInstructions from "../core/prompt/baseInstructions.md";
import type { AgentSettings } from "../core/settings.ts";
import type { Host } from "../host/host.ts";
import { systemClock } from "../host/node/systemClock.ts";
import { AppServer } from "../server/appServer.ts";
import type { Account } from "../server/handlers.ts";
import type { Settings } from "./settings.ts";

export interface AgentServerOptions {
  readonly host: Host;
  readonly version: string;
  /** Read anew each time. */
  settings(): Settings;
  trusted(): boolean;
  /** Asked anew for each request. */
  provider(): Promise<Provider>;
  readonly account: Account;
  readonly secrets: Secrets;
  log(fault: unknown): void;
}

/** The agent of this window, served to the panel and to the window's own parts. */
export function createAgentServer(options: AgentServerOptions): AppServer {
  const { host, version, settings, trusted, provider, account, secrets, log } = options;
  const model: ModelClient = createResponsesClient({
    provider,
    idleTimeoutMs: () => settings().streamIdleTimeoutMs,
    clock: systemClock,
  });
  return new AppServer({
    host,
    paths: pathsOf(host.platform),
    clock: systemClock,
    model,
    settings: () => ({ ...agentSettings(settings()), trusted: trusted() }),
    provider,
    baseInstructions,
    newId: () => v7(),
    random: Math.random,
    version,
    source: "vscode",
    log,
    unwatched: "wait",
    waiting: "start",
    account,
    secrets,
  });
}

/** The settings of this window as the agent has them. */
export function agentSettings(settings: Settings): Omit<AgentSettings, "trusted"> {
  const sandbox = {
    writableRoots: settings["sandbox.writableRoots"],
    network: settings["sandbox.network"],
    allowedHosts: settings["sandbox.allowedHosts"],
  };
  return { ...settings, editReview: settings["review.edits"], sandbox };
}
