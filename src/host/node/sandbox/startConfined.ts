import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Duplex } from "node:stream";
import type { Confined } from "./confine.ts";
import { inheritedDescriptors } from "./inherited.ts";

/** As for `spawn`, with the standard streams alone in `stdio`. */
export interface StartOptions extends Omit<SpawnOptions, "stdio"> {
  readonly stdio: readonly (number | "ignore" | "pipe" | "inherit")[];
}

/** Starts what confines a command. Resolves once it runs; rejects as the operating system does. */
export function startConfined(confined: Confined, options: StartOptions): Promise<ChildProcess> {
  const nothing = openSync("/dev/null", "r");
  const stdio = covered([...options.stdio, ...confined.connections.map(() => "pipe" as const)], nothing);
  return startChild(confined.argv, { ...options, stdio, env: confined.env }, (child) => {
    for (const [index, connect] of confined.connections.entries()) {
      const end = child.stdio[options.stdio.length + index] as Duplex;
      // It may end before it has read everything.
      end.on("error", () => undefined);
      connect(end);
    }
  }).finally(() => closeSync(nothing));
}

type Streams = (number | "ignore" | "pipe" | "inherit")[];

/** With nothing in place of each descriptor that the command would inherit otherwise. */
function covered(streams: Streams, nothing: number): Streams {
  for (const descriptor of inheritedDescriptors()) {
    while (streams.length <= descriptor) streams.push("ignore");
    if (streams[descriptor] === "ignore") streams[descriptor] = nothing;
  }
  return streams;
}

/** Resolves once the program runs, after `started`; rejects as the operating system does. */
export function startChild(
  [program, ...args]: readonly [string, ...string[]],
  options: SpawnOptions,
  started: (child: ChildProcess) => void = () => undefined,
): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options);
    child.once("error", reject);
    child.once("spawn", () => {
      child.off("error", reject);
      // Later errors are about signals that came too late; the end of the process is told by "exit".
      child.on("error", () => undefined);
      started(child);
      resolve(child);
    });
  });
}
