import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { Clock } from "../../src/core/clock.ts";
import type { Provider } from "../../src/core/model/client.ts";
import { knownKeys } from "../../src/core/model/redactedModel.ts";
import { createResponsesClient } from "../../src/core/model/responses.ts";
import { pathsOf } from "../../src/core/policy/paths.ts";
import { Secrets } from "../../src/core/policy/secrets.ts";
import type { AgentSettings } from "../../src/core/settings.ts";
import type { Host } from "../../src/host/host.ts";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import type { UserInput } from "../../src/protocol/items.ts";
import type { NotificationMethod, NotificationParams, ServerNotification } from "../../src/protocol/methods.ts";
import type { OpenedThread } from "../../src/protocol/threadMethods.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import type { PendingApproval } from "../../src/protocol/threadView.ts";
import { type Client, connectClient } from "../../src/rpc/client.ts";
import { memoryTransports } from "../../src/rpc/memory.ts";
import { AppServer } from "../../src/server/appServer.ts";
import { ownMethods, wireProblems } from "../wire/wireCheck.ts";
import { createFakeClock, type FakeClock } from "./fakeClock.ts";
import { createMemoryHost } from "./memoryHost.ts";
import { type ModelServer, type Script, startModelServer } from "./modelServer.ts";
import { recorded, type TranscriptLine } from "./transcript.ts";

export interface PlayOptions {
  /** What the model answers. */
  readonly script: Script;
  readonly host?: Host;
  /** Read anew whenever they are used, so that a test can change them. */
  readonly settings?: Partial<AgentSettings>;
  readonly provider?: Partial<Provider>;
  readonly clock?: Clock;
  /** What the user answers to an approval; undefined leaves it open. Allows everything when absent. */
  readonly answer?: (asked: PendingApproval) => ApprovalAnswer | undefined | Promise<ApprovalAnswer | undefined>;
  /** Where an earlier play's model server goes on. */
  readonly server?: ModelServer;
  readonly unwatched?: "wait" | "decline";
  readonly waiting?: "start" | "keep";
  /** Ids that count, over all plays of this process, when absent; another process needs others. */
  readonly newId?: () => string;
  /** From 0 up to 1; always a half when absent. */
  readonly random?: () => number;
  /** "ends" keeps no transcript, and of what nobody waits for only the ends of turns: for a test that measures memory. */
  readonly keep?: "all" | "ends";
  /** What the server says it is; "0.0.0" when absent. */
  readonly version?: string;
}

/** A server driven over its wire, with a scripted model behind it: everything is real but the model. */
export interface Play {
  readonly client: Client;
  readonly server: ModelServer;
  readonly app: AppServer;
  readonly host: Host;
  readonly transcript: readonly TranscriptLine[];
  readonly faults: readonly unknown[];
  /** Starts a thread. */
  start(): Promise<OpenedThread>;
  /** Sends a message and resolves with the turn as it ended. */
  say(threadId: string, input: string | UserInput[]): Promise<Turn>;
  /** Resolves with the next notification of this method that fits, also one that came already and was not awaited. */
  told<M extends NotificationMethod>(
    method: M,
    fits?: (params: NotificationParams<M>) => boolean,
  ): Promise<NotificationParams<M>>;
  /** A further client, connected and initialised. */
  join(answer?: PlayOptions["answer"]): Promise<Client>;
  /** Ends everything; fails when the model server saw a wrong request or the server logged a fault. */
  close(): Promise<void>;
}

export const baseInstructions = fs.readFileSync(
  path.join(import.meta.dirname, "../../src/core/prompt/baseInstructions.md"),
  "utf8",
);

export async function play(options: PlayOptions): Promise<Play> {
  const host = options.host ?? createMemoryHost();
  const server = options.server ?? (await startModelServer({ script: options.script }));
  const clock = options.clock ?? createFakeClock();
  const faults: unknown[] = [];
  const app = appServer({ options, host, server, clock, faults });
  const transcript: TranscriptLine[] = [];
  const heard = new Heard(options.keep ?? "all");
  const client = await connectTo(app, {
    transcript: options.keep === "ends" ? undefined : transcript,
    heard,
    answer: options.answer ?? (() => ({ decision: "accept" })),
  });
  return {
    client,
    server,
    app,
    host,
    transcript,
    faults,
    start: () => client.request("thread/start", {}),
    async say(threadId, input) {
      const content = typeof input === "string" ? [{ type: "text" as const, text: input }] : input;
      const { turn } = await client.request("turn/start", { threadId, input: content });
      const ended = await heard.told("turn/completed", (params) => params.turn.id === turn.id);
      return ended.turn;
    },
    told: (method, fits) => heard.told(method, fits),
    join: (answer) =>
      connectTo(app, { transcript: undefined, heard: new Heard("all"), answer: answer ?? (() => undefined) }),
    async close() {
      await app.dispose();
      if (!options.server) await server.close();
      assert.deepEqual(faults, []);
      assert.deepEqual(wireProblems(transcript, ownMethods), []);
    },
  };
}

interface Parts {
  readonly options: PlayOptions;
  readonly host: Host;
  readonly server: ModelServer;
  readonly clock: Clock;
  readonly faults: unknown[];
}

function appServer({ options, host, server, clock, faults }: Parts): AppServer {
  const settings = (): AgentSettings => ({
    model: "gpt-6.1-sol",
    approvalPolicy: "on-request",
    sandboxMode: "workspace-write",
    maxRetries: 3,
    trusted: true,
    ...options.settings,
  });
  const secrets = new Secrets();
  const provider = knownKeys(
    async (): Promise<Provider> => ({
      name: "openai",
      baseUrl: server.baseUrl,
      apiKey: server.apiKey,
      ...options.provider,
    }),
    secrets,
  );
  return new AppServer({
    host,
    paths: pathsOf(host.platform),
    clock,
    model: createResponsesClient({ provider, idleTimeoutMs: () => 60_000, clock }),
    settings,
    provider,
    secrets,
    baseInstructions,
    newId: options.newId ?? countedId,
    random: options.random ?? (() => 0.5),
    version: options.version ?? "0.0.0",
    source: "vscode",
    log: (fault) => faults.push(fault),
    unwatched: options.unwatched ?? "decline",
    waiting: options.waiting ?? "start",
    account: { login: async () => {}, logout: async () => {} },
  });
}

interface ClientParts {
  readonly transcript: TranscriptLine[] | undefined;
  readonly heard: Heard;
  readonly answer: NonNullable<PlayOptions["answer"]>;
}

async function connectTo(app: AppServer, { transcript, heard, answer }: ClientParts): Promise<Client> {
  const [near, far] = memoryTransports();
  app.connect(far);
  const client = connectClient(transcript ? recorded(near, transcript) : near, {
    onNotification: (notification) => heard.hear(notification),
    async onServerRequest(asked) {
      const given = await answer(asked);
      return given ?? new Promise(() => {});
    },
  });
  await client.request("initialize", { clientInfo: { name: "play", title: null, version: "0" }, capabilities: null });
  await client.notify("initialized");
  return client;
}

/** Over all plays of a process, so that no two threads or turns share an id. */
let ids = 0;

function countedId(): string {
  return `00000000-0000-7000-8000-${String(++ids).padStart(12, "0")}`;
}

/** Notifications, each given out once to whoever asks for it, in order. */
class Heard {
  readonly #waiting: { fits: (notification: ServerNotification) => boolean; told: (params: never) => void }[] = [];
  readonly #early: ServerNotification[] = [];
  readonly #keep: "all" | "ends";

  constructor(keep: "all" | "ends") {
    this.#keep = keep;
  }

  hear(notification: ServerNotification): void {
    const at = this.#waiting.findIndex(({ fits }) => fits(notification));
    if (at < 0 && this.#keep === "ends" && notification.method !== "turn/completed") return;
    if (at < 0) this.#early.push(notification);
    else this.#waiting.splice(at, 1)[0]?.told(notification.params as never);
  }

  told<M extends NotificationMethod>(method: M, fits: (params: NotificationParams<M>) => boolean = () => true) {
    const wanted = (one: ServerNotification) => one.method === method && fits(one.params as NotificationParams<M>);
    const at = this.#early.findIndex(wanted);
    if (at >= 0) return Promise.resolve(this.#early.splice(at, 1)[0]?.params as NotificationParams<M>);
    return new Promise<NotificationParams<M>>((told) => this.#waiting.push({ fits: wanted, told }));
  }
}

/** The clock of a play that was not given one. */
export type { FakeClock };
