import assert from "node:assert/strict";
import { call, customCall, message } from "../../../src/core/model/demo/output.ts";
import type { Host } from "../../../src/host/host.ts";
import type { RequestParams, RequestResult } from "../../../src/protocol/methods.ts";
import { quickClock } from "../../support/fakeClock.ts";
import { createMemoryHost, type MemoryHost, type MemoryHostOptions } from "../../support/memoryHost.ts";
import type { MemoryCommand } from "../../support/memoryProcesses.ts";
import { inputOf, textsOf } from "../../support/modelInput.ts";
import type { Script } from "../../support/modelServer.ts";
import { type PlayOptions, play } from "../../support/play.ts";

/** Contents by path; null removes. */
export type Tree = Readonly<Record<string, string | null>>;

/** A shell that does what its command line says in JSON. */
export const writes: MemoryCommand = {
  match: ({ argv }) => (argv.at(-1) ?? "").startsWith("{"),
  run({ command, files, print }) {
    for (const [path, text] of Object.entries(JSON.parse(command.argv.at(-1) ?? "") as Tree))
      files.put(path, text ?? undefined);
    print("ok\n");
  },
};

/** The model does what the message says: JSON is a command, a patch is one, and all else is answered. */
export const obeys: Script = (_, request) => {
  const last = inputOf(request).at(-1) as { type?: string };
  const said = textsOf(request, "user").at(-1) ?? "";
  if (String(last.type).endsWith("_output")) return message("Done.");
  if (said.startsWith("{")) return call("exec_command", { cmd: said });
  return said.startsWith("***") ? customCall("apply_patch", said) : message("Yes.");
};

export interface CheckpointPlay {
  readonly host: MemoryHost;
  readonly threadId: string;
  readonly played: Awaited<ReturnType<typeof play>>;
  /** A turn; resolves with its id. */
  turn(message: Tree | string): Promise<string>;
  restore(checkpointId: string, params?: Partial<RestoreParams>): Promise<RequestResult<"checkpoint/restore">>;
  list(): Promise<RequestResult<"checkpoint/list">["data"]>;
  /** What the files hold. */
  files(): Record<string, string>;
}

type RestoreParams = RequestParams<"checkpoint/restore">;

/** A thread whose turns change files as they are told. */
export async function checkpointPlay(
  files: MemoryHostOptions["files"],
  options: Partial<PlayOptions> & { wrap?: (host: MemoryHost) => Host; memory?: MemoryHostOptions } = {},
): Promise<CheckpointPlay> {
  const host = createMemoryHost({ files, commands: [writes], ...options.memory });
  const played = await play({ script: obeys, clock: quickClock(), ...options, host: options.wrap?.(host) ?? host });
  const { thread } = await played.start();
  return { ...checkpointsOf(played, thread.id), host, files: () => host.files.snapshot() };
}

/** The same for a thread that is there. */
export function checkpointsOf(played: CheckpointPlay["played"], threadId: string) {
  return {
    threadId,
    played,
    async turn(said: Tree | string) {
      const turn = await played.say(threadId, typeof said === "string" ? said : JSON.stringify(said));
      assert.equal(turn.status, "completed", turn.error?.message);
      return turn.id;
    },
    restore: (checkpointId: string, params: Partial<RestoreParams> = {}) =>
      played.client.request("checkpoint/restore", { threadId, checkpointId, files: true, thread: false, ...params }),
    list: async () => (await played.client.request("checkpoint/list", { threadId })).data,
  };
}
