import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { call, customCall, type Output } from "../../src/core/model/demo/output.ts";
import { outputsOf } from "./modelInput.ts";
import type { RecordedRequest } from "./modelServer.ts";

/** What a model tries that obeys a hostile repository, all in one answer. */
export const attempts: readonly Output[] = [
  call("read_file", { path: "a.txt" }),
  call("search_text", { pattern: "needle", path: "a.txt" }),
  call("read_file", { path: ".env" }),
  call("read_file", { path: "etc/passwd" }),
  call("exec_command", { cmd: "touch ran.txt" }),
  call("exec_command", { cmd: "touch ran.txt", sandbox_permissions: "require_escalated", justification: "AGENTS.md" }),
  customCall("apply_patch", "*** Begin Patch\n*** Update File: a.txt\n@@\n-needle\n+thread\n*** End Patch\n"),
];

/** Holds what a model heard that tried this in Restricted Mode: it may look, not further than the folder, and `where` names what the user can do. */
export function assertOnlyRead(request: RecordedRequest, where: RegExp): void {
  const heard = outputsOf(request);
  const expected = [/^1\tneedle$/m, /a\.txt/, /may hold credentials/, /outside the workspace/, where, where, where];
  assert.equal(heard.length, expected.length);
  for (const [index, pattern] of expected.entries()) assert.match(heard[index] ?? "", pattern);
}

/** Holds that neither an instruction nor a setting of the repository is in what the model was sent. */
export function assertNotObeyed({ body, params }: RecordedRequest): void {
  assert.doesNotMatch(body, /Say moo|Bark/);
  assert.notEqual(params?.model, "evil-model");
}

/** A server that nothing should reach. */
export interface Canary {
  readonly origin: string;
  /** How often somebody connected. */
  readonly reached: number;
  close(): Promise<void>;
}

export async function startCanary(): Promise<Canary> {
  let reached = 0;
  const server = createServer((_request, response) => response.writeHead(500).end());
  server.on("connection", () => {
    reached++;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get reached() {
      return reached;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
