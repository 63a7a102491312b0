import { foldHost, isName } from "../../protocol/hostNames.ts";

/** Where a connection goes. */
export interface HostPlace {
  /** A name or an address, with or without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
}

/** Those of web servers, which a host without a port stands for in what allows. */
const USUAL_PORTS: readonly number[] = [80, 443];

/**
 * Whether this is what a user may write in a rule or among the allowed hosts: a name, an address, or "*.example.org", which stands for all names
 * below example.org and not for example.org itself; with ":" and a port, or without. What is none of these matches nothing: so a rule that denies must
 * be looked at before it is saved.
 */
export function isHostPattern(pattern: string): boolean {
  return parsePattern(pattern) !== undefined;
}

/** Whether the pattern lets this through: without a port, to the usual ones alone. */
export function allowsHost(pattern: string, place: HostPlace): boolean {
  const parsed = parsePattern(pattern);
  return parsed !== undefined && portsOf(parsed).includes(place.port) && isMeant(parsed, place);
}

/** Whether the pattern forbids this: without a port, to all ports. */
export function deniesHost(pattern: string, place: HostPlace): boolean {
  const parsed = parsePattern(pattern);
  return parsed !== undefined && (parsed.port === undefined || parsed.port === place.port) && isMeant(parsed, place);
}

/** Whether a pattern that is just this host would let it through there. */
export function isUsualPort(port: number): boolean {
  return USUAL_PORTS.includes(port);
}

interface Pattern {
  /** True for all names below `host`. */
  readonly below: boolean;
  readonly host: string;
  readonly port: number | undefined;
}

function parsePattern(pattern: string): Pattern | undefined {
  const [, bracketed, plain, digits] = /^(?:(\[[^[\]]*\])|([^:[\]]*))(?::([1-9]\d{0,4}))?$/.exec(pattern.trim()) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  // An address of IPv6 without brackets has no room for a port.
  const written = bracketed ?? plain ?? pattern.trim();
  const below = written.startsWith("*.");
  const host = foldHost(below ? written.slice(2) : written);
  if (host === undefined || (port ?? 0) > 65_535 || (below && !isName(host))) return undefined;
  return { below, host, port };
}

function portsOf({ port }: Pattern): readonly number[] {
  return port === undefined ? USUAL_PORTS : [port];
}

function isMeant({ below, host }: Pattern, place: HostPlace): boolean {
  const actual = foldHost(place.host);
  if (actual === undefined || !below) return actual === host;
  return isName(actual) && actual.endsWith(`.${host}`);
}
