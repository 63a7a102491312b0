import { join } from "node:path";
import { createNodeHost } from "../../src/host/node/nodeHost.ts";
import type { HostFilter } from "../../src/host/sandbox.ts";

export interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a script in a folder that it may write, confined, with the network that the filter leaves. */
export async function runConfined(script: string, folder: string, network: HostFilter): Promise<Run> {
  const host = createNodeHost({ storageRoot: join(folder, "store"), workspaceRoots: [folder] });
  try {
    const running = await host.processes.spawn(
      {
        argv: ["bash", "-c", script],
        cwd: folder,
        tty: false,
        itemId: "item",
        title: "test",
        confinement: { writableRoots: [folder], readableRoots: [], isProtected: () => false, network },
      },
      new AbortController().signal,
    );
    let output = "";
    running.onOutput((text) => {
      output += text;
    });
    const { code } = await running.exited;
    return { code, output };
  } finally {
    await host.dispose();
  }
}
