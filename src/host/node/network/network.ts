import type { Duplex } from "node:stream";
import type { HostFilter } from "../../host.ts";
import { createGate } from "./gate.ts";
import { type Link, serveLink } from "./link.ts";
import { createProxy } from "./proxy.ts";

/** Gives the command at the other end of the channel the hosts that its filter lets through. It ends with the channel. */
export function serveNetwork(channel: Duplex, filter: HostFilter): Link {
  return serveLink(channel, createProxy(createGate({ filter })));
}
