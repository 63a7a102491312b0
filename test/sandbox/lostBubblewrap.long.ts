import assert from "node:assert/strict";
import { chmod, copyFile, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isOnPath } from "../../scripts/systemPackages.ts";
import { createNodeProcesses } from "../../src/host/node/processes.ts";
import { createSandbox, type SandboxOptions } from "../../src/host/node/sandbox/sandbox.ts";
import type { AgentError } from "../../src/protocol/errors.ts";
import { skipReason } from "./arena.ts";

const skip = (await skipReason()) ?? (isOnPath("bwrap") ? false : "bubblewrap is not installed");

const inPlace = (folder: string): Omit<SandboxOptions, "bubblewrapFolders"> => ({
  os: "linux",
  architecture: process.arch,
  home: folder,
  env: process.env,
  temporary: tmpdir(),
  storageRoot: join(folder, "store"),
});

test("one that is installed later is used from then on, and who listens is told", { skip }, async () => {
  const folder = await realpath(await mkdtemp("/var/tmp/patchwright-lost-"));
  const bin = join(folder, "bin");
  await mkdir(bin);
  const sandbox = createSandbox({ ...inPlace(folder), bubblewrapFolders: [bin] });
  const told: string[] = [];
  sandbox.onChange(({ kind }) => told.push(kind));
  try {
    assert.equal((await sandbox.ready).kind, "none");
    await copyFile("/usr/bin/bwrap", join(bin, "bwrap"));
    assert.equal((await sandbox.ready).kind, "bubblewrap");
    assert.deepEqual(told, ["bubblewrap"]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("one that does not confine is tried again when another is put in its place", { skip }, async () => {
  const folder = await realpath(await mkdtemp("/var/tmp/patchwright-lost-"));
  const bin = join(folder, "bin");
  await mkdir(bin);
  const program = join(bin, "bwrap");
  await replace(program, "#!/bin/sh\nexit 1\n");
  const sandbox = createSandbox({ ...inPlace(folder), bubblewrapFolders: [bin] });
  try {
    assert.equal((await sandbox.ready).kind, "none");
    await rm(program);
    await copyFile("/usr/bin/bwrap", program);
    assert.equal((await sandbox.ready).kind, "bubblewrap");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

interface Expected {
  /** How the command was refused; absent when it ran, confined. */
  readonly refused?: RegExp;
  readonly state: "bubblewrap" | "none";
}

/** What becomes of a command when something happens to bubblewrap after it was found to confine commands. */
function check(name: string, happens: (program: string) => Promise<unknown>, { refused, state }: Expected): void {
  test(name, { skip }, async () => {
    const folder = await realpath(await mkdtemp("/var/tmp/patchwright-lost-"));
    const [bin, work] = [join(folder, "bin"), join(folder, "work")];
    await Promise.all([mkdir(bin), mkdir(work)]);
    const program = join(bin, "bwrap");
    await copyFile("/usr/bin/bwrap", program);
    const sandbox = createSandbox({ ...inPlace(folder), bubblewrapFolders: [bin] });
    const processes = createNodeProcesses({ os: "linux", temporary: tmpdir(), env: process.env, sandbox });
    const run = async () => {
      const confinement = {
        writableRoots: [work],
        readableRoots: [],
        isProtected: () => false,
        network: "off",
      } as const;
      const argv = ["/bin/sh", "-c", "echo in > in; echo out > ../out; exit 0"] as const;
      const command = { argv, cwd: work, tty: false, itemId: "i", title: "t", confinement };
      return (await processes.spawn(command, AbortSignal.timeout(20_000))).exited;
    };
    try {
      assert.equal((await run()).code, 0);
      assert.equal(await readFile(join(work, "in"), "utf8"), "in\n");
      await rm(join(work, "in"));
      await happens(program);
      const failure = await run().then(
        () => undefined,
        (error: AgentError) => error,
      );
      assert.equal(failure?.code, refused && "unsupported");
      if (refused) assert.match(failure?.message ?? "", refused);
      const made = (path: string) => readFile(join(folder, path), "utf8").catch(() => undefined);
      assert.deepEqual([await made("work/in"), await made("out")], [refused ? undefined : "in\n", undefined]);
      assert.equal(sandbox.state.kind, state);
    } finally {
      await processes.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function replace(program: string, text: string): Promise<void> {
  await writeFile(`${program}.new`, text);
  await chmod(`${program}.new`, 0o755);
  await rename(`${program}.new`, program);
}

check("it is gone", (program) => rm(program), {
  refused: /^The command did not run, since it cannot be confined: bubblewrap is not installed\./,
  state: "none",
});
check("it is broken", (program) => replace(program, "#!/bin/sh\necho broken >&2\nexit 1\n"), {
  refused: /cannot be confined: bubblewrap does not work here \(broken\)/,
  state: "none",
});
const CONFINES_NOTHING = `#!/bin/sh
while [ "$1" != -- ]; do shift; done
shift
exec "$@"
`;
check("another program stands in its place, which confines nothing", (program) => replace(program, CONFINES_NOTHING), {
  refused: /cannot be confined: .*could write outside its folders/,
  state: "none",
});
check("it cannot be run any more", (program) => chmod(program, 0o644), {
  refused: /cannot be confined: bubblewrap is not installed/,
  state: "none",
});
check(
  "twin: another version of it is tried, and confines the command",
  async (program) => {
    await copyFile(program, `${program}.new`);
    await rename(`${program}.new`, program);
  },
  { state: "bubblewrap" },
);
