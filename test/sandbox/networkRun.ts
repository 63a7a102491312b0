import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import type { HostFilter } from "../../src/host/host.ts";
import { forwardedArgv, forwarderEnvironment } from "../../src/host/node/network/forwarder.ts";
import { serveNetwork } from "../../src/host/node/network/network.ts";

export interface Run {
  readonly code: number | null;
  readonly output: string;
}

export async function runConfined(script: string, folder: string, filter: HostFilter): Promise<Run> {
  const argv = forwardedArgv(["bash", "-c", script]);
  const child = spawn(
    "bwrap",
    [
      "--ro-bind",
      "/",
      "/",
      "--dev",
      "/dev",
      "--proc",
      "/proc",
      "--bind",
      folder,
      folder,
      "--tmpfs",
      "/tmp2",
      "--unshare-net",
      "--unshare-pid",
      "--die-with-parent",
      "--",
      ...argv,
    ].filter((x, i, all) => x !== "/tmp2" && all[i + 1] !== "/tmp2"),
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH, HOME: folder, ...forwarderEnvironment },
    },
  );
  const link = serveNetwork(child.stdio[3] as Duplex, filter);
  const [out, err, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, "exit")]);
  link.close();
  return { code, output: out + err };
}
