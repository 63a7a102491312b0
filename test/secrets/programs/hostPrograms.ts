import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createNodeHost } from "../../../src/host/node/nodeHost.ts";
import type { Command } from "../../../src/host/processes.ts";
import type { Confinement } from "../../../src/host/sandbox.ts";

// Starts whatever a host starts, in the folder that it is given, and prints what commands and children of this process had in their environment.
const [folder = "", ripgrepPath = ""] = process.argv.slice(2);
const host = createNodeHost({ storageRoot: join(folder, "store"), workspaceRoots: [folder], ripgrepPath });
const { signal } = new AbortController();
await host.sandbox.ready;

const OWN = "env; export -p; set; tr '\\0' '\\n' < /proc/self/environ";
/** Confined, it sees no processes but its own. */
const ALL = `${OWN}; ps eww -A; cat /proc/[0-9]*/environ /proc/$PPID/environ`;
const argvOf = (look: string): [string, ...string[]] => ["bash", "-c", `${look}; echo REA""DY; read -r line < gate`];
const confinement: Confinement = {
  writableRoots: [folder],
  readableRoots: [],
  isProtected: () => false,
  network: "off",
};

/** What /proc has of a process; empty for one that has ended meanwhile. */
function procText(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "latin1");
  } catch {
    return "";
  }
}

/** The environments of all processes below this one. */
function children(pid = process.pid): string {
  const parentOf = (stat: string) => Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const own = all.filter((name) => parentOf(procText(`${name}/stat`)) === pid);
  return own.map((name) => procText(`${name}/environ`) + children(Number(name))).join("\n");
}

async function run(part: Partial<Command>): Promise<void> {
  const running = await host.processes.spawn(
    { argv: argvOf(OWN), cwd: folder, tty: false, itemId: "1", title: "look", ...part },
    signal,
  );
  let text = "";
  const ready = new Promise<void>((resolve) =>
    running.onOutput((piece) => {
      text += piece;
      if (text.includes("READY")) resolve();
    }),
  );
  await Promise.race([ready, running.exited]);
  console.log(text, children());
  await running.kill();
}

await run({});
await run({ tty: true });
if (host.sandbox.state.kind === "bubblewrap") await run({ confinement, argv: argvOf(ALL) });
console.log(`SANDBOX ${host.sandbox.state.kind}`);
await host.files.search(folder, { pattern: "x", syntax: "text", caseSensitive: true, limit: 1 }, signal);
await host.git.changedFiles(folder, signal);
await host.snapshots.take([folder], signal);
await host.dispose();
