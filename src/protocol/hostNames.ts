/**
 * A host as it is spelled everywhere here: a name in lower case without a trailing dot, or an address without brackets, of IPv6 in its short form and
 * of IPv4 when it stands for one. Undefined for what is no name in ASCII and no address, or could be read as either.
 */
export function foldHost(text: string): string | undefined {
  const host = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()).replace(/\.$/, "");
  const address = host.replace(/^\[([^[\]]*:[^[\]]*)\]$/, "$1");
  if (address.includes(":")) return shortAddress(address);
  return isAddress(host) || isName(host) ? host : undefined;
}

/** Whether this, as `foldHost` gives it, is a name. */
export function isName(host: string): boolean {
  const labels = host.split(".");
  return (
    host.length <= 253 &&
    labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) &&
    // What ends in a number is an address, and some programs read 127.1 or 0x7f000001 as one, too.
    !/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "")
  );
}

/** "host:port", with brackets around an address of IPv6. */
export function withPort(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function isAddress(host: string): boolean {
  return (
    /^(\d{1,3}\.){3}\d{1,3}$/.test(host) &&
    host.split(".").every((part) => String(Number(part)) === part && Number(part) < 256)
  );
}

function shortAddress(text: string): string | undefined {
  if (!/^[0-9a-f:.]+$/.test(text) || !URL.canParse(`http://[${text}]/`)) return undefined;
  const short = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  return [high, low].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]).join(".");
}
