import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { openGate } from "../../../../src/host/node/network/openGate.ts";
import type { HostFilter } from "../../../../src/host/sandbox.ts";

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ForwardedOptions {
  readonly filter: HostFilter;
  /** What is run; the forwarder of these sources when absent. */
  readonly argv?: readonly [string, ...string[]] | undefined;
  /** What is typed, once that is known; nothing when absent. */
  readonly stdin?: string | Promise<string> | undefined;
}

/** Runs a command behind a forwarder, without a sandbox around them. */
export async function runForwarded(
  command: readonly [string, ...string[]],
  { filter, argv, stdin }: ForwardedOptions,
): Promise<Ended> {
  const gate = openGate(filter);
  const [program = "", ...args] = argv ?? [...gate.prefix(3), ...command];
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HTTP_PROXY: "http://elsewhere:1", ...gate.env },
  });
  gate.attach(child.stdio[3] as Duplex);
  void Promise.resolve(stdin ?? "").then((typed) => child.stdin?.end(typed));
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, "exit") as Promise<[number | null, string | null]>,
  ]);
  gate.close();
  return { code, signal, stdout, stderr };
}
