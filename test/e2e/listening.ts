import { readdir, readFile, readlink } from "node:fs/promises";

/** The TCP ports that the workbench's extension host listens on. It is known by PATCHWRIGHT_HOME in its environment. Linux only. */
export async function portsOfExtensionHost(patchwrightHome: string): Promise<number[]> {
  const listening = await listeningSockets();
  const sockets = await socketsOf(await extensionHost(patchwrightHome));
  return sockets.flatMap((socket) => listening.get(socket) ?? []).sort((a, b) => a - b);
}

/** Its process id. Linux only. */
export async function extensionHost(patchwrightHome: string): Promise<string> {
  const read = (pid: string, name: string) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    if (!(await read(pid, "cmdline")).includes("--type=extensionHost")) continue;
    if ((await read(pid, "environ")).split("\0").includes(`PATCHWRIGHT_HOME=${patchwrightHome}`)) return pid;
  }
  throw new Error("There is no extension host.");
}

/** Inode numbers. */
async function socketsOf(pid: string): Promise<string[]> {
  const files = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => "")));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

/** Ports by the inode numbers of their sockets. */
async function listeningSockets(): Promise<Map<string, number>> {
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
  );
  const rows = tables.flatMap((table) => table.trim().split("\n").slice(1));
  const listen = "0A";
  return new Map(
    rows.flatMap((row): [string, number][] => {
      const { 1: local = "", 3: state, 9: inode = "" } = row.trim().split(/\s+/);
      return state === listen ? [[inode, Number.parseInt(local.split(":")[1] ?? "", 16)]] : [];
    }),
  );
}
