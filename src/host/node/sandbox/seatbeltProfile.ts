import { dirname } from "node:path";
import type { Layout } from "./layout.ts";
import { isInside } from "./lookAround.ts";
import { OBEYED_AT_ONCE } from "./obeyedAtOnce.ts";

export interface SeatbeltSetting {
  readonly layout: Pick<Layout, "writable" | "hidden" | "readable" | "protected">;
  /** Writable folders in which nothing may be made that is obeyed at once, or that is protected by its name. */
  readonly guarded: readonly string[];
  /** As `Confinement.protectedNames`. */
  readonly protectedNames?: readonly string[] | undefined;
  /** A port is that of a proxy on this machine, which then is all that can be reached. */
  readonly network: "off" | "on" | { readonly proxyPort: number };
}

/** Everything that programs need to start, to look at the machine and to talk to their own children. */
const BASICS = `(version 1)
(deny default)
(allow process-exec process-fork)
(allow signal process-info* mach-priv-task-port (target same-sandbox))
(allow sysctl-read user-preference-read)
(allow file-read*)
(allow file-write-data file-ioctl (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (literal "/dev/ptmx"))
(allow file-write-data file-ioctl (regex #"^/dev/ttys[0-9]+$"))
(allow pseudo-tty)
(allow ipc-posix-sem ipc-posix-shm-read* ipc-posix-shm-write-create ipc-posix-shm-write-data ipc-posix-shm-write-unlink)
(allow iokit-open (iokit-registry-entry-class "RootDomainUserClient"))
(allow mach-lookup ${services("system.opendirectoryd.libinfo system.logger system.notification_center PowerManagement.control")})`;

const NAMES_OF_HOSTS = [
  `(allow mach-lookup ${services("dnssd.service trustd.agent SystemConfiguration.configd networkd ocspd")})`,
  '(allow network-outbound (literal "/private/var/run/mDNSResponder"))',
];

/**
 * What is protected by its name cannot be made in any folder, in whatever case. Only the repository of a folder within the workspace can: git makes
 * its hooks and configuration itself.
 */
function namesOf(names: readonly string[]): string {
  const all = new Set([...OBEYED_AT_ONCE, "*.code-workspace", ...names]);
  all.delete(".git");
  return [...all].map(caseless).join("|");
}

function caseless(name: string): string {
  const letters = name.replaceAll(/[a-z]/gi, (one) => `[${one.toLowerCase()}${one.toUpperCase()}]`);
  return letters.replaceAll("*", "[^/]*").replaceAll(".", "[.]");
}

/** Packages bring such files along, and nobody obeys them there. */
function namesIn(root: string, names: readonly string[]): readonly string[] {
  const below = `^${loosely(root)}/(.*/)?`;
  return [
    `(deny file-write* (regex #"${below}(${namesOf(names)})(/|$)"))`,
    `(allow file-write* (regex #"${below}node_modules/"))`,
  ];
}

function services(names: string): string {
  return names
    .split(" ")
    .map((name) => `(global-name "com.apple.${name}")`)
    .join(" ");
}

/**
 * The rules that macOS keeps a command to, in its own language; a later rule wins over an earlier one. All paths must be real ones, since that is
 * what they are compared with.
 */
export function seatbeltProfile({ layout, guarded, network, protectedNames = [] }: SeatbeltSetting): string {
  const { writable, hidden, readable } = layout;
  return [
    BASICS,
    ...writable.map((path) => `(allow file-write* (subpath ${quoted(path)}))`),
    ...guarded.flatMap((root) => namesIn(root, protectedNames)),
    ...hidden.map(({ path }) => `(deny file-read* file-write* (subpath ${quoted(path)}))`),
    ...readable.map((path) => `(allow file-read* (subpath ${quoted(path)}))`),
    ...layout.protected.map((path) => `(deny file-write* (subpath ${quoted(path)}))`),
    ...foldersAbove(layout.protected, writable).map((path) => `(deny file-write-unlink (literal ${quoted(path)}))`),
    ...networkRules(network),
    "",
  ].join("\n");
}

/** They cannot be renamed: what is protected in them would be out of the way. */
function foldersAbove(paths: readonly string[], writable: readonly string[]): readonly string[] {
  const all = new Set<string>();
  for (const path of paths) {
    for (let folder = dirname(path); writable.some((root) => isInside(root, folder)); folder = dirname(folder)) {
      all.add(folder);
      if (folder === "/") break;
    }
  }
  return [...all];
}

function networkRules(network: SeatbeltSetting["network"]): readonly string[] {
  if (network === "off") return [];
  if (network !== "on") return [`(allow network-outbound (remote ip "localhost:${network.proxyPort}"))`];
  return [
    '(allow network-outbound (remote ip "*:*"))',
    '(allow network-bind network-inbound (local ip "*:*"))',
    ...NAMES_OF_HOSTS,
  ];
}

function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** The path in a regular expression, in which nothing can be quoted: what might mean something there stands for anything. */
function loosely(path: string): string {
  return path.replaceAll(/[^\w/-]+/g, ".+");
}

/** What to start. */
export function seatbeltArgv(profile: string, argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return ["/usr/bin/sandbox-exec", "-p", profile, "--", ...argv];
}
