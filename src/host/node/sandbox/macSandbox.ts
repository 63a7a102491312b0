import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { AgentError } from "../../../protocol/errors.ts";
import type { Confined, ConfinedCommand } from "./confine.ts";
import type { Watched } from "./guard.ts";
import { lookAround, type Places, temporaryFolders, writableFolders } from "./lookAround.ts";
import { OBEYED_AT_ONCE } from "./obeyedAtOnce.ts";
import { probe, TOO_LATE } from "./probe.ts";
import type { Probing } from "./probing.ts";
import { scanRoot, targetsOf } from "./rootScan.ts";
import { seatbeltArgv, seatbeltProfile } from "./seatbeltProfile.ts";

const PROGRAM = "/usr/bin/sandbox-exec";

export interface MacOptions {
  readonly temporary: string;
  readonly places: Places;
}

/** Tries the sandbox that macOS comes with. Never rejects. */
export async function probeMac({ temporary, places }: MacOptions): Promise<Probing> {
  if (!existsSync(PROGRAM)) return { reason: `This macOS has no ${PROGRAM}, so commands cannot be confined here.` };
  const confine = (command: ConfinedCommand) => confineBySeatbelt(command, places);
  let reached = false;
  const server = createServer((socket) => {
    reached = true;
    socket.destroy();
  });
  try {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const script = `echo in > seen; /usr/bin/nc -w 1 127.0.0.1 ${port} </dev/null`;
    const judge = () => (reached ? "A confined command could reach this machine's network." : undefined);
    const probed = await probe({ temporary, confine, script, judge });
    if (probed.kind === "confined") return { kind: "seatbelt", confine };
    if (probed.kind === "untried") return { reason: probed.reason };
    if (probed.kind === "late") return TOO_LATE;
    return { reason: `sandbox-exec does not confine commands here: ${probed.output.trim().slice(0, 200)}` };
  } finally {
    server.close();
  }
}

/** What a command leaves is not looked at when it has ended: the rules keep it from being made. */
async function confineBySeatbelt(command: ConfinedCommand, places: Places): Promise<Confined> {
  const { confinement, cwd, env, argv } = command;
  if (typeof confinement.network !== "string") {
    throw new AgentError(
      "unsupported",
      "On macOS commands cannot reach only some hosts. Turn their network on or off.",
    );
  }
  const temporary = temporaryFolders(places);
  const given = writableFolders(confinement.writableRoots);
  const own = given.length === 0 ? realpathSync(mkdtempSync(join(temporary[0] ?? "/tmp", "patchwright-"))) : undefined;
  const guarded = given.filter((folder) => !temporary.includes(folder));
  const writable = own === undefined ? given : [own];
  const { readableRoots } = confinement;
  try {
    const paths = (await Promise.all(guarded.map((root) => protectedIn(root, { writable, confinement })))).flat();
    const layout = lookAround({ cwd, readableRoots, writable, protected: paths, places });
    return {
      argv: seatbeltArgv(
        seatbeltProfile({ layout, guarded, network: confinement.network, protectedNames: confinement.protectedNames }),
        argv,
      ),
      env: own === undefined ? env : { ...env, TMPDIR: own },
      connections: [],
      overseers: () => [],
      ended: async () => {
        if (own !== undefined) rmSync(own, { recursive: true, force: true });
        return [];
      },
    };
  } catch (error) {
    if (own !== undefined) rmSync(own, { recursive: true, force: true });
    throw error;
  }
}

/** What is obeyed at once, and what else is there, also where links of such a name lead. */
export async function protectedIn(root: string, { writable, confinement }: Watched): Promise<readonly string[]> {
  const { found } = await scanRoot({ root, isProtected: confinement.isProtected, known: new Map() });
  const all = [...found, ...targetsOf(found, writable)];
  return [...new Set([...OBEYED_AT_ONCE.map((name) => join(root, name)), ...all.map(({ path }) => path)])];
}
