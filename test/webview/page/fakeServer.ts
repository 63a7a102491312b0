import type { UserInput } from "../../../src/protocol/items.ts";
import type { ListedModel } from "../../../src/protocol/methods.ts";
import { policyOfMode } from "../../../src/protocol/settings.ts";
import type { OpenedThread } from "../../../src/protocol/threadMethods.ts";
import type { Thread } from "../../../src/protocol/threads.ts";
import { connect, RpcError } from "../../../src/rpc/connection.ts";
import type { Transport } from "../../../src/rpc/transport.ts";
import { later } from "./later.ts";
import { answerReview } from "./review.ts";
import { answerRules } from "./rules.ts";
import type { Scene } from "./scene.ts";
import { sentAnswer } from "./sent.ts";

interface Received {
  method: string;
  params: unknown;
}

interface Waiting {
  id: string;
  [more: string]: unknown;
}

/** The far end of the panel's connection, played from a scene: it answers requests from the scene's data and keeps what it was asked. */
export class FakeServer {
  /** Every request and notification of the panel, in order. */
  readonly received: Received[] = [];
  /** The panel's answers to the questions put to it, by item. */
  readonly answers: { itemId: string; answer: unknown }[] = [];
  /** Methods that fail, with the message they fail with. */
  readonly failures: Record<string, string> = {};
  /** The id of the panel's loading, which every message to it carries. */
  page: unknown;
  /** Answers what the scene is silent about, from now on. */
  readonly speak: () => void;
  readonly #scene: Scene;
  readonly #connection;
  /** What waits, as it was told last. */
  #waiting: Waiting[] = [];
  #kept = 0;

  constructor(transport: Transport, scene: Scene) {
    this.#scene = scene;
    const silence = Promise.withResolvers<void>();
    this.speak = silence.resolve;
    this.#connection = connect(transport, {
      onRequest: async ({ method, params }) => {
        this.received.push({ method, params });
        if (method === scene.silent) await silence.promise;
        const failure = this.failures[method];
        if (failure) throw new RpcError(-32000, failure);
        return this.#answer(method, (params ?? {}) as Record<string, unknown>);
      },
      onNotification: (method, params) => {
        this.received.push({ method, params });
      },
    });
  }

  notify(method: string, params: unknown): void {
    if (method === "thread/queue/changed")
      this.#waiting = (params as { queuedSubmissions: Waiting[] }).queuedSubmissions;
    void this.#connection.notify(method, params);
  }

  /** Asks the panel and keeps its answer. Resolves with the request's id. */
  ask(method: string, params: { itemId: string }): number {
    const { id, answer } = this.#connection.request(method, params);
    answer.then(
      (given) => this.answers.push({ itemId: params.itemId, answer: given }),
      () => {},
    );
    return id;
  }

  requests(method: string): unknown[] {
    return this.received.filter((each) => each.method === method).map(({ params }) => params);
  }

  #answer(method: string, params: Record<string, unknown>): unknown {
    const { scene } = { scene: this.#scene };
    const tell = (told: string, about: unknown) => this.notify(told, about);
    const answered = answerReview(scene, { method, params }, tell) ?? answerRules(scene, { method, params }, tell);
    if (answered) return answered;
    switch (method) {
      case "initialize":
        return {
          userAgent: "fake",
          codexHome: "/home/dev/.patchwright",
          platformFamily: "unix",
          platformOs: "linux",
          sandbox: scene.sandbox ?? { kind: "bubblewrap" },
        };
      case "account/read":
        return { account: scene.hasKey ? { type: "apiKey" } : null, requiresOpenaiAuth: true };
      case "model/list":
        return { data: scene.models ?? models, nextCursor: null };
      case "editor/state":
        return scene.editor;
      case "editor/pickFiles":
        return { paths: ["/home/ada/acme-http/packages/http/src/backoff.ts"] };
      case "editor/enterKey":
        return { entered: true };
      case "thread/context/read":
        return sentAnswer(params);
      case "thread/list":
        return { data: this.#list(params), nextCursor: null };
      case "thread/resume":
        return this.#resume(String(params.threadId));
      case "thread/start":
        return opened({ ...emptyThread, id: "started" }, scene);
      case "thread/read":
        return { thread: this.#thread(String(params.threadId)) };
      case "thread/fork":
        return opened(this.#thread("t"), scene);
      case "thread/revert":
        this.notify("thread/reverted", params);
        return { thread: this.#thread("t") };
      case "turn/steer":
      case "thread/queue/add":
        return this.#keep(params);
      case "thread/queue/update":
        return this.#change((waiting) =>
          waiting.map((each) => (each.id === params.queuedSubmissionId ? { ...each, input: params.input } : each)),
        );
      case "thread/queue/delete":
        return this.#change((waiting) => waiting.filter(({ id }) => id !== params.queuedSubmissionId));
      case "thread/queue/reorder":
        return this.#change((waiting) => {
          const ids = params.queuedSubmissionIds as string[];
          return waiting.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
        });
      case "turn/start":
        return { turn: this.#startTurn(params) };
      default:
        return {};
    }
  }

  #list({ searchTerm }: Record<string, unknown>): Thread[] {
    const term = String(searchTerm ?? "").toLowerCase();
    const listed = this.#scene.history ?? this.#scene.threads ?? [];
    return listed
      .filter(({ name, preview }) => `${name ?? ""} ${preview}`.toLowerCase().includes(term))
      .map((thread) => ({ ...thread, turns: [] }));
  }

  #thread(threadId: string): Thread {
    const thread = this.#scene.threads?.find(({ id }) => id === threadId);
    if (!thread) throw new RpcError(-32000, `There is no thread ${threadId}. Pick another one from the list.`);
    return thread;
  }

  /** A message of the panel's waits or steers; numbered, so that a test can name it. */
  #keep({ input, expectedTurnId }: Record<string, unknown>): unknown {
    const id = `new-${++this.#kept}`;
    const turn = expectedTurnId ? { turnId: expectedTurnId } : {};
    return this.#change((waiting) => [...waiting, { id, clientUserMessageId: id, input, ...turn }]);
  }

  /** Changes what waits and tells it before it is answered, as the server does. */
  #change(change: (waiting: Waiting[]) => Waiting[]): unknown {
    this.notify("thread/queue/changed", { threadId: "t", queuedSubmissions: change(this.#waiting) });
    return { deleted: true };
  }

  #resume(threadId: string): OpenedThread {
    const thread = this.#thread(threadId);
    later(() => this.#afterResume());
    return opened(thread, this.#scene);
  }

  #afterResume(): void {
    for (const { method, params } of this.#scene.notifications ?? []) this.notify(method, params);
    for (const { method, params } of this.#scene.questions ?? []) this.ask(method, params);
  }

  #startTurn({ threadId, input }: Record<string, unknown>): unknown {
    const turn = { id: "new-turn", items: [], status: "inProgress" as const, startedAt: nowSeconds() };
    const item = { type: "userMessage", id: "new-message", content: input as UserInput[], startedAtMs: Date.now() };
    later(() => {
      this.notify("turn/started", { threadId, turn });
      this.notify("item/started", { threadId, turnId: turn.id, item, startedAtMs: Date.now() });
      const done = { ...item, completedAtMs: Date.now() };
      this.notify("item/completed", { threadId, turnId: turn.id, item: done, completedAtMs: Date.now() });
    });
    return turn;
  }
}

export const models: ListedModel[] = [
  model("atlas-4", "Atlas 4", "For hard changes across many files."),
  model("atlas-4-mini", "Atlas 4 Mini", "Quicker and cheaper, for small changes."),
  model("kestrel-large", "Kestrel Large", ""),
];

export function model(id: string, displayName: string, description: string): ListedModel {
  return {
    id,
    model: id,
    displayName,
    description,
    hidden: false,
    isDefault: id === "atlas-4",
    defaultReasoningEffort: "medium",
    supportedReasoningEfforts: ["low", "medium", "high"].map((effort) => ({
      reasoningEffort: effort,
      description: "",
    })),
  };
}

const emptyThread: Thread = {
  id: "started",
  sessionId: "s",
  projectId: null,
  preview: "",
  ephemeral: false,
  modelProvider: "openai",
  cwd: "/home/ada/acme-http",
  cliVersion: "0.1.0",
  source: "vscode",
  status: { type: "idle" },
  createdAt: 0,
  updatedAt: 0,
  turns: [],
};

function opened(thread: Thread, scene: Scene): OpenedThread {
  return {
    thread,
    cwd: thread.cwd,
    model: scene.model ?? "atlas-4",
    modelProvider: scene.provider ?? "openai",
    approvalPolicy: scene.fullAccess ? "never" : (scene.approvalPolicy ?? "on-request"),
    approvalsReviewer: "user",
    sandbox: scene.sandboxPolicy ?? policyOfMode(scene.fullAccess ? "danger-full-access" : "workspace-write"),
    editReview: scene.editReview ?? "after",
    reasoningEffort: "medium",
  };
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
