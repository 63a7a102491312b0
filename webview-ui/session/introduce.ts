import type { SandboxState } from "../../src/protocol/settings.ts";
import type { Client } from "../../src/rpc/client.ts";
import { t } from "../strings.ts";

/** Introduces the panel. Resolves with what confines commands; rejects when the server refuses. */
export async function introduce(client: Client): Promise<SandboxState> {
  const { sandbox } = await client.request("initialize", {
    clientInfo: { name: "patchwright-panel", title: "Patchwright panel", version: "1" },
    capabilities: { experimentalApi: true },
  });
  await client.notify("initialized");
  return sandbox ?? { kind: "none", reason: t("noSandboxUnknown") };
}
