import { createConnection, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { IDLE_MS, lookupOf } from "./dial.ts";

export interface TunnelEnd {
  readonly host: string;
  readonly port: number;
  /** Tried in this order. */
  readonly addresses: readonly string[];
}

/** Resolves once connected; rejects with the system's error. */
export function dial({ host, port, addresses }: TunnelEnd): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const lookup = lookupOf(addresses);
    const socket = createConnection({ host, port, lookup, allowHalfOpen: true, autoSelectFamily: true });
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

/** Carries bytes both ways until both sides have ended. Each side may end alone; one that breaks takes the other with it. */
export function join(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on("error", () => cut(to));
    from.on("close", () => {
      if (!hasEnded(from)) cut(to);
    });
    from.pipe(to);
  }
}

/** Whether it came to its end both ways, rather than being cut. */
function hasEnded({ readableEnded, writableFinished }: Duplex): boolean {
  return readableEnded && writableFinished;
}

/** Lets the other side know that this is no normal end. Once that has been said of one direction, the system cannot take it back. */
function cut(stream: Duplex): void {
  if (stream instanceof Socket && !stream.writableEnded) stream.resetAndDestroy();
  else stream.destroy();
}
