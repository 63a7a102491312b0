import type { HostFilter } from "../../sandbox.ts";
import type { NetworkGate } from "../sandbox/networkGate.ts";
import { createAdmit } from "./admission.ts";
import { forwarderEnvironment, forwarderPrefix } from "./forwarder.ts";
import { type Link, serveLink } from "./link.ts";
import { createProxy } from "./proxy.ts";

/** The way out for one confined command: a forwarder before it inside, and out here a proxy that asks the filter. Nothing listens on a port. */
export function openGate(filter: HostFilter): NetworkGate {
  let link: Link | undefined;
  return {
    prefix: forwarderPrefix,
    env: forwarderEnvironment,
    attach(connection) {
      link = serveLink(connection, createProxy(createAdmit({ filter })));
    },
    close() {
      link?.close();
    },
  };
}
