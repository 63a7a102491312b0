import process from "node:process";
import { v7 } from "uuid";
import { knownKeys } from "../core/model/redactedModel.ts";
import { createResponsesClient } from "../core/model/responses.ts";
import { pathsOf } from "../core/policy/paths.ts";
import { Secrets } from "../core/policy/secrets.ts";
import baseInstructions from "../core/prompt/baseInstructions.md";
import type { Host } from "../host/host.ts";
import { secretValues } from "../host/node/environment.ts";
import { systemClock } from "../host/node/systemClock.ts";
import { AgentError } from "../protocol/errors.ts";
import type { Thread } from "../protocol/threads.ts";
import { AppServer } from "../server/appServer.ts";
import type { LocalKey } from "./localKey.ts";
import type { LocalSettings } from "./settings.ts";
import { version } from "./version.ts";

const ENVIRONMENT_HAS_KEY = "The environment has a key, too. Unset OPENAI_API_KEY and CODEX_API_KEY.";

export interface LocalServerOptions {
  readonly host: Host;
  readonly settings: LocalSettings;
  readonly key: LocalKey;
  /** What starts the threads. */
  readonly source: Thread["source"];
  readonly log: (fault: unknown) => void;
}

/** The agent of this process, without an editor. */
export function createLocalServer({ host, settings, key, source, log }: LocalServerOptions): AppServer {
  const secrets = new Secrets(secretValues(process.env));
  const provider = knownKeys(async () => ({ ...settings.provider, apiKey: await key.read() }), secrets);
  const idleTimeoutMs = () => settings.streamIdleTimeoutMs;
  const server = new AppServer({
    host,
    paths: pathsOf(host.platform),
    clock: systemClock,
    model: createResponsesClient({ provider, idleTimeoutMs, clock: systemClock }),
    settings: () => settings.agent,
    provider,
    secrets,
    baseInstructions,
    newId: () => v7(),
    random: Math.random,
    version,
    source,
    log,
    unwatched: "decline",
    waiting: source === "exec" ? "keep" : "start",
    account: {
      async login(apiKey) {
        await key.store(apiKey);
        server.keyChanged("present");
      },
      async logout() {
        await key.forget();
        if (await key.read()) throw new AgentError("unsupported", ENVIRONMENT_HAS_KEY);
        server.keyChanged("absent");
      },
    },
  });
  return server;
}
