import { mkdir, mkdtemp, readFile, readlink, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Confined, ConfinedCommand } from "./confine.ts";
import { startConfined } from "./startConfined.ts";

/** How long the command may take that shows whether commands are confined. */
const PATIENCE_MS = 15_000;

export interface ProbeOptions {
  /** A folder for temporary files. */
  readonly temporary: string;
  confine(command: ConfinedCommand): Promise<Confined>;
}

/** `output` is what was printed, by the command or by what should have confined it. */
export type Probed = { readonly kind: "confined" } | { readonly kind: "failed"; readonly output: string };

/**
 * Runs a command that tries to write outside its folder, and tells what it sees of its network and its rights. What was written is judged from
 * here. Never rejects.
 */
export async function probe({ temporary, confine }: ProbeOptions): Promise<Probed> {
  let scratch: string | undefined;
  try {
    scratch = await realpath(await mkdtemp(join(temporary, "patchwright-probe-")));
    return await run(scratch, confine);
  } catch (error) {
    return { kind: "failed", output: error instanceof Error ? error.message : String(error) };
  } finally {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }
}

const SCRIPT = `(echo out > ../outside/file) 2>/dev/null
readlink /proc/self/ns/net > seen && cat /proc/self/status >> seen`;

async function run(scratch: string, confine: ProbeOptions["confine"]): Promise<Probed> {
  const inside = join(scratch, "inside");
  const outside = join(scratch, "outside");
  await Promise.all([mkdir(inside), mkdir(outside)]);
  const confined = await confine({
    argv: ["/bin/sh", "-c", SCRIPT],
    cwd: inside,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin:/run/current-system/sw/bin" },
    marker: "PATCHWRIGHT_PROBE=1",
    confinement: { writableRoots: [inside], readableRoots: [], isProtected: () => false, network: "off" },
  });
  const child = await startConfined(confined, {
    stdio: ["ignore", "ignore", "pipe"],
    cwd: inside,
    timeout: PATIENCE_MS,
  });
  const output = child.stderr === null ? "" : await text(child.stderr);
  await confined.ended();
  const seen = await readFile(join(inside, "seen"), "utf8").catch(() => "");
  const escaped = await readFile(join(outside, "file")).then(
    () => true,
    () => false,
  );
  if (escaped) return { kind: "failed", output: "A confined command could write outside its folders." };
  return seen === "" ? { kind: "failed", output } : judge(seen, await readlink("/proc/self/ns/net"));
}

/** What the status of a confined process must say, and the network that it must not be in. */
function judge(seen: string, network: string): Probed {
  const [its = "", ...status] = seen.split("\n");
  const missing = ["NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000"].filter(
    (line) => !status.includes(line),
  );
  if (its === network || its === "")
    return { kind: "failed", output: "A confined command had the network of this machine." };
  if (missing.length === 0) return { kind: "confined" };
  return { kind: "failed", output: `A confined command kept rights that it should not have (${missing.join(", ")}).` };
}
