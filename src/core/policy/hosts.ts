/**
 * Which hosts are meant by what a user writes in a rule or among the allowed hosts: a name, an address, or "*.example.org", which stands for
 * all names below example.org and not for example.org itself. Neither says anything about ports. A pattern that is not `isHostPattern` matches
 * nothing: so a rule that denies must be looked at before it is saved.
 */
export function isHostPattern(pattern: string): boolean {
  const host = fold(pattern);
  return isAddress(host) || isName(host.startsWith("*.") ? host.slice(2) : host);
}

/** `host` is a name or an address, with or without the brackets of IPv6. */
export function hostMatches(pattern: string, host: string): boolean {
  if (!isHostPattern(pattern)) return false;
  const wanted = fold(pattern);
  const actual = fold(host);
  if (!wanted.startsWith("*.")) return wanted === actual;
  return isName(actual) && actual.endsWith(wanted.slice(1)) && actual.length > wanted.length - 1;
}

/** Whether one of the patterns matches. */
export function someHostMatches(patterns: readonly string[], host: string): boolean {
  return patterns.some((pattern) => hostMatches(pattern, host));
}

/** One spelling for each host: lower case, without a trailing dot or brackets, addresses of IPv6 in their short form. */
function fold(text: string): string {
  const host = text
    .trim()
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    .replace(/\.$/, "");
  const address = host.replace(/^\[(.*)\]$/, "$1");
  return address.includes(":") ? (shortAddress(address) ?? host) : host;
}

function isAddress(host: string): boolean {
  return host.includes(":") ? shortAddress(host) === host : isV4(host);
}

function isV4(host: string): boolean {
  return (
    /^(\d{1,3}\.){3}\d{1,3}$/.test(host) &&
    host.split(".").every((part) => String(Number(part)) === part && Number(part) < 256)
  );
}

/** An address of IPv6 as it is written shortest; one that stands for an address of IPv4 as that. Undefined for what is none. */
function shortAddress(text: string): string | undefined {
  if (!/^[0-9a-f:.]+$/.test(text) || !URL.canParse(`http://[${text}]/`)) return undefined;
  const short = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  const bytes = [high, low].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]);
  return bytes.join(".");
}

/** A name as DNS has it, in ASCII. What ends in a number would be an address in one of its odd spellings. */
function isName(host: string): boolean {
  const labels = host.split(".");
  return (
    host.length <= 253 &&
    labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) &&
    !/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "")
  );
}
