import { type Client, connectClient } from "../../src/rpc/client.ts";
import { linesTransport } from "../../src/rpc/lines.ts";
import type { Child } from "./terminal.ts";

export interface StartedTurn {
  readonly client: Client;
  readonly threadId: string;
  readonly turnId: string;
}

/** Starts a turn in a process that serves; its client answers nothing that it is asked. */
export async function startTurn(child: Pick<Child, "stdin" | "stdout">): Promise<StartedTurn> {
  const write = async (text: string) => void child.stdin.write(text);
  const client = connectClient(linesTransport({ input: child.stdout, write }), {
    onNotification: () => {},
    onServerRequest: () => Promise.reject(new Error("Nothing is asked here.")),
  });
  await client.request("initialize", { clientInfo: { name: "t", title: null, version: "0" }, capabilities: null });
  await client.notify("initialized");
  const { thread } = await client.request("thread/start", {});
  const { turn } = await client.request("turn/start", { threadId: thread.id, input: [{ type: "text", text: "x" }] });
  return { client, threadId: thread.id, turnId: turn.id };
}
