import * as vscode from "vscode";
import { createDemoFetch, createPace } from "../core/model/demo/demoFetch.ts";
import { knownKeys } from "../core/model/redactedModel.ts";
import { Secrets } from "../core/policy/secrets.ts";
import { secretValues } from "../host/node/environment.ts";
import { systemClock } from "../host/node/systemClock.ts";
import { createAgentServer } from "./agentServer.ts";
import { ApiKey } from "./apiKey.ts";
import { readSettings } from "./configuration.ts";
import { createLog } from "./log.ts";
import { ModelChoice } from "./modelChoice.ts";
import { findSample } from "./sample.ts";
import { type OpenedWindow, openWindow } from "./window.ts";
import { createWindowHost } from "./windowHost.ts";

/** Ends what activation started; the editor awaits it. */
let stop: (() => Promise<void>) | undefined;

export async function activate({ extension, secrets, workspaceState, subscriptions }: vscode.ExtensionContext) {
  const hidden = new Secrets(secretValues(process.env));
  const log = createLog(hidden);
  const host = await createWindowHost({ environment: process.env, secrets: hidden, log });
  const apiKey = new ApiKey(secrets, process.env);
  const sample = await findSample(workspaceState);
  const demoFetch = createDemoFetch(createPace(systemClock));
  const model = new ModelChoice({ apiKey, sample, environment: process.env, demoFetch });
  const server = createAgentServer({
    host: host.host,
    version: extension.packageJSON.version,
    settings: readSettings,
    trusted: () => vscode.workspace.isTrusted,
    provider: knownKeys(() => model.provider(), hidden),
    secrets: hidden,
    account: { login: (key) => apiKey.store(key), logout: () => apiKey.remove() },
    log: log.fault,
  });
  let window: OpenedWindow | undefined;
  stop = async () => {
    // First of all, so that turns that end with the window do not look as if the user had ended them.
    const closed = window?.close();
    await Promise.all([closed, server.dispose(), host.endProcesses()]);
    await host.stop();
  };
  subscriptions.push(log, host, model);
  window = await openWindow({ extension, host, server, model, apiKey, log, secrets: hidden });
}

export async function deactivate(): Promise<void> {
  await stop?.();
}
