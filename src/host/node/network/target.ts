import { foldHost } from "../../../protocol/hostNames.ts";
import type { NetworkTarget } from "../../sandbox.ts";

/**
 * Where a connection shall go, from "host:port" as a command wrote it. Undefined for what could be read in more than one way: user names, escapes,
 * characters beyond ASCII, addresses in odd notations, ports that are none. The host comes out as `foldHost` spells it.
 */
export function parseTarget(
  authority: string,
  scheme: { readonly defaultPort?: number },
): Omit<NetworkTarget, "protocol"> | undefined {
  const [, written, digits] = /^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(?::([1-9]\d{0,4}))?$/.exec(authority) ?? [];
  const port = digits === undefined ? scheme.defaultPort : Number(digits);
  const host = written === undefined ? undefined : foldHost(written);
  return host === undefined || port === undefined || port > 65_535 ? undefined : { host, port };
}

/** Whether the name means this machine by its definition, whatever a name server says. */
export function isLocalName(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}

/** An address as it is spelled everywhere here: one of IPv4 that is written as one of IPv6 as itself. */
export function plainAddress(address: string): string {
  return foldHost(address) ?? address;
}
