import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { rgPath } from "@vscode/ripgrep";
import { createSample } from "../../scripts/freshSample.ts";
import { userEnvironment } from "../../scripts/userEnvironment.ts";
import { createNodeHost } from "../../src/host/node/nodeHost.ts";
import { systemClock } from "../../src/host/node/systemClock.ts";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import type { PendingApproval } from "../../src/protocol/threadView.ts";
import { RpcError, rpcErrorCodes } from "../../src/rpc/connection.ts";
import type { Script } from "../support/modelServer.ts";
import { type Play, play } from "../support/play.ts";
import { normalize, type TranscriptLine } from "../support/transcript.ts";
import { createHome } from "../workbench/home.ts";

const { version } = JSON.parse(await readFile(path.resolve(import.meta.dirname, "../../package.json"), "utf8")) as {
  version: string;
};

/** One message of the user, and the answers that it leads to, in order. */
export interface Said {
  readonly text: string;
  readonly answers: readonly Answered[];
}

/** Where the user answers: in the client itself, or in another one that watches the same thread. */
export type Answered = { readonly here: ApprovalAnswer } | { readonly elsewhere: ApprovalAnswer };

/** What was said on the wire, and the paths in it that belong to this run alone. */
export interface Recorded {
  readonly transcript: readonly TranscriptLine[];
  readonly sample: string;
  readonly storage: string;
}

/** The same thread without an editor: the node host in a fresh sample, driven over the wire. */
export async function runOnNode(t: TestContext, script: Script, said: readonly Said[]): Promise<Recorded> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), "patchwright-node-")));
  t.after(() => rm(root, { recursive: true, force: true }));
  const sample = await createSample(path.join(root, "patchwright-sample"));
  const storage = path.join(root, "home");
  const host = createNodeHost({
    storageRoot: storage,
    workspaceRoots: [sample],
    ripgrepPath: rgPath,
    env: { ...userEnvironment(process.env), HOME: await createHome(path.join(root, "user")) },
  });
  t.after(() => host.dispose());
  const answers = said.flatMap((one) => one.answers);
  const elsewhere = Promise.withResolvers<ApprovalAnswer>();
  let asked = 0;
  const played: Play = await play({
    script,
    // A window's language services report nothing about this folder while the thread is at work.
    host: { ...host, editor: { ...host.editor, diagnostics: async () => [] } },
    clock: systemClock,
    settings: { model: "gpt-5.4", approvalPolicy: "untrusted" },
    provider: { name: "127.0.0.1" },
    version,
    async answer(approval) {
      const given = answers[asked++];
      if (given && "here" in given) return given.here;
      if (given) elsewhere.resolve(given.elsewhere);
      await played.told("serverRequest/resolved", ({ requestId }) => requestId === approval.requestId);
      throw new RpcError(rpcErrorCodes.internalError, "It was answered elsewhere.");
    },
  });
  await talk(played, sample, said, elsewhere.promise);
  await played.close();
  return { transcript: played.transcript, sample, storage };
}

async function talk(
  { client, join, told }: Play,
  cwd: string,
  said: readonly Said[],
  elsewhere: Promise<ApprovalAnswer>,
): Promise<void> {
  const { thread } = await client.request("thread/start", {
    cwd,
    model: null,
    approvalPolicy: null,
    sandbox: null,
    editReview: null,
  });
  const other = await join((asked: PendingApproval) =>
    asked.method.startsWith("item/fileChange") ? elsewhere : undefined,
  );
  await other.request("thread/resume", { threadId: thread.id });
  for (const { text } of said) {
    const input = [{ type: "text" as const, text, text_elements: [] }];
    const { turn } = await client.request("turn/start", { threadId: thread.id, input });
    await told("turn/completed", (params) => params.turn.id === turn.id);
  }
}

/** Requests of a panel that are about the panel. */
const ofPanel = /^(initialized?|account\/.*|model\/list|thread\/list|change\/list|checkpoint\/list|editor\/.*)$/;

/** A run as text that is the same for every run: without ids, times, durations, token counts, its paths, and what concerns a panel alone. */
export function comparable({ transcript, sample, storage }: Recorded): string {
  return normalize(withoutLateAnswers(transcript), {
    replace: { [sample]: "/workspace", [storage]: "/home" },
    leaveOut: (method) => ofPanel.test(method),
  })
    .replace(/\(\d+(\.\d+)?ms\)/g, "(0ms)")
    .replace(/duration_ms \d+(\.\d+)?/g, "duration_ms 0");
}

/** What a client says to a question that was answered elsewhere before means nothing, whenever it comes. */
function withoutLateAnswers(lines: readonly TranscriptLine[]): TranscriptLine[] {
  const resolved = new Set<unknown>();
  return lines.filter(({ from, message: { method, params, id } }) => {
    if (method === "serverRequest/resolved") resolved.add((params as { requestId: unknown }).requestId);
    return !(from === "client" && method === undefined && resolved.has(id));
  });
}
