import assert from "node:assert/strict";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  type Arena,
  createArena,
  heard,
  isRoot,
  makePlace,
  type Place,
  python,
  type Ran,
  removePlace,
  run,
  skipReason,
} from "./arena.ts";

/** What is known after an attack. */
export interface Aftermath extends Ran {
  readonly arena: Arena;
  readonly place: Place;
}

export interface Attack {
  /** For bash, or for Python with what `PRELUDE` has. */
  readonly bash?: string;
  readonly python?: string;
  readonly tty?: boolean;
  readonly mode?: "readOnly" | "workspaceWrite";
  readonly networkAccess?: boolean;
  /** Judged from outside, when the command has ended: whether the attack got what it wanted. */
  reached(aftermath: Aftermath): Promise<boolean> | boolean;
  /** Why the same program is not run without the sandbox, where it must succeed to show that the judge sees it. "user" needs an administrator. */
  readonly unshown?: string | undefined;
}

const PRELUDE = `
import ctypes, fcntl, json, os, socket, struct, sys, time
libc = ctypes.CDLL(None, use_errno=True)
env = os.environ
token = env["TOKEN"].encode()
numbers = json.loads(env["NUMBERS"])
def call(name, *args):
    number = numbers[name] if isinstance(name, str) else name
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in args])
    if result < 0: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
def reached(): print("REACHED", env["TOKEN"], flush=True)
`;

let arena: Arena;
const skip = await skipReason();

/** To be called once in each file of attacks. */
export function useArena(): void {
  before(async () => {
    if (skip !== undefined) return;
    arena = await createArena();
    assert.equal((await arena.host.sandbox.ready).kind, "bubblewrap");
  });
  after(() => arena?.dispose());
}

/** The attack fails in the sandbox, and the same program succeeds without it. */
export function check(name: string, attack: Attack): void {
  test(name, { skip: skip ?? false }, async () => {
    assert.equal(await attempt(attack, true), false, "reached from inside the sandbox");
    const unshown = attack.unshown === "user" && isRoot ? undefined : attack.unshown;
    if (unshown === undefined) assert.equal(await attempt(attack, false), true, "reached without the sandbox");
  });
}

async function attempt(attack: Attack, confined: boolean): Promise<boolean> {
  const place = await makePlace(arena);
  const { bash, python: program = "", tty, mode, networkAccess } = attack;
  const argv = bash === undefined ? ([python, "-c", PRELUDE + program] as const) : (["/bin/bash", "-c", bash] as const);
  const ran = await run(arena, place, { argv, confined, tty, mode, networkAccess });
  try {
    const reached = await attack.reached({ ...ran, arena, place });
    if (process.env.SHOW_ATTACKS) console.log({ confined, reached, ...ran });
    return reached;
  } finally {
    await removePlace(place);
  }
}

/** Something is at the path, which counts from the folder around the workspace. */
export function exists(path: string) {
  return ({ place }: Aftermath) => lstat(join(place.folder, path)).then(Boolean, () => false);
}

/** The file has the attack's token. */
export function wrote(path: string) {
  return ({ place }: Aftermath) =>
    readFile(join(place.folder, path), "utf8").then(
      (text) => text.includes(place.token),
      () => false,
    );
}

/** The canary outside is not what it was. */
export async function harmed({ place }: Aftermath): Promise<boolean> {
  const text = await readFile(join(place.outside, "canary"), "utf8").catch(() => "");
  return text !== "intact";
}

/** Somebody outside heard the token. */
export async function wasHeard({ arena, place }: Aftermath): Promise<boolean> {
  return (await heard(arena)).includes(place.token);
}

/** What nobody inside may know was printed. */
export function toldSecret({ arena, output }: Aftermath): boolean {
  return output.includes(arena.secret);
}

/** The program says so: for what changes nothing that could be seen from outside. */
export function saidReached({ output, place }: Aftermath): boolean {
  return output.includes(`REACHED ${place.token}`);
}

/** A process with the token in its command line or environment is still there. */
export async function stillRuns({ place }: Aftermath): Promise<boolean> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const texts = await Promise.all(
    pids.flatMap((pid) =>
      ["cmdline", "environ"].map((file) => readFile(`/proc/${pid}/${file}`, "latin1").catch(() => "")),
    ),
  );
  return texts.some((text) => text.includes(place.token));
}
