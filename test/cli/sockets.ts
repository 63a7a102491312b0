import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What waits for others to connect or send: "tcp 0100007F:1F90", "unix /tmp/x". Of these processes and all their descendants, as the kernel has it. */
export function openToOthers(pids: readonly number[]): string[] {
  return descendants(pids).flatMap((pid) => {
    const own = new Set(socketsOf(pid));
    return [...inet(pid, "tcp"), ...inet(pid, "udp"), ...unix(pid)].flatMap(({ inode, what }) =>
      own.has(inode) ? [what] : [],
    );
  });
}

/** With themselves. */
export function descendants(pids: readonly number[]): number[] {
  const parents = new Map(
    readdirSync("/proc").flatMap((name): [number, number][] => {
      const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : "";
      return stat === "" ? [] : [[Number(name), Number(stat.slice(stat.lastIndexOf(")") + 4).split(" ")[0])]];
    }),
  );
  const found = new Set(pids);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

interface Bound {
  readonly inode: string;
  readonly what: string;
}

/** TCP sockets that listen, and UDP sockets, each of which can be sent to. Read in the network of the process, which may be one of its own. */
function inet(pid: number, protocol: "tcp" | "udp"): Bound[] {
  const listen = "0A";
  return ["", "6"].flatMap((version) =>
    rows(read(`/proc/${pid}/net/${protocol}${version}`)).flatMap(({ 1: local, 3: state, 9: inode = "" }) =>
      protocol === "udp" || state === listen ? [{ inode, what: `${protocol}${version} ${local}` }] : [],
    ),
  );
}

/** Unix sockets with a name, in the file system or without. */
function unix(pid: number): Bound[] {
  return rows(read(`/proc/${pid}/net/unix`)).flatMap(({ 6: inode = "", 7: name }) =>
    name === undefined ? [] : [{ inode, what: `unix ${name}` }],
  );
}

const rows = (table: string) =>
  table
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => row.trim().split(/\s+/));

/** Inode numbers. */
function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const link = readlinkSync(`/proc/${pid}/fd/${fd}`);
      return /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [];
    });
  } catch {
    return [];
  }
}

/** Empty when there is none. */
function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
