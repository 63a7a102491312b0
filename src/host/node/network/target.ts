import { isIP, isIPv4 } from "node:net";
import type { NetworkTarget } from "../../host.ts";

/**
 * Where a connection shall go, from "host:port" as a command wrote it. Undefined for what could be read in more than one way: user names, escapes,
 * characters beyond ASCII, addresses in odd notations, ports that are none. One spelling comes out for each host: lower case, no trailing dot, no
 * brackets, addresses of IPv6 in their short form, and those that stand for addresses of IPv4 as these.
 */
export function parseTarget(
  authority: string,
  scheme: { readonly defaultPort?: number },
): Omit<NetworkTarget, "protocol"> | undefined {
  const [, written, digits] = /^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(?::([1-9]\d{0,4}))?$/.exec(authority) ?? [];
  const port = digits === undefined ? scheme.defaultPort : Number(digits);
  const host = written?.startsWith("[") ? addressOf(written) : nameOf(written?.toLowerCase() ?? "");
  return host === undefined || port === undefined || port > 65_535 ? undefined : { host, port };
}

/** Whether the name means this machine by its definition, whatever a name server says. */
export function isLocalName(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}

function addressOf(bracketed: string): string | undefined {
  if (!URL.canParse(`http://${bracketed}/`)) return undefined;
  return plainAddress(new URL(`http://${bracketed}/`).hostname.slice(1, -1));
}

/** An address of IPv4 that is written as one of IPv6, as itself; any other as it is. */
export function plainAddress(address: string): string {
  const [, dotted] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (dotted !== undefined) return dotted;
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  return [high, low].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]).join(".");
}

function nameOf(text: string): string | undefined {
  const host = text.replace(/\.$/, "");
  const labels = host.split(".");
  // What ends in a number is an address, and some programs read 127.1 or 0x7f000001 as one, too.
  if (/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "")) return isIPv4(host) && isIP(host) === 4 ? host : undefined;
  const isName = host.length <= 253 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  return isName ? host : undefined;
}
